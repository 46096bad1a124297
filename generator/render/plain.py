"""The plain way to film: every world of every frame rendered whole and denoised whole.

It is what the tile film (`tile_painter`) is measured against, and the way to film what tiles cannot.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.render import cycles
from generator.render.clock import Clock
from generator.render.cycles import Image
from generator.render.denoise import Denoiser
from generator.render.quality import Quality
from generator.render.stage import Stage
from generator.render.worlds import World


class PlainPainter:
    """Paints one frame after another, each world by itself."""

    def __init__(
        self, stage: Stage, worlds: Mapping[str, World], quality: Quality, denoiser: Denoiser, clock: Clock
    ) -> None:
        self._stage, self._worlds, self._quality = stage, worlds, quality
        self._denoiser, self._clock = denoiser, clock

    def paint(self, frame: int) -> dict[str, Image]:
        """The linear picture (H, W, 3) of every world at `frame`."""
        pictures = {}
        for name, world in self._worlds.items():
            with self._clock("render"):
                self._stage.show(world.poses[frame], world.removed)
                passes = cycles.render(self._quality.samples)
            with self._clock("denoise"):
                pictures[name] = self._denoiser(passes)
        return pictures

    def report(self) -> dict[str, object]:
        """What was spent, for the pair's metadata."""
        return {"method": "plain", "samples": self._quality.samples}
