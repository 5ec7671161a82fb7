"""``keras.ops``: products that sum over axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, dmax, dmin, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Sequence, Shape, Value, as_int, as_str, is_none
from foreshape.semantics.keras.operations.elementwise import binary
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    common,
    differ,
    integer,
    known,
    needs_rank,
    operand,
    place,
    refused,
    run,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.result import AxesCountError, AxisError, RepeatedAxisError, SubscriptError
from foreshape.semantics.tensorflow.support import broadcast, in_graph, ints, tensor

if TYPE_CHECKING:
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context


def mismatch(
    cx: Context, taker: str, x: Array, y: Array, a: Shape, b: Shape, axes: tuple[int, int], graph: str, eager: str
) -> Fault:
    """Two sizes that are summed over are not the same."""
    from foreshape.faults.matmul_mismatch import MatmulMismatch

    text = graph if in_graph(cx) else eager
    return MatmulMismatch(
        trouble(cx, text, x, y), values=(x, y), taker=taker, left=a, right=b, left_axis=axes[0], right_axis=axes[1]
    )


def product_dtype(cx: Context, a: Value, b: Value) -> str | None:
    """int32 for two int8, else what both promote to."""
    x, y = operand(cx, a), operand(cx, b)
    return "int32" if x.dtype == "int8" and y.dtype == "int8" else common(cx, a, b)


@rule("keras.ops.matmul")
def matmul(cx: Context, x1: Value, x2: Value) -> Value:
    """The matrix product; vectors count as a row on the left, a column on the right."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        if not a or not b:
            text = f"`x1` and `x2` must have rank at least 1. Received: {text_of(a)} and {text_of(b)}"
            raise OpenShape(text)
        left = a if len(a) > 1 else (1, *a)
        right = b if len(b) > 1 else (*b, 1)
        if differ(inner, left[-1], right[-2]):
            graph = (
                f"Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but received x1.shape={list(a)} "
                f"and x2.shape={list(b)}"
            )
            eager = f"Matrix size-incompatible: In[0]: {_brackets(left)}, In[1]: {_brackets(right)}"
            raise mismatch(inner, "matmul", x, y, a, b, (len(a) - 1, max(len(b) - 2, 0)), graph, eager)
        batch = broadcast(inner, "BatchMatMulV2", x.replace(shape=left[:-2]), y.replace(shape=right[:-2]))
        if batch is None:
            raise OpenShape("the rank of a tensor is not known")
        shape = (*batch, *((left[-2],) if len(a) > 1 else ()), *((right[-1],) if len(b) > 1 else ()))
        return tensor(shape, product_dtype(inner, first, second), x, y)

    return run(cx, "matmul", core, (x1, x2))


def _brackets(shape: Shape) -> str:
    return "[" + ",".join(str(size) for size in shape) + "]"


@rule("keras.ops.dot")
def dot(cx: Context, x1: Value, x2: Value) -> Value:
    """The last axis of x1 with the last but one of x2."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        if not a or not b:
            return binary(inner, "*", first, second)
        axis = max(len(b) - 2, 0)
        if differ(inner, a[-1], b[axis]):
            graph = (
                "Shape must match on the last axis of `x1` and second last axis of `x2` when `x1` is N-d array while "
                f"`x2` is M-D, but received `x1.shape={text_of(a)}` and x2.shape=`{text_of(b)}`."
            )
            eager = f"Matrix size-incompatible: In[0]: {_brackets(a)}, In[1]: {_brackets(b)}"
            raise mismatch(inner, "dot", x, y, a, b, (len(a) - 1, axis), graph, eager)
        shape = (*a[:-1], *b[:axis], *b[axis + 1 :])
        return tensor(shape, common(inner, first, second), x, y)

    return run(cx, "dot", core, (x1, x2))


@rule("keras.ops.inner")
def inner_product(cx: Context, x1: Value, x2: Value) -> Value:
    """The last axes of both summed over."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        if not a or not b:
            return tensor(a or b, common(inner, first, second), x, y)
        if differ(inner, a[-1], b[-1]):
            graph = (
                "`inner` requires the last dimension of `x1` and `x2` to match. Received: "
                f"x1.shape={text_of(a)}, x2.shape={text_of(b)}."
            )
            eager = f"Matrix size-incompatible: In[0]: {_brackets(a)}, In[1]: {_brackets(b)}"
            raise mismatch(inner, "inner", x, y, a, b, (len(a) - 1, len(b) - 1), graph, eager)
        return tensor((*a[:-1], *b[:-1]), common(inner, first, second), x, y)

    return run(cx, "inner", core, (x1, x2))


@rule("keras.ops.vdot")
def vdot(cx: Context, x1: Value, x2: Value) -> Value:
    """All elements of both: a number."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        if not in_graph(inner) and isinstance(product(a), int) and isinstance(product(b), int):
            if product(a) != product(b) and product(a) != 1 and product(b) != 1:
                raise OpenShape("vectors of different length")
        return tensor((), common(inner, first, second), x, y)

    return run(cx, "vdot", core, (x1, x2))


@rule("keras.ops.outer")
def outer(cx: Context, x1: Value, x2: Value) -> Value:
    """Each element of one with each of the other."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        return tensor((product(a), product(b)), common(inner, first, second), x, y)

    return run(cx, "outer", core, (x1, x2))


@rule("keras.ops.kron")
def kron(cx: Context, x1: Value, x2: Value) -> Value:
    """Each element of x1 times all of x2."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        if len(a) != len(b) and not in_graph(inner):
            rank = max(len(a), len(b))
            a, b = (1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b
        return tensor(tuple(i * j for i, j in zip(a, b)), common(inner, first, second), x, y)

    return run(cx, "kron", core, (x1, x2))


@rule("keras.ops.cross")
def cross(
    cx: Context, x1: Value, x2: Value, axisa: Value | None = None, axisb: Value | None = None,
    axisc: Value | None = None, axis: Value | None = None,
) -> Value:  # fmt: skip
    """The cross product of vectors of 2 or 3."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        if axis is not None and not is_none(axis):
            where = (integer(axis),) * 3
        else:
            where = (integer(axisa, -1), integer(axisb, -1), integer(axisc, -1))
        i = place(inner, "cross", where[0], len(a), x)
        j = place(inner, "cross", where[1], len(b), y)
        for size, name, array in ((a[i], "x1", x), (b[j], "x2", y)):
            if isinstance(size, int) and size not in (2, 3):
                text = f"`{name}`'s dim on `axis` must be either 2 or 3, but received: {size}"
                raise wrong_value(trouble(inner, text, array), name, size, array)
        rest = broadcast(inner, "cross", x.replace(shape=(*a[:i], *a[i + 1 :])), y.replace(shape=(*b[:j], *b[j + 1 :])))
        if rest is None:
            raise OpenShape("the rank of a tensor is not known")
        dtype = common(inner, first, second)
        if a[i] == 2 and b[j] == 2:
            return tensor(rest, dtype, x, y)
        if a[i] != 3 and b[j] != 3:
            if in_graph(inner):
                return tensor(rest, dtype, x, y)
            raise OpenShape("whether vectors of 2 or 3 are multiplied is not known")
        at = place(inner, "cross", where[2], len(rest) + 1, x)
        return tensor((*rest[:at], 3, *rest[at:]), dtype, x, y)

    return run(cx, "cross", core, (x1, x2))


@rule("keras.ops.tensordot")
def tensordot(cx: Context, x1: Value, x2: Value, axes: Value | None = None) -> Value:
    """Axes of both summed over."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        both = _contracted(inner, axes, len(a), len(b))
        left_size, right_size = product(a[i] for i in _within(both[0], a)), product(b[j] for j in _within(both[1], b))
        for i, j in zip(*both):
            if not -len(a) <= i < len(a) or not -len(b) <= j < len(b):
                raise OpenShape("an axis that a tensor does not have")
            if differ(inner, a[i], b[j]):
                if in_graph(inner) and (axes is None or as_int(axes) is not None):
                    continue
                if not in_graph(inner) and left_size == right_size:
                    continue
                graph = (
                    "Shape mismatch on `x1[axes[0]]` and `x2[axes[1]]`, received "
                    f"{[a[k] for k in both[0]]} and {[b[k] for k in both[1]]}."
                )
                eager = f"Matrix size-incompatible: In[0]: {_brackets(a)}, In[1]: {_brackets(b)}"
                raise mismatch(inner, "tensordot", x, y, a, b, (i % len(a), j % len(b)), graph, eager)
        left = {i % len(a) for i in both[0]}
        right = {j % len(b) for j in both[1]}
        shape = [size for k, size in enumerate(a) if k not in left] + [s for k, s in enumerate(b) if k not in right]
        return tensor(tuple(shape), common(inner, first, second), x, y)

    return run(cx, "tensordot", core, (x1, x2))


def _within(axes: list[int], shape: Shape) -> list[int]:
    return [axis for axis in axes if -len(shape) <= axis < len(shape)]


def _contracted(cx: Context, axes: Value | None, left: int, right: int) -> tuple[list[int], list[int]]:
    count = 2 if axes is None else as_int(axes)
    if count is not None:
        if count > left or count > right or count < 0:
            raise OpenShape("more axes than a tensor has")
        return list(range(left - count, left)), list(range(count))
    pairs = axes.contents.items() if isinstance(axes, Sequence) else None
    if pairs is None or len(pairs) != 2:
        raise OpenShape("which axes are summed over is not known")
    first, second = ints(cx, pairs[0]), ints(cx, pairs[1])
    if first is None or second is None or len(first) != len(second):
        raise OpenShape("which axes are summed over is not known")
    return list(first), list(second)


@rule("keras.ops.einsum")
def einsum(cx: Context, subscripts: Value, *operands: Value, **kwargs: Value) -> Value:
    """Sums of products by axis letters."""
    from foreshape.semantics.shared.matmul import einsum as formula

    equation = as_str(subscripts)

    def core(inner: Context, *values: Value) -> Value:
        found = [known(inner, value) for value in values]
        arrays = [array for array, _ in found]
        shapes = [shape for _, shape in found]
        if equation is None:
            raise OpenShape("the equation is not known")
        try:
            made = formula(equation, shapes, inner.facts)
        except (SubscriptError, AxisError, AxesCountError, RepeatedAxisError):
            raise _bad_equation(inner, equation, arrays, shapes, None) from None
        sizes = list(made.shape)
        for need in made.needs:
            if undefined(need.left) or undefined(need.right):
                if need.operands is not None and need.operands[0] == need.operands[1]:
                    raise OpenShape("a diagonal of sides that may differ")
                continue
            if need.truth.is_no:
                if in_graph(inner) and str(need.where) not in equation.partition("->")[2]:
                    continue
                if in_graph(inner) and need.operands is not None and need.operands[0] == need.operands[1]:
                    raise OpenShape("a diagonal of sides that differ")
                raise _bad_equation(inner, equation, arrays, shapes, str(need.where))
            if need.kind == "equal":
                inner.equal(need.left, need.right)
        kinds = {array.dtype for array in arrays}
        dtype = "int32" if kinds == {"int8"} else common(inner, *values)
        return tensor(tuple(sizes), dtype, *arrays)

    return run(cx, "einsum", core, operands)


def _bad_equation(cx: Context, equation: str, arrays: list[Array], shapes: list[Shape], label: str | None) -> Fault:
    from foreshape.faults.einsum_mismatch import EinsumMismatch

    text = f"einsum {equation!r} does not fit operands of shape " + ", ".join(text_of(shape) for shape in shapes)
    if label is None and not in_graph(cx) and "->" in equation and "..." not in equation:
        # some equations are computed as a matrix product, whatever the rank
        raise OpenShape("an equation that does not fit its operands")
    return EinsumMismatch(
        trouble(cx, text, *arrays), values=tuple(arrays), equation=equation, shapes=tuple(shapes), label=label
    )


@rule("keras.ops.correlate")
def correlate(cx: Context, x1: Value, x2: Value, mode: Value | None = None) -> Value:
    """Two vectors slid along each other."""

    def core(inner: Context, first: Value, second: Value) -> Value:
        x, a = known(inner, first)
        y, b = known(inner, second)
        for name, array, shape in (("x1", x, a), ("x2", y, b)):
            if len(shape) != 1:
                text = f"`{name}` must be a 1-dimensional tensor, but receivedshape {text_of(shape)}"
                if not in_graph(inner):
                    raise OpenShape(text)
                raise needs_rank(refused(text), "correlate", array, 1)
        way = "valid" if mode is None else as_str(mode)
        longer: DimLike = dmax(a[0], b[0])
        length = {"same": longer, "full": a[0] + b[0] - 1, "valid": longer - dmin(a[0], b[0]) + 1}.get(way or "")
        if length is None:
            raise OpenShape("the mode of a correlation is not known")
        dtype = common(inner, first, second)
        if dtype == "int64":
            dtype = "float64"
        elif dtype not in ("bfloat16", "float16", "float64"):
            dtype = "float32"
        return tensor((length,), dtype, x, y)

    return run(cx, "correlate", core, (x1, x2))


@rule("keras.ops.cdist")
def cdist(cx: Context, x: Value, y: Value) -> Value:
    """The distance of each row of x to each row of y."""
    from foreshape.semantics.keras.operations.support import to_float

    def core(inner: Context, first: Value, second: Value) -> Value:
        left, a = known(inner, first)
        right, b = known(inner, second)
        shown = f"Received shapes: x.shape={text_of(a)}, y.shape={text_of(b)}"
        for array, shape in ((left, a), (right, b)):
            if len(shape) < 2:
                raise needs_rank(refused(f"Inputs to `cdist` must have rank >= 2. {shown}"), "cdist", array, 2, True)
        if differ(inner, a[-1], b[-1]):
            from foreshape.faults.matmul_mismatch import MatmulMismatch

            raise MatmulMismatch(
                refused(f"The last dimension of inputs to `cdist` must match. {shown}"), values=(left, right),
                taker="cdist", left=a, right=b, left_axis=len(a) - 1, right_axis=len(b) - 1,
            )  # fmt: skip
        batch = broadcast(inner, "cdist", left.replace(shape=a[:-2]), right.replace(shape=b[:-2]))
        if batch is None:
            raise OpenShape("the rank of a tensor is not known")
        return tensor((*batch, a[-2], b[-2]), to_float(common(inner, first, second)), left, right)

    return run(cx, "cdist", core, (x, y))
