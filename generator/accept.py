"""Whether a pair is worth keeping: by its spec's `accept`, and by what physics may not do.

Told in three places, the cheapest first: from the motion, from a few object-ID maps, from the film.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generator.figures import MaskTally

if TYPE_CHECKING:
    from generator.physics.causality import CausalRecord
    from generator.physics.motion import Motion
    from generator.physics.sanity import SanityFault
    from generator.render.visibility import Sight, Visibility
    from generator.render.worlds import World
    from generator.scene.scene import Scene

LOOKS = 6
"""Moments of the film at which the ID maps are looked at beforehand."""
EARLIEST, LATEST = 3, 0.8
"""Frame before which, and share of the clip after which, no effect may begin where the spec gives no `onset`:
a viewer must see how things were first, and what comes of it then."""
AT_ONCE = 0.25
"""s: what leaves the picture later than this has had its time, however long the clip."""


@dataclass(frozen=True)
class Refusal:
    """Why a draw, or one of its interventions, is left out."""

    kind: str
    """In a few words that do not vary, to be counted."""
    text: str

    def __str__(self) -> str:
        return self.text


def refuse_unsound(faults: tuple[SanityFault, ...]) -> Refusal | None:
    """The first thing that physics may not do; None if nothing."""
    return Refusal(faults[0].kind, faults[0].text) if faults else None


def refuse_motion(scene: Scene, record: CausalRecord) -> Refusal | None:
    """What is wrong with what happens; None if nothing."""
    accept = scene.accept
    moved = [e for e in record.bodies if not e.removed and e.moved_frame is not None]
    if accept.affected_bodies is not None:
        least, most = accept.affected_bodies
        if not least <= len(moved) <= most:
            kind = "too few bodies affected" if len(moved) < least else "too many bodies affected"
            return Refusal(
                kind, f"{_number(len(moved), 'body', 'bodies')} affected, wanted {least} to {most}"
            )
    first = min((e.moved_frame for e in moved if e.moved_frame is not None), default=None)
    if first is None:
        return Refusal("nothing is affected", "nothing is affected") if accept.onset is not None else None
    begins, frames = first / scene.fps, (EARLIEST, int(LATEST * scene.frames))
    low, high = (frames[0] / scene.fps, frames[1] / scene.fps) if accept.onset is None else accept.onset
    if low - 1e-9 <= begins <= high + 1e-9:
        return None
    kind = "effect begins too early" if begins < low else "effect begins too late"
    if accept.onset is not None:
        return Refusal(kind, f"the effect begins at {begins:.2f} s, wanted {low:g} to {high:g} s")
    return Refusal(
        kind,
        f"the effect begins at frame {first}, wanted {frames[0]} to {frames[1]} (`onset` in `accept` may"
        " say otherwise)",
    )


def refuse_sight(
    scene: Scene, factual: Motion, counterfactuals: Mapping[str, Motion]
) -> tuple[Refusal | dict[str, Refusal], Visibility]:
    """Interventions of which too little can be seen, and why, from a few ID maps; or why none can be used.

    Also the built scene they were looked at in, so that the film need not build it again.

    What counts as affected besides moved bodies, their light and shadow, is known only once filmed: that
    waits for `refuse_film`.
    """
    from generator.render.camera import pinhole
    from generator.render.stage import Stage
    from generator.render.visibility import Visibility
    from generator.render.worlds import FACTUAL, film_worlds

    worlds = film_worlds(scene, factual, counterfactuals)
    visibility = Visibility(Stage(scene))
    visibility.stage.forms.update(worlds[FACTUAL].forms)

    def look(world: World, frame: int) -> Sight:
        camera = pinhole(scene.camera, frame, scene.size)
        return visibility.look(camera, world.poses[frame], world.removed)

    refused: dict[str, Refusal] = {}
    gone = _left(scene, worlds[FACTUAL], look)
    if gone is not None:
        return gone, visibility
    index = {body.name: i for i, body in enumerate(scene.bodies)}
    taken = {name: [index[body] for body in worlds[name].removed] for name in counterfactuals}
    best = dict.fromkeys(counterfactuals, (0.0, 0.0))
    """Of the frame where most is seen of the removed things: share of the picture that they fill, and would
    fill if nothing stood before them."""
    seen = {name: not worlds[name].moved.any() for name in counterfactuals}
    for frame in sorted({round(float(f)) for f in np.linspace(0, scene.frames - 1, LOOKS)}):
        sight = look(worlds[FACTUAL], frame)
        amodal = sight.amodal()
        for name, removed in taken.items():
            mine = float(np.isin(sight.ids, np.array(removed) + 1).mean())
            best[name] = max(best[name], (mine, float(amodal[removed].any(axis=0).mean())))
            others = np.flatnonzero(worlds[name].moved[frame])
            if not seen[name] and len(others):
                ids = (sight.ids, look(worlds[name], frame).ids)
                seen[name] = any(bool(np.isin(i, others + 1).any()) for i in ids)
    for name, (share, whole) in best.items():
        hidden = 1 - share / whole if whole > 0 else 0.0
        # What is small anyway is not called hidden
        if hidden > scene.accept.removed_hidden and whole >= scene.accept.removed_visible:
            refused[name] = Refusal(
                "removed thing hidden",
                f"{100 * hidden:.0f} % of what is removed is hidden by other things at best, wanted at most"
                f" {100 * scene.accept.removed_hidden:g} %",
            )
        elif share < scene.accept.removed_visible:
            refused[name] = _too_small(share, scene.accept.removed_visible)
        elif not seen[name] and scene.accept.affected_pixels > 0:
            refused[name] = Refusal("effect not seen", "what moves otherwise is never in sight")
    return refused, visibility


def _left(scene: Scene, world: World, look) -> Refusal | None:  # type: ignore[no-untyped-def]  # (World, int) -> Sight
    """A body that moves out of the picture at once."""
    early = min(round(scene.accept.stays * scene.frames), round(AT_ONCE * scene.fps), scene.frames - 1)
    if early < 1:
        return None
    at_first, soon = look(world, 0), look(world, early)
    there = soon.amodal().any(axis=(1, 2))
    for i, body in enumerate(scene.bodies):
        moves = not np.array_equal(world.poses[0, i], world.poses[early, i])
        if body.motion == "dynamic" and moves and not there[i] and (at_first.ids == i + 1).any():
            return Refusal("leaves at once", f"{body.name} has left the picture by frame {early}")
    return None


def refuse_film(scene: Scene, tally: MaskTally) -> Refusal | None:
    """What is wrong with what the finished mask shows; None if nothing."""
    accept, share = scene.accept, tally.shares()
    if tally.peak_removed() < accept.removed_visible:
        return _too_small(tally.peak_removed(), accept.removed_visible)
    affected = share["affected"] + share["overlap"]
    if affected < accept.affected_pixels:
        return Refusal(
            "too little affected",
            f"{100 * affected:.2f} % of the film is affected, wanted {100 * accept.affected_pixels:g} %",
        )
    return None


def _too_small(share: float, wanted: float) -> Refusal:
    return Refusal(
        "removed thing too small",
        f"what is removed fills {100 * share:.3f} % of the picture at best, wanted {100 * wanted:g} %",
    )


def _number(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
