"""Hinges and sliders: exact joints, dry friction, stops, springs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Compound, Placed, Sphere
from tests.mechanisms.rig import at_work
from tests.physics.worlds import body, cube, scene


def agm(a: float, b: float) -> float:
    """Arithmetic-geometric mean: a pendulum of swing t has the period 2 pi sqrt(l/g) / agm(1, cos(t/2))."""
    for _ in range(40):
        a, b = (a + b) / 2, math.sqrt(a * b)
    return a


@pytest.mark.parametrize("swing", [0.2, 1.2, 2.5])
def test_a_pendulum_keeps_its_period_and_swing(swing: float) -> None:
    length, radius = 1.0, 0.05
    x, z = length * math.sin(swing), -length * math.cos(swing)
    made = at_work(
        scene(body("bob", Sphere(radius=radius), (x, 0, 3 + z)), seconds=8, fps=120),
        arm={"hinge": {"body": "bob", "at": [-x, 0, -z], "axis": "y"}},
    )
    moved = simulate(made).positions[:, 0]
    up = np.flatnonzero((moved[:-1, 0] < 0) & (moved[1:, 0] >= 0))
    crossings = (up - moved[up, 0] / (moved[up + 1, 0] - moved[up, 0])) / made.fps
    inertia = length**2 + 0.4 * radius**2
    period = 2 * math.pi * math.sqrt(inertia / (9.81 * length)) / agm(1, math.cos(swing / 2))
    assert np.diff(crossings).mean() == pytest.approx(period, rel=2e-4)
    assert moved[:, 2].max() == pytest.approx(3 + z, abs=2e-3)
    assert np.hypot(moved[:, 0], moved[:, 2] - 3) == pytest.approx(length, abs=1e-9)


def test_a_drawer_stops_where_friction_has_eaten_its_speed() -> None:
    made = at_work(
        scene(body("drawer", Box(size=(0.3, 0.3, 0.1)), (0, 0, 1), velocity=(1, 0, 0)), seconds=2, rate=960),
        rail={"slider": {"body": "drawer", "axis": "x", "limits": [0, 0.6], "friction": 2.0}},
    )
    path = simulate(made).positions[:, 0]
    assert path[-1, 0] == pytest.approx(1 / (2 * 2.0), rel=0.01)
    assert path[-1, 0] == path[-6, 0]
    assert path[:, 2] == pytest.approx(1.0, abs=1e-9)


def test_a_door_stops_at_its_limit_and_turns_about_its_edge() -> None:
    wing = Compound(
        parts=(
            Placed(shape=Box(size=(0.4, 0.02, 0.6))),
            Placed(shape=Box(size=(0.05, 0.05, 0.05)), position=(0.15, 0.03, 0.0)),
        )
    )
    made = at_work(
        scene(body("door", wing, (0.2, 0, 0.5), spin=(0, 0, 3.0)), seconds=2),
        hinge={"hinge": {"body": "door", "at": [-0.2, 0, 0], "axis": "z", "limits_deg": [-5, 60]}},
    )
    motion = simulate(made)
    angle = 2 * np.degrees(np.arctan2(motion.orientations[:, 0, 2], motion.orientations[:, 0, 3]))
    assert angle[0] == pytest.approx(0)
    assert motion.spins[0, 0, 2] == pytest.approx(3.0)
    assert angle.max() < 61.5
    assert np.hypot(motion.positions[:, 0, 0], motion.positions[:, 0, 1]) == pytest.approx(0.2, abs=1e-6)


def test_a_see_saw_tips_to_the_heavier_side_and_back_when_it_is_gone() -> None:
    plank = body("plank", Box(size=(1.0, 0.2, 0.02)), (0, 0, 0.3), friction=1.0)
    light = cube("light", (-0.4, 0, 0.34), 0.06, mass=0.2, friction=1.0)
    heavy = cube("heavy", (0.4, 0, 0.34), 0.06, mass=0.6, friction=1.0)
    far = cube("far", (4.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = at_work(
        scene(plank, light, heavy, far, seconds=1.5, remove=("heavy",)),
        pivot={"hinge": {"body": "plank", "axis": "y", "limits_deg": [-12, 12], "friction": 0.01}},
    )
    factual, counterfactual = simulate(made), simulate(made, ["heavy"])
    record = trace(made, factual, counterfactual, ["heavy"])
    assert factual.positions[-1, 1, 2] > 0.38
    assert counterfactual.positions[-1, 1, 2] < 0.28
    assert set(record.affected) == {"plank", "light"}
    assert np.array_equal(factual.positions[:, 3], counterfactual.positions[:, 3])


def test_early_see_saw_angle_follows_its_moment_of_inertia() -> None:
    plank = body("plank", Box(size=(1.0, 0.2, 0.02)), (0, 0, 0.3), friction=1.0)
    load = cube("load", (0.4, 0, 0.34), 0.06, mass=0.3, friction=1.0)
    made = at_work(scene(plank, load, seconds=0.2, rate=960), pivot={"hinge": {"body": "plank", "axis": "y"}})
    angle = 2 * math.atan2(*[simulate(made).orientations[-1, 0, k] for k in (1, 3)])
    inertia = (1 + 0.02**2) / 12 + 0.3 * (0.4**2 + 0.04**2) + 0.3 * 0.06**2 / 6
    frames = round(0.2 * 24) / 24
    assert angle == pytest.approx(0.5 * 0.3 * 9.81 * 0.4 / inertia * frames**2, rel=0.03)


def test_a_spring_on_a_slider_swings_at_its_own_rate() -> None:
    made = at_work(
        scene(body("block", Box(size=(0.1, 0.1, 0.1)), (0, 0, 1), velocity=(0.5, 0, 0)), seconds=4, fps=120),
        rail={"slider": {"body": "block", "axis": "x", "limits": [-1, 1], "spring": 40}},
    )
    x = simulate(made).positions[:, 0, 0]
    up = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    crossings = (up - x[up] / (x[up + 1] - x[up])) / made.fps
    assert np.diff(crossings).mean() == pytest.approx(2 * math.pi / math.sqrt(40), rel=1e-3)
    assert x.max() == pytest.approx(0.5 / math.sqrt(40), rel=5e-3)


def test_a_hinged_body_passes_what_it_is_built_into() -> None:
    post = body("post", Box(size=(0.05, 0.05, 0.4)), (0, 0, 0.2), motion="static")
    sign = body("sign", Box(size=(0.4, 0.02, 0.1)), (0.15, 0, 0.35), spin=(0, 0, 2.0))
    made = at_work(
        scene(post, sign, seconds=1, remove=("sign",)),
        pin={"hinge": {"body": "sign", "at": [-0.15, 0, 0], "axis": "z"}},
    )
    motion = simulate(made)
    assert motion.spins[-1, 1, 2] == pytest.approx(2.0, rel=1e-6)


def test_only_a_body_that_can_move_hangs_on_a_joint_and_on_one_only() -> None:
    fixed = scene(body("post", Box(size=(0.1, 0.1, 0.1)), (0, 0, 1), motion="static"))
    with pytest.raises(PhysicsError, match="post is static"):
        simulate(at_work(fixed, pin={"hinge": {"body": "post"}}))
    free = scene(cube("block", (0, 0, 1)))
    with pytest.raises(PhysicsError, match="block hangs on two joints"):
        simulate(at_work(free, a={"hinge": {"body": "block"}}, b={"hinge": {"body": "block"}}))


@pytest.mark.parametrize("rods", [False, True])
def test_two_jointed_bodies_hit_each_other(rods: bool) -> None:
    ball = Sphere(radius=0.016)
    rod = Placed(shape=Box(size=(0.004, 0.004, 0.12)), position=(0, 0, 0.07))
    shape = Compound(parts=(Placed(shape=ball), rod)) if rods else ball
    a = body("a", shape, (-0.0325, 0, 1), mass=0.13, restitution=0.99, spin=(0, -0.7 / 0.13, 0))
    b = body("b", shape, (0, 0, 1), mass=0.13, restitution=0.99)
    made = at_work(
        scene(a, b, seconds=0.125, rate=960, gravity=(0, 0, 0)),
        pivots={"hinge": {"body": ["a", "b"], "at": [0, 0, 0.13], "axis": "y"}},
    )
    spins = simulate(made).spins[-1, :, 1]
    assert spins[1] == pytest.approx(-0.99 * 0.7 / 0.13, rel=0.04)
    assert abs(spins[0]) < 0.3


def test_a_loose_body_inside_a_door_is_a_fault_and_not_a_ghost() -> None:
    door = body("door", Box(size=(0.4, 0.04, 0.3)), (0, 0, 0.2))
    made = at_work(scene(door, cube("cube", (0.1, 0.04, 0.05))), pin={"hinge": {"body": "door", "axis": "z"}})
    with pytest.raises(PhysicsError, match="door and cube overlap"):
        simulate(made)
