"""Stone, plaster and fired clay."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.materials.recipe import given
from generator.render.nodes import Nodes, Value
from generator.render.textures import stone
from generator.scene.scene import Material


def concrete(nodes: Nodes, material: Material) -> Value:
    color, (rough, height, _) = nodes.texture(
        stone.concrete, material.color or "#9d9a94", size=2.0 if nodes.large else 0.5
    )
    return nodes.principled(
        color=nodes.vary(color, 0.04),
        roughness=nodes.ramp(rough, 0, 1, 0.25, 1.0),
        normal=nodes.bump(height, 0.003 if nodes.large else 0.0012),
        specular=0.35,
    )


def asphalt(nodes: Nodes, material: Material) -> Value:
    color, (_, height, _) = nodes.texture(stone.asphalt, size=0.5)
    if material.color is not None:
        tint = tuple(min(4.0, v / 0.055) for v in linear(material.color)[:3])
        color = nodes.mix(1.0, color, (*tint, 1.0), blend="MULTIPLY")
    return nodes.principled(
        color=color, roughness=nodes.ramp(height, 0, 1, 0.95, 0.75), normal=nodes.bump(height, 0.003)
    )


def plaster(nodes: Nodes, material: Material) -> Value:
    """A painted wall with the marks of the roller."""
    color = linear(material.color or "#d9d4c8")
    _, (rough, height, clouds) = nodes.texture(stone.plaster, size=1.0)
    shade = nodes.mix(nodes.times(clouds, 0.07), color, (*(0.55 * v for v in color[:3]), 1.0))
    return nodes.principled(
        color=shade,
        roughness=nodes.ramp(rough, 0, 1, 0.45, 0.75),
        normal=nodes.bump(height, 0.0006),
        specular=0.3,
    )


def marble(nodes: Nodes, material: Material) -> Value:
    """Polished slab: a mirror with a breath on it."""
    color, (rough, _, _) = nodes.texture(
        stone.marble,
        material.color or "#e4e1dc",
        material.accent or "#74716f",
        size=1.2 if nodes.large else 0.5,
    )
    smudge, scratches, _ = nodes.imperfections(0.5)
    base = given(material.roughness, 0.14)
    level = nodes.sum(
        nodes.ramp(rough, 0, 1, max(0.03, base - 0.06), base + 0.10),
        nodes.ramp(smudge, 0.25, 0.8, -0.02, 0.07),
        nodes.times(scratches, 0.06),
    )
    return nodes.principled(color=nodes.dusty(color, 0.10, 0.5, linear("#cfcac2")), roughness=level, ior=1.5)


def ceramic(nodes: Nodes, material: Material) -> Value:
    """Glazed: slightly wavy, with a few iron specks."""
    smudge, _, specks = nodes.imperfections(0.3)
    base = given(material.roughness, 0.13)
    color = nodes.vary(linear(material.color or "#ece7dc"), 0.03)
    color = nodes.mix(nodes.ramp(specks, 0.3, 0.7, 0.0, 0.5), color, linear(material.accent or "#5b4331"))
    return nodes.principled(
        color=color,
        roughness=nodes.ramp(smudge, 0.2, 0.8, max(0.04, base - 0.05), base + 0.10),
        ior=1.52,
        normal=nodes.bump(smudge, 0.0005),
    )
