"""Run one world of a scene and write down what happened.

Both worlds are built the same way and settle with everything present; what an intervention removes
is taken out at frame 0, so that whatever it never reaches keeps its exact path.

Step `k` leads from time (k - 1) dt to k dt; frame `i` is the state after step `i * steps_per_frame`,
frame 0 the state before step 1. Steps of settling end at 0.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from generator.errors import BadDraw, PhysicsError
from generator.physics import rotation
from generator.physics.engine import ROOM, Actor, World
from generator.physics.motion import CONTACT, LINK, Motion
from generator.physics.path import pose_at
from generator.physics.start import check_start
from generator.scene.scene import Body, Scene, Vec3

NOTHING = 1e-20
"""m, m/s, rad/s: far below the last bit of anything that could be seen or could act."""
FASTEST = 1e3
"""m/s. Beyond this the motion has blown up."""
DEEPEST = 0.5
"""Share of the thinner thing's least extent that a contact may sink."""
STATE_NUMBERS = 14
"""Numbers for a body's state: position, orientation, velocity, spin, and a print of all else."""
BREAK = 2
"""Steps without a touch that do not end a contact."""

_REST: Vec3 = (0.0, 0.0, 0.0)


def simulate(scene: Scene, remove: Iterable[str] = ()) -> Motion:
    """The motion of the scene's bodies without those named in `remove`.

    Raises PhysicsError if the rate is no multiple of fps, and BadDraw if things overlap at the start or the
    motion blows up.
    """
    steps_per_frame = _steps_per_frame(scene)
    removed = _indices(scene, remove)
    with World(scene) as world:
        check_start(world)
        recorder = _Recorder(world, steps_per_frame)
        _settle(world, recorder)
        for index in removed:
            world.remove(index)
        for actor in world.actors:
            if actor.present and _held(actor.body) and actor.body.motion == "dynamic":
                actor.put(
                    actor.body.position,
                    rotation.unit(actor.body.orientation),
                    actor.body.velocity,
                    actor.body.spin,
                )
        for action in world.actions:
            action.parted()
        return _run(world, recorder, steps_per_frame)


def _run(world: World, recorder: _Recorder, steps_per_frame: int) -> Motion:
    scene = world.scene
    moving = [a for a in world.actors if a.present and a.body.motion == "kinematic" and a.body.path]
    kicks: dict[int, list[tuple[Actor, Vec3, Vec3]]] = {}
    for actor in world.actors:
        for impulse in actor.body.impulses if actor.present and actor.body.motion == "dynamic" else ():
            step = max(round(impulse.time * scene.physics.rate) + 1, 1)
            kicks.setdefault(step, []).append((actor, impulse.vector, impulse.at))
    recorder.begin(scene.frames)
    for step in range(1, (scene.frames - 1) * steps_per_frame + 1):
        for actor in moving:
            _follow(world, actor, (step - 1) * world.dt)
        for actor, vector, at in kicks.get(step, ()):
            actor.push((vector[0] / world.dt, vector[1] / world.dt, vector[2] / world.dt), actor.at(at))
        world.time = (step - 1) * world.dt
        world.step()
        recorder.step(step)
    return recorder.motion()


def _steps_per_frame(scene: Scene) -> int:
    ratio = scene.physics.rate / scene.fps
    if ratio < 1 or abs(ratio - round(ratio)) > 1e-9:
        raise PhysicsError(
            f"physics.rate must be a whole multiple of fps, got {scene.physics.rate} at {scene.fps:g} fps"
            f" (try {max(1, round(ratio)) * scene.fps:g})"
        )
    return round(ratio)


def _indices(scene: Scene, names: Iterable[str]) -> list[int]:
    known = {body.name: index for index, body in enumerate(scene.bodies)}
    wanted = set(names)
    unknown = sorted(wanted - known.keys())
    if unknown:
        raise PhysicsError(f"cannot remove {', '.join(unknown)}: the scene has no such body")
    return sorted(known[name] for name in wanted)


def _held(body: Body) -> bool:
    """Kept in place while the rest settles: it is to be launched, kicked or led."""
    launched = any(body.velocity) or any(body.spin) or bool(body.impulses)
    return body.motion == "kinematic" or (body.motion == "dynamic" and launched)


def _settle(world: World, recorder: _Recorder) -> None:
    steps = round(world.scene.physics.settle * world.scene.physics.rate)
    held = [actor for actor in world.actors if _held(actor.body) and actor.body.motion == "dynamic"]
    for step in range(1 - steps, 1):
        for actor in held:
            actor.put(actor.body.position, rotation.unit(actor.body.orientation), _REST, _REST)
        world.time = (step - 1) * world.dt
        world.step()
        recorder.touches(step)
        recorder.couplings(step)


def _follow(world: World, actor: Actor, time: float) -> None:
    """Lead a kinematic body: its pose now, and the velocity that takes it to the next step's."""
    position, orientation = pose_at(actor.body, time)
    ahead, turned = pose_at(actor.body, time + world.dt)
    velocity = (
        (ahead[0] - position[0]) / world.dt,
        (ahead[1] - position[1]) / world.dt,
        (ahead[2] - position[2]) / world.dt,
    )
    actor.put(position, orientation, velocity, rotation.rate(orientation, turned, world.dt))


class _Recorder:
    """Collects states at each step and frame, and contacts as unbroken intervals."""

    def __init__(self, world: World, steps_per_frame: int) -> None:
        self.world = world
        self.steps_per_frame = steps_per_frame
        self.count = len(world.actors)
        self._linked: dict[tuple[int, int, int], list[int]] = {}
        self._links: list[tuple[int, int, int, int, int]] = []
        self._open: dict[tuple[int, int], list[float]] = {}
        self._closed: list[tuple[int, int, list[float]]] = []

    def begin(self, frames: int) -> None:
        """Frame 0: what is still there, at the state that settling and release left."""
        self._actors = [actor for actor in self.world.actors if actor.present]
        self._frames = np.full((frames, self.count, STATE_NUMBERS), np.nan)
        self._states = {
            key: np.full((frames, self.count), np.nan)
            for key in dict.fromkeys(key for actor in self.world.actors for key in actor.states)
        }
        self._points: dict[int, list[NDArray[np.float64]]] = {
            actor.index: [] for actor in self.world.actors if actor.points is not None
        }
        self._digests = np.zeros((max((frames - 1) * self.steps_per_frame, 0), self.count), np.uint64)
        self._buffer = np.zeros((self.steps_per_frame, self.count, STATE_NUMBERS))
        self._sample(self._frames[0], 0)
        quiet(self._frames[0])
        self._sample_states(0)

    def step(self, step: int) -> None:
        self.touches(step)
        self.couplings(step)
        row = (step - 1) % self.steps_per_frame
        self._sample(self._buffer[row], step)
        if row == self.steps_per_frame - 1:
            frame = step // self.steps_per_frame
            quiet(self._buffer)
            self._frames[frame] = self._buffer[row]
            self._sample_states(frame)
            for actor in self.world.actors:
                if not actor.present:
                    self._frames[frame, actor.index] = np.nan
            self._digests[step - self.steps_per_frame : step] = digest(self._buffer)
            self._guard(frame, step)

    def _sample(self, out: NDArray[np.float64], step: int) -> None:
        for actor in self._actors:
            position, orientation, velocity, spin = actor.state()
            if actor.body.motion == "kinematic":
                position, orientation = pose_at(actor.body, step * self.world.dt)
            out[actor.index, :13] = position + orientation + velocity + spin
            if actor.states or actor.points is not None:
                out[actor.index, 13] = _print_of(actor)

    def _sample_states(self, frame: int) -> None:
        for actor in self._actors:
            for key, value in actor.states.items():
                self._states[key][frame, actor.index] = value
        for index, points in self._points.items():
            now = self.world.actors[index].points
            assert now is not None
            points.append(now.copy())

    def couplings(self, step: int) -> None:
        """Spans of steps in which mechanisms couple bodies."""
        for link in self.world.links:
            span = self._linked.get(link)
            if span is not None and span[1] == step - 1:
                span[1] = step
                continue
            if span is not None:
                self._links.append((*link, span[0], span[1]))
            self._linked[link] = [step, step]

    def touches(self, step: int) -> None:
        """Every manifold point counts, also one still a little apart: it can pass on influence."""
        index = self.world.index
        deepest: dict[tuple[int, int], float] = {}
        for point in self.world.client.getContactPoints():
            a, b = index[point[1]], index[point[2]]
            if a > b:
                a, b = b, a
            touch = self._open.get((a, b))
            if touch is None or step - touch[1] > BREAK + 1:
                if touch is not None:
                    self._closed.append((a, b, touch))
                touch = self._open[a, b] = [step, step, 0.0, *point[5], 0.0, 0.0, 0.0, 0, 0]
            touch[1] = step
            if point[9] > touch[2]:
                touch[2] = point[9]
            if point[8] < deepest.get((a, b), 0.0):
                deepest[a, b] = point[8]
        if step <= 0:
            return
        for (a, b), distance in deepest.items():
            self._sink(self._open[a, b], -distance, step)
            if distance < -1e-3:
                self._check_depth(a, b, -distance, step)

    def _sink(self, touch: list[float], depth: float, step: int) -> None:
        """How deep it is, and how deep it was all the way from one frame to the next."""
        _, _, _, _, _, _, deepest, sunk, least, since, latest = touch
        if latest != step - 1 or (step - 1) % self.steps_per_frame == 0:
            least, since = depth, step
        least = min(least, depth)
        if step % self.steps_per_frame == 0 and step - since == self.steps_per_frame - 1:
            sunk = max(sunk, least)
        touch[6:] = [max(deepest, depth), sunk, least, since, step]

    def _check_depth(self, a: int, b: int, depth: float, step: int) -> None:
        extents = [self.world.actors[i].form.thin for i in (a, b) if i != ROOM]
        if depth > DEEPEST * min(extents):
            actors = [self.world.actors[i] for i in (a, b) if i != ROOM]
            if any(actor.body.motion == "dynamic" for actor in actors):
                names = " and ".join(actor.body.name for actor in actors) + (
                    " and the room" if ROOM in (a, b) else ""
                )
                raise BadDraw(
                    "bodies sink in",
                    f"{names} pass {depth * 1000:.1f} mm into each other at {step * self.world.dt:.3f} s:"
                    " raise physics.rate, or make them thicker or slower",
                )

    def _guard(self, frame: int, step: int) -> None:
        state = self._frames[frame]
        for actor in self._actors:
            row = state[actor.index]
            if not np.isfinite(row).all() or math.dist(row[7:10], _REST) > FASTEST:
                raise BadDraw(
                    "motion blows up",
                    f"{actor.body.name}: the motion blew up before {step * self.world.dt:.3f} s"
                    " (faster than 1000 m/s): raise physics.rate, or bring its mass near to its neighbours'",
                )

    def motion(self) -> Motion:
        touches = self._closed + [(a, b, touch) for (a, b), touch in self._open.items()]
        contacts = np.zeros(len(touches), CONTACT)
        for row, (a, b, (first, last, force, x, y, z, depth, sunk, *_)) in zip(
            contacts, sorted(touches, key=lambda t: (t[2][0], t[0], t[1])), strict=True
        ):
            row["a"], row["b"], row["first"], row["last"] = a, b, first, last
            row["force"], row["point"], row["depth"], row["sunk"] = force, (x, y, z), depth, sunk
        links = sorted(
            self._links + [(*link, *span) for link, span in self._linked.items()],
            key=lambda row: (row[3], row),
        )
        present = np.array([[actor.present for actor in self.world.actors]] * len(self._frames), bool)
        return Motion(
            names=tuple(actor.body.name for actor in self.world.actors),
            present=present.reshape(len(self._frames), self.count),
            positions=self._frames[:, :, 0:3].copy(),
            orientations=self._frames[:, :, 3:7].copy(),
            velocities=self._frames[:, :, 7:10].copy(),
            spins=self._frames[:, :, 10:13].copy(),
            contacts=contacts,
            steps_per_frame=self.steps_per_frame,
            mechanisms=tuple(self.world.scene.mechanisms),
            links=np.array(links, LINK),
            states=self._states,
            points={index: np.stack(points) for index, points in self._points.items()},
            digests=self._digests,
        )


def _print_of(actor: Actor) -> float:
    """A number for what a body is besides its pose: equal states give equal numbers."""
    mark = hashlib.blake2b(repr(sorted(actor.states.items())).encode(), digest_size=6)
    if actor.points is not None:
        mark.update(actor.points.tobytes())
    return float(int.from_bytes(mark.digest(), "little"))


_ODD = (
    np.random.default_rng(0).integers(0, 2**63, STATE_NUMBERS, dtype=np.uint64) << np.uint64(1)
) | np.uint64(1)


def quiet(states: NDArray[np.float64]) -> None:
    """Set to zero, in place, what is no motion at all.

    The solver lets the spin of a resting ball fade for ever, and the last bits of 1e-196 rad/s depend on
    how many things it solves for in one go, which anything in the neighbourhood may change.
    """
    states[np.abs(states) < NOTHING] = 0.0


def digest(states: NDArray[np.float64]) -> NDArray[np.uint64]:
    """One word for the bits of each state (..., 14): equal states give equal words."""
    words = states.view(np.uint64)
    mixed = (words ^ (words >> np.uint64(29))) * _ODD
    total = mixed.sum(axis=-1, dtype=np.uint64)
    return np.asarray(total ^ (total >> np.uint64(31)))
