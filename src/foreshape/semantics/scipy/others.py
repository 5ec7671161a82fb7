"""The rest of SciPy where shapes are documented: io, ndimage, interpolate, spatial.

https://docs.scipy.org/doc/scipy/reference/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_int,
    int_value,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import given, listed, made, number
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.scipy.signals import place, signal

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- io ----------
@rule("scipy.io.wavfile.read", doc="https://docs.scipy.org/doc/scipy/reference/generated/scipy.io.wavfile.read.html")
def wav_read(cx: Context, filename: Value, mmap: Value | None = None) -> Value:
    """(rate, data): (samples,) or (samples, channels)."""
    return listed("tuple", [Typed("int", lo=1), Array("numpy", None, None)])


@rule("scipy.io.wavfile.write", "scipy.io.savemat", "scipy.sparse.save_npz")
def write(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@rule("scipy.io.loadmat")
def loadmat(cx: Context, file_name: Value, *args: Value, **kwargs: Value) -> Value:
    return DictValue({}, Array("numpy", None, None))


# -- ndimage ----------
@rule(
    *(
        f"scipy.ndimage.{name}"
        for name in (
            "gaussian_filter",
            "gaussian_filter1d",
            "median_filter",
            "uniform_filter",
            "uniform_filter1d",
            "maximum_filter",
            "minimum_filter",
            "convolve",
            "convolve1d",
            "correlate",
            "sobel",
            "laplace",
            "gaussian_laplace",
            "shift",
            "affine_transform",
            "grey_dilation",
            "grey_erosion",
            "prewitt",
            "percentile_filter",
        )
    )
)
def filtered(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape and dtype of the input."""
    if given(kwargs.get("output_shape")) or given(kwargs.get("output")):
        return cx.unknown("an image of another size")
    array = as_array(cx, input)
    return array if isinstance(array, Unknown) else made(array.shape, array.dtype, roles=array.roles)


@rule(
    "scipy.ndimage.binary_dilation",
    "scipy.ndimage.binary_erosion",
    "scipy.ndimage.binary_fill_holes",
    "scipy.ndimage.binary_opening",
    "scipy.ndimage.binary_closing",
)
def binary(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, input)
    return array if isinstance(array, Unknown) else made(array.shape, "bool")


@rule("scipy.ndimage.zoom", doc="https://docs.scipy.org/doc/scipy/reference/generated/scipy.ndimage.zoom.html")
def zoom(cx: Context, input: Value, zoom: Value, *args: Value, **kwargs: Value) -> Value:
    """Each axis times its factor, rounded."""
    array = as_array(cx, input)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("the image is not known")
    factors: list[float | int | None] = [number(zoom)] * len(array.shape)
    if number(zoom) is None:
        contents = cx.iterate(zoom)
        items = None if contents is None else contents.items(8)
        if items is None or len(items) != len(array.shape):
            return made(tuple(cx.fresh() for _ in array.shape), array.dtype)
        factors = [number(item) for item in items]
    sizes: list[DimLike] = []
    for size, factor in zip(array.shape, factors):
        if factor == 1:
            sizes.append(size)
        elif isinstance(size, int) and factor is not None:
            sizes.append(round(size * factor))
        else:
            sizes.append(cx.fresh())
    return made(tuple(sizes), array.dtype)


@rule("scipy.ndimage.rotate")
def rotate(
    cx: Context,
    input: Value,
    angle: Value,
    axes: Value | None = None,
    reshape: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """The same shape with ``reshape=False``."""
    array = as_array(cx, input)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("the image is not known")
    if reshape is not None and as_bool(reshape) is False:
        return made(array.shape, array.dtype)
    degrees = number(angle)
    if axes is None and degrees is not None and degrees % 180 == 0:
        return made(array.shape, array.dtype)
    if axes is None and degrees is not None and degrees % 90 == 0 and len(array.shape) >= 2:
        return made((array.shape[1], array.shape[0], *array.shape[2:]), array.dtype)
    if axes is None and len(array.shape) >= 2:
        return made((cx.fresh("rows"), cx.fresh("columns"), *array.shape[2:]), array.dtype)
    return made(tuple(cx.fresh() for _ in array.shape), array.dtype)


@rule("scipy.ndimage.label")
def label(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, input)
    shape = array.shape if isinstance(array, Array) else None
    return listed("tuple", [made(shape, "int32", 0), Typed("int", lo=0)])


# -- interpolate ----------
INTERPOLATOR: Final = library_type("scipy.interpolate.interp1d")
for _name in (
    "CubicSpline",
    "PchipInterpolator",
    "Akima1DInterpolator",
    "UnivariateSpline",
    "make_interp_spline",
    "BarycentricInterpolator",
):
    library_type(f"scipy.interpolate.{_name}", INTERPOLATOR)


@rule(
    "scipy.interpolate.interp1d.__init__",
    doc="https://docs.scipy.org/doc/scipy/reference/generated/scipy.interpolate.interp1d.html",
)
def interp1d(cx: Context, self: Instance, x: Value, y: Value, *args: Value, **kwargs: Value) -> Value:
    """x and y have the same length along the axis."""
    a, b = as_array(cx, x), signal(cx, y)
    last = (self.library_type or "").endswith("interp1d")
    if isinstance(b, Unknown) or b.shape is None:
        return Const(None)
    where = place(b, kwargs.get("axis"), -1 if last else 0)
    if where is None:
        return Const(None)
    cx.set(self, "~axis", int_value(where))
    cx.set(self, "~values", b)
    if (
        last
        and isinstance(a, Array)
        and a.shape is not None
        and len(a.shape) == 1
        and not cx.equal(a.shape[0], b.shape[where])
    ):
        from foreshape.faults.cardinality import Cardinality

        text = "x and y arrays must be equal in length along interpolation axis."
        raise Cardinality(
            Raises("ValueError", text, by="scipy"), values=(y, x), sizes=(("x", a.shape[0]), ("y", b.shape[where]))
        )
    return Const(None)


@rule("scipy.interpolate.interp1d.__call__")
def interpolated(cx: Context, self: Instance, x: Value, *args: Value, **kwargs: Value) -> Value:
    """The axis replaced by those of x."""
    found, values = as_array(cx, x), self.fields.get("~values")
    where = as_int(self.fields.get("~axis")) if isinstance(self.fields.get("~axis"), Value) else None
    if (
        args
        or isinstance(found, Unknown)
        or found.shape is None
        or not isinstance(values, Array)
        or values.shape is None
        or where is None
    ):
        return cx.unknown("the values that are interpolated are not known")
    shape = (*values.shape[:where], *found.shape, *values.shape[where + 1 :])
    return made(shape, "float64" if values.dtype in ("float64", "int64") else None)


# -- spatial ----------
@rule("scipy.spatial.distance.cdist")
def cdist(cx: Context, XA: Value, XB: Value, *args: Value, **kwargs: Value) -> Value:
    """(rows of A, rows of B). ValueError for other numbers of columns."""
    a, b = as_array(cx, XA), as_array(cx, XB)
    if isinstance(a, Unknown) or isinstance(b, Unknown) or a.shape is None or b.shape is None:
        return cx.unknown("the points are not known")
    if len(a.shape) != 2 or len(b.shape) != 2:
        return cx.unknown("points are rows of two axes")
    result = made((a.shape[0], b.shape[0]), "float64", 0)
    if not cx.equal(a.shape[1], b.shape[1]):
        from foreshape.faults.feature_mismatch import FeatureMismatch

        text = "XA and XB must have the same number of columns (i.e. feature dimension.)"
        raise FeatureMismatch(
            Raises("ValueError", text, by="scipy"),
            values=(XB, XA),
            recover=result,
            taker="cdist",
            needs=a.shape[1],
            got=b.shape[1],
            shape=b.shape,
        )
    return result


@rule("scipy.spatial.distance.pdist")
def pdist(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, X)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) != 2:
        return cx.unknown("the points are not known")
    rows = array.shape[0]
    return made((floordiv(rows * (rows - 1), 2),), "float64", 0)


@rule("scipy.spatial.distance.squareform")
def squareform(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, X)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("the distances are not known")
    if len(array.shape) == 2:
        rows = array.shape[0]
        return made((floordiv(rows * (rows - 1), 2),), array.dtype)
    size = array.shape[0]
    if isinstance(size, int):
        rows = next((n for n in range(2, 10_000) if n * (n - 1) // 2 >= size), 2)
        return made((rows, rows), array.dtype)
    square = cx.fresh("points")
    return made((square, square), array.dtype)


@rule("scipy.spatial.distance.euclidean", "scipy.spatial.distance.cosine", "scipy.spatial.distance.cityblock")
def distance(cx: Context, u: Value, v: Value, w: Value | None = None) -> Value:
    """A number."""
    return Typed("float")
