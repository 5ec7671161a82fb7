"""Operators between tensors, Python numbers and NumPy arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Typed, Unknown, Value, as_bool, as_str, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.elementwise import binary_of
from foreshape.semantics.torch.support import (
    error,
    is_complex,
    is_floating,
    is_number,
    python_type,
    surely_no_tensor,
    unknown_tensor,
    without_values,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OPERATORS: Final = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floor_divide", "%": "remainder", "**": "pow",
    "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne", "&": "bitwise_and", "|": "bitwise_or",
    "^": "bitwise_xor", "<<": "bitwise_left_shift", ">>": "bitwise_right_shift",
}  # fmt: skip


def unsupported(cx: Context, symbol: str, left: Value, right: Value) -> Fault:
    """``unsupported operand type(s) for +: 'Tensor' and 'str'``."""
    from foreshape.faults.python_error import PythonError

    names = (python_type(left), python_type(right))
    message = f"unsupported operand type(s) for {symbol}: '{names[0]}' and '{names[1]}'"
    if symbol in ("<", "<=", ">", ">="):
        message = f"'{symbol}' not supported between instances of '{names[0]}' and '{names[1]}'"
    return PythonError(
        error(cx, "TypeError", message), values=(left, right), problem=message, operation=symbol, types=names
    )


@rule("torch.Tensor.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value:
    """Broadcast element by element; ``@`` is a matrix product. TypeError for what is neither tensor nor number."""
    word = as_str(operator)
    if word is None or word in ("in", "not in", "is", "is not"):
        return Typed("bool")
    if isinstance(other, Unknown):
        return unknown_tensor(cx, other)
    swapped = bool(as_bool(reflected))
    left, right = (other, self) if swapped else (self, other)
    if isinstance(other, Array) and other.kind == "numpy":
        return with_array(cx, word, self, other, swapped)
    if isinstance(other, Array) and other.kind != "torch":
        return cx.unknown("a tensor of another library")
    if word == "@":
        if surely_no_tensor(other):
            raise unsupported(cx, word, left, right)
        return cx.rule("torch.matmul", left, right) if isinstance(other, Array) else unknown_tensor(cx, other)
    name = OPERATORS.get(word)
    if name is None:
        return cx.unknown(f"'{word}' between tensors")
    if not isinstance(other, Array) and not is_number(other):
        if not surely_no_tensor(other):
            return unknown_tensor(cx, other)
        if word in ("==", "!="):
            return Const(word == "!=")
        raise unsupported(cx, word, left, right)
    if is_none(other):
        return Const(word == "!=")
    made = binary_of(cx, name, left, right)
    if word == "+" and isinstance(other, Array) and isinstance(made, Array):
        from foreshape.semantics.torch.silent import positions_added

        return positions_added(cx, left, right, made)
    return made


def with_array(cx: Context, word: str, self: Value, other: Array, swapped: bool) -> Value:
    """A tensor and a NumPy array: with the tensor first the array's operator computes, and gives a tensor."""
    from foreshape.semantics.torch.numpy_operands import mixed

    return mixed(cx, word, self, other, swapped)


@rule("torch.Tensor.__inplace__")
def inplace(cx: Context, self: Array, operator: Value, other: Value) -> Value:
    """``self operator= other``: the result is stored in ``self``, whose shape and dtype stay.

    RuntimeError where it does not fit, and for a leaf that requires gradients. ``@=`` and arrays make a new tensor.
    """
    from foreshape.semantics.torch.inplace import changed, check_writable, write_back

    word = as_str(operator) or ""
    name = OPERATORS.get(word)
    scalar = isinstance(other, Array) and other.kind == "numpy" and other.shape == () and not other.meta.get("0d")
    if name is None or (isinstance(other, Array) and other.kind != "torch" and not scalar):
        return binary(cx, self, operator, other, Const(False))
    if isinstance(other, Unknown) or not (isinstance(other, Array) or is_number(other)):
        if surely_no_tensor(other):
            raise unsupported(cx, f"{word}=", self, other)
        check_writable(cx, f"{name}_", self)
        return changed(cx, self, without_values(self))
    check_writable(cx, f"{name}_", self)
    sources = (other,) if isinstance(other, Array) and not scalar else ()
    return write_back(cx, f"{name}_", self, binary_of(cx, name, self, other), sources)


@rule("torch.Tensor.__unary__")
def unary(cx: Context, self: Array, operator: Value) -> Value:
    """``-x``, ``~x``, ``+x``."""
    word = as_str(operator)
    if word == "not":
        return Typed("bool")
    if word == "~":
        if is_floating(self.dtype) or is_complex(self.dtype):
            message = "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
            raise wrong_dtype(cx, "TypeError", message, "~", self, recover=self)
        return cx.rule("torch.bitwise_not", self)
    if word == "-":
        return cx.rule("torch.neg", self)
    return cx.rule("torch.positive", self)


@rule("torch.Tensor.__abs__")
def absolute(cx: Context, self: Array) -> Value:
    """``abs(x)``."""
    return cx.rule("torch.abs", self)
