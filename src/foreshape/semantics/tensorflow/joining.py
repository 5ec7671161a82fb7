"""``concat``, ``stack``, ``split``, ``unstack``, ``meshgrid``."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, divides, floordiv
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Bound, Instance, Sequence, Shape, Value, as_dim, as_int, as_str
from foreshape.faults.base import Fault
from foreshape.faults.join_mismatch import JoinMismatch
from foreshape.faults.split_size import SplitSize
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.support import (
    axis_in,
    failed,
    given,
    graph_mode,
    invalid,
    joined,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def listed(values: SequenceOf[Value]) -> Sequence:
    """A Python list of these."""
    return Sequence("list", Contents(values))


def parts_of(cx: Context, values: Value) -> list[Value] | None:
    """The tensors of a list argument; None where it is not known how many."""
    if isinstance(values, Sequence):
        found = values.contents.items(limit=1024)
        return None if found is None else list(found)
    if isinstance(values, Array) and values.shape and isinstance(values.shape[0], int) and values.shape[0] <= 64:
        part = tensor(values.shape[1:], values.dtype, values)
        return [part] * values.shape[0]
    return None


def as_tensors(cx: Context, values: SequenceOf[Value], kernel: str) -> list[Array] | None:
    """All as tensors of one dtype: that of the first tensor among them; raises where two tensors differ."""
    hint = next((value.dtype for value in values if isinstance(value, Array) and value.kind == "tensorflow"), None)
    made: list[Array] = []
    for value in values:
        if hint is None and made:
            hint = made[0].dtype
        x = as_tensor(cx, value, hint)
        if x is None:
            return None
        made.append(x)
    for number, x in enumerate(made[1:], 1):
        if x.dtype is not None and made[0].dtype is not None and x.dtype != made[0].dtype:
            from foreshape.semantics.tensorflow.elementwise import mismatch

            fault = mismatch(cx, kernel, made[0], x, number)
            if graph_mode(cx, *made) and fault.raises is not None:
                dtypes = ", ".join(str(item.dtype) for item in made)
                fault.raises.message = (
                    f"Tensors in list passed to 'values' of '{kernel}' Op have types [{dtypes}] that don't all match."
                )
            raise fault
    return made


def _bounds(arrays: SequenceOf[Array]) -> tuple[Bound, Bound]:
    lows, highs = [array.lo for array in arrays], [array.hi for array in arrays]
    lo = min(lows) if all(isinstance(item, (int, float)) for item in lows) else None  # type: ignore[type-var]
    hi = max(highs) if all(isinstance(item, (int, float)) for item in highs) else None  # type: ignore[type-var]
    return lo, hi


def _fault(
    cx: Context, taker: str, arrays: SequenceOf[Array], axis: int, differs: int | None, second: int, message: str
) -> Fault:
    shapes = tuple(array.shape for array in arrays if array.shape is not None)
    return JoinMismatch(
        raises(cx, message, *arrays),
        values=(arrays[second], *arrays),
        taker=taker,
        shapes=shapes,
        axis=axis,
        differs=differs,
        second=second,
    )


def joined_along(cx: Context, values: SequenceOf[Value], axis: int | None) -> Value:
    """``tf.concat``: every axis but one is equal."""
    arrays = as_tensors(cx, values, "ConcatV2")
    if not arrays:
        return unknown_tensor(cx, *values)
    dtype = arrays[0].dtype
    if axis is None or any(array.shape is None for array in arrays):
        ranks = [len(array.shape) for array in arrays if array.shape is not None]
        return tensor(tuple(cx.fresh(lo=0) for _ in range(ranks[0])) if ranks else None, dtype, *arrays)
    if len(arrays) == 1:
        return arrays[0]
    shapes = [array.shape for array in arrays if array.shape is not None]
    rank = len(shapes[0])
    text = f"ConcatOp : Expected concatenating dimensions in the range [{-rank}, {rank}), but got {axis}"
    if rank == 0:
        text = "ConcatOp : Expected concatenating dimensions in the range [0, 0), but got 0"
        if graph_mode(cx, *arrays):
            text = "Can't concatenate scalars (use tf.stack instead)"
        from foreshape.faults.rank_mismatch import RankMismatch

        raise RankMismatch(
            raises(cx, text, *arrays), values=tuple(arrays), taker="concat", needs=1, at_least=True, got=()
        )
    at = axis_in(cx, "concat", axis, rank, text, *arrays)
    sizes = list(shapes[0])
    for number, shape in enumerate(shapes[1:], 1):
        if len(shape) != rank:
            message = (
                f"ConcatOp : Ranks of all input tensors should match: shape[0] = {shown(shapes[0])} vs. "
                f"shape[{number}] = "
                f"{shown(shape)}"
            )
            raise _fault(cx, "concat", arrays, at, None, number, message)
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
                if graph_mode(cx, *arrays):
                    message = (
                        f"Dimension {i} in both shapes must be equal, but are {sizes[i]} and {size}. Shapes are "
                        f"{shown(shapes[0])} and {shown(shape)}."
                    )
                raise _fault(cx, "concat", arrays, at, i, number, message)
            sizes[i] = common
    lo, hi = _bounds(arrays)
    data = None
    if rank == 1 and all(array.data is not None for array in arrays):
        data = tuple(item for array in arrays for item in array.data or ())
    return tensor(tuple(sizes), dtype, *arrays, lo=lo, hi=hi, roles=arrays[0].roles, data=data)


@op("tensorflow.concat")
def concat(cx: Context, values: Value, axis: Value, name: Value | None = None) -> Value:
    """Joined along an axis."""
    if as_dim(values) is not None and isinstance(axis, Sequence):
        values, axis = axis, values
        from foreshape.faults.call_arguments import CallArguments

        message = "Tensor conversion requested dtype int32 for Tensor with dtype float32"
        items = parts_of(cx, values)
        if items and not graph_mode(cx):
            stacked(cx, items, 0)
        if (
            items
            and not graph_mode(cx)
            and all(isinstance(item, Array) and item.kind == "tensorflow" and item.dtype == "float32" for item in items)
        ):
            raise CallArguments(
                failed("ValueError", message),
                values=(axis, values),
                callee="concat",
                problem="takes the list of tensors first and the axis second",
            )
        return unknown_tensor(cx, values)
    if isinstance(values, Array) and values.kind in ("tensorflow", "numpy"):
        if parts_of(cx, values) is None:
            return unknown_tensor(cx, values)
        return values if values.kind == "tensorflow" else as_tensor(cx, values) or unknown_tensor(cx, values)
    parts = parts_of(cx, values)
    if parts is None:
        return _many_alike(cx, values, as_int(axis))
    rows = [part for part in parts if isinstance(part, Instance) and part.library_type == "tensorflow.RaggedTensor"]
    if rows:
        from foreshape.semantics.tensorflow.ragged import concatenated

        return concatenated(cx, rows, as_int(axis)) if len(rows) == len(parts) else cx.unknown("ragged tensors joined")
    if len(parts) == 1:
        found = as_tensor(cx, parts[0])
        return unknown_tensor(cx, parts[0]) if found is None else found
    return joined_along(cx, parts, as_int(axis))


def _many_alike(cx: Context, values: Value, axis: int | None) -> Value:
    """A list of unknown length whose elements all look alike."""
    if isinstance(values, Sequence):
        kinds = values.contents.distinct()
        if len(kinds) == 1 and isinstance(kinds[0], Array) and kinds[0].shape and axis is not None:
            x = kinds[0]
            shape = list(x.shape or ())
            if -len(shape) <= axis < len(shape):
                shape[axis] = shape[axis] * values.contents.length
                return tensor(tuple(shape), x.dtype, x, lo=x.lo, hi=x.hi)
    return cx.unknown("how many tensors are joined is not known")


def holds_tensor(values: SequenceOf[Value]) -> bool:
    """Whether a tensor is anywhere in these nested lists."""
    for value in values:
        if isinstance(value, Array) and value.kind == "tensorflow":
            return True
        if isinstance(value, Sequence) and holds_tensor(value.contents.distinct()):
            return True
    return False


def stacked(cx: Context, values: SequenceOf[Value], axis: int | None, kernel: str = "Pack") -> Value:
    """``tf.stack``: a new axis; all shapes are equal."""
    if values and not holds_tensor(values):
        # one array is made of plain values
        whole = as_tensor(cx, listed(values)) if axis == 0 else None
        if whole is not None:
            return whole
    hard = as_tensor(cx, values[0]) if values and isinstance(values[0], Array) else None
    if (
        hard is not None
        and hard.shape is not None
        and axis is not None
        and not -len(hard.shape) - 1 <= axis <= len(hard.shape)
    ):
        rank = len(hard.shape)
        message = f"Argument `axis` = {axis} not in range [{-rank - 1}, {rank + 1})"
        axis_in(cx, "stack", axis, rank + 1, message, hard, exception="ValueError")
    arrays = as_tensors(cx, values, kernel)
    if not arrays:
        return unknown_tensor(cx, *values)
    if axis is None or any(array.shape is None for array in arrays):
        return tensor(None, arrays[0].dtype, *arrays)
    shapes = [array.shape for array in arrays if array.shape is not None]
    first = list(shapes[0])
    rank = len(first)
    if not -rank - 1 <= axis <= rank:
        message = f"Argument `axis` = {axis} not in range [{-rank - 1}, {rank + 1})"
        axis_in(cx, "stack", axis, rank + 1, message, *arrays, exception="ValueError")
    for number, shape in enumerate(shapes[1:], 1):
        common = [joined(cx, a, b) for a, b in zip(first, shape)] if len(shape) == len(first) else [None]
        if any(size is None for size in common):
            message = (
                f"Shapes of all inputs must match: values[0].shape = {shown(shapes[0])} != values[{number}].shape = "
                f"{shown(shape)}"
            )
            if graph_mode(cx, *arrays):
                message = f"Dimension 0 in both shapes must be equal: shapes are {shown(shapes[0])} and {shown(shape)}."
            differs = (
                next((i for i, size in enumerate(common) if size is None), None) if len(shape) == len(first) else None
            )
            raise _fault(cx, "stack", arrays, axis, differs, number, message)
        first = [size for size in common if size is not None]
    at = axis % (rank + 1)
    lo, hi = _bounds(arrays)
    data = None
    if (
        all(array.data is not None for array in arrays)
        and at == 0
        and sum(len(array.data or ()) for array in arrays) <= 64
    ):
        data = tuple(item for array in arrays for item in array.data or ())
    roles = arrays[0].roles
    made = tensor((*first[:at], len(arrays), *first[at:]), arrays[0].dtype, *arrays, lo=lo, hi=hi, data=data)
    return made if roles is None else made.replace(roles=(*roles[:at], None, *roles[at:]))


@op("tensorflow.stack", "tensorflow.parallel_stack")
def stack(cx: Context, values: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Joined along a new axis."""
    place = 0 if not given(axis) else as_int(axis)
    if isinstance(values, Array) and place == 0:
        found = as_tensor(cx, values)
        return unknown_tensor(cx, values) if found is None else found
    parts = parts_of(cx, values)
    if parts is None:
        if isinstance(values, Sequence):
            kinds = values.contents.distinct()
            if len(kinds) == 1 and isinstance(kinds[0], Array) and kinds[0].shape is not None and place is not None:
                x = kinds[0]
                shape = kinds[0].shape
                if -len(shape) - 1 <= place <= len(shape):
                    at = place % (len(shape) + 1)
                    return tensor((*shape[:at], values.contents.length, *shape[at:]), x.dtype, x, lo=x.lo, hi=x.hi)
        return cx.unknown("how many tensors are stacked is not known")
    return stacked(cx, parts, place)


@op("tensorflow.unstack")
def unstack(
    cx: Context, value: Value, num: Value | None = None, axis: Value | None = None, name: Value | None = None
) -> Value:
    """A list of tensors, one per place of an axis."""
    x = as_tensor(cx, value)
    place = 0 if not given(axis) else as_int(axis)
    if x is None or x.shape is None or place is None:
        return unknown_tensor(cx, value)
    rank = len(x.shape)
    message = f"Argument `axis` = {place} not in range [{-rank}, {rank})"
    at = axis_in(cx, "unstack", place, rank, message, x, exception="ValueError")
    size = cx.resolve(x.shape[at])
    shape = (*x.shape[:at], *x.shape[at + 1 :])
    count = as_int(num)
    if count is not None and isinstance(size, int) and size != count:
        text = f"Input shape axis {at} must equal {count}, got shape {shown(x.shape)}"
        raise invalid(raises(cx, text, x), "num", count, x)
    part = tensor(shape, x.dtype, x, lo=x.lo, hi=x.hi)
    if count is None and undefined(size) and graph_mode(cx, x):
        message = f"Cannot infer argument `num` from shape {shown(x.shape)}"
        raise invalid(failed("ValueError", message), "num", "None", x)
    if count is None and not isinstance(size, int):
        from foreshape.domain.contents import Run

        return Sequence("list", Contents((Run(size, part),)))
    number = count if count is not None else size
    if not isinstance(number, int) or number > 4096:
        return unknown_tensor(cx, value)
    if x.data is not None and rank == 1 and len(x.data) == number:
        return listed([tensor((), x.dtype, x, lo=item, hi=item, data=(item,)) for item in x.data])
    return listed([part] * number)


@op("tensorflow.split")
def split(
    cx: Context,
    value: Value,
    num_or_size_splits: Value,
    axis: Value | None = None,
    num: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Equal parts, or parts of given sizes."""
    x = as_tensor(cx, value)
    place = 0 if not given(axis) else as_int(axis)
    number = as_int(num_or_size_splits) if not isinstance(num_or_size_splits, Sequence) else None
    if x is None or x.shape is None or place is None:
        return unknown_tensor(cx, value)
    rank = len(x.shape)
    message = f"-input rank(-{rank}) <= split_dim < input rank ({rank}), but got {place}"
    at = axis_in(cx, "split", place, rank, message, x)
    size = cx.resolve(x.shape[at])
    if number is not None:
        return _equal_parts(cx, x, size, number, at)
    sizes = shape_argument(cx, num_or_size_splits) if isinstance(num_or_size_splits, (Sequence, Array)) else None
    if sizes is None:
        return unknown_tensor(cx, value)
    return _sized_parts(cx, x, size, sizes, at)


def _parts(x: Array, at: int, sizes: SequenceOf[DimLike]) -> Sequence:
    assert x.shape is not None
    before, after = x.shape[:at], x.shape[at + 1 :]
    return listed([tensor((*before, size, *after), x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles) for size in sizes])


def _equal_parts(cx: Context, x: Array, size: DimLike, number: int, at: int) -> Value:
    if undefined(size):
        return _parts(x, at, [cx.fresh(keras_none=True)] * number)
    if number > 0 and divides(number, size, cx.facts).is_no:
        message = (
            "Number of ways to split should evenly divide the split dimension, but got split_dim "
            f"{at} (size = {size}) and num_split {number}"
        )
        if graph_mode(cx, x):
            message = f"Dimension size must be evenly divisible by {number} but is {size}"
        raise SplitSize(raises(cx, message, x), values=(x,), size=size, sections=number, axis=at)
    if number <= 0 or number > 4096:
        return unknown_tensor(cx, x)
    return _parts(x, at, [floordiv(size, number)] * number)


def _sized_parts(cx: Context, x: Array, size: DimLike, sizes: Shape, at: int) -> Value:
    whole: DimLike = 0
    openings = 0
    for dim in sizes:
        if isinstance(dim, int) and dim < 0:
            openings += 1
        else:
            whole = whole + dim
    if undefined(size) or openings > 1:
        return _parts(x, at, [cx.fresh(keras_none=True) if isinstance(dim, int) and dim < 0 else dim for dim in sizes])
    bad = not cx.equal(whole, size) if not openings else not cx.at_least(size, whole)
    if bad:
        message = (
            "Determined shape must either match input shape along split_dim exactly if fully "
            "specified, or be less than the "
            f"size of the input along split_dim if not fully specified.  Got: {whole}"
        )
        if graph_mode(cx, x):
            message = f"can't split axis of size {size} into pieces of size {shown(sizes)}"
        raise SplitSize(raises(cx, message, x), values=(x,), size=size, sections=len(sizes), axis=at)
    return _parts(x, at, [size - whole if isinstance(dim, int) and dim < 0 else dim for dim in sizes])


@op("tensorflow.meshgrid")
def meshgrid(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Coordinate grids; the first two axes are swapped unless ``indexing="ij"``."""
    arrays = [as_tensor(cx, value) for value in args]
    if not arrays or any(array is None or array.shape is None or len(array.shape) > 1 for array in arrays):
        return unknown_tensor(cx, *args)
    sizes: list[DimLike] = []
    for array in arrays:
        assert array is not None and array.shape is not None
        sizes.append(array.shape[0] if array.shape else 1)
    indexing = as_str(kwargs.get("indexing")) or "xy"
    if indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return listed(
        [tensor(tuple(sizes), array.dtype, array, lo=array.lo, hi=array.hi) for array in arrays if array is not None]
    )
