"""What frames under a moving camera know of each other."""

from __future__ import annotations

import numpy as np
import pytest

from generator.render import history
from generator.render.camera import Pinhole
from generator.render.cycles import Passes
from generator.render.history import Memory, Shot, View, average, places, recall

SIZE = (64, 48)
SHAPE = SIZE[::-1]


def camera(x: float) -> Pinhole:
    """Looks along +Z at a wall, `x` metres to the right of its middle: 40 pixels to a metre at 1 m."""
    intrinsics = np.array([[40.0, 0, 32], [0, 40.0, 24], [0, 0, 1]])
    world_to_camera = np.eye(4)
    world_to_camera[0, 3] = -x
    return Pinhole(intrinsics, world_to_camera, SIZE)


def view(
    frame: int, stirred: bool | np.ndarray = False, poses: np.ndarray | None = None, ids: int = 0
) -> View:
    """A wall 1 m away; every frame the camera goes on by a tenth of a metre, four pixels."""
    return View(
        camera(0.1 * frame),
        np.ones(SHAPE, dtype=np.float32),
        np.full(SHAPE, ids, dtype=np.uint16),
        np.zeros((1, 7)) if poses is None else poses,
        np.broadcast_to(stirred, SHAPE).astype(bool),
    )


def found(views: dict[int, View], frame: int = 0) -> dict[int, history.Place]:
    return dict(places(views, frame))


def test_a_point_is_found_where_the_camera_sees_it() -> None:
    place = found({0: view(0), 1: view(1)})[1]
    assert np.allclose(place.x, np.arange(64)[None, :] - 4, atol=1e-4)
    assert np.allclose(place.y, np.arange(48)[:, None], atol=1e-4)
    assert place.known[:, 4:].all()
    assert not place.known[:, :4].any()  # out of that picture


def test_what_stands_before_a_point_hides_it() -> None:
    near = view(1)
    near.depth[:, 20:30] = 0.5
    known = found({0: view(0), 1: near})[1].known
    assert not known[:, 25:33].any()
    assert known[:, 40:].all()


def test_a_body_that_moved_is_not_where_it_was() -> None:
    poses = np.zeros((1, 7))
    there = view(1, poses=poses + 0.01, ids=1)
    assert not found({0: view(0, poses=poses, ids=1), 1: there})[1].known.any()
    assert found({0: view(0, poses=poses, ids=1), 1: view(1, poses=poses, ids=1)})[1].known.any()


@pytest.mark.parametrize(
    ("stirred", "known"),
    [
        pytest.param(0, {-2: False, -1: False, 1: True, 2: True}, id="on the way to this frame"),
        pytest.param(-1, {-2: False, -1: True, 1: True, 2: True}, id="a frame before"),
        pytest.param(1, {-2: True, -1: True, 1: False, 2: False}, id="on the way to the next"),
        pytest.param(2, {-2: True, -1: True, 1: True, 2: False}, id="later"),
    ],
)
def test_light_that_was_stirred_in_between_is_not_the_same(stirred: int, known: dict[int, bool]) -> None:
    got = found({frame: view(frame, stirred=frame == stirred) for frame in range(-2, 3)})
    # Far from the picture's sides, which some frames do not see.
    middle = {frame: bool(place.known[:, 16:48].all()) for frame, place in got.items()}
    nowhere = {frame: not place.known[:, 16:48].any() for frame, place in got.items()}
    for frame, is_known in known.items():
        assert middle.get(frame, False) == is_known
        assert nowhere.get(frame, True) == (not is_known)


def test_pixels_that_the_filter_of_a_moving_body_reaches_are_not_known() -> None:
    """The wall beside a body that goes down it is mixed with the body's own colour."""
    here, there = view(0), view(1, poses=np.full((1, 7), 0.01))
    here.ids[:, 30:34] = 1
    known = found({0: here, 1: there})[1].known
    assert not known[:, 29:35].any()
    assert known[:, 10:28].all()
    assert known[:, 36:].all()


def noisy(light: np.ndarray | float, seed: int, noise: float = 0.2) -> Passes:
    rng = np.random.default_rng(seed)
    color = light + noise * rng.standard_normal((*SHAPE, 3))
    flat = np.full((*SHAPE, 3), 0.5, dtype=np.float32)
    return Passes(np.maximum(color, 0).astype(np.float32), flat, flat)


EIGHT = np.full(SHAPE, 8, dtype=np.float32)


def error(passes: Passes, truth: np.ndarray | float) -> float:
    return float(np.sqrt(((passes.color - truth) ** 2).mean()))


def pairs(light: float | np.ndarray, count: int = 4) -> list[list[Memory]]:
    return [[Memory(noisy(light, 10 + i), EIGHT), Memory(noisy(light, 20 + i), EIGHT)] for i in range(count)]


def test_frames_of_equal_light_average_their_noise_away() -> None:
    alone = error(noisy(1.0, 0), 1.0)
    assert error(average(noisy(1.0, 0), EIGHT, pairs(1.0)), 1.0) < 0.42 * alone  # a third, were none doubted


def test_a_shadow_that_was_elsewhere_leaves_no_ghost() -> None:
    now, then = np.ones((*SHAPE, 3)), np.ones((*SHAPE, 3))
    then[10:30, 20:40] = 0.5
    made = average(noisy(now, 0), EIGHT, pairs(then))
    assert abs(made.color[13:27, 23:37].mean() - 1.0) < 0.03
    assert error(made, now) < error(noisy(now, 0), now)


def test_what_glides_evenly_cancels_between_before_and_after() -> None:
    glide = [
        [Memory(noisy(1 - 0.05 * i, i), EIGHT), Memory(noisy(1 + 0.05 * i, 9 + i), EIGHT)]
        for i in range(1, 5)
    ]
    assert abs(average(noisy(1.0, 0), EIGHT, glide).color.mean() - 1.0) < 0.01


def test_a_lone_witness_is_brought_to_the_level_of_the_present() -> None:
    alone = [[Memory(noisy(0.8, i), EIGHT)] for i in range(1, 5)]
    assert abs(average(noisy(1.0, 0), EIGHT, alone).color.mean() - 1.0) < 0.02


def test_from_afar_only_pairs_are_heard() -> None:
    """What glides no longer looks even from one side."""
    nobody: list[Memory] = []
    now, lone = noisy(1.0, 0), Memory(noisy(0.8, 1), EIGHT)
    afar = [*[nobody] * history.LONE, [lone]]
    assert np.allclose(average(now, EIGHT, afar).color, now.color, atol=1e-6)
    afar[-1] = [lone, Memory(noisy(1.2, 2), EIGHT)]
    assert error(average(now, EIGHT, afar), 1.0) < 0.7 * error(now, 1.0)


def test_who_knows_nothing_says_nothing() -> None:
    nobody = [[Memory(noisy(9.0, 1), np.zeros_like(EIGHT))]]
    now = noisy(1.0, 0)
    assert np.allclose(average(now, EIGHT, nobody).color, now.color, atol=1e-6)


def test_recalling_looks_light_up_where_it_was_rendered() -> None:
    """A pattern on the wall, seen four pixels farther left in each frame, stays where it is."""
    stripes = 1 + 0.5 * np.sin(np.arange(200) / 5.0)

    def shot(frame: int) -> Shot:
        light = np.broadcast_to(stripes[60 + 4 * frame : 124 + 4 * frame, None], (*SHAPE, 3))
        return Shot(view(frame), noisy(light, 50 + frame), EIGHT)

    shots = {frame: shot(frame) for frame in range(-4, 5)}
    truth = np.broadcast_to(stripes[60:124, None], (*SHAPE, 3))
    inner = np.s_[:, 16:48]
    made = recall(shots, 0).color[inner]
    before = shots[0].passes.color[inner]
    assert np.sqrt(((made - truth[inner]) ** 2).mean()) < 0.45 * np.sqrt(
        ((before - truth[inner]) ** 2).mean()
    )
