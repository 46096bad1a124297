"""Whether a pair is worth keeping, by what its spec asks for in `accept`.

Told in three places, the cheapest first: from the motion, from a few object-ID maps, from the film.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from generator.figures import MaskTally

if TYPE_CHECKING:
    from generator.physics.causality import CausalRecord
    from generator.physics.motion import Motion
    from generator.render.visibility import Visibility
    from generator.scene.scene import Scene

LOOKS = 6
"""Moments of the film at which the ID maps are looked at beforehand."""


def refuse_motion(scene: Scene, record: CausalRecord) -> str | None:
    """What is wrong with what happens; None if nothing."""
    accept = scene.accept
    moved = [e for e in record.bodies if not e.removed and e.moved_frame is not None]
    if accept.affected_bodies is not None:
        least, most = accept.affected_bodies
        if not least <= len(moved) <= most:
            return f"{_number(len(moved), 'body', 'bodies')} affected, wanted {least} to {most}"
    if accept.onset is not None:
        if not moved:
            return "nothing is affected"
        begins = min(e.moved_frame for e in moved if e.moved_frame is not None) / scene.fps
        if not accept.onset[0] <= begins <= accept.onset[1]:
            return f"the effect begins at {begins:.2f} s, wanted {accept.onset[0]:g} to {accept.onset[1]:g} s"
    return None


def refuse_sight(
    scene: Scene, factual: Motion, counterfactuals: Mapping[str, Motion]
) -> tuple[dict[str, str], Visibility | None]:
    """Interventions whose removed things cannot be seen well enough, and why, from a few ID maps.

    Also the built scene they were looked at in, so that the film need not build it again.

    Needs Blender's scene, so it is done only where the spec asks. What counts as affected besides
    moved bodies, their light and shadow, is known only once filmed: that waits for `refuse_film`.
    """
    if scene.accept.removed_visible <= 0:
        return {}, None
    from generator.render.camera import pinhole
    from generator.render.stage import Stage
    from generator.render.visibility import Visibility
    from generator.render.worlds import FACTUAL, film_worlds

    worlds = film_worlds(scene, factual, counterfactuals)
    visibility = Visibility(Stage(scene))
    visibility.stage.forms.update(worlds[FACTUAL].forms)
    best = dict.fromkeys(counterfactuals, 0.0)
    index = {body.name: i + 1 for i, body in enumerate(scene.bodies)}
    for frame in sorted({round(float(f)) for f in np.linspace(0, scene.frames - 1, LOOKS)}):
        camera = pinhole(scene.camera, frame, scene.size)
        ids = visibility.look(camera, worlds[FACTUAL].poses[frame], worlds[FACTUAL].removed).ids
        for name in counterfactuals:
            taken = [index[body] for body in worlds[name].removed]
            best[name] = max(best[name], float(np.isin(ids, taken).mean()))
    wanted = scene.accept.removed_visible
    return {name: _too_small(share, wanted) for name, share in best.items() if share < wanted}, visibility


def refuse_film(scene: Scene, tally: MaskTally) -> str | None:
    """What is wrong with what the finished mask shows; None if nothing."""
    accept, share = scene.accept, tally.shares()
    if tally.peak_removed() < accept.removed_visible:
        return _too_small(tally.peak_removed(), accept.removed_visible)
    affected = share["affected"] + share["overlap"]
    if affected < accept.affected_pixels:
        return f"{100 * affected:.2f} % of the film is affected, wanted {100 * accept.affected_pixels:g} %"
    return None


def _too_small(share: float, wanted: float) -> str:
    return f"what is removed fills {100 * share:.3f} % of the picture at best, wanted {100 * wanted:g} %"


def _number(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"
