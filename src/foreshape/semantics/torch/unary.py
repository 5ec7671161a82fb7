"""Functions of one tensor, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import product
from foreshape.domain.values import Array, Bound, Value, as_int
from foreshape.semantics.numpy.intervals import INTERVALS
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.elementwise import refused_by, unary_of
from foreshape.semantics.torch.recorded import trues_of, with_trues
from foreshape.semantics.torch.support import (
    default_dtype,
    given,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    not_implemented,
    numbers,
    real_dtype,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _refuse(cx: Context, taker: str, kernel: str, refused: str, x: Array, dtype: str | None) -> None:
    if refused_by(refused, x, x.dtype):
        raise not_implemented(cx, kernel, x, taker, recover=unary_of(cx, x, dtype))


def _float(
    *names: str, kernel: str = "", refused: str = "h", lo: Bound = None, hi: Bound = None, inplace: bool = True
) -> None:
    """The default float for integers and bools, else the same dtype."""
    short = names[0].rpartition(".")[2]

    @op(*names, inplace=inplace, inplace_function=inplace)
    def run(cx: Context, input: Array, *, out: Value | None = None) -> Value:
        """The default float for integers and bools, else the same dtype."""
        dtype = default_dtype(cx) if is_integral(input.dtype) else input.dtype
        _refuse(cx, short, kernel or f"{short}_cpu", refused, input, dtype)
        real = not is_complex(dtype)
        made = unary_of(cx, input, dtype, lo if real else None, hi if real else None)
        if short in ("sigmoid", "expit"):
            made.meta = {**made.meta, "sigmoid": True}  # for the loss that takes it itself
        return made


for _names in (
    ("acos", "arccos"), ("asin", "arcsin"), ("atan", "arctan"), ("cos",), ("sin",), ("tan",), ("tanh",), ("exp",),
    ("log",), ("log10",), ("log2",), ("log1p", "special.log1p"), ("expm1", "special.expm1"), ("sqrt",),
):  # fmt: skip
    _bounds: tuple[Bound, Bound] = (None, None)
    if _names[0] in ("cos", "sin", "tanh"):
        _bounds = (-1, 1)
    elif _names[0] in ("exp", "sqrt"):
        _bounds = (0, None)
    _float(*_names, kernel=f"{_names[0]}_vml_cpu", lo=_bounds[0], hi=_bounds[1])
for _names in (
    ("acosh", "arccosh"), ("asinh", "arcsinh"), ("atanh", "arctanh"), ("cosh",), ("sinh",), ("reciprocal",),
    ("sinc", "special.sinc"),
):  # fmt: skip
    _float(*_names)
_float("rsqrt", lo=0)
_float("exp2", "special.exp2", kernel="exp2", lo=0)
_float("sigmoid", "special.expit", lo=0, hi=1)
_float("i0", "special.i0", kernel="i0_vml_cpu", refused="ch", lo=1)
_float("digamma", "special.digamma", kernel="digamma", refused="ch")
_float("special.psi", kernel="digamma", refused="ch")
_float("erf", "special.erf", kernel="erf_vml_cpu", refused="ch", lo=-1, hi=1)
_float("special.ndtr", kernel="erf_vml_cpu", refused="ch", lo=0, hi=1)
_float("erfc", "special.erfc", kernel="erfc_vml_cpu", refused="ch", lo=0, hi=2)
_float("erfinv", "special.erfinv", kernel="erfinv_vml_cpu", refused="ch")
_float("lgamma", kernel="lgamma_vml_cpu", refused="ch")
_float("special.gammaln", kernel="lgamma_vml_cpu", refused="ch")
for _name in ("i0e", "i1", "i1e", "entr"):
    _float(f"special.{_name}", refused="ch")
for _name in (
    "ndtri", "log_ndtr", "erfcx", "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "modified_bessel_i0",
    "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1", "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1", "spherical_bessel_j0",
):  # fmt: skip
    _float(f"special.{_name}", refused="Hch")


@op("logit", inplace=True, inplace_function=True)
def logit(cx: Context, input: Array, eps: Value | None = None, *, out: Value | None = None) -> Value:
    """The default float for integers and bools."""
    dtype = default_dtype(cx) if is_integral(input.dtype) else input.dtype
    _refuse(cx, "logit", "logit_cpu", "ch", input, dtype)
    return unary_of(cx, input, dtype)


@op("special.logit")
def special_logit(cx: Context, input: Array, eps: Value | None = None, *, out: Value | None = None) -> Value:
    """As ``torch.logit``."""
    return logit(cx, input, eps)


def _degrees(name: str) -> None:
    @op(name, inplace=True, inplace_function=True)
    def run(cx: Context, input: Array, *, out: Value | None = None) -> Value:
        """The default float for integers. RuntimeError for complex tensors."""
        if is_complex(input.dtype):
            message = f"{name} is not supported for complex tensors."
            raise wrong_dtype(cx, "RuntimeError", message, name, input, recover=input)
        return unary_of(cx, input, default_dtype(cx) if is_integral(input.dtype) else input.dtype)


for _name in ("deg2rad", "rad2deg"):
    _degrees(_name)


# -- the same dtype -----------------------------------------------------------------------------------------------------


def _rounding(*names: str) -> None:
    short = names[0]

    @op(*names, inplace=True, inplace_function=True)
    def run(cx: Context, input: Array, *, out: Value | None = None) -> Value:
        """The same dtype; not of bools and complex tensors."""
        if is_complex(input.dtype):
            message = f"{short} is not supported for complex inputs"
            raise wrong_dtype(cx, "NotImplementedError", message, short, input, recover=input)
        _refuse(cx, short, f"{short}_vml_cpu", "b", input, input.dtype)
        lo, hi = rounded_bounds(short, input)
        return unary_of(cx, input, input.dtype, lo, hi, loose=False)


def rounded_bounds(name: str, x: Array) -> tuple[Bound, Bound]:
    """Bounds after rounding: those of integers stay."""
    import math

    if is_integral(x.dtype):
        return x.lo, x.hi
    made: list[Bound] = []
    for bound in (x.lo, x.hi):
        if isinstance(bound, (int, float)) and math.isfinite(bound):
            if name == "floor":
                made.append(math.floor(bound))
            elif name == "ceil":
                made.append(math.ceil(bound))
            else:
                made.append(math.trunc(bound) if name == "trunc" else round(bound))
        else:
            made.append(None)
    return made[0], made[1]


for _names in (("ceil",), ("floor",), ("trunc", "fix")):
    _rounding(*_names)


@op("round", inplace=True, inplace_function=True)
def round_(cx: Context, input: Array, *, decimals: Value | None = None, out: Value | None = None) -> Value:
    """The same dtype; with decimals only floats."""
    _refuse(cx, "round", "round_vml_cpu", "bch", input, input.dtype)
    if given(decimals) and is_integral(input.dtype) and as_int(decimals) != 0:
        raise not_implemented(cx, "round_vml_cpu", input, "round", recover=input)
    lo, hi = rounded_bounds("round", input) if not given(decimals) else (None, None)
    return unary_of(cx, input, input.dtype, lo, hi, loose=False)


@op("special.round")
def special_round(cx: Context, input: Array, *, decimals: Value | None = None, out: Value | None = None) -> Value:
    """Floats only."""
    _refuse(cx, "round", "round_vml_cpu", "bich", input, input.dtype)
    return unary_of(cx, input, input.dtype)


@op("frac", inplace=True, inplace_function=True)
def frac(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Floats only."""
    _refuse(cx, "frac", "frac_cpu", "bich", input, input.dtype)
    return unary_of(cx, input, input.dtype, -1, 1)


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
    signed = input.dtype is None or not input.dtype.startswith("uint")
    return unary_of(
        cx,
        input,
        input.dtype,
        lo if signed else None,
        hi if signed else None,
        data=data if signed else None,
        loose=False,
    )


@op("abs", "absolute", inplace=True)
def absolute(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """The same dtype, real for complex ones. In place a complex tensor stays complex."""
    _refuse(cx, "abs", "abs_cpu", "b", input, "bool")
    highest: Bound = None
    if isinstance(input.lo, (int, float)) and isinstance(input.hi, (int, float)):
        highest = max(abs(input.lo), abs(input.hi))
    data = tuple(abs(item) for item in input.data) if input.data and _plain(input.data) else None
    return unary_of(cx, input, real_dtype(input.dtype), 0, highest, data=data)


def _plain(data: tuple[Any, ...]) -> bool:
    return all(isinstance(item, (int, float)) for item in data)


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
    _refuse(cx, "~", "bitwise_not_cpu", "fHch", input, input.dtype)
    data = tuple(not item for item in input.data) if input.dtype == "bool" and input.data is not None else None
    return _others(cx, input, unary_of(cx, input, input.dtype, data=data))


def _others(cx: Context, mask: Array, made: Array) -> Array:
    """How many elements of a mask are True, of its opposite."""
    count = trues_of(cx, mask) if made.dtype == "bool" and mask.shape is not None else None
    return made if count is None else with_trues(cx, made, product(mask.shape or ()) - count)


@op("sign", inplace=True)
def sign(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Real tensors."""
    if is_complex(input.dtype):
        message = "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."
        raise wrong_dtype(cx, "NotImplementedError", message, "sign", input, recover=input)
    return unary_of(cx, input, input.dtype, -1, 1)


@op("sgn", "conj_physical", inplace=True)
def sgn(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """The same dtype."""
    return unary_of(cx, input, input.dtype)


@op("conj", "resolve_conj", "resolve_neg")
def conj(cx: Context, input: Array) -> Value:
    """The same dtype: the tensor itself where it is real."""
    return unary_of(cx, input, input.dtype) if is_complex(input.dtype) else input


@op("square", inplace=True, inplace_function=True)
def square(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """As ``x ** 2``: int64 for bools."""
    _refuse(cx, "square", "pow", "h", input, input.dtype)
    real = not is_complex(input.dtype)
    return unary_of(cx, input, "int64" if input.dtype == "bool" else input.dtype, 0 if real else None)


@op("nan_to_num", inplace=True, inplace_function=True)
def nan_to_num(
    cx: Context, input: Array, nan: Value | None = None, posinf: Value | None = None, neginf: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """The same dtype."""
    _refuse(cx, "nan_to_num", "nan_to_num", "h", input, input.dtype)
    return unary_of(cx, input, input.dtype)


@op("relu", inplace=True, inplace_function=True)
def relu(cx: Context, input: Array) -> Value:
    """Real numbers: nothing below 0."""
    if input.dtype == "bool":
        raise wrong_dtype(cx, "RuntimeError", "Boolean inputs not supported for relu", "relu", input, recover=input)
    if is_complex(input.dtype):
        message = "clamp is not supported for complex types"
        raise wrong_dtype(cx, "NotImplementedError", message, "relu", input, recover=input)
    high = max(input.hi, 0) if isinstance(input.hi, (int, float)) else None
    return unary_of(cx, input, input.dtype, 0, high)


@op("selu", inplace=True, inplace_function=True, method=False)
def selu(cx: Context, input: Array) -> Value:
    """Floats only."""
    _refuse(cx, "selu", "elu_cpu", "bich", input, input.dtype)
    return unary_of(cx, input, input.dtype)


# -- other dtypes -------------------------------------------------------------------------------------------------------


@op("logical_not", inplace=True)
def logical_not(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """A bool."""
    _refuse(cx, "logical_not", "logical_not_cpu", "h", input, "bool")
    data = tuple(not item for item in input.data) if input.data is not None and _plain(input.data) else None
    return _others(cx, input, unary_of(cx, input, "bool", 0, 1, differentiable=False, data=data))


@op("isnan", "isinf", "isfinite", "isreal")
def isnan(cx: Context, input: Array) -> Value:
    """A bool."""
    return unary_of(cx, input, "bool", 0, 1, differentiable=False)


def _real_question(name: str, exception: str, message: str) -> None:
    @op(name)
    def run(cx: Context, input: Array, *, out: Value | None = None) -> Value:
        """A bool. Real tensors only."""
        made = unary_of(cx, input, "bool", 0, 1, differentiable=False)
        if is_complex(input.dtype):
            raise wrong_dtype(cx, exception, message, name, input, recover=made)
        return made


_real_question("isposinf", "RuntimeError", "isposinf does not support complex inputs.")
_real_question("isneginf", "RuntimeError", "isneginf does not support complex inputs.")
_real_question("signbit", "NotImplementedError", "signbit is not implemented for complex tensors.")


@op("angle")
def angle(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Real; the default float for integers."""
    dtype = default_dtype(cx) if is_integral(input.dtype) else real_dtype(input.dtype)
    _refuse(cx, "angle", "angle_cpu", "h", input, dtype)
    return unary_of(cx, input, dtype)


@op("real", method=False)
def real(cx: Context, input: Array) -> Value:
    """The real part of a complex tensor (a view), else the tensor."""
    return complex_part(cx, input) if is_complex(input.dtype) or input.dtype is None else input


@op("imag", method=False)
def imag(cx: Context, input: Array) -> Value:
    """The imaginary part (a view). RuntimeError for a real tensor."""
    if input.dtype is not None and not is_complex(input.dtype):
        message = "imag is not implemented for tensors with non-complex dtypes."
        raise wrong_dtype(cx, "RuntimeError", message, "imag", input, recover=input)
    return complex_part(cx, input)


def complex_part(cx: Context, x: Array) -> Array:
    """Every other number in memory."""
    from foreshape.semantics.torch.support import strides_of

    strides = strides_of(x)
    doubled = None if strides is None else tuple(2 * stride for stride in strides)
    return tensor(cx, x.shape, real_dtype(x.dtype), x, roles=x.roles, strides=doubled)


@op("frexp")
def frexp(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Mantissa and exponent (int32). RuntimeError for integers."""
    if input.dtype is not None and not is_floating(input.dtype):
        message = "torch.frexp() only supports floating-point dtypes"
        raise wrong_dtype(cx, "RuntimeError", message, "frexp", input)
    from foreshape.semantics.torch.results import named

    parts = (unary_of(cx, input, input.dtype), unary_of(cx, input, "int32", differentiable=False))
    return named("frexp", mantissa=parts[0], exponent=parts[1])


FRACTIONS: Final = "ch"


@op("mvlgamma", inplace=True)
def mvlgamma(cx: Context, input: Array, p: Value, *, out: Value | None = None) -> Value:
    """Floats. RuntimeError for a p below 1 or fractions."""
    return multigammaln(cx, input, p)


@op("special.multigammaln")
def special_multigammaln(cx: Context, input: Array, p: Value, *, out: Value | None = None) -> Value:
    """As ``torch.mvlgamma``."""
    return multigammaln(cx, input, p)


def multigammaln(cx: Context, input: Array, p: Value) -> Value:
    """Shared by both names."""
    order = as_int(p)
    if order is not None and order < 1:
        raise invalid(cx, "RuntimeError", "p has to be greater than or equal to 1", "p", order)
    if input.dtype == "bool":
        message = "The input tensor may not be a boolean tensor."
        raise wrong_dtype(cx, "RuntimeError", message, "mvlgamma", input, recover=input)
    return unary_of(cx, input, default_dtype(cx) if is_integral(input.dtype) else input.dtype)


@op("polygamma", "special.polygamma", method=False)
def polygamma(cx: Context, n: Value, input: Array, *, out: Value | None = None) -> Value:
    """The default float for integers. RuntimeError for a negative order."""
    return polygamma_of(cx, n, input)


@op("polygamma", function=False, inplace=True)
def polygamma_method(cx: Context, input: Array, n: Value) -> Value:
    """The same as a method."""
    return polygamma_of(cx, n, input)


def polygamma_of(cx: Context, n: Value, x: Array) -> Value:
    """Shared by function and method."""
    order = as_int(n)
    if order is not None and order < 0:
        message = "polygamma(n, x) does not support negative n."
        raise invalid(cx, "RuntimeError", message, "n", order, recover=x)
    dtype = default_dtype(cx) if is_integral(x.dtype) else x.dtype
    _refuse(cx, "polygamma", "polygamma" if order != 0 else "digamma", FRACTIONS, x, dtype)
    return unary_of(cx, x, dtype)
