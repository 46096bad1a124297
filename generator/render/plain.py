"""The plain way to film: every world of every frame rendered whole and denoised whole.

It is what the films by tiles (`static_painter`, `moving_painter`) are measured against, and the way to film
what tiles cannot: motion blur, where hardly a tile of a frame is that of another. A blurred picture is the
mean of a few instants.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator.render import cycles
from generator.render.clock import Clock
from generator.render.cycles import Image, Passes
from generator.render.denoise import Denoiser
from generator.render.quality import Quality
from generator.render.stage import Stage
from generator.render.worlds import World

INSTANTS = 8
"""Instants to a blurred picture; each has its own seed, or their noise would not average out."""


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
                passes = self._render(world, frame)
            with self._clock("denoise"):
                pictures[name] = self._denoiser(passes)
        return pictures

    def _render(self, world: World, frame: int) -> Passes:
        scene, samples = self._stage.scene, self._quality.samples
        shutter = scene.film.motion_blur
        if shutter == 0:
            self._stage.show(world.poses[frame], world.removed)
            return cycles.render(samples)
        total = None
        for instant in range(INSTANTS):
            time = frame + ((instant + 0.5) / INSTANTS - 0.5) * shutter
            self._stage.set_camera(time)
            self._stage.show(world.poses_at(time), world.removed)
            passes = cycles.render(max(1, samples // INSTANTS), seed=scene.seed + instant)
            stack = np.stack([passes.color, passes.albedo, passes.normal]) / INSTANTS
            total = stack if total is None else total + stack
        assert total is not None
        return Passes(total[0], total[1], total[2])

    def report(self) -> dict[str, object]:
        """What was spent, for the pair's metadata."""
        return {"method": "plain", "samples": self._quality.samples}
