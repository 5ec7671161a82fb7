"""Draws from distributions: bernoulli, multinomial, normal, poisson, and tensors filled in place with random numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Bound, Const, Shape, Value, as_dim, is_none
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.errors import no_signature
from foreshape.semantics.torch.reducing import LOOSE, layout
from foreshape.semantics.torch.support import (
    as_tensor,
    broadcast,
    default_dtype,
    dtype_argument,
    flag,
    given,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    is_number,
    not_implemented,
    scalar_name,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def number(value: Value | None) -> float | None:
    """A known number."""
    found = value.value if isinstance(value, Const) else None
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


# -- draws -----------------------------------------------------------------------------------------------------------


@op("bernoulli")
def bernoulli(
    cx: Context, input: Array, p: Value | None = None, *, generator: Value | None = None, out: Value | None = None
) -> Value:
    """Zeros and ones, with the probabilities in ``input`` (or ``p``). Floats only."""
    if p is None and not is_floating(input.dtype) and input.dtype is not None:
        raise not_implemented(cx, "bernoulli_tensor_cpu_p_", input, "bernoulli")
    return tensor(cx, input.shape, input.dtype, input, roles=input.roles, lo=0, hi=1, strides=layout(input), meta=LOOSE)


@op("poisson", method=False)
def poisson(cx: Context, input: Array, generator: Value | None = None) -> Value:
    """Floats only."""
    if not is_floating(input.dtype) and input.dtype is not None:
        raise not_implemented(cx, "poisson_cpu", input, "poisson")
    return tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=layout(input))


@op("binomial", method=False)
def binomial(cx: Context, count: Array, prob: Array, generator: Value | None = None) -> Value:
    """Element by element."""
    return tensor(cx, broadcast(cx, "binomial", count, prob), count.dtype, count, prob, strides=layout(count, prob))


@op("multinomial")
def multinomial(
    cx: Context, input: Array, num_samples: Value, replacement: Value | None = None, *, generator: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Positions drawn from the probabilities in each row: int64."""
    count = as_dim(num_samples)
    if is_integral(input.dtype):
        message = f"multinomial only supports floating-point dtypes for input, got: {scalar_name(input.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, "multinomial", input, wanted="float32")
    if input.shape is None:
        return tensor(cx, None, "int64", input, differentiable=False)
    if len(input.shape) not in (1, 2):
        raise wrong_rank(cx, "RuntimeError", "prob_dist must be 1 or 2 dim", "multinomial", input, 2)
    size: DimLike = cx.resolve(input.shape[-1])
    if count is not None and not cx.at_least(count, 1):
        message = "cannot sample n_sample <= 0 samples"
        raise invalid(cx, "RuntimeError", message, "num_samples", count, input)
    if count is not None and flag(replacement) is False and not cx.at_least(size, count):
        message = "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        raise invalid(cx, "RuntimeError", message, "num_samples", count, input)
    if isinstance(size, int) and size > 2**24:
        raise invalid(cx, "RuntimeError", "number of categories cannot exceed 2^24", "input", size, input)
    _check_chances(cx, input, flag(replacement))
    taken = cx.fresh() if count is None else count
    shape = (*input.shape[:-1], taken)
    return tensor(cx, shape, "int64", input, lo=0, hi=size - 1, meta=LOOSE, differentiable=False)


def _check_chances(cx: Context, x: Array, again: bool | None) -> None:
    """Known probabilities: none negative, a positive sum in every row."""
    assert x.shape is not None
    if x.data is None or again is None or not all(isinstance(item, (int, float)) for item in x.data):
        return
    width = cx.resolve(x.shape[-1])
    message = ""
    if any(item < 0 for item in x.data):
        message = "probability tensor contains either `inf`, `nan` or element < 0"
        if again:
            message = "invalid multinomial distribution (encountering probability entry < 0)"
    elif isinstance(width, int) and width and len(x.data) % width == 0:
        rows = (x.data[at : at + width] for at in range(0, len(x.data), width))
        if any(sum(row) <= 0 for row in rows):
            message = "invalid multinomial distribution (sum of probabilities <= 0)"
    if message:
        raise invalid(cx, "RuntimeError", message, "input", list(x.data), x)


@op("normal", method=False)
def normal(
    cx: Context, mean: Value, std: Value | None = None, size: Value | None = None, *, generator: Value | None = None,
    out: Value | None = None, dtype: Value | None = None, layout: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """Means and deviations are tensors (broadcast) or numbers; two numbers need a size."""
    from foreshape.semantics.torch.creation import made, size_argument

    first, second = as_tensor(cx, mean), as_tensor(cx, std)
    if std is not None and second is None and not is_number(std) and not is_none(std):
        return unknown_tensor(cx, std)
    if first is None and not is_number(mean):
        return unknown_tensor(cx, mean)
    spread = number(std)
    if spread is not None and spread < 0:
        message = f"normal expects std >= 0.0, but found std {spread:g}"
        raise invalid(cx, "RuntimeError", message, "std", spread)
    if first is None and second is None:
        if not given(size) or is_number(size):
            raise no_signature(cx, "normal", "size", mean if size is None else size)
        wanted = dtype_argument(cx, dtype, default_dtype(cx), "normal")
        shape = size_argument(cx, "normal", size)
        return made(cx, "normal", shape, wanted, device=device, requires_grad=requires_grad)
    if given(size):
        raise no_signature(cx, "normal", "size", mean)
    known = [array for array in (first, second) if array is not None]
    for array in known:
        if is_integral(array.dtype) and array is first:
            raise not_implemented(cx, "normal_kernel_cpu", array, "normal")
    shape_: Shape | None = broadcast(cx, "normal", *known)
    return tensor(cx, shape_, known[0].dtype, *known, differentiable=False)


# -- in place --------------------------------------------------------------------------------------------------------


def _filled(cx: Context, name: str, x: Array, lo: Bound = None, hi: Bound = None) -> Value:
    from foreshape.semantics.torch.inplace import changed, check_writable

    check_writable(cx, name, x)
    meta = {**x.meta, "loose": True} if lo is not None or hi is not None else x.meta
    return changed(cx, x, x.replace(lo=lo, hi=hi, data=None, meta=meta))


def _floats_only(cx: Context, kernel: str, taker: str, x: Array) -> None:
    if is_integral(x.dtype):
        raise not_implemented(cx, kernel, x, taker, recover=x)


@op("uniform_", function=False)
def uniform_(
    cx: Context, input: Array, from_: Value | None = None, to: Value | None = None, *, generator: Value | None = None
) -> Value:
    """Floats of a range."""
    low = 0.0 if from_ is None else number(from_)
    high = 1.0 if to is None else number(to)
    _floats_only(cx, "check_uniform_bounds", "uniform_", input)
    if low is not None and high is not None and low > high:
        message = f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        raise invalid(cx, "RuntimeError", message, "to", high, input, recover=input)
    return _filled(cx, "uniform_", input, low, high)


def _declare_filling(
    name: str, kernel: str, positive: str, message: str, defaults: tuple[str, str], least: bool = False
) -> None:
    """A distribution whose one parameter must be positive (``least``: not negative)."""

    def run(cx: Context, input: Array, scale: Value | None) -> Value:
        if is_integral(input.dtype) or (is_complex(input.dtype) and name != "normal_"):
            _floats_only(cx, kernel, name, input)
        size = number(scale)
        if size is not None and (size < 0 or (size == 0 and not least)):
            raise invalid(cx, "RuntimeError", message.format(size), positive, f"{size:g}", input, recover=input)
        return _filled(cx, name, input)

    def by_two(
        cx: Context, input: Array, first: Value | None = None, second: Value | None = None, *,
        generator: Value | None = None, mean: Value | None = None, std: Value | None = None,
        median: Value | None = None, sigma: Value | None = None,
    ) -> Value:  # fmt: skip
        """Filled with draws."""
        return run(cx, input, second or std or sigma)

    op(name, function=False)(by_two)


_declare_filling("normal_", "normal_kernel_cpu", "std", "normal expects std >= 0.0, but found std {:g}", ("", ""), True)
_declare_filling("cauchy_", "cauchy_cpu", "sigma", "cauchy_ expects sigma > 0.0, but found sigma={:g}", ("", ""))
_declare_filling("log_normal_", "log_normal_cpu", "std", "log_normal_ expects std > 0.0, but found std={:g}", ("", ""))


@op("exponential_", function=False)
def exponential_(cx: Context, input: Array, lambd: Value | None = None, *, generator: Value | None = None) -> Value:
    """Floats only."""
    if is_integral(input.dtype):
        message = (
            "Exponential distribution is a continuous probability distribution. dtype must be a floating point but you "
            f"specified {scalar_name(input.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "exponential_", input, wanted="float32", recover=input)
    rate = number(lambd)
    if rate is not None and rate <= 0:
        message = f"exponential_ expects lambda > 0.0, but found lambda={rate:g}"
        raise invalid(cx, "RuntimeError", message, "lambd", rate, input, recover=input)
    return _filled(cx, "exponential_", input)


@op("geometric_", function=False)
def geometric_(cx: Context, input: Array, p: Value, *, generator: Value | None = None) -> Value:
    """Numbers from 1."""
    chance = number(p)
    if chance is not None and not 0 < chance < 1:
        message = f"geometric_ expects p to be in (0, 1), but got p={chance:g}"
        raise invalid(cx, "RuntimeError", message, "p", chance, input, recover=input)
    return _filled(cx, "geometric_", input)


@op("bernoulli_", function=False)
def bernoulli_(cx: Context, input: Array, p: Value | None = None, *, generator: Value | None = None) -> Value:
    """Zeros and ones."""
    chance = number(p)
    if chance is not None and not 0 <= chance <= 1:
        message = f"bernoulli_ expects p to be in [0, 1], but got p={chance:g}"
        raise invalid(cx, "RuntimeError", message, "p", chance, input, recover=input)
    return _filled(cx, "bernoulli_", input, 0, 1)


@op("random_", function=False)
def random_(
    cx: Context, input: Array, from_: Value | None = None, to: Value | None = None, *, generator: Value | None = None
) -> Value:
    """Integers from ``from`` to before ``to``."""
    low, high = as_dim(from_), as_dim(to)
    if from_ is not None and to is None:
        low, high = 0, low
    if isinstance(low, int) and isinstance(high, int) and low >= high:
        message = f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        raise invalid(cx, "RuntimeError", message, "to", high, input, recover=input)
    known = high is not None
    return _filled(cx, "random_", input, low if known else None, None if high is None else high - 1)
