"""Dressing: what each prop is called and the box it fills. The single source of their sizes.

The scene places props by these extents and makes each a solid box, so that nothing passes through
what is drawn; the renderer draws every prop inside its box, foot in the middle of the bottom.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from generator.scene.space import yaw

if TYPE_CHECKING:
    from generator.scene.scene import Prop, Support


class Extent(NamedTuple):
    """Metres along X, Y and Z at scale 1 and yaw 0; what a person calls it."""

    x: float
    y: float
    z: float
    noun: str


PROPS: dict[str, Extent] = {
    "mug": Extent(0.084, 0.115, 0.085, "mug"),  # the handle points along +Y
    "books": Extent(0.21, 0.16, 0.046, "two books"),
    "book": Extent(0.20, 0.14, 0.026, "book"),
    "tumbler": Extent(0.070, 0.070, 0.108, "glass of water"),
    "plant": Extent(0.26, 0.26, 0.34, "pot plant"),
    "pencil": Extent(0.182, 0.008, 0.008, "pencil"),
    "bottle": Extent(0.072, 0.072, 0.27, "bottle"),
    "bowl": Extent(0.15, 0.15, 0.062, "bowl"),
    "vase": Extent(0.11, 0.11, 0.21, "vase"),
    "cube": Extent(0.045, 0.045, 0.045, "toy block"),
    "blocks": Extent(0.095, 0.05, 0.09, "toy blocks"),
    "carton": Extent(0.36, 0.28, 0.24, "cardboard box"),
    "crate": Extent(0.46, 0.34, 0.28, "wooden crate"),
    "lamp": Extent(0.252, 0.252, 0.452, "lamp"),
    "frame": Extent(0.16, 0.05, 0.21, "picture frame"),
    "candle": Extent(0.075, 0.075, 0.11, "candle"),
    "orange": Extent(0.068, 0.068, 0.066, "orange"),
    "pot": Extent(0.198, 0.198, 0.172, "cooking pot"),
    "bucket": Extent(0.30, 0.30, 0.26, "bucket"),
    "chalk": Extent(0.024, 0.024, 0.024, "cube of chalk"),
    "cue": Extent(1.46, 0.03, 0.03, "billiard cue"),
}
"""The keys are the words that `room.clutter` takes."""


def radius(prop: Prop) -> float:
    """Of the circle round the prop's foot, m."""
    extent = PROPS[prop.kind]
    return 0.5 * math.hypot(extent.x, extent.y) * prop.scale


def solid(prop: Prop, index: int) -> Support:
    """The static box that stands for the prop in physics."""
    from generator.scene.scene import Support

    extent = PROPS[prop.kind]
    size = (extent.x * prop.scale, extent.y * prop.scale, extent.z * prop.scale)
    x, y, z = prop.position
    return Support(
        name=f"prop.{index}",
        size=size,
        position=(x, y, z + size[2] / 2),
        orientation=yaw(prop.yaw),
        friction=0.6,
        restitution=0.3,
    )
