"""A trace that a body leaves where it goes: a paint roller's, a wet tyre's, a skate's.

Contact says only whether it leaves one. The engine's contact points lie up to a centimetre beside the line
on which a round body truly touches, so the place is worked out from the body's own shape.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from generator.mechanisms.base import Action, BodyName, Mechanism, of_kind
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Number

if TYPE_CHECKING:
    from generator.physics.engine import World
    from generator.scene.scene import Quat, Vec3

TOUCH = 5e-4
"""m: a body so near still touches, or a trace would break wherever the engine trembles."""
LYING = 0.3
"""Sine of the least angle between a cylinder's axis and the surface's normal at which it rolls."""
LEAST = 1e-5
"""m that the end must have moved before it is moved."""
GAPS = 8
"""Breaks for which points are kept; more shorten the trace."""


class Trace(Mechanism):
    """A body leaves a `ribbon` on what it rolls or slides over, as long as that stands still."""

    body: BodyName
    ribbon: BodyName
    """A body of shape `ribbon`, which becomes the trace."""
    reach: Annotated[Number, Field(gt=0, le=100)] = 1.0
    """m after which the paint has run out. The ribbon's points are shared out over it."""
    when: When | None = None

    def act(self, world: World, name: str) -> Action:
        return _Leaving(self, world, name)


class _Leaving(Action):
    def __init__(self, settings: Trace, world: World, name: str) -> None:
        import numpy as np

        from generator.scene.scene import Ribbon

        super().__init__(world, name)
        self.settings, self.np = settings, np
        self.actor, self.ribbon = world.named(settings.body), world.named(settings.ribbon)
        self.count = of_kind(name, self.ribbon, Ribbon).points
        self.watch = Watch(settings.when, self)
        kept = 1 + 4 * min(GAPS, self.count // 16)
        self.spacing = settings.reach / max(1, self.count - kept)
        self.left = float(settings.reach)
        """m of paint."""
        self.down = False
        self.end: Vec3 = (0.0, 0.0, 0.0)
        self.laid: list[tuple[float, float, float, float]] = []
        """Points that stay: place, and 1, or 0 where the trace is broken."""
        self.ribbon.points = np.zeros((self.count, 4))

    def after(self) -> None:
        dry = self.left <= 0 or len(self.laid) >= self.count
        if not self.actor.present or not self.ribbon.present or self.world.time < 0 or dry:
            return
        up = self._surface() if self.watch.now() else None
        if up is None:
            self.down = False
            return
        self.link(self.actor, self.ribbon)
        self.watch.link(self.ribbon)
        place = self._foot(up)
        if not self.down:
            self._set_down(place)
            self.down = True
        self._lead(place)

    def _set_down(self, place: Vec3) -> None:
        """Begin, or begin again: between the two places the ribbon has no width."""
        if self.laid and math.dist(self.end, place) > self.spacing:
            self.laid += [(*self.end, 1.0), (*self.end, 0.0), (*place, 0.0), (*place, 1.0)]
        elif not self.laid:
            self.laid.append((*place, 1.0))

    def _lead(self, place: Vec3) -> None:
        """Lead the end there, leaving points on the way."""
        x, y, z, _ = self.laid[-1]
        far = math.dist((x, y, z), place)
        way = [(b - a) / far for a, b in zip((x, y, z), place, strict=True)] if far > 0 else [0.0] * 3
        far = min(far, self.left)
        while far >= self.spacing and len(self.laid) < self.count:
            x, y, z = (a + self.spacing * u for a, u in zip((x, y, z), way, strict=True))
            self.laid.append((x, y, z, 1.0))
            far -= self.spacing
            self.left -= self.spacing
        if self.left < LEAST:
            self.left = 0.0
        self.end = (x + far * way[0], y + far * way[1], z + far * way[2])
        self._show(self.end)

    def _show(self, end: Vec3) -> None:
        np, ribbon = self.np, self.ribbon
        points = np.empty((self.count, 4))
        laid = self.laid[: self.count]
        points[: len(laid)] = laid
        points[len(laid) :] = (*end, 1.0)
        assert ribbon.points is not None
        if np.abs(points - ribbon.points).max() > LEAST:
            ribbon.points = points

    # --- where it touches -------------------------------------------------------------------------

    def _surface(self) -> Vec3 | None:
        """Which way the surface faces that the body touches, if that stands still."""
        from generator.physics.engine import ROOM

        world, client, mine = self.world, self.world.client, set(self.actor.ids)
        stands = [
            engine_id
            for engine_id, index in world.index.items()
            if index == ROOM or world.actors[index].body.motion == "static"
        ]
        if self.actor.body.motion == "dynamic":
            points = [point for engine_id in self.actor.ids for point in client.getContactPoints(engine_id)]
        else:  # the engine finds no contacts between things that forces do not move
            points = [
                point
                for engine_id in self.actor.ids
                for other in stands
                for point in client.getClosestPoints(engine_id, other, TOUCH)
            ]
        best: tuple[float, Vec3] | None = None
        for point in points:
            other = point[2] if point[1] in mine else point[1]
            if other not in stands or point[8] > TOUCH:
                continue
            sign = 1.0 if point[1] in mine else -1.0
            normal = (sign * point[7][0], sign * point[7][1], sign * point[7][2])
            if normal[2] > 0.3 and (best is None or point[8] < best[0]):  # a wall takes no trace
                best = (point[8], normal)
        return None if best is None else best[1]

    def _foot(self, up: Vec3) -> Vec3:
        """The middle of the line or face on which the body stands on a surface that faces `up`."""
        from generator.scene import measures, space
        from generator.scene.scene import Capsule, Cylinder

        position, orientation = self._pose()
        shape, down = self.actor.body.shape, space.scale(up, -1.0)
        low = measures.extent(shape, orientation, down)
        if isinstance(shape, Cylinder | Capsule):
            axis = space.rotate(orientation, (0.0, 0.0, 1.0))
            across = space.subtract(down, space.scale(axis, space.dot(down, axis)))
            if space.norm(across) > LYING:
                # The line on which it rolls; below its middle also when one end is a hair lower
                low = shape.radius * space.norm(across)
        return space.add(position, space.scale(down, low))

    def _pose(self) -> tuple[Vec3, Quat]:
        """After the step just made."""
        if self.actor.body.motion == "dynamic":
            return self.actor.state()[:2]
        from generator.physics.path import pose_at

        return pose_at(self.actor.body, self.world.time + self.world.dt)
