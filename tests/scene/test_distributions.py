"""Distributions: values that compare, print, stay in bounds, and draw the same for the same stream."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.scene.distributions import (
    Choice,
    Dice,
    Distribution,
    Integer,
    Normal,
    Uniform,
    lift,
    stream,
    variants,
)


def lifted(tree: Any) -> Any:
    def fault(where: Any, message: str) -> None:
        raise ValueError(f"{where}: {message}")

    return lift(tree, fault)


def draws(tree: Any, count: int = 2000) -> list[Any]:
    rng = stream(0, 0, "test")
    return [lifted(tree).draw(rng) for _ in range(count)]


def test_a_distribution_compares_and_prints() -> None:
    assert lifted({"uniform": [1, 2]}) == Uniform(1, 2) != Uniform(1, 3)
    assert str(Uniform(1, 2.5)) == "uniform [1, 2.5]"
    assert str(lifted({"choice": ["oak", {"integer": [1, 3]}]})) == 'choice ["oak", integer [1, 3]]'


def test_uniform_fills_its_range_evenly() -> None:
    values = draws({"uniform": [-2, 3]})
    assert -2 <= min(values) < -1.9
    assert 2.9 < max(values) <= 3
    assert sum(values) / len(values) == pytest.approx(0.5, abs=0.1)


def test_log_uniform_is_even_in_the_logarithm() -> None:
    values = [math.log10(v) for v in draws({"log_uniform": [0.01, 100]})]
    assert min(values) >= -2
    assert max(values) <= 2
    assert sum(values) / len(values) == pytest.approx(0, abs=0.1)


def test_integer_includes_both_ends() -> None:
    assert set(draws({"integer": [2, 5]})) == {2, 3, 4, 5}


def test_normal_keeps_its_moments_and_its_clip() -> None:
    values = draws({"normal": [10, 2]})
    assert all(4 <= v <= 16 for v in values)
    assert sum(values) / len(values) == pytest.approx(10, abs=0.2)
    assert math.sqrt(sum((v - 10) ** 2 for v in values) / len(values)) == pytest.approx(2, abs=0.15)
    assert all(9 <= v <= 10.5 for v in draws({"normal": [10, 2], "clip": [9, 10.5]}))


def test_choice_follows_its_weights() -> None:
    values = draws({"choice": ["a", "b", "c"], "weights": [3, 1, 0]})
    assert values.count("c") == 0
    assert values.count("a") / len(values) == pytest.approx(0.75, abs=0.04)


def test_lists_are_drawn_componentwise_and_parameters_may_be_drawn_themselves() -> None:
    for x, y in draws({"uniform": [[0, 10], [1, 11]]}, 50):
        assert 0 <= x <= 1
        assert 10 <= y <= 11
    nested = {"uniform": [{"integer": [0, 1]}, {"choice": [5, 6]}]}
    assert all(0 <= v <= 6 for v in draws(nested, 50))
    deep = draws({"choice": [{"box": {"uniform": [1, 2]}}, "none"]}, 50)
    assert all(v == "none" or 1 <= v["box"] <= 2 for v in deep)


@pytest.mark.parametrize(
    "tree",
    [
        {"uniform": [2, 1]},
        {"uniform": [1]},
        {"uniform": 3},
        {"uniform": ["a", "b"]},
        {"uniform": [[1, 2], [3]]},
        {"uniform": [1, 2], "weights": [1]},
        {"log_uniform": [0, 1]},
        {"normal": [0, -1]},
        {"normal": [0, 1], "clip": [2, 3]},
        {"integer": [0.5, 2]},
        {"integer": [True, 2]},
        {"choice": []},
        {"choice": [1, 2], "weights": [1]},
        {"choice": [1, 2], "weights": [0, 0]},
        {"choice": [1, 2], "weights": [-1, 2]},
        {"uniform": [{"integer": [0, 5]}, {"integer": [3, 9]}]},
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused(tree: Any) -> None:
    with pytest.raises(ValueError):
        lifted(tree)


ranges = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).map(sorted)
trees = st.one_of(
    ranges.map(lambda r: {"uniform": r}),
    st.tuples(st.integers(-99, 99), st.integers(0, 99)).map(lambda r: {"integer": [r[0], r[0] + r[1]]}),
    st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3)).map(lambda r: {"normal": list(r)}),
    st.lists(ranges.map(lambda r: {"uniform": r}), min_size=1, max_size=4).map(lambda o: {"choice": o}),
)


@given(trees, st.integers(0, 2**40))
def test_what_is_drawn_lies_within_the_bounds_that_were_checked(tree: Any, seed: int) -> None:
    distribution = lifted(tree)
    ends = variants(distribution)
    assert not any(isinstance(end, Distribution) for end in ends)
    value = distribution.draw(stream(seed, 0, "x"))
    assert min(ends) <= value <= max(ends)
    assert value == distribution.draw(stream(seed, 0, "x"))


def test_each_part_has_a_stream_of_its_own() -> None:
    tree = {"a": Uniform(0, 1), "b": Uniform(0, 1), "c": [Normal(0, 1), Integer(0, 10**6)]}
    drawn = Dice(7).draw(tree, ())
    assert drawn["a"] != drawn["b"]
    fewer = Dice(7).draw({key: tree[key] for key in ("c", "b")}, ())
    assert fewer == {key: drawn[key] for key in ("c", "b")}
    assert Dice(8).draw(tree, ()) != drawn != Dice(7, 1).draw(tree, ())


def test_copies_differ_but_for_what_is_drawn_once() -> None:
    tree = lifted({"size": {"uniform": [0, 1]}, "color": {"same": {"choice": list(range(1000))}}})
    copies = [Dice(1).draw(tree, ("bodies",), f"#{i}") for i in range(5)]
    assert len({copy["size"] for copy in copies}) == 5
    assert len({copy["color"] for copy in copies}) == 1


def test_variants_try_each_end_of_each_distribution() -> None:
    tree = {"a": Uniform(0, 1), "b": Choice(("x", Uniform(2, 3))), "c": 5}
    assert variants(tree) == [
        {"a": 0, "b": "x", "c": 5},
        {"a": 1, "b": "x", "c": 5},
        {"a": 0, "b": 2, "c": 5},
        {"a": 0, "b": 3, "c": 5},
    ]


def test_a_stream_never_changes() -> None:
    # Stored pairs are made again from their seed: these numbers must stay what they are.
    rng = stream(3, 1, "bodies.ball")
    assert [rng.random(), rng.normal(), float(rng.integers(0, 1000))] == pytest.approx(PINNED, abs=0)
    assert sorted(rng.sample(9, 9)) == list(range(9))


PINNED = [0.755198418567142, -0.656101631705567, 615.0]
