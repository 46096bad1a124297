"""A heap of small balls: held by a gate it stays, without the gate it pours, the same way every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.physics.simulate import simulate
from generator.scene.load import load_spec
from generator.scene.resolve import resolve

SPEC = Path(__file__).parent / "specs" / "pour.yaml"


def test_a_gate_holds_a_hundred_balls_and_without_it_they_pour() -> None:
    scene = resolve(load_spec(SPEC), 0)
    balls = [index for index, body in enumerate(scene.bodies) if body.group == "ball"]
    assert len(balls) == 100
    held, again, poured = simulate(scene), simulate(scene), simulate(scene, ["gate"])
    assert held.digests is not None
    assert again.digests is not None
    assert np.array_equal(held.digests, again.digests)
    assert held.positions[-1, balls, 2].min() > 0.05
    assert np.linalg.norm(held.velocities[-1, balls], axis=1).mean() < 0.02
    beyond = poured.positions[-1, balls, 2] < 0.05
    assert beyond.mean() > 0.8
