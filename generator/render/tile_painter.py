"""Film by tile states: probe every frame of every world, then render each distinct state of a tile once.

First pass (`_probe_all`): one sample a pixel tells which tiles of which frame and world are new; what is not
new shares a state with an earlier frame, another world or the plate. Second pass (`paint`): new states are
rendered with samples by what is in them and how often they are shown, and denoised into each world's picture.

A counterfactual picture takes the factual one's pixels wherever the states agree, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator.render import cycles
from generator.render.camera import is_static, pinhole
from generator.render.clock import Clock
from generator.render.cycles import Box, Image, Passes
from generator.render.denoise import Denoiser
from generator.render.footprint import footprints
from generator.render.plate import movers
from generator.render.probe import Probe, make_probe
from generator.render.quality import Quality
from generator.render.repaint import repaint
from generator.render.stage import Stage
from generator.render.states import StateBook, StateMap, StateTable
from generator.render.tiles import Grid, TileMask, dilate, rectangles
from generator.render.visibility import Visibility
from generator.render.worlds import FACTUAL, World

WIDE = 256
"""From this width on tiles have 16 pixels and probes are small; below, 8 and probes have full size."""
CALL_PRICE = 1900
"""What a call of the renderer costs besides its samples, in pixels times samples (measured: about 6 ms)."""
PLATE = "plate"


class TilePainter:
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
        self._static = is_static(self._scene.camera)
        width, height = self._scene.size
        wide = width >= WIDE
        self._grid = Grid((width, height), 16 if wide else 8)
        step = quality.probe_step if wide else 1
        # Rounded up, so that the probe has as many tiles as the picture.
        self._probe_size = (-(-width // step), -(-height // step))
        self._probe_grid = Grid(self._probe_size, self._grid.tile // step)
        self._movers = movers(self._scene, worlds)
        self._book: StateBook | None = None
        self._table: StateTable | None = None
        self._samples = np.zeros(0, dtype=np.int32)
        self._born: dict[tuple[int, int], np.ndarray] = {}
        self._tiles: dict[int, Passes] = {}
        self._raw: dict[str, Passes] = {}
        self._own: dict[str, Image] = {}
        self._shown: dict[str, StateMap] = {}
        self._plate_picture: Image | None = None
        self._plate_states: StateMap | None = None
        self._calls = 0
        self._work = 0
        self._denoised = 0.0

    # --- first pass -------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Probe the whole film, decide the samples of every state, and render the plate."""
        with self._clock("probe"):
            self._probe_all()
        assert self._book is not None
        with self._clock("match"):
            self._table = table = self._book.table()
            self._samples = _samples(table, self._quality)
            order = np.lexsort((table.world, table.frame))
            keys = np.stack([table.frame, table.world], axis=1)[order]
            starts = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
            for start, end in zip(starts, np.r_[starts[1:], len(order)], strict=True):
                self._born[int(keys[start, 0]), int(keys[start, 1])] = order[start:end]
        if self._static:
            self._render_plate()

    def _probe_all(self) -> None:
        scene = self._scene
        self._book = StateBook(self._grid, list(self._worlds), across_time=self._static)
        with cycles.picture_size(self._probe_size):
            if self._static:
                self._stage.set_camera(0)
                factual = self._worlds[FACTUAL]
                self._plate_states = self._book.add_plate(self._probe(factual, 0, self._movers))
            for frame in range(scene.frames):
                self._stage.set_camera(frame)
                for name, world in self._worlds.items():
                    if self._static and frame > 0 and world.stands(frame):
                        self._book.repeat(name)
                    else:
                        self._book.add(name, frame, self._probe(world, frame, world.removed))

    def _probe(self, world: World, frame: int, hidden: frozenset[str]) -> Probe:
        camera = self._scene.camera
        sight = self._visibility.look(pinhole(camera, frame, self._scene.size), world.poses[frame], hidden)
        signature, things = footprints(sight, self._grid, camera, camera.poses[frame])
        self._stage.show(world.poses[frame], hidden)
        return make_probe(cycles.render(1), self._probe_grid, self._exposure, signature, things)

    def _render_plate(self) -> None:
        assert self._table is not None
        assert self._plate_states is not None
        used = self._table.uses[self._plate_states] > 0
        self._stage.set_camera(0)
        with self._clock("render"):
            self._stage.show(self._worlds[FACTUAL].poses[0], self._movers)
            # The tiles around are rendered too, so that the denoiser never meets a black hole.
            self._render_states(self._plate_states[dilate(dilate(used))])
            blank = np.zeros((self._scene.size[1], self._scene.size[0], 3), dtype=np.float32)
            raw = Passes(blank, blank.copy(), blank.copy())
            self._put(raw, self._plate_states, dilate(dilate(used)))
        with self._clock("denoise"):
            picture = blank.copy()
            self._denoised += repaint(picture, raw, used, self._grid, self._denoiser)
        self._plate_picture = picture
        for name in self._worlds:
            self._raw[name], self._own[name] = raw.copy(), picture.copy()
            self._shown[name] = self._plate_states

    # --- second pass ------------------------------------------------------------------------------

    def paint(self, frame: int) -> dict[str, Image]:
        """The linear picture (H, W, 3) of every world at `frame`. Frames come in order."""
        if self._table is None:
            self.prepare()
            self._stage.set_camera(frame)
        assert self._book is not None
        assert self._table is not None
        maps = self._book.maps(frame)
        with self._clock("render"):
            for index, world in enumerate(self._worlds.values()):
                born = self._born.get((frame, index))
                if born is not None:
                    self._stage.show(world.poses[frame], world.removed)
                    self._render_states(born)
        pictures: dict[str, Image] = {}
        with self._clock("denoise"):
            for name, states in maps.items():
                pictures[name] = self._compose(name, states, maps[FACTUAL], pictures.get(FACTUAL))
        self._forget(frame)
        return pictures

    def _compose(
        self, name: str, states: StateMap, factual: StateMap, factual_picture: Image | None
    ) -> Image:
        """Bring one world's picture up to date."""
        if name not in self._shown:  # a moving camera, first frame: nothing to build on
            height, width = self._scene.size[1], self._scene.size[0]
            blank = np.zeros((height, width, 3), dtype=np.float32)
            self._raw[name] = Passes(blank, blank.copy(), blank.copy())
            self._own[name] = blank.copy()
            self._shown[name] = np.full_like(states, -1)
        fresh = states != self._shown[name]
        self._put(self._raw[name], states, fresh)
        self._shown[name] = states
        own = self._own[name]
        if factual_picture is not None:
            equal = states == factual
            pixels = np.asarray(self._grid.spread(equal), dtype=bool)
            own[pixels] = factual_picture[pixels]
            fresh = fresh & ~equal
        if self._plate_picture is not None and self._plate_states is not None:
            empty = fresh & (states == self._plate_states)
            pixels = np.asarray(self._grid.spread(empty), dtype=bool)
            own[pixels] = self._plate_picture[pixels]
            fresh = fresh & ~empty
        self._denoised += repaint(own, self._raw[name], fresh, self._grid, self._denoiser)
        return own.copy()

    def _render_states(self, states: np.ndarray) -> None:
        """Render states that the stage shows now, in as few calls as pays, and keep them as tiles."""
        assert self._table is not None
        grid = self._grid
        for samples in np.unique(self._samples[states]):
            mine = states[self._samples[states] == samples]
            mask = np.zeros(grid.rows * grid.columns, dtype=bool)
            mask[self._table.tile[mine]] = True
            state_at = dict(zip(self._table.tile[mine].tolist(), mine.tolist(), strict=True))
            spare = CALL_PRICE / (int(samples) * grid.tile**2)
            for span in rectangles(mask.reshape(grid.rows, grid.columns), spare):
                box = grid.pixels(span)
                passes = cycles.render(int(samples), box)
                self._calls += 1
                self._work += int(samples) * passes.color.shape[0] * passes.color.shape[1]
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

    def _put(self, raw: Passes, states: StateMap, where: TileMask) -> None:
        """Lay the rendered tiles `where` into a whole picture."""
        for row, column in np.argwhere(where).tolist():
            raw.paste(self._grid.box(row, column), self._tiles[int(states[row, column])])

    def _forget(self, frame: int) -> None:
        """Drop tiles that no later frame shows; memory stays that of a few pictures."""
        assert self._table is not None
        for state in [state for state in self._tiles if self._table.last[state] <= frame]:
            del self._tiles[state]

    def report(self) -> dict[str, object]:
        """Tile statistics, for the pair's metadata."""
        assert self._table is not None
        table, grid = self._table, self._grid
        shown = self._scene.frames * len(self._worlds) * grid.rows * grid.columns
        born = table.frame >= 0
        return {
            "method": "tiles",
            "tiles": {
                "size": grid.tile,
                "shown": shown,
                "rendered": int(born.sum()),
                "from_plate": int(table.uses[~born].sum()),
                "with_things": int((born & table.things).sum()),
                "render_calls": self._calls,
                "pictures_denoised": round(self._denoised, 2),
                "samples_a_shown_pixel": round(
                    self._work
                    / (self._scene.frames * len(self._worlds) * self._scene.size[0] * self._scene.size[1]),
                    2,
                ),
            },
        }


def _samples(table: StateTable, quality: Quality) -> np.ndarray:
    """Samples of every state: its noise is seen as often as it is shown; they grow with the root of that."""
    samples = np.empty(len(table.frame), dtype=np.int32)
    for things, steps in ((True, quality.thing_samples), (False, quality.room_samples)):
        mine = table.things == things
        ladder = np.array(steps)
        wanted = steps[0] * np.sqrt(np.maximum(table.uses[mine], 1))
        samples[mine] = ladder[np.clip(np.searchsorted(ladder * 1.25, wanted), 0, len(ladder) - 1)]
    samples[table.frame < 0] = quality.plate_samples
    return samples
