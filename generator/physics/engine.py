"""One world in PyBullet: the room, its dressing and every body of a scene, in scene order.

The settings are measured, not defaults. PyBullet's own bounce heights are off by 20 to 50 %, its early
exit couples things that never touch, and its sleeping bodies hang in mid-air. What lives here knows
nothing of time, interventions or recording: see `simulate`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.physics.shapes import Form, collision_shape, form, rolls_exactly
from generator.scene.props import PROPS, solid
from generator.scene.scene import Body, Box, Quat, Scene, Support, Vec3

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
    id: int

    @property
    def offset(self) -> bool:
        return self.body.motion == "dynamic" and not self.form.centred

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
        self._folder = tempfile.TemporaryDirectory(prefix="butfor-hulls-")
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
            self._folder.cleanup()

    def _build(self) -> None:
        physics = self.scene.physics
        self.client.setGravity(*physics.gravity)
        self.client.setTimeStep(self.dt)
        self.client.setPhysicsEngineParameter(
            deterministicOverlappingPairs=1,
            numSolverIterations=physics.iterations,
            solverResidualThreshold=0.0,  # early exit would couple islands through the shared residual
            numSubSteps=0,
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
        shape = collision_shape(self.client, form(Box(size=support.size)), False, self._folder.name)
        made = self.client.createMultiBody(0, shape, -1, support.position, rotation.unit(support.orientation))
        self.client.changeDynamics(
            made, -1, lateralFriction=support.friction, restitution=support.restitution
        )
        self.index[made] = ROOM
        self.room_names[made] = name

    def _add_body(self, index: int, body: Body) -> None:
        shaped = form(body.shape)
        dynamic = body.motion == "dynamic"
        if dynamic and not body.mass > 0:
            raise PhysicsError(f"{body.name}: a dynamic body needs a mass above 0, got {body.mass}")
        shape = collision_shape(self.client, shaped, dynamic, self._folder.name)
        actor = Actor(index, body, shaped, -1)
        pose = actor.engine_pose(body.position, rotation.unit(body.orientation))
        actor.id = self.client.createMultiBody(body.mass if dynamic else 0, shape, -1, *pose)
        rolling = rolling_friction(body)
        settings: dict[str, Any] = {
            "lateralFriction": body.friction,
            "rollingFriction": rolling,
            "spinningFriction": rolling,
            "restitution": body.restitution,
            "linearDamping": 0.0,
            "angularDamping": 0.0,
            "maxJointVelocity": FASTEST_JOINT,
        }
        if dynamic:
            settings["localInertiaDiagonal"] = [body.mass * moment for moment in shaped.inertia]
        if shaped.hulls:
            settings["collisionMargin"] = 0.0  # hulls float 1 mm with the default margin
        if body.restitution > 0 and dynamic:
            settings["contactProcessingThreshold"] = 0.0  # no bounce off contacts that are still apart
            settings["contactStiffness"] = BOUNCE_STIFFNESS
            settings["contactDamping"] = BOUNCE_STIFFNESS
        self.client.changeDynamics(actor.id, -1, **settings)
        self.actors.append(actor)
        self.index[actor.id] = index

    def step(self) -> None:
        self.links.clear()
        for hook in self.hooks:
            hook(self)
        self.client.stepSimulation()

    def remove(self, index: int) -> None:
        """Take a body out; the ids and the order of the others stay."""
        actor = self.actors[index]
        self.client.removeBody(actor.id)
        del self.index[actor.id]
        actor.id = -1

    def set_pose(self, actor: Actor, position: Vec3, orientation: Quat, velocity: Vec3, spin: Vec3) -> None:
        """Put a body somewhere, moving as told (own frame)."""
        self.client.resetBasePositionAndOrientation(actor.id, *actor.engine_pose(position, orientation))
        # after the pose, never before: setting a pose zeroes the velocity
        self.client.resetBaseVelocity(actor.id, actor.engine_velocity(orientation, velocity, spin), spin)

    def name(self, engine_id: int) -> str:
        index = self.index[engine_id]
        return self.room_names[engine_id] if index == ROOM else self.actors[index].body.name


def rolling_friction(body: Body) -> float:
    """Arm in metres. A round shape that would gain speed by itself gets the least that stops it."""
    shaped = form(body.shape)
    if shaped.radius is None or rolls_exactly(body.shape):
        return body.rolling_friction
    return max(body.rolling_friction, LEAST_ROLLING * shaped.radius)
