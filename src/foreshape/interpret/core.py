"""The state of an analysis and the services that all parts of the interpreter share: steps, frames, branches, facts,
and the reporting of faults."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from collections.abc import Sequence as SequenceOf
from contextlib import contextmanager
from time import monotonic, process_time
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.compare import eq, ge
from foreshape.domain.dim import Dim, DimLike, var
from foreshape.domain.facts import Facts
from foreshape.domain.join import join
from foreshape.domain.origin import Origin, Span, span_of
from foreshape.domain.trail import BORN, MISSING, Changes, Fields, Trail
from foreshape.domain.truth import Condition, Truth
from foreshape.domain.values import (
    Array,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Instance,
    Int,
    Mutable,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
)
from foreshape.faults.base import Fault, Raises
from foreshape.interpret.contradictions import UNSAID, rests_on_a_test, rule_each_other_out
from foreshape.interpret.findings import (
    OF_PYTHON,
    Assigned,
    Finding,
    Within,
    hangs_on_none,
    is_supposed,
    of_a_type,
    raised_by_all,
    traceback_line,
)
from foreshape.interpret.flow import Attempt, Exit, Flow, Frame, OutOfBudget, Quiet, Raised, of_global
from foreshape.interpret.holders import put_after, put_inside
from foreshape.interpret.nodes import text_at
from foreshape.semantics.exceptions import exception_mro
from foreshape.semantics.registry import REGISTRY

if TYPE_CHECKING:
    import ast

    from foreshape.domain.contents import Contents
    from foreshape.interpret.findings import Tally
    from foreshape.source.files import SourceFile
    from foreshape.source.targets import Targets

MOST_STEPS: Final = 1_000_000
MOST_STEPS_ALONE: Final = 40_000
"""For a function that nothing calls."""
MOST_STEPS_UNCALLED: Final = 120_000
LEAST_STEPS_ALONE: Final = 3_000
"""For all of them: each may take a third of what is left, and so many in any case."""
MOST_SECONDS: Final = 10.0
LOOK_AGAIN: Final = 0.2
DEPTH: Final = 40
DISPLAYS: Final = frozenset({"List", "Set", "Dict", "ListComp", "SetComp", "DictComp"})


class Core:
    """State and services. The parts (expressions, statements, calls, ...) derive from it."""

    def __init__(self, targets: Targets) -> None:
        self.targets = targets
        self.trail = Trail()
        self.knowledge: Fields = {"facts": Facts()}
        self.process: Fields = {}
        """State of the checked process as a whole (name counters of layers, environment variables)."""
        self.frames: list[Frame] = []
        self.attempts: list[Attempt] = []
        self.conditions: list[Condition] = []
        self.summaries: list[int] = []
        """How many frames there were where each loop began that is being followed in summary."""
        self.muted = 0
        self.internal: list[str] = []
        """Rules that failed themselves: their calls are unknown, the rest of the file is still checked."""
        self.captured: list[tuple[Scope, frozenset[str]]] = []
        """Lists and dicts of a function that functions inside it change: unknown code that calls those changes them."""
        self.probes = 0
        self.options = 0
        """How many values that are one of several are being followed option by option."""
        self.tallies: list[tuple[int, int, Tally]] = []
        """What each of the options raises at the place where they part."""
        self.entered = True
        """Whether what runs now is reached from the module itself (not a function that nobody calls)."""
        self.findings: list[Finding] = []
        self.assigned: dict[tuple[str, int, str], Assigned] = {}
        self.sources: dict[str, SourceFile] = {}
        self.called: set[int] = set()
        self.given_up: set[int] = set()
        """Functions whose recursion took too long to follow."""
        self.steps = 0
        self.step_limit = MOST_STEPS
        self.started = process_time()
        self.next_look = 0.0
        self.node: ast.AST | None = None
        self._reported: dict[tuple[object, ...], Finding] = {}
        self.hidden: list[tuple[int, ast.AST | None, str | None]] = []
        self.instead: list[Raises] = []

    # -- parts implemented by the mixins ------------------------------------------------------------------------------
    def eval(self, node: ast.expr) -> Value:
        raise NotImplementedError

    def exec_block(self, body: SequenceOf[ast.stmt]) -> Flow | None:
        raise NotImplementedError

    def call(self, function: Value, args: SequenceOf[Value] = (), kwargs: Mapping[str, Value] | None = None) -> Value:
        raise NotImplementedError

    def get_attribute(self, receiver: Value, name: str, default: Value | None = None) -> Value:
        raise NotImplementedError

    def iterate(self, value: Value) -> Contents | None:
        raise NotImplementedError

    def for_each(self, items: Contents, action: Callable[[Value], object]) -> None:
        raise NotImplementedError

    def truth(self, value: Value) -> Truth:
        raise NotImplementedError

    # -- budget ---------------------------------------------------------------------------------------------------
    def step(self) -> None:
        """Count one step; the analysis of a file is bounded in steps and in time."""
        self.steps += 1
        if self.steps > self.step_limit or (not self.steps % 32 and self.out_of_time()):
            raise OutOfBudget(f"stopped after {self.steps:,} steps")

    def out_of_time(self) -> bool:
        """Whether the time is used up. Asking for processor time is slow on some systems: the wall clock comes first."""
        now = monotonic()
        if now < self.next_look:
            return False
        self.next_look = now + LOOK_AGAIN
        return process_time() - self.started > MOST_SECONDS

    def within_steps(self, most: int, action: Callable[[], Value]) -> Value | None:
        """What an action gives; None, and everything as it was before, where it takes more steps than these."""
        limit, mark = self.step_limit, self.trail.open()
        self.step_limit = min(limit, self.steps + most)
        try:
            made = action()
        except OutOfBudget:
            self.trail.take_back(mark)
            if self.steps > limit or self.out_of_time():
                raise
            return None
        except BaseException:
            self.trail.keep(mark)
            raise
        finally:
            self.step_limit = limit
        self.trail.keep(mark)
        return made

    # -- provenance -----------------------------------------------------------------------------------------------
    @property
    def path(self) -> str:
        return self.frames[-1].path

    def stamp(self, value: Value, node: ast.AST, inputs: tuple[Value, ...] = ()) -> Value:
        """Remember where a value came from, if it does not know already."""
        if value.origin is None:
            value.origin = Origin(self.frames[-1].path, node, inputs)
            if isinstance(value, Mutable) and type(node).__name__ in DISPLAYS:
                self.trail.born(value.fields)
        return value

    def source_text(self, path: str, node: ast.AST) -> str:
        """The source of a node, on one line and shortened. It is kept on the node: conditions ask for it at every turn."""
        source = self.sources.get(path)
        kept: tuple[SourceFile, str] | None = getattr(node, "_foreshape_text", None)
        if kept is not None and kept[0] is source:
            return kept[1]
        line = getattr(node, "lineno", None)
        if source is None or line is None:
            return ""
        text = text_at(source.lines, node)
        node._foreshape_text = source, text  # type: ignore[attr-defined]
        return text

    def text(self, value: Value | None) -> str:
        """A short text for a value: a name, or the source that it came from."""
        if value is None:
            return ""
        if value.origin is not None:
            return value.origin.name or self.source_text(value.origin.path, value.origin.node)
        if isinstance(value, Const):
            return repr(value.value)
        if isinstance(value, Int):
            return str(value.dim)
        return ""

    # -- state ----------------------------------------------------------------------------------------------------
    def set(self, target: Mutable, key: Hashable, value: Any) -> None:
        for held in target.fields.get("~stands for", ()):
            self.forget(held)
            if key == "entries" and isinstance(held, DictValue):
                before = target.fields[key]
                written = [name for name in held.entries if name in value and value[name] is not before.get(name)]
                unknown = self.unknown("it may have been written to one of them")
                self.trail.set(held.fields, "entries", {**held.entries, **dict.fromkeys(written, unknown)})
        self.trail.set(target.fields, key, value)
        owner = target.fields.get("~attributes of")
        if owner is not None:
            self.written_through(owner, key, value)

    def written_through(self, owner: Mutable, key: Hashable, value: Any) -> None:
        """The ``__dict__`` of an object was changed. ``~filled``: attributes came that are not known by name."""
        if key == "entries":
            for name, entry in value.items():
                if isinstance(name, str) and owner.fields.get(name) is not entry:
                    self.set(owner, name, entry)
        elif key == "rest" and value is not None:
            self.set(owner, "~open", True)
            self.set(owner, "~filled", True)

    def state(self, library: str) -> Mutable:
        """What a library remembers for the whole run: the same object at every call."""
        found = self.process.get(("~state", library))
        if not isinstance(found, Mutable):
            found = self.process[("~state", library)] = Mutable()
        return found

    def forget(self, value: Value) -> None:
        """Something unknown may have changed it: forget what a list or dict holds."""
        from foreshape.domain.contents import Contents, Run

        if isinstance(value, Sequence) and value.kind in ("list", "set", "deque"):
            changed = Run(var(None, 0), self.unknown("it may have been changed by a call that is not modelled"))
            self.set(value, "contents", Contents((changed,)))
        elif isinstance(value, DictValue):
            unknown = self.unknown("it may have been changed by a call that is not modelled")
            filled = {
                key: unknown for key, held in value.entries.items() if isinstance(held, Const) and held.value is None
            }
            if filled:  # it stood there for something to come
                self.set(value, "entries", {**value.entries, **filled})
            for held in value.entries.values():
                if isinstance(held, Sequence) and not held.contents.segments:
                    self.forget(held)
            self.set(value, "rest", unknown)

    def rebind(self, before: Array, after: Array, callers_only: bool = False) -> None:
        """An array was changed in place: the variables and attributes that hold its description now hold the other.
        callers_only: only the variables of the functions that called this one."""
        if after.origin is None and before.origin is not None:
            after.origin = before.origin.with_input(Unknown("it was changed in place"))
        seen: set[int] = {id(self.scope())} if callers_only else set()
        deep = bool(before.meta.get("parameter"))
        for frame in self.frames:
            scope: Scope | None = frame.scope
            while scope is not None and id(scope) not in seen:
                seen.add(id(scope))
                put_after(self.trail, scope.fields, before, after)
                for held in list(scope.fields.values()):
                    if isinstance(held, Instance) and not callers_only:
                        put_inside(self.trail, held, before, after, seen if deep else None)
                scope = scope.parent

    @property
    def facts(self) -> Facts:
        found: Facts = self.knowledge["facts"]
        return found

    def learn(self, facts: Facts) -> None:
        if facts is not self.knowledge["facts"]:
            self.trail.set(self.knowledge, "facts", facts)

    # -- values for rules -------------------------------------------------------------------------------------------
    def unknown(self, reason: str) -> Unknown:
        return Unknown(reason)

    def fresh(self, name: str | None = None, lo: DimLike | None = 1, hi: DimLike | None = None, **flags: bool) -> Dim:
        origin = Origin(self.path, self.node) if self.node is not None and self.frames else None
        return var(name, lo, hi, origin=origin, **flags)

    def dim(self, value: Value | None, name: str | None = None, lo: int = 0) -> DimLike | None:
        found = as_dim(value)
        if found is not None:
            return self.facts.resolve(found)
        if isinstance(value, Unknown) or (isinstance(value, Typed) and value.kind in ("int", "bool")):
            return self.fresh(name or (value.origin.name if value.origin else None), lo)
        if isinstance(value, Array) and value.shape in ((), None) and value.data is None:
            return self.fresh(name, lo)
        if isinstance(value, Choice):
            return self.fresh(name, lo)
        return None

    # -- knowledge ------------------------------------------------------------------------------------------------
    def resolve(self, dim: DimLike) -> DimLike:
        return self.facts.resolve(dim)

    def equal(self, a: DimLike, b: DimLike) -> bool:
        truth = eq(a, b, self.facts)
        if truth.is_unknown and not self.attempts:
            self.learn(self.facts.learn_eq(a, b))
        return not truth.is_no

    def at_least(self, a: DimLike, b: DimLike) -> bool:
        truth = ge(a, b, self.facts)
        if truth.is_unknown and not self.attempts:
            self.learn(self.facts.learn_ge(a, b))
        return not truth.is_no

    def certain(self) -> bool:
        return not self.conditions and not self.muted

    # -- branches -------------------------------------------------------------------------------------------------
    @contextmanager
    def under(self, condition: Condition | None) -> Iterator[None]:
        """What is reported inside depends on the condition."""
        self.conditions.append(condition or UNSAID)
        try:
            yield
        finally:
            self.conditions.pop()

    @contextmanager
    def probing(self) -> Iterator[None]:
        """What happens inside is tried out only: nothing is reported and no shape of a name is kept."""
        self.probes += 1
        try:
            with self.quiet():
                yield
        finally:
            self.probes -= 1

    def quiet(self) -> Quiet:
        """Nothing is reported inside."""
        return Quiet(self)

    @contextmanager
    def opaque(self, instead: Raises | None = None, only: str | None = None) -> Iterator[None]:
        """What raises inside shows at the call that is in progress here: frames of the program inside are not in the
        traceback (AutoGraph runs a copy of them). ``instead``: the library catches it and raises this. ``only``: this
        exception alone is made anew, without its traceback."""
        self.hidden.append((len(self.frames), self.node, only))
        if instead is not None:
            self.instead.append(instead)
        try:
            yield
        finally:
            self.hidden.pop()
            if instead is not None:
                self.instead.pop()

    @contextmanager
    def visible(self) -> Iterator[None]:
        """Frames of the program inside are in the traceback again: code that AutoGraph leaves as it is."""
        outer, self.hidden = self.hidden, []
        try:
            yield
        finally:
            self.hidden = outer

    def follow(
        self, condition: Condition | None, action: Callable[[], Any]
    ) -> tuple[Any, Changes, Raised | Exit | None]:
        """Run one side of a branch and take its changes back: (its result, its changes, how it ended if it raised)."""
        mark = self.trail.open()
        depth = len(self.frames)
        ended: Raised | Exit | None = None
        result: Any = None
        self.conditions.append(condition or UNSAID)
        try:
            try:
                if condition is not None:
                    self.learn(self.facts.assume(condition, scoped=True))
                result = action()
            finally:
                self.conditions.pop()
        except (Raised, Exit) as signal:
            ended = signal
            del self.frames[depth:]
        except BaseException:
            self.trail.take_back(mark)
            raise
        return result, self.trail.take_away(mark), ended

    def merge(self, a: Changes, b: Changes, condition: Condition | None) -> None:
        """Join what the two sides of a branch left behind into the state that both began from."""
        some: list[tuple[Fields, frozenset[Hashable]]] = []
        born = [{owner for owner, key in way if key is BORN} for way in (a, b)]
        for cell in {**a, **b}:
            one, other = a.get(cell), b.get(cell)
            (owner, key), fields = cell, (one or b[cell])[0]
            if key is BORN:
                self.trail.born(fields)
                continue
            if owner in born[0] or owner in born[1]:
                kept = one if owner in born[0] else other
                if kept is not None:
                    self.trail.set(fields, key, kept[1])
                continue
            left = one[1] if one is not None else fields.get(key, MISSING)
            right = other[1] if other is not None else fields.get(key, MISSING)
            joined = of_global(fields, key, left, right) or join(left, right, condition)
            if key == "entries" and isinstance(left, dict) and isinstance(right, dict) and left.keys() != right.keys():
                some.append((fields, frozenset(left.keys() ^ right.keys())))
            if joined is MISSING:
                self.trail.delete(fields, key)
            else:
                self.trail.set(fields, key, joined)
        for fields, keys in some:
            self.trail.set(fields, "~maybe", (fields.get("~maybe") or frozenset()) | keys)

    def leave_behind(self, changes: Changes, condition: Condition | None, local: Fields) -> None:
        """A way that returned early has changed this: objects that it made are as it left them, others are so where it was
        taken. Local names are gone with the function."""
        for (owner, key), (fields, left) in changes.items():
            if fields is local or fields is self.knowledge:
                continue
            if key is BORN:
                self.trail.born(fields)
                continue
            joined = left if (owner, BORN) in changes else join(left, fields.get(key, MISSING), condition)
            if joined is MISSING:
                self.trail.delete(fields, key)
            else:
                self.trail.set(fields, key, joined)

    def branch(self, condition: Condition | None, left: Callable[[], Value], right: Callable[[], Value]) -> Value:
        """A value from either of two sides."""
        a, a_changes, a_ended = self.follow(condition, left)
        b, b_changes, b_ended = self.follow(None if condition is None else condition.negated(), right)
        if a_ended and b_ended:
            raise a_ended
        if a_ended or b_ended:
            self.trail.apply(b_changes if a_ended else a_changes)
            found: Value = b if a_ended else a
            return found
        self.merge(a_changes, b_changes, condition)
        joined: Value = join(a, b, condition)
        return joined

    def possible(self, value: Choice) -> list[tuple[Condition | None, Value]]:
        """The options that are not ruled out on this path."""
        return [
            (when, option)
            for when, option in value.options
            if when is None or (truth := self.facts.truth_of(when)) is None or truth.is_yes
        ]

    def narrowed(self, value: Choice) -> Value:
        """The choice without the options that this path rules out."""
        known = self.possible(value)
        if len(known) == len(value.options) or not known:
            return value
        return known[0][1] if len(known) == 1 else Choice(tuple(known), value.origin)

    def distribute(self, value: Choice, apply: Callable[[Value], Value]) -> Value:
        """Apply a function to each option of a choice, and join the results."""
        known = self.possible(value)
        if not known:
            return Unknown("it is on no path")
        if len(known) == 1:
            return apply(known[0][1])
        (when, option), rest = known[0], known[1:]
        others = Choice(tuple(rest)) if len(rest) > 1 else rest[0][1]
        self.options += 1
        raised: list[Tally] = []
        try:
            return self.branch(
                when,
                lambda: self._tallied(raised, lambda: apply(option)),
                lambda: self._tallied(
                    raised, lambda: self.distribute(others, apply) if isinstance(others, Choice) else apply(others)
                ),
            )
        finally:
            self.options -= 1
            for fault, node in raised_by_all(raised):
                self.record(fault, node, caught=False)

    def _tallied(self, raised: list[Tally], apply: Callable[[], Value]) -> Value:
        """Apply a function, and count what raises at this place."""
        self.tallies.append((len(self.frames), len(self.conditions), []))
        try:
            return apply()
        finally:
            raised.append(self.tallies.pop()[2])

    # -- faults ---------------------------------------------------------------------------------------------------
    def stack(self, node: ast.AST, frames: SequenceOf[Frame] | None = None) -> tuple[tuple[str, int], ...]:
        """(path, line) of every frame, as a traceback would show them."""
        shown = self.frames if frames is None else frames
        found: list[tuple[str, int]] = []
        for frame in shown:
            if frame.call is not None and frame.call_path is not None:
                found.append((frame.call_path, traceback_line(frame.call)))
        found.append((shown[-1].path, traceback_line(node)))
        return tuple(found)

    def note(self, fault: Fault) -> None:
        """Record a fault that does not raise."""
        if not self.muted:
            self.record(fault, self.node, caught=False)

    def report(self, fault: Fault) -> None:
        """Record a fault that raises here. Where the program would catch it, unwind to its handler."""
        if fault.raises is None:
            self.note(fault)
            return
        if self.instead:
            given = self.instead[-1]
            fault.raises = Raises(given.exception, given.message, given.by)
        mro = exception_mro(fault.raises.exception)
        if fault.raises.sooner:
            mro += exception_mro(fault.raises.sooner)
        caught = any(attempt.catches(mro) for attempt in self.attempts)
        finding = None if self.muted else self.record(fault, self.node, caught)
        if caught and fault.condition is None:
            raise Raised(fault.raises.exception, mro, Unknown("the exception"), finding)

    def record(self, fault: Fault, node: ast.AST | None, caught: bool) -> Finding | None:
        """Keep a finding, once for each place and way to reach it; None where nothing is to be said."""
        frames = self.frames
        within = None
        raised = None if fault.raises is None else fault.raises.exception
        hidden = next((each for each in self.hidden if each[2] in (None, raised)), None)
        if hidden is not None:
            depth, outer, _ = hidden
            if node is not None and len(frames) > depth:
                within = Within(span_of(frames[-1].path, node), self.stack(node))
            frames, node = frames[:depth], outer
        if node is None:
            return None
        tallied = bool(self.tallies) and self.tallies[-1][:2] == (len(self.frames), len(self.conditions))
        if tallied and not caught and hangs_on_none(fault):
            self.tallies[-1][2].append((fault, node))
        span: Span = span_of(frames[-1].path, node)
        stack = self.stack(node, frames)
        key = (fault.name, span, stack, caught)
        known = self._reported.get(key)
        conditions = tuple(dict.fromkeys(self.conditions))
        if conditions and (fault.name in OF_PYTHON or getattr(fault, "given", "") == "NoneType" or of_a_type(fault)):
            return None  # conditions of types and attributes hang together in ways that are not followed
        if fault.name in OF_PYTHON and rests_on_a_test(self, fault.values):
            return None
        if UNSAID in conditions or (conditions and rule_each_other_out(self, conditions)):
            return None  # no run takes all these ways; and what it depends on can be said
        if not self.entered and (self.options or is_supposed(fault, bool(conditions))):
            return None
        if known is not None:
            if known.conditions and not conditions:
                known.conditions = conditions
            return known
        finding = Finding(fault, span, stack, conditions, caught, within)
        self._reported[key] = finding
        self.findings.append(finding)
        return finding

    # -- names ----------------------------------------------------------------------------------------------------
    def remember(self, line: int, name: str, value: Value) -> None:
        """Keep what a name was bound to, for ``foreshape shapes``."""
        if self.probes:
            return
        key = (self.path, line, name)
        known = self.assigned.get(key)
        if known is None:
            known = self.assigned[key] = Assigned(self.path, line, name)
        if len(known.values) < 64:
            # an object may change later: what it was like here is kept
            shown = value.snapshot if isinstance(value, Instance) else None
            known.values.append(value if shown is None else shown)

    def mro_of(self, value: ClassValue) -> tuple[str, ...]:
        """The names of a class of the program and of all its bases, library ones included."""
        found: list[str] = []
        for base in value.mro:
            if isinstance(base, ClassValue):
                found.append(base.name)
            else:
                short = base.name.rpartition(".")[2]
                found.extend(exception_mro(short) if base.name.startswith("builtins.") else REGISTRY.mro(base.name))
        return tuple(dict.fromkeys(found))

    def scope(self) -> Scope:
        return self.frames[-1].scope
