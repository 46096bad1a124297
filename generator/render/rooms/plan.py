"""A room's light plan: one dominant soft key with a direction, one weak fill of another colour.

Absolute power does not matter (films are metered); the ratios do. A `Plan` applies what the spec varies
(direction, ratio, temperatures) to a room's own recipe.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from generator.render.lights import add_area, add_sun
from generator.scene.scene import Room, Vec3

USUAL_RATIO = 4.0
"""Key to fill for which the recipes' powers are written."""


@dataclass(frozen=True)
class Plan:
    room: Room

    def key(
        self,
        position: Vec3,
        target: Vec3,
        size: tuple[float, float],
        power: float,
        warmer: float = 0.0,
        *,
        softbox: bool = False,
        round_shape: bool = False,
        spread: float = math.pi,
    ) -> None:
        """The dominant soft light, turned about the middle of the room by the spec's key azimuth."""
        if self.room.lit:
            add_area(
                self._turned(position),
                self._turned(target),
                size,
                power,
                self.room.key_temperature - warmer,
                softbox=softbox,
                round_shape=round_shape,
                spread=spread,
            )

    def sun(self, elevation: float, azimuth: float, strength: float) -> None:
        """A patch of sun, radians and W/m2, warmer than the sky that the key stands for."""
        if self.room.lit:
            temperature = self.room.key_temperature - 800
            add_sun(elevation, azimuth + self.room.key_azimuth, strength, temperature, 0.00925)

    def fill(self, position: Vec3, target: Vec3, size: tuple[float, float], power: float) -> None:
        """Weak light from the camera's side; kept out of reflections."""
        if self.room.lit:
            power *= USUAL_RATIO / self.room.key_ratio
            add_area(position, target, size, power, self.room.fill_temperature, glossy=False)

    def accent(
        self,
        position: Vec3,
        target: Vec3,
        size: tuple[float, float],
        power: float,
        temperature: float,
        *,
        glossy: bool = True,
        softbox: bool = False,
    ) -> None:
        """A rim, a lit background, a strip: fixed, whatever the key does."""
        if self.room.lit:
            add_area(position, target, size, power, temperature, glossy=glossy, softbox=softbox)

    def _turned(self, at: Vec3) -> Vec3:
        cos, sin = math.cos(self.room.key_azimuth), math.sin(self.room.key_azimuth)
        return cos * at[0] - sin * at[1], sin * at[0] + cos * at[1], at[2]
