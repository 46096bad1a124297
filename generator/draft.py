"""A draw of a scene, simulated and judged: what is worth filming, and why the rest is not.

The first draw of a seed with a pair worth filming is taken; every draw and every reason is counted.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from generator import accept
from generator.accept import Refusal
from generator.errors import BadDraw

if TYPE_CHECKING:
    from generator.physics.causality import CausalRecord
    from generator.physics.motion import Motion
    from generator.physics.sanity import Sanity
    from generator.render.visibility import Visibility
    from generator.scene.scene import Scene


@dataclass(frozen=True)
class Draft:
    """A scene that is worth filming: its motions and what they mean, by intervention."""

    scene: Scene
    factual: Motion
    counterfactuals: dict[str, Motion]
    records: dict[str, CausalRecord]
    sanity: dict[str, Sanity]
    refused: dict[str, Refusal]
    seconds: dict[str, float]
    """Processor time of what came before the film, by what it was."""
    visibility: Visibility | None = None
    """The scene as Blender holds it, if it was needed to choose this draft."""


@dataclass
class Attempts:
    """Draws of one seed, and why they, or interventions of theirs, were left out."""

    draws: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """How often for each kind of reason: once for a draw that cannot be played at all, else once for
    each intervention."""
    last: str = ""
    """The reasons of the latest draw, in full."""

    def add(self, outcome: Draft | Refusal) -> None:
        self.draws += 1
        if isinstance(outcome, Refusal):
            self.refused[outcome.kind] += 1
            self.last = outcome.text
            return
        self.refused.update(reason.kind for reason in outcome.refused.values())
        self.last = "; ".join(f"{name}: {reason}" for name, reason in list(outcome.refused.items())[:3])

    def reasons(self) -> str:
        """`overlap at the start 5, bodies sink in 3`."""
        return ", ".join(f"{kind} {count}" for kind, count in self.refused.most_common())

    def to_json(self) -> dict[str, Any]:
        return {"draws": self.draws, "refused": dict(self.refused)}


def draft(scene: Scene, only: frozenset[str] | None = None, judge: bool = True) -> Draft | Refusal:
    """Both worlds of every intervention and who was affected, or why the whole draw is no good.

    only: the interventions wanted, None for all. judge: leave out what `accept` refuses; without, what
    cannot be played raises BadDraw and all else is taken as it is.
    """
    from generator.physics import sanity
    from generator.physics.causality import trace
    from generator.physics.simulate import simulate

    began = time.process_time()
    try:
        factual = simulate(scene)
    except BadDraw as bad:
        if not judge:
            raise
        return Refusal(bad.kind, str(bad))
    sound = sanity.soundness(scene, factual)
    unsound = accept.refuse_unsound(sound.faults)
    if judge and unsound is not None:
        return unsound
    made = Draft(scene, factual, {}, {}, {}, {}, {})
    for intervention in scene.interventions:
        name = intervention.name
        if only is not None and name not in only:
            continue
        try:
            motion = simulate(scene, remove=intervention.remove)
        except BadDraw as bad:
            if not judge:
                raise
            made.refused[name] = Refusal(bad.kind, str(bad))
            continue
        record = trace(scene, factual, motion, intervention.remove)
        both = sanity.of_pair(scene, sound, sanity.soundness(scene, motion, factual), record)
        reason = accept.refuse_unsound(both.faults) or accept.refuse_motion(scene, record)
        if judge and reason is not None:
            made.refused[name] = reason
            continue
        made.counterfactuals[name], made.records[name], made.sanity[name] = motion, record, both
    simulated = time.process_time()
    visibility = None
    if judge and made.counterfactuals:
        unseen, visibility = accept.refuse_sight(scene, factual, made.counterfactuals)
        if isinstance(unseen, Refusal):
            return unseen
        made.refused.update(unseen)
        for name in unseen:
            del made.counterfactuals[name], made.records[name], made.sanity[name]
    made.seconds.update(simulate=simulated - began, accept=time.process_time() - simulated)
    return replace(made, visibility=visibility)
