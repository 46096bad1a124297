"""A job: one scene to make, as plain values that travel to the process that makes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Job:
    """What `render` was asked for, for one seed. Paths are absolute; None means as the spec says."""

    spec: str
    out: str
    seed: int = 0
    quality: str = "standard"
    frames: int | None = None
    fps: int | None = None
    size: tuple[int, int] | None = None
    device: str = "auto"
    threads: int | None = None
    layers: tuple[str, ...] = ()
    force: bool = False


def job_to_json(job: Job) -> dict[str, Any]:
    return asdict(job)


def job_from_json(document: dict[str, Any]) -> Job:
    size = document.get("size")
    return Job(
        **{**document, "size": tuple(size) if size else None, "layers": tuple(document.get("layers", ()))}
    )
