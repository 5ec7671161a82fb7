"""What a changed program gives, in plain words."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foreshape.domain.values import Array, Instance, Value
from foreshape.explain.words import Sizes

if TYPE_CHECKING:
    from foreshape.domain.values import Shape

LONGEST = 60


def told(node: ast.expr | None, tree: ast.Module | None, seen: Mapping[int, Sequence[Value]]) -> str:
    """``the model's output is then (batch, 1)``; "" where nothing is known. ``node``: what failed before, in ``tree``;
    ``seen``: what it and its parts gave, by the node's id."""
    if node is None:
        return ""
    values = list(seen.get(id(node), ()))
    if isinstance(node, ast.Call):
        owner = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        for value in (*values, *seen.get(id(owner), ())):
            shapes = _outputs(value)
            if shapes:
                text = " and ".join(dict.fromkeys(map(_text, shapes)))
                return _short(f"the model's output is then {text}")
    known = [value.shape for value in values if isinstance(value, Array) and value.shape is not None]
    texts = list(dict.fromkeys(map(_text, known)))
    if not texts or len(texts) > 2 or texts == ["()"]:
        return ""
    name = _bound(node, tree)
    if name:
        return _short(f"{name} is then {' or '.join(texts)}")
    return _short(f"{_called(node)} then gives {' and '.join(texts)}")


def _bound(node: ast.expr, tree: ast.Module | None) -> str:
    """The variable that the expression is assigned to."""
    for each in ast.walk(tree) if tree is not None else ():
        if isinstance(each, ast.Assign) and each.value is node and isinstance(each.targets[0], ast.Name):
            return each.targets[0].id
    return ""


def _called(node: ast.expr) -> str:
    """What a person calls the expression."""
    if isinstance(node, ast.Call):
        function = node.func
        if isinstance(function, ast.Call):  # Dense(3)(x)
            function = function.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        return name or "the call"
    if isinstance(node, ast.BinOp):
        return f"the {_SIGNS.get(type(node.op), 'result')}"
    return "the expression"


_SIGNS = {ast.Add: "sum", ast.Sub: "difference", ast.Mult: "product", ast.Div: "quotient", ast.MatMult: "product"}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else ""


def _outputs(value: Value) -> list[Shape]:
    """The shapes that a model gives."""
    graph: Any = None
    if isinstance(value, Instance):
        graph = value.fields.get("~graph") or value.fields.get("~shown_graph")
    outputs = getattr(graph, "outputs", ())
    return [each.shape for each in outputs if isinstance(each, Array) and each.shape is not None]


def _text(shape: Shape) -> str:
    return Sizes().shape(shape)
