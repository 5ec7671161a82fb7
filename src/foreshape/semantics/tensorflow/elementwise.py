"""Element by element: operators, ``tf.math`` functions, activations, casts.

Two tensors must have one dtype; Python numbers and NumPy arrays take that of the tensor they meet. At once a
mismatch is an
InvalidArgumentError, in a graph a TypeError; ``/`` always says TypeError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Bound, Const, Sequence, Value, is_none
from foreshape.faults.base import Fault
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.semantics.numpy.intervals import INTERVALS
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.support import (
    COMPLEX,
    FLOATS,
    INTEGERS,
    LONG,
    broadcast,
    failed,
    graph_mode,
    tensor,
    unknown_tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NUMBERS: Final = (*FLOATS, *INTEGERS, *COMPLEX)
REALS: Final = (*FLOATS, *INTEGERS)
SIGNED: Final = (*FLOATS, "int8", "int16", "int32", "int64", *COMPLEX)
ANY: Final[tuple[str, ...]] = ()
KERNELS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "+": ("AddV2", (*NUMBERS, "string")),
    "-": ("Sub", NUMBERS),
    "*": ("Mul", NUMBERS),
    "/": ("RealDiv", NUMBERS),
    "//": ("FloorDiv", NUMBERS),
    "%": ("FloorMod", REALS),
    "**": ("Pow", (*FLOATS, "int8", "int16", "int32", "int64", *COMPLEX)),
    "<": ("Less", REALS),
    "<=": ("LessEqual", REALS),
    ">": ("Greater", REALS),
    ">=": ("GreaterEqual", REALS),
    "==": ("Equal", ANY),
    "!=": ("NotEqual", ANY),
    "&": ("BitwiseAnd", INTEGERS),
    "|": ("BitwiseOr", INTEGERS),
    "^": ("BitwiseXor", INTEGERS),
    "<<": ("LeftShift", INTEGERS),
    ">>": ("RightShift", INTEGERS),
    "maximum": ("Maximum", REALS),
    "minimum": ("Minimum", REALS),
    "logical_and": ("LogicalAnd", ("bool",)),
    "logical_or": ("LogicalOr", ("bool",)),
    "squared_difference": ("SquaredDifference", (*FLOATS, "int32", "int64", *COMPLEX)),
    "multiply_no_nan": ("MulNoNan", (*FLOATS, *COMPLEX)),
    "divide_no_nan": ("DivNoNan", (*FLOATS, *COMPLEX)),
    "atan2": ("Atan2", FLOATS),
    "xdivy": ("Xdivy", (*FLOATS, *COMPLEX)),
    "xlogy": ("Xlogy", (*FLOATS, *COMPLEX)),
    "zeta": ("Zeta", FLOATS),
    "igamma": ("Igamma", FLOATS),
    "igammac": ("Igammac", FLOATS),
    "nextafter": ("NextAfter", ("float32", "float64")),
}
COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")
SYMBOLS: Final = {"+": "add", "-": "subtract", "*": "multiply", "//": "floor_divide"}


def mismatch(cx: Context, kernel: str, x: Array, y: Array, position: int = 1, names: str = "xy") -> Fault:
    """Two dtypes where one is needed."""
    a, b = x.dtype or "?", y.dtype or "?"
    if graph_mode(cx, x, y):
        message = (
            f"Input '{names[1]}' of '{kernel}' Op has type {b} that does not match type {a} of argument '{names[0]}'."
        )
        raised = failed("TypeError", message)
    else:
        message = (
            f"cannot compute {kernel} as input #{position}(zero-based) was expected to be a "
            f"{LONG.get(a, a)} tensor but is a "
            f"{LONG.get(b, b)} tensor [Op:{kernel}]"
        )
        raised = failed("InvalidArgumentError", message)
    return DtypeMismatch(raised, values=(y, x), taker=kernel, got=(a, b), wanted=a)


def is_tensor(value: Value | None) -> bool:
    """Whether it is a tensor of TensorFlow already."""
    return isinstance(value, Array) and value.kind == "tensorflow"


def paired(cx: Context, a: Value, b: Value, operator: str) -> tuple[Array | None, Array | None]:
    """Both as tensors, as the operation converts them."""
    if operator in ("+", "/", "divide_no_nan") and not is_tensor(a) and not is_tensor(b):
        x = as_tensor(cx, a)
        return x, as_tensor(cx, b, None if x is None else x.dtype, strict=operator == "logical_and")
    if is_tensor(b) and not is_tensor(a):
        assert isinstance(b, Array)
        if operator == "+":
            return as_tensor(cx, a), b  # ``tf.add`` converts its first argument by itself
        return as_tensor(cx, a, b.dtype), b
    x = as_tensor(cx, a)
    hint = None if x is None else x.dtype
    soft = operator in ("+", "/", "divide_no_nan")
    return x, as_tensor(cx, b, hint, strict=not soft)


def binary(cx: Context, operator: str, a: Value, b: Value) -> Value:
    """``a operator b``: broadcast, one dtype. ``operator`` is a key of KERNELS."""
    x, y = paired(cx, a, b, operator)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    kernel, allowed = KERNELS[operator]
    if operator in ("&", "|", "^") and (x.dtype == "bool" or y.dtype == "bool") and x.dtype == y.dtype:
        kernel, allowed = {"&": "LogicalAnd", "|": "LogicalOr", "^": "LogicalXor"}[operator], ("bool",)
    _check_dtypes(cx, operator, kernel, allowed, x, y)
    shape = broadcast(cx, kernel, x, y)
    if operator in COMPARISONS:
        return tensor(shape, "bool", x, y, data=_compared(operator, x, y))
    dtype = x.dtype if x.dtype is not None else y.dtype
    if (x.dtype is None and not is_tensor(b)) or (y.dtype is None and not is_tensor(a)):
        dtype = None  # what is no tensor yet takes the dtype of the other, which is not known
    if operator == "/":
        dtype = _true_division(dtype)
    data = _data(operator, x, y)
    lo, hi = (data[0], data[0]) if data is not None and len(data) == 1 else _bounds(operator, x, y, dtype)
    wider = x if x.shape == shape else y if y.shape == shape else None
    return tensor(shape, dtype, x, y, lo=lo, hi=hi, data=data, roles=None if wider is None else wider.roles)


def _true_division(dtype: str | None) -> str | None:
    if dtype in ("int32", "int64", "uint32", "uint64"):
        return "float64"
    if dtype in INTEGERS:
        return "float32"
    return dtype


def _check_dtypes(cx: Context, operator: str, kernel: str, allowed: tuple[str, ...], x: Array, y: Array) -> None:
    if operator in ("logical_and", "logical_or"):
        for position, one in enumerate((x, y)):
            if one.dtype not in (None, "bool"):
                raise not_bool(cx, kernel, one, position)
        return
    if x.dtype is None or y.dtype is None:
        return
    if operator == "multiply_no_nan" and x.dtype != y.dtype:
        message = f"y: Tensor conversion requested dtype {x.dtype} for Tensor with dtype {y.dtype}"
        raise DtypeMismatch(
            failed("ValueError", message), values=(y, x), taker=operator, got=(x.dtype, y.dtype), wanted=x.dtype
        )
    if operator in ("/", "divide_no_nan") and x.dtype != y.dtype:
        message = f"`x` and `y` must have the same dtype, got tf.{x.dtype} != tf.{y.dtype}."
        raise DtypeMismatch(
            failed("TypeError", message), values=(y, x), taker=operator, got=(x.dtype, y.dtype), wanted=x.dtype
        )
    if operator == "/" and x.dtype in ("bool", "string"):
        message = f"Invalid dtype {x.dtype} in __truediv__. Expected one of {{bool, int, float}}."
        raise DtypeMismatch(failed("TypeError", message), values=(x, y), taker="/", got=(x.dtype,), wanted=None)
    if x.dtype != y.dtype:
        raise mismatch(cx, kernel, x, y)
    if allowed and x.dtype not in allowed:
        raise wrong_dtype(cx, kernel, x, x.dtype, allowed)


def not_bool(cx: Context, kernel: str, x: Array, position: int) -> Fault:
    got = x.dtype or "?"
    if graph_mode(cx, x):
        message = f"Input '{'xy'[position]}' of '{kernel}' Op has type {got} that does not match expected type of bool."
        raised = failed("TypeError", message)
    else:
        message = (
            f"cannot compute {kernel} as input #{position}(zero-based) was expected to be a bool tensor but is a "
            f"{LONG.get(got, got)} tensor [Op:{kernel}]"
        )
        raised = failed("InvalidArgumentError", message)
    return DtypeMismatch(raised, values=(x,), taker=kernel, got=(got,), wanted="bool")


def _compared(operator: str, x: Array, y: Array) -> tuple[bool, ...] | None:
    if x.data is None or y.data is None or x.shape != () or y.shape != ():
        return None
    a, b = x.data[0], y.data[0]
    if not isinstance(a, (int, float)) or not isinstance(b, (int, float)):
        return None
    return ({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[operator],)


def _data(operator: str, x: Array, y: Array) -> tuple[Any, ...] | None:
    """Sizes computed with tensors: ``tf.shape(x)[0] * 2``."""
    if x.data is None or y.data is None or x.dtype not in ("int32", "int64") or len(x.data) > 16 or len(y.data) > 16:
        return None
    if len(x.data) != len(y.data) and 1 not in (len(x.data), len(y.data)):
        return None
    if x.shape is None or y.shape is None or max(len(x.shape), len(y.shape)) > 1:
        return None
    size = max(len(x.data), len(y.data)) if 0 not in (len(x.data), len(y.data)) else 0
    lefts = x.data * size if len(x.data) == 1 else x.data
    rights = y.data * size if len(y.data) == 1 else y.data
    made: list[Any] = []
    for a, b in zip(lefts, rights):
        found = _computed(operator, a, b)
        if found is None:
            return None
        made.append(found)
    return tuple(made)


def _computed(operator: str, a: Any, b: Any) -> Any:
    if not isinstance(a, (int, Dim)) or not isinstance(b, (int, Dim)):
        return None
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    if operator == "//" and not (isinstance(b, int) and b == 0):
        return a // b
    if operator == "%" and not (isinstance(b, int) and b == 0):
        return a - b * (a // b)
    if isinstance(a, int) and isinstance(b, int):
        if operator == "maximum":
            return max(a, b)
        if operator == "minimum":
            return min(a, b)
        if operator == "**" and 0 <= b < 16 and abs(a) < 2**16:
            return a**b
    return None


def _number(bound: Bound) -> int | float | None:
    return bound if isinstance(bound, (int, float)) else None


def _bounds(operator: str, x: Array, y: Array, dtype: str | None) -> tuple[Bound, Bound]:
    name = {"+": "add", "-": "subtract", "*": "multiply", "//": "floor_divide", "%": "remainder"}.get(
        operator, operator
    )
    function = INTERVALS.get(name)
    if function is None or dtype in ("int8", "uint8", "int16", "uint16"):
        return None, None
    parts = ((_number(x.lo), _number(x.hi)), (_number(y.lo), _number(y.hi)))
    try:
        return function(*parts)
    except (TypeError, ValueError, ArithmeticError):
        return None, None


# -- one operand -----------------------------------------------------------------------------------------------------


def unary(
    cx: Context,
    value: Value,
    allowed: tuple[str, ...] = ANY,
    kernel: str = "",
    dtype: str | None = None,
    name: str = "x",
    lo: Bound = None,
    hi: Bound = None,
) -> Value:
    """The same shape; ``dtype`` None: the same dtype."""
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    if allowed and x.dtype is not None and x.dtype not in allowed:
        raise wrong_dtype(cx, kernel, x, x.dtype, allowed, name)
    return tensor(x.shape, dtype or x.dtype, x, lo=lo, hi=hi, roles=x.roles)


def _function(
    kernel: str, allowed: tuple[str, ...], argument: str, dtype: str | None = None, lo: Bound = None, hi: Bound = None
) -> Callable[..., Value]:
    def run(cx: Context, **given_: Any) -> Value:
        return unary(cx, given_[argument], allowed, kernel, dtype, argument, lo, hi)

    return run


FLOATING: Final = (*FLOATS, *COMPLEX)
_SAME = (
    # names, kernel, dtypes, bounds
    ("exp math.exp", "Exp", FLOATING),
    ("math.expm1", "Expm1", FLOATING),
    ("math.log", "Log", FLOATING),
    ("math.log1p", "Log1p", FLOATING),
    ("sqrt math.sqrt", "Sqrt", FLOATING),
    ("math.rsqrt", "Rsqrt", FLOATING),
    ("sin math.sin", "Sin", FLOATING),
    ("cos math.cos", "Cos", FLOATING),
    ("tan math.tan", "Tan", FLOATING),
    ("sinh math.sinh", "Sinh", FLOATING),
    ("cosh math.cosh", "Cosh", FLOATING),
    ("asin math.asin", "Asin", FLOATING),
    ("acos math.acos", "Acos", FLOATING),
    ("atan math.atan", "Atan", FLOATING),
    ("acosh math.acosh", "Acosh", FLOATING),
    ("asinh math.asinh", "Asinh", FLOATING),
    ("atanh math.atanh", "Atanh", FLOATING),
    ("floor math.floor", "Floor", FLOATS),
    ("math.ceil", "Ceil", FLOATS),
    ("math.rint", "Rint", FLOATS),
    ("round math.round", "", ANY),
    ("math.digamma", "Digamma", FLOATS),
    ("math.erf", "Erf", FLOATS),
    ("math.erfc", "Erfc", FLOATS),
    ("math.erfinv", "Erfinv", FLOATS),
    ("math.lgamma", "Lgamma", FLOATS),
    ("math.ndtri", "Ndtri", FLOATS),
    ("math.reciprocal", "Reciprocal", (*FLOATING, *INTEGERS)),
    ("math.bessel_i0", "BesselI0", FLOATS),
    ("math.bessel_i1", "BesselI1", FLOATS),
    ("math.bessel_i0e", "BesselI0e", FLOATS),
    ("math.bessel_i1e", "BesselI1e", FLOATS),
    ("math.log_sigmoid", "Softplus", FLOATS),
    ("math.sobol_sample", "", ANY),
    ("negative math.negative", "Neg", SIGNED),
    ("square math.square", "Square", NUMBERS),
    ("sign math.sign", "Sign", (*FLOATS, "int8", "int16", "int32", "int64", *COMPLEX)),
)
for _names, _kernel, _allowed in _SAME:
    op_table(_names, "x, name=None", _function(_kernel, _allowed, "x"))
op_table("tanh math.tanh nn.tanh", "x, name=None", _function("Tanh", FLOATING, "x", lo=-1.0, hi=1.0))
op_table("sigmoid math.sigmoid nn.sigmoid", "x, name=None", _function("Sigmoid", FLOATING, "x", lo=0.0, hi=1.0))
op_table("math.is_finite math.is_inf math.is_nan", "x, name=None", _function("IsFinite", FLOATS, "x", "bool"))
op_table(
    "nn.log_sigmoid nn.softsign math.softplus nn.softplus math.softsign nn.elu nn.selu",
    "features, name=None",
    _function("Relu6", FLOATS, "features"),
)
op_table("nn.relu nn.relu6", "features, name=None", _function("Relu", REALS, "features", lo=0))
op_table("math.zero_fraction nn.zero_fraction", "value, name=None", lambda cx, **g: tensor((), "float32", g["value"]))


op_table(
    "nn.l2_normalize math.l2_normalize linalg.l2_normalize",
    "x, axis=None, epsilon=None, name=None, dim=None",
    lambda cx, **g: unary(cx, g["x"]),
)
op_table("nn.l2_loss", "t, name=None", lambda cx, **g: _scalar_of(cx, g["t"]))


def _clipped_norm(cx: Context, t: Value, clip_norm: Value, **more: Any) -> Value:
    x = as_tensor(cx, t)
    if x is not None and x.dtype in INTEGERS:
        if graph_mode(cx, x) and isinstance(clip_norm, Const) and isinstance(clip_norm.value, float):
            raise wrong_dtype(cx, "Sqrt", x, x.dtype, FLOATING)
        raise wrong_dtype(cx, "Sqrt", x, x.dtype, FLOATING)
    return unary(cx, t)


op_table("clip_by_norm", "t, clip_norm, axes=None, name=None", _clipped_norm)


def _scalar_of(cx: Context, value: Value) -> Value:
    x = as_tensor(cx, value)
    return unknown_tensor(cx, value) if x is None else tensor((), x.dtype, x)


@op("tensorflow.abs", "tensorflow.math.abs")
def absolute(cx: Context, x: Value, name: Value | None = None) -> Value:
    """The same shape; of complex numbers real ones."""
    found = as_tensor(cx, x)
    if found is None:
        return unknown_tensor(cx, x)
    if found.dtype in ("bool", "string"):
        raise wrong_dtype(cx, "Abs", found, found.dtype, (*FLOATS, "int8", "int16", "int32", "int64"))
    dtype = {"complex64": "float32", "complex128": "float64"}.get(found.dtype or "", found.dtype)
    return tensor(found.shape, dtype, found, lo=0, roles=found.roles)


@op("tensorflow.logical_not", "tensorflow.math.logical_not")
def logical_not(cx: Context, x: Value, name: Value | None = None) -> Value:
    """Bools only."""
    found = as_tensor(cx, x)
    if found is None:
        return unknown_tensor(cx, x)
    if found.dtype not in (None, "bool"):
        raise not_bool(cx, "LogicalNot", found, 0)
    return tensor(found.shape, "bool", found, roles=found.roles)


def invert(cx: Context, x: Array) -> Value:
    """``~x``."""
    if x.dtype == "bool":
        return tensor(x.shape, "bool", x, roles=x.roles)
    return unary(cx, x, INTEGERS, "Invert")


# -- two operands ----------------------------------------------------------------------------------------------------


def _binary_function(operator: str) -> Callable[..., Value]:
    def run(cx: Context, x: Value, y: Value, name: Value | None = None) -> Value:
        return binary(cx, operator, x, y)

    return run


for _names, _operator in (
    ("add math.add", "+"),
    ("subtract math.subtract", "-"),
    ("multiply math.multiply", "*"),
    ("divide math.divide", "/"),
    ("truediv math.truediv", "/"),
    ("math.floordiv", "//"),
    ("math.mod math.floormod", "%"),
    ("pow math.pow", "**"),
    ("maximum math.maximum", "maximum"),
    ("minimum math.minimum", "minimum"),
    ("equal math.equal", "=="),
    ("not_equal math.not_equal", "!="),
    ("less math.less", "<"),
    ("less_equal math.less_equal", "<="),
    ("greater math.greater", ">"),
    ("greater_equal math.greater_equal", ">="),
    ("logical_and math.logical_and", "logical_and"),
    ("logical_or math.logical_or", "logical_or"),
    ("math.logical_xor", "logical_or"),
    ("math.squared_difference", "squared_difference"),
    ("math.divide_no_nan", "divide_no_nan"),
    ("math.multiply_no_nan", "multiply_no_nan"),
    ("math.xdivy", "xdivy"),
    ("math.xlogy", "xlogy"),
    ("bitwise.bitwise_and", "&"),
    ("bitwise.bitwise_or", "|"),
    ("bitwise.bitwise_xor", "^"),
    ("bitwise.left_shift", "<<"),
    ("bitwise.right_shift", ">>"),
    ("math.zeta", "zeta"),
):
    _first = {"xx": "x"}.get(_names, "x")
    op_table(_names, "x, y, name=None", _binary_function(_operator))
op_table("math.atan2 atan2", "y, x, name=None", lambda cx, **g: binary(cx, "atan2", g["y"], g["x"]))
op_table("math.igamma math.igammac", "a, x, name=None", lambda cx, **g: binary(cx, "igamma", g["a"], g["x"]))
op_table("math.nextafter", "x1, x2, name=None", lambda cx, **g: binary(cx, "nextafter", g["x1"], g["x2"]))


@op("tensorflow.clip_by_value")
def clip_by_value(
    cx: Context, t: Value, clip_value_min: Value, clip_value_max: Value, name: Value | None = None
) -> Value:
    """The shape of the tensor, which the bounds may not widen."""
    x = as_tensor(cx, t)
    if x is None:
        return unknown_tensor(cx, t)
    bounds: list[Array | None] = []
    for limit in (clip_value_max, clip_value_min):
        bound = as_tensor(cx, limit, x.dtype)
        bounds.append(bound)
        if bound is None:
            continue
        if bound.dtype is not None and x.dtype is not None and bound.dtype != x.dtype:
            raise mismatch(cx, "Minimum", x, bound)
        broadcast(cx, "Minimum", x, bound)
    high, low = bounds
    data = None if low is None or high is None else (low.lo, high.hi)
    lo, hi = data if data is not None else (None, None)
    return tensor(x.shape, x.dtype, x, lo=lo, hi=hi, roles=x.roles, meta={"loose": True} if lo is not None else {})


@op("tensorflow.clip_by_global_norm")
def clip_by_global_norm(
    cx: Context, t_list: Value, clip_norm: Value, use_norm: Value | None = None, name: Value | None = None
) -> Value:
    """A list of the same shapes, and the norm."""
    from foreshape.domain.contents import Contents
    from foreshape.semantics.shared.structure import as_tuple

    contents = cx.iterate(t_list)
    items = None if contents is None else contents.items(limit=256)
    if items is None:
        return as_tuple((t_list, tensor((), "float32")))
    kept = [item if is_none(item) else (as_tensor(cx, item) or unknown_tensor(cx, item)) for item in items]
    return as_tuple((Sequence("list", Contents(kept)), tensor((), "float32")))


op_table("linalg.global_norm", "t_list, name=None", lambda cx, **g: tensor((), "float32", g["t_list"]))


@op("tensorflow.add_n", "tensorflow.math.add_n", "tensorflow.math.accumulate_n")
def add_n(cx: Context, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """The sum of equal tensors."""
    from foreshape.faults.join_mismatch import JoinMismatch
    from foreshape.semantics.tensorflow.joining import parts_of
    from foreshape.semantics.tensorflow.support import joined, raises, shown

    parts = parts_of(cx, inputs)
    arrays = [] if parts is None else [as_tensor(cx, part) for part in parts]
    if not arrays or any(array is None or array.shape is None for array in arrays):
        return unknown_tensor(cx, inputs)
    first = arrays[0]
    assert first is not None and first.shape is not None
    sizes = first.shape
    for number, other in enumerate(arrays[1:], 1):
        assert other is not None and other.shape is not None
        if other.dtype != first.dtype and other.dtype is not None and first.dtype is not None:
            raise mismatch(cx, "AddN", first, other, number)
        common = [joined(cx, a, b) for a, b in zip(sizes, other.shape)]
        if len(other.shape) != len(sizes) or any(size is None for size in common):
            message = (
                f"Inputs to operation AddN must have the same size and shape. Input 0: {shown(sizes)} "
                f"!= input {number}: {shown(other.shape)}"
            )
            shapes = tuple(item.shape for item in arrays if item is not None and item.shape is not None)
            raise JoinMismatch(
                raises(cx, message, first, other),
                values=(other, first),
                taker="add_n",
                shapes=shapes,
                axis=0,
                second=number,
            )
        sizes = tuple(size for size in common if size is not None)
    return tensor(sizes, first.dtype, *[array for array in arrays if array is not None])
