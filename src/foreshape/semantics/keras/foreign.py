"""Functions of scikit-learn where Keras wants a loss or a metric: the traced step has no numbers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Instance, LibraryRef, Value
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

TRACED: Final = "tensors of a traced step"
SCORES: Final = "sklearn.metrics."
TYPED: Final = frozenset({"accuracy_score", "f1_score", "precision_score", "recall_score", "matthews_corrcoef"})
"""Those that look at the type of what they are given; the others ask for an array of it."""
CONVERTED: Final = frozenset((
    "roc_auc_score", "confusion_matrix", "r2_score", "mean_squared_error", "mean_absolute_error",
    "cohen_kappa_score", "balanced_accuracy_score", "log_loss", "average_precision_score",
))  # fmt: skip


def refused(cx: Context, self: Instance, function: Value) -> None:
    """Raise what the function raises for a tensor without numbers."""
    if not isinstance(function, LibraryRef) or not function.name.startswith(SCORES) or self.fields.get("~eager"):
        return
    name = function.name.removeprefix(SCORES)
    if name in TYPED:
        exception, message = "TypeError", "Expected sequence or array-like, got <class 'SymbolicTensor'>"
    elif name in CONVERTED:
        exception, message = "NotImplementedError", "Cannot convert a symbolic tf.Tensor to a numpy array."
    else:
        return
    raise UnsupportedData(error(cx, exception, message), values=(function,), taker=name, given=TRACED)
