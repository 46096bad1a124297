"""Walls, stone and ground: plaster, concrete, asphalt, marble."""

from __future__ import annotations

import cv2
import numpy as np

from generator.render.color import srgb
from generator.render.textures.noise import Field, Texture, mixed, smoothstep, spectral, unit


def plaster(pixels: int = 1024, seed: int = 0) -> Texture:
    """Painted wall with roller stipple, one metre a tile; mask = large clouds."""
    stipple = unit(spectral(pixels, pixels, 1.0, low=60, high=330, seed=seed))
    waves = unit(spectral(pixels, pixels, 2.6, low=1, high=20, seed=seed + 1))
    clouds = unit(spectral(pixels, pixels, 2.8, seed=seed + 2))
    return Texture(0.5 + 0.15 * clouds, 0.75 * stipple + 0.25 * waves, clouds)


def concrete(base: str, pixels: int = 1024, seed: int = 0) -> Texture:
    """Trowelled concrete, two metres a tile; mask = pits."""

    def noise(beta: float, low: float, number: int) -> Field:
        return spectral(pixels, pixels, beta, low=low, seed=seed + number)

    clouds, grain, patches = noise(2.4, 1, 0), noise(1.1, 30, 1), noise(2.0, 4, 2)
    pits = smoothstep(2.3, 2.9, noise(0.6, 60, 3))
    stains = smoothstep(0.6, 2.0, noise(2.8, 1, 5))
    cracks = 1 - smoothstep(0.0, 0.012, np.abs(noise(2.6, 2, 9)))
    cracks = cracks * smoothstep(0.9, 1.4, noise(3.0, 1, 10))
    tone = 1 + 0.055 * clouds + 0.035 * grain + 0.03 * patches
    tone *= (1 - 0.4 * pits) * (1 - 0.13 * stains) * (1 - 0.5 * cracks)
    warmth = 1 + 0.006 * clouds[..., None] * np.array([1.0, 0.0, -1.0], np.float32)
    return Texture(
        roughness=np.clip(0.78 - 0.06 * clouds + 0.03 * grain, 0, 1),
        height=np.clip(0.6 + 0.05 * grain + 0.03 * clouds - 0.5 * pits - 0.5 * cracks, 0, 1),
        mask=pits,
        color=np.clip(srgb(base) * tone[..., None] * warmth, 0, 1),
    )


def asphalt(pixels: int = 768, seed: int = 0) -> Texture:
    """Stones of 2 to 6 mm in tar, half a metre a tile; mask = height of the stones."""
    rng = np.random.default_rng([seed, 21])
    grey = np.full((pixels, pixels), 0.17, np.float32)
    height = np.full((pixels, pixels), 0.3, np.float32)
    for _ in range(12500):
        center = tuple(int(v) for v in rng.integers(0, pixels, 2))
        radius = rng.uniform(1.2, 4.2)
        axes, angle = (int(radius * 1.2) + 1, int(radius)), rng.uniform(0, 180)
        tone = float(np.clip(rng.normal(0.28, 0.045), 0.15, 0.5))
        cv2.ellipse(grey, center, axes, angle, 0, 360, tone, -1, cv2.LINE_AA)
        cv2.ellipse(height, center, axes, angle, 0, 360, float(rng.uniform(0.4, 0.9)), -1, cv2.LINE_AA)
    grey *= 1 + 0.10 * spectral(pixels, pixels, 2.6, seed=seed + 1)
    color = grey[..., None] * np.array([1.0, 0.985, 0.96], np.float32)
    return Texture(
        np.full_like(grey, 0.85), cv2.GaussianBlur(height, (0, 0), 1.0), height, np.clip(color, 0, 1)
    )


def marble(base: str, vein: str, pixels: int = 1024, seed: int = 0) -> Texture:
    """Polished white marble, 1.2 metres a tile: soft grey clouds and a few bold veins; mask = veins."""
    y, x = np.mgrid[0:pixels, 0:pixels].astype(np.float32)
    bend_x = spectral(pixels, pixels, 3.2, seed=seed) * pixels * 0.07
    bend_y = spectral(pixels, pixels, 3.2, seed=seed + 1) * pixels * 0.07

    def ridge(number: int, beta: float, squeeze: tuple[float, float], sharpness: float) -> Field:
        field = spectral(pixels, pixels, beta, squeeze=squeeze, high=14, seed=seed + number)
        bent = cv2.remap(
            field, (x + bend_x) % pixels, (y + bend_y) % pixels, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
        )
        return np.exp(-np.abs(bent) * sharpness)

    where = unit(spectral(pixels, pixels, 2.8, seed=seed + 7))
    clouds = unit(spectral(pixels, pixels, 2.6, seed=seed + 4))
    bold = ridge(2, 4.0, (1.0, 0.5), 26) * smoothstep(0.35, 0.75, where)
    halo = ridge(2, 4.0, (1.0, 0.5), 5) * smoothstep(0.3, 0.8, where)
    fine = ridge(3, 3.2, (0.6, 1.0), 34) * smoothstep(0.45, 0.9, 1 - where)
    veins = np.clip(0.75 * bold + 0.30 * halo + 0.35 * fine, 0, 1)
    amount = np.clip(veins + 0.22 * smoothstep(0.3, 0.9, clouds), 0, 1)
    polish = unit(spectral(pixels, pixels, 2.0, low=6, seed=seed + 5))
    return Texture(
        roughness=np.clip(0.3 + 0.3 * polish + 0.2 * veins, 0, 1),
        height=np.full((pixels, pixels), 0.5, np.float32),
        mask=veins.astype(np.float32),
        color=mixed(srgb(base), srgb(vein), amount),
    )
