"""Film by tile states under a moving camera: the worlds of a frame share tiles, and frames share light.

No tile is what it was a frame ago, so there is no plate. First pass (`prepare`): probes tell where the
worlds of each frame differ, and where light is stirred from frame to frame. Second pass (`paint`): the
factual picture is rendered whole with few samples, the others where they differ, some frames ahead; and
what the frames around it saw of each surface is averaged in (`history`). Tiles that no frame near knows
get more samples.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from generator.render import cycles, history
from generator.render.cycles import Image, Passes
from generator.render.footprint import footprints
from generator.render.history import Shot, View
from generator.render.probe import Probe, changed, make_probe
from generator.render.repaint import repaint
from generator.render.same_light import same_light
from generator.render.states import StateBook, StateTable
from generator.render.tile_painter import TilePainter, Workshop
from generator.render.tiles import TileMask
from generator.render.worlds import FACTUAL, World

STEPS = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128])
"""Samples that a tile may get: few numbers, for tiles of one number are rendered in few calls."""
ROUNDING = 1.2
"""What is wanted may be so many times a step before it is the next one."""
SEED_STEP = 7919
"""Each frame has noise of its own, or the frames around would say the same again."""


class MovingPainter(TilePainter):
    """Paints the frames of a film in order."""

    def __init__(self, shop: Workshop) -> None:
        super().__init__(shop)
        self._book = StateBook(self._grid, list(self._worlds), across_time=False)
        self._table: StateTable | None = None
        self._stirred: dict[str, list[TileMask]] = {name: [] for name in self._worlds}
        self._shots: dict[str, dict[int, Shot]] = {name: {} for name in self._worlds}
        self._next = 0

    # --- first pass -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Probe the whole film."""
        with self._clock("probe"), cycles.picture_size(self._probe_grid.size):
            for frame in range(self._scene.frames):
                self._stage.set_camera(frame)
                for name, world in self._worlds.items():
                    self._probe(name, world, frame)
        with self._clock("match"):
            self._table = self._book.table()

    def _probe(self, name: str, world: World, frame: int) -> None:
        camera = self._scene.camera
        sight = self._sight(world, frame, world.removed)
        signature, things = footprints(sight, self._grid, camera, camera.poses[frame])

        def look(at: int) -> Probe:
            self._stage.show(world.poses[at], world.removed)
            passes = cycles.render(1, seed=self._seed(frame))
            return make_probe(passes, self._probe_grid, self._exposure, signature, things)

        probe = look(frame)
        self._book.add(name, frame, probe)
        stirred = np.zeros((self._grid.rows, self._grid.columns), dtype=bool)
        if frame > 0 and not world.stands(frame):
            # The same camera and the same noise, and all that moves where it was before.
            stirred = changed(probe, look(frame - 1))
        self._stirred[name].append(stirred)

    def _seed(self, frame: int) -> int:
        return self._scene.seed + SEED_STEP * frame

    # --- second pass ------------------------------------------------------------------------------

    def paint(self, frame: int) -> dict[str, Image]:
        """The linear picture (H, W, 3) of every world at `frame`. Frames come in order."""
        if self._table is None:
            self.prepare()
        while self._next <= min(frame + history.REACH, self._scene.frames - 1):
            self._render(self._next)
            self._next += 1
        pictures: dict[str, Image] = {}
        maps = self._book.maps(frame)
        for name, states in maps.items():
            with self._clock("history"):
                passes = history.recall(self._shots[name], frame)
            with self._clock("denoise"):
                if name == FACTUAL:
                    pictures[name] = self._denoiser(passes)
                    self._denoised += 1
                    continue
                pictures[name] = pictures[FACTUAL].copy()
                fresh = states != maps[FACTUAL]
                inside = np.asarray(self._grid.spread(fresh), dtype=bool)
                inside &= ~same_light(self._shots[name][frame].passes, self._shots[FACTUAL][frame].passes)
                self._denoised += repaint(pictures[name], passes, fresh, self._grid, self._denoiser, inside)
        for shots in self._shots.values():
            shots.pop(frame - history.REACH, None)
        return pictures

    def _render(self, frame: int) -> None:
        """Render what is new at `frame` in every world, and keep it for the frames around."""
        assert self._table is not None
        table, grid = self._table, self._grid
        with self._clock("history"):
            views = {name: self._views(name, frame) for name in self._worlds}
            taken = self._samples(frame, views)
        self._stage.set_camera(frame)
        with self._clock("render"):
            for index, world in enumerate(self._worlds.values()):
                born = np.flatnonzero((table.frame == frame) & (table.world == index))
                if len(born):
                    self._stage.show(world.poses[frame], world.removed)
                    self._store.render(table, born, taken.ravel()[table.tile[born]], self._seed(frame))
        with self._clock("history"):
            maps = self._book.maps(frame)
            samples = np.asarray(grid.spread(taken), dtype=np.float32)
            for name, states in maps.items():
                if name == FACTUAL:
                    raw, other = self._blank(), np.ones(states.shape, dtype=bool)
                else:
                    raw, other = self._shots[FACTUAL][frame].passes, states != maps[FACTUAL]
                    raw = raw.copy() if other.any() else raw
                self._store.put(raw, states, other)
                self._shots[name][frame] = Shot(views[name][frame], raw, samples)
        self._store.clear()

    def _views(self, name: str, frame: int) -> dict[int, View]:
        """The frame itself and those beside it."""
        views = {}
        for other in range(max(frame - 1, 0), min(frame + 2, self._scene.frames)):
            known = self._shots[name].get(other)
            if known is not None:
                views[other] = known.view
            else:
                stirred = np.asarray(self._grid.spread(self._stirred[name][other]), dtype=bool)
                world = self._worlds[name]
                views[other] = View.of(self._sight(world, other, world.removed), stirred)
        return views

    def _samples(self, frame: int, views: Mapping[str, Mapping[int, View]]) -> NDArray[np.int32]:
        """(rows, columns): samples of each tile, in all worlds alike, so that bits can be compared.

        Samples go with the root of what a tile's mean error would be with equal ones, which makes the sum of
        all errors least: a pixel that the frames beside know has less of it.
        """
        assert self._table is not None
        grid, quality = self._grid, self._quality
        things = np.zeros(grid.rows * grid.columns, dtype=bool)
        here = (self._table.frame == frame) & self._table.things
        things[self._table.tile[here]] = True
        unknown = np.zeros((grid.rows, grid.columns), dtype=np.float32)
        for world in views.values():
            alone = np.ones(world[frame].ids.shape, dtype=np.float32)
            for _, place in history.places(world, frame, 1):
                alone[place.known] = 0
            unknown = np.maximum(unknown, grid.split(alone[..., None]).mean(axis=(2, 3)))
        mine = things.reshape(unknown.shape)[..., None]
        low, high = np.moveaxis(
            np.where(mine, quality.moving_thing_samples, quality.moving_room_samples), -1, 0
        )
        wanted = np.sqrt(unknown * high**2 + (1 - unknown) * low**2)
        rung = np.searchsorted(STEPS * ROUNDING, wanted)
        return STEPS[np.minimum(rung, len(STEPS) - 1)].astype(np.int32)

    def _blank(self) -> Passes:
        width, height = self._scene.size
        blank = np.zeros((height, width, 3), dtype=np.float32)
        return Passes(blank, blank.copy(), blank.copy())

    def report(self) -> dict[str, object]:
        """Tile statistics, for the pair's metadata."""
        assert self._table is not None
        return self._statistics(len(self._table.frame), 0, int(self._table.things.sum()))
