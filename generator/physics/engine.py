"""One world in PyBullet: the room, its dressing and every body of a scene, in scene order.

The settings are measured, not defaults. PyBullet's own bounce heights are off by 20 to 50 %, its early
exit couples things that never touch, and its sleeping bodies hang in mid-air. What lives here knows
nothing of time, interventions or recording: see `simulate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.physics.shapes import Form, Piece, collision_shape, form, in_principal_frame, rolls_exactly
from generator.scene.props import PROPS, solid
from generator.scene.scene import IDENTITY, Body, Quat, Scene, Support, Vec3

ROOM = -1
"""Index of everything that is not a body: supports and dressing."""
LEAST_ROLLING = 0.02
"""Rolling friction, in radii, of a round shape that would gain speed without."""
BOUNCE_STIFFNESS = 1e6
"""With contact damping of the same size: position correction so weak that it adds no bounce."""
FASTEST_JOINT = 1e5
"""rad/s. PyBullet's multibodies clamp spin near 100 rad/s otherwise."""


@dataclass
class Actor:
    """A body in the engine. The engine's frame is the principal one; the scene speaks of the body's own."""

    index: int
    body: Body
    form: Form
    ids: tuple[int, ...] = ()
    """PyBullet's: one if dynamic, one a piece if not; none before it is made and once it is taken out."""

    def __post_init__(self) -> None:
        self.offset = self.body.motion == "dynamic" and not self.form.centred

    @property
    def present(self) -> bool:
        return bool(self.ids)

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


class World:
    """A fresh engine that holds a scene. Use as a context manager; `step` advances it.

    `hooks` run before each step: forces of mechanisms go there. `links` is for couplings other than
    contact (a taut string, a magnet, a switch): a hook adds `(index, index)` while it acts, `step`
    clears it, and the recorder keeps it beside the contacts.
    """

    def __init__(self, scene: Scene) -> None:
        import pybullet
        from pybullet_utils.bullet_client import BulletClient

        self.scene = scene
        self.dt = 1.0 / scene.physics.rate
        self.client: Any = BulletClient(pybullet.DIRECT)
        self.hooks: list[Callable[[World], None]] = []
        self.links: set[tuple[int, int]] = set()
        self.actors: list[Actor] = []
        self.index: dict[int, int] = {}
        """Engine id to body index, ROOM for the room."""
        self.room_names: dict[int, str] = {}
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.client is not None:
            self.client.disconnect()
            self.client = None

    def _build(self) -> None:
        physics = self.scene.physics
        self.client.setGravity(*physics.gravity)
        self.client.setTimeStep(self.dt)
        self.client.setPhysicsEngineParameter(
            deterministicOverlappingPairs=1,
            numSolverIterations=physics.iterations,
            solverResidualThreshold=0.0,  # early exit would couple islands through the shared residual
            numSubSteps=0,
            # PyBullet starts nearly cold: a brick tower creeps 0.3 mm in 2.5 s, with 0.85 it creeps 0.02 mm.
            # From 0.98 on a column of ten cubes begins to sway
            warmStartingFactor=0.85,
        )
        room = self.scene.room
        for support in room.supports:
            self._add_room(support, support.name)
        for index, prop in enumerate(room.props):
            self._add_room(solid(prop, index), f"the {PROPS[prop.kind].noun} (room.props[{index}])")
        for index, body in enumerate(self.scene.bodies):
            self._add_body(index, body)

    def _add_room(self, support: Support, name: str) -> None:
        """A static box, not GEOM_PLANE: a box dropped on a plane bounces to half its height and spins."""
        shape = collision_shape(self.client, Piece("box", support.size))
        made = self.client.createMultiBody(
            0, shape, -1, support.position, rotation.unit(support.orientation), useMaximalCoordinates=True
        )
        self.client.changeDynamics(
            made, -1, lateralFriction=support.friction, restitution=support.restitution
        )
        self.index[made] = ROOM
        self.room_names[made] = name

    def _add_body(self, index: int, body: Body) -> None:
        if body.motion == "dynamic" and not body.mass > 0:
            raise PhysicsError(f"{body.name}: a dynamic body needs a mass above 0, got {body.mass}")
        actor = Actor(index, body, form(body.shape))
        self.actors.append(actor)
        position, orientation = body.position, rotation.unit(body.orientation)
        if body.motion == "dynamic":
            actor.ids = (self._dynamic(actor, *actor.engine_pose(position, orientation)),)
        else:
            actor.ids = tuple(
                self.client.createMultiBody(
                    0,
                    self._shape(piece),
                    -1,
                    rotation.place(position, orientation, piece.position),
                    rotation.multiply(orientation, piece.orientation),
                    useMaximalCoordinates=body.motion == "static",
                )
                for piece in actor.form.pieces
            )
        settings = _contact_settings(body)
        for engine_id in actor.ids:
            self.index[engine_id] = index
            for link in range(-1, self.client.getNumJoints(engine_id)):
                self.client.changeDynamics(engine_id, link, **settings)
        if body.motion == "dynamic":
            self.client.changeDynamics(
                actor.ids[0],
                -1,
                mass=body.mass,  # with it, or maximal coordinates take the mass for 0
                localInertiaDiagonal=[body.mass * moment for moment in actor.form.inertia],
                linearDamping=0.0,
                angularDamping=0.0,
                maxJointVelocity=FASTEST_JOINT,
            )

    def _dynamic(self, actor: Actor, position: Vec3, orientation: Quat) -> int:
        """A base with the mass, and a massless fixed link for each piece if there are several.

        Not one compound shape: its pieces would share one broadphase id, so that Bullet could not sort
        their contacts and a far body's removal would reorder them (35 of 40 random scenes diverged).
        """
        pieces = in_principal_frame(actor.form)
        shapes = [self._shape(piece) for piece in pieces]
        if len(pieces) == 1 and (pieces[0].position, pieces[0].orientation) == ((0.0, 0.0, 0.0), IDENTITY):
            # Maximal coordinates: twice as fast, and only they start warm from the last step's contacts
            made = self.client.createMultiBody(
                actor.body.mass, shapes[0], -1, position, orientation, useMaximalCoordinates=True
            )
        else:
            count = len(pieces)
            made = self.client.createMultiBody(
                actor.body.mass,
                -1,
                -1,
                position,
                orientation,
                linkMasses=[0.0] * count,
                linkCollisionShapeIndices=shapes,
                linkVisualShapeIndices=[-1] * count,
                linkPositions=[piece.position for piece in pieces],
                linkOrientations=[rotation.unit(piece.orientation) for piece in pieces],
                linkInertialFramePositions=[(0.0, 0.0, 0.0)] * count,
                linkInertialFrameOrientations=[IDENTITY] * count,
                linkParentIndices=[0] * count,
                linkJointTypes=[self.client.JOINT_FIXED] * count,
                linkJointAxis=[(0.0, 0.0, 1.0)] * count,
            )
        return int(made)

    def _shape(self, piece: Piece) -> int:
        """The piece's collision shape. A hull floats 1 mm off what it lies on with the default margin.

        PyBullet sets margins of base shapes only, so a passing body takes the hull as its base first:
        the margin stays with the shape.
        """
        shape = collision_shape(self.client, piece)
        if piece.kind == "hull":
            passing = self.client.createMultiBody(0, shape, -1, (0.0, 0.0, 1e3))
            self.client.changeDynamics(passing, -1, collisionMargin=0.0)
            self.client.removeBody(passing)
        return shape

    def step(self) -> None:
        self.links.clear()
        for hook in self.hooks:
            hook(self)
        self.client.stepSimulation()

    def remove(self, index: int) -> None:
        """Take a body out; the ids and the order of the others stay."""
        actor = self.actors[index]
        for engine_id in actor.ids:
            self.client.removeBody(engine_id)
            del self.index[engine_id]
        actor.ids = ()

    def set_pose(self, actor: Actor, position: Vec3, orientation: Quat, velocity: Vec3, spin: Vec3) -> None:
        """Put a body somewhere, moving as told (own frame)."""
        if actor.body.motion == "dynamic":
            poses = [
                (
                    *actor.engine_pose(position, orientation),
                    actor.engine_velocity(orientation, velocity, spin),
                )
            ]
        else:
            poses = []
            for piece in actor.form.pieces:
                arm = rotation.rotate(orientation, piece.position)
                along = rotation.cross(spin, arm)
                poses.append(
                    (
                        _plus(position, arm),
                        rotation.multiply(orientation, piece.orientation),
                        _plus(velocity, along),
                    )
                )
        for engine_id, (place, turn, speed) in zip(actor.ids, poses, strict=True):
            self.client.resetBasePositionAndOrientation(engine_id, place, turn)
            # after the pose, never before: setting a pose zeroes the velocity
            self.client.resetBaseVelocity(engine_id, speed, spin)

    def name(self, engine_id: int) -> str:
        index = self.index[engine_id]
        return self.room_names[engine_id] if index == ROOM else self.actors[index].body.name


def _contact_settings(body: Body) -> dict[str, Any]:
    rolling = rolling_friction(body)
    settings: dict[str, Any] = {
        "lateralFriction": body.friction,
        "rollingFriction": rolling,
        "spinningFriction": rolling,
        "restitution": body.restitution,
    }
    if body.restitution > 0 and body.motion == "dynamic":
        settings["contactProcessingThreshold"] = 0.0  # no bounce off contacts that are still apart
        settings["contactStiffness"] = BOUNCE_STIFFNESS
        settings["contactDamping"] = BOUNCE_STIFFNESS
    return settings


def _plus(a: Vec3, b: Vec3) -> Vec3:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def rolling_friction(body: Body) -> float:
    """Arm in metres. A round shape that would gain speed by itself gets the least that stops it."""
    shaped = form(body.shape)
    if shaped.radius is None or rolls_exactly(body.shape):
        return body.rolling_friction
    return max(body.rolling_friction, LEAST_ROLLING * shaped.radius)
