"""Bodies as a spec writes them: what they are, where they stand, how they move.

`placing` turns these into the resolved bodies of a scene.
"""

import itertools
from typing import Annotated, Any, Literal, Self

from pydantic import Field, WithJsonSchema, model_validator
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from generator.scene.fields import Angle, Angles, Coord, Number, Positive, Seconds, SpecModel, Speed, Velocity
from generator.scene.layouts import RepeatSpec
from generator.scene.materials import MaterialSpec
from generator.scene.shapes import ShapeSpec

GROUND = "ground"


def _place(value: Any) -> Any:
    shown = "[x, y] on the ground, or [x, y, z] with z a height or `ground`"
    numbers = value[:2] if len(value) == 3 and value[2] == GROUND else value
    if len(value) not in (2, 3):
        raise PydanticCustomError(
            "place", "must be {shown}; got {n} components", {"shown": shown, "n": len(value)}
        )
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise PydanticCustomError("place", "must be {shown}", {"shown": shown})
        if not -1000 <= number <= 1000:
            raise PydanticCustomError("place", "lies more than 1000 m away: {x}", {"x": f"{number:g}"})
    return value


_COORD = {"type": "number", "minimum": -1000, "maximum": 1000}
Place = Annotated[
    list[Any],
    AfterValidator(_place),
    WithJsonSchema(
        {
            "type": "array",
            "prefixItems": [_COORD, _COORD, {"anyOf": [_COORD, {"const": GROUND}]}],
            "items": False,
            "minItems": 2,
        }
    ),
]
"""Where a body's foot stands on the ground, [x, y], or where its origin is, [x, y, z]; metres."""


def fault(key: str, message: str) -> PydanticCustomError:
    """A fault of a whole mapping that is best shown at one of its keys."""
    return PydanticCustomError("at_key", "{message}", {"message": message, "key": key})


class VelocitySpec(SpecModel):
    """How a body sets out: a vector, or a speed with a heading or an aim."""

    short = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}

    vector: Velocity | None = None
    """m/s along world X, Y, Z."""
    speed: Annotated[Number, Field(ge=0, le=1000)] | None = None
    heading_deg: Angle | None = None
    """0 is +X, 90 is +Y."""
    climb_deg: Annotated[Number, Field(ge=-90, le=90)] = 0.0
    """Upwards from level."""
    toward: str | None = None
    """A body to aim at, level."""
    onto: str | None = None
    """A second body: `toward` is struck so that it runs into this one (both balls)."""
    aside: Coord = 0.0
    """By how much the aim passes to the left of the target's middle, m."""
    rolling: bool = False
    """Gives the spin of rolling without slipping."""

    @classmethod
    def from_short(cls, value: Any) -> Any:
        return {"vector": value} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        ways = [self.vector is not None, self.heading_deg is not None, self.toward is not None]
        if sum(ways) != 1:
            raise fault("velocity", "needs exactly one of a vector, heading_deg or toward")
        if self.toward is None and (self.onto is not None or self.aside):
            raise fault("onto" if self.onto else "aside", "goes with `toward`")
        if (self.vector is None) == (self.speed is None):
            raise fault("speed", "goes with heading_deg or toward, and with them it must be there")
        return self


class ImpulseSpec(SpecModel):
    """A kick."""

    time: Seconds = 0.0
    vector: Annotated[list[Annotated[Number, Field(ge=-1e6, le=1e6)]], Field(min_length=3, max_length=3)]
    """N s along world X, Y, Z."""
    at: Annotated[list[Coord], Field(min_length=3, max_length=3)] = [0.0, 0.0, 0.0]
    """Where it strikes, in the body's frame."""


class KeyframeSpec(SpecModel):
    """Where a kinematic body is at a time."""

    time: Seconds
    at: Place
    yaw_deg: Angle = 0.0
    rotate_deg: Angles | None = None


class BodySpec(SpecModel):
    """One thing, or with `repeat` many alike."""

    shape: ShapeSpec
    material: MaterialSpec = Field(default_factory=lambda: MaterialSpec.model_validate("plain"))
    noun: Annotated[str, Field(max_length=80)] | None = None
    """What a person calls it. May hold {color}, {material}, {shape}, {number}."""
    plural: Annotated[str, Field(max_length=80)] | None = None
    density: Annotated[Number, Field(gt=0, le=30000)] | None = None
    """kg/m3. Left out: that of the material."""
    mass: Annotated[Number, Field(gt=0, le=1e6)] | None = None
    """kg, instead of density."""
    friction: Annotated[Number, Field(ge=0, le=10)] = 0.5
    """Coulomb; that of a pair is the product of the two, and the ground has 1."""
    rolling_friction: Annotated[Number, Field(ge=0, le=1)] | None = None
    """Arm of the resisting torque, m. Left out: 3 % of the radius of what is round."""
    restitution: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """1 gives back all speed; that of a pair is the product of the two."""
    at: Place | None = None
    """Left out: [0, 0]. With a repeat it moves all copies."""
    rests_on: str = GROUND
    """What it stands on: ground, or a body, along whose top `at` then counts."""
    height: Annotated[Number, Field(ge=-100, le=100)] = 0.0
    """Gap below it, m."""
    yaw_deg: Angle = 0.0
    rotate_deg: Angles | None = None
    """About X, then Y, then Z; before yaw."""
    velocity: VelocitySpec | None = None
    spin: Annotated[list[Annotated[Speed, Field()]], Field(min_length=3, max_length=3)] | None = None
    """rad/s about world X, Y, Z."""
    impulses: Annotated[list[ImpulseSpec], Field(max_length=100)] = []
    motion: Literal["dynamic", "static", "kinematic"] = "dynamic"
    path: Annotated[list[KeyframeSpec], Field(max_length=1000)] = []
    """Of a kinematic body."""
    repeat: RepeatSpec | None = None
    visible: bool | Literal["shadow"] = True
    """shadow: hidden from the camera, it still throws its shadow and shows in mirrors."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.density is not None and self.mass is not None:
            raise fault("mass", "give density or mass, not both")
        if self.motion != "dynamic":
            for key in ("velocity", "spin", "impulses", "mass", "density"):
                if getattr(self, key):
                    raise fault(key, f"has no meaning for a {self.motion} body")
        if (self.motion == "kinematic") != bool(self.path):
            raise fault("path", "goes with `motion: kinematic`, and a kinematic body needs one")
        if self.path:
            times = [key.time for key in self.path]
            if any(b <= a for a, b in itertools.pairwise(times)):
                raise fault("path", "times must increase")
            for key in ("at", "repeat", "rotate_deg"):
                if getattr(self, key) is not None:
                    raise fault(key, "has no meaning beside `path`, which says where it is")
        if self.spin is not None and self.velocity is not None and self.velocity.rolling:
            raise fault("spin", "is already given by `rolling: true`")
        if self.at is not None and len(self.at) == 3 and self.at[2] != GROUND and self.height:
            raise fault("height", "has no meaning beside a z in `at`")
        return self


__all__ = ["GROUND", "BodySpec", "ImpulseSpec", "KeyframeSpec", "Place", "Positive", "VelocitySpec", "fault"]
