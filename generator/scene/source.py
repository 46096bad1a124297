"""YAML text as a plain tree that knows on which line each part stands.

Only what a scene needs: mappings with words as keys, lists, numbers, words, true and false, null.
Scalars follow YAML 1.2 (`on` is a word, `1e-3` a number). Tags, aliases, duplicate keys, documents
after the first and numbers that are not finite are faults, all reported with their line.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.errors import SpecError

Where = tuple[str | int, ...]
"""Keys and list indices from the top of the spec to a part of it."""

SPEC_ENDINGS = (".yaml", ".yml")
MAX_BYTES = 1_000_000
MAX_NODES = 20_000
MAX_DEPTH = 32

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.?(inf|nan|infinity)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A spec as written: its text, the tree it means and the line of each part."""

    path: Path
    text: str
    tree: Any
    lines: dict[Where, int]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def line(self, where: Where) -> int:
        """The line of a part, or of the nearest thing around it that is written in the file."""
        for end in range(len(where), -1, -1):
            if where[:end] in self.lines:
                return self.lines[where[:end]]
        return 1

    def _written(self, where: Where) -> Where:
        """Without the keys that a short form stands for: `velocity.vector.0` of `velocity: [2, 0, 0]`."""
        path: Where = ()
        tree = self.tree
        for part in where:
            if isinstance(tree, list) and not isinstance(part, int):
                continue
            path = (*path, part)
            try:
                tree = tree[part]
            except (LookupError, TypeError):
                tree = None
        return path

    def fault(self, where: Where, message: str) -> str:
        """`file:line: path: message`; parts that only the model knows are left out of the path."""
        dotted = ".".join(str(part) for part in self._written(where))
        return f"{self.path}:{self.line(where)}: {dotted + ': ' if dotted else ''}{message}"


def read_text(path: Path) -> str:
    """The text of a spec file; SpecError if it cannot be one."""
    try:
        if path.is_dir():
            raise SpecError(f"{path}: is a folder, not a spec file")
        if path.exists() and not path.is_file():
            raise SpecError(f"{path}: is not a plain file; a spec is read more than once")
        raw = path.read_bytes()
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(raw) > MAX_BYTES:
        raise SpecError(f"{path}:1: is {len(raw)} bytes long; a spec is at most {MAX_BYTES}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SpecError(f"{path}:{line}: is not UTF-8 text") from None


def parse(text: str, path: Path) -> Source:
    """Read YAML text. Raises SpecError with one line for each fault."""
    reader = _Reader(text, path)
    tree = reader.read()
    return Source(path, text, tree, reader.lines)


class _Reader:
    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path
        self.lines: dict[Where, int] = {}
        self.faults: list[str] = []
        self.nodes = 0

    def fail(self, line: int, message: str) -> SpecError:
        return SpecError(f"{self.path}:{line}: {message}")

    def fault(self, line: int, where: Where, message: str) -> None:
        dotted = ".".join(map(str, where))
        self.faults.append(f"{self.path}:{line}: {dotted + ': ' if dotted else ''}{message}")

    def read(self) -> Any:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self.events = iter(yaml.parse(self.text, Loader=loader))
            next(self.events)  # stream start
            event = next(self.events)
            if isinstance(event, yaml.StreamEndEvent):
                raise self.fail(1, "is empty; a spec is a mapping that starts with `name:`")
            tree = self.value(next(self.events), ())
            next(self.events)  # document end
            after = next(self.events)
            if not isinstance(after, yaml.StreamEndEvent):
                raise self.fail(_line(after), "a second document starts here; a file holds one spec")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line if mark else 0
            written = (self.text.splitlines() or [""])[min(line, self.text.count("\n") - 1)]
            raise self.fail(line + 1, _plain(error, written)) from None
        except yaml.reader.ReaderError as error:
            line = self.text.count("\n", 0, error.position) + 1
            raise self.fail(line, "holds a character that text files do not (is it binary?)") from None
        except (UnicodeError, ValueError) as error:
            raise self.fail(1, f"is not YAML: {error}") from None
        if not isinstance(tree, dict):
            self.fault(1, (), f"must be a mapping at the top (`name: …`), got {describe(tree)}")
        if self.faults:
            raise SpecError("\n".join(self.faults))
        return tree

    def value(self, event: Any, where: Where) -> Any:
        line = _line(event)
        self.lines.setdefault(where, line)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.fail(line, f"has more than {MAX_NODES} parts; that is no scene")
        if len(where) > MAX_DEPTH:
            raise self.fail(line, f"is nested more than {MAX_DEPTH} deep; that is no scene")
        if isinstance(event, yaml.AliasEvent):
            self.fault(line, where, f"aliases (*{event.anchor}) are not supported; `materials` gives names")
            return None
        tag = getattr(event, "tag", None)
        if tag not in (None, "!", "?"):
            self.fault(line, where, f"tags ({tag}) are not supported")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, where, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(where)
        return self.mapping(where)

    def sequence(self, where: Where) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*where, len(items))))
        return items

    def mapping(self, where: Where) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            if isinstance(event, yaml.ScalarEvent):
                key = event.value
            else:
                key = "?"
                self.fault(line, where, "a key must be a word")
                if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
                    self.value(event, (*where, key))
            below = (*where, key)
            if key in entries:
                self.fault(line, below, f"is given twice (first on line {self.lines[below]})")
                self.value(next(self.events), (*where, key, "again"))
                continue
            self.lines[below] = line
            entries[key] = self.value(next(self.events), below)
        return entries

    def scalar(self, event: Any, where: Where, line: int) -> Any:
        text: str = event.value
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return False
        if _INT.fullmatch(text) and len(text) < 16:
            return int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if abs(number) < float("inf"):
                return number
            self.fault(line, where, f"{text[:20]} is too large for a number")
            return 1.0
        if _SPECIAL.fullmatch(text):
            self.fault(line, where, f"{text} is not a number that a scene can use")
            return 1.0
        return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _plain(error: yaml.MarkedYAMLError, written: str) -> str:
    problem = str(error.problem or error.context or "is not YAML")
    if "tab" in problem or ("\t" in written and "token" in problem):
        return "a tab stands where only spaces may; YAML is indented with spaces"
    context = f" ({error.context})" if error.context and error.problem else ""
    return f"is not YAML: {problem}{context}"


def describe(value: Any) -> str:
    """A value as a message shows it: short, and nothing is `nothing`."""
    if value is None:
        return "nothing (a colour needs quotes, since # starts a comment)"
    if isinstance(value, dict):
        return "a mapping" if len(value) != 1 else f"a mapping ({next(iter(value))}: …)"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, float):
        text = f"{value:g}"
        text += ".0" if text.lstrip("-").isdigit() else ""  # 4.0 is no whole number, and looks it
    return text if len(text) <= 60 else text[:56] + '…"'


class Fault(Exception):
    """One thing wrong at one place of a spec; becomes a line of a SpecError."""

    def __init__(self, where: Where, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message


def suggest(word: str, known: Iterable[str]) -> str:
    """` (did you mean "density"?)` for the nearest known word, or the empty string."""
    known = list(known)
    near = difflib.get_close_matches(str(word), known, 1, 0.6)
    if not near:
        near = [k for k in known if k.lower() == str(word).lower()]
    return f' (did you mean "{near[0]}"?)' if near else ""
