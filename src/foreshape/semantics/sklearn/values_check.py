"""Values that an estimator refuses: NaN, and texts that are no numbers.

https://scikit-learn.org/stable/modules/generated/sklearn.utils.check_array.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import Array, Instance, Unknown, Value, as_dim
from foreshape.faults.base import Raises
from foreshape.faults.value_conversion import ValueConversion
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.shared.cells import cell_of, is_no_number, refused
from foreshape.semantics.sklearn.support import invalid, short_name

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NO_GAPS: Final = frozenset({
    "LinearRegression", "Ridge", "RidgeCV", "RidgeClassifier", "Lasso", "LassoCV", "ElasticNet", "ElasticNetCV",
    "LogisticRegression", "SGDClassifier", "SGDRegressor", "Perceptron", "BayesianRidge", "SVC", "SVR", "LinearSVC",
    "LinearSVR", "KNeighborsClassifier", "KNeighborsRegressor", "MLPClassifier", "MLPRegressor", "GaussianNB",
    "GradientBoostingClassifier", "GradientBoostingRegressor",
})  # fmt: skip
"""Estimators that take no NaN. Trees and what is built of histograms do."""


def refuse_values(cx: Context, self: Instance, X: Value, array: Array | Unknown) -> None:
    """ValueError for NaN in X, and for texts that are no numbers."""
    if short_name(self) not in NO_GAPS or not isinstance(array, Array):
        return
    refuse_texts(cx, X, array)
    if _gaps(cx, X, array):
        name = short_name(self)
        text = f"Input X contains NaN.\n{name} does not accept missing values encoded as NaN natively."
        raise invalid("X", "NaN", text, X)


def refuse_texts(cx: Context, X: Value, array: Array | Unknown) -> None:
    """ValueError for texts that are no numbers."""
    if not isinstance(array, Array):
        return
    _refuse_dates(cx, X)
    cell = cell_of(cx, array)
    if cell is not None and not cell.startswith(("'", '"')):
        raise refused(cell, "float64", X)
    if cell is not None:
        raise invalid("X", cell, f"could not convert string to float: {cell}", X)
    word = _no_number(cx, X, array)
    if word is not None:
        shown = f"np.str_({word!r})" if kind_of(array.dtype) == "U" else repr(word)
        raise invalid("X", repr(word), f"could not convert string to float: {shown}", X)


PROMOTED: Final = {"M": "DateTime64DType", "m": "TimeDelta64DType"}


def _refuse_dates(cx: Context, X: Value) -> None:
    """A frame of dates beside numbers has no dtype in common: DTypePromotionError, a TypeError."""
    frame = _frame(cx, X) if isinstance(X, Instance) else None
    if frame is None or frame.flat or not frame.closed or len(frame.columns) < 2:
        return
    kinds = [kind_of(one.dtype) for one in frame.columns]
    date = next((kind for kind in kinds if kind in PROMOTED), None)
    number = next((one.dtype for one in frame.columns if kind_of(one.dtype) in ("i", "u", "f")), None)
    if date is None or number is None or not all(kind in (date, "i", "u", "f", "b") for kind in kinds):
        return
    text = (
        f"The DType <class 'numpy.dtypes.{PROMOTED[date]}'> could not be promoted by <class 'numpy.dtypes."
        f"{str(number).capitalize()}DType'>. This means that no common DType exists for the given inputs."
    )
    raise ValueConversion(
        Raises("DTypePromotionError", text, by="numpy"), values=(X,), value="a column of dates", wanted=str(number)
    )


def refuse_gaps(cx: Context, self: Instance, y: Value, array: Array | Unknown) -> None:
    """ValueError for NaN in y."""
    if short_name(self) in NO_GAPS and isinstance(array, Array) and _gaps(cx, y, array):
        raise invalid("y", "NaN", "Input y contains NaN.", y)


def _frame(cx: Context, value: Value) -> Any:
    from foreshape.semantics.pandas.support import frame_of, is_frame

    return frame_of(cx, value) if is_frame(value) else None


def _gaps(cx: Context, value: Value, array: Array) -> bool:
    """Whether there certainly is a NaN."""
    if any(isinstance(item, float) and item != item for item in array.data or ()):
        return True
    frame = _frame(cx, value) if isinstance(value, Instance) else None
    if frame is None or not isinstance(frame.rows, int) or frame.rows < 1:
        return False
    return any(
        (column.missing or 0) > 0 or any(isinstance(item, float) and item != item for item in column.data or ())
        for column in frame.columns
    )


def _no_number(cx: Context, value: Value, array: Array) -> str | None:
    """A text that is no number, where one is certainly there."""
    frame = _frame(cx, value) if isinstance(value, Instance) else None
    held: list[Any] = list(array.data or ())
    if frame is not None:
        held = [item for column in frame.columns for item in (column.data or ())[:1]]
    return next((item for item in held if is_no_number(item)), None)


def refuse_few(cx: Context, self: Instance, wanted: DimLike | None, rows: DimLike, X: Value) -> None:
    """ValueError where more neighbours are asked for than samples were fitted."""
    known = self.fields.get("~rows")
    if wanted is None or not isinstance(known, (int, Dim)) or cx.at_least(known, wanted):
        return
    text = f"Expected n_neighbors <= n_samples_fit, but n_neighbors = {wanted}, n_samples_fit = {known}, n_samples = {rows}"
    raise invalid("n_neighbors", str(wanted), text, X, self)


NEIGHBOURS: Final = frozenset({"KNeighborsClassifier", "KNeighborsRegressor"})


def refuse_few_to_predict(cx: Context, self: Instance, array: Array | Unknown, X: Value) -> None:
    """The same of what predicts by neighbours."""
    if short_name(self) in NEIGHBOURS and isinstance(array, Array) and array.shape:
        asked = self.fields.get("n_neighbors")
        wanted = 5 if asked is None else as_dim(asked) if isinstance(asked, Value) else None
        refuse_few(cx, self, wanted, array.shape[0], X)
