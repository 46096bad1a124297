"""The saved work must not show: films by tile states against whole renders, over scenes made to break them.

Bounds are a third above what was measured; nearly all of that is the noise of few samples in small
pictures.
`benchmarks/truth.py` measures the same at a size and a quality that people use.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from generator.render.quality import QualityName
from tests.render import hard
from tests.render.compared import compare

SMALL, WIDE = (96, 64), (256, 144)
FRAMES, EVERY = 4, 3
"""The first and the last of four frames are compared: a lag is a lag after three steps too."""


@dataclass(frozen=True)
class Bounds:
    """Levels. bias: of a tile, beyond the truth's own noise; lag: of the change of half a tile; edge: of a
    pixel at a silhouette."""

    bias: float
    lag: float
    edge: float
    size: hard.Size = SMALL
    quality: QualityName = "standard"
    samples: int = 16
    """Of each reference."""
    equal: float = 0.98
    """Share of pixels that the same light reaches in both worlds with the same bits in both films."""


BOUNDS = {
    "glass and mirrors": Bounds(2.3, 14, 18, equal=0.965),
    "thrown light": Bounds(1.2, 21, 33),
    "thin wires": Bounds(1.0, 10, 22),
    "many movers": Bounds(4.7, 27, 25),
    "switched lamp": Bounds(5.6, 14, 31, WIDE, "draft", 8),
    "slow shadow": Bounds(13.5, 22, 68, WIDE, "draft", 8),
    "turning textures": Bounds(1.5, 8, 14),
    "comes back": Bounds(5.4, 18, 48, WIDE, "draft", 8),
    "creeping": Bounds(1.1, 10, 15),
    "lamp removed": Bounds(1.6, 17, 20),
    "seen only in a mirror": Bounds(3.9, 9, 56),
    "out of focus": Bounds(2.6, 15, 38),
    # Tiles with things have 24 samples here, and the change of half a tile their noise: 14.9 was measured
    "orbiting": Bounds(3.8, 17, 25),
}


def test_every_hard_scene_is_tried() -> None:
    assert set(BOUNDS) == set(hard.SCENES)


@pytest.mark.parametrize("name", BOUNDS)
def test_saved_work_does_not_show(name: str) -> None:
    bounds = BOUNDS[name]
    made = hard.shortened(hard.SCENES[name](bounds.size), FRAMES)
    compared = compare(made, bounds.quality, bounds.samples, EVERY)
    found = compared.figures()
    print(name, compared.rendered, compared.seconds, found)
    assert found.stale <= 1  # a blind probe leaves a hundred in the slow shadow
    assert found.bias_excess < bounds.bias
    assert found.lag_max < bounds.lag
    assert found.edge_max < bounds.edge
    assert found.seam < 0.16
    assert found.equal > bounds.equal
    assert compared.rendered < 0.85
