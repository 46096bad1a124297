"""Every example of the spec's reference is a sound spec, and it names every key that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.mechanisms.registry import MECHANISMS
from generator.scene.load import load_text
from generator.scene.props import PROPS
from generator.scene.resolve import resolve
from generator.scene.schema import json_schema

DOCS = Path(__file__).parents[2] / "docs"
PAGE, MECHANISMS_PAGE = (DOCS / "spec.md").read_text(), (DOCS / "mechanisms.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE + MECHANISMS_PAGE, re.DOTALL | re.MULTILINE)


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


def test_every_mechanism_has_a_row_and_every_setting_a_mention() -> None:
    first_table = MECHANISMS_PAGE.split("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*)$", first_table, re.MULTILINE))
    assert set(rows) == set(MECHANISMS)
    for word, model in MECHANISMS.items():
        needs = {key for key in model.model_fields if key not in ("when", "at", "axis", "passes")}
        assert needs <= set(re.findall(r"`(\w+)`", rows[word])) | {"floats"}, word
