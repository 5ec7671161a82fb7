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
from foreshape.domain.contents import Contents, Run, Segment, substitute_value
from foreshape.domain.dim import Dim, DimLike, Var, as_var, ceildiv, of_atom, var, variables
from foreshape.domain.facts import Facts
from foreshape.domain.join import join, widen
from foreshape.domain.trail import BORN, MISSING, Changes, Fields
from foreshape.domain.truth import Condition
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    IteratorValue,
    Sequence,
    Unknown,
    Value,
    as_dim,
)
from foreshape.interpret.flow import Exit, Flow, Raised
from foreshape.interpret.loop_state import Start
from foreshape.interpret.narrowing import narrow
from foreshape.interpret.nodes import is_endless, own_breaks
from foreshape.interpret.statements import Statements
from foreshape.semantics.python.tools import not_iterable

UNROLL: Final = 64
UNROLL_COMPREHENSION: Final = 400
"""Over texts and records that the program writes out, one by one."""
FEW: Final = 12
MOST_FEW: Final = 40_000
MOST_WRITTEN_OUT: Final = 150_000
"""Steps that the rest of a loop may take one by one; a loop that would take more is summarised from there on."""
MOST_NESTED: Final = 2_000
"""The same for a loop of more than a few steps inside another."""
LEAST_LEFT: Final = 6
MOST_WHILE: Final = 64


Body = Callable[[], "Flow | None"]


class Loop:
    """A loop in progress. leaving: what steps that continued or broke off under an unknown condition left behind. steps:
    how many were followed, where every one was so far. stops: under which condition each ``break`` was met, None where
    that is not all; depth: how many conditions the loop itself stands under."""

    __slots__ = ("breaks_once", "depth", "leaving", "steps", "stops")

    def __init__(self, depth: int, breaks_once: bool = False) -> None:
        self.steps: int | None = 0
        self.leaving: list[tuple[str, Changes]] = []
        self.stops: list[Condition | None] = []
        self.depth = depth
        self.breaks_once = breaks_once


def breaks_at(condition: Condition | None, index: Var) -> DimLike | None:
    """The first step of which a condition holds, where it holds of all from that one on, or of that one alone: 77 of
    ``step + 24 > 100``."""
    if condition is None or condition.relation is None:
        return None
    op, d = condition.relation
    if op not in (">=", "==") or not isinstance(d, Dim):
        return None
    step = of_atom(index)
    for first in (step - d, step + d) if op == "==" else (step - d,):
        if index not in variables(first):
            return first
    return None


def rest_of(contents: Contents, items: tuple[Value, ...], start: int) -> tuple[Segment, ...]:
    """What is left of the elements from one of them on: of the runs that they come from, or the next, those between and
    the last. A run stays apart from the element behind it, the short last batch: its parts belong together."""
    left: list[Segment] = []
    passed = start
    for part in contents.segments:
        length = part.length if isinstance(part, Run) else 1
        if isinstance(length, int) and passed >= length:
            passed -= length
            continue
        if isinstance(part, Run) and passed:
            element = part.element
            if part.index is not None:
                element = substitute_value(element, {part.index: of_atom(part.index) + passed})
            part = Run(part.length - passed, element, part.index)
        left.append(part)
        passed = 0
    if len(left) <= FEW:
        return tuple(left)
    rest = items[start:]
    return (rest[0], Run(len(rest) - 2, widen(list(rest[1:-1]))), rest[-1])


class Loops(Statements):
    """``for``, ``while`` and the loops inside comprehensions."""

    def exec_for(self, node: ast.For | ast.AsyncFor) -> Flow | None:
        source = self.eval(node.iter)
        self.recording = 0

        def bind(value: Value) -> None:
            self.stamp(value, node.iter, (source,))
            self.assign_recorded(node.target, value, node)

        body = self._in_graph(source, node, node.iter)
        flow = self.loop_over(source, bind, body, own_breaks(node.body) == 1)
        if flow is not None and flow.kind == "broken":
            return None
        if flow is None and node.orelse:
            return self.exec_block(node.orelse)
        return flow

    def _in_graph(self, source: Value, node: ast.For | ast.AsyncFor | ast.While, asked: ast.expr) -> Body:
        """The body of a loop. Of one that becomes a loop of a graph, the first step is held against what it began with."""

        def body() -> Flow | None:
            return self.exec_block(node.body)

        if not isinstance(source, Array) or source.kind != "tensorflow":
            return body
        from foreshape.semantics.tensorflow.staging import carried, check, is_staged

        if not is_staged(self, source) or any(_is_keras(frame.receiver) for frame in self.frames):
            return body
        names = list(carried(node.body))

        def held() -> Flow | None:
            fields = self.scope().fields
            before = [(name, fields.get(name)) for name in names]
            names.clear()
            flow = body()
            for name, value in before if flow is None else ():
                self.node = asked
                if check(self, name, value, fields.get(name)):
                    after = Unknown("the loop changes its shape")
                    after.tainted = True
                    self.bind_name(name, after)
            return flow

        return held

    def loop_over(
        self, source: Value, bind: Callable[[Value], object], body: Body, breaks_once: bool = False
    ) -> Flow | None:
        """Run a body for each element of an iterable. ``breaks_once``: one ``break`` is written in it."""
        contents = self.iterate(source)
        if contents is None:
            self.guarded(lambda: not_iterable(self, source))
            reason = source.reason if isinstance(source, Unknown) else "it comes from an iterable that is not modelled"
            contents = Contents((Run(var(None, 0), Unknown(reason)),))
        loop = Loop(len(self.conditions), breaks_once)
        self.loops.append(loop)
        try:
            flow = self._segments(contents, bind, body, loop)
        finally:
            self.loops.pop()
        if flow is not None and flow.kind == "break":
            if loop.steps and not loop.leaving:
                self._went_over(source, loop.steps)
            return Flow("broken")
        if flow is None and not loop.leaving:
            self._went_over(source)
        for kind, changes in loop.leaving:
            if kind == "break":
                self.merge(changes, {}, None)
        return flow

    def for_each(self, items: Contents, action: Callable[[Value], object]) -> None:
        """A loop of a library over what it was given."""
        current: list[Value] = []

        def body() -> Flow | None:
            action(current[0])
            return None

        self.loop_over(Sequence("list", items), lambda value: current.__setitem__(slice(None), [value]), body)

    def _went_over(self, source: Value, steps: int | None = None) -> None:
        """An iterator, or a file, is then where the loop has left it."""
        if isinstance(source, (IteratorValue, Instance)):
            from foreshape.semantics.python.iterators import exhaust

            exhaust(self, source, steps)

    def _segments(self, contents: Contents, bind: Callable[[Value], object], body: Body, loop: Loop) -> Flow | None:
        limit = UNROLL
        if len(self.loops) == 1 and self.scope().kind == "comprehension" and written_out(contents):
            limit = UNROLL_COMPREHENSION
        items = contents.items(limit)
        if contents.pool is not None and len(contents.pool) <= UNROLL_COMPREHENSION and self._in_comprehension():
            items, limit = contents.pool, UNROLL_COMPREHENSION
        if items is not None and len(items) <= limit:
            began = self.steps
            most = MOST_WRITTEN_OUT if len(self.loops) == 1 else MOST_FEW if len(items) <= FEW else MOST_NESTED
            for position, item in enumerate(items):
                loop.steps = position + 1
                flow = self.iteration(item, bind, body, loop)
                if flow is not None:
                    return flow
                left = len(items) - position - 1
                if left >= LEAST_LEFT and (self.steps - began) // (position + 1) * left > most:
                    return self._in_short(rest_of(contents, items, position + 1), bind, body, loop)
            return None
        segments = contents.segments
        if items is not None or len(segments) > (limit if len(self.loops) == 1 else FEW):
            known = contents.items() or contents.distinct()
            segments = (*known[:2], Run(contents.length - 3, widen(list(known))), known[-1])
        return self._in_short(segments, bind, body, loop)

    def _in_comprehension(self) -> bool:
        """Whether only the elements of a comprehension of one loop depend on the order of what it runs over."""
        return len(self.loops) == 1 and self.scope().kind == "comprehension"

    def _in_short(
        self, segments: tuple[Segment, ...], bind: Callable[[Value], object], body: Body, loop: Loop
    ) -> Flow | None:
        """Each element that is known, and each run in summary."""
        loop.steps = None
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
        """The first step, one in the middle and the last. A function that calls itself from here is followed so often that it
        is not followed deep."""
        self.summaries.append(len(self.frames))
        try:
            return self._summary(run, bind, body, loop)
        finally:
            self.summaries.pop()

    def _summary(self, run: Run, bind: Callable[[Value], object], body: Body, loop: Loop) -> Flow | None:
        count = self.resolve(run.length)
        if isinstance(count, int) and count <= 0:
            return None
        if isinstance(count, Dim) and as_var(count) is None:
            # what ``range(n - T)`` is written for: that there is something to do
            self.at_least(count, 1)
        entered = len(loop.leaving)
        mark = self.trail.open()
        try:
            flow = self.iteration(run.at(0), bind, body, loop)
            before, after = self.trail.before(mark), self.trail.changed(mark)
        finally:
            self.trail.keep(mark)
        if flow is not None or compare_dims.ge(1, count, self.facts).is_yes:
            return flow
        stops = self._breaks_off(run, count, Start(before, after), bind, body, loop)
        if stops is None:
            return self._middle(run, count, Start(before, after), bind, body, loop)
        self.at_least(stops, 1)
        del loop.leaving[entered:]
        ended = self._middle(run, stops, Start(before, after), bind, body, loop)
        return ended if ended is not None else self.iteration(run.at(stops), bind, body, loop)

    def _breaks_off(
        self, run: Run, count: DimLike, start: Start, bind: Callable[[Value], object], body: Body, loop: Loop
    ) -> DimLike | None:
        """In which step a loop certainly breaks off, where that follows from the number of the step: ``if i + T > len(x):
        break``. None where there is no such step; the loop then goes on as if nothing had been asked."""
        if not loop.breaks_once:
            return None
        step = var("step", 1, count - 1, varying=True)
        index = as_var(step)
        assert index is not None
        facts, left, stopped = self.facts, len(loop.leaving), len(loop.stops)
        returned = len(self.frames[-1].returns)
        mark = self.trail.open()
        try:
            with self.probing():
                self._apply(start.state_at(step))
                grown, flow = self._probe(lambda: self.iteration(run.at(step), bind, body, loop))
                met = len(loop.stops) - stopped
                if flow is None and met:
                    start.correct(grown, step, index)
                    self._apply(start.state_at(step))
                    self._probe(lambda: self.iteration(run.at(step), bind, body, loop))
        finally:
            self.trail.take_back(mark)
        self.learn(facts)
        found, more = loop.stops[stopped + met :], len(self.frames[-1].returns) > returned
        del loop.leaving[left:], loop.stops[stopped:], self.frames[-1].returns[returned:]
        if flow is not None or more or len(found) != 1:
            return None
        first = breaks_at(found[0], index)
        if first is None or not compare_dims.ge(count - 1, first, self.facts).is_yes:
            return None
        return None if compare_dims.ge(1, first, self.facts).is_yes else first

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
            start.learn_children(added)
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
        for cell in start.children:
            self.trail.set(start.fields[cell], "~list", start.all_children(cell, count))

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
        loop = Loop(len(self.conditions))
        self.loops.append(loop)
        try:
            flow = self._while(node, loop)
        finally:
            self.loops.pop()
        if flow is not None and flow.kind == "break":
            return None
        broke = [changes for kind, changes in loop.leaving if kind == "break"]
        if flow is None and is_endless(node):
            breaks, frame = own_breaks(node.body), self.frames[-1]
            if broke and breaks == 1:
                self.trail.apply(self._one_way(broke))  # nothing but this break ends it
                return None
            gives_nothing = frame.function is not None and frame.yields is None and not frame.returns
            if not broke and not breaks and gives_nothing:
                return Flow("return", Unknown("the loop ends when something is raised in it"))
        for changes in broke:
            self.merge(changes, {}, None)
        if flow is None and node.orelse:
            return self.exec_block(node.orelse)
        return flow

    def _one_way(self, ends: list[Changes]) -> Changes:
        """What one statement left behind in several steps of a loop."""
        made: Changes = dict(ends[0])
        for changes in ends[1:]:
            for cell, (fields, value) in changes.items():
                before = made.get(cell)
                made[cell] = (fields, value if before is None or cell[1] is BORN else join(before[1], value, None))
        return made

    def _while(self, node: ast.While, loop: Loop) -> Flow | None:
        endless = is_endless(node)
        count = None if endless else self._count(node)
        asked: Value = Const(None)
        if self.process.get("~autograph"):
            with self.quiet():
                asked = self.eval(node.test)
        body = self._in_graph(asked, node, node.test)
        in_graph = isinstance(asked, Array) and asked.kind == "tensorflow"
        if count is not None and not (isinstance(count, int) and count <= MOST_WHILE):
            run = Run(count, Const(None))
            return self._summarise(run, lambda value: None, body, loop)
        for _ in range(4 if endless else MOST_WHILE):
            truth = self.truth_of_test(node.test)
            if truth.is_no:
                return None
            if truth.is_unknown:
                return self._while_unknown(node, loop, body, in_graph)
            flow = self.iteration(Const(None), lambda value: None, body, loop)
            if flow is not None:
                return flow
            if endless and any(kind == "break" for kind, _ in loop.leaving):
                break
        return self._while_unknown(node, loop, body, in_graph)

    def _while_unknown(self, node: ast.While, loop: Loop, body: Body, in_graph: bool) -> Flow | None:
        """A loop whose end is not known. The graph is made of its body however it ends."""

        def step() -> Flow | None:
            narrow(self, node.test, True)
            return body()

        if in_graph:
            return self._summarise(Run(var(None, 1), Const(None)), lambda value: None, body, loop)
        self.conditions.append(self.condition_of(node.test))
        try:
            run = Run(var(None, 0), Const(None))
            return self._summarise(run, lambda value: None, step, loop)
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


def written_out(contents: Contents) -> bool:
    """Whether the elements are known one by one and are more than numbers counted up."""
    segments = contents.segments
    if len(segments) <= UNROLL or any(isinstance(segment, Run) for segment in segments):
        return False
    return not all(isinstance(segment, Const) and isinstance(segment.value, int) for segment in segments[:4])


def _is_keras(receiver: Value | None) -> bool:
    """Whether it is an object of a class of Keras, whose methods Keras 3 calls as they are."""
    return isinstance(receiver, Instance) and (receiver.library_type or "").startswith("keras.")
