"""What the terminal shows for the faulty example of every fault page, word for word.

After a wanted change: ``FORESHAPE_UPDATE=1 python -m pytest tests/snapshots``, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession
from foreshape.dev.pages import pages
from foreshape.faults.catalog import fault_class, fault_names
from foreshape.render import terminal
from foreshape.source.targets import parse_targets

HERE = Path(__file__).resolve().parent
TARGETS = ("keras=3.15", "tensorflow=2.21", "numpy=2.4", "pandas=3.1", "scikit-learn=1.9", "torch=2.13")
WIDTH = 100


def rendered(name: str) -> str:
    Path("train.py").write_text(fault_class(name).faulty, encoding="utf-8")
    outcome = CheckSession(parse_targets(TARGETS)).check(["train.py"])
    return terminal.render(outcome.reports, WIDTH)


@pytest.mark.parametrize("name", fault_names())
def test_report(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORESHAPE_TRACEBACK", "1")
    shown = rendered(name)
    kept = HERE / f"{name}.txt"
    if os.environ.get("FORESHAPE_UPDATE"):
        kept.write_text(shown, encoding="utf-8")
    assert kept.is_file(), "no snapshot yet: FORESHAPE_UPDATE=1 makes one"
    assert shown == kept.read_text(encoding="utf-8")


def test_readme_opens_with_a_real_report(monkeypatch: pytest.MonkeyPatch) -> None:
    root = HERE.parents[1]
    monkeypatch.chdir(root)
    path = "examples/cnn_lstm_digits/faulty.py"
    shown = terminal.render(CheckSession(parse_targets(TARGETS)).check([path]).reports, WIDTH)
    begin, end = "<!-- opening report: begin -->\n", "<!-- opening report: end -->\n"
    readme = Path("README.md").read_text(encoding="utf-8")
    before, _, rest = readme.partition(begin)
    kept, _, after = rest.partition(end)
    opening = f"```\n$ foreshape check {path}\n{shown}```\n"
    if os.environ.get("FORESHAPE_UPDATE"):
        Path("README.md").write_text(f"{before}{begin}{opening}{end}{after}", encoding="utf-8")
        kept = opening
    assert kept == opening


def test_the_pages_of_the_rules_are_current() -> None:
    stale = [path.name for path, text in pages() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    assert not stale, "python -m foreshape.dev.pages writes them"
    assert {path.stem for path in (HERE.parents[1] / "docs" / "rules").glob("*.md")} == set(fault_names())


def test_no_snapshot_is_left_over() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} <= set(fault_names())
