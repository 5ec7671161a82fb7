"""torchmetrics: metrics that give one number.

https://lightning.ai/docs/torchmetrics/stable/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, Value, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, init_module

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

METRIC: Final = library_type("torchmetrics.Metric", MODULE)
BY_TASK: Final = ("Accuracy", "Precision", "Recall", "F1Score", "Specificity", "AUROC", "JaccardIndex")
NUMBERS: Final = (
    "MeanMetric",
    "SumMetric",
    "MaxMetric",
    "MinMetric",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "R2Score",
)
OTHERS: Final = ("ConfusionMatrix", "MetricCollection", "StructuralSimilarityIndexMeasure", "BLEUScore")
for _name in (*BY_TASK, *NUMBERS, *OTHERS):
    library_type(f"torchmetrics.{_name}", METRIC)
for _task in ("Binary", "Multiclass", "Multilabel"):
    for _name in BY_TASK:
        library_type(f"torchmetrics.classification.{_task}{_name}", METRIC)


@rule(f"{METRIC}.__init__")
def metric_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings. TypeError where the task is missing."""
    init_module(cx, self)
    average = kwargs.get("average")
    one = average is None or as_str(average) in ("micro", "macro", "weighted")
    name = (self.library_type or "").rpartition(".")[2]
    classified = any(name.endswith(each) for each in BY_TASK)
    cx.set(self, "~scalar", (one and classified) or (name in NUMBERS and "num_outputs" not in kwargs))
    if name in BY_TASK and not args and "task" not in kwargs:
        from foreshape.faults.call_arguments import CallArguments

        problem = "missing 1 required positional argument: 'task'"
        raised = Raises("TypeError", f"{name}.__new__() {problem}", by="torchmetrics")
        raise CallArguments(raised, callee=name, problem=problem)
    return Const(None)


@rule(f"{METRIC}.__call__", f"{METRIC}.forward", f"{METRIC}.compute")
def value(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """One number as a tensor, where the metric gives one."""
    if self.fields.get("~scalar"):
        return Array("torch", (), "float32", meta={"requires_grad": None, "device": "?"})
    return cx.unknown("what the metric gives")


@rule(f"{METRIC}.update", f"{METRIC}.reset")
def update(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule(f"{METRIC}.to")
def to(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Itself."""
    return self
