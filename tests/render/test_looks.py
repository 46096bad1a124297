"""Materials, props, rooms and lights: everything the scene library names can be drawn, where it says."""

from __future__ import annotations

import math
from pathlib import Path
from typing import get_args

import bpy
import cv2
import numpy as np
import pytest
from mathutils import Vector

from generator.render import geometry, turned
from generator.render.bodies import build_body
from generator.render.lights import add_light, set_world
from generator.render.materials import MATERIALS, material_of
from generator.render.props import PROPS_DRAWN, draw_prop
from generator.render.rooms import ROOMS, build_room
from generator.render.still import aim_camera, render_still
from generator.scene import scene as spec
from generator.scene.props import PROPS
from generator.scene.rooms import SURFACES, WALLS
from generator.scene.supports import supports

KINDS = get_args(spec.MaterialKind)


@pytest.fixture(autouse=True)
def _empty() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)


def room(kind: str, seed: int = 1, **values: object) -> spec.Room:
    (surface, color), (wall, wall_color) = SURFACES[kind], WALLS[kind]
    return spec.Room(
        kind=kind,
        surface=spec.Material(kind=surface, color=color),
        wall=spec.Material(kind=wall, color=wall_color),
        supports=supports(kind),
        seed=seed,
        **values,
    )


def picture(folder: Path, size: tuple[int, int] = (96, 64), samples: int = 2) -> np.ndarray:
    path = folder / "still.png"
    render_still(path, size, samples)
    return cv2.imread(str(path)).astype(float)


def fingerprint() -> dict[str, object]:
    """Everything placed: name, matrix, and the mesh's corners."""
    bpy.context.view_layer.update()
    found = {}
    for made in bpy.data.objects:
        corners = [] if made.type != "MESH" else [v.co[:] for v in made.data.vertices[:200]]
        materials = [] if made.type != "MESH" else [m.name for m in made.data.materials]
        found[made.name] = (tuple(map(tuple, made.matrix_world)), corners, materials)
    return found


# --- materials


def test_every_kind_has_a_recipe() -> None:
    assert set(MATERIALS) == set(KINDS)


def test_every_material_shows_up_in_the_picture(tmp_path: Path) -> None:
    """One ball of each kind in a grid, seen from above: none is black, none is the error pink."""
    columns = 6
    for i, kind in enumerate(KINDS):
        ball = geometry.add_object(
            turned.sphere(0.4, 32),
            kind,
            material_of(spec.Material(kind=kind, seed=i), ("uv", "box", "turned")[i % 3]),
        )
        ball.location = (i % columns, -(i // columns), 0.4)
    middle = ((columns - 1) / 2, -(len(KINDS) // columns - 1) / 2)
    set_world(None, 1.0, color="#c8c8c8")
    aim_camera((middle[0], middle[1], 20.0), (middle[0], middle[1] + 1e-4, 0.0), 110)
    seen = picture(tmp_path, (180, 150), 4)
    pixels = 110 / 36 * 180 / 19.6  # a metre, halfway up the balls
    for i, kind in enumerate(KINDS):
        x = 90 + (i % columns - middle[0]) * pixels
        y = 75 + (i // columns + middle[1]) * pixels
        patch = seen[int(y) - 4 : int(y) + 5, int(x) - 4 : int(x) + 5].reshape(-1, 3).mean(0)
        assert patch.max() > 12, f"{kind} is black: {patch}"
        blue, green, red = patch
        assert not (green < 40 and min(red, blue) > 150), f"{kind} has a broken shader"


def test_seeds_of_one_kind_differ_and_equal_materials_are_shared() -> None:
    first = material_of(spec.Material(kind="oak", seed=1))
    assert material_of(spec.Material(kind="oak", seed=1)) is first
    assert material_of(spec.Material(kind="oak", seed=2)) is not first
    assert material_of(spec.Material(kind="oak", seed=1), "box") is not first


# --- props


def test_every_prop_that_a_spec_can_name_is_drawn() -> None:
    assert set(PROPS_DRAWN) == set(PROPS)


@pytest.mark.parametrize("kind", PROPS)
def test_a_prop_stays_inside_the_box_it_reserves(kind: str) -> None:
    for seed in (0, 1, 7):
        made = draw_prop(spec.Prop(kind=kind, position=(0, 0, 0), seed=seed))
        flat = np.empty(3 * len(made.data.vertices), np.float32)
        made.data.vertices.foreach_get("co", flat)
        points = flat.reshape(-1, 3)
        half = np.array([PROPS[kind].x / 2, PROPS[kind].y / 2])
        assert np.isfinite(points).all()
        assert (np.abs(points[:, :2]).max(0) <= half + 1e-5).all()
        assert points[:, 2].min() >= -1e-5
        assert points[:, 2].max() <= PROPS[kind].z + 1e-5
        assert np.ptp(points, axis=0) == pytest.approx(np.array(PROPS[kind][:3]), rel=0.30), (
            "and nearly fills it"
        )


def test_a_prop_stands_where_it_is_put() -> None:
    made = draw_prop(spec.Prop(kind="mug", position=(0.3, -0.2, 0.1), yaw=1.0, scale=1.5))
    bpy.context.view_layer.update()
    assert tuple(made.matrix_world.translation) == pytest.approx((0.3, -0.2, 0.1))
    assert made.matrix_world.to_euler().z == pytest.approx(1.0)
    assert made.dimensions.z == pytest.approx(1.5 * PROPS["mug"].z, rel=0.02)


# --- rooms


@pytest.mark.parametrize("kind", ROOMS)
def test_every_room_can_be_built_and_seen(kind: str, tmp_path: Path) -> None:
    build_room(room(kind))
    aim_camera((0.1, -0.8, 0.3), (0, 0, 0.05), 35)
    seen = picture(tmp_path)
    assert seen.std() > 3
    assert seen[32:].mean() > 3, "what things stand on is lit"


@pytest.mark.parametrize("kind", ROOMS)
def test_what_is_seen_is_where_physics_has_it(kind: str) -> None:
    """Straight down from above, the first thing hit near the middle is the ground, at z = 0."""
    build_room(room(kind))
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    for x, y in ((0.0, 0.0), (0.21, 0.07), (-0.33, -0.11)):
        hit, place, normal, *_ = bpy.context.scene.ray_cast(graph, (x, y, 0.3), (0, 0, -1))
        assert hit
        assert place.z == pytest.approx(0, abs=1e-5)
        assert normal.z > 0.99


def test_a_room_is_the_same_every_time_and_another_with_another_seed() -> None:
    prints = []
    for seed in (1, 1, 2):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        build_room(room("tabletop", seed))
        prints.append(fingerprint())
    assert prints[0] == prints[1]
    assert prints[0] != prints[2]


def test_a_room_does_not_depend_on_the_bodies_in_it() -> None:
    prints = []
    for with_body in (False, True):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        build_room(room("studio"))
        if with_body:
            ball = spec.Body(
                name="ball", group="ball", noun="ball", shape=spec.Sphere(radius=0.1), mass=1,
                material=spec.Material(kind="oak"), position=(0, 0, 0.1),
            )  # fmt: skip
            build_body(ball).hide_render = True
        found = fingerprint()
        found.pop("ball", None)
        prints.append(found)
    assert prints[0] == prints[1]


SEEDS = {"living": (1, 5, 6), "kitchen": (1,)}
DRAWN_AS = {"cabinet": "cabinet", "cupboards": "cupboard", "sofa": "sofa", "bookcase": "bookcase",
            "sideboard": "sideboard", "lamp": "floor lamp", "plant": "plant"}  # fmt: skip


@pytest.mark.parametrize("kind", ["living", "kitchen"])
def test_furniture_is_drawn_where_it_is_solid(kind: str) -> None:
    """Nothing is solid where nothing is drawn, and no piece is only one of both."""
    seen = set()
    for seed in SEEDS[kind]:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        made = room(kind, seed).model_copy(update={"supports": supports(kind, seed=seed)})
        build_room(made)
        bpy.context.view_layer.update()
        solids = {part.name: part for part in made.supports}
        for name, drawn in DRAWN_AS.items():
            pieces = [piece for piece in bpy.data.objects if piece.name.split(".")[0] == drawn]
            assert bool(pieces) == (name in solids), (seed, name)
            if not pieces:
                continue
            seen.add(name)
            corners = np.array([piece.matrix_world @ Vector(c) for piece in pieces for c in piece.bound_box])
            solid = solids[name]
            # Turned by a twentieth of a radian at most: half its length moves an end by 4 cm.
            low = np.subtract(solid.position, np.array(solid.size) / 2)
            high = np.add(solid.position, np.array(solid.size) / 2)
            assert (low > corners.min(0) - 0.045).all(), (seed, name)
            assert (high < corners.max(0) + 0.045).all(), (seed, name)
    kitchen = {"cabinet", "cupboards"}
    assert seen == (kitchen if kind == "kitchen" else DRAWN_AS.keys() - kitchen)


def test_a_night_lamp_stands_once_where_physics_has_it() -> None:
    lamp = spec.Prop(kind="lamp", position=(0.58, 0.3, 0.0), seed=3)
    for props, x in (((lamp,), 0.58), ((), None)):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        build_room(room("night", props=props))
        bpy.context.view_layer.update()
        lamps = [made for made in bpy.data.objects if made.name.split(".")[0] == "lamp"]
        assert len(lamps) == 1
        assert x is None or lamps[0].matrix_world.translation.x == pytest.approx(x)


def test_an_unlit_room_brings_no_lamps() -> None:
    for kind in ("studio", "tabletop", "billiards", "night"):
        bpy.ops.wm.read_factory_settings(use_empty=True)
        build_room(room(kind, lit=False))
        assert not [made for made in bpy.data.objects if made.type == "LIGHT"]


def test_the_key_turns_weakens_and_warms_as_asked() -> None:
    def lights(**values: object) -> list[bpy.types.Object]:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        build_room(room("studio", **values))
        return [made for made in bpy.data.objects if made.type == "LIGHT"]

    key, fill = lights()[:2]
    before = (key.location.copy(), fill.data.energy, key.data.temperature)
    key, fill = lights(key_azimuth=math.pi / 2, key_ratio=8.0, key_temperature=4000.0)[:2]
    assert key.location.x == pytest.approx(-before[0].y, abs=1e-5)
    assert fill.data.energy == pytest.approx(before[1] / 2)
    assert key.data.temperature == pytest.approx(before[2] - 1600)


# --- lights


@pytest.mark.parametrize(
    "light",
    [
        spec.Sun(elevation=0.8, azimuth=1.0, strength=3.0),
        spec.Area(position=(0, 0, 1), target=(0, 0, 0), size=(0.5, 0.5), power=10),
        spec.Point(position=(0.2, 0, 0.6), power=5),
        spec.Hdri(name="forest"),
        spec.Hdri(name="sunset", visible=False),
        spec.Sky(),
    ],
    ids=["sun", "area", "point", "hdri", "hidden hdri", "sky"],
)
def test_every_light_lights(light: spec.Light, tmp_path: Path) -> None:
    floor = material_of(spec.Material(kind="plain", color="#c0c0c0"))
    geometry.add_object(geometry.grid(2, 2), "floor", floor)
    aim_camera((0, -1.0, 0.8), (0, 0, 0), 50)
    assert picture(tmp_path, (48, 32)).mean() < 1, "dark before"
    add_light(light)
    assert picture(tmp_path, (48, 32)).mean() > 20
