"""How much work a film may be: the presets, and what a caller may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

QualityName = Literal["draft", "standard", "final"]
Method = Literal["tiles", "plain"]
Layer = Literal["depth", "normal", "flow", "amodal"]
LAYERS: tuple[Layer, ...] = ("depth", "normal", "flow", "amodal")


@dataclass(frozen=True)
class Quality:
    """Samples per pixel and how they are cleaned."""

    name: QualityName
    samples: int
    """A pixel of a picture that is rendered whole."""
    thing_samples: tuple[int, ...]
    """Steps for a tile with bodies in it: the first for one that is shown once, more for one shown often."""
    room_samples: tuple[int, ...]
    """Steps for a tile without: light and shadow on the room."""
    moving_thing_samples: tuple[int, int]
    """Under a moving camera: a tile with bodies that the frames beside know, and one that none knows."""
    moving_room_samples: tuple[int, int]
    """The same for a tile without."""
    plate_samples: int
    """For the room as it stands all through the film."""
    probe_step: int
    """Picture pixels to a pixel of the probe, across and down."""
    denoise_quality: Literal["fast", "balanced", "high"]
    prefilter: bool
    """Whether albedo and normal are denoised first."""
    moving_prefilter: bool
    """The same under a moving camera, where most of the picture is denoised once and not again and again."""


PRESETS: dict[QualityName, Quality] = {
    "draft": Quality("draft", 4, (2, 4, 8), (1, 2, 4), (2, 4), (1, 4), 8, 4, "fast", False, False),
    "standard": Quality(
        "standard", 24, (24, 48, 96), (8, 16, 32), (24, 32), (12, 32), 48, 2, "high", False, True
    ),
    "final": Quality(
        "final", 128, (96, 192, 384), (32, 64, 128), (64, 128), (32, 128), 256, 1, "high", True, True
    ),
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
    method: Method = "tiles"
    """`tiles` renders what differs between frames and worlds; `plain` renders every picture whole, as motion
    blur always does."""
