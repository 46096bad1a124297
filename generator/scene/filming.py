"""Filming: where the camera stands at every frame.

Framing is exact: the eye stands where the bounding spheres of the framed things just touch the edges
of the picture, shrunk by `margin`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generator.scene import measures, space
from generator.scene.cameras import CameraSpec
from generator.scene.interventions import members
from generator.scene.scene import Body, Camera, CameraPose
from generator.scene.source import Fault
from generator.scene.space import Quaternion, Vec
from generator.scene.stream import Stream

SENSOR = 36.0


@dataclass(frozen=True)
class View:
    """A camera at rest, before it moves. pivot: what it looks at."""

    eye: Vec
    ahead: Vec
    pivot: Vec
    subjects: tuple[Body, ...]


def frame_things(
    bodies: Sequence[Body], direction: Vec, lens: float, aspect: float, margin: float, shift: Sequence[float]
) -> tuple[Vec, float]:
    """Eye and distance to the middle, so that every body's sphere is in the picture.

    `direction` points from the camera to the subject; `aspect` is height over width. For each side
    plane of the frustum the tightest sphere gives one linear bound on the eye; two opposite planes
    give the least distance and the sideways place together.
    """
    orientation = space.look(direction)
    right, up = space.rotate(orientation, (1, 0, 0)), space.rotate(orientation, (0, 1, 0))
    spheres = [(body.position, measures.radius(body.shape)) for body in bodies]
    half = SENSOR / (2 * lens)
    offsets: list[float] = []
    distances: list[float] = []
    slopes = (half / margin, half * aspect / margin)
    for axis, slope in zip((right, up), slopes, strict=True):
        angle = math.atan(slope)
        c, s = math.cos(angle), math.sin(angle)
        low = max(r - space.dot(p, axis) * c - space.dot(p, direction) * s for p, r in spheres)
        high = max(r + space.dot(p, axis) * c - space.dot(p, direction) * s for p, r in spheres)
        offsets.append((high - low) / (2 * c))
        distances.append((low + high) / (2 * s))
    back = max(distances)
    middle = sum(space.dot(p, direction) for p, _ in spheres) / len(spheres)
    depth = middle + back
    sideways = offsets[0] - shift[0] * 2 * half * depth
    upwards = offsets[1] - shift[1] * 2 * half * aspect * depth
    eye = space.add(
        space.add(space.scale(right, sideways), space.scale(up, upwards)), space.scale(direction, -back)
    )
    return eye, depth


def resting(spec: CameraSpec, bodies: Sequence[Body], aspect: float) -> View:
    """The pose in the middle of the film. Raises Fault."""
    if spec.eye is not None:
        eye: Vec = (spec.eye[0], spec.eye[1], spec.eye[2])
        subjects = tuple(bodies)
        if isinstance(spec.look_at, str):
            subjects = tuple(named(spec.look_at, bodies, ("camera", "look_at")))
            pivot = _middle(subjects)
        else:
            assert spec.look_at is not None
            pivot = (spec.look_at[0], spec.look_at[1], spec.look_at[2])
        if math.dist(eye, pivot) < 1e-6:
            raise Fault(("camera", "look_at"), "is where the eye is")
        ahead = space.unit(space.subtract(pivot, eye))
    else:
        found = [b for name in spec.frame or [] for b in named(name, bodies, ("camera", "frame"))]
        subjects = tuple(found) or tuple(bodies)
        azimuth, elevation = math.radians(spec.azimuth_deg), math.radians(spec.elevation_deg)
        level = math.cos(elevation)
        ahead = (-level * math.cos(azimuth), -level * math.sin(azimuth), -math.sin(elevation))
        eye, distance = frame_things(subjects, ahead, spec.lens, aspect, spec.margin, spec.shift)
        pivot = space.add(eye, space.scale(ahead, distance))
    if spec.eye is None and eye[2] < 0.01:
        message = f"puts the camera {eye[2]:.3g} m above the ground; raise elevation_deg"
        raise Fault(("camera", "elevation_deg"), message)
    return View(eye, ahead, pivot, subjects)


def film(
    spec: CameraSpec, view: View, bodies: Sequence[Body], frames: int, fps: float, rng: Stream
) -> Camera:
    """The camera at every frame."""
    base = space.look(view.ahead, math.radians(spec.roll_deg))
    motion, amount = spec.motion.kind, spec.motion.value
    wobble = _wobble(rng) if motion == "handheld" else None
    target = _focus_point(spec, view, bodies)
    poses = []
    for i in range(frames):
        share = i / (frames - 1) - 0.5 if frames > 1 else 0.0
        eye, orientation, lens = view.eye, base, spec.lens
        if motion == "orbit":
            about = space.yaw(math.radians(amount.degrees) * share)
            eye = space.add(view.pivot, space.rotate(about, space.subtract(view.eye, view.pivot)))
            orientation = space.multiply(about, base)
        elif motion == "dolly":
            eye = space.add(eye, space.scale(view.ahead, amount.distance * share))
        elif motion == "slide":
            eye = space.add(eye, space.scale(space.rotate(base, (1, 0, 0)), amount.distance * share))
        elif motion == "pan":
            orientation = space.multiply(space.yaw(math.radians(amount.degrees) * share), base)
        elif motion == "zoom":
            lens = spec.lens * amount.factor**share
        elif wobble is not None:
            push, tilt = wobble(i / fps, amount.amount)
            eye = space.add(eye, space.rotate(base, push))
            orientation = space.multiply(base, space.from_euler(tilt))
        poses.append(_pose(eye, orientation, lens, target))
    # A named or framed thing that ends up behind a moving camera leaves the focus where it can be.
    return Camera(sensor=SENSOR, fstop=spec.fstop, motion=motion, poses=tuple(poses))


def _pose(eye: Vec, orientation: Quaternion, lens: float, target: Vec | float) -> CameraPose:
    if isinstance(target, tuple):
        ahead = space.rotate(orientation, (0.0, 0.0, -1.0))
        distance = space.dot(space.subtract(target, eye), ahead)
    else:
        distance = target
    return CameraPose(position=eye, orientation=orientation, lens=lens, focus=max(0.01, distance))


def _focus_point(spec: CameraSpec, view: View, bodies: Sequence[Body]) -> Vec | float:
    if isinstance(spec.focus, str):
        return _middle(named(spec.focus, bodies, ("camera", "focus")))
    return view.pivot if spec.focus is None else float(spec.focus)


def _middle(bodies: Sequence[Body]) -> Vec:
    total: Vec = (0.0, 0.0, 0.0)
    for body in bodies:
        total = space.add(total, body.position)
    return space.scale(total, 1.0 / len(bodies))


def _wobble(rng: Stream) -> Any:
    """Hand shake: for each of six axes a sum of slow sines with random phase.

    Amplitudes fall as 1 / frequency from 0.25 to 2.5 Hz, as recordings of hand-held phones do in
    broad terms; the sizes are a judgement by eye, not a measurement.
    """
    waves = 7
    table = []
    for _ in range(6):
        row = []
        for k in range(waves):
            frequency = 0.25 * 10 ** ((k + rng.random()) / waves)
            row.append((frequency, rng.random() * 2 * math.pi, rng.normal() / (0.4 + frequency)))
        table.append(row)

    def at(time: float, amount: float) -> tuple[Vec, Vec]:
        v = [sum(a * math.sin(2 * math.pi * f * time + p) for f, p, a in row) for row in table]
        push, tilt = 0.0009 * amount, math.radians(0.10) * amount
        return (
            (v[0] * push, v[1] * push, v[2] * push * 0.6),
            (v[3] * tilt, v[4] * tilt, v[5] * tilt * 0.6),
        )

    return at


def named(name: str, bodies: Sequence[Body], where: tuple[str | int, ...]) -> list[Body]:
    """The body `name`, or every body of the group `name`. Raises Fault."""
    found = set(members(name, bodies, where))
    return [body for body in bodies if body.name in found]
