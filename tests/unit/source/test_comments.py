"""Suppressions and shape declarations."""

from __future__ import annotations

import pytest

from foreshape.source.comments import parse_shape
from foreshape.source.files import source_from_text


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("# foreshape: ignore", ()),
        ("#foreshape:ignore", ()),
        ("# foreshape: ignore[rank-mismatch]", ("rank-mismatch",)),
        ("# foreshape: ignore[a-b, c-d ,]", ("a-b", "c-d")),
        ("# noqa: E501  # foreshape: ignore[a]  # why not", ("a",)),
        ("# foreshape: ignore -- it is meant", ()),
    ],
)
def test_ignore_comments(comment: str, rules: tuple[str, ...]) -> None:
    (found,) = source_from_text("a.py", f"x = 1  {comment}\n").comments.suppressions
    assert found.rules == rules
    assert found.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "# foreshape: ignored",
        "# foreshape: nothing",
        "# foreshape ignore",
        "s = '# foreshape: ignore'",
        "# foreshape: ignore[a",
    ],
)
def test_not_ignore_comments(text: str) -> None:
    assert source_from_text("a.py", text + "\n").comments.suppressions == ()


PROGRAM = """\
model = build(
    1,
    2,  # foreshape: ignore[a]
    3,
)
def f(
    x,  # foreshape: ignore[b]
):
    return x + 1  # foreshape: ignore
for i in range(3):  # foreshape: ignore[c]
    g(i)
"""


@pytest.mark.parametrize(
    ("rule", "line", "silenced"),
    [
        ("a", 1, True), ("a", 3, True), ("a", 5, True), ("b", 1, False), ("a", 6, False),
        ("b", 6, True), ("b", 9, True), ("z", 9, True), ("c", 10, True), ("c", 11, False),
    ],
)  # fmt: skip
def test_a_comment_speaks_for_its_statement(rule: str, line: int, silenced: bool) -> None:
    assert source_from_text("a.py", PROGRAM).comments.ignores(rule, [line]) is silenced


def test_unused() -> None:
    comments = source_from_text(
        "a.py", "f()  # foreshape: ignore[a, b]\ng()  # foreshape: ignore\nh()  # foreshape: ignore[c]\n"
    ).comments
    assert comments.ignores("a", [1])
    assert comments.ignores("x", [2])
    assert [(comment.line, rules) for comment, rules in comments.unused()] == [(1, ("b",)), (3, ("c",))]


def test_an_unused_comment_for_all_rules() -> None:
    ((comment, rules),) = source_from_text("a.py", "é = 1  # foreshape: ignore\n").comments.unused()
    assert rules == ()
    assert (comment.column, comment.end_column) == (10, 27)


def test_decorated_and_matched() -> None:
    text = (
        "@d(1)  # foreshape: ignore[a]\ndef f():\n    g()\nmatch x:\n    case 1:\n        h()  # foreshape: ignore[b]\n"
    )
    comments = source_from_text("a.py", text).comments
    assert comments.ignores("a", [2])
    assert not comments.ignores("a", [3])
    assert comments.ignores("b", [6])
    assert not comments.ignores("b", [4])


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        ("(n, 10, 3)", (("n", 10, 3), None)),
        ("(n, 10, 3) float32", (("n", 10, 3), "float32")),
        ("(n, 10, 3), float32", (("n", 10, 3), "float32")),
        ("(10,)", ((10,), None)),
        ("()", ((), None)),
        ("[?, None, 3]", ((None, None, 3), None)),
        ("(..., 3)", ((..., 3), None)),
        ("(n, 10) float32 from the file", (("n", 10), "float32")),
    ],
)
def test_shapes(words: str, shape: object) -> None:
    assert parse_shape(words) == shape


@pytest.mark.parametrize(
    "words", ["", "batch first", "(a b)", "(n, -1)", "(n, 10", "(..., 3, ...)", "(2*n,)", "(1, 2) #!"]
)
def test_prose_is_no_shape(words: str) -> None:
    assert parse_shape(words) is None


def test_declarations_belong_to_their_statement() -> None:
    source = source_from_text("a.py", "x = load(\n    'f',\n)  # shape: (n, 3)\ny = x\n")
    assert source.tree is not None
    declared = source.comments.declared_shape(source.tree.body[0])
    assert declared is not None
    assert declared.dims == ("n", 3)
    assert source.comments.declared_shape(source.tree.body[1]) is None
