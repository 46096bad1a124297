"""The benchmark's own measures: what they say of pictures whose errors are known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import metrics, page
from benchmarks.metrics import SquaredError, Steps

SIZE = (120, 160)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def noise(rng: np.random.Generator, deviation: float) -> np.ndarray:
    return (deviation * rng.standard_normal((*SIZE, 3))).astype(np.float32)


def everywhere() -> np.ndarray:
    return np.ones(SIZE, dtype=bool)


def test_the_noise_of_the_truth_does_not_cap_psnr(rng: np.random.Generator) -> None:
    truth = np.full((*SIZE, 3), 100, dtype=np.float32)
    error = SquaredError()
    renders = (truth + noise(rng, 8), truth + noise(rng, 8))
    error.add(truth + noise(rng, 1.5), renders, everywhere())
    assert error.rmse == pytest.approx(1.5, abs=0.15)
    assert error.psnr == pytest.approx(20 * math.log10(255 / 1.5), abs=0.8)
    assert np.sqrt(((truth - renders[0]) ** 2).mean()) > 7


def test_the_truth_is_not_darkened_by_its_noise(rng: np.random.Generator) -> None:
    def show(linear: np.ndarray) -> np.ndarray:
        return 255 * np.sqrt(linear)

    light = 0.2
    halves = [np.maximum(light + noise(rng, 0.05), 0) for _ in range(2)]
    whole = show((halves[0] + halves[1]) / 2)
    truth = show(np.full(1, light))[0]
    assert whole.mean() < truth - 0.3
    assert metrics.shown_without_bias(whole, [show(half) for half in halves]).mean() == pytest.approx(
        truth, abs=0.1
    )


def test_a_picture_that_shares_a_renders_noise_is_not_called_perfect(rng: np.random.Generator) -> None:
    truth, shared = np.zeros((*SIZE, 3), dtype=np.float32), noise(rng, 6)
    error = SquaredError()
    error.add(truth + shared, (truth + noise(rng, 1), truth + noise(rng, 1)), everywhere())
    assert error.rmse == pytest.approx(6, rel=0.05)


def test_errors_gather_over_pictures_by_the_pixel() -> None:
    zero = np.zeros((*SIZE, 3), dtype=np.float32)
    error = SquaredError()
    assert math.isnan(error.psnr)
    few = np.zeros(SIZE, dtype=bool)
    few[:30] = True
    error.add(zero + 4, (zero, zero), few)
    error.add(zero, (zero, zero), ~few)
    assert error.mean == pytest.approx(16 / 4)
    assert SquaredError(0.0, 10).psnr == math.inf


def test_flicker_counts_only_what_truly_stands_still(rng: np.random.Generator) -> None:
    """A square that grows brighter, a penumbra that creeps, and a shimmer that the film made up."""
    before, after = noise(rng, 20), None
    after = before.copy()
    after[40:60, 40:60] += 30
    after[80:100, 100:140] += 0.6
    still = metrics.still_truth(before, after)
    assert not still[40:60, 40:60].any()
    assert not still[84:96, 104:136].any()
    assert still[:30].all()
    film_before = np.full((*SIZE, 3), 100, dtype=np.float32)
    film_after = film_before.copy()
    film_after[40:60, 40:60] += 30
    film_after[:, ::2] += 1
    steps = Steps()
    steps.add(film_before, film_after, still)
    assert steps.mean == pytest.approx(0.5, abs=0.02)


def test_a_few_changed_paths_are_no_changed_truth(rng: np.random.Generator) -> None:
    before = noise(rng, 20)
    after = before.copy()
    after[50, 70] += 6
    assert metrics.still_truth(before, after).all()


def test_the_ring_lies_around_things_and_grows_with_the_picture() -> None:
    things = np.zeros(SIZE, dtype=bool)
    things[60, 80] = True
    near = metrics.ring(things, 336)
    assert not near[60, 80]
    assert near[60, 88]
    assert near[52, 80]
    assert not near[60, 89]
    assert metrics.ring(things, 672)[60, 96]


def test_steps_along_the_flow_see_no_motion() -> None:
    _, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]].astype(np.float32)
    before = np.repeat((100 + 50 * np.sin(x / 9))[..., None], 3, axis=2)
    after = np.repeat((100 + 50 * np.sin((x - 3) / 9))[..., None], 3, axis=2)
    forward = np.zeros((*SIZE, 2), dtype=np.float32)
    forward[..., 0] = 3
    both = metrics.seen_in_both(forward, -forward)
    assert both[:, :-4].all()
    assert not both[:, -3:].any()
    assert np.abs(metrics.along(after, forward) - before)[both].max() < 0.01


def test_what_is_covered_in_the_next_frame_is_not_seen_in_both() -> None:
    forward, backward = (np.zeros((*SIZE, 2), dtype=np.float32) for _ in range(2))
    backward[40:60, 40:60] = (-5, 0)  # another thing has come to stand there
    both = metrics.seen_in_both(forward, backward)
    assert not both[40:60, 40:60].any()
    assert both[:30].all()


def test_tables_go_between_their_marks(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n")
    text = page.table(("film", "dB"), [("ours", page.number(43.21)), ("none", page.number(math.nan))])
    for _ in range(2):  # again to the same end
        page.write_between(path, "x", text)
    assert path.read_text() == f"a\n<!-- x: begin -->\n{text}\n<!-- x: end -->\nb\n"
    assert "| ours | 43.2 |\n| none | – |" in text
    with pytest.raises(ValueError, match="y"):
        page.write_between(path, "y", text)
