"""What scikit-learn says of targets, and its exceptions.

https://scikit-learn.org/stable/modules/generated/sklearn.utils.multiclass.type_of_target.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, Choice, Const, Instance, LibraryRef, Sequence, Typed, Unknown, Value, none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.sklearn.support import as_data

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OF_ONE_AXIS = ("binary", "multiclass", "continuous", "unknown")


def _labels(cx: Context, y: Value) -> Array | Unknown:
    """Labels as an array. Lists of several lengths are looked at as well: that they are no array is part of the answer."""
    try:
        return as_data(cx, y)
    except Fault:
        return cx.unknown("the labels are lists of several lengths")


@rule("sklearn.utils.multiclass.type_of_target")
def type_of_target(cx: Context, y: Value, input_name: Value | None = None, raise_unknown: Value | None = None) -> Value:
    """Labels of one axis are no indicator of several labels; of two axes it hangs on the values."""
    array = _labels(cx, y)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) != 1:
        return Typed("str")
    return Choice(tuple((None, Const(word)) for word in OF_ONE_AXIS))


@rule("sklearn.utils.multiclass.check_classification_targets", "sklearn.utils.metaestimators.check_target_type")
def check(cx: Context, y: Value) -> Value:
    return none()


@rule("sklearn.utils.multiclass.is_multilabel")
def is_multilabel(cx: Context, y: Value) -> Value:
    array = _labels(cx, y)
    one_axis = not isinstance(array, Unknown) and array.shape is not None and len(array.shape) == 1
    return Const(False) if one_axis else Typed("bool")


def _exception(name: str) -> None:
    @rule(f"sklearn.exceptions.{name}")
    def made(cx: Context, *args: Value) -> Value:
        return Instance(LibraryRef(f"sklearn.exceptions.{name}"), {"args": Sequence("tuple", Contents(args))})


for _name in (
    "NotFittedError",
    "ConvergenceWarning",
    "DataConversionWarning",
    "UndefinedMetricWarning",
    "FitFailedWarning",
):
    _exception(_name)


@rule("sklearn.utils.parallel.delayed", "sklearn.utils.fixes.delayed")
def delayed(cx: Context, function: Value) -> Value:
    """As that of joblib."""
    return cx.rule("joblib.delayed", function)


@rule("pandas.DataFrame.sparse.from_spmatrix")
def from_spmatrix(cx: Context, data: Value, index: Value | None = None, columns: Value | None = None) -> Value:
    return cx.unknown("a frame of sparse columns")


@rule("sklearn.utils.fixes.parse_version")
def parse_version(cx: Context, version: Value) -> Value:
    return cx.unknown("a version")
