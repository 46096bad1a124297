"""Wood: flat-sawn boards from growth rings, end grain, and boards laid side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from generator.render.color import srgb
from generator.render.textures.noise import Field, Texture, mixed, smoothstep, spectral


@dataclass(frozen=True)
class Species:
    """light, dark: early and late wood; pore: the streaks; ring: mean ring width, m; contrast of the
    rings, strength of the pores and of the short dashes (rays) that beech shows."""

    light: str
    dark: str
    pore: str
    ring: float
    contrast: float
    pores: float
    rays: float = 0.0


SPECIES = {
    "oak": Species("#c9a777", "#a27c50", "#6d4e30", 0.0042, 0.75, 0.55, 0.10),
    "walnut": Species("#75502f", "#4c301d", "#2d1c11", 0.0048, 0.75, 0.45),
    "pine": Species("#e0bd8c", "#bf8f58", "#a87542", 0.0055, 0.95, 0.06),
    "beech": Species("#d9b68c", "#c39a6d", "#8d6440", 0.0036, 0.50, 0.15, 0.45),
    "silver": Species("#a79e92", "#7b736a", "#47423c", 0.0060, 0.90, 0.35),
}


def wood(species: str, pixels: tuple[int, int], size: tuple[float, float], seed: int) -> Texture:
    """A flat-sawn board, grain along u. pixels (width, height) of a tile of `size` metres; mask = pores.

    The board is a plane through a trunk: distance to the wavering pith gives the ring.
    """
    kind = SPECIES[species]
    (width, height), (length, breadth) = pixels, size
    rng = np.random.default_rng([seed, 11])
    x = (np.arange(width, dtype=np.float32) / width * length)[None, :]
    y = ((np.arange(height, dtype=np.float32) / height - 0.5) * breadth)[:, None]
    ratio = length / breadth  # noise is made per tile: keep it even in metres, then stretch along the grain

    def noise(beta: float, along: float, low: float, number: int, high: float = 1e9) -> Field:
        return spectral(
            height, width, beta, squeeze=(along * ratio, 1), low=low, high=high, seed=seed * 17 + number
        )

    # Rings are smooth curves: rough noise here would break them into speckles.
    waver = 0.02 * breadth * noise(3.6, 0.22, 1, 0, high=9) + 0.0004 * noise(2.6, 0.06, 4, 1, high=60)
    depth, across = rng.uniform(0.012, 0.05), rng.uniform(-0.25, 0.25) * breadth
    radius = np.hypot(y - across + waver, depth + 0.05 * x + waver)
    late = _late_wood(radius, kind.ring, rng)
    fibre, tone = noise(0.9, 0.02, 8, 2), noise(2.6, 0.25, 1, 3)
    shade = np.clip(0.12 + 0.8 * kind.contrast * late + 0.06 * fibre + 0.12 * tone, 0, 1)
    color = mixed(srgb(kind.light), srgb(kind.dark), shade)
    pores = kind.pores * smoothstep(1.0, 2.4, noise(0.5, 0.025, 20, 4) + 0.7 * (late > 0.35))
    if kind.rays:
        pores = np.maximum(pores, kind.rays * smoothstep(2.0, 2.6, noise(0.8, 0.22, 30, 5)))
    return Texture(
        roughness=np.clip(0.45 + 0.10 * late + 0.25 * pores + 0.04 * fibre, 0, 1),
        height=np.clip(0.6 - 0.08 * late - 0.5 * pores + 0.03 * fibre, 0, 1),
        mask=pores,
        color=mixed(color, srgb(kind.pore), pores),
    )


def _late_wood(radius: Field, ring: float, rng: np.random.Generator) -> Field:
    """0..1: how far through its year the wood at this distance from the pith grew."""
    years = np.arange(600)
    drift = 0.35 * np.cumsum(0.15 * rng.standard_normal(600))
    strength = 0.55 + 0.45 * rng.random(600)
    year = radius / ring
    year = year + np.interp(year, years, drift)
    part = year % 1.0
    late = smoothstep(0.25, 0.90, part) * (1 - smoothstep(0.93, 1.0, part))
    return (late * np.interp(year, years, strength)).astype(np.float32)


def end_grain(species: str, pixels: int, size: float, seed: int) -> Texture:
    """Wood cut across: arcs of rings, darker and duller; not tileable, but seldom seen to repeat."""
    kind = SPECIES[species]
    rng = np.random.default_rng([seed, 12])
    y, x = np.mgrid[0:pixels, 0:pixels].astype(np.float32) / pixels * size
    waver = 0.0015 * spectral(pixels, pixels, 3.0, seed=seed + 40)
    angle = rng.uniform(0.2, 1.3)
    far = size * rng.uniform(0.5, 0.9)
    radius = np.hypot(x + far * np.cos(angle) + waver, y + far * np.sin(angle) + waver)
    late = _late_wood(radius, kind.ring, rng)
    dots = smoothstep(1.3, 2.4, spectral(pixels, pixels, 0.4, low=60, seed=seed + 41)) * kind.pores
    color = mixed(srgb(kind.light), srgb(kind.dark), np.clip(0.35 + 0.6 * kind.contrast * late, 0, 1))
    color = mixed(color * 0.86, srgb(kind.pore), 0.7 * dots)
    return Texture(np.clip(0.7 + 0.1 * late, 0, 1), np.clip(0.6 - 0.4 * dots, 0, 1), dots, color)


STOCK = 896
"""Pixels along the two metres of each board that boards are cut from."""


def boards(
    species: str,
    pixels: int,
    size: float,
    breadth: float,
    length: float,
    gap: float,
    variation: float,
    seed: int,
) -> Texture:
    """Boards along u, `breadth` wide and about `length` long, each its own crop and tone; mask = gaps.

    A table top is the same with long staves and hardly a gap.
    """
    rng = np.random.default_rng([seed, 13])
    metre = pixels / size
    stock = [wood(species, (STOCK, STOCK // 8), (2.0, 1.25 * breadth), seed * 31 + i) for i in range(5)]
    color = np.zeros((pixels, pixels, 3), np.float32)
    data = np.zeros((pixels, pixels, 3), np.float32)
    edges = np.linspace(0, pixels, max(1, round(size / breadth)) + 1).astype(int)
    joint = max(1, round(gap * metre))
    dark = 0.35 if gap > 0.0006 else 0.72
    for top, bottom in pairwise(edges):
        at = -int(rng.uniform(0, length) * metre)
        while at < pixels:
            long = int(rng.uniform(0.6, 1.25) * length * metre)
            piece, rough = _board(stock, rng, long, bottom - top, metre, variation)
            piece[:joint] *= dark
            piece[:, :joint] *= dark
            rough[:joint] = rough[:, :joint] = (0.9, 0.0, 1.0) if gap > 0.0006 else (0.6, 0.5, 1.0)
            first, last = max(0, at), min(pixels, at + long)
            if last > first:
                color[top:bottom, first:last] = piece[:, first - at : last - at]
                data[top:bottom, first:last] = rough[:, first - at : last - at]
            at += long
    return Texture(data[..., 0], data[..., 1], data[..., 2], np.clip(color, 0, 1))


def _board(
    stock: list[Texture], rng: np.random.Generator, width: int, height: int, metre: float, variation: float
) -> tuple[np.ndarray, np.ndarray]:
    """One board cut from the stock: (H, W, 3) colour and (H, W, 3) roughness, height, gap."""
    source = stock[int(rng.integers(len(stock)))]
    assert source.color is not None
    span = int(np.clip(width / metre / 2.0 * STOCK, 8, STOCK))
    start = int(rng.integers(0, STOCK - span + 1))
    flip = slice(None, None, -1 if rng.random() < 0.5 else 1)
    cut = (flip, slice(start, start + span))
    color = cv2.resize(source.color[cut], (width, height), interpolation=cv2.INTER_AREA)
    grey = np.dstack([source.roughness[cut], source.height[cut], np.zeros_like(source.mask[cut])])
    data = cv2.resize(np.ascontiguousarray(grey), (width, height), interpolation=cv2.INTER_AREA)
    tone, warmth = 1 + variation * rng.normal(), 1 + 0.2 * variation * rng.normal()
    color = color * np.array([tone * warmth, tone, tone / warmth], np.float32)
    data[..., 0] = np.clip(data[..., 0] + 0.03 * rng.normal(), 0, 1)
    return color, data
