"""Mesh files: where a spec may name them, and their measures. The file is read when first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SUFFIXES = (".obj", ".stl", ".ply", ".off")
ASSETS = Path(__file__).resolve().parents[2] / "assets"
MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class MeshMeasures:
    """vertices: (V, 3) m, unscaled; volume m3; radius m about the origin."""

    vertices: np.ndarray
    volume: float
    radius: float

    def reach(self, direction: Sequence[float]) -> float:
        return float((self.vertices @ list(direction)).max())


def find_mesh(name: str, folder: Path, assets: Path = ASSETS) -> Path:
    """The absolute path of the mesh that a spec in `folder` names. ValueError says what is wrong.

    A path stays inside the spec's folder, or inside the assets folder with `assets:`; symbolic links
    are followed before that is judged.
    """
    root, relative = (assets, name[7:]) if name.startswith("assets:") else (folder, name)
    place = "the assets folder" if root is assets else "the spec's folder"
    if "\0" in name or "\\" in name:
        raise ValueError("is not a file name")
    if Path(relative).is_absolute() or ".." in Path(relative).parts:
        raise ValueError(f"must lie inside {place}, got {name}")
    try:
        path = (root / relative).resolve()
        inside = path.is_relative_to(root.resolve())
        found = path.is_file()
    except (OSError, RuntimeError):
        raise ValueError(f"cannot be reached: {name[:80]}") from None
    if not inside:
        raise ValueError(f"leads out of {place} through a link")
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"must be one of {', '.join(SUFFIXES)}, got {name}")
    try:
        str(path).encode()
    except UnicodeEncodeError:  # the drawn scene, which is UTF-8, names it
        raise ValueError(f"lies in a folder whose name is not UTF-8: {path}") from None
    if path.exists() and not found:
        raise ValueError(f"is not a file: {name} (in {place})")
    if not found:
        raise ValueError(f"is not there: {name} (looked in {place})")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"is larger than {MAX_BYTES // 1_000_000} MB")
    return path


def digest(path: Path) -> str:
    """sha256 of the file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@lru_cache(maxsize=64)
def read_mesh(file: str) -> MeshMeasures:
    """Measures of a mesh file. ValueError if it holds no closed enough surface to have a volume."""
    import numpy as np
    import trimesh

    try:
        mesh = trimesh.load(file, force="mesh", process=False, skip_materials=True)
        vertices = np.asarray(mesh.vertices, dtype=np.float64)
        faces = np.asarray(mesh.faces)
    except Exception as error:  # trimesh's readers raise whatever their parser trips over
        raise ValueError(f"cannot be read as a mesh: {str(error)[:120]}") from None
    if len(faces) < 4 or not np.isfinite(vertices).all():
        raise ValueError("holds no solid: fewer than four faces, or coordinates that are not numbers")
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    volume = abs(float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum())) / 6  # divergence theorem
    if volume < 1e-12:
        raise ValueError("encloses no volume")
    return MeshMeasures(vertices, volume, float(np.sqrt((vertices**2).sum(1)).max()))
