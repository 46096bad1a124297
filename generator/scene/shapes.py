"""Shapes as a spec writes them. The origin lies in the geometric middle; axes of symmetry along Z."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from generator.scene.fields import Angles, Length, Number, OneOf, Point, Share, SpecModel, Whole
from generator.scene.materials import MaterialSpec

Bevel = Annotated[Number, Field(ge=0, le=1)]
"""Radius of rounded edges, m. The picture only: physics keeps the sharp shape."""


class BoxSpec(SpecModel):
    size: Annotated[list[Length], Field(min_length=3, max_length=3)]
    """Full edge lengths along X, Y, Z, m."""
    bevel: Bevel | None = None
    """Left out: 4 % of the shortest edge."""


class SphereSpec(SpecModel):
    radius: Length


class CylinderSpec(SpecModel):
    radius: Length
    height: Length
    bevel: Bevel | None = None


class CapsuleSpec(SpecModel):
    radius: Length
    height: Length
    """Caps included; at least twice the radius."""


class ConeSpec(SpecModel):
    radius: Length
    height: Length


class MeshSpec(SpecModel):
    file: Annotated[str, Field(min_length=1, max_length=500)]
    """An .obj, .stl, .ply or .off file beside the spec, or `assets:…`."""
    scale: Annotated[Number, Field(ge=1e-6, le=1e4)] = 1.0
    collision: Literal["parts", "hull"] = "parts"


class Primitive(OneOf):
    """A box, sphere, cylinder, capsule or cone."""

    short: ClassVar[dict[str, Any] | None] = None
    box: BoxSpec | None = None
    sphere: SphereSpec | None = None
    cylinder: CylinderSpec | None = None
    capsule: CapsuleSpec | None = None
    cone: ConeSpec | None = None


class PartSpec(SpecModel):
    """One part of a compound, in the compound's frame."""

    shape: Primitive
    at: Point = [0.0, 0.0, 0.0]
    rotate_deg: Angles | None = None
    material: MaterialSpec | None = None


class CompoundSpec(SpecModel):
    parts: Annotated[list[PartSpec], Field(min_length=1, max_length=64)]


class StrandSpec(SpecModel):
    """A string; a mechanism says where it goes."""

    radius: Length
    points: Annotated[Whole, Field(ge=2, le=200)] = 25
    """How finely it is drawn."""


class RibbonSpec(SpecModel):
    """A trace on a surface, such as paint; a mechanism lays it down."""

    width: Length
    points: Annotated[Whole, Field(ge=2, le=2000)] = 200
    """How finely it is drawn."""


class CushionSpec(SpecModel):
    """A soft block that stays where it is; the mechanism `soft` makes its top give way."""

    size: Annotated[list[Length], Field(min_length=3, max_length=3)]
    """Of the block at rest, along X, Y, Z, m."""
    crown: Share = 0.3
    """How round it is: 0 a slab of foam, 1 a plump pillow."""
    cells: Annotated[Whole, Field(ge=8, le=128)] = 48
    """Columns each way."""


class ShapeSpec(Primitive):
    """What a body is: one primitive, a mesh file, several parts in one, or what changes its form."""

    mesh: MeshSpec | None = None
    compound: CompoundSpec | None = None
    strand: StrandSpec | None = None
    ribbon: RibbonSpec | None = None
    cushion: CushionSpec | None = None
