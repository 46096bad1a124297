"""The cheap look that tells which tiles are new.

A probe is one sample a pixel, every world and frame with the same seed, at a half or a quarter of the
picture's width where that leaves enough samples a tile. With equal seeds equal light gives equal bits, so two
probes differ only where some light path does: a moved body, its shadow, its reflection, the light it sends
round. What bodies cover directly comes from exact geometry at full size (`footprint`) and needs no sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Image, Passes
from generator.render.tiles import NEIGHBOURS, Grid, TileMask

MEAN = 0.8
"""A tile is new when its mean differs by more, in steps of 255."""
QUARTER = 1.6
"""... or the mean of one of its quarters: light of another colour on a small face."""
MEAN_AMONG_NEIGHBOURS = 0.5
"""... or the mean over it and its neighbours does: a faint change of a wide area."""
WITNESSES = 3
"""... and at least so many pixels say so: one that happened to bounce off a far body is no evidence."""
STEP, STEP_SHARE = 2.0, 0.10
"""... or more than this share of its pixels differ by more than this step."""
SPILL, SPILL_ROUNDS = 8.0, 3
"""A new tile that differs by more in a pixel at its border, or by `QUARTER` in a quarter there, makes the
tile beyond new too."""
FIRST_HIT = 0.01
"""... or any pixel's albedo or normal differs by more: another surface, also in a mirror or behind glass."""


@dataclass(frozen=True)
class Probe:
    """Tiles of one probe. tone: (R, C, P, 3), 0..255 as the eye would see them; surface: (R, C, P, 6) albedo
    and normal; signature: (R, C) of the bodies in it; things: (R, C) is there any body."""

    tone: NDArray[np.float32]
    surface: NDArray[np.float32]
    signature: NDArray[np.uint64]
    things: TileMask

    def adopt(self, other: Probe, where: TileMask) -> None:
        """Take the tiles `where` from another probe."""
        for mine, theirs in (
            (self.tone, other.tone),
            (self.surface, other.surface),
            (self.signature, other.signature),
            (self.things, other.things),
        ):
            mine[where] = theirs[where]

    def copy(self) -> Probe:
        """A copy that can adopt."""
        return Probe(self.tone.copy(), self.surface.copy(), self.signature.copy(), self.things.copy())


def make_probe(
    passes: Passes, grid: Grid, exposure: float, signature: NDArray[np.uint64], things: TileMask
) -> Probe:
    """Cut a one-sample picture into the tiles of `grid`, which has the probe's own size."""
    surface = np.concatenate([passes.albedo, passes.normal], axis=-1)
    return Probe(grid.split(tone(passes.color, exposure)), grid.split(surface), signature, things)


def tone(linear: Image, exposure: float) -> Image:
    """0..255, about as the view transform shows it, at a hundredth of its price."""
    light = np.maximum(linear, 0) * np.float32(2.0**exposure)
    return np.asarray(255 * (light / (light + 0.6)) ** 0.6, dtype=np.float32)


def changed(now: Probe, shown: Probe) -> TileMask:
    """Tiles of `now` that are not what `shown` shows."""
    difference = now.tone - shown.tone
    mean = difference.mean(axis=2)
    largest = np.abs(difference).max(axis=-1)
    steps = (largest > STEP).mean(axis=2) > STEP_SHARE
    quarters = _quarters(difference)
    brighter = (np.abs(mean).max(axis=-1) > MEAN) | (quarters > QUARTER).any(axis=(2, 3))
    brighter &= (largest > MEAN / 2).sum(axis=2) >= WITNESSES
    surface = (np.abs(now.surface - shown.surface).max(axis=-1) > FIRST_HIT).any(axis=2)
    sure = brighter | steps | surface | (now.signature != shown.signature)
    # A wide, faint change: average over those neighbours that are not new for a reason of their own.
    calm = (~sure).astype(np.float32)
    kernel = NEIGHBOURS.astype(np.float32)
    total = cv2.filter2D(mean * calm[..., None], -1, kernel, borderType=cv2.BORDER_CONSTANT)
    count = cv2.filter2D(calm, -1, kernel, borderType=cv2.BORDER_CONSTANT)
    around = np.abs(total / np.maximum(count, 1)[..., None]).max(axis=-1)
    new = sure | ((around > MEAN_AMONG_NEIGHBOURS) & (count >= 4))
    rows, columns, pixels = largest.shape
    side = round(pixels**0.5)
    edges = (largest > SPILL).reshape(rows, columns, side, side)
    for _ in range(SPILL_ROUNDS):
        beyond = new | _reached(new, edges) | _reached(new, quarters > QUARTER)
        if (beyond == new).all():
            break
        new = beyond
    return np.asarray(new)


def _reached(new: TileMask, differs: NDArray[np.bool_]) -> TileMask:
    """Tiles that what differs in a new tile may reach into: the tip of a shadow, the fading end of a glow.

    differs: (R, C, n, n), parts of each tile. A rest like that is too small for a mean, or a few samples
    miss it; left standing it would be a ghost, or end at the border as if cut.
    """
    rows, columns, side, _ = differs.shape
    source = (differs & new[..., None, None]).swapaxes(1, 2).reshape(rows * side, columns * side)
    grown = cv2.dilate(source.astype(np.uint8), NEIGHBOURS)
    return np.asarray(grown.reshape(rows, side, columns, side).any(axis=(1, 3)))


def _quarters(difference: NDArray[np.float32]) -> NDArray[np.float32]:
    """(R, C, P, 3) -> (R, C, 2, 2): how far the mean of each quarter is off, in its worst channel."""
    rows, columns, pixels, _ = difference.shape
    half = round(pixels**0.5) // 2
    blocks = difference.reshape(rows, columns, 2, half, 2, half, 3)
    return np.asarray(np.abs(blocks.mean(axis=(3, 5))).max(axis=-1))
