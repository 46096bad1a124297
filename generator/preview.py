"""What a person looks at first: `preview.mp4`, three panels side by side, and `preview.jpg`, a sheet.

Both are made from the finished videos of a pair, so they show what a reader of the pair will get.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.pair import FULL, MASK, REMOVED
from generator.quadmask import AFFECTED, OVERLAP
from generator.quadmask import REMOVED as REMOVED_VALUE
from generator.video import VideoWriter, read_frames

Canvas = NDArray[np.uint8]
Color = tuple[int, int, int]

BACKGROUND: Color = (20, 21, 24)
INK: Color = (238, 238, 234)
QUIET: Color = (150, 152, 158)
RULE: Color = (52, 54, 60)

LEGEND: tuple[tuple[int, str, Color], ...] = (
    (REMOVED_VALUE, "removed", (236, 84, 52)),
    (OVERLAP, "removed + affected", (250, 190, 40)),
    (AFFECTED, "affected", (52, 156, 226)),
)
"""Mask value, its name, its colour. What is unchanged shows the dimmed picture."""

PANEL = 480
"""Width that panels of the video are brought to, pixels."""
CELL = 300
"""Width of one picture on the sheet."""
MOMENTS = 6
GAP = 14
OVERSIZE = 8
MARGIN = 28


def make_previews(
    folder: Path, title: str, before: str, after: str, by_frame: Sequence[int], fps: float
) -> None:
    """Write `preview.mp4` and `preview.jpg` into a pair's folder.

    title: the story in one line. before, after: captions. by_frame: affected pixels in each frame,
    by which the sheet's moments are chosen. Raises OSError when the disk refuses.
    """
    wanted = moments(by_frame)
    kept: dict[int, tuple[Canvas, Canvas, Canvas]] = {}
    writer: VideoWriter | None = None
    last = len(by_frame) - 1
    try:
        frames = zip(
            read_frames(folder / FULL, "rgb"),
            read_frames(folder / REMOVED, "rgb"),
            read_frames(folder / MASK, "mask"),
            strict=True,
        )
        for index, (picture, other, mask) in enumerate(frames):
            three = (picture, other, paint_mask(picture, mask))
            if index in wanted:
                kept[index] = three
            canvas = slate(three, title, before, after, index, last, fps)
            if writer is None:
                writer = VideoWriter(
                    folder / "preview.mp4", "preview", (canvas.shape[1], canvas.shape[0]), fps
                )
            writer.write(canvas)
        if writer is not None:
            writer.close()
    except BaseException:
        if writer is not None:
            writer.abandon()
        raise
    sheet = contact_sheet(kept, title, before, after, fps)
    done, data = cv2.imencode(".jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    if not done:
        raise OSError("the preview picture could not be encoded")
    with (folder / "preview.jpg").open("wb") as file:
        file.write(data.tobytes())
        file.flush()
        os.fsync(file.fileno())


def moments(by_frame: Sequence[int], count: int = MOMENTS) -> list[int]:
    """Frames worth a look: the first, then evenly from where things begin to differ to the last.

    Where the film comes to rest early, evenly until then, and the last: a still picture is shown once.
    """
    frames = len(by_frame)
    if frames <= count:
        return list(range(frames))
    busy = np.asarray(by_frame) >= 0.15 * max(1, max(by_frame))
    onset = min(int(busy.argmax()) if busy.any() else 0, frames - count)
    even = np.linspace(0, frames - 1, count)
    changing = np.flatnonzero(np.asarray(by_frame) != by_frame[-1])
    settled = int(changing[-1]) + 1 if len(changing) else 0
    if onset > even[1]:
        even[1:] = np.linspace(onset, frames - 1, count - 1)
    if onset + count <= settled < even[-2]:
        even[1:-1] = np.linspace(max(onset, 1), settled, count - 2)
    return [round(float(frame)) for frame in even]


def paint_mask(picture: Canvas, mask: NDArray[np.uint8]) -> Canvas:
    """The mask as colours over the picture, dimmed and without its own colour."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    painted = np.repeat((16 + 0.42 * grey)[..., None], 3, axis=2)
    for value, _, color in LEGEND:
        where = mask == value
        # The shape of the thing stays readable under its colour.
        tint = np.array(color, np.float32) * (0.62 + 0.38 * grey[where, None] / 255)
        painted[where] = tint
    return painted.astype(np.uint8)


def slate(
    three: Sequence[Canvas], title: str, before: str, after: str, index: int, last: int, fps: float
) -> Canvas:
    """One frame of the preview video: title, three labelled panels, captions, legend and counter."""
    panels = [fit(picture, PANEL) for picture in three]
    height = panels[0].shape[0]
    top, under = 92, 96
    width = 2 * MARGIN + 3 * PANEL + 2 * GAP
    canvas = blank(top + height + under + (top + height + under) % 2, width + width % 2)
    counter = f"frame {index:0{len(str(last))}d} / {last}   {index / fps:.2f} s"
    write(canvas, counter, (width - MARGIN, 40), 16, QUIET, right=True)
    headline(canvas, title, (MARGIN, 40), width - 2 * MARGIN - 230, (20, 18, 16, 15))
    below = top + height + 26
    for column, (panel, label) in enumerate(zip(panels, ("before", "after", "mask"), strict=True)):
        x = MARGIN + column * (PANEL + GAP)
        write(canvas, label, (x, top - 12), 16, QUIET)
        canvas[top : top + height, x : x + PANEL] = panel
        if column < 2:
            paragraph(canvas, (before, after)[column], (x, below), PANEL, 15, QUIET, lines=3)
    legend(canvas, (MARGIN + 2 * (PANEL + GAP), below), 15)
    played = round((width - 2 * MARGIN) * (index + 1) / (last + 1))
    canvas[-6:-3, MARGIN : width - MARGIN] = RULE
    canvas[-6:-3, MARGIN : MARGIN + played] = QUIET
    return canvas


def contact_sheet(
    kept: dict[int, tuple[Canvas, Canvas, Canvas]], title: str, before: str, after: str, fps: float
) -> Canvas:
    """Moments across, worlds down: before, after, mask."""
    frames = sorted(kept)
    aside, top = 104, 150
    first = fit(kept[frames[0]][0], CELL)
    row = first.shape[0] + GAP
    width = 2 * MARGIN + aside + len(frames) * (CELL + GAP) - GAP
    canvas = blank(top + 3 * row + 52, max(width, 900))
    space = canvas.shape[1] - 2 * MARGIN
    headline(canvas, title, (MARGIN, 46), space, (25, 22, 19, 17))
    for line, (name, text) in enumerate((("before", before), ("after", after))):
        write(canvas, name, (MARGIN, 78 + 24 * line), 16, INK)
        write(canvas, shorten(text, space - 76, 16), (MARGIN + 76, 78 + 24 * line), 16, QUIET)
    for column, frame in enumerate(frames):
        x = MARGIN + aside + column * (CELL + GAP)
        write(canvas, f"frame {frame}   {frame / fps:.2f} s", (x, top - 14), 15, QUIET)
        for line, picture in enumerate(kept[frame]):
            y = top + line * row
            cell = fit(picture, CELL)
            canvas[y : y + cell.shape[0], x : x + CELL] = cell
    for line, label in enumerate(("before", "after", "mask")):
        write(canvas, label, (MARGIN, top + line * row + first.shape[0] // 2 + 7), 20, INK)
    legend(canvas, (MARGIN + aside, top + 3 * row + 20), 16)
    return canvas


# --- drawing ----------------------------------------------------------------------------------


def blank(height: int, width: int) -> Canvas:
    return np.full((height, width, 3), BACKGROUND, np.uint8)


def fit(picture: Canvas, width: int) -> Canvas:
    height = round(picture.shape[0] * width / picture.shape[1])
    how = cv2.INTER_AREA if width < picture.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how))


def legend(canvas: Canvas, at: tuple[int, int], size: int) -> None:
    x, y = at
    for _, name, color in LEGEND:
        canvas[y - size + 3 : y + 1, x : x + size - 2] = color
        x += size + 6
        x += write(canvas, name, (x, y), size, QUIET) + 26


def headline(canvas: Canvas, text: str, at: tuple[int, int], width: int, sizes: Sequence[int]) -> None:
    """The text as large as fits; cut short only if it does not fit at the smallest size."""
    size = next((size for size in sizes if measure(text, size) <= width), sizes[-1])
    write(canvas, shorten(text, width, size), at, size, INK)


def paragraph(
    canvas: Canvas, text: str, at: tuple[int, int], width: int, size: int, color: Color, lines: int
) -> None:
    """Text broken into lines that fit the width; what does not fit ends in an ellipsis."""
    words, row = text.split(), 0
    while words and row < lines:
        line = [words.pop(0)]
        while words and measure(" ".join([*line, words[0]]), size) <= width:
            line.append(words.pop(0))
        shown = " ".join(line) + (" ..." if words and row == lines - 1 else "")
        write(canvas, shorten(shown, width, size), (at[0], at[1] + round(1.5 * size) * row), size, color)
        row += 1


def shorten(text: str, width: int, size: int) -> str:
    """The text, or as much of its beginning as fits with an ellipsis after it."""
    if measure(text, size) <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if measure(text[:middle].rstrip() + " ...", size) <= width:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + " ..."


def measure(text: str, size: int) -> int:
    """Width in pixels of a line of text."""
    return -(-_stroke_width(plain(text), size) // OVERSIZE)


def _stroke_width(text: str, size: int) -> int:
    scale, thick = _stroke(size)
    return int(cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thick)[0][0]) + thick if text else 0


def _stroke(size: int) -> tuple[float, int]:
    """OpenCV's scale and line width for text of this size, drawn oversize."""
    return 0.72 * size * OVERSIZE / 21, max(1, round(size * OVERSIZE / 13))  # its capitals are 21 units high


def write(
    canvas: Canvas, text: str, at: tuple[int, int], size: int, color: Color, right: bool = False
) -> int:
    """Draw text with its baseline at `at` (x, y); returns its width. `right` ends it there."""
    ink = glyphs(plain(text), size)
    x = at[0] - (ink.shape[1] if right else 0)
    y = at[1] - round(1.25 * size)
    area = canvas[y : y + ink.shape[0], x : x + ink.shape[1]]
    cover = ink[: area.shape[0], : area.shape[1], None]
    area[:] = (area * (1 - cover) + np.array(color) * cover).astype(np.uint8)
    return ink.shape[1]


@lru_cache(maxsize=1024)
def glyphs(text: str, size: int) -> NDArray[np.float32]:
    """(h, w) coverage 0..1 of a line of text whose capitals are about 0.72 `size` high.

    OpenCV's stroke font is drawn oversize and averaged down: at its own size it is rough.
    """
    if not text:
        return np.zeros((1, 0), np.float32)
    scale, thick = _stroke(size)
    width, height = -(-_stroke_width(text, size) // OVERSIZE), round(1.75 * size)
    big = np.zeros((height * OVERSIZE, width * OVERSIZE), np.uint8)
    at = (thick // 2, round(1.25 * size) * OVERSIZE)
    cv2.putText(big, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thick, cv2.LINE_AA)
    small = cv2.resize(big, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / 255


def plain(text: str) -> str:
    """The stroke font knows ASCII only."""
    for fancy, simple in (
        ("–", "-"),
        ("→", "->"),
        ("…", "..."),
        ("×", "x"),
        ("’", "'"),
        ("“", '"'),
        ("”", '"'),
    ):
        text = text.replace(fancy, simple)
    return text.encode("ascii", "replace").decode()
