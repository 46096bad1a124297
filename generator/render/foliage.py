"""Leaves, grass and bushes: many small blades joined into few meshes, which are then shared."""

from __future__ import annotations

import math

import bpy
import numpy as np

from generator.render import geometry
from generator.render.color import linear
from generator.render.geometry import Surface, grid_faces, joined, rotation, surface
from generator.render.materials import shade
from generator.render.nodes import Nodes, Value
from generator.scene.scene import Material


def leaf_material(color: str, seed: int = 0, spread: float = 0.25) -> bpy.types.Material:
    """A leaf lets light through; objects that share it differ a little in colour."""

    def recipe(nodes: Nodes, material: Material) -> Value:
        chance = nodes.add("ObjectInfo").outputs["Random"]
        varied = nodes.add(
            "HueSaturation",
            {
                "Hue": nodes.ramp(chance, 0, 1, 0.48, 0.52),
                "Saturation": nodes.ramp(chance, 0, 1, 0.85, 1.1),
                "Value": nodes.ramp(chance, 0, 1, 1 - spread, 1 + spread),
                "Color": linear(color),
            },
        ).outputs[0]
        skin = nodes.principled(color=varied, roughness=0.45, specular=0.35)
        return nodes.mix_shaders(0.35, skin, nodes.add("BsdfTranslucent", {"Color": varied}).outputs[0])

    return shade(f"leaf-{color}-{spread}", recipe, Material(kind="plain", seed=seed))


def leaf(length: float, width: float, droop: float = 0.35) -> Surface:
    """One leaf from the origin along +Y, folded along its rib and hanging at the tip."""
    columns, rows = 4, 9
    across, along = np.meshgrid(np.linspace(-1, 1, columns + 1), np.linspace(0, 1, rows + 1), indexing="ij")
    half = 0.5 * width * np.sin(np.clip(along, 0.03, 0.985) * math.pi) ** 0.75
    points = np.stack(
        [across * half, along * length, 0.22 * np.abs(across) * half - droop * length * along**2], -1
    )
    da, db = np.gradient(points, axis=0), np.gradient(points, axis=1)
    normals = np.cross(da, db).reshape(-1, 3)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    flat = points.reshape(-1, 3)
    faces = grid_faces(columns + 1, rows + 1)
    return surface(flat, faces, normals, flat[faces.ravel()][:, :2])


def bunch(count: int, height: float, reach: float, rng: np.random.Generator) -> Surface:
    """Leaves of a pot plant about a stem at the origin, inside `reach` of the axis and below `height`."""
    leaves = []
    for i in range(count):
        up = (i + 0.5) / count
        yaw = 2.4 * i + rng.normal(0, 0.3)  # leaves spiral round a stem
        pitch = 0.35 + 0.75 * up + rng.normal(0, 0.12)
        length = reach * (0.95 - 0.35 * up) * rng.uniform(0.75, 1.0)
        start = np.array([0.0, 0.0, 0.55 * height * up * rng.uniform(0.7, 1.0)])
        turn = rotation(z=yaw) @ rotation(x=pitch) @ rotation(y=rng.normal(0, 0.25))
        leaves.append(leaf(length, 0.34 * length, rng.uniform(0.2, 0.55)).moved(start, turn))
    made = joined(*leaves)
    points = made.points.copy()
    radius = np.hypot(points[:, 0], points[:, 1])
    points[:, :2] *= np.minimum(1.0, reach / np.maximum(radius, 1e-9))[:, None]
    points[:, 2] = np.clip(points[:, 2], 0.02 * height, height)
    return made._with(points=points)


def tuft(count: int, height: float, spread: float, rng: np.random.Generator) -> Surface:
    """Blades of grass on a square patch of side 2 * spread."""
    root = np.stack([*rng.uniform(-spread, spread, (2, count)), np.zeros(count)], 1)
    yaw, tall = rng.uniform(0, 2 * math.pi, count), height * rng.uniform(0.5, 1.35, count)
    bend, width = tall * rng.uniform(0.1, 0.9, count), rng.uniform(0.0012, 0.0026, count)
    forward = np.stack([np.cos(yaw), np.sin(yaw), 0 * yaw], 1)
    side = np.stack([-np.sin(yaw), np.cos(yaw), 0 * yaw], 1)
    rungs = []
    for t, taper in ((0.0, 1.0), (0.5, 0.8), (1.0, 0.05)):
        middle = root + forward * (bend * t * t)[:, None]
        middle[:, 2] = tall * t * (1 - 0.25 * t * bend / tall)
        rungs += [middle - side * (width * taper)[:, None], middle + side * (width * taper)[:, None]]
    points = np.stack(rungs, 1)  # (blade, six points, xyz)
    first = 6 * np.arange(count)[:, None]
    faces = np.concatenate([first + np.array(quad) for quad in ((0, 1, 3, 2), (2, 3, 5, 4))])
    normals = np.repeat(np.array([0.0, 0.0, 1.0])[None] + 0.6 * forward, 6, axis=0)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    flat = points.reshape(-1, 3)
    return surface(flat, faces, normals, flat[faces.ravel()][:, :2])


def clump(count: int, length: float, spread: float, rng: np.random.Generator) -> Surface:
    """Loose leaves of a bush in a ball about the origin."""
    diamond = np.array([(0, -0.5, 0), (0.28, 0, 0.08), (0, 0.5, 0), (-0.28, 0, 0.08)])
    points, normals = [], []
    for _ in range(count):
        turn = rotation(x=rng.uniform(-1, 1), z=rng.uniform(0, 2 * math.pi))
        middle = np.clip(rng.normal(0, 0.45 * spread, 3), -spread, spread)
        points.append(middle + length * rng.uniform(0.6, 1.3) * diamond @ turn.T)
        normals.append(np.tile(turn[:, 2], (4, 1)))
    flat = np.concatenate(points)
    faces = np.arange(4 * count).reshape(-1, 4)
    return surface(flat, faces, np.concatenate(normals), flat[faces.ravel()][:, :2])


def lawn(
    x: tuple[float, float],
    y: tuple[float, float],
    height: float,
    rng: np.random.Generator,
    step: float = 0.15,
) -> None:
    """Grass over a rectangle on z = 0: six tufts shared by all patches."""
    colors = ("#7c9444", "#6d8a3c", "#a39d58")
    tufts = []
    for i in range(6):
        mesh = geometry.mesh_of(tuft(130, height, 0.13, rng), "tuft")
        mesh.materials.append(leaf_material(colors[2 if i == 5 else i % 2]))
        tufts.append(mesh)
    for row in np.arange(y[0], y[1], step):
        for column in np.arange(x[0], x[1], step):
            at = (column + rng.normal(0, 0.04), row + rng.normal(0, 0.04), 0.0)
            size = rng.uniform(0.75, 1.3)
            geometry.add_object(
                tufts[int(rng.integers(6))],
                "grass",
                position=at,
                turn=(0, 0, rng.uniform(0, 2 * math.pi)),
                scale=(size, size, size * rng.uniform(0.7, 1.2)),
            )


def bush(x: tuple[float, float], y: float, height: float, color: str, rng: np.random.Generator) -> None:
    """A hedge along X: clumps of leaves around a dark core."""
    clumps = []
    for _ in range(4):
        mesh = geometry.mesh_of(clump(80, 0.05, 0.24, rng), "clump")
        mesh.materials.append(leaf_material(color))
        clumps.append(mesh)
    width, depth = x[1] - x[0], 0.45
    for _ in range(int(70 * width * height)):
        at = (rng.uniform(*x), y + rng.uniform(-depth, depth), height * rng.uniform(0.1, 1) ** 0.8)
        turn = rng.uniform(0, 2 * math.pi, 3)
        geometry.add_object(
            clumps[int(rng.integers(4))], "bush", position=at, turn=turn, scale=float(rng.uniform(0.8, 1.5))
        )
    core = shade("bush-core", _dark, Material(kind="plain", color="#2c3a18"))
    shape = geometry.box((width, depth * 1.2, height * 0.9), 0.1)
    geometry.add_object(shape, "core", core, position=((x[0] + x[1]) / 2, y, height * 0.45))


def _dark(nodes: Nodes, material: Material) -> Value:
    return nodes.principled(color=linear(material.color or "#2c3a18"), roughness=0.95, specular=0.1)
