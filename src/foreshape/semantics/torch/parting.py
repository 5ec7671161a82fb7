"""Tensors taken apart: narrow, select, split, chunk, unbind; and parts replaced."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from itertools import pairwise
from typing import TYPE_CHECKING

from foreshape.domain.compare import divides
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, ceildiv
from foreshape.domain.values import Array, Const, Sequence, Shape, Typed, Value, as_int, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.shared.index import slice_length
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.expanding import scattered
from foreshape.semantics.torch.strides import Strides
from foreshape.semantics.torch.support import (
    axis_in,
    error,
    given,
    invalid,
    is_integral,
    items_of,
    must_be,
    open_item,
    shown,
    size_of,
    sizes,
    strides_of,
    tensor,
    weak_dtype,
    wrong_rank,
)
from foreshape.semantics.torch.views import copied, view

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def resized_axis(cx: Context, x: Array, axis: int, size: DimLike, step: int = 1) -> Array:
    """A view of a part of an axis."""
    assert x.shape is not None
    old = strides_of(x)
    strides: Strides | None = None
    if old is not None:
        strides = (*old[:axis], old[axis] * step, *old[axis + 1 :])
    return view(cx, x, (*x.shape[:axis], size, *x.shape[axis + 1 :]), strides, roles=x.roles)


def without_axis(cx: Context, x: Array, axis: int) -> Array:
    """A view at one place of an axis."""
    assert x.shape is not None
    old = strides_of(x)
    strides: Strides | None = None if old is None else (*old[:axis], *old[axis + 1 :])
    roles = None if x.roles is None else (*x.roles[:axis], *x.roles[axis + 1 :])
    return view(cx, x, (*x.shape[:axis], *x.shape[axis + 1 :]), strides, roles=roles)


def _open(cx: Context, x: Array, rank: int | None) -> Array:
    shape = None if rank is None else tuple(cx.fresh(lo=0) for _ in range(rank))
    return tensor(cx, shape, x.dtype, x, lo=x.lo, hi=x.hi, strides=None)


# -- one part ------------------------------------------------------------------------------------------------------------


@op("narrow")
def narrow(cx: Context, input: Array, dim: Value, start: Value, length: Value, *, out: Value | None = None) -> Value:
    """A part of an axis. RuntimeError where it reaches past the end."""
    axis = as_int(dim)
    if input.shape is None or axis is None:
        return _open(cx, input, None if input.shape is None else len(input.shape))
    if not input.shape:
        message = "narrow() cannot be applied to a 0-dim tensor."
        raise wrong_rank(cx, "RuntimeError", message, "narrow", input, 1, at_least=True)
    wanted, begin = size_of(cx, length), size_of(cx, start)
    if isinstance(start, Array) and (start.shape or not is_integral(start.dtype, with_bool=False)):
        if start.shape is not None and start.dtype is not None:
            message = "start must be an 0-dim integral Tensor."
            raise invalid(cx, "RuntimeError", message, "start", cx.text(start), input)
    if isinstance(wanted, int) and wanted < 0:
        raise invalid(cx, "RuntimeError", "narrow(): length must be non-negative.", "length", wanted, input)
    place = axis_in(cx, "narrow", axis, len(input.shape), input)
    size = cx.resolve(input.shape[place])
    if wanted is None:
        return resized_axis(cx, input, place, cx.fresh(lo=0))
    recover = resized_axis(cx, input, place, wanted)
    if begin is None:
        return recover
    if isinstance(begin, int) and isinstance(size, int) and not -size <= begin <= size:
        message = f"start out of range (expected to be in range of [{-size}, {size}], but got {begin})"
        raise _past_the_end(cx, input, place, begin, size, "IndexError", message, recover)
    if isinstance(begin, int) and begin < 0:
        begin = begin + size
    if not cx.at_least(size, begin + wanted):
        message = f"start ({begin}) + length ({wanted}) exceeds dimension size ({size})."
        raise _past_the_end(cx, input, place, begin + wanted - 1, size, "RuntimeError", message, recover)
    return recover


@op("narrow_copy")
def narrow_copy(
    cx: Context, input: Array, dim: Value, start: Value, length: Value, *, out: Value | None = None
) -> Value:
    """As ``narrow``, copied."""
    return copied(cx, narrow(cx, input, dim, start, length))


def _past_the_end(
    cx: Context, x: Array, axis: int, index: DimLike, size: DimLike, exception: str, message: str, recover: Value
) -> Fault:
    from foreshape.faults.index_range import IndexRange

    return IndexRange(
        error(cx, exception, message), values=(x,), recover=recover, taker="tensor", index=index, size=size, axis=axis
    )


def selected(cx: Context, x: Array, dim: Value, index: Value) -> Value:
    """The tensor at one place of an axis."""
    axis, place = as_int(dim), size_of(cx, index)
    if x.shape is None or axis is None:
        return _open(cx, x, None if x.shape is None else max(len(x.shape) - 1, 0))
    if not x.shape:
        from foreshape.faults.too_many_indices import TooManyIndices

        message = "select() cannot be applied to a 0-dim tensor."
        raise TooManyIndices(error(cx, "IndexError", message), values=(x,), given=1, shape=())
    where = axis_in(cx, "select", axis, len(x.shape), x)
    made = without_axis(cx, x, where)
    size = cx.resolve(x.shape[where])
    if place is not None and not isinstance(index, Array) and not _is_index(cx, place, size):
        message = f"select(): index {place} out of range for tensor of size {shown(x.shape)} at dimension {where}"
        raise _past_the_end(cx, x, where, place, size, "IndexError", message, made)
    return made


def _is_index(cx: Context, place: DimLike, size: DimLike) -> bool:
    if isinstance(place, int) and place < 0:
        return cx.at_least(size, -place)
    return cx.at_least(size, place + 1) if isinstance(place, int) else True


@op("select")
def select(cx: Context, input: Array, dim: Value, index: Value, *, out: Value | None = None) -> Value:
    """The tensor at one place of an axis."""
    return selected(cx, input, dim, index)


@op("select_copy", method=False)
def select_copy(cx: Context, input: Array, dim: Value, index: Value, *, out: Value | None = None) -> Value:
    """As ``select``, copied."""
    return copied(cx, selected(cx, input, dim, index))


@op("select_scatter")
def select_scatter(
    cx: Context, input: Array, src: Array, dim: Value, index: Value, *, out: Value | None = None
) -> Value:
    """A copy with one place of an axis replaced."""
    return scattered(cx, "select_scatter", input, src, selected(cx, input, dim, index))


@op("slice_scatter")
def slice_scatter(
    cx: Context, input: Array, src: Array, dim: Value | None = None, start: Value | None = None,
    end: Value | None = None, step: Value | None = None, *, out: Value | None = None,
) -> Value:  # fmt: skip
    """A copy with a slice of an axis replaced."""
    axis = as_int(dim) if dim is not None else 0
    if input.shape is None or axis is None:
        return tensor(cx, input.shape, input.dtype, input, src)
    if not input.shape:
        message = "slice() cannot be applied to a 0-dim tensor."
        raise wrong_rank(cx, "IndexError", message, "slice_scatter", input, 1, at_least=True, recover=input)
    place = axis_in(cx, "slice_scatter", axis, len(input.shape), input)
    ends = [None if part is None or is_none(part) else size_of(cx, part) for part in (start, end, step)]
    length = slice_length(input.shape[place], ends[0], ends[1], ends[2], cx.facts)
    part = (
        None if length is None else tensor(cx, (*input.shape[:place], length, *input.shape[place + 1 :]), input.dtype)
    )
    return scattered(cx, "slice_scatter", input, src, Typed("int") if part is None else part)


# -- several parts ---------------------------------------------------------------------------------------------------------


def in_parts(cx: Context, x: Array, axis: int, lengths: SequenceOf[DimLike]) -> Value:
    """A tuple of views of parts of an axis."""
    return Sequence("tuple", Contents(tuple(resized_axis(cx, x, axis, cx.resolve(size)) for size in lengths)))


def _axis_of(cx: Context, taker: str, x: Array, dim: Value | None) -> int | None:
    if x.shape is None:
        return None
    if not x.shape:
        message = f"{taker} expects at least a 1-dimensional tensor"
        raise wrong_rank(cx, "RuntimeError", message, taker, x, 1, at_least=True)
    axis = as_int(dim) if dim is not None and given(dim) else 0
    return None if axis is None else axis_in(cx, taker, axis, len(x.shape), x)


@op("split", method=False)
def split_function(cx: Context, tensor: Array, split_size_or_sections: Value, dim: Value | None = None) -> Value:
    """``torch.split`` is written in Python: its parameters have other names than those of the method."""
    return split(cx, tensor, split_size_or_sections, dim)


@op("unsafe_split")
@op("split", function=False)
def split(
    cx: Context, input: Array, split_size_or_sections: Value | None = None, dim: Value | None = None, *,
    split_size: Value | None = None,
) -> Value:  # fmt: skip
    """Parts of one size, the last one shorter; or of the given sizes, which add up to the axis."""
    asked = split_size_or_sections if split_size_or_sections is not None else split_size
    axis = _axis_of(cx, "split", input, dim)
    if asked is not None and (items_of(asked) is not None or isinstance(asked, Sequence)):
        return split_to(cx, input, axis, asked)
    if weak_dtype(asked) == "weak float":
        assert asked is not None
        raise must_be(cx, "split_with_sizes", "split_sizes", 2, "tuple of ints", asked)
    size = size_of(cx, asked)
    if axis is None or input.shape is None or size is None:
        return cx.unknown("the parts of a tensor are not known")
    length = cx.resolve(input.shape[axis])
    if isinstance(size, int) and size < 0:
        message = f"split expects split_size be non-negative, but got split_size={size}"
        raise invalid(cx, "RuntimeError", message, "split_size", size, input)
    if isinstance(size, int) and size == 0:
        if isinstance(length, int) and length:
            message = f"split_size can only be 0 if dimension size is 0, but got dimension size of {length}"
            raise invalid(cx, "RuntimeError", message, "split_size", 0, input)
        return in_parts(cx, input, axis, (length,))
    return every(cx, input, axis, size)


def every(cx: Context, x: Array, axis: int, size: DimLike) -> Value:
    """Parts of one size, the last one shorter."""
    assert x.shape is not None
    length = cx.resolve(x.shape[axis])
    if isinstance(length, int) and isinstance(size, int):
        starts = range(0, length, size) if length else range(1)
        return in_parts(cx, x, axis, [min(size, length - start) for start in starts])
    quotient = cx.resolve(length // size) if not isinstance(size, int) or size else length
    if divides(size, length, cx.facts).is_yes:
        if isinstance(quotient, int) and quotient <= 64:
            return in_parts(cx, x, axis, [size] * quotient)
        return Sequence("tuple", Contents((Run(quotient, resized_axis(cx, x, axis, size)),)))
    # the last part is whatever is left
    part = cx.fresh(lo=1, hi=size)
    return Sequence("tuple", Contents((Run(ceildiv(length, size), resized_axis(cx, x, axis, part)),)))


def split_to(cx: Context, x: Array, axis: int | None, value: Value) -> Value:
    """Parts of the given sizes."""
    lengths = sizes(cx, value)
    if axis is None or x.shape is None or lengths is None:
        return cx.unknown("the parts of a tensor are not known")
    total: DimLike = 0
    for size in lengths:
        if isinstance(size, int) and size < 0:
            message = (
                "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes="
                f"{shown(lengths)}"
            )
            raise invalid(cx, "RuntimeError", message, "split_sizes", shown(lengths), x)
        total = total + size
    length = cx.resolve(x.shape[axis])
    made = in_parts(cx, x, axis, lengths)
    if not cx.equal(total, length):
        from foreshape.faults.split_size import SplitSize

        message = (
            f"split_with_sizes expects split_sizes to sum exactly to {length} (input tensor's size at dimension {axis}), but "
            f"got split_sizes={shown(lengths)}"
        )
        raise SplitSize(
            error(cx, "RuntimeError", message), values=(x,), recover=made, size=length, axis=axis, sections=len(lengths)
        )
    return made


@op("split_with_sizes", "unsafe_split_with_sizes")
def split_with_sizes(
    cx: Context, input: Array, split_sizes: Value, dim: Value | None = None, *, out: Value | None = None
) -> Value:
    """Parts of the given sizes, which add up to the axis."""
    return split_to(cx, input, _axis_of(cx, "split", input, dim), split_sizes)


@op("split_with_sizes_copy", method=False)
def split_with_sizes_copy(
    cx: Context, input: Array, split_sizes: Value, dim: Value | None = None, *, out: Value | None = None
) -> Value:
    """As ``split_with_sizes``, copied."""
    return copied(cx, split_with_sizes(cx, input, split_sizes, dim))


@op("chunk", "unsafe_chunk")
def chunk(cx: Context, input: Array, chunks: Value, dim: Value | None = None) -> Value:
    """As many parts, or fewer, all of one size but for the last one."""
    axis = _axis_of(cx, "chunk", input, dim)
    count = as_int(chunks)
    if count is not None and count <= 0:
        message = f"chunk expects `chunks` to be greater than 0, got: {count}"
        raise invalid(cx, "RuntimeError", message, "chunks", count, input)
    if axis is None or input.shape is None or count is None:
        if count is not None and input.shape is None:
            part = tensor(cx, None, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
            return Sequence("tuple", Contents(tuple(part.replace() for _ in range(count))))
        return cx.unknown("the parts of a tensor are not known")
    length = cx.resolve(input.shape[axis])
    if isinstance(length, int):
        if not length:
            return in_parts(cx, input, axis, [0] * count)
        size = -(-length // count)
        return every(cx, input, axis, size)
    if divides(count, length, cx.facts).is_yes:
        return in_parts(cx, input, axis, [length // count] * count)
    # as everybody expects who takes them apart: enough for all
    cx.at_least(length, count)
    each = ceildiv(length, count)
    return in_parts(cx, input, axis, [*[each] * (count - 1), length - each * (count - 1)])


@op("tensor_split")
def tensor_split(
    cx: Context, input: Array, indices_or_sections: Value | None = None, dim: Value | None = None, *,
    indices: Value | None = None, sections: Value | None = None, tensor_indices_or_sections: Value | None = None,
) -> Value:  # fmt: skip
    """As many parts as equal as can be, or the parts between indices."""
    asked = next(
        (v for v in (indices_or_sections, indices, sections, tensor_indices_or_sections) if v is not None), None
    )
    if input.shape == ():
        message = "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims"
        raise wrong_rank(cx, "RuntimeError", message, "tensor_split", input, 1, at_least=True)
    axis = _axis_of(cx, "tensor_split", input, dim)
    if axis is None or asked is None:
        return cx.unknown("the parts of a tensor are not known")
    if isinstance(asked, Array) and asked.shape:
        if asked.data is None:
            return cx.unknown("the parts of a tensor are not known")
        return between(cx, input, axis, tuple(item for item in asked.data if isinstance(item, int)))
    count = as_int(asked)
    if count is not None:
        if count <= 0:
            message = f"number of sections must be larger than 0, got {count}"
            raise invalid(cx, "RuntimeError", message, "sections", count, input)
        return evenly(cx, input, axis, count)
    places = items_of(asked)
    if places is None:
        return cx.unknown("the parts of a tensor are not known")
    return between(cx, input, axis, tuple(open_item(cx, place) for place in places))


def evenly(cx: Context, x: Array, axis: int, count: int) -> Value:
    """Parts as equal as can be, the longer ones first."""
    assert x.shape is not None
    length = cx.resolve(x.shape[axis])
    if isinstance(length, int):
        least, more = divmod(length, count)
        return in_parts(cx, x, axis, [least + 1] * more + [least] * (count - more))
    if divides(count, length, cx.facts).is_yes:
        return in_parts(cx, x, axis, [length // count] * count)
    return in_parts(cx, x, axis, [ceildiv(length - i, count) for i in range(count)])


def between(cx: Context, x: Array, axis: int, places: Shape) -> Value:
    """Parts between indices, cut like slices."""
    assert x.shape is not None
    edges: list[DimLike | None] = [0, *places, None]
    lengths: list[DimLike] = []
    for start, stop in pairwise(edges):
        found = slice_length(x.shape[axis], start, stop, None, cx.facts)
        lengths.append(cx.fresh(lo=0) if found is None else found)
    return in_parts(cx, x, axis, lengths)


def _named_split(name: str, axis: int, least: int) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, indices_or_sections: Value | None = None, *, indices: Value | None = None,
        sections: Value | None = None,
    ) -> Value:  # fmt: skip
        """Equal parts of one axis, or the parts between indices. RuntimeError where the axis cannot be divided."""
        asked = next((v for v in (indices_or_sections, indices, sections) if v is not None), None)
        if input.shape is None or asked is None:
            return cx.unknown("the parts of a tensor are not known")
        rank = len(input.shape)
        if rank < least:
            message = f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor with {rank} dimensions!"
            raise wrong_rank(cx, "RuntimeError", message, name, input, least, at_least=True)
        place = 0 if name == "hsplit" and rank == 1 else axis
        count = as_int(asked)
        if count is None:
            places = items_of(asked)
            if isinstance(asked, (Const, Typed)) and weak_dtype(asked) != "weak int":
                raise must_be(cx, name, "sections", 2, "int", asked)
            if places is None:
                return cx.unknown("the parts of a tensor are not known")
            return between(cx, input, place, tuple(open_item(cx, one) for one in places))
        length = cx.resolve(input.shape[place])
        if count == 0 or (isinstance(length, int) and length % count):
            from foreshape.faults.split_size import SplitSize

            message = (
                f"torch.{name} attempted to split along dimension {place}, but the size of the dimension {length} is not "
                f"divisible by the split_size {count}!"
            )
            raise SplitSize(
                error(cx, "RuntimeError", message), values=(input,), size=length, axis=place, sections=count
            )
        return evenly(cx, input, place, count)


for _name, _axis, _least in (("hsplit", 1, 1), ("vsplit", 0, 2), ("dsplit", 2, 3)):
    _named_split(_name, _axis, _least)


@op("unbind")
def unbind(cx: Context, input: Array, dim: Value | None = None, *, out: Value | None = None) -> Value:
    """The tensors along an axis."""
    axis = as_int(dim) if dim is not None else 0
    if input.shape is None or axis is None:
        return cx.unknown("the parts of a tensor are not known")
    if not input.shape:
        from foreshape.faults.axis_range import AxisRange

        message = f"Dimension specified as {axis} but tensor has no dimensions"
        raise AxisRange(error(cx, "IndexError", message), values=(input,), taker="unbind", axis=axis, rank=0)
    place = axis_in(cx, "unbind", axis, len(input.shape), input)
    part = without_axis(cx, input, place)
    size = cx.resolve(input.shape[place])
    if isinstance(size, int) and size <= 64:
        return Sequence("tuple", Contents(tuple(part.replace() for _ in range(size))))
    return Sequence("tuple", Contents((Run(size, part),)))


@op("unbind_copy", method=False)
def unbind_copy(cx: Context, input: Array, dim: Value | None = None, *, out: Value | None = None) -> Value:
    """As ``unbind``, copied."""
    return copied(cx, unbind(cx, input, dim))
