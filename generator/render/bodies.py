"""Bodies of a scene as Blender objects: one object each, at identity, in the shape that physics uses."""

from __future__ import annotations

import bpy

from generator.render import geometry, turned
from generator.render.formed import build_formed
from generator.render.geometry import Surface, quaternion_rotation
from generator.render.materials import material_of
from generator.render.mesh_file import body_size, mesh_file
from generator.render.nodes import Projection
from generator.scene import scene as spec

LARGE = 0.45
"""m: from this length on a thing is furniture, and its textures are laid out like furniture's."""


def build_body(body: spec.Body) -> bpy.types.Object:
    """The object of one body, named as the body, untransformed: poses are set on `matrix_world`.

    Raises RenderError if a mesh file cannot be read.
    """
    if isinstance(body.shape, spec.Mesh):
        mesh = mesh_file(body.shape)
        large = max(body_size(mesh)) > LARGE
        return geometry.add_object(mesh, body.name, material_of(body.material, "box", large))
    if isinstance(body.shape, spec.Strand | spec.Ribbon | spec.Cushion):
        return build_formed(body, body.shape)
    shape, materials = _surface(body.shape, body.material)
    return geometry.add_object(shape, body.name, *materials)


def strengths(root: bpy.types.Object) -> list[tuple[bpy.types.NodeSocket, float]]:
    """The sockets that say how brightly a body glows, and their full values; its materials become its own."""
    found = []
    for slot in root.material_slots:
        nodes = slot.material.node_tree.nodes if slot.material is not None else ()
        if not any(node.type == "EMISSION" for node in nodes):
            continue
        slot.material = slot.material.copy()
        for node in slot.material.node_tree.nodes:
            if node.type == "EMISSION":
                socket = node.inputs["Strength"]
                found.append((socket, float(socket.default_value)))
    return found


def _surface(
    shape: spec.Box | spec.Sphere | spec.Cylinder | spec.Capsule | spec.Cone | spec.Compound,
    material: spec.Material,
) -> tuple[Surface, list[bpy.types.Material]]:
    if isinstance(shape, spec.Compound):
        pieces: list[Surface] = []
        materials: list[bpy.types.Material] = []
        for part in shape.parts:
            made, used = _surface(part.shape, part.material or material)
            slot = _slot(materials, used[0])
            turn = quaternion_rotation(*part.orientation)
            pieces.append(made.of_material(slot).moved(part.position, turn))
        return geometry.joined(*pieces), materials
    made, projection = _primitive(shape)
    large = max(made.points.max(0) - made.points.min(0)) > LARGE
    return made, [material_of(material, projection, large)]


def _slot(materials: list[bpy.types.Material], material: bpy.types.Material) -> int:
    if material not in materials:
        materials.append(material)
    return materials.index(material)


def _primitive(
    shape: spec.Box | spec.Sphere | spec.Cylinder | spec.Capsule | spec.Cone,
) -> tuple[Surface, Projection]:
    match shape:
        case spec.Box():
            return geometry.box(shape.size, shape.bevel), "uv"
        case spec.Sphere():
            return turned.sphere(shape.radius), "box"
        case spec.Cylinder():
            return turned.cylinder(shape.radius, shape.height, shape.bevel), "turned"
        case spec.Capsule():
            return turned.capsule(shape.radius, shape.height), "turned"
        case spec.Cone():
            return turned.cone(shape.radius, shape.height), "turned"
