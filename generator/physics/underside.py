"""What a body is from below: the height of its lower side over points of a plane, and which way it faces.

Spheres are exact. Every other convex piece is the room between planes, found once for a shape: exact for
boxes and hulls; a round side is `SIDES` planes that touch it from outside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generator.physics import rotation
from generator.physics.shapes import Piece, form
from generator.scene.scene import Quat, Shape, Vec3

Floats = NDArray[np.float64]
SIDES = 48
"""Planes of a round side: 0.2 % of the radius outside it at most."""
LEVEL = 1e-9
"""A face that looks less up or down than this stands upright."""
STEEP = 0.1
"""Least share of a face that looks down; steeper ones count as this steep, so that no force is endless."""


@dataclass(frozen=True)
class Convex:
    """A convex piece in the body's frame: a ball, or n . p <= d for each of its planes."""

    centre: Floats
    radius: float
    """Of the ball; of a ball round the piece where it has planes."""
    normals: Floats | None = None
    """(P, 3) unit, outwards."""
    offsets: Floats | None = None
    """(P,) m."""
    corners: Floats | None = None
    """(C, 3) m, for the box round it."""


@dataclass(frozen=True)
class Underside:
    """A lower side over some points: height (m, infinite beside the piece), the height of the upper side
    above it, and the outward normal (..., 3)."""

    height: Floats
    upper: Floats
    normal: Floats


@lru_cache(maxsize=256)
def pieces(shape: Shape) -> tuple[Convex, ...]:
    """The convex pieces of a shape, as physics has them."""
    return tuple(_convex(piece) for piece in form(shape).pieces)


def box_round(piece: Convex, position: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Lower and upper corner of the piece of a body that stands at `position`, turned by `turn` (3, 3)."""
    middle = position + turn @ piece.centre
    if piece.corners is None:
        return middle - piece.radius, middle + piece.radius
    corners = position + piece.corners @ turn.T
    return corners.min(axis=0), corners.max(axis=0)


def below(piece: Convex, position: Floats, turn: Floats, x: Floats, y: Floats) -> Underside:
    """The lower side of the piece over points x, y, (R, C) each."""
    if piece.normals is None or piece.offsets is None:
        middle = position + turn @ piece.centre
        dx, dy = x - middle[0], y - middle[1]
        drop = np.sqrt(np.maximum(piece.radius**2 - dx * dx - dy * dy, 0.0))
        height = np.where(drop > 0, middle[2] - drop, np.inf)
        return Underside(height, middle[2] + drop, np.stack([dx, dy, -drop], axis=-1) / piece.radius)
    normals = piece.normals @ turn.T
    offsets = piece.offsets + normals @ position
    down, up = normals[:, 2] < -LEVEL, normals[:, 2] > LEVEL
    lower = _heights(normals[down], offsets[down], x, y)
    upper = _heights(normals[up], offsets[up], x, y).min(axis=0)
    facing = lower.argmax(axis=0)
    height = np.take_along_axis(lower, facing[None], axis=0)[0]
    beside = height > upper
    for nx, ny, offset in zip(*normals[~down & ~up, :2].T, offsets[~down & ~up], strict=True):
        beside |= nx * x + ny * y > offset
    return Underside(np.where(beside, np.inf, height), upper, normals[down][facing])


def _heights(normals: Floats, offsets: Floats, x: Floats, y: Floats) -> Floats:
    """(P, ...) heights of planes over points x, y."""
    slopes = -normals[:, :2] / normals[:, 2:]
    starts = offsets / normals[:, 2]
    return slopes[:, 0, None, None] * x + (slopes[:, 1, None, None] * y + starts[:, None, None])


def _convex(piece: Piece) -> Convex:
    centre = np.array(piece.position, dtype=np.float64)
    if piece.kind == "sphere":
        return Convex(centre, piece.size[0])
    if piece.kind == "box":
        half = np.array(piece.size) / 2
        normals = np.concatenate([np.eye(3), -np.eye(3)])
        offsets = np.concatenate([half, half])
        signs = np.stack(np.meshgrid(*[(-1.0, 1.0)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
        corners = signs * half
    elif piece.kind == "cylinder":
        radius, height = piece.size
        angle = np.arange(SIDES) * (2 * math.pi / SIDES)
        ring = np.stack([np.cos(angle), np.sin(angle), np.zeros(SIDES)], axis=-1)
        normals = np.concatenate([ring, [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]]])
        offsets = np.concatenate([np.full(SIDES, radius), [height / 2] * 2])
        wide = radius / math.cos(math.pi / SIDES) * ring
        end = np.array([0.0, 0.0, height / 2])
        corners = np.concatenate([wide + end, wide - end])
    else:
        from scipy.spatial import ConvexHull

        corners = np.array(piece.points, dtype=np.float64)
        planes = np.unique(ConvexHull(corners).equations.round(12), axis=0)
        normals, offsets = planes[:, :3], -planes[:, 3]
    return _placed(normals, offsets, corners, centre, rotation.unit(piece.orientation))


def _placed(normals: Floats, offsets: Floats, corners: Floats, centre: Floats, turn: Quat) -> Convex:
    matrix = rotation.matrix(turn)
    normals = normals @ matrix.T
    radius = float(np.linalg.norm(corners, axis=1).max())
    return Convex(centre, radius, normals, offsets + normals @ centre, centre + corners @ matrix.T)


def turned(position: Vec3, orientation: Quat) -> tuple[Floats, Floats]:
    """A pose as a vector and a matrix."""
    return np.array(position), rotation.matrix(orientation)
