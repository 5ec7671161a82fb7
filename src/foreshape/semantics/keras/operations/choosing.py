"""``keras.ops``: elements chosen, put in place, cut out; groups of rows; what is unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Value, as_dim, as_int, is_none
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    flag,
    graph,
    known,
    like,
    one_axis,
    operand,
    place,
    refused,
    run,
    several,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph, ints, open_size, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context


@rule("keras.ops.take")
def take(cx: Context, x: Value, indices: Value, axis: Value | None = None) -> Value:
    """Elements by index along an axis, or of all elements in one."""

    def core(inner: Context, value: Value, at: Value) -> Value:
        found, shape = known(inner, value)
        where = one_axis(inner, axis, None)
        source: Value = found
        if where is None:
            source, where = found.replace(shape=(product(shape),)), 0
        where = place(inner, "take", where, len(shape) if source is found else 1, found)
        wanted = operand(inner, at)
        if wanted.dtype is not None and "int" not in wanted.dtype:
            wanted = wanted.replace(dtype="int32")
        if not isinstance(wanted.lo, (int, float)) or wanted.lo < 0:
            # negative ones count from the end, as in NumPy
            high = wanted.hi if isinstance(wanted.hi, int) and wanted.hi >= 0 else None
            wanted = wanted.replace(lo=None, hi=high, data=None)
        if in_graph(inner) and wanted.shape is not None:
            sizes = shape if source is found else (product(shape),)
            return like(found, (*sizes[:where], *wanted.shape, *sizes[where + 1 :]))
        made = inner.rule("tensorflow.gather", source, wanted, axis=Const(where))
        return made.replace(dtype=found.dtype) if isinstance(made, Array) else made

    return run(cx, "take", core, (x, indices))


@rule("keras.ops.take_along_axis")
def take_along_axis(cx: Context, x: Value, indices: Value, axis: Value | None = None) -> Value:
    """Elements by index along an axis, the other axes matched."""

    def core(inner: Context, value: Value, at: Value) -> Value:
        found, shape = known(inner, value)
        _, wanted = known(inner, at)
        where = one_axis(inner, axis, None)
        if where is None:
            return like(found, wanted if len(wanted) == 1 else (product(wanted),))
        if len(shape) != len(wanted):
            text = (
                "`x` and `indices` must have the same number of dimensions, but receive shape "
                f"{text_of(shape)} and {text_of(wanted)}."
            )
            raise wrong_value(refused(text), "indices", text_of(wanted), found)
        where = place(inner, "take_along_axis", where, len(shape), found)
        sizes = list(_spread(inner, found, shape, wanted, where))
        sizes[where] = wanted[where]
        return like(found, tuple(sizes))

    return run(cx, "take_along_axis", core, (x, indices))


def _spread(cx: Context, x: Array, shape: Shape, wanted: Shape, where: int) -> Shape:
    """The two shapes broadcast, but for one axis."""
    from foreshape.semantics.tensorflow.support import broadcast

    a = tensor((*shape[:where], 1, *shape[where + 1 :]), "float32", x)
    b = tensor((*wanted[:where], 1, *wanted[where + 1 :]), "float32", x)
    with graph(cx):
        made = broadcast(cx, "take_along_axis", a, b)
    assert made is not None
    return made


@rule("keras.ops.get_item")
def get_item(cx: Context, x: Value, key: Value) -> Value:
    """``x[key]``."""
    return cx.get_item(x, key)


@rule("keras.ops.slice")
def slice_(cx: Context, inputs: Value, start_indices: Value, shape: Value) -> Value:
    """A block of the given shape; -1 takes the rest of an axis."""

    def core(inner: Context, value: Value) -> Value:
        found, sizes = known(inner, value)
        wanted = shape_argument(inner, shape)
        if wanted is None:
            raise OpenShape("the shape of the block is not known")
        if len(wanted) != len(sizes):
            if not in_graph(inner):
                raise OpenShape("a block of another rank")
            text = (
                "The number of dimensions in `inputs` must match the number of dimensions in `shape`. Received "
                f"inputs.shape={text_of(sizes)} and shape={text_of(wanted)}"
            )
            raise wrong_value(refused(text), "shape", text_of(wanted), found)
        starts = ints(inner, start_indices)
        if starts is not None and len(starts) != len(sizes) and in_graph(inner):
            text = (
                "The number of dimensions in `start_indices` must match the number of dimensions in `inputs`. Received "
            )
            text += f"start_indices={starts} and inputs.shape={text_of(sizes)}"
            raise wrong_value(refused(text), "start_indices", starts, found)
        made: list[DimLike] = []
        for axis, (size, part) in enumerate(zip(sizes, wanted)):
            if not (isinstance(part, int) and part == -1):
                made.append(part)
            elif starts is None or len(starts) != len(sizes):
                made.append(inner.fresh(lo=0, keras_none=in_graph(inner)))
            else:
                made.append(size - starts[axis])
        return like(found, tuple(made))

    return run(cx, "slice", core, (inputs,))


@rule("keras.ops.slice_update")
def slice_update(cx: Context, inputs: Value, start_indices: Value, updates: Value) -> Value:
    """The same shape with a block written."""

    def core(inner: Context, value: Value, block: Value) -> Value:
        found = operand(inner, value)
        return like(found, found.shape, roles=found.roles)

    return run(cx, "slice_update", core, (inputs, updates))


@rule("keras.ops.scatter")
def scatter(cx: Context, indices: Value, values: Value, shape: Value) -> Value:
    """Zeros of the given shape with values put in."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        return like(found, shape_argument(inner, shape))

    return run(cx, "scatter", core, (values,) if not _symbolic(indices) else (values, indices)[:1])


def _symbolic(value: Value) -> bool:
    return isinstance(value, Array) and value.kind == "keras"


@rule("keras.ops.scatter_update")
def scatter_update(cx: Context, inputs: Value, indices: Value, updates: Value, reduction: Value | None = None) -> Value:
    """The same shape with elements written."""

    def core(inner: Context, value: Value, at: Value, new: Value) -> Value:
        found = operand(inner, value)
        return like(found, found.shape, roles=found.roles)

    return run(cx, "scatter_update", core, (inputs, indices, updates))


@rule("keras.ops.select")
def select(cx: Context, condlist: Value, choicelist: Value, default: Value | None = None) -> Value:
    """For each element the first choice whose condition holds."""
    from foreshape.semantics.keras.operations.elementwise import together
    from foreshape.semantics.keras.operations.support import common, items_of

    try:
        tests, choices = items_of(cx, condlist), items_of(cx, choicelist)
    except OpenShape as open_shape:
        return cx.unknown(open_shape.why)

    def core(inner: Context, *values: Value) -> Value:
        picks = values[len(tests) :]
        if in_graph(inner):
            found = operand(inner, picks[0])
            return like(found, found.shape)
        other = default or Const(0)
        return together(inner, "select", common(inner, *picks, other), *values, other)

    return run(cx, "select", core, (*tests, *choices))


@rule("keras.ops.top_k")
def top_k(cx: Context, x: Value, k: Value, sorted: Value | None = None) -> Value:
    """The k largest along the last axis, and where they are."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        count = as_dim(k)
        if not shape or count is None:
            raise OpenShape("how many are asked for is not known")
        if isinstance(count, int) and isinstance(shape[-1], int) and count > shape[-1] and not in_graph(inner):
            text = f"input must have at least k columns. Had {shape[-1]}, needed {count}"
            raise wrong_value(trouble(inner, text, found), "k", count, found)
        made = (*shape[:-1], count)
        return several([like(found, made), like(found, made, "int32", lo=0, hi=shape[-1] - 1)])

    return run(cx, "top_k", core, (x,), many=True)


@rule("keras.ops.in_top_k")
def in_top_k(cx: Context, targets: Value, predictions: Value, k: Value) -> Value:
    """For each row whether its target is among the k largest."""

    def core(inner: Context, wanted: Value, given: Value) -> Value:
        found = operand(inner, wanted)
        return like(found, found.shape, "bool")

    return run(cx, "in_top_k", core, (targets, predictions))


def _segments(name: str) -> None:
    @rule(f"keras.ops.{name}")
    def plain(
        cx: Context, data: Value, segment_ids: Value, num_segments: Value | None = None, sorted: Value | None = None
    ) -> Value:
        """One row per group."""

        def core(inner: Context, value: Value, ids: Value) -> Value:
            found, shape = known(inner, value)
            count = None if num_segments is None or is_none(num_segments) else as_dim(num_segments)
            if not shape:
                raise OpenShape("a tensor without rows")
            rows = count if count is not None else open_size(inner)
            return like(found, (rows, *shape[1:]))

        return run(cx, name, core, (data, segment_ids))


for _name in ("segment_sum", "segment_max", "segment_min", "segment_prod"):
    _segments(_name)


@rule("keras.ops.unique")
def unique(
    cx: Context, x: Value, sorted: Value | None = None, return_index: Value | None = None,
    return_inverse: Value | None = None, return_counts: Value | None = None, axis: Value | None = None,
    size: Value | None = None, fill_value: Value | None = None,
) -> Value:  # fmt: skip
    """What occurs, and on request where it first does, which one each element is, and how often."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        count = None if size is None or is_none(size) else as_int(size)
        many: DimLike = count if count is not None else open_size(inner)
        at = one_axis(inner, axis, None)
        if at is None:
            made: list[Value] = [like(found, (many,))]
            inverse: Shape = shape
        else:
            at = place(inner, "unique", at, len(shape), found)
            made = [like(found, (*shape[:at], many, *shape[at + 1 :]))]
            inverse = (shape[at],)
        if flag(return_index):
            made.append(like(found, (many,), "int32"))
        if flag(return_inverse):
            made.append(like(found, inverse, "int32"))
        if flag(return_counts):
            made.append(like(found, (many,), "int32"))
        return made[0] if len(made) == 1 else several(made)

    return run(cx, "unique", core, (x,), many=True)
