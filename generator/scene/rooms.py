"""Rooms as a spec asks for them, and the words for them. What is solid stands in `supports`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from generator.scene.fields import Angle, Color, Coord, Kelvin, Number, OneOf, Positive, SpecModel
from generator.scene.materials import MaterialSpec

TOPS: dict[str, tuple[float, float]] = {
    "tabletop": (1.6, 0.85),
    "night": (1.7, 0.8),
    "kitchen": (2.6, 0.66),
    "billiards": (2.54, 1.27),
}
"""Usual size of what is stood on, where it has edges: table top, counter, playing field."""


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

    short = {"type": "string"}

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
