"""The shipped families: short files, told truly on their page, and every mechanism at work in one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.mechanisms.registry import MECHANISMS
from generator.scene.load import load_spec
from generator.scene.resolve import resolve
from generator.scene.scene import Scene

ROOT = Path(__file__).parents[2]
SCENES = sorted((ROOT / "scenes").glob("*.yaml"))
PAGE = (ROOT / "docs/families.md").read_text()


@pytest.fixture(scope="module")
def drawn() -> dict[str, Scene]:
    return {path.stem: resolve(load_spec(path), 0) for path in SCENES}


def test_the_page_tells_each_family_as_its_file_does(drawn: dict[str, Scene]) -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\(\.\./scenes/\w+\.yaml\) \| (.*?) \| (.*?) \| (\d+) \|$", PAGE, re.M)
    told = {
        name: (about, set(re.findall(r"`(\w+)`", words)), int(pairs)) for name, about, words, pairs in rows
    }
    assert set(told) == set(drawn)
    for path in SCENES:
        scene = drawn[path.stem]
        kinds = {entry.kind for entry in scene.mechanisms.values()}
        assert told[path.stem] == (load_spec(path).spec.about, kinds, len(scene.interventions)), path.stem


def test_every_mechanism_is_at_work_in_a_family(drawn: dict[str, Scene]) -> None:
    used = {entry.kind for scene in drawn.values() for entry in scene.mechanisms.values()}
    assert used == set(MECHANISMS)


def test_there_are_families_of_both_sorts_and_each_fits_a_page(drawn: dict[str, Scene]) -> None:
    still = [name for name, scene in drawn.items() if scene.accept.affected_bodies == (0, 0)]
    assert len(still) >= 6
    assert len(drawn) - len(still) >= 18
    assert all(len(path.read_text().splitlines()) <= 85 for path in SCENES)
