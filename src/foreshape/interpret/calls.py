"""Calls: of the program's own functions and classes, of library functions, of objects."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import Any, Final

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.dim import var
from foreshape.domain.join import join
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    IteratorValue,
    LibraryRef,
    OneOf,
    Partial,
    Scope,
    Sequence,
    Unknown,
    Value,
    any_tainted,
    none,
)
from foreshape.faults.base import Raises
from foreshape.faults.call_arguments import CallArguments
from foreshape.interpret.core import DEPTH
from foreshape.interpret.escapes import NAMESPACES, Escapes
from foreshape.interpret.flow import Exit, Frame, Raised, TooNested, may_reach
from foreshape.interpret.managers import halves, is_manager, yields
from foreshape.interpret.nodes import calls_itself
from foreshape.semantics.python.tools import is_stub
from foreshape.semantics.registry import REGISTRY

EXITS: Final = frozenset({"sys.exit", "builtins.exit", "builtins.quit", "os._exit", "os.abort"})
SPREAD: Final = {
    "builtins.zip": "builtins.zip.~rows",
    "itertools.chain": "itertools.chain.from_iterable",
    "itertools.zip_longest": "itertools.zip_longest.~rows",
    "builtins.max": "builtins.max",
    "builtins.min": "builtins.min",
}
"""What stands for a call with all arguments spread from one iterable."""
NESTED_SURE: Final = 24
NESTED_UNSURE: Final = 2
"""How deep a function is followed into itself: as long as it is certain that it calls itself, and once it is not, or where it does
so from a loop that is followed in summary: each level would be followed three times as often as the one before."""
MOST_NESTING: Final = 100_000
"""Steps that a call may take with all that it calls of its own function; what it calls of it after that is not followed. More
than a function has that nothing calls: there the budget ends it, before loops go on over what is not followed."""
MOST_NESTING_UNSURE: Final = 12_000
"""As many where it is not certain that it calls itself: then the call as a whole is given up, and every later one."""


class SuperValue(Value):
    """``super()``: attributes are looked up in the classes after ``after``."""

    __slots__ = ("after", "receiver")

    def __init__(self, after: ClassValue, receiver: Value) -> None:
        super().__init__()
        self.after = after
        self.receiver = receiver


class Calls(Escapes):
    """``call`` and everything below it."""

    handling: list[Raised]
    loops: list[Any]
    open_call: bool = False
    """Whether the call that begins now may have more arguments than are known."""
    spread: Contents | None = None
    """The arguments by position of the call that is evaluated, where their number is not known."""

    def eval_call(self, node: ast.Call) -> Value:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and self.lookup("super") is not None:
            made = self._super(node)
            if made is not None:
                return made
        function = self.eval(node.func)
        if isinstance(function, LibraryRef) and function.name in SPREAD and len(node.args) == 1:
            only = node.args[0]
            if isinstance(only, ast.Starred) and not node.keywords:
                return self.stamp(self._call_spread(function, self.eval(only.value)), node)
        args, kwargs, complete = self.arguments(node)
        self.node = node
        if isinstance(function, Unknown) and isinstance(node.func, ast.Attribute):
            owner = self.lookup(node.func.value.id) if isinstance(node.func.value, ast.Name) else None
            if isinstance(owner, Instance):
                self.had_by_base(owner)
        if not complete:
            result = self._call_open(function, args, kwargs)
        else:
            result = self.call(function, args, kwargs)
        receiver = (function.receiver,) if isinstance(function, BoundMethod) else ()
        if receiver and isinstance(receiver[0], Instance) and isinstance(node.func, ast.Attribute):
            self.was_called(receiver[0], node.func.attr, result)
        if isinstance(function, Instance):
            receiver = (function,)
        inputs = (*receiver, *args, *kwargs.values())
        if isinstance(result, Sequence) and result.origin is None:
            self._stamp_parts(result, node, inputs)
        return self.stamp(result, node, inputs)

    def was_called(self, receiver: Instance, name: str, result: Value) -> None:
        """What a library does to an object after the program has called a method of it, whoever wrote the method."""
        owner = receiver.library_type
        rule = None if owner is None or result.tainted else self.find_member(owner, name, "called")
        if rule is not None:
            self.apply(rule, (receiver,), {})

    def _stamp_parts(self, result: Sequence, node: ast.Call, inputs: tuple[Value, ...]) -> None:
        """What a call gives as a tuple or list is unpacked: each part comes from the call, too."""
        for part in result.contents.segments[:8]:
            if isinstance(part, Array):
                self.stamp(part, node, inputs)
            elif isinstance(part, Sequence) and part.kind == "tuple" and part.origin is None:
                self._stamp_parts(part, node, inputs)

    def arguments(self, node: ast.Call) -> tuple[tuple[Value, ...], dict[str, Value], bool]:
        """The evaluated arguments; False where a spread of unknown length hides some."""
        args: list[Value] = []
        kwargs: dict[str, Value] = {}
        complete = True
        spread: list[Segment] = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                contents = self.iterate(self.eval(argument.value))
                items = None if contents is None else contents.items(256)
                if items is None:
                    complete = False
                    spread += (Run(var(None, 0), Unknown("")),) if contents is None else contents.segments
                    continue
                args.extend(items)
                spread += items
            else:
                args.append(self.eval(argument))
                spread.append(args[-1])
        self.spread = None if complete else Contents(spread)
        for keyword in node.keywords:
            value = self.eval(keyword.value)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
            elif isinstance(value, DictValue):
                kwargs.update({key: entry for key, entry in value.entries.items() if isinstance(key, str)})
                complete = complete and value.rest is None
            else:
                complete = False
        return tuple(args), kwargs, complete

    def _call_open(self, function: Value, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        """A call whose arguments are not all known: nothing may be said about missing ones."""
        if isinstance(function, LibraryRef) and self.spread is not None and not kwargs:
            rule = self.find_rule(function.name, "spread")
            if rule is not None:
                return self.apply(rule, (Sequence("list", self.spread),), {})
        if self._takes_any_number(function):
            self.escape(args, kwargs)
            if isinstance(function, BoundMethod) and isinstance(function.receiver, Instance):
                self.set(function.receiver, "~open", True)  # its constructor, or what adds to it
            return Unknown("how many arguments it gets is not known")
        self.open_call = True
        try:
            with self.quiet():
                made = self.call(function, args, kwargs)
        finally:
            self.open_call = False
        if isinstance(made, Instance) and made.library_type in NAMESPACES:
            self.set(made, "~open", True)
        return made

    def _call_spread(self, function: LibraryRef, source: Value) -> Value:
        """``zip(*rows)`` and the like, where the number of rows may not be known."""
        contents = self.iterate(source)
        items = None if contents is None else contents.items(256)
        return self.call(function, items) if items is not None else self.rule(SPREAD[function.name], source)

    def _takes_any_number(self, function: Value) -> bool:
        """Whether a function does something with each of any number of arguments."""
        inner = function.function if isinstance(function, BoundMethod) else function
        if isinstance(inner, Function):
            return inner.node.args.vararg is not None
        if not isinstance(inner, LibraryRef):
            return False
        rule = self.find_rule(inner.name)
        if rule is None and REGISTRY.type_of(inner.name) is not None:
            rule = self.find_member(inner.name, "__init__")
        return rule is not None and rule.signature().star is not None

    def call(self, function: Value, args: SequenceOf[Value] = (), kwargs: Mapping[str, Value] | None = None) -> Value:
        """Call any value."""
        self.step()
        named = dict(kwargs or {})
        if isinstance(function, Function):
            return self.call_function(function, tuple(args), named)
        if isinstance(function, BoundMethod):
            return self.call(function.function, (function.receiver, *args), named)
        if isinstance(function, LibraryRef):
            return self.call_library(function, tuple(args), named)
        if isinstance(function, ClassValue):
            return self.instantiate(function, tuple(args), named)
        if isinstance(function, Choice):
            return self.distribute(function, lambda option: self.call(option, args, named))
        if isinstance(function, Partial):
            return self.call(function.function, (*function.args, *args), {**function.kwargs, **named})
        if isinstance(function, Instance):
            return self._call_instance(function, tuple(args), named)
        if isinstance(function, Unknown):
            self.escape(args, named)
            if isinstance(function, OneOf):
                self.escape_called(function.options)
            made = Unknown(function.reason)
            made.tainted = function.tainted or any_tainted(args)
            return made
        return self._not_callable(function)

    def _call_instance(self, function: Instance, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        method = self.user_method(function, "__call__")
        if method is not None:
            return self.call(method, args, kwargs)
        owner = function.library_type
        rule = None if owner is None else self.find_member(owner, "__call__")
        if rule is not None:
            return self.apply(rule, (function, *args), kwargs)
        self.escape(args, kwargs)
        return Unknown(f"calling a {function.cls.name} is not modelled")

    def _not_callable(self, function: Value) -> Value:
        from foreshape.faults.python_error import PythonError
        from foreshape.interpret.operators import kind_of
        from foreshape.semantics.python.tools import type_name

        kind = kind_of(function)
        numbers = isinstance(function, Array) and bool(function.shape or function.dtype not in (None, "object"))
        if numbers:
            kind = type_name(function) or "Tensor"
        if numbers or kind in ("int", "float", "str", "list", "tuple", "dict", "NoneType"):
            message = f"'{kind}' object is not callable"
            self.report(PythonError(Raises("TypeError", message), values=(function,), problem=message))
            made = Unknown("it is not callable")
            made.tainted = True
            return made
        return Unknown("calling this is not modelled")

    # -- libraries --------------------------------------------------------------------------------------------------
    def call_library(self, function: LibraryRef, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """Call a library function or class by its qualified name."""
        name = function.name
        if name in EXITS:
            raise Exit()
        rule = self.find_rule(name)
        if rule is not None:
            made = self.apply(rule, args, kwargs)
            own = args and isinstance(args[0], Instance) and isinstance(args[0].cls, ClassValue)
            if own and isinstance(made, Array) and name.startswith("numpy.ndarray."):
                return Unknown("an array of a class of the program")
            return made
        if REGISTRY.type_of(name) is not None:
            return self.construct(LibraryRef(name), args, kwargs)
        self.escape(args, kwargs)
        made = Unknown(f"{name} is not modelled")
        made.tainted = any_tainted(args)
        return made

    def construct(self, cls: LibraryRef, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """Make an object of a library class."""
        instance = Instance(cls)
        self.trail.born(instance.fields)
        rule = self.find_member(cls.name, "__init__")
        if rule is not None:
            split = self.over_choices(args, kwargs, lambda some, named: self.construct(cls, some, named))
            if split is not None:
                return split
            before = self.find_member(cls.name, "__new__") if args and isinstance(args[0], Array) else None
            if before is not None and self.apply(before, (cls, *args), kwargs).tainted:
                instance.tainted = True
                return instance
            made = self.apply(rule, (instance, *args), kwargs)
            if made.tainted and isinstance(made, Unknown):
                instance.tainted = True
        return instance

    # -- the program's own functions ----------------------------------------------------------------------------------
    def call_function(self, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """Interpret a function with these arguments."""
        self.called.add(id(function.node))
        if function.wrapper is not None and "." in function.wrapper:
            return self.rule(function.wrapper, function, *args, **kwargs)
        same = [frame for frame in self.frames if frame.function is function.node]
        deepest = NESTED_UNSURE if self.conditions or (same and self._summarised_since(same[0])) else NESTED_SURE
        if len(self.frames) > DEPTH or len(same) > deepest or (same and self.steps - same[0].began > MOST_NESTING):
            return Unknown("the recursion is too deep to follow")
        if same and same[0].whole and self.conditions and self.steps - same[0].began > MOST_NESTING_UNSURE:
            raise TooNested(same[0])
        if id(function.node) in self.given_up:
            self.escape(args, kwargs)
            return Unknown("the recursion is too long to follow")
        scope = Scope("function", function.scope.path, function.scope)
        if not self.bind_parameters(function, scope, args, kwargs):
            made = Unknown("its arguments do not fit")
            made.tainted = True
            if args and isinstance(args[0], Instance) and function.name == "__init__":
                args[0].tainted = True  # nor is what the constructor would have made of it
            return made
        if args and self._may_derive(args[0], function) and is_stub(function.node):
            self.escape(args, kwargs)
            return Unknown(f"{function.name} is left to a subclass")
        frame = Frame(function.scope.path, scope, self.node, self.path, function.node)
        frame.began = self.steps
        frame.owner = function.owner
        frame.receiver = args[0] if args and function.owner is not None else None
        if function.within is None:
            result = self._whole(frame, function, args, kwargs)
            if function.wrapper == "decorated" and isinstance(result, Const) and result.value is None:
                return Unknown("its decorator is not modelled")
            return result
        self.enter_context(function.within)
        try:
            return self.run_frame(frame, function.node)
        finally:
            self.leave_context(function.within)

    def _may_derive(self, receiver: Value, function: Function) -> bool:
        """Whether the receiver may be of a class that derives from the one that is known: nothing in the file makes it."""
        if isinstance(receiver, Instance):
            return bool(receiver.fields.get("~open"))
        return isinstance(receiver, ClassValue) and function.wrapper == "classmethod" and not self.entered

    def _summarised_since(self, frame: Frame) -> bool:
        """Whether a loop that is followed in summary began in this frame, or in one that it has called."""
        return bool(self.summaries) and self.summaries[-1] > self.frames.index(frame)

    def _whole(self, frame: Frame, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """What a call gives; nothing is known of it, and all is as it was before, where its recursion takes too long."""
        if not calls_itself(function.node) or any(other.function is function.node for other in self.frames):
            return self.run_frame(frame, function.node)
        open_ones = [(each, len(each)) for each in (
            self.attempts, self.handling, self.loops, self.conditions, self.summaries,
        )]  # fmt: skip
        frame.whole = self.entered
        mark = self.trail.open()
        try:
            result = self.run_frame(frame, function.node)
        except TooNested as error:
            self.trail.take_back(mark)
            if error.frame is not frame:
                raise
            for each, length in open_ones:
                del each[length:]
            self.given_up.add(id(function.node))
            self.escape(args, kwargs)
            return Unknown(str(error))
        except BaseException:
            self.trail.keep(mark)
            raise
        self.trail.keep(mark)
        return result

    def enter_context(self, context: Value) -> Value:
        raise NotImplementedError

    def leave_context(self, context: Value) -> None:
        raise NotImplementedError

    def run_frame(self, frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Value:
        outer = self.node
        depth = len(self.frames)
        before = self.facts
        self.frames.append(frame)
        try:
            if isinstance(node, ast.Lambda):
                return self.eval(node.body)
            if is_generator(node):
                if is_manager(node):
                    parts = halves(node.body)
                    if parts is not None:
                        return self._as_manager(frame, *parts)
                frame.yields = Sequence("list", Contents())
            flow = self.exec_block(node.body)
            result = flow.value if flow is not None and flow.value is not None else none()
            fell_through = flow is None
        except Raised as signal:
            if not frame.returns or frame.yields is not None:
                raise
            may_reach(self.attempts, signal)
            _, result, left = frame.returns.pop()  # it may have returned before it came to what raises
            self.trail.apply(left)
            fell_through = False
        finally:
            del self.frames[depth:]
            self.node = outer
        if frame.returns:
            # what holds on the way to the last return does not hold for the ways that returned before
            self.learn(before.join(self.facts))
            for owner, name, was, bound in reversed(frame.narrowed):
                if owner.fields.get(name) is bound and isinstance(was, Value):
                    self.set(owner, name, was)  # so does what a test said of an attribute
        if frame.yields is not None:
            return self.rule("builtins.iter", frame.yields)
        if frame.returns and fell_through and not isinstance(node, ast.Lambda) and not _may_fall_through(node):
            _, result, left = frame.returns.pop()
            self.trail.apply(left)
        for condition, value, left in reversed(frame.returns):
            result = join(value, result, condition)
            self.leave_behind(left, condition, frame.scope.fields)
        return result

    def _as_manager(self, frame: Frame, before: list[ast.stmt], value: ast.expr | None, after: list[ast.stmt]) -> Value:
        """A context manager that runs up to its ``yield`` now, and goes on at the end of the ``with`` block."""
        self.exec_block(before)
        entered = none() if value is None else self.eval(value)
        made = self.rule("builtins.iter", Sequence("list", Contents((entered,))))
        if after and isinstance(made, IteratorValue):
            self.set(made, "~after", (frame, after))
        return made

    def finish_manager(self, context: Value) -> None:
        """What stands after the ``yield``."""
        held = context.fields.get("~after") if isinstance(context, IteratorValue) else None
        if held is None:
            return
        assert isinstance(context, IteratorValue)
        self.set(context, "~after", None)
        frame, after = held
        outer, depth = self.node, len(self.frames)
        self.frames.append(frame)
        try:
            self.exec_block(after)
        finally:
            del self.frames[depth:]
            self.node = outer

    def bind_parameters(
        self, function: Function, scope: Scope, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> bool:
        """Bind arguments as Python does; False (and a report) where they do not fit."""
        spec = function.node.args
        names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
        fields = scope.fields
        more = self.open_call or function.wrapper == "decorated"
        opened, self.open_call = self.open_call, False
        for name, value in zip(names, args):
            fields[name] = value
        extra = args[len(names) :]
        if spec.vararg is not None:
            fields[spec.vararg.arg] = Sequence("tuple", Contents(extra))
        elif extra:
            return self._misfit(function, f"takes {len(names)} positional arguments but {len(args)} were given")
        only_by_name = [argument.arg for argument in spec.kwonlyargs]
        positional_only = {argument.arg for argument in spec.posonlyargs}
        rest: dict[Any, Value] = {}
        for key, value in kwargs.items():
            if key in fields and key in names and key not in positional_only:
                return self._misfit(function, f"got multiple values for argument '{key}'")
            if (key in names and key not in positional_only) or key in only_by_name:
                fields[key] = value
            elif spec.kwarg is not None:
                rest[key] = value
            else:
                return self._misfit(function, f"got an unexpected keyword argument '{key}'")
        if spec.kwarg is not None:
            fields[spec.kwarg.arg] = DictValue(rest, Unknown("it may be given by name") if more else None)
        if opened:
            for name in (*names, *only_by_name):
                fields.setdefault(name, Unknown("it may be given"))
        for name, value in zip(reversed(names), reversed(function.defaults)):
            fields.setdefault(name, value)
        for name, value in function.kw_defaults.items():
            fields.setdefault(name, value)
        missing = [name for name in names if name not in fields]
        if missing:
            return self._misfit(function, f"missing {_counted(missing, 'positional')}")
        missing = [name for name in only_by_name if name not in fields]
        if missing:
            return self._misfit(function, f"missing {_counted(missing, 'keyword-only')}")
        return True

    def _misfit(self, function: Function, problem: str) -> bool:
        if function.wrapper == "decorated":
            return False  # a decorator that is not modelled may take other arguments
        if function.owner is not None and not self.entered:
            return False  # a subclass may define it otherwise
        name = f"{function.owner.name}.{function.name}" if function.owner is not None else function.name
        message = f"{name}() {problem}"
        self.report(CallArguments(Raises("TypeError", message), callee=function.name, problem=problem))
        return False

    # -- classes ----------------------------------------------------------------------------------------------------
    def instantiate(self, cls: ClassValue, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """``Class(...)``."""
        made = self.special_instance(cls, args, kwargs)
        if made is not None:
            return made
        instance = Instance(cls)
        self.prepare(instance)
        self.hand_out(cls)
        self.trail.born(instance.fields)
        if any(isinstance(base, ClassValue) and base.fields.get("~made otherwise") for base in cls.mro):
            instance.fields.update({"~open": True, "~filled": True})
            instance.tainted = True
        receiver = self.frames[-1].receiver if self.frames and not self.entered else None
        if receiver is cls or (isinstance(receiver, Instance) and receiver.cls is cls):
            self.set(instance, "~open", True)  # ``cls()``, ``type(self)()``: a class that derives from it may be meant
        for base in cls.mro:
            if isinstance(base, ClassValue) and "__init__" in base.fields:
                initial: Value = base.fields["__init__"]
                bound = BoundMethod(initial, instance) if isinstance(initial, Function) else initial
                done = self.call(bound, args, kwargs)
                # what was not made, since its arguments do not fit, is not blamed for what it lacks
                instance.tainted = instance.tainted or (done.tainted and isinstance(done, Unknown))
                return instance
            if isinstance(base, LibraryRef):
                if base.name.startswith("builtins."):
                    self.set(instance, "args", Sequence("tuple", Contents(args)))
                rule = self.find_member(base.name, "__init__")
                if rule is not None:
                    self.apply(rule, (instance, *args), kwargs)
                    return instance
                if base.name != "builtins.object":
                    self.set(instance, "~open", True)
        return instance

    def prepare(self, instance: Instance) -> None:
        """What an object of a class of the program holds before its ``__init__``."""

    def special_instance(self, cls: ClassValue, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
        """Dataclasses, named tuples and enums."""
        raise NotImplementedError

    def _super(self, node: ast.Call) -> Value | None:
        """``super()`` or ``super(Class, self)``."""
        frame = next((frame for frame in reversed(self.frames) if frame.owner is not None), None)
        if node.args:
            owner, receiver = (
                (self.eval(argument) for argument in node.args[:2]) if len(node.args) == 2 else (None, None)
            )
            if isinstance(owner, ClassValue) and receiver is not None:
                return SuperValue(owner, receiver)
            return None
        if frame is None or frame.owner is None or frame.receiver is None:
            return Unknown("super() outside a method")
        return SuperValue(frame.owner, frame.receiver)

    def find_attribute(self, receiver: Value, name: str) -> Value | None:
        if not isinstance(receiver, SuperValue):
            return super().find_attribute(receiver, name)
        target = receiver.receiver
        cls = target.cls if isinstance(target, Instance) else target
        if not isinstance(cls, ClassValue):
            return Unknown("super() of a library class")
        mro = cls.mro
        after = mro.index(receiver.after) + 1 if receiver.after in mro else len(mro)
        found = self.attribute_from(mro[after:], target, name)
        if found is None and name in ("__init__", "__init_subclass__", "__setattr__", "__new__"):
            return BoundMethod(LibraryRef(f"builtins.object.{name}"), target)
        return found


def is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function yields (nested functions aside)."""
    found: bool | None = getattr(node, "_foreshape_generator", None)
    if found is None:
        found = any(yields(statement) for statement in node.body)
        node._foreshape_generator = found  # type: ignore[union-attr]
    return found


def _may_fall_through(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the last statement lets the function end without return or raise, as far as its form tells."""
    return not _ends(node.body)


def _ends(body: SequenceOf[ast.stmt]) -> bool:
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise)):
        return True
    if isinstance(last, ast.If):
        return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
    if isinstance(last, ast.With):
        return _ends(last.body)
    if isinstance(last, ast.Try):
        return (
            _ends(last.finalbody) if last.finalbody else _ends(last.body) and all(_ends(h.body) for h in last.handlers)
        )
    return False


def _counted(names: list[str], kind: str) -> str:
    quoted = [f"'{name}'" for name in names]
    listed = quoted[0] if len(names) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
    return f"{len(names)} required {kind} argument{'' if len(names) == 1 else 's'}: {listed}"
