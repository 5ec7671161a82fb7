"""Pipelines, column transformers, searches and cross validation of a whole estimator.

https://scikit-learn.org/stable/modules/compose.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Sequence,
    SliceValue,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_str,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.sklearn.preprocessing import BASE, clone
from foreshape.semantics.sklearn.support import (
    BY,
    as_data,
    check_features,
    consistent,
    fitted,
    invalid,
    keep_parameters,
    listed_items,
    other_output,
    remember,
    samples_of,
    short_name,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

PIPELINE: Final = library_type("sklearn.pipeline.Pipeline", BASE)
COLUMNS: Final = library_type("sklearn.compose.ColumnTransformer", BASE)
SEARCH: Final = library_type("sklearn.model_selection.~Search", BASE)
for _name in ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV"):
    library_type(f"sklearn.model_selection.{_name}", SEARCH)


@rule(f"{PIPELINE}.__init__")
def pipeline(cx: Context, self: Instance, steps: Value, **kwargs: Value) -> Value:
    keep_parameters(cx, self, steps=steps)
    pairs = listed_items(steps)
    found: list[Value] = []
    for pair in pairs or ():
        parts = listed_items(pair)
        if parts is None or len(parts) != 2:
            return Const(None)
        found.append(parts[1])
    if pairs is not None:
        cx.set(self, "~steps", tuple(found))
        names = [listed_items(pair) for pair in pairs]
        fields: dict[Hashable, Any] = {as_str(pair[0]) or "": pair[1] for pair in names if pair is not None}
        cx.set(self, "named_steps", Instance(LibraryRef("sklearn.utils.Bunch"), fields))
    return Const(None)


@rule("sklearn.pipeline.make_pipeline")
def make_pipeline(
    cx: Context,
    *steps: Value,
    memory: Value | None = None,
    transform_input: Value | None = None,
    verbose: Value | None = None,
) -> Value:
    made_of = Instance(LibraryRef(PIPELINE))
    keep_parameters(cx, made_of)
    cx.set(made_of, "~steps", steps)
    return made_of


def _steps(self: Instance) -> tuple[Value, ...] | None:
    found = self.fields.get("~steps")
    return found if isinstance(found, tuple) else None


def _through(
    cx: Context, self: Instance, X: Value, method: str, y: Value | None, last: bool, params: dict[str, Value] | None = None
) -> Value | None:  # fmt: skip
    """X after all steps, or all but the last. params: ``STEP__NAME`` goes to the step of that name."""
    steps = _steps(self)
    if steps is None:
        return None
    for place, step in enumerate(steps if last else steps[:-1]):
        if isinstance(step, Const):
            continue
        args = (X,) if method == "transform" or y is None else (X, y)
        X = cx.call_method(step, method, args, _of_step(self, place, params))
    return X


def _of_step(self: Instance, place: int, params: dict[str, Value] | None) -> dict[str, Value]:
    """The parameters that are meant for one step."""
    named = self.fields.get("named_steps")
    if not params or not isinstance(named, Instance):
        return {}
    start = f"{list(named.fields)[place]}__"
    return {name[len(start) :]: value for name, value in params.items() if name.startswith(start)}


@rule(f"{PIPELINE}.fit")
def fit(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    """Every step on what the one before makes."""
    steps = _steps(self)
    before = _through(cx, self, X, "fit_transform", y, False, params)
    if steps and before is not None and not isinstance(steps[-1], Const):
        own = _of_step(self, len(steps) - 1, params)
        cx.call_method(steps[-1], "fit", (before,) if y is None else (before, y), own)
    cx.set(self, "~fitted", Const(True))
    return self


@rule(f"{PIPELINE}.fit_transform")
def fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    found = _through(cx, self, X, "fit_transform", y, True, params)
    cx.set(self, "~fitted", Const(True))
    return cx.unknown("the steps of the pipeline are not known") if found is None else found


@rule(f"{PIPELINE}.transform")
def transform(cx: Context, self: Instance, X: Value, **params: Value) -> Value:
    found = _through(cx, self, X, "transform", None, True)
    return cx.unknown("the steps of the pipeline are not known") if found is None else found


def _final(name: str) -> None:
    @rule(f"{PIPELINE}.{name}")
    def final(cx: Context, self: Instance, X: Value, *args: Value, **kwargs: Value) -> Value:
        """The last step on what the others make."""
        fitted(cx, self)
        steps = _steps(self)
        before = _through(cx, self, X, "transform", None, False)
        if not steps or before is None:
            return cx.unknown("the steps of the pipeline are not known")
        return cx.call_method(steps[-1], name, (before, *args), kwargs)


for _name in ("predict", "predict_proba", "decision_function", "score", "predict_log_proba"):
    _final(_name)


@rule(f"{PIPELINE}.fit_predict")
def fit_predict(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    """The last step fitted and asked on what the others make."""
    steps = _steps(self)
    before = _through(cx, self, X, "fit_transform", y, False, params)
    cx.set(self, "~fitted", Const(True))
    if not steps or before is None:
        return cx.unknown("the steps of the pipeline are not known")
    own = _of_step(self, len(steps) - 1, params)
    return cx.call_method(steps[-1], "fit_predict", (before,) if y is None else (before, y), own)


@rule(f"{PIPELINE}.inverse_transform")
def inverse_transform(cx: Context, self: Instance, X: Value, **params: Value) -> Value:
    steps = _steps(self)
    if steps is None:
        return cx.unknown("the steps of the pipeline are not known")
    for step in reversed(steps):
        X = cx.call_method(step, "inverse_transform", (X,))
    return X


@rule(f"{PIPELINE}.__getitem__")
def step(cx: Context, self: Instance, index: Value) -> Value:
    steps = _steps(self)
    named = self.fields.get("named_steps")
    if isinstance(named, Instance) and isinstance(named.fields.get(as_str(index)), Value):
        found: Value = named.fields[as_str(index)]
        return found
    place = as_dim(index)
    if steps is not None and isinstance(place, int) and -len(steps) <= place < len(steps):
        return steps[place]
    return cx.unknown("which step this is cannot be told")


# -- columns ----------
@rule(f"{COLUMNS}.__init__")
def column_transformer(
    cx: Context,
    self: Instance,
    transformers: Value,
    *,
    remainder: Value | None = None,
    sparse_threshold: Value | None = None,
    n_jobs: Value | None = None,
    transformer_weights: Value | None = None,
    verbose: Value | None = None,
    verbose_feature_names_out: Value | None = None,
    force_int_remainder_cols: Value | None = None,
) -> Value:
    keep_parameters(cx, self, transformers=transformers, remainder=remainder, sparse_threshold=sparse_threshold)
    parts = [listed_items(one) for one in listed_items(transformers) or ()]
    if parts and all(part is not None and len(part) == 3 for part in parts):
        cx.set(self, "~parts", tuple((part[1], part[2]) for part in parts if part is not None))
    return Const(None)


@rule("sklearn.compose.make_column_transformer")
def make_column_transformer(cx: Context, *transformers: Value, **kwargs: Value) -> Value:
    made_of = Instance(LibraryRef(COLUMNS))
    keep_parameters(cx, made_of, **kwargs)
    parts = [listed_items(one) for one in transformers]
    if all(part is not None and len(part) == 2 for part in parts):
        cx.set(made_of, "~parts", tuple((part[0], part[1]) for part in parts if part is not None))
    return made_of


def _columns_through(cx: Context, self: Instance, X: Value, method: str) -> Value:
    parts = self.fields.get("~parts")
    rows = samples_of(cx, X)
    height = cx.fresh("samples") if rows is None else rows
    if not isinstance(parts, tuple) or other_output(cx, self):
        return cx.unknown("the parts of the column transformer are not known, or it gives frames")
    width: DimLike = 0
    used: DimLike = 0
    dense = True
    for transformer, asked in parts:
        chosen = cx.call(asked, (X,)) if isinstance(asked, (Function, BoundMethod, Instance)) else asked
        count = cx.length(chosen) if as_str(chosen) is None else 1
        selected = _select(cx, X, chosen)
        if isinstance(chosen, SliceValue) and isinstance(selected, Array) and selected.shape is not None:
            count = selected.shape[1]
        if count is None:
            return cx.unknown("which columns are transformed is not known")
        used = used + count
        text = as_str(transformer)
        if text == "drop":
            continue
        if text == "passthrough":
            width = width + count
            continue
        found = cx.call_method(transformer, method, (selected,))
        inner = as_data(cx, found)
        if not isinstance(inner, Array) or inner.shape is None or len(inner.shape) != 2:
            return cx.unknown("how many columns the transformer makes is not known")
        dense = dense and isinstance(found, Array)
        width = width + inner.shape[1]
    rest = self.fields.get("remainder")
    if isinstance(rest, Value) and given(rest) and as_str(rest) != "drop":
        whole = as_data(cx, X)
        if (
            as_str(rest) != "passthrough"
            or not isinstance(whole, Array)
            or whole.shape is None
            or len(whole.shape) != 2
        ):
            return cx.unknown("what becomes of the other columns is not known")
        width = width + whole.shape[1] - used
    if not dense:
        # whether the result is sparse depends on how many zeros there are
        return cx.unknown("whether the column transformer gives a sparse matrix depends on the data")
    return made((height, cx.resolve(width)), None)


def _select(cx: Context, X: Value, chosen: Value) -> Value:
    from foreshape.semantics.pandas.support import is_frame

    if is_frame(X):
        labels = listed_items(chosen)
        if labels is not None and labels and all(as_dim(one) is not None for one in labels):
            return cx.get_item(cx.get_attribute(X, "iloc"), listed("tuple", [_everything(), chosen]))
        _refuse_names(cx, X, chosen)
        return cx.get_item(X, chosen)
    if isinstance(X, Sequence):
        return cx.unknown("the columns of a list")  # it becomes an array first
    count = cx.length(chosen) if as_str(chosen) is None else None
    if isinstance(chosen, SliceValue) and any(as_str(end) is not None for end in (chosen.start, chosen.stop)):
        return cx.unknown("which columns are chosen is not known")  # names of columns, which only frames have
    if not isinstance(chosen, SliceValue) and (not isinstance(chosen, (Const, Sequence)) or count is None):
        return cx.unknown("which columns are chosen is not known")
    if isinstance(chosen, Sequence) and not all(
        as_dim(one) is not None for one in listed_items(chosen) or [Const(None)]
    ):
        return cx.unknown("which columns are chosen is not known")
    return cx.get_item(X, listed("tuple", [_everything(), chosen]))


def _refuse_names(cx: Context, X: Value, chosen: Value) -> None:
    """ValueError for names of columns that a frame does not have."""
    from foreshape.semantics.pandas.support import frame_of, named_in

    frame = frame_of(cx, X)
    lost = [name for name in named_in(cx, chosen) if isinstance(name, str) and frame.find(name) is None]
    if lost and frame.complete:
        shown = "{" + ", ".join(repr(name) for name in lost) + "}"
        text = f"Some column names are not columns of the dataframe: {shown}"
        raise invalid("columns", repr(lost[0]), text, X, chosen)


def _everything() -> Value:
    return SliceValue(Const(None), Const(None), Const(None))


@rule(f"{COLUMNS}.fit_transform")
def columns_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    found = _columns_through(cx, self, X, "fit_transform")
    if isinstance(X, Array):
        remember(cx, self, X)
    cx.set(self, "~fitted", Const(True))
    return found


@rule(f"{COLUMNS}.fit")
def columns_fit(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    columns_fit_transform(cx, self, X, y)
    return self


@rule(f"{COLUMNS}.transform")
def columns_transform(cx: Context, self: Instance, X: Value, **params: Value) -> Value:
    fitted(cx, self)
    if isinstance(X, Array):
        check_features(cx, self, X, X)
    return _columns_through(cx, self, X, "transform")


# -- searches ----------
@rule(f"{SEARCH}.__init__")
def search(cx: Context, self: Instance, estimator: Value, *args: Value, **kwargs: Value) -> Value:
    keep_parameters(cx, self, estimator=estimator, **kwargs)
    settings = args[0] if args else kwargs.get("param_grid")
    if settings is not None:
        cx.set(self, "~settings", settings)
    return Const(None)


@rule(f"{SEARCH}.fit")
def search_fit(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    """The best estimator is fitted on all of it."""
    consistent(cx, tuple(value for value in (X, y) if value is not None and given(value)), ("X", "y"))
    estimator = self.fields.get("estimator")
    best = clone(cx, estimator) if isinstance(estimator, Value) else cx.unknown("the estimator is not known")
    if isinstance(best, Instance):
        cx.call_method(best, "fit", (X,) if y is None else (X, y))
    cx.set(self, "best_estimator_", best)
    cx.set(self, "best_params_", cx.unknown("the best parameters"))
    cx.set(self, "best_score_", Typed("float"))
    cx.set(self, "~fitted", Const(True))
    return self


def _search_final(name: str) -> None:
    @rule(f"{SEARCH}.{name}")
    def final(cx: Context, self: Instance, X: Value, *args: Value, **kwargs: Value) -> Value:
        fitted(cx, self)
        best = self.fields.get("best_estimator_")
        if not isinstance(best, Value):
            return cx.unknown("the best estimator is not known")
        return cx.call_method(best, name, (X, *args), kwargs)


for _name in ("predict", "predict_proba", "transform", "score", "decision_function"):
    _search_final(_name)


# -- cross validation ----------
def _fold_count(cx: Context, cv: Value | None) -> DimLike | None:
    if cv is None or not given(cv):
        return 5
    if isinstance(cv, Instance):
        found = cv.fields.get("n_splits")
        return as_dim(found) if isinstance(found, Value) and "n_repeats" not in cv.fields else None
    return as_dim(cv)


TABLES: Final = (
    "sklearn.linear_model.", "sklearn.ensemble.", "sklearn.svm.", "sklearn.tree.", "sklearn.neighbors.", "sklearn.naive_bayes."
)  # fmt: skip
"""Where estimators live that take nothing but a table (samples, features)."""


def _fits(cx: Context, estimator: Value, X: Value, folds: DimLike | None) -> None:
    """ValueError of what is no table: each fold fails, and that is told at the end."""
    array = as_data(cx, X)
    if (
        not isinstance(array, Array)
        or array.shape is None
        or len(array.shape) == 2
        or not isinstance(estimator, Instance)
    ):
        return
    if not (estimator.library_type or "").startswith(TABLES):
        return
    from foreshape.faults.rank_mismatch import RankMismatch

    text = f"All the {folds} fits failed. It is very likely that your model is misconfigured."
    raise RankMismatch(
        Raises("ValueError", text, by=BY), values=(X,), taker=short_name(estimator), needs=2,
        axes=("samples", "features"), got=array.shape,
    )  # fmt: skip


@rule("sklearn.model_selection.cross_val_score")
def cross_val_score(
    cx: Context,
    estimator: Value,
    X: Value,
    y: Value | None = None,
    *,
    groups: Value | None = None,
    scoring: Value | None = None,
    cv: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A score per fold. ValueError where no fold can be fitted."""
    consistent(cx, tuple(value for value in (X, y) if value is not None and given(value)), ("X", "y"))
    count = _fold_count(cx, cv)
    _fits(cx, estimator, X, count)
    return made((cx.fresh("folds") if count is None else count,), "float64")


@rule("sklearn.model_selection.cross_validate")
def cross_validate(
    cx: Context,
    estimator: Value,
    X: Value,
    y: Value | None = None,
    *,
    groups: Value | None = None,
    scoring: Value | None = None,
    cv: Value | None = None,
    **kwargs: Value,
) -> Value:
    """Times and scores, one per fold: ``test_score``, or ``test_NAME`` where several scores are asked for."""
    consistent(cx, tuple(value for value in (X, y) if value is not None and given(value)), ("X", "y"))
    count = _fold_count(cx, cv)
    _fits(cx, estimator, X, count)
    size = cx.fresh("folds") if count is None else count
    names = _scores(scoring)
    trained = False if "return_train_score" not in kwargs else as_bool(kwargs["return_train_score"])
    kinds = ("test", "train") if trained else ("test",)
    keys = ["fit_time", "score_time", *(f"{kind}_{name}" for kind in kinds for name in names or ())]
    closed = names is not None and trained is not None and not {"return_estimator", "return_indices"} & set(kwargs)
    rest = None if closed else cx.unknown("an entry that depends on the options")
    return DictValue({key: made((size,), "float64") for key in keys}, rest)


def _scores(scoring: Value | None) -> list[str] | None:
    """What scores are called in a table of results; None where that is not known."""
    if scoring is None or not given(scoring) or as_str(scoring) is not None:
        return ["score"]
    if isinstance(scoring, DictValue):
        return None if scoring.rest is not None else [str(key) for key in scoring.entries]
    names = [as_str(one) for one in listed_items(scoring) or ()]
    known = [name for name in names if name is not None]
    return known if known and len(known) == len(names) else None


@rule("sklearn.model_selection.cross_val_predict")
def cross_val_predict(
    cx: Context, estimator: Value, X: Value, y: Value | None = None, *, method: Value | None = None, **kwargs: Value
) -> Value:
    consistent(cx, tuple(value for value in (X, y) if value is not None and given(value)), ("X", "y"))
    rows = samples_of(cx, X)
    target = None if y is None else as_data(cx, y)
    flat = isinstance(target, Array) and target.shape is not None and len(target.shape) == 1
    if method is not None and as_str(method) != "predict":
        if as_str(method) in ("predict_proba", "predict_log_proba") and flat and isinstance(target, Array):
            from foreshape.semantics.sklearn.encoders import distinct

            return made((cx.fresh("samples") if rows is None else rows, distinct(cx, target, "classes")), None)
        return cx.unknown("how many classes there are is not known")
    if flat:
        return made((cx.fresh("samples") if rows is None else rows,), None)
    if isinstance(target, Array) and target.shape is not None and len(target.shape) == 2:
        if not cx.equal(target.shape[1], 1):
            return made((cx.fresh("samples") if rows is None else rows, target.shape[1]), None)
    return cx.unknown("how many outputs there are is not known")


@attribute(f"{SEARCH}.cv_results_")
def results(cx: Context, self: Instance) -> Value:
    """Columns with one entry for each setting that was tried."""
    fitted(cx, self)
    count = _settings(cx, self)
    size = cx.fresh("settings") if count is None else count
    entries: dict[object, Value] = {
        f"{statistic}_{name}": made((size,), "float64")
        for statistic in ("mean", "std")
        for name in ("fit_time", "score_time")
    }
    scoring = self.fields.get("scoring")
    for name in _scores(scoring if isinstance(scoring, Value) else None) or ():
        entries.update({f"{statistic}_test_{name}": made((size,), "float64") for statistic in ("mean", "std")})
        entries[f"rank_test_{name}"] = made((size,), "int32", 1)
    settings = Contents((Run(size, DictValue({}, cx.unknown("a setting that was tried"))),))
    entries["params"] = Sequence("list", settings)
    return DictValue(entries, cx.unknown("a column of the results of a search"))


def _settings(cx: Context, self: Instance) -> DimLike | None:
    """How many settings a search tries."""
    asked = self.fields.get("~settings")
    if short_name(self) != "GridSearchCV" or not isinstance(asked, Value):
        return None
    return cx.length(cx.rule("sklearn.model_selection.ParameterGrid", asked))


@attribute(f"{SEARCH}.best_index_")
def best_index(cx: Context, self: Instance) -> Value:
    """The place of the best setting in the results."""
    return Typed("int", lo=0)
