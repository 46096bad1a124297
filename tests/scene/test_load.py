"""Loading: what a wrong spec says, line by line, and what a right one gives."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import SpecError
from generator.scene.load import load_scene, load_spec, load_text
from generator.scene.resolve import resolve

GOOD = """\
name: test
frames: 4
size: 64x48
bodies:
  ball:
    shape: {sphere: {radius: 0.02}}
    material: {plastic: {color: red}}
    density: 1000
  box:
    shape: {box: {size: [0.1, 0.1, 0.1]}}
    at: [0.3, 0]
remove: ball
"""


def fault_of(text: str, folder: Path | None = None) -> str:
    with pytest.raises(SpecError) as caught:
        resolve(load_text(text, "spec.yaml", folder), 0)
    return str(caught.value)


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_good_spec_is_good() -> None:
    assert len(resolve(load_text(GOOD), 0).bodies) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("density: 1000", "density: -3", "spec.yaml:8: bodies.ball.density: must be > 0, got -3"),
        (
            "density: 1000",
            "densty: 3",
            'spec.yaml:8: bodies.ball.densty: unknown key (did you mean "density"?)',
        ),
        (
            "density: 1000",
            "density: {uniform: [-3, 1]}",
            "spec.yaml:8: bodies.ball.density: must be > 0, got -3",
        ),
        (
            "density: 1000",
            "density: {normal: [100, 50]}",
            "spec.yaml:8: bodies.ball.density: must be > 0, got -50",
        ),
        ("density: 1000", "density: {unifrom: [1, 2]}", "spec.yaml:8: bodies.ball.density: must be a number"),
        ("density: 1000", "density: .nan", "spec.yaml:8: bodies.ball.density: .nan is not a number"),
        ("density: 1000", "density: 1e999", "spec.yaml:8: bodies.ball.density: 1e999 is too large"),
        ("density: 1000", "density: true", "spec.yaml:8: bodies.ball.density: must be a number, got true"),
        ("density: 1000", 'density: "5"', 'spec.yaml:8: bodies.ball.density: must be a number, got "5"'),
        ("density: 1000", "mass: 1\n    density: 2", "spec.yaml:8: bodies.ball.mass: give density or mass"),
        ("density: 1000", "density: 1\n    density: 2", "spec.yaml:9: bodies.ball.density: is given twice"),
        (
            "density: 1000",
            "motion: flying",
            "spec.yaml:8: bodies.ball.motion: must be one of 'dynamic', 'static'",
        ),
        ("density: 1000", "\tdensity: 1000", "spec.yaml:8: a tab stands where only spaces may"),
        ("density: 1000", "density: &d 1000\n    friction: *d", "spec.yaml:9: bodies.ball.friction: aliases"),
        ("density: 1000", "density: !!python/object:os.system 1", "spec.yaml:8: bodies.ball.density: tags"),
        (
            "radius: 0.02",
            "radius: 0",
            "spec.yaml:6: bodies.ball.shape.sphere.radius: must be >= 0.0001, got 0",
        ),
        ("radius: 0.02", "radius: [1]", "spec.yaml:6: bodies.ball.shape.sphere.radius: must be a number"),
        ("{sphere: {radius: 0.02}}", "sphere", "spec.yaml:6: bodies.ball.shape.sphere.radius: is missing"),
        (
            "{sphere: {radius: 0.02}}",
            "{sphere: {radius: 1}, box: {size: [1, 1, 1]}}",
            "must have exactly one key",
        ),
        ("{sphere:", "{shpere:", 'bodies.ball.shape.shpere: unknown key (did you mean "sphere"?)'),
        ("size: [0.1, 0.1, 0.1]", "size: [0.1, 0.1]", "box.size: must have at least 3 entries, got 2"),
        ("color: red", "color: rde", "spec.yaml:7: bodies.ball.material.plastic.color: must be a colour"),
        ("color: red", "color: #b5281c}}", "spec.yaml:"),
        (
            "{plastic: {color: red}}",
            "plastik",
            'spec.yaml:7: bodies.ball.material: unknown material "plastik" (did',
        ),
        (
            "remove: ball",
            "remove: bal",
            'spec.yaml:12: remove: there is no body "bal" (did you mean "ball"?)',
        ),
        ("remove: ball", "remove: {eech: ball}", "remove.eech: must be a name"),
        ("remove: ball", "remove: 3", "spec.yaml:12: remove: must be a name"),
        ("remove: ball\n", "", "spec.yaml:1: remove: is missing"),
        ("frames: 4", "frames: 10001", "spec.yaml:2: frames: must be <= 10000, got 10001"),
        ("frames: 4", "frames: 2.5", "spec.yaml:2: frames: must be a whole number, got 2.5"),
        ("frames: 4", "frames: 4.0", "spec.yaml:2: frames: must be a whole number, got 4.0"),
        ("at: [0.3, 0]", "velocity: [2, 0]", "bodies.box.velocity: must have at least 3 entries, got 2"),
        ("at: [0.3, 0]", "velocity: [1e9, 0, 0]", "bodies.box.velocity.0: must be <= 1000, got 1e+09"),
        ("  box:", "  box.1:", "bodies.box.1: the name may hold small letters, digits and _"),
        ("size: 64x48", "size: 65x48", "spec.yaml:3: size: must be even"),
        ("size: 64x48", "size: 9000x48", "spec.yaml:3: size: must be 16 to 8192"),
        ("size: 64x48", "size: big", "spec.yaml:3: size: must be like 672x384"),
        (
            "frames: 4",
            "frames: 4\ncamera: {frame: bxo}",
            'camera.frame: there is no body "bxo" (did you mean "box"?)',
        ),
        ("frames: 4", "frames: 4\nroom: attic", "spec.yaml:3: room.attic: unknown key"),
        (
            "frames: 4",
            "frames: 4\nroom: {studio: {clutter: [mgu]}}",
            'unknown prop "mgu" (did you mean "mug"?)',
        ),
        (
            "frames: 4",
            'frames: 4\ncaptions: {before: "{bal} rolls"}',
            'unknown field {bal} (did you mean "ball"?)',
        ),
        ("at: [0.3, 0]", "at: [0.3]", "spec.yaml:11: bodies.box.at: must be [x, y] on the ground"),
        (
            "at: [0.3, 0]",
            "rests_on: bxo",
            'bodies.box.rests_on: there is no body "bxo" (did you mean "box"?)',
        ),
        ("at: [0.3, 0]", "rests_on: box", "bodies.box.rests_on: stands on itself"),
        (
            "at: [0.3, 0]",
            "velocity: {speed: 1}",
            "velocity: needs exactly one of a vector, heading_deg or toward",
        ),
        ("at: [0.3, 0]", "repeat: {line: {count: 2001, spacing: 1}}", "line.count: must be <= 500, got 2001"),
        ("at: [0.3, 0]", "repeat: {grid: {count: [30, 30], spacing: [1, 1]}}", "bodies: makes 901 bodies"),
        (
            "at: [0.3, 0]",
            "repeat: {scatter: {count: 9, size: [0.2, 0.2]}}",
            "bodies.box.repeat.scatter: only 0 of 9 fit in 0.2 x 0.2 m",
        ),
    ],
)
def test_a_fault_names_the_line_the_path_and_the_cure(old: str, new: str, message: str) -> None:
    assert message in fault_of(changed(old, new))


@pytest.mark.parametrize(
    "distribution",
    [
        "uniform: [-0.001, 9000]",
        "normal: [100, 33.4]",
        "choice: [1, 2, 0]",
        "uniform: [{choice: [1, -1]}, 9000]",
    ],
)
def test_an_impossible_end_of_a_distribution_is_found_before_anything_is_drawn(distribution: str) -> None:
    with pytest.raises(SpecError, match=r"spec.yaml:8: bodies.ball.density: must be > 0, got .* \(from "):
        load_text(changed("density: 1000", f"density: {{{distribution}}}"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "spec.yaml:1: is empty"),
        ("- a\n- b\n", "must be a mapping at the top"),
        ("{uniform: [1, 2]}", "not a distribution"),
        ("a: [1, 2\nb: 3", "is not YAML"),
        ("a: \x01", "character"),
        ("[" * 5000, "nested more than"),
        ("a: " + "{b: " * 200, "nested more than"),
        (GOOD + "---\n" + GOOD, "second document"),
        ("a: [" + "1, " * 30000 + "1]", "more than 20000 parts"),
    ],
)
def test_what_is_no_spec_at_all_is_refused_in_one_line(text: str, message: str) -> None:
    said = fault_of(text)
    assert message in said
    assert len(said.splitlines()) == 1


def test_every_fault_is_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        changed("density: 1000", "density: -1").replace("size: 64x48", "size: 63x48").replace("0.3, 0", "0.3")
    )
    lines = [int(re.match(r"spec.yaml:(\d+):", line)[1]) for line in fault_of(text).splitlines()]  # type: ignore[index]
    assert lines == [3, 8, 11]


def test_files_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    binary = tmp_path / "x.yaml"
    binary.write_bytes(b"name: a\n\xff\xfe\x00")
    for path, message in [
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "is a folder"),
        (binary, ":2: is not UTF-8"),
    ]:
        with pytest.raises(SpecError, match=message):
            load_spec(path)


CUBE = "".join(f"v {x} {y} {z}\n" for x in (0, 1) for y in (0, 1) for z in (0, 1)) + "".join(
    f"f {a} {b} {c}\n"
    for a, b, c in [
        (1, 2, 4), (1, 4, 3), (5, 7, 8), (5, 8, 6), (1, 5, 6), (1, 6, 2),
        (3, 4, 8), (3, 8, 7), (1, 3, 7), (1, 7, 5), (2, 6, 8), (2, 8, 4),
    ]
)  # fmt: skip


def mesh_spec(file: str) -> str:
    return changed("{sphere: {radius: 0.02}}", f'{{mesh: {{file: "{file}", scale: 0.1}}}}')


def test_a_mesh_weighs_what_its_volume_says_and_stands_on_the_ground(tmp_path: Path) -> None:
    (tmp_path / "cube.obj").write_text(CUBE)
    body = resolve(load_text(mesh_spec("cube.obj"), folder=tmp_path), 0).bodies[0]
    assert body.mass == pytest.approx(0.1**3 * 1000)
    assert body.position[2] == pytest.approx(0.0)


def test_a_mesh_path_cannot_leave_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "specs"
    inside.mkdir()
    (tmp_path / "cube.obj").write_text(CUBE)
    (inside / "link.obj").symlink_to(tmp_path / "cube.obj")
    (inside / "loop.obj").symlink_to(inside / "loop.obj")
    (inside / "notes.txt").write_text("x")
    (inside / "broken.obj").write_text("v nan 0 0\nf 1 1 1\n")
    for file, message in [
        ("../cube.obj", "must lie inside the spec's folder"),
        (str(tmp_path / "cube.obj"), "must lie inside the spec's folder"),
        ("link.obj", "leads out of the spec's folder through a link"),
        ("loop.obj", "bodies.ball.shape.mesh.file"),
        ("assets:../../etc/passwd", "must lie inside the assets folder"),
        ("none.obj", "is not there: none.obj"),
        ("notes.txt", "must be one of .obj"),
        ("broken.obj", "bodies.ball.shape.mesh.file: "),
    ]:
        said = fault_of(mesh_spec(file), inside)
        assert said.startswith("spec.yaml:6: bodies.ball.shape.mesh.file: "), said
        assert message in said


def test_a_stored_scene_reads_back_and_a_tampered_one_does_not(tmp_path: Path) -> None:
    scene = resolve(load_text(GOOD), 3)
    bare, stored = tmp_path / "scene.json", tmp_path / "metadata.json"
    bare.write_text(scene.model_dump_json())
    stored.write_text(json.dumps({"scene": json.loads(scene.model_dump_json()), "seed": 3}))
    assert load_scene(bare) == load_scene(stored) == scene
    data = json.loads(bare.read_text())
    for change, message in [
        (lambda d: d["bodies"][0].update(name="box"), "two bodies are called box"),
        (lambda d: d["bodies"][0].update(mass=-1), "bodies.0.mass: must be >= 0, got -1"),
        (lambda d: d["bodies"][0].update(orientation=[0, 0, 0, 2]), "unit quaternion"),
        (lambda d: d["interventions"][0].update(remove=["cat"]), "removes cat, which is not a body"),
        (lambda d: d["camera"]["poses"].pop(), "3 poses for 4 frames"),
        (lambda d: d.pop("room"), "room: is missing"),
        (lambda d: d.update(fps=1e30), "is not a multiple of 1e+30 fps"),
        (lambda d: d["physics"].update(settle=5000), "physics.settle: must be <= 60, got 5000"),
        (lambda d: d["bodies"][0].update(name="a/b"), "may hold letters, digits and _ . + -"),
        (lambda d: d["bodies"][0].update(mass="heavy"), 'bodies.0.mass: must be a number, got "heavy"'),
    ]:
        broken = json.loads(json.dumps(data))
        change(broken)
        bare.write_text(json.dumps(broken))
        with pytest.raises(SpecError, match=re.escape(message)):
            load_scene(bare)


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys; from generator.scene.load import load_spec; load_spec('scenes/dominoes.yaml');"
        "print([m for m in ('numpy', 'scipy', 'bpy', 'pybullet', 'torch', 'trimesh') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
