"""One picture of whatever stands in Blender, for working on looks; films have their own engine."""

from __future__ import annotations

from pathlib import Path

import bpy
from mathutils import Vector

from generator.scene.scene import Vec3


def aim_camera(
    eye: Vec3, target: Vec3, lens: float, fstop: float | None = None, focus: Vec3 | None = None
) -> None:
    """Stand a camera at `eye`; sharp at `focus` (or the target) when it has an f-stop."""
    data = bpy.data.cameras.new("camera")
    camera = bpy.data.objects.new("camera", data)
    bpy.context.scene.collection.objects.link(camera)
    bpy.context.scene.camera = camera
    camera.location = eye
    axis = Vector(target) - Vector(eye)
    camera.rotation_euler = axis.to_track_quat("-Z", "Y").to_euler()
    data.lens, data.sensor_width, data.clip_start = lens, 36.0, 0.01
    if fstop is not None:
        data.dof.use_dof = True
        data.dof.aperture_fstop = fstop
        data.dof.focus_distance = (Vector(focus or target) - Vector(eye)).dot(axis.normalized())


def render_still(path: Path, size: tuple[int, int], samples: int, exposure: float = 0.0) -> None:
    """Cycles on one thread with its own denoiser, AgX, written as PNG to an absolute path."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles, render = scene.cycles, scene.render
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, 0
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = True
    cycles.denoiser, cycles.denoising_prefilter = "OPENIMAGEDENOISE", "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 8, 3, 3
    cycles.transmission_bounces = cycles.transparent_max_bounces = 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.blur_glossy, cycles.sample_clamp_indirect = 1.0, 6.0
    render.threads_mode, render.threads = "FIXED", 1
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = exposure
    render.image_settings.file_format = "PNG"
    render.filepath = str(path.resolve())
    bpy.ops.render.render(write_still=True)
