"""Predictions and labels compared by hand, ``((p - y) ** 2).mean()``, where one is (n, 1) and the other (n,).

Subtracted, they give (n, n): each prediction meets the labels of all samples. Somebody may want all pairs of two
lists of numbers; nobody wants the mean over all pairs of what a model gives with what it should give. So it is said
where everything is added up, where one side certainly comes from a model, and where the other certainly does not.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import eq
from foreshape.domain.origin import last_name
from foreshape.domain.values import Array, Instance, Sequence, Value

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

MOST_STEPS: Final = 6
"""Between the difference and its mean: a square, an absolute value, a cast."""
MOST_BEHIND: Final = 300
WEIGHTED: Final = frozenset(
    {"Dense", "LSTM", "GRU", "SimpleRNN", "Bidirectional", "TimeDistributed", "Conv1D", "Conv2D", "ConvLSTM2D"}
)
COMPARING: Final = frozenset({"sub", "subtract", "squared_difference", "eq", "equal"})


def note_added_up(cx: Context, x: Array) -> None:
    """``x``, of which the sum or mean over all axes is taken, holds the difference of each sample with each other."""
    if x.shape is None or len(x.shape) != 2 or x.tainted or not _same(cx, *x.shape):
        return
    value: Value = x
    for _ in range(MOST_STEPS):
        made = value.origin
        if made is None or not isinstance(value, Array) or value.shape != x.shape:
            return
        given = [each for each in made.inputs if isinstance(each, Array)]
        if len(given) == 2 and _compares(made.node):
            _note(cx, value, given[0], given[1])
            return
        wide = [each for each in given if each.shape == x.shape]
        if len(wide) != 1:
            return
        value = wide[0]


def _compares(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Sub)
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and isinstance(node.ops[0], (ast.Eq, ast.NotEq))
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return isinstance(called, ast.Attribute) and called.attr in COMPARING


def _note(cx: Context, crossed: Array, left: Array, right: Array) -> None:
    if left.shape is None or right.shape is None or left.tainted or right.tainted:
        return
    if not (_column(cx, left.shape, right.shape) or _column(cx, right.shape, left.shape)):
        return
    learned = (_from_model(left), _from_model(right))
    if learned not in ((True, False), (False, True)):
        return
    from foreshape.faults.silent_loss_broadcast import SilentLossBroadcast

    labels, predictions = (right, left) if learned[0] else (left, right)
    cx.note(
        SilentLossBroadcast(
            None, values=(labels, predictions, crossed), loss=cx.text(crossed), labels=labels.shape or (),
            predictions=predictions.shape or (), result=crossed.shape or (),
        )
    )  # fmt: skip


def _column(cx: Context, tall: Shape, flat: Shape) -> bool:
    """(n, 1) and (n,), with n more than one."""
    if len(tall) != 2 or len(flat) != 1 or tall[1] != 1 or not _same(cx, tall[0], flat[0]):
        return False
    return not eq(cx.resolve(flat[0]), 1, cx.facts).is_yes


def _same(cx: Context, a: object, b: object) -> bool:
    return bool(eq(cx.resolve(a), cx.resolve(b), cx.facts).is_yes)  # type: ignore[arg-type]


def _layer_gave(value: Array) -> bool:
    """Whether the place of a tensor is the constructor of a layer: what a layer in a list gives stands there."""
    made = value.origin
    if made is None or not isinstance(made.node, ast.Call) or value.kind not in ("tensorflow", "keras"):
        return False
    return last_name(made.node.func) in WEIGHTED and any(isinstance(each, Array) for each in made.inputs)


def _from_model(value: Value) -> bool:
    """Whether a model with weights gave it, or something it was made from."""
    waiting: list[Value] = [value]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_BEHIND:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Array) and (one.meta.get("parameter") or one.meta.get("requires_grad")):
            return True
        if isinstance(one, Instance) and (one.library_type or "").startswith(("torch.nn.", "keras.")):
            return True
        if isinstance(one, Array) and _layer_gave(one):
            return True
        if isinstance(one, Sequence) and one.contents is not None:
            waiting.extend(one.contents.items(4) or ())
        if one.origin is not None:
            waiting.extend(one.origin.inputs)
    return False
