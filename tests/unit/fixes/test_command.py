"""``foreshape fix`` and the fixes of a check, from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from foreshape.cli.main import foreshape
from foreshape.cli.session import CheckSession

STACKED = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([
    layers.Input((10, 3)),
    layers.LSTM(8),   # the first
    layers.LSTM(4),
])
print(model.predict(np.zeros((2, 10, 3))).shape)
"""
PICTURES = """\
from tensorflow.keras.layers import LSTM, Conv2D, Flatten, Input
from tensorflow.keras.models import Sequential

model = Sequential([
    Input((28, 28, 1)),
    Conv2D(8, 3),
    Flatten(),
    LSTM(16),
])
"""


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(foreshape, ["fix", *arguments])
    return result.exit_code, result.stdout


def write(folder: Path, text: str) -> Path:
    path = folder / "a.py"
    path.write_text(text)
    return path


def test_diff_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, STACKED)
    status, shown = invoke("--diff", str(path))
    assert status == 1
    assert "+    layers.LSTM(8, return_sequences=True),   # the first" in shown
    assert path.read_text() == STACKED


def test_safe_fix_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, STACKED)
    status, _ = invoke("--yes", str(path))
    assert status == 0
    assert path.read_text() == STACKED.replace("LSTM(8)", "LSTM(8, return_sequences=True)")
    assert invoke("--yes", str(path)) == (0, "")


def test_unsafe_fixes_only_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, PICTURES)
    assert invoke("--yes", str(path))[0] == 1
    assert path.read_text() == PICTURES
    assert invoke("--yes", "--unsafe-fixes", str(path))[0] == 0
    text = path.read_text()
    assert "    Reshape((26, 208)),\n    LSTM(16)," in text
    assert "import LSTM, Conv2D, Flatten, Reshape, Input\n" in text


def test_nobody_to_ask(tmp_path: Path) -> None:
    assert invoke(str(write(tmp_path, STACKED)))[0] == 2
    assert invoke("--yes", str(tmp_path / "none.py"))[0] == 2


def test_notebook(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": STACKED.splitlines(keepends=True)}]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1))
    before = path.read_text()
    assert invoke("--yes", str(path))[0] == 0
    assert path.read_text() == before.replace("LSTM(8)", "LSTM(8, return_sequences=True)")


def test_fixes_in_json(tmp_path: Path) -> None:
    path = write(tmp_path, STACKED)
    answer = json.loads(CliRunner().invoke(foreshape, ["check", "--format", "json", str(path)]).stdout)
    fixes = answer["diagnostics"][0]["fixes"]
    assert fixes[0]["verified"] is True
    assert fixes[0]["grade"] == "safe"
    edit = {"line": 7, "column": 18, "end_line": 7, "end_column": 18, "text": ", return_sequences=True"}
    assert fixes[0]["edits"] == [edit]
    assert len(fixes) <= 3


def test_a_proposal_that_fails_costs_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from foreshape.fixes import propose

    def broken(rule: str) -> list[object]:
        def raises(bench: object) -> None:
            raise RuntimeError(rule)

        return [raises]

    monkeypatch.setattr(propose, "proposers", broken)
    path = write(tmp_path, STACKED)
    monkeypatch.delenv("FORESHAPE_TRACEBACK", raising=False)
    reports = CheckSession({}).check([str(path)]).reports
    assert [report.rule for report in reports] == ["rank-mismatch"]
    assert not reports[0].fixes
    monkeypatch.setenv("FORESHAPE_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        CheckSession({}).check([str(path)])


def test_no_time_no_fixes(tmp_path: Path) -> None:
    path = write(tmp_path, STACKED)
    reports = CheckSession({}, fix_seconds=0.0).check([str(path)]).reports
    assert [report.rule for report in reports] == ["rank-mismatch"]
    assert not reports[0].fixes


def test_a_fix_that_brings_another_fault_is_not_offered(tmp_path: Path) -> None:
    path = write(tmp_path, STACKED)
    for report in CheckSession({}).check([str(path)]).reports:
        for fix in report.fixes:
            assert fix.verified or fix.grade == "display"
