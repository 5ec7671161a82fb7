"""What a framework prints and what Foreshape prints: ``python -m foreshape.dev.side_by_side`` writes ``docs/side_by_side.md``.

The programs stand in ``docs/side_by_side``, with their framework and a title on the first line. What they print when they are
really run is in ``printed.json`` there, which ``tests/conformance/side_by_side/record.py`` writes; Foreshape only reads them.
``--check`` writes nothing and fails where the page is not the current one.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from foreshape.cli.session import CheckSession
from foreshape.render import terminal
from foreshape.source.targets import parse_targets

ROOT: Final = Path(__file__).resolve().parents[3]
FOLDER: Final = ROOT / "docs" / "side_by_side"
PAGE: Final = ROOT / "docs" / "side_by_side.md"
NAMES: Final = {"keras=3": "Keras 3", "keras=2": "Keras 2", "torch=2": "PyTorch"}
ORDER: Final = (
    "lstm_after_flatten",
    "last_window_turned",
    "labels_not_one_hot",
    "stacked_lstm_keras_2",
    "vocabulary_keras_2",
    "linear_after_bidirectional",
    "channels_last",
    "target_with_two_axes",
    "batch_for_time",
    "loss_that_broadcasts",
    "reshape_for_transpose",
    "one_unit_softmax",
)
INTRODUCTION: Final = """\
# Side by side

Twelve faults: the program, what the framework prints when it is run, and what `foreshape check` prints without running it. In the
first eight the framework raises; the last four train to the end, at most with a warning. Lines of a traceback that are in the
library's own files are left out. Each program is a file of [side_by_side](side_by_side), so that you can try both.

Made by `python -m foreshape.dev.side_by_side`; what the frameworks print is recorded by `tests/conformance/side_by_side/record.py`
from real runs.
"""


def reported(program: Path, target: str) -> str:
    """What ``foreshape check`` prints about a program, from within its folder."""
    with within(program.parent):
        outcome = CheckSession(parse_targets([target])).check([program.name])
    return terminal.render(outcome.reports)


@contextlib.contextmanager
def within(folder: Path) -> Iterator[None]:
    """``contextlib.chdir``, which Python 3.10 does not have."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def section(name: str, printed: dict[str, str]) -> str:
    """One fault."""
    program = FOLDER / f"{name}.py"
    code = program.read_text(encoding="utf-8")
    first = code.partition("\n")[0]
    target, _, title = first.removeprefix("# ").partition(": ")
    parts = [
        f"## {title}",
        f"```python\n{code.strip()}\n```",
        f"{NAMES[target]} prints:",
        f"```text\n{printed[program.name].strip()}\n```",
        f"`foreshape check --target {target} {program.name}` prints:",
        f"```text\n{reported(program, target).strip()}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def page() -> str:
    """The whole page."""
    printed = json.loads((FOLDER / "printed.json").read_text(encoding="utf-8"))
    return "\n".join([INTRODUCTION, *(section(name, printed) for name in ORDER)])


def main() -> int:
    text = page()
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
