"""A magnet pulls both ways, as the inverse square of the distance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.scene import Scene, Sphere
from tests.mechanisms.rig import at_work, repeats, same
from tests.physics.worlds import body, cube, scene


def time_to_fall(start: float, end: float, strength: float, mass: float) -> float:
    """s for two bodies at rest to come from `start` to `end` apart under K / r2 (Kepler's radial orbit)."""
    share = end / start
    return math.sqrt(start**3 * mass / (2 * strength)) * (
        math.acos(math.sqrt(share)) + math.sqrt(share * (1 - share))
    )


@pytest.mark.parametrize("other", [None, 2.0])
def test_bodies_meet_after_the_time_of_a_radial_orbit(other: float | None) -> None:
    first, second = 0.5, other or math.inf
    pole = body("pole", Sphere(radius=0.02), (0, 0, 1), motion="static")
    if other is not None:
        pole = body("pole", Sphere(radius=0.02), (0, 0, 1), mass=other)
    ball = body("ball", Sphere(radius=0.02), (0.5, 0, 1), mass=first)
    made = scene(pole, ball, seconds=1.2, fps=240, rate=960, gravity=(0, 0, 0))
    made = at_work(made, pull={"magnet": {"source": "pole", "bodies": "ball", "force": 5, "near": 0.1}})
    motion = simulate(made)
    apart = np.linalg.norm(motion.positions[:, 1] - motion.positions[:, 0], axis=1)
    frame = int(np.argmax(apart < 0.2))
    got = (frame - (0.2 - apart[frame]) / (apart[frame - 1] - apart[frame])) / 240
    reduced = 1 / (1 / first + 1 / second)
    assert got == pytest.approx(time_to_fall(0.5, 0.2, 5 * 0.1**2, reduced), rel=2e-3)
    if other is not None:
        momentum = motion.velocities[:, 0] * other + motion.velocities[:, 1] * first
        assert np.abs(momentum[:frame]).max() < 1e-12


def test_within_near_the_force_grows_no_more() -> None:
    made = scene(body("ball", Sphere(radius=0.02), (0.08, 0, 1), mass=0.5), seconds=1 / 24, gravity=(0, 0, 0))
    pull = {"source": [0, 0, 1], "bodies": "ball", "force": 0.1, "near": 0.1}
    speed = simulate(at_work(made, pull={"magnet": pull})).velocities[-1, 0, 0]
    assert speed == pytest.approx(-0.1 / 0.5 / 24, rel=1e-9)


def test_below_zero_it_pushes_away() -> None:
    made = scene(body("ball", Sphere(radius=0.02), (0.2, 0, 1)), seconds=0.5, gravity=(0, 0, 0))
    push = {"source": [0, 0, 1], "bodies": ["ball"], "force": -2, "near": 0.1}
    assert simulate(at_work(made, push={"magnet": push})).positions[-1, 0, 0] > 0.21


def crane(**more) -> Scene:
    magnet = body("magnet", Sphere(radius=0.03), (0, 0, 0.2), motion="static")
    nail = body("nail", Sphere(radius=0.02), (0, 0, 0.02), mass=0.01)
    pin = body("pin", Sphere(radius=0.02), (2.0, 0, 0.02), mass=0.01)
    far = cube("far", (-3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(magnet, nail, pin, far, seconds=1, remove=("magnet",))
    pull = {
        "source": "magnet", "bodies": ["nail", "pin"], "force": 2, "near": 0.06, "reach": 0.5, **more
    }  # fmt: skip
    return at_work(made, pull={"magnet": pull})


def test_what_it_lifted_stays_down_without_it_and_what_is_out_of_reach_is_not_touched() -> None:
    made = crane()
    factual, counterfactual = simulate(made), simulate(made, ["magnet"])
    record = trace(made, factual, counterfactual, ["magnet"])
    assert record.affected == ("nail",)
    assert factual.positions[-1, 1, 2] == pytest.approx(0.15, abs=2e-3)
    assert counterfactual.positions[-1, 1, 2] == pytest.approx(0.02, abs=1e-4)
    assert [(link.a, link.b, link.kind) for link in record.of("nail").chain] == [("magnet", "nail", "pull")]
    same(factual, counterfactual, "pin", "far")


def test_an_electromagnet_lets_go_when_it_is_switched_off() -> None:
    z = simulate(crane(when={"until": 0.5})).positions[:, 1, 2]
    assert z[12] == pytest.approx(0.15, abs=2e-3)
    assert z[-1] == pytest.approx(0.02, abs=1e-3)


def test_without_its_battery_an_electromagnet_pulls_nothing() -> None:
    made = crane(when={"beside": "far"})
    factual, counterfactual = simulate(made), simulate(made, ["far"])
    record = trace(made, factual, counterfactual, ["far"])
    assert [(link.a, link.b, link.kind) for link in record.of("nail").chain] == [("far", "nail", "pull")]
    assert counterfactual.positions[-1, 1, 2] == pytest.approx(0.02, abs=1e-4)
    same(factual, counterfactual, "pin", "magnet")


def test_runs_repeat_and_a_decoy_changes_no_bits() -> None:
    repeats(crane())


def test_it_does_not_attract_itself_nor_reach_less_than_near() -> None:
    made = scene(cube("iron", (0, 0, 1)))
    with pytest.raises(PhysicsError, match="iron cannot attract itself"):
        simulate(at_work(made, m={"magnet": {"source": "iron", "bodies": "iron", "force": 1}}))
    with pytest.raises(PhysicsError, match="is less than near"):
        simulate(
            at_work(made, m={"magnet": {"source": [0, 0, 0], "bodies": "iron", "force": 1, "reach": 0.01}})
        )
