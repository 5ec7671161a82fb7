"""``keras.ops`` element by element: one tensor in, the same shape out; or two that broadcast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dtype import WEAK_FLOAT, WEAK_INT
from foreshape.domain.values import Array, Const, Value
from foreshape.semantics.keras.graph import any_symbolic
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    common,
    dtype_argument,
    like,
    operand,
    promote,
    refused,
    run,
    to_float,
    token,
    trouble,
    wide_float,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import broadcast, in_graph, tensor, tuple_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from foreshape.semantics.protocol import Context

Dtype = str | None

# -- one tensor -------------------------------------------------------------------------------------------------------


def _same(dtype: Dtype) -> Dtype:
    return dtype


def _bool(dtype: Dtype) -> Dtype:
    return "bool"


def _no_bool(dtype: Dtype) -> Dtype:
    return "int32" if dtype == "bool" else dtype


def _degrees(dtype: Dtype) -> Dtype:
    if dtype in ("int64", "float64"):
        return "float64"
    return dtype if dtype in (None, "bfloat16", "float16") else "float32"


def _real(dtype: Dtype) -> Dtype:
    return {"complex64": "float32", "complex128": "float64"}.get(dtype or "", dtype)


UNARY: dict[str, tuple[Callable[[Dtype], Dtype], tuple[str, ...]]] = {
    "float": (to_float, (
        "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cos", "cosh", "sin", "sinc", "sinh", "tan",
        "tanh", "ceil", "floor", "log", "log10", "log1p", "log2", "sqrt", "exp", "exp2", "expm1", "angle", "fabs",
    )),
    "same": (_same, (
        "abs", "absolute", "negative", "conj", "conjugate", "copy", "sign", "trunc", "bitwise_invert", "bitwise_not",
        "stop_gradient", "erf", "erfc", "erfinv", "rsqrt",
    )),
    "bool": (_bool, ("isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal", "signbit", "logical_not")),
    "wide": (wide_float, ("cbrt",)),
    "degrees": (_degrees, ("deg2rad", "rad2deg", "i0")),
    "square": (_no_bool, ("square",)),
    "real": (_real, ("real", "imag")),
}  # fmt: skip


def unary(cx: Context, x: Value, dtype: Callable[[Dtype], Dtype]) -> Value:
    """The same shape; the dtype as the rule says."""
    found = operand(cx, x)
    return like(found, found.shape, dtype(found.dtype), found.roles)


def _unary(name: str, dtype: Callable[[Dtype], Dtype]) -> None:
    def core(inner: Context, value: Value) -> Value:
        return unary(inner, value, dtype)

    if name == "stop_gradient":

        @rule("keras.ops.stop_gradient", "keras.backend.stop_gradient")
        def stop(cx: Context, variable: Value) -> Value:
            """The same tensor."""
            return run(cx, name, core, (variable,))

        return

    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value) -> Value:
        """The same shape."""
        return run(cx, name, core, (x,))


for _dtype, _names in UNARY.values():
    for _name in _names:
        _unary(_name, _dtype)


@rule("keras.ops.clip", "keras.backend.clip")
def clip(cx: Context, x: Value, x_min: Value, x_max: Value) -> Value:
    """Values within bounds: the same shape."""

    def core(inner: Context, value: Value) -> Value:
        return unary(inner, value, _no_bool)

    return run(cx, "clip", core, (x,))


@rule("keras.ops.round")
def round_(cx: Context, x: Value, decimals: Value | None = None) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        whole = found.dtype is not None and ("int" in found.dtype or found.dtype == "bool")
        if decimals is not None and whole and isinstance(value, Array) and value.kind == "numpy":
            raise OpenShape("an array that is given back as it came")
        return unary(inner, found, _same)

    return run(cx, "round", core, (x,))


@rule("keras.ops.reciprocal")
def reciprocal(cx: Context, x: Value) -> Value:
    """The same shape; a symbolic one is always float32."""

    def core(inner: Context, value: Value) -> Value:
        return unary(inner, value, lambda dtype: "float32" if in_graph(inner) else dtype)

    return run(cx, "reciprocal", core, (x,))


@rule("keras.ops.nan_to_num")
def nan_to_num(
    cx: Context, x: Value, nan: Value | None = None, posinf: Value | None = None, neginf: Value | None = None
) -> Value:
    """The same shape."""
    return run(cx, "nan_to_num", lambda inner, value: unary(inner, value, _same), (x,))


@rule("keras.ops.tril", "keras.ops.triu")
def triangle(cx: Context, x: Value, k: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "tril", lambda inner, value: unary(inner, value, _same), (x,))


@rule("keras.ops.cast", "keras.ops.saturate_cast")
def cast(cx: Context, x: Value, dtype: Value) -> Value:
    """Another dtype."""
    wanted = dtype_argument(dtype, "float32")

    def core(inner: Context, value: Value) -> Value:
        found = inner.rule("tensorflow.cast", value, Const(wanted))
        return found.replace(dtype=wanted) if isinstance(found, Array) else found

    return run(cx, "cast", core, (x,))


# -- two tensors ------------------------------------------------------------------------------------------------------

OPERATORS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "divide_no_nan": "/",
    "floor_divide": "//", "mod": "%", "fmod": "%", "power": "**", "equal": "==", "not_equal": "!=", "less": "<",
    "less_equal": "<=", "greater": ">", "greater_equal": ">=", "maximum": "maximum", "minimum": "minimum",
    "fmax": "maximum", "fmin": "minimum",
}  # fmt: skip
COMPARED = ("==", "!=", "<", "<=", ">", ">=")


def binary(cx: Context, operator: str, a: Value, b: Value) -> Value:
    """Broadcast, with the dtypes that Keras promotes where TensorFlow would raise."""
    x, y = operand(cx, a), operand(cx, b)
    both = common(cx, a, b)
    within = both or "float32"
    if operator == "**" and both is not None and both.startswith("uint"):
        within = "int32"
    if both == "bool" and operator not in ("==", "!="):
        within = "int32"
    if within.startswith("complex") and operator in ("maximum", "minimum"):
        within = "float32"
    x, y = _as(x, within), _as(y, within)
    if operator in ("==", "!="):
        return together(cx, "Equal" if operator == "==" else "NotEqual", "bool", x, y)
    if operator in ("maximum", "minimum"):
        made = cx.rule(f"tensorflow.{operator}", x, y)
    else:
        made = cx.rule("tensorflow.Tensor.__binary__", x, Const(operator), y, Const(False))
    if not isinstance(made, Array):
        return made
    dtype = both
    if operator in COMPARED:
        dtype = "bool"
    elif operator == "/":
        dtype = to_float(both)
    elif operator == "%" and both == "bool":
        dtype = "int32"
    return made if made.dtype == dtype else made.replace(dtype=dtype)


def _as(x: Array, dtype: str) -> Array:
    if x.dtype == dtype:
        return x
    made = x.replace(dtype=dtype)
    made.origin = x.origin
    return made


def _binary(name: str, operator: str) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x1: Value, x2: Value) -> Value:
        """Broadcast."""
        return run(cx, name, lambda inner, a, b: binary(inner, operator, a, b), (x1, x2))


for _name, _operator in OPERATORS.items():
    _binary(_name, _operator)


def together(cx: Context, taker: str, dtype: Dtype, *values: Value) -> Array:
    """Tensors that broadcast, whatever is computed of them."""
    arrays = [operand(cx, value) for value in values]
    shape = broadcast(cx, taker, *arrays)
    rank = None if shape is None else len(shape)
    roles = next((array.roles for array in arrays if array.roles is not None and len(array.roles) == rank), None)
    return tensor(shape, dtype, *arrays, roles=roles)


def _float_of(cx: Context, a: Value, b: Value) -> Dtype:
    return to_float(common(cx, a, b))


def _wide_of(cx: Context, a: Value, b: Value) -> Dtype:
    return wide_float(common(cx, a, b))


def _strong_of(cx: Context, a: Value, b: Value) -> Dtype:
    """A symbolic operation takes a Python int for an int64."""
    if not in_graph(cx):
        return common(cx, a, b)
    return promote(*({WEAK_INT: "int64", WEAK_FLOAT: "float32"}.get(item or "", item) for item in (token(a), token(b))))


def _bool_of(cx: Context, a: Value, b: Value) -> Dtype:
    return "bool"


PAIRS: dict[str, Callable[[Context, Value, Value], Dtype]] = {
    "arctan2": _float_of, "logaddexp": _float_of, "logaddexp2": _float_of, "ldexp": _float_of, "nextafter": _float_of,
    "hypot": _wide_of, "heaviside": _wide_of, "gcd": _strong_of, "lcm": _strong_of,
    "logical_and": _bool_of, "logical_or": _bool_of, "logical_xor": _bool_of,
}  # fmt: skip


def _pair(name: str, dtype: Callable[[Context, Value, Value], Dtype]) -> None:
    def core(inner: Context, a: Value, b: Value) -> Value:
        return together(inner, name, dtype(inner, a, b), a, b)

    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x1: Value, x2: Value) -> Value:
        """Broadcast."""
        return run(cx, name, core, (x1, x2))


for _name, _rule in PAIRS.items():
    _pair(_name, _rule)


def _bits(name: str, shift: bool) -> None:
    def core(inner: Context, a: Value, b: Value) -> Value:
        both = common(inner, a, b)
        x = operand(inner, a)
        if shift and isinstance(b, Const):
            both = x.dtype
        return together(inner, name, both, a, b)

    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value, y: Value) -> Value:
        """Bits of integers, element by element."""
        return run(cx, name, core, (x, y))


for _name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    _bits(_name, False)
for _name in ("bitwise_left_shift", "bitwise_right_shift", "left_shift", "right_shift"):
    _bits(_name, True)


@rule("keras.ops.isclose")
def isclose(
    cx: Context, x1: Value, x2: Value, rtol: Value | None = None, atol: Value | None = None,
    equal_nan: Value | None = None,
) -> Value:  # fmt: skip
    """Broadcast, bool."""
    return run(cx, "isclose", lambda inner, a, b: together(inner, "isclose", "bool", a, b), (x1, x2))


@rule("keras.ops.allclose")
def allclose(
    cx: Context, x1: Value, x2: Value, rtol: Value | None = None, atol: Value | None = None,
    equal_nan: Value | None = None,
) -> Value:  # fmt: skip
    """One bool."""

    def core(inner: Context, a: Value, b: Value) -> Value:
        made = together(inner, "allclose", "bool", a, b)
        return tensor((), "bool", made)

    return run(cx, "allclose", core, (x1, x2))


@rule("keras.ops.where")
def where(cx: Context, condition: Value, x1: Value | None = None, x2: Value | None = None) -> Value:
    """A choice per element; with a condition alone where it is true, one tensor of positions per axis."""
    if x1 is None and x2 is None:
        if any_symbolic((condition,)):
            return run(cx, "where", lambda inner, value: unary(inner, value, lambda dtype: "int64"), (condition,))
        return cx.rule("keras.ops.nonzero", condition)
    if x1 is None or x2 is None:
        raise _both_or_none(condition)

    def core(inner: Context, test: Value, a: Value, b: Value) -> Value:
        return together(inner, "SelectV2", common(inner, a, b), test, a, b)

    return run(cx, "where", core, (condition, x1, x2))


def _both_or_none(condition: Value) -> Exception:
    from foreshape.semantics.keras.operations.support import wrong_value

    text = "`x1` and `x2` either both should be `None` or both should have non-None value."
    return wrong_value(refused(text), "x2", "None", condition)


@rule("keras.ops.isin")
def isin(cx: Context, x1: Value, x2: Value, assume_unique: Value | None = None, invert: Value | None = None) -> Value:
    """For each element of x1 whether x2 has it."""
    return run(cx, "isin", lambda inner, a, b: unary(inner, a, _bool), (x1, x2))


@rule("keras.ops.polar")
def polar(cx: Context, abs_: Value, angle: Value) -> Value:
    """Complex numbers of length and angle."""

    def core(inner: Context, a: Value, b: Value) -> Value:
        if in_graph(inner):
            return unary(inner, a, lambda dtype: "float32")
        both = common(inner, a, b)
        return together(inner, "polar", "complex128" if both == "float64" else "complex64", a, b)

    return run(cx, "polar", core, (abs_, angle))


@rule("keras.ops.view_as_complex")
def view_as_complex(cx: Context, x: Value) -> Value:
    """Pairs of real numbers along the last axis as complex ones."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        if found.shape is None:
            raise OpenShape("the rank of a tensor is not known")
        if not found.shape or (isinstance(found.shape[-1], int) and found.shape[-1] != 2):
            from foreshape.semantics.keras.operations.support import wrong_value

            text = f"Last dimension of input must be size 2 (real and imaginary). Received shape: {tuple_text(found.shape)}"
            raise wrong_value(refused(text), "x", tuple_text(found.shape), found)
        return like(found, found.shape[:-1], "complex64")

    return run(cx, "view_as_complex", core, (x,))


@rule("keras.ops.view_as_real")
def view_as_real(cx: Context, x: Value) -> Value:
    """Complex numbers as pairs of real ones along a new last axis."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        dtype = "float32" if in_graph(inner) else _real(found.dtype)
        return like(found, None if found.shape is None else (*found.shape, 2), dtype)

    return run(cx, "view_as_real", core, (x,))


@rule("keras.ops.psnr")
def psnr(cx: Context, x1: Value, x2: Value, max_val: Value) -> Value:
    """One number for two images of one shape."""

    def core(inner: Context, a: Value, b: Value) -> Value:
        x, y = operand(inner, a), operand(inner, b)
        if x.shape is not None and y.shape is not None and len(x.shape) != len(y.shape):
            from foreshape.semantics.keras.operations.support import wrong_value

            text = f"`x1` and `x2` must have the same shape, received shapes {x.shape} and {y.shape}."
            raise wrong_value(trouble(inner, text, x, y), "x2", tuple_text(y.shape), x, y)
        return tensor((), "float32" if in_graph(inner) else to_float(common(inner, a, b)), x, y)

    return run(cx, "psnr", core, (x1, x2))
