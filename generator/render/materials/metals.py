"""Metals. More smudge than this looks filthy on anything large."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.materials.recipe import Recipe, given, smudged_roughness
from generator.render.nodes import Nodes, Value
from generator.render.textures import brushed
from generator.scene.scene import Material


def _polished(color: str, roughness: float, spread: float, scratch: float = 0.2) -> Recipe:
    def recipe(nodes: Nodes, material: Material) -> Value:
        wear = given(material.wear, 0.3) / 0.3
        base = given(material.roughness, roughness)
        level = smudged_roughness(nodes, base, spread * wear, scratch * wear, 0.3)
        return nodes.principled(color=linear(material.color or color), metallic=1.0, roughness=level)

    return recipe


polished_metal = _polished("#d4d3cf", 0.06, 0.035)
brass = _polished("#c9a25a", 0.17, 0.06)
steel = _polished("#b9bcbd", 0.27, 0.05)


def brushed_metal(nodes: Nodes, material: Material) -> Value:
    """Brushed along u: round a turned thing, along a bar."""
    wear = given(material.wear, 0.3) / 0.3
    _, (streak, height, _) = nodes.texture(brushed, size=0.14)
    base = given(material.roughness, 0.21)
    level = nodes.sum(
        smudged_roughness(nodes, base, 0.03 * wear, 0.15 * wear, 0.3), nodes.ramp(streak, 0, 1, -0.06, 0.10)
    )
    box = nodes.projection == "box"
    return nodes.principled(
        color=linear(material.color or "#c6c7c5"),
        metallic=1.0,
        roughness=level,
        anisotropic=None if box else 0.5,
        tangent=None if box else nodes.add("Tangent", direction_type="UV_MAP", uv_map="UVMap").outputs[0],
        normal=nodes.bump(height, 0.00004, strength=0.35),
    )
