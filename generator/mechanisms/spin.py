"""What becomes of a body's spin: a top, a gyroscope, a coin or a ball that turns more and more slowly.

A body with `spin` needs nothing else to stand as a top does: the engine's free bodies have their gyroscopic
term. Left alone it would turn for ever; here it slows, and without what spun it up it never spins.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from generator.mechanisms.base import Action, BodyName, BodyNames, Mechanism
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Number

if TYPE_CHECKING:
    from generator.physics.actor import Actor
    from generator.physics.engine import World

MOST = 0.5
"""Share of a body's spin that friction may take in one step, so that it ends at rest and not beyond."""


class Spin(Mechanism):
    """Bodies' spin fades, and may be owed to something that can be taken away."""

    body: BodyNames
    slows: Annotated[Number, Field(gt=0, le=1e4)] | None = None
    """s in which the spin falls to 37 %, as air slows it. Left out: air does not."""
    bearing: Annotated[Number, Field(ge=0, le=1e4)] = 0.0
    """N m of dry friction against any spin: a pivot's."""
    giver: BodyName | None = None
    """What spun them up. Without it they start with no spin."""
    when: When | None = None
    """When they slow: a brake's condition. Left out: always."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        from generator.scene.bodies import fault

        if self.slows is None and not self.bearing and self.giver is None:
            raise fault("slows", "or bearing or giver must be there, or it does nothing")
        return self

    def act(self, world: World, name: str) -> Action:
        return _Fading(self, world, name)


class _Fading(Action):
    def __init__(self, settings: Spin, world: World, name: str) -> None:
        from generator.errors import PhysicsError

        super().__init__(world, name)
        self.settings = settings
        self.actors = [world.named(body) for body in settings.body]
        for actor in self.actors:
            if actor.body.motion != "dynamic":
                raise PhysicsError(
                    f"{name}: {actor.body.name} is {actor.body.motion}: it has no spin to lose"
                )
        self.giver = None if settings.giver is None else world.named(settings.giver)
        self.watch = Watch(settings.when, self)
        self.given = False

    def before(self) -> None:
        if self.world.time < 0:
            return
        if not self.given:
            self.given = True
            self._give()
        slows = self.watch.now()
        for actor in self.actors:
            if actor.present:
                self.watch.link(actor)
                if slows:
                    self._slow(actor)

    def _give(self) -> None:
        """In the first step: the spin, or none where what gave it is not there."""
        for actor in self.actors:
            if self.giver is None or not actor.present:
                continue
            self.link(self.giver, actor)
            if not self.giver.present:
                position, orientation, velocity, _ = actor.state()
                actor.put(position, orientation, velocity, (0.0, 0.0, 0.0))

    def _slow(self, actor: Actor) -> None:
        from generator.physics import rotation

        _, orientation, _, spin = actor.state()
        rate = math.sqrt(spin[0] * spin[0] + spin[1] * spin[1] + spin[2] * spin[2])
        if rate == 0.0:
            return
        axes = rotation.multiply(orientation, actor.form.axes)
        x, y, z = rotation.rotate(rotation.conjugate(axes), spin)
        a, b, c = (actor.body.mass * moment for moment in actor.form.inertia)
        # Angular momentum, N m s: to take a share of it is to take that share of the spin
        turning = rotation.rotate(axes, (a * x, b * y, c * z))
        size = math.sqrt(turning[0] ** 2 + turning[1] ** 2 + turning[2] ** 2)
        dt, slows = self.world.dt, self.settings.slows
        share = 0.0 if slows is None else -math.expm1(-dt / slows) / dt
        share = min(share + self.settings.bearing / size, MOST / dt)
        actor.twist((-share * turning[0], -share * turning[1], -share * turning[2]))
