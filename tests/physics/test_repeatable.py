"""The same scene gives the same bits, again and elsewhere."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from generator.physics.motion import Motion
from generator.physics.simulate import simulate
from tests.physics.test_two_worlds import random_scene

SEEDS = (3, 11)


def fingerprint(motion: Motion) -> str:
    whole = hashlib.sha256()
    for array in (motion.positions, motion.orientations, motion.velocities, motion.spins, motion.contacts):
        whole.update(array.tobytes())
    return whole.hexdigest()


def fingerprints() -> list[str]:
    found = []
    for seed in SEEDS:
        made = random_scene(seed)
        found += [fingerprint(simulate(made)), fingerprint(simulate(made, made.interventions[0].remove))]
    return found


def test_a_world_repeats_bit_for_bit_in_this_process_and_in_two_others() -> None:
    here = fingerprints()
    assert here == fingerprints()
    assert len(set(here)) == len(here)
    code = "from tests.physics.test_repeatable import fingerprints; print('|'.join(fingerprints()))"
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip().splitlines()[-1].split("|") == here
