"""What Python calls while a class is made: ``__set_name__`` of what stands in it, ``__init_subclass__`` of its bases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from foreshape.domain.values import (
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Sequence,
    Value,
)
from foreshape.interpret.streams import Streams
from foreshape.semantics.registry import REGISTRY

MOST_MAKING: Final = 4_000
"""How many steps a base may take over a class that derives from it."""


class ClassHooks(Streams):
    """The calls that end a ``class`` statement."""

    def class_made(self, made: ClassValue, keywords: Mapping[str, Value]) -> None:
        """A class has its names: its members hear theirs, its bases hear of it."""
        own = frozenset(name for name, value in made.fields.items() if isinstance(value, Function))
        for base in made.mro[1:]:
            if isinstance(base, LibraryRef):
                self.derived(base.name)
            else:
                self.trail.set(base.fields, "~overridden", base.fields.get("~overridden", frozenset()) | own)
        for name, value in list(made.fields.items()):
            if isinstance(value, Instance) and isinstance(name, str):
                told = self.user_method(value, "__set_name__")
                if told is not None:
                    self.call(told, (made, Const(name)))
        self._made_by(made, keywords.get("metaclass"))
        hook = _hook_of(made)
        if hook is None:
            return
        given = {name: value for name, value in keywords.items() if name != "metaclass"}
        done = self.within_steps(MOST_MAKING, lambda: self.call(BoundMethod(hook, made), (), given))
        if done is None:
            for value in made.fields.values():
                if isinstance(value, Function) and value.wrapper is None:
                    value.wrapper = "decorated"

    def _made_by(self, made: ClassValue, metaclass: Value | None) -> None:
        """A metaclass of the program may do anything with the class, and keeps what it likes. Derived classes have it, too."""
        inherited = (base.fields.get("~metaclass") for base in made.mro[1:] if isinstance(base, ClassValue))
        metaclass = metaclass or next(filter(None, inherited), None)
        if not isinstance(metaclass, ClassValue):
            return
        self.trail.set(made.fields, "~metaclass", metaclass)
        for part in metaclass.mro:
            if not isinstance(part, ClassValue) or not {"__new__", "__init__"} & part.fields.keys():
                continue
            self.trail.set(made.fields, "~open", True)
            self.escape(
                [value for value in part.fields.values() if isinstance(value, (Function, Sequence, DictValue))], {}
            )


def _hook_of(made: ClassValue) -> Function | None:
    """``__init_subclass__`` of the first base that has one; None where a class that is not modelled comes before."""
    for base in made.mro[1:]:
        if isinstance(base, LibraryRef):
            if base.name != "builtins.object" and REGISTRY.type_of(base.name) is None:
                return None
        elif "__init_subclass__" in base.fields:
            found = base.fields["__init_subclass__"]
            function = found.function if isinstance(found, BoundMethod) else found
            return function if isinstance(function, Function) else None
    return None
