"""Plain functions of scikit-learn: tests of features, checks, helpers, metrics that need no more than sizes.

https://scikit-learn.org/stable/api/index.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    Const,
    LibraryRef,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_str,
)
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import rule
from foreshape.semantics.sklearn.support import as_data, column, consistent, float_of, invalid, matrix, samples_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

S: Final = "sklearn.feature_selection."
M: Final = "sklearn.metrics."
U: Final = "sklearn.utils."


# -- tests of features ----------
def _pair(cx: Context, X: Value, y: Value) -> Array | Unknown:
    array = matrix(cx, X, "check_X_y", named=False)
    consistent(cx, (X, y), ("X", "y"))
    return array


@rule(S + "f_classif", S + "chi2")
def tests(cx: Context, X: Value, y: Value) -> Value:
    """A statistic and a p-value for each feature."""
    array = _pair(cx, X, y)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("how many features there are is not known")
    return listed("tuple", [made((array.shape[1],), None) for _ in range(2)])


@rule(S + "f_regression")
def f_regression(
    cx: Context, X: Value, y: Value, *, center: Value | None = None, force_finite: Value | None = None
) -> Value:
    """As ``f_classif``."""
    return tests(cx, X, y)


@rule(S + "mutual_info_classif", S + "mutual_info_regression", S + "r_regression")
def information(cx: Context, X: Value, y: Value, **kwargs: Value) -> Value:
    """A number for each feature."""
    array = _pair(cx, X, y)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("how many features there are is not known")
    return made((array.shape[1],), "float64")


# -- metrics ----------
@rule(M + "silhouette_samples")
def silhouette_samples(cx: Context, X: Value, labels: Value, *, metric: Value | None = None, **kwds: Value) -> Value:
    rows = consistent(cx, (X, labels), ("X", "labels"))
    return made((cx.fresh("samples") if rows is None else rows,), None)


@rule(
    M + "pairwise.cosine_distances", M + "pairwise.polynomial_kernel", M + "pairwise.sigmoid_kernel",
    M + "pairwise.laplacian_kernel", M + "pairwise.chi2_kernel", M + "pairwise.additive_chi2_kernel",
    M + "pairwise.haversine_distances", M + "pairwise.nan_euclidean_distances", M + "nan_euclidean_distances",
    M + "pairwise.pairwise_kernels", M + "pairwise_kernels",
)  # fmt: skip
def pairwise(cx: Context, X: Value, Y: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """(samples of X, samples of Y)."""
    a = matrix(cx, X, "check_pairwise_arrays")
    b = a if not given(Y) or Y is None else matrix(cx, Y, "check_pairwise_arrays")
    if isinstance(a, Unknown) or isinstance(b, Unknown) or not a.shape or not b.shape:
        return cx.unknown("the number of samples is not known")
    same = a.dtype in ("float32", "float64") and a.dtype == b.dtype
    return made((a.shape[0], b.shape[0]), a.dtype if same else None)


@rule(M + "pairwise_distances_argmin", M + "pairwise.pairwise_distances_argmin")
def nearest(cx: Context, X: Value, Y: Value, **kwargs: Value) -> Value:
    """The place of the nearest in Y for each of X."""
    rows = samples_of(cx, X)
    return made((cx.fresh("samples") if rows is None else rows,), "int64", 0)


@rule(M + "pairwise_distances_argmin_min", M + "pairwise.pairwise_distances_argmin_min")
def nearest_both(cx: Context, X: Value, Y: Value, **kwargs: Value) -> Value:
    rows = samples_of(cx, X)
    size = cx.fresh("samples") if rows is None else rows
    return listed("tuple", [made((size,), "int64", 0), made((size,), None, 0.0)])


@rule(
    M + "pairwise.paired_distances", M + "pairwise.paired_euclidean_distances", M + "pairwise.paired_cosine_distances",
    M + "pairwise.paired_manhattan_distances",
)  # fmt: skip
def paired(cx: Context, X: Value, Y: Value, *args: Value, **kwargs: Value) -> Value:
    rows = samples_of(cx, X)
    return made((cx.fresh("samples") if rows is None else rows,), None)


@rule(
    M + "adjusted_mutual_info_score", M + "homogeneity_score", M + "completeness_score", M + "mutual_info_score",
    M + "fowlkes_mallows_score",
)  # fmt: skip
def agreement(cx: Context, labels_true: Value, labels_pred: Value, **kwargs: Value) -> Value:
    consistent(cx, (labels_true, labels_pred), ("labels_true", "labels_pred"))
    return Typed("float")


@rule(M + "homogeneity_completeness_v_measure")
def three_agreements(cx: Context, labels_true: Value, labels_pred: Value, *, beta: Value | None = None) -> Value:
    consistent(cx, (labels_true, labels_pred), ("labels_true", "labels_pred"))
    return listed("tuple", [Typed("float") for _ in range(3)])


@rule(M + "pair_confusion_matrix")
def pair_confusion(cx: Context, labels_true: Value, labels_pred: Value) -> Value:
    consistent(cx, (labels_true, labels_pred), ("labels_true", "labels_pred"))
    return made((2, 2), "int64", 0)


@rule(
    M + "ndcg_score", M + "dcg_score", M + "label_ranking_loss", M + "coverage_error",
    M + "label_ranking_average_precision_score",
)  # fmt: skip
def ranking(cx: Context, y_true: Value, y_score: Value, **kwargs: Value) -> Value:
    consistent(cx, (y_true, y_score), ("y_true", "y_score"))
    return Typed("float")


@rule(
    M + "mean_tweedie_deviance", M + "d2_absolute_error_score", M + "d2_pinball_score", M + "d2_tweedie_score",
    M + "root_mean_squared_log_error", M + "d2_log_loss_score", M + "d2_brier_score",
)  # fmt: skip
def regression(cx: Context, y_true: Value, y_pred: Value, **kwargs: Value) -> Value:
    """A float, one per output where asked for."""
    consistent(cx, (y_true, y_pred), ("y_true", "y_pred"))
    how = kwargs.get("multioutput")
    if how is not None and as_str(how) not in ("uniform_average", "variance_weighted"):
        return cx.unknown("how the outputs are averaged is not known")
    return Typed("float")


@rule(M + "multilabel_confusion_matrix")
def multilabel_confusion_matrix(
    cx: Context, y_true: Value, y_pred: Value, *, sample_weight: Value | None = None, labels: Value | None = None,
    samplewise: Value | None = None,
) -> Value:  # fmt: skip
    """(classes, 2, 2)."""
    consistent(cx, (y_true, y_pred), ("y_true", "y_pred"))
    count = None if labels is None else cx.length(labels)
    whole = sample_weight is None or not given(sample_weight)
    return made((cx.fresh("classes") if count is None else count, 2, 2), "int64" if whole else None, 0)


@rule(M + "class_likelihood_ratios")
def class_likelihood_ratios(cx: Context, y_true: Value, y_pred: Value, **kwargs: Value) -> Value:
    consistent(cx, (y_true, y_pred), ("y_true", "y_pred"))
    return listed("tuple", [Typed("float"), Typed("float")])


@rule(M + "get_scorer_names")
def scorer_names(cx: Context) -> Value:
    return Sequence("list", Contents((Run(cx.fresh("scorers"), Typed("str")),)))


@rule("sklearn.calibration.calibration_curve")
def calibration_curve(cx: Context, y_true: Value, y_prob: Value, **kwargs: Value) -> Value:
    """The share of positives and the mean probability, of each bin that is not empty."""
    consistent(cx, (y_true, y_prob), ("y_true", "y_prob"))
    asked = kwargs.get("n_bins")
    most = 5 if asked is None else as_dim(asked)
    size = cx.fresh("bins", 0, most)
    return listed("tuple", [made((size,), None, 0.0, 1.0), made((size,), None, 0.0, 1.0)])


# -- checks ----------
@rule(U + "check_array", U + "validation.check_array")
def check_array(
    cx: Context, array: Value, accept_sparse: Value | None = None, *, accept_large_sparse: Value | None = None,
    dtype: Value | None = None, order: Value | None = None, copy: Value | None = None,
    force_writeable: Value | None = None, ensure_all_finite: Value | None = None,
    force_all_finite: Value | None = None, ensure_non_negative: Value | None = None, ensure_2d: Value | None = None,
    allow_nd: Value | None = None, ensure_min_samples: Value | None = None, ensure_min_features: Value | None = None,
    estimator: Value | None = None, input_name: Value | None = None,
) -> Value:  # fmt: skip
    """The array. ValueError for another number of axes than two, unless it is allowed."""
    two = True if ensure_2d is None else as_bool(ensure_2d)
    more = False if allow_nd is None else as_bool(allow_nd)
    if two and more is not None and accept_sparse is None:
        found = matrix(cx, array, "check_array", named=False, deeper=more)
    else:
        found = as_data(cx, array)
    if isinstance(found, Unknown) or found.shape is None:
        return found
    known = dtype is None or (as_str(dtype) == "numeric")
    return made(found.shape, found.dtype if known else as_str(dtype), found.lo, found.hi)


@rule(U + "check_X_y", U + "validation.check_X_y")
def check_x_y(cx: Context, X: Value, y: Value, accept_sparse: Value | None = None, **kwargs: Value) -> Value:
    """Both as arrays. ValueError for other numbers of samples."""
    plain = accept_sparse is None and "allow_nd" not in kwargs and "ensure_2d" not in kwargs
    a = matrix(cx, X, "check_X_y", named=False) if plain else as_data(cx, X)
    b = as_data(cx, y) if "multi_output" in kwargs else column(cx, y)
    consistent(cx, (X, y), ("X", "y"))
    return listed("tuple", [a, b])


@rule(U + "column_or_1d", U + "validation.column_or_1d")
def column_or_1d(cx: Context, y: Value, **kwargs: Value) -> Value:
    """(n,) of (n,) or (n, 1)."""
    return column(cx, y)


@rule(U + "as_float_array")
def as_float_array(cx: Context, X: Value, **kwargs: Value) -> Value:
    found = as_data(cx, X)
    return found if isinstance(found, Unknown) else made(found.shape, float_of(found.dtype), found.lo, found.hi)


@rule(U + "check_consistent_length", U + "validation.check_consistent_length")
def check_consistent_length(cx: Context, *arrays: Value) -> Value:
    """ValueError for other numbers of samples."""
    consistent(cx, tuple(array for array in arrays if given(array)))
    return Const(None)


@rule(U + "indexable")
def indexable(cx: Context, *iterables: Value) -> Value:
    """As they are, with one number of samples."""
    consistent(cx, tuple(array for array in iterables if given(array)))
    return listed("list", list(iterables))


@rule(U + "assert_all_finite", U + "validation.check_is_fitted", U + "check_is_fitted")
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@rule(U + "check_symmetric")
def check_symmetric(cx: Context, array: Value, **kwargs: Value) -> Value:
    """A square matrix. ValueError for another shape."""
    found = as_data(cx, array)
    if isinstance(found, Array) and found.shape is not None:
        square = len(found.shape) == 2 and cx.equal(found.shape[0], found.shape[1])
        if not square:
            from foreshape.semantics.numpy.support import python_shape

            text = f"array must be 2-dimensional and square. shape = {python_shape(found.shape)}"
            raise invalid("array", python_shape(found.shape), text, array)
    return found


@rule(U + "safe_sqr")
def safe_sqr(cx: Context, X: Value, *, copy: Value | None = None) -> Value:
    found = as_data(cx, X)
    return found if isinstance(found, Unknown) else made(found.shape, found.dtype)


@rule(U + "check_random_state", U + "validation.check_random_state")
def check_random_state(cx: Context, seed: Value) -> Value:
    """A ``RandomState``: the one that is given, one of that seed, or the one that NumPy shares."""
    if isinstance(seed, Unknown) or cx.is_instance(seed, "numpy.random.RandomState"):
        return seed
    return cx.call(
        LibraryRef("numpy.random.RandomState"), (seed,) if isinstance(seed, Const) and seed.value is not None else ()
    )


@rule(U + "gen_batches")
def gen_batches(cx: Context, n: Value, batch_size: Value, *, min_batch_size: Value | None = None) -> Value:
    """Slices of ``batch_size``, the last one shorter."""
    total, size = as_dim(n), as_dim(batch_size)
    if not isinstance(total, int) or not isinstance(size, int) or size < 1 or min_batch_size is not None:
        return cx.unknown("how many batches there are is not known")
    if total > 256 * size:
        return cx.unknown("many batches")
    parts = [SliceValue(Const(k), Const(min(k + size, total)), Const(None)) for k in range(0, total, size)]
    return listed("list", list(parts))


# -- transformations of a table at once ----------
@rule("sklearn.preprocessing.add_dummy_feature")
def add_dummy_feature(cx: Context, X: Value, value: Value | None = None) -> Value:
    """One more column."""
    found = matrix(cx, X, "check_array", named=False)
    if isinstance(found, Unknown) or found.shape is None:
        return cx.unknown("the data is not known")
    return made((found.shape[0], found.shape[1] + 1), float_of(found.dtype))


@rule("sklearn.preprocessing.power_transform", "sklearn.preprocessing.quantile_transform")
def reshaped(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    """As many numbers."""
    found = matrix(cx, X, "check_array", named=False)
    if isinstance(found, Unknown) or found.shape is None:
        return cx.unknown("the data is not known")
    return made(found.shape, float_of(found.dtype))


# -- algorithms as functions ----------
@rule("sklearn.cluster.k_means")
def k_means(cx: Context, X: Value, n_clusters: Value, **kwargs: Value) -> Value:
    """Centres, labels, inertia."""
    found, count = matrix(cx, X, "KMeans"), as_dim(n_clusters)
    if isinstance(found, Unknown) or found.shape is None or count is None or "return_n_iter" in kwargs:
        return cx.unknown("the data is not known")
    return listed(
        "tuple", [made((count, found.shape[1]), None), made((found.shape[0],), "int32", 0), Typed("float", lo=0.0)]
    )


@rule("sklearn.cluster.kmeans_plusplus")
def kmeans_plusplus(cx: Context, X: Value, n_clusters: Value, **kwargs: Value) -> Value:
    found, count = matrix(cx, X, "KMeans"), as_dim(n_clusters)
    if isinstance(found, Unknown) or found.shape is None or count is None:
        return cx.unknown("the data is not known")
    return listed("tuple", [made((count, found.shape[1]), None), made((count,), "int64", 0)])


@rule("sklearn.cluster.dbscan")
def dbscan(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    """The core samples, and a label for each."""
    rows = samples_of(cx, X)
    size = cx.fresh("samples") if rows is None else rows
    return listed("tuple", [made((cx.fresh("core samples", 0),), "int64", 0), made((size,), "int64", -1)])


@rule("sklearn.cluster.estimate_bandwidth")
def estimate_bandwidth(cx: Context, X: Value, **kwargs: Value) -> Value:
    return made((), "float64", 0.0)


@rule("sklearn.isotonic.isotonic_regression")
def isotonic_regression(cx: Context, y: Value, **kwargs: Value) -> Value:
    rows = samples_of(cx, y)
    return made((cx.fresh("samples") if rows is None else rows,), None)


@rule("sklearn.linear_model.lasso_path", "sklearn.linear_model.enet_path")
def path(cx: Context, X: Value, y: Value, **kwargs: Value) -> Value:
    """Alphas, coefficients (features, alphas), gaps."""
    found = matrix(cx, X, "check_array", named=False)
    target = as_data(cx, y)
    asked = kwargs.get("n_alphas", kwargs.get("alphas"))
    count = 100 if asked is None else as_dim(asked)
    one = isinstance(target, Array) and len(target.shape or ()) == 1
    if isinstance(found, Unknown) or found.shape is None or not one or count is None:
        return cx.unknown("the data is not known")
    if "return_n_iter" in kwargs or given(kwargs.get("alphas")):
        return cx.unknown("how many steps there are is not known")
    return listed("tuple", [made((count,), None), made((found.shape[1], count), None), made((count,), None)])


@rule("sklearn.utils.extmath.randomized_svd", "sklearn.decomposition.randomized_svd")
def randomized_svd(cx: Context, M: Value, n_components: Value, **kwargs: Value) -> Value:
    """U, s, V."""
    found, count = as_data(cx, M), as_dim(n_components)
    if isinstance(found, Unknown) or found.shape is None or len(found.shape) != 2 or count is None:
        return cx.unknown("the data is not known")
    rows, columns = found.shape
    return listed("tuple", [made((rows, count), None), made((count,), None), made((count, columns), None)])


@rule("sklearn.random_projection.johnson_lindenstrauss_min_dim")
def least_dimension(cx: Context, n_samples: Value, *, eps: Value | None = None) -> Value:
    if isinstance(n_samples, Sequence) or isinstance(eps, Sequence):
        return cx.unknown("several numbers of samples")
    return Typed("int", lo=1)


@rule("sklearn.manifold.trustworthiness", "sklearn.svm.l1_min_c")
def number(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Typed("float")


@rule("sklearn.tree.export_text", "sklearn.tree.export_graphviz")
def text(cx: Context, decision_tree: Value, *args: Value, **kwargs: Value) -> Value:
    return Typed("str")


@rule("sklearn.base.is_classifier", "sklearn.base.is_regressor", "sklearn.base.is_clusterer",
      "sklearn.base.is_outlier_detector")  # fmt: skip
def kind(cx: Context, estimator: Value) -> Value:
    return Typed("bool")
