"""Which tiles each body may colour directly, from exact geometry: the part of a probe that costs no light."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from generator.render.tiles import Grid, TileMask, dilate
from generator.render.visibility import Sight
from generator.scene.scene import Body, Camera, CameraPose, Compound

SILHOUETTE = 2
"""Pixels around a body that its pixels' filter reaches (Cycles' Blackman-Harris filter is 1.5 wide)."""
MIRRORS = {"polished_metal", "brass", "steel", "glass"}
"""Materials that show images of what is elsewhere."""
SMOOTH = 0.2
"""Roughness below which any other material does."""


def footprints(
    sight: Sight, grid: Grid, camera: Camera, pose: CameraPose
) -> tuple[NDArray[np.uint64], TileMask]:
    """(rows, columns): a signature of the bodies and their poses in each tile; and whether there is any.

    Two tiles of one camera with unequal signatures cannot show the same. Bodies count where they would be
    seen if nothing stood before them, widened by the pixel filter and by their blur; and wherever a mirror or
    glass is seen, for it may show any of them: small and bent, so that a few samples miss it.
    """
    signature = np.zeros((grid.rows, grid.columns), dtype=np.uint64)
    things = np.zeros((grid.rows, grid.columns), dtype=bool)
    for index, (x0, y0, hit, depth) in sight.outlines():
        reach = SILHOUETTE + blur_radius(camera, pose, depth, grid.size[0])
        mark = _touched(hit, x0, y0, reach, grid)
        things |= mark
        signature[mark] += _hash(index, sight.poses[index])
    shown = [index for index, body in enumerate(sight.bodies) if sight.has(index)]
    mirrors = [index + 1 for index in shown if shows_images(sight.bodies[index])]
    if mirrors:
        everything = sum((int(_hash(index, sight.poses[index])) for index in shown), start=0) % 2**64
        signature[grid.any(np.isin(sight.ids, mirrors))] += np.uint64(everything)
    return signature, things


def shows_images(body: Body) -> bool:
    """Whether some part of a body is a mirror, or glass."""
    parts = body.shape.parts if isinstance(body.shape, Compound) else ()
    looks = [body.material, *(part.material for part in parts if part.material is not None)]
    return any(look.kind in MIRRORS if look.roughness is None else look.roughness < SMOOTH for look in looks)


def blur_radius(camera: Camera, pose: CameraPose, depth: NDArray[np.float32], width: int) -> float:
    """Largest radius in pixels of the disc that depth of field makes of a point at these depths (m)."""
    if camera.fstop is None or depth.size == 0:
        return 0.0
    lens = pose.lens * 1e-3
    focus = max(pose.focus, lens * 1.01)
    ends = np.array([depth.min(), depth.max()], dtype=np.float64)
    disc = lens / camera.fstop * lens * np.abs(ends - focus) / (ends * (focus - lens))
    return float(disc.max()) / 2 / (camera.sensor * 1e-3) * width


def _touched(hit: NDArray[np.bool_], x0: int, y0: int, reach: float, grid: Grid) -> TileMask:
    """Tiles within `reach` pixels of the marked pixels of a rectangle at x0, y0."""
    mark = np.zeros((grid.rows, grid.columns), dtype=bool)
    y, x = np.nonzero(hit)
    tile = grid.tile
    near = int(np.ceil(min(reach, tile)))
    for dy in (-near, 0, near):
        for dx in (-near, 0, near):
            row = np.clip((y + y0 + dy) // tile, 0, grid.rows - 1)
            column = np.clip((x + x0 + dx) // tile, 0, grid.columns - 1)
            mark[row, column] = True
    for _ in range(int(np.ceil((reach - near) / tile))):
        mark = dilate(mark)
    return mark


def _hash(index: int, pose: NDArray[np.float64]) -> np.uint64:
    digest = hashlib.blake2b(index.to_bytes(4, "little") + pose.tobytes(), digest_size=8).digest()
    return np.frombuffer(digest, dtype=np.uint64)[0]
