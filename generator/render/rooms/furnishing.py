"""What rooms are built and hung with: walls with windows, curtains, pictures, tiles, fences.

All of it is out of the action's reach and usually out of focus, so shapes are plain; what counts is that
there is depth, and that no two rooms have quite the same. Pieces face -Y unless they say otherwise.
"""

from __future__ import annotations

import math

import bpy
import numpy as np

from generator.render import geometry, turned
from generator.render.color import linear
from generator.render.geometry import Array, Surface, box, extruded, grid, quaternion_rotation, rotation
from generator.render.materials import material_of, shade
from generator.render.nodes import Nodes, Value
from generator.render.props import Part, assemble, look
from generator.render.props.things import print_of_art
from generator.render.textures import fabric
from generator.scene.scene import Material, Room, Support, Vec3


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
        Part(upright(right - left, top - foot).moved(((left + right) / 2, 0, (foot + top) / 2)), paint)
        for left, right, foot, top in ((x0, a, z0, z1), (b, x1, z0, z1), (a, b, z0, low), (a, b, high, z1))
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
    art = shade(f"art-{number}", print_of_art, Material(kind="paper", seed=number))
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
    glows = [
        look("glow", color, strength=s)
        for color, s in (("#ffb066", 0.5), ("#ffd9a8", 0.3), ("#ff5a3a", 0.4), ("#bfd8ff", 0.3))
    ]
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
