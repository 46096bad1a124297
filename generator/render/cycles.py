"""Cycles: its settings, its device, and one call that renders a picture or a part of it into numpy.

Everything is chosen for repeatability inside a process: a fixed seed, a fixed number of samples, persistent
data, no denoising (that is `denoise`). A part of the picture is then bitwise the part of the whole picture,
and two worlds differ only where a light path does.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from generator import storage
from generator.errors import RenderError, UsageError

Image = NDArray[np.float32]
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels from the top left; x1 and y1 are outside."""

DIFFUSE, GLOSSY, TRANSMISSION, TRANSPARENT = 3, 3, 8, 8
CLAMP_INDIRECT = 6.0
GPU_KINDS = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")
BORDER_NUDGE = 0.01
"""Of a pixel: Cycles cuts single-precision shares of the picture to pixels, and 104/184 of 184 is 103."""
FOLDER_IN_MEMORY = Path("/dev/shm")
SCRATCH = "butfor-"
PASS_BYTES = 4 * 16
"""Of a pixel in the file of passes: eleven channels, and room to spare."""


@dataclass(frozen=True)
class Passes:
    """Linear light and what the denoiser wants to know besides; each (H, W, 3) float32."""

    color: Image
    albedo: Image
    normal: Image

    def crop(self, box: Box) -> Passes:
        """Views of the part inside `box`."""
        x0, y0, x1, y1 = box
        return Passes(self.color[y0:y1, x0:x1], self.albedo[y0:y1, x0:x1], self.normal[y0:y1, x0:x1])

    def copy(self) -> Passes:
        """A copy that can be written into."""
        return Passes(self.color.copy(), self.albedo.copy(), self.normal.copy())

    def paste(self, box: Box, part: Passes) -> None:
        """Write `part` into the place of `box`."""
        here = self.crop(box)
        here.color[...], here.albedo[...], here.normal[...] = part.color, part.albedo, part.normal


def choose_device(name: str) -> str:
    """Set Cycles up for `auto`, `cpu` or `gpu:N` and say in words what it runs on.

    UsageError for another name or a GPU that is not there; `auto` falls back to the CPU.
    """
    scene = bpy.context.scene
    match = re.fullmatch(r"auto|cpu|gpu:(\d+)", name)
    if not match:
        raise UsageError(f"unknown device '{name}': use auto, cpu or gpu:N")
    scene.cycles.device = "CPU"
    if name == "cpu":
        return "CPU"
    gpus = _gpus()
    if match.group(1) is not None and int(match.group(1)) >= len(gpus):
        raise UsageError(f"device '{name}' is not there: Cycles sees {len(gpus)} GPU(s); use auto or cpu")
    if not gpus:
        return "CPU"
    chosen = gpus[int(match.group(1) or 0)]
    for device in bpy.context.preferences.addons["cycles"].preferences.devices:
        device.use = device.id == chosen.id
    scene.cycles.device = "GPU"
    return f"{chosen.type} {chosen.name}"


def _gpus() -> list[bpy.types.PropertyGroup]:
    """The GPUs of the first kind that Cycles can use here."""
    if "cycles" not in bpy.context.preferences.addons:
        return []
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in GPU_KINDS:
        try:
            preferences.compute_device_type = kind
        except TypeError:  # this build of Blender does not know the kind
            continue
        with blender_quiet():
            preferences.refresh_devices()
        found = [device for device in preferences.devices if device.type == kind]
        if found:
            return found
    preferences.compute_device_type = "NONE"
    return []


def usable_cores() -> int:
    """Cores that this process may run on.

    To film on one core, pin the process to it (`taskset`) before bpy is imported: with one render thread on
    several cores Blender's main thread waits in a busy loop and doubles the CPU time (10 s for 5 s of work).
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def set_up(size: tuple[int, int], seed: int, threads: int | None, light_tree: bool) -> None:
    """Settings of every film, for the current scene. size: width, height in pixels."""
    scene = bpy.context.scene
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    render.use_persistent_data = True
    render.threads_mode = "FIXED"
    render.threads = threads or usable_cores()
    render.dither_intensity = 0.0
    render.use_compositing = render.use_sequencer = False
    render.film_transparent = False
    cycles.seed = seed % 2**31
    cycles.use_animated_seed = False
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = False
    cycles.filter_width = 1.5
    cycles.max_bounces = max(DIFFUSE, GLOSSY, TRANSMISSION)
    cycles.diffuse_bounces, cycles.glossy_bounces = DIFFUSE, GLOSSY
    cycles.transmission_bounces, cycles.transparent_max_bounces = TRANSMISSION, TRANSPARENT
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy = 1.0
    cycles.sample_clamp_indirect = CLAMP_INDIRECT
    cycles.use_light_tree = light_tree
    scene.view_layers[0].cycles.denoising_store_passes = True


def render(samples: int, border: Box | None = None, seed: int | None = None) -> Passes:
    """Render the current scene, or the part of it inside `border`, with `samples` a pixel.

    seed: another than the film's, for this call. RenderError if Blender cannot.
    """
    scene = bpy.context.scene
    settings, cycles = scene.render, scene.cycles
    cycles.samples = samples
    film_seed = cycles.seed
    if seed is not None:
        cycles.seed = seed % 2**31
    _set_border(border)
    path = _scratch("passes.exr")
    image = settings.image_settings
    image.media_type = "MULTI_LAYER_IMAGE"
    image.file_format = "OPEN_EXR_MULTILAYER"
    image.color_depth = "32"
    image.exr_codec = "NONE"
    settings.filepath = str(path)
    try:
        with blender_quiet():
            bpy.ops.render.render(write_still=True)
        return _read(path)
    except RuntimeError as error:
        raise RenderError(f"Blender could not render: {str(error).strip()}") from error
    finally:
        cycles.seed = film_seed
        path.unlink(missing_ok=True)


@contextmanager
def picture_size(size: tuple[int, int]) -> Iterator[None]:
    """Render at another size (width, height) for a while."""
    settings = bpy.context.scene.render
    before = settings.resolution_x, settings.resolution_y
    settings.resolution_x, settings.resolution_y = size
    try:
        yield
    finally:
        settings.resolution_x, settings.resolution_y = before


def _set_border(border: Box | None) -> None:
    settings = bpy.context.scene.render
    settings.use_border = settings.use_crop_to_border = border is not None
    if border is None:
        return
    width, height = settings.resolution_x, settings.resolution_y
    x0, y0, x1, y1 = (
        edge + BORDER_NUDGE for edge in (border[0], height - border[3], border[2], height - border[1])
    )
    settings.border_min_x, settings.border_max_x = x0 / width, x1 / width
    settings.border_min_y, settings.border_max_y = y0 / height, y1 / height


def _read(path: Path) -> Passes:
    # Blender says nothing when its disk fills up: parts are missing then, or cut and read as black.
    unwritten = RenderError(f"Blender could not write its passes to {path.parent}: is it full?")
    if not path.is_file():
        raise unwritten
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            channels = {
                name: channel.pixels for part in file.parts for name, channel in part.channels.items()
            }
    except RuntimeError:
        raise unwritten from None
    if path.stat().st_size < sum(pixels.nbytes for pixels in channels.values()):
        raise unwritten

    def stack(name: str, axes: str) -> Image:
        full = next((key for key in channels if f".{name}." in f".{key}"), None)
        if full is None:
            raise unwritten
        prefix = full.rsplit(".", 1)[0]
        return np.stack([channels[f"{prefix}.{axis}"] for axis in axes], axis=-1).astype(
            np.float32, copy=False
        )

    return Passes(
        stack("Combined", "RGB"), stack("Denoising Albedo", "RGB"), stack("Denoising Normal", "XYZ")
    )


_folder: tempfile.TemporaryDirectory[str] | None = None


def _scratch(name: str) -> Path:
    """A path of this process, in memory where the system has such a folder."""
    global _folder
    if _folder is None:
        _sweep()
        _folder = tempfile.TemporaryDirectory(
            prefix=f"{SCRATCH}{os.getpid()}-", dir=FOLDER_IN_MEMORY if _roomy() else None
        )
    return Path(_folder.name) / name


def _roomy() -> bool:
    """Whether the folder in memory may be used and holds a picture: containers often have 64 MB of it."""
    if not FOLDER_IN_MEMORY.is_dir() or not os.access(FOLDER_IN_MEMORY, os.W_OK):
        return False
    settings = bpy.context.scene.render
    needed = settings.resolution_x * settings.resolution_y * PASS_BYTES
    return shutil.disk_usage(FOLDER_IN_MEMORY).free > needed


def _sweep() -> None:
    """Remove what processes that ended left, in memory and where there was no room in memory."""
    for folder in (FOLDER_IN_MEMORY, Path(tempfile.gettempdir())):
        for left in folder.glob(f"{SCRATCH}*"):
            owner = left.name.removeprefix(SCRATCH).split("-")[0]
            if owner.isdigit() and not storage.alive(int(owner)):
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def blender_quiet() -> Iterator[None]:
    """Nothing that Blender's C code prints on stdout gets through; Python's own output and errors do."""
    libc = ctypes.CDLL(None)
    sys.stdout.flush()
    libc.fflush(None)
    saved = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        yield
    finally:
        libc.fflush(None)  # what C buffered belongs to the silence too
        os.dup2(saved, 1)
        os.close(saved)
        os.close(null)
