"""Every distinct state that a tile goes through, over all frames and worlds of a film.

A tile at some frame of some world is often what it was at the frame before, or what it is in another world,
or the empty room. `StateBook` gives equal ones one number, so that each is rendered once, and counts how
often each is shown, so that it gets samples accordingly. It holds the probes of one frame only, and a few
numbers a state: its memory grows with what changes, not with pixels times frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.render.probe import Probe, changed
from generator.render.tiles import Grid

StateMap = NDArray[np.int32]
"""(rows, columns): the state that each tile shows."""


@dataclass(frozen=True)
class StateTable:
    """What is known of each of S states. world: index of the world that shows it first, at `frame`, as `tile`
    (row * columns + column); uses: frames and worlds that show it; last: the last such frame; things: it has
    bodies in it."""

    frame: NDArray[np.int32]
    world: NDArray[np.int32]
    tile: NDArray[np.int32]
    uses: NDArray[np.int32]
    last: NDArray[np.int32]
    things: NDArray[np.bool_]


class StateBook:
    """Fed with probes in film order (frame by frame, the worlds of a frame in a fixed order)."""

    def __init__(self, grid: Grid, worlds: Sequence[str], across_time: bool) -> None:
        """across_time: whether a tile may be what it was on an earlier frame (a static camera)."""
        self._grid, self._worlds, self._across_time = grid, list(worlds), across_time
        self._maps: dict[str, list[StateMap]] = {name: [] for name in worlds}
        self._shown: dict[str, tuple[StateMap, Probe]] = {}
        self._plate: tuple[StateMap, Probe] | None = None
        self._count = 0
        self._born: list[tuple[NDArray[np.int32], ...]] = []

    def add_plate(self, probe: Probe) -> StateMap:
        """The room with all that never moves: states 0 ... rows * columns - 1, of frame -1."""
        everywhere = np.ones((self._grid.rows, self._grid.columns), dtype=bool)
        states = np.zeros(everywhere.shape, dtype=np.int32)
        self._give_birth(states, everywhere, probe, frame=-1, world=-1)
        self._plate = states, probe
        return states

    def add(self, world: str, frame: int, probe: Probe) -> StateMap:
        """Number the tiles of `world` at `frame`."""
        states = np.full((self._grid.rows, self._grid.columns), -1, dtype=np.int32)
        shown = probe.copy()
        for known_states, known in self._candidates(world, frame):
            open_ = states < 0
            if not open_.any():
                break
            same = open_ & ~changed(probe, known)
            states[same] = known_states[same]
            # What was rendered for a state is what its first probe saw: compare with that one from now on,
            # or a slow change would be followed step by small step and never be seen.
            shown.adopt(known, same)
        new = states < 0
        self._give_birth(states, new, probe, frame, self._worlds.index(world))
        self._shown[world] = states, shown
        self._maps[world].append(states)
        return states

    def repeat(self, world: str) -> None:
        """`world` stands as it stood a frame before: no probe is needed to know."""
        self._maps[world].append(self._maps[world][-1])

    def _candidates(self, world: str, frame: int) -> list[tuple[StateMap, Probe]]:
        """What a tile may be, the likeliest first."""
        # A world's own last state comes first: what is still stays so bit for bit, although it may also be
        # about what another world shows.
        now = [other for other in self._worlds[: self._worlds.index(world)] if len(self._maps[other]) > frame]
        before = [other for other in self._shown if other not in now and other != world]
        candidates = [self._shown[other] for other in now]
        if self._across_time:
            own = [self._shown[world]] if world in self._shown else []
            candidates = [*own, *candidates, *(self._shown[other] for other in before)]
            if self._plate is not None:
                candidates.append(self._plate)
        return candidates

    def _give_birth(
        self, states: StateMap, where: NDArray[np.bool_], probe: Probe, frame: int, world: int
    ) -> None:
        born = int(where.sum())
        states[where] = np.arange(self._count, self._count + born, dtype=np.int32)
        self._count += born
        self._born.append(
            (
                np.full(born, frame, dtype=np.int32),
                np.full(born, world, dtype=np.int32),
                np.flatnonzero(where).astype(np.int32),
                probe.things[where].astype(np.int32),
            )
        )

    def maps(self, frame: int) -> dict[str, StateMap]:
        """Each world's states at `frame`."""
        return {world: maps[frame] for world, maps in self._maps.items()}

    def table(self) -> StateTable:
        """All states, once every frame has been added."""
        frame, world, tile, things = (np.concatenate(column) for column in zip(*self._born, strict=True))
        uses = np.zeros(self._count, dtype=np.int32)
        last = np.full(self._count, -1, dtype=np.int32)
        for maps in self._maps.values():
            for index, states in enumerate(maps):
                uses += np.bincount(states.ravel(), minlength=self._count).astype(np.int32)
                last[states.ravel()] = np.maximum(last[states.ravel()], index)
        return StateTable(frame, world, tile, uses, last, things.astype(bool))
