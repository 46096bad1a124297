"""What every recipe shares: its type, and a material's own value or the recipe's."""

from __future__ import annotations

from collections.abc import Callable

from generator.render.nodes import Nodes, Value
from generator.scene.scene import Material

Recipe = Callable[[Nodes, Material], Value]

DUST = "#b9b2a6"


def given(value: float | None, default: float) -> float:
    return default if value is None else value


def smudged_roughness(nodes: Nodes, roughness: float, spread: float, scratch: float, size: float) -> Value:
    """Roughness that smudges and scratches move by about `spread`; no surface is equally smooth all over."""
    smudge, scratches, _ = nodes.imperfections(size)
    base = nodes.ramp(smudge, 0.2, 0.8, max(0.03, roughness - spread), min(0.97, roughness + spread))
    return nodes.sum(base, nodes.times(scratches, scratch))
