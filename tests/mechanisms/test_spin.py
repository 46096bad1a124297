"""Tops: they stand while they spin, precess as they should, slow as told, and fall."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.mechanisms.registry import MechanismSpec
from generator.physics import rotation
from generator.physics.causality import trace
from generator.physics.engine import World
from generator.physics.shapes import form
from generator.physics.simulate import simulate
from generator.scene.scene import Body, Compound, Cylinder, Placed, Scene, Sphere
from tests.mechanisms.rig import at_work
from tests.physics.worlds import body, cube, scene

MASS = 0.05
TOP = Compound(
    parts=(
        Placed(shape=Cylinder(radius=0.03, height=0.012), position=(0, 0, 0.02)),
        Placed(shape=Cylinder(radius=0.003, height=0.042), position=(0, 0, 0.03)),
        Placed(shape=Sphere(radius=0.004), position=(0, 0, 0.004)),
    )
)
HIGH, ACROSS, ALONG = form(TOP).centre[2], MASS * form(TOP).inertia[0], MASS * form(TOP).inertia[2]
SLEEPS = 2 * math.sqrt(MASS * 9.81 * HIGH * (ACROSS + MASS * HIGH**2)) / ALONG
"""rad/s from which an upright top stands (Goldstein, Classical Mechanics, 5.7)."""


def top(share: float, lean_deg: float = 3.0, high: float = 2e-4) -> Body:
    half = math.radians(lean_deg) / 2
    return body(
        "top", TOP, mass=MASS, orientation=(math.sin(half), 0, 0, math.cos(half)), friction=0.3,
        spin=(0, 0, share * SLEEPS), position=(0, 0, high),
    )  # fmt: skip


def leans(made: Scene, without: tuple[str, ...] = ()) -> np.ndarray:
    turns = simulate(made, without).orientations[:, 0]
    return np.degrees([math.acos(min(1.0, rotation.matrix(tuple(q))[2, 2])) for q in turns.tolist()])


@pytest.mark.parametrize(("share", "stands"), [(0.0, False), (0.6, False), (1.3, True), (3.0, True)])
def test_a_top_stands_only_above_the_rate_that_theory_gives(share: float, stands: bool) -> None:
    lean = leans(scene(top(share), seconds=2, rate=1920))
    assert (lean.max() < 10) == stands
    assert (lean[-1] > 20) != stands


def test_a_gyroscope_goes_round_at_torque_over_angular_momentum() -> None:
    """Weightless, so that nothing but the torque acts: m g l / (I w), begun in steady motion."""
    rate, spin, lean, steps = 1920, 100.0, 0.5, 1920
    weight = MASS * 9.81 * HIGH
    with World(scene(top(1.0, math.degrees(lean), high=2.0), gravity=(0, 0, 0), rate=rate)) as world:
        (actor,) = world.actors
        position, orientation, _, _ = actor.state()
        turn = rotation.rotate(orientation, (0, 0, 1))
        goes = weight / (ALONG * spin)
        goes = weight / (ALONG * spin - ACROSS * goes * math.cos(lean))  # the next order
        whirl = tuple(s * spin - goes * math.cos(lean) * s + (0, 0, goes)[k] for k, s in enumerate(turn))
        actor.put(position, orientation, (0, 0, 0), whirl)
        angles, tilts = [], []
        for _ in range(steps):
            x, y, z = rotation.rotate(actor.state()[1], (0, 0, 1))
            actor.twist((-weight * y, weight * x, 0.0))
            angles.append(math.atan2(y, x))
            tilts.append(math.acos(z))
            world.step()
    round_ = np.unwrap(angles)
    assert (round_[-1] - round_[0]) / ((steps - 1) / rate) == pytest.approx(goes, rel=0.003)
    assert np.ptp(tilts) < 0.03


@pytest.mark.parametrize("shape", [Sphere(radius=0.05), TOP], ids=["ball", "top"])
def test_spin_fades_as_told(shape) -> None:
    def rates(**settings: float) -> np.ndarray:
        thing = body("thing", shape, (0, 0, 1), mass=0.2, spin=(0, 0, 50))
        made = scene(thing, gravity=(0, 0, 0), seconds=2, fps=24)
        return simulate(at_work(made, air={"spin": {"body": "thing", **settings}})).spins[:, 0, 2]

    times = np.arange(49) / 24
    assert rates(slows=0.8) == pytest.approx(50 * np.exp(-times / 0.8), rel=2e-3, abs=1e-3)
    inertia = 0.2 * form(shape).inertia[2]
    torque = 50 * inertia / 1.5
    found = rates(bearing=torque)
    assert found == pytest.approx(np.maximum(50 * (1 - times / 1.5), 0), abs=0.05)
    assert abs(found[-1]) < 1e-9


def test_a_top_that_slows_falls_in_the_end() -> None:
    made = scene(top(2.0), seconds=3.5, rate=1920)
    lean = leans(at_work(made, air={"spin": {"body": "top", "slows": 1.5}}))
    assert lean[:24].max() < 10
    assert lean[-1] > 20


def test_without_what_spun_it_up_a_top_falls_at_once() -> None:
    hand = cube("hand", (0.3, 0, 0.05))
    aside = cube("aside", (2.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(top(2.0), hand, aside, seconds=1.5, rate=1920, remove=("hand",))
    made = at_work(made, start={"spin": {"body": "top", "giver": "hand"}})
    factual, counterfactual = simulate(made), simulate(made, ["hand"])
    record = trace(made, factual, counterfactual, ["hand"])
    assert record.affected == ("top",)
    assert [(link.a, link.b, link.kind) for link in record.of("top").chain] == [("hand", "top", "start")]
    assert leans(made)[-1] < 10
    assert leans(made, ("hand",))[-1] > 20
    assert np.array_equal(factual.positions[:, 2], counterfactual.positions[:, 2])
    again = simulate(made)
    assert factual.digests is not None
    assert again.digests is not None
    assert np.array_equal(factual.digests, again.digests)


def test_it_says_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="or bearing or giver must be there"):
        MechanismSpec.model_validate({"spin": {"body": "top"}})
    made = at_work(
        scene(cube("post", (0, 0, 1), motion="static")), air={"spin": {"body": "post", "slows": 1}}
    )
    with pytest.raises(PhysicsError, match="post is static: it has no spin to lose"):
        simulate(made)
