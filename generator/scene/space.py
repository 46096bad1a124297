"""Vectors and quaternions (x, y, z, w) as plain tuples: small, exact to repeat, no numpy.

A scene has a few hundred poses; tuples keep `check` quick to start. The renderer and the simulator
use their own arrays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Vec = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]

IDENTITY: Quaternion = (0.0, 0.0, 0.0, 1.0)


def add(a: Sequence[float], b: Sequence[float]) -> Vec:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Sequence[float], b: Sequence[float]) -> Vec:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def scale(a: Sequence[float], k: float) -> Vec:
    return (a[0] * k, a[1] * k, a[2] * k)


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Sequence[float], b: Sequence[float]) -> Vec:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def norm(a: Sequence[float]) -> float:
    return math.sqrt(dot(a, a))


def unit(a: Sequence[float]) -> Vec:
    """`a` at length 1; ValueError for the zero vector."""
    length = norm(a)
    if length < 1e-12:
        raise ValueError("a zero vector has no direction")
    return scale(a, 1.0 / length)


def multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """The turn `b` followed by the turn `a`, normalised."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    q = (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )
    k = 1.0 / math.sqrt(sum(x * x for x in q))
    return (q[0] * k, q[1] * k, q[2] * k, q[3] * k)


def conjugate(q: Quaternion) -> Quaternion:
    return (-q[0], -q[1], -q[2], q[3])


def rotate(q: Quaternion, v: Sequence[float]) -> Vec:
    """`v` turned by `q`."""
    axis = (q[0], q[1], q[2])
    t = scale(cross(axis, v), 2.0)
    return add(add(v, scale(t, q[3])), cross(axis, t))


def turn(axis: Sequence[float], angle: float) -> Quaternion:
    """The turn by `angle` radians about `axis`."""
    x, y, z = scale(unit(axis), math.sin(angle / 2))
    return (x, y, z, math.cos(angle / 2))


def yaw(angle: float) -> Quaternion:
    """The turn by `angle` radians about Z."""
    return (0.0, 0.0, math.sin(angle / 2), math.cos(angle / 2))


def from_euler(angles: Sequence[float]) -> Quaternion:
    """Turned about world X, then Y, then Z (Blender's XYZ); radians."""
    x = turn((1, 0, 0), angles[0])
    y = turn((0, 1, 0), angles[1])
    z = turn((0, 0, 1), angles[2])
    return multiply(z, multiply(y, x))


def from_axes(x: Vec, y: Vec, z: Vec) -> Quaternion:
    """The turn that takes the world's axes to the orthonormal `x`, `y`, `z` (Shepperd's method)."""
    trace = x[0] + y[1] + z[2]
    candidates = (
        (1 + x[0] - y[1] - z[2], x[1] + y[0], x[2] + z[0], y[2] - z[1]),
        (x[1] + y[0], 1 - x[0] + y[1] - z[2], y[2] + z[1], z[0] - x[2]),
        (x[2] + z[0], y[2] + z[1], 1 - x[0] - y[1] + z[2], x[1] - y[0]),
        (y[2] - z[1], z[0] - x[2], x[1] - y[0], 1 + trace),
    )
    best = max(range(4), key=lambda i: candidates[i][i])
    q = candidates[best]
    k = 1.0 / math.sqrt(sum(c * c for c in q))
    return (q[0] * k, q[1] * k, q[2] * k, q[3] * k)


def look(direction: Sequence[float], roll: float = 0.0) -> Quaternion:
    """Orientation of a camera (−Z ahead, +Y up) that looks along `direction`, upright, rolled by `roll`."""
    back = scale(unit(direction), -1.0)
    right = cross((0.0, 0.0, 1.0), back)
    right = unit(right) if norm(right) > 1e-9 else (1.0, 0.0, 0.0)  # straight up or down: +X is right
    q = from_axes(right, cross(back, right), back)
    return multiply(q, yaw(roll))
