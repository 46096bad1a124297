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
