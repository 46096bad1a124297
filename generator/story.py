"""A pair's story in words: what was removed, what that changed, for whom and from when.

Verbs are read off the paths of both worlds, not off the spec: a domino *stays up* because it fell in
one world and stood in the other. Written into the metadata when a pair is made; `inspect` prints it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from generator.scene.captions import plural, title

if TYPE_CHECKING:
    from generator.physics.poses import Filmed
    from generator.scene.scene import Body, Scene

TOPPLED = np.radians(45.0)
"""A body whose upright axis leans further than this from where it started has fallen over."""
SHIFTED = 0.02
"""Share of a body's size that it must travel to count as having moved."""
TURNED = np.radians(3.0)
LIVELY = 0.25
"""Body sizes a second above which it is still going when the film ends."""


@dataclass(frozen=True)
class Course:
    """What one body does in one world, in the film's span."""

    moved: bool
    fell: bool
    """Tipped over, or dropped by more than half its height."""
    going: bool
    """Still moving at the end."""
    distance: float
    """Length of its path, m."""
    lit: float = 1.0
    """How brightly it is lit on its brightest frame, 0 to 1."""
    ends_lit: float = 1.0
    pressed: float = 0.0
    """How deep a cushion is pressed in at its deepest, m; how long a trace gets, m."""


@dataclass(frozen=True)
class Effect:
    """Something that several alike bodies do differently."""

    group: str
    bodies: tuple[str, ...]
    verb: str
    frame: int
    """The first at which one of them is filmed elsewhere."""
    words: str

    def to_json(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "bodies": list(self.bodies),
            "verb": self.verb,
            "frame": self.frame,
            "words": self.words,
        }


def course(body: Body, poses: NDArray[np.float64], fps: float) -> Course:
    """poses: (T, 7) x y z qx qy qz qw of one body in one world."""
    from generator.scene.measures import bounds

    low, high = bounds(body.shape, tuple(poses[0, 3:]))
    extent = np.asarray(high) - np.asarray(low)
    size = float(extent.max())
    steps = np.linalg.norm(np.diff(poses[:, :3], axis=0), axis=1)
    span = float(np.linalg.norm(poses[:, :3] - poses[0, :3], axis=1).max())
    lean = max(_lean(poses[0, 3:], q) for q in (poses[len(poses) // 2, 3:], poses[-1, 3:]))
    rolls = _rolls(body)
    drop = float(poses[0, 2] - poses[-1, 2])
    fell = drop > extent[2] / 2 or (not rolls and lean > TOPPLED)
    turned = not rolls and _turn(poses[0, 3:], poses[-1, 3:]) > TURNED
    tail = max(1, round(fps / 6))
    speed = float(steps[-tail:].mean() * fps) if len(steps) else 0.0
    return Course(
        moved=span > SHIFTED * size or turned or fell,
        fell=bool(fell),
        going=speed > LIVELY * size,
        distance=float(steps.sum()),
    )


def of(body: Body, index: int, world: Filmed, fps: float, hung: bool = False) -> Course:
    """What a body does in a world, light and form included. hung: it cannot fall, only turn or slide."""
    from generator.scene.formed import length
    from generator.scene.scene import Ribbon, Strand

    found = course(body, world.poses[:, index], fps)
    if hung:
        found = replace(found, fell=False)
    points, lit = world.points.get(index), world.lit[:, index]
    pressed = 0.0
    if points is not None and body.shape.kind == "cushion":
        pressed = float(points.max())
    elif points is not None and isinstance(body.shape, Strand | Ribbon):
        pressed = length(body.shape, points[-1])
    return replace(found, lit=float(lit.max()), ends_lit=float(lit[-1]), pressed=pressed)


def verb(body: Body, factual: Course, counterfactual: Course) -> str:
    """What the body does without the removed thing, said of one body and against what it did."""
    f, c = factual, counterfactual
    if body.shape.kind == "strand":
        return "hangs otherwise"
    if body.shape.kind == "ribbon":
        return (
            "stays blank" if c.pressed < 1e-3 else "gets shorter" if c.pressed < f.pressed else "gets longer"
        )
    if body.shape.kind == "cushion":
        if c.pressed < 0.5 * f.pressed:
            return "is not pressed in"
        return "is pressed in" if f.pressed < 0.5 * c.pressed else "is pressed in otherwise"
    if abs(f.lit - c.lit) > 0.05 or abs(f.ends_lit - c.ends_lit) > 0.05:
        if c.lit <= 0.05:
            return "stays dark"
        if f.lit <= 0.05:
            return "lights up"
        return (
            "stays lit"
            if c.ends_lit > f.ends_lit
            else "goes out"
            if c.ends_lit < f.ends_lit
            else "is lit otherwise"
        )
    stands = not _rolls(body)
    if f.fell and not c.fell and not c.moved:
        return "stays up" if stands else "stays where it is"
    if f.fell and not c.fell:
        return "does not fall"
    if f.moved and not c.moved:
        return "stays still"
    if c.fell and not f.fell:
        return "falls"
    if c.moved and not f.moved:
        return "moves"
    if f.fell and c.fell and stands:  # a ball that runs down a slope in both worlds does not fall
        return "falls another way"
    if c.going and not f.going:
        return "goes on"
    if f.going and not c.going:
        return "stops"
    if c.distance > 1.2 * f.distance:
        return "goes further"
    if f.distance > 1.2 * c.distance:
        return "does not go as far"
    return "goes another way"


PLURAL_VERBS = {
    "stays up": "stay up", "stays where it is": "stay where they are", "does not fall": "do not fall",
    "stays still": "stay still", "falls": "fall", "moves": "move", "falls another way": "fall another way",
    "hangs otherwise": "hang otherwise", "stays blank": "stay blank", "gets shorter": "get shorter",
    "gets longer": "get longer", "is not pressed in": "are not pressed in", "is pressed in": "are pressed in",
    "is pressed in otherwise": "are pressed in otherwise", "stays dark": "stay dark", "lights up": "light up",
    "stays lit": "stay lit", "goes out": "go out", "is lit otherwise": "are lit otherwise",
    "goes on": "go on", "stops": "stop", "goes further": "go further",
    "does not go as far": "do not go as far", "goes another way": "go another way",
}  # fmt: skip


def effects(
    scene: Scene,
    factual: Filmed,
    counterfactual: Filmed,
) -> list[Effect]:
    """What changes, alike bodies told together, in order of time."""
    moved = counterfactual.moved
    hinged = {name for entry in scene.mechanisms.values() for name in entry.value.joints(scene)}
    told: dict[tuple[str, str], list[tuple[int, Body]]] = {}
    for index, body in enumerate(scene.bodies):
        if body.visible is not True or not moved[:, index].any():
            continue
        hung = body.name in hinged
        courses = [of(body, index, world, scene.fps, hung) for world in (factual, counterfactual)]
        first = int(moved[:, index].argmax())
        told.setdefault((body.group, verb(body, *courses)), []).append((first, body))
    found = []
    for (group, does), members in told.items():
        bodies = [body for _, body in members]
        frame = min(first for first, _ in members)
        phrase = name_bodies(bodies, scene)
        said = does if len(bodies) == 1 else PLURAL_VERBS[does]
        when = f"from frame {frame}" if frame else "from the start"
        words = f"{phrase} {said} {when}"
        found.append(Effect(group, tuple(body.name for body in bodies), does, frame, words))
    return sorted(found, key=lambda effect: effect.frame)


def tell(scene: Scene, removed: Iterable[str], changes: Sequence[Effect]) -> str:
    """One sentence: `ball removed; dominoes 11–20 stay up from frame 14`."""
    gone = name_removed(removed, scene)
    if not changes:
        return f"{gone} removed; nothing else moves differently, only light and shadow change"
    return f"{gone} removed; " + "; ".join(effect.words for effect in changes)


def name_removed(removed: Iterable[str], scene: Scene) -> str:
    bodies = [scene.body(name) for name in removed]
    groups = list(dict.fromkeys(body.group for body in bodies))
    return " and ".join(name_bodies([b for b in bodies if b.group == group], scene) for group in groups)


def name_bodies(bodies: Sequence[Body], scene: Scene) -> str:
    """Bodies of one group: `red ball`, `eighth domino`, `dominoes 10–14 and 16`, `all 9 blocks`.
    A few of a mixed group go by their own nouns: `blue ball and second red ball`.

    Numbers count from one what is there, as captions do; names (`domino.7`, the eighth) count from 0.
    """
    group = [body for body in scene.bodies if body.group == bodies[0].group]
    noun = bodies[0].noun if len({body.noun for body in group}) == 1 else bodies[0].group
    # A spec's own name for a mixed group is often a plural already: `others`.
    many = noun if noun == bodies[0].group and noun.endswith("s") else plural(noun)
    if len(bodies) == 1:
        return title(bodies[0], group)
    if len(bodies) <= 3 and len({body.noun for body in group}) > 1:
        titles = [title(body, group) for body in bodies]
        return ", ".join(titles[:-1]) + f" and {titles[-1]}"
    if len(bodies) == len(group):
        return f"all {len(group)} {many}"
    wanted = {body.name for body in bodies}
    return f"{many} {ranges([place for place, body in enumerate(group, 1) if body.name in wanted])}"


def ranges(numbers: Sequence[int]) -> str:
    """`1, 3–6 and 9` for [1, 3, 4, 5, 6, 9]."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = []
    for run in runs:
        words += [str(n) for n in run] if len(run) < 3 else [f"{run[0]}–{run[-1]}"]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}"


def chain_words(links: Sequence[dict[str, Any]]) -> str:
    """`ball → domino.0 → domino.1`, from a causal record's chain."""
    if not links:
        return ""
    return " → ".join([links[0]["a"], *(link["b"] for link in links)])


def describe(metadata: dict[str, Any]) -> str:
    """The page that `inspect` prints, from a pair's metadata alone."""
    width, height = metadata["size"]
    seconds = metadata["frames"] / metadata["fps"]
    lines = [
        metadata["id"],
        f"  {metadata['story']}",
        "",
        f"  before   {metadata['captions']['before']}",
        f"  after    {metadata['captions']['after']}",
        "",
        f"  film     {metadata['frames']} frames of {width}x{height} at {metadata['fps']:g} fps "
        f"({seconds:.1f} s), {metadata['render'].get('quality', '?')}, {metadata['camera']['motion']} camera",
        f"  scene    {metadata['scene_name']}, seed {metadata['seed']}, attempt {metadata['attempt']}, "
        f"{len(metadata['bodies'])} bodies",
    ]
    affected = [b for b in metadata["causal"]["bodies"] if b["moved_frame"] is not None]
    if affected:
        longest = max(affected, key=lambda b: len(b["chain"]))
        lines.append(f"  cause    {_shorten(chain_words(longest['chain']))}")
        first = min(b["moved_frame"] for b in affected)
        moved = f"{len(affected)} bodies, the first" if len(affected) > 1 else "1 body,"
        lines.append(f"  moved    {moved} from frame {first}")
    share = metadata["pixels"]["share"]
    lines.append("  mask     " + ", ".join(f"{name} {100 * value:.2f} %" for name, value in share.items()))
    rendered, decoded = metadata["figures"]["rendered"], metadata["figures"]["decoded"]
    lines.append(
        f"  truth    where the mask says unchanged, {_percent(rendered, 'unchanged_over_2', 3)} of pixels "
        f"differ visibly ({_percent(decoded, 'unchanged_over_2', 2)} once encoded); "
        f"it covers {_percent(rendered, 'covered_over_8', 2)} of what plainly differs"
    )
    total = sum(entry["bytes"] for entry in metadata["files"].values())
    lines.append(f"  files    {len(metadata['files'])}, {total / 1e6:.1f} MB: {', '.join(metadata['files'])}")
    return "\n".join(lines)


def _percent(figures: dict[str, float], name: str, digits: int) -> str:
    return f"{100 * figures[name]:.{digits}f} %" if name in figures else "an unknown share"


def _shorten(chain: str, most: int = 8) -> str:
    parts = chain.split(" → ")
    if len(parts) > most:
        parts = [*parts[:4], f"… {len(parts) - 6} more …", *parts[-2:]]
    return " → ".join(parts)


def _rolls(body: Body) -> bool:
    """Whether turning over is how it goes: a ball, or a cylinder that lies."""
    if body.shape.kind in ("cylinder", "capsule"):
        return bool(abs(_matrix(np.asarray(body.orientation))[2, 2]) < np.sin(np.pi / 2 - TOPPLED))
    return body.shape.kind == "sphere"


def _lean(start: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """Angle that the axis which pointed up at the start makes with up now."""
    return float(np.arccos(np.clip(_matrix(now) @ _matrix(start).T @ [0, 0, 1], -1, 1)[2]))


def _turn(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(2 * np.arccos(np.clip(abs(float(a @ b)), 0, 1)))


def _matrix(q: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y, z, w = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
