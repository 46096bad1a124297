"""Wind: air that goes somewhere and takes light things along; from everywhere, or out of a fan.

A fan blows a widening jet from a place on its body, strongest along its middle and fading to nothing at
its reach. What stands in the way keeps the wind off what is behind it. Bodies a wind names are in air: it
also slows them where it does not blow (see `air`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from generator.mechanisms.air import STILL, InAir, InAirAction, facing
from generator.mechanisms.base import Action, Anchor
from generator.scene.fields import Length, Number, Share, Velocity

if TYPE_CHECKING:
    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Vec3

GUSTS = ((0.5, 1.9, 0.0), (0.3, 0.83, 1.0), (0.2, 3.7, 2.0))
"""Share, period (s) and phase (rad) of the sines that gusts are made of: they do not repeat within a film."""
EDGE = 0.6
"""Where the four rays beside the middle one pass, in radii of the disc that the body shows the wind."""
LEAST = 1e-6
"""m/s: no wind."""
MOST_HITS = 16
"""On the body's own surface, before a ray has left it."""
STREAM = math.tan(math.radians(10))
"""By how much a jet gets wider a metre, to each side: turbulent jets open by 10 to 12 degrees (Pope,
Turbulent Flows, 5.1)."""


class Wind(InAir):
    """Wind on bodies, from everywhere or from a source."""

    velocity: Velocity
    """m/s: of the room; with a source in its own frame, where it blows out."""
    source: Anchor | None = None
    """The mouth of a fan, a bellows, a hair dryer. Taking its body away ends the wind."""
    width: Length = 0.2
    """m across the mouth."""
    reach: Length = 3.0
    """m from the mouth at which nothing is felt any more."""
    gusts: Share = 0.0
    """By how much it swells and sinks, as a share of its speed."""
    lee: Annotated[Number, Field(ge=0, le=100)] = 2.0
    """m behind a thing in which it keeps the wind off. 0: nothing does."""

    @model_validator(mode="after")
    def _blows(self) -> Self:
        from generator.scene.bodies import fault

        if math.hypot(*self.velocity) < LEAST:
            raise fault("velocity", "must not be zero: it says where the wind blows")
        if self.source is None:
            for key in ("width", "reach"):
                if key in self.model_fields_set:
                    raise fault(key, "goes with a source")
        return self

    def act(self, world: World, name: str) -> Action:
        return _Blowing(self, world, name)


@dataclass(frozen=True)
class _Stream:
    """The air that comes to a place."""

    speed: Vec3
    """m/s."""
    here: Vec3
    mouth: Vec3
    """Where that line of it comes from; in open air, as far upwind as anything gives shelter."""
    narrow: float
    """By how much closer together its lines are there: 1 in open air."""


class _Blowing(InAirAction):
    def __init__(self, settings: Wind, world: World, name: str) -> None:
        from generator.errors import PhysicsError

        super().__init__(settings, world, name)
        self.settings = settings
        self.source = None if settings.source is None else self.hook(settings.source)
        for actor in self.bodies:
            if actor.body.motion != "dynamic":
                raise PhysicsError(
                    f"{name}: {actor.body.name} is {actor.body.motion}: wind moves what can move"
                )
            if self.source is not None and actor is self.source.actor:
                raise PhysicsError(f"{name}: {actor.body.name} cannot blow itself away")

    def flow(self, actor: Actor) -> Vec3:
        from generator.scene import space

        stream = self._stream(actor.middle) if self.on() else None
        if stream is None:
            return STILL
        if self.source is not None:
            self.link(self.source.actor, actor)
        return space.scale(stream.speed, self._open(actor, stream) * self._gust())

    def _stream(self, here: Vec3) -> _Stream | None:
        """What blows at a place as long as nothing is in the way."""
        from generator.scene import space

        settings = self.settings
        if self.source is None:
            out: Vec3 = space.scale(settings.velocity, 1.0)
            back = space.scale(space.unit(out), -settings.lee)
            return _Stream(out, here, space.add(here, back), 1.0)
        if not self.source.holds:
            return None
        actor = self.source.actor
        out = space.scale(settings.velocity, 1.0)
        if actor is not None:
            out = space.rotate(actor.state()[1], out)
        way, mouth = space.unit(out), self.source.point()[0]
        away = space.subtract(here, mouth)
        far = space.dot(away, way)
        aside = space.subtract(away, space.scale(way, far))
        edge, off = settings.width / 2 + STREAM * far, space.norm(aside)
        if not (0 < far < settings.reach and off < edge):
            return None
        share = (1 - far / settings.reach) * (1 - (off / edge) ** 2)
        if share * space.norm(out) < LEAST:
            return None
        narrow = settings.width / 2 / edge
        return _Stream(space.scale(out, share), here, space.add(mouth, space.scale(aside, narrow)), narrow)

    def _gust(self) -> float:
        time = self.world.time
        swell = sum(part * math.sin(2 * math.pi * time / period + at) for part, period, at in GUSTS)
        return 1 + self.settings.gusts * swell

    def _open(self, actor: Actor, stream: _Stream) -> float:
        """The share of the stream towards a body that nothing blocks, by five rays upwind."""
        from generator.scene import space

        if self.settings.lee <= 0:
            return 1.0
        way = space.unit(stream.speed)
        own = space.rotate(space.conjugate(actor.state()[1]), way)
        radius = EDGE * math.sqrt(facing(actor.body.shape, own) / math.pi)
        side = space.unit(space.cross(way, (0.0, 0.0, 1.0) if abs(way[2]) < 0.9 else (1.0, 0.0, 0.0)))
        other = space.cross(way, side)
        arms = [STILL] + [space.scale(arm, k * radius) for arm in (side, other) for k in (1.0, -1.0)]
        clear = 0
        for arm in arms:
            start = space.add(stream.here, arm)
            back = space.subtract(space.add(stream.mouth, space.scale(arm, stream.narrow)), start)
            length = space.norm(back)
            if length > self.settings.lee:
                back = space.scale(back, self.settings.lee / length)
            clear += self._clear(actor, start, space.add(start, back))
        return clear / len(arms)

    def _clear(self, actor: Actor, start: Vec3, end: Vec3) -> bool:
        """Whether nothing but the source is met on the way; what is met is linked to the body."""
        world = self.world
        source = None if self.source is None else self.source.actor
        for number in range(MOST_HITS):
            # Hit by hit, because a ray that starts inside a sphere first meets that
            engine_id = world.client.rayTestBatch([start], [end], reportHitNumber=number)[0][0]
            if engine_id < 0:
                return True
            met = world.index[engine_id]
            other = world.actors[met] if met >= 0 else None
            if other is not None and other is source:
                return True
            if other is not actor:
                self.link(other, actor)
                return False
        return True
