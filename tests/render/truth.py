"""How far a film is from the truth, in figures that each name one fault of saved work.

Films are (T, H, W, 3) in display levels 0..255. The truth is two whole renders with many samples and seeds of
their own; what they disagree by is the noise that is in every comparison with them. A fixed seed through each
film makes differences between frames, and between worlds, far more exact than the pictures themselves: what a
film fails to follow shows there first.

- `bias`: a tile's mean is off. A ghost, a lost reflection, light that did not arrive.
- `lag`: a tile changed less, or otherwise, than the truth did. A stale tile.
- `seam`: the error steps at tile borders more than it does elsewhere.
- `edge`: a silhouette is cut, or keeps a piece of what stood there.
- `equal`: pixels that the same light reaches in both worlds have the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Film = NDArray[np.floating]
"""(T, H, W, 3), 0..255."""

CHANGED = 3.0
"""Levels by which a cell of the truth must change before a film that stands still is called stale."""
STANDS = 0.5
"""Levels within which a cell stands still. One that was rendered anew has other noise, and hardly does."""
NEAR = 2
"""Pixels from a silhouette that `edge` looks at."""
REACH = 7
"""Pixels around that must have equal bits before two renders are said to get the same light: a few samples
may all miss a faint change."""


@dataclass(frozen=True)
class Truth:
    """Two independent films of one world."""

    first: Film
    second: Film

    @property
    def mean(self) -> Film:
        return (self.first + self.second) / 2


def cell_means(film: Film, side: int) -> Film:
    """(..., H, W, 3) -> (..., rows, columns, 3): means of squares; what does not fill one is left out."""
    *lead, height, width, channels = film.shape
    rows, columns = height // side, width // side
    cut = film[..., : rows * side, : columns * side, :]
    return cut.reshape(*lead, rows, side, columns, side, channels).mean(axis=(-4, -2))


def noise(truth: Truth, side: int) -> NDArray[np.floating]:
    """(rows, columns): standard error of the truth's mean over each cell, pooled over time and neighbours."""
    apart = cell_means(truth.first - truth.second, side) / 2
    square = (apart**2).max(axis=-1).mean(axis=0)
    return np.sqrt(cv2.blur(square, (3, 3), borderType=cv2.BORDER_REFLECT))


def bias(ours: Film, truth: Truth, side: int) -> NDArray[np.floating]:
    """(T, rows, columns): how far each cell's mean is off, in its worst channel."""
    return np.abs(cell_means(ours - truth.mean, side)).max(axis=-1)


def _largest(steps: Film) -> NDArray[np.floating]:
    return np.abs(steps).max(axis=-1)


@dataclass(frozen=True)
class Lag:
    """off: (...) levels by which each cell's change is not the truth's; changed: the truth's own change;
    stale: where the truth changed and the film stands still."""

    off: NDArray[np.floating]
    changed: NDArray[np.floating]
    stale: NDArray[np.bool_]


def lag(
    ours: Film, truth: Truth, side: int, since: Film | None = None, since_truth: Truth | None = None
) -> Lag:
    """Change of every cell since the first frame; or since another film, frame by frame: the other world."""
    before = ours[:1] if since is None else since
    first_before = truth.first[:1] if since_truth is None else since_truth.first
    second_before = truth.second[:1] if since_truth is None else since_truth.second
    step = cell_means(ours - before, side)
    first = cell_means(truth.first - first_before, side)
    second = cell_means(truth.second - second_before, side)
    true_step = (first + second) / 2
    changed = np.minimum(_largest(first), _largest(second))
    return Lag(_largest(step - true_step), changed, (changed > CHANGED) & (_largest(step) < STANDS))


def seam(ours: Film, truth: Film, tile: int) -> float:
    """Levels by which the error steps more across tile borders than across other columns and rows.

    Steps are means along one side of one tile, so that noise, which has no such direction, stays small.
    """
    error = (ours - truth).mean(axis=-1)
    across, within = [], []
    for turned in (error, error.swapaxes(1, 2)):
        step = np.diff(turned, axis=2)
        rows = step.shape[1] // tile
        sides = np.abs(step[:, : rows * tile].reshape(len(step), rows, tile, -1).mean(axis=2))
        border = np.arange(sides.shape[-1]) % tile == tile - 1
        across.append(sides[..., border].ravel())
        within.append(sides[..., ~border].ravel())
    return float(np.concatenate(across).mean() - np.concatenate(within).mean())


def edge(ours: Film, truth: Film, ids: NDArray[np.integer]) -> NDArray[np.floating]:
    """(n,): errors of pixels near a silhouette, of means over 3 x 3 pixels. ids: (T, H, W)."""
    errors = []
    for picture, true, here in zip(ours, truth, ids, strict=True):
        seen = here.astype(np.float32)
        outline = cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, np.ones((3, 3), dtype=np.uint8)) > 0
        side = 2 * NEAR + 1
        near = cv2.dilate(outline.astype(np.uint8), np.ones((side, side), dtype=np.uint8)) > 0
        error = cv2.blur((picture - true).astype(np.float32), (3, 3), borderType=cv2.BORDER_REFLECT)
        errors.append(np.abs(error).max(axis=-1)[near])
    return np.concatenate(errors)


def same_light(raw: Film, other: Film) -> NDArray[np.bool_]:
    """(T, H, W): equal bits in two renders with one seed, here and all around."""
    side = 2 * REACH + 1
    kernel = np.ones((side, side), dtype=np.uint8)
    every = (raw == other).all(axis=-1).astype(np.uint8)
    return np.stack(
        [cv2.erode(one, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1) > 0 for one in every]
    )


def equal(ours: Film, others: Film, same: NDArray[np.bool_]) -> float:
    """Share of the pixels `same` that have equal bits in both worlds; 1 where there are none."""
    return float((ours == others).all(axis=-1)[same].mean()) if same.any() else 1.0


@dataclass(frozen=True)
class Figures:
    """Of one scene, the worst of its worlds; levels of 255 unless said otherwise."""

    bias_p50: float
    bias_p99: float
    bias_max: float
    bias_excess: float
    """Largest bias of a tile beyond three standard errors of the truth."""
    lag_p99: float
    lag_max: float
    """Of cells of half a tile: change since the first frame, and change from world to world."""
    stale: int
    """Cells that stand still although the truth changed."""
    followed: float
    """Slope of the film's changes over the truth's: 1 follows, 0 stands still."""
    seam: float
    edge_p99: float
    edge_max: float
    equal: float
    """Share of pixels of equal light that are equal bit for bit."""


def measure(
    ours: Mapping[str, Film],
    truth: Mapping[str, Truth],
    ids: Mapping[str, NDArray[np.integer]],
    tile: int,
    static: bool,
    equal_share: float = 1.0,
) -> Figures:
    """All figures of a film. The first world is the factual one. static: the camera stands."""
    factual = next(iter(ours))
    biases, excess, lags, seams, edges = [], [], [], [], []
    for world, film in ours.items():
        mine = bias(film, truth[world], tile)
        biases.append(mine.ravel())
        excess.append((mine - 3 * noise(truth[world], tile)).ravel())
        mean = truth[world].mean
        if static:
            lags.append(lag(film, truth[world], tile // 2))
        if world != factual:
            lags.append(lag(film, truth[world], tile // 2, ours[factual], truth[factual]))
        seams.append(seam(film, mean, tile))
        edges.append(edge(film, mean, ids[world]))
    all_bias, all_edges = np.concatenate(biases), np.concatenate(edges)
    off = np.concatenate([one.off.ravel() for one in lags])
    return Figures(
        *(float(value) for value in np.percentile(all_bias, [50, 99, 100])),
        float(np.concatenate(excess).max()),
        *(float(value) for value in np.percentile(off, [99, 100])),
        int(sum(one.stale.sum() for one in lags)),
        _followed(ours, truth, tile, static),
        max(seams),
        *(float(value) for value in np.percentile(all_edges, [99, 100])),
        equal_share,
    )


def _followed(ours: Mapping[str, Film], truth: Mapping[str, Truth], tile: int, static: bool) -> float:
    """Regression through zero of the film's steps on the truth's, over frames and worlds."""
    factual = next(iter(ours))
    steps, true_steps = [], []
    for world, film in ours.items():
        mean = truth[world].mean
        if static:
            steps.append(cell_means(film[1:] - film[:-1], tile).ravel())
            true_steps.append(cell_means(mean[1:] - mean[:-1], tile).ravel())
        if world != factual:
            steps.append(cell_means(film - ours[factual], tile).ravel())
            true_steps.append(cell_means(mean - truth[factual].mean, tile).ravel())
    step, true_step = np.concatenate(steps), np.concatenate(true_steps)
    return float((step * true_step).sum() / max((true_step**2).sum(), 1e-9))
