"""The building blocks of spec models: numbers, angles, vectors, colours, and mappings that pick one.

Numbers are strict: `"3"` and `true` are not numbers. Every range here is generous; it is there to
stop what no scene can mean (a domino of a kilometre), before a simulator is handed it.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from generator.scene.colors import NAMED, to_hex


class SpecModel(BaseModel):
    """A mapping of a spec. Unknown keys are faults; built when first used."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    short: ClassVar[dict[str, Any] | None] = None
    """JSON Schema of the short form that `from_short` understands besides the mapping."""

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: Any) -> Any:
        return cls.from_short(value)

    @classmethod
    def from_short(cls, value: Any) -> Any:
        """The mapping that a short form stands for; anything else as it is."""
        return value

    @classmethod
    def narrow(cls, schema: dict[str, Any]) -> None:
        """Says in JSON Schema what a validator checks beyond the fields."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        body = handler.resolve_ref_schema(schema)
        cls.narrow(body)
        if cls.short is None:
            return schema
        mapping = dict(body)
        body.clear()
        body["anyOf"] = [cls.short, mapping]
        if "description" in mapping:
            body["description"] = mapping.pop("description")
        return schema


class OneOf(SpecModel):
    """A mapping with exactly one key, which says what kind it is: `{sphere: {radius: 0.02}}`.

    A bare word is short for the kind with everything at its default: `studio` for `{studio: {}}`.
    """

    short: ClassVar[dict[str, Any] | None] = {"type": "string"}

    @classmethod
    def from_short(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = {value: {}}
        if isinstance(value, dict):
            value = {key: {} if entry is None else entry for key, entry in value.items()}
            if len(value) != 1:
                names = ", ".join(list(cls.model_fields)[:6])
                raise PydanticCustomError(
                    "one_of",
                    "must have exactly one key, such as {names}; got {got}",
                    {"names": names, "got": ", ".join(map(str, value)) or "none"},
                )
        return value

    @classmethod
    def narrow(cls, schema: dict[str, Any]) -> None:
        schema["minProperties"] = schema["maxProperties"] = 1

    @model_serializer(mode="wrap")
    def _only_it(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}

    @property
    def kind(self) -> str:
        """Which key it is."""
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        return getattr(self, self.kind)


def _color(text: str) -> str:
    try:
        return to_hex(text)
    except ValueError:
        raise PydanticCustomError(
            "color",
            'must be a colour such as "#b5281c" or one of {names} …',
            {"names": ", ".join(list(NAMED)[:8])},
        ) from None


Number = Annotated[float, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Positive = Annotated[Number, Field(gt=0, le=1e9)]
Share = Annotated[Number, Field(ge=0, le=1)]
Length = Annotated[Number, Field(ge=1e-4, le=100)]
"""Of a body's edge, m: a tenth of a millimetre to a hundred metres."""
Coord = Annotated[Number, Field(ge=-1000, le=1000)]
Angle = Annotated[Number, Field(ge=-3600, le=3600)]
"""Degrees."""
Speed = Annotated[Number, Field(ge=-1000, le=1000)]
Kelvin = Annotated[Number, Field(ge=1000, le=20000)]
Seconds = Annotated[Number, Field(ge=0, le=3600)]
Color = Annotated[str, AfterValidator(_color)]
Point = Annotated[list[Coord], Field(min_length=3, max_length=3)]
FlatPoint = Annotated[list[Coord], Field(min_length=2, max_length=2)]
Angles = Annotated[list[Angle], Field(min_length=3, max_length=3)]
Velocity = Annotated[list[Speed], Field(min_length=3, max_length=3)]
