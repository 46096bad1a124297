"""Cloth: plain weave, felt, and the pattern of a rug."""

from __future__ import annotations

import math

import cv2
import numpy as np

from generator.render.color import srgb
from generator.render.textures.noise import Texture, spectral, unit


def weave(pixels: int = 512, threads: int = 64, seed: int = 0) -> Texture:
    """Plain weave, `threads` a tile each way; mask = tone of the threads."""
    run = np.arange(pixels, dtype=np.float32) / pixels * threads
    x, y = np.meshgrid(run, run)
    fx, fy = x % 1 - 0.5, y % 1 - 0.5
    over = (np.floor(x) + np.floor(y)) % 2 > 0
    warp = 0.8 * np.cos(fx * np.pi) * (0.6 + 0.4 * np.cos(2 * np.pi * fy))
    weft = 0.8 * np.cos(fy * np.pi) * (0.6 + 0.4 * np.cos(2 * np.pi * fx))
    height = np.where(over, warp, weft)
    slub_y = spectral(pixels, pixels, 2.0, squeeze=(0.2, 1), seed=seed)
    slub_x = spectral(pixels, pixels, 2.0, squeeze=(1, 0.2), seed=seed + 1)
    tone = np.where(over, slub_x, slub_y)
    return Texture(np.full_like(height, 0.85), np.clip(height + 0.04 * tone, 0, 1), unit(tone))


def felt(pixels: int = 512, seed: int = 0) -> Texture:
    """Short tangled fibres; mask = tone."""
    rng = np.random.default_rng([seed, 31])
    height = np.zeros((pixels, pixels), np.float32)
    for _ in range(5000):
        x, y = rng.integers(0, pixels, 2)
        angle, bend = rng.uniform(0, 2 * math.pi), rng.normal() * 0.8
        steps = np.linspace(0, 1, 4)
        path = np.stack(
            [x + 16 * steps * np.cos(angle + bend * steps), y + 16 * steps * np.sin(angle + bend * steps)], 1
        )
        cv2.polylines(height, [np.int32(path * 16)], False, float(rng.random()), 1, cv2.LINE_AA, 4)
    clouds = unit(spectral(pixels, pixels, 2.4, seed=seed))
    return Texture(np.full_like(height, 0.9), height, 0.55 + 0.45 * clouds * (0.75 + 0.25 * height))


def rug(field: str, border: str, motif: str, pixels: int = 512, seed: int = 0) -> Texture:
    """One whole rug: a border, a line and diamonds, slightly crooked as woven things are."""
    y, x = np.mgrid[0:pixels, 0:pixels].astype(np.float32) / pixels - 0.5
    crooked = 0.003 * spectral(pixels, pixels, 2.8, high=60, seed=seed)
    rim = np.maximum(np.abs(x), np.abs(y)) + crooked
    color = np.zeros((pixels, pixels, 3), np.float32) + srgb(field)
    color[rim > 0.40] = srgb(border)
    color[(rim > 0.425) & (rim < 0.44)] = srgb(field)
    color[rim > 0.475] = srgb(motif)
    repeat = 6 + seed % 3
    diamond = np.abs((x + crooked) * repeat % 1 - 0.5) + np.abs((y + crooked) * repeat % 1 - 0.5)
    color[(rim < 0.38) & (diamond < 0.33)] = srgb(motif)
    color[(rim < 0.38) & (diamond < 0.20)] = srgb(border)
    tone = (
        1
        + 0.09 * spectral(pixels, pixels, 1.2, seed=seed + 1)
        + 0.06 * spectral(pixels, pixels, 2.6, seed=seed + 2)
    )
    level = np.full((pixels, pixels), 0.9, np.float32)
    return Texture(level, unit(crooked), level, np.clip(color * tone[..., None], 0, 1))
