"""Metrics: both sides hold as many samples, and as many outputs.

https://scikit-learn.org/stable/modules/model_evaluation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import compare
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Typed, Unknown, Value, as_bool, as_str, is_none
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.dtypes import is_integer, kind_of
from foreshape.semantics.numpy.support import given, listed, made, python_shape
from foreshape.semantics.registry import rule
from foreshape.semantics.sklearn.support import BY, as_data, consistent, invalid

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "sklearn.metrics."
LABELS: Final = ("y_true", "y_pred")


# -- regression ----------
def _outputs(cx: Context, y_true: Value, y_pred: Value, owner: str) -> DimLike | None:
    """How many outputs both have. Raises ``cardinality``, ``rank-mismatch``, ``label-shape``."""
    consistent(cx, (y_true, y_pred), LABELS)
    counts: list[DimLike | None] = []
    for value in (y_true, y_pred):
        array = as_data(cx, value)
        if isinstance(array, Unknown) or array.shape is None:
            counts.append(None)
            continue
        if len(array.shape) > 2:
            from foreshape.faults.rank_mismatch import RankMismatch

            text = f"Found array with dim {len(array.shape)}, while dim <= 2 is required."
            raise RankMismatch(
                Raises("ValueError", text, by=BY),
                values=(value,),
                taker=owner,
                needs=2,
                axes=("samples", "outputs"),
                got=array.shape,
            )
        counts.append(cx.resolve(array.shape[1]) if len(array.shape) == 2 else 1)
    first, second = counts
    if first is not None and second is not None and not cx.equal(first, second):
        text = f"y_true and y_pred have different number of output ({first}!={second})"
        from foreshape.faults.invalid_argument import InvalidArgument

        raise InvalidArgument(
            Raises("ValueError", text, by=BY), values=(y_pred, y_true), argument="y_pred", given=f"{second} outputs"
        )
    return first if first is not None else second


def _score(cx: Context, outputs: DimLike | None, multioutput: Value | None, lo: float | None = 0.0) -> Value:
    if multioutput is not None and as_str(multioutput) == "raw_values":
        return made((cx.fresh("outputs") if outputs is None else outputs,), "float64", lo)
    return Typed("float", lo=lo)


@rule(
    P + "mean_squared_error",
    P + "mean_absolute_error",
    P + "root_mean_squared_error",
    P + "median_absolute_error",
    P + "mean_absolute_percentage_error",
    P + "mean_squared_log_error",
    P + "explained_variance_score",
    P + "max_error",
    P + "mean_pinball_loss",
    P + "mean_poisson_deviance",
    P + "mean_gamma_deviance",
    doc="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_squared_error.html",
)
def regression(
    cx: Context,
    y_true: Value,
    y_pred: Value,
    *,
    sample_weight: Value | None = None,
    multioutput: Value | None = None,
    squared: Value | None = None,
    alpha: Value | None = None,
    force_finite: Value | None = None,
) -> Value:
    """A float; an array for ``multioutput="raw_values"``. ValueError for other numbers of samples or outputs;
    ``squared=`` is gone since 1.6."""
    if squared is not None and cx.targets.at_least("scikit-learn", "1.6"):
        from foreshape.faults.call_arguments import CallArguments

        problem = "got an unexpected keyword argument 'squared'"
        raise CallArguments(Raises("TypeError", problem, BY), callee="mean_squared_error", problem=problem)
    return _score(cx, _outputs(cx, y_true, y_pred, "mean_squared_error"), multioutput)


@rule(P + "r2_score")
def r2_score(
    cx: Context,
    y_true: Value,
    y_pred: Value,
    *,
    sample_weight: Value | None = None,
    multioutput: Value | None = None,
    force_finite: Value | None = None,
) -> Value:
    return _score(cx, _outputs(cx, y_true, y_pred, "r2_score"), multioutput, None)


# -- classification ----------
def _kind(cx: Context, array: Array) -> str | None:
    """``type_of_target`` as far as the shape decides it: "1d", "columns", None."""
    if array.shape is None:
        return None
    if len(array.shape) == 1:
        return "1d"
    if len(array.shape) == 2:
        one = compare.eq(array.shape[1], 1, cx.facts)
        return "1d" if one.is_yes else "columns" if one.is_no else None
    return None


def _target_name(array: Array) -> str:
    """What a one-dimensional target is called in messages."""
    if array.data is not None and kind_of(array.dtype) == "f" and any(item != int(item) for item in array.data):
        return "continuous"
    few = isinstance(array.lo, int) and isinstance(array.hi, int) and array.hi - array.lo <= 1
    if array.data is not None and len(set(array.data)) <= 2:
        few = True
    return "binary" if few or array.dtype == "bool" else "multiclass"


def check_targets(cx: Context, y_true: Value, y_pred: Value, owner: str) -> tuple[Array | Unknown, Array | Unknown]:
    """Both sides of a classification metric. Raises where one has a column per class and the other one label each."""
    consistent(cx, (y_true, y_pred), LABELS)
    a, b = as_data(cx, y_true), as_data(cx, y_pred)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return a, b
    kinds = (_kind(cx, a), _kind(cx, b))
    if set(kinds) == {"1d", "columns"}:
        from foreshape.faults.rank_mismatch import RankMismatch

        wide, flat = (b, a) if kinds[1] == "columns" else (a, b)
        name = "multilabel-indicator" if _indicator(wide) else "continuous-multioutput"
        names = (_target_name(flat), name) if wide is b else (name, _target_name(flat))
        text = f"Classification metrics can't handle a mix of {names[0]} and {names[1]} targets"
        raise RankMismatch(
            Raises("ValueError", text, by=BY),
            values=(y_pred if wide is b else y_true,),
            taker=owner,
            needs=1,
            axes=("samples",),
            got=wide.shape or (),
        )
    known = a.data is not None and b.data is not None
    if kinds == ("1d", "1d") and (known or kind_of(b.dtype) == "f"):
        pair = (_target_name(a), _target_name(b))
        if not known:
            from foreshape.semantics.sklearn.fractions import is_fractional

            pair = (pair[0], "continuous") if is_fractional(cx, y_pred) else ("", "")
        if "continuous" in pair and pair[0] != pair[1]:
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            text = f"Classification metrics can't handle a mix of {pair[0]} and {pair[1]} targets"
            raise DtypeMismatch(
                Raises("ValueError", text, by=BY),
                values=(y_pred, y_true),
                taker=owner,
                got=tuple(str(one.dtype) for one in (b, a)),
                wanted="int64",
            )
    return a, b


def _one_label_each(cx: Context, owner: str, y_true: Value, a: Array | Unknown, b: Array | Unknown) -> None:
    """ValueError where both sides have a column per class: of such rows only some metrics know what to count."""
    if isinstance(a, Unknown) or isinstance(b, Unknown) or {_kind(cx, a), _kind(cx, b)} != {"columns"}:
        return
    from foreshape.faults.rank_mismatch import RankMismatch

    kind = "multilabel-indicator" if _indicator(a) and _indicator(b) else "continuous-multioutput"
    raise RankMismatch(
        Raises("ValueError", f"{kind} is not supported", by=BY),
        values=(y_true,), taker=owner, needs=1, axes=("samples",), got=a.shape or (),
    )  # fmt: skip


def _indicator(array: Array) -> bool:
    if array.lo is not None and array.lo == array.hi and array.lo in (0, 1):
        return True
    return is_integer(array.dtype) or array.dtype == "bool" or (array.data is not None and set(array.data) <= {0, 1})


@rule(P + "accuracy_score", doc="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html")
def accuracy_score(
    cx: Context, y_true: Value, y_pred: Value, *, normalize: Value | None = None, sample_weight: Value | None = None
) -> Value:
    """A float. ValueError for probabilities (n, classes) against labels (n,)."""
    check_targets(cx, y_true, y_pred, "accuracy_score")
    return Typed("float", lo=0.0)


@rule(
    P + "balanced_accuracy_score",
    P + "cohen_kappa_score",
    P + "matthews_corrcoef",
    P + "hamming_loss",
    P + "zero_one_loss",
)
def agreement(cx: Context, y_true: Value, y_pred: Value, *args: Value, **kwargs: Value) -> Value:
    check_targets(cx, y_true, y_pred, "accuracy_score")
    return Typed("float")


@rule(P + "f1_score", P + "precision_score", P + "recall_score", P + "jaccard_score")
def f1_score(
    cx: Context,
    y_true: Value,
    y_pred: Value,
    *,
    labels: Value | None = None,
    pos_label: Value | None = None,
    average: Value | None = None,
    sample_weight: Value | None = None,
    zero_division: Value | None = None,
) -> Value:
    """A float; one per class for ``average=None``. ValueError for more than two classes where nothing says how they are
    brought together."""
    a, b = check_targets(cx, y_true, y_pred, "f1_score")
    if average is None or as_str(average) == "binary":
        kinds = {_many(one) for one in (a, b)} - {""}
        if kinds:
            kind = "multilabel-indicator" if "multilabel-indicator" in kinds else "multiclass"
            text = (
                f"Target is {kind} but average='binary'. Please choose another average setting, one of [None, 'micro', "
                "'macro', 'weighted']."
            )
            raise invalid("average", "'binary'", text, y_true)
    if average is None or as_str(average) is not None:
        return Typed("float", lo=0.0)
    return (
        made((_classes(cx, a, b, labels),), "float64", 0.0)
        if is_none(average)
        else cx.unknown("the average is not known")
    )


@rule(P + "fbeta_score")
def fbeta_score(
    cx: Context, y_true: Value, y_pred: Value, *, beta: Value, labels: Value | None = None,
    pos_label: Value | None = None, average: Value | None = None, sample_weight: Value | None = None,
    zero_division: Value | None = None,
) -> Value:  # fmt: skip
    """As ``f1_score``."""
    return f1_score(cx, y_true, y_pred, labels=labels, average=average)


def _many(array: Array | Unknown) -> str:
    """What labels of more than two classes are called, "" where they need not be."""
    if isinstance(array, Unknown) or array.shape is None or kind_of(array.dtype) not in ("i", "u"):
        return ""
    if len(array.shape) == 2 and isinstance(array.shape[1], int) and array.shape[1] > 1:
        return "multilabel-indicator" if array.data is not None and set(array.data) <= {0, 1} else ""
    several = len(array.shape) == 1 and array.data is not None and len(set(array.data)) > 2
    return "multiclass" if several else ""


def _named(cx: Context, a: Array | Unknown, b: Array | Unknown, target_names: Value) -> None:
    """ValueError where the labels certainly hold more classes than there are names."""
    names = cx.length(target_names)
    held: set[Any] = set()
    both = True
    for one in (a, b):
        if isinstance(one, Array) and one.data is not None and one.shape is not None and len(one.shape) == 1:
            held |= set(one.data)
        else:
            both = False
    if isinstance(names, int) and (len(held) > names or (both and held and len(held) != names)):
        text = (
            f"Number of classes, {len(held)}, does not match size of target_names, {names}. Try specifying the labels "
            "parameter"
        )
        raise invalid("target_names", f"{names} names for {len(held)} classes", text, target_names)


def _classes(cx: Context, a: Array | Unknown, b: Array | Unknown, labels: Value | None) -> DimLike:
    if labels is not None and given(labels):
        count = cx.length(labels)
        return cx.fresh("classes") if count is None else count
    if isinstance(a, Array) and isinstance(b, Array) and a.data is not None and b.data is not None:
        return len(set(a.data) | set(b.data))
    return cx.fresh("classes")


@rule(P + "confusion_matrix")
def confusion_matrix(
    cx: Context,
    y_true: Value,
    y_pred: Value,
    *,
    labels: Value | None = None,
    sample_weight: Value | None = None,
    normalize: Value | None = None,
) -> Value:
    """(classes, classes)."""
    a, b = check_targets(cx, y_true, y_pred, "confusion_matrix")
    _one_label_each(cx, "confusion_matrix", y_true, a, b)
    classes = _classes(cx, a, b, labels)
    whole = not given(normalize) and not given(sample_weight)
    return made((classes, classes), "int64" if whole else "float64", 0)


@rule(P + "precision_recall_fscore_support")
def precision_recall_fscore_support(
    cx: Context,
    y_true: Value,
    y_pred: Value,
    *,
    beta: Value | None = None,
    labels: Value | None = None,
    pos_label: Value | None = None,
    average: Value | None = None,
    warn_for: Value | None = None,
    sample_weight: Value | None = None,
    zero_division: Value | None = None,
) -> Value:
    a, b = check_targets(cx, y_true, y_pred, "precision_recall_fscore_support")
    if average is not None and not is_none(average) and as_str(average) is None:
        return listed("tuple", [cx.unknown("how the scores are averaged is not known") for _ in range(4)])
    if given(average):
        return listed("tuple", [Typed("float"), Typed("float"), Typed("float"), Const(None)])
    classes = _classes(cx, a, b, labels)
    return listed("tuple", [*(made((classes,), "float64") for _ in range(3)), made((classes,), "int64", 0)])


@rule(P + "classification_report")
def classification_report(
    cx: Context,
    y_true: Value,
    y_pred: Value,
    *,
    labels: Value | None = None,
    target_names: Value | None = None,
    sample_weight: Value | None = None,
    digits: Value | None = None,
    output_dict: Value | None = None,
    zero_division: Value | None = None,
) -> Value:
    a, b = check_targets(cx, y_true, y_pred, "classification_report")
    if target_names is not None and given(target_names) and (labels is None or not given(labels)):
        _named(cx, a, b, target_names)
    if output_dict is not None and as_bool(output_dict) is not False:
        return cx.unknown("the entries of a report")
    return Typed("str")


@rule(
    P + "average_precision_score",
    P + "log_loss",
    P + "brier_score_loss",
    P + "top_k_accuracy_score",
    P + "hinge_loss",
)
def scored(cx: Context, y_true: Value, y_score: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The second argument has another name in each of them, and had others before."""
    names = ("y_pred", "y_proba", "y_prob", "pred_decision")
    scores = y_score if y_score is not None else next((kwargs[name] for name in names if name in kwargs), None)
    if scores is not None:
        consistent(cx, (y_true, scores), ("y_true", "y_score"))
    return Typed("float")


def _one_score_each(cx: Context, y_true: Value, y_score: Value, owner: str, several: str | None = None) -> None:
    """A row of scores against one label per sample: ValueError, whatever the labels are."""
    a, b = as_data(cx, y_true), as_data(cx, y_score)
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return
    if (_kind(cx, a), _kind(cx, b)) != ("1d", "columns") or b.shape is None:
        return
    from foreshape.faults.rank_mismatch import RankMismatch

    shape = tuple(cx.resolve(size) for size in b.shape)
    text = several if several is not None and shape[1] != 2 else None
    if text is None:
        text = f"y should be a 1d array, got an array of shape {python_shape(shape)} instead."
    raise RankMismatch(
        Raises("ValueError", text, by=BY), values=(y_score,), taker=owner, needs=1, axes=("samples",), got=shape,
        recover=Typed("float"),
    )  # fmt: skip


@rule(P + "roc_auc_score", doc="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.roc_auc_score.html")
def roc_auc_score(
    cx: Context,
    y_true: Value,
    y_score: Value,
    *,
    average: Value | None = None,
    sample_weight: Value | None = None,
    max_fpr: Value | None = None,
    multi_class: Value | None = None,
    labels: Value | None = None,
) -> Value:
    """A float. ValueError for (n, classes) against labels (n,) where ``multi_class`` does not say how to compare."""
    consistent(cx, (y_true, y_score), ("y_true", "y_score"))
    if multi_class is None or as_str(multi_class) == "raise":
        _one_score_each(cx, y_true, y_score, "roc_auc_score", "multi_class must be in ('ovo', 'ovr')")
    return Typed("float", lo=0.0) if average is None or as_str(average) else cx.unknown("an area for each class")


def _curve(name: str) -> None:
    @rule(P + name, doc=f"https://scikit-learn.org/stable/modules/generated/sklearn.metrics.{name}.html")
    def curve(cx: Context, y_true: Value, y_score: Value, *args: Value, **kwargs: Value) -> Value:
        """Three arrays whose length depends on the values. ValueError for a row of scores per sample."""
        consistent(cx, (y_true, y_score), ("y_true", "y_score"))
        _one_score_each(cx, y_true, y_score, name)
        size = cx.fresh("thresholds")
        scores = as_data(cx, y_score)
        dtype = scores.dtype if isinstance(scores, Array) and kind_of(scores.dtype) == "f" else None
        if name == "roc_curve":
            dtype = "float64"  # the first threshold is inf
        last = made((cx.fresh("thresholds"),), dtype)
        return listed("tuple", [made((size,), "float64"), made((size,), "float64"), last])


for _name in ("roc_curve", "precision_recall_curve", "det_curve"):
    _curve(_name)


@rule(P + "auc")
def auc(cx: Context, x: Value, y: Value) -> Value:
    consistent(cx, (x, y), ("x", "y"))
    return Typed("float")


@rule(P + "silhouette_score", P + "calinski_harabasz_score", P + "davies_bouldin_score")
def clustering(cx: Context, X: Value, labels: Value, **kwargs: Value) -> Value:
    consistent(cx, (X, labels), ("X", "labels"))
    return Typed("float")


@rule(P + "adjusted_rand_score", P + "normalized_mutual_info_score", P + "rand_score", P + "v_measure_score")
def cluster_agreement(cx: Context, labels_true: Value, labels_pred: Value, **kwargs: Value) -> Value:
    consistent(cx, (labels_true, labels_pred), ("labels_true", "labels_pred"))
    return Typed("float")


@rule(
    P + "pairwise.cosine_similarity",
    P + "pairwise.euclidean_distances",
    P + "pairwise_distances",
    P + "pairwise.pairwise_distances",
    P + "pairwise.linear_kernel",
    P + "pairwise.rbf_kernel",
    P + "pairwise.manhattan_distances",
    P + "euclidean_distances",
)
def pairwise(cx: Context, X: Value, Y: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """(samples of X, samples of Y)."""
    from foreshape.semantics.sklearn.support import matrix

    a = matrix(cx, X, "check_pairwise_arrays")
    b = a if Y is None or not given(Y) else matrix(cx, Y, "check_pairwise_arrays")
    if isinstance(a, Unknown) or isinstance(b, Unknown) or not a.shape or not b.shape:
        return cx.unknown("the number of samples is not known")
    dtype = a.dtype if a.dtype in ("float32", "float64") and a.dtype == b.dtype else "float64"
    return made((a.shape[0], b.shape[0]), dtype)
