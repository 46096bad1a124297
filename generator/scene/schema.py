"""JSON Schema (draft 2020-12) of the spec, so that editors complete and check it.

Built from the very models that check a spec; the docstring under a field becomes its description.
Wherever a value may stand, a distribution may stand too.
"""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any

from pydantic import BaseModel

from generator.scene.distributions import NAMES

_PLAIN = ("name", "about")
"""Top-level keys that cannot be drawn."""


def json_schema() -> dict[str, Any]:
    """The schema of a spec file."""
    from generator.scene.spec import SceneSpec

    schema = SceneSpec.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = schema.pop("$defs", {})
    described = _descriptions()
    for title, definition in [("SceneSpec", schema), *definitions.items()]:
        definition.pop("title", None)
        _describe(definition, described.get(title, {}))
    properties = schema["properties"]
    kept = {key: properties[key] for key in _PLAIN if key in properties}
    schema = {key: _drawable(value) if key == "properties" else value for key, value in schema.items()}
    schema["properties"].update(kept)
    schema["$defs"] = {title: _inside(definition) for title, definition in definitions.items()}
    schema["$defs"]["distribution"] = _distribution()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "butfor scene",
        **schema,
    }


def _drawable(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: _or_drawn(value) for key, value in properties.items()}


def _or_drawn(schema: Any) -> Any:
    """The schema, or a distribution in its place."""
    if not isinstance(schema, dict):
        return schema
    inner = _inside(schema)
    notes = {key: inner.pop(key) for key in ("description", "default") if key in inner}
    inner.pop("title", None)
    options = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
    options = [option for option in options if option != {"type": "null"}]
    return {**notes, "anyOf": [*options, {"$ref": "#/$defs/distribution"}]}


def _inside(schema: Any) -> Any:
    """The schema with every part below it open to distributions."""
    if isinstance(schema, list):
        return [_inside(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            result[key] = _drawable(value)
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            result[key] = _or_drawn(value)
        elif key == "patternProperties":
            result[key] = _drawable(value)
            result["additionalProperties"] = False
        elif key == "prefixItems":
            result[key] = [_or_drawn(item) for item in value]
        elif key in ("anyOf", "oneOf", "allOf"):
            result[key] = _inside(value)
        else:
            result[key] = value
    return result


def _distribution() -> dict[str, Any]:
    """What may stand in place of a value: one key, and what goes with it."""
    pair = {"type": "array", "minItems": 2, "maxItems": 2}
    numbers = {"type": "array", "items": {"type": "number", "minimum": 0}}
    extras: dict[str, dict[str, Any]] = {"normal": {"clip": pair}, "choice": {"weights": numbers}}
    values: dict[str, Any] = {
        "uniform": {**pair, "description": "[least, most]"},
        "log_uniform": {**pair, "description": "[least, most], evenly in the logarithm"},
        "normal": {**pair, "description": "[mean, standard deviation], cut at three of them"},
        "choice": {"type": "array", "minItems": 1},
        "integer": {**pair, "description": "[least, most], both included"},
        "constant": {},
        "same": {"description": "drawn once for all copies of a repeated body"},
    }
    forms = [
        {
            "type": "object",
            "properties": {name: values[name], **extras.get(name, {})},
            "required": [name],
            "additionalProperties": False,
        }
        for name in NAMES
    ]
    return {"description": "Drawn anew for each scene.", "anyOf": forms}


def _describe(definition: dict[str, Any], described: dict[str, str]) -> None:
    bodies = [definition, *[o for o in definition.get("anyOf", []) if isinstance(o, dict)]]
    for body in bodies:
        for key, value in body.get("properties", {}).items():
            if key in described and "description" not in value:
                value["description"] = described[key]


def _descriptions() -> dict[str, dict[str, str]]:
    """Docstrings under the fields of every spec model: {model: {key: text}}."""
    found: dict[str, dict[str, str]] = {}
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("generator.scene.") or module is None:
            continue
        models = {n for n, m in vars(module).items() if isinstance(m, type) and issubclass(m, BaseModel)}
        tree = ast.parse(inspect.getsource(module))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in models:
                found[node.name] = _field_notes(node)
    return found


def _field_notes(node: ast.ClassDef) -> dict[str, str]:
    notes: dict[str, str] = {}
    for field, after in zip(node.body, node.body[1:], strict=False):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            key = {"start": "from"}.get(field.target.id, field.target.id)
            notes[key] = " ".join(str(after.value.value).split())
    return notes
