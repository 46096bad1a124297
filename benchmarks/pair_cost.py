"""What a film of two worlds costs and how good it is: the tile film against the naive one, in one run.

    python benchmarks/pair_cost.py [--full]

Films the busiest part of a spec with a static and with an orbiting camera, for one and for four
interventions; renders the truth of a few frames twice with many samples; and films the same naively
(`baseline`). Prints tables in Markdown; with nothing else chosen, it also writes them into
`docs/performance.md`.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import baseline, evidence, page, report
from benchmarks.baseline import Recipe
from benchmarks.cases import MANY, Case, static_case
from benchmarks.evidence import Place
from benchmarks.metrics import Picture
from benchmarks.report import Row
from benchmarks.stopwatch import Stopwatch
from benchmarks.studio import Studio
from generator.render.cycles import blender_quiet
from generator.render.film import FilmOptions, SceneFilm
from generator.render.worlds import FACTUAL
from generator.scene.spec import parse_size

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/performance.md"
PARTS = ("static", "moving", "interventions")
CLIP = 6
"""Frames in a row whose flicker is measured."""


@dataclasses.dataclass(frozen=True)
class Mode:
    """How much is measured."""

    name: str
    size: tuple[int, int]
    frames: int
    truths: int
    """Frames whose truth is rendered; the first two follow each other."""
    samples: int
    """Of each of the two renders of a truth."""
    spread: int
    """Further frames, evenly spaced, of which the naive film's cost is measured."""


QUICK = Mode("quick", (256, 144), 12, truths=2, samples=128, spread=0)
FULL = Mode("full", (672, 384), 60, truths=3, samples=256, spread=3)


def ours(case: Case, kept: Sequence[Place], quality: str) -> tuple[dict[Place, Picture], Row]:
    """Film a case by tiles; the pictures of `kept`, and what the film says of itself."""
    watch = Stopwatch()
    film = SceneFilm(
        case.scene,
        case.factual,
        case.counterfactuals,
        FilmOptions(quality=quality, device="cpu"),  # type: ignore[arg-type]  # a choice of the command line
    )
    pictures: dict[Place, Picture] = {}
    with watch.watching():
        for frame in film:
            worlds = {FACTUAL: frame.rgb, **{name: view.rgb for name, view in frame.views.items()}}
            for name, rgb in worlds.items():
                if (frame.index, name) in kept:
                    pictures[frame.index, name] = rgb.astype(np.float32)
    return pictures, Row.of_film(film.report, watch, case.worlds * case.scene.frames)


def measure(
    case: Case, mode: Mode, counts: Sequence[int], quality: str, recipe: Recipe | None
) -> tuple[list[Row], Recipe, list[str]]:
    """Film one camera's cases, ours and naive, with so many interventions each."""
    camera = "static" if case.scene.camera.motion == "static" else "moving"
    counts = [count for count in counts if count <= len(case.counterfactuals)]
    clip, truths, spread = chosen_frames(case.scene.frames, mode)
    scored = [FACTUAL, next(iter(case.counterfactuals))]
    kept = baseline.block(sorted({*clip, *truths}), scored)
    films = {}
    for count in counts:
        say(f"{camera}, {count} intervention(s): filming")
        films[count] = ours(case.only(count), kept, quality)
    exposure = films[counts[0]][1].exposure
    widest = case.only(max(counts))
    studio = Studio(widest, exposure)
    say(f"{camera}: rendering the truth")
    proof = evidence.gather(studio, scored, truths, clip, mode.samples)
    notes: list[str] = []
    if recipe is None:
        say(f"{camera}: choosing the naive recipe")
        first = {place: truth for place, truth in proof.truths.items() if place[0] == truths[0]}
        recipe, notes = baseline.choose(studio, first)
    say(f"{camera}: filming naively")
    others = list(widest.counterfactuals)[1:]
    places = {*kept, *baseline.block(spread, scored), *baseline.block(truths[-2:], others)}
    naive_pictures, costs = baseline.film(studio, recipe, sorted(places), kept)
    rows = []
    for count, (pictures, row) in films.items():
        worlds = list(studio.worlds)[: count + 1]
        row.name(camera, count, evidence.mark(pictures, proof))
        naive = Row.of_naive(costs, worlds, case.scene.frames, row)
        naive.name(camera, count, evidence.mark(naive_pictures, proof))
        rows += [naive, row]
    say(f"{camera}: done\n\n{report.main_table(rows)}\n")
    return rows, recipe, notes


def chosen_frames(frames: int, mode: Mode) -> tuple[list[int], list[int], list[int]]:
    """The frames of the clip whose flicker is measured, those whose truth is rendered, and more for costs."""
    middle = max(0, (frames - CLIP) // 2)
    clip = list(range(middle, min(frames, middle + CLIP)))
    pair = clip[len(clip) // 2 - 1 :][:2]
    apart = [round(f) for f in np.linspace(0.15, 0.85, max(0, mode.truths - 2)) * (frames - 1)]
    spread = [round(f) for f in np.linspace(0, frames - 1, mode.spread)] if mode.spread else []
    return clip, [*pair, *(frame for frame in apart if frame not in pair)], spread


def say(text: str) -> None:
    print(f"{time.process_time():7.0f} CPU s  {text}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="672x384, 60 frames: hours, not minutes")
    parser.add_argument("--spec", type=Path, default=ROOT / "scenes/dominoes.yaml")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", help="width x height; the quick run has 256x144")
    parser.add_argument("--frames", type=int)
    parser.add_argument("--part", action="append", choices=PARTS, help="may be given twice; default all")
    parser.add_argument("--quality", default="standard", choices=("draft", "standard", "final"))
    parser.add_argument("--samples", type=int, help="of each of the two renders of a truth")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    mode = FULL if options.full else QUICK
    chosen = dataclasses.replace(
        mode,
        size=parse_size(options.size) if options.size else mode.size,
        frames=options.frames or mode.frames,
        samples=options.samples or mode.samples,
    )
    parts = options.part or list(PARTS)
    counts = sorted({1, *([MANY] if "interventions" in parts else [])})
    with blender_quiet():  # PyBullet talks to stdout too
        still = static_case(options.spec, options.seed, chosen.size, chosen.frames, max(counts))
    rows: list[Row] = []
    recipe: Recipe | None = None
    notes: list[str] = []
    cameras = {"static": still, "moving": still.orbiting()}
    for camera, case in cameras.items():
        if camera in parts or parts == ["interventions"]:
            more, recipe, said = measure(case, chosen, counts, options.quality, recipe)
            rows, notes = rows + more, notes + said
    text = report.write(rows, chosen.frames, case.scene, recipe, notes, options.quality, chosen.samples)
    print(text)
    usual = (options.spec, options.seed, options.quality) == (ROOT / "scenes/dominoes.yaml", 1, "standard")
    if usual and chosen == mode and not options.part and not options.no_write:
        page.write_between(PAGE, mode.name, text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
