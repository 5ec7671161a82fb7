"""``keras.ops``: axes summed, averaged, compared away; positions of the largest; what runs along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Value, as_int, is_none
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    accumulated,
    axes_argument,
    common,
    differ,
    dtype_argument,
    flag,
    known,
    like,
    one_axis,
    operand,
    place,
    promote,
    refused,
    run,
    several,
    text_of,
    to_float,
    wrong_value,
)
from foreshape.semantics.notes.compared import note_added_up
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from foreshape.semantics.protocol import Context

Dtype = str | None


def reduced(
    cx: Context, taker: str, value: Value, axes: tuple[int, ...] | None, keepdims: bool, dtype: Dtype = ""
) -> Array:
    """The tensor without these axes (all of them for None). Raises axis-range."""
    x, shape = known(cx, value)
    rank = len(shape)
    if taker in ("sum", "mean"):
        note_added_up(cx, x)
    gone = set(range(rank)) if axes is None else {place(cx, taker, axis, rank, x) for axis in axes}
    kept = tuple(1 if axis in gone else size for axis, size in enumerate(shape) if keepdims or axis not in gone)
    roles = None
    if x.roles is not None:
        roles = tuple(role for axis, role in enumerate(x.roles) if keepdims or axis not in gone)
    return like(x, kept, dtype, roles)


def _float32(dtype: Dtype) -> Dtype:
    """Integers become float32, floats stay."""
    if dtype is None:
        return None
    return promote(dtype, "float32") if "int" in dtype or dtype == "bool" else dtype


def _same(dtype: Dtype) -> Dtype:
    return dtype


def _bool(dtype: Dtype) -> Dtype:
    return "bool"


def _count(dtype: Dtype) -> Dtype:
    return "int32"


def _float_or_same(dtype: Dtype) -> Dtype:
    return to_float(dtype)


REDUCTIONS: dict[str, Callable[[Dtype], Dtype]] = {
    "sum": accumulated, "nansum": accumulated, "nanprod": accumulated, "mean": _float32, "nanmean": to_float,
    "median": to_float, "nanmedian": to_float, "std": _float32, "var": to_float, "nanstd": to_float,
    "nanvar": to_float, "amax": _same, "amin": _same, "nanmax": _same, "nanmin": _same, "ptp": _same, "all": _bool,
    "any": _bool, "logsumexp": _float_or_same,
}  # fmt: skip


def _reduction(name: str, dtype: Callable[[Dtype], Dtype]) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value, axis: Value | None = None, keepdims: Value | None = None) -> Value:
        """The axes go, or stay with size 1."""

        def core(inner: Context, value: Value) -> Value:
            found = operand(inner, value)
            return reduced(inner, name, found, axes_argument(inner, axis), flag(keepdims), dtype(found.dtype))

        return run(cx, name, core, (x,))


for _name, _dtype in REDUCTIONS.items():
    _reduction(_name, _dtype)


@rule("keras.ops.max", "keras.ops.min")
def extreme(
    cx: Context, x: Value, axis: Value | None = None, keepdims: Value | None = None, initial: Value | None = None
) -> Value:
    """The axes go, or stay with size 1."""

    def core(inner: Context, value: Value) -> Value:
        return reduced(inner, "max", value, axes_argument(inner, axis), flag(keepdims))

    return run(cx, "max", core, (x,))


@rule("keras.ops.prod")
def prod(
    cx: Context, x: Value, axis: Value | None = None, keepdims: Value | None = None, dtype: Value | None = None
) -> Value:
    """The axes go, or stay with size 1."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        wanted = dtype_argument(dtype, accumulated(found.dtype))
        return reduced(inner, "prod", found, axes_argument(inner, axis), flag(keepdims), wanted)

    return run(cx, "prod", core, (x,))


@rule("keras.ops.count_nonzero")
def count_nonzero(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """How many are not 0."""

    def core(inner: Context, value: Value) -> Value:
        return reduced(inner, "count_nonzero", value, axes_argument(inner, axis), False, "int32")

    return run(cx, "count_nonzero", core, (x,))


@rule("keras.ops.average")
def average(cx: Context, x: Value, axis: Value | None = None, weights: Value | None = None) -> Value:
    """The mean, weighted."""

    def core(inner: Context, value: Value, *more: Value) -> Value:
        axes = axes_argument(inner, axis)
        both = common(inner, value, *more)
        if more and in_graph(inner):
            found, shape = known(inner, value)
            _, sizes = known(inner, more[0])
            if axes is None and (len(shape) != len(sizes) or any(differ(inner, a, b) for a, b in zip(shape, sizes))):
                text = "`weights` must have the same shape as `x` when `axis=None`, but received "
                text += f"`weights.shape={text_of(sizes)}` and `x.shape={text_of(shape)}`."
                raise wrong_value(refused(text), "weights", text_of(sizes), more[0], found)
        return reduced(inner, "average", value, axes, False, to_float(both))

    given = (x,) if weights is None or is_none(weights) else (x, weights)
    return run(cx, "average", core, given)


@rule("keras.ops.argmax", "keras.ops.argmin", "keras.ops.nanargmax", "keras.ops.nanargmin")
def argmax(cx: Context, x: Value, axis: Value | None = None, keepdims: Value | None = None) -> Value:
    """Positions along an axis; over all elements where none is given."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        at = one_axis(inner, axis, None)
        made = reduced(inner, "argmax", found, None if at is None else (at,), flag(keepdims), "int32")
        longest: DimLike = product(shape) if at is None else shape[at]
        return made.replace(lo=0, hi=longest - 1)

    return run(cx, "argmax", core, (x,))


def _quantile(cx: Context, name: str, x: Value, q: Value, axis: Value | None, keepdims: Value | None) -> Value:
    def core(inner: Context, value: Value, at: Value) -> Value:
        found = operand(inner, value)
        places = operand(inner, at)
        if places.shape is None:
            raise OpenShape("how many quantiles are asked for is not known")
        made = reduced(inner, name, found, axes_argument(inner, axis), flag(keepdims), to_float(found.dtype))
        return like(made, (*places.shape[:1], *(made.shape or ())))

    return run(cx, name, core, (x, q))


def _quantiles(name: str) -> None:
    @rule(f"keras.ops.{name}")
    def plain(
        cx: Context, x: Value, q: Value, axis: Value | None = None, method: Value | None = None,
        keepdims: Value | None = None,
    ) -> Value:  # fmt: skip
        """The axes go; several quantiles stand along a new first one."""
        return _quantile(cx, name, x, q, axis, keepdims)


for _name in ("quantile", "percentile", "nanquantile", "nanpercentile"):
    _quantiles(_name)


# -- along an axis ----------------------------------------------------------------------------------------------------


def along(cx: Context, taker: str, value: Value, axis: int | None, dtype: Dtype = "") -> Array:
    """The same shape, or one axis of all elements where axis is None."""
    x, shape = known(cx, value)
    if axis is None:
        return like(x, (product(shape),), dtype)
    place(cx, taker, axis, len(shape), x)
    return like(x, shape, dtype, x.roles)


def _cumulated(name: str) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value, axis: Value | None = None, dtype: Value | None = None) -> Value:
        """The same shape; all elements in one axis where none is given."""

        def core(inner: Context, value: Value) -> Value:
            found = operand(inner, value)
            wanted = dtype_argument(dtype, found.dtype)
            wanted = "int32" if wanted == "bool" else wanted
            if name.startswith("nan") and axis is not None and not is_none(axis):
                return like(found, known(inner, found)[1], wanted, found.roles)
            return along(inner, name, found, one_axis(inner, axis, None), wanted)

        return run(cx, name, core, (x,))


for _name in ("cumsum", "cumprod", "nancumsum", "nancumprod"):
    _cumulated(_name)


@rule("keras.ops.sort")
def sort(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """The same shape."""
    return run(cx, "sort", lambda inner, value: along(inner, "sort", value, one_axis(inner, axis, -1)), (x,))


@rule("keras.ops.argsort")
def argsort(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """The same shape, positions."""

    def core(inner: Context, value: Value) -> Value:
        if not known(inner, value)[1]:
            raise OpenShape("a number has no axis")
        return along(inner, "argsort", value, one_axis(inner, axis, -1), "int32")

    return run(cx, "argsort", core, (x,))


@rule("keras.ops.argpartition")
def argpartition(cx: Context, x: Value, kth: Value, axis: Value | None = None) -> Value:
    """The same shape, positions."""

    def core(inner: Context, value: Value) -> Value:
        return along(inner, "argpartition", value, one_axis(inner, axis, -1), "int32")

    return run(cx, "argpartition", core, (x,))


@rule("keras.ops.diff")
def diff(cx: Context, a: Value, n: Value | None = None, axis: Value | None = None) -> Value:
    """n shorter along an axis."""

    def core(inner: Context, value: Value) -> Value:
        x, shape = known(inner, value)
        at = place(inner, "diff", one_axis(inner, axis, -1) or 0, len(shape), x)
        times = 1 if n is None else as_int(n)
        if times is None:
            raise OpenShape("how often is not known")
        from foreshape.domain.dim import dmax

        size = shape[at]
        left = dmax(size - times, 0) if not isinstance(size, int) else max(size - times, 0)
        return like(x, (*shape[:at], left, *shape[at + 1 :]))

    return run(cx, "diff", core, (a,))


@rule("keras.ops.trapezoid")
def trapezoid(
    cx: Context, y: Value, x: Value | None = None, dx: Value | None = None, axis: Value | None = None
) -> Value:
    """The integral along an axis."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        at = one_axis(inner, axis, -1)
        return reduced(inner, "trapezoid", found, None if at is None else (at,), False, to_float(found.dtype))

    return run(cx, "trapezoid", core, (y,))


@rule("keras.ops.moments")
def moments(
    cx: Context, x: Value, axes: Value, keepdims: Value | None = None, synchronized: Value | None = None
) -> Value:
    """Mean and variance."""

    def core(inner: Context, value: Value) -> Value:
        made = [reduced(inner, "moments", value, axes_argument(inner, axes), flag(keepdims)) for _ in range(2)]
        return several(made)

    return run(cx, "moments", core, (x,), many=True)


@rule("keras.ops.digitize")
def digitize(cx: Context, x: Value, bins: Value) -> Value:
    """For each element the bin that it falls into."""

    def core(inner: Context, value: Value, edges: Value) -> Value:
        found, places = operand(inner, value), operand(inner, edges)
        if places.shape is not None and len(places.shape) > 1:
            text = f"`bins` must be a 1D array. Received: bins={places.shape}"
            if not in_graph(inner):
                raise OpenShape(text)
            raise wrong_value(refused(text), "bins", places.shape, places)
        return like(found, found.shape, "int32")

    return run(cx, "digitize", core, (x, bins))


@rule("keras.ops.searchsorted")
def searchsorted(cx: Context, sorted_sequence: Value, values: Value, side: Value | None = None) -> Value:
    """Where each value would be inserted into a sorted vector."""

    def core(inner: Context, line: Value, wanted: Value) -> Value:
        row, found = operand(inner, line), operand(inner, wanted)
        if row.shape is not None and len(row.shape) != 1:
            text = "searchsorted only supports 1-D sorted sequences. Usekeras.ops.vectorized_map to extend to N-D sequences."
            raise wrong_value(refused(text), "sorted_sequence", row.shape, row)
        longest = row.shape is not None and undefined(row.shape[0])
        return like(found, found.shape, "int64" if longest and in_graph(inner) else "int32")

    return run(cx, "searchsorted", core, (sorted_sequence, values))


@rule("keras.ops.corrcoef")
def corrcoef(cx: Context, x: Value) -> Value:
    """How each row goes with each other."""

    def core(inner: Context, value: Value) -> Value:
        from foreshape.semantics.keras.operations.support import wide_float

        found, shape = known(inner, value)
        if in_graph(inner) or len(shape) > 2:
            raise OpenShape("the symbolic shape of corrcoef is not that of its result")
        size = shape[0] if len(shape) == 2 else None
        return like(found, () if size is None else (size, size), wide_float(found.dtype))

    return run(cx, "corrcoef", core, (x,))
