"""Functions under ``contextlib.contextmanager``: what they do before their ``yield`` and what after it."""

from __future__ import annotations

import ast

from foreshape.domain.origin import last_name
from foreshape.interpret.nodes import children


def is_manager(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function is decorated to be a context manager."""
    return any(last_name(each) in ("contextmanager", "asynccontextmanager") for each in node.decorator_list)


def halves(body: list[ast.stmt]) -> tuple[list[ast.stmt], ast.expr | None, list[ast.stmt]] | None:
    """The statements before the ``yield``, what is yielded, and the statements after it; None where the ``yield``
    stands in a loop or a condition, or where there are several.
    """
    places = [number for number, statement in enumerate(body) if yields(statement)]
    if len(places) != 1:
        return None
    at = places[0]
    before, statement, after = body[:at], body[at], body[at + 1 :]
    value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
    if isinstance(value, ast.Yield):
        return before, value.value, after
    if isinstance(statement, ast.Try):
        inner = halves(statement.body)
        if inner is None:
            return None
        return [*before, *inner[0]], inner[1], [*inner[2], *statement.orelse, *statement.finalbody, *after]
    if isinstance(statement, ast.With):
        inner = halves(statement.body)
        if inner is None:
            return None
        enter = ast.copy_location(ast.With(statement.items, [ast.copy_location(ast.Pass(), statement)]), statement)
        return [*before, enter, *inner[0]], inner[1], [*inner[2], *after]
    return None


def yields(node: ast.AST) -> bool:
    """Whether a statement yields (nested functions aside)."""
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
        return False
    return any(yields(child) for child in children(node))
