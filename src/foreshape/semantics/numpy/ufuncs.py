"""Elementwise functions: the table of them all, and the operators of arrays."""

# NumPy itself has parameters in capitals
# ruff: noqa: N803

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Sequence, Unknown, Value, as_str, is_none
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import casts, kind_of, weak_kind
from foreshape.semantics.numpy.elementwise import Ufunc, apply_ufunc, broadcast, compute, result_dtype
from foreshape.semantics.numpy.products import matmul_of
from foreshape.semantics.numpy.support import (
    axes_argument,
    given,
    is_scalar,
    is_text,
    listed,
    made,
    seen_elsewhere,
    type_fault,
    unlike,
    written,
    zero_d,
)
from foreshape.semantics.registry import REGISTRY, Rule, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://numpy.org/doc/stable/reference/generated/numpy."

UNARY: Final = (
    ("absolute", "?ifc", "same", "abs"),
    *((name, "fc", "same", alias) for name, alias in (
        ("arccos", "acos"), ("arccosh", "acosh"), ("arcsin", "asin"), ("arcsinh", "asinh"), ("arctan", "atan"),
        ("arctanh", "atanh"), ("cos", ""), ("cosh", ""), ("exp", ""), ("exp2", ""), ("expm1", ""), ("log", ""),
        ("log10", ""), ("log1p", ""), ("log2", ""), ("rint", ""), ("sin", ""), ("sinh", ""), ("sqrt", ""), ("tan", ""),
        ("tanh", ""),
    )),
    *((name, "f", "same", "") for name in ("cbrt", "deg2rad", "degrees", "fabs", "rad2deg", "radians", "spacing")),
    ("bitwise_count", "i", "uint8", ""),
    ("invert", "?i", "same", "bitwise_not bitwise_invert"),
    ("ceil", "?if", "same", ""), ("floor", "?if", "same", ""), ("trunc", "?if", "same", ""),
    ("conjugate", "ifc", "same", "conj"), ("negative", "ifc", "same", ""), ("positive", "ifc", "same", ""),
    ("reciprocal", "ifc", "same", ""), ("sign", "ifc", "same", ""), ("square", "ifc", "same", ""),
    ("isfinite", "?ifc", "bool", ""), ("isinf", "?ifc", "bool", ""), ("isnan", "?ifc", "bool", ""),
    ("logical_not", "?ifc", "bool", ""), ("signbit", "f", "bool", ""),
)  # fmt: skip
"""name, loops, what it gives, other names."""

BINARY: Final = (
    ("add", "?ifc", "same", "+", ""), ("subtract", "ifc", "same", "-", ""), ("multiply", "?ifc", "same", "*", ""),
    ("divide", "fc", "same", "/", "true_divide"), ("floor_divide", "if", "same", "//", ""),
    ("remainder", "if", "same", "%", "mod"), ("fmod", "if", "same", "", ""), ("power", "ifc", "same", "**", "pow"),
    ("float_power", "dD", "same", "", ""), ("maximum", "?ifc", "same", "", ""), ("minimum", "?ifc", "same", "", ""),
    ("fmax", "?ifc", "same", "", ""), ("fmin", "?ifc", "same", "", ""),
    ("bitwise_and", "?i", "same", "&", ""), ("bitwise_or", "?i", "same", "|", ""), ("bitwise_xor", "?i", "same", "^",
    ""),
    ("left_shift", "i", "same", "<<", "bitwise_left_shift"), ("right_shift", "i", "same", ">>", "bitwise_right_shift"),
    ("gcd", "i", "same", "", ""), ("lcm", "i", "same", "", ""),
    *((name, "f", "same", "", alias) for name, alias in (
        ("arctan2", "atan2"), ("copysign", ""), ("heaviside", ""), ("hypot", ""), ("logaddexp", ""), ("logaddexp2", ""),
        ("nextafter", ""),
    )),
    ("equal", "?ifc", "bool", "==", ""), ("not_equal", "?ifc", "bool", "!=", ""), ("less", "?ifc", "bool", "<", ""),
    ("less_equal", "?ifc", "bool", "<=", ""), ("greater", "?ifc", "bool", ">", ""),
    ("greater_equal", "?ifc", "bool", ">=", ""), ("logical_and", "?ifc", "bool", "", ""),
    ("logical_or", "?ifc", "bool", "", ""), ("logical_xor", "?ifc", "bool", "", ""),
)  # fmt: skip
"""name, loops, what it gives, operator, other names."""

UFUNCS: Final[dict[str, Ufunc]] = {
    **{name: Ufunc(name, 1, loops, gives) for name, loops, gives, _ in UNARY},
    **{name: Ufunc(name, 2, loops, gives, symbol) for name, loops, gives, symbol, _ in BINARY},
}
BY_SYMBOL: Final = {ufunc.symbol: ufunc for ufunc in UFUNCS.values() if ufunc.symbol}

library_type("numpy.ufunc")


def _register(names: tuple[str, ...], function: object) -> None:
    """Register one function under several names (a decorator would do, but for the loop)."""
    for name in names:
        REGISTRY.rules.setdefault(f"numpy.{name}", []).append(
            Rule(f"numpy.{name}", "function", function, "", "", f"{DOC}{names[0]}.html")  # type: ignore[arg-type]
        )


def _unary_rule(ufunc: Ufunc, names: tuple[str, ...]) -> None:
    def apply(
        cx: Context, x: Value, out: Value | None = None, *, where: Value | None = None, casting: Value | None = None,
        order: Value | None = None, dtype: Value | None = None, subok: Value | None = None,
        signature: Value | None = None, sig: Value | None = None,
    ) -> Value:  # fmt: skip
        return apply_ufunc(cx, ufunc, (x,), out, where, dtype, casting)

    _register(names, apply)


def _binary_rule(ufunc: Ufunc, names: tuple[str, ...]) -> None:
    def apply(
        cx: Context, x1: Value, x2: Value, out: Value | None = None, *, where: Value | None = None,
        casting: Value | None = None, order: Value | None = None, dtype: Value | None = None,
        subok: Value | None = None, signature: Value | None = None, sig: Value | None = None,
    ) -> Value:  # fmt: skip
        return apply_ufunc(cx, ufunc, (x1, x2), out, where, dtype, casting)

    def reduce(
        cx: Context, array: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
        keepdims: Value | None = None, initial: Value | None = None, where: Value | None = None,
    ) -> Value:  # fmt: skip
        from foreshape.semantics.numpy.reductions import ufunc_reduce

        return ufunc_reduce(cx, ufunc, array, Const(0) if axis is None else axis, dtype, keepdims, initial)

    def accumulate(
        cx: Context, array: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None
    ) -> Value:
        from foreshape.semantics.numpy.reductions import ufunc_accumulate

        return ufunc_accumulate(cx, ufunc, array, axis, dtype)

    def outer(cx: Context, A: Value, B: Value, /, **kwargs: Value) -> Value:
        return _outer(cx, ufunc, A, B)

    def at(cx: Context, a: Value, indices: Value, b: Value | None = None, /) -> Value:
        written(cx, a)
        return Const(None)

    def reduceat(
        cx: Context, array: Value, indices: Value, axis: Value | None = None, dtype: Value | None = None,
        out: Value | None = None,
    ) -> Value:  # fmt: skip
        return _reduceat(cx, ufunc, array, indices, axis)

    _register(names, apply)
    for method, function in (("reduce", reduce), ("accumulate", accumulate), ("outer", outer), ("at", at),
                             ("reduceat", reduceat)):  # fmt: skip
        _register(tuple(f"{name}.{method}" for name in names), function)


for _name, _loops, _gives, _alias in UNARY:
    _unary_rule(UFUNCS[_name], (_name, *_alias.split()))
for _name, _loops, _gives, _symbol, _alias in BINARY:
    _binary_rule(UFUNCS[_name], (_name, *_alias.split()))


def _outer(cx: Context, ufunc: Ufunc, a: Value, b: Value) -> Value:
    left, right = as_array(cx, a), as_array(cx, b)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return cx.unknown("it is made from something that is not known")
    if left.shape is None or right.shape is None:
        return made(None, result_dtype(cx, ufunc, (left, right), (a, b)))
    spread = left.replace(shape=(*left.shape, *(1 for _ in right.shape)), data=left.data)
    return compute(cx, ufunc, (spread, right), (a, b))


def _reduceat(cx: Context, ufunc: Ufunc, array: Value, indices: Value, axis: Value | None) -> Value:
    source, places = as_array(cx, array), as_array(cx, indices)
    axes = axes_argument(cx, axis) if given(axis) else (0,)
    if isinstance(source, Unknown) or isinstance(places, Unknown) or not isinstance(axes, tuple):
        return cx.unknown("it is made from something that is not known")
    if source.shape is None or places.shape is None or len(places.shape) != 1:
        return made(None, source.dtype)
    from foreshape.semantics.numpy.support import axis_of

    at = axis_of(axes[0], len(source.shape), ufunc.name, (array,))
    return made((*source.shape[:at], places.shape[0], *source.shape[at + 1 :]), source.dtype)


# -- two results ------------------------------------------------------------------------------------------------------
MODF: Final = Ufunc("modf", 1, "f")
FREXP: Final = Ufunc("frexp", 1, "f")
DIVMOD: Final = Ufunc("divmod", 2, "if")
LDEXP: Final = Ufunc("ldexp", 2, "f")


def _part(cx: Context, ufunc: Ufunc, values: tuple[Value, ...], *outputs: Value | None) -> Value:
    """What one of the two results is like."""
    return cx.unknown("the output is not known") if _foreign_output(outputs) else apply_ufunc(cx, ufunc, values)


def _foreign_output(outputs: tuple[Value | None, ...]) -> bool:
    """Whether something that is not known to be an array is written into: its class may take over what is done."""
    for output in outputs:
        items = output.contents.items() if isinstance(output, Sequence) else (output,)
        if items is None or not all(item is None or is_none(item) or isinstance(item, Array) for item in items):
            return True
    return False


@rule("numpy.modf", doc=DOC + "modf.html")
def modf(cx: Context, x: Value, out1: Value | None = None, out2: Value | None = None, **kwargs: Value) -> Value:
    part = _part(cx, MODF, (x,), out1, out2, kwargs.get("out"))
    return listed("tuple", (part, part)) if isinstance(part, Array) else unlike(cx, part)


@rule("numpy.frexp", doc=DOC + "frexp.html")
def frexp(cx: Context, x: Value, out1: Value | None = None, out2: Value | None = None, **kwargs: Value) -> Value:
    part = _part(cx, FREXP, (x,), out1, out2, kwargs.get("out"))
    return listed("tuple", (part, made(part.shape, "int32"))) if isinstance(part, Array) else unlike(cx, part)


@rule("numpy.divmod", doc=DOC + "divmod.html")
def divmod_(
    cx: Context, x1: Value, x2: Value, out1: Value | None = None, out2: Value | None = None, **kwargs: Value
) -> Value:
    part = _part(cx, DIVMOD, (x1, x2), out1, out2, kwargs.get("out"))
    if not isinstance(part, Array):
        return unlike(cx, part)
    return listed("tuple", [apply_ufunc(cx, UFUNCS[name], (x1, x2)) for name in ("floor_divide", "remainder")])


@rule("numpy.ldexp", doc=DOC + "ldexp.html")
def ldexp(cx: Context, x1: Value, x2: Value, out: Value | None = None, **kwargs: Value) -> Value:
    mantissa, exponent = as_array(cx, x1), as_array(cx, x2)
    if isinstance(mantissa, Unknown) or isinstance(exponent, Unknown):
        return cx.unknown("it is made from something that is not known")
    dtype = result_dtype(cx, LDEXP, (mantissa,), (x1,))
    if casts(exponent.dtype, "int64", "safe") is False or kind_of(exponent.dtype) == "U":
        from foreshape.semantics.numpy.elementwise import _no_loop

        raise _no_loop(cx, LDEXP, (mantissa, exponent), (x1, x2))
    return made(broadcast(cx, "ldexp", (mantissa, exponent), (x1, x2)), dtype if weak_kind(x1) is None else None)


@rule("numpy.isnat", doc=DOC + "isnat.html")
def isnat(cx: Context, x: Value, out: Value | None = None, **kwargs: Value) -> Value:
    found = as_array(cx, x)
    return made(found.shape, "bool", 0, 1) if isinstance(found, Array) else found


# -- operators --------------------------------------------------------------------------------------------------------
TENSOR_TYPES: Final = {"tensorflow": "tensorflow.Tensor", "keras": "keras.KerasTensor", "torch": "torch.Tensor"}


@rule("numpy.ndarray.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value:
    """``self operator other``, elementwise with broadcasting; ``@`` is matmul.

    ValueError where the shapes do not go together, TypeError where there is no loop for the dtypes.
    """
    symbol = as_str(operator) or ""
    if symbol in ("*", "%", "+") and isinstance(self, Array) and is_text(self) and not isinstance(other, Array):
        return cx.unknown("it is a text")
    swapped = isinstance(reflected, Const) and bool(reflected.value)
    values = (other, self) if swapped else (self, other)
    if isinstance(other, Array) and other.kind != "numpy":
        owner = TENSOR_TYPES.get(other.kind)
        if owner is None:
            return cx.unknown("this operator of a tensor is not modelled")
        return cx.rule(f"{owner}.__binary__", other, operator, self, Const(not swapped))
    if symbol == "@":
        _scalar_matmul(values)
        return matmul_of(cx, *values)
    ufunc = BY_SYMBOL.get(symbol)
    if ufunc is None:
        return _membership(cx, self, other, symbol)
    if isinstance(other, Unknown):
        return _with_unknown(cx, self, other, ufunc)
    if is_none(other) and symbol in ("==", "!="):
        return made(self.shape if isinstance(self, Array) else None, "bool", 0, 1)
    if symbol in ("==", "!=") and _unlike_text(cx, values):
        arrays = [as_array(cx, value) for value in values]
        return made(broadcast(cx, symbol, [a for a in arrays if isinstance(a, Array)], values), "bool", 0, 1)
    if symbol == "**":
        _negative_power(cx, values)
    if symbol == "**" and isinstance(values[1], Const) and values[1].value == 2 and type(values[1].value) is int:
        # NumPy computes x ** 2 as np.square(x)
        base = values[0]
        square = isinstance(base, Array) and (base.shape != () or cx.targets.at_least("numpy", "2"))
        return apply_ufunc(cx, UFUNCS["square"], (base,)) if square else apply_ufunc(cx, ufunc, values)
    made_array = apply_ufunc(cx, ufunc, values)
    if made_array.tainted is False and any(value.tainted for value in values):
        made_array.tainted = True
    return made_array


def _unlike_text(cx: Context, values: tuple[Value, ...]) -> bool:
    """Text compared with numbers: never equal, but no error."""
    arrays = [as_array(cx, value) for value in values]
    kinds = {kind_of(array.dtype) for array in arrays if isinstance(array, Array)}
    return len(kinds) == 2 and "U" in kinds and kinds <= {"U", "b", "i", "u", "f", "c"}


def _scalar_matmul(values: tuple[Value, ...]) -> None:
    """NumPy scalars have no ``@``."""
    if any(isinstance(value, Array) and not is_scalar(value) for value in values) or any(
        isinstance(value, Unknown) for value in values
    ):
        return
    names = [f"numpy.{value.dtype}" if isinstance(value, Array) else _plain_name(value) for value in values]
    if all(names):
        text = f"unsupported operand type(s) for @: '{names[0]}' and '{names[1]}'"
        raise type_fault(text, "@", *values, types=tuple(names))


def _plain_name(value: Value) -> str:
    from foreshape.domain.join import scalar_kind

    return scalar_kind(value) or (value.kind if isinstance(value, Sequence) else "")


def _with_unknown(cx: Context, self: Value, other: Unknown, ufunc: Ufunc) -> Value:
    """With something that is not known: it may well be a data frame or a tensor."""
    return cx.unknown(other.reason)


def _membership(cx: Context, self: Value, other: Value, symbol: str) -> Value:
    from foreshape.domain.values import Typed

    return Typed("bool") if symbol in ("in", "not in") else cx.unknown(f"'{symbol}' of arrays is not modelled")


def _negative_power(cx: Context, values: tuple[Value, ...]) -> None:
    """Integers to negative integer powers raise."""
    from foreshape.semantics.numpy.dtypes import is_integer
    from foreshape.semantics.numpy.support import invalid

    base, exponent = (as_array(cx, value) for value in values)
    if isinstance(base, Unknown) or isinstance(exponent, Unknown):
        return
    unsigned = kind_of(base.dtype) == "u" and (not isinstance(values[1], Array) or base.dtype == "uint64")
    known = [item for item in exponent.data or () if isinstance(item, int)]
    below = isinstance(exponent.hi, int) and exponent.hi < 0
    whole = kind_of(base.dtype) in ("b", "i", "u") and is_integer(exponent.dtype) and not unsigned
    if whole and (below or any(item < 0 for item in known)) and base.shape is not None and 0 not in base.shape:
        text = "Integers to negative integer powers are not allowed."
        raise invalid("exponent", min(known, default=-1), text, *values, recover=made(base.shape, base.dtype))


@rule("numpy.ndarray.__inplace__")
def inplace(cx: Context, self: Value, operator: Value, other: Value) -> Value:
    """``self operator= other``: the result is stored in ``self``, whose shape and dtype stay.

    UFuncTypeError where the result is of a higher kind, ValueError where it is larger than ``self``.
    """
    symbol = as_str(operator) or ""
    if not isinstance(self, Array) or self.shape is None or (isinstance(other, Array) and other.kind != "numpy"):
        return binary(cx, self, operator, other, Const(False))
    if isinstance(other, Unknown):
        return made(self.shape, self.dtype, roles=self.roles)
    if self.shape == () and not self.meta.get("0d"):
        return binary(cx, self, operator, other, Const(False))
    if symbol == "@":
        return matmul_of(cx, self, other)
    ufunc = BY_SYMBOL.get(symbol)
    if kind_of(self.dtype) == "U" and symbol == "*":
        return made(self.shape, self.dtype)
    if symbol == "**" and self.dtype != "bool":
        _negative_power(cx, (self, other))
    if ufunc is None or (not isinstance(other, Array) and isinstance(as_array(cx, other), Unknown)):
        return made(self.shape, self.dtype)
    seen_elsewhere(cx, self)
    found = apply_ufunc(cx, ufunc, (self, other), out=self)
    if not isinstance(found, Array):
        return made(self.shape, self.dtype)
    plain = compute(cx, ufunc, (self, as_array(cx, other)), (self, other))  # type: ignore[arg-type]
    if plain.dtype == self.dtype:
        return zero_d(made(self.shape, self.dtype, plain.lo, plain.hi, plain.data, self.roles))
    return zero_d(made(self.shape, self.dtype, found.lo, found.hi, roles=self.roles))


@rule("numpy.ndarray.__unary__")
def unary(cx: Context, self: Value, operator: Value) -> Value:
    """``-self``, ``+self``, ``~self``."""
    name = {"-": "negative", "+": "positive", "~": "invert"}.get(as_str(operator) or "")
    return cx.unknown("this operator is not modelled") if name is None else apply_ufunc(cx, UFUNCS[name], (self,))
