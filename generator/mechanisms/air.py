"""The air round bodies: drag towards wherever it goes. Shared by `lift` and `wind`.

Bodies that a lift or a wind names are in air. However many of them name a body, the air acts on it once:
it goes at the sum of the winds, and the drag is that of what names the body first (a lift before a wind).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from generator.mechanisms.base import Action, BodyNames, Mechanism
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Shape, Vec3

STILL: Vec3 = (0.0, 0.0, 0.0)
TURNING = 0.5
"""Share of the drag coefficient that acts against turning, over the cube of half the body's reach: of the
order that flat things in air have; a body must not spin for ever."""


class InAir(Mechanism):
    """Bodies in air."""

    gives_energy: ClassVar[bool] = True

    bodies: BodyNames
    drag: Annotated[Number, Field(ge=0, le=10)] | None = None
    """Drag coefficient. Left out: 0.47 for what is round, 1.1 for the rest."""
    air: Annotated[Number, Field(gt=0, le=2000)] = 1.2
    """Density, kg/m3: 1000 is water."""
    when: When | None = None


class InAirAction(Action):
    """The air on each body of a lift or a wind. Subclasses say what they add."""

    first = 1
    """Which kind's drag counts where several name a body: the lowest."""

    def __init__(self, settings: InAir, world: World, name: str) -> None:
        super().__init__(world, name)
        self.air, self.density = settings, settings.air
        self.bodies = [world.named(body) for body in settings.bodies]
        self.watch = Watch(settings.when, self)
        self._asked: float | None = None
        self._on = False
        self._mine: list[tuple[Actor, list[InAirAction]]] | None = None

    def flow(self, actor: Actor) -> Vec3:
        """How fast it makes the air go where the body is, m/s."""
        return STILL

    def lifted(self, actor: Actor) -> Vec3:
        """The force on the body besides drag, N."""
        return STILL

    def on(self) -> bool:
        """Whether its condition holds in this step, whoever asks first."""
        if self._asked != self.world.time:
            self._asked, self._on = self.world.time, self.watch.now()
        return self._on

    def before(self) -> None:
        self.on()
        if self._mine is None:
            self._mine = self._shared()
        for actor, others in self._mine:
            if actor.moves:
                self._act(actor, others)

    def _shared(self) -> list[tuple[Actor, list[InAirAction]]]:
        """The bodies whose drag is this action's to apply, each with all that move the air round it."""
        found = []
        for actor in self.bodies:
            airs = [a for a in self.world.actions if isinstance(a, InAirAction) and actor in a.bodies]
            if min(airs, key=lambda a: a.first) is self:
                found.append((actor, airs))
        return found

    def _act(self, actor: Actor, airs: list[InAirAction]) -> None:
        from generator.scene import space

        body, dt = actor.body, self.world.dt
        wind, force = STILL, STILL
        for one in airs:
            one.watch.link(actor)
            wind = space.add(wind, one.flow(actor))
            force = space.add(force, one.lifted(actor))
        _, orientation, _, spin = actor.state()
        place, velocity = actor.point(actor.form.centre if actor.offset else STILL)
        pull = space.add(space.scale(force, 1 / body.mass), self.world.scene.physics.gravity)
        against = space.subtract(velocity, wind)
        speed = space.norm(against)
        if speed > 0:
            own = space.rotate(space.conjugate(orientation), space.scale(against, 1 / speed))
            resistance = 0.5 * self.density * self.coefficient(actor) * facing(body.shape, own) * speed
            ahead = space.add(against, space.scale(pull, dt))
            force = space.add(force, space.scale(ahead, -slowing(resistance, body.mass, dt)))
        actor.push(force, place)
        self._slow_spin(actor, spin)

    def _slow_spin(self, actor: Actor, spin: Vec3) -> None:
        from generator.scene import space

        body, rate = actor.body, space.norm(spin)
        if rate == 0:
            return
        area = sum(facing(body.shape, axis) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1))) / 3
        arm = (actor.form.reach / 2) ** 3
        resistance = TURNING * 0.5 * self.density * self.coefficient(actor) * area * arm * rate
        lightest = body.mass * min(actor.form.inertia)
        actor.twist(space.scale(spin, -slowing(resistance, lightest, self.world.dt)))

    def coefficient(self, actor: Actor) -> float:
        if self.air.drag is not None:
            return self.air.drag
        return 0.47 if actor.body.shape.kind in ("sphere", "capsule") else 1.1


def slowing(resistance: float, mass: float, dt: float) -> float:
    """N s/m: the drag of a step for each m/s that a body would have after it without drag.

    resistance: drag over speed now, N s/m. Linearly implicit, v' = (v + a dt) / (1 + k v dt / m): never
    unstable, and both v0 / (1 + k v0 t / m) of a body that only drifts and the terminal speed come out exact.
    """
    return resistance / (1 + resistance * dt / mass)


def facing(shape: Shape, way: Vec3) -> float:
    """m2 that a shape shows along a unit vector of its own frame.

    Exact for primitives (Cauchy 1841: half the sum of |normal · way| over the surface of what is convex).
    Parts of a compound do not shade each other here; a mesh counts as its hull.
    """
    from generator.physics import rotation
    from generator.scene.scene import Box, Capsule, Compound, Cylinder, Sphere

    if isinstance(shape, Compound):
        return sum(
            facing(part.shape, rotation.rotate(rotation.conjugate(rotation.unit(part.orientation)), way))
            for part in shape.parts
        )
    x, y, z = map(abs, way)
    if isinstance(shape, Box):
        a, b, c = shape.size
        return x * b * c + y * a * c + z * a * b
    across = math.sqrt(max(0.0, 1 - z * z))
    if isinstance(shape, Sphere):
        return math.pi * shape.radius**2
    if isinstance(shape, Cylinder):
        return math.pi * shape.radius**2 * z + 2 * shape.radius * shape.height * across
    if isinstance(shape, Capsule):
        straight = max(0.0, shape.height - 2 * shape.radius)
        return math.pi * shape.radius**2 + 2 * shape.radius * straight * across
    return float(0.5 * abs(_surface(shape) @ way).sum())


@lru_cache(maxsize=256)
def _surface(shape: Shape) -> NDArray[np.float64]:
    """(F, 3): area times outward normal of each face of the shape's hull, m2."""
    import numpy as np
    from scipy.spatial import ConvexHull

    from generator.physics import rotation
    from generator.physics.shapes import form

    points = [
        rotation.place(piece.position, piece.orientation, point)
        for piece in form(shape).pieces
        for point in piece.points
    ]
    if not points:
        return np.zeros((0, 3))
    corners = np.array(points)
    a, b, c = (corners[ConvexHull(corners).simplices[:, k]] for k in range(3))
    return np.cross(b - a, c - a) / 2
