"""Materials by kind. `MATERIALS` maps a kind to the recipe that builds its shader.

A recipe gets an empty node tree and the resolved `Material` and returns a shader socket. Two materials
of one kind differ by their seed (grain, smudges, tone), never by which other things are in the scene.
"""

from __future__ import annotations

import hashlib

import bpy

from generator.render.materials import fabrics, games, glasses, metals, papers, plastics, stones, woods
from generator.render.materials.recipe import Recipe
from generator.render.nodes import Projection, finish_material, new_material
from generator.scene import scene as spec

MATERIALS: dict[str, Recipe] = {
    "oak": woods.oak,
    "walnut": woods.walnut,
    "pine": woods.pine,
    "beech": woods.beech,
    "parquet": woods.parquet,
    "painted_wood": woods.painted_wood,
    "weathered_wood": woods.weathered_wood,
    "brushed_metal": metals.brushed_metal,
    "polished_metal": metals.polished_metal,
    "brass": metals.brass,
    "steel": metals.steel,
    "plastic": plastics.plastic,
    "matte_plastic": plastics.matte_plastic,
    "rubber": plastics.rubber,
    "latex": plastics.latex,
    "plain": plastics.plain,
    "glow": plastics.glow,
    "paper": papers.paper,
    "cardboard": papers.cardboard,
    "weave": fabrics.weave,
    "felt": fabrics.felt,
    "rug": fabrics.rug,
    "ceramic": stones.ceramic,
    "concrete": stones.concrete,
    "asphalt": stones.asphalt,
    "plaster": stones.plaster,
    "marble": stones.marble,
    "glass": glasses.glass,
    "domino": games.domino,
    "billiard": games.billiard,
}

__all__ = ["MATERIALS", "material_of", "shade"]


def material_of(
    material: spec.Material, projection: Projection = "uv", large: bool = False
) -> bpy.types.Material:
    """The Blender material of a resolved one; equal materials share one."""
    identity = f"{material.model_dump_json()} {projection} {large}"
    return shade(
        f"{material.kind}-{_digest(identity)}", MATERIALS[material.kind], material, projection, large
    )


def shade(
    name: str,
    recipe: Recipe,
    material: spec.Material,
    projection: Projection = "uv",
    large: bool = False,
) -> bpy.types.Material:
    """A Blender material called `name` from any recipe; found again if it exists already."""
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    made, nodes = new_material(name, projection, material.seed, large)
    return finish_material(made, nodes, recipe(nodes, material))


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()[:12]
