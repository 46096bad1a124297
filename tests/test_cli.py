"""The command line: quick answers, one clear line for each fault, the exit code that was promised."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from generator.cli import main
from generator.jobs import Job, job_from_json, job_to_json
from tests import pairs

ROOT = Path(__file__).parents[1]
SPECS = sorted((ROOT / "scenes").glob("*.yaml"))
HEAVY = ("bpy", "pybullet", "cv2", "av", "coacd", "embreex", "pyoidn", "trimesh", "scipy", "OpenEXR", "tqdm")


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "generator", *map(str, arguments)], cwd=options.pop("cwd", ROOT),
        capture_output=True, text=True, check=False, timeout=120, **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    return pairs.write_pair(tmp_path_factory.mktemp("cli"))


QUICK = {"help": ["--help"], "render help": ["render", "--help"], "schema": ["schema"],
         **{f"check {p.stem}": ["check", str(p)] for p in SPECS}}  # fmt: skip


@pytest.mark.parametrize("arguments", QUICK.values(), ids=QUICK.keys())
def test_quick_commands_import_nothing_heavy(arguments):
    code = (
        "import sys; from generator.cli import main\n"
        f"code = main({arguments!r})\n"
        f"heavy = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "sys.exit(f'imported {heavy}' if heavy else code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "arguments", [["--help"], ["schema"], ["check", str(SPECS[0])]], ids=["help", "schema", "check"]
)
def test_quick_commands_answer_in_half_a_second(arguments):
    """Of processor time, best of five. On a busy machine that stretches; it is then held against how
    long the libraries of the spec room alone take to import at the same moment."""
    libraries, spent = [], []
    for _ in range(5):
        libraries.append(seconds("-c", "import numpy.random, pydantic, yaml"))
        spent.append(seconds("-m", "generator", *arguments))
        if min(spent) < 0.5:
            return
    assert min(spent) < 3 * min(libraries)


def seconds(*arguments):
    before = os.times()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def test_schema_is_json_that_says_what_it_is():
    schema = json.loads(run("schema").stdout)
    assert "bodies" in schema["properties"]
    assert "$schema" in schema


def test_every_shipped_scene_is_sound():
    ended = run("check", *SPECS)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count(": sound") == len(SPECS)


def bad_commands(tmp):
    """What a person may get wrong: arguments, exit code, a word that the line must hold."""
    spec = SPECS[0]
    (tmp / "broken.yaml").write_text("bodies: [")
    (tmp / "empty.yaml").write_text("")
    (tmp / "list.yaml").write_text("- 1\n- 2\n")
    (tmp / "typo.yaml").write_text(spec.read_text().replace("frames:", "framse:"))
    (tmp / "binary.yaml").write_bytes(bytes(range(256)))
    (tmp / "scene.json").write_text('{"scene": {"name": "x"}}')
    (tmp / "notes.json").write_text("{")
    (tmp / "notes.txt").write_text("hello")
    (tmp / "file").write_text("")
    (tmp / "nothing").mkdir()
    (tmp / "deep").mkdir()
    for deep in (tmp / "deep.json", tmp / "deep" / "metadata.json"):
        deep.write_text("[" * 100_000)
    os.mkfifo(tmp / "pipe.yaml")
    return [
        ([], 2, "required"),
        (["rendr", spec], 2, 'did you mean "render"'),
        (["render"], 2, "SPEC"),
        (["render", tmp / "none.yaml"], 2, "no such file"),
        (["render", tmp], 1, str(tmp)),
        (["render", tmp / "broken.yaml"], 1, "broken.yaml:"),
        (["render", tmp / "empty.yaml"], 1, "empty"),
        (["render", tmp / "list.yaml"], 1, "list.yaml"),
        (["render", tmp / "typo.yaml"], 1, "did you mean"),
        (["render", tmp / "binary.yaml"], 1, "binary.yaml"),
        (["render", spec, "--size", "672"], 2, "672x384"),
        (["render", spec, "--size", "671x384"], 2, "even"),
        (["render", spec, "--size", "2x2"], 2, "from 16"),
        (["render", spec, "--size", "-2x4"], 2, "size"),
        (["render", spec, "--frames", "0"], 2, "whole number from 1"),
        (["render", spec, "--frames", "many"], 2, "'many'"),
        (["render", spec, "--seed", "-1"], 2, "seed"),
        (["render", spec, "--count", "1.5"], 2, "'1.5'"),
        (["render", spec, "--workers", "0"], 2, "'0'"),
        (["render", spec, "--quality", "best"], 2, "standard"),
        (["render", spec, "--device", "tpu"], 2, "gpu:N"),
        (["render", spec, "--layers", "depth,smell"], 2, "'smell'"),
        (["render", spec, "--colour"], 2, "--colour"),
        (["render", spec, "--out", tmp / "file"], 2, "is a file"),
        (["render", spec, "--out", tmp / "file" / "below"], 2, "is a file"),
        (["render", tmp / "scene.json", "--seed", "3"], 2, "--seed"),
        (["render", tmp / "notes.json"], 1, "notes.json"),
        (["render", spec, "--qualty", "draft"], 2, 'did you mean "--quality"'),
        (["render", spec, "--seed=1", "--sed=2"], 2, 'did you mean "--seed"'),
        (["render", spec, spec], 2, "one word too many"),
        (["render", spec, "--device", "gpu"], 2, "gpu:N"),
        (["render", spec, "--device", "gpu:²"], 2, "gpu:N"),
        (["render", spec, "--size", "٦٤x٤٨"], 2, "672x384"),
        (["render", spec, "--seed", "9" * 5000], 2, "too large"),
        (["render", spec, "--threads", "2000"], 2, "1024"),
        (["render", spec, "--layers", "depht"], 2, 'did you mean "depth"'),
        (["render", spec, "--out", ""], 2, "an empty path"),
        (["render", ""], 2, "an empty path"),
        (["render", tmp / "notes.txt"], 2, "not a spec"),
        (["render", tmp / "pipe.yaml"], 1, "not a plain file"),
        (["check", tmp / "deep.json"], 1, "not JSON"),
        (["inspect", tmp / "deep"], 1, "not JSON"),
        (["check", "--deeep", spec], 2, 'did you mean "--deep"'),
        (["check"], 2, "PATH"),
        (["check", tmp / "none"], 2, "no such file"),
        (["check", tmp / "nothing"], 1, "neither a pair"),
        (["check", tmp / "notes.txt"], 1, "not a spec"),
        (["check", tmp / "typo.yaml"], 1, "framse"),
        (["inspect", tmp / "none"], 2, "no such folder"),
        (["inspect", tmp / "nothing"], 1, "not a pair"),
    ]  # fmt: skip


def test_wrong_use_is_told_in_one_line_with_the_right_code(tmp_path, capsys):
    for arguments, code, word in bad_commands(tmp_path):
        got = main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        what = f"{arguments}: {got} {err}"
        assert got == code, what
        assert word in err, what
        assert out == "", what
        assert "Traceback" not in err, what
        assert err.count("\n") == 1, what
        assert err.startswith("error: "), what


def test_check_lists_every_fault_of_every_path(tmp_path, capsys, pair):
    copy = shutil.copytree(pair, tmp_path / pair.name)
    (copy / "mask.mp4").unlink()
    (copy / "preview.jpg").write_bytes(b"")
    (tmp_path / "bad.yaml").write_text("frames: -1\nfps: x\n")
    assert main(["check", str(copy), str(pair), str(tmp_path / "bad.yaml")]) == 1
    out, err = capsys.readouterr()
    assert out == f"{pair}: sound\n"
    assert sum("bad.yaml:" in line for line in err.splitlines()) >= 2
    assert sum(str(copy) in line for line in err.splitlines()) == 2


def test_debug_shows_where_it_came_from(tmp_path, capsys):
    assert main(["inspect", str(tmp_path), "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write everywhere")
def test_an_unwritable_folder_is_told_in_one_line():
    with tempfile.TemporaryDirectory() as base:  # pytest's own folders are closed to other users
        Path(base).chmod(0o755)
        folder = Path(base) / "locked"
        folder.mkdir(mode=0o555)
        command = [sys.executable, "-m", "generator", "render", str(SPECS[0]), "--out", str(folder)]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid", "65534", "--clear-groups", *command]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "No module named" in ended.stderr or ended.returncode == 126:
        pytest.skip("another user cannot run this Python")
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "cannot write in" in ended.stderr


def test_inspect_tells_the_story_and_writes_nothing(pair, capsys):
    before = sorted((p, p.stat().st_mtime_ns) for p in pair.rglob("*"))
    assert main(["inspect", str(pair)]) == 0
    told = capsys.readouterr().out
    assert "disc removed; box does not move from frame 3" in told
    assert "disc → box" in told
    assert sorted((p, p.stat().st_mtime_ns) for p in pair.rglob("*")) == before


def test_a_closed_pipe_is_no_error():
    shell = f"{sys.executable} -m generator schema | head -1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("check none.yaml 2>&1 | true; exit ${PIPESTATUS[0]}", 2),  # the code tells, heard or not
        ("check scenes/*.yaml none.yaml >&- 2>&-; exit $?", 2),
        ("render none.yaml <&- >&- 2>&-; exit $?", 2),
    ],
    ids=["nobody reads", "closed", "all closed"],
)
def test_what_cannot_be_said_does_not_change_the_exit_code(shell, code):
    command = f"{sys.executable} -m generator {shell}"
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")


def test_a_terminal_that_knows_only_ascii_is_told_the_story_too(pair):
    ended = run("inspect", pair, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "disc ? box" in ended.stdout


def test_a_huge_count_costs_no_memory(tmp_path):
    """Jobs are made as there is room for them."""
    spec = tmp_path / "apart.yaml"
    spec.write_text("bodies: {a: {shape: {sphere: {radius: 0.1}}}}\nremove: a\n")
    command = [sys.executable, "-m", "generator", "render", str(spec), "--count", "2147483647", "--quiet"]
    parent = subprocess.Popen([*command, "--out", str(tmp_path / "out")], cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_for_child(parent.pid)
    pages = int(Path(f"/proc/{parent.pid}/statm").read_text().split()[1])
    parent.terminate()
    assert parent.wait(timeout=30) == 143
    assert pages * os.sysconf("SC_PAGE_SIZE") < 300e6


def test_a_job_survives_the_trip_to_its_process():
    job = Job("a.yaml", "out", 3, size=(96, 64), layers=("depth",), threads=2)
    assert job_from_json(json.loads(json.dumps(job_to_json(job)))) == job


def test_a_worker_dies_with_its_supervisor(tmp_path):
    """kill -9 on the command leaves no renderer behind."""
    command = [
        sys.executable,
        "-m",
        "generator",
        "render",
        str(SPECS[0]),
        "--out",
        str(tmp_path),
        "--size",
        "96x64",
    ]
    parent = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    child = wait_for_child(parent.pid)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{child}").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]


def wait_for_child(pid, patience=20.0):
    """The worker of a supervisor, once it has told the kernel whom it depends on."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if found:
            time.sleep(0.5)
            return int(found[0])
        time.sleep(0.02)
    raise AssertionError("no worker was started")


def test_a_worker_that_is_killed_is_told_in_one_line(tmp_path):
    command = [sys.executable, "-m", "generator", "render", str(SPECS[0]), "--out", str(tmp_path), "--quiet"]
    parent = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    os.kill(wait_for_child(parent.pid), signal.SIGKILL)
    error = parent.communicate(timeout=30)[1]
    assert parent.returncode == 1
    assert error.count("\n") == 1
    assert "the renderer ended with signal 9" in error
    assert list(tmp_path.iterdir()) == []
