"""What a body is to the solver: convex pieces, volume, centre of mass and principal inertia.

Primitives are exact. Nothing here talks to a running world: `Form` is numbers, `collision_shape`
turns it into a PyBullet shape of a given client.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.scene.scene import (
    IDENTITY,
    Box,
    Capsule,
    Compound,
    Cone,
    Cushion,
    Cylinder,
    Mesh,
    Quat,
    Ribbon,
    Shape,
    Sphere,
    Strand,
    Vec3,
)

CUSHION_FLOOR = 0.15
"""Share of a cushion's height that is hard: it can be pressed no flatter."""
ROLLER_INSET = 0.004
"""Share of the radius by which the straight part of a roller is thinner than the spheres it rolls on."""
CONE_SIDES = 64
_OFF_AXIS = 1e-9
"""Products of inertia below this share of the largest moment are rounding: the axes are principal."""


@dataclass(frozen=True)
class Piece:
    """One convex piece in the body's frame. `size`: box edges; (radius,); (radius, height)."""

    kind: str
    size: tuple[float, ...] = ()
    position: Vec3 = (0.0, 0.0, 0.0)
    orientation: Quat = IDENTITY
    points: tuple[Vec3, ...] = ()
    """Corners of a `hull`, in the piece's frame."""


@dataclass(frozen=True)
class Form:
    """Collision pieces and mass properties of a shape of uniform density 1.

    `centre` (m) and `axes` (quaternion) place the principal frame in the body's own frame; `inertia`
    holds the principal moments of a body of mass 1 (m2). `thin` is the least extent, `reach` the
    greatest distance of a piece from the origin (m), `radius` the rolling radius or None.
    """

    pieces: tuple[Piece, ...]
    volume: float
    centre: Vec3
    axes: Quat
    inertia: Vec3
    thin: float
    reach: float
    radius: float | None = None

    @property
    def centred(self) -> bool:
        """The body's own frame is its principal frame."""
        return self.centre == (0.0, 0.0, 0.0) and self.axes == IDENTITY


@dataclass(frozen=True)
class _Solid:
    """Volume, centre and inertia tensor about the centre (density 1), in the shape's frame."""

    volume: float
    centre: NDArray[np.float64]
    tensor: NDArray[np.float64]


@lru_cache(maxsize=1024)
def form(shape: Shape) -> Form:
    """The collision pieces and mass properties of `shape`; PhysicsError for a mesh that has none."""
    if isinstance(shape, Mesh):
        from generator.physics import meshes  # trimesh and coacd load only when a mesh is asked for

        parts, volume, centre, tensor = meshes.convex_parts(shape)
        pieces = tuple(Piece("hull", points=tuple(map(tuple, part.tolist()))) for part in parts)
        corners = np.concatenate(parts)
        thin = float(np.ptp(corners, axis=0).min())
        return _form(
            pieces, _Solid(volume, centre, tensor), thin, float(np.linalg.norm(corners, axis=1).max())
        )
    if isinstance(shape, Compound):
        pieces = tuple(
            replace(
                piece,
                position=rotation.place(part.position, part.orientation, piece.position),
                orientation=rotation.multiply(part.orientation, piece.orientation),
            )
            for part in shape.parts
            for piece in _pieces(part.shape)
        )
        solids = [_moved(_solid(part.shape), part.position, part.orientation) for part in shape.parts]
        thin = min(_thin(part.shape) for part in shape.parts)
        reach = max(math.dist((0, 0, 0), part.position) + _reach(part.shape) for part in shape.parts)
        return _form(pieces, _sum(solids), thin, reach)
    if isinstance(shape, Strand | Ribbon):
        return Form((), 0.0, (0.0, 0.0, 0.0), IDENTITY, (0.0, 0.0, 0.0), 0.0, 0.0)
    if isinstance(shape, Cushion):
        x, y, z = shape.size
        high = z * CUSHION_FLOOR
        piece = Piece("box", (x, y, high), (0.0, 0.0, (high - z) / 2))
        return Form(
            (piece,), x * y * z, (0.0, 0.0, 0.0), IDENTITY, (1.0, 1.0, 1.0), high, math.hypot(x, y, z) / 2
        )
    radius = shape.radius if isinstance(shape, Sphere | Cylinder | Capsule) else None
    return _form(_pieces(shape), _solid(shape), _thin(shape), _reach(shape), radius)


def _form(
    pieces: tuple[Piece, ...], solid: _Solid, thin: float, reach: float, radius: float | None = None
) -> Form:
    if not solid.volume > 0:
        raise PhysicsError("a shape without volume has no mass: give it thickness")
    tensor = solid.tensor / solid.volume
    off = np.abs(tensor - np.diag(np.diag(tensor))).max()
    if off <= _OFF_AXIS * np.abs(tensor).max():
        moments, axes = np.diag(tensor), IDENTITY
    else:
        moments, columns = np.linalg.eigh(tensor)
        if np.linalg.det(columns) < 0:
            columns[:, 2] *= -1
        axes = rotation.from_matrix(columns)
    centre = np.where(np.abs(solid.centre) < 1e-12, 0.0, solid.centre)
    return Form(
        pieces,
        solid.volume,
        (float(centre[0]), float(centre[1]), float(centre[2])),
        axes,
        (float(moments[0]), float(moments[1]), float(moments[2])),
        thin,
        reach,
        radius,
    )


def _pieces(shape: Box | Sphere | Cylinder | Capsule | Cone) -> tuple[Piece, ...]:
    if isinstance(shape, Box):
        return (Piece("box", tuple(shape.size)),)
    if isinstance(shape, Sphere):
        return (Piece("sphere", (shape.radius,)),)
    if isinstance(shape, Cylinder):
        return _roller(shape.radius, shape.height, shape.height / 2 - shape.radius * (1 + ROLLER_INSET))
    if isinstance(shape, Capsule):
        straight = shape.height - 2 * shape.radius
        if straight <= 0:
            return (Piece("sphere", (shape.radius,)),)
        return _roller(shape.radius, straight, straight / 2)
    turn = 2 * math.pi / CONE_SIDES
    ring = [
        (shape.radius * math.cos(i * turn), shape.radius * math.sin(i * turn), -shape.height / 2)
        for i in range(CONE_SIDES)
    ]
    return (Piece("hull", points=(*ring, (0.0, 0.0, shape.height / 2))),)


def _roller(radius: float, straight: float, offset: float) -> tuple[Piece, ...]:
    """A cylinder that rolls on two spheres of its own radius, `offset` from the middle.

    Bullet's cylinder and capsule keep stale points of their line of contact and so gain speed on flat
    ground (0.5 to 0.8 m/s within 10 s, at any step length); a sphere touches in one fresh point and
    rolls exactly. The spheres fit inside a cylinder longer than it is thick; a shorter one stays a
    plain cylinder and needs rolling friction (`engine.rolling_friction`).
    """
    if offset < 0.1 * radius:
        return (Piece("cylinder", (radius, straight)),)
    core = Piece("cylinder", (radius * (1 - ROLLER_INSET), straight))
    return (
        core,
        Piece("sphere", (radius,), (0.0, 0.0, -offset)),
        Piece("sphere", (radius,), (0.0, 0.0, offset)),
    )


def rolls_exactly(shape: Shape) -> bool:
    """Whether the shape's own contact is free of the energy gain described in `_roller`."""
    if isinstance(shape, Cylinder | Capsule):
        return len(_pieces(shape)) == 3 or _pieces(shape)[0].kind == "sphere"
    return not isinstance(shape, Cone)


def _solid(shape: Box | Sphere | Cylinder | Capsule | Cone) -> _Solid:
    """Closed forms: https://en.wikipedia.org/wiki/List_of_moments_of_inertia."""
    centre = np.zeros(3)
    if isinstance(shape, Box):
        x, y, z = shape.size
        volume = x * y * z
        moments = [(y * y + z * z) / 12, (x * x + z * z) / 12, (x * x + y * y) / 12]
    elif isinstance(shape, Sphere):
        volume = 4 / 3 * math.pi * shape.radius**3
        moments = [0.4 * shape.radius**2] * 3
    elif isinstance(shape, Cylinder):
        r, h = shape.radius, shape.height
        volume = math.pi * r * r * h
        moments = [(3 * r * r + h * h) / 12] * 2 + [r * r / 2]
    elif isinstance(shape, Capsule):
        r = shape.radius
        h = max(shape.height - 2 * r, 0.0)
        tube, ball = math.pi * r * r * h, 4 / 3 * math.pi * r**3
        volume = tube + ball
        across = tube * (r * r / 4 + h * h / 12) + ball * (0.4 * r * r + h * h / 4 + 3 / 8 * h * r)
        moments = [across / volume] * 2 + [(tube / 2 + 0.4 * ball) * r * r / volume]
    else:
        r, h = shape.radius, shape.height
        volume = math.pi * r * r * h / 3
        moments = [3 / 20 * r * r + 3 / 80 * h * h] * 2 + [0.3 * r * r]
        centre = np.array([0.0, 0.0, -h / 4])
    return _Solid(volume, centre, np.diag(moments) * volume)


def _moved(solid: _Solid, position: Vec3, orientation: Quat) -> _Solid:
    turn = rotation.matrix(orientation)
    return _Solid(solid.volume, np.array(position) + turn @ solid.centre, turn @ solid.tensor @ turn.T)


def _sum(solids: list[_Solid]) -> _Solid:
    volume = sum(solid.volume for solid in solids)
    centre = sum((solid.volume * solid.centre for solid in solids), np.zeros(3)) / volume
    tensor = np.zeros((3, 3))
    for solid in solids:  # parallel axes
        arm = solid.centre - centre
        tensor += solid.tensor + solid.volume * (arm @ arm * np.eye(3) - np.outer(arm, arm))
    return _Solid(volume, centre, tensor)


def _thin(shape: Box | Sphere | Cylinder | Capsule | Cone) -> float:
    if isinstance(shape, Box):
        return min(shape.size)
    if isinstance(shape, Sphere):
        return 2 * shape.radius
    return min(2 * shape.radius, shape.height)


def _reach(shape: Box | Sphere | Cylinder | Capsule | Cone) -> float:
    if isinstance(shape, Box):
        return math.dist((0, 0, 0), shape.size) / 2
    if isinstance(shape, Sphere):
        return shape.radius
    return math.hypot(shape.radius, shape.height / 2)


# --- towards PyBullet -----------------------------------------------------------------------------


def in_principal_frame(form: Form) -> tuple[Piece, ...]:
    """The pieces as the centre of mass and the principal axes see them."""
    if form.centred:
        return form.pieces
    back = rotation.conjugate(form.axes)
    x, y, z = form.centre
    return tuple(
        replace(
            piece,
            position=rotation.rotate(
                back, (piece.position[0] - x, piece.position[1] - y, piece.position[2] - z)
            ),
            orientation=rotation.multiply(back, piece.orientation),
        )
        for piece in form.pieces
    )


def collision_shape(client: Any, piece: Piece) -> int:
    """A PyBullet collision shape of one piece, in the piece's own frame."""
    if piece.kind == "box":
        made = client.createCollisionShape(client.GEOM_BOX, halfExtents=[edge / 2 for edge in piece.size])
    elif piece.kind == "sphere":
        made = client.createCollisionShape(client.GEOM_SPHERE, radius=piece.size[0])
    elif piece.kind == "cylinder":
        made = client.createCollisionShape(client.GEOM_CYLINDER, radius=piece.size[0], height=piece.size[1])
    else:
        made = client.createCollisionShape(client.GEOM_MESH, vertices=[list(point) for point in piece.points])
    if made < 0:
        raise PhysicsError("the engine refused a collision shape: is a size zero, or a hull flat?")
    return int(made)
