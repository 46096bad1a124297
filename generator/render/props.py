"""Props: every kind that the scene library knows, drawn inside the box it reserves.

A prop is a list of `Part`s about the middle of its foot at scale 1, joined into one object. Its colours
come from its seed, unless the spec gives one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import bpy
import numpy as np

from generator.errors import RenderError
from generator.render import geometry, turned
from generator.render.color import linear
from generator.render.foliage import bunch, leaf_material
from generator.render.geometry import Surface, box, curve, rotation, tube
from generator.render.lights import add_point
from generator.render.materials import glasses, material_of, shade
from generator.render.nodes import Nodes, Value
from generator.render.textures import stock
from generator.render.turned import lathe
from generator.scene.props import PROPS
from generator.scene.scene import Material, Prop

GLAZES = ("#e6dfcf", "#5f7f86", "#c98a4b", "#39424a", "#a9b5a0", "#b86f52", "#d7d3c8")
CLOTHS = ("#6f2c28", "#2d4653", "#3c4b39", "#7a5a2a", "#5c2631", "#c2b08a", "#494066", "#8a8478")
PAINTS = ("#a83a2c", "#c9a23c", "#34618a", "#2f6d5a", "#c4572c")


class Part(NamedTuple):
    shape: Surface
    material: bpy.types.Material


def look(kind: str, color: str | None = None, seed: int = 0, **values: Any) -> bpy.types.Material:
    """A material of the library in one call."""
    projection = values.pop("projection", "uv")
    return material_of(Material(kind=kind, color=color, seed=seed, **values), projection)


def draw_prop(prop: Prop) -> bpy.types.Object:
    """One object at the prop's place. Raises RenderError for a kind that cannot be drawn."""
    draw = _DRAWN.get(prop.kind)
    if draw is None:
        raise RenderError(f"no such prop: {prop.kind}")
    made = assemble(draw(prop, np.random.default_rng([prop.seed, 5])), prop.kind)
    made.location, made.rotation_euler = prop.position, (0.0, 0.0, prop.yaw)
    made.scale = (prop.scale,) * 3
    if prop.kind == "lamp":
        x, y, z = prop.position
        add_point((x, y, z + 0.35 * prop.scale), 8.0 * prop.scale**2, 0.028 * prop.scale, 3650)
    return made


def assemble(parts: list[Part], name: str) -> bpy.types.Object:
    """The parts as one object with a material slot for each material used."""
    materials: list[bpy.types.Material] = []
    shapes = []
    for part in parts:
        if part.material not in materials:
            materials.append(part.material)
        shapes.append(part.shape.of_material(materials.index(part.material)))
    return geometry.add_object(geometry.joined(*shapes), name, *materials)


def _pick(prop: Prop, rng: np.random.Generator, palette: tuple[str, ...]) -> str:
    chosen = palette[int(rng.integers(len(palette)))]
    return prop.color or chosen


# --- on a table


def _mug(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """The handle points along +Y."""
    glaze = look("ceramic", _pick(prop, rng, GLAZES), prop.seed, roughness=0.15)
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


def _tumbler(prop: Prop, rng: np.random.Generator) -> list[Part]:
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
        (0.0, 0.0095), (bottom, 0.0095), (foot - wall + 0.0004, 0.012), (brim + 0.0004, level * height + 0.0015),
        (brim - 0.0012, level * height), (0.0, level * height),
    ]  # fmt: skip
    drink = shade("water", glasses.water, Material(kind="glass"))
    return [Part(lathe(profile, 72), look("glass", prop.color)), Part(lathe(water, 72), drink)]


def _one_book(size: tuple[float, float, float], color: str, seed: int) -> list[Part]:
    """Lying flat, spine along X at -Y."""
    x, y, z = size
    cloth = look("weave", color, seed)
    paper = shade(f"pages-{seed}", _page_edges, Material(kind="paper", seed=seed))
    board = 0.0025
    covers = [
        box((x, y, board), 0.0008).moved((0, 0, board / 2)),
        box((x, y, board), 0.0008).moved((0, 0, z - board / 2)),
        box((x, board, z), 0.0011).moved((0, -y / 2 + board / 2, z / 2)),
    ]
    block = box((x - 0.008, y - 0.007, z - 2 * board), 0.0004, grain=0).moved((0, -0.001, z / 2))
    return [*(Part(c, cloth) for c in covers), Part(block, paper)]


def _page_edges(nodes: Nodes, material: Material) -> Value:
    color, _ = nodes.texture(stock.pages, material.seed % 3, size=0.025)
    return nodes.principled(color=color, roughness=0.8, specular=0.2)


def _book(prop: Prop, rng: np.random.Generator) -> list[Part]:
    return _one_book((0.20, 0.14, 0.026), _pick(prop, rng, CLOTHS), prop.seed)


def _books(prop: Prop, rng: np.random.Generator) -> list[Part]:
    lower = _one_book((0.205, 0.152, 0.025), _pick(prop, rng, CLOTHS), prop.seed)
    upper = _one_book((0.175, 0.118, 0.020), CLOTHS[int(rng.integers(len(CLOTHS)))], prop.seed + 1)
    turn = rotation(z=rng.uniform(-0.13, 0.13))
    return [*lower, *(Part(p.shape.moved((0.0, 0.0, 0.0255), turn), p.material) for p in upper)]


def _plant(prop: Prop, rng: np.random.Generator) -> list[Part]:
    pot = _pick(prop, rng, ("#b5653f", "#d8d2c6", "#6d7a78", "#3a3d40"))
    profile = [
        (0.0, 0.0), (0.048, 0.0), (0.052, 0.004), (0.066, 0.092), (0.071, 0.093), (0.072, 0.114),
        (0.066, 0.115), (0.062, 0.100), (0.0, 0.100),
    ]  # fmt: skip
    soil = turned.cylinder(0.062, 0.004).moved((0, 0, 0.101))
    leaves = bunch(34, 0.235, 0.125, rng).moved((0, 0, 0.102))
    return [
        Part(lathe(profile), look("ceramic", pot, prop.seed, roughness=0.5)),
        Part(soil, look("asphalt", "#3a2c20", projection="box")),
        Part(leaves, leaf_material("#3f6b2c", spread=0.1)),
    ]


def _pencil(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Along X, the point at +X."""
    radius, half = 0.0036, 0.0905
    lacquer = look("plastic", _pick(prop, rng, ("#d9a21b", "#b3392b", "#2d5d7c", "#2f6b4a")), prop.seed)
    cone, tip = half - 0.022, half - 0.004
    pieces = [
        (lathe([(0, -half + 0.014), (radius, -half + 0.014), (radius, cone)], 6), lacquer),
        (lathe([(radius, cone), (0.0011, tip)], 24), look("plain", "#d9b98a", roughness=0.7)),
        (lathe([(0.0011, tip), (0, half)], 12), look("plain", "#242424", roughness=0.4)),
        (turned.cylinder(0.0035, 0.012, 0.001, 24).moved((0, 0, -half + 0.006)), look("rubber", "#c9837c")),
        (turned.cylinder(0.0039, 0.010, 0.0004, 24).moved((0, 0, -half + 0.015)), look("brass")),
    ]
    lying = rotation(y=math.pi / 2)
    return [Part(shape.moved((0, 0, 0.004), lying), material) for shape, material in pieces]


def _bottle(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Thick green or amber glass, empty; real wall, so that it refracts as a bottle does."""
    outer = curve(
        [(0.0345, 0.008), (0.036, 0.05), (0.036, 0.15), (0.030, 0.185), (0.0155, 0.215), (0.0135, 0.25)]
    )
    inner = curve([(0.0110, 0.262), (0.0110, 0.245), (0.0130, 0.213), (0.0275, 0.183), (0.0330, 0.15), (0.0330, 0.03), (0.026, 0.012)])  # fmt: skip
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
    glass = look("glass", _pick(prop, rng, ("#7fae86", "#c98f4e", "#d5e8e2", "#8fb7c4")), prop.seed)
    return [Part(lathe(profile, 72, sharp=math.radians(50)), glass)]


def _bowl(prop: Prop, rng: np.random.Generator) -> list[Part]:
    radius, height, wall = 0.075, 0.062, 0.0035
    outside = curve([(0.48 * radius, 0.004), (0.82 * radius, 0.36 * height), (radius, height - 0.002)])
    inside = curve(
        [(radius - wall, height - 0.002), (0.82 * radius - wall, 0.40 * height), (0.42 * radius, 0.009)]
    )
    profile = [
        (0.0, 0.004), (0.38 * radius, 0.004), (0.40 * radius, 0.0), (0.46 * radius, 0.0), *map(tuple, outside),
        (radius - 0.5 * wall, height), *map(tuple, inside), (0.0, 0.008),
    ]  # fmt: skip
    return [
        Part(lathe(profile, 72, sharp=math.radians(60)), look("ceramic", _pick(prop, rng, GLAZES), prop.seed))
    ]


def _vase(prop: Prop, rng: np.random.Generator) -> list[Part]:
    belly = rng.uniform(0.35, 0.5)
    outside = curve([(0.034, 0.003), (0.050, 0.25 * 0.21), (0.055, belly * 0.21), (0.024, 0.165), (0.021, 0.19), (0.029, 0.207)])  # fmt: skip
    wide = float(outside[:, 0].max())
    outside[:, 0] *= 0.055 / wide
    profile = [
        (0.0, 0.002), (0.030, 0.0), *map(tuple, outside), (0.0275, 0.21), (0.025, 0.207), (0.0185, 0.19),
        (0.0205, 0.165), (0.045, belly * 0.21), (0.0, 0.05),
    ]  # fmt: skip
    glaze = look("ceramic", _pick(prop, rng, GLAZES), prop.seed, roughness=0.12)
    return [Part(lathe(profile, 80, sharp=math.radians(50)), glaze)]


def _cube(prop: Prop, rng: np.random.Generator) -> list[Part]:
    color = _pick(prop, rng, PAINTS)
    return [Part(box((0.045,) * 3, 0.003).moved((0, 0, 0.0225)), look("painted_wood", color, prop.seed))]


def _blocks(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Two below, one on top of them."""
    parts = []
    side = 0.044
    for i, (x, z) in enumerate(((-0.0245, 0.0), (0.0245, 0.0), (0.002, side))):
        turn = rotation(z=rng.uniform(-0.05, 0.05))
        color = prop.color or PAINTS[(prop.seed + i) % len(PAINTS)]
        material = look("pine", None, prop.seed) if i == 1 else look("painted_wood", color, prop.seed + i)
        parts.append(Part(box((side,) * 3, 0.003).moved((x, 0.0, z + side / 2), turn), material))
    return parts


def _frame(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """A picture frame that leans back on its strut, the picture towards -Y."""
    wood = look(("walnut", "beech", "oak")[int(rng.integers(3))], prop.color, prop.seed)
    picture = shade(f"art-{prop.seed % 5}", print_of_art, Material(kind="paper", seed=prop.seed % 5))
    width, height, bar = 0.158, 0.205, 0.014
    lean = rotation(x=-math.radians(10))
    bars = [
        ((width, 0.012, bar), (0, 0, bar / 2)), ((width, 0.012, bar), (0, 0, height - bar / 2)),
        ((bar, 0.0118, height - 2 * bar), (-width / 2 + bar / 2, 0, height / 2)),
        ((bar, 0.0118, height - 2 * bar), (width / 2 - bar / 2, 0, height / 2)),
    ]  # fmt: skip
    inner = (width - 2 * bar, 0.004, height - 2 * bar)
    pieces = [(box(size, 0.0015).moved(at), wood) for size, at in bars]
    pieces.append((box(inner, 0.0003).moved((0, 0.002, height / 2)), look("paper", "#f0ede5")))
    image = box((0.70 * inner[0], 0.001, 0.70 * inner[2]), 0.0001).moved((0, -0.0005, height / 2))
    pieces.append((image, picture))
    parts = [Part(shape.moved((0.0, -0.012, 0.0015), lean), material) for shape, material in pieces]
    return [Part(p.shape._with(points=_inside(p.shape.points, PROPS["frame"])), p.material) for p in parts]


def _inside(points: np.ndarray, extent: Any) -> np.ndarray:
    half = np.array([extent.x / 2, extent.y / 2])
    kept = points.copy()
    kept[:, :2] = np.clip(kept[:, :2], -half, half)
    kept[:, 2] = np.clip(kept[:, 2], 0, extent.z)
    return kept


def print_of_art(nodes: Nodes, material: Material) -> Value:
    from generator.render.textures import texture_images

    place = nodes.add("UVMap", uv_map="print").outputs[0]
    picture = nodes.image(texture_images(stock.art, material.seed).color, place, extension="EXTEND")
    return nodes.principled(color=picture.outputs[0], roughness=0.6, coat=0.4, coat_roughness=0.05)


def _candle(prop: Prop, rng: np.random.Generator) -> list[Part]:
    wax = look(
        "matte_plastic", _pick(prop, rng, ("#e9e0cb", "#c9b18a", "#7d2f2b")), prop.seed, roughness=0.38
    )
    profile = [(0.0, 0.0), (0.036, 0.0), (0.0375, 0.002), (0.0375, 0.098), *turned.arc((0.0345, 0.098), 0.003, 0, 1.57), (0.02, 0.0985), (0.0, 0.097)]  # fmt: skip
    wick = curve([(0, 0, 0.095), (0, 0.0006, 0.103), (0.0018, 0.0014, 0.1095)], 4)
    return [
        Part(lathe(profile, 72), wax),
        Part(tube(wick, 0.0009, 8), look("plain", "#2a2622", roughness=0.9)),
    ]


def _orange(prop: Prop, rng: np.random.Generator) -> list[Part]:
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


# --- larger things


def _pot(prop: Prop, rng: np.random.Generator) -> list[Part]:
    body = [
        (0.0, 0.0), (0.088, 0.0), (0.095, 0.005), (0.095, 0.115), (0.0985, 0.118), (0.0965, 0.1195),
        (0.092, 0.117), (0.092, 0.008), (0.0, 0.008),
    ]  # fmt: skip
    lid = curve([(0.0985, 0.120), (0.085, 0.130), (0.04, 0.142), (0.012, 0.146), (0.008, 0.150), (0.012, 0.158), (0.018, 0.163), (0.016, 0.170), (0.0, 0.172)], 6)  # fmt: skip
    return [
        Part(lathe(body, 80), look("brushed_metal", prop.color, prop.seed, projection="turned")),
        Part(lathe([tuple(p) for p in np.maximum(lid, 0)], 80), look("polished_metal", roughness=0.1)),
    ]


def _bucket(prop: Prop, rng: np.random.Generator) -> list[Part]:
    profile = [
        (0.0, 0.006), (0.10, 0.006), (0.104, 0.0), (0.108, 0.010), (0.145, 0.250), (0.1495, 0.252),
        (0.1495, 0.2585), (0.143, 0.2585), (0.104, 0.012), (0.0, 0.012),
    ]  # fmt: skip
    metal = look("steel", prop.color, prop.seed, roughness=0.34, projection="turned")
    return [Part(lathe(profile, 72), metal)]


def _carton(prop: Prop, rng: np.random.Generator) -> list[Part]:
    x, y, z = 0.358, 0.277, 0.239
    board = look("cardboard", prop.color, prop.seed)
    tape = look("plastic", "#b98d55", prop.seed, roughness=0.24, wear=0.1)
    label = shade(f"label-{prop.seed % 8}", print_of_label, Material(kind="paper", seed=prop.seed % 8))
    return [
        Part(box((x, y, z), 0.003).moved((0, 0, z / 2)), board),
        Part(box((0.985 * x, 0.003, 0.001), 0.0003).moved((0, 0, z + 0.0001)), look("plain", "#3a2a1a")),
        Part(box((0.998 * x, 0.05, 0.0008), 0.0002).moved((0, 0, z + 0.0004)), tape),
        *(
            Part(box((0.0008, 0.05, 0.28 * z), 0.0002).moved((s * (x / 2 + 0.0004), 0, 0.86 * z)), tape)
            for s in (-1, 1)
        ),
        Part(box((0.11, 0.0006, 0.082), 0.0001).moved((-0.07, -y / 2 - 0.0003, 0.62 * z)), label),
    ]


def print_of_label(nodes: Nodes, material: Material) -> Value:
    from generator.render.textures import texture_images

    place = nodes.add("UVMap", uv_map="print").outputs[0]
    # A box prints v along its longer side: turn the label, which is wider than high.
    x, y, _ = nodes.add("SeparateXYZ", {0: place}).outputs
    upright = nodes.add("CombineXYZ", {0: y, 1: x}).outputs[0]
    picture = nodes.image(texture_images(stock.label, material.seed).color, upright, extension="EXTEND")
    return nodes.principled(color=picture.outputs[0], roughness=0.45)


def _crate(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Slats nailed to four posts, none quite straight."""
    x, y, z, thick, rows = 0.452, 0.332, 0.278, 0.012, 3
    slat = z / rows
    parts = []
    woods = [look("pine", prop.color, prop.seed + i, wear=0.6) for i in range(3)]
    for row in range(rows):
        at = slat * (row + 0.5) + 0.001
        for side in (-1, 1):
            for size, middle in (
                ((x, thick, slat - 0.012), (0, side * (y - thick) / 2, at)),
                ((thick, y - 2 * thick, slat - 0.012), (side * (x - thick) / 2, 0, at)),
            ):
                turn = rotation(y=rng.normal(0, 0.004) if side else 0.0)
                parts.append(Part(box(size, 0.0015).moved(middle, turn), woods[int(rng.integers(3))]))
    for a in (-1, 1):
        for b in (-1, 1):
            post = box((0.03, 0.03, z - 0.004), 0.002, grain=2)
            parts.append(Part(post.moved((a * (x / 2 - 0.028), b * (y / 2 - 0.028), z / 2)), woods[0]))
    floor = box((x - 2 * thick, y - 2 * thick, thick), 0.001)
    return [*parts, Part(floor.moved((0, 0, thick / 2 + 0.004)), woods[1])]


def _lamp(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Brass stand and a cloth shade that lets an eighth of the light through."""
    stand = [
        (0.0, 0.0), (0.068, 0.0), (0.07, 0.006), (0.066, 0.012), (0.02, 0.018), (0.007, 0.03), (0.006, 0.30),
        (0.012, 0.305), (0.012, 0.33), (0.0, 0.33),
    ]  # fmt: skip
    shade_color = prop.color or "#e6d3ac"
    cloth = shade(f"lampshade-{shade_color}", _lampshade, Material(kind="weave", color=shade_color))
    bulb = look("glow", "#ffe2bd", strength=30.0)
    return [
        Part(lathe(stand, 56), look("brass", projection="turned")),
        Part(lathe([(0.125, 0.27), (0.1258, 0.271), (0.083, 0.45), (0.082, 0.45)], 64), cloth),
        Part(turned.sphere(0.022, 24).moved((0, 0, 0.35)), bulb),
    ]


def _lampshade(nodes: Nodes, material: Material) -> Value:
    from generator.render.textures.fabric import weave

    color = linear(material.color or "#e6d3ac")
    _, (thread, _, _) = nodes.texture(weave, size=0.05)
    cloth = nodes.mix(nodes.times(thread, 0.15), color, linear("#8a8076"))
    through = nodes.add(
        "BsdfTranslucent", {"Color": nodes.mix(1, cloth, linear("#a89880"), "MULTIPLY")}
    ).outputs[0]
    outside = nodes.principled(color=nodes.mix(1, cloth, linear("#8a8076"), "MULTIPLY"), roughness=0.9)
    return nodes.mix_shaders(0.12, outside, through)


# --- by a billiard table


def _chalk(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """A cube of chalk in its paper, the worn hollow on top."""
    color = prop.color or "#2f6f9c"
    return [
        Part(box((0.0236, 0.0236, 0.021), 0.0012).moved((0, 0, 0.0106)), look("paper", color, prop.seed)),
        Part(
            box((0.0215, 0.0215, 0.004), 0.0015).moved((0, 0, 0.0218)),
            look("plain", "#5b9cc4", roughness=0.95),
        ),
    ]


def _cue(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Along X, the tip at +X: dark butt, pale shaft, white ferrule, blue leather."""
    pieces = [
        ([(0.0, -0.728), (0.013, -0.728), (0.0145, -0.720), (0.0115, -0.10)], look("walnut", "#3a2018", projection="turned")),
        ([(0.0117, -0.10), (0.0117, -0.085)], look("brass")),
        ([(0.0114, -0.085), (0.0064, 0.69)], look("beech", "#dcc294", projection="turned", roughness=0.3)),
        ([(0.0065, 0.69), (0.0063, 0.715)], look("plastic", "#ece8dc")),
        ([(0.0062, 0.715), (0.0058, 0.724), (0.0, 0.728)], look("felt", "#2f5f86")),
    ]  # fmt: skip
    lying = rotation(y=math.pi / 2)
    return [Part(lathe(profile, 32).moved((0, 0, 0.015), lying), material) for profile, material in pieces]


_DRAWN: dict[str, Callable[[Prop, np.random.Generator], list[Part]]] = {
    "mug": _mug, "books": _books, "book": _book, "tumbler": _tumbler, "plant": _plant, "pencil": _pencil,
    "bottle": _bottle, "bowl": _bowl, "vase": _vase, "cube": _cube, "blocks": _blocks, "carton": _carton,
    "crate": _crate, "lamp": _lamp, "frame": _frame, "candle": _candle, "orange": _orange, "pot": _pot,
    "bucket": _bucket, "chalk": _chalk, "cue": _cue,
}  # fmt: skip
