"""Denoise only what changed, and fit it into what stands.

OIDN costs by the pixel and its result depends a little on what lies around. A region is denoised with a
margin; new pixels are then shifted, near those that stand, by what the denoiser makes otherwise of the
standing ones. Those keep their bits: nothing shimmers around a moving thing, and there is no seam.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Image, Passes
from generator.render.denoise import Denoiser
from generator.render.tiles import NEIGHBOURS, Grid, TileMask

MARGIN = 2
"""Tiles denoised around a region, so that OIDN sees what it stands in."""
MOST_GAIN = 1.6
"""A reference may brighten or darken by no more than this factor."""
SURFACE_STEP = 0.2
"""Albedo or normals that differ by this are another surface."""
WHOLE_PICTURE = 0.6
"""From this share of the picture on, one denoising of all of it is cheaper than of parts."""


@dataclass(frozen=True)
class Reference:
    """A picture whose light is known: raw as it was sampled, and as it is shown."""

    raw: Passes
    picture: Image


def repaint(
    picture: Image,
    passes: Passes,
    new: TileMask,
    grid: Grid,
    denoiser: Denoiser,
    inside: NDArray[np.bool_] | None = None,
    reference: Reference | None = None,
) -> float:
    """Denoise `passes` in the tiles `new` and put them into `picture`. Returns pictures' worth denoised.

    inside: (H, W) the pixels that are to change; None is all of `new`. reference: a better picture, sampled
    with the same noise, of the same place without what is new: see `relight`.
    """
    if inside is None:
        inside = np.asarray(grid.spread(new), dtype=bool)
    if not inside.any():
        return 0.0
    new = new & grid.any(inside)
    regions = _regions(new)
    area = sum((row1 - row0) * (column1 - column0) for (row0, column0, row1, column1), _ in regions)
    if area > WHOLE_PICTURE * new.size:
        regions = [((0, 0, new.shape[0], new.shape[1]), new)]
        area = new.size
    for span, mine in regions:
        box = x0, y0, x1, y1 = grid.pixels(span)
        here = np.s_[y0:y1, x0:x1]
        clean = denoiser(passes.crop(box))
        if reference is not None:
            before = reference.raw.crop(box)
            weight = same_surface(passes.crop(box), before)
            clean = relight(clean, denoiser(before), reference.picture[here], weight)
        paint = inside[here] & np.asarray(grid.spread(mine)[here], dtype=bool)
        fit(picture[here], clean, paint, ~inside[here], grid.tile)
    return area * (2 if reference is not None else 1) / new.size


def same_surface(now: Passes, before: Passes) -> NDArray[np.float32]:
    """(H, W) 0..1: how far the same surface is seen in both, so that at most its light is another.

    Albedo and normal follow mirror paths, so on a glossy thing single pixels differ by a little; a hard
    decision would freckle it.
    """
    apart = np.abs(now.albedo - before.albedo).max(axis=-1) / SURFACE_STEP
    apart += np.abs(now.normal - before.normal).max(axis=-1) / SURFACE_STEP
    return np.asarray(cv2.blur(np.clip(1 - apart, 0, 1), (5, 5), borderType=cv2.BORDER_REFLECT))


def relight(clean: Image, echo: Image, shown: Image, weight: NDArray[np.float32]) -> Image:
    """`clean` with the noise it shares with `echo` taken out.

    echo: the reference, sampled and denoised as `clean` was; shown: the reference with many samples. Where
    the surface is the same (`weight` 1), light changes by clean / echo, and what is shown times that is a
    better picture than `clean` itself: the errors of both cancel (a ratio estimator, Heitz, Hill and
    McGuire 2018).
    """
    floor = np.float32(1e-3)
    gain = np.clip((shown + floor) / (echo + floor), 1 / MOST_GAIN, MOST_GAIN)
    return np.asarray(clean * (1 + weight[..., None] * (gain - 1)), dtype=np.float32)


def fit(
    picture: Image, clean: Image, inside: NDArray[np.bool_], stands: NDArray[np.bool_], reach: int
) -> None:
    """Put `clean` into `picture` where `inside`, made continuous with the pixels that stand.

    inside, stands: (H, W). The shift is the local mean of picture - clean over standing pixels within
    `reach` / 2, and dies away at that distance from them.
    """
    if inside.all():
        picture[...] = clean
        return
    weight = stands.astype(np.float32)
    window = (reach + 1, reach + 1)
    share = cv2.blur(weight, window, borderType=cv2.BORDER_REFLECT)
    shift = cv2.blur((picture - clean) * weight[..., None], window, borderType=cv2.BORDER_REFLECT)
    shift *= (np.minimum(2 * share, 1) / np.maximum(share, 1e-6))[..., None]
    picture[inside] = np.maximum(clean + shift, 0)[inside]


def _regions(new: TileMask) -> list[tuple[tuple[int, int, int, int], TileMask]]:
    """Spans (row0, column0, row1, column1) to denoise, each with the new tiles that it is for."""
    rows, columns = new.shape
    grown = cv2.dilate(new.astype(np.uint8), NEIGHBOURS, iterations=2)
    count, label, boxes, _ = cv2.connectedComponentsWithStats(grown)
    regions = []
    for index in range(1, count):
        mine = new & (label == index)
        column, row, width, height = (int(value) for value in boxes[index][:4])
        # `grown` has reached two tiles out already, which is the margin; one more for what stands.
        extra = MARGIN - 1
        span = (
            max(0, row - extra),
            max(0, column - extra),
            min(rows, row + height + extra),
            min(columns, column + width + extra),
        )
        regions.append((span, mine))
    return regions
