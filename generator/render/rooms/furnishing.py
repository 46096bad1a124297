"""Pieces that rooms are furnished with: windows, curtains, shelves, pictures, sofas, tiles, fences.

All of it is out of the action's reach and usually out of focus, so shapes are plain; what counts is that
there is depth, and that no two rooms have quite the same. Pieces face -Y unless they say otherwise.
"""

from __future__ import annotations

import math

import bpy
import numpy as np

from generator.render import geometry, props, turned
from generator.render.color import linear
from generator.render.foliage import bunch, leaf_material
from generator.render.geometry import Array, Surface, box, extruded, grid, quaternion_rotation, rotation
from generator.render.materials import material_of, shade
from generator.render.materials.fabrics import pile
from generator.render.nodes import Nodes, Value
from generator.render.props import Part, assemble, look
from generator.render.textures import fabric, texture_images
from generator.scene.scene import Material, Room, Support, Vec3

BOOKS = ("#7c3b2e", "#2f4a5a", "#c8b38a", "#3c4b39", "#8b8577", "#a8672f", "#4b3b55", "#d8d2c2", "#21252b")
VASES = ("#8f5f45", "#5f7f86", "#d7d0c2", "#3a4046", "#9aa48c")


def support(room: Room, name: str) -> Support | None:
    """The solid part called `name`, None if the room has none."""
    return next((part for part in room.supports if part.name == name), None)


def draw_support(part: Support, material: Material, bevel: float = 0.004) -> bpy.types.Object:
    """A solid part as a box that is exactly its size."""
    shape = box(part.size, bevel).moved(part.position, quaternion_rotation(*part.orientation))
    return geometry.add_object(shape, part.name, material_of(material, "uv", True))


def floor_sheet(size: float, z: float, material: bpy.types.Material) -> bpy.types.Object:
    return geometry.add_object(grid(size, size), "floor", material, position=(0, 0, z))


def place(
    shape: Surface, name: str, material: bpy.types.Material, at: Vec3, yaw: float = 0.0
) -> bpy.types.Object:
    return geometry.add_object(shape, name, material, position=at, turn=(0, 0, yaw))


def put(parts: list[Part], name: str, at: Vec3, yaw: float = 0.0) -> bpy.types.Object:
    made = assemble(parts, name)
    made.location, made.rotation_euler = at, (0, 0, yaw)
    return made


def upright(width: float, height: float) -> Surface:
    """A sheet that stands in the XZ plane and faces -Y, its middle at the origin."""
    return grid(width, height).moved(rotation=rotation(x=math.pi / 2))


def window_wall(
    at: Vec3,
    wall: tuple[float, float, float, float],
    window: tuple[float, float, float, float],
    panes: tuple[int, int],
    paint: bpy.types.Material,
    frame: bpy.types.Material,
    yaw: float = 0.0,
) -> None:
    """A wall with a window in it. wall: x0, x1, z0, z1 and window: the same of its hole, about `at`."""
    x0, x1, z0, z1 = wall
    a, b, low, high = window
    deep, bar = 0.12, 0.045
    parts = [
        Part(upright(r - l, t - s).moved(((l + r) / 2, 0, (s + t) / 2)), paint)
        for l, r, s, t in ((x0, a, z0, z1), (b, x1, z0, z1), (a, b, z0, low), (a, b, high, z1))
    ]

    def beam(size: Vec3, middle: Vec3, round_: float = 0.005) -> None:
        parts.append(Part(box(size, round_, steps=2).moved(middle), frame))

    for z in (low, high):
        beam((b - a + 0.02, deep, 0.012), ((a + b) / 2, deep / 2, z))
    for x in (a, b):
        beam((0.012, deep, high - low), (x, deep / 2, (low + high) / 2))
    beam((b - a + 0.14, 0.16, 0.03), ((a + b) / 2, -0.02, low - 0.015))
    columns, rows = panes
    for i in range(columns + 1):
        thick = bar if i in (0, columns) else 0.7 * bar
        beam((thick, 0.04, high - low), (a + (b - a) * i / columns, 0.6 * deep, (low + high) / 2))
    for i in range(rows + 1):
        thick = bar if i in (0, rows) else 0.7 * bar
        beam((b - a, 0.04, thick), ((a + b) / 2, 0.6 * deep, low + (high - low) * i / rows))
    put(parts, "window", at, yaw)


def curtain(width: float, height: float, at: Vec3, color: str, seed: int, yaw: float = 0.0) -> None:
    """Hanging cloth in folds that lets some light through; `at` is its middle."""
    rng = np.random.default_rng([seed, 51])
    folds, deep, phase = width / 0.085, 0.032, rng.uniform(0, 6.28)

    def fold(x: Array, y: Array) -> Array:
        wave = 2 * math.pi * folds * x / width + phase + 0.7 * np.sin(7 * x + phase)
        return deep * np.sin(wave + 0.25 * y) * (0.75 + 0.25 * np.sin(5 * x))

    sheet = grid(width, height, 150, 6, fold).moved(rotation=rotation(x=math.pi / 2))
    cloth = shade(f"curtain-{color}", _curtain, Material(kind="weave", color=color))
    place(sheet, "curtain", cloth, at, yaw)


def _curtain(nodes: Nodes, material: Material) -> Value:
    color = linear(material.color or "#e8e2d4")
    _, (_, thread, _) = nodes.texture(fabric.weave, size=0.05)
    cloth = nodes.mix(0.2, color, nodes.mix(1.0, color, thread, "MULTIPLY"))
    outside = nodes.principled(color=cloth, roughness=0.9, sheen=0.2)
    return nodes.mix_shaders(0.42, outside, nodes.add("BsdfTranslucent", {"Color": cloth}).outputs[0])


def skirting(length: float, at: Vec3, yaw: float, material: bpy.types.Material) -> None:
    """A moulded board along the foot of a wall."""
    high, thick = 0.09, 0.015
    profile = [
        (-0.9 * thick, 0.0), (-thick, 0.004), (-thick, high - 0.026), (-0.55 * thick, high - 0.018),
        (-0.5 * thick, high - 0.006), (-0.35 * thick, high), (0.0, high),
    ]  # fmt: skip
    place(extruded(profile, length), "skirting", material, at, yaw)


def picture(at: Vec3, width: float, height: float, seed: int, yaw: float = 0.0) -> None:
    """A framed print on the wall; `at` is its middle on the wall's face."""
    rng = np.random.default_rng([seed, 52])
    number = int(rng.integers(8))
    art = shade(f"art-{number}", props.print_of_art, Material(kind="paper", seed=number))
    wood = look("plain", ("#2b211a", "#8a6a45", "#dcd8cf", "#1d1d1f")[int(rng.integers(4))], roughness=0.35)
    parts = [
        Part(upright(width, height).moved((0, -0.008, 0)), look("plain", "#efece4")),
        Part(box((0.68 * width, 0.002, 0.68 * height), 0.0004).moved((0, -0.010, 0)), art),
    ]
    for size, middle in (
        ((width + 0.03, 0.025, 0.025), (0, -0.012, height / 2)),
        ((width + 0.03, 0.025, 0.025), (0, -0.012, -height / 2)),
        ((0.025, 0.025, height), (width / 2, -0.012, 0)),
        ((0.025, 0.025, height), (-width / 2, -0.012, 0)),
    ):
        parts.append(Part(box(size, 0.003).moved(middle), wood))
    put(parts, "picture", at, yaw)


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
    parts = [Part(box((thick, deep, height)).moved((s * (width - thick) / 2, -deep / 2, height / 2)), material) for s in (-1, 1)]  # fmt: skip
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
        parts.append(Part(box((wide, 0.018, height - leg - 0.03), 0.003).moved((x, -deep - 0.009, leg + (height - leg) / 2)), wood))  # fmt: skip
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
    parts = [
        Part(box((0.045, 0.07, height), 0.018, steps=2).moved((-width / 2 + (i + 0.5) * width / count, -0.07, 0.12 + height / 2)), paint)
        for i in range(count)
    ]  # fmt: skip
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
        parts.append(Part(box((inside / count - 0.012, 0.66, 0.15), 0.06).moved((x, -0.08, seat - 0.02), rotation(x=rng.normal(0, 0.012))), cloth))  # fmt: skip
        back = box((inside / count - 0.03, 0.17, 0.40), 0.075)
        parts.append(Part(back.moved((x, 0.22, 0.66), rotation(x=-0.16, z=rng.normal(0, 0.02))), cloth))
    accent = ("#b5783a", "#3e5a68", "#8d3f35", "#c9bfa6")[int(rng.integers(4))]
    pillow = box((0.40, 0.12, 0.38), 0.055).moved((inside * rng.uniform(-0.35, 0.35), 0.06, 0.64), rotation(x=-0.3, y=rng.normal(0, 0.2)))  # fmt: skip
    parts.append(Part(pillow, look("weave", accent, seed)))
    put(parts, "sofa", at, yaw)


def floor_lamp(at: Vec3, height: float) -> None:
    """Unlit by day: a stand and a cloth shade."""
    stand = turned.lathe([(0.0, 0.0), (0.14, 0.0), (0.14, 0.012), (0.012, 0.022), (0.010, height - 0.2), (0.0, height - 0.2)], 40)  # fmt: skip
    cover = turned.lathe([(0.20, height - 0.30), (0.15, height)], 48)
    cloth = shade("lampshade-#e6d3ac", props._lampshade, Material(kind="weave", color="#e6d3ac"))
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


def tiles(
    x: tuple[float, float], z: tuple[float, float], y: float, tile: Vec3, glaze: bpy.types.Material, seed: int
) -> None:
    """Glazed tiles on a wall whose face is at `y`. A quarter degree of tilt breaks up the reflection."""
    rng = np.random.default_rng([seed, 58])
    wide, high, gap = tile
    mesh = geometry.mesh_of(box((wide - gap, 0.008, high - gap), 0.0014, steps=2), "tile")
    mesh.materials.append(glaze)
    for row, level in enumerate(np.arange(z[0] + high / 2, z[1], high)):
        for column in np.arange(x[0] - (row % 2) * wide / 2, x[1] + wide, wide):
            at = (column, y + 0.004 + rng.normal(0, 0.0003), level)
            turn = (rng.normal(0, 0.0045), 0.0, rng.normal(0, 0.0045))
            geometry.add_object(mesh, "tile", position=at, turn=turn)
    grout = look("concrete", "#b9b4aa")
    back = upright(x[1] - x[0] + 2 * wide, z[1] - z[0] + high).moved(
        ((x[0] + x[1]) / 2, y + 0.005, (z[0] + z[1]) / 2)
    )
    geometry.add_object(back, "grout", grout)


def fence(x: tuple[float, float], y: float, height: float, board: Material, seed: int) -> None:
    """Weathered boards, none quite alike; their faces are at `y`."""
    rng = np.random.default_rng([seed, 59])
    woods = [material_of(board.model_copy(update={"seed": board.seed + i})) for i in range(4)]
    parts = []
    at = x[0]
    while at < x[1]:
        wide = 0.095 + rng.normal(0, 0.002)
        plank = box((wide, 0.018, height - 0.03 + rng.normal(0, 0.006)), 0.002, grain=2, steps=2)
        shifted = plank.shifted_uv(rng.uniform(0, 1, 2))
        turn = rotation(y=rng.normal(0, 0.005))
        middle = (at, y + 0.009 + rng.normal(0, 0.0015), height / 2 + 0.01)
        parts.append(Part(shifted.moved(middle, turn), woods[int(rng.integers(4))]))
        at += wide + 0.012
    for level in (0.3, height - 0.2):
        rail = box((x[1] - x[0], 0.04, 0.08), 0.003, steps=2)
        parts.append(Part(rail.moved(((x[0] + x[1]) / 2, y + 0.045, level)), woods[0]))
    put(parts, "fence", (0, 0, 0))


def distant_lights(
    y: float, x: tuple[float, float], z: tuple[float, float], seed: int, count: int = 46
) -> None:
    """Street and house lights behind a window at night: depth of field makes discs of them.

    Left out of the lighting, so they cost nothing.
    """
    rng = np.random.default_rng([seed, 60])
    glows = [look("glow", color, strength=s) for color, s in (("#ffb066", 0.5), ("#ffd9a8", 0.3), ("#ff5a3a", 0.4), ("#bfd8ff", 0.3))]  # fmt: skip
    meshes = []
    for glow in glows:
        mesh = geometry.mesh_of(turned.sphere(0.035, 12), "light")
        mesh.materials.append(glow)
        meshes.append(mesh)
    for _ in range(count):
        at = (rng.uniform(*x), y + rng.uniform(-2, 4), rng.uniform(*z))
        light = geometry.add_object(
            meshes[int(rng.integers(4))], "light", position=at, scale=float(rng.uniform(0.6, 1.6))
        )
        light.visible_diffuse = light.visible_shadow = light.visible_glossy = False
