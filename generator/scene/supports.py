"""What is solid in each room.

The renderer draws the very supports listed here, so that what a ball rests on or runs into is what is
seen. Left out is what nothing reaches from the stage (what stands beyond a table's edge, hangs on a wall or
from a rail) and what gives way: a rug's pile, a lawn, curtains.
Measures are metres; the top of the first support is the ground, z = 0; the room's window or depth
lies towards +Y, so that a camera at −Y looks into it.
"""

from __future__ import annotations

import math

from generator.scene.rooms import TOPS
from generator.scene.scene import Support
from generator.scene.space import Vec, turn, yaw
from generator.scene.stream import Stream

TABLE_HEIGHT = 0.74
SWEEP_BEND = 0.7
"""Radius of the bend of a studio's paper between floor and background, m."""
SWEEP_PARTS = 16
"""Flat pieces that stand for the bend: none is farther than 0.9 mm from it."""


def _box(name: str, size: Vec, top: Vec, friction: float = 1.0, restitution: float = 1.0) -> Support:
    """A box whose top face has its middle at `top`."""
    position = (top[0], top[1], top[2] - size[2] / 2)
    return Support(name=name, size=size, position=position, friction=friction, restitution=restitution)


def _wall(name: str, y: float, width: float, low: float, high: float) -> Support:
    """A wall across Y at `y`, its face towards −Y."""
    return Support(
        name=name, size=(width, 0.12, high - low), position=(0.0, y + 0.06, (low + high) / 2), friction=0.6
    )


def _side_wall(name: str, x: float, depth: float, high: float) -> Support:
    """A wall across X whose inner face is at `x`."""
    outwards = math.copysign(0.06, x)
    return Support(name=name, size=(0.12, depth, high), position=(x + outwards, 0.0, high / 2), friction=0.6)


def _table(size: tuple[float, float], thick: float, wall: float) -> tuple[Support, ...]:
    return (
        _box("top", (size[0], size[1], thick), (0.0, 0.1, 0.0)),
        _box("floor", (12.0, 12.0, 0.2), (0.0, 0.0, -TABLE_HEIGHT)),
        _wall("wall.0", wall, 6.0, -TABLE_HEIGHT, 2.0),
    )


def _billiards(size: tuple[float, float]) -> tuple[Support, ...]:
    """Playing field inside the cushions is `size`; cushion tops stand 37 mm above the cloth."""
    length, width = size
    rail, high = 0.14, 0.037

    def cushion(i: int, size: Vec, x: float, y: float) -> Support:
        # Cloth on rubber gives back about 0.8 of a ball's speed; the ball's own factor is near 1.
        return _box(f"cushion.{i}", size, (x, y, high), friction=0.35, restitution=0.8)

    return (
        _box("top", (length + 2 * rail, width + 2 * rail, 0.05), (0.0, 0.0, 0.0), restitution=0.5),
        _box("floor", (12.0, 12.0, 0.2), (0.0, 0.0, -0.8)),
        cushion(0, (length + 2 * rail, rail, high), 0.0, width / 2 + rail / 2),
        cushion(1, (length + 2 * rail, rail, high), 0.0, -width / 2 - rail / 2),
        cushion(2, (rail, width, high), length / 2 + rail / 2, 0.0),
        cushion(3, (rail, width, high), -length / 2 - rail / 2, 0.0),
    )


def _sweep(back: float, width: float) -> tuple[Support, ...]:
    """A studio's paper from the floor up the wall whose face is at `back`: boxes behind a quarter circle."""
    thick, step = 0.05, math.pi / 2 / SWEEP_PARTS
    length = 2 * SWEEP_BEND * math.tan(step / 2)
    parts = []
    for i in range(SWEEP_PARTS):
        angle = (i + 0.5) * step
        outward = SWEEP_BEND + thick / 2
        y, z = back - SWEEP_BEND + outward * math.sin(angle), SWEEP_BEND - outward * math.cos(angle)
        part = Support(
            name=f"sweep.{i}", size=(width, length, thick), position=(0.0, y, z),
            orientation=turn((1.0, 0.0, 0.0), angle),
        )  # fmt: skip
        parts.append(part)
    return tuple(parts)


def _standing(name: str, size: Vec, foot: Vec, angle: float = 0.0) -> Support:
    """A piece of furniture as a box; `foot` is the middle of its underside."""
    x, y, z = foot
    return Support(
        name=name, size=size, position=(x, y, z + size[2] / 2), orientation=yaw(angle), friction=0.6
    )


def _living(back: float, left: float, right: float, seed: int) -> tuple[Support, ...]:
    """What stands along the back wall of a living room; no two rooms have quite the same."""
    rng = Stream(f"living/{seed}")
    x = rng.uniform(-0.75, -0.35)
    sofa = _standing("sofa", (1.65, 0.88, 0.36), (x, back - 0.52, 0.11), rng.uniform(-0.05, 0.05))
    if rng.random() < 0.6:
        case = _standing("bookcase", (0.95, 0.26, 2.1), (x + 1.55, back - 0.13, 0.0))
    else:
        case = _standing("sideboard", (1.25, 0.40, 0.58), (x + 1.55, back - 0.20, 0.14))
    # The widest part of a pot is 0.212 of the plant's height, and it stands 0.338 of it high.
    tall = rng.uniform(0.9, 1.25)
    pot = _standing("plant", (0.38 * tall, 0.38 * tall, 0.338 * tall), (right - 0.45, back - 0.42, 0.0))
    lamp = (_standing("lamp", (0.03, 0.03, 1.55), (left + 0.32, back - 0.35, 0.0)),)
    return (sofa, case, pot, *(lamp if rng.random() < 0.6 else ()))


def supports(kind: str, size: tuple[float, float] | None = None, seed: int = 0) -> tuple[Support, ...]:
    """The solid parts of a room. `size` replaces the size of the table top where there is one; `seed` picks
    what stands where in a living room."""
    if kind in ("tabletop", "night"):
        return _table(size or TOPS[kind], 0.032, 1.9 if kind == "tabletop" else 0.92)
    if kind == "billiards":
        return _billiards(size or TOPS[kind])
    if kind == "kitchen":
        width, depth = size or TOPS[kind]
        return (
            _box("top", (width, depth, 0.03), (0.0, 0.0, 0.0)),
            _box("floor", (8.0, 8.0, 0.2), (0.0, 0.0, -0.9)),
            _wall("wall.0", depth / 2, 4.0, -0.9, 1.6),
            # The wall with the window, to the left; what hangs on the back wall; what the counter stands on.
            Support(
                name="wall.1", size=(0.12, 4.0, 2.9), position=(-width / 2 - 0.31, 0.0, 0.55), friction=0.6
            ),
            _standing("cabinet", (2.6, 0.33, 0.5), (0.2, depth / 2 - 0.17, 0.61)),
            _standing("cupboards", (width, depth - 0.06, 0.72), (0.0, 0.02, -0.76)),
        )
    floor = _box("floor", (40.0, 40.0, 0.4), (0.0, 0.0, 0.0))
    if kind == "studio":
        floor = _box("floor", (12.0, 12.0, 0.4), (0.0, 0.0, 0.0))
        return (floor, _wall("wall.0", 1.7, 5.0, 0.0, 2.6), *_sweep(1.7, 5.0))
    if kind == "living":
        return (floor, _wall("wall.0", 2.3, 6.0, 0.0, 2.8), _side_wall("wall.1", -1.9, 6.0, 2.8),
                _side_wall("wall.2", 2.6, 6.0, 2.8), *_living(2.3, -1.9, 2.6, seed))  # fmt: skip
    if kind == "yard":
        return (floor, _wall("wall.0", 4.42, 9.0, 0.0, 0.98))
    return (floor,)
