"""``nn.Parameter``, ``nn.Buffer`` and the lazy ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Value, as_bool, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import BUFFER, NONE, TRUE, made_parameter
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_complex,
    is_floating,
    python_type,
    surely_no_tensor,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def parameter(cx: Context, data: Value = NONE, requires_grad: Value = TRUE) -> Value:
    """A tensor that a module trains. Only floats (and complex ones) can require gradients."""
    if is_none(data):
        return made_parameter((0,))
    if not isinstance(data, Array) or data.kind != "torch":
        if surely_no_tensor(data):
            from foreshape.faults.missing_attribute import MissingAttribute

            kind = python_type(data)
            message = f"'{kind}' object has no attribute 'detach'"
            if isinstance(data, Array):
                message = "'numpy.ndarray' object has no attribute 'detach'"
            raise MissingAttribute(error(cx, "AttributeError", message), values=(data,), owner=kind, attribute="detach")
        return unknown_tensor(cx, data)
    wanted = as_bool(requires_grad)
    if wanted is not False and data.dtype is not None and not (is_floating(data.dtype) or is_complex(data.dtype)):
        message = "Only Tensors of floating point and complex dtype can require gradients"
        raise invalid(
            cx, "RuntimeError", message, "requires_grad", True, data, recover=tensor(cx, data.shape, data.dtype)
        )
    meta = {key: held for key, held in data.meta.items() if key not in ("requires_grad", "grad_fn")}
    meta["parameter"] = True
    if wanted is not False:
        meta["requires_grad"] = True
    made = Array("torch", data.shape, data.dtype, lo=data.lo, hi=data.hi, data=data.data, roles=data.roles, meta=meta)
    made.tainted = data.tainted
    return made


@rule("torch.nn.Buffer", "torch.nn.parameter.Buffer", since="2.5")
def buffer(cx: Context, data: Value = NONE, *, persistent: Value = TRUE) -> Value:
    """A tensor that the module registers as a buffer where it is assigned to it."""
    made = tensor(cx, (0,), "float32") if is_none(data) else data
    if not isinstance(made, Array):
        return made
    return made.replace(meta={**made.meta, BUFFER: as_bool(persistent) is not False})


@rule("torch.nn.UninitializedParameter", "torch.nn.parameter.UninitializedParameter",
      "torch.nn.UninitializedBuffer", "torch.nn.parameter.UninitializedBuffer")  # fmt: skip
def uninitialized(
    cx: Context, requires_grad: Value = TRUE, device: Value | None = None, dtype: Value | None = None
) -> Value:
    """A parameter whose shape the first call decides."""
    return Array("torch", None, None, meta={"parameter": True, "requires_grad": True, "uninitialized": True})
