"""What every mechanism is: data that a spec gives, and an action in a running world.

The same class stands in a spec and in a resolved scene; there every number is drawn and every group of
bodies is written out as its members. Whatever couples bodies without contact is declared as a link in
every step in which it may act, so that the causal record knows the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from generator.errors import PhysicsError
from generator.scene.fields import Point, SpecModel

if TYPE_CHECKING:
    from generator.physics.actor import Actor, Joint
    from generator.physics.engine import World
    from generator.scene.scene import Scene, Vec3


@dataclass(frozen=True)
class Names:
    """Marks a field that names bodies. many: also groups, written out in a scene."""

    many: bool


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


BodyName = Annotated[str, Names(many=False), Field(max_length=80)]
"""One body: `ball`, or `domino.3` of a repeat."""
BodyNames = Annotated[
    list[str],
    Names(many=True),
    BeforeValidator(_listed),
    Field(max_length=500),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "maxItems": 500}]}
    ),
]
"""Bodies or groups of them; one may stand without brackets."""


class Anchor(SpecModel):
    """A place: on a body (in its own frame), or fixed in the room."""

    short: ClassVar[dict[str, Any] | None] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "number"}}]
    }

    body: BodyName | None = None
    """Left out: `at` is a place in the room."""
    at: Point = [0.0, 0.0, 0.0]

    @classmethod
    def from_short(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"body": value}
        return {"at": value} if isinstance(value, list) else value


@dataclass(frozen=True)
class Hook:
    """An anchor in one world: where it is and how fast it goes, as long as what it is on is there."""

    actor: Actor | None
    place: Vec3

    @property
    def holds(self) -> bool:
        return self.actor is None or self.actor.present

    def point(self) -> tuple[Vec3, Vec3]:
        """m, m/s."""
        return (self.place, (0.0, 0.0, 0.0)) if self.actor is None else self.actor.point(self.place)

    def push(self, force: Vec3, at: Vec3) -> None:
        """N; nothing where it cannot move."""
        if self.actor is not None and self.actor.moves:
            self.actor.push(force, at)


class Action:
    """A mechanism at work in one world. Subclasses override what they need."""

    number: int = -1
    """Among the scene's mechanisms."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name

    def before(self) -> None:
        """Forces and drives for the coming step, which begins at `world.time`."""

    def after(self) -> None:
        """What follows from the step just made: states, poses that are led."""

    def parted(self) -> None:
        """What follows at once from taking things away, before frame 0. Called in every world."""

    def taken(self, actor: Actor) -> None:
        """A body is about to be taken out: let go of what holds it in the engine."""

    def link(self, source: Actor | None, target: Actor | None) -> None:
        """In this step the target's state follows from the source's. The room passes nothing on."""
        if source is not None and target is not None and source is not target:
            self.world.links.add((self.number, source.index, target.index))

    def bind(self, a: Actor | None, b: Actor | None) -> None:
        """Each follows from the other."""
        self.link(a, b)
        self.link(b, a)

    def hook(self, anchor: Anchor) -> Hook:
        """The anchor in this world. Its body need not be there: ask `holds`."""
        x, y, z = anchor.at
        return Hook(None if anchor.body is None else self.world.named(anchor.body), (x, y, z))


class Mechanism(SpecModel):
    """Base of all: what a spec says of one. Fields that name bodies are `BodyName`, `BodyNames`, `Anchor`."""

    gives_energy: ClassVar[bool] = False
    """Whether energy may grow through it."""
    stores_energy: ClassVar[bool] = True
    """Whether it may take energy and give it back, as springs, strings and cushions do: then what it acts on
    may gain as much as it lost, and no more. One that only switches may say False."""

    def joints(self, scene: Scene) -> dict[str, Joint]:
        """The bodies that hang on joints of this mechanism, and the joints."""
        return {}

    def leads(self) -> Sequence[str]:
        """Static bodies to which its action gives a speed, such as a belt."""
        return ()

    def pinned(self) -> Sequence[str]:
        """Bodies that it ties to others by the engine's own constraints, which want them as multibodies."""
        return ()

    def act(self, world: World, name: str) -> Action:
        """Its action in a world that has just been built."""
        return Action(world, name)


S = TypeVar("S")


def of_kind(name: str, actor: Actor, kind: type[S]) -> S:
    """The shape of a body that a mechanism leads; PhysicsError where it has another."""
    shape = actor.body.shape
    if not isinstance(shape, kind):
        raise PhysicsError(
            f"{name}: {actor.body.name} is a {shape.kind}, and must be a {kind.__name__.lower()}"
        )
    return shape


Where = tuple[str | int, ...]


def named(model: SpecModel, where: Where = ()) -> Iterator[tuple[Where, str, bool]]:
    """Every body or group that a mechanism names: where, the name, whether it may be a group."""
    for key, field in type(model).model_fields.items():
        value = getattr(model, key)
        if isinstance(value, SpecModel):
            yield from named(value, (*where, key))
            continue
        if isinstance(value, list) and value and isinstance(value[0], SpecModel):
            for i, entry in enumerate(value):
                yield from named(entry, (*where, key, i))
            continue
        mark = _mark(field)
        if mark is None or value is None:
            continue
        for name in value if mark.many else [value]:
            yield (*where, key), name, mark.many


def written_out(model: SpecModel, groups: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The mechanism as plain data with every group of bodies replaced by its members.

    groups: the members of each. A name that must be one body stands for the only member of its group.
    """
    data: dict[str, Any] = {}
    for key, field in type(model).model_fields.items():
        if key not in model.model_fields_set:
            continue
        value = getattr(model, key)
        mark = _mark(field)
        if isinstance(value, SpecModel):
            value = written_out(value, groups)
        elif isinstance(value, list) and value and isinstance(value[0], SpecModel):
            value = [written_out(entry, groups) for entry in value]
        elif mark is not None and value is not None:
            if mark.many:
                value = list(dict.fromkeys(name for entry in value for name in groups.get(entry, [entry])))
            else:
                value = groups.get(value, [value])[0]
        data[key] = value
    return data


def _mark(field: Any) -> Names | None:
    """The mark of a field, also inside `BodyName | None`."""
    marks = [entry for entry in field.metadata if isinstance(entry, Names)]
    if marks:
        return marks[0]
    for option in getattr(field.annotation, "__args__", ()):
        for entry in getattr(option, "__metadata__", ()):
            if isinstance(entry, Names):
                return entry
    return None
