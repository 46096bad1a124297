"""Where a film's processor seconds go: every stage of its clock, split by who works in it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from generator.render import cycles
from generator.render.clock import Clock
from generator.render.denoise import Denoiser

CYCLES, OIDN = "Cycles", "OIDN"


class Stopwatch:
    """`seconds[stage, worker]` and `calls[stage, worker]` of whatever is filmed within `watching()`."""

    def __init__(self) -> None:
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)
        self.calls: dict[tuple[str, str], int] = defaultdict(int)
        self._stage = ""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the renderer, the denoiser and the film's clock."""
        with (
            mock.patch.object(cycles, "render", self._timed(CYCLES, cycles.render)),
            mock.patch.object(Denoiser, "__call__", self._timed(OIDN, Denoiser.__call__)),
            mock.patch.object(Clock, "__call__", self._named(Clock.__call__)),
        ):
            yield

    def _timed(self, worker: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return work(*arguments, **options)
            finally:
                self.seconds[self._stage, worker] += time.process_time() - start
                self.calls[self._stage, worker] += 1

        return timed

    def _named(self, clock: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def named(instance: Clock, stage: str) -> Iterator[None]:
            outside, self._stage = self._stage, stage
            try:
                with clock(instance, stage):
                    yield
            finally:
                self._stage = outside

        return named
