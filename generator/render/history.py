"""What a moving camera sees of a surface in one frame, it need not learn anew in the next.

Under a moving camera no pixel shows what it showed a frame ago, but nearly every surface is in many
frames, and where each of its points is in them is known from geometry, to a fraction of a pixel. So light,
albedo and normal are averaged over some frames before and after, each with noise of its own, before the
denoiser sees them. Every one of them is looked up where it was rendered: what is handed on from frame to
frame blurs. A point that is hidden there, or has moved, is not in that frame, and light that was stirred
in between by what moves, as a probe tells, is not the same. At an edge the nearest pixel is off by up to a
half, which shows less than noise does. What the camera's own motion changes, as a
reflection that glides over a table, cancels between before and after, or is found by a test of the
difference against its own noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.camera import Pinhole
from generator.render.cycles import Passes
from generator.render.frames import IdMap
from generator.render.visibility import Floats, Sight

REACH = 3
"""Frames before and after that are asked; with four, what glides evenly no longer does (0.3 dB)."""
SAME_DEPTH = 0.01
"""Share of its depth by which a point may miss the surface that is seen there."""
WIDE, NARROW = 21, (7, 3)
"""Pixels across the squares over which light here and there is compared: what has changed evenly over the
wide one is made up for; what has changed within a narrow one makes the other frame worthless."""
DOUBT, DISBELIEF = 2.0, 4.0
"""Standard errors of a mean: from the first on a difference begins to count, from the second on it is
believed."""
LONE = 2
"""Frames away beyond which a witness counts only with its pair: from one side, what glides is not even."""
EDGE = 1
"""Pixels around a body that moved that its pixels' filter reaches."""
FAR = 1e6
"""Depth of the sky, m."""
LUMINANCE = np.array([[0.2126, 0.7152, 0.0722]], dtype=np.float32)


@dataclass(frozen=True)
class View:
    """What geometry knows of one frame of one world. poses: (N, 7); stirred: (H, W) where light is not what
    it was a frame before, because something moved."""

    camera: Pinhole
    depth: NDArray[np.float32]
    ids: IdMap
    poses: Floats
    stirred: NDArray[np.bool_]

    @classmethod
    def of(cls, sight: Sight, stirred: NDArray[np.bool_]) -> View:
        """The view of a sight."""
        depth = np.where(np.isfinite(sight.depth), sight.depth, FAR).astype(np.float32)
        return cls(sight.camera, depth, sight.ids, sight.poses, stirred)


@dataclass(frozen=True)
class Shot:
    """A frame as rendered. samples: (H, W)."""

    view: View
    passes: Passes
    samples: NDArray[np.float32]


@dataclass(frozen=True)
class Place:
    """Where the points of one view are in another: positions x, y (H, W) and whether they are seen there, in
    the same light."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    known: NDArray[np.bool_]


@dataclass(frozen=True)
class Memory:
    """What another frame says of a frame's pixels. samples: (H, W), 0 where it knows nothing."""

    passes: Passes
    samples: NDArray[np.float32]


def places(views: Mapping[int, View], frame: int, reach: int = REACH) -> Iterator[tuple[int, Place]]:
    """Where the points of `frame` are in the frames within `reach`, the nearest first on each side."""
    here = views[frame]
    points = here.camera.points(here.depth)
    for step in (-1, 1):
        calm = np.ones(here.ids.shape, dtype=bool) if step > 0 else ~here.stirred
        for other in range(frame + step, frame + step * (reach + 1), step):
            if other not in views or not calm.any():
                break
            there = views[other]
            place, stirred = _find(points, here, there)
            if step > 0:  # stirred on the way there; backwards that counts for the next one
                calm = calm & ~stirred
            known = place.known & calm
            yield other, Place(place.x, place.y, known)
            calm = known & ~stirred if step < 0 else known


def _find(points: Floats, here: View, there: View) -> tuple[Place, NDArray[np.bool_]]:
    pixels, depth = there.camera.project(points)
    x, y = (np.ascontiguousarray(pixels[..., axis] - 0.5, dtype=np.float32) for axis in (0, 1))
    seen_depth = cv2.remap(there.depth, x, y, cv2.INTER_LINEAR, borderValue=-1)
    moves = np.concatenate([[False], ~(here.poses == there.poses).all(axis=1)])
    known = cv2.remap(there.ids, x, y, cv2.INTER_NEAREST, borderValue=65535) == here.ids
    known &= (np.abs(seen_depth - depth) < SAME_DEPTH * depth) & ~_near(moves, here.ids)
    flags = _near(moves, there.ids) + 2 * there.stirred.astype(np.uint8)
    flags = cv2.remap(flags, x, y, cv2.INTER_NEAREST, borderValue=3)
    return Place(x, y, known & ((flags & 1) == 0)), (flags & 2) > 0


def _near(moves: NDArray[np.bool_], ids: IdMap) -> NDArray[np.bool_]:
    """(H, W): in the picture of a body that moves, or where its pixels' filter reaches. moves: by ID."""
    kernel = np.ones((2 * EDGE + 1, 2 * EDGE + 1), dtype=np.uint8)
    return np.asarray(cv2.dilate(moves[ids].astype(np.uint8), kernel) > 0)


def recall(shots: Mapping[int, Shot], frame: int) -> Passes:
    """The passes of `frame` with what the frames around it say averaged in."""
    memories = {
        other: _look_up(shots[other], place)
        for other, place in places({index: shot.view for index, shot in shots.items()}, frame)
    }
    now = shots[frame]
    pairs = []
    for away in range(1, REACH + 1):
        before, after = memories.get(frame - away), memories.get(frame + away)
        pairs.append([memory for memory in (before, after) if memory is not None])
    return average(now.passes, now.samples, pairs)


def _look_up(shot: Shot, place: Place) -> Memory:
    # The nearest pixel: interpolated noise is smooth, and the denoiser takes it for a pattern of the surface.
    images = (shot.passes.color, shot.passes.albedo, shot.passes.normal)
    there = Passes(
        *(
            cv2.remap(image, place.x, place.y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
            for image in images
        )
    )
    samples = cv2.remap(shot.samples, place.x, place.y, cv2.INTER_NEAREST, borderValue=0)
    return Memory(there, np.where(place.known, samples, 0))


def average(now: Passes, samples: NDArray[np.float32], memories: list[list[Memory]]) -> Passes:
    """The passes of a frame, of `samples` (H, W), with what others say averaged in.

    memories: of frames equally far before and after, one or both. In a window the mean of now - then is
    zero but for noise, unless the light has changed; the differences' own spread says how large the noise
    of that mean is. What glides evenly cancels in a pair; a lone witness is brought to the level of the
    present where a wide window says so. A difference that is left in a narrow window is an edge that has
    moved: there the witness is dropped.
    """
    color, albedo, normal = (image * samples[..., None] for image in (now.color, now.albedo, now.normal))
    count = samples.copy()
    for away, pair in enumerate(memories, start=1):
        if not pair:
            continue
        weight = sum((memory.samples for memory in pair), np.zeros_like(samples))
        both = np.minimum(pair[0].samples, pair[-1].samples) > 0 if len(pair) == 2 else weight < 0
        if away > LONE:
            weight = weight * both
        known = (weight > 0).astype(np.float32)
        share = [(memory.samples / np.maximum(weight, 1e-6))[..., None] for memory in pair]
        then = [
            sum(s * getattr(memory.passes, name) for s, memory in zip(share, pair, strict=True))
            for name in ("color", "albedo", "normal")
        ]
        apart = (now.color - then[0]) * known[..., None]
        alone = known * ~both
        if alone.any():
            mean, off = _difference(apart * alone[..., None], alone, WIDE)
            apart -= mean * (_ramp(off) * alone)[..., None]
        for side in NARROW:
            weight = weight * (1 - _ramp(_difference(apart, known, side)[1]))
        count += weight
        color += weight[..., None] * (now.color - apart)
        albedo += weight[..., None] * then[1]
        normal += weight[..., None] * then[2]
    count = count[..., None]
    return Passes(np.maximum(color / count, 0), np.clip(albedo / count, 0, 1), normal / count)


def _difference(
    apart: NDArray[np.float32], known: NDArray[np.float32], side: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean over windows of `side` pixels, and by how many standard errors its luminance is off zero."""
    share = np.maximum(cv2.blur(known, (side, side)), 1e-6)
    mean = cv2.blur(apart, (side, side)) / share[..., None]
    light = cv2.transform(apart, LUMINANCE)
    middle = cv2.transform(mean, LUMINANCE)
    spread = np.maximum(cv2.blur(light * light, (side, side)) / share - middle * middle, 0)
    return mean, np.abs(middle) / (np.sqrt(spread / (share * side * side)) + 1e-4)


def _ramp(off: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip((off - DOUBT) / (DISBELIEF - DOUBT), 0, 1)
