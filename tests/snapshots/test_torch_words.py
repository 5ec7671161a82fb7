"""What the terminal shows for sequence programs in PyTorch that fail, word for word.

After a wanted change: ``FORESHAPE_UPDATE=1 python -m pytest tests/snapshots``, then read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from foreshape.cli.session import CheckSession
from foreshape.render import terminal
from foreshape.source.targets import parse_targets

HERE = Path(__file__).resolve().parent / "torch"
BLOCK = re.compile(r"^## (\w+)\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAMS = dict(BLOCK.findall((HERE / "programs.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", PROGRAMS)
def test_report(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORESHAPE_TRACEBACK", "1")
    Path("train.py").write_text(PROGRAMS[name], encoding="utf-8")
    shown = terminal.render(CheckSession(parse_targets(("torch=2.13",))).check(["train.py"]).reports, 100)
    kept = HERE / f"{name}.txt"
    if os.environ.get("FORESHAPE_UPDATE"):
        kept.write_text(shown, encoding="utf-8")
    assert kept.is_file(), "no snapshot yet: FORESHAPE_UPDATE=1 makes one"
    assert shown == kept.read_text(encoding="utf-8")
