"""What may begin, what bodies are made of, what is filmed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from generator.errors import PhysicsError
from generator.physics import meshes
from generator.physics.engine import World
from generator.physics.motion import CONTACT, Motion
from generator.physics.poses import film_counterfactual, film_poses
from generator.physics.shapes import form
from generator.physics.simulate import simulate
from generator.scene.scene import Box, Compound, Cone, Impulse, Keyframe, Mesh, Placed, Sphere
from generator.scene.supports import SWEEP_BEND, supports
from tests.physics.worlds import body, cube, scene


def test_overlapping_bodies_are_refused_with_names_depth_and_cure() -> None:
    made = scene(cube("left", (0, 0, 0.05)), cube("right", (0.097, 0, 0.05)), cube("sunk", (1, 0, 0.045)))
    with pytest.raises(PhysicsError) as caught:
        simulate(made)
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    text = "\n".join(lines)
    assert "right" in text
    assert "left" in text
    assert "3.0 mm" in text
    assert "sunk and floor overlap by 5.0 mm" in text
    assert "move them apart" in text


def test_bodies_in_exact_contact_may_begin() -> None:
    simulate(scene(cube("a", (0, 0, 0.05)), cube("b", (0.1, 0, 0.05)), cube("c", (0, 0, 0.15)), seconds=0.1))


def test_a_part_of_a_compound_that_overlaps_is_found() -> None:
    flag = Compound(
        parts=(
            Placed(shape=Box(size=(0.02, 0.02, 0.4))),
            Placed(shape=Box(size=(0.2, 0.02, 0.1)), position=(0.11, 0, 0.15)),
        )
    )
    with pytest.raises(PhysicsError, match="flag"):
        simulate(scene(body("flag", flag, (0, 0, 0.2)), cube("box", (0.15, 0, 0.35))))


def test_a_rate_that_is_no_multiple_of_fps_is_refused() -> None:
    made = scene(cube("a", (0, 0, 0.05)))
    odd = made.model_copy(update={"physics": made.physics.model_copy(update={"rate": 500})})
    with pytest.raises(PhysicsError, match="whole multiple of fps"):
        simulate(odd)


def test_removing_a_body_that_is_not_there_is_refused() -> None:
    with pytest.raises(PhysicsError, match="ghost"):
        simulate(scene(cube("a", (0, 0, 0.05))), ["ghost"])


def test_a_body_driven_into_the_ground_is_named_with_the_time() -> None:
    still = (0.0, 0.0, 0.0, 1.0)
    keys = (
        Keyframe(time=0, position=(0, 0, 0.3), orientation=still),
        Keyframe(time=0.2, position=(0, 0, 0.02), orientation=still),
    )
    press = cube("press", (0, 0, 0.3), 0.2, motion="kinematic", path=keys)
    with pytest.raises(PhysicsError, match=r"box.*mm into each other at 0\.\d+ s"):
        simulate(scene(press, cube("box", (0, 0, 0.05)), seconds=0.5))


def test_launched_and_kicked_bodies_wait_while_the_rest_settles() -> None:
    made = scene(
        body("ball", Sphere(radius=0.05), (0, 0, 1), velocity=(1, 0, 0)),
        cube("kicked", (1, 0, 0.06), impulses=(Impulse(time=0.5, vector=(1, 0, 0)),)),
        cube("loose", (2, 0, 0.06)),
        seconds=0.2,
        settle=0.3,
    )
    motion = simulate(made)
    assert tuple(motion.positions[0, 0]) == (0, 0, 1)
    assert tuple(motion.velocities[0, 0]) == (1, 0, 0)
    assert motion.positions[0, 1, 2] == 0.06
    assert motion.positions[0, 2, 2] == pytest.approx(0.05, abs=1e-4)


# --- mass properties ------------------------------------------------------------------------------


def test_a_compound_of_two_halves_weighs_and_turns_like_the_whole() -> None:
    whole = form(Box(size=(0.2, 0.1, 0.06)))
    half = Box(size=(0.1, 0.1, 0.06))
    halves = form(
        Compound(
            parts=(Placed(shape=half, position=(0.05, 0, 0)), Placed(shape=half, position=(-0.05, 0, 0)))
        )
    )
    assert halves.volume == pytest.approx(whole.volume)
    assert halves.inertia == pytest.approx(whole.inertia)
    assert halves.centred


def test_a_lopsided_compound_turns_about_its_centre_of_mass_in_flight() -> None:
    """A hammer: the centre of mass flies the parabola, the handle's frame circles it."""
    hammer = Compound(
        parts=(
            Placed(shape=Box(size=(0.3, 0.02, 0.02))),
            Placed(shape=Box(size=(0.04, 0.1, 0.04)), position=(0.17, 0.02, 0)),
        )
    )
    shaped = form(hammer)
    assert not shaped.centred
    motion = simulate(
        scene(body("hammer", hammer, (0, 0, 3), spin=(0, 0, 9)), seconds=0.5, gravity=(0, 0, 0))
    )
    centre = np.array(shaped.centre)
    start = motion.positions[0, 0] + centre
    for frame in range(motion.frames):
        angle = 9 * frame / 24
        turn = np.array(
            [[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]]
        )
        drift = np.cross((0, 0, 9), centre) * frame / 24
        expected = start + drift - turn @ centre
        assert motion.positions[frame, 0] == pytest.approx(expected, abs=2e-3)


def test_the_pieces_of_a_turned_compound_stand_where_the_scene_puts_them() -> None:
    tilted = (0.0, math.sin(0.3), 0.0, math.cos(0.3))
    shape = Compound(
        parts=(
            Placed(shape=Box(size=(0.3, 0.02, 0.02)), orientation=tilted, position=(0.1, 0, 0)),
            Placed(shape=Cone(radius=0.03, height=0.1), position=(0, 0.2, 0)),
        )
    )
    thing = body("thing", shape, (0, 0, 1))
    probe = (0.1 + 0.15 * math.cos(0.6), 0.0, 1 - 0.15 * math.sin(0.6))
    with World(scene(thing, body("probe", Sphere(radius=0.005), probe), gravity=(0, 0, 0))) as world:
        near = world.client.getClosestPoints(world.actors[0].ids[0], world.actors[1].ids[0], 0.2)
        assert min(point[8] for point in near) == pytest.approx(-0.005, abs=1e-3)


@pytest.fixture(scope="module")
def cup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mesh]:
    """An open cup, 10 cm wide and high with walls of 1 cm, its foot at z = 0."""
    import trimesh

    folder = tmp_path_factory.mktemp("cup")
    profile = [(0, 0), (0.05, 0), (0.05, 0.1), (0.04, 0.1), (0.04, 0.01), (0, 0.01)]
    made = trimesh.creation.revolve(profile, sections=24)
    path = folder / "cup.obj"
    made.export(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield Mesh(file=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_ball_dropped_into_a_cup_stays_inside(cup: Mesh) -> None:
    ball = body("ball", Sphere(radius=0.02), (0.005, 0, 0.2), mass=0.05, rolling_friction=0.001)
    motion = simulate(scene(body("cup", cup, (0, 0, 0), mass=0.3), ball, seconds=1.5))
    place = motion.positions[-1, 1]
    assert place[2] == pytest.approx(0.03, abs=2.5e-3)
    assert math.hypot(place[0], place[1]) < 0.025
    assert abs(motion.positions[-1, 0, 2]) < 0.3e-3
    shaped = form(cup)
    assert shaped.volume == pytest.approx(math.pi * (0.05**2 * 0.1 - 0.04**2 * 0.09), rel=0.03)


def test_convex_parts_come_from_the_cache_the_second_time(cup: Mesh, monkeypatch: pytest.MonkeyPatch) -> None:
    first = meshes.convex_parts(cup)[0]
    monkeypatch.setattr(meshes, "decompose", lambda solid: pytest.fail("decomposed again"))
    second = meshes.convex_parts(cup)[0]
    assert [part.tobytes() for part in first] == [part.tobytes() for part in second]


def in_room(
    kind: str, at: tuple[float, float, float], velocity: tuple[float, float, float]
) -> NDArray[np.float64]:
    """(T, 3): where a ball of 6 cm goes in a room that is dressed as usual."""
    ball = body("ball", Sphere(radius=0.03), at, velocity=velocity, mass=0.1)
    return simulate(scene(ball, seconds=1.5, supports=supports(kind, seed=3))).positions[:, 0]


def test_a_studios_paper_carries_a_ball_up_its_bend() -> None:
    path = in_room("studio", (0, 0.7, 0.03), (0, 2.5, 0))
    bend = (1.7 - SWEEP_BEND, SWEEP_BEND)
    outside = np.hypot(path[:, 1] - bend[0], path[:, 2] - bend[1]) + 0.03 - SWEEP_BEND
    assert path[:, 2].max() > 0.2
    assert outside[path[:, 1] > bend[0]].max() < 2e-3, "never through the paper"


@pytest.mark.parametrize(
    ("kind", "at", "velocity", "axis", "end"),
    [
        (
            "kitchen",
            (-1.2, -0.1, 0.03),
            (-3, 0, 0),
            0,
            -1.55,
        ),  # off the counter, against the wall on the left
        ("living", (-0.55, 0.9, 0.2), (0, 3, 0), 1, 1.34),  # onto the sofa's front
    ],
)
def test_a_ball_stops_at_what_is_drawn(
    kind: str, at: tuple[float, float, float], velocity: tuple[float, float, float], axis: int, end: float
) -> None:
    way = math.copysign(1.0, end)
    reached = (in_room(kind, at, velocity)[:, axis] * way).max()
    assert way * end - 0.1 < reached < way * end


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"not an archive"])
def test_a_damaged_cache_is_made_again(cup: Mesh, damage: bytes) -> None:
    first = meshes._cached(cup, meshes.load(cup))
    for file in meshes.cache_folder().glob("*.npz"):
        file.write_bytes(damage)
    again = meshes._cached(cup, meshes.load(cup))
    assert [part.tolist() for part in again] == [part.tolist() for part in first]


def test_an_unreadable_mesh_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.obj"
    path.write_text("not a mesh")
    with pytest.raises(PhysicsError, match=r"broken\.obj"):
        meshes.convex_parts(Mesh(file=str(path), sha256="0" * 64))


# --- film poses -----------------------------------------------------------------------------------


def motion_of(positions: np.ndarray, present: bool = True) -> Motion:
    frames = len(positions)
    turn = np.zeros((frames, 1, 4))
    turn[..., 3] = 1
    still = np.zeros((frames, 1, 3))
    return Motion(
        names=("a",),
        present=np.full((frames, 1), present),
        positions=positions.reshape(frames, 1, 3),
        orientations=turn,
        velocities=still,
        spins=still,
        contacts=np.zeros(0, CONTACT),
        steps_per_frame=20,
    )


def along_x(*millimetres: float) -> np.ndarray:
    return np.array([[x * 1e-3, 0.0, 0.0] for x in millimetres])


def test_rest_jitter_never_reaches_the_film() -> None:
    held = film_poses(motion_of(along_x(0, 0.02, -0.03, 0.04, 0.06, 0.07, 5)))[:, 0, 0] * 1e3
    assert held == pytest.approx([0, 0, 0, 0, 0.06, 0.06, 5])


def test_what_is_not_moved_is_filmed_from_the_same_bits() -> None:
    made = scene(cube("a", (0, 0, 0.05)))
    factual, other = motion_of(along_x(0, 1, 2, 3)), motion_of(along_x(0, 1.3, 2.6, 3.2))
    filmed = film_counterfactual(made, factual, other)
    poses, moved = filmed.poses, filmed.moved
    assert moved[:, 0].tolist() == [False, False, True, False]
    before = film_poses(factual)
    assert poses[[0, 1, 3]].tobytes() == before[[0, 1, 3]].tobytes()
    assert poses[2, 0, 0] == pytest.approx(2.6e-3)


def test_a_removed_body_has_no_pose_and_is_not_moved() -> None:
    made = scene(cube("a", (0, 0, 0.05)))
    gone = motion_of(np.full((3, 3), np.nan), present=False)
    filmed = film_counterfactual(made, motion_of(along_x(0, 1, 2)), gone)
    poses, moved = filmed.poses, filmed.moved
    assert np.isnan(poses[..., :3]).all()
    assert not moved.any()
