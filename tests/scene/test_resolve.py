"""Resolving: the same scene for ever; things stand, fit, and are told truly."""

from __future__ import annotations

import hashlib
import itertools
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.errors import SpecError
from generator.scene import measures, space
from generator.scene.load import load_spec, load_text
from generator.scene.props import PROPS, radius
from generator.scene.resolve import resolve
from generator.scene.scene import Scene
from generator.scene.supports import supports

ROOT = Path(__file__).parents[2]
SCENES = sorted((ROOT / "scenes").glob("*.yaml"))
UP = (0.0, 0.0, 1.0)


class Plain(yaml.SafeDumper):
    """Writes a thing out again where Python shares it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def made(spec: dict[str, Any], seed: int = 0, **options: Any) -> Scene:
    whole = {
        "frames": 3,
        "size": "64x48",
        "bodies": {"a": {"shape": {"sphere": {"radius": 0.02}}}},
        "remove": "a",
    }
    return resolve(load_text(yaml.dump({**whole, **spec}, Dumper=Plain, sort_keys=False)), seed, **options)


def box(**more: Any) -> dict[str, Any]:
    return {"shape": {"box": {"size": [0.04, 0.02, 0.06]}}, **more}


def lowest(scene: Scene, name: str) -> float:
    body = scene.body(name)
    return body.position[2] - measures.extent(body.shape, body.orientation, (0.0, 0.0, -1.0))


@pytest.mark.parametrize("path", SCENES, ids=lambda p: p.stem)
def test_each_scene_resolves_for_many_seeds_and_survives_json(path: Path) -> None:
    spec = load_spec(path)
    scenes = [resolve(spec, seed) for seed in range(15)]
    for scene in scenes:
        assert Scene.model_validate_json(scene.model_dump_json()) == scene
        assert (scene.frames, scene.fps, scene.size) == (60, 24, (672, 384))
        for body in scene.bodies:
            assert lowest(scene, body.name) > -1e-9, body.name
    assert len({scene.model_dump_json() for scene in scenes}) == 15
    assert len(path.read_text().splitlines()) < 90


def test_a_scene_is_the_same_in_another_process() -> None:
    code = (
        "import hashlib, sys\n"
        "from generator.scene.load import load_spec\n"
        "from generator.scene.resolve import resolve\n"
        "for path in sys.argv[1:]:\n"
        "    scene = resolve(load_spec(path), 11)\n"
        "    print(hashlib.sha256(scene.model_dump_json().encode()).hexdigest())"
    )
    paths = [str(path) for path in SCENES]
    environment = {"PYTHONHASHSEED": "77", "PATH": "/usr/bin"}
    told = subprocess.run(
        [sys.executable, "-c", code, *paths],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    here = [hashlib.sha256(resolve(load_spec(p), 11).model_dump_json().encode()).hexdigest() for p in SCENES]
    assert told.stdout.split() == here


def test_adding_a_lamp_a_prop_or_a_body_moves_nothing_else() -> None:
    text = (ROOT / "scenes" / "dominoes.yaml").read_text()
    spec = yaml.safe_load(text)
    before = resolve(load_text(text), 5)
    spec["lights"] = [{"point": {"position": [0, 0, {"uniform": [1, 2]}], "power": {"uniform": [1, 5]}}}]
    spec["bodies"] = {"extra": {**box(), "at": [{"uniform": [0.5, 0.6]}, -0.2]}, **spec["bodies"]}
    spec["room"]["tabletop"]["clutter"].append("bowl")
    after = resolve(load_text(yaml.safe_dump(spec, sort_keys=False)), 5)
    assert after.bodies[1:] == before.bodies
    assert after.camera == before.camera
    assert after.room.surface == before.room.surface
    assert [p.seed for p in after.room.props[:4]] == [p.seed for p in before.room.props]


def test_another_attempt_is_another_draw() -> None:
    spec = load_spec(SCENES[0])
    assert resolve(spec, 1).bodies != resolve(spec, 1, attempt=1).bodies


def test_options_replace_what_the_spec_says() -> None:
    scene = made({}, frames=9, fps=30, size=(32, 16))
    assert (scene.frames, scene.fps, scene.size, len(scene.camera.poses)) == (9, 30, (32, 16), 9)
    assert scene.physics.rate % 30 == 0
    with pytest.raises(SpecError, match="even"):
        made({}, size=(33, 16))


# --- bodies ----------------------------------------------------------------------------------------


def test_mass_is_density_times_exact_volume() -> None:
    shapes: dict[str, tuple[dict[str, Any], float]] = {
        "box": ({"size": [0.1, 0.2, 0.3]}, 0.006),
        "sphere": ({"radius": 0.1}, 4 / 3 * math.pi * 1e-3),
        "cylinder": ({"radius": 0.1, "height": 0.2}, math.pi * 2e-3),
        "capsule": ({"radius": 0.1, "height": 0.3}, math.pi * 1e-3 + 4 / 3 * math.pi * 1e-3),
        "cone": ({"radius": 0.1, "height": 0.3}, math.pi * 1e-3),
    }
    for kind, (size, volume) in shapes.items():
        scene = made({"bodies": {"a": {"shape": {kind: size}, "density": 500}}})
        assert scene.bodies[0].mass == pytest.approx(500 * volume), kind
        assert made({"bodies": {"a": {"shape": {kind: size}, "mass": 2}}}).bodies[0].mass == 2
    assert made({"bodies": {"a": box(material="steel")}}).bodies[0].mass == pytest.approx(4.8e-5 * 7800)


@pytest.mark.parametrize("kind", ["box", "sphere", "cylinder", "capsule", "cone", "compound"])
def test_whatever_is_turned_stands_on_the_ground(kind: str) -> None:
    size: dict[str, Any] = {"box": {"size": [0.1, 0.2, 0.3]}, "sphere": {"radius": 0.1}}.get(
        kind, {"radius": 0.05, "height": 0.3}
    )
    if kind == "compound":
        cube = {"shape": {"box": {"size": [0.1, 0.1, 0.1]}}, "at": [0, 0, 0.2]}
        cone = {"shape": {"cone": {"radius": 0.1, "height": 0.1}}, "rotate_deg": [40, 0, 0]}
        size = {"parts": [cube, cone]}
    scene = made({"bodies": {"a": {"shape": {kind: size}, "rotate_deg": [25, -70, 10], "yaw_deg": 33}}})
    assert lowest(scene, "a") == pytest.approx(0, abs=1e-12)
    # Against points of the surface, found another way.
    body = scene.bodies[0]
    if kind == "box":
        corners = [(x, y, z) for x in (-0.05, 0.05) for y in (-0.1, 0.1) for z in (-0.15, 0.15)]
        heights = [space.rotate(body.orientation, corner)[2] + body.position[2] for corner in corners]
        assert min(heights) == pytest.approx(0, abs=1e-12)
    if kind in ("cylinder", "cone"):
        rim = [(0.05 * math.cos(a / 500), 0.05 * math.sin(a / 500)) for a in range(3142)]
        points = [(x, y, -0.15) for x, y in rim] + (
            [(0, 0, 0.15)] if kind == "cone" else [(x, y, 0.15) for x, y in rim]
        )
        heights = [space.rotate(body.orientation, point)[2] + body.position[2] for point in points]
        assert min(heights) == pytest.approx(0, abs=1e-5)


def test_a_ball_rests_on_a_tilted_plank() -> None:
    plank = {"shape": {"box": {"size": [0.4, 0.1, 0.01]}}, "motion": "static", "rotate_deg": [0, 20, 0]}
    ball = {"shape": {"sphere": {"radius": 0.02}}, "rests_on": "plank", "at": [-0.15, 0.01]}
    scene = made({"bodies": {"a": ball, "plank": plank}})
    below = scene.body("plank")
    local = space.rotate(
        space.conjugate(below.orientation), space.subtract(scene.body("a").position, below.position)
    )
    assert local == pytest.approx((-0.15, 0.01, 0.025))
    assert scene.body("a").position[2] > 0.08


def test_a_row_is_evenly_spaced_and_faces_along_itself() -> None:
    line = {"count": 9, "spacing": 0.05, "from": [0.1, 0.2], "direction_deg": 30, "turn_deg": 60}
    bodies = made({"bodies": {"a": box(repeat={"line": line})}, "remove": "a.0"}).bodies
    assert bodies[0].position[:2] == pytest.approx((0.1, 0.2))
    steps = [space.subtract(b.position, a.position) for a, b in itertools.pairwise(bodies)]
    assert [space.norm(step) for step in steps] == pytest.approx([0.05] * 8)
    headings = [math.degrees(2 * math.atan2(b.orientation[2], b.orientation[3])) for b in bodies]
    assert (headings[0], headings[-1]) == pytest.approx((30, 90))
    for i, step in enumerate(steps):
        assert math.degrees(math.atan2(step[1], step[0])) == pytest.approx(
            (headings[i] + headings[i + 1]) / 2
        )


def test_layouts_put_copies_where_they_say() -> None:
    def places(repeat: dict[str, Any]) -> list[tuple[float, ...]]:
        found = made({"bodies": {"a": box(repeat=repeat)}, "remove": "a.0"}).bodies
        return [tuple(round(c, 9) for c in body.position) for body in found]

    to = places({"line": {"count": 3, "from": [0, 0], "to": [1, 0]}})
    assert to == [(0, 0, 0.03), (0.5, 0, 0.03), (1, 0, 0.03)]
    arc = places({"arc": {"count": 4, "radius": 1}})
    assert arc == [(1, 0, 0.03), (0, 1, 0.03), (-1, 0, 0.03), (0, -1, 0.03)]
    grid = places({"grid": {"count": [2, 2], "spacing": [0.2, 0.4]}})
    assert grid == [(-0.1, -0.2, 0.03), (0.1, -0.2, 0.03), (-0.1, 0.2, 0.03), (0.1, 0.2, 0.03)]
    rack = places({"triangle": {"rows": 3, "spacing": 0.1}})
    assert len(rack) == 6
    nearest = [min(math.dist(p, q) for q in rack if q != p) for p in rack]
    assert nearest == pytest.approx([0.1] * 6)
    column = places({"stack": {"layers": 3}})
    assert column == [(0, 0, 0.03), (0, 0, 0.09), (0, 0, 0.15)]
    crossing = places({"stack": {"pattern": "crossing", "layers": 2, "across": 2, "gap": 0.001, "skip": [1]}})
    assert crossing == [(0, -0.0105, 0.03), (-0.0105, 0, 0.09), (0.0105, 0, 0.09)]
    pyramid = places({"stack": {"pattern": "pyramid", "layers": 9, "across": 3}})
    assert [z for _, _, z in pyramid] == [0.03] * 3 + [0.09] * 2 + [0.15]


def test_a_heap_fills_its_space_from_below_in_layers_over_gaps() -> None:
    ball = {"shape": {"sphere": {"radius": 0.01}}, "at": [0.5, 0, 0.3]}
    heap = {"heap": {"count": 25, "size": [0.065, 0.065], "gap": 0.001, "center": [0.1, 0]}}
    bodies = made({"bodies": {"a": {**ball, "repeat": heap}}, "remove": "a.0"}).bodies
    heights = [round(body.position[2], 6) for body in bodies]
    assert heights == [0.3] * 9 + [0.321] * 4 + [0.342] * 9 + [0.363] * 3
    assert all(abs(body.position[0] - 0.6) < 0.0225 + 1e-9 for body in bodies)
    pairs = itertools.combinations(bodies, 2)
    assert min(math.dist(p.position, q.position) for p, q in pairs) > 0.0209
    narrow = {"heap": {"count": 3, "size": [0.01, 0.1]}}
    with pytest.raises(SpecError, match="size is too small for one of them"):
        made({"bodies": {"a": {**ball, "repeat": narrow}}, "remove": "a.0"})


def test_copies_keep_their_numbers_when_one_is_skipped() -> None:
    stack = {"pattern": "column", "layers": 4, "skip": [1]}
    scene = made({"bodies": {"a": box(repeat={"stack": stack})}, "remove": "a.-1"})
    assert [b.name for b in scene.bodies] == ["a.0", "a.2", "a.3"]
    assert scene.interventions[0].remove == ("a.3",)


@pytest.mark.parametrize("seed", range(6))
def test_scattered_things_overlap_nothing(seed: int) -> None:
    scatter = {"scatter": {"count": 30, "size": [0.6, 0.6], "gap": 0.001}}
    small = {"shape": {"box": {"size": [{"uniform": [0.02, 0.05]}, 0.03, 0.02]}}, "repeat": scatter}
    scene = made({"bodies": {"s": small, "post": box(at=[0.05, 0.02])}, "remove": "post"}, seed)
    assert len(scene.bodies) == 31
    circles = []
    for body in scene.bodies:
        _, high = measures.bounds(body.shape)
        circles.append((body.position, math.hypot(high[0], high[1])))
    for i, (p, r) in enumerate(circles):
        for q, s in circles[:i]:
            assert math.dist(p[:2], q[:2]) >= r + s + 0.001 - 1e-9


def test_jitter_is_small_and_seeded() -> None:
    repeat = {"line": {"count": 40, "spacing": 0.1}, "jitter": {"position": 0.001, "yaw_deg": 1}}
    bodies = made({"bodies": {"a": box(repeat=repeat)}, "remove": "a.0"}, 4).bodies
    off = [body.position[0] - 0.1 * i for i, body in enumerate(bodies)]
    assert 0.0005 < math.sqrt(sum(x * x for x in off) / 40) < 0.0015
    assert max(map(abs, off)) <= 0.002 + 1e-12


def test_an_aimed_ball_meets_its_target_and_sends_it_on() -> None:
    ball = {"shape": {"sphere": {"radius": 0.03}}}
    cue = {
        **ball,
        "at": [-0.5, 0.1],
        "velocity": {"toward": "red", "onto": "black", "speed": 2, "rolling": True},
    }
    scene = made({"bodies": {"a": cue, "red": {**ball}, "black": {**ball, "at": [0.3, 0.15]}}})
    start, velocity = scene.body("a").position, scene.body("a").velocity
    assert space.norm(velocity) == pytest.approx(2)
    # Where the cue's middle is when the two first touch:
    red = scene.body("red").position
    along = space.unit(velocity)
    gap = space.subtract(start, red)
    p = space.dot(gap, along)
    touch = -p - math.sqrt(p * p - (space.dot(gap, gap) - 0.06**2))
    contact = space.add(start, space.scale(along, touch))
    push = space.unit(space.subtract(red, contact))
    goal = space.unit(space.subtract(scene.body("black").position, red))
    assert space.dot(push, goal) == pytest.approx(1)
    spin = scene.body("a").spin
    assert space.add(velocity, space.cross(spin, (0, 0, -0.03))) == pytest.approx((0, 0, 0))  # no slip


def test_fine_and_bouncy_things_get_a_finer_step() -> None:
    assert made({}).physics.rate == 480
    assert made({"fps": 50}).physics.rate == 500
    assert made({"bodies": {"a": box(restitution=0.8)}}).physics.rate == 960
    assert made({"physics": {"rate": 2400}}).physics.rate == 2400
    with pytest.raises(SpecError, match="multiple of fps"):
        made({"physics": {"rate": 1000}})


# --- camera and room ------------------------------------------------------------------------------


def pixels(scene: Scene, name: str, frame: int = 0) -> list[tuple[float, float]]:
    """Outline of the body's bounding sphere on the picture, in shares of its width and height."""
    pose, body = scene.camera.poses[frame], scene.body(name)
    local = space.rotate(space.conjugate(pose.orientation), space.subtract(body.position, pose.position))
    r = measures.radius(body.shape)
    half = scene.camera.sensor / (2 * pose.lens)
    found = []
    for axis, scale in ((0, half), (1, half * scene.size[1] / scene.size[0])):
        d, x = -local[2], local[axis]
        middle, spread = math.atan2(x, d), math.asin(r / math.hypot(x, d))
        found += [math.tan(middle - spread) / scale, math.tan(middle + spread) / scale]
    return [(found[0], found[2]), (found[1], found[3])]


@pytest.mark.parametrize("azimuth", [-90, 20, 160])
@pytest.mark.parametrize("lens", [24, 85])
def test_framing_fills_the_picture_up_to_the_margin(azimuth: float, lens: float) -> None:
    bodies = {"a": box(), "b": box(at=[0.4, 0.1]), "c": box(at=[0.1, -0.3])}
    camera = {"azimuth_deg": azimuth, "elevation_deg": 25, "lens": lens, "margin": 1.25}
    scene = made({"bodies": bodies, "camera": camera})
    corners = [corner for name in "abc" for corner in pixels(scene, name)]
    widest = max(abs(x) for x, _ in corners), max(abs(y) for _, y in corners)
    assert max(widest) == pytest.approx(1 / 1.25, abs=1e-9)


@pytest.mark.parametrize("kind", ["static", "orbit", "dolly", "slide", "pan", "zoom", "handheld"])
def test_each_camera_motion_is_smooth_and_keeps_the_subject_in_the_picture(kind: str) -> None:
    camera = {"motion": kind, "margin": 1.6, "focus": "a"}
    scene = made(
        {"frames": 49, "fps": 24, "camera": camera, "bodies": {"a": box(), "b": box(at=[0.2, 0])}}, 3
    )
    poses = scene.camera.poses
    assert scene.camera.motion == kind
    changes = len({(p.position, p.orientation, p.lens) for p in poses})
    assert changes == (1 if kind == "static" else 49)
    for frame in range(49):
        assert all(abs(c) < 1 for corner in pixels(scene, "a", frame) for c in corner)
    steps = [space.subtract(b.position, a.position) for a, b in itertools.pairwise(poses)]
    jolts = [space.norm(space.subtract(b, a)) for a, b in itertools.pairwise(steps)]
    assert max(jolts) < 0.0005
    focus = [space.dot(space.subtract(scene.body("a").position, p.position),
                       space.rotate(p.orientation, (0, 0, -1))) for p in poses]  # fmt: skip
    assert [p.focus for p in poses] == pytest.approx(focus)


def test_the_camera_is_upright_and_looks_where_it_is_told() -> None:
    scene = made({"camera": {"eye": [1, -2, 1.5], "look_at": "a", "lens": 30}})
    pose = scene.camera.poses[0]
    ahead = space.rotate(pose.orientation, (0, 0, -1))
    assert ahead == pytest.approx(space.unit(space.subtract(scene.body("a").position, (1, -2, 1.5))))
    assert space.rotate(pose.orientation, (1, 0, 0))[2] == pytest.approx(0)
    assert space.rotate(pose.orientation, (0, 1, 0))[2] > 0


@pytest.mark.parametrize("seed", range(8))
def test_props_stand_clear_of_the_action_of_each_other_and_of_the_view(seed: int) -> None:
    clutter = ["mug", "books", "tumbler", "pencil", "bowl"]
    bodies = {"a": box(velocity=[0.5, 0, 0]), "b": box(at=[0.3, 0.05])}
    scene = made({"bodies": bodies, "room": {"tabletop": {"clutter": clutter}}}, seed)
    top, props, eye = scene.room.supports[0], scene.room.props, scene.camera.poses[0].position
    assert [p.kind for p in props] == clutter
    for i, prop in enumerate(props):
        x, y, _ = prop.position
        assert abs(x - top.position[0]) + radius(prop) <= top.size[0] / 2 + 1e-9
        assert abs(y - top.position[1]) + radius(prop) <= top.size[1] / 2 + 1e-9
        for other in props[:i]:
            assert math.dist((x, y), other.position[:2]) > radius(prop) + radius(other)
        for body in scene.bodies:
            assert math.dist((x, y), body.position[:2]) > radius(prop) + 0.03
            # The segment from the eye to the body passes the prop by.
            dx, dy = body.position[0] - eye[0], body.position[1] - eye[1]
            share = ((x - eye[0]) * dx + (y - eye[1]) * dy) / (dx * dx + dy * dy)
            share = min(max(share, 0), 1)
            assert math.dist((x, y), (eye[0] + share * dx, eye[1] + share * dy)) > radius(prop)


@pytest.mark.parametrize(
    "kind", ["plain", "studio", "tabletop", "living", "yard", "kitchen", "night", "billiards"]
)
def test_every_room_has_its_ground_at_zero(kind: str) -> None:
    solids = supports(kind)
    assert solids[0].position[2] + solids[0].size[2] / 2 == pytest.approx(0)
    assert len({s.name for s in solids}) == len(solids)
    scene = made({"room": kind})
    assert scene.room.kind == kind
    assert scene.room.supports == supports(kind, seed=scene.room.seed)


def test_a_night_has_its_lamp_as_a_solid_prop_out_of_the_way() -> None:
    for seed in range(6):
        bodies = {"ball": {"shape": {"sphere": {"radius": 0.04}}, "at": [0.58, 0.36]}}
        scene = made({"room": "night", "bodies": bodies, "remove": "ball"}, seed=seed)
        (lamp,) = scene.room.props
        assert lamp.kind == "lamp"
        assert lamp.position[0] == pytest.approx(-0.58)
    unlit = made({"room": {"night": {"lit": False}}})
    assert unlit.room.props == ()
    own = made({"room": {"night": {"clutter": [{"prop": "lamp", "at": [0.3, 0.4]}]}}})
    assert [prop.kind for prop in own.room.props] == ["lamp"]


def test_every_prop_has_a_size_a_hand_could_check() -> None:
    for name, extent in PROPS.items():
        assert all(0.005 <= length <= 1.6 for length in extent[:3]), name


# --- what is taken away, and what is said ------------------------------------------------------------

ROW = {"repeat": {"line": {"count": 5, "spacing": 0.1}}}


@pytest.mark.parametrize(
    ("remove", "names", "taken"),
    [
        ("ball", ["ball"], [("ball",)]),
        (["ball", "d.1"], ["ball+d-1"], [("ball", "d.1")]),
        ("d", ["d"], [("d.0", "d.1", "d.2", "d.3", "d.4")]),
        ("d.-1", ["d-4"], [("d.4",)]),
        (
            {"each": ["ball", "d.0", ["d.1", "d.2"]]},
            ["ball", "d-0", "d-1+d-2"],
            [("ball",), ("d.0",), ("d.1", "d.2")],
        ),
        ({"each": "d"}, [f"d-{i}" for i in range(5)], [(f"d.{i}",) for i in range(5)]),
    ],
)
def test_remove_in_all_its_forms(remove: Any, names: list[str], taken: list[tuple[str, ...]]) -> None:
    bodies = {"ball": {"shape": {"sphere": {"radius": 0.02}}, "at": [-0.3, 0]}, "d": box(**ROW)}
    scene = made({"bodies": bodies, "remove": remove})
    assert [i.name for i in scene.interventions] == names
    assert [i.remove for i in scene.interventions] == taken


def test_random_removals_are_seeded_and_differ() -> None:
    for remove, sets, size in [
        ({"random": {"from": "d", "count": 2}}, 1, 2),
        ({"each": {"random": {"from": "d", "count": 3}}}, 3, 1),
    ]:
        found = [
            made({"bodies": {"d": box(**ROW)}, "remove": remove}, seed).interventions for seed in range(12)
        ]
        assert all(len(i) == sets and all(len(x.remove) == size for x in i) for i in found)
        assert len({tuple(x.remove for x in i) for i in found}) > 3


def test_captions_tell_what_was_drawn() -> None:
    ball = {
        "noun": "{color} ball",
        "shape": {"sphere": {"radius": 0.02}},
        "material": {"plastic": {"color": {"choice": ["#b5281c", "#234f9a"]}}},
    }
    row = {
        "noun": "domino",
        **box(repeat={"line": {"count": {"integer": [3, 4]}, "spacing": 0.1, "from": [0.2, 0]}}),
    }
    captions = {"before": "{a ball} meets {d.count} {d.plural} on {a room}.", "after": "{removed} is gone.",
                "setting": False}  # fmt: skip
    seen = set()
    for seed in range(20):
        scene = made({"bodies": {"ball": ball, "d": row}, "captions": captions, "room": "tabletop",
                      "remove": {"each": ["ball", "d.1", "d"]}}, seed)  # fmt: skip
        color = {"#b5281c": "red", "#234f9a": "blue"}[scene.body("ball").material.color or ""]
        count = {3: "three", 4: "four"}[len(scene.bodies) - 1]
        seen.add((color, count))
        assert scene.interventions[0].before == f"A {color} ball meets {count} dominoes on an oak table."
        said = [i.after for i in scene.interventions]
        assert said == [
            f"The {color} ball is gone.",
            "The second domino is gone.",
            f"All {count} dominoes is gone.",
        ]
    assert len(seen) == 4
