"""Captions of every shipped family, parsed and held against the scene that was drawn."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.scene import space
from generator.scene.captions import NUMBERS
from generator.scene.colors import NAMED
from generator.scene.load import load_spec
from generator.scene.resolve import resolve
from generator.scene.scene import Intervention, Scene

SCENES = sorted((Path(__file__).parents[2] / "scenes").glob("*.yaml"))
SEEDS = range(6)
MOVES = {
    "circles": "orbit", "orbit": "orbit", "slides": "slide", "slide": "slide", "pans": "pan", "pan": "pan",
    "moves slowly": "dolly", "glides": "dolly", "zooms": "zoom", "zoom": "zoom",
    "handheld": "handheld", "by hand": "handheld", "in a hand": "handheld",
}  # fmt: skip
STILL = re.compile(r"stands still;|static shot|does not move;|fixed camera", re.IGNORECASE)
COLORS = {name for name in NAMED if len(name) > 3} | {"red"}


def texts(scene: Scene) -> list[tuple[Intervention, str]]:
    return [(i, text) for i in scene.interventions for text in (i.before, i.after)]


def mentioned_setting(text: str) -> str:
    """The last sentence: camera and light."""
    return re.split(r"(?<=\.) ", text)[-1]


@pytest.mark.parametrize("path", SCENES, ids=[path.stem for path in SCENES])
def test_captions_are_whole_sentences_and_tell_the_two_worlds_apart(path: Path) -> None:
    for seed in SEEDS:
        for intervention, text in texts(resolve(load_spec(path), seed)):
            assert text[:1].isupper(), text
            assert text.endswith("."), text
            assert not re.search(r"[{}]|  |\ba [aeio]|\ban [^aeiou]", text), text
            assert intervention.before != intervention.after


@pytest.mark.parametrize("path", SCENES, ids=[path.stem for path in SCENES])
def test_every_colour_and_count_in_a_caption_is_in_the_scene(path: Path) -> None:
    for seed in SEEDS:
        scene = resolve(load_spec(path), seed)
        nouns = " ".join(body.noun for body in scene.bodies).lower()
        groups = [
            [body for body in scene.bodies if body.group == group]
            for group in {b.group for b in scene.bodies}
        ]
        sizes = {len(group) for group in groups}
        for _, text in texts(scene):
            told = text.removesuffix(mentioned_setting(text)).lower()
            for word in set(re.findall(r"[a-z]+", told)) & COLORS:
                assert word in nouns or word in scene.room.surface.kind, (word, text)
            for count, noun in re.findall(rf"\b({'|'.join(NUMBERS[2:])}) ([a-z]+)", told):
                assert NUMBERS.index(count) in sizes, (count, noun, text)


@pytest.mark.parametrize("path", SCENES, ids=[path.stem for path in SCENES])
def test_the_camera_in_a_caption_is_the_camera_of_the_clip(path: Path) -> None:
    for seed in SEEDS:
        scene = resolve(load_spec(path), seed)
        sentences = {mentioned_setting(text) for _, text in texts(scene)}
        assert len(sentences) == 1, "one scene, one sentence"
        said = sentences.pop().lower()
        camera = scene.camera
        if camera.stands:
            assert STILL.search(said), said
            continue
        named = {kind for word, kind in MOVES.items() if re.search(rf"\b{word}\b", said.split(";")[0])}
        assert named == {camera.motion}, said
        first, last = camera.poses[0], camera.poses[-1]
        if " left" in said.split(";")[0] or " right" in said.split(";")[0]:
            right = space.rotate(first.orientation, (1, 0, 0))
            moved = space.subtract(last.position, first.position)
            if camera.motion == "pan":
                moved = space.rotate(last.orientation, (0, 0, -1))
            assert (space.dot(moved, right) > 0) == (" right" in said.split(";")[0]), said
        if camera.motion == "zoom":
            assert (last.lens > first.lens) == (" in" in said.split(";")[0])


def test_captions_of_a_family_vary() -> None:
    for path in SCENES:
        spec = load_spec(path)
        told = {resolve(spec, seed).interventions[0].before for seed in range(12)}
        assert len(told) >= 6, (path.stem, told)
