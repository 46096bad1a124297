"""A belt brings what lies on it to its own speed, and stays where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Compound, Placed, Scene, Shape
from tests.mechanisms.rig import at_work, repeats, same
from tests.physics.worlds import body, cube, scene

SLAB = Box(size=(4.0, 0.5, 0.1))
TWO_SLABS = Compound(
    parts=(
        Placed(shape=Box(size=(2.0, 0.5, 0.1)), position=(-1.0, 0.0, 0.0)),
        Placed(shape=Box(size=(2.0, 0.5, 0.1)), position=(1.0, 0.0, 0.0)),
    )
)


@pytest.mark.parametrize("yaw", [0.0, 0.7])
@pytest.mark.parametrize(("axis", "shape"), [("x", SLAB), ("x", TWO_SLABS), ("y", SLAB)])
def test_a_box_slides_until_it_has_the_speed_of_the_belt(yaw: float, axis: str, shape: Shape) -> None:
    quaternion = (0.0, 0.0, math.sin(yaw / 2), math.cos(yaw / 2))
    belt = body("belt", shape, (0, 0, 0.5), motion="static", friction=1.0, orientation=quaternion)
    load = cube("load", (0, 0, 0.6), friction=0.4, orientation=quaternion)
    speed = 0.5 if axis == "x" else 0.15
    made = scene(belt, load, seconds=1, rate=960)
    made = at_work(made, run={"conveyor": {"belts": "belt", "speed": speed, "axis": axis}})
    motion = simulate(made)
    along = (math.cos(yaw), math.sin(yaw)) if axis == "x" else (-math.sin(yaw), math.cos(yaw))
    way = motion.positions[:, 1, :2] @ along
    slides = speed / (0.4 * 9.81)
    assert way[-1] == pytest.approx(speed * (1 - slides / 2), rel=0.004)
    assert np.linalg.norm(motion.velocities[-1, 1]) == pytest.approx(speed, rel=0.004)
    assert len({row.tobytes() for row in motion.positions[:, 0]}) == 1
    assert not motion.velocities[:, 0].any()


def stopped_by_a_button() -> Scene:
    plate = body("plate", Box(size=(0.1, 0.1, 0.02)), (0, 2, 0.05), mass=0.05)
    weight = cube("weight", (0, 2, 0.09), 0.06, mass=0.5)
    belt = body("belt", SLAB, (0, 0, 0.5), motion="static", friction=1.0)
    load, other = cube("load", (0, 0, 0.6)), cube("other", (0.5, 0, 0.6))
    far = cube("far", (4.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    made = scene(plate, weight, belt, load, other, far, seconds=1.5, remove=("weight",))
    return at_work(
        made,
        spring={
            "slider": {"body": "plate", "limits": [-0.01, 0], "spring": 200, "damping": 2, "floats": True}
        },
        run={"conveyor": {"belts": ["belt"], "speed": 0.4, "when": {"pressed": "plate"}}},
    )


def test_it_runs_only_while_its_button_is_pressed() -> None:
    made = stopped_by_a_button()
    factual, counterfactual = simulate(made), simulate(made, ["weight"])
    record = trace(made, factual, counterfactual, ["weight"])
    assert factual.positions[-1, 3, 0] > 0.4
    assert abs(counterfactual.positions[-1, 3, 0]) < 1e-4
    assert factual.states["running"][-1, 2] == 1
    assert not counterfactual.states["running"][:, 2].any()
    assert set(record.affected) == {"plate", "belt", "load", "other"}
    assert [link.kind for link in record.of("load").chain] == ["contact", "run", "run"]
    same(factual, counterfactual, "far")


def test_taking_one_load_away_leaves_the_next_as_it_is() -> None:
    made = stopped_by_a_button()
    factual, counterfactual = simulate(made), simulate(made, ["other"])
    assert trace(made, factual, counterfactual, ["other"]).affected == ()


def test_without_the_belt_its_load_falls() -> None:
    made = stopped_by_a_button()
    factual, counterfactual = simulate(made), simulate(made, ["belt"])
    record = trace(made, factual, counterfactual, ["belt"])
    assert set(record.affected) == {"load", "other"}
    assert counterfactual.positions[-1, 3, 2] < 0.1


def test_runs_repeat_and_a_decoy_changes_no_bits() -> None:
    repeats(stopped_by_a_button())


def test_a_belt_stands_still_and_belongs_to_one_conveyor() -> None:
    free = scene(cube("belt", (0, 0, 1)))
    run = {"conveyor": {"belts": "belt", "speed": 1}}
    with pytest.raises(PhysicsError, match="belt is dynamic: a belt needs `motion: static`"):
        simulate(at_work(free, run=run))
    fixed = scene(cube("belt", (0, 0, 1), motion="static"))
    with pytest.raises(PhysicsError, match="already the belt of another"):
        simulate(at_work(fixed, run=run, again=run))
