"""From samples to pixels: Cycles' repeatability, denoising, the view transform and the grid of tiles."""

from __future__ import annotations

import resource

import bpy
import cv2
import numpy as np
import pytest

from generator.errors import RenderError
from generator.render import cycles, display
from generator.render.clock import Clock
from generator.render.denoise import Denoiser
from generator.render.display import Finish, meter, to_display
from generator.render.repaint import fit
from generator.render.stage import Stage
from generator.render.tiles import Grid, dilate, rectangles
from generator.scene.scene import Film
from tests.render import small


@pytest.fixture
def stage() -> Stage:
    scene = small.scene((small.ball("ball", (0.0, 0.0, 0.05)), small.block("box", (0.2, 0.1, 0.05))))
    made = Stage(scene)
    cycles.set_up(scene.size, scene.seed, None, light_tree=False)
    display.set_view(scene.film, 0.0)
    return made


def test_the_same_seed_gives_the_same_bits_and_a_part_is_a_part_of_the_whole(stage: Stage) -> None:
    whole = cycles.render(2)
    assert np.array_equal(whole.color, cycles.render(2).color)
    box = (16, 8, 48, 40)
    part, cut = cycles.render(2, box), whole.crop(box)
    assert np.array_equal(part.color, cut.color)
    assert np.array_equal(part.albedo, cut.albedo)
    assert np.array_equal(part.normal, cut.normal)
    assert not np.array_equal(whole.color, cycles.render(2, seed=77).color)


def test_hiding_and_showing_a_body_brings_the_same_bits_back(stage: Stage) -> None:
    poses = np.array([(*body.position, *body.orientation) for body in stage.scene.bodies])
    stage.show(poses)
    before = cycles.render(1).color
    stage.show(poses, {"ball"})
    without = cycles.render(1).color
    stage.show(poses)
    assert np.array_equal(before, cycles.render(1).color)
    assert not np.array_equal(before, without)


def test_blender_prints_nothing(stage: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    cycles.render(1)
    print("ours")
    assert capfd.readouterr().out == "ours\n"


def test_another_picture_size_lasts_only_inside(stage: Stage) -> None:
    with cycles.picture_size((32, 20)):
        assert cycles.render(1).color.shape == (20, 32, 3)
    assert cycles.render(1).color.shape == (64, 96, 3)


def test_passes_that_do_not_fit_on_the_disk_are_an_error_and_no_black_picture(stage: Stage) -> None:
    """Blender itself says nothing: the file is missing, lacks parts or is cut, by how much fits."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for fits in (0, 40_000, 200_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (fits, before[1]))
        try:
            with pytest.raises(RenderError, match=r"could not write its passes to .*: is it full"):
                cycles.render(1)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert cycles.render(1).color.shape == (64, 96, 3)


def test_our_denoiser_does_what_cycles_own_does(stage: Stage) -> None:
    passes = cycles.render(8)
    reference = Denoiser("high")(cycles.render(512, seed=9))
    ours = Denoiser("high")(passes)
    settings = bpy.context.scene.cycles
    settings.use_denoising, settings.denoiser = True, "OPENIMAGEDENOISE"
    settings.denoising_input_passes, settings.denoising_prefilter = "RGB_ALBEDO_NORMAL", "NONE"
    settings.denoising_quality = "HIGH"
    theirs = cycles.render(8).color

    def error(picture: np.ndarray) -> float:
        return float(np.sqrt(np.mean((np.minimum(picture, 2) - np.minimum(reference, 2)) ** 2)))

    assert np.abs(ours - theirs).mean() < 0.01
    assert error(ours) < 1.1 * error(theirs)
    assert error(ours) < 0.5 * error(passes.color)


def test_denoising_does_not_follow_the_brightness_of_the_picture() -> None:
    rng = np.random.default_rng(0)
    flat = np.ones((64, 96, 3), dtype=np.float32)
    dim = cycles.Passes(
        (0.2 + 0.02 * rng.standard_normal(flat.shape)).astype(np.float32), flat * 0.5, flat * 0
    )
    bright = dim.copy()
    bright.color[:, 80:] = 30.0
    denoiser = Denoiser("high")
    assert np.abs(denoiser(dim) - denoiser(bright))[:, :32].max() < 5e-3  # 14e-3 if OIDN scales by itself


@pytest.mark.parametrize("prefilter", [False, True])
def test_grain_of_albedo_and_normal_is_not_drawn_into_the_picture(prefilter: bool) -> None:
    """Behind glass and out of focus they are noise. Told that they are exact, OIDN leaves 0.12 of it."""
    rng = np.random.default_rng(0)

    def noise(middle: float, size: float) -> np.ndarray:
        return (middle + size * rng.standard_normal((96, 128, 3))).astype(np.float32)

    albedo = np.clip(noise(0.5, 0.15), 0, 1)
    passes = cycles.Passes(albedo * noise(0.6, 0.15), albedo, noise(0.0, 0.3))
    assert Denoiser("high", prefilter=prefilter)(passes)[16:-16, 16:-16].std(axis=(0, 1)).max() < 0.03


def test_the_picture_is_blenders_own_to_a_step(stage: Stage, tmp_path) -> None:  # type: ignore[no-untyped-def]
    scene = bpy.context.scene
    linear = cycles.render(4).color
    mine = Finish(Film(vignette=0.0), (96, 64), 0)(to_display(linear), 0)
    settings = scene.render.image_settings
    settings.media_type, settings.file_format = "IMAGE", "PNG"
    settings.color_mode, settings.color_depth = "RGB", "8"
    scene.render.filepath = str(tmp_path / "blender.png")
    bpy.ops.render.render(write_still=True)
    theirs = cv2.imread(str(tmp_path / "blender.png"))[..., ::-1]
    assert np.abs(mine.astype(int) - theirs).max() <= 1
    assert (mine == theirs).mean() > 0.95


def test_showing_only_what_differs_gives_the_same_bits(stage: Stage) -> None:
    project = display.Projector()
    first = cycles.render(1).color
    second = first.copy()
    second[10:20, 30:45] *= 1.5
    for picture in (first, second, second):
        assert np.array_equal(project(picture), to_display(picture))


def test_exposure_is_in_the_picture(stage: Stage) -> None:
    grey = np.full((8, 8, 3), 0.18, dtype=np.float32)
    before = to_display(grey).mean()
    display.set_view(Film(), 1.0)
    assert np.allclose(to_display(grey / 2), before, atol=0.1)


def test_metering_puts_the_average_on_the_key_and_spares_the_highlights() -> None:
    grey = np.full((20, 30, 3), 0.05, dtype=np.float32)
    assert meter(grey, 0.2) == 2.0
    bright = grey.copy()
    bright[:, 25:] = 20.0
    assert 20 * 2 ** meter(bright, 0.2) <= display.HIGHLIGHT * 1.01


def test_grain_depends_on_the_frame_and_the_seed_alone() -> None:
    grey = np.full((32, 48, 3), 100, dtype=np.float32)
    finish = Finish(Film(grain=0.02), (48, 32), 7)
    assert np.array_equal(finish(grey, 3), Finish(Film(grain=0.02), (48, 32), 7)(grey, 3))
    assert not np.array_equal(finish(grey, 3), finish(grey, 4))
    assert not np.array_equal(finish(grey, 3), Finish(Film(grain=0.02), (48, 32), 8)(grey, 3))


def test_the_corners_are_darker_than_the_middle() -> None:
    picture = Finish(Film(vignette=0.2), (48, 32), 0)(np.full((32, 48, 3), 200, dtype=np.float32), 0)
    assert picture[0, 0, 0] < 165 < 195 < picture[16, 24, 0]


def test_tiles_cut_up_and_cover_any_size() -> None:
    grid = Grid((50, 30), 8)
    assert (grid.rows, grid.columns) == (4, 7)
    image = np.random.default_rng(0).random((30, 50, 3), dtype=np.float32)
    cut = grid.split(image)
    x0, y0, x1, y1 = grid.box(1, 2)
    assert np.array_equal(cut[1, 2].reshape(8, 8, 3), image[y0:y1, x0:x1])
    covered = np.zeros((30, 50), dtype=int)
    for row in range(grid.rows):
        for column in range(grid.columns):
            x0, y0, x1, y1 = grid.box(row, column)
            covered[y0:y1, x0:x1] += 1
    assert (covered == 1).all()


@pytest.mark.parametrize("spare", [0.0, 3.0, 100.0])
def test_rectangles_cover_every_marked_tile(spare: float) -> None:
    mask = np.random.default_rng(1).random((9, 14)) < 0.3
    covered = np.zeros(mask.shape, dtype=int)
    for row0, column0, row1, column1 in rectangles(mask, spare):
        covered[row0:row1, column0:column1] += 1
    assert (covered[mask] >= 1).all()
    if spare == 0:
        assert np.array_equal(covered > 0, mask)
        assert covered.max() == 1
    if spare == 100:
        assert len(rectangles(mask, spare)) < len(rectangles(mask))


def test_dilation_reaches_the_eight_neighbours() -> None:
    mask = np.zeros((5, 5), dtype=bool)
    mask[2, 2] = True
    assert dilate(mask).sum() == 9


def test_new_tiles_join_standing_pixels_without_a_step() -> None:
    picture = np.full((32, 32, 3), 0.50, dtype=np.float32)
    clean = np.full((32, 32, 3), 0.40, dtype=np.float32)
    inside = np.zeros((32, 32), dtype=bool)
    inside[:, 16:] = True
    before = picture.copy()
    fit(picture, clean, inside, ~inside, 8)
    assert np.array_equal(picture[:, :16], before[:, :16])
    assert np.abs(picture[:, 16] - picture[:, 15]).max() < 0.02
    assert np.allclose(picture[:, -8:], 0.40)


def test_the_clock_adds_up_by_stage() -> None:
    clock = Clock()
    for _ in range(2):
        with clock("work"):
            sum(range(200_000))
    assert set(clock.seconds) == {"work"}
    assert clock.seconds["work"] > 0
