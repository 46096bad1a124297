"""One world in PyBullet: the room, its dressing and every body of a scene, in scene order.

The settings are measured, not defaults. PyBullet's own bounce heights are off by 20 to 50 %, its early
exit couples things that never touch, and its sleeping bodies hang in mid-air. What lives here knows
nothing of time, interventions or recording: see `simulate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.physics.actor import Actor, Joint
from generator.physics.shapes import Piece, collision_shape, form, in_principal_frame, rolls_exactly
from generator.scene.props import PROPS, solid
from generator.scene.scene import IDENTITY, Body, Quat, Scene, Support, Vec3

if TYPE_CHECKING:
    from generator.mechanisms.base import Action

ROOM = -1
"""Index of everything that is not a body: supports and dressing."""
LEAST_ROLLING = 0.02
"""Rolling friction, in radii, of a round shape that would gain speed without."""
BOUNCE_STIFFNESS = 1e6
"""With contact damping of the same size: position correction so weak that it adds no bounce."""
PARTED = 1e-4
"""m: overlap at the start from which a jointed body and its neighbour count as built into each other."""
FASTEST_JOINT = 1e5
"""rad/s. PyBullet's multibodies clamp spin near 100 rad/s otherwise."""


class World:
    """A fresh engine that holds a scene. Use as a context manager; `step` advances it.

    Mechanisms act before and after each step. `links` is for couplings other than contact (a taut string,
    a magnet, a switch): a mechanism adds to it while it acts, `step` clears it, and the recorder keeps it
    beside the contacts.
    """

    def __init__(self, scene: Scene) -> None:
        import pybullet
        from pybullet_utils.bullet_client import BulletClient

        self.scene = scene
        self.dt = 1.0 / scene.physics.rate
        self.client: Any = BulletClient(pybullet.DIRECT)
        self.time = 0.0
        """Seconds at which the coming step begins; frame 0 is 0, settling is before."""
        self.actions: list[Action] = []
        self.links: set[tuple[int, int, int]] = set()
        """(mechanism, from, to): the second's state follows from the first's in this step."""
        self.actors: list[Actor] = []
        self.parted: set[tuple[int, int]] = set()
        """Engine ids that never touch: a jointed body and what it is built into."""
        self.led: set[str] = set()
        """Static bodies that a mechanism gives a speed, and puts back after each step."""
        self._by_name: dict[str, Actor] = {}
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
        joints: dict[str, Joint] = {}
        for name, entry in self.scene.mechanisms.items():
            for hung, joint in entry.value.joints(self.scene).items():
                if hung in joints:
                    raise PhysicsError(f"{name}: {hung} hangs on two joints; a body has one")
                joints[hung] = joint
            self.led.update(entry.value.leads())
        pinned = {name for entry in self.scene.mechanisms.values() for name in entry.value.pinned()}
        for index, body in enumerate(self.scene.bodies):
            self._add_body(index, body, joints.get(body.name), body.name in pinned)
        self._part_jointed()
        for number, (name, entry) in enumerate(self.scene.mechanisms.items()):
            action = entry.value.act(self, name)
            action.number = number
            self.actions.append(action)
        for actor in self.actors:
            self._check_led(actor)

    def _check_led(self, actor: Actor) -> None:
        """Strings and traces are where a mechanism leads them; PhysicsError if none does."""
        kind, leader = actor.body.shape.kind, {"strand": "tether or spring", "ribbon": "trace"}
        if kind in leader and actor.points is None:
            raise PhysicsError(
                f"{actor.body.name}: no mechanism says where this {kind} goes: name it in a {leader[kind]}"
            )

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

    def _add_body(self, index: int, body: Body, joint: Joint | None, pinned: bool) -> None:
        if body.motion == "dynamic" and not body.mass > 0:
            raise PhysicsError(f"{body.name}: a dynamic body needs a mass above 0, got {body.mass}")
        if joint is not None and body.motion != "dynamic":
            raise PhysicsError(f"{body.name} is {body.motion}: only a dynamic body can hang on a joint")
        actor = Actor(index, body, self.client, joint=joint)
        self.actors.append(actor)
        self._by_name[body.name] = actor
        position, orientation = body.position, rotation.unit(body.orientation)
        if joint is not None:
            actor.ids = (self._jointed(actor, joint, *actor.engine_pose(position, orientation)),)
        elif body.motion == "dynamic":
            actor.ids = (self._dynamic(actor, *actor.engine_pose(position, orientation), pinned),)
        else:
            actor.ids = tuple(
                self.client.createMultiBody(
                    0,
                    self._shape(piece),
                    -1,
                    rotation.place(position, orientation, piece.position),
                    rotation.multiply(orientation, piece.orientation),
                    # A static body of maximal coordinates has no speed, whatever it is told
                    useMaximalCoordinates=body.motion == "static" and body.name not in self.led,
                )
                for piece in actor.form.pieces
            )
        settings = _contact_settings(body)
        for engine_id in actor.ids:
            self.index[engine_id] = index
            for link in range(-1, self.client.getNumJoints(engine_id)):
                self.client.changeDynamics(engine_id, link, **settings)
        if body.motion == "dynamic":
            weighed: dict[str, Any] = {
                "mass": body.mass,  # with the inertia, or maximal coordinates take the mass for 0
                "localInertiaDiagonal": [body.mass * moment for moment in actor.form.inertia],
            }
            whole = {"linearDamping": 0.0, "angularDamping": 0.0, "maxJointVelocity": FASTEST_JOINT}
            if joint is None:
                self.client.changeDynamics(actor.ids[0], -1, **weighed, **whole)
            else:
                # Apart: told together for a link, PyBullet gives the mass to the base, which then falls
                self.client.changeDynamics(actor.ids[0], -1, **whole)
                self.client.changeDynamics(actor.ids[0], actor.link, **weighed)
        if joint is not None:
            self._limit(actor, joint)
            actor.put(position, orientation, body.velocity, body.spin)

    def _limit(self, actor: Actor, joint: Joint) -> None:
        limits: dict[str, float] = {}
        if joint.lower is not None and joint.upper is not None:
            limits = {"jointLowerLimit": joint.lower, "jointUpperLimit": joint.upper}
        self.client.changeDynamics(actor.ids[0], actor.link, jointDamping=0.0, **limits)
        actor.drive(0.0, joint.friction)  # a new joint has a motor of its own that would hold it

    def _part_jointed(self) -> None:
        """A jointed body passes what its joint names, and what it is built into: what stands or hangs and
        overlaps it where the scene puts it. A loose body that does so is a fault, as anywhere."""
        for actor in self.actors:
            if actor.joint is None:
                continue
            mine = actor.ids[0]
            for other, index in self.index.items():
                against = None if index == ROOM else self.actors[index]
                if against is actor:
                    continue
                if against is not None and against.body.name in actor.joint.passes:
                    self._never_touch(mine, other)
                elif against is None or against.joint is not None or against.body.motion != "dynamic":
                    points = self.client.getClosestPoints(mine, other, 0.0)
                    if min((point[8] for point in points), default=0.0) < -PARTED:
                        self._never_touch(mine, other)

    def part(self, a: Actor, b: Actor) -> None:
        """From now on the two pass through each other."""
        for mine in a.ids:
            for other in b.ids:
                self._never_touch(mine, other)

    def _never_touch(self, mine: int, other: int) -> None:
        self.parted.add((mine, other))
        for link in range(-1, self.client.getNumJoints(mine)):
            for against in range(-1, self.client.getNumJoints(other)):
                self.client.setCollisionFilterPair(mine, other, link, against, 0)

    def _jointed(self, actor: Actor, joint: Joint, position: Vec3, orientation: Quat) -> int:
        """A base that stands still at the anchor, a link with the mass, and a massless one for each piece.

        An idle link lies between base and mass: Bullet looks for a joint that can move among a piece's
        parents to tell whether it is static, but never at link 0; and two static things touch without force.
        """
        pieces = in_principal_frame(actor.form)
        shapes = [self._shape(piece) for piece in pieces]
        count = len(pieces)
        x, y, z = joint.anchor
        middle = (position[0] - x, position[1] - y, position[2] - z)
        kind = self.client.JOINT_REVOLUTE if joint.kind == "revolute" else self.client.JOINT_PRISMATIC
        places = [rotation.place(middle, orientation, piece.position) for piece in pieces]
        turns = [rotation.multiply(orientation, rotation.unit(piece.orientation)) for piece in pieces]
        idle, upright = (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)
        made = self.client.createMultiBody(
            0,
            -1,
            -1,
            joint.anchor,
            IDENTITY,
            linkMasses=[0.0, actor.body.mass] + [0.0] * count,
            linkCollisionShapeIndices=[-1, -1, *shapes],
            linkVisualShapeIndices=[-1] * (2 + count),
            linkPositions=[idle, idle, *places],
            linkOrientations=[IDENTITY, IDENTITY, *turns],
            linkInertialFramePositions=[idle, middle] + [idle] * count,
            linkInertialFrameOrientations=[IDENTITY, orientation] + [IDENTITY] * count,
            linkParentIndices=[0, 1] + [2] * count,
            linkJointTypes=[self.client.JOINT_FIXED, kind] + [self.client.JOINT_FIXED] * count,
            linkJointAxis=[upright, joint.axis] + [upright] * count,
        )
        return int(made)

    def _dynamic(self, actor: Actor, position: Vec3, orientation: Quat, pinned: bool) -> int:
        """A base with the mass, and a massless fixed link for each piece if there are several.

        Not one compound shape: its pieces would share one broadphase id, so that Bullet could not sort
        their contacts and a far body's removal would reorder them (35 of 40 random scenes diverged).
        """
        pieces = in_principal_frame(actor.form)
        shapes = [self._shape(piece) for piece in pieces]
        plain = len(pieces) == 1 and (pieces[0].position, pieces[0].orientation) == (
            (0.0, 0.0, 0.0),
            IDENTITY,
        )
        if plain and not pinned:
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

    def actor(self, name: str) -> Actor | None:
        """The body of that name, or None where it is not there (any more)."""
        actor = self._by_name.get(name)
        return actor if actor is not None and actor.present else None

    def named(self, name: str) -> Actor:
        """The body of that name, there or not."""
        return self._by_name[name]

    def step(self) -> None:
        self.links.clear()
        for action in self.actions:
            action.before()
        self.client.stepSimulation()
        for action in self.actions:
            action.after()

    def remove(self, index: int) -> None:
        """Take a body out; the ids and the order of the others stay."""
        actor = self.actors[index]
        for action in self.actions:
            action.taken(actor)
        for engine_id in actor.ids:
            self.client.removeBody(engine_id)
            del self.index[engine_id]
        actor.ids, actor.present = (), False

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


def rolling_friction(body: Body) -> float:
    """Arm in metres. A round shape that would gain speed by itself gets the least that stops it."""
    shaped = form(body.shape)
    if shaped.radius is None or rolls_exactly(body.shape):
        return body.rolling_friction
    return max(body.rolling_friction, LEAST_ROLLING * shaped.radius)
