"""Cups, glasses, bottles, bowls and pots: turned shapes of glaze, glass and metal."""

from __future__ import annotations

import math

import numpy as np

from generator.render import turned
from generator.render.color import linear
from generator.render.geometry import curve, tube
from generator.render.materials import glasses, shade
from generator.render.nodes import Nodes, Value
from generator.render.props.part import GLAZES, Part, look, pick
from generator.render.turned import lathe
from generator.scene.scene import Material, Prop


def mug(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """The handle points along +Y."""
    glaze = look("ceramic", pick(prop, rng, GLAZES), prop.seed, roughness=0.15)
    radius, height, wall, foot = 0.042, 0.085, 0.004, 0.0345
    outside = curve([(foot, 0.006), (0.0405, 0.4 * height), (radius, height - wall)])
    inside = curve([(radius - wall, height - wall), (0.0365, 0.4 * height), (foot - wall, 0.012)])
    profile = [
        (0.0, 0.003), (0.8 * foot, 0.003), (0.85 * foot, 0.0), (0.95 * foot, 0.001), *map(tuple, outside),
        (radius - 0.15 * wall, height - 0.25 * wall), (radius - 0.5 * wall, height),
        (radius - 0.85 * wall, height - 0.25 * wall), *map(tuple, inside),
        (0.8 * foot - wall, 0.007), (0.0, 0.006),
    ]  # fmt: skip
    body = lathe(profile, sharp=math.radians(60))
    handle = curve(
        [(0, 0.038, 0.070), (0, 0.058, 0.071), (0, 0.0685, 0.050), (0, 0.058, 0.026), (0, 0.034, 0.021)], 7
    )
    coffee = lathe([(0.0, 0.068), (0.0362, 0.068), (0.0374, 0.0686)])
    middle = (0.0, -0.0155, 0.0)
    return [
        Part(body.moved(middle), glaze),
        Part(tube(handle, 0.0044).moved(middle), glaze),
        Part(coffee.moved(middle), look("plastic", "#2a130a", prop.seed, roughness=0.05, wear=0.0)),
    ]


def tumbler(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Water to six tenths; it overlaps the glass by a hair, or a film of air would show."""
    radius, height, wall = 0.035, 0.108, 0.0022
    foot = 0.86 * radius
    profile = [
        (0.0, 0.0), (0.9 * foot, 0.0), (foot, 0.003), (radius, height - 0.001), (radius - 0.5 * wall, height),
        (radius - wall, height - 0.001), (foot - wall, 0.011), (0.85 * foot - wall, 0.009), (0.0, 0.009),
    ]  # fmt: skip
    level = rng.uniform(0.35, 0.7)
    brim = foot - wall + (radius - foot) * level
    bottom = 0.85 * foot - wall
    water = [
        (0.0, 0.0095), (bottom, 0.0095), (foot - wall + 0.0004, 0.012),
        (brim + 0.0004, level * height + 0.0015), (brim - 0.0012, level * height), (0.0, level * height),
    ]  # fmt: skip
    drink = shade("water", glasses.water, Material(kind="glass"))
    return [Part(lathe(profile, 72), look("glass", prop.color)), Part(lathe(water, 72), drink)]


def bottle(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Thick green or amber glass, empty; real wall, so that it refracts as a bottle does."""
    outer = curve(
        [(0.0345, 0.008), (0.036, 0.05), (0.036, 0.15), (0.030, 0.185), (0.0155, 0.215), (0.0135, 0.25)]
    )
    inner = curve(
        [
            (0.0110, 0.262),
            (0.0110, 0.245),
            (0.0130, 0.213),
            (0.0275, 0.183),
            (0.0330, 0.15),
            (0.0330, 0.03),
            (0.026, 0.012),
        ]
    )
    outer[:, 0] *= 0.036 / outer[:, 0].max()
    lip = [(0.0155, 0.252), (0.0155, 0.268), (0.0145, 0.27), (0.0115, 0.27)]
    profile = [
        (0.0, 0.004),
        (0.026, 0.0),
        (0.031, 0.001),
        *map(tuple, outer),
        *lip,
        *map(tuple, inner),
        (0.0, 0.010),
    ]
    glass = look("glass", pick(prop, rng, ("#7fae86", "#c98f4e", "#d5e8e2", "#8fb7c4")), prop.seed)
    return [Part(lathe(profile, 72, sharp=math.radians(50)), glass)]


def bowl(prop: Prop, rng: np.random.Generator) -> list[Part]:
    radius, height, wall = 0.075, 0.062, 0.0035
    outside = curve([(0.48 * radius, 0.004), (0.82 * radius, 0.36 * height), (radius, height - 0.002)])
    inside = curve(
        [(radius - wall, height - 0.002), (0.82 * radius - wall, 0.40 * height), (0.42 * radius, 0.009)]
    )
    profile = [
        (0.0, 0.004), (0.38 * radius, 0.004), (0.40 * radius, 0.0), (0.46 * radius, 0.0),
        *map(tuple, outside), (radius - 0.5 * wall, height), *map(tuple, inside), (0.0, 0.008),
    ]  # fmt: skip
    return [
        Part(lathe(profile, 72, sharp=math.radians(60)), look("ceramic", pick(prop, rng, GLAZES), prop.seed))
    ]


def vase(prop: Prop, rng: np.random.Generator) -> list[Part]:
    belly = rng.uniform(0.35, 0.5)
    outside = curve(
        [
            (0.034, 0.003),
            (0.050, 0.25 * 0.21),
            (0.055, belly * 0.21),
            (0.024, 0.165),
            (0.021, 0.19),
            (0.029, 0.207),
        ]
    )
    wide = float(outside[:, 0].max())
    outside[:, 0] *= 0.055 / wide
    profile = [
        (0.0, 0.002), (0.030, 0.0), *map(tuple, outside), (0.0275, 0.21), (0.025, 0.207), (0.0185, 0.19),
        (0.0205, 0.165), (0.045, belly * 0.21), (0.0, 0.05),
    ]  # fmt: skip
    glaze = look("ceramic", pick(prop, rng, GLAZES), prop.seed, roughness=0.12)
    return [Part(lathe(profile, 80, sharp=math.radians(50)), glaze)]


def candle(prop: Prop, rng: np.random.Generator) -> list[Part]:
    wax = look("matte_plastic", pick(prop, rng, ("#e9e0cb", "#c9b18a", "#7d2f2b")), prop.seed, roughness=0.38)
    profile = [
        (0.0, 0.0),
        (0.036, 0.0),
        (0.0375, 0.002),
        (0.0375, 0.098),
        *turned.arc((0.0345, 0.098), 0.003, 0, 1.57),
        (0.02, 0.0985),
        (0.0, 0.097),
    ]
    wick = curve([(0, 0, 0.095), (0, 0.0006, 0.103), (0.0018, 0.0014, 0.1095)], 4)
    return [
        Part(lathe(profile, 72), wax),
        Part(tube(wick, 0.0009, 8), look("plain", "#2a2622", roughness=0.9)),
    ]


def orange(prop: Prop, rng: np.random.Generator) -> list[Part]:
    fruit = turned.sphere(0.033, 72)
    points = fruit.points * (0.034 / 0.033, 0.034 / 0.033, 1.0)
    ripe = prop.color or "#e0872a"
    peel = shade(f"peel-{ripe}", _peel, Material(kind="plastic", color=ripe), "box")
    return [Part(fruit._with(points=points).moved((0, 0, 0.033)), peel)]


def _peel(nodes: Nodes, material: Material) -> Value:
    where = nodes.add("TexCoord").outputs["Object"]
    pores = nodes.add("TexVoronoi", {"Vector": where, "Scale": 520.0}).outputs[0]
    smudge = nodes.imperfections(0.2)[0]
    color = nodes.mix(
        nodes.ramp(smudge, 0.2, 0.9, 0, 0.25), linear(material.color or "#e0872a"), linear("#b5601a")
    )
    return nodes.principled(color=color, roughness=0.36, normal=nodes.bump(pores, 0.0005, 0.8))


def pot(prop: Prop, rng: np.random.Generator) -> list[Part]:
    body = [
        (0.0, 0.0), (0.088, 0.0), (0.095, 0.005), (0.095, 0.115), (0.0985, 0.118), (0.0965, 0.1195),
        (0.092, 0.117), (0.092, 0.008), (0.0, 0.008),
    ]  # fmt: skip
    lid = curve(
        [
            (0.0985, 0.120),
            (0.085, 0.130),
            (0.04, 0.142),
            (0.012, 0.146),
            (0.008, 0.150),
            (0.012, 0.158),
            (0.018, 0.163),
            (0.016, 0.170),
            (0.0, 0.172),
        ],
        6,
    )
    return [
        Part(lathe(body, 80), look("brushed_metal", prop.color, prop.seed, projection="turned")),
        Part(lathe([tuple(p) for p in np.maximum(lid, 0)], 80), look("polished_metal", roughness=0.1)),
    ]


def bucket(prop: Prop, rng: np.random.Generator) -> list[Part]:
    profile = [
        (0.0, 0.006), (0.10, 0.006), (0.104, 0.0), (0.108, 0.010), (0.145, 0.250), (0.1495, 0.252),
        (0.1495, 0.2585), (0.143, 0.2585), (0.104, 0.012), (0.0, 0.012),
    ]  # fmt: skip
    metal = look("steel", prop.color, prop.seed, roughness=0.34, projection="turned")
    return [Part(lathe(profile, 72), metal)]
