"""Notebooks (nbformat 3 and 4): the code cells in order as one module, with magics and shell lines taken out.

Every line keeps its number, and as far as possible its columns, so that a report can name the cell and the line in it.
"""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any, Final

from foreshape.source.files import SourceFile
from foreshape.source.syntax import ParseFailure, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

# Cell magics that run their body as Python in the notebook's own namespace. All others hand it to something else.
_BODY_IS_PYTHON: Final = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "wandb", "pyinstrument"}
)
# Line magics whose argument is a statement that runs in the notebook's own namespace.
_ARGUMENT_IS_PYTHON: Final = frozenset({"time", "timeit", "prun", "memit"})
# Commands that IPython takes without a percent sign; only looked for in a cell that does not parse.
_AUTOMAGIC: Final = re.compile(r"^(?:pip|conda|mamba|cd|ls|ll|mkdir|rmdir|cat|cp|mv|rm|man|more)(?:\s+[\w./~*-].*)?$")
_HELP: Final = re.compile(r"^(?:\?{1,2}\s*[\w.*%]+|[\w.*%]+(?:\[[^\]]*\])?(?:\.[\w.*]+)?\?{1,2})\s*;?$")
_ASSIGNED: Final = re.compile(r"^(\s*(?:[\w.]+(?:\s*,\s*[\w.]+)*,?)\s*=\s*)([!%].*)$")
_CONDITION: Final = "if 1:"


class Cell:
    """A code cell: its 1-based number among the code cells, and the joined line on which it starts."""

    __slots__ = ("length", "number", "start")

    def __init__(self, number: int, start: int, length: int) -> None:
        self.number = number
        self.start = start
        self.length = length

    def __repr__(self) -> str:
        return f"Cell({self.number}, lines {self.start}..{self.start + self.length - 1})"


def read_notebook(path: str, data: bytes) -> SourceFile:
    """A SourceFile of a notebook's code. Cells that do not parse are left out, and the file is then "partial"."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        return _unreadable(path, f"is not a notebook: {_json_reason(error, data)}")
    sources = _code_cells(document)
    if isinstance(sources, str):
        return _unreadable(path, f"is not a notebook: {sources}")

    lines: list[str] = []
    cells: list[Cell] = []
    body: list[ast.stmt] = []
    skipped: list[str] = []
    for number, source in enumerate(sources, start=1):
        start = len(lines) + 1
        text = source.replace("\r\n", "\n").replace("\r", "\n")
        python, tree = _parse_cell(text, start - 1)
        if isinstance(tree, ParseFailure):
            where = "" if tree.line is None else f" line {max(1, tree.line - start + 1)}"
            skipped.append(f"cell {number}{where} {tree.message}")
        else:
            body.extend(tree.body)
        cell_lines = python.split("\n")
        cells.append(Cell(number, start, len(cell_lines)))
        lines.extend(cell_lines)
    tree = ast.Module(body=body, type_ignores=[])
    reason = "; ".join(skipped) if skipped else None
    return SourceFile(path, "\n".join(lines), tree, "partial" if skipped else "checked", reason, tuple(cells))


def _parse_cell(text: str, lines_before: int) -> tuple[str, ast.Module | ParseFailure]:
    """The cell as Python text of the same number of lines, and its tree with joined line numbers.

    The text of a cell that does not parse comes back as empty lines, so that nothing in it is read as a comment.
    """
    pad = "\n" * lines_before
    tree = parse(pad + text)
    if isinstance(tree, ast.Module):
        return text, tree
    plain = without_magics(text)
    if plain != text:
        tree = parse(pad + plain)
        if isinstance(tree, ast.Module):
            return plain, tree
    return "\n" * text.count("\n"), tree


def _code_cells(document: Any) -> list[str] | str:
    """The source of every code cell in order, or why this is no notebook."""
    if not isinstance(document, dict):
        return "the JSON is not an object"
    if isinstance(document.get("cells"), list):
        found = document["cells"]
    elif isinstance(document.get("worksheets"), list):
        sheets = [sheet for sheet in document["worksheets"] if isinstance(sheet, dict)]
        found = [cell for sheet in sheets for cell in sheet.get("cells") or ()]
    else:
        return "it has no cells"
    language = _language(document)
    if language is not None and language.lower() not in {"python", "python2", "python3", "ipython"}:
        return f"its language is {language}"
    return [_source_of(cell) for cell in found if isinstance(cell, dict) and cell.get("cell_type") == "code"]


def _language(document: dict[str, Any]) -> str | None:
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        return None
    for section, key in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(section)
        if isinstance(part, dict) and isinstance(part.get(key), str):
            return str(part[key])
    return None


def _source_of(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.rstrip("\n") if isinstance(source, str) else ""


def _json_reason(error: Exception, data: bytes) -> str:
    if not data.strip():
        return "the file is empty"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}:{error.colno} is not JSON: {error.msg}"
    if isinstance(error, RecursionError):
        return "its JSON is nested too deeply"
    return "it is not JSON in UTF-8"


def _unreadable(path: str, reason: str) -> SourceFile:
    return SourceFile(path, status="unreadable", reason=reason)


def without_magics(cell: str) -> str:
    """The cell with magics, shell lines and help requests replaced by Python on the same lines."""
    lines = cell.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is not None and lines[first].startswith("%%"):
        name = lines[first][2:].split(None, 1)[0] if lines[first][2:].strip() else ""
        if name.partition("?")[0] not in _BODY_IS_PYTHON:
            return "\n" * (len(lines) - 1)
        lines[first] = ""
    result = list(lines)
    continued = False
    for index, starts in zip(range(len(lines)), _starts_of_statements(lines), strict=False):
        line = lines[index]
        if continued:  # the rest of a shell line that ended in a backslash
            result[index] = ""
            continued = line.endswith("\\")
        elif starts:
            replaced = _replace(line)
            if replaced is not None:
                result[index] = replaced
                continued = line.endswith("\\")
    return "\n".join(result)


def _replace(line: str) -> str | None:
    """Python in place of a line that is not, or None where the line is to stay."""
    code = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if code.startswith("%"):
        return _line_magic(indent, code) or indent + "pass"
    if code.startswith("!") or _HELP.match(code) or _AUTOMAGIC.match(code):
        return indent + "pass"
    assigned = _ASSIGNED.match(line)
    if assigned:
        # What IPython itself makes of it. The names are not defined in the file, so the value is unknown.
        left, command = assigned.groups()
        call = "getoutput" if command.startswith("!") else "run_line_magic"
        return f"{left}get_ipython().{call}('')"
    return None


def _line_magic(indent: str, code: str) -> str | None:
    """`%time f(x)` as `if 1: f(x)`, the statement in its old columns; None for any other magic."""
    name, _, argument = code[1:].partition(" ")
    statement = argument.strip()
    if name not in _ARGUMENT_IS_PYTHON or not statement or statement.startswith("-"):
        return None
    column = len(code) - len(argument.lstrip())
    try:
        ast.parse(statement)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if statement.count("(") + statement.count("[") + statement.count("{") <= 0:
            return None
    return indent + _CONDITION + " " * (column - len(_CONDITION)) + statement


def _starts_of_statements(lines: list[str]) -> Iterator[bool]:
    """For each line, whether a statement starts on it: not inside brackets, a long string or after a backslash."""
    depth = 0
    quote = ""  # the quotes that close the string we are in
    joined = False
    for line in lines:
        starts = depth == 0 and not quote and not joined
        yield starts
        code = line.lstrip()
        if starts and _is_shell(line, code):
            continue  # its quotes and brackets are the shell's
        depth, quote = _scan(line, depth, quote)
        joined = line.endswith("\\") and not quote


def _is_shell(line: str, code: str) -> bool:
    if code.startswith("%"):
        return _line_magic("", code) is None
    return code.startswith(("!", "?")) or _ASSIGNED.match(line) is not None


def _scan(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Bracket depth and open string after one line."""
    index = 0
    while index < len(line):
        char = line[index]
        if quote:
            if char == "\\":
                index += 1
            elif line.startswith(quote, index):
                index += len(quote) - 1
                quote = ""
        elif char == "#":
            break
        elif char in "\"'":
            quote = char * 3 if line.startswith(char * 3, index) else char
            index += len(quote) - 1
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth = max(0, depth - 1)
        index += 1
    if len(quote) == 1 and not line.endswith("\\"):
        quote = ""  # a short string never runs on
    return depth, quote
