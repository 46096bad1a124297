"""How much memory making pairs takes, for clips of several lengths.

    python benchmarks/pair_memory.py [--quality draft] [--frames 49 --frames 197]

Makes all pairs of a spec, from the spec to the finished folders, once for each length and each time in a
process of its own, into a folder that is removed again. Prints the peak, what of it had been reached before
the first frame, and how it grew from there: memory must be that of a few frames, however long the clip is.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.page import table
from generator.scene.spec import parse_size

ROOT = Path(__file__).parents[1]


def make(job: dict[str, Any]) -> dict[str, Any]:
    """Make a job's pairs here; MB at its stages."""
    from generator.jobs import job_from_json
    from generator.produce import produce

    reached: dict[str, float] = {}
    by_frame: list[float] = []

    def progress(event: str, **facts: object) -> None:
        if event == "stage":
            reached[str(facts["name"])] = peak()
        elif event == "frame":
            by_frame.append(peak())

    with tempfile.TemporaryDirectory() as folder:
        summary = produce(job_from_json({**job, "out": folder}), progress)
    half = len(by_frame) // 2
    return {
        "pairs": len(summary.made),
        "frames": len(by_frame),
        "before": reached["filming"],
        "first": by_frame[0],
        "half": by_frame[half],
        "last": by_frame[-1],
        "peak": peak(),
        "seconds": time.process_time(),
    }


def peak() -> float:
    """Largest resident size of this process so far, MB."""
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest * (1 if sys.platform == "darwin" else 1024) / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--spec", type=Path, default=ROOT / "scenes/dominoes.yaml")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", default="672x384")
    parser.add_argument("--frames", type=int, action="append", help="may be given often; default 49, 197")
    parser.add_argument("--quality", default="draft", choices=("draft", "standard", "final"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(make(json.loads(options.child))))
        return 0
    rows = []
    for frames in options.frames or [49, 197]:
        job = {
            "spec": str(options.spec.resolve()),
            "out": "",
            "seed": options.seed,
            "quality": options.quality,
            "frames": frames,
            "size": parse_size(options.size),
        }
        child = subprocess.run(
            [sys.executable, __file__, "--child", json.dumps(job)], stdout=subprocess.PIPE, check=True
        )
        told = json.loads(child.stdout.splitlines()[-1])
        names = ("frames", "pairs", "before", "first", "half", "last", "peak", "seconds")
        rows.append([options.quality, *(f"{told[name]:.0f}" for name in names)])
    head = (
        "quality", "frames", "pairs", "MB before the film", "first frame", "half", "last frame", "peak",
        "CPU s",
    )  # fmt: skip
    print(f"`{options.spec.name}`, seed {options.seed}, {options.size}\n")
    print(table(head, rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
