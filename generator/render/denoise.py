"""Open Image Denoise, held steady: the same linear light gives the same picture on every frame.

Left to itself OIDN scales its input by the picture's own brightness, so that a lamp coming into view would
change the far wall. `input_scale` is fixed for a film instead.

OIDN may be told that albedo and normal are free of noise (`cleanAux`), and then draws every grain of theirs
into the picture. Behind glass and out of focus they are as noisy as the light: told so wrongly, 8 samples of
the `shadow` scene lose 3.3 dB, 32 lose 1.6 dB. So they are called noisy, or cleaned first (`prefilter`, which
gains another 0.3 to 0.7 dB for four times the time).
"""

from __future__ import annotations

import numpy as np
import pyoidn

from generator.errors import RenderError
from generator.render.cycles import Image, Passes

PREFILTER_QUALITY = "balanced"
"""At most, for albedo and normal: with `high` all denoising takes half as long again, to the same 0.01 dB."""
_QUALITY = {
    "fast": pyoidn.OIDN_QUALITY_FAST,
    "balanced": pyoidn.OIDN_QUALITY_BALANCED,
    "high": pyoidn.OIDN_QUALITY_HIGH,
}


class Denoiser:
    """One OIDN device on the CPU and its filters, kept for a film."""

    def __init__(
        self,
        quality: str,
        threads: int | None = None,
        input_scale: float | None = 1.0,
        prefilter: bool = False,
    ) -> None:
        """input_scale: None lets OIDN find one for each picture."""
        self._device = pyoidn.Device()
        if threads:
            self._device.set_int("numThreads", threads)
        self._device.set_bool("setAffinity", False)
        self._device.commit()
        self._filter = pyoidn.Filter(self._device)
        self._filter.set_bool("hdr", True)
        self._filter.set_bool("cleanAux", prefilter)
        self._filter.set_quality(_QUALITY[quality])
        if input_scale is not None:
            self._filter.set_float("inputScale", input_scale)
        self._prefilters: dict[str, pyoidn.Filter] = {}
        for name in ("albedo", "normal") if prefilter else ():
            self._prefilters[name] = pyoidn.Filter(self._device)
            self._prefilters[name].set_quality(_QUALITY[PREFILTER_QUALITY if quality == "high" else quality])

    def __call__(self, passes: Passes) -> Image:
        """The clean picture, (H, W, 3) float32 linear. RenderError if OIDN fails."""
        inputs = {
            "color": np.maximum(passes.color, 0),
            "albedo": np.clip(passes.albedo, 0, 1),
            "normal": passes.normal,
        }
        arrays = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in inputs.items()}
        for name, prefilter in self._prefilters.items():
            arrays[name] = self._run(prefilter, {name: arrays[name]})
        return self._run(self._filter, arrays)

    def _run(self, filter_: pyoidn.Filter, arrays: dict[str, Image]) -> Image:
        """`arrays` by OIDN's names through one filter; all have one shape."""
        output = np.empty_like(next(iter(arrays.values())))
        for name, array in {**arrays, "output": output}.items():
            filter_.set_image(name, array, pyoidn.OIDN_FORMAT_FLOAT3)
        filter_.commit()
        filter_.execute()
        error = self._device.get_error()
        if error is not None:
            raise RenderError(f"denoising failed: {error}")
        return output


def version() -> str:
    """Version of the OIDN library in use."""
    return str(pyoidn.version.oidn_version)
