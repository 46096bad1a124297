"""Scenes made to break a film that saves work: each has what a cheap look easily misses.

Every one has a factual world and one without the thing called `ball`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.physics.motion import Motion
from generator.scene.scene import Area, Body, Camera, Capsule, Film, Material, Scene
from tests.render import small

Size = tuple[int, int]
Turn = Callable[[int], tuple[float, float, float, float]]
SMALL: Size = (128, 80)
FRAMES = 6
AWAY = (0.0, 0.0, -50.0)
"""Under the floor, where nothing that is seen can be reached."""


@dataclass(frozen=True)
class Hard:
    """A scene and what happens in its two worlds."""

    scene: Scene
    factual: Motion
    without: Motion


def _make(
    bodies: tuple[Body, ...],
    paths: Mapping[str, small.Path],
    size: Size,
    turns: Mapping[str, Turn] | None = None,
    frames: int = FRAMES,
    view: Camera | None = None,
    lights: tuple[Area, ...] | None = None,
    surface: Material | None = None,
    exposure: float = 0.0,
) -> Hard:
    scene = small.scene(
        bodies,
        frames=frames,
        size=size,
        view=view,
        lights=lights,
        surface=surface,
        film=Film(exposure=exposure, vignette=0.0),
    )
    motions = [small.motion(scene, paths, remove=gone) for gone in ((), ("ball",))]
    for made in motions:
        for index, body in enumerate(scene.bodies):
            turn = (turns or {}).get(body.name)
            if turn is not None and made.present[0, index]:
                made.orientations[:, index] = [turn(frame) for frame in range(frames)]
    return Hard(scene, *motions)


def _about(axis: str, step: float) -> Turn:
    """Turns by `step` radians a frame."""

    def turn(frame: int) -> tuple[float, float, float, float]:
        half = step * frame / 2
        vector = [math.sin(half) if one == axis else 0.0 for one in "xyz"]
        return (vector[0], vector[1], vector[2], math.cos(half))

    return turn


def _line(start: tuple[float, float, float], step: tuple[float, float, float]) -> small.Path:
    return lambda frame: (
        start[0] + step[0] * frame,
        start[1] + step[1] * frame,
        start[2] + step[2] * frame,
    )


def glass_and_mirrors(size: Size = SMALL) -> Hard:
    """A red ball rolls behind glass and before a mirror, over a polished floor."""
    start = (-0.16, 0.08, 0.05)
    bodies = (
        small.ball("ball", start),
        small.ball("lens", (0.02, -0.2, 0.07), radius=0.07, kind="glass", color=None),
        small.block(
            "mirror", (0.16, 0.22, 0.13), (0.3, 0.02, 0.26), kind="polished_metal", color=None, wear=0.0
        ),
        small.block("post", (-0.26, 0.2, 0.1), (0.05, 0.05, 0.2), color="#208040"),
    )
    floor = Material(kind="marble", roughness=0.1)
    return _make(bodies, {"ball": _line(start, (0.03, 0, 0))}, size, surface=floor)


def thrown_light(size: Size = SMALL) -> Hard:
    """Brass turns under a hard lamp and throws a gleam about; a saturated wall colours what passes it."""
    bodies = (
        small.block("ball", (-0.08, 0.0, 0.06), (0.03, 0.2, 0.12), kind="brass", color=None, roughness=0.05),
        small.block("wall", (0.2, 0.1, 0.1), (0.02, 0.4, 0.2), color="#e01010"),
        small.ball("egg", (0.12, 0.0, 0.04), radius=0.04, color="#f0f0f0"),
    )
    lamp = Area(position=(0.5, -0.5, 0.5), target=(-0.08, 0, 0.05), size=(0.05, 0.05), power=12.0)
    paths = {"egg": _line((0.06, 0.0, 0.04), (0.012, 0.01, 0))}
    return _make(bodies, paths, size, turns={"ball": _about("z", 0.12)}, lights=(lamp,))


def thin_wires(size: Size = SMALL) -> Hard:
    """Wires a third of a pixel wide swing before a floor and a box."""
    wire = Capsule(radius=0.001, height=0.4)

    def strand(name: str, at: tuple[float, float, float], color: str) -> Body:
        made = small.ball(name, at, color=color)
        return made.model_copy(update={"shape": wire})

    bodies = (
        strand("ball", (-0.2, 0.0, 0.2), "#101010"),
        strand("wire", (0.1, -0.1, 0.2), "#f8f8f8"),
        small.block("box", (0.16, 0.15, 0.06), (0.2, 0.1, 0.12)),
    )
    paths = {
        "ball": _line((-0.2, 0.0, 0.2), (0.009, 0, 0)),
        "wire": _line((0.06, -0.1, 0.2), (0.004, 0, 0)),
    }
    return _make(bodies, paths, size, turns={"ball": _about("y", 0.05)})


def many_movers(size: Size = SMALL) -> Hard:
    """Two dozen balls, each on its own way."""
    bodies, paths = [], {}
    for index in range(24):
        angle, ring = 2.4 * index, 0.05 + 0.011 * index
        name = "ball" if index == 5 else f"ball.{index}"
        at = (ring * math.cos(angle), ring * math.sin(angle), 0.02)
        color = f"#{(40 + 8 * index):02x}{(200 - 6 * index):02x}{(60 + 29 * index) % 256:02x}"
        bodies.append(small.ball(name, at, radius=0.02, color=color))
        paths[name] = _line(at, (0.006 * math.sin(angle), 0.006 * math.cos(angle), 0))
    return _make(tuple(bodies), paths, size)


def switched_lamp(size: Size = SMALL) -> Hard:
    """A lamp lights up between two frames and goes out again."""
    bodies = (
        small.ball("ball", (-0.1, 0.0, 0.05)),
        small.ball("lamp", AWAY, radius=0.03, kind="glow", color="#ffb060", strength=40.0),
        small.block("box", (0.15, 0.1, 0.05)),
    )
    dim = Area(position=(-0.8, -0.4, 1.0), target=(0, 0, 0), size=(0.4, 0.4), power=4.0)
    paths = {"lamp": lambda frame: (0.0, 0.35, 0.3) if 2 <= frame < 4 else AWAY}
    return _make(bodies, paths, size, lights=(dim,))


def slow_shadow(size: Size = SMALL) -> Hard:
    """Something large above the picture drifts; only its soft shadow is seen."""
    start = (-0.5, 0.0, 0.9)
    bodies = (
        small.block("slab", start, (0.7, 0.7, 0.04)),
        small.ball("ball", (0.1, 0.0, 0.05)),
        small.block("box", (-0.12, 0.1, 0.05)),
    )
    lamp = Area(position=(-0.3, -0.2, 1.8), target=(0, 0, 0), size=(1.2, 1.2), power=80.0)
    return _make(bodies, {"slab": _line(start, (0.015, 0, 0))}, size, lights=(lamp,))


def turning_textures(size: Size = SMALL) -> Hard:
    """Outlines stand while what is painted on them moves: a turning ball, a sliding board."""
    bodies = (
        small.ball("ball", (-0.12, -0.05, 0.06), radius=0.06, kind="billiard", number=10, color=None),
        small.block("board", (0, 0.2, 0.03), (6.0, 0.1, 0.06), kind="oak", color=None),
        small.ball("far", (0.17, 0.0, 0.06), radius=0.06, kind="marble", color=None),
    )
    turns = {"ball": _about("z", 0.15), "far": _about("x", 0.02)}
    return _make(bodies, {"board": _line((0, 0.2, 0.03), (0.011, 0, 0))}, size, turns=turns)


def comes_back(size: Size = SMALL) -> Hard:
    """The ball runs out of the picture past a box, and returns."""

    def path(frame: int) -> tuple[float, float, float]:
        return (-0.3 - 0.14 * (2.5 - abs(frame - 2.5)), -0.05, 0.05)

    bodies = (small.ball("ball", path(0)), small.block("box", (-0.2, 0.12, 0.05)))
    return _make(bodies, {"ball": path}, size)


def creeping(size: Size = SMALL) -> Hard:
    """A tenth of a pixel a frame."""
    step = 0.1 * 0.8 / size[0]
    start = (-0.1, 0.0, 0.05)
    bodies = (small.ball("ball", start), small.block("box", (0.15, 0.1, 0.08), (0.1, 0.1, 0.16)))
    paths = {"ball": _line(start, (step, 0, 0)), "box": _line((0.15, 0.1, 0.08), (0, -step, 0))}
    return _make(bodies, paths, size, frames=8)


def lamp_removed(size: Size = SMALL) -> Hard:
    """What is removed shone faintly on everything."""
    bodies = (
        small.ball("ball", (0.9, 0.6, 0.7), radius=0.06, kind="glow", color="#ffd0a0", strength=12.0),
        small.ball("egg", (-0.15, 0.0, 0.05), color="#e0e0e0"),
        small.block("box", (0.15, 0.1, 0.05)),
    )
    return _make(bodies, {"egg": _line((-0.15, 0, 0.05), (0.02, 0, 0))}, size)


def seen_only_in_a_mirror(size: Size = SMALL) -> Hard:
    """The ball passes behind the camera's back and shows in a mirror alone."""
    start = (-0.25, -0.95, 0.12)
    bodies = (
        small.ball("ball", start, radius=0.08),
        small.block(
            "mirror", (0.0, 0.25, 0.16), (0.6, 0.02, 0.32), kind="polished_metal", color=None, wear=0.0
        ),
        small.ball("bead", (-0.2, 0.0, 0.05), kind="polished_metal", color=None),
    )
    view = small.camera(FRAMES, eye=(0.0, -0.8, 0.25), target=(0.0, 0.0, 0.1))
    return _make(bodies, {"ball": _line(start, (0.08, 0, 0))}, size, view=view)


def out_of_focus(size: Size = SMALL) -> Hard:
    """Balls near the lens, blurred over many pixels: one comes into the picture, one passes before a box."""
    start, other = (-0.215, -0.5, 0.27), (0.03, -0.45, 0.25)
    view = small.camera(FRAMES, fstop=0.7)
    bodies = (
        small.ball("ball", start, radius=0.03),
        small.ball("bead", other, radius=0.02, color="#f0e020"),
        small.block("box", (0.08, 0.05, 0.06)),
    )
    paths = {"ball": _line(start, (0.013, 0, 0)), "bead": _line(other, (0.008, 0, 0))}
    return _make(bodies, paths, size, view=view)


def orbiting(size: Size = SMALL) -> Hard:
    """The camera moves round glass, a mirror, a wire and a ball."""
    base = glass_and_mirrors(size)
    wire = small.ball("wire", (-0.05, -0.1, 0.2), color="#101010").model_copy(
        update={"shape": Capsule(radius=0.001, height=0.4)}
    )
    start = (-0.16, 0.08, 0.05)
    paths = {
        "ball": _line(start, (0.03, 0, 0)),
        "wire": _line((-0.05, -0.1, 0.2), (0.004, 0, 0)),
    }
    view = small.camera(4, orbit=0.02)
    return _make(
        (*base.scene.bodies, wire), paths, size, frames=4, view=view, surface=base.scene.room.surface
    )


SCENES: dict[str, Callable[[Size], Hard]] = {
    made.__name__.replace("_", " "): made
    for made in (
        glass_and_mirrors,
        thrown_light,
        thin_wires,
        many_movers,
        switched_lamp,
        slow_shadow,
        turning_textures,
        comes_back,
        creeping,
        lamp_removed,
        seen_only_in_a_mirror,
        out_of_focus,
        orbiting,
    )
}


def shortened(hard: Hard, frames: int) -> Hard:
    """Its first frames, as many as there are."""
    frames = min(frames, hard.scene.frames)

    def cut(motion: Motion) -> Motion:
        return dataclasses.replace(
            motion,
            **{
                name: getattr(motion, name)[:frames]
                for name in ("present", "positions", "orientations", "velocities", "spins")
            },
        )

    camera = hard.scene.camera.model_copy(update={"poses": hard.scene.camera.poses[:frames]})
    scene = hard.scene.model_copy(update={"frames": frames, "camera": camera})
    return Hard(scene, cut(hard.factual), cut(hard.without))
