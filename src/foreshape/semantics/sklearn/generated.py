"""More generators of data, features of dicts, weights of counts, unions of transformers.

https://scikit-learn.org/stable/datasets/sample_generators.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_str,
)
from foreshape.semantics.numpy.support import listed, made
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.sklearn.datasets import _pair, _size
from foreshape.semantics.sklearn.preprocessing import BASE, TRANSFORMER
from foreshape.semantics.sklearn.support import (
    as_data,
    check_features,
    features_of,
    fitted,
    float_of,
    is_sparse,
    keep_parameters,
    listed_items,
    other_output,
    remember,
    samples_of,
    sparse,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

P: Final = "sklearn.datasets."
F: Final = "sklearn.feature_extraction."


# -- generators ----------
@rule(P + "make_friedman2", P + "make_friedman3")
def make_friedman(cx: Context, n_samples: Value | None = None, **kwargs: Value) -> Value:
    """(n, 4) and (n,)."""
    rows = _size(cx, n_samples, 100)
    return _pair(made((rows, 4), "float64"), made((rows,), "float64"))


@rule(P + "make_gaussian_quantiles")
def make_gaussian_quantiles(
    cx: Context, *, mean: Value | None = None, cov: Value | None = None, n_samples: Value | None = None,
    n_features: Value | None = None, n_classes: Value | None = None, shuffle: Value | None = None,
    random_state: Value | None = None,
) -> Value:  # fmt: skip
    rows, columns = _size(cx, n_samples, 100), _size(cx, n_features, 2)
    return _pair(made((rows, columns), "float64"), made((rows,), "int64", 0, _size(cx, n_classes, 3) - 1))


@rule(P + "make_hastie_10_2")
def make_hastie(cx: Context, n_samples: Value | None = None, *, random_state: Value | None = None) -> Value:
    rows = _size(cx, n_samples, 12000)
    return _pair(made((rows, 10), "float64"), made((rows,), "float64", -1.0, 1.0))


@rule(P + "make_low_rank_matrix")
def make_low_rank(
    cx: Context, n_samples: Value | None = None, n_features: Value | None = None, **kwargs: Value
) -> Value:
    return made((_size(cx, n_samples, 100), _size(cx, n_features, 100)), "float64")


@rule(P + "make_sparse_uncorrelated")
def make_sparse_uncorrelated(
    cx: Context, n_samples: Value | None = None, n_features: Value | None = None, *, random_state: Value | None = None
) -> Value:
    rows = _size(cx, n_samples, 100)
    return _pair(made((rows, _size(cx, n_features, 10)), "float64"), made((rows,), "float64"))


@rule(P + "make_spd_matrix")
def make_spd(cx: Context, n_dim: Value, *, random_state: Value | None = None) -> Value:
    size = as_dim(n_dim)
    return cx.unknown("its size is not known") if size is None else made((size, size), "float64")


@rule(P + "make_sparse_spd_matrix")
def make_sparse_spd(cx: Context, n_dim: Value | None = None, **kwargs: Value) -> Value:
    if "sparse_format" in kwargs:
        return cx.unknown("a sparse matrix")
    size = _size(cx, n_dim, 1)
    return made((size, size), "float64")


@rule(P + "make_biclusters", P + "make_checkerboard")
def make_biclusters(cx: Context, shape: Value, n_clusters: Value, **kwargs: Value) -> Value:
    """The data, and which rows and columns belong to each cluster."""
    sizes = [as_dim(one) for one in listed_items(shape) or ()]
    if len(sizes) != 2 or sizes[0] is None or sizes[1] is None:
        return cx.unknown("the shape is not known")
    data = made((sizes[0], sizes[1]), "float64")
    count = cx.fresh("clusters")
    return listed("tuple", [data, made((count, sizes[0]), "bool"), made((count, sizes[1]), "bool")])


# -- features of dicts ----------
DICTS: Final = library_type(F + "DictVectorizer", BASE, TRANSFORMER)
HASHER: Final = library_type(F + "FeatureHasher", BASE, TRANSFORMER)


@rule(f"{DICTS}.__init__")
def dict_vectorizer(
    cx: Context, self: Instance, *, dtype: Value | None = None, separator: Value | None = None,
    sparse: Value | None = None, sort: Value | None = None,
) -> Value:  # fmt: skip
    keep_parameters(cx, self, sparse=sparse, dtype=dtype)
    return Const(None)


def _names(X: Value) -> int | None:
    """How many features dicts of numbers and texts give."""
    rows = listed_items(X)
    if rows is None:
        return None
    found: set[object] = set()
    for row in rows:
        if not isinstance(row, DictValue) or row.rest is not None:
            return None
        for key, entry in row.entries.items():
            text = as_str(entry)
            if text is None and not isinstance(entry, Const):
                return None
            found.add(key if text is None else (key, text))
    return len(found)


@rule(f"{DICTS}.fit")
def dicts_fit(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    from foreshape.domain.values import int_value

    count = _names(X)
    cx.set(self, "~fitted", Const(True))
    cx.set(self, "~features", int_value(cx.fresh("features") if count is None else count))
    return self


@rule(f"{DICTS}.transform")
def dicts_transform(cx: Context, self: Instance, X: Value) -> Value:
    """(rows, features): sparse unless asked otherwise."""
    fitted(cx, self)
    rows, features = samples_of(cx, X), features_of(cx, self)
    shape = (cx.fresh("samples") if rows is None else rows, cx.fresh("features") if features is None else features)
    asked = self.fields.get("sparse")
    thin = True if asked is None else as_bool(asked) if isinstance(asked, Value) else None
    if thin is None:
        return cx.unknown("whether the result is sparse is not known")
    dtype = None if "dtype" in self.fields else "float64"
    return sparse(shape, dtype) if thin else made(shape, dtype)


@rule(f"{DICTS}.fit_transform")
def dicts_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    dicts_fit(cx, self, X)
    return dicts_transform(cx, self, X)


@rule(f"{HASHER}.__init__")
def hasher(cx: Context, self: Instance, n_features: Value | None = None, **kwargs: Value) -> Value:
    keep_parameters(cx, self, n_features=n_features, **kwargs)
    return Const(None)


@rule(f"{HASHER}.fit")
def hasher_fit(cx: Context, self: Instance, X: Value | None = None, y: Value | None = None) -> Value:
    return self


@rule(f"{HASHER}.transform", f"{HASHER}.fit_transform")
def hasher_transform(cx: Context, self: Instance, raw_X: Value, y: Value | None = None) -> Value:
    """(rows, n_features), sparse."""
    asked, rows = self.fields.get("n_features"), samples_of(cx, raw_X)
    count = 2**20 if asked is None else as_dim(asked) if isinstance(asked, Value) else None
    return sparse(
        (cx.fresh("samples") if rows is None else rows, cx.fresh("features") if count is None else count),
        None if "dtype" in self.fields else "float64",
    )


# -- weights of counts ----------
TFIDF: Final = library_type(F + "text.TfidfTransformer", BASE, TRANSFORMER)


@rule(f"{TFIDF}.__init__")
def tfidf(cx: Context, self: Instance, **kwargs: Value) -> Value:
    keep_parameters(cx, self, **kwargs)
    return Const(None)


@rule(f"{TFIDF}.fit")
def tfidf_fit(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    remember(cx, self, as_data(cx, X))
    return self


@rule(f"{TFIDF}.transform")
def tfidf_transform(cx: Context, self: Instance, X: Value, copy: Value | None = None) -> Value:
    """As many numbers, sparse. ValueError for other features than were counted."""
    fitted(cx, self)
    array = as_data(cx, X)
    check_features(cx, self, array, X)
    if not isinstance(array, Array) or array.shape is None:
        return cx.unknown("the counts are not known")
    return sparse(array.shape, float_of(array.dtype))


@rule(f"{TFIDF}.fit_transform")
def tfidf_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None) -> Value:
    tfidf_fit(cx, self, X)
    return tfidf_transform(cx, self, X)


# -- unions ----------
UNION: Final = library_type("sklearn.pipeline.FeatureUnion", BASE, TRANSFORMER)


@rule(f"{UNION}.__init__")
def union(cx: Context, self: Instance, transformer_list: Value, **kwargs: Value) -> Value:
    keep_parameters(cx, self, transformer_list=transformer_list)
    pairs = [listed_items(one) for one in listed_items(transformer_list) or ()]
    if pairs and "transformer_weights" not in kwargs and all(pair is not None and len(pair) == 2 for pair in pairs):
        cx.set(self, "~parts", tuple(pair[1] for pair in pairs if pair is not None))
    return Const(None)


@rule("sklearn.pipeline.make_union")
def make_union(cx: Context, *transformers: Value, **kwargs: Value) -> Value:
    made_of = Instance(LibraryRef(UNION))
    keep_parameters(cx, made_of)
    cx.set(made_of, "~parts", transformers)
    return made_of


def _union(cx: Context, self: Instance, X: Value, method: str, y: Value | None) -> Value:
    parts = self.fields.get("~parts")
    if not isinstance(parts, tuple) or isinstance(X, Unknown) or other_output(cx, self):
        return cx.unknown("whether the union makes an array, a frame or a sparse matrix is not known")
    width: DimLike = 0
    rows, thin = samples_of(cx, X), False
    for part in parts:
        if as_str(part) == "drop":
            continue
        found = (
            X
            if as_str(part) == "passthrough"
            else cx.call_method(part, method, (X,) if method == "transform" or y is None else (X, y))
        )
        inner = as_data(cx, found)
        if not isinstance(inner, Array) or inner.shape is None or len(inner.shape) != 2:
            return cx.unknown("how many columns a part of the union makes is not known")
        thin = thin or is_sparse(found)
        width = width + inner.shape[1]
    shape = (cx.fresh("samples") if rows is None else rows, cx.resolve(width))
    return sparse(shape, None) if thin else made(shape, None)


@rule(f"{UNION}.fit_transform")
def union_fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    """What the parts make, side by side."""
    found = _union(cx, self, X, "fit_transform", y)
    cx.set(self, "~fitted", Const(True))
    return found


@rule(f"{UNION}.fit")
def union_fit(cx: Context, self: Instance, X: Value, y: Value | None = None, **params: Value) -> Value:
    parts = self.fields.get("~parts")
    for part in parts if isinstance(parts, tuple) else ():
        if as_str(part) is None:
            cx.call_method(part, "fit", (X,) if y is None else (X, y))
    cx.set(self, "~fitted", Const(True))
    return self


@rule(f"{UNION}.transform")
def union_transform(cx: Context, self: Instance, X: Value, **params: Value) -> Value:
    fitted(cx, self)
    return _union(cx, self, X, "transform", None)
