"""A scene filmed twice: by tile states, and whole with many samples; what `truth` then measures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.render import cycles, display
from generator.render.denoise import Denoiser
from generator.render.film import FilmOptions, SceneFilm
from generator.render.quality import QualityName
from generator.render.stage import Stage
from generator.render.tiles import WIDE
from generator.render.worlds import FACTUAL, World, film_worlds
from tests.render import truth
from tests.render.hard import Hard

WITHOUT = "ball"
SEEDS = (101, 202)
"""Of the two references; neither is a film's."""


@dataclass(frozen=True)
class Compared:
    """Films of both worlds, our own and the truth's, at the frames that were compared."""

    ours: dict[str, truth.Film]
    truth: dict[str, truth.Truth]
    ids: dict[str, NDArray[np.integer]]
    equal: float
    tile: int
    static: bool
    rendered: float
    """Share of the tiles shown that were rendered."""
    seconds: tuple[float, float]
    """CPU seconds of the film and of the references."""

    def figures(self) -> truth.Figures:
        return truth.measure(self.ours, self.truth, self.ids, self.tile, self.static, self.equal)


def compare(
    hard: Hard, quality: QualityName = "standard", samples: int = 48, every: int = 1, method: str = "tiles"
) -> Compared:
    """Film `hard`, then render every `every`-th frame whole, twice, with `samples` a pixel each."""
    start = time.process_time()
    film = SceneFilm(
        hard.scene,
        hard.factual,
        {WITHOUT: hard.without},
        FilmOptions(quality=quality, device="cpu", method=method),  # type: ignore[arg-type]  # a name
    )
    frames = list(film)
    filmed = time.process_time()
    chosen = list(range(0, len(frames), every))
    ours = {
        FACTUAL: np.stack([frames[t].rgb for t in chosen]),
        WITHOUT: np.stack([frames[t].views[WITHOUT].rgb for t in chosen]),
    }
    ids = {
        FACTUAL: np.stack([frames[t].ids for t in chosen]),
        WITHOUT: np.stack([frames[t].views[WITHOUT].ids for t in chosen]),
    }
    worlds = film_worlds(hard.scene, hard.factual, {WITHOUT: hard.without})
    shown: dict[str, list[list[NDArray[np.floating]]]] = {name: [] for name in worlds}
    raw: dict[str, list[NDArray[np.floating]]] = {name: [] for name in worlds}
    for pictures in _whole(hard, worlds, chosen, samples):
        for name, (first_raw, both) in pictures.items():
            raw[name].append(first_raw)
            shown[name].append(both)
    same = truth.same_light(np.stack(raw[FACTUAL]), np.stack(raw[WITHOUT]))
    tiles = film.report.get("tiles", {})
    return Compared(
        {name: film.astype(np.float32) for name, film in ours.items()},
        {
            name: truth.Truth(*(np.stack([both[i] for both in pairs]) for i in (0, 1)))
            for name, pairs in shown.items()
        },
        ids,
        truth.equal(ours[FACTUAL], ours[WITHOUT], same),
        16 if hard.scene.size[0] >= WIDE else 8,
        hard.scene.camera.stands,
        tiles["rendered"] / tiles["shown"] if tiles else 1.0,  # type: ignore[index]  # a report
        (filmed - start, time.process_time() - filmed),
    )


def _whole(
    hard: Hard, worlds: dict[str, World], frames: list[int], samples: int
) -> Iterator[dict[str, tuple[NDArray[np.floating], list[NDArray[np.floating]]]]]:
    """Of every world at each frame: the first seed's light, and the pictures of both seeds."""
    scene = hard.scene
    stage = Stage(scene)
    cycles.set_up(scene.size, scene.seed, None, light_tree=False)
    assert scene.film.exposure is not None
    display.set_view(scene.film, scene.film.exposure)
    denoiser = Denoiser("high")
    known: dict[bytes, tuple[NDArray[np.floating], list[NDArray[np.floating]]]] = {}
    for frame in frames:
        stage.set_camera(frame)
        pictures = {}
        for name, world in worlds.items():
            key = world.poses[frame].tobytes() + scene.camera.poses[frame].model_dump_json().encode()
            if key not in known:
                stage.show(world.poses[frame], world.removed)
                passes = [cycles.render(samples, seed=seed) for seed in SEEDS]
                known[key] = passes[0].color, [display.to_display(denoiser(one)) for one in passes]
            pictures[name] = known[key]
        yield pictures
