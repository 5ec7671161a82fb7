"""Curves of scores, splitters by groups, and grids of parameters.

https://scikit-learn.org/stable/modules/learning_curve.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import DictValue, IteratorValue, Sequence, Typed, Value, as_bool
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.sklearn.pipelines import _fold_count
from foreshape.semantics.sklearn.support import consistent, listed_items, samples_of

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.values import Instance
    from foreshape.semantics.protocol import Context


def _folds(cx: Context, cv: Value | None) -> DimLike:
    count = _fold_count(cx, cv)
    return cx.fresh("folds") if count is None else count


@rule("sklearn.model_selection.learning_curve")
def learning_curve(
    cx: Context, estimator: Value, X: Value, y: Value, *, groups: Value | None = None,
    train_sizes: Value | None = None, cv: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """Sizes (t,), scores of training and test (t, folds)."""
    consistent(cx, tuple(value for value in (X, y) if given(value)), ("X", "y"))
    asked = 5 if train_sizes is None else cx.length(train_sizes)
    # sizes that come out equal are merged
    size = cx.fresh("sizes") if asked is None else asked if samples_of(cx, X) is not None else cx.fresh("sizes")
    table = (size, _folds(cx, cv))
    parts: list[Value] = [made((size,), "int64", 1), made(table, None), made(table, None)]
    times = kwargs.get("return_times")
    if times is not None and as_bool(times) is not False:
        parts += [made(table, None), made(table, None)]
    return listed("tuple", parts)


@rule("sklearn.model_selection.validation_curve")
def validation_curve(
    cx: Context, estimator: Value, X: Value, y: Value, *, param_name: Value, param_range: Value,
    groups: Value | None = None, cv: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """Scores of training and test, (settings, folds)."""
    consistent(cx, tuple(value for value in (X, y) if given(value)), ("X", "y"))
    count = cx.length(param_range)
    table = (cx.fresh("settings") if count is None else count, _folds(cx, cv))
    return listed("tuple", [made(table, None), made(table, None)])


@rule("sklearn.model_selection.permutation_test_score")
def permutation_test_score(cx: Context, estimator: Value, X: Value, y: Value, **kwargs: Value) -> Value:
    """The score, those of permutations, a p-value."""
    from foreshape.domain.values import as_dim

    consistent(cx, tuple(value for value in (X, y) if given(value)), ("X", "y"))
    asked = kwargs.get("n_permutations")
    count = 100 if asked is None else as_dim(asked)
    scores = made((cx.fresh("permutations") if count is None else count,), "float64")
    return listed("tuple", [Typed("float"), scores, Typed("float", lo=0.0)])


@rule("sklearn.model_selection.ParameterGrid")
def parameter_grid(cx: Context, param_grid: Value) -> Value:
    """Every combination of the settings, as a list of dicts."""
    from itertools import product

    if not isinstance(param_grid, DictValue) or param_grid.rest is not None:
        return cx.unknown("the settings are not known")
    keys = sorted(param_grid.entries, key=str)
    columns = [listed_items(param_grid.entries[key]) for key in keys]
    if any(column is None for column in columns):
        return cx.unknown("the settings are not known")
    total = 1
    for column in columns:
        total *= len(column or ())
    if total > 256:
        return Sequence("list", Contents((Run(total, cx.unknown("one of many settings")),)))
    return listed("list", [DictValue(dict(zip(keys, one))) for one in product(*(column or () for column in columns))])


BASE = library_type("sklearn.model_selection.~GroupSplitter", "sklearn.base.BaseEstimator")
for _name in ("LeaveOneGroupOut", "LeavePGroupsOut", "LeavePOut", "PredefinedSplit"):
    library_type(f"sklearn.model_selection.{_name}", BASE)


@rule(f"{BASE}.__init__")
def splitter(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    from foreshape.domain.values import Const

    return Const(None)


@rule(f"{BASE}.get_n_splits")
def get_n_splits(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return Typed("int", lo=1)


@rule(f"{BASE}.split")
def split(
    cx: Context, self: Instance, X: Value | None = None, y: Value | None = None, groups: Value | None = None
) -> Value:
    """Places of training and test samples, of sizes that the groups decide."""
    pair = listed(
        "tuple", [made((cx.fresh("training samples"),), "int64", 0), made((cx.fresh("test samples"),), "int64", 0)]
    )
    return IteratorValue(Contents((Run(cx.fresh("splits"), pair),)), "generator")
