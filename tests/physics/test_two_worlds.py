"""Two worlds of one scene: bystanders keep their bits, and whatever changes is within reach."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import PhysicsError
from generator.physics.causality import CausalRecord, trace
from generator.physics.motion import Motion
from generator.physics.shapes import form
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
    Scene,
    Shape,
    Sphere,
)
from tests.physics.worlds import body, cube, scene

TALLY: Counter[str] = Counter()
SCENES = 62


def random_shape(rng: np.random.Generator) -> Shape:
    size = lambda: float(rng.uniform(0.04, 0.1))  # noqa: E731 (a draw, not a function worth a name)
    match int(rng.integers(6)):
        case 0:
            return Box(size=(size(), size(), size()))
        case 1:
            return Sphere(radius=size() / 2)
        case 2:
            return Cylinder(radius=size() / 2, height=size())
        case 3:
            return Capsule(radius=0.025, height=0.05 + size())
        case 4:
            return Cone(radius=size() / 2, height=size())
        case _:
            return Compound(
                parts=(
                    Placed(shape=Box(size=(0.08, 0.03, 0.02))),
                    Placed(shape=Sphere(radius=0.02), position=(0.05, 0.0, 0.01)),
                    Placed(shape=Box(size=(0.02, 0.02, 0.06)), position=(-0.03, 0.0, 0.04)),
                )
            )


def random_scene(seed: int) -> Scene:
    """Fourteen bodies dropped close together, some thrown, kicked, led or fixed; 1 to 2 removed."""
    rng = np.random.default_rng(seed)
    spread = float(rng.uniform(0.05, 0.3))
    bodies: list[Body] = []
    balls: list[tuple[np.ndarray, float]] = []
    while len(bodies) < 14:
        shape = random_shape(rng)
        reach = form(shape).reach * 1.02
        place = np.array([*rng.uniform(-spread, spread, 2), reach + rng.uniform(0, 0.35)])
        if any(np.linalg.norm(place - other) < reach + far for other, far in balls):
            spread += 0.005
            continue
        balls.append((place, reach))
        turn = rng.normal(size=4)
        more: dict[str, object] = {}
        kind = rng.random()
        if kind < 0.08:
            more["motion"] = "static"
        elif kind < 0.16:
            there = tuple((place + np.array([*rng.uniform(-0.3, 0.3, 2), 0.0])).tolist())
            still = (0.0, 0.0, 0.0, 1.0)
            more["motion"] = "kinematic"
            more["path"] = (
                Keyframe(time=0.1, position=tuple(place.tolist()), orientation=still),
                Keyframe(time=0.7, position=there, orientation=still),
            )
            turn = np.array(still)
        elif kind < 0.8:  # mostly towards the middle
            more["velocity"] = tuple((rng.normal(0, 0.4, 3) - 3 * place * [1, 1, 0]).tolist())
            more["spin"] = tuple(rng.normal(0, 8, 3).tolist())
        elif kind < 0.85:
            more["impulses"] = (Impulse(time=0.4, vector=(0.1, 0.1, 0.2)),)
        bodies.append(
            body(
                f"body.{len(bodies)}",
                shape,
                tuple(place.tolist()),
                orientation=tuple((turn / np.linalg.norm(turn)).tolist()),
                friction=float(rng.uniform(0.2, 0.9)),
                rolling_friction=0.001,
                restitution=float(rng.choice([0.0, 0.0, 0.4, 0.8])),
                **({"mass": float(rng.uniform(0.05, 0.5))} if "motion" not in more else {}),
                **more,
            )
        )
    names = [one.name for one in bodies]
    removed = tuple(str(name) for name in rng.choice(names, size=int(rng.integers(1, 3)), replace=False))
    return scene(*bodies, seconds=0.7, iterations=30, settle=float(rng.choice([0.0, 0.1])), remove=removed)


def bits(motion: Motion, name: str) -> bytes:
    index = motion.names.index(name)
    parts = (motion.positions, motion.orientations, motion.velocities, motion.spins)
    return b"".join(part[:, index].tobytes() for part in parts)


def two_worlds(made: Scene) -> tuple[Motion, Motion, CausalRecord]:
    remove = made.interventions[0].remove
    factual, counterfactual = simulate(made), simulate(made, remove)
    return factual, counterfactual, trace(made, factual, counterfactual, remove)


@settings(max_examples=SCENES, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 10**6))
def test_over_random_scenes_only_what_is_reached_changes_and_not_before(seed: int) -> None:
    made = random_scene(seed)
    try:
        factual, counterfactual = simulate(made), simulate(made, made.interventions[0].remove)
    except PhysicsError as error:
        if "into each other" not in str(error):
            raise
        TALLY["squashed"] += 1  # by a paddle that knows no mercy: no pair, but a clear word
        return
    record = trace(made, factual, counterfactual, made.interventions[0].remove)
    TALLY["scenes"] += 1
    removed = set(record.removed)
    for effect in record.bodies:
        if effect.name in removed:
            continue
        TALLY["bodies"] += 1
        TALLY["diverged"] += effect.affected
        TALLY["reached"] += effect.reached_step is not None
        if effect.affected:
            assert effect.reached_step is not None
            assert effect.reached_step <= effect.diverged_step
            TALLY["in the very step"] += effect.reached_step == effect.diverged_step
            TALLY["moved"] += effect.moved_frame is not None
            assert effect.chain[0].a in removed
            assert effect.chain[-1].b == effect.name
            assert [link.step for link in effect.chain] == sorted(link.step for link in effect.chain)
            assert effect.chain[-1].step <= effect.diverged_step
        else:
            assert bits(factual, effect.name) == bits(counterfactual, effect.name)
            assert effect.displacement == 0
            TALLY["bystanders"] += 1


def test_the_random_scenes_were_worth_running() -> None:
    print(dict(TALLY))
    assert TALLY["scenes"] >= 60
    assert TALLY["diverged"] > 200
    assert TALLY["bystanders"] > 100


def test_a_row_of_dominoes_stops_at_the_gap() -> None:
    from tests.physics.test_motion_laws import dominoes

    made = scene(*dominoes(12, spacing=0.031), seconds=1.2, rate=960, iterations=50, remove=("domino.6",))
    _, counterfactual, record = two_worlds(made)
    up = 1 - 2 * (counterfactual.orientations[-1, :, 0] ** 2 + counterfactual.orientations[-1, :, 1] ** 2)
    assert (up[7:] > 0.999).all()
    assert (up[:6] < 0.8).all()
    assert set(record.moved) >= {f"domino.{i}" for i in range(7, 12)}
    chain = record.of("domino.9").chain
    assert [(link.a, link.b) for link in chain] == [(f"domino.{i}", f"domino.{i + 1}") for i in (6, 7, 8)]


def test_taking_away_a_fixed_obstacle_changes_only_what_met_it() -> None:
    made = scene(
        body("block", Box(size=(0.1, 0.3, 0.1)), (0.6, 0, 0.05), motion="static"),
        body("ball", Sphere(radius=0.05), (0, 0, 0.05), velocity=(1, 0, 0)),
        body("other", Sphere(radius=0.05), (0, 1, 0.05), velocity=(1, 0, 0)),
        seconds=1.5,
        remove=("block",),
    )
    factual, counterfactual, record = two_worlds(made)
    assert record.affected == ("ball",)
    assert [(link.a, link.b, link.world) for link in record.of("ball").chain] == [
        ("block", "ball", "factual")
    ]
    assert bits(factual, "other") == bits(counterfactual, "other")
    assert counterfactual.positions[-1, 1, 0] > 0.9 > factual.positions[-1, 1, 0]


def test_a_body_that_meets_only_in_the_counterfactual_is_on_the_chain() -> None:
    """A wall shields the second ball: taking it away lets the first one through."""
    made = scene(
        body("wall", Box(size=(0.02, 0.4, 0.2)), (0.4, 0, 0.1), motion="static"),
        body("first", Sphere(radius=0.05), (0, 0, 0.05), velocity=(1.5, 0, 0)),
        body("second", Sphere(radius=0.05), (0.8, 0, 0.05)),
        seconds=1.0,
        remove=("wall",),
    )
    record = two_worlds(made)[2]
    assert [(link.a, link.b, link.world) for link in record.of("second").chain] == [
        ("wall", "first", "factual"),
        ("first", "second", "counterfactual"),
    ]


def test_a_support_taken_away_at_rest_drops_what_it_held_from_frame_0() -> None:
    made = scene(
        cube("support", (0, 0, 0.05)),
        cube("load", (0, 0, 0.15)),
        seconds=0.5,
        settle=0.2,
        remove=("support",),
    )
    factual, counterfactual, record = two_worlds(made)
    assert record.of("load").diverged_step == 1
    assert record.onset_frame == 1
    assert factual.positions[0, 1].tobytes() == counterfactual.positions[0, 1].tobytes()
    assert counterfactual.positions[-1, 1, 2] == pytest.approx(0.05, abs=0.3e-3)


def test_two_things_are_removed_at_once() -> None:
    made = scene(
        cube("a", (0, 0, 0.05)),
        cube("b", (1, 0, 0.05)),
        cube("on.a", (0, 0, 0.15)),
        cube("on.b", (1, 0, 0.15)),
        cube("alone", (2, 0, 0.05)),
        seconds=0.5,
        remove=("b", "a"),
    )
    _, counterfactual, record = two_worlds(made)
    assert record.removed == ("a", "b")
    assert record.affected == ("on.a", "on.b")
    assert not counterfactual.present[:, :2].any()
    assert np.isnan(counterfactual.positions[:, :2]).all()
    assert counterfactual.present[:, 2:].all()


def test_taking_away_a_bystander_changes_nothing_at_all() -> None:
    made = scene(
        cube("lonely", (1, 1, 0.05)),
        body("ball", Sphere(radius=0.05), (0, 0, 0.5), velocity=(0.3, 0, 0), restitution=0.7),
        cube("box", (0.3, 0, 0.05)),
        seconds=1.0,
        remove=("lonely",),
    )
    record = two_worlds(made)[2]
    assert record.affected == ()
    assert record.onset_frame is None


def test_influence_does_not_travel_through_a_fixed_or_led_body() -> None:
    keys = (
        Keyframe(time=0, position=(0.2, 0, 0.05), orientation=(0, 0, 0, 1)),
        Keyframe(time=1, position=(0.2, 0.3, 0.05), orientation=(0, 0, 0, 1)),
    )
    made = scene(
        body("left", Sphere(radius=0.05), (0.0, 0, 0.05), velocity=(0.6, 0, 0)),
        body("shelf", Box(size=(0.1, 0.6, 0.1)), (0.2, 0, 0.05), motion="kinematic", path=keys),
        cube("right", (0.301, 0, 0.05), mass=0.2),
        cube("above", (0.2, 0.1, 0.15), mass=0.2),
        seconds=0.7,
        remove=("left",),
    )
    factual, _, record = two_worlds(made)
    touched = {(int(row["a"]), int(row["b"])) for row in factual.contacts}
    assert {(0, 1), (1, 3)} <= touched
    assert record.affected == ()


def test_an_effect_out_of_reach_is_a_fault_that_names_the_body() -> None:
    made = scene(cube("a", (0, 0, 0.05)), cube("b", (1, 0, 0.05)), seconds=0.2, remove=("a",))
    shifted = made.model_copy(
        update={"bodies": (made.bodies[0], made.bodies[1].model_copy(update={"velocity": (1e-9, 0.0, 0.0)}))}
    )
    with pytest.raises(PhysicsError, match="b: its path differs from step 0"):
        trace(made, simulate(made), simulate(shifted, ["a"]), ["a"])


def test_an_effect_before_its_link_is_a_fault() -> None:
    made = scene(
        body("ball", Sphere(radius=0.05), (0, 0, 0.05), velocity=(1, 0, 0)),
        cube("box", (0.5, 0, 0.05)),
        seconds=1.0,
        remove=("ball",),
    )
    factual, counterfactual = simulate(made), simulate(made, ["ball"])
    late = factual.contacts.copy()
    both = (late["a"] == 0) & (late["b"] == 1)
    assert both.any()
    late["first"][both] = late["last"][both] = 450
    altered = Motion(**{**factual.__dict__, "contacts": late})
    with pytest.raises(PhysicsError, match=r"box: .*step 264.* reached at step 450"):
        trace(made, altered, counterfactual, ["ball"])


def test_the_record_is_plain_json() -> None:
    import json

    made = scene(cube("support", (0, 0, 0.05)), cube("load", (0, 0, 0.15)), seconds=0.3, remove=("support",))
    record = two_worlds(made)[2]
    plain = json.loads(json.dumps(record.to_json()))
    assert plain["affected"] == ["load"]
    assert plain["bodies"][1]["chain"][0]["a"] == "support"
    assert math.isfinite(plain["bodies"][1]["displacement"])


def test_what_comes_near_without_touching_changes_no_bit() -> None:
    """On this table a resting ball's fading spin, 1e-196 rad/s, once differed before the cue ball came."""
    from pathlib import Path

    from generator.scene.load import load_spec
    from generator.scene.resolve import resolve

    scene = resolve(load_spec(Path(__file__).parents[2] / "scenes" / "billiards.yaml"), 3)
    factual = simulate(scene)
    record = trace(scene, factual, simulate(scene, ("cue",)), ("cue",))
    assert "red" in record.affected
    assert not any(name.startswith("others") for name in record.affected)
