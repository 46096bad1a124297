"""Building shader node trees in a few readable words.

A `Nodes` wraps one node tree (of a material, a world or a light) and hands out sockets. Values given
to inputs may be sockets, numbers, tuples or None (leave the default). Coordinates are metres: every
mesh of ours carries a UV layer measured in metres, so a texture's size is its size in the room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import bpy
import numpy as np

from generator.render.color import RGBA
from generator.render.textures import imperfections, texture_images

Projection = Literal["uv", "box", "turned"]
"""How a texture meets the surface: by UV; from three sides, blended (spheres, meshes); or by the UV of
a turned shape, where wood's grain runs along the axis."""

Value = Any
"""A socket, a number, a tuple, or None."""

_PRINCIPLED = {
    "color": "Base Color",
    "roughness": "Roughness",
    "metallic": "Metallic",
    "ior": "IOR",
    "coat": "Coat Weight",
    "coat_roughness": "Coat Roughness",
    "sheen": "Sheen Weight",
    "sheen_roughness": "Sheen Roughness",
    "transmission": "Transmission Weight",
    "normal": "Normal",
    "coat_normal": "Coat Normal",
    "specular": "Specular IOR Level",
    "anisotropic": "Anisotropic",
    "tangent": "Tangent",
    "diffuse_roughness": "Diffuse Roughness",
}


class Nodes:
    """One node tree being built; `seed` moves textures, so that two boards of one kind differ.

    `large` says that the thing is furniture or floor, not something held in a hand: textures choose the
    size of their tile by it.
    """

    def __init__(
        self, tree: bpy.types.NodeTree, projection: Projection = "uv", seed: int = 0, large: bool = False
    ) -> None:
        self.tree = tree
        self.projection: Projection = projection
        self.seed = seed
        self.large = large
        self.rng = np.random.default_rng([seed, 7])
        self._imperfections: dict[float, tuple[Value, Value, Value]] = {}

    # --- nodes and links

    def add(self, kind: str, inputs: Mapping[Any, Value] | None = None, **settings: Any) -> Any:
        """A node `ShaderNode<kind>` with its properties set and its inputs connected."""
        node = self.tree.nodes.new("ShaderNode" + kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for name, value in (inputs or {}).items():
            self.connect(node.inputs[name], value)
        return node

    def connect(self, socket: Any, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        elif socket.type == "RGBA" and len(value) == 3:
            socket.default_value = (*value, 1.0)
        else:
            socket.default_value = value

    # --- arithmetic

    def math(self, operation: str, a: Value, b: Value = 0.0, clamp: bool = False) -> Value:
        return self.add("Math", {0: a, 1: b}, operation=operation, use_clamp=clamp).outputs[0]

    def sum(self, *terms: Value) -> Value:
        """The terms added, clamped to 0..1."""
        total = terms[0]
        for term in terms[1:]:
            total = self.math("ADD", total, term, clamp=term is terms[-1])
        return total

    def times(self, a: Value, b: Value) -> Value:
        return self.math("MULTIPLY", a, b)

    def mix(self, factor: Value, a: Value, b: Value, blend: str = "MIX") -> Value:
        """Colour `a` towards colour `b`."""
        node = self.add("Mix", data_type="RGBA", blend_type=blend)
        for slot, value in ((0, factor), (6, a), (7, b)):
            self.connect(node.inputs[slot], value)
        return node.outputs[2]

    def blend(self, factor: Value, a: Value, b: Value) -> Value:
        """Number `a` towards number `b`."""
        node = self.add("Mix", data_type="FLOAT")
        for slot, value in ((0, factor), (2, a), (3, b)):
            self.connect(node.inputs[slot], value)
        return node.outputs[0]

    def ramp(self, value: Value, a: Value, b: Value, low: Value, high: Value, smooth: bool = False) -> Value:
        """`value` between a and b carried to low .. high, clamped."""
        kind = "SMOOTHSTEP" if smooth else "LINEAR"
        node = self.add("MapRange", {0: value, 1: a, 2: b, 3: low, 4: high}, interpolation_type=kind)
        return node.outputs[0]

    def split(self, color: Value) -> tuple[Value, Value, Value]:
        red, green, blue = self.add("SeparateColor", {0: color}).outputs
        return red, green, blue

    # --- where on the surface

    def coordinates(
        self, size: float | tuple[float, float] = 1.0, moved: bool = True, along_axis: bool = False
    ) -> Value:
        """Texture coordinates with one tile `size` metres; `moved` shifts them by the seed.

        `along_axis` turns the texture so that its u runs along a turned shape's axis.
        """
        width, height = size if isinstance(size, tuple) else (size, size)
        source = self.add("TexCoord").outputs["Object" if self.projection == "box" else "UV"]
        offset = tuple(self.rng.uniform(0, 1, 3)) if moved else (0.0, 0.0, 0.0)
        turned = along_axis and self.projection == "turned"
        scale = (1 / height, 1 / width, 1.0) if turned else (1 / width, 1 / height, 1 / width)
        mapped = self.add("Mapping", {"Vector": source, "Location": offset, "Scale": scale}).outputs[0]
        if not turned:
            return mapped
        x, y, z = self.add("SeparateXYZ", {0: mapped}).outputs
        return self.add("CombineXYZ", {0: y, 1: x, 2: z}).outputs[0]

    def image(self, image: bpy.types.Image, vector: Value, extension: str = "REPEAT") -> Any:
        """An image texture node (outputs 0 colour, 1 alpha)."""
        box = self.projection == "box" and extension == "REPEAT"
        node = self.add("TexImage", {"Vector": vector}, image=image, extension=extension)
        if box:  # three looks, blended where they meet
            node.projection = "BOX"
            node.projection_blend = 0.3
        return node

    def texture(
        self, recipe: Callable[..., Any], *args: Any, size: Any = 1.0, along_axis: bool = False
    ) -> tuple[Value, tuple[Value, Value, Value]]:
        """(colour or None, (roughness, height, mask)) of a numpy recipe laid on the surface."""
        images = texture_images(recipe, *args)
        where = self.coordinates(size, along_axis=along_axis)
        color = self.image(images.color, where).outputs[0] if images.color else None
        return color, self.split(self.image(images.data, where).outputs[0])

    def imperfections(self, size: float) -> tuple[Value, Value, Value]:
        """(smudge, scratch, dust), each 0..1, one tile `size` metres."""
        if size not in self._imperfections:
            self._imperfections[size] = self.texture(imperfections, size=size)[1]
        return self._imperfections[size]

    def facing_up(self) -> Value:
        """1 on surfaces that look up, where dust lies."""
        normal = self.add("NewGeometry").outputs["Normal"]
        return self.ramp(self.add("SeparateXYZ", {0: normal}).outputs[2], 0.5, 0.95, 0.0, 1.0)

    def attribute(self, name: str) -> Value:
        return self.add("Attribute", attribute_name=name).outputs["Fac"]

    def worn_edges(self, amount: float, size: float = 0.12) -> Value:
        """0..1: where bevels (the mesh attribute `edge`) and smudges have rubbed through."""
        smudge = self.imperfections(size)[0]
        level = self.sum(self.times(self.attribute("edge"), 0.48), self.times(smudge, 0.75))
        return self.ramp(level, 0.96 - 0.5 * amount, 1.06 - 0.5 * amount, 0.0, 1.0, smooth=True)

    # --- light leaving the surface

    def principled(self, **inputs: Value) -> Value:
        named = {_PRINCIPLED[name]: value for name, value in inputs.items() if value is not None}
        return self.add("BsdfPrincipled", named).outputs[0]

    def bump(self, height: Value, distance: float, strength: float = 1.0) -> Value:
        """A normal from a height of 0..1 that stands for 0 .. `distance` metres."""
        return self.add("Bump", {"Strength": strength, "Distance": distance, "Height": height}).outputs[0]

    def mix_shaders(self, factor: Value, a: Value, b: Value) -> Value:
        return self.add("MixShader", {0: factor, 1: a, 2: b}).outputs[0]

    def add_shaders(self, a: Value, b: Value) -> Value:
        return self.add("AddShader", {0: a, 1: b}).outputs[0]

    def vary(self, color: Value, value: float, hue: float = 0.0) -> Value:
        """The colour shifted by the seed: brightness by up to `value`, hue by up to `hue` (of 1)."""
        shift = {
            "Hue": 0.5 + float(self.rng.uniform(-hue, hue)),
            "Value": 1.0 + float(self.rng.uniform(-value, value)),
            "Color": color,
        }
        return self.add("HueSaturation", shift).outputs[0]

    def dusty(self, color: Value, amount: float, size: float, dust: RGBA) -> Value:
        """Dust and dull patches on what looks up."""
        smudge, _, specks = self.imperfections(size)
        where = self.math("ADD", self.times(specks, 0.8), self.times(smudge, 0.35))
        return self.mix(self.times(where, self.times(self.facing_up(), amount)), color, dust)


def new_material(
    name: str, projection: Projection = "uv", seed: int = 0, large: bool = False
) -> tuple[bpy.types.Material, Nodes]:
    """An empty material and the words to build it with; finish with `finish_material`."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    material.node_tree.nodes.clear()
    return material, Nodes(material.node_tree, projection, seed, large)


def finish_material(material: bpy.types.Material, nodes: Nodes, shader: Value) -> bpy.types.Material:
    output = nodes.add("OutputMaterial")
    nodes.connect(output.inputs["Surface"], shader)
    return material
