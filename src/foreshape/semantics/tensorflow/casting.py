"""Casts, choices by a condition, and what keeps a shape: ``cast``, ``where``, ``zeros_like``, ``cumsum``."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Const, LibraryRef, Value, as_int
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.elementwise import binary, mismatch, not_bool, paired, unary
from foreshape.semantics.tensorflow.support import (
    FLOATS,
    INTEGERS,
    LONG,
    axis_in,
    broadcast,
    dtype_of,
    dtype_or,
    failed,
    given,
    invalid,
    open_dtype,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@op("tensorflow.cast", "tensorflow.dtypes.cast")
def cast(cx: Context, x: Value, dtype: Value, name: Value | None = None) -> Value:
    """Another dtype, the same values."""
    wanted = dtype_of(dtype)
    if isinstance(dtype, LibraryRef) and dtype.name == "builtins.int":
        message = "Cannot convert the argument `type_value`: <class 'int'> to a TensorFlow DType."
        raise invalid(failed("TypeError", message), "dtype", "int", x)
    found = as_tensor(cx, x)
    if found is None:
        return unknown_tensor(cx, x)
    if found.dtype == "string" and wanted not in (None, "string"):
        from foreshape.faults.dtype_mismatch import DtypeMismatch as Mismatch

        raise Mismatch(
            failed("UnimplementedError", f"Cast string to {LONG.get(wanted, wanted)} is not supported"),
            values=(found,),
            taker="cast",
            got=("string",),
            wanted=wanted,
        )
    whole = wanted in INTEGERS
    data = found.data if wanted is not None and wanted != "bool" and (whole or wanted in FLOATS) else None
    if data is not None and whole and not all(isinstance(item, (int, Dim)) for item in data):
        finite = all(isinstance(item, (int, float)) and isfinite(item) for item in data)  # NaN becomes any integer
        data = tuple(int(item) for item in data) if finite else None
    if data is not None and not whole and not all(isinstance(item, (int, float)) for item in data):
        data = None
    keep = wanted is not None and wanted != "bool"
    lo, hi = (found.lo, found.hi) if keep else (None, None)
    if whole:
        lo, hi = (int(b) if isinstance(b, float) and abs(b) < 2**31 else b for b in (lo, hi))
        lo, hi = (None if isinstance(b, float) else b for b in (lo, hi))
    if found.dtype == "bool" and keep:
        lo, hi = 0, 1
    meta = {"loose": True} if found.meta.get("loose") else {}
    return tensor(found.shape, wanted, found, lo=lo, hi=hi, data=data, roles=found.roles, meta=meta)


op_table(
    "saturate_cast dtypes.saturate_cast", "value, dtype, name=None", lambda cx, **g: cast(cx, g["value"], g["dtype"])
)
op_table("complex dtypes.complex", "real, imag, name=None", lambda cx, **g: _complex(cx, g["real"], g["imag"]))
op_table("math.real math.imag math.angle", "input, name=None", lambda cx, **g: _part(cx, g["input"]))
op_table("math.conj", "x, name=None", lambda cx, **g: unary(cx, g["x"]))


def _complex(cx: Context, real: Value, imag: Value) -> Value:
    found = binary(cx, "+", real, imag)
    if not isinstance(found, Array):
        return found
    return tensor(found.shape, {"float32": "complex64", "float64": "complex128"}.get(found.dtype or ""), found)


def _part(cx: Context, value: Value) -> Value:
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    return tensor(x.shape, {"complex64": "float32", "complex128": "float64"}.get(x.dtype or "", x.dtype), x)


@op("tensorflow.bitcast")
def bitcast(cx: Context, input: Value, type: Value, name: Value | None = None) -> Value:
    """The same bits; smaller elements make another axis."""
    from foreshape.domain.dtype import width

    x = as_tensor(cx, input)
    wanted = dtype_of(type)
    if x is None or x.shape is None or x.dtype is None or wanted is None:
        return unknown_tensor(cx, input)
    old, new = width(x.dtype), width(wanted)
    if old == new:
        return tensor(x.shape, wanted, x)
    return tensor((*x.shape, old // new), wanted, x) if old > new else tensor(x.shape[:-1], wanted, x)


@op("tensorflow.zeros_like", "tensorflow.ones_like")
def zeros_like(
    cx: Context, input: Value, dtype: Value | None = None, name: Value | None = None, layout: Value | None = None
) -> Value:
    """The same shape."""
    x = as_tensor(cx, input)
    wanted = dtype_of(dtype)
    if x is None:
        return unknown_tensor(cx, input)
    return tensor(x.shape, None if open_dtype(dtype, wanted) else wanted or x.dtype, x, roles=x.roles)


def same_axis(cx: Context, value: Value, axis: Value | None, taker: str) -> Value:
    """The same shape; the axis must exist."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    place = 0 if not given(axis) else as_int(axis)
    if x.shape is not None and place is not None:
        rank = len(x.shape)
        message = f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got {place}"
        axis_in(cx, taker, place, rank, message, x, exception="InvalidArgumentError")
    return tensor(x.shape, x.dtype, x, roles=x.roles)


op_table(
    "cumsum math.cumsum math.cumprod",
    "x, axis=None, exclusive=None, reverse=None, name=None",
    lambda cx, **g: same_axis(cx, g["x"], g.get("axis"), "cumsum"),
)
op_table(
    "math.cumulative_logsumexp",
    "x, axis=None, exclusive=None, reverse=None, name=None",
    lambda cx, **g: same_axis(cx, g["x"], g.get("axis"), "cumulative_logsumexp"),
)


# -- choices ---------------------------------------------------------------------------------------------------------


@op("tensorflow.where", "tensorflow.where_v2")
def where(
    cx: Context, condition: Value, x: Value | None = None, y: Value | None = None, name: Value | None = None
) -> Value:
    """A choice per element; with a condition alone, positions."""
    c = as_tensor(cx, condition, "bool" if isinstance(condition, Const) else None)
    if c is None:
        return unknown_tensor(cx, condition)
    if not given(x) or not given(y):
        from foreshape.semantics.tensorflow.support import open_size

        return (
            tensor((open_size(cx), None if c.shape is None else len(c.shape)), "int64", c)
            if c.shape is not None
            else (tensor(None, "int64", c))
        )
    assert x is not None and y is not None
    a, b = paired(cx, x, y, "where")
    if a is None or b is None:
        return unknown_tensor(cx, x, y)
    if a.dtype is not None and b.dtype is not None and a.dtype != b.dtype:
        raise mismatch(cx, "SelectV2", a, b, 2, "te")
    if c.dtype not in (None, "bool"):
        raise not_bool(cx, "SelectV2", c, 0)
    shape = broadcast(cx, "SelectV2", c, a, b)
    lo, hi = None, None
    if isinstance(a.lo, (int, float)) and isinstance(b.lo, (int, float)):
        lo = min(a.lo, b.lo)
    if isinstance(a.hi, (int, float)) and isinstance(b.hi, (int, float)):
        hi = max(a.hi, b.hi)
    return tensor(shape, a.dtype, a, b, c, lo=lo, hi=hi, meta={"loose": True} if lo is not None else {})


@op("tensorflow.math.count_nonzero", "tensorflow.math.top_n")
def count_nonzero(
    cx: Context,
    input: Value,
    axis: Value | None = None,
    keepdims: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """How many are not zero."""
    from foreshape.semantics.tensorflow.reductions import reduce_core

    found = reduce_core(cx, input, axis, keepdims, "count")
    return found.replace(dtype=dtype_or(dtype, "int64"), lo=0, hi=None) if isinstance(found, Array) else found
