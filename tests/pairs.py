"""Small pairs for tests, written by the real writer from made-up frames (no Blender, no physics).

A disc crosses the picture in the factual world and casts a faint shadow; a box behind it is pushed in
one world and stays in the other. Run as a script it writes one pair slowly, to be killed:

    python -m tests.pairs FOLDER SECONDS_A_FRAME
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from generator.pair import FactualFilm, PairWriter
from generator.physics.motion import CONTACT, Motion
from generator.preview import make_previews
from generator.quadmask import compose
from generator.render.frames import CounterfactualView, FrameSet

SIZE = (96, 64)
DISC, BOX = 1, 2


def scene(frames=6, name="toy", seed=0):
    camera = SimpleNamespace(stands=True)
    return SimpleNamespace(name=name, seed=seed, size=SIZE, fps=12.0, frames=frames, camera=camera)


def frame_set(index):
    """One frame of both worlds, with every layer."""
    y, x = np.mgrid[: SIZE[1], : SIZE[0]]
    ground = np.stack([90 + x // 3, 110 + y // 4, 120 + (x + y) // 6], -1).astype(np.uint8)

    def world(disc, push):
        ids = np.zeros((SIZE[1], SIZE[0]), np.uint16)
        ids[(abs(x - 50 - push) < 9) & (abs(y - 36) < 8)] = BOX
        picture = ground.copy()
        if disc:
            shadow = (x - 14 - 5 * index) ** 2 + 3 * (y - 40) ** 2 < 150
            picture[shadow] -= 12
        picture[ids == BOX] = (60, 130, 210)
        if disc:
            ids[(x - 12 - 5 * index) ** 2 + (y - 30) ** 2 < 64] = DISC
            picture[ids == DISC] = (210, 80, 50)
        return picture, ids

    push = max(0, 3 * (index - 2))
    rgb, ids = world(True, push)
    hidden = world(False, push)[1]
    other, other_ids = world(False, 0)
    view = CounterfactualView(other, other_ids, hidden, np.array([False, push > 0]))
    layers = {}
    for key, seen in (("factual", ids), ("disc", other_ids)):
        layers[f"{key}/depth"] = np.where(seen > 0, 2.0, 5.0).astype(np.float32)
        layers[f"{key}/normal"] = np.zeros((*seen.shape, 3), np.float32)
        layers[f"{key}/flow_forward"] = np.zeros((*seen.shape, 2), np.float32)
        layers[f"{key}/flow_backward"] = np.zeros((*seen.shape, 2), np.float32)
        layers[f"{key}/amodal"] = np.stack([seen == DISC, seen == BOX])
    return FrameSet(index, rgb, ids, {"disc": view}, layers)


def quad_of(frame):
    view = frame.views["disc"]
    return compose(frame.ids, view.hidden_ids, view.ids, [0], view.moved, frame.rgb, view.rgb, frame.index)


def write_pair(root, frames=6, layers=(), pause=0.0, seed=0):
    """Write a whole pair; returns its folder."""
    what = scene(frames, seed=seed)
    intervention = SimpleNamespace(name="disc", remove=("disc",))
    factual = FactualFilm(Path(root), what, layers)
    writer = PairWriter(Path(root), what, intervention, layers)
    for index in range(frames):
        frame = frame_set(index)
        factual.add(frame)
        writer.add(frame, quad_of(frame))
        time.sleep(pause)
    factual.close()
    writer.close(factual)
    factual.discard()
    (writer.folder / "motion.npz").write_bytes(b"")
    _write_motion(writer.folder / "motion.npz", frames)
    affected = [c["affected"] + c["overlap"] for c in writer.tally.by_frame]
    make_previews(
        writer.folder, "disc removed; box stays", "A disc pushes a box.", "The box stays.", affected, 12.0
    )
    return writer.finish(metadata(frames, seed))


def _write_motion(path, frames):
    from generator.pair import write_motion
    from generator.physics.poses import Filmed

    still = np.zeros((frames, 2, 3))
    motion = Motion(
        ("disc", "box"), np.array([True, True]), still, np.zeros((frames, 2, 4)), still, still,
        np.zeros(0, CONTACT), 40,
    )  # fmt: skip
    filmed = Filmed(np.zeros((frames, 2, 7)), {}, np.ones((frames, 2)), np.zeros((frames, 2), bool))
    write_motion(
        path,
        12.0,
        {"factual": motion, "counterfactual": motion},
        {"factual": filmed, "counterfactual": filmed},
    )


def sanity():
    from dataclasses import asdict

    from generator.physics.sanity import WorldFigures

    world = asdict(WorldFigures(0.0, 1e-6, 0.01, 0.001, 0.5, 0.0))
    return {"factual": world, "counterfactual": dict(world), "untouched": 0}


def metadata(frames=6, seed=0):
    effect = {"name": "box", "moved_frame": 3, "chain": [{"a": "disc", "b": "box"}]}
    return {
        "story": "disc removed; box does not move from frame 3",
        "captions": {"before": "A disc pushes a box.", "after": "The box stays."},
        "scene_name": "toy", "seed": seed, "attempt": 0,
        "intervention": {"name": "disc", "remove": ["disc"]},
        "frames": frames, "fps": 12.0, "size": list(SIZE),
        "request": {}, "bodies": [{"name": "disc"}, {"name": "box"}], "camera": {"motion": "static"},
        "causal": {"bodies": [effect]}, "sanity": sanity(), "render": {"quality": "draft"},
    }  # fmt: skip


if __name__ == "__main__":
    print(write_pair(sys.argv[1], pause=float(sys.argv[2])))
