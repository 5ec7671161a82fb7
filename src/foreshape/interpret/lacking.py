"""Attributes that a class seems to lack: what its base classes of a library bring, and what others may store."""

from __future__ import annotations

from typing import Any, Final

from foreshape.domain.values import Function, LibraryRef, Scope, Unknown
from foreshape.interpret.nodes import called_names
from foreshape.semantics.registry import REGISTRY

OF_MODULE: Final = frozenset({
    "name", "name_scope", "submodules", "trainable_variables", "non_trainable_variables", "variables",
    "with_name_scope", "_flatten",
})  # fmt: skip
"""What ``tf.Module`` brings to a class of the program."""


def brings_to_class(base: str, member: str) -> bool | None:
    """Whether a mixin of scikit-learn, or ``tf.Module``, brings a member to a class of the program; None for other classes."""
    if base == "tensorflow.Module" and not member.startswith("__"):
        return None if member in OF_MODULE else False
    if not base.startswith("sklearn.base."):
        return None
    from foreshape.semantics.sklearn.mixins import brings

    return brings(base, member)


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
