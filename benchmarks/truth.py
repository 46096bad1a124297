"""Films by tile states against whole renders, over scenes made to break them.

    python benchmarks/truth.py [--size 336x192] [--quality standard] [--samples 96] [--every 2]
        [--frames N] [--plain] [--pictures DIR] [--cells] [SCENE ...]

Prints a row of figures (`tests/render/truth.py` says what each means) for every scene of
`tests/render/hard.py`, in Markdown. Each scene is a process of its own, as films are.

`--plain` measures films rendered whole at the preset's samples instead: what they show is noise alone.
`--pictures DIR` writes, for each scene and world, the frame that is furthest off: ours, the truth, and eight
times the difference. `--cells` names the cells that stand still.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

COLUMNS = (
    "scene | tiles rendered | bias p50 · p99 · max | beyond noise | lag p99 · max | stale | followed "
    "| seam | edge p99 · max | equal | CPU s"
)


def row(name: str, options: argparse.Namespace) -> str:
    """Film and measure one scene."""
    from tests.render import hard
    from tests.render.compared import compare

    made = hard.SCENES[name](options.size)
    if options.frames:
        made = hard.shortened(made, options.frames)
    compared = compare(
        made, options.quality, options.samples, options.every, "plain" if options.plain else "tiles"
    )
    if options.pictures:
        _picture(compared, options.pictures / f"{name.replace(' ', '-')}.png")
    f = compared.figures()
    if options.cells:
        _tell_stale(compared)
    seconds = " + ".join(f"{spent:.0f}" for spent in compared.seconds)
    columns = (
        name,
        f"{100 * compared.rendered:.0f} %",
        f"{f.bias_p50:.2f} · {f.bias_p99:.2f} · {f.bias_max:.2f}",
        f"{f.bias_excess:.2f}",
        f"{f.lag_p99:.2f} · {f.lag_max:.2f}",
        str(f.stale),
        f"{f.followed:.3f}",
        f"{f.seam:+.3f}",
        f"{f.edge_p99:.1f} · {f.edge_max:.1f}",
        f"{100 * f.equal:.2f} %",
        seconds,
    )
    return f"| {' | '.join(columns)} |"


def _picture(compared, path: Path) -> None:  # type: ignore[no-untyped-def]  # Compared, imported late
    from tests.render.truth import bias

    rows = []
    for world, ours in compared.ours.items():
        worst = int(bias(ours, compared.truth[world], compared.tile).max(axis=(1, 2)).argmax())
        mine, true = ours[worst], compared.truth[world].mean[worst]
        rows.append(np.concatenate([mine, true, 128 + 8 * (mine - true)], axis=1))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.clip(np.concatenate(rows), 0, 255).astype(np.uint8)
    cv2.imwrite(str(path), picture[..., ::-1])


def _tell_stale(compared) -> None:  # type: ignore[no-untyped-def]  # Compared, imported late
    from tests.render.truth import lag

    side = compared.tile // 2
    factual = next(iter(compared.ours))
    for world, ours in compared.ours.items():
        true = compared.truth[world]
        other = compared.ours[factual], compared.truth[factual]
        for what, one in (
            ("time", lag(ours, true, side)),
            ("worlds", lag(ours, true, side, *other)),
        ):
            for t, row, column in np.argwhere(one.stale)[:12]:
                print(
                    f"{world}, {what}: frame {t}, pixel {side * column}, {side * row}: the truth changed by "
                    f"{one.changed[t, row, column]:.1f}, off by {one.off[t, row, column]:.1f}"
                )


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def main() -> int:
    from tests.render import hard

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(hard.SCENES))
    parser.add_argument("--size", type=_size, default=(336, 192))
    parser.add_argument("--quality", default="standard")
    parser.add_argument("--samples", type=int, default=96, help="of each of the two references")
    parser.add_argument("--every", type=int, default=2, help="compare every n-th frame")
    parser.add_argument("--frames", type=int, help="only so many")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--cells", action="store_true")
    options = parser.parse_args()
    print(f"| {COLUMNS} |\n|{'---|' * (COLUMNS.count(' | ') + 1)}")
    context = multiprocessing.get_context("spawn")
    for name in options.scenes or hard.SCENES:
        with context.Pool(1) as pool:
            print(pool.apply(row, (name, options)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
