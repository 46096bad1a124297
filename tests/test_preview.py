"""Previews show the right moments, and nothing runs over."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from generator import preview
from generator.video import describe
from tests import pairs


def test_moments_begin_with_the_first_and_end_with_the_last():
    assert preview.moments([1] * 3) == [0, 1, 2]
    assert preview.moments([5] * 60) == [0, 12, 24, 35, 47, 59]
    late = preview.moments([0] * 40 + [100] * 20)
    assert late[:2] == [0, 40]
    assert late[-1] == 59
    assert len(set(late)) == preview.MOMENTS
    assert preview.moments([0] * 60)[-1] == 59


def test_moments_show_what_happens_and_the_still_end_once():
    falling = [3] * 16 + [45, 70, 90, 120, 150, 180, 200, 230, 260] + [270] * 35
    assert preview.moments(falling) == [0, 16, 19, 22, 25, 59]
    at_once = preview.moments([100 + i for i in range(20)] + [130] * 40)
    assert at_once == [0, 1, 7, 14, 20, 59]


def test_a_pair_has_a_playable_preview_and_a_sheet(tmp_path):
    path = pairs.write_pair(tmp_path)
    facts = describe(path / "preview.mp4")
    assert facts["frames"] == 6
    assert facts["size"][0] > 3 * preview.PANEL
    sheet = cv2.imread(str(path / "preview.jpg"))
    assert sheet.shape[1] > 6 * preview.CELL
    red = np.array(preview.LEGEND[0][2][::-1])
    assert (np.abs(sheet.astype(int) - red).max(-1) < 30).sum() > 200


def test_the_mask_is_painted_in_the_legends_colours_and_the_rest_has_none():
    picture = np.full((4, 4, 3), (200, 100, 50), np.uint8)
    mask = np.array([[0, 63, 127, 255]] * 4, np.uint8)
    painted = preview.paint_mask(picture, mask)[0]
    for pixel, (_, _, color) in zip(painted, preview.LEGEND, strict=False):
        assert np.argmax(pixel) == np.argmax(color)
    assert len(set(painted[3])) == 1


@pytest.mark.parametrize("size", [(64, 96), (384, 672), (672, 384)])
@pytest.mark.parametrize("text", ["", "short", "long " * 200, "unbroken" * 60, "dominoes 10–19 → × “naïve”"])
def test_any_text_and_any_shape_fits(size, text):
    picture = np.zeros((*size, 3), np.uint8)
    canvas = preview.slate([picture] * 3, text, text, text, 7, 99, 24.0)
    assert canvas.shape[0] % 2 == canvas.shape[1] % 2 == 0
    preview.contact_sheet({0: (picture,) * 3, 5: (picture,) * 3}, text, text, text, 24.0)


def test_shortened_text_fits_and_says_so():
    short = preview.shorten("a long line of text that will not fit", 120, 16)
    assert short.endswith("...")
    assert preview.measure(short, 16) <= 120
