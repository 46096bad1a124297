"""Every mechanism there is, by the word that a spec uses for it. A new one is a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import create_model

from generator.mechanisms.base import Mechanism
from generator.mechanisms.conveyor import Conveyor
from generator.mechanisms.hinge import Hinge, Slider
from generator.mechanisms.hold import Hold
from generator.mechanisms.lamp import Lamp
from generator.mechanisms.lift import Lift
from generator.mechanisms.magnet import Magnet
from generator.mechanisms.motor import Motor
from generator.mechanisms.rope import Rope
from generator.mechanisms.soft import Soft
from generator.mechanisms.spin import Spin
from generator.mechanisms.spring import Spring
from generator.mechanisms.tether import Tether
from generator.mechanisms.trace import Trace
from generator.mechanisms.wind import Wind
from generator.scene.fields import OneOf

MECHANISMS: dict[str, type[Mechanism]] = {
    "conveyor": Conveyor,
    "hinge": Hinge,
    "hold": Hold,
    "lamp": Lamp,
    "lift": Lift,
    "magnet": Magnet,
    "motor": Motor,
    "rope": Rope,
    "slider": Slider,
    "soft": Soft,
    "spin": Spin,
    "spring": Spring,
    "tether": Tether,
    "trace": Trace,
    "wind": Wind,
}


class _Entry(OneOf):
    """What acts on bodies besides contact: one kind, under the word for it."""


if TYPE_CHECKING:
    MechanismSpec = _Entry
else:
    _fields: dict[str, Any] = {word: (model | None, None) for word, model in MECHANISMS.items()}
    MechanismSpec = create_model("MechanismSpec", __base__=_Entry, __doc__=_Entry.__doc__, **_fields)
