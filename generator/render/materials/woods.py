"""Wood, bare, oiled, painted or weathered."""

from __future__ import annotations

from generator.render.color import linear, srgb
from generator.render.materials.recipe import DUST, Recipe, given
from generator.render.nodes import Nodes, Value
from generator.render.textures.wood import SPECIES, boards, end_grain
from generator.render.textures.wood import wood as board
from generator.scene.scene import Material


def _wood(species: str, roughness: tuple[float, float], coat: float = 0.0, edge: float = 0.0) -> Recipe:
    """roughness: at the smoothest and the dullest of the grain; coat: of oil or varnish on furniture;
    edge: how much handling has darkened the edges of small things."""

    def recipe(nodes: Nodes, material: Material) -> Value:
        low, high = roughness
        if material.roughness is not None:
            low, high = max(0.04, material.roughness - 0.15), min(1.0, material.roughness + 0.2)
        color, (rough, height, _) = _grain(nodes, species)
        color = _tinted(nodes, color, material.color, species)
        color = nodes.vary(color, 0.0 if nodes.large else 0.08, 0.004)
        smudge, scratches, _ = nodes.imperfections(0.5 if nodes.large else 0.25)
        wear = given(material.wear, 0.3)
        level = nodes.sum(
            nodes.ramp(rough, 0, 1, low, high),
            nodes.ramp(smudge, 0.2, 0.8, -0.12 * wear, 0.28 * wear),
            nodes.times(scratches, 0.3 * wear),
        )
        if edge and not nodes.large:
            color = nodes.mix(
                nodes.times(nodes.worn_edges(edge, 0.25), 0.6), color, linear(SPECIES[species].pore)
            )
        color = nodes.dusty(color, 0.10, 0.5 if nodes.large else 0.25, linear(DUST))
        shine = {}
        if coat and nodes.large:
            shine = {"coat": coat, "coat_roughness": nodes.ramp(smudge, 0.3, 0.8, 0.22, 0.42)}
        bump = nodes.bump(height, 0.0006 if nodes.large else 0.0003)
        return nodes.principled(color=color, roughness=level, normal=bump, specular=0.45, **shine)

    return recipe


def _grain(nodes: Nodes, species: str) -> tuple[Value, tuple[Value, Value, Value]]:
    """Boards glued side by side on furniture, one crop of a board on small things, and their end grain."""
    variant = nodes.seed % 3  # three stocks a kind keep the textures few; the offset does the rest
    if nodes.large:
        return nodes.texture(
            boards, species, 1536, 1.6, 0.094, 1.3, 0.0002, 0.035, variant, size=1.6, along_axis=True
        )
    color, data = nodes.texture(
        board, species, (640, 320), (0.36, 0.18), variant, size=(0.36, 0.18), along_axis=True
    )
    if nodes.projection == "box":
        return color, data
    cut_color, cut = nodes.texture(end_grain, species, 256, 0.12, variant, size=0.12)
    cross = nodes.attribute("end")
    # Height stays that of the side: a bump looks its input up three times, and end grain is all but flat.
    roughness = nodes.blend(cross, data[0], cut[0])
    return nodes.mix(cross, color, cut_color), (roughness, data[1], data[2])


def _tinted(nodes: Nodes, color: Value, wanted: str | None, species: str) -> Value:
    """Stain: the grain kept, its mean brought to the wanted colour."""
    if wanted is None:
        return color
    own = 0.6 * srgb(SPECIES[species].light) + 0.4 * srgb(SPECIES[species].dark)
    mean = [((v + 0.055) / 1.055) ** 2.4 for v in own]
    ratio = tuple(float(min(4.0, a / b)) for a, b in zip(linear(wanted), mean, strict=False))
    return nodes.mix(1.0, color, (*ratio, 1.0), blend="MULTIPLY")


oak = _wood("oak", (0.34, 0.74), coat=0.16)
walnut = _wood("walnut", (0.30, 0.70), coat=0.18)
pine = _wood("pine", (0.38, 0.78), coat=0.08, edge=0.10)
beech = _wood("beech", (0.36, 0.74), coat=0.10, edge=0.15)


def parquet(nodes: Nodes, material: Material) -> Value:
    """Lacquered oak strips of 14 cm, four metres a tile; coarser where it is only seen from afar."""
    color, (rough, height, _) = nodes.texture(
        boards, "oak", 2048 if nodes.large else 1024, 4.0, 0.14, 1.2, 0.0012, 0.06, nodes.seed % 3, size=4.0
    )
    color = _tinted(nodes, color, material.color, "oak")
    smudge, scratches, _ = nodes.imperfections(0.7)
    base = given(material.roughness, 0.40)
    level = nodes.sum(
        nodes.ramp(rough, 0, 1, base - 0.2, base + 0.3),
        nodes.ramp(smudge, 0.2, 0.8, -0.1, 0.1),
        nodes.times(scratches, 0.1),
    )
    return nodes.principled(
        color=nodes.dusty(color, 0.08, 0.7, linear(DUST)),
        roughness=level,
        normal=nodes.bump(height, 0.0009),
        coat=0.10,
        coat_roughness=nodes.ramp(smudge, 0.3, 0.8, 0.12, 0.40),
    )


def painted_wood(nodes: Nodes, material: Material) -> Value:
    """Paint worn through to the wood at edges and where hands go."""
    roughness, wear = given(material.roughness, 0.36), given(material.wear, 0.3)
    bare, (_, height, _) = nodes.texture(
        board, "pine", (640, 320), (0.36, 0.18), 1, size=(0.36, 0.18), along_axis=True
    )
    if material.accent is not None:
        bare = _tinted(nodes, bare, material.accent, "pine")
    smudge, scratches, _ = nodes.imperfections(0.2)
    paint = nodes.vary(linear(material.color or "#2f6d7a"), 0.05)
    paint = nodes.mix(nodes.ramp(smudge, 0.3, 0.8, 0.0, 0.10), paint, linear("#6a5a48"))
    worn = nodes.worn_edges(wear, 0.2)
    gloss = nodes.sum(
        nodes.ramp(smudge, 0.2, 0.8, max(0.05, roughness - 0.1), roughness + 0.12),
        nodes.times(scratches, 0.25),
    )
    relief = nodes.math("SUBTRACT", nodes.times(height, 0.5), worn)
    return nodes.principled(
        color=nodes.dusty(nodes.mix(worn, paint, bare), 0.15, 0.2, linear(DUST)),
        roughness=nodes.blend(worn, gloss, 0.8),
        normal=nodes.bump(relief, 0.0004),
    )


def weathered_wood(nodes: Nodes, material: Material) -> Value:
    """Silver-grey, dry and cracked by years outside."""
    color, (rough, height, _) = nodes.texture(
        board, "silver", (1024, 256), (1.2, 0.3), nodes.seed % 3, size=(1.2, 0.3), along_axis=True
    )
    color = nodes.vary(_tinted(nodes, color, material.color, "silver"), 0.18, 0.008)
    worn = nodes.worn_edges(given(material.wear, 0.15))
    return nodes.principled(
        color=nodes.mix(worn, color, linear("#d4cab8")),
        roughness=nodes.ramp(rough, 0, 1, 0.6, 1.0),
        normal=nodes.bump(height, 0.0014),
        specular=0.25,
    )
