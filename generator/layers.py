"""A layer of numbers, one array a frame, in an .npz file that grows while the film is made.

`numpy.load` opens it: `load(path)["frame_0012"]`. Unlike `numpy.savez` it never holds the clip.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ARRAYS = ("depth", "normal", "flow", "amodal", "ids")
"""Layers of numbers a caller may ask for; `lossless`, exact pictures, is a video."""
CHOICES = (*ARRAYS, "lossless")
MAPS = {
    "depth": ("depth",),
    "normal": ("normal",),
    "flow": ("flow_forward", "flow_backward"),
    "amodal": ("amodal",),
    "ids": ("ids",),
}
"""The files that each choice makes, for each world."""


class ArrayWriter:
    """Appends arrays to a compressed .npz; finished only by `close`."""

    def __init__(self, path: Path) -> None:
        self.frames = 0
        self._file = path.open("wb")
        self._zip = zipfile.ZipFile(self._file, "w")

    def write(self, array: NDArray[np.generic]) -> None:
        """Append one frame; a mask is kept as bits, packed along its last axis."""
        if array.dtype == np.bool_:
            array = np.packbits(array.astype(np.uint8), axis=-1)
        content = io.BytesIO()
        np.lib.format.write_array(content, np.ascontiguousarray(array))
        # The fixed date of ZipInfo keeps equal content equal in bytes.
        entry = zipfile.ZipInfo(f"frame_{self.frames:04d}.npy")
        self._zip.writestr(entry, content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=1)
        self.frames += 1

    def close(self) -> None:
        if self._file.closed:
            return
        try:
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()

    def abandon(self) -> None:
        self._file.close()


def read_arrays(path: Path) -> Iterator[NDArray[np.generic]]:
    """The arrays of a layer, in frame order."""
    with np.load(path) as frames:
        for name in sorted(frames.files):
            yield frames[name]
