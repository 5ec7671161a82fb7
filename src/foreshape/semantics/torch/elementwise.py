"""Element by element: how operands are paired, promoted and refused. ``binary`` and ``unary`` declare the functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import dtype as dtypes
from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Bound, Const, Int, Shape, Typed, Value
from foreshape.semantics.numpy.intervals import INTERVALS
from foreshape.semantics.torch.casting import uncast
from foreshape.semantics.torch.silent import SAMPLES, note_compared
from foreshape.semantics.torch.strides import result_strides
from foreshape.semantics.torch.support import (
    CPU,
    broadcast,
    check_devices,
    default_dtype,
    device_of,
    invalid,
    is_complex,
    is_integral,
    is_number,
    must_be,
    not_implemented,
    numbers,
    python_type,
    result_dtype,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    weak_dtype,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class Kernel:
    """What is known of one elementwise operation of two.

    refused: letters of the common dtypes that its kernel is not compiled for (``letter_of``). gives: "same", "float" (the
    default float for integers), "bool". left, right: whether a Python number is taken there. kernel: how the message
    calls it.
    """

    __slots__ = ("gives", "kernel", "left", "refused", "right")

    def __init__(
        self, kernel: str, refused: str = "", gives: str = "same", left: bool = False, right: bool = False
    ) -> None:
        self.kernel = kernel
        self.refused = refused
        self.gives = gives
        self.left = left
        self.right = right


KERNELS: Final[dict[str, Kernel]] = {
    "add": Kernel("add", left=True, right=True),
    "mul": Kernel("mul_cpu", left=True, right=True),
    "sub": Kernel("sub", left=True, right=True),
    "rsub": Kernel("sub", right=True),
    "div": Kernel("div_cpu", "h", "float", True, True),
    "true_divide": Kernel("div_cpu", "h", "float", True, True),
    "floor_divide": Kernel("div_floor_cpu", "bch", "same", True, True),
    "trunc_divide": Kernel("div_trunc_cpu", "bch", "same", True, True),
    "remainder": Kernel("remainder_cpu", "bch", "same", True, True),
    "fmod": Kernel("fmod_cpu", "bch", "same", False, True),
    "pow": Kernel("pow", "bh", "same", True, True),
    "float_power": Kernel("pow", "", "double", True, True),
    "atan2": Kernel("atan2_cpu", "ch", "float"),
    "copysign": Kernel("copysign_cpu", "ch", "float", False, True),
    "ldexp": Kernel("pow", "h", "float"),
    "xlogy": Kernel("xlogy_cpu", "ch", "float", True, True),
    "xlog1py": Kernel("xlog1py_cpu", "ch", "float", True, True),
    "logaddexp": Kernel("logaddexp_cpu", "bih"),
    "logaddexp2": Kernel("logaddexp2_cpu", "bich"),
    "nextafter": Kernel("nextafter_cpu", "bich"),
    "igamma": Kernel("igamma_cpu", "bich"),
    "igammac": Kernel("igammac_cpu", "bich"),
    "hypot": Kernel("hypot_cpu", "bich"),
    "gcd": Kernel("gcd_cpu", "bfHch"),
    "lcm": Kernel("lcm_cpu", "bfHch"),
    "fmax": Kernel("fmax"),
    "fmin": Kernel("fmin"),
    "maximum": Kernel("maximum"),
    "minimum": Kernel("minimum"),
    "clamp_max": Kernel("minimum_cpu", "ch", "same", False, True),
    "clamp_min": Kernel("maximum_cpu", "ch", "same", False, True),
    "heaviside": Kernel("heaviside_cpu"),
    "bitwise_left_shift": Kernel("lshift_cpu", "bfHch", "same", True, True),
    "bitwise_right_shift": Kernel("rshift_cpu", "bfHch", "same", True, True),
    **{name: Kernel(f"{name}_cpu", "fHch", "same", True, True) for name in ("bitwise_and", "bitwise_or", "bitwise_xor")},
    **{name: Kernel(f"{name}_cpu", "", "bool", False, True) for name in ("eq", "ne")},
    **{name: Kernel(f"{name}_cpu", "ch", "bool", False, True) for name in ("lt", "le", "gt", "ge")},
    **{name: Kernel(f"{name}_cpu", "h", "bool") for name in ("logical_and", "logical_or", "logical_xor")},
    "isclose": Kernel("isclose", "", "bool"),
    "zeta": Kernel("zeta_cpu", "Hch", "float", True, True),
    **{
        name: Kernel(f"{name}_cpu", "Hch", "float", True, True)
        for name in (
            "chebyshev_polynomial_t", "chebyshev_polynomial_u", "chebyshev_polynomial_v", "chebyshev_polynomial_w",
            "hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p",
            "shifted_chebyshev_polynomial_t", "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v",
            "shifted_chebyshev_polynomial_w",
        )
    },
}  # fmt: skip
SYMBOLS: Final = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "floor_divide": "//", "remainder": "%", "pow": "**", "eq": "==",
    "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "bitwise_and": "&", "bitwise_or": "|", "bitwise_xor": "^",
}  # fmt: skip
PYTHON: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b,
    "logical_and": lambda a, b: bool(a) and bool(b), "logical_or": lambda a, b: bool(a) or bool(b),
    "bitwise_and": lambda a, b: a & b, "bitwise_or": lambda a, b: a | b, "bitwise_xor": lambda a, b: a ^ b,
    "maximum": max, "minimum": min,
}  # fmt: skip
INTERVAL_NAMES: Final = {
    "add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "maximum": "maximum", "minimum": "minimum",
    "fmax": "maximum", "fmin": "minimum", "clamp_max": "minimum", "clamp_min": "maximum", "remainder": "remainder",
    "floor_divide": "floor_divide",
}  # fmt: skip
SUBTRACTION: Final = (
    "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator "
    "instead.",
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` "
    "or `logical_not()` operator instead.",
)


def letter_of(dtype: str) -> str:
    """b bool, i integers, H half floats, f floats, h half complex, c complex."""
    if dtype in ("float16", "bfloat16"):
        return "H"
    if dtype == "complex32":
        return "h"
    found = dtypes.kind(dtype)
    return "i" if found == "u" else found


def refused_by(refused: str, x: Array, dtype: str | None) -> bool:
    """Whether a kernel is not there for a dtype. What half precision lacks on the CPU is there on a GPU."""
    if dtype is None or not refused:
        return False
    letter = letter_of(dtype)
    return letter in refused and (letter not in "Hh" or device_of(x) == CPU)


# -- operands ----------------------------------------------------------------------------------------------------------


def scalar_array(cx: Context, value: Value) -> Array:
    """A Python number as an operand: its bounds and its value. Its dtype is weak."""
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
    return Array("torch", (), weak_dtype(value), lo=lo, hi=hi, data=data, meta={"number": True})


def operand(
    cx: Context, taker: str, value: Value, argument: str = "other", position: int = 2, *, number: bool = True
) -> Array | None:
    """A tensor or a Python number as an operand; TypeError for anything else, None where it is not known."""
    if isinstance(value, Array) and value.kind == "torch":
        return uncast(cx, value)
    if is_number(value):
        if not number:
            raise must_be(cx, taker, argument, position, "Tensor", value)
        return scalar_array(cx, value)
    if isinstance(value, Array) and value.kind == "numpy" and value.shape == () and value.dtype is not None:
        from foreshape.semantics.torch.numpy_operands import number_of

        return scalar_array(cx, number_of(value))
    if surely_no_tensor(value):
        raise must_be(cx, taker, argument, position, "Tensor", value)
    return None


def is_scalar_operand(x: Array) -> bool:
    """Whether an operand is a Python number."""
    return bool(x.meta.get("number"))


def result_of(cx: Context, *operands: Array) -> str | None:
    """The promoted dtype of operands; Python numbers among them are weak."""
    if len(operands) == 2:
        # a tensor of unknown rank counts fully, unless the other one is of a higher kind
        x, y = operands
        if x.dtype is None or y.dtype is None:
            return None
        if x.shape is None or y.shape is None:
            return x.dtype if x.dtype == y.dtype or (is_scalar_operand(y) and _covers(x.dtype, y.dtype)) else (
                y.dtype if is_scalar_operand(x) and _covers(y.dtype, x.dtype) else None
            )  # fmt: skip
    return result_dtype(cx, *(_weak(x) if is_scalar_operand(x) else x for x in operands))


def _covers(dtype: str, weak: str) -> bool:
    rank = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}
    return rank.get(dtypes.kind(dtype), 0) >= rank.get(dtypes.kind(weak), 0)


def _weak(x: Array) -> Value:
    return Typed({"weak int": "int", "weak float": "float", "weak complex": "complex"}.get(x.dtype or "", "bool"))


# -- two operands ------------------------------------------------------------------------------------------------------


def binary_of(cx: Context, name: str, a: Value, b: Value, alpha: Value | None = None, taker: str = "") -> Value:
    """``torch.name(a, b)`` of tensors and Python numbers. ``name`` is a key of KERNELS."""
    spec = KERNELS[name]
    x = operand(cx, taker or name, a, "input", 1, number=spec.left)
    y = operand(cx, taker or name, b, number=spec.right)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    return combined(cx, name, x, y, alpha is None, taker)


def combined(cx: Context, name: str, x: Array, y: Array, plain: bool = True, taker: str = "") -> Value:
    """The same of operands."""
    shown = taker or SYMBOLS.get(name, name)
    if is_scalar_operand(x) and is_scalar_operand(y) and name not in ("add", "sub", "mul", "div"):
        message = f"{taker or name}() received an invalid combination of arguments"
        raise invalid(cx, "TypeError", message, "input", "a number")
    if not is_scalar_operand(x) and not is_scalar_operand(y):
        check_devices(cx, shown, x, y)
    dtype = binary_dtype(cx, name, x, y)
    recover = tensor(cx, None, dtype, *(one for one in (x, y) if not is_scalar_operand(one)))
    shape = broadcast(cx, shown, x, y, recover=recover)
    if name == "eq" and (SAMPLES in x.meta or SAMPLES in y.meta):
        note_compared(cx, x, y)
    strides = result_strides(cx, shape, (x, y))
    data = _data(name, x, y, shape) if plain else None
    lo, hi = _bounds(name, x, y, dtype) if plain else (None, None)
    if KERNELS[name].gives == "bool":
        lo, hi = 0, 1
    wider = x if x.shape == shape else y if y.shape == shape else None
    spread = [one for one in (x, y) if one.lo is None or one.lo != one.hi]
    met = len(spread) > 1 and not (name in CORNERED and _each_with_each(x, y))
    return tensor(
        cx, shape, dtype, x, y, lo=lo, hi=hi, data=data, roles=None if wider is None else wider.roles, strides=strides,
        differentiable=KERNELS[name].gives != "bool", loose=met or name.startswith(("clamp", "remainder", "fm")),
    )  # fmt: skip


CORNERED: Final = frozenset({"add", "sub", "rsub", "mul", "maximum", "minimum"})
"""What is largest and smallest where its operands are."""


def _each_with_each(x: Array, y: Array) -> bool:
    """Whether every element of one meets every element of the other, as rows meet columns: the largest meets the smallest."""
    if x.shape is None or y.shape is None:
        return False
    longer, shorter = (x.shape, y.shape) if len(x.shape) >= len(y.shape) else (y.shape, x.shape)
    ends = longer[len(longer) - len(shorter) :]
    return all((isinstance(a, int) and a == 1) or (isinstance(b, int) and b == 1) for a, b in zip(ends, shorter))


def binary_dtype(cx: Context, name: str, x: Array, y: Array) -> str | None:
    """The dtype of the result, with what the operation refuses."""
    spec = KERNELS[name]
    if name in ("sub", "rsub") and "bool" in (x.dtype, y.dtype):
        _refuse_bool_subtraction(cx, x, y)
    if name in ("isclose", "heaviside") and x.dtype != y.dtype and x.dtype is not None and y.dtype is not None:
        from foreshape.semantics.torch.support import scalar_name

        message = f"{scalar_name(x.dtype)} did not match {scalar_name(y.dtype)}"
        if name == "heaviside":
            message = "heaviside is not yet implemented for tensors with different dtypes."
        raise wrong_dtype(cx, "RuntimeError", message, name, y, x, wanted=x.dtype)
    dtype = result_of(cx, x, y)
    if dtype is None:
        return "bool" if spec.gives == "bool" else None
    if name in ("fmax", "fmin", "maximum", "minimum", "heaviside") and is_complex(dtype):
        message = f"{name} not implemented for complex tensors."
        if name == "heaviside":
            message = "heaviside is not yet implemented for complex tensors."
        raise wrong_dtype(cx, "RuntimeError", message, name, x, y)
    if refused_by(spec.refused, x, dtype):
        if not (name == "pow" and dtype == "bool" and (is_scalar_operand(x) or is_scalar_operand(y))):
            raise not_implemented(cx, spec.kernel, tensor(cx, x.shape, dtype, x), SYMBOLS.get(name, name))
    if spec.gives == "bool":
        return "bool"
    if spec.gives == "double":
        return "complex128" if is_complex(dtype) else "float64"
    if name == "ldexp":
        power = y.replace(dtype=default_dtype(cx)) if is_integral(y.dtype) else y
        return result_of(cx, x, power)
    return default_dtype(cx) if spec.gives == "float" and is_integral(dtype) else dtype


def _refuse_bool_subtraction(cx: Context, x: Array, y: Array) -> None:
    kinds = [(one, one.dtype == "bool" and not (is_scalar_operand(one) and python_type(one) == "x")) for one in (x, y)]
    both = all(is_bool for _, is_bool in kinds)
    raise wrong_dtype(cx, "RuntimeError", SUBTRACTION[0 if both else 1], "-", x, y)


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
    if name in ("add", "sub", "mul") and "bool" in (x.dtype, y.dtype):
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
    if interval is None or dtype is None or is_complex(dtype) or dtype == "bool":
        return None, None
    try:
        found: tuple[Bound, Bound] = interval((x.lo, x.hi), (y.lo, y.hi))
    except (OverflowError, ZeroDivisionError, ValueError, TypeError):
        return None, None
    return fitted(found, dtype)


def fitted(bounds: tuple[Bound, Bound], dtype: str) -> tuple[Bound, Bound]:
    """Bounds of an integer dtype only where nothing wraps around."""
    limits = dtypes.integer_range(dtype)
    if limits is None:
        return bounds
    for bound in bounds:
        if isinstance(bound, (int, float)) and not limits[0] <= bound <= limits[1]:
            return None, None
    return bounds


# -- one operand -------------------------------------------------------------------------------------------------------


def unary_of(
    cx: Context, x: Array, dtype: str | None, lo: Bound = None, hi: Bound = None, differentiable: bool = True,
    data: tuple[Any, ...] | None = None, loose: bool = True,
) -> Array:  # fmt: skip
    """The same shape (and the same order in memory). loose: its bounds are limits that no element need reach."""
    strides = result_strides(cx, x.shape, (x,))
    return tensor(
        cx, x.shape, dtype, x, lo=lo, hi=hi, roles=x.roles, strides=strides, differentiable=differentiable, data=data,
        loose=loose,
    )  # fmt: skip
