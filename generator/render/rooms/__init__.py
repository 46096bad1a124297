"""Rooms: what stands around the bodies, and the light that falls in."""

from __future__ import annotations

from generator.render import geometry
from generator.render.lights import add_area, set_world
from generator.render.materials import material_of
from generator.render.geometry import quaternion_rotation
from generator.scene import scene as spec


def build_room(room: spec.Room) -> None:
    """Supports, walls, dressing, the room's own lights (when `room.lit`) and its world."""
    for support in room.supports:
        turn = quaternion_rotation(*support.orientation)
        shape = geometry.box(support.size, 0.004).moved(support.position, turn)
        geometry.add_object(shape, support.name, material_of(room.surface))
    set_world("interior", 0.2 * room.ambient, view="forest", view_strength=1.5)
    if room.lit:
        add_area((-0.9, 0.9, 1.1), (0, 0, 0), (1.0, 1.2), 40.0, room.key_temperature)
        add_area(
            (1.4, -1.4, 1.6),
            (0, 0, 0),
            (2.0, 2.0),
            40.0 / room.key_ratio,
            room.fill_temperature,
            glossy=False,
        )
