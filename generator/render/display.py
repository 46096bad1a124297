"""From linear light to the picture: exposure, Blender's own AgX, and what lens and film add.

AgX is Blender's: a float image goes through `save_render` (0.06 CPU s at 672x384), so nothing here
approximates it. The film's finish is drawn from the scene's seed and the frame's index alone, so both worlds
of a pair get the same.
"""

from __future__ import annotations

import math

import bpy
import cv2
import numpy as np
from numpy.typing import NDArray

from generator.errors import RenderError
from generator.render.cycles import Image, _scratch, blender_quiet
from generator.scene.scene import Film

LOOKS = {
    "punchy": "AgX - Punchy",
    "medium": "AgX - Medium High Contrast",
    "base": "AgX - Base Contrast",
    "soft": "AgX - Medium Low Contrast",
}
HIGHLIGHT = 6.0
"""Metering keeps the 97th percentile of luminance below this."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


def set_view(film: Film, exposure: float) -> None:
    """Choose AgX, the look and the exposure (EV) for the current scene."""
    scene = bpy.context.scene
    scene.display_settings.display_device = "sRGB"
    view = scene.view_settings
    view.view_transform = "AgX"
    view.look = LOOKS[film.look]
    view.exposure = exposure
    view.gamma = 1.0


def meter(linear: Image, key: float) -> float:
    """Exposure in EV, rounded to 0.01, as a camera would choose it.

    The centre-weighted log-average of luminance goes to `key`, unless that would burn the highlights.
    """
    luminance = np.maximum(linear, 0) @ LUMINANCE
    height, width = luminance.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    weight = np.exp(-1.2 * (x**2 + y**2))
    average = math.exp(float((np.log(np.maximum(luminance, 1e-4)) * weight).sum() / weight.sum()))
    brightest = max(float(np.percentile(luminance, 97)), 1e-6)
    return round(min(math.log2(key / average), math.log2(HIGHLIGHT / brightest)), 2)


def to_display(linear: Image) -> NDArray[np.float32]:
    """Linear (H, W, 3) -> display sRGB (H, W, 3) in 0..255, to 1/257 of a step, by the scene's view."""
    height, width = linear.shape[:2]
    path = _scratch("display.png")
    settings = bpy.context.scene.render.image_settings
    settings.media_type = "IMAGE"
    settings.file_format = "PNG"
    settings.color_mode, settings.color_depth, settings.compression = "RGB", "16", 0
    image = bpy.data.images.new("display", width, height, float_buffer=True, alpha=False)
    try:
        image.colorspace_settings.name = "Linear Rec.709"
        pixels = np.ones((height, width, 4), dtype=np.float32)
        pixels[..., :3] = linear[::-1]
        image.pixels.foreach_set(pixels.ravel())
        with blender_quiet():
            image.save_render(str(path), scene=bpy.context.scene)
        stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    finally:
        bpy.data.images.remove(image)
        path.unlink(missing_ok=True)
    if stored is None:
        raise RenderError("Blender could not write the picture to the scratch folder: is it full?")
    return np.asarray(stored[..., ::-1], dtype=np.float32) / 257.0


class Projector:
    """Shows one picture after another, working only on what differs from the one before."""

    def __init__(self) -> None:
        self._before: tuple[Image, NDArray[np.float32]] | None = None

    def __call__(self, linear: Image) -> NDArray[np.float32]:
        """As `to_display`, to the same bits."""
        if self._before is None:
            shown = to_display(linear)
        else:
            earlier, earlier_shown = self._before
            rows, columns = np.nonzero((linear != earlier).any(axis=-1))
            shown = earlier_shown
            if len(rows):
                box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
                shown = earlier_shown.copy()
                shown[box] = to_display(linear[box])
        self._before = linear, shown
        return shown


class Finish:
    """Vignette and grain, equal for both worlds of a frame."""

    def __init__(self, film: Film, size: tuple[int, int], seed: int) -> None:
        width, height = size
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
        radius2 = ((x - middle_x) ** 2 + (y - middle_y) ** 2) / (middle_x**2 + middle_y**2)
        self._vignette = (1 - film.vignette * radius2**1.2)[..., None].astype(np.float32)
        self._grain, self._seed = film.grain, seed

    def __call__(self, display: NDArray[np.float32], frame: int) -> NDArray[np.uint8]:
        """(H, W, 3) display values 0..255 -> the 8-bit picture of `frame`."""
        picture = display * self._vignette
        if self._grain > 0:
            rng = np.random.default_rng([self._seed % 2**32, frame])
            height, width = picture.shape[:2]
            common = cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (0, 0), 0.6)
            colored = rng.standard_normal((height, width, 3), dtype=np.float32)
            light = picture.mean(axis=-1, keepdims=True) / 255
            strength = 0.35 + 1.3 * np.sqrt(np.clip(light * (1 - light), 0, 1))
            picture = picture + 255 * self._grain * strength * (0.9 * common[..., None] + 0.25 * colored)
        return np.asarray(np.clip(picture + 0.5, 0, 255), dtype=np.uint8)
