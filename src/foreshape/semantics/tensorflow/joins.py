"""Shapes changed, joined and taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, divides, floordiv, is_none as undefined, product
from foreshape.domain.values import Array, Const, Sequence, Shape, Value, as_dim, as_int
from foreshape.faults.join_mismatch import JoinMismatch
from foreshape.faults.reshape_size import ReshapeSize
from foreshape.semantics.keras.later import reshape_later
from foreshape.semantics.shared.reshape import reshape as reshape_formula
from foreshape.semantics.tensorflow.core import as_tensor, axis_in, joined, raises, shape_argument, shown, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def unknown_tensor(cx: Context, *sources: Value) -> Value:
    """What an operation on something unknown gives."""
    made = cx.unknown("it is made from something that is not known")
    made.tainted = any(source.tainted for source in sources)
    return made


def reshape_core(cx: Context, value: Value, target: Value) -> Value:
    """``tf.reshape``: the same number of elements."""
    x = as_tensor(cx, value)
    wanted = shape_argument(cx, target)
    if x is None:
        return unknown_tensor(cx, value)
    if wanted is None:
        return tensor(None, x.dtype, x)
    wanted = tuple(cx.fresh() if undefined(dim) and x.shape is None else dim for dim in wanted)
    if x.shape is None:
        return tensor(
            tuple(cx.fresh() if isinstance(dim, int) and dim < 0 else dim for dim in wanted), x.dtype, x, lo=x.lo, hi=x.hi
        )
    shape = tuple(cx.resolve(dim) for dim in x.shape)
    free = [dim for dim in shape if undefined(dim)]
    minus = [i for i, dim in enumerate(wanted) if isinstance(dim, int) and dim == -1]
    made = _reshaped(cx, x, shape, wanted, bool(free), minus)
    data = x.data if x.data is not None and not free else None
    return tensor(made, x.dtype, x, lo=x.lo, hi=x.hi, data=data, roles=_kept_roles(x, shape, made))


def _kept_roles(x: Array, old: Shape, new: Shape) -> tuple[str | None, ...] | None:
    if x.roles is None:
        return None
    kept: list[str | None] = [None] * len(new)
    for i, (a, b) in enumerate(zip(old, new)):
        if a != b:
            break
        kept[i] = x.roles[i]
    return tuple(kept)


def _reshaped(
    cx: Context, x: Array, shape: Shape, wanted: Shape, free: bool, minus: list[int]
) -> Shape:
    if free:
        # a None on the way in: whether the sizes fit shows when the graph runs
        if not any(undefined(dim) for dim in wanted):
            reshape_later(cx, x, shape, wanted)
        if len(minus) == 1:
            rest = product(dim for i, dim in enumerate(wanted) if i != minus[0])
            whole = product(shape)
            made = list(wanted)
            if divides(rest, whole, cx.facts).is_yes:
                made[minus[0]] = floordiv(whole, rest)
            else:
                made[minus[0]] = cx.fresh(keras_none=True)
            return tuple(made)
        return wanted
    try:
        found = reshape_formula(shape, list(wanted), cx.facts)
    except Exception:
        raise _bad_size(cx, x, shape, wanted) from None
    if found.failed is not None:
        raise _bad_size(cx, x, shape, wanted)
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    return found.shape


def _bad_size(cx: Context, x: Array, shape: Shape, wanted: Shape) -> ReshapeSize:
    total = product(shape)
    asked = product(dim for dim in wanted if not (isinstance(dim, int) and dim < 0))
    if any(isinstance(dim, int) and dim < 0 for dim in wanted):
        message = f"Input to reshape is a tensor with {total} values, but the requested shape requires a multiple of {asked}"
    else:
        message = f"Input to reshape is a tensor with {total} values, but the requested shape has {asked}"
    return ReshapeSize(
        raises(cx, message, x), values=(x,), recover=tensor(
            tuple(cx.fresh() if isinstance(dim, int) and dim < 0 else dim for dim in wanted), x.dtype
        ), shape=shape, target=wanted,
    )  # fmt: skip


def expand_core(cx: Context, value: Value, axis: Value | None) -> Value:
    """``tf.expand_dims``."""
    x = as_tensor(cx, value)
    place = as_int(axis)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None or place is None:
        rank = None if x.shape is None else len(x.shape) + 1
        return tensor(None if rank is None else tuple(cx.fresh() for _ in range(rank)), x.dtype, x)
    message = f"Tried to expand dim index {place} for tensor with {len(x.shape)} dimensions."
    at = axis_in(cx, "expand_dims", place, len(x.shape) + 1, message, x)
    roles = None if x.roles is None else (*x.roles[:at], None, *x.roles[at:])
    return tensor((*x.shape[:at], 1, *x.shape[at:]), x.dtype, x, lo=x.lo, hi=x.hi, data=x.data, roles=roles)


def squeeze_core(cx: Context, value: Value, axis: Value | None) -> Value:
    """``tf.squeeze``: axes of size 1 go."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None:
        return tensor(None, x.dtype, x)
    axes = _axes(axis)
    if axes is None and axis is not None and not _is_none(axis):
        return tensor(None, x.dtype, x)
    if not axes:
        if any(not isinstance(dim, int) for dim in x.shape):
            known = [i for i, dim in enumerate(x.shape) if dim != 1]
            return tensor(tuple(x.shape[i] for i in known), x.dtype, x, lo=x.lo, hi=x.hi)
        kept = [i for i, dim in enumerate(x.shape) if dim != 1]
        return tensor(tuple(x.shape[i] for i in kept), x.dtype, x, lo=x.lo, hi=x.hi, data=x.data)
    rank = len(x.shape)
    places = set()
    for one in axes:
        message = f"Tried to squeeze dim index {one} for tensor with {rank} dimensions."
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


def _is_none(value: Value | None) -> bool:
    return value is None or (isinstance(value, Const) and value.value is None)


def _axes(axis: Value | None) -> tuple[int, ...] | None:
    one = as_int(axis)
    if one is not None:
        return (one,)
    if isinstance(axis, Sequence):
        items = axis.contents.items(limit=32)
        if items is not None:
            found = tuple(as_int(item) for item in items)
            if all(item is not None for item in found):
                return tuple(item for item in found if item is not None)
    if isinstance(axis, Array) and axis.data is not None and all(isinstance(item, int) for item in axis.data):
        return tuple(axis.data)
    return None


def transpose_core(cx: Context, value: Value, perm: Value | None) -> Value:
    """``tf.transpose``."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None:
        return tensor(None, x.dtype, x)
    rank = len(x.shape)
    if perm is None or _is_none(perm):
        order: tuple[int, ...] | None = tuple(range(rank - 1, -1, -1))
    else:
        order = _axes(perm)
    if order is None:
        return tensor(tuple(cx.fresh() for _ in range(rank)), x.dtype, x)
    if len(order) != rank or sorted(place % rank if rank else place for place in order) != list(range(rank)):
        from foreshape.faults.transpose_axes import TransposeAxes

        text = f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(order)}"
        raise TransposeAxes(raises(cx, text, x), values=(x,), taker="transpose", axes=order, rank=rank)
    roles = None if x.roles is None else tuple(x.roles[place] for place in order)
    return tensor(tuple(x.shape[place] for place in order), x.dtype, x, lo=x.lo, hi=x.hi, roles=roles)


def concat_core(cx: Context, values: list[Value], axis: Value | int | None) -> Value:
    """``tf.concat``: every axis but one is equal."""
    parts = [as_tensor(cx, value) for value in values]
    if any(part is None for part in parts) or not parts:
        return unknown_tensor(cx, *values)
    arrays = [part for part in parts if part is not None]
    _one_dtype(cx, "ConcatV2", values, arrays)
    place = axis if isinstance(axis, int) else as_int(axis)
    dtype = arrays[0].dtype
    if place is None or any(array.shape is None for array in arrays):
        ranks = [len(array.shape) for array in arrays if array.shape is not None]
        return tensor(tuple(cx.fresh() for _ in range(ranks[0])) if ranks else None, dtype, *arrays)
    shapes = [array.shape for array in arrays if array.shape is not None]
    rank = len(shapes[0])
    text = f"ConcatOp : Expected concatenating dimensions in the range [-{rank}, {rank}), but got {place}"
    at = axis_in(cx, "concat", place, rank, text, *arrays)
    sizes = list(shapes[0])
    for number, shape in enumerate(shapes[1:], 1):
        if len(shape) != rank:
            message = (
                f"ConcatOp : Ranks of all input tensors should match: shape[0] = {shown(shapes[0])} vs. shape[{number}] = "
                f"{shown(shape)}"
            )
            raise _join(cx, "concat", arrays, shapes, at, None, number, message)
        for i, size in enumerate(shape):
            if i == at:
                sizes[i] = sizes[i] + size
                continue
            common = joined(cx, sizes[i], size)
            if common is None:
                message = (
                    f"ConcatOp : Dimension {i} in both shapes must be equal: shape[0] = {shown(shapes[0])} vs. "
                    f"shape[{number}] = {shown(shape)}"
                )
                raise _join(cx, "concat", arrays, shapes, at, i, number, message)
            sizes[i] = common
    lows = [array.lo for array in arrays]
    highs = [array.hi for array in arrays]
    lo = min(lows) if all(isinstance(item, (int, float)) for item in lows) else None  # type: ignore[type-var]
    hi = max(highs) if all(isinstance(item, (int, float)) for item in highs) else None  # type: ignore[type-var]
    return tensor(tuple(sizes), dtype, *arrays, lo=lo, hi=hi, roles=arrays[0].roles)


def _one_dtype(cx: Context, name: str, values: list[Value], arrays: list[Array]) -> None:
    """Tensors that are joined have one dtype; NumPy arrays take that of the tensors."""
    real = [array for value, array in zip(values, arrays) if isinstance(value, Array) and value.kind == "tensorflow"]
    for number, array in enumerate(real[1:], 1):
        if array.dtype is None or real[0].dtype is None or array.dtype == real[0].dtype:
            continue
        from foreshape.faults.dtype_mismatch import DtypeMismatch
        from foreshape.semantics.tensorflow.core import LONG, failed, graph_mode

        a, b = LONG.get(real[0].dtype, real[0].dtype), LONG.get(array.dtype, array.dtype)
        message = f"cannot compute {name} as input #{number}(zero-based) was expected to be a {a} tensor but is a {b} tensor"
        exception = "InvalidArgumentError"
        if graph_mode(cx, *real):
            exception = "TypeError"
            types = ", ".join(str(item.dtype) for item in real)
            message = f"Tensors in list passed to 'values' of '{name}' Op have types [{types}] that don't all match."
        raise DtypeMismatch(
            failed(exception, message), values=(array, real[0]), taker=name, got=(real[0].dtype, array.dtype),
            wanted=real[0].dtype,
        )  # fmt: skip


def _join(
    cx: Context,
    taker: str,
    arrays: list[Array],
    shapes: list[Shape],
    axis: int,
    differs: int | None,
    second: int,
    message: str,
) -> JoinMismatch:
    return JoinMismatch(
        raises(cx, message, *arrays),
        values=(arrays[second], *arrays),
        taker=taker,
        shapes=tuple(shapes),
        axis=axis,
        differs=differs,
        second=second,
    )


def stack_core(cx: Context, values: list[Value], axis: Value | int | None) -> Value:
    """``tf.stack``: a new axis; all shapes are equal."""
    parts = [as_tensor(cx, value) for value in values]
    if any(part is None for part in parts) or not parts:
        return unknown_tensor(cx, *values)
    arrays = [part for part in parts if part is not None]
    _one_dtype(cx, "Pack", values, arrays)
    place = axis if isinstance(axis, int) else as_int(axis)
    if place is None or any(array.shape is None for array in arrays):
        return tensor(None, arrays[0].dtype, *arrays)
    shapes = [array.shape for array in arrays if array.shape is not None]
    first = list(shapes[0])
    for number, shape in enumerate(shapes[1:], 1):
        common = [joined(cx, a, b) for a, b in zip(first, shape)] if len(shape) == len(first) else [None]
        if any(size is None for size in common):
            message = (
                f"Shapes of all inputs must match: values[0].shape = {shown(shapes[0])} != values[{number}].shape = "
                f"{shown(shape)}"
            )
            raise _join(cx, "stack", arrays, shapes, place, None, number, message)
        first = [size for size in common if size is not None]
    message = f"axis = {place} not in [{-len(first) - 1}, {len(first) + 1})"
    at = axis_in(cx, "stack", place, len(first) + 1, message, *arrays)
    data = None
    if not first and all(array.data is not None for array in arrays):
        data = tuple(item for array in arrays for item in array.data or ())
    return tensor((*first[:at], len(arrays), *first[at:]), arrays[0].dtype, *arrays, data=data)


def split_core(cx: Context, value: Value, count: Value, axis: Value | None) -> Value:
    """``tf.split``: equal parts, or parts of given sizes."""
    x = as_tensor(cx, value)
    place = 0 if axis is None else as_int(axis)
    number = as_int(count)
    sizes = shape_argument(cx, count) if isinstance(count, (Sequence, Array)) and number is None else None
    if x is None or x.shape is None or place is None:
        return unknown_tensor(cx, value)
    at = axis_in(cx, "split", place, len(x.shape), f"split axis {place} is out of range", x)
    size = cx.resolve(x.shape[at])
    if number is not None:
        if not undefined(size) and divides(number, size, cx.facts).is_no:
            from foreshape.faults.split_size import SplitSize

            message = (
                "Number of ways to split should evenly divide the split dimension, but got split_dim "
                f"{at} (size = {size}) and num_split {number}"
            )
            fields = SplitSize.field_names()
            known = {"size": size, "sections": number, "axis": at, "shape": x.shape, "taker": "split", "parts": number}
            raise SplitSize(
                raises(cx, message, x), values=(x,), **{key: item for key, item in known.items() if key in fields}
            )
        part = floordiv(size, number)
        return Sequence(
            "list",
            Contents(tensor((*x.shape[:at], part, *x.shape[at + 1 :]), x.dtype, x, roles=x.roles) for _ in range(number)),
        )
    if sizes is not None:
        whole = [dim for dim in sizes if not (isinstance(dim, int) and dim < 0)]
        left: DimLike = size - sum(whole, 0)  # type: ignore[arg-type]
        return Sequence(
            "list",
            Contents(
                tensor(
                    (*x.shape[:at], left if isinstance(dim, int) and dim < 0 else dim, *x.shape[at + 1 :]), x.dtype, x,
                    roles=x.roles,
                )
                for dim in sizes
            ),
        )  # fmt: skip
    return unknown_tensor(cx, value)


def unstack_core(cx: Context, value: Value, axis: Value | None) -> Value:
    """``tf.unstack``: a list of tensors without the axis."""
    x = as_tensor(cx, value)
    place = 0 if axis is None else as_int(axis)
    if x is None or x.shape is None or place is None or not x.shape:
        return unknown_tensor(cx, value)
    at = axis_in(cx, "unstack", place, len(x.shape), f"Argument `axis` = {place} not in range", x)
    size = x.shape[at]
    if not isinstance(size, int) or size > 512:
        return unknown_tensor(cx, value)
    shape = (*x.shape[:at], *x.shape[at + 1 :])
    return Sequence("list", Contents(tensor(shape, x.dtype, x, lo=x.lo, hi=x.hi) for _ in range(size)))


def tile_core(cx: Context, value: Value, multiples: Value) -> Value:
    """``tf.tile``: each axis as often as asked."""
    x = as_tensor(cx, value)
    times = shape_argument(cx, multiples)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None or times is None:
        return tensor(None if x.shape is None else tuple(cx.fresh() for _ in x.shape), x.dtype, x)
    if len(times) != len(x.shape):
        from foreshape.faults.invalid_argument import InvalidArgument

        message = (
            f"Expected multiples argument to be a vector of length {len(x.shape)} but got length {len(times)}"
        )
        raise InvalidArgument(raises(cx, message, x), values=(x,), argument="multiples", given=str(tuple(map(str, times))))
    shape = tuple(cx.fresh(keras_none=True) if undefined(a) or undefined(b) else a * b for a, b in zip(x.shape, times))
    return tensor(shape, x.dtype, x, lo=x.lo, hi=x.hi)


def repeat_core(cx: Context, value: Value, repeats: Value, axis: Value | None) -> Value:
    """``tf.repeat``."""
    x = as_tensor(cx, value)
    count = as_dim(repeats)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None or count is None:
        return tensor(None, x.dtype, x)
    if axis is None or _is_none(axis):
        return tensor((product(x.shape) * count,), x.dtype, x, lo=x.lo, hi=x.hi)
    place = as_int(axis)
    if place is None or not -len(x.shape) <= place < len(x.shape):
        return tensor(None, x.dtype, x)
    at = place % len(x.shape)
    return tensor((*x.shape[:at], x.shape[at] * count, *x.shape[at + 1 :]), x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles)


def gather_core(cx: Context, value: Value, indices: Value, axis: Value | None, shared: int = 0) -> Value:
    """``tf.gather``: an index past the axis raises on the CPU."""
    x, places = as_tensor(cx, value), as_tensor(cx, indices)
    if x is None or places is None:
        return unknown_tensor(cx, value, indices)
    at = 0 if axis is None or _is_none(axis) else as_int(axis)
    if x.shape is None or places.shape is None or at is None or not -len(x.shape) <= at < len(x.shape):
        return tensor(None, x.dtype, x)
    at %= len(x.shape)
    from foreshape.semantics.keras.ranges import reached

    size = cx.resolve(x.shape[at])
    worst = None if undefined(size) else reached(cx, places, size)
    if shared < 0:
        shared += len(places.shape)
    shape = (*x.shape[:at], *places.shape[shared:], *x.shape[at + 1 :])
    made = tensor(shape, x.dtype, x, places, lo=x.lo, hi=x.hi)
    if worst is not None:
        from foreshape.faults.index_range import IndexRange
        from foreshape.semantics.tensorflow.core import failed

        message = f"indices = {worst} is not in [0, {size})"
        raise IndexRange(
            failed("InvalidArgumentError", message), values=(places, x), recover=made, taker="gather",
            index=worst if not isinstance(worst, float) else int(worst), size=size, axis=at,
        )  # fmt: skip
    return made
