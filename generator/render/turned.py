"""Turned shapes: anything with an axis of symmetry along Z, from a profile of (radius, z) points."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from generator.render.geometry import Array, Surface, grid_faces, joined, smooth_runs, surface

Profile = Sequence[tuple[float, float]]


def lathe(profile: Profile, segments: int = 64, sharp: float = math.radians(35)) -> Surface:
    """The profile, bottom to top along its outside, turned about Z.

    UV in metres: u around, v along the profile; flat ends are laid out as (x, y) and are `end` grain.
    """
    path = np.asarray(profile, float)
    run = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    around = float(path[:, 0].max()) * 2 * math.pi
    strips = []
    for part, left in smooth_runs(path, sharp):
        # Going up the outside, the outward side is to the right.
        strips.append(_strip(path[part], -left, run[part], around, segments))
    return joined(*strips)


def _strip(path: Array, normal: Array, run: Array, around: float, segments: int) -> Surface:
    angle = np.linspace(0, 2 * math.pi, segments + 1)
    cos, sin = np.cos(angle), np.sin(angle)
    cos[-1], sin[-1] = cos[0], sin[0]

    def turned(radius: Array, z: Array) -> Array:
        return np.stack(
            [np.outer(cos, radius), np.outer(sin, radius), np.tile(z, (segments + 1, 1))], -1
        ).reshape(-1, 3)

    points, normals = turned(path[:, 0], path[:, 1]), turned(normal[:, 0], normal[:, 1])
    faces = grid_faces(segments + 1, len(path))
    slope = np.abs(np.diff(path[:, 1])) < 0.3 * np.abs(np.diff(path[:, 0]))
    flat = np.tile(slope, segments)
    u = np.repeat(np.arange(segments + 1) / segments * around, len(path))
    side = np.stack([u, np.tile(run, segments + 1)], 1)[faces.ravel()]
    cap = points[faces.ravel()][:, :2]
    uv = np.where(np.repeat(flat, 4)[:, None], cap, side)
    made = surface(points, faces, normals, uv, end=flat.astype(float))
    return _without_slivers(made)


def _without_slivers(shape: Surface) -> Surface:
    """Quads with a corner on the axis become triangles."""
    quads = shape.corners.reshape(-1, 4)
    at = shape.points[quads]
    low = np.linalg.norm(at[:, 0] - at[:, 1], axis=1) < 1e-9
    high = np.linalg.norm(at[:, 2] - at[:, 3], axis=1) < 1e-9
    keep = np.ones_like(quads, bool)
    keep[low, 1] = False
    keep[high, 3] = False
    whole = ~(low & high)
    keep &= whole[:, None]
    mask = keep.ravel()
    return Surface(
        points=shape.points,
        normals=shape.normals,
        edge=shape.edge,
        corners=shape.corners[mask],
        sizes=keep.sum(1)[whole].astype(np.int32),
        uv=shape.uv[mask],
        print_uv=shape.print_uv[mask],
        end=shape.end[whole],
        material=shape.material[whole],
    )


def arc(center: tuple[float, float], radius: float, start: float, stop: float, steps: int = 6) -> list:
    """Points of an arc in the (radius, z) plane; angles from the outward axis, radians."""
    return [
        (max(0.0, center[0] + radius * math.cos(a)), center[1] + radius * math.sin(a))
        for a in np.linspace(start, stop, steps + 1)
    ]


def sphere(radius: float, segments: int = 96) -> Surface:
    """Exact normals; the print UV is the whole ball, u once around and v from pole to pole."""
    rings = segments // 2
    latitude = np.linspace(-math.pi / 2, math.pi / 2, rings + 1)
    longitude = np.linspace(0, 2 * math.pi, segments + 1)
    cos_lat = np.cos(latitude)
    cos_lat[[0, -1]] = 0.0
    cos, sin = np.cos(longitude), np.sin(longitude)
    cos[-1], sin[-1] = cos[0], sin[0]
    normals = np.stack(
        [np.outer(cos, cos_lat), np.outer(sin, cos_lat), np.tile(np.sin(latitude), (segments + 1, 1))], -1
    ).reshape(-1, 3)
    faces = grid_faces(segments + 1, rings + 1)
    u = np.repeat(longitude / (2 * math.pi), rings + 1)
    v = np.tile(latitude / math.pi + 0.5, segments + 1)
    print_uv = np.stack([u, v], 1)[faces.ravel()]
    uv = print_uv * (2 * math.pi * radius, math.pi * radius)
    return _without_slivers(surface(normals * radius, faces, normals, uv, print_uv=print_uv))


def cylinder(radius: float, height: float, bevel: float = 0.0, segments: int = 96) -> Surface:
    """About the origin, rims rounded inwards."""
    bevel = min(bevel or min(0.002, 0.04 * min(2 * radius, height)), 0.45 * min(radius, height))
    low, high, inner = -height / 2 + bevel, height / 2 - bevel, radius - bevel
    profile = [
        (0.0, -height / 2),
        *arc((inner, low), bevel, -math.pi / 2, 0.0, 4),
        *arc((inner, high), bevel, 0.0, math.pi / 2, 4),
        (0.0, height / 2),
    ]
    return _with_rims(lathe(profile, segments))


def capsule(radius: float, height: float, segments: int = 96) -> Surface:
    """`height` over all, caps included."""
    straight = max(height / 2 - radius, 0.0)
    steps = segments // 4
    profile = [
        *arc((0.0, -straight), radius, -math.pi / 2, 0.0, steps),
        *arc((0.0, straight), radius, 0.0, math.pi / 2, steps)[0 if straight > 1e-9 else 1 :],
    ]
    return lathe(profile, segments)


def cone(radius: float, height: float, segments: int = 96) -> Surface:
    """Apex up, the origin at half the height; the rim is rounded by a hair."""
    slant = math.atan2(height, radius)
    bevel = min(0.0006, 0.02 * radius)
    # A circle that touches the base and the side, its outermost point brought out to the full radius.
    inner = radius - bevel
    profile = [
        (0.0, -height / 2),
        *arc((inner, -height / 2 + bevel), bevel, -math.pi / 2, math.pi / 2 - slant, 4),
        (0.0, height / 2),
    ]
    return _with_rims(lathe(profile, segments))


def _with_rims(shape: Surface) -> Surface:
    """Mark the roundings as edges that wear: where the normal is neither flat nor along the side."""
    z = np.abs(shape.normals[:, 2])
    side = np.median(z[z < 0.999]) if (z < 0.999).any() else 0.0
    edge = ((z < 0.97) & (np.abs(z - side) > 0.1)).astype(float)
    return Surface(**{**shape.__dict__, "edge": edge})
