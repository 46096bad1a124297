"""What use does to every surface: smudges, scratches, dust, and the streaks of brushing."""

from __future__ import annotations

import math

import cv2
import numpy as np

from generator.render.textures.noise import Field, Texture, spectral, unit

_SUBPIXEL = 4  # cv2 fixed-point bits


def imperfections(pixels: int = 1024, seed: int = 0) -> Texture:
    """One map shared by all materials: roughness = smudges and wipes, height = scratches, mask = dust."""
    rng = np.random.default_rng([seed, 1])
    smudge = 0.6 * unit(spectral(pixels, pixels, 2.6, seed=seed))
    smudge += 0.4 * unit(spectral(pixels, pixels, 1.6, squeeze=(0.3, 1), low=3, seed=seed + 1))
    return Texture(smudge, _scratches(pixels, rng), _dust(pixels, rng))


def _stroke(field: Field, points: list[tuple[float, float]], value: float) -> None:
    """A one-pixel line that leaves one side of the tile and enters at the other."""
    size = field.shape[0]
    for dx in (-size, 0, size):
        for dy in (-size, 0, size):
            path = np.array([((x + dx) * 2**_SUBPIXEL, (y + dy) * 2**_SUBPIXEL) for x, y in points], np.int32)
            cv2.polylines(field, [path], False, value, 1, cv2.LINE_AA, _SUBPIXEL)


def _scratches(pixels: int, rng: np.random.Generator) -> Field:
    field = np.zeros((pixels, pixels), np.float32)
    for _ in range(170):
        x, y = rng.integers(0, pixels, 2)
        angle, length, bend = rng.uniform(0, 2 * math.pi), rng.exponential(60) + 10, rng.normal() * 0.15
        points = [
            (x + math.cos(angle + bend * s) * length * s, y + math.sin(angle + bend * s) * length * s)
            for s in np.linspace(0, 1, 6)
        ]
        _stroke(field, points, float(rng.uniform(0.15, 0.9)))
    return field


def _dust(pixels: int, rng: np.random.Generator) -> Field:
    field = np.zeros((pixels, pixels), np.float32)
    for _ in range(1500):
        x, y = (int(v) for v in rng.integers(0, pixels, 2))
        cv2.circle(field, (x, y), int(rng.random() < 0.12), float(rng.uniform(0.2, 1)), -1, cv2.LINE_AA)
    for _ in range(40):  # lint
        x, y = rng.integers(0, pixels, 2)
        angle = rng.uniform(0, 2 * math.pi)
        points = [
            (x + 10 * s * math.cos(angle + s), y + 10 * s * math.sin(angle + s))
            for s in np.linspace(0, 1.2, 6)
        ]
        _stroke(field, points, 0.5)
    return field


def brushed(pixels: int = 1024, seed: int = 0) -> Texture:
    """Fine streaks along u, of brushed metal; mask = larger clouds."""
    streaks = unit(spectral(pixels, pixels, 0.6, squeeze=(0.006, 1), low=10, seed=seed))
    return Texture(streaks, streaks, unit(spectral(pixels, pixels, 2.6, seed=seed + 1)))
