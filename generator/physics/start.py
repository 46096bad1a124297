"""Whether a scene can begin: nothing may be inside something else, or it would pop apart."""

from __future__ import annotations

from generator.errors import PhysicsError
from generator.physics.engine import ROOM, World

SLACK = 2e-3
"""Overlap allowed, as a share of the thinner body's least extent ..."""
LEAST, MOST = 5e-5, 5e-4
"""... between these, in metres. Overlap pops apart at about 19 times its depth a second."""


def check_start(world: World) -> None:
    """Raise PhysicsError, one line for each pair, if things overlap where the scene puts them.

    Things that rest exactly in contact are fine, as are two that never move.
    """
    client = world.client
    movers = {actor.id: actor for actor in world.actors if actor.body.motion == "dynamic"}
    boxes = {i: client.getAABB(i) for i in world.index}
    faults = []
    for one, actor in movers.items():
        for other, index in world.index.items():
            if other == one or (other in movers and other < one) or not _meet(boxes[one], boxes[other]):
                continue
            points = client.getClosestPoints(one, other, 0.0)
            depth = -min((point[8] for point in points), default=0.0)
            thin = actor.form.thin if index == ROOM else min(actor.form.thin, world.actors[index].form.thin)
            if depth > min(max(SLACK * thin, LEAST), MOST):
                faults.append(
                    f"{actor.body.name} and {world.name(other)} overlap by {depth * 1000:.1f} mm at the"
                    " start: move them apart, or make one smaller"
                )
    if faults:
        raise PhysicsError("\n".join(faults))


def _meet(a: tuple[tuple[float, ...], ...], b: tuple[tuple[float, ...], ...]) -> bool:
    return all(a[0][k] <= b[1][k] and b[0][k] <= a[1][k] for k in range(3))
