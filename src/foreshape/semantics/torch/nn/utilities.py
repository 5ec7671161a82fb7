"""``torch.nn.utils``: gradients that are clipped, parameters as one vector, weights that are normed.

What norms weights leaves a module that works as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Instance, Value
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, NONE
from foreshape.semantics.torch.nn.demands import TWO_F
from foreshape.semantics.torch.support import tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

UTILS: Final = "torch.nn.utils"


def _arrays(cx: Context, parameters: Value) -> tuple[Array, ...] | None:
    """The tensors of an iterable, or the one that was given."""
    if isinstance(parameters, Array):
        return (parameters,)
    contents: Contents | None = cx.iterate(parameters)
    items = None if contents is None else contents.items()
    if items is None or not all(isinstance(item, Array) for item in items):
        return None
    return tuple(item for item in items if isinstance(item, Array))


@rule(f"{UTILS}.clip_grad_norm_", f"{UTILS}.clip_grad_norm", f"{UTILS}.clip_grad.clip_grad_norm_")
def clip_grad_norm_(
    cx: Context, parameters: Value, max_norm: Value, norm_type: Value = TWO_F, error_if_nonfinite: Value = FALSE,
    foreach: Value | None = None,
) -> Value:  # fmt: skip
    """The norm of all gradients before they were cut."""
    found = _arrays(cx, parameters)
    return tensor(cx, (), found[0].dtype if found else "float32", *(found or ())[:1], lo=0.0, differentiable=False)


@rule(f"{UTILS}.clip_grad_value_", f"{UTILS}.clip_grad.clip_grad_value_")
def clip_grad_value_(cx: Context, parameters: Value, clip_value: Value, foreach: Value | None = None) -> Value:
    """In place."""
    return NONE


@rule(f"{UTILS}.clip_grads_with_norm_")
def clip_grads_with_norm_(
    cx: Context, parameters: Value, max_norm: Value, total_norm: Value, foreach: Value | None = None
) -> Value:
    """In place."""
    return NONE


@rule(f"{UTILS}.get_total_norm")
def get_total_norm(
    cx: Context, tensors: Value, norm_type: Value = TWO_F, error_if_nonfinite: Value = FALSE,
    foreach: Value | None = None,
) -> Value:  # fmt: skip
    """One number."""
    found = _arrays(cx, tensors)
    return tensor(cx, (), found[0].dtype if found else "float32", *(found or ()), lo=0.0)


@rule(f"{UTILS}.parameters_to_vector")
def parameters_to_vector(cx: Context, parameters: Value) -> Value:
    """All numbers in one row."""
    found = _arrays(cx, parameters)
    if found is None or any(one.shape is None for one in found):
        return tensor(cx, (cx.fresh(lo=0),), None if not found else found[0].dtype, *(found or ()))
    total: DimLike = 0
    for one in found:
        size: DimLike = 1
        for dim in one.shape or ():
            size = size * dim
        total = total + size
    return tensor(cx, (total,), found[0].dtype if found else "float32", *found)


@rule(f"{UTILS}.vector_to_parameters")
def vector_to_parameters(cx: Context, vec: Value, parameters: Value) -> Value:
    """In place."""
    return NONE


def _same_module(name: str) -> None:
    @rule(f"{UTILS}.{name}")
    def norm(cx: Context, module: Value, *args: Value, **kwargs: Value) -> Value:
        """The module, with its weight computed from other parameters: those are not modelled."""
        if isinstance(module, Instance):
            cx.set(module, "~more", True)
        return module


for _name in (
    "weight_norm", "spectral_norm", "remove_weight_norm", "remove_spectral_norm", "parametrizations.weight_norm",
    "parametrizations.spectral_norm", "parametrizations.orthogonal", "parametrize.register_parametrization",
    "parametrize.remove_parametrizations", "prune.l1_unstructured", "prune.random_unstructured", "prune.ln_structured",
    "prune.remove",
):  # fmt: skip
    _same_module(_name)


@rule(f"{UTILS}.skip_init")
def skip_init(cx: Context, module_cls: Value, *args: Value, **kwargs: Value) -> Value:
    """A module whose weights are not filled."""
    return cx.call(module_cls, args, kwargs)
