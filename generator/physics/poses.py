"""The poses that are filmed: what the engine gave, without the tremble of things at rest.

A body holds its pose until it has left it by more than `STILL`, so that rest jitter (micrometres)
never reaches the picture. In the counterfactual a body that stands where the factual film shows it
takes that very pose: what is not *moved* is filmed from the same bits in both worlds, and what is
*moved* is exactly what is filmed elsewhere.

Pose rows are x y z qx qy qz qw.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from generator.physics import rotation
from generator.physics.motion import Motion
from generator.scene.scene import Scene

STILL = (50e-6, math.radians(0.03))
"""Metres and radians a body may drift before its filmed pose follows."""
MOVED = (0.5e-3, math.radians(0.1))
"""Metres and radians from the factual pose beyond which a body counts as moved."""


def film_poses(factual: Motion) -> NDArray[np.float64]:
    """(T, N, 7) poses to film; NaN where a body is not present."""
    raw = np.concatenate([factual.positions, factual.orientations], axis=2)
    held = raw.copy()
    for frame in range(1, len(held)):
        stays = ~_apart(held[frame - 1], raw[frame], STILL)
        held[frame, stays] = held[frame - 1, stays]
    return held


def counterfactual_film_poses(
    scene: Scene, factual: Motion, counterfactual: Motion
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(T, N, 7) poses to film without the removed things, and (T, N) which bodies are moved.

    Removed bodies have NaN poses and are never moved.
    """
    if len(scene.bodies) != factual.positions.shape[1] or factual.names != counterfactual.names:
        raise ValueError("both motions must list the scene's bodies in its order")
    before = film_poses(factual)
    poses = film_poses(counterfactual)
    moved = _apart(before, poses, MOVED) & counterfactual.present & factual.present
    same = ~moved & counterfactual.present
    poses[same] = before[same]
    return poses, moved


def _apart(a: NDArray[np.float64], b: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether poses (..., 7) differ by more than `bounds`; never where one is NaN."""
    gap = b[..., :3] - a[..., :3]
    distance = np.sqrt((gap * gap).sum(axis=-1))
    turn = rotation.angles(a[..., 3:], b[..., 3:])
    return np.asarray((distance > bounds[0]) | (turn > bounds[1]))
