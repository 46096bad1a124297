"""Is it sound? Specs, pairs and folders of pairs; every fault listed, nothing changed.

A spec is loaded and drawn once. A pair's files are hashed and its figures held against `BOUNDS`;
with `deep` its videos are decoded and everything in the metadata that follows from them measured
again. numpy and PyAV are imported only where a pair needs them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import ButforError, SpecError, UsageError
from generator.scene.source import SPEC_ENDINGS

if TYPE_CHECKING:
    from generator.pair import Pair

METADATA = "metadata.json"

BOUNDS: dict[str, dict[str, tuple[str, float]]] = {
    "rendered": {
        # Lone pixels that the mask lets go (generator.quadmask.shading) are all that may be visible;
        # a draft, with few samples, has most of them. The mean is the light that a thing sends round
        # a room, a level or less of it far and wide: `shadow` without its pillar truly differs by 0.57
        # there (512 samples).
        "unchanged_mean": ("at most", 1.0),
        "unchanged_over_2": ("at most", 5e-3),
        "covered_over_8": ("at least", 0.9999),
    },
    "decoded": {
        # What H.264 adds, most of it from halved colour resolution beside changed pixels.
        "unchanged_mean": ("at most", 1.0),
        "unchanged_p999": ("at most", 64.0),
        "unchanged_over_2": ("at most", 0.1),
    },
}
"""Figures of a pair and what they must keep to; levels are of 0..255, shares of 1."""

FINE: dict[str, dict[str, tuple[str, float]]] = {
    "rendered": {
        **BOUNDS["rendered"],
        "unchanged_over_2": ("at most", 0.002),
    },
    "decoded": {
        "unchanged_mean": ("at most", 1.0),
        "unchanged_p999": ("at most", 16.0),
        "unchanged_over_2": ("at most", 0.03),
    },
}
"""The same for `standard` and `final` films, set from what the five shipped scenes show."""

RELIT = 0.5
"""Share of unchanged pixels below which the light of the whole picture has changed ..."""
RELIT_FACTORS = {"unchanged_mean": 2.0, "unchanged_over_2": 4.0}
"""... so that what is left has changed too, only too little to see, and lies in crumbs beside what shows:
`glow` without its lamp leaves 4 % of the picture, 1.5 levels apart, just below the threshold of 2."""

FLICKER = 1.0
"""Levels of 0..255 by which a film may step from frame to frame, on average, where nothing changes. Films
under a moving camera carry no such figure."""


@dataclass
class Findings:
    """What was looked at, and every fault found."""

    sound: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    """What is no fault, but worth knowing of something sound, by its path."""


def check(paths: list[Path], deep: bool = False) -> Findings:
    """Look at specs, stored scenes, pairs and datasets. Raises UsageError for a path that is not there."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    findings = Findings()
    for path in paths:
        _check_one(path, deep, findings)
    return findings


def _check_one(path: Path, deep: bool, findings: Findings) -> None:
    if path.is_dir() and not (path / METADATA).exists():
        folders = sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith("."))
        pairs = [p for p in folders if (p / METADATA).exists() or (p / "rgb_full.mp4").exists()]
        if not pairs:
            findings.faults.append(f"{path}: neither a pair nor a folder of pairs")
        for pair in pairs:
            _check_one(pair, deep, findings)
        return
    notes: list[str] = []
    try:
        faults = list(_faults(path, deep, notes))
    except ButforError as error:
        faults = str(error).splitlines()
    if faults:
        findings.faults += faults
    else:
        findings.sound.append(str(path))
        if notes:
            findings.notes[str(path)] = "; ".join(notes)


def _faults(path: Path, deep: bool, notes: list[str]) -> Iterator[str]:
    if path.is_dir():
        from generator.pair import open_pair

        pair = open_pair(path)
        notes += pair_notes(pair)
        yield from pair_faults(pair, deep)
    elif path.name == METADATA and _has_format(path):
        yield from _faults(path.parent, deep, notes)
    elif path.suffix == ".json":
        from generator.scene.load import load_scene

        load_scene(path)
    elif path.suffix.lower() in SPEC_ENDINGS:
        from generator.scene.load import load_spec
        from generator.scene.resolve import resolve

        resolve(load_spec(path), seed=0)
    else:
        raise SpecError(f"{path}: not a spec (.yaml), a stored scene (.json) or a pair's folder")


def _has_format(path: Path) -> bool:
    try:
        return "format" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, RecursionError):
        return False


# --- pairs ------------------------------------------------------------------------------------


def pair_faults(pair: Pair, deep: bool = False) -> Iterator[str]:
    """Every fault of a pair, one line each: files, then figures; with `deep`, contents too."""
    broken = False
    for fault in _file_faults(pair):
        broken = True
        yield f"{pair.path}: {fault}"
    quality = str(pair.metadata["render"].get("quality"))
    unchanged = float(pair.metadata["pixels"]["share"].get("unchanged", 1.0))
    for fault in _figure_faults(pair.metadata["figures"], quality, unchanged):
        yield f"{pair.path}: {fault}"
    for fault in _sanity_faults(pair.metadata):
        yield f"{pair.path}: {fault}"
    if deep and not broken:
        for fault in _content_faults(pair):
            yield f"{pair.path}: {fault}"


def _file_faults(pair: Pair) -> Iterator[str]:
    from generator.pair import REQUIRED
    from generator.storage import sha256

    listed: dict[str, dict[str, Any]] = pair.metadata["files"]
    for name in REQUIRED:
        if name not in listed:
            yield f"{name} is not listed in {METADATA}"
    for name, facts in listed.items():
        file = pair.path / name
        if not file.is_file():
            yield f"{name} is missing"
        elif file.stat().st_size != facts["bytes"]:
            yield f"{name} has {file.stat().st_size} bytes, not {facts['bytes']}"
        elif sha256(file) != facts["sha256"]:
            yield f"{name} has been altered (its sha256 differs)"
    for file in sorted(pair.path.rglob("*")):
        name = file.relative_to(pair.path).as_posix()
        if file.is_file() and name != METADATA and name not in listed:
            yield f"{name} does not belong to the pair"
    if pair.metadata["id"] != pair.path.resolve().name:
        yield f"the folder's name is not the pair's id, {pair.metadata['id']}"


def _figure_faults(figures: dict[str, Any], quality: str, unchanged: float = 1.0) -> Iterator[str]:
    """unchanged: share of the film's pixels that the mask calls so."""
    for source, bounds in (FINE if quality in ("standard", "final") else BOUNDS).items():
        for name, (side, bound) in bounds.items():
            if unchanged < RELIT and name in RELIT_FACTORS:
                bound *= RELIT_FACTORS[name]
            value = figures.get(source, {}).get(name)
            if not isinstance(value, int | float) or not math.isfinite(value):
                yield f"figure {source}.{name} is missing"
            elif (side == "at most" and value > bound) or (side == "at least" and value < bound):
                yield f"figure {source}.{name} is {value:.5g}, must be {side} {bound:g}"
    for name, value in figures.get("film", {}).items():
        if value > FLICKER:
            yield f"figure film.{name} is {value:.5g}, must be at most {FLICKER:g}"


def _sanity_faults(metadata: dict[str, Any]) -> Iterator[str]:
    """What physics may not do. A pair of an older format has no such figures: see `pair_notes`."""
    from generator.physics.sanity import over_bounds

    sanity = metadata.get("sanity")
    if sanity is None:
        if not _is_old(metadata):
            yield "sanity is missing"
        return
    for world in ("factual", "counterfactual"):
        for fault in over_bounds(sanity[world]):
            yield f"sanity.{world}: {fault}"


def pair_notes(pair: Pair) -> Iterator[str]:
    """What is no fault, but worth knowing."""
    if pair.metadata.get("sanity") is None and _is_old(pair.metadata):
        yield "made before energy, penetration and rest were recorded (made again, it has them)"


def _is_old(metadata: dict[str, Any]) -> bool:
    from generator.pair import FORMAT

    return bool(metadata.get("format") != FORMAT)


def _content_faults(pair: Pair) -> Iterator[str]:
    """Decode everything and measure again what the metadata says."""
    from generator import quadmask, video
    from generator.figures import MaskTally
    from generator.pair import FULL, MASK, REGIONS, REMOVED, compare_videos

    for name in (FULL, REMOVED, MASK, *(f"layers/{region}.mp4" for region in REGIONS)):
        facts = video.describe(pair.path / name)
        if facts["size"] != pair.size:
            yield f"{name} is {facts['size'][0]}x{facts['size'][1]}, not {pair.size[0]}x{pair.size[1]}"
        if facts["frames"] != pair.frames:
            yield f"{name} has {facts['frames']} frames, not {pair.frames}"
        if name in (FULL, REMOVED) and (facts["matrix"], facts["range"]) != (
            video.BT709,
            video.LIMITED_RANGE,
        ):
            yield f"{name} is not tagged BT.709, limited range"
    tally, count = MaskTally(), 0
    regions = zip(*(pair.region(name) for name in REGIONS), strict=True)
    try:
        for frame, (mask, (removed, displaced, shading)) in enumerate(
            zip(pair.masks(), regions, strict=True)
        ):
            count += 1
            tally.add(mask)
            if not quadmask.is_exact(mask):
                yield f"{MASK} frame {frame} holds values besides {quadmask.VALUES}"
            elif (mask != quadmask.encode(removed, displaced | shading)).any():
                yield f"{MASK} frame {frame} is not what the layers compose to"
        figures = compare_videos(pair.path).figures()
    except ValueError:
        yield "its videos have different numbers of frames"
        return
    if tally.totals() != pair.metadata["pixels"]["total"]:
        yield f"pixels of each class are {tally.totals()}, not {pair.metadata['pixels']['total']}"
    for name, value in figures.items():
        stored = pair.metadata["figures"]["decoded"].get(name)
        # Another build of the decoder may round differently by a hair.
        if stored is None or abs(value - stored) > 0.02 * max(abs(value), abs(stored)) + 1e-3:
            yield f"figure decoded.{name} is {value:.5g} when measured, not {stored}"
    yield from _motion_faults(pair)


def _motion_faults(pair: Pair) -> Iterator[str]:
    motion = pair.motion()
    bodies = len(pair.metadata["bodies"])
    for name in ("factual_positions", "counterfactual_positions", "factual_film_poses", "moved"):
        if name not in motion:
            yield f"motion.npz lacks {name}"
        elif motion[name].shape[:2] != (pair.frames, bodies):
            yield f"motion.npz: {name} is {motion[name].shape}, not for {pair.frames} frames, {bodies} bodies"
