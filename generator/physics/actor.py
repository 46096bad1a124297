"""One body in the engine: reading its state and acting on it, whichever way the engine holds it.

A free body is the base of its multibody. A jointed one is a link of a base that stands still,
so that its joint is exact. What asks or pushes here need not know which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from generator.physics import rotation
from generator.physics.shapes import Form, form
from generator.scene.scene import Body, Quat, Vec3

JOINTED = 1
"""Link of a jointed body that carries its mass."""
HEAVY = 1e4
"""Times its mass that a jointed body weighs while it is fixed."""
UNYIELDING = 1e15
"""N m or N: what a fixed joint withstands."""


_STILL: Vec3 = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Joint:
    """How a body hangs on the room. anchor: m, world; axis: unit, world.

    lower, upper: rad or m from where it starts, None for no limits; friction: N m or N of dry friction.
    """

    kind: Literal["revolute", "prismatic"]
    anchor: Vec3
    axis: Vec3
    lower: float | None = None
    upper: float | None = None
    friction: float = 0.0
    passes: tuple[str, ...] = ()
    """Bodies that it does not touch."""


@dataclass
class Actor:
    """A body in the engine. The engine's frame is the principal one; the scene speaks of the body's own."""

    index: int
    body: Body
    client: Any
    ids: tuple[int, ...] = ()
    """PyBullet's: one if dynamic, one a piece if not; none before it is made and once it is taken out."""
    joint: Joint | None = None
    present: bool = True
    states: dict[str, float] = field(default_factory=dict)
    """What mechanisms make of it besides its pose: `lit`, `running`."""
    points: NDArray[np.float64] | None = None
    """(K, C): the form of a body that changes its form; see `generator.scene.formed`."""

    def __post_init__(self) -> None:
        self.form: Form = form(self.body.shape)
        self.offset = self.body.motion == "dynamic" and not self.form.centred
        self.link = -1 if self.joint is None else JOINTED

    @property
    def moves(self) -> bool:
        """Whether forces move it."""
        return self.present and self.body.motion == "dynamic"

    def solid_links(self, engine_id: int) -> range:
        """Links of one of its ids that have a collision shape; pieces hang on what has the mass."""
        count = self.client.getNumJoints(engine_id)
        return range(self.link + 1 if count else -1, count)

    # --- frames -----------------------------------------------------------------------------------

    def engine_pose(self, position: Vec3, orientation: Quat) -> tuple[Vec3, Quat]:
        if not self.offset:
            return position, orientation
        return (
            rotation.place(position, orientation, self.form.centre),
            rotation.multiply(orientation, self.form.axes),
        )

    def own_pose(self, position: Vec3, orientation: Quat) -> tuple[Vec3, Quat]:
        if not self.offset:
            return position, orientation
        own = rotation.multiply(orientation, rotation.conjugate(self.form.axes))
        x, y, z = rotation.rotate(own, self.form.centre)
        return (position[0] - x, position[1] - y, position[2] - z), own

    def engine_velocity(self, orientation: Quat, velocity: Vec3, spin: Vec3) -> Vec3:
        """Of the centre of mass, given the velocity of the body's origin."""
        if not self.offset:
            return velocity
        x, y, z = rotation.cross(spin, rotation.rotate(orientation, self.form.centre))
        return (velocity[0] + x, velocity[1] + y, velocity[2] + z)

    def own_velocity(self, orientation: Quat, velocity: Vec3, spin: Vec3) -> Vec3:
        if not self.offset:
            return velocity
        x, y, z = rotation.cross(spin, rotation.rotate(orientation, self.form.centre))
        return (velocity[0] - x, velocity[1] - y, velocity[2] - z)

    # --- reading ----------------------------------------------------------------------------------

    def state(self) -> tuple[Vec3, Quat, Vec3, Vec3]:
        """Position, orientation, velocity of the origin and spin, as the engine has them."""
        if self.body.motion == "static" or not self.ids:  # its pieces have poses of their own
            return self.body.position, rotation.unit(self.body.orientation), _STILL, _STILL
        if self.joint is not None:
            found = self.client.getLinkState(
                self.ids[0], JOINTED, computeLinkVelocity=1, computeForwardKinematics=1
            )
            position, orientation, velocity, spin = found[0], found[1], found[6], found[7]
        else:
            position, orientation = self.client.getBasePositionAndOrientation(self.ids[0])
            velocity, spin = self.client.getBaseVelocity(self.ids[0])
        if self.body.motion == "kinematic":
            piece = self.form.pieces[0]
            orientation = rotation.multiply(orientation, rotation.conjugate(rotation.unit(piece.orientation)))
            x, y, z = rotation.rotate(orientation, piece.position)
            position = (position[0] - x, position[1] - y, position[2] - z)
        elif self.offset:
            position, orientation = self.own_pose(position, orientation)
            velocity = self.own_velocity(orientation, velocity, spin)
        return position, orientation, velocity, spin

    def at(self, local: Vec3) -> Vec3:
        """Where a point of the body is, m."""
        position, orientation, _, _ = self.state()
        return rotation.place(position, orientation, local)

    def point(self, local: Vec3) -> tuple[Vec3, Vec3]:
        """Where a point of the body is and how fast it goes: m, m/s."""
        position, orientation, velocity, spin = self.state()
        arm = rotation.rotate(orientation, local)
        x, y, z = rotation.cross(spin, arm)
        place = (position[0] + arm[0], position[1] + arm[1], position[2] + arm[2])
        return place, (velocity[0] + x, velocity[1] + y, velocity[2] + z)

    @property
    def middle(self) -> Vec3:
        """The centre of mass, m."""
        return self.at(self.form.centre) if self.offset else self.state()[0]

    def coordinate(self) -> tuple[float, float]:
        """Of a jointed body: angle or travel from where it started, and its rate."""
        found = self.client.getJointState(self.ids[0], JOINTED)
        return float(found[0]), float(found[1])

    # --- acting -----------------------------------------------------------------------------------

    def push(self, force: Vec3, at: Vec3) -> None:
        """A force (N) at a point of the world (m), for the coming step."""
        self.client.applyExternalForce(self.ids[0], self.link, force, at, self.client.WORLD_FRAME)

    def twist(self, torque: Vec3) -> None:
        """A torque (N m, world) for the coming step."""
        self.client.applyExternalTorque(self.ids[0], self.link, torque, self.client.WORLD_FRAME)

    def drive(self, rate: float, most: float) -> None:
        """Of a jointed body: seek this rate (rad/s, m/s) with at most so much torque or force."""
        self.client.setJointMotorControl2(
            self.ids[0], JOINTED, self.client.VELOCITY_CONTROL, targetVelocity=rate, force=most
        )

    def fix(self) -> None:
        """Nothing moves it any more, however heavy: it is to the others as what is static.

        Its mass is taken away rather than its motion undone after each step: what lies on a body that
        yields within the step sinks into it by g dt2 a step. One on a joint is held by a motor instead, and
        made so heavy that the solver need not share out a load between the motor and a light link.
        """
        if self.joint is not None:
            self._weigh(HEAVY * self.body.mass)
            self.drive(0.0, UNYIELDING)
        else:
            self.client.changeDynamics(self.ids[0], -1, mass=0.0)

    def free(self) -> None:
        """Undoes `fix`."""
        self._weigh(self.body.mass)
        if self.joint is not None:
            self.drive(0.0, self.joint.friction)

    def _weigh(self, mass: float) -> None:
        moments = [mass * moment for moment in self.form.inertia]
        self.client.changeDynamics(self.ids[0], self.link, mass=mass, localInertiaDiagonal=moments)

    def bend(self, coordinate: float, rate: float) -> None:
        """Of a jointed body: set its angle or travel, and its rate."""
        self.client.resetJointState(self.ids[0], JOINTED, coordinate, rate)

    def put(self, position: Vec3, orientation: Quat, velocity: Vec3, spin: Vec3) -> None:
        """Put the body somewhere, moving as told (own frame). A jointed one stays on its joint."""
        if self.joint is not None:
            rate = sum(a * b for a, b in zip(
                self.joint.axis, spin if self.joint.kind == "revolute" else velocity, strict=True
            ))  # fmt: skip
            self.bend(self.coordinate()[0], rate)
            return
        if self.body.motion == "dynamic":
            poses = [
                (
                    *self.engine_pose(position, orientation),
                    self.engine_velocity(orientation, velocity, spin),
                )
            ]
        else:
            poses = []
            for piece in self.form.pieces:
                arm = rotation.rotate(orientation, piece.position)
                along = rotation.cross(spin, arm)
                poses.append(
                    (
                        _plus(position, arm),
                        rotation.multiply(orientation, piece.orientation),
                        _plus(velocity, along),
                    )
                )
        for engine_id, (place, turn, speed) in zip(self.ids, poses, strict=True):
            self.client.resetBasePositionAndOrientation(engine_id, place, turn)
            # after the pose, never before: setting a pose zeroes the velocity
            self.client.resetBaseVelocity(engine_id, speed, spin)


def _plus(a: Vec3, b: Vec3) -> Vec3:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])
