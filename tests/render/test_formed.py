"""Bodies that change their form: drawn where rays find them, displaced in the mask only where they differ."""

from __future__ import annotations

import numpy as np
import pytest

from generator import quadmask
from generator.render.camera import pinhole
from generator.render.stage import Stage
from generator.render.visibility import Visibility
from generator.scene import formed
from generator.scene.scene import Body, Cushion, Material, Ribbon, Strand
from tests.render import small


def thing(shape: Strand | Ribbon | Cushion) -> Body:
    return Body(
        name="thing", group="thing", noun="thing", motion="static", shape=shape,
        material=Material(kind="plain"), mass=0.0, position=(0.0, 0.0, 0.0),
    )  # fmt: skip


def row(form: float) -> np.ndarray:
    return np.array([[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, form]])


def line(count: int, end: float) -> np.ndarray:
    """A trace along X from -0.1 whose points past `end` are not laid down yet."""
    x = np.minimum(np.linspace(-0.1, 0.1, count), end)
    return np.stack([x, np.zeros(count), np.full(count, 0.01), np.ones(count)], axis=1)


def test_a_trace_is_displaced_only_where_one_world_has_more_of_it() -> None:
    scene = small.scene((thing(Ribbon(width=0.04, points=41)),), frames=1, remove=(("thing",),))
    stage = Stage(scene)
    stage.forms.update({1.0: line(41, 0.0), 2.0: line(41, 0.08)})
    eye = pinhole(scene.camera, 0, scene.size)
    look = Visibility(stage)
    short, long = look.look(eye, row(1.0)), look.look(eye, row(2.0))
    assert 0 < (short.ids == 1).sum() < (long.ids == 1).sum()
    same = short.same_surface(long, np.array([True]))
    assert same is not None
    shared = (short.ids == 1) & (long.ids == 1)
    assert same[shared].mean() > 0.9, "but for the last piece laid down"
    assert not same[short.ids != long.ids].any()
    assert not same[long.ids == 0].any()
    picture = np.zeros((*short.ids.shape, 3), np.uint8)
    taken = [], np.array([True])
    quad = quadmask.compose(long.ids, long.ids, short.ids, *taken, picture, picture, same=same)
    assert quad.displaced.sum() < (long.ids == 1).sum() - 0.8 * shared.sum()
    assert quad.displaced[long.ids != short.ids].all()


@pytest.mark.parametrize("shape", [Strand(radius=0.004), Cushion(size=(0.2, 0.16, 0.06), cells=24)])
def test_a_form_is_drawn_where_rays_find_it(shape: Strand | Cushion) -> None:
    scene = small.scene((thing(shape),), frames=1, remove=(("thing",),))
    stage = Stage(scene)
    points = formed.rest(shape)
    if isinstance(shape, Strand):
        points = np.linspace((-0.1, 0.0, 0.05), (0.1, 0.02, 0.12), shape.points)
    else:
        points[len(points) // 2 - 60 : len(points) // 2 + 60] = 0.01
    stage.forms[3.0] = points
    eye = pinhole(scene.camera, 0, scene.size)
    sight = Visibility(stage).look(eye, row(3.0))
    assert (sight.ids == 1).sum() > 20
    stage.show(row(3.0))
    mesh = stage.bodies[0].data
    drawn = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", drawn)
    assert np.allclose(drawn.reshape(-1, 3), formed.vertices(shape, points), atol=1e-6)


def test_a_rigid_body_that_moved_shows_nothing_in_its_old_place() -> None:
    scene = small.scene((small.ball("ball", (0.0, 0.0, 0.05)),), frames=1)
    sight = Visibility(Stage(scene)).look(pinhole(scene.camera, 0, scene.size), row(0.0))
    assert sight.same_surface(sight, np.array([True])) is None


def test_a_cushion_that_nothing_presses_is_drawn_at_rest() -> None:
    scene = small.scene((thing(Cushion(size=(0.2, 0.16, 0.06))),), frames=1, remove=(("thing",),))
    stage = Stage(scene)
    sight = Visibility(stage).look(pinhole(scene.camera, 0, scene.size), row(0.0))
    assert (sight.ids == 1).sum() > 100
    stage.show(row(0.0))
