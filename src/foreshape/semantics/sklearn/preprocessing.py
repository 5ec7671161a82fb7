"""Scalers: they keep the shape of X, remember its number of features and refuse another.

https://scikit-learn.org/stable/modules/preprocessing.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import compare
from foreshape.domain.values import Array, Const, Instance, Unknown, Value, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import listed, made, shape_text
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.sklearn.support import (
    BY,
    check_features,
    features_of,
    fitted,
    float_of,
    is_sparse,
    is_text,
    keep_parameters,
    matrix,
    other_output,
    remember,
    short_name,
    sparse,
)
from foreshape.semantics.sklearn.values_check import refuse_texts

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BASE: Final = library_type("sklearn.base.BaseEstimator")
TRANSFORMER: Final = library_type("sklearn.base.TransformerMixin")
SCALER: Final = library_type("sklearn.preprocessing.~Scaler", BASE, TRANSFORMER)
STATELESS: Final = ("Normalizer", "Binarizer")
BROADCASTING: Final = ("MinMaxScaler", "StandardScaler", "RobustScaler", "MaxAbsScaler")
"""Their ``inverse_transform`` only computes with the fitted numbers, without counting features."""

for _name in (
    "MinMaxScaler",
    "StandardScaler",
    "RobustScaler",
    "MaxAbsScaler",
    "Normalizer",
    "Binarizer",
    "QuantileTransformer",
    "PowerTransformer",
):
    library_type(f"sklearn.preprocessing.{_name}", SCALER)


# -- constructors ----------
@rule("sklearn.preprocessing.MinMaxScaler.__init__")
def minmax(
    cx: Context,
    self: Instance,
    feature_range: Value | None = None,
    *,
    copy: Value | None = None,
    clip: Value | None = None,
) -> Value:
    given = feature_range if feature_range is not None else listed("tuple", [Const(0), Const(1)])
    keep_parameters(cx, self, feature_range=given, copy=copy, clip=clip)
    return Const(None)


@rule("sklearn.preprocessing.StandardScaler.__init__")
def standard(
    cx: Context,
    self: Instance,
    *,
    copy: Value | None = None,
    with_mean: Value | None = None,
    with_std: Value | None = None,
) -> Value:
    keep_parameters(cx, self, copy=copy, with_mean=with_mean, with_std=with_std)
    return Const(None)


@rule("sklearn.preprocessing.RobustScaler.__init__")
def robust(
    cx: Context,
    self: Instance,
    *,
    with_centering: Value | None = None,
    with_scaling: Value | None = None,
    quantile_range: Value | None = None,
    copy: Value | None = None,
    unit_variance: Value | None = None,
) -> Value:
    keep_parameters(cx, self, quantile_range=quantile_range)
    return Const(None)


@rule("sklearn.preprocessing.MaxAbsScaler.__init__")
def maxabs(cx: Context, self: Instance, *, copy: Value | None = None, clip: Value | None = None) -> Value:
    keep_parameters(cx, self)
    return Const(None)


@rule("sklearn.preprocessing.Normalizer.__init__")
def normalizer(cx: Context, self: Instance, norm: Value | None = None, *, copy: Value | None = None) -> Value:
    keep_parameters(cx, self)
    return Const(None)


@rule("sklearn.preprocessing.Binarizer.__init__")
def binarizer(cx: Context, self: Instance, *, threshold: Value | None = None, copy: Value | None = None) -> Value:
    keep_parameters(cx, self)
    return Const(None)


@rule("sklearn.preprocessing.QuantileTransformer.__init__")
def quantile(
    cx: Context,
    self: Instance,
    *,
    n_quantiles: Value | None = None,
    output_distribution: Value | None = None,
    ignore_implicit_zeros: Value | None = None,
    subsample: Value | None = None,
    random_state: Value | None = None,
    copy: Value | None = None,
) -> Value:
    keep_parameters(cx, self, n_quantiles=n_quantiles)
    return Const(None)


@rule("sklearn.preprocessing.PowerTransformer.__init__")
def power(
    cx: Context,
    self: Instance,
    method: Value | None = None,
    *,
    standardize: Value | None = None,
    copy: Value | None = None,
) -> Value:
    keep_parameters(cx, self, method=method)
    return Const(None)


# -- fitting and transforming ----------
def _numbers(cx: Context, self: Instance, value: Value) -> Array | Unknown:
    """X as numbers."""
    array = matrix(cx, value, short_name(self))
    if isinstance(array, Array) and is_text(array) and array.data is not None:
        from foreshape.semantics.numpy.conversion import cast

        array = cast(cx, array, "float64", value, from_python=True)
    refuse_texts(cx, value, array)
    return array


@rule(
    f"{SCALER}.fit", doc="https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.StandardScaler.html"
)
def fit(cx: Context, self: Instance, X: Value, y: Value | None = None, sample_weight: Value | None = None) -> Value:
    """Remembers the number of features of (samples, features). ValueError for another number of axes."""
    remember(cx, self, _numbers(cx, self, X))
    return self


@rule(f"{SCALER}.partial_fit")
def partial_fit(
    cx: Context, self: Instance, X: Value, y: Value | None = None, sample_weight: Value | None = None
) -> Value:
    array = _numbers(cx, self, X)
    check_features(cx, self, array, X)
    remember(cx, self, array)
    return self


@rule(f"{SCALER}.transform")
def transform(cx: Context, self: Instance, X: Value, copy: Value | None = None) -> Value:
    """The shape of X; as many features as ``fit`` saw."""
    if short_name(self) not in STATELESS:
        fitted(cx, self)
    array = _numbers(cx, self, X)
    check_features(cx, self, array, X)
    return _scaled(cx, array, self, X)


@rule(f"{SCALER}.fit_transform")
def fit_transform(cx: Context, self: Instance, X: Value, y: Value | None = None, **fit_params: Value) -> Value:
    array = _numbers(cx, self, X)
    remember(cx, self, array)
    return _scaled(cx, array, self, X)


def _scaled(cx: Context, array: Array | Unknown, self: Instance, value: Value) -> Value:
    if other_output(cx, self):
        return cx.unknown("the result is a frame, which is not modelled")
    if is_sparse(value) and isinstance(array, Array):
        return sparse(array.shape, float_of(array.dtype))
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    return made(array.shape, float_of(array.dtype), roles=array.roles)


@rule(f"{SCALER}.inverse_transform")
def inverse_transform(cx: Context, self: Instance, X: Value, copy: Value | None = None) -> Value:
    """The shape of X. The scalers that only multiply and add stretch one fitted feature over all of X."""
    fitted(cx, self)
    name = short_name(self)
    broadcasting = name in BROADCASTING
    array = matrix(cx, X, name, named=not broadcasting)
    if isinstance(array, Unknown) or array.shape is None:
        return _scaled(cx, array, self, X)
    if not broadcasting:
        check_features(cx, self, array, X)
        return _scaled(cx, array, self, X)
    wanted = features_of(cx, self)
    got = array.shape[1]
    if wanted is not None and compare.eq(got, wanted, cx.facts).is_no and compare.ge(wanted, 2, cx.facts).is_yes:
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        own = shape_text(array.shape)
        text = f"operands could not be broadcast together with shapes {own} ({wanted},) {own} "
        if compare.eq(got, 1, cx.facts).is_yes:
            full = shape_text((array.shape[0], wanted))
            text = f"non-broadcastable output operand with shape {own} doesn't match the broadcast shape {full}"
        elif not compare.ge(got, 2, cx.facts).is_yes:
            return _scaled(cx, array, self, X)
        raise BroadcastMismatch(
            Raises("ValueError", text, by=BY),
            values=(X,),
            recover=_scaled(cx, array, self, X),
            taker=f"{name}.inverse_transform",
            shapes=(array.shape, (wanted,)),
            axis=-1,
        )
    return _scaled(cx, array, self, X)


SWITCHES: Final = ("with_mean", "with_std", "with_centering", "with_scaling")
"""What is switched off is None in the end."""


@attribute(
    "sklearn.preprocessing.MinMaxScaler.data_min_",
    "sklearn.preprocessing.MinMaxScaler.data_max_",
    "sklearn.preprocessing.MinMaxScaler.data_range_",
    "sklearn.preprocessing.MinMaxScaler.min_",
    "sklearn.preprocessing.MinMaxScaler.scale_",
    "sklearn.preprocessing.StandardScaler.mean_",
    "sklearn.preprocessing.StandardScaler.var_",
    "sklearn.preprocessing.StandardScaler.scale_",
    "sklearn.preprocessing.RobustScaler.center_",
    "sklearn.preprocessing.RobustScaler.scale_",
    "sklearn.preprocessing.MaxAbsScaler.max_abs_",
    "sklearn.preprocessing.MaxAbsScaler.scale_",
    "sklearn.preprocessing.PowerTransformer.lambdas_",
)
def per_feature(cx: Context, self: Instance) -> Value:
    """One number per feature."""
    if any(isinstance(held := self.fields.get(name), Const) and not held.value for name in SWITCHES):
        return cx.unknown("it is not computed where it is not used")
    features = features_of(cx, self)
    return (
        cx.unknown("how many features it was fitted on is not known") if features is None else made((features,), None)
    )


# -- functions ----------
@rule(
    "sklearn.preprocessing.scale",
    "sklearn.preprocessing.minmax_scale",
    "sklearn.preprocessing.robust_scale",
    "sklearn.preprocessing.maxabs_scale",
    "sklearn.preprocessing.normalize",
    "sklearn.preprocessing.binarize",
)
def scale(cx: Context, X: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of X."""
    from foreshape.semantics.sklearn.support import as_data, is_sparse

    array = as_data(cx, X)
    if isinstance(array, Unknown) or is_sparse(X) or "return_norm" in kwargs:
        return cx.unknown("what this gives is not modelled")
    return made(array.shape, float_of(array.dtype) if kind_of(array.dtype) != "O" else None, roles=array.roles)


@rule(f"{BASE}.get_params")
def get_params(cx: Context, self: Instance, deep: Value | None = None) -> Value:
    return cx.unknown("the parameters of an estimator")


@rule(f"{BASE}.set_params")
def set_params(cx: Context, self: Instance, **params: Value) -> Value:
    for name, value in params.items():
        if "__" not in name:
            cx.set(self, name, value)
    return self


@rule(f"{BASE}.set_output")
def set_output(cx: Context, self: Instance, *, transform: Value | None = None) -> Value:
    """With "pandas" results are frames."""
    if transform is not None and as_str(transform) != "default":
        cx.set(self, "~output", transform)
    return self


@rule(f"{TRANSFORMER}.get_feature_names_out", f"{BASE}.get_feature_names_out")
def get_feature_names_out(cx: Context, self: Instance, input_features: Value | None = None) -> Value:
    features = features_of(cx, self)
    return made((cx.fresh(lo=1) if features is None else features,), "object")


@rule("sklearn.base.clone", "sklearn.clone")
def clone(cx: Context, estimator: Value, *, safe: Value | None = None) -> Value:
    """The same parameters, not fitted."""
    if not isinstance(estimator, Instance):
        return cx.unknown("a copy of an estimator that is not modelled")
    kept: dict[Hashable, Any] = {
        key: value
        for key, value in estimator.fields.items()
        if key in ("~made", "~open") or (isinstance(key, str) and not key.startswith("~") and not key.endswith("_"))
    }
    for key in ("~parts", "~steps"):
        held = estimator.fields.get(key)
        if isinstance(held, tuple):
            kept[key] = tuple(_fresh(cx, one) for one in held)
    named = estimator.fields.get("named_steps")
    if isinstance(named, Instance) and len(kept.get("~steps", ())) == len(named.fields):
        kept["named_steps"] = Instance(named.cls, dict(zip(named.fields, kept["~steps"])))
    return Instance(estimator.cls, kept)


def _fresh(cx: Context, held: Any) -> Any:
    """A copy of one step, or of a pair of an estimator and its columns."""
    if isinstance(held, tuple):
        return tuple(_fresh(cx, one) for one in held)
    return clone(cx, held) if isinstance(held, Instance) and cx.is_instance(held, BASE) else held
