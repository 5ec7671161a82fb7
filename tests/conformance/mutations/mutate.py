"""Small changes of valid programs, as a slip of the hand makes them: another number, a keyword left out, two arguments the
wrong way round, a call or a subscript forgotten, a statement lost."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from typing import NamedTuple

FORGOTTEN = frozenset({
    "permute", "unsqueeze", "squeeze", "transpose", "view", "reshape", "float", "long", "mean", "argmax", "flatten",
    "contiguous", "astype", "expand", "item", "numpy", "tolist", "copy", "detach",
})  # fmt: skip
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv)


class Change(NamedTuple):
    """``setattr(node, field, value)`` changes the program."""

    kind: str
    node: ast.AST
    field: str
    value: object


def mutant(text: str, rng: random.Random) -> tuple[str, str] | None:
    """The kind of a random change and the program with it; None where nothing can be changed."""
    tree = ast.parse(text)
    found = list(changes(tree, rng))
    if not found:
        return None
    kind = rng.choice(sorted({each.kind for each in found}))
    change = rng.choice([each for each in found if each.kind == kind])
    line = getattr(change.node, "lineno", 0)
    setattr(change.node, change.field, change.value)
    return f"{kind}, line {line}", ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def changes(tree: ast.Module, rng: random.Random) -> Iterator[Change]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            yield from _constants(node)
        elif isinstance(node, ast.Call):
            yield from _arguments(node, rng)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, OPERATORS):
            yield from (Change("operator", node, "op", op()) for op in OPERATORS if not isinstance(node.op, op))
        for field, value in ast.iter_fields(node):
            yield from _left_out(node, field, value, rng)


def _constants(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield Change("flag", node, "value", not node.value)
    elif isinstance(node.value, int) and 0 <= node.value <= 2000:
        yield from (Change("number", node, "value", value) for value in (node.value + 1, node.value - 1, node.value * 2))


def _arguments(node: ast.Call, rng: random.Random) -> Iterator[Change]:
    for place, keyword in enumerate(node.keywords):
        if keyword.arg:
            yield Change("keyword left out", node, "keywords", node.keywords[:place] + node.keywords[place + 1 :])
    if len(node.args) > 1 and not any(isinstance(each, ast.Starred) for each in node.args):
        place = rng.randrange(len(node.args) - 1)
        swapped = list(node.args)
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        yield Change("arguments swapped", node, "args", swapped)
    for place, argument in enumerate(node.args):
        if (inner := _without_call(argument)) is not None:
            yield Change("call forgotten", node, "args", [*node.args[:place], inner, *node.args[place + 1 :]])


def _left_out(node: ast.AST, field: str, value: object, rng: random.Random) -> Iterator[Change]:
    if (inner := _without_call(value)) is not None and not isinstance(node, ast.Expr):
        yield Change("call forgotten", node, field, inner)
    elif isinstance(value, ast.BinOp):
        yield Change("one side only", node, field, value.left)
    elif isinstance(value, ast.Subscript) and isinstance(value.ctx, ast.Load):
        yield Change("subscript forgotten", node, field, value.value)
    elif field == "body" and isinstance(value, list) and len(value) > 1:
        place = rng.randrange(len(value))
        if isinstance(value[place], (ast.Assign, ast.AugAssign, ast.Expr)):
            yield Change("statement lost", node, field, value[:place] + value[place + 1 :])


def _without_call(value: object) -> ast.expr | None:
    """``x`` of ``x.squeeze(1)``."""
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in FORGOTTEN
    return value.func.value if called else None  # type: ignore[union-attr, attr-defined]
