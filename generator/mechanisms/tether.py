"""A string between two places: it pulls when taut, and never pushes.

A one-sided spring, stiff enough that it stretches by a few thousandths of its length under what it
carries. What is seen of it is a body of shape `strand`, which can be removed like any other: then the
string is cut.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from generator.mechanisms.base import Action, Anchor, BodyName, Mechanism, of_kind
from generator.mechanisms.when import Watch, When
from generator.scene.fields import Length, Number

if TYPE_CHECKING:
    import numpy as np

    from generator.physics.engine import World

STIFFNESS = 0.1
"""Of m / dt2, with the mass of the lighter end: as stiff as explicit steps bear with a wide margin."""


class Tether(Mechanism):
    """A string, thread, cord or chain that only pulls."""

    ends: Annotated[list[Anchor], Field(min_length=2, max_length=2)]
    """Bodies, places on bodies, or places in the room."""
    string: BodyName | None = None
    """A body of shape `strand` that shows it. Taking it away cuts the string."""
    length: Length | None = None
    """m. Left out: it is just taut at the start."""
    slack: Annotated[Number, Field(ge=0, le=10)] = 0.0
    """Share by which it is longer than that."""
    stiffness: Annotated[Number, Field(gt=0, le=1e7)] | None = None
    """N/m. Left out: as stiff as the steps bear."""
    when: When | None = None
    """Left out: always. When it ends the string has come loose of its second end."""

    def act(self, world: World, name: str) -> Action:
        return _Pulling(self, world, name)


class _Pulling(Action):
    def __init__(self, settings: Tether, world: World, name: str) -> None:
        super().__init__(world, name)
        self.settings = settings
        self.ends = [self.hook(end) for end in settings.ends]
        self.string = None if settings.string is None else world.named(settings.string)
        if self.string is not None:
            from generator.scene.scene import Strand

            self.shape = of_kind(name, self.string, Strand)
        self.watch = Watch(settings.when, self)
        start = math.dist(self.ends[0].point()[0], self.ends[1].point()[0])
        self.length = (start if settings.length is None else settings.length) * (1 + settings.slack)
        masses = [end.actor.body.mass for end in self.ends if end.actor is not None and end.actor.moves]
        mass = min(masses, default=1.0)
        stiff = STIFFNESS * mass / world.dt**2
        self.stiffness = stiff if settings.stiffness is None else min(settings.stiffness, stiff)
        self.damping = math.sqrt(self.stiffness * mass)
        """Half of critical."""
        self.tension = 0.0
        self._drawn: tuple[object, ...] | None = None
        self.after()

    def _holds(self) -> bool:
        there = self.string is None or self.string.present
        return there and all(end.holds for end in self.ends) and self.watch.now()

    def before(self) -> None:
        self.tension = 0.0
        actors = [end.actor for end in self.ends]
        for actor in actors:
            self.watch.link(actor)
        if not self._holds():
            return
        (a, va), (b, vb) = (end.point() for end in self.ends)
        apart = math.dist(a, b)
        if apart <= self.length:
            return
        self.bind(*actors)
        if self.string is not None:
            for actor in actors:
                self.link(self.string, actor)
        along = [(q - p) / apart for p, q in zip(a, b, strict=True)]
        closing = sum((w - v) * u for v, w, u in zip(va, vb, along, strict=True))
        self.tension = max(0.0, self.stiffness * (apart - self.length) + self.damping * closing)
        x, y, z = (self.tension * u for u in along)
        self.ends[0].push((x, y, z), a)
        self.ends[1].push((-x, -y, -z), b)

    def parted(self) -> None:
        self.after()

    def after(self) -> None:
        if self.string is None or not self.string.present:
            return
        for end in self.ends:
            self.link(end.actor, self.string)
        self.watch.link(self.string)
        held = [end.point()[0] for end in self.ends if end.holds]
        seen = (*held, self._holds())
        if seen == self._drawn:
            return
        self._drawn = seen
        count, radius = self.shape.points, self.shape.radius
        if len(held) == 2 and seen[-1]:
            self.string.points = hanging(held[0], held[1], self.length, count, radius)
        elif held:
            self.string.points = dangling(held[0], self.length, count, radius)
        else:
            self.string.points = hanging((0, 0, 0), (0, 0, 0), 0.0, count, 0.0)  # nothing left to hang on


def hanging(
    a: tuple[float, float, float], b: tuple[float, float, float], length: float, count: int, radius: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(count, 3): points of a string between two places, m: straight if taut, else a parabola of its length.

    The sag s of a shallow parabola over a span d has length d (1 + 8 s2 / 3 d2); a string that hangs lower
    than the ground lies on it.
    """
    import numpy as np

    ends = np.array([a, b], dtype=np.float64)
    share = np.linspace(0.0, 1.0, count)
    points = ends[0] + share[:, None] * (ends[1] - ends[0])
    span = math.dist(a, b)
    if length > span:
        sag = math.sqrt(3 / 8 * (length - span) * max(span, 1e-6) + 0.25 * (length - span) ** 2)
        points[:, 2] -= 4 * sag * share * (1 - share)
        floor = min(radius, a[2], b[2])
        points[:, 2] = np.maximum(points[:, 2], floor)
    return points


def dangling(
    a: tuple[float, float, float], length: float, count: int, radius: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(count, 3): points of a string held at one end, m: straight down, the rest in a loose coil below."""
    import numpy as np

    along = np.linspace(0.0, length, count)
    drop = max(0.0, a[2] - radius)
    points = np.array([a], dtype=np.float64).repeat(count, axis=0)
    points[:, 2] -= np.minimum(along, drop)
    rest = np.maximum(along - drop, 0.0)
    coil = max(8 * radius, min(length, max(length - drop, 1e-9)) / 9)
    points[:, 0] += coil * np.sin(rest / coil)
    points[:, 1] += coil * (1 - np.cos(rest / coil))
    return points
