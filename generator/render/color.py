"""sRGB `#rrggbb` as the numbers that Blender and numpy want. Pure numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RGBA = tuple[float, float, float, float]


def srgb(color: str) -> NDArray[np.float32]:
    """(3,) display-encoded 0..1."""
    digits = color.lstrip("#")
    return np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], np.float32)


def linear(color: str) -> RGBA:
    """Scene-linear with alpha 1, as node sockets take it."""
    encoded = srgb(color).astype(np.float64)
    low = encoded / 12.92
    high = ((encoded + 0.055) / 1.055) ** 2.4
    red, green, blue = (float(v) for v in np.where(encoded <= 0.04045, low, high))
    return red, green, blue, 1.0


def scaled(color: str, factor: float) -> str:
    """The colour with its display values multiplied, clamped to 0..1."""
    values = np.clip(srgb(color) * factor, 0, 1) * 255
    return "#" + "".join(f"{round(float(v)):02x}" for v in values)
