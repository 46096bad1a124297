"""A table in front of a window: low daylight from behind and aside, a patch of sun, a room out of focus."""

from __future__ import annotations

import math

import numpy as np

from generator.render.lights import set_world
from generator.render.materials import material_of
from generator.render.rooms import furnishing, furniture
from generator.render.rooms.plan import Plan
from generator.scene.scene import Material, Room

CURTAINS = ("#e8e2d4", "#cfc9bb", "#b9a78c", "#8f9a94")
VIEWS = ("forest", "sunrise")
"""What is outside: whichever way it is turned there is depth to see, and no bare wall."""


def build(room: Room) -> None:
    rng = np.random.default_rng([room.seed, 62])
    top = room.supports[0]
    furnishing.draw_support(top, room.surface)
    _legs(top.size[0], top.size[1], top.position[1], room)
    wall = furnishing.support(room, "wall.0")
    y = wall.position[1] - wall.size[1] / 2 if wall else 1.9
    floor = furnishing.support(room, "floor")
    ground = floor.position[2] + floor.size[2] / 2 if floor else -0.74
    furnishing.floor_sheet(12.0, ground, material_of(Material(kind="parquet", seed=room.seed)))

    side = -1.0 if rng.random() < 0.65 else 1.0  # the window stands left of the subject more often
    middle = side * rng.uniform(0.75, 1.05)
    wide, sill, tall = rng.uniform(1.05, 1.3), -0.06, 1.5
    paint, frame = material_of(room.wall), furnishing.look("plastic", "#e9e7e1", roughness=0.35)
    hole = (middle - wide / 2, middle + wide / 2, sill, sill + tall)
    panes = (2, int(rng.integers(2, 4)))
    furnishing.window_wall((0, y, 0), (-3.2, 3.2, ground, 2.4), hole, panes, paint, frame)
    furnishing.skirting(6.4, (0, y, ground), 0, frame)
    furniture.radiator((middle, y, ground), 0.85 * wide, 0.42)
    cloth = CURTAINS[int(rng.integers(len(CURTAINS)))]
    for x in (hole[0] - 0.22, hole[1] + 0.22):
        furnishing.curtain(
            0.46, 2.2 - ground, (x, y - 0.10, (2.2 + ground) / 2), cloth, room.seed + int(x > middle)
        )
    _other_side(-side, middle, wide, y, ground, room.seed, rng)

    light = _Window(middle, y, sill + tall / 2)
    plan = Plan(room)
    plan.key(
        (middle, y + 0.16, light.height), (-0.3 * side, 0, 0), (wide - 0.05, tall - 0.05), 62, warmer=-1400
    )
    plan.sun(math.radians(rng.uniform(19, 26)), light.azimuth + rng.uniform(-0.06, 0.06), 7.0)
    plan.fill((-1.6 * side, -1.6, 1.7), (0, 0, 0), (2.0, 2.0), 17)
    set_world(
        "interior", 0.16 * room.ambient, view=VIEWS[int(rng.random() >= 0.6)],
        view_strength=2.4, view_rotation=float(rng.uniform(0, 6.28)),
    )  # fmt: skip


class _Window:
    """Where the light comes in, seen from the table."""

    def __init__(self, x: float, y: float, height: float) -> None:
        self.height = height
        self.azimuth = math.atan2(y, x)


def _legs(length: float, breadth: float, y: float, room: Room) -> None:
    wood = material_of(room.surface)
    leg = furnishing.box((0.06, 0.06, 0.7), 0.004)
    for a in (-1, 1):
        for b in (-1, 1):
            at = (a * (length / 2 - 0.08), y + b * (breadth / 2 - 0.07), -0.39)
            furnishing.place(leg, "leg", wood, at)


def _other_side(
    side: float, window: float, wide: float, y: float, ground: float, seed: int, rng: np.random.Generator
) -> None:
    """What stands along the wall beside the window: a bookcase or a sideboard, a picture, a plant."""
    x = window + side * (wide / 2 + rng.uniform(1.0, 1.25))
    if rng.random() < 0.5:
        furniture.bookcase((x, y, ground), 0.9, 1.1 if rng.random() < 0.5 else 2.1, "walnut", seed)
    else:
        colors = (None, "#d9d3c4", "#5f7470")
        furniture.sideboard((x, y, ground), 1.3, 0.74, seed, colors[int(rng.integers(3))])
        furnishing.picture((x + rng.uniform(-0.2, 0.2), y, 0.62), 0.5, 0.62, seed)
        furniture.pot_plant((x - side * 0.42, y - 0.2, ground + 0.74), rng.uniform(0.36, 0.5), seed)
    pots = ("#d8d2c6", "#b5653f", "#4a5358")
    furniture.pot_plant(
        (window - side * (wide / 2 + 0.6), y - 0.35, ground), rng.uniform(0.8, 1.15), seed + 1,
        ("#46702f", "#4f7a4a")[int(rng.integers(2))], pots[int(rng.integers(3))],
    )  # fmt: skip
