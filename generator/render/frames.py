"""What the renderer hands on, frame by frame: pictures and object-ID maps of every world.

ID maps say what is seen at each pixel's centre through a pinhole camera: 0 the room and its
dressing, i + 1 the body `scene.bodies[i]`. They are exact geometry, not read off the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""(H, W, 3) sRGB."""
IdMap = NDArray[np.uint16]
"""(H, W)."""


@dataclass(frozen=True)
class CounterfactualView:
    """One intervention at one frame.

    rgb: the world without the removed things. ids: its map **C**. hidden_ids: map **H**, the factual
    world with the removed things hidden and everything else as it happened. moved: one flag a body:
    its pose differs between the worlds by more than 0.5 mm or 0.1 degrees at this frame, or its form or
    light does. same: (H, W), where a moved body that changes its form shows the same surface in H and C.
    """

    rgb: Picture
    ids: IdMap
    hidden_ids: IdMap
    moved: NDArray[np.bool_]
    same: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class FrameSet:
    """Everything filmed at one frame. `views` is keyed by the intervention's name.

    layers: what was asked for besides, by `<world>/<layer>` (world: `factual` or the intervention's
    name): `depth` (H, W) float32 m along the view axis; `normal` (H, W, 3) float32 world axes;
    `flow_forward`, `flow_backward` (H, W, 2) float32 pixels (x right, y down); `amodal` (N, H, W)
    bool, one mask a body as if nothing stood before it.
    """

    index: int
    rgb: Picture
    ids: IdMap
    views: dict[str, CounterfactualView]
    layers: dict[str, NDArray[np.generic]] = field(default_factory=dict)
