"""What a spec's `accept` keeps and what it leaves out, with the reason."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import acceptance
from generator import accept
from generator.draft import Attempts, draft
from generator.errors import ButforError
from generator.figures import Comparison, MaskTally
from generator.jobs import Job
from generator.physics.sanity import SanityFault, Soundness, WorldFigures
from generator.produce import produce
from generator.scene.load import load_text
from generator.scene.resolve import resolve
from generator.scene.scene import Accept


def scene(frames=20, **wanted):
    return SimpleNamespace(fps=10.0, frames=frames, accept=Accept(**wanted))


def record(*moved_frames):
    gone = SimpleNamespace(removed=True, moved_frame=None)
    return SimpleNamespace(
        bodies=[gone, *(SimpleNamespace(removed=False, moved_frame=f) for f in moved_frames)]
    )


@pytest.mark.parametrize(
    ("wanted", "moved", "reason"),
    [
        ({}, (), None),
        ({"affected_bodies": (1, 2)}, (5, None), None),
        ({"affected_bodies": (1, 2)}, (None, None), "0 bodies affected, wanted 1 to 2"),
        ({"affected_bodies": (2, 3)}, (7,), "1 body affected, wanted 2 to 3"),
        ({"affected_bodies": (0, 1)}, (3, 4), "2 bodies affected, wanted 0 to 1"),
        ({"onset": (0.5, 1.0)}, (9, 7), None),
        ({"onset": (0.5, 1.0)}, (9, 4), "the effect begins at 0.40 s, wanted 0.5 to 1 s"),
        ({"onset": (0.5, 1.0)}, (None,), "nothing is affected"),
        ({"onset": (0, 3)}, (1,), None),
        ({}, (3, 1), "the effect begins at frame 1, wanted 3 to 16"),
        ({}, (17, 18), "the effect begins at frame 17, wanted 3 to 16"),
        ({}, (3,), None),
        ({}, (16,), None),
        ({}, (None,), None),
    ],
)
def test_motion_is_judged_by_bodies_and_onset(wanted, moved, reason):
    found = accept.refuse_motion(scene(**wanted), record(*moved))
    assert (found is None) if reason is None else found.text.startswith(reason)


@pytest.mark.parametrize(
    ("wanted", "moved", "kind"),
    [
        ({"affected_bodies": (2, 3)}, (7,), "too few bodies affected"),
        ({"affected_bodies": (0, 1)}, (3, 4), "too many bodies affected"),
        ({}, (1,), "effect begins too early"),
        ({}, (18,), "effect begins too late"),
        ({"onset": (0, 1)}, (None,), "nothing is affected"),
    ],
)
def test_reasons_are_counted_by_kind(wanted, moved, kind):
    assert accept.refuse_motion(scene(**wanted), record(*moved)).kind == kind


def tally(*frames):
    counted = MaskTally()
    for values in frames:
        counted.add(np.array([values], np.uint8))
    return counted


def test_a_film_is_judged_by_its_best_frame_and_by_all_its_affected_pixels():
    film = tally([0, 255, 255, 255], [255, 127, 255, 63])
    assert accept.refuse_film(scene(removed_visible=0.25, affected_pixels=0.25), film) is None
    assert "fills 25.000 % of the picture" in accept.refuse_film(scene(removed_visible=0.26), film).text
    assert "25.00 % of the film is affected" in accept.refuse_film(scene(affected_pixels=0.26), film).text
    unseen = tally([0, 255, 255, 255])
    assert accept.refuse_film(scene(), unseen).kind == "too little affected"
    assert accept.refuse_film(scene(affected_pixels=0), unseen) is None


# --- whole draws: real physics, real ID maps --------------------------------------------------------

SPEC = """
name: judged
frames: 24
fps: 24
size: 96x64
room: {plain: {}}
bodies:
  ball: {shape: {sphere: {radius: 0.03}}, material: oak, at: [-0.3, 0], velocity: [1.0, 0, 0]}
  box: {shape: {box: {size: [0.05, 0.05, 0.1]}}, material: pine, at: [0, 0]}
camera: {frame: [ball, box], azimuth_deg: -90, elevation_deg: 15}
remove: ball
"""


def outcome(text, seed=0):
    return draft(resolve(load_text(text, "judged.yaml"), seed))


def refusal(text):
    """Of the whole draw, or of its only intervention."""
    found = outcome(text)
    if isinstance(found, accept.Refusal):
        return found
    assert not found.counterfactuals
    (reason,) = found.refused.values()
    return reason


def test_a_good_draw_is_taken_with_its_figures():
    found = outcome(SPEC)
    assert set(found.counterfactuals) == {"ball"}
    assert found.refused == {}
    told = found.sanity["ball"].to_json()
    assert told["untouched"] == 0
    assert told["factual"]["energy_growth"] <= told["factual"]["energy_allowed"]


WALL = (
    "  wall: {{shape: {{box: {{size: [{}, 0.02, 0.2]}}}}, motion: static, material: oak, at: [{}, -0.12]}}\n"
    "camera:"
)


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("at: [-0.3, 0]", "at: [-0.075, 0]", "effect begins too early", "begins at frame"),
        ("frames: 24", "frames: 11", "effect begins too late", "begins at frame 9, wanted 3 to 8"),
        ("at: [0, 0]}", "at: [-0.28, 0]}", "overlap at the start", "ball and box overlap by"),
        ("camera:", WALL.format(1.4, 0), "removed thing hidden", "is hidden by other things"),
        ("radius: 0.03", "radius: 0.002", "removed thing too small", "of the picture at best"),
        ("velocity: [1.0, 0, 0]", "velocity: [-30, 0, 0]", "leaves at once", "ball has left the picture"),
    ],
)
def test_a_draw_with_one_thing_wrong_is_refused_for_it(old, new, kind, said):
    assert old in SPEC
    found = refusal(SPEC.replace(old, new, 1))
    assert found.kind == kind, found
    assert said in found.text


def test_what_moves_otherwise_must_be_in_sight():
    """A wall stands before the box, and the ball is pushed only behind it."""
    found = refusal(SPEC.replace("camera:", WALL.format(0.4, 0.14), 1))
    assert (found.kind, found.text) == ("effect not seen", "what moves otherwise is never in sight")


@pytest.mark.parametrize(
    ("old", "new", "loose"),
    [
        ("at: [-0.3, 0]", "at: [-0.075, 0]", "onset: [0, 5]"),
        ("frames: 24", "frames: 11", "onset: [0, 5]"),
        ("camera:", WALL.format(1.4, 0), "removed_visible: 0, removed_hidden: 1, affected_pixels: 0"),
        ("camera:", WALL.format(0.4, 0.14), "affected_pixels: 0"),
        ("velocity: [1.0, 0, 0]", "velocity: [-30, 0, 0]", "stays: 0"),
    ],
)
def test_defaults_can_be_loosened(old, new, loose):
    assert outcome(SPEC.replace(old, new, 1) + f"accept: {{{loose}}}\n").counterfactuals


def test_unsound_physics_is_refused(monkeypatch):
    fault = SanityFault("energy grows", "the energy of box grows")
    figures = WorldFigures(1.0, 0.1, 0.0, 0.0, 0.0, 0.0)
    monkeypatch.setattr("generator.physics.sanity.soundness", lambda *_: Soundness(figures, (fault,)))
    found = outcome(SPEC)
    assert isinstance(found, accept.Refusal)
    assert (found.kind, found.text) == ("energy grows", "the energy of box grows")


def test_every_draw_and_every_reason_is_counted():
    attempts = Attempts()
    for old, new in (("at: [0, 0]}", "at: [-0.28, 0]}"), ("at: [-0.3, 0]", "at: [-0.075, 0]"), ("", "")):
        attempts.add(outcome(SPEC.replace(old, new, 1)))
    assert attempts.to_json() == {
        "draws": 3, "refused": {"overlap at the start": 1, "effect begins too early": 1}
    }  # fmt: skip
    assert attempts.reasons() == "overlap at the start 1, effect begins too early 1"


def test_an_overlap_is_drawn_again_and_named_if_no_draw_is_free_of_it(tmp_path):
    sometimes = SPEC.replace("at: [0, 0]}", "at: [{choice: [-0.28, 0]}, 0]}")
    kinds = [isinstance(outcome(sometimes, seed), accept.Refusal) for seed in range(12)]
    assert any(kinds)
    assert not all(kinds)
    always = tmp_path / "always.yaml"
    always.write_text(SPEC.replace("at: [0, 0]}", "at: [-0.28, 0]}") + "accept: {attempts: 3}\n")
    with pytest.raises(ButforError) as caught:
        produce(Job(str(always), str(tmp_path / "out"), quality="draft"))
    assert "none of 3 draws" in str(caught.value)
    assert "overlap at the start 3" in str(caught.value)
    assert "ball and box overlap by" in str(caught.value)


def test_the_benchmark_counts_draws_and_reasons(tmp_path, capfd):
    spec = tmp_path / "judged.yaml"
    spec.write_text(SPEC.replace("at: [0, 0]}", "at: [{choice: [-0.28, 0]}, 0]}"))
    assert acceptance.main([str(spec), "--seeds", "6"]) == 0
    row = capfd.readouterr().out.splitlines()[-1]
    assert row.startswith("| judged | 6 |")
    assert "overlap at the start" in row


def test_figures_are_what_a_slow_count_says():
    rng = np.random.default_rng(1)
    a = rng.integers(0, 256, (3, 20, 30, 3)).astype(np.uint8)
    b = np.clip(a.astype(int) + rng.integers(-12, 13, a.shape) * (rng.random(a.shape) < 0.2), 0, 255).astype(
        np.uint8
    )
    masks = rng.choice([0, 63, 127, 255], (3, 20, 30), p=[0.1, 0.1, 0.2, 0.6]).astype(np.uint8)
    comparison = Comparison()
    for frame in zip(a, b, masks, strict=True):
        comparison.add(*frame)
    apart = np.abs(a.astype(int) - b).max(-1)
    still = apart[masks == 255]
    found = comparison.figures()
    assert found["unchanged_mean"] == pytest.approx(still.mean())
    assert found["unchanged_over_2"] == pytest.approx((still > 2).mean())
    assert found["unchanged_p999"] == np.quantile(still, 0.999, method="inverted_cdf")
    for level in (2, 8):
        assert found[f"covered_over_{level}"] == pytest.approx((masks[apart > level] != 255).mean())
    assert Comparison().figures()["covered_over_8"] == 1.0
