"""Exact measures of resolved shapes: extents, volumes, thickness.

The origin lies in the geometric middle (cone: at half its height; mesh and compound: their own).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from generator.scene import scene as resolved
from generator.scene import space
from generator.scene.space import IDENTITY, Quaternion, Vec

Shape = (
    resolved.Box
    | resolved.Sphere
    | resolved.Cylinder
    | resolved.Capsule
    | resolved.Cone
    | resolved.Mesh
    | resolved.Compound
    | resolved.Strand
    | resolved.Ribbon
    | resolved.Cushion
)


def reach(shape: Shape, direction: Sequence[float]) -> float:
    """How far the shape extends from its origin along a unit vector (its support function), m."""
    if isinstance(shape, resolved.Strand | resolved.Ribbon):
        return 0.0  # somewhere in the room, where its mechanism leads it
    if isinstance(shape, resolved.Box | resolved.Cushion):
        return 0.5 * sum(abs(d) * s for d, s in zip(direction, shape.size, strict=True))
    if isinstance(shape, resolved.Sphere):
        return shape.radius
    if isinstance(shape, resolved.Mesh):
        from generator.scene.mesh_files import read_mesh

        return read_mesh(shape.file).reach(direction) * shape.scale
    if isinstance(shape, resolved.Compound):
        ends = []
        for part in shape.parts:
            local = space.rotate(space.conjugate(part.orientation), direction)
            ends.append(space.dot(part.position, direction) + reach(part.shape, local))
        return max(ends)
    along = direction[2]
    across = math.sqrt(max(0.0, 1.0 - along * along))
    half = shape.height / 2
    if isinstance(shape, resolved.Cylinder):
        return half * abs(along) + shape.radius * across
    if isinstance(shape, resolved.Capsule):
        return (half - shape.radius) * abs(along) + shape.radius
    return max(half * along, shape.radius * across - half * along)


def extent(shape: Shape, orientation: Quaternion, direction: Sequence[float]) -> float:
    """`reach` of the turned shape along a world direction, m."""
    return reach(shape, space.rotate(space.conjugate(orientation), direction))


def bounds(shape: Shape, orientation: Quaternion = IDENTITY) -> tuple[Vec, Vec]:
    """Lower and upper corner of the turned shape's axis-aligned box about its origin, m."""
    axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    high = [extent(shape, orientation, axis) for axis in axes]
    low = [-extent(shape, orientation, space.scale(axis, -1.0)) for axis in axes]
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def radius(shape: Shape) -> float:
    """Of a sphere about the origin that holds the shape, m. Exact but for a compound (not less)."""
    if isinstance(shape, resolved.Strand | resolved.Ribbon):
        return 0.0
    if isinstance(shape, resolved.Box | resolved.Cushion):
        return 0.5 * math.sqrt(sum(s * s for s in shape.size))
    if isinstance(shape, resolved.Sphere):
        return shape.radius
    if isinstance(shape, resolved.Mesh):
        from generator.scene.mesh_files import read_mesh

        return read_mesh(shape.file).radius * shape.scale
    if isinstance(shape, resolved.Compound):
        return max(space.norm(part.position) + radius(part.shape) for part in shape.parts)
    if isinstance(shape, resolved.Capsule):
        return shape.height / 2
    return math.hypot(shape.radius, shape.height / 2)


def volume(shape: Shape) -> float:
    """m3. Parts of a compound count in full, also where they overlap."""
    if isinstance(shape, resolved.Strand | resolved.Ribbon):
        return 0.0
    if isinstance(shape, resolved.Box | resolved.Cushion):
        return shape.size[0] * shape.size[1] * shape.size[2]
    if isinstance(shape, resolved.Sphere):
        return 4 / 3 * math.pi * shape.radius**3
    if isinstance(shape, resolved.Cylinder):
        return math.pi * shape.radius**2 * shape.height
    if isinstance(shape, resolved.Capsule):
        r = shape.radius
        return math.pi * r**2 * (shape.height - 2 * r) + 4 / 3 * math.pi * r**3
    if isinstance(shape, resolved.Cone):
        return math.pi * shape.radius**2 * shape.height / 3
    if isinstance(shape, resolved.Compound):
        return sum(volume(part.shape) for part in shape.parts)
    from generator.scene.mesh_files import read_mesh

    return read_mesh(shape.file).volume * shape.scale**3


def thinnest(shape: Shape) -> float:
    """The least thickness, m: what a step of physics must not jump over."""
    if isinstance(shape, resolved.Box | resolved.Cushion):
        return min(shape.size)
    if isinstance(shape, resolved.Ribbon):
        return shape.width
    if isinstance(shape, resolved.Compound):
        return min(thinnest(part.shape) for part in shape.parts)
    if isinstance(shape, (resolved.Cylinder, resolved.Cone)):
        return min(2 * shape.radius, shape.height)
    if isinstance(shape, resolved.Mesh):
        low, high = bounds(shape)
        return min(b - a for a, b in zip(low, high, strict=True))
    return 2 * shape.radius


def rolls(shape: Shape) -> bool:
    return isinstance(shape, (resolved.Sphere, resolved.Cylinder, resolved.Capsule, resolved.Cone))


def noun(shape: Shape) -> str:
    """What a person calls the bare shape."""
    if isinstance(shape, resolved.Box):
        low, middle, high = sorted(shape.size)
        if high > 3 * low and middle > 2.5 * low:
            return "board"
        if high > 3 * middle:
            return "bar"
        return "cube" if high < 1.1 * low else "block"
    return {
        "strand": "string",
        "ribbon": "trace",
        "sphere": "ball",
        "cylinder": "cylinder",
        "capsule": "capsule",
        "cone": "cone",
    }.get(shape.kind, "object")
