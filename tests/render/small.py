"""Small scenes and hand-made motions for the tests of the film engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from generator.physics.motion import CONTACT, Motion
from generator.scene.scene import (
    Area,
    Body,
    Box,
    Camera,
    CameraPose,
    Film,
    Intervention,
    Material,
    Room,
    Scene,
    Sphere,
    Support,
)

SIZE = (96, 64)


def look_at(eye: tuple[float, float, float], target: tuple[float, float, float]) -> tuple[float, ...]:
    """Orientation (x, y, z, w) of a camera at `eye` that looks at `target`, upright."""
    from mathutils import Vector

    q = (Vector(target) - Vector(eye)).to_track_quat("-Z", "Y")
    return (q.x, q.y, q.z, q.w)


def camera(
    frames: int,
    eye: tuple[float, float, float] = (0.0, -0.8, 0.45),
    target: tuple[float, float, float] = (0.0, 0.0, 0.05),
    fstop: float | None = None,
    orbit: float = 0.0,
) -> Camera:
    """A camera that looks at `target`; `orbit` turns it by so many radians a frame."""
    poses = []
    for frame in range(frames):
        angle = orbit * frame
        x, y = (
            eye[0] * np.cos(angle) - eye[1] * np.sin(angle),
            eye[0] * np.sin(angle) + eye[1] * np.cos(angle),
        )
        place = (float(x), float(y), eye[2])
        distance = float(np.linalg.norm(np.subtract(target, place)))
        poses.append(
            CameraPose(position=place, orientation=look_at(place, target), lens=40.0, focus=distance)
        )
    return Camera(fstop=fstop, poses=tuple(poses), motion="static" if orbit == 0 else "orbit")


def ball(name: str, at: tuple[float, float, float], radius: float = 0.05, **material: object) -> Body:
    """A ball of plain red paint unless told otherwise."""
    look = {"kind": "plain", "color": "#c03020", **material}
    return Body(
        name=name,
        group=name,
        noun=name,
        shape=Sphere(radius=radius),
        material=Material(**look),
        mass=0.1,
        position=at,
    )


def block(
    name: str,
    at: tuple[float, float, float],
    size: tuple[float, float, float] = (0.1, 0.1, 0.1),
    **material: object,
) -> Body:
    """A box of plain blue paint unless told otherwise."""
    look = {"kind": "plain", "color": "#2050a0", **material}
    return Body(
        name=name,
        group=name,
        noun=name,
        shape=Box(size=size),
        material=Material(**look),
        mass=0.1,
        position=at,
    )


def scene(
    bodies: tuple[Body, ...],
    frames: int = 3,
    remove: tuple[tuple[str, ...], ...] = (("ball",),),
    surface: Material | None = None,
    size: tuple[int, int] = SIZE,
    view: Camera | None = None,
    lights: tuple[Area, ...] | None = None,
    film: Film | None = None,
    seed: int = 5,
) -> Scene:
    """A plain room with one soft lamp."""
    lamp = Area(position=(-0.8, -0.4, 1.0), target=(0.0, 0.0, 0.0), size=(0.4, 0.4), power=20.0)
    plain = Material(kind="plain", color="#b0a898")
    room = Room(
        kind="plain",
        surface=surface or plain,
        wall=plain,
        supports=(Support(name="ground", size=(4, 4, 0.1), position=(0, 0, -0.05)),),
        lit=False,
    )
    return Scene(
        name="small",
        seed=seed,
        frames=frames,
        fps=24.0,
        size=size,
        bodies=bodies,
        room=room,
        lights=(lamp,) if lights is None else lights,
        camera=view or camera(frames),
        film=film or Film(exposure=0.0, vignette=0.0),
        interventions=tuple(Intervention(name="+".join(names), remove=names) for names in remove),
    )


Path = Callable[[int], tuple[float, float, float]]


def motion(what: Scene, paths: Mapping[str, Path] | None = None, remove: tuple[str, ...] = ()) -> Motion:
    """Bodies stand where the scene puts them, but for those with a path (a position for each frame)."""
    count, frames = len(what.bodies), what.frames
    positions = np.empty((frames, count, 3))
    orientations = np.empty((frames, count, 4))
    for index, body in enumerate(what.bodies):
        path = (paths or {}).get(body.name, lambda _, place=body.position: place)
        positions[:, index] = [path(frame) for frame in range(frames)]
        orientations[:, index] = body.orientation
    present = np.tile([body.name not in remove for body in what.bodies], (frames, 1))
    positions[~present] = np.nan
    orientations[~present] = np.nan
    still: NDArray[np.float64] = np.zeros((frames, count, 3))
    return Motion(
        names=tuple(body.name for body in what.bodies),
        present=present,
        positions=positions,
        orientations=orientations,
        velocities=still,
        spins=still,
        contacts=np.zeros(0, dtype=CONTACT),
        steps_per_frame=20,
    )
