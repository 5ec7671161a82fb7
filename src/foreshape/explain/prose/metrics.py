"""How faults of scikit-learn's metrics and splitters, of tables and of filters are told."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.explain.telling import Prose, Telling
    from foreshape.faults.invalid_argument import InvalidArgument
    from foreshape.faults.missing_attribute import MissingAttribute
    from foreshape.faults.rank_mismatch import RankMismatch

OF_SCORES: Final = frozenset(("roc_auc_score", "roc_curve", "precision_recall_curve", "det_curve"))


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
    elif fault.argument == "X" and raises.message.startswith("Input X contains NaN"):
        estimator = raises.message.partition("\n")[2].partition(" ")[0]
        prose.headline = f"{told.name(told.value(), 'X')} holds NaN, which {estimator or callee} does not take"
        prose.why = "shift, diff, rolling and merge leave NaN where there is nothing: dropna() before the columns are taken apart."
    elif raises.message.startswith("Some column names are not columns"):
        prose.headline = f"{callee} is asked for the column {fault.given}, which the table does not have"
        prose.why = "The names that ColumnTransformer is given have to be columns of every table that it sees."
    elif raises.message.startswith("y contains previously unseen labels"):
        prose.headline = f"{callee} meets the label {fault.given}, which was not there when the encoder was fitted"
        prose.why = (
            "fit has to see every label that comes later: fit it on the labels of all parts, and only transform each."
        )
    elif fault.argument == "dtype" and raises.message.startswith("Cannot interpret"):
        prose.headline = f"{callee} takes the shape as one tuple, but {fault.given} stands where the dtype belongs"
        prose.why = f"The second argument of {callee} is the dtype: {callee}((rows, columns)) has the sizes in a tuple."
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


def attribute(fault: MissingAttribute, name: str, prose: Prose) -> bool:
    """What people look for in arrays, tables and tensors that is elsewhere. Whether it was told."""
    said = "" if fault.raises is None else fault.raises.message
    asked = fault.attribute
    if fault.owner == "Index" and fault.raises is not None and fault.raises.by == "pandas":
        prose.headline = f"{name or 'the index'} holds numbers, no dates, so it has no {asked}"
        prose.why = (
            "Rows are counted 0, 1, 2, ... until a column of dates becomes the index: "
            f"df.index = pd.to_datetime(df['date']). Of a column itself it is df['date'].dt.{asked}."
        )
    elif "Can only use .dt accessor" in said:
        prose.headline = f"{name or 'the column'} holds no dates, so it has no .dt"
        prose.why = "Dates that were read from text stay text: pd.to_datetime(...) makes dates of them."
    elif fault.owner == "Series" and asked == "reshape":
        prose.why = "A Series has one axis and keeps it. The array in it, .values, can be reshaped; df[['name']] is a table already."
    elif fault.owner == "numpy.ndarray" and asked in ("append", "extend"):
        prose.why = (
            "Lists grow, arrays do not: collect in a list, and np.array(...) makes one array of it after the loop."
        )
    elif asked == "numpy" and "Symbolic" in fault.owner:
        prose.why = "tf.function traces without numbers, so there is no array yet: tf.reduce_mean and its like compute with tensors."
    else:
        return False
    return True


def operation(told: Telling, problem: str, prose: Prose) -> None:
    """What an operation that a value does not have is usually meant to do."""
    target = told.node.value if isinstance(told.node, ast.Subscript) else None
    name = told.sources.text(told.path, target, 30) if target is not None else "it"
    called = told.called()
    if "does not support item assignment" in problem and "Tensor" in problem:
        prose.headline = f"{name} is a TensorFlow tensor, and nothing can be assigned to its elements"
        prose.why = (
            "Tensors never change. Collect the parts in a list and tf.stack them, build the array in NumPy, or use "
            "tf.tensor_scatter_nd_update."
        )
    elif problem.startswith("'Dataset' object is not subscriptable"):
        prose.headline = f"{name} is a dataset, and has no elements by position"
        prose.why = (
            "window() gives a small dataset for each window: ds.flat_map(lambda w: w.batch(size)) makes a tensor of each. "
            "Of others, take(n) and iteration give elements."
        )
    elif "only integer scalar arrays can be converted" in problem and called.endswith(("concatenate", "stack")):
        prose.headline = f"{called} takes all arrays in one list: {called}([a, b])"
        prose.why = "The second argument is the axis, so an array that stands there is read as one."
    elif problem.startswith("Only valid with DatetimeIndex"):
        prose.headline = "resample needs dates as the index, but the rows are only counted"
        prose.why = "df.set_index('date') makes a column of dates the index, pd.to_datetime dates of text; or resample('D', on='date')."
