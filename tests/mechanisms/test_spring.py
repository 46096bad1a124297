"""A spring swings at its own rate, pulls and pushes both ends, and is seen as a coil."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.mechanisms.spring import coiled
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.formed import vertices
from generator.scene.scene import Scene, Sphere, Strand
from tests.mechanisms.rig import at_work, repeats, same, strand
from tests.physics.worlds import body, cube, scene


def coil(name: str = "coil", points: int = 100):
    return strand(name).model_copy(update={"shape": Strand(radius=0.001, points=points)})


def period(x: np.ndarray, fps: float) -> float:
    up = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    crossings = (up - x[up] / (x[up + 1] - x[up])) / fps
    return float(np.diff(crossings).mean())


@pytest.mark.parametrize("stiffness", [40, 400])
def test_a_weight_on_a_spring_swings_at_its_own_rate_and_for_ever(stiffness: float) -> None:
    sag = 9.81 / stiffness
    made = scene(body("bob", Sphere(radius=0.05), (0, 0, 2)), seconds=10, fps=120)
    ends = [[0, 0, 3], "bob"]
    made = at_work(made, spring={"spring": {"ends": ends, "stiffness": stiffness, "length": 1.0}})
    z = simulate(made).positions[:, 0, 2] - (2 - sag)
    assert period(z, 120) == pytest.approx(2 * math.pi / math.sqrt(stiffness), rel=3e-4)
    assert z[-240:].max() == pytest.approx(sag, rel=0.02)
    assert z[-240:].min() == pytest.approx(-sag, rel=0.02)


def test_two_free_bodies_swing_against_each_other_at_the_rate_of_their_reduced_mass() -> None:
    made = scene(
        body("a", Sphere(radius=0.05), (0, 0, 1), mass=1.0),
        body("b", Sphere(radius=0.05), (0.6, 0, 1), mass=3.0),
        seconds=6,
        fps=120,
        gravity=(0, 0, 0),
    )
    made = at_work(made, spring={"spring": {"ends": ["a", "b"], "stiffness": 30, "length": 0.5}})
    motion = simulate(made)
    apart = motion.positions[:, 1, 0] - motion.positions[:, 0, 0] - 0.5
    assert period(apart, 120) == pytest.approx(2 * math.pi / math.sqrt(30 * (1 + 1 / 3)), rel=3e-4)
    middle = (motion.positions[:, 0] + 3 * motion.positions[:, 1]) / 4
    assert np.abs(middle - middle[0]).max() < 1e-12


def test_a_damped_swing_fades_as_it_should() -> None:
    made = scene(
        body("bob", Sphere(radius=0.05), (0.6, 0, 1)), seconds=3, fps=120, rate=960, gravity=(0, 0, 0)
    )
    settings = {"ends": [[0, 0, 1], "bob"], "stiffness": 40, "damping": 0.8, "length": 0.5}
    x = simulate(at_work(made, spring={"spring": settings})).positions[:, 0, 0] - 0.5
    times = np.arange(len(x)) / 120
    rate, fade = math.sqrt(40 - 0.16), 0.4
    expected = 0.1 * np.exp(-fade * times) * (np.cos(rate * times) + fade / rate * np.sin(rate * times))
    assert x == pytest.approx(expected, abs=6e-4)


def test_a_pressed_spring_pushes() -> None:
    made = scene(cube("a", (0, 0, 0.05), friction=0), cube("b", (0.2, 0, 0.05), friction=0), seconds=1)
    made = at_work(made, spring={"spring": {"ends": ["a", "b"], "stiffness": 20, "length": 0.5}})
    motion = simulate(made)
    assert motion.positions[10, 1, 0] - motion.positions[10, 0, 0] > 0.4


def test_a_spring_hands_on_what_happens_to_its_other_end() -> None:
    ball = body("ball", Sphere(radius=0.03), (-0.4, 0, 0.03), velocity=(2.0, 0, 0))
    a, b = cube("a", (0, 0, 0.05), friction=0.1), cube("b", (0.4, 0, 0.05), friction=0.1)
    made = scene(ball, a, b, seconds=1, remove=("ball",))
    made = at_work(made, joins={"spring": {"ends": ["a", "b"], "stiffness": 60}})
    factual, counterfactual = simulate(made), simulate(made, ["ball"])
    record = trace(made, factual, counterfactual, ["ball"])
    assert [link.kind for link in record.of("b").chain] == ["contact", "joins"]
    assert factual.positions[-1, 2, 0] > 0.45
    assert (record.of("b").diverged_step or 0) > (record.of("a").diverged_step or 0) - 1


def hung() -> Scene:
    bob = body("bob", Sphere(radius=0.05), (0, 0, 1.0), mass=0.2)
    beside = body("beside", Sphere(radius=0.05), (0.5, 0, 1.0), mass=0.2)
    far = cube("far", (3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(bob, beside, coil(), coil("other"), far, seconds=1, remove=("coil",))
    spring = {"stiffness": 20, "length": 0.3}
    return at_work(
        made,
        one={"spring": {"ends": [[0, 0, 1.4], "bob"], "coil": "coil", **spring}},
        two={"spring": {"ends": [[0.5, 0, 1.4], "beside"], "coil": "other", **spring}},
    )


def test_without_its_coil_what_hung_on_it_falls() -> None:
    made = hung()
    factual, counterfactual = simulate(made), simulate(made, ["coil"])
    record = trace(made, factual, counterfactual, ["coil"])
    assert record.affected == ("bob",)
    assert [(link.a, link.b, link.kind) for link in record.of("bob").chain] == [("coil", "bob", "one")]
    assert counterfactual.positions[-1, 0, 2] < 0.1 < factual.positions[-1, 0, 2]
    same(factual, counterfactual, "beside", "other", "far")


def test_without_its_weight_the_coil_hangs_from_its_other_end() -> None:
    made = hung()
    factual, counterfactual = simulate(made), simulate(made, ["bob"])
    record = trace(made, factual, counterfactual, ["bob"])
    assert record.affected == ("coil",)
    points = counterfactual.points[2][-1]
    assert points[0] == pytest.approx([0, 0, 1.4])
    assert points[-1] == pytest.approx([0, 0, 1.1])


def test_a_coil_has_its_turns_and_width_and_ends_on_its_ends() -> None:
    points, side = coiled((0, 0, 1), (0.3, 0, 1), 200, 8, 0.02, (0, 0, 1))
    assert points[0] == pytest.approx([0, 0, 1])
    assert points[-1] == pytest.approx([0.3, 0, 1])
    off = np.hypot(points[:, 1], points[:, 2] - 1)
    assert off.max() == pytest.approx(0.02)
    assert ((points[:-1, 2] < 1) & (points[1:, 2] >= 1)).sum() in (7, 8)
    turned, later = coiled((0, 0, 1), (0.3, 0, 1.001), 200, 8, 0.02, side)
    assert np.abs(turned - points).max() < 2e-3
    assert np.dot(side, later) > 0.999
    assert np.isfinite(vertices(Strand(radius=0.001, points=200), points)).all()


def test_runs_repeat_and_a_decoy_changes_no_bits() -> None:
    repeats(hung())


def test_what_the_steps_cannot_bear_is_refused() -> None:
    def fault(**more) -> str:
        settings = {"ends": [[0, 0, 2], "bob"], "stiffness": 20, **more}
        made = scene(body("bob", Sphere(radius=0.05), (0, 0, 1)), strand())
        with pytest.raises(PhysicsError) as caught:
            simulate(at_work(made, s={"spring": settings}))
        return str(caught.value)

    assert "stiffness 1e+06 is too much for steps of 1/480 s" in fault(stiffness=1e6)
    assert "at most 2.07e+04" in fault(stiffness=1e6)
    assert "damping 1000 is too much" in fault(damping=1000)
    assert "8 turns need `points: 80` of the strand string, which has 25" in fault(coil="string")
    assert "bob is a sphere, and must be a strand" in fault(coil="bob")
    assert "neither end" in fault(ends=[[0, 0, 1], [0, 0, 2]])
