"""Gathering and scattering by index: gather, scatter, index_select, index_add, index_copy, index_fill, take, put."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import product
from foreshape.domain.values import Array, Const, Shape, Value, as_str
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.indices import index_dtype, inside, is_empty
from foreshape.semantics.torch.reducing import axis_of, limits
from foreshape.semantics.torch.support import (
    broadcast,
    given,
    invalid,
    is_complex,
    is_number,
    scalar_name,
    shown,
    tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def like_self(cx: Context, x: Array, *others: Value | None) -> Array:
    """A changed copy: contiguous or laid out as before, its values not known."""
    strides = "contiguous" if "strides" not in x.meta else None
    return tensor(cx, x.shape, x.dtype, x, *others, roles=x.roles, strides=strides)


# -- gather ----------------------------------------------------------------------------------------------------------


def no_larger(cx: Context, message: str, taker: str, index: Array, other: Array, axis: int | None, made: Value) -> None:
    """RuntimeError where an index is larger than what it indexes, apart from one axis."""
    if index.shape is None or other.shape is None:
        return
    for place, (a, b) in enumerate(zip(index.shape, other.shape)):
        if place != axis and not cx.at_least(b, a):
            raise invalid(cx, "RuntimeError", message.format(place=place), "index", shown(index.shape), index, other,
                          recover=made)  # fmt: skip


@op("gather")
def gather(
    cx: Context, input: Array, dim: Value, index: Array, *, sparse_grad: Value | None = None, out: Value | None = None
) -> Value:
    """The elements that ``index`` names along an axis, in the shape of ``index``. Ranks are equal; index may be smaller."""
    made = tensor(cx, index.shape, input.dtype, input, index, **limits(input))
    axis = axis_of(cx, "gather", input, dim)
    if is_empty(index) or index.shape is None:
        return made
    index_dtype(cx, "gather(): Expected dtype int32/int64 for index", "gather", index, recover=made)
    if input.shape is None or index.shape is None or axis is None:
        return made
    if max(len(input.shape), 1) != max(len(index.shape), 1):
        message = "Index tensor must have the same number of dimensions as input tensor"
        raise wrong_rank(cx, "RuntimeError", message, "gather", index, len(input.shape), recover=made)
    message = (
        f"Size does not match at dimension {{place}} expected index {shown(index.shape)} to be no larger than self "
        f"{shown(input.shape)} apart from dimension {axis}"
    )
    no_larger(cx, message, "gather", index, input, axis, made)
    inside(cx, "gather", input, axis, index, recover=made)
    return made


# -- scatter ---------------------------------------------------------------------------------------------------------


def scatter_of(cx: Context, taker: str, x: Array, dim: Value, index: Array, src: Value | None) -> Value:
    """A copy with elements replaced (or added) at the indices along an axis."""
    made = like_self(cx, x, src)
    axis = axis_of(cx, taker, x, dim)
    source = src if isinstance(src, Array) else None
    if index.shape is not None and not is_empty(index):
        index_dtype(cx, "scatter(): Expected dtype int32/int64 for index", taker, index, recover=made)
    if source is not None and source.dtype is not None and x.dtype is not None and source.dtype != x.dtype:
        message = "scatter(): Expected self.dtype to be equal to src.dtype"
        raise wrong_dtype(cx, "RuntimeError", message, taker, x, source, wanted=x.dtype, recover=made)
    if x.shape is None or index.shape is None or axis is None or is_empty(index):
        return made
    rank = max(len(x.shape), 1)
    if max(len(index.shape), 1) != rank:
        message = "Index tensor must have the same number of dimensions as self tensor"
        raise wrong_rank(cx, "RuntimeError", message, taker, index, len(x.shape), recover=made)
    if source is not None and source.shape is not None and max(len(source.shape), 1) != rank:
        message = "Index tensor must have the same number of dimensions as src tensor"
        exception = "RuntimeError"
        if len(source.shape) <= axis:
            held = max(len(source.shape), 1)
            exception = "IndexError"
            message = f"Dimension out of range (expected to be in range of [-{held}, {held - 1}], but got {axis})"
        raise wrong_rank(cx, exception, message, taker, source, len(x.shape), recover=made)
    message = (
        f"Expected index {shown(index.shape)} to be no larger than self {shown(x.shape)} apart from dimension {axis}"
    )
    if source is not None:
        message += f" and to be no larger size than src {shown(source.shape)}"
    no_larger(cx, message, taker, index, x, axis, made)
    if source is not None:
        no_larger(cx, message, taker, index, source, None, made)
    inside(cx, taker, x, axis, index, recover=made)
    return made


@op("scatter", inplace=True)
def scatter(
    cx: Context, input: Array, dim: Value, index: Array, src: Value | None = None, *, value: Value | None = None,
    reduce: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """``src`` is a tensor or a number."""
    if given(reduce):
        word = as_str(reduce)
        if word is not None and word not in ("add", "multiply"):
            message = "reduce argument must be either add or multiply."
            raise invalid(cx, "RuntimeError", message, "reduce", repr(word), input)
    return scatter_of(cx, "scatter", input, dim, index, src if given(src) else value)


@op("scatter_add", inplace=True)
def scatter_add(cx: Context, input: Array, dim: Value, index: Array, src: Array, *, out: Value | None = None) -> Value:
    """Adds where indices repeat."""
    return scatter_of(cx, "scatter_add", input, dim, index, src)


@op("scatter_reduce", inplace=True)
def scatter_reduce(
    cx: Context, input: Array, dim: Value, index: Array, src: Array, reduce: Value, *,
    include_self: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Reduces where indices repeat."""
    word = as_str(reduce)
    if word is not None and word not in ("sum", "prod", "mean", "amax", "amin", "max", "min"):
        message = f"reduce argument must be either sum, prod, mean, amax or amin, got {word}"
        raise invalid(cx, "RuntimeError", message, "reduce", repr(word), input)
    return scatter_of(cx, "scatter_reduce", input, dim, index, src)


# -- along one axis --------------------------------------------------------------------------------------------------


@op("index_select")
def index_select(cx: Context, input: Array, dim: Value, index: Array, *, out: Value | None = None) -> Value:
    """The axis has as many places as there are indices."""
    axis = axis_of(cx, "index_select", input, dim)
    if index.rank is not None and index.rank > 1:
        message = "index_select(): Index is supposed to be a vector"
        raise wrong_rank(cx, "IndexError", message, "index_select", index, 1)
    if input.shape is None or axis is None:
        return tensor(
            cx, None if input.shape is None else tuple(cx.fresh(lo=0) for _ in input.shape), input.dtype, input
        )
    count = cx.fresh(lo=0) if index.shape is None else index.shape[0] if index.shape else 1
    shape = tuple(count if i == axis else size for i, size in enumerate(input.shape))
    strides = "contiguous" if "strides" not in input.meta else None
    made = tensor(cx, shape, input.dtype, input, index, roles=input.roles, strides=strides, **limits(input))
    index_dtype(cx, "index_select(): Expected dtype int32 or int64 for index", "index_select", index, recover=made)
    message = "INDICES element is out of DATA bounds, id={index} axis_dim={size}"
    if len(input.shape) < 2:
        message = "index out of range in self"
    inside(cx, "index_select", input, axis, index, message, recover=made,
           exception="IndexError" if len(input.shape) < 2 else "RuntimeError")  # fmt: skip
    return made


def _vector_index(cx: Context, taker: str, index: Array, made: Value) -> None:
    if index.rank is not None and index.rank > 1:
        kind = scalar_name(index.dtype)
        message = (
            f"{taker}(): Index is supposed to be a vector, but got dim: {index.rank} with type: {kind} and size: "
            f"{shown(index.shape)}"
        )
        raise wrong_rank(cx, "IndexError", message, taker, index, 1, recover=made)


def _index_add(cx: Context, taker: str, x: Array, dim: Value, index: Array, source: Array) -> Value:
    made = like_self(cx, x, source)
    axis = axis_of(cx, taker, x, dim)
    _vector_index(cx, taker, index, made)
    text = f"{taker}(): Expected dtype int32/int64 for index but got: {scalar_name(index.dtype)}"
    index_dtype(cx, text, taker, index, recover=made)
    if x.dtype is not None and source.dtype is not None and x.dtype != source.dtype:
        message = (
            f"{taker}(): self ({scalar_name(x.dtype)}) and source ({scalar_name(source.dtype)}) must have the same scalar "
            "type"
        )
        raise wrong_dtype(cx, "RuntimeError", message, taker, x, source, wanted=x.dtype, recover=made)
    if x.shape is None or source.shape is None or index.shape is None or axis is None:
        return made
    size = source.shape[axis] if len(source.shape) > axis else 1
    count = index.shape[0] if index.shape else 1
    others = [place for place in range(len(x.shape)) if place != axis]
    fits = len(x.shape) == len(source.shape) and all(cx.equal(x.shape[i], source.shape[i]) for i in others)
    if not fits and x.shape and source.shape:
        message = (
            "source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = "
            f"{shown(x.shape)} source.shape = {shown(source.shape)}"
        )
        raise invalid(cx, "RuntimeError", message, "source", shown(source.shape), x, source, recover=made)
    if not cx.equal(count, size):
        message = (
            f"{taker}(): Number of indices ({count}) should be equal to source.size(dim): ({size}), for dim: {axis}"
        )
        raise invalid(cx, "RuntimeError", message, "index", shown(index.shape), index, source, recover=made)
    inside(cx, taker, x, axis, index, recover=made)
    return made


@op("index_add", inplace=True)
def index_add(
    cx: Context, input: Array, dim: Value, index: Array, source: Array, *, alpha: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """``source`` has the shape of ``input`` but for the axis, where there is one place per index."""
    return _index_add(cx, "index_add_", input, dim, index, source)


@op("index_reduce", inplace=True)
def index_reduce(
    cx: Context, input: Array, dim: Value, index: Array, source: Array, reduce: Value, *,
    include_self: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """As ``index_add``, with another reduction."""
    return _index_add(cx, "index_reduce_", input, dim, index, source)


@op("index_copy", inplace=True)
def index_copy(
    cx: Context, input: Array, dim: Value, index: Array, source: Array, *, out: Value | None = None
) -> Value:
    """``source`` has the shape of ``input`` but for the axis, where there is one place per index."""
    made = like_self(cx, input, source)
    axis = axis_of(cx, "index_copy", input, dim)
    if index.rank is not None and index.rank > 1:
        message = f"index_copy_(): Index should have dimension 1 or 0 (got {index.rank})"
        raise wrong_rank(cx, "IndexError", message, "index_copy", index, 1, recover=made)
    if input.shape is None or source.shape is None or index.shape is None or axis is None:
        return made
    if input.shape and source.shape and len(input.shape) != len(source.shape):
        message = (
            "index_copy_(): When source and destination are not scalars, their dimensionality must match. Source "
            f"dimensionality ({len(source.shape)}), destination dimensionality ({len(input.shape)})"
        )
        raise wrong_rank(cx, "IndexError", message, "index_copy", source, len(input.shape), recover=made)
    index_dtype(
        cx, f"index_copy_(): Expected a long tensor for index, but got {scalar_name(index.dtype)}", "index_copy", index,
        recover=made, allowed=("int64",),
    )  # fmt: skip
    if input.dtype is not None and source.dtype is not None and input.dtype != source.dtype:
        message = (
            "index_copy_(): self and source expected to have the same dtype, but got (self) "
            f"{scalar_name(input.dtype)} and (source) {scalar_name(source.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "index_copy", input, source, wanted=input.dtype, recover=made)
    for place, (a, b) in enumerate(zip(input.shape, source.shape)):
        if place != axis and not cx.equal(a, b):
            rest = [tuple(size for i, size in enumerate(shape) if i != axis) for shape in (input.shape, source.shape)]
            message = (
                "index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: "
                f"{' '.join(map(str, rest[0]))} at dimension {axis} and source slice shape: "
                f"{' '.join(map(str, rest[1]))} at dimension 0."
            )
            raise invalid(cx, "RuntimeError", message, "source", shown(source.shape), input, source, recover=made)
    count = index.shape[0] if index.shape else 1
    size = source.shape[axis] if source.shape else 1
    if not cx.equal(count, size):
        message = f"index_copy_(): Number of indices ({count}) should be equal to source.size(dim) ({size})"
        raise invalid(cx, "IndexError", message, "index", shown(index.shape), index, source, recover=made)
    text = "index_copy_(): index {index} is out of bounds for dimension {axis} with size {size}"
    inside(cx, "index_copy", input, axis, index, text, exception="IndexError", recover=made)
    return made


@op("index_fill", inplace=True)
def index_fill(cx: Context, input: Array, dim: Value, index: Array, value: Value) -> Value:
    """One number at the indices along an axis."""
    made = like_self(cx, input, value)
    axis = axis_of(cx, "index_fill", input, dim)
    if isinstance(value, Array) and value.shape:
        message = (
            "index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
            f"{len(value.shape)} dimension(s)."
        )
        raise wrong_rank(cx, "RuntimeError", message, "index_fill", value, 0, recover=made)
    text = "index_fill_(): Expected dtype int64 for index."
    index_dtype(cx, text, "index_fill", index, exception="IndexError", allowed=("int64",), recover=made)
    if index.rank is not None and index.rank > 1:
        raise wrong_rank(cx, "RuntimeError", "Index has to be a vector/scalar", "index_fill", index, 1, recover=made)
    if axis is not None:
        inside(cx, "index_fill", input, axis, index, exception="IndexError", negatives=True, recover=made)
    return made


# -- of the flattened tensor -----------------------------------------------------------------------------------------


@op("take")
def take(cx: Context, input: Array, index: Array, *, out: Value | None = None) -> Value:
    """Elements of the flattened tensor, in the shape of ``index``."""
    made = tensor(cx, index.shape, input.dtype, input, index, **limits(input))
    text = f"take(): Expected a long tensor for index, but got {scalar_name(index.dtype)}"
    index_dtype(cx, text, "take", index, allowed=("int64",), recover=made)
    if input.shape is not None:
        whole = product(input.shape)
        message = "out of range: tried to access index {index} on a tensor of {size} elements."
        inside(cx, "take", input, 0, index, message, exception="IndexError", negatives=True, recover=made, size=whole)
    return made


@op("take_along_dim")
def take_along_dim(
    cx: Context, input: Array, indices: Array, dim: Value | None = None, *, out: Value | None = None
) -> Value:
    """As ``gather``, the other axes broadcast; of the flattened tensors, where no axis is named."""
    text = f"torch.take_along_dim(): dtype of indices should be Long but got {scalar_name(indices.dtype)}"
    index_dtype(cx, text, "take_along_dim", indices, allowed=("int64",))
    if not given(dim):
        flat: Shape | None = None if indices.shape is None else (product(indices.shape),)
        return tensor(cx, flat or (cx.fresh(lo=0),), input.dtype, input, indices, **limits(input))
    if input.shape is None or indices.shape is None:
        return tensor(cx, None, input.dtype, input, indices)
    if len(input.shape) != len(indices.shape):
        message = (
            "torch.take_along_dim(): input and indices should have the same number of dimensions, but got "
            f"{len(input.shape)} dimensions for input, and {len(indices.shape)} dimensions for indices"
        )
        raise wrong_rank(cx, "RuntimeError", message, "take_along_dim", indices, len(input.shape))
    axis = axis_of(cx, "take_along_dim", input, dim)
    if axis is None:
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in input.shape), input.dtype, input, indices)
    open_input = input.replace(shape=tuple(1 if i == axis else size for i, size in enumerate(input.shape)), meta={})
    open_index = indices.replace(shape=tuple(1 if i == axis else size for i, size in enumerate(indices.shape)), meta={})
    others = broadcast(cx, "take_along_dim", open_input, open_index)
    if others is None:
        return tensor(cx, None, input.dtype, input, indices)
    shape = tuple(indices.shape[axis] if i == axis else size for i, size in enumerate(others))
    return tensor(cx, shape, input.dtype, input, indices, **limits(input))


@op("put", inplace=True)
def put(cx: Context, input: Array, index: Array, source: Array, accumulate: Value | None = None) -> Value:
    """Elements of the flattened tensor replaced."""
    made = like_self(cx, input, source)
    text = f"put_(): Expected a long tensor for index, but got {scalar_name(index.dtype)}"
    index_dtype(cx, text, "put", index, allowed=("int64",), recover=made)
    if input.dtype is not None and source.dtype is not None and input.dtype != source.dtype:
        message = (
            f"put_(): self and source expected to have the same dtype, but got self.dtype = {scalar_name(input.dtype)} "
            f"and source.dtype = {scalar_name(source.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "put", input, source, wanted=input.dtype, recover=made)
    if index.shape is not None and source.shape is not None:
        have, count = product(source.shape), product(index.shape)
        if not cx.equal(have, count):
            message = (
                "put_(): Expected source and index to have the same number of elements, but got source.numel() = "
                f"{have}, index.numel() = {count}"
            )
            raise invalid(cx, "IndexError", message, "source", shown(source.shape), source, index, recover=made)
    if input.shape is not None:
        message = "out of range: tried to access index {index} on a tensor of {size} elements."
        whole = product(input.shape)
        inside(cx, "put", input, 0, index, message, exception="IndexError", negatives=True, recover=made, size=whole)
    return made


def scalar_fits(cx: Context, x: Array, value: Value, taker: str, made: Value) -> None:
    """RuntimeError for a number that the dtype cannot hold: an infinity in integers, -1e9 in float16."""
    number = value.value if isinstance(value, Const) else None
    if x.dtype is None or not isinstance(number, (int, float, complex)) or not is_number(value):
        return
    names = {"int64": "int64_t", "int32": "int", "int16": "int16_t", "int8": "int8_t", "uint8": "uint8_t",
             "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16"}  # fmt: skip
    most = {"float16": 65504.0, "float32": 3.4028234663852886e38, "bfloat16": 3.3895313892515355e38}
    from foreshape.domain.dtype import integer_range

    bad = False
    if isinstance(number, complex):
        bad = not is_complex(x.dtype) and number.imag != 0 and x.dtype != "bool"
    elif x.dtype in most:
        bad = abs(number) > most[x.dtype] and abs(number) != float("inf")
    elif x.dtype in names and x.dtype != "float64":
        ends = (-255, 255) if x.dtype == "uint8" else integer_range(x.dtype)
        bad = number != number or (ends is not None and not ends[0] <= number <= ends[1])
    if bad:
        message = f"value cannot be converted to type {names.get(x.dtype, x.dtype)} without overflow"
        raise invalid(cx, "RuntimeError", message, "value", number, x, recover=made)
