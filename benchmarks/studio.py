"""A case's worlds on Blender's stage, for whole pictures: the naive film's, and the truth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import Case
from generator.render import cycles, display
from generator.render.camera import pinhole
from generator.render.cycles import Image, Passes
from generator.render.stage import Stage
from generator.render.visibility import Sight, Visibility
from generator.render.worlds import World, film_worlds


class Studio:
    """One at a time: it empties Blender's memory first. Exposure and light paths are those of the film."""

    def __init__(self, case: Case, exposure: float) -> None:
        self.scene = scene = case.scene
        self.worlds: dict[str, World] = film_worlds(scene, case.factual, case.counterfactuals)
        self.stage = Stage(scene)
        self._visibility = Visibility(self.stage)
        self.light_tree(False)
        cycles.choose_device("cpu")
        display.set_view(scene.film, exposure)
        self._finish = display.Finish(scene.film, scene.size, scene.seed)

    def light_tree(self, on: bool) -> None:
        """Sample lamps by Cycles' light tree, or evenly."""
        cycles.set_up(self.scene.size, self.scene.seed, None, light_tree=on)

    def pose(self, world: str, frame: int) -> None:
        """Stand everything as it is at a frame."""
        self.stage.set_camera(frame)
        self.stage.show(self.worlds[world].poses[frame], self.worlds[world].removed)

    def render(self, world: str, frame: int, samples: int, seed: int | None = None) -> Passes:
        """A whole picture, as sampled. seed: another than the film's."""
        self.pose(world, frame)
        return cycles.render(samples, seed=seed)

    def picture(self, linear: Image, frame: int) -> NDArray[np.float32]:
        """(H, W, 3): what a film would hand on, whole levels of 255."""
        return self._finish(display.to_display(linear), frame).astype(np.float32)

    def look(self, world: str, frame: int) -> Sight:
        """Exact geometry of a world at a frame."""
        camera = pinhole(self.scene.camera, frame, self.scene.size)
        return self._visibility.look(camera, self.worlds[world].poses[frame], self.worlds[world].removed)

    def flow(self, world: str, frame: int, other: int) -> NDArray[np.float32]:
        """(H, W, 2) pixels from one frame to another of a world."""
        camera = pinhole(self.scene.camera, other, self.scene.size)
        return self.look(world, frame).flow(camera, self.worlds[world].poses[other])
