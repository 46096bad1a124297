"""Loading: a spec file to a typed, checked spec; a stored scene back to a `Scene`.

A spec is checked before anything is drawn: once as it stands, and once more for each end of each
distribution, so that `density: {uniform: [-3, 1]}` is found without luck.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from generator.errors import SpecError
from generator.mechanisms.base import named
from generator.scene import captions
from generator.scene.bodies import GROUND
from generator.scene.distributions import Distribution, first, lift, sites
from generator.scene.materials import KINDS
from generator.scene.mesh_files import find_mesh
from generator.scene.props import PROPS
from generator.scene.shapes import MeshSpec
from generator.scene.source import Fault, Source, Where, parse, read_text, suggest
from generator.scene.spec import SceneSpec
from generator.scene.validate import as_faults

if TYPE_CHECKING:
    from generator.scene.scene import Scene

MAX_VARIANTS = 4000
LITERAL = ("name", "about")
"""Keys whose value cannot be a distribution: they name the scene itself."""


@dataclass(frozen=True)
class LoadedSpec:
    """A spec that is sound as far as can be told without drawing it.

    tree: its parsed YAML with distributions as value objects. spec: it as typed data, each
    distribution standing at one of its ends. folder: where relative mesh paths start.
    """

    source: Source
    tree: dict[str, Any]
    spec: SceneSpec
    folder: Path
    name: str

    @property
    def path(self) -> Path:
        return self.source.path

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def sha256(self) -> str:
        return self.source.sha256

    def error(self, faults: list[Fault]) -> SpecError:
        """The faults as one SpecError, a line for each, in the order of the file."""
        return _error(self.source, faults)


def load_spec(path: Path | str) -> LoadedSpec:
    """Read and check a spec file. Raises SpecError with one line for each fault."""
    path = Path(path)
    return load_text(read_text(path), path)


def load_text(text: str, path: Path | str = Path("spec.yaml"), folder: Path | None = None) -> LoadedSpec:
    """Read and check a spec given as text; `path` is what errors call it."""
    source = parse(text, Path(path))
    faults: list[Fault] = []
    tree = lift(source.tree, lambda where, message: faults.append(Fault(where, message)))
    for key in LITERAL:
        if isinstance(tree, dict) and isinstance(tree.get(key), Distribution):
            faults.append(Fault((key,), "cannot be drawn; it names the scene"))
    if isinstance(tree, Distribution):
        faults.append(Fault((), "must be a mapping (`name: …`), not a distribution"))
    if faults:
        raise _error(source, faults)
    folder = (folder or source.path.parent).absolute()
    spec = _check(source, tree, folder)
    name = spec.name or _file_stem(source)
    return LoadedSpec(source, tree, spec, folder, name)


def _file_stem(source: Source) -> str:
    stem = "".join(c if c.isascii() and c.isalnum() else "_" for c in source.path.stem.lower())[:40]
    return stem if stem[:1].isalpha() else "scene_" + stem


def _error(source: Source, faults: list[Fault]) -> SpecError:
    lines: dict[str, int] = {}
    for fault in faults:
        lines.setdefault(source.fault(fault.where, fault.message), source.line(fault.where))
    ordered = sorted(lines, key=lambda text: lines[text])
    shown = ordered[:40]
    if len(ordered) > 40:
        shown.append(f"{source.path}:{lines[ordered[40]]}: and {len(ordered) - 40} more")
    return SpecError("\n".join(shown))


def _check(source: Source, tree: Any, folder: Path) -> SceneSpec:
    base, faults = _validate(first(tree), folder)
    if faults:
        raise _error(source, [Fault(f.where, f.message + _origin(tree, f.where)) for f in faults])
    assert base is not None
    for count, (variant, site) in enumerate(sites(tree)):
        if count >= MAX_VARIANTS:
            raise _error(source, [Fault((), f"has more than {MAX_VARIANTS} ends of distributions to check")])
        _, found = _validate(variant, folder)
        faults += [Fault(f.where, f"{f.message} (from {str(site)[:100]})") for f in found]
    if faults:
        raise _error(source, faults)
    return base


def _origin(tree: Any, where: Where) -> str:
    """` (from uniform [-3, 1])` if what stands there is drawn, else nothing."""
    for part in where:
        if isinstance(tree, Distribution):
            break
        if (isinstance(tree, dict) and part in tree) or (
            isinstance(tree, list) and isinstance(part, int) and part < len(tree)
        ):
            tree = tree[part]  # type: ignore[index]  # an int where it is a list, as just checked
    return f" (from {str(tree)[:100]})" if isinstance(tree, Distribution) else ""


def _validate(tree: Any, folder: Path) -> tuple[SceneSpec | None, list[Fault]]:
    try:
        spec = SceneSpec.model_validate(tree)
    except ValidationError as error:
        return None, as_faults(error, SceneSpec)
    except RecursionError:
        return None, [Fault((), "is nested too deep")]
    return spec, _references(spec, folder)


def _references(spec: SceneSpec, folder: Path) -> list[Fault]:
    """Names that nothing in the spec answers to, and mesh files that are not there."""
    faults: list[Fault] = []
    groups = list(spec.bodies)

    def material(value: Any, where: Where) -> None:
        if value is not None and value.kind == "named" and value.named not in spec.materials:
            hint = suggest(value.named, [*spec.materials, *KINDS])
            faults.append(Fault(where, f'unknown material "{value.named}"{hint}'))

    def body(name: str, where: Where, *others: str) -> None:
        if name.split(".")[0] not in groups and name not in others:
            faults.append(Fault(where, f'there is no body "{name}"{suggest(name, [*others, *groups])}'))

    for key in spec.materials:
        if spec.materials[key].kind == "named":
            hint = suggest(spec.materials[key].named or "", KINDS)
            faults.append(Fault(("materials", key), f'unknown recipe "{spec.materials[key].named}"{hint}'))
        if key in KINDS:
            faults.append(Fault(("materials", key), "is the name of a recipe; choose another"))
    for group, entry in spec.bodies.items():
        where: Where = ("bodies", group)
        if group in ("ground", "room", "removed"):
            faults.append(Fault(where, "is a word with a meaning of its own; choose another name"))
        material(entry.material, (*where, "material"))
        body(entry.rests_on, (*where, "rests_on"), GROUND)
        for aim in ("toward", "onto"):
            if entry.velocity is not None and getattr(entry.velocity, aim) is not None:
                body(getattr(entry.velocity, aim), (*where, "velocity", aim))
        if isinstance(entry.shape.value, MeshSpec):
            try:
                find_mesh(entry.shape.value.file, folder)
            except ValueError as error:
                faults.append(Fault((*where, "shape", "mesh", "file"), str(error)))
        for i, part in enumerate(getattr(entry.shape.value, "parts", [])):
            material(part.material, (*where, "shape", "compound", "parts", i, "material"))
    for key, mechanism in spec.mechanisms.items():
        for path, name, _ in named(mechanism.value):
            body(name, ("mechanisms", key, mechanism.kind, *path))
    room = spec.room.value
    for key, look in (("surface", room.surface), ("wall", room.wall)):
        material(look, ("room", spec.room.kind, key))
    for i, clutter in enumerate(room.clutter):
        if clutter.prop not in PROPS:
            where = ("room", spec.room.kind, "clutter", i)
            hint = suggest(clutter.prop, PROPS) or f"; there are {', '.join(PROPS)}"
            faults.append(Fault(where, f'unknown prop "{clutter.prop}"{hint}'))
    camera = spec.camera
    for name in camera.frame or []:
        body(name, ("camera", "frame"))
    for key in ("look_at", "focus"):
        if isinstance(getattr(camera, key), str):
            body(getattr(camera, key), ("camera", key))
    for key in ("before", "after"):
        for word in captions.fields_of(getattr(spec.captions, key)):
            fault = captions.unknown_field(word, groups)
            if fault:
                faults.append(Fault(("captions", key), fault))
    if spec.physics.rate is not None and spec.physics.rate % spec.fps:
        faults.append(
            Fault(("physics", "rate"), f"must be a multiple of fps ({spec.fps}), got {spec.physics.rate}")
        )
    return faults


def load_scene(path: Path | str) -> Scene:
    """A resolved scene from a pair's `metadata.json` (its key `scene`) or a bare scene's JSON.

    Raises SpecError if it cannot be read or does not hold together.
    """
    from generator.scene.scene import Scene

    path = Path(path)
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, RecursionError):
        raise SpecError(f"{path}: is not JSON") from None
    if isinstance(data, dict) and isinstance(data.get("scene"), dict):
        data = data["scene"]
    try:
        return Scene.model_validate_json(json.dumps(data))
    except ValidationError as error:
        faults = [f"{path}: {'.'.join(map(str, f.where))}: {f.message}" for f in as_faults(error, Scene)]
        raise SpecError("\n".join(faults[:40])) from None
