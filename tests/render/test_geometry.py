"""Shapes: what is drawn is exactly as large as what physics collides."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
import pytest

from generator.errors import RenderError
from generator.render import geometry, turned
from generator.render.bodies import build_body
from generator.render.geometry import Surface
from generator.scene import scene as spec

SHAPES = {
    "box": (spec.Box(size=(0.0075, 0.024, 0.048)), (0.0075, 0.024, 0.048)),
    "round box": (spec.Box(size=(0.5, 0.3, 0.2), bevel=0.05), (0.5, 0.3, 0.2)),
    "sphere": (spec.Sphere(radius=0.03), (0.06, 0.06, 0.06)),
    "cylinder": (spec.Cylinder(radius=0.02, height=0.05, bevel=0.003), (0.04, 0.04, 0.05)),
    "capsule": (spec.Capsule(radius=0.015, height=0.07), (0.03, 0.03, 0.07)),
    "round capsule": (spec.Capsule(radius=0.015, height=0.03), (0.03, 0.03, 0.03)),
    "cone": (spec.Cone(radius=0.03, height=0.06), (0.06, 0.06, 0.06)),
}


def body(shape: spec.Shape, name: str = "thing", kind: str = "plastic") -> spec.Body:
    return spec.Body(
        name=name, group=name, noun=name, shape=shape, material=spec.Material(kind=kind), mass=1,
        position=(0, 0, 0),
    )  # fmt: skip


def volume(shape: Surface) -> float:
    """By the divergence theorem; right only if the surface is closed and faces outwards."""
    total, start = 0.0, 0
    for size in shape.sizes:
        corners = shape.points[shape.corners[start : start + size]]
        for i in range(1, size - 1):
            total += float(corners[0] @ np.cross(corners[i], corners[i + 1])) / 6
        start += size
    return total


@pytest.fixture(autouse=True)
def _empty() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)


@pytest.mark.parametrize("name", SHAPES)
def test_outer_dimensions_are_those_of_the_shape(name: str) -> None:
    shape, expected = SHAPES[name]
    made = build_body(body(shape))
    assert tuple(made.dimensions) == pytest.approx(expected, abs=2e-6)
    corners = np.array([corner[:] for corner in made.bound_box])
    assert corners.min(0) == pytest.approx(-np.array(expected) / 2, abs=2e-6)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (geometry.box((0.1, 0.2, 0.3), 0.0005), 0.1 * 0.2 * 0.3),
        (turned.sphere(0.1), 4 / 3 * math.pi * 0.1**3),
        (turned.cylinder(0.1, 0.3, 0.0005), math.pi * 0.1**2 * 0.3),
        (turned.capsule(0.1, 0.5), math.pi * 0.1**2 * 0.3 + 4 / 3 * math.pi * 0.1**3),
        (turned.cone(0.1, 0.3), math.pi * 0.1**2 * 0.3 / 3),
    ],
    ids=["box", "sphere", "cylinder", "capsule", "cone"],
)
def test_surfaces_are_closed_face_outwards_and_hold_their_volume(made: Surface, expected: float) -> None:
    assert volume(made) == pytest.approx(expected, rel=0.01)


def test_every_piece_of_a_turned_or_bent_thing_shows_its_outside() -> None:
    """A face that looks inwards under normals that look outwards renders black."""
    path = geometry.curve([(0, 0, 0), (0.05, 0, 0.02), (0.08, 0, 0.1)])
    cup = turned.lathe([(0, 0), (0.04, 0), (0.04, 0.08), (0.036, 0.08), (0.036, 0.004), (0, 0.004)])
    for made in (geometry.tube(path, 0.005), cup, geometry.extruded([(0, 0), (0, 1), (1, 1)], 2.0)):
        start = 0
        for size in made.sizes:
            ring = made.corners[start : start + size]
            a, b, c = made.points[ring[:3]]
            assert np.cross(b - a, c - a) @ made.normals[ring].mean(0) > 0
            start += size


@pytest.mark.parametrize("name", SHAPES)
def test_normals_are_unit_and_agree_with_the_faces(name: str) -> None:
    made = build_body(body(SHAPES[name][0]))
    mesh = made.data
    loop_normals = np.empty(3 * len(mesh.loops), np.float32)
    mesh.corner_normals.foreach_get("vector", loop_normals)
    loop_normals = loop_normals.reshape(-1, 3)
    assert np.linalg.norm(loop_normals, axis=1) == pytest.approx(1, abs=1e-4)
    for face in mesh.polygons:
        if face.area > 1e-10:
            mean = loop_normals[list(face.loop_indices)].mean(0)
            assert mean @ np.array(face.normal) > 0.7


def test_flat_faces_of_a_bevelled_box_stay_flat() -> None:
    """Normals that bend over a whole face make a box look inflated."""
    made = geometry.box((0.1, 0.1, 0.1), 0.01)
    on_top = made.points[:, 2] == made.points[:, 2].max()
    assert on_top.sum() >= 4
    assert made.normals[on_top] == pytest.approx(np.tile((0.0, 0.0, 1.0), (on_top.sum(), 1)), abs=1e-9)


def test_uv_is_in_metres_and_the_print_covers_the_two_broad_faces() -> None:
    made = geometry.box((0.0075, 0.024, 0.048))
    printed = made.print_uv[made.print_uv[:, 0] > geometry.OFF_PRINT]
    assert printed.min() == pytest.approx(0, abs=0.02)  # as far as half of the rounding
    assert printed.max() == pytest.approx(1, abs=0.02)
    corners = made.points[made.corners]
    off = corners[made.print_uv[:, 0] == geometry.OFF_PRINT]
    assert np.abs(off[:, 0]).max() <= 0.00375 + 1e-9
    edges = corners.reshape(-1, 4, 3)[:, 1] - corners.reshape(-1, 4, 3)[:, 0]
    laid = made.uv.reshape(-1, 4, 2)[:, 1] - made.uv.reshape(-1, 4, 2)[:, 0]
    flat = np.linalg.norm(edges, axis=1) > 0.005
    assert np.linalg.norm(laid[flat], axis=1) == pytest.approx(np.linalg.norm(edges[flat], axis=1), rel=1e-6)


def test_a_compound_is_one_object_with_its_own_materials() -> None:
    shape = spec.Compound(
        parts=(
            spec.Placed(shape=spec.Box(size=(0.04, 0.04, 0.01))),
            spec.Placed(
                shape=spec.Cylinder(radius=0.004, height=0.05),
                position=(0, 0, 0.03),
                material=spec.Material(kind="brass"),
            ),
        )
    )
    made = build_body(body(shape))
    assert [slot.material.name.split("-")[0] for slot in made.material_slots] == ["plastic", "brass"]
    assert made.dimensions.z == pytest.approx(0.06, abs=1e-6)
    assert made.matrix_world.translation.length == 0
    assert not made.modifiers


def test_a_mesh_file_keeps_its_own_coordinates(tmp_path: Path) -> None:
    path = tmp_path / "wedge.obj"
    path.write_text("v 1 0 0\nv 3 0 0\nv 1 2 0\nv 1 0 4\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n")
    made = build_body(body(spec.Mesh(file=str(path), sha256="", scale=0.1)))
    corners = np.array([corner[:] for corner in made.bound_box])
    assert corners.min(0) == pytest.approx((0.1, 0, 0), abs=1e-6)
    assert corners.max(0) == pytest.approx((0.3, 0.2, 0.4), abs=1e-6)


def test_an_unreadable_mesh_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.obj"
    path.write_text("not a mesh")
    with pytest.raises(RenderError, match=r"broken\.obj"):
        build_body(body(spec.Mesh(file=str(path), sha256="")))
