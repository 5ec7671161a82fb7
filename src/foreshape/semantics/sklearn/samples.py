"""Helpers over samples: shuffle, resample, class and sample weights.

https://scikit-learn.org/stable/api/sklearn.utils.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, Typed, Value, as_dim
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import rule
from foreshape.semantics.sklearn.splitting import picked
from foreshape.semantics.sklearn.support import consistent, samples_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("sklearn.utils.shuffle", doc="https://scikit-learn.org/stable/modules/generated/sklearn.utils.shuffle.html")
def shuffle(cx: Context, *arrays: Value, random_state: Value | None = None, n_samples: Value | None = None) -> Value:
    """The samples in another order; ValueError for different numbers of them."""
    return _drawn(cx, arrays, n_samples)


@rule("sklearn.utils.resample", doc="https://scikit-learn.org/stable/modules/generated/sklearn.utils.resample.html")
def resample(
    cx: Context,
    *arrays: Value,
    replace: Value | None = None,
    n_samples: Value | None = None,
    random_state: Value | None = None,
    stratify: Value | None = None,
    sample_weight: Value | None = None,
) -> Value:
    return _drawn(cx, arrays, n_samples)


def _drawn(cx: Context, arrays: tuple[Value, ...], n_samples: Value | None) -> Value:
    samples = consistent(cx, tuple(value for value in arrays if given(value)), ("X", "y"))
    count = as_dim(n_samples) if given(n_samples) else samples
    parts: list[Value] = []
    for value in arrays:
        part: Value = (
            value
            if not given(value)
            else (cx.unknown("how many samples there are is not known") if count is None else picked(cx, value, count))
        )
        parts.append(part)
    return parts[0] if len(parts) == 1 else listed("list", parts)


@rule("sklearn.utils.class_weight.compute_class_weight", "sklearn.utils.compute_class_weight")
def compute_class_weight(
    cx: Context, class_weight: Value, *, classes: Value, y: Value, sample_weight: Value | None = None
) -> Value:
    """One weight per class."""
    count = samples_of(cx, classes)
    return made((cx.fresh("classes") if count is None else count,), "float64")


@rule("sklearn.utils.class_weight.compute_sample_weight", "sklearn.utils.compute_sample_weight")
def compute_sample_weight(cx: Context, class_weight: Value, y: Value, *, indices: Value | None = None) -> Value:
    count = samples_of(cx, y)
    return made((cx.fresh("samples") if count is None else count,), "float64")


@rule("sklearn.set_config", "sklearn.config_context")
def set_config(cx: Context, **kwargs: Value) -> Value:
    """``transform_output="pandas"`` makes frames of all results."""
    chosen = kwargs.get("transform_output")
    if chosen is not None and given(chosen):
        cx.set(cx.state("sklearn"), "~output", chosen)
    return cx.unknown("settings")


@rule("sklearn.utils.Bunch.__getitem__")
def bunch_item(cx: Context, self: Value, key: Value) -> Value:
    """An entry by its name."""
    if isinstance(key, Const) and isinstance(key.value, str):
        return cx.get_attribute(self, key.value)
    return cx.unknown("which entry this is cannot be told")


@rule("sklearn.utils.Bunch.get")
def bunch_get(cx: Context, self: Value, key: Value, default: Value | None = None, /) -> Value:
    if isinstance(key, Const) and isinstance(key.value, str):
        return cx.get_attribute(self, key.value, default if default is not None else Const(None))
    return cx.unknown("which entry this is cannot be told")


@rule("sklearn.utils.Bunch.keys", "sklearn.utils.Bunch.__iter__")
def bunch_keys(cx: Context, self: Value) -> Value:
    fields = getattr(self, "fields", {})
    return listed(
        "list",
        [
            Const(key)
            for key, value in fields.items()
            if isinstance(key, str) and isinstance(value, Value) and not key.startswith("~")
        ],
    )


@rule("sklearn.utils.Bunch.__contains__")
def bunch_contains(cx: Context, self: Value, key: Value) -> Value:
    fields = getattr(self, "fields", {})
    return Const(key.value in fields) if isinstance(key, Const) and isinstance(key.value, str) else Typed("bool")
