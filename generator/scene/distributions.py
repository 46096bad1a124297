"""Randomness as values: what a spec may write instead of any number, word, vector or mapping.

    {uniform: [0.2, 0.4]}            {log_uniform: [0.01, 1]}      {integer: [12, 18]}   (18 included)
    {normal: [5, 1], clip: [3, 7]}   {choice: [oak, walnut], weights: [3, 1]}   {constant: 3}
    {same: {choice: [red, blue]}}    drawn once for all copies of a repeated body

A distribution compares and prints. Its parameters may be distributions themselves, and lists work
componentwise. `normal` is cut at three standard deviations, so that every distribution is bounded
and a spec can be checked at its bounds before anything is drawn.
"""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from generator.scene.source import Where, describe
from generator.scene.stream import Stream

NAMES = ("uniform", "log_uniform", "normal", "choice", "integer", "constant", "same")
MAX_CHOICES = 1000
_EXTRAS = {"normal": ("clip",), "choice": ("weights",)}

Tree = Any
"""Parsed YAML: dicts, lists, scalars, and distributions among them."""


def stream(seed: int, attempt: int, part: str) -> Stream:
    """The stream of one named part of one draw of a scene.

    The part's name is all that decides: adding or reordering other parts changes nothing.
    """
    return Stream(f"{seed}/{attempt}/{part}")


class Distribution(ABC):
    """A value still to be drawn."""

    @abstractmethod
    def draw(self, rng: Stream) -> Tree:
        """One value; equal states of `rng` give equal values."""

    @abstractmethod
    def bounds(self) -> list[Tree]:
        """Values that stand for all that can be drawn: the ends of a range, or every choice."""


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _bad(message: str) -> NoReturn:
    raise ValueError(message)


@dataclass(frozen=True)
class Range(Distribution):
    """Between two numbers, or componentwise between two lists of numbers."""

    low: Tree
    high: Tree
    name = "range"

    def between(self, low: float, high: float, rng: Stream) -> float | int:
        raise NotImplementedError

    def draw(self, rng: Stream) -> Tree:
        low, high = draw(self.low, rng), draw(self.high, rng)
        if isinstance(low, list):
            return [self.between(a, b, rng) for a, b in zip(low, high, strict=True)]
        return self.between(low, high, rng)

    def bounds(self) -> list[Tree]:
        return variants(self.low) + variants(self.high)

    def __str__(self) -> str:
        return f"{self.name} [{show(self.low)}, {show(self.high)}]"


@dataclass(frozen=True)
class Uniform(Range):
    name = "uniform"

    def between(self, low: float, high: float, rng: Stream) -> float:
        return float(rng.uniform(low, high))


@dataclass(frozen=True)
class LogUniform(Range):
    name = "log_uniform"

    def between(self, low: float, high: float, rng: Stream) -> float:
        return min(max(float(low * math.exp(math.log(high / low) * rng.random())), low), high)


@dataclass(frozen=True)
class Integer(Range):
    """Whole numbers, both ends included."""

    name = "integer"

    def between(self, low: float, high: float, rng: Stream) -> int:
        return rng.integers(int(low), int(high) + 1)


@dataclass(frozen=True)
class Normal(Distribution):
    """Mean and standard deviation, drawn again outside `clip` or three standard deviations."""

    mean: Tree
    deviation: Tree
    clip: tuple[float, float] | None = None

    def _range(self, mean: float, deviation: float) -> tuple[float, float]:
        low, high = mean - 3 * deviation, mean + 3 * deviation
        return (max(low, self.clip[0]), min(high, self.clip[1])) if self.clip else (low, high)

    def _one(self, mean: float, deviation: float, rng: Stream) -> float:
        low, high = self._range(mean, deviation)
        for _ in range(100):
            value = rng.normal(mean, deviation)
            if low <= value <= high:
                return value
        return min(max(mean, low), high)

    def draw(self, rng: Stream) -> Tree:
        mean, deviation = draw(self.mean, rng), draw(self.deviation, rng)
        if isinstance(mean, list):
            spread = deviation if isinstance(deviation, list) else [deviation] * len(mean)
            return [self._one(m, d, rng) for m, d in zip(mean, spread, strict=True)]
        return self._one(mean, deviation, rng)

    def bounds(self) -> list[Tree]:
        ends: list[Tree] = []
        for mean, deviation in itertools.product(variants(self.mean), variants(self.deviation)):
            if isinstance(mean, list):
                spread = deviation if isinstance(deviation, list) else [deviation] * len(mean)
                pairs = [self._range(m, d) for m, d in zip(mean, spread, strict=True)]
                ends += [[low for low, _ in pairs], [high for _, high in pairs]]
            else:
                ends += list(self._range(mean, deviation))
        return ends

    def __str__(self) -> str:
        clip = f", clip {list(self.clip)}" if self.clip else ""
        return f"normal [{show(self.mean)}, {show(self.deviation)}]{clip}"


@dataclass(frozen=True)
class Choice(Distribution):
    options: tuple[Tree, ...]
    weights: tuple[float, ...] | None = None

    def draw(self, rng: Stream) -> Tree:
        weights = self.weights or (1.0,) * len(self.options)
        mark = rng.random() * sum(weights)
        for option, weight in zip(self.options, weights, strict=True):
            mark -= weight
            if mark < 0:
                return draw(option, rng)
        return draw([o for o, w in zip(self.options, weights, strict=True) if w > 0][-1], rng)

    def bounds(self) -> list[Tree]:
        return [value for option in self.options for value in variants(option)]

    def __str__(self) -> str:
        return f"choice [{', '.join(show(option) for option in self.options)}]"


@dataclass(frozen=True)
class Constant(Distribution):
    value: Tree

    def draw(self, rng: Stream) -> Tree:
        return draw(self.value, rng)

    def bounds(self) -> list[Tree]:
        return variants(self.value)

    def __str__(self) -> str:
        return f"constant {show(self.value)}"


@dataclass(frozen=True)
class Same(Constant):
    """Drawn once for all copies of a repeated body."""

    def __str__(self) -> str:
        return f"same {show(self.value)}"


def show(value: Tree) -> str:
    return str(value) if isinstance(value, Distribution) else describe(value)


# --- from YAML ----------------------------------------------------------------------------------


def lift(tree: Tree, fault: Callable[[Where, str], None], where: Where = ()) -> Tree:
    """The tree with each distribution's mapping replaced by its value object.

    `fault(where, message)` is told of each mapping that looks like a distribution and is not one; what
    lies around a faulty one is not judged, since nobody knows what it was to be.
    """
    if isinstance(tree, list):
        return [lift(item, fault, (*where, i)) for i, item in enumerate(tree)]
    if not isinstance(tree, dict):
        return tree
    below: list[Where] = []

    def note(place: Where, message: str) -> None:
        below.append(place)
        fault(place, message)

    lifted = {key: lift(value, note, (*where, key)) for key, value in tree.items()}
    names = [key for key in lifted if key in NAMES]
    if not names:
        return lifted
    name = names[0]
    others = [key for key in lifted if key != name and key not in _EXTRAS.get(name, ())]
    if others:
        fault((*where, others[0]), f"does not belong beside `{name}`")
    elif not below:
        try:
            return _make(name, lifted)
        except ValueError as error:
            fault((*where, name), str(error))
    return Constant(0)


def _make(name: str, entry: dict[str, Tree]) -> Distribution:
    value = entry[name]
    if name == "constant":
        return Constant(value)
    if name == "same":
        return Same(value)
    if name == "choice":
        return _choice(value, entry.get("weights"))
    if not isinstance(value, list) or len(value) != 2:
        what = "[mean, standard deviation]" if name == "normal" else "[least, most]"
        _bad(f"must be {what}, got {show(value)}")
    low, high = value
    lows, highs = variants(low), variants(high)
    if len(lows) * len(highs) > MAX_CHOICES:
        _bad("is too rich: its ends can be drawn in too many ways")
    for a, b in itertools.product(lows, highs):
        _check_pair(name, a, b)
    if name == "normal":
        return Normal(low, high, _clip(entry.get("clip"), low))
    return {"uniform": Uniform, "log_uniform": LogUniform, "integer": Integer}[name](low, high)


def _check_pair(name: str, low: Tree, high: Tree) -> None:
    if isinstance(low, list) and (isinstance(high, list) or name == "normal"):
        highs = high if isinstance(high, list) else [high] * len(low)
        if len(low) != len(highs):
            _bad(f"has {len(low)} and {len(highs)} components")
        for a, b in zip(low, highs, strict=True):
            _check_pair(name, a, b)
        return
    if not (_is_number(low) and _is_number(high)):
        _bad(f"needs two numbers, got {show(low)} and {show(high)}")
    if name == "normal":
        if high < 0:
            _bad(f"standard deviation must be >= 0, got {show(high)}")
        return
    if low > high:
        _bad(f"least must not exceed most, got [{show(low)}, {show(high)}]")
    if name == "log_uniform" and low <= 0:
        _bad(f"both ends must be > 0, got {show(low)}")
    if name == "integer" and not (isinstance(low, int) and isinstance(high, int)):
        _bad(f"needs two whole numbers, got {show(low)} and {show(high)}")


def _clip(clip: Tree, mean: Tree) -> tuple[float, float] | None:
    if clip is None:
        return None
    if not (isinstance(clip, list) and len(clip) == 2 and all(map(_is_number, clip)) and clip[0] <= clip[1]):
        _bad(f"clip must be [least, most], got {show(clip)}")
    for value in variants(mean):
        for component in value if isinstance(value, list) else [value]:
            if not clip[0] <= component <= clip[1]:
                _bad(f"the mean {show(component)} lies outside clip [{show(clip[0])}, {show(clip[1])}]")
    return (float(clip[0]), float(clip[1]))


def _choice(options: Tree, weights: Tree) -> Choice:
    if not isinstance(options, list) or not options:
        _bad(f"must be a list of at least one thing, got {show(options)}")
    if len(options) > MAX_CHOICES:
        _bad(f"offers {len(options)} choices; at most {MAX_CHOICES}")
    if weights is None:
        return Choice(tuple(options))
    if not isinstance(weights, list) or len(weights) != len(options):
        _bad(f"weights must be a list of {len(options)}, one for each choice, got {show(weights)}")
    if not all(_is_number(w) and 0 <= w <= 1e9 for w in weights) or sum(weights) <= 0:
        _bad(f"weights must be numbers >= 0, not all 0, got {', '.join(map(show, weights))}")
    return Choice(tuple(options), tuple(float(w) for w in weights))


# --- drawing and checking -----------------------------------------------------------------------


def draw(tree: Tree, rng: Stream) -> Tree:
    """The tree with every distribution drawn from one stream, in the order it is written."""
    if isinstance(tree, Distribution):
        return tree.draw(rng)
    if isinstance(tree, dict):
        return {key: draw(value, rng) for key, value in tree.items()}
    if isinstance(tree, list):
        return [draw(item, rng) for item in tree]
    return tree


@dataclass(frozen=True)
class Dice:
    """Draws each distribution of a tree from a stream of its own, named by where it stands."""

    seed: int
    attempt: int = 0

    def stream(self, part: str) -> Stream:
        return stream(self.seed, self.attempt, part)

    def draw(self, tree: Tree, where: Where, copy: str = "") -> Tree:
        """Every distribution drawn. `copy` names which copy of a repeated body this is for."""
        if isinstance(tree, Distribution):
            part = ".".join(map(str, where))
            return tree.draw(self.stream(part if isinstance(tree, Same) else part + copy))
        if isinstance(tree, dict):
            return {key: self.draw(value, (*where, key), copy) for key, value in tree.items()}
        if isinstance(tree, list):
            return [self.draw(item, (*where, i), copy) for i, item in enumerate(tree)]
        return tree


def first(tree: Tree) -> Tree:
    """The tree with each distribution at the first of its bounds."""
    if isinstance(tree, Distribution):
        return tree.bounds()[0]
    if isinstance(tree, dict):
        return {key: first(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [first(item) for item in tree]
    return tree


def variants(tree: Tree) -> list[Tree]:
    """Trees without distributions that stand for all that can be drawn: each bound of each
    distribution once, the others at their first bound."""
    base = first(tree)
    return [base, *(value for value, _ in _deviations(tree, base))]


def sites(tree: Tree) -> Iterator[tuple[Tree, Distribution]]:
    """`variants` after the first, each with the outermost distribution that it tries."""
    yield from _deviations(tree, first(tree))


def _deviations(tree: Tree, base: Tree) -> Iterator[tuple[Tree, Distribution]]:
    if isinstance(tree, Distribution):
        for bound in tree.bounds()[1:]:
            yield bound, tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            for other, site in _deviations(value, base[key]):
                yield {**base, key: other}, site
    elif isinstance(tree, list):
        for i, item in enumerate(tree):
            for other, site in _deviations(item, base[i]):
                yield [*base[:i], other, *base[i + 1 :]], site
