"""A spring between two places: it pulls when stretched and pushes when pressed together.

What is seen of it is a body of shape `strand`, drawn as a coil; taking that away takes the spring away.
The steps are semi-implicit, whose period is short by (w dt)2 / 24 and whose swing does not grow or fade.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from generator.mechanisms.base import Action, Anchor, BodyName, Mechanism, of_kind
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Length, Number, Whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generator.physics.engine import World
    from generator.scene.scene import Vec3

STIFFEST = 0.09
"""Of m / dt2: w dt = 0.3, where the period is off by 0.4 %. Explicit steps break down at w dt = 2."""
A_TURN = 10
"""Points that a turn of the coil needs to look round."""
STRAIGHT = 0.08
"""Share of the length at each end that is not coiled."""


class Spring(Mechanism):
    """A spring that pulls and pushes."""

    gives_energy: ClassVar[bool] = True

    ends: Annotated[list[Anchor], Field(min_length=2, max_length=2)]
    """Bodies, places on bodies, or places in the room."""
    stiffness: Annotated[Number, Field(gt=0, le=1e7)]
    """N/m."""
    damping: Annotated[Number, Field(ge=0, le=1e5)] = 0.0
    """N s/m, along the spring."""
    length: Length | None = None
    """m at which it neither pulls nor pushes. Left out: as it is at the start."""
    coil: BodyName | None = None
    """A body of shape `strand` that shows it. Taking it away takes the spring away."""
    turns: Annotated[Whole, Field(ge=0, le=19)] = 8
    """Of the coil; 0 draws it straight."""
    width: Length = 0.02
    """m across the coil."""
    when: When | None = None
    """Left out: always. When it ends the spring has come loose of its second end."""

    def act(self, world: World, name: str) -> Action:
        return _Springing(self, world, name)


class _Springing(Action):
    def __init__(self, settings: Spring, world: World, name: str) -> None:
        from generator.errors import PhysicsError
        from generator.scene.scene import Strand

        super().__init__(world, name)
        self.settings = settings
        self.ends = [self.hook(end) for end in settings.ends]
        self.watch = Watch(settings.when, self)
        start = math.dist(self.ends[0].point()[0], self.ends[1].point()[0])
        self.length = start if settings.length is None else settings.length
        weights = [
            1 / end.actor.body.mass for end in self.ends
            if end.actor is not None and end.actor.body.motion == "dynamic"
        ]  # fmt: skip
        if not weights:
            raise PhysicsError(f"{name}: neither end of the spring can move")
        mass, dt = 1 / sum(weights), world.dt
        for key, most in (("stiffness", STIFFEST * mass / dt**2), ("damping", mass / dt)):
            given = getattr(settings, key)
            if given > most:
                raise PhysicsError(
                    f"{name}: {key} {given:g} is too much for steps of 1/{1 / dt:.0f} s and what hangs on it:"
                    f" at most {most:.3g}, or raise physics.rate"
                )
        self.coil = None if settings.coil is None else world.named(settings.coil)
        if self.coil is not None:
            self.shape = of_kind(name, self.coil, Strand)
            if settings.turns and self.shape.points < A_TURN * settings.turns:
                raise PhysicsError(
                    f"{name}: {settings.turns} turns need `points: {A_TURN * settings.turns}` of the strand"
                    f" {settings.coil}, which has {self.shape.points}"
                )
        self.side: Vec3 = (1.0, 0.0, 0.0)
        """Where the coil begins round its middle line; carried along, so that it does not jump."""
        self._drawn: tuple[object, ...] | None = None
        self._on = True
        self.after()

    def _holds(self) -> bool:
        there = self.coil is None or self.coil.present
        return there and all(end.holds for end in self.ends) and self._on

    def before(self) -> None:
        self._on = self.watch.now()
        actors = [end.actor for end in self.ends]
        for actor in actors:
            self.watch.link(actor)
        if not self._holds():
            return
        self.bind(*actors)
        for actor in actors:
            self.link(self.coil, actor)
        (a, va), (b, vb) = (end.point() for end in self.ends)
        apart = math.dist(a, b)
        if apart < 1e-9:
            return  # no direction to push in
        along = [(q - p) / apart for p, q in zip(a, b, strict=True)]
        parting = sum((w - v) * u for v, w, u in zip(va, vb, along, strict=True))
        pull = self.settings.stiffness * (apart - self.length) + self.settings.damping * parting
        x, y, z = (pull * u for u in along)
        self.ends[0].push((x, y, z), a)
        self.ends[1].push((-x, -y, -z), b)

    def after(self) -> None:
        if self.coil is None or not self.coil.present:
            return
        for end in self.ends:
            self.link(end.actor, self.coil)
        self.watch.link(self.coil)
        held = [end.point()[0] for end in self.ends if end.holds]
        seen = (*held, self._holds())
        if seen == self._drawn or not held:
            return
        self._drawn = seen
        if len(held) == 2 and seen[-1]:
            a, b = held
        else:
            x, y, z = a = held[0]
            b = (x, y, max(z - self.length, min(z, self.shape.radius)))
        points, self.side = coiled(
            a, b, self.shape.points, self.settings.turns, self.settings.width / 2, self.side
        )
        self.coil.points = points


def coiled(
    a: Vec3, b: Vec3, count: int, turns: int, radius: float, side: Vec3
) -> tuple[NDArray[np.float64], Vec3]:
    """(count, 3): points of a coil round the line from a to b, m, whose ends lie on the line.

    side: where round the line it began before; returned is where it begins now.
    """
    import numpy as np

    start, line = np.array(a), np.array(b) - np.array(a)
    length = float(np.sqrt((line * line).sum()))
    if length < 1e-9:
        return np.repeat(start[None], count, axis=0), side
    way, across = line / length, np.array(side)
    across = across - way * float((across * way).sum())
    size = float(np.sqrt((across * across).sum()))
    if size < 1e-3:  # along the line: any other will do
        across = np.eye(3)[int(np.argmin(np.abs(way)))]
        across = across - way * float((across * way).sum())
        size = float(np.sqrt((across * across).sum()))
    across = across / size
    third = np.array(
        [
            way[1] * across[2] - way[2] * across[1],
            way[2] * across[0] - way[0] * across[2],
            way[0] * across[1] - way[1] * across[0],
        ]
    )
    share = np.linspace(0.0, 1.0, count)
    within = np.clip((share - STRAIGHT) / (1 - 2 * STRAIGHT), 0.0, 1.0)
    # Half a turn to swing out, half a turn to swing in
    edge = np.minimum(within, 1 - within) * (2 * max(turns, 1))
    out = radius * np.clip(edge, 0.0, 1.0) if turns else np.zeros(count)
    angle = 2 * np.pi * turns * within
    points = start + share[:, None] * line
    points = points + (out * np.cos(angle))[:, None] * across + (out * np.sin(angle))[:, None] * third
    return points, (float(across[0]), float(across[1]), float(across[2]))
