"""``keras.ops``: loops, branches and maps over functions of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Sequence, Value, as_dim, as_int, is_none
from foreshape.semantics.keras.base import map_structure
from foreshape.semantics.keras.graph import any_symbolic
from foreshape.semantics.keras.operations.support import several
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import flatten

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context


def _first(cx: Context, leaf: Value) -> Value:
    """One row of a tensor."""
    if isinstance(leaf, Array) and leaf.shape:
        made = leaf.replace(shape=leaf.shape[1:], kind="tensorflow", meta={})
        made.origin = leaf.origin
        return made
    return cx.unknown("one row of something that is not known")


def _rows(values: Value) -> DimLike | None:
    leaves = flatten(values)
    if leaves and isinstance(leaves[0], Array) and leaves[0].shape:
        return leaves[0].shape[0]
    return None


def _stacked(cx: Context, made: Value, count: DimLike | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape is not None and count is not None:
            return leaf.replace(shape=(count, *leaf.shape), kind="tensorflow", meta={})
        if isinstance(leaf, Const) and isinstance(leaf.value, (int, float)) and count is not None:
            return cx.rule(
                "keras.ops.full", _tuple(count), leaf, Const("int32" if isinstance(leaf.value, int) else None)
            )
        return cx.unknown("what the function gives is not known")

    return map_structure(cx, one, made)


def _tuple(count: DimLike) -> Value:
    from foreshape.domain.values import int_value

    return several([int_value(count)])


def _mapped(cx: Context, function: Value, values: Value) -> Value:
    if any_symbolic((values,)):
        return cx.unknown("a map over symbolic tensors")
    row = map_structure(cx, lambda leaf: _first(cx, leaf), values)
    with cx.opaque():
        made = cx.call(function, [row])
    return _stacked(cx, made, _rows(values))


@rule("keras.ops.map")
def map_(cx: Context, f: Value, xs: Value) -> Value:
    """A function of each row, stacked."""
    return _mapped(cx, f, xs)


@rule("keras.ops.vectorized_map")
def vectorized_map(cx: Context, function: Value, elements: Value) -> Value:
    """A function of each row, stacked."""
    return _mapped(cx, function, elements)


@rule("keras.ops.vectorize")
def vectorize(cx: Context, pyfunc: Value, *, excluded: Value | None = None, signature: Value | None = None) -> Value:
    """A function of arrays made from one of numbers."""
    return cx.unknown("a vectorized function")


@rule("keras.ops.scan")
def scan(
    cx: Context, f: Value, init: Value, xs: Value | None = None, length: Value | None = None,
    reverse: Value | None = None, unroll: Value | None = None,
) -> Value:  # fmt: skip
    """A function carried along the rows: the last carry and what it gave at each, stacked."""
    if any_symbolic((init, xs or Const(None))):
        return cx.unknown("a scan over symbolic tensors")
    row: Value = Const(None)
    count = as_dim(length) if length is not None and not is_none(length) else None
    if xs is not None and not is_none(xs):
        row = map_structure(cx, lambda leaf: _first(cx, leaf), xs)
        count = _rows(xs)
    with cx.opaque():
        made = cx.call(f, [init, row])
    items = made.contents.items() if isinstance(made, Sequence) else None
    if items is None or len(items) != 2:
        return cx.unknown("what the function of a scan gives is not known")
    rows = items[1] if is_none(items[1]) else _stacked(cx, items[1], count)
    return several([items[0], rows])


@rule("keras.ops.associative_scan")
def associative_scan(
    cx: Context, f: Value, elems: Value, reverse: Value | None = None, axis: Value | None = None
) -> Value:
    """The same shape: each row combined with all before it."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.kind != "keras":
            return leaf.replace(kind="tensorflow", meta={}, data=None, lo=None, hi=None)
        return cx.unknown("a scan of something that is not known")

    return map_structure(cx, one, elems)


@rule("keras.ops.cond")
def cond(cx: Context, pred: Value, true_fn: Value, false_fn: Value) -> Value:
    """What one of two functions gives."""
    from foreshape.semantics.shared.structure import flatten as leaves

    first, second = cx.call(true_fn), cx.call(false_fn)
    a, b = leaves(first), leaves(second)
    same = len(a) == len(b) and all(
        isinstance(x, Array) and isinstance(y, Array) and x.shape == y.shape and x.dtype == y.dtype
        for x, y in zip(a, b)
    )
    if same:
        return first
    return cx.unknown("which of two functions runs is not known")


@rule("keras.ops.switch")
def switch(cx: Context, index: Value, branches: Value, *operands: Value) -> Value:
    """What one of several functions gives."""
    functions = branches.contents.items() if isinstance(branches, Sequence) else None
    at = as_int(index)
    if functions is None or at is None or not functions:
        return cx.unknown("which of several functions runs is not known")
    return cx.call(functions[min(max(at, 0), len(functions) - 1)], operands)


@rule("keras.ops.while_loop")
def while_loop(
    cx: Context, cond: Value, body: Value, loop_vars: Value, maximum_iterations: Value | None = None
) -> Value:
    """The variables keep their shapes."""
    return cx.rule("tensorflow.while_loop", cond, body, loop_vars)


@rule("keras.ops.fori_loop")
def fori_loop(cx: Context, lower: Value, upper: Value, body_fun: Value, init_val: Value) -> Value:
    """The carried value keeps its shape."""
    from foreshape.semantics.tensorflow.support import tensor

    with cx.opaque():
        made = cx.call(body_fun, [tensor((), "int32"), init_val])
    a, b = flatten(init_val), flatten(made)
    same = len(a) == len(b) and all(
        isinstance(x, Array) and isinstance(y, Array) and x.shape == y.shape and x.dtype == y.dtype
        for x, y in zip(a, b)
    )
    return made if same else cx.unknown("a loop that changes the shape of what it carries")


@rule("keras.ops.custom_gradient")
def custom_gradient(cx: Context, f: Value) -> Value:
    """A function with a gradient of its own."""
    return cx.unknown("a function with its own gradient")
