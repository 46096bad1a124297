"""The whole spec: what a YAML file may say, with every distribution already drawn."""

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from generator.mechanisms.registry import MechanismSpec
from generator.scene.bodies import BodySpec
from generator.scene.cameras import CameraSpec
from generator.scene.fields import Number, Point, Seconds, Share, SpecModel, Whole
from generator.scene.interventions import Remove
from generator.scene.lights import LightSpec
from generator.scene.materials import MaterialSpec
from generator.scene.rooms import RoomSpec
from generator.scene.validate import WORD

MAX_FRAMES = 10_000
MAX_SIZE = 8192


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of `672x384`. ValueError says what is wrong."""
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and len(text) <= 11):
        raise ValueError(f'must be like 672x384, got "{text[:40]}"')
    size = (int(width), int(height))
    for side in size:
        if side % 2:
            raise ValueError(f"must be even both ways (video halves its colours), got {text}")
        if not 16 <= side <= MAX_SIZE:
            raise ValueError(f"must be 16 to {MAX_SIZE} each way, got {text}")
    return size


def _size(text: str) -> str:
    try:
        parse_size(text)
    except ValueError as error:
        raise PydanticCustomError("size", "{message}", {"message": str(error)}) from None
    return text


Size = Annotated[str, AfterValidator(_size), WithJsonSchema({"type": "string", "pattern": "^[0-9]+x[0-9]+$"})]
Key = Annotated[str, Field(pattern=WORD)]
"""Of a body or a material: it names folders and fills captions."""


class PhysicsSpec(SpecModel):
    gravity: Point = [0.0, 0.0, -9.81]
    """m/s2."""
    rate: Annotated[Whole, Field(ge=60, le=20000)] | None = None
    """Steps a second, a multiple of fps. Left out: the least above 480, above 960 where it matters."""
    iterations: Annotated[Whole, Field(ge=1, le=2000)] = 100
    settle: Annotated[Seconds, Field(le=60)] = 0.0
    """Seconds simulated before the first frame, to let things come to rest."""


class FilmSpec(SpecModel):
    """What lens and film add, the same in both worlds."""

    exposure: Annotated[Number, Field(ge=-20, le=20)] | None = None
    """EV. Left out: metered once."""
    key: Annotated[Number, Field(ge=0.005, le=2)] = 0.2
    """Where metering puts the picture's log-average."""
    look: Literal["punchy", "medium", "base", "soft"] = "medium"
    vignette: Share = 0.12
    grain: Share = 0.0
    motion_blur: Share = 0.0
    """Shutter, in frames."""


class CaptionsSpec(SpecModel):
    """Templates; {ball}, {a ball}, {domino.count}, {removed}, {room} are filled in."""

    before: Annotated[str, Field(max_length=2000)] = ""
    after: Annotated[str, Field(max_length=2000)] = ""
    setting: Annotated[bool, Field(strict=True)] = True
    """Whether a sentence about light and camera is added, the same to both."""


Pair = Annotated[list[Annotated[Whole, Field(ge=0, le=100000)]], Field(min_length=2, max_length=2)]


def _ordered(pair: list[Any]) -> list[Any]:
    if pair[0] > pair[1]:
        raise PydanticCustomError(
            "order", "least must not exceed most, got [{a}, {b}]", {"a": f"{pair[0]:g}", "b": f"{pair[1]:g}"}
        )
    return pair


class AcceptSpec(SpecModel):
    """What a pair must show to be kept; otherwise the scene is drawn again."""

    affected_bodies: Annotated[Pair, AfterValidator(_ordered)] | None = None
    """Least and most bodies that move otherwise, besides the removed ones."""
    removed_visible: Share = 0.0003
    """Least share of the picture that the removed things fill on their best frame."""
    removed_hidden: Share = 0.7
    """Most of the removed things that others may hide on that frame; 1 asks for nothing."""
    affected_pixels: Share = 0.0001
    """Least share of the film's pixels that are affected."""
    onset: Annotated[list[Seconds], Field(min_length=2, max_length=2), AfterValidator(_ordered)] | None = None
    """Seconds between which the first body must go another way. Left out: from frame 3 on, and within the
    first 80 % of the clip, if any body does."""
    stays: Share = 0.1
    """Share of the clip, up to a quarter of a second, for which no body that is seen at first may leave the
    picture; 0 asks for nothing."""
    attempts: Annotated[Whole, Field(ge=1, le=1000)] = 8


class SceneSpec(SpecModel):
    """A scene: what is there, how it looks, what happens, and what is taken away."""

    name: Key | None = None
    """Left out: the file's name."""
    about: Annotated[str, Field(max_length=4000)] = ""
    """For people who read the spec."""
    frames: Annotated[Whole, Field(ge=1, le=MAX_FRAMES)] = 60
    fps: Annotated[Whole, Field(ge=1, le=240)] = 24
    size: Size = "672x384"
    """Width x height of the film in pixels, both even."""
    physics: PhysicsSpec = Field(default_factory=PhysicsSpec)
    room: RoomSpec = Field(default_factory=lambda: RoomSpec.model_validate("plain"))
    materials: Annotated[dict[Key, MaterialSpec], Field(max_length=200)] = {}
    """Materials by name. Each body that uses one draws it anew."""
    bodies: Annotated[dict[Key, BodySpec], Field(min_length=1, max_length=500)]
    mechanisms: Annotated[dict[Key, MechanismSpec], Field(max_length=100)] = {}
    """What acts on bodies besides contact: strings, hinges, motors, wind …"""
    lights: Annotated[list[LightSpec], Field(max_length=64)] = []
    """Besides the room's own."""
    camera: CameraSpec = Field(default_factory=CameraSpec)
    film: FilmSpec = Field(default_factory=FilmSpec)
    captions: CaptionsSpec = Field(default_factory=CaptionsSpec)
    remove: Remove
    """What is taken away in the other world: a name, a list, {each: …} or {random: …}."""
    accept: AcceptSpec = Field(default_factory=AcceptSpec)
