"""Shapes as meshes: outer dimensions are exactly those that physics uses, bevels go inwards.

A `Surface` is a mesh in numpy: positions, faces, UV in metres, a print UV of 0..1 where a shape has a
face to print on, exact normals, and two attributes that materials read: `edge` (1 on bevels, where paint
wears) and `end` (1 where wood is cut across the grain). Surfaces are joined before they become one
Blender object; no modifiers, nothing that depends on the scene.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
OFF_PRINT = -1.0
"""Print UV of faces that carry no print."""


@dataclass(frozen=True)
class Surface:
    """points (V, 3) m; normals (V, 3); edge (V,); faces: corner indices (C,) with `sizes` (F,);
    uv (C, 2) m; print_uv (C, 2); end (F,); material (F,) slot numbers."""

    points: Array
    normals: Array
    edge: Array
    corners: NDArray[np.int32]
    sizes: NDArray[np.int32]
    uv: Array
    print_uv: Array
    end: Array
    material: NDArray[np.int32]

    def moved(self, position: Any = (0.0, 0.0, 0.0), rotation: Array | None = None) -> Surface:
        """Turned by the (3, 3) rotation, then shifted."""
        turn = np.eye(3) if rotation is None else np.asarray(rotation, float)
        return self._with(points=self.points @ turn.T + np.asarray(position), normals=self.normals @ turn.T)

    def of_material(self, slot: int) -> Surface:
        return self._with(material=np.full_like(self.material, slot))

    def shifted_uv(self, offset: Any) -> Surface:
        return self._with(uv=self.uv + np.asarray(offset, float))

    def _with(self, **changes: Any) -> Surface:
        return Surface(**{**self.__dict__, **changes})


def surface(
    points: Any,
    faces: Any,
    normals: Any,
    uv: Any,
    *,
    edge: Any = None,
    print_uv: Any = None,
    end: Any = None,
) -> Surface:
    """A `Surface` from (V, 3) points and faces all of one size, (F, 3) or (F, 4)."""
    points, faces = np.asarray(points, float), np.asarray(faces, np.int32)
    count, corners = faces.shape
    return Surface(
        points=points,
        normals=np.asarray(normals, float),
        edge=np.zeros(len(points)) if edge is None else np.asarray(edge, float),
        corners=faces.ravel(),
        sizes=np.full(count, corners, np.int32),
        uv=np.asarray(uv, float).reshape(-1, 2),
        print_uv=np.full((count * corners, 2), OFF_PRINT)
        if print_uv is None
        else np.asarray(print_uv, float),
        end=np.zeros(count) if end is None else np.asarray(end, float),
        material=np.zeros(count, np.int32),
    )


def joined(*surfaces: Surface) -> Surface:
    """All as one, material slots kept."""
    start = np.cumsum([0] + [len(s.points) for s in surfaces[:-1]])
    merged = {
        name: np.concatenate([getattr(s, name) for s in surfaces])
        for name in ("points", "normals", "edge", "sizes", "uv", "print_uv", "end", "material")
    }
    corners = np.concatenate([s.corners + k for s, k in zip(surfaces, start, strict=True)]).astype(np.int32)
    return Surface(corners=corners, **merged)


def rotation(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Array:
    """(3, 3) turning about x, then y, then z; radians."""
    cx, sx, cy, sy, cz, sz = (f(a) for a in (x, y, z) for f in (math.cos, math.sin))
    rx = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    ry = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    rz = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return rz @ ry @ rx


def quaternion_rotation(x: float, y: float, z: float, w: float) -> Array:
    """(3, 3) of a unit quaternion."""
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def mesh_of(shape: Surface, name: str, own_normals: bool = True) -> bpy.types.Mesh:
    """A Blender mesh, smooth with its own normals (or with those that follow from its faces)."""
    mesh = bpy.data.meshes.new(name)
    starts = np.concatenate([[0], np.cumsum(shape.sizes)[:-1]]).astype(np.int32)
    mesh.vertices.add(len(shape.points))
    mesh.vertices.foreach_set("co", shape.points.astype(np.float32).ravel())
    mesh.loops.add(len(shape.corners))
    mesh.loops.foreach_set("vertex_index", shape.corners)
    mesh.polygons.add(len(shape.sizes))
    mesh.polygons.foreach_set("loop_start", starts)
    mesh.polygons.foreach_set("material_index", shape.material)
    mesh.update(calc_edges=True)
    for layer, values in (("UVMap", shape.uv), ("print", shape.print_uv)):
        mesh.uv_layers.new(name=layer).data.foreach_set("uv", values.astype(np.float32).ravel())
    for attribute, domain, values in (("edge", "POINT", shape.edge), ("end", "FACE", shape.end)):
        made = mesh.attributes.new(attribute, "FLOAT", domain)
        made.data.foreach_set("value", values.astype(np.float32))
    mesh.shade_smooth()
    if own_normals:
        mesh.normals_split_custom_set_from_vertices(shape.normals.astype(np.float32))
    return mesh


def add_object(
    shape: Surface | bpy.types.Mesh,
    name: str,
    *materials: bpy.types.Material,
    position: Any = (0.0, 0.0, 0.0),
    turn: Any = (0.0, 0.0, 0.0),
    scale: Any = 1.0,
) -> bpy.types.Object:
    """An object in the scene. A mesh given instead of a surface is shared, not copied."""
    mesh = shape if isinstance(shape, bpy.types.Mesh) else mesh_of(shape, name)
    if not mesh.materials:
        for material in materials:
            mesh.materials.append(material)
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    made.location = tuple(float(v) for v in position)
    made.rotation_euler = tuple(float(v) for v in turn)
    made.scale = (scale,) * 3 if isinstance(scale, int | float) else scale
    return made


# --- flat-sided shapes -----------------------------------------------------------------------------


def default_bevel(size: Any) -> float:
    """What an unasked edge gets: real things have no razor edges. 4 % of the smallest side, at most 2 mm."""
    return min(0.002, 0.04 * min(size))


def box(size: Any, bevel: float = 0.0, grain: int | None = None, steps: int = 3) -> Surface:
    """A rounded box about the origin; `size` is the full outer size.

    grain: the axis that u of the UV follows, by default the longest; `end` is 1 on the faces across it.
    The two largest faces carry the print UV, v along their longer side.
    """
    size = np.asarray(size, float)
    bevel = min(bevel or default_bevel(size), 0.45 * float(min(size)))
    grain = int(np.argmax(size)) if grain is None else grain
    half = size / 2
    arc = bevel * np.tan(np.linspace(0, math.pi / 4, steps + 1))  # equal angles on the rounding
    thin = int(np.argmin(size))
    pieces = [_box_side(half, bevel, arc, axis, side, grain, thin) for axis in range(3) for side in (-1, 1)]
    return joined(*pieces)


def _box_side(half: Array, bevel: float, arc: Array, axis: int, side: int, grain: int, thin: int) -> Surface:
    """One of the six: a flat middle and half of each rounding."""
    a, b = (axis + 1) % 3, (axis + 2) % 3
    inner = half - bevel
    lines_a = np.concatenate([-inner[a] - arc[::-1], inner[a] + arc])
    lines_b = np.concatenate([-inner[b] - arc[::-1], inner[b] + arc])
    grid_a, grid_b = (g.ravel() for g in np.meshgrid(lines_a, lines_b, indexing="ij"))
    cube = np.zeros((len(grid_a), 3))
    cube[:, axis], cube[:, a], cube[:, b] = side * half[axis], grid_a, grid_b
    core = np.clip(cube, -inner, inner)
    normals = cube - core
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    points = core + bevel * normals
    points[np.abs(normals[:, axis]) > 1 - 1e-12, axis] = side * half[axis]
    faces = grid_faces(len(lines_a), len(lines_b), flip=side < 0)
    u, v = (a, b) if b != grain else (b, a)
    at = points[faces.ravel()]
    uv = np.stack([at[:, u] + 0.37 * axis, at[:, v] + 0.21 * side], 1)
    print_uv = None
    if axis == thin:
        across, along = (a, b) if half[a] <= half[b] else (b, a)
        print_uv = np.stack([at[:, across] / (2 * half[across]), at[:, along] / (2 * half[along])], 1) + 0.5
    return surface(
        points,
        faces,
        normals,
        uv,
        edge=np.clip((1 - np.abs(normals).max(1)) / 0.12, 0, 1),
        print_uv=print_uv,
        end=np.full(len(faces), float(axis == grain)),
    )


def grid_faces(rows: int, columns: int, flip: bool = False) -> NDArray[np.int32]:
    """Quads over points laid out as (rows, columns)."""
    corner = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    quads = np.stack([corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]], -1).reshape(-1, 4)
    return quads[:, ::-1].copy() if flip else quads


def grid(width: float, depth: float, columns: int = 1, rows: int = 1, height: Any = None) -> Surface:
    """A horizontal sheet about the origin; `height(x, y)` lifts it."""
    x, y = np.meshgrid(
        np.linspace(-width / 2, width / 2, columns + 1),
        np.linspace(-depth / 2, depth / 2, rows + 1),
        indexing="ij",
    )
    z = np.zeros_like(x) if height is None else height(x, y)
    points = np.stack([x, y, z], -1)
    if height is None:
        normals = np.tile([0.0, 0.0, 1.0], (points.size // 3, 1))
    else:
        across, along = np.gradient(points, axis=0), np.gradient(points, axis=1)
        normals = np.cross(across, along).reshape(-1, 3)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    flat = points.reshape(-1, 3)
    faces = grid_faces(columns + 1, rows + 1)
    return surface(flat, faces, normals, flat[faces.ravel()][:, :2])


def extruded(profile: Any, length: float) -> Surface:
    """A profile of (y, z) points drawn along x; its left side is outside."""
    strips = []
    path = np.asarray(profile, float)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    for part, normals in smooth_runs(path):
        x = np.array([-length / 2, length / 2])
        points = np.stack([np.repeat(x, len(part)), np.tile(path[part, 0], 2), np.tile(path[part, 1], 2)], 1)
        full = np.concatenate([np.zeros((len(part), 1)), normals], 1)
        faces = grid_faces(2, len(part))
        uv = np.stack([points[:, 0], np.tile(run[part], 2)], 1)[faces.ravel()]
        strips.append(surface(points, faces, np.tile(full, (2, 1)), uv))
    return joined(*strips)


def smooth_runs(path: Array, sharp: float = math.radians(35)) -> list[tuple[NDArray[np.int64], Array]]:
    """Split a polyline at its sharp turns: (indices, normals to the left of the path) of each part.

    Normals lean towards the longer of two neighbours, so that long walls stay flat: without this the
    normals bend over the whole wall and glass renders black.
    """
    step = np.diff(path, axis=0)
    length = np.linalg.norm(step, axis=1)
    keep = length > 1e-9
    left = np.zeros_like(step)
    left[keep] = np.stack([-step[keep, 1], step[keep, 0]], 1) / length[keep, None]
    parts, start = [], 0
    for i in range(1, len(path)):
        last = i == len(path) - 1
        turn = 0.0 if last else math.acos(float(np.clip(left[i - 1] @ left[i], -1, 1)))
        if last or turn > sharp:
            index = np.arange(start, i + 1)
            weight = length[start:i] ** 2
            total = np.zeros((len(index), 2))
            total[:-1] += left[start:i] * weight[:, None]
            total[1:] += left[start:i] * weight[:, None]
            size = np.linalg.norm(total, axis=1, keepdims=True)
            if (size > 0).all():
                parts.append((index, total / size))
            start = i
    return parts


def tube(path: Any, radius: float, segments: int = 16) -> Surface:
    """A round bar along a path of (N, 3) points; its ends are open, so let them end inside something."""
    points = np.asarray(path, float)
    step = np.gradient(points, axis=0)
    along = step / np.linalg.norm(step, axis=1, keepdims=True)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    side = np.cross(along[0], (0.0, 0.0, 1.0) if abs(along[0, 2]) < 0.9 else (1.0, 0.0, 0.0))
    rings, outward = [], []
    angle = np.linspace(0, 2 * math.pi, segments + 1)
    for here, direction in zip(points, along, strict=True):
        side = side - direction * (side @ direction)  # carried along without twisting
        side /= np.linalg.norm(side)
        up = np.cross(direction, side)
        normal = np.outer(np.cos(angle), side) + np.outer(np.sin(angle), up)
        rings.append(here + radius * normal)
        outward.append(normal)
    faces = grid_faces(len(points), segments + 1, flip=True)
    uv = np.stack([np.repeat(run, segments + 1), np.tile(angle * radius, len(points))], 1)
    return surface(np.concatenate(rings), faces, np.concatenate(outward), uv[faces.ravel()])


def curve(points: Any, steps: int = 8) -> Array:
    """A smooth path through the points (Catmull-Rom), (N, D)."""
    knots = np.asarray(points, float)
    knots = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(knots[:-3], knots[1:-2], knots[2:-1], knots[3:], strict=True):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.concatenate([*pieces, knots[-2:-1]])
