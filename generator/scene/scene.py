"""A resolved scene: every number drawn, every repeat laid out, every camera pose known.

This is the contract between the rooms. `resolve` makes a `Scene` from a spec and a seed; physics
simulates it, the renderer films it, the pair stores it as JSON, and the JSON re-renders the same
pair. Nothing here is random and nothing here needs Blender or PyBullet.

Units: metres, kilograms, seconds, radians; Z up; quaternions (x, y, z, w). Colours are sRGB
`#rrggbb`. A body's frame has its origin at the geometric middle of its shape (for a mesh or a
compound: at the origin of the file or of the parts), and `position` places that origin.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from generator.mechanisms.base import named
from generator.mechanisms.registry import MechanismSpec
from generator.scene.kinds import MaterialKind
from generator.scene.validate import FILE_NAME, HEX

Vec3 = tuple[float, float, float]
Positive = Annotated[float, Field(gt=0)]
Kelvin = Annotated[float, Field(ge=1000, le=20000)]
Share = Annotated[float, Field(ge=0, le=1)]
Hex = Annotated[str, Field(pattern=HEX)]
Name = Annotated[str, Field(pattern=FILE_NAME)]
"""Safe as a file name."""


def _unit(q: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    if abs(math.sqrt(sum(x * x for x in q)) - 1.0) > 1e-6:
        raise ValueError("must be a unit quaternion")
    return q


Quat = Annotated[tuple[float, float, float, float], AfterValidator(_unit)]

IDENTITY: Quat = (0.0, 0.0, 0.0, 1.0)


class Model(BaseModel):
    """Frozen, strict about unknown keys, and without infinities or NaN.

    Built when first used, so that importing this module costs next to nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


# --- shapes: origin in the geometric middle, axis of symmetry along Z --------------------------


class Box(Model):
    kind: Literal["box"] = "box"
    size: tuple[Positive, Positive, Positive]
    """Full edge lengths along X, Y, Z."""
    bevel: Annotated[float, Field(ge=0)] = 0.0
    """Radius of the rounded edges in the picture; physics uses the sharp box."""


class Sphere(Model):
    kind: Literal["sphere"] = "sphere"
    radius: Positive


class Cylinder(Model):
    kind: Literal["cylinder"] = "cylinder"
    radius: Positive
    height: Positive
    bevel: Annotated[float, Field(ge=0)] = 0.0


class Capsule(Model):
    kind: Literal["capsule"] = "capsule"
    radius: Positive
    height: Positive
    """Full height, caps included; at least twice the radius."""


class Cone(Model):
    kind: Literal["cone"] = "cone"
    radius: Positive
    height: Positive
    """Apex up; the origin is at half the height."""


class Mesh(Model):
    kind: Literal["mesh"] = "mesh"
    file: str
    """Absolute path of the mesh, already checked to lie inside the spec's or the assets' folder."""
    sha256: str
    scale: Positive = 1.0
    collision: Literal["parts", "hull"] = "parts"
    """`parts`: convex decomposition (coacd). `hull`: one hull, only for a shape that is convex."""


class Compound(Model):
    kind: Literal["compound"] = "compound"
    parts: Annotated[tuple[Placed, ...], Field(min_length=1)]


class Strand(Model):
    """A string: a tube along points that a mechanism leads. Its frame is the room's."""

    kind: Literal["strand"] = "strand"
    radius: Positive
    points: Annotated[int, Field(ge=2, le=200)] = 25


class Ribbon(Model):
    """A trace on a surface: a flat strip along points that a mechanism lays down. Its frame is the room's."""

    kind: Literal["ribbon"] = "ribbon"
    width: Positive
    points: Annotated[int, Field(ge=2, le=2000)] = 200


class Cushion(Model):
    """A soft block with rounded edges whose top gives way. The origin is in the middle of its rest shape."""

    kind: Literal["cushion"] = "cushion"
    size: tuple[Positive, Positive, Positive]
    crown: Share = 0.3
    """How round it is: 0 a slab of foam, 1 a plump pillow."""
    cells: Annotated[int, Field(ge=8, le=128)] = 48
    """Columns each way."""


FORMED = ("strand", "ribbon", "cushion")
"""Kinds of shapes whose form changes as a mechanism says."""

Shape = Annotated[
    Box | Sphere | Cylinder | Capsule | Cone | Mesh | Compound | Strand | Ribbon | Cushion,
    Field(discriminator="kind"),
]


class Placed(Model):
    """One part of a compound, in the compound's frame."""

    shape: Annotated[Box | Sphere | Cylinder | Capsule | Cone, Field(discriminator="kind")]
    position: Vec3 = (0.0, 0.0, 0.0)
    orientation: Quat = IDENTITY
    material: Material | None = None
    """A material of its own; None takes the body's."""


# --- looks ------------------------------------------------------------------------------------


class Material(Model):
    """What a surface is made of. `kind` picks a recipe in `generator/render/materials`."""

    kind: MaterialKind
    color: Hex | None = None
    """sRGB `#rrggbb`; None is the recipe's own colour."""
    accent: Hex | None = None
    """Second colour: ink of pips, a ball's stripe, wood under worn paint."""
    roughness: Share | None = None
    wear: Share | None = None
    """0 new .. 1 battered: scratches, smudges, worn edges. None is the recipe's own."""
    pips: tuple[Annotated[int, Field(ge=0, le=6)], Annotated[int, Field(ge=0, le=6)]] | None = None
    """`domino`: dots on each half, 0..6."""
    number: Annotated[int, Field(ge=0, le=15)] | None = None
    """`billiard`: 0 is the cue ball, 1..7 solid, 8 black, 9..15 striped."""
    strength: Annotated[float, Field(ge=0)] | None = None
    """`glow`: emitted W/m2."""
    seed: int = 0
    """Picks the grain, so that two oak boards differ."""


class Prop(Model):
    """Dressing that takes no part: drawn, and solid for physics as `props.solid` says."""

    kind: str
    position: Vec3
    """Of the middle of the prop's foot."""
    yaw: float = 0.0
    scale: Positive = 1.0
    color: Hex | None = None
    seed: int = 0


class Support(Model):
    """A static box that things stand on or lean against: table top, floor, wall."""

    name: Name
    """`top`, `floor`, `wall.0`, `cushion.0` …"""
    size: tuple[Positive, Positive, Positive]
    position: Vec3
    orientation: Quat = IDENTITY
    friction: Annotated[float, Field(ge=0)] = 1.0
    restitution: Share = 1.0


class Room(Model):
    """Where it happens: support surfaces, walls, dressing and the room's own light plan."""

    kind: Literal["plain", "studio", "tabletop", "living", "yard", "kitchen", "night", "billiards"]
    surface: Material
    """Of what the bodies stand on."""
    wall: Material
    supports: Annotated[tuple[Support, ...], Field(min_length=1)]
    """Solid parts; the first is what `rests_on: ground` means, its top at z = 0."""
    props: tuple[Prop, ...] = ()
    key_azimuth: float = 0.0
    """Radians that the key light is turned from the recipe's own direction."""
    key_ratio: Positive = 4.0
    """Key to fill."""
    key_temperature: Kelvin = 5600.0
    fill_temperature: Kelvin = 4400.0
    ambient: Annotated[float, Field(ge=0)] = 1.0
    """Factor on the recipe's ambient light."""
    lit: bool = True
    """False leaves the room's own lights out: the spec brings its lights."""
    seed: int = 0


class Sun(Model):
    kind: Literal["sun"] = "sun"
    elevation: float
    azimuth: float
    """Direction towards the sun, radians from +X counter-clockwise."""
    strength: Annotated[float, Field(ge=0)]
    """W/m2."""
    temperature: Kelvin = 5200.0
    angle: float = 0.00925
    """Angular diameter, radians."""


class Area(Model):
    kind: Literal["area"] = "area"
    position: Vec3
    target: Vec3
    size: tuple[Positive, Positive]
    power: Annotated[float, Field(ge=0)]
    """Watts."""
    temperature: Kelvin = 5600.0


class Point(Model):
    kind: Literal["point"] = "point"
    position: Vec3
    power: Annotated[float, Field(ge=0)]
    radius: Positive = 0.03
    temperature: Kelvin = 3600.0


class Hdri(Model):
    kind: Literal["hdri"] = "hdri"
    name: Literal["city", "courtyard", "forest", "interior", "night", "studio", "sunrise", "sunset"]
    strength: float = 1.0
    rotation: float = 0.0
    visible: bool = True


class Sky(Model):
    kind: Literal["sky"] = "sky"
    elevation: float = 0.7
    rotation: float = 0.0
    strength: float = 0.1
    aerosol: float = 1.2


Light = Annotated[Sun | Area | Point | Hdri | Sky, Field(discriminator="kind")]


class CameraPose(Model):
    """Where the camera stands at one frame. It looks along its own -Z with +Y up (as Blender)."""

    position: Vec3
    orientation: Quat
    lens: Positive
    """Focal length in mm on a sensor `Camera.sensor` mm wide."""
    focus: Positive
    """Distance of sharpness along the view axis, m."""


class Camera(Model):
    sensor: Positive = 36.0
    fstop: Positive | None = None
    """None: everything is sharp."""
    motion: Literal["static", "orbit", "dolly", "pan", "zoom", "slide", "handheld"] = "static"
    poses: Annotated[tuple[CameraPose, ...], Field(min_length=1)]
    """One for each frame; a static camera repeats one pose."""

    @property
    def stands(self) -> bool:
        """Whether every frame is seen from the same pose through the same lens."""
        return all(pose == self.poses[0] for pose in self.poses)


class Film(Model):
    """What the lens and the film add, the same in both worlds."""

    exposure: float | None = None
    """EV; None meters the factual world's first frame once (and the pair stores what it found)."""
    key: Positive = 0.2
    """Where metering puts the log-average."""
    look: Literal["punchy", "medium", "base", "soft"] = "medium"
    vignette: Share = 0.12
    grain: Share = 0.0
    motion_blur: Share = 0.0
    """Shutter in frames; 0 films an instant, as the masks do."""


# --- bodies -------------------------------------------------------------------------------------


class Impulse(Model):
    """A kick at a time: `vector` N s at `at` in the body's frame."""

    time: float
    vector: Vec3
    at: Vec3 = (0.0, 0.0, 0.0)


class Keyframe(Model):
    """A pose of a kinematic body at a time; between two, position is linear and turning is slerp."""

    time: float
    position: Vec3
    orientation: Quat


class Body(Model):
    name: Name
    """Unique: `ball`, or `domino.7` for the eighth of a repeat."""
    group: str
    """The key in the spec: `domino`."""
    index: int | None = None
    noun: str
    """What a person calls it, without an article: `red ball`."""
    motion: Literal["dynamic", "static", "kinematic"] = "dynamic"
    shape: Shape
    material: Material
    mass: Annotated[float, Field(ge=0)]
    """kg; 0 for a static or kinematic body."""
    friction: Annotated[float, Field(ge=0)] = 0.5
    rolling_friction: Annotated[float, Field(ge=0)] = 0.0
    """Metres (the arm of the resisting torque): 0.02 to 0.05 of the radius is usual."""
    restitution: Share = 0.0
    position: Vec3
    orientation: Quat = IDENTITY
    velocity: Vec3 = (0.0, 0.0, 0.0)
    spin: Vec3 = (0.0, 0.0, 0.0)
    """Angular velocity, rad/s, world axes."""
    impulses: tuple[Impulse, ...] = ()
    path: tuple[Keyframe, ...] = ()
    visible: bool | Literal["shadow"] = True
    """shadow: not before the camera; it still throws its shadow and shows in mirrors. It is in no ID map."""


class Intervention(Model):
    """One thing or several taken away at once."""

    name: Name
    """Safe for a folder name: `domino-7`, or `ball+ramp`."""
    remove: Annotated[tuple[str, ...], Field(min_length=1)]
    before: str = ""
    """Caption of what happened."""
    after: str = ""
    """Caption of what would have happened."""


class Accept(Model):
    """What a pair must show to be worth keeping; a pair that does not is drawn again."""

    affected_bodies: tuple[int, int] | None = None
    """Least and most bodies that move otherwise, the removed ones not counted."""
    removed_visible: Share = 0.0003
    """Least share of the picture that the removed things fill on their best frame."""
    removed_hidden: Share = 0.7
    """Most of the removed things that others may hide on that frame; 1 asks for nothing."""
    affected_pixels: Share = 0.0001
    """Least share of the film's pixels that are affected (63 or 127)."""
    onset: tuple[float, float] | None = None
    """Seconds between which the first body must be filmed elsewhere. None: from frame 3 on, and within
    the first 80 % of the clip, if any body is."""
    stays: Share = 0.1
    """Share of the clip, up to a quarter of a second, for which no body that is seen at first may leave the
    picture; 0 asks for nothing."""
    attempts: Annotated[int, Field(ge=1, le=1000)] = 8
    """How many draws from one seed before giving up."""


class Physics(Model):
    gravity: Vec3 = (0.0, 0.0, -9.81)
    rate: Annotated[int, Field(gt=0, le=20_000)] = 480
    """Steps a second, a whole multiple of fps."""
    iterations: Annotated[int, Field(gt=0, le=2000)] = 100
    settle: Annotated[float, Field(ge=0, le=60)] = 0.0
    """Seconds simulated before frame 0, with everything still there, to let things come to rest."""


class Scene(Model):
    """Everything that both worlds share."""

    name: Name
    seed: Annotated[int, Field(ge=0)]
    attempt: Annotated[int, Field(ge=0)] = 0
    """Which draw of this seed it is: 0 unless earlier ones were not acceptable."""
    frames: Annotated[int, Field(ge=1)]
    fps: Positive
    size: tuple[Annotated[int, Field(ge=2)], Annotated[int, Field(ge=2)]]
    """width, height in pixels; both even."""
    physics: Physics = Physics()
    bodies: tuple[Body, ...]
    room: Room
    lights: tuple[Light, ...] = ()
    camera: Camera
    film: Film = Film()
    mechanisms: dict[Name, MechanismSpec] = {}
    """What acts on bodies besides contact; bodies by their full names."""
    interventions: tuple[Intervention, ...]
    accept: Accept = Accept()

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        """A stored scene may have been edited by hand: say what no longer fits together."""
        names = [body.name for body in self.bodies]
        faults = [f"two bodies are called {n}" for n in sorted({n for n in names if names.count(n) > 1})]
        titles = [intervention.name for intervention in self.interventions]
        faults += [
            f"two interventions are called {n}" for n in sorted({n for n in titles if titles.count(n) > 1})
        ]
        for intervention in self.interventions:
            for name in intervention.remove:
                if name not in names:
                    faults.append(f"intervention {intervention.name} removes {name}, which is not a body")
        for title, entry in self.mechanisms.items():
            for _, name, _ in named(entry.value):
                if name not in names:
                    faults.append(f"mechanism {title} names {name}, which is not a body")
        if len(self.camera.poses) != self.frames:
            faults.append(f"the camera has {len(self.camera.poses)} poses for {self.frames} frames")
        if self.size[0] % 2 or self.size[1] % 2:
            faults.append(f"size {self.size[0]}x{self.size[1]} is odd")
        ratio = self.physics.rate / self.fps
        if ratio < 1 or abs(ratio - round(ratio)) > 1e-9:
            faults.append(f"physics rate {self.physics.rate} is not a multiple of {self.fps:g} fps")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def body(self, name: str) -> Body:
        """The body called `name`; KeyError if there is none."""
        for body in self.bodies:
            if body.name == name:
                return body
        raise KeyError(name)
