"""What the benchmark films: a busy part of a clip, further interventions, an orbiting camera."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.cases import ORBIT, Case, static_case
from benchmarks.pair_cost import CLIP, FULL, QUICK, chosen_frames
from generator.physics import rotation

DOMINOES = Path(__file__).parents[1] / "scenes/dominoes.yaml"
FRAMES = 12


@pytest.fixture(scope="module")
def case() -> Case:
    return static_case(DOMINOES, 1, (96, 64), FRAMES)


def test_four_interventions_take_four_different_things(case: Case) -> None:
    names = [intervention.name for intervention in case.scene.interventions]
    assert names[:3] == ["domino-5", "ball", "domino-10"]
    assert len({i.remove for i in case.scene.interventions}) == 4
    assert list(case.counterfactuals) == names
    assert list(case.only(1).counterfactuals) == ["domino-5"]
    assert case.worlds == 5


def test_the_part_filmed_is_one_in_which_things_move(case: Case) -> None:
    assert case.factual.frames == FRAMES == len(case.scene.camera.poses)
    longer = static_case(DOMINOES, 1, (96, 64), 70, 1)
    assert longer.factual.frames == 70

    def motion(of: Case) -> float:
        return float(np.abs(np.diff(of.factual.positions, axis=0)).sum()) / of.factual.frames

    assert motion(case) > motion(longer)


def test_the_orbit_keeps_its_point_of_focus_in_the_middle(case: Case) -> None:
    before = case.scene.camera.poses[0]
    after = case.orbiting().scene.camera.poses
    ahead = [rotation.place(p.position, p.orientation, (0.0, 0.0, -p.focus)) for p in (before, *after)]
    assert np.allclose(ahead, ahead[0], atol=1e-9)
    radius = np.linalg.norm(np.subtract(before.position, ahead[0])[:2])
    steps = np.linalg.norm(np.diff([p.position for p in after], axis=0), axis=-1)
    assert np.allclose(steps, ORBIT * radius, rtol=1e-3)
    assert np.allclose([p.position[2] for p in after], before.position[2])


@pytest.mark.parametrize("frames", [2, 5, 12, 60])
def test_the_truth_is_known_of_two_frames_in_a_row_within_the_clip(frames: int) -> None:
    for mode in (QUICK, FULL):
        clip, truths, spread = chosen_frames(frames, mode)
        assert clip == list(range(clip[0], clip[-1] + 1))
        assert len(clip) == min(CLIP, frames)
        assert truths[1] == truths[0] + 1
        assert set(truths[:2]) <= set(clip)
        assert set(truths) | set(spread) <= set(range(frames))
