"""Repeats: one body of the spec, many copies in the scene, each with its place.

A layout says where the foot of each copy stands (x, y), how it is turned, and in a stack how many
layers lie below it. Heights come from the bodies' own sizes, so they are worked out in `bodies`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from generator.scene.fields import Angle, Coord, FlatPoint, Length, Number, OneOf, Positive, SpecModel, Whole
from generator.scene.stream import Stream

MAX_COPIES = 500

Count = Annotated[Whole, Field(ge=1, le=MAX_COPIES)]


class LineSpec(SpecModel):
    """A row, straight or bending evenly."""

    count: Count
    spacing: Annotated[Number, Field(gt=0, le=100)] | None = None
    """From middle to middle along the row, m. Left out with `to`."""
    start: Annotated[FlatPoint, Field(alias="from")] = [0.0, 0.0]
    to: FlatPoint | None = None
    """Where the last one stands; gives spacing and direction."""
    direction_deg: Angle = 0.0
    """Where the row leads: 0 is +X, 90 is +Y."""
    turn_deg: Annotated[Number, Field(ge=-360, le=360)] = 0.0
    """By how much the row bends to the left from its first copy to its last."""
    face: bool = True
    """Turns each copy's X along the row."""

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.spacing is None) == (self.to is None):
            raise PydanticCustomError("line", "needs either spacing (with direction_deg) or to")
        if self.to is not None and (self.direction_deg or self.turn_deg):
            raise PydanticCustomError("line", "takes direction_deg and turn_deg with spacing, not with to")
        return self


class ArcSpec(SpecModel):
    """Evenly along a part of a circle."""

    count: Count
    center: FlatPoint = [0.0, 0.0]
    radius: Length
    from_deg: Angle = 0.0
    to_deg: Angle = 360.0
    """Angles seen from the centre; a full circle does not repeat its first place."""
    face: bool = True
    """Turns each copy's X along the arc."""


class GridSpec(SpecModel):
    """Rows and columns."""

    count: Annotated[list[Count], Field(min_length=2, max_length=2)]
    """Along X and along Y."""
    spacing: Annotated[list[Positive], Field(min_length=2, max_length=2)]
    center: FlatPoint = [0.0, 0.0]


class TriangleSpec(SpecModel):
    """Rows of one, two, three … as billiard balls are racked; the apex first."""

    rows: Annotated[Whole, Field(ge=1, le=20)]
    spacing: Positive
    """From middle to middle, m."""
    apex: FlatPoint = [0.0, 0.0]
    direction_deg: Angle = 0.0
    """Where the rows follow the apex."""


class StackSpec(SpecModel):
    """One on top of another, bottom layer first."""

    pattern: Literal["column", "crossing", "wall", "pyramid"] = "column"
    """column: `across` side by side in each layer. crossing: the same, every second layer turned by a
    quarter. wall: bricks in bond. pyramid: each row has one less."""
    layers: Annotated[Whole, Field(ge=1, le=100)]
    across: Annotated[Whole, Field(ge=1, le=50)] = 1
    """How many lie side by side in a layer (the lowest, in a pyramid)."""
    center: FlatPoint = [0.0, 0.0]
    gap: Annotated[Number, Field(ge=0, le=1)] = 0.0004
    """Between neighbours in a layer, m."""
    skip: Annotated[list[Annotated[Whole, Field(ge=0, le=MAX_COPIES)]], Field(max_length=MAX_COPIES)] = []
    """Numbers of copies that are left out, as if already pulled; the others keep their numbers."""


class HeapSpec(SpecModel):
    """Loose small things poured into a space: layers, every second one over the gaps of the one below."""

    count: Count
    size: Annotated[list[Annotated[Number, Field(gt=0, le=100)]], Field(min_length=2, max_length=2)]
    """Of the space they fill from below, along X and Y, m."""
    center: FlatPoint = [0.0, 0.0]
    gap: Annotated[Number, Field(ge=0, le=1)] = 0.0005
    """Between neighbours and between layers, m. Copies of unlike sizes need more."""


class ScatterSpec(SpecModel):
    """Anywhere in a rectangle, apart from one another and from everything else."""

    count: Count
    center: FlatPoint = [0.0, 0.0]
    size: Annotated[list[Annotated[Number, Field(gt=0, le=1000)]], Field(min_length=2, max_length=2)]
    gap: Annotated[Number, Field(ge=0, le=100)] = 0.002
    """Least room between any two, m."""
    turn: bool = True
    """Turns each copy by a random yaw."""


class JitterSpec(SpecModel):
    """By how much each copy is off its place: standard deviations, cut at two of them."""

    position: Annotated[Number, Field(ge=0, le=10)] = 0.0
    yaw_deg: Annotated[Number, Field(ge=0, le=180)] = 0.0


class RepeatSpec(OneOf):
    """How one body becomes many: exactly one layout, and jitter."""

    short: ClassVar[dict[str, Any] | None] = None
    line: LineSpec | None = None
    arc: ArcSpec | None = None
    grid: GridSpec | None = None
    triangle: TriangleSpec | None = None
    stack: StackSpec | None = None
    heap: HeapSpec | None = None
    scatter: ScatterSpec | None = None
    jitter: JitterSpec | None = None

    @classmethod
    def from_short(cls, value: Any) -> Any:
        if isinstance(value, dict):
            layouts = [key for key in value if key != "jitter"]
            if len(layouts) != 1:
                raise PydanticCustomError(
                    "one_of",
                    "needs exactly one of line, arc, grid, triangle, stack, heap, scatter; got {got}",
                    {"got": ", ".join(map(str, layouts)) or "none"},
                )
        return value

    @classmethod
    def narrow(cls, schema: dict[str, Any]) -> None:
        layouts = [key for key in schema["properties"] if key != "jitter"]
        schema["oneOf"] = [{"required": [key]} for key in layouts]

    @property
    def kind(self) -> str:
        return next(name for name in self.model_fields_set if name != "jitter")


@dataclass(frozen=True)
class Slot:
    """Where one copy goes: foot (x, y) m, yaw radians, layer of a stack, its number."""

    index: int
    x: float
    y: float
    yaw: float = 0.0
    layer: int = 0


def count(repeat: RepeatSpec) -> int:
    """How many copies a repeat makes."""
    layout = repeat.value
    if isinstance(layout, GridSpec):
        return layout.count[0] * layout.count[1]
    if isinstance(layout, TriangleSpec):
        return layout.rows * (layout.rows + 1) // 2
    if isinstance(layout, StackSpec):
        return len(_stack_numbers(layout))
    return int(layout.count)


def slots(repeat: RepeatSpec, size: tuple[float, float]) -> list[Slot]:
    """Places of every copy but those of a scatter. `size`: the copy's extent along X and Y, m."""
    layout = repeat.value
    if isinstance(layout, LineSpec):
        return _line(layout)
    if isinstance(layout, ArcSpec):
        return _arc(layout)
    if isinstance(layout, GridSpec):
        (nx, ny), (dx, dy) = layout.count, layout.spacing
        places = [((i - (nx - 1) / 2) * dx, (j - (ny - 1) / 2) * dy) for j in range(ny) for i in range(nx)]
        return [Slot(k, layout.center[0] + x, layout.center[1] + y) for k, (x, y) in enumerate(places)]
    if isinstance(layout, TriangleSpec):
        return _triangle(layout)
    if isinstance(layout, HeapSpec):
        return _heap(layout, size)
    return _stack(layout, size)


def _line(layout: LineSpec) -> list[Slot]:
    heading = math.radians(layout.direction_deg)
    spacing = layout.spacing or 0.0
    x, y = layout.start
    if layout.to is not None:
        dx, dy = layout.to[0] - x, layout.to[1] - y
        heading = math.atan2(dy, dx)
        spacing = math.hypot(dx, dy) / max(1, layout.count - 1)
    bend = math.radians(layout.turn_deg) / max(1, layout.count - 1)
    places = []
    for i in range(layout.count):
        places.append(Slot(i, x, y, heading if layout.face else 0.0))
        x += spacing * math.cos(heading + bend / 2)
        y += spacing * math.sin(heading + bend / 2)
        heading += bend
    return places


def _arc(layout: ArcSpec) -> list[Slot]:
    first, last = math.radians(layout.from_deg), math.radians(layout.to_deg)
    full = abs(abs(last - first) - 2 * math.pi) < 1e-9
    step = (last - first) / max(1, layout.count - (0 if full else 1))
    sense = math.copysign(math.pi / 2, step)
    places = []
    for i in range(layout.count):
        angle = first + i * step
        x = layout.center[0] + layout.radius * math.cos(angle)
        y = layout.center[1] + layout.radius * math.sin(angle)
        places.append(Slot(i, x, y, angle + sense if layout.face else 0.0))
    return places


def _triangle(layout: TriangleSpec) -> list[Slot]:
    heading = math.radians(layout.direction_deg)
    ahead, aside = (math.cos(heading), math.sin(heading)), (-math.sin(heading), math.cos(heading))
    places: list[Slot] = []
    for row in range(layout.rows):
        for k in range(row + 1):
            a, b = row * layout.spacing * math.sqrt(3) / 2, (k - row / 2) * layout.spacing
            x = layout.apex[0] + a * ahead[0] + b * aside[0]
            y = layout.apex[1] + a * ahead[1] + b * aside[1]
            places.append(Slot(len(places), x, y))
    return places


def _stack_rows(layout: StackSpec) -> list[int]:
    if layout.pattern == "pyramid":
        return [layout.across - i for i in range(min(layout.layers, layout.across))]
    if layout.pattern == "wall":
        return [layout.across - i % 2 for i in range(layout.layers) if layout.across - i % 2 > 0]
    return [layout.across] * layout.layers


def _stack_numbers(layout: StackSpec) -> list[int]:
    return [number for number in range(sum(_stack_rows(layout))) if number not in layout.skip]


def _stack(layout: StackSpec, size: tuple[float, float]) -> list[Slot]:
    # Blocks lie along X and side by side along Y in a crossing stack (as in the game), else along X.
    crossing = layout.pattern == "crossing"
    pitch = (size[1] if crossing else size[0]) + layout.gap
    places: list[Slot] = []
    number = 0
    for layer, across in enumerate(_stack_rows(layout)):
        for k in range(across):
            off = (k - (across - 1) / 2) * pitch
            turned = crossing and layer % 2 == 1
            x, y = (0.0, off) if crossing and not turned else (off, 0.0)
            yaw = math.pi / 2 if turned else 0.0
            if number not in layout.skip:
                places.append(Slot(number, layout.center[0] + x, layout.center[1] + y, yaw, layer))
            number += 1
    return places


def _heap(layout: HeapSpec, size: tuple[float, float]) -> list[Slot]:
    pitch = [extent + layout.gap for extent in size]
    wide = [int((room + layout.gap) / step + 1e-9) for room, step in zip(layout.size, pitch, strict=True)]
    if min(wide) < 1:
        raise PydanticCustomError("heap", "size is too small for one of them")
    places: list[Slot] = []
    layer = 0
    while len(places) < layout.count:
        # Where only one fits there is nothing to lay it over
        nx, ny = (max(1, n - layer % 2) for n in wide)
        for j in range(ny):
            for i in range(nx):
                x, y = (i - (nx - 1) / 2) * pitch[0], (j - (ny - 1) / 2) * pitch[1]
                if len(places) < layout.count:
                    places.append(Slot(len(places), layout.center[0] + x, layout.center[1] + y, 0.0, layer))
        layer += 1
    return places


def jittered(slot: Slot, jitter: JitterSpec | None, rng: Stream) -> Slot:
    """The slot pushed off its place a little."""
    if jitter is None:
        return slot

    def off(deviation: float) -> float:
        return deviation * min(max(rng.normal(), -2.0), 2.0)

    dx, dy, turn = off(jitter.position), off(jitter.position), off(math.radians(jitter.yaw_deg))
    return Slot(slot.index, slot.x + dx, slot.y + dy, slot.yaw + turn, slot.layer)


Circle = tuple[float, float, float]
"""x, y and radius, m."""


def throw(
    radius: float,
    center: tuple[float, float],
    size: tuple[float, float],
    taken: list[Circle],
    gap: float,
    rng: Stream,
    fits: Callable[[float, float], bool] = lambda x, y: True,
    tries: int = 2000,
) -> tuple[float, float] | None:
    """A place for a circle in a rectangle clear of `taken`, by throwing darts; None if none is found."""
    spare = (size[0] / 2 - radius, size[1] / 2 - radius)
    if spare[0] < 0 or spare[1] < 0:
        return None
    for _ in range(tries):
        u, v = rng.random(), rng.random()
        x, y = center[0] + (2 * u - 1) * spare[0], center[1] + (2 * v - 1) * spare[1]
        if all((x - cx) ** 2 + (y - cy) ** 2 >= (radius + r + gap) ** 2 for cx, cy, r in taken) and fits(
            x, y
        ):
            return (x, y)
    return None


__all__ = ["MAX_COPIES", "Circle", "Coord", "RepeatSpec", "Slot", "count", "jittered", "slots", "throw"]
