"""A cushion whose top gives way: foam, a mattress, a pillow.

Its top stands on columns side by side, each a spring with a damper (a Winkler foundation): the pressure on
what presses a column in is `firmness` times how deep. Pressure acts along the surface that presses, so that
no energy comes of it; friction holds like a short spring until it slips. A column that is let go comes back
in its own time. What is seen round a dent hangs down a little, as cloth does; that rim bears nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from generator.mechanisms.base import Action, BodyName, Mechanism, of_kind
from generator.scene.fields import Number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Quat, Vec3

    Floats = NDArray[Any]

FINE = 140
"""Columns each way, at least: a small ball then presses some sixty of them."""
DAMPS = 0.1
"""Share of `recovers` that is the time constant of pressing in: a ball bounces once or twice and lies."""
STIFFEST = 0.5
"""Of m / dt2 (springs) and m / dt (dampers): what explicit steps bear."""
HOLD = 0.05
"""Of m / dt2: how stiff friction holds before it slips."""
ROLLS = 0.1
"""Arm of the resistance to rolling, of the mean distance of pressure from its middle. Greenwood, Minshall
and Tabor 1961: a loss of a share f makes an arm of 3/16 f a for a dent of radius a; foam loses some 0.3."""
RIM = 0.25
"""Reach of the rim round a dent, of the cushion's height."""
GONE = 1e-7
"""m: a dent shallower than this is none."""


class Soft(Mechanism):
    """Lets a body of shape `cushion` give way under what presses on it, and come back."""

    cushion: BodyName
    firmness: Annotated[Number, Field(gt=0, le=1e9)] = 1e5
    """Pressure per depth, Pa/m: 2e4 is a pillow, 1e5 foam, 5e5 a gym mat."""
    recovers: Annotated[Number, Field(gt=0, le=60)] = 0.25
    """s in which a dent shrinks to 37 % once nothing presses."""

    def act(self, world: World, name: str) -> Action:
        return _Yielding(self, world, name)


@dataclass
class _Grip:
    """Friction between the cushion and one body: how far its springs are drawn, m and rad."""

    pulled: Floats
    turned: Floats


@dataclass
class _Press:
    """One body on the cushion in this step, in the cushion's frame."""

    actor: Actor
    position: Vec3
    velocity: Vec3
    spin: Vec3
    rows: slice
    columns: slice
    depth: Floats
    """(R, C) m pressed in; below 0 where it does not reach."""
    normal: Floats
    hit: Floats = field(init=False)


class _Yielding(Action):
    def __init__(self, settings: Soft, world: World, name: str) -> None:
        import numpy as np

        from generator.physics import rotation
        from generator.physics.shapes import CUSHION_FLOOR
        from generator.scene.scene import Cushion

        super().__init__(world, name)
        self.settings, self.np = settings, np
        self.actor = world.named(settings.cushion)
        shape = of_kind(name, self.actor, Cushion)
        self.place, self.turn = self.actor.body.position, rotation.unit(self.actor.body.orientation)
        self.back = rotation.conjugate(self.turn)
        self.size = shape.size
        self.each = max(1, -(-FINE // shape.cells))
        """Columns from one node that is seen to the next."""
        self.x, self.y, self.top, self.bottom, seen = _columns(shape, self.each)
        self.area = _areas(self.x, self.y)
        least = -shape.size[2] / 2 + CUSHION_FLOOR * shape.size[2]
        self.room = np.maximum(self.top - np.maximum(self.bottom, least), 0.0)
        self.bounds = [
            (line.min(axis=1 - axis), line.max(axis=1 - axis)) for axis, line in enumerate((self.x, self.y))
        ]
        self.dent = np.zeros_like(self.top)
        self.dented = False
        self.rim = _Rim(*seen, reach=RIM * shape.size[2])
        self.keeps = math.exp(-world.dt / settings.recovers)
        self.grips: dict[int, _Grip] = {}
        self.pressers = [
            a for a in world.actors if a is not self.actor and a.form.pieces and a.body.motion != "static"
        ]
        self.radius = {a.index: a.form.reach for a in self.pressers}
        self.actor.points = np.zeros((shape.cells**2, 1))

    # --- one step ---------------------------------------------------------------------------------

    def before(self) -> None:
        if not self.actor.present:
            return
        np = self.np
        presses = [press for actor in self.pressers if actor.present for press in self._presses(actor)]
        if self.dented:
            self.dent *= self.keeps
        owner = self._owner(presses) if len(presses) > 1 else None
        touching: dict[int, list[_Press]] = {}
        for number, press in enumerate(presses):
            relaxed = self.dent[press.rows, press.columns]
            press.hit = (press.depth > 0) & (press.depth >= relaxed)
            if owner is not None:
                press.hit &= owner[press.rows, press.columns] == number
            if press.hit.any():
                touching.setdefault(press.actor.index, []).append(press)
        for press in (press for presses in touching.values() for press in presses):
            here = self.dent[press.rows, press.columns]
            np.copyto(here, np.minimum(press.depth, self.room[press.rows, press.columns]), where=press.hit)
        for index in [index for index in self.grips if index not in touching]:
            del self.grips[index]
        for group in touching.values():
            self.bind(group[0].actor, self.actor)
            if group[0].actor.moves:
                self._bear(group)
        self._show(bool(touching))

    def _owner(self, presses: list[_Press]) -> Floats:
        """Which of them each column bears: what reaches lowest. Of two boards one on the other, the lower."""
        np = self.np
        deepest, owner = np.zeros_like(self.dent), np.full(self.dent.shape, -1)
        for number, press in enumerate(presses):
            window = press.rows, press.columns
            lower = press.depth > deepest[window]
            deepest[window] = np.where(lower, press.depth, deepest[window])
            owner[window] = np.where(lower, number, owner[window])
        return owner

    def _presses(self, actor: Actor) -> list[_Press]:
        """What of a body reaches under the cushion's top at rest."""
        from generator.physics import rotation
        from generator.physics.underside import below, box_round, pieces, turned

        np = self.np
        position, orientation, velocity, spin = self._state(actor)
        x, y, z = (a - b for a, b in zip(position, self.place, strict=True))
        local = rotation.rotate(self.back, (x, y, z))
        reach = self.radius[actor.index]
        if any(abs(p) - reach > size / 2 for p, size in zip(local, self.size, strict=True)):
            return []
        place, turn = turned(local, rotation.multiply(self.back, orientation))
        velocity, spin = rotation.rotate(self.back, velocity), rotation.rotate(self.back, spin)
        found = []
        for piece in pieces(actor.body.shape):
            low, high = box_round(piece, place, turn)
            if low[2] > self.size[2] / 2:
                continue
            window = [
                slice(int(np.searchsorted(most, a)), int(np.searchsorted(least, b, side="right")))
                for (least, most), a, b in zip(self.bounds, low, high, strict=False)
            ]
            rows, columns = window
            if rows.start >= rows.stop or columns.start >= columns.stop:
                continue
            under = below(piece, place, turn, self.x[rows, columns], self.y[rows, columns])
            depth = self.top[rows, columns] - under.height
            depth[under.upper < self.bottom[rows, columns]] = -np.inf  # below the cushion, not in it
            if (depth > 0).any():
                found.append(_Press(actor, local, velocity, spin, rows, columns, depth, under.normal))
        return found

    def _state(self, actor: Actor) -> tuple[Vec3, Quat, Vec3, Vec3]:
        if actor.body.motion == "dynamic":
            return actor.state()
        from generator.physics import rotation
        from generator.physics.path import pose_at

        position, orientation = pose_at(actor.body, self.world.time)
        ahead, turned = pose_at(actor.body, self.world.time + self.world.dt)
        x, y, z = ((b - a) / self.world.dt for a, b in zip(position, ahead, strict=True))
        return position, orientation, (x, y, z), rotation.rate(orientation, turned, self.world.dt)

    def _bear(self, group: list[_Press]) -> None:
        """Push one body out of its columns, and hold it by friction."""
        from generator.physics import rotation
        from generator.physics.underside import STEEP

        np, dt, k = self.np, self.world.dt, self.settings.firmness
        actor, mass = group[0].actor, group[0].actor.body.mass
        middle = self._local(actor.middle)
        area = np.concatenate([self.area[p.rows, p.columns][p.hit] for p in group])
        depth = np.concatenate([p.depth[p.hit] for p in group])
        normal = np.concatenate([p.normal[p.hit] for p in group])
        at = np.concatenate(
            [
                np.stack([grid[p.rows, p.columns][p.hit] for grid in (self.x, self.y, self.top)], axis=-1)
                for p in group
            ]
        )
        at[:, 2] -= depth
        # Per area of the plane: a face that leans is larger than its shadow
        out = normal / np.minimum(normal[:, 2:], -STEEP)
        spring = k * float(area.sum())
        if spring > STIFFEST * mass / dt**2:
            raise self._too_stiff(actor, spring, mass)
        velocity = np.array(group[0].velocity) + _cross(group[0].spin, at - np.array(group[0].position))
        sinks = -(velocity * out).sum(axis=1)
        damps = min(DAMPS * self.settings.recovers, STIFFEST * mass / dt / spring)
        pressure = np.maximum(k * (depth + damps * sinks), 0.0) * area
        forces = pressure[:, None] * out
        force = forces.sum(axis=0)
        bears = float(np.sqrt((force * force).sum()))
        if bears <= 0.0:
            return
        weight = pressure / pressure.sum()
        centre = weight @ at
        torque = _cross(at - np.array(middle), forces).sum(axis=0)
        pulls, twists = self._hold(group[0], at, weight, centre, bears)
        force = force + pulls
        torque = torque + _cross(centre - np.array(middle), pulls) + twists
        fx, fy, fz = rotation.rotate(self.turn, tuple(force.tolist()))
        tx, ty, tz = rotation.rotate(self.turn, tuple(torque.tolist()))
        actor.push((fx, fy, fz), actor.middle)
        actor.twist((tx, ty, tz))

    def _hold(
        self, press: _Press, at: Floats, weight: Floats, centre: Floats, bears: float
    ) -> tuple[Floats, Floats]:
        """Friction at the centre of pressure (N), and against rolling and turning in place (N m)."""
        np, body = self.np, press.actor.body
        grip = self.grips.setdefault(press.actor.index, _Grip(np.zeros(3), np.zeros(3)))
        most = body.friction * self.actor.body.friction * bears
        slide = np.array(press.velocity) + _cross(press.spin, centre - np.array(press.position))
        slide[2] = 0.0
        force, grip.pulled = self._stick(grip.pulled, slide, body.mass, most)
        arm = float(weight @ np.sqrt(((at - centre)[:, :2] ** 2).sum(axis=1)))
        spin, inertia = np.array(press.spin), min(press.actor.form.inertia) * body.mass
        rolls = (body.rolling_friction + ROLLS * arm) * bears
        torque, turned = np.zeros(3), np.zeros(3)
        for part, limit in ((slice(0, 2), rolls), (slice(2, 3), most * arm)):
            torque[part], turned[part] = self._stick(grip.turned[part], spin[part], inertia, limit)
        grip.turned = turned
        return force, torque

    def _stick(self, pulled: Floats, speed: Floats, mass: float, most: float) -> tuple[Floats, Floats]:
        """Dry friction, a short spring that slips: what it pulls back with, and how far it is then drawn."""
        np, dt = self.np, self.world.dt
        stiff = HOLD * mass / dt**2
        pulled = pulled + speed * dt
        force = -stiff * pulled - math.sqrt(stiff * mass) * speed
        size = float(np.sqrt((force * force).sum()))
        if size > most:
            force = force * (most / size)
            pulled = -force / stiff
        return force, pulled

    def _local(self, point: Vec3) -> Vec3:
        from generator.physics import rotation

        x, y, z = (a - b for a, b in zip(point, self.place, strict=True))
        return rotation.rotate(self.back, (x, y, z))

    def _too_stiff(self, actor: Actor, spring: float, mass: float) -> Exception:
        from generator.errors import PhysicsError

        rate = math.sqrt(spring / mass / STIFFEST)
        return PhysicsError(
            f"{self.name}: {actor.body.name} is too light for so firm a cushion (its {mass:g} kg would"
            f" tremble): lower firmness, or raise physics.rate above {rate:.0f}"
        )

    def _show(self, touched: bool) -> None:
        """The form that is seen."""
        if not touched and not self.dented:
            return
        np = self.np
        self.dented = float(self.dent.max()) > GONE
        if not self.dented:
            self.dent[:] = 0.0
        seen = self.dent[:: self.each, :: self.each]
        if self.dented:
            seen = np.maximum(seen, np.minimum(self.rim.round(seen), self.room[:: self.each, :: self.each]))
        self.actor.points = seen.reshape(-1, 1).copy()


class _Rim:
    """How far the cover hangs down round what is pressed in: a bell about each node, the highest counts."""

    def __init__(self, u: Floats, v: Floats, reach: float) -> None:
        import numpy as np

        self.np = np
        self.u, self.v = (np.exp(-0.5 * ((a[:, None] - a) / reach) ** 2) for a in (u, v))

    def round(self, dent: Floats) -> Floats:
        """(n, n) m, from the dents at the nodes. A bell is a product, so the two ways are taken in turn."""
        np = self.np
        rows, columns = (np.flatnonzero(dent.any(axis=1 - axis)) for axis in (0, 1))
        if not len(rows):
            return dent  # pressed between the nodes only
        i, j = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        along = (self.u[:, i, None] * dent[None, i, j]).max(axis=1)
        return np.asarray((along[:, None, :] * self.v[None, :, j]).max(axis=2))


def _cross(a: Any, b: Any) -> Floats:
    """a x b over the last axis; NumPy's own takes 30 us for a single pair."""
    import numpy as np

    a, b = np.asarray(a), np.asarray(b)
    ax, ay, az = a[..., 0], a[..., 1], a[..., 2]
    bx, by, bz = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=-1)


def _columns(shape: Any, each: int) -> tuple[Floats, Floats, Floats, Floats, tuple[Floats, Floats]]:
    """x, y, top and bottom of the columns, `each` from one node to the next; and the nodes' lines through
    the middle. Between nodes they lie on the flat facets that are seen."""
    import numpy as np

    from generator.scene.formed import cushion

    grids = cushion(shape)
    nodes = shape.cells
    fine = np.arange((nodes - 1) * each + 1) / each
    at = np.minimum(fine.astype(int), nodes - 2)
    share = fine - at

    def between(grid: Floats) -> Floats:
        rows = grid[at] * (1 - share)[:, None] + grid[at + 1] * share[:, None]
        return np.asarray(rows[:, at] * (1 - share) + rows[:, at + 1] * share)

    x, y, top, bottom = (between(grid) for grid in grids)
    middle = nodes // 2
    return x, y, top, bottom, (grids[0][:, middle], grids[1][middle, :])


def _areas(x: Floats, y: Floats) -> Floats:
    """m2 of each node's part of the plane: a quarter of each cell it is a corner of."""
    import numpy as np

    ax, ay = x[1:, 1:] - x[:-1, :-1], y[1:, 1:] - y[:-1, :-1]
    bx, by = x[:-1, 1:] - x[1:, :-1], y[:-1, 1:] - y[1:, :-1]
    cell = np.abs(ax * by - ay * bx) / 8
    area = np.zeros_like(x)
    for rows in (np.s_[:-1], np.s_[1:]):
        for columns in (np.s_[:-1], np.s_[1:]):
            area[rows, columns] += cell
    return area
