"""Which names a scope can ever bind, by Python's rules of scope and whatever the order of its statements."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from foreshape.interpret.nodes import children, kept, walk

FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
BINDING: Final = (*FUNCTIONS, ast.ClassDef, ast.alias, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def local_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The names that a function's own body binds, without its parameters, what it declares global or nonlocal, and what it
    deletes again."""
    known: frozenset[str] | None = getattr(node, "_foreshape_locals", None)
    if known is None:
        elsewhere = {name for part in _own(node.body) for name in _not_kept(part)}
        known = frozenset(_bound(node.body)) - elsewhere
        node._foreshape_locals = known  # type: ignore[union-attr]
    return known


class Names:
    """The names that a module may bind. top: in its own scope; all: in any scope of it. Both hold every name where the
    program writes its own names."""

    __slots__ = ("all", "top")

    def __init__(self, tree: ast.Module) -> None:
        every: set[str] = set()
        declared: set[str] = set()
        for node in walk(tree):
            if isinstance(node, ast.Name):
                if not isinstance(node.ctx, ast.Load):
                    every.add(node.id)
            elif isinstance(node, BINDING):
                every.update(_binds(node))
            elif isinstance(node, ast.arg):
                every.add(node.arg)
            elif isinstance(node, ast.Global):
                declared.update(node.names)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "globals"):
                self.top: frozenset[str] = _Everything()
                self.all: frozenset[str] = self.top
                return
        self.top = frozenset(_bound(tree.body)) | declared
        self.all = frozenset(every) | declared


def names_of(tree: ast.Module) -> Names:
    """What a module may bind. A module that many files import is asked once."""
    return kept(tree, "_foreshape_bound", Names)


class _Everything(frozenset[str]):
    def __contains__(self, name: object) -> bool:
        return True


def _bound(body: Iterable[ast.AST]) -> Iterator[str]:
    for part in _own(body):
        yield from _binds(part)


def _own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that run in the scope that the statements stand in. Of a comprehension that is what it assigns by ``:=``."""
    pending = [(part, False) for part in body]
    while pending:
        part, inner = pending.pop()
        if not inner:
            yield part
        elif isinstance(part, ast.NamedExpr):
            yield part.target
        if isinstance(part, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            continue
        inner = inner or isinstance(part, _COMPREHENSIONS)
        pending += [(child, inner) for child in children(part)]


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name:
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _not_kept(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        yield from node.names
    elif isinstance(node, ast.Delete):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
