"""What is printed or drilled into game pieces: dots of dominoes, numbers and stripes of billiard balls."""

from __future__ import annotations

import cv2
import numpy as np

from generator.render.color import srgb
from generator.render.textures.noise import Field, Texture, mixed, smoothstep

_DOTS = {
    0: (),
    1: ((0, 0),),
    2: ((-1, -1), (1, 1)),
    3: ((-1, -1), (0, 0), (1, 1)),
    4: ((-1, -1), (1, 1), (-1, 1), (1, -1)),
    5: ((-1, -1), (1, 1), (-1, 1), (1, -1), (0, 0)),
    6: ((-1, -1), (1, 1), (-1, 1), (1, -1), (-1, 0), (1, 0)),
}

BALL_COLORS = (
    "#ece5d2", "#dba11c", "#1f3f86", "#b3251d", "#4b2a63", "#cf5f1e", "#17593a", "#6c1f1f", "#191817",
)  # fmt: skip
"""Cue ball, 1 yellow, 2 blue, 3 red, 4 purple, 5 orange, 6 green, 7 maroon, 8 black; 9..15 repeat 1..7."""


def domino_face(top: int, bottom: int) -> Texture:
    """Dots and a bar on a tile twice as high as wide; mask = ink, height = 1 flat .. 0 drilled."""
    height, width = 512, 256
    flat = np.ones((height, width), np.float32)
    for count, middle in ((top, 128), (bottom, 384)):
        for x, y in _DOTS[count]:
            cv2.circle(flat, (128 + 62 * x, middle + 62 * y), 25, 0.0, -1, cv2.LINE_AA)
    cv2.line(flat, (34, 256), (222, 256), 0.0, 6, cv2.LINE_AA)
    return Texture(np.full_like(flat, 0.5), cv2.GaussianBlur(flat, (0, 0), 3.0), 1 - flat)


def billiard_ball(number: int, color: str, white: str) -> Texture:
    """The whole ball, u around and v from pole to pole: plain, or a band about the equator (9..15), and
    two discs with the number. The cue ball (0) is plain. mask = ink of the numbers."""
    height, width = 512, 1024
    latitude = (0.5 - (np.arange(height) + 0.5) / height) * np.pi
    longitude = (np.arange(width) + 0.5) / width * 2 * np.pi
    lat, lon = np.meshgrid(latitude, longitude, indexing="ij")
    lat, lon = lat.astype(np.float32), lon.astype(np.float32)
    picture = np.zeros((height, width, 3), np.float32) + srgb(
        white if number in (0, *range(9, 16)) else color
    )
    ink = np.zeros((height, width), np.float32)
    if number >= 9:
        band = 1 - smoothstep(0.585, 0.60, np.abs(lat))
        picture = mixed(picture, srgb(color), band)
    if number:
        for middle in (0.0, np.pi):
            disc, figure = _numbered_disc(number, lat, lon - middle)
            picture = mixed(picture, srgb(white), disc)
            ink = np.maximum(ink, figure)
        picture = mixed(picture, srgb("#1a1918"), ink)
    level = np.full((height, width), 0.5, np.float32)
    return Texture(level, level, ink, picture)


def _numbered_disc(number: int, lat: Field, lon: Field, radius: float = 0.36) -> tuple[Field, Field]:
    """Coverage of a disc about (0, 0) of `radius` radians, and of the figure in it."""
    forward = np.cos(lat) * np.cos(lon)
    across, up = np.cos(lat) * np.sin(lon), np.sin(lat)
    angle = np.arccos(np.clip(forward, -1, 1))
    disc = (1 - smoothstep(radius - 0.008, radius + 0.008, angle)).astype(np.float32)
    size = 256
    glyph = np.zeros((size, size), np.float32)
    text, scale = str(number), 4.6 if number < 10 else 3.4
    (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 16)
    cv2.putText(
        glyph, text, ((size - w) // 2, (size + h) // 2), cv2.FONT_HERSHEY_SIMPLEX, scale, 1.0, 16, cv2.LINE_AA
    )
    if number in (6, 9):
        cv2.line(glyph, (90, 232), (166, 232), 1.0, 12, cv2.LINE_AA)
    reach = np.sin(radius) * 1.15
    column = ((across / reach) * 0.5 + 0.5) * size
    row = ((-up / reach) * 0.5 + 0.5) * size
    figure = cv2.remap(glyph, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR)
    return disc, np.where(forward > 0, figure, 0.0).astype(np.float32) * disc
