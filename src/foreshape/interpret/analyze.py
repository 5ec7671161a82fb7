"""The analysis of one file: its module body, then what nothing in it calls."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import var
from foreshape.domain.origin import last_name
from foreshape.domain.values import (
    Array,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.interpret.core import (
    LEAST_STEPS_ALONE,
    MOST_SECONDS,
    MOST_STEPS,
    MOST_STEPS_ALONE,
    MOST_STEPS_UNCALLED,
)
from foreshape.interpret.flow import Exit, Frame, OutOfBudget, Raised
from foreshape.interpret.imports import is_empty, of_any_length
from foreshape.interpret.modules import Modules
from foreshape.interpret.nodes import filled_attributes, stored_attributes

if TYPE_CHECKING:
    from foreshape.interpret.findings import Assigned, Finding
    from foreshape.source.files import SourceFile
    from foreshape.source.imports import ImportResolver
    from foreshape.source.targets import Targets

DEEP: Final = 12_000


class Analysis:
    """What was found. status: "checked" or "partial"; reason: why partial. findings are in execution order.

    internal: rules of Foreshape that failed themselves."""

    __slots__ = ("assigned", "findings", "internal", "reason", "sources", "status", "steps", "targets")

    def __init__(self, interpreter: Interpreter, status: str, reason: str | None) -> None:
        self.findings: list[Finding] = interpreter.findings
        self.assigned: list[Assigned] = list(interpreter.assigned.values())
        self.sources: dict[str, SourceFile] = interpreter.sources
        self.targets = interpreter.targets
        self.steps = interpreter.steps
        self.internal: tuple[str, ...] = tuple(dict.fromkeys(interpreter.internal))
        self.status = status
        self.reason = reason


class Interpreter(Modules):
    """All parts of the interpreter together."""

    def __init__(self, targets: Targets, resolver: ImportResolver | None = None) -> None:
        super().__init__(targets)
        self.resolver = resolver
        self.modules = {}
        self.loops = []
        self.handling = []
        self.uncalled_steps = 0
        """What functions that nothing calls have taken."""
        self.imports = {}
        self.defined: list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, Scope]] = []

    def run(self, source: SourceFile) -> None:
        """The file as a script, then its functions and classes that nothing called."""
        scope = Scope("module", source.path)
        with suppress(Raised, Exit):
            self.run_module(source, scope, "__main__")
        self._reset()
        self.entered = False
        self._uncalled(source, scope)

    def _reset(self) -> None:
        self.frames.clear()
        self.attempts.clear()
        self.conditions.clear()
        self.loops.clear()
        self.handling.clear()

    def _uncalled(self, source: SourceFile, scope: Scope) -> None:
        """Functions that nothing called are followed with parameters that nothing is known about."""
        for name, value in list(scope.fields.items()):
            if isinstance(name, str) and not name.startswith("~") and isinstance(value, Value) and is_open(value):
                scope.fields[name] = Unknown("a function may have filled it since")
        classes = [value for value in scope.fields.values() if isinstance(value, ClassValue)]
        for cls in classes:
            for base in cls.mro:
                if isinstance(base, ClassValue) and not base.fields.get("~dataclass"):
                    self._open_members(base)
        for cls in classes:
            if cls.scope.path == source.path:
                self._uncalled_methods(cls, scope)
        for path, node, defined_in in list(self.defined):
            if path != source.path or id(node) in self.called or defined_in.kind != "module":
                continue
            function = scope.fields.get(node.name)
            if isinstance(function, Function) and function.node is node and not is_left_out(node):
                self.frames.append(Frame(path, scope))
                self._taken_back(partial(self._alone, function, ()))
                self._reset()

    def _open_members(self, cls: ClassValue) -> None:
        """What a class body leaves as None or empty is there for a class that derives from it, or for who imports it."""
        for key, value in list(cls.fields.items()):
            if isinstance(key, str) and not key.startswith("~") and isinstance(value, Value) and is_open(value):
                cls.fields[key] = Unknown("a class that derives from this one may set it")

    def _uncalled_methods(self, cls: ClassValue, scope: Scope) -> None:
        methods = [
            value for value in cls.fields.values()
            if isinstance(value, Function) and value.owner is cls and id(value.node) not in self.called
        ]  # fmt: skip
        if not methods:
            return
        self.frames.append(Frame(cls.scope.path, scope))
        receiver = self._unknown_instance(cls)
        for method in methods:
            if id(method.node) in self.called or is_left_out(method.node):
                continue
            self._reset()
            if isinstance(receiver, Instance):
                self._loosen(receiver, cls)
                self._loosen_held(receiver, 0)
            self.frames.append(Frame(cls.scope.path, scope))
            first: tuple[Value, ...] = (receiver,)
            if method.wrapper == "staticmethod":
                first = ()
            elif method.wrapper == "classmethod":
                first = (cls,)
            elif method.wrapper == "decorated" and _says_what_it_is(method):
                first = ()  # what wraps it makes that of the object
            given = self._worst_input(cls, method, first) if method.name == "forward" else {}
            self._taken_back(partial(self._alone, method, first, given))
        self._reset()

    def _taken_back(self, action: Callable[[], None]) -> None:
        """What a function does that nothing calls is not there for the others: its changes are taken back."""
        mark = self.trail.open()
        try:
            action()
        finally:
            self.trail.take_back(mark)

    def _unknown_instance(self, cls: ClassValue) -> Value:
        """An object made with constructor arguments that nothing is known about."""
        instance = Instance(cls, {"~open": True, "~any": True})
        for base in cls.mro:
            if isinstance(base, ClassValue) and isinstance(base.fields.get("__init__"), Function):
                self._alone(base.fields["__init__"], (instance,), self.sizes_for(cls, base.fields["__init__"]))
                break
            if isinstance(base, LibraryRef):
                rule = self.find_member(base.name, "__init__")
                if rule is not None:
                    needed = rule.signature().required[1:] if base.name.startswith("torch.") else ()
                    with self.quiet():
                        self.apply(rule, (instance,), {name: Unknown(f"it is the argument {name}") for name in needed})
                break
        instance.fields["~open"] = True
        self._loosen(instance, cls)
        for base in cls.mro:
            if isinstance(base, ClassValue) and base.node is not None and base.fields.get("~dataclass"):
                self._open_fields(instance, base.node)
        if is_abstract(cls):
            for key, value in list(instance.fields.items()):
                if isinstance(key, str) and not key.startswith("~") and isinstance(value, Const):
                    instance.fields[key] = Unknown("a class that derives from this one may set it")
        return instance

    def _open_fields(self, instance: Instance, node: ast.ClassDef) -> None:
        """The fields of a dataclass are arguments: what is known of them is their annotation, not the default."""
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
                name = statement.target.id
                if "ClassVar" not in ast.unparse(statement.annotation) and name not in instance.fields:
                    instance.fields[name] = self.annotation_value(statement.annotation) or Unknown(
                        f"it is the argument {name}"
                    )

    def _loosen(self, instance: Instance, cls: ClassValue, deeper: bool = True) -> None:
        """What other methods assign, and what begins as None or empty, may be anything by the time that a method is
        called: another class may derive from this one, and fill it.
        """
        assigned: set[str] = set()
        filled: set[str] = set()
        for base in cls.mro:
            for key, member in base.fields.items() if isinstance(base, ClassValue) else ():
                if isinstance(member, Function):
                    assigned |= stored_attributes(member.node, own=key != "__init__")
                    if key != "__init__":
                        filled |= filled_attributes(member.node)
        for key in assigned:
            if any(isinstance(base, ClassValue) and key in base.fields for base in cls.mro):
                instance.fields[key] = Unknown("it may have been set since")
        for key, value in list(instance.fields.items()):
            if isinstance(key, str) and not key.startswith("~") and isinstance(value, Value):
                choice = isinstance(value, Choice) or (isinstance(value, Const) and value.value is None)
                if choice or key in assigned:
                    instance.fields[key] = Unknown("it may have been set since")
                elif key in filled or is_open(value):
                    instance.fields[key] = of_any_length(value)
                elif isinstance(value, Instance) and isinstance(value.cls, ClassValue) and deeper:
                    self._loosen(value, value.cls, deeper=False)  # an object that it holds is not new either

    def _loosen_held(self, owner: Instance, depth: int) -> None:
        """The objects that an object holds have been used since it was made; its parameters are wherever it was moved to."""
        for key, held in list(owner.fields.items()):
            if isinstance(held, Instance) and depth < 4:
                if isinstance(held.cls, ClassValue):
                    self._loosen(held, held.cls)
                self._loosen_held(held, depth + 1)
            elif isinstance(held, Array) and held.kind == "torch" and "device" not in held.meta:
                owner.fields[key] = held.replace(meta={**held.meta, "device": "?"}, origin=held.origin)

    def _worst_input(self, cls: ClassValue, method: Function, first: tuple[Value, ...]) -> dict[str, Value]:
        """The input with which a module's ``forward`` is followed: none in particular, unless it fails with any."""

        def run(given: dict[str, Value]) -> None:
            self._alone(method, first, given)
            self._reset()
            self.frames.append(Frame(cls.scope.path, method.scope))

        return self.failing_input(cls, first[0], method, run) or {} if first else {}

    def _alone(self, function: Function, first: tuple[Value, ...], given: dict[str, Value] | None = None) -> None:
        """Follow a function without its caller. given: what some of its parameters are."""
        spec = function.node.args
        scope = Scope("function", function.scope.path, function.scope)
        names = [*spec.posonlyargs, *spec.args]
        defaults: dict[str, Value] = dict(
            zip([a.arg for a in names[len(names) - len(function.defaults) :]], function.defaults)
        )
        defaults.update(function.kw_defaults)
        for argument, value in zip(names, first):
            scope.fields[argument.arg] = value
        for argument in [*names[len(first) :], *spec.kwonlyargs]:
            known = given.get(argument.arg) if given else None
            scope.fields[argument.arg] = known or self._parameter(argument, defaults.get(argument.arg))
        if spec.vararg is not None:
            run = Run(var(None, 0), Unknown("it is an argument"))
            scope.fields[spec.vararg.arg] = Sequence("tuple", Contents((run,)))
        if spec.kwarg is not None:
            scope.fields[spec.kwarg.arg] = DictValue({}, Unknown("it is an argument"))
        self.called.add(id(function.node))
        frame = Frame(function.scope.path, scope, None, None, function.node)
        frame.owner = function.owner
        frame.receiver = first[0] if first and function.owner is not None else None
        self.node = function.node
        share = max(LEAST_STEPS_ALONE, min(MOST_STEPS_ALONE, (MOST_STEPS_UNCALLED - self.uncalled_steps) // 3))
        began = self.steps
        self.step_limit = min(began + share, MOST_STEPS)
        if function.within is not None:
            self.enter_context(function.within)
        try:
            with suppress(Raised, Exit):
                self.run_frame(frame, function.node)
        except OutOfBudget:
            if self.steps > MOST_STEPS or process_time() - self.started > MOST_SECONDS:
                raise
            self._reset()
        finally:
            self.step_limit = MOST_STEPS
            self.uncalled_steps += self.steps - began
            if function.within is not None:
                self.leave_context(function.within)

    def _parameter(self, argument: ast.arg, default: Value | None) -> Value:
        """What a parameter is when nobody calls: its annotation or the type of its default, not the default itself."""
        value = self.annotation_value(argument.annotation)
        if isinstance(value, Typed) and value.kind == "float" and not has_float(default):
            value = None  # an int is as good wherever a float is announced
        if value is None:
            value = Unknown(f"it is the argument {argument.arg}")
        return self.stamp(value, argument)


def has_float(default: Value | None) -> bool:
    return isinstance(default, Const) and isinstance(default.value, float)


LEFT_OUT: Final = frozenset({"skip", "skipif", "skipIf", "skipUnless", "xfail", "expectedFailure"})
LANGUAGES: Final = frozenset({"triton", "tilelang"})
"""Libraries whose decorators compile a function as a language of their own, where a number has methods."""


def is_left_out(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a function is a test that is not run everywhere, or is there to fail, or is no Python: its decorator says so."""
    for decorator in getattr(node, "decorator_list", ()):
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(named, ast.Attribute) and isinstance(named.value, ast.Name) and named.value.id in LANGUAGES:
            return True
        if last_name(named) in LEFT_OUT:
            return True
    return False


def is_abstract(cls: ClassValue) -> bool:
    """Whether some method is left to classes that derive from it: no object is of this very class."""
    seen: set[object] = set()
    for base in cls.mro:
        for key, member in base.fields.items() if isinstance(base, ClassValue) else ():
            if key not in seen and isinstance(member, Function) and isinstance(member.node, ast.FunctionDef):
                seen.add(key)
                if any(last_name(decorator) == "abstractmethod" for decorator in member.node.decorator_list):
                    return True
    return False


def _says_what_it_is(method: Function) -> bool:
    """Whether the first parameter of a method has an annotation."""
    spec = method.node.args
    return any(each.annotation is not None for each in [*spec.posonlyargs, *spec.args][:1])


def is_open(value: Value) -> bool:
    """None, and an empty list or dict: what stands in a class for something to come."""
    return is_empty(value) or (isinstance(value, Const) and value.value is None)


def analyze_file(
    source: SourceFile,
    targets: Targets,
    resolver: ImportResolver | None = None,
    interpreter: Interpreter | None = None,
) -> Analysis:
    """Analyse one file that has been read and parsed. Never runs it. ``interpreter``: a fresh one that sees more."""
    interpreter = Interpreter(targets, resolver) if interpreter is None else interpreter
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEP))
    status, reason = source.status, source.reason
    try:
        if source.tree is not None:
            interpreter.run(source)
    except OutOfBudget as error:
        status, reason = "partial", str(error)
    except RecursionError:
        status, reason = "partial", "stopped: the code is nested too deeply to follow"
    finally:
        sys.setrecursionlimit(limit)
    return Analysis(interpreter, status, reason)
