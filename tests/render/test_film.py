"""The film of two worlds: what is equal is so bit for bit, what changed shows, the plain film agrees."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import cv2
import numpy as np
import pytest

from generator.errors import UsageError
from generator.render.cycles import usable_cores
from generator.render.film import FilmOptions, SceneFilm
from generator.render.frames import FrameSet
from generator.scene.scene import Area, Film, Material, Scene
from tests.render import small

FRAMES = 3


def rolling(frame: int) -> tuple[float, float, float]:
    return (-0.25 + 0.03 * frame, -0.05, 0.05)


def two_bodies(**changes: object) -> Scene:
    bodies = (small.ball("ball", rolling(0)), small.block("box", (0.25, 0.1, 0.05)))
    return small.scene(bodies, frames=FRAMES, **changes)  # type: ignore[arg-type]  # keywords of small.scene


def film(
    scene: Scene, paths: Mapping[str, small.Path], remove: tuple[str, ...] = ("ball",), **options: object
) -> tuple[list[FrameSet], SceneFilm]:
    factual = small.motion(scene, paths)
    counterfactual = small.motion(scene, paths, remove=remove)
    made = SceneFilm(
        scene, factual, {"+".join(remove): counterfactual}, FilmOptions(**{"quality": "draft", **options})
    )
    return list(made), made


def unlike(picture: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(H, W) difference that is more than a few samples' noise: of means over 8 x 8 pixels."""
    return np.abs(cv2.blur(picture.astype(np.float32) - other, (8, 8))).max(axis=-1)


@pytest.fixture(scope="module")
def rolled() -> tuple[list[FrameSet], SceneFilm]:
    return film(two_bodies(), {"ball": rolling}, quality="standard")


@pytest.fixture(scope="module")
def rolled_plainly() -> list[FrameSet]:
    return film(two_bodies(), {"ball": rolling}, quality="standard", method="plain")[0]


def test_frames_come_in_order_and_once(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    frames, made = rolled
    assert [frame.index for frame in frames] == list(range(FRAMES))
    assert all(frame.rgb.shape == (64, 96, 3) and frame.rgb.dtype == np.uint8 for frame in frames)
    with pytest.raises(RuntimeError):
        iter(made)


def test_the_film_comes_frame_by_frame() -> None:
    scene = two_bodies()
    made = SceneFilm(scene, small.motion(scene), {}, FilmOptions(quality="draft"))
    first = next(iter(made))
    assert first.index == 0
    assert first.views == {}
    assert made.report == {}


def test_what_is_equal_in_both_worlds_is_equal_bit_for_bit(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    for frame in rolled[0]:
        same = (frame.rgb == frame.views["ball"].rgb).all(axis=-1)
        assert same[:, 64:].all()  # the box's part of the picture, beyond what light the ball throws
        assert same.mean() > 0.5
        assert not same[frame.ids == 1].all()


def test_still_pixels_are_still_bit_for_bit(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    frames = rolled[0]
    for before, after in itertools.pairwise(frames):
        assert np.array_equal(before.rgb[:, 60:], after.rgb[:, 60:])
        assert np.array_equal(before.views["ball"].rgb, after.views["ball"].rgb)


def test_the_tile_film_agrees_with_the_plain_film(
    rolled: tuple[list[FrameSet], SceneFilm], rolled_plainly: list[FrameSet]
) -> None:
    for ours, plain in zip(rolled[0], rolled_plainly, strict=True):
        for mine, theirs in ((ours.rgb, plain.rgb), (ours.views["ball"].rgb, plain.views["ball"].rgb)):
            assert unlike(mine, theirs).mean() < 1.0
            assert unlike(mine, theirs).max() < 12


def test_no_seams_along_tile_borders(
    rolled: tuple[list[FrameSet], SceneFilm], rolled_plainly: list[FrameSet]
) -> None:
    def steps(pictures: list[np.ndarray]) -> tuple[float, float]:
        """Mean step across tile borders and elsewhere, away from bodies."""
        across, within = [], []
        for picture in pictures:
            step = np.abs(np.diff(picture.astype(float).mean(axis=-1), axis=1))
            border = np.arange(step.shape[1]) % 8 == 7
            across.append(step[40:, border].mean())
            within.append(step[40:, ~border].mean())
        return float(np.mean(across)), float(np.mean(within))

    across, within = steps([frame.rgb for frame in rolled[0]])
    plain_across, plain_within = steps([frame.rgb for frame in rolled_plainly])
    assert across - within < plain_across - plain_within + 0.3


def test_a_removed_body_leaves_no_trace_in_the_maps(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    for frame in rolled[0]:
        assert (frame.ids == 1).any()
        assert (frame.views["ball"].ids != 1).all()
        assert (frame.views["ball"].hidden_ids != 1).all()
        assert np.array_equal(frame.ids == 2, frame.views["ball"].hidden_ids == 2)


def test_the_removed_body_and_its_shadow_are_gone(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    frame = rolled[0][0]
    empty = film(two_bodies(), {}, remove=("ball", "box"), quality="standard")[0][0].views["ball+box"].rgb
    gone = frame.views["ball"].rgb[:, :50].astype(float)
    assert np.abs(gone - empty[:, :50]).mean() < 0.7
    assert np.abs(frame.rgb[:, :50].astype(float) - empty[:, :50]).mean() > 4


def test_a_removed_lamp_takes_its_light_along_everywhere() -> None:
    lamp = small.ball("ball", (-0.3, 0.25, 0.3), radius=0.06, kind="glow", color="#ffd0a0", strength=30.0)
    dim = Area(position=(-0.8, -0.4, 1.0), target=(0.0, 0.0, 0.0), size=(0.4, 0.4), power=2.0)
    scene = small.scene((lamp, small.block("box", (0.25, 0.1, 0.05))), frames=2, lights=(dim,))
    ours, plain = (film(scene, {}, quality="standard", method=method)[0] for method in ("tiles", "plain"))
    lit, dark = ours[0].rgb.astype(float), ours[0].views["ball"].rgb.astype(float)
    assert (lit - dark)[40:, 60:].mean() > 4  # far from the lamp
    assert unlike(dark, plain[0].views["ball"].rgb).mean() < 2
    assert unlike(lit, plain[0].rgb).mean() < 2


def test_a_reflection_goes_with_the_body_it_shows() -> None:
    mirror = Material(kind="polished_metal")
    scene = small.scene(
        (small.ball("ball", (0.0, 0.3, 0.22), radius=0.08),),
        frames=2,
        surface=mirror,
        view=small.camera(2, eye=(0.0, -0.8, 0.3), target=(0.0, 0.0, 0.0)),
    )
    ours, plain = (
        film(scene, {"ball": lambda t: (0.1 * t, 0.3, 0.22)}, quality="standard", method=method)[0]
        for method in ("tiles", "plain")
    )
    reflected = (np.abs(plain[0].rgb.astype(float) - plain[0].views["ball"].rgb).max(axis=-1) > 25) & (
        plain[0].ids != 1
    )
    assert reflected.sum() > 30
    for mine, theirs in zip(ours[:1], plain[:1], strict=True):
        pictures = ((mine.rgb, theirs.rgb), (mine.views["ball"].rgb, theirs.views["ball"].rgb))
        for picture, reference in pictures:
            assert np.abs(picture.astype(float) - reference)[reflected].mean() < 12


def test_a_moving_camera_films_both_worlds_and_keeps_what_is_equal() -> None:
    scene = two_bodies(view=small.camera(FRAMES, orbit=0.03))
    ours, plain = (
        film(scene, {"ball": rolling}, quality="standard", method=method)[0] for method in ("tiles", "plain")
    )
    for mine, theirs in zip(ours, plain, strict=True):
        assert unlike(mine.rgb, theirs.rgb).mean() < 1.5
        assert unlike(mine.views["ball"].rgb, theirs.views["ball"].rgb).mean() < 1.5
        assert (mine.rgb == mine.views["ball"].rgb).all(axis=-1)[:, 64:].mean() > 0.9


def test_several_interventions_share_one_factual_film(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    scene = two_bodies()
    factual = small.motion(scene, {"ball": rolling})
    others = {
        "ball": small.motion(scene, remove=("ball",)),
        "box": small.motion(scene, {"ball": rolling}, remove=("box",)),
    }
    frames = list(SceneFilm(scene, factual, others, FilmOptions(quality="draft")))
    assert set(frames[0].views) == {"ball", "box"}
    assert (frames[1].views["box"].ids != 2).all()
    assert (frames[1].views["box"].ids == 1).any()
    assert unlike(frames[1].rgb, rolled[0][1].rgb).mean() < 2.5


def test_metering_is_repeatable_and_told() -> None:
    scene = two_bodies(film=Film(exposure=None))
    first, second = (film(scene, {})[1].report["exposure"] for _ in range(2))
    assert first == second == round(first, 2)


def test_grain_is_the_same_in_both_worlds() -> None:
    scene = two_bodies(film=Film(exposure=0.0, grain=0.02))
    frames = film(scene, {"ball": rolling})[0]
    assert np.array_equal(frames[0].rgb[:, 60:], frames[0].views["ball"].rgb[:, 60:])
    assert not np.array_equal(frames[0].rgb[:, 60:], frames[1].rgb[:, 60:])


def test_layers_on_request_have_the_promised_shapes() -> None:
    scene = two_bodies()
    frame = film(scene, {"ball": rolling}, layers=("depth", "normal", "flow", "amodal"))[0][0]
    for world in ("factual", "ball"):
        assert frame.layers[f"{world}/depth"].shape == (64, 96)
        assert frame.layers[f"{world}/normal"].shape == (64, 96, 3)
        assert frame.layers[f"{world}/flow_forward"].shape == (64, 96, 2)
        assert np.abs(frame.layers[f"{world}/flow_backward"]).max() == 0  # there is no frame before the first
        assert frame.layers[f"{world}/amodal"].shape == (2, 64, 96)


def test_the_report_says_how_it_was_filmed(rolled: tuple[list[FrameSet], SceneFilm]) -> None:
    report = rolled[1].report
    assert report["method"] == "tiles"
    assert report["seed"] == 5
    assert len(report["camera"]["world_to_camera"]) == FRAMES
    assert {"probe", "render", "denoise", "display", "geometry"} <= set(report["cpu_seconds"])


def test_an_absent_gpu_is_a_clear_error() -> None:
    scene = two_bodies()
    made = SceneFilm(scene, small.motion(scene), {}, FilmOptions(device="gpu:7"))
    with pytest.raises(UsageError, match="gpu:7"):
        next(iter(made))


def test_cores_are_those_this_process_may_use() -> None:
    assert usable_cores() >= 1


def test_steadiness_counts_what_should_not_move(
    rolled: tuple[list[FrameSet], SceneFilm],
) -> None:
    figures = rolled[1].report["steadiness"]
    assert figures["ball"] == {"equal": 1.0, "flicker": 0.0}
    assert figures["factual"]["equal"] > 0.9


def test_motion_blur_smears_what_moves_and_nothing_else() -> None:
    scene = two_bodies(film=Film(exposure=0.0, motion_blur=0.9, vignette=0.0))
    sharp = two_bodies()

    def fast(frame: int) -> tuple[float, float, float]:
        return (-0.25 + 0.12 * frame, -0.05, 0.05)

    blurred, still = (
        film(what, {"ball": fast}, quality="standard", method="plain")[0][1] for what in (scene, sharp)
    )
    smeared, sharp_edged = (
        (np.abs(frame.rgb.astype(int) - frame.views["ball"].rgb).max(axis=-1)[:40] > 12).any(axis=0)
        for frame in (blurred, still)
    )
    assert smeared.sum() > sharp_edged.sum() + 3
    assert unlike(blurred.rgb, still.rgb)[:, 66:].mean() < 2
    assert np.array_equal(blurred.ids, still.ids)
