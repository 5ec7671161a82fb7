"""Attributes that a class seems to lack: what others may store in its objects."""

from __future__ import annotations

from typing import Any

from foreshape.domain.values import Function, LibraryRef, Scope, Unknown
from foreshape.interpret.nodes import called_names
from foreshape.semantics.registry import REGISTRY


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
