"""The state of a summarised loop: how counters, lists, shapes and modules look before any of its steps."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from foreshape.domain import compare as compare_dims
from foreshape.domain.contents import Contents, Run, substitute_value
from foreshape.domain.dim import Dim, DimLike, Var, of_atom, var, variables
from foreshape.domain.facts import Facts
from foreshape.domain.join import alike, join, same, scalar_kind, somewhere, widen
from foreshape.domain.trail import MISSING, Changes, Fields
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    Int,
    Mutable,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    int_value,
)

Cell = tuple[int, Hashable]

MOST_TERMS: Final = 16
"""Of how many elements a step adds. Loops in each other multiply them; beyond this they tell nothing."""


class Pattern:
    """What every step adds to a list. ``initial`` is what it held before the loop, ``per_step`` how many elements a
    step adds (None where that varies), ``element`` what they look like, as a function of ``index``."""

    __slots__ = ("element", "first", "index", "initial", "per_step", "single")

    def __init__(self, initial: Contents, first: tuple[Any, ...], per_step: DimLike | None) -> None:
        self.initial = initial
        self.first = first
        self.per_step = None if isinstance(per_step, Dim) and len(per_step.terms) > MOST_TERMS else per_step
        self.element: Value = widen([somewhere(s) for s in first]) if first else Unknown("")
        self.index: Var | None = None
        self.single = False

    def at(self, steps: DimLike) -> Contents:
        """The list before step number ``steps``."""
        if self.per_step is None:
            added: DimLike = var(None, 0)
        else:
            added = self.per_step * steps
        if isinstance(added, int) and added == len(self.first):
            return Contents((*self.initial.segments, *self.first))
        return Contents((*self.initial.segments, Run(added, self.element, self.index)))

    def folded(self, now: Contents, count: DimLike) -> Contents:
        """The list after the loop. The last step's own element stays apart only where it differs from the pattern."""
        if self.per_step is None or self.per_step != 1:
            return now
        kept = len(self.initial.segments)
        tail = now.segments[kept:]
        if len(tail) != 2 or not isinstance(tail[0], Run) or isinstance(tail[1], Run):
            return now
        expected = self.element
        if self.index is not None:
            expected = substitute_value(self.element, {self.index: count - 1})
        if alike(expected, tail[1]):
            return Contents((*now.segments[:kept], Run(count, self.element, self.index)))
        return now


class Start:
    """How the state looks before step ``i``, from what the first step changed."""

    def __init__(self, before: Changes, after: Changes) -> None:
        self.fields: dict[Cell, Fields] = {cell: fields for cell, (fields, _) in before.items()}
        self.initial: dict[Cell, Any] = {cell: value for cell, (_, value) in before.items()}
        self.first: dict[Cell, Any] = {cell: value for cell, (_, value) in after.items()}
        self.linear: dict[Cell, DimLike] = {}
        self.shapes: dict[Cell, tuple[DimLike, ...]] = {}
        self.lists: dict[Cell, Pattern] = {}
        self.other: dict[Cell, Any] = {}
        self.children: dict[Cell, list[Value]] = {}
        """What the step in the middle appended to a container of modules."""
        for cell, now in self.first.items():
            if not isinstance(now, Facts):
                self._classify(cell, self.initial[cell], now)

    def _classify(self, cell: Cell, was: Any, now: Any) -> None:
        a = as_dim(was) if isinstance(was, (Int, Const)) else None
        b = as_dim(now) if isinstance(now, (Int, Const)) else None
        if a is not None and b is not None and not isinstance(getattr(now, "value", None), bool):
            self.linear[cell] = b - a
        elif isinstance(was, Contents) and isinstance(now, Contents) and _begins(now, was):
            added = now.segments[len(was.segments) :]
            self.lists[cell] = Pattern(was, added, Contents(added).length)
        elif isinstance(was, Array) and isinstance(now, Array) and _grows(was, now):
            assert was.shape is not None and now.shape is not None
            self.shapes[cell] = tuple(y - x for x, y in zip(was.shape, now.shape))
        else:
            self.other[cell] = now

    def state_at(self, step: DimLike) -> list[tuple[Fields, Hashable, Any]]:
        """The cells as they are before a step (0 is the first)."""
        found: list[tuple[Fields, Hashable, Any]] = []
        for cell, delta in self.linear.items():
            base = as_dim(self.initial[cell])
            assert base is not None
            value: Value = int_value(base + delta * step)
            value.origin = self.first[cell].origin
            found.append((self.fields[cell], cell[1], value))
        for cell, deltas in self.shapes.items():
            base_array: Array = self.initial[cell]
            assert base_array.shape is not None
            shape = tuple(dim + delta * step for dim, delta in zip(base_array.shape, deltas))
            grown: Array = self.first[cell].replace(shape=shape, origin=self.first[cell].origin)
            found.append((self.fields[cell], cell[1], grown))
        found.extend((self.fields[cell], cell[1], pattern.at(step)) for cell, pattern in self.lists.items())
        found.extend((self.fields[cell], cell[1], value) for cell, value in self.other.items())
        return found

    def correct(self, grown: Changes, step: Dim, index: Var) -> None:
        """Compare with what a step in the middle did: what does not move as the first step said is widened."""
        for cell, (fields, value) in grown.items():
            if isinstance(value, Facts):
                continue
            if cell not in self.fields:
                self.fields[cell] = fields
                self.initial[cell] = fields.get(cell[1], MISSING)
                self._learn_late(cell, self.initial[cell], value)
                continue
            if cell in self.linear:
                base = as_dim(self.initial[cell])
                assert base is not None
                expected = int_value(base + self.linear[cell] * (step + 1))
                if not same(value, expected):
                    del self.linear[cell]
                    self.other[cell] = (
                        Int(var(None, 0)) if as_dim(value) is not None else widen([value, self.first[cell]])
                    )
            elif cell in self.shapes:
                self._correct_shape(cell, value, step)
            elif cell in self.lists:
                self._correct_list(cell, value, step)
            elif not same(value, self.other[cell]):
                self._correct_other(cell, value, index)

    def _learn_late(self, cell: Cell, was: Any, now: Any) -> None:
        """A cell that the first step left alone: how often a step changes it is not known."""
        self.first[cell] = now
        if isinstance(was, Contents) and isinstance(now, Contents) and _begins(now, was):
            self.lists[cell] = Pattern(was, now.segments[len(was.segments) :], None)
            return
        options = list(now.values) if isinstance(now, Choice) else [now]
        base, sizes = as_dim(was) if isinstance(was, Value) else None, [as_dim(option) for option in options]
        if base is not None and all(size is not None for size in sizes):
            grows = isinstance(base, int) and all(isinstance(size, int) and size >= base for size in sizes)
            self.other[cell] = Int(var(None, base)) if grows else Typed("int")
        elif isinstance(was, Value) and scalar_kind(was) == "float" and isinstance(now, Value):
            self.other[cell] = Typed("float")
        else:
            self.other[cell] = now

    def _correct_shape(self, cell: Cell, value: Any, step: Dim) -> None:
        base: Array = self.initial[cell]
        assert base.shape is not None
        expected = tuple(dim + delta * (step + 1) for dim, delta in zip(base.shape, self.shapes[cell]))
        if not isinstance(value, Array) or value.shape != expected:
            del self.shapes[cell]
            self.other[cell] = widen([self.first[cell], value]) if isinstance(value, Value) else self.first[cell]

    def _correct_list(self, cell: Cell, value: Any, step: Dim) -> None:
        pattern = self.lists[cell]
        before = pattern.at(step)
        if not isinstance(value, Contents) or not _begins_alike(value, before):
            pattern.per_step = None
            return
        added = Contents(value.segments[len(before.segments) :]).length
        if pattern.per_step is None or not compare_dims.eq(added, pattern.per_step).is_yes:
            pattern.per_step = None

    def _correct_other(self, cell: Cell, value: Any, index: Var) -> None:
        first = self.other[cell]
        if isinstance(first, Facts) or not isinstance(first, Value) or not isinstance(value, Value):
            if isinstance(first, Contents) and isinstance(value, Contents) and not alike(first, value):
                self.other[cell] = join(first, value)
            return
        if alike(first, value) and not isinstance(first, Array):
            return
        sequences = isinstance(first, Sequence) and isinstance(value, Sequence)
        if (isinstance(first, Mutable) or isinstance(value, Mutable)) and not sequences:
            return
        moved = substitute_value(value, {index: of_atom(index) - 1})
        if alike(substitute_value(value, {index: 0}), first):
            self.other[cell] = moved
            return
        self.other[cell] = widen([first, value])

    def learn_elements(self, added: Changes, step: Dim, index: Var) -> None:
        """What the middle step added to the lists is what every step adds."""
        for cell, pattern in self.lists.items():
            value = added[cell][1] if cell in added else None
            if not isinstance(value, Contents):
                continue
            before = len(pattern.initial.segments) + 1
            new = value.segments[before:]
            elements = [s.element if isinstance(s, Run) else s for s in new]
            if len(elements) == 1 and pattern.per_step == 1:
                first = pattern.first[0] if pattern.first else None
                zero = substitute_value(elements[0], {index: 0})
                if first is not None and not isinstance(first, Run) and alike(zero, first):
                    pattern.element, pattern.index, pattern.single = elements[0], index, True
                    continue
            known = [somewhere(s) for s in pattern.first]
            elements = [somewhere(s) for s in new]
            pattern.element = widen([*known, *elements]) if known or elements else Unknown("")
            pattern.index = None
            if index in _mentioned(pattern.element):
                if pattern.per_step == 1:
                    pattern.index = index
                else:
                    # places in the list are not steps: which step an element is from is left open
                    some_step = var(index.name, 0, index.hi, varying=True)
                    pattern.element = substitute_value(pattern.element, {index: some_step})

    def learn_children(self, added: Changes) -> None:
        """The modules that a step adds to a container: those under names that it did not have before the step."""
        for cell, (fields, now) in added.items():
            if cell[1] == "~order" and fields.get("~list") is None:
                before = self.first.get(cell, self.initial.get(cell, ()))
                if isinstance(now, tuple) and isinstance(before, tuple) and len(now) > len(before):
                    self.fields.setdefault(cell, fields)
                    self.initial.setdefault(cell, before)
                    self.children[cell] = [fields[name] for name in now[len(before) :] if name in fields]

    def all_children(self, cell: Cell, count: DimLike) -> Sequence:
        """The children of a container after the loop: where all steps add the like, as many as there are steps."""
        fields, names = self.fields[cell], self.fields[cell]["~order"]
        before, after = self.initial[cell], self.first.get(cell)
        held = [fields[name] for name in names if isinstance(fields.get(name), Value)]
        kept, middle = held[: len(before)], self.children[cell]
        steps = [middle]
        if isinstance(after, tuple):
            steps.append(held[len(before) : len(after)])
            steps.append(held[len(after) :])
        if not isinstance(after, tuple) or any(len(step) != len(middle) for step in steps):
            unknown = Unknown("how many modules each step adds is not known")
            return Sequence("list", Contents((*kept, Run(var(None, 0), unknown))))
        element = widen([one for step in steps for one in step])
        if isinstance(element, Unknown) and isinstance(count, int) and count >= 2:
            between = Run((count - 2) * len(middle), widen(middle))
            return Sequence("list", Contents((*kept, *steps[1], between, *steps[2])))
        return Sequence("list", Contents((*kept, Run(count * len(middle), element))))


def _mentioned(value: Value) -> frozenset[Var]:
    found: frozenset[Var] = frozenset()
    if isinstance(value, Array) and value.shape is not None:
        for dim in value.shape:
            found |= variables(dim)
    elif isinstance(value, Int):
        found = variables(value.dim)
    elif isinstance(value, Sequence):
        for part in value.contents.distinct():
            found |= _mentioned(part)
    return found


def _begins(whole: Contents, start: Contents) -> bool:
    count = len(start.segments)
    return len(whole.segments) >= count and all(x is y for x, y in zip(whole.segments, start.segments))


def _begins_alike(whole: Contents, start: Contents) -> bool:
    return len(whole.segments) >= len(start.segments) and all(
        x is y or (isinstance(x, Run) and isinstance(y, Run) and x.length == y.length)
        for x, y in zip(whole.segments, start.segments)
    )


def _grows(was: Array, now: Array) -> bool:
    return (
        was.shape is not None
        and now.shape is not None
        and len(was.shape) == len(now.shape)
        and was.kind == now.kind
        and was.shape != now.shape
        and sum(1 for x, y in zip(was.shape, now.shape) if x != y) == 1
    )
