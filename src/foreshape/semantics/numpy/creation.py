"""Making arrays: zeros, ones, full, eye, arange, linspace, diag, tri, from functions, buffers and grids."""

# NumPy itself has parameters in capitals
# ruff: noqa: N803

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim, DimLike, dmax, dmin
from foreshape.domain.values import Array, Bound, Const, Sequence, Shape, Typed, Unknown, Value, as_dim, as_int, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array, converted
from foreshape.semantics.numpy.conversion import check_dtype
from foreshape.semantics.numpy.dtypes import bound_high, bound_low, dtype_argument, kind_of, mean_dtype, promote
from foreshape.semantics.numpy.support import (
    MOST_DATA,
    bounds_of,
    flag,
    given,
    invalid,
    keeps,
    known,
    listed,
    loosened,
    made,
    not_an_integer,
    number,
    shape_argument,
    size_argument,
    total,
    unlike,
    zero_d,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.windows import range_length

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


def sizes(cx: Context, shape: Value, taker: str) -> Shape | None:
    """A shape whose sizes are not negative."""
    if isinstance(shape, Const) and isinstance(shape.value, float) and cx.targets.at_least("numpy", "2"):
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        text = f"expected a sequence of integers or a single integer, got '{shape.value!r}'"
        raise DtypeMismatch(
            Raises("TypeError", text, by="numpy"), values=(shape,), taker=taker, got=("float",), wanted="int"
        )
    found = shape_argument(cx, shape, taker)
    if found is None:
        return None
    for size in found:
        if not cx.at_least(size, 0):
            raise invalid("shape", cx.text(shape) or size, "negative dimensions are not allowed", shape)
    return tuple(cx.resolve(size) for size in found)


def filled(shape: Shape | None, dtype: str | None, item: Any) -> Array:
    """An array of one number."""
    plain = known(shape)
    data = None
    if plain is not None and math.prod(plain) <= MOST_DATA:
        data = converted((item,) * math.prod(plain), dtype)
    number_like = kind_of(dtype) in ("b", "i", "u", "f") and isinstance(item, (bool, int, float)) and item == item
    bound = int(item) if isinstance(item, bool) else item
    if not number_like:
        return made(shape, dtype, None, None, data)
    return made(shape, dtype, *loosened(dtype, bound, bound), data)


def _of_shape(cx: Context, shape: Value, dtype: Value | None, item: Any, taker: str) -> Array:
    check_dtype(cx, dtype)
    kind = dtype_argument(cx, dtype, "float64")
    full = sizes(cx, shape, taker)
    if item is None:
        return zero_d(made(full, kind, data=_anything(cx, full, kind)))
    return zero_d(filled(full, kind, bool(item) if kind == "bool" else item))


MOST_UNWRITTEN: Final = 16


def _anything(cx: Context, shape: Shape | None, dtype: str | None) -> tuple[Any, ...] | None:
    """The whole numbers that stand in memory nobody has written yet: not known, each the same until it is written. So what
    is put into some places of a small table of settings is found there again."""
    plain = known(shape)
    if plain is None or not 0 < math.prod(plain) <= MOST_UNWRITTEN or kind_of(dtype) not in ("i", "u"):
        return None
    return tuple(cx.fresh(lo=0 if kind_of(dtype) == "u" else None) for _ in range(math.prod(plain)))


@rule("numpy.zeros", doc=DOC + "zeros.html")
def zeros(
    cx: Context, shape: Value, dtype: Value | None = None, order: Value | None = None, *,
    device: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """``shape`` of zeros; float64 unless a dtype is given."""
    return _of_shape(cx, shape, dtype, 0, "zeros")


@rule("numpy.ones", doc=DOC + "ones.html")
def ones(
    cx: Context, shape: Value, dtype: Value | None = None, order: Value | None = None, *,
    device: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """``shape`` of ones; float64 unless a dtype is given."""
    return _of_shape(cx, shape, dtype, 1, "ones")


@rule("numpy.ndarray")
def ndarray(
    cx: Context, shape: Value, dtype: Value | None = None, buffer: Value | None = None, offset: Value | None = None,
    strides: Value | None = None, order: Value | None = None,
) -> Value:  # fmt: skip
    """``shape`` of anything, in memory of its own or of another object."""
    return _of_shape(cx, shape, dtype, None, "empty")


@rule("numpy.empty", doc=DOC + "empty.html")
def empty(
    cx: Context, shape: Value, dtype: Value | None = None, order: Value | None = None, *,
    device: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """``shape`` of anything; float64 unless a dtype is given."""
    found = _of_shape(cx, shape, dtype, None, "empty")
    if found.dtype == "object" and found.shape is not None and len(found.shape) == 1:
        # of Python objects, an empty one is full of None
        return found.replace(meta={"items": Contents((Run(found.shape[0], Const(None)),))})
    return found


@rule("numpy.full", doc=DOC + "full.html")
def full(
    cx: Context, shape: Value, fill_value: Value, dtype: Value | None = None, order: Value | None = None, *,
    device: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """``shape`` of the value, which broadcasts to it; its own dtype unless one is given."""
    target = sizes(cx, shape, "full")
    value = as_array(cx, fill_value)
    if isinstance(value, Unknown):
        return made(target, dtype_argument(cx, dtype, None))
    kind = dtype_argument(cx, dtype, value.dtype)
    if value.shape == () and value.data is not None:
        return zero_d(filled(target, kind, value.data[0]))
    if target is not None and value.shape:
        fit(cx, value, target, fill_value)
    return made(target, kind, value.lo, value.hi)


def fit(cx: Context, value: Array, target: Shape, *values: Value) -> None:
    """Raise ``assignment-shape`` where a value cannot be stretched to the target."""
    from foreshape.faults.assignment_shape import AssignmentShape
    from foreshape.semantics.numpy.support import shape_text
    from foreshape.semantics.shared.broadcast import broadcast_to

    if value.shape is None:
        return
    shape = value.shape
    while len(shape) > len(target) and isinstance(shape[0], int) and shape[0] == 1:
        shape = shape[1:]
    found = broadcast_to(shape, target, cx.facts)
    if found.failed is not None:
        text = f"could not broadcast input array from shape {shape_text(value.shape)} into shape {shape_text(target)}"
        raise AssignmentShape(
            Raises("ValueError", text, by="numpy"), values=values or (value,), value=value.shape, target=target
        )
    for need in found.open:
        if need.kind == "broadcast" and not (isinstance(need.left, int) and need.left == 1):
            _learn(cx, need.left, need.right)


def _learn(cx: Context, left: DimLike, right: DimLike) -> None:
    from foreshape.domain.dim import eq

    if eq(left, 1, cx.facts).is_no:
        cx.equal(left, right)


def like(cx: Context, prototype: Value, dtype: Value | None, shape: Value | None, item: Any, taker: str) -> Value:
    """``*_like``: the shape and dtype of the prototype unless others are given."""
    array = as_array(cx, prototype)
    if isinstance(array, Unknown):
        target = sizes(cx, shape, taker) if given(shape) and shape is not None else None
        return made(target, dtype_argument(cx, dtype, None))
    target = sizes(cx, shape, taker) if given(shape) and shape is not None else array.shape
    kind = dtype_argument(cx, dtype, array.dtype)
    result = made(target, kind) if item is None else filled(target, kind, bool(item) if kind == "bool" else item)
    if target == array.shape:
        result = result.replace(roles=array.roles)
    return zero_d(result)


@rule("numpy.zeros_like", doc=DOC + "zeros_like.html")
def zeros_like(
    cx: Context, a: Value, dtype: Value | None = None, order: Value | None = None, subok: Value | None = None,
    shape: Value | None = None, *, device: Value | None = None,
) -> Value:  # fmt: skip
    return like(cx, a, dtype, shape, 0, "zeros_like")


@rule("numpy.ones_like", doc=DOC + "ones_like.html")
def ones_like(
    cx: Context, a: Value, dtype: Value | None = None, order: Value | None = None, subok: Value | None = None,
    shape: Value | None = None, *, device: Value | None = None,
) -> Value:  # fmt: skip
    return like(cx, a, dtype, shape, 1, "ones_like")


@rule("numpy.empty_like", doc=DOC + "empty_like.html")
def empty_like(
    cx: Context, prototype: Value, dtype: Value | None = None, order: Value | None = None, subok: Value | None = None,
    shape: Value | None = None, *, device: Value | None = None,
) -> Value:  # fmt: skip
    return like(cx, prototype, dtype, shape, None, "empty_like")


@rule("numpy.full_like", doc=DOC + "full_like.html")
def full_like(
    cx: Context, a: Value, fill_value: Value, dtype: Value | None = None, order: Value | None = None,
    subok: Value | None = None, shape: Value | None = None, *, device: Value | None = None,
) -> Value:  # fmt: skip
    found = like(cx, a, dtype, shape, None, "full_like")
    lo, hi = bounds_of(fill_value)
    if isinstance(found, Array) and kind_of(found.dtype) in ("i", "u", "b") and not (isinstance(lo, int)):
        lo = hi = None
    return found.replace(lo=lo, hi=hi) if isinstance(found, Array) else found


# -- ranges -----------------------------------------------------------------------------------------------------------
@rule("numpy.arange", doc=DOC + "arange.html")
def arange(
    cx: Context, start: Value | None = None, stop: Value | None = None, step: Value | None = None,
    dtype: Value | None = None, *, device: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """ceil((stop - start) / step) values; int64 for ints, float64 where one is a float."""
    if start is None and stop is None:
        raise invalid("stop", "nothing", "arange() requires stop to be specified.", exception="TypeError")
    if not given(stop):
        start, stop = None, start
    assert stop is not None
    parts = [part for part in (start, stop, step) if part is not None and given(part)]
    sizes_of = [as_dim(start) if given(start) else 0, as_dim(stop), as_dim(step) if given(step) else 1]
    if all(size is not None for size in sizes_of) and not any(isinstance(p, Typed) for p in parts):
        kinds = {part.dtype for part in parts if isinstance(part, Array)}
        default = "int64" if not kinds - {"int64"} else None
        return _integer_range(cx, sizes_of, dtype_argument(cx, dtype, default))
    floats = _any_float(parts)
    kind = dtype_argument(cx, dtype, "float64" if floats else None if floats is None else "int64")
    numbers = [number(start) if given(start) else 0, number(stop), number(step) if given(step) else 1]
    if all(value is not None for value in numbers):
        first, last, by = (value for value in numbers if value is not None)
        return _float_range(first, last, by, kind)
    length = _open_length(cx, start, stop, step)
    lo: Bound = bounds_of(start)[0] if given(start) else 0
    by_one = number(step) if given(step) else 1
    upper = bounds_of(stop)[1]
    rising = by_one is not None and by_one > 0
    return made((length,), kind, lo if rising else None, upper if rising and kind_of(kind) == "f" else None)


def _any_float(parts: list[Value]) -> bool | None:
    found: bool | None = False
    for part in parts:
        if isinstance(part, Typed):
            if part.kind == "float":
                return True
        elif isinstance(part, Const):
            if isinstance(part.value, float):
                return True
        elif isinstance(part, Array):
            if kind_of(part.dtype) == "f":
                return True
        elif as_dim(part) is None:
            found = None
    return found


def _integer_range(cx: Context, ends: list[DimLike | None], dtype: str | None) -> Array:
    start, stop, step = (0 if end is None else cx.resolve(end) for end in ends)
    if isinstance(step, int) and step == 0:
        raise invalid("step", 0, "division by zero", exception="ZeroDivisionError")
    length = range_length(start, stop, step, cx.facts)
    if length is None:
        return made((cx.fresh(lo=0),), dtype)
    if isinstance(length, int) and length <= MOST_DATA:
        return made((length,), dtype, data=converted(tuple(start + k * step for k in range(length)), dtype))
    last = start + (length - 1) * step
    rising = isinstance(step, int) and step > 0
    falling = isinstance(step, int) and step < 0
    lo, hi = (start, last) if rising else (last, start) if falling else (None, None)
    if rising and isinstance(last, Dim) and isinstance(step, int) and step == 1:
        hi = stop - 1
    return made((length,), dtype, lo, hi)


def _float_range(start: float, stop: float, step: float, dtype: str | None) -> Array:
    if step == 0:
        raise invalid("step", 0, "Maximum allowed size exceeded")
    span = (stop - start) / step
    if span != span or math.isinf(span):
        raise invalid("stop", stop, "arange: cannot compute length")
    length = max(math.ceil(span), 0)
    last = start + (length - 1) * step
    lo, hi = (start, max(last, start)) if step > 0 else (min(last, start), start)
    if kind_of(dtype) != "f":
        return made((length,), dtype)
    return made((length,), dtype, lo, hi + abs(step) * 1e-6 if step > 0 else hi)


def _open_length(cx: Context, start: Value | None, stop: Value, step: Value | None) -> DimLike:
    """The length where an end is a float that came from sizes (``n / 2``): exact; else a fresh one."""
    by_one = not given(step) or number(step) == 1
    at_zero = not given(start) or number(start) == 0
    if by_one and at_zero and isinstance(stop, Typed) and stop.ceil is not None:
        return stop.ceil
    return cx.fresh(lo=0)


def _samples(cx: Context, num: Value | None) -> DimLike:
    if num is None:
        return 50
    not_an_integer(num, "linspace")
    count = size_argument(cx, num, "linspace")
    if not cx.at_least(count, 0):
        raise invalid("num", count, f"Number of samples, {count}, must be non-negative.", num)
    return cx.resolve(count)


def _between(
    cx: Context, start: Value, stop: Value, num: Value | None, dtype: Value | None, axis: Value | None, bounds: bool
) -> Array:
    count = _samples(cx, num)
    first, last = as_array(cx, start), as_array(cx, stop)
    kind = dtype_argument(cx, dtype, "float64")
    if isinstance(first, Unknown) or isinstance(last, Unknown) or first.shape is None or last.shape is None:
        flat = not isinstance(start, Array) and not isinstance(stop, Array)
        return made((count,) if flat else None, kind)
    from foreshape.semantics.numpy.elementwise import broadcast

    narrow = promote(mean_dtype(first.dtype), mean_dtype(last.dtype))
    if not given(dtype) and narrow in ("float16", "float32") and cx.targets.at_least("numpy", "2"):
        kind = narrow if bounds else None
    if not given(dtype) and "c" in (kind_of(first.dtype), kind_of(last.dtype)):
        kind = "complex128"
    base = broadcast(cx, "linspace", (first, last), (start, stop))
    place = as_int(axis) if axis is not None else 0
    if base is None or place is None:
        return made(None, kind)
    if place < 0:
        place += len(base) + 1
    lo: Bound = None
    hi: Bound = None
    ends = (first.lo, first.hi, last.lo, last.hi)
    if bounds and all(isinstance(end, (int, float)) for end in ends):
        lo, hi = min(ends), max(ends)  # type: ignore[type-var]
    return made((*base[:place], count, *base[place:]), kind, *loosened(kind, lo, hi))


@rule("numpy.linspace", doc=DOC + "linspace.html")
def linspace(
    cx: Context, start: Value, stop: Value, num: Value | None = None, endpoint: Value | None = None,
    retstep: Value | None = None, dtype: Value | None = None, axis: Value | None = None, *, device: Value | None = None,
) -> Value:  # fmt: skip
    """``num`` (50) float64 values between both; ends that are arrays give further axes."""
    found = _between(cx, start, stop, num, dtype, axis, True)
    wants = flag(retstep)
    if wants is None:
        return cx.unknown("retstep is not known")
    return listed("tuple", (found, made((), "float64"))) if wants else found


@rule("numpy.logspace", doc=DOC + "logspace.html")
def logspace(
    cx: Context, start: Value, stop: Value, num: Value | None = None, endpoint: Value | None = None,
    base: Value | None = None, dtype: Value | None = None, axis: Value | None = None,
) -> Value:  # fmt: skip
    found = _between(cx, start, stop, num, dtype, axis, False)
    if isinstance(base, (Array, Sequence)):
        return made(None, found.dtype)
    return found


@rule("numpy.geomspace", doc=DOC + "geomspace.html")
def geomspace(
    cx: Context, start: Value, stop: Value, num: Value | None = None, endpoint: Value | None = None,
    dtype: Value | None = None, axis: Value | None = None,
) -> Value:  # fmt: skip
    return _between(cx, start, stop, num, dtype, axis, False)


# -- matrices ---------------------------------------------------------------------------------------------------------
@rule("numpy.eye", doc=DOC + "eye.html")
def eye(
    cx: Context, N: Value, M: Value | None = None, k: Value | None = None, dtype: Value | None = None,
    order: Value | None = None, *, device: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """(N, M) with ones on a diagonal; M is N unless it is given."""
    rows = size_argument(cx, N, "eye")
    columns = size_argument(cx, M, "eye") if M is not None and given(M) else rows
    for size in (rows, columns):
        if not cx.at_least(size, 0):
            raise invalid("N", size, "negative dimensions are not allowed", N)
    kind = dtype_argument(cx, dtype, "float64")
    offset = as_int(k) if given(k) else 0
    data = None
    if isinstance(rows, int) and isinstance(columns, int) and offset is not None and rows * columns <= MOST_DATA:
        ones_at = (int(j - i == offset) for i in range(rows) for j in range(columns))
        data = converted(tuple(ones_at), kind)
    return made((rows, columns), kind, 0, 1, data)


@rule("numpy.identity", doc=DOC + "identity.html")
def identity(cx: Context, n: Value, dtype: Value | None = None, *, like: Value | None = None) -> Value:
    return eye(cx, n, dtype=dtype)


@rule("numpy.tri", doc=DOC + "tri.html")
def tri(
    cx: Context, N: Value, M: Value | None = None, k: Value | None = None, dtype: Value | None = None, *,
    like: Value | None = None,
) -> Value:  # fmt: skip
    rows = size_argument(cx, N, "tri")
    columns = size_argument(cx, M, "tri") if M is not None and given(M) else rows
    return made((rows, columns), dtype_argument(cx, dtype, "float64"), 0, 1)


@rule("numpy.tril", "numpy.triu", doc=DOC + "tril.html")
def tril(cx: Context, m: Value, k: Value | None = None) -> Value:
    """The same shape; a vector of n gives (n, n)."""
    found = as_array(cx, m)
    if isinstance(found, Unknown):
        return found
    shape = found.shape
    if shape is not None and len(shape) == 1:
        shape = (shape[0], shape[0])
    low, high = bound_low(found.lo), bound_high(found.hi)
    return made(shape, found.dtype, None if low is None else min(low, 0), None if high is None else max(high, 0))


def diagonal_length(cx: Context, rows: DimLike, columns: DimLike, offset: int | None) -> DimLike:
    """How long a diagonal is."""
    if offset is None:
        return cx.fresh(lo=0)
    if offset >= 0:
        return dmax(dmin(rows, columns - offset, cx.facts), 0, cx.facts)
    return dmax(dmin(rows + offset, columns, cx.facts), 0, cx.facts)


@rule("numpy.diag", doc=DOC + "diag.html")
def diag(cx: Context, v: Value, k: Value | None = None) -> Value:
    """A vector of n becomes (n + |k|, n + |k|), a matrix its diagonal."""
    found = as_array(cx, v)
    if isinstance(found, Unknown):
        return found
    offset = as_int(k) if given(k) else 0
    if found.shape is None:
        return made(None, found.dtype)
    if len(found.shape) == 1:
        size = found.shape[0] + abs(offset) if offset is not None else cx.fresh()
        low, high = bound_low(found.lo), bound_high(found.hi)
        return made(
            (size, size), found.dtype, None if low is None else min(low, 0), None if high is None else max(high, 0)
        )
    if len(found.shape) != 2:
        raise invalid("v", f"{len(found.shape)} axes", "Input must be 1- or 2-d.", v)
    data = None
    plain = known(found.shape)
    if plain is not None and found.data is not None and offset is not None:
        data = tuple(found.data[i * plain[1] + i + offset] for i in range(plain[0]) if 0 <= i + offset < plain[1])
    return keeps(found, (diagonal_length(cx, found.shape[0], found.shape[1], offset),), data=data)


@rule("numpy.diagflat", doc=DOC + "diagflat.html")
def diagflat(cx: Context, v: Value, k: Value | None = None) -> Value:
    found = as_array(cx, v)
    if isinstance(found, Unknown) or found.shape is None:
        return unlike(cx, found)
    offset = as_int(k) if given(k) else 0
    size = total(found.shape) + abs(offset) if offset is not None else cx.fresh()
    return made((size, size), found.dtype)


@rule("numpy.vander", doc=DOC + "vander.html")
def vander(cx: Context, x: Value, N: Value | None = None, increasing: Value | None = None) -> Value:
    found = as_array(cx, x)
    if isinstance(found, Unknown) or found.shape is None:
        return unlike(cx, found)
    if len(found.shape) != 1:
        raise invalid("x", f"{len(found.shape)} axes", "x must be a one-dimensional array or sequence.", x)
    columns = size_argument(cx, N, "vander") if N is not None and given(N) else found.shape[0]
    kind = found.dtype if kind_of(found.dtype) != "b" else "int64"
    return made((found.shape[0], columns), kind)


# -- from elsewhere ---------------------------------------------------------------------------------------------------
@rule("numpy.fromfunction", doc=DOC + "fromfunction.html")
def fromfunction(
    cx: Context,
    function: Value,
    shape: Value,
    *,
    dtype: Value | None = None,
    like: Value | None = None,
    **kwargs: Value,
) -> Value:
    """What the function gives for the index grids of the shape."""
    target = sizes(cx, shape, "fromfunction")
    if target is None:
        return cx.unknown("the shape is not known")
    grids = [made(target, dtype_argument(cx, dtype, "float64"), 0, size - 1) for size in target]
    return cx.call(function, grids, kwargs)


@rule("numpy.fromiter", doc=DOC + "fromiter.html")
def fromiter(cx: Context, iter: Value, dtype: Value, count: Value | None = None, *, like: Value | None = None) -> Value:
    """One axis with as many elements as the iterable gives, or ``count``."""
    if dtype_argument(cx, dtype, "float64") in ("void", None):
        return made(None, None)
    number_of = as_dim(count) if count is not None else None
    contents = cx.iterate(iter)
    if number_of is not None and not (isinstance(number_of, int) and number_of < 0):
        length: DimLike = number_of
    else:
        length = cx.fresh(lo=0) if contents is None else contents.length
    lo: Bound = None
    hi: Bound = None
    if contents is not None and not any(isinstance(segment, Run) for segment in contents.segments):
        listing = as_array(cx, Sequence("list", contents))
        if isinstance(listing, Array):
            lo, hi = listing.lo, listing.hi
    return made((length,), dtype_argument(cx, dtype, "float64"), lo, hi)


@rule("numpy.fromstring", doc=DOC + "fromstring.html")
def fromstring(
    cx: Context, string: Value, dtype: Value | None = None, count: Value | None = None, *, sep: Value | None = None,
    like: Value | None = None,
) -> Value:  # fmt: skip
    text, between = as_str(string), as_str(sep)
    if text is not None and between is not None and between.strip() in (",", ";", ""):
        parts = text.split(between.strip()) if between.strip() else text.split()
        return made((len(parts),), dtype_argument(cx, dtype, "float64"))
    return made((cx.fresh(lo=0),), dtype_argument(cx, dtype, "float64"))


@rule("numpy.frombuffer", doc=DOC + "frombuffer.html")
def frombuffer(
    cx: Context, buffer: Value, dtype: Value | None = None, count: Value | None = None, offset: Value | None = None, *,
    like: Value | None = None,
) -> Value:  # fmt: skip
    """len(buffer) // itemsize elements, or ``count``."""
    kind = dtype_argument(cx, dtype, "float64")
    wanted = as_dim(count) if count is not None else None
    if wanted is not None and not (isinstance(wanted, int) and wanted < 0):
        return made((wanted,), kind)
    from foreshape.semantics.numpy.dtypes import SIZES

    width = SIZES.get(kind or "", ("", 0))[1] // 8
    whole = _bytes_in(buffer)
    skipped = as_dim(offset) if given(offset) else 0
    if whole is None or not width or skipped is None:
        return made((cx.fresh(lo=0),), kind)
    size = cx.resolve(whole - skipped)
    length = cx.resolve(size // width)
    if not cx.equal(length * width, size):
        raise invalid("buffer", size, "buffer size must be a multiple of element size", buffer)
    return made((length,), kind)


def _bytes_in(buffer: Value) -> DimLike | None:
    """How many bytes a buffer has, where that is known."""
    if isinstance(buffer, Const) and isinstance(buffer.value, bytes):
        return len(buffer.value)
    return buffer.length if isinstance(buffer, Typed) and buffer.kind == "bytes" else None
