"""A conveyor: a belt that carries along what lies on it. The belt's body itself stays where it is.

The body moves at the belt's speed within each step and is put back after it, so that friction does the
carrying: what is set down slides until it has the speed of the belt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from generator.mechanisms.base import Action, BodyNames, Mechanism
from generator.mechanisms.when import RUNNING, Watch, When
from generator.scene.fields import Number

if TYPE_CHECKING:
    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Quat, Vec3

_REST: Vec3 = (0.0, 0.0, 0.0)


class Conveyor(Mechanism):
    """Belts that carry what lies on them along an axis of their own, always or only `when`."""

    gives_energy: ClassVar[bool] = True

    belts: BodyNames
    """Bodies of `motion: static`."""
    speed: Annotated[Number, Field(ge=-10, le=10)]
    """m/s along the axis; below 0 against it."""
    axis: Literal["x", "y"] = "x"
    """Of the belt's own frame."""
    when: When | None = None

    def leads(self) -> Sequence[str]:
        return self.belts

    def act(self, world: World, name: str) -> Action:
        return _Carrying(self, world, name)


class _Carrying(Action):
    def __init__(self, settings: Conveyor, world: World, name: str) -> None:
        from generator.errors import PhysicsError
        from generator.physics import rotation

        super().__init__(world, name)
        self.belts: list[tuple[Actor, Vec3, Quat, Vec3]] = []
        along = (settings.speed, 0.0, 0.0) if settings.axis == "x" else (0.0, settings.speed, 0.0)
        for belt in map(world.named, settings.belts):
            body = belt.body
            if body.motion != "static":
                raise PhysicsError(f"{name}: {body.name} is {body.motion}: a belt needs `motion: static`")
            if RUNNING in belt.states:
                raise PhysicsError(f"{name}: {body.name} is already the belt of another conveyor")
            turn = rotation.unit(body.orientation)
            self.belts.append((belt, body.position, turn, rotation.rotate(turn, along)))
            belt.states[RUNNING] = 0.0
        self.watch = Watch(settings.when, self)

    def before(self) -> None:
        runs = self.watch.now()
        for belt, position, turn, velocity in self.belts:
            if not belt.present:
                continue
            self.watch.link(belt)
            belt.states[RUNNING] = float(runs)
            belt.put(position, turn, velocity if runs else _REST, _REST)

    def after(self) -> None:
        for belt, position, turn, _ in self.belts:
            if not belt.present:
                continue
            # A static body passes nothing on by mere contact, but what a belt does, its load does
            for engine_id in belt.ids:
                for point in self.world.client.getContactPoints(engine_id):
                    other = self.world.index[point[1] if point[2] == engine_id else point[2]]
                    if other >= 0:
                        self.link(belt, self.world.actors[other])
            belt.put(position, turn, _REST, _REST)
