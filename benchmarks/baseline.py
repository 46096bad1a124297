"""The naive film: every picture of every world rendered whole, as Blender alone would do it well.

32 samples, one fixed seed, persistent data, and Open Image Denoise as Cycles runs it with prefilter
`Accurate`: albedo and normals are denoised first, then the picture by them, at high quality. Two things are
chosen in its favour, by error times cost: light tree on or off, and the denoiser's own scale or a fixed one.
"""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from benchmarks.evidence import Place
from benchmarks.metrics import Picture, SquaredError, Truth
from benchmarks.studio import Studio
from generator.render.denoise import Denoiser

SAMPLES = 32


@dataclass(frozen=True)
class Recipe:
    """What is left open of the naive film."""

    light_tree: bool
    input_scale: float | None

    def __str__(self) -> str:
        scale = "OIDN's own scale" if self.input_scale is None else "fixed OIDN scale"
        return f"light tree {'on' if self.light_tree else 'off'}, {scale}"


@dataclass
class Costs:
    """Processor seconds of the naive pictures, by world; `once` is spent once a film."""

    once: float = 0.0
    pictures: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rendering: float = 0.0
    denoising: float = 0.0

    def picture(self, world: str) -> float:
        """Of a picture of `world`, on average."""
        return float(np.mean(self.pictures[world]))

    def film(self, worlds: Sequence[str], frames: int) -> float:
        """Of a film of so many frames, from the pictures that were measured."""
        return self.once + frames * sum(self.picture(world) for world in worlds)


def choose(studio: Studio, truths: Mapping[Place, Truth]) -> tuple[Recipe, list[str]]:
    """The better recipe of four by error times cost, and what was measured of each."""
    tried: dict[Recipe, tuple[float, float]] = {}
    for tree in (True, False):
        studio.light_tree(tree)
        _warm(studio)
        scales: tuple[float | None, ...] = (None, 1.0)
        denoisers = {scale: Denoiser("high", input_scale=scale, prefilter=True) for scale in scales}
        errors = {scale: SquaredError() for scale in scales}
        seconds = dict.fromkeys(scales, 0.0)
        for (frame, world), truth in truths.items():
            start = time.process_time()
            passes = studio.render(world, frame, SAMPLES)
            rendered = time.process_time() - start
            for scale, denoise in denoisers.items():
                start = time.process_time()
                clean = denoise(passes)
                seconds[scale] += rendered + time.process_time() - start
                picture = studio.picture(clean, frame)
                errors[scale].add(picture, truth, np.ones(picture.shape[:2], dtype=bool))
        for scale in scales:
            tried[Recipe(tree, scale)] = errors[scale].mean, seconds[scale] / len(truths)
    best = min(tried, key=lambda recipe: tried[recipe][0] * tried[recipe][1])
    told = [f"{recipe}: MSE {mse:.2f}, {cost:.2f} s a picture" for recipe, (mse, cost) in tried.items()]
    return best, told


def film(
    studio: Studio, recipe: Recipe, places: Sequence[Place], shown: Sequence[Place]
) -> tuple[dict[Place, NDArray[np.float32]], Costs]:
    """Film `places`, in film order; those of `shown` are kept."""
    costs, pictures = Costs(), {}
    start = time.process_time()
    studio.light_tree(recipe.light_tree)
    denoise = Denoiser("high", input_scale=recipe.input_scale, prefilter=True)
    _warm(studio)
    costs.once = time.process_time() - start
    for frame, world in sorted(places, key=lambda place: (place[0], list(studio.worlds).index(place[1]))):
        start = time.process_time()
        passes = studio.render(world, frame, SAMPLES)
        rendered = time.process_time()
        clean = denoise(passes)
        denoised = time.process_time()
        picture: Picture = studio.picture(clean, frame)
        costs.pictures[world].append(time.process_time() - start)
        costs.rendering += rendered - start
        costs.denoising += denoised - rendered
        if (frame, world) in shown:
            pictures[frame, world] = picture
    return pictures, costs


def _warm(studio: Studio) -> None:
    """What the first render of a film costs besides its samples."""
    studio.render(next(iter(studio.worlds)), 0, 1)


def block(frames: Sequence[int], worlds: Sequence[str]) -> list[Place]:
    """Every frame of every world."""
    return list(itertools.product(frames, worlds))
