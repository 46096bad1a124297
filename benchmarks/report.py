"""The benchmark's rows and how they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.baseline import SAMPLES, Costs, Recipe
from benchmarks.evidence import Marks
from benchmarks.page import number, table
from benchmarks.stopwatch import CYCLES, OIDN, Stopwatch
from generator.scene.scene import Scene

SHARED = ("build", "meter", "geometry", "steadiness")
"""Stages of a film that a naive one needs as well: they count on both sides."""
PAINTING = ("match", "denoise", "render", "probe")


@dataclass
class Row:
    """One film: what it cost, by whom, and what it earned."""

    film: str
    seconds: float
    pictures: int
    profile: dict[str, float]
    exposure: float = 0.0
    tiles: Mapping[str, Any] = field(default_factory=dict)
    shared: float = 0.0
    camera: str = ""
    interventions: int = 0
    marks: Marks = field(default_factory=Marks)
    picture_cost: float = 0.0
    """Of one more picture, what is spent once left out."""

    @classmethod
    def of_film(cls, told: Mapping[str, Any], watch: Stopwatch, pictures: int) -> Row:
        """told: a film's own report."""
        stages: dict[str, float] = told["cpu_seconds"]
        cycles, oidn = (
            {stage: spent for (stage, worker), spent in watch.seconds.items() if worker == name}
            for name in (CYCLES, OIDN)
        )
        profile = {
            "Cycles, probes": cycles.get("probe", 0.0),
            "Cycles, tiles": cycles.get("render", 0.0),
            "OIDN": sum(oidn.values()),
            "probes' geometry and matching": stages.get("probe", 0.0)
            - cycles.get("probe", 0.0)
            + stages.get("match", 0.0),
            "putting together": sum(stages.get(stage, 0.0) for stage in ("render", "denoise"))
            - cycles.get("render", 0.0)
            - oidn.get("denoise", 0.0),
            "ID maps": stages.get("geometry", 0.0),
            "display": stages.get("display", 0.0),
            "build and meter": stages.get("build", 0.0) + stages.get("meter", 0.0),
        }
        total = sum(stages.values())
        profile["all else"] = total - sum(profile.values())
        shared = sum(stages.get(stage, 0.0) for stage in SHARED)
        return cls("ours", total, pictures, profile, float(told["exposure"]), told.get("tiles", {}), shared)

    @classmethod
    def of_naive(cls, costs: Costs, worlds: Sequence[str], frames: int, beside: Row) -> Row:
        """The naive film of the same worlds; what it shares with ours is taken from there."""
        seconds = costs.film(worlds, frames) + beside.shared
        mean = sum(costs.picture(world) for world in worlds) / len(worlds)
        pictures = sum(len(spent) for spent in costs.pictures.values())
        profile = {"Cycles": costs.rendering / pictures, "OIDN": costs.denoising / pictures}
        return cls("naive", seconds, frames * len(worlds), profile, picture_cost=mean)

    def name(self, camera: str, interventions: int, marks: Marks) -> None:
        """Say which film it is, and what it earned."""
        self.camera, self.interventions, self.marks = camera, interventions, marks


def write(
    rows: Sequence[Row],
    frames: int,
    scene: Scene,
    recipe: Recipe | None,
    notes: Sequence[str],
    quality: str,
    samples: int,
) -> str:
    """All tables of a run."""
    width, height = scene.size
    ours = [row for row in rows if row.film == "ours"]
    naive = _naive(rows)
    parts = [
        f"`{scene.name}`, seed {scene.seed}, {frames} frames of {width}x{height}, quality `{quality}`. "
        f"Naive: {SAMPLES} samples, {recipe}. Truth: twice {samples} samples.",
        main_table(rows),
        *_further(ours, naive, frames),
        "Where the seconds of our films go:",
        _profile_table(ours),
        _naive_profile(naive),
        "Tiles:",
        _tile_table(ours),
    ]
    if notes:
        parts.append("Choice of the naive recipe: " + "; ".join(notes) + ".")
    return "\n\n".join(parts)


def _naive(rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    return {(row.camera, row.interventions): row for row in rows if row.film == "naive"}


def main_table(rows: Sequence[Row]) -> str:
    """Cost and marks of each film, the naive ones included."""
    naive = _naive(rows)
    head = (
        "camera, interventions", "film", "CPU s", "a picture", "cheaper", "PSNR", "things", "background",
        "contact", "flicker", "near", "drift",
    )  # fmt: skip
    lines = []
    for row in rows:
        ratio = naive[row.camera, row.interventions].seconds / row.seconds
        marks = row.marks
        lines.append(
            [
                f"{row.camera}, {row.interventions}",
                row.film,
                number(row.seconds),
                number(row.seconds / row.pictures, 2),
                f"{number(ratio)}x",
                number(marks.frame.psnr, 2),
                number(marks.things.psnr, 2),
                number(marks.background.psnr, 2),
                number(marks.contact.rmse, 2),
                number(marks.flicker.mean, 4),
                number(marks.near.mean, 4),
                number(marks.drift.rmse, 2),
            ]
        )
    return table(head, lines)


def _further(ours: Sequence[Row], naive: Mapping[tuple[str, int], Row], frames: int) -> list[str]:
    """What each further intervention costs, in naive films of one world."""
    told = []
    for camera in dict.fromkeys(row.camera for row in ours):
        mine = sorted((row for row in ours if row.camera == camera), key=lambda row: row.interventions)
        if len(mine) < 2:
            continue
        fewest, most = mine[0], mine[-1]
        each = (most.seconds - fewest.seconds) / (most.interventions - fewest.interventions)
        world = naive[camera, most.interventions].picture_cost * frames
        told.append(
            f"Camera {camera}: each further intervention costs {each:.1f} CPU s, "
            f"{each / world:.2f} of a naive film of one world."
        )
    return told


def _profile_table(ours: Sequence[Row]) -> str:
    names = list(ours[0].profile)
    lines = [
        [
            f"{row.camera}, {row.interventions}",
            *(f"{row.profile[name]:.1f} ({100 * row.profile[name] / row.seconds:.0f} %)" for name in names),
        ]
        for row in ours
    ]
    return table(("camera, interventions", *names), lines)


def _naive_profile(naive: Mapping[tuple[str, int], Row]) -> str:
    told = {
        camera: f"camera {camera}, Cycles {row.profile['Cycles']:.2f} s, OIDN {row.profile['OIDN']:.2f} s"
        for (camera, _), row in naive.items()
    }
    return f"Of a naive picture: {'; '.join(told.values())}."


def _tile_table(ours: Sequence[Row]) -> str:
    head = (
        "camera, interventions", "shown", "rendered", "from the plate", "with things", "render calls",
        "pictures denoised", "samples a shown pixel",
    )  # fmt: skip
    keys = ("from_plate", "with_things")
    lines = []
    for row in ours:
        tiles = row.tiles
        shown = int(tiles["shown"])
        lines.append(
            [
                f"{row.camera}, {row.interventions}",
                str(shown),
                f"{tiles['rendered']} ({100 * tiles['rendered'] / shown:.1f} %)",
                *(f"{100 * tiles[key] / shown:.1f} %" for key in keys),
                str(tiles["render_calls"]),
                str(tiles["pictures_denoised"]),
                str(tiles["samples_a_shown_pixel"]),
            ]
        )
    return table(head, lines)
