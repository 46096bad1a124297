"""Rooms: what is solid in each, how a spec asks for one, and where its dressing goes.

The renderer draws the very supports listed here, so that what a ball rests on is what is seen.
Measures are metres; the top of the first support is the ground, z = 0; the room's window or depth
lies towards +Y, so that a camera at −Y looks into it.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from generator.scene.fields import Angle, Color, Coord, Kelvin, Number, OneOf, Positive, Share, SpecModel
from generator.scene.materials import Look, MaterialSpec
from generator.scene.props import PROPS
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


TOPS: dict[str, tuple[float, float]] = {
    "tabletop": (1.6, 0.85),
    "night": (1.7, 0.8),
    "kitchen": (2.6, 0.66),
    "billiards": (2.54, 1.27),
}
"""Usual size of what is stood on, where it has edges: table top, counter, playing field."""


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


NOUNS: dict[str, str] = {
    "plain": "floor",
    "studio": "studio floor",
    "tabletop": "table",
    "living": "living-room floor",
    "yard": "yard",
    "kitchen": "kitchen counter",
    "night": "table",
    "billiards": "billiard table",
}
"""What `{room}` says in a caption, where the surface's own word does not go before it."""

SURFACES: dict[str, tuple[str, str | None]] = {
    "plain": ("plain", "#9b978f"),
    "studio": ("paper", "#cdb9a2"),
    "tabletop": ("oak", None),
    "living": ("parquet", None),
    "yard": ("concrete", "#a39e95"),
    "kitchen": ("marble", None),
    "night": ("walnut", None),
    "billiards": ("felt", "#1f6b46"),
}
WALLS: dict[str, tuple[str, str | None]] = {
    "plain": ("plaster", "#cfcabd"),
    "studio": ("paper", "#cdb9a2"),
    "tabletop": ("plaster", "#cfc6b6"),
    "living": ("plaster", "#8fa0a0"),
    "yard": ("weathered_wood", None),
    "kitchen": ("ceramic", "#e3e0d6"),
    "night": ("plaster", "#b3a892"),
    "billiards": ("plaster", "#5a5148"),
}


class ClutterSpec(SpecModel):
    """A prop: by name it is put out of the way by itself, with `at` it stands where you say."""

    prop: str
    """One of the props: mug, books, tumbler, plant …"""
    at: Annotated[list[Coord], Field(min_length=2, max_length=3)] | None = None
    yaw_deg: Angle | None = None
    scale: Annotated[Number, Field(gt=0.05, le=20)] = 1.0
    color: Color | None = None
    side: Literal["behind", "left", "right", "any"] = "any"
    """Where to look for a free place, as the camera sees it."""

    @classmethod
    def from_short(cls, value: Any) -> Any:
        return {"prop": value} if isinstance(value, str) else value


class RoomLook(SpecModel):
    """How a room is made."""

    surface: MaterialSpec | None = None
    """What the bodies stand on."""
    wall: MaterialSpec | None = None
    size: (
        Annotated[list[Annotated[Number, Field(ge=0.3, le=6)]], Field(min_length=2, max_length=2)] | None
    ) = None
    """Length and width of the table top, where the room has one."""
    clutter: Annotated[list[ClutterSpec], Field(max_length=40)] = []
    """Props that dress the room and take no part."""
    key_azimuth_deg: Angle = 0.0
    """Turns the key light from the room's own direction."""
    key_ratio: Annotated[Positive, Field(le=100)] = 4.0
    """Key light to fill light."""
    key_temperature: Kelvin = 5600.0
    fill_temperature: Kelvin = 4400.0
    ambient: Annotated[Number, Field(ge=0, le=100)] = 1.0
    """Factor on the room's own ambient light."""
    lit: bool = True
    """False leaves out the room's own lights: `lights` brings them."""


class RoomSpec(OneOf):
    """Where it happens: one room by name, or with its look."""

    plain: RoomLook | None = None
    studio: RoomLook | None = None
    tabletop: RoomLook | None = None
    living: RoomLook | None = None
    yard: RoomLook | None = None
    kitchen: RoomLook | None = None
    night: RoomLook | None = None
    billiards: RoomLook | None = None


__all__ = [
    "NOUNS", "PROPS", "SURFACES", "TABLE_HEIGHT", "TOPS", "WALLS", "ClutterSpec", "Look", "RoomLook", "RoomSpec",
    "Share", "supports",
]  # fmt: skip
