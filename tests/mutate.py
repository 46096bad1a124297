"""Deterministic mutations of a spec: what a slip of the hand, or a fuzzer, makes of a good file.

`mutants(text, count)` gives (what was done, new text). The text is YAML again, or deliberately not.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import yaml

Where = tuple[Any, ...]

VALUES: dict[str, Any] = {
    "negate": None,
    "zero": 0,
    "huge": 1e30,
    "large": 5000,
    "tiny": 1e-30,
    "nan": float("nan"),
    "inf": float("inf"),
    "minus inf": float("-inf"),
    "null": None,
    "true": True,
    "word": "nonsense",
    "empty word": "",
    "number as word": "12",
    "list": [1, 2, 3],
    "empty list": [],
    "mapping": {"a": 1},
    "empty mapping": {},
    "long list": [0.1] * 300,
    "distribution": {"uniform": [-5, 5]},
    "bad distribution": {"uniform": [5, -5]},
    "choice of kinds": {"choice": [1, "a", [2], {"b": 3}, None]},
    "nested distributions": {"uniform": [{"normal": [1, 2]}, {"integer": [3, 4]}]},
    "path outside": "../../etc/passwd",
    "unicode": "\u202e\u0000x".replace("\u0000", "") + "\U0001f3b2",
    "template": "{nothing.here} {",
}


def places(tree: Any, where: Where = ()) -> Iterator[Where]:
    """Every place in the tree, the top excepted."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield (*where, key)
        yield from places(value, (*where, key))


def _parent(tree: Any, where: Where) -> Any:
    for key in where[:-1]:
        tree = tree[key]
    return tree


def _get(tree: Any, where: Where) -> Any:
    return _parent(tree, where)[where[-1]]


def _drop(tree: Any, where: Where, rng: random.Random) -> str:
    del _parent(tree, where)[where[-1]]
    return "drop"


def _replace(tree: Any, where: Where, rng: random.Random) -> str:
    name = rng.choice(list(VALUES))
    value = VALUES[name]
    if name == "negate":
        old = _get(tree, where)
        number = isinstance(old, (int, float)) and not isinstance(old, bool)
        value = -old if number else f"-{old}"
    _parent(tree, where)[where[-1]] = copy.deepcopy(value)
    return name


def _rename(tree: Any, where: Where, rng: random.Random) -> str:
    parent = _parent(tree, where)
    if not isinstance(parent, dict):
        return _replace(tree, where, rng)
    key = str(where[-1])
    i = rng.randrange(len(key))
    new = rng.choice([key[:i] + key[i + 1 :], key + "s", key.upper(), key[:i] + "x" + key[i:], ""])
    value = parent.pop(where[-1])
    parent[new] = value
    return f"rename to {new!r}"


def _swap(tree: Any, where: Where, rng: random.Random) -> str:
    other = rng.choice(
        [w for w in places(tree) if w[: len(where)] != where and where[: len(w)] != w] or [where]
    )
    a, b = _get(tree, where), _get(tree, other)
    _parent(tree, where)[where[-1]], _parent(tree, other)[other[-1]] = copy.deepcopy(b), copy.deepcopy(a)
    return f"swap with {'.'.join(map(str, other))}"


def _wrap(tree: Any, where: Where, rng: random.Random) -> str:
    value = _get(tree, where)
    depth = rng.choice([1, 2, 40])
    for _ in range(depth):
        value = [value] if rng.random() < 0.5 else {"x": value}
    _parent(tree, where)[where[-1]] = value
    return f"wrap {depth} deep"


def _turn(tree: Any, where: Where, rng: random.Random) -> str:
    value = _get(tree, where)
    turned: Any = list(value.values()) if isinstance(value, dict) else None
    if isinstance(value, list):
        turned = {f"k{i}": item for i, item in enumerate(value)}
    if turned is None:
        turned = str(value)
    _parent(tree, where)[where[-1]] = turned
    return "list for mapping"


def _scale(tree: Any, where: Where, rng: random.Random) -> str:
    old = _get(tree, where)
    if not isinstance(old, (int, float)) or isinstance(old, bool):
        return _replace(tree, where, rng)
    factor = rng.choice([0.5, 0.9, 1.1, 2, 10, 100, 1000])
    _parent(tree, where)[where[-1]] = type(old)(old * factor)
    return f"times {factor}"


def _randomize(tree: Any, where: Where, rng: random.Random) -> str:
    old = _get(tree, where)
    _parent(tree, where)[where[-1]] = {"choice": [old, copy.deepcopy(old)]}
    return "choice of itself"


CHANGES: list[Callable[[Any, Where, random.Random], str]] = [
    _drop, _replace, _replace, _replace, _rename, _swap, _wrap, _turn, _scale, _scale, _randomize,
]  # fmt: skip


def _damage(text: str, rng: random.Random) -> tuple[str, str]:
    """Damage below YAML: characters, lines, indentation."""
    lines = text.splitlines()
    i = rng.randrange(len(lines))
    kind = rng.choice(["tab", "cut", "twice", "indent", "character", "control", "join"])
    if kind == "tab":
        lines[i] = "\t" + lines[i]
    elif kind == "cut":
        lines = [*lines[:i], lines[i][: len(lines[i]) // 2]]
    elif kind == "twice":
        lines.insert(i, lines[i])
    elif kind == "indent":
        lines[i] = "   " + lines[i]
    elif kind == "join":
        lines[i : i + 2] = ["".join(lines[i : i + 2])]
    else:
        pool = "\x01\x00\x1b" if kind == "control" else "{}[]:,&*!|>'\"%@`#-?"
        j = rng.randrange(len(lines[i]) + 1)
        lines[i] = lines[i][:j] + rng.choice(pool) + lines[i][j:]
    return f"{kind} on line {i + 1}", "\n".join(lines) + "\n"


def mutants(text: str, count: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """`count` mutants of a spec, the same for the same text, count and seed."""
    rng = random.Random(f"{seed}/{text}")
    original = yaml.safe_load(text)
    for _ in range(count):
        if rng.random() < 0.15:
            yield _damage(text, rng)
            continue
        tree = copy.deepcopy(original)
        told = []
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            found = list(places(tree))
            if not found:
                break
            where = rng.choice(found)
            told.append(".".join(map(str, where)) + ": " + rng.choice(CHANGES)(tree, where, rng))
        yield "; ".join(told), yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)
