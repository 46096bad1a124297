"""The picture as a grid of square tiles: cutting up, putting together, choosing rectangles, soft edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Box

TileMask = NDArray[np.bool_]
"""(rows, columns)."""

NEIGHBOURS = np.ones((3, 3), dtype=np.uint8)
WIDE = 256
"""From this width on tiles have 16 pixels and probes are small; below, 8 and probes have full size."""


@dataclass(frozen=True)
class Grid:
    """Tiles of `tile` pixels over a picture of `size` (width, height); the last row and column may be cut."""

    size: tuple[int, int]
    tile: int

    @property
    def rows(self) -> int:
        return -(-self.size[1] // self.tile)

    @property
    def columns(self) -> int:
        return -(-self.size[0] // self.tile)

    def split(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """(H, W, C) -> (rows, columns, tile * tile, C); cut tiles repeat their edge."""
        tile, rows, columns = self.tile, self.rows, self.columns
        height, width = image.shape[:2]
        if (height, width) != (rows * tile, columns * tile):
            image = np.pad(
                image, ((0, rows * tile - height), (0, columns * tile - width), (0, 0)), mode="edge"
            )
        cut = image.reshape(rows, tile, columns, tile, -1).swapaxes(1, 2)
        return np.ascontiguousarray(cut).reshape(rows, columns, tile * tile, -1)

    def box(self, row: int, column: int) -> Box:
        """The pixels of one tile."""
        return self.pixels((row, column, row + 1, column + 1))

    def pixels(self, span: tuple[int, int, int, int]) -> Box:
        """The pixels of the tiles from row, column to row, column (outside)."""
        tile = self.tile
        row0, column0, row1, column1 = span
        width, height = self.size
        return column0 * tile, row0 * tile, min(column1 * tile, width), min(row1 * tile, height)

    def spread(self, mask: NDArray[np.generic]) -> NDArray[np.generic]:
        """A value for each tile -> (H, W), the same value for all its pixels."""
        width, height = self.size
        wide = np.repeat(np.repeat(mask, self.tile, axis=0), self.tile, axis=1)
        return wide[:height, :width]

    def any(self, mask: NDArray[np.bool_]) -> TileMask:
        """(H, W) -> (rows, columns): is any pixel of the tile marked?"""
        rows = np.logical_or.reduceat(mask, np.arange(0, self.size[1], self.tile), axis=0)
        return np.asarray(np.logical_or.reduceat(rows, np.arange(0, self.size[0], self.tile), axis=1))


def grids(size: tuple[int, int], probe_step: int) -> tuple[Grid, Grid]:
    """The grid of a picture of `size` and that of its probe, with as many tiles."""
    wide = size[0] >= WIDE
    step = probe_step if wide else 1
    grid = Grid(size, 16 if wide else 8)
    return grid, Grid((-(-size[0] // step), -(-size[1] // step)), grid.tile // step)


def dilate(mask: TileMask) -> TileMask:
    """The marked tiles and their eight neighbours."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), NEIGHBOURS) > 0)


def rectangles(mask: TileMask, spare: float = 0.0) -> list[tuple[int, int, int, int]]:
    """Few spans (row0, column0, row1, column1) that cover the marked tiles.

    Runs of a row, merged downwards where equal; then pairs are joined while a joint span has at most `spare`
    tiles more than the two together (a call of the renderer has a price, and so has a tile).
    """
    spans: list[tuple[int, int, int, int]] = []
    above: dict[tuple[int, int], int] = {}
    for row in range(mask.shape[0] + 1):
        runs: list[tuple[int, int]] = []
        if row < mask.shape[0]:
            edges = np.flatnonzero(np.diff(np.concatenate([[0], mask[row].astype(np.int8), [0]])))
            runs = [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
        going_on = {run: above.pop(run, row) for run in runs}
        spans += [(top, start, row, end) for (start, end), top in above.items()]
        above = going_on
    return _join(spans, spare) if spare > 0 else spans


def _join(spans: list[tuple[int, int, int, int]], spare: float) -> list[tuple[int, int, int, int]]:
    def area(span: tuple[int, int, int, int]) -> int:
        return (span[2] - span[0]) * (span[3] - span[1])

    spans = list(spans)
    first = 0
    while first < len(spans):
        for second in range(first + 1, len(spans)):
            a, b = spans[first], spans[second]
            joint = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
            if area(joint) - area(a) - area(b) <= spare:
                spans[first] = joint
                del spans[second]
                first = -1  # the joint span may reach others: start over
                break
        first += 1
    return spans
