"""Furniture: bookcases and what stands in them, cupboards, plants, sofas, lamps, rugs.

All of it is out of the action's reach and usually out of focus, so shapes are plain. Pieces face -Y.
"""

from __future__ import annotations

import numpy as np

from generator.render import geometry, turned
from generator.render.foliage import bunch, leaf_material
from generator.render.geometry import Array, box, grid, rotation
from generator.render.materials import material_of, shade
from generator.render.materials.fabrics import pile
from generator.render.nodes import Nodes, Value
from generator.render.props import Part, look
from generator.render.props.things import lampshade
from generator.render.rooms.furnishing import place, put
from generator.render.textures import fabric, texture_images
from generator.scene.scene import Material, Vec3

BOOKS = ("#7c3b2e", "#2f4a5a", "#c8b38a", "#3c4b39", "#8b8577", "#a8672f", "#4b3b55", "#d8d2c2", "#21252b")
VASES = ("#8f5f45", "#5f7f86", "#d7d0c2", "#3a4046", "#9aa48c")


def shelf_load(x0: float, x1: float, y: float, z: float, high: float, seed: int) -> None:
    """Books, vases and gaps along a shelf, back to `y`."""
    rng = np.random.default_rng([seed, 53])
    parts: list[Part] = []
    x = x0
    while x < x1 - 0.02:
        chance = rng.random()
        color = int(rng.integers(len(BOOKS)))
        if chance < 0.78:
            wide, tall = rng.uniform(0.014, 0.045), rng.uniform(0.6, 1.0) * high
            spine = box((wide, 0.15, tall), 0.002, steps=2)
            lean = rotation(y=rng.normal(0, 0.015))
            parts.append(
                Part(
                    spine.moved((x + wide / 2, 0, tall / 2), lean),
                    look("plain", BOOKS[color], roughness=0.55),
                )
            )
            x += wide + 0.0015
        elif chance < 0.88 and x < x1 - 0.16:
            tall = rng.uniform(0.5, 0.9) * high
            wide = 0.28 * tall
            side = geometry.curve(
                [(0.7 * wide, 0), (wide, 0.4 * tall), (0.45 * wide, 0.8 * tall), (0.55 * wide, tall)]
            )
            profile = [(0.0, 0.0), *map(tuple, side)]
            glaze = look("ceramic", VASES[int(rng.integers(len(VASES)))], roughness=0.25)
            parts.append(Part(turned.lathe(profile, 32).moved((x + wide + 0.02, 0, 0)), glaze))
            x += 2 * wide + 0.05
        else:
            x += rng.uniform(0.03, 0.13)
    if parts:
        put(parts, "shelf load", (0, y, z))


def bookcase(at: Vec3, width: float, height: float, wood: str, seed: int, yaw: float = 0.0) -> None:
    """An open case with loaded shelves; `at` is the middle of its foot at its back."""
    deep, thick = 0.26, 0.022
    material = look(wood, seed=seed)
    rows = max(1, round(height / 0.34))
    parts = [
        Part(box((thick, deep, height)).moved((s * (width - thick) / 2, -deep / 2, height / 2)), material)
        for s in (-1, 1)
    ]
    back = box((width, 0.006, height), 0.001).moved((0, -0.003, height / 2))
    parts.append(Part(back, look("plain", "#6a5a48", roughness=0.7)))
    for i in range(rows + 1):
        z = thick / 2 + (height - thick) * i / rows
        parts.append(Part(box((width - 2 * thick, deep, thick)).moved((0, -deep / 2, z)), material))
    put(parts, "bookcase", at, yaw)
    if yaw:
        return
    for i in range(rows):
        z = thick + (height - thick) * i / rows
        free = (height - thick) / rows - thick
        half = width / 2 - thick - 0.01
        shelf_load(at[0] - half, at[0] + half, at[1] - 0.5 * deep, at[2] + z, 0.85 * free, seed * 11 + i)


def sideboard(at: Vec3, width: float, height: float, seed: int, color: str | None = None) -> None:
    """A low cupboard with doors; `at` is the middle of its foot at its back."""
    rng = np.random.default_rng([seed, 54])
    wood = (
        look("painted_wood", color, seed, wear=0.02)
        if color
        else look(("walnut", "oak")[seed % 2], seed=seed)
    )
    deep, leg, doors = 0.38, 0.14, 3
    parts = [
        Part(box((width, deep, height - leg), 0.004).moved((0, -deep / 2, leg + (height - leg) / 2)), wood)
    ]
    for i in range(doors):
        wide = width / doors - 0.012
        x = -width / 2 + (i + 0.5) * width / doors
        parts.append(
            Part(
                box((wide, 0.018, height - leg - 0.03), 0.003).moved(
                    (x, -deep - 0.009, leg + (height - leg) / 2)
                ),
                wood,
            )
        )
        knob = turned.sphere(0.014, 24).moved((x + 0.4 * wide * (-1) ** i, -deep - 0.03, height - 0.12))
        parts.append(Part(knob, look("brass", projection="box")))
    for a in (-1, 1):
        for b in (0.06, deep - 0.06):
            parts.append(
                Part(
                    turned.cylinder(0.018, leg, segments=24).moved((a * (width / 2 - 0.08), -b, leg / 2)),
                    wood,
                )
            )
    put(parts, "sideboard", at)
    x = at[0] + rng.uniform(-0.4, -0.1) * width
    shelf_load(x, x + 0.35 * width, at[1] - 0.2, at[2] + height, 0.24, seed)


def pot_plant(at: Vec3, height: float, seed: int, leaf: str = "#3f6b2c", pot: str = "#b5653f") -> None:
    """A plant of any size in its pot."""
    rng = np.random.default_rng([seed, 55])
    k = height / 0.34
    profile = [
        (0.0, 0.0),
        (0.05, 0.0),
        (0.066, 0.092),
        (0.071, 0.093),
        (0.072, 0.114),
        (0.064, 0.115),
        (0.0, 0.10),
    ]
    vessel = turned.lathe([(r * k, z * k) for r, z in profile], 40)
    leaves = bunch(40, 0.24 * k, 0.17 * k, rng).moved((0, 0, 0.10 * k))
    glaze = look("ceramic", pot, seed, roughness=0.5)
    put([Part(vessel, glaze), Part(leaves, leaf_material(leaf, spread=0.1))], "plant", at, rng.uniform(0, 6))


def radiator(at: Vec3, width: float, height: float) -> None:
    """White ribs under a window; `at` is the middle of its foot at the wall."""
    paint = look("plastic", "#dcd9d1", roughness=0.35)
    count = round(width / 0.06)
    rib = box((0.045, 0.07, height), 0.018, steps=2)
    middles = (np.arange(count) + 0.5) * width / count - width / 2
    parts = [Part(rib.moved((x, -0.07, 0.12 + height / 2)), paint) for x in middles]
    put(parts, "radiator", at)


def sofa(at: Vec3, width: float, color: str, seed: int, yaw: float = 0.0) -> None:
    """Two or three seats with soft cushions; `at` is the middle of its foot."""
    rng = np.random.default_rng([seed, 56])
    cloth = material_of(Material(kind="weave", color=color, seed=seed), "uv", True)
    wood = look("walnut", seed=seed)
    arm, deep, seat = 0.17, 0.88, 0.42
    inside = width - 2 * arm
    parts = [
        Part(box((width, deep, 0.22), 0.05).moved((0, 0, 0.22)), cloth),
        Part(box((width - 0.04, 0.20, 0.50), 0.08).moved((0, deep / 2 - 0.10, 0.55)), cloth),
    ]
    for side in (-1, 1):
        parts.append(
            Part(box((arm, deep - 0.02, 0.46), 0.075).moved((side * (width - arm) / 2, 0, 0.40)), cloth)
        )
        for y in (-deep / 2 + 0.08, deep / 2 - 0.08):
            parts.append(
                Part(
                    turned.cylinder(0.022, 0.12, segments=20).moved((side * (width / 2 - 0.08), y, 0.06)),
                    wood,
                )
            )
    count = 2 if width < 1.7 else 3
    for i in range(count):
        x = -inside / 2 + (i + 0.5) * inside / count
        parts.append(
            Part(
                box((inside / count - 0.012, 0.66, 0.15), 0.06).moved(
                    (x, -0.08, seat - 0.02), rotation(x=rng.normal(0, 0.012))
                ),
                cloth,
            )
        )
        back = box((inside / count - 0.03, 0.17, 0.40), 0.075)
        parts.append(Part(back.moved((x, 0.22, 0.66), rotation(x=-0.16, z=rng.normal(0, 0.02))), cloth))
    accent = ("#b5783a", "#3e5a68", "#8d3f35", "#c9bfa6")[int(rng.integers(4))]
    pillow = box((0.40, 0.12, 0.38), 0.055).moved(
        (inside * rng.uniform(-0.35, 0.35), 0.06, 0.64), rotation(x=-0.3, y=rng.normal(0, 0.2))
    )
    parts.append(Part(pillow, look("weave", accent, seed)))
    put(parts, "sofa", at, yaw)


def floor_lamp(at: Vec3, height: float) -> None:
    """Unlit by day: a stand and a cloth shade."""
    stand = turned.lathe(
        [(0.0, 0.0), (0.14, 0.0), (0.14, 0.012), (0.012, 0.022), (0.010, height - 0.2), (0.0, height - 0.2)],
        40,
    )
    cover = turned.lathe([(0.20, height - 0.30), (0.15, height)], 48)
    cloth = shade("lampshade-#e6d3ac", lampshade, Material(kind="weave", color="#e6d3ac"))
    put([Part(stand, look("steel", roughness=0.3)), Part(cover, cloth)], "floor lamp", at)


def rug(width: float, depth: float, at: Vec3, yaw: float, colors: tuple[str, str, str], seed: int) -> None:
    """A short-pile rug: a grid whose points stand at random heights; no hair is needed at this distance."""
    rng = np.random.default_rng([seed, 57])
    images = texture_images(fabric.rug, *colors, 512, seed % 5)

    def recipe(nodes: Nodes, material: Material) -> Value:
        place_ = nodes.add("TexCoord").outputs["UV"]
        scale = {"Vector": place_, "Location": (0.5, 0.5, 0.0), "Scale": (1 / width, 1 / depth, 1.0)}
        mapped = nodes.add("Mapping", scale).outputs[0]
        return pile(nodes, nodes.image(images.color, mapped, extension="EXTEND").outputs[0])

    def tufts(x: Array, y: Array) -> Array:
        rim = np.minimum(width / 2 - np.abs(x), depth / 2 - np.abs(y))
        return np.clip(rim / 0.02, 0, 1) * (0.003 + 0.002 * rng.random(x.shape))

    sheet = grid(width, depth, int(width / 0.008), int(depth / 0.008), tufts)
    wool = shade(f"rug-{'-'.join(colors)}-{seed}", recipe, Material(kind="rug", seed=seed))
    place(sheet, "rug", wool, at, yaw)
