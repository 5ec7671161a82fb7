"""Class definitions, decorators, dataclasses, named tuples and enums of the program."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Hashable
from collections.abc import Sequence as SequenceOf
from typing import Any, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    BoundMethod,
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
    as_str,
)
from foreshape.faults.base import Raises
from foreshape.faults.call_arguments import CallArguments
from foreshape.interpret.class_hooks import ClassHooks
from foreshape.interpret.flow import Frame
from foreshape.semantics.python.class_fields import FIELD, NAMED_TUPLE, field_names, in_class, taken_fields
from foreshape.semantics.registry import REGISTRY, Rule

OBJECT: Final = LibraryRef("builtins.object")
PLAIN_BASES: Final = ("builtins.", "typing.", "abc.", "collections.abc.")
METHOD_DECORATORS: Final = {
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
    "builtins.property": "property",
    "functools.cached_property": "cached_property",
    "torch.distributions.utils.lazy_property": "cached_property",
    "abc.abstractproperty": "property",
}
DATACLASS: Final = ("dataclasses.dataclass", "attr.s", "attrs.define", "attr.dataclass")
PLAIN_ENUMS: Final = ("enum.IntEnum", "enum.StrEnum", "enum.IntFlag", "builtins.int", "builtins.str")
ENUMS: Final = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag")
CALLABLES: Final = (Function, BoundMethod, LibraryRef)
EXCEPTIONS: Final = frozenset(
    f"builtins.{name}"
    for name, made in vars(builtins).items()
    if isinstance(made, type) and issubclass(made, BaseException)
)
MOST_DECORATING: Final = 4_000
"""How many steps a decorator may take; one that takes more is as good as not modelled."""


class Classes(ClassHooks):
    """``class`` statements and what decorators make of definitions."""

    recording: int = 0

    def make_class(self, node: ast.ClassDef) -> Value:
        """The class object of a definition."""
        bases = tuple(self.eval(base) for base in node.bases if not isinstance(base, ast.Starred))
        made_by = {keyword.arg: self.eval(keyword.value) for keyword in node.keywords if keyword.arg is not None}
        scope = Scope("class", self.path, self.scope())
        if calls_differently(made_by.get("metaclass")):
            scope.fields["~made otherwise"] = True
        scope.fields["__module__"] = Const("__main__")
        scope.fields["__qualname__"] = Const(node.name)
        made = ClassValue(node.name, bases, scope, node)
        made.mro = linearise(made, bases)
        frame = Frame(self.path, scope)
        self.frames.append(frame)
        try:
            self.exec_block(node.body)
        finally:
            self.frames.pop()
        for key, value in list(scope.fields.items()):
            function = value.function if isinstance(value, BoundMethod) else value
            if isinstance(function, Function) and function.owner is None and function.scope is scope:
                function.owner = made
                function.scope = self.scope()
                if key == "__new__":
                    function.wrapper = "staticmethod"
        for function in scope.fields.pop("~wrapped", ()):
            if function.owner is None and function.scope is scope:
                function.owner = made
                function.scope = self.scope()
        if any(isinstance(base, LibraryRef) and self._is_enum(base) for base in made.mro):
            self._make_enum(made)
        self.class_made(made, made_by)
        decorator = next((each for each in node.decorator_list if self.reference(each) in DATACLASS), None)
        if decorator is not None:
            self._make_dataclass(made, decorator)
            return made
        return self.decorated(made, node.decorator_list)

    def _make_dataclass(self, cls: ClassValue, decorator: ast.expr) -> None:
        cls.fields["~dataclass"] = True
        if self.reference(decorator) != "dataclasses.dataclass":
            return
        if isinstance(decorator, ast.Call) and any(keyword.arg == "kw_only" for keyword in decorator.keywords):
            cls.fields["~keywords"] = True
        from foreshape.interpret.dataclass_fields import refused

        problem = refused(cls, decorator, self.reference)
        if problem is not None:
            before, self.node = self.node, decorator
            self.python_error(problem)
            self.node = before

    def _is_enum(self, base: LibraryRef) -> bool:
        """Whether it is a class of enumerations: Python's, or one of a library that calls itself so."""
        return base.name in ENUMS or (base.name.endswith(("Enum", "Flag")) and REGISTRY.type_of(base.name) is None)

    def _make_enum(self, cls: ClassValue) -> None:
        members: list[Value] = []
        # a member of these is a number or a text besides
        plain = any(isinstance(base, LibraryRef) and base.name in PLAIN_ENUMS for base in cls.mro)
        for key, value in list(cls.fields.items()):
            if not isinstance(key, str) or key.startswith(("_", "~")) or isinstance(value, (Function, BoundMethod)):
                continue
            if isinstance(value, Instance) and value.library_type == "enum.auto":
                value = Const(len(members) + 1)
            member = Instance(cls, {"name": Const(key), "value": value, "_value_": value})
            if plain and isinstance(value, Const):
                member.fields["~plain"] = value
            cls.fields[key] = member
            members.append(member)
            constructor = self.user_method(member, "__init__")
            if constructor is not None:
                parts = value.contents.items(16) if isinstance(value, Sequence) and value.kind == "tuple" else (value,)
                self.call(constructor, parts or ())
        cls.fields["~members"] = Contents(members)

    def iterate(self, value: Value) -> Contents | None:
        if isinstance(value, ClassValue):
            members: Contents | None = value.fields.get("~members")
            return members
        return super().iterate(value)

    def reference(self, decorator: ast.expr) -> str:
        """The qualified library name of a decorator, called or not; "" for anything else."""
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        with self.quiet():
            value = self.eval(target)
        return value.name if isinstance(value, LibraryRef) else ""

    # -- decorators -------------------------------------------------------------------------------------------------
    def decorated(self, value: Value, decorators: SequenceOf[ast.expr]) -> Value:
        """What decorators make of a function or class; one that is not modelled is taken to leave it as it is."""
        for node in reversed(decorators):
            value = self._decorate(value, node)
        return value

    def _decorate(self, value: Value, node: ast.expr) -> Value:
        if isinstance(node, ast.Attribute) and node.attr in ("setter", "deleter") and isinstance(value, Function):
            return self._accessor(value, node)
        name = self.reference(node)
        wrapper = METHOD_DECORATORS.get(name)
        if wrapper is not None and isinstance(value, Function):
            value.wrapper = wrapper
            return value
        decorator = self.within_steps(MOST_DECORATING, lambda: self.eval(node))
        if decorator is None:
            return _as_it_is(value)
        if isinstance(decorator, ClassValue) and any(is_foreign(base) for base in decorator.mro):
            return _as_it_is(value)
        if not isinstance(node, ast.Call) and _is_computed(decorator):
            return Unknown("what its decorator makes of it is not known")
        if isinstance(decorator, (LibraryRef, Unknown)):
            rule = self._decorating_rule(decorator.name) if isinstance(decorator, LibraryRef) else None
            if rule is None:
                return _as_it_is(value)
        made = self.within_steps(MOST_DECORATING, lambda: self.call(decorator, (value,)))
        return _as_it_is(value) if made is None or isinstance(made, Unknown) else made

    def _decorating_rule(self, name: str) -> Rule | None:
        """What a library says of a decorator: the rule of a function, or of calling an object that holds the function."""
        rule = self.find_rule(name)
        if rule is not None or REGISTRY.type_of(name) is None:
            return rule
        return self.find_rule(f"{name}.__call__")

    def _accessor(self, setter: Function, node: ast.Attribute) -> Value:
        assert isinstance(node.value, (ast.Name, ast.Attribute))
        name = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
        if node.attr == "setter":
            self.scope().fields[f"~set {name}"] = setter
        existing = self.lookup(name)
        return existing if existing is not None else setter

    # -- special classes ----------------------------------------------------------------------------------------------
    def special_instance(self, cls: ClassValue, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
        if "~members" in cls.fields:
            return self._enum_member(cls, args)
        marked = [base for base in cls.mro if isinstance(base, ClassValue) and base.fields.get("~dataclass")]
        tuple_like = any(isinstance(base, LibraryRef) and base.name == NAMED_TUPLE for base in cls.mro)
        if not marked and not tuple_like:
            return None
        own = (base for base in cls.mro if isinstance(base, ClassValue))
        maker = next((base for base in own if "__init__" in base.fields or base in marked), None)
        if maker is not None and "__init__" in maker.fields:  # a data class makes its own, whatever its bases have
            return None
        if tuple_like and any(isinstance(base, ClassValue) and "__new__" in base.fields for base in cls.mro):
            return Unknown("a named tuple with a __new__ of its own")
        return self._fill_fields(cls, args, kwargs, tuple_like)

    def get_item(self, receiver: Value, index: Value) -> Value:
        """``Color["RED"]`` is the member of that name."""
        if not isinstance(receiver, ClassValue) or "~members" not in receiver.fields:
            return super().get_item(receiver, index)
        found = receiver.fields.get(as_str(index))
        return found if isinstance(found, Instance) else Unknown("which member this is cannot be told")

    def length(self, value: Value) -> DimLike | None:
        """An enumeration has as many elements as members."""
        if isinstance(value, ClassValue) and "~members" in value.fields:
            members: Contents = value.fields["~members"]
            return members.length
        return super().length(value)

    def _enum_member(self, cls: ClassValue, args: tuple[Value, ...]) -> Value:
        members: Contents = cls.fields["~members"]
        for member in members.items() or ():
            if not isinstance(member, Instance) or not args:
                continue
            if self.truth(self.compare("==", member.fields["value"], args[0])).is_yes:
                return member
        return Unknown("which member this is cannot be told")

    def _fill_fields(
        self, cls: ClassValue, args: tuple[Value, ...], kwargs: dict[str, Value], tuple_like: bool
    ) -> Value:
        every = field_names(cls)
        others = [
            base.name for base in cls.mro if isinstance(base, LibraryRef) and not base.name.startswith(PLAIN_BASES)
        ]
        if not all(map(self.is_modelled, others)):
            # a base that is not known may be a dataclass, with fields before these
            return Instance(cls, {"~open": True, **{name: Unknown("it may be given") for name in every}})
        names = taken_fields(cls)
        opened, self.open_call = self.open_call, False
        instance = Instance(cls)
        fields = instance.fields
        fields.update(zip(names, args))
        problem = ""
        if len(args) > len(names):
            problem = f"takes {len(names) + 1} positional arguments but {len(args) + 1} were given"
        for key, value in kwargs.items():
            if key not in names:
                problem = f"got an unexpected keyword argument '{key}'"
            fields[key] = value
        missing = []
        for name in every:
            if name not in names:
                fields[name] = self._default(cls, name) or Unknown("it is set later")
            elif name not in fields and opened:
                fields[name] = Unknown("it may be given")
            elif name not in fields:
                default = self._default(cls, name)
                if default is None:
                    missing.append(f"'{name}'")
                    default = Unknown("it is not given")
                fields[name] = default
        if missing and not problem:
            listed = missing[0] if len(missing) == 1 else ", ".join(missing[:-1]) + " and " + missing[-1]
            plural = "" if len(missing) == 1 else "s"
            problem = f"missing {len(missing)} required positional argument{plural}: {listed}"
        if problem:
            shown = f"{cls.name}.{'__new__' if tuple_like else '__init__'}"
            self.report(CallArguments(Raises("TypeError", f"{shown}() {problem}"), callee=cls.name, problem=problem))
        if tuple_like:
            fields["~items"] = Sequence("tuple", Contents(tuple(fields[name] for name in names)))
        after = self.user_method(instance, "__post_init__")
        if after is not None:
            self.call(after)
        return instance

    def _default(self, cls: ClassValue, name: str) -> Value | None:
        value = in_class(cls, name)
        if isinstance(value, Instance) and value.library_type in FIELD:
            return self._field_default(value)
        return value

    def _field_default(self, value: Instance) -> Value | None:
        factory: Value | None = value.fields.get("default_factory") or value.fields.get("factory")
        if factory is not None:
            return self.call(factory)
        default: Value | None = value.fields.get("default")
        if default is None and isinstance(value.fields.get("init"), Const):
            return Unknown("it is set later")
        return default

    def call_function(self, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        reason = _taken_over(args, kwargs) if function.wrapper == "decorated" else ""
        if reason:
            self.escape(args, kwargs)
            return Unknown(reason)
        return super().call_function(function, args, kwargs)

    def call_library(self, function: LibraryRef, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        if function.name in FIELD:
            fields: dict[Hashable, Any] = dict(kwargs.items())
            return Instance(function, fields)
        if is_exception(function.name):
            return Instance(function, {"args": Sequence("tuple", Contents(args))})
        if function.name.startswith("numpy.") and any(_overrides(value) for value in (*args, *kwargs.values())):
            return Unknown("a class of the program says what NumPy does with its objects")
        return super().call_library(function, args, kwargs)

    # -- what a named tuple adds --------------------------------------------------------------------------------------
    def type_rule(self, receiver: Value, name: str, *args: Value) -> Value | None:
        if isinstance(receiver, Instance):
            items = receiver.fields.get("~items")
            if isinstance(items, (Sequence, DictValue)):
                return super().type_rule(items, name, *args)
        return super().type_rule(receiver, name, *args)

    def _iterate_object(self, value: Value) -> Contents | None:
        if isinstance(value, Instance):
            items = value.fields.get("~items")
            if isinstance(items, Sequence):
                return items.contents
        return super()._iterate_object(value)

    def annotation_value(self, node: ast.expr | None) -> Value | None:
        """A value for a parameter from its annotation, where it is a plain type."""
        if isinstance(node, ast.Name) and node.id in ("int", "float", "str", "bool"):
            return Typed(node.id)
        return None


def _taken_over(args: tuple[Value, ...], kwargs: dict[str, Value]) -> str:
    """Why a decorator that is not modelled may do something else with these arguments than call the function; "" if not."""
    if any(_overrides(value) for value in (*args, *kwargs.values())):
        return "its decorator may leave the call to a class of the program"
    if not kwargs and len(args) == 1 and isinstance(args[0], CALLABLES):
        return "its decorator may make a decorator of it"
    return ""


def _overrides(value: Value, depth: int = 0) -> bool:
    """Whether it is an object, or holds one, whose class takes over what NumPy's functions do. A list may hold itself."""
    if isinstance(value, Sequence):
        items = value.contents.items() if depth < 4 else None
        return items is not None and len(items) < 9 and any(_overrides(item, depth + 1) for item in items)
    if not isinstance(value, Instance) or not isinstance(value.cls, ClassValue):
        return False
    return any(
        isinstance(base, ClassValue) and ("__array_ufunc__" in base.fields or "__array_function__" in base.fields)
        for base in value.cls.mro
    )


def is_foreign(base: ClassValue | LibraryRef) -> bool:
    """Whether it is a class of a library that is not modelled: what it does with a function that it gets is not known."""
    return isinstance(base, LibraryRef) and base.name != "builtins.object" and REGISTRY.type_of(base.name) is None


def calls_differently(metaclass: Value | None) -> bool:
    """Whether a metaclass may make objects in a way of its own: before and after ``__init__`` it may do anything."""
    if isinstance(metaclass, ClassValue):
        return any(isinstance(base, ClassValue) and "__call__" in base.fields for base in metaclass.mro)
    return isinstance(metaclass, Unknown)


def _is_computed(decorator: Value) -> bool:
    """Whether a decorator of which nothing is known is what a call gave: the program made it, and not a library that is not seen."""
    return (
        isinstance(decorator, Unknown) and decorator.origin is not None and isinstance(decorator.origin.node, ast.Call)
    )


def _as_it_is(value: Value) -> Value:
    """A function under a decorator that is not modelled."""
    if isinstance(value, Function) and value.wrapper is None:
        value.wrapper = "decorated"
    return value


def is_exception(name: str) -> bool:
    """Whether a qualified name is an exception class of Python itself."""
    return name in EXCEPTIONS


def linearise(cls: ClassValue, bases: tuple[Value, ...]) -> tuple[ClassValue | LibraryRef, ...]:
    """Python's method resolution order (C3); a base that is not known stands as a library class of unknown members."""
    chains: list[list[ClassValue | LibraryRef]] = []
    heads: list[ClassValue | LibraryRef] = []
    for base in bases:
        known: ClassValue | LibraryRef
        if isinstance(base, (ClassValue, LibraryRef)):
            known = base
        else:
            known = LibraryRef("unknown.base")
        heads.append(known)
        chains.append(list(known.mro) if isinstance(known, ClassValue) else [known])
    chains.append(heads)
    merged: list[ClassValue | LibraryRef] = [cls]
    while any(chains):
        for chain in chains:
            if not chain:
                continue
            candidate = chain[0]
            if not any(_holds(other[1:], candidate) for other in chains):
                break
        else:
            candidate = next(chain[0] for chain in chains if chain)
        merged.append(candidate)
        for chain in chains:
            if chain and _same_class(chain[0], candidate):
                del chain[0]
    return tuple(merged)


def _same_class(a: ClassValue | LibraryRef, b: ClassValue | LibraryRef) -> bool:
    return a is b or (isinstance(a, LibraryRef) and isinstance(b, LibraryRef) and a.name == b.name)


def _holds(chain: list[ClassValue | LibraryRef], cls: ClassValue | LibraryRef) -> bool:
    return any(_same_class(other, cls) for other in chain)
