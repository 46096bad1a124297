"""Captions: templates of the spec filled in from the drawn scene, so that they are true of it.

Fields: {ball} the body's noun, {a ball} {the ball} with an article, {domino.count} how many, in
words, {dominos} the plural of a group, {removed} what is taken away, {room} where it happens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from generator.scene.source import suggest

if TYPE_CHECKING:
    from generator.scene.scene import Body

FIELD = re.compile(r"\{([^{}]*)\}")

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip


def number(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


def ordinal(n: int) -> str:
    """`first` for 1."""
    if n <= len(ORDINALS):
        return ORDINALS[n - 1]
    suffix = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{suffix}"


def plural(noun: str) -> str:
    """English plural of the last word."""
    if noun.endswith(("s", "x", "ch", "sh", "domino")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def article(noun: str) -> str:
    return ("an " if noun[:1].lower() in "aeiou" else "a ") + noun


def fields_of(template: str) -> list[str]:
    return FIELD.findall(template)


def unknown_field(field: str, groups: Iterable[str]) -> str | None:
    """What is wrong with a field of a template, given the names of the body groups; None if nothing."""
    groups = list(groups)
    bare = field.removeprefix("a ").removeprefix("the ").strip()
    if bare in ("removed", "room") or bare.split(".")[0] in groups:
        rest = bare.partition(".")[2]
        if not rest or rest == "count" or rest == "plural" or re.fullmatch(r"-?\d+", rest):
            return None
    known = [*groups, "removed", "room", *(f"{g}.count" for g in groups), *(f"{g}.plural" for g in groups)]
    return f"unknown field {{{field}}}{suggest(bare, known) or '; there are ' + ', '.join(known[:6])}"


def title(body: Body, group: Sequence[Body]) -> str:
    """What a person calls one body: `red ball`, or `sixth domino` among several of that noun.

    People count from one, and only what is there: `domino.5` is the sixth domino. group: all bodies of
    its group, in the scene's order.
    """
    alike = [other.name for other in group if other.noun == body.noun]
    return body.noun if len(alike) == 1 else f"{ordinal(alike.index(body.name) + 1)} {body.noun}"


def name_removed(names: Sequence[str], bodies: Sequence[Body], plurals: dict[str, str]) -> str:
    """`the red ball`, `the fifth domino`, `the red ball and the plank`, `all fifteen dominoes`."""
    by_name = {body.name: body for body in bodies}
    phrases: list[str] = []
    for group in dict.fromkeys(by_name[name].group for name in names):
        mine = [by_name[name] for name in names if by_name[name].group == group]
        whole = [body for body in bodies if body.group == group]
        if len(mine) == 1 and len(whole) == 1:
            phrases.append(f"the {mine[0].noun}")
        elif len(mine) == len(whole):
            phrases.append(f"all {number(len(whole))} {plurals[group]}")
        elif len(mine) <= 3:
            phrases += [f"the {title(body, whole)}" for body in mine]
        else:
            phrases.append(f"{number(len(mine))} of the {plurals[group]}")
    if len(phrases) == 1:
        return phrases[0]
    return ", ".join(phrases[:-1]) + " and " + phrases[-1]


def fill(
    template: str, bodies: Sequence[Body], plurals: dict[str, str], room: str, removed: Sequence[str]
) -> str:
    """The template with its fields filled in; a sentence starts with a capital."""

    def one(match: re.Match[str]) -> str:
        field = match.group(1).strip()
        bare = field.removeprefix("a ").removeprefix("the ").strip()
        if bare == "removed":
            words = name_removed(removed, bodies, plurals)
        elif bare == "room":
            words = room
        else:
            words = _body_words(bare, bodies, plurals)
        if field.startswith("a "):
            return article(words)
        return f"the {words}" if field.startswith("the ") and not words.startswith("the ") else words

    text = FIELD.sub(one, template).strip()
    return text[:1].upper() + text[1:]


def _body_words(name: str, bodies: Sequence[Body], plurals: dict[str, str]) -> str:
    group, _, rest = name.partition(".")
    mine = [body for body in bodies if body.group == group]
    if rest == "count":
        return number(len(mine))
    if rest == "plural":
        return plurals[group]
    exact = [body for body in mine if body.name == name]
    if rest.startswith("-") and int(rest) >= -len(mine):
        exact = [mine[int(rest)]]
    return (exact or mine)[0].noun
