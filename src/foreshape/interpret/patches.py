"""What a program sets in a library: ``pandas.DataFrame.shown = function``, ``numpy.float = float``, accessors that it registers."""

from __future__ import annotations

from typing import Final

from foreshape.domain.values import BoundMethod, Function, Instance, Mutable, Value
from foreshape.interpret.rules import Rules
from foreshape.semantics.registry import REGISTRY

PATCHED: Final = "~patched"
STATE: Final = ("~state", PATCHED)
DERIVED: Final = "~derived"
ANY: Final = "~any"
"""Stands for attributes whose names are not known."""


class Patches(Rules):
    """Attributes of modules and classes of a library, as the program sets them."""

    def patch(self, owner: str, name: str | None, value: Value | None) -> None:
        """``owner.name = value``. A name that is not known, or a private one (which libraries ask for), may give its
        objects any attribute."""
        state = self.state(PATCHED)
        if name is None or name.startswith("_"):
            self.set(state, f"{owner}.{ANY}", True)
        if name is not None:
            self.set(state, f"{owner}.{name}", value)

    def derived(self, owner: str) -> None:
        """A class of the program derives from one of a library."""
        self.set(self.state(PATCHED), f"{owner}.{DERIVED}", True)

    def patched(self, owner: str, name: str) -> Value | None:
        """What the program set under a name of a module or class of a library."""
        state = self.process.get(STATE)
        found = state.fields.get(f"{owner}.{name}") if isinstance(state, Mutable) else None
        return found if isinstance(found, Value) else None

    def may_have_any(self, owner: str, derived: bool = False) -> bool:
        """Whether objects of a class of a library may have attributes that are not known by name. ``derived``: also where
        the program has a class of its own that derives from it."""
        state = self.process.get(STATE)
        if not isinstance(state, Mutable):
            return False
        if derived and f"{owner}.{DERIVED}" in state.fields:
            return True
        return any(f"{base}.{ANY}" in state.fields for base in REGISTRY.mro(owner))

    def patched_member(self, found: Value, receiver: Value) -> Value:
        """What an object has of something that was set in its class."""
        made_of = found.fields.get("~accessor") if isinstance(found, Instance) else None
        if isinstance(made_of, Value):
            return self.call(made_of, (receiver,))
        if isinstance(found, Function) and found.wrapper in ("property", "cached_property"):
            return self.call(BoundMethod(found, receiver))
        if isinstance(found, Function) and found.wrapper != "staticmethod":
            return BoundMethod(found, receiver)
        return found


__all__ = ["Patches"]
