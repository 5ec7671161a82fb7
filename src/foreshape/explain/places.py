"""From syntax nodes to places in files as people count them, and the lines of code for the frame of a report."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.origin import Span
from foreshape.explain.report import Place

if TYPE_CHECKING:
    from foreshape.source.files import SourceFile

LONGEST: Final = 60
LONGEST_MARK: Final = 48


class Sources:
    """The files that a report shows, read once by whoever analysed them."""

    __slots__ = ("_literals", "_read")

    def __init__(self, read: Callable[[str], SourceFile]) -> None:
        self._read = read
        self._literals: dict[str, dict[str, list[tuple[int, object]]]] = {}

    def file(self, path: str) -> SourceFile:
        return self._read(path)

    def literal(self, path: str, name: str) -> tuple[int, int | float] | None:
        """(line, number) of ``name = 8`` where that is the only place of the file that binds the name."""
        known = self._literals.get(path)
        if known is None:
            known = self._literals[path] = _assigned(self.file(path).tree)
        found = known.get(name, [])
        if len(found) != 1 or not isinstance(found[0][1], (int, float)) or isinstance(found[0][1], bool):
            return None
        return found[0][0], found[0][1]

    def place(self, span: Span) -> Place:
        """A region as people count it."""
        source = self._read(span.path)
        cell, line = source.place(span.line)
        _, end_line = source.place(span.end_line)
        return Place(
            span.path,
            cell,
            line,
            source.column(span.line, span.column),
            end_line,
            source.column(span.end_line, span.end_column),
            span.line,
            span.end_line,
        )

    def node_place(self, path: str, node: ast.AST) -> Place:
        """The region of a node."""
        return self.place(_span(path, node))

    def head(self, path: str, node: ast.AST, called: bool = False) -> Place:
        """The part of a node that names it, on one line: what is underlined.

        A method call is named by its method; a call over several lines, or a very long one, by what is called.
        ``called``: of a call never more than its name."""
        line: int = node.lineno  # type: ignore[attr-defined]
        start: int = node.col_offset  # type: ignore[attr-defined]
        end_line: int = getattr(node, "end_lineno", None) or line
        end: int = getattr(node, "end_col_offset", None) or start
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Call):
                return self.head(path, function, called)
            if isinstance(function, ast.Attribute):
                line = function.end_lineno or line
                start = (function.end_col_offset or 0) - len(function.attr.encode())
            if end_line != line or called or end - start > LONGEST_MARK:
                end_line, end = line, function.end_col_offset or start
                if isinstance(function, ast.Attribute) and called and function.value.lineno == line:
                    start = function.value.col_offset
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or end_line != line:
            text = self.line(path, line)
            end_line, end = line, len(text.rstrip().encode())
        return self.place(Span(path, line, start, end_line, end))

    def line(self, path: str, row: int) -> str:
        lines = self._read(path).lines
        return lines[row - 1] if 1 <= row <= len(lines) else ""

    def text(self, path: str, node: ast.AST, limit: int = LONGEST) -> str:
        """The source of a node on one line, cut where it is long."""
        span = _span(path, node)
        lines = self._read(path).lines[span.line - 1 : span.end_line]
        if not lines:
            return ""
        encoded = [text.encode() for text in lines]
        encoded[-1] = encoded[-1][: span.end_column]
        encoded[0] = encoded[0][span.column :]
        flat = " ".join(part.decode(errors="replace").strip() for part in encoded)
        return flat if len(flat) <= limit else flat[: limit - 3].rstrip() + "..."

    def function_at(self, path: str, row: int) -> str:
        """The name of the function that a line stands in, "" at the top of the file."""
        tree = self._read(path).tree
        found = ""
        body: list[ast.stmt] = [] if tree is None else tree.body
        while body:
            inside = next((each for each in body if each.lineno <= row <= (each.end_lineno or each.lineno)), None)
            if inside is None:
                break
            if isinstance(inside, (ast.FunctionDef, ast.AsyncFunctionDef)) and inside.lineno < row:
                found = inside.name
            body = list(statements(inside))
        return found

    def find(self, span: Span) -> ast.expr | ast.stmt | None:
        """The node of a region: the innermost statement or the outermost expression that is just as large."""
        tree = self._read(span.path).tree
        if tree is None:
            return None
        pending: list[ast.AST] = [tree]
        found: ast.expr | ast.stmt | None = None
        while pending:
            node = pending.pop()
            for child in ast.iter_child_nodes(node):
                line = getattr(child, "lineno", None)
                if line is None:
                    pending.append(child)
                    continue
                end_line = getattr(child, "end_lineno", line)
                if not line <= span.line <= end_line:
                    continue
                if isinstance(child, (ast.expr, ast.stmt)) and _span(span.path, child) == span:
                    if isinstance(child, ast.expr):
                        return child
                    found = child
                pending.append(child)
        return found


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements directly inside a statement, those of its branches and handlers included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from statements(child)


def _span(path: str, node: ast.AST) -> Span:
    from foreshape.domain.origin import span_of

    return span_of(path, node)


def _assigned(tree: ast.AST | None) -> dict[str, list[tuple[int, object]]]:
    """Every name that is bound: (line, the number that it is bound to, or None) for each time."""
    found: dict[str, list[tuple[int, object]]] = {}
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.arg):
            found.setdefault(node.arg, []).append((node.lineno, None))
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.setdefault(node.id, []).append((node.lineno, None))
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for name, value in _pairs(target, node.value):
                if len(found[name.id]) == 1:
                    found[name.id] = [(name.lineno, value)]
    return found


def _pairs(target: ast.expr, value: ast.expr | None) -> list[tuple[ast.Name, int | float]]:
    """The names that an assignment binds to numbers: ``steps, batch = 24, 16`` binds two."""
    if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, (int, float)):
        return [(target, value.value)]
    sides = (target, value)
    if all(isinstance(each, (ast.Tuple, ast.List)) for each in sides) and len(target.elts) == len(value.elts):  # type: ignore[attr-defined, union-attr]
        return [pair for one, two in zip(target.elts, value.elts, strict=True) for pair in _pairs(one, two)]  # type: ignore[attr-defined, union-attr]
    return []


def names_in(node: ast.AST) -> list[str]:
    """The names that an expression reads, in order."""
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
