"""``keras.ops``: tensors that are made from sizes, numbers or other tensors' shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import ceildiv, dmax
from foreshape.domain.dtype import WEAK_INT
from foreshape.domain.values import Array, Const, Sequence, Value, as_bool, as_dim, as_int, int_value, is_none
from foreshape.semantics.keras.base import shape_value
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    dtype_argument,
    flag,
    integer,
    like,
    one_axis,
    operand,
    place,
    promote,
    refused,
    run,
    several,
    to_float,
    token,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import broadcast, in_graph, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context


@rule("keras.ops.convert_to_tensor", "keras.ops.array")
def convert_to_tensor(
    cx: Context, x: Value, dtype: Value | None = None, sparse: Value | None = None, ragged: Value | None = None
) -> Value:
    """A tensor; a symbolic one stays symbolic."""
    wanted = dtype_argument(dtype, "")
    if isinstance(x, Array) and x.kind == "keras":
        if wanted == "" or wanted == x.dtype:
            return x
        return cx.rule("keras.ops.cast", x, Const(wanted))
    if wanted == "":
        return cx.rule("tensorflow.convert_to_tensor", x)
    if isinstance(x, Array) and x.kind == "tensorflow":
        made = cx.rule("tensorflow.cast", x, Const(wanted))
    elif wanted is None:
        made = cx.rule("tensorflow.convert_to_tensor", x)
        return made.replace(dtype=None) if isinstance(made, Array) else made
    elif wanted == "string":
        return cx.rule("tensorflow.convert_to_tensor", x, dtype=Const(wanted))
    else:
        made = cx.rule("tensorflow.convert_to_tensor", x)
        if isinstance(made, Array) and made.dtype is not None and made.dtype != wanted:
            made = cx.rule("tensorflow.cast", made, Const(wanted))
    return made.replace(dtype=wanted) if isinstance(made, Array) and made.dtype != wanted else made


@rule("keras.ops.convert_to_numpy")
def convert_to_numpy(cx: Context, x: Value) -> Value:
    """A NumPy array."""
    if isinstance(x, Array) and x.kind == "keras":
        text = "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual "
        text += "numerical value. You cannot convert it to a NumPy array."
        raise wrong_value(refused(text), "x", "a symbolic tensor", x)
    if isinstance(x, Array):
        return x.replace(kind="numpy", meta={})
    return cx.rule("numpy.array", x)


@rule("keras.ops.is_tensor")
def is_tensor(cx: Context, x: Value) -> Value:
    """Whether it is a tensor of the backend."""
    if isinstance(x, Array):
        return Const(x.kind == "tensorflow") if x.kind != "keras" else cx.unknown("a symbolic tensor")
    return Const(False) if isinstance(x, (Const, Sequence)) else cx.unknown("what it is")


@rule("keras.ops.dtype")
def dtype_of_tensor(cx: Context, x: Value) -> Value:
    """The dtype as a string."""
    if isinstance(x, Array) and x.dtype is not None:
        return Const(x.dtype)
    return cx.unknown("the dtype is not known")


@rule("keras.ops.zeros", "keras.ops.ones", "keras.ops.empty")
def zeros(cx: Context, shape: Value, dtype: Value | None = None) -> Value:
    """float32 unless a dtype is given."""
    return tensor(shape_argument(cx, shape), dtype_argument(dtype, "float32"))


@rule("keras.ops.full")
def full(cx: Context, shape: Value, fill_value: Value, dtype: Value | None = None) -> Value:
    """One value everywhere: float32 unless a dtype is given."""
    return tensor(shape_argument(cx, shape), dtype_argument(dtype, "float32"), fill_value)


def _like(cx: Context, x: Value, dtype: Value | None) -> Value:
    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        return like(found, found.shape, dtype_argument(dtype, found.dtype), found.roles)

    return run(cx, "zeros_like", core, (x,))


@rule("keras.ops.zeros_like", "keras.ops.ones_like", "keras.ops.empty_like")
def zeros_like(cx: Context, x: Value, dtype: Value | None = None) -> Value:
    """The same shape."""
    return _like(cx, x, dtype)


@rule("keras.ops.full_like")
def full_like(cx: Context, x: Value, fill_value: Value, dtype: Value | None = None) -> Value:
    """The same shape."""
    return _like(cx, x, dtype)


@rule("keras.ops.arange")
def arange(
    cx: Context, start: Value, stop: Value | None = None, step: Value | None = None, dtype: Value | None = None
) -> Value:
    """Numbers in steps; the dtype that start, stop and step promote to."""
    first: Value = start
    last = stop
    if stop is None or is_none(stop):
        first, last = Const(0), start
    by: Value = Const(1) if step is None or is_none(step) else step
    tokens = [token(start)] + ([token(stop)] if stop is not None and not is_none(stop) else [WEAK_INT] * 0)
    tokens += [token(by)]
    found = dtype_argument(dtype, promote(*tokens))
    a, b, c = as_dim(first), as_dim(last), as_dim(by)
    if a is not None and b is not None and isinstance(c, int) and c != 0:
        if found is not None and "int" in found:
            made = cx.rule("tensorflow.range", first, last or Const(0), by)
            if isinstance(made, Array):
                return made.replace(dtype=found)
        count = ceildiv(b - a, c) if c > 0 else ceildiv(a - b, -c)
        return tensor((dmax(count, 0),), found)
    numbers = [value.value for value in (first, last, by) if isinstance(value, Const)]
    if len(numbers) == 3 and all(isinstance(number, (int, float)) for number in numbers) and numbers[2]:
        exact = (numbers[1] - numbers[0]) / numbers[2]
        return tensor((max(0, -int(-exact // 1)),), found)
    return tensor((cx.fresh(lo=0),), found)


def _spaced(
    cx: Context, name: str, start: Value, stop: Value, num: Value | None, dtype: Value | None, axis: Value | None
) -> Value:
    def core(inner: Context, a: Value, b: Value) -> Value:
        x, y = operand(inner, a), operand(inner, b)
        shape = broadcast(inner, name, x, y)
        if shape is None:
            raise OpenShape("the rank of a tensor is not known")
        count = 50 if num is None else as_dim(num)
        at = place(inner, name, one_axis(inner, axis, 0) or 0, len(shape) + 1, x)
        sizes = (*shape[:at], inner.fresh() if count is None else count, *shape[at:])
        made = dtype_argument(dtype, to_float(promote(token(a), token(b))))
        if name == "geomspace" and made == "float64" and not in_graph(inner):
            made = None
        return tensor(sizes, made, x, y)

    return run(cx, name, core, (start, stop))


@rule("keras.ops.linspace")
def linspace(
    cx: Context, start: Value, stop: Value, num: Value | None = None, endpoint: Value | None = None,
    retstep: Value | None = None, dtype: Value | None = None, axis: Value | None = None,
) -> Value:  # fmt: skip
    """``num`` numbers along a new axis."""
    made = _spaced(cx, "linspace", start, stop, num, dtype, axis)
    step = False if retstep is None else as_bool(retstep)
    if step is None:
        return cx.unknown("whether the step is given back")
    return made if not step else several([made, cx.unknown("the step of linspace")])


@rule("keras.ops.logspace")
def logspace(
    cx: Context, start: Value, stop: Value, num: Value | None = None, endpoint: Value | None = None,
    base: Value | None = None, dtype: Value | None = None, axis: Value | None = None,
) -> Value:  # fmt: skip
    """``num`` numbers along a new axis."""
    return _spaced(cx, "logspace", start, stop, num, dtype, axis)


@rule("keras.ops.geomspace")
def geomspace(
    cx: Context, start: Value, stop: Value, num: Value | None = None, endpoint: Value | None = None,
    dtype: Value | None = None, axis: Value | None = None,
) -> Value:  # fmt: skip
    """``num`` numbers along a new axis."""
    return _spaced(cx, "geomspace", start, stop, num, dtype, axis)


@rule("keras.ops.eye")
def eye(cx: Context, N: Value, M: Value | None = None, k: Value | None = None, dtype: Value | None = None) -> Value:  # noqa: N803
    """(N, M), square unless M is given."""
    rows = as_dim(N)
    columns = rows if M is None or is_none(M) else as_dim(M)
    shape = tuple(cx.fresh() if size is None else size for size in (rows, columns))
    return tensor(shape, dtype_argument(dtype, "float32"), N)


@rule("keras.ops.identity")
def identity(cx: Context, n: Value, dtype: Value | None = None) -> Value:
    """(n, n)."""
    return eye(cx, n, None, None, dtype)


@rule("keras.ops.tri")
def tri(
    cx: Context,
    N: Value,  # noqa: N803
    M: Value | None = None,  # noqa: N803
    k: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """(N, M), square unless M is given."""
    return eye(cx, N, M, k, dtype)


@rule("keras.ops.bartlett", "keras.ops.blackman", "keras.ops.hamming", "keras.ops.hanning")
def window(cx: Context, x: Value) -> Value:
    """A window function of x values."""
    size = as_dim(x)
    return tensor((cx.fresh(lo=0) if size is None else size,), "float32", x)


@rule("keras.ops.kaiser")
def kaiser(cx: Context, x: Value, beta: Value) -> Value:
    """A window function of x values."""
    size = as_dim(x)
    return tensor((cx.fresh(lo=0) if size is None else size,), "float32", x)


@rule("keras.ops.meshgrid")
def meshgrid(cx: Context, *x: Value, indexing: Value | None = None) -> Value:
    """One tensor per input, of all their lengths."""

    def core(inner: Context, *values: Value) -> Value:
        arrays = [operand(inner, value) for value in values]
        sizes: list[DimLike] = []
        for array in arrays:
            if array.shape is None:
                raise OpenShape("the rank of a tensor is not known")
            size: DimLike = 1
            for one in array.shape:
                size = size * one
            sizes.append(size)
        way = "xy" if indexing is None else getattr(indexing, "value", None)
        if way is None:
            raise OpenShape("the order of a grid is not known")
        if way not in ("xy", "ij"):
            text = "Valid values for `indexing` are 'xy' and 'ij', but received {index}."
            raise wrong_value(refused(text), "indexing", way)
        if way == "xy" and len(sizes) > 1:
            sizes[0], sizes[1] = sizes[1], sizes[0]
        return several([like(array, tuple(sizes)) for array in arrays], "list")

    return run(cx, "meshgrid", core, x, many=True)


@rule("keras.ops.shape")
def shape(cx: Context, x: Value) -> Value:
    """The shape as a tuple; sizes that are None are tensors in a graph."""
    from foreshape.domain.dim import is_none as undefined

    if isinstance(x, (Const, Sequence)):
        x = as_tensor(cx, x) or x
    if not isinstance(x, Array) or x.shape is None:
        return cx.unknown("the rank is not known")
    if x.kind == "keras":
        return shape_value(x.shape)
    sizes: list[Value] = [tensor((), "int32", data=(size,)) if undefined(size) else int_value(size) for size in x.shape]
    return as_tuple(sizes)


@rule("keras.ops.ndim")
def ndim(cx: Context, x: Value) -> Value:
    """The rank."""
    if not isinstance(x, Array):
        found = as_tensor(cx, x)
        if found is None:
            return cx.unknown("the rank is not known")
        x = found
    if x.shape is None:
        return cx.unknown("the rank is not known")
    if x.kind == "keras":
        rank = len(x.shape)
        return run(cx, "ndim", lambda inner, value: like(operand(inner, value), (rank,), "float32"), (x,))
    return Const(len(x.shape))


@rule("keras.ops.size")
def size(cx: Context, x: Value) -> Value:
    """How many elements."""
    return run(cx, "size", lambda inner, value: like(operand(inner, value), (), "int32"), (x,))


@rule("keras.ops.one_hot")
def one_hot(
    cx: Context, x: Value, num_classes: Value, axis: Value | None = None, dtype: Value | None = None,
    sparse: Value | None = None,
) -> Value:  # fmt: skip
    """A new axis of the classes."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        count = as_dim(num_classes)
        if found.shape is None or count is None:
            raise OpenShape("how many classes there are is not known")
        rank = len(found.shape)
        at = one_axis(inner, axis, -1)
        at = rank if at in (None, -1) else at
        if at is None or not -rank - 1 <= at <= rank:
            raise OpenShape("an axis that the tensor does not have")
        at = at % (rank + 1)
        return like(found, (*found.shape[:at], count, *found.shape[at:]), dtype_argument(dtype, "float32"))

    return run(cx, "one_hot", core, (x,))


@rule("keras.ops.multi_hot")
def multi_hot(
    cx: Context, inputs: Value, num_classes: Value | None = None, axis: Value | None = None,
    dtype: Value | None = None, sparse: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """The ids along the last axis as one vector over the classes."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        count = as_dim(num_classes if num_classes is not None else kwargs.get("num_tokens"))
        at = one_axis(inner, axis, -1)
        if found.shape is None or count is None or at is None:
            raise OpenShape("how many classes there are is not known")
        shape = found.shape
        kept = (shape[0], *shape[2:]) if len(shape) > 1 else ()
        if in_graph(inner):
            if at != -1 and not 0 <= at < len(shape):
                raise OpenShape("an axis that the ids do not have")
            wide = (*shape, count) if at == -1 else (*shape[:at], count, *shape[at:])
            return like(found, (wide[-1],) if len(wide) == 2 else (wide[0], *wide[2:]))
        at = at % (len(kept) + 1)
        return like(found, (*kept[:at], count, *kept[at:]), dtype_argument(dtype, "float32"))

    return run(cx, "multi_hot", core, (inputs,))


@rule("keras.ops.vander")
def vander(cx: Context, x: Value, N: Value | None = None, increasing: Value | None = None) -> Value:  # noqa: N803
    """Powers of a vector along a new axis."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        if found.shape is None or not found.shape:
            raise OpenShape("the rank of a tensor is not known")
        columns = found.shape[0] if N is None or is_none(N) else as_dim(N)
        if columns is None:
            raise OpenShape("how many powers there are is not known")
        return like(found, (*found.shape, columns))

    return run(cx, "vander", core, (x,))


@rule("keras.ops.unravel_index")
def unravel_index(cx: Context, indices: Value, shape: Value) -> Value:
    """Flat positions as one tensor per axis."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        sizes = shape_argument(inner, shape)
        if sizes is None:
            raise OpenShape("the rank is not known")
        return several([like(found, found.shape) for _ in sizes], "list")

    return run(cx, "unravel_index", core, (indices,), many=True)


@rule("keras.ops.histogram")
def histogram(cx: Context, x: Value, bins: Value | None = None, range: Value | None = None) -> Value:
    """The counts of ``bins`` bins, and their bins + 1 edges."""
    count = integer(bins, 10) if bins is None or as_int(bins) is not None else None

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        if count is not None and count <= 0 and not in_graph(inner):
            raise OpenShape("a histogram without bins")
        n: DimLike = inner.fresh() if count is None else count
        return several([like(found, (n,)), like(found, (n + 1,))])

    return run(cx, "histogram", core, (x,), many=True)


@rule("keras.ops.bincount")
def bincount(
    cx: Context, x: Value, weights: Value | None = None, minlength: Value | None = None, sparse: Value | None = None
) -> Value:
    """How often each number occurs, along the last axis."""

    def core(inner: Context, value: Value, *more: Value) -> Value:
        found = operand(inner, value)
        if found.shape is None or not found.shape:
            raise OpenShape("the rank of a tensor is not known")
        if flag(sparse):
            raise OpenShape("a sparse tensor")
        from foreshape.semantics.tensorflow.support import open_size

        dtype = "int32" if not more else promote(token(value), token(more[0]) or operand(inner, more[0]).dtype)
        return like(found, (*found.shape[:-1], open_size(inner)), dtype)

    given = (x,) if weights is None or is_none(weights) else (x, weights)
    return run(cx, "bincount", core, given)
