"""A living-room floor: parquet and a rug, a sofa and a bookcase behind, a tall window to the right."""

from __future__ import annotations

import math

import numpy as np

from generator.render.lights import set_world
from generator.render.materials import material_of
from generator.render.rooms import furnishing, furniture
from generator.render.rooms.plan import Plan
from generator.scene.scene import Material, Room

SOFAS = ("#4e6157", "#6d6a62", "#7a4a3a", "#3f5468", "#a59a86")
RUGS = (
    ("#d8cbb0", "#8c3b2e", "#2f3e4c"),
    ("#cfc9bd", "#5b6b73", "#9a8f7c"),
    ("#c7b391", "#3f5a50", "#7d3b2b"),
)


def build(room: Room) -> None:
    rng = np.random.default_rng([room.seed, 63])
    furnishing.floor_sheet(9.0, 0.0, material_of(room.surface, "uv", True))
    back, left, right = (
        _face(room, "wall.0", 1, 2.3),
        _face(room, "wall.1", 0, -1.9),
        _face(room, "wall.2", 0, 2.6),
    )
    paint = material_of(room.wall)
    side_paint = material_of(Material(kind="plaster", color="#c9c4b4", seed=room.seed))
    white = furnishing.look("plastic", "#e6e3db", roughness=0.35)
    middle = (left + right) / 2
    wall = furnishing.upright(right - left, 2.8)
    furnishing.place(wall, "wall", paint, (middle, back, 1.4))
    furnishing.place(furnishing.upright(6.0, 2.8), "wall", side_paint, (left, back - 3.0, 1.4), math.pi / 2)
    furnishing.skirting(right - left, (middle, back, 0), 0, white)
    furnishing.skirting(6.0, (left, back - 3.0, 0), math.pi / 2, white)
    ceiling = furnishing.grid(right - left, 6.0).moved(rotation=furnishing.rotation(x=math.pi))
    furnishing.place(
        ceiling, "ceiling", furnishing.look("plain", "#e8e6e0", roughness=0.9), (middle, back - 3.0, 2.8)
    )
    at = float(rng.uniform(0.3, 0.7))
    hole = (-0.95, 0.95, 0.55, 2.2)
    furnishing.window_wall(
        (right, at, 0), (at - back, 3.0 + at, 0.0, 2.8), hole, (2, 3), side_paint, white, -math.pi / 2
    )
    _furnish(room, back, rng)

    plan = Plan(room)
    plan.key((right + 0.08, at, 1.37), (0, at, 0.6), (1.65, 1.9), 150, warmer=-1200)
    plan.sun(math.radians(rng.uniform(29, 36)), math.radians(rng.uniform(6, 20)), 14.0)
    plan.fill((0.5, -2.2, 2.3), (0, 0.5, 0.3), (2.5, 1.5), 12)
    set_world("interior", 0.08 * room.ambient, view="courtyard", view_strength=2.0)


def _face(room: Room, name: str, axis: int, otherwise: float) -> float:
    """Where the inner face of a wall is along its axis."""
    wall = furnishing.support(room, name)
    if wall is None:
        return otherwise
    at = wall.position[axis]
    return at - math.copysign(wall.size[axis] / 2, at)


def _furnish(room: Room, back: float, rng: np.random.Generator) -> None:
    """Draw what the room's supports say stands there, in front of the wall at `back`."""
    seed = room.seed
    color = SOFAS[int(rng.integers(len(SOFAS)))]
    x = -0.55
    if sofa := furnishing.support(room, "sofa"):
        x = sofa.position[0]
        turned = 2 * math.atan2(sofa.orientation[2], sofa.orientation[3])
        furniture.sofa((x, sofa.position[1], 0), 1.65, color, seed, turned)
    if case := furnishing.support(room, "bookcase"):
        furniture.bookcase((case.position[0], back, 0), case.size[0], case.size[2], "oak", seed)
    if case := furnishing.support(room, "sideboard"):
        furniture.sideboard((case.position[0], back, 0), case.size[0], 0.72, seed)
        furnishing.picture((case.position[0], back, 1.5), 0.45, 0.6, seed + 3)
    furnishing.picture((x + float(rng.uniform(-0.2, 0.2)), back, 1.62), 0.8, 0.6, seed)
    if pot := furnishing.support(room, "plant"):
        furniture.pot_plant((pot.position[0], pot.position[1], 0), pot.size[2] / 0.338, seed, pot="#cfcac0")
    if lamp := furnishing.support(room, "lamp"):
        furniture.floor_lamp((lamp.position[0], lamp.position[1], 0), lamp.size[2])
    # The rug lies behind the action, and what rolls onto it presses its pile down to the floor.
    furniture.rug(2.2, 1.2, (x + 0.3, back - 1.15, 0.0005), 0.0, RUGS[seed % len(RUGS)], seed)
