"""A film of one scene: the factual world and every counterfactual one, frame by frame.

`SceneFilm` owns what all ways to film share: the stage, exposure, exact geometry and the report. How pictures
come about is a painter's business.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.physics.motion import Motion
from generator.render import cycles, denoise, display
from generator.render.camera import pinhole
from generator.render.clock import Clock
from generator.render.frames import CounterfactualView, FrameSet
from generator.render.moving_painter import MovingPainter
from generator.render.plain import PlainPainter
from generator.render.quality import PRESETS, FilmOptions
from generator.render.stage import Stage
from generator.render.static_painter import StaticPainter
from generator.render.steadiness import Steadiness
from generator.render.tile_painter import Workshop
from generator.render.visibility import Sight, Visibility
from generator.render.worlds import FACTUAL, World, film_worlds
from generator.scene.scene import Scene

METER_SAMPLES = 8
METER_WIDTH = 168
LIGHT_TREE_FROM = 12
"""Lamps from which Cycles' light tree pays; with few it costs 1.2 dB at equal samples."""


class SceneFilm:
    """Iterable once, over `FrameSet` in frame order; afterwards `report` says how it was made.

    Needs the whole of Blender: one film in a process at a time. Raises RenderError when Blender cannot render
    and UsageError for a device that is not there.
    """

    def __init__(
        self,
        scene: Scene,
        factual: Motion,
        counterfactuals: Mapping[str, Motion],
        options: FilmOptions | None = None,
        visibility: Visibility | None = None,
    ) -> None:
        """visibility: of this scene, where it has been built already and nothing was shown since."""
        self.scene = scene
        self._built = visibility
        self.options = options or FilmOptions()
        self._quality = PRESETS[self.options.quality]
        self._worlds = film_worlds(scene, factual, counterfactuals)
        self._clock = Clock()
        self._started = False
        self.report: dict[str, object] = {}

    def __len__(self) -> int:
        return self.scene.frames

    def __iter__(self) -> Iterator[FrameSet]:
        if self._started:
            raise RuntimeError("a film can be watched once: make another SceneFilm")
        self._started = True
        return self._frames()

    def _frames(self) -> Iterator[FrameSet]:
        scene, options, quality, clock = self.scene, self.options, self._quality, self._clock
        with clock("build"):
            self._visibility = self._built or Visibility(Stage(scene))
            stage = self._visibility.stage
            stage.forms.update(self._worlds[FACTUAL].forms)
            cycles.set_up(scene.size, scene.seed, options.threads, light_tree=_many_lights())
            device = cycles.choose_device(options.device)
        with clock("meter"):
            exposure = self._expose(stage)
            finish = display.Finish(scene.film, scene.size, scene.seed)
        prefilter = quality.prefilter if scene.camera.stands else quality.moving_prefilter
        denoiser = denoise.Denoiser(quality.denoise_quality, options.threads, prefilter=prefilter)
        painter: PlainPainter | StaticPainter | MovingPainter
        if options.method == "plain" or scene.film.motion_blur > 0:
            painter = PlainPainter(stage, self._worlds, quality, denoiser, clock)
        else:
            kind = StaticPainter if scene.camera.stands else MovingPainter
            painter = kind(
                Workshop(stage, self._visibility, self._worlds, quality, exposure, denoiser, clock)
            )
        steadiness = {name: Steadiness() for name in self._worlds} if scene.camera.stands else {}
        project = {name: display.Projector() for name in self._worlds}
        for frame in range(scene.frames):
            stage.set_camera(frame)
            pictures = painter.paint(frame)
            with clock("display"):
                rgb = {name: finish(project[name](picture), frame) for name, picture in pictures.items()}
            with clock("geometry"):
                frame_set = self._frame_set(frame, rgb)
            with clock("steadiness"):
                for name, meter in steadiness.items():
                    ids = frame_set.ids if name == FACTUAL else frame_set.views[name].ids
                    meter.add(rgb[name], ids, self._worlds[name].poses[frame])
            yield frame_set
        self.report = {
            **painter.report(),
            "engine": f"Blender {bpy.app.version_string} Cycles",
            "denoiser": f"Open Image Denoise {denoise.version()}",
            "device": device,
            "machine": platform.machine(),
            "quality": options.quality,
            "seed": scene.seed,
            "exposure": exposure,
            "steadiness": {name: meter.report() for name, meter in steadiness.items()},
            "cpu_seconds": {stage_name: round(seconds, 2) for stage_name, seconds in clock.seconds.items()},
            "camera": self._camera_report(),
        }

    def _expose(self, stage: Stage) -> float:
        """Choose the exposure, once for the film and all its worlds, and set the view to it."""
        scene = self.scene
        exposure = scene.film.exposure
        if exposure is None:
            factual = self._worlds[FACTUAL]
            stage.show(factual.poses[0], factual.removed)
            width, height = scene.size
            small = min(1.0, METER_WIDTH / width)
            with cycles.picture_size((round(width * small), round(height * small))):
                exposure = display.meter(cycles.render(METER_SAMPLES).color, scene.film.key)
        display.set_view(scene.film, exposure)
        return exposure

    def _sight(self, name: str, frame: int, without: frozenset[str] = frozenset()) -> Sight:
        world = self._worlds[name]
        camera = pinhole(self.scene.camera, frame, self.scene.size)
        return self._visibility.look(camera, world.poses[frame], world.removed | without)

    def _frame_set(self, frame: int, rgb: Mapping[str, NDArray[np.uint8]]) -> FrameSet:
        factual = self._sight(FACTUAL, frame)
        layers = self._layers(FACTUAL, factual, frame)
        views = {}
        for name, world in self._worlds.items():
            if name == FACTUAL:
                continue
            sight = self._sight(name, frame)
            hidden = self._sight(FACTUAL, frame, without=world.removed)
            moved = world.moved[frame]
            views[name] = CounterfactualView(
                rgb[name], sight.ids, hidden.ids, moved, hidden.same_surface(sight, moved)
            )
            layers.update(self._layers(name, sight, frame))
        return FrameSet(frame, rgb[FACTUAL], factual.ids, views, layers)

    def _layers(self, name: str, sight: Sight, frame: int) -> dict[str, NDArray[np.generic]]:
        """What was asked for besides. Flow past either end of the film is zero."""
        wanted = self.options.layers
        layers: dict[str, NDArray[np.generic]] = {}
        if "depth" in wanted:
            layers[f"{name}/depth"] = sight.depth
        if "normal" in wanted:
            layers[f"{name}/normal"] = sight.normals()
        if "amodal" in wanted:
            layers[f"{name}/amodal"] = sight.amodal()
        if "flow" in wanted:
            for layer, other in (("flow_forward", frame + 1), ("flow_backward", frame - 1)):
                there = min(max(other, 0), self.scene.frames - 1)
                if there == frame:
                    layers[f"{name}/{layer}"] = np.zeros((*sight.ids.shape, 2), dtype=np.float32)
                    continue
                camera = pinhole(self.scene.camera, there, self.scene.size)
                layers[f"{name}/{layer}"] = sight.flow(camera, self._worlds[name].poses[there])
        return layers

    def _camera_report(self) -> dict[str, object]:
        """Matrices of the pinhole camera at every frame: pixels; camera axes x right, y down, z forward."""
        cameras = [pinhole(self.scene.camera, frame, self.scene.size) for frame in range(self.scene.frames)]
        return {
            "intrinsics": [camera.intrinsics.tolist() for camera in cameras],
            "world_to_camera": [camera.world_to_camera.tolist() for camera in cameras],
        }


def _many_lights() -> bool:
    return sum(obj.type == "LIGHT" for obj in bpy.context.scene.objects) >= LIGHT_TREE_FROM


__all__ = ["FilmOptions", "SceneFilm", "World"]
