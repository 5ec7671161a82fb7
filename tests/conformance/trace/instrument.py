"""Rewrites a program so that every assignment to a name also reports what was assigned.

The rewritten tree keeps the program's own line numbers: a traceback still points where it would point
in the original. The line of a report is the line of the *name*, as in ``foreshape shapes``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

HOOK = "__shape_trace__"


def _targets(target: ast.expr) -> Iterator[ast.expr]:
    """The plain names and ``self.attr`` targets that an assignment target binds."""
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Attribute):
        if isinstance(target.value, ast.Name) and target.value.id == "self":
            yield target
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _targets(element)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value)


def _label(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    assert isinstance(target, ast.Attribute)
    return f"self.{target.attr}"


def _reader(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(id=target.id, ctx=ast.Load())
    assert isinstance(target, ast.Attribute)
    return ast.Attribute(value=ast.Name(id="self", ctx=ast.Load()), attr=target.attr, ctx=ast.Load())


def _reports(target: ast.expr) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    for bound in _targets(target):
        call = ast.Call(
            func=ast.Name(id=HOOK, ctx=ast.Load()),
            args=[ast.Constant(bound.lineno), ast.Constant(_label(bound)), _reader(bound)],
            keywords=[],
        )
        statement = ast.Expr(call)
        ast.copy_location(statement, bound)
        for node in ast.walk(statement):
            ast.copy_location(node, bound)
        made.append(statement)
    return made


class _Instrument(ast.NodeTransformer):
    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        self.generic_visit(node)
        made: list[ast.stmt] = [node]
        for target in node.targets:
            made += _reports(target)
        return made

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        self.generic_visit(node)
        return [node, *_reports(node.target)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        self.generic_visit(node)
        return [node, *_reports(node.target)] if node.value is not None else [node]

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        self.generic_visit(node)
        call = ast.Call(
            func=ast.Name(id=HOOK, ctx=ast.Load()),
            args=[ast.Constant(node.target.lineno), ast.Constant(node.target.id), node],
            keywords=[],
        )
        ast.copy_location(call, node)
        return ast.fix_missing_locations(call)

    def _loop(self, node: ast.For | ast.AsyncFor) -> ast.stmt:
        self.generic_visit(node)
        node.body[:0] = _reports(node.target)
        return node

    def visit_For(self, node: ast.For) -> ast.stmt:
        return self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.stmt:
        return self._loop(node)

    def visit_With(self, node: ast.With) -> ast.stmt:
        self.generic_visit(node)
        reports: list[ast.stmt] = []
        for item in node.items:
            if item.optional_vars is not None:
                reports += _reports(item.optional_vars)
        node.body[:0] = reports
        return node


def instrument(source: str, filename: str) -> ast.Module:
    """The program's tree with a report after each assignment. Raises ``SyntaxError`` as ``ast.parse`` does."""
    tree = _Instrument().visit(ast.parse(source, filename))
    assert isinstance(tree, ast.Module)
    return ast.fix_missing_locations(tree)


__all__ = ["HOOK", "instrument"]
