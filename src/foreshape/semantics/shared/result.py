"""What a shape formula returns, and what it raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import eq, ge, lower
from foreshape.domain.truth import YES, Condition, Truth, both

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


class Need:
    """One thing that must hold between two sizes for a call to succeed.

    kind: "equal", "broadcast" (equal, or one of them is 1), "at-least" (left >= right), "multiple" (left is a
    multiple of right), "index" (left is an index into right) or "not-one" (left is not 1, so that an axis stays).
    where: which axis or label it speaks of, as the formula says.
    operands: the positions of the two operands that the sizes belong to, where there is more than one.
    """

    __slots__ = ("kind", "left", "operands", "right", "truth", "where")

    def __init__(
        self,
        kind: str,
        left: DimLike,
        right: DimLike,
        truth: Truth,
        where: int | str | None = None,
        operands: tuple[int, int] | None = None,
    ) -> None:
        self.kind = kind
        self.left = left
        self.right = right
        self.truth = truth
        self.where = where
        self.operands = operands

    @property
    def condition(self) -> Condition | None:
        return self.truth.condition

    def __repr__(self) -> str:
        return f"Need({self.kind}, {self.left}, {self.right}, {self.truth!r}, where={self.where!r})"


class Result:
    """The shape that a call gives if it succeeds, and what it needs to succeed (only what is not certain is listed)."""

    __slots__ = ("needs", "shape")

    shape: tuple[DimLike, ...]
    needs: tuple[Need, ...]

    def __init__(self, shape: Iterable[DimLike], needs: Iterable[Need] = ()) -> None:
        self.shape = tuple(shape)
        self.needs = tuple(need for need in needs if not need.truth.is_yes)

    @property
    def ok(self) -> Truth:
        """Whether the call succeeds."""
        truth = YES
        for need in self.needs:
            truth = both(truth, need.truth)
        return truth

    @property
    def failed(self) -> Need | None:
        """The first need that certainly does not hold."""
        return next((need for need in self.needs if need.truth.is_no), None)

    @property
    def open(self) -> tuple[Need, ...]:
        """The needs that are neither certain nor certainly broken."""
        return tuple(need for need in self.needs if need.truth.is_unknown)

    def __repr__(self) -> str:
        return f"Result({self.shape}, {list(self.needs)})"


class ShapeError(Exception):
    """Base of what sizes cannot change."""


class AxisError(ShapeError):
    """An axis outside [-rank, rank)."""

    def __init__(self, axis: int, rank: int) -> None:
        super().__init__(f"axis {axis} of {rank} axes")
        self.axis = axis
        self.rank = rank


class RepeatedAxisError(ShapeError):
    """The same axis given twice."""

    def __init__(self, axis: int) -> None:
        super().__init__(f"axis {axis} twice")
        self.axis = axis


class RankError(ShapeError):
    """A rank that does not fit: `expected` says what would ("at least 1"), `operand` which operand has it."""

    def __init__(self, rank: int, expected: int | str, operand: int = 0) -> None:
        super().__init__(f"rank {rank}, expected {expected}")
        self.rank = rank
        self.expected = expected
        self.operand = operand


class AxesCountError(ShapeError):
    """Another number of axes given than there are, or than the other list has."""

    def __init__(self, given: int, expected: int) -> None:
        super().__init__(f"{given} axes given, {expected} expected")
        self.given = given
        self.expected = expected


class SizeError(ShapeError):
    """A size or count that no call accepts: a negative size, two inferred sizes, zero sections."""

    def __init__(self, reason: str, value: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = value


class SubscriptError(ShapeError):
    """An einsum equation that is wrong in itself. `reason` is one of the words listed in `matmul.einsum`."""

    def __init__(self, reason: str, label: str = "", operand: int = 0) -> None:
        super().__init__(f"{reason} {label}".strip())
        self.reason = reason
        self.label = label
        self.operand = operand


class TooManyIndicesError(ShapeError):
    """More indices than axes."""

    def __init__(self, given: int, rank: int) -> None:
        super().__init__(f"{given} indices for {rank} axes")
        self.given = given
        self.rank = rank


def need_equal(
    left: DimLike,
    right: DimLike,
    facts: Facts | None = None,
    where: int | str | None = None,
    operands: tuple[int, int] | None = None,
) -> Need:
    return Need("equal", left, right, eq(left, right, facts), where, operands)


def need_at_least(left: DimLike, right: DimLike, facts: Facts | None = None, where: int | str | None = None) -> Need:
    return Need("at-least", left, right, ge(left, right, facts), where)


def merged(a: DimLike, b: DimLike, facts: Facts | None = None) -> DimLike:
    """One size for two that are equal if the call succeeds: a known one, else one without nameless parts, else a."""
    if facts is not None:
        a, b = facts.resolve(a), facts.resolve(b)
    if isinstance(a, int):
        return a
    if isinstance(b, int):
        return b
    return b if "?" in str(a) and "?" not in str(b) else a


def known_positive(d: DimLike, facts: Facts | None = None, least: int = 1) -> bool:
    low = lower(d, facts)
    return low is not None and low >= least
