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
FRAMES, EVERY, SAMPLES = 4, 3, 16
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


BOUNDS = {
    "glass and mirrors": Bounds(99, 99, 99),
    "thrown light": Bounds(99, 99, 99),
    "thin wires": Bounds(99, 99, 99),
    "many movers": Bounds(99, 99, 99),
    "switched lamp": Bounds(99, 99, 99, WIDE, "draft"),
    "slow shadow": Bounds(99, 99, 99, WIDE, "draft"),
    "turning textures": Bounds(99, 99, 99),
    "comes back": Bounds(99, 99, 99, WIDE, "draft"),
    "creeping": Bounds(99, 99, 99),
    "lamp removed": Bounds(99, 99, 99),
    "seen only in a mirror": Bounds(99, 99, 99),
    "out of focus": Bounds(99, 99, 99),
    "orbiting": Bounds(99, 99, 99),
}


def test_every_hard_scene_is_tried() -> None:
    assert set(BOUNDS) == set(hard.SCENES)


@pytest.mark.parametrize("name", BOUNDS)
def test_saved_work_does_not_show(name: str) -> None:
    bounds = BOUNDS[name]
    made = hard.shortened(hard.SCENES[name](bounds.size), FRAMES)
    compared = compare(made, bounds.quality, SAMPLES, EVERY)
    found = compared.figures()
    print(name, compared.rendered, compared.seconds, found)
    assert found.stale <= 1  # a blind probe leaves a hundred in the slow shadow
    assert found.bias_excess < bounds.bias
    assert found.lag_max < bounds.lag
    assert found.edge_max < bounds.edge
    assert found.seam < 0.13
    assert found.equal > 0.95
    assert compared.rendered < 0.85
