"""How still a film holds what does not change: its flicker, measured on the 8-bit pictures as they go by."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from generator.render.frames import IdMap, Picture

AWAY = 8
"""Pixels from anything that moved, or was uncovered, within which a pixel's truth may change: contact
shadows, blurred silhouettes. Wider shadows and reflections still count: the figures err on the high side."""


class Steadiness:
    """Fed with each frame of one world under a static camera."""

    def __init__(self) -> None:
        self._before: tuple[Picture, IdMap, NDArray[np.float64]] | None = None
        self._pixels = self._equal = 0
        self._step = 0.0

    def add(self, picture: Picture, ids: IdMap, poses: NDArray[np.float64]) -> None:
        """picture: (H, W, 3); ids: (H, W); poses: (N, 7) of this frame."""
        if self._before is not None:
            earlier, earlier_ids, earlier_poses = self._before
            went = np.concatenate([[False], ~(poses == earlier_poses).all(axis=1)])  # index 0: the room
            stirred = (ids != earlier_ids) | went[ids] | went[earlier_ids]
            near = cv2.dilate(stirred.astype(np.uint8), np.ones((2 * AWAY + 1, 2 * AWAY + 1), dtype=np.uint8))
            still = near == 0
            step = np.abs(picture.astype(np.int16) - earlier)[still]
            self._pixels += int(still.sum())
            self._equal += int((step == 0).all(axis=-1).sum())
            self._step += float(step.mean(axis=-1).sum())
        self._before = picture, ids, poses

    def report(self) -> dict[str, float] | None:
        """None for less than two frames. equal: share of such pixels with the same bits as a frame before;
        flicker: their mean step from frame to frame, of 255."""
        if self._pixels == 0:
            return None
        return {"equal": round(self._equal / self._pixels, 5), "flicker": round(self._step / self._pixels, 5)}
