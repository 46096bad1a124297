"""Which tiles are new: probes compared, states numbered, bodies' footprints, and what the plate holds."""

from __future__ import annotations

import numpy as np
import pytest

from generator.render.footprint import blur_radius
from generator.render.plate import movers
from generator.render.probe import Probe, changed
from generator.render.states import StateBook
from generator.render.tiles import Grid
from generator.render.worlds import film_worlds
from tests.render import small

GRID = Grid((80, 48), 8)


def probe(light: float = 100.0) -> Probe:
    shape = (GRID.rows, GRID.columns)
    return Probe(
        np.full((*shape, 64, 3), light, dtype=np.float32),
        np.full((*shape, 64, 6), 0.5, dtype=np.float32),
        np.zeros(shape, dtype=np.uint64),
        np.zeros(shape, dtype=bool),
    )


def lit(where: tuple[int, int], by: float, pixels: int = 64) -> Probe:
    """One tile with some pixels brighter."""
    made = probe()
    made.tone[where][:pixels] += by
    return made


def test_equal_probes_have_no_new_tile() -> None:
    assert not changed(probe(), probe()).any()


@pytest.mark.parametrize(
    ("by", "pixels", "new"),
    [
        pytest.param(1.2, 64, True, id="all of it a little brighter"),
        pytest.param(0.3, 64, False, id="less than shows"),
        pytest.param(60.0, 1, False, id="one stray light path"),
        pytest.param(5.5, 7, True, id="a strip of another colour"),
    ],
)
def test_a_tile_is_new_when_enough_of_it_looks_otherwise(by: float, pixels: int, new: bool) -> None:
    marks = changed(lit((2, 3), by, pixels), probe())
    assert marks[2, 3] == new
    assert marks.sum() == int(new)


def test_a_faint_change_of_a_wide_area_is_seen() -> None:
    faint = probe()
    faint.tone[1:5, 1:8] += 0.7
    assert changed(faint, probe())[2:4, 2:7].all()


def test_what_reaches_a_border_makes_the_tile_beyond_new() -> None:
    """A shadow fills a tile and pokes two pixels into the next: too little for a mean, enough for a ghost."""
    dark = lit((2, 3), -30.0)
    tiles = dark.tone.reshape(GRID.rows, GRID.columns, 8, 8, 3)
    tiles[2, 4, 3:5, 0] -= 30.0
    assert np.argwhere(changed(dark, probe())).tolist() == [[r, c] for r in (1, 2, 3) for c in (2, 3, 4)]
    inside = probe()
    inside.tone.reshape(GRID.rows, GRID.columns, 8, 8, 3)[2, 3, 3:5, 3:5] -= 24.0
    assert np.argwhere(changed(inside, probe())).tolist() == [[2, 3]]


def test_a_glow_does_not_end_at_a_border_because_few_samples_met_it() -> None:
    """Half a tile is brighter up to its border, no pixel by much; the tile beyond shows none of it yet."""
    glow = probe()
    glow.tone.reshape(GRID.rows, GRID.columns, 8, 8, 3)[2, 3, :, 4:] += 5.0
    marks = changed(glow, probe())
    assert marks[2, 3]
    assert marks[1:4, 4].all()
    assert not marks[:, 2].any()


def test_another_surface_or_another_pose_is_new_however_dark() -> None:
    surface, moved = probe(), probe()
    surface.surface[1, 1, 5, 0] += 0.05
    moved.signature[2, 2] = 17
    assert np.argwhere(changed(surface, probe())).tolist() == [[1, 1]]
    assert np.argwhere(changed(moved, probe())).tolist() == [[2, 2]]


def test_each_distinct_tile_is_born_once_and_counted() -> None:
    book = StateBook(GRID, ["factual", "other"], across_time=True)
    plate = book.add_plate(probe())
    for frame in range(3):
        factual = book.add("factual", frame, lit((0, 0), 1.2))
        other = book.add("other", frame, lit((0, 0), 1.2) if frame < 2 else probe())
    table = book.table()
    assert len(table.frame) == plate.size + 1
    assert table.uses[factual[0, 0]] == 5
    assert table.last[factual[0, 0]] == 2
    assert (table.frame[factual[0, 0]], table.world[factual[0, 0]]) == (0, 0)
    assert other[0, 0] == plate[0, 0]
    assert np.array_equal(factual[1:], plate[1:])


def test_a_slow_drift_is_not_followed_step_by_step() -> None:
    book = StateBook(GRID, ["factual"], across_time=True)
    first = book.add("factual", 0, probe())
    for frame in range(1, 5):
        last = book.add("factual", frame, lit((2, 3), 0.5 * frame))
    assert last[2, 3] != first[2, 3]


def test_a_moving_camera_shares_between_worlds_but_not_in_time() -> None:
    book = StateBook(GRID, ["factual", "other"], across_time=False)
    before = book.add("factual", 0, probe())
    assert np.array_equal(book.add("other", 0, probe()), before)
    assert (book.add("factual", 1, probe()) != before).all()


def test_a_world_that_stands_repeats_its_states() -> None:
    book = StateBook(GRID, ["factual"], across_time=True)
    first = book.add("factual", 0, probe())
    book.repeat("factual")
    assert np.array_equal(book.maps(1)["factual"], first)
    assert (book.table().uses == 2).all()


def test_the_plate_keeps_what_never_moves_in_any_world() -> None:
    scene = small.scene(
        (
            small.ball("ball", (0, 0, 0.05)),
            small.block("box", (0.2, 0, 0.05)),
            small.block("rock", (0.4, 0, 0.05)),
        )
    )
    factual = small.motion(scene, {"box": lambda frame: (0.2 + 0.01 * (frame > 1), 0, 0.05)})
    worlds = film_worlds(scene, factual, {"ball": small.motion(scene, remove=("ball",))})
    assert movers(scene, worlds) == {"ball", "box"}
    assert worlds["ball"].removed == {"ball"}
    assert worlds["ball"].stands(2)
    assert not worlds["factual"].stands(2)


def test_blur_grows_with_distance_from_the_focus_and_the_aperture() -> None:
    sharp = small.camera(1)
    wide, narrow = small.camera(1, fstop=1.4), small.camera(1, fstop=8.0)
    focus = wide.poses[0].focus
    near, far = np.array([focus], dtype=np.float32), np.array([focus + 0.3], dtype=np.float32)
    assert blur_radius(sharp, sharp.poses[0], far, 672) == 0
    assert blur_radius(wide, wide.poses[0], near, 672) < 0.01
    radius = blur_radius(wide, wide.poses[0], far, 672)
    lens = 0.04
    expected = lens / 1.4 * lens * 0.3 / ((focus + 0.3) * (focus - lens)) / 2 / 0.036 * 672
    assert radius == pytest.approx(expected, rel=1e-4)
    assert blur_radius(narrow, narrow.poses[0], far, 672) == pytest.approx(radius * 1.4 / 8, rel=1e-4)
