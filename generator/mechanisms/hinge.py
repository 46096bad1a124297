"""Hinges and rails: a body that can only turn about an axis, or only slide along one.

For doors, lids, see-saws, pendulums, wheels; drawers, buttons, lifts. The joint is exact (the body is a
link of a base that stands still), its friction dry, its stops hard. A joint hangs on the room: nothing
that can be removed carries it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from generator.mechanisms.base import Action, BodyNames, Mechanism
from generator.scene import space
from generator.scene.fields import Angle, Number, Point

if TYPE_CHECKING:
    from generator.physics.actor import Actor, Joint
    from generator.physics.engine import World
    from generator.scene.scene import Body, Scene, Vec3

AXES: dict[str, Vec3] = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
Axis = Literal["x", "y", "z"]
Strength = Annotated[Number, Field(ge=0, le=1e6)]


class _Jointed(Mechanism):
    """Bodies on joints."""

    body: BodyNames
    """One, or several that each hang on a joint of their own."""
    at: Point = [0.0, 0.0, 0.0]
    """Where the axis passes, m in the body's frame."""
    axis: Axis = "z"
    """Of the body as it stands at the start."""
    friction: Strength = 0.0
    """Dry friction of the joint: N m of a hinge, N of a slider."""
    spring: Strength = 0.0
    """Pulls back to where it starts: N m a radian, N a metre."""
    damping: Strength = 0.0
    """N m s a radian, N s a metre."""
    floats: bool = False
    """Whether its own weight is borne (a button's spring, a lift's counterweight)."""
    passes: BodyNames = []
    """Bodies and what is near that it does not touch: a frame, a post. What stands or hangs and
    overlaps it at the start is passed in any case."""

    def _hung(self, scene: Scene, kind: Literal["revolute", "prismatic"], low: float | None,
              high: float | None) -> dict[str, Joint]:  # fmt: skip
        return {name: self._joint(scene.body(name), kind, low, high) for name in self.body}

    def _joint(self, body: Body, kind: Literal["revolute", "prismatic"], low: float | None,
               high: float | None) -> Joint:  # fmt: skip
        from generator.physics.actor import Joint

        anchor = space.add(body.position, space.rotate(body.orientation, self.at))
        axis = space.rotate(body.orientation, AXES[self.axis])
        return Joint(kind, anchor, axis, low, high, self.friction, tuple(self.passes))

    def act(self, world: World, name: str) -> Action:
        return _Jointing(self, world, name)


class Hinge(_Jointed):
    """A body that turns about an axis: door, lid, see-saw, pendulum, wheel."""

    limits_deg: Annotated[list[Angle], Field(min_length=2, max_length=2)] | None = None
    """Least and greatest angle from where it starts, about the axis. Left out: it turns freely."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order("limits_deg", self.limits_deg)
        return self

    def joints(self, scene: Scene) -> dict[str, Joint]:
        low, high = (None, None) if self.limits_deg is None else map(math.radians, self.limits_deg)
        return self._hung(scene, "revolute", low, high)


class Slider(_Jointed):
    """A body that slides along an axis: drawer, button, lift, sliding door."""

    limits: Annotated[list[Annotated[Number, Field(ge=-100, le=100)]], Field(min_length=2, max_length=2)]
    """Least and greatest travel from where it starts, along the axis, m."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order("limits", self.limits)
        return self

    def joints(self, scene: Scene) -> dict[str, Joint]:
        return self._hung(scene, "prismatic", self.limits[0], self.limits[1])


def _check_order(key: str, limits: list[float] | None) -> None:
    from generator.scene.bodies import fault

    if limits is not None and not (limits[0] <= 0 <= limits[1] and limits[0] < limits[1]):
        raise fault(key, f"must hold 0, where it starts, and not be empty; got {limits}")


class _Jointing(Action):
    """Springs, damping and borne weight of a jointed body."""

    def __init__(self, settings: _Jointed, world: World, name: str) -> None:
        super().__init__(world, name)
        self.settings = settings
        self.actors = [world.named(name) for name in settings.body]

    def before(self) -> None:
        for actor in self.actors:
            if actor.present and actor.joint is not None:
                self._act(actor, actor.joint)

    def _act(self, actor: Actor, joint: Joint) -> None:
        settings, axis = self.settings, joint.axis
        if settings.floats:
            x, y, z = self.world.scene.physics.gravity
            mass = -actor.body.mass
            actor.push((mass * x, mass * y, mass * z), actor.middle)
        if settings.spring or settings.damping:
            place, rate = actor.coordinate()
            back = -settings.spring * place - settings.damping * rate
            vector = (back * axis[0], back * axis[1], back * axis[2])
            if joint.kind == "revolute":
                actor.twist(vector)
            else:
                actor.push(vector, actor.middle)
