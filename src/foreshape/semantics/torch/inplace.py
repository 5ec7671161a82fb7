"""Tensors that are changed in place: what may be written, what fits, and who sees it."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.compare import eq
from foreshape.domain.dim import product
from foreshape.domain.values import Array, Instance, Sequence, Value
from foreshape.semantics.torch.recorded import keeps_result
from foreshape.semantics.torch.support import (
    can_cast,
    check_devices,
    error,
    grad_enabled,
    is_leaf,
    items_of,
    must_be,
    requires_grad,
    scalar_name,
    shown,
    strides_of,
    surely_no_tensor,
    without_values,
    wrong_dtype,
    wrong_gradient,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def check_writable(cx: Context, taker: str, x: Array) -> None:
    """RuntimeError for a leaf that requires gradients, and for a tensor that was expanded."""
    if requires_grad(x) and grad_enabled(cx):
        view = x.meta.get("base")
        if is_leaf(x):
            message = "a leaf Variable that requires grad is being used in an in-place operation."
            raise wrong_gradient(cx, message, taker, "leaf", x, recover=x)
        if isinstance(view, Array) and requires_grad(view) and is_leaf(view):
            message = "a view of a leaf Variable that requires grad is being used in an in-place operation."
            raise wrong_gradient(cx, message, taker, "leaf", x, recover=x)


def check_single_memory(cx: Context, x: Array) -> None:
    """RuntimeError where one element in memory stands for several (after ``expand``)."""
    strides = strides_of(x)
    if "strides" not in x.meta or strides is None or x.shape is None:
        return
    if any(stride == 0 and eq(size, 1, cx.facts).is_no for size, stride in zip(x.shape, strides)):
        from foreshape.faults.invalid_argument import InvalidArgument

        if eq(product(x.shape), 0, cx.facts).is_yes:
            return
        message = (
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )
        raise InvalidArgument(
            error(cx, "RuntimeError", message), values=(x,), recover=x, argument="self", given="an expanded tensor"
        )


def write_back(cx: Context, taker: str, target: Array, result: Value | None, sources: SequenceOf[Value] = ()) -> Value:
    """``target`` holds ``result`` from now on: same shape, dtype that can be cast. None: nothing is known of it."""
    if not isinstance(result, Array):
        return changed(cx, target, without_values(target))
    check_single_memory(cx, target)
    if not can_cast(result.dtype, target.dtype):
        message = (
            f"result type {scalar_name(result.dtype)} can't be cast to the desired output type "
            f"{scalar_name(target.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, taker, target, result, wanted=target.dtype, recover=target)
    if result.shape is not None and target.shape is not None:
        fits = len(result.shape) == len(target.shape)
        if not fits or not all(cx.equal(a, b) for a, b in zip(result.shape, target.shape)):
            from foreshape.faults.broadcast_mismatch import BroadcastMismatch

            message = f"output with shape {shown(target.shape)} doesn't match the broadcast shape {shown(result.shape)}"
            raise BroadcastMismatch(
                error(cx, "RuntimeError", message), values=(target, *sources), recover=target, taker=taker,
                shapes=(target.shape, *(one.shape for one in sources if isinstance(one, Array) and one.shape is not None)),
            )  # fmt: skip
    same_kind = result.dtype == target.dtype
    after = target.replace(
        lo=result.lo if same_kind else None, hi=result.hi if same_kind else None,
        data=result.data if same_kind else None, meta=_tracked(cx, target, result),
    )  # fmt: skip
    after.tainted = target.tainted or result.tainted
    return changed(cx, target, after)


def _tracked(cx: Context, target: Array, result: Array) -> dict[str, Any]:
    meta = {key: value for key, value in target.meta.items() if key != "loose"}
    if result.meta.get("loose"):
        meta["loose"] = True
    if requires_grad(result) and not requires_grad(target):
        meta["requires_grad"] = meta["grad_fn"] = True
    return meta


def changed(cx: Context, before: Array, after: Array) -> Array:
    """Whatever holds ``before`` holds ``after`` now; the tensor that it is a view of forgets its values."""
    base = before.meta.get("base")
    if keeps_result(before) and "spoiled" not in after.meta:
        after.meta = {**after.meta, "spoiled": before}
    cx.rebind(before, after)
    if isinstance(base, Array) and (base.lo is not None or base.hi is not None or base.data is not None):
        cx.rebind(base, without_values(base))
    return after


def write_out(cx: Context, taker: str, result: Value, out: Value, sources: SequenceOf[Array]) -> Value:
    """``out=``: it takes the shape of the result, and its dtype must hold the result."""
    if isinstance(result, (Sequence, Instance)):
        return _write_outs(cx, taker, result, out, sources)
    if surely_no_tensor(out):
        raise must_be(cx, taker, "out", 0, "Tensor", out)
    if not isinstance(out, Array) or not isinstance(result, Array):
        return result
    if any(map(requires_grad, (*sources, out))) and grad_enabled(cx):
        from foreshape.faults.invalid_argument import InvalidArgument

        message = (
            f"{taker}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
        raise InvalidArgument(
            error(cx, "RuntimeError", message), values=(out,), recover=out, argument="out", given="requires_grad=True"
        )
    check_devices(cx, taker, *sources, out)
    check_single_memory(cx, out)
    _check_apart(cx, taker, out, sources)
    _check_exact(cx, taker, out, result)
    if taker == "complex" and result.dtype is not None and out.dtype is not None and result.dtype != out.dtype:
        message = (
            f"Expected object of scalar type {scalar_name(result.dtype)} but got scalar type {scalar_name(out.dtype)} for "
            "argument 'out'"
        )
        raise wrong_dtype(cx, "RuntimeError", message, taker, out, wanted=result.dtype, recover=out)
    if not can_cast(result.dtype, out.dtype):
        message = (
            f"result type {scalar_name(result.dtype)} can't be cast to the desired output type {scalar_name(out.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, taker, out, result, wanted=out.dtype, recover=out)
    same = out.shape is not None and result.shape is not None and len(out.shape) == len(result.shape)
    same = same and all(eq(a, b, cx.facts).is_yes for a, b in zip(out.shape or (), result.shape or ()))
    meta = {key: value for key, value in out.meta.items() if key != "loose"}
    if result.meta.get("loose"):
        meta["loose"] = True
    if not same:
        meta.pop("strides", None)
    kept = result.dtype == out.dtype
    after = out.replace(
        shape=result.shape, lo=result.lo if kept else None, hi=result.hi if kept else None,
        data=result.data if kept else None, roles=result.roles, meta=meta,
    )  # fmt: skip
    after.tainted = result.tainted
    return changed(cx, out, after)


APART: Final = frozenset({
    "gather", "take", "masked_select", "index_select", "take_along_dim", "kthvalue", "median", "nanmedian", "cross", "nonzero",
    "outer", "ger",
})  # fmt: skip
"""Functions that do not write to one of their own inputs."""
EXACT: Final = frozenset({"gather", "aminmax", "multinomial"})
"""Functions whose ``out`` must have the very dtype of the result."""


def _check_apart(cx: Context, taker: str, out: Array, sources: SequenceOf[Array]) -> None:
    if taker not in APART or not any(source is out for source in sources):
        return
    from foreshape.faults.invalid_argument import InvalidArgument

    message = (
        "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory "
        "location. Please clone() the tensor before performing the operation."
    )
    raise InvalidArgument(
        error(cx, "RuntimeError", message), values=(out,), recover=out, argument="out", given="one of the inputs"
    )


def _check_exact(cx: Context, taker: str, out: Array, result: Array) -> None:
    if taker not in EXACT or out.dtype is None or result.dtype is None or out.dtype == result.dtype:
        return
    names = {"float32": "float", "float64": "double", "int64": "long int", "int32": "int", "float16": "c10::Half"}
    wanted, got = names.get(result.dtype, result.dtype), names.get(out.dtype, out.dtype)
    message = f"Expected out tensor to have dtype {wanted}, but got {got} instead"
    if taker == "multinomial":
        message = f"multinomial expects {scalar_name(result.dtype)} tensor out, got: {scalar_name(out.dtype)}"
    raise wrong_dtype(cx, "RuntimeError", message, taker, out, wanted=result.dtype, recover=out)


def _write_outs(cx: Context, taker: str, result: Sequence | Instance, out: Value, sources: SequenceOf[Array]) -> Value:
    outs = items_of(out)
    contents = cx.iterate(result)
    results = None if contents is None else contents.items(16)
    if outs is not None and results is not None and len(outs) == len(results):
        for one, place in zip(results, outs):
            write_out(cx, taker, one, place, sources)
    return result
