"""Shapes as a spec writes them. The origin lies in the geometric middle; axes of symmetry along Z."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from generator.scene.fields import Angles, Length, Number, OneOf, Point, SpecModel
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


class ShapeSpec(Primitive):
    """What a body is: one primitive, a mesh file, or several parts in one."""

    mesh: MeshSpec | None = None
    compound: CompoundSpec | None = None
