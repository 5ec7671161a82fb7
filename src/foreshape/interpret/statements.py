"""Execution of statements."""

from __future__ import annotations

import ast
from collections.abc import Callable
from collections.abc import Sequence as SequenceOf
from typing import Final

from foreshape.domain.join import join, scalar_kind
from foreshape.domain.origin import last_name
from foreshape.domain.trail import BORN, Changes
from foreshape.domain.truth import Condition
from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    Function,
    Instance,
    LibraryRef,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_str,
    none,
)
from foreshape.faults.base import Raises
from foreshape.faults.explicit_raise import ExplicitRaise
from foreshape.interpret.assignment import Assignment
from foreshape.interpret.flow import Attempt, Exit, Flow, Raised
from foreshape.interpret.narrowing import narrow
from foreshape.interpret.nodes import owners_in
from foreshape.interpret.operators import BINARY
from foreshape.semantics.exceptions import exception_mro

RAISING_CONTEXTS: Final = ("raises", "Raises", "raised")
"""What stands in the names of managers that wait for an exception: ``pytest.raises``, ``assertRaisesRegex``,
``assert_raises``, ``external_error_raised``. It is the first argument."""


class Side:
    """How one side of a branch ended."""

    __slots__ = ("changes", "ended", "flow")

    def __init__(self, flow: Flow | None, changes: Changes, ended: Raised | Exit | None) -> None:
        self.flow = flow
        self.changes = changes
        self.ended = ended

    @property
    def goes_on(self) -> bool:
        return self.flow is None and self.ended is None


class Statements(Assignment):
    """``exec_block`` and one method per kind of statement."""

    def exec_block(self, body: SequenceOf[ast.stmt]) -> Flow | None:
        """Run statements until one of them leaves the block."""
        for statement in body:
            self.step()
            self.node = statement
            action = STATEMENTS.get(type(statement))
            flow = action(self, statement) if action is not None else None
            if flow is not None:
                return flow
        return None

    def exec_expr(self, node: ast.Expr) -> Flow | None:
        self.eval(node.value)
        return None

    def exec_return(self, node: ast.Return) -> Flow | None:
        return Flow("return", none() if node.value is None else self.eval(node.value))

    def exec_break(self, node: ast.Break) -> Flow | None:
        return Flow("break")

    def exec_continue(self, node: ast.Continue) -> Flow | None:
        return Flow("continue")

    # -- branches -------------------------------------------------------------------------------------------------
    def exec_if(self, node: ast.If) -> Flow | None:
        truth = self.truth_of_test(node.test)
        if truth.is_yes:
            if any(isinstance(statement, ast.Raise) for statement in node.body) and self._asks_options(node.test):
                raise Exit()
            return self.exec_block(node.body)
        if truth.is_no:
            return self.exec_block(node.orelse)

        def side(holds: bool, body: list[ast.stmt]) -> Flow | None:
            narrow(self, node.test, holds)
            return self.exec_block(body)

        return self.either(truth.condition, lambda: side(True, node.body), lambda: side(False, node.orelse))

    def _asks_options(self, test: ast.expr) -> bool:
        """Whether a test asks for options of the command line: a program that insists on one is called with it."""
        for name in owners_in(test):
            owner = self._quiet_value(name)
            if isinstance(owner, Instance) and owner.library_type == "argparse.Namespace":
                return True
        return False

    def either(
        self, condition: Condition | None, left: Callable[[], Flow | None], right: Callable[[], Flow | None]
    ) -> Flow | None:
        """Run both sides of a branch whose condition is not known, and go on with what is true after either."""
        opposite = None if condition is None else condition.negated()
        return self.rejoin(Side(*self.follow(condition, left)), Side(*self.follow(opposite, right)), condition)

    def rejoin(self, a: Side, b: Side, condition: Condition | None) -> Flow | None:
        """Go on with what is true after either side."""
        opposite = None if condition is None else condition.negated()
        if a.goes_on and b.goes_on:
            self.merge(a.changes, b.changes, condition)
            return None
        if a.goes_on or b.goes_on:
            stays, leaves = (a, b) if a.goes_on else (b, a)
            if leaves.flow is not None and leaves.flow.kind == "break":
                leaves.changes = {**self._as_it_was(stays.changes), **leaves.changes}
            self.trail.apply(stays.changes)
            self.leave(leaves, opposite if a.goes_on else condition)
            return None
        return self._both_leave(a, b, condition)

    def _as_it_was(self, changes: Changes) -> Changes:
        """What these changes are about to write over: so it stays for the side that leaves the loop here."""
        return {
            cell: (fields, fields[cell[1]])
            for cell, (fields, _) in changes.items()
            if cell[1] is not BORN and fields is not self.knowledge and cell[1] in fields
        }

    def leave(self, side: Side, condition: Condition | None) -> None:
        """One side leaves the block: what it returns or leaves behind is kept for the end of the function or loop."""
        if side.flow is None:
            return
        if side.flow.kind == "return" and side.flow.value is not None:
            self.frames[-1].returns.append((condition, side.flow.value, side.changes))
        elif self.loops:
            loop = self.loops[-1]
            loop.leaving.append((side.flow.kind, side.changes))
            if side.flow.kind == "break":
                loop.stops.append(condition if len(self.conditions) == loop.depth else None)

    def _both_leave(self, a: Side, b: Side, condition: Condition | None) -> Flow | None:
        if a.ended is not None and b.ended is not None:
            raise a.ended
        if a.ended is not None or b.ended is not None:
            stays = b if a.ended is not None else a
            self.trail.apply(stays.changes)
            return stays.flow
        assert a.flow is not None and b.flow is not None
        self.merge(a.changes, b.changes, condition)
        if a.flow.kind == b.flow.kind:
            return Flow(a.flow.kind, None if a.flow.value is None else join(a.flow.value, b.flow.value, condition))
        first, second = (a.flow, b.flow) if a.flow.kind == "return" else (b.flow, a.flow)
        if first.kind == "return" and first.value is not None:
            self.frames[-1].returns.append((condition, first.value, {}))
        return second

    # -- exceptions -------------------------------------------------------------------------------------------------
    def exec_try(self, node: ast.Try) -> Flow | None:
        flow: Flow | None = None
        pending: Raised | Exit | None = None
        try:
            flow = self._guarded(node)
        except (Raised, Exit) as signal:
            pending = signal
        if node.finalbody:
            final = self.exec_block(node.finalbody)
            if final is not None:
                return final
        if pending is not None:
            raise pending
        return flow

    def _guarded(self, node: ast.Try) -> Flow | None:
        if not node.handlers:
            return self._after_body(node, self.exec_block(node.body))
        names = self._caught_names(node.handlers)
        depth = len(self.frames)
        open_conditions, scope = len(self.conditions), self.frames[-1].scope
        mark = self.trail.open()
        before = len(self.findings)
        attempt = Attempt(names)
        self.attempts.append(attempt)
        raised: Raised | None = None
        flow: Flow | None = None
        try:
            flow = self.exec_block(node.body)
        except Raised as signal:
            raised = signal
        finally:
            self.attempts.pop()
            self.trail.keep(mark)
        if raised is None:
            conditional = any(finding.caught for finding in self.findings[before:])
            flow = self._after_body(node, flow)
            if attempt.reached is not None:
                return self._handled_or_not(node, flow, attempt.reached)
            if flow is None and (conditional or self._may_fail(node)):
                self._handlers_aside(node)
            return flow
        del self.frames[depth:]
        del self.conditions[open_conditions:]
        self.frames[-1].scope = scope
        for handler in node.handlers:
            if self._handles(handler, raised):
                return self._handle(handler, raised)
        raise raised

    def _after_body(self, node: ast.Try, flow: Flow | None) -> Flow | None:
        return self.exec_block(node.orelse) if flow is None and node.orelse else flow

    def _handle(self, handler: ast.ExceptHandler, raised: Raised) -> Flow | None:
        if handler.name:
            value = raised.value if raised.value is not None else Unknown("the exception")
            self.bind_name(handler.name, value)
        self.handling.append(raised)
        try:
            return self.exec_block(handler.body)
        finally:
            self.handling.pop()

    def _may_fail(self, node: ast.Try) -> bool:
        """Whether the body does something whose success cannot be told (an import aside)."""
        return not all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in node.body)

    def _handlers_aside(self, node: ast.Try) -> None:
        """The body may have raised for a reason that cannot be seen: names that only a handler binds are kept."""
        for handler in node.handlers:
            with self.quiet():
                _, changes, ended = self.follow(
                    None,
                    lambda handler=handler: self._handle(handler, Raised("Exception", ("Exception",))),  # type: ignore[misc]
                )
            if ended is None:
                new = {cell: change for cell, change in changes.items() if cell[1] not in change[0]}
                self.trail.apply(new)

    def _handled_or_not(self, node: ast.Try, flow: Flow | None, raised: Raised) -> Flow | None:
        """A function that the body calls raises this, or returns before: what holds after either holds here."""
        handler = next(each for each in node.handlers if self._handles(each, raised))
        with self.quiet():
            handled = Side(*self.follow(None, lambda: self._handle(handler, raised)))
        return self.rejoin(Side(flow, {}, None), handled, None)

    def _caught_names(self, handlers: list[ast.ExceptHandler]) -> tuple[str, ...] | None:
        found: list[str] = []
        for handler in handlers:
            names = self.exception_names(None if handler.type is None else self._quiet_value(handler.type))
            if names is None:
                return None
            found.extend(names)
        return tuple(found)

    def _quiet_value(self, node: ast.expr) -> Value:
        with self.quiet():
            return self.eval(node)

    def _handles(self, handler: ast.ExceptHandler, raised: Raised) -> bool:
        names = None if handler.type is None else self.exception_names(self._quiet_value(handler.type))
        return Attempt(names).catches(raised.mro)

    def exception_names(self, value: Value | None) -> tuple[str, ...] | None:
        """The class names that an ``except`` clause lists; None where it catches everything or is not known."""
        if isinstance(value, LibraryRef):
            return (value.name.rpartition(".")[2],)
        if isinstance(value, ClassValue):
            return (value.name,)
        if isinstance(value, Sequence):
            found: list[str] = []
            for item in value.contents.items(64) or ():
                names = self.exception_names(item)
                if names is None:
                    return None
                found.extend(names)
            return tuple(found)
        return None

    def exec_raise(self, node: ast.Raise) -> Flow | None:
        if node.exc is None:
            if self.handling:
                again = self.handling[-1]
                if again.finding is not None and not any(attempt.catches(again.mro) for attempt in self.attempts):
                    again.finding.caught = False
                raise again
            raise Raised("RuntimeError", exception_mro("RuntimeError"))
        value = self.eval(node.exc)
        name, mro = self._exception_of(value)
        if name is None:
            raise Raised("Exception", ("Exception", "BaseException"), value)
        if name in ("SystemExit", "KeyboardInterrupt"):
            raise Exit()
        self.program_raises(node, name, mro, self._message_of(value), "raise")
        raise Raised(name, mro, value)

    def program_raises(self, node: ast.stmt, name: str, mro: tuple[str, ...], text: str, statement: str) -> None:
        """Report an exception that the program raises itself, where it does so in every run and nothing catches it."""
        caught = any(attempt.catches(mro) for attempt in self.attempts)
        if caught or not self.certain() or not self.entered or self._may_have_left():
            return
        fault = ExplicitRaise(Raises(name, text), exception=name, text=text, statement=statement)
        self.record(fault, node, caught=False)

    def _may_have_left(self) -> bool:
        """Whether a function in progress may have returned before, or a loop gone on to its next step."""
        return any(frame.returns for frame in self.frames) or any(loop.leaving for loop in self.loops)

    def _exception_of(self, value: Value) -> tuple[str | None, tuple[str, ...]]:
        cls = value.cls if isinstance(value, Instance) else value
        if isinstance(cls, ClassValue):
            return cls.name, self.mro_of(cls)
        if isinstance(cls, LibraryRef):
            short = cls.name.rpartition(".")[2]
            return short, exception_mro(short)
        return None, ()

    def _message_of(self, value: Value) -> str:
        args = value.fields.get("args") if isinstance(value, Instance) else None
        if isinstance(args, Sequence):
            items = args.contents.items(4)
            if items:
                return as_str(items[0]) or ""
        return ""

    def exec_assert(self, node: ast.Assert) -> Flow | None:
        truth = self.truth_of_test(node.test)
        if truth.is_no:
            text = "" if node.msg is None else as_str(self.eval(node.msg)) or ""
            mro = exception_mro("AssertionError")
            self.program_raises(node, "AssertionError", mro, text, "assert")
            raise Raised("AssertionError", mro)
        if truth.is_unknown:
            narrow(self, node.test, True)
        if truth.condition is not None and not self.attempts:
            self.learn(self.facts.assume(truth.condition))
        return None

    def exec_with(self, node: ast.With | ast.AsyncWith) -> Flow | None:
        attempts = 0
        entered_here: list[Value] = []
        for item in node.items:
            context = self.eval(item.context_expr)
            names = self._raising_context(item.context_expr)
            if names is None and self._swallows(context):
                names = ()
            if names is not None:
                self.attempts.append(Attempt(names or None))
                attempts += 1
            self.process["~with"] = node
            entered = self.enter_context(context)
            entered_here.append(context)
            if item.optional_vars is not None:
                self.assign_recorded(item.optional_vars, self.stamp(entered, item.context_expr), node)
        depth, scope, opened = len(self.frames), self.frames[-1].scope, len(self.conditions)
        try:
            flow = self.exec_block(node.body)
            self._exits(node, entered_here, Const(None))
            return flow
        except Raised:
            if not attempts:
                raise
            del self.frames[depth:]
            del self.conditions[opened:]
            self.frames[-1].scope = scope
            self._exits(node, entered_here, Unknown("what was raised"))
            return None
        finally:
            if attempts:
                del self.attempts[len(self.attempts) - attempts :]
            for context in reversed(entered_here):
                self.leave_context(context)

    def _exits(self, node: ast.With | ast.AsyncWith, contexts: list[Value], told: Value) -> None:
        """Call the ``__exit__`` of the program's own managers, the last one first."""
        self.node = node
        for context in reversed(contexts):
            own = self.user_method(context, "__exit__")
            if own is not None:
                self.call(own, (told, told, told))

    def _raising_context(self, node: ast.expr) -> tuple[str, ...] | None:
        if not isinstance(node, ast.Call):
            return None
        name = last_name(node.func)
        if name != "suppress" and not any(word in name for word in RAISING_CONTEXTS):
            return None
        found: list[str] = []
        for argument in node.args[: None if name == "suppress" else 1]:
            names = self.exception_names(self._quiet_value(argument))
            if names is None:
                return ()
            found.extend(names)
        return tuple(found)

    def _swallows(self, context: Value) -> bool:
        """Whether the ``__exit__`` of a class of the program may say that an exception is dealt with."""
        method = self.user_method(context, "__exit__") if isinstance(context, Instance) else None
        function = method.function if isinstance(method, BoundMethod) else None
        if not isinstance(function, Function):
            return False
        return any(
            isinstance(node, ast.Return)
            and not (node.value is None or getattr(node.value, "value", True) in (None, False))
            for node in ast.walk(function.node)
        )

    def enter_context(self, context: Value) -> Value:
        """What ``with context as ...`` binds."""
        method = self.user_method(context, "__enter__")
        if method is not None:
            return self.call(method)
        made = self.type_rule(context, "__enter__")
        if made is not None:
            return made
        return context if isinstance(context, (Instance, Array)) else Unknown("the context manager is not modelled")

    def leave_context(self, context: Value) -> None:
        """The end of a ``with`` block, however it ends, for what a library remembers while it is in one."""
        if isinstance(context, Instance) and self.user_method(context, "__exit__") is None:
            nothing = Const(None)
            self.type_rule(context, "__exit__", nothing, nothing, nothing)
        self.finish_manager(context)

    # -- assignment -------------------------------------------------------------------------------------------------
    def exec_assign(self, node: ast.Assign) -> Flow | None:
        value = self.declared(node, self.eval(node.value))
        for target in node.targets:
            if isinstance(value, Unknown) and isinstance(target, (ast.Tuple, ast.List)):
                value = self.counted_axes(target, node.value, value)
            self.assign_recorded(target, value, node)
        return None

    def exec_ann_assign(self, node: ast.AnnAssign) -> Flow | None:
        if node.value is not None:
            value = self.declared(node, self.eval(node.value))
            if self.scope().kind == "class" and scalar_kind(value) == "str":
                announced = self.annotation_value(node.annotation)
                if isinstance(announced, Typed) and announced.kind in ("int", "float", "bool"):
                    value = Unknown("its class makes what is announced of what it is given")
            self.assign_recorded(node.target, value, node)
        return None

    def exec_aug_assign(self, node: ast.AugAssign) -> Flow | None:
        op = BINARY[type(node.op)]
        load = ast.copy_location(_as_load(node.target), node.target)
        left = self.eval(load)
        right = self.eval(node.value)
        self.node = node
        if isinstance(left, Sequence) and left.kind == "list" and op == "+":
            self.call_method(left, "extend", (right,))
            return None
        made = self.type_rule(left, "__inplace__", Const(op), right) if isinstance(left, Array) else None
        if made is None:
            made = self.binary(op, left, right)
        self.assign_recorded(node.target, self.stamp(made, node, (left, right)), node)
        return None

    def exec_delete(self, node: ast.Delete) -> Flow | None:
        for target in node.targets:
            self._delete(target)
        return None

    def _delete(self, target: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.trail.delete(self.binding_scope(target.id).fields, target.id)
        elif isinstance(target, ast.Subscript):
            receiver, index = self.eval(target.value), self.eval(target.slice)
            self.type_rule(receiver, "__delitem__", index)
        elif isinstance(target, ast.Attribute):
            self.rule("builtins.delattr", self.eval(target.value), Const(target.attr))
        elif isinstance(target, (ast.Tuple, ast.List)):
            for each in target.elts:
                self._delete(each)

    # -- definitions --------------------------------------------------------------------------------------------------
    def exec_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Flow | None:
        made = self.stamp(self.make_function(node), node)
        if node.decorator_list and self.scope().kind == "class":
            # what a decorator wraps is a method, too, although the class does not hold it
            self.scope().fields["~wrapped"] = (*self.scope().fields.get("~wrapped", ()), made)
        value = self.decorated(made, node.decorator_list)
        self.defined.append((self.path, node, self.scope()))
        self.bind_name(node.name, value)
        return None

    def exec_class(self, node: ast.ClassDef) -> Flow | None:
        self.bind_name(node.name, self.stamp(self.make_class(node), node))
        return None

    def exec_global(self, node: ast.Global | ast.Nonlocal) -> Flow | None:
        known: dict[str, str] = dict(self.scope().fields.get("~declared", {}))
        known.update(dict.fromkeys(node.names, "global" if isinstance(node, ast.Global) else "nonlocal"))
        self.scope().fields["~declared"] = known
        if isinstance(node, ast.Global):
            module = self.module_scope().fields
            module["~globals"] = module.get("~globals", frozenset()) | set(node.names)
        return None

    # -- match ----------------------------------------------------------------------------------------------------
    def exec_match(self, node: ast.Match) -> Flow | None:
        return self._match_from(self.eval(node.subject), node.cases)

    def _match_from(self, subject: Value, cases: SequenceOf[ast.match_case]) -> Flow | None:
        if not cases:
            return None
        case, rest = cases[0], cases[1:]
        matches = self.match_pattern(case.pattern, subject)
        if matches is False:
            return self._match_from(subject, rest)
        if matches is True and case.guard is not None:
            truth = self.truth_of_test(case.guard)
            matches = True if truth.is_yes else False if truth.is_no else None
        if matches is True:
            return self.exec_block(case.body)
        if matches is False:
            return self._match_from(subject, rest)
        condition = Condition(f"case {self.source_text(self.path, case.pattern)} matches")
        return self.either(condition, lambda: self.exec_block(case.body), lambda: self._match_from(subject, rest))

    def match_pattern(self, pattern: ast.pattern, subject: Value) -> bool | None:
        """Whether a pattern matches, binding its names; None where it cannot be told."""
        from foreshape.interpret.matching import match_pattern

        return match_pattern(self, pattern, subject)

    defined: list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, Scope]]

    def exec_import(self, node: ast.Import) -> Flow | None:
        raise NotImplementedError

    def exec_import_from(self, node: ast.ImportFrom) -> Flow | None:
        raise NotImplementedError

    def exec_for(self, node: ast.For | ast.AsyncFor) -> Flow | None:
        raise NotImplementedError

    def exec_while(self, node: ast.While) -> Flow | None:
        raise NotImplementedError


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    assert isinstance(target, ast.Subscript)
    return ast.Subscript(target.value, target.slice, ast.Load())


STATEMENTS: Final[dict[type[ast.stmt], Callable[..., Flow | None]]] = {
    ast.Expr: Statements.exec_expr,
    ast.Return: Statements.exec_return,
    ast.Break: Statements.exec_break,
    ast.Continue: Statements.exec_continue,
    ast.If: Statements.exec_if,
    ast.Try: Statements.exec_try,
    ast.Raise: Statements.exec_raise,
    ast.Assert: Statements.exec_assert,
    ast.With: Statements.exec_with,
    ast.AsyncWith: Statements.exec_with,
    ast.Assign: Statements.exec_assign,
    ast.AnnAssign: Statements.exec_ann_assign,
    ast.AugAssign: Statements.exec_aug_assign,
    ast.Delete: Statements.exec_delete,
    ast.FunctionDef: Statements.exec_function,
    ast.AsyncFunctionDef: Statements.exec_function,
    ast.ClassDef: Statements.exec_class,
    ast.Global: Statements.exec_global,
    ast.Nonlocal: Statements.exec_global,
    ast.Match: Statements.exec_match,
    ast.Import: lambda self, node: self.exec_import(node),
    ast.ImportFrom: lambda self, node: self.exec_import_from(node),
    ast.For: lambda self, node: self.exec_for(node),
    ast.AsyncFor: lambda self, node: self.exec_for(node),
    ast.While: lambda self, node: self.exec_while(node),
}
if hasattr(ast, "TryStar"):
    STATEMENTS[ast.TryStar] = Statements.exec_try
