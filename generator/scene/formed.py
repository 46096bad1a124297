"""Things that change their form: how the numbers a mechanism gives become a surface. Pure numpy.

A strand is given by the points of its middle line, (K, 3) in the room; a ribbon by such points and its width
there as a share of its own, (K, 4), so that it can break off and go on elsewhere; a cushion by how deep each
node of its top is pressed in, (nodes * nodes, 1) m. Faces never change, only vertices do, and
their order is the same for a shape whatever its form.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generator.scene.scene import Cushion, Ribbon, Strand

Floats = NDArray[np.float64]
SIDES = 8
"""Corners of a strand's cross-section."""
LIFT = 3e-4
"""m that a ribbon lies above what it was laid on, so that the two surfaces never mix."""
SOFTEST, HARDEST = 2.6, 14.0
"""Exponents of a cushion's outline for a crown of 1 and of 0."""


def rest(shape: Strand | Ribbon | Cushion) -> Floats:
    """The form before any mechanism has spoken: of no length; not pressed."""
    if isinstance(shape, Cushion):
        return np.zeros((shape.cells**2, 1))
    return np.zeros((shape.points, 4 if isinstance(shape, Ribbon) else 3))


def length(shape: Strand | Ribbon, points: Floats) -> float:
    """m, without the breaks of a ribbon."""
    steps = np.linalg.norm(np.diff(points[:, :3], axis=0), axis=1)
    if isinstance(shape, Ribbon):
        steps = steps[np.minimum(points[:-1, 3], points[1:, 3]) > 0]
    return float(steps.sum())


def faces(shape: Strand | Ribbon | Cushion) -> NDArray[np.int32]:
    """(F, 4) corners, seen from outside counter-clockwise."""
    if isinstance(shape, Strand):
        return _grid(shape.points, SIDES, around=True)
    if isinstance(shape, Ribbon):
        return _grid(shape.points, 2)[:, ::-1]
    top = _grid(shape.cells, shape.cells)
    return np.concatenate([top, top[:, ::-1] + shape.cells**2]).astype(np.int32)


def vertices(shape: Strand | Ribbon | Cushion, points: Floats) -> Floats:
    """(V, 3) m: in the room for a strand or ribbon, in the body's frame for a cushion."""
    if isinstance(shape, Cushion):
        x, y, top, bottom = cushion(shape)
        pressed = top - points.reshape(top.shape)
        return np.concatenate([np.stack([x, y, z], axis=-1).reshape(-1, 3) for z in (pressed, bottom)])
    along = _directions(points[:, :3])
    if isinstance(shape, Ribbon):
        flat = along * (1.0, 1.0, 0.0)
        flat = np.where(np.linalg.norm(flat, axis=1, keepdims=True) < 1e-9, (1.0, 0.0, 0.0), flat)
        flat /= np.linalg.norm(flat, axis=1, keepdims=True)
        half = shape.width / 2 * points[:, 3:]
        side = np.stack([-flat[:, 1], flat[:, 0], np.zeros(len(flat))], axis=-1) * half
        middle = points[:, :3] + np.array([0.0, 0.0, LIFT])
        return np.stack([middle + side, middle - side], axis=1).reshape(-1, 3)
    if not along.any():  # of no length: of no thickness either
        return np.repeat(points, SIDES, axis=0)
    first = _across(along[0])
    sides = [first - along[0] * (first @ along[0])]
    for direction in along[1:]:  # carried along without twist
        carried = sides[-1] - direction * (sides[-1] @ direction)
        length = np.linalg.norm(carried)
        sides.append(carried / length if length > 1e-9 else _across(direction))
    side = np.stack(sides)
    other = np.cross(along, side)
    angle = np.arange(SIDES) * (2 * np.pi / SIDES)
    ring = np.cos(angle)[None, :, None] * side[:, None] + np.sin(angle)[None, :, None] * other[:, None]
    return (points[:, None] + shape.radius * ring).reshape(-1, 3)


def cushion(shape: Cushion) -> tuple[Floats, Floats, Floats, Floats]:
    """x, y and the heights of top and bottom at its nodes, (nodes, nodes) each, m, in the body's frame.

    Outline and profile are superellipses; top and bottom meet in a seam. The bottom is nearly flat.
    """
    width, depth, height = shape.size
    power = HARDEST + (SOFTEST - HARDEST) * shape.crown
    # Nodes are closer where the surface bends.
    line = np.sin(np.linspace(-np.pi / 2, np.pi / 2, shape.cells))
    u, v = np.meshgrid(line, line, indexing="ij")
    full = ((1 - np.abs(u) ** power) * (1 - np.abs(v) ** power)) ** (1 / 2.2)
    pinch = 1 - 0.06 * shape.crown * (u * u + v * v - 2 * u * u * v * v)
    return u * pinch * width / 2, v * pinch * depth / 2, full * height / 2, -(full**0.5) * height / 2


def _directions(points: Floats) -> Floats:
    """(K, 3) unit tangents; points that coincide take a neighbour's, and all zero where none differ."""
    steps = np.diff(points, axis=0)
    length = np.linalg.norm(steps, axis=1)
    known = np.flatnonzero(length > 1e-9)
    if not len(known):
        return np.zeros_like(points)
    unit = steps[known] / length[known, None]
    # Each point takes the mean of the steps before and after it that have a length.
    before = np.clip(np.searchsorted(known, np.arange(len(points)) - 1, side="right") - 1, 0, len(known) - 1)
    after = np.clip(np.searchsorted(known, np.arange(len(points)), side="left"), 0, len(known) - 1)
    mean = unit[before] + unit[after]
    size = np.linalg.norm(mean, axis=1, keepdims=True)
    return np.where(size > 1e-6, mean / np.maximum(size, 1e-6), unit[after])


def _across(direction: Floats) -> Floats:
    """A unit vector across a direction."""
    axis = np.eye(3)[int(np.argmin(np.abs(direction)))]
    found = np.cross(direction, axis)
    return np.asarray(found / np.linalg.norm(found))


def _grid(rows: int, columns: int, around: bool = False) -> NDArray[np.int32]:
    """(F, 4) of a net of rows x columns vertices; `around`: the last column meets the first."""
    row, column = np.meshgrid(
        np.arange(rows - 1), np.arange(columns if around else columns - 1), indexing="ij"
    )
    row, column = row.ravel(), column.ravel()
    beside = (column + 1) % columns
    here, below = row * columns, (row + 1) * columns
    quads = [here + column, below + column, below + beside, here + beside]
    return np.stack(quads, axis=1).astype(np.int32)
