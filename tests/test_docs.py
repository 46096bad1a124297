"""What the pages say is true: every command runs, every link leads somewhere.

A block opened with ```sh is run in a copy of the repository, line by line, in the order of the page;
long films are made small first. ```sh skip=why is not run. ```python blocks run after the commands.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "AGENTS.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(sh|python)([^\n]*)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")
SMALLER = (("--size 336x192", "--size 96x64 --frames 24"), ("--count 3", "--count 1"))
REASONS = {"part-of-make-test", "changes-the-system"}


def blocks():
    return [(page, *match) for page in PAGES for match in BLOCK.findall(page.read_text())]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The working tree as a fresh clone, with this environment in place of one that `make` would install."""
    folder = tmp_path_factory.mktemp("clone") / "butfor"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    environment = Path(os.environ.get("VIRTUAL_ENV") or ROOT / ".venv")
    (folder / ".venv").mkdir()
    for part in environment.iterdir():
        if not part.name.endswith("-installed"):
            (folder / ".venv" / part.name).symlink_to(part)
    for stamp in (".core-installed", ".dev-installed"):
        (folder / ".venv" / stamp).touch()
    return folder


@pytest.mark.slow
def test_every_command_and_example_runs(clone):
    small = "--quality draft --size 96x64 --frames 24 --out renders/demo"
    environment = {**os.environ, "DEMO": small, "PYTHONPATH": str(clone)}
    ran = 0
    examples = sorted(blocks(), key=lambda block: block[1] == "python")  # they use what the commands made
    for page, language, note, text in examples:
        if note.strip():
            assert note.strip().removeprefix("skip=") in REASONS, f"{page.name}: unknown note {note!r}"
            continue
        lines = [text] if language == "python" else [line for line in text.splitlines() if line.strip()]
        for line in lines:
            for long, short in SMALLER:
                line = line.replace(long, short)
            command = [".venv/bin/python", "-c", line] if language == "python" else ["bash", "-ec", line]
            ended = subprocess.run(
                command, cwd=clone, env=environment, capture_output=True, text=True, check=False, timeout=600
            )
            assert ended.returncode == 0, f"{page.name}: {line}\n{ended.stdout}\n{ended.stderr}"
            ran += 1
    assert ran >= 5


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(page.read_text()):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name) if name else page
        assert there.exists(), f"{page.name} links to {target}"
        if anchor:
            heads = re.findall(r"^#+ (.*)$", there.read_text(), re.M)
            slugs = {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
            assert anchor in slugs, f"{page.name} links to {target}"


def test_every_documented_key_and_file_of_a_pair_is_true(tmp_path):
    """The tables of docs/pair-format.md against the code that writes pairs."""
    from generator.check import BOUNDS, FINE
    from generator.layers import CHOICES
    from generator.pair import REQUIRED

    text = (ROOT / "docs/pair-format.md").read_text()
    for name in REQUIRED:
        assert Path(name).name in text, name
    for choice in CHOICES:
        assert f"`{choice}`" in text or f"--layers {choice}`" in text, choice
    for first, table in ((3, BOUNDS), (5, FINE)):
        for source, bounds in table.items():
            for name, (side, bound) in bounds.items():
                row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
                cell = row.split("|")[first if source == "rendered" else first + 1]
                assert cell.strip() == f"{side} {bound:g}", (source, name)


def test_no_page_names_a_machine():
    for page in PAGES:
        assert not re.search(r"/(root|home|tmp/D|work)/", page.read_text()), page.name
