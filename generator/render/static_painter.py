"""Film by tile states under a static camera: probe the whole film, then render each distinct state once.

First pass (`_probe_all`): one sample a pixel tells which tiles of which frame and world are new; what is not
new shares a state with an earlier frame, another world or the plate. Second pass (`paint`): new states are
rendered with samples by what is in them and how often they are shown, and denoised into each world's picture.

A counterfactual picture takes the factual one's pixels wherever the states agree, bit for bit. All states of
one tile, the plate's included, are sampled alike: then, in a new state too, a pixel that no changed light
reaches has equal bits, and keeps what it shows (`same_light`).
"""

from __future__ import annotations

import numpy as np

from generator.render import cycles
from generator.render.cycles import Image, Passes
from generator.render.footprint import footprints
from generator.render.plate import movers
from generator.render.probe import Probe, make_probe
from generator.render.quality import Quality
from generator.render.repaint import Reference, repaint
from generator.render.same_light import same_light
from generator.render.states import StateBook, StateMap, StateTable
from generator.render.tile_painter import TilePainter, Workshop
from generator.render.tiles import TileMask
from generator.render.worlds import FACTUAL, World


class StaticPainter(TilePainter):
    """Paints the frames of a film in order."""

    def __init__(self, shop: Workshop) -> None:
        super().__init__(shop)
        self._movers = movers(self._scene, self._worlds)
        self._book: StateBook | None = None
        self._table: StateTable | None = None
        self._samples = np.zeros(0, dtype=np.int32)
        self._born: dict[tuple[int, int], np.ndarray] = {}
        self._raw: dict[str, Passes] = {}
        self._own: dict[str, Image] = {}
        self._shown: dict[str, StateMap] = {}
        self._plate: Reference | None = None
        self._plate_states: StateMap | None = None

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
        self._render_plate()

    def _probe_all(self) -> None:
        scene = self._scene
        self._book = StateBook(self._grid, list(self._worlds), across_time=True)
        with cycles.picture_size(self._probe_grid.size):
            factual = self._worlds[FACTUAL]
            self._plate_states = self._book.add_plate(self._probe(factual, 0, self._movers))
            for frame in range(scene.frames):
                for name, world in self._worlds.items():
                    if frame > 0 and world.stands(frame):
                        self._book.repeat(name)
                    else:
                        self._book.add(name, frame, self._probe(world, frame, world.removed))

    def _probe(self, world: World, frame: int, hidden: frozenset[str]) -> Probe:
        camera = self._scene.camera
        sight = self._sight(world, frame, hidden)
        signature, things = footprints(sight, self._grid, camera, camera.poses[frame])
        self._stage.show(world.poses[frame], hidden)
        return make_probe(cycles.render(1), self._probe_grid, self._exposure, signature, things)

    def _render_plate(self) -> None:
        """The room: clean, to be seen, and with the samples of a tile's other states, to be compared with
        them."""
        assert self._table is not None
        assert self._plate_states is not None
        everywhere = np.ones(self._plate_states.shape, dtype=bool)
        sampled = np.zeros(everywhere.shape, dtype=bool)
        sampled.ravel()[self._table.tile[self._table.frame >= 0]] = True
        blank = np.zeros((self._scene.size[1], self._scene.size[0], 3), dtype=np.float32)
        raw = Passes(blank, blank.copy(), blank.copy())
        with self._clock("render"):
            self._stage.show(self._worlds[FACTUAL].poses[0], self._movers)
            states = self._plate_states[everywhere]
            self._render_states(states, np.full(len(states), self._quality.plate_samples, dtype=np.int32))
            self._store.put(raw, self._plate_states, everywhere)
        with self._clock("denoise"):
            picture = blank.copy()
            self._denoised += repaint(picture, raw, everywhere, self._grid, self._denoiser)
        with self._clock("render"):
            states = self._plate_states[sampled]
            self._render_states(states, self._samples[states])
            self._store.put(raw, self._plate_states, sampled)
        self._plate = Reference(raw, picture)
        for name in self._worlds:
            self._raw[name], self._own[name] = raw.copy(), picture.copy()
            self._shown[name] = self._plate_states

    # --- second pass ------------------------------------------------------------------------------

    def paint(self, frame: int) -> dict[str, Image]:
        """The linear picture (H, W, 3) of every world at `frame`. Frames come in order."""
        if self._table is None:
            self.prepare()
        assert self._book is not None
        assert self._table is not None
        maps = self._book.maps(frame)
        with self._clock("render"):
            for index, world in enumerate(self._worlds.values()):
                born = self._born.get((frame, index))
                if born is not None:
                    self._stage.show(world.poses[frame], world.removed)
                    self._render_states(born, self._samples[born])
        pictures: dict[str, Image] = {}
        with self._clock("denoise"):
            for name, states in maps.items():
                pictures[name] = self._compose(name, states, maps[FACTUAL], pictures.get(FACTUAL))
        self._store.forget(self._table, frame)
        return pictures

    def _compose(
        self, name: str, states: StateMap, factual: StateMap, factual_picture: Image | None
    ) -> Image:
        """Bring one world's picture up to date."""
        fresh = states != self._shown[name]
        if not fresh.any():
            return self._own[name].copy()
        raw, own = self._raw[name], self._own[name]
        before = Reference(raw.copy(), own.copy())
        self._store.put(raw, states, fresh)
        self._shown[name] = states
        reference = self._plate
        current = None
        if factual_picture is not None:
            current = Reference(self._raw[FACTUAL], factual_picture)
            reference = reference or current
            fresh = self._take(own, current, fresh, states == factual)
        if self._plate is not None and self._plate_states is not None:
            fresh = self._take(own, self._plate, fresh, states == self._plate_states)
        inside = np.asarray(self._grid.spread(fresh), dtype=bool)
        # What is still stays so bit for bit, so a world's own last picture comes first.
        for known in (before, current, self._plate):
            if known is not None:
                same = inside & same_light(raw, known.raw)
                own[same] = known.picture[same]
                inside &= ~same
        self._denoised += repaint(own, raw, fresh, self._grid, self._denoiser, inside, reference)
        return own.copy()

    def _take(self, own: Image, known: Reference, fresh: TileMask, same: TileMask) -> TileMask:
        """Take whole tiles, those `fresh` and the `same`, from a picture; what is left of `fresh`."""
        pixels = np.asarray(self._grid.spread(fresh & same), dtype=bool)
        own[pixels] = known.picture[pixels]
        return fresh & ~same

    def _render_states(self, states: np.ndarray, samples: np.ndarray) -> None:
        """Render states that the stage shows now."""
        assert self._table is not None
        self._store.render(self._table, states, samples)

    def report(self) -> dict[str, object]:
        """Tile statistics, for the pair's metadata."""
        assert self._table is not None
        table = self._table
        born = table.frame >= 0
        return self._statistics(
            int(born.sum()), int(table.uses[~born].sum()), int((born & table.things).sum())
        )


def _samples(table: StateTable, quality: Quality) -> np.ndarray:
    """Samples of every state, one number for all states of a tile.

    A state's noise is seen as often as the state is shown, so samples grow with the root of that; the mean
    root over the tile's states counts, since only equal samples can be compared bit for bit.
    """
    born = table.frame >= 0
    tiles = int(table.tile.max()) + 1
    states = np.bincount(table.tile[born], minlength=tiles)
    roots = np.bincount(table.tile[born], np.sqrt(np.maximum(table.uses[born], 1)), minlength=tiles)
    things = np.bincount(table.tile[born], table.things[born], minlength=tiles) > 0
    wanted = roots / np.maximum(states, 1)
    samples = np.full(tiles, quality.plate_samples, dtype=np.int32)
    for mine, steps in ((things, quality.thing_samples), (~things & (states > 0), quality.room_samples)):
        ladder = np.array(steps)
        rung = np.searchsorted(ladder * 1.25, steps[0] * wanted[mine])
        samples[mine] = ladder[np.clip(rung, 0, len(ladder) - 1)]
    return samples[table.tile]
