"""Stories say what the paths show."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from generator import story
from generator.physics.poses import Filmed
from generator.scene import captions
from generator.scene.scene import Body, Box, Material, Sphere

FRAMES = 24
LOOK = Material(kind="plain")


def block(index=None, group="domino"):
    name = group if index is None else f"{group}.{index}"
    return Body(
        name=name, group=group, index=index, noun=group, mass=1.0, position=(0, 0, 0.05), material=LOOK,
        shape=Box(size=(0.01, 0.05, 0.1)),
    )  # fmt: skip


BALL = Body(
    name="ball", group="ball", noun="red ball", mass=1.0, position=(0, 0, 0.05), material=LOOK,
    shape=Sphere(radius=0.05),
)  # fmt: skip


def path(shift=0.0, tilt=0.0, drop=0.0, until=FRAMES):
    """(T, 7): moves along X by `shift` m, leans over by `tilt` rad and sinks by `drop` m, up to a frame."""
    t = np.clip(np.arange(FRAMES) / max(1, until - 1), 0, 1)
    poses = np.zeros((FRAMES, 7))
    poses[:, 0], poses[:, 2] = shift * t, 0.05 - drop * t
    poses[:, 4], poses[:, 6] = np.sin(tilt * t / 2), np.cos(tilt * t / 2)
    return poses


STILL = path()
FALL = path(shift=0.03, tilt=1.5, drop=0.04, until=12)


@pytest.mark.parametrize(
    ("body", "factual", "counterfactual", "verb"),
    [
        (block(), FALL, STILL, "stays up"),
        (block(), STILL, FALL, "falls"),
        (block(), path(shift=0.2, until=12), STILL, "stays still"),
        (block(), STILL, path(shift=0.2, until=12), "moves"),
        (block(), FALL, path(shift=0.05, tilt=1.5, drop=0.04, until=20), "falls another way"),
        (block(), FALL, path(shift=0.03, tilt=0.2, until=12), "does not fall"),
        (BALL, path(shift=0.3, until=10), path(shift=1.2), "goes on"),
        (BALL, path(shift=1.2), path(shift=0.3, until=10), "stops"),
        (BALL, path(shift=0.5, tilt=3.0), STILL, "stays still"),
        (BALL, STILL, path(shift=0.3, drop=0.5, until=12), "falls"),
        (BALL, path(shift=0.3, until=12), path(shift=0.6, until=12), "goes further"),
        (BALL, path(shift=0.3, drop=0.1, until=12), path(shift=0.6, drop=0.2, until=12), "goes further"),
        (BALL, path(shift=0.6, until=12), path(shift=0.3, until=12), "does not go as far"),
        (BALL, path(shift=0.3, until=12), path(shift=-0.3, until=12), "goes another way"),
    ],
)
def test_verbs_are_true_to_the_motion(body, factual, counterfactual, verb):
    courses = [story.course(body, poses, fps=24) for poses in (factual, counterfactual)]
    assert story.verb(body, *courses) == verb
    assert verb in story.PLURAL_VERBS


def toy(count=20):
    bodies = [BALL, *(block(i) for i in range(count))]
    return SimpleNamespace(
        mechanisms={}, bodies=bodies, fps=24.0, body=lambda name: next(b for b in bodies if b.name == name)
    )


def filmed(poses, moved=None):
    still = np.zeros(poses.shape[:2], bool)
    return Filmed(poses, {}, np.ones(poses.shape[:2]), still if moved is None else moved)


def test_alike_bodies_are_told_together_with_the_first_frame():
    scene = toy()
    factual = np.stack([path(shift=1.0), *[FALL] * 20], axis=1)
    other = np.stack([path(shift=1.0), *[FALL] * 10, *[STILL] * 10], axis=1)
    moved = np.zeros((FRAMES, 21), bool)
    for i in range(10, 20):
        moved[14 + (i - 10) // 2 :, 1 + i] = True
    told = story.tell(scene, ["ball"], story.effects(scene, filmed(factual), filmed(other, moved)))
    assert told == "red ball removed; dominoes 11–20 stay up from frame 14"
    assert story.tell(scene, ["domino.3"], []) == (
        "fourth domino removed; nothing else moves differently, only light and shadow change"
    )


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([4], "4"),
        ([4, 5], "4 and 5"),
        ([4, 5, 6], "4–6"),
        ([1, 3, 4, 5, 6, 9], "1, 3–6 and 9"),
        ([1, 3], "1 and 3"),
    ],
)
def test_ranges(numbers, words):
    assert story.ranges(numbers) == words


def test_bodies_are_named_as_a_person_would():
    scene = toy(3)
    assert story.name_bodies([BALL], scene) == "red ball"
    assert story.name_bodies(scene.bodies[1:2], scene) == "first domino"
    assert story.name_bodies(scene.bodies[1:], scene) == "all 3 dominoes"
    assert story.name_removed(["ball", "domino.1", "domino.2"], scene) == "red ball and dominoes 2 and 3"


def test_a_few_of_a_mixed_group_go_by_their_own_nouns_and_many_by_the_plural_of_the_spec():
    nouns = ["red ball", "blue ball", "red ball", "pink ball"]
    bodies = [block(i, "others").model_copy(update={"noun": noun}) for i, noun in enumerate(nouns)]
    scene = SimpleNamespace(bodies=[*bodies, block(4, "others").model_copy(update={"noun": "black ball"})])
    assert story.name_bodies(bodies[:2], scene) == "first red ball and blue ball"
    assert story.name_bodies(bodies[1:], scene) == "blue ball, second red ball and pink ball"
    assert story.name_bodies(bodies, scene) == "others 1–4"
    assert story.name_bodies(scene.bodies, scene) == "all 5 others"
    assert story.name_bodies(bodies[1:2], scene) == "blue ball"
    assert story.name_bodies(bodies[2:3], scene) == "second red ball"


def test_story_and_captions_call_a_body_the_same_and_count_what_is_there():
    """`domino.5` is the sixth domino, or the fifth where `skip` left one out."""
    for skipped, word in ((None, "sixth"), (2, "fifth")):
        bodies = [BALL, *(block(i) for i in range(9) if i != skipped)]
        scene = SimpleNamespace(
            bodies=bodies, body=lambda name, bodies=bodies: next(b for b in bodies if b.name == name)
        )
        assert story.name_removed(["domino.5"], scene) == f"{word} domino"
        assert captions.name_removed(["domino.5"], bodies, {}) == f"the {word} domino"
