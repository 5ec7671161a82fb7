"""Transformers that change the number of features: PCA, polynomials, selection, imputation, text.

https://scikit-learn.org/stable/data_transforms.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from foreshape.domain import compare
from foreshape.domain.dim import DimLike, dmin
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_int,
    as_str,
    dim_or,
    int_value,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.support import given, made, number
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.sklearn.preprocessing import BASE, TRANSFORMER
from foreshape.semantics.sklearn.support import (
    BY,
    check_features,
    features_of,
    fitted,
    float_of,
    invalid,
    is_sparse,
    keep_parameters,
    listed_items,
    matrix,
    other_output,
    remember,
    samples_of,
    short_name,
    sparse,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CHANGER: Final = library_type("sklearn.base.~Changer", BASE, TRANSFORMER)
KINDS: Final = {
    "decomposition": "PCA IncrementalPCA TruncatedSVD NMF MiniBatchNMF FastICA KernelPCA SparsePCA MiniBatchSparsePCA "
    "FactorAnalysis DictionaryLearning MiniBatchDictionaryLearning LatentDirichletAllocation",
    "manifold": "TSNE Isomap MDS ClassicalMDS SpectralEmbedding LocallyLinearEmbedding",
    "impute": "SimpleImputer KNNImputer IterativeImputer MissingIndicator",
    "preprocessing": "PolynomialFeatures FunctionTransformer KBinsDiscretizer SplineTransformer TargetEncoder",
    "feature_selection": "SelectKBest VarianceThreshold SelectFromModel RFE RFECV SelectPercentile SelectFpr SelectFdr "
    "SelectFwe GenericUnivariateSelect SequentialFeatureSelector",
    "random_projection": "GaussianRandomProjection SparseRandomProjection",
    "kernel_approximation": "Nystroem RBFSampler AdditiveChi2Sampler PolynomialCountSketch SkewedChi2Sampler",
    "neural_network": "BernoulliRBM",
    "cluster": "FeatureAgglomeration",
    "neighbors": "NeighborhoodComponentsAnalysis",
}
for _module, _names in KINDS.items():
    for _name in _names.split():
        library_type(f"sklearn.{_module}.{_name}", CHANGER)
FIRST: Final = {
    "PolynomialFeatures": "degree",
    "FunctionTransformer": "func",
    "SelectKBest": "score_func",
    "KBinsDiscretizer": "n_bins",
    "SelectFromModel": "estimator",
    "RFE": "estimator",
    "VarianceThreshold": "threshold",
    "SelectPercentile": "score_func",
    "SelectFpr": "score_func",
    "SelectFdr": "score_func",
    "SelectFwe": "score_func",
    "GenericUnivariateSelect": "score_func",
    "RFECV": "estimator",
    "SequentialFeatureSelector": "estimator",
    "FeatureAgglomeration": "n_clusters",
    "SplineTransformer": "n_knots",
    "Nystroem": "kernel",
    "RBFSampler": "~",
    "AdditiveChi2Sampler": "~",
    "PolynomialCountSketch": "~",
    "SkewedChi2Sampler": "~",
    "TargetEncoder": "~",
    "MissingIndicator": "~",
    "IterativeImputer": "estimator",
    "LocallyLinearEmbedding": "~",
    "Isomap": "~",
    "KNNImputer": "~",
    "SimpleImputer": "~",
}
"""The first argument of those whose first is not ``n_components``."""
SELECTS: Final = frozenset(
    ("SelectKBest", "VarianceThreshold", "SelectFromModel", "RFE", "RFECV", "SelectPercentile", "SelectFpr",
     "SelectFdr", "SelectFwe", "GenericUnivariateSelect", "SequentialFeatureSelector")
)  # fmt: skip
"""Some of the columns, as they are."""
WIDENED: Final = frozenset(
    ("IncrementalPCA", "FactorAnalysis", "LocallyLinearEmbedding", "PolynomialCountSketch", "FeatureAgglomeration")
)
"""They compute in float64 whatever comes in."""
COMPONENTS: Final = {
    "TruncatedSVD": 2,
    "TSNE": 2,
    "Isomap": 2,
    "MDS": 2,
    "ClassicalMDS": 2,
    "SpectralEmbedding": 2,
    "LocallyLinearEmbedding": 2,
    "LatentDirichletAllocation": 10,
    "Nystroem": 100,
    "RBFSampler": 100,
    "PolynomialCountSketch": 100,
    "SkewedChi2Sampler": 100,
    "BernoulliRBM": 256,
    "FeatureAgglomeration": 2,
}
"""How many come out where nothing is said."""


KEEPS_SPARSE: Final = (
    "SelectKBest",
    "VarianceThreshold",
    "SelectFromModel",
    "RFE",
    "SimpleImputer",
    "PolynomialFeatures",
)
"""What comes in as a sparse matrix goes out as one."""


@rule(f"{CHANGER}.__init__")
def make(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    name = FIRST.get(short_name(self), "n_components")
    if args and name not in kwargs:
        kwargs = {name: args[0], **kwargs}
    keep_parameters(cx, self, **kwargs)
    return Const(None)


def _parameter(self: Instance, name: str) -> Value | None:
    found = self.fields.get(name)
    return found if isinstance(found, Value) else None


def _width(cx: Context, self: Instance, array: Array | Unknown, value: Value) -> DimLike | None:
    """How many features come out; None where the data or what is not known decides it."""
    name = short_name(self)
    if isinstance(array, Unknown) or array.shape is None:
        count = as_dim(_parameter(self, "n_components"))
        return count if name not in ("PolynomialFeatures", "SimpleImputer") else None
    samples, features = array.shape
    own = WIDTHS.get(name)
    if own is not None:
        return own(self, features)
    if name in SELECTS:
        return _selected(self)
    asked = _parameter(self, "n_components")
    if asked is None or not given(asked):
        default = COMPONENTS.get(name)
        if default is not None:
            return default
        return dmin(samples, features) if name == "PCA" else features if name in ("FastICA", "NMF") else None
    count = None if isinstance(number(asked), float) or as_str(asked) is not None else as_dim(asked)
    if count is not None and name == "PCA":
        least = dmin(samples, features)
        if not cx.at_least(samples, count) or not cx.at_least(features, count):
            text = (
                f"n_components={count} must be between 0 and min(n_samples, n_features)={cx.resolve(least)} with "
                f"svd_solver='{_solver(self, samples, features)}'"
            )
            raise invalid("n_components", count, text, asked, value)
    return count


def _imputed(self: Instance, features: DimLike) -> DimLike | None:
    return features if _parameter(self, "add_indicator") is None else None


def _indicated(self: Instance, features: DimLike) -> DimLike | None:
    return features if as_str(_parameter(self, "features")) == "all" else None


def _binned(self: Instance, features: DimLike) -> DimLike | None:
    return features if as_str(_parameter(self, "encode")) == "ordinal" else None


def _chi2_samples(self: Instance, features: DimLike) -> DimLike | None:
    steps = 2 if _parameter(self, "sample_steps") is None else as_int(_parameter(self, "sample_steps"))
    return None if steps is None else features * (2 * steps - 1)


def _agglomerated(self: Instance, features: DimLike) -> DimLike | None:
    wanted = _parameter(self, "n_clusters")
    return 2 if wanted is None else as_dim(wanted)


def _best(self: Instance, features: DimLike) -> DimLike | None:
    wanted = _parameter(self, "k")
    return dmin(10, features) if wanted is None else as_dim(wanted)


def _by_target(self: Instance, features: DimLike) -> DimLike | None:
    """One per feature or one per class, as the target has it."""
    return None


def _selected(self: Instance) -> DimLike | None:
    wanted = _parameter(self, "n_features_to_select")
    if wanted is None or isinstance(number(wanted), float):
        return None
    return as_dim(wanted) if short_name(self) in ("RFE", "SequentialFeatureSelector") else None


def _solver(self: Instance, samples: DimLike, features: DimLike) -> str:
    chosen = as_str(_parameter(self, "svd_solver"))
    if chosen is not None and chosen != "auto":
        return chosen
    if isinstance(samples, int) and isinstance(features, int) and features <= 1000 and samples >= 10 * features:
        return "covariance_eigh"
    return "full"


def _splines(self: Instance, features: DimLike) -> DimLike | None:
    knots = 5 if _parameter(self, "n_knots") is None else as_int(_parameter(self, "n_knots"))
    degree = 3 if _parameter(self, "degree") is None else as_int(_parameter(self, "degree"))
    odd = _parameter(self, "knots") is not None or as_str(_parameter(self, "extrapolation")) == "periodic"
    if knots is None or degree is None or odd:
        return None
    bias = _parameter(self, "include_bias")
    plain = bias is None or as_bool(bias)
    return None if plain is None else features * (knots + degree - 1 - (0 if plain else 1))


def _polynomials(self: Instance, features: DimLike) -> DimLike | None:
    degree = 2 if _parameter(self, "degree") is None else as_int(_parameter(self, "degree"))
    if degree is None or not isinstance(features, int):
        return None
    only = _parameter(self, "interaction_only")
    bias = _parameter(self, "include_bias")
    if only is not None and as_bool(only):
        total = sum(math.comb(features, k) for k in range(degree + 1))
    else:
        total = math.comb(features + degree, degree)
    return total - 1 if bias is not None and as_bool(bias) is False else total


WIDTHS: Final[dict[str, Callable[[Instance, DimLike], DimLike | None]]] = {
    "SimpleImputer": _imputed, "KNNImputer": _imputed, "IterativeImputer": _imputed, "MissingIndicator": _indicated,
    "TargetEncoder": _by_target, "SplineTransformer": _splines, "AdditiveChi2Sampler": _chi2_samples,
    "FeatureAgglomeration": _agglomerated, "PolynomialFeatures": _polynomials, "SelectKBest": _best,
    "KBinsDiscretizer": _binned,
}  # fmt: skip
"""How many features come out of those that do not take a number of components."""


def _fit(cx: Context, self: Instance, X: Value) -> Array | Unknown:
    array = matrix(cx, X, short_name(self)) if short_name(self) != "FunctionTransformer" else cx.unknown("a function")
    width = None if _parameter(self, "split_sign") is not None else _width(cx, self, array, X)
    remember(cx, self, array)
    cx.set(self, "~width", cx.unknown("how many features come out is not known") if width is None else int_value(width))
    return array


def _changed(cx: Context, self: Instance, array: Array | Unknown, X: Value) -> Value:
    if other_output(cx, self):
        return cx.unknown("the result is a frame, which is not modelled")
    if short_name(self) == "FunctionTransformer":
        function = _parameter(self, "func")
        if _parameter(self, "kw_args") is not None:
            return cx.unknown("what the function gives is not modelled")
        return X if function is None or not given(function) else cx.call(function, (X,))
    # with ``split_sign``, which may be set after ``fit``, there are twice as many columns
    split = _parameter(self, "split_sign") is not None
    found = cx.unknown("the signs are split") if split else self.fields.get("~width")
    width = as_dim(found) if isinstance(found, Value) else None
    if width is None and isinstance(found, Unknown):
        # one variable for all that this object transforms
        width = cx.fresh("components" if short_name(self) in KINDS["decomposition"] else "selected features")
        cx.set(self, "~width", int_value(width))
    rows = array.shape[0] if isinstance(array, Array) and array.shape else cx.fresh("samples")
    dtype = float_of(array.dtype) if isinstance(array, Array) else None
    if short_name(self) in SELECTS or short_name(self) == "SimpleImputer":
        dtype = array.dtype if isinstance(array, Array) and array.dtype in ("float32", "float64") else None
    if short_name(self) == "TSNE":
        dtype = "float32"
    if short_name(self) in WIDENED and dtype == "float32":
        dtype = "float64"
    if short_name(self) == "KBinsDiscretizer" and as_str(_parameter(self, "encode")) != "ordinal":
        return cx.unknown("bins are not modelled")
    if short_name(self) == "MissingIndicator":
        dtype = "bool"
    shape = (rows, cx.fresh("features") if width is None else cx.resolve(width))
    if short_name(self) in KEEPS_SPARSE and is_sparse(X):
        return sparse(shape, dtype)
    result = made(shape, dtype)
    if isinstance(array, Unknown):
        result.meta = {**result.meta, "maybe_sparse": True}
    return result


@rule(f"{CHANGER}.fit")
def fit(cx: Context, self: Instance, X: Value, y: Value | None = None, **kwargs: Value) -> Value:
    _fit(cx, self, X)
    return self


@rule(
    f"{CHANGER}.fit_transform", doc="https://scikit-learn.org/stable/modules/generated/sklearn.decomposition.PCA.html"
)
def fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **kwargs: Value) -> Value:
    """(samples, components). ValueError for more components than samples or features."""
    return _changed(cx, self, _fit(cx, self, X), X)


@rule(f"{CHANGER}.transform")
def transform(cx: Context, self: Instance, X: Value, copy: Value | None = None) -> Value:
    if short_name(self) == "FunctionTransformer":
        return _changed(cx, self, cx.unknown("a function"), X)
    if short_name(self) == "AdditiveChi2Sampler" and self.fields.get("~fitted") is None:
        return _changed(cx, self, _fit(cx, self, X), X)
    fitted(cx, self)
    array = matrix(cx, X, short_name(self))
    check_features(cx, self, array, X)
    return _changed(cx, self, array, X)


@rule("sklearn.decomposition.LatentDirichletAllocation.transform")
def transform_topics(cx: Context, self: Instance, X: Value, *, normalize: Value | None = None) -> Value:
    return transform(cx, self, X)


@rule(f"{CHANGER}.get_feature_names_out")
def names_out(cx: Context, self: Instance, input_features: Value | None = None) -> Value:
    """A name for each column that comes out."""
    found = self.fields.get("~width")
    width = as_dim(found) if isinstance(found, Value) else None
    return made((cx.fresh(lo=0) if width is None else cx.resolve(width),), "object")


@rule(f"{CHANGER}.inverse_transform")
def inverse_transform(cx: Context, self: Instance, X: Value) -> Value:
    """(samples, features) again."""
    fitted(cx, self)
    features = features_of(cx, self)
    array = matrix(cx, X, short_name(self), named=False)
    if features is None or isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("how many features it was fitted on is not known")
    width = _width_of(self)
    result = made((array.shape[0], features), float_of(array.dtype))
    if width is not None and short_name(self) in ("PCA", "TruncatedSVD") and not cx.equal(array.shape[1], width):
        from foreshape.faults.feature_mismatch import FeatureMismatch

        text = (
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            f"(n?,k),(k,m?)->(n?,m?) (size {cx.resolve(width)} is different from {array.shape[1]})"
        )
        raise FeatureMismatch(
            Raises("ValueError", text, by=BY),
            values=(X,),
            recover=result,
            taker=f"{short_name(self)}.inverse_transform",
            needs=width,
            got=array.shape[1],
            shape=array.shape,
        )
    return result


def _width_of(self: Instance) -> DimLike | None:
    """How many features come out of a fitted transformer."""
    found = self.fields.get("~width")
    return as_dim(found) if isinstance(found, Value) else None


@attribute(f"{CHANGER}.components_")
def components(cx: Context, self: Instance) -> Value:
    """(components, features)."""
    features = features_of(cx, self)
    width = _width_of(self)
    if features is None or width is None:
        return cx.unknown("how many components there are is not known")
    return made((width, features), None)


@attribute("sklearn.decomposition.FastICA.mixing_")
def mixing(cx: Context, self: Instance) -> Value:
    """(features, components)."""
    features, width = features_of(cx, self), _width_of(self)
    if features is None or width is None:
        return cx.unknown("how many components there are is not known")
    return made((features, width), None)


@attribute(
    f"{CHANGER}.explained_variance_ratio_", f"{CHANGER}.explained_variance_", f"{CHANGER}.singular_values_",
    "sklearn.decomposition.KernelPCA.eigenvalues_",
)  # fmt: skip
def variances(cx: Context, self: Instance) -> Value:
    """(components,)."""
    width = _width_of(self)
    return cx.unknown("how many components there are is not known") if width is None else made((width,), None)


@rule(f"{CHANGER}.get_support")
def get_support(cx: Context, self: Instance, indices: Value | None = None) -> Value:
    features = features_of(cx, self)
    width = _width_of(self)
    places = False if indices is None else as_bool(indices)
    if places and width is not None:
        return made((width,), "int64", 0)
    if features is None or places is not False:
        return cx.unknown("which features are selected is not known")
    return made((features,), "bool")


@attribute(
    *(
        f"sklearn.feature_selection.{name}.{what}"
        for name in ("SelectKBest", "SelectPercentile", "SelectFpr", "SelectFdr", "SelectFwe")
        for what in ("scores_", "pvalues_")
    ),
    "sklearn.feature_selection.VarianceThreshold.variances_",
    "sklearn.decomposition.PCA.mean_",
    "sklearn.decomposition.IncrementalPCA.mean_",
)
def per_feature(cx: Context, self: Instance) -> Value:
    """A number for each feature."""
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known") if features is None else made((features,), None)
    )


@attribute("sklearn.feature_selection.RFE.ranking_", "sklearn.feature_selection.RFECV.ranking_")
def ranking(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known")
        if features is None
        else made((features,), "int64", 1)
    )


@attribute("sklearn.feature_selection.RFE.support_", "sklearn.feature_selection.RFECV.support_")
def support(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known") if features is None else made((features,), "bool")
    )


@rule("sklearn.decomposition.PCA.get_covariance", "sklearn.decomposition.PCA.get_precision")
def covariance(cx: Context, self: Instance) -> Value:
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known")
        if features is None
        else made((features, features), None)
    )


# -- text ----------
VECTORIZER: Final = library_type("sklearn.feature_extraction.text.~Vectorizer", BASE, TRANSFORMER)
for _name in ("CountVectorizer", "TfidfVectorizer", "HashingVectorizer"):
    library_type(f"sklearn.feature_extraction.text.{_name}", VECTORIZER)
TOKENS: Final = re.compile(r"(?u)\b\w\w+\b")


@rule(f"{VECTORIZER}.__init__")
def vectorizer(cx: Context, self: Instance, **kwargs: Value) -> Value:
    keep_parameters(cx, self, **kwargs)
    return Const(None)


def _vocabulary(cx: Context, self: Instance, texts: Value) -> DimLike:
    """How many words there are: exact for known texts and plain settings."""
    most = as_dim(_parameter(self, "max_features")) if given(_parameter(self, "max_features")) else None
    plain = not any(
        _parameter(self, name) is not None
        for name in (
            "stop_words",
            "ngram_range",
            "min_df",
            "max_df",
            "token_pattern",
            "tokenizer",
            "analyzer",
            "vocabulary",
            "lowercase",
            "preprocessor",
            "strip_accents",
        )
    )
    items = listed_items(texts)
    if plain and items is not None and all(as_str(item) is not None for item in items):
        words = {word for item in items for word in TOKENS.findall((as_str(item) or "").lower())}
        return len(words) if most is None else dmin(len(words), most)
    vocabulary = _parameter(self, "vocabulary")
    if vocabulary is not None and given(vocabulary):
        size = cx.length(vocabulary)
        if size is not None:
            return size
    return cx.fresh("vocabulary", 1, most)


def _fit_texts(cx: Context, self: Instance, texts: Value) -> None:
    cx.set(self, "~fitted", Const(True))
    size: DimLike = 2**20 if short_name(self) == "HashingVectorizer" else _vocabulary(cx, self, texts)
    count = _parameter(self, "n_features")
    if short_name(self) == "HashingVectorizer" and count is not None:
        size = dim_or(count, cx.fresh("features"))
    cx.set(self, "~features", int_value(size))
    cx.set(self, "vocabulary_", cx.unknown("the words of a text"))


def _vectors(cx: Context, self: Instance, texts: Value) -> Value:
    rows = samples_of(cx, texts)
    features = features_of(cx, self)
    dtype = "int64" if short_name(self) == "CountVectorizer" else "float64"
    return sparse(
        (cx.fresh("texts") if rows is None else rows, cx.fresh("vocabulary") if features is None else features),
        dtype if _parameter(self, "dtype") is None else None,
    )


@rule(f"{VECTORIZER}.fit")
def fit_texts(cx: Context, self: Instance, raw_documents: Value, y: Value | None = None) -> Value:
    _fit_texts(cx, self, raw_documents)
    return self


@rule(f"{VECTORIZER}.fit_transform")
def fit_transform_texts(cx: Context, self: Instance, raw_documents: Value, y: Value | None = None) -> Value:
    """A sparse matrix (texts, words)."""
    _fit_texts(cx, self, raw_documents)
    return _vectors(cx, self, raw_documents)


@rule(f"{VECTORIZER}.transform")
def transform_texts(cx: Context, self: Instance, raw_documents: Value, **kwargs: Value) -> Value:
    if short_name(self) == "HashingVectorizer" and self.fields.get("~fitted") is None:
        _fit_texts(cx, self, raw_documents)
    return _vectors(cx, self, raw_documents)


@rule(f"{VECTORIZER}.get_feature_names_out")
def words(cx: Context, self: Instance, input_features: Value | None = None) -> Value:
    features = features_of(cx, self)
    return made((cx.fresh("vocabulary") if features is None else features,), "object")


__all__ = ["compare"]
