"""When something acts: between two times, while a button is pressed, while two things touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from generator.mechanisms.base import Action, BodyName
from generator.scene.fields import Length, Seconds, SpecModel

if TYPE_CHECKING:
    from generator.physics.actor import Actor

RUNNING = "running"
"""The state of what a motor or conveyor drives: 1 while it runs."""
RELEASE = 0.6
"""Share of the travel at which a pressed button lets go: without a gap between the two it chatters while
what lies on it bounces (six flips were measured for a 0.1 kg weight)."""


class When(SpecModel):
    """All that is given must hold; nothing given is always."""

    after: Seconds = 0.0
    """s from the first frame. 0 is from the very beginning, also while things settle."""
    until: Seconds | None = None
    pressed: BodyName | None = None
    """A body on a slider that is pushed in by `travel`."""
    travel: Length = 0.003
    """m."""
    touching: Annotated[list[BodyName], Field(min_length=2, max_length=2)] | None = None
    """Two bodies in contact."""
    beside: BodyName | None = None
    """A body that is there at all: what acts through it ends when it is taken away."""
    running: BodyName | None = None
    """A body that a motor drives, or a belt, while it runs."""
    released: bool = False
    """While *not* pressed, touching, there or running."""

    @model_validator(mode="after")
    def _some_order(self) -> Self:
        from generator.scene.bodies import fault

        if self.until is not None and self.until <= self.after:
            raise fault("until", f"must be later than after ({self.after:g} s)")
        watched = (self.pressed, self.touching, self.beside, self.running)
        if self.released and all(one is None for one in watched):
            raise fault("released", "goes with pressed, touching, beside or running")
        return self


class Watch:
    """A `When` in one world. `now()` once a step."""

    def __init__(self, when: When | None, action: Action) -> None:
        self.when, self.action = when or When(), action
        world, names = action.world, [
            self.when.pressed, self.when.beside, self.when.running, *(self.when.touching or [])
        ]  # fmt: skip
        self.sources: list[Actor] = [world.named(name) for name in names if name is not None]
        self._down = False

    def now(self) -> bool:
        """Whether it holds for the coming step."""
        when, time = self.when, self.action.world.time
        if when.after > 0 and time < when.after - 1e-9:
            return False
        if when.until is not None and time >= when.until - 1e-9:
            return False
        if not self.sources:
            return True
        return self._state() != when.released

    def link(self, target: Actor | None) -> None:
        """What happens to the target follows from what is watched."""
        for source in self.sources:
            self.action.link(source, target)

    def _state(self) -> bool:
        world, when = self.action.world, self.when
        if when.beside is not None and world.actor(when.beside) is None:
            return False
        if when.running is not None:
            runner = world.actor(when.running)
            if runner is None or not runner.states.get(RUNNING):
                return False
        if when.pressed is not None:
            button = world.actor(when.pressed)
            if button is None or button.joint is None:
                return False
            share = -button.coordinate()[0] / when.travel
            self._down = share > (RELEASE if self._down else 1.0)
            if not self._down:
                return False
        if when.touching is not None:
            a, b = (world.actor(name) for name in when.touching)
            if a is None or b is None:
                return False
            return any(
                point[8] <= 0
                for one in a.ids
                for other in b.ids
                for point in world.client.getContactPoints(one, other)
            )
        return True
