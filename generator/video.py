"""Videos, frame by frame: pictures as tagged BT.709 H.264, masks and exact pictures without loss.

Nothing here holds a clip in memory. Every writer is bitwise repeatable (one encoder thread, constant
quantiser, no clock in the file) and writes through a plain Python file, so that a full disk is an
`OSError` with the system's own words and the file can be flushed to disk before it counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from generator.errors import PairError

Kind = Literal["rgb", "preview", "mask", "lossless"]

QUANTISER = 4
"""H.264's constant quantiser for pictures: a step of one level. Measured on a 672x384 clip with a still
background, the share of equal pixels that decode more than 2/255 apart in the two worlds: crf 23 (the
usual default) 22 %, qp 16 6 %, qp 12 2.5 %, qp 8 0.9 %, qp 4 0.4 %, qp 2 0.3 %; what remains comes from
halving the colour resolution next to changed pixels. qp 4 costs 1.3 times the bytes of qp 8."""

INTRA = "keyint=1"
"""Every frame by itself. Where all of the picture moves, prediction from frame to frame carries a difference
all over it: of pixels that the mask calls unchanged, 7.4 % decode more than 2/255 apart, against 0.34 %
without prediction, for 1.4 times the bytes (draft of the dominoes under an orbiting camera). Under a static
camera what stands still is skipped, which is exact, and prediction is kept."""

# Numbers of ITU-T H.273, as libavutil's enums have them.
BT709 = 1
LIMITED_RANGE, FULL_RANGE = 1, 2

# libswscale's flags: bilinear chroma, taken in full, rounded correctly. Without the last two, yuv420p
# decodes one level too dark.
SWS_BILINEAR, SWS_FULL_CHROMA, SWS_ACCURATE = 0x2, 0x2000, 0x40000
EXACT_CONVERSION = SWS_BILINEAR | SWS_FULL_CHROMA | SWS_ACCURATE

CODECS: dict[Kind, tuple[str, str, dict[str, str]]] = {
    # psy trades true values for pleasing noise, which would differ between the worlds.
    "rgb": ("libx264", "yuv420p", {"preset": "medium", "qp": str(QUANTISER), "x264-params": "psy=0"}),
    "preview": ("libx264", "yuv420p", {"preset": "veryfast", "crf": "18"}),
    "mask": ("libx264", "gray", {"preset": "veryfast", "qp": "0"}),
    "lossless": ("libx264rgb", "rgb24", {"preset": "veryfast", "qp": "0"}),
}


class VideoWriter:
    """Writes one video; a context manager.

    kind "rgb": (H, W, 3) uint8 sRGB, lossy and close; "preview" the same, smaller, for eyes only.
    "mask": (H, W) uint8, exact in every decoder (full range is set on the stream and on each frame:
    unset, decoders that convert shift the values). "lossless": (H, W, 3) uint8, exact.
    """

    def __init__(
        self, path: Path, kind: Kind, size: tuple[int, int], fps: float, intra: bool = False
    ) -> None:
        """size: (width, height), even for "rgb" and "preview". intra: every frame by itself, for "rgb"."""
        import av

        codec, pixels, options = CODECS[kind]
        if intra:
            options = {**options, "x264-params": f"{options['x264-params']}:{INTRA}"}
        self.path, self.kind, self.size, self.frames = path, kind, size, 0
        rate = Fraction(fps).limit_denominator(1001)
        self._file = path.open("wb")
        try:
            self._container = av.open(self._file, "w", format="mp4")
            self._stream: Any = self._container.add_stream(codec, rate=rate, options=options)
            self._stream.width, self._stream.height = size
            self._stream.pix_fmt = pixels
            context = self._stream.codec_context
            context.thread_count = 1
            context.time_base = 1 / rate
            context.color_range = LIMITED_RANGE if pixels == "yuv420p" else FULL_RANGE
            if pixels == "yuv420p":
                context.colorspace = context.color_primaries = context.color_trc = BT709
        except BaseException:
            self._file.close()
            raise

    def write(self, picture: NDArray[np.uint8]) -> None:
        """Append one frame. Raises ValueError on another shape, OSError when the disk refuses."""
        import av

        width, height = self.size
        shape = (height, width) if self.kind == "mask" else (height, width, 3)
        if picture.shape != shape or picture.dtype != np.uint8:
            raise ValueError(f"{self.path.name} takes {shape} uint8, not {picture.shape} {picture.dtype}")
        if self.kind in ("rgb", "preview"):
            frame = av.VideoFrame.from_ndarray(to_bt709(picture), format="yuv420p")
            frame.colorspace = frame.color_primaries = frame.color_trc = BT709
            frame.color_range = LIMITED_RANGE
        else:
            layout = "gray" if self.kind == "mask" else "rgb24"
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format=layout)
            frame.color_range = FULL_RANGE
        frame.pts = self.frames
        frame.time_base = self._stream.codec_context.time_base
        self.frames += 1
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Finish the file and force it to disk."""
        if self._file.closed:
            return
        try:
            self._container.mux(self._stream.encode())
            self._container.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Let go of the file without finishing it: what is there is not a video."""
        self._file.close()

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


def to_bt709(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3) full-range RGB to yuv420p, limited range, as a (3H/2, W) array of the three planes.

    Rec. ITU-R BT.709-6, items 3.2 to 3.4, rounded once from float32; chroma is averaged onto the
    site that H.264 assumes (level with the left pixel of each pair, between the two rows).
    """
    height, width = picture.shape[:2]
    rgb = picture.astype(np.float32)
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    planes = [16 + luma * (219 / 255)]
    for channel, span in ((2, 1.8556), (0, 1.5748)):
        chroma = (rgb[..., channel] - luma) * (224 / 255 / span)
        rows = (chroma[0::2] + chroma[1::2]) / 2
        left = np.concatenate([rows[:, :1], rows[:, 1:-1:2]], axis=1)
        planes.append(128 + (left + 2 * rows[:, 0::2] + rows[:, 1::2]) / 4)
    flat = np.concatenate([plane.ravel() for plane in planes])
    return np.rint(flat).astype(np.uint8).reshape(height * 3 // 2, width)


def read_frames(path: Path, kind: Kind) -> Iterator[NDArray[np.uint8]]:
    """The frames of a video, one at a time: (H, W, 3) RGB, or (H, W) for a mask.

    Raises PairError if the file is not a video that can be decoded to its end.
    """
    import av

    try:
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                if kind in ("rgb", "preview"):
                    frame = frame.reformat(
                        format="rgb24",
                        interpolation=EXACT_CONVERSION,
                        src_colorspace=BT709,
                        dst_color_range=FULL_RANGE,
                    )
                yield frame.to_ndarray(format="gray" if kind == "mask" else "rgb24")
    except (av.FFmpegError, IndexError) as error:
        raise PairError(f"{path}: cannot be decoded: {getattr(error, 'strerror', None) or error}") from error


def describe(path: Path) -> dict[str, Any]:
    """Codec, pixel format, size, fps, frames and colour tags, from the file's header alone."""
    import av

    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            return {
                "codec": context.name,
                "pixels": context.pix_fmt,
                "size": (context.width, context.height),
                "fps": float(stream.average_rate or 0),
                "frames": stream.frames,
                "matrix": int(context.colorspace),
                "primaries": int(context.color_primaries),
                "transfer": int(context.color_trc),
                "range": int(context.color_range),
            }
    except (av.FFmpegError, IndexError) as error:
        raise PairError(f"{path}: not a video: {getattr(error, 'strerror', None) or error}") from error
