"""Grids and index helpers: meshgrid, mgrid, indices, ix_, r_, c_, diagonals, unravel_index, windows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    as_str,
    dim_or,
)
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.creation import arange, diagonal_length
from foreshape.semantics.numpy.dtypes import dtype_argument
from foreshape.semantics.numpy.joining import Parts, concatenated
from foreshape.semantics.numpy.support import (
    axes_argument,
    axis_of,
    flag,
    given,
    invalid,
    keeps,
    listed,
    made,
    number,
    object_of,
    resolved,
    shape_argument,
    size_argument,
    total,
    unlike,
    written,
)
from foreshape.semantics.registry import constant, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- grids ------------------------------------------------------------------------------------------------------------
@rule("numpy.meshgrid", doc=DOC + "meshgrid.html")
def meshgrid(
    cx: Context, *xi: Value, copy: Value | None = None, sparse: Value | None = None, indexing: Value | None = None
) -> Value:
    """One grid per vector, of the sizes of all; the first two axes are swapped for the default "xy"."""
    kind = "tuple" if cx.targets.at_least("numpy", "2") else "list"
    vectors = [as_array(cx, value) for value in xi]
    full = [v for v in vectors if isinstance(v, Array) and v.shape is not None]
    order, thin = "xy" if indexing is None else as_str(indexing), flag(sparse)
    if len(full) != len(vectors) or order is None or thin is None:
        return listed(kind, [made(None, v.dtype if isinstance(v, Array) else None) for v in vectors])
    lengths = [total(resolved(cx, v.shape or ())) for v in full]
    shape = list(lengths)
    swap = order == "xy" and len(shape) > 1
    if swap:
        shape[0], shape[1] = shape[1], shape[0]
    grids: list[Value] = []
    for k, vector in enumerate(full):
        sizes = list(shape)
        if thin:
            place = 1 - k if swap and k < 2 else k
            sizes = [size if j == place else 1 for j, size in enumerate(shape)]
        grids.append(keeps(vector, tuple(sizes)))
    return listed(kind, grids)


library_type("numpy.nd_grid")
library_type("numpy.AxisConcatenator")
library_type("numpy.IndexExpression")


def _object(name: str, **fields: Any) -> Instance:
    return object_of(name, **fields)


@constant("numpy.mgrid", doc=DOC + "mgrid.html")
def mgrid(cx: Context) -> Value:
    return _object("numpy.nd_grid", **{"~sparse": False})


@constant("numpy.ogrid", doc=DOC + "ogrid.html")
def ogrid(cx: Context) -> Value:
    return _object("numpy.nd_grid", **{"~sparse": True})


@constant("numpy.r_", doc=DOC + "r_.html")
def r_(cx: Context) -> Value:
    return _object("numpy.AxisConcatenator", **{"~columns": False})


@constant("numpy.c_", doc=DOC + "c_.html")
def c_(cx: Context) -> Value:
    return _object("numpy.AxisConcatenator", **{"~columns": True})


@constant("numpy.s_", "numpy.index_exp", doc=DOC + "s_.html")
def s_(cx: Context) -> Value:
    return _object("numpy.IndexExpression")


@rule("numpy.IndexExpression.__getitem__")
def s_item(cx: Context, self: Value, index: Value) -> Value:
    return index


def _axis_of_slice(cx: Context, part: Value) -> Array | None:
    """``start:stop:step`` as a vector; an imaginary step counts the points."""
    if not isinstance(part, SliceValue):
        return None
    step = part.step
    if isinstance(step, Const) and isinstance(step.value, complex):
        return made((int(abs(step.value)),), "float64")
    start = part.start if given(part.start) else Const(0)
    found = arange(cx, start, part.stop, step if given(step) else None)
    return found if isinstance(found, Array) else None


@rule("numpy.nd_grid.__getitem__")
def grid_item(cx: Context, self: Value, index: Value) -> Value:
    """(axes, sizes...) for mgrid, a tuple of thin grids for ogrid."""
    thin = isinstance(self, Instance) and bool(self.fields.get("~sparse"))
    if not (isinstance(index, Sequence) and index.kind == "tuple"):
        vector = _axis_of_slice(cx, index)
        return vector if vector is not None else cx.unknown("the grid is not known")
    items = index.contents.items(32)
    vectors = [] if items is None else [_axis_of_slice(cx, item) for item in items]
    if not vectors or any(v is None or v.shape is None for v in vectors):
        return cx.unknown("the grid is not known")
    full = [v for v in vectors if v is not None]
    sizes: Shape = tuple((v.shape or (0,))[0] for v in full)
    dtype = "float64" if any(v.dtype == "float64" for v in full) else "int64"
    if not thin:
        return made((len(full), *sizes), dtype)
    parts = [made(tuple(s if j == k else 1 for j, s in enumerate(sizes)), dtype) for k in range(len(full))]
    return listed("tuple" if cx.targets.at_least("numpy", "2") else "list", parts)


@rule("numpy.AxisConcatenator.__getitem__")
def concatenator_item(cx: Context, self: Value, index: Value) -> Value:
    """``r_``: joined along the first axis; ``c_``: vectors are columns."""
    columns = isinstance(self, Instance) and bool(self.fields.get("~columns"))
    tuple_of = index.contents.items(64) if isinstance(index, Sequence) and index.kind == "tuple" else (index,)
    if tuple_of is None:
        return made(None, None)
    arrays: list[Array] = []
    for item in tuple_of:
        if as_str(item) is not None:
            return made(None, None)
        found = _axis_of_slice(cx, item) if isinstance(item, SliceValue) else as_array(cx, item)
        if found is None or isinstance(found, Unknown) or found.shape is None:
            return made(None, None)
        shape = found.shape or (1,)
        if columns and len(shape) == 1:
            shape = (*shape, 1)
        arrays.append(found.replace(shape=shape, data=found.data))
    return concatenated(cx, Parts(arrays, tuple(tuple_of), None, False), -1 if columns else 0, "concatenate", (index,))


@rule("numpy.indices", doc=DOC + "indices.html")
def indices(cx: Context, dimensions: Value, dtype: Value | None = None, sparse: Value | None = None) -> Value:
    """(axes, sizes...)."""
    sizes = shape_argument(cx, dimensions, "indices")
    thin = flag(sparse)
    kind = dtype_argument(cx, dtype, "int64")
    if sizes is None or thin is None:
        return made(None, kind)
    if not thin:
        return made((len(sizes), *sizes), kind, 0)
    return listed(
        "tuple", [made(tuple(s if j == k else 1 for j, s in enumerate(sizes)), kind, 0) for k in range(len(sizes))]
    )


@rule("numpy.ix_", doc=DOC + "ix_.html")
def ix_(cx: Context, *args: Value) -> Value:
    """Vectors on axes of their own."""
    parts: list[Value] = []
    for k, value in enumerate(args):
        array = as_array(cx, value)
        if isinstance(array, Unknown) or array.shape is None:
            return cx.unknown("the vectors are not known")
        if len(array.shape) != 1:
            raise invalid("args", f"{len(array.shape)} axes", "Cross index must be 1 dimensional", value)
        size: DimLike = array.shape[0]
        lo, hi = array.lo, array.hi
        if array.dtype == "bool":
            from foreshape.semantics.numpy.indexing import _count

            size, lo, hi = _count(cx, array), 0, array.shape[0] - 1
        dtype = "int64" if array.dtype == "bool" or (isinstance(size, int) and size == 0) else array.dtype
        parts.append(made(tuple(size if j == k else 1 for j in range(len(args))), dtype, lo, hi))
    return listed("tuple", parts)


# -- diagonals and triangles ------------------------------------------------------------------------------------------
@rule("numpy.diagonal", doc=DOC + "diagonal.html")
def diagonal(
    cx: Context, a: Value, offset: Value | None = None, axis1: Value | None = None, axis2: Value | None = None
) -> Value:
    """The two axes go, their diagonal becomes the last axis."""
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None:
        return unlike(cx, array)
    rank = len(array.shape)
    if rank < 2:
        raise invalid("a", f"{rank} axes", "diag requires an array of at least two dimensions", a)
    first = as_int(axis1) if axis1 is not None else 0
    second = as_int(axis2) if axis2 is not None else 1
    shift = as_int(offset) if offset is not None else 0
    if first is None or second is None:
        return made(None, array.dtype)
    i, j = axis_of(first, rank, "diagonal", (a,)), axis_of(second, rank, "diagonal", (a,))
    if i == j:
        raise invalid("axis2", second, "axis1 and axis2 cannot be the same", a)
    rest = [size for k, size in enumerate(array.shape) if k not in (i, j)]
    return keeps(array, (*rest, diagonal_length(cx, array.shape[i], array.shape[j], shift)))


@rule("numpy.ndarray.diagonal")
def diagonal_method(
    cx: Context, self: Value, offset: Value | None = None, axis1: Value | None = None, axis2: Value | None = None
) -> Value:
    return diagonal(cx, self, offset, axis1, axis2)


@rule("numpy.fill_diagonal", doc=DOC + "fill_diagonal.html")
def fill_diagonal(cx: Context, a: Value, val: Value, wrap: Value | None = None) -> Value:
    if isinstance(a, Array) and a.shape is not None and len(a.shape) < 2:
        raise invalid("a", f"{len(a.shape)} axes", "array must be at least 2-d", a)
    written(cx, a)
    return Const(None)


def _triangle(cx: Context, n: DimLike, m: DimLike, k: int | None, lower: bool) -> Value:
    count: DimLike = cx.fresh(lo=0)
    if k == 0 and n == m:
        count = floordiv(n * (n + 1), 2)
    elif isinstance(n, int) and isinstance(m, int) and k is not None:
        count = (
            sum(1 for i in range(n) for j in range(m) if (j - i <= k if lower else j - i >= k))
            if n * m <= 250_000
            else (cx.fresh(lo=0))
        )
    elif k is not None and n == m and ((lower and k == -1) or (not lower and k == 1)):
        count = floordiv(n * (n - 1), 2)
    return listed("tuple", (made((count,), "int64", 0, n - 1), made((count,), "int64", 0, m - 1)))


@rule("numpy.tril_indices", doc=DOC + "tril_indices.html")
def tril_indices(cx: Context, n: Value, k: Value | None = None, m: Value | None = None) -> Value:
    rows = size_argument(cx, n, "tril_indices")
    columns = size_argument(cx, m, "tril_indices") if m is not None and given(m) else rows
    return _triangle(cx, rows, columns, 0 if k is None else as_int(k), True)


@rule("numpy.triu_indices", doc=DOC + "triu_indices.html")
def triu_indices(cx: Context, n: Value, k: Value | None = None, m: Value | None = None) -> Value:
    rows = size_argument(cx, n, "triu_indices")
    columns = size_argument(cx, m, "triu_indices") if m is not None and given(m) else rows
    return _triangle(cx, rows, columns, 0 if k is None else as_int(k), False)


def _of_matrix(cx: Context, arr: Value, k: Value | None, lower: bool) -> Value:
    array = as_array(cx, arr)
    if isinstance(array, Unknown) or array.shape is None:
        return unlike(cx, array)
    if len(array.shape) != 2:
        raise invalid("arr", f"{len(array.shape)} axes", "input array must be 2-d", arr)
    return _triangle(cx, array.shape[0], array.shape[1], 0 if k is None else as_int(k), lower)


@rule("numpy.tril_indices_from", doc=DOC + "tril_indices_from.html")
def tril_indices_from(cx: Context, arr: Value, k: Value | None = None) -> Value:
    return _of_matrix(cx, arr, k, True)


@rule("numpy.triu_indices_from", doc=DOC + "triu_indices_from.html")
def triu_indices_from(cx: Context, arr: Value, k: Value | None = None) -> Value:
    return _of_matrix(cx, arr, k, False)


@rule("numpy.diag_indices", doc=DOC + "diag_indices.html")
def diag_indices(cx: Context, n: Value, ndim: Value | None = None) -> Value:
    size = size_argument(cx, n, "diag_indices")
    rank = 2 if ndim is None else as_int(ndim)
    if rank is None:
        return cx.unknown("how many axes is not known")
    return listed("tuple", [made((size,), "int64", 0, size - 1)] * rank)


@rule("numpy.diag_indices_from", doc=DOC + "diag_indices_from.html")
def diag_indices_from(cx: Context, arr: Value) -> Value:
    array = as_array(cx, arr)
    if isinstance(array, Unknown) or not array.shape:
        return unlike(cx, array)
    return listed("tuple", [made((array.shape[0],), "int64", 0, array.shape[0] - 1)] * len(array.shape))


@rule("numpy.mask_indices", doc=DOC + "mask_indices.html")
def mask_indices(cx: Context, n: Value, mask_func: Value, k: Value | None = None) -> Value:
    count = cx.fresh(lo=0)
    return listed("tuple", [made((count,), "int64", 0, None)] * 2)


# -- flat and axis-wise positions -------------------------------------------------------------------------------------
@rule("numpy.unravel_index", doc=DOC + "unravel_index.html")
def unravel_index(cx: Context, indices: Value, shape: Value, order: Value | None = None) -> Value:
    """A tuple with the positions on each axis."""
    places, sizes = as_array(cx, indices), shape_argument(cx, shape, "unravel_index")
    if isinstance(places, Unknown) or sizes is None:
        return cx.unknown("the positions are not known")
    whole = total(sizes)
    if places.data is not None and isinstance(whole, int):
        for place in places.data:
            if isinstance(place, int) and not 0 <= place < whole:
                text = f"index {place} is out of bounds for array with size {whole}"
                raise invalid("indices", place, text, indices, shape)
    return listed("tuple", [made(places.shape, "int64", 0, size - 1) for size in sizes])


@rule("numpy.ravel_multi_index", doc=DOC + "ravel_multi_index.html")
def ravel_multi_index(
    cx: Context, multi_index: Value, dims: Value, mode: Value | None = None, order: Value | None = None
) -> Value:
    sizes = shape_argument(cx, dims, "ravel_multi_index")
    contents = cx.iterate(multi_index)
    items = None if contents is None else contents.items(32)
    if items is None or sizes is None:
        return cx.unknown("the positions are not known")
    arrays = [as_array(cx, item) for item in items]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        return made(None, "int64")
    from foreshape.semantics.numpy.elementwise import broadcast

    return made(broadcast(cx, "ravel_multi_index", full, (multi_index,)), "int64", 0, total(sizes) - 1)


# -- windows ----------------------------------------------------------------------------------------------------------
@rule("numpy.lib.stride_tricks.sliding_window_view", doc=DOC + "lib.stride_tricks.sliding_window_view.html")
def sliding_window_view(
    cx: Context, x: Value, window_shape: Value, axis: Value | None = None, *, subok: Value | None = None,
    writeable: Value | None = None,
) -> Value:  # fmt: skip
    """Each axis has size - window + 1 places, the windows become the last axes."""
    array, windows = as_array(cx, x), shape_argument(cx, window_shape, "sliding_window_view")
    axes = axes_argument(cx, axis)
    if (
        isinstance(array, Unknown)
        or array.shape is None
        or windows is None
        or (axes is not None and not isinstance(axes, tuple))
    ):
        return unlike(cx, array) if isinstance(array, Unknown) else made(None, array.dtype, array.lo, array.hi)
    rank = len(array.shape)
    if axes is None:
        if len(windows) != rank:
            text = (
                "Since axis is `None`, must provide window_shape for all dimensions of `x`; got "
                f"{len(windows)} window_shape elements and `x.ndim` is {rank}."
            )
            raise invalid("window_shape", windows, text, x)
        chosen = tuple(range(rank))
    else:
        chosen = tuple(axis_of(one, rank, "sliding_window_view", (x,)) for one in axes)
        if len(chosen) != len(windows):
            text = (
                f"Must provide matching length window_shape and axis; got {len(windows)} window_shape elements and "
                f"{len(chosen)} axes elements."
            )
            raise invalid("window_shape", windows, text, x)
    sizes = list(resolved(cx, array.shape))
    for at, window in zip(chosen, windows):
        if not cx.at_least(window, 0):
            raise invalid("window_shape", window, "`window_shape` cannot contain negative values", x)
        if not cx.at_least(sizes[at], window):
            text = "window shape cannot be larger than input array shape"
            raise invalid("window_shape", window, text, x, window_shape)
        sizes[at] = cx.resolve(sizes[at] - window + 1)
    roles = None if array.roles is None else (*array.roles, *(array.roles[at] for at in chosen))
    return keeps(array, (*sizes, *windows), roles=roles)


@rule("numpy.lib.stride_tricks.as_strided", doc=DOC + "lib.stride_tricks.as_strided.html")
def as_strided(
    cx: Context, x: Value, shape: Value | None = None, strides: Value | None = None, subok: Value | None = None,
    writeable: Value | None = None,
) -> Value:  # fmt: skip
    array = as_array(cx, x)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    target = shape_argument(cx, shape, "as_strided") if shape is not None and given(shape) else array.shape
    return made(target, array.dtype)


def _window(name: str) -> None:
    from foreshape.semantics.numpy.tables import register

    def apply(cx: Context, **arguments: Any) -> Value:
        count = arguments["M"]
        size: DimLike = cx.fresh(lo=0)
        points = number(count)
        if points is not None:
            size = max(math.ceil(points), 0)
        elif as_dim(count) is not None:
            size = dim_or(count, 0)
        elif isinstance(count, Typed) and count.kind == "float":
            size = cx.fresh(lo=0)
        return made((size,), "float64")

    register(f"numpy.{name}", apply, "M, beta" if name == "kaiser" else "M", f"{DOC}{name}.html")


for _name in ("bartlett", "blackman", "hamming", "hanning", "kaiser"):
    _window(_name)
