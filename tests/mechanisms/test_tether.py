"""A string: it pulls when taut, hangs when slack, and lets go when it is cut."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.mechanisms.tether import hanging
from generator.physics.causality import trace
from generator.physics.poses import film_counterfactual, film_factual
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Compound, Placed, Sphere
from tests.mechanisms.rig import at_work, strand
from tests.physics.worlds import body, cube, scene


def pendulum(**more):
    bob = body("bob", Sphere(radius=0.05), (0, 0, 1.0), mass=0.2, **more)
    far = cube("far", (3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(bob, strand(), far, seconds=6, rate=960, remove=("string",))
    ends = [[0, 0, 2], {"body": "bob", "at": [0, 0, 0.05]}]
    return at_work(made, tie={"tether": {"ends": ends, "string": "string"}})


def test_what_hangs_on_a_string_swings_like_a_pendulum_and_hardly_stretches_it() -> None:
    motion = simulate(pendulum(velocity=(0.4, 0, 0)))
    x = motion.positions[:, 0, 0]
    up = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    crossings = (up - x[up] / (x[up + 1] - x[up])) / 24
    swing = 0.4 / math.sqrt(9.81 * 1.0)
    period = 2 * math.pi * math.sqrt((1 + 0.4 * 0.05**2) / 9.81) * (1 + swing**2 / 16)
    assert np.diff(crossings).mean() == pytest.approx(period, rel=0.005)
    length = np.linalg.norm(motion.points[1][:, -1] - [0, 0, 2], axis=1)
    assert length.max() < 0.95 * 1.003


def test_a_cut_string_lets_fall_what_hung_on_it_and_touches_nobody_else() -> None:
    made = pendulum()
    factual, counterfactual = simulate(made), simulate(made, ["string"])
    record = trace(made, factual, counterfactual, ["string"])
    assert record.affected == ("bob",)
    assert [(link.a, link.b, link.kind) for link in record.of("bob").chain] == [("string", "bob", "tie")]
    assert factual.positions[-1, 0, 2] == pytest.approx(1.0, abs=2e-3)
    assert counterfactual.positions[-1, 0, 2] == pytest.approx(0.05, abs=1e-3)


def test_a_slack_string_passes_nothing_on() -> None:
    a, b = cube("a", (0, 0, 0.05)), cube("b", (0.3, 0, 0.05))
    ball = body("ball", Sphere(radius=0.03), (-0.3, 0, 0.03), velocity=(0.5, 0, 0))
    made = at_work(
        scene(ball, a, b, strand(), seconds=1.5, remove=("ball",)),
        tie={"tether": {"ends": ["a", "b"], "string": "string", "slack": 0.5}},
    )
    record = trace(made, simulate(made), simulate(made, ["ball"]), ["ball"])
    assert set(record.affected) == {"a", "string"}


def test_a_string_that_snaps_taut_hands_on_the_pull() -> None:
    a, b = (
        cube("a", (0, 0, 0.05), velocity=(-3.0, 0, 0), friction=0.1),
        cube("b", (0.3, 0, 0.05), friction=0.1),
    )
    made = at_work(
        scene(a, b, strand(), seconds=1.5, remove=("a",)),
        tie={"tether": {"ends": ["a", "b"], "string": "string", "slack": 0.5}},
    )
    factual = simulate(made)
    record = trace(made, factual, simulate(made, ["a"]), ["a"])
    assert factual.positions[-1, 1, 0] < 0.2
    assert (record.of("b").diverged_step or 0) > 10
    assert record.of("b").chain[-1].kind == "tie"


def test_a_drawn_string_has_its_length_when_slack_and_is_straight_when_taut() -> None:
    for length in (0.5, 0.52, 0.7):
        points = hanging((0, 0, 1), (0.5, 0, 1), length, 201, 0.001)
        assert np.linalg.norm(np.diff(points, axis=0), axis=1).sum() == pytest.approx(length, rel=0.04)
    assert hanging((0, 0, 0.1), (0.1, 0, 0.1), 1.0, 25, 0.002)[:, 2].min() >= 0.002


def test_without_what_hung_on_it_a_string_hangs_straight_from_the_first_frame() -> None:
    frame = Compound(
        parts=(
            Placed(shape=Box(size=(0.02, 0.02, 1.0)), position=(0.0, 0.3, 0.0)),
            Placed(shape=Box(size=(0.02, 0.3, 0.02)), position=(0.0, 0.15, 0.5)),
        )
    )
    bar = body("bar", frame, (0, 0, 0.5), motion="static")
    ball = body("ball", Sphere(radius=0.05), (-0.4, 0, 0.6), mass=0.2)
    ends = [{"body": "bar", "at": [0, 0, 0.5]}, {"body": "ball", "at": [0, 0, 0.05]}]
    made = at_work(
        scene(bar, ball, strand(), seconds=1, remove=("ball",)),
        tie={"tether": {"ends": ends, "string": "string"}},
    )
    factual, counterfactual = simulate(made), simulate(made, ["ball"])
    record = trace(made, factual, counterfactual, ["ball"])
    assert record.affected == ("string",)
    assert record.of("string").moved_frame == 0
    assert factual.points[2][0, 0] == pytest.approx((0, 0, 1))
    assert factual.points[2][0, -1] == pytest.approx((-0.4, 0, 0.65))
    assert np.abs(counterfactual.points[2][:, :, :2]).max() < 1e-12
    assert factual.positions[:, 1, 2].min() == pytest.approx(1 - np.hypot(0.4, 0.35) - 0.05, abs=0.01)


def test_a_string_that_no_mechanism_leads_is_an_error() -> None:
    with pytest.raises(PhysicsError, match="string: no mechanism says where this strand goes"):
        simulate(scene(cube("a", (0, 0, 0.05)), strand()))


def test_a_string_that_is_off_by_less_than_is_seen_is_filmed_on_the_same_bits() -> None:
    made = pendulum(velocity=(0.4, 0, 0))
    factual = simulate(made)
    shifted = replace(factual, points={1: factual.points[1] + 1e-4})
    filmed = film_counterfactual(made, factual, shifted)
    assert not filmed.moved.any()
    assert np.array_equal(filmed.points[1], film_factual(factual).points[1])
    apart = film_counterfactual(made, factual, replace(factual, points={1: factual.points[1] + 1e-3}))
    assert apart.moved[:, 1].all()
