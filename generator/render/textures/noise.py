"""The building blocks of every texture: tileable spectral noise, ramps and blends. Pure numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""(H, W)."""
Picture = NDArray[np.float32]
"""(H, W, 3), display-encoded 0..1."""


@dataclass(frozen=True)
class Texture:
    """One surface. Values 0..1, (H, W); `color` is None where the material brings its own.

    `mask` means what the recipe says: pores, gaps, fibres, threads.
    """

    roughness: Field
    height: Field
    mask: Field
    color: Picture | None = None


def spectral(
    height: int,
    width: int,
    beta: float = 2.0,
    *,
    squeeze: tuple[float, float] = (1.0, 1.0),
    low: float = 1.0,
    high: float = 1e9,
    seed: int = 0,
) -> Field:
    """Tileable noise of power ~ f^-beta, mean 0 and standard deviation 1.

    squeeze: (x, y); above 1 makes it finer along that axis, below 1 stretches it.
    low, high: band of frequencies kept, in waves a tile.
    """
    rng = np.random.default_rng(seed)
    fx = np.fft.rfftfreq(width) * width / squeeze[0]
    fy = (np.fft.fftfreq(height) * height / squeeze[1])[:, None]
    frequency = np.hypot(fx, fy)
    amplitude = np.where(
        (frequency >= low) & (frequency <= high), np.maximum(frequency, 1e-6) ** (-beta / 2), 0.0
    )
    amplitude[0, 0] = 0.0
    white = rng.standard_normal((height, width), dtype=np.float32)
    field = np.fft.irfft2(np.fft.rfft2(white) * amplitude, s=(height, width)).astype(np.float32)
    field /= field.std() + np.float32(1e-9)
    return field


def unit(field: Field, spread: float = 2.2) -> Field:
    """Noise of standard deviation 1 carried to 0..1, `spread` deviations to each side."""
    return np.clip(0.5 + field / (2 * spread), 0, 1)


def smoothstep(low: float, high: float, field: Field) -> Field:
    t = np.clip((field - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mixed(a: Picture | Field, b: Picture | Field, amount: Field) -> Picture:
    """Colour `a` (or a picture) towards `b` by (H, W) amounts."""
    weight = amount[..., None]
    return (np.asarray(a, np.float32) * (1 - weight) + np.asarray(b, np.float32) * weight).astype(np.float32)
