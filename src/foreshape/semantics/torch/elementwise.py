"""Element by element: arithmetic, comparison, logic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Bound, Const, Int, Shape, Typed, Value, as_str, is_none
from foreshape.semantics.numpy.intervals import INTERVALS
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.strides import result_strides
from foreshape.semantics.torch.support import (
    broadcast,
    check_devices,
    default_dtype,
    error,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    is_number,
    must_be,
    not_implemented,
    numbers,
    real_dtype,
    result_dtype,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    weak_dtype,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

COMPARISONS: Final = ("lt", "le", "gt", "ge", "eq", "ne")
LOGICAL: Final = ("logical_and", "logical_or", "logical_xor")
BITWISE: Final = ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "gcd", "lcm")
ALWAYS_FLOAT: Final = ("div", "true_divide", "atan2", "arctan2", "xlogy", "float_power", "logaddexp", "logaddexp2")
PYTHON: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b,
}  # fmt: skip
INTERVAL_NAMES: Final = {
    "add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "maximum": "maximum", "minimum": "minimum",
    "fmax": "maximum", "fmin": "minimum", "remainder": "remainder", "floor_divide": "floor_divide", "pow": "power",
}  # fmt: skip


# -- operands ----------------------------------------------------------------------------------------------------------


def scalar_array(cx: Context, value: Value) -> Array:
    """A Python number as an operand: its bounds and its value, on no device."""
    data: tuple[Any, ...] | None = None
    lo: Bound = None
    hi: Bound = None
    if isinstance(value, Int):
        data, lo, hi = (value.dim,), value.dim, value.dim
    elif isinstance(value, Const) and isinstance(value.value, (bool, int, float)):
        data = (value.value,)
        if value.value == value.value:
            lo = hi = int(value.value) if isinstance(value.value, bool) else value.value
    elif isinstance(value, Typed):
        lo, hi = value.lo, value.hi
    return Array("torch", (), weak_dtype(value), lo=lo, hi=hi, data=data)


def operand(cx: Context, taker: str, value: Value, argument: str = "other", position: int = 2) -> Array | None:
    """A tensor or a Python number as an operand; TypeError for anything else, None where it is not known."""
    if isinstance(value, Array) and value.kind == "torch":
        return value
    if is_number(value):
        return scalar_array(cx, value)
    if isinstance(value, Array) and value.kind == "numpy" and value.shape == () and value.dtype is not None:
        from foreshape.semantics.torch.numpy_operands import number_of

        return scalar_array(cx, number_of(value))
    if surely_no_tensor(value):
        raise must_be(cx, taker, argument, position, "Tensor", value)
    return None


def binary_of(cx: Context, name: str, a: Value, b: Value, alpha: Value | None = None) -> Value:
    """``torch.name(a, b)`` of tensors and Python numbers."""
    x, y = operand(cx, name, a, "input", 1), operand(cx, name, b)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    check_devices(cx, name, x, y)
    dtype = binary_dtype(cx, name, x, y, a, b)
    recover = tensor(cx, None, dtype, x, y)
    shape = broadcast(cx, name, x, y, recover=recover)
    strides = result_strides(cx, shape, (x, y))
    data = _data(name, x, y, shape) if alpha is None else None
    lo, hi = (None, None) if alpha is not None else _bounds(name, x, y, dtype)
    wider = x if x.shape == shape else y if y.shape == shape else None
    return tensor(
        cx, shape, dtype, x, y, lo=lo, hi=hi, data=data, roles=None if wider is None else wider.roles, strides=strides,
        differentiable=name not in COMPARISONS,
    )  # fmt: skip


def together(cx: Context, x: Array, y: Array, a: Value, b: Value) -> str | None:
    """The promoted dtype of two operands, Python numbers weak."""
    return result_dtype(cx, x if isinstance(a, Array) and a is x else a, y if isinstance(b, Array) and b is y else b)


def binary_dtype(cx: Context, name: str, x: Array, y: Array, a: Value, b: Value) -> str | None:
    """The dtype of the result, with what the operation refuses."""
    a = x if isinstance(a, Array) and a.kind == "torch" else a if is_number(a) else _weak(x)
    b = y if isinstance(b, Array) and b.kind == "torch" else b if is_number(b) else _weak(y)
    dtype = result_dtype(cx, a, b)
    if name in COMPARISONS or name in LOGICAL:
        if name in ("lt", "le", "gt", "ge") and is_complex(dtype) and dtype is not None:
            raise not_implemented(cx, f"{name}_cpu", tensor(cx, (), dtype), name)
        return "bool"
    if dtype is None:
        return None
    if name == "sub" and _both_bool(x, y, a, b):
        raise wrong_dtype(cx, "RuntimeError", SUBTRACTION, "-", x, y, wanted=None)
    if name in BITWISE and (is_floating(dtype) or is_complex(dtype)):
        kernel = {"bitwise_left_shift": "lshift_cpu", "bitwise_right_shift": "rshift_cpu"}.get(name, f"{name}_cpu")
        raise not_implemented(cx, kernel, tensor(cx, (), dtype), name)
    if name == "float_power":
        return "complex128" if is_complex(dtype) else "float64"
    if name in ALWAYS_FLOAT and is_integral(dtype):
        return default_dtype(cx)
    return dtype


SUBTRACTION: Final = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator "
    "instead."
)


def _weak(x: Array) -> Value:
    kind = {"weak int": "int", "weak float": "float", "weak complex": "complex"}.get(x.dtype or "", "bool")
    return Typed(kind)


def _both_bool(x: Array, y: Array, a: Value, b: Value) -> bool:
    return x.dtype == "bool" and y.dtype == "bool"


def _data(name: str, x: Array, y: Array, shape: Shape | None) -> tuple[Any, ...] | None:
    compute = PYTHON.get(name)
    if compute is None or x.data is None or y.data is None or shape is None or len(shape) > 1:
        return None
    if not numbers(x.data) or not numbers(y.data):
        return None
    count = 1
    for size in shape:
        if not isinstance(size, int):
            return None
        count *= size
    if count > 64 or len(x.data) not in (1, count) or len(y.data) not in (1, count):
        return None
    lefts = x.data * count if len(x.data) == 1 else x.data
    rights = y.data * count if len(y.data) == 1 else y.data
    made: list[Any] = []
    for left, right in zip(lefts, rights):
        symbolic = isinstance(left, Dim) or isinstance(right, Dim)
        if symbolic and (name not in ("add", "sub", "mul") or isinstance(left, float) or isinstance(right, float)):
            return None
        made.append(compute(left, right))
    return tuple(made)


def _bounds(name: str, x: Array, y: Array, dtype: str | None) -> tuple[Bound, Bound]:
    interval = INTERVALS.get(INTERVAL_NAMES.get(name, ""))
    if interval is None or dtype is None or is_complex(dtype):
        return None, None
    try:
        found: tuple[Bound, Bound] = interval((x.lo, x.hi), (y.lo, y.hi))
    except (OverflowError, ZeroDivisionError, ValueError, TypeError):
        return None, None
    return found


def _arithmetic(*names: str, inplace: bool = True) -> None:
    target = names[0]

    @op(*names, inplace=inplace)
    def run(cx: Context, input: Value, other: Value, *, alpha: Value | None = None, out: Value | None = None) -> Value:
        """Broadcast; the dtypes are promoted."""
        return binary_of(cx, target, input, other, alpha)


def _plain(*names: str, inplace: bool = True, numbers: bool = True) -> None:
    target = names[0]

    @op(*names, inplace=inplace)
    def run(cx: Context, input: Value, other: Value, *, out: Value | None = None) -> Value:
        """Broadcast; the dtypes are promoted."""
        return binary_of(cx, target, input, other)


_arithmetic("add")
_arithmetic("sub", "subtract")
_plain("mul", "multiply")
for _names in (
    ("eq",), ("ne", "not_equal"), ("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"),
    ("remainder",), ("floor_divide",), ("true_divide",),
    ("bitwise_and",), ("bitwise_or",), ("bitwise_xor",), ("bitwise_left_shift",), ("bitwise_right_shift",),
):  # fmt: skip
    _plain(*_names)


@op("div", "divide", inplace=True)
def div(
    cx: Context, input: Value, other: Value, *, rounding_mode: Value | None = None, out: Value | None = None
) -> Value:
    """True division gives floats; rounded division keeps integers."""
    mode = as_str(rounding_mode)
    if mode is None:
        if rounding_mode is not None and not is_none(rounding_mode):
            return unknown_tensor(cx, rounding_mode)
        return binary_of(cx, "div", input, other)
    if mode not in ("floor", "trunc"):
        message = f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{mode}'"
        raise invalid(cx, "RuntimeError", message, "rounding_mode", repr(mode))
    return binary_of(cx, "floor_divide", input, other)


@op("pow", inplace=True)
def power(cx: Context, input: Value, exponent: Value, *, out: Value | None = None) -> Value:
    """Promoted. RuntimeError for an integer to a negative integer number."""
    if (
        isinstance(exponent, Const) and type(exponent.value) is int and exponent.value < 0
        and isinstance(input, Array) and is_integral(input.dtype)
    ):  # fmt: skip
        message = "Integers to negative integer powers are not allowed."
        raise invalid(cx, "RuntimeError", message, "exponent", exponent.value, recover=input)
    return binary_of(cx, "pow", input, exponent)


# -- one operand -------------------------------------------------------------------------------------------------------


def unary_of(
    cx: Context, x: Array, dtype: str | None, lo: Bound = None, hi: Bound = None, differentiable: bool = True,
    data: tuple[Any, ...] | None = None,
) -> Array:  # fmt: skip
    """The same shape (and the same order in memory)."""
    strides = result_strides(cx, x.shape, (x,))
    return tensor(
        cx, x.shape, dtype, x, lo=lo, hi=hi, roles=x.roles, strides=strides, differentiable=differentiable, data=data
    )


def _float(*names: str, lo: Bound = None, hi: Bound = None) -> None:
    @op(*names, inplace=True, inplace_function=True)
    def run(cx: Context, input: Array, *, out: Value | None = None) -> Value:
        """The default float for integers and bools, else the same dtype."""
        dtype = default_dtype(cx) if is_integral(input.dtype) else input.dtype
        real = not is_complex(dtype)
        return unary_of(cx, input, dtype, lo if real else None, hi if real else None)


for _names in (
    ("acos", "arccos"), ("acosh", "arccosh"), ("asin", "arcsin"), ("asinh", "arcsinh"), ("atan", "arctan"),
    ("atanh", "arctanh"), ("cosh",), ("sinh",), ("tan",), ("expm1", "special.expm1"), ("log",), ("log10",),
    ("log1p", "special.log1p"), ("log2",), ("reciprocal",),
):  # fmt: skip
    _float(*_names)
for _names in (("exp",), ("exp2", "special.exp2"), ("sqrt",), ("rsqrt",)):
    _float(*_names, lo=0)
for _names in (("cos",), ("sin",), ("tanh",)):
    _float(*_names, lo=-1, hi=1)
_float("sigmoid", "special.expit", lo=0, hi=1)


@op("neg", "negative", inplace=True, inplace_function=True)
def neg(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """The same dtype. RuntimeError for bools."""
    if input.dtype == "bool":
        message = (
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the "
            "`~` or `logical_not()` operator instead."
        )
        raise wrong_dtype(cx, "RuntimeError", message, "-", input, recover=input)
    lo, hi = INTERVALS["negative"]((input.lo, input.hi))
    data = tuple(-item for item in input.data or ()) if input.data is not None and numbers(input.data) else None
    return unary_of(cx, input, input.dtype, lo, hi, data=data)


@op("abs", "absolute", inplace=True)
def absolute(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """The same dtype, real for complex ones."""
    if input.dtype == "bool":
        return unary_of(cx, input, "bool", 0, 1)
    return unary_of(cx, input, real_dtype(input.dtype), 0)


@op("positive")
def positive(cx: Context, input: Array) -> Value:
    """The tensor. RuntimeError for bools."""
    if input.dtype == "bool":
        message = "The `+` operator, on a bool tensor is not supported."
        raise wrong_dtype(cx, "RuntimeError", message, "+", input, recover=input)
    return input


@op("bitwise_not", inplace=True)
def bitwise_not(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Integers and bools."""
    if is_floating(input.dtype) or is_complex(input.dtype):
        message = "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        raise wrong_dtype(cx, "TypeError", message, "~", input, recover=input)
    return unary_of(cx, input, input.dtype)


__all__ = ["binary_of", "error", "operand", "unary_of"]
