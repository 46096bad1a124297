"""A kitchen bench: stone counter, glazed tiles, a strip of warm light under the cupboards."""

from __future__ import annotations

from math import atan2, pi, radians

import numpy as np

from generator.render import geometry, turned
from generator.render.geometry import box
from generator.render.lights import set_world
from generator.render.materials import material_of
from generator.render.props import Part, look
from generator.render.rooms import furnishing
from generator.render.rooms.plan import Plan
from generator.scene.scene import Room

FRONTS = ("#4c5d58", "#d8d2c4", "#36424c", "#8a6f55")


def build(room: Room) -> None:
    rng = np.random.default_rng([room.seed, 65])
    top = room.supports[0]
    width, depth = top.size[0], top.size[1]
    furnishing.draw_support(top, room.surface)
    front = look("painted_wood", FRONTS[int(rng.integers(len(FRONTS)))], room.seed, wear=0.05)
    doors = round(width / 0.6)
    for i in range(doors):
        x = -width / 2 + (i + 0.5) * width / doors
        door = box((width / doors - 0.004, depth - 0.06, 0.72), 0.003)
        geometry.add_object(door, "cupboard", front, position=(x, 0.02, -0.40))
    wall = furnishing.support(room, "wall.0")
    y = wall.position[1] - wall.size[1] / 2 if wall else depth / 2
    sizes = ((0.15, 0.075, 0.003), (0.10, 0.10, 0.003), (0.2, 0.065, 0.0025))
    glaze = material_of(room.wall.model_copy(update={"roughness": room.wall.roughness or 0.08}))
    furnishing.tiles((-1.5, 1.5), (0.0, 0.62), y, sizes[int(rng.integers(3))], glaze, room.seed)
    furnishing.place(furnishing.upright(8, 2), "wall", look("plaster", "#d5cfc2"), (0, y + 0.02, 1.2))
    hanging = look("walnut" if rng.random() < 0.5 else "oak", seed=room.seed)
    geometry.add_object(box((2.6, 0.33, 0.5), 0.003), "cabinet", hanging, position=(0.2, y - 0.17, 0.86))
    _rail(y, rng)

    # The window stands in the wall to the left, so that shadows run along the bench.
    side, near = -width / 2 - 0.25, -0.25 + float(rng.uniform(-0.1, 0.1))
    white = look("plastic", "#e6e3db", roughness=0.35)
    furnishing.window_wall(
        (side, near, 0), (-y + near - 0.1, 2.2, -0.9, 2.0), (-0.55, 0.55, 0.12, 1.35), (3, 1),
        look("plaster", "#d5cfc2"), white, pi / 2,
    )  # fmt: skip
    plan = Plan(room)
    plan.key((side - 0.1, near, 0.72), (0.1, 0.05, 0.05), (1.05, 1.2), 30, warmer=-1200)
    plan.sun(radians(float(rng.uniform(19, 23))), atan2(near, side) + float(rng.uniform(-0.05, 0.05)), 11.0)
    plan.accent((0.1, y - 0.16, 0.60), (0.1, y - 0.21, 0), (1.6, 0.03), 1.0, 3300)
    plan.fill((1.5, -1.6, 1.5), (0, 0, 0), (1.5, 1.5), 7)
    set_world(
        "interior",
        0.12 * room.ambient,
        rotation=float(rng.uniform(0, 6.28)),
        view="courtyard",
        view_strength=2.2,
    )


def _rail(y: float, rng: np.random.Generator) -> None:
    """A steel rail with things hanging from it, above anything that happens on the bench."""
    steel, wood = look("polished_metal", roughness=0.12), look("beech", projection="turned")
    level = 0.50
    bar = geometry.tube([(-0.75, 0, 0), (0.75, 0, 0)], 0.006).moved((0, y - 0.045, level))
    parts = [Part(bar, steel)]
    x = -0.68
    while x < 0.66:
        long = rng.uniform(0.17, 0.24)
        head = rng.uniform(0.02, 0.034)
        profile = [
            (0.0, -long),
            (0.5 * head, -long + 0.004),
            (head, -long + head),
            (0.35 * head, -long + 2.2 * head),
            (0.0045, -long + 2.8 * head),
            (0.005, 0.0),
            (0.0, 0.004),
        ]
        tool = turned.lathe(profile, 24)
        flat = tool._with(points=tool.points * (1.0, 0.35, 1.0))
        parts.append(Part(flat.moved((x, y - 0.05, level - 0.01)), wood if rng.random() < 0.5 else steel))
        x += rng.uniform(0.10, 0.26)
    furnishing.put(parts, "rail", (0, 0, 0))
