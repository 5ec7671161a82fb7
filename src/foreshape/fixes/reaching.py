"""The statements that a fault hangs on: those of its frames, and what binds the names on them, going backwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

DEPTH: Final = 4
MOST: Final = 60
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


class Reached:
    """A statement, and how far it is from the fault. Of one that holds others, only its own expressions count."""

    __slots__ = ("distance", "path", "statement")

    def __init__(self, path: str, statement: ast.stmt, distance: int) -> None:
        self.path = path
        self.statement = statement
        self.distance = distance

    def expressions(self) -> Iterator[ast.expr]:
        """Every expression in it."""
        waiting: list[ast.AST] = [self.statement]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, ast.expr):
                yield node
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, (ast.stmt, ast.expr_context, ast.operator)):
                    waiting.append(child)


def reached(bench: Bench) -> list[Reached]:
    """The nearest first. The frames of the fault, the layers that were called, and the way of the values are where
    it begins."""
    tables: dict[str, dict[str, list[ast.stmt]]] = {}
    found: dict[int, Reached] = {}
    waiting: list[Reached] = []

    def add(path: str, statement: ast.stmt | None, distance: int) -> None:
        if statement is not None and id(statement) not in found and len(found) < MOST:
            found[id(statement)] = Reached(path, statement, distance)
            waiting.append(found[id(statement)])

    if bench.node is not None:
        add(bench.path, bench.statement(bench.path, bench.node), 0)
    for number, (path, row) in enumerate(reversed(bench.told.finding.frames)):
        add(path, _statement_at(bench, path, row), number)
    for value in (*bench.fault.layers, *bench.fault.values):
        for origin in (value.origin, *(step.origin for step in bench.told.steps(value)[-6:])):
            if origin is not None and bench.tree(origin.path) is not None:
                add(origin.path, _statement_at(bench, origin.path, getattr(origin.node, "lineno", 0)), 1)
    while waiting:
        each = waiting.pop(0)
        if each.distance >= DEPTH:
            continue
        table = tables.get(each.path)
        if table is None:
            table = tables[each.path] = _bindings(bench, each.path)
        inside = _function(bench, each.path, each.statement)
        for name in dict.fromkeys(_names(each)):
            for statement in table.get(name, ()):
                holder = _function(bench, each.path, statement)
                if holder is None or holder is inside or name.startswith(".") or isinstance(statement, ast.Return):
                    add(each.path, statement, each.distance + 1)
            if inside is not None and any(arg.arg == name for arg in _arguments(inside)):
                for statement in table.get("()" + _callable(bench, each.path, inside), ()):
                    add(each.path, statement, each.distance + 1)
    return sorted(found.values(), key=lambda each: each.distance)


def _statement_at(bench: Bench, path: str, row: int) -> ast.stmt | None:
    """The innermost statement on a line."""
    found = None
    for node in bench.walk(path):
        if isinstance(node, ast.stmt) and node.lineno <= row <= (node.end_lineno or node.lineno):
            found = node  # ast.walk goes from the outside in
    return found


def _names(each: Reached) -> Iterator[str]:
    """The variables that are read in a statement, attributes of ``self`` as ``.name``, functions as they are called."""
    for node in each.expressions():
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}"


def _bindings(bench: Bench, path: str) -> dict[str, list[ast.stmt]]:
    """The statements that bind a name, ``.name`` an attribute; ``name`` also for what a function of that name returns,
    and ``()name`` for the statements that call it."""
    table: dict[str, list[ast.stmt]] = {}

    def bind(name: str, statement: ast.stmt) -> None:
        table.setdefault(name, []).append(statement)

    for node in bench.walk(path):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for part in ast.walk(target):
                    if isinstance(part, ast.Name):
                        bind(part.id, node)
                    elif isinstance(part, ast.Attribute):
                        bind(f".{part.attr}", node)
        elif isinstance(node, Function):
            for part in ast.walk(node):
                if isinstance(part, ast.Return):
                    bind(node.name, part)
                    bind(f".{node.name}", part)
        elif isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            statement = bench.statement(path, node)
            if name and statement is not None:
                bind(f"(){name}", statement)
                if isinstance(function, ast.Attribute) and name in ("append", "add", "extend"):
                    if isinstance(function.value, ast.Name):
                        bind(function.value.id, statement)
    return table


def _function(bench: Bench, path: str, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    return next((each for each in bench.above(path, node) if isinstance(each, Function)), None)


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _callable(bench: Bench, path: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """What is called to run a function: of a constructor the class."""
    if node.name == "__init__":
        holder = bench.parent(path, node)
        return holder.name if isinstance(holder, ast.ClassDef) else node.name
    return node.name
