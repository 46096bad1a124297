"""The figures that judge films see each fault they are for, and are quiet where there is none."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from tests.render import truth

TILE, FRAMES, HEIGHT, WIDTH = 8, 4, 64, 96
GRAIN = 1.0


def scene(ball: bool) -> tuple[truth.Film, np.ndarray]:
    """A ball and its soft shadow over a sloping floor, and where the ball is."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    frames, ids = [], []
    for frame in range(FRAMES):
        floor = 120 + 0.4 * x + 0.3 * y
        middle = 24 + 12 * frame
        inside = (x - middle) ** 2 + (y - 30) ** 2 < 81
        if ball:
            floor = floor - 50 * np.exp(-((x - middle - 8) ** 2 + (y - 40) ** 2) / 60)
            floor = np.where(inside, 40, floor)
        frames.append(np.repeat(floor[..., None], 3, axis=2).astype(np.float32))
        ids.append(inside & ball)
    return np.stack(frames), np.stack(ids).astype(np.uint8)


def noisy(film: truth.Film, seed: int) -> truth.Film:
    """As a denoiser leaves it: soft, and the same on every frame."""
    rng = np.random.default_rng(seed)
    grain = cv2.GaussianBlur(rng.normal(0, 1, film.shape[1:]).astype(np.float32), (0, 0), 1.5)
    return film + GRAIN * grain / grain.std()


@pytest.fixture
def clean() -> tuple[dict[str, truth.Film], dict[str, truth.Truth], dict[str, np.ndarray]]:
    made = {"factual": scene(True), "ball": scene(False)}
    return (
        {name: noisy(film, 1) for name, (film, _) in made.items()},
        {name: truth.Truth(noisy(film, 2), noisy(film, 3)) for name, (film, _) in made.items()},
        {name: ids for name, (_, ids) in made.items()},
    )


def figures(films, references, ids) -> truth.Figures:  # type: ignore[no-untyped-def]  # the fixture's three
    return truth.measure(films, references, ids, TILE, static=True)


def test_noise_alone_is_no_fault(clean) -> None:  # type: ignore[no-untyped-def]
    found = figures(*clean)
    assert found.bias_excess < 2
    assert found.lag_max < 0.1
    assert found.stale == 0
    assert found.followed == pytest.approx(1, abs=0.01)
    assert abs(found.seam) < 0.06
    assert found.edge_max < 4 * GRAIN


def test_a_stale_tile_is_seen(clean) -> None:  # type: ignore[no-untyped-def]
    films, references, ids = clean
    factual = films["factual"].copy()
    factual[1:, 32:40, 32:40] = factual[0, 32:40, 32:40]
    found = figures({**films, "factual": factual}, references, ids)
    assert found.stale > 0
    assert found.lag_max > 10


def test_a_film_that_stands_still_does_not_follow(clean) -> None:  # type: ignore[no-untyped-def]
    films, references, ids = clean
    found = figures({**films, "factual": np.repeat(films["factual"][:1], FRAMES, axis=0)}, references, ids)
    assert found.followed < 0.7


def test_a_ghost_is_seen(clean) -> None:  # type: ignore[no-untyped-def]
    films, references, ids = clean
    ghost = films["ball"].copy()
    ghost[2:, 44:52, 60:70] -= 8
    found, before = figures({**films, "ball": ghost}, references, ids), figures(*clean)
    assert found.bias_excess > before.bias_excess + 1.5
    assert found.lag_max > 7


def test_a_seam_of_two_levels_is_seen(clean) -> None:  # type: ignore[no-untyped-def]
    films, references, ids = clean
    seamed = films["factual"].copy()
    seamed[:, :, 2 * TILE : 4 * TILE] += 1
    seamed[:, :, 4 * TILE : 6 * TILE] -= 1
    found, before = figures({**films, "factual": seamed}, references, ids), figures(*clean)
    assert found.seam > before.seam + 0.1


def test_a_cut_silhouette_is_seen(clean) -> None:  # type: ignore[no-untyped-def]
    films, references, ids = clean
    cut = films["factual"].copy()
    cut[1, 24:40, 42:48] = films["ball"][1, 24:40, 42:48]  # the ball's last columns beyond a tile border
    found = figures({**films, "factual": cut}, references, ids)
    assert found.edge_max > 30


def test_a_world_that_differs_where_light_is_the_same_is_seen(clean) -> None:  # type: ignore[no-untyped-def]
    films, _, _ = clean
    other = films["factual"].copy()
    other[0, 0, 0, 0] += 1
    same = truth.same_light(films["factual"], films["factual"])
    assert same.all()
    assert truth.equal(films["factual"], films["factual"], same) == 1
    assert truth.equal(films["factual"], other, same) == 1 - 1 / same.size
    assert truth.same_light(films["factual"], other)[0, : truth.REACH + 1, : truth.REACH + 1].sum() == 0


def test_cells_are_means_of_whole_squares() -> None:
    film = np.zeros((2, 10, 20, 3))
    film[1, 2, 2] = 16
    means = truth.cell_means(film, 4)
    assert means.shape == (2, 2, 5, 3)
    assert means[1, 0, 0, 0] == 1
    assert means.sum() == 3


def test_figures_are_numbers(clean) -> None:  # type: ignore[no-untyped-def]
    assert all(np.isfinite(value) for value in dataclasses.asdict(figures(*clean)).values())
