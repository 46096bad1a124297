"""Paper and cardboard."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.materials.recipe import given
from generator.render.nodes import Nodes, Value
from generator.render.textures import stock
from generator.scene.scene import Material


def paper(nodes: Nodes, material: Material) -> Value:
    color = linear(material.color or "#e8e4da")
    _, (rough, height, clouds) = nodes.texture(stock.paper, size=0.25)
    base = given(material.roughness, 0.7)
    shade = nodes.mix(nodes.times(clouds, 0.05), color, (*(0.6 * v for v in color[:3]), 1.0))
    return nodes.principled(
        color=nodes.vary(shade, 0.02),
        roughness=nodes.ramp(rough, 0, 1, max(0.1, base - 0.2), min(1.0, base + 0.2)),
        normal=nodes.bump(height, 0.0001 if nodes.large else 0.0002),
        specular=0.3,
    )


def cardboard(nodes: Nodes, material: Material) -> Value:
    """Kraft board with pale worn edges."""
    color, (rough, height, _) = nodes.texture(stock.cardboard, material.color or "#b48b5c", size=0.5)
    worn = nodes.worn_edges(given(material.wear, 0.22))
    return nodes.principled(
        color=nodes.mix(worn, nodes.vary(color, 0.06), linear("#c09c70")),
        roughness=nodes.ramp(rough, 0, 1, 0.6, 0.95),
        normal=nodes.bump(height, 0.0004),
        specular=0.3,
        diffuse_roughness=0.3,
    )
