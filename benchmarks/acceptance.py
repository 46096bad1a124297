"""How many draws of a spec are worth filming, and why the others are not: simulation and ID maps, no film.

    python benchmarks/acceptance.py scenes/*.yaml [--seeds 20]

Draws each seed once (a redraw is another seed's equal) and prints a table in Markdown, a row for each spec.
A draw is accepted if one of its interventions is; a reason counts once for a draw that cannot be played at
all, else once for each intervention. `render` keeps the same counts with each pair (`attempts`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.page import table
from generator.draft import Attempts, Draft, draft
from generator.errors import ButforError
from generator.scene.load import load_spec
from generator.scene.resolve import resolve

HEADS = ("scene", "draws", "accepted", "pairs", "bodies affected", "CPU s a draw", "reasons")


@dataclass
class Tally:
    """What came of the draws of one spec."""

    attempts: Attempts = field(default_factory=Attempts)
    accepted: int = 0
    pairs: int = 0
    wanted: int = 0
    """Interventions of the draws that could be drawn at all."""
    affected: int = 0
    """Bodies that move otherwise, over all accepted pairs."""
    seconds: float = 0.0

    def add(self, path: Path, seed: int) -> None:
        """Draw, simulate and judge one seed."""
        began = time.process_time()
        scene = resolve(load_spec(path), seed)
        outcome = draft(scene)
        self.attempts.add(outcome)
        self.wanted += len(scene.interventions)
        if isinstance(outcome, Draft):
            self.accepted += bool(outcome.records)
            self.pairs += len(outcome.records)
            self.affected += sum(len(record.moved) for record in outcome.records.values())
        self.seconds += time.process_time() - began

    def row(self, name: str) -> list[str]:
        draws = max(self.attempts.draws, 1)
        return [
            name,
            str(self.attempts.draws),
            f"{100 * self.accepted / draws:.0f} %",
            f"{self.pairs} of {self.wanted}",
            f"{self.affected / self.pairs:.1f}" if self.pairs else "–",
            f"{self.seconds / draws:.1f}",
            self.attempts.reasons() or "–",
        ]


def measure(path: Path, seeds: int) -> Tally:
    """Seeds 0 to `seeds` - 1 of one spec."""
    tally = Tally()
    for seed in range(seeds):
        tally.add(path, seed)
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("specs", metavar="SPEC", type=Path, nargs="+")
    parser.add_argument("--seeds", metavar="N", type=int, default=20)
    options = parser.parse_args(arguments)
    from generator.render.cycles import blender_quiet

    rows = []
    try:
        with blender_quiet():
            for path in options.specs:
                rows.append(measure(path, options.seeds).row(path.stem))
    except ButforError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(table(HEADS, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
