"""Sums, means, variances, logical reductions and norms over axes.

Sizes follow ``torch``: ``dim`` is an axis or several, None (or an empty list) is all of them, ``keepdim`` leaves sizes of 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import Array, Const, Int, Sequence, Shape, Typed, Value, as_bool, as_str, is_none
from foreshape.semantics.notes.compared import note_added_up
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.errors import no_signature
from foreshape.semantics.torch.reducing import (
    LOOSE,
    Left,
    axis_of,
    check_arguments,
    is_zero,
    layout,
    limits,
    needs_elements,
    no_elements,
    reduced,
    without,
)
from foreshape.semantics.torch.results import listed, named
from foreshape.semantics.torch.silent import positions_meta
from foreshape.semantics.torch.support import (
    dtype_argument,
    error,
    float_result,
    given,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    must_be,
    not_implemented,
    open_dtype,
    real_dtype,
    scalar_name,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def made(cx: Context, left: Left, dtype: str | None, x: Array, **more: Any) -> Array:
    """The reduced tensor."""
    return tensor(cx, left.shape, dtype, x, roles=left.roles, strides=left.strides, **more)


def folded(x: Array, name: str, shape: Shape | None) -> tuple[Any, ...] | None:
    """The one result over known integers: sizes are computed so."""
    if shape != () or not x.data or not all(isinstance(item, int) for item in x.data):
        return None
    if name == "sum":
        return (sum(x.data),)
    if name == "prod":
        product = 1
        for item in x.data:
            product *= item
        return (product,) if abs(product) < 2**63 else None
    return (max(x.data),) if name == "max" else (min(x.data),) if name == "min" else None


# -- sums ------------------------------------------------------------------------------------------------------------


def _sum_dtype(cx: Context, x: Array, dtype: Value | None, taker: str) -> str | None:
    default = "int64" if is_integral(x.dtype) else x.dtype
    return dtype_argument(cx, dtype, default, taker)


@op("sum")
def sum_(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, dtype: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Integers and bools give int64."""
    left = reduced(cx, "sum", input, dim, keepdim)
    if left.shape == ():
        note_added_up(cx, input)
    wanted = _sum_dtype(cx, input, dtype, "sum")
    return made(cx, left, wanted, input, data=folded(input, "sum", left.shape) if is_integral(wanted) else None)


@op("nansum")
def nansum(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, dtype: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Integers and bools give int64. RuntimeError for complex tensors."""
    if is_complex(input.dtype):
        raise wrong_dtype(cx, "RuntimeError", "nansum on CPU does not support complex inputs", "nansum", input)
    return made(cx, reduced(cx, "nansum", input, dim, keepdim), _sum_dtype(cx, input, dtype, "nansum"), input)


@op("prod")
def prod(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, dtype: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Over one axis, or all. Integers and bools give int64. TypeError for several axes."""
    if isinstance(dim, Sequence):
        raise no_signature(cx, "prod", "dim", dim)
    left = reduced(cx, "prod", input, dim, keepdim)
    wanted = _sum_dtype(cx, input, dtype, "prod")
    return made(cx, left, wanted, input, data=folded(input, "prod", left.shape) if is_integral(wanted) else None)


def _needs_float(cx: Context, taker: str, x: Array, dtype: Value | None) -> str | None:
    wanted = dtype_argument(cx, dtype, x.dtype, taker)
    if open_dtype(dtype):
        return None
    if wanted is not None and not is_floating(wanted) and not is_complex(wanted):
        if given(dtype):
            message = (
                f"{taker}(): could not infer output dtype. Optional dtype must be either a floating point or complex "
                f"dtype. Got: {scalar_name(wanted)}"
            )
        else:
            message = (
                f"{taker}(): could not infer output dtype. Input dtype must be either a floating point or complex "
                f"dtype. Got: {scalar_name(wanted)}"
            )
        left = tensor(cx, None, None, x)
        raise wrong_dtype(cx, "RuntimeError", message, taker, x, wanted="float32", recover=left)
    return wanted


@op("mean")
def mean(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, dtype: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """RuntimeError for integers and bools, unless ``dtype`` is floating."""
    wanted = _needs_float(cx, "mean", input, dtype)
    left = reduced(cx, "mean", input, dim, keepdim)
    if left.shape == ():
        note_added_up(cx, input)
    return made(cx, left, wanted, input, **limits(input))


@op("nanmean")
def nanmean(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, dtype: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """RuntimeError for integers and bools."""
    if is_integral(input.dtype):
        message = (
            f"nanmean(): expected input to have floating point or complex dtype but got {scalar_name(input.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "nanmean", input, wanted="float32")
    wanted = dtype_argument(cx, dtype, input.dtype, "nanmean")
    return made(cx, reduced(cx, "nanmean", input, dim, keepdim), wanted, input)


# -- variance --------------------------------------------------------------------------------------------------------


def _spread(
    cx: Context, taker: str, x: Array, dim: Value | None, unbiased: Value | None, keepdim: Value | None
) -> tuple[Left, str | None]:
    """``var(x, False)`` is ``unbiased``, ``var(x, 0)`` an axis."""
    if (isinstance(dim, Const) and isinstance(dim.value, bool)) or (isinstance(dim, Typed) and dim.kind == "bool"):
        dim = None
    if x.dtype is not None and is_integral(x.dtype):
        message = f"{taker} only support floating point and complex dtypes"
        raise wrong_dtype(cx, "RuntimeError", message, taker, x, wanted="float32")
    return reduced(cx, taker, x, dim, keepdim), real_dtype(x.dtype)


def _declare_spread(name: str) -> None:
    text = "std and var" if name in ("std", "var") else name

    @op(name)
    def run(
        cx: Context, input: Array, dim: Value | None = None, unbiased: Value | None = None,
        keepdim: Value | None = None, *, correction: Value | None = None, out: Value | None = None,
    ) -> Value:  # fmt: skip
        """Over the axes; real also of complex tensors. RuntimeError for integers."""
        left, dtype = _spread(cx, text, input, dim, unbiased, keepdim)
        return made(cx, left, dtype, input, lo=0, meta=LOOSE)

    @op(f"{name}_mean", method=False)
    def both(
        cx: Context, input: Array, dim: Value | None = None, unbiased: Value | None = None,
        keepdim: Value | None = None, *, correction: Value | None = None, out: Value | None = None,
    ) -> Value:  # fmt: skip
        """The spread and the mean."""
        left, dtype = _spread(cx, f"{name}_mean", input, dim, unbiased, keepdim)
        return listed(made(cx, left, dtype, input, lo=0, meta=LOOSE), made(cx, left, input.dtype, input))


_declare_spread("std")
_declare_spread("var")


# -- logical ---------------------------------------------------------------------------------------------------------


def _declare_logical(name: str) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, out: Value | None = None
    ) -> Value:
        """Bools (uint8 of uint8)."""
        left = reduced(cx, name, input, dim, keepdim, none_of_none=True)
        return made(cx, left, "uint8" if input.dtype == "uint8" else "bool", input)


_declare_logical("all")
_declare_logical("any")


@op("count_nonzero")
def count_nonzero(cx: Context, input: Array, dim: Value | None = None) -> Value:
    """int64."""
    return made(cx, reduced(cx, "count_nonzero", input, dim), "int64", input, lo=0, meta=LOOSE)


@op("logsumexp", "special.logsumexp")
def logsumexp(
    cx: Context, input: Array, dim: Value, keepdim: Value | None = None, *, out: Value | None = None
) -> Value:
    """Floats."""
    left = reduced(cx, "logsumexp", input, dim, keepdim)
    return made(cx, left, float_result(cx, input.dtype), input)


# -- extremes --------------------------------------------------------------------------------------------------------


def _declare_extreme(name: str) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, out: Value | None = None
    ) -> Value:
        """Over the axes. RuntimeError or IndexError of nothing, RuntimeError for another dtype of ``out``."""
        if is_complex(input.dtype):
            raise not_implemented(cx, f"{name}_values_cpu", input, name)
        left = reduced(cx, name, input, dim, keepdim)
        needs_elements(cx, name, input, left, dim)
        return made(cx, left, input.dtype, input, **limits(input))


_declare_extreme("amax")
_declare_extreme("amin")


@op("aminmax")
def aminmax(
    cx: Context, input: Array, *, dim: Value | None = None, keepdim: Value | None = None, out: Value | None = None
) -> Value:
    """The least and the greatest, over one axis or all."""
    left = reduced(cx, "aminmax", input, dim, keepdim)
    text = "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
    needs_elements(cx, "aminmax", input, left, dim, text)
    least = made(cx, left, input.dtype, input, **limits(input))
    return named("aminmax", min=least, max=made(cx, left, input.dtype, input, **limits(input)))


def _declare_position(name: str) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, out: Value | None = None
    ) -> Value:
        """Positions: of the flattened tensor, or along the axis. int64."""
        if isinstance(dim, Sequence):
            raise must_be(cx, name, "dim", 2, "int", dim)
        if input.dtype == "bool" or is_complex(input.dtype):
            message = f"{name}(): does not support {'bool' if input.dtype == 'bool' else 'complex'} input"
            raise wrong_dtype(cx, "RuntimeError", message, name, input)
        left = reduced(cx, name, input, dim, keepdim)
        _position_of_nothing(cx, name, input, left, dim)
        most = None
        if input.shape is not None and left.axes is not None:
            from foreshape.domain.dim import product

            most = product([input.shape[axis] for axis in left.axes]) - 1
        meta = positions_meta(cx, name, input, left.axes)
        return made(cx, left, "int64", input, lo=0, hi=most, differentiable=False, meta={**LOOSE, **meta})


def _position_of_nothing(cx: Context, taker: str, x: Array, left: Left, dim: Value | None) -> None:
    from foreshape.faults.invalid_argument import InvalidArgument

    if x.shape is None or not no_elements(cx, x):
        return
    if not given(dim):
        message = f"{taker}(): Expected reduction dim to be specified for input.numel() == 0."
        raise InvalidArgument(error(cx, "IndexError", message), values=(x,), argument="dim", given="None")
    for axis in left.axes or ():
        if is_zero(cx.resolve(x.shape[axis])):
            message = f"{taker}(): Expected reduction dim {axis} to have non-zero size."
            raise InvalidArgument(error(cx, "IndexError", message), values=(x,), argument="dim", given=str(axis))


_declare_position("argmax")
_declare_position("argmin")


def along(cx: Context, name: str, x: Array, dim: Value | None, keepdim: Value | None) -> Value:
    """The chosen element of each row along one axis, and where it stands."""
    check_arguments(cx, name, dim, keepdim)
    axis = axis_of(cx, name, x, dim)
    keep = None if keepdim is not None and as_bool(keepdim) is None else bool(as_bool(keepdim))
    if x.shape is None or axis is None or keep is None:
        left = Left(None, None) if x.shape is None or keep is None else reduced(cx, name, x, dim, keepdim)
        size = None
    else:
        left = without(x, (axis,) if x.shape else (), keep)
        size = cx.resolve(x.shape[axis]) if x.shape else 1
        if isinstance(size, int) and size == 0:
            message = f"{name}(): Expected reduction dim {axis} to have non-zero size."
            raise invalid(cx, "IndexError", message, "dim", axis, x)
    values = made(cx, left, x.dtype, x, **limits(x))
    meta = {**LOOSE, **positions_meta(cx, name, x, left.axes)}
    places = made(cx, left, "int64", x, lo=0, hi=None if size is None else size - 1, differentiable=False, meta=meta)
    return named(name, values=values, indices=places)


def _declare_choosing(name: str) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *,
        other: Value | None = None, out: Value | None = None,
    ) -> Value:  # fmt: skip
        """The extreme of all; along an axis, with its positions; of two tensors, element by element."""
        second = other if given(other) else dim
        if isinstance(second, Array) and second.kind == "torch":
            return cx.rule(f"torch.{name}imum", input, second)
        if is_complex(input.dtype):
            raise not_implemented(cx, f"{name}_all" if not given(dim) else f"{name}_cpu", input, name)
        if dim is None or is_none(dim):
            left = reduced(cx, name, input, None)
            _nothing(cx, name, input)
            return made(cx, left, input.dtype, input, data=folded(input, name, left.shape), **limits(input))
        return along(cx, name, input, dim, keepdim)


def _nothing(cx: Context, name: str, x: Array) -> None:
    if no_elements(cx, x):
        message = (
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
            "the 'dim' argument."
        )
        raise invalid(cx, "RuntimeError", message, "dim", "None", x)


_declare_choosing("max")
_declare_choosing("min")


def _declare_median(name: str) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, out: Value | None = None
    ) -> Value:
        """The median of all, or along an axis with its positions. Not implemented for bools."""
        if input.dtype == "bool" or is_complex(input.dtype):
            raise not_implemented(cx, "median_out" if given(dim) else "median_cpu", input, name)
        if not given(dim):
            left = reduced(cx, name, input, None)
            return made(cx, left, input.dtype, input, **limits(input))
        return along(cx, name, input, dim, keepdim)


_declare_median("median")
_declare_median("nanmedian")


@op("mode")
def mode(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, out: Value | None = None
) -> Value:
    """The most frequent element along an axis (the last), and its position."""
    return along(cx, "mode", input, dim, keepdim)


@op("kthvalue")
def kthvalue(
    cx: Context, input: Array, k: Value, dim: Value | None = None, keepdim: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """The k-th smallest along an axis (the last), and its position. RuntimeError for a k outside of the axis."""
    from foreshape.domain.values import as_dim

    axis = axis_of(cx, "kthvalue", input, dim)
    count = as_dim(k)
    if input.shape is not None and axis is not None and count is not None:
        size = input.shape[axis] if input.shape else 1
        if not (cx.at_least(size, count) and cx.at_least(count, 1)):
            message = f"kthvalue(): selected number k out of range for dimension {axis}"
            raise invalid(cx, "RuntimeError", message, "k", count, input)
    return along(cx, "kthvalue", input, dim, keepdim)


# -- quantiles -------------------------------------------------------------------------------------------------------

INTERPOLATION: Final = ("linear", "lower", "higher", "midpoint", "nearest")


def _declare_quantile(name: str) -> None:
    @op(name)
    def run(
        cx: Context, input: Array, q: Value, dim: Value | None = None, keepdim: Value | None = None, *,
        interpolation: Value | None = None, out: Value | None = None,
    ) -> Value:  # fmt: skip
        """One per quantile in front, if ``q`` has an axis. RuntimeError for dtypes other than float32 and float64."""
        if input.dtype is not None and input.dtype not in ("float32", "float64"):
            message = f"{name}() input tensor must be either float or double dtype"
            raise wrong_dtype(cx, "RuntimeError", message, name, input, wanted="float32")
        word = as_str(interpolation)
        if word is not None and word not in INTERPOLATION:
            message = (
                f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {word}"
            )
            raise invalid(cx, "RuntimeError", message, "interpolation", repr(word), input)
        first: Shape = ()
        if isinstance(q, Array):
            if q.shape is None:
                return tensor(cx, None, input.dtype, input)
            if len(q.shape) > 1:
                message = f"{name}() q must be a scalar or 1D tensor"
                raise invalid(cx, "RuntimeError", message, "q", f"{len(q.shape)} axes", q)
            if q.dtype is not None and input.dtype is not None and q.dtype != input.dtype:
                message = f"{name}() q tensor must be same dtype as the input tensor"
                raise wrong_dtype(cx, "RuntimeError", message, name, q, input, wanted=input.dtype)
            first = q.shape
        elif not isinstance(q, (Const, Int, Typed)):
            return tensor(cx, None, input.dtype, input)  # one quantile, or several
        left = reduced(cx, name, input, dim, keepdim)
        if left.shape is None:
            return tensor(cx, None, input.dtype, input)
        return tensor(cx, (*first, *left.shape), input.dtype, input, strides=layout(input) if not first else None)


_declare_quantile("quantile")
_declare_quantile("nanquantile")
