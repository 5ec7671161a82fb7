"""``reshape``, ``expand_dims``, ``squeeze``, ``transpose``, ``tile``, ``repeat``, ``pad``, ``broadcast_to``,
``shape``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim, DimLike, divides, floordiv, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Instance, LibraryRef, Sequence, Shape, Value, as_dim, as_int, as_str
from foreshape.faults.base import Fault
from foreshape.faults.reshape_size import ReshapeSize
from foreshape.faults.transpose_axes import TransposeAxes
from foreshape.semantics.keras.later import reshape_later
from foreshape.semantics.shared.broadcast import broadcast_shapes
from foreshape.semantics.shared.broadcast import broadcast_to as stretched
from foreshape.semantics.shared.reshape import reshape as reshape_formula
from foreshape.semantics.shared.result import SizeError
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.support import (
    axis_in,
    check_sizes,
    dtype_or,
    failed,
    given,
    graph_mode,
    ints,
    invalid,
    open_size,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@op("tensorflow.reshape")
def reshape(cx: Context, tensor: Value, shape: Value, name: Value | None = None) -> Value:
    """The same elements in another shape."""
    return reshape_core(cx, tensor, shape)


def reshape_core(cx: Context, value: Value, target: Value) -> Value:
    """``tf.reshape``: the same number of elements."""
    x = as_tensor(cx, value)
    check_sizes(cx, target, "reshape", "Tshape")
    wanted = shape_argument(cx, target)
    if x is None:
        return unknown_tensor(cx, value)
    if wanted is None:
        return tensor(None, x.dtype, x)
    if any(isinstance(dim, int) and dim < -1 for dim in wanted):
        message = f"Size {next(i for i, d in enumerate(wanted) if isinstance(d, int) and d < -1)} must be non-negative"
        raise invalid(raises(cx, message, x), "shape", shown(wanted), x)
    minus = [i for i, dim in enumerate(wanted) if isinstance(dim, int) and dim == -1]
    if len(minus) > 1:
        message = f"Only one input size may be -1, not both {minus[0]} and {minus[1]}"
        if graph_mode(cx, x):
            return tensor(tuple(cx.fresh(lo=0) for _ in wanted), x.dtype, x)
        raise invalid(raises(cx, message, x), "shape", shown(wanted), x)
    if x.shape is None:
        return tensor(
            tuple(cx.fresh(lo=0) if i in minus else dim for i, dim in enumerate(wanted)), x.dtype, x, lo=x.lo, hi=x.hi
        )
    shape = tuple(cx.resolve(dim) for dim in x.shape)
    if any(undefined(dim) for dim in (*shape, *wanted)):
        made = _partly(cx, x, shape, wanted, minus)
    else:
        made = _known(cx, x, shape, wanted)
    return tensor(made, x.dtype, x, lo=x.lo, hi=x.hi, data=x.data, roles=_kept_roles(x, shape, made))


def _partly(cx: Context, x: Array, shape: Shape, wanted: Shape, minus: list[int]) -> Shape:
    """Where a size is None in the graph: only what certainly does not fit is refused, the rest when the graph runs."""
    whole = product(shape)
    if not any(undefined(dim) for dim in wanted):
        reshape_later(cx, x, shape, wanted)
    if minus:
        rest = product(dim for i, dim in enumerate(wanted) if i != minus[0])
        made = list(wanted)
        if not (isinstance(rest, int) and rest == 0) and divides(rest, whole, cx.facts).is_yes:
            made[minus[0]] = floordiv(whole, rest)
        else:
            made[minus[0]] = cx.fresh(keras_none=True)
        return tuple(made)
    known = product(dim for dim in shape if not undefined(dim))
    asked = product(wanted)
    if isinstance(known, int) and isinstance(asked, int) and known > 0 and asked % known:
        raise _bad_size(cx, x, shape, wanted)
    return wanted


def _known(cx: Context, x: Array, shape: Shape, wanted: Shape) -> Shape:
    try:
        found = reshape_formula(shape, list(wanted), cx.facts)
    except SizeError:
        raise _bad_size(cx, x, shape, wanted) from None
    if found.failed is not None:
        raise _bad_size(cx, x, shape, wanted)
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    return found.shape


def _kept_roles(x: Array, old: Shape, new: Shape) -> tuple[str | None, ...] | None:
    if x.roles is None:
        return None
    kept: list[str | None] = [None] * len(new)
    for i, (a, b) in enumerate(zip(old, new)):
        if a != b:
            break
        kept[i] = x.roles[i]
    return tuple(kept)


def _bad_size(cx: Context, x: Array, shape: Shape, wanted: Shape) -> Fault:
    total = product(shape)
    asked = product(dim for dim in wanted if not (isinstance(dim, int) and dim < 0))
    if graph_mode(cx, x):
        message = f"Cannot reshape a tensor with {total} elements to shape {shown(wanted)} ({asked} elements)"
    elif any(isinstance(dim, int) and dim < 0 for dim in wanted):
        message = (
            f"Input to reshape is a tensor with {total} values, but the requested shape requires a multiple of {asked}"
        )
    else:
        message = f"Input to reshape is a tensor with {total} values, but the requested shape has {asked}"
    recover = tensor(tuple(cx.fresh() if isinstance(dim, int) and dim < 0 else dim for dim in wanted), x.dtype)
    return ReshapeSize(raises(cx, message, x), values=(x,), recover=recover, shape=shape, target=wanted)


@op("tensorflow.expand_dims")
def expand_dims(cx: Context, input: Value, axis: Value, name: Value | None = None) -> Value:
    """A new axis of size 1."""
    x = as_tensor(cx, input)
    place = as_int(axis)
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None or place is None:
        rank = None if x.shape is None else len(x.shape) + 1
        return tensor(None if rank is None else tuple(cx.fresh() for _ in range(rank)), x.dtype, x)
    message = f"Tried to expand dim index {place} for tensor with {len(x.shape)} dimensions."
    if graph_mode(cx, x):
        message = f"dim {place} not in the interval [{-len(x.shape) - 1}, {len(x.shape)}]."
    at = axis_in(cx, "expand_dims", place, len(x.shape) + 1, message, x)
    roles = None if x.roles is None else (*x.roles[:at], None, *x.roles[at:])
    return tensor((*x.shape[:at], 1, *x.shape[at:]), x.dtype, x, lo=x.lo, hi=x.hi, data=x.data, roles=roles)


@op("tensorflow.squeeze")
def squeeze(cx: Context, input: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Without axes of size 1."""
    x = as_tensor(cx, input)
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(None, x.dtype, x)
    axes = ints(cx, axis) if given(axis) else ()
    if axes is None:
        return tensor(None, x.dtype, x)
    if not axes:
        return _squeeze_all(cx, x)
    rank = len(x.shape)
    places: set[int] = set()
    for one in axes:
        message = f"Tried to squeeze dim index {one} for tensor with {rank} dimensions."
        if graph_mode(cx, x):
            message = f"squeeze_dims[0] not in [{-rank},{rank})."
        place = axis_in(cx, "squeeze", one, rank, message, x)
        dim = cx.resolve(x.shape[place])
        if not undefined(dim) and not cx.equal(dim, 1):
            from foreshape.faults.squeeze_size import SqueezeSize

            text = f"Can not squeeze dim[{place}], expected a dimension of 1, got {dim}"
            raise SqueezeSize(raises(cx, text, x), values=(x,), shape=x.shape, axis=place)
        places.add(place)
    roles = None if x.roles is None else tuple(role for i, role in enumerate(x.roles) if i not in places)
    shape = tuple(dim for i, dim in enumerate(x.shape) if i not in places)
    return tensor(shape, x.dtype, x, lo=x.lo, hi=x.hi, data=x.data, roles=roles)


def _squeeze_all(cx: Context, x: Array) -> Value:
    assert x.shape is not None
    sizes = [cx.resolve(dim) for dim in x.shape]
    if any(undefined(dim) for dim in sizes) and graph_mode(cx, x):
        return tensor(None, x.dtype, x, lo=x.lo, hi=x.hi)
    kept = [i for i, dim in enumerate(sizes) if not (isinstance(dim, int) and dim == 1)]
    data = x.data if all(isinstance(dim, int) for dim in sizes) else None
    roles = None if x.roles is None else tuple(x.roles[i] for i in kept)
    return tensor(tuple(sizes[i] for i in kept), x.dtype, x, lo=x.lo, hi=x.hi, data=data, roles=roles)


@op("tensorflow.transpose")
def transpose(
    cx: Context, a: Value, perm: Value | None = None, conjugate: Value | None = None, name: Value | None = None
) -> Value:
    """Axes in another order, reversed where none is given."""
    x = as_tensor(cx, a)
    if x is None:
        return unknown_tensor(cx, a)
    if x.shape is None:
        order = ints(cx, perm) if given(perm) else None
        return tensor(None if order is None else tuple(cx.fresh() for _ in order), x.dtype, x)
    rank = len(x.shape)
    order = ints(cx, perm) if given(perm) else tuple(range(rank - 1, -1, -1))
    if order is None:
        return tensor(tuple(cx.fresh(lo=0) for _ in range(rank)), x.dtype, x)
    problem = ""
    if len(order) != rank:
        problem = f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(order)}"
        if graph_mode(cx, x):
            problem = f"Dimension must be {rank} but is {len(order)} for '{{{{node transpose}}}} = Transpose'"
    elif any(not -rank <= place < rank for place in order):
        bad = next(place for place in order if not -rank <= place < rank)
        problem = (
            f"{bad} is out of range [0 .. {rank})"
            if not graph_mode(cx, x)
            else f"perm dim {bad} is out of range of input rank {rank}"
        )
    elif sorted(place % rank for place in order) != list(range(rank)):
        if graph_mode(cx, x):
            return tensor(tuple(x.shape[place] for place in order), x.dtype, x)
        missing = next(i for i in range(rank) if i not in [place % rank for place in order])
        problem = f"{missing} is missing from {{{','.join(map(str, order))}}}."
    if problem:
        raise TransposeAxes(raises(cx, problem, x), values=(x,), taker="transpose", axes=order, rank=rank)
    roles = None if x.roles is None else tuple(x.roles[place] for place in order)
    return tensor(tuple(x.shape[place] for place in order), x.dtype, x, lo=x.lo, hi=x.hi, roles=roles)


@op("tensorflow.tile")
def tile(cx: Context, input: Value, multiples: Value, name: Value | None = None) -> Value:
    """Each axis as often as asked."""
    x = as_tensor(cx, input)
    check_sizes(cx, multiples, "tile", "Tmultiples")
    times = shape_argument(cx, multiples)
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None or times is None:
        return tensor(None if x.shape is None else tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    if len(times) != len(x.shape):
        message = f"Expected multiples argument to be a vector of length {len(x.shape)} but got length {len(times)}"
        if graph_mode(cx, x):
            message = f"Shape must be rank {len(x.shape)} but is rank {len(times)}"
        raise invalid(raises(cx, message, x), "multiples", shown(times), x)
    shape = tuple(a if isinstance(b, int) and b == 1 else a * b for a, b in zip(x.shape, times))
    return tensor(shape, x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles)


@op("tensorflow.repeat")
def repeat(cx: Context, input: Value, repeats: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Each element, or each place of an axis, repeated."""
    x = as_tensor(cx, input)
    if x is None:
        return unknown_tensor(cx, input)
    count = as_dim(repeats)
    counts = ints(cx, repeats) if count is None else None
    if x.shape is None:
        return tensor(None, x.dtype, x)
    shape: Shape = x.shape
    if not given(axis):
        shape, at = (product(shape),), 0
    else:
        place = as_int(axis)
        if place is None:
            return tensor(tuple(cx.fresh(lo=0) for _ in shape), x.dtype, x)
        rank = len(shape)
        message = f"axis={place} out of bounds: expected {-rank}<=axis<{rank}"
        at = axis_in(cx, "repeat", place, rank, message, x, exception="ValueError")
    if counts is not None and len(counts) == 1:
        count = counts[0]
    if count is None and counts is not None:
        size = cx.resolve(shape[at])
        if not undefined(size) and not cx.equal(size, len(counts)):
            message = f"Dimensions {size} and {len(counts)} are not compatible"
            raise invalid(failed("ValueError", message), "repeats", list(counts), x)
        made: DimLike = sum(counts)
    else:
        made = open_size(cx) if count is None else shape[at] * count
    return tensor(
        (*shape[:at], made, *shape[at + 1 :]), x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles if given(axis) else None
    )


@op("tensorflow.pad", "tensorflow.mirror_pad")
def pad(
    cx: Context,
    tensor: Value,
    paddings: Value,
    mode: Value | None = None,
    constant_values: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Longer at the ends."""
    return pad_core(cx, tensor, paddings, (as_str(mode) or "CONSTANT").upper())


def pad_core(cx: Context, value: Value, paddings: Value, mode: str = "CONSTANT") -> Value:
    """``tf.pad``."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    widths = as_tensor(cx, paddings)
    if widths is None or widths.shape is None:
        return tensor(None if x.shape is None else tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    if x.shape is None:
        rows = widths.shape[0] if widths.shape else None
        return tensor(tuple(cx.fresh(lo=0) for _ in range(rows)) if isinstance(rows, int) else None, x.dtype, x)
    rank = len(x.shape)
    rows = widths.shape[0] if len(widths.shape) == 2 else None
    if isinstance(rows, int) and rows != rank:
        message = f"The first dimension of paddings must be the rank of inputs{shown(widths.shape)}, {shown(x.shape)}"
        if graph_mode(cx, x):
            message = f"Shape must be rank {rows} but is rank {rank}"
        raise invalid(raises(cx, message, x), "paddings", shown(widths.shape), x)
    amounts = widths.data
    if amounts is None or len(amounts) != 2 * rank or not all(isinstance(item, (int, Dim)) for item in amounts):
        return tensor(tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    if mode in ("REFLECT", "SYMMETRIC") and not graph_mode(cx, x):
        _check_mirror(cx, x, amounts, 1 if mode == "REFLECT" else 0)
    sizes = tuple(dim + amounts[2 * i] + amounts[2 * i + 1] for i, dim in enumerate(x.shape))
    return tensor(sizes, x.dtype, x, roles=x.roles)


def _check_mirror(cx: Context, x: Array, amounts: tuple[object, ...], less: int) -> None:
    for i, dim in enumerate(x.shape or ()):
        for amount in (amounts[2 * i], amounts[2 * i + 1]):
            if isinstance(dim, int) and isinstance(amount, int) and amount > dim - less:
                message = (
                    f"paddings must be less than the dimension size: {amounts[2 * i]}, {amounts[2 * i + 1]} "
                    f"not less than {dim}"
                )
                if not less:
                    message = (
                        f"paddings must be no greater than the dimension size: {amounts[2 * i]}, {amounts[2 * i + 1]} "
                        f"greater than {dim}"
                    )
                raise invalid(raises(cx, message, x), "paddings", amount, x)


@op("tensorflow.reverse")
def reverse(cx: Context, tensor: Value, axis: Value, name: Value | None = None) -> Value:
    """The same shape."""
    x = as_tensor(cx, tensor)
    if x is None:
        return unknown_tensor(cx, tensor)
    axes = ints(cx, axis)
    if x.shape is not None and axes is not None:
        rank = len(x.shape)
        for place in axes:
            axis_in(cx, "reverse", place, rank, f"'axis'[0] = {place} is out of valid range [0, {rank - 1}]", x)
    return x.replace(data=None)


op_table("roll", "input, shift, axis, name=None", lambda cx, **g: _plain(cx, g["input"]))
op_table("random.shuffle", "value, seed=None, name=None", lambda cx, **g: _plain(cx, g["value"]))
op_table(
    "random.experimental.stateless_shuffle", "value, seed, alg=None, name=None", lambda cx, **g: _plain(cx, g["value"])
)


def _plain(cx: Context, value: Value) -> Value:
    x = as_tensor(cx, value)
    return unknown_tensor(cx, value) if x is None else tensor(x.shape, x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles)


@op("tensorflow.broadcast_to")
def broadcast_to(cx: Context, input: Value, shape: Value, name: Value | None = None) -> Value:
    """Stretched to a shape."""
    x = as_tensor(cx, input)
    check_sizes(cx, shape, "broadcast_to", "Tidx")
    wanted = shape_argument(cx, shape)
    if x is None or wanted is None:
        return tensor(None, None if x is None else x.dtype, x)
    if x.shape is not None and not any(undefined(dim) for dim in (*x.shape, *wanted)):
        found = stretched(x.shape, wanted, cx.facts)
        if found.failed is not None:
            from foreshape.faults.broadcast_mismatch import BroadcastMismatch

            message = f"Incompatible shapes: {shown(x.shape)} vs. {shown(wanted)}"
            raise BroadcastMismatch(
                raises(cx, message, x), values=(x,), taker="broadcast_to", shapes=(x.shape, wanted), axis=None
            )
    return tensor(wanted, x.dtype, x, lo=x.lo, hi=x.hi)


@op("tensorflow.broadcast_static_shape", "tensorflow.broadcast_dynamic_shape")
def broadcast_static_shape(cx: Context, shape_x: Value, shape_y: Value, name: Value | None = None) -> Value:
    """The common shape: a TensorShape, or a tensor of sizes."""
    a, b = shape_argument(cx, shape_x), shape_argument(cx, shape_y)
    if a is None or b is None:
        return cx.unknown("the shapes are not known")
    found = broadcast_shapes(a, b, facts=cx.facts)
    if isinstance(shape_x, Instance):
        return Instance(LibraryRef("tensorflow.TensorShape"), {"~shape": found.shape})
    return tensor((len(found.shape),), "int32", data=found.shape)


@op("tensorflow.shape")
def shape(cx: Context, input: Value, out_type: Value | None = None, name: Value | None = None) -> Value:
    """The sizes as a tensor of integers."""
    x = as_tensor(cx, input)
    dtype = dtype_or(out_type, "int32")
    if x is None or x.shape is None:
        return tensor((cx.fresh(lo=0),), dtype, x)
    return tensor((len(x.shape),), dtype, x, data=tuple(cx.resolve(dim) for dim in x.shape))


@op("tensorflow.shape_n")
def shape_n(cx: Context, input: Value, out_type: Value | None = None, name: Value | None = None) -> Value:
    """The sizes of several."""
    from foreshape.semantics.tensorflow.joining import listed, parts_of

    parts = parts_of(cx, input)
    return unknown_tensor(cx, input) if parts is None else listed([shape(cx, part, out_type) for part in parts])


@op("tensorflow.rank")
def rank(cx: Context, input: Value, name: Value | None = None) -> Value:
    """The number of axes, as a tensor."""
    x = as_tensor(cx, input)
    data = None if x is None or x.shape is None else (len(x.shape),)
    bound = None if data is None else data[0]
    return tensor((), "int32", x, data=data, lo=bound, hi=bound)


@op("tensorflow.size")
def size(cx: Context, input: Value, out_type: Value | None = None, name: Value | None = None) -> Value:
    """The number of elements, as a tensor."""
    x = as_tensor(cx, input)
    data = None if x is None or x.shape is None else (product(cx.resolve(dim) for dim in x.shape),)
    bound = None if data is None else data[0]
    return tensor((), dtype_or(out_type, "int32"), x, data=data, lo=bound, hi=bound)


@op("tensorflow.linalg.matrix_transpose", "tensorflow.linalg.adjoint")
def matrix_transpose(cx: Context, a: Value, name: Value | None = None, conjugate: Value | None = None) -> Value:
    """The last two axes swapped."""
    x = as_tensor(cx, a)
    if x is None or x.shape is None:
        return unknown_tensor(cx, a)
    if len(x.shape) < 2:
        from foreshape.semantics.tensorflow.support import wrong_rank

        message = (
            "Argument `a` should be a (batch) matrix with rank >= 2.  Received `a` = "
            f"{shown(x.shape)} with shape: {shown(x.shape)}"
        )
        raise wrong_rank(cx, "matrix_transpose", x, 2, message, at_least=True, exception="ValueError")
    return tensor((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, x, lo=x.lo, hi=x.hi)


def sequence_items(value: Value) -> tuple[Value, ...] | None:
    """The items of a short list."""
    return value.contents.items(limit=64) if isinstance(value, Sequence) else None
