"""The folder of one pair: written while it is filmed, complete once it has its name, then only read.

    rgb_full.mp4 rgb_removed.mp4 mask.mp4 metadata.json motion.npz layers/ preview.jpg preview.mp4

Format and meaning of each file: `docs/pair-format.md`.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from generator import storage
from generator.errors import PairError
from generator.figures import Comparison, MaskTally
from generator.layers import ARRAYS, MAPS, ArrayWriter
from generator.metadata import metadata_faults
from generator.quadmask import Quadmask
from generator.video import VideoWriter, read_frames

if TYPE_CHECKING:
    from generator.physics.motion import Motion
    from generator.physics.poses import Filmed
    from generator.render.frames import FrameSet
    from generator.scene.scene import Intervention, Scene

FORMAT = "butfor-pair/2"
"""2: with `sanity` and `attempts`, and the depth of contacts in motion.npz. Readers take 1 as well."""
READABLE = ("butfor-pair/1", FORMAT)
METADATA = "metadata.json"
FULL, REMOVED, MASK = "rgb_full.mp4", "rgb_removed.mp4", "mask.mp4"
REGIONS = ("removed", "displaced", "shading")
REQUIRED = (
    FULL, REMOVED, MASK, "motion.npz", "preview.jpg", "preview.mp4",
    *(f"layers/{name}.mp4" for name in REGIONS),
)  # fmt: skip
"""What every pair holds besides its metadata."""


def pair_id(scene_name: str, seed: int, intervention: str) -> str:
    """The folder's name: scene, seed and what was taken away."""
    return f"{scene_name}-s{seed:04d}-{intervention}"


# --- writing ----------------------------------------------------------------------------------


class WorldRecorder:
    """The films of one world: the video, and the layers asked for, written as frames come."""

    def __init__(self, folder: Path, world: str, side: str, scene: Scene, layers: Sequence[str]) -> None:
        """world: its key in `FrameSet.layers`. side: "full" or "removed", the end of its files' names."""
        self.world = world
        (folder / "layers").mkdir(exist_ok=True)
        self._video = VideoWriter(
            folder / f"rgb_{side}.mp4", "rgb", scene.size, scene.fps, intra=not scene.camera.stands
        )
        self._exact = None
        if "lossless" in layers:
            path = folder / "layers" / f"lossless_{side}.mp4"
            self._exact = VideoWriter(path, "lossless", scene.size, scene.fps)
        self._arrays = {
            name: ArrayWriter(folder / "layers" / f"{name}_{side}.npz")
            for choice in ARRAYS
            if choice in layers
            for name in MAPS[choice]
        }

    def add(self, picture: NDArray[np.uint8], layers: Mapping[str, NDArray[np.generic]]) -> None:
        self._video.write(picture)
        if self._exact is not None:
            self._exact.write(picture)
        for name, writer in self._arrays.items():
            writer.write(layers[f"{self.world}/{name}"])

    def close(self) -> None:
        for writer in self._writers():
            writer.close()

    def abandon(self) -> None:
        for writer in self._writers():
            writer.abandon()

    def _writers(self) -> Iterator[VideoWriter | ArrayWriter]:
        yield self._video
        if self._exact is not None:
            yield self._exact
        yield from self._arrays.values()


class FactualFilm:
    """The factual world's files, made once for all interventions of a scene."""

    def __init__(self, root: Path, scene: Scene, layers: Sequence[str]) -> None:
        self.folder = storage.begin(root, f"{scene.name}-s{scene.seed:04d}")
        self._recorder = WorldRecorder(self.folder, "factual", "full", scene, layers)

    def add(self, frame: FrameSet) -> None:
        self._recorder.add(frame.rgb, {**frame.layers, "factual/ids": frame.ids})

    def close(self) -> None:
        self._recorder.close()

    def copy_into(self, folder: Path) -> None:
        for file in self.folder.rglob("*"):
            if file.is_file() and file.name != storage.OWNER:
                target = folder / file.relative_to(self.folder)
                shutil.copyfile(file, target)
                storage.sync_file(target)

    def discard(self) -> None:
        self._recorder.abandon()
        shutil.rmtree(self.folder, ignore_errors=True)


class PairWriter:
    """One pair in the making. `add` each frame, then `finish`; `discard` if it is not to be."""

    def __init__(
        self, root: Path, scene: Scene, intervention: Intervention, layers: Sequence[str] = ()
    ) -> None:
        self.scene, self.intervention = scene, intervention
        self.final = root / pair_id(scene.name, scene.seed, intervention.name)
        self.folder = storage.begin(root, self.final.name)
        self.tally, self.comparison = MaskTally(), Comparison()
        self._layers = tuple(layers)
        self._recorder = WorldRecorder(self.folder, intervention.name, "removed", scene, layers)
        self._ids = ArrayWriter(self.folder / "layers/ids_hidden.npz") if "ids" in layers else None
        self._mask = VideoWriter(self.folder / MASK, "mask", scene.size, scene.fps)
        self._regions = {
            name: VideoWriter(self.folder / f"layers/{name}.mp4", "mask", scene.size, scene.fps)
            for name in REGIONS
        }

    def add(self, frame: FrameSet, quad: Quadmask) -> None:
        """Append one frame of the counterfactual world and its quadmask."""
        view = frame.views[self.intervention.name]
        self._recorder.add(view.rgb, {**frame.layers, f"{self.intervention.name}/ids": view.ids})
        if self._ids is not None:
            self._ids.write(view.hidden_ids)
        self._mask.write(quad.mask)
        for name, writer in self._regions.items():
            writer.write(getattr(quad, name).astype(np.uint8) * 255)
        self.tally.add(quad.mask)
        self.comparison.add(frame.rgb, view.rgb, quad.mask)

    def close(self, factual: FactualFilm) -> None:
        """End the videos, so that they can be read back; the pair has no name yet."""
        for writer in self._writers():
            writer.close()
        factual.copy_into(self.folder)

    def finish(self, metadata: Mapping[str, Any], film: Mapping[str, float] | None = None) -> Path:
        """Add figures, hashes and the metadata, then give the folder its name. Returns where it stands.

        film: figures of the film itself, such as its flicker in levels of 0..255.
        """
        files = sorted(
            p for p in self.folder.rglob("*") if p.is_file() and p.name not in (storage.OWNER, METADATA)
        )
        document = {
            "format": FORMAT,
            "id": self.final.name,
            **metadata,
            "pixels": self.tally.to_json(),
            "figures": {
                "rendered": self.comparison.figures(),
                "decoded": compare_videos(self.folder).figures(),
                "film": dict(film or {}),
            },
            "files": {
                p.relative_to(self.folder).as_posix(): {
                    "bytes": p.stat().st_size,
                    "sha256": storage.sha256(p),
                }
                for p in files
            },
        }
        for file in files:
            storage.sync_file(file)
        storage.write_text(self.folder / METADATA, to_json(document))
        storage.publish(self.folder, self.final)
        return self.final

    def discard(self) -> None:
        """Let go of everything; nothing is left under any name."""
        for writer in self._writers():
            writer.abandon()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _writers(self) -> Iterator[WorldRecorder | VideoWriter | ArrayWriter]:
        yield self._recorder
        yield self._mask
        if self._ids is not None:
            yield self._ids
        yield from self._regions.values()


def write_motion(path: Path, fps: float, worlds: Mapping[str, Motion], filmed: Mapping[str, Filmed]) -> None:
    """`motion.npz`: everything both simulations recorded, and what of it was filmed.

    Both by world, "factual" and "counterfactual".
    """
    arrays: dict[str, Any] = {"fps": np.float64(fps)}
    for world, motion in worlds.items():
        arrays["names"] = np.array(motion.names)
        arrays["mechanisms"] = np.array(motion.mechanisms, dtype=np.str_)
        arrays["steps_per_frame"] = np.int64(motion.steps_per_frame)
        for key in ("present", "positions", "orientations", "velocities", "spins", "contacts", "links"):
            arrays[f"{world}_{key}"] = getattr(motion, key)
        for key, values in motion.states.items():
            arrays[f"{world}_state_{key}"] = values
        for index, points in motion.points.items():
            arrays[f"{world}_points_{index}"] = points.astype(np.float32)
        arrays[f"{world}_film_poses"] = filmed[world].poses
    arrays["moved"] = filmed["counterfactual"].moved
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)
        file.flush()
        os.fsync(file.fileno())


def compare_videos(folder: Path) -> Comparison:
    """The pair's two videos and its mask, decoded and compared."""
    comparison = Comparison()
    for picture, other, mask in zip(
        read_frames(folder / FULL, "rgb"),
        read_frames(folder / REMOVED, "rgb"),
        read_frames(folder / MASK, "mask"),
        strict=True,
    ):
        comparison.add(picture, other, mask)
    return comparison


def to_json(document: object) -> str:
    """JSON for people and machines: indented, but a list of numbers stays on its line."""
    return _json(document, 0) + "\n"


def _json(value: object, depth: int) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("metadata holds no NaN or infinity")
    if isinstance(value, Mapping) and value:
        inner = ",\n".join(
            f"{' ' * (depth + 1)}{json.dumps(str(k))}: {_json(v, depth + 1)}" for k, v in value.items()
        )
        return f"{{\n{inner}\n{' ' * depth}}}"
    if isinstance(value, list | tuple) and any(isinstance(v, Mapping | str) for v in value):
        inner = ",\n".join(f"{' ' * (depth + 1)}{_json(v, depth + 1)}" for v in value)
        return f"[\n{inner}\n{' ' * depth}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A complete pair on disk. Opening it reads the metadata and nothing else."""

    path: Path
    metadata: dict[str, Any]

    @property
    def frames(self) -> int:
        return int(self.metadata["frames"])

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        width, height = self.metadata["size"]
        return int(width), int(height)

    def full(self) -> Iterator[NDArray[np.uint8]]:
        """What happened: (H, W, 3) uint8 pictures."""
        return read_frames(self.path / FULL, "rgb")

    def removed(self) -> Iterator[NDArray[np.uint8]]:
        """What would have happened: (H, W, 3) uint8 pictures."""
        return read_frames(self.path / REMOVED, "rgb")

    def masks(self) -> Iterator[NDArray[np.uint8]]:
        """Quadmasks: (H, W) uint8 of 0, 63, 127, 255."""
        return read_frames(self.path / MASK, "mask")

    def region(self, name: str) -> Iterator[NDArray[np.bool_]]:
        """One of the layers `removed`, `displaced`, `shading`: (H, W) bool."""
        return (frame > 127 for frame in read_frames(self.path / f"layers/{name}.mp4", "mask"))

    def motion(self) -> dict[str, NDArray[Any]]:
        """Every array of `motion.npz`, by name. Raises PairError if it cannot be read."""
        try:
            with np.load(self.path / "motion.npz") as arrays:
                return {name: arrays[name] for name in arrays.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
            raise PairError(f"{self.path / 'motion.npz'}: not an archive of arrays") from None


def is_pair(path: Path) -> bool:
    """Whether the folder is a pair (complete, as every folder of that name is)."""
    return (path / METADATA).is_file()


def open_pair(path: Path) -> Pair:
    """Raises PairError if there is no pair, or its metadata cannot be understood."""
    try:
        metadata = json.loads((path / METADATA).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PairError(f"{path}: not a pair (no {METADATA})") from None
    except NotADirectoryError:
        raise PairError(f"{path}: not a pair (not a folder)") from None
    except OSError as error:
        raise PairError(f"{path / METADATA}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise PairError(f"{path / METADATA}: is not JSON: {error}") from None
    if not isinstance(metadata, dict) or metadata.get("format") not in READABLE:
        found = metadata.get("format") if isinstance(metadata, dict) else None
        raise PairError(f"{path / METADATA}: format {found!r} is not {FORMAT!r}")
    faults = metadata_faults(metadata)
    if faults:
        raise PairError("\n".join(f"{path / METADATA}: {fault}" for fault in faults[:40]))
    return Pair(path, metadata)
