"""Losses that are likelihoods: ``kl_div``, ``poisson_nll_loss``, ``gaussian_nll_loss``.

Follows ``torch/nn/functional.py``. Input and target are broadcast against each other without a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Shape, Typed, Value, as_str
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.ranges import negative
from foreshape.semantics.torch.nn.base import FALSE, TRUE, follows
from foreshape.semantics.torch.nn.demands import E_6, E_8, MEAN, number
from foreshape.semantics.torch.nn.losses_common import (
    DOC,
    note_broadcast,
    promoted,
    reduced,
    reduction_of,
    same_shape,
    together,
)
from foreshape.semantics.torch.silent import note_probabilities
from foreshape.semantics.torch.support import (
    error,
    float_result,
    is_integral,
    python_type,
    required,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("torch.nn.functional.kl_div", doc=f"{DOC}functional.kl_div.html")
def kl_div(
    cx: Context, input: Value, target: Value, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN, log_target: Value = FALSE,
) -> Value:  # fmt: skip
    """Log-probabilities against probabilities (or their logarithms)."""
    batchmean = as_str(reduction) == "batchmean"
    how = "sum" if batchmean else reduction_of(cx, reduction, size_average, reduce)
    x = required(cx, input, "kl_div", "input", 1)
    y = required(cx, target, "kl_div", "target", 2)
    if x is None or y is None:
        return follows(cx, input, target)
    for one in (x, y):
        if is_integral(one.dtype, with_bool=False):
            raise wrong_dtype(cx, "RuntimeError", "kl_div: Integral inputs not supported.", "kl_div", one)
    note_probabilities(cx, "kl_div", x, y)
    shape = together(cx, "kl_div", y, x)
    note_broadcast(cx, "kl_div", x, y)
    return reduced(cx, how, shape, promoted(cx, x, y), x, y, roles=x.roles if shape == x.shape else None)


@rule("torch.nn.functional.poisson_nll_loss", doc=f"{DOC}functional.poisson_nll_loss.html")
def poisson_nll_loss(
    cx: Context, input: Value, target: Value, log_input: Value = TRUE, full: Value = FALSE,
    size_average: Value | None = None, eps: Value = E_8, reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Rates against counts."""
    how = reduction_of(cx, reduction, size_average, reduce)
    x = required(cx, input, "poisson_nll_loss", "input", 1)
    y = required(cx, target, "poisson_nll_loss", "target", 2)
    if x is None or y is None:
        return follows(cx, input, target)
    shape = together(cx, "poisson_nll_loss", y, x)
    note_broadcast(cx, "poisson_nll_loss", x, y)
    dtype = float_result(cx, promoted(cx, x, y))
    return reduced(cx, how, shape, dtype, x, y, roles=x.roles if shape == x.shape else None)


@rule("torch.nn.functional.gaussian_nll_loss", doc=f"{DOC}functional.gaussian_nll_loss.html")
def gaussian_nll_loss(
    cx: Context, input: Value, target: Value, var: Value, full: Value = FALSE, eps: Value = E_6,
    reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Expectation, target, and a variance of the same shape or with one axis of size 1 (or missing) at the end."""
    x = required(cx, input, "gaussian_nll_loss", "input", 1)
    y = required(cx, target, "gaussian_nll_loss", "target", 2)
    spread = var if isinstance(var, Array) and var.kind == "torch" else None
    _check_variance(cx, var, spread)
    if x is None or y is None or x.shape is None or y.shape is None:
        return follows(cx, input, target)
    held: Shape = x.shape
    if spread is not None:
        if spread.shape is None:
            return follows(cx, var)
        held = _variance_shape(cx, x, spread)
    elif not isinstance(var, (Const, Typed)):
        return follows(cx, var)
    how = reduction_of(cx, reduction, message="{} is not valid")
    difference = tensor(cx, together(cx, "gaussian_nll_loss", x, y), promoted(cx, x, y), x, y)
    difference.origin = x.origin
    whole = tensor(cx, held, x.dtype if spread is None else spread.dtype, x)
    shape = together(cx, "gaussian_nll_loss", difference, whole)
    note_broadcast(cx, "gaussian_nll_loss", x, y)
    dtype = promoted(cx, difference, whole)
    return reduced(cx, how, shape, dtype, x, y, spread, roles=x.roles if shape == x.shape else None)


def _check_variance(cx: Context, var: Value, spread: Array | None) -> None:
    known = number(var)
    least = negative(spread) if spread is not None else None
    if spread is not None and least is None and isinstance(spread.hi, (int, float)) and spread.hi < 0:
        least = spread.hi
    if least is None and not isinstance(known, int) and known is not None and known < 0:
        least = known
    if least is not None:
        raise InvalidArgument(
            error(cx, "ValueError", "var has negative entry/entries"),
            values=() if spread is None else (spread,), argument="var", given=str(least),
        )  # fmt: skip
    if isinstance(var, Const) and isinstance(var.value, int):
        message = "any() received an invalid combination of arguments - got (bool)"
        kind = python_type(var)
        raise UnsupportedData(error(cx, "TypeError", message), values=(var,), taker="gaussian_nll_loss", given=kind)


def _variance_shape(cx: Context, x: Array, spread: Array) -> Shape:
    a, b = x.shape or (), spread.shape or ()
    if len(a) == len(b) and all(map(_surely_equal, a, b)):
        return b
    if len(b) == len(a) - 1 and same_shape(cx, a[:-1], b):
        return (*b, 1)
    if len(a) == len(b):
        odd: list[DimLike] = [y for x_, y in zip(a, b) if not (isinstance(y, int) and isinstance(x_, int) and x_ == y)]
        odd = [y for y in odd if isinstance(y, int)]
        if sum(size for size in odd if isinstance(size, int)) == 1 or not odd:
            return b
    raise WeightsShape(
        error(cx, "ValueError", "var is of incorrect size"),
        values=(spread, x),
        layer="gaussian_nll_loss",
        needs=a,
        got=b,
    )


def _surely_equal(a: DimLike, b: DimLike) -> bool:
    return str(a) == str(b)
