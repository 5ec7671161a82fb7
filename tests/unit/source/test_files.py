"""Any bytes at any path give a SourceFile and at most one line of words."""

from __future__ import annotations

import ast
import os
import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foreshape.source.files import SourceFile, read_source, source_from_bytes, source_from_text

BAD = [
    (b"x = (1,\n", "line 1:5: does not parse: '(' was never closed: x = (1,"),
    (b"def f(:\n    pass\n", "line 1:7: does not parse: invalid syntax: def f(:"),
    (b"x = 1\ny = \0\n", "line 2: contains a NUL byte, so it is not Python source"),
    (b"x = 1\ny = '\xff'\n", "line 2: is not valid UTF-8: byte 0xff"),
    (b"# coding: ascii\ny = '\xe9'\n", "line 2: is not valid ascii: byte 0xe9"),
    (b"# coding: nonesuch\n", "names an encoding that Python does not know: nonesuch"),
    (b"# coding: rot13\n", "names an encoding that Python does not know: rot13"),
    (b"\xef\xbb\xbf# coding: latin-1\n", "has a UTF-8 byte-order mark but names the encoding latin-1"),
    ("x = 1\n".encode("utf-16"), "is UTF-16; Python source must be UTF-8 or name its encoding"),
    (b"print 'a'\n", "line 1:1: this is Python 2: print statement: print 'a'"),
    (b"exec 'a'\n", "line 1:1: this is Python 2: exec statement: exec 'a'"),
    (b"raise ValueError, 'a'\n", "line 1:17: this is Python 2: raise with a comma: raise ValueError, 'a'"),
    (b"x = 0777\n", "line 1:5: this is Python 2: octal number without 0o: x = 0777"),
    (b"x = 10L\n", "line 1:6: this is Python 2: long number with an L: x = 10L"),
    (b"x = `y`\n", "line 1:5: this is Python 2: backquotes for repr: x = `y`"),
    (b"if a <> b: pass\n", "line 1:6: this is Python 2: <> for !=: if a <> b: pass"),
    (
        b"try:\n    f()\nexcept A, e:\n    pass\n",
        "line 3:8: this is Python 2: except clause with a comma: except A, e:",
    ),
]


@pytest.mark.parametrize(("data", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_says_in_one_line_why_it_cannot_be_read(data: bytes, reason: str) -> None:
    source = source_from_bytes("a.py", data)
    assert source.tree is None
    assert source.status == "unreadable"
    assert source.reason == reason


def test_a_long_offending_line_is_cut() -> None:
    reason = source_from_text("a.py", "x = (" + "1, " * 1000).reason
    assert reason is not None
    assert len(reason) < 150
    assert reason.endswith("...")


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 1000 + "]" * 1000, "x = " + "-" * 100_000 + "1", "x = a" + ".b" * 100_000]
)
def test_deep_nesting_is_one_line(text: str) -> None:
    source = source_from_text("a.py", text)
    assert source.status == "unreadable"
    assert "nested too deeply to parse" in str(source.reason)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"# only a comment",
        b"\xef\xbb\xbfx = 1\n",
        b"\xef\xbb\xbf# coding: utf-8\nx = 1\n",
        b"#!/usr/bin/env python\n# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        b"# vim: set fileencoding=cp1252 :\nx = '\x80'\n",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\ry = 2\r",
        b"x = '\\d'\n",
        b"x = 1 if 2 is 2 else 3\n",
    ],
)
def test_readable(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = source_from_bytes("a.py", data)
    assert source.status == "checked"
    assert source.reason is None
    assert isinstance(source.tree, ast.Module)


def test_a_cookie_after_code_does_not_count() -> None:
    assert source_from_bytes("a.py", b"x = 1\n# coding: nonesuch\n").status == "checked"


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file.py").write_text("")
    assert read_source(str(tmp_path / "missing.py")).reason == "no such file or folder"
    assert read_source(str(tmp_path / "file.py" / "x.py")).reason == "no such file: a part of its path is not a folder"
    assert read_source(str(tmp_path)).reason == "is a folder"
    assert str(read_source("a\0b").reason).startswith("is not a usable path")
    if os.path.exists("/dev/zero"):
        assert read_source("/dev/zero").reason == "is larger than 20 MB"


def test_empty_and_null_are_clean(tmp_path: Path) -> None:
    empty = tmp_path / "empty.py"
    empty.touch()
    assert read_source(str(empty)).status == "checked"
    assert read_source(os.devnull).status == "checked"


def test_fifty_thousand_lines() -> None:
    source = source_from_text("a.py", "x = [1, 2]\n" * 50_000)
    assert source.tree is not None
    assert len(source.tree.body) == 50_000


def test_lines_are_pythons() -> None:
    source = source_from_text("a.py", "a = '\x0c\u2028'\r\nb = 1\n")
    assert [node.lineno for node in source.tree.body] == [1, 2]  # type: ignore[union-attr]
    assert source.lines[1] == "b = 1"


def test_columns_count_characters() -> None:
    source = source_from_text("a.py", "'né', x\n")
    name = source.tree.body[0].value.elts[1]  # type: ignore[union-attr, attr-defined]
    assert source.span(name) == (1, 7, 1, 8)


@given(st.binary(max_size=200))
def test_never_raises(data: bytes) -> None:
    for path in ("a.py", "a.ipynb"):
        source = source_from_bytes(path, data)
        assert isinstance(source, SourceFile)
        assert (source.tree is None) == (source.status == "unreadable") == (source.reason is not None)
        assert "\n" not in (source.reason or "")


@given(st.text(max_size=100))
def test_never_raises_on_text(text: str) -> None:
    assert source_from_text("a.py", text).comments.suppressions == ()
