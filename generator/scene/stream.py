"""A stream of random numbers with a name: sha256 in counter mode.

Not numpy's Generator, for two reasons: numpy may change what its distributions draw from one release
to the next (NEP 19), and a spec with its seed must mean the same scene for ever; and importing numpy
takes longer than everything else that `check` does.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence


class Stream:
    """Independent for each name; equal names draw equal numbers, on any machine."""

    def __init__(self, name: str) -> None:
        self._key = hashlib.sha256(name.encode()).digest()
        self._count = 0

    def random(self) -> float:
        """Uniform in [0, 1), with all 53 bits."""
        block = hashlib.sha256(self._key + self._count.to_bytes(8, "little")).digest()
        self._count += 1
        return (int.from_bytes(block[:8], "little") >> 11) * 2.0**-53

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * self.random()

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """Gaussian (Box and Muller, 1958; the second value is thrown away)."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.random()))
        return mean + deviation * radius * math.cos(2.0 * math.pi * self.random())

    def integers(self, low: int, high: int) -> int:
        """Whole, low <= n < high. The bias is below (high - low) / 2**53."""
        return low + min(int(self.random() * (high - low)), high - low - 1)

    def sample(self, count: int, size: int) -> list[int]:
        """`size` different numbers below `count`, in random order (Fisher and Yates)."""
        pool = list(range(count))
        for i in range(size):
            j = self.integers(i, count)
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:size]

    def shuffled(self, things: Sequence[str]) -> list[str]:
        return [things[i] for i in self.sample(len(things), len(things))]
