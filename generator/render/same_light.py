"""Which pixels the same light reaches in two renders: the finest grain at which work is reused.

With one seed and one number of samples a pixel has equal bits in both unless one of its light paths was
changed. One pixel alone proves little (a soft shadow may move and yet miss its few samples), so every pixel
around must agree too.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Passes

REACH = 3
"""Pixels around that must be equal as well: 49 pixels, some hundred light paths even in a draft."""


def same_light(a: Passes, b: Passes, reach: int = REACH) -> NDArray[np.bool_]:
    """(H, W): equal bits in colour, albedo and normal, here and within `reach` pixels."""
    equal = (a.color == b.color) & (a.albedo == b.albedo) & (a.normal == b.normal)
    side = 2 * reach + 1
    kernel = np.ones((side, side), dtype=np.uint8)
    # Beyond the picture's edge there is nothing to disagree.
    every = equal.all(axis=-1).astype(np.uint8)
    return np.asarray(cv2.erode(every, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1) > 0)
