"""What is filmed: part of a spec's clip, with one and with four interventions; a camera that moves."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from generator.physics import rotation
from generator.physics.motion import Motion
from generator.physics.simulate import simulate
from generator.scene.load import load_spec
from generator.scene.resolve import resolve
from generator.scene.scene import Camera, CameraPose, Film, Intervention, Scene

MANY = 4
ORBIT = 0.0075
"""Radians a frame that the moving camera goes round what it is focused on."""


@dataclasses.dataclass(frozen=True)
class Case:
    """One film: a scene whose interventions are filmed beside the factual world."""

    scene: Scene
    factual: Motion
    counterfactuals: Mapping[str, Motion]

    @property
    def worlds(self) -> int:
        return 1 + len(self.counterfactuals)

    def only(self, count: int) -> Case:
        """The same with the first `count` interventions."""
        return dataclasses.replace(self, counterfactuals=dict(list(self.counterfactuals.items())[:count]))

    def orbiting(self) -> Case:
        """The same, its camera going round the scene."""
        return dataclasses.replace(self, scene=_replaced(self.scene, camera=orbit(self.scene.camera)))


def static_case(spec: Path, seed: int, size: tuple[int, int], frames: int, interventions: int = MANY) -> Case:
    """The busiest `frames` frames of a spec's film (or a longer film than the spec's, if more are wanted).

    Lens and grain add nothing to the picture and nothing is blurred, so that pictures can be compared with
    a render.
    """
    loaded = load_spec(spec)
    scene = resolve(loaded, seed, size=size)
    if frames > scene.frames:
        scene = resolve(loaded, seed, size=size, frames=frames)
    pose = scene.camera.poses[0]
    camera = scene.camera.model_copy(update={"poses": (pose,) * scene.frames, "motion": "static"})
    plain = Film(exposure=scene.film.exposure, key=scene.film.key, look=scene.film.look, vignette=0.0)
    scene = _replaced(
        scene, camera=camera, film=plain, interventions=more_interventions(scene, interventions)
    )
    factual = simulate(scene)
    others = {i.name: simulate(scene, i.remove) for i in scene.interventions}
    first = busiest(factual, frames)
    part = slice(first, first + frames)
    scene = _replaced(scene, frames=frames, camera=camera.model_copy(update={"poses": camera.poses[part]}))
    return Case(scene, cut(factual, part), {name: cut(motion, part) for name, motion in others.items()})


def more_interventions(scene: Scene, count: int) -> tuple[Intervention, ...]:
    """`count` of them: the scene's own, the one in the middle first, then bodies spread over the rest."""
    own = list(scene.interventions)
    own.insert(0, own.pop(len(own) // 2))
    taken = {name for intervention in own for name in intervention.remove}
    free = [body.name for body in scene.bodies if body.motion == "dynamic" and body.name not in taken]
    missing = max(0, count - len(own))
    chosen = [free[int((i + 0.5) * len(free) / missing)] for i in range(missing)] if free else []
    own += [Intervention(name=name.replace(".", "-"), remove=(name,)) for name in dict.fromkeys(chosen)]
    return tuple(own[:count])


def busiest(motion: Motion, frames: int) -> int:
    """The first frame of the part of so many frames in which bodies move farthest."""
    steps = np.nan_to_num(np.linalg.norm(np.diff(motion.positions, axis=0), axis=-1)).sum(axis=1)
    sums = np.convolve(steps, np.ones(max(1, frames - 1)), mode="valid")
    return int(sums.argmax()) if frames < motion.frames else 0


def cut(motion: Motion, part: slice) -> Motion:
    """Some frames of a motion."""
    return dataclasses.replace(
        motion,
        present=motion.present[part],
        positions=motion.positions[part],
        orientations=motion.orientations[part],
        velocities=motion.velocities[part],
        spins=motion.spins[part],
        digests=None,
    )


def orbit(camera: Camera, step: float = ORBIT) -> Camera:
    """A camera that goes by `step` radians a frame round the upright axis through its point of focus."""
    count = len(camera.poses)
    poses = [_turned(pose, step * (frame - (count - 1) / 2)) for frame, pose in enumerate(camera.poses)]
    return camera.model_copy(update={"poses": tuple(poses), "motion": "orbit"})


def _turned(pose: CameraPose, angle: float) -> CameraPose:
    ahead = rotation.rotate(pose.orientation, (0.0, 0.0, -pose.focus))
    centre = tuple(p + a for p, a in zip(pose.position, ahead, strict=True))
    turn = (0.0, 0.0, math.sin(angle / 2), math.cos(angle / 2))
    x, y, z = rotation.rotate(turn, (-ahead[0], -ahead[1], -ahead[2]))
    return pose.model_copy(
        update={
            "position": (centre[0] + x, centre[1] + y, centre[2] + z),
            "orientation": rotation.multiply(turn, pose.orientation),
        }
    )


def _replaced(scene: Scene, **changes: object) -> Scene:
    return scene.model_copy(update=changes)
