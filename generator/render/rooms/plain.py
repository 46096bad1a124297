"""A wide floor under open, soft daylight: for tests and plain experiments."""

from __future__ import annotations

import math

from generator.render.lights import set_world
from generator.render.materials import material_of
from generator.render.rooms.furnishing import floor_sheet
from generator.render.rooms.plan import Plan
from generator.scene.scene import Room


def build(room: Room) -> None:
    floor_sheet(40.0, 0.0, material_of(room.surface, "uv", True))
    plan = Plan(room)
    plan.sun(math.radians(38), math.radians(140), 3.0)
    set_world("courtyard", 0.35 * room.ambient, view="courtyard", view_strength=0.8)
