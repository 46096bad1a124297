"""Placing: from drawn body specs to the bodies of a scene, each with its pose, mass and name.

Every copy of a repeat is drawn by itself, from streams named after the body and the copy's number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from generator.scene import layouts, measures, shapes, space
from generator.scene import scene as resolved
from generator.scene.bodies import GROUND, BodySpec, Place, VelocitySpec
from generator.scene.distributions import Dice
from generator.scene.layouts import Circle, HeapSpec, RepeatSpec, ScatterSpec, Slot, StackSpec
from generator.scene.materials import (
    ADJECTIVE,
    DENSITY,
    MaterialSpec,
    color_word,
    resolve_material,
)
from generator.scene.mesh_files import digest, find_mesh, read_mesh
from generator.scene.scene import Body, Impulse, Keyframe, Material
from generator.scene.source import Fault, Where, suggest
from generator.scene.space import IDENTITY, Quaternion, Vec
from generator.scene.validate import as_faults

MAX_BODIES = 500
PLACELESS = ("strand", "ribbon")
"""Shapes that are where their mechanism leads them."""
ROLLING = 0.03
"""Rolling friction over radius where a spec says nothing: with none, balls roll for ever."""


class Faults(Exception):
    """Several faults at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass
class Copy:
    """One body on its way: its drawn spec and all that is known so far."""

    group: str
    index: int | None
    spec: BodySpec
    shape: measures.Shape
    material: Material
    slot: Slot
    position: Vec = (0.0, 0.0, 0.0)
    orientation: Quaternion = IDENTITY

    @property
    def name(self) -> str:
        return self.group if self.index is None else f"{self.group}.{self.index}"


@dataclass
class Workshop:
    """Builds the bodies of one draw of a spec. `place()` once."""

    tree: dict[str, Any]
    dice: Dice
    folder: Path
    repeats: dict[str, RepeatSpec | None] = field(default_factory=dict)
    copies: dict[str, list[Copy]] = field(default_factory=dict)
    taken: dict[str, list[Circle]] = field(default_factory=dict)

    def place(self) -> tuple[Body, ...]:
        """All bodies in the order of the spec. Raises Fault or Faults."""
        entries: dict[str, Any] = self.tree["bodies"]
        for group, entry in entries.items():
            self.repeats[group] = self._repeat(group, entry)
        total = sum(layouts.count(r) if r else 1 for r in self.repeats.values())
        if total > MAX_BODIES:
            raise Fault(("bodies",), f"makes {total} bodies; a scene holds at most {MAX_BODIES}")
        for group in self._order(entries):
            self._group(group, entries[group])
        flat = [copy for group in entries for copy in self.copies[group]]
        return tuple(self._body(copy) for copy in flat)

    # --- drawing ------------------------------------------------------------------------------

    def _repeat(self, group: str, entry: dict[str, Any]) -> RepeatSpec | None:
        where = ("bodies", group, "repeat")
        if entry.get("repeat") is None:
            return None
        return validated(RepeatSpec, self.dice.draw(entry["repeat"], where), where)

    def _draw(self, group: str, entry: dict[str, Any], copy: str) -> BodySpec:
        where = ("bodies", group)
        drawn = self.dice.draw({k: v for k, v in entry.items() if k != "repeat"}, where, copy)
        return validated(BodySpec, drawn, where)

    def material(self, spec: Any, where: Where, part: str) -> Material:
        """The resolved material of `part`; a named one is drawn anew for each part."""
        if spec.kind == "named":
            name = spec.named
            table = self.tree.get("materials") or {}
            if name not in table:
                raise unknown_material(name, table, where)
            where = ("materials", name)
            spec = validated(MaterialSpec, self.dice.draw(table[name], where, "@" + part), where)
            if spec.kind == "named":
                raise Fault(where, "must be a recipe, not another name")
        seed = self.dice.stream(part + ".grain").integers(0, 2**31 - 1)
        return resolve_material(spec, seed)

    # --- shapes -------------------------------------------------------------------------------

    def shape(self, spec: shapes.Primitive, where: Where, part: str) -> Any:
        """The resolved shape of `part`."""
        value, where = spec.value, (*where, spec.kind)
        if isinstance(value, shapes.BoxSpec):
            least = min(value.size)
            bevel = 0.04 * least if value.bevel is None else min(value.bevel, 0.45 * least)
            return resolved.Box(size=(value.size[0], value.size[1], value.size[2]), bevel=bevel)
        if isinstance(value, shapes.SphereSpec):
            return resolved.Sphere(radius=value.radius)
        if isinstance(value, shapes.CylinderSpec):
            least = min(2 * value.radius, value.height)
            bevel = 0.04 * least if value.bevel is None else min(value.bevel, 0.45 * least)
            return resolved.Cylinder(radius=value.radius, height=value.height, bevel=bevel)
        if isinstance(value, shapes.CapsuleSpec):
            if value.height < 2 * value.radius:
                raise Fault((*where, "height"), f"must be at least twice the radius, got {value.height:g}")
            return resolved.Capsule(radius=value.radius, height=value.height)
        if isinstance(value, shapes.ConeSpec):
            return resolved.Cone(radius=value.radius, height=value.height)
        if isinstance(value, shapes.MeshSpec):
            return self._mesh(value, (*where, "file"))
        if isinstance(value, shapes.StrandSpec):
            return resolved.Strand(radius=value.radius, points=value.points)
        if isinstance(value, shapes.RibbonSpec):
            return resolved.Ribbon(width=value.width, points=value.points)
        if isinstance(value, shapes.CushionSpec):
            x, y, z = value.size
            return resolved.Cushion(size=(x, y, z), crown=value.crown, cells=value.cells)
        parts = []
        for i, piece in enumerate(value.parts):
            below = (*where, "parts", i)
            own = piece.material and self.material(piece.material, (*below, "material"), f"{part}.parts.{i}")
            parts.append(
                resolved.Placed(
                    shape=self.shape(piece.shape, (*below, "shape"), part),
                    position=(piece.at[0], piece.at[1], piece.at[2]),
                    orientation=euler(piece.rotate_deg),
                    material=own,
                )
            )
        return resolved.Compound(parts=tuple(parts))

    def _mesh(self, value: shapes.MeshSpec, where: Where) -> resolved.Mesh:
        try:
            path = find_mesh(value.file, self.folder)
            read_mesh(str(path))
        except ValueError as error:
            raise Fault(where, str(error)) from None
        return resolved.Mesh(
            file=str(path), sha256=digest(path), scale=value.scale, collision=value.collision
        )

    # --- placing ------------------------------------------------------------------------------

    def _order(self, entries: dict[str, Any]) -> list[str]:
        """Groups so that what stands on a body comes after it, and scatters come last."""
        on = {group: entry.get("rests_on", GROUND) for group, entry in entries.items()}
        for group, target in on.items():
            if not isinstance(target, str) or (target != GROUND and target.split(".")[0] not in entries):
                # A distribution over places to stand is drawn once, for all copies.
                target = self.dice.draw(target, ("bodies", group, "rests_on"))
                on[group] = target
                if target != GROUND and str(target).split(".")[0] not in entries:
                    hint = suggest(target, [GROUND, *entries])
                    raise Fault(
                        ("bodies", group, "rests_on"), f'there is no body "{target}" to stand on{hint}'
                    )
        self.on = on
        scattered = {g for g, r in self.repeats.items() if r is not None and r.kind == "scatter"}
        waiting = sorted(entries, key=lambda g: g in scattered)
        order: list[str] = []
        while waiting:
            ready = [g for g in waiting if on[g] == GROUND or on[g].split(".")[0] in order]
            if not ready:
                raise Fault(
                    ("bodies", waiting[0], "rests_on"), f"stands on itself: {', '.join(waiting)} form a ring"
                )
            order.append(ready[0])
            waiting.remove(ready[0])
        return order

    def _group(self, group: str, entry: dict[str, Any]) -> None:
        repeat = self.repeats[group]
        where: Where = ("bodies", group)
        if repeat is None:
            copy = self._copy(group, entry, Slot(0, 0.0, 0.0), None)
            self.copies[group] = [copy]
            self._stand(copy, copy.slot, 0.0)
            return
        if repeat.kind == "scatter":
            self._scatter(group, entry, repeat)
            return
        pattern = self._copy(group, entry, Slot(0, 0.0, 0.0), 0)
        low, high = measures.bounds(pattern.shape, self._turned(pattern, 0.0))
        try:
            places = layouts.slots(repeat, (high[0] - low[0], high[1] - low[1]))
        except PydanticCustomError as error:
            raise Fault((*where, "repeat", repeat.kind), error.message()) from None
        if not places:
            raise Fault((*where, "repeat"), "leaves no copy")
        piled = isinstance(repeat.value, StackSpec | HeapSpec)
        apart = repeat.value.gap if isinstance(repeat.value, HeapSpec) else 0.0
        floor, layer, tallest = 0.0, 0, 0.0
        self.copies[group] = []
        for slot in places:
            slot = layouts.jittered(
                slot, repeat.jitter, self.dice.stream(f"bodies.{group}.jitter#{slot.index}")
            )
            copy = self._copy(group, entry, slot, slot.index)
            if slot.layer != layer:
                floor, layer, tallest = floor + tallest + apart, slot.layer, 0.0
            low, high = measures.bounds(copy.shape, self._turned(copy, slot.yaw))
            tallest = max(tallest, high[2] - low[2])
            self._stand(copy, slot, floor if piled else 0.0)
            self.copies[group].append(copy)

    def _copy(self, group: str, entry: dict[str, Any], slot: Slot, index: int | None) -> Copy:
        part = f"bodies.{group}" + ("" if index is None else f"#{index}")
        spec = self._draw(group, entry, "" if index is None else f"#{index}")
        where: Where = ("bodies", group)
        shape = self.shape(spec.shape, (*where, "shape"), part)
        material = self.material(spec.material, (*where, "material"), part)
        return Copy(group, index, spec, shape, material, slot)

    def _scatter(self, group: str, entry: dict[str, Any], repeat: RepeatSpec) -> None:
        layout: ScatterSpec = repeat.value
        taken = self.taken.setdefault(self.on[group], [])
        self.copies[group] = []
        for i in range(layout.count):
            copy = self._copy(group, entry, Slot(i, 0.0, 0.0), i)
            rng = self.dice.stream(f"bodies.{group}.scatter#{i}")
            yaw = rng.random() * 2 * math.pi if layout.turn else 0.0
            orientation = self._turned(copy, yaw)
            radius = _footprint(copy.shape, orientation)
            found = layouts.throw(
                radius,
                (layout.center[0], layout.center[1]),
                (layout.size[0], layout.size[1]),
                taken,
                layout.gap,
                rng,
            )
            if found is None:
                size = f"{layout.size[0]:g} x {layout.size[1]:g} m"
                message = f"only {i} of {layout.count} fit in {size}; enlarge size or lower count"
                raise Fault(("bodies", group, "repeat", "scatter"), message)
            slot = Slot(i, found[0], found[1], yaw)
            self._stand(copy, slot, 0.0)
            self.copies[group].append(copy)

    def _turned(self, copy: Copy, yaw: float) -> Quaternion:
        """The copy's orientation in the frame of what it stands on."""
        own = euler(copy.spec.rotate_deg)
        return space.multiply(space.yaw(yaw + math.radians(copy.spec.yaw_deg)), own)

    def _stand(self, copy: Copy, slot: Slot, floor: float) -> None:
        spec = copy.spec
        if copy.shape.kind in PLACELESS:
            copy.slot = slot
            return
        at: Place = [0.0, 0.0] if spec.at is None else spec.at
        if spec.path:
            at = spec.path[0].at
        orientation = self._turned(copy, slot.yaw)
        x, y = at[0] + slot.x, at[1] + slot.y
        self.taken.setdefault(self.on[copy.group], []).append((x, y, _footprint(copy.shape, orientation)))
        if len(at) == 3 and at[2] != GROUND:
            z = at[2] + floor
        else:
            z = floor + spec.height + measures.extent(copy.shape, orientation, (0.0, 0.0, -1.0))
        position: Vec = (x, y, z)
        if self.on[copy.group] != GROUND:
            below = self._support(copy)
            top = measures.reach(below.shape, (0.0, 0.0, 1.0))
            position = space.add(below.position, space.rotate(below.orientation, (x, y, z + top)))
            orientation = space.multiply(below.orientation, orientation)
        copy.slot, copy.position, copy.orientation = slot, position, orientation

    def _support(self, copy: Copy) -> Copy:
        target = self.on[copy.group]
        group, _, number = target.partition(".")
        found = [c for c in self.copies[group] if c.name == target]
        if not found:
            names = [c.name for c in self.copies[group]]
            told = (
                f"{group} is {len(names)} bodies: name one, such as {names[0]}"
                if not number
                else "there is none"
            )
            raise Fault(("bodies", copy.group, "rests_on"), f'cannot stand on "{target}": {told}')
        return found[0]

    # --- the resolved body --------------------------------------------------------------------

    def _body(self, copy: Copy) -> Body:
        spec = copy.spec
        mass = 0.0
        motion = "static" if copy.shape.kind in resolved.FORMED else spec.motion
        if motion == "dynamic":
            density = spec.density if spec.density is not None else DENSITY[copy.material.kind]
            mass = spec.mass if spec.mass is not None else density * measures.volume(copy.shape)
        rolling = spec.rolling_friction
        if rolling is None:
            rolling = ROLLING * measures.thinnest(copy.shape) / 2 if measures.rolls(copy.shape) else 0.0
        velocity, spin = self._start(copy)
        return Body(
            name=copy.name,
            group=copy.group,
            index=copy.index,
            noun=noun(copy),
            motion=motion,
            shape=copy.shape,
            material=copy.material,
            mass=mass,
            friction=spec.friction,
            rolling_friction=rolling,
            restitution=spec.restitution,
            position=copy.position,
            orientation=copy.orientation,
            velocity=velocity,
            spin=spin,
            impulses=tuple(
                Impulse(time=kick.time, vector=tuple(kick.vector), at=tuple(kick.at))
                for kick in spec.impulses
            ),
            path=tuple(self._keyframe(copy, i) for i in range(len(spec.path))),
            visible=spec.visible,
        )

    def _keyframe(self, copy: Copy, i: int) -> Keyframe:
        key = copy.spec.path[i]
        orientation = space.multiply(space.yaw(math.radians(key.yaw_deg)), euler(key.rotate_deg))
        grounded = len(key.at) == 2 or key.at[2] == GROUND
        z = measures.extent(copy.shape, orientation, (0.0, 0.0, -1.0)) if grounded else key.at[2]
        return Keyframe(time=key.time, position=(key.at[0], key.at[1], z), orientation=orientation)

    def _start(self, copy: Copy) -> tuple[Vec, Vec]:
        """Velocity m/s and spin rad/s at the start."""
        spec, start = copy.spec, copy.spec.velocity
        spin: Vec = (spec.spin[0], spec.spin[1], spec.spin[2]) if spec.spin else (0.0, 0.0, 0.0)
        if start is None:
            return (0.0, 0.0, 0.0), spin
        if start.vector is not None:
            velocity: Vec = (start.vector[0], start.vector[1], start.vector[2])
        else:
            heading = math.radians(start.heading_deg or 0.0)
            if start.toward is not None:
                heading = self._aim(copy, start)
            climb, speed = math.radians(start.climb_deg), start.speed or 0.0
            level = speed * math.cos(climb)
            velocity = (level * math.cos(heading), level * math.sin(heading), speed * math.sin(climb))
        if start.rolling:
            arm = measures.extent(copy.shape, copy.orientation, (0.0, 0.0, -1.0))
            spin = space.scale(space.cross((0.0, 0.0, 1.0), velocity), 1.0 / arm)
        return velocity, spin

    def _aim(self, copy: Copy, start: VelocitySpec) -> float:
        """The heading, radians, that takes the copy's middle to its target."""
        where: Where = ("bodies", copy.group, "velocity")
        target = self._named(start.toward or "", (*where, "toward"))
        x, y, _ = target.position
        if start.onto is not None:
            # The cue ball's middle must touch the target where the line to `onto` leaves it behind.
            further = self._named(start.onto, (*where, "onto")).position
            away = math.hypot(further[0] - x, further[1] - y)
            if away < 1e-6:
                raise Fault((*where, "onto"), "stands where the target stands")
            apart = measures.radius(copy.shape) + measures.radius(target.shape)
            line = ((further[0] - x) / away, (further[1] - y) / away)
            x, y = x - line[0] * apart, y - line[1] * apart
            if (x - copy.position[0]) * line[0] + (y - copy.position[1]) * line[1] <= 0:
                raise Fault((*where, "onto"), "cannot be reached: the target would have to run backwards")
        dx, dy = x - copy.position[0], y - copy.position[1]
        distance = math.hypot(dx, dy)
        if distance < 1e-6 or abs(start.aside) >= distance:
            raise Fault((*where, "toward"), f"is only {distance:.3g} m away: there is no way to aim at it")
        return math.atan2(dy, dx) + math.asin(start.aside / distance)

    def _named(self, name: str, where: Where) -> Copy:
        everyone = {c.name: c for group in self.copies.values() for c in group}
        if name not in everyone:
            raise Fault(where, f'there is no body "{name}" to aim at{suggest(name, everyone)}')
        return everyone[name]


def validated(model: Any, drawn: Any, where: Where) -> Any:
    """`drawn` as a `model`. Raises Faults placed under `where`."""
    try:
        return model.model_validate(drawn)
    except ValidationError as error:
        raise Faults(as_faults(error, model, where)) from None


def unknown_material(name: str, table: dict[str, Any], where: Where) -> Fault:
    return Fault(where, f'unknown material "{name}"{suggest(name, [*table, *DENSITY])}')


def euler(degrees: list[float] | None) -> Quaternion:
    return space.from_euler([math.radians(a) for a in degrees]) if degrees else IDENTITY


def _footprint(shape: measures.Shape, orientation: Quaternion) -> float:
    """Radius of the circle about the origin that the shape covers seen from above, m."""
    low, high = measures.bounds(shape, orientation)
    corner = math.hypot(max(-low[0], high[0]), max(-low[1], high[1]))
    return min(corner, measures.radius(shape))


def noun(copy: Copy) -> str:
    """What a person calls the body: its `noun` filled in, or colour and shape."""
    material = copy.material
    words = {
        "color": color_word(material),
        "material": ADJECTIVE[material.kind],
        "shape": measures.noun(copy.shape),
        "number": "" if material.number is None else str(material.number),
    }
    template = copy.spec.noun
    if template is None:
        template = "domino" if material.kind == "domino" else "{color} {shape}"
        if material.kind == "billiard" and material.number == 0:
            template = "cue ball"
    for key, word in words.items():
        template = template.replace("{" + key + "}", word)
    return " ".join(template.split())
