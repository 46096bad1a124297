"""What is known of the truth, and the marks that a film earns against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks import metrics
from benchmarks.metrics import Picture, SquaredError, Steps, Truth, Where
from benchmarks.studio import Studio
from generator.render import display

Place = tuple[int, str]
"""A frame of a world."""

SEEDS = ((1009, 2003), (4001, 5003))
"""Added to the film's seed, for the halves of two renders that know nothing of its noise."""
STILL_SEED, STILL_SAMPLES = 3001, 16


@dataclass(frozen=True)
class Evidence:
    """truths: of the chosen frames; ids: of all that are looked at; still: where the truth stays the same
    until the next frame; near: of these, pixels in or near things that move; seen: flow to the next chosen
    frame, and the pixels that are seen in both."""

    width: int
    bodies: NDArray[np.bool_]
    """By ID: is it a thing that may move?"""
    truths: Mapping[Place, Truth]
    ids: Mapping[Place, NDArray[np.uint16]]
    still: Mapping[Place, Where] = field(default_factory=dict)
    near: Mapping[Place, Where] = field(default_factory=dict)
    seen: Mapping[Place, tuple[NDArray[np.float32], Where]] = field(default_factory=dict)


@dataclass
class Marks:
    """Of one film. Errors are of whole pictures, of things, of the rest without the ring around things, and
    of that ring; flicker is everywhere and near what moves; drift is how the error changes along the flow."""

    frame: SquaredError = field(default_factory=SquaredError)
    things: SquaredError = field(default_factory=SquaredError)
    background: SquaredError = field(default_factory=SquaredError)
    contact: SquaredError = field(default_factory=SquaredError)
    drift: SquaredError = field(default_factory=SquaredError)
    flicker: Steps = field(default_factory=Steps)
    near: Steps = field(default_factory=Steps)


def gather(
    studio: Studio, worlds: Sequence[str], frames: Sequence[int], clip: Sequence[int], samples: int
) -> Evidence:
    """Render the truth of `frames` twice with so many samples, and see what stays still within `clip`."""
    scene = studio.scene
    truths: dict[Place, Truth] = {}
    for frame in frames:
        for world in worlds:
            first, second = (_true(studio, world, frame, samples, seeds) for seeds in SEEDS)
            truths[frame, world] = first, second
    looked = sorted({*frames, *clip})
    ids = {(frame, world): studio.look(world, frame).ids for frame in looked for world in worlds}
    still: dict[Place, Where] = {}
    near: dict[Place, Where] = {}
    if scene.camera.stands:
        for world in worlds:
            _find_still(studio, world, clip, ids, still, near)
    seen: dict[Place, tuple[NDArray[np.float32], Where]] = {}
    for frame in frames:
        for world in worlds:
            if frame + 1 in frames:
                forward = studio.flow(world, frame, frame + 1)
                both = metrics.seen_in_both(forward, studio.flow(world, frame + 1, frame))
                seen[frame, world] = forward, both
    bodies = np.array([False, *(body.motion != "static" for body in scene.bodies)])
    return Evidence(scene.size[0], bodies, truths, ids, still, near, seen)


def _true(studio: Studio, world: str, frame: int, samples: int, seeds: tuple[int, int]) -> Picture:
    """One render of the truth, in two halves."""
    halves = [studio.render(world, frame, samples // 2, studio.scene.seed + seed).color for seed in seeds]
    whole = display.to_display((halves[0] + halves[1]) / 2)
    return metrics.shown_without_bias(whole, [display.to_display(half) for half in halves])


def _find_still(
    studio: Studio,
    world: str,
    clip: Sequence[int],
    ids: Mapping[Place, NDArray[np.uint16]],
    still: dict[Place, Where],
    near: dict[Place, Where],
) -> None:
    """Fill in `still` and `near` for each frame of the clip that has a next one."""
    seed, poses = studio.scene.seed + STILL_SEED, studio.worlds[world].poses
    before: Picture | None = None
    for frame in clip:
        after = display.to_display(studio.render(world, frame, STILL_SAMPLES, seed).color)
        if before is not None:
            now, then = ids[frame, world], ids[frame - 1, world]
            went = np.concatenate([[False], ~(poses[frame] == poses[frame - 1]).all(axis=1)])
            moving = went[now] | went[then]
            unchanged = metrics.still_truth(before, after) & ~moving & (now == then)
            still[frame - 1, world] = unchanged
            near[frame - 1, world] = unchanged & metrics.grow(moving, metrics.reach(studio.scene.size[0]))
        before = after


def mark(pictures: Mapping[Place, Picture], evidence: Evidence) -> Marks:
    """Hold a film's pictures against the truth, and against its own next frames."""
    marks = Marks()
    for place, truth in evidence.truths.items():
        picture, ids = pictures[place], evidence.ids[place]
        things = ids > 0
        ring = metrics.ring(evidence.bodies[ids], evidence.width) & ~things
        marks.frame.add(picture, truth, np.ones_like(things))
        marks.things.add(picture, truth, things)
        marks.contact.add(picture, truth, ring)
        marks.background.add(picture, truth, ~things & ~ring)
    for (frame, world), still in evidence.still.items():
        before, after = pictures[frame, world], pictures[frame + 1, world]
        marks.flicker.add(before, after, still)
        marks.near.add(before, after, evidence.near[frame, world])
    for (frame, world), (flow, both) in evidence.seen.items():
        here, there = evidence.truths[frame, world], evidence.truths[frame + 1, world]
        step = metrics.along(pictures[frame + 1, world], flow) - pictures[frame, world]
        true_steps = [metrics.along(there[i], flow) - here[i] for i in (0, 1)]
        marks.drift.add_products(step - true_steps[0], step - true_steps[1], both)
    return marks
