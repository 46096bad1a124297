"""The worlds of a film: what each body's pose is, frame by frame, and what is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.physics.motion import Motion
from generator.physics.poses import counterfactual_film_poses, film_poses
from generator.scene.scene import Scene

FACTUAL = "factual"


@dataclass(frozen=True)
class World:
    """One world as filmed. poses: (T, N, 7), NaN for a body that is not there; moved: (T, N), otherwise
    than in the factual world; removed: names of the bodies that are not there."""

    poses: NDArray[np.float64]
    moved: NDArray[np.bool_]
    removed: frozenset[str]

    def stands(self, frame: int) -> bool:
        """Whether every body is where it was a frame before."""
        return np.array_equal(self.poses[frame], self.poses[frame - 1], equal_nan=True)

    def poses_at(self, time: float) -> NDArray[np.float64]:
        """(N, 7) poses at a time in frames: linear and slerp between two frames, held past either end."""
        time = min(max(time, 0.0), len(self.poses) - 1.0)
        before = int(time)
        after = min(before + 1, len(self.poses) - 1)
        return blend_poses(self.poses[before], self.poses[after], time - before)


def film_worlds(scene: Scene, factual: Motion, counterfactuals: Mapping[str, Motion]) -> dict[str, World]:
    """The factual world first, then one for each intervention, under its name."""
    poses = film_poses(factual)
    worlds = {FACTUAL: World(poses, np.zeros(poses.shape[:2], dtype=bool), _absent(factual))}
    for name, motion in counterfactuals.items():
        other, moved = counterfactual_film_poses(scene, factual, motion)
        worlds[name] = World(other, moved, _absent(motion))
    return worlds


def _absent(motion: Motion) -> frozenset[str]:
    return frozenset(
        name for name, present in zip(motion.names, motion.present.all(axis=0), strict=True) if not present
    )


def blend_poses(before: NDArray[np.float64], after: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Poses (N, 7) a `share` of the way from one to the other; equal ones keep their bits."""
    blended = before + (after - before) * share
    start, end = before[:, 3:], after[:, 3:]
    dot = (start * end).sum(axis=1, keepdims=True)
    end = np.where(dot < 0, -end, end)
    angle = np.arccos(np.clip(np.abs(dot), 0, 1))
    sine = np.where(angle < 1e-6, 1.0, np.sin(angle))
    first = np.where(angle < 1e-6, 1 - share, np.sin((1 - share) * angle) / sine)
    second = np.where(angle < 1e-6, share, np.sin(share * angle) / sine)
    blended[:, 3:] = first * start + second * end
    same = (before == after).all(axis=1)
    blended[same] = before[same]
    return blended
