"""Tables in Markdown, and the place in a page that a benchmark writes them to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float, digits: int = 1) -> str:
    """A number for a cell; a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def write_between(page: Path, name: str, text: str) -> None:
    """Put `text` between the marks `<!-- name: begin -->` and `<!-- name: end -->` of a page.

    ValueError if the page lacks them.
    """
    before, begin, rest = page.read_text().partition(f"<!-- {name}: begin -->\n")
    _, end, after = rest.partition(f"<!-- {name}: end -->")
    if not begin or not end:
        raise ValueError(f"{page} has no marks named {name}")
    page.write_text(f"{before}{begin}{text.rstrip()}\n{end}{after}")
