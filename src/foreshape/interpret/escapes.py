"""What is no longer known of a value once code that is not modelled has had it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import Final

from foreshape.domain.values import (
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Partial,
    Scope,
    Sequence,
    Unknown,
    Value,
)
from foreshape.interpret.expressions import Expressions
from foreshape.interpret.nodes import asks_for, changed_roots, different_names, stored_attributes
from foreshape.semantics.registry import REGISTRY

NAMESPACES: Final = frozenset({"argparse.Namespace", "types.SimpleNamespace"})
FOLLOWED: Final = frozenset({"__init__", "build", "call", "forward", "__getitem__", "__len__"})
"""Methods whose calls by a library are followed."""
CALLABLES: Final = (Function, BoundMethod, Partial)


class Escapes(Expressions):
    """``escape`` and what it does to each kind of value."""

    def escape(self, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> None:
        """Arguments reach code that is not modelled: what it may change is no longer known. A function that it was handed
        it may call again, whenever it runs."""
        seen: set[int] = set()
        for value in (*args, *kwargs.values()):
            self._reached(value, seen)
        if args and isinstance(args[0], Instance) and self._goes_on_in_base():
            self._made_ready(args[0])
        for scope, names in self.captured:
            for name in names:
                held = scope.fields.get(name)
                if isinstance(held, (Sequence, DictValue)):
                    self.forget(held)

    def forget(self, value: Value) -> None:
        """Also what a function may change, which may be called any time from now on."""
        if isinstance(value, Function):
            self._handed(value, set())
        else:
            super().forget(value)

    def _reached(self, value: Value, seen: set[int]) -> None:
        """Code that is not modelled holds this value."""
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, (Sequence, DictValue)):
            elements = value.contents.distinct() if isinstance(value, Sequence) else value.entries.values()
            for element in elements:
                self._reached_inside(element, seen, 3)
            self.forget(value)
        elif isinstance(value, Instance):
            self.set(value, "~had", True)  # it may be given attributes of any name
            self.forget(value)
            self.forget_held(value)
        elif isinstance(value, BoundMethod):
            self._reached(value.receiver, seen)
            if isinstance(value.function, Function):
                self._handed(value.function, seen)
                if isinstance(value.receiver, Instance):
                    known = value.receiver.fields.get("~handed", frozenset())
                    self.set(value.receiver, "~handed", known | stored_attributes(value.function.node))
        elif isinstance(value, Partial):
            for part in (value.function, *value.args, *value.kwargs.values()):
                self._reached(part, seen)
        elif isinstance(value, Function):
            self.called.add(id(value.node))
            self._handed(value, seen)

    def _reached_inside(self, element: Value, seen: set[int], deeper: int) -> None:
        """Objects and functions in lists and dicts, also of what these hold."""
        if isinstance(element, (Instance, *CALLABLES)):
            self._reached(element, seen)
        elif isinstance(element, (Sequence, DictValue)) and deeper:
            inner = element.contents.distinct() if isinstance(element, Sequence) else element.entries.values()
            for one in inner:
                self._reached_inside(one, seen, deeper - 1)

    def escape_called(self, options: SequenceOf[Value]) -> None:
        """One of these is called, and it is not known which: what they may change is no longer known."""
        self.escape(options, {})
        for option in options:
            if not isinstance(option, BoundMethod) or not isinstance(option.receiver, Instance):
                continue
            if isinstance(option.function, Function):
                for name in stored_attributes(option.function.node):
                    self.set(option.receiver, name, Unknown("it is not known whether it was set"))

    def forget_held(self, value: Instance, deeper: bool = True) -> None:
        """An object of a class of the program reaches code that is not modelled: its lists and dicts may change, and
        those of the objects that it holds."""
        if not isinstance(value.cls, ClassValue) and value.library_type not in NAMESPACES:
            return
        for held in list(value.fields.values()):
            if isinstance(held, (Sequence, DictValue)):
                self.forget(held)
            elif deeper and isinstance(held, Instance):
                self.forget_held(held, deeper=False)

    def had_by_base(self, owner: Instance) -> None:
        """A method of a base class that is not modelled has the object. Of a class that is not known at all, it may set under
        whatever name, also what the class holds for all its objects."""
        self.forget_held(owner)
        if isinstance(owner.cls, ClassValue) and any(map(_is_not_known, owner.cls.mro)):
            self.set(owner, "~filled", True)

    def _made_ready(self, owner: Instance) -> None:
        """The method of a base class has the object: what the class put there for it, it may have turned into another."""
        for name, held in list(owner.fields.items()):
            waits = isinstance(held, DictValue) or (isinstance(held, Const) and held.value is None)
            if waits and isinstance(name, str) and not name.startswith("~"):
                self.set(owner, name, Unknown("a base class that is not known may have made it"))

    def _goes_on_in_base(self) -> bool:
        """Whether a method calls the method of this name of another class: ``Base.build(self, ...)``."""
        method, asked = self.frames[-1].function, self.node.func if isinstance(self.node, ast.Call) else None
        return isinstance(asked, ast.Attribute) and asked.attr == getattr(method, "name", None)

    def _handed(self, function: Function, seen: set[int]) -> None:
        """A function that unknown code may call: it may change what its body changes, set its nonlocal names, and whatever
        lists and dicts it sees of the function that it stands in."""
        if id(function.node) in seen:
            return
        seen.add(id(function.node))
        changed, (declared, asked, methods) = changed_roots(function.node), asks_for(function.node)
        for name in declared:
            scope = self._holder(function.scope, name)
            if scope is not None:
                self.set(scope, name, Unknown("a function that is not seen to be called may set it"))
        for name in different_names(function.node):
            scope = self._holder(function.scope, name)
            held = None if scope is None else scope.fields[name]
            if scope is None or held is None:
                continue
            if isinstance(held, (Sequence, DictValue)):
                if scope.kind == "function" or name in changed:
                    self._reached_deep(held, seen)
                    if not any(known is scope and name in names for known, names in self.captured):
                        self.captured.append((scope, frozenset({name})))
            elif isinstance(held, Instance):
                if name in asked or name in changed:
                    self._reached(held, seen)
                self._asked(held, [called for owner, called in methods if owner == name], seen)
            elif isinstance(held, Function) and name in asked:
                self._handed(held, seen)

    def _asked(self, held: Instance, names: SequenceOf[str], seen: set[int]) -> None:
        """Methods of an object that a function calls which unknown code may call."""
        for method in (self.user_method(held, name) for name in names):
            if isinstance(method, BoundMethod):
                self._reached(method, seen)

    def hand_out(self, cls: ClassValue) -> None:
        """A class that derives from one of a library: the library may call what it overrides, whenever it runs."""
        libraries = [base for base in cls.mro if isinstance(base, LibraryRef) and not base.name.startswith("builtins.")]
        if cls.fields.get("~handed out") or not libraries:
            return
        cls.fields["~handed out"] = True
        for name, member in list(cls.fields.items()):
            if isinstance(member, Function) and name not in FOLLOWED and changed_roots(member.node) - {"self"}:
                self._handed(member, set())

    def _reached_deep(self, held: Sequence | DictValue, seen: set[int]) -> None:
        """As ``_reached``, with the lists and dicts inside."""
        inside = held.contents.distinct() if isinstance(held, Sequence) else held.entries.values()
        for element in inside:
            if isinstance(element, (Sequence, DictValue)) and id(element) not in seen:
                self._reached_deep(element, seen)
        self._reached(held, seen)

    def _holder(self, scope: Scope | None, name: str) -> Scope | None:
        while scope is not None and name not in scope.fields:
            scope = scope.parent
        return scope


def _is_not_known(base: ClassValue | LibraryRef) -> bool:
    """A base class of which no rule says anything."""
    if not isinstance(base, LibraryRef):
        return False
    return not base.name.startswith("builtins.") and REGISTRY.type_of(base.name) is None
