"""Held bodies: still to the last bit, solid, and let go when told."""

from __future__ import annotations

import numpy as np
import pytest

from generator.errors import PhysicsError
from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Compound, Cylinder, Placed, Scene, Shape, Sphere
from tests.mechanisms.rig import at_work, repeats, same
from tests.physics.worlds import body, cube, scene

TURNED = (0.1, 0.2, 0.3, (1 - 0.14) ** 0.5)
BRACKET = Compound(
    parts=(
        Placed(shape=Box(size=(0.3, 0.3, 0.05))),
        Placed(shape=Box(size=(0.05, 0.05, 0.2)), position=(0.1, 0.1, 0.1)),
    )
)


def fallen(steps: int, rate: int) -> float:
    """m after so many steps of free fall as the engine integrates it: speed first, then place."""
    return 9.81 / rate**2 * steps * (steps + 1) / 2


@pytest.mark.parametrize("shape", [Box(size=(0.3, 0.3, 0.1)), Sphere(radius=0.1), BRACKET,
                                   Cylinder(radius=0.05, height=0.3)], ids=lambda s: s.kind)  # fmt: skip
def test_a_held_body_keeps_its_bits_and_then_falls_freely(shape: Shape) -> None:
    made = at_work(
        scene(body("thing", shape, (0, 0, 2), orientation=TURNED), seconds=0.75, settle=0.1),
        grip={"hold": {"bodies": "thing", "when": {"until": 0.25}}},
    )
    motion = simulate(made)
    for values in (motion.positions, motion.orientations, motion.velocities, motion.spins):
        assert len({row.tobytes() for row in values[:7, 0]}) == 1
    assert motion.positions[0, 0] == pytest.approx([0, 0, 2], abs=1e-12)
    drop = 2 - motion.positions[7:, 0, 2]
    assert drop == pytest.approx([fallen(20 * k, 480) for k in range(1, 13)], abs=1e-9)


def test_it_is_let_go_with_the_velocity_and_spin_that_are_given() -> None:
    made = at_work(
        scene(cube("thing", (0, 0, 2)), seconds=0.5),
        grip={
            "hold": {"bodies": ["thing"], "when": {"until": 0.25}, "velocity": [1, -2, 3], "spin": [0, 0, 4]}
        },
    )
    motion = simulate(made)
    t, n = 0.25, 120
    assert motion.positions[-1, 0] == pytest.approx([t, -2 * t, 2 + 3 * t - fallen(n, 480)], abs=1e-9)
    assert motion.spins[-1, 0, 2] == pytest.approx(4)


SHELF = Box(size=(0.4, 0.3, 0.04))
TWO_SHELVES = Compound(parts=tuple(Placed(shape=SHELF, position=(0, 0, z)) for z in (0.0, -0.2)))


@pytest.mark.parametrize(
    ("shape", "joint"),
    [
        (SHELF, None),
        (TWO_SHELVES, None),
        (SHELF, {"hinge": {"body": "shelf", "at": [-0.2, 0, 0], "axis": "y"}}),
    ],
)
def test_a_held_body_carries_what_is_far_heavier(shape: Shape, joint: dict | None) -> None:
    shelf = body("shelf", shape, (0, 0, 1), mass=1.0)
    load = cube("load", (0.1, 0, 1.07), 0.1, mass=10.0)
    made = at_work(
        scene(shelf, load, seconds=2),
        **({} if joint is None else {"pin": joint}),
        grip={"hold": {"bodies": "shelf", "when": {"until": 1}}},
    )
    motion = simulate(made)
    assert motion.positions[24, 1, 2] == pytest.approx(1.07, abs=2e-4 if joint is None else 8e-4)
    assert len({row.tobytes() for row in motion.positions[:25, 0]}) == 1
    assert motion.positions[-1, 1, 2] < 0.6


def test_a_held_pendulum_starts_to_swing_when_it_is_let_go() -> None:
    made = at_work(
        scene(body("bob", Sphere(radius=0.05), (0.5, 0, 2)), seconds=1),
        arm={"hinge": {"body": "bob", "at": [-0.5, 0, 0], "axis": "y"}},
        grip={"hold": {"bodies": "bob", "when": {"until": 0.5}}},
    )
    z = simulate(made).positions[:, 0, 2]
    assert len(set(z[:13])) == 1
    assert z[-1] < 1.7


def clipped() -> Scene:
    clip = body("clip", Box(size=(0.1, 0.02, 0.02)), (0, 0.2, 1), motion="static")
    far = cube("far", (3.0, 0, 0.06), 0.1, spin=(1.0, 2.0, 0.0))
    below = cube("below", (0, 0, 0.05), 0.1)
    made = scene(clip, cube("held", (0, 0, 1)), below, far, seconds=1, remove=("clip",))
    return at_work(made, grip={"hold": {"bodies": "held", "when": {"beside": "clip"}}})


def test_what_a_clip_holds_falls_once_the_clip_is_gone() -> None:
    made = clipped()
    factual, counterfactual = simulate(made), simulate(made, ["clip"])
    record = trace(made, factual, counterfactual, ["clip"])
    assert set(record.affected) == {"held", "below"}
    assert [(link.a, link.b, link.kind) for link in record.of("held").chain] == [("clip", "held", "grip")]
    assert [link.kind for link in record.of("below").chain] == ["grip", "contact"]
    frames = 10  # before it lands
    drop = 1 - counterfactual.positions[frames, 1, 2]
    assert drop == pytest.approx(fallen(20 * frames, 480), abs=1e-9)
    same(factual, counterfactual, "far")


def test_held_until_a_button_is_pressed() -> None:
    plate = body("plate", Box(size=(0.1, 0.1, 0.02)), (0, 0, 0.05), mass=0.05)
    weight = cube("weight", (0, 0, 0.2), 0.06, mass=0.5)
    made = at_work(
        scene(plate, weight, cube("held", (1, 0, 1)), seconds=1, remove=("weight",)),
        spring={
            "slider": {"body": "plate", "limits": [-0.01, 0], "spring": 200, "damping": 2, "floats": True}
        },
        grip={"hold": {"bodies": "held", "when": {"pressed": "plate", "released": True}}},
    )
    factual, counterfactual = simulate(made), simulate(made, ["weight"])
    record = trace(made, factual, counterfactual, ["weight"])
    assert factual.positions[-1, 2, 2] < 0.1
    assert counterfactual.positions[-1, 2, 2] == 1.0
    assert [link.kind for link in record.of("held").chain] == ["contact", "grip"]


def test_what_a_pressed_button_holds_waits_for_it_while_things_settle() -> None:
    plate = body("plate", Box(size=(0.1, 0.1, 0.02)), (0, 0, 0.05), mass=0.05)
    weight = cube("weight", (0, 0, 0.09), 0.06, mass=0.5)
    made = at_work(
        scene(plate, weight, cube("held", (1, 0, 1)), seconds=0.5, settle=0.5, remove=("weight",)),
        spring={
            "slider": {"body": "plate", "limits": [-0.01, 0], "spring": 200, "damping": 2, "floats": True}
        },
        grip={"hold": {"bodies": "held", "when": {"pressed": "plate"}}},
    )
    assert simulate(made).positions[-1, 2, 2] == 1.0
    assert simulate(made, ["weight"]).positions[-1, 2, 2] < 0.2


@pytest.mark.parametrize("shape", [Sphere(radius=0.1), BRACKET], ids=lambda s: s.kind)
def test_it_can_be_caught_in_the_air_and_let_go_at_rest(shape: Shape) -> None:
    made = at_work(
        scene(body("thing", shape, (0, 0, 3)), seconds=0.75),
        grip={"hold": {"bodies": "thing", "when": {"after": 0.25, "until": 0.5}}},
    )
    z = simulate(made).positions[:, 0, 2]
    assert 3 - z[6] == pytest.approx(fallen(120, 480), abs=1e-9)
    assert len(set(z[6:13])) == 1
    assert z[12] - z[-1] == pytest.approx(fallen(120, 480), abs=1e-9)


def test_runs_repeat_and_a_decoy_changes_no_bits() -> None:
    repeats(clipped())


def test_only_a_resting_dynamic_body_can_be_held() -> None:
    fixed = scene(cube("post", (0, 0, 1), motion="static"))
    with pytest.raises(PhysicsError, match="post is static"):
        simulate(at_work(fixed, grip={"hold": {"bodies": "post"}}))
    thrown = scene(cube("ball", (0, 0, 1), velocity=(1.0, 0, 0)))
    with pytest.raises(PhysicsError, match="ball has a velocity of its own"):
        simulate(at_work(thrown, grip={"hold": {"bodies": "ball"}}))


def test_without_a_condition_it_is_held_for_ever() -> None:
    made = at_work(scene(cube("thing", (0, 0, 1)), seconds=1), grip={"hold": {"bodies": "thing"}})
    assert np.ptp(simulate(made).positions, axis=0).max() == 0
