"""Dressing: where a room's props stand so that they are seen, and in nobody's way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from generator.scene import layouts, measures, space
from generator.scene.distributions import Dice
from generator.scene.filming import View
from generator.scene.layouts import Circle
from generator.scene.props import PROPS, radius
from generator.scene.rooms import ClutterSpec
from generator.scene.scene import Body, Prop, Support
from generator.scene.source import Fault, Where, suggest
from generator.scene.stream import Stream

if TYPE_CHECKING:
    pass

SPACING = 0.02
"""Least room between two props, m."""


def dress(
    clutter: Sequence[ClutterSpec],
    bodies: Sequence[Body],
    view: View,
    ground: Support,
    dice: Dice,
    where: Where,
) -> tuple[Prop, ...]:
    """Every prop with its place: where the spec says, else behind or beside the action.

    A prop for which there is no place is a fault.
    """
    keep_out = _action(bodies)
    props: list[Prop] = []
    taken: list[Circle] = []
    for i, spec in enumerate(clutter):
        if spec.prop not in PROPS:
            raise Fault((*where, i), f'unknown prop "{spec.prop}"{suggest(spec.prop, PROPS)}')
        rng = dice.stream(f"room.clutter.{i}.{spec.prop}")
        yaw = rng.uniform(-math.pi, math.pi) if spec.yaw_deg is None else math.radians(spec.yaw_deg)
        prop = Prop(
            kind=spec.prop,
            position=(0.0, 0.0, 0.0),
            yaw=float(yaw),
            scale=spec.scale,
            color=spec.color,
            seed=rng.integers(0, 2**31 - 1),
        )
        if spec.at is not None:
            z = spec.at[2] if len(spec.at) == 3 else 0.0
            prop = prop.model_copy(update={"position": (spec.at[0], spec.at[1], z)})
            taken.append((spec.at[0], spec.at[1], radius(prop)))
            props.append(prop)
            continue
        props.append(prop)
    for i, spec in enumerate(clutter):
        if spec.at is not None:
            continue
        prop = props[i]
        place = _find(prop, spec.side, keep_out, taken, view, ground, dice.stream(f"room.clutter.{i}.place"))
        if place is None:
            raise Fault(
                (*where, i), f"there is no free place for the {spec.prop}; give it `at`, or take it out"
            )
        taken.append((place[0], place[1], radius(prop)))
        props[i] = prop.model_copy(update={"position": (place[0], place[1], 0.0)})
    return tuple(props)


def night_lamp(bodies: Sequence[Body], props: Sequence[Prop], ground: Support, seed: int) -> Prop:
    """The lamp that lights a table at night: at the back edge, on the side where nothing is in its way."""
    y = ground.position[1] + ground.size[1] / 2 - 0.14
    side = -1.0 if Stream(f"night/{seed}").random() < 0.7 else 1.0
    lamps = [Prop(kind="lamp", position=(x * side, y, 0.0), seed=seed) for x in (0.58, -0.58)]
    circles = [*_action(bodies), *((p.position[0], p.position[1], radius(p)) for p in props)]

    def free(lamp: Prop) -> bool:
        x, y, _ = lamp.position
        return all(math.dist((x, y), (cx, cy)) > radius(lamp) + r for cx, cy, r in circles)

    return next((lamp for lamp in lamps if free(lamp)), lamps[0])


def _action(bodies: Sequence[Body]) -> list[Circle]:
    """Circles that props stay out of: around each body as far as it can fall, and where it heads."""
    circles: list[Circle] = []
    for body in bodies:
        low, high = measures.bounds(body.shape, body.orientation)
        wide = math.hypot(max(-low[0], high[0]), max(-low[1], high[1]))
        x, y, z = body.position
        reach = wide + min(0.5, max(0.0, z + high[2])) * 1.1 + 0.01
        circles.append((x, y, reach))
        speed = math.hypot(body.velocity[0], body.velocity[1])
        if speed > 1e-6:
            ahead = (body.velocity[0] / speed, body.velocity[1] / speed)
            far = min(1.0, speed * 1.0)
            steps = max(1, int(far / max(reach, 0.02)))
            circles += [
                (x + ahead[0] * far * k / steps, y + ahead[1] * far * k / steps, reach)
                for k in range(1, steps + 1)
            ]
        for key in body.path:
            circles.append((key.position[0], key.position[1], reach))
    return circles


def _find(
    prop: Prop,
    side: str,
    keep_out: list[Circle],
    taken: list[Circle],
    view: View,
    ground: Support,
    rng: Stream,
) -> tuple[float, float] | None:
    """A free place in view. Looks in a patch of ground behind and beside what the camera frames."""
    own = radius(prop)
    ahead = space.unit((view.ahead[0], view.ahead[1], 0.0)) if abs(view.ahead[2]) < 0.999 else (0.0, 1.0, 0.0)
    right = (ahead[1], -ahead[0], 0.0)
    spans = [
        (space.dot(b.position, right), space.dot(b.position, ahead), measures.radius(b.shape))
        for b in view.subjects
    ]
    left_end, right_end = min(u - r for u, _, r in spans), max(u + r for u, _, r in spans)
    front, back = min(v - r for _, v, r in spans), max(v + r for _, v, r in spans)
    width, depth = right_end - left_end, back - front
    breadth = max(width, depth, 0.25)
    center_u, center_v = (left_end + right_end) / 2, (front + back) / 2
    patches = {
        "behind": ((center_u, back + 0.30 * breadth), (1.1 * breadth + 2 * own, 0.55 * breadth + 2 * own)),
        "left": (
            (left_end - 0.18 * breadth, center_v + 0.15 * breadth),
            (0.45 * breadth + 2 * own, 0.7 * breadth + 2 * own),
        ),
        "right": (
            (right_end + 0.18 * breadth, center_v + 0.15 * breadth),
            (0.45 * breadth + 2 * own, 0.7 * breadth + 2 * own),
        ),
    }
    order = list(patches) if side == "any" else [side]
    if side == "any":
        order = rng.shuffled(order)
    half_x, half_y = ground.size[0] / 2 - own, ground.size[1] / 2 - own
    circles = [*keep_out, *[(x, y, r + SPACING) for x, y, r in taken]]

    def world(u: float, v: float) -> tuple[float, float]:
        return (u * right[0] + v * ahead[0], u * right[1] + v * ahead[1])

    def fits(u: float, v: float) -> bool:
        x, y = world(u, v)
        if abs(x - ground.position[0]) > half_x or abs(y - ground.position[1]) > half_y:
            return False
        if any((x - cx) ** 2 + (y - cy) ** 2 < (own + r) ** 2 for cx, cy, r in circles):
            return False
        # Not between the eye and the action, and not so near the eye that it fills the picture.
        return v - own > front or u + own < left_end - 0.02 or u - own > right_end + 0.02

    for growth in (1.0, 1.6, 2.6):
        for key in order:
            (u, v), (w, h) = patches[key]
            found = layouts.throw(own, (u, v), (w * growth, h * growth), [], 0.0, rng, fits, 300)
            if found is not None:
                return world(*found)
    return None
