"""Losses as modules: ``nn.MSELoss``, ``nn.CrossEntropyLoss`` and the others. Each keeps its arguments and calls its function.

Follows ``torch/nn/modules/loss.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, Value, is_none
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import FALSE, MODULE, NONE, ONE, TRUE, ZERO, add_buffer, init_module, kept
from foreshape.semantics.torch.nn.calling import library_rule
from foreshape.semantics.torch.nn.demands import E_6, E_8, IGNORED, MEAN, NOUGHT, TWO_F, UNIT, number, surely_plain
from foreshape.semantics.torch.nn.losses_common import DOC, reduction_of
from foreshape.semantics.torch.support import given, invalid, wrong_rank

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LOSS: Final = library_type("torch.nn.modules.loss._Loss", MODULE)
WEIGHTED: Final = library_type("torch.nn.modules.loss._WeightedLoss", LOSS)
FUNCTIONS: Final = {
    "L1Loss": "l1_loss", "MSELoss": "mse_loss", "SmoothL1Loss": "smooth_l1_loss", "HuberLoss": "huber_loss",
    "NLLLoss": "nll_loss", "PoissonNLLLoss": "poisson_nll_loss", "GaussianNLLLoss": "gaussian_nll_loss",
    "KLDivLoss": "kl_div", "BCELoss": "binary_cross_entropy", "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "HingeEmbeddingLoss": "hinge_embedding_loss", "MultiLabelMarginLoss": "multilabel_margin_loss",
    "SoftMarginLoss": "soft_margin_loss", "CrossEntropyLoss": "cross_entropy",
    "MultiLabelSoftMarginLoss": "multilabel_soft_margin_loss", "CosineEmbeddingLoss": "cosine_embedding_loss",
    "MarginRankingLoss": "margin_ranking_loss", "MultiMarginLoss": "multi_margin_loss",
    "TripletMarginLoss": "triplet_margin_loss", "CTCLoss": "ctc_loss",
    "TripletMarginWithDistanceLoss": "triplet_margin_with_distance_loss", "NLLLoss2d": "nll_loss",
}  # fmt: skip
BUFFERS: Final = ("weight", "pos_weight")
for _name in FUNCTIONS:
    _base = WEIGHTED if _name in (
        "NLLLoss", "BCELoss", "CrossEntropyLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss", "NLLLoss2d",
    ) else LOSS  # fmt: skip
    library_type(f"torch.nn.{_name}", "torch.nn.NLLLoss" if _name == "NLLLoss2d" else _base)


def _begin(
    cx: Context, self: Instance, reduction: Value, size_average: Value | None = None, reduce: Value | None = None,
    **own: Value | None,
) -> None:  # fmt: skip
    """Keep what was given; a wrong ``reduction`` is only found when the loss is computed."""
    init_module(cx, self)
    if given(size_average) or given(reduce):
        found = reduction_of(cx, reduction, size_average, reduce)
        reduction = cx.unknown("the reduction is not known") if found is None else Const(found)
    cx.set(self, "reduction", reduction)
    for name in BUFFERS:
        if name in own:
            value = own.pop(name)
            add_buffer(cx, self, name, NONE if value is None else value)
    kept(cx, self, **own)


@rule("torch.nn.modules.loss._Loss.__init__", "torch.nn.MSELoss.__init__", "torch.nn.L1Loss.__init__",
      "torch.nn.MultiLabelMarginLoss.__init__", "torch.nn.SoftMarginLoss.__init__")  # fmt: skip
def loss_init(
    cx: Context, self: Instance, size_average: Value | None = None, reduce: Value | None = None, reduction: Value = MEAN
) -> None:
    """``reduction``: "mean", "sum" or "none"."""
    _begin(cx, self, reduction, size_average, reduce)


@rule("torch.nn.modules.loss._WeightedLoss.__init__", "torch.nn.BCELoss.__init__",
      "torch.nn.MultiLabelSoftMarginLoss.__init__")  # fmt: skip
def weighted_init(
    cx: Context, self: Instance, weight: Value | None = None, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN,
) -> None:  # fmt: skip
    """``weight``: a tensor that is stretched to the loss of each element."""
    _begin(cx, self, reduction, size_average, reduce, weight=weight)


@rule("torch.nn.NLLLoss.__init__", doc=f"{DOC}NLLLoss.html")
def nll_init(
    cx: Context, self: Instance, weight: Value | None = None, size_average: Value | None = None,
    ignore_index: Value = IGNORED, reduce: Value | None = None, reduction: Value = MEAN,
) -> None:  # fmt: skip
    """``weight``: one number per class."""
    _begin(cx, self, reduction, size_average, reduce, weight=weight, ignore_index=ignore_index)


@rule("torch.nn.CrossEntropyLoss.__init__", doc=f"{DOC}CrossEntropyLoss.html")
def cross_entropy_init(
    cx: Context, self: Instance, weight: Value | None = None, size_average: Value | None = None,
    ignore_index: Value = IGNORED, reduce: Value | None = None, reduction: Value = MEAN,
    label_smoothing: Value = NOUGHT,
) -> None:  # fmt: skip
    """``weight``: one number per class."""
    _begin(
        cx, self, reduction, size_average, reduce, weight=weight, ignore_index=ignore_index,
        label_smoothing=label_smoothing,
    )  # fmt: skip


@rule("torch.nn.BCEWithLogitsLoss.__init__", doc=f"{DOC}BCEWithLogitsLoss.html")
def logits_init(
    cx: Context, self: Instance, weight: Value | None = None, size_average: Value | None = None,
    reduce: Value | None = None, reduction: Value = MEAN, pos_weight: Value | None = None,
) -> None:  # fmt: skip
    """``pos_weight``: one number per class."""
    _begin(cx, self, reduction, size_average, reduce, weight=weight, pos_weight=pos_weight)


@rule("torch.nn.SmoothL1Loss.__init__", doc=f"{DOC}SmoothL1Loss.html")
def smooth_init(
    cx: Context, self: Instance, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN, beta: Value = UNIT,
) -> None:  # fmt: skip
    """``beta``: where it turns from squared to absolute."""
    _begin(cx, self, reduction, size_average, reduce, beta=beta)


@rule("torch.nn.HuberLoss.__init__", doc=f"{DOC}HuberLoss.html")
def huber_init(cx: Context, self: Instance, reduction: Value = MEAN, delta: Value = UNIT) -> None:
    """``delta`` must be a number."""
    if surely_plain(delta) and isinstance(delta, Const) and number(delta) is None:
        kind = type(delta.value).__name__
        message = f"delta must be a float or int, got: <class '{kind}'>"
        raise invalid(cx, "TypeError", message, "delta", repr(delta.value))
    _begin(cx, self, reduction, delta=delta)


@rule("torch.nn.KLDivLoss.__init__", doc=f"{DOC}KLDivLoss.html")
def kl_init(
    cx: Context, self: Instance, size_average: Value | None = None, reduce: Value | None = None,
    reduction: Value = MEAN, log_target: Value = FALSE,
) -> None:  # fmt: skip
    """``reduction="batchmean"`` too."""
    _begin(cx, self, reduction, size_average, reduce, log_target=log_target)


@rule("torch.nn.PoissonNLLLoss.__init__", doc=f"{DOC}PoissonNLLLoss.html")
def poisson_init(
    cx: Context, self: Instance, log_input: Value = TRUE, full: Value = FALSE, size_average: Value | None = None,
    eps: Value = E_8, reduce: Value | None = None, reduction: Value = MEAN,
) -> None:  # fmt: skip
    """``log_input``: the input is the logarithm of the rate."""
    _begin(cx, self, reduction, size_average, reduce, log_input=log_input, full=full, eps=eps)


@rule("torch.nn.GaussianNLLLoss.__init__", doc=f"{DOC}GaussianNLLLoss.html")
def gaussian_init(
    cx: Context, self: Instance, *, full: Value = FALSE, eps: Value = E_6, reduction: Value = MEAN
) -> None:
    """Called with (input, target, var)."""
    _begin(cx, self, reduction, full=full, eps=eps)


def _margin(name: str, default: Value) -> None:
    @rule(f"torch.nn.{name}.__init__", doc=f"{DOC}{name}.html")
    def init(
        cx: Context, self: Instance, margin: Value = default, size_average: Value | None = None,
        reduce: Value | None = None, reduction: Value = MEAN,
    ) -> None:  # fmt: skip
        """``margin``: how far apart is far enough."""
        _begin(cx, self, reduction, size_average, reduce, margin=margin)


_margin("HingeEmbeddingLoss", UNIT)
_margin("CosineEmbeddingLoss", NOUGHT)
_margin("MarginRankingLoss", NOUGHT)


@rule("torch.nn.MultiMarginLoss.__init__", doc=f"{DOC}MultiMarginLoss.html")
def multi_margin_init(
    cx: Context, self: Instance, p: Value = ONE, margin: Value = UNIT, weight: Value | None = None,
    size_average: Value | None = None, reduce: Value | None = None, reduction: Value = MEAN,
) -> None:  # fmt: skip
    """``p``: 1 or 2."""
    power = number(p)
    if power is not None and power not in (1, 2):
        raise invalid(cx, "ValueError", "only p == 1 and p == 2 supported", "p", power)
    if isinstance(weight, Array) and weight.shape is not None and len(weight.shape) != 1:
        message = f"MultiMarginLoss: expected weight to be None or 1D tensor, got {len(weight.shape)}D instead"
        raise wrong_rank(cx, "ValueError", message, "MultiMarginLoss", weight, 1)
    _begin(cx, self, reduction, size_average, reduce, weight=weight, p=p, margin=margin)


def _positive_margin(cx: Context, margin: Value, name: str) -> None:
    known = number(margin)
    if known is not None and known <= 0 and cx.targets.at_least("torch", "2.4"):
        message = f"{name}: expected margin to be greater than 0, got {known} instead"
        raise invalid(cx, "ValueError", message, "margin", known)


@rule("torch.nn.TripletMarginLoss.__init__", doc=f"{DOC}TripletMarginLoss.html")
def triplet_init(
    cx: Context, self: Instance, margin: Value = UNIT, p: Value = TWO_F, eps: Value = E_6,
    swap: Value = FALSE, size_average: Value | None = None, reduce: Value | None = None, reduction: Value = MEAN,
) -> None:  # fmt: skip
    """Called with (anchor, positive, negative)."""
    _positive_margin(cx, margin, "TripletMarginLoss")
    _begin(cx, self, reduction, size_average, reduce, margin=margin, p=p, eps=eps, swap=swap)


@rule("torch.nn.TripletMarginWithDistanceLoss.__init__", doc=f"{DOC}TripletMarginWithDistanceLoss.html")
def distance_init(
    cx: Context, self: Instance, *, distance_function: Value | None = None, margin: Value = UNIT,
    swap: Value = FALSE, reduction: Value = MEAN,
) -> None:  # fmt: skip
    """``distance_function``: any callable of two tensors."""
    _positive_margin(cx, margin, "TripletMarginWithDistanceLoss")
    _begin(cx, self, reduction, distance_function=distance_function, margin=margin, swap=swap)


@rule("torch.nn.CTCLoss.__init__", doc=f"{DOC}CTCLoss.html")
def ctc_init(
    cx: Context, self: Instance, blank: Value = ZERO, reduction: Value = MEAN, zero_infinity: Value = FALSE
) -> None:
    """Called with (log_probs, targets, input_lengths, target_lengths)."""
    _begin(cx, self, reduction, blank=blank, zero_infinity=zero_infinity)


# -- forward ----------------------------------------------------------------------------------------------------------

KEPT: Final = (
    "reduction", "weight", "pos_weight", "ignore_index", "label_smoothing", "beta", "delta", "log_target", "log_input",
    "full", "eps", "margin", "p", "swap", "distance_function", "blank", "zero_infinity",
)  # fmt: skip
"""Attributes that are handed on to the function."""


def _apply(cx: Context, self: Instance, *args: Value) -> Value:
    name = (self.library_type or "").rpartition(".")[2]
    own: dict[str, Value] = {}
    for key in KEPT:
        value = self.fields.get(key)
        if isinstance(value, Value) and (not is_none(value) or key == "reduction"):
            own[key] = value
    found = library_rule(cx, "torch.nn.functional", FUNCTIONS.get(name, name))
    if found is None:
        return cx.unknown(f"{name} is not modelled")
    made: Value = found.function(cx, *args, **own)
    return made


@rule(*(f"torch.nn.{name}.forward" for name in (
    "L1Loss", "MSELoss", "SmoothL1Loss", "HuberLoss", "NLLLoss", "NLLLoss2d", "KLDivLoss", "BCELoss", "BCEWithLogitsLoss",
    "HingeEmbeddingLoss", "MultiLabelMarginLoss", "SoftMarginLoss", "CrossEntropyLoss", "MultiLabelSoftMarginLoss",
    "MultiMarginLoss",
)))  # fmt: skip
def compare(cx: Context, self: Instance, input: Value, target: Value) -> Value:
    """Predictions first, targets second."""
    return _apply(cx, self, input, target)


@rule("torch.nn.PoissonNLLLoss.forward")
def compare_rates(cx: Context, self: Instance, log_input: Value, target: Value) -> Value:
    """Rates and counts."""
    return _apply(cx, self, log_input, target)


@rule("torch.nn.GaussianNLLLoss.forward")
def compare_gaussian(cx: Context, self: Instance, input: Value, target: Value, var: Value) -> Value:
    """Expectation, target and variance."""
    return _apply(cx, self, input, target, var)


@rule("torch.nn.CosineEmbeddingLoss.forward", "torch.nn.MarginRankingLoss.forward")
def compare_two(cx: Context, self: Instance, input1: Value, input2: Value, target: Value) -> Value:
    """Two inputs and a target of 1 or -1."""
    return _apply(cx, self, input1, input2, target)


@rule("torch.nn.TripletMarginLoss.forward", "torch.nn.TripletMarginWithDistanceLoss.forward")
def compare_three(cx: Context, self: Instance, anchor: Value, positive: Value, negative: Value) -> Value:
    """Anchor, one of the same kind, one of another."""
    return _apply(cx, self, anchor, positive, negative)


@rule("torch.nn.CTCLoss.forward")
def compare_sequences(
    cx: Context, self: Instance, log_probs: Value, targets: Value, input_lengths: Value, target_lengths: Value
) -> Value:
    """(time, batch, classes) against labels of other lengths."""
    return _apply(cx, self, log_probs, targets, input_lengths, target_lengths)
