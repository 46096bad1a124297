"""Light remembered along exact motion: what a moving camera saw of a surface before, it need not learn anew.

Under a moving camera no pixel shows what it showed a frame ago, but nearly every surface was in the picture.
Where each point was then is known from geometry, to a fraction of a pixel. So the light that reaches it, with
the surface's own colour divided out, is averaged over frames, each with noise of its own, before the denoiser
sees it. A point that was hidden starts afresh; where its light has changed, a test of the difference against
its own noise says so, and the past is let go.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Image, Passes
from generator.render.visibility import Floats, Sight

LONGEST = 8.0
"""Frames remembered of what stands still in the world."""
LONGEST_MOVING = 4.0
"""... and of a body on the move, whose light turns with it."""
SAME_DEPTH = 0.01
"""Share of its depth by which a point may miss the surface that was seen there."""
FLOOR = 0.05
"""Added to albedo before dividing by it: black things have colour, too."""
WINDOWS = (5, 11, 21)
"""Pixels across the squares over which light then and now is compared: small for a sharp change, wide for a
faint one."""
DOUBT, DISBELIEF = 1.5, 3.0
"""Standard errors of a mean: from the first on the past counts less, from the second on not at all."""


@dataclass(frozen=True)
class Recollection:
    """What is remembered of each pixel. light: (H, W, 3) without the surface's colour; weight: (H, W) frames
    that it stands for, 0 where nothing is known."""

    light: Image
    weight: NDArray[np.float32]


class LightHistory:
    """Of one world. For each frame in turn: `recall`, then `merge`."""

    def __init__(self) -> None:
        self._light: Image | None = None
        self._weight: NDArray[np.float32] | None = None
        self._sight: Sight | None = None

    def recall(self, sight: Sight, poses: Floats) -> Recollection:
        """What is known of the coming frame's pixels. poses: (N, 7), those of the frame before."""
        shape = sight.ids.shape
        if self._light is None or self._weight is None or self._sight is None:
            nothing = np.zeros(shape, dtype=np.float32)
            return Recollection(np.zeros((*shape, 3), dtype=np.float32), nothing)
        before = self._sight
        pixels, depth = sight.carried(before.camera, poses)
        x, y = (np.ascontiguousarray(pixels[..., axis] - 0.5, dtype=np.float32) for axis in (0, 1))
        depth_then = np.where(np.isfinite(before.depth), before.depth, FAR).astype(np.float32)
        depth = np.where(np.isfinite(depth), depth, FAR).astype(np.float32)
        there = cv2.remap(depth_then, x, y, cv2.INTER_LINEAR, borderValue=-1)
        ids = cv2.remap(before.ids, x, y, cv2.INTER_NEAREST, borderValue=65535)
        known = (ids == sight.ids) & (np.abs(there - depth) < SAME_DEPTH * depth)
        light = cv2.remap(self._light, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        weight = cv2.remap(self._weight, x, y, cv2.INTER_LINEAR, borderValue=0)
        moves = np.concatenate([[False], ~(sight.poses == poses).all(axis=1)])
        longest = np.where(moves[sight.ids], LONGEST_MOVING, LONGEST) - 1
        return Recollection(
            np.maximum(light, 0), np.where(known, np.minimum(weight, longest), 0).astype(np.float32)
        )

    def merge(self, passes: Passes, recalled: Recollection, sight: Sight) -> Passes:
        """`passes` of the new frame with what is remembered averaged in."""
        surface = np.clip(passes.albedo, 0, 1) + FLOOR
        now = np.maximum(passes.color, 0) / surface
        weight = recalled.weight * believed(now, recalled)
        light = now + (weight / (weight + 1))[..., None] * (recalled.light - now)
        self._light, self._weight, self._sight = light, weight + 1, sight
        return Passes(light * surface, passes.albedo, passes.normal)

    def adopt(self, other: LightHistory, where: NDArray[np.bool_]) -> None:
        """Remember in the pixels `where` (H, W) what another world's history does."""
        assert self._light is not None and self._weight is not None  # noqa: PT018  # one condition: merged
        assert other._light is not None and other._weight is not None  # noqa: PT018
        self._light[where], self._weight[where] = other._light[where], other._weight[where]


FAR = np.float32(1e6)
"""Depth of the sky, m."""


def believed(now: Image, recalled: Recollection) -> NDArray[np.float32]:
    """(H, W) 0..1: how far what is remembered agrees with `now`.

    In a window the mean of now - then is zero but for noise, unless the light has changed; the differences'
    own spread says how large the noise of that mean is.
    """
    known = (recalled.weight > 0).astype(np.float32)
    apart = (now - recalled.light) * known[..., None]
    belief = np.ones(known.shape, dtype=np.float32)
    for side in WINDOWS:
        window = (side, side)
        share = np.maximum(cv2.blur(known, window), 1e-6)[..., None]
        mean = cv2.blur(apart, window) / share
        spread = np.maximum(cv2.blur(apart * apart, window) / share - mean * mean, 0)
        error = np.sqrt(spread / (share * side * side)) + 1e-3 * (recalled.light + 1e-3)
        off = (np.abs(mean) / error).max(axis=-1)
        belief = np.minimum(belief, np.clip((DISBELIEF - off) / (DISBELIEF - DOUBT), 0, 1))
    return belief
