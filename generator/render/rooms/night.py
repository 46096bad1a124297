"""A table in the evening: one warm lamp, a dark window with lights far away.

The bulb is 3650 K: a real 2700 K bulb under neutral white balance turns everything saturated orange.
"""

from __future__ import annotations

import math

import numpy as np

from generator.render.lights import add_area, set_world
from generator.render.materials import material_of
from generator.render.props import draw_prop
from generator.render.rooms import furnishing
from generator.render.rooms.plan import Plan
from generator.scene.scene import Prop, Room


def build(room: Room) -> None:
    rng = np.random.default_rng([room.seed, 66])
    top = room.supports[0]
    furnishing.draw_support(top, room.surface)
    wall = furnishing.support(room, "wall.0")
    y = wall.position[1] - wall.size[1] / 2 if wall else 0.92
    paint, frame = material_of(room.wall), furnishing.look("plastic", "#cfcac0", roughness=0.35)
    side = 1.0 if rng.random() < 0.7 else -1.0
    lamp = next((prop for prop in room.props if prop.kind == "lamp"), None)
    if lamp is not None and abs(lamp.position[0]) > 0.3:  # the window is on the other side
        side = -math.copysign(1.0, lamp.position[0])
    middle = side * rng.uniform(0.5, 0.7)
    hole = (middle - 0.4, middle + 0.4, 0.10, 1.30)
    furnishing.window_wall((0, y, 0), (-2.4, 2.4, -0.8, 2.2), hole, (2, 2), paint, frame)
    furnishing.picture((-side * rng.uniform(0.35, 0.6), y, 0.62), 0.36, 0.46, room.seed)
    cloth = ("#5b4a3c", "#39444c", "#6b3a32")[int(rng.integers(3))]
    furnishing.curtain(0.4, 2.4, (middle + side * 0.55, y - 0.09, 0.8), cloth, room.seed)
    furnishing.distant_lights(9.0, (-6, 6) if side < 0 else (-2, 9.5), (-0.6, 3.2), room.seed)
    if room.lit and lamp is None:  # a scene drawn before lamps were props
        at = (-side * 0.58, top.position[1] + top.size[1] / 2 - 0.14, 0.0)
        draw_prop(Prop(kind="lamp", position=at, scale=1.0, seed=room.seed))
    plan = Plan(room)
    if room.lit:
        add_area((middle, y + 0.08, 0.75), (0.2 * side, 0, 0), (0.75, 1.1), 0.45, color="#b4ceff")
    plan.fill((-1.2, -1.2, 1.6), (0, 0, 0), (1.5, 1.5), 0.8)
    set_world(None, 0.012 * room.ambient, color="#6d7fa8", view="night", view_strength=0.02)
