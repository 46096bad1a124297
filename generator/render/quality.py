"""How much work a film may be: the presets, and what a caller may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QualityName = Literal["draft", "standard", "final"]
Layer = Literal["depth", "normal", "flow", "amodal"]
LAYERS: tuple[Layer, ...] = ("depth", "normal", "flow", "amodal")


@dataclass(frozen=True)
class Quality:
    """Samples per pixel and how they are cleaned.

    samples: for a picture rendered whole. denoise_quality: OIDN's `fast`, `balanced` or `high`.
    """

    name: QualityName
    samples: int
    denoise_quality: Literal["fast", "balanced", "high"]


PRESETS: dict[QualityName, Quality] = {
    "draft": Quality("draft", samples=4, denoise_quality="fast"),
    "standard": Quality("standard", samples=24, denoise_quality="high"),
    "final": Quality("final", samples=128, denoise_quality="high"),
}
"""`draft` is for looking at motion, `standard` for training, `final` for publication."""


@dataclass(frozen=True)
class FilmOptions:
    """What a caller may choose about a film; the size and the number of frames are the scene's."""

    quality: QualityName = "standard"
    device: str = "auto"
    """`auto`, `cpu` or `gpu:N`."""
    threads: int | None = None
    """Render threads; None takes every core."""
    layers: tuple[Layer, ...] = ()
    """What to film besides pictures and ID maps."""
