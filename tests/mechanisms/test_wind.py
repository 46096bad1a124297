"""Wind takes along what is light; a fan blows a jet; what stands in it keeps it off what is behind."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.mechanisms.registry import MechanismSpec
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Scene, Sphere
from tests.mechanisms.rig import at_work, repeats, same
from tests.physics.worlds import body, cube, scene

BALL = Sphere(radius=0.1)
AREA = math.pi * 0.01


def drifting(seconds: float, **wind) -> Scene:
    made = scene(body("ball", BALL, (0, 0, 1), mass=0.05), seconds=seconds, gravity=(0, 0, 0))
    return at_work(made, breeze={"wind": {"bodies": "ball", "velocity": [5, 0, 0], "drag": 0.5, **wind}})


def test_speed_in_a_steady_wind_follows_the_closed_form() -> None:
    motion = simulate(drifting(2))
    rate = 0.5 * 1.2 * 0.5 * AREA / 0.05
    times = np.arange(49) / 24
    lag = 5 / (1 + rate * 5 * times)
    assert motion.velocities[:, 0, 0] == pytest.approx(5 - lag, rel=1e-9)


def test_gusts_swell_about_the_same_mean_and_are_the_same_each_time() -> None:
    steady, gusty = simulate(drifting(8)), simulate(drifting(8, gusts=0.8))
    assert np.abs(gusty.velocities - steady.velocities).max() > 0.05
    assert gusty.positions[-1, 0, 0] == pytest.approx(steady.positions[-1, 0, 0], rel=0.2)


def blown(screen_at: float = 0.6) -> Scene:
    fan = body("fan", Box(size=(0.1, 0.4, 0.4)), (0, 0, 0.2), motion="static")
    screen = body("screen", Box(size=(0.01, 0.4, 0.4)), (screen_at, 0, 0.2), motion="static")
    ball = body("ball", Sphere(radius=0.04), (1.0, 0, 0.04), mass=0.005, friction=0.5)
    aside = body("aside", Sphere(radius=0.04), (1.0, 2, 0.04), mass=0.005, friction=0.5)
    far = cube("far", (-3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(fan, screen, ball, aside, far, seconds=1, remove=("screen",))
    source = {"body": "fan", "at": [0.06, 0, 0]}
    jet = {
        "bodies": ["ball", "aside"], "velocity": [8, 0, 0], "source": source, "width": 0.4, "reach": 3
    }  # fmt: skip
    return at_work(made, blow={"wind": jet})


def test_taking_the_screen_away_lets_the_wind_through() -> None:
    made = blown()
    factual, counterfactual = simulate(made), simulate(made, ["screen"])
    record = trace(made, factual, counterfactual, ["screen"])
    assert record.affected == ("ball",)
    assert [(link.a, link.b, link.kind) for link in record.of("ball").chain] == [("screen", "ball", "blow")]
    assert factual.positions[-1, 2, 0] == pytest.approx(1.0, abs=1e-3)
    assert counterfactual.positions[-1, 2, 0] > 1.3
    same(factual, counterfactual, "aside", "far", "fan")


def test_a_fan_does_not_stand_in_its_own_way() -> None:
    made = blown(screen_at=-0.6)
    jet = made.mechanisms["blow"].value.model_dump(exclude_unset=True)
    inside = at_work(made, blow={"wind": {**jet, "source": "fan"}})
    assert simulate(inside).positions[-1, 2, 0] > 1.3


def test_a_fan_blows_only_while_its_motor_runs() -> None:
    blades = body("blades", Box(size=(0.01, 0.3, 0.05)), (0, 0, 0.3), mass=0.1)
    plug = body("plug", Sphere(radius=0.02), (0, 1, 0.02), motion="static")
    ball = body("ball", Sphere(radius=0.04), (0.5, 0, 0.3), mass=0.005)
    made = scene(blades, plug, ball, seconds=0.5, gravity=(0, 0, 0), remove=("plug",))
    source = {"body": "blades", "at": [0.01, 0, 0]}
    jet = {"bodies": "ball", "velocity": [8, 0, 0], "source": source, "when": {"running": "blades"}}
    made = at_work(
        made,
        axle={"hinge": {"body": "blades", "axis": "x"}},
        drive={"motor": {"drives": "blades", "speed_deg": 720, "when": {"beside": "plug"}}},
        blow={"wind": jet},
    )
    factual, counterfactual = simulate(made), simulate(made, ["plug"])
    record = trace(made, factual, counterfactual, ["plug"])
    assert factual.positions[-1, 2, 0] > 0.6
    assert counterfactual.positions[-1, 2, 0] == 0.5
    assert [link.kind for link in record.of("ball").chain] == ["drive", "blow"]


def test_without_the_fan_nothing_is_blown() -> None:
    made = blown(screen_at=-0.6)
    factual, counterfactual = simulate(made), simulate(made, ["fan"])
    record = trace(made, factual, counterfactual, ["fan"])
    assert record.affected == ("ball",)
    assert record.of("ball").chain[0].kind == "blow"
    assert factual.positions[-1, 2, 0] > 1.3
    assert counterfactual.positions[-1, 2, 0] == pytest.approx(1.0, abs=1e-3)


def test_a_sheltered_ball_does_not_know_the_fan() -> None:
    made = blown()
    record = trace(made, simulate(made), simulate(made, ["fan"]), ["fan"])
    assert record.affected == ()


def test_a_screen_too_far_upwind_shelters_nothing() -> None:
    made = blown()
    jet = made.mechanisms["blow"].value.model_dump(exclude_unset=True)
    near, none = (
        simulate(at_work(made, blow={"wind": {**jet, "lee": lee}})).positions[-1, 2, 0] for lee in (0.35, 0)
    )
    assert near == none > 1.3


def test_a_stronger_push_nearer_to_the_mouth_and_in_the_middle() -> None:
    def speed(x: float, y: float) -> float:
        made = scene(body("ball", Sphere(radius=0.02), (x, y, 1), mass=0.01), seconds=0.1, gravity=(0, 0, 0))
        jet = {"bodies": "ball", "velocity": [8, 0, 0], "source": {"at": [0, 0, 1]}, "reach": 2, "width": 0.3}
        return float(simulate(at_work(made, blow={"wind": jet})).velocities[-1, 0, 0])

    assert speed(0.3, 0) > speed(1.0, 0) > speed(1.0, 0.15) > speed(1.9, 0) > 0
    assert speed(2.1, 0) == speed(-0.2, 0) == speed(0.5, 0.3) == 0


def test_half_in_the_lee_feels_half_the_wind() -> None:
    def speed(width: float) -> float:
        screen = body("screen", Box(size=(0.01, width, 2)), (0.5, -width / 2, 1), motion="static")
        ball = body("ball", BALL, (1, 0, 1), mass=0.05)
        made = scene(screen, ball, seconds=0.1, gravity=(0, 0, 0))
        breeze = {"wind": {"bodies": "ball", "velocity": [5, 0, 0]}}
        return float(simulate(at_work(made, breeze=breeze)).velocities[-1, 1, 0])

    full = speed(0.001)
    assert 0.05 * full < speed(1.0) < 0.95 * full


def test_a_balloon_in_the_wind_has_one_drag_only() -> None:
    made = scene(body("balloon", BALL, (0, 0, 1), mass=0.002), seconds=3)
    made = at_work(
        made,
        breeze={"wind": {"bodies": "balloon", "velocity": [2, 0, 0], "drag": 5}},
        cross={"wind": {"bodies": "balloon", "velocity": [0, 1, 0]}},
        air={"lift": {"bodies": "balloon", "share": 2, "drag": 0.5}},
    )
    terminal = math.sqrt(2 * 0.002 * 9.81 / (1.2 * 0.5 * AREA))
    assert simulate(made).velocities[-1, 0] == pytest.approx([2, 1, terminal], abs=2e-3)


def test_runs_repeat_and_a_decoy_changes_no_bits() -> None:
    repeats(blown())
    repeats(blown(screen_at=-0.6))


def test_what_cannot_be_blown_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be zero"):
        MechanismSpec.model_validate({"wind": {"bodies": "b", "velocity": [0, 0, 0]}})
    with pytest.raises(ValueError, match="goes with a source"):
        MechanismSpec.model_validate({"wind": {"bodies": "b", "velocity": [1, 0, 0], "reach": 2}})
    fixed = scene(cube("post", (0, 0, 1), motion="static"))
    with pytest.raises(PhysicsError, match="post is static"):
        simulate(at_work(fixed, w={"wind": {"bodies": "post", "velocity": [1, 0, 0]}}))
    free = scene(cube("fan", (0, 0, 1)))
    with pytest.raises(PhysicsError, match="cannot blow itself"):
        simulate(at_work(free, w={"wind": {"bodies": "fan", "velocity": [1, 0, 0], "source": "fan"}}))
