"""Tensors put together: cat, stack, and their relatives; tile and repeat."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain import dtype as dtypes
from foreshape.domain.compare import eq
from foreshape.domain.contents import Run
from foreshape.domain.dim import Dim, DimLike, Var, ceildiv, variables
from foreshape.domain.polynomial import Min, as_atom, substitute
from foreshape.domain.values import Array, Bound, Sequence, Shape, Value, as_int
from foreshape.faults.base import Fault
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.final_state import joined_pieces
from foreshape.semantics.torch.strides import result_strides
from foreshape.semantics.torch.support import (
    MOST_DATA,
    axis_in,
    check_devices,
    error,
    given,
    invalid,
    must_be,
    python_type,
    shown,
    size_of,
    sizes,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    varargs,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class Parts:
    """The tensors in a list: ``arrays`` one by one, or one for each run, with ``counts`` how often each occurs."""

    __slots__ = ("arrays", "counts", "moving")

    def __init__(self, arrays: list[Array], counts: list[DimLike], moving: list[Var | None]) -> None:
        self.arrays = arrays
        self.counts = counts
        self.moving = moving
        """Of a run whose sizes differ from one element to the next: its index."""

    @property
    def length(self) -> DimLike:
        total: DimLike = 0
        for count in self.counts:
            total = total + count
        return total


def parts_of(cx: Context, taker: str, value: Value, argument: str = "tensors") -> Parts | None:
    """The tensors in a list or tuple. TypeError for what is no list, or no tensor in it; None where not known."""
    if isinstance(value, Array) or (surely_no_tensor(value) and not isinstance(value, Sequence)):
        raise must_be(cx, taker, argument, 1, "tuple of Tensors", value)
    if not isinstance(value, Sequence) or value.kind not in ("list", "tuple"):
        if isinstance(value, Sequence):
            raise must_be(cx, taker, argument, 1, "tuple of Tensors", value)
        return None
    found = Parts([], [], [])
    items = value.contents.items(256)
    segments: SequenceOf[Any] = items if items is not None else value.contents.segments
    for position, segment in enumerate(segments):
        element = segment.element if isinstance(segment, Run) else segment
        if not isinstance(element, Array) or element.kind != "torch":
            if surely_no_tensor(element):
                from foreshape.faults.unsupported_data import UnsupportedData

                message = f"expected Tensor as element {position} in argument 0, but got {python_type(element)}"
                raise UnsupportedData(
                    error(cx, "TypeError", message), values=(element, value), taker=taker, given=python_type(element)
                )
            return None
        moving: Var | None = None
        if isinstance(segment, Run) and segment.index is not None and element.shape is not None:
            if any(segment.index in variables(size) for size in element.shape):
                moving = segment.index
        found.arrays.append(element)
        found.counts.append(segment.length if isinstance(segment, Run) else 1)
        found.moving.append(moving)
    return found


def common_dtype(cx: Context, arrays: SequenceOf[Array]) -> str | None:
    """The promoted dtype of all (of tensors with axes)."""
    result: str | None = None
    for array in arrays:
        if array.dtype is None:
            return None
        result = array.dtype if result is None else dtypes.promote_torch_types(result, array.dtype)
        if result is None:
            return None
    return result


def bounds_of(arrays: SequenceOf[Array]) -> tuple[Bound, Bound]:
    """Bounds that hold for all."""
    los, his = [array.lo for array in arrays], [array.hi for array in arrays]
    lo: Bound = None
    hi: Bound = None
    if los and all(isinstance(one, (int, float)) for one in los):
        lo = min(los)  # type: ignore[type-var]
    elif los and all(one is not None and one == los[0] for one in los):
        lo = los[0]
    if his and all(isinstance(one, (int, float)) for one in his):
        hi = max(his)  # type: ignore[type-var]
    elif his and all(one is not None and one == his[0] for one in his):
        hi = his[0]
    return lo, hi


def _is_nothing(array: Array) -> bool:
    return array.shape is not None and len(array.shape) == 1 and array.shape[0] == 0


def joined(cx: Context, taker: str, parts: Parts, dim: Value | None, place: int | None = None) -> Value:
    """``torch.cat``."""
    arrays = parts.arrays
    if not arrays:
        exception = "ValueError" if cx.targets.at_least("torch", "2.10") else "RuntimeError"
        message = "torch.cat(): expected a non-empty list of Tensors"
        raise invalid(cx, exception, message, "tensors", "an empty list")
    check_devices(cx, taker, *arrays)
    dtype = common_dtype(cx, arrays)
    for position, array in enumerate(arrays):
        if array.shape == ():
            message = f"zero-dimensional tensor (at position {position}) cannot be concatenated"
            raise wrong_rank(cx, "RuntimeError", message, taker, array, 1, at_least=True)
    axis = as_int(dim) if given(dim) else 0
    if place is not None:
        axis = place
    known = [(array, count, moving) for array, count, moving in zip(arrays, parts.counts, parts.moving)
             if array.shape is not None and not _is_nothing(array)]  # fmt: skip
    if not known:
        first = arrays[0]
        return tensor(cx, first.shape if all(a.shape is not None for a in arrays) else None, dtype, *arrays)
    if axis is None:
        rank = len(known[0][0].shape or ())
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in range(rank)), dtype, *arrays)
    shape = list(known[0][0].shape or ())
    where = axis_in(cx, taker, axis, len(shape), *arrays)
    total: DimLike = 0
    for array, count, moving in known:
        other = array.shape or ()
        if len(other) != len(shape):
            raise _ranks(cx, taker, arrays, where, known[0][0], array)
        for i, size in enumerate(other):
            if i == where:
                total = total + (count * size if moving is None else run_total(cx, count, size, moving))
            elif not cx.equal(shape[i], size):
                raise _sizes(cx, taker, arrays, where, i, known[0][0], array, dtype, total)
            elif isinstance(size, int):
                shape[i] = size
    complete = len(known) == sum(1 for array in arrays if not _is_nothing(array))
    shape[where] = cx.resolve(total) if complete else cx.fresh(lo=0)
    lo, hi = bounds_of(arrays)
    data: tuple[Any, ...] | None = None
    if (
        len(shape) == 1
        and complete
        and all(one.data is not None for one in arrays)
        and all(c == 1 for c in parts.counts)
    ):
        data = tuple(item for one in arrays for item in one.data or ())
    roles = known[0][0].roles
    strides = result_strides(cx, tuple(shape), [one for one, _, _ in known]) if _all_strided(known) else "contiguous"
    return tensor(cx, tuple(shape), dtype, *arrays, lo=lo, hi=hi, data=data, roles=roles,
                  strides="contiguous" if strides == "contiguous" else None)  # fmt: skip


def run_total(cx: Context, count: DimLike, size: DimLike, index: Var) -> DimLike:
    """The sizes of all elements of a run together: those of ``x[i:i + 32]`` for ``i in range(0, n, 32)`` are n."""
    atom = as_atom(size) if isinstance(size, Dim) else None
    if isinstance(atom, Min) and len(atom.args) == 2:
        first, second = atom.args
        for step, left in ((first, second), (second, first)):
            if index in variables(step):
                continue
            whole, less = substitute(left, {index: 0}), substitute(left, {index: 1})
            if eq(whole - less, step, cx.facts).is_yes and eq(count, ceildiv(whole, step), cx.facts).is_yes:
                return whole
    return count * size if index not in variables(size) else cx.fresh(lo=0)


def _all_strided(known: SequenceOf[tuple[Array, DimLike, Var | None]]) -> bool:
    return all("strides" in one.meta for one, _, _ in known)


def _ranks(cx: Context, taker: str, arrays: SequenceOf[Array], axis: int, first: Array, other: Array) -> Fault:
    from foreshape.faults.join_mismatch import JoinMismatch

    message = f"Tensors must have same number of dimensions: got {len(first.shape or ())} and {len(other.shape or ())}"
    return JoinMismatch(
        error(cx, "RuntimeError", message), values=(other, *arrays), taker=taker,
        shapes=tuple(one.shape or () for one in arrays), axis=axis,
        first=arrays.index(first), second=arrays.index(other),
    )  # fmt: skip


def _sizes(
    cx: Context, taker: str, arrays: SequenceOf[Array], axis: int, differs: int, first: Array, other: Array,
    dtype: str | None, total: DimLike,
) -> Fault:  # fmt: skip
    from foreshape.faults.join_mismatch import JoinMismatch

    assert first.shape is not None and other.shape is not None
    position = next(i for i, one in enumerate(arrays) if one is other)
    message = (
        f"Sizes of tensors must match except in dimension {axis}. Expected size {cx.resolve(first.shape[differs])} but got "
        f"size {cx.resolve(other.shape[differs])} for tensor number {position} in the list."
    )
    total = 0
    for one in arrays:
        if one.shape is not None and len(one.shape) == len(first.shape):
            total = total + one.shape[axis]
    recover = tensor(cx, (*first.shape[:axis], total, *first.shape[axis + 1 :]), dtype, *arrays)
    return JoinMismatch(
        error(cx, "RuntimeError", message), values=(other, *arrays), recover=recover, taker=taker,
        shapes=tuple(one.shape or () for one in arrays), axis=axis, differs=differs, first=arrays.index(first),
        second=position,
    )  # fmt: skip


@op("cat", "concat", "concatenate", method=False)
def cat(cx: Context, tensors: Value, dim: Value | None = None, *, out: Value | None = None) -> Value:
    """Joined along an axis: all other sizes are equal. An empty vector is left out."""
    parts = parts_of(cx, "cat", tensors)
    if parts is None:
        return unknown_tensor(cx, tensors)
    return joined_pieces(cx, parts.arrays, joined(cx, "cat", parts, dim))


@op("stack", method=False)
def stack(cx: Context, tensors: Value, dim: Value | None = None, *, out: Value | None = None) -> Value:
    """Joined along a new axis: all shapes are equal."""
    parts = parts_of(cx, "stack", tensors)
    return unknown_tensor(cx, tensors) if parts is None else stacked(cx, "stack", parts, dim)


def stacked(cx: Context, taker: str, parts: Parts, dim: Value | None) -> Value:
    """``torch.stack``."""
    arrays = parts.arrays
    if not arrays:
        message = "stack expects a non-empty TensorList"
        raise invalid(cx, "RuntimeError", message, "tensors", "an empty list")
    check_devices(cx, taker, *arrays)
    dtype = common_dtype(cx, arrays)
    axis = as_int(dim) if given(dim) else 0
    known = [array for array in arrays if array.shape is not None]
    if not known:
        return tensor(cx, None, dtype, *arrays)
    shape = list(known[0].shape or ())
    rank = len(shape) + 1
    if axis is None:
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in range(rank)), dtype, *arrays)
    place = axis_in(cx, taker, axis, rank, *arrays)
    recover = tensor(cx, (*shape[:place], parts.length, *shape[place:]), dtype, *arrays)
    for position, (array, count, moving) in enumerate(zip(arrays, parts.counts, parts.moving)):
        if array.shape is None:
            continue
        same = len(array.shape) == len(shape) and not (moving is not None and _differs(cx, count))
        for i, size in enumerate(array.shape if same else ()):
            if not cx.equal(shape[i], size):
                same = False
            elif isinstance(size, int):
                shape[i] = size
        if not same:
            raise _unequal(cx, taker, arrays, place, known[0], array, position, recover)
    lo, hi = bounds_of(arrays)
    # coordinates side by side: whoever takes them apart again meets the bounds of one, not of all
    apart = len({(one.lo, one.hi) for one in arrays}) > 1
    data: tuple[Any, ...] | None = None
    if all(one.data is not None for one in arrays) and place == 0 and all(count == 1 for count in parts.counts):
        data = tuple(item for one in arrays for item in one.data or ())
    roles = known[0].roles
    if roles is not None:
        roles = (*roles[:place], None, *roles[place:])
    made = tuple(cx.resolve(size) for size in (*shape[:place], parts.length, *shape[place:]))
    return tensor(cx, made, dtype, *arrays, lo=lo, hi=hi, data=data, roles=roles, loose=apart)


def _differs(cx: Context, count: DimLike) -> bool:
    """Sizes that move along a run of more than one differ."""
    return isinstance(count, int) and count > 1


def _unequal(
    cx: Context, taker: str, arrays: SequenceOf[Array], axis: int, first: Array, other: Array, position: int,
    recover: Array,
) -> Fault:  # fmt: skip
    from foreshape.faults.join_mismatch import JoinMismatch

    start = next(i for i, one in enumerate(arrays) if one is first)
    message = (
        f"stack expects each tensor to be equal size, but got {shown(first.shape)} at entry {start} and "
        f"{shown(other.shape)} at entry {position}"
    )
    return JoinMismatch(
        error(cx, "RuntimeError", message), values=(other, *arrays), recover=recover, taker=taker,
        shapes=tuple(one.shape or () for one in arrays), axis=axis, first=start, second=position,
    )  # fmt: skip


# -- relatives -----------------------------------------------------------------------------------------------------------


def raised(cx: Context, array: Array, rank: int) -> Array:
    """As ``torch.atleast_*d``."""
    made = cx.rule(f"torch.atleast_{rank}d", array)
    return made if isinstance(made, Array) else array


def _relative(names: tuple[str, ...], rank: int, axis: int) -> None:
    @op(*names, method=False)
    def run(cx: Context, tensors: Value, *, out: Value | None = None) -> Value:
        """Joined along one axis, after axes of size 1 were added where there are too few."""
        parts = parts_of(cx, names[0], tensors)
        if parts is None:
            return unknown_tensor(cx, tensors)
        if not parts.arrays:
            raise invalid(cx, "RuntimeError", f"{names[0]} expects a non-empty TensorList", "tensors", "an empty list")
        flat = rank == 1 and all(array.shape is not None and len(array.shape) < 2 for array in parts.arrays[:1])
        parts.arrays = [raised(cx, array, rank) for array in parts.arrays]
        return joined(cx, names[0], parts, None, place=0 if flat else axis)


_relative(("hstack",), 1, 1)
_relative(("vstack", "row_stack"), 2, 0)
_relative(("dstack",), 3, 2)


@op("column_stack", method=False)
def column_stack(cx: Context, tensors: Value, *, out: Value | None = None) -> Value:
    """Vectors become columns."""
    parts = parts_of(cx, "column_stack", tensors)
    if parts is None:
        return unknown_tensor(cx, tensors)
    if not parts.arrays:
        raise invalid(cx, "RuntimeError", "column_stack expects a non-empty TensorList", "tensors", "an empty list")
    made: list[Array] = []
    for array in parts.arrays:
        if array.shape is not None and len(array.shape) < 2:
            size: DimLike = array.shape[0] if array.shape else 1
            array = tensor(cx, (size, 1), array.dtype, array, lo=array.lo, hi=array.hi)
        made.append(array)
    parts.arrays = made
    return joined(cx, "column_stack", parts, None, place=1)


@op("block_diag", method=False)
def block_diag(cx: Context, *tensors: Value) -> Value:
    """Matrices along the diagonal."""
    rows: DimLike = 0
    columns: DimLike = 0
    arrays: list[Array] = []
    for position, value in enumerate(tensors):
        if not isinstance(value, Array) or value.kind != "torch":
            if surely_no_tensor(value):
                raise must_be(cx, "block_diag", "tensors", position + 1, "Tensor", value)
            return unknown_tensor(cx, value)
        if value.shape is None:
            return tensor(cx, (cx.fresh(lo=0), cx.fresh(lo=0)), None, value)
        if len(value.shape) > 2:
            message = (
                f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {position} has "
                f"{len(value.shape)} dimensions"
            )
            raise wrong_rank(cx, "RuntimeError", message, "block_diag", value, 2)
        first, second = (1, 1, *value.shape)[-2:]
        rows, columns = rows + first, columns + second
        arrays.append(value)
    if not arrays:
        return tensor(cx, (1, 0), "float32")
    return tensor(cx, (rows, columns), common_dtype(cx, arrays), *arrays)


# -- repeated ------------------------------------------------------------------------------------------------------------


def repeated(cx: Context, taker: str, x: Array, times: Shape | None, *, pad: bool) -> Value:
    """The tensor several times along each axis."""
    if times is None or x.shape is None:
        rank = None if times is None or pad else len(times)
        shape = None if rank is None else tuple(cx.fresh(lo=0) for _ in range(rank))
        return tensor(cx, shape, x.dtype, x, lo=x.lo, hi=x.hi)
    old: Shape = x.shape
    if len(times) < len(old):
        if not pad:
            message = "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"
            recover = tensor(cx, None, x.dtype, x)
            raise wrong_rank(cx, "RuntimeError", message, taker, x, len(times), recover=recover)
        times = (*(1,) * (len(old) - len(times)), *times)
    old = (*(1,) * (len(times) - len(old)), *old)
    made = tuple(cx.resolve(size * count) for size, count in zip(old, times))
    for size in made:
        if isinstance(size, int) and size < 0:
            message = f"Trying to create tensor with negative dimension {size}: {shown(made)}"
            raise invalid(cx, "RuntimeError", message, "repeats", size, x)
    data = None
    if x.data is not None and len(made) == 1 and isinstance(made[0], int) and made[0] <= MOST_DATA and x.data:
        data = x.data * (made[0] // len(x.data))
    return tensor(cx, made, x.dtype, x, lo=x.lo, hi=x.hi, data=data)


@op("repeat", function=False)
def repeat(cx: Context, self: Array, *args: Value, repeats: Value | None = None) -> Value:
    """How often along each axis; more counts than axes add axes in front."""
    given_ = varargs(cx, "repeat", args, repeats, "repeats")
    return repeated(cx, "repeat", self, () if given_ is None else sizes(cx, given_), pad=False)


@op("tile", function=False)
def tile_method(cx: Context, self: Array, *args: Value, dims: Value | None = None) -> Value:
    """As ``repeat``; missing counts are 1."""
    given_ = varargs(cx, "tile", args, dims, "dims")
    return repeated(cx, "tile", self, () if given_ is None else sizes(cx, given_), pad=True)


@op("tile", method=False)
def tile(cx: Context, input: Array, dims: Value) -> Value:
    """As ``repeat``; missing counts are 1."""
    if size_of(cx, dims) is not None:
        raise must_be(cx, "tile", "dims", 2, "tuple of ints", dims)
    return repeated(cx, "tile", input, sizes(cx, dims), pad=True)
