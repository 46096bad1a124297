"""Small scenes for the physics tests: a floor, bodies, and nothing of looks that matters."""

from __future__ import annotations

from typing import Any

from generator.scene.scene import (
    Body,
    Box,
    Camera,
    CameraPose,
    Intervention,
    Material,
    Physics,
    Room,
    Scene,
    Shape,
    Support,
    Vec3,
)

PLAIN = Material(kind="plain")
FLOOR = Support(name="floor", size=(20.0, 20.0, 1.0), position=(0.0, 0.0, -0.5))


def body(name: str, shape: Shape, position: Vec3, **more: Any) -> Body:
    """A dynamic body of 1 kg unless told otherwise."""
    more.setdefault("mass", 0.0 if more.get("motion", "dynamic") != "dynamic" else 1.0)
    more.setdefault("friction", 0.5)
    return Body(
        name=name, group=name.split(".")[0], noun=name, shape=shape, material=PLAIN, position=position, **more
    )


def cube(name: str, position: Vec3, edge: float = 0.1, **more: Any) -> Body:
    return body(name, Box(size=(edge, edge, edge)), position, **more)


def scene(
    *bodies: Body,
    seconds: float = 1.0,
    fps: float = 24,
    rate: int = 480,
    iterations: int = 100,
    settle: float = 0.0,
    gravity: Vec3 = (0.0, 0.0, -9.81),
    supports: tuple[Support, ...] = (FLOOR,),
    remove: tuple[str, ...] = (),
) -> Scene:
    frames = round(seconds * fps) + 1
    pose = CameraPose(position=(0.0, -3.0, 1.0), orientation=(0.6, 0.0, 0.0, 0.8), lens=50.0, focus=3.0)
    return Scene(
        name="test",
        seed=0,
        frames=frames,
        fps=fps,
        size=(64, 64),
        physics=Physics(gravity=gravity, rate=rate, iterations=iterations, settle=settle),
        bodies=bodies,
        room=Room(kind="plain", surface=PLAIN, wall=PLAIN, supports=supports),
        camera=Camera(poses=(pose,) * frames),
        interventions=(Intervention(name="i", remove=remove or (bodies[0].name,)),),
    )
