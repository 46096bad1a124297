"""Puts mechanisms to work in the small scenes of the physics tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from generator.mechanisms.registry import MechanismSpec
from generator.physics.motion import Motion
from generator.physics.simulate import simulate
from generator.scene.scene import Body, Material, Scene, Sphere, Strand
from tests.physics.worlds import body, cube


def at_work(made: Scene, **mechanisms: Any) -> Scene:
    """The scene with mechanisms, each as a spec would write it (all names in full)."""
    specs = {name: MechanismSpec.model_validate(entry) for name, entry in mechanisms.items()}
    return made.model_copy(update={"mechanisms": specs})


def strand(name: str = "string", radius: float = 0.001) -> Body:
    """A string that a mechanism leads."""
    return Body(
        name=name, group=name, noun=name, motion="static", shape=Strand(radius=radius),
        material=Material(kind="paper"), mass=0.0, position=(0.0, 0.0, 0.0),
    )  # fmt: skip


def bits(motion: Motion, name: str) -> bytes:
    """All that was recorded of a body."""
    index = motion.names.index(name)
    arrays = [motion.positions, motion.orientations, motion.velocities, motion.spins, *motion.states.values()]
    found = b"".join(np.ascontiguousarray(array[:, index]).tobytes() for array in arrays)
    return found + (motion.points[index].tobytes() if index in motion.points else b"")


def same(one: Motion, other: Motion, *names: str) -> None:
    """Asserts that bodies have the same bits in both worlds."""
    for name in names:
        assert bits(one, name) == bits(other, name), name


def repeats(made: Scene) -> None:
    """Asserts that a run repeats bit for bit, and that far bodies that come first, so that all ids move on,
    leave every other one's bits as they are."""
    once = simulate(made)
    same(once, simulate(made), *once.names)
    decoys = (
        cube("decoy", (8, 8, 1.0), 0.3, spin=(1.0, 2.0, 3.0)),
        body("decoy_ball", Sphere(radius=0.15), (8, 8.1, 2.0), restitution=0.5),
    )
    beside = made.model_copy(update={"bodies": (*decoys, *made.bodies)})
    same(once, simulate(beside), *once.names)
