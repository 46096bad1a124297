"""Reuse by the pixel: what keeps its bits, what is relit, and why all states of a tile are sampled alike."""

from __future__ import annotations

import numpy as np
import pytest

from generator.render import cycles
from generator.render.cycles import Passes
from generator.render.quality import PRESETS
from generator.render.repaint import relight, same_surface
from generator.render.same_light import REACH, same_light
from generator.render.stage import Stage
from generator.render.states import StateTable
from generator.render.static_painter import _samples
from generator.render.tiles import Grid
from tests.render import small

SHAPE = (40, 60)


def passes(light: float = 0.5) -> Passes:
    return Passes(*(np.full((*SHAPE, 3), value, dtype=np.float32) for value in (light, 0.4, 0.3)))


@pytest.mark.parametrize("layer", ["color", "albedo", "normal"])
def test_a_pixel_keeps_its_bits_only_if_all_around_it_do(layer: str) -> None:
    now = passes()
    getattr(now, layer)[20, 30, 1] += 1e-6
    kept = same_light(now, passes())
    rows, columns = np.nonzero(~kept)
    assert (rows.min(), rows.max()) == (20 - REACH, 20 + REACH)
    assert (columns.min(), columns.max()) == (30 - REACH, 30 + REACH)
    assert len(rows) == (2 * REACH + 1) ** 2


def test_a_patch_that_happens_to_agree_amid_change_is_not_kept() -> None:
    """One sample in twenty meets a moving penumbra: here and there all of 7 x 7 pixels miss it."""
    rng = np.random.default_rng(0)
    now = passes()
    changed = rng.random(SHAPE) < 0.05
    changed[:, 40:] = False
    now.color[changed] += 0.1
    kept = same_light(now, passes())
    assert not kept[:, :36].any()
    assert kept[:, 44:].all()


def test_the_edge_of_the_picture_is_no_change() -> None:
    assert same_light(passes(), passes()).all()


def test_relighting_where_nothing_changed_gives_the_clean_picture_back() -> None:
    rng = np.random.default_rng(0)
    shown = rng.uniform(0.3, 0.6, (*SHAPE, 3)).astype(np.float32)
    noisy = shown * rng.uniform(0.85, 1.15, shown.shape).astype(np.float32)
    full = np.ones(SHAPE, dtype=np.float32)
    assert np.allclose(relight(noisy, noisy, shown, full), shown, atol=2e-3)
    # Half the light: half the clean picture, although every input is noisy.
    assert np.allclose(relight(noisy / 2, noisy, shown, full), shown / 2, atol=2e-3)
    # Another surface: what was rendered, and nothing of what stood there.
    assert np.array_equal(relight(noisy, passes().color, shown, np.zeros(SHAPE, dtype=np.float32)), noisy)


def test_another_surface_is_not_relit() -> None:
    now = passes()
    now.albedo[10:30, 20:40] += 0.3
    weight = same_surface(now, passes())
    assert weight[20, 30] == 0
    assert weight[5, 5] == pytest.approx(1)
    now = passes()
    now.normal[10:30, 20:40] *= -1
    assert same_surface(now, passes())[20, 30] == 0


def test_all_states_of_a_tile_are_sampled_alike_and_more_where_they_last() -> None:
    tile = np.array([0, 1, 2, 0, 0, 1, 1], dtype=np.int32)
    frame = np.array([-1, -1, -1, 3, 4, 5, 9], dtype=np.int32)
    uses = np.array([9, 9, 60, 1, 1, 40, 10], dtype=np.int32)
    things = np.array([0, 0, 0, 1, 1, 1, 0], dtype=bool)
    table = StateTable(frame, np.zeros(7, dtype=np.int32), tile, uses, uses, things)
    quality = PRESETS["standard"]
    samples = _samples(table, quality)
    for one in (0, 1):
        assert len(set(samples[tile == one].tolist())) == 1
    assert samples[0] == quality.thing_samples[0]
    assert samples[1] > samples[0]
    assert samples[2] == quality.plate_samples


def test_any_marks_the_tiles_of_a_cut_grid() -> None:
    grid = Grid((50, 30), 16)
    mask = np.zeros((30, 50), dtype=bool)
    mask[29, 49] = mask[0, 15] = True
    assert np.argwhere(grid.any(mask)).tolist() == [[0, 0], [1, 3]]


@pytest.mark.parametrize("height", [46, 54, 62])
def test_a_part_has_the_pixels_asked_for_at_any_height(height: int) -> None:
    scene = small.scene((small.ball("ball", (0.0, 0.0, 0.05)),))
    Stage(scene)
    cycles.set_up((32, height), scene.seed, None, light_tree=False)
    whole = cycles.render(1)
    for top in range(0, height - 1, 5):
        box = (4, top, 20, min(top + 7, height))
        part = cycles.render(1, box)
        assert part.color.shape[:2] == (box[3] - box[1], 16)
        assert np.array_equal(part.color, whole.crop(box).color)
