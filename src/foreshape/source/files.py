"""Reading one file: bytes to text to tree, whatever the bytes are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from foreshape.source.syntax import ParseFailure, parse

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from foreshape.source.comments import Comments
    from foreshape.source.notebooks import Cell

Status = Literal["checked", "partial", "unreadable"]

MAX_BYTES = 20_000_000
MAX_NOTEBOOK_BYTES = 200_000_000  # most of a notebook is the pictures that it printed
NOTEBOOK_SUFFIX = ".ipynb"


class SourceFile:
    """One file as the rest of the program sees it.

    `lines` are the lines as Python counts them: `lines[i]` is line `i + 1`. `tree` is None exactly where `status`
    is "unreadable". `reason` says in one line why a file is unreadable or partial. In a notebook `text` is the code
    cells joined, and `cells` maps a joined line back to its cell; in a file it is empty.
    """

    __slots__ = ("_comments", "cells", "lines", "path", "reason", "status", "text", "tree")

    def __init__(
        self,
        path: str,
        text: str = "",
        tree: ast.Module | None = None,
        status: Status = "checked",
        reason: str | None = None,
        cells: Sequence[Cell] = (),
    ) -> None:
        self.path = path
        self.text = text
        self.lines: list[str] = text.split("\n")
        self.tree = tree
        self.status: Status = status
        self.reason = reason
        self.cells = cells
        self._comments: Comments | None = None

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r}, {self.status}, {len(self.lines)} lines)"

    @property
    def is_notebook(self) -> bool:
        return bool(self.cells)

    @property
    def comments(self) -> Comments:
        """The suppressions and shape declarations of this file, read when first asked for."""
        if self._comments is None:
            from foreshape.source.comments import read_comments

            self._comments = read_comments(self)
        return self._comments

    def place(self, line: int) -> tuple[int | None, int]:
        """`(cell, line within the cell)` in a notebook, `(None, line)` in a file."""
        cell = self.cell_at(line)
        return (None, line) if cell is None else (cell.number, line - cell.start + 1)

    def cell_at(self, line: int) -> Cell | None:
        """The notebook cell that holds the joined `line`."""
        found: Cell | None = None
        for cell in self.cells:
            if cell.start > line:
                break
            found = cell
        return found

    def column(self, line: int, byte_offset: int) -> int:
        """The 1-based column, in characters, of an AST offset, which counts UTF-8 bytes from 0."""
        if not 1 <= line <= len(self.lines):
            return byte_offset + 1
        text = self.lines[line - 1]
        if text.isascii():
            return byte_offset + 1
        return len(text.encode()[:byte_offset].decode(errors="ignore")) + 1

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int, int, int]:
        """`(line, column, end_line, end_column)` of a node, columns 1-based in characters, the end exclusive."""
        end_line = node.lineno if node.end_lineno is None else node.end_lineno
        end_offset = node.col_offset if node.end_col_offset is None else node.end_col_offset
        return node.lineno, self.column(node.lineno, node.col_offset), end_line, self.column(end_line, end_offset)


def read_source(path: str) -> SourceFile:
    """Read and parse one file. Never raises: what cannot be read comes back as "unreadable" with its reason."""
    try:
        data = _read_bytes(path)
    except OSError as error:
        return _unreadable(path, _os_reason(error))
    except ValueError as error:  # a NUL in the path itself
        return _unreadable(path, f"is not a usable path: {error}")
    if isinstance(data, str):
        return _unreadable(path, data)
    return source_from_bytes(path, data)


def source_from_bytes(path: str, data: bytes) -> SourceFile:
    """As `read_source`, for bytes that are already here (standard input, an editor's buffer)."""
    if path.endswith(NOTEBOOK_SUFFIX):
        from foreshape.source.notebooks import read_notebook

        return read_notebook(path, data)
    text = decode(data)
    if isinstance(text, ParseFailure):
        return _unreadable(path, str(text))
    return source_from_text(path, text)


def source_from_text(path: str, text: str) -> SourceFile:
    """A SourceFile of Python text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    tree = parse(text)
    if isinstance(tree, ParseFailure):
        return SourceFile(path, text, None, "unreadable", str(tree))
    return SourceFile(path, text, tree)


def decode(data: bytes) -> str | ParseFailure:
    """Bytes to text as Python does it: byte-order mark, then the PEP 263 cookie, then UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ParseFailure("is UTF-16; Python source must be UTF-8 or name its encoding")
    has_mark = data.startswith(b"\xef\xbb\xbf")
    if has_mark:
        data = data[3:]
    if 0 in data:  # said before the encoding: a binary file is not a matter of encodings
        return ParseFailure("contains a NUL byte, so it is not Python source", data.count(b"\n", 0, data.index(0)) + 1)
    encoding = _cookie(data) or "utf-8"
    if has_mark and encoding.lower().replace("_", "-") not in {"utf-8", "utf8", "utf-8-sig"}:
        return ParseFailure(f"has a UTF-8 byte-order mark but names the encoding {encoding}")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = "UTF-8" if encoding == "utf-8" else encoding
        return ParseFailure(f"is not valid {shown}: byte 0x{data[error.start]:02x}", line)
    except (LookupError, UnicodeError):
        return ParseFailure(f"names an encoding that Python does not know: {encoding}")


def _cookie(data: bytes) -> str | None:
    """The encoding that one of the first two lines names (PEP 263)."""
    head = data.split(b"\n", 2)[:2]
    if not any(b"coding" in line for line in head):
        return None
    import re

    for line in head:
        found = re.match(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line)
        if found:
            return found.group(1).decode("ascii")
        if not re.match(rb"^[ \t\f]*(?:#|\r?$)", line):
            return None  # code on the first line: a cookie on the second no longer counts
    return None


def _read_bytes(path: str) -> bytes | str:
    """The content, or the reason (a string) why this is not a file to read."""
    if os.path.isdir(path):
        return "is a folder"
    limit = MAX_NOTEBOOK_BYTES if path.endswith(NOTEBOOK_SUFFIX) else MAX_BYTES
    with open(path, "rb") as handle:  # a pipe is fine, and a device without an end stops at the limit
        data = handle.read(limit + 1)
    return data if len(data) <= limit else f"is larger than {limit // 1_000_000} MB"


def _os_reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, NotADirectoryError):
        return "no such file: a part of its path is not a folder"
    if isinstance(error, PermissionError):
        return "permission denied"
    return f"cannot be read: {error.strerror or error}"


def _unreadable(path: str, reason: str) -> SourceFile:
    return SourceFile(path, status="unreadable", reason=reason)
