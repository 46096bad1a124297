"""Bodies that change their form, as Blender objects: built once, their vertices moved from frame to frame."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.render import geometry
from generator.render.materials import material_of
from generator.scene import formed
from generator.scene import scene as spec

Form = spec.Strand | spec.Ribbon | spec.Cushion
Corners = NDArray[np.float32]


def build_formed(body: spec.Body, shape: Form) -> bpy.types.Object:
    """The object of a body that changes its form, at rest."""
    points = formed.vertices(shape, formed.rest(shape))
    quads = formed.faces(shape)
    uv = _uv(shape, points)[quads.ravel()]
    surface = geometry.surface(points, quads, np.zeros_like(points), uv)
    mesh = geometry.mesh_of(surface, body.name, own_normals=False)
    return geometry.add_object(mesh, body.name, material_of(body.material, "uv", large=False))


def reform(obj: bpy.types.Object, shape: Form, points: NDArray[np.float64]) -> None:
    """Give the object another form."""
    mesh = obj.data
    mesh.vertices.foreach_set("co", formed.vertices(shape, points).astype(np.float32).ravel())
    mesh.update()


def triangles(shape: Form, points: NDArray[np.float64]) -> tuple[Corners, Corners]:
    """(M, 3, 3) corners and smooth normals there, as Blender draws them."""
    vertices = formed.vertices(shape, points)
    quads = formed.faces(shape)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], across)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return corners.astype(np.float32), normals[faces].astype(np.float32)


def _uv(shape: Form, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(V, 2) m."""
    if isinstance(shape, spec.Cushion):
        return points[:, :2]
    across = formed.SIDES if isinstance(shape, spec.Strand) else 2
    row, column = np.divmod(np.arange(len(points)), across)
    return np.stack([row * 0.01, column * 0.005], axis=1)
