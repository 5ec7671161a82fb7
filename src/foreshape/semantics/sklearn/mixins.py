"""What scikit-learn's base classes bring to the estimators of a program.

https://scikit-learn.org/stable/developers/develop.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, LibraryRef, Typed, Value, as_str, none
from foreshape.semantics.registry import REGISTRY, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MEMBERS: Final = {
    "BaseEstimator": "get_params set_params get_metadata_routing _get_param_names _validate_params _get_metadata_request "
    "_repr_html_ _repr_html_inner _repr_mimebundle_ _get_doc_link _doc_link_module _doc_link_template _html_repr "
    "_doc_link_url_param_generator _get_class_level_metadata_request_values _get_fitted_attr_html _get_params_html "
    "_validate_data _check_n_features _check_feature_names _more_tags _get_tags",
    "ClassifierMixin": "score _estimator_type _more_tags",
    "RegressorMixin": "score _estimator_type _more_tags",
    "ClusterMixin": "fit_predict _estimator_type _more_tags",
    "TransformerMixin": "fit_transform set_output _sklearn_auto_wrap_output_keys",
    "OneToOneFeatureMixin": "get_feature_names_out",
    "ClassNamePrefixFeaturesOutMixin": "get_feature_names_out",
    "BiclusterMixin": "biclusters_ get_indices get_shape get_submatrix",
    "DensityMixin": "score _estimator_type",
    "OutlierMixin": "fit_predict _estimator_type",
    "MetaEstimatorMixin": "_required_parameters",
    "MultiOutputMixin": "_more_tags",
    "_SetOutputMixin": "set_output _sklearn_auto_wrap_output_keys",
}
"""Everything that they define themselves, private names and those of older releases included."""
SPECIAL: Final = frozenset({"__sklearn_tags__", "__sklearn_clone__", "__getstate__", "__setstate__", "__repr__"})


@rule(
    *(f"sklearn.base.{owner}.*" for owner in MEMBERS), "sklearn.utils._set_output._SetOutputMixin.*", kind="inherited"
)
def brought(cx: Context, cls: LibraryRef, member: Const) -> Value | None:
    """What a class of the program has of one of them."""
    if member.value not in MEMBERS[cls.name.rpartition(".")[2]].split() and member.value not in SPECIAL:
        return none()
    own = f"sklearn.base.~Own.{member.value}"
    return LibraryRef(own) if REGISTRY.is_known(own) else None


@rule("sklearn.base.~Own.fit_transform")
def fit_transform(cx: Context, self: Value, X: Value, y: Value | None = None, **fit_params: Value) -> Value:
    """``fit``, then ``transform``."""
    data = (X,) if y is None else (X, y)
    return cx.call_method(cx.call_method(self, "fit", data, fit_params), "transform", (X,))


@rule("sklearn.base.~Own.fit_predict")
def fit_predict(cx: Context, self: Value, X: Value, y: Value | None = None, **kwargs: Value) -> Value:
    """``fit``, then ``labels_`` of a cluster class; a detector of outliers predicts."""
    fitted = cx.call_method(self, "fit", (X,), kwargs)
    if cx.is_instance(self, "sklearn.base.OutlierMixin"):
        return cx.call_method(fitted, "predict", (X,))
    return cx.get_attribute(self, "labels_")


@rule("sklearn.base.~Own.set_output")
def set_output(cx: Context, self: Value, *, transform: Value | None = None) -> Value:
    """What ``transform`` gives is wrapped from now on: a frame where one is asked for."""
    if isinstance(self, Instance) and transform is not None and as_str(transform) != "default":
        for name in ("transform", "fit_transform"):
            cx.set(self, name, cx.unknown("what it gives is made a frame"))
    return self


@rule("sklearn.base.~Own.score")
def score(cx: Context, self: Value, X: Value, y: Value | None = None, sample_weight: Value | None = None) -> Value:
    """``predict``, and how well that is."""
    cx.call_method(self, "predict", (X,))
    return Typed("float")


@rule("sklearn.base.~Own.__sklearn_tags__", "sklearn.base.~Own._get_tags", "sklearn.base.~Own._more_tags",
      "sklearn.base.~Own.get_metadata_routing", "sklearn.base.~Own._get_metadata_request")  # fmt: skip
def tags(cx: Context, self: Value) -> Value:
    """What an estimator says of itself."""
    return cx.unknown("the tags of an estimator")


@rule("sklearn.base.~Own._validate_params", "sklearn.base.~Own._check_n_features",
      "sklearn.base.~Own._check_feature_names")  # fmt: skip
def checked(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """Raises, or does nothing."""
    return none()


@rule("sklearn.base.~Own._validate_data", "sklearn.base.~Own._repr_html_", "sklearn.base.~Own._get_doc_link",
      "sklearn.base.~Own.__sklearn_clone__", "sklearn.base.~Own.__getstate__",
      "sklearn.base.~Own.get_feature_names_out")  # fmt: skip
def other(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("what a base class of scikit-learn makes of this estimator")
