"""Meshes from files, in the very coordinates that physics reads: no axes turned, no re-centring."""

from __future__ import annotations

import math

import bpy
import numpy as np

from generator.errors import RenderError
from generator.scene.scene import Mesh

CREASE = math.radians(40)
"""Faces that meet at more than this keep a sharp edge between them."""


def mesh_file(shape: Mesh) -> bpy.types.Mesh:
    """The file's surface in metres, corners merged, doubled and empty faces dropped, creases sharp.

    Raises RenderError if the file cannot be read or holds no face.
    """
    import trimesh  # only scenes with mesh files pay for it

    try:
        solid = trimesh.load(shape.file, force="mesh")
        solid.merge_vertices(merge_tex=True, merge_norm=True)
        solid.update_faces(solid.unique_faces() & solid.nondegenerate_faces())
        if len(solid.faces) == 0:
            raise ValueError("it holds no faces")
        solid.fix_normals()
    except Exception as error:  # trimesh raises whatever its readers raise
        raise RenderError(f"{shape.file}: cannot be read as a mesh ({str(error)[:120]})") from error
    points = np.asarray(solid.vertices, np.float64) * shape.scale
    mesh = bpy.data.meshes.new("mesh")
    mesh.from_pydata(points.tolist(), [], np.asarray(solid.faces).tolist())
    mesh.validate()
    mesh.shade_smooth()
    mesh.set_sharp_from_angle(angle=CREASE)
    return mesh


def body_size(mesh: bpy.types.Mesh) -> tuple[float, float, float]:
    """Extent along X, Y, Z."""
    flat = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", flat)
    span = np.ptp(flat.reshape(-1, 3), axis=0)
    return float(span[0]), float(span[1]), float(span[2])
