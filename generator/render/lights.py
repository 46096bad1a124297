"""The lights of a scene spec, and the world behind everything.

Lights here are invisible to the camera (a lamp in the picture is drawn by its room), and their power is
real: metering sets the exposure, so only the ratios between lights matter.
"""

from __future__ import annotations

import math
from functools import singledispatch
from pathlib import Path

import bpy
from mathutils import Vector

from generator.render.color import linear
from generator.render.nodes import Nodes, Value
from generator.scene import scene as spec


@singledispatch
def add_light(light: object) -> None:
    """Add one light of the resolved scene. Hdri and Sky replace the room's world."""
    raise TypeError(f"not a light: {light!r}")


@add_light.register
def _(light: spec.Sun) -> None:
    add_sun(light.elevation, light.azimuth, light.strength, light.temperature, light.angle)


@add_light.register
def _(light: spec.Area) -> None:
    add_area(light.position, light.target, light.size, light.power, light.temperature)


@add_light.register
def _(light: spec.Point) -> None:
    add_point(light.position, light.power, light.radius, light.temperature)


@add_light.register
def _(light: spec.Hdri) -> None:
    nodes, output = _fresh_world()
    shown = environment(nodes, light.name, light.rotation, light.strength)
    if not light.visible:
        rays = nodes.add("LightPath").outputs
        dark = nodes.add("Background", {"Color": linear("#8c8f94"), "Strength": 0.4}).outputs[0]
        shown = nodes.mix_shaders(rays["Is Camera Ray"], shown, dark)
    nodes.connect(output.inputs["Surface"], shown)


@add_light.register
def _(light: spec.Sky) -> None:
    nodes, output = _fresh_world()
    sky = nodes.add(
        "TexSky",
        sky_type="MULTIPLE_SCATTERING",
        sun_elevation=light.elevation,
        sun_rotation=light.rotation,
        sun_size=0.0095,
        aerosol_density=light.aerosol,
    )
    shown = nodes.add("Background", {"Color": sky.outputs[0], "Strength": light.strength}).outputs[0]
    nodes.connect(output.inputs["Surface"], shown)


def add_sun(elevation: float, azimuth: float, strength: float, temperature: float, angle: float) -> None:
    """A sun seen in the direction (azimuth from +X counter-clockwise, elevation), radians; W/m2."""
    data = bpy.data.lights.new("sun", "SUN")
    data.energy = strength
    data.angle = angle
    data.use_temperature = True
    data.temperature = temperature
    towards = Vector(
        (
            math.cos(elevation) * math.cos(azimuth),
            math.cos(elevation) * math.sin(azimuth),
            math.sin(elevation),
        )
    )
    _place(data, (0.0, 0.0, 10.0), -towards)


def add_area(
    position: spec.Vec3,
    target: spec.Vec3,
    size: tuple[float, float],
    power: float,
    temperature: float = 5600.0,
    *,
    glossy: bool = True,
    softbox: bool = False,
    round_shape: bool = False,
    spread: float = math.pi,
    color: str | None = None,
) -> bpy.types.Object:
    """A soft rectangle of light that looks at `target`; W, K.

    glossy False keeps a fill out of reflections. softbox gives it a hot middle and soft edges, so that
    its highlight in shiny things has a believable shape. spread (radians) narrows the beam, as a deep
    shade does.
    """
    data = bpy.data.lights.new("area", "AREA")
    data.shape = "ELLIPSE" if round_shape else "RECTANGLE"
    data.size, data.size_y = size
    data.spread = spread
    data.energy = power
    if color is None:
        data.use_temperature = True
        data.temperature = temperature
    else:
        data.color = linear(color)[:3]
    light = _place(data, position, Vector(target) - Vector(position))
    light.visible_camera = False
    light.visible_glossy = glossy
    light.visible_transmission = glossy
    if softbox:
        _soften(data)
    return light


def add_point(
    position: spec.Vec3, power: float, radius: float, temperature: float = 3600.0, shown: bool = False
) -> bpy.types.Object:
    """A bulb of light, W and K; `shown` lets the camera see it as a glowing ball."""
    data = bpy.data.lights.new("point", "POINT")
    data.energy = power
    data.shadow_soft_size = radius
    data.use_temperature = True
    data.temperature = temperature
    light = _place(data, position, Vector((0.0, 0.0, -1.0)))
    light.visible_camera = shown
    return light


def set_world(
    ambient: str | None,
    strength: float,
    *,
    color: str = "#9aa0a6",
    rotation: float = 0.0,
    view: str | None = None,
    view_strength: float = 1.0,
    view_rotation: float = 0.0,
) -> None:
    """The world: a bundled HDRI (or one colour) as weak ambient light.

    view: another HDRI, seen only by the camera and through glass: the garden behind the window. A 1k
    picture is sharp enough because depth of field blurs it.
    """
    nodes, output = _fresh_world()
    if ambient is None:
        shown = nodes.add("Background", {"Color": linear(color), "Strength": strength}).outputs[0]
    else:
        shown = environment(nodes, ambient, rotation, strength)
    if view is not None:
        rays = nodes.add("LightPath").outputs
        seen = nodes.math("MAXIMUM", rays["Is Camera Ray"], rays["Is Transmission Ray"])
        shown = nodes.mix_shaders(seen, shown, environment(nodes, view, view_rotation, view_strength))
    nodes.connect(output.inputs["Surface"], shown)


def environment(nodes: Nodes, name: str, rotation: float, strength: float) -> Value:
    """Background shader of one of the HDRIs that bpy ships (CC0)."""
    folder = Path(bpy.utils.system_resource("DATAFILES", path="studiolights/world"))
    image = bpy.data.images.load(str(folder / f"{name}.exr"), check_existing=True)
    direction = nodes.add("TexCoord").outputs["Generated"]
    turned = nodes.add("Mapping", {"Vector": direction, "Rotation": (0.0, 0.0, rotation)}).outputs[0]
    picture = nodes.add("TexEnvironment", {0: turned}, image=image).outputs[0]
    return nodes.add("Background", {"Color": picture, "Strength": strength}).outputs[0]


def _fresh_world() -> tuple[Nodes, bpy.types.Node]:
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.node_tree.nodes.clear()
    nodes = Nodes(world.node_tree)
    return nodes, nodes.add("OutputWorld")


def _place(data: bpy.types.Light, position: spec.Vec3, direction: Vector) -> bpy.types.Object:
    light = bpy.data.objects.new(data.name, data)
    bpy.context.scene.collection.objects.link(light)
    light.location = position
    light.rotation_euler = direction.to_track_quat("-Z", "Y").to_euler()
    return light


def _soften(data: bpy.types.Light) -> None:
    data.use_nodes = True
    nodes = Nodes(data.node_tree)
    emission = next(node for node in data.node_tree.nodes if node.type == "EMISSION")
    place = nodes.add("TexCoord").outputs["UV"]
    offset = nodes.add("VectorMath", {0: place, 1: (0.5, 0.5, 0.0)}, operation="SUBTRACT").outputs[0]
    distance = nodes.add("VectorMath", {0: offset}, operation="LENGTH").outputs["Value"]
    nodes.connect(emission.inputs["Strength"], nodes.ramp(distance, 0.15, 0.62, 1.35, 0.35, smooth=True))
