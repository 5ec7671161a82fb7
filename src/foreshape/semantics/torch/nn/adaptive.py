"""``nn.AdaptiveLogSoftmaxWithLoss``: a softmax over many classes, rare ones in clusters.

Follows ``torch/nn/modules/adaptive.py``. (batch, in_features) and (batch,) class numbers give (output, loss).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, Instance, LibraryRef, Sequence, Value, as_dim, as_int
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.label_range import LabelRange
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import FALSE, MODULE, follows, init_module, kept
from foreshape.semantics.torch.nn.demands import asked_for, size_text
from foreshape.semantics.torch.nn.losses_common import DOC, bad_label, mismatch
from foreshape.semantics.torch.support import error, invalid, tensor

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.semantics.protocol import Context

NAME: Final = "AdaptiveLogSoftmaxWithLoss"
OUTPUT: Final = library_type("torch.nn.modules.adaptive._ASMoutput", "typing.NamedTuple")
library_type(f"torch.nn.{NAME}", MODULE)
CUTOFFS: Final = (
    "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between "
    "1 and n_classes-1"
)


@rule(f"torch.nn.{NAME}.__init__", doc=f"{DOC}{NAME}.html")
def adaptive_init(
    cx: Context, self: Instance, in_features: Value, n_classes: Value, cutoffs: Value, div_value: Value | None = None,
    head_bias: Value = FALSE, device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """``cutoffs``: where the clusters begin."""
    items = cutoffs.contents.items() if isinstance(cutoffs, Sequence) else None
    count = as_int(n_classes)
    if items is not None and not items:
        raise invalid(cx, "ValueError", "cutoffs should be a sequence of length larger than 0", "cutoffs", "[]")
    sizes = None if items is None else [as_int(item) for item in items]
    if sizes and None not in sizes and count is not None:
        known = [size for size in sizes if size is not None]
        if known != sorted(known) or min(known) <= 0 or max(known) > count - 1 or len(set(known)) != len(known):
            raise invalid(cx, "ValueError", CUTOFFS, "cutoffs", known)
    init_module(cx, self)
    kept(cx, self, in_features=in_features, n_classes=n_classes)
    clusters = len(sizes) if sizes else None
    shortlist = sizes[0] if sizes else None
    held = None if clusters is None or shortlist is None else shortlist + clusters
    cx.set(self, "~head", held)
    cx.set(self, "~more", True)


def _checked(cx: Context, self: Instance, x: Array) -> None:
    """The head is a Linear layer."""
    size, shape = as_dim(self.fields.get("in_features")), x.shape or ()
    if size is None or not shape or cx.equal(size, shape[-1]):
        return
    rows: DimLike = 1
    for dim in shape[:-1]:
        rows = rows * dim
    head = self.fields.get("~head")
    message = f"mat1 and mat2 shapes cannot be multiplied ({rows}x{shape[-1]} and {size}x{head})"
    raise FeatureMismatch(
        error(cx, "RuntimeError", message), values=(x,), taker=NAME, needs=size, got=shape[-1], axis=-1, shape=shape
    )


@rule(f"torch.nn.{NAME}.forward")
def adaptive_forward(cx: Context, self: Instance, input_: Value, target_: Value) -> Value:
    """(output, loss): a log-probability per sample, and their mean."""
    x, y = asked_for(cx, input_, NAME), asked_for(cx, target_, NAME)
    if x is None or y is None or x.shape is None or y.shape is None:
        return follows(cx, input_, target_)
    rank = len(y.shape)
    if rank == 1 and x.shape and not cx.equal(x.shape[0], y.shape[0]):
        message = "Input and target should have the same size in the batch dimension."
        raise mismatch(cx, "RuntimeError", message, NAME, y, x)
    if rank in (0, 1) and len(x.shape) != rank + 1:
        message = (
            f"{rank}D target tensor expects {rank + 1}D input tensors, but found inputs with size {size_text(x.shape)}"
        )
        raise mismatch(cx, "RuntimeError", message, NAME, y, x)
    if rank > 1:
        message = "0D or 1D target tensor expected, multi-target not supported"
        raise mismatch(cx, "RuntimeError", message, NAME, y, x)
    classes = as_dim(self.fields.get("n_classes"))
    if classes is not None and (bad := bad_label(cx, y, classes, None)) is not None:
        message = f"Target values should be in [0, {classes - 1}], but values in range [{y.lo}, {y.hi}] were found. "
        raise LabelRange(error(cx, "RuntimeError", message), values=(y, x), loss=NAME, label=bad, classes=classes)
    wide = x if rank else x.replace(shape=(1, *x.shape))
    wide.origin = x.origin
    _checked(cx, self, wide)
    grad = {"requires_grad": True, "grad_fn": True}
    output = tensor(cx, y.shape, x.dtype, x, meta=grad)
    loss = tensor(cx, (), x.dtype, x, meta=grad)
    return Instance(
        LibraryRef(OUTPUT), {"output": output, "loss": loss, "~items": Sequence("tuple", Contents((output, loss)))}
    )


@rule(f"torch.nn.{NAME}.log_prob")
def adaptive_log_prob(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, n_classes)."""
    x = asked_for(cx, input, NAME)
    classes = as_dim(self.fields.get("n_classes"))
    if x is None or x.shape is None:
        return follows(cx, input)
    _checked(cx, self, x)
    width: DimLike = cx.fresh() if classes is None else classes
    return tensor(cx, (*x.shape[:-1], width), x.dtype, x, meta={"requires_grad": True, "grad_fn": True})


@rule(f"torch.nn.{NAME}.predict")
def adaptive_predict(cx: Context, self: Instance, input: Value) -> Value:
    """(batch,) class numbers."""
    x = asked_for(cx, input, NAME)
    classes = as_dim(self.fields.get("n_classes"))
    if x is None or x.shape is None:
        return follows(cx, input)
    _checked(cx, self, x)
    high = None if classes is None else classes - 1
    return tensor(cx, x.shape[:-1], "int64", x, lo=0, hi=high, differentiable=False)
