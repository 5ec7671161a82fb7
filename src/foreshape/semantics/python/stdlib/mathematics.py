"""``math``, ``cmath``, ``statistics`` and ``decimal``: exact for known numbers, floors and ceilings of sizes exact.

Source: https://docs.python.org/3/library/math.html
"""

from __future__ import annotations

import math
from typing import Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import eq
from foreshape.domain.join import scalar_kind
from foreshape.domain.values import Array, Const, DictValue, Int, Sequence, Typed, Value, as_int, const, int_value
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import type_error
from foreshape.semantics.python.iterators import taken_or_unknown
from foreshape.semantics.python.numbers import number_of_array, real_number, whole_part
from foreshape.semantics.python.stdlib.plain import constants, results
from foreshape.semantics.python.tools import evaluate, sequence, type_name, typed_list
from foreshape.semantics.registry import rule

FLOATS: Final[dict[str, tuple[float | None, float | None]]] = {
    "sqrt": (0, None), "exp": (0, None), "expm1": (-1, None), "log": (None, None), "log2": (None, None),
    "log10": (None, None), "log1p": (None, None), "sin": (-1, 1), "cos": (-1, 1), "tan": (None, None),
    "asin": (-2, 2), "acos": (0, 4), "atan": (-2, 2), "atan2": (-4, 4), "sinh": (None, None), "cosh": (1, None),
    "tanh": (-1, 1), "asinh": (None, None), "acosh": (0, None), "atanh": (None, None), "erf": (-1, 1), "erfc": (0, 2),
    "gamma": (None, None), "lgamma": (None, None), "degrees": (None, None), "radians": (None, None), "fabs": (0, None),
    "fmod": (None, None), "pow": (None, None), "hypot": (0, None), "copysign": (None, None), "ldexp": (None, None),
    "exp2": (0, None), "cbrt": (None, None), "remainder": (None, None), "nextafter": (None, None), "ulp": (0, None),
}  # fmt: skip


def _float_function(name: str) -> None:
    low, high = FLOATS[name]
    real = getattr(math, name, None)

    @rule(f"math.{name}", doc=f"https://docs.python.org/3/library/math.html#math.{name}")
    def function(cx: Context, *args: Value) -> Value:
        for value in args:
            check_real(cx, value)
        made = None if real is None else real_number(cx, f"math.{name}", real, *args)
        return made if made is not None else Typed("float", lo=low, hi=high)


def check_real(cx: Context, value: Value) -> None:
    """TypeError for what is no real number."""
    shown = type_name(value)
    kind = scalar_kind(value)
    nothing = isinstance(value, Const) and value.value is None
    if kind in ("str", "bytes", "complex") or nothing or isinstance(value, (Sequence, DictValue)):
        message = f"must be real number, not {shown}"
        raise type_error(message, "math", value, types=(shown or "",), recover=Typed("float"))
    if isinstance(value, Array):
        number_of_array(cx, value, "float")


for _name in FLOATS:
    _float_function(_name)


def _rounded(cx: Context, value: Value, name: str, up: bool) -> Value:
    check_real(cx, value)
    real = real_number(cx, f"math.{name}", getattr(math, name), value)
    if real is not None:
        return real
    if isinstance(value, Int):
        return Int(value.dim)
    if isinstance(value, Array):
        return number_of_array(cx, value, "int") if not up else Typed("int")
    if isinstance(value, Typed) and value.kind == "float":
        return whole_part(cx, value, up)
    if isinstance(value, Typed):
        return Typed("int", lo=value.lo, hi=value.hi)
    return Int(cx.fresh(None, lo=0)) if scalar_kind(value) is None else Typed("int")


@rule("math.ceil")
def ceil(cx: Context, x: Value, /) -> Value:
    """The smallest int that is not below: of ``n / b`` with sizes the exact ceiling."""
    return _rounded(cx, x, "ceil", True)


@rule("math.floor")
def floor(cx: Context, x: Value, /) -> Value:
    """The largest int that is not above."""
    return _rounded(cx, x, "floor", False)


@rule("math.trunc")
def trunc(cx: Context, x: Value, /) -> Value:
    """Cut towards zero."""
    return cx.rule("builtins.int", x)


@rule("math.prod")
def prod(cx: Context, iterable: Value, /, *, start: Value | None = None) -> Value:
    """The product of the elements: exact for sizes, such as those of a shape."""
    contents = taken_or_unknown(cx, iterable, "math.prod")
    items = contents.items()
    if items is None:
        kinds = {scalar_kind(element) for element in contents.distinct()}
        return Int(cx.fresh(None, lo=0)) if kinds <= {"int"} else Typed("float") if kinds == {"float"} else Typed("int")
    result = start if start is not None else const(1)
    for item in items:
        result = cx.binary("*", result, item)
    return result


def _integer_function(name: str, low: int) -> None:
    real = getattr(math, name)

    @rule(f"math.{name}")
    def function(cx: Context, *args: Value) -> Value:
        large = any((number := as_int(value)) is not None and abs(number) > 10_000 for value in args)
        if name in ("factorial", "comb", "perm") and large:
            return Typed("int", lo=0)
        made = real_number(cx, f"math.{name}", real, *args)
        if made is not None:
            return made
        return int_value(cx.fresh(None, lo=low))


for _name, _low in (("gcd", 0), ("lcm", 0), ("isqrt", 0), ("factorial", 1), ("comb", 0), ("perm", 0)):
    _integer_function(_name, _low)


def _test(name: str) -> None:
    real = getattr(math, name)

    @rule(f"math.{name}")
    def function(cx: Context, *args: Value, **kwargs: Value) -> Value:
        for value in args:
            check_real(cx, value)
        made = None if kwargs else real_number(cx, f"math.{name}", real, *args)
        if made is None and name == "isnan" and isinstance(args[0], Int):
            return const(False)
        return made if made is not None else Typed("bool")


for _name in ("isnan", "isinf", "isfinite", "isclose"):
    _test(_name)


@rule("math.fsum")
def fsum(cx: Context, seq: Value, /) -> Value:
    """A float."""
    made = evaluate(cx, "math.fsum", math.fsum, seq, recover=Typed("float"))
    return made if made is not None else Typed("float")


@rule("math.dist")
def dist(cx: Context, p: Value, q: Value, /) -> Value:
    """Between two points of as many coordinates. ValueError for points that certainly differ in that."""
    first, second = cx.length(p), cx.length(q)
    made = evaluate(cx, "math.dist", math.dist, p, q, recover=Typed("float"))
    if made is None and first is not None and second is not None and eq(first, second, cx.facts).is_no:
        from foreshape.semantics.python.errors import value_error

        message = "both points must have the same number of dimensions"
        raise value_error(message, "math.dist", p, q, recover=Typed("float"))
    return made if made is not None else Typed("float", lo=0)


@rule("math.sumprod")
def sumprod(cx: Context, p: Value, q: Value, /) -> Value:
    """A number."""
    return cx.unknown("the sum of products")


results("math", {"modf": "tuple[float,float]", "frexp": "tuple[float,int]"})
constants("math", {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "nan": math.nan})
results(
    "cmath",
    {
        "sqrt exp log sin cos tan rect": "complex",
        "phase": "float",
        "polar": "tuple[float,float]",
        "isnan isinf": "bool",
    },
)
constants("cmath", {"pi": math.pi, "e": math.e})


# -- statistics


def _statistic(name: str) -> None:
    @rule(f"statistics.{name}")
    def function(cx: Context, data: Value, *args: Value, **kwargs: Value) -> Value:
        contents = taken_or_unknown(cx, data, f"statistics.{name}")
        if not args and not kwargs and contents.items() is not None:
            import statistics

            given = Sequence("list", Contents(contents.segments))
            made = evaluate(cx, f"statistics.{name}", getattr(statistics, name), given, recover=Typed("float"))
            if made is not None:
                return made
        if name in ("mode", "median_low", "median_high"):
            from foreshape.semantics.python.tools import any_element

            return any_element(cx, contents)
        return Typed("float") if name in ("fmean", "stdev", "pstdev") else cx.unknown(f"a {name}")


for _name in (
    "mean", "fmean", "median", "median_low", "median_high", "mode", "stdev", "pstdev", "variance", "pvariance",
    "harmonic_mean", "geometric_mean",
):  # fmt: skip
    _statistic(_name)


@rule("statistics.quantiles", "statistics.multimode")
def quantiles(cx: Context, data: Value, *, n: Value | None = None, method: Value | None = None) -> Value:
    """A list of cut points."""
    count = 4 if n is None else as_int(n)
    if count is None:
        return typed_list(cx, Typed("float"))
    return sequence("list", [Typed("float")] * (count - 1))


results("decimal", {"Decimal": "object:decimal.Decimal", "getcontext": "unknown:a context"})
results("fractions", {"Fraction": "object:fractions.Fraction"})
