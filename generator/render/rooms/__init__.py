"""Rooms: what stands around the bodies, and the light that falls in.

Each kind has a module with one function `build(room)`: it draws the room's solid parts where physics has
them, furnishes what lies beyond, and lights it. All of it follows from the resolved `Room` alone.
"""

from __future__ import annotations

from collections.abc import Callable

from generator.errors import RenderError
from generator.render.props import draw_prop
from generator.render.rooms import billiards, kitchen, living, night, plain, studio, tabletop, yard
from generator.scene.scene import Room

ROOMS: dict[str, Callable[[Room], None]] = {
    "plain": plain.build,
    "studio": studio.build,
    "tabletop": tabletop.build,
    "living": living.build,
    "yard": yard.build,
    "kitchen": kitchen.build,
    "night": night.build,
    "billiards": billiards.build,
}


def build_room(room: Room) -> None:
    """Supports, walls, dressing, the room's own lights (when `room.lit`) and its world."""
    if room.kind not in ROOMS:
        raise RenderError(f"no such room: {room.kind}")
    ROOMS[room.kind](room)
    for prop in room.props:
        draw_prop(prop)
