"""A rope or chain of segments: bodies tied end to end, which can be taken away one by one.

The segments are capsules of a repeat, joined where their ends meet. Joints of the engine stretch under a
load much heavier than a segment, so one string that only pulls is drawn from end to end beside them. For a
string that touches nothing, `tether` is simpler and exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.mechanisms.base import Action, Anchor, BodyNames, Hook, Mechanism, of_kind
from generator.mechanisms.tether import STIFFNESS

if TYPE_CHECKING:
    from generator.physics.actor import Actor
    from generator.physics.engine import World
    from generator.scene.scene import Vec3

STRONG = 1e5
"""N that a joint bears."""
NEAR = 1.0
"""Radii of a segment by which ends that are tied may lie apart at the start."""


class Rope(Mechanism):
    """Ties capsules end to end, and the first and last of them to something."""

    links: BodyNames
    """The segments in order: a repeat of capsules that stand or lie end to end."""
    start: Anchor | None = None
    """What the first one's free end is tied to. Left out: it is loose."""
    end: Anchor | None = None
    """What the last one's free end is tied to."""

    def pinned(self) -> Sequence[str]:
        ends = [anchor.body for anchor in (self.start, self.end) if anchor is not None and anchor.body]
        return [*self.links, *ends]

    def act(self, world: World, name: str) -> Action:
        return _Tying(self, world, name)


class _Tie:
    """One joint: two actors, or an actor and a place that stands still or is led."""

    def __init__(self, number: int, a: Actor, b: Actor | None, led: Hook | None = None) -> None:
        self.number, self.a, self.b, self.led = number, a, b, led


class _Tying(Action):
    def __init__(self, settings: Rope, world: World, name: str) -> None:
        from generator.errors import PhysicsError
        from generator.scene.scene import Capsule

        super().__init__(world, name)
        self.links = [world.named(link) for link in settings.links]
        for link in self.links:
            of_kind(name, link, Capsule)
            if link.body.motion != "dynamic":
                raise PhysicsError(f"{name}: {link.body.name} is {link.body.motion}, and must be dynamic")
        self.ties: list[_Tie] = []
        joints = [self._between(a, b) for a, b in pairwise(self.links)]
        for (a, b), at in zip(pairwise(self.links), joints, strict=True):
            self._tie(a, b, at)
        first, last = self._free(0, joints), self._free(-1, joints)
        self.ends: list[Hook | None] = [None, None]
        for place, (anchor, link, at) in enumerate(
            ((settings.start, self.links[0], first), (settings.end, self.links[-1], last))
        ):
            if anchor is not None:
                self.ends[place] = hook = self.hook(anchor)
                self._check_near(hook.point()[0], at, link)
                self._fasten(hook, link, at)
        self.length = sum(math.dist(p, q) for p, q in pairwise([first, *joints, last]))
        self.whole = len(self.ties)

    # --- building ---------------------------------------------------------------------------------

    def _tips(self, link: Actor) -> tuple[Vec3, Vec3]:
        from generator.scene.scene import Capsule

        half = of_kind(self.name, link, Capsule).height / 2
        return link.at((0.0, 0.0, half)), link.at((0.0, 0.0, -half))

    def _between(self, a: Actor, b: Actor) -> Vec3:
        """Where two segments meet."""
        p, q = min(((p, q) for p in self._tips(a) for q in self._tips(b)), key=lambda pair: math.dist(*pair))
        self._check_near(p, q, b)
        return ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2)

    def _free(self, which: int, joints: list[Vec3]) -> Vec3:
        """The end of the first or last segment that meets no other."""
        tips = self._tips(self.links[which])
        if not joints:
            return tips[which]
        return max(tips, key=lambda tip: math.dist(tip, joints[which]))

    def _check_near(self, p: Vec3, q: Vec3, link: Actor) -> None:
        from generator.errors import PhysicsError

        apart = math.dist(p, q)
        if apart > NEAR * link.form.thin / 2:
            raise PhysicsError(
                f"{self.name}: {link.body.name} ends {apart * 1000:.1f} mm from what it is tied to:"
                " move them together"
            )

    def _fasten(self, hook: Hook, link: Actor, at: Vec3) -> None:
        if hook.actor is None or hook.actor.body.motion != "dynamic":
            self._tie(link, None, hook.point()[0], hook)
        else:
            self._tie(link, hook.actor, at)

    def _tie(self, a: Actor, b: Actor | None, at: Vec3, led: Hook | None = None) -> None:
        client = self.world.client
        other, link, place = (-1, -1, at) if b is None else (b.ids[0], b.link, _local(b, at))
        made = client.createConstraint(
            a.ids[0], a.link, other, link, client.JOINT_POINT2POINT, (0, 0, 0), _local(a, at), place
        )
        if b is not None:
            self.world.part(a, b)
        client.changeConstraint(made, maxForce=STRONG)
        self.ties.append(_Tie(made, a, b, led))

    # --- at work ----------------------------------------------------------------------------------

    def taken(self, actor: Actor) -> None:
        kept = []
        for tie in self.ties:
            if tie.a is actor or tie.b is actor or (tie.led is not None and tie.led.actor is actor):
                self.world.client.removeConstraint(tie.number)
            else:
                kept.append(tie)
        self.ties = kept

    def before(self) -> None:
        for tie in self.ties:
            if tie.led is None:
                self.bind(tie.a, tie.b)
            elif tie.led.actor is not None:
                self.link(tie.led.actor, tie.a)
                if tie.led.actor.body.motion == "kinematic":
                    self.world.client.changeConstraint(tie.number, tie.led.point()[0], maxForce=STRONG)
        self._pull()

    def _pull(self) -> None:
        """The string beside the joints, from end to end: a heavy load would stretch them."""
        a, b = self.ends
        if a is None or b is None or len(self.ties) < self.whole:
            return
        (p, v), (q, w) = a.point(), b.point()
        apart = math.dist(p, q)
        masses = [end.actor.body.mass for end in (a, b) if end.actor is not None and end.actor.moves]
        if apart <= self.length or not masses:
            return
        self.bind(a.actor, b.actor)
        stiff = STIFFNESS * min(masses) / self.world.dt**2
        along = [(y - x) / apart for x, y in zip(p, q, strict=True)]
        closing = sum((d - c) * u for c, d, u in zip(v, w, along, strict=True))
        pull = max(0.0, stiff * (apart - self.length) + math.sqrt(stiff * min(masses)) * closing)
        x, y, z = (pull * u for u in along)
        a.push((x, y, z), p)
        b.push((-x, -y, -z), q)


def _local(actor: Actor, at: Vec3) -> Vec3:
    """A place in the engine's frame of a body."""
    from generator.physics import rotation

    position, orientation = actor.engine_pose(*actor.state()[:2])
    x, y, z = (a - b for a, b in zip(at, position, strict=True))
    return rotation.rotate(rotation.conjugate(orientation), (x, y, z))
