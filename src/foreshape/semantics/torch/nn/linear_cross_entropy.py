"""``linear_cross_entropy``: a linear layer and the cross-entropy of what it gives, in one. Since PyTorch 2.13."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Shape, Value, as_dim, int_value, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import FALSE, NONE, ZERO, add_buffer, forward_rule, init_module, ints_of, kept
from foreshape.semantics.torch.nn.common import feature_fault, rank_fault
from foreshape.semantics.torch.nn.losses_classes import cross_entropy
from foreshape.semantics.torch.nn.normalization import number
from foreshape.semantics.torch.nn.tables import parameters, register
from foreshape.semantics.torch.support import error, invalid, required, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LOSS = library_type("torch.nn.LinearCrossEntropyLoss", "torch.nn.modules.loss._WeightedLoss")
OPTIONS = library_type("torch.nn.LinearCrossEntropyOptions")
MEAN = Const("mean")


def _pair(sizes: Shape) -> str:
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(map(str, sizes))})"


def _logits(cx: Context, x: Array, w: Array, bias: Value) -> Array:
    """What the linear layer gives; raises what PyTorch checks first."""
    assert x.shape is not None and w.shape is not None
    taker = "linear_cross_entropy"
    if len(x.shape) not in (1, 2):
        message = f"expected input with dimensionality 1 or 2, got {len(x.shape)}"
        raise rank_fault(cx, "RuntimeError", message, taker, x, 2)
    if len(w.shape) < 2:
        message = f"expected linear_weight with dimensionality at least 2, got {len(w.shape)}"
        raise rank_fault(cx, "RuntimeError", message, taker, w, 2, at_least=True)
    if not cx.equal(x.shape[-1], w.shape[-1]):
        message = (
            "expected equal input and linear_weight last dimensions (in_features), got "
            f"{x.shape[-1]} and {w.shape[-1]}, respectively"
        )
        raise feature_fault(cx, error(cx, "RuntimeError", message), taker, x, w.shape[-1], x.shape[-1], -1)
    wanted = w.shape[:-1]
    if isinstance(bias, Array) and bias.shape is not None:
        fits = len(bias.shape) == len(wanted) and all(cx.equal(a, b) for a, b in zip(bias.shape, wanted))
        if not fits:
            message = f"expected linear_bias shape {_pair(wanted)}, got {_pair(bias.shape)}"
            raise invalid(cx, "RuntimeError", message, "linear_bias", _pair(bias.shape), bias)
    if len(w.shape) > 2 and len(x.shape) == 1:
        message = (
            f"K-dimensional loss defined by linear_weight shape {_pair(w.shape)} requires batched input, "
            f"(N, {x.shape[-1]}), got unbatched input with shape {_pair(x.shape)}"
        )
        raise rank_fault(cx, "RuntimeError", message, taker, x, 2)
    return tensor(cx, (*x.shape[:-1], *wanted), x.dtype, x, w, bias)


@rule("torch.nn.functional.linear_cross_entropy", since="2.13")
def linear_cross_entropy(
    cx: Context,
    input: Value,
    linear_weight: Value,
    target: Value,
    *,
    linear_bias: Value = NONE,
    weight: Value = NONE,
    reduction: Value = MEAN,
    ignore_index: Value = NONE,
    label_smoothing: Value = ZERO,
    options: Value = NONE,
) -> Value:
    """Scores of (batch, classes, ...) from (batch, features), against class numbers or probabilities."""
    x = required(cx, input, "linear_cross_entropy")
    w = required(cx, linear_weight, "linear_cross_entropy", "linear_weight", 2)
    if x is None or w is None or x.shape is None or w.shape is None:
        return unknown_tensor(cx, input, linear_weight)
    logits = _logits(cx, x, w, linear_bias)
    if isinstance(target, Array) and target.shape is not None and not is_none(ignore_index):
        shape, wanted = target.shape, logits.shape or ()
        if len(shape) == len(wanted) and all(isinstance(a, int) and a == b for a, b in zip(shape, wanted)):
            message = "ignore_index cannot be specified when target contains probabilities"
            raise invalid(cx, "RuntimeError", message, "ignore_index", cx.text(ignore_index), target)
    ignored = Const(-100) if is_none(ignore_index) else ignore_index
    made: Value = cross_entropy(
        cx, logits, target, weight=weight, ignore_index=ignored, reduction=reduction, label_smoothing=label_smoothing
    )
    return made


@rule(f"{LOSS}.__init__", since="2.13")
def loss_init(
    cx: Context,
    self: Instance,
    in_features: Value,
    num_classes: Value,
    *,
    out_features: Value | None = None,
    bias: Value = FALSE,
    device: Value | None = None,
    dtype: Value | None = None,
    reduction: Value = MEAN,
    weight: Value = NONE,
    ignore_index: Value = NONE,
    label_smoothing: Value = ZERO,
    options: Value = NONE,
) -> Value:
    """A Linear of in_features to num_classes (times ``out_features``)."""
    _check_arguments(cx, num_classes, weight, label_smoothing)
    init_module(cx, self)
    more = () if out_features is None else ints_of(out_features)
    kept(
        cx, self, num_classes=num_classes, reduction=reduction, ignore_index=ignore_index, options=options,
        label_smoothing=label_smoothing,
    )  # fmt: skip
    add_buffer(cx, self, "weight", weight)
    sizes = None if more is None else [as_dim(item) for item in (num_classes, *more)]
    known = (
        None if sizes is None or any(size is None for size in sizes) else [size for size in sizes if size is not None]
    )
    cx.set(self, "~classes", None if known is None else tuple(known))
    wide: Value = cx.unknown("the number of classes is not known") if known is None else int_value(product(known))
    named: dict[str, Value] = {"bias": bias}
    if dtype is not None:
        named["dtype"] = dtype
    if device is not None:
        named["device"] = device
    cx.set(self, "linear", cx.call(LibraryRef("torch.nn.Linear"), (in_features, wide), named))
    return NONE


def _check_arguments(cx: Context, num_classes: Value, weight: Value, smoothing: Value) -> None:
    count = as_dim(num_classes)
    if isinstance(weight, Array) and weight.shape is not None and count is not None:
        if len(weight.shape) != 1 or not cx.equal(weight.shape[0], count):
            message = f"expected weight shape to be ({count},), got {_pair(weight.shape)}"
            raise _weight(cx, message, weight, count)
    amount = number(smoothing)
    if amount is not None and not 0 <= amount <= 1:
        message = f"expected label_smoothing to be in range [0, 1], got {amount}"
        raise invalid(cx, "RuntimeError", message, "label_smoothing", amount)


def _weight(cx: Context, message: str, weight: Array, count: DimLike) -> Fault:
    raised = error(cx, "RuntimeError", message)
    if weight.shape is None or len(weight.shape) != 1:
        return rank_fault(cx, "RuntimeError", message, "LinearCrossEntropyLoss", weight, 1)
    return feature_fault(cx, raised, "LinearCrossEntropyLoss", weight, count, weight.shape[0], -1)


@forward_rule(f"{LOSS}.forward", since="2.13")
def loss_forward(cx: Context, self: Instance, input: Value, target: Value) -> Value:
    """The loss of (batch, features) against class numbers or probabilities."""
    held = self.fields
    inner, sizes = held.get("linear"), held.get("~classes")
    weight = inner.fields.get("weight") if isinstance(inner, Instance) else None
    bias = inner.fields.get("bias", NONE) if isinstance(inner, Instance) else NONE
    if not isinstance(weight, Array) or weight.shape is None or sizes is None:
        return unknown_tensor(cx, input, target)
    shaped = tensor(cx, (*sizes, weight.shape[-1]), weight.dtype, weight)
    if isinstance(bias, Array):
        bias = tensor(cx, tuple(sizes), bias.dtype, bias)
    return linear_cross_entropy(
        cx, input, shaped, target, linear_bias=bias, weight=held.get("weight", NONE), reduction=held["reduction"],
        ignore_index=held["ignore_index"], label_smoothing=held["label_smoothing"],
    )  # fmt: skip


def options_init(cx: Context, self: Instance, **bound: Value) -> Value:
    """How the loss is cut into chunks: changes no shape."""
    kept(cx, self, **bound)
    return NONE


register(
    f"{OPTIONS}.__init__",
    options_init,
    parameters(
        "self",
        allow_retain_graph=False,
        batch_chunk_size=None,
        chunking_method="auto",
        acc_policy="auto",
        acc_dtype=None,
    ),
    since="2.13",
)
