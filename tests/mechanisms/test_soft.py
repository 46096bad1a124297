"""A cushion: it gives way by what it bears, comes back in its own time, and hands on what presses it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.physics.causality import trace
from generator.physics.motion import Motion
from generator.physics.poses import film_counterfactual
from generator.physics.simulate import simulate
from generator.physics.underside import SIDES, below, pieces, turned
from generator.scene.scene import (
    Body,
    Box,
    Capsule,
    Compound,
    Cone,
    Cushion,
    Cylinder,
    Keyframe,
    Placed,
    Scene,
    Shape,
    Sphere,
)
from tests.mechanisms.rig import at_work
from tests.physics.worlds import PLAIN, body, cube, scene

HIGH = 0.12
LYING = (math.sqrt(0.5), 0.0, 0.0, math.sqrt(0.5))


def cushion(crown: float = 0.0, cells: int = 48) -> Body:
    return Body(
        name="cushion", group="cushion", noun="cushion", motion="static", mass=0.0, material=PLAIN,
        friction=1.0, shape=Cushion(size=(0.5, 0.5, HIGH), crown=crown, cells=cells),
        position=(0.0, 0.0, HIGH / 2),
    )  # fmt: skip


def on_it(*bodies: Body, firmness: float = 1e5, crown: float = 0.0, cells: int = 48, **more) -> Scene:
    more.setdefault("seconds", 2.5)
    made = scene(*bodies, cushion(crown, cells), **more)
    return at_work(made, foam={"soft": {"cushion": "cushion", "firmness": firmness, "recovers": 0.25}})


def depth_under(radius: float, force: float, firmness: float) -> float:
    """Of a ball on columns: force = firmness times the volume of the cap that is below the surface."""
    low, high = 0.0, radius
    for _ in range(60):
        depth = (low + high) / 2
        cap = math.pi * depth**2 * (3 * radius - depth) / 3
        low, high = (depth, high) if firmness * cap < force else (low, depth)
    return low


@pytest.mark.parametrize(
    ("radius", "mass", "firmness"), [(0.08, 0.5, 1e5), (0.08, 2.0, 1e5), (0.03, 0.1, 1e5), (0.05, 0.4, 4e4)]
)
def test_a_ball_sinks_in_until_its_cap_bears_its_weight(radius: float, mass: float, firmness: float) -> None:
    ball = body("ball", Sphere(radius=radius), (0.013, 0.007, HIGH + radius + 0.005), mass=mass)
    motion = simulate(on_it(ball, firmness=firmness))
    want = depth_under(radius, mass * 9.81, firmness)
    assert HIGH + radius - motion.positions[-1, 0, 2] == pytest.approx(want, rel=0.005)
    assert motion.points[1][-1].max() == pytest.approx(want, rel=0.05)
    assert np.abs(np.diff(motion.positions[-12:, 0], axis=0)).max() < 1e-7


def test_a_block_sinks_in_by_its_weight_over_its_area() -> None:
    block = body("block", Box(size=(0.2, 0.16, 0.05)), (0.01, 0.02, HIGH + 0.03), mass=1.5)
    motion = simulate(on_it(block))
    assert HIGH + 0.025 - motion.positions[-1, 0, 2] == pytest.approx(1.5 * 9.81 / 1e5 / 0.032, rel=0.02)


SHAPES = [
    Box(size=(0.1, 0.06, 0.05)),
    Cylinder(radius=0.03, height=0.12),
    Cylinder(radius=0.06, height=0.03),
    Capsule(radius=0.03, height=0.12),
    Cone(radius=0.05, height=0.1),
    Compound(parts=(Placed(shape=Box(size=(0.1, 0.05, 0.02))), Placed(shape=Sphere(radius=0.03)))),
]


@pytest.mark.parametrize("crown", [0.0, 1.0])
@pytest.mark.parametrize("shape", SHAPES, ids=[shape.kind for shape in SHAPES])
def test_whatever_falls_on_it_comes_to_rest_and_is_borne(shape: Shape, crown: float) -> None:
    thing = body(
        "thing", shape, (0.01, 0.02, HIGH + 0.1), mass=0.4, orientation=rotation.unit((0.3, 0.1, 0, 0.9))
    )
    motion = simulate(on_it(thing, crown=crown, seconds=4))
    drift = np.linalg.norm(motion.positions[-1, 0] - motion.positions[-25, 0])
    assert drift < 1e-4
    assert np.abs(motion.spins[-1, 0]).max() < 0.01
    assert 0.002 < motion.points[1][-1].max() < 0.6 * HIGH
    assert motion.positions[-1, 0, 2] > HIGH - 0.02


def test_a_dent_shrinks_in_its_own_time() -> None:
    path = tuple(
        Keyframe(time=t, position=(0, 0, z), orientation=(0, 0, 0, 1))
        for t, z in ((0, 0.15), (0.5, 0.15), (0.55, 0.5))
    )
    fist = body("fist", Sphere(radius=0.05), (0, 0, 0.15), motion="kinematic", path=path)
    dent = simulate(on_it(fist, fps=120, seconds=1.5)).points[1].max(axis=(1, 2))
    assert dent[30] == pytest.approx(0.02, rel=0.1)  # the deepest place lies between nodes
    later = dent[72:132:12]
    assert later[1:] / later[:-1] == pytest.approx(math.exp(-0.1 / 0.25), rel=1e-6)


def test_a_dent_has_a_rim_and_the_cover_is_never_above_what_presses() -> None:
    block = body("block", Box(size=(0.15, 0.15, 0.05)), (0, 0, HIGH + 0.025), mass=3.0)
    made = on_it(block)
    motion = simulate(made)
    dent = motion.points[1][-1].reshape(48, 48)[24]
    edge = int(np.argmax(dent > 0.99 * dent.max()))
    assert dent[edge - 1] > 0.8 * dent.max()
    assert np.all(np.diff(dent[: edge + 1]) >= 0)
    assert dent[0] == 0
    assert dent.max() == pytest.approx(HIGH + 0.025 - motion.positions[-1, 0, 2], rel=0.02)


def test_things_lie_still_on_the_slope_of_a_pillow_and_slip_where_it_is_slick() -> None:
    def slid(friction: float) -> float:
        block = cube("block", (0.17, 0, HIGH + 0.03), 0.05, mass=0.15, friction=friction)
        path = simulate(on_it(block, crown=1.0, seconds=3)).positions[:, 0]
        return float(np.linalg.norm(path[-1] - path[-25]))

    assert slid(0.8) < 1e-3
    assert slid(0.0) > 0.02


def two_balls() -> Scene:
    first = body("first", Sphere(radius=0.05), (-0.06, 0, HIGH + 0.1), mass=0.6)
    second = body("second", Sphere(radius=0.05), (0.06, 0, HIGH + 0.5), mass=0.3, velocity=(-0.3, 0, 0))
    aside = cube("aside", (2.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    return on_it(first, second, aside, remove=("first",), seconds=2)


def test_what_pressed_before_changes_what_presses_next_and_nobody_else() -> None:
    made = two_balls()
    factual, counterfactual = simulate(made), simulate(made, ["first"])
    record = trace(made, factual, counterfactual, ["first"])
    assert set(record.affected) == {"second", "cushion"}
    assert record.of("cushion").chain[0].kind == "foam"
    assert record.of("cushion").chain[0].b == "cushion"
    assert (record.of("second").diverged_step or 0) > (record.of("cushion").diverged_step or 0)
    assert np.array_equal(factual.positions[:, 2], counterfactual.positions[:, 2])
    assert film_counterfactual(made, factual, counterfactual).moved[-1, 3]


def test_a_ball_alone_leaves_the_cushion_as_it_was_when_it_is_gone() -> None:
    made = on_it(body("ball", Sphere(radius=0.05), (0, 0, HIGH + 0.1), mass=0.5))
    counterfactual = simulate(made, ["ball"])
    assert not counterfactual.points[1].any()


def test_without_the_cushion_the_ball_falls_to_the_floor() -> None:
    made = on_it(body("ball", Sphere(radius=0.05), (0, 0, HIGH + 0.1), mass=0.5))
    factual, counterfactual = simulate(made), simulate(made, ["cushion"])
    assert counterfactual.positions[-1, 0, 2] == pytest.approx(0.05, abs=1e-3)
    record = trace(made, factual, counterfactual, ["cushion"])
    assert [(link.a, link.b, link.kind) for link in record.of("ball").chain] == [("cushion", "ball", "foam")]


def test_of_two_boards_one_on_the_other_only_the_lower_is_borne() -> None:
    lower = body("lower", Box(size=(0.2, 0.2, 0.004)), (0, 0, HIGH + 0.002), mass=0.4)
    upper = body("upper", Box(size=(0.2, 0.2, 0.05)), (0, 0, HIGH + 0.029), mass=1.6)
    path = simulate(on_it(lower, upper)).positions[-1]
    assert HIGH + 0.002 - path[0, 2] == pytest.approx(
        2.0 * 9.81 / 1e5 / 0.04, rel=0.06
    )  # columns at the edge count or do not


def test_it_repeats_bit_for_bit() -> None:
    def run() -> Motion:
        return simulate(two_balls())

    a, b = run(), run()
    assert a.digests is not None
    assert b.digests is not None
    assert np.array_equal(a.digests, b.digests)
    assert np.array_equal(a.points[3], b.points[3])


def test_an_underside_is_that_of_the_shape() -> None:
    place, turn = turned((0.1, -0.2, 0.5), rotation.unit((0.3, -0.2, 0.4, 0.8)))
    x, y = np.meshgrid(np.linspace(-0.1, 0.3, 41), np.linspace(-0.4, 0.0, 41), indexing="ij")
    ball = below(pieces(Sphere(radius=0.1))[0], place, turn, x, y)
    inside = np.hypot(x - 0.1, y + 0.2) < 0.1
    assert np.array_equal(np.isfinite(ball.height), inside)
    for shape in (
        Box(size=(0.2, 0.1, 0.15)),
        Cylinder(radius=0.08, height=0.02),
        Cone(radius=0.08, height=0.15),
    ):
        (piece,) = pieces(shape)
        under = below(piece, place, turn, x, y)
        here = np.isfinite(under.height)
        assert here.sum() > 20
        local = (np.stack([x, y, under.height], axis=-1)[here] - place) @ turn
        if isinstance(shape, Box):
            off = np.abs(np.abs(local) - np.array(shape.size) / 2).min(axis=1)
        elif isinstance(shape, Cylinder):
            round_ = np.hypot(local[:, 0], local[:, 1]) - shape.radius
            off = np.minimum(np.abs(round_), np.abs(np.abs(local[:, 2]) - shape.height / 2))
            assert round_.max() < shape.radius * (1 / math.cos(math.pi / SIDES) - 1) + 1e-9
            continue
        else:
            side = np.hypot(local[:, 0], local[:, 1]) - shape.radius * (0.5 - local[:, 2] / shape.height)
            off = np.minimum(np.abs(side), np.abs(local[:, 2] + shape.height / 2))
        assert off.max() < 2e-4


def test_it_says_what_does_not_fit() -> None:
    ball = body("ball", Sphere(radius=0.05), (0, 0, 1))
    made = at_work(scene(ball), foam={"soft": {"cushion": "ball"}})
    with pytest.raises(PhysicsError, match="foam: ball is a sphere, and must be a cushion"):
        simulate(made)
    made = on_it(body("feather", Box(size=(0.2, 0.2, 0.02)), (0, 0, HIGH + 0.011), mass=0.002), firmness=1e6)
    with pytest.raises(
        PhysicsError, match=r"feather is too light for so firm a cushion.* physics.rate above"
    ):
        simulate(made)
