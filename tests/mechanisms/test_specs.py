"""Every small spec in `specs` resolves, runs in all its worlds, and its causal record explains it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.physics.causality import trace
from generator.physics.simulate import simulate
from generator.scene.load import load_spec
from generator.scene.resolve import resolve

SPECS = sorted((Path(__file__).parent / "specs").glob("*.yaml"))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_spec_runs_in_all_its_worlds(path: Path) -> None:
    scene = resolve(load_spec(path), 0)
    words = {entry.kind for entry in scene.mechanisms.values()}
    assert path.stem in words or not words, "a spec is named after its mechanism"
    factual = simulate(scene)
    assert scene.interventions
    for intervention in scene.interventions:
        record = trace(scene, factual, simulate(scene, intervention.remove), intervention.remove)
        assert record.moved or not words, intervention.name
