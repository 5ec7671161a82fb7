"""The machinery of elementwise functions: broadcasting, the dtype of the result, bounds and elements."""

from __future__ import annotations

import math
from collections.abc import Callable
from collections.abc import Sequence as SequenceOf
from itertools import product as cartesian
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim, eq
from foreshape.domain.values import Array, Const, Instance, Shape, Unknown, Value
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.dtypes import (
    SIZES,
    WEAK_DEFAULT,
    casts,
    dtype_argument,
    integer_range,
    kind_of,
    text_length,
    weak_kind,
)
from foreshape.semantics.numpy.intervals import INTERVALS, ITEMS, Interval
from foreshape.semantics.numpy.support import MOST_DATA, given, known, loosened, made, resolved, shape_text, within
from foreshape.semantics.shared.broadcast import broadcast_shapes, misaligned

if TYPE_CHECKING:
    from foreshape.domain.truth import Condition
    from foreshape.semantics.protocol import Context
    from foreshape.semantics.shared.result import Need

Operands = tuple[Array, ...]

# -- loops ------------------------------------------------------------------------------------------------------------
GROUPS: Final = {
    "?": ("bool",),
    "i": ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"),
    "f": ("float16", "float32", "float64", "float128"),
    "d": ("float64", "float128"),
    "c": ("complex64", "complex128", "complex256"),
    "D": ("complex128", "complex256"),
}
"""The dtypes that a letter of :attr:`Ufunc.loops` stands for, in the order in which NumPy tries them."""


class Ufunc:
    """An elementwise function. loops: the dtypes it computes in (letters of GROUPS). gives: "same", "bool", or a
    dtype."""

    __slots__ = ("gives", "inputs", "loops", "name", "symbol")

    def __init__(self, name: str, inputs: int, loops: str, gives: str = "same", symbol: str = "") -> None:
        self.name = name
        self.inputs = inputs
        self.loops = loops
        self.gives = gives
        self.symbol = symbol


class NoLoopError(Exception):
    """No loop takes these dtypes."""


def loop_of(loops: str, operands: SequenceOf[tuple[str | None, str | None]]) -> str | None:
    """The dtype that the function computes in, for operands as (dtype, weak kind or None); None where not known.

    Raises NoLoopError.
    """
    strong = [dtype for dtype, weak in operands if weak is None]
    highest = max((_level(dtype) for dtype in strong), default=-1)
    needed: list[str] = []
    weaks: list[str] = []
    for dtype, weak in operands:
        if weak is None:
            if dtype is None:
                return None
            needed.append(dtype)
        elif _WEAK_LEVEL[weak] > highest:
            # a Python number of a higher kind than all arrays counts as its default dtype
            needed.append("complex64" if weak == "complex" and highest == 2 else WEAK_DEFAULT[weak])
        else:
            weaks.append(weak)
    for letter in loops:
        for dtype in GROUPS[letter]:
            if all(casts(one, dtype, "safe") for one in needed) and all(
                _level(dtype) >= _WEAK_LEVEL[weak] for weak in weaks
            ):
                return dtype
    raise NoLoopError


_WEAK_LEVEL: Final = {"int": 1, "float": 2, "complex": 3}


def _level(dtype: str | None) -> int:
    return {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}.get(kind_of(dtype), 4)


# -- broadcasting -----------------------------------------------------------------------------------------------------
def broadcast(
    cx: Context, taker: str, arrays: SequenceOf[Array], values: SequenceOf[Value], recover: Value | None = None,
    text: str = "operands could not be broadcast together with shapes {} ",
) -> Shape | None:  # fmt: skip
    """The common shape; None where a rank is not known. Raises ``broadcast-mismatch``."""
    if any(array.shape is None for array in arrays):
        return None
    shapes = [resolved(cx, array.shape or ()) for array in arrays]
    found = broadcast_shapes(*shapes, facts=cx.facts)
    said = text.format(" ".join(shape_text(shape) for shape in shapes))
    if found.failed is not None:
        raise _not_together(taker, said, shapes, found.failed, values, recover, None)
    for need in found.open:
        condition = misaligned(shapes, need, cx.facts)
        if condition is not None:
            cx.report(_not_together(taker, said, shapes, need, values, recover, condition))
        elif need.kind == "equal":
            cx.equal(need.left, need.right)
        elif eq(need.left, need.right, cx.facts).is_no:
            # two sizes that are never equal go together only where one of them happens to be 1
            condition = need.truth.negate().condition
            if condition is not None:
                cx.report(_not_together(taker, said, shapes, need, values, recover, condition))
    return resolved(cx, found.shape)


def _not_together(
    taker: str, text: str, shapes: list[Shape], need: Need, values: SequenceOf[Value], recover: Value | None,
    condition: Condition | None,
) -> Fault:  # fmt: skip
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    open_dtype = any(isinstance(value, Array) and value.dtype is None for value in values)
    raises = Raises("ValueError", text, by="numpy", sooner="_UFuncNoLoopError" if open_dtype else "")
    return BroadcastMismatch(
        raises, values=tuple(values), recover=recover, condition=condition, taker=taker,
        shapes=tuple(shapes), axis=need.where if isinstance(need.where, int) else None,
    )  # fmt: skip


def joined_roles(arrays: SequenceOf[Array], shape: Shape | None) -> tuple[str | None, ...] | None:
    """The roles of the axes of a broadcast result: those of the first operand that has all axes and roles."""
    if shape is None:
        return None
    for array in arrays:
        if array.roles is not None and len(array.roles) == len(shape):
            return array.roles
    return None


def elements(
    shape: Shape | None, arrays: SequenceOf[Array], function: Callable[..., Any] | None
) -> tuple[Any, ...] | None:
    """The elements of the result where all elements of the operands are known."""
    plain = known(shape)
    if function is None or plain is None or math.prod(plain) > MOST_DATA:
        return None
    if any(array.data is None or known(array.shape) is None for array in arrays):
        return None
    result: list[Any] = []
    try:
        for place in cartesian(*(range(size) for size in plain)):
            result.append(function(*(_item(array, place) for array in arrays)))
    except (TypeError, ValueError, ArithmeticError):
        return None
    return tuple(result)


def _item(array: Array, place: tuple[int, ...]) -> Any:
    assert array.data is not None
    shape = known(array.shape) or ()
    position = 0
    for size, index in zip(shape, place[len(place) - len(shape) :]):
        position = position * size + (0 if size == 1 else index)
    return array.data[position]


# -- applying ---------------------------------------------------------------------------------------------------------
def operand_array(cx: Context, value: Value) -> Array | Unknown:
    return as_array(cx, value, "ufunc")


def is_foreign(value: Value) -> bool:
    """Whether another library decides what an elementwise function of this value gives."""
    if isinstance(value, Array):
        return value.kind == "torch"
    return isinstance(value, Instance) and (value.library_type or "").startswith(
        ("pandas.", "scipy.", "keras.", "torch.")
    )


def apply_ufunc(
    cx: Context, ufunc: Ufunc, values: tuple[Value, ...], out: Value | None = None, where: Value | None = None,
    dtype: Value | None = None, casting: Value | None = None,
) -> Value:  # fmt: skip
    """The result of an elementwise function with one output."""
    foreign = next((value for value in values if is_foreign(value)), None)
    if foreign is not None:
        from foreshape.semantics.numpy.foreign import apply_foreign

        return apply_foreign(cx, ufunc, values, foreign)
    arrays: list[Array] = []
    for value in values:
        array = operand_array(cx, value)
        if isinstance(array, Unknown):
            return cx.unknown(array.reason)
        arrays.append(array)
    if given(out) and out is not None:
        return into_output(cx, ufunc, arrays, values, out)
    result = compute(cx, ufunc, arrays, values)
    if given(dtype):
        wanted = dtype_argument(cx, dtype, result.dtype)
        if ufunc.gives == "same":
            result = made(result.shape, wanted, result.lo, result.hi, roles=result.roles)
    if given(where) and where is not None:
        mask = as_array(cx, where)
        if isinstance(mask, Unknown) or mask.shape is None:
            return made(None, result.dtype)
        shape = broadcast(cx, ufunc.name, (result, mask), (*values, where))
        result = made(shape, result.dtype)
    return result


def compute(cx: Context, ufunc: Ufunc, arrays: SequenceOf[Array], values: tuple[Value, ...]) -> Array:
    """Broadcast, dtype, bounds and elements."""
    dtype = result_dtype(cx, ufunc, arrays, values)
    shape = broadcast(cx, ufunc.symbol or ufunc.name, arrays, values, made(None, dtype))
    data = converted(elements(shape, arrays, ITEMS.get(ufunc.name)), dtype) if len(arrays) <= 2 else None
    if data is not None and (not _representable(data, dtype) or (ufunc.name == "power" and kind_of(dtype) == "f")):
        # powers of floats are not rounded the same everywhere
        data = None
    lo, hi = result_bounds(ufunc, arrays, dtype)
    held = reached(ufunc.name, arrays)
    if shape and not held:
        lo = hi = None
    roles = joined_roles(arrays, shape)
    if data is not None:
        return made(shape, dtype, data=data, roles=roles)
    result = made(shape, dtype, lo, hi, roles=roles)
    if not held and lo is not None:
        result.meta = {**result.meta, "loose": True}
    return result


def _representable(data: tuple[Any, ...], dtype: str | None) -> bool:
    limits = integer_range(dtype)
    if limits is None:
        return True
    return all(isinstance(item, Dim) or limits[0] <= item <= limits[1] for item in data)


PICKS: Final = frozenset({"bitwise_count", "gcd", "lcm", "hypot", "arctan2"})


def reached(name: str, arrays: SequenceOf[Array]) -> bool:
    """Whether some element comes as far as the bounds say. The bounds of an array stand for values that it holds, and
    what is made of two ranges need not hold the ends: ``y - y.min()`` is never negative."""
    if name in PICKS:
        return True
    spread = [array for array in arrays if array.lo is None or array.hi is None or array.lo != array.hi]
    if len(spread) > 1:
        return False
    if name == "remainder" and len(arrays) == 2 and spread == [arrays[0]]:
        lo, hi, divisor = arrays[0].lo, arrays[0].hi, arrays[1].lo
        if isinstance(lo, int) and isinstance(hi, int) and isinstance(divisor, int) and divisor > 0:
            return hi - lo + 1 >= divisor or (lo >= 0 and hi < divisor)
    return True


def result_bounds(ufunc: Ufunc, arrays: SequenceOf[Array], dtype: str | None) -> Interval:
    """Bounds of the result."""
    if dtype == "bool":
        return 0, 1
    function = INTERVALS.get(ufunc.name)
    if function is None or kind_of(dtype) not in ("i", "u", "f"):
        return None, None
    if any(kind_of(array.dtype) not in ("b", "i", "u", "f") for array in arrays):
        return None, None
    lo, hi = function(*((array.lo, array.hi) for array in arrays))
    if ufunc.name == "remainder" and kind_of(dtype) == "f":
        # a remainder of floats comes as near to the divisor as it likes
        hi = arrays[1].hi if lo is not None else None
    if ufunc.name == "power" and kind_of(dtype) != "f" and (lo is None or hi is None):
        return None, None
    return loosened(dtype, *within(dtype, lo, hi))


# -- dtypes -----------------------------------------------------------------------------------------------------------
SUBTRACT_BOOL: Final = (
    "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the "
    "logical_xor function instead."
)
NEGATIVE_BOOL: Final = (
    "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function "
    "instead."
)
COMPARISONS: Final = frozenset({"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"})
BY_CLASS: Final = frozenset({*COMPARISONS, "gcd", "lcm", "sign", "positive", "negative", "absolute"})
BY_DTYPE: Final = frozenset({"add", "subtract", "multiply", "fmax", "fmin", "maximum", "minimum"})


def result_dtype(cx: Context, ufunc: Ufunc, arrays: SequenceOf[Array], values: tuple[Value, ...]) -> str | None:
    """The dtype of the result. Raises ``dtype-mismatch`` where the function has no loop for the operands."""
    kinds = [kind_of(array.dtype) for array in arrays]
    if any(kind == "" for kind in kinds):
        return "bool" if ufunc.gives == "bool" else None
    if any(kind not in ("b", "i", "u", "f", "c") for kind in kinds):
        return _unusual(cx, ufunc, arrays, values, kinds)
    if ufunc.name == "subtract" and set(kinds) == {"b"}:
        raise _no_loop(cx, ufunc, arrays, values, SUBTRACT_BOOL)
    if ufunc.name == "negative" and kinds == ["b"]:
        raise _no_loop(cx, ufunc, arrays, values, NEGATIVE_BOOL)
    if ufunc.name in ("sign", "positive") and kinds == ["b"]:
        raise _no_loop(cx, ufunc, arrays, values)
    if ufunc.name == "divide" and all(kind in ("b", "i", "u") for kind in kinds):
        return "float64"
    loops = ufunc.loops
    if ufunc.name in ("floor", "ceil", "trunc") and not cx.targets.at_least("numpy", "2.1"):
        loops = "f"
    operands = [(array.dtype, weak_kind(value)) for array, value in zip(arrays, values)]
    if not cx.targets.at_least("numpy", "2"):
        operands = _legacy(operands, arrays)
    try:
        loop = loop_of(loops, operands)
    except NoLoopError:
        raise _no_loop(cx, ufunc, arrays, values) from None
    if ufunc.gives == "bool":
        return "bool"
    if cx.targets.at_least("numpy", "2") and integer_range(loop) is not None:
        _check_numbers(loop, values, arrays)
    if ufunc.gives != "same":
        return ufunc.gives
    if ufunc.name == "absolute" and loop is not None and kind_of(loop) == "c":
        return {"complex64": "float32", "complex128": "float64"}.get(loop, "float128")
    return loop


LEGACY_ORDER: Final = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 2}


def _legacy(
    operands: list[tuple[str | None, str | None]], arrays: SequenceOf[Array]
) -> list[tuple[str | None, str | None]]:
    """NumPy 1: scalars and arrays without axes give way where there are arrays with axes of the same kind or a higher
    one, as far as their value allows."""
    full = [dtype if weak is None else WEAK_DEFAULT[weak] for dtype, weak in operands]
    orders = [LEGACY_ORDER.get(kind_of(dtype), 3) for dtype, array in zip(full, arrays) if array.shape != ()]
    if not orders:
        return [(dtype, None) for dtype in full]
    found: list[tuple[str | None, str | None]] = []
    for dtype, array in zip(full, arrays):
        kind = kind_of(dtype)
        if array.shape != () or kind not in LEGACY_ORDER or LEGACY_ORDER[kind] > max(orders):
            found.append((dtype, None))
        elif kind in ("i", "u"):
            found.append((None, "int") if fits_all(array, arrays) else (None, None))
        else:
            found.append(({"f": "float16", "c": "complex64"}.get(kind, dtype), None))
    return found


def fits_all(array: Array, arrays: SequenceOf[Array]) -> bool:
    """Whether the value of a scalar is one of the dtype of every array (or is not known, which is taken to fit)."""
    value = array.lo
    if value is None or value != array.hi or not isinstance(value, int):
        return True
    if any(other.dtype == "float16" and other.shape != () for other in arrays):
        return -128 <= value <= 255
    ranges = [integer_range(other.dtype) for other in arrays if other.shape != ()]
    return all(limits is None or limits[0] <= value <= limits[1] for limits in ranges)


def _check_numbers(loop: str | None, values: tuple[Value, ...], arrays: SequenceOf[Array]) -> None:
    limits = integer_range(loop)
    if limits is None or loop == "bool":
        return
    for value, array in zip(values, arrays):
        if (
            isinstance(value, Const)
            and type(value.value) is int
            and not limits[0] <= value.value <= limits[1]
            and any(other is not array and other.dtype in SIZES for other in arrays)
        ):
            from foreshape.semantics.numpy.conversion import out_of_bounds

            raise out_of_bounds(value.value, loop, *values)


def _unusual(
    cx: Context, ufunc: Ufunc, arrays: SequenceOf[Array], values: tuple[Value, ...], kinds: list[str]
) -> str | None:
    """Text, objects and dates."""
    if "O" in kinds:
        _check_objects(cx, ufunc, arrays, values)
        return "bool" if ufunc.name.startswith("logical") or ufunc.name in COMPARISONS else "object"
    if set(kinds) <= {"U", "b", "i", "u", "f", "c"}:
        return _text_result(cx, ufunc, arrays, values, kinds)
    if ufunc.gives == "bool":
        return "bool"
    return None


PYTHON_NAMES: Final = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex", "U": "str", "S": "bytes"}


def _check_objects(cx: Context, ufunc: Ufunc, arrays: SequenceOf[Array], values: tuple[Value, ...]) -> None:
    """Arithmetic with None, a dict or a set: each element is combined with it by Python, which has no such
    operation."""
    from foreshape.domain.values import DictValue, Sequence

    odd = [
        isinstance(value, DictValue)
        or (isinstance(value, Const) and value.value is None)
        or (isinstance(value, Sequence) and value.kind in ("set", "frozenset"))
        for value in values
    ]
    if not any(odd):
        return
    if ufunc.inputs == 1:
        if ufunc.name in ("isnan", "isinf", "isfinite"):
            raise _no_loop(cx, ufunc, arrays, values)
        if ufunc.name in (
            "exp",
            "log",
            "log2",
            "log10",
            "log1p",
            "sqrt",
            "sin",
            "cos",
            "tan",
            "tanh",
            "floor",
            "ceil",
            "square",
        ):
            text = (
                f"loop of ufunc does not support argument 0 of type {_python_name(values[0], arrays[0])} which has no "
                f"callable {ufunc.name} method"
            )
            if ufunc.name in ("square", "floor", "ceil"):
                return
            raise _no_loop(cx, ufunc, arrays, values, text)
        return
    if ufunc.name.startswith("logical") or ufunc.name in ("equal", "not_equal") or not ufunc.symbol:
        return
    others = [array for array, strange in zip(arrays, odd) if not strange]
    if not others or any(kind_of(array.dtype) not in PYTHON_NAMES for array in others):
        return
    from foreshape.domain.dim import ge

    if not all(ge(size, 1, cx.facts).is_yes for array in others for size in array.shape or (0,)):
        return
    left, right = (_python_name(value, array) for value, array in zip(values, arrays))
    shown = "** or pow()" if ufunc.symbol == "**" else ufunc.symbol
    text = f"unsupported operand type(s) for {shown}: '{left}' and '{right}'"
    if ufunc.name in COMPARISONS:
        text = f"'{ufunc.symbol}' not supported between instances of '{left}' and '{right}'"
    raise _no_loop(cx, ufunc, arrays, values, text)


def _python_name(value: Value, array: Array) -> str:
    """The Python type of an element."""
    from foreshape.domain.values import DictValue, Sequence

    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, (DictValue, Sequence)) and kind_of(array.dtype) == "O":
        return value.kind
    return PYTHON_NAMES.get(kind_of(array.dtype), "object")


def _text_result(
    cx: Context, ufunc: Ufunc, arrays: SequenceOf[Array], values: tuple[Value, ...], kinds: list[str]
) -> str | None:
    if ufunc.name.startswith("logical"):
        return "bool"
    if all(kind == "U" for kind in kinds) and ufunc.inputs == 2:
        if ufunc.name in COMPARISONS:
            return "bool"
        if ufunc.name == "add":
            widths = [text_length(array.dtype or "") for array in arrays]
            return "str" if None in widths else f"<U{sum(width for width in widths if width is not None)}"
    if ufunc.name == "multiply" and {"i", "u"} & set(kinds):
        if not cx.targets.at_least("numpy", "2"):
            raise _no_loop(cx, ufunc, arrays, values)
        text = (
            "The 'out' kwarg is necessary when using the string multiply ufunc directly. Use numpy.strings.multiply to "
            "multiply strings without specifying 'out'."
        )
        raise _no_loop(cx, ufunc, arrays, values, text)
    raise _no_loop(cx, ufunc, arrays, values)


def _class_name(dtype: str, value: Value) -> str:
    weak = weak_kind(value)
    if weak is not None:
        return {"int": "_PyLongDType", "float": "_PyFloatDType", "complex": "_PyComplexDType"}[weak]
    if kind_of(dtype) == "U":
        return "StrDType"
    names = {"bool": "BoolDType", "object": "ObjectDType", "uint8": "UInt8DType", "uint16": "UInt16DType",
             "uint32": "UInt32DType", "uint64": "UInt64DType"}  # fmt: skip
    return names.get(dtype, dtype.capitalize() + "DType")


def _no_loop(
    cx: Context, ufunc: Ufunc, arrays: SequenceOf[Array], values: tuple[Value, ...], text: str | None = None
) -> Exception:
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    dtypes = [array.dtype or "?" for array in arrays]
    exception = "TypeError"
    if text is None:
        name = ufunc.name
        if name in BY_CLASS or name in BY_DTYPE:
            if name in BY_CLASS and not (name in ("gcd", "lcm") and "U" in (kind_of(d) for d in dtypes)):
                parts = [f"<class 'numpy.dtypes.{_class_name(d, v)}'>" for d, v in zip(dtypes, values)]
            else:
                parts = [f"dtype('{d}')" for d in dtypes]
            shown = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
            text = f"ufunc '{name}' did not contain a loop with signature matching types {shown} -> None"
            exception = "UFuncTypeError"
        else:
            text = (
                f"ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any "
                "supported types according to the casting rule ''safe''"
            )
    return DtypeMismatch(
        Raises(exception, text, by="numpy"), values=values, taker=ufunc.symbol or ufunc.name, got=tuple(dtypes)
    )


# -- output arguments -------------------------------------------------------------------------------------------------
def into_output(
    cx: Context, ufunc: Ufunc, arrays: list[Array], values: tuple[Value, ...], out: Value, name: str | None = None
) -> Value:
    """``out=``: the result is cast to the output (same kind) and has its shape."""
    target = out
    from foreshape.domain.values import Sequence

    if isinstance(out, Sequence):
        items = out.contents.items()
        if not items:
            return cx.unknown("the output is not known")
        target = items[0]
    if not isinstance(target, Array):
        return cx.unknown("the output is not known")
    dtype = result_dtype(cx, ufunc, arrays, values)
    check_store(ufunc.name, dtype, target.dtype, values)
    if target.shape is not None and all(array.shape is not None for array in arrays):
        shapes = [resolved(cx, array.shape or ()) for array in arrays]
        found = broadcast_shapes(*shapes, facts=cx.facts)
        whole = broadcast_shapes(found.shape, target.shape, facts=cx.facts)
        if found.failed is not None or whole.failed is not None:
            broadcast(cx, ufunc.name, (*arrays, target), (*values, target), target)
        check_output(cx, ufunc, found.shape, target, values)
    lo, hi = result_bounds(ufunc, arrays, target.dtype)
    changed = target.replace(lo=lo, hi=hi, data=None)
    cx.rebind(target, changed)
    return changed


def check_store(name: str, dtype: str | None, target: str | None, values: tuple[Value, ...]) -> None:
    """Raise where the result cannot be stored in the output."""
    if casts(dtype, target, "same_kind") is not False:
        return
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    text = f"Cannot cast ufunc '{name}' output from dtype('{dtype}') to dtype('{target}') with casting rule 'same_kind'"
    raise DtypeMismatch(
        Raises("UFuncTypeError", text, by="numpy"), values=values, taker=name, got=(dtype or "?",), wanted=target
    )


def check_output(cx: Context, ufunc: Ufunc, shape: Shape, target: Array, values: tuple[Value, ...]) -> None:
    """Raise where the output is smaller than what is stored in it."""
    from foreshape.semantics.shared.broadcast import broadcast_to

    assert target.shape is not None
    found = broadcast_to(shape, target.shape, cx.facts)
    if found.failed is None:
        return
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    text = (
        f"non-broadcastable output operand with shape {shape_text(target.shape)} doesn't match the broadcast shape "
        f"{shape_text(shape)}"
    )
    raise BroadcastMismatch(
        Raises("ValueError", text, by="numpy"), values=values, recover=target, taker=ufunc.symbol or ufunc.name,
        shapes=(target.shape, shape),
    )  # fmt: skip
