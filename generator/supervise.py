"""Runs jobs in fresh processes, some at a time, and tells a person how it goes.

A process makes one scene: that keeps memory flat over thousands, and a crash of Blender costs one
scene. Stopping this process stops them all.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from generator import storage
from generator.jobs import Job, job_to_json

PATIENCE = 4.0
"""Seconds a stopped process has to tidy up before it is killed."""


class Stopped(Exception):
    """A signal asked us to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass
class Child:
    """One running job."""

    job: Job
    process: subprocess.Popen[bytes]
    events: IO[bytes]
    log: IO[bytes]
    rest: bytes = b""
    failed: bool = False


@dataclass
class Outcome:
    """What came of all jobs."""

    made: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    exit_code: int = 0


class Display:
    """Progress on stderr: a bar on a terminal, plain lines elsewhere, or nothing."""

    def __init__(self, scenes: int, quiet: bool) -> None:
        self._scenes, self._quiet = scenes, quiet
        self._bar: Any = None
        self._began = time.monotonic()
        self._frames: dict[int, tuple[int, int]] = {}
        self._told = 0.0
        if not quiet and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=0, unit="frame", dynamic_ncols=True, leave=False)

    def stage(self, key: int, job: Job, name: str, facts: dict[str, Any]) -> None:
        more = f", draw {facts['attempt'] + 1}" if facts.get("attempt") else ""
        self.line(f"{_title(job)}: {name}{more}")

    def frame(self, key: int, job: Job, done: int, total: int) -> None:
        self._frames[key] = (done, total)
        if self._bar is not None:
            # Scenes that have not begun are taken to be as long as those that have.
            self._bar.total = round(
                self._scenes * sum(t for _, t in self._frames.values()) / len(self._frames)
            )
            self._bar.n = sum(d for d, _ in self._frames.values())
            self._bar.refresh()
        elif not self._quiet and (time.monotonic() - self._told > 10 or done == total):
            self._told = time.monotonic()
            self.line(f"{_title(job)}: frame {done} of {total}, {time.monotonic() - self._began:.0f} s")

    def line(self, text: str) -> None:
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            try:
                print(text, file=sys.stderr, flush=True)
            except OSError:  # whoever read it is gone; the work goes on
                self._quiet = True

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def supervise(
    jobs: Iterable[Job], count: int, workers: int = 1, quiet: bool = False, debug: bool = False
) -> Outcome:
    """Run every one of `count` jobs; at most `workers` at once. Raises Stopped on SIGINT or SIGTERM.

    Jobs are taken one by one as there is room for them: a count of a thousand million costs no memory.
    """
    outcome = Outcome()
    waiting = iter(jobs)
    following = next(waiting, None)
    children: list[Child] = []
    display = Display(count, quiet)
    with _signals(), selectors.DefaultSelector() as selector:
        try:
            while following is not None or children:
                while following is not None and len(children) < max(1, workers):
                    child = _start(following)
                    following = next(waiting, None)
                    children.append(child)
                    selector.register(child.events, selectors.EVENT_READ, child)
                for key, _ in selector.select(timeout=1.0):
                    child = key.data
                    if _listen(child, display, outcome, debug):
                        selector.unregister(child.events)
                        children.remove(child)
                        _bury(child, outcome, debug)
        finally:
            _stop(children)
            display.close()
    return outcome


def _start(job: Job) -> Child:
    reading, writing = os.pipe()
    # The log is kept only as long as the process: it tells why, if it dies without a word.
    log = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the child
    process = subprocess.Popen(
        [sys.executable, "-m", "generator.worker", str(writing)],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        pass_fds=(writing,),
        start_new_session=True,  # Ctrl-C on the terminal is ours to hand on
        env={**os.environ, "PYTHONPATH": os.pathsep.join(_package_path())},
    )
    os.close(writing)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(job_to_json(job)).encode())
        process.stdin.close()
    return Child(job, process, os.fdopen(reading, "rb", buffering=0), log)


def _package_path() -> list[str]:
    """So that a fresh process finds this package wherever it is started from."""
    return [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]


def _listen(child: Child, display: Display, outcome: Outcome, debug: bool) -> bool:
    """Take in what the child has said; True when it has said its last."""
    data = child.events.read(65536)
    child.rest += data or b""
    *lines, child.rest = child.rest.split(b"\n")
    for line in lines:
        event = json.loads(line)
        kind = event.pop("event")
        key = id(child)
        if kind == "stage":
            display.stage(key, child.job, event.pop("name"), event)
        elif kind == "frame":
            display.frame(key, child.job, event["done"], event["total"])
        elif kind == "note":
            display.line(event["text"])
        elif kind == "pair":
            (outcome.skipped if event["skipped"] else outcome.made).append(event["path"])
            display.line(f"{event['path']}: {'already complete' if event['skipped'] else event['story']}")
        elif kind == "error":
            child.failed = True
            outcome.exit_code = max(outcome.exit_code, event["code"])
            outcome.errors.append(event["text"])
            if debug:
                outcome.errors.append(event.get("trace", "").rstrip())
    return not data


def _bury(child: Child, outcome: Outcome, debug: bool) -> None:
    code = child.process.wait()
    child.events.close()
    if code and not child.failed:
        how = f"exit code {code}"
        if code < 0:
            how = f"signal {-code} ({signal.Signals(-code).name})"
            if -code == signal.SIGKILL:
                how += ": out of memory? a smaller --size or fewer --workers need less"
            elif not debug:
                how += " (--debug shows its last words)"
        outcome.exit_code = max(outcome.exit_code, 1)
        outcome.errors.append(f"{_title(child.job)}: the renderer ended with {how}")
        if debug:
            child.log.seek(0)
            outcome.errors.append(child.log.read()[-4000:].decode(errors="replace").rstrip())
    child.log.close()
    storage.clear_of(Path(child.job.out), child.process.pid)


def _stop(children: Sequence[Child]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:  # deep in a render call, where no handler runs
            child.process.kill()
            child.process.wait()
        storage.clear_of(Path(child.job.out), child.process.pid)
        child.events.close()
        child.log.close()


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """SIGINT and SIGTERM raise Stopped, once: a second one must not cut the tidying short."""

    def stop(number: int, _: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _title(job: Job) -> str:
    return f"{Path(job.spec).stem} seed {job.seed}" if not job.spec.endswith(".json") else job.spec
