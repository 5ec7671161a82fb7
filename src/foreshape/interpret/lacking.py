"""Attributes that a class seems to lack: what others may store in its objects."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import Any

from foreshape.domain.values import (
    BoundMethod,
    ClassValue,
    Const,
    Function,
    Instance,
    Int,
    LibraryRef,
    Scope,
    Unknown,
    Value,
    as_dim,
)
from foreshape.interpret.nodes import called_names, mentions_constructor, writes_attributes
from foreshape.semantics.registry import REGISTRY


def sets_attribute(receiver: Instance, name: str) -> bool:
    """Whether any method of the program's classes assigns the attribute at all (it may have run unseen)."""
    mro = receiver.cls.mro if isinstance(receiver.cls, ClassValue) else ()
    for place, base in enumerate(mro):
        if isinstance(base, LibraryRef):
            continue  # what it has is asked elsewhere
        written = None if base.node is None else writes_attributes(base.node)
        if written is not None and name in written and left_out(mro[:place], base, name):
            continue
        if written is None or name in written or stored_by_another(base.fields.get("__init__"), name):
            return True
    return False


def counters(owner: Value, step: Value) -> list[str]:
    """The numbers that an object changes in each of its steps: which they are in any one of them is not known."""
    function = step.function if isinstance(step, BoundMethod) else step
    written = writes_attributes(function.node) if isinstance(function, Function) else None
    if not isinstance(owner, Instance) or written is None:
        return []
    held = ((name, owner.fields.get(name)) for name in sorted(written))
    return [name for name, now in held if isinstance(now, (Const, Int)) and as_dim(now) is not None]


def left_out(derived: SequenceOf[ClassValue | LibraryRef], base: ClassValue, name: str) -> bool:
    """Whether only the constructor of a base class makes an attribute, and a class that derives from it has one that never
    calls it."""
    own = [one for one in derived if isinstance(one, ClassValue)]
    if base.node is None or not any("__init__" in one.fields for one in own):
        return False
    for part in base.node.body:
        writes = writes_attributes(part)
        if (writes is None or name in writes) and getattr(part, "name", "") != "__init__":
            return False
    return not any(one.node is None or mentions_constructor(one.node) for one in own)


def stored_by_another(init: Any, name: str) -> bool:
    """Whether a constructor has a parameter of this name and calls a function that is not known, which may make
    attributes of all of them."""
    if not isinstance(init, Function) or name not in [part.arg for part in init.node.args.args]:
        return False
    for called in called_names(init.node):
        scope: Scope | None = init.scope
        while scope is not None and called not in scope.fields:
            scope = scope.parent
        found = None if scope is None else scope.fields[called]
        foreign = isinstance(found, LibraryRef) and not REGISTRY.is_known(found.name)
        if foreign or isinstance(found, Unknown) or (found is None and is_starred(init.scope)):
            return True
    return False


def is_starred(scope: Scope) -> bool:
    """Whether a module imports everything of a module that is not seen."""
    outer: Scope | None = scope
    while outer is not None:
        if "~star" in outer.fields:
            return True
        outer = outer.parent
    return False
