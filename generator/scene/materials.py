"""Materials as a spec writes them, what they weigh, and what people call them."""

from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import Field, create_model

from generator.scene.fields import Color, Number, OneOf, Share, SpecModel, Whole
from generator.scene.kinds import MaterialKind

if TYPE_CHECKING:
    from generator.scene.scene import Material

KINDS: tuple[str, ...] = get_args(MaterialKind)

DENSITY: dict[str, float] = {
    "oak": 720, "walnut": 650, "pine": 500, "beech": 720, "parquet": 720, "painted_wood": 600,
    "weathered_wood": 550, "brushed_metal": 2700, "polished_metal": 7800, "brass": 8500, "steel": 7800,
    "plastic": 1180, "matte_plastic": 1050, "rubber": 1150, "paper": 800, "cardboard": 120, "weave": 300,
    "felt": 300, "rug": 300, "ceramic": 2300, "glass": 2500, "concrete": 2300, "asphalt": 2300,
    "plaster": 1200, "marble": 2700, "latex": 950, "domino": 1800, "billiard": 1700, "plain": 1000,
    "glow": 1000,
}  # fmt: skip
"""kg/m3, for a body that states neither density nor mass. Cardboard as a box with air inside."""

ADJECTIVE: dict[str, str] = {
    "oak": "oak", "walnut": "walnut", "pine": "pine", "beech": "beech", "parquet": "parquet",
    "painted_wood": "painted wooden", "weathered_wood": "weathered wooden", "brushed_metal": "metal",
    "polished_metal": "metal", "brass": "brass", "steel": "steel", "plastic": "plastic",
    "matte_plastic": "plastic", "rubber": "rubber", "paper": "paper", "cardboard": "cardboard",
    "weave": "cloth", "felt": "felt", "rug": "carpeted", "ceramic": "ceramic", "glass": "glass",
    "concrete": "concrete", "asphalt": "asphalt", "plaster": "plaster", "marble": "marble",
    "latex": "rubber", "domino": "", "billiard": "", "plain": "", "glow": "glowing",
}  # fmt: skip

OWN_COLOR: dict[str, str] = {
    "brass": "brass", "steel": "steel", "brushed_metal": "metal", "polished_metal": "metal", "glass": "glass",
    "oak": "wooden", "walnut": "wooden", "pine": "wooden", "beech": "wooden", "parquet": "wooden",
    "weathered_wood": "wooden", "painted_wood": "wooden", "marble": "marble", "concrete": "concrete",
    "cardboard": "cardboard", "ceramic": "ceramic", "domino": "ivory",
}  # fmt: skip
"""What stands for the colour of a thing whose material keeps its own."""

BILLIARD: tuple[str, ...] = ("white", "yellow", "blue", "red", "purple", "orange", "green", "maroon", "black")
"""Colour words of balls 0..8; 9..15 are the stripes of 1..7."""


class Look(SpecModel):
    """How a material looks; what is left out is the recipe's own."""

    color: Color | None = None
    """`#rrggbb` or a word such as red, teal, cream."""
    accent: Color | None = None
    """Second colour: ink of pips, a ball's stripe, wood under worn paint."""
    roughness: Share | None = None
    wear: Share | None = None
    """0 new, 1 battered."""
    seed: Annotated[Whole, Field(ge=0, le=2**31 - 1)] | None = None
    """Picks the grain; drawn from the scene's seed when left out."""


class DominoLook(Look):
    pips: Annotated[list[Annotated[Whole, Field(ge=0, le=6)]], Field(min_length=2, max_length=2)] | None = (
        None
    )
    """Dots on each half."""


class BilliardLook(Look):
    number: Annotated[Whole, Field(ge=0, le=15)] = 0
    """0 is the cue ball, 1 to 7 solid, 8 black, 9 to 15 striped."""


class GlowLook(Look):
    strength: Annotated[Number, Field(ge=0, le=1e6)] = 20.0
    """Emitted light, W/m2."""


_LOOKS: dict[str, type[Look]] = {"domino": DominoLook, "billiard": BilliardLook, "glow": GlowLook}


class _Material(OneOf):
    """A material: a recipe by name, a recipe with its look, or a name of the spec's `materials`."""

    named: str | None = None

    @classmethod
    def from_short(cls, value: Any) -> Any:
        if isinstance(value, str) and value not in KINDS:
            return {"named": value}
        return super().from_short(value)


if TYPE_CHECKING:
    MaterialSpec = _Material
else:
    MaterialSpec = create_model(
        "MaterialSpec",
        __base__=_Material,
        __module__=__name__,
        **{kind: (_LOOKS.get(kind, Look) | None, None) for kind in KINDS},
    )


def resolve_material(spec: _Material, seed: int) -> "Material":
    """The resolved material; `seed` picks the grain unless the spec does. `spec` is not `named`."""
    from generator.scene.scene import Material

    look: Look = spec.value
    drawn = look.model_dump(exclude_none=True)
    if "pips" in drawn:
        drawn["pips"] = tuple(drawn["pips"])
    drawn.setdefault("seed", seed)
    return Material(kind=spec.kind, **drawn)


def color_word(material: "Material") -> str:
    """The colour word for a caption, from the drawn colour: `red`, or `wooden` where wood shows."""
    from generator.scene.colors import word

    if material.kind == "billiard":
        number = material.number or 0
        return BILLIARD[number] if number <= 8 else f"{BILLIARD[number - 8]}-striped"
    if material.color is not None and material.kind not in ("glass", "brass", "steel"):
        return word(material.color)
    return OWN_COLOR.get(material.kind, "")
