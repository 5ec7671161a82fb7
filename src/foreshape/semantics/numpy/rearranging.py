"""Elements repeated, padded, shifted and turned: pad, tile, repeat, roll, flip, rot90, and small helpers."""

# NumPy itself has parameters in capitals
# ruff: noqa: N803

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim, DimLike, dmax
from foreshape.domain.join import join_bound
from foreshape.domain.values import Array, Bound, Const, Sequence, Shape, Typed, Unknown, Value, as_dim, as_int, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import (
    MOST_DATA,
    axes_argument,
    axes_of,
    axis_of,
    bounds_of,
    given,
    invalid,
    keeps,
    known,
    made,
    resolved,
    shape_argument,
    shape_text,
    total,
    type_fault,
    unlike,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."

MODES = (
    "constant", "edge", "linear_ramp", "maximum", "mean", "median", "minimum", "reflect", "symmetric", "wrap", "empty",
)  # fmt: skip


# -- pad --------------------------------------------------------------------------------------------------------------
@rule("numpy.pad", doc=DOC + "pad.html")
def pad(cx: Context, array: Value, pad_width: Value, mode: Value | None = None, **kwargs: Value) -> Value:
    """Each axis grows by what is put before and after it. ``pad_width``: one number, a pair, or a pair per axis."""
    source = as_array(cx, array)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    if source.shape is None:
        return made(None, source.dtype)
    rank = len(source.shape)
    widths = _widths(cx, pad_width, rank, array)
    name = as_str(mode) if mode is not None else "constant"
    if name is not None and name not in MODES:
        raise invalid("mode", repr(name), f"mode '{name}' is not supported", array)
    lo, hi = _padded_bounds(source, name, kwargs)
    if widths is None:
        return made(tuple(cx.fresh(lo=0) for _ in range(rank)), source.dtype, lo, hi)
    for width in (one for pair in widths for one in pair):
        if not cx.at_least(width, 0):
            raise invalid("pad_width", width, "index can't contain negative values", array, pad_width)
    shape = resolved(cx, (size + before + after for size, (before, after) in zip(source.shape, widths)))
    return made(shape, source.dtype, lo, hi, roles=source.roles)


def _padded_bounds(source: Array, name: str | None, kwargs: dict[str, Value]) -> tuple[Bound, Bound]:
    if name == "constant":
        filler = kwargs.get("constant_values")
        if filler is None:
            low, high = 0, 0
        else:
            found = bounds_of(filler)
            return join_bound(source.lo, found[0], False), join_bound(source.hi, found[1], True)
        return join_bound(source.lo, low, False), join_bound(source.hi, high, True)
    if name in ("edge", "reflect", "symmetric", "wrap", "maximum", "minimum"):
        return source.lo, source.hi
    return None, None


def _widths(cx: Context, value: Value, rank: int, array: Value) -> list[tuple[DimLike, DimLike]] | None:
    """(before, after) per axis. Raises what NumPy raises for widths that are no integers or do not broadcast."""
    if (isinstance(value, Typed) and value.kind == "float") or (
        isinstance(value, Const) and isinstance(value.value, float)
    ):
        raise _not_integral(value)
    one = None if isinstance(value, Array) and value.shape != () else as_dim(value)
    if one is not None:
        return [(cx.resolve(one), cx.resolve(one))] * rank
    widths = as_array(cx, value)
    if isinstance(widths, Unknown):
        return None
    if kind_of(widths.dtype) in ("f", "U"):
        raise _not_integral(value)
    plain = known(widths.shape)
    if plain is None or widths.data is None:
        return None
    return _pairs(cx, widths.data, plain, rank, value)


def _not_integral(value: Value) -> Exception:
    return invalid("pad_width", "float", "`pad_width` must be of integral type.", value, exception="TypeError")


def _pairs(
    cx: Context, data: tuple[Any, ...], plain: tuple[int, ...], rank: int, value: Value
) -> list[tuple[DimLike, DimLike]]:
    if plain == (1,) or plain == (1, 1):
        return [(data[0], data[0])] * rank
    if plain == (2,) or plain == (1, 2):
        return [(data[0], data[1])] * rank
    if plain == (rank, 2):
        return [(data[2 * k], data[2 * k + 1]) for k in range(rank)]
    if plain == (rank, 1):
        return [(data[k], data[k]) for k in range(rank)]
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    text = (
        "operands could not be broadcast together with remapped shapes [original->remapped]: "
        f"{shape_text(plain)}  and requested shape ({rank},2)"
    )
    raise BroadcastMismatch(
        Raises("ValueError", text, by="numpy"), values=(value,), recover=made(tuple(cx.fresh() for _ in range(rank)),
        None),
        taker="pad", shapes=(plain, (rank, 2)),
    )  # fmt: skip


# -- tile, repeat -----------------------------------------------------------------------------------------------------
@rule("numpy.tile", doc=DOC + "tile.html")
def tile(cx: Context, A: Value, reps: Value) -> Value:
    """Sizes times repetitions, aligned at the right."""
    source = as_array(cx, A)
    times = shape_argument(cx, reps, "tile")
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    if source.shape is None or times is None:
        return made(None, source.dtype, source.lo, source.hi)
    rank = max(len(source.shape), len(times))
    shape = (1,) * (rank - len(source.shape)) + source.shape
    times = (1,) * (rank - len(times)) + times
    data = None
    if source.data is not None and rank == 1 and isinstance(times[0], int) and len(source.data) * times[0] <= MOST_DATA:
        data = source.data * times[0]
    return made(resolved(cx, (s * t for s, t in zip(shape, times))), source.dtype, source.lo, source.hi, data)


def repeated(cx: Context, a: Value, repeats: Value, axis: Value | None) -> Value:
    """Each element (or slice of the axis) so many times."""
    source = as_array(cx, a)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    if source.shape is None:
        return made(None if given(axis) else (cx.fresh(lo=0),), source.dtype, source.lo, source.hi)
    shape: Shape = resolved(cx, source.shape) or (1,)
    at = 0
    if given(axis):
        found = as_int(axis)
        if found is None:
            return made(tuple(cx.fresh(lo=0) for _ in shape), source.dtype, source.lo, source.hi)
        at = axis_of(found, len(shape), "repeat", (a,), made(None, source.dtype))
    else:
        shape = (total(shape),)
    size = shape[at]
    length = _repeated_length(cx, size, repeats, a)
    times = as_int(repeats)
    data = None
    if source.data is not None and len(shape) == 1 and times is not None and len(source.data) * times <= MOST_DATA:
        data = tuple(item for item in source.data for _ in range(times))
    roles = source.roles if given(axis) else None
    return made((*shape[:at], length, *shape[at + 1 :]), source.dtype, source.lo, source.hi, data, roles)


def _repeated_length(cx: Context, size: DimLike, repeats: Value, a: Value) -> DimLike:
    times = None if isinstance(repeats, Array) and repeats.shape != () else as_dim(repeats)
    if times is not None:
        if not cx.at_least(times, 0):
            text = (
                "repeats may not contain negative values."
                if not cx.targets.at_least("numpy", "2.3")
                else ("negative dimensions are not allowed")
            )
            raise invalid("repeats", times, text, a, repeats)
        return cx.resolve(size * times)
    counts = as_array(cx, repeats)
    if isinstance(counts, Unknown) or counts.shape is None:
        return cx.fresh(lo=0)
    if (
        len(counts.shape) == 1
        and not (isinstance(counts.shape[0], int) and counts.shape[0] == 1)
        and not cx.equal(counts.shape[0], size)
    ):
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        text = f"operands could not be broadcast together with shape ({size},) ({counts.shape[0]},)"
        raise BroadcastMismatch(
            Raises("ValueError", text, by="numpy"), values=(a, repeats), taker="repeat",
            shapes=((size,), counts.shape),
        )  # fmt: skip
    if counts.data is not None:
        if not all(isinstance(count, (int, Dim)) for count in counts.data):
            return cx.fresh(lo=0)
        if counts.shape == (1,):
            return cx.resolve(size * counts.data[0])
        whole: DimLike = 0
        for count in counts.data:
            whole = whole + count
        return cx.resolve(whole)
    return cx.fresh(lo=0)


@rule("numpy.repeat", doc=DOC + "repeat.html")
def repeat(cx: Context, a: Value, repeats: Value, axis: Value | None = None) -> Value:
    return repeated(cx, a, repeats, axis)


@rule("numpy.ndarray.repeat")
def repeat_method(cx: Context, self: Value, repeats: Value, axis: Value | None = None) -> Value:
    return repeated(cx, self, repeats, axis)


# -- roll, flip, rot90 ------------------------------------------------------------------------------------------
def _same_axes(cx: Context, a: Value, axis: Value | None, taker: str) -> Array | Unknown:
    """The same shape and bounds; AxisError where an axis is not there."""
    source = as_array(cx, a)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    axes = axes_argument(cx, axis)
    if source.shape is not None and isinstance(axes, tuple):
        for one in axes:
            axis_of(one, len(source.shape), taker, (a,), keeps(source, source.shape))
    return keeps(source, source.shape, roles=source.roles)


@rule("numpy.roll", doc=DOC + "roll.html")
def roll(cx: Context, a: Value, shift: Value, axis: Value | None = None) -> Value:
    found = _same_axes(cx, a, axis, "roll")
    source = as_array(cx, a)
    by = as_int(shift)
    if isinstance(found, Array) and isinstance(source, Array) and source.data and by is not None and source.rank == 1:
        by %= len(source.data)
        return made(source.shape, source.dtype, data=source.data[-by:] + source.data[:-by] if by else source.data)
    return found


@rule("numpy.flip", doc=DOC + "flip.html")
def flip(cx: Context, m: Value, axis: Value | None = None) -> Value:
    found = _same_axes(cx, m, axis, "flip")
    source = as_array(cx, m)
    if isinstance(found, Array) and isinstance(source, Array) and source.data is not None and source.rank == 1:
        return made(source.shape, source.dtype, data=source.data[::-1], roles=source.roles)
    return found


@rule("numpy.fliplr", doc=DOC + "fliplr.html")
def fliplr(cx: Context, m: Value) -> Value:
    return _flipped(cx, m, 2)


@rule("numpy.flipud", doc=DOC + "flipud.html")
def flipud(cx: Context, m: Value) -> Value:
    return _flipped(cx, m, 1)


def _flipped(cx: Context, m: Value, rank: int) -> Value:
    source = as_array(cx, m)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    if source.shape is not None and len(source.shape) < rank:
        raise invalid("m", f"{len(source.shape)} axes", f"Input must be >= {rank}-d.", m)
    return keeps(source, source.shape, roles=source.roles)


@rule("numpy.rot90", doc=DOC + "rot90.html")
def rot90(cx: Context, m: Value, k: Value | None = None, axes: Value | None = None) -> Value:
    """The two axes change places for odd k."""
    source = as_array(cx, m)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    if source.shape is None:
        return made(None, source.dtype, source.lo, source.hi)
    rank = len(source.shape)
    chosen = axes_argument(cx, axes) if axes is not None else (0, 1)
    turns = as_int(k) if k is not None else 1
    if not isinstance(chosen, tuple) or len(chosen) != 2:
        return made(tuple(cx.fresh(lo=0) for _ in source.shape), source.dtype, source.lo, source.hi)
    first, second = chosen
    if first == second or abs(first - second) == rank:
        raise invalid("axes", chosen, "Axes must be different.", m)
    if not all(-rank <= axis < rank for axis in chosen):
        text = f"Axes={chosen} out of range for array of ndim={rank}."
        raise invalid("axes", chosen, text, m)
    if turns is None:
        return made(tuple(cx.fresh(lo=0) for _ in source.shape), source.dtype, source.lo, source.hi)
    shape = list(source.shape)
    if turns % 2:
        shape[first], shape[second] = shape[second], shape[first]
    return made(tuple(shape), source.dtype, source.lo, source.hi)


# -- differences ------------------------------------------------------------------------------------------------------
@rule("numpy.diff", doc=DOC + "diff.html")
def diff(
    cx: Context, a: Value, n: Value | None = None, axis: Value | None = None, prepend: Value | None = None,
    append: Value | None = None,
) -> Value:  # fmt: skip
    """The axis is n shorter, plus what is put before and after."""
    source = as_array(cx, a)
    if isinstance(source, Unknown):
        return cx.unknown(source.reason)
    dtype = source.dtype
    if source.shape is None:
        return made(None, dtype)
    if not source.shape:
        raise invalid("a", "no axes", "diff requires input that is at least one dimensional", a)
    at = as_int(axis) if axis is not None else -1
    times = as_dim(n) if n is not None else 1
    if isinstance(axis, Const) and axis.value is None:
        raise type_fault("'NoneType' object cannot be interpreted as an integer", "diff", a)
    if kind_of(dtype) == "U":
        cx.rule("numpy.subtract", source, source)
    if at is None or times is None:
        return made(tuple(cx.fresh(lo=0) for _ in source.shape), dtype)
    at = axis_of(at, len(source.shape), "diff", (a,), made(source.shape, dtype))
    size = source.shape[at]
    for extra in (prepend, append):
        if given(extra) and extra is not None:
            more = as_array(cx, extra)
            if isinstance(more, Unknown) or more.shape is None:
                size = cx.fresh(lo=0)
            else:
                size = size + (more.shape[at] if len(more.shape) == len(source.shape) else 1)
    left = dmax(cx.resolve(size - times), 0, cx.facts)
    return made((*source.shape[:at], left, *source.shape[at + 1 :]), dtype, roles=source.roles)


@rule("numpy.ediff1d", doc=DOC + "ediff1d.html")
def ediff1d(cx: Context, ary: Value, to_end: Value | None = None, to_begin: Value | None = None) -> Value:
    source = as_array(cx, ary)
    if isinstance(source, Unknown) or source.shape is None:
        return unlike(cx, source)
    size: DimLike = dmax(total(source.shape) - 1, 0, cx.facts)
    for extra in (to_end, to_begin):
        if given(extra) and extra is not None:
            more = as_array(cx, extra)
            size = cx.fresh(lo=0) if isinstance(more, Unknown) or more.shape is None else size + total(more.shape)
    return made((size,), source.dtype)


@rule("numpy.gradient", doc=DOC + "gradient.html")
def gradient(
    cx: Context, f: Value, *varargs: Value, axis: Value | None = None, edge_order: Value | None = None
) -> Value:
    """One array of the same shape for each axis; the array itself where there is one."""
    source = as_array(cx, f)
    if isinstance(source, Unknown) or source.shape is None:
        return unlike(cx, source)
    dtype = source.dtype if kind_of(source.dtype) in ("f", "c") else "float64"
    axes = axes_argument(cx, axis)
    if axes is not None and not isinstance(axes, tuple):
        return cx.unknown("the axes are not known")
    count = len(source.shape) if axes is None else len(axes_of(axes, len(source.shape), "gradient", (f,)))
    for size in source.shape if axes is None else [source.shape[k] for k in axes]:
        if isinstance(size, int) and size < 2:
            text = (
                "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are "
                "required."
            )
            raise invalid("f", size, text, f)
    one = made(source.shape, dtype)
    from foreshape.semantics.numpy.support import listed

    return one if count == 1 else listed("tuple" if cx.targets.at_least("numpy", "2") else "list", [one] * count)


@rule("numpy.trim_zeros", doc=DOC + "trim_zeros.html")
def trim_zeros(cx: Context, filt: Value, trim: Value | None = None, axis: Value | None = None) -> Value:
    source = as_array(cx, filt)
    if isinstance(source, Unknown) or source.shape is None or isinstance(filt, Sequence):
        return unlike(cx, source)
    return keeps(source, tuple(cx.fresh(lo=0, hi=size) for size in source.shape))
