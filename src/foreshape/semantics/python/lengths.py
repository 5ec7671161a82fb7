"""What a ``__len__`` of the program gives, as ``len`` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, BoundMethod, Const, Function, Sequence, Typed, Value
from foreshape.semantics.python.errors import type_error
from foreshape.semantics.python.tools import is_stub, type_name

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context


def counted(cx: Context, obj: Value, made: Value, method: Value | None = None) -> DimLike | None:
    """The number that a ``__len__`` gives, None where it is not known. TypeError for what is no integer: ``n / 2``, a shape, or
    nothing where ``return`` was left out."""
    if _no_integer(made) and not (isinstance(made, Const) and made.value is None and _stub(method)):
        message = f"'{type_name(made)}' object cannot be interpreted as an integer"
        raise type_error(message, "len", made, obj, types=(type_name(made) or "object",), recover=Typed("int"))
    return cx.dim(made, lo=0)


def _no_integer(made: Value) -> bool:
    if made.tainted:
        return False
    if isinstance(made, Const):
        return not isinstance(made.value, int)
    if isinstance(made, Typed):
        return made.kind in ("float", "str", "bytes")
    if isinstance(made, Sequence):
        return made.kind in ("list", "tuple", "torch.Size")
    return isinstance(made, Array) and made.kind == "numpy" and made.shape is not None and len(made.shape) > 0


def _stub(method: Value | None) -> bool:
    """Whether a method says nothing, for other classes to say it."""
    function = method.function if isinstance(method, BoundMethod) else method
    return not isinstance(function, Function) or is_stub(function.node)
