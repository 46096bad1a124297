"""What stands where, exactly: ID maps, depth, normals, flow and amodal masks by ray casting.

Rays go through pixel centres of the pinhole camera to the triangles that Blender renders, so nothing here
depends on samples, depth of field or the denoiser. The room is cast once for each camera pose; a body is cast
in its own frame, inside the rectangle that its bounding box projects to, and again only when it or the camera
moved. Glass counts as seen: the first surface decides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import bpy
import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from generator.render import formed
from generator.render.camera import Floats, Pinhole, rotation_matrix
from generator.render.frames import IdMap
from generator.render.stage import Stage
from generator.render.worlds import FORM, LIT
from generator.scene.scene import Body, Cushion, Ribbon, Strand

MESH_LIKE = {"MESH", "CURVE", "SURFACE", "META", "FONT"}
MARGIN = 2
"""Pixels added around a projected bounding box, against rounding."""
NEAREST = 1e-3
"""Metres before the camera's plane within which nothing is projected."""
REMEMBERED_CASTS = 16
"""Casts kept for each body: enough for its poses in every world of a frame."""

TracedLines = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]
"""Pixels x, y that lines pass through, and the depth there."""


class Triangles:
    """Triangles in one frame of reference, ready for rays."""

    def __init__(self, corners: NDArray[np.float32], normals: NDArray[np.float32]) -> None:
        """corners, normals: (M, 3, 3), three corners of each triangle and the shading normals there."""
        self.normals = normals
        self.corners = corners
        flat = corners.reshape(-1, 3)
        self.bounds: Floats = np.stack([flat.min(axis=0), flat.max(axis=0)]).astype(np.float64)
        self._scene = EmbreeScene()
        TriangleMesh(self._scene, np.ascontiguousarray(corners, dtype=np.float32))

    @cached_property
    def edges(self) -> NDArray[np.float32]:
        """(E, 2, 3): the ends of every edge, once."""
        flat = self.corners.reshape(-1, 3)
        points, index = np.unique(flat, axis=0, return_inverse=True)
        triangles = index.reshape(-1, 3)
        pairs = np.sort(
            np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1
        )
        return points[np.unique(pairs, axis=0)]

    def cast(self, eye: Floats, directions: Floats) -> Cast:
        """First hits of rays from one point: `eye` (3,), `directions` (..., 3)."""
        shape = directions.shape[:-1]
        rays = np.ascontiguousarray(directions.reshape(-1, 3), dtype=np.float32)
        origins = np.ascontiguousarray(np.broadcast_to(eye.astype(np.float32), rays.shape))
        hits = self._scene.run(origins, rays, output=True)
        triangle = np.asarray(hits["primID"], dtype=np.int32).reshape(shape)
        depth = np.where(
            triangle >= 0, np.asarray(hits["tfar"], np.float32).reshape(shape), np.float32(np.inf)
        )
        return Cast(
            depth, triangle, np.asarray(hits["u"]).reshape(shape), np.asarray(hits["v"]).reshape(shape)
        )


@dataclass(frozen=True)
class Cast:
    """Hits of a rectangle of rays: depth (inf: none), triangle (-1: none) and the place on it; all (h, w)."""

    depth: NDArray[np.float32]
    triangle: NDArray[np.int32]
    u: NDArray[np.float32]
    v: NDArray[np.float32]

    def normals(self, triangles: Triangles) -> NDArray[np.float32]:
        """(h, w, 3) smooth normals in the frame of `triangles`; zero where nothing was hit."""
        corner = triangles.normals[np.maximum(self.triangle, 0)]
        u, v = self.u[..., None], self.v[..., None]
        normal = corner[..., 0, :] * (1 - u - v) + corner[..., 1, :] * u + corner[..., 2, :] * v
        normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
        normal[self.triangle < 0] = 0
        return normal


@dataclass(frozen=True)
class _Patch:
    """A body's cast and the rectangle of the picture it covers."""

    x0: int
    y0: int
    x1: int
    y1: int
    cast: Cast


class Visibility:
    """Casts any world of a stage. Make it before the first `Stage.show`, while bodies are at identity."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._names = [body.name for body in stage.scene.bodies]
        self._visible = np.array([body.visible is True for body in stage.scene.bodies], dtype=bool)
        room, bodies = _collect(stage)
        self.room = room
        self.bodies = bodies
        self.formed = {
            index
            for index, body in enumerate(stage.scene.bodies)
            if isinstance(body.shape, Strand | Ribbon | Cushion)
        }
        """Indices of the bodies that change their form."""
        self._room_casts: OrderedDict[bytes, Cast] = OrderedDict()
        self._body_casts: list[OrderedDict[bytes, _Patch | None]] = [OrderedDict() for _ in bodies]
        self._formed: list[OrderedDict[float, Triangles]] = [OrderedDict() for _ in bodies]
        self._edges_traced: list[OrderedDict[bytes, TracedLines]] = [OrderedDict() for _ in bodies]

    def look(self, camera: Pinhole, poses: Floats, hidden: frozenset[str] = frozenset()) -> Sight:
        """What `camera` sees of a world. poses: (N, 9) rows; bodies named in `hidden` are not there."""
        width, height = camera.size
        room = self._cast_room(camera)
        depth = room.depth.copy()
        ids = np.zeros((height, width), dtype=np.uint16)
        patches: dict[int, _Patch] = {}
        for index, name in enumerate(self._names):
            if name in hidden or not self._visible[index]:
                continue
            patch = self._cast_body(index, camera, poses[index])
            if patch is None:
                continue
            patches[index] = patch
            window = np.s_[patch.y0 : patch.y1, patch.x0 : patch.x1]
            nearer = patch.cast.depth < depth[window]
            depth[window][nearer] = patch.cast.depth[nearer]
            ids[window][nearer] = index + 1
        return Sight(self, camera, np.array(poses), hidden, ids, depth, room, patches)

    def _cast_room(self, camera: Pinhole) -> Cast:
        def cast() -> Cast:
            width, height = camera.size
            y, x = np.mgrid[0:height, 0:width] + 0.5
            if self.room is None:
                nothing = np.zeros((height, width), dtype=np.float32)
                return Cast(nothing + np.inf, np.full((height, width), -1, dtype=np.int32), nothing, nothing)
            return self.room.cast(camera.eye, camera.directions(x, y))

        return _remember(self._room_casts, camera.key(), cast, 2)

    def _cast_body(self, index: int, camera: Pinhole, pose: Floats) -> _Patch | None:
        triangles = self.triangles(index, pose)
        if triangles is None:
            return None

        def cast() -> _Patch | None:
            rotation, position = rotation_matrix(pose[3:LIT]), pose[:3]
            box = _covered(triangles.bounds, rotation, position, camera)
            if box is None:
                return None
            x0, y0, x1, y1 = box
            y, x = np.mgrid[y0:y1, x0:x1] + 0.5
            hits = triangles.cast((camera.eye - position) @ rotation, camera.directions(x, y) @ rotation)
            return _Patch(x0, y0, x1, y1, hits)

        key = camera.key() + np.asarray(pose, dtype=np.float64).tobytes()
        return _remember(self._body_casts[index], key, cast, REMEMBERED_CASTS)

    def triangles(self, index: int, row: Floats) -> Triangles | None:
        """Those of a body in its own frame, in the form that its row names."""
        shape = self.stage.scene.bodies[index].shape
        if not isinstance(shape, Strand | Ribbon | Cushion):
            return self.bodies[index]
        name = float(row[FORM])

        def build() -> Triangles:
            return Triangles(*formed.triangles(shape, self.stage.form(index, row)))

        found: Triangles = _remember(self._formed[index], name, build, REMEMBERED_CASTS)
        return found

    def trace_edges(self, index: int, camera: Pinhole, pose: Floats, patch: _Patch) -> TracedLines:
        """Pixels inside `patch` that the edges of a body pass through."""
        triangles = self.triangles(index, pose)
        assert triangles is not None

        def trace() -> TracedLines:
            ends = triangles.edges @ rotation_matrix(pose[3:LIT]).T + pose[:3]
            return traced(ends, camera, (patch.x0, patch.y0, patch.x1, patch.y1))

        key = camera.key() + np.asarray(pose, dtype=np.float64).tobytes()
        return _remember(self._edges_traced[index], key, trace, REMEMBERED_CASTS)


@dataclass(frozen=True)
class Sight:
    """What one camera sees of one world. ids: (H, W); depth: (H, W) metres along the view axis, inf: sky."""

    _visibility: Visibility
    camera: Pinhole
    poses: Floats
    hidden: frozenset[str]
    ids: IdMap
    depth: NDArray[np.float32]
    _room: Cast
    _patches: dict[int, _Patch]

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Of the scene; body `i` has ID `i` + 1."""
        return self._visibility.stage.scene.bodies

    def has(self, index: int) -> bool:
        """Whether body `index` is there, in the picture or not, if only to throw a shadow."""
        return bool(self.bodies[index].visible) and self.bodies[index].name not in self.hidden

    def normals(self) -> NDArray[np.float32]:
        """(H, W, 3) unit normals in world axes, shading included, bump not; zero in the sky."""
        if self._visibility.room is None:
            normal = np.zeros((*self.ids.shape, 3), dtype=np.float32)
        else:
            normal = self._room.normals(self._visibility.room)
        for index, patch in self._patches.items():
            triangles = self._visibility.triangles(index, self.poses[index])
            assert triangles is not None
            window = np.s_[patch.y0 : patch.y1, patch.x0 : patch.x1]
            mine = self.ids[window] == index + 1
            local = patch.cast.normals(triangles)[mine]
            normal[window][mine] = local @ rotation_matrix(self.poses[index][3:LIT]).T.astype(np.float32)
        return normal

    def outlines(self) -> Iterator[tuple[int, tuple[int, int, NDArray[np.bool_], NDArray[np.float32]]]]:
        """Each body in the picture: index, x0, y0, mask (h, w), depths (n), as if nothing were before it.

        The mask is every pixel that it may touch, not only those whose centre it covers: a wire thinner than
        a pixel, or the tip of a needle, lies between centres.
        """
        for index, patch in self._patches.items():
            hit = patch.cast.triangle >= 0
            depth = patch.cast.depth[hit]
            x, y, edge_depth = self._visibility.trace_edges(index, self.camera, self.poses[index], patch)
            hit[y - patch.y0, x - patch.x0] = True
            if hit.any():
                yield index, (patch.x0, patch.y0, hit, np.concatenate([depth, edge_depth]))

    def same_surface(self, other: Sight, moved: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
        """(H, W): where both show the very same piece of a moved body that changes its form, in one place.

        None if no such body is in sight: of a rigid one that has moved, every piece is elsewhere.
        """
        same = None
        for index in self._visibility.formed & set(np.flatnonzero(moved)) & set(self._patches):
            mine, its = self._patches[index], other._patches.get(index)
            if its is None or not np.array_equal(self.poses[index][:FORM], other.poses[index][:FORM]):
                continue
            here = self._visibility.triangles(index, self.poses[index])
            there = self._visibility.triangles(index, other.poses[index])
            assert here is not None
            assert there is not None
            stands = (here.corners == there.corners).all(axis=(1, 2))
            hits = np.full((2, *self.ids.shape), -1, dtype=np.int32)
            for seen, patch, ids in ((hits[0], mine, self.ids), (hits[1], its, other.ids)):
                window = np.s_[patch.y0 : patch.y1, patch.x0 : patch.x1]
                seen[window] = np.where(ids[window] == index + 1, patch.cast.triangle, -1)
            if same is None:
                same = np.zeros(self.ids.shape, dtype=bool)
            same |= (hits[0] >= 0) & (hits[0] == hits[1]) & stands[np.maximum(hits[0], 0)]
        return same

    def amodal(self) -> NDArray[np.bool_]:
        """(N, H, W): where each body would be seen if nothing stood before it."""
        masks = np.zeros((len(self.poses), *self.ids.shape), dtype=bool)
        for index, patch in self._patches.items():
            masks[index, patch.y0 : patch.y1, patch.x0 : patch.x1] = patch.cast.triangle >= 0
        return masks

    def flow(self, camera: Pinhole, poses: Floats) -> NDArray[np.float32]:
        """(H, W, 2) pixels (x right, y down) from here to where each seen point is under `camera`, `poses`.

        Exact for rigid motion; a point may be hidden there. The sky moves as if infinitely far away.
        """
        height, width = self.ids.shape
        y, x = np.mgrid[0:height, 0:width] + 0.5
        sky = ~np.isfinite(self.depth)
        points = self.camera.points(np.where(sky, 1.0, self.depth))
        for index in np.unique(self.ids[self.ids > 0]) - 1:
            mine = self.ids == index + 1
            here, there = self.poses[index], poses[index]
            if here[FORM] != there[FORM]:
                points[mine] = self._reformed(index, mine, here, there)
            elif not np.array_equal(here, there):
                local = (points[mine] - here[:3]) @ rotation_matrix(here[3:LIT])
                points[mine] = local @ rotation_matrix(there[3:LIT]).T + there[:3]
        pixels, _ = camera.project(points)
        if sky.any():
            pixels[sky] = camera.project_directions(points[sky] - self.camera.eye)
        return np.asarray(pixels - np.stack([x, y], axis=-1), dtype=np.float32)

    def _reformed(self, index: int, mine: NDArray[np.bool_], here: Floats, there: Floats) -> Floats:
        """(n, 3): where the seen points of a body that changes its form are in another of its forms."""
        patch, triangles = self._patches[index], self._visibility.triangles(index, there)
        assert triangles is not None
        inside = mine[patch.y0 : patch.y1, patch.x0 : patch.x1]
        corners = triangles.corners[patch.cast.triangle[inside]].astype(np.float64)
        u, v = patch.cast.u[inside][:, None], patch.cast.v[inside][:, None]
        local = corners[:, 0] * (1 - u - v) + corners[:, 1] * u + corners[:, 2] * v
        return np.asarray(local @ rotation_matrix(there[3:LIT]).T + there[:3])


def _remember(memory, key, make, size):  # type: ignore[no-untyped-def]  # generic over what is remembered
    if key in memory:
        memory.move_to_end(key)
        return memory[key]
    memory[key] = value = make()
    while len(memory) > size:
        memory.popitem(last=False)
    return value


def traced(ends: Floats, camera: Pinhole, box: tuple[int, int, int, int]) -> TracedLines:
    """Pixels x, y inside `box` that lines pass through, near enough to a pixel, and the depth there.

    ends: (E, 2, 3) in the world. What lies behind the camera, or beyond the box, is cut off.
    """
    x0, y0, x1, y1 = box
    ends = np.asarray(ends, dtype=np.float64)
    depth = (ends - camera.eye) @ camera.world_to_camera[2, :3]
    ahead = (depth > NEAREST).any(axis=1)
    ends, depth = ends[ahead], depth[ahead]
    # Where a line passes the camera's plane it ends just before it.
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip((NEAREST - depth) / (depth[:, ::-1] - depth), 0, 1)
    share = np.where(depth < NEAREST, share, 0)[..., None]
    ends = ends + share * (ends[:, ::-1] - ends)
    pixels, depth = camera.project(ends)
    # A line stays one in the picture, and along it the inverse of depth is linear.
    start, step = pixels[:, 0], pixels[:, 1] - pixels[:, 0]
    low, high = np.zeros(len(start)), np.ones(len(start))
    for axis, least, most in ((0, x0, x1), (1, y0, y1)):
        with np.errstate(divide="ignore", invalid="ignore"):
            there = (np.array([[least], [most]]) - start[:, axis]) / step[:, axis]
        inside = (start[:, axis] >= least) & (start[:, axis] < most)
        level = np.abs(step[:, axis]) < 1e-9
        low = np.maximum(low, np.where(level, np.where(inside, 0, 2), there.min(axis=0)))
        high = np.minimum(high, np.where(level, np.where(inside, 1, -1), there.max(axis=0)))
    passes = low <= high
    start, step, low, high = start[passes], step[passes], low[passes], high[passes]
    count = np.ceil(np.abs(step).max(axis=1, initial=0) * (high - low)).astype(np.intp) + 1
    line = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    along = low[line] + (high - low)[line] * place / np.maximum(count[line] - 1, 1)
    at = np.floor(start[line] + along[:, None] * step[line]).astype(np.intp)
    inverse = 1 / depth[passes][line]
    here = 1 / (inverse[:, 0] + along * (inverse[:, 1] - inverse[:, 0]))
    x, y = np.clip(at[:, 0], x0, x1 - 1), np.clip(at[:, 1], y0, y1 - 1)
    return x, y, here.astype(np.float32)


def _covered(
    bounds: Floats, rotation: Floats, position: Floats, camera: Pinhole
) -> tuple[int, int, int, int] | None:
    """Pixels x0, y0, x1, y1 that a posed box may cover; None when it is out of the picture."""
    corners = np.array(
        [[bounds[i, 0], bounds[j, 1], bounds[k, 2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    )
    pixels, depth = camera.project(corners @ rotation.T + position)
    width, height = camera.size
    if (depth <= NEAREST).all():
        return None
    if (depth <= NEAREST).any():  # it reaches behind the camera: its outline is no longer that of its corners
        return 0, 0, width, height
    low, high = np.floor(pixels.min(axis=0)) - MARGIN, np.ceil(pixels.max(axis=0)) + MARGIN
    x0, y0 = max(0, int(max(low[0], -1))), max(0, int(max(low[1], -1)))
    x1, y1 = min(width, int(min(high[0], width))), min(height, int(min(high[1], height)))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _collect(stage: Stage) -> tuple[Triangles | None, list[Triangles | None]]:
    """The room's triangles in the world, and each body's in its own frame (bodies stand at identity)."""
    owner = {}
    for index, root in enumerate(stage.bodies):
        for obj in (root, *root.children_recursive):
            owner[obj.name] = index
    room: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    bodies: list[list[tuple[NDArray[np.float32], NDArray[np.float32]]]] = [[] for _ in stage.bodies]
    meshes: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]] | None] = {}
    for instance in bpy.context.evaluated_depsgraph_get().object_instances:
        obj = instance.object
        if obj.type not in MESH_LIKE or obj.hide_render or not obj.visible_camera:
            continue
        # An instance belongs to whoever instances it.
        carrier = instance.parent.original if instance.is_instance and instance.parent else obj.original
        if carrier.hide_render:
            continue
        if obj.name not in meshes:
            meshes[obj.name] = _triangles(obj)
        mesh = meshes[obj.name]
        if mesh is None:
            continue
        matrix = np.array(instance.matrix_world, dtype=np.float64)
        corners = (mesh[0] @ matrix[:3, :3].T + matrix[:3, 3]).astype(np.float32)
        normals = (mesh[1] @ np.linalg.inv(matrix[:3, :3])).astype(np.float32)
        (bodies[owner[carrier.name]] if carrier.name in owner else room).append((corners, normals))
    return _join(room), [_join(parts) for parts in bodies]


def _join(parts: list[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> Triangles | None:
    if not parts:
        return None
    return Triangles(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))


def _triangles(obj: bpy.types.Object) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Corners and their normals (M, 3, 3) of an evaluated object in its own frame; None without a face."""
    mesh = obj.to_mesh()
    try:
        mesh.calc_loop_triangles()
        count = len(mesh.loop_triangles)
        if count == 0:
            return None
        vertices = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
        mesh.vertices.foreach_get("co", vertices)
        corner = np.empty(count * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", corner)
        loop = np.empty(count * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("loops", loop)
        normals = np.empty(len(mesh.loops) * 3, dtype=np.float32)
        mesh.corner_normals.foreach_get("vector", normals)
        return vertices.reshape(-1, 3)[corner].reshape(-1, 3, 3), normals.reshape(-1, 3)[loop].reshape(
            -1, 3, 3
        )
    finally:
        obj.to_mesh_clear()
