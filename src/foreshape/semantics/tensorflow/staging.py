"""Loops that AutoGraph makes a loop of the graph: over a tensor, or while a tensor is true.

Follows ``tensorflow/python/autograph/operators/control_flow.py``: what is carried from step to step keeps its shape.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Shape, Value
from foreshape.faults.loop_shape import LoopShape
from foreshape.semantics.tensorflow.support import failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.semantics.protocol import Context

AUTOGRAPH = "~autograph"
"""In the state of the process: whether the program's functions are rewritten at present. False where sizes that are known here
may be None in the graph."""


def is_staged(cx: Context, value: Value) -> bool:
    """Whether a loop over this value, or while it is true, is one of the graph."""
    return isinstance(value, Array) and value.kind == "tensorflow" and bool(cx.process.get(AUTOGRAPH))


def carried(body: Sequence[ast.stmt]) -> tuple[str, ...]:
    """The names that a step reads before it binds them anew. None where the program says how their shapes may change."""
    found: dict[str, bool] = {}
    for statement in body:
        for each in ast.walk(statement):
            if isinstance(each, ast.Attribute) and each.attr == "set_loop_options":
                return ()
        if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
            found.setdefault(statement.target.id, True)
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name):
                read = any(isinstance(each, ast.Name) and each.id == target.id for each in ast.walk(statement.value))
                found.setdefault(target.id, read)
    return tuple(name for name, read in found.items() if read)


def check(cx: Context, name: str, before: Value | None, after: Value | None) -> bool:
    """Report a shape that is another one after a step; whether it is."""
    found = _changed(cx, before, after)
    if found is not None:
        message = (
            f"'{name}' has shape {_shown(found[0])} before the loop, but shape {_shown(found[1])} after one iteration. Use "
            "tf.autograph.experimental.set_loop_options to set shape invariants."
        )
        _report(cx, name, message, before, after)
    return found is not None


def check_entering(cx: Context, name: str, before: Value | None, after: Value | None) -> None:
    """The same for ``tf.while_loop``, which only asks for it in a graph."""
    found = _changed(cx, before, after) if cx.process.get(AUTOGRAPH) else None
    if found is not None:
        message = (
            f"Input tensor `{name}:0` enters the loop with shape {_shown(found[0])}, but has shape {_shown(found[1])} after one "
            "iteration. To allow the shape to vary across iterations, use the `shape_invariants` argument of tf.while_loop to "
            "specify a less-specific shape."
        )
        _report(cx, name, message, before, after)


def _changed(cx: Context, before: Value | None, after: Value | None) -> tuple[Shape, Shape] | None:
    """Both shapes of a tensor, where they certainly differ."""
    if not isinstance(before, Array) or not isinstance(after, Array) or before.tainted or after.tainted:
        return None
    a, b = before.shape, after.shape
    if a is None or b is None or {before.kind, after.kind} != {"tensorflow"}:
        return None
    differs = len(a) != len(b) or any(
        not undefined(x) and not undefined(y) and eq(cx.resolve(x), cx.resolve(y), cx.facts).is_no for x, y in zip(a, b)
    )
    return (a, b) if differs else None


def _report(cx: Context, name: str, message: str, before: Value | None, after: Value | None) -> None:
    assert isinstance(before, Array) and isinstance(after, Array)
    cx.report(
        LoopShape(
            failed("ValueError", message), values=(after, before), variable=name, before=before.shape or (),
            after=after.shape or (),
        )
    )  # fmt: skip


def _shown(shape: Shape) -> str:
    sizes = ["None" if undefined(size) else str(size) for size in shape]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
