"""How faults of scikit-learn's metrics and splitters are told: one number per sample, where there is a row of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.explain.telling import Prose, Telling
    from foreshape.faults.rank_mismatch import RankMismatch

OF_SCORES: Final = frozenset(("roc_auc_score", "roc_curve"))


def one_each(told: Telling, prose: Prose) -> None:
    """The headline and the reason, where labels or scores of one axis are needed and there is a table."""
    fault: RankMismatch = told.fault  # type: ignore[assignment]
    value = told.value()
    name = told.name(value, "what it gets")
    columns, shape = told.dim(fault.got[1]), told.shape(fault.got, value)
    prose.remark = f"needs 1 axis, gets {len(fault.got)}"
    if fault.taker in OF_SCORES:
        prose.headline = f"{fault.taker} takes one score per sample, but {name} holds {columns}: {shape}"
        prose.why = (
            f"With two classes, {name}[:, 1] is the score of class 1. With more, each class is held against the rest"
        )
        prose.why += ': multi_class="ovr".' if fault.taker == "roc_auc_score" else ": one curve for each column."
    elif fault.taker == "StratifiedKFold":
        prose.headline = f"StratifiedKFold needs one class per sample, but {name} holds {columns} numbers each: {shape}"
        prose.why = (
            "It keeps the share of every class in every fold. Of one-hot rows, .argmax(axis=1) gives the class back; only "
            "split needs it, the model is trained on the rows as before."
        )
    else:
        prose.headline = (
            f"{fault.taker} compares one class per sample, but {name} holds {columns} numbers each: {shape}"
        )
        prose.why = (
            "predict gives a number per class for each sample, and one-hot labels hold one too: "
            ".argmax(axis=1) of them is the class."
        )
