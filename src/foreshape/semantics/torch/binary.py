"""Functions of two tensors, element by element: arithmetic, comparison, logic, bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Typed, Value, as_str, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.elementwise import KERNELS, binary_of, combined
from foreshape.semantics.torch.strides import result_strides
from foreshape.semantics.torch.support import (
    device_of,
    invalid,
    is_complex,
    is_integral,
    same_device,
    scalar_name,
    tensor,
    unknown_tensor,
    weak_dtype,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _with_alpha(*names: str, kernel: str, inplace: bool = True) -> None:
    @op(*names, inplace=inplace)
    def run(cx: Context, input: Value, other: Value, *, alpha: Value | None = None, out: Value | None = None) -> Value:
        """``input + alpha * other``: broadcast, promoted."""
        made = binary_of(cx, kernel, input, other, alpha, names[0])
        _check_alpha(cx, made, alpha)
        return made


def _check_alpha(cx: Context, made: Value, alpha: Value | None) -> None:
    """RuntimeError for a fractional alpha of integers, and for a bool one of numbers."""
    weak = weak_dtype(alpha)
    if weak is None or not isinstance(made, Array) or made.dtype is None:
        return
    if weak == "bool" and made.dtype != "bool":
        message = "Boolean alpha only supported for Boolean results."
    elif weak == "weak float" and is_integral(made.dtype):
        message = "For integral input tensors, argument alpha must not be a floating point number."
    elif weak == "weak complex" and not is_complex(made.dtype):
        message = "For non-complex input tensors, argument alpha must not be a complex number."
    else:
        return
    raise invalid(cx, "RuntimeError", message, "alpha", cx.text(alpha), recover=made)


def _plain(*names: str, kernel: str = "", inplace: bool = True, method: bool = True) -> None:
    target = kernel or names[0]

    @op(*names, inplace=inplace, method=method)
    def run(cx: Context, input: Value, other: Value, *, out: Value | None = None) -> Value:
        """Broadcast; the dtypes are promoted."""
        return binary_of(cx, target, input, other, None, names[0].replace(".", "_"))


_with_alpha("add", kernel="add")
_with_alpha("sub", "subtract", kernel="sub")
_plain("mul", "multiply")
for _names in (
    ("eq",), ("ne", "not_equal"), ("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"),
    ("remainder",), ("floor_divide",), ("fmod",), ("true_divide",), ("atan2", "arctan2"), ("copysign",), ("ldexp",),
    ("nextafter",), ("hypot",), ("igamma",), ("igammac",), ("xlogy",), ("gcd",), ("lcm",),
    ("bitwise_and",), ("bitwise_or",), ("bitwise_xor",), ("bitwise_left_shift",), ("bitwise_right_shift",),
    ("logical_and",), ("logical_or",), ("logical_xor",),
):  # fmt: skip
    _plain(*_names)
for _name in ("fmax", "fmin", "maximum", "minimum", "logaddexp", "logaddexp2"):
    _plain(_name, inplace=False)
for _name in KERNELS:
    if "polynomial" in _name or _name in ("zeta", "xlog1py"):
        _plain(f"special.{_name}", kernel=_name)
_plain("special.xlogy", kernel="xlogy")
_plain("special.gammainc", kernel="igamma")
_plain("special.gammaincc", kernel="igammac")


@op("rsub", inplace=False)
def rsub(cx: Context, input: Value, other: Value, *, alpha: Value | None = None) -> Value:
    """``other - input``."""
    return binary_of(cx, "rsub", input, other, alpha)


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
    return binary_of(cx, "floor_divide" if mode == "floor" else "trunc_divide", input, other, None, "div")


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


@op("float_power")
def float_power(cx: Context, input: Value, exponent: Value, *, out: Value | None = None) -> Value:
    """float64, or complex128."""
    return binary_of(cx, "float_power", input, exponent)


@method("float_power_")
def float_power_(cx: Context, self: Array, exponent: Value) -> Value:
    """In place only for a float64 or complex128 tensor."""
    from foreshape.semantics.torch.inplace import check_writable, write_back

    check_writable(cx, "float_power_", self)
    made = binary_of(cx, "float_power", self, exponent)
    if isinstance(made, Array) and made.dtype is not None and self.dtype is not None and made.dtype != self.dtype:
        message = (
            f"the base given to float_power_ has dtype {scalar_name(self.dtype)} but the operation's result requires dtype "
            f"{scalar_name(made.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "float_power_", self, wanted=made.dtype, recover=self)
    return write_back(cx, "float_power_", self, made)


@op("heaviside", inplace=True)
def heaviside(cx: Context, input: Array, values: Array, *, out: Value | None = None) -> Value:
    """Both of one dtype."""
    return combined(cx, "heaviside", input, values)


@op("isclose")
def isclose(
    cx: Context, input: Array, other: Array, rtol: Value | None = None, atol: Value | None = None,
    equal_nan: Value | None = None,
) -> Value:  # fmt: skip
    """Both of one dtype. RuntimeError for a negative tolerance."""
    for name, value in (("rtol", rtol), ("atol", atol)):
        if isinstance(value, Const) and isinstance(value.value, (int, float)) and value.value < 0:
            message = f"{name} must be greater than or equal to zero, but got {value.value}"
            raise invalid(cx, "RuntimeError", message, name, value.value)
    return combined(cx, "isclose", input, other)


@op("allclose")
def allclose(
    cx: Context, input: Array, other: Array, rtol: Value | None = None, atol: Value | None = None,
    equal_nan: Value | None = None,
) -> Value:  # fmt: skip
    """A bool. Both of one dtype."""
    isclose(cx, input, other, rtol, atol)
    return Typed("bool")


@op("equal")
def equal(cx: Context, input: Array, other: Array) -> Value:
    """A bool: shapes that differ are not equal."""
    if not same_device(device_of(input), device_of(other)):
        return Typed("bool")
    if input.shape is not None and other.shape is not None:
        known = all(isinstance(size, int) for size in (*input.shape, *other.shape))
        if known and input.shape != other.shape:
            return Const(False)
    return Typed("bool")


@op("polar", method=False)
def polar(cx: Context, abs: Array, angle: Array, *, out: Value | None = None) -> Value:
    """A complex tensor of two floating ones of one dtype."""
    return complex_of(cx, "polar", abs, angle)


def complex_of(cx: Context, taker: str, a: Array, b: Array) -> Value:
    """A complex tensor of two real parts."""
    from foreshape.semantics.torch.support import broadcast

    allowed = ("float16", "float32", "float64")
    if any(x.dtype is not None and x.dtype not in allowed for x in (a, b)):
        message = (
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{scalar_name(a.dtype)} and {scalar_name(b.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, taker, a, b)
    if a.dtype is not None and b.dtype is not None and a.dtype != b.dtype:
        message = (
            f"Expected object of scalar type {scalar_name(a.dtype)} but got scalar type {scalar_name(b.dtype)} for second "
            "argument"
        )
        raise wrong_dtype(cx, "RuntimeError", message, taker, b, a, wanted=a.dtype)
    if taker == "polar" and a.dtype == "float16" and device_of(a) == "cpu":
        from foreshape.semantics.torch.support import not_implemented

        raise not_implemented(cx, "polar_cpu", a, taker)
    shape = broadcast(cx, taker, a, b)
    made_of = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}.get(a.dtype or b.dtype or "")
    return tensor(cx, shape, made_of, a, b, strides=result_strides(cx, shape, (a, b)))


@op("complex", method=False)
def complex_(cx: Context, real: Array, imag: Array, *, out: Value | None = None) -> Value:
    """From real and imaginary parts of one floating dtype."""
    return complex_of(cx, "complex", real, imag)


# -- the methods behind operators ---------------------------------------------------------------------------------------

REFLECTED = {
    "radd": "add", "rmul": "mul", "rsub": "sub", "rtruediv": "div", "rdiv": "div", "rfloordiv": "floor_divide",
    "rmod": "remainder", "rpow": "pow", "rand": "bitwise_and", "ror": "bitwise_or", "rxor": "bitwise_xor",
    "rlshift": "bitwise_left_shift", "rrshift": "bitwise_right_shift",
}  # fmt: skip
DIRECT = {
    "add": "add", "mul": "mul", "sub": "sub", "truediv": "div", "div": "div", "floordiv": "floor_divide",
    "mod": "remainder", "pow": "pow", "and": "bitwise_and", "or": "bitwise_or", "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift", "rshift": "bitwise_right_shift", "eq": "eq", "ne": "ne", "lt": "lt", "le": "le",
    "gt": "gt", "ge": "ge",
}  # fmt: skip


def _dunder(name: str, kernel: str, swapped: bool) -> None:
    @rule(f"torch.Tensor.__{name}__")
    def run(cx: Context, self: Value, other: Value, /) -> Value:
        """The method that the operator calls."""
        return binary_of(cx, kernel, *((other, self) if swapped else (self, other)))


for _name, _kernel in DIRECT.items():
    _dunder(_name, _kernel, False)
for _name, _kernel in REFLECTED.items():
    _dunder(_name, _kernel, True)


@rule("torch.Tensor.__rmatmul__", "torch.Tensor.__matmul__")
def matmul_method(cx: Context, self: Value, other: Value, /) -> Value:
    """The methods behind ``@``."""
    return cx.unknown("a method behind an operator")
