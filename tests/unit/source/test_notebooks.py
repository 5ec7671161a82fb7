"""Code cells become one module whose lines lead back to the cells."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from foreshape.source.files import SourceFile, source_from_bytes
from foreshape.source.notebooks import without_magics


def notebook(*cells: str | list[str], **extra: Any) -> SourceFile:
    document = {"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells], **extra}
    return source_from_bytes("n.ipynb", json.dumps(document).encode())


def names(source: SourceFile) -> dict[str, tuple[int | None, int]]:
    """Assigned names to (cell, line)."""
    assert source.tree is not None
    return {
        node.targets[0].id: source.place(node.lineno)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def test_cells_in_order_and_places() -> None:
    source = notebook("a = 1\nb = 2", [], ["c = 3\n", "\n", "d = 4\n"])
    assert names(source) == {"a": (1, 1), "b": (1, 2), "c": (3, 1), "d": (3, 3)}
    assert source.status == "checked"
    assert source.is_notebook


def test_other_cells_are_passed_over_and_not_counted() -> None:
    cells = [
        {"cell_type": "markdown", "source": "not python"},
        {"cell_type": "code", "source": "a = 1"},
        {"cell_type": "raw", "source": "neither"},
        {"cell_type": "code", "source": "b = 2"},
    ]
    source = source_from_bytes("n.ipynb", json.dumps({"cells": cells}).encode())
    assert names(source) == {"a": (1, 1), "b": (2, 1)}


def test_nbformat_3() -> None:
    cells = [{"cell_type": "code", "language": "python", "input": ["a = 1\n", "b = 2"]}]
    source = source_from_bytes("n.ipynb", json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode())
    assert names(source) == {"a": (1, 1), "b": (1, 2)}


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install -q keras\nx = 1", "pass\nx = 1"),
        ("!pip install \\\n  keras\nx = 1", "pass\n\nx = 1"),
        ("!echo \"it's (\nx = 1", "pass\nx = 1"),
        ("if a:\n    !ls\nx = 1", "if a:\n    pass\nx = 1"),
        ("files = !ls\nx = 1", "files = get_ipython().getoutput('')\nx = 1"),
        ("t = %timeit -o f()", "t = get_ipython().run_line_magic('')"),
        ("x.shape?", "pass"),
        ("?x", "pass"),
        ("np.zeros??\nx = 1", "pass\nx = 1"),
        ("pip install keras\nx = 1", "pass\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%capture out\nx = 1", "\nx = 1"),
        ("%%bash\nls (", "\n"),
        ("%%html\n<b>", "\n"),
        ("%%writefile a.py\nx = 1\ny = 2", "\n\n"),
        ("%time x = f(1)", "if 1: x = f(1)"),
        ("%timeit -n 3 f(1)", "pass"),
        ("%time", "pass"),
        ("s = '''\n%d\n!x\n'''\n%who", "s = '''\n%d\n!x\n'''\npass"),
        ("y = (a\n  % b)\n%who", "y = (a\n  % b)\npass"),
        ("y = a \\\n  % b\n%who", "y = a \\\n  % b\npass"),
        ("x = 'it''s' # don't (\n%who", "x = 'it''s' # don't (\npass"),
    ],
)
def test_magics(cell: str, python: str) -> None:
    assert without_magics(cell) == python
    assert python.count("\n") == cell.count("\n")
    source = notebook(cell)
    assert source.status == "checked"
    assert source.text == python


def test_columns_stay_under_a_timed_statement() -> None:
    source = notebook("%time   x = f(1)")
    assert source.tree is not None
    (assign,) = (node for node in ast.walk(source.tree) if isinstance(node, ast.Assign))
    assert source.span(assign)[1] == "%time   x".index("x") + 1


def test_a_cell_that_does_not_parse_is_left_out() -> None:
    source = notebook("a = 1", "b = (", "# foreshape: ignore\nc = = 2", "d = 4")
    assert names(source) == {"a": (1, 1), "d": (4, 1)}
    assert source.status == "partial"
    assert source.reason == (
        "cell 2 line 1 does not parse: '(' was never closed: b = (; "
        "cell 3 line 2 does not parse: invalid syntax: c = = 2"
    )
    assert source.comments.suppressions == ()


def test_no_cells_is_clean() -> None:
    source = notebook()
    assert source.status == "checked"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is not a notebook: the file is empty"),
        (b"x = 1\n", "is not a notebook: line 1:1 is not JSON: Expecting value"),
        (b"[]", "is not a notebook: the JSON is not an object"),
        (b"{}", "is not a notebook: it has no cells"),
        (b"\xff", "is not a notebook: it is not JSON in UTF-8"),
        (b"[" * 100_000, "is not a notebook: its JSON is nested too deeply"),
        (b'{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "is not a notebook: its language is R"),
    ],
)
def test_not_a_notebook(data: bytes, reason: str) -> None:
    source = source_from_bytes("n.ipynb", data)
    assert source.status == "unreadable"
    assert source.reason == reason


@pytest.mark.parametrize("cell", [None, 3, {"cell_type": "code"}, {"cell_type": "code", "source": 3}, {"source": "x"}])
def test_odd_cells(cell: Any) -> None:
    assert source_from_bytes("n.ipynb", json.dumps({"cells": [cell]}).encode()).status == "checked"
