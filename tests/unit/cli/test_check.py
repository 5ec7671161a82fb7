"""`foreshape check` with an interpreter that finds what the test says."""

from __future__ import annotations

import ast
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foreshape.cli import engine
from foreshape.cli.main import main
from foreshape.domain.origin import span_of
from foreshape.faults.base import Raises
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.interpret.findings import Finding
from foreshape.source.files import SourceFile
from foreshape.source.imports import ImportResolver
from foreshape.source.targets import Targets

Run = Callable[..., tuple[int, str, str]]


class FakeAnalysis:
    """A fault at every call of `bad`; `caught()` ones are caught; `crash` fails; `slow` spends the budget."""

    def __init__(self, source: SourceFile) -> None:
        self.findings: list[Finding] = []
        self.assigned: list[Any] = []
        self.internal: tuple[str, ...] = ()
        self.status, self.reason = "checked", None
        assert source.tree is not None
        for node in ast.walk(source.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "crash":
                raise RuntimeError("out of\n  luck")
            if node.func.id == "slow":
                self.status, self.reason = "partial", "the step budget is spent"
            if node.func.id in {"bad", "caught"}:
                fault = RankMismatch(Raises("ValueError", "no", "keras 3"), taker="LSTM", needs=3, got=(1, 2))
                span = span_of(source.path, node)
                stack = ((source.path, node.lineno),)
                self.findings.append(Finding(fault, span, stack, (), node.func.id == "caught"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def analyze(source: SourceFile, targets: Targets, resolver: ImportResolver) -> FakeAnalysis:
        return FakeAnalysis(source)

    monkeypatch.setattr(engine, "analyze", analyze)
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            main(["check", *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        status = done.value.code
        assert isinstance(status, int)
        return status, out, err

    return invoke


def write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def document(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_exit_statuses(run: Run) -> None:
    write(clean="x = 1\n", faulty="bad()\n", caught="caught()\n", crash="crash()\n", slow="slow()\n", broken="x = (\n")
    assert [run(f"{name}.py")[0] for name in ("clean", "faulty", "caught", "crash", "slow", "broken", "missing")] == [
        0, 1, 0, 3, 0, 2, 2,
    ]  # fmt: skip


def test_the_worst_counts_and_the_others_are_still_checked(run: Run) -> None:
    write(a="crash()\n", b="bad()\n", c="x = (\n")
    status, out, err = run("a.py", "b.py", "c.py", "d.py", "--format", "concise")
    assert status == 3
    assert "b.py:1" in out
    assert "rank-mismatch" in out
    assert err.splitlines() == [
        "a.py: internal error: RuntimeError: out of luck",
        "c.py: line 1:5: does not parse: '(' was never closed: x = (",
        "d.py: no such file or folder",
        "1 fault in 1 file.",
    ]
    assert run("b.py", "c.py")[0] == 2


@pytest.mark.parametrize(
    "data", [b"", b"x = '\xff'\n", b"x = \0\n", b"x = " + b"[" * 1000 + b"]" * 1000, b"print 'a'\n", b"# coding: hex\n"]
)
def test_bad_input_is_one_line(run: Run, data: bytes) -> None:
    Path("a.py").write_bytes(data)
    write(b="bad()\n")
    status, out, err = run("a.py", "b.py", "--quiet")
    assert status == (2 if data else 1)
    assert len(err.splitlines()) == (1 if data else 0)
    assert "b.py" in out


def test_fifty_thousand_lines(run: Run) -> None:
    write(a="x = 1\n" * 50_000)
    assert run("a.py")[0] == 0


def test_folders(run: Run) -> None:
    write(app__a="bad()\n", app__b="x = 1\n", app__old__c="bad()\n")
    Path("empty").mkdir()
    status, out, err = run("app", "--format", "json", "--exclude", "old")
    assert status == 1
    assert [file["path"] for file in document(out)["files"]] == [
        os.path.join("app", "a.py"),
        os.path.join("app", "b.py"),
    ]
    status, out, err = run("empty", "app")
    assert status == 2
    assert "empty: has no Python file or notebook in it" in err.splitlines()


def test_json(run: Run) -> None:
    write(a="x = bad(\n    1)\n", b="x = (\n", c="slow()\n")
    status, out, err = run("a.py", "b.py", "c.py", "--format", "json", "--target", "keras=2", "--target", "numpy=1")
    found = document(out)
    assert status == 2
    assert err == ""
    assert found["schema"] == 1
    assert found["target"]["keras"] == "2.21"
    assert found["target"]["numpy"] == "1.26"
    assert [(file["path"], file["status"], bool(file["reason"])) for file in found["files"]] == [
        ("a.py", "checked", False),
        ("b.py", "unreadable", True),
        ("c.py", "partial", True),
    ]
    (entry,) = found["diagnostics"]
    assert (entry["rule"], entry["severity"], entry["caught"]) == ("rank-mismatch", "error", False)
    assert (entry["path"], entry["line"], entry["column"], entry["end_line"], entry["end_column"]) == (
        "a.py",
        1,
        5,
        2,
        7,
    )
    assert entry["raises"]["exception"] == "ValueError"
    assert entry["stack"] == [{"path": "a.py", "line": 1}]


def test_notebook_positions_count_in_their_cell(run: Run) -> None:
    cells = [{"cell_type": "code", "source": "%pip install x\ny = 1"}, {"cell_type": "code", "source": "\nbad()"}]
    Path("n.ipynb").write_text(json.dumps({"cells": cells}))
    status, out, _ = run("n.ipynb", "--format", "json")
    (entry,) = document(out)["diagnostics"]
    assert status == 1
    assert (entry["cell"], entry["line"]) == (2, 2)
    Path("m.ipynb").write_text("x = 1")
    status, _, err = run("m.ipynb")
    assert status == 2
    assert err.splitlines()[0] == "m.ipynb: is not a notebook: line 1:1 is not JSON: Expecting value"


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"bad()\n")

    monkeypatch.setattr(sys, "stdin", Stdin())
    status, out, _ = run("-", "--format", "json")
    assert status == 1
    assert document(out)["diagnostics"][0]["path"] == "<stdin>"
    Stdin.buffer = io.BytesIO(b"bad()  # foreshape: ignore\n")
    assert run("-", "--stdin-filename", "lib/x.py")[0] == 0


def test_ignore_comments(run: Run) -> None:
    write(a="bad(  # foreshape: ignore[rank-mismatch]\n    1\n)\n", b="bad()  # foreshape: ignore[index-range]\n")
    assert run("a.py")[0] == 0
    status, out, _ = run("b.py", "--format", "json")
    assert status == 1
    assert [entry["rule"] for entry in document(out)["diagnostics"]] == ["rank-mismatch", "unused-ignore"]
    assert run("b.py", "--ignore", "rank-mismatch,unused-ignore")[0] == 0


def test_an_ignore_of_what_is_not_asked_for_is_not_unused(run: Run) -> None:
    write(a="bad()  # foreshape: ignore[rank-mismatch]\n")
    assert run("a.py", "--ignore", "rank-mismatch")[0] == 0


def test_select_and_ignore(run: Run) -> None:
    write(a="bad()\n")
    assert run("a.py", "--select", "index-range")[0] == 0
    assert run("a.py", "--select", "index-range,rank-mismatch")[0] == 1
    assert run("a.py", "--ignore", "rank-mismatch")[0] == 0


def test_configuration(run: Run) -> None:
    write(a="bad()\n", tests__b="bad()\n", old__c="bad()\n")
    Path("pyproject.toml").write_text(
        "[tool.foreshape]\nexclude = ['old']\ntarget = {keras = '2'}\n"
        "[tool.foreshape.per-file-ignores]\n'tests/*' = ['rank-mismatch']\n"
    )
    status, out, _ = run(".", "--format", "json")
    found = document(out)
    assert status == 1
    assert [entry["path"] for entry in found["diagnostics"]] == ["a.py"]
    assert len(found["files"]) == 2
    assert found["target"]["keras"] == "2.21"
    assert document(run(".", "--format", "json", "--target", "keras=3")[1])["target"]["keras"] == "3.15"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument 'PATH...'"),
        (["a.py", "--format", "xml"], "Invalid value for '--format'"),
        (["a.py", "--target", "keras"], "is not NAME=VERSION"),
        (["a.py", "--target", "kreas=2"], "did you mean 'keras'?"),
        (["a.py", "--select", "rank-mismach"], "did you mean 'rank-mismatch'?"),
        (["a.py", "--nope"], "No such option"),
    ],
)
def test_usage(run: Run, arguments: list[str], words: str) -> None:
    write(a="x = 1\n")
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


def test_wrong_configuration_is_usage(run: Run) -> None:
    write(a="x = 1\n")
    Path("pyproject.toml").write_text("[tool.foreshape]\nslect = []\n")
    status, out, err = run("a.py")
    assert (status, out) == (2, "")
    assert "'slect', did you mean 'select'?" in err
    assert len(err.splitlines()) == 1


def test_exit_zero_hides_faults_only(run: Run) -> None:
    write(a="bad()\n", b="x = (\n")
    assert run("a.py", "--exit-zero")[0] == 0
    assert run("b.py", "--exit-zero")[0] == 2


def test_a_fault_reached_from_two_files_is_told_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(a="import b\n", b="bad()\n")

    def analyze(source: SourceFile, targets: Targets, resolver: ImportResolver) -> FakeAnalysis:
        return FakeAnalysis(resolver.read("b.py"))

    monkeypatch.setattr(engine, "analyze", analyze)
    status, out, _ = run("a.py", "b.py", "--format", "json")
    assert status == 1
    assert len(document(out)["diagnostics"]) == 1


def test_quiet(run: Run) -> None:
    write(a="bad()\n")
    assert run("a.py")[2] == "1 fault in 1 file.\n"
    assert run("a.py", "-q")[2] == ""
