"""Props: every kind that the scene library knows, drawn inside the box it reserves.

A prop is a list of `Part`s about the middle of its foot at scale 1, joined into one object. Its colours
come from its seed, unless the spec gives one.
"""

from __future__ import annotations

from collections.abc import Callable

import bpy
import numpy as np

from generator.errors import RenderError
from generator.render.lights import add_point
from generator.render.props import tableware, things
from generator.render.props.part import Part, assemble, look
from generator.scene.scene import Prop

__all__ = ["PROPS_DRAWN", "Part", "assemble", "draw_prop", "look"]

PROPS_DRAWN: dict[str, Callable[[Prop, np.random.Generator], list[Part]]] = {
    "mug": tableware.mug,
    "tumbler": tableware.tumbler,
    "bottle": tableware.bottle,
    "bowl": tableware.bowl,
    "vase": tableware.vase,
    "candle": tableware.candle,
    "orange": tableware.orange,
    "pot": tableware.pot,
    "bucket": tableware.bucket,
    "book": things.book,
    "books": things.books,
    "plant": things.plant,
    "pencil": things.pencil,
    "cube": things.cube,
    "blocks": things.blocks,
    "frame": things.frame,
    "carton": things.carton,
    "crate": things.crate,
    "lamp": things.lamp,
    "chalk": things.chalk,
    "cue": things.cue,
}


def draw_prop(prop: Prop) -> bpy.types.Object:
    """One object at the prop's place. Raises RenderError for a kind that cannot be drawn."""
    draw = PROPS_DRAWN.get(prop.kind)
    if draw is None:
        raise RenderError(f"no such prop: {prop.kind}")
    made = assemble(draw(prop, np.random.default_rng([prop.seed, 5])), prop.kind)
    made.location, made.rotation_euler = prop.position, (0.0, 0.0, prop.yaw)
    made.scale = (prop.scale,) * 3
    if prop.kind == "lamp":
        x, y, z = prop.position
        add_point((x, y, z + 0.35 * prop.scale), 16.0 * prop.scale**2, 0.028 * prop.scale, 3650, shown=True)
    return made
