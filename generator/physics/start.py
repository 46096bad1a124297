"""Whether a scene can begin: nothing may be inside something else, or it would pop apart."""

from __future__ import annotations

from generator.errors import BadDraw
from generator.physics.engine import ROOM, World

SLACK = 2e-3
"""Overlap allowed, as a share of the thinner body's least extent ..."""
LEAST, MOST = 5e-5, 5e-4
"""... between these, in metres. Overlap pops apart at about 19 times its depth a second."""


def check_start(world: World) -> None:
    """Raise BadDraw, one line for each pair, if things overlap where the scene puts them.

    Things that rest exactly in contact are fine, as are two that never move.
    """
    faults = []
    bounds = {engine_id: _bounds(world, engine_id) for engine_id in world.index}
    for engine_id, index in world.index.items():
        if index == ROOM or world.actors[index].body.motion != "dynamic":
            continue
        actor = world.actors[index]
        for other, other_index in world.index.items():
            both_dynamic = other_index != ROOM and world.actors[other_index].body.motion == "dynamic"
            if other == engine_id or (both_dynamic and other < engine_id):
                continue
            if {(engine_id, other), (other, engine_id)} & world.parted:
                continue
            if not _meet(bounds[engine_id], bounds[other]):
                continue
            points = world.client.getClosestPoints(engine_id, other, 0.0)
            depth = -min((point[8] for point in points), default=0.0)
            thin = (
                actor.form.thin
                if other_index == ROOM
                else min(actor.form.thin, world.actors[other_index].form.thin)
            )
            if depth > min(max(SLACK * thin, LEAST), MOST):
                faults.append(
                    f"{actor.body.name} and {world.name(other)} overlap by {depth * 1000:.1f} mm at the"
                    " start: move them apart, or make one smaller"
                )
    if faults:
        raise BadDraw("overlap at the start", "\n".join(faults))


_Bounds = tuple[tuple[float, ...], tuple[float, ...]]


def _bounds(world: World, engine_id: int) -> _Bounds:
    """The box round all links of a body."""
    index = world.index[engine_id]
    links = range(-1, 0) if index == ROOM else world.actors[index].solid_links(engine_id)
    boxes = [world.client.getAABB(engine_id, link) for link in links]
    return (
        tuple(min(box[0][k] for box in boxes) for k in range(3)),
        tuple(max(box[1][k] for box in boxes) for k in range(3)),
    )


def _meet(a: _Bounds, b: _Bounds) -> bool:
    return all(a[0][k] <= b[1][k] and b[0][k] <= a[1][k] for k in range(3))
