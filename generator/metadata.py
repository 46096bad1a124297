"""What a reader may rely on in a pair's `metadata.json`, and what is wrong with one that was altered.

Only what this code reads is held to a type; everything else may be there (`docs/pair-format.md` lists it).
Metadata stay plain JSON values: the models here judge them and are thrown away.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts:
        raise ValueError("lies outside the pair's folder")
    return name


Count = Annotated[int, Field(ge=0)]
Least = Annotated[int, Field(ge=1)]
FileName = Annotated[str, AfterValidator(_inside)]


class _File(_Part):
    bytes: Count
    sha256: str


class _Captions(_Part):
    before: str
    after: str


class _Intervention(_Part):
    name: str


class _Camera(_Part):
    motion: str


class _Link(_Part):
    a: str
    b: str


class _BodyRecord(_Part):
    moved_frame: Count | None
    chain: list[_Link]


class _Causal(_Part):
    bodies: list[_BodyRecord]


class _Pixels(_Part):
    total: dict[str, Count]
    share: dict[str, float]


class _Figures(_Part):
    """A figure that is not there is a fault that `check` names; one of another type cannot be read."""

    rendered: dict[str, float]
    decoded: dict[str, float]
    film: dict[str, float] = {}


class _World(_Part):
    energy_growth: float
    energy_allowed: float
    penetration_mm: float
    penetration_share: float
    impact_mm: float
    creep_mm_s: float


class _Sanity(_Part):
    factual: _World
    counterfactual: _World
    untouched: Count


class _Metadata(_Part):
    id: str
    story: str
    captions: _Captions
    scene_name: str
    seed: Count
    attempt: Count
    intervention: _Intervention
    frames: Least
    fps: Annotated[float, Field(gt=0)]
    size: Annotated[list[Least], Field(min_length=2, max_length=2)]
    request: dict[str, Any] = {}
    bodies: list[dict[str, Any]]
    camera: _Camera
    causal: _Causal
    sanity: _Sanity | None = None
    """Since format 2."""
    render: dict[str, Any]
    spec: dict[str, Any] | None = None
    pixels: _Pixels
    figures: _Figures
    files: dict[FileName, _File]


def metadata_faults(document: dict[str, Any]) -> list[str]:
    """One line for each part that is missing or of another kind than readers expect."""
    from generator.scene.validate import as_faults

    try:
        _Metadata.model_validate(document)
    except ValidationError as error:
        return [
            f"{'.'.join(str(part) for part in fault.where if part != '[key]')}: {fault.message}"
            for fault in as_faults(error, _Metadata)
        ]
    return []
