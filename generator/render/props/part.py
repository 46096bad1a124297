"""What props are made of: surfaces with their materials, joined into one object."""

from __future__ import annotations

from typing import Any, NamedTuple

import bpy
import numpy as np

from generator.render import geometry
from generator.render.geometry import Surface
from generator.render.materials import material_of
from generator.scene.scene import Material, Prop

GLAZES = ("#e6dfcf", "#5f7f86", "#c98a4b", "#39424a", "#a9b5a0", "#b86f52", "#d7d3c8")
CLOTHS = ("#6f2c28", "#2d4653", "#3c4b39", "#7a5a2a", "#5c2631", "#c2b08a", "#494066", "#8a8478")
PAINTS = ("#a83a2c", "#c9a23c", "#34618a", "#2f6d5a", "#c4572c")


class Part(NamedTuple):
    shape: Surface
    material: bpy.types.Material


def look(kind: str, color: str | None = None, seed: int = 0, **values: Any) -> bpy.types.Material:
    """A material of the library in one call."""
    projection = values.pop("projection", "uv")
    return material_of(Material(kind=kind, color=color, seed=seed, **values), projection)


def assemble(parts: list[Part], name: str) -> bpy.types.Object:
    """The parts as one object with a material slot for each material used."""
    materials: list[bpy.types.Material] = []
    shapes = []
    for part in parts:
        if part.material not in materials:
            materials.append(part.material)
        shapes.append(part.shape.of_material(materials.index(part.material)))
    return geometry.add_object(geometry.joined(*shapes), name, *materials)


def pick(prop: Prop, rng: np.random.Generator, palette: tuple[str, ...]) -> str:
    """The spec's colour, or one of the palette by the prop's seed."""
    chosen = palette[int(rng.integers(len(palette)))]
    return prop.color or chosen
