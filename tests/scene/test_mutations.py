"""A thousand slips: each spec so changed is a sound scene, or a clear fault with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.errors import SpecError
from generator.scene.load import load_text
from generator.scene.resolve import resolve
from generator.scene.scene import Scene
from tests.mutate import mutants

SCENES = sorted((Path(__file__).parents[2] / "scenes").glob("*.yaml"))
EACH = 200


@pytest.mark.parametrize("path", SCENES, ids=lambda path: path.stem)
def test_a_mutated_spec_resolves_or_says_what_is_wrong(path: Path) -> None:
    tally = {"sound": 0, "fault": 0}
    for i, (what, text) in enumerate(mutants(path.read_text(), EACH)):
        try:
            scene = resolve(load_text(text, path), seed=i)
        except SpecError as error:
            tally["fault"] += 1
            for line in str(error).splitlines():
                assert re.match(r".*\.yaml:\d+: \S", line), (what, line)
                assert len(line) < 700, (what, line)
                assert "Traceback" not in line
        except Exception as error:  # the point of the test: nothing else gets out
            pytest.fail(f"{what}: {type(error).__name__}: {error}\n{text}")
        else:
            tally["sound"] += 1
            assert Scene.model_validate_json(scene.model_dump_json()) == scene, what
    # Both outcomes must be common, or the mutations test nothing.
    assert tally["fault"] > EACH // 3, tally
    assert tally["sound"] > EACH // 20, tally
