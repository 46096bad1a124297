"""How near pictures come to the truth, and how still they hold: numbers from arrays, no renderer.

Pictures are (H, W, 3) float32 in display space, 0..255. The truth is known only through two independent
renders with noise of their own, r1 and r2: the mean of (x - r1)(x - r2) has the expectation of the squared
error of x, because their noise is independent, so it caps no figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Where = NDArray[np.bool_]
Truth = tuple[Picture, Picture]
"""Two independent renders of one picture."""

RING = 8 / 336
"""Width of the ring around things, in picture widths: there lie contact shadows."""
CHANGED = 0.25
"""Levels of 255: where the truth's mean over `AROUND` pixels steps by more, it changes."""
AROUND = 7


def shown_without_bias(whole: Picture, halves: Sequence[Picture]) -> Picture:
    """A noisy render in display space, its expectation that of one without noise.

    Display space is curved, so noise darkens what is shown of it: at 128 samples this took 0.1 dB from a
    film of 37 dB. The error falls with the samples, so it is found from the same samples in two halves and
    taken off (the jackknife: Quenouille 1956). whole: the mean of both halves, shown; halves: each, shown.
    """
    return np.asarray(2 * whole - (halves[0] + halves[1]) / 2, dtype=np.float32)


@dataclass
class SquaredError:
    """Mean squared error against a truth that is known through two noisy renders; gathers over pictures."""

    total: float = 0.0
    values: int = 0

    def add(self, picture: Picture, truth: Truth, where: Where) -> None:
        """Count the pixels `where` (H, W)."""
        self.add_products(picture - truth[0], picture - truth[1], where)

    def add_products(self, first: Picture, second: Picture, where: Where) -> None:
        """Count the products of two estimates (H, W, 3) of one error."""
        product = first[where].astype(np.float64) * second[where]
        self.total += float(product.sum())
        self.values += product.size

    @property
    def mean(self) -> float:
        """NaN without a pixel. May be a little below zero where nearly nothing is wrong."""
        return self.total / self.values if self.values else math.nan

    @property
    def psnr(self) -> float:
        """dB of 255; infinite where no error is left that the truth's noise would show."""
        mean = self.mean
        return mean if math.isnan(mean) else math.inf if mean <= 0 else 10 * math.log10(255**2 / mean)

    @property
    def rmse(self) -> float:
        """Levels of 255."""
        return math.sqrt(max(self.mean, 0.0)) if self.values else math.nan


@dataclass
class Steps:
    """Mean step from frame to frame; gathers over pictures."""

    total: float = 0.0
    values: int = 0

    def add(self, before: Picture, after: Picture, where: Where) -> None:
        """Count |after - before| in the pixels `where` (H, W)."""
        step = np.abs(after[where].astype(np.float64) - before[where])
        self.total += float(step.sum())
        self.values += step.size

    @property
    def mean(self) -> float:
        """Levels of 255; NaN without a pixel."""
        return self.total / self.values if self.values else math.nan


def ring(things: Where, width: int) -> Where:
    """(H, W): not `things`, but within `RING` of them."""
    return grow(things, reach(width)) & ~things


def reach(width: int) -> int:
    """The width of the ring in pixels of a picture so wide."""
    return max(1, round(RING * width))


def grow(mask: Where, pixels: int) -> Where:
    """The marked pixels and all within so many pixels of them."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), kernel) > 0)


def still_truth(before: Picture, after: Picture) -> Where:
    """(H, W): where the truth does not change from one frame to the next.

    before, after: renders with one seed, which is not that of the pictures under test, so that a choice of
    pixels favours none of them. With one seed an unchanged light path gives equal bits, so the mean
    difference over a few pixels says well whether the light changes.
    """
    difference = cv2.blur(after - before, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT)
    return np.asarray(np.abs(difference).max(axis=-1) <= CHANGED)


def along(after: Picture, flow: NDArray[np.float32]) -> Picture:
    """The next frame seen at this frame's pixels. flow: (H, W, 2), pixels from here to there."""
    x, y = _targets(flow)
    return np.asarray(cv2.remap(after, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def seen_in_both(forward: NDArray[np.float32], backward: NDArray[np.float32]) -> Where:
    """(H, W): the point seen here is seen in the next frame too: the flow there leads back to here."""
    height, width = forward.shape[:2]
    x, y = _targets(forward)
    inside = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    back = cv2.remap(backward, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(inside & (np.linalg.norm(forward + back, axis=-1) < 0.5))


def _targets(flow: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    height, width = flow.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x + flow[..., 0], y + flow[..., 1]
