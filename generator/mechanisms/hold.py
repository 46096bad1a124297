"""Holding: bodies that stay exactly where they are, and are let go.

For what hangs in a gripper, stands behind a gate or waits in a hand. A held body is as solid as a wall to
all others. Once let go it is not taken hold of again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from generator.mechanisms.base import Action, BodyNames, Mechanism
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Velocity

if TYPE_CHECKING:
    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Quat, Vec3

_REST: Vec3 = (0.0, 0.0, 0.0)


class Hold(Mechanism):
    """Bodies that are held where they are, and let go."""

    gives_energy: ClassVar[bool] = True

    bodies: BodyNames
    when: When | None = None
    """While it holds they are held: `{until: 0.5}`, `{beside: clip}`, `{pressed: button, released: true}`;
    and in any case while things settle, so that a button has time to go in. Left out: for ever."""
    velocity: Velocity = [0.0, 0.0, 0.0]
    """m/s with which they are let go."""
    spin: Velocity = [0.0, 0.0, 0.0]
    """rad/s with which they are let go."""

    def act(self, world: World, name: str) -> Action:
        return _Holding(self, world, name)


class _Held:
    """One body: not yet held, held at a pose, or let go."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.pose: tuple[Vec3, Quat] | None = None
        self.coordinate = 0.0
        """Of one on a joint: where the joint stands."""
        self.free = False

    def take(self, pose: tuple[Vec3, Quat]) -> None:
        self.pose = pose
        self.actor.fix()
        if self.actor.joint is None:
            self.actor.put(*pose, _REST, _REST)
        else:
            self.coordinate = self.actor.coordinate()[0]
            self.stay()

    def stay(self) -> None:
        """After a step. A joint under load gives way by the last bits; what has no mass does not move."""
        if self.pose is not None and self.actor.joint is not None:
            self.actor.bend(self.coordinate, 0.0)

    def let_go(self, velocity: Vec3, spin: Vec3) -> None:
        assert self.pose is not None
        self.actor.free()
        self.actor.put(*self.pose, velocity, spin)
        self.pose, self.free = None, True


class _Holding(Action):
    def __init__(self, settings: Hold, world: World, name: str) -> None:
        from generator.errors import PhysicsError
        from generator.physics import rotation

        super().__init__(world, name)
        self.held = [_Held(world.named(body)) for body in settings.bodies]
        vx, vy, vz = settings.velocity
        sx, sy, sz = settings.spin
        self.velocity, self.spin = (vx, vy, vz), (sx, sy, sz)
        self.watch = Watch(settings.when, self)
        for one in self.held:
            body = one.actor.body
            if body.motion != "dynamic":
                raise PhysicsError(f"{name}: {body.name} is {body.motion}: only a dynamic body can be let go")
            if any(body.velocity) or any(body.spin):
                raise PhysicsError(
                    f"{name}: {body.name} has a velocity of its own; say how it is let go with `velocity`"
                    " and `spin` of the hold"
                )
            if settings.when is None or settings.when.after <= 0:
                one.take((body.position, rotation.unit(body.orientation)))

    def before(self) -> None:
        settling = self.world.time < 0
        holds = self.watch.now() or settling
        for one in self.held:
            if one.free or not one.actor.present:
                continue
            self.watch.link(one.actor)
            if holds and one.pose is None and not settling:
                one.take(one.actor.state()[:2])
            elif not holds and one.pose is not None:
                one.let_go(self.velocity, self.spin)

    def after(self) -> None:
        for one in self.held:
            if one.actor.present:
                one.stay()
