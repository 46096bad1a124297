"""The worlds of a film: how each body is, frame by frame, and what is not there.

A *row* is all that a picture shows of a body, in nine numbers: pose (x y z qx qy qz qw), how brightly it is
lit, and the name of its form (0 for a rigid body). Equal rows look equal, in any frame of any world.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.physics.motion import Motion
from generator.physics.poses import Filmed, film_counterfactual, film_factual
from generator.scene.scene import Scene

FACTUAL = "factual"
LIT, FORM = 7, 8
"""Columns of a row, after the pose."""


@dataclass(frozen=True)
class World:
    """One world as filmed. poses: (T, N, 9) rows, NaN for a body that is not there; moved: (T, N), otherwise
    than in the factual world; removed: names of the bodies that are not there; forms: (K, C) points of each
    form, by its name."""

    poses: NDArray[np.float64]
    moved: NDArray[np.bool_]
    removed: frozenset[str]
    forms: Mapping[float, NDArray[np.float64]]

    def stands(self, frame: int) -> bool:
        """Whether every body is where it was a frame before."""
        return np.array_equal(self.poses[frame], self.poses[frame - 1], equal_nan=True)

    def poses_at(self, time: float) -> NDArray[np.float64]:
        """(N, 9) rows at a time in frames: linear and slerp between two frames, held past either end."""
        time = min(max(time, 0.0), len(self.poses) - 1.0)
        before = int(time)
        after = min(before + 1, len(self.poses) - 1)
        return blend_poses(self.poses[before], self.poses[after], time - before)


def film_worlds(scene: Scene, factual: Motion, counterfactuals: Mapping[str, Motion]) -> dict[str, World]:
    """The factual world first, then one for each intervention, under its name."""
    forms: dict[float, NDArray[np.float64]] = {}
    filmed = {FACTUAL: film_factual(factual)}
    filmed |= {name: film_counterfactual(scene, factual, motion) for name, motion in counterfactuals.items()}
    motions = {FACTUAL: factual, **counterfactuals}
    return {
        name: World(_rows(world, forms), world.moved, _absent(motions[name]), forms)
        for name, world in filmed.items()
    }


def _rows(world: Filmed, forms: dict[float, NDArray[np.float64]]) -> NDArray[np.float64]:
    """(T, N, 9) rows of a world; its forms are added to `forms`."""
    rows = np.concatenate([world.poses, world.lit[..., None], np.zeros((*world.lit.shape, 1))], axis=2)
    for index, frames in world.points.items():
        for frame, points in enumerate(frames):
            digest = hashlib.blake2b(points.tobytes(), digest_size=6).digest()
            name = float(1 + int.from_bytes(digest, "little"))
            forms.setdefault(name, points)
            rows[frame, index, FORM] = name
    rows[np.isnan(world.poses).any(axis=2)] = np.nan
    return rows


def _absent(motion: Motion) -> frozenset[str]:
    return frozenset(
        name for name, present in zip(motion.names, motion.present.all(axis=0), strict=True) if not present
    )


def blend_poses(before: NDArray[np.float64], after: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Rows (N, 9) a `share` of the way from one to the other; equal ones keep their bits."""
    blended = before + (after - before) * share
    blended[:, FORM:] = (before if share < 0.5 else after)[:, FORM:]
    start, end = before[:, 3:7], after[:, 3:7]
    dot = (start * end).sum(axis=1, keepdims=True)
    end = np.where(dot < 0, -end, end)
    angle = np.arccos(np.clip(np.abs(dot), 0, 1))
    sine = np.where(angle < 1e-6, 1.0, np.sin(angle))
    first = np.where(angle < 1e-6, 1 - share, np.sin((1 - share) * angle) / sine)
    second = np.where(angle < 1e-6, share, np.sin(share * angle) / sine)
    blended[:, 3:7] = first * start + second * end
    same = (before == after).all(axis=1)
    blended[same] = before[same]
    return blended
