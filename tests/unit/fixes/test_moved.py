"""Which expression of a changed program is which."""

from __future__ import annotations

import ast

import pytest

from foreshape.fixes.edits import Splice, spliced
from foreshape.fixes.moved import moved, put_in
from foreshape.source.files import SourceFile, source_from_bytes

OLD = "größe = 3; x = f(a, b)[0]\ny = g(\n    x,\n    größe,\n).h(k)\n"


def changed(*splices: Splice) -> tuple[SourceFile, SourceFile]:
    old = source_from_bytes("a.py", OLD.encode())
    return old, source_from_bytes("a.py", spliced(OLD.split("\n"), splices).encode())


def calls(source: SourceFile) -> dict[str, ast.expr]:
    """The calls by what is called."""
    assert source.tree is not None
    return {
        ast.unparse(node.func).partition("(")[0].rpartition(".")[2] + str(isinstance(node.func, ast.Attribute)): node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize(
    "splices",
    [
        [Splice("a.py", 1, 1, 1, 1, "import z\n")],  # a line before
        [Splice("a.py", 1, 18, 1, 19, "aaaa")],  # inside, on the same line
        [Splice("a.py", 1, 1, 1, 6, "n")],  # before, on the same line
        [Splice("a.py", 3, 5, 3, 6, "x[..., None]")],
        [Splice("a.py", 3, 1, 4, 1, "")],  # a line less
        [Splice("a.py", 1, 22, 1, 22, ", c=1"), Splice("a.py", 4, 5, 4, 10, "1,\n    2")],
    ],
)
def test_calls_are_found_again(splices: list[Splice]) -> None:
    old, new = changed(*splices)
    before, after = calls(old), calls(new)
    assert before.keys() == after.keys()
    for name, node in before.items():
        assert moved(old, new, node, splices) is after[name]


def test_what_is_put_in() -> None:
    splices = [Splice("a.py", 3, 6, 3, 6, "[..., None]"), Splice("a.py", 1, 22, 1, 22, ", c=1")]
    _, new = changed(*splices)
    assert [ast.unparse(each) for each in put_in(new, splices)] == ["x[..., None]", "f(a, b, c=1)"]


def test_a_statement_that_is_put_in_has_no_value() -> None:
    splices = [Splice("a.py", 1, 1, 1, 1, "import z\n")]
    _, new = changed(*splices)
    assert put_in(new, splices) == []
