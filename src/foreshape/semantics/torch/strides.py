"""Strides: which views are possible, and in which order the result of an operation lies in memory."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.compare import eq, ge
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, LibraryRef, Shape, Value, is_none
from foreshape.semantics.torch.support import dense_strides, is_dense, strides_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

Strides = tuple[DimLike, ...]


def formatted(cx: Context, x: Array, memory_format: Value | None) -> Array:
    """The tensor laid out as asked for: ``torch.channels_last``."""
    if memory_format is None or not isinstance(memory_format, LibraryRef):
        return x if memory_format is None or is_none(memory_format) else with_strides(x, None)
    name = memory_format.name.rpartition(".")[2]
    if name == "preserve_format":
        return x
    rank = {"channels_last": 4, "channels_last_3d": 5}.get(name)
    if name == "contiguous_format" or rank is None or x.shape is None:
        return with_strides(x, "contiguous" if name == "contiguous_format" else None)
    if len(x.shape) != rank:
        from foreshape.semantics.torch.support import wrong_rank

        message = f"required rank {rank} tensor to use {name} format"
        raise wrong_rank(cx, "RuntimeError", message, name, x, rank, recover=x)
    order = (0, *range(2, rank), 1)
    dense = dense_strides(tuple(x.shape[axis] for axis in order))
    strides: list[DimLike] = [0] * rank
    for axis, step in zip(order, dense):
        strides[axis] = step
    return with_strides(x, tuple(strides))


def with_strides(x: Array, strides: Strides | str | None) -> Array:
    """The same tensor with other strides."""
    meta = {key: value for key, value in x.meta.items() if key != "strides"}
    if strides is None:
        meta["strides"] = None
    elif isinstance(strides, tuple) and x.shape is not None and not is_dense(strides, x.shape):
        meta["strides"] = strides
    return x.replace(meta=meta)


class NoViewError(Exception):
    """The strides do not allow the view."""


def is_permuted_dense(x: Array) -> bool:
    """Whether a tensor fills its memory without holes or overlap, in some order of its axes (as far as is certain)."""
    strides = strides_of(x)
    if strides is None or x.shape is None:
        return False
    left = [(size, stride) for size, stride in zip(x.shape, strides) if size != 1]
    expected: DimLike = 1
    while left:
        place = next((i for i, (_, stride) in enumerate(left) if stride == expected), None)
        if place is None:
            return False
        expected = expected * left.pop(place)[0]
    return True


def view_strides(cx: Context, shape: Shape, strides: Strides, target: Shape) -> Strides | None:
    """The strides of a view with the target's shape (``computeStride`` of ATen); None where that is not known.

    Raises NoViewError where there certainly is none.
    """
    shape = tuple(cx.resolve(size) for size in shape)
    target = tuple(cx.resolve(size) for size in target)
    if any(isinstance(size, int) and size == 0 for size in shape):
        return dense_strides(target)
    pairs = [(size, stride) for size, stride in zip(shape, strides) if not (isinstance(size, int) and size == 1)]
    made: list[DimLike] = [0] * len(target)
    view_d = len(target) - 1
    place = len(pairs) - 1
    if place < 0:
        return tuple(1 for _ in target)
    while place >= 0:
        # a chunk of axes that lie in memory as one
        chunk_base = pairs[place][1]
        numel: DimLike = pairs[place][0]
        uncertain = False
        while place > 0:
            joined = eq(pairs[place - 1][1], pairs[place][0] * pairs[place][1], cx.facts)
            if joined.is_unknown:
                uncertain = True
            if not joined.is_yes:
                break
            place -= 1
            numel = numel * pairs[place][0]
        place -= 1
        viewed: DimLike = 1
        while view_d >= 0:
            one = isinstance(target[view_d], int) and target[view_d] == 1
            full = eq(viewed, numel, cx.facts)
            if full.is_yes and not one:
                break
            if full.is_unknown and not ge(numel, viewed * target[view_d], cx.facts).is_yes:
                step = eq(viewed * target[view_d], numel, cx.facts)
                if not step.is_yes:
                    return None
            made[view_d] = viewed * chunk_base
            viewed = viewed * target[view_d]
            view_d -= 1
            over = ge(numel, viewed, cx.facts)
            if over.is_no:
                break
        same = eq(viewed, numel, cx.facts)
        if same.is_yes:
            continue
        if uncertain or same.is_unknown:
            return None
        raise NoViewError
    return tuple(made) if view_d < 0 else None


def result_strides(cx: Context, shape: Shape | None, operands: SequenceOf[Array]) -> Strides | str | None:
    """The strides of the result of an elementwise operation (``TensorIterator``); "contiguous", or None where not known."""
    if shape is None:
        return "contiguous"
    ranked = [one for one in operands if one.shape is not None and one.shape]
    if not any("strides" in one.meta for one in ranked):
        if all(one.shape == shape for one in ranked) or len(shape) < 2:
            return "contiguous"
    elif all(one.shape == shape for one in ranked):
        first = ranked[0].meta.get("strides")
        if (
            first is not None
            and all(one.meta.get("strides") == first for one in ranked)
            and is_permuted_dense(ranked[0])
        ):
            found: Strides = first
            return found
    return _by_order(cx, shape, ranked)


def _by_order(cx: Context, shape: Shape, operands: SequenceOf[Array]) -> Strides | str | None:
    rank = len(shape)
    table: list[list[DimLike]] = []
    for one in operands:
        strides = strides_of(one)
        if strides is None or one.shape is None:
            return None
        missing = rank - len(one.shape)
        row: list[DimLike] = [0] * missing
        for axis, (size, stride) in enumerate(zip(one.shape, strides)):
            stretched = isinstance(size, int) and size == 1 and not _is_one(shape[axis + missing])
            row.append(0 if stretched else stride)
        table.append(row)
    order = list(range(rank - 1, -1, -1))
    for i in range(1, rank):
        moving = i
        for place in range(i - 1, -1, -1):
            swap = _should_swap(cx, shape, table, order[place], order[moving])
            if swap is None:
                return None
            if swap > 0:
                order[place], order[moving] = order[moving], order[place]
                moving = place
            elif swap < 0:
                break
    if order == list(range(rank - 1, -1, -1)):
        return "contiguous"
    made: list[DimLike] = [0] * rank
    step: DimLike = 1
    for axis in order:
        made[axis] = step
        step = step * shape[axis]
    return tuple(made)


def _is_one(size: DimLike) -> bool:
    return isinstance(size, int) and size == 1


def _should_swap(cx: Context, shape: Shape, table: list[list[DimLike]], a: int, b: int) -> int | None:
    """-1 where axis a lies further inside than b, 1 the other way round, 0 for no preference; None where not known."""
    for row in table:
        first, second = row[a], row[b]
        if (isinstance(first, int) and first == 0) or (isinstance(second, int) and second == 0):
            continue
        same = eq(first, second, cx.facts)
        if same.is_yes:
            if ge(shape[b], shape[a], cx.facts).is_yes:
                continue
            larger = ge(shape[a], shape[b] + 1, cx.facts)
            if larger.is_yes:
                return 1
            return None
        if ge(second, first, cx.facts).is_yes:
            # equal only where a size is 1, and then the order does not matter to anybody
            return -1
        if ge(first, second, cx.facts).is_yes:
            return 1
        return None
    return 0
