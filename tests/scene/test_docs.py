"""Every example of the spec's reference is a sound spec, and it names every key that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.scene.load import load_text
from generator.scene.props import PROPS
from generator.scene.resolve import resolve
from generator.scene.schema import json_schema

PAGE = (Path(__file__).parents[2] / "docs" / "spec.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_resolves(text: str) -> None:
    for seed in range(3):
        assert resolve(load_text(text, "docs/spec.md"), seed).interventions


def test_the_commented_forms_of_remove_work_too() -> None:
    text = next(example for example in EXAMPLES if "# remove" in example)
    forms = re.findall(r"^# (remove: .*?)(?:  #.*)?$", text, re.MULTILINE)
    assert len(forms) == 2
    for form in forms:
        resolve(load_text(re.sub(r"^remove:.*$", form, text, flags=re.MULTILINE)), 0)


def test_no_key_goes_unmentioned() -> None:
    schema = json_schema()
    models = ["BodySpec", "RoomLook", "CameraSpec", "FilmSpec", "AcceptSpec", "CaptionsSpec"]
    defined = [schema["$defs"][name] for name in models]
    keys = set(schema["properties"]).union(*(d["properties"] for d in defined))
    missing = {key for key in keys if not re.search(rf"\b{key}\b", PAGE)}
    assert missing <= {"exposure", "key", "roll_deg"}, missing
    assert "mug" in PAGE
    assert "mug" in PROPS
