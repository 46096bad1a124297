"""The scene in Blender: built once, then posed frame by frame and world by world.

Poses are set as matrices and visibility as flags. There are no keyframes and no change of frame, which keeps
Cycles' persistent data valid: after the first picture a small part of the next costs milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection

import bpy
import numpy as np
from mathutils import Matrix, Quaternion
from numpy.typing import NDArray

from generator.render.bodies import build_body, strengths
from generator.render.camera import add_camera, blend, pose_camera
from generator.render.formed import reform
from generator.render.lights import add_light
from generator.render.rooms import build_room
from generator.render.worlds import FORM, LIT
from generator.scene import formed
from generator.scene.scene import Cushion, Ribbon, Scene, Strand


class Stage:
    """One scene in Blender's memory. Making a stage empties Blender first, so there is one at a time.

    `bodies[i]` is the root object of `scene.bodies[i]`, at identity until the first `show`.
    """

    def __init__(self, scene: Scene) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = scene
        build_room(scene.room)
        for light in scene.lights:
            add_light(light)
        self.bodies: list[bpy.types.Object] = [build_body(body) for body in scene.bodies]
        self.camera = add_camera(scene.camera)
        # A hidden parent does not hide its children, so each object of a body is switched by itself.
        self._parts = [
            [obj for obj in (root, *root.children_recursive) if not obj.hide_render] for root in self.bodies
        ]
        for body, parts in zip(scene.bodies, self._parts, strict=True):
            if body.visible == "shadow":
                for part in parts:
                    part.visible_camera = False
                    part.visible_transmission = False  # nor through glass
        self.forms: dict[float, NDArray[np.float64]] = {}
        """(K, C) points of each form, by the name that rows give it. Filled by whoever films."""
        self._formed = {
            index: body.shape
            for index, body in enumerate(scene.bodies)
            if isinstance(body.shape, Strand | Ribbon | Cushion)
        }
        self._shown_forms: dict[int, float] = {}
        self._glow = {
            index: sockets for index, root in enumerate(self.bodies) if (sockets := strengths(root))
        }
        bpy.context.view_layer.update()

    def show(self, poses: NDArray[np.float64], hidden: Collection[str] = ()) -> None:
        """Pose every body (N, 9: its row, see `worlds`) and hide those named, besides the invisible ones.

        A body with a NaN pose must be among the hidden. Blender is told only what changed.
        """
        for index, (body, root, parts, row) in enumerate(
            zip(self.scene.bodies, self.bodies, self._parts, poses, strict=True)
        ):
            hide = body.name in hidden or not body.visible
            for part in parts:
                if part.hide_render != hide:
                    part.hide_render = hide
            if hide:
                continue
            x, y, z, qx, qy, qz, qw = row[:LIT]
            matrix = (
                Matrix.Translation((x, y, z)) @ Quaternion((qw, qx, qy, qz)).normalized().to_matrix().to_4x4()
            )
            if root.matrix_world != matrix:
                root.matrix_world = matrix
            self._set_state(index, root, row)

    def form(self, index: int, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """(K, C) points of a body that changes its form, as its row names them; at rest if it names none."""
        found = self.forms.get(float(row[FORM]))
        return formed.rest(self._formed[index]) if found is None else found

    def _set_state(self, index: int, root: bpy.types.Object, row: NDArray[np.float64]) -> None:
        if index in self._formed and self._shown_forms.get(index) != row[FORM]:
            reform(root, self._formed[index], self.form(index, row))
            self._shown_forms[index] = float(row[FORM])
        for socket, full in self._glow.get(index, ()):
            if socket.default_value != np.float32(full * row[LIT]):
                socket.default_value = full * row[LIT]

    def empty(self) -> None:
        """Hide every body: the room alone."""
        for parts in self._parts:
            for part in parts:
                if not part.hide_render:
                    part.hide_render = True

    def set_camera(self, time: float) -> None:
        """Stand the camera where it is at a time in frames."""
        poses = self.scene.camera.poses
        time = min(max(time, 0), len(poses) - 1)
        before = int(time)
        after = min(before + 1, len(poses) - 1)
        pose_camera(self.camera, blend(poses[before], poses[after], time - before))
