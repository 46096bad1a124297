"""A paved yard in the sun: slabs, a lawn, a weathered fence, hedges and the sky."""

from __future__ import annotations

import math

import numpy as np

from generator.render import geometry
from generator.render.foliage import bush, lawn
from generator.render.geometry import box
from generator.render.lights import add_light, set_world
from generator.render.materials import material_of
from generator.render.rooms import furnishing
from generator.scene.scene import Material, Room, Sky

PAVED_TO = 1.5
"""y where the slabs end and the lawn begins, m."""


def build(room: Room) -> None:
    rng = np.random.default_rng([room.seed, 64])
    _pave(room, rng)
    fence = furnishing.support(room, "wall.0")
    y = fence.position[1] - fence.size[1] / 2 if fence else 4.42
    height = fence.size[2] if fence else 0.98
    soil = material_of(Material(kind="asphalt", color="#5d4c34"), "uv", True)
    furnishing.floor_sheet(30.0, -0.035, soil)
    lawn((-3.8, 3.8), (PAVED_TO + 0.06, y - 0.1), 0.055, rng, 0.16)
    furnishing.fence((-4.5, 4.5), y, height, room.wall, room.seed)
    x = -5.4
    for color in ("#7d9a4c", "#8fa957", "#6f8f45", "#8aa653", "#779649"):
        wide, tall = rng.uniform(1.9, 2.6), rng.uniform(1.4, 2.0)
        bush((x, x + wide), y + 1.9 + rng.uniform(0, 0.5), tall, color, rng)
        x += wide - 0.1
    if room.lit:
        turn = math.radians(235) - room.key_azimuth
        add_light(Sky(elevation=math.radians(rng.uniform(30, 46)), rotation=turn, strength=0.10, aerosol=1.2))
    else:
        set_world("courtyard", 0.3 * room.ambient)


def _pave(room: Room, rng: np.random.Generator) -> None:
    """Slabs of one metre whose tops lie at z = 0, joints two to eight millimetres wide.

    Slabs are as high as one another: physics stands things on a plane.
    """
    stone = material_of(room.surface, "uv", True)
    for column in range(-4, 5):
        for row in range(-4, 2):
            slab = box((0.995, 0.995, 0.06), 0.005).shifted_uv(rng.uniform(0, 2, 2))
            at = (column + 0.3, row - 0.5 + PAVED_TO - 1.0, -0.03)
            geometry.add_object(slab, "slab", stone, position=at)
