"""A tensor and a NumPy array under one operator.

With the tensor first NumPy computes, and PyTorch wraps the result. With the array first it is refused, but for ``/`` and
equality. A NumPy number is a Python number here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain import dtype as dtypes
from foreshape.domain.values import Array, Const, Typed, Value
from foreshape.semantics.torch.attributes import refuse_numpy
from foreshape.semantics.torch.convert import from_array
from foreshape.semantics.torch.elementwise import binary_of
from foreshape.semantics.torch.support import error, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def number_of(array: Array) -> Value:
    """A NumPy number as a Python number."""
    if array.data is not None and len(array.data) == 1 and isinstance(array.data[0], (bool, int, float)):
        return Const(array.data[0])
    kind = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}.get(
        dtypes.kind(array.dtype or ""), "float"
    )
    return Typed(kind, lo=array.lo, hi=array.hi)


def mixed(cx: Context, word: str, self: Value, other: Array, swapped: bool) -> Value:
    """``tensor word array``, or ``array word tensor`` where swapped."""
    from foreshape.semantics.torch.operators import OPERATORS, unsupported

    left, right = (other, self) if swapped else (self, other)
    if other.shape is None or not isinstance(self, Array):
        return unknown_tensor(cx, other)
    name = OPERATORS.get(word)
    if other.shape == () and not other.meta.get("0d"):
        if word == "@" or name is None:
            raise unsupported(cx, word, left, right)
        if other.dtype is None:
            return unknown_tensor(cx, other)
        number = number_of(other)
        return binary_of(cx, name, *((number, self) if swapped else (self, number)))
    if word in ("==", "!="):
        return _equality(cx, word, self, other, swapped)
    if word in ("<", "<=", ">", ">="):
        raise unsupported(cx, word, left, right)
    if swapped and word == "+":
        from foreshape.faults.python_error import PythonError

        message = (
            "Concatenation operation is not implemented for NumPy arrays, use np.concatenate() instead. Please do not "
            "rely on this error; it may not be given on all Python implementations."
        )
        raise PythonError(
            error(cx, "TypeError", message), values=(left, right), problem=message, operation=word,
            types=("numpy.ndarray", "Tensor"),
        )  # fmt: skip
    if swapped and word == "/":
        inverse = cx.rule("torch.reciprocal", self)
        return mixed(cx, "*", inverse, other, False) if isinstance(inverse, Array) else inverse
    if swapped:
        raise unsupported(cx, word, left, right)
    array = self.replace(kind="numpy", meta={})
    refuse_numpy(cx, self, array)
    made = cx.rule("numpy.ndarray.__binary__", array, Const(word), other, Const(False))
    return from_array(cx, made) if isinstance(made, Array) and made.kind == "numpy" else unknown_tensor(cx, made)


def _equality(cx: Context, word: str, self: Array, other: Array, swapped: bool) -> Value:
    array = from_array(cx, other)
    if word == "!=":
        return tensor(cx, self.shape, "bool", self)
    return binary_of(cx, "eq", *((array, self) if swapped else (self, array)))
