"""Cross validation: KFold, StratifiedKFold, TimeSeriesSplit, ShuffleSplit and their relatives.

``split`` gives pairs of integer arrays. https://scikit-learn.org/stable/modules/cross_validation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain import compare
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, as_var, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    IteratorValue,
    Unknown,
    Value,
    as_bool,
    as_dim,
    int_value,
    is_none,
)  # fmt: skip
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.sklearn.preprocessing import BASE
from foreshape.semantics.sklearn.splitting import sizes
from foreshape.semantics.sklearn.support import (
    BY,
    as_data,
    consistent,
    invalid,
    keep_parameters,
    samples_of,
    short_name,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "sklearn.model_selection."
FOLDS: Final = library_type(P + "~Folds", BASE)
for _name in (
    "KFold",
    "StratifiedKFold",
    "GroupKFold",
    "TimeSeriesSplit",
    "ShuffleSplit",
    "StratifiedShuffleSplit",
    "GroupShuffleSplit",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "StratifiedGroupKFold",
    "LeaveOneOut",
):
    library_type(P + _name, FOLDS)


def _keep(
    cx: Context, self: Instance, n_splits: Value | None, default: int, least: int = 2, **more: Value | None
) -> Value:
    keep_parameters(cx, self, n_splits=Const(default) if n_splits is None else n_splits, **more)
    count = self.fields["n_splits"]
    if least == 2 and isinstance(count, Const) and isinstance(count.value, int) and count.value < 2:
        text = (
            "k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more, got "
            f"n_splits={count.value}."
        )
        raise invalid("n_splits", count.value, text, count)
    return Const(None)


def _seeded(
    cx: Context, self: Instance, n_splits: Value | None, shuffle: Value | None, random_state: Value | None
) -> Value:
    """ValueError for a random_state that nothing is shuffled with."""
    made = _keep(cx, self, n_splits, 5)
    if (
        as_bool(shuffle or Const(False)) is False
        and isinstance(random_state, (Int, Const))
        and not is_none(random_state)
    ):
        text = (
            "Setting a random_state has no effect since shuffle is False. You should leave random_state to its default "
            "(None), or set shuffle=True."
        )
        raise invalid("random_state", cx.text(random_state), text, random_state)
    return made


@rule(P + "StratifiedGroupKFold.__init__")
def stratified_group_kfold(
    cx: Context, self: Instance, n_splits: Value | None = None, shuffle: Value | None = None,
    random_state: Value | None = None,
) -> Value:  # fmt: skip
    """As ``KFold``, whose settings need their names."""
    return _seeded(cx, self, n_splits, shuffle, random_state)


@rule(P + "KFold.__init__", P + "StratifiedKFold.__init__", P + "GroupKFold.__init__")
def kfold(
    cx: Context,
    self: Instance,
    n_splits: Value | None = None,
    *,
    shuffle: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    return _seeded(cx, self, n_splits, shuffle, random_state)


@rule(P + "TimeSeriesSplit.__init__")
def time_series_split(
    cx: Context,
    self: Instance,
    n_splits: Value | None = None,
    *,
    max_train_size: Value | None = None,
    test_size: Value | None = None,
    gap: Value | None = None,
) -> Value:
    return _keep(cx, self, n_splits, 5, max_train_size=max_train_size, test_size=test_size, gap=gap)


@rule(P + "ShuffleSplit.__init__", P + "StratifiedShuffleSplit.__init__", P + "GroupShuffleSplit.__init__")
def shuffle_split(
    cx: Context,
    self: Instance,
    n_splits: Value | None = None,
    *,
    test_size: Value | None = None,
    train_size: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    default = 5 if short_name(self) == "GroupShuffleSplit" else 10
    return _keep(cx, self, n_splits, default, 1, test_size=test_size, train_size=train_size)


@rule(P + "RepeatedKFold.__init__", P + "RepeatedStratifiedKFold.__init__")
def repeated(
    cx: Context,
    self: Instance,
    *,
    n_splits: Value | None = None,
    n_repeats: Value | None = None,
    random_state: Value | None = None,
) -> Value:
    return _keep(cx, self, n_splits, 5, 1, n_repeats=Const(10) if n_repeats is None else n_repeats)


@rule(P + "LeaveOneOut.__init__")
def leave_one_out(cx: Context, self: Instance) -> Value:
    keep_parameters(cx, self)
    return Const(None)


@rule(f"{FOLDS}.get_n_splits")
def get_n_splits(
    cx: Context, self: Instance, X: Value | None = None, y: Value | None = None, groups: Value | None = None
) -> Value:
    count = _count(cx, self, None if X is None else samples_of(cx, X))
    return cx.unknown("the number of folds is not known") if count is None else int_value(count)


def _count(cx: Context, self: Instance, samples: DimLike | None) -> DimLike | None:
    if short_name(self) == "LeaveOneOut":
        return samples
    found = self.fields.get("n_splits")
    count = as_dim(found) if isinstance(found, Value) else None
    repeats = self.fields.get("n_repeats")
    times = as_dim(repeats) if isinstance(repeats, Value) else 1
    return None if count is None or times is None else count * times


@rule(f"{FOLDS}.split", doc="https://scikit-learn.org/stable/modules/generated/sklearn.model_selection.KFold.html")
def split(cx: Context, self: Instance, X: Value, y: Value | None = None, groups: Value | None = None) -> Value:
    """Pairs (train indices, test indices). ValueError for more folds than samples, when the first pair is asked for."""
    try:
        return _split(cx, self, X, y, groups)
    except Fault as fault:
        pair = listed("tuple", [_indices(cx.fresh("n_train"), None), _indices(cx.fresh("n_test"), None)])
        made_of = IteratorValue(Contents((Run(cx.fresh("folds"), pair),)), "generator")
        made_of.fields["~fault"] = fault
        return made_of


def _split(cx: Context, self: Instance, X: Value, y: Value | None, groups: Value | None) -> Value:
    values = tuple(value for value in (X, y, groups) if value is not None and given(value))
    samples = consistent(cx, values, ("X", "y", "groups"))
    count = _count(cx, self, samples)
    name = short_name(self)
    if y is not None and given(y) and "Stratified" in name and not name.endswith("ShuffleSplit"):
        _one_label_each(cx, y)
    if samples is None:
        pair = listed("tuple", [_indices(cx.fresh("n_train"), None), _indices(cx.fresh("n_test"), None)])
        return IteratorValue(Contents((Run(cx.fresh("folds") if count is None else count, pair),)), "generator")
    kind = short_name(self)
    if kind == "TimeSeriesSplit":
        return _expanding(cx, self, samples, count)
    if kind.endswith("ShuffleSplit"):
        return _shuffled(cx, self, samples, count)
    return _folds(cx, kind, samples, count, X)


def _one_label_each(cx: Context, y: Value) -> None:
    """Folds that keep the share of each class need one class per sample. Raises ``rank-mismatch`` (ValueError)."""
    array = as_data(cx, y)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) != 2:
        return
    if not compare.eq(array.shape[1], 1, cx.facts).is_no:
        return
    from foreshape.faults.rank_mismatch import RankMismatch

    fractions = kind_of(array.dtype) == "f" and array.data is not None and not set(array.data) <= {0, 1}
    kind = "continuous-multioutput" if fractions else "multilabel-indicator"
    text = f"Supported target types are: ('binary', 'multiclass'). Got '{kind}' instead."
    raise RankMismatch(
        Raises("ValueError", text, by=BY), values=(y,), taker="StratifiedKFold", needs=1, axes=("samples",),
        got=tuple(cx.resolve(size) for size in array.shape),
    )  # fmt: skip


def _indices(size: DimLike, samples: DimLike | None) -> Array:
    return made((size,), "int64", lo=0, hi=None if samples is None else samples - 1)


def _pairs(pairs: list[tuple[DimLike, DimLike]], samples: DimLike) -> Value:
    found = [listed("tuple", [_indices(a, samples), _indices(b, samples)]) for a, b in pairs]
    return IteratorValue(Contents(tuple(found)), "generator")


def _folds(cx: Context, kind: str, samples: DimLike, count: DimLike | None, value: Value) -> Value:
    """Parts of equal size: the first ``n % k`` have one more."""
    if count is not None and kind == "KFold" and not cx.at_least(samples, count):
        text = f"Cannot have number of splits n_splits={count} greater than the number of samples: n_samples={samples}."
        raise invalid("n_splits", count, text, value)
    if kind == "LeaveOneOut":
        pair = listed("tuple", [_indices(samples - 1, samples), _indices(1, samples)])
        return IteratorValue(Contents((Run(samples, pair),)), "generator")
    if kind == "KFold" and isinstance(count, int) and count <= 32:
        tests = [floordiv(samples + count - 1 - k, count) for k in range(count)]
        return _pairs([(samples - test, test) for test in tests], samples)
    size = cx.fresh("n_test", 0, samples, varying=True)
    pair = listed("tuple", [_indices(samples - size, samples), _indices(size, samples)])
    number = count if count is not None else cx.fresh("folds")
    return IteratorValue(Contents((Run(number, pair),)), "generator")


def _expanding(cx: Context, self: Instance, samples: DimLike, count: DimLike | None) -> Value:
    """Train parts that grow: the k-th ends where the k-th of the last test parts begins."""
    limit, size, space = self.fields.get("max_train_size"), self.fields.get("test_size"), self.fields.get("gap")
    gap = 0 if not isinstance(space, Value) else as_dim(space)
    test: DimLike | None = None
    if isinstance(size, Value) and given(size):
        test = as_dim(size)
    elif count is not None:
        test = floordiv(samples, count + 1)
    if count is None or test is None or gap is None:
        pair = listed("tuple", [_indices(cx.fresh("n_train"), samples), _indices(cx.fresh("n_test"), samples)])
        return IteratorValue(Contents((Run(cx.fresh("folds"), pair),)), "generator")
    if isinstance(samples, int) and isinstance(count, int):
        if count + 1 > samples:
            text = f"Cannot have number of folds={count + 1} greater than the number of samples={samples}."
            raise invalid("n_splits", count, text)
        if isinstance(test, int) and isinstance(gap, int) and samples - gap - test * count <= 0:
            text = f"Too many splits={count} for number of samples={samples} with test_size={test} and gap={gap}."
            raise invalid("n_splits", count, text)
    most = as_dim(limit) if isinstance(limit, Value) and given(limit) else None
    if (
        not isinstance(count, int)
        or count > 64
        or (isinstance(limit, Value) and given(limit) and not isinstance(most, int))
    ):
        index = cx.fresh("fold", 0, count - 1, varying=True)
        train = samples - gap - test * (count - index)
        if isinstance(limit, Value) and given(limit):
            train = cx.fresh("n_train", varying=True)
        pair = listed("tuple", [_indices(train, samples), _indices(test, samples)])
        return IteratorValue(Contents((Run(count, pair, as_var(index)),)), "generator")
    pairs: list[tuple[DimLike, DimLike]] = []
    for k in range(count):
        train = samples - gap - test * (count - k)
        if most is not None:
            from foreshape.domain.dim import dmin

            train = dmin(train, most)
        pairs.append((train, test))
    return _pairs(pairs, samples)


def _shuffled(cx: Context, self: Instance, samples: DimLike, count: DimLike | None) -> Value:
    test, train = self.fields.get("test_size"), self.fields.get("train_size")
    number = count if count is not None else cx.fresh("folds")
    default = 0.2 if short_name(self) == "GroupShuffleSplit" else 0.1
    found = None
    if short_name(self) != "GroupShuffleSplit":
        found = sizes(
            cx,
            samples,
            test if isinstance(test, Value) else None,
            train if isinstance(train, Value) else None,
            default,
            "",
        )
    if found is None:
        found = (cx.fresh("n_train"), cx.fresh("n_test"))
    pair = listed("tuple", [_indices(found[0], samples), _indices(found[1], samples)])
    return IteratorValue(Contents((Run(number, pair),)), "generator")
