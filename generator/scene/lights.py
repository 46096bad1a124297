"""Lights as a spec brings them, besides the room's own (or instead, with `lit: false` in the room)."""

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from generator.scene.fields import Angle, Kelvin, Number, OneOf, Point, SpecModel

if TYPE_CHECKING:
    from generator.scene.scene import Light

Power = Annotated[Number, Field(ge=0, le=1e6)]
Size = Annotated[Number, Field(ge=1e-3, le=100)]


class SunSpec(SpecModel):
    elevation_deg: Annotated[Number, Field(ge=-5, le=90)] = 35.0
    azimuth_deg: Angle = 120.0
    """Direction towards the sun: 0 is +X, 90 is +Y."""
    strength: Power = 5.0
    """W/m2."""
    temperature: Kelvin = 5200.0
    angle_deg: Annotated[Number, Field(ge=0, le=90)] = 0.53
    """Angular diameter: larger is softer."""


class AreaSpec(SpecModel):
    position: Point
    target: Point = [0.0, 0.0, 0.0]
    size: Annotated[list[Size], Field(min_length=2, max_length=2)] = [0.5, 0.5]
    power: Power
    """Watts."""
    temperature: Kelvin = 5600.0


class PointSpec(SpecModel):
    position: Point
    power: Power
    radius: Size = 0.03
    temperature: Kelvin = 3600.0


class HdriSpec(SpecModel):
    name: Literal["city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset"]
    strength: Annotated[Number, Field(ge=0, le=1000)] = 1.0
    rotation_deg: Angle = 0.0
    visible: bool = True
    """Whether the camera sees it, or only the things it lights."""


class SkySpec(SpecModel):
    elevation_deg: Annotated[Number, Field(ge=-5, le=90)] = 40.0
    rotation_deg: Angle = 0.0
    strength: Annotated[Number, Field(ge=0, le=1000)] = 0.1
    aerosol: Annotated[Number, Field(ge=0, le=10)] = 1.2


class LightSpec(OneOf):
    """One light: sun, area, point, hdri or sky."""

    short: ClassVar[dict[str, Any] | None] = None
    sun: SunSpec | None = None
    area: AreaSpec | None = None
    point: PointSpec | None = None
    hdri: HdriSpec | None = None
    sky: SkySpec | None = None


def resolve_light(spec: LightSpec) -> "Light":
    """The resolved light; `…_deg` becomes radians."""
    from generator.scene import scene as resolved

    fields = spec.value.model_dump()
    plain = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items() if not k.endswith("_deg")}
    for key, degrees in fields.items():
        if key.endswith("_deg"):
            plain[key.removesuffix("_deg")] = math.radians(degrees)
    kinds: dict[str, Any] = {
        "sun": resolved.Sun, "area": resolved.Area, "point": resolved.Point, "hdri": resolved.Hdri,
        "sky": resolved.Sky,
    }  # fmt: skip
    if spec.kind == "area" and math.dist(plain["position"], plain["target"]) < 1e-6:
        raise ValueError("shines at its own place: position and target are the same")
    light: Light = kinds[spec.kind](**plain)
    return light
