"""numpy textures as Blender images, each made once a process.

Images are found again by name in `bpy.data`, so that a fresh Blender file simply makes its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.render.textures.noise import Texture


@dataclass(frozen=True)
class TextureImages:
    """`data` holds roughness, height and mask in its three channels."""

    color: bpy.types.Image | None
    data: bpy.types.Image


@lru_cache(maxsize=64)
def _made(recipe: Callable[..., Texture], args: tuple[Any, ...]) -> Texture:
    return recipe(*args)


def texture_images(recipe: Callable[..., Texture], *args: Any) -> TextureImages:
    """The images of `recipe(*args)`; the arguments must be hashable."""
    tag = f"{recipe.__name__}-{hashlib.sha1(repr(args).encode()).hexdigest()[:10]}"
    data = bpy.data.images.get(tag + "-data")
    if data is not None:
        return TextureImages(bpy.data.images.get(tag + "-color"), data)
    texture = _made(recipe, args)
    packed = np.dstack([texture.roughness, texture.height, texture.mask])
    data = image_of(tag + "-data", packed, is_data=True)
    color = None if texture.color is None else image_of(tag + "-color", texture.color)
    return TextureImages(color, data)


def image_of(name: str, picture: NDArray[np.floating[Any]], is_data: bool = False) -> bpy.types.Image:
    """A Blender image of (H, W, 3 or 4) values 0..1, top row first; reuses the one of that name."""
    found = bpy.data.images.get(name)
    if found is not None:
        return found
    height, width, channels = picture.shape
    image = bpy.data.images.new(name, width, height, alpha=channels == 4, is_data=is_data)
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :channels] = np.clip(picture, 0, 1)
    image.pixels.foreach_set(pixels[::-1].ravel())
    image.update()
    return image
