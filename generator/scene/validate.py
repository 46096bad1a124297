"""From pydantic's errors to faults that a person can mend: where, what is wrong, what was meant."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel, ValidationError

from generator.scene.source import Fault, Where, describe, suggest

WORD = r"^[a-z][a-z0-9_]{0,39}$"
"""What a person may call a scene, a body or a material."""
FILE_NAME = r"^[A-Za-z0-9_.+\-]{1,200}$"
"""What is safe as a file name."""
HEX = r"^#[0-9a-fA-F]{6}$"
_PHRASES = {
    "greater_than": "must be > {gt:g}, got {got}",
    "greater_than_equal": "must be >= {ge:g}, got {got}",
    "less_than": "must be < {lt:g}, got {got}",
    "less_than_equal": "must be <= {le:g}, got {got}",
    "missing": "is missing",
    "model_type": "must be a mapping, got {got}",
    "dict_type": "must be a mapping, got {got}",
    "list_type": "must be a list, got {got}",
    "float_type": "must be a number, got {got}",
    "int_type": "must be a whole number, got {got}",
    "int_from_float": "must be a whole number, got {got}",
    "bool_type": "must be true or false, got {got}",
    "bool_parsing": "must be true or false, got {got}",
    "string_type": "must be a word, got {got}",
    "finite_number": "must be a finite number, got {got}",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must match {pattern}, got {got}",
    "float_parsing": "must be a number, got {got}",
    "int_parsing": "must be a whole number, got {got}",
    "tuple_type": "must be a list, got {got}",
    "union_tag_not_found": "must have a key {discriminator}",
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}, got {tag}",
}
_PATTERNS = {
    WORD: "may hold small letters, digits and _ and starts with a letter, got {got}",
    FILE_NAME: "may hold letters, digits and _ . + -, got {got}",
    HEX: 'must be a colour such as "#b5281c", got {got}',
}


def as_faults(error: ValidationError, model: type[BaseModel], where: Where = ()) -> list[Fault]:
    """The faults of a failed validation of `model`, placed under `where`."""
    faults = []
    for item in error.errors(include_url=False, include_context=True):
        loc: Where = tuple(item["loc"])
        context: dict[str, Any] = dict(item.get("ctx") or {})
        got = describe(item.get("input"))
        kind = item["type"]
        if kind == "extra_forbidden":
            known = known_keys(model, loc[:-1])
            message = f"unknown key{suggest(str(loc[-1]), known)}"
            if "did you mean" not in message and 0 < len(known) <= 24:
                message += f"; known here: {', '.join(known)}"
        elif kind == "too_short" or kind == "too_long":
            message = _length(context)
        elif kind == "literal_error":
            message = f"must be one of {str(context['expected']).replace(' or ', ', ')}, got {got}"
            choices = [c.strip("' ") for c in str(context["expected"]).replace(" or ", ",").split(",")]
            message += suggest(str(item.get("input")), choices)
        elif kind in ("at_key", "color"):
            message = item["msg"] + (f", got {got}" if kind == "color" else "")
            if kind == "at_key" and (not loc or loc[-1] != context.get("key")):
                loc = (*loc, context["key"])
        elif kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
            message = _PATTERNS[context["pattern"]].format(got=got)
            if loc and loc[-1] == "[key]":  # how pydantic calls the key itself
                loc, message = loc[:-1], f"the name {message}"
        elif kind in _PHRASES:
            message = _PHRASES[kind].format(got=got, **context)
        else:
            message = item["msg"].removeprefix("Value error, ")
        faults.append(Fault((*where, *loc), message))
    return faults


def _length(context: dict[str, Any]) -> str:
    low, high, got = context.get("min_length"), context.get("max_length"), context.get("actual_length")
    if high is not None:
        return f"must have at most {high} entries, got {got}"
    return f"must have at least {low} entr{'y' if low == 1 else 'ies'}, got {got}"


def known_keys(model: type[BaseModel], where: Where) -> list[str]:
    """The keys that the mapping at `where` inside `model` may have; empty if it is not a model."""
    current: Any = model
    for part in where:
        current = _unwrap(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = {(f.alias or name): f.annotation for name, f in current.model_fields.items()}
            current = fields.get(str(part))
        else:
            arguments = typing.get_args(current)
            current = arguments[-1] if arguments else None
    current = _unwrap(current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or name for name, f in current.model_fields.items() if name != "named"]
    return []


def _unwrap(annotation: Any) -> Any:
    """Without Annotated and without `| None`."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in (types.UnionType, typing.Union):
            rest = [a for a in typing.get_args(annotation) if a is not type(None)]
            annotation = rest[0]
        else:
            return annotation
