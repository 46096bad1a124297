"""A pair folder is whole or not there, and every alteration is found."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from generator import cli, storage
from generator.check import BOUNDS, FINE, check
from generator.errors import PairError, UsageError
from generator.layers import read_arrays
from generator.pair import REQUIRED, open_pair, to_json
from generator.quadmask import VALUES
from generator.video import read_frames
from tests import pairs

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return pairs.write_pair(tmp_path_factory.mktemp("made"))


@pytest.fixture
def pair(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / made.name))


def faults(path, deep=False):
    return check([path], deep).faults


def test_a_pair_holds_what_was_filmed(pair):
    opened = open_pair(pair)
    assert {p.relative_to(pair).as_posix() for p in pair.rglob("*") if p.is_file()} == {
        *REQUIRED,
        "metadata.json",
    }
    frames = [pairs.frame_set(i) for i in range(opened.frames)]
    quads = [pairs.quad_of(frame) for frame in frames]
    for mask, quad in zip(opened.masks(), quads, strict=True):
        assert (mask == quad.mask).all()
    for name in ("removed", "displaced", "shading"):
        for region, quad in zip(opened.region(name), quads, strict=True):
            assert (region == getattr(quad, name)).all()
    for picture, frame in zip(opened.full(), frames, strict=True):
        assert np.abs(picture.astype(int) - frame.rgb).mean() < 1.5
    for picture, frame in zip(opened.removed(), frames, strict=True):
        assert np.abs(picture.astype(int) - frame.views["disc"].rgb).mean() < 1.5
    assert opened.motion()["factual_positions"].shape == (6, 2, 3)
    total = opened.metadata["pixels"]["total"]
    assert sum(total.values()) == 6 * 96 * 64
    assert all(total[name] > 0 for name in ("removed", "overlap", "affected", "unchanged"))
    assert set(np.unique(next(opened.masks()))) <= set(VALUES)


def test_a_sound_pair_passes_every_check(pair):
    assert faults(pair) == []
    assert faults(pair, deep=True) == []


def altered(pair, change):
    path = pair / "metadata.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(to_json(document))


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"energy_growth": 0.02, "energy_allowed": 0.01}, "sanity.counterfactual: energy_growth is 0.02 J"),
        ({"penetration_mm": 3.0, "penetration_share": 0.1}, "penetration is 3.00 mm"),
        ({"creep_mm_s": 1.5}, "creep is 1.50 mm/s"),
        ({"penetration_mm": 3.0, "penetration_share": 0.01}, None),
    ],
)
def test_figures_of_physics_are_held_against_their_bounds(pair, figures, said):
    altered(pair, lambda document: document["sanity"]["counterfactual"].update(figures))
    found = faults(pair)
    assert (found == []) if said is None else (len(found) == 1 and said in found[0])


def test_a_pair_of_the_format_before_sanity_is_sound_with_a_note(pair):
    altered(pair, lambda document: document.pop("sanity"))
    assert faults(pair) == [f"{pair}: sanity is missing"]
    altered(pair, lambda document: document.update(format="butfor-pair/1"))
    findings = check([pair])
    assert findings.faults == []
    assert "made before energy" in findings.notes[str(pair)]


def test_layers_asked_for_come_back_exactly(tmp_path):
    path = pairs.write_pair(
        tmp_path, frames=3, layers=("depth", "normal", "flow", "amodal", "ids", "lossless")
    )
    assert faults(path, deep=True) == []
    frames = [pairs.frame_set(i) for i in range(3)]
    for side, key in (("full", "factual"), ("removed", "disc")):
        for got, frame in zip(read_arrays(path / f"layers/depth_{side}.npz"), frames, strict=True):
            assert (got == frame.layers[f"{key}/depth"]).all()
        for got, frame in zip(read_arrays(path / f"layers/amodal_{side}.npz"), frames, strict=True):
            assert (np.unpackbits(got, axis=-1)[..., :96] == frame.layers[f"{key}/amodal"]).all()
    for got, frame in zip(read_arrays(path / "layers/ids_hidden.npz"), frames, strict=True):
        assert (got == frame.views["disc"].hidden_ids).all()
    for got, frame in zip(read_frames(path / "layers/lossless_removed.mp4", "lossless"), frames, strict=True):
        assert (got == frame.views["disc"].rgb).all()
    assert np.load(path / "layers/depth_full.npz")["frame_0002"].shape == (64, 96)


def test_the_same_film_makes_the_same_files(made, tmp_path):
    again = open_pair(pairs.write_pair(tmp_path)).metadata["files"]
    assert again == open_pair(made).metadata["files"]


@pytest.mark.parametrize(
    "name", ["rgb_full.mp4", "mask.mp4", "motion.npz", "layers/shading.mp4", "preview.jpg"]
)
def test_one_changed_byte_is_found(pair, name):
    data = bytearray((pair / name).read_bytes())
    data[len(data) // 2] ^= 1
    (pair / name).write_bytes(data)
    assert faults(pair) == [f"{pair}: {name} has been altered (its sha256 differs)"]


def test_missing_cut_and_extra_files_are_all_listed(pair):
    (pair / "mask.mp4").unlink()
    (pair / "rgb_full.mp4").write_bytes(b"short")
    (pair / "layers/notes.txt").write_text("mine")
    assert len(faults(pair)) == 3
    text = "\n".join(faults(pair, deep=True))
    for part in ("mask.mp4 is missing", "rgb_full.mp4 has 5 bytes", "layers/notes.txt does not belong"):
        assert part in text


def test_a_renamed_pair_and_a_broken_metadata_are_found(pair):
    other = pair.rename(pair.with_name("elsewhere"))
    assert "the folder's name is not the pair's id" in faults(other)[0]
    (other / "metadata.json").write_text("{")
    assert "is not JSON" in faults(other)[0]
    (other / "metadata.json").write_text('{"format": "butfor-pair/0"}')
    assert "format 'butfor-pair/0' is not" in faults(other)[0]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 cut", bytes(range(256))], ids=["empty", "cut", "bytes"]
)
def test_a_motion_that_is_no_archive_is_told_even_with_its_hash_put_right(pair, content):
    (pair / "motion.npz").write_bytes(content)
    metadata = json.loads((pair / "metadata.json").read_text())
    metadata["files"]["motion.npz"] = {
        "bytes": len(content), "sha256": storage.sha256(pair / "motion.npz"),
    }  # fmt: skip
    (pair / "metadata.json").write_text(json.dumps(metadata))
    assert faults(pair, deep=True) == [f"{pair}/motion.npz: not an archive of arrays"]


EDITS = {
    "files": [], "figures": None, "pixels": 3, "causal": None, "size": [1], "fps": 0, "render": [],
    "captions": [], "story": 5, "bodies": {}, "intervention": {}, "camera": {}, "frames": "6", "request": [],
}  # fmt: skip


@pytest.mark.parametrize("key", EDITS)
def test_metadata_edited_into_another_shape_are_told_by_key_wherever_a_pair_is_read(pair, key, capsys):
    metadata = json.loads((pair / "metadata.json").read_text())
    (pair / "metadata.json").write_text(json.dumps({**metadata, key: EDITS[key]}))
    for command in ("check", "inspect"):
        assert cli.main([command, str(pair)]) == 1
        told = capsys.readouterr().err
        assert f"metadata.json: {key}" in told
        assert "defect" not in told


def test_a_file_outside_the_pair_is_not_looked_at(pair):
    metadata = json.loads((pair / "metadata.json").read_text())
    metadata["files"]["../../secret"] = {"bytes": 1, "sha256": ""}
    (pair / "metadata.json").write_text(json.dumps(metadata))
    assert faults(pair) == [f"{pair}/metadata.json: files.../../secret: lies outside the pair's folder"]


@pytest.mark.parametrize(("source", "name"), [(s, n) for s, bounds in BOUNDS.items() for n in bounds])
def test_each_figure_beyond_its_bound_fails_the_pair(pair, source, name):
    document = json.loads((pair / "metadata.json").read_text())
    side, bound = BOUNDS[source][name]
    document["figures"][source][name] = bound * 1.5 + 1 if side == "at most" else bound - 0.1
    (pair / "metadata.json").write_text(to_json(document))
    assert [f"{source}.{name}" in fault for fault in faults(pair)] == [True]
    del document["figures"][source][name]
    (pair / "metadata.json").write_text(to_json(document))
    assert "is missing" in faults(pair)[0]


def test_a_standard_pair_is_held_to_less_than_a_draft(pair):
    document = json.loads((pair / "metadata.json").read_text())
    between = (BOUNDS["decoded"]["unchanged_over_2"][1] + FINE["decoded"]["unchanged_over_2"][1]) / 2
    document["figures"]["decoded"]["unchanged_over_2"] = between
    (pair / "metadata.json").write_text(to_json(document))
    assert faults(pair) == []
    document["render"]["quality"] = "standard"
    (pair / "metadata.json").write_text(to_json(document))
    assert any("decoded.unchanged_over_2" in fault for fault in faults(pair))


def test_a_pair_whose_light_changes_everywhere_may_differ_more_in_what_is_left(pair):
    document = json.loads((pair / "metadata.json").read_text())
    document["figures"]["rendered"]["unchanged_mean"] = 1.5
    (pair / "metadata.json").write_text(to_json(document))
    assert any("rendered.unchanged_mean" in fault for fault in faults(pair))
    document["pixels"]["share"]["unchanged"] = 0.04
    (pair / "metadata.json").write_text(to_json(document))
    assert faults(pair) == []


def test_a_film_that_shimmers_fails(pair):
    document = json.loads((pair / "metadata.json").read_text())
    document["figures"]["film"] = {"flicker_factual": 0.2, "flicker_counterfactual": 3.0}
    (pair / "metadata.json").write_text(to_json(document))
    assert faults(pair) == [f"{pair}: figure film.flicker_counterfactual is 3, must be at most 1"]


def test_deep_finds_a_mask_that_is_another_ones_even_with_its_hash_put_right(pair):
    """Someone rewrote the mask and its hash: only the contents tell."""
    from generator.video import VideoWriter

    with VideoWriter(pair / "mask.mp4", "mask", pairs.SIZE, 12.0) as writer:
        for _ in range(6):
            writer.write(np.full((64, 96), 254, np.uint8))
    document = json.loads((pair / "metadata.json").read_text())
    entry = document["files"]["mask.mp4"]
    entry["bytes"] = (pair / "mask.mp4").stat().st_size
    entry["sha256"] = storage.sha256(pair / "mask.mp4")
    (pair / "metadata.json").write_text(to_json(document))
    assert faults(pair) == []
    found = faults(pair, deep=True)
    assert any("holds values besides" in fault for fault in found)
    assert any("pixels of each class" in fault for fault in found)


def test_a_folder_of_pairs_is_checked_pair_by_pair(tmp_path, made):
    for name in ("a", "b"):
        shutil.copytree(made, tmp_path / name / made.name)
    shutil.copytree(made, tmp_path / "set" / made.name)
    assert check([tmp_path / "set"]).sound == [str(tmp_path / "set" / made.name)]
    assert "neither a pair nor" in faults(tmp_path)[0]
    with pytest.raises(UsageError, match="no such file"):
        check([tmp_path / "nothing"])


# --- nothing is ever half there ---------------------------------------------------------------


def start_writing(folder, pause=0.05):
    return subprocess.Popen([sys.executable, "-m", "tests.pairs", str(folder), str(pause)], cwd=ROOT)


def visible(folder):
    return [p.name for p in Path(folder).iterdir() if not p.name.startswith(".")]


@pytest.mark.parametrize("moment", [0.0, 0.15, 0.3])
def test_killed_outright_it_leaves_no_pair_and_the_next_run_makes_it(tmp_path, moment):
    writer = start_writing(tmp_path)
    while not list(tmp_path.glob(".toy-s0000-disc.*.partial/mask.mp4")):
        assert writer.poll() is None
        time.sleep(0.01)
    time.sleep(moment)
    writer.kill()
    os.waitid(os.P_PID, writer.pid, os.WEXITED | os.WNOWAIT)  # a zombie, as nobody has reaped it yet
    assert visible(tmp_path) == []
    assert len(storage.clear_stale(tmp_path)) == 2
    writer.wait()
    assert list(tmp_path.iterdir()) == []
    path = pairs.write_pair(tmp_path)
    assert faults(path, deep=True) == []
    assert [p.name for p in tmp_path.iterdir()] == ["toy-s0000-disc"]


def test_what_a_living_process_is_making_is_left_alone(tmp_path):
    writer = start_writing(tmp_path, pause=0.2)
    while not list(tmp_path.glob(".*.partial")):
        time.sleep(0.01)
    assert storage.clear_stale(tmp_path) == []
    assert writer.wait() == 0
    assert visible(tmp_path) == ["toy-s0000-disc"]


def test_a_number_that_another_process_has_now_does_not_protect_the_dead(tmp_path):
    partial = storage.begin(tmp_path, "x")
    owner = json.loads((partial / storage.OWNER).read_text())
    (partial / storage.OWNER).write_text(json.dumps({**owner, "born": "1"}))
    assert storage.clear_stale(tmp_path) == [partial]


def test_another_machines_folder_is_left_alone_for_a_day(tmp_path):
    partial = storage.begin(tmp_path, "x")
    (partial / storage.OWNER).write_text(json.dumps({"host": "elsewhere", "pid": 1, "born": None}))
    assert storage.clear_stale(tmp_path) == []
    old = time.time() - 2 * storage.FORGOTTEN
    for path in (partial / storage.OWNER, partial):
        os.utime(path, (old, old))
    assert storage.clear_stale(tmp_path) == [partial]


def test_making_a_pair_again_replaces_it_whole(tmp_path):
    first = pairs.write_pair(tmp_path)
    (first / "extra.txt").write_text("from before")
    again = pairs.write_pair(tmp_path)
    assert again == first
    assert faults(again) == []
    assert [p.name for p in tmp_path.iterdir()] == [first.name]


def test_a_file_in_the_pairs_place_is_told_and_kept(tmp_path):
    (tmp_path / "toy-s0000-disc").write_text("mine")
    with pytest.raises(PairError, match="is a file and stands in the way"):
        pairs.write_pair(tmp_path)
    assert (tmp_path / "toy-s0000-disc").read_text() == "mine"


def limited(folder, size):
    """Write a pair in a process that may not make a file larger than `size` bytes: EFBIG, as a full disk."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(
        [sys.executable, "-m", "tests.pairs", str(folder), "0"], cwd=ROOT, preexec_fn=limit,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("size", [200, 1000, 3000, 20000])
def test_a_disk_that_fills_up_is_an_error_and_leaves_no_pair(tmp_path, size):
    ended = limited(tmp_path, size)
    assert ended.returncode != 0
    assert "OSError: [Errno 27]" in ended.stderr
    assert visible(tmp_path) == []


def test_a_real_full_disk_is_an_error_and_leaves_no_pair(tmp_path):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "none", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        with pytest.raises(OSError, match="No space left"):
            pairs.write_pair(tmp_path)
        assert visible(tmp_path) == []
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_metadata_is_json_that_other_tools_read(pair):
    text = (pair / "metadata.json").read_text()
    assert json.loads(text) == json.loads(to_json(json.loads(text)))
    with pytest.raises(ValueError):
        to_json({"figure": float("nan")})
