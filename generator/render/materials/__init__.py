"""Materials by kind. `MATERIALS` maps a kind to the recipe that builds its shader.

A recipe gets an empty node tree and the resolved `Material` and returns a shader socket. Two materials
of one kind differ by their seed (grain, smudges, tone), never by which other things are in the scene.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import bpy

from generator.render.color import linear
from generator.render.nodes import Nodes, Projection, Value, finish_material, new_material
from generator.scene import scene as spec

Recipe = Callable[[Nodes, spec.Material], Value]


def _simple(color: str, roughness: float, metallic: float = 0.0) -> Recipe:
    def recipe(nodes: Nodes, material: spec.Material) -> Value:
        return nodes.principled(
            color=linear(material.color or color),
            roughness=material.roughness if material.roughness is not None else roughness,
            metallic=metallic,
        )

    return recipe


MATERIALS: dict[str, Recipe] = {kind: _simple("#b08d62", 0.5) for kind in spec.MaterialKind.__args__}


def material_of(material: spec.Material, projection: Projection = "uv") -> bpy.types.Material:
    """The Blender material of a resolved one; equal materials share one."""
    digest = hashlib.sha1((material.model_dump_json() + projection).encode()).hexdigest()[:12]
    name = f"{material.kind}-{digest}"
    found = bpy.data.materials.get(name)
    if found is not None:
        return found
    made, nodes = new_material(name, projection, material.seed)
    return finish_material(made, nodes, MATERIALS[material.kind](nodes, material))
