"""A trace: it lies where the body touched, breaks where it did not, ends with the paint, and goes with it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene import formed
from generator.scene.scene import Body, Box, Cylinder, Keyframe, Ribbon, Scene, Shape, Sphere, Support
from tests.mechanisms.rig import at_work
from tests.physics.worlds import FLOOR, PLAIN, body, cube, scene

LYING = (math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5))
RIBBON = Ribbon(width=0.02, points=200)


def ribbon(shape: Ribbon = RIBBON) -> Body:
    return Body(
        name="paint", group="paint", noun="stripe", motion="static", shape=shape, material=PLAIN, mass=0.0,
        position=(0.0, 0.0, 0.0),
    )  # fmt: skip


def painted(*bodies: Body, reach: float = 2.0, shape: Ribbon = RIBBON, **more) -> Scene:
    made = scene(*bodies, ribbon(shape), **more)
    return at_work(made, wet={"trace": {"body": "roller", "ribbon": "paint", "reach": reach}})


@pytest.mark.parametrize(
    "shape", [Sphere(radius=0.05), Cylinder(radius=0.05, height=0.2)], ids=["ball", "roller"]
)
def test_a_rolling_body_leaves_a_trace_under_its_middle_as_long_as_its_way(shape: Shape) -> None:
    turn = LYING if shape.kind == "cylinder" else (0.0, 0.0, 0.0, 1.0)
    roller = body(
        "roller",
        shape,
        (0.1, 0.2, 0.05),
        velocity=(0.5, 0, 0),
        spin=(0, 10, 0),
        orientation=turn,
        friction=0.8,
    )
    motion = simulate(painted(roller, seconds=2))
    points = motion.points[1][-1]
    assert formed.length(RIBBON, points) == pytest.approx(1.0, rel=0.002)
    assert points[0, 0] == pytest.approx(0.1, abs=2e-3)
    assert points[-1, :2] == pytest.approx(motion.positions[-1, 0, :2], abs=2e-5)
    assert np.abs(points[:, 1] - 0.2).max() < 1e-3
    assert np.abs(points[:, 2]).max() < 5e-4


def test_points_lie_at_fixed_distances_and_stay_where_they_were_laid() -> None:
    roller = body("roller", Sphere(radius=0.05), (0, 0, 0.05), velocity=(0.8, 0.3, 0), friction=0.8)
    frames = simulate(painted(roller, seconds=1.5)).points[1]
    steps = np.linalg.norm(np.diff(frames[-1][:, :3], axis=0), axis=1)
    laid = steps[: int(np.flatnonzero(steps).max())]
    assert laid == pytest.approx(2.0 / (200 - 33), rel=1e-9)
    half = frames[18]
    count = int(np.flatnonzero(np.linalg.norm(np.diff(half[:, :3], axis=0), axis=1)).max())
    assert np.array_equal(half[:count], frames[-1][:count])


def test_the_paint_runs_out() -> None:
    roller = body(
        "roller", Sphere(radius=0.05), (0, 0, 0.05), velocity=(1, 0, 0), spin=(0, 20, 0), friction=0.8
    )
    motion = simulate(painted(roller, reach=0.6, seconds=1.5))
    assert motion.positions[-1, 0, 0] > 1.2
    assert formed.length(RIBBON, motion.points[1][-1]) == pytest.approx(0.6, rel=1e-3)
    assert np.array_equal(motion.points[1][-1], motion.points[1][-6])


def test_a_leap_leaves_a_break() -> None:
    """Off one board, through the air, onto the floor below."""
    board = Support(name="board", size=(1.0, 1.0, 0.1), position=(-0.5, 0, 0.05))
    roller = body(
        "roller", Sphere(radius=0.05), (-0.3, 0, 0.15), velocity=(1.5, 0, 0), spin=(0, 30, 0), friction=0.8
    )
    motion = simulate(painted(roller, seconds=1, supports=(FLOOR, board)))
    points = motion.points[1][-1]
    gone = np.flatnonzero(points[:, 3] == 0)
    assert len(gone) == 2
    first, second = points[gone]
    assert first[2] == pytest.approx(0.1, abs=5e-3)
    assert second[2] == pytest.approx(0.0, abs=1e-3)
    # Where it leaves the edge, and 1.5 m/s times the fall of 10 cm further on
    assert second[0] == pytest.approx(1.5 * math.sqrt(2 * 0.1 / 9.81), abs=0.05)
    corners = formed.vertices(RIBBON, points).reshape(-1, 2, 3)
    assert np.linalg.norm(corners[gone, 0] - corners[gone, 1], axis=1).max() == 0
    assert np.linalg.norm(corners[5, 0] - corners[5, 1]) == pytest.approx(0.02)
    assert formed.length(RIBBON, points) < motion.positions[-1, 0, 0] + 0.3 - 0.15


def test_a_led_body_leaves_a_trace_as_well() -> None:
    path = tuple(
        Keyframe(time=t, position=(x, 0.1, z), orientation=(0, 0, 0, 1))
        for t, x, z in ((0, 0, 0.02), (0.5, 0.3, 0.02), (0.6, 0.3, 0.1), (1, 0.5, 0.1))
    )
    brush = body("roller", Box(size=(0.03, 0.03, 0.04)), (0, 0.1, 0.02), motion="kinematic", path=path)
    points = simulate(painted(brush, cube("far", (1, 1, 0.05)), seconds=1)).points[2][-1]
    assert formed.length(RIBBON, points) == pytest.approx(0.3, rel=0.01)
    assert points[:, 1] == pytest.approx(0.1)


def test_the_trace_follows_from_the_roller_and_is_blank_without_it() -> None:
    roller = body("roller", Sphere(radius=0.05), (0, 0, 0.05), velocity=(1, 0, 0), friction=0.8)
    blocker = cube("blocker", (0.5, 0, 0.05), mass=3.0)
    aside = cube("aside", (0, 3.0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = painted(roller, blocker, aside, seconds=1.5)
    factual = simulate(made)
    for removed in ("roller", "blocker"):
        counterfactual = simulate(made, [removed])
        record = trace(made, factual, counterfactual, [removed])
        assert {"paint"} <= set(record.affected) <= {"paint", "roller", "blocker"}
        assert record.of("paint").chain[-1].kind == "wet"
        assert record.of("paint").chain[-1].a == "roller"
        assert np.array_equal(factual.positions[:, 2], counterfactual.positions[:, 2])
        length = formed.length(RIBBON, counterfactual.points[3][-1])
        if removed == "roller":
            assert not counterfactual.points[3].any()
        else:
            assert length > 1.5 * formed.length(RIBBON, factual.points[3][-1])


def test_it_repeats_bit_for_bit() -> None:
    roller = body("roller", Sphere(radius=0.05), (0, 0, 0.05), velocity=(1, 0.2, 0), friction=0.8)
    a, b = (simulate(painted(roller, seconds=1)) for _ in range(2))
    assert np.array_equal(a.points[1], b.points[1])
    assert a.digests is not None
    assert b.digests is not None
    assert np.array_equal(a.digests, b.digests)


def test_only_a_ribbon_takes_a_trace() -> None:
    ball = body("ball", Sphere(radius=0.05), (0, 0, 0.05))
    made = at_work(scene(ball), wet={"trace": {"body": "ball", "ribbon": "ball"}})
    with pytest.raises(PhysicsError, match="wet: ball is a sphere, and must be a ribbon"):
        simulate(made)
