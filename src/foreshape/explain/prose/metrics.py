"""How faults of scikit-learn's metrics and splitters, of tables and of filters are told."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.explain.telling import Prose, Telling
    from foreshape.faults.invalid_argument import InvalidArgument
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


def argument(told: Telling, prose: Prose) -> None:
    """The headline and the reason for some arguments that people often give otherwise than they are meant."""
    fault: InvalidArgument = told.fault  # type: ignore[assignment]
    callee = told.called().rpartition(".")[2]
    raises = fault.raises
    if raises is None:
        return
    if raises.exception == "InvalidIndexError" and isinstance(told.node, ast.Subscript):
        table = told.sources.text(told.path, told.node.value, 30)
        inside = told.sources.text(told.path, told.node.slice, 40)
        prose.headline = f"{table}[{inside}] indexes a DataFrame as if it were an array"
        prose.why = (
            f"df[...] looks for columns by name; rows and columns by their positions are {table}.iloc[{inside}]."
        )
    elif fault.argument == "Wn":
        prose.headline = f"{callee} cannot cut off at {fault.given}: it has to be below {_half(raises.message)}"
        prose.why = "Without fs= a cut-off is a share of half the sampling rate, between 0 and 1. With fs= it is in the unit of fs."
        if "fs/2" in raises.message:
            prose.why = "A signal holds nothing above half its sampling rate (fs / 2)."
    elif fault.argument == "average":
        prose.headline = f"{callee} is asked for one score, but there are more than two classes"
        prose.why = (
            'By default it scores class 1 of two (average="binary"). average="macro" is the mean over the classes, "weighted" '
            "counts each by its samples, None gives one score per class."
        )
    elif fault.argument == "target_names":
        prose.headline = f"target_names has {fault.given}".replace(" for ", ", but the labels hold ")
        prose.why = "There is one name for each class that occurs in y_true or y_pred; labels=[...] says which classes are meant."
    elif fault.argument == "labels" and raises.message.startswith("Bin labels"):
        prose.why = "Edges are one more than the bins between them, and each bin has one label: 4 edges make 3 bins."
        prose.headline = f"{callee} gets {fault.given} labels, which is not one for each bin"
    elif fault.argument == "window_length":
        prose.headline = (
            f"{callee} looks at {fault.given.replace(' on an axis of', ' values at a time, on an axis of only')}"
        )
        prose.why = (
            "The window has to fit: a longer signal, a shorter window, the axis of time (axis=), or another mode."
        )


def _half(message: str) -> str:
    found = message.rpartition("fs/2=")[2].rstrip(")") if "fs/2=" in message else "1"
    return f"{found}, half the sampling rate" if found != "1" else found
