"""Denoise only what changed, and fit it into what stands.

OIDN costs by the pixel and its result depends a little on what lies around. A region is denoised with a
margin; new tiles are then shifted, near their border, by what the denoiser makes otherwise of the standing
pixels beside them. Those keep their bits: nothing shimmers around a moving thing, and there is no seam.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Image, Passes
from generator.render.denoise import Denoiser
from generator.render.tiles import NEIGHBOURS, Grid, TileMask

MARGIN = 2
"""Tiles denoised around a region, so that OIDN sees what it stands in."""
WHOLE_PICTURE = 0.6
"""From this share of the picture on, one denoising of all of it is cheaper than of parts."""


def repaint(picture: Image, passes: Passes, new: TileMask, grid: Grid, denoiser: Denoiser) -> float:
    """Denoise `passes` in the tiles `new` and put them into `picture`. Returns pictures' worth denoised."""
    if not new.any():
        return 0.0
    regions = _regions(new)
    area = sum((row1 - row0) * (column1 - column0) for (row0, column0, row1, column1), _ in regions)
    if area > WHOLE_PICTURE * new.size:
        regions = [((0, 0, new.shape[0], new.shape[1]), new)]
        area = new.size
    for span, mine in regions:
        x0, y0, x1, y1 = grid.pixels(span)
        clean = denoiser(passes.crop((x0, y0, x1, y1)))
        inside = np.asarray(grid.spread(mine)[y0:y1, x0:x1], dtype=bool)
        stands = ~np.asarray(grid.spread(new)[y0:y1, x0:x1], dtype=bool)
        fit(picture[y0:y1, x0:x1], clean, inside, stands, grid.tile)
    return area / new.size


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
