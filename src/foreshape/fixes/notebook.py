"""Edits in a notebook: only the strings of the lines that change are written anew, the rest of the JSON stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final

from foreshape.fixes.apply import NotApplied, spliced_text
from foreshape.fixes.edits import Splice
from foreshape.source.files import source_from_bytes

if TYPE_CHECKING:
    from foreshape.source.files import SourceFile
    from foreshape.source.notebooks import Cell

SPACE: Final = re.compile(r"[ \t\r\n]*")
PLAIN: Final = re.compile(r"[^\s,\]}:]+")
Node = tuple[str, int, int, Any]
"""What a JSON value is ("object", "list", "string", "plain"), where it stands, and its parts."""


def edited_notebook(source: SourceFile, data: bytes, splices: Sequence[Splice]) -> bytes:
    """The bytes of a notebook after the splices, whose rows count in its code cells joined. Raises NotApplied."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotApplied(f"{source.path} is not UTF-8") from None
    sources = _cells(_value(text, _skip(text, 0)))
    by_cell: dict[int, list[Splice]] = {}
    cells: dict[int, Cell] = {}
    for splice in splices:
        cell = source.cell_at(splice.row)
        if cell is None or source.cell_at(splice.end_row) is not cell or cell.number > len(sources):
            raise NotApplied("the change reaches over more than one cell")
        cells[cell.number] = cell
        by_cell.setdefault(cell.number, []).append(splice)
    changes: list[tuple[int, int, str]] = []
    for number, wanted in by_cell.items():
        changes.append(_cell(text, sources[number - 1], source, cells[number], wanted))
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    changed = text.encode("utf-8")
    if source_from_bytes(source.path, changed).tree is None:
        raise NotApplied(f"the change would leave {source.path} in a state that is no notebook")
    return changed


def _cell(text: str, held: Node, source: SourceFile, cell: Cell, splices: list[Splice]) -> tuple[int, int, str]:
    """(start, end, new text) of the part of the JSON that changes for one cell."""
    kind, start, end, parts = held
    strings: list[Node] = [held] if kind == "string" else parts
    if not strings or any(each[0] != "string" for each in strings):
        raise NotApplied("the cell is not written as text")
    whole = "".join(each[3] for each in strings)
    moved = [
        Splice(
            each.path, each.row - cell.start + 1, each.column, each.end_row - cell.start + 1, each.end_column, each.text
        )
        for each in splices
    ]
    lines = re.split(r"\r\n|\r|\n", whole)
    for each in moved:
        for row in range(each.row, each.end_row + 1):
            if row > len(lines) or lines[row - 1] != source.lines[cell.start + row - 2]:
                raise NotApplied("the line is not plain Python in the notebook")
    new = spliced_text(whole, moved)
    ascii_only = text.isascii()
    if kind == "string":
        return start, end, json.dumps(new, ensure_ascii=ascii_only)
    # the lines at both ends that are the same keep their own text
    fresh = (
        new.splitlines(keepends=True) if any("\n" in each[3] for each in strings[:-1]) or len(strings) == 1 else [new]
    )
    old = [each[3] for each in strings]
    front = 0
    while front < min(len(old), len(fresh)) and old[front] == fresh[front]:
        front += 1
    back = 0
    while back < min(len(old), len(fresh)) - front and old[-1 - back] == fresh[-1 - back]:
        back += 1
    gap = text[strings[0][2] : strings[1][1]] if len(strings) > 1 else ", "
    middle = [json.dumps(line, ensure_ascii=ascii_only) for line in fresh[front : len(fresh) - back]]
    if front + back == len(old):  # only added: behind what stands before it, or before what stands behind
        if front:
            return strings[front - 1][2], strings[front - 1][2], "".join(gap + each for each in middle)
        return strings[0][1], strings[0][1], "".join(each + gap for each in middle)
    first, last = strings[front][1], strings[len(old) - back - 1][2]
    if not middle:  # only taken out, with the comma on one side
        if front:
            return strings[front - 1][2], last, ""
        return first, strings[len(old) - back][1], ""
    return first, last, gap.join(middle)


def _cells(root: Node) -> list[Node]:
    """The source of every code cell, in order."""
    holders = [root]
    sheets = _member(root, "worksheets")
    if _member(root, "cells") is None and sheets is not None:
        holders = list(sheets[3])
    found: list[Node] = []
    for holder in holders:
        cells = _member(holder, "cells")
        for cell in cells[3] if cells is not None else ():
            kind = _member(cell, "cell_type")
            if kind is None or kind[3] != "code":
                continue
            held = _member(cell, "source") or _member(cell, "input")
            found.append(held if held is not None else ("plain", 0, 0, None))
    return found


def _member(node: Node, name: str) -> Node | None:
    if node[0] != "object":
        return None
    found: Node | None = node[3].get(name)
    return found


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return at if found is None else found.end()


def _value(text: str, at: int) -> Node:
    """The JSON value at a place, with the places of all that is in it. The text is known to be JSON."""
    start = at
    if text[at] == '"':
        value, end = scanstring(text, at + 1, False)
        return "string", start, end, value
    if text[at] == "{":
        members: dict[str, Node] = {}
        at = _skip(text, at + 1)
        while text[at] != "}":
            name, at = scanstring(text, at + 1, False)
            at = _skip(text, _skip(text, at) + 1)
            members[name] = _value(text, at)
            at = _skip(text, members[name][2])
            if text[at] == ",":
                at = _skip(text, at + 1)
        return "object", start, at + 1, members
    if text[at] == "[":
        items: list[Node] = []
        at = _skip(text, at + 1)
        while text[at] != "]":
            items.append(_value(text, at))
            at = _skip(text, items[-1][2])
            if text[at] == ",":
                at = _skip(text, at + 1)
        return "list", start, at + 1, items
    found = PLAIN.match(text, at)
    return "plain", start, at + 1 if found is None else found.end(), None
