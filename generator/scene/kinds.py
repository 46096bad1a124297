"""The words that name material recipes: what a spec may say and the renderer can make."""

from __future__ import annotations

from typing import Literal

MaterialKind = Literal[
    "oak", "walnut", "pine", "beech", "parquet", "painted_wood", "weathered_wood",
    "brushed_metal", "polished_metal", "brass", "steel",
    "plastic", "matte_plastic", "rubber", "paper", "cardboard", "weave", "felt", "rug",
    "ceramic", "glass", "concrete", "asphalt", "plaster", "marble", "latex",
    "domino", "billiard", "plain", "glow",
]  # fmt: skip
