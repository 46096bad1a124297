"""Paper and board, and what is printed on them."""

from __future__ import annotations

import cv2
import numpy as np

from generator.render.color import srgb
from generator.render.textures.noise import Texture, mixed, smoothstep, spectral, unit


def paper(pixels: int = 512, seed: int = 0) -> Texture:
    """Uncoated paper; mask = clouds."""
    grain = unit(spectral(pixels, pixels, 1.3, low=6, seed=seed))
    return Texture(0.7 + 0.1 * grain, grain, unit(spectral(pixels, pixels, 2.6, seed=seed + 1)))


def cardboard(base: str, pixels: int = 1024, seed: int = 0) -> Texture:
    """Kraft board, half a metre a tile: fibres, specks, and flutes of 7.1 mm showing through along u."""
    fibre = spectral(pixels, pixels, 1.0, squeeze=(0.4, 1), low=10, seed=seed)
    clouds = spectral(pixels, pixels, 2.6, seed=seed + 1)
    y = np.arange(pixels, dtype=np.float32)[:, None] / pixels
    flutes = np.cos(2 * np.pi * 70 * y) * (1 + 0.3 * clouds)  # 70 a tile of 0.5 m
    specks = smoothstep(2.4, 3.2, spectral(pixels, pixels, 0.7, squeeze=(0.5, 1), low=40, seed=seed + 3))
    tone = (1 + 0.03 * fibre + 0.045 * clouds + 0.010 * flutes) * (1 - 0.25 * specks)
    return Texture(
        roughness=np.clip(0.72 + 0.04 * fibre, 0, 1),
        height=np.clip(0.5 + 0.08 * flutes + 0.05 * fibre, 0, 1),
        mask=specks,
        color=np.clip(srgb(base) * tone[..., None], 0, 1),
    )


def label(seed: int) -> Texture:
    """A shipping label: made-up letters, a bar code, a frame."""
    rng = np.random.default_rng([seed, 41])
    picture = np.full((192, 256, 3), 0.92, np.float32)
    cv2.rectangle(picture, (4, 4), (251, 187), (0.15,) * 3, 2)
    letters = list("ABCDEFGHKLMNPRSTX0123456789")
    for line in range(5):
        text = "".join(rng.choice(letters, int(rng.integers(4, 9))))
        scale = 0.65 if line else 0.9
        cv2.putText(
            picture, text, (14, 34 + 24 * line), cv2.FONT_HERSHEY_SIMPLEX, scale, (0.1,) * 3, 2, cv2.LINE_AA
        )
    at = 14
    while at < 236:
        bar = int(rng.integers(1, 5))
        cv2.rectangle(picture, (at, 146), (at + bar, 178), (0.08,) * 3, -1)
        at += bar + int(rng.integers(2, 5))
    level = np.full(picture.shape[:2], 0.45, np.float32)
    return Texture(level, level, level, picture)


def art(seed: int) -> Texture:
    """Something to hang on a wall: soft abstract shapes in three colours."""
    rng = np.random.default_rng([seed, 42])
    palettes = (
        ("#d9cdb8", "#4e6a78", "#b5552f"),
        ("#e3dccb", "#2f4738", "#c99b3f"),
        ("#ddd6cc", "#5b4a66", "#a8a08e"),
        ("#e8e0d0", "#7a8a70", "#40372e"),
        ("#d6d3cb", "#33485c", "#c7785a"),
    )
    paper_, first, second = (srgb(c) for c in palettes[int(rng.integers(len(palettes)))])
    size = 256
    a, b = (unit(spectral(size, size, 4.6, seed=seed * 7 + i)) for i in range(2))
    picture = mixed(np.broadcast_to(paper_, (size, size, 3)), first, smoothstep(0.48, 0.54, a))
    picture = mixed(picture, second, smoothstep(0.58, 0.62, b))
    level = np.full((size, size), 0.6, np.float32)
    return Texture(level, level, level, picture)


def pages(seed: int) -> Texture:
    """The cut edge of a book: sheets stacked along v, 25 mm a tile."""
    rng = np.random.default_rng([seed, 43])
    lines = np.repeat(rng.random(128).astype(np.float32), 2)[:, None]
    tone = np.clip(0.7 * lines + 0.15 * spectral(256, 256, 1.5, squeeze=(0.1, 1), seed=seed) + 0.1, 0, 1)
    tone = tone.astype(np.float32)
    return Texture(np.full_like(tone, 0.8), tone, tone, mixed(srgb("#efe6d0"), srgb("#bfb294"), 0.8 * tone))
