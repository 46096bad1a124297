"""What is solid in each room.

The renderer draws the very supports listed here, so that what a ball rests on is what is seen.
Measures are metres; the top of the first support is the ground, z = 0; the room's window or depth
lies towards +Y, so that a camera at −Y looks into it.
"""

from __future__ import annotations

import math

from generator.scene.rooms import TOPS
from generator.scene.scene import Support
from generator.scene.space import Vec

TABLE_HEIGHT = 0.74


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


def supports(kind: str, size: tuple[float, float] | None = None) -> tuple[Support, ...]:
    """The solid parts of a room. `size` replaces the size of the table top where there is one."""
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
        )
    floor = _box("floor", (40.0, 40.0, 0.4), (0.0, 0.0, 0.0))
    if kind == "studio":
        return (_box("floor", (12.0, 12.0, 0.4), (0.0, 0.0, 0.0)), _wall("wall.0", 1.7, 5.0, 0.0, 2.6))
    if kind == "living":
        return (floor, _wall("wall.0", 2.3, 6.0, 0.0, 2.8), _side_wall("wall.1", -1.9, 6.0, 2.8),
                _side_wall("wall.2", 2.6, 6.0, 2.8))  # fmt: skip
    if kind == "yard":
        return (floor, _wall("wall.0", 4.42, 9.0, 0.0, 0.98))
    return (floor,)
