"""jaxtyping: a function under ``jaxtyped`` with a type checker is held against its annotations at every call.

https://docs.kidger.site/jaxtyping/api/runtime-type-checking/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Function, Instance, LibraryRef, Value, is_none
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CHECKED: Final = library_type("jaxtyping.jaxtyped")


@rule(CHECKED)
def jaxtyped(cx: Context, fn: Value | None = None, *, typechecker: Value | None = None) -> Value:
    """What decorates a function; the function itself, held against its annotations, where there is a type checker."""
    checks = typechecker is not None and not is_none(typechecker)
    mark = Instance(LibraryRef(CHECKED), {"~checks": checks})
    return _marked(mark, fn) if isinstance(fn, Function) else mark


@rule(f"{CHECKED}.__call__")
def decorate(cx: Context, self: Instance, fn: Value) -> Value:
    """The function, held against its annotations."""
    return _marked(self, fn) if isinstance(fn, Function) else fn


def _marked(mark: Instance, function: Function) -> Function:
    if not mark.fields.get("~checks"):
        return function
    made = function.again()
    made.within = mark
    return made


@rule(f"{CHECKED}.__enter__")
def enter(cx: Context, self: Instance) -> Value:
    """Nothing."""
    return Const(None)


@rule(f"{CHECKED}.__exit__")
def leave(cx: Context, self: Instance, *args: Value) -> Value:
    """Nothing."""
    return Const(False)


@rule("beartype.beartype", "typeguard.typechecked")
def plain(cx: Context, obj: Value | None = None, **kwargs: Value) -> Value:
    """The function itself: what these check alone is not about shapes."""
    return obj if obj is not None else LibraryRef("beartype.beartype")
