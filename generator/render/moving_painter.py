"""Film by tile states under a moving camera: the worlds of a frame share tiles, and frames share light.

No tile is what it was a frame ago, so there is no plate and nothing to plan ahead. The factual picture is
rendered whole with few samples, the others where a probe says that they differ; what earlier frames saw of
each surface is averaged in (`history`). Tiles that show what was not seen before get more samples.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator.render import cycles
from generator.render.camera import pinhole
from generator.render.clock import Clock
from generator.render.cycles import Image, Passes
from generator.render.denoise import Denoiser
from generator.render.footprint import footprints
from generator.render.history import LightHistory, Recollection
from generator.render.probe import make_probe
from generator.render.quality import Quality
from generator.render.repaint import repaint
from generator.render.same_light import same_light
from generator.render.stage import Stage
from generator.render.states import StateBook, StateMap, StateTable
from generator.render.tile_store import TileStore
from generator.render.tiles import grids
from generator.render.visibility import Sight, Visibility
from generator.render.worlds import FACTUAL, World

UNSEEN = 2.0
"""Frames' worth of memory below which a pixel counts as not seen before."""
UNSEEN_SHARE = 0.05
"""... and the share of such pixels from which a tile gets more samples."""
SEED_STEP = 7919
"""Each frame has noise of its own, or what is remembered would bring the same noise again."""


class MovingPainter:
    """Paints the frames of a film in order."""

    def __init__(
        self,
        stage: Stage,
        visibility: Visibility,
        worlds: Mapping[str, World],
        quality: Quality,
        exposure: float,
        denoiser: Denoiser,
        clock: Clock,
    ) -> None:
        self._stage, self._visibility, self._worlds = stage, visibility, worlds
        self._quality, self._exposure, self._denoiser, self._clock = quality, exposure, denoiser, clock
        self._scene = stage.scene
        self._grid, self._probe_grid = grids(self._scene.size, quality.probe_step)
        self._store = TileStore(self._grid)
        self._histories = {name: LightHistory() for name in worlds}
        self._rendered = self._with_things = 0
        self._denoised = 0.0

    def paint(self, frame: int) -> dict[str, Image]:
        """The linear picture (H, W, 3) of every world at `frame`. Frames come in order."""
        seed = self._scene.seed + SEED_STEP * frame
        camera = pinhole(self._scene.camera, frame, self._scene.size)
        with self._clock("probe"):
            sights = {
                name: self._visibility.look(camera, world.poses[frame], world.removed)
                for name, world in self._worlds.items()
            }
            book = self._probe(frame, sights, seed)
        table, maps = book.table(), book.maps(0)
        with self._clock("history"):
            recalled = {
                name: self._histories[name].recall(sight, self._worlds[name].poses[max(frame - 1, 0)])
                for name, sight in sights.items()
            }
            samples = self._samples(table, maps, recalled)
        with self._clock("render"):
            for index, world in enumerate(self._worlds.values()):
                born = np.flatnonzero(table.world == index)
                if len(born):
                    self._stage.show(world.poses[frame], world.removed)
                    self._store.render(table, born, samples[born], seed)
        self._rendered += len(samples)
        self._with_things += int(table.things.sum())
        pictures = self._compose(maps, recalled, sights)
        self._store.clear()
        return pictures

    def _probe(self, frame: int, sights: Mapping[str, Sight], seed: int) -> StateBook:
        book = StateBook(self._grid, list(self._worlds), across_time=False)
        camera = self._scene.camera
        with cycles.picture_size(self._probe_grid.size):
            for name, world in self._worlds.items():
                signature, things = footprints(sights[name], self._grid, camera, camera.poses[frame])
                self._stage.show(world.poses[frame], world.removed)
                passes = cycles.render(1, seed=seed)
                book.add(name, 0, make_probe(passes, self._probe_grid, self._exposure, signature, things))
        return book

    def _samples(
        self, table: StateTable, maps: Mapping[str, StateMap], recalled: Mapping[str, Recollection]
    ) -> np.ndarray:
        """Samples of every state; all worlds' states of a tile have as many, so that bits can be compared."""
        grid, quality = self._grid, self._quality
        things = np.zeros(grid.rows * grid.columns, dtype=bool)
        things[table.tile[table.things]] = True
        unseen = np.zeros((grid.rows, grid.columns), dtype=bool)
        for name in maps:
            unknown = (recalled[name].weight < UNSEEN).astype(np.float32)[..., None]
            share = grid.split(unknown).mean(axis=(2, 3))
            unseen |= share > UNSEEN_SHARE
        rung = unseen.ravel().astype(int)
        samples = np.where(
            things, np.take(quality.moving_thing_samples, rung), np.take(quality.moving_room_samples, rung)
        )
        return samples[table.tile]

    def _compose(
        self, maps: Mapping[str, StateMap], recalled: Mapping[str, Recollection], sights: Mapping[str, Sight]
    ) -> dict[str, Image]:
        pictures: dict[str, Image] = {}
        raw: dict[str, Passes] = {}
        everywhere = np.ones((self._grid.rows, self._grid.columns), dtype=bool)
        for name, states in maps.items():
            history = self._histories[name]
            fresh = everywhere if name == FACTUAL else states != maps[FACTUAL]
            with self._clock("history"):
                raw[name] = raw[FACTUAL].copy() if name != FACTUAL else self._blank()
                self._store.put(raw[name], states, fresh)
                passes = history.merge(raw[name], recalled[name], sights[name])
            with self._clock("denoise"):
                if name == FACTUAL:
                    pictures[name] = self._denoiser(passes)
                    self._denoised += 1
                    continue
                pictures[name] = pictures[FACTUAL].copy()
                inside = np.asarray(self._grid.spread(fresh), dtype=bool)
                inside &= ~same_light(raw[name], raw[FACTUAL])
                history.adopt(self._histories[FACTUAL], ~inside)
                self._denoised += repaint(pictures[name], passes, fresh, self._grid, self._denoiser, inside)
        return pictures

    def _blank(self) -> Passes:
        width, height = self._scene.size
        blank = np.zeros((height, width, 3), dtype=np.float32)
        return Passes(blank, blank.copy(), blank.copy())

    def report(self) -> dict[str, object]:
        """Tile statistics, for the pair's metadata."""
        grid, (width, height) = self._grid, self._scene.size
        pictures = self._scene.frames * len(self._worlds)
        return {
            "method": "tiles",
            "tiles": {
                "size": grid.tile,
                "shown": pictures * grid.rows * grid.columns,
                "rendered": self._rendered,
                "from_plate": 0,
                "with_things": self._with_things,
                "render_calls": self._store.calls,
                "pictures_denoised": round(self._denoised, 2),
                "samples_a_shown_pixel": round(self._store.work / (pictures * width * height), 2),
            },
        }
