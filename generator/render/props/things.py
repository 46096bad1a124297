"""Books, boxes, toys, a lamp and the rest of what lies about."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from generator.render import turned
from generator.render.color import linear
from generator.render.foliage import bunch, leaf_material
from generator.render.geometry import box, rotation
from generator.render.materials import shade
from generator.render.nodes import Nodes, Value
from generator.render.props.part import CLOTHS, PAINTS, Part, look, pick
from generator.render.textures import stock, texture_images
from generator.render.textures.fabric import weave
from generator.render.turned import lathe
from generator.scene.props import PROPS
from generator.scene.scene import Material, Prop


def _volume(size: tuple[float, float, float], color: str, seed: int) -> list[Part]:
    """Lying flat, spine along X at -Y."""
    x, y, z = size
    cloth = look("weave", color, seed)
    paper = shade(f"pages-{seed}", page_edges, Material(kind="paper", seed=seed))
    board = 0.0025
    covers = [
        box((x, y, board), 0.0008).moved((0, 0, board / 2)),
        box((x, y, board), 0.0008).moved((0, 0, z - board / 2)),
        box((x, board, z), 0.0011).moved((0, -y / 2 + board / 2, z / 2)),
    ]
    block = box((x - 0.008, y - 0.007, z - 2 * board), 0.0004, grain=0).moved((0, -0.001, z / 2))
    return [*(Part(c, cloth) for c in covers), Part(block, paper)]


def page_edges(nodes: Nodes, material: Material) -> Value:
    color, _ = nodes.texture(stock.pages, material.seed % 3, size=0.025)
    return nodes.principled(color=color, roughness=0.8, specular=0.2)


def book(prop: Prop, rng: np.random.Generator) -> list[Part]:
    return _volume((0.20, 0.14, 0.026), pick(prop, rng, CLOTHS), prop.seed)


def books(prop: Prop, rng: np.random.Generator) -> list[Part]:
    lower = _volume((0.205, 0.152, 0.025), pick(prop, rng, CLOTHS), prop.seed)
    upper = _volume((0.175, 0.118, 0.020), CLOTHS[int(rng.integers(len(CLOTHS)))], prop.seed + 1)
    turn = rotation(z=rng.uniform(-0.13, 0.13))
    return [*lower, *(Part(p.shape.moved((0.0, 0.0, 0.0255), turn), p.material) for p in upper)]


def plant(prop: Prop, rng: np.random.Generator) -> list[Part]:
    pot = pick(prop, rng, ("#b5653f", "#d8d2c6", "#6d7a78", "#3a3d40"))
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


def pencil(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Along X, the point at +X."""
    radius, half = 0.0036, 0.0905
    lacquer = look("plastic", pick(prop, rng, ("#d9a21b", "#b3392b", "#2d5d7c", "#2f6b4a")), prop.seed)
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


def cube(prop: Prop, rng: np.random.Generator) -> list[Part]:
    color = pick(prop, rng, PAINTS)
    return [Part(box((0.045,) * 3, 0.003).moved((0, 0, 0.0225)), look("painted_wood", color, prop.seed))]


def blocks(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Two below, one on top of them."""
    parts = []
    side = 0.044
    for i, (x, z) in enumerate(((-0.0245, 0.0), (0.0245, 0.0), (0.002, side))):
        turn = rotation(z=rng.uniform(-0.05, 0.05))
        color = prop.color or PAINTS[(prop.seed + i) % len(PAINTS)]
        material = look("pine", None, prop.seed) if i == 1 else look("painted_wood", color, prop.seed + i)
        parts.append(Part(box((side,) * 3, 0.003).moved((x, 0.0, z + side / 2), turn), material))
    return parts


def frame(prop: Prop, rng: np.random.Generator) -> list[Part]:
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
    place = nodes.add("UVMap", uv_map="print").outputs[0]
    picture = nodes.image(texture_images(stock.art, material.seed).color, place, extension="EXTEND")
    return nodes.principled(color=picture.outputs[0], roughness=0.6, coat=0.4, coat_roughness=0.05)


def carton(prop: Prop, rng: np.random.Generator) -> list[Part]:
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
    place = nodes.add("UVMap", uv_map="print").outputs[0]
    # A box prints v along its longer side: turn the label, which is wider than high.
    x, y, _ = nodes.add("SeparateXYZ", {0: place}).outputs
    upright = nodes.add("CombineXYZ", {0: y, 1: x}).outputs[0]
    picture = nodes.image(texture_images(stock.label, material.seed).color, upright, extension="EXTEND")
    return nodes.principled(color=picture.outputs[0], roughness=0.45)


def crate(prop: Prop, rng: np.random.Generator) -> list[Part]:
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


def lamp(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Brass stand and a cloth shade that lets an eighth of the light through."""
    stand = [
        (0.0, 0.0), (0.068, 0.0), (0.07, 0.006), (0.066, 0.012), (0.02, 0.018), (0.007, 0.03), (0.006, 0.30),
        (0.012, 0.305), (0.012, 0.33), (0.0, 0.33),
    ]  # fmt: skip
    shade_color = prop.color or "#e6d3ac"
    cloth = shade(f"lampshade-{shade_color}", lampshade, Material(kind="weave", color=shade_color))
    return [
        Part(lathe(stand, 56), look("brass", projection="turned")),
        Part(lathe([(0.125, 0.27), (0.1258, 0.271), (0.083, 0.45), (0.082, 0.45)], 64), cloth),
    ]


def lampshade(nodes: Nodes, material: Material) -> Value:
    color = linear(material.color or "#e6d3ac")
    _, (thread, _, _) = nodes.texture(weave, size=0.05)
    cloth = nodes.mix(nodes.times(thread, 0.15), color, linear("#8a8076"))
    through = nodes.add(
        "BsdfTranslucent", {"Color": nodes.mix(1, cloth, linear("#a89880"), "MULTIPLY")}
    ).outputs[0]
    outside = nodes.principled(color=nodes.mix(1, cloth, linear("#8a8076"), "MULTIPLY"), roughness=0.9)
    return nodes.mix_shaders(0.12, outside, through)


def chalk(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """A cube of chalk in its paper, the worn hollow on top."""
    color = prop.color or "#2f6f9c"
    return [
        Part(box((0.0236, 0.0236, 0.021), 0.0012).moved((0, 0, 0.0106)), look("paper", color, prop.seed)),
        Part(
            box((0.0215, 0.0215, 0.004), 0.0015).moved((0, 0, 0.0218)),
            look("plain", "#5b9cc4", roughness=0.95),
        ),
    ]


def cue(prop: Prop, rng: np.random.Generator) -> list[Part]:
    """Along X, the tip at +X: dark butt, pale shaft, white ferrule, blue leather."""
    butt = look("walnut", "#3a2018", projection="turned")
    pieces = [
        ([(0.0, -0.728), (0.013, -0.728), (0.0145, -0.720), (0.0115, -0.10)], butt),
        ([(0.0117, -0.10), (0.0117, -0.085)], look("brass")),
        ([(0.0114, -0.085), (0.0064, 0.69)], look("beech", "#dcc294", projection="turned", roughness=0.3)),
        ([(0.0065, 0.69), (0.0063, 0.715)], look("plastic", "#ece8dc")),
        ([(0.0062, 0.715), (0.0058, 0.724), (0.0, 0.728)], look("felt", "#2f5f86")),
    ]  # fmt: skip
    lying = rotation(y=math.pi / 2)
    return [Part(lathe(profile, 32).moved((0, 0, 0.015), lying), material) for profile, material in pieces]
