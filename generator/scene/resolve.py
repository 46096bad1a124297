"""Resolving: a loaded spec and a seed to one scene, every number drawn, every place known."""

from __future__ import annotations

import math
from typing import Any

from pydantic import ValidationError

from generator.errors import SpecError
from generator.mechanisms.base import named, written_out
from generator.mechanisms.registry import MechanismSpec
from generator.scene import captions, measures
from generator.scene.cameras import CameraSpec
from generator.scene.captions import plural
from generator.scene.distributions import Dice
from generator.scene.dressing import dress, night_lamp
from generator.scene.fields import SpecModel
from generator.scene.filming import film, resting
from generator.scene.interventions import targets, title
from generator.scene.lights import LightSpec, resolve_light
from generator.scene.load import LoadedSpec
from generator.scene.materials import ADJECTIVE, MaterialSpec
from generator.scene.placing import Faults, Workshop, validated
from generator.scene.rooms import NOUNS, SURFACES, TOPS, WALLS, RoomSpec
from generator.scene.scene import Accept, Body, Camera, Film, Intervention, Material, Physics, Room, Scene
from generator.scene.setting import describe
from generator.scene.source import Fault, suggest
from generator.scene.spec import (
    MAX_FRAMES,
    AcceptSpec,
    CaptionsSpec,
    FilmSpec,
    PhysicsSpec,
    SceneSpec,
    parse_size,
)
from generator.scene.supports import supports
from generator.scene.validate import as_faults

USUAL_RATE, FINE_RATE = 480, 960


def resolve(
    spec: LoadedSpec,
    seed: int,
    attempt: int = 0,
    frames: int | None = None,
    fps: int | None = None,
    size: tuple[int, int] | None = None,
) -> Scene:
    """The scene that `spec` means for `seed`; the same for ever, in any process.

    `attempt` is another draw of the same seed. `frames`, `fps` and `size` (width, height) replace
    what the spec says. Raises SpecError with the file and line of each fault.
    """
    if seed < 0 or attempt < 0:
        raise SpecError(f"{spec.path}: seed and attempt must be >= 0, got {seed} and {attempt}")
    try:
        return _Resolver(spec, Dice(seed, attempt), frames, fps, size).scene()
    except Fault as fault:
        raise spec.error([fault]) from None
    except Faults as several:
        raise spec.error(several.faults) from None
    except ValidationError as error:
        raise spec.error(as_faults(error, Scene)) from None


class _Resolver:
    def __init__(
        self,
        loaded: LoadedSpec,
        dice: Dice,
        frames: int | None,
        fps: int | None,
        size: tuple[int, int] | None,
    ) -> None:
        self.loaded, self.dice = loaded, dice
        self.fields = SceneSpec.model_fields
        head = {key: self.drawn(key) for key in ("frames", "fps", "size")}
        self.frames = int(head["frames"] if frames is None else frames)
        self.fps = int(head["fps"] if fps is None else fps)
        if not 1 <= self.frames <= MAX_FRAMES:
            raise Fault(("frames",), f"must be from 1 to {MAX_FRAMES}, got {self.frames}")
        if not 1 <= self.fps <= 240:
            raise Fault(("fps",), f"must be from 1 to 240, got {self.fps}")
        try:
            self.size = parse_size(head["size"] if size is None else f"{size[0]}x{size[1]}")
        except ValueError as error:
            raise Fault(("size",), str(error)) from None

    def drawn(self, key: str) -> Any:
        """A top-level value of the spec, drawn; the default where the spec is silent."""
        if key not in self.loaded.tree:
            return getattr(self.loaded.spec, key)
        return self.dice.draw(self.loaded.tree[key], (key,))

    def section(self, key: str, model: type[SpecModel]) -> Any:
        value = self.drawn(key)
        return value if isinstance(value, SpecModel) else validated(model, value, (key,))

    def scene(self) -> Scene:
        bodies_tree = self.loaded.tree["bodies"]
        if not isinstance(bodies_tree, dict):
            bodies_tree = self.drawn("bodies")
        workshop = Workshop({**self.loaded.tree, "bodies": bodies_tree}, self.dice, self.loaded.folder)
        bodies = self.in_tree(workshop).place()
        camera_spec: CameraSpec = self.section("camera", CameraSpec)
        view = resting(camera_spec, bodies, self.size[1] / self.size[0])
        room = self.room(workshop, bodies, view)
        camera = film(camera_spec, view, bodies, self.frames, self.fps, self.dice.stream("camera.shake"))
        return Scene(
            name=self.loaded.name,
            seed=self.dice.seed,
            attempt=self.dice.attempt,
            frames=self.frames,
            fps=float(self.fps),
            size=self.size,
            physics=self.physics(bodies),
            bodies=bodies,
            room=room,
            lights=self.lights(),
            camera=camera,
            film=Film(**self.section("film", FilmSpec).model_dump()),
            mechanisms=self.mechanisms(bodies),
            interventions=self.interventions(workshop, bodies, room, camera),
            accept=self.accept(),
        )

    def in_tree(self, workshop: Workshop) -> Workshop:
        """A body or the table of materials that is itself a choice is drawn first."""
        for group, entry in workshop.tree["bodies"].items():
            if not isinstance(entry, dict):
                workshop.tree["bodies"] = {
                    **workshop.tree["bodies"], group: self.dice.draw(entry, ("bodies", group))
                }  # fmt: skip
        if not isinstance(workshop.tree.get("materials"), dict):
            workshop.tree["materials"] = self.drawn("materials")
        return workshop

    def physics(self, bodies: tuple[Body, ...]) -> Physics:
        spec: PhysicsSpec = self.section("physics", PhysicsSpec)
        rate = spec.rate
        if rate is None:
            fine = any(
                b.restitution > 0.2 or measures.thinnest(b.shape) < 0.012 for b in bodies if b.mass > 0
            )
            rate = self.fps * math.ceil((FINE_RATE if fine else USUAL_RATE) / self.fps)
        elif rate % self.fps:
            raise Fault(("physics", "rate"), f"must be a multiple of fps ({self.fps}), got {rate}")
        x, y, z = spec.gravity
        return Physics(gravity=(x, y, z), rate=rate, iterations=spec.iterations, settle=spec.settle)

    def room(self, workshop: Workshop, bodies: tuple[Body, ...], view: Any) -> Room:
        spec: RoomSpec = self.section("room", RoomSpec)
        kind, look = spec.kind, spec.value
        if look.size is not None and kind not in TOPS:
            raise Fault(("room", kind, "size"), f"has no meaning: a {kind} room has no table top")
        where = ("room", kind)
        seed = self.dice.stream("room.seed").integers(0, 2**31 - 1)
        solids = supports(kind, (look.size[0], look.size[1]) if look.size else None, seed)
        props = dress(look.clutter, bodies, view, solids[0], self.dice, (*where, "clutter"))
        if kind == "night" and look.lit and not any(prop.kind == "lamp" for prop in props):
            props = (*props, night_lamp(bodies, props, solids[0], seed))

        def made_of(given: Any, usual: tuple[str, str | None], part: str) -> Material:
            spec = given or MaterialSpec.model_validate({usual[0]: {"color": usual[1]} if usual[1] else {}})
            return workshop.material(spec, (*where, part), f"room.{part}")

        return Room(
            kind=kind,
            surface=made_of(look.surface, SURFACES[kind], "surface"),
            wall=made_of(look.wall, WALLS[kind], "wall"),
            supports=solids,
            props=props,
            key_azimuth=math.radians(look.key_azimuth_deg),
            key_ratio=look.key_ratio,
            key_temperature=look.key_temperature,
            fill_temperature=look.fill_temperature,
            ambient=look.ambient,
            lit=look.lit,
            seed=seed,
        )

    def mechanisms(self, bodies: tuple[Body, ...]) -> dict[str, MechanismSpec]:
        """Each drawn by itself, its groups of bodies written out."""
        entries = self.loaded.tree.get("mechanisms") or {}
        if not isinstance(entries, dict):
            entries = self.drawn("mechanisms")
        groups: dict[str, list[str]] = {}
        for body in bodies:
            groups.setdefault(body.group, []).append(body.name)
        found = {}
        for key, entry in entries.items():
            where = ("mechanisms", key)
            spec = validated(MechanismSpec, self.dice.draw(entry, where), where)
            names = {body.name for body in bodies}
            for path, name, many in named(spec.value):
                there = (*where, spec.kind, *path)
                if name not in names and name not in groups:
                    raise Fault(there, f'there is no body "{name}"{suggest(name, [*names, *groups])}')
                if not many and name not in names and len(groups[name]) != 1:
                    raise Fault(
                        there, f"{name} is {len(groups[name])} bodies: name one, such as {groups[name][0]}"
                    )
            found[key] = MechanismSpec.model_validate({spec.kind: written_out(spec.value, groups)})
        return found

    def lights(self) -> tuple[Any, ...]:
        entries = self.drawn("lights")
        lights = []
        for i, entry in enumerate(entries):
            try:
                lights.append(resolve_light(validated(LightSpec, entry, ("lights", i))))
            except ValueError as error:
                raise Fault(("lights", i), str(error)) from None
        return tuple(lights)

    def interventions(
        self, workshop: Workshop, bodies: tuple[Body, ...], room: Room, camera: Camera
    ) -> tuple[Intervention, ...]:
        sets = targets(self.drawn("remove"), bodies, self.dice.stream("remove"))
        words: CaptionsSpec = self.section("captions", CaptionsSpec)
        plurals = {}
        for group, copies in workshop.copies.items():
            first = next(body for body in bodies if body.group == group)
            plurals[group] = copies[0].spec.plural or plural(first.noun)
        place = f"{ADJECTIVE[room.surface.kind]} {NOUNS[room.kind]}".strip()
        if room.kind in ("yard", "kitchen", "billiards", "studio", "living"):
            place = NOUNS[room.kind]
        seen = describe(room, camera, self.dice.stream("captions.setting")) if words.setting else ""

        def told(template: str, names: list[str]) -> str:
            text = captions.fill(template, bodies, plurals, place, names)
            return f"{text} {seen}".strip() if text else ""

        return tuple(
            Intervention(
                name=title(names, bodies),
                remove=tuple(names),
                before=told(words.before, names),
                after=told(words.after, names),
            )
            for names in sets
        )

    def accept(self) -> Accept:
        spec: AcceptSpec = self.section("accept", AcceptSpec)
        fields = spec.model_dump(exclude_none=True)
        return Accept(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})
