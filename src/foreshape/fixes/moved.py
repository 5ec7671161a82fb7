"""Expressions of a program before and after a change: which is which, and which are new."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from foreshape.fixes.edits import Splice, new_place

if TYPE_CHECKING:
    from foreshape.source.files import SourceFile


def moved(old: SourceFile, new: SourceFile, node: ast.expr, splices: Sequence[Splice]) -> ast.expr | None:
    """The expression of the changed file that ``node`` of the old one became; None where it is gone.

    ``splices``: those of this file."""
    row, column, end_row, end_column = old.span(node)
    start = new_place(row, column, splices)
    end = new_place(end_row, end_column, splices, end=True)
    found: ast.expr | None = None
    for each in ast.walk(new.tree) if new.tree is not None else ():
        if isinstance(each, type(node)):
            place = new.span(each)
            if place[:2] == start:
                if place[2:] == end:
                    return each
                found = each if found is None else found
    return found


def put_in(new: SourceFile, splices: Sequence[Splice]) -> list[ast.expr]:
    """The smallest expression of the changed file around each text that was put in.

    Texts that bind names, imports, whole statements and deletions are in none."""
    found = []
    own = [each for each in splices if each.path == new.path]
    for splice in own:
        if not splice.text:
            continue
        first = new_place(splice.row, splice.column, own, inside=splice)
        last = new_place(splice.end_row, splice.end_column, own, end=True)
        inner: ast.expr | None = None
        for each in ast.walk(new.tree) if new.tree is not None else ():
            # a part of what was put in, and a name that is only bound, has no value of its own
            if isinstance(each, ast.expr) and not isinstance(getattr(each, "ctx", None), ast.Store):
                place = new.span(each)
                if place[:2] <= first and place[2:] >= last:
                    inner = each  # ast.walk goes from the outside in
        if inner is not None and not isinstance(inner, ast.Slice):
            found.append(inner)
    return found
