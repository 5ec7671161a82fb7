"""Views that repeat or overlap: expand, broadcast_to, unfold, as_strided, diagonals; and moved axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, dmax, dmin, product
from foreshape.domain.values import Array, Sequence, Shape, Unknown, Value, as_int
from foreshape.faults.base import Fault
from foreshape.semantics.shared.broadcast import broadcast_shapes as broadcast_formula
from foreshape.semantics.shared.reshape import moved_order
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.strides import Strides
from foreshape.semantics.torch.support import (
    axis_in,
    dense_strides,
    error,
    ints,
    invalid,
    is_integral,
    items_of,
    must_be,
    shown,
    size_of,
    sizes,
    strides_of,
    surely_no_tensor,
    tensor,
    type_text,
    unknown_tensor,
    varargs,
    wrong_rank,
)
from foreshape.semantics.torch.views import copied, permuted, resized, view, viewed

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- expand --------------------------------------------------------------------------------------------------------------


def expanded(cx: Context, x: Array, target: Shape | None, taker: str = "expand") -> Array:
    """Axes of size 1 stretched, new axes in front; -1 keeps a size."""
    if target is None or x.shape is None:
        made = None
        if target is not None:
            made = tuple(cx.fresh(lo=0) if isinstance(size, int) and size == -1 else size for size in target)
        return tensor(cx, made, x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
    missing = len(target) - len(x.shape)
    if missing < 0:
        what = type_text(x) if taker == "expand" else shown(x.shape)
        message = (
            f"expand({what}, size={shown(target)}): the number of sizes provided ({len(target)}) must be greater or equal "
            f"to the number of dimensions in the tensor ({len(x.shape)})"
        )
        raise _not_expandable(cx, x, target, message, taker)
    old = strides_of(x)
    shape: list[DimLike] = []
    strides: list[DimLike] = []
    for axis, size in enumerate(target):
        place = axis - missing
        if place < 0:
            if isinstance(size, int) and size == -1:
                message = (
                    f"The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension {axis}"
                )
                raise _not_expandable(cx, x, target, message, taker)
            shape.append(size)
            strides.append(0)
            continue
        here = cx.resolve(x.shape[place])
        if isinstance(size, int) and size == -1:
            size = here
        stretched = isinstance(here, int) and here == 1 and not (isinstance(size, int) and size == 1)
        if not stretched and not _may_stretch(cx, here, size):
            message = (
                f"The expanded size of the tensor ({size}) must match the existing size ({here}) at non-singleton dimension "
                f"{axis}.  Target sizes: {shown(target)}.  Tensor sizes: {shown(x.shape)}"
            )
            raise _not_expandable(cx, x, target, message, taker)
        shape.append(size)
        strides.append(0 if stretched else 0 if old is None else old[place])
    made_strides: Strides | str | None = tuple(strides) if old is not None else None
    if isinstance(made_strides, tuple):
        unsure = any(not eq(a, b, cx.facts).is_yes and a != 1 for a, b in zip(x.shape, shape[missing:]))
        made_strides = None if unsure else made_strides
    roles = None if x.roles is None else (*(None,) * missing, *x.roles)
    data = x.data if tuple(shape) == x.shape else None
    return view(cx, x, tuple(shape), made_strides, roles=roles, data=data)


def _may_stretch(cx: Context, here: DimLike, size: DimLike) -> bool:
    same = eq(here, size, cx.facts)
    if same.is_yes:
        return True
    one = eq(here, 1, cx.facts)
    if one.is_no:
        return cx.equal(here, size)
    return not (same.is_no and one.is_no)


def _not_expandable(cx: Context, x: Array, target: Shape, message: str, taker: str) -> Fault:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    assert x.shape is not None
    recover = tensor(cx, target if -1 not in target else None, x.dtype, x)
    return BroadcastMismatch(
        error(cx, "RuntimeError", message), values=(x,), recover=recover, taker=taker, shapes=(x.shape, target)
    )


@op("expand", function=False)
def expand(cx: Context, self: Array, *args: Value, size: Value | None = None, implicit: Value | None = None) -> Value:
    """Axes of size 1 stretched, without a copy."""
    found = varargs(cx, "expand", args, size)
    return expanded(cx, self, () if found is None else sizes(cx, found))


@method("expand_as", devices=False)
def expand_as(cx: Context, self: Array, other: Array) -> Value:
    """To the shape of another tensor."""
    return expanded(cx, self, other.shape)


@op("broadcast_to")
def broadcast_to(
    cx: Context, input: Array, size: Value, *, implicit: Value | None = None, out: Value | None = None
) -> Value:
    """As ``expand``."""
    return expanded(cx, input, sizes(cx, size))


@op("broadcast_tensors", method=False)
def broadcast_tensors(cx: Context, *tensors: Value) -> Value:
    """All to their common shape."""
    from foreshape.semantics.torch.support import broadcast

    values = tensors
    if len(tensors) == 1 and items_of(tensors[0]) is not None:
        values = items_of(tensors[0]) or ()
    arrays: list[Array] = []
    for place, value in enumerate(values):
        if not isinstance(value, Array) or value.kind != "torch":
            if surely_no_tensor(value):
                raise must_be(cx, "broadcast_tensors", "tensors", place + 1, "Tensor", value)
            return unknown_tensor(cx, value)
        arrays.append(value)
    shape = broadcast(cx, "broadcast_tensors", *arrays) if arrays else None
    return Sequence("list" if not arrays else "tuple", Contents(tuple(expanded(cx, one, shape) for one in arrays)))


@op("broadcast_shapes", method=False)
def broadcast_shapes(cx: Context, *shapes: Value) -> Value:
    """The common shape of several. RuntimeError where there is none."""
    from foreshape.semantics.torch.types import size_value

    found: list[Shape] = []
    for value in shapes:
        one = sizes(cx, value)
        if one is None:
            return cx.unknown("a shape is not known")
        found.append(one)
    together = broadcast_formula(*found, facts=cx.facts)
    if together.failed is not None:
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        message = "Shape mismatch: objects cannot be broadcast to a single shape"
        raise BroadcastMismatch(
            error(cx, "RuntimeError", message), values=tuple(shapes), taker="broadcast_shapes", shapes=tuple(found)
        )
    return size_value(together.shape)


@method("sum_to_size")
def sum_to_size(cx: Context, self: Array, *args: Value, size: Value | None = None) -> Value:
    """Summed until it has this shape: the reverse of a broadcast."""
    found = varargs(cx, "sum_to_size", args, size)
    target = () if found is None else sizes(cx, found)
    if target is None or self.shape is None:
        # the sum of whole numbers is an int64, but of one that has the shape already
        return tensor(cx, target, None if is_integral(self.dtype) else self.dtype, self)
    fits = len(target) <= len(self.shape)
    for a, b in zip(reversed(target), reversed(self.shape)):
        fits = fits and (eq(a, 1, cx.facts).is_yes or eq(a, b, cx.facts).is_yes or not eq(a, b, cx.facts).is_no)
    if not fits:
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        message = f"size {{{shown(target)}}} is not expandable to size {{{shown(self.shape)}}}."
        raise BroadcastMismatch(
            error(cx, "RuntimeError", message), values=(self,), taker="sum_to_size", shapes=(self.shape, target)
        )
    summed = (
        not target or any(eq(a, b, cx.facts).is_no for a, b in zip(target, self.shape)) or len(target) < len(self.shape)
    )
    if not summed and not all(eq(a, b, cx.facts).is_yes for a, b in zip(target, self.shape)):
        return tensor(cx, target, None if is_integral(self.dtype) else self.dtype, self)
    dtype = "int64" if summed and self.dtype in ("bool", "uint8", "int8", "int16", "int32") else self.dtype
    return tensor(cx, target, dtype, self)


# -- windows and strides -------------------------------------------------------------------------------------------------


@op("unfold", "unfold_copy", function=False)
def unfold(cx: Context, self: Array, dimension: Value, size: Value, step: Value) -> Value:
    """Windows along an axis become a new last axis."""
    return windows(cx, self, dimension, size, step)


@op("unfold_copy", method=False)
def unfold_copy(
    cx: Context, input: Array, dimension: Value, size: Value, step: Value, *, out: Value | None = None
) -> Value:
    """As the method ``unfold``, copied."""
    made = windows(cx, input, dimension, size, step)
    return tensor(cx, made.shape, input.dtype, made, lo=made.lo, hi=made.hi) if isinstance(made, Array) else made


def windows(cx: Context, x: Array, dimension: Value, size: Value, step: Value) -> Value:
    """Shared by both."""
    axis, width, stride = as_int(dimension), size_of(cx, size), size_of(cx, step)
    if x.shape is None or axis is None or width is None or stride is None:
        rank = None if x.shape is None else len(x.shape) + 1
        shape = None if rank is None else tuple(cx.fresh(lo=0) for _ in range(rank))
        return tensor(cx, shape, x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
    place = axis_in(cx, "unfold", axis, len(x.shape), x)
    length: DimLike = cx.resolve(x.shape[place]) if x.shape else 1
    if isinstance(width, int) and width < 0:
        raise invalid(cx, "RuntimeError", f"size is {width} but must be >= 0", "size", width, x)
    if not cx.at_least(length, width):
        from foreshape.faults.window_size import WindowSize

        message = f"maximum size for tensor at dimension {place} is {length} but size is {width}"
        raise WindowSize(
            error(cx, "RuntimeError", message), values=(x,), taker="unfold", size=length, window=width, axis=place
        )
    if isinstance(stride, int) and stride <= 0:
        raise invalid(cx, "RuntimeError", f"step is {stride} but must be > 0", "step", stride, x)
    count = (length - width) // stride + 1
    old = strides_of(x)
    strides: Strides | str | None = None
    if not x.shape:
        return view(cx, x, (width,), (1,))
    if old is not None:
        strides = (*old[:place], old[place] * stride, *old[place + 1 :], old[place])
    roles = None if x.roles is None else (*x.roles, None)
    return view(cx, x, (*x.shape[:place], count, *x.shape[place + 1 :], width), strides, roles=roles)


@op("as_strided")
def as_strided(
    cx: Context, input: Array, size: Value, stride: Value, storage_offset: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Another view of the memory. RuntimeError where it is read past its end."""
    shape, strides = sizes(cx, size), sizes(cx, stride)
    if shape is None:
        return tensor(cx, None, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
    if strides is not None and len(strides) != len(shape):
        message = "mismatch in length of strides and shape"
        raise invalid(cx, "RuntimeError", message, "stride", shown(strides), input)
    for one in shape:
        if isinstance(one, int) and one < 0:
            message = f"as_strided: Negative strides are not supported at the moment, got strides: {shown(strides)}"
            raise invalid(cx, "RuntimeError", message, "size", one, input)
    return view(cx, input, shape, strides)


@op("as_strided_copy", method=False)
def as_strided_copy(
    cx: Context, input: Array, size: Value, stride: Value, storage_offset: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """As ``as_strided``, copied."""
    return copied(cx, as_strided(cx, input, size, stride, storage_offset))


@op("as_strided_scatter")
def as_strided_scatter(
    cx: Context, input: Array, src: Array, size: Value, stride: Value, storage_offset: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """A copy in which such a view is replaced."""
    return scattered(cx, "as_strided_scatter", input, src, as_strided(cx, input, size, stride, storage_offset))


@op("expand_copy", method=False)
def expand_copy(
    cx: Context, input: Array, size: Value, *, implicit: Value | None = None, out: Value | None = None
) -> Value:
    """As ``expand``, copied."""
    return copied(cx, expanded(cx, input, sizes(cx, size)))


@op("diagonal_copy", method=False)
def diagonal_copy(
    cx: Context, input: Array, offset: Value | None = None, dim1: Value | None = None, dim2: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """As ``diagonal``, copied."""
    return copied(cx, diagonal_of(cx, input, offset, dim1, dim2))


@op("unflatten")
def unflatten(cx: Context, input: Array, dim: Value, sizes: Value) -> Value:
    """One axis becomes several. RuntimeError where the product differs."""
    target = sizes_of(cx, sizes)
    axis = as_int(dim)
    if input.shape is None or axis is None or target is None:
        rank = None if input.shape is None or target is None else len(input.shape) - 1 + len(target)
        shape = None if rank is None else tuple(cx.fresh(lo=0) for _ in range(rank))
        return tensor(cx, shape, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
    place = axis_in(cx, "unflatten", axis, len(input.shape), input)
    if not target:
        raise invalid(cx, "RuntimeError", "unflatten: sizes must be non-empty", "sizes", "()", input)
    part = tensor(cx, (input.shape[place],), input.dtype)
    try:
        inner = resized(cx, "unflatten", part, target)
    except Fault as fault:
        if fault.name != "reshape-size":
            raise
        message = (
            f"unflatten: Provided sizes {shown(target)} don't multiply up to the size of dim {place} "
            f"({cx.resolve(input.shape[place])}) in the input tensor"
        )
        fault.raises = error(cx, "RuntimeError", message)
        fault.values = (input,)
        fault.recover = None
        raise
    made = (*input.shape[:place], *inner, *input.shape[place + 1 :])
    if "strides" not in input.meta:
        return viewed(cx, "unflatten", input, made, copies=False)
    old = strides_of(input)
    strides = None
    if old is not None:
        strides = (*old[:place], *(step * old[place] for step in dense_strides(inner)), *old[place + 1 :])
    return view(cx, input, made, strides)


def sizes_of(cx: Context, value: Value) -> Shape | None:
    """The sizes that an argument called ``sizes`` holds."""
    return None if isinstance(value, Unknown) else sizes(cx, value)


# -- moved axes ----------------------------------------------------------------------------------------------------------


@op("movedim", "moveaxis")
def movedim(cx: Context, input: Array, source: Value, destination: Value) -> Value:
    """Axes moved to other places. RuntimeError for unequal numbers, and for one that is named twice."""
    sources, destinations = ints(cx, source), ints(cx, destination)
    if input.shape is None or sources is None or destinations is None:
        shape = None if input.shape is None else tuple(cx.fresh(lo=0) for _ in input.shape)
        return tensor(cx, shape, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
    if len(sources) != len(destinations):
        from foreshape.faults.transpose_axes import TransposeAxes

        message = (
            f"movedim: Invalid source or destination dims: source ({shown(sources)} dims) should contain the same number of "
            f"dims as destination ({shown(destinations)} dims)"
        )
        raise TransposeAxes(
            error(cx, "RuntimeError", message), values=(input,), taker="movedim", axes=sources, rank=len(input.shape)
        )
    rank = len(input.shape)
    first = tuple(axis_in(cx, "movedim", axis, rank, input) for axis in sources)
    second = tuple(axis_in(cx, "movedim", axis, rank, input) for axis in destinations)
    for name, given_, found in (("source", sources, first), ("destination", destinations, second)):
        if len(set(found)) != len(found):
            message = f"movedim: repeated dim in `{name}` ({shown(given_)})"
            raise invalid(cx, "RuntimeError", message, name, given_, input)
    if not rank:
        return input
    return permuted(cx, input, moved_order(rank, first, second))


# -- diagonals -----------------------------------------------------------------------------------------------------------


def diagonal_length(rows: DimLike, columns: DimLike, offset: int, cx: Context) -> DimLike:
    """The length of a diagonal."""
    found = dmin(rows, columns - offset, cx.facts) if offset >= 0 else dmin(rows + offset, columns, cx.facts)
    return dmax(found, 0, cx.facts)


def diagonal_of(
    cx: Context, x: Array, offset: Value | None, dim1: Value | None, dim2: Value | None, axes: tuple[int, int] = (0, 1)
) -> Value:
    """The diagonal of two axes as a new last axis."""
    shift = as_int(offset) if offset is not None else 0
    first = as_int(dim1) if dim1 is not None else axes[0]
    second = as_int(dim2) if dim2 is not None else axes[1]
    if x.shape is None or shift is None or first is None or second is None:
        shape = None if x.shape is None else tuple(cx.fresh(lo=0) for _ in x.shape[1:])
        return tensor(cx, shape, x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
    rank = len(x.shape)
    a, b = axis_in(cx, "diagonal", first, rank, x), axis_in(cx, "diagonal", second, rank, x)
    if a == b:
        message = f"diagonal dimensions cannot be identical {first}, {second}"
        raise invalid(cx, "RuntimeError", message, "dim2", second, x)
    keep = [i for i in range(rank) if i not in (a, b)]
    length = diagonal_length(cx.resolve(x.shape[a]), cx.resolve(x.shape[b]), shift, cx)
    old = strides_of(x)
    strides: Strides | None = None if old is None else (*(old[i] for i in keep), old[a] + old[b])
    return view(cx, x, (*(x.shape[i] for i in keep), length), strides)


@op("diagonal")
def diagonal(
    cx: Context, input: Array, offset: Value | None = None, dim1: Value | None = None, dim2: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """A diagonal as the last axis."""
    return diagonal_of(cx, input, offset, dim1, dim2)


@op("linalg.diagonal")
def linalg_diagonal(
    cx: Context,
    A: Array,  # noqa: N803
    *,
    offset: Value | None = None,
    dim1: Value | None = None,
    dim2: Value | None = None,
) -> Value:
    """The diagonal of the last two axes."""
    return diagonal_of(cx, A, offset, dim1, dim2, (-2, -1))


@op("diag")
def diag(cx: Context, input: Array, diagonal: Value | None = None, *, out: Value | None = None) -> Value:
    """A vector becomes a matrix, a matrix its diagonal."""
    shift = as_int(diagonal) if diagonal is not None else 0
    if input.shape is None:
        return tensor(cx, None, input.dtype, input)
    if len(input.shape) == 1:
        size: DimLike = cx.fresh(lo=0) if shift is None else input.shape[0] + abs(shift)
        return tensor(cx, (size, size), input.dtype, input)
    if len(input.shape) != 2:
        message = f"diag(): Supports 1D or 2D tensors. Got {len(input.shape)}D"
        raise wrong_rank(cx, "RuntimeError", message, "diag", input, 2)
    if shift is None:
        return tensor(cx, (cx.fresh(lo=0),), input.dtype, input)
    length = diagonal_length(cx.resolve(input.shape[0]), cx.resolve(input.shape[1]), shift, cx)
    return tensor(cx, (length,), input.dtype, input, lo=input.lo, hi=input.hi)


@op("diagflat")
def diagflat(cx: Context, input: Array, offset: Value | None = None) -> Value:
    """All elements on the diagonal of a matrix."""
    shift = as_int(offset) if offset is not None else 0
    size: DimLike = cx.fresh(lo=0) if input.shape is None or shift is None else product(input.shape) + abs(shift)
    return tensor(cx, (size, size), input.dtype, input)


@op("diag_embed")
def diag_embed(
    cx: Context, input: Array, offset: Value | None = None, dim1: Value | None = None, dim2: Value | None = None
) -> Value:
    """The last axis becomes the diagonal of two new ones."""
    shift = as_int(offset) if offset is not None else 0
    first = as_int(dim1) if dim1 is not None else -2
    second = as_int(dim2) if dim2 is not None else -1
    if input.shape is None or shift is None or first is None or second is None:
        shape = None if input.shape is None else tuple(cx.fresh(lo=0) for _ in range(len(input.shape) + 1))
        return tensor(cx, shape, input.dtype, input)
    rank = len(input.shape) + 1
    a, b = axis_in(cx, "diag_embed", first, rank, input), axis_in(cx, "diag_embed", second, rank, input)
    if a == b:
        message = f"diagonal dimensions cannot be identical {first}, {second}"
        raise invalid(cx, "RuntimeError", message, "dim2", second, input)
    size = (input.shape[-1] if input.shape else 1) + abs(shift)
    rest = iter(input.shape[:-1])
    made = tuple(size if i in (a, b) else next(rest) for i in range(rank))
    return tensor(cx, made, input.dtype, input)


@op("diagonal_scatter")
def diagonal_scatter(
    cx: Context, input: Array, src: Array, offset: Value | None = None, dim1: Value | None = None,
    dim2: Value | None = None, *, out: Value | None = None,
) -> Value:  # fmt: skip
    """A copy with a diagonal replaced."""
    part = diagonal_of(cx, input, offset, dim1, dim2)
    return scattered(cx, "diagonal_scatter", input, src, part)


def scattered(cx: Context, taker: str, x: Array, src: Array, part: Value) -> Value:
    """A copy of ``x`` in which a part is replaced by ``src``, of the same shape."""
    made = tensor(cx, x.shape, x.dtype, x, src, roles=x.roles)
    if isinstance(part, Array) and part.shape is not None and src.shape is not None:
        fits = len(part.shape) == len(src.shape) and all(cx.equal(a, b) for a, b in zip(part.shape, src.shape))
        if not fits:
            from foreshape.faults.assignment_shape import AssignmentShape

            message = (
                f"expected src to have a size equal to the slice of self. src size = {shown(src.shape)}, slice size = "
                f"{shown(part.shape)}"
            )
            raise AssignmentShape(
                error(cx, "RuntimeError", message), values=(src, x), recover=made, value=src.shape, target=part.shape
            )
    return made
