"""A billiard table under its lamp in a dim room: cloth, cushions, wooden rails with sights."""

from __future__ import annotations

import numpy as np

from generator.render import geometry, turned
from generator.render.geometry import box
from generator.render.lights import set_world
from generator.render.materials import material_of
from generator.render.props import Part, look
from generator.render.rooms import furnishing, furniture
from generator.render.rooms.plan import Plan
from generator.scene.scene import Material, Room, Support

NOSE = 0.048
"""How much of a cushion's width is cloth; the rest is the wooden rail, m."""
SHADES = ("#3b6a52", "#8a4036", "#46586a")


def build(room: Room) -> None:
    rng = np.random.default_rng([room.seed, 67])
    top = room.supports[0]
    cloth = material_of(room.surface, "uv", True)
    bed = geometry.grid(top.size[0], top.size[1])
    geometry.add_object(bed, "cloth", cloth, position=(top.position[0], top.position[1], 0.0))
    wood = Material(
        kind=("walnut", "oak")[int(rng.integers(2))], seed=room.seed, color="#5a3a22", roughness=0.3
    )
    rails = [part for part in room.supports if part.name.startswith("cushion")]
    for part in rails:
        _rail(part, cloth, wood)
    apron = box((top.size[0] + 0.02, top.size[1] + 0.02, 0.17), 0.012)
    geometry.add_object(apron, "apron", material_of(wood, "uv", True), position=(*top.position[:2], -0.09))
    for a in (-1, 1):
        for b in (-1, 1):
            leg = box((0.15, 0.15, 0.7), 0.02)
            at = (a * (top.size[0] / 2 - 0.25), b * (top.size[1] / 2 - 0.2), -0.5)
            geometry.add_object(leg, "leg", material_of(wood), position=at)
    plan = Plan(room)
    _room(room, plan, top, rng)
    length = top.size[0] - 0.4
    for x in (-length / 3, 0.0, length / 3):  # three shades over the table: their discs show on every ball
        plan.key((x, 0.0, 0.92), (x, 0.0, 0.0), (0.36, 0.36), 11, warmer=1500, round_shape=True, spread=2.1)
    plan.fill((1.8, -2.4, 1.2), (0, 0, 0), (1.6, 1.2), 4)
    set_world("interior", 0.07 * room.ambient, rotation=float(rng.uniform(0, 6.28)))


def _rail(part: Support, cloth: object, wood: Material) -> None:
    """The cushion's box, exactly: cloth on the side of the field, wood with sights outside."""
    x, y, z = part.position
    long = 0 if part.size[0] > part.size[1] else 1
    wide = 1 - long
    outward = 1.0 if part.position[wide] > 0 else -1.0
    board = part.size[wide] - NOSE

    def strip(width: float, middle: float) -> tuple[list[float], list[float]]:
        size, at = list(part.size), [x, y, z]
        size[wide], at[wide] = width, at[wide] + outward * middle
        return size, at

    size, at = strip(NOSE, -board / 2)
    nose = box(size, 0.006, grain=long)
    geometry.add_object(nose, "cushion", cloth, position=at)
    size, at = strip(board, NOSE / 2)
    rail = box(size, 0.008, grain=long)
    geometry.add_object(rail, "rail", material_of(wood, "uv", True), position=at)
    pearl = look("ceramic", "#e6dfcd", roughness=0.2, projection="turned")
    dots = []
    for k in range(1, 8):
        middle = list(at)
        middle[long] += part.size[long] * (k / 8 - 0.5)
        middle[2] += part.size[2] / 2
        dots.append(Part(turned.cylinder(0.006, 0.0008, 0.0002, 24).moved(middle), pearl))
    furnishing.put(dots, "sights", (0, 0, 0))


def _room(room: Room, plan: Plan, top: Support, rng: np.random.Generator) -> None:
    """Panelled walls, a rack of cues, pictures and wall lamps, all out of focus."""
    ground = -0.8
    floor = Material(kind="parquet", color="#6b4a30", seed=room.seed)
    furnishing.floor_sheet(12.0, ground, material_of(floor))
    back = top.size[1] / 2 + rng.uniform(1.3, 1.7)
    paint = material_of(room.wall)
    panel = look("oak", "#7a5233", room.seed)
    for at, width, yaw in (((0, back, 1.0), 9.0, 0.0), ((-top.size[0] / 2 - 2.2, 0, 1.0), 9.0, np.pi / 2),
                           ((top.size[0] / 2 + 2.2, 0, 1.0), 9.0, -np.pi / 2)):  # fmt: skip
        furnishing.place(furnishing.upright(width, 3.6), "wall", paint, at, yaw)
    count = 14
    boards = [
        Part(
            box((0.60, 0.03, 0.92), 0.006, grain=2).moved((-4.2 + 0.62 * i, back - 0.015, ground + 0.50)),
            panel,
        )
        for i in range(count)
    ]
    boards.append(Part(box((8.8, 0.05, 0.06), 0.01).moved((0, back - 0.025, ground + 0.99)), panel))
    furnishing.put(boards, "wainscot", (0, 0, 0))
    bulb = look("glow", "#ffd9a3", strength=5.0)
    shade_color = SHADES[int(rng.integers(len(SHADES)))]
    brass = look("brass", projection="turned")
    for i, x in enumerate((-1.9, -0.1, 1.7)):
        x += rng.uniform(-0.25, 0.25)
        lamp = turned.lathe([(0.045, 0.0), (0.075, 0.16)], 32)
        stem = turned.lathe([(0.0, -0.12), (0.014, -0.12), (0.012, 0.02), (0.0, 0.02)], 20)
        furnishing.put([Part(lamp, bulb), Part(stem, brass)], "wall lamp", (x, back - 0.1, 0.55))
        plan.accent((x, back - 0.22, 0.85), (x, back, 0.45), (0.14, 0.14), 7.0, 3100, glossy=False)
        furnishing.picture((x + 0.9, back, 0.72), 0.62, 0.46, room.seed + i)
    cabinet = look("painted_wood", shade_color, room.seed, wear=0.05)
    x = rng.uniform(-0.6, 0.6)
    furnishing.put(
        [Part(box((1.2, 0.4, 0.9), 0.006).moved((0, -0.2, 0.45)), cabinet)], "cabinet", (x, back, ground)
    )
    furniture.shelf_load(x - 0.5, x + 0.5, back - 0.2, ground + 0.9, 0.24, room.seed)
