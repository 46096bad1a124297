"""Folders that are either whole or not there: made under a temporary name, flushed, then renamed.

A temporary folder is called `.<name>.<pid>.partial` and says inside whose it is, so that the next
run can clear away what a dead process left, and leaves alone what a living one is making.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
import time
from pathlib import Path

from generator.errors import PairError, UsageError

OWNER = ".owner"
SUFFIX = ".partial"
FORGOTTEN = 24 * 3600
"""Seconds after which another machine's temporary folder counts as left behind."""


def make_root(path: Path) -> None:
    """Make a folder to put results in. Raises UsageError where that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(f"{path} is a file, not a folder: choose another --out") from None
    except NotADirectoryError:
        raise UsageError(f"{path}: a part of this path is a file: choose another --out") from None
    except OSError as error:
        raise UsageError(f"cannot make the folder {path}: {error.strerror}") from None
    probe = path / f".write-test.{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"cannot write in {path}: {error.strerror}") from None


def begin(root: Path, name: str) -> Path:
    """A fresh temporary folder beside the place where `name` will stand."""
    partial = root / f".{name}.{os.getpid()}{SUFFIX}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    owner = {"host": socket.gethostname(), "pid": os.getpid(), "born": _born(os.getpid())}
    (partial / OWNER).write_text(json.dumps(owner))
    return partial


def publish(partial: Path, final: Path) -> None:
    """Give a finished folder its name. Everything in it is on disk before the name exists.

    An older folder of that name is put aside first and removed afterwards. Raises PairError if
    something that is no folder stands in the way.
    """
    (partial / OWNER).unlink(missing_ok=True)
    for folder in [p for p in partial.rglob("*") if p.is_dir()] + [partial]:
        _sync_folder(folder)
    if final.exists() and not final.is_dir():
        raise PairError(f"{final} is a file and stands in the way of a pair")
    aside = None
    if final.is_dir():
        aside = final.parent / f".{final.name}.old.{os.getpid()}{SUFFIX}"
        shutil.rmtree(aside, ignore_errors=True)
        final.rename(aside)
    partial.rename(final)
    _sync_folder(final.parent)
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)


def sync_file(path: Path) -> None:
    """Force a file's content to disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clear_stale(root: Path) -> list[Path]:
    """Remove temporary folders whose process is gone; returns what was removed."""
    removed = []
    for partial in sorted(root.glob(f".*{SUFFIX}")):
        if partial.is_dir() and _is_stale(partial):
            shutil.rmtree(partial, ignore_errors=True)
            removed.append(partial)
    return removed


def clear_of(root: Path, pid: int) -> None:
    """Remove every temporary folder of a process that has ended."""
    for partial in root.glob(f".*.{pid}{SUFFIX}"):
        shutil.rmtree(partial, ignore_errors=True)


def _is_stale(partial: Path) -> bool:
    try:
        owner = json.loads((partial / OWNER).read_text())
        host, pid, born = owner["host"], int(owner["pid"]), owner["born"]
    except (OSError, ValueError, KeyError, TypeError):
        # Killed between making the folder and signing it, or while it got its final name.
        host, born = socket.gethostname(), None
        pid_text = partial.name.removesuffix(SUFFIX).rpartition(".")[2]
        pid = int(pid_text) if pid_text.isdigit() else 0
    if host != socket.gethostname():
        with contextlib.suppress(OSError):
            return time.time() - max(p.stat().st_mtime for p in [partial, *partial.iterdir()]) > FORGOTTEN
        return False
    if not alive(pid):
        return True
    return born is not None and born != _born(pid)


def alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and waits to be reaped does not: nobody may ever reap it
    where the first process of a container is no proper init."""
    if pid <= 0 or _stat(pid)[:1] in (["Z"], ["X"]):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _born(pid: int) -> str | None:
    """The process's start time, in the kernel's ticks: a number that is used again is not the same one."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else None


def _stat(pid: int) -> list[str]:
    """What Linux says of a process, from its state on; empty if nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
