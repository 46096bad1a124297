"""A thousand slips in five specs, taken as far as they go: every one is filmed, or gives a clear error.

    python benchmarks/mutations.py [--each 200] [--seed 0] [--film-every 5] [--workers 2] [SCENE ...]

Resolves each mutant; simulates every one that resolves (two frames); films one in `--film-every` of those
(one frame at 64x36). Each worker is a process of its own, so that a crash of Blender or PyBullet, or a
mutant that takes longer than `--limit` seconds, is counted and named instead of ending the run. Progress
goes to stderr, a tally in Markdown to stdout, also when the run is stopped with Ctrl-C or SIGTERM.
Exits 1 if anything crashed or hung.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from generator.errors import ButforError

SCENES = sorted((Path(__file__).parents[1] / "scenes").glob("*.yaml"))
FRESH_AFTER = 25
"""Mutants that one process takes before a new one is started: Blender's memory grows."""
SLOW = 20.0
"""Seconds from which a mutant is named as slow."""


@dataclass(frozen=True)
class Job:
    """One mutant: of which spec, its number there, what was done to it, and whether it is to be filmed."""

    path: str
    number: int
    what: str
    text: str
    film: bool


def try_mutant(job: Job) -> tuple[str, str]:
    """(outcome, what was said or done); anything but a ButforError gets out."""
    from generator.physics.causality import trace
    from generator.physics.simulate import simulate
    from generator.scene.load import load_text
    from generator.scene.resolve import resolve

    try:
        scene = resolve(load_text(job.text, Path(job.path)), seed=job.number, frames=2, size=(64, 36))
    except ButforError as error:
        return "clear error in the spec", str(error)
    try:
        factual = simulate(scene)
        others = {}
        for intervention in scene.interventions[:1]:
            others[intervention.name] = simulate(scene, intervention.remove)
            trace(scene, factual, others[intervention.name], intervention.remove)
        if not job.film:
            return "simulated", job.what
        from generator.render.film import FilmOptions, SceneFilm

        frames = list(SceneFilm(scene, factual, others, FilmOptions(quality="draft", device="cpu")))
        assert len(frames) == 2
        return "filmed", job.what
    except ButforError as error:
        return "clear error in the scene", str(error)


def _serve(pipe: multiprocessing.connection.Connection) -> None:
    """A worker: tries what it is sent and answers, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)  # PyBullet chatters on stdout, which is for the tally
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            answer = try_mutant(job)
        except Exception as error:  # the point of the run: name what should not get out
            answer = "CRASH", f"{type(error).__name__}: {error}"
        pipe.send(answer)


class Worker:
    """One process and the mutant that it has in hand."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.began = 0.0
        self.taken = 0

    def give(self, job: Job) -> None:
        self.job, self.began, self.taken = job, time.monotonic(), self.taken + 1
        self.pipe.send(job)

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


@dataclass
class Report:
    """What came of the mutants so far."""

    total: int
    tally: collections.Counter[str] = field(default_factory=collections.Counter)
    said: dict[str, collections.Counter[str]] = field(
        default_factory=lambda: collections.defaultdict(collections.Counter)
    )
    bad: list[str] = field(default_factory=list)
    seconds: list[tuple[float, str]] = field(default_factory=list)

    def add(self, job: Job, outcome: str, said: str, seconds: float) -> None:
        name = f"{Path(job.path).name} {job.number} ({job.what})"
        first = (said.splitlines() or [""])[0]
        self.tally[outcome] += 1
        self.said[outcome][first[:150]] += 1
        self.seconds.append((seconds, name))
        if outcome in ("CRASH", "HANG"):
            self.bad.append(f"{outcome} {name}: {first}")
            print(self.bad[-1], file=sys.stderr, flush=True)
        elif seconds > SLOW:
            print(f"slow: {seconds:.0f} s, {name}: {outcome}", file=sys.stderr, flush=True)
        done = len(self.seconds)
        if done % 25 == 0 or done == self.total:
            counts = ", ".join(f"{count} {outcome}" for outcome, count in self.tally.most_common())
            print(f"{done} of {self.total}: {counts}", file=sys.stderr, flush=True)

    def write(self) -> None:
        print("| outcome | mutants |\n|---|---|")
        for outcome, count in self.tally.most_common():
            print(f"| {outcome} | {count} |")
        missing = self.total - len(self.seconds)
        if missing:
            print(f"| not tried: stopped | {missing} |")
        print("\nerrors met only when the scene was simulated or filmed:")
        for said, count in self.said["clear error in the scene"].most_common(8):
            print(f"    {count}x {said}")
        print("slowest:")
        for seconds, name in sorted(self.seconds, reverse=True)[:5]:
            print(f"    {seconds:.1f} s {name}")
        for line in self.bad:
            print(line)


def run(jobs: Sequence[Job], workers: int, limit: float, report: Report) -> None:
    """Have every job tried; a worker that dies or takes longer than `limit` seconds is replaced."""
    waiting: Iterator[Job] = iter(jobs)
    crew: list[Worker] = []
    try:
        while True:
            while len(crew) < workers and (job := next(waiting, None)) is not None:
                crew.append(Worker())
                crew[-1].give(job)
            if not crew:
                return
            ready = multiprocessing.connection.wait([worker.pipe for worker in crew], timeout=1.0)
            for worker in list(crew):
                assert worker.job is not None
                seconds, spent = time.monotonic() - worker.began, False
                if worker.pipe in ready:
                    try:
                        outcome, said = worker.pipe.recv()
                    except (EOFError, ConnectionError):
                        worker.process.join()
                        outcome, said, spent = "CRASH", f"process ended: {worker.process.exitcode}", True
                elif seconds > limit:
                    outcome, said, spent = "HANG", f"no answer in {limit:.0f} s", True
                else:
                    continue
                report.add(worker.job, outcome, said, seconds)
                following = None if spent or worker.taken >= FRESH_AFTER else next(waiting, None)
                if following is None:
                    worker.end()
                    crew.remove(worker)
                else:
                    worker.give(following)
    finally:
        for worker in crew:
            worker.end()


def main() -> int:
    from tests.mutate import mutants

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenes", metavar="SCENE", nargs="*", type=Path, default=SCENES)
    parser.add_argument("--each", type=int, default=200, help="mutants of each spec")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other mutants")
    parser.add_argument("--film-every", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds a mutant may take")
    options = parser.parse_args()
    jobs = [
        Job(str(path), i, what, text, i % options.film_every == 0)
        for path in options.scenes
        for i, (what, text) in enumerate(mutants(path.read_text(), options.each, options.seed))
    ]
    report = Report(len(jobs))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(jobs, options.workers, options.limit, report)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    report.write()
    return 1 if report.bad or len(report.seconds) < len(jobs) else 0


if __name__ == "__main__":
    sys.exit(main())
