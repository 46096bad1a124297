"""Denoise only what changed, and lay it into what stands, with soft edges.

OIDN costs by the pixel and its result depends a little on what lies around. A region is denoised with a
margin, and feathered into the picture outside the changed tiles, where old and new show the same thing.
"""

from __future__ import annotations

import cv2
import numpy as np

from generator.render.cycles import Image, Passes
from generator.render.denoise import Denoiser
from generator.render.tiles import NEIGHBOURS, Grid, TileMask

MARGIN = 2
"""Tiles denoised around a region, so that OIDN sees what it stands in."""
WHOLE_PICTURE = 0.6
"""From this share of the picture on, one denoising of all of it is cheaper than of parts."""


def repaint(picture: Image, passes: Passes, new: TileMask, grid: Grid, denoiser: Denoiser) -> float:
    """Denoise `passes` in the tiles `new` and lay them into `picture`. Returns pictures' worth denoised."""
    if not new.any():
        return 0.0
    regions = _regions(new)
    area = sum((row1 - row0) * (column1 - column0) for (row0, column0, row1, column1), _ in regions)
    if area > WHOLE_PICTURE * new.size:
        lay(picture, denoiser(passes), grid.feather(new))
        return 1.0
    for span, mine in regions:
        x0, y0, x1, y1 = grid.pixels(span)
        clean = denoiser(passes.crop((x0, y0, x1, y1)))
        lay(picture[y0:y1, x0:x1], clean, grid.feather(mine)[y0:y1, x0:x1])
    return area / new.size


def lay(picture: Image, over: Image, weight: Image) -> None:
    """Blend `over` into `picture` in place; where the weight is 0 or 1 the bits are those of one of them."""
    blend = picture + (over - picture) * weight
    picture[...] = np.where(weight >= 1, over, np.where(weight <= 0, picture, blend))


def _regions(new: TileMask) -> list[tuple[tuple[int, int, int, int], TileMask]]:
    """Spans (row0, column0, row1, column1) to denoise, each with the new tiles that it is for."""
    rows, columns = new.shape
    grown = cv2.dilate(new.astype(np.uint8), NEIGHBOURS, iterations=2)
    count, label, boxes, _ = cv2.connectedComponentsWithStats(grown)
    regions = []
    for index in range(1, count):
        mine = new & (label == index)
        column, row, width, height = (int(value) for value in boxes[index][:4])
        # `grown` has reached two tiles out already, which is the margin; the feather needs one more.
        extra = MARGIN - 1
        span = (
            max(0, row - extra),
            max(0, column - extra),
            min(rows, row + height + extra),
            min(columns, column + width + extra),
        )
        regions.append((span, mine))
    return regions
