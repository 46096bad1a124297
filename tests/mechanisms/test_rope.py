"""A rope of segments: it swings as one, hardly stretches, and lets go where a segment is taken out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics import rotation
from generator.physics.causality import trace
from generator.physics.motion import Motion
from generator.physics.simulate import simulate
from generator.scene.scene import Body, Capsule, Keyframe, Scene, Sphere
from tests.mechanisms.rig import at_work
from tests.physics.worlds import body, cube, scene

COUNT, LONG, THICK, BALL, HIGH = 12, 0.04, 0.006, 0.03, 0.6
ALONG = (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5))
NAMES = [f"link.{i}" for i in range(COUNT)]


def segments() -> list[Body]:
    """Along X from the origin."""
    shape = Capsule(radius=THICK, height=LONG)
    return [
        body(name, shape, (LONG * (i + 0.5), 0, HIGH), mass=0.005, orientation=ALONG)
        for i, name in enumerate(NAMES)
    ]


def hung(load: float = 0.5, seconds: float = 2.0, **more) -> Scene:
    ball = body("ball", Sphere(radius=BALL), (COUNT * LONG + BALL, 0, HIGH), mass=load)
    aside = cube("aside", (2.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(*segments(), ball, aside, rate=960, seconds=seconds, **more)
    ends = {"start": [0, 0, HIGH], "end": {"body": "ball", "at": [-BALL, 0, 0]}}
    return at_work(made, rope={"rope": {"links": NAMES, **ends}})


def places(motion: Motion, index: int, local: tuple[float, float, float]) -> np.ndarray:
    """(T, 3): where a point of a body is."""
    poses = zip(motion.positions[:, index].tolist(), motion.orientations[:, index].tolist(), strict=True)
    return np.array([rotation.place(tuple(place), tuple(turn), local) for place, turn in poses])


@pytest.mark.parametrize("load", [0.05, 0.5, 5.0])
def test_a_swinging_load_stretches_it_by_less_than_half_a_percent(load: float) -> None:
    motion = simulate(hung(load))
    away = np.linalg.norm(places(motion, COUNT, (-BALL, 0, 0)) - [0, 0, HIGH], axis=1)
    assert away.max() < COUNT * LONG * 1.005
    for i in range(COUNT - 1):
        gap = places(motion, i, (0, 0, LONG / 2)) - places(motion, i + 1, (0, 0, -LONG / 2))
        assert np.linalg.norm(gap, axis=1).max() < 1.2e-3


def test_a_heavy_load_swings_like_a_pendulum() -> None:
    """From the rope's middle line: a rope of a hundredth of the load is a string."""
    motion = simulate(hung(5.0, seconds=4))
    x = motion.positions[:, COUNT, 0]
    down = np.flatnonzero((x[:-1] > 0) & (x[1:] <= 0))
    times = (down + x[down] / (x[down] - x[down + 1])) / 24
    length = COUNT * LONG + BALL
    inertia = length**2 + 0.4 * BALL**2
    a, b = 1.0, math.cos(math.pi / 4)  # period of a swing from level, by the arithmetic-geometric mean
    for _ in range(20):
        a, b = (a + b) / 2, math.sqrt(a * b)
    period = 2 * math.pi * math.sqrt(inertia / (9.81 * length)) / a
    assert np.diff(times).mean() == pytest.approx(period, rel=0.01)


def test_a_segment_less_lets_the_load_fall_and_touches_nobody_else() -> None:
    made = hung(remove=("link.5",))
    factual, counterfactual = simulate(made), simulate(made, ["link.5"])
    record = trace(made, factual, counterfactual, ["link.5"])
    assert set(record.affected) == {*NAMES, "ball"} - {"link.5"}
    assert [link.b for link in record.of("ball").chain] == [*NAMES[6:], "ball"]
    assert {link.kind for link in record.of("ball").chain} == {"rope"}
    assert counterfactual.positions[-1, COUNT, 2] == pytest.approx(BALL, abs=2e-3)
    held = places(counterfactual, 0, (0, 0, -LONG / 2))
    assert np.linalg.norm(held - [0, 0, HIGH], axis=1).max() < 2e-3
    assert np.array_equal(factual.positions[:, COUNT + 1], counterfactual.positions[:, COUNT + 1])
    again = simulate(made)
    assert factual.digests is not None
    assert again.digests is not None
    assert np.array_equal(factual.digests, again.digests)


def test_without_its_load_the_rope_swings_on_and_stays_whole() -> None:
    made = hung(remove=("ball",))
    without = simulate(made, ["ball"])
    for i in range(COUNT - 1):
        gap = places(without, i, (0, 0, LONG / 2)) - places(without, i + 1, (0, 0, -LONG / 2))
        assert np.linalg.norm(gap, axis=1).max() < 3e-3


def test_a_led_hand_draws_it_along() -> None:
    path = tuple(
        Keyframe(time=t, position=(x, 0, HIGH + 0.02), orientation=(0, 0, 0, 1))
        for t, x in ((0, 0), (1, 0.4))
    )
    hand = body("hand", Sphere(radius=0.01), (0, 0, HIGH + 0.02), motion="kinematic", path=path)
    made = scene(hand, *segments(), rate=960, seconds=1)
    made = at_work(made, rope={"rope": {"links": NAMES, "start": {"body": "hand", "at": [0, 0, -0.02]}}})
    factual, counterfactual = simulate(made), simulate(made, ["hand"])
    tip = places(factual, 1, (0, 0, -LONG / 2))
    assert tip[-1] == pytest.approx([0.4, 0, HIGH], abs=5e-3)
    assert trace(made, factual, counterfactual, ["hand"]).of("link.0").chain[-1].kind == "rope"
    assert counterfactual.positions[-1, 1:, 2].max() < 0.1


def test_it_says_what_does_not_fit() -> None:
    links = segments()
    far = links[5].model_copy(update={"position": (1.0, 0.0, HIGH)})
    torn = at_work(scene(*links[:5], far, rate=960), rope={"rope": {"links": NAMES[:6]}})
    with pytest.raises(PhysicsError, match=r"rope: link.5 ends .* mm from what it is tied to"):
        simulate(torn)
    ball = at_work(scene(cube("ball", (0, 0, 1))), rope={"rope": {"links": "ball"}})
    with pytest.raises(PhysicsError, match="rope: ball is a box, and must be a capsule"):
        simulate(ball)
