"""A button that a weight presses: what it drives runs, what it lights shines; neither without the weight."""

from __future__ import annotations

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics.causality import trace
from generator.physics.poses import film_counterfactual
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Scene, Sphere
from tests.mechanisms.rig import at_work
from tests.physics.worlds import body, cube, scene


def button(height: float = 0.0, mass: float = 0.5) -> Scene:
    plate = body("plate", Box(size=(0.1, 0.1, 0.02)), (0, 0, 0.05), mass=0.05)
    weight = cube("weight", (0, 0, 0.09 + height), 0.06, mass=mass)
    fan = body("fan", Box(size=(0.3, 0.02, 0.05)), (1, 0, 0.5), mass=0.2)
    bulb = body("bulb", Sphere(radius=0.03), (0.3, 0.3, 0.03), motion="static")
    far = cube("far", (3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    return at_work(
        scene(plate, weight, fan, bulb, far, seconds=2, remove=("weight",)),
        spring={
            "slider": {"body": "plate", "limits": [-0.01, 0], "spring": 200, "damping": 2, "floats": True}
        },
        axle={"hinge": {"body": "fan"}},
        drive={"motor": {"drives": "fan", "speed_deg": 360, "strength": 0.5, "when": {"pressed": "plate"}}},
        light={"lamp": {"bulbs": ["bulb"], "when": {"pressed": "plate"}, "fade": 0.25}},
    )


def test_the_motor_runs_and_the_lamp_shines_only_while_the_weight_presses() -> None:
    made = button()
    factual, counterfactual = simulate(made), simulate(made, ["weight"])
    assert factual.spins[-1, 2, 2] == pytest.approx(2 * np.pi, rel=1e-6)
    assert factual.states["lit"][-1, 3] == 1.0
    assert 0 < factual.states["lit"][3, 3] < 1
    assert not counterfactual.spins[:, 2].any()
    assert not counterfactual.states["lit"][:, 3].any()
    record = trace(made, factual, counterfactual, ["weight"])
    assert set(record.affected) == {"plate", "fan", "bulb"}
    assert [link.kind for link in record.of("fan").chain] == ["contact", "drive"]
    assert [link.kind for link in record.of("bulb").chain] == ["contact", "light"]


def test_a_lamp_that_is_lit_in_one_world_only_counts_as_moved() -> None:
    made = button()
    factual, counterfactual = simulate(made), simulate(made, ["weight"])
    moved = film_counterfactual(made, factual, counterfactual).moved
    assert moved[5:, 3].all()
    assert not moved[:, 4].any()


def test_a_motor_that_strains_in_one_world_only_counts_as_moved() -> None:
    free = button()
    stuck = at_work(free, **{
        **{name: entry.model_dump() for name, entry in free.mechanisms.items()},
        "axle": {"hinge": {"body": "fan"}},
        "drive": {"motor": {"drives": "fan", "speed_deg": 9, "strength": 1e-9, "when": {"pressed": "plate"}}},
    })  # fmt: skip
    factual, counterfactual = simulate(stuck), simulate(stuck, ["weight"])
    assert np.abs(factual.positions[:, 2] - counterfactual.positions[:, 2]).max() < 1e-6
    assert film_counterfactual(stuck, factual, counterfactual).moved[5:, 2].all()


def test_a_bouncing_weight_does_not_make_the_motor_chatter() -> None:
    running = simulate(button(height=0.1, mass=0.1)).states["running"][:, 2]
    assert np.abs(np.diff(running)).sum() <= 3
    assert running[-1] == 1


def test_too_light_a_weight_does_not_press_the_button() -> None:
    assert not simulate(button(mass=0.03)).states["running"][:, 2].any()


def test_a_motor_needs_a_joint_and_the_speed_of_its_kind() -> None:
    block = scene(cube("block", (0, 0, 1)))
    with pytest.raises(PhysicsError, match="has no hinge or slider"):
        simulate(at_work(block, m={"motor": {"drives": "block", "speed": 1}}))
    with pytest.raises(PhysicsError, match="needs speed_deg"):
        simulate(at_work(block, h={"hinge": {"body": "block"}}, m={"motor": {"drives": "block", "speed": 1}}))
