"""The quadmask against slow, literal implementations of the rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from generator import quadmask as q
from generator.errors import PairError

SIZES = st.tuples(st.integers(1, 12), st.integers(1, 12))
BODIES = 4
masks = SIZES.flatmap(lambda s: arrays(np.uint8, s, elements=st.sampled_from(q.VALUES)))
regions = SIZES.flatmap(lambda s: arrays(np.bool_, s))


@st.composite
def worlds(draw):
    """Random maps in which only what is removed or moved differs between F, H and C."""
    size = draw(SIZES)
    removed = draw(st.sets(st.integers(0, BODIES - 1), max_size=2))
    moved = draw(arrays(np.bool_, BODIES))
    ids = draw(arrays(np.uint16, size, elements=st.integers(0, BODIES)))
    free = [0, *(i + 1 for i in range(BODIES) if i not in removed)]
    hidden = np.where(np.isin(ids, [i + 1 for i in removed]), draw(st.sampled_from(free)), ids)
    other = hidden.copy()
    for _ in range(draw(st.integers(0, 6))):
        y, x = draw(st.integers(0, size[0] - 1)), draw(st.integers(0, size[1] - 1))
        movable = [i for i in free if i and moved[i - 1]]
        if hidden[y, x] in movable:
            other[y, x] = draw(st.sampled_from(free))
        elif movable:
            other[y, x] = draw(st.sampled_from(movable))
    picture = draw(arrays(np.uint8, (*size, 3), elements=st.integers(90, 110)))
    change = draw(arrays(np.int8, (*size, 3), elements=st.sampled_from([0, 0, 0, 0, 1, 2, 3, -9])))
    return ids, hidden, other, removed, moved, picture, (picture + change).astype(np.uint8)


def slow_compose(ids, hidden, other, removed, moved, picture, other_picture):
    """DESIGN's definition, one pixel at a time."""
    height, width = ids.shape

    def is_moved(i):
        return i > 0 and moved[i - 1] and (i - 1) not in removed

    def elsewhere(y, x):
        taken = ids[y, x] > 0 and (int(ids[y, x]) - 1) in removed
        return taken, any(is_moved(int(m[y, x])) for m in (ids, hidden, other))

    def around(y, x):
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                if (dy or dx) and 0 <= y + dy < height and 0 <= x + dx < width:
                    yield y + dy, x + dx

    def change(y, x):
        return max(abs(int(picture[y, x, c]) - int(other_picture[y, x, c])) for c in range(3))

    everywhere = [(y, x) for y in range(height) for x in range(width)]
    where = {p: elsewhere(*p) for p in everywhere}
    kept = {
        p: change(*p) > 2 and (change(*p) > 8 or any(change(*n) > 2 or any(where[n]) for n in around(*p)))
        for p in everywhere
    }

    def marked_around(p):
        return sum(bool(kept[n] or any(where[n])) for n in around(*p))

    kept = {p: kept[p] or marked_around(p) == 8 for p in everywhere}
    for _ in range(2):
        kept = {p: kept[p] or (change(*p) > 0 and marked_around(p) >= 5) for p in everywhere}
    mask = np.zeros((height, width), np.uint8)
    for p in everywhere:
        taken, displaced = where[p]
        shaded = kept[p] and not (taken or displaced)
        mask[p] = {(1, 0): 0, (1, 1): 63, (0, 1): 127, (0, 0): 255}[int(taken), int(displaced or shaded)]
    return mask


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_compose_is_the_definition(world):
    result = q.compose(*world)
    assert (result.mask == slow_compose(*world)).all()
    assert (result.mask == q.encode(result.removed, result.displaced | result.shading)).all()
    assert not (result.shading & (result.removed | result.displaced)).any()


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_what_is_marked_unchanged_shows_the_same_thing_and_looks_the_same(world):
    ids, _, other, _, _, picture, other_picture = world
    result = q.compose(*world)
    still = result.mask == q.UNCHANGED
    assert (ids[still] == other[still]).all()
    seen = q.peak_difference(picture, other_picture)[still]
    assert (seen <= q.GLARING).all()
    lone = (q.peak_difference(picture, other_picture) > q.VISIBLE) & still
    assert not (lone & (q.neighbours(lone) > 0)).any()  # all that is let go is single pixels


def test_a_change_without_a_cause_is_refused_with_frame_and_pixel():
    ids = np.zeros((4, 5), np.uint16)
    other = ids.copy()
    other[2, 3] = 1
    picture = np.zeros((4, 5, 3), np.uint8)
    with pytest.raises(PairError, match=r"frame 7: 1 pixels .* x=3 y=2 \(id 0 .*, 1 in"):
        q.compose(ids, ids, other, [1], np.array([False, False]), picture, picture, frame=7)


def test_a_removed_body_never_counts_as_moved():
    ids = np.array([[1, 0]], np.uint16)
    empty = np.zeros_like(ids)
    picture = np.zeros((1, 2, 3), np.uint8)
    result = q.compose(ids, empty, empty, [0], np.array([True]), picture, picture)
    assert result.mask.tolist() == [[q.REMOVED, q.UNCHANGED]]


def test_overlap_is_where_a_moved_body_stands_behind_the_removed_one_in_either_world():
    ids = np.array([[1, 1, 1, 0]], np.uint16)
    hidden = np.array([[2, 0, 0, 0]], np.uint16)
    other = np.array([[0, 2, 0, 0]], np.uint16)
    picture = np.zeros((1, 4, 3), np.uint8)
    result = q.compose(ids, hidden, other, [0], np.array([False, True]), picture, picture)
    assert result.mask.tolist() == [[63, 63, 0, 255]]


def test_a_shadow_that_goes_is_affected_and_faint_speckle_is_not():
    ids = np.zeros((9, 9), np.uint16)
    picture = np.full((9, 9, 3), 100, np.uint8)
    other = picture.copy()
    other[1:4, 1:4] = 103  # a shadow's faint rim, three levels
    other[6, 6] = 104  # one noisy pixel
    other[8, 0] = 120  # one glaring pixel
    result = q.compose(ids, ids, ids, [0], np.array([False]), picture, other)
    expected = np.full((9, 9), 255)
    expected[1:4, 1:4] = 127
    expected[8, 0] = 127
    assert result.mask.tolist() == expected.tolist()


@given(masks)
def test_encode_and_decode_are_inverses(mask):
    assert (q.encode(*q.decode(mask)) == mask).all()
    assert q.is_exact(mask)
    assert sum(q.count(mask).values()) == mask.size


@given(masks, st.integers(-14, 14))
def test_quantize_undoes_a_lossy_codec(mask, error):
    assert (q.quantize(np.clip(mask.astype(int) + error, 0, 255).astype(np.uint8)) == mask).all()
    assert not q.is_exact(np.array([[62]], np.uint8))


@given(masks)
def test_three_level_folds_overlap_into_removed(mask):
    assert (q.three_level(mask) == np.where(mask == 63, 0, mask)).all()


def slow_grid(mask, n):
    height, width = mask.shape
    if width <= height:
        columns, rows = n, max(n, round(n / (width / height)))
    else:
        columns, rows = max(n, round(n * width / height)), n
    out = mask.copy()
    grey = np.zeros(mask.shape, bool)
    for i in range(rows):
        for j in range(columns):
            y0, y1 = int(i * height / rows), int((i + 1) * height / rows)
            x0, x1 = int(j * width / columns), int((j + 1) * width / columns)
            if (mask[y0:y1, x0:x1] == 127).any():
                grey[y0:y1, x0:x1] = True
    out[grey & (mask == 255)] = 127
    out[grey & (mask == 0)] = 63
    return out


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(8, 40), st.integers(8, 40)).flatmap(
        lambda s: arrays(np.uint8, s, elements=st.sampled_from(q.VALUES), fill=st.just(255))
    ),
    st.sampled_from([2, 5, 8]),
)
def test_grid_is_the_eight_cell_rule(mask, cells):
    assert (q.grid(mask, cells) == slow_grid(mask, cells)).all()


def test_grid_of_a_wide_picture_has_fourteen_by_eight_cells():
    mask = np.full((384, 672), 255, np.uint8)
    mask[0, 0] = 127
    mask[100, 500] = 127
    gridded = q.grid(mask)
    assert (gridded == 127).sum() == 2 * 48 * 48
    assert (gridded[:48, :48] == 127).all()


@settings(max_examples=60, deadline=None)
@given(regions, st.integers(0, 4))
def test_dilate_grows_by_a_disc(region, radius):
    expected = np.zeros_like(region)
    for y, x in np.argwhere(region):
        for i in range(region.shape[0]):
            for j in range(region.shape[1]):
                expected[i, j] |= (i - y) ** 2 + (j - x) ** 2 <= radius**2
    assert (q.dilate(region, radius) == expected).all()


@given(masks, st.integers(0, 3))
def test_dilating_a_mask_loses_nothing(mask, radius):
    grown = q.dilate_mask(mask, radius)
    for before, after in zip(q.decode(mask), q.decode(grown), strict=True):
        assert not (before & ~after).any()


@settings(max_examples=60, deadline=None)
@given(masks, SIZES)
def test_resize_keeps_the_four_values_and_the_right_ones(mask, size):
    height, width = mask.shape
    near, area = q.resize(mask, size), q.resize(mask, size, by="area")
    fine = mask.repeat(size[0], 0).repeat(size[1], 1)  # every new pixel is height x width of these
    for y in range(size[0]):
        for x in range(size[1]):
            block = fine[y * height : (y + 1) * height, x * width : (x + 1) * width]
            covers = [(block == value).sum() for value in q.VALUES]
            assert area[y, x] == q.VALUES[int(np.argmax(covers))]
            assert (
                near[y, x]
                == mask[(2 * y + 1) * height // (2 * size[0]), (2 * x + 1) * width // (2 * size[1])]
            )
    with pytest.raises(ValueError):
        q.resize(mask, size, by="bilinear")
