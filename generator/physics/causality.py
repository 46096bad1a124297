"""Who changed because something was taken away, since when, and through whom.

A body is *affected* if its path, form or state differs between the worlds in any bit. Influence travels
by contact (any manifold point, in either world) and through mechanisms, in time order, from the removed
things; the room and bodies that never yield pass nothing on by contact. `trace` asserts that every body
which diverged was within reach by then, and so that nothing else couples the two worlds.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.physics.motion import Motion
from generator.physics.poses import film_counterfactual
from generator.scene.scene import Scene


@dataclass(frozen=True)
class Link:
    """One hand-over: `a` passed influence to `b` at a physics step (1 leads away from frame 0)."""

    a: str
    b: str
    step: int
    kind: str
    """`contact`, or the mechanism's name."""
    world: str
    """`factual` or `counterfactual`: where they met."""


@dataclass(frozen=True)
class BodyEffect:
    """What became of one body. Steps and frames count from frame 0; None: never."""

    name: str
    group: str
    index: int | None
    removed: bool
    affected: bool
    """Its path differs in at least one bit."""
    diverged_step: int | None
    diverged_frame: int | None
    """First frame at which its state differs."""
    moved_frame: int | None
    """First frame at which it is filmed elsewhere (0.5 mm, 0.1 degrees)."""
    moved_frames: int
    """Frames at which it is filmed elsewhere."""
    displacement: float
    """Greatest distance between its places in the two worlds, m."""
    turn: float
    """Greatest angle between its poses in the two worlds, rad."""
    reached_step: int | None
    """Earliest step at which influence could arrive."""
    chain: tuple[Link, ...]
    """From a removed thing to this body."""


@dataclass(frozen=True)
class CausalRecord:
    """The causal story of one intervention, body by body in scene order."""

    removed: tuple[str, ...]
    bodies: tuple[BodyEffect, ...]
    steps_per_frame: int
    onset_frame: int | None
    """First frame at which any body differs."""

    @property
    def affected(self) -> tuple[str, ...]:
        return tuple(effect.name for effect in self.bodies if effect.affected)

    @property
    def moved(self) -> tuple[str, ...]:
        """Bodies that are filmed elsewhere at some frame."""
        return tuple(effect.name for effect in self.bodies if effect.moved_frame is not None)

    def of(self, name: str) -> BodyEffect:
        """The effect on the body called `name`; KeyError if there is none."""
        for effect in self.bodies:
            if effect.name == name:
                return effect
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        return {**asdict(self), "affected": list(self.affected), "moved": list(self.moved)}


@dataclass(frozen=True)
class _Meeting:
    """Two bodies in touch, or coupled by a mechanism, over an unbroken run of steps."""

    a: int
    b: int
    first: int
    last: int
    kind: str
    world: str
    one_way: bool = False
    """Influence passes from a to b only."""


_Parents = dict[int, tuple[int, _Meeting, int]]
"""Of each body reached: from whom, in which meeting, at which step."""


def trace(scene: Scene, factual: Motion, counterfactual: Motion, remove: Iterable[str]) -> CausalRecord:
    """The causal record of taking `remove` away; PhysicsError if a body diverged out of reach."""
    names = factual.names
    taken = set(remove)
    removed = [index for index, name in enumerate(names) if name in taken]
    diverged = _divergence(factual, counterfactual)
    meetings = _meetings(scene, factual, counterfactual, removed)
    reached = _arrivals(len(names), removed, meetings, lambda index, step: step)[0]
    _assert_reached(names, removed, diverged, reached)
    chains = _chains(names, removed, diverged, meetings)

    moved = film_counterfactual(scene, factual, counterfactual).moved
    steps = factual.steps_per_frame
    effects = []
    for index, body in enumerate(scene.bodies):
        at = diverged[index]
        both = np.flatnonzero(factual.present[:, index] & counterfactual.present[:, index])
        gap = factual.positions[both, index] - counterfactual.positions[both, index]
        turn = rotation.angles(factual.orientations[both, index], counterfactual.orientations[both, index])
        frames = np.flatnonzero(moved[:, index])
        effects.append(
            BodyEffect(
                name=body.name,
                group=body.group,
                index=body.index,
                removed=index in removed,
                affected=at is not None,
                diverged_step=at,
                diverged_frame=None if at is None else -(-at // steps),
                moved_frame=int(frames[0]) if len(frames) else None,
                moved_frames=len(frames),
                displacement=float(np.sqrt((gap * gap).sum(axis=-1)).max(initial=0.0)),
                turn=float(turn.max(initial=0.0)) if at is not None else 0.0,
                reached_step=reached[index] if index not in removed else None,
                chain=chains[index],
            )
        )
    onsets = [effect.diverged_frame for effect in effects if effect.diverged_frame is not None]
    return CausalRecord(
        removed=tuple(names[index] for index in removed),
        bodies=tuple(effects),
        steps_per_frame=steps,
        onset_frame=min(onsets, default=None),
    )


def _divergence(factual: Motion, counterfactual: Motion) -> list[int | None]:
    """First step after which a body's state differs in any bit; None if it never does or is gone."""
    if factual.digests is None or counterfactual.digests is None:
        raise ValueError("tracing needs motions fresh from simulate(), with their digests")
    if factual.names != counterfactual.names or factual.digests.shape != counterfactual.digests.shape:
        raise ValueError("the two worlds differ in bodies or length")
    differs = factual.digests != counterfactual.digests
    first: list[int | None] = []
    for index in range(len(factual.names)):
        here = factual.present[0, index] and counterfactual.present[0, index]
        if here and not _same_bits(factual, counterfactual, index):
            first.append(0)
        elif here and differs[:, index].any():
            first.append(int(np.argmax(differs[:, index])) + 1)
        else:
            first.append(None)
    return first


def _same_bits(factual: Motion, counterfactual: Motion, index: int) -> bool:
    """Whether a body starts frame 0 from the same state in both worlds."""
    pairs: Iterable[tuple[NDArray[np.float64], NDArray[np.float64]]] = (
        (factual.positions, counterfactual.positions),
        (factual.orientations, counterfactual.orientations),
        (factual.velocities, counterfactual.velocities),
        (factual.spins, counterfactual.spins),
        *((states, counterfactual.states[key]) for key, states in factual.states.items()),
    )
    if index in factual.points and not np.array_equal(
        factual.points[index][0], counterfactual.points[index][0]
    ):
        return False
    return all(a[0, index].tobytes() == b[0, index].tobytes() for a, b in pairs)


def _meetings(scene: Scene, factual: Motion, counterfactual: Motion, removed: list[int]) -> list[_Meeting]:
    """Touches and couplings after frame 0 through which influence can pass, from both worlds."""
    passes = [body.motion == "dynamic" or index in removed for index, body in enumerate(scene.bodies)]
    worlds = (("factual", factual), ("counterfactual", counterfactual))
    coupled = [
        _Meeting(
            # What hangs on a removed thing follows at once: it is another one at frame 0 already.
            int(row["a"]), int(row["b"]), 0 if row["first"] <= 1 else int(row["first"]), int(row["last"]),
            motion.mechanisms[row["mechanism"]], world, one_way=True,
        )
        for world, motion in worlds
        for row in motion.links
        if row["last"] >= 1
    ]  # fmt: skip
    return coupled + [
        _Meeting(int(row["a"]), int(row["b"]), max(int(row["first"]), 1), int(row["last"]), "contact", world)
        for world, motion in worlds
        for row in motion.contacts
        if row["last"] >= 1 and row["a"] >= 0 and passes[row["a"]] and passes[row["b"]]
    ]


def _arrivals(
    count: int,
    sources: list[int],
    meetings: list[_Meeting],
    ready: Callable[[int, int], int | None],
) -> tuple[list[int | None], _Parents]:
    """Earliest step at which influence from `sources` can be at each body, and from whom it came.

    Dijkstra over time: who is reached at step s reaches whoever it touches at s or later. `ready`
    gives the step from which a reached body can pass it on, or None if it never can.
    """
    by_body: dict[int, list[_Meeting]] = {}
    for meeting in meetings:
        by_body.setdefault(meeting.a, []).append(meeting)
        if not meeting.one_way:
            by_body.setdefault(meeting.b, []).append(meeting)
    reached: list[int | None] = [None] * count
    parents: _Parents = {}
    queue: list[tuple[int, int, int]] = []
    for source in sources:
        reached[source] = 0
        heapq.heappush(queue, (0, 0, source))
    while queue:
        step, hops, body = heapq.heappop(queue)
        if reached[body] != step:
            continue
        start = 0 if body in sources else ready(body, step)
        if start is None:
            continue
        for meeting in by_body.get(body, ()):
            other = meeting.b if meeting.a == body else meeting.a
            at = max(start, meeting.first)
            known = reached[other]
            if at <= meeting.last and (known is None or at < known):
                reached[other] = at
                parents[other] = (body, meeting, at)
                heapq.heappush(queue, (at, hops + 1, other))
    return reached, parents


def _chains(
    names: tuple[str, ...], removed: list[int], diverged: list[int | None], meetings: list[_Meeting]
) -> list[tuple[Link, ...]]:
    """From whom each diverging body has it.

    A body passes on only what it has, so the chain runs over bodies that diverged, each from the step
    at which it did. A body that no such chain explains falls back to mere reach.
    """

    def ready(body: int, step: int) -> int | None:
        at = diverged[body]
        return None if at is None else max(at, step)

    _, strict = _arrivals(len(names), removed, meetings, ready)
    _, loose = _arrivals(len(names), removed, meetings, lambda index, step: step)
    return [
        () if at is None else tuple(_walk(names, index, strict if index in strict else loose))
        for index, at in enumerate(diverged)
    ]


def _walk(names: tuple[str, ...], index: int, parents: _Parents) -> Iterator[Link]:
    path = [index]
    while path[-1] in parents:
        path.append(parents[path[-1]][0])
    for source, target in pairwise(reversed(path)):
        _, meeting, step = parents[target]
        yield Link(names[source], names[target], step, meeting.kind, meeting.world)


def _assert_reached(
    names: tuple[str, ...], removed: list[int], diverged: list[int | None], reached: list[int | None]
) -> None:
    faults = []
    for index, at in enumerate(diverged):
        if at is None or index in removed:
            continue
        link = reached[index]
        if link is None:
            faults.append(
                f"{names[index]}: its path differs from step {at} on, but nothing removed reaches it"
            )
        elif at < link:
            faults.append(
                f"{names[index]}: its path differs from step {at} on, but it is reached at step {link}"
            )
    if faults:
        raise PhysicsError("\n".join(faults))
