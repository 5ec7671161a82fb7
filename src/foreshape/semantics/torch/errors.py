"""What the rules of PyTorch raise: exceptions by the target version, and faults for arguments of the wrong kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    RangeValue,
    Sequence,
    Typed,
    Value,
)
from foreshape.faults.base import Fault, Raises

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SCALAR_NAMES: Final = {
    "float16": "Half", "bfloat16": "BFloat16", "float32": "Float", "float64": "Double", "uint8": "Byte", "int8": "Char",
    "int16": "Short", "int32": "Int", "int64": "Long", "uint16": "UInt16", "uint32": "UInt32", "uint64": "UInt64",
    "complex32": "ComplexHalf", "complex64": "ComplexFloat", "complex128": "ComplexDouble", "bool": "Bool",
}  # fmt: skip
"""How error messages spell dtypes."""


def scalar_name(dtype: str | None) -> str:
    """A dtype as error messages spell it: ``Float``, ``Long``."""
    return SCALAR_NAMES.get(dtype or "", dtype or "?")


def error(cx: Context, exception: str, message: str) -> Raises:
    """What the real run prints, by the PyTorch that the program is checked for."""
    return Raises(exception, message, by="torch 2" if cx.targets.at_least("torch", "2") else "torch 1")


def invalid(
    cx: Context,
    exception: str,
    message: str,
    argument: str,
    given: object,
    *values: Value,
    recover: Value | None = None,
) -> Fault:
    """The fault for an argument that a function does not take."""
    from foreshape.faults.invalid_argument import InvalidArgument

    raised = error(cx, exception, message)
    shown = cx.text(given) if isinstance(given, Value) else str(given)
    return InvalidArgument(raised, values=values, recover=recover, argument=argument, given=shown)


def wrong_gradient(
    cx: Context, message: str, taker: str, state: str, *values: Value, recover: Value | None = None
) -> Fault:
    """The fault for an operation that does not fit what is recorded for gradients."""
    from foreshape.faults.gradient_state import GradientState

    return GradientState(error(cx, "RuntimeError", message), values=values, recover=recover, taker=taker, state=state)


def wrong_dtype(
    cx: Context, exception: str, message: str, taker: str, *values: Array, wanted: str | None = None,
    recover: Value | None = None,
) -> Fault:  # fmt: skip
    """The fault for dtypes that a function does not take, or not together."""
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    got = tuple(value.dtype or "?" for value in values)
    raised = error(cx, exception, message)
    return DtypeMismatch(raised, values=values, recover=recover, taker=taker, got=got, wanted=wanted)


def not_implemented(cx: Context, kernel: str, x: Array, taker: str, recover: Value | None = None) -> Fault:
    """A dtype that a kernel is not compiled for: ``"abs_cpu" not implemented for 'Bool'``."""
    newer = cx.targets.at_least("torch", "2.5")
    message = f"\"{kernel}\" not implemented for '{scalar_name(x.dtype)}'"
    return wrong_dtype(cx, "NotImplementedError" if newer else "RuntimeError", message, taker, x, recover=recover)


def wrong_rank(
    cx: Context, exception: str, message: str, taker: str, x: Array, needs: int, *, at_least: bool = False,
    recover: Value | None = None,
) -> Fault:  # fmt: skip
    """The fault for a tensor with another number of axes than a function takes."""
    from foreshape.faults.rank_mismatch import RankMismatch

    return RankMismatch(
        error(cx, exception, message), values=(x,), recover=recover, taker=taker, needs=needs, at_least=at_least,
        got=x.shape or (),
    )  # fmt: skip


def python_type(value: Value) -> str:
    """The name of a value's type as PyTorch's argument parser prints it."""
    if isinstance(value, Array):
        return {"torch": "Tensor", "numpy": "numpy.ndarray"}.get(value.kind, "Tensor")
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, Int):
        return "int"
    if isinstance(value, (Typed, Sequence, IteratorValue)):
        return value.kind
    if isinstance(value, DictValue):
        return value.kind
    if isinstance(value, RangeValue):
        return "range"
    if isinstance(value, (Function, BoundMethod)):
        return "function" if isinstance(value, Function) else "method"
    if isinstance(value, ClassValue):
        return "type"
    if isinstance(value, Instance):
        return value.cls.name.rpartition(".")[2]
    return "object"


def must_be(cx: Context, taker: str, argument: str, position: int, wanted: str, value: Value) -> Fault:
    """``sqrt(): argument 'input' (position 1) must be Tensor, not list``. position: 0 for a keyword."""
    from foreshape.faults.unsupported_data import UnsupportedData

    where = f" (position {position})" if position else ""
    given = python_type(value)
    message = f"{taker}(): argument '{argument}'{where} must be {wanted}, not {given}"
    return UnsupportedData(error(cx, "TypeError", message), values=(value,), taker=taker, given=given)


def no_signature(cx: Context, taker: str, argument: str, value: Value) -> Fault:
    """TypeError for an argument of a type that no signature takes."""
    message = f"{taker}() received an invalid combination of arguments - got ({python_type(value)})"
    return invalid(cx, "TypeError", message, argument, cx.text(value))


def is_fraction(value: Value | None) -> bool:
    """Whether a value is a float, which no size, count or axis may be: ``n / 2``."""
    if isinstance(value, Const):
        return isinstance(value.value, float)
    return isinstance(value, Typed) and value.kind == "float"


def no_fractions(cx: Context, taker: str, argument: str, value: Value | None) -> None:
    """TypeError for a float, or one in a list, where ints are wanted."""
    items = value.contents.items(8) or () if isinstance(value, Sequence) else (value,)
    odd = next((item for item in items if is_fraction(item)), None)
    if odd is not None:
        raise must_be(cx, taker, argument, 0, "tuple of ints", odd)


def surely_no_tensor(value: Value) -> bool:
    """Whether a value is certainly something that PyTorch does not take for a tensor."""
    if isinstance(value, Array):
        return value.kind != "torch"
    if isinstance(value, Instance):
        if isinstance(value.cls, LibraryRef):
            return value.cls.name.startswith(
                ("pandas.", "scipy.sparse.", "torch.nn.", "torch.return_types.", "keras.", "sklearn.")
            )
        if any("__torch_function__" in base.fields for base in value.cls.mro if isinstance(base, ClassValue)):
            return False
        library = value.library_type or "torch.nn.Module"
        return library.startswith("torch.nn.") and library != "torch.nn.Parameter"
    plain = (Const, Int, Typed, Sequence, DictValue, RangeValue, IteratorValue, Function, BoundMethod, ClassValue)
    return isinstance(value, plain)
