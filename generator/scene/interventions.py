"""What is taken away: `remove` in all its forms, and names for it.

remove: ball                       one thing            remove: [ball, plank]      both at once
remove: domino                     a whole group        remove: domino.-1          the last of it
remove: {each: domino}             one pair for each    remove: {each: [ball, [domino.0, domino.1]]}
remove: {random: {from: domino, count: 2}}              two of them at once
remove: {each: {random: {from: domino, count: 3}}}      three pairs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import WithJsonSchema

from generator.scene.source import Fault, Where, describe, suggest
from generator.scene.stream import Stream

if TYPE_CHECKING:
    from generator.scene.scene import Body

FORMS = "a name, a list of names, {each: …} or {random: {from: …, count: …}}"

_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_RANDOM = {
    "type": "object",
    "properties": {
        "random": {
            "type": "object",
            "properties": {"from": _NAMES, "count": {"type": "integer", "minimum": 1}},
            "required": ["from"],
            "additionalProperties": False,
        }
    },
    "required": ["random"],
    "additionalProperties": False,
}
_EACH = {
    "type": "object",
    "properties": {
        "each": {"anyOf": [{"type": "string"}, {"type": "array", "items": _NAMES, "minItems": 1}, _RANDOM]}
    },
    "required": ["each"],
    "additionalProperties": False,
}


Remove = Annotated[Any, WithJsonSchema({"anyOf": [*_NAMES["anyOf"], _EACH, _RANDOM]})]


def members(name: Any, bodies: Sequence[Body], where: Where) -> list[str]:
    """The bodies that `name` means: one, or all of a group. Raises Fault."""
    if not isinstance(name, str):
        raise Fault(where, f"must be the name of a body, got {describe(name)}")
    names = [body.name for body in bodies]
    if name in names:
        return [name]
    group = [body for body in bodies if body.group == name]
    if group:
        return [body.name for body in group]
    head, _, tail = name.partition(".")
    group = [body for body in bodies if body.group == head and body.index is not None]
    if group and tail.startswith("-") and tail[1:].isdigit() and 1 <= int(tail[1:6]) <= len(group):
        return [group[-int(tail[1:6])].name]
    if group:
        raise Fault(where, f'there is no "{name}": {head} has {group[0].name} to {group[-1].name}')
    known = list(dict.fromkeys([body.group for body in bodies] + names))
    hint = suggest(name, known) or f"; there are {', '.join(known[:8])}"
    raise Fault(where, f'there is no body "{name}"{hint}')


def _together(names: Any, bodies: Sequence[Body], where: Where) -> list[str]:
    if isinstance(names, list):
        if not names:
            raise Fault(where, "must name at least one thing")
        found = [m for i, name in enumerate(names) for m in members(name, bodies, (*where, i))]
        return list(dict.fromkeys(found))
    return members(names, bodies, where)


def _random(entry: Any, bodies: Sequence[Body], rng: Stream, where: Where) -> list[str]:
    if not isinstance(entry, dict) or "from" not in entry or set(entry) - {"from", "count"}:
        raise Fault(where, f"must be {{from: …, count: …}}, got {describe(entry)}")
    pool = _together(entry["from"], bodies, (*where, "from"))
    count = entry.get("count", 1)
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(pool):
        raise Fault((*where, "count"), f"must be a whole number from 1 to {len(pool)}, got {describe(count)}")
    chosen = sorted(rng.sample(len(pool), count))
    return [pool[i] for i in chosen]


def targets(remove: Any, bodies: Sequence[Body], rng: Stream) -> list[list[str]]:
    """What each intervention takes away. Raises Fault."""
    where: Where = ("remove",)
    if not isinstance(remove, dict):
        if remove is None or isinstance(remove, (bool, int, float)):
            raise Fault(where, f"must be {FORMS}, got {describe(remove)}")
        return [_together(remove, bodies, where)]
    if set(remove) == {"random"}:
        return [_random(remove["random"], bodies, rng, (*where, "random"))]
    if set(remove) != {"each"}:
        unknown = next((key for key in remove if key not in ("each", "random")), None)
        hint = suggest(unknown, ["each", "random"]) if unknown else ""
        raise Fault(where if unknown is None else (*where, unknown), f"must be {FORMS}{hint}")
    each, where = remove["each"], (*where, "each")
    if isinstance(each, dict):
        if set(each) != {"random"}:
            raise Fault(where, "must be a name, a list or {random: {from: …, count: …}}")
        return [[name] for name in _random(each["random"], bodies, rng, (*where, "random"))]
    if isinstance(each, list):
        if not each:
            raise Fault(where, "must name at least one thing")
        sets = [_together(entry, bodies, (*where, i)) for i, entry in enumerate(each)]
    else:
        sets = [[name] for name in members(each, bodies, where)]
    unique = {tuple(sorted(names)): names for names in sets}
    if len(unique) < len(sets):
        raise Fault(where, "names the same thing twice")
    return sets


def title(names: Sequence[str], bodies: Sequence[Body]) -> str:
    """A name for taking `names` away that is safe for a folder: `domino-7`, `ball+ramp`, `blocks`."""
    parts: list[str] = []
    left = list(names)
    for group in dict.fromkeys(body.group for body in bodies):
        whole = [body.name for body in bodies if body.group == group]
        if len(whole) > 1 and all(name in left for name in whole):
            parts.append(group)
            left = [name for name in left if name not in whole]
        else:
            mine = [name for name in left if name in whole]
            parts += [name.replace(".", "-") for name in mine]
    text = "+".join(parts)
    if len(text) <= 80:
        return text
    import hashlib

    return f"{parts[0]}+{len(parts) - 1}-more-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
