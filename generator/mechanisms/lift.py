"""Light things in air: balloons that rise, feathers and sheets of paper that sink slowly.

Lift is the weight of the air a body displaces, or whatever is given; drag is quadratic (see `air`). The
terminal speed is sqrt(2 |weight - lift| / (air drag area)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from generator.mechanisms.air import STILL, InAir, InAirAction
from generator.mechanisms.base import Action
from generator.scene.fields import Number

if TYPE_CHECKING:
    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Vec3

GASES = {"helium": 0.169, "hydrogen": 0.085, "hot_air": 0.946, "air": 1.2}
"""kg/m3 at 15 to 20 degrees and 1 bar (hot air: at 100)."""


class Lift(InAir):
    """Bodies that air bears and slows: balloons, feathers, paper, bubbles; in water, corks."""

    gas: Literal["helium", "hydrogen", "hot_air", "air"] | None = None
    """What fills them; the body's mass is then that of the skin. Left out: the mass is all there is."""
    force: Annotated[Number, Field(ge=-1e5, le=1e5)] | None = None
    """N upwards, instead of what air gives."""
    share: Annotated[Number, Field(ge=-100, le=100)] | None = None
    """Of its weight, instead of what air gives: above 1 it rises."""

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        from generator.scene.bodies import fault

        given = [key for key in ("gas", "force", "share") if getattr(self, key) is not None]
        if len(given) > 1:
            raise fault(given[1], f"give {given[0]} or {given[1]}, not both")
        return self

    def act(self, world: World, name: str) -> Action:
        return _Bearing(self, world, name)


class _Bearing(InAirAction):
    first = 0

    def __init__(self, settings: Lift, world: World, name: str) -> None:
        from generator.errors import PhysicsError

        super().__init__(settings, world, name)
        self.settings = settings
        for actor in self.bodies:
            if actor.body.motion != "dynamic":
                raise PhysicsError(
                    f"{name}: {actor.body.name} is {actor.body.motion}: air bears what can move"
                )

    def lifted(self, actor: Actor) -> Vec3:
        from generator.scene import space

        if not self.on():
            return STILL
        settings, gravity = self.settings, self.world.scene.physics.gravity
        if settings.force is not None:
            pull = space.norm(gravity)
            return space.scale(gravity, -settings.force / pull) if pull > 0 else (0.0, 0.0, settings.force)
        if settings.share is not None:
            return space.scale(gravity, -settings.share * actor.body.mass)
        inside = 0.0 if settings.gas is None else GASES[settings.gas]
        return space.scale(gravity, -(settings.air - inside) * actor.form.volume)
