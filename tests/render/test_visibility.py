"""Exact geometry: ID maps, depth, normals, flow, amodal masks; against Cycles and pencil and paper."""

from __future__ import annotations

import bpy
import numpy as np
import OpenEXR
import pytest

from generator.render import cycles
from generator.render.camera import pinhole
from generator.render.footprint import footprints
from generator.render.stage import Stage
from generator.render.tiles import Grid
from generator.render.visibility import Sight, Visibility, traced
from generator.scene.scene import Body, Box, Capsule, Cone, Material, Scene
from tests.render import small

BALL = (0.02, 0.0, 0.05)


def poses_of(scene: Scene) -> np.ndarray:
    """(N, 9) rows of the bodies where the scene puts them: lit, and rigid."""
    return np.array([[*body.position, *body.orientation, 1.0, 0.0] for body in scene.bodies])


def two_bodies(fstop: float | None = None, size: tuple[int, int] = small.SIZE) -> Scene:
    bodies = (small.ball("ball", BALL), small.block("box", (0.08, 0.07, 0.05)))
    return small.scene(bodies, size=size, view=small.camera(3, fstop=fstop))


def seen(scene: Scene, hidden: frozenset[str] = frozenset(), frame: int = 0) -> Sight:
    stage = Stage(scene)
    sight = Visibility(stage)
    return sight.look(pinhole(scene.camera, frame, scene.size), poses_of(scene), hidden)


def cycles_index(scene: Scene, hidden: frozenset[str] = frozenset()) -> np.ndarray:
    """Cycles' own Object Index pass at pixel centres: one sample through a very narrow pixel filter."""
    stage = Stage(scene)
    for index, root in enumerate(stage.bodies):
        for obj in (root, *root.children_recursive):
            obj.pass_index = index + 1
    stage.show(poses_of(scene), hidden)
    cycles.set_up(scene.size, 0, None, light_tree=False)
    blender = bpy.context.scene
    blender.view_layers[0].use_pass_object_index = True
    blender.cycles.pixel_filter_type = "BOX"
    blender.cycles.filter_width = 0.01
    found = {}

    def keep(path):
        with OpenEXR.File(str(path), separate_channels=True) as file:
            found.update({name: c.pixels for part in file.parts for name, c in part.channels.items()})

    before = cycles._read
    cycles._read = lambda path: (keep(path), before(path))[1]
    try:
        cycles.render(1)
    finally:
        cycles._read = before
    return next(pixels for name, pixels in found.items() if "Object Index" in name).round().astype(int)


def test_id_maps_are_cycles_own_object_index() -> None:
    scene = two_bodies(size=(192, 128))
    ours, theirs = seen(scene).ids, cycles_index(scene)
    assert len(np.unique(theirs)) == 3
    assert np.mean(ours != theirs) <= 2e-4


def test_depth_of_field_does_not_reach_the_maps() -> None:
    assert np.array_equal(seen(two_bodies(None)).ids, seen(two_bodies(1.4)).ids)


def test_a_hidden_body_leaves_no_trace_in_the_ids() -> None:
    scene = two_bodies()
    hidden = seen(scene, frozenset({"ball"})).ids
    without = seen(scene.model_copy(update={"bodies": scene.bodies[1:]})).ids
    assert (hidden != 1).all()
    assert np.array_equal(hidden == 2, without == 1)


def test_an_invisible_body_is_not_seen() -> None:
    scene = two_bodies()
    ghost = scene.bodies[0].model_copy(update={"visible": False})
    assert (seen(scene.model_copy(update={"bodies": (ghost, scene.bodies[1])})).ids != 1).all()


def test_of_a_body_that_only_throws_a_shadow_the_shadow_is_there_and_the_body_is_not() -> None:
    scene = two_bodies(size=(96, 64))
    ghost = scene.bodies[0].model_copy(update={"visible": "shadow"})
    scene = scene.model_copy(update={"bodies": (ghost, scene.bodies[1])})
    sight = seen(scene)
    assert (sight.ids != 1).all()
    assert not sight.amodal()[0].any()
    assert sight.has(0)

    def passes(hidden: tuple[str, ...]) -> cycles.Passes:
        stage = Stage(scene)
        stage.show(poses_of(scene), hidden)
        cycles.set_up(scene.size, 0, None, light_tree=False)
        return cycles.render(16)

    there, gone = passes(()), passes(("ball",))
    assert np.abs(there.albedo - gone.albedo).max() < 1e-6
    light, dark = gone.color.mean(axis=-1), there.color.mean(axis=-1)
    assert np.mean(dark < 0.8 * light) > 0.01


def test_what_the_camera_cannot_see_does_not_count() -> None:
    scene = two_bodies()
    stage = Stage(scene)
    for obj in (stage.bodies[0], *stage.bodies[0].children_recursive):
        obj.visible_camera = False
    sight = Visibility(stage).look(pinhole(scene.camera, 0, scene.size), poses_of(scene))
    assert (sight.ids != 1).all()


def test_glass_counts_as_seen() -> None:
    plain = two_bodies()
    glass = plain.bodies[0].model_copy(update={"material": Material(kind="glass")})
    clear = plain.model_copy(update={"bodies": (glass, plain.bodies[1])})
    assert np.array_equal(seen(plain).ids, seen(clear).ids)


def test_depth_is_that_of_the_analytic_sphere_and_floor() -> None:
    scene = two_bodies()
    sight = seen(scene)
    camera = sight.camera
    y, x = np.mgrid[0 : scene.size[1], 0 : scene.size[0]] + 0.5
    rays = camera.directions(x, y)
    floor = -camera.eye[2] / rays[..., 2]
    room = (sight.ids == 0) & (floor > 0)
    hits = camera.eye + rays * floor[..., None]
    room &= (np.abs(hits[..., :2]) < 1.9).all(axis=-1)
    assert np.abs(sight.depth - floor)[room].max() < 1e-4
    to_ball = np.array(BALL) - camera.eye
    a, b, c = (rays**2).sum(-1), (rays * to_ball).sum(-1), (to_ball**2).sum() - 0.05**2
    near = (b - np.sqrt(np.maximum(b * b - a * c, 0))) / a
    ball = sight.ids == 1
    assert (
        np.abs(sight.depth - near)[ball].max() < 4e-3
    )  # at the rim facets of the mesh lie inside the sphere
    assert np.abs(sight.depth - near)[ball].mean() < 5e-4


def test_normals_point_out_of_the_ball_and_up_from_the_floor() -> None:
    sight = seen(two_bodies())
    normals = sight.normals()
    y, x = np.mgrid[0 : sight.ids.shape[0], 0 : sight.ids.shape[1]] + 0.5
    points = sight.camera.eye + sight.camera.directions(x, y) * sight.depth[..., None]
    out = (points - np.array(BALL)) / 0.05
    ball = sight.ids == 1
    assert (normals * out).sum(-1)[ball].min() > 0.97
    assert np.allclose(normals[sight.ids == 0][-1], (0, 0, 1), atol=1e-3)


def test_amodal_masks_reach_behind_what_hides_them() -> None:
    scene = two_bodies()
    behind = scene.bodies[1].model_copy(update={"position": (0.02, 0.2, 0.05)})
    sight = seen(scene.model_copy(update={"bodies": (scene.bodies[0], behind)}))
    alone = seen(scene.model_copy(update={"bodies": (behind,)}))
    amodal = sight.amodal()
    assert (amodal[1] & (sight.ids == 1)).any()
    assert np.array_equal(amodal[1], alone.ids == 1)


def test_flow_is_that_of_the_rigid_motion() -> None:
    scene = two_bodies()
    sight = seen(scene)
    moved = poses_of(scene)
    moved[0, :3] += (0.03, -0.01, 0.02)
    moved[0, 3:7] = (0, 0, np.sin(0.2), np.cos(0.2))
    flow = sight.flow(sight.camera, moved)
    assert np.abs(flow[sight.ids != 1]).max() < 1e-4
    y, x = np.nonzero(sight.ids == 1)
    row, column = y[len(y) // 2], x[len(x) // 2]
    ray = sight.camera.directions(np.array(column + 0.5), np.array(row + 0.5))
    point = sight.camera.eye + ray * sight.depth[row, column]
    turn = np.array([[np.cos(0.4), -np.sin(0.4), 0], [np.sin(0.4), np.cos(0.4), 0], [0, 0, 1]])
    there = turn @ (point - np.array(BALL)) + np.array(BALL) + (0.03, -0.01, 0.02)
    pixel, _ = sight.camera.project(there)
    assert np.allclose(flow[row, column], pixel - (column + 0.5, row + 0.5), atol=2e-3)


def test_flow_of_a_moving_camera_lands_on_the_same_point() -> None:
    scene = two_bodies()
    scene = scene.model_copy(update={"camera": small.camera(3, orbit=0.02)})
    sight, later = seen(scene), seen(scene, frame=1)
    flow = sight.flow(later.camera, poses_of(scene))
    assert np.abs(flow).max() > 1
    y, x = np.mgrid[0 : scene.size[1], 0 : scene.size[0]] + 0.5
    to_x, to_y = np.floor(x + flow[..., 0]).astype(int), np.floor(y + flow[..., 1]).astype(int)
    inside = (to_x >= 0) & (to_x < scene.size[0]) & (to_y >= 0) & (to_y < scene.size[1])
    same = later.ids[to_y[inside], to_x[inside]] == sight.ids[inside]
    assert same.mean() > 0.97


def test_the_projection_is_blenders_own() -> None:
    from bpy_extras.object_utils import world_to_camera_view
    from mathutils import Vector

    scene = two_bodies()
    stage = Stage(scene)
    point = (0.05, 0.1, 0.02)
    pixel, _ = pinhole(scene.camera, 0, scene.size).project(np.array(point))
    render = bpy.context.scene.render
    render.resolution_x, render.resolution_y = scene.size
    x, y, _ = world_to_camera_view(bpy.context.scene, stage.camera, Vector(point))
    assert np.allclose(pixel, (x * scene.size[0], (1 - y) * scene.size[1]), atol=1e-2)


def thin(name: str, at: tuple[float, float, float], shape: object, turn: float = 0.0) -> Body:
    made = small.ball(name, at, color="#101010")
    orientation = (float(np.sin(turn / 2)), 0.0, 0.0, float(np.cos(turn / 2)))
    return made.model_copy(update={"shape": shape, "orientation": orientation})


@pytest.mark.parametrize("fstop", [None, 2.0])
def test_what_is_thinner_than_a_pixel_leaves_footprints_wherever_it_shows(fstop: float | None) -> None:
    """A wire, a needle and a sheet on edge lie between pixel centres; one sample a pixel misses them too."""
    bodies = (
        thin("wire", (-0.2, 0.0, 0.2), Capsule(radius=0.001, height=0.4)),
        thin("needle", (0.0, 0.0, 0.1), Cone(radius=0.02, height=0.2)),
        thin("sheet", (0.2, 0.0, 0.1), Box(size=(0.001, 0.3, 0.2)), turn=0.3),
        thin("bar", (0.0, -0.3, 0.2), Capsule(radius=0.001, height=3.0), turn=1.3),
    )
    scene = small.scene(bodies, view=small.camera(1, fstop=fstop), frames=1, remove=(("wire",),))
    grid = Grid(scene.size, 8)
    stage = Stage(scene)
    sight = Visibility(stage).look(pinhole(scene.camera, 0, scene.size), poses_of(scene))
    _, things = footprints(sight, grid, scene.camera, scene.camera.poses[0])
    cycles.set_up(scene.size, 0, None, light_tree=False)
    albedo = []
    for hidden in ((), [body.name for body in bodies]):
        stage.show(poses_of(scene), hidden)
        albedo.append(cycles.render(24).albedo)
    shows = grid.any((np.abs(albedo[0] - albedo[1]) > 1e-4).any(axis=-1))
    assert shows.any()
    assert not (shows & ~things).any()
    assert things.mean() < 0.9 if fstop is None else things.any()
    assert grid.any(sight.ids > 0).sum() < shows.sum()  # pixel centres alone would have missed some


def test_lines_are_cut_at_the_camera_and_at_the_box() -> None:
    scene = small.scene((small.ball("ball", BALL),))
    camera = pinhole(scene.camera, 0, scene.size)
    ahead, behind = camera.eye + np.array([[0, 0.8, -0.4], [0, -0.8, 0.5]])
    ends = np.array([[ahead, behind], [behind, behind - 1], [ahead, ahead]])
    x, y, depth = traced(ends, camera, (0, 0, *scene.size))
    assert ((x >= 0) & (x < scene.size[0]) & (y >= 0) & (y < scene.size[1])).all()
    assert (depth > 0).all()
    middle, distance = camera.project(ahead)
    assert (np.floor(middle).astype(int) == np.stack([x, y], axis=1)).all(axis=1).any()
    assert np.isclose(depth.max(), distance, rtol=1e-5)


@pytest.mark.parametrize(
    ("look", "shows"),
    [({"kind": "polished_metal", "color": None}, True), ({"kind": "plain"}, False)],
)
def test_where_a_mirror_is_seen_any_body_that_moves_counts(look: dict[str, object], shows: bool) -> None:
    """The ball is behind the camera, where only a mirror shows it."""
    bodies = (small.ball("ball", (0.0, -1.2, 0.1)), small.block("slab", (0.1, 0.1, 0.05), **look))
    scene = small.scene(bodies, frames=1, view=small.camera(1))
    grid = Grid(scene.size, 8)
    visibility = Visibility(Stage(scene))
    poses = poses_of(scene)
    signatures = []
    for step, hidden in ((0.0, frozenset[str]()), (0.1, frozenset[str]()), (0.0, frozenset({"ball"}))):
        poses[0, 0] = step
        sight = visibility.look(pinhole(scene.camera, 0, scene.size), poses, hidden)
        signatures.append(footprints(sight, grid, scene.camera, scene.camera.poses[0])[0])
    slab = grid.any(sight.ids == 2)
    for other in signatures[1:]:
        assert np.array_equal(signatures[0] != other, slab & shows)
