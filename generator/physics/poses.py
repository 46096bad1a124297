"""The poses that are filmed: what the engine gave, without the tremble of things at rest.

A body holds its pose until it has left it by more than `STILL`, so that rest jitter (micrometres)
never reaches the picture. In the counterfactual a body that stands where the factual film shows it
takes that very pose: what is not *moved* is filmed from the same bits in both worlds, and what is
*moved* is exactly what is filmed elsewhere.

Pose rows are x y z qx qy qz qw. The same holds for what a body is besides its pose: its form (points) and
how brightly it is lit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.physics import rotation
from generator.physics.motion import Motion
from generator.scene.scene import Scene

STILL = (50e-6, math.radians(0.03))
"""Metres and radians a body may drift before its filmed pose follows."""
MOVED = (0.5e-3, math.radians(0.1))
"""Metres and radians from the factual pose beyond which a body counts as moved."""
SAME_STATE = 0.01
"""Difference of a state (0 to 1) from which a body counts as moved."""


def film_poses(factual: Motion) -> NDArray[np.float64]:
    """(T, N, 7) poses to film; NaN where a body is not present."""
    raw = np.concatenate([factual.positions, factual.orientations], axis=2)
    held = raw.copy()
    for frame in range(1, len(held)):
        stays = ~_apart(held[frame - 1], raw[frame], STILL)
        held[frame, stays] = held[frame - 1, stays]
    return held


def film_points(factual: Motion) -> dict[int, NDArray[np.float64]]:
    """(T, K, C) forms to film of each body that changes its form: a point stays until it has left."""
    filmed = {}
    for index, raw in factual.points.items():
        held = raw.copy()
        for frame in range(1, len(held)):
            stays = np.linalg.norm(raw[frame] - held[frame - 1], axis=-1) <= STILL[0]
            held[frame, stays] = held[frame - 1, stays]
        filmed[index] = held
    return filmed


def film_lit(factual: Motion) -> NDArray[np.float64]:
    """(T, N): how brightly each body is lit, 1 for one that no mechanism lights."""
    lit = factual.states.get("lit")
    return np.ones(factual.present.shape) if lit is None else np.where(np.isnan(lit), 1.0, lit)


@dataclass(frozen=True)
class Filmed:
    """What is filmed of one world. poses: (T, N, 7), NaN where a body is not present; points: of each body
    that changes its form, (T, K, C); lit: (T, N); moved: (T, N) which bodies are not as in the factual
    world, in place, form or state."""

    poses: NDArray[np.float64]
    points: dict[int, NDArray[np.float64]]
    lit: NDArray[np.float64]
    moved: NDArray[np.bool_]


def film_factual(factual: Motion) -> Filmed:
    """The factual world as filmed."""
    poses = film_poses(factual)
    return Filmed(poses, film_points(factual), film_lit(factual), np.zeros(poses.shape[:2], dtype=bool))


def film_counterfactual(scene: Scene, factual: Motion, counterfactual: Motion) -> Filmed:
    """The counterfactual world as filmed. Removed bodies have NaN poses and are never moved."""
    if len(scene.bodies) != factual.positions.shape[1] or factual.names != counterfactual.names:
        raise ValueError("both motions must list the scene's bodies in its order")
    before, after = film_factual(factual), film_factual(counterfactual)
    there = counterfactual.present & factual.present
    moved = _apart(before.poses, after.poses, MOVED) | (np.abs(after.lit - before.lit) > SAME_STATE)
    for key, mine in factual.states.items():
        if key != "lit" and key in counterfactual.states:
            moved |= np.abs(counterfactual.states[key] - mine) > SAME_STATE  # never where it is NaN
    for index, points in after.points.items():
        apart = np.linalg.norm(points - before.points[index], axis=-1)
        still = apart <= MOVED[0]
        points[still] = before.points[index][still]
        moved[:, index] |= ~still.all(axis=1)
    moved &= there
    same = ~moved & counterfactual.present
    after.poses[same] = before.poses[same]
    after.lit[same] = before.lit[same]
    return Filmed(after.poses, after.points, after.lit, moved)


def _apart(a: NDArray[np.float64], b: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    """Whether poses (..., 7) differ by more than `bounds`; never where one is NaN."""
    gap = b[..., :3] - a[..., :3]
    distance = np.sqrt((gap * gap).sum(axis=-1))
    turn = rotation.angles(a[..., 3:], b[..., 3:])
    return np.asarray((distance > bounds[0]) | (turn > bounds[1]))
