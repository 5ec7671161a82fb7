"""Classes of the program that derive from ``dict``: configurations whose entries are read as attributes.

The entries of such an object are a dict that it holds (``~items``), which the rules of ``dict`` are applied to. Where
its ``__dict__`` is the object itself (``~linked``), or its ``__setattr__`` is that of items, attributes are entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import Final

from foreshape.domain.contents import Contents
from foreshape.domain.join import join
from foreshape.domain.values import BoundMethod, ClassValue, DictValue, Function, Instance, LibraryRef, Value
from foreshape.interpret.calls import Calls
from foreshape.interpret.flow import Attempt, Raised
from foreshape.semantics.registry import Rule

DICTS: Final = ("builtins.dict", "collections.OrderedDict")
OWN: Final = (
    "__getitem__", "__setitem__", "__missing__", "__setattr__", "__getattribute__", "__iter__", "__contains__",
    "__len__", "__new__", "__delitem__", "keys", "items", "values", "get", "update", "pop", "setdefault",
)  # fmt: skip
"""What a class may do in its own way: then its entries are not followed."""


def entries_of(value: Value) -> DictValue | None:
    """The entries of an object whose class derives from ``dict``."""
    held = value.fields.get("~items") if isinstance(value, Instance) else None
    return held if isinstance(held, DictValue) else None


def holds_entries(cls: ClassValue) -> bool:
    """Whether objects of a class are plain dicts but for how attributes are read."""
    for base in cls.mro:
        if isinstance(base, LibraryRef):
            return base.name in DICTS
        if any(isinstance(base.fields.get(name), Function) for name in OWN):
            return False
    return False


class DictClasses(Calls):
    """What objects do whose class derives from ``dict``."""

    def prepare(self, instance: Instance) -> None:
        if isinstance(instance.cls, ClassValue) and holds_entries(instance.cls):
            instance.fields["~items"] = DictValue({})
        super().prepare(instance)

    def apply(self, rule: Rule, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        if args and rule.name.startswith(DICTS):
            held = entries_of(args[0])
            if held is not None:
                args = (held, *args[1:])
        return super().apply(rule, args, kwargs)

    def _iterate_object(self, value: Value) -> Contents | None:
        held = entries_of(value)
        return super()._iterate_object(value) if held is None else self.iterate(held)

    def _instance_attribute(self, receiver: Instance, name: str) -> Value | None:
        held = entries_of(receiver)
        if held is not None and receiver.fields.get("~linked") and name in held.entries:
            return held.entries[name]
        return super()._instance_attribute(receiver, name)

    def _bind_member(self, owner: ClassValue, receiver: Value, name: str) -> Value:
        found = owner.fields[name]
        if isinstance(found, LibraryRef) and found.name.startswith(DICTS) and entries_of(receiver) is not None:
            return BoundMethod(found, receiver)
        return super()._bind_member(owner, receiver, name)

    def get_attribute(self, receiver: Value, name: str, default: Value | None = None) -> Value:
        """Where a default is at hand, an AttributeError of the ``__getattr__`` of a class says that there is none."""
        if default is None or not isinstance(receiver, Instance) or self.user_method(receiver, "__getattr__") is None:
            return super().get_attribute(receiver, name, default)
        depth, conditions, scope = len(self.frames), len(self.conditions), self.frames[-1].scope
        attempt = Attempt(("AttributeError",))
        self.attempts.append(attempt)
        try:
            with self.quiet():
                found = super().get_attribute(receiver, name, default)
            return found if attempt.reached is None else join(found, default)
        except Raised as signal:
            if "AttributeError" not in signal.mro:
                raise
            del self.frames[depth:]
            del self.conditions[conditions:]
            self.frames[-1].scope = scope
            return default
        finally:
            self.attempts.pop()

    def keeps_entry(self, receiver: Value, name: str, value: Value) -> bool:
        """``receiver.name = value`` where that is an entry; ``receiver.__dict__ = receiver`` makes it so."""
        held = entries_of(receiver)
        if held is None or not isinstance(receiver, Instance):
            return False
        if name == "__dict__" and value is receiver:
            self.set(receiver, "~linked", True)
            return True
        if not receiver.fields.get("~linked") and not self._sets_items(receiver):
            return False
        self.set(held, "entries", {**held.entries, name: value})
        return True

    def _sets_items(self, receiver: Instance) -> bool:
        setter = self.user_method(receiver, "__setattr__")
        function = setter.function if isinstance(setter, BoundMethod) else None
        return isinstance(function, LibraryRef) and function.name == "builtins.dict.__setitem__"


__all__ = ["DictClasses", "entries_of"]
