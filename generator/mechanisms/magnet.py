"""A magnet: pulls bodies towards a place on it, or pushes them away, the more the nearer they are.

The force falls with the square of the distance and grows no more within `near`. It acts on both alike.
A suction nozzle is one, too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from generator.mechanisms.base import Action, Anchor, BodyNames, Mechanism
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Length, Number

if TYPE_CHECKING:
    from generator.physics.engine import World


class Magnet(Mechanism):
    """Pulls bodies towards a place, always or only `when`."""

    gives_energy: ClassVar[bool] = True

    source: Anchor
    """The pole, or the mouth of a nozzle: a body, a place on one, or a place in the room."""
    bodies: BodyNames
    """What it pulls."""
    force: Annotated[Number, Field(ge=-1e5, le=1e5)]
    """N at the distance `near` and closer; below 0 it pushes away."""
    near: Length = 0.05
    """m between the pole and a body's centre of mass."""
    reach: Length | None = None
    """m beyond which it does nothing. Left out: it pulls from anywhere."""
    when: When | None = None
    """An electromagnet's switch. Left out: always."""

    def act(self, world: World, name: str) -> Action:
        return _Attracting(self, world, name)


class _Attracting(Action):
    def __init__(self, settings: Magnet, world: World, name: str) -> None:
        from generator.errors import PhysicsError

        super().__init__(world, name)
        self.settings = settings
        self.source = self.hook(settings.source)
        self.bodies = [world.named(body) for body in settings.bodies]
        self.watch = Watch(settings.when, self)
        if self.source.actor in self.bodies:
            raise PhysicsError(f"{name}: {settings.source.body} cannot attract itself")
        if settings.reach is not None and settings.reach < settings.near:
            raise PhysicsError(f"{name}: reach {settings.reach:g} is less than near {settings.near:g}")

    def before(self) -> None:
        settings, source = self.settings, self.source
        on = self.watch.now()
        pole = source.point()[0]
        for body in self.bodies:
            if not body.present or not source.holds:
                continue
            middle = body.middle
            apart = math.dist(pole, middle)
            if settings.reach is not None and apart > settings.reach:
                continue
            self.watch.link(body)
            self.watch.link(source.actor)
            if not on or apart < 1e-9:
                continue
            self.bind(source.actor, body)
            pull = settings.force * (settings.near / max(apart, settings.near)) ** 2
            x, y, z = (pull * (p - m) / apart for p, m in zip(pole, middle, strict=True))
            if body.moves:
                body.push((x, y, z), middle)
            source.push((-x, -y, -z), pole)
