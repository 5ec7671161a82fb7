"""The page of every rule: ``python -m foreshape.dev.pages`` writes ``docs/rules/NAME.md`` and their list, ``docs/rules.md``.

What a page says stands in the rule's own file in ``faults/``; the report on it is what ``foreshape check`` prints today. The
tests of ``tests/conformance/pages`` run both examples on the real frameworks. ``--check`` writes nothing and fails where a page
is not the current one.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from foreshape.cli.session import CheckSession
from foreshape.dev.side_by_side import within
from foreshape.faults.catalog import fault_class, fault_names
from foreshape.render import terminal
from foreshape.source.targets import parse_targets

DOCS: Final = Path(__file__).resolve().parents[3] / "docs"
TARGETS: Final = ("keras=3.15", "tensorflow=2.21", "numpy=2.4", "pandas=3.1", "scikit-learn=1.9", "torch=2.13")
WIDTH: Final = 100
INDEX: Final = """\
# What is checked

One page for each rule, with a program that has the fault and one that has not, both run on the real frameworks by the tests.
The same in the terminal: `foreshape rules NAME`. A line is left out of a check by `# foreshape: ignore[NAME]`.

| rule | what is wrong |
|---|---|
"""


def report(program: str) -> str:
    """What ``foreshape check`` prints of a program, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, within(Path(folder)):
        Path("train.py").write_text(program, encoding="utf-8")
        outcome = CheckSession(parse_targets(TARGETS), fix_seconds=30.0).check(["train.py"])
        return terminal.render(outcome.reports, WIDTH).rstrip()


def page(name: str) -> str:
    """One rule."""
    fault = fault_class(name)
    parts = [f"# {name}", fault.summary, fault.page.strip().replace("``", "`")]
    if fault.faulty.strip():
        parts += ["## Faulty", f"```python\n{fault.faulty.strip()}\n```"]
        said = report(fault.faulty)
        if said:
            parts.append(f"```\n{said}\n```")
    if fault.fixed.strip():
        parts += ["## Fixed", f"```python\n{fault.fixed.strip()}\n```"]
    return "\n\n".join(parts) + "\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Every file and what belongs into it."""
    names = fault_names()
    rows = (f"| [`{name}`](rules/{name}.md) | {fault_class(name).summary.replace('``', '`')} |\n" for name in names)
    yield DOCS / "rules.md", INDEX + "".join(rows)
    for name in names:
        yield DOCS / "rules" / f"{name}.md", page(name)


def main() -> int:
    checking = "--check" in sys.argv[1:]
    stale = []
    written = dict(pages())
    for path, text in written.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not checking:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    left_over = [path for path in (DOCS / "rules").glob("*.md") if path not in written]
    for path in left_over:
        if not checking:
            os.unlink(path)
    if checking and (stale or left_over):
        print("not current:", ", ".join(path.name for path in [*stale, *left_over]))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
