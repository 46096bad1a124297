"""The camera: by a pose, or by what it frames; and its path over the film.

Framing is exact: the eye stands where the bounding spheres of the framed things just touch the edges
of the picture, shrunk by `margin`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from generator.scene import shapes, space
from generator.scene.bodies import fault
from generator.scene.fields import Angle, Number, OneOf, Point, SpecModel
from generator.scene.scene import Body, Camera, CameraPose
from generator.scene.source import Fault
from generator.scene.space import Quaternion, Vec

if TYPE_CHECKING:
    from numpy.random import Generator

SENSOR = 36.0
Metres = Annotated[Number, Field(ge=-100, le=100)]


class OrbitSpec(SpecModel):
    """Round the subject, always facing it."""

    degrees: Annotated[Number, Field(ge=-360, le=360)] = 10.0


class DollySpec(SpecModel):
    """Towards the subject (or away, if negative)."""

    distance: Metres = 0.08


class SlideSpec(SpecModel):
    """Sideways to the right (or left), looking the same way."""

    distance: Metres = 0.06


class PanSpec(SpecModel):
    """Turning to the left (or right, if negative), on the spot."""

    degrees: Annotated[Number, Field(ge=-180, le=180)] = 6.0


class ZoomSpec(SpecModel):
    """Changing the focal length by a factor."""

    factor: Annotated[Number, Field(ge=0.1, le=10)] = 1.15


class HandheldSpec(SpecModel):
    """Held by a person. At amount 1: about 0.2° and 2 mm, mostly below 2 Hz."""

    amount: Annotated[Number, Field(ge=0, le=20)] = 1.0


class MotionSpec(OneOf):
    """How the camera moves; the pose of the spec is in the middle of the film."""

    static: SpecModel | None = None
    orbit: OrbitSpec | None = None
    dolly: DollySpec | None = None
    slide: SlideSpec | None = None
    pan: PanSpec | None = None
    zoom: ZoomSpec | None = None
    handheld: HandheldSpec | None = None


class CameraSpec(SpecModel):
    """From where the film is taken."""

    frame: Annotated[str | list[str], Field()] | None = None
    """Bodies to have in the picture: a name, a group or a list. Left out: all of them."""
    azimuth_deg: Angle = -90.0
    """Where the camera stands, seen from the subject: -90 is at −Y."""
    elevation_deg: Annotated[Number, Field(ge=-89, le=89)] = 20.0
    """How far it looks down."""
    margin: Annotated[Number, Field(ge=0.2, le=20)] = 1.2
    """1 fills the picture from edge to edge."""
    shift: Annotated[list[Annotated[Number, Field(ge=-1, le=1)]], Field(min_length=2, max_length=2)] = [
        0.0,
        0.0,
    ]
    """Moves the subject in the picture, to the right and up, in shares of its width and height."""
    eye: Point | None = None
    look_at: Point | str | None = None
    """With `eye`: a point, or a body."""
    roll_deg: Annotated[Number, Field(ge=-180, le=180)] = 0.0
    lens: Annotated[Number, Field(ge=8, le=400)] = 45.0
    """Focal length, mm, on a 36 mm wide sensor."""
    fstop: Annotated[Number, Field(ge=0.5, le=64)] | None = None
    """Left out: everything is sharp."""
    focus: str | Annotated[Number, Field(ge=0.01, le=1000)] | None = None
    """A body, or a distance in m. Left out: the middle of what is framed."""
    motion: MotionSpec = MotionSpec(static={})  # type: ignore[arg-type]  # validated into a model

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.eye is None) != (self.look_at is None):
            raise fault("eye", "goes with `look_at`; both, or neither")
        if self.eye is not None:
            if self.frame is not None:
                raise fault("frame", "has no meaning beside `eye`")
            if isinstance(self.look_at, list) and math.dist(self.eye, self.look_at) < 1e-6:
                raise PydanticCustomError("camera", "eye and look_at are the same place")
        return self

    short: ClassVar[dict[str, Any] | None] = None


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
    spheres = [(body.position, shapes.radius(body.shape)) for body in bodies]
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
        names = [spec.frame] if isinstance(spec.frame, str) else spec.frame
        found = [b for name in names or [] for b in named(name, bodies, ("camera", "frame"))]
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
    spec: CameraSpec, view: View, bodies: Sequence[Body], frames: int, fps: float, rng: Generator
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


def _wobble(rng: Generator) -> Any:
    """Hand shake: for each of six axes a sum of slow sines with random phase.

    Amplitudes fall as 1 / frequency from 0.25 to 2.5 Hz, as recordings of hand-held phones do in
    broad terms; the sizes are a judgement by eye, not a measurement.
    """
    waves = 7
    table = []
    for _ in range(6):
        row = []
        for k in range(waves):
            frequency = 0.25 * 10 ** ((k + float(rng.random())) / waves)
            row.append(
                (frequency, float(rng.random()) * 2 * math.pi, float(rng.normal()) / (0.4 + frequency))
            )
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
    from generator.scene.interventions import members

    found = set(members(name, bodies, where))
    return [body for body in bodies if body.name in found]
