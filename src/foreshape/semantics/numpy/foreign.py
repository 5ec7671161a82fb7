"""Elementwise functions of what is no array of NumPy: data frames, tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, Value
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.elementwise import Ufunc, apply_ufunc, is_foreign

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def apply_foreign(cx: Context, ufunc: Ufunc, values: tuple[Value, ...], other: Value) -> Value:
    """pandas objects keep their type; tensors that only torch or Keras understands are not followed."""
    if isinstance(other, Instance) and (other.library_type or "").startswith("pandas."):
        if "~frame" not in other.fields:
            return cx.unknown("what an array does with a moment or a span is not modelled")
        if ufunc.inputs == 1:
            if ufunc.gives == "bool":
                return cx.binary("==", other, other)
            return cx.binary("*", other, Const(1.0 if ufunc.loops[:1] == "f" else 1))
        symbol = ufunc.symbol or ("==" if ufunc.gives == "bool" else "+")
        return cx.binary(symbol, values[0], values[1])
    if isinstance(other, Array) and other.kind == "torch" and ufunc.inputs <= 2:
        # the array that NumPy computes is wrapped as a tensor again
        from foreshape.semantics.torch.convert import from_array

        arrays = [as_array(cx, value, "ufunc") if is_foreign(value) else value for value in values]
        found = apply_ufunc(cx, ufunc, tuple(arrays))
        return from_array(cx, found) if isinstance(found, Array) else found
    return cx.unknown("NumPy functions of this are not modelled")
