"""What a ``tf.GradientTape`` has recorded: whether a way leads from a target back to the sources.

An operation is recorded where it runs inside of the block. What was there before the block is a constant to the tape, as are
NumPy's arrays; integers, truth values and the operations without a gradient end the way, too. Nothing is said where values of
several ways meet in the block, or where something on the way is not known.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.origin import last_name
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    SliceValue,
    Typed,
    Value,
)
from foreshape.semantics.registry import REGISTRY

if TYPE_CHECKING:
    from foreshape.domain.values import Scope
    from foreshape.semantics.keras.base import Weight
    from foreshape.semantics.protocol import Context

BLOCK = "~with"
"""In the state of the process: the ``with`` statement that is being entered."""
ENDS = "gradient ends"
"""In the state of the process, with the identity of a gradient that is None: where the ways back from the target ended."""
NO_GRADIENT = frozenset({
    "round", "floor", "ceil", "rint", "trunc", "floor_divide", "floordiv", "stop_gradient", "numpy_function", "zeros_like", "ones_like",
})  # fmt: skip

BRANCHES = (
    ast.If, ast.For, ast.While, ast.Try, ast.With, ast.IfExp, ast.BoolOp, ast.NamedExpr, ast.Lambda, ast.FunctionDef, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip
"""Where values of several ways meet, and one of them stands for all: nothing is said of a loss that has any."""

MOST_STEPS = 300
MOST_HELD = 400


class Block:
    """The block that a tape records: its statement, and the tensors that were there before it."""

    __slots__ = ("before", "ids", "node")

    def __init__(self, node: ast.AST, before: tuple[Value, ...]) -> None:
        self.node = node
        self.before = before
        self.ids = frozenset(map(id, before))


def entered(cx: Context) -> Block | None:
    """The block that begins here."""
    node = cx.process.get(BLOCK)
    if not isinstance(node, ast.AST):
        return None
    found: list[Value] = []
    scope: Scope | None = cx.scope()
    while scope is not None and len(found) < MOST_HELD:
        for value in scope.fields.values():
            _arrays(value, found, 2)
        scope = scope.parent
    return Block(node, tuple(found))


def _arrays(value: object, found: list[Value], depth: int) -> None:
    if isinstance(value, Array):
        found.append(value)
    elif depth and isinstance(value, Sequence):
        for part in value.contents.distinct()[:16]:
            _arrays(part, found, depth - 1)
    elif depth and isinstance(value, DictValue):
        for part in list(value.entries.values())[:16]:
            _arrays(part, found, depth - 1)


def unconnected(cx: Context, block: Block, targets: list[Value], sources: list[Value]) -> list[Value] | None:
    """Where the ways back from the targets end, where none of them leads to a source. None where one may."""
    inside: set[int] = set()
    if not _read(cx, block.node, inside, 3):
        return None
    wanted = _weights(sources)
    if wanted is None:
        return None
    waiting, ends, seen = list(targets), [], set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if len(seen) > MOST_STEPS:
            return None
        if isinstance(value, Array):
            behind = _behind(value, block, inside)
            if behind is None or any(value is source for source in sources):
                return None
            if behind:
                waiting.extend(behind)
            else:
                ends.append(value)
        elif isinstance(value, Sequence):
            items = value.contents.items(limit=50)
            if items is None:
                return None
            waiting.extend(items)
        elif isinstance(value, Instance):
            if _may_hold(value, wanted):
                return None
        elif not isinstance(value, (Const, Int, Typed, LibraryRef, SliceValue)):
            return None
    return sorted(ends, key=_is_data)


def _is_data(value: Value) -> bool:
    """Whether nothing that could have learned is right behind this value: data, rather than an output."""
    return not any(isinstance(each, Instance) for each in (value.origin.inputs if value.origin is not None else ()))


def _read(cx: Context, node: ast.AST, inside: set[int], depth: int) -> bool:
    """Note the syntax nodes of a block, and of the functions of the program that it calls by name; False where values of
    several ways meet in one of them."""
    parts = [each for part in node.body for each in ast.walk(part)]  # type: ignore[attr-defined]
    if any(isinstance(each, BRANCHES) and not isinstance(each, ast.With) for each in parts):
        return False
    inside.update(map(id, parts))
    for each in parts:
        called = _function(cx, each.func.id) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) else None
        if called is not None and depth and id(called.body[0]) not in inside:
            if called.decorator_list or not _read(cx, called, inside, depth - 1):
                return False
    return True


def _function(cx: Context, name: str) -> ast.FunctionDef | None:
    scope: Scope | None = cx.scope()
    while scope is not None and name not in scope.fields:
        scope = scope.parent
    found = None if scope is None else scope.fields[name]
    return found.node if isinstance(found, Function) and isinstance(found.node, ast.FunctionDef) else None


def _weights(sources: list[Value]) -> list[Weight] | None:
    """The variables of models among the sources; None where one is something else that a model may hold."""
    found: list[Weight] = []
    for each in sources:
        held = each.meta.get("of") if isinstance(each, Array) else None
        if held is not None:
            found.append(held)
        elif not isinstance(each, Array) or each.kind != "tensorflow" or "variable" not in each.meta:
            return None
    return found if len(found) in (0, len(sources)) else None


def _behind(value: Array, block: Block, inside: set[int]) -> list[Value] | None:
    """What a tensor was computed from in the block: nothing where the way ends; None where that is not known."""
    if value.tainted or "variable" in value.meta or "of" in value.meta:
        return None
    if id(value) in block.ids or value.kind == "numpy":
        return []
    made = value.origin
    if made is None or value.kind != "tensorflow" or value.dtype is None:
        return None
    if id(made.node) not in inside:
        # a layer of a model has no call of its own: what it gives has the place where it was made
        return (
            list(made.inputs) if any(isinstance(each, Instance) and _is_layer(each) for each in made.inputs) else None
        )
    if is_discrete(value) or has_no_gradient(made.node):
        return []
    return list(made.inputs) or None


def is_discrete(value: Array) -> bool:
    """Whether it holds integers or truth values, which no gradient goes through."""
    return str(value.dtype).startswith(("int", "uint", "bool"))


def has_no_gradient(node: ast.AST) -> bool:
    """Whether no gradient goes through this operation."""
    if isinstance(node, ast.Call):
        return last_name(node.func) in NO_GRADIENT
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv)


def _may_hold(value: Instance, wanted: list[Weight]) -> bool:
    """Whether an object that was called may have one of the variables."""
    from foreshape.semantics.keras.weights import trainable_of

    owner = value.library_type or ""
    if owner.startswith("keras.losses.") or owner == "tensorflow.DType":
        return False
    if not wanted or not _is_layer(value):
        return True
    held = trainable_of(value)
    return held is None or any(one is other for one in held for other in wanted)


def _is_layer(value: Instance) -> bool:
    return value.library_type is not None and "keras.Layer" in REGISTRY.mro(value.library_type)
