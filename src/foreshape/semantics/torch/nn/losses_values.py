"""Losses that compare numbers: ``mse_loss``, ``l1_loss``, ``smooth_l1_loss``, ``huber_loss`` and the binary cross-entropies.

Follows ``torch/nn/functional.py``. The first four broadcast target and input against each other and only warn; the binary
ones need the same shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Shape, Value
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.broadcast import broadcast_shapes
from foreshape.semantics.torch.nn.base import follows
from foreshape.semantics.torch.nn.demands import MEAN, number, size_text
from foreshape.semantics.torch.nn.losses_common import (
    DOC,
    mismatch,
    note_broadcast,
    promoted,
    reduced,
    reduction_of,
    same_shape,
    tensors,
    together,
)
from foreshape.semantics.torch.silent import note_probabilities
from foreshape.semantics.torch.support import (
    broadcast,
    can_cast,
    check_devices,
    error,
    given,
    invalid,
    is_floating,
    is_integral,
    not_implemented,
    real_dtype,
    scalar_name,
    shown,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

KERNELS: Final = {
    "mse_loss": "mse_cpu", "smooth_l1_loss": "smooth_l1_cpu", "huber_loss": "huber_cpu", "l1_loss": "",
}  # fmt: skip
ONE: Final = Const(1.0)


# -- differences ------------------------------------------------------------------------------------------------------


def _difference(
    cx: Context, name: str, input: Value, target: Value, reduction: Value, size_average: Value | None,
    reduce: Value | None, weight: Value | None = None,
) -> Value:  # fmt: skip
    """Target and input are stretched to one shape."""
    labels, predictions = tensors(cx, name, target, input)
    if labels is None or predictions is None:
        return follows(cx, input, target)
    if labels.shape is None or predictions.shape is None:
        how = reduction_of(cx, reduction, size_average, reduce)
        return reduced(cx, how, None, promoted(cx, predictions, labels), predictions, labels)
    shape = together(cx, name, predictions, labels)
    if given(weight):
        return _weighted(cx, name, predictions, labels, weight, reduction, shape or ())
    how = reduction_of(cx, reduction, size_average, reduce)
    check_devices(cx, name, predictions, labels)
    dtype = promoted(cx, predictions, labels)
    _kernel(cx, name, predictions, labels, dtype, how)
    if name == "l1_loss":
        dtype = real_dtype(dtype)
    if name == "huber_loss":
        dtype = predictions.dtype  # what it is written to is made like the input
    note_broadcast(cx, name, predictions, labels)
    return reduced(cx, how, shape, dtype, predictions, labels, roles=_roles(predictions, shape))


def _roles(predictions: Array, shape: Shape | None) -> tuple[str | None, ...] | None:
    same = shape is not None and predictions.shape is not None and len(shape) == len(predictions.shape)
    return predictions.roles if same else None


def _kernel(cx: Context, name: str, predictions: Array, labels: Array, dtype: str | None, how: str | None) -> None:
    if name == "l1_loss" and "bool" in (predictions.dtype, labels.dtype):
        two = predictions.dtype == labels.dtype
        rest = (
            "two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead."
            if two
            else "a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator "
            "instead."
        )
        bools = predictions if predictions.dtype == "bool" else labels
        raise wrong_dtype(cx, "RuntimeError", f"Subtraction, the `-` operator, with {rest}", name, bools)
    if name == "huber_loss" and not can_cast(dtype, predictions.dtype):
        names = f"{scalar_name(dtype)} can't be cast to the desired output type {scalar_name(predictions.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", f"result type {names}", name, predictions, wanted=dtype)
    if dtype is None or is_floating(dtype) or not is_integral(dtype):
        return
    odd = predictions.replace(dtype=dtype)
    odd.origin = predictions.origin
    if name != "l1_loss":
        raise not_implemented(cx, KERNELS[name], odd, name)
    if how == "mean":
        message = (
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: "
            f"{scalar_name(dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, name, odd)


def _weighted(
    cx: Context, name: str, predictions: Array, labels: Array, weight: Value | None, reduction: Value, shape: Shape
) -> Value:
    (held,) = tensors(cx, name, weight) if weight is not None else (None,)
    if held is None or held.shape is None or predictions.shape is None:
        return follows(cx, weight)
    if not same_shape(cx, held.shape, predictions.shape):
        raise WeightsShape(
            error(cx, "ValueError", "Weights and input must have the same size."), values=(held, predictions),
            layer=name, needs=predictions.shape, got=held.shape,
        )  # fmt: skip
    message = "Invalid reduction mode: {}. Expected one of 'none', 'mean', 'sum'."
    out = broadcast(cx, name, predictions.replace(shape=shape), held)
    how = reduction_of(cx, reduction, None, None, message)
    note_broadcast(cx, name, predictions, labels)
    return reduced(cx, how, out, promoted(cx, predictions, labels, held), predictions, labels, held)


@rule("torch.nn.functional.mse_loss", doc=f"{DOC}functional.mse_loss.html")
def mse_loss(
    cx: Context, input: Value, target: Value, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN, weight: Value | None = None,
) -> Value:  # fmt: skip
    """Squared differences."""
    return _difference(cx, "mse_loss", input, target, reduction, size_average, reduce, weight)


@rule("torch.nn.functional.l1_loss", doc=f"{DOC}functional.l1_loss.html")
def l1_loss(
    cx: Context, input: Value, target: Value, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN, weight: Value | None = None,
) -> Value:  # fmt: skip
    """Absolute differences."""
    return _difference(cx, "l1_loss", input, target, reduction, size_average, reduce, weight)


@rule("torch.nn.functional.smooth_l1_loss", doc=f"{DOC}functional.smooth_l1_loss.html")
def smooth_l1_loss(
    cx: Context, input: Value, target: Value, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN, beta: Value = ONE,
) -> Value:  # fmt: skip
    """Squared up to ``beta``, absolute beyond."""
    width = number(beta)
    name = "l1_loss" if width == 0 else "smooth_l1_loss"
    made = _difference(cx, name, input, target, reduction, size_average, reduce)
    if width is not None and width < 0:
        message = "smooth_l1_loss does not support negative values for beta."
        raise invalid(cx, "RuntimeError", message, "beta", width, recover=made)
    return made


@rule("torch.nn.functional.huber_loss", doc=f"{DOC}functional.huber_loss.html")
def huber_loss(
    cx: Context, input: Value, target: Value, reduction: Value = MEAN, delta: Value = ONE, weight: Value | None = None
) -> Value:
    """As ``smooth_l1_loss``, times ``delta``."""
    made = _difference(cx, "huber_loss", input, target, reduction, None, None, weight)
    width = number(delta)
    if width is not None and width <= 0:
        message = "huber_loss does not support non-positive values for delta."
        raise invalid(cx, "RuntimeError", message, "delta", width, recover=made)
    return made


# -- binary cross-entropies -------------------------------------------------------------------------------------------


@rule("torch.nn.functional.binary_cross_entropy", doc=f"{DOC}functional.binary_cross_entropy.html")
def binary_cross_entropy(
    cx: Context, input: Value, target: Value, weight: Value | None = None, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN,
) -> Value:  # fmt: skip
    """Probabilities in [0, 1] against targets in [0, 1] of the same shape and dtype."""
    how = reduction_of(cx, reduction, size_average, reduce)
    labels, predictions = tensors(cx, "binary_cross_entropy", target, input)
    if labels is None or predictions is None:
        return follows(cx, input, target)
    if labels.shape is None or predictions.shape is None:
        return reduced(cx, how, None, predictions.dtype, predictions, labels)
    if not same_shape(cx, labels.shape, predictions.shape):
        message = (
            f"Using a target size ({size_text(labels.shape)}) that is different to the input size "
            f"({size_text(predictions.shape)}) is deprecated. Please ensure they have the same size."
        )
        raise mismatch(cx, "ValueError", message, "binary_cross_entropy", labels, predictions)
    made = reduced(cx, how, predictions.shape, predictions.dtype, predictions, labels, roles=predictions.roles)
    if isinstance(weight, Array) and weight.shape is not None:
        _check_stretch(cx, weight, labels.shape)
    if None not in (labels.dtype, predictions.dtype) and labels.dtype != predictions.dtype:
        message = f"Found dtype {scalar_name(labels.dtype)} but expected {scalar_name(predictions.dtype)}"
        raise wrong_dtype(
            cx, "RuntimeError", message, "binary_cross_entropy", labels, wanted=predictions.dtype, recover=made
        )
    if predictions.dtype is not None and not is_floating(predictions.dtype):
        raise not_implemented(cx, "binary_cross_entropy", predictions, "binary_cross_entropy", recover=made)
    for name, one in (("input", predictions), ("target", labels)):
        outside = _outside(one)
        if outside is not None:
            message = f"all elements of {name} should be between 0 and 1"
            raise InvalidArgument(
                error(cx, "RuntimeError", message), values=(one,), recover=made, argument=name, given=str(outside)
            )
    return made


def _outside(x: Array) -> float | None:
    """A value below 0 or above 1 that a tensor certainly holds."""
    if x.data:
        found = [item for item in x.data if isinstance(item, (int, float))]
        return next((item for item in found if not 0 <= item <= 1), None)
    if isinstance(x.lo, (int, float)) and x.lo > 1:
        return x.lo
    return x.hi if isinstance(x.hi, (int, float)) and x.hi < 0 else None


def _check_stretch(cx: Context, weight: Array, shape: Shape) -> None:
    """``torch.broadcast_shapes(target.size(), weight.size())``, and the weight stretched to it."""
    held = weight.shape or ()
    for axis in range(-1, -min(len(held), len(shape)) - 1, -1):
        a, b = held[axis], shape[axis]
        if (isinstance(a, int) and a == 1) or (isinstance(b, int) and b == 1) or cx.equal(a, b):
            continue
        message = (
            f"Attempting to broadcast a dimension of length {a} at {axis}! Mismatching argument at index 1 had "
            f"{size_text(held)}; but expected shape should be broadcastable to {shown(shape)}"
        )
        raise WeightsShape(
            error(cx, "RuntimeError", message), values=(weight,), layer="binary_cross_entropy", needs=shape, got=held
        )
    together_ = broadcast_shapes(held, shape, facts=cx.facts).shape
    if len(together_) != len(shape):
        message = f"output with shape {shown(shape)} doesn't match the broadcast shape {shown(together_)}"
        raise WeightsShape(
            error(cx, "RuntimeError", message), values=(weight,), layer="binary_cross_entropy", needs=shape, got=held
        )


@rule(
    "torch.nn.functional.binary_cross_entropy_with_logits", doc=f"{DOC}functional.binary_cross_entropy_with_logits.html"
)
def binary_cross_entropy_with_logits(
    cx: Context, input: Value, target: Value, weight: Value | None = None, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN, pos_weight: Value | None = None,
) -> Value:  # fmt: skip
    """Scores (no sigmoid before) against float targets of the same shape."""
    name = "binary_cross_entropy_with_logits"
    how = reduction_of(cx, reduction, size_average, reduce)
    labels, predictions = tensors(cx, name, target, input)
    if labels is None or predictions is None:
        return follows(cx, input, target)
    if labels.shape is None or predictions.shape is None:
        return reduced(cx, how, None, promoted(cx, predictions, labels), predictions, labels)
    if not same_shape(cx, labels.shape, predictions.shape):
        message = (
            f"Target size ({size_text(labels.shape)}) must be the same as input size ({size_text(predictions.shape)})"
        )
        raise mismatch(cx, "ValueError", message, name, labels, predictions)
    dtype = labels.dtype  # it is computed in place in (1 - target)
    made = reduced(cx, how, predictions.shape, dtype, predictions, labels, roles=predictions.roles)
    _logits_dtypes(cx, name, predictions, labels, made)
    note_probabilities(cx, name, predictions, labels)
    shape = predictions.shape
    sources: list[Array] = [predictions, labels]
    for given_weight, written in ((pos_weight, True), (weight, True)):
        if not isinstance(given_weight, Array) or given_weight.shape is None:
            continue
        sources.append(given_weight)
        first = given_weight is pos_weight
        whole = predictions.replace(shape=shape)
        together_ = broadcast(cx, name, *((given_weight, whole) if first else (whole, given_weight)))
        if together_ is not None and written and not same_shape(cx, together_, shape):
            message = f"output with shape {shown(shape)} doesn't match the broadcast shape {shown(together_)}"
            raise WeightsShape(
                error(cx, "RuntimeError", message), values=(given_weight, predictions), layer=name, needs=shape,
                got=given_weight.shape,
            )  # fmt: skip
    return reduced(cx, how, shape, dtype, *sources, roles=predictions.roles)


def _logits_dtypes(cx: Context, name: str, predictions: Array, labels: Array, made: Array) -> None:
    if predictions.dtype is not None and not is_floating(predictions.dtype):
        raise not_implemented(cx, "log_sigmoid_cpu", predictions, name, recover=made)
    if is_integral(labels.dtype):
        if labels.dtype == "bool":
            message = (
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
                "operator instead."
            )
        else:
            message = (
                f"result type {scalar_name(predictions.dtype or 'float32')} can't be cast to the desired output type "
                f"{scalar_name(labels.dtype)}"
            )
        raise wrong_dtype(cx, "RuntimeError", message, name, labels, wanted=predictions.dtype, recover=made)
