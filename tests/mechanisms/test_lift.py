"""Balloons rise and paper sinks at the speed at which drag, weight and lift are in balance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.mechanisms.air import facing, slowing
from generator.mechanisms.registry import MechanismSpec
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Capsule, Compound, Cone, Cylinder, Placed, Scene, Sphere
from tests.mechanisms.rig import at_work, repeats, same, strand
from tests.physics.worlds import body, cube, scene

BALL = Sphere(radius=0.1)
AREA, VOLUME = math.pi * 0.01, 4 / 3 * math.pi * 0.001


def test_a_balloon_rises_at_its_terminal_speed() -> None:
    made = scene(body("balloon", BALL, (0, 0, 0.5), mass=0.002), seconds=2)
    made = at_work(made, air={"lift": {"bodies": "balloon", "gas": "helium"}})
    motion = simulate(made)
    net = 9.81 * ((1.2 - 0.169) * VOLUME - 0.002)
    terminal = math.sqrt(2 * net / (1.2 * 0.47 * AREA))
    assert motion.velocities[-1, 0, 2] == pytest.approx(terminal, rel=1e-6)


def test_a_falling_ball_follows_the_hyperbolic_tangent() -> None:
    made = scene(body("ball", BALL, (0, 0, 9), mass=0.01), seconds=1)
    made = at_work(made, air={"lift": {"bodies": "ball", "force": 0, "drag": 0.5, "air": 1.0}})
    motion = simulate(made)
    terminal = math.sqrt(2 * 0.01 * 9.81 / (0.5 * AREA))
    times = np.arange(25) / 24
    expected = terminal * np.tanh(9.81 * times / terminal)
    assert -motion.velocities[:, 0, 2] == pytest.approx(expected, rel=1e-3)


def test_a_flat_sheet_sinks_more_slowly_than_one_on_edge() -> None:
    sheet = Box(size=(0.2, 0.2, 0.002))
    edge = (math.sin(math.pi / 4), 0.0, 0.0, math.cos(math.pi / 4))
    made = scene(
        body("flat", sheet, (0, 0, 4), mass=0.005),
        body("edge", sheet, (1, 0, 6), mass=0.005, orientation=edge),
        seconds=1,
    )
    made = at_work(made, air={"lift": {"bodies": ["flat", "edge"], "share": 0, "drag": 1.1}})
    speeds = -simulate(made).velocities[-1, :, 2]
    assert speeds[0] == pytest.approx(math.sqrt(2 * 0.005 * 9.81 / (1.2 * 1.1 * 0.04)), rel=1e-5)
    assert speeds[1] > 5


def test_as_much_lift_as_weight_floats_where_it_is() -> None:
    made = scene(body("bubble", BALL, (0, 0, 1), mass=0.01), seconds=1)
    made = at_work(made, air={"lift": {"bodies": "bubble", "share": 1}})
    assert simulate(made).positions[-1, 0, 2] == pytest.approx(1, abs=1e-9)


def test_a_spinning_balloon_comes_to_rest() -> None:
    made = scene(body("balloon", BALL, (0, 0, 1), mass=0.003, spin=(0, 0, 20.0)), seconds=4)
    made = at_work(made, air={"lift": {"bodies": "balloon", "share": 1}})
    spins = simulate(made).spins[:, 0, 2]
    assert (np.diff(spins) < 0).all()
    assert spins[-1] > 0


@pytest.mark.parametrize("shape", [Box(size=(0.1, 0.2, 0.3)), Cylinder(radius=0.1, height=0.3),
                                   Capsule(radius=0.1, height=0.3), Cone(radius=0.1, height=0.2), BALL],
                         ids=lambda s: s.kind)  # fmt: skip
def test_the_mean_of_what_a_convex_shape_shows_is_a_quarter_of_its_surface(shape) -> None:
    rng = np.random.default_rng(0)
    ways = rng.normal(size=(4000, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    mean = np.mean([facing(shape, tuple(way)) for way in ways])
    surface = {
        "box": 2 * (0.02 + 0.03 + 0.06),
        "cylinder": 2 * math.pi * 0.1 * 0.4,
        "capsule": 2 * math.pi * 0.1 * 0.3,
        "cone": math.pi * 0.1 * (0.1 + math.hypot(0.1, 0.2)),
        "sphere": 4 * math.pi * 0.01,
    }[shape.kind]
    assert mean == pytest.approx(surface / 4, rel=0.01)
    both = Compound(parts=(Placed(shape=shape), Placed(shape=shape, orientation=(0.6, 0, 0, 0.8))))
    assert facing(both, (1.0, 0.0, 0.0)) == pytest.approx(2 * facing(shape, (1.0, 0.0, 0.0)))


def test_drag_never_turns_a_body_round_however_light() -> None:
    for resistance in (1e-9, 1.0, 1e9):
        assert 0 < 1 - slowing(resistance, 1e-3, 1 / 480) * (1 / 480) / 1e-3 <= 1


def tied() -> Scene:
    balloon = body("balloon", BALL, (0, 0, 0.6), mass=0.002)
    box = cube("box", (0, 0, 0.05), mass=0.5)
    far = cube("far", (3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(balloon, box, strand(), far, seconds=1.5, remove=("string",))
    return at_work(
        made,
        air={"lift": {"bodies": "balloon", "gas": "helium"}},
        tie={"tether": {"ends": [{"body": "balloon", "at": [0, 0, -0.1]}, "box"], "string": "string"}},
    )


def test_a_tied_balloon_flies_off_when_its_string_is_cut() -> None:
    made = tied()
    factual, counterfactual = simulate(made), simulate(made, ["string"])
    record = trace(made, factual, counterfactual, ["string"])
    assert set(record.affected) == {"balloon", "box"}
    assert factual.positions[-1, 0, 2] < 0.7
    assert counterfactual.positions[-1, 0, 2] > 1.5
    assert [link.kind for link in record.of("balloon").chain] == ["tie"]
    same(factual, counterfactual, "far")


def test_hot_air_lifts_only_while_its_burner_is_there() -> None:
    burner = body("burner", Sphere(radius=0.02), (0, 0.3, 0.02), motion="static")
    made = scene(burner, body("bag", BALL, (0, 0, 1), mass=0.0005), seconds=1, remove=("burner",))
    made = at_work(made, air={"lift": {"bodies": "bag", "gas": "hot_air", "when": {"beside": "burner"}}})
    factual, counterfactual = simulate(made), simulate(made, ["burner"])
    assert factual.positions[-1, 1, 2] > 1.2
    assert counterfactual.positions[-1, 1, 2] < 0.6
    assert counterfactual.velocities[10, 1, 2] > -1  # still slowed by the air
    record = trace(made, factual, counterfactual, ["burner"])
    assert [link.kind for link in record.of("bag").chain] == ["air"]


def test_runs_repeat_and_a_decoy_changes_no_bits() -> None:
    repeats(tied())


def test_lift_is_given_one_way_and_to_what_can_move() -> None:
    with pytest.raises(ValueError, match="give gas or share, not both"):
        MechanismSpec.model_validate({"lift": {"bodies": "b", "gas": "helium", "share": 1}})
    fixed = scene(cube("post", (0, 0, 1), motion="static"))
    with pytest.raises(PhysicsError, match="post is static"):
        simulate(at_work(fixed, air={"lift": {"bodies": "post"}}))
