"""Running sums and products, differences, integrals and gradients along an axis; renorm; covariance."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.extremes import dmax
from foreshape.domain.values import Array, Shape, Value, as_int
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.reducing import LOOSE, axis_of, layout
from foreshape.semantics.torch.results import listed, named
from foreshape.semantics.torch.support import (
    as_tensor,
    axes_in,
    dtype_argument,
    float_result,
    given,
    ints,
    invalid,
    is_complex,
    is_integral,
    items_of,
    not_implemented,
    result_dtype,
    scalar_name,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- running ---------------------------------------------------------------------------------------------------------


def _running(name: str, x: Array) -> tuple[int, ...] | None:
    """The running sums of a vector of known integers: the ends of sequences that stand one behind the other."""
    if x.shape is None or len(x.shape) != 1 or not x.data or name != "cumsum":
        return None
    if not all(isinstance(item, int) and not isinstance(item, bool) for item in x.data):
        return None
    return tuple(accumulate(x.data))


def _declare_running(name: str) -> None:
    @op(name)
    def run(cx: Context, input: Array, dim: Value, *, dtype: Value | None = None, out: Value | None = None) -> Value:
        """Integers and bools give int64."""
        wanted = dtype_argument(cx, dtype, "int64" if is_integral(input.dtype) else input.dtype, name)
        axis_of(cx, name, input, dim)
        data = _running(name, input) if is_integral(wanted) else None
        return tensor(cx, input.shape, wanted, input, roles=input.roles, strides=layout(input), data=data)

    @op(f"{name}_", function=False)
    def in_place(cx: Context, input: Array, dim: Value, *, dtype: Value | None = None) -> Value:
        """Keeps the dtype; there is none for bools."""
        from foreshape.semantics.torch.inplace import check_writable, write_back

        check_writable(cx, f"{name}_", input)
        axis_of(cx, name, input, dim)
        if input.dtype == "bool":
            raise not_implemented(cx, f"{name}_out_cpu", input, f"{name}_", recover=input)
        made = tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input))
        return write_back(cx, f"{name}_", input, made)


_declare_running("cumsum")
_declare_running("cumprod")


@op("logcumsumexp")
def logcumsumexp(cx: Context, input: Array, dim: Value, *, out: Value | None = None) -> Value:
    """Floats only."""
    axis_of(cx, "logcumsumexp", input, dim)
    if is_integral(input.dtype):
        raise not_implemented(cx, "logcumsumexp_out_cpu", input, "logcumsumexp")
    return tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input))


def _declare_extreme(name: str) -> None:
    @op(name)
    def run(cx: Context, input: Array, dim: Value, *, out: Value | None = None) -> Value:
        """The running extreme, and where it stands."""
        if is_complex(input.dtype):
            raise not_implemented(cx, f"{name}_cpu", input, name)
        axis = axis_of(cx, name, input, dim)
        size = None if input.shape is None or axis is None else input.shape[axis] if input.shape else 1
        values = tensor(
            cx,
            input.shape,
            input.dtype,
            input,
            lo=input.lo,
            hi=input.hi,
            roles=input.roles,
            strides=layout(input),
            meta=LOOSE,
        )
        places = tensor(
            cx, input.shape, "int64", input, lo=0, hi=None if size is None else cx.resolve(size) - 1, meta=LOOSE,
            strides=layout(input), differentiable=False,
        )  # fmt: skip
        return named(name, values=values, indices=places)


_declare_extreme("cummax")
_declare_extreme("cummin")


# -- differences and integrals ---------------------------------------------------------------------------------------


@op("diff")
def diff(
    cx: Context, input: Array, n: Value | None = None, dim: Value | None = None, prepend: Value | None = None,
    append: Value | None = None, *, out: Value | None = None,
) -> Value:  # fmt: skip
    """One less along the axis (the last) for each of ``n`` times."""
    if input.shape == ():
        message = "diff expects input to be at least one-dimensional"
        raise wrong_rank(cx, "RuntimeError", message, "diff", input, 1, at_least=True)
    axis = axis_of(cx, "diff", input, dim)
    times = 1 if n is None else as_int(n)
    if times is not None and times < 0:
        raise invalid(cx, "RuntimeError", f"order must be non-negative but got {times}", "n", times, input)
    parts = [as_tensor(cx, part) for part in (prepend, append) if given(part)]
    if input.shape is None or axis is None or any(part is None or part.shape is None for part in parts):
        shape = None if input.shape is None else tuple(cx.fresh(lo=0) for _ in input.shape)
        return tensor(cx, shape, input.dtype, input)
    size: DimLike = input.shape[axis]
    known = [part for part in parts if part is not None]
    for part in known if times != 0 else ():
        size = size + _joined(cx, input, part, axis)
    dtype = result_dtype(cx, input, *known) if known else input.dtype
    if times is None:
        size = cx.fresh(lo=0)
    elif times:
        size = dmax(cx.resolve(size - times), 0, cx.facts)
    made = tuple(size if i == axis else side for i, side in enumerate(input.shape))
    return tensor(cx, made, dtype, input, *known, roles=input.roles, strides=layout(input))


def _joined(cx: Context, x: Array, part: Array, axis: int) -> DimLike:
    """The size that a part adds along the axis."""
    assert x.shape is not None and part.shape is not None
    if len(part.shape) != len(x.shape):
        message = "diff expects prepend or append to be the same dimension as input"
        raise wrong_rank(cx, "RuntimeError", message, "diff", part, len(x.shape))
    for i, (a, b) in enumerate(zip(x.shape, part.shape)):
        if i != axis and not cx.equal(a, b):
            message = (
                "diff expects the shape of tensor to prepend or append to match that of input except along the "
                f"differencing dimension; input.size({i}) = {a}, but got tensor.size({i}) = {b}"
            )
            raise invalid(cx, "RuntimeError", message, "prepend", part.shape, x, part)
    return part.shape[axis]


def _trapezoid(cx: Context, name: str, y: Array, x: Value | None, dim: Value | None, running: bool) -> Value:
    axis = axis_of(cx, name, y, dim)
    if y.dtype == "bool":
        message = f"{name}: received a bool input for `y`, but bool is not supported"
        raise wrong_dtype(cx, "RuntimeError", message, name, y)
    points = as_tensor(cx, x)
    if given(x) and points is None:
        return unknown_tensor(cx, x)
    dtype = float_result(cx, y.dtype if points is None else result_dtype(cx, y, points))
    if y.shape is None or axis is None:
        return tensor(cx, None, dtype, y)
    if points is not None and points.shape is not None and y.shape:
        size = points.shape[0] if len(points.shape) == 1 else points.shape[axis] if len(points.shape) > axis else None
        if size is not None and len(points.shape) == 1 and not cx.equal(size, y.shape[axis]):
            message = f"{name}: There must be one `x` value for each sample point"
            raise invalid(cx, "RuntimeError", message, "x", points.shape, points, y)
    shape: list[DimLike] = list(y.shape)
    if points is not None and points.shape is not None and len(points.shape) > 1:
        from foreshape.semantics.torch.support import broadcast

        both = broadcast(cx, name, y, points)
        if both is None or not y.shape:
            return tensor(cx, None, dtype, y, points)
        shape = list(both)
        axis += len(shape) - len(y.shape)
    if running:
        if shape:
            shape[axis] = dmax(cx.resolve(shape[axis] - 1), 0, cx.facts)
    elif shape:
        del shape[axis]
    return tensor(cx, tuple(shape), dtype, y, points, strides=layout(y))


@op("trapezoid", "trapz", method=False)
def trapezoid(
    cx: Context, y: Array, x: Value | None = None, *, dx: Value | None = None, dim: Value | None = None
) -> Value:
    """The integral along an axis (the last)."""
    return _trapezoid(cx, "trapezoid", y, x, dim, False)


@op("cumulative_trapezoid", method=False)
def cumulative_trapezoid(
    cx: Context, y: Array, x: Value | None = None, *, dx: Value | None = None, dim: Value | None = None
) -> Value:
    """The running integral: one less along the axis."""
    return _trapezoid(cx, "cumulative_trapezoid", y, x, dim, True)


@op("gradient", method=False)
def gradient(
    cx: Context,
    input: Array,
    *,
    spacing: Value | None = None,
    dim: Value | None = None,
    edge_order: Value | None = None,
) -> Value:
    """A list of one tensor per axis, each in the shape of ``input``."""
    if input.shape is None:
        return unknown_tensor(cx, input)
    rank = len(input.shape)
    order = 1 if edge_order is None else as_int(edge_order)
    axes = tuple(range(rank)) if not given(dim) else ints(cx, dim)
    if axes is None or order is None:
        return cx.unknown("its axes are not known")
    spaces = items_of(spacing)
    if spaces is not None and len(spaces) != len(axes):
        if given(dim):
            message = (
                "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the "
                f"same length, but got a spacing argument of length {len(spaces)} and a dim argument of length {len(axes)}."
            )
        else:
            message = (
                "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to 'self.dim() = "
                f"{rank}', since dim argument was not given, but got a list of length {len(spaces)}"
            )
        raise invalid(cx, "RuntimeError", message, "spacing", len(spaces), input)
    if order not in (1, 2):
        message = "torch.gradient only supports edge_order=1 and edge_order=2."
        raise invalid(cx, "RuntimeError", message, "edge_order", order, input)
    found = axes_in(cx, "gradient", axes, rank, input)
    for axis in found:
        if input.shape and not cx.at_least(input.shape[axis], order + 1):
            message = "torch.gradient expected each dimension size to be at least edge_order+1"
            raise invalid(cx, "RuntimeError", message, "dim", axis, input)
    dtype = float_result(cx, input.dtype)
    return listed(*(tensor(cx, input.shape, dtype, input, strides=layout(input)) for _ in found))


@op("renorm", inplace=True)
def renorm(cx: Context, input: Array, p: Value, dim: Value, maxnorm: Value, *, out: Value | None = None) -> Value:
    """Each slice along the axis scaled down to a norm."""
    if input.rank is not None and input.rank < 2:
        message = f"renorm: input needs at least 2 dimensions, got {input.rank} dimensions"
        raise wrong_rank(cx, "RuntimeError", message, "renorm", input, 2, at_least=True)
    axis_of(cx, "renorm", input, dim)
    if is_integral(input.dtype):
        message = (
            f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {scalar_name(input.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "renorm", input, wanted="float32")
    return tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input))


# -- covariance ------------------------------------------------------------------------------------------------------


def _variables(cx: Context, taker: str, x: Array) -> Shape | None:
    """``(n, n)`` of n rows; of one row a number."""
    if x.shape is None:
        return None
    if len(x.shape) > 2:
        message = (
            f"{taker}(): expected input to have two or fewer dimensions but got an input with {len(x.shape)} dimensions"
        )
        raise wrong_rank(cx, "RuntimeError", message, taker, x, 2)
    return () if len(x.shape) < 2 or cx.resolve(x.shape[0]) == 1 else (x.shape[0], x.shape[0])


@op("cov")
def cov(
    cx: Context, input: Array, *, correction: Value | None = None, fweights: Array | None = None,
    aweights: Array | None = None,
) -> Value:  # fmt: skip
    """Rows are variables, columns observations."""
    shape = _variables(cx, "cov", input)
    if input.dtype == "bool":
        raise wrong_dtype(cx, "RuntimeError", "cov(): bool dtype is not supported for input", "cov", input)
    count: DimLike = 1 if not input.shape else input.shape[-1]
    for name, weights in (("fweights", fweights), ("aweights", aweights)):
        if not isinstance(weights, Array) or weights.shape is None or input.shape is None:
            continue
        if len(weights.shape) > 1:
            message = f"cov(): expected {name} to have one or fewer dimensions but got {name} with {len(weights.shape)} dimensions"
            raise wrong_rank(cx, "RuntimeError", message, "cov", weights, 1)
        if name == "fweights" and weights.dtype is not None and not is_integral(weights.dtype, with_bool=False):
            message = f"cov(): expected fweights to have integral dtype but got fweights with {scalar_name(weights.dtype)} dtype"
            raise wrong_dtype(cx, "RuntimeError", message, "cov", weights, wanted="int64")
        held = weights.shape[0] if weights.shape else 1
        if weights.hi is not None and isinstance(weights.hi, (int, float)) and weights.hi < 0:
            raise invalid(cx, "RuntimeError", f"cov(): {name} cannot be negative", name, weights.hi, weights)
        if not cx.equal(held, count):
            message = (
                f"cov(): expected {name} to have the same numel as there are observations in the input but got {held} != "
                f"{count}"
            )
            raise invalid(cx, "RuntimeError", message, name, weights.shape, weights, input)
    weighted = aweights if isinstance(aweights, Array) else None
    dtype = float_result(cx, input.dtype)
    if weighted is not None:
        dtype = float_result(cx, result_dtype(cx, input, weighted))
    return tensor(cx, shape, dtype, input, strides=None)


@op("corrcoef")
def corrcoef(cx: Context, input: Array) -> Value:
    """Rows are variables, columns observations."""
    shape = _variables(cx, "corrcoef", input)
    return tensor(cx, shape, float_result(cx, input.dtype), input, strides=None)
