"""Two ways to mark what a removal changes, on the same films: ours, and a threshold between pictures.

The threshold rule is that of VOID's Kubric pipeline: removed is the segmentation of the factual world;
affected is where the largest channel difference of two renders is 15 or more, of the scene with the
removed thing only hidden (H) and of the scene simulated without it (C).

    python benchmarks/quadmask_vs_threshold.py PAIR --quality standard --out docs/images

Films F, H and C of a stored pair's scene (H is not part of a pair), prints a table in Markdown and writes
`quadmask-vs-threshold.jpg`, the frame on which the two disagree most.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from generator import preview, quadmask
from generator.pair import open_pair
from generator.physics.simulate import simulate
from generator.render.film import FilmOptions, SceneFilm
from generator.scene.load import load_scene

THRESHOLD = 15
HIDDEN = "hidden"


@dataclasses.dataclass
class Score:
    """Pixels counted over the film, for one kind of mask."""

    visible: int = 0
    visible_missed: int = 0
    plain: int = 0
    plain_missed: int = 0
    other_thing: int = 0
    other_thing_missed: int = 0
    grey: int = 0
    grey_idle: int = 0

    def add(
        self, mask: NDArray[np.uint8], difference: NDArray[np.uint8], ids_differ: NDArray[np.bool_]
    ) -> None:
        kept = mask == quadmask.UNCHANGED
        for name, where in (
            ("visible", difference > quadmask.VISIBLE),
            ("plain", difference > quadmask.GLARING),
            ("other_thing", ids_differ),
        ):
            setattr(self, name, getattr(self, name) + int(where.sum()))
            setattr(self, f"{name}_missed", getattr(self, f"{name}_missed") + int((where & kept).sum()))
        grey = mask == quadmask.AFFECTED
        self.grey += int(grey.sum())
        self.grey_idle += int((grey & (difference <= quadmask.VISIBLE)).sum())

    def row(self, name: str) -> str:
        shares = [
            100 * missed / max(1, whole)
            for missed, whole in (
                (self.visible_missed, self.visible),
                (self.plain_missed, self.plain),
                (self.other_thing_missed, self.other_thing),
                (self.grey_idle, self.grey),
            )
        ]
        return f"| {name} | " + " | ".join(f"{share:.2f} %" for share in shares) + f" | {self.grey} |"


def threshold_mask(
    removed: NDArray[np.bool_], hidden: NDArray[np.uint8], counterfactual: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The rule in the module's docstring."""
    return quadmask.encode(removed, quadmask.peak_difference(hidden, counterfactual) >= THRESHOLD)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pair", type=Path)
    parser.add_argument("--quality", default="standard", choices=("draft", "standard", "final"))
    parser.add_argument("--method", default="plain", choices=("plain", "tiles"))
    parser.add_argument("--frames", type=int, help="only the first so many (default: all)")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path, default=Path())
    options = parser.parse_args()

    metadata = open_pair(options.pair).metadata
    scene = load_scene(options.pair / "metadata.json")
    name, remove = metadata["intervention"]["name"], metadata["intervention"]["remove"]
    if options.frames is not None:
        scene = scene.model_copy(
            update={
                "frames": options.frames,
                "camera": scene.camera.model_copy(update={"poses": scene.camera.poses[: options.frames]}),
            }
        )
    index = {body.name: i for i, body in enumerate(scene.bodies)}
    taken = [index[body] for body in remove]
    factual = simulate(scene)
    counterfactual = simulate(scene, remove=tuple(remove))
    present = factual.present.copy()
    positions, orientations = factual.positions.copy(), factual.orientations.copy()
    present[..., taken], positions[:, taken], orientations[:, taken] = False, np.nan, np.nan
    hidden = dataclasses.replace(factual, present=present, positions=positions, orientations=orientations)

    film_options = FilmOptions(quality=options.quality, threads=options.threads, method=options.method)
    film = SceneFilm(scene, factual, {name: counterfactual, HIDDEN: hidden}, film_options)
    ours, theirs = Score(), Score()
    worst, picture = -1, None
    for frame in film:
        view, hidden_view = frame.views[name], frame.views[HIDDEN]
        mine = quadmask.compose(
            frame.ids, view.hidden_ids, view.ids, taken, view.moved, frame.rgb, view.rgb, frame.index
        )
        other = threshold_mask(mine.removed, hidden_view.rgb, view.rgb)
        difference = quadmask.peak_difference(frame.rgb, view.rgb)
        ids_differ = frame.ids != view.ids
        ours.add(mine.mask, difference, ids_differ)
        theirs.add(other, difference, ids_differ)
        apart = int((mine.mask != other).sum())
        if apart > worst:
            worst, picture = apart, compare(frame.rgb, view.rgb, other, mine.mask, frame.index)
        print(f"frame {frame.index + 1} of {scene.frames}", file=sys.stderr, flush=True)
    print(
        f"`{metadata['id']}`, {scene.frames} frames of {scene.size[0]}x{scene.size[1]}, {options.quality}\n"
    )
    print(
        "| mask | visibly changed (>2/255) but marked unchanged "
        "| plainly changed (>8/255) but marked unchanged | shows another thing but marked unchanged "
        "| of 127, shows no visible change | pixels of 127 |"
    )
    print("|---|---|---|---|---|---|")
    print(theirs.row(f"threshold {THRESHOLD} between H and C"))
    print(ours.row("exact maps and shading (ours)"))
    options.out.mkdir(parents=True, exist_ok=True)
    assert picture is not None
    cv2.imwrite(
        str(options.out / "quadmask-vs-threshold.jpg"), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92]
    )
    return 0


def compare(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    threshold: NDArray[np.uint8],
    exact: NDArray[np.uint8],
    index: int,
) -> NDArray[np.uint8]:
    """Four panels, two by two, with labels and the legend."""
    width = 640
    panels = [before, after, preview.paint_mask(before, threshold), preview.paint_mask(before, exact)]
    labels = ["before", "after", f"threshold {THRESHOLD} between renders", "exact maps and shading"]
    height = preview.fit(before, width).shape[0]
    gap, margin, head = 20, 28, 34
    canvas = preview.blank(2 * (height + head) + gap + 2 * margin + 20, 2 * width + gap + 2 * margin)
    for number, (panel, label) in enumerate(zip(panels, labels, strict=True)):
        x = margin + (number % 2) * (width + gap)
        y = margin + (number // 2) * (height + head + gap)
        preview.write(canvas, label, (x, y + 16), 18, preview.INK)
        canvas[y + head - 6 : y + head - 6 + height, x : x + width] = preview.fit(panel, width)
    foot = canvas.shape[0] - 18
    preview.legend(canvas, (margin, foot), 16)
    preview.write(canvas, f"frame {index}", (canvas.shape[1] - margin, foot), 16, preview.QUIET, right=True)
    return canvas


if __name__ == "__main__":
    raise SystemExit(main())
