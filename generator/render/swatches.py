"""A sheet of every material on a ball and a block: `python -m generator.render.swatches out.png`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import bpy
import cv2
import numpy as np

from generator.render import geometry
from generator.render.bodies import build_body
from generator.render.lights import add_area, set_world
from generator.render.materials import MATERIALS, material_of
from generator.render.still import aim_camera, render_still
from generator.scene.scene import Body, Box, Material, Sphere

EXAMPLES = {
    "painted_wood": {"color": "#2f6d7a", "wear": 0.45},
    "plastic": {"color": "#e0a526"},
    "felt": {"color": "#8c3b3b"},
    "domino": {"pips": (3, 5)},
    "billiard": {"number": 11},
    "glow": {"strength": 3.0},
}


def set_table(material: Material) -> None:
    """An empty Blender with a slab, a ball and a block of one material under two soft lights."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    slab = geometry.box((0.6, 0.5, 0.02))
    geometry.add_object(slab, "slab", material_of(material, "uv", True), position=(0, 0, -0.01))
    for name, shape, at, yaw in (
        ("ball", Sphere(radius=0.05), (-0.075, 0.02, 0.05), 1.4),
        ("block", Box(size=(0.075, 0.074, 0.076), bevel=0.004), (0.055, 0.0, 0.038), 0.5),
    ):
        body = Body(name=name, group=name, noun=name, shape=shape, material=material, mass=1, position=at)
        made = build_body(body)
        made.location, made.rotation_euler = at, (0, 0, yaw)
    geometry.add_object(
        geometry.grid(3, 3), "back", material_of(Material(kind="plain", color="#8d8f90")),
        position=(0, 1.2, 0.3), turn=(1.5708, 0, 0),
    )  # fmt: skip
    add_area((-0.6, -0.3, 0.7), (0, 0, 0.03), (0.35, 0.35), 6.0, 5600, softbox=True)
    add_area((0.7, 0.4, 0.4), (0, 0, 0.03), (0.2, 0.5), 2.0, 6500)
    set_world("interior", 0.25)
    aim_camera((0.0, -0.42, 0.19), (-0.01, 0, 0.034), 62)


def sheet(kinds: list[str], size: tuple[int, int], samples: int, columns: int = 6) -> np.ndarray:
    """(H, W, 3) uint8 BGR of all kinds, named."""
    pictures = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            set_table(Material(kind=kind, seed=3, **EXAMPLES.get(kind, {})))  # type: ignore[arg-type]  # MATERIALS' own keys
            path = Path(folder) / "swatch.png"
            render_still(path, size, samples, exposure=0.35)
            picture = cv2.imread(str(path))
            cv2.putText(picture, kind, (6, size[1] - 8), 0, 0.42, (255, 255, 255), 1, cv2.LINE_AA)
            pictures.append(picture)
    pictures += [np.zeros_like(pictures[0])] * (-len(pictures) % columns)
    rows = [np.hstack(pictures[i : i + columns]) for i in range(0, len(pictures), columns)]
    return np.vstack(rows)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m generator.render.swatches", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("kinds", nargs="*", help="only these kinds")
    options = parser.parse_args(arguments)
    cv2.imwrite(str(options.out), sheet(options.kinds or list(MATERIALS), (240, 160), options.samples))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
