"""Elements by index, mask or order: ``gather``, ``boolean_mask``, ``scatter``, ``sort``, ``top_k``, ``one_hot``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Bound, Const, Shape, Value, as_dim, as_int
from foreshape.faults.base import Fault
from foreshape.faults.index_range import IndexRange
from foreshape.semantics.keras.ranges import negative, reached
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.support import (
    at_run,
    axis_in,
    dtype_of,
    dtype_or,
    failed,
    given,
    graph_mode,
    in_graph,
    ints,
    invalid,
    joined,
    open_dtype,
    open_size,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _indices(cx: Context, value: Value, taker: str, parameter: str = "indices") -> Array | None:
    x = as_tensor(cx, value)
    if x is not None and x.dtype is not None and x.dtype not in ("int32", "int64", "int16", "uint16"):
        raise wrong_dtype(cx, taker, x, x.dtype, ("int32", "int64"), parameter, "Tindices")
    return x


def out_of_range(cx: Context, places: Array, size: DimLike, at: int, recover: Value) -> Fault | None:
    """The fault for an index that the axis does not have."""
    if undefined(size):
        return None
    worst: Bound = reached(cx, places, size)
    if worst is None and isinstance(size, int):
        worst = negative(places)
    if worst is None:
        return None
    message = f"indices[0] = {worst} is not in [0, {size})"
    index = int(worst) if isinstance(worst, float) else worst
    return IndexRange(
        failed("InvalidArgumentError", message),
        values=(places,),
        recover=recover,
        taker="gather",
        index=index,
        size=size,
        axis=at,
    )


def gather_core(cx: Context, value: Value, indices: Value, at: int | None, batch: int | None = 0) -> Value:
    """``tf.gather``: an index past the axis raises on the CPU."""
    x, places = as_tensor(cx, value), _indices(cx, indices, "GatherV2")
    if x is None or places is None:
        return unknown_tensor(cx, value, indices)
    if x.shape is None or places.shape is None or at is None or batch is None:
        return tensor(None, x.dtype, x, places)
    rank = len(x.shape)
    message = f"Expected axis in the range [{-rank}, {rank}), but got {at}"
    if rank == 0 and graph_mode(cx, x):
        message = "Shape must be at least rank 1 but is rank 0"
    at = axis_in(cx, "gather", at, rank, message, x)
    size = cx.resolve(x.shape[at])
    if batch < 0:
        batch += len(places.shape)
    for i in range(min(batch, rank, len(places.shape))):
        if joined(cx, x.shape[i], places.shape[i]) is None:
            text = f"params.shape[{i}]: {x.shape[i]} should be equal to indices.shape[{i}]: {places.shape[i]}"
            raise invalid(at_run(text), "indices", shown(places.shape), places, x)
    shape = (*x.shape[:at], *places.shape[batch:], *x.shape[at + 1 :])
    roles = None
    if x.roles is not None and not batch and len(places.shape) == 1:
        roles = x.roles
    made = tensor(shape, x.dtype, x, places, lo=x.lo, hi=x.hi, roles=roles, data=_taken(x, places))
    fault = out_of_range(cx, places, size, at, made)
    if fault is not None:
        raise fault
    return made


def _taken(x: Array, places: Array) -> tuple[object, ...] | None:
    if x.data is None or places.data is None or x.shape is None or len(x.shape) != 1:
        return None
    if all(isinstance(item, int) and 0 <= item < len(x.data) for item in places.data):
        return tuple(x.data[item] for item in places.data)
    return None


@op("tensorflow.gather")
def gather(
    cx: Context,
    params: Value,
    indices: Value,
    validate_indices: Value | None = None,
    axis: Value | None = None,
    batch_dims: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Places of an axis by index."""
    batch = 0 if not given(batch_dims) else as_int(batch_dims)
    at = (batch if given(batch_dims) else 0) if not given(axis) else as_int(axis)
    return gather_core(cx, params, indices, at, batch)


@op("tensorflow.nn.embedding_lookup")
def embedding_lookup(
    cx: Context, params: Value, ids: Value, max_norm: Value | None = None, name: Value | None = None
) -> Value:
    """Rows of a table."""
    return gather_core(cx, params, ids, 0)


@op("tensorflow.gather_nd")
def gather_nd(
    cx: Context,
    params: Value,
    indices: Value,
    batch_dims: Value | None = None,
    name: Value | None = None,
    bad_indices_policy: Value | None = None,
) -> Value:
    """Elements by their positions: the last axis of the indices holds one."""
    x, places = as_tensor(cx, params), _indices(cx, indices, "GatherNd")
    batch = 0 if not given(batch_dims) else as_int(batch_dims)
    if x is None or places is None or x.shape is None or not places.shape or batch is None:
        return unknown_tensor(cx, params, indices)
    depth = places.shape[-1]
    if not isinstance(depth, int):
        return tensor(None, x.dtype, x, places)
    if depth + batch > len(x.shape):
        message = f"index innermost dimension length must be <= params rank; saw: {depth} vs. {len(x.shape)}"
        if graph_mode(cx, x):
            message = (
                "indices.shape[-1] must be <= params.rank, but saw indices shape: "
                f"{shown(places.shape)} and params shape: {shown(x.shape)}"
            )
        raise invalid(raises(cx, message, x, places), "indices", shown(places.shape), places, x)
    made = tensor((*places.shape[:-1], *x.shape[batch + depth :]), x.dtype, x, places, lo=x.lo, hi=x.hi)
    if places.data is not None and depth and not batch:
        for number, item in enumerate(places.data):
            size = cx.resolve(x.shape[number % depth])
            if isinstance(item, int) and isinstance(size, int) and not 0 <= item < size:
                message = f"indices[{number // depth}] = [{item}] does not index into param shape {shown(x.shape)}"
                raise IndexRange(
                    failed("InvalidArgumentError", message),
                    values=(places, x),
                    recover=made,
                    taker="gather_nd",
                    index=item,
                    size=size,
                    axis=number % depth,
                )
    return made


@op("tensorflow.boolean_mask")
def boolean_mask(
    cx: Context, tensor: Value, mask: Value, axis: Value | None = None, name: Value | None = None
) -> Value:
    """The places where the mask is true."""
    return mask_core(cx, tensor, mask, 0 if not given(axis) else as_int(axis))


def mask_core(cx: Context, value: Value, mask: Value, at: int | None) -> Value:
    """``tf.boolean_mask``: the mask covers axes from ``axis`` on."""
    x, m = as_tensor(cx, value), as_tensor(cx, mask)
    if x is None or m is None or x.shape is None or m.shape is None or at is None:
        return tensor(None, None if x is None else x.dtype, x, m)
    if not m.shape:
        raise wrong_rank(cx, "boolean_mask", m, 1, "mask cannot be scalar.", at_least=True, exception="ValueError")
    at = at + len(x.shape) if at < 0 else at
    covered = x.shape[at : at + len(m.shape)]
    bad = len(covered) != len(m.shape) or any(joined(cx, a, b) is None for a, b in zip(covered, m.shape))
    if bad:
        from foreshape.faults.mask_shape import MaskShape

        differs = next((i for i, (a, b) in enumerate(zip(covered, m.shape)) if joined(cx, a, b) is None), 0)
        message = f"Shapes {shown(covered)} and {shown(m.shape)} are incompatible"
        raise MaskShape(failed("ValueError", message), values=(m, x), mask=m.shape, shape=x.shape, axis=at + differs)
    count: DimLike = open_size(cx)
    if m.data is not None and all(isinstance(item, bool) for item in m.data) and not in_graph(cx):
        count = sum(m.data)
    return tensor((*x.shape[:at], count, *x.shape[at + len(m.shape) :]), x.dtype, x, m, lo=x.lo, hi=x.hi)


@op("tensorflow.one_hot")
def one_hot(
    cx: Context,
    indices: Value,
    depth: Value,
    on_value: Value | None = None,
    off_value: Value | None = None,
    axis: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """One axis more, of size ``depth``; values out of range give zeros."""
    x = as_tensor(cx, indices)
    if x is None:
        return unknown_tensor(cx, indices)
    eager_array = isinstance(indices, Array) and indices.kind == "numpy" and not in_graph(cx)  # is cut to integers
    if x.dtype is not None and x.dtype not in ("uint8", "int8", "int32", "int64") and not eager_array:
        raise wrong_dtype(cx, "OneHot", x, x.dtype, ("uint8", "int8", "int32", "int64"), "indices", "TI")
    kind = dtype_of(dtype)
    if kind is None and not open_dtype(dtype, kind):
        on = as_tensor(cx, on_value) if given(on_value) else as_tensor(cx, off_value) if given(off_value) else None
        kind = "float32" if not given(on_value) and not given(off_value) else None if on is None else on.dtype
    size = cx.dim(depth)
    place = -1 if not given(axis) else as_int(axis)
    if x.shape is None or place is None:
        return tensor(None, kind, x)
    rank = len(x.shape) + 1
    message = f"Expected axis to be -1 or between [0, {rank}).  But received: {place}"
    at = axis_in(cx, "one_hot", place, rank, message, x, exception="InvalidArgumentError")
    roles = None if x.roles is None else (*x.roles[:at], "class", *x.roles[at:])
    plain = not given(on_value) and not given(off_value)
    bounds = {"lo": 0, "hi": 1} if plain else {}
    return tensor(
        (*x.shape[:at], open_size(cx) if size is None else size, *x.shape[at:]), kind, x, roles=roles, **bounds
    )


@op("tensorflow.sequence_mask")
def sequence_mask(
    cx: Context, lengths: Value, maxlen: Value | None = None, dtype: Value | None = None, name: Value | None = None
) -> Value:
    """True for the first places of each row."""
    x = as_tensor(cx, lengths)
    if x is None or x.shape is None:
        return unknown_tensor(cx, lengths)
    size: DimLike | None = cx.dim(maxlen) if given(maxlen) else None
    if size is None and x.data and all(isinstance(item, int) for item in x.data):
        size = max(x.data)
    return tensor((*x.shape, open_size(cx) if size is None else size), dtype_or(dtype, "bool"), x)


@op("tensorflow.sort")
def sort(
    cx: Context, values: Value, axis: Value | None = None, direction: Value | None = None, name: Value | None = None
) -> Value:
    """The same shape."""
    return _ordered(cx, values, axis, None)


@op("tensorflow.argsort")
def argsort(
    cx: Context,
    values: Value,
    axis: Value | None = None,
    direction: Value | None = None,
    stable: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Positions: int32."""
    return _ordered(cx, values, axis, "int32")


def _ordered(cx: Context, values: Value, axis: Value | None, dtype: str | None) -> Value:
    x = as_tensor(cx, values)
    if x is None:
        return unknown_tensor(cx, values)
    place = -1 if not given(axis) else as_int(axis)
    if x.shape is not None and place is not None and not -len(x.shape) <= place < len(x.shape):
        axis_in(
            cx, "sort", place, len(x.shape), "list index out of range", x, exception="IndexError" if place > 0 else ""
        )
    lo, hi = (x.lo, x.hi) if dtype is None else (0, None)
    return tensor(x.shape, dtype or x.dtype, x, lo=lo, hi=hi, roles=x.roles)


@op("tensorflow.math.top_k", "tensorflow.nn.top_k")
def top_k(
    cx: Context,
    input: Value,
    k: Value | None = None,
    sorted: Value | None = None,
    index_type: Value | None = None,
    name: Value | None = None,
) -> Value:
    """The largest values of the last axis and their positions."""
    x = as_tensor(cx, input)
    count = 1 if not given(k) else cx.dim(k)
    if x is None or x.shape is None or count is None:
        return unknown_tensor(cx, input)
    if not x.shape:
        raise wrong_rank(cx, "top_k", x, 1, "input must be >= 1-D, got shape []", at_least=True)
    size = cx.resolve(x.shape[-1])
    if not undefined(size) and isinstance(count, int) and isinstance(size, int) and count > size:
        message = f"input must have at least k columns. Had {size}, needed {count}"
        if graph_mode(cx, x):
            message = f"input must have last dimension >= k = {count} but is {size}"
        raise invalid(raises(cx, message, x), "k", count, x)
    values = tensor((*x.shape[:-1], count), x.dtype, x, lo=x.lo, hi=x.hi)
    places = tensor((*x.shape[:-1], count), dtype_or(index_type, "int32"), x, lo=0)
    return fields(("values", values), ("indices", places))


def fields(*named: tuple[str, Value]) -> Value:
    """A named tuple of results."""
    from foreshape.domain.values import Instance, LibraryRef

    items = as_tuple([value for _, value in named])
    return Instance(LibraryRef("tensorflow.~Result"), {**dict(named), "~items": items})


@op("tensorflow.math.in_top_k", "tensorflow.nn.in_top_k")
def in_top_k(cx: Context, targets: Value, predictions: Value, k: Value, name: Value | None = None) -> Value:
    """Bools, one per target."""
    labels, scores = as_tensor(cx, targets), as_tensor(cx, predictions)
    if scores is None or labels is None or labels.shape is None or scores.shape is None:
        return unknown_tensor(cx, targets)
    if len(scores.shape) != 2:
        raise wrong_rank(cx, "in_top_k", scores, 2, "predictions must be 2-dimensional")
    if len(labels.shape) != 1:
        raise wrong_rank(cx, "in_top_k", labels, 1, "targets must be 1-dimensional")
    return tensor((scores.shape[0],), "bool", labels, scores)


@op("tensorflow.unique")
def unique(cx: Context, x: Value, out_idx: Value | None = None, name: Value | None = None) -> Value:
    """The distinct values, and for each element which it is."""
    found = _vector(cx, x, "unique")
    if found is None or found.shape is None:
        return unknown_tensor(cx, x)
    kind = dtype_or(out_idx, "int32")
    return fields(("y", _distinct(cx, found)), ("idx", tensor(found.shape, kind, found)))


@op("tensorflow.unique_with_counts")
def unique_with_counts(cx: Context, x: Value, out_idx: Value | None = None, name: Value | None = None) -> Value:
    """As ``unique``, with how often each occurs."""
    found = _vector(cx, x, "unique")
    if found is None or found.shape is None:
        return unknown_tensor(cx, x)
    kind = dtype_or(out_idx, "int32")
    y = _distinct(cx, found)
    return fields(("y", y), ("idx", tensor(found.shape, kind, found)), ("count", tensor(y.shape, kind, found)))


def _vector(cx: Context, value: Value, taker: str) -> Array | None:
    x = as_tensor(cx, value)
    if x is not None and x.shape is not None and len(x.shape) != 1:
        raise wrong_rank(cx, taker, x, 1, "unique expects a 1D vector.")
    return x


def _distinct(cx: Context, x: Array) -> Array:
    if x.data is not None and all(isinstance(item, (int, float, str)) for item in x.data) and not in_graph(cx):
        return tensor((len(set(x.data)),), x.dtype, x, lo=x.lo, hi=x.hi)
    return tensor((open_size(cx, 1),), x.dtype, x, lo=x.lo, hi=x.hi)


@op("tensorflow.searchsorted")
def searchsorted(
    cx: Context,
    sorted_sequence: Value,
    values: Value,
    side: Value | None = None,
    out_type: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Positions of the values."""
    x = as_tensor(cx, values)
    return unknown_tensor(cx, values) if x is None else tensor(x.shape, dtype_or(out_type, "int32"), x, lo=0)


def _updated(cx: Context, value: Value, indices: Value, updates: Value) -> Value:
    x, places = as_tensor(cx, value), _indices(cx, indices, "TensorScatterUpdate")
    new = as_tensor(cx, updates, None if x is None else x.dtype)
    if x is None or places is None or new is None or x.shape is None or not places.shape or new.shape is None:
        return unknown_tensor(cx, value)
    depth = places.shape[-1]
    if isinstance(depth, int) and depth <= len(x.shape):
        wanted = (*places.shape[:-1], *x.shape[depth:])
        _check_updates(cx, x, new, wanted, "tensor")
    return tensor(x.shape, x.dtype, x, new)


def _check_updates(cx: Context, x: Array, new: Array, wanted: Shape, taker: str) -> None:
    assert new.shape is not None
    if len(new.shape) != len(wanted) or any(joined(cx, a, b) is None for a, b in zip(new.shape, wanted)):
        from foreshape.faults.assignment_shape import AssignmentShape

        message = (
            f"Dimensions of indices and updates do not match: updates {shown(new.shape)}, expected {shown(wanted)}"
        )
        raise AssignmentShape(raises(cx, message, x, new), values=(new, x), value=new.shape, target=wanted)


for _name in ("update", "add", "sub", "max", "min"):
    op_table(
        f"tensor_scatter_nd_{_name}",
        "tensor, indices, updates, name=None",
        lambda cx, **g: _updated(cx, g["tensor"], g["indices"], g["updates"]),
    )


@op("tensorflow.scatter_nd")
def scatter_nd(cx: Context, indices: Value, updates: Value, shape: Value, name: Value | None = None) -> Value:
    """Updates put into zeros."""
    places, new, dims = _indices(cx, indices, "ScatterNd"), as_tensor(cx, updates), shape_argument(cx, shape)
    if places is None or new is None or dims is None:
        return unknown_tensor(cx, updates)
    if places.shape and new.shape is not None and isinstance(places.shape[-1], int) and places.shape[-1] <= len(dims):
        _check_updates(cx, places, new, (*places.shape[:-1], *dims[places.shape[-1] :]), "scatter_nd")
    return tensor(dims, new.dtype, new)


@op("tensorflow.slice")
def slice_(cx: Context, input_: Value, begin: Value, size: Value, name: Value | None = None) -> Value:
    """``size`` places from ``begin``; -1 is the rest."""
    x = as_tensor(cx, input_)
    starts, sizes = shape_argument(cx, begin), shape_argument(cx, size)
    if x is None or x.shape is None:
        return unknown_tensor(cx, input_)
    if starts is None or sizes is None or len(starts) != len(x.shape) or len(sizes) != len(x.shape):
        return tensor(tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x)
    made: list[DimLike] = []
    for axis, (start, count, whole) in enumerate(zip(starts, sizes, x.shape)):
        whole = cx.resolve(whole)
        if isinstance(count, int) and count == -1:
            made.append(open_size(cx) if undefined(whole) else whole - start)
            continue
        if isinstance(count, int) and isinstance(start, int) and isinstance(whole, int) and start + count > whole:
            message = f"Expected size[{axis}] in [0, {whole - start}], but got {count}"
            raise IndexRange(at_run(message), values=(x,), taker="slice", index=start + count, size=whole, axis=axis)
        made.append(count)
    return tensor(tuple(made), x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles)


@op("tensorflow.strided_slice")
def strided_slice(
    cx: Context, input_: Value, begin: Value, end: Value, strides: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """Python slices by numbers."""
    x = as_tensor(cx, input_)
    a, b = ints(cx, begin), ints(cx, end)
    steps = ints(cx, strides) if given(strides) else None if a is None else tuple(1 for _ in a)
    if x is None or x.shape is None or a is None or b is None or steps is None or args or kwargs:
        return unknown_tensor(cx, input_)
    made: list[DimLike] = []
    for axis, dim in enumerate(x.shape):
        if axis >= len(a):
            made.append(dim)
        elif isinstance(dim, int):
            made.append(len(range(dim)[a[axis] : b[axis] : steps[axis]]))
        else:
            made.append(cx.fresh(lo=0))
    return tensor(tuple(made), x.dtype, x)


@op("tensorflow.dynamic_partition")
def dynamic_partition(
    cx: Context, data: Value, partitions: Value, num_partitions: Value, name: Value | None = None
) -> Value:
    """Parts of lengths that the values decide."""
    from foreshape.semantics.tensorflow.joining import listed

    x, which, count = as_tensor(cx, data), as_tensor(cx, partitions), as_int(num_partitions)
    if x is None or which is None or x.shape is None or which.shape is None or count is None:
        return unknown_tensor(cx, data)
    rest = x.shape[len(which.shape) :]
    return listed([tensor((open_size(cx), *rest), x.dtype, x) for _ in range(count)])


def _squeezed(part: Array | None, own: int | None, other: int | None) -> Value:
    assert part is not None and part.shape is not None and own is not None and other is not None
    if own != other + 1 or (isinstance(part.shape[-1], int) and part.shape[-1] != 1):
        return part
    made = part.replace(shape=part.shape[:-1], data=None, roles=None)
    made.origin = part.origin
    return made


@op("tensorflow.math.confusion_matrix")
def confusion_matrix(
    cx: Context,
    labels: Value,
    predictions: Value,
    num_classes: Value | None = None,
    weights: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Classes against classes: two vectors; an axis of size 1 more than the other has is dropped."""
    parts = [as_tensor(cx, labels), as_tensor(cx, predictions)]
    ranks = [None if part is None else part.rank for part in parts]
    if None not in ranks:
        pair = [_squeezed(part, ranks[n], ranks[1 - n]) for n, part in enumerate(parts)]
        cx.rule("tensorflow.stack", as_tuple(pair), Const(1))
    count: DimLike | None = cx.dim(num_classes) if given(num_classes) else None
    if count is None:
        data = [item for part in parts if part is not None and part.data is not None for item in part.data]
        full = all(part is not None and part.data is not None for part in parts)
        count = (
            max(data) + 1
            if full and data and all(isinstance(item, int) for item in data) and not in_graph(cx)
            else open_size(cx, 1)
        )
    return tensor((count, count), dtype_or(dtype, "int32"), lo=0)


@op("tensorflow.math.bincount")
def bincount(cx: Context, arr: Value, *args: Value, **kwargs: Value) -> Value:
    """Counts; a row of them for each of ``arr`` where an axis is given."""
    dtype, axis = dtype_of(kwargs.get("dtype")) or "int32", kwargs.get("axis")
    if args:
        return cx.unknown("counts")
    if axis is None or (isinstance(axis, Const) and axis.value is None):
        return tensor((open_size(cx),), dtype, lo=0)
    x = as_tensor(cx, arr)
    return tensor(None if x is None or not x.shape else (*x.shape[:-1], open_size(cx)), dtype, lo=0)


def _segments(cx: Context, data: Value, ids: Value, count: DimLike | None) -> Value:
    x, which = as_tensor(cx, data), as_tensor(cx, ids)
    if x is None or x.shape is None or which is None or which.shape is None:
        return unknown_tensor(cx, data)
    if count is None:
        known = which.data is not None and all(isinstance(item, int) for item in which.data) and not in_graph(cx)
        count = max(which.data or (0,)) + 1 if known and which.data else open_size(cx)
    return tensor((count, *x.shape[len(which.shape) :]), x.dtype, x)


for _name in ("sum", "mean", "max", "min", "prod"):
    op_table(
        f"math.segment_{_name}",
        "data, segment_ids, name=None",
        lambda cx, **g: _segments(cx, g["data"], g["segment_ids"], None),
    )
    op_table(
        f"math.unsorted_segment_{_name}",
        "data, segment_ids, num_segments, name=None",
        lambda cx, **g: _segments(cx, g["data"], g["segment_ids"], cx.dim(g["num_segments"])),
    )
op_table("math.invert_permutation", "x, name=None", lambda cx, **g: as_tensor(cx, g["x"]) or unknown_tensor(cx, g["x"]))
op_table(
    "histogram_fixed_width",
    "values, value_range, nbins=None, dtype=None, name=None",
    lambda cx, **g: tensor((as_dim(g.get("nbins")) or 100,), dtype_or(g.get("dtype"), "int32")),
)
