"""Element-wise operations, reductions and products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.dim import DimLike, is_none as undefined
from foreshape.domain.values import Array, Bound, Const, Value, as_bool, as_dim, as_int
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.semantics.tensorflow.joins import _axes, unknown_tensor
from foreshape.semantics.tensorflow.core import (
    LONG,
    as_tensor,
    axis_in,
    broadcast,
    failed,
    graph_mode,
    joined,
    raises,
    shown,
    tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OPERATORS = {
    "+": "AddV2", "-": "Sub", "*": "Mul", "/": "RealDiv", "//": "FloorDiv", "%": "FloorMod", "**": "Pow",
    "<": "Less", "<=": "LessEqual", ">": "Greater", ">=": "GreaterEqual", "==": "Equal", "!=": "NotEqual",
    "&": "BitwiseAnd", "|": "BitwiseOr", "^": "BitwiseXor", "@": "MatMul", "maximum": "Maximum", "minimum": "Minimum",
}  # fmt: skip
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


def binary_core(cx: Context, a: Value, b: Value, operator: str) -> Value:
    """``a operator b``: broadcast; both of the same dtype, where neither is a plain number or NumPy array."""
    x, y = _pair(cx, a, b)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    if operator == "@":
        return matmul_core(cx, x, y)
    name = OPERATORS.get(operator, operator)
    _same_dtype(cx, a, b, x, y, name, operator)
    shape = broadcast(cx, name, x, y)
    if operator in COMPARISONS:
        return tensor(shape, "bool", x, y)
    dtype = x.dtype if x.dtype is not None else y.dtype
    if operator == "/" and dtype in ("int32", "int64"):
        dtype = "float64"
    elif operator == "/" and dtype in ("int8", "uint8", "int16", "uint16"):
        dtype = "float32"
    lo, hi = _bounds(operator, x, y)
    wider = x if x.shape == shape else y if y.shape == shape else None
    data = _data(operator, x, y) if shape is not None else None
    return tensor(shape, dtype, x, y, lo=lo, hi=hi, data=data, roles=None if wider is None else wider.roles)


def _pair(cx: Context, a: Value, b: Value) -> tuple[Array | None, Array | None]:
    """Both as tensors: a number or a NumPy array takes the dtype of the tensor that it meets."""
    first = a if isinstance(a, Array) and a.kind == "tensorflow" else None
    second = b if isinstance(b, Array) and b.kind == "tensorflow" else None
    x = as_tensor(cx, a, None if second is None else second.dtype)
    y = as_tensor(cx, b, None if first is None else first.dtype)
    if first is not None and y is not None and second is None and isinstance(b, Array) and first.dtype is not None:
        y = _with_dtype(y, first.dtype)
    if second is not None and x is not None and first is None and isinstance(a, Array) and second.dtype is not None:
        x = _with_dtype(x, second.dtype)
    return x, y


def _with_dtype(array: Array, dtype: str) -> Array:
    if array.dtype == dtype:
        return array
    made = array.replace(dtype=dtype)
    made.origin = array.origin
    return made


def _same_dtype(cx: Context, a: Value, b: Value, x: Array, y: Array, name: str, operator: str) -> None:
    if x.dtype is None or y.dtype is None or x.dtype == y.dtype:
        return
    if not (isinstance(a, Array) and a.kind == "tensorflow" and isinstance(b, Array) and b.kind == "tensorflow"):
        if not isinstance(b, Const) or not isinstance(b.value, float) or "int" not in (x.dtype or ""):
            return
    if operator in ("==", "!=") and (undefined_in(x) or undefined_in(y)):
        return
    first, second = LONG.get(x.dtype, x.dtype), LONG.get(y.dtype, y.dtype)
    message = (
        f"cannot compute {name} as input #1(zero-based) was expected to be a {first} tensor but is a {second} tensor "
        f"[Op:{name}]"
    )
    exception = "InvalidArgumentError"
    if graph_mode(cx, x, y):
        exception = "TypeError"
        message = f"Input 'y' of '{name}' Op has type {y.dtype} that does not match type {x.dtype} of argument 'x'."
    raise DtypeMismatch(
        failed(exception, message), values=(b, a), taker=name, got=(x.dtype, y.dtype), wanted=x.dtype
    )


def undefined_in(array: Array) -> bool:
    """Whether a size is None to Keras."""
    return array.shape is not None and any(undefined(dim) for dim in array.shape)


def _number(bound: Bound) -> int | float | None:
    return bound if isinstance(bound, (int, float)) else None


def _bounds(operator: str, x: Array, y: Array) -> tuple[Bound, Bound]:
    a_lo, a_hi, b_lo, b_hi = (_number(item) for item in (x.lo, x.hi, y.lo, y.hi))
    if operator == "+":
        return (
            None if a_lo is None or b_lo is None else a_lo + b_lo,
            None if a_hi is None or b_hi is None else a_hi + b_hi,
        )
    if operator == "-":
        return (
            None if a_lo is None or b_hi is None else a_lo - b_hi,
            None if a_hi is None or b_lo is None else a_hi - b_lo,
        )
    if operator == "%" and b_lo is not None and b_lo == b_hi and b_lo > 0 and isinstance(b_lo, int):
        return 0, b_lo - 1
    return None, None


def _data(operator: str, x: Array, y: Array) -> tuple[object, ...] | None:
    """Sizes computed with tensors: ``tf.shape(x)[0] * 2``."""
    if x.data is None or y.data is None or len(x.data) != 1 or len(y.data) != 1:
        return None
    a, b = x.data[0], y.data[0]
    if isinstance(a, (bool, float, str)) or isinstance(b, (bool, float, str)):
        return None
    try:
        if operator == "+":
            return (a + b,)
        if operator == "-":
            return (a - b,)
        if operator == "*":
            return (a * b,)
        if operator == "//" and not (isinstance(b, int) and b == 0):
            return (a // b,)
    except Exception:
        return None
    return None


def unary_core(cx: Context, value: Value, dtype: str | None = None, lo: Bound = None, hi: Bound = None) -> Value:
    """The same shape."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    meta = {"mask": x.meta["mask"]} if "mask" in x.meta and False else {}
    return tensor(x.shape, dtype or x.dtype, x, lo=lo, hi=hi, roles=x.roles, meta=meta)


def cast_core(cx: Context, value: Value, dtype: str | None) -> Value:
    """Another dtype, the same values."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    keep = dtype is not None and dtype != "bool"
    return tensor(
        x.shape, dtype, x, lo=x.lo if keep else None, hi=x.hi if keep else None, data=x.data if keep else None,
        roles=x.roles,
    )  # fmt: skip


def reduce_core(cx: Context, value: Value, axis: Value | None, keepdims: Value | None, name: str) -> Value:
    """``tf.reduce_*``: axes go, or become 1."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    dtype = "bool" if name in ("all", "any") else x.dtype
    keep = False if keepdims is None else as_bool(keepdims)
    if axis is None or (isinstance(axis, Const) and axis.value is None):
        if keep and x.shape is not None:
            return tensor(tuple(1 for _ in x.shape), dtype, x)
        if keep is None:
            return tensor(None, dtype, x)
        return tensor((), dtype, x)
    axes = _axes(axis)
    if x.shape is None or axes is None or keep is None:
        return tensor(None, dtype, x)
    rank = len(x.shape)
    gone = set()
    for one in axes:
        message = f"Invalid reduction dimension ({one} for input with {rank} dimension(s)"
        gone.add(axis_in(cx, f"reduce_{name}", one, rank, message, x))
    if keep:
        shape = tuple(1 if i in gone else dim for i, dim in enumerate(x.shape))
        return tensor(shape, dtype, x, roles=x.roles)
    roles = None if x.roles is None else tuple(role for i, role in enumerate(x.roles) if i not in gone)
    bounds = {"lo": x.lo, "hi": x.hi} if name in ("max", "min") else {}
    return tensor(tuple(dim for i, dim in enumerate(x.shape) if i not in gone), dtype, x, roles=roles, **bounds)


def argmax_core(cx: Context, value: Value, axis: Value | None, dtype: str = "int64") -> Value:
    """``tf.argmax``: positions along an axis (the first, where none is given)."""
    x = as_tensor(cx, value)
    place = 0 if axis is None or (isinstance(axis, Const) and axis.value is None) else as_int(axis)
    if x is None:
        return unknown_tensor(cx, value)
    if x.shape is None or place is None:
        return tensor(None, dtype, x)
    rank = len(x.shape)
    message = f"Expected dimension in the range [{-rank}, {rank}), but got {place}"
    at = axis_in(cx, "argmax", place, rank, message, x)
    size = x.shape[at]
    return tensor(
        tuple(dim for i, dim in enumerate(x.shape) if i != at), dtype, x, lo=0,
        hi=size - 1 if isinstance(size, int) else None, meta={"loose": True},
    )  # fmt: skip


def matmul_core(
    cx: Context, a: Value, b: Value, transpose_a: Value | None = None, transpose_b: Value | None = None
) -> Value:
    """``tf.matmul``: matrices, with batch axes that broadcast."""
    x, y = _pair(cx, a, b)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    _same_dtype(cx, a, b, x, y, "MatMul", "@")
    if x.shape is None or y.shape is None:
        return tensor(None, x.dtype, x, y)
    flip_a = False if transpose_a is None else as_bool(transpose_a)
    flip_b = False if transpose_b is None else as_bool(transpose_b)
    if flip_a is None or flip_b is None:
        return tensor(None, x.dtype, x, y)
    left, right = list(x.shape), list(y.shape)
    if len(left) < 2 or len(right) < 2:
        message = (
            f"In[0] and In[1] has different ndims: {shown(x.shape)} vs. {shown(y.shape)}"
            if len(left) != len(right)
            else "In[0] ndims must be >= 2"
        )
        raise MatmulMismatch(raises(cx, message, x, y), values=(x, y), taker="matmul", left=x.shape, right=y.shape)
    if flip_a:
        left[-1], left[-2] = left[-2], left[-1]
    if flip_b:
        right[-1], right[-2] = right[-2], right[-1]
    inner = joined(cx, left[-1], right[-2])
    if inner is None:
        message = f"Matrix size-incompatible: In[0]: {shown(x.shape)}, In[1]: {shown(y.shape)}"
        if graph_mode(cx, x, y):
            message = (
                f"Dimensions must be equal, but are {left[-1]} and {right[-2]} for 'MatMul' with input shapes: "
                f"{shown(x.shape)}, {shown(y.shape)}."
            )
        raise MatmulMismatch(
            raises(cx, message, x, y), values=(x, y), taker="matmul", left=x.shape, right=y.shape, left_axis=-1,
            right_axis=-2,
        )  # fmt: skip
    batch = broadcast(
        cx, "BatchMatMulV2", Array("tensorflow", tuple(left[:-2]), None), Array("tensorflow", tuple(right[:-2]), None)
    )
    return tensor((*(batch or ()), left[-2], right[-1]), x.dtype, x, y)


def one_hot_core(cx: Context, value: Value, depth: Value, axis: Value | None, dtype: str | None) -> Value:
    """``tf.one_hot``: one axis more; values out of range give zeros."""
    x = as_tensor(cx, value)
    size = as_dim(depth)
    if x is None:
        return unknown_tensor(cx, value)
    place = -1 if axis is None else as_int(axis)
    dim: DimLike = cx.fresh() if size is None else size
    if x.shape is None or place is None:
        return tensor(None, dtype, x)
    rank = len(x.shape) + 1
    if not -rank <= place < rank:
        return tensor(None, dtype, x)
    at = place % rank
    roles = None if x.roles is None else (*x.roles[:at], "class", *x.roles[at:])
    return tensor((*x.shape[:at], dim, *x.shape[at:]), dtype, x, lo=0, hi=1, roles=roles)


def where_core(cx: Context, condition: Value, x: Value | None, y: Value | None) -> Value:
    """``tf.where``: a choice per element; with a condition alone, positions."""
    c = as_tensor(cx, condition)
    if c is None:
        return unknown_tensor(cx, condition)
    if x is None or y is None:
        rank = None if c.shape is None else len(c.shape)
        return tensor(None if rank is None else (cx.fresh(lo=0), rank), "int64", c)
    a, b = _pair(cx, x, y)
    if a is None or b is None:
        return unknown_tensor(cx, x, y)
    return tensor(broadcast(cx, "SelectV2", c, a, b), a.dtype, a, b, c)


def same_size(cx: Context, a: DimLike, b: DimLike) -> bool:
    """Whether two sizes are certainly the same."""
    return eq(a, b, cx.facts).is_yes
