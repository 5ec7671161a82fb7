"""Loops: written out where short, else summarised by what one step does to the state.

A loop of ``n`` steps that is not written out is followed for its first step, for a step ``i`` in the middle, and for
its last. What the first step did to counters, lists and shapes says how they look before step ``i``; step ``i``
says what every step adds; the last step meets what only happens at the end (an index past the end, a window cut short).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import Any, Final

from foreshape.domain import compare as compare_dims
from foreshape.domain.contents import Contents, Run, substitute_value
from foreshape.domain.dim import Dim, DimLike, Var, as_var, ceildiv, of_atom, var, variables
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
from foreshape.interpret.flow import Exit, Flow, Raised
from foreshape.interpret.statements import Statements
from foreshape.semantics.python.tools import not_iterable

UNROLL: Final = 64
UNROLL_COMPREHENSION: Final = 400
"""Over texts and records that the program writes out, one by one."""
UNROLL_NESTED: Final = 12
MOST_WHILE: Final = 64

Cell = tuple[int, Hashable]
Body = Callable[[], "Flow | None"]


class Loop:
    """A loop in progress. leaving: what steps that continued or broke off under an unknown condition left behind."""

    __slots__ = ("leaving",)

    def __init__(self) -> None:
        self.leaving: list[tuple[str, Changes]] = []


class Loops(Statements):
    """``for``, ``while`` and the loops inside comprehensions."""

    def exec_for(self, node: ast.For | ast.AsyncFor) -> Flow | None:
        source = self.eval(node.iter)
        self.recording = 0

        def bind(value: Value) -> None:
            self.stamp(value, node.iter, (source,))
            self.assign_recorded(node.target, value, node)

        flow = self.loop_over(source, bind, lambda: self.exec_block(node.body))
        if flow is not None and flow.kind == "broken":
            return None
        if flow is None and node.orelse:
            return self.exec_block(node.orelse)
        return flow

    def loop_over(self, source: Value, bind: Callable[[Value], object], body: Body) -> Flow | None:
        """Run a body for each element of an iterable."""
        contents = self.iterate(source)
        if contents is None:
            self.guarded(lambda: not_iterable(self, source))
            reason = source.reason if isinstance(source, Unknown) else "it comes from an iterable that is not modelled"
            contents = Contents((Run(var(None, 0), Unknown(reason)),))
        loop = Loop()
        self.loops.append(loop)
        try:
            flow = self._segments(contents, bind, body, loop)
        finally:
            self.loops.pop()
        if flow is not None and flow.kind == "break":
            return Flow("broken")
        for kind, changes in loop.leaving:
            if kind == "break":
                self.merge(changes, {}, None)
        return flow

    def _segments(self, contents: Contents, bind: Callable[[Value], object], body: Body, loop: Loop) -> Flow | None:
        limit = UNROLL if len(self.loops) == 1 else UNROLL_NESTED
        if len(self.loops) == 1 and self.scope().kind == "comprehension" and written_out(contents):
            limit = UNROLL_COMPREHENSION
        items = contents.items(limit)
        if items is not None and len(items) <= limit:
            for item in items:
                flow = self.iteration(item, bind, body, loop)
                if flow is not None:
                    return flow
            return None
        segments = contents.segments
        if items is not None or len(segments) > limit:
            known = contents.items() or contents.distinct()
            segments = (*known[:2], Run(contents.length - 3, widen(list(known))), known[-1])
        for segment in segments:
            if isinstance(segment, Run):
                flow = self._summarise(segment, bind, body, loop)
            else:
                flow = self.iteration(segment, bind, body, loop)
            if flow is not None:
                return flow
        return None

    def iteration(self, item: Value, bind: Callable[[Value], object], body: Body, loop: Loop) -> Flow | None:
        """One step. A ``continue`` ends it; anything else that leaves the block is handed on."""
        before = len(loop.leaving)
        bind(item)
        flow = body()
        for kind, changes in loop.leaving[before:]:
            if kind == "continue":
                self.merge(changes, {}, None)
        loop.leaving[before:] = [left for left in loop.leaving[before:] if left[0] != "continue"]
        return None if flow is not None and flow.kind == "continue" else flow

    # -- summaries ------------------------------------------------------------------------------------------------
    def _summarise(self, run: Run, bind: Callable[[Value], object], body: Body, loop: Loop) -> Flow | None:
        count = self.resolve(run.length)
        if isinstance(count, int) and count <= 0:
            return None
        if isinstance(count, Dim) and as_var(count) is None:
            # what ``range(n - T)`` is written for: that there is something to do
            self.at_least(count, 1)
        mark = self.trail.open()
        try:
            flow = self.iteration(run.at(0), bind, body, loop)
            before, after = self.trail.before(mark), self.trail.changed(mark)
        finally:
            self.trail.keep(mark)
        if flow is not None or compare_dims.ge(1, count, self.facts).is_yes:
            return flow
        return self._middle(run, count, Start(before, after), bind, body, loop)

    def _middle(
        self, run: Run, count: DimLike, start: Start, bind: Callable[[Value], object], body: Body, loop: Loop
    ) -> Flow | None:
        step = var("step", 1, count - 1, varying=True)
        index = as_var(step)
        assert index is not None
        broke = len(loop.leaving)
        facts = self.facts
        self._apply(start.state_at(step))
        with self.probing():
            grown, flow = self._probe(lambda: self.iteration(run.at(step), bind, body, loop))
        if flow is not None:
            return None
        start.correct(grown, step, index)
        self._apply(start.state_at(step))
        self.learn(facts)
        mark = self.trail.open()
        try:
            self.iteration(run.at(step), bind, body, loop)
            added = self.trail.changed(mark)
        finally:
            self.trail.keep(mark)
        self.learn(self._without(facts, index))
        may_stop = len(loop.leaving) > broke
        last = count - 1
        start.learn_elements(added, step, index)
        self._apply(start.state_at(last))
        if may_stop or not self._reaches_end(run):
            with self.quiet():
                self._probe_keep(lambda: self.iteration(run.at(last), bind, body, loop))
        else:
            ended = self.iteration(run.at(last), bind, body, loop)
            if ended is not None:
                return ended
        self._finish(start, count)
        if may_stop:
            self._stopped_early(start, count)
        return None

    def _reaches_end(self, run: Run) -> bool:
        """Whether the run has an end that the program gets to."""
        length = as_var(run.length)
        return run.index is not None or length is None or length.name is not None

    def _without(self, facts: Facts, index: Var) -> Facts:
        now = self.facts
        if now is facts:
            return facts
        return now.forget((index,))

    def _probe(self, action: Body) -> tuple[Changes, Flow | None]:
        mark = self.trail.open()
        flow: Flow | None = None
        try:
            flow = action()
        except BaseException:
            self.trail.take_back(mark)
            raise
        return self.trail.take_back(mark), flow

    def _probe_keep(self, action: Body) -> None:
        action()

    def _apply(self, state: list[tuple[Fields, Hashable, Any]]) -> None:
        for fields, key, value in state:
            if value is not MISSING:
                self.trail.set(fields, key, value)

    def _finish(self, start: Start, count: DimLike) -> None:
        """After the last step: lists whose elements all follow one pattern become one run."""
        for cell, pattern in start.lists.items():
            fields, key = start.fields[cell], cell[1]
            now = fields.get(key)
            if isinstance(now, Contents):
                self.trail.set(fields, key, pattern.folded(now, count))

    def _stopped_early(self, start: Start, count: DimLike) -> None:
        """The loop may have broken off: how often it ran is not known."""
        for cell, fields in start.fields.items():
            now = fields.get(cell[1])
            if isinstance(now, Contents) and cell in start.lists:
                length = var(None, 0, now.length)
                self.trail.set(fields, cell[1], Contents((Run(length, widen(list(now.distinct()) or [Unknown("")])),)))
            elif isinstance(now, (Int, Const)) and cell in start.linear:
                self.trail.set(fields, cell[1], Int(var(None, 0)))

    # -- while ----------------------------------------------------------------------------------------------------
    def exec_while(self, node: ast.While) -> Flow | None:
        loop = Loop()
        self.loops.append(loop)
        try:
            flow = self._while(node, loop)
        finally:
            self.loops.pop()
        if flow is not None and flow.kind == "break":
            return None
        for kind, changes in loop.leaving:
            if kind == "break":
                self.merge(changes, {}, None)
        if flow is None and node.orelse:
            return self.exec_block(node.orelse)
        return flow

    def _while(self, node: ast.While, loop: Loop) -> Flow | None:
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        count = None if endless else self._count(node)
        if count is not None and not (isinstance(count, int) and count <= MOST_WHILE):
            run = Run(count, Const(None))
            return self._summarise(run, lambda value: None, lambda: self.exec_block(node.body), loop)
        for _ in range(4 if endless else MOST_WHILE):
            truth = self.truth_of_test(node.test)
            if truth.is_no:
                return None
            if truth.is_unknown:
                return self._while_unknown(node, loop)
            flow = self.iteration(Const(None), lambda value: None, lambda: self.exec_block(node.body), loop)
            if flow is not None:
                return flow
            if endless and any(kind == "break" for kind, _ in loop.leaving):
                break
        return self._while_unknown(node, loop)

    def _while_unknown(self, node: ast.While, loop: Loop) -> Flow | None:
        """A loop whose end is not known."""
        self.conditions.append(self.condition_of(node.test))
        try:
            run = Run(var(None, 0), Const(None))
            return self._summarise(run, lambda value: None, lambda: self.exec_block(node.body), loop)
        finally:
            self.conditions.pop()

    def _count(self, node: ast.While) -> DimLike | None:
        """How often ``while a < b`` runs, where every step moves ``b - a`` by the same amount."""
        test = node.test
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return None
        sign = {ast.Lt: (1, 0), ast.LtE: (1, 1), ast.Gt: (-1, 0), ast.GtE: (-1, 1)}.get(type(test.ops[0]))
        if sign is None:
            return None
        with self.probing():
            gaps = self._gaps(node, test, sign)
        if len(gaps) < 3:
            return None
        moved = gaps[0] - gaps[1]
        if not isinstance(moved, int) or moved <= 0 or gaps[1] - gaps[2] != moved:
            return None
        return ceildiv(gaps[0], moved)

    def _gap(self, test: ast.Compare, sign: tuple[int, int]) -> DimLike | None:
        left, right = as_dim(self.eval(test.left)), as_dim(self.eval(test.comparators[0]))
        if left is None or right is None:
            return None
        return (right - left) * sign[0] + sign[1]

    def _gaps(self, node: ast.While, test: ast.Compare, sign: tuple[int, int]) -> list[DimLike]:
        """How far the condition is from ending the loop: before it, and after its first and second step."""
        found: list[DimLike] = []
        mark = self.trail.open()
        frames, conditions, scope = len(self.frames), len(self.conditions), self.scope()
        try:
            while len(found) < 3:
                gap = self._gap(test, sign)
                if gap is None or (isinstance(gap, int) and gap <= 0):
                    break
                found.append(gap)
                if len(found) < 3 and self.exec_block(node.body) is not None:
                    break
        except (Raised, Exit):
            found.clear()
            del self.frames[frames:]
            del self.conditions[conditions:]
            self.frames[-1].scope = scope
        finally:
            self.trail.take_back(mark)
        return found


class Pattern:
    """What every step adds to a list. ``initial`` is what it held before the loop, ``per_step`` how many elements a
    step adds (None where that varies), ``element`` what they look like, as a function of ``index``."""

    __slots__ = ("element", "first", "index", "initial", "per_step", "single")

    def __init__(self, initial: Contents, first: tuple[Any, ...], per_step: DimLike | None) -> None:
        self.initial = initial
        self.first = first
        self.per_step = per_step
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


def written_out(contents: Contents) -> bool:
    """Whether the elements are known one by one and are more than numbers counted up."""
    segments = contents.segments
    if len(segments) <= UNROLL or any(isinstance(segment, Run) for segment in segments):
        return False
    return not all(isinstance(segment, Const) and isinstance(segment.value, int) for segment in segments[:4])


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
