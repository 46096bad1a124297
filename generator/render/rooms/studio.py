"""A paper sweep under softboxes: nothing but the subject, its shadow and a lit background."""

from __future__ import annotations

import math

import numpy as np

from generator.render import geometry
from generator.render.geometry import extruded
from generator.render.lights import set_world
from generator.render.materials import material_of
from generator.render.rooms.furnishing import support
from generator.render.rooms.plan import Plan
from generator.scene.scene import Room
from generator.scene.supports import SWEEP_BEND


def build(room: Room) -> None:
    wall = support(room, "wall.0")
    back = wall.position[1] - wall.size[1] / 2 if wall else 1.7
    bend = [
        (back - SWEEP_BEND + SWEEP_BEND * math.sin(a), SWEEP_BEND - SWEEP_BEND * math.cos(a))
        for a in np.linspace(0, math.pi / 2, 20)
    ]
    sweep = extruded([(-2.4, 0.0), *bend, (back, 2.6)], 5.0)
    geometry.add_object(sweep, "sweep", material_of(room.surface, "uv", True))
    plan = Plan(room)
    plan.key((-0.85, -0.35, 1.0), (0, 0, 0.05), (0.45, 0.45), 22, softbox=True)
    plan.fill((1.3, -0.1, 0.7), (0.05, 0, 0.05), (0.5, 1.0), 2.6)
    plan.accent((0.3, 1.1, 1.25), (0, 0.1, 0.1), (1.0, 0.25), 6, 6500, softbox=True)
    rng = np.random.default_rng([room.seed, 61])
    side = float(rng.uniform(-0.5, 0.5))
    plan.accent((side, back - 0.95, 1.0), (side, back - 0.1, 0.35), (0.8, 0.3), 4, 5600, glossy=False)
    set_world(None, 0.05 * room.ambient)
