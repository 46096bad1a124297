"""Textures: seeded, tileable, in range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from generator.render.textures import fabric, noise, prints, stock, stone, wear, wood
from generator.render.textures.noise import Texture

RECIPES: dict[str, Callable[[int], Texture]] = {
    "wood": lambda s: wood.wood("oak", (256, 128), (0.3, 0.15), s),
    "end grain": lambda s: wood.end_grain("pine", 64, 0.1, s),
    "boards": lambda s: wood.boards("oak", 256, 2.0, 0.14, 1.2, 0.0012, 0.05, s),
    "plaster": lambda s: stone.plaster(128, s),
    "concrete": lambda s: stone.concrete("#9d9a94", 128, s),
    "asphalt": lambda s: stone.asphalt(128, s),
    "marble": lambda s: stone.marble("#e4e1dc", "#74716f", 128, s),
    "weave": lambda s: fabric.weave(128, 16, s),
    "felt": lambda s: fabric.felt(128, s),
    "rug": lambda s: fabric.rug("#d8cbb0", "#8c3b2e", "#2f3e4c", 128, s),
    "paper": lambda s: stock.paper(128, s),
    "cardboard": lambda s: stock.cardboard("#b48b5c", 128, s),
    "label": stock.label,
    "art": stock.art,
    "pages": stock.pages,
    "imperfections": lambda s: wear.imperfections(128, s),
    "brushed": lambda s: wear.brushed(128, s),
}


def channels(texture: Texture) -> list[np.ndarray]:
    return [c for c in (texture.color, texture.roughness, texture.height, texture.mask) if c is not None]


@pytest.mark.parametrize("name", RECIPES)
def test_a_seed_makes_the_same_texture_again_and_another_seed_another(name: str) -> None:
    first, again, other = (channels(RECIPES[name](seed)) for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert any(not np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("name", RECIPES)
def test_values_are_finite_and_displayable(name: str) -> None:
    for channel in channels(RECIPES[name](1)):
        assert np.isfinite(channel).all()
        assert channel.min() >= -0.35  # clipped where the image is made
        assert channel.max() <= 1.35


def test_noise_has_no_seam() -> None:
    field = noise.spectral(128, 128, 3.0, seed=5)
    inside = np.abs(np.diff(field, axis=1)).mean()
    seam = np.abs(field[:, 0] - field[:, -1]).mean()
    assert seam < 2 * inside


def test_a_domino_shows_its_dots() -> None:
    def dots(texture: Texture, half: slice) -> int:
        import cv2

        ink = (texture.mask[half] > 0.5).astype(np.uint8)
        return int(cv2.connectedComponents(ink)[0]) - 1

    for top, bottom in ((0, 6), (3, 5), (1, 4)):
        face = prints.domino_face(top, bottom)
        assert dots(face, slice(0, 250)) == top
        assert dots(face, slice(262, 512)) == bottom


def test_billiard_balls_are_plain_banded_and_numbered() -> None:
    def ball(number: int) -> Any:
        return prints.billiard_ball(number, "#b3251d", "#ece5d2").color

    pole, equator = (4, 256), (256, 256)  # between the two discs
    assert ball(0)[pole][0] > 0.9
    assert np.ptp(ball(0)) < 0.15
    assert ball(3)[pole][1] < 0.2
    assert ball(11)[pole][1] > 0.8
    assert ball(11)[equator][1] < 0.2
    assert not np.array_equal(ball(11), ball(12))
