"""`foreshape shapes` for values that the test gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foreshape.cli import engine
from foreshape.cli.main import main
from foreshape.domain.dim import var
from foreshape.domain.values import Array, Choice, Const, Unknown, Value
from foreshape.interpret.findings import Assigned

Run = Callable[..., tuple[int, str, str]]

N = var("n")
VALUES: dict[str, list[Value]] = {
    "known": [Array("numpy", (90, 10), "float64")],
    "symbolic": [Array("torch", (N - 1, var(None), 3), "float32")],
    "no_rank": [Array("tensorflow", None, None)],
    "twice": [Array("numpy", (32, 4), "float32"), Array("numpy", (32, 4), "float32"), Array("numpy", (4, 4), "int64")],
    "either": [Choice(((None, Array("numpy", (2,), "float64")), (None, Unknown("read from a file"))))],
    "nothing": [Unknown("it is an argument")],
    "scalar": [Const(3)],
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    class Analysis:
        findings: tuple[()] = ()
        internal: tuple[()] = ()
        status = "checked"
        reason = None

        def __init__(self, path: str) -> None:
            self.assigned = []
            for line, (name, values) in enumerate(VALUES.items(), start=1):
                each = Assigned(path, line, name)
                each.values.extend(values)
                self.assigned.append(each)
            self.assigned.append(Assigned("another.py", 1, "elsewhere"))

    monkeypatch.setattr(engine, "analyze", lambda source, targets, resolver: Analysis(source.path))
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            main(["shapes", *arguments])
        assert isinstance(done.value.code, int)
        return done.value.code, *capsys.readouterr()

    return invoke


def entries(text: str) -> dict[str, dict[str, Any]]:
    found = json.loads(text)
    assert found["schema"] == 1
    return {entry["name"]: entry for entry in found["shapes"]}


def test_json(run: Run) -> None:
    Path("a.py").write_text("\n" * 10)
    status, out, err = run("a.py", "--format", "json")
    assert (status, err) == (0, "")
    assert entries(out) == {
        "known": _entry(1, "known", "numpy", [90, 10], "float64"),
        "symbolic": _entry(2, "symbolic", "torch", ["n - 1", None, 3], "float32"),
        "no_rank": _entry(3, "no_rank", "tensorflow", None, None, reason="its number of axes is not known"),
        "twice": _entry(4, "twice", "numpy", [32, 4], None, alternatives=[[4, 4]]),
        "either": _entry(5, "either", "numpy", [2], "float64", reason="read from a file"),
        "nothing": _entry(6, "nothing", None, None, None, reason="it is an argument"),
    }


def _entry(
    line: int,
    name: str,
    kind: str | None,
    shape: list[Any] | None,
    dtype: str | None,
    alternatives: list[Any] | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    return {
        "line": line, "name": name, "kind": kind, "shape": shape, "dtype": dtype,
        "alternatives": alternatives or [], "reason": reason,
    }  # fmt: skip


def test_table(run: Run) -> None:
    Path("a.py").write_text("\n" * 10)
    table = [line.split("  ") for line in run("a.py")[1].splitlines()]
    assert [[cell.strip() for cell in row if cell.strip()] for row in table] == [
        ["line", "name", "kind", "shape", "dtype"],
        ["1", "known", "numpy", "(90, 10)", "float64"],
        ["2", "symbolic", "torch", "(n - 1, ?, 3)", "float32"],
        ["3", "no_rank", "tensorflow", "?", "its number of axes is not known"],
        ["4", "twice", "numpy", "(32, 4) or (4, 4)"],
        ["5", "either", "numpy", "(2,)", "float64", "read from a file"],
        ["6", "nothing", "?", "it is an argument"],
    ]


def test_notebook_entries_name_their_cell(run: Run) -> None:
    cells = [{"cell_type": "code", "source": "\n"}, {"cell_type": "code", "source": "a\nb\nc\nd\ne\nf\ng"}]
    Path("n.ipynb").write_text(json.dumps({"cells": cells}))
    found = entries(run("n.ipynb", "--format", "json")[1])
    assert (found["known"]["cell"], found["known"]["line"]) == (1, 1)
    assert (found["no_rank"]["cell"], found["no_rank"]["line"]) == (2, 2)
    assert "cell 2:2" in run("n.ipynb")[1]


def test_what_cannot_be_read(run: Run) -> None:
    assert run("missing.py") == (2, "", "missing.py: no such file or folder\n")
    assert run("a.py", "b.py")[0] == 2
    assert run()[0] == 2
