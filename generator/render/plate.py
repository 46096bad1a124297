"""The clean plate of a static camera: the room and every body that never moves and is never taken away.

Most tiles of most frames show nothing else. It is rendered once for a film, with more samples than anything
else, and what changes is measured against it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from generator.render.worlds import FACTUAL, World
from generator.scene.scene import Scene


def movers(scene: Scene, worlds: Mapping[str, World]) -> frozenset[str]:
    """Names of the bodies that are not in the plate: they move, or are missing, in some world."""
    first = worlds[FACTUAL].poses[0]
    return frozenset(
        body.name
        for index, body in enumerate(scene.bodies)
        if any(_moves(world, index, body.name, first[index]) for world in worlds.values())
    )


def _moves(world: World, index: int, name: str, pose: NDArray[np.float64]) -> bool:
    return name in world.removed or not bool((world.poses[:, index] == pose).all())
