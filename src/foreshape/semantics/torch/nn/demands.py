"""What Python code of ``torch.nn`` demands of its arguments before any tensor is computed: kinds, numbers, tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, Const, Instance, Int, Sequence, Typed, Value, as_dim
from foreshape.faults.call_arguments import CallArguments
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.registry import BindError, Parameters, bind
from foreshape.semantics.torch.support import error, invalid, python_type, surely_no_tensor

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

NOUGHT: Final = Const(0.0)
UNIT: Final = Const(1.0)
TWO_F: Final = Const(2.0)
TWO: Final = Const(2)
MINUS_ONE: Final = Const(-1)
TENTH: Final = Const(0.1)
E_5: Final = Const(1e-5)
E_6: Final = Const(1e-6)
E_8: Final = Const(1e-8)
WIDTH: Final = Const(2048)
IGNORED: Final = Const(-100)
RIGHT: Final = Const("right")
MEAN: Final = Const("mean")


def bound(
    cx: Context, callee: str, function: Callable[..., Any], args: tuple[Value, ...], kwargs: dict[str, Value]
) -> dict[str, Any]:
    """The arguments of a call to a base class that takes what the class passes on, by the names of ``function`` (less cx)."""
    try:
        return bind(Parameters(function), args, kwargs)
    except BindError as problem:
        message = f"{callee}() {problem.text}"
        raise CallArguments(error(cx, "TypeError", message), callee=callee, problem=problem.text) from None


def surely_plain(value: Value | None) -> bool:
    """Whether a value is certainly a plain Python object of a known type."""
    return isinstance(value, (Const, Int, Typed, Sequence))


def be_int(cx: Context, name: str, value: Value) -> None:
    """``input_size should be of type int, got: float``."""
    if surely_plain(value) and python_type(value) not in ("int", "bool"):
        message = f"{name} should be of type int, got: {python_type(value)}"
        raise invalid(cx, "TypeError", message, name, cx.text(value))


def be_bool(cx: Context, name: str, value: Value) -> None:
    """``batch_first should be of type bool, got: int``."""
    if surely_plain(value) and python_type(value) != "bool":
        message = f"{name} should be of type bool, got: {python_type(value)}"
        raise invalid(cx, "TypeError", message, name, cx.text(value))


def be_comparable(cx: Context, name: str, value: Value, operator: str) -> None:
    """``num_layers <= 0`` of what is no number."""
    if surely_plain(value) and python_type(value) not in ("int", "bool", "float"):
        kind = python_type(value)
        message = f"'{operator}' not supported between instances of '{kind}' and 'int'"
        raise invalid(cx, "TypeError", message, name, cx.text(value))


def number(value: Value | None) -> float | None:
    """A known int or float."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return value.value
    return None


def below(cx: Context, value: Value | None, least: int) -> bool:
    """Whether a number is certainly below ``least``."""
    known = number(value)
    if known is not None:
        return known < least
    dim = as_dim(value)
    return dim is not None and not cx.at_least(dim, least)


def negative_size(cx: Context, *sizes: DimLike) -> None:
    """A parameter with a negative size cannot be made."""
    for size in sizes:
        if isinstance(size, int) and size < 0:
            shown = "[" + ", ".join(str(one) for one in sizes) + "]"
            message = f"Trying to create tensor with negative dimension {size}: {shown}"
            raise invalid(cx, "RuntimeError", message, "size", size)


def no_float_size(cx: Context, *sizes: Value, factors: tuple[int, ...] = ()) -> None:
    """``torch.empty`` takes ints: a size that is a float or None raises TypeError."""
    for place, size in enumerate(sizes):
        kind = python_type(size) if surely_plain(size) else "int"
        if kind not in ("int", "bool"):
            message = (
                "empty(): argument 'size' (position 1) must be tuple of ints, but found element of type "
                f"{kind} at pos {place}"
            )
            if place:
                message = (
                    f"empty(): argument 'size' failed to unpack the object at pos {place + 1} with error \"type must be "
                    f'tuple of ints,but got {kind}"'
                )
            raise invalid(cx, "TypeError", message, "size", cx.text(size))


def asked_for(cx: Context, value: Value | None, taker: str, attribute: str = "dim") -> Array | None:
    """The tensor that Python code asks for ``x.dim()``; AttributeError for what has no such method, None if not known."""
    if isinstance(value, Array) and value.kind == "torch":
        return value
    if value is None or not surely_no_tensor(value):
        return None
    given = python_type(value)
    if isinstance(value, Array):
        given = "numpy.ndarray"
    message = f"'{given}' object has no attribute '{attribute}'"
    exception = "AttributeError"
    if isinstance(value, Array) and attribute == "size":  # an array's size is a number
        exception, message = "TypeError", "'int' object is not callable"
    raise UnsupportedData(error(cx, exception, message), values=(value,), taker=taker, given=given)


def size_text(shape: Shape) -> str:
    """``torch.Size([8, 1])``."""
    return f"torch.Size([{', '.join(str(dim) for dim in shape)}])"


def tuple_text(shape: tuple[DimLike, ...]) -> str:
    """``(8, 1)``."""
    return f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(str(dim) for dim in shape)})"


def autocasting(cx: Context) -> bool:
    """Whether ``torch.autocast`` may be on, so that float dtypes are brought together."""
    return bool(cx.state("torch").fields.get("autocast"))


def layer_field(layer: Instance, name: str) -> DimLike | None:
    """An int that a module keeps; None where it is not known."""
    return as_dim(layer.fields.get(name))
