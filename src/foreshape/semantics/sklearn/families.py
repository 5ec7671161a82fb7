"""Estimators that are neither regressors nor classifiers: mixtures, outlier detectors, neighbours, densities, covariance.

https://scikit-learn.org/stable/unsupervised_learning.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Typed, Unknown, Value, as_bool, as_dim, as_str
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.sklearn.preprocessing import BASE, TRANSFORMER
from foreshape.semantics.sklearn.support import (
    as_data,
    check_features,
    consistent,
    features_of,
    fitted,
    float_of,
    keep_parameters,
    matrix,
    remember,
    samples_of,
    short_name,
)
from foreshape.semantics.sklearn.values_check import refuse_few

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

UNSUPERVISED: Final = library_type("sklearn.base.~Unsupervised", BASE)
MIXTURE: Final = library_type("sklearn.mixture.~Mixture", UNSUPERVISED)
OUTLIER: Final = library_type("sklearn.base.OutlierMixin", UNSUPERVISED)
COVARIANCE: Final = library_type("sklearn.covariance.EmpiricalCovariance", UNSUPERVISED)
NEIGHBOURS: Final = library_type("sklearn.neighbors.~Neighbours", BASE)
TREE: Final = library_type("sklearn.neighbors.~Tree", "builtins.object")
DENSITY: Final = library_type("sklearn.neighbors.KernelDensity", UNSUPERVISED)
ISOTONIC: Final = library_type("sklearn.isotonic.IsotonicRegression", BASE, TRANSFORMER)

for _name in ("GaussianMixture", "BayesianGaussianMixture"):
    library_type(f"sklearn.mixture.{_name}", MIXTURE)
for _name in ("ensemble.IsolationForest", "svm.OneClassSVM", "linear_model.SGDOneClassSVM",
              "neighbors.LocalOutlierFactor", "covariance.EllipticEnvelope"):  # fmt: skip
    library_type(f"sklearn.{_name}", OUTLIER)
for _name in ("LedoitWolf", "OAS", "ShrunkCovariance", "MinCovDet", "GraphicalLasso", "GraphicalLassoCV"):
    library_type(f"sklearn.covariance.{_name}", COVARIANCE)
library_type("sklearn.neighbors.NearestNeighbors", NEIGHBOURS, UNSUPERVISED)
for _name in ("KDTree", "BallTree"):
    library_type(f"sklearn.neighbors.{_name}", TREE)

FIRST: Final = {"GaussianMixture": "n_components", "BayesianGaussianMixture": "n_components"}


@rule(f"{UNSUPERVISED}.__init__")
def make(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The arguments are attributes."""
    name = FIRST.get(short_name(self))
    if args and name is not None:
        kwargs = {name: args[0], **kwargs}
    keep_parameters(cx, self, **kwargs)
    return Const(None)


def _rows(cx: Context, array: Array | Unknown) -> DimLike:
    return array.shape[0] if isinstance(array, Array) and array.shape else cx.fresh("samples", 0)


def _checked(cx: Context, self: Instance, X: Value) -> Array | Unknown:
    fitted(cx, self)
    array = matrix(cx, X, short_name(self))
    check_features(cx, self, array, X)
    return array


def _dtype(array: Array | Unknown) -> str | None:
    return float_of(array.dtype) if isinstance(array, Array) else None


@rule(f"{UNSUPERVISED}.fit")
def fit(cx: Context, self: Instance, X: Value, y: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """ValueError for another number of axes."""
    remember(cx, self, matrix(cx, X, short_name(self)))
    return self


# -- mixtures ----------
def _components(self: Instance) -> DimLike | None:
    found = self.fields.get("n_components")
    return as_dim(found) if isinstance(found, Value) else 1


@rule(f"{MIXTURE}.predict", f"{MIXTURE}.fit_predict")
def mixture_labels(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    """A component for each sample."""
    if self.fields.get("~fitted") is None:
        remember(cx, self, matrix(cx, X, short_name(self)))
    array, count = _checked(cx, self, X), _components(self)
    return made((_rows(cx, array),), "int64", 0, None if count is None else count - 1)


@rule(f"{MIXTURE}.predict_proba")
def mixture_shares(cx: Context, self: Instance, X: Value) -> Value:
    """(n, components)."""
    array, count = _checked(cx, self, X), _components(self)
    return made((_rows(cx, array), cx.fresh("components") if count is None else count), _dtype(array))


@rule(f"{MIXTURE}.score_samples", f"{DENSITY}.score_samples")
def densities(cx: Context, self: Instance, X: Value) -> Value:
    """The log of the density at each sample."""
    array = _checked(cx, self, X)
    return made((_rows(cx, array),), _dtype(array) if cx.is_instance(self, MIXTURE) else "float64")


@rule(f"{MIXTURE}.score", f"{MIXTURE}.bic", f"{MIXTURE}.aic", f"{DENSITY}.score", f"{COVARIANCE}.score")
def scalar_score(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    _checked(cx, self, X)
    return Typed("float")


@rule(f"{MIXTURE}.sample")
def mixture_sample(cx: Context, self: Instance, n_samples: Value | None = None) -> Value:
    """New samples and their components."""
    rows = 1 if n_samples is None else as_dim(n_samples)
    size = cx.fresh("samples") if rows is None else rows
    features = features_of(cx, self)
    width = cx.fresh("features") if features is None else features
    return listed("tuple", [made((size, width), None), made((size,), "int64", 0)])


@attribute(f"{MIXTURE}.means_")
def means(cx: Context, self: Instance) -> Value:
    features, count = features_of(cx, self), _components(self)
    if features is None or count is None:
        return cx.unknown("how many components there are is not known")
    return made((count, features), None)


@attribute(f"{MIXTURE}.weights_")
def weights(cx: Context, self: Instance) -> Value:
    count = _components(self)
    return cx.unknown("how many components there are is not known") if count is None else made((count,), None)


@attribute(f"{MIXTURE}.covariances_", f"{MIXTURE}.precisions_")
def covariances(cx: Context, self: Instance) -> Value:
    """(components, features, features) for full ones."""
    features, count = features_of(cx, self), _components(self)
    kind = self.fields.get("covariance_type")
    text = "full" if kind is None else as_str(kind)
    if features is None or count is None or text is None:
        return cx.unknown("how many components there are is not known")
    shapes = {"full": (count, features, features), "tied": (features, features), "diag": (count, features)}
    return made(shapes.get(text, (count,)), None)


@rule(f"{DENSITY}.sample")
def density_sample(
    cx: Context, self: Instance, n_samples: Value | None = None, random_state: Value | None = None
) -> Value:
    rows, features = (1 if n_samples is None else as_dim(n_samples)), features_of(cx, self)
    return made(
        (cx.fresh("samples") if rows is None else rows, cx.fresh("features") if features is None else features), None
    )


# -- outliers ----------
@rule(f"{OUTLIER}.fit_predict")
def outlier_fit_predict(cx: Context, self: Instance, X: Value, y: Value | None = None, **kwargs: Value) -> Value:
    """1 for what belongs, -1 for what does not."""
    array = matrix(cx, X, short_name(self))
    remember(cx, self, array)
    return made((_rows(cx, array),), _judged(self), -1, 1)


def _judged(self: Instance) -> str:
    return "int32" if short_name(self) == "SGDOneClassSVM" else "int64"


def _has(self: Instance) -> bool:
    """``LocalOutlierFactor`` judges new samples only with ``novelty``."""
    return short_name(self) != "LocalOutlierFactor" or "novelty" in self.fields


@rule(f"{OUTLIER}.predict")
def outlier_predict(cx: Context, self: Instance, X: Value) -> Value:
    if not _has(self):
        return cx.unknown("only outlier factors with novelty predict")
    return made((_rows(cx, _checked(cx, self, X)),), _judged(self), -1, 1)


@rule(f"{OUTLIER}.decision_function", f"{OUTLIER}.score_samples")
def outlier_scores(cx: Context, self: Instance, X: Value) -> Value:
    if not _has(self):
        return cx.unknown("only outlier factors with novelty judge new samples")
    array = _checked(cx, self, X)
    plain = isinstance(array, Array) and array.dtype == "float64"
    return made((_rows(cx, array),), "float64" if plain else None)


# -- covariance ----------
@attribute(f"{COVARIANCE}.covariance_", f"{COVARIANCE}.precision_")
@rule(f"{COVARIANCE}.get_precision")
def covariance_matrix(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    if features is None:
        return cx.unknown("how many features it was fitted on is not known")
    return made((features, features), None)


@attribute(f"{COVARIANCE}.location_")
def location(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known") if features is None else made((features,), None)
    )


@rule(f"{COVARIANCE}.mahalanobis")
def mahalanobis(cx: Context, self: Instance, X: Value) -> Value:
    return made((_rows(cx, _checked(cx, self, X)),), None)


def _table(cx: Context, X: Value) -> tuple[DimLike, DimLike] | None:
    array = as_data(cx, X)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) != 2:
        return None
    return array.shape[0], array.shape[1]


@rule("sklearn.covariance.empirical_covariance")
def empirical_covariance(cx: Context, X: Value, *, assume_centered: Value | None = None) -> Value:
    sizes = _table(cx, X)
    return cx.unknown("the data is not known") if sizes is None else made((sizes[1], sizes[1]), None)


@rule("sklearn.covariance.ledoit_wolf", "sklearn.covariance.oas")
def shrunk(cx: Context, X: Value, **kwargs: Value) -> Value:
    """The matrix and how much it was shrunk."""
    sizes = _table(cx, X)
    if sizes is None:
        return cx.unknown("the data is not known")
    return listed("tuple", [made((sizes[1], sizes[1]), None), Typed("float")])


# -- neighbours ----------
@rule("sklearn.neighbors.NearestNeighbors.__init__")
def nearest(
    cx: Context, self: Instance, *, n_neighbors: Value | None = None, radius: Value | None = None,
    algorithm: Value | None = None, leaf_size: Value | None = None, metric: Value | None = None,
    p: Value | None = None, metric_params: Value | None = None, n_jobs: Value | None = None,
) -> Value:  # fmt: skip
    keep_parameters(cx, self, n_neighbors=n_neighbors, metric=metric)
    return Const(None)


@rule("sklearn.neighbors.NearestNeighbors.fit")
def nearest_fit(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    array = matrix(cx, X, short_name(self))
    remember(cx, self, array)
    cx.set(self, "~rows", _rows(cx, array) if isinstance(array, Array) else None)
    return self


@rule(
    "sklearn.neighbors.NearestNeighbors.kneighbors",
    "sklearn.neighbors.KNeighborsClassifier.kneighbors",
    "sklearn.neighbors.KNeighborsRegressor.kneighbors",
)
def kneighbors(
    cx: Context, self: Instance, X: Value | None = None, n_neighbors: Value | None = None,
    return_distance: Value | None = None,
) -> Value:  # fmt: skip
    """Distances and places, (n, k) each."""
    if X is None or not given(X):
        known = self.fields.get("~rows")
        rows: DimLike = cx.fresh("samples") if known is None else known
        dtype = None
    else:
        array = _checked(cx, self, X)
        rows, dtype = _rows(cx, array), "float64" if isinstance(array, Array) and array.dtype == "float64" else None
    asked = n_neighbors if given(n_neighbors) else self.fields.get("n_neighbors")
    count = 5 if asked is None else as_dim(asked) if isinstance(asked, Value) else None
    size = cx.fresh("neighbours") if count is None else count
    if X is not None and given(X):
        refuse_few(cx, self, count, rows, X)
    places = made((rows, size), "int64", 0)
    both = True if return_distance is None else as_bool(return_distance)
    if both is None:
        return cx.unknown("whether distances are returned is not known")
    return listed("tuple", [made((rows, size), dtype, 0.0), places]) if both else places


@rule(f"{TREE}.__init__")
def tree(cx: Context, self: Instance, X: Value, leaf_size: Value | None = None, metric: Value | None = None,
         **kwargs: Value) -> Value:  # fmt: skip
    array = as_data(cx, X)
    shape = array.shape if isinstance(array, Array) else None
    cx.set(self, "~features", shape[1] if shape is not None and len(shape) == 2 else None)
    return Const(None)


@rule(f"{TREE}.query")
def query(
    cx: Context, self: Instance, X: Value, k: Value | None = None, return_distance: Value | None = None,
    dualtree: Value | None = None, breadth_first: Value | None = None, sort_results: Value | None = None,
) -> Value:  # fmt: skip
    """Distances and places, (n, k) each."""
    array = as_data(cx, X)
    count = 1 if k is None else as_dim(k)
    if isinstance(array, Unknown) or not array.shape or count is None or (return_distance is not None):
        return cx.unknown("how many neighbours are asked for is not known")
    shape = (*array.shape[:-1], count)
    return listed("tuple", [made(shape, "float64", 0.0), made(shape, "int64", 0)])


@rule("sklearn.neighbors.kneighbors_graph", "sklearn.neighbors.radius_neighbors_graph")
def graph(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    """(n, n), sparse."""
    from foreshape.semantics.sklearn.support import sparse

    rows = samples_of(cx, X)
    return cx.unknown("the data is not known") if rows is None else sparse((rows, rows), "float64")


# -- one input ----------
@rule(f"{ISOTONIC}.__init__")
def isotonic(cx: Context, self: Instance, **kwargs: Value) -> Value:
    keep_parameters(cx, self, **kwargs)
    return Const(None)


@rule(f"{ISOTONIC}.fit")
def isotonic_fit(cx: Context, self: Instance, X: Value, y: Value, sample_weight: Value | None = None) -> Value:
    consistent(cx, (X, y), ("X", "y"))
    cx.set(self, "~fitted", Const(True))
    return self


@rule(f"{ISOTONIC}.predict", f"{ISOTONIC}.transform")
def isotonic_predict(cx: Context, self: Instance, T: Value) -> Value:
    """One per sample."""
    fitted(cx, self)
    array = as_data(cx, T)
    rows = samples_of(cx, T)
    return made((cx.fresh("samples") if rows is None else rows,), _dtype(array))


@rule(f"{ISOTONIC}.fit_transform")
def isotonic_fit_transform(cx: Context, self: Instance, X: Value, y: Value, **kwargs: Value) -> Value:
    isotonic_fit(cx, self, X, y)
    return isotonic_predict(cx, self, X)


# -- two blocks ----------
BLOCKS: Final = ("PLSRegression", "PLSCanonical", "CCA", "PLSSVD")


@rule(*(f"sklearn.cross_decomposition.{name}.transform" for name in BLOCKS))
def blocks_transform(
    cx: Context, self: Instance, X: Value, y: Value | None = None, copy: Value | None = None, **kwargs: Value
) -> Value:
    """(n, components), of both where both are given."""
    array = _checked(cx, self, X)
    asked = self.fields.get("n_components")
    count = 2 if asked is None else as_dim(asked) if isinstance(asked, Value) else None
    size = cx.fresh("components") if count is None else count
    shape = (_rows(cx, array), size)
    other = y if y is not None else kwargs.get("Y")
    if given(other):
        return listed("tuple", [made(shape, None), made(shape, None)])
    return made(shape, None)


@rule(*(f"sklearn.cross_decomposition.{name}.fit_transform" for name in BLOCKS))
def blocks_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    cx.call_method(self, "fit", (X,) if y is None else (X, y))
    return blocks_transform(cx, self, X, y)


LDA: Final = "sklearn.discriminant_analysis.LinearDiscriminantAnalysis"


@rule(f"{LDA}.transform")
def lda_transform(cx: Context, self: Instance, X: Value) -> Value:
    """(n, components): what was asked for, else as many as classes and features allow."""
    from foreshape.domain.dim import dmin

    array = _checked(cx, self, X)
    asked, found = self.fields.get("n_components"), self.fields.get("~classes")
    count = as_dim(asked) if isinstance(asked, Value) and given(asked) else None
    classes, features = (as_dim(found) if isinstance(found, Value) else None), features_of(cx, self)
    if count is None and classes is not None and features is not None:
        count = dmin(cx.resolve(classes) - 1, features)
    return made((_rows(cx, array), cx.fresh("components") if count is None else count), _dtype(array))


@rule(f"{LDA}.fit_transform")
def lda_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **fit_params: Value) -> Value:
    """``fit``, then ``transform``."""
    cx.call_method(self, "fit", (X,) if y is None else (X, y))
    return lda_transform(cx, self, X)


@rule(
    "sklearn.ensemble.RandomForestClassifier.apply", "sklearn.ensemble.RandomForestRegressor.apply",
    "sklearn.ensemble.ExtraTreesClassifier.apply", "sklearn.ensemble.ExtraTreesRegressor.apply",
)  # fmt: skip
def forest_leaves(cx: Context, self: Instance, X: Value) -> Value:
    """(n, trees)."""
    asked = self.fields.get("n_estimators")
    count = as_dim(asked) if isinstance(asked, Value) else None
    return made((_rows(cx, _checked(cx, self, X)), cx.fresh("trees") if count is None else count), "int64", 0)


@rule("sklearn.tree.DecisionTreeClassifier.apply", "sklearn.tree.DecisionTreeRegressor.apply")
def tree_leaves(cx: Context, self: Instance, X: Value, check_input: Value | None = None) -> Value:
    """A leaf for each sample."""
    return made((_rows(cx, _checked(cx, self, X)),), "int64", 0)
