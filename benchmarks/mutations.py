"""A thousand slips in five specs, taken as far as they go: every one is filmed, or gives a clear error.

    python benchmarks/mutations.py [--each 200] [--film-every 5] [--workers 2]

Resolves each mutant; simulates every one that resolves (two frames); films one in `--film-every` of those
(one frame at 64x36). Each worker is a process of its own, so that a crash of Blender or PyBullet would be
counted and named instead of ending the run. Prints a tally in Markdown; exits 1 if anything crashed.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from generator.errors import ButforError

SCENES = sorted((Path(__file__).parents[1] / "scenes").glob("*.yaml"))


def try_mutant(path: str, number: int, what: str, text: str, film: bool) -> tuple[str, str]:
    """(outcome, what was said or done); anything but a ButforError gets out."""
    from generator.physics.causality import trace
    from generator.physics.simulate import simulate
    from generator.scene.load import load_text
    from generator.scene.resolve import resolve

    try:
        scene = resolve(load_text(text, Path(path)), seed=number, frames=2, size=(64, 36))
    except ButforError as error:
        return "clear error in the spec", str(error)
    try:
        factual = simulate(scene)
        others = {}
        for intervention in scene.interventions[:1]:
            others[intervention.name] = simulate(scene, intervention.remove)
            trace(scene, factual, others[intervention.name], intervention.remove)
        if not film:
            return "simulated", what
        from generator.render.film import FilmOptions, SceneFilm

        frames = list(SceneFilm(scene, factual, others, FilmOptions(quality="draft", device="cpu")))
        assert len(frames) == 2
        return "filmed", what
    except ButforError as error:
        return "clear error in the scene", str(error)


def main() -> int:
    from tests.mutate import mutants

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=200, help="mutants of each spec")
    parser.add_argument("--film-every", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    tally: collections.Counter[str] = collections.Counter()
    told: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    crashes = []
    context = multiprocessing.get_context("spawn")
    for path in SCENES:
        jobs = [
            (str(path), i, what, text, i % options.film_every == 0)
            for i, (what, text) in enumerate(mutants(path.read_text(), options.each))
        ]
        while jobs:
            with ProcessPoolExecutor(options.workers, mp_context=context, max_tasks_per_child=25) as pool:
                futures = [(job, pool.submit(try_mutant, *job)) for job in jobs]
                jobs = []
                for job, future in futures:
                    try:
                        outcome, said = future.result(timeout=300)
                    except BrokenProcessPool:
                        jobs.append(job)
                        continue
                    except Exception as error:  # the point of the run: name what should not get out
                        outcome, said = "CRASH", f"{job[2]}: {type(error).__name__}: {error}"
                        crashes.append((path.name, job[1], said))
                    tally[outcome] += 1
                    told[outcome][said.splitlines()[0][:150]] += 1
            if jobs:  # the first unfinished job broke its process: count it and go on with the rest
                job = jobs.pop(0)
                crashes.append((path.name, job[1], f"{job[2]}: the process died"))
                tally["CRASH"] += 1
    print("| outcome | mutants |\n|---|---|")
    for outcome, count in tally.most_common():
        print(f"| {outcome} | {count} |")
    for said, count in told["clear error in the scene"].most_common(8):
        print(f"    {count}x {said}")
    for crash in crashes:
        print("CRASH", *crash)
    return 1 if crashes else 0


if __name__ == "__main__":
    sys.exit(main())
