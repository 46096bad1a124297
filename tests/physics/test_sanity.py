"""What physics may not do is found and named; what it may do is left alone."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from generator.physics import sanity
from generator.physics.causality import trace
from generator.physics.engine import World
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Compound, Cylinder, Impulse, Keyframe, Placed, Sphere
from tests.mechanisms.rig import at_work, strand
from tests.physics.worlds import body, cube, scene

STILL = (0.0, 0.0, 0.0, 1.0)


def judged(made, remove=()):
    factual = simulate(made)
    return sanity.soundness(made, simulate(made, remove) if remove else factual, factual)


def kinds(found):
    return [fault.kind for fault in found.faults]


@pytest.fixture
def hook(monkeypatch):
    """Pushes a body, by name, with a force in N between two times, in s, and declares nothing."""

    def put(name, force, begin, end):
        step = World.step

        def pushing(world):
            if begin <= world.time < end:
                actor = world.named(name)
                actor.push(force, actor.middle)
            step(world)

        monkeypatch.setattr(World, "step", pushing)

    return put


# --- energy -----------------------------------------------------------------------------------------


def test_energy_is_that_of_the_text_book():
    """A rod whose origin is not its centre of mass: m v2 / 2 + I w2 / 2 + m g z."""
    rod = Compound(parts=(Placed(shape=Box(size=(0.1, 0.02, 0.02)), position=(0.3, 0, 0)),))
    made = scene(
        body("rod", rod, (0, 0, 2), mass=2.0, velocity=(1.0, 0, 0), spin=(0, 0, 4.0)),
        seconds=0.1, gravity=(0, 0, -9.81),
    )  # fmt: skip
    kinetic, potential = sanity.energies(made, simulate(made))
    moment = 2.0 * (0.1**2 + 0.02**2) / 12
    speed = 1.0**2 + (4.0 * 0.3) ** 2  # the middle goes along x with the origin, along y with the turning
    assert kinetic[0, 0] == pytest.approx(2.0 * speed / 2 + moment * 4.0**2 / 2, rel=1e-9)
    assert potential[0, 0] == pytest.approx(2.0 * 9.81 * 2)
    total = kinetic + potential
    assert total[-1, 0] == pytest.approx(total[0, 0], rel=1e-3)
    assert judged(made).figures.energy_growth == 0


def test_a_body_that_gets_energy_from_nowhere_is_named(hook):
    made = scene(cube("slab", (0, 0, 0.05)), cube("far", (2, 0, 0.05)), seconds=1.0)
    assert kinds(judged(made)) == []
    hook("slab", (8.0, 0, 0), 0.3, 0.6)
    found = judged(made)
    assert kinds(found) == ["energy grows"]
    assert "the energy of slab grows" in found.faults[0].text
    assert sanity.over_bounds(dataclasses.asdict(found.figures))


def test_what_hits_and_what_is_hit_are_judged_together():
    """The struck ball gains much; both together gain nothing."""
    balls = [
        body(n, Sphere(radius=0.05), (x, 0, 0.05), restitution=0.9, velocity=v)
        for n, x, v in (("a", -0.4, (1.5, 0, 0)), ("b", 0, (0, 0, 0)))
    ]
    made = scene(*balls, rate=960)
    kinetic, _ = sanity.energies(made, simulate(made))
    assert kinetic[-1, 1] > 0.2
    assert kinds(judged(made)) == []


def test_a_kick_may_give_energy_and_only_at_its_time(hook):
    kicked = cube("box", (0, 0, 0.05), impulses=(Impulse(time=0.3, vector=(1.0, 0, 0)),))
    made = scene(kicked, seconds=1.0)
    assert kinds(judged(made)) == []
    hook("box", (9.0, 0, 0), 0.5, 0.8)
    assert kinds(judged(made)) == ["energy grows"]


def test_a_led_body_may_push_others_from_its_first_touch_on(hook):
    keys = (Keyframe(time=0.5, position=(-0.3, 0, 0.06), orientation=STILL),
            Keyframe(time=1.0, position=(0.2, 0, 0.06), orientation=STILL))  # fmt: skip
    hand = cube("hand", (-0.3, 0, 0.06), motion="kinematic", path=keys)
    made = scene(hand, cube("box", (0, 0, 0.05)), cube("next", (0.15, 0, 0.05)), seconds=1.0)
    assert kinds(judged(made)) == []
    hook("next", (8.0, 0, 0), 0.1, 0.4)  # the hand is not there yet
    assert kinds(judged(made)) == ["energy grows"]


def test_a_motor_may_give_energy():
    wheel = body("wheel", Cylinder(radius=0.1, height=0.02), (0, 0, 0.5))
    made = at_work(scene(wheel), axle={"hinge": {"body": "wheel", "axis": "z"}},
                   drive={"motor": {"drives": "wheel", "speed_deg": 360}})  # fmt: skip
    kinetic, _ = sanity.energies(made, simulate(made))
    assert kinetic[-1, 0] > 0.05
    assert kinds(judged(made)) == []


def test_a_spring_gives_back_what_it_took_and_no_more(hook):
    """A weight falls on a string, is thrown back up, and gains nothing on the whole."""
    ball = body("ball", Sphere(radius=0.05), (0, 0, 1.5))
    string = {"tether": {"ends": [[0, 0, 2.0], "ball"], "string": "string", "length": 0.8, "stiffness": 400}}
    made = at_work(scene(ball, strand(), seconds=1.5, rate=960), hangs=string)
    kinetic, potential = sanity.energies(made, simulate(made))
    total = (kinetic + potential)[:, 0]
    assert (np.diff(total) > 0.1).any()
    assert kinds(judged(made)) == []
    hook("ball", (0, 0, 30.0), 0.0, 0.3)
    assert kinds(judged(made)) == ["energy grows"]


def test_a_button_springs_up_when_the_weight_that_pressed_it_is_gone():
    """What lies in the spring at frame 0 the removed weight put there while things settled."""
    plate = body("plate", Box(size=(0.1, 0.1, 0.02)), (0, 0, 0.05), mass=0.1)
    made = at_work(
        scene(cube("weight", (0, 0, 0.085), 0.05), plate, seconds=1.0, settle=1.0),
        spring={"slider": {"body": "plate", "axis": "z", "limits": [-0.03, 0], "spring": 500, "damping": 1,
                           "floats": True}},
    )  # fmt: skip
    counterfactual = simulate(made, ["weight"])
    _, potential = sanity.energies(made, counterfactual)
    assert potential[-1, 1] - potential[0, 1] > 0.01
    assert kinds(judged(made, ["weight"])) == []


# --- penetration ------------------------------------------------------------------------------------


def test_the_deepest_penetration_is_recorded_after_frame_0_only():
    made = scene(cube("box", (0, 0, 0.25)), seconds=0.6, settle=0.0)
    motion = simulate(made)
    # It arrives at 2 m/s and a step is 1/480 s: it is at most one step's way inside.
    assert 0 < motion.contacts["depth"].max() <= math.sqrt(2 * 9.81 * 0.2) / 480 + 1e-4
    resting = simulate(scene(cube("box", (0, 0, 0.05)), seconds=0.5))
    assert resting.contacts["depth"].max() < 5e-5
    settled = simulate(scene(cube("box", (0, 0, 0.25)), seconds=0.2, settle=1.0))
    assert settled.contacts["first"].min() < 0
    assert settled.contacts["depth"].max() < 5e-5


def test_a_hit_goes_deep_for_a_moment_and_does_not_stay():
    made = scene(cube("hitter", (-0.3, 0, 0.05), velocity=(2.5, 0, 0)), cube("hit", (0, 0, 0.05)))
    motion = simulate(made)
    assert motion.contacts["depth"].max() > 2e-3
    assert motion.contacts["sunk"].max() < 5e-4
    found = sanity.soundness(made, motion)
    assert kinds(found) == []
    assert found.figures.impact_mm == pytest.approx(1e3 * motion.contacts["depth"].max())


def test_a_body_that_sinks_into_another_is_named():
    """A tonne on a slab of a kilogram: the solver gives way."""
    slab = body("slab", Box(size=(0.2, 0.2, 0.05)), (0, 0, 0.025))
    made = scene(slab, cube("anvil", (0, 0, 0.1), 0.1, mass=2000.0), seconds=0.5, iterations=20)
    found = judged(made)
    assert "bodies sink in" in kinds(found)
    text = next(fault.text for fault in found.faults if fault.kind == "bodies sink in")
    assert "slab" in text
    assert "mm into each other" in text
    assert any("penetration" in line for line in sanity.over_bounds(dataclasses.asdict(found.figures)))


def test_large_bodies_may_be_deeper():
    made = scene(cube("box", (0, 0, 0.5), 1.0), seconds=0.1)
    motion = simulate(made)
    for depth, fine in ((0.015, True), (0.025, False)):
        motion.contacts["sunk"] = depth
        assert (kinds(sanity.soundness(made, motion)) == []) is fine


# --- rest -------------------------------------------------------------------------------------------


def test_a_creeping_body_is_named_and_a_travelling_one_is_not():
    made = scene(cube("box", (0, 0, 0.05)), cube("far", (2, 0, 0.05)), seconds=2.0)
    motion = simulate(made)
    assert kinds(sanity.soundness(made, motion)) == []
    for speed, wrong in ((0.0008, False), (0.002, True), (0.05, False)):
        places = motion.positions.copy()
        places[:, 0, 0] += speed * np.arange(motion.frames) / made.fps
        found = sanity.soundness(made, dataclasses.replace(motion, positions=places))
        assert (kinds(found) == ["rest creeps"]) is wrong, speed
    found = sanity.soundness(
        made, dataclasses.replace(motion, positions=motion.positions + 0.002 * _ramp(motion, made.fps))
    )
    assert found.figures.creep_mm_s == pytest.approx(2.0, rel=0.05)
    assert "box creeps at 2.0 mm/s" in found.faults[0].text


def _ramp(motion, fps):
    ramp = np.zeros_like(motion.positions)
    ramp[:, 0, 0] = np.arange(motion.frames) / fps
    return ramp


def test_what_is_nudged_by_something_that_travels_may_move_a_little():
    made = scene(
        cube("box", (0, 0, 0.05), mass=6.0), cube("fly", (0.3, 0, 0.05), mass=0.5, velocity=(-3.0, 0, 0)),
    )  # fmt: skip
    motion = simulate(made)
    travelled = np.linalg.norm(motion.positions[:, 0] - motion.positions[0, 0], axis=1).max()
    assert 1e-4 < travelled < sanity.AT_REST
    assert kinds(sanity.soundness(made, motion)) == []


# --- both worlds ------------------------------------------------------------------------------------


def test_what_nothing_removed_can_reach_is_counted():
    made = scene(
        cube("hitter", (-0.3, 0, 0.05), velocity=(2.0, 0, 0)), cube("hit", (0, 0, 0.05)),
        cube("far", (2, 0, 0.05)), cube("post", (3, 0, 0.05), motion="static"),
    )  # fmt: skip
    factual, counterfactual = simulate(made), simulate(made, ["hitter"])
    record = trace(made, factual, counterfactual, ["hitter"])
    both = sanity.of_pair(
        made, sanity.soundness(made, factual), sanity.soundness(made, counterfactual, factual), record
    )
    assert both.untouched == 1
    assert both.faults == ()
    told = both.to_json()
    assert set(told) == {"factual", "counterfactual", "untouched"}
    assert sanity.over_bounds(told["factual"]) == []
