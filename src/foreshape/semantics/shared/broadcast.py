"""Broadcasting: shapes aligned at the right, each pair of sizes equal or one of them 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import dmax, eq
from foreshape.domain.truth import Condition, either
from foreshape.semantics.shared.result import Need, Result, known_positive, merged, need_equal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


def broadcast_shapes(*shapes: Sequence[DimLike], facts: Facts | None = None) -> Result:
    """The common shape. Needs: "broadcast", or "equal" where neither can be 1; `where` counts from the right, -1 last.

    Raises nothing: shapes of any ranks may be combined.
    """
    rank = max((len(shape) for shape in shapes), default=0)
    sizes: list[DimLike] = []
    needs: list[Need] = []
    for axis in range(-rank, 0):
        size: DimLike = 1
        holder = 0
        for position, shape in enumerate(shapes):
            if -axis > len(shape):
                continue
            other = shape[axis] if facts is None else facts.resolve(shape[axis])
            size, need = broadcast_sizes(size, other, facts, axis, (holder, position))
            if need is not None:
                needs.append(need)
            if size is other:
                holder = position
        sizes.append(size)
    return Result(sizes, needs)


def broadcast_sizes(
    a: DimLike,
    b: DimLike,
    facts: Facts | None = None,
    where: int | str | None = None,
    operands: tuple[int, int] | None = None,
) -> tuple[DimLike, Need | None]:
    """The common size of two, and what it needs if that is not certain."""
    if isinstance(a, int) and a == 1:
        return b, None
    if isinstance(b, int) and b == 1:
        return a, None
    same = eq(a, b, facts)
    if same.is_yes:
        return merged(a, b, facts), None
    a_one, b_one = eq(a, 1, facts), eq(b, 1, facts)
    if a_one.is_no and b_one.is_no:
        return merged(a, b, facts), need_equal(a, b, facts, where, operands)
    if a_one.is_yes:
        return b, None
    if b_one.is_yes:
        return a, None
    need = Need("broadcast", a, b, either(same, either(a_one, b_one)), where, operands)
    if a_one.is_no:
        return a, need
    if b_one.is_no:
        return b, need
    # either both are equal or one is 1: the larger one, since neither is 0
    if known_positive(a, facts) and known_positive(b, facts):
        return dmax(a, b), need
    return (b if known_positive(a, facts) else a), need


def broadcast_to(shape: Sequence[DimLike], target: Sequence[DimLike], facts: Facts | None = None) -> Result:
    """`shape` stretched to `target`: only sizes of 1 stretch. Needs `where` counts from the right.

    A `shape` of higher rank than the target never fits: the need is then "equal" of the ranks, `where` "rank".
    """
    if len(shape) > len(target):
        return Result(target, [need_equal(len(shape), len(target), facts, "rank")])
    needs: list[Need] = []
    for axis in range(-len(shape), 0):
        size = shape[axis]
        same = eq(size, target[axis], facts)
        truth = either(same, eq(size, 1, facts))
        needs.append(Need("broadcast", size, target[axis], truth, axis, (0, 1)))
    return Result(target, needs)


def misaligned(shapes: Sequence[Sequence[DimLike]], need: Need, facts: Facts | None = None) -> Condition | None:
    """Rows that meet columns: ``(n,)`` with ``(n, 5)``, where the axis that both have stands in front of another one that
    is of a fixed size. It goes together only where there happen to be 5 rows. The condition under which it does not.
    """
    if need.where != -1 or need.operands is None:
        return None
    short, long = sorted((shapes[position] for position in need.operands), key=len)
    columns = long[-1] if long else 1
    if len(long) != len(short) + 1 or not short or not isinstance(columns, int) or isinstance(short[-1], int):
        return None
    if not all(eq(one, other, facts).is_yes for one, other in zip(short, long)):
        return None
    return need.truth.negate().condition or Condition(f"there are not exactly {columns} of them")
