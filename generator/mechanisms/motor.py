"""A motor: drives a body on a hinge or slider, always, for a time, or only while a button is pressed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from generator.mechanisms.base import Action, BodyName, Mechanism
from generator.mechanisms.when import RUNNING, Watch, When
from generator.scene.fields import Number

if TYPE_CHECKING:
    from generator.physics.engine import World


class Motor(Mechanism):
    """Drives a jointed body at a speed, with at most so much force."""

    gives_energy: ClassVar[bool] = True

    drives: BodyName
    """A body with a hinge or slider of its own."""
    speed_deg: Annotated[Number, Field(ge=-36000, le=36000)] | None = None
    """Degrees a second, of a hinge."""
    speed: Annotated[Number, Field(ge=-100, le=100)] | None = None
    """m/s, of a slider."""
    strength: Annotated[Number, Field(gt=0, le=1e6)] = 1.0
    """At most so many N m or N."""
    drag: Annotated[Number, Field(ge=0, le=1e6)] = 0.0
    """N m or N against motion while it does not run."""
    when: When | None = None

    def act(self, world: World, name: str) -> Action:
        return _Driving(self, world, name)


class _Driving(Action):
    def __init__(self, settings: Motor, world: World, name: str) -> None:
        from generator.errors import PhysicsError

        super().__init__(world, name)
        self.settings, self.actor = settings, world.named(settings.drives)
        joint = self.actor.joint
        if joint is None:
            raise PhysicsError(f"{name}: {settings.drives} has no hinge or slider for a motor to drive")
        turns = joint.kind == "revolute"
        speed = settings.speed_deg if turns else settings.speed
        if speed is None:
            key = "speed_deg (degrees a second)" if turns else "speed (m/s)"
            raise PhysicsError(f"{name}: {settings.drives} needs {key}")
        self.rate = math.radians(speed) if turns else speed
        self.watch = Watch(settings.when, self)
        self.actor.states[RUNNING] = 0.0

    def before(self) -> None:
        if not self.actor.present:
            return
        runs = self.watch.now()
        self.watch.link(self.actor)
        if runs:
            self.actor.drive(self.rate, self.settings.strength)
        else:
            self.actor.drive(0.0, self.settings.drag)
        self.actor.states[RUNNING] = float(runs)
