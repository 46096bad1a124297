"""Words for how a scene is seen: where the light comes from and what the camera does, true of the clip.

Read off the resolved room and the camera's own poses, not off the spec's wishes. Which of several ways of
saying it is used is drawn, so that captions of one family do not all sound the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.scene import space
from generator.scene.scene import Camera, Room
from generator.scene.stream import Stream

WARM, COOL = 4600.0, 6300.0
"""K of the key light below and above which people call it warm or cool."""
LIGHT: dict[str, tuple[str, ...]] = {
    "plain": ("even light from above", "plain, even light"),
    "studio": ("soft studio light", "a soft box at one side", "studio light"),
    "tabletop": ("daylight from a window", "window light from behind", "sunlight through a window"),
    "living": ("sun through a window at the side", "afternoon light in a living room", "window light"),
    "yard": ("open sunlight", "sun and a clear sky", "outdoor daylight"),
    "kitchen": ("light from a kitchen window", "soft kitchen light", "window light from the left"),
    "night": ("lamplight at night", "a dim lamp at night", "the light of a lamp in a dark room"),
    "billiards": ("a lamp that hangs over the table", "light from right above the table"),
}
STILL = ("The camera stands still", "A static shot", "Seen by a camera that does not move", "A fixed camera")
MOVES: dict[str, tuple[str, ...]] = {
    "orbit": ("The camera circles slowly to the {side}", "A slow orbit to the {side}"),
    "slide": ("The camera slides slowly to the {side}", "A slow slide to the {side}"),
    "pan": ("The camera pans slowly to the {side}", "A slow pan to the {side}"),
    "dolly": ("The camera moves slowly {way}", "The camera glides {way}"),
    "zoom": ("The camera zooms slowly {zoom}", "A slow zoom {zoom}"),
    "handheld": ("A handheld shot", "Filmed by hand", "The camera is held in a hand and sways a little"),
}


def describe(room: Room, camera: Camera, rng: Stream) -> str:
    """One sentence about camera and light: `The camera slides slowly to the left; window light.`"""
    said = camera_words(camera, rng)
    light = light_words(room, rng)
    return f"{said}; {light}." if light else f"{said}."


def light_words(room: Room, rng: Stream) -> str:
    """What lights the room, nothing where the spec brings its own lights."""
    if not room.lit:
        return ""
    words = _one_of(LIGHT[room.kind], rng)
    temperature = room.key_temperature
    if temperature < WARM or temperature > COOL:
        head, _, rest = words.partition(" ")
        tone = "warm" if temperature < WARM else "cool"
        words = f"{head} {tone} {rest}" if head in ("a", "the") else f"{tone} {words}"
    return words


def camera_words(camera: Camera, rng: Stream) -> str:
    """What the camera does, by its poses."""
    if camera.stands:
        return _one_of(STILL, rng)
    words = _one_of(MOVES.get(camera.motion, ("A moving camera",)), rng)
    first, last = camera.poses[0], camera.poses[-1]
    right = space.rotate(first.orientation, (1.0, 0.0, 0.0))
    ahead = space.rotate(first.orientation, (0.0, 0.0, -1.0))
    moved = space.subtract(last.position, first.position)
    turned = space.rotate(last.orientation, (0.0, 0.0, -1.0))
    across = space.dot(turned if camera.motion == "pan" else moved, right)
    return words.format(
        side="right" if across > 0 else "left",
        way="closer" if space.dot(moved, ahead) > 0 else "back",
        zoom="in" if last.lens > first.lens else "out",
    )


def _one_of(options: Sequence[str], rng: Stream) -> str:
    return options[int(rng.integers(0, len(options)))]
