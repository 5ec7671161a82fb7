"""Sums, means, extremes and other functions that take axes away, and those that run along an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product as cartesian
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim, DimLike, dmax, dmin
from foreshape.domain.values import Array, Bound, Const, Instance, Shape, Unknown, Value, as_int
from foreshape.faults.base import Raises
from foreshape.semantics.notes.compared import note_added_up
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.dtypes import bound_high, bound_low, dtype_argument, kind_of, mean_dtype
from foreshape.semantics.numpy.elementwise import Ufunc
from foreshape.semantics.numpy.support import (
    axes_argument,
    axes_of,
    axis_of,
    flag,
    given,
    invalid,
    known,
    loosened,
    made,
    resolved,
    total,
    type_fault,
    written,
)
from foreshape.semantics.registry import REGISTRY, Rule, rule
from foreshape.semantics.shared.reduce import reduce_shape

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- dtypes -----------------------------------------------------------------------------------------------------------
def sum_dtype(dtype: str | None) -> str | None:
    """Of sums and products: small integers grow to 64 bits."""
    kind = kind_of(dtype)
    if kind in ("b", "i"):
        return "int64"
    return "uint64" if kind == "u" else dtype


def spread_dtype(dtype: str | None) -> str | None:
    """Of standard deviations and variances: real."""
    return {"complex64": "float32", "complex128": "float64"}.get(dtype or "", mean_dtype(dtype))


def median_dtype(dtype: str | None) -> str | None:
    return "float64" if kind_of(dtype) in ("b", "i", "u") else dtype


def same_dtype(dtype: str | None) -> str | None:
    return dtype


def _fixed(dtype: str) -> Callable[[str | None], str | None]:
    return lambda _: dtype


# -- bounds and elements ----------------------------------------------------------------------------------------------
def _sum_bounds(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    low, high = array.lo, array.hi
    if not isinstance(low, int) or not isinstance(high, int) or count is None:
        return (0 if isinstance(low, int) and low >= 0 else None), None
    return low * count if low else 0, high * count if high else 0


def _inside(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    return array.lo, array.hi


def _mean_bounds(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    return (
        array.lo if not isinstance(array.lo, float) else array.lo - abs(array.lo) * 1e-9,
        array.hi if not isinstance(array.hi, float) else array.hi + abs(array.hi) * 1e-9,
    )


def _no_bounds(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    return None, None


def _positive(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    return 0, None


def _truth(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    return 0, 1


def _count_bounds(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    return 0, count


def _range_bounds(array: Array, count: DimLike | None) -> tuple[Bound, Bound]:
    low, high = bound_low(array.lo), bound_high(array.hi)
    return 0, None if low is None or high is None else high - low


def _largest(items: list[Any]) -> Any:
    found = items[0]
    if any(item != item for item in items if isinstance(item, float)):
        raise TypeError
    for item in items[1:]:
        found = dmax(found, item) if isinstance(found, Dim) or isinstance(item, Dim) else max(found, item)
    return found


def _smallest(items: list[Any]) -> Any:
    found = items[0]
    if any(item != item for item in items if isinstance(item, float)):
        raise TypeError
    for item in items[1:]:
        found = dmin(found, item) if isinstance(found, Dim) or isinstance(item, Dim) else min(found, item)
    return found


def _plain(function: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    def apply(items: list[Any]) -> Any:
        if any(isinstance(item, Dim) or item != item for item in items):
            raise TypeError
        return function(items)

    return apply


def _position(best: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    return _plain(lambda items: items.index(best(items)))


def _total(items: list[Any]) -> Any:
    found: Any = 0
    for item in items:
        found = found + item
    return found


class Reduction:
    """A function over axes. dtype: of the result from that of the input. empty: what NumPy says where there is nothing
    to reduce ("" where that is fine)."""

    __slots__ = ("bounds", "dtype", "empty", "items", "name", "numbers", "single")

    def __init__(
        self,
        name: str,
        dtype: Callable[[str | None], str | None],
        bounds: Callable[[Array, DimLike | None], tuple[Bound, Bound]] = _no_bounds,
        items: Callable[[list[Any]], Any] | None = None,
        empty: str = "",
        numbers: bool = True,
    ) -> None:
        self.name = name
        self.dtype = dtype
        self.bounds = bounds
        self.items = items
        self.empty = empty
        self.numbers = numbers
        self.single = name.startswith("arg")
        """Whether it takes one axis only."""


NO_IDENTITY: Final = "zero-size array to reduction operation {} which has no identity"
EMPTY_ARG: Final = "attempt to get {} of an empty sequence"

SUM: Final = Reduction("sum", sum_dtype, _sum_bounds, _total)
PROD: Final = Reduction("prod", sum_dtype, _no_bounds, _plain(math.prod))
MEAN: Final = Reduction("mean", mean_dtype, _mean_bounds)
STD: Final = Reduction("std", spread_dtype, _positive)
NANMEAN: Final = Reduction("nanmean", mean_dtype, _mean_bounds)
NANSTD: Final = Reduction("nanstd", spread_dtype, _positive)
MAX: Final = Reduction("max", same_dtype, _inside, _largest, NO_IDENTITY.format("maximum"))
MIN: Final = Reduction("min", same_dtype, _inside, _smallest, NO_IDENTITY.format("minimum"))
PTP: Final = Reduction("ptp", same_dtype, _range_bounds, None, NO_IDENTITY.format("maximum"))
ANY: Final = Reduction("any", _fixed("bool"), _truth, _plain(any), numbers=False)
ALL: Final = Reduction("all", _fixed("bool"), _truth, _plain(all), numbers=False)
AVERAGE: Final = Reduction("average", mean_dtype, _mean_bounds)
MEDIAN: Final = Reduction("median", median_dtype, _mean_bounds)
COUNT: Final = Reduction(
    "count_nonzero",
    _fixed("int64"),
    _count_bounds,
    _plain(lambda items: sum(bool(item) for item in items)),
    numbers=False,
)


# -- the engine -------------------------------------------------------------------------------------------------------
def is_pandas(value: Value) -> bool:
    return isinstance(value, Instance) and (value.library_type or "").startswith("pandas.")


def reduced(
    cx: Context, how: Reduction, a: Value, axis: Value | None = None, dtype: Value | None = None,
    keepdims: Value | None = None, initial: Value | None = None, where: Value | None = None,
) -> Value:  # fmt: skip
    """Reduce over axes. AxisError (axis-range); ValueError where there is nothing to reduce."""
    if isinstance(a, Array) and a.kind == "torch":
        return _of_tensor(cx)
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    if (
        how.numbers
        and kind_of(array.dtype) in ("U", "S")
        and not given(dtype)
        and (how.name not in ("max", "min") or array.shape != ())
    ):
        raise _text_fault(cx, how, array, a)
    if kind_of(array.dtype) == "O" and how.name in ("any", "all"):
        kind: str | None = "object"
    else:
        kind = how.dtype(array.dtype)
    if given(dtype):
        kind = dtype_argument(cx, dtype, kind)
    axes = axes_argument(cx, axis)
    keep = flag(keepdims)
    if array.shape is None:
        shape: Shape | None = () if axes is None and keep is False else None
        lo, hi = how.bounds(array, None)
        return made(shape, kind, lo, hi)
    shape = resolved(cx, array.shape)
    if axes is not None and not isinstance(axes, tuple):
        return _open_axes(cx, how, array, shape, axis, keep, kind)
    if axes is not None and len(axes) > 1 and how.single:
        _check_single(axis, how, a)
    if axes is None and how in (SUM, MEAN):
        note_added_up(cx, array)
    chosen = tuple(range(len(shape))) if axes is None else _chosen(axes, shape, how, a, kind)
    if not shape:
        chosen = ()
    if keep is None:
        return made(None, kind)
    gone = [shape[k] for k in chosen]
    _check_empty(cx, how, shape, gone, chosen, a, initial, kind)
    result = reduce_shape(shape, chosen, keep)
    count: DimLike | None = total(tuple(gone))
    if given(where) or given(initial):
        return made(result, kind)
    lo, hi = how.bounds(array, count)
    if kind_of(kind) not in ("b", "i", "u", "f"):
        lo = hi = None
    lo, hi = loosened(kind, lo, hi)
    roles = _left_roles(array, chosen, keep)
    data = _reduced_data(how, array, shape, chosen, kind)
    if data is not None:
        return made(result, kind, data=data, roles=roles)
    return made(result, kind, lo, hi, roles=roles)


def _of_tensor(cx: Context) -> Value:
    """NumPy calls the method of the tensor; only some of them take what it passes on."""
    return cx.unknown("whether this tensor's method takes NumPy's arguments depends on the versions")


def _check_single(axis: Value | None, how: Reduction, a: Value) -> None:
    """Functions that take one axis refuse a tuple."""
    from foreshape.domain.values import Sequence

    if isinstance(axis, Sequence):
        text = f"'{axis.kind}' object cannot be interpreted as an integer"
        raise type_fault(text, how.name, a, types=(axis.kind,))


def _chosen(axes: tuple[int, ...], shape: Shape, how: Reduction, a: Value, kind: str | None) -> tuple[int, ...]:
    rank = len(shape)
    if not rank and how.single:
        rank = 1
    if len(axes) > 1 and not rank and not how.single:
        return axes_of(axes, 0, "", (a,), made(None, kind))
    return axes_of(axes, rank, how.name, (a,), made(None, kind), "axis" if how is AVERAGE else "")


def _open_axes(
    cx: Context, how: Reduction, array: Array, shape: Shape, axis: Value | None, keep: bool | None, kind: str | None
) -> Array:
    """Over one axis that is not known: one axis less, of unknown sizes."""
    from foreshape.domain.values import Sequence, Typed

    if keep is not False or isinstance(axis, Sequence) or not shape or not isinstance(axis, Typed):
        return made(None, kind)
    return made(tuple(cx.fresh(lo=0) for _ in shape[1:]), kind)


def _left_roles(array: Array, chosen: tuple[int, ...], keep: bool) -> tuple[str | None, ...] | None:
    if array.roles is None:
        return None
    if keep:
        return tuple(None if k in chosen else role for k, role in enumerate(array.roles))
    return tuple(role for k, role in enumerate(array.roles) if k not in chosen)


def _check_empty(
    cx: Context, how: Reduction, shape: Shape, gone: list[DimLike], chosen: tuple[int, ...], a: Value,
    initial: Value | None, kind: str | None,
) -> None:  # fmt: skip
    if not how.empty or given(initial):
        return
    empty = [k for k in chosen if isinstance(shape[k], int) and shape[k] == 0]
    others = [shape[k] for k in range(len(shape)) if k not in chosen]
    if empty and all(isinstance(size, int) and size > 0 for size in others):
        raise invalid("a", "nothing", how.empty, a, recover=made(None, kind))


def _reduced_data(
    how: Reduction, array: Array, shape: Shape, chosen: tuple[int, ...], kind: str | None
) -> tuple[Any, ...] | None:
    plain = known(shape)
    if array.data is None or plain is None or how.items is None or not array.data:
        return None
    steps = [math.prod(plain[k + 1 :]) for k in range(len(plain))]
    kept = [k for k in range(len(plain)) if k not in chosen]
    found: list[Any] = []
    try:
        for place in cartesian(*(range(plain[k]) for k in kept)):
            base = sum(at * steps[k] for at, k in zip(place, kept))
            items = [
                array.data[base + sum(at * steps[k] for at, k in zip(inner, chosen))]
                for inner in cartesian(*(range(plain[k]) for k in chosen))
            ]
            found.append(how.items(items))
    except (TypeError, ValueError):
        return None
    if (
        how.name in ("sum", "prod")
        and kind_of(kind) == "f"
        and not all(isinstance(item, float) and item.is_integer() for item in found)
    ):
        return None
    if any(isinstance(item, int) and abs(item) >= 2**63 for item in found):
        return None
    return converted(tuple(found), kind)


def _text_fault(cx: Context, how: Reduction, array: Array, a: Value) -> Exception:
    from foreshape.faults.dtype_mismatch import DtypeMismatch
    from foreshape.semantics.numpy.dtypes import text_length

    width = text_length(array.dtype or "")
    doubled = f"<U{width * 2}" if width else array.dtype
    text = (
        "the resolved dtypes are not compatible with add.reduce. Resolved "
        f"(dtype('{array.dtype}'), dtype('{array.dtype}'), dtype('{doubled}'))"
    )
    exception = "TypeError"
    by = {"max": "maximum", "min": "minimum", "prod": "multiply", "ptp": "maximum"}.get(how.name)
    if by is not None:
        pair = f"(dtype('{array.dtype}'), dtype('{array.dtype}'))"
        text = f"ufunc '{by}' did not contain a loop with signature matching types {pair} -> None"
        exception = "UFuncTypeError"
    elif not cx.targets.at_least("numpy", "2"):
        pair = f"(dtype('{array.dtype}'), dtype('{array.dtype}'))"
        text = f"ufunc 'add' did not contain a loop with signature matching types {pair} -> None"
        exception = "UFuncTypeError"
    elif how.name == "percentile":
        text = "unsupported operand type(s) for -: 'numpy.str_' and 'numpy.str_'"
    return DtypeMismatch(Raises(exception, text, by="numpy"), values=(a,), taker=how.name, got=(array.dtype or "str",))


# -- the table --------------------------------------------------------------------------------------------------------
def _register(name: str, function: Callable[..., Value], since: str = "", until: str = "") -> None:
    REGISTRY.rules.setdefault(name, []).append(
        Rule(name, "function", function, since, until, f"{DOC}{name.removeprefix('numpy.')}.html")
    )


def _family(how: Reduction, names: tuple[str, ...], method: str | None = None) -> None:
    """sum, max, ...: ``(a, axis, dtype, out, keepdims, initial, where)``."""

    def with_dtype(
        cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
        keepdims: Value | None = None, initial: Value | None = None, where: Value | None = None,
    ) -> Value:  # fmt: skip
        if is_pandas(a):
            return _pandas(cx, how, a, axis)
        return reduced(cx, how, a, axis, dtype, keepdims, initial, where)

    def without_dtype(
        cx: Context, a: Value, axis: Value | None = None, out: Value | None = None, keepdims: Value | None = None,
        initial: Value | None = None, where: Value | None = None,
    ) -> Value:  # fmt: skip
        if is_pandas(a):
            return _pandas(cx, how, a, axis)
        return reduced(cx, how, a, axis, None, keepdims, initial, where)

    function = with_dtype if how in (SUM, PROD) else without_dtype
    for name in names:
        _register(f"numpy.{name}", function)
    if method is not None:

        def with_dtype_method(
            cx: Context, self: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
            keepdims: Value | None = None, initial: Value | None = None, where: Value | None = None,
        ) -> Value:  # fmt: skip
            return reduced(cx, how, self, axis, dtype, keepdims, initial, where)

        def without_dtype_method(
            cx: Context, self: Value, axis: Value | None = None, out: Value | None = None,
            keepdims: Value | None = None, initial: Value | None = None, where: Value | None = None,
        ) -> Value:  # fmt: skip
            return reduced(cx, how, self, axis, None, keepdims, initial, where)

        _register(f"numpy.ndarray.{method}", with_dtype_method if how in (SUM, PROD) else without_dtype_method)


def _pandas(cx: Context, how: Reduction, a: Value, axis: Value | None) -> Value:
    """pandas objects reduce themselves."""
    kwargs = {"axis": axis} if axis is not None else {}
    whole = how.name in ("mean", "max", "min") and cx.targets.at_least("pandas", "2")
    if axis is None and (whole or cx.targets.at_least("pandas", "3")) and cx.is_instance(a, "pandas.DataFrame"):
        kwargs = {"axis": Const(None)}
    return cx.call_method(a, how.name, (), kwargs)


_family(SUM, ("sum", "nansum"), "sum")
_family(PROD, ("prod", "nanprod"), "prod")
_family(MAX, ("max", "amax"), "max")
_family(MIN, ("min", "amin"), "min")
_family(Reduction("max", same_dtype, _inside, None, NO_IDENTITY.format("fmax")), ("nanmax",))
_family(Reduction("min", same_dtype, _inside, None, NO_IDENTITY.format("fmin")), ("nanmin",))
_register("numpy.product", lambda cx, a, axis=None, dtype=None, out=None: reduced(cx, PROD, a, axis, dtype), until="2")


def _logical(how: Reduction, name: str) -> None:
    def function(
        cx: Context, a: Value, axis: Value | None = None, out: Value | None = None, keepdims: Value | None = None, *,
        where: Value | None = None,
    ) -> Value:  # fmt: skip
        if is_pandas(a):
            return _pandas(cx, how, a, axis)
        return reduced(cx, how, a, axis, None, keepdims, None, where)

    def method(
        cx: Context, self: Value, axis: Value | None = None, out: Value | None = None, keepdims: Value | None = None, *,
        where: Value | None = None, dtype: Value | None = None,
    ) -> Value:  # fmt: skip
        return reduced(cx, how, self, axis, dtype, keepdims, None, where)

    _register(f"numpy.{name}", function)
    _register(f"numpy.{'alltrue' if name == 'all' else 'sometrue'}", function, until="2")
    _register(f"numpy.ndarray.{name}", method)


_logical(ANY, "any")
_logical(ALL, "all")


@rule("numpy.mean", doc=DOC + "mean.html")
def mean(
    cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    keepdims: Value | None = None, *, where: Value | None = None,
) -> Value:  # fmt: skip
    """Integers give float64, floats keep their dtype."""
    if is_pandas(a):
        return _pandas(cx, MEAN, a, axis)
    return reduced(cx, MEAN, a, axis, dtype, keepdims, None, where)


@rule("numpy.nanmean", doc=DOC + "nanmean.html")
def nanmean(
    cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    keepdims: Value | None = None, *, where: Value | None = None,
) -> Value:  # fmt: skip
    return reduced(cx, NANMEAN, a, axis, dtype, keepdims, None, where)


@rule("numpy.ndarray.mean")
def mean_method(
    cx: Context, self: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    keepdims: Value | None = None, *, where: Value | None = None,
) -> Value:  # fmt: skip
    return reduced(cx, MEAN, self, axis, dtype, keepdims, None, where)


@rule("numpy.std", "numpy.var", doc=DOC + "std.html")
def std(
    cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    ddof: Value | None = None, keepdims: Value | None = None, *, where: Value | None = None,
    mean: Value | None = None, correction: Value | None = None,
) -> Value:  # fmt: skip
    if is_pandas(a):
        return _pandas(cx, STD, a, axis)
    return reduced(cx, STD, a, axis, dtype, keepdims, None, where)


@rule("numpy.nanstd", "numpy.nanvar", doc=DOC + "nanstd.html")
def nanstd(
    cx: Context, a: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    ddof: Value | None = None, keepdims: Value | None = None, *, where: Value | None = None,
    mean: Value | None = None, correction: Value | None = None,
) -> Value:  # fmt: skip
    return reduced(cx, NANSTD, a, axis, dtype, keepdims, None, where)


@rule("numpy.ndarray.std", "numpy.ndarray.var")
def std_method(
    cx: Context, self: Value, axis: Value | None = None, dtype: Value | None = None, out: Value | None = None,
    ddof: Value | None = None, keepdims: Value | None = None, *, where: Value | None = None,
    mean: Value | None = None,
) -> Value:  # fmt: skip
    return reduced(cx, STD, self, axis, dtype, keepdims, None, where)


@rule("numpy.ptp", doc=DOC + "ptp.html")
def ptp(
    cx: Context, a: Value, axis: Value | None = None, out: Value | None = None, keepdims: Value | None = None
) -> Value:
    return reduced(cx, PTP, a, axis, None, keepdims)


@rule("numpy.ndarray.ptp", until="2")
def ptp_method(
    cx: Context, self: Value, axis: Value | None = None, out: Value | None = None, keepdims: Value | None = None
) -> Value:
    return reduced(cx, PTP, self, axis, None, keepdims)


@rule("numpy.median", "numpy.nanmedian", doc=DOC + "median.html")
def median(
    cx: Context, a: Value, axis: Value | None = None, out: Value | None = None, overwrite_input: Value | None = None,
    keepdims: Value | None = None,
) -> Value:  # fmt: skip
    found = reduced(cx, MEDIAN, a, axis, None, keepdims)
    if flag(overwrite_input) is not False:
        written(cx, a)
    return found


@rule("numpy.count_nonzero", doc=DOC + "count_nonzero.html")
def count_nonzero(cx: Context, a: Value, axis: Value | None = None, *, keepdims: Value | None = None) -> Value:
    found = reduced(cx, COUNT, a, axis, None, keepdims)
    if isinstance(found, Array) and found.shape == () and not given(axis) and not cx.targets.at_least("numpy", "2.4"):
        # a Python int, not a NumPy scalar
        from foreshape.domain.values import Typed, int_value

        if found.data is not None and isinstance(found.data[0], (int, Dim)):
            return int_value(found.data[0])
        return Typed("int", lo=found.lo, hi=found.hi)
    return found


def _pairwise_dtype(cx: Context, ufunc: Ufunc, array: Value) -> Callable[[str | None], str | None]:
    """The dtype that the function gives for two elements."""
    from foreshape.semantics.numpy.elementwise import result_dtype

    source = as_array(cx, array)
    if isinstance(source, Unknown) or source.dtype is None:
        return _fixed_or_none(None)
    return _fixed_or_none(result_dtype(cx, ufunc, (source, source), (source, source)))


def _fixed_or_none(dtype: str | None) -> Callable[[str | None], str | None]:
    return lambda _: dtype


def ufunc_reduce(
    cx: Context,
    ufunc: Ufunc,
    array: Value,
    axis: Value,
    dtype: Value | None,
    keepdims: Value | None,
    initial: Value | None,
) -> Value:
    """``np.add.reduce(array, axis=0)``."""
    by_name = {"add": SUM, "multiply": PROD, "maximum": MAX, "minimum": MIN, "logical_and": ALL, "logical_or": ANY}
    how = by_name.get(ufunc.name) or Reduction(ufunc.name, _pairwise_dtype(cx, ufunc, array))
    whole = as_array(cx, array)
    if isinstance(whole, Array) and whole.shape == () and as_int(axis) in (0, -1):
        axis = Const(None)  # what has no axes may be asked for its first
    found = reduced(cx, how, array, axis, dtype, keepdims, initial)
    if isinstance(found, Array) and found.shape == () and found.dtype == "object":
        return cx.unknown("an element of an array of Python objects")
    return found


def ufunc_accumulate(cx: Context, ufunc: Ufunc, array: Value, axis: Value | None, dtype: Value | None) -> Value:
    """``np.add.accumulate(array, axis=0)``."""
    source = as_array(cx, array)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    kind = sum_dtype(source.dtype)
    if ufunc.name not in ("add", "multiply"):
        kind = _pairwise_dtype(cx, ufunc, array)(source.dtype)
    lo, hi = (source.lo, source.hi) if ufunc.name in ("maximum", "minimum") else (None, None)
    at = as_int(axis) if given(axis) else 0
    if source.shape is not None and at is not None:
        axis_of(at, len(source.shape), "accumulate", (array,))
    return made(source.shape, dtype_argument(cx, dtype, kind), lo, hi)
