"""Open Image Denoise, held steady: the same linear light gives the same picture on every frame.

Left to itself OIDN scales its input by the picture's own brightness, so that a lamp coming into view would
change the far wall. `input_scale` is fixed for a film instead.
"""

from __future__ import annotations

import numpy as np
import pyoidn

from generator.errors import RenderError
from generator.render.cycles import Image, Passes

_QUALITY = {
    "fast": pyoidn.OIDN_QUALITY_FAST,
    "balanced": pyoidn.OIDN_QUALITY_BALANCED,
    "high": pyoidn.OIDN_QUALITY_HIGH,
}


class Denoiser:
    """One OIDN device on the CPU and one filter, kept for a film."""

    def __init__(self, quality: str, threads: int | None = None, input_scale: float = 1.0) -> None:
        self._device = pyoidn.Device()
        if threads:
            self._device.set_int("numThreads", threads)
        self._device.set_bool("setAffinity", False)
        self._device.commit()
        self._filter = pyoidn.Filter(self._device)
        self._filter.set_bool("hdr", True)
        self._filter.set_bool("cleanAux", True)
        self._filter.set_quality(_QUALITY[quality])
        self._filter.set_float("inputScale", input_scale)

    def __call__(self, passes: Passes) -> Image:
        """The clean picture, (H, W, 3) float32 linear. RenderError if OIDN fails."""
        inputs = {
            "color": np.maximum(passes.color, 0),
            "albedo": np.clip(passes.albedo, 0, 1),
            "normal": passes.normal,
        }
        arrays = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in inputs.items()}
        arrays["output"] = np.empty_like(arrays["color"])
        for name, array in arrays.items():
            self._filter.set_image(name, array, pyoidn.OIDN_FORMAT_FLOAT3)
        self._filter.commit()
        self._filter.execute()
        error = self._device.get_error()
        if error is not None:
            raise RenderError(f"denoising failed: {error}")
        return arrays["output"]


def version() -> str:
    """Version of the OIDN library in use."""
    return str(pyoidn.version.oidn_version)
