"""Algorithms as functions: decompositions, embeddings, clusterings, covariances, sparse solutions.

https://scikit-learn.org/stable/api/index.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Typed, Unknown, Value, as_bool, as_dim
from foreshape.semantics.numpy.support import listed, made
from foreshape.semantics.registry import rule
from foreshape.semantics.sklearn.support import as_data, consistent, matrix, samples_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

D: Final = "sklearn.decomposition."
C: Final = "sklearn.cluster."
L: Final = "sklearn.linear_model."
V: Final = "sklearn.covariance."


def _table(cx: Context, X: Value) -> tuple[DimLike, DimLike] | None:
    """(samples, features) of a matrix, None where they are not known."""
    array = matrix(cx, X, "check_array", named=False)
    if isinstance(array, Unknown) or array.shape is None:
        return None
    return array.shape[0], array.shape[1]


def _asked(kwargs: dict[str, Value], *names: str) -> bool:
    """Whether one of these switches is given: they add to what comes back."""
    return any(name in kwargs and as_bool(kwargs[name]) is not False for name in names)


# -- decompositions -----------------------------------------------------------------------------------------------------
@rule(D + "fastica")
def fastica(cx: Context, X: Value, n_components: Value | None = None, **kwargs: Value) -> Value:
    """The whitening (k, features), the mixing (k, k) and the sources (samples, k)."""
    sizes, count = _table(cx, X), as_dim(n_components)
    if sizes is None or count is None or _asked(kwargs, "return_X_mean", "return_n_iter") or "whiten" in kwargs:
        return cx.unknown("how many components there are is not known")
    compute = kwargs.get("compute_sources")
    if compute is not None and as_bool(compute) is not True:
        return cx.unknown("whether the sources are computed is not known")
    rows, features = sizes
    parts: list[Value] = [made((count, features), None), made((count, count), None), made((rows, count), None)]
    return listed("tuple", parts)


@rule(D + "non_negative_factorization")
def non_negative_factorization(
    cx: Context, X: Value, W: Value | None = None, H: Value | None = None, n_components: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """W (samples, k), H (k, features), how many steps it took."""
    sizes, count = _table(cx, X), as_dim(n_components)
    if sizes is None or count is None:
        return cx.unknown("how many components there are is not known")
    return listed("tuple", [made((sizes[0], count), None, 0.0), made((count, sizes[1]), None, 0.0), Typed("int", lo=0)])


@rule(D + "sparse_encode")
def sparse_encode(cx: Context, X: Value, dictionary: Value, **kwargs: Value) -> Value:
    """(samples, atoms)."""
    sizes, atoms = _table(cx, X), _table(cx, dictionary)
    if sizes is None or atoms is None:
        return cx.unknown("how many atoms there are is not known")
    if not cx.equal(sizes[1], atoms[1]):
        from foreshape.semantics.sklearn.support import invalid

        text = (
            f"Dictionary and X have different numbers of features:dictionary.shape: ({atoms[0]}, {atoms[1]}) "
            f"X.shape({sizes[0]}, {sizes[1]})"
        )
        raise invalid("dictionary", f"({atoms[0]}, {atoms[1]})", text, dictionary)
    return made((sizes[0], atoms[0]), None)


# -- embeddings ---------------------------------------------------------------------------------------------------------
@rule("sklearn.manifold.locally_linear_embedding")
def locally_linear_embedding(
    cx: Context, X: Value, *, n_neighbors: Value, n_components: Value, **kwargs: Value
) -> Value:
    """The places (samples, k) and the error."""
    rows, count = samples_of(cx, X), as_dim(n_components)
    if rows is None or count is None:
        return cx.unknown("the data is not known")
    return listed("tuple", [made((rows, count), None), Typed("float")])


@rule("sklearn.manifold.spectral_embedding")
def spectral_embedding(cx: Context, adjacency: Value, *, n_components: Value | None = None, **kwargs: Value) -> Value:
    """(samples, components); 8 of them where nothing is said."""
    rows, count = samples_of(cx, adjacency), 8 if n_components is None else as_dim(n_components)
    return cx.unknown("the graph is not known") if rows is None or count is None else made((rows, count), None)


@rule("sklearn.manifold.smacof")
def smacof(
    cx: Context, dissimilarities: Value, *, n_components: Value | None = None, return_n_iter: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """The places (samples, components) and the stress; with ``return_n_iter`` the number of steps."""
    rows, count = samples_of(cx, dissimilarities), 2 if n_components is None else as_dim(n_components)
    if rows is None or count is None:
        return cx.unknown("the distances are not known")
    parts: list[Value] = [made((rows, count), None), Typed("float")]
    if return_n_iter is not None:
        if as_bool(return_n_iter) is None:
            return cx.unknown("whether the number of steps is returned is not known")
        parts += [Typed("int", lo=0)] if as_bool(return_n_iter) else []
    return listed("tuple", parts)


# -- clusterings --------------------------------------------------------------------------------------------------------
@rule(C + "spectral_clustering")
def spectral_clustering(cx: Context, affinity: Value, *, n_clusters: Value | None = None, **kwargs: Value) -> Value:
    """A cluster for each sample."""
    rows, count = samples_of(cx, affinity), 8 if n_clusters is None else as_dim(n_clusters)
    most = None if count is None else count - 1
    return cx.unknown("the graph is not known") if rows is None else made((rows,), None, 0, most)


@rule(C + "affinity_propagation")
def affinity_propagation(cx: Context, S: Value, **kwargs: Value) -> Value:
    """The samples that stand for the clusters, and a cluster for each sample."""
    rows = samples_of(cx, S)
    if rows is None or _asked(kwargs, "return_n_iter"):
        return cx.unknown("what comes back depends on the options")
    return listed("tuple", [made((cx.fresh("clusters", 0),), None, 0), made((rows,), "int64", -1)])


@rule(C + "mean_shift")
def mean_shift(cx: Context, X: Value, **kwargs: Value) -> Value:
    """The centres (clusters, features), and a cluster for each sample."""
    sizes = _table(cx, X)
    if sizes is None:
        return cx.unknown("the data is not known")
    return listed("tuple", [made((cx.fresh("clusters"), sizes[1]), None), made((sizes[0],), "int64", -1)])


# -- covariances --------------------------------------------------------------------------------------------------------
@rule(V + "shrunk_covariance")
def shrunk_covariance(cx: Context, emp_cov: Value, shrinkage: Value | None = None) -> Value:
    """A matrix of the same shape."""
    found = as_data(cx, emp_cov)
    return found if isinstance(found, Unknown) else made(found.shape, None)


@rule(V + "ledoit_wolf_shrinkage")
def ledoit_wolf_shrinkage(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    """A share."""
    return made((), "float64", 0.0, 1.0)


@rule(V + "log_likelihood")
def log_likelihood(cx: Context, emp_cov: Value, precision: Value) -> Value:
    """A number."""
    return made((), "float64")


@rule(V + "graphical_lasso")
def graphical_lasso(cx: Context, emp_cov: Value, alpha: Value, **kwargs: Value) -> Value:
    """The covariance and its inverse, both (features, features)."""
    found = as_data(cx, emp_cov)
    if isinstance(found, Unknown) or found.shape is None or _asked(kwargs, "return_costs", "return_n_iter"):
        return cx.unknown("what comes back depends on the options")
    return listed("tuple", [made(found.shape, None), made(found.shape, None)])


@rule(V + "fast_mcd")
def fast_mcd(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    """The location, the covariance, who is counted, and the distances."""
    sizes = _table(cx, X)
    if sizes is None:
        return cx.unknown("the data is not known")
    rows, features = sizes
    return listed(
        "tuple",
        [made((features,), None), made((features, features), None), made((rows,), "bool"), made((rows,), None)],
    )


# -- sparse solutions ---------------------------------------------------------------------------------------------------
@rule(L + "orthogonal_mp")
def orthogonal_mp(cx: Context, X: Value, y: Value, **kwargs: Value) -> Value:
    """(features,), or (features, targets)."""
    sizes, target = _table(cx, X), as_data(cx, y)
    consistent(cx, (X, y), ("X", "y"))
    extra = _asked(kwargs, "return_path", "return_n_iter")
    if sizes is None or not isinstance(target, Array) or target.shape is None or extra:
        return cx.unknown("the targets are not known")
    if len(target.shape) == 1:
        return made((sizes[1],), None)
    one = cx.resolve(target.shape[1])
    if not isinstance(one, int):
        return cx.unknown("how many targets there are is not known")
    return made((sizes[1],) if one == 1 else (sizes[1], one), None)


@rule(L + "ridge_regression")
def ridge_regression(cx: Context, X: Value, y: Value, alpha: Value, **kwargs: Value) -> Value:
    """(features,), or (targets, features)."""
    sizes, target = _table(cx, X), as_data(cx, y)
    consistent(cx, (X, y), ("X", "y"))
    extra = _asked(kwargs, "return_intercept", "return_n_iter")
    if sizes is None or not isinstance(target, Array) or target.shape is None or extra:
        return cx.unknown("the targets are not known")
    flat = len(target.shape) == 1
    return made((sizes[1],) if flat else (target.shape[1], sizes[1]), None)


@rule(L + "lars_path")
def lars_path(cx: Context, X: Value, y: Value, Xy: Value | None = None, **kwargs: Value) -> Value:
    """Alphas, the active features, coefficients (features, alphas)."""
    sizes = _table(cx, X)
    if sizes is None or _asked(kwargs, "return_n_iter") or "return_path" in kwargs:
        return cx.unknown("what comes back depends on the options")
    steps = cx.fresh("steps")
    active = cx.unknown("the active features")
    return listed("tuple", [made((steps,), None), active, made((sizes[1], steps), None)])


# -- tests and graphs ---------------------------------------------------------------------------------------------------
@rule("sklearn.neighbors.sort_graph_by_row_values")
def sort_graph(cx: Context, graph: Value, *args: Value, **kwargs: Value) -> Value:
    """The same graph."""
    return graph


@rule("sklearn.feature_selection.f_oneway")
def f_oneway(cx: Context, *args: Value) -> Value:
    """A statistic and a p-value for each feature."""
    sizes = [as_data(cx, arg) for arg in args]
    first = sizes[0] if sizes else None
    if not isinstance(first, Array) or first.shape is None or len(first.shape) != 2:
        return cx.unknown("how many features there are is not known")
    return listed("tuple", [made((first.shape[1],), None) for _ in range(2)])


@rule("sklearn.isotonic.check_increasing")
def check_increasing(cx: Context, x: Value, y: Value) -> Value:
    """Whether y rises with x."""
    return made((), "bool")
