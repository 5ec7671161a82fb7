"""Products: matmul with its batch rules, dot, inner, outer, tensordot, einsum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import eq
from foreshape.semantics.shared.broadcast import broadcast_shapes, broadcast_sizes
from foreshape.semantics.shared.reshape import normalize_axes
from foreshape.semantics.shared.result import (
    AxesCountError,
    Need,
    RankError,
    Result,
    SubscriptError,
    merged,
    need_equal,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


def matmul(a: Sequence[DimLike], b: Sequence[DimLike], facts: Facts | None = None) -> Result:
    """a @ b: the last axis of a against the last but one of b, the axes before broadcast; rank 1 is a vector.

    The need of the contracted axis has `where` "inner"; those of batch axes count from the right of the batch axes.
    Raises RankError for rank 0.
    """
    for position, shape in enumerate((a, b)):
        if len(shape) == 0:
            raise RankError(0, "at least 1", position)
    inner_b = b[-2] if len(b) > 1 else b[0]
    needs = [need_equal(a[-1], inner_b, facts, "inner", (0, 1))]
    batch = broadcast_shapes(a[:-2], b[:-2], facts=facts)
    shape = list(batch.shape)
    if len(a) > 1:
        shape.append(a[-2])
    if len(b) > 1:
        shape.append(b[-1])
    return Result(shape, [*needs, *batch.needs])


def dot(a: Sequence[DimLike], b: Sequence[DimLike], facts: Facts | None = None) -> Result:
    """numpy-style dot: rank 0 multiplies; otherwise the last axis of a with the last but one of b, no broadcasting."""
    if len(a) == 0 or len(b) == 0:
        return Result((*a, *b))
    inner_b = b[-2] if len(b) > 1 else b[0]
    rest_b = (*b[:-2], b[-1]) if len(b) > 1 else ()
    return Result((*a[:-1], *rest_b), [need_equal(a[-1], inner_b, facts, "inner", (0, 1))])


def inner(a: Sequence[DimLike], b: Sequence[DimLike], facts: Facts | None = None) -> Result:
    """The last axis of both contracted; rank 0 multiplies."""
    if len(a) == 0 or len(b) == 0:
        return Result((*a, *b))
    return Result((*a[:-1], *b[:-1]), [need_equal(a[-1], b[-1], facts, "inner", (0, 1))])


def tensordot(
    a: Sequence[DimLike],
    b: Sequence[DimLike],
    axes: int | tuple[Sequence[int], Sequence[int]] = 2,
    facts: Facts | None = None,
) -> Result:
    """The axes of a against those of b contracted, the remaining axes of a then of b.

    An int contracts the last axes of a with the first of b. Needs have `where` = the axis of a.
    Raises AxesCountError (lists of different length, or more axes than the rank), AxisError, RepeatedAxisError.
    """
    if isinstance(axes, int):
        if axes > min(len(a), len(b)):
            raise AxesCountError(axes, min(len(a), len(b)))
        axes_a = list(range(len(a) - axes, len(a)))
        axes_b = list(range(axes))
    else:
        if len(axes[0]) != len(axes[1]):
            raise AxesCountError(len(axes[0]), len(axes[1]))
        axes_a = list(normalize_axes(axes[0], len(a)))
        axes_b = list(normalize_axes(axes[1], len(b)))
    needs = [need_equal(a[i], b[j], facts, i, (0, 1)) for i, j in zip(axes_a, axes_b, strict=True)]
    rest_a = [size for i, size in enumerate(a) if i not in axes_a]
    rest_b = [size for i, size in enumerate(b) if i not in axes_b]
    return Result((*rest_a, *rest_b), needs)


class Subscripts:
    """A parsed equation: the labels of each operand and of the output; "..." stands for the broadcast axes."""

    __slots__ = ("inputs", "output")

    def __init__(self, inputs: list[list[str]], output: list[str]) -> None:
        self.inputs = inputs
        self.output = output


def parse_einsum(equation: str) -> Subscripts:
    """Raises SubscriptError: "bad-character", "bad-ellipsis", "bad-arrow", "repeated-output", "unknown-output"."""
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    if "->" in right or (("-" in text or ">" in text) and not arrow):
        raise SubscriptError("bad-arrow")
    inputs = [_labels(part) for part in left.split(",")]
    if arrow:
        output = _labels(right)
    else:
        counts: dict[str, int] = {}
        for labels in inputs:
            for label in labels:
                counts[label] = counts.get(label, 0) + 1
        output = sorted(label for label, count in counts.items() if count == 1 and label != "...")
        if "..." in counts:
            output.insert(0, "...")
    known = {label for labels in inputs for label in labels}
    for label in output:
        if output.count(label) > 1:
            raise SubscriptError("repeated-output", label)
        if label not in known and label != "...":
            raise SubscriptError("unknown-output", label)
    return Subscripts(inputs, output)


def _labels(part: str) -> list[str]:
    labels: list[str] = []
    i = 0
    while i < len(part):
        if part[i] == ".":
            if part[i : i + 3] != "..." or "..." in labels:
                raise SubscriptError("bad-ellipsis")
            labels.append("...")
            i += 3
            continue
        if not (part[i].isalpha() and part[i].isascii()):
            raise SubscriptError("bad-character", part[i])
        labels.append(part[i])
        i += 1
    return labels


def einsum(
    equation: str,
    shapes: Sequence[Sequence[DimLike]],
    facts: Facts | None = None,
    *,
    ones_broadcast: bool = True,
    sums_ellipsis: bool = False,
) -> Result:
    """The shape of an einsum.

    ones_broadcast: a size of 1 fits any size of the same label in another operand.
    sums_ellipsis: the axes of "..." are summed where the output does not name them, instead of being refused.
    Needs have `where` = the label ("..." for broadcast axes).
    Raises SubscriptError (reasons of `parse_einsum`, "operand-count", "too-few-labels", "too-many-labels",
    "ellipsis-not-in-output").
    """
    parsed = parse_einsum(equation)
    if len(parsed.inputs) != len(shapes):
        raise SubscriptError("operand-count", str(len(parsed.inputs)))
    sizes: dict[str, DimLike] = {}
    holders: dict[str, int] = {}
    needs: list[Need] = []
    rests: list[tuple[DimLike, ...]] = []
    for position, (labels, shape) in enumerate(zip(parsed.inputs, shapes, strict=True)):
        axes, rest = _axes_of(labels, tuple(shape), position)
        rests.append(rest)
        own: dict[str, DimLike] = {}
        for label, size in axes:
            if label in own:
                needs.append(need_equal(own[label], size, facts, label, (position, position)))
                size = merged(own[label], size, facts)
            own[label] = size
        for label, size in own.items():
            if label not in sizes:
                sizes[label], holders[label] = size, position
                continue
            pair = (holders[label], position)
            if ones_broadcast:
                sizes[label], need = broadcast_sizes(sizes[label], size, facts, label, pair)
                needs.extend([need] if need is not None else [])
            else:
                needs.append(need_equal(sizes[label], size, facts, label, pair))
                sizes[label] = merged(sizes[label], size, facts)
    ellipsis = broadcast_shapes(*rests, facts=facts)
    for need in ellipsis.needs:
        needs.append(Need(need.kind, need.left, need.right, need.truth, "...", need.operands))
    if ellipsis.shape and "..." not in parsed.output and not sums_ellipsis:
        raise SubscriptError("ellipsis-not-in-output")
    shape_out: list[DimLike] = []
    for label in parsed.output:
        shape_out.extend(ellipsis.shape if label == "..." else (sizes[label],))
    return Result(shape_out, needs)


def _axes_of(
    labels: list[str], shape: tuple[DimLike, ...], position: int
) -> tuple[list[tuple[str, DimLike]], tuple[DimLike, ...]]:
    """Each label with its size, and the sizes that "..." stands for."""
    named = [label for label in labels if label != "..."]
    extra = len(shape) - len(named)
    if extra < 0:
        raise SubscriptError("too-many-labels", operand=position)
    if extra > 0 and "..." not in labels:
        raise SubscriptError("too-few-labels", operand=position)
    axes: list[tuple[str, DimLike]] = []
    rest: tuple[DimLike, ...] = ()
    i = 0
    for label in labels:
        if label == "...":
            rest = shape[i : i + extra]
            i += extra
        else:
            axes.append((label, shape[i]))
            i += 1
    return axes, rest


def outer(a: Sequence[DimLike], b: Sequence[DimLike]) -> Result:
    """Both flattened, one axis each."""
    from foreshape.domain.dim import product

    return Result((product(a), product(b)))


def cross(a: Sequence[DimLike], b: Sequence[DimLike], facts: Facts | None = None) -> Result:
    """Cross product along the last axes, which are 2 or 3 long; two of 2 give no last axis."""
    batch = broadcast_shapes(a[:-1], b[:-1], facts=facts)
    if eq(a[-1], 2, facts).is_yes and eq(b[-1], 2, facts).is_yes:
        return batch
    needs = [need_equal(size, 3, facts, "last") for size in (a[-1], b[-1]) if not eq(size, 2, facts).is_yes]
    return Result((*batch.shape, 3), [*batch.needs, *needs])
