"""``keras.ops``: tensors put together and cut apart."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, floordiv, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Shape, Value, as_int, is_none
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    differ,
    items_of,
    known,
    like,
    needs_rank,
    one_axis,
    place,
    promote,
    refused,
    run,
    several,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared import join
from foreshape.semantics.tensorflow.support import in_graph, ints, tensor

if TYPE_CHECKING:
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context


def _unfitting(
    cx: Context, taker: str, arrays: SequenceOf[Array], shapes: SequenceOf[Shape], axis: int, differs: int | None,
    second: int,
) -> Fault:  # fmt: skip
    from foreshape.faults.join_mismatch import JoinMismatch

    if taker == "stack":
        graph = f"Every value in `x` must have the same shape. But found element of shape {text_of(shapes[second])}, "
        graph += f"which is different from the first element's shape {text_of(shapes[0])}."
    else:
        graph = "Every value in `xs` must have the same shape except on the `axis` dim. But found element of shape "
        graph += f"{text_of(shapes[second])}, which is different from the first element's shape {text_of(shapes[0])}."
    eager = (
        f"ConcatOp : Dimension {differs} in both shapes must be equal: shape[0] = {list(shapes[0])} vs. "
        f"shape[{second}] = {list(shapes[second])}"
    )
    text = graph if in_graph(cx) else eager
    return JoinMismatch(
        trouble(cx, text, *arrays), values=tuple(arrays), taker=taker, shapes=tuple(shapes), axis=axis,
        differs=differs, second=second,
    )  # fmt: skip


def joined(
    cx: Context, taker: str, arrays: SequenceOf[Array], shapes: SequenceOf[Shape], axis: int, dtype: str | None
) -> Array:
    """Put together along an axis that they have. Raises join-mismatch."""
    first = list(shapes[0])
    total: DimLike = first[axis]
    for number, shape in enumerate(shapes[1:], 1):
        if len(shape) != len(first):
            raise _unfitting(cx, taker, arrays, shapes, axis, None, number)
        for at, size in enumerate(shape):
            if at == axis:
                continue
            if differ(cx, first[at], size):
                raise _unfitting(cx, taker, arrays, shapes, axis, at, number)
            if undefined(first[at]) and not undefined(size) and not in_graph(cx):
                first[at] = size
        total = total + shape[axis]
    first[axis] = total
    made = tensor(tuple(first), dtype, *arrays)
    roles = {array.roles for array in arrays}
    return made.replace(roles=roles.pop()) if len(roles) == 1 else made


def parts(cx: Context, values: SequenceOf[Value]) -> tuple[list[Array], list[Shape], str | None]:
    """The tensors, their shapes and their common dtype."""
    if not values:
        raise OpenShape("there is nothing to join")
    found = [known(cx, value) for value in values]
    arrays = [array for array, _ in found]
    return arrays, [shape for _, shape in found], promote(*(array.dtype for array in arrays))


def together(cx: Context, name: str, core: object, values: Value, *, many: bool = False) -> Value:
    """Apply a core to the tensors of a list."""
    try:
        given = items_of(cx, values)
    except OpenShape as open_shape:
        return cx.unknown(open_shape.why)
    return run(cx, name, core, given, many=many)  # type: ignore[arg-type]


@rule("keras.ops.concatenate")
def concatenate(cx: Context, xs: Value, axis: Value | None = None) -> Value:
    """Joined along an axis."""

    def core(inner: Context, *values: Value) -> Value:
        arrays, shapes, dtype = parts(inner, values)
        if axis is not None and is_none(axis):
            raise wrong_value(refused("`axis` cannot be None for `concatenate`."), "axis", "None", *arrays)
        at = place(inner, "concatenate", one_axis(inner, axis, 0) or 0, len(shapes[0]), arrays[0])
        return joined(inner, "concatenate", arrays, shapes, at, dtype)

    return together(cx, "concatenate", core, xs)


@rule("keras.ops.append")
def append(cx: Context, x1: Value, x2: Value, axis: Value | None = None) -> Value:
    """Joined along an axis; all elements in one where none is given."""

    def core(inner: Context, *values: Value) -> Value:
        arrays, shapes, dtype = parts(inner, values)
        at = one_axis(inner, axis, None)
        if at is None:
            return tensor((product(shapes[0]) + product(shapes[1]),), dtype, *arrays)
        at = place(inner, "append", at, len(shapes[0]), arrays[0])
        return joined(inner, "append", arrays, shapes, at, dtype)

    return run(cx, "append", core, (x1, x2))


@rule("keras.ops.stack")
def stack(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """Joined along a new axis."""

    def core(inner: Context, *values: Value) -> Value:
        arrays, shapes, dtype = parts(inner, values)
        at = place(inner, "stack", one_axis(inner, axis, 0) or 0, len(shapes[0]) + 1, arrays[0])
        for number, shape in enumerate(shapes[1:], 1):
            bad = [axis for axis, (a, b) in enumerate(zip(shapes[0], shape)) if differ(inner, a, b)]
            if len(shape) != len(shapes[0]) or bad:
                raise _unfitting(inner, "stack", arrays, shapes, at, bad[0] if bad else None, number)
        first = shapes[0]
        if not in_graph(inner) and dtype in ("int64", "float64") and _all_numpy(values, dtype):
            dtype = None
        numbers = [array.data[0] for array in arrays if array.data is not None and len(array.data) == 1]
        data = tuple(numbers) if first == () and len(numbers) == len(arrays) else None
        return tensor((*first[:at], len(arrays), *first[at:]), dtype, *arrays, data=data)

    return together(cx, "stack", core, x)


def _all_numpy(values: SequenceOf[Value], dtype: str) -> bool:
    """Whether all are NumPy arrays of one dtype, which TensorFlow packs as if they were lists of numbers."""
    return all(isinstance(value, Array) and value.kind == "numpy" and value.dtype == dtype for value in values)


def _raised_to(shape: Shape, rank: int) -> Shape:
    """The shape as ``hstack``, ``vstack`` and ``dstack`` see it."""
    if rank == 3:
        if len(shape) == 0:
            return (1, 1, 1)
        return (1, shape[0], 1) if len(shape) == 1 else (*shape, 1) if len(shape) == 2 else shape
    return shape or (1,)


def _stacked(name: str, rank: int) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, xs: Value) -> Value:
        """Joined along an axis that low ranks are given first."""

        def core(inner: Context, *values: Value) -> Value:
            arrays, shapes, dtype = parts(inner, values)
            if in_graph(inner) and any(len(shape) < 2 for shape in shapes) and name != "dstack":
                raise OpenShape("the symbolic shape of low ranks is not that of the result")
            raised = [_raised_to(shape, rank) for shape in shapes]
            at = {"vstack": 0, "hstack": 0 if len(raised[0]) == 1 else 1, "dstack": 2}[name]
            return joined(inner, name, arrays, raised, at, dtype)

        return together(cx, name, core, xs)


for _name, _rank in (("vstack", 1), ("hstack", 1), ("dstack", 3)):
    _stacked(_name, _rank)


# -- cut apart --------------------------------------------------------------------------------------------------------


def cut(cx: Context, taker: str, value: Value, sections: Value, axis: int) -> Value:
    """Equal parts, or parts between places. Raises split-size."""
    x, shape = known(cx, value)
    count = as_int(sections)
    if count is None and not -len(shape) <= axis < len(shape) and not in_graph(cx):
        raise OpenShape("an axis that the tensor does not have")
    at = place(cx, taker, axis, len(shape), x)
    size = shape[at]
    if count is not None:
        if count <= 0:
            raise OpenShape("a number of parts that is not positive")
        if isinstance(size, int) and size % count:
            from foreshape.faults.split_size import SplitSize

            text = (
                "`x` size on given `axis` must be divisible by `indices_or_sections` when `indices_or_sections` is an "
                f"int. But received {size} and {count}."
            )
            if not in_graph(cx):
                text = f"Dimension size must be evenly divisible by {count} but is {size}"
            raise SplitSize(trouble(cx, text, x), values=(x,), size=size, sections=count, axis=at)
        part = floordiv(size, count)
        return several([like(x, (*shape[:at], part, *shape[at + 1 :])) for _ in range(count)], "list")
    places = ints(cx, sections)
    if places is None:
        raise OpenShape("where it is cut is not known")
    if undefined(size):
        ends = [0, *places]
        sizes: list[DimLike] = [max(b - a, 0) for a, b in zip(ends, places)]
        sizes.append(cx.fresh(lo=0, keras_none=True))
        return several([like(x, (*shape[:at], part, *shape[at + 1 :])) for part in sizes], "list")
    found = join.split_at(shape, places, at, cx.facts)
    if any(part_shape is None for part_shape in found):
        raise OpenShape("how long the parts are is not known")
    return several([like(x, part_shape) for part_shape in found], "list")


@rule("keras.ops.split")
def split(cx: Context, x: Value, indices_or_sections: Value, axis: Value | None = None) -> Value:
    """Equal parts, or parts between places."""

    def core(inner: Context, value: Value) -> Value:
        return cut(inner, "split", value, indices_or_sections, one_axis(inner, axis, 0) or 0)

    return run(cx, "split", core, (x,), many=True)


def _cutting(name: str, rank: int) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value, indices_or_sections: Value) -> Value:
        """Equal parts, or parts between places."""

        def core(inner: Context, value: Value) -> Value:
            found, shape = known(inner, value)
            if len(shape) < rank and in_graph(inner):
                many = "dimension" if rank == 1 else "dimensions"
                text = f"`{name}` only works on arrays of at least {rank} {many}. Received array with shape {shape}."
                raise needs_rank(refused(text), name, found, rank, True)
            axis = {"vsplit": 0, "dsplit": 2}.get(name, 0 if len(shape) == 1 else 1)
            return cut(inner, name, found, indices_or_sections, axis)

        return run(cx, name, core, (x,), many=True)


for _name, _rank in (("vsplit", 2), ("hsplit", 1), ("dsplit", 3)):
    _cutting(_name, _rank)


@rule("keras.ops.array_split")
def array_split(cx: Context, x: Value, indices_or_sections: Value, axis: Value | None = None) -> Value:
    """Parts as equal as can be, the longer ones first."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        at = place(inner, "array_split", one_axis(inner, axis, 0) or 0, len(shape), found)
        count = as_int(indices_or_sections)
        if count is None or count <= 0:
            raise OpenShape("how many parts there are is not known")
        made = join.array_split(shape, count, at)
        return several([like(found, part) for part in made], "tuple" if undefined(shape[at]) else "list")

    return run(cx, "array_split", core, (x,), many=True)
