"""Colours as people write and name them: `#rrggbb` or a word, and the word for any colour."""

from __future__ import annotations

import colorsys
import re

NAMED: dict[str, str] = {
    "black": "#222222",
    "white": "#e6e0d0",
    "grey": "#8a8a88",
    "gray": "#8a8a88",
    "silver": "#c4c6c8",
    "red": "#b5281c",
    "crimson": "#8e1f2b",
    "maroon": "#6f2c28",
    "brick": "#8c3b2e",
    "orange": "#cf6a1e",
    "ochre": "#c0872b",
    "gold": "#c9a13c",
    "yellow": "#dcb32f",
    "cream": "#e8dfc8",
    "beige": "#cdb99a",
    "brown": "#6e4a2e",
    "tan": "#b08a5e",
    "olive": "#6f7338",
    "lime": "#8fae3c",
    "green": "#2f7a3f",
    "forest": "#2f5138",
    "teal": "#2b6f6d",
    "turquoise": "#3f9c98",
    "cyan": "#3b9fb5",
    "sky": "#6fa3c7",
    "blue": "#234f9a",
    "navy": "#1f3458",
    "slate": "#4e5f70",
    "purple": "#5c3a78",
    "violet": "#7a55a5",
    "magenta": "#a5327a",
    "pink": "#d98a9c",
}
"""Muted on purpose: sRGB primaries at full value look like computer graphics at once."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def to_hex(text: str) -> str:
    """`#rrggbb` for a hex colour or a word of `NAMED`; ValueError for anything else."""
    if _HEX.fullmatch(text):
        return text.lower()
    if text.lower() in NAMED:
        return NAMED[text.lower()]
    raise ValueError(text)


def word(color: str) -> str:
    """What a person calls `#rrggbb`: one of a dozen common words."""
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, _ = colorsys.rgb_to_hls(red, green, blue)
    value = max(red, green, blue)
    saturation = 0.0 if value == 0 else (value - min(red, green, blue)) / value
    hue *= 360
    if value < 0.17:
        return "black"
    if saturation < 0.11:
        return "white" if lightness > 0.78 else "black" if lightness < 0.18 else "grey"
    if 20 <= hue < 70 and saturation < 0.30 and lightness > 0.68:
        return "cream"
    if hue < 14 or hue >= 340:
        return "pink" if lightness > 0.62 and saturation < 0.6 else "red" if value > 0.45 else "dark red"
    if hue < 44:
        return "brown" if value < 0.55 else "tan" if saturation < 0.5 else "orange"
    if hue < 68:
        return "olive" if value < 0.55 else "yellow"
    if hue < 165:
        return "dark green" if value < 0.35 else "green"
    if hue < 192:
        return "teal"
    if hue < 255:
        return "dark blue" if value < 0.4 else "light blue" if lightness > 0.62 else "blue"
    if hue < 300:
        return "purple"
    return "pink"
