"""What a simulation leaves behind: the path of every body and who touched whom, in one world.

Pure data: numpy in, numpy out, no PyBullet. Both worlds of a scene list the same bodies in the same
order (that of `scene.bodies`); a removed body is there with `present` False and NaN poses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

CONTACT = np.dtype(
    [
        ("a", "i4"), ("b", "i4"), ("first", "i4"), ("last", "i4"),
        ("force", "f8"), ("point", "f8", 3), ("depth", "f8"), ("sunk", "f8"),
    ]
)  # fmt: skip
"""One unbroken touch of bodies a < b (indices into `names`; -1 is the room): first and last physics
step, counted from frame 0 (negative while settling), largest normal force in N, first point in m. After
frame 0, in m and 0 where they only touch: how deep one was in the other at most, and how deep it stayed
from one frame to the next. A hit goes as deep as its speed takes it in a step, and is soon out again."""

LINK = np.dtype([("mechanism", "i4"), ("a", "i4"), ("b", "i4"), ("first", "i4"), ("last", "i4")])
"""A span of steps in which the state of body b followed from that of body a through a mechanism (its place
among the scene's)."""


@dataclass(frozen=True)
class Motion:
    """One world, sampled at each frame.

    positions: (T, N, 3) m; orientations: (T, N, 4) xyzw; velocities, spins: (T, N, 3).
    All float64 and straight from the engine: equal bits mean equal paths.
    """

    names: tuple[str, ...]
    present: NDArray[np.bool_]
    positions: NDArray[np.float64]
    orientations: NDArray[np.float64]
    velocities: NDArray[np.float64]
    spins: NDArray[np.float64]
    contacts: NDArray[np.void]
    steps_per_frame: int
    mechanisms: tuple[str, ...] = ()
    """Their names, in the scene's order."""
    links: NDArray[np.void] = field(default_factory=lambda: np.zeros(0, LINK))
    states: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    """(T, N) for each state that mechanisms give: `lit`, `running`; NaN for a body that has no such state."""
    points: Mapping[int, NDArray[np.float64]] = field(default_factory=dict)
    """(T, K, C) for each body that changes its form; see `generator.scene.scene.FORMED`."""
    digests: NDArray[np.uint64] | None = None
    """(steps, N): one word for the bits of each body's state after each step from frame 0 on, so that
    the step of a divergence is known without keeping every step. Not stored with the pair."""

    @property
    def frames(self) -> int:
        return int(self.positions.shape[0])
