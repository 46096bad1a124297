"""The numbers that say how good a pair is: what the mask holds, and whether it tells the truth.

Streaming: one frame at a time, memory independent of the clip. The same measurement is made twice,
on the pictures as rendered and on the decoded videos.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator import quadmask
from generator.quadmask import GLARING, UNCHANGED, VISIBLE, Mask


class Comparison:
    """Differences between a pair's two pictures, split by what the mask says of each pixel."""

    def __init__(self) -> None:
        self.frames = 0
        self._unchanged = np.zeros(256, np.int64)
        self._marked = np.zeros(256, np.int64)

    def add(self, picture: NDArray[np.uint8], counterfactual_picture: NDArray[np.uint8], mask: Mask) -> None:
        """Count one frame: pictures (H, W, 3) uint8, mask (H, W) of the four values."""
        difference = quadmask.peak_difference(picture, counterfactual_picture)
        unchanged = mask == UNCHANGED
        everything = np.bincount(difference.ravel(), minlength=256)
        still = np.bincount(difference[unchanged], minlength=256)
        self._unchanged += still
        self._marked += everything - still
        self.frames += 1

    def figures(self) -> dict[str, float]:
        """Levels are of 0..255 and the largest of the channels; shares are of 1.

        unchanged_mean, unchanged_p999, unchanged_over_2: how far apart the pictures are where the mask
        says nothing changes. covered_over_2, covered_over_8: of the pixels that differ by more than
        that, how many the mask marks (1 where none differ).
        """
        return {
            "unchanged_mean": _mean(self._unchanged),
            "unchanged_p999": _quantile(self._unchanged, 0.999),
            "unchanged_over_2": _share_over(self._unchanged, VISIBLE),
            "covered_over_2": self._covered(VISIBLE),
            "covered_over_8": self._covered(GLARING),
        }

    def _covered(self, level: int) -> float:
        marked = int(self._marked[level + 1 :].sum())
        total = marked + int(self._unchanged[level + 1 :].sum())
        return 1.0 if total == 0 else marked / total


class MaskTally:
    """Pixels of each class, in all and frame by frame."""

    def __init__(self) -> None:
        self.by_frame: list[dict[str, int]] = []

    def add(self, mask: Mask) -> None:
        self.by_frame.append(quadmask.count(mask))

    def totals(self) -> dict[str, int]:
        return {name: sum(counts[name] for counts in self.by_frame) for name in quadmask.CLASSES}

    def shares(self) -> dict[str, float]:
        """Of all pixels of the film; they add up to 1."""
        totals = self.totals()
        pixels = max(1, sum(totals.values()))
        return {name: count / pixels for name, count in totals.items()}

    def peak_removed(self) -> float:
        """Share of the picture that the removed things fill on their best frame."""
        return max(
            ((c["removed"] + c["overlap"]) / max(1, sum(c.values())) for c in self.by_frame), default=0.0
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "total": self.totals(),
            "share": self.shares(),
            "by_frame": {name: [counts[name] for counts in self.by_frame] for name in quadmask.CLASSES},
        }


def _mean(histogram: NDArray[np.int64]) -> float:
    return float(histogram @ np.arange(256) / max(1, histogram.sum()))


def _share_over(histogram: NDArray[np.int64], level: int) -> float:
    return float(histogram[level + 1 :].sum() / max(1, histogram.sum()))


def _quantile(histogram: NDArray[np.int64], share: float) -> float:
    """The smallest level that at least this share of the pixels does not exceed."""
    total = histogram.sum()
    return float(np.searchsorted(np.cumsum(histogram), share * total)) if total else 0.0
