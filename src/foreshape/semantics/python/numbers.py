"""Constructors and methods of int, float, bool and complex, and the functions on numbers.

Source: https://docs.python.org/3/library/functions.html
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable
from typing import Any, Final

from foreshape.domain.dim import Dim, dmax, eq, ge, lower, product, upper
from foreshape.domain.join import scalar_kind
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    const,
    int_value,
    is_none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import from_exception, type_error, value_error
from foreshape.semantics.python.tools import bounded, evaluate, known, sequence, type_name
from foreshape.semantics.registry import constant, library_types, rule

library_types((
    ("builtins.int", ("builtins.object",)),
    ("builtins.bool", ("builtins.int",)),
    ("builtins.float", ("builtins.object",)),
    ("builtins.complex", ("builtins.object",)),
    ("builtins.NoneType", ("builtins.object",)),
    ("builtins.ellipsis", ("builtins.object",)),
    ("builtins.object", ()),
))  # fmt: skip


def whole_part(cx: Context, value: Typed, up: bool = False) -> Value:
    """The int below (or above) a float: exact for what was computed from sizes, else bounded."""
    found = value.ceil if up else value.floor
    if found is not None:
        return int_value(cx.resolve(found))
    low, high = _int_bound(value.lo), _int_bound(value.hi)
    return Typed("int", lo=low, hi=high if high is None or not up else high + 1)


def _int_bound(bound: Any) -> Any:
    if isinstance(bound, float):
        return int(bound) if abs(bound) < 2**62 else None
    return bound


@rule("builtins.int")
def int_(cx: Context, x: Value | None = None, /, base: Value | None = None) -> Value:
    """A whole number of a number or text, cut towards zero. ValueError of a text that is none."""
    if x is None:
        return const(0)
    if isinstance(x, Const):
        given = (x,) if base is None else (x, base)
        found = evaluate(cx, "int", int, *given, recover=Typed("int"))
        return found if found is not None else Typed("int")
    if isinstance(x, Int):
        return Int(x.dim)
    if isinstance(x, Typed):
        if x.kind == "float":
            negative = isinstance(x.lo, (int, float)) and x.lo < 0
            return Typed("int") if negative and x.floor is None else whole_part(cx, x)
        return Typed("int", lo=x.lo, hi=x.hi) if x.kind in ("int", "bool") else Typed("int")
    if isinstance(x, Array):
        return number_of_array(cx, x, "int")
    refuse(cx, "int", x, "a string, a bytes-like object or a real number")
    return Typed("int")


def refuse(cx: Context, name: str, value: Value, wanted: str) -> None:
    """TypeError for a list, a dict or None."""
    if isinstance(value, (Sequence, DictValue)):
        message = f"{name}() argument must be {wanted}, not '{type_name(value)}'"
        raise type_error(message, name, value, types=(type_name(value) or "",), recover=Typed(name))


def number_of_array(cx: Context, array: Array, kind: str) -> Value:
    """``int(array)``, ``float(array)``: arrays with one element. TypeError (RuntimeError in torch) for more."""
    if not array.has_elements:
        return cx.type_rule(array, f"__{kind}__") or Typed(kind)
    if array.shape is not None:
        size = product(array.shape)
        single = array.kind == "numpy" and array.shape != () and cx.targets.at_least("numpy", "2.4")
        if single or eq(size, 1, cx.facts).is_no:
            _refuse_array(cx, array, kind)
    dim = as_dim(array)
    if kind == "int" and dim is not None:
        return int_value(dim)
    if array.data is not None and len(array.data) == 1 and isinstance(array.data[0], (int, float)):
        return const(float(array.data[0]) if kind == "float" else int(array.data[0]))
    if kind == "int":
        return Typed(kind, lo=_int_bound(array.lo), hi=_int_bound(array.hi))
    return Typed(kind, lo=array.lo, hi=array.hi)


def _refuse_array(cx: Context, array: Array, kind: str) -> None:
    """NumPy takes arrays without axes only from 2.4 on, those of one element before."""
    from foreshape.faults.base import Raises
    from foreshape.faults.scalar_conversion import ScalarConversion

    recover = Typed(kind)
    if array.kind == "numpy":
        which = "0-dimensional" if cx.targets.at_least("numpy", "2.4") else "length-1"
        raise ScalarConversion(
            Raises("TypeError", f"only {which} arrays can be converted to Python scalars", by="numpy"),
            values=(array,), recover=recover, shape=array.shape or (), wanted=kind,
        )  # fmt: skip
    if array.kind == "torch" and array.shape is not None and all(isinstance(dim, int) for dim in array.shape):
        message = "only one element tensors can be converted to Python scalars"
        raise value_error(message, kind, array, recover=recover)
    if array.kind == "tensorflow":
        message = "only length-1 arrays can be converted to Python scalars"
        raise type_error(message, kind, array, types=("Tensor",), recover=recover)


@rule("builtins.float")
def float_(cx: Context, x: Value | None = None, /) -> Value:
    """A float of a number or text. ValueError of a text that is none."""
    if x is None:
        return const(0.0)
    if isinstance(x, Const):
        found = evaluate(cx, "float", float, x, recover=Typed("float"))
        return found if found is not None else Typed("float")
    if isinstance(x, Array):
        return number_of_array(cx, x, "float")
    if isinstance(x, Typed) and x.kind == "float":
        return x
    if isinstance(x, Int):
        return Typed("float", lo=x.dim, hi=x.dim, floor=x.dim, ceil=x.dim)
    refuse(cx, "float", x, "a string or a real number")
    return bounded(x) if isinstance(x, Typed) and x.kind in ("int", "bool") else Typed("float")


@rule("builtins.complex")
def complex_(cx: Context, real: Value | None = None, imag: Value | None = None) -> Value:
    """A complex number."""
    given = tuple(part for part in (real, imag) if part is not None)
    found = evaluate(cx, "complex", complex, *given, recover=Typed("complex"))
    return found if found is not None else Typed("complex")


@rule("builtins.bool")
def bool_(cx: Context, x: Value | None = None, /) -> Value:
    """Whether something is true."""
    if x is None:
        return const(False)
    truth = cx.truth(x)
    return Typed("bool", condition=truth.condition) if truth.is_unknown else const(truth.is_yes)


@rule("builtins.abs")
def abs_(cx: Context, x: Value, /) -> Value:
    """Without its sign."""
    if isinstance(x, Const):
        found = evaluate(cx, "abs", abs, x, recover=Typed("float"))
        return found if found is not None else Typed("float")
    if isinstance(x, Int):
        positive = ge(x.dim, 0, cx.facts)
        return int_value(x.dim if positive.is_yes else -x.dim if positive.is_no else dmax(x.dim, -x.dim))
    if isinstance(x, Typed):
        return Typed("int" if x.kind in ("int", "bool") else "float", lo=0)
    if isinstance(x, Array):
        return cx.rule(f"{module_of(x)}.abs", x)
    method = cx.user_method(x, "__abs__")
    return cx.call(method) if method is not None else cx.unknown("abs of this is not modelled")


def module_of(array: Array) -> str:
    """The library of an array."""
    return {"keras": "keras.ops"}.get(array.kind, array.kind)


@rule("builtins.round")
def round_(cx: Context, number: Value, ndigits: Value | None = None) -> Value:
    """The nearest int, or float with so many digits."""
    whole = ndigits is None or is_none(ndigits)
    if isinstance(number, Const):
        given = (number,) if whole or ndigits is None else (number, ndigits)
        found = evaluate(cx, "round", round, *given, recover=Typed("int" if whole else "float"))
        return found if found is not None else Typed("float")
    if isinstance(number, Int):
        return Int(number.dim)
    if isinstance(number, Typed) and number.kind == "float" and whole:
        return _nearest(cx, number)
    if isinstance(number, Typed) and number.kind in ("int", "bool"):
        return Typed("int", lo=number.lo, hi=number.hi)
    if isinstance(number, Array):
        if number.shape == () and whole:
            return Typed("int") if number.kind == "numpy" else cx.rule(f"{module_of(number)}.round", number)
        digits = () if whole or ndigits is None else (ndigits,)
        return cx.rule(f"{module_of(number)}.round", number, *digits)
    if isinstance(number, Typed):
        return Typed("int") if whole else Typed("float")
    return cx.unknown("what is rounded is not known")


def _nearest(cx: Context, number: Typed) -> Value:
    """Between floor and ceiling."""
    if number.floor is None or number.ceil is None:
        return whole_part(cx, number)
    floor, ceil = cx.resolve(number.floor), cx.resolve(number.ceil)
    if eq(floor, ceil, cx.facts).is_yes:
        return int_value(floor)
    low = lower(floor, cx.facts)
    return int_value(cx.fresh(None, lo=low if low is not None else 0, hi=ceil))


@rule("builtins.divmod")
def divmod_(cx: Context, x: Value, y: Value, /) -> Value:
    """(x // y, x % y)."""
    found = evaluate(cx, "divmod", divmod, x, y, recover=sequence("tuple", (Typed("int"), Typed("int"))))
    if found is not None:
        return found
    return sequence("tuple", (cx.binary("//", x, y), cx.binary("%", x, y)))


@rule("builtins.pow")
def pow_(cx: Context, base: Value, exp: Value, mod: Value | None = None) -> Value:
    """``base ** exp``, modulo."""
    if mod is None or is_none(mod):
        return cx.binary("**", base, exp)
    found = evaluate(cx, "pow", pow, base, exp, mod, recover=Typed("int"))
    return found if found is not None else Typed("int", lo=0)


def _based(name: str, function: Callable[[int], str]) -> None:
    @rule(f"builtins.{name}")
    def shown(cx: Context, number: Value, /) -> Value:
        value = as_int(number)
        if isinstance(number, Const) and value is None:
            message = f"'{type_name(number)}' object cannot be interpreted as an integer"
            raise type_error(message, name, number, recover=Typed("str"))
        return Typed("str") if value is None else const(function(value))


_based("hex", hex)
_based("bin", bin)
_based("oct", oct)

# -- methods

METHODS: Final[dict[str, dict[str, str]]] = {
    "int": {
        "bit_length": "int", "bit_count": "int", "conjugate": "int", "to_bytes": "bytes", "is_integer": "bool",
        "__index__": "int", "__int__": "int", "__float__": "float", "__str__": "str", "__repr__": "str",
    },
    "float": {
        "is_integer": "bool", "hex": "str", "conjugate": "float", "__int__": "int", "__float__": "float",
        "__str__": "str", "__repr__": "str",
    },
    "complex": {"conjugate": "complex"},
}  # fmt: skip


def _method(owner: str, name: str, result: str) -> None:
    @rule(f"builtins.{owner}.{name}")
    def method(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
        if isinstance(self, Const) and not kwargs and not args:
            made = evaluate(cx, f"{owner}.{name}", operators.methodcaller(name), self, recover=Typed(result))
            if made is not None:
                return made
        if name in ("conjugate", "__index__", "__int__") and isinstance(self, Int):
            return self
        return Typed(result)


for _owner, _names in METHODS.items():
    for _name, _result in _names.items():
        _method(_owner, _name, _result)


@rule("builtins.int.from_bytes")
def from_bytes(cx: Context, bytes_: Value, byteorder: Value | None = None, *, signed: Value | None = None) -> Value:
    """An int of bytes."""
    return Typed("int")


@rule("builtins.float.fromhex")
def fromhex(cx: Context, text: Value, /) -> Value:
    """A float of a text."""
    return Typed("float")


@rule("builtins.float.as_integer_ratio", "builtins.int.as_integer_ratio")
def as_integer_ratio(cx: Context, self: Value) -> Value:
    """(numerator, denominator)."""
    return sequence("tuple", (Typed("int"), Typed("int")))


@rule("builtins.int.real", "builtins.int.numerator", kind="attribute")
def real_of_int(cx: Context, self: Value) -> Value:
    """The number itself."""
    return self


@rule("builtins.int.imag", kind="attribute")
def imag_of_int(cx: Context, self: Value) -> Value:
    """Nothing."""
    return const(0)


@rule("builtins.int.denominator", kind="attribute")
def denominator(cx: Context, self: Value) -> Value:
    """One."""
    return const(1)


@rule("builtins.float.real", "builtins.float.imag", "builtins.complex.real", "builtins.complex.imag", kind="attribute")
def part(cx: Context, self: Value) -> Value:
    """A part of a float or complex number."""
    return Typed("float")


# -- operators that are left over for scalars


@rule("builtins.int.__binary__", "builtins.float.__binary__", "builtins.complex.__binary__")
@rule("builtins.NoneType.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """What no type of the two takes: TypeError, where both types are certain."""
    assert isinstance(operator, Const)
    text = str(operator.value)
    if isinstance(other, (Array, Instance, Unknown, Sequence, DictValue)):
        return None
    numbers = ("int", "float", "bool", "complex")
    kinds = (scalar_kind(self), scalar_kind(other))
    if kinds[0] in numbers and kinds[1] in numbers:
        if text in ("==", "!=", "<", ">", "<=", ">="):
            return _compare(cx, text, self, other)
        return None
    left, right = type_name(self), type_name(other)
    if left is None or right is None or right in ("str", "bytes"):
        return None
    if text in ("==", "!="):
        return const(text == "!=") if left != right else const(text == "==")
    if isinstance(reflected, Const) and reflected.value:
        left, right = right, left
    message = f"unsupported operand type(s) for {text}: '{left}' and '{right}'"
    if text in ("<", ">", "<=", ">="):
        message = f"'{text}' not supported between instances of '{left}' and '{right}'"
    raise type_error(message, text, self, other, types=(left, right))


def _compare(cx: Context, text: str, a: Value, b: Value) -> Value:
    """Numbers by their bounds."""
    (low_a, high_a), (low_b, high_b) = _range_of(cx, a), _range_of(cx, b)
    if text in (">", ">="):
        low_a, high_a, low_b, high_b = low_b, high_b, low_a, high_a
        text = "<" if text == ">" else "<="
    if text == "<" and None not in (high_a, low_b) and high_a < low_b:
        return const(True)
    if text == "<" and None not in (low_a, high_b) and low_a >= high_b:
        return const(False)
    if text == "<=" and None not in (high_a, low_b) and high_a <= low_b:
        return const(True)
    if text == "<=" and None not in (low_a, high_b) and low_a > high_b:
        return const(False)
    return Typed("bool")


def _range_of(cx: Context, value: Value) -> tuple[Any, Any]:
    if isinstance(value, Const):
        return (value.value, value.value) if not isinstance(value.value, complex) else (None, None)
    if isinstance(value, Int):
        return lower(value.dim, cx.facts), upper(value.dim, cx.facts)
    if isinstance(value, Typed):
        low = lower(value.lo, cx.facts) if isinstance(value.lo, Dim) else value.lo
        high = upper(value.hi, cx.facts) if isinstance(value.hi, Dim) else value.hi
        return low, high
    return None, None


@rule("builtins.int.__getitem__", "builtins.float.__getitem__", "builtins.NoneType.__getitem__")
def not_subscriptable(cx: Context, self: Value, index: Value) -> Value:
    """Numbers and None have no items: TypeError."""
    shown = type_name(self) or "int"
    message = f"'{shown}' object is not subscriptable"
    raise type_error(message, "[]", self, types=(shown,), recover=Unknown("it has no items"))


@rule("builtins.slice.__getitem__", "builtins.function.__getitem__")
def function_not_subscriptable(cx: Context, self: Value, index: Value) -> Value:
    """Slices and functions have no items: TypeError, unless a decorator may have made something else of it."""
    recover = Unknown("it has no items")
    function = self.function if isinstance(self, BoundMethod) else self
    if isinstance(function, Function) and function.wrapper == "decorated":
        return recover
    shown = type_name(self) or "function"
    message = f"'{shown}' object is not subscriptable"
    raise type_error(message, "[]", self, types=(shown,), recover=recover)


@rule("builtins.str.__unary__", "builtins.list.__unary__", "builtins.tuple.__unary__", "builtins.dict.__unary__")
@rule("builtins.NoneType.__unary__", "builtins.set.__unary__", "builtins.float.__unary__")
def unary(cx: Context, self: Value, operator: Value) -> Value | None:
    """Only numbers have a sign: TypeError."""
    assert isinstance(operator, Const)
    shown = type_name(self) or ""
    message = f"bad operand type for unary {operator.value}: '{shown}'"
    raise type_error(message, str(operator.value), self, types=(shown,), recover=Unknown("it has no sign"))


@rule("builtins.int.__setitem__", "builtins.float.__setitem__")
@rule("builtins.NoneType.__setitem__", "builtins.str.__setitem__")
def no_item_assignment(cx: Context, self: Value, index: Value, value: Value) -> Value:
    """Numbers, None and texts do not change: TypeError."""
    shown = type_name(self) or "int"
    message = f"'{shown}' object does not support item assignment"
    raise type_error(message, "[] =", self, types=(shown,), recover=Const(None))


def real_number(cx: Context, name: str, function: Callable[..., Any], *values: Value) -> Value | None:
    """Really computed, where all are known; errors are faults."""
    real = known(*values)
    if real is None:
        return None
    try:
        return const(function(*real))
    except Exception as error:
        fault = from_exception(error, name, *values, recover=Typed("float"))
        if fault is None:
            return Typed("float")
        raise fault from None


@constant("builtins.Ellipsis")
def ellipsis(cx: Context) -> Value:
    """What ``...`` is."""
    return Const(Ellipsis)
