"""Glass and water, bright in their shadows without caustics."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.materials.recipe import given
from generator.render.nodes import Nodes, Value
from generator.scene.scene import Material


def _clear(nodes: Nodes, color: str, ior: float, roughness: float, shadow: str) -> Value:
    """Refracting for the camera and reflections; merely tinted for shadow and diffuse rays."""
    rays = nodes.add("LightPath").outputs
    body = nodes.principled(color=linear(color), transmission=1.0, ior=ior, roughness=roughness)
    through = nodes.add("BsdfTransparent", {"Color": linear(shadow)}).outputs[0]
    return nodes.mix_shaders(
        nodes.math("MAXIMUM", rays["Is Shadow Ray"], rays["Is Diffuse Ray"]), body, through
    )


def glass(nodes: Nodes, material: Material) -> Value:
    color = material.color or "#f4fbf8"
    shadow = material.color or "#d3dedb"
    return _clear(nodes, color, 1.48, given(material.roughness, 0.0), shadow)


def water(nodes: Nodes, material: Material) -> Value:
    return _clear(nodes, material.color or "#ffffff", 1.33, 0.0, "#eef4f4")
