"""Write docs/ecosystem.md from the figures: `python -m tests.conformance.ecosystem.page`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
PAGE: Final = HERE.parents[2] / "docs" / "ecosystem.md"
HEAD: Final = """# Released packages

Every Python file of the packages below is checked as `foreshape check` would: with the project's own imports, and without
running anything. This is library code, in use every day: what is reported as an error in it is a false alarm until shown
otherwise. Tests that mean to fail are the exception, where a package ships its tests.

* *partial*: files whose check ran out of its budget (10 seconds or a million steps) and says so.
* *errors*: reports that claim to happen in every run that gets there. *conditional*: reports that name a condition.
  `tests/conformance/ecosystem/known*.txt` say of each that is left why it is there.
* *known names*: assigned names of whose value anything at all is known: the type, the shape, or what it is. Functions and
  methods that nothing in a file calls are followed with arguments of which nothing is known, so that this is low in libraries.
* *calls*: those that are followed into other libraries, as far as these are modelled. *without a rule*: the share of them
  whose name no rule knows.
* *seconds* are processor time of one core for all files, *slowest* is one file.
* A package without "(1 in n)" behind its number of files is checked whole. Where a mended rule changed what is reported, the files
  that had a report or ran out of budget were checked again and the other figures of the row are those of the whole run before it.

"""
TAIL: Final = """
Made by `python -m tests.conformance.ecosystem.record` (which says how) and `python -m tests.conformance.ecosystem.page`.
"""


def rows() -> list[dict[str, Any]]:
    """The figures of all packages, by name."""
    found = [json.loads(path.read_text()) for path in sorted((HERE / "figures").glob("*.json"))]
    return sorted(found, key=lambda row: str(row["package"]).lower())


def page() -> str:
    """The whole page."""
    titles = (
        "package", "version", "files", "lines", "seconds", "slowest", "peak MB", "partial", "internal errors", "hangs",
        "errors", "conditional", "silent", "known names", "calls", "without a rule",
    )  # fmt: skip
    lines = ["| " + " | ".join(titles) + " |", "|---|---|" + "---:|" * (len(titles) - 2)]
    for row in rows():
        every = "" if row["every"] == 1 else f" (1 in {row['every']})"
        known = 1 - row["unknown_names"] / max(row["names"], 1)
        unmodelled = row["calls_without_rule"] / max(row["calls"], 1)
        cells = (
            row["package"], row["version"], f"{row['files']:,}{every}", f"{row['lines']:,}", f"{row['seconds']:,.0f}",
            f"{row['slowest_seconds']:.1f}", row["peak_mb"], row["partial"], row["internal"], row["hangs"], row["errors"],
            row["conditional"], row["silent"], f"{known:.0%}", f"{row['calls']:,}", f"{unmodelled:.1%}" if row["calls"] else "",
        )  # fmt: skip
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return HEAD + "\n".join(lines) + "\n" + TAIL


if __name__ == "__main__":
    PAGE.write_text(page())
