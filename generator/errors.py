"""The one error a user meets: a clear line that says where, what and how to mend it.

Everything that can go wrong because of what a user wrote, has on disk or asked for is raised as a
`ButforError` (or a subclass). The command line prints its text on stderr and ends with `exit_code`;
any other exception is a defect in our code.
"""

from __future__ import annotations


class ButforError(Exception):
    """A fault a user can mend. `str(error)` is one line (or one line for each fault)."""

    exit_code = 1


class UsageError(ButforError):
    """The command itself was wrong: an unknown flag, a bad value, a file that is not there."""

    exit_code = 2


class SpecError(ButforError):
    """A scene spec that is not sound. One line for each fault: `file:line: path: what (cure)`."""


class PhysicsError(ButforError):
    """A scene that cannot be simulated: bodies overlap at the start, or the motion blew up."""


class BadDraw(PhysicsError):
    """A draw that cannot be played: things overlap, sink or blow up. Another may do better."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        """What went wrong in a few words, to be counted."""


class RenderError(ButforError):
    """Blender could not film the scene."""


class PairError(ButforError):
    """A pair folder that is incomplete, altered or inconsistent."""
