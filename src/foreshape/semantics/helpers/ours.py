"""Foreshape itself, as programs use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, LibraryRef, Shaped, Unknown, Value
from foreshape.faults.revealed_shape import RevealedShape
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

EXPLAIN = library_type("foreshape.explain")


@rule("foreshape.reveal_shape")
def reveal_shape(cx: Context, value: Value) -> Value:
    """Notes the shape, and gives the value back."""
    snapshot = value.snapshot if isinstance(value, Instance) else None
    if isinstance(value, Array) or isinstance(snapshot, Shaped):
        shaped = value if isinstance(value, Array) else snapshot
        assert isinstance(shaped, (Array, Shaped))
        cx.note(RevealedShape(None, values=(value,), shape=shaped.shape, dtype=shaped.dtype or ""))
    elif isinstance(value, Unknown):
        cx.note(RevealedShape(None, values=(value,), otherwise=f"not known: {value.reason}"))
    else:
        length = cx.length(value)
        shape = (length,) if length is not None and not isinstance(value, Const) else None
        cx.note(RevealedShape(None, values=(value,), shape=shape, otherwise="" if shape else "without a shape"))
    return value


@rule("foreshape.explain")
def explain(cx: Context) -> Value:
    """A context manager that lets everything through."""
    return Instance(LibraryRef(EXPLAIN))


@rule(f"{EXPLAIN}.__enter__")
def enter(cx: Context, self: Instance) -> Value:
    return self


@rule(f"{EXPLAIN}.__exit__")
def leave(cx: Context, self: Instance, *args: Value) -> Value:
    return Const(None)
