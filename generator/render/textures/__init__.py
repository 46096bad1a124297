"""Surface textures made with numpy: seeded, tileable, made once a process for each recipe.

A recipe is a function that returns a `Texture`; `texture_images` turns it into Blender images. Colour,
roughness and height of one surface come from one recipe, so that a pore is dark, dull and deep at once.
"""

from generator.render.textures.images import TextureImages, image_of, texture_images
from generator.render.textures.noise import Texture
from generator.render.textures.wear import brushed, imperfections

__all__ = ["Texture", "TextureImages", "brushed", "image_of", "imperfections", "texture_images"]
