"""Plastic, rubber, balloon skin, plain paint, and things that glow."""

from __future__ import annotations

from generator.render.color import linear
from generator.render.materials.recipe import DUST, Recipe, given, smudged_roughness
from generator.render.nodes import Nodes, Value
from generator.render.textures.stock import paper as fine_grain
from generator.scene.scene import Material


def _plastic(color: str, roughness: float, spread: float, dust: float) -> Recipe:
    def recipe(nodes: Nodes, material: Material) -> Value:
        wear = given(material.wear, 0.3) / 0.3
        smudge, scratches, _ = nodes.imperfections(0.35)
        level = smudged_roughness(
            nodes, given(material.roughness, roughness), spread * wear, 0.18 * wear, 0.35
        )
        relief = nodes.math("SUBTRACT", nodes.times(smudge, 0.35), scratches)
        skin = nodes.vary(linear(material.color or color), 0.04)
        return nodes.principled(
            color=nodes.dusty(skin, dust * wear, 0.35, linear(DUST)),
            roughness=level,
            ior=1.48,
            normal=nodes.bump(relief, 0.00010),
        )

    return recipe


plastic = _plastic("#b5281c", 0.20, 0.09, 0.16)
matte_plastic = _plastic("#3d6b8f", 0.44, 0.10, 0.16)


def rubber(nodes: Nodes, material: Material) -> Value:
    roughness = given(material.roughness, 0.56)
    smudge, _, specks = nodes.imperfections(0.25)
    _, (_, grain, _) = nodes.texture(fine_grain, size=0.02)
    dusty = nodes.times(nodes.math("ADD", smudge, specks), nodes.times(nodes.facing_up(), 0.08))
    return nodes.principled(
        color=nodes.mix(dusty, nodes.vary(linear(material.color or "#2a2a2c"), 0.04), linear("#9a948b")),
        roughness=nodes.ramp(smudge, 0.2, 0.8, max(0.1, roughness - 0.12), min(0.95, roughness + 0.14)),
        specular=0.35,
        sheen=0.10,
        sheen_roughness=0.5,
        normal=nodes.bump(grain, 0.00006),
    )


def latex(nodes: Nodes, material: Material) -> Value:
    """A balloon: glossy skin that lets light through and is deeper in colour at its rim."""
    color = linear(material.color or "#d2452f")
    facing = nodes.add("LayerWeight", {"Blend": 0.35}).outputs["Facing"]
    deep = (*(0.9 * v**1.6 for v in color[:3]), 1.0)
    smudge = nodes.imperfections(0.6)[0]
    skin = nodes.principled(
        color=nodes.mix(nodes.math("POWER", facing, 2.0), color, deep),
        roughness=nodes.ramp(smudge, 0.2, 0.8, 0.10, 0.24),
        ior=1.52,
        coat=0.3,
        coat_roughness=0.06,
    )
    through = nodes.add("BsdfTranslucent", {"Color": color}).outputs[0]
    return nodes.mix_shaders(0.38, skin, through)


def plain(nodes: Nodes, material: Material) -> Value:
    """Quiet paint without a story, for backgrounds; still not equally smooth all over."""
    level = smudged_roughness(nodes, given(material.roughness, 0.6), 0.08, 0.1, 0.5)
    return nodes.principled(color=nodes.vary(linear(material.color or "#9b978f"), 0.02), roughness=level)


def glow(nodes: Nodes, material: Material) -> Value:
    """A surface that shines by itself, `strength` W/m2; opal glass when it is dark."""
    color = linear(material.color or "#ffe2bd")
    light = nodes.add("Emission", {"Color": color, "Strength": given(material.strength, 8.0)}).outputs[0]
    return nodes.add_shaders(light, nodes.principled(color=(0.75, 0.74, 0.72, 1.0), roughness=0.25))
