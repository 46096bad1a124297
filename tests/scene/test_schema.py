"""The JSON Schema: sound itself, right about good specs, right about bad ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from generator.scene.schema import json_schema

SCENES = sorted((Path(__file__).parents[2] / "scenes").glob("*.yaml"))


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_the_scenes_obey_the_schema(validator: Any, path: Path) -> None:
    assert [e.message for e in validator.iter_errors(yaml.safe_load(path.read_text()))] == []


BALL: dict[str, Any] = {"shape": {"sphere": {"radius": 0.1}}}


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"bodies": {"a": BALL}},
        {"bodies": {}, "remove": "a"},
        {"bodies": {"a": {**BALL, "densty": 3}}, "remove": "a"},
        {"bodies": {"a": {**BALL, "density": -3}}, "remove": "a"},
        {"bodies": {"a": {**BALL, "density": "3"}}, "remove": "a"},
        {"bodies": {"a": {"shape": {"sphere": {"radius": 0.1}, "box": {"size": [1, 1, 1]}}}}, "remove": "a"},
        {"bodies": {"a": {"shape": {"ball": {}}}}, "remove": "a"},
        {"bodies": {"a": {**BALL, "at": [1]}}, "remove": "a"},
        {"bodies": {"A b": BALL}, "remove": "a"},
        {"bodies": {"a": BALL}, "remove": {"eech": "a"}},
        {"bodies": {"a": BALL}, "remove": "a", "size": "big"},
        {"bodies": {"a": BALL}, "remove": "a", "frames": 0},
        {"bodies": {"a": BALL}, "remove": "a", "frames": {"uniform": [1]}},
        {"bodies": {"a": BALL}, "remove": "a", "name": {"choice": ["x"]}},
        {"bodies": {"a": BALL}, "remove": "a", "lights": [{"sun": {"elevation": 3}}]},
    ],
    ids=str,
)
def test_bad_specs_do_not(validator: Any, spec: dict[str, Any]) -> None:
    assert list(validator.iter_errors(spec))


def test_a_distribution_may_stand_anywhere(validator: Any) -> None:
    ball = {
        "shape": {"choice": [{"sphere": {"radius": {"uniform": [0.1, 0.2]}}}, {"box": {"size": [1, 1, 1]}}]}
    }
    spec = {
        "frames": {"integer": [3, 5]},
        "room": {"choice": ["studio", {"tabletop": {"surface": {"choice": ["oak", "walnut"]}}}]},
        "bodies": {"a": {**ball, "density": {"normal": [5, 1], "clip": [3, 7]}, "at": [{"constant": 0}, 0]}},
        "remove": {"choice": ["a", ["a"]]},
    }
    assert [e.message for e in validator.iter_errors(spec)] == []


def test_every_key_of_a_body_says_what_it_means(validator: Any) -> None:
    properties = validator.schema["$defs"]["BodySpec"]["properties"]
    assert properties["density"]["description"].startswith("kg/m3")
    described = [key for key, value in properties.items() if value.get("description")]
    assert len(described) > len(properties) / 2
