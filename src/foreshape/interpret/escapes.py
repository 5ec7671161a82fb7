"""What is no longer known of a value once code that is not modelled has had it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import Final

from foreshape.domain.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    Function,
    Instance,
    Scope,
    Sequence,
    Unknown,
    Value,
)
from foreshape.interpret.expressions import Expressions
from foreshape.interpret.nodes import stored_attributes

NAMESPACES: Final = frozenset({"argparse.Namespace", "types.SimpleNamespace"})


class Escapes(Expressions):
    """``escape`` and what it does to each kind of value."""

    def escape(self, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> None:
        """Arguments reach code that is not modelled: what it may change is no longer known."""
        for scope, names in self.captured:
            for name in names:
                held = scope.fields.get(name)
                if isinstance(held, (Sequence, DictValue)):
                    self.forget(held)
        for value in (*args, *kwargs.values()):
            if isinstance(value, (Sequence, DictValue)):
                self._forget_inside(value)
                self.forget(value)
            elif isinstance(value, Instance):
                self.forget_held(value)
            elif isinstance(value, (Function, BoundMethod)):
                self.called.add(id(value.node if isinstance(value, Function) else value.function))
                if isinstance(value, Function):
                    self._escape_closure(value)
                elif isinstance(value.receiver, Instance):
                    self.forget_held(value.receiver)

    def _forget_inside(self, held: Sequence | DictValue) -> None:
        """The objects in a list or dict that reaches code that is not modelled."""
        elements = held.contents.distinct() if isinstance(held, Sequence) else held.entries.values()
        for element in elements:
            if isinstance(element, Instance):
                self.forget_held(element)

    def escape_called(self, options: SequenceOf[Value]) -> None:
        """One of these is called, and it is not known which: what they may change is no longer known."""
        self.escape(options, {})
        for option in options:
            inner = option.function if isinstance(option, BoundMethod) else None
            if isinstance(inner, Function) and isinstance(option.receiver, Instance):  # type: ignore[attr-defined]
                for name in stored_attributes(inner.node):
                    self.set(option.receiver, name, Unknown("it is not known whether it was set"))  # type: ignore[attr-defined]

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

    def _escape_closure(self, function: Function) -> None:
        """A function that unknown code may call may change lists and dicts around it and set its nonlocal names."""
        for part in ast.walk(function.node):
            if isinstance(part, ast.Nonlocal):
                for name in part.names:
                    scope = self._holder(function.scope, name)
                    if scope is not None:
                        self.set(scope, name, Unknown("a function that is not seen to be called may set it"))
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                scope = self._holder(function.scope, part.id)
                if scope is not None and scope.kind == "function":
                    self.forget(scope.fields[part.id])

    def _holder(self, scope: Scope | None, name: str) -> Scope | None:
        while scope is not None and name not in scope.fields:
            scope = scope.parent
        return scope
