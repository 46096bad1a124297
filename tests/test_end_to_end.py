"""A whole pair from a spec, for real: PyBullet, Blender, and every file on disk (tiny and short)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from generator.check import check
from generator.pair import REQUIRED, open_pair
from generator.quadmask import peak_difference

ROOT = Path(__file__).parents[1]
SPEC = """
name: row
frames: 10
fps: 12
size: 96x64
room: {plain: {}}
bodies:
  ball:
    noun: red ball
    shape: {sphere: {radius: 0.03}}
    material: {plastic: {color: red}}
    density: 2000
    at: [-0.3, 0]
    velocity: [2.0, 0, 0]
  domino:
    noun: domino
    shape: {box: {size: [0.012, 0.05, 0.1]}}
    material: {plastic: {color: white}}
    friction: 0.3
    repeat: {line: {count: 4, spacing: 0.045, from: [-0.15, 0]}}
remove: {each: [ball, domino.2]}
camera: {frame: [ball, domino], azimuth_deg: -80, elevation_deg: 20}
captions: {before: "A ball hits {domino.plural}.", after: "Without {removed}.", setting: false}
accept: {onset: [0, 1]}
"""
SETTINGS = ("--quality", "draft", "--threads", "2")


def command(*arguments):
    return [sys.executable, "-m", "generator", "render", *map(str, arguments), *SETTINGS]


def render(*arguments):
    return subprocess.run(
        command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def spec(tmp_path_factory):
    path = tmp_path_factory.mktemp("spec") / "row.yaml"
    path.write_text(SPEC)
    return path


@pytest.fixture(scope="module")
def out(spec, tmp_path_factory):
    folder = tmp_path_factory.mktemp("renders")
    ended = render(spec, "--out", folder)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1].endswith("preview.mp4")
    assert Path(ended.stdout.splitlines()[-1]).is_file()
    return folder


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_one_factual_film_gives_a_sound_pair_for_each_removal(out):
    assert names(out) == ["row-s0000-ball", "row-s0000-domino-2"]
    findings = check([out], deep=True)
    assert findings.faults == []
    first, second = (open_pair(out / name).metadata["files"] for name in names(out))
    assert first["rgb_full.mp4"] == second["rgb_full.mp4"]
    assert first["rgb_removed.mp4"] != second["rgb_removed.mp4"]
    assert set(first) == set(REQUIRED)


def test_the_story_is_what_happens(out):
    ball = open_pair(out / "row-s0000-ball").metadata
    assert ball["story"].startswith("red ball removed; ")
    assert "domino" in ball["story"]
    assert "stay" in ball["story"]
    domino = open_pair(out / "row-s0000-domino-2").metadata
    assert domino["story"].startswith("third domino removed; ")
    chain = next(effect for effect in ball["causal"]["bodies"] if effect["name"] == "domino.1")["chain"]
    assert [link["b"] for link in chain] == ["domino.0", "domino.1"]
    assert ball["captions"] == {"before": "A ball hits dominoes.", "after": "Without the red ball."}


def test_what_the_mask_calls_unchanged_is_equal_in_both_worlds(out):
    for name in names(out):
        pair = open_pair(out / name)
        figures = pair.metadata["figures"]["rendered"]
        assert figures["unchanged_over_2"] < 5e-3
        assert figures["covered_over_8"] == 1.0
        share = pair.metadata["pixels"]["share"]
        assert share["removed"] > 0.0005
        assert 0.01 < share["affected"] < 0.7
        for before, after, mask in zip(pair.full(), pair.removed(), pair.masks(), strict=True):
            assert peak_difference(before, after)[mask == 255].mean() < 1.5


def test_run_again_it_skips_what_is_complete(spec, out):
    made = {p: p.stat().st_mtime_ns for p in out.rglob("*")}
    began = time.monotonic()
    ended = render(spec, "--out", out)
    assert ended.returncode == 0
    assert ended.stderr.count("already complete") == 2
    assert time.monotonic() - began < 30
    assert made == {p: p.stat().st_mtime_ns for p in out.rglob("*")}


def test_other_settings_in_the_same_place_are_refused(spec, out):
    ended = render(spec, "--out", out, "--frames", 5)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "made with other settings (frames 10)" in ended.stderr


def test_a_lost_pair_alone_is_made_again_and_a_stored_pair_makes_itself_again(out, tmp_path):
    """The resolved scene in the metadata is enough: same scene, same masks, pictures all but equal."""
    first = out / "row-s0000-ball"
    ended = render(first / "metadata.json", "--out", tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert names(tmp_path) == ["row-s0000-ball"]
    before, after = open_pair(first), open_pair(tmp_path / "row-s0000-ball")
    assert before.metadata["scene"] == after.metadata["scene"]
    assert before.metadata["causal"] == after.metadata["causal"]
    for name in ("removed", "displaced"):
        for a, b in zip(before.region(name), after.region(name), strict=True):
            assert (a == b).all()
    for a, b in zip(before.masks(), after.masks(), strict=True):
        # Cycles repeats itself bitwise only within a process, and a draft's noise decides what is faint.
        assert (a != b).mean() < 0.1
    for a, b in zip(before.full(), after.full(), strict=True):
        assert np.abs(a.astype(int) - b).mean() < 2.0


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
def test_stopped_in_the_middle_it_leaves_nothing_half_made(spec, tmp_path, number, code):
    process = subprocess.Popen(
        command(spec, "--out", tmp_path, "--frames", 200), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob(".row-*.partial/mask.mp4")) and time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    process.send_signal(number)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert error.splitlines()[-1].startswith("stopped")
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line_and_no_pair(spec, tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=60k", "none", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        ended = render(spec, "--out", tmp_path, "--frames", 3)
        assert ended.returncode == 1
        assert [line for line in ended.stderr.splitlines() if "error" in line] == [
            f"error: {tmp_path}: No space left on device"
        ]
        assert list(tmp_path.iterdir()) == []
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_layers_asked_for_are_kept(spec, tmp_path):
    ended = render(
        spec, "--out", tmp_path, "--frames", 3, "--layers", "depth,normal,flow,amodal,ids,lossless"
    )
    assert ended.returncode == 0, ended.stderr
    assert check([tmp_path], deep=True).faults == []
    files = open_pair(tmp_path / "row-s0000-ball").metadata["files"]
    for side in ("full", "removed"):
        for layer in ("depth", "normal", "flow_forward", "flow_backward", "amodal", "ids"):
            assert f"layers/{layer}_{side}.npz" in files
        assert f"layers/lossless_{side}.mp4" in files


def test_a_pair_that_accept_does_not_want_is_refused_with_the_reason(spec, tmp_path):
    dull = tmp_path / "dull.yaml"
    dull.write_text(spec.read_text().replace("onset: [0, 1]", "affected_bodies: [50, 60], attempts: 2"))
    ended = render(dull, "--out", tmp_path / "out")
    assert ended.returncode == 1
    assert "none of 2 draws gives a pair" in ended.stderr
    assert "affected, wanted 50 to 60" in ended.stderr
    assert "(too few bodies affected 4; the last" in ended.stderr  # two draws, each of two removals
    assert list((tmp_path / "out").iterdir()) == []


def test_the_metadata_says_how_the_pair_was_made(out):
    metadata = json.loads((out / "row-s0000-ball" / "metadata.json").read_text())
    assert metadata["spec"]["text"] == SPEC
    assert metadata["attempts"] == {"draws": 1, "refused": {}}
    for world in ("factual", "counterfactual"):
        sanity = metadata["sanity"][world]
        assert sanity["energy_growth"] <= sanity["energy_allowed"]
        assert sanity["impact_mm"] > 0
    assert len(metadata["camera"]["world_to_camera"]) == 10
    assert {"bpy", "pybullet", "numpy", "av"} <= set(metadata["versions"])
    assert metadata["render"]["engine"].startswith("Blender 5.0.1")
    motion = np.load(out / "row-s0000-ball" / "motion.npz")
    assert motion["factual_film_poses"].shape == (10, 5, 7)
    assert motion["counterfactual_contacts"].dtype.names[:2] == ("a", "b")
