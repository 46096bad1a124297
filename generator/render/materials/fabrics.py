"""Cloth, felt and carpet."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.nodes import Nodes, Value
from generator.render.textures import fabric
from generator.scene.scene import Material


def weave(nodes: Nodes, material: Material) -> Value:
    """Plain cloth, threads of 1.5 mm on furniture and 0.9 mm on small things."""
    color = linear(material.color or "#6a7f6b")
    _, (rough, height, tone) = nodes.texture(fabric.weave, size=0.10 if nodes.large else 0.06)
    dark = nodes.mix(1.0, color, tone, blend="MULTIPLY")
    return nodes.principled(
        color=nodes.vary(nodes.mix(0.5, color, dark), 0.05),
        roughness=nodes.ramp(rough, 0, 1, 0.7, 1.0),
        sheen=0.3,
        sheen_roughness=0.4,
        specular=0.25,
        diffuse_roughness=0.6,
        normal=nodes.bump(height, 0.0005),
    )


def felt(nodes: Nodes, material: Material) -> Value:
    """Felt, and the napped cloth of a billiard table: fine fibres, chalky patches, a velvet rim."""
    color = linear(material.color or "#1f6b46")
    _, (_, fibre, _) = nodes.texture(fabric.felt, size=0.05)
    smudge, _, lint = nodes.imperfections(0.6 if nodes.large else 0.3)
    pale = (*(min(1.0, 1.30 * v + 0.006) for v in color[:3]), 1.0)
    deep = (*(0.84 * v for v in color[:3]), 1.0)
    nap = nodes.mix(nodes.ramp(smudge, 0.25, 0.8, 0.0, 1.0), deep, color)
    nap = nodes.mix(nodes.times(fibre, 0.35), nap, pale)
    nap = nodes.mix(nodes.times(lint, 0.20), nap, linear("#cfd2cc"))
    return nodes.principled(
        color=nap,
        roughness=0.95,
        sheen=0.08,
        sheen_roughness=0.35,
        specular=0.10,
        diffuse_roughness=0.7,
        normal=nodes.bump(fibre, 0.0003),
    )


def rug(nodes: Nodes, material: Material) -> Value:
    """Short wool pile in one colour; a rug's pattern is drawn by the room that lays one."""
    return pile(nodes, linear(material.color or "#8c7b64"))


def pile(nodes: Nodes, color: Value) -> Value:
    """Wool tufts of any colour socket."""
    _, (_, tuft, _) = nodes.texture(fabric.felt, size=0.14)
    shade = nodes.ramp(tuft, 0, 1, 0.35, 1.2)
    return nodes.principled(
        color=nodes.mix(0.55, color, nodes.mix(1.0, color, shade, blend="MULTIPLY")),
        roughness=0.95,
        specular=0.1,
        sheen=0.3,
        sheen_roughness=0.6,
        diffuse_roughness=0.8,
        normal=nodes.bump(tuft, 0.005),
    )
