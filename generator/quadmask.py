"""The quadmask: four values that say, for each pixel, what taking a thing away does to it.

    0 removed only · 63 removed and affected · 127 affected only · 255 unchanged

Composed from exact object-ID maps of three worlds (F factual, H factual with the removed thing
hidden, C counterfactual), not guessed from pictures; pictures only decide where light changed.
Pure numpy: files and videos are elsewhere. Masks are (H, W) uint8, regions (H, W) bool.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.errors import PairError

Mask = NDArray[np.uint8]
Region = NDArray[np.bool_]

REMOVED = 0
OVERLAP = 63
AFFECTED = 127
UNCHANGED = 255
VALUES = (REMOVED, OVERLAP, AFFECTED, UNCHANGED)
CLASSES = {"removed": REMOVED, "overlap": OVERLAP, "affected": AFFECTED, "unchanged": UNCHANGED}

VISIBLE = 2
"""A channel (of 0..255) must differ by more than this to count as a visible difference."""
GLARING = 8
"""A lone pixel must differ by more than this to count without a neighbour that differs too."""
CROWDED = 5
"""Marked neighbours from which a difference below sight counts too: a straight edge has three, so that a
shadow's border stays where it is."""
SPECK = 2
"""Times this is done: specks up to some four pixels across go."""


@dataclass(frozen=True)
class Quadmask:
    """One frame: the mask and the three layers it is made of, which never overlap except that a
    pixel may be both `removed` and `displaced`."""

    mask: Mask
    removed: Region
    displaced: Region
    shading: Region


# --- composing --------------------------------------------------------------------------------


def compose(
    ids: NDArray[np.integer],
    hidden_ids: NDArray[np.integer],
    counterfactual_ids: NDArray[np.integer],
    removed: Iterable[int],
    moved: NDArray[np.bool_],
    picture: NDArray[np.uint8],
    counterfactual_picture: NDArray[np.uint8],
    frame: int = 0,
    same: Region | None = None,
) -> Quadmask:
    """The quadmask of one frame.

    ids, hidden_ids, counterfactual_ids: (H, W) maps F, H, C; 0 the room, i + 1 body i.
    removed: indices of the bodies taken away. moved: (N,) bool, filmed elsewhere at this frame.
    picture, counterfactual_picture: (H, W, 3) uint8 sRGB of F and C.
    same: where a moved body that only changed its form shows the same surface in H and C.
    Raises PairError if a pixel shows another thing in C than in F and no rule explains it.
    """
    taken_ids = np.array(sorted(removed), dtype=np.intp)
    is_removed = np.zeros(len(moved) + 1, dtype=bool)
    is_removed[taken_ids + 1] = True
    # A removed body has no counterfactual pose, so whatever its flag says it is not "moved".
    is_moved = np.concatenate([[False], np.asarray(moved, dtype=bool)]) & ~is_removed

    taken = is_removed[ids]
    displaced = is_moved[ids] | is_moved[hidden_ids] | is_moved[counterfactual_ids]
    if same is not None:
        displaced &= ~same
    assert_explained(ids, counterfactual_ids, taken, displaced, frame)
    shaded = shading(picture, counterfactual_picture, taken | displaced)
    return Quadmask(encode(taken, displaced | shaded), taken, displaced, shaded)


def assert_explained(
    ids: NDArray[np.integer],
    counterfactual_ids: NDArray[np.integer],
    removed: Region,
    displaced: Region,
    frame: int,
) -> None:
    """Raise PairError (frame and first pixel named) where F and C show different things although
    nothing was removed or displaced there: then the motion, the maps or the camera are wrong."""
    stray = (ids != counterfactual_ids) & ~(removed | displaced)
    if stray.any():
        y, x = (int(v) for v in np.argwhere(stray)[0])
        raise PairError(
            f"frame {frame}: {int(stray.sum())} pixels change without a cause, the first at x={x} y={y} "
            f"(id {int(ids[y, x])} in the factual world, {int(counterfactual_ids[y, x])} in the other)"
        )


def shading(
    picture: NDArray[np.uint8], counterfactual_picture: NDArray[np.uint8], elsewhere: Region
) -> Region:
    """Where the same thing looks different: a shadow, a reflection, light, a blurred edge.

    Both worlds are filmed with one noise pattern, so pixels that no changed light path reaches are
    bitwise equal, and any difference over `VISIBLE` in a channel is real. Three light repairs: a lone
    differing pixel, with no neighbour (of eight) that differs or is `elsewhere` (removed or
    displaced), is dropped unless it differs by more than `GLARING`; an equal pixel shut in by
    differing ones on all eight sides is taken in; and so is one that differs at all, below sight, and
    has `CROWDED` such neighbours: where a lamp goes out all over the picture, the threshold would
    leave specks of what changed a little less. Never overlaps `elsewhere`.
    """
    difference = peak_difference(picture, counterfactual_picture)
    differs = difference > VISIBLE
    company = neighbours(differs | elsewhere)
    kept = differs & ((company > 0) | (difference > GLARING))
    kept |= neighbours(kept | elsewhere) == 8
    for _ in range(SPECK):
        kept |= (difference > 0) & (neighbours(kept | elsewhere) >= CROWDED)
    return kept & ~elsewhere


def peak_difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) uint8: the largest absolute difference over the channels of two (H, W, 3) pictures."""
    # max - min stays in uint8; a numpy maximum over a short last axis is ten times slower.
    apart = np.maximum(a, b) - np.minimum(a, b)
    return np.maximum(np.maximum(apart[..., 0], apart[..., 1]), apart[..., 2])


def neighbours(region: Region) -> NDArray[np.uint8]:
    """(H, W) uint8: how many of the eight pixels around are in the region (outside counts as not)."""
    padded = np.pad(region.astype(np.uint8), 1)
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    return rows[:-2] + rows[1:-1] + rows[2:] - region


# --- the four values ---------------------------------------------------------------------------


def encode(removed: Region, affected: Region) -> Mask:
    """(H, W) uint8 of the four values from the two regions."""
    return np.where(
        removed, np.where(affected, OVERLAP, REMOVED), np.where(affected, AFFECTED, UNCHANGED)
    ).astype(np.uint8)


def decode(mask: Mask) -> tuple[Region, Region]:
    """(removed, affected) regions of a mask; the inverse of `encode`."""
    return (mask == REMOVED) | (mask == OVERLAP), (mask == OVERLAP) | (mask == AFFECTED)


def quantize(gray: NDArray[np.uint8]) -> Mask:
    """The nearest of the four values for each pixel of a mask that a lossy codec has touched."""
    table = np.array(VALUES)[np.abs(np.arange(256)[:, None] - np.array(VALUES)).argmin(1)]
    return table.astype(np.uint8)[gray]


def is_exact(mask: Mask) -> bool:
    """Whether only the four values occur."""
    return bool(np.isin(np.flatnonzero(np.bincount(mask.ravel(), minlength=256)), VALUES).all())


def count(mask: Mask) -> dict[str, int]:
    """Pixels of each class, by the names of `CLASSES`."""
    histogram = np.bincount(mask.ravel(), minlength=256)
    return {name: int(histogram[value]) for name, value in CLASSES.items()}


# --- masks derived from a mask -----------------------------------------------------------------


def three_level(mask: Mask) -> Mask:
    """Overlap folded into removed: what VOID's training code in effect learns from (0, 127, 255)."""
    return np.where(mask == OVERLAP, np.uint8(REMOVED), mask)


def grid(mask: Mask, cells: int = 8) -> Mask:
    """VOID's inference mask: a cell with any 127 is grey as a whole; removed pixels stay exact.

    The short side has `cells` cells, the long side as many as keep them about square (rounded half
    to even). Removed pixels (0) inside a grey cell become 63; a 63 stays 63.
    """
    height, width = mask.shape
    if width <= height:
        columns, rows = cells, max(cells, round(cells / (width / height)))
    else:
        columns, rows = max(cells, round(cells * width / height)), cells
    row = cell_index(height, rows)[:, None]
    column = cell_index(width, columns)[None, :]
    cell = row * columns + column
    hit = np.bincount(cell.ravel(), weights=(mask == AFFECTED).ravel(), minlength=rows * columns) > 0
    removed = (mask == REMOVED) | (mask == OVERLAP)
    return encode(removed, hit[cell] & (mask != OVERLAP) | (mask == OVERLAP))


def cell_index(length: int, cells: int) -> NDArray[np.intp]:
    """(length,) which cell each pixel falls in, when cell i begins at int(i * length / cells)."""
    starts = np.array([int(i * length / cells) for i in range(cells)])
    return np.searchsorted(starts, np.arange(length), side="right") - 1


def dilate(region: Region, radius: int) -> Region:
    """The region grown by a disc of `radius` pixels."""
    height, width = region.shape
    grown = region.copy()
    for dy in range(-min(radius, height - 1), min(radius, height - 1) + 1):
        reach = int((radius * radius - dy * dy) ** 0.5)
        into, source = (slice(dy, None), slice(None, height - dy)) if dy >= 0 else (
            slice(None, height + dy), slice(-dy, None))  # fmt: skip
        total = np.zeros((height, width + 1), np.int32)
        np.cumsum(region, axis=1, out=total[:, 1:])
        columns = np.arange(width)
        low, high = np.maximum(columns - reach, 0), np.minimum(columns + reach + 1, width)
        grown[into] |= (total[:, high] > total[:, low])[source]
    return grown


def dilate_mask(mask: Mask, radius: int) -> Mask:
    """A mask whose removed and affected regions are both grown by `radius` pixels."""
    removed, affected = decode(mask)
    return encode(dilate(removed, radius), dilate(affected, radius))


def resize(mask: Mask, size: tuple[int, int], by: str = "nearest") -> Mask:
    """The mask at another size, (height, width), without ever mixing values.

    by "nearest": the value at each new pixel's centre. by "area": the value that covers most of each
    new pixel (of equals the smallest, so that what is removed is not lost).
    """
    height, width = size
    if by == "nearest":
        row = ((np.arange(height) + 0.5) * mask.shape[0] / height).astype(np.intp)
        column = ((np.arange(width) + 0.5) * mask.shape[1] / width).astype(np.intp)
        return mask[row[:, None], column[None, :]]
    if by != "area":
        raise ValueError(f"a mask is resized by 'nearest' or 'area', not by {by!r}")
    down, across = shares(mask.shape[0], height), shares(mask.shape[1], width)
    cover = np.stack([down @ (mask == value) @ across.T for value in VALUES])
    # Shares are sums of floats: without rounding, which of two halves wins would be chance.
    return np.array(VALUES, np.uint8)[np.round(cover, 9).argmax(0)]


def shares(old: int, new: int) -> NDArray[np.float64]:
    """(new, old): the share of each new pixel that each old pixel covers."""
    edges = np.arange(new + 1) * old / new
    low, high = edges[:-1, None], edges[1:, None]
    pixel = np.arange(old)[None, :]
    return np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0, None) / (high - low)
