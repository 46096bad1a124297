"""What both ways to film by tiles share: the grid and its probe, what is rendered, and the statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.render.camera import pinhole
from generator.render.clock import Clock
from generator.render.denoise import Denoiser
from generator.render.quality import Quality
from generator.render.stage import Stage
from generator.render.tile_store import TileStore
from generator.render.tiles import grids
from generator.render.visibility import Sight, Visibility
from generator.render.worlds import World


@dataclass(frozen=True)
class Workshop:
    """What a painter works with; the film's."""

    stage: Stage
    visibility: Visibility
    worlds: Mapping[str, World]
    quality: Quality
    exposure: float
    denoiser: Denoiser
    clock: Clock


class TilePainter:
    """Base of `StaticPainter` and `MovingPainter`."""

    def __init__(self, shop: Workshop) -> None:
        self._stage, self._visibility, self._worlds = shop.stage, shop.visibility, shop.worlds
        self._quality, self._exposure = shop.quality, shop.exposure
        self._denoiser, self._clock = shop.denoiser, shop.clock
        self._scene = shop.stage.scene
        self._grid, self._probe_grid = grids(self._scene.size, shop.quality.probe_step)
        self._store = TileStore(self._grid)
        self._denoised = 0.0

    def _sight(self, world: World, frame: int, hidden: frozenset[str]) -> Sight:
        camera = pinhole(self._scene.camera, frame, self._scene.size)
        return self._visibility.look(camera, world.poses[frame], hidden)

    def _statistics(self, rendered: int, from_plate: int, with_things: int) -> dict[str, object]:
        """For the pair's metadata. rendered: states; from_plate: tiles shown; with_things: of `rendered`."""
        grid, (width, height) = self._grid, self._scene.size
        pictures = self._scene.frames * len(self._worlds)
        return {
            "method": "tiles",
            "tiles": {
                "size": grid.tile,
                "shown": pictures * grid.rows * grid.columns,
                "rendered": rendered,
                "from_plate": from_plate,
                "with_things": with_things,
                "render_calls": self._store.calls,
                "pictures_denoised": round(self._denoised, 2),
                "samples_a_shown_pixel": round(self._store.work / (pictures * width * height), 2),
            },
        }
