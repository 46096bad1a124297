"""The process that makes one scene and ends. Started by `supervise`, never by hand.

The job comes as JSON on stdin, events go as JSON lines to the file descriptor given as the only
argument; stdout and stderr, where Blender chatters, are the supervisor's log.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1


def main() -> NoReturn:
    events = os.fdopen(int(sys.argv[1]), "w", buffering=1)

    def send(event: str, **facts: Any) -> None:
        events.write(json.dumps({"event": event, **facts}) + "\n")

    _die_with_parent()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides what Ctrl-C means
    code = 0
    try:
        code = _work(json.load(sys.stdin), send)
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException as error:
        text = f"a defect of ours: {type(error).__name__}: {error} (--debug shows where)"
        send("error", text=text, code=1, trace=traceback.format_exc())
        code = 1
    events.flush()
    # Blender's own tear-down can crash after everything is written.
    os._exit(code)


def _work(document: dict[str, Any], send: Any) -> int:
    from generator.errors import ButforError
    from generator.jobs import job_from_json
    from generator.produce import produce
    from generator.system import require_libraries

    try:
        require_libraries()
        produce(job_from_json(document), send)
    except ButforError as error:
        send("error", text=str(error), code=error.exit_code, trace=traceback.format_exc())
        return error.exit_code
    except OSError as error:
        text = f"{error.filename or document['out']}: {error.strerror or error}"
        send("error", text=text, code=1, trace=traceback.format_exc())
        return 1
    except MemoryError:
        send("error", text="out of memory: a smaller --size or fewer --workers need less", code=1)
        return 1
    return 0


def _die_with_parent() -> None:
    """Even a supervisor that is killed outright leaves no renderer behind (Linux)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop(*_: object) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
