"""Videos decode to what was written: masks exactly, pictures closely and with the right colours."""

from __future__ import annotations

import subprocess

import cv2
import imageio_ffmpeg
import numpy as np
import pytest

from generator.quadmask import VALUES, peak_difference
from generator.video import VideoWriter, describe, read_frames, to_bt709

SIZE = (96, 64)


def random_masks(count=5, size=SIZE):
    rng = np.random.default_rng(3)
    return [np.array(VALUES, np.uint8)[rng.integers(0, 4, size[::-1])] for _ in range(count)]


def clip(world, count=12, size=SIZE):
    """A soft gradient with texture; in world 1 a disc crosses it."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[: size[1], : size[0]]
    base = np.stack([60 + x, 200 - y, 90 + (x + y) / 2], -1) + rng.normal(0, 1, (size[1], size[0], 1))
    frames = []
    for i in range(count):
        frame = np.clip(base, 0, 255).astype(np.uint8)
        if world:
            frame[(x - 10 - 6 * i) ** 2 + (y - 32) ** 2 < 100] = (210, 60, 40)
        frames.append(frame)
    return frames


def write(path, kind, frames, fps=24.0):
    with VideoWriter(path, kind, frames[0].shape[1::-1], fps) as writer:
        for frame in frames:
            writer.write(frame)
    return path


def pyav_gray(path):
    import av

    with av.open(str(path)) as container:
        return [f.to_ndarray(format="gray") for f in container.decode(video=0)]


def pyav_rgb(path):
    import av

    with av.open(str(path)) as container:
        return [f.to_ndarray(format="rgb24")[..., 1] for f in container.decode(video=0)]


def opencv(path):
    import cv2

    capture, frames = cv2.VideoCapture(str(path)), []
    while (got := capture.read())[0]:
        frames.append(got[1][..., 2])
    return frames


def ffmpeg(pixels):
    def decode(path):
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-v",
            "error",
            "-i",
            str(path),
            "-f",
            "rawvideo",
            "-pix_fmt",
            pixels,
            "-",
        ]
        raw = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.uint8)
        return list(raw.reshape(-1, SIZE[1], SIZE[0], 3 if pixels == "rgb24" else 1)[..., 0])

    return decode


@pytest.mark.parametrize(
    "decode",
    [pyav_gray, pyav_rgb, opencv, ffmpeg("gray"), ffmpeg("rgb24")],
    ids=["pyav gray", "pyav rgb", "opencv", "ffmpeg gray", "ffmpeg rgb"],
)
def test_masks_decode_to_the_exact_four_values_everywhere(tmp_path, decode):
    masks = random_masks()
    decoded = decode(write(tmp_path / "mask.mp4", "mask", masks))
    assert len(decoded) == len(masks)
    for mask, back in zip(masks, decoded, strict=True):
        assert (mask == back).all()


def test_masks_and_lossless_pictures_read_back_bit_for_bit(tmp_path):
    masks = random_masks()
    for mask, back in zip(masks, read_frames(write(tmp_path / "m.mp4", "mask", masks), "mask"), strict=True):
        assert (mask == back).all()
    frames = clip(1)
    path = write(tmp_path / "l.mp4", "lossless", frames)
    for frame, back in zip(frames, read_frames(path, "lossless"), strict=True):
        assert (frame == back).all()


@pytest.mark.parametrize("fps", [8.0, 12.0, 23.976, 24.0, 30.0])
def test_the_header_tells_size_rate_and_bt709(tmp_path, fps):
    facts = describe(write(tmp_path / "rgb.mp4", "rgb", clip(1), fps))
    assert facts["size"] == SIZE
    assert facts["frames"] == 12
    assert facts["fps"] == pytest.approx(fps, rel=1e-4)
    assert (facts["matrix"], facts["primaries"], facts["transfer"], facts["range"]) == (1, 1, 1, 1)
    assert describe(write(tmp_path / "mask.mp4", "mask", random_masks()))["range"] == 2


@pytest.mark.parametrize("color", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (10, 200, 90), (255, 255, 255)])
def test_flat_colours_come_back_true_from_our_reader_and_from_plain_pyav(tmp_path, color):
    import av

    path = write(tmp_path / "flat.mp4", "rgb", [np.full((64, 96, 3), color, np.uint8)] * 3)
    for frame in read_frames(path, "rgb"):
        assert np.abs(frame.astype(int) - color).max() <= 2
    with av.open(str(path)) as container:
        for plain in container.decode(video=0):
            assert np.abs(plain.to_ndarray(format="rgb24").astype(int) - color).max() <= 3


def test_luma_is_bt709_and_not_bt601():
    green = to_bt709(np.full((4, 4, 3), (0, 255, 0), np.uint8))
    assert (green[:4] == round(16 + 219 * 0.7152)).all()  # BT.601 would give 145
    assert set(np.unique(to_bt709(np.full((4, 4, 3), 77, np.uint8))[4:])) == {128}


def test_pixels_equal_in_both_worlds_decode_nearly_equal(tmp_path):
    worlds = [clip(world, size=(192, 128)) for world in (0, 1)]
    paths = [write(tmp_path / f"{i}.mp4", "rgb", w) for i, w in enumerate(worlds)]
    apart, equal = [], []
    for a, b, x, y in zip(*worlds, *(read_frames(p, "rgb") for p in paths), strict=True):
        apart.append(peak_difference(x, y))
        equal.append(peak_difference(a, b) == 0)
        assert np.abs(x.astype(int) - a).mean() < 1.5
    apart = np.concatenate(apart)[np.concatenate(equal)]
    assert apart.mean() < 0.3
    assert (apart > 2).mean() < 0.01


def test_the_same_frames_make_the_same_bytes(tmp_path):
    for kind, frames in (("rgb", clip(1)), ("mask", random_masks()), ("lossless", clip(1))):
        one, two = (write(tmp_path / name, kind, frames).read_bytes() for name in ("1.mp4", "2.mp4"))
        assert one == two


def test_a_frame_of_another_size_is_refused(tmp_path):
    with (
        pytest.raises(ValueError, match=r"takes \(64, 96\)"),
        VideoWriter(tmp_path / "m.mp4", "mask", SIZE, 24) as writer,
    ):
        writer.write(np.zeros((64, 95), np.uint8))


def test_under_a_moving_camera_a_change_stays_where_it_is(tmp_path):
    """Both worlds are encoded frame by frame: what differs in one place must not spread over the picture."""
    rng = np.random.default_rng(0)
    wall = cv2.GaussianBlur(rng.integers(0, 256, (160, 240, 3), dtype=np.uint8), (7, 7), 0)
    y, x = np.mgrid[:96, :160]

    def film(patch: int) -> list[np.ndarray]:
        frames = []
        for i in range(12):
            zoom = 1.01**i
            turn = np.array([[zoom, 0, -30 - 2.3 * i], [0, zoom, -20 - 1.1 * i]])
            frame = cv2.warpAffine(wall, turn, (160, 96))
            frame[(x - 20 - 6 * i) ** 2 + (y - 40) ** 2 < 300] = patch
            frames.append(frame)
        return frames

    def spread(intra: bool) -> float:
        decoded = []
        for side, patch in enumerate((30, 220)):
            path = tmp_path / f"{side}.mp4"
            with VideoWriter(path, "rgb", (160, 96), 12, intra=intra) as writer:
                for frame in film(patch):
                    writer.write(frame)
            decoded.append(np.stack(list(read_frames(path, "rgb"))).astype(int))
        return float((np.abs(decoded[0] - decoded[1])[:, :, 120:].max(axis=-1) > 2).mean())

    assert spread(intra=True) < 0.002
    assert spread(intra=False) > 0.01
