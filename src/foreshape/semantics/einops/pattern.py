"""The patterns of einops, and what they do to sizes. Follows ``einops/parsing.py`` and ``einops/einops.py`` (0.8).

An expression is a list of groups, one per axis; a group is a list of names (and numbers); ``...`` stands for any number of
axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, floordiv

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

ELLIPSIS: Final = "…"
REDUCTIONS: Final = ("min", "max", "sum", "mean", "prod", "any", "all")


class PatternError(Exception):
    """The pattern is wrong, or does not fit. ``text`` is what einops says; shape: what did not fit was a size; rank: how
    many axes were expected, where their number was wrong."""

    def __init__(self, text: str, kind: str = "EinopsError", sizes: bool = False, rank: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind
        self.sizes = sizes
        self.rank = rank
        self.target: Shape | None = None
        """What the input would have to be opened to, -1 where its size is not given."""


class Number:
    """An axis that is only a size."""

    __slots__ = ("value",)

    def __init__(self, text: str) -> None:
        self.value = int(text)
        if self.value < 1:
            raise PatternError(f"Anonymous axis should have positive length, not {self.value}")

    def __repr__(self) -> str:
        return f"{self.value}-axis"


Axis = str | Number


def set_text(names: object) -> str:
    """A set of names as Python prints it."""
    found = sorted(names, key=str) if isinstance(names, (set, frozenset)) else []
    return "{" + ", ".join(repr(name) for name in found) + "}"


def name_problem(name: str, underscore: bool) -> str | None:
    """Why a word is no name of an axis."""
    if not name.isidentifier():
        return "not a valid python identifier"
    if name[0] == "_" or name[-1] == "_":
        if name == "_" and underscore:
            return None
        return "axis name should should not start or end with underscore"
    return None


class Expression:
    """One side of a pattern."""

    def __init__(self, text: str, underscore: bool = False) -> None:
        self.groups: list[list[Axis] | str] = []
        self.names: set[Axis] = set()
        self.ellipsis = False
        self.ellipsis_inside = False
        self.numbers = False
        self._underscore = underscore
        if "." in text:
            if "..." not in text:
                raise PatternError("Expression may contain dots only inside ellipsis (...)")
            if text.count("...") != 1 or text.count(".") != 3:
                message = "Expression may contain dots only inside ellipsis (...); only one ellipsis for tensor "
                raise PatternError(message)
            text = text.replace("...", ELLIPSIS)
            self.ellipsis = True
        self._read(text)

    def _read(self, text: str) -> None:
        group: list[Axis] | None = None
        word = ""
        for char in text:
            if char in "() ":
                if word:
                    self._add(word, group)
                word = ""
                if char == "(":
                    if group is not None:
                        raise PatternError("Axis composition is one-level (brackets inside brackets not allowed)")
                    group = []
                elif char == ")":
                    if group is None:
                        raise PatternError("Brackets are not balanced")
                    self.groups.append(group)
                    group = None
            elif char.isalnum() or char in ("_", ELLIPSIS):
                word += char
            else:
                raise PatternError(f"Unknown character '{char}'")
        if group is not None:
            shown = text
            raise PatternError(f'Imbalanced parentheses in expression: "{shown}"')
        if word:
            self._add(word, group)

    def _add(self, word: str, group: list[Axis] | None) -> None:
        if word in self.names and not (self._underscore and word == "_"):
            raise PatternError(f'Indexing expression contains duplicate dimension "{word}"')
        if word == ELLIPSIS:
            self.names.add(word)
            if group is None:
                self.groups.append(ELLIPSIS)
            else:
                group.append(ELLIPSIS)
                self.ellipsis_inside = True
            return
        if word.isdecimal() and int(word) == 1:
            if group is None:
                self.groups.append([])
            return
        problem = None if word.isdecimal() else name_problem(word, self._underscore)
        if problem is not None:
            raise PatternError(f"Invalid axis identifier: {word}\n{problem}")
        axis: Axis = Number(word) if word.isdecimal() else word
        self.numbers = self.numbers or isinstance(axis, Number)
        self.names.add(axis)
        if group is None:
            self.groups.append([axis])
        else:
            group.append(axis)


class Recipe:
    """What a pattern does to a tensor of so many axes."""

    __slots__ = ("left", "reduced", "right", "sizes")

    def __init__(self, left: list[list[Axis]], right: list[list[Axis]], sizes: dict[Axis, DimLike]) -> None:
        self.left = left
        self.right = right
        self.sizes = sizes
        kept = {axis for group in right for axis in group}
        self.reduced: list[Axis] = [axis for group in left for axis in group if axis not in kept]

    @property
    def shape(self) -> Shape:
        """The shape of the result."""
        return tuple(self._product(group) for group in self.right)

    def _product(self, group: list[Axis]) -> DimLike:
        found: DimLike = 1
        for axis in group:
            found = found * self.sizes[axis]
        return found

    @property
    def opened(self) -> Shape:
        """The shape with every group of the input opened."""
        return tuple(self.sizes[axis] for group in self.left for axis in group)

    @property
    def order(self) -> list[int]:
        """Where each axis of the opened input goes: those that stay in their new order, then those that are reduced."""
        opened = [axis for group in self.left for axis in group]
        kept = [axis for group in self.right for axis in group if axis in opened]
        return [opened.index(axis) for axis in (*kept, *self.reduced)]

    @property
    def added(self) -> list[tuple[int, DimLike]]:
        """The places and sizes of new axes, among the opened axes of the output."""
        opened = [axis for group in self.left for axis in group]
        flat = [axis for group in self.right for axis in group]
        return [(place, self.sizes[axis]) for place, axis in enumerate(flat) if axis not in opened]


def sides(pattern: str) -> tuple[Expression, Expression]:
    """Both sides of a pattern."""
    parts = pattern.split("->")
    if len(parts) < 2:
        raise PatternError("not enough values to unpack (expected 2, got 1)", kind="ValueError")
    if len(parts) > 2:
        raise PatternError("too many values to unpack (expected 2)", kind="ValueError")
    return Expression(parts[0]), Expression(parts[1])


def check(pattern: str, operation: str, given: tuple[str, ...]) -> tuple[Expression, Expression]:
    """Parse a pattern and hold it against what the operation allows."""
    left, right = sides(pattern)
    if not left.ellipsis and right.ellipsis:
        raise PatternError(f"Ellipsis found in right side, but not left side of a pattern {pattern}")
    if left.ellipsis and left.ellipsis_inside:
        raise PatternError(f"Ellipsis inside parenthesis in the left side is not allowed: {pattern}")
    if operation == "rearrange":
        if left.numbers or right.numbers:
            raise PatternError("Non-unitary anonymous axes are not supported in rearrange (exception is length 1)")
        odd = left.names ^ right.names
        if odd:
            raise PatternError(f"Identifiers only on one side of expression (should be on both): {set_text(odd)}")
    elif operation == "repeat":
        odd = left.names - right.names
        if odd:
            raise PatternError(f"Unexpected identifiers on the left side of repeat: {set_text(odd)}")
        missing = {axis for axis in right.names if not isinstance(axis, Number)} - {*left.names, *given}
        if missing:
            raise PatternError(f"Specify sizes for new axes in repeat: {set_text(missing)}")
    elif operation in REDUCTIONS or operation == "":
        odd = right.names - left.names
        if odd:
            raise PatternError(f"Unexpected identifiers on the right side of reduce {operation}: {set_text(odd)}")
    else:
        raise PatternError(f"Unknown reduction {operation}. Expect one of {REDUCTIONS}.")
    return left, right


def check_names(left: Expression, right: Expression, given: tuple[str, ...]) -> None:
    """Every size that is given is for an axis of the pattern, and tells enough."""
    known: set[Axis] = {*left.names, *right.names}
    for name in given:
        if name_problem(name, False) is not None:
            raise PatternError(str(("Invalid name for an axis", name)))
        if name not in known:
            raise PatternError(f"Axis {name} is not used in transform")
    for group in left.groups:
        if isinstance(group, str):
            continue
        unknown = {axis for axis in group if isinstance(axis, str) and axis not in given and axis != ELLIPSIS}
        if len(unknown) > 1:
            raise PatternError(f"Could not infer sizes for {set_text(unknown)}")


def expanded(expression: Expression, count: int) -> list[list[Axis]]:
    """The groups with ``...`` written out as so many axes."""
    found: list[list[Axis]] = []
    names: list[Axis] = [f"{ELLIPSIS}{number}" for number in range(count)]
    for group in expression.groups:
        if isinstance(group, str):
            found.extend([name] for name in names)
        else:
            found.append([part for axis in group for part in (names if axis == ELLIPSIS else [axis])])
    return found


def recipe(cx: Context, pattern: str, operation: str, shape: Shape, lengths: Mapping[str, DimLike | None]) -> Recipe:
    """What a pattern does to a shape. Raises PatternError."""
    given = tuple(lengths)
    left, right = check(pattern, operation, given)
    count = 0
    rank = len(shape)
    if left.ellipsis:
        others = len(left.groups) - 1
        if rank < others:
            message = f"Wrong shape: expected >={others} dims. Received {rank}-dim tensor."
            raise PatternError(message, rank=others)
        count = rank - others
    elif rank != len(left.groups):
        message = f"Wrong shape: expected {len(left.groups)} dims. Received {rank}-dim tensor."
        raise PatternError(message, rank=len(left.groups))
    check_names(left, right, given)
    groups = expanded(left, count)
    sizes: dict[Axis, DimLike] = {}
    for axis in (*(axis for group in groups for axis in group), *right.names):
        if isinstance(axis, Number):
            sizes[axis] = axis.value
        elif axis in lengths:
            length = lengths[axis]
            sizes[axis] = cx.fresh(axis) if length is None else cx.resolve(length)
    for group, size in zip(groups, shape):
        try:
            _infer(cx, group, cx.resolve(size), sizes)
        except PatternError as problem:
            problem.target = _opened(groups, group, shape, sizes)
            raise
    return Recipe(groups, expanded(right, count), sizes)


def _opened(groups: list[list[Axis]], failing: list[Axis], shape: Shape, sizes: dict[Axis, DimLike]) -> Shape:
    found: list[DimLike] = []
    for group, size in zip(groups, shape):
        found.extend(sizes.get(axis, -1) for axis in group) if group is failing else found.append(size)
    return tuple(found)


def _infer(cx: Context, group: list[Axis], size: DimLike, sizes: dict[Axis, DimLike]) -> None:
    known: DimLike = 1
    open_axis: Axis | None = None
    for axis in group:
        if axis in sizes:
            known = known * sizes[axis]
        else:
            open_axis = axis
    if open_axis is None:
        if not cx.equal(size, known):
            raise PatternError(f"Shape mismatch, {size} != {known}", sizes=True)
        return
    if known == 1:
        sizes[open_axis] = size
        return
    if known == 0:
        sizes[open_axis] = cx.fresh(str(open_axis))
        return
    part = floordiv(size, known)
    if not cx.equal(part * known, size):
        raise PatternError(f"Shape mismatch, can't divide axis of length {size} in chunks of {known}", sizes=True)
    sizes[open_axis] = cx.resolve(part)
