"""Is a simulated world sound? Energy, penetration and rest, judged from what the simulation left behind.

Pure numbers over a `Motion`. What is judged, and what is exempt:

- *Energy* (kinetic and potential) of bodies that touch or are coupled, taken together, never grows. Bodies
  that are in reach of a moving kinematic body, or of a mechanism that gives energy, may gain: they are judged
  until it first touches them, or not at all. A kick (an impulse of the spec) may raise the energy between
  two frames. Bodies in reach of a mechanism that stores energy (spring, string, cushion) may get back what
  they gave to it, since the scene began to settle, and no more.
- *Penetration* that stays from one frame to the next, after frame 0, whatever the bodies. What a joint is
  built into is no contact.
- *Rest*: a body that stays where it is and that nothing drives, nor anything that travels, nor a mechanism.

The untouched are no matter of bounds: `causality.trace` asserts that they keep their bits; here they are
counted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from generator.mechanisms.base import named
from generator.physics import rotation
from generator.physics.motion import Motion
from generator.physics.poses import film_poses
from generator.physics.shapes import form
from generator.scene.scene import Body, Scene

if TYPE_CHECKING:
    from generator.physics.causality import CausalRecord

Floats = NDArray[np.float64]

GROWTH_SHARE, GROWTH_LEAST = 5e-3, 1e-6
"""Energy that bodies may gain: a share of the greatest kinetic energy among them, and J ..."""
LIFT = 20e-6
"""... and m by which the solver may lift each of them: twice the depth in which contacts lie at rest, and
below what is ever filmed (`poses.STILL`). It pushes them out of that again: by 0.2 um in 2.5 s in `shadow`,
0.4 in `tower` at 480 Hz, 7 where small things come to rest."""
DEEPEST, DEEPEST_SHARE = 2e-3, 0.02
"""How deep a contact may stay from one frame to the next: m, or a share of the least extent of the smaller
body if that is more. A hit is not held to it: it goes as deep as its speed takes it in one step (2 m/s at 480
steps a second: 4 mm) and is out again within 10 steps, half a frame."""
CREEP = 1e-3
"""m/s at which a body at rest may creep, over any `CREEP_SPAN` seconds, as filmed."""
CREEP_SPAN = 0.5
AT_REST = 5e-3
"""m: a body that never gets further from where it began is at rest."""


@dataclass(frozen=True)
class WorldFigures:
    """One world's. Each group of figures is of the body or contact that comes nearest to its bound."""

    energy_growth: float
    """J that bodies which touch gained together, and which nothing gave them."""
    energy_allowed: float
    """J that they may gain."""
    penetration_mm: float
    penetration_share: float
    """How deep a contact stays from one frame to the next: mm, and a share of the smaller body's extent."""
    impact_mm: float
    """How deep one is at most, at any step. A higher physics.rate makes it less."""
    creep_mm_s: float
    """Of bodies at rest."""


@dataclass(frozen=True)
class SanityFault:
    """One bound that a world does not keep."""

    kind: Literal["energy grows", "bodies sink in", "rest creeps"]
    text: str


@dataclass(frozen=True)
class Soundness:
    """What is to be known of one world."""

    figures: WorldFigures
    faults: tuple[SanityFault, ...]


@dataclass(frozen=True)
class Sanity:
    """What is to be known of a pair."""

    factual: Soundness
    counterfactual: Soundness
    untouched: int
    """Dynamic bodies that nothing removed could reach: the same bits in both worlds, as `trace` asserts."""

    @property
    def faults(self) -> tuple[SanityFault, ...]:
        return self.factual.faults + self.counterfactual.faults

    def to_json(self) -> dict[str, Any]:
        return {
            "factual": asdict(self.factual.figures),
            "counterfactual": asdict(self.counterfactual.figures),
            "untouched": self.untouched,
        }


def of_pair(scene: Scene, factual: Soundness, counterfactual: Soundness, record: CausalRecord) -> Sanity:
    """The sanity of both worlds and of what an intervention cannot have touched."""
    free = [
        effect
        for body, effect in zip(scene.bodies, record.bodies, strict=True)
        if body.motion == "dynamic" and not effect.removed and effect.reached_step is None
    ]
    return Sanity(factual, counterfactual, len(free))


def soundness(scene: Scene, motion: Motion, factual: Motion | None = None) -> Soundness:
    """Figures and faults of one world.

    factual: the world with everything there, if `motion` is another. What lies in springs at frame 0 was put
    there also by what is removed then.
    """
    groups = _Groups(scene, motion)
    growth, energy_faults = _energy(scene, motion, motion if factual is None else factual, groups)
    depth, depth_faults = _penetration(scene, motion)
    impact = float(motion.contacts["depth"].max(initial=0.0))
    creep, creep_faults = _creep(scene, motion, groups)
    figures = WorldFigures(*growth, depth[0] * 1e3, depth[1], impact * 1e3, creep * 1e3)
    return Soundness(figures, (*energy_faults, *depth_faults, *creep_faults))


def over_bounds(figures: dict[str, float]) -> list[str]:
    """Which of a world's stored figures (`WorldFigures`) are out of bounds, one line each."""
    found = []
    if figures["energy_growth"] > figures["energy_allowed"]:
        found.append(
            f"energy_growth is {figures['energy_growth']:.3g} J of {figures['energy_allowed']:.3g} J"
        )
    if figures["penetration_mm"] > DEEPEST * 1e3 and figures["penetration_share"] > DEEPEST_SHARE:
        found.append(
            f"penetration is {figures['penetration_mm']:.2f} mm, {100 * figures['penetration_share']:.1f} %"
            " of the smaller body"
        )
    if figures["creep_mm_s"] > CREEP * 1e3:
        found.append(f"creep is {figures['creep_mm_s']:.2f} mm/s, at most {CREEP * 1e3:g}")
    return found


# --- who is coupled to whom -------------------------------------------------------------------------


class _Groups:
    """Bodies of one world that contacts and mechanisms couple, at whatever time and through however many."""

    def __init__(self, scene: Scene, motion: Motion) -> None:
        self.count = len(scene.bodies)
        self._over = list(range(self.count))
        index = {body.name: i for i, body in enumerate(scene.bodies)}
        dynamic = [body.motion == "dynamic" for body in scene.bodies]
        self.drivers = [i for i, body in enumerate(scene.bodies) if _is_led(body)]
        self.mechanical: set[int] = set()
        """Bodies that some mechanism names."""
        self.storing: set[int] = set()
        self.given: dict[int, int] = {}
        """First step at which a body may be given energy."""
        for entry in scene.mechanisms.values():
            members = sorted({index[name] for _, name, _ in named(entry.value)})
            for other in members[1:]:
                self._join(members[0], other)
            self.mechanical.update(members)
            if entry.value.gives_energy:
                self.given.update(dict.fromkeys(members, -(10**9)))
            if entry.value.stores_energy:
                self.storing.update(members)
        for row in motion.links:
            self._join(int(row["a"]), int(row["b"]))
        led = set(self.drivers)
        for row in motion.contacts:
            a, b = int(row["a"]), int(row["b"])
            if a < 0:
                continue
            if dynamic[a] and dynamic[b]:
                self._join(a, b)
            for driver, driven in ((a, b), (b, a)):
                if driver in led and dynamic[driven]:
                    first = int(row["first"])
                    self.given[driven] = min(self.given.get(driven, first), first)

    def _root(self, body: int) -> int:
        while self._over[body] != body:
            body = self._over[body]
        return body

    def _join(self, a: int, b: int) -> None:
        self._over[self._root(b)] = self._root(a)

    def members(self) -> list[list[int]]:
        """Bodies, group by group."""
        found: dict[int, list[int]] = {}
        for body in range(self.count):
            found.setdefault(self._root(body), []).append(body)
        return list(found.values())


def _is_led(body: Body) -> bool:
    """Whether it is a kinematic body that moves."""
    if body.motion != "kinematic":
        return False
    return len({(key.position, key.orientation) for key in body.path}) > 1


# --- energy -----------------------------------------------------------------------------------------


def energies(scene: Scene, motion: Motion) -> tuple[Floats, Floats]:
    """(T, N) kinetic and potential energy of each body, J: m v2 / 2 + w I w / 2, and -m g x.

    v and x are of the centre of mass, I is the principal inertia of `form`. 0 for bodies without mass, NaN
    for those that are not there.
    """
    shape = motion.positions.shape[:2]
    kinetic, potential = np.zeros(shape), np.zeros(shape)
    gravity = np.array(scene.physics.gravity)
    for i, body in enumerate(scene.bodies):
        if body.motion != "dynamic":
            continue
        kinetic[:, i], potential[:, i] = _energy_of(
            body, motion.positions[:, i], motion.orientations[:, i], motion.velocities[:, i],
            motion.spins[:, i], gravity,
        )  # fmt: skip
    return kinetic, potential


def _energy_of(
    body: Body, place: Floats, turn: Floats, velocity: Floats, spin: Floats, gravity: Floats
) -> tuple[Floats, Floats]:
    """Of one body: place, velocity (of its origin) and spin (T, 3), turn (T, 4)."""
    shaped = form(body.shape)
    arm = _turned(turn, np.broadcast_to(np.array(shaped.centre), place.shape))
    speed = velocity + np.cross(spin, arm)
    axes = np.array([rotation.multiply(tuple(q), shaped.axes) for q in turn])
    own = _turned(axes * np.array([-1.0, -1.0, -1.0, 1.0]), spin)
    kinetic = (
        0.5 * body.mass * ((speed * speed).sum(axis=1) + (own * own * np.array(shaped.inertia)).sum(axis=1))
    )
    return kinetic, -body.mass * ((place + arm) @ gravity)


def _turned(q: Floats, v: Floats) -> Floats:
    """Vectors (T, 3) turned by quaternions (T, 4)."""
    across = np.cross(q[:, :3], v) + q[:, 3:] * v
    return np.asarray(v + 2 * np.cross(q[:, :3], across))


def _energy(
    scene: Scene, motion: Motion, factual: Motion, groups: _Groups
) -> tuple[tuple[float, float], list[SanityFault]]:
    """Growth and what is allowed, J, of the group nearest to its bound; every fault."""
    kinetic, potential = energies(scene, motion)
    total = kinetic + potential
    steps = motion.steps_per_frame
    worst, faults = (0.0, GROWTH_LEAST), []
    for members in groups.members():
        there = [i for i in members if scene.bodies[i].motion == "dynamic" and motion.present[0, i]]
        if not there:
            continue
        given = min((groups.given[i] for i in members if i in groups.given), default=None)
        # Step k leads on to the state of frame ceil(k / steps): the last that is still unspoilt is before.
        end = motion.frames if given is None else min(max(-(-given // steps), 0), motion.frames)
        if end < 2:
            continue
        energy, lively = total[:end, there].sum(axis=1), kinetic[:end, there].sum(axis=1)
        stored = None
        if groups.storing.intersection(members):
            stored = _put_by(scene, factual, [i for i in members if scene.bodies[i].motion == "dynamic"])
        kicks = sorted(
            {
                int(kick.time * scene.physics.rate // steps) + 1 if kick.time > 0 else 1
                for i in there
                for kick in scene.bodies[i].impulses
            }
        )
        growth, frame = _growth(energy, kicks, stored)
        weight = float(np.linalg.norm(scene.physics.gravity)) * sum(scene.bodies[i].mass for i in there)
        allowed = GROWTH_SHARE * float(lively.max()) + GROWTH_LEAST + LIFT * weight
        if growth / allowed > worst[0] / worst[1]:
            worst = (growth, allowed)
        if growth > allowed:
            names = ", ".join(scene.bodies[i].name for i in there[:3]) + (" …" if len(there) > 3 else "")
            faults.append(
                SanityFault(
                    "energy grows",
                    f"the energy of {names} grows by {growth:.2g} J until {frame / scene.fps:.2f} s and"
                    f" nothing gives it (at most {allowed:.2g} J): raise physics.rate",
                )
            )
    return worst, faults


def _growth(energy: Floats, kicks: list[int], stored: float | None) -> tuple[float, int]:
    """Most that energy (T,) rises above what it had been, J, and at which frame.

    kicks: frames that may begin with more. stored: J that lay in springs at the start, None without springs:
    with them, energy may rise again to the most it has been.
    """
    most, at = 0.0, 0
    floor, ceiling = energy[0], energy[0] + (stored or 0.0)
    for frame in range(1, len(energy)):
        now = energy[frame]
        if frame in kicks:
            ceiling += max(now - energy[frame - 1], 0.0)
            floor = now
        bound = floor if stored is None else ceiling
        if now - bound > most:
            most, at = float(now - bound), frame
        floor = min(floor, now)
    return most, at


def _put_by(scene: Scene, factual: Motion, members: list[int]) -> float:
    """J that bodies lost from where the scene puts them to frame 0: at most what springs may hold by then."""
    gravity, lost = np.array(scene.physics.gravity), 0.0
    kinetic, potential = energies(scene, factual)
    for i in members:
        body = scene.bodies[i]
        before = _energy_of(
            body, np.array([body.position]), np.array([rotation.unit(body.orientation)]),
            np.array([body.velocity]), np.array([body.spin]), gravity,
        )  # fmt: skip
        lost += max(float(before[0][0] + before[1][0] - kinetic[0, i] - potential[0, i]), 0.0)
    return lost


# --- penetration ------------------------------------------------------------------------------------


def _penetration(scene: Scene, motion: Motion) -> tuple[tuple[float, float], list[SanityFault]]:
    """Depth that stays, in m and as a share, of the contact nearest to its bound; every fault."""
    worst, nearest, faults = (0.0, 0.0), 0.0, []
    for row in motion.contacts:
        pair = [scene.bodies[i] for i in (int(row["a"]), int(row["b"])) if i >= 0]
        if row["sunk"] <= 0 or not any(body.motion == "dynamic" for body in pair):
            continue
        depth, extent = float(row["sunk"]), min(form(body.shape).thin for body in pair)
        bound = max(DEEPEST, DEEPEST_SHARE * extent)
        if depth / bound > nearest:
            nearest, worst = depth / bound, (depth, depth / extent)
        if depth > bound:
            names = " and ".join(body.name for body in pair) + (" and the room" if len(pair) == 1 else "")
            faults.append(
                SanityFault(
                    "bodies sink in",
                    f"{names} are {depth * 1e3:.1f} mm into each other (at most {bound * 1e3:.1f} mm): raise"
                    " physics.rate, or bring their masses nearer",
                )
            )
    return worst, faults


# --- rest -------------------------------------------------------------------------------------------


def _creep(scene: Scene, motion: Motion, groups: _Groups) -> tuple[float, list[SanityFault]]:
    """The fastest creep of a body at rest, m/s, as filmed; every fault."""
    places = film_poses(motion)[..., :3]
    span = min(max(round(CREEP_SPAN * scene.fps), 1), motion.frames - 1)
    if span < 1:
        return 0.0, []
    travelled = np.linalg.norm(places - places[0], axis=2).max(axis=0)
    fastest, faults = 0.0, []
    for members in groups.members():
        there = [i for i in members if scene.bodies[i].motion == "dynamic" and motion.present[0, i]]
        driven = any(i in groups.given or i in groups.mechanical for i in members)
        if driven or any(travelled[i] >= AT_REST or _is_launched(scene.bodies[i]) for i in there):
            continue
        for i in there:
            steps = np.linalg.norm(places[span:, i] - places[:-span, i], axis=1)
            creep = float(steps.max()) * scene.fps / span
            fastest = max(fastest, creep)
            if creep > CREEP:
                faults.append(
                    SanityFault(
                        "rest creeps",
                        f"{scene.bodies[i].name} creeps at {creep * 1e3:.1f} mm/s though nothing moves it (at"
                        f" most {CREEP * 1e3:g}): give it time (physics.settle) or more friction",
                    )
                )
    return fastest, faults


def _is_launched(body: Body) -> bool:
    return any(body.velocity) or any(body.spin) or bool(body.impulses)
