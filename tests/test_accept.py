"""What a spec's `accept` keeps and what it leaves out, with the reason."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from generator import accept
from generator.figures import Comparison, MaskTally
from generator.scene.scene import Accept


def scene(**wanted):
    return SimpleNamespace(fps=10.0, accept=Accept(**wanted))


def record(*moved_frames):
    gone = SimpleNamespace(removed=True, moved_frame=None)
    return SimpleNamespace(
        bodies=[gone, *(SimpleNamespace(removed=False, moved_frame=f) for f in moved_frames)]
    )


@pytest.mark.parametrize(
    ("wanted", "moved", "reason"),
    [
        ({}, (), None),
        ({"affected_bodies": (1, 2)}, (5, None), None),
        ({"affected_bodies": (1, 2)}, (None, None), "0 bodies affected, wanted 1 to 2"),
        ({"affected_bodies": (2, 3)}, (7,), "1 body affected, wanted 2 to 3"),
        ({"affected_bodies": (0, 1)}, (1, 2), "2 bodies affected, wanted 0 to 1"),
        ({"onset": (0.5, 1.0)}, (9, 7), None),
        ({"onset": (0.5, 1.0)}, (9, 4), "the effect begins at 0.40 s, wanted 0.5 to 1 s"),
        ({"onset": (0.5, 1.0)}, (None,), "nothing is affected"),
    ],
)
def test_motion_is_judged_by_bodies_and_onset(wanted, moved, reason):
    assert accept.refuse_motion(scene(**wanted), record(*moved)) == reason


def tally(*frames):
    counted = MaskTally()
    for values in frames:
        counted.add(np.array([values], np.uint8))
    return counted


def test_a_film_is_judged_by_its_best_frame_and_by_all_its_affected_pixels():
    film = tally([0, 255, 255, 255], [255, 127, 255, 63])
    assert accept.refuse_film(scene(removed_visible=0.25, affected_pixels=0.25), film) is None
    assert "fills 25.000 % of the picture" in accept.refuse_film(scene(removed_visible=0.26), film)
    assert "25.00 % of the film is affected" in accept.refuse_film(scene(affected_pixels=0.26), film)


def test_figures_are_what_a_slow_count_says():
    rng = np.random.default_rng(1)
    a = rng.integers(0, 256, (3, 20, 30, 3)).astype(np.uint8)
    b = np.clip(a.astype(int) + rng.integers(-12, 13, a.shape) * (rng.random(a.shape) < 0.2), 0, 255).astype(
        np.uint8
    )
    masks = rng.choice([0, 63, 127, 255], (3, 20, 30), p=[0.1, 0.1, 0.2, 0.6]).astype(np.uint8)
    comparison = Comparison()
    for frame in zip(a, b, masks, strict=True):
        comparison.add(*frame)
    apart = np.abs(a.astype(int) - b).max(-1)
    still = apart[masks == 255]
    found = comparison.figures()
    assert found["unchanged_mean"] == pytest.approx(still.mean())
    assert found["unchanged_over_2"] == pytest.approx((still > 2).mean())
    assert found["unchanged_p999"] == np.quantile(still, 0.999, method="inverted_cdf")
    for level in (2, 8):
        assert found[f"covered_over_{level}"] == pytest.approx((masks[apart > level] != 255).mean())
    assert Comparison().figures()["covered_over_8"] == 1.0
