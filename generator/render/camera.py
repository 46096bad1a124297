"""The camera: Blender's, posed for a frame, and the same camera as matrices for everything else.

One lens model for both: a pinhole with square pixels whose sensor width spans the picture's width. Depth of
field exists in the picture only; ID maps, depth and flow are taken through the pinhole.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Quaternion, Vector
from numpy.typing import NDArray

from generator.scene.scene import Camera, CameraPose

Floats = NDArray[np.float64]

# Blender looks along -Z with +Y up; matrices here look along +Z with +Y down, as OpenCV does.
_FLIP = np.diag([1.0, -1.0, -1.0])
APERTURE_BLADES = 7
APERTURE_ROTATION = 0.3


def rotation_matrix(quaternion: tuple[float, float, float, float] | Floats) -> Floats:
    """(3, 3) matrix of a quaternion (x, y, z, w), which need not be normalised."""
    x, y, z, w = np.asarray(quaternion, dtype=np.float64) / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@dataclass(frozen=True)
class Pinhole:
    """Where the camera stands at one frame, as numbers.

    intrinsics: (3, 3) in pixels, the centre of the top left pixel at (0.5, 0.5). world_to_camera: (4, 4),
    camera axes x right, y down, z forward. size: width, height.
    """

    intrinsics: Floats
    world_to_camera: Floats
    size: tuple[int, int]

    @property
    def eye(self) -> Floats:
        """(3,) position in the world."""
        rotation = self.world_to_camera[:3, :3]
        return np.asarray(-rotation.T @ self.world_to_camera[:3, 3])

    def directions(self, x: Floats, y: Floats) -> Floats:
        """World directions through the pixel positions x, y (any shape), of length 1 along the view axis.

        A hit at `eye + t * direction` is therefore at depth t.
        """
        k = self.intrinsics
        rays = np.stack([(x - k[0, 2]) / k[0, 0], (y - k[1, 2]) / k[1, 1], np.ones_like(x)], axis=-1)
        return np.asarray(rays @ self.world_to_camera[:3, :3])

    def points(self, depth: NDArray[np.floating]) -> Floats:
        """(H, W, 3) points in the world that lie at `depth` (H, W) through the pixels' centres."""
        y, x = np.mgrid[0 : depth.shape[0], 0 : depth.shape[1]] + 0.5
        return np.asarray(self.eye + self.directions(x, y) * depth[..., None])

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """World points (..., 3) -> pixel positions (..., 2) and depths (...); behind the camera <= 0."""
        local = points @ self.world_to_camera[:3, :3].T + self.world_to_camera[:3, 3]
        depth = local[..., 2]
        safe = np.where(np.abs(depth) < 1e-12, 1e-12, depth)
        pixels = local[..., :2] / safe[..., None] * np.diag(self.intrinsics)[:2] + self.intrinsics[:2, 2]
        return pixels, depth

    def project_directions(self, directions: Floats) -> Floats:
        """Pixel positions (..., 2) of points infinitely far away along world directions (..., 3)."""
        local = directions @ self.world_to_camera[:3, :3].T
        safe = np.where(np.abs(local[..., 2]) < 1e-12, 1e-12, local[..., 2])
        pixels: Floats = (
            local[..., :2] / safe[..., None] * np.diag(self.intrinsics)[:2] + self.intrinsics[:2, 2]
        )
        return pixels

    def key(self) -> bytes:
        """Equal for equal cameras."""
        return self.intrinsics.tobytes() + self.world_to_camera.tobytes()


def pinhole(camera: Camera, frame: int, size: tuple[int, int]) -> Pinhole:
    """The camera at `frame` for a picture of `size` (width, height)."""
    pose = camera.poses[frame]
    width, height = size
    focal = pose.lens / camera.sensor * width
    intrinsics = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1.0]])
    world_to_camera = np.eye(4)
    world_to_camera[:3, :3] = _FLIP @ rotation_matrix(pose.orientation).T
    world_to_camera[:3, 3] = -world_to_camera[:3, :3] @ np.asarray(pose.position)
    return Pinhole(intrinsics, world_to_camera, size)


def add_camera(camera: Camera) -> bpy.types.Object:
    """Put the camera into the current Blender scene, posed for frame 0."""
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = camera.sensor
    data.clip_start, data.clip_end = 0.005, 1000.0
    data.dof.use_dof = camera.fstop is not None
    if camera.fstop is not None:
        data.dof.aperture_fstop = camera.fstop
        data.dof.aperture_blades = APERTURE_BLADES
        data.dof.aperture_rotation = APERTURE_ROTATION
    obj = bpy.data.objects.new("camera", data)
    scene = bpy.context.scene
    scene.collection.objects.link(obj)
    scene.camera = obj
    pose_camera(obj, camera.poses[0])
    return obj


def blend(before: CameraPose, after: CameraPose, share: float) -> CameraPose:
    """The pose a `share` of the way from one to the other (turning by slerp)."""
    if share == 0 or before == after:
        return before
    x0, y0, z0, w0 = before.orientation
    x1, y1, z1, w1 = after.orientation
    turn = Quaternion((w0, x0, y0, z0)).slerp(Quaternion((w1, x1, y1, z1)), share)
    start, end = np.array(before.position), np.array(after.position)
    x, y, z = (start + (end - start) * share).tolist()
    return CameraPose(
        position=(x, y, z),
        orientation=(turn.x, turn.y, turn.z, turn.w),
        lens=before.lens + (after.lens - before.lens) * share,
        focus=before.focus + (after.focus - before.focus) * share,
    )


def pose_camera(obj: bpy.types.Object, pose: CameraPose) -> None:
    """Move Blender's camera; says nothing to Blender when nothing changed, so that its caches hold."""
    x, y, z, w = pose.orientation
    matrix = (
        Matrix.Translation(Vector(pose.position)) @ Quaternion((w, x, y, z)).normalized().to_matrix().to_4x4()
    )
    if obj.matrix_world != matrix:
        obj.matrix_world = matrix
    if abs(obj.data.lens - pose.lens) > 1e-6:
        obj.data.lens = pose.lens
    if abs(obj.data.dof.focus_distance - pose.focus) > 1e-6:
        obj.data.dof.focus_distance = pose.focus
