"""Arithmetic and products of arrays."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.origin import Origin
from foreshape.domain.values import Shape, Value
from foreshape.explain.telling import Prose
from foreshape.explain.words import fitting, listed

if TYPE_CHECKING:
    from foreshape.explain.telling import Telling
    from foreshape.faults.assignment_shape import AssignmentShape
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch
    from foreshape.faults.einsum_mismatch import EinsumMismatch
    from foreshape.faults.loop_shape import LoopShape
    from foreshape.faults.matmul_mismatch import MatmulMismatch
    from foreshape.faults.square_matrix import SquareMatrix

REDUCTIONS: Final = frozenset(
    {"mean", "sum", "max", "min", "std", "var", "median", "prod", "norm", "amax", "amin", "nanmean", "nansum", "nanstd",
     "reduce_mean", "reduce_sum", "reduce_max", "argmax", "argmin"}
)  # fmt: skip
LAST: Final = {-1: "last", -2: "second last", -3: "third last", -4: "fourth last"}


def operand(told: Telling, value: Value | None, shape: Shape | None, otherwise: str) -> str:
    """``x (100, 3)``"""
    name = told.written(value) or told.name(value)
    text = told.shape(shape, value)
    return f"{name} {text}" if name and len(name) <= 24 else f"{otherwise} {text}".strip()


def broadcast_mismatch(told: Telling) -> Prose:
    """ "x (100, 3) and weights (100,) do not go together: the last axes are 3 and 100"."""
    fault: BroadcastMismatch = told.fault  # type: ignore[assignment]
    values = told.fault.values
    left, right = _pair(fault)
    a, b = fault.shapes[left], fault.shapes[right]
    first = operand(told, told.value(left), a, "the left side")
    second = operand(told, told.value(right), b, "the right side")
    head = f"{first} and {second} do not go together"
    axis = fault.axis
    if axis is not None and axis < 0 and min(len(a), len(b)) >= -axis:
        one, other = told.dim(a[axis]), told.dim(b[axis])
        if len(a) == len(b):
            head = fitting(
                f"{head}: axis {len(a) + axis} is {one} in one and {other} in the other",
                f"{head}: {one} meets {other} in axis {len(a) + axis}",
                head,
            )
        else:
            head = fitting(f"{head}: their {LAST.get(axis, 'first')} axes are {one} and {other}", head)
    if fault.taker == "sample_weight":
        return _tell_weights(told, fault)
    prose = Prose(
        head,
        _why_broadcast(told, a, b),
        beside=values,
        remark="" if len(fault.shapes) != 2 else f"{told.shape(a)} against {told.shape(b)}",
    )
    if (
        told.fault.raises is not None
        and told.fault.raises.by.startswith(("sklearn", "scikit"))
        and len(a) == 2
        and len(b) == 1
    ):
        _tell_scaler(told, prose, first, a, b)
    pair = (told.value(left), told.value(right))
    reduced = next((origin for origin in (_reduction(told, value) for value in pair) if origin is not None), None)
    if reduced is not None:
        prose.cause, prose.cause_label = reduced, "loses an axis"
        prose.why += " keepdims=True keeps a reduced axis, with size 1."
    else:
        prose.cause = _latest(told, pair)
    return prose


def _tell_weights(told: Telling, fault: BroadcastMismatch) -> Prose:
    """Sample weights that do not go with the losses of a batch."""
    losses, weights = fault.shapes
    each = "a number for each sample" if len(losses) < 2 else f"losses of {told.shape(losses)}"
    prose = Prose(
        f"sample_weight is {told.shape(weights)} per batch, but the loss gives {each}",
        "A loss averages over the last axis of the predictions. Sample weights need the axes that are left: (batch,) for one "
        "prediction per sample, (batch, timesteps) for one per timestep.",
        subject=told.value(),
    )
    prose.cause = _latest(told, (told.value(), None))
    return prose


def _tell_scaler(told: Telling, prose: Prose, name: str, a: Shape, b: Shape) -> None:
    """A scaler computes with one number per column that it was fitted on."""
    fitted = told.dim(b[0])
    prose.headline = f"the scaler was fitted on {fitted} column{'' if fitted == '1' else 's'}, but is given {name}"
    prose.why = (
        "A scaler keeps a mean, or a smallest and largest value, for each column that it was fitted on, and undoes all of them. For "
        "predictions of one column: a scaler of its own that was fitted on that column."
    )


def _reduction(told: Telling, value: Value | None) -> Origin | None:
    """The call that reduced a value along an axis, where that is how it was made."""
    steps = told.steps(value)
    if len(steps) < 2 or steps[-1].maker not in REDUCTIONS or value is None:
        return None
    before, after = steps[-2].shape, steps[-1].shape
    if before is None or after is None or not 0 < len(after) < len(before):
        return None
    return steps[-1].origin


def _latest(told: Telling, values: tuple[Value | None, ...]) -> Origin | None:
    """Of what is made elsewhere in the file, the last: what was there before it is more likely as it was meant."""
    node = told.node
    within = set() if node is None else {id(each) for each in ast.walk(node)}
    origins = [value.origin for value in values if value is not None and value.origin is not None]
    elsewhere = [each for each in origins if each.path == told.path and id(each.node) not in within]
    return max(elsewhere, key=lambda origin: origin.span.line, default=None)


def _pair(fault: BroadcastMismatch) -> tuple[int, int]:
    """The two operands that differ."""
    axis = fault.axis
    if axis is None or len(fault.shapes) < 3:
        return 0, 1 if len(fault.shapes) > 1 else 0
    for i, a in enumerate(fault.shapes):
        for j in range(i + 1, len(fault.shapes)):
            b = fault.shapes[j]
            if axis < 0 and min(len(a), len(b)) >= -axis and a[axis] != b[axis] and 1 not in (a[axis], b[axis]):
                return i, j
    return 0, 1


def _why_broadcast(told: Telling, a: Shape, b: Shape) -> str:
    why = "Shapes are compared from the last axis backwards; two sizes go together when they are equal or one of them is 1."
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    if len(longer) > len(shorter) == 1 and longer[0] == shorter[0]:
        return f"{why} A vector of {told.dim(shorter[0])} is a row: to be a column it has to be ({told.dim(shorter[0])}, 1)."
    return why


def matmul_mismatch(told: Telling) -> Prose:
    """ "x (32, 10) @ w (8, 4) cannot be multiplied: 10 columns meet 8 rows"."""
    fault: MatmulMismatch = told.fault  # type: ignore[assignment]
    left = operand(told, told.value(0), fault.left, "")
    right = operand(told, told.value(1), fault.right, "")
    word = "@" if fault.taker in ("@", "matmul") else "and"
    head = f"{left} {word} {right} cannot be multiplied"
    if fault.left_axis is not None and fault.right_axis is not None:
        a, b = fault.left[fault.left_axis], fault.right[fault.right_axis]
        head += f": {told.dim(a)} on the left meets {told.dim(b)} on the right"
    why = "The last axis of the left one runs along the second last of the right one (its only one, for a vector): both need the same size."
    if len(fault.left) == 0 or len(fault.right) == 0:
        why = "A matrix product needs at least one axis on both sides."
    turned = len(fault.left) == len(fault.right) == 2 and fault.left[-1] == fault.right[-1]
    if turned:
        why += " Transposing the right one (.T) would make them fit."
    return Prose(
        head,
        why,
        beside=told.fault.values,
        remark=f"{told.shape(fault.left)} times {told.shape(fault.right)}",
        cause=_latest(told, (told.value(1),)) or _latest(told, (told.value(0),)),
    )


def einsum_mismatch(told: Telling) -> Prose:
    """ "in einsum 'bqd,bkd->bqk' the letter d is 8 in one operand and 4 in another"."""
    fault: EinsumMismatch = told.fault  # type: ignore[assignment]
    shapes = listed([told.shape(shape) for shape in fault.shapes])
    sizes = _sizes_of(told, fault)
    if fault.label is not None and len(sizes) > 1:
        head = f"in einsum '{fault.equation}' the letter {fault.label} is {sizes[0]} in one operand and {sizes[1]} in another"
    else:
        head = f"einsum '{fault.equation}' does not fit operands of {shapes}"
    why = "Each letter names one axis, and the same letter is the same size wherever it stands."
    equation = fault.equation.replace(" ", "")
    inputs, arrow, output = equation.partition("->")
    lost = [letter for letter in output if letter.isalpha() and letter not in inputs]
    if arrow and lost and "." not in equation:
        head = f"in einsum '{fault.equation}' the letter {lost[0]} stands right of -> and in no operand"
        why = "Each letter names one axis, and what stands right of -> is chosen from the letters on the left."
    return Prose(
        head,
        why,
        beside=told.fault.values,
    )


def _sizes_of(told: Telling, fault: EinsumMismatch) -> list[str]:
    found: list[str] = []
    terms = fault.equation.replace(" ", "").split("->")[0].split(",")
    for term, shape in zip(terms, fault.shapes):
        if "." in term or len(term) != len(shape):
            continue
        for letter, size in zip(term, shape):
            if letter == fault.label and told.dim(size) not in found:
                found.append(told.dim(size))
    return found


def square_matrix(told: Telling) -> Prose:
    """ "inv needs a square matrix, but x is (100, 8)"."""
    fault: SquareMatrix = told.fault  # type: ignore[assignment]
    value = told.value()
    start = told.origin(value)
    return Prose(
        f"{fault.taker} needs a square matrix, but {told.name(value, 'the argument')} is {told.shape(fault.shape, value)}",
        "Its last two axes have to be equal. For data with a row per sample it is often x.T @ x that is meant, or pinv.",
        cause=start if start is not None and start.node is not told.node else None,
        cause_label=f"{told.shape(fault.shape, value)}" if start is not None else "",
    )


def assignment_shape(told: Telling) -> Prose:
    """ "batch[0] holds 10 numbers, but sequence has 3"."""
    fault: AssignmentShape = told.fault  # type: ignore[assignment]
    value = told.value()
    target = told.sources.text(told.path, told.node, 30) if isinstance(told.node, ast.Subscript) else "the part"
    name = told.name(value, "what is assigned")
    return Prose(
        f"{target} has the shape {told.shape(fault.target)}, but {name} is {told.shape(fault.value, value)}",
        "What is assigned is stretched only along axes of size 1, or that it lacks on the left; all other sizes are equal.",
        beside=(value,),
    )


def loop_shape(told: Telling) -> Prose:
    """ "rows is (1, 3) when the loop begins and (2, 3) after one step"."""
    fault: LoopShape = told.fault  # type: ignore[assignment]
    before, after = told.shape(fault.before), told.shape(fault.after, told.value())
    return Prose(
        f"{fault.variable} is {before} when the loop begins, and {after} after one step",
        "In a tf.function this is one loop of the graph, and what it carries from step to step keeps its shape. set_loop_options names the "
        "axes that may grow; a tf.TensorArray collects one part per step; a loop over Python's range is written out.",
        cause=told.made_before(told.value()),
        cause_label=after,
    )
