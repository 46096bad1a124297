"""The camera as a spec asks for it: by a pose, or by what it frames; and how it moves."""

import math
from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema, model_validator
from pydantic.functional_validators import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from generator.scene.bodies import fault
from generator.scene.fields import Angle, Number, OneOf, Point, SpecModel

Metres = Annotated[Number, Field(ge=-100, le=100)]


class StaticSpec(SpecModel):
    """On a tripod."""


class OrbitSpec(SpecModel):
    """Round the subject, always facing it."""

    degrees: Annotated[Number, Field(ge=-360, le=360)] = 10.0


class DollySpec(SpecModel):
    """Towards the subject (or away, if negative)."""

    distance: Metres = 0.08


class SlideSpec(SpecModel):
    """Sideways to the right (or left), looking the same way."""

    distance: Metres = 0.06


class PanSpec(SpecModel):
    """Turning to the left (or right, if negative), on the spot."""

    degrees: Annotated[Number, Field(ge=-180, le=180)] = 6.0


class ZoomSpec(SpecModel):
    """Changing the focal length by a factor."""

    factor: Annotated[Number, Field(ge=0.1, le=10)] = 1.15


class HandheldSpec(SpecModel):
    """Held by a person. At amount 1: about 0.2° and 2 mm, mostly below 2 Hz."""

    amount: Annotated[Number, Field(ge=0, le=20)] = 1.0


class MotionSpec(OneOf):
    """How the camera moves; the pose of the spec is in the middle of the film."""

    static: StaticSpec | None = None
    orbit: OrbitSpec | None = None
    dolly: DollySpec | None = None
    slide: SlideSpec | None = None
    pan: PanSpec | None = None
    zoom: ZoomSpec | None = None
    handheld: HandheldSpec | None = None


def _one_name(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _point_or_name(value: Any) -> Any:
    numbers = isinstance(value, list) and len(value) == 3 and all(map(_is_number, value))
    if not (isinstance(value, str) or (numbers and all(abs(x) <= 1000 for x in value))):
        raise PydanticCustomError("look_at", "must be a body or a point [x, y, z]")
    return value


def _distance_or_name(value: Any) -> Any:
    if not (isinstance(value, str) or (_is_number(value) and 0.01 <= value <= 1000)):
        raise PydanticCustomError("focus", "must be a body, or a distance from 0.01 to 1000 m")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_NAME: dict[str, Any] = {"type": "string"}
_NAMES = {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}
_POINT = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}
_DISTANCE = {"type": "number", "minimum": 0.01, "maximum": 1000}
# One validator each instead of unions, so that a fault is one line.
Names = Annotated[list[str], Field(min_length=1), BeforeValidator(_one_name), WithJsonSchema(_NAMES)]
PointOrName = Annotated[Any, AfterValidator(_point_or_name), WithJsonSchema({"anyOf": [_NAME, _POINT]})]
DistanceOrName = Annotated[
    Any, AfterValidator(_distance_or_name), WithJsonSchema({"anyOf": [_NAME, _DISTANCE]})
]


class CameraSpec(SpecModel):
    """From where the film is taken."""

    frame: Names | None = None
    """Bodies to have in the picture: a name, a group or a list. Left out: all of them."""
    azimuth_deg: Angle = -90.0
    """Where the camera stands, seen from the subject: -90 is at −Y."""
    elevation_deg: Annotated[Number, Field(ge=-89, le=89)] = 20.0
    """How far it looks down."""
    margin: Annotated[Number, Field(ge=0.2, le=20)] = 1.2
    """1 fills the picture from edge to edge."""
    shift: Annotated[list[Annotated[Number, Field(ge=-1, le=1)]], Field(min_length=2, max_length=2)] = [
        0.0,
        0.0,
    ]
    """Moves the subject in the picture, to the right and up, in shares of its width and height."""
    eye: Point | None = None
    look_at: PointOrName | None = None
    """With `eye`: a point, or a body."""
    roll_deg: Annotated[Number, Field(ge=-180, le=180)] = 0.0
    lens: Annotated[Number, Field(ge=8, le=400)] = 45.0
    """Focal length, mm, on a 36 mm wide sensor."""
    fstop: Annotated[Number, Field(ge=0.5, le=64)] | None = None
    """Left out: everything is sharp."""
    focus: DistanceOrName | None = None
    """A body, or a distance in m. Left out: the middle of what is framed."""
    motion: MotionSpec = Field(default_factory=lambda: MotionSpec.model_validate("static"))

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.eye is None) != (self.look_at is None):
            raise fault("eye", "goes with `look_at`; both, or neither")
        if self.eye is not None:
            if self.frame is not None:
                raise fault("frame", "has no meaning beside `eye`")
            if isinstance(self.look_at, list) and math.dist(self.eye, self.look_at) < 1e-6:
                raise PydanticCustomError("camera", "eye and look_at are the same place")
        return self
