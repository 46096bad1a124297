"""Where a kinematic body is at a time: linear in position, slerp in turning, held beyond both ends."""

from __future__ import annotations

from itertools import pairwise

from generator.physics import rotation
from generator.scene.scene import Body, Quat, Vec3


def pose_at(body: Body, time: float) -> tuple[Vec3, Quat]:
    """The pose that `body.path` gives at `time` (s); the body's own pose when it has no path."""
    keys = body.path
    if not keys:
        return body.position, rotation.unit(body.orientation)
    if time <= keys[0].time:
        return keys[0].position, rotation.unit(keys[0].orientation)
    for before, after in pairwise(keys):
        if time < after.time:
            share = (time - before.time) / (after.time - before.time)
            x, y, z = (p + (q - p) * share for p, q in zip(before.position, after.position, strict=True))
            turn = rotation.slerp(rotation.unit(before.orientation), rotation.unit(after.orientation), share)
            return (x, y, z), turn
    return keys[-1].position, rotation.unit(keys[-1].orientation)
