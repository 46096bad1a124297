"""Rendered tiles: asks Cycles for the states that are wanted, in as few calls as pays, and keeps them."""

from __future__ import annotations

import numpy as np

from generator.render import cycles
from generator.render.cycles import Box, Passes
from generator.render.states import StateMap, StateTable
from generator.render.tiles import Grid, TileMask, rectangles

CALL_PRICE = 1900
"""What a call of the renderer costs besides its samples, in pixels times samples (measured: about 6 ms)."""


class TileStore:
    """The tiles of one film. `calls` and `work` (pixels times samples) say what was spent."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._tiles: dict[int, Passes] = {}
        self.calls = 0
        self.work = 0

    def render(
        self, table: StateTable, states: np.ndarray, samples: np.ndarray, seed: int | None = None
    ) -> None:
        """Render states that the stage shows now. states, samples: (S,); seed: another than the film's."""
        grid = self._grid
        for count in np.unique(samples):
            mine = states[samples == count]
            mask = np.zeros(grid.rows * grid.columns, dtype=bool)
            mask[table.tile[mine]] = True
            state_at = dict(zip(table.tile[mine].tolist(), mine.tolist(), strict=True))
            spare = CALL_PRICE / (int(count) * grid.tile**2)
            for span in rectangles(mask.reshape(grid.rows, grid.columns), spare):
                box = grid.pixels(span)
                passes = cycles.render(int(count), box, seed)
                self.calls += 1
                self.work += int(count) * passes.color.shape[0] * passes.color.shape[1]
                self._keep(passes, box, span, state_at)

    def _keep(
        self, passes: Passes, box: Box, span: tuple[int, int, int, int], state_at: dict[int, int]
    ) -> None:
        for row in range(span[0], span[2]):
            for column in range(span[1], span[3]):
                state = state_at.get(row * self._grid.columns + column)
                if state is not None:
                    x0, y0, x1, y1 = self._grid.box(row, column)
                    part = passes.crop((x0 - box[0], y0 - box[1], x1 - box[0], y1 - box[1]))
                    self._tiles[state] = part.copy()

    def put(self, raw: Passes, states: StateMap, where: TileMask) -> None:
        """Lay the rendered tiles `where` into a whole picture."""
        for row, column in np.argwhere(where).tolist():
            raw.paste(self._grid.box(row, column), self._tiles[int(states[row, column])])

    def forget(self, table: StateTable, frame: int) -> None:
        """Drop tiles that no frame after `frame` shows; memory stays that of a few pictures."""
        for state in [state for state in self._tiles if table.last[state] <= frame]:
            del self._tiles[state]

    def clear(self) -> None:
        """Drop every tile."""
        self._tiles.clear()
