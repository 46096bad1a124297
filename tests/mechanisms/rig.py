"""Puts mechanisms to work in the small scenes of the physics tests."""

from __future__ import annotations

from typing import Any

from generator.mechanisms.registry import MechanismSpec
from generator.scene.scene import Body, Material, Scene, Strand


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
