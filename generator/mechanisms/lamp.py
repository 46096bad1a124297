"""A lamp that is lit or dark: a body of glowing material whose light follows a condition.

The bulb's own glow lights the scene. A lamp without a condition burns all the time, which needs no
mechanism: a body of `glow` does so by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.mechanisms.base import Action, BodyNames, Mechanism
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Seconds

if TYPE_CHECKING:
    from generator.physics.engine import World

LIT = "lit"


class Lamp(Mechanism):
    """Bodies that glow while something holds, and are dark otherwise."""

    bulbs: BodyNames
    when: When
    fade: Seconds = 0.04
    """s from dark to full light and back: a filament's."""

    def act(self, world: World, name: str) -> Action:
        return _Lighting(self, world, name)


class _Lighting(Action):
    def __init__(self, settings: Lamp, world: World, name: str) -> None:
        super().__init__(world, name)
        self.settings = settings
        self.bulbs = [world.named(bulb) for bulb in settings.bulbs]
        self.watch = Watch(settings.when, self)
        for bulb in self.bulbs:
            bulb.states[LIT] = 0.0

    def before(self) -> None:
        goal = float(self.watch.now())
        step = 1.0 if self.settings.fade <= 0 else self.world.dt / self.settings.fade
        for bulb in self.bulbs:
            if not bulb.present:
                continue
            self.watch.link(bulb)
            level = bulb.states[LIT]
            level += max(-step, min(step, goal - level))
            bulb.states[LIT] = goal if self.world.time < 0 else level
