"""Dominoes and billiard balls."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.materials.recipe import given, smudged_roughness
from generator.render.nodes import Nodes, Value
from generator.render.textures import texture_images
from generator.render.textures.prints import BALL_COLORS, billiard_ball, domino_face
from generator.scene.scene import Material


def domino(nodes: Nodes, material: Material) -> Value:
    """Ivory-coloured resin with drilled, inked dots on the two broad faces."""
    top, bottom = material.pips or (nodes.seed % 7, (nodes.seed // 7) % 7)
    images = texture_images(domino_face, top, bottom)
    place = nodes.add("UVMap", uv_map="print").outputs[0]
    face = nodes.image(images.data, place, extension="CLIP")
    _, flat, ink = nodes.split(face.outputs[0])
    inside = face.outputs["Alpha"]
    ink, flat = nodes.times(ink, inside), nodes.blend(inside, 1.0, flat)
    smudge = nodes.imperfections(0.12)[0]
    color = nodes.vary(linear(material.color or "#ece4d0"), 0.03, 0.004)
    color = nodes.mix(nodes.ramp(smudge, 0.3, 0.8, 0.0, 0.16), color, linear("#c9b48c"))
    worn = nodes.times(nodes.worn_edges(given(material.wear, 0.3)), 0.4)
    color = nodes.mix(worn, color, linear("#b59f76"))
    return nodes.principled(
        color=nodes.mix(ink, color, linear(material.accent or "#17130f")),
        roughness=smudged_roughness(nodes, given(material.roughness, 0.25), 0.10, 0.25, 0.12),
        normal=nodes.bump(flat, 0.0008),
    )


def billiard(nodes: Nodes, material: Material) -> Value:
    """Polished phenolic resin with its number; a little chalk dust and fine scuffs."""
    number = material.number or 0
    own = BALL_COLORS[number if number <= 8 else number - 8]
    white = BALL_COLORS[0]
    images = texture_images(billiard_ball, number, material.color or own, material.accent or white)
    place = nodes.add("UVMap", uv_map="print").outputs[0]
    color = nodes.image(images.color, place, extension="EXTEND").outputs[0]
    level = smudged_roughness(nodes, given(material.roughness, 0.07), 0.035, 0.12, 0.12)
    return nodes.principled(color=color, roughness=level, ior=1.55)
