"""What the machine itself must bring: the shared libraries that Blender's module links against.

pip cannot install them, and without them `import bpy` dies with a loader message that names one
library at a time. Standard library only: `make` runs this before anything else is known to work.

    python -m generator.system      exit 0, or 1 with the one line that installs what is missing
"""

from __future__ import annotations

import ctypes
import sys

from generator.errors import RenderError

LIBRARIES = {
    # Needed by bpy 5.0.1 itself (readelf -d) ...
    "libX11.so.6": "libx11-6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXrender.so.1": "libxrender1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libstdc++.so.6": "libstdc++6",
    # ... and by the USD library in its wheel, which it loads at import.
    "libGL.so.1": "libgl1",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libXext.so.6": "libxext6",
}
"""Shared library -> the Debian and Ubuntu package that holds it."""


def missing_libraries() -> list[str]:
    """The packages (Debian names) whose library the loader cannot find; empty where nothing lacks."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def require_libraries() -> None:
    """Raise `RenderError` naming every missing package and the line that installs them."""
    missing = missing_libraries()
    if missing:
        raise RenderError(
            f"Blender needs system libraries that are not here: {', '.join(missing)} "
            f"(sudo apt-get install -y --no-install-recommends {' '.join(missing)})"
        )


def main() -> int:
    try:
        require_libraries()
    except RenderError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
