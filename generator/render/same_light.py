"""Which pixels the same light reaches in two renders: the finest grain at which work is reused.

With one seed and one number of samples a pixel has equal bits in both unless one of its light paths was
changed. One pixel alone proves little (a soft shadow may move and yet miss its few samples), so every pixel
around must agree too, and what agrees must be more than a patch: in the penumbra of a moving shadow a draft's
one sample a pixel left specks of 7 x 7 pixels that happened to agree, and they stood as the shadow went by.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.cycles import Passes

REACH = 3
"""Pixels around that must be equal as well."""
PATCH = 4
"""Pixels around some pixel near by that must all be found so: a square of 15 x 15 with equal bits."""


def same_light(a: Passes, b: Passes, reach: int = REACH) -> NDArray[np.bool_]:
    """(H, W): equal bits in colour, albedo and normal, here and within `reach` pixels, and not by chance."""
    equal = (a.color == b.color) & (a.albedo == b.albedo) & (a.normal == b.normal)
    # Beyond the picture's edge there is nothing to disagree.
    every = _eroded(equal.all(axis=-1).astype(np.uint8), reach)
    side = 2 * PATCH + 1
    return np.asarray(cv2.dilate(_eroded(every, PATCH), np.ones((side, side), dtype=np.uint8)) > 0)


def _eroded(mask: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), dtype=np.uint8)
    return np.asarray(cv2.erode(mask, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1), dtype=np.uint8)
