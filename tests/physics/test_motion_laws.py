"""Motion against closed forms: falling, sliding, rolling, bouncing, kicking, pushing, stacking."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.physics.motion import Motion
from generator.physics.simulate import simulate
from generator.scene.scene import (
    Body,
    Box,
    Capsule,
    Compound,
    Cone,
    Cylinder,
    Impulse,
    Keyframe,
    Placed,
    Shape,
    Sphere,
    Support,
)
from tests.physics.worlds import body, cube, scene

G = 9.81
LYING = (math.sin(math.pi / 4), 0.0, 0.0, math.cos(math.pi / 4))
"""A cylinder's axis along Y."""


def track(motion: Motion, name: str) -> np.ndarray:
    return motion.positions[:, motion.names.index(name)]


def test_a_free_body_falls_by_half_g_t_squared() -> None:
    motion = simulate(scene(cube("box", (0, 0, 6)), seconds=1.0))
    assert 6 - track(motion, "box")[-1, 2] == pytest.approx(G / 2, rel=0.003)


def test_a_thrown_spinning_ball_follows_a_parabola_and_keeps_its_spin() -> None:
    ball = body("ball", Sphere(radius=0.05), (0, 0, 1), velocity=(2, 1, 3), spin=(0, 150, 0))
    motion = simulate(scene(ball, seconds=0.5))
    x, y, z = track(motion, "ball")[-1]
    assert (x, y) == pytest.approx((1.0, 0.5), rel=1e-9)
    assert z == pytest.approx(1 + 1.5 - G / 8, abs=0.006)
    assert motion.spins[-1, 0, 1] == pytest.approx(150, rel=1e-9)


@pytest.mark.parametrize(("degrees", "slides"), [(15.0, False), (16.0, False), (20.0, True), (30.0, True)])
def test_a_box_slides_on_a_slope_only_beyond_its_friction_angle(degrees: float, slides: bool) -> None:
    """Friction 0.3 holds up to 16.7 degrees."""
    tilt = math.radians(degrees)
    gravity = (G * math.sin(tilt), 0.0, -G * math.cos(tilt))
    box = body("box", Box(size=(0.2, 0.2, 0.1)), (0, 0, 0.05), friction=0.3)
    travelled = track(simulate(scene(box, seconds=1.0, gravity=gravity)), "box")[-1, 0]
    if slides:
        assert travelled == pytest.approx(G / 2 * (math.sin(tilt) - 0.3 * math.cos(tilt)), rel=0.02)
    else:
        assert abs(travelled) < 0.5e-3


def test_a_ramp_of_the_room_slopes_like_tilted_gravity() -> None:
    tilt = math.radians(25)
    turn = (0.0, math.sin(tilt / 2), 0.0, math.cos(tilt / 2))
    ramp = Support(name="ramp", size=(6, 2, 0.2), position=(0, 0, 0), orientation=turn)
    up = np.array([math.sin(tilt), 0, math.cos(tilt)])
    start = up * 0.15
    box = body("box", Box(size=(0.2, 0.2, 0.1)), tuple(start), orientation=turn, friction=0.2)
    path = track(simulate(scene(box, seconds=0.8, supports=(ramp,))), "box")
    travelled = np.linalg.norm(path[-1] - path[0])
    assert travelled == pytest.approx(G / 2 * 0.64 * (math.sin(tilt) - 0.2 * math.cos(tilt)), rel=0.02)


def test_a_sphere_rolls_down_a_slope_at_five_sevenths() -> None:
    tilt = math.radians(20)
    gravity = (G * math.sin(tilt), 0.0, -G * math.cos(tilt))
    ball = body("ball", Sphere(radius=0.1), (0, 0, 0.1), friction=0.8)
    travelled = track(simulate(scene(ball, seconds=1.0, gravity=gravity)), "ball")[-1, 0]
    assert travelled == pytest.approx(5 / 7 * G / 2 * math.sin(tilt), rel=0.006)


def test_a_solid_cylinder_rolls_down_a_slope_at_two_thirds() -> None:
    tilt = math.radians(15)
    gravity = (G * math.sin(tilt), 0.0, -G * math.cos(tilt))
    log = body("log", Cylinder(radius=0.05, height=0.3), (0, 0, 0.05), orientation=LYING, friction=0.8)
    travelled = track(simulate(scene(log, seconds=1.0, gravity=gravity)), "log")[-1, 0]
    assert travelled == pytest.approx(2 / 3 * G / 2 * math.sin(tilt), rel=0.006)


@pytest.mark.parametrize(
    "shape",
    [Cylinder(radius=0.05, height=0.2), Cylinder(radius=0.03, height=0.08), Capsule(radius=0.05, height=0.2)],
)
def test_a_rolling_cylinder_keeps_its_speed(shape: Cylinder | Capsule) -> None:
    roller = body(
        "roller",
        shape,
        (0, 0, shape.radius),
        orientation=LYING,
        velocity=(0.5, 0, 0),
        spin=(0, 0.5 / shape.radius, 0),
    )
    motion = simulate(scene(roller, seconds=5.0))
    assert motion.velocities[-1, 0, 0] == pytest.approx(0.5, rel=0.02)
    assert abs(track(motion, "roller")[-1, 1]) < 2e-3


def test_a_short_cylinder_on_its_rim_never_gains_speed() -> None:
    disc = body(
        "disc",
        Cylinder(radius=0.05, height=0.04),
        (0, 0, 0.05),
        orientation=LYING,
        velocity=(0.5, 0, 0),
        spin=(0, 10, 0),
    )
    motion = simulate(scene(disc, seconds=3.0))
    speed = np.linalg.norm(motion.velocities[:, 0], axis=1)
    assert speed.max() < 0.51
    assert speed[-1] < 0.45


def test_rolling_friction_slows_a_ball_by_its_arm() -> None:
    """Deceleration 5 c g / (7 r)."""
    ball = body(
        "ball",
        Sphere(radius=0.1),
        (0, 0, 0.1),
        velocity=(1, 0, 0),
        spin=(0, 10, 0),
        rolling_friction=0.002,
    )
    speed = simulate(scene(ball, seconds=2.0)).velocities[-1, 0, 0]
    assert speed == pytest.approx(1 - 2 * 5 * 0.002 * G / 0.7, rel=0.01)


@pytest.mark.parametrize("height", [0.5, 0.71, 0.93, 1.2])
@pytest.mark.parametrize(
    ("shape", "middle"),
    [(Sphere(radius=0.1), 0.1), (Box(size=(0.2, 0.2, 0.2)), 0.1)],
)
def test_restitution_08_bounces_back_to_064_of_the_height(shape: Shape, middle: float, height: float) -> None:
    thing = body("thing", shape, (0, 0, middle + height), restitution=0.8)
    seconds = math.sqrt(2 * height / G) * (1 + 2 * 0.8 + 1.2 * 0.64)
    z = track(simulate(scene(thing, seconds=seconds, fps=960, rate=960)), "thing")[:, 2] - middle
    peaks = [z[i] for i in range(1, len(z) - 1) if z[i - 1] < z[i] >= z[i + 1] and z[i] > 0.02]
    assert peaks[0] == pytest.approx(0.64 * height, rel=0.015)
    if isinstance(shape, Sphere):  # a box comes back a little askew, as a real one does
        assert peaks[1] == pytest.approx(0.64**2 * height, rel=0.03)


def test_a_head_on_hit_of_equal_balls_passes_the_speed_on() -> None:
    """Restitution is the product: 0.95 squared. The first keeps (1 - e)/2 of its speed."""
    e = 0.95**2
    balls = [
        body("a", Sphere(radius=0.028), (0, 0, 0.028), velocity=(1, 0, 0), restitution=0.95, friction=0.0),
        body("b", Sphere(radius=0.028), (0.2, 0, 0.028), restitution=0.95, friction=0.0),
    ]
    motion = simulate(scene(*balls, seconds=0.25, rate=960))
    assert motion.velocities[-1, 1, 0] == pytest.approx((1 + e) / 2, rel=0.01)
    assert motion.velocities[-1, 0, 0] == pytest.approx((1 - e) / 2, abs=0.01)


def test_a_kick_changes_momentum_by_exactly_its_impulse() -> None:
    kicked = cube("box", (0, 0, 3), mass=2.0, impulses=(Impulse(time=0.25, vector=(3, 0, 0)),))
    motion = simulate(scene(kicked, seconds=0.5))
    before, after = motion.velocities[6, 0], motion.velocities[7, 0]
    assert before[0] == 0
    assert after[0] == pytest.approx(1.5, rel=1e-9)
    assert motion.velocities[-1, 0, 2] == pytest.approx(-G * 0.5, rel=1e-6)


def test_a_kick_off_centre_turns_the_body() -> None:
    """A cube of 1 kg and 0.1 m edge: I = m a2 / 6."""
    kick = Impulse(time=0.0, vector=(1, 0, 0), at=(0, 0.03, 0))
    motion = simulate(scene(cube("box", (0, 0, 3), impulses=(kick,)), seconds=0.25))
    assert motion.velocities[-1, 0, 0] == pytest.approx(1.0, rel=1e-6)
    assert motion.spins[-1, 0, 2] == pytest.approx(-0.03 / (0.01 / 6), rel=1e-6)


def test_a_kinematic_pusher_follows_its_path_and_shoves_a_box() -> None:
    keys = (
        Keyframe(time=0, position=(-0.5, 0, 0.1), orientation=(0, 0, 0, 1)),
        Keyframe(time=1, position=(0.0, 0, 0.1), orientation=(0, 0, 0, 1)),
    )
    pusher = cube("pusher", (-0.5, 0, 0.1), 0.2, motion="kinematic", path=keys)
    motion = simulate(scene(pusher, cube("box", (-0.2, 0, 0.05), friction=0.4), seconds=1.5))
    assert track(motion, "pusher")[12, 0] == pytest.approx(-0.25, abs=1e-12)
    assert track(motion, "pusher")[-1, 0] == 0.0
    assert track(motion, "box")[24, 0] == pytest.approx(0.15, abs=2e-3)
    assert np.abs(motion.velocities[-1, 1]).max() < 1e-3


def test_a_turning_kinematic_paddle_bats_a_ball_away() -> None:
    quarter = (0.0, 0.0, math.sin(math.pi / 4), math.cos(math.pi / 4))
    keys = (
        Keyframe(time=0, position=(0, 0, 0.1), orientation=(0, 0, 0, 1)),
        Keyframe(time=0.5, position=(0, 0, 0.1), orientation=quarter),
    )
    paddle = body("paddle", Box(size=(1, 0.04, 0.1)), (0, 0, 0.1), motion="kinematic", path=keys)
    ball = body("ball", Sphere(radius=0.05), (0.4, 0.15, 0.05))
    motion = simulate(scene(paddle, ball, seconds=1.0))
    assert motion.velocities[-1, 1, 1] > 0.8 * 0.4 * math.pi


def test_ten_boxes_stand_without_creeping() -> None:
    tower = [cube(f"box.{i}", (0, 0, 0.05 + 0.1 * i)) for i in range(10)]
    motion = simulate(scene(*tower, seconds=3.0, settle=0.5))
    assert np.abs(motion.positions[-1] - motion.positions[0]).max() < 0.05e-3


@pytest.mark.parametrize(
    ("shape", "height", "orientation"),
    [
        (Box(size=(0.05, 0.08, 0.1)), 0.05, (0, 0, 0, 1)),
        (Sphere(radius=0.04), 0.04, (0, 0, 0, 1)),
        (Cylinder(radius=0.03, height=0.1), 0.05, (0, 0, 0, 1)),
        (Cylinder(radius=0.03, height=0.1), 0.03, LYING),
        (Cylinder(radius=0.05, height=0.02), 0.01, (0, 0, 0, 1)),
        (Capsule(radius=0.03, height=0.1), 0.03, LYING),
        (Cone(radius=0.04, height=0.1), 0.05, (0, 0, 0, 1)),
        (
            Compound(
                parts=(
                    Placed(shape=Box(size=(0.1, 0.1, 0.02))),
                    Placed(shape=Cone(radius=0.03, height=0.1), position=(0.02, 0, 0.06)),
                )
            ),
            0.01,
            (0, 0, 0, 1),
        ),
    ],
)
@pytest.mark.parametrize("restitution", [0.0, 0.3])
def test_nothing_sinks_into_the_floor_or_floats_above_it(
    shape: Shape, height: float, orientation: tuple[float, ...], restitution: float
) -> None:
    thing = body(
        "thing",
        shape,
        (0, 0, height + 0.01),
        orientation=orientation,
        rolling_friction=0.001,
        restitution=restitution,
    )
    motion = simulate(scene(thing, seconds=2.0))
    assert track(motion, "thing")[-1, 2] == pytest.approx(height, abs=0.3e-3)
    assert np.abs(motion.velocities[-1]).max() < 2e-3


def test_a_ball_pushed_over_the_edge_of_a_table_falls() -> None:
    table = Support(name="table", size=(1, 1, 0.05), position=(0, 0, 0.725))
    floor = Support(name="floor", size=(10, 10, 1), position=(0, 0, -0.5))
    ball = body("ball", Sphere(radius=0.03), (0.3, 0, 0.78), velocity=(0.8, 0, 0))
    path = track(simulate(scene(ball, seconds=1.5, supports=(table, floor))), "ball")
    assert path[2, 2] == pytest.approx(0.78, abs=1e-3)
    assert path[-1, 2] == pytest.approx(0.03, abs=1e-3)
    assert path[-1, 0] > 0.7


def dominoes(count: int, spacing: float = 0.027) -> list[Body]:
    """48 x 24 x 7.5 mm, `spacing` apart, the first one set tipping."""
    return [
        body(
            f"domino.{i}",
            Box(size=(0.0075, 0.024, 0.048)),
            (spacing * i, 0, 0.024),
            mass=0.01,
            friction=0.6,
            velocity=(0.15, 0, 0) if i == 0 else (0, 0, 0),
            spin=(0, 6, 0) if i == 0 else (0, 0, 0),
        )
        for i in range(count)
    ]


def test_a_row_of_real_dominoes_falls_at_a_plausible_speed() -> None:
    """Real rows of this size run at 0.5 to 1.2 m/s (van Leeuwen 2010: about 1.2 to 2 sqrt(g h))."""
    motion = simulate(scene(*dominoes(15), seconds=1.5, rate=960, iterations=50))
    up = 1 - 2 * (motion.orientations[:, :, 0] ** 2 + motion.orientations[:, :, 1] ** 2)
    assert (up[-1] < math.cos(math.radians(45))).all()
    fallen = [int(np.argmax(up[:, i] < math.cos(math.radians(15)))) for i in range(15)]
    assert fallen == sorted(fallen)
    speed = 0.027 * 10 / ((fallen[13] - fallen[3]) / 24)
    assert 0.5 < speed < 1.4
