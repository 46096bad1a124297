"""Quaternions (x, y, z, w) in double precision. Pure arithmetic: equal bits in, equal bits out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from generator.scene.scene import Quat, Vec3


def multiply(a: Quat, b: Quat) -> Quat:
    """First b, then a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def conjugate(q: Quat) -> Quat:
    return (-q[0], -q[1], -q[2], q[3])


def unit(q: Quat) -> Quat:
    length = math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
    return (q[0] / length, q[1] / length, q[2] / length, q[3] / length)


def rotate(q: Quat, v: Vec3) -> Vec3:
    x, y, z, _ = multiply(multiply(q, (v[0], v[1], v[2], 0.0)), conjugate(q))
    return (x, y, z)


def place(position: Vec3, orientation: Quat, point: Vec3) -> Vec3:
    """`point` of a frame standing at `position`, turned by `orientation`, in the outer frame."""
    x, y, z = rotate(orientation, point)
    return (position[0] + x, position[1] + y, position[2] + z)


def cross(a: Vec3, b: Vec3) -> Vec3:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def matrix(q: Quat) -> NDArray[np.float64]:
    columns = [rotate(q, axis) for axis in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))]
    return np.array(columns).T


def from_matrix(m: NDArray[np.float64]) -> Quat:
    """The quaternion of a rotation matrix (Shepperd 1978, by the largest component)."""
    (a, b, c), (d, e, f), (g, h, i) = m.tolist()
    squares = (1 + a - e - i, 1 - a + e - i, 1 - a - e + i, 1 + a + e + i)
    largest = max(range(4), key=lambda k: squares[k])
    rows = (
        (squares[0], b + d, c + g, h - f),
        (b + d, squares[1], f + h, c - g),
        (c + g, f + h, squares[2], d - b),
        (h - f, c - g, d - b, squares[3]),
    )
    return unit(rows[largest])


def slerp(a: Quat, b: Quat, share: float) -> Quat:
    """The turn a `share` (0..1) of the short way from a to b."""
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    if dot < 0:
        b, dot = (-b[0], -b[1], -b[2], -b[3]), -dot
    if dot > 1 - 1e-9:
        p, q = 1 - share, share
    else:
        angle = math.acos(dot)
        p, q = math.sin((1 - share) * angle) / math.sin(angle), math.sin(share * angle) / math.sin(angle)
    return unit((p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2], p * a[3] + q * b[3]))


def rate(a: Quat, b: Quat, seconds: float) -> Vec3:
    """World angular velocity that turns a into b within `seconds`, the short way."""
    x, y, z, w = multiply(b, conjugate(a))
    if w < 0:
        x, y, z, w = -x, -y, -z, -w
    length = math.sqrt(x * x + y * y + z * z)
    if length == 0:
        return (0.0, 0.0, 0.0)
    factor = 2 * math.atan2(length, w) / length / seconds
    return (x * factor, y * factor, z * factor)


def angles(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Radians between orientations (..., 4) and (..., 4); exactly 0 for equal bits."""
    ax, ay, az, aw = (a[..., k] for k in range(4))
    bx, by, bz, bw = (b[..., k] for k in range(4))
    x = aw * bx - ax * bw - (ay * bz - az * by)
    y = aw * by - ay * bw - (az * bx - ax * bz)
    z = aw * bz - az * bw - (ax * by - ay * bx)
    w = aw * bw + ax * bx + ay * by + az * bz
    return np.asarray(2 * np.arctan2(np.sqrt(x * x + y * y + z * z), np.abs(w)))
