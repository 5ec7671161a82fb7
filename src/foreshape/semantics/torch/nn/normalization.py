"""Batch, instance, layer, RMS, group and local response normalization as functions.

Follows ``torch/nn/functional.py`` and ``aten/src/ATen/native/{Normalization,layer_norm,group_norm}.cpp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Shape, Typed, Value, as_bool, as_dim, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, NONE, TRUE, ints_of
from foreshape.semantics.torch.nn.common import dtype_fault, feature_fault, rank_fault
from foreshape.semantics.torch.support import (
    check_devices,
    error,
    float_result,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    must_be,
    not_implemented,
    required,
    scalar_name,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

HALVES = ("float16", "bfloat16")
EPS = Const(1e-5)
TENTH = Const(0.1)


def _optional(cx: Context, value: Value, name: str, argument: str) -> Array | None:
    return None if is_none(value) else required(cx, value, name, argument, 0)


def number(value: Value | None) -> float | None:
    """The known Python number that an argument is."""
    found = value.value if isinstance(value, Const) else None
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def one_value(cx: Context, taker: str, message: str, x: Array, count: DimLike) -> Fault:
    """The ValueError for statistics over one value."""
    from foreshape.faults.single_value_norm import SingleValueNorm

    made = tensor(cx, x.shape, x.dtype, x, roles=x.roles)
    return SingleValueNorm(
        error(cx, "ValueError", message), values=(x,), recover=made, taker=taker, count=count, shape=x.shape or ()
    )


# -- batch ------------------------------------------------------------------------------------------------------------


def batch_norm(
    cx: Context,
    taker: str,
    input: Value,
    running_mean: Value,
    running_var: Value,
    weight: Value,
    bias: Value,
    training: bool | None,
    eps: Value,
) -> Value:
    """The input's shape; the statistics have one number per channel (axis 1)."""
    x = required(cx, input, "batch_norm")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x, weight, bias)
    if training:
        _check_batch(cx, taker, x, x.shape)
        epsilon = number(eps)
        if epsilon is not None and epsilon <= 0:
            message = f"batch_norm eps must be positive during training, but got {epsilon}"
            raise invalid(cx, "ValueError", message, "eps", epsilon, x)
    rank = len(x.shape)
    if training is False and (is_none(running_mean) or is_none(running_var)):
        which = "running_mean" if is_none(running_mean) else "running_var"
        message = f"{which} must be defined in evaluation mode"
        raise invalid(cx, "RuntimeError", message, which, None, x)
    if rank == 1 and isinstance(x.shape[0], int) and x.shape[0] == 0:
        return tensor(cx, x.shape, x.dtype, x, weight, bias)
    if rank < 2:
        low = max(rank, 1)
        exception = "IndexError"
        message = f"Dimension out of range (expected to be in range of [-{low}, {low - 1}], but got 1)"
        statistics = running_mean if not is_none(running_mean) else running_var
        if isinstance(statistics, Array) and statistics.shape:
            name = "running_mean" if statistics is running_mean else "running_var"
            exception, message = "RuntimeError", f"{name} should contain 0 elements not {statistics.shape[0]}"
        raise rank_fault(cx, exception, message, taker, x, 2, at_least=True)
    channels = x.shape[1]
    made = tensor(cx, x.shape, x.dtype, x, weight, bias, roles=x.roles)
    others: list[tuple[str, Array]] = []
    named = (("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias))
    for name, value in named:
        held = _optional(cx, value, "batch_norm", name)
        if held is None:
            continue
        others.append((name, held))
        count = None if held.shape is None else product(held.shape)
        if isinstance(x.shape[0], int) and x.shape[0] == 0:
            continue  # an empty batch is given back as it is
        if count is not None and not cx.equal(channels, count):
            message = f"{name} should contain {channels} elements not {count}"
            raise feature_fault(cx, error(cx, "RuntimeError", message), taker, x, count, channels, 1 - rank)
    if is_none(running_mean) is not is_none(running_var):
        message = "running_mean and running_var must either both be None or neither be None"
        raise invalid(cx, "ValueError", message, "running_mean", None, x)
    check_devices(cx, taker, x, *(held for _, held in others))
    _same_dtypes(cx, taker, "batch_norm", x, [held for _, held in others], made)
    return made


def _check_batch(cx: Context, taker: str, x: Array, shape: Shape) -> None:
    if not shape:
        raise rank_fault(cx, "IndexError", "tuple index out of range", "batch_norm", x, 2, at_least=True)
    count: DimLike = product((shape[0], *shape[2:]))
    if isinstance(count, int) and count == 1:
        message = f"Expected more than 1 value per channel when training, got input size torch.Size({shown(shape)})"
        raise one_value(cx, taker, message, x, count)


def _same_dtypes(cx: Context, taker: str, kernel: str, x: Array, others: list[Array], made: Array) -> None:
    """All of one dtype; halves may have parameters of float32."""
    fault: Fault | None = None
    kinds = {other.dtype for other in others} - {None}
    if x.dtype is None:
        return
    if is_integral(x.dtype) and kernel == "batch_norm":
        fault = not_implemented(cx, kernel, x, taker)
    elif x.dtype in HALVES and kinds <= {"float32", x.dtype}:
        return
    elif any(kind != x.dtype for kind in kinds):
        message = "mixed dtype (CPU): all inputs must share same datatype."
        odd = next(other for other in others if other.dtype not in (None, x.dtype))
        if x.dtype == "float32":
            message = "mixed dtype (CPU): expect parameter to have scalar type of Float"
        fault = dtype_fault(cx, "RuntimeError", message, taker, x, odd, wanted=odd.dtype)
    if fault is not None:
        fault.recover = made
        raise fault


@rule("torch.nn.functional.batch_norm")
def batch_norm_function(
    cx: Context,
    input: Value,
    running_mean: Value,
    running_var: Value,
    weight: Value = NONE,
    bias: Value = NONE,
    training: Value = FALSE,
    momentum: Value = TENTH,
    eps: Value = EPS,
) -> Value:
    """(batch, channels, ...) to the same."""
    return batch_norm(cx, "batch_norm", input, running_mean, running_var, weight, bias, as_bool(training), eps)


@rule("torch.batch_norm")
def torch_batch_norm(
    cx: Context,
    input: Value,
    weight: Value,
    bias: Value,
    running_mean: Value,
    running_var: Value,
    training: Value,
    momentum: Value,
    eps: Value,
    cudnn_enabled: Value,
) -> Value:
    """(batch, channels, ...) to the same."""
    return batch_norm(cx, "batch_norm", input, running_mean, running_var, weight, bias, False, eps)


# -- instance ---------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.instance_norm")
def instance_norm(
    cx: Context,
    input: Value,
    running_mean: Value = NONE,
    running_var: Value = NONE,
    weight: Value = NONE,
    bias: Value = NONE,
    use_input_stats: Value = TRUE,
    momentum: Value = TENTH,
    eps: Value = EPS,
) -> Value:
    """(batch, channels, ...) to the same: statistics per sample and channel."""
    taker = "instance_norm"
    x = required(cx, input, "instance_norm")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x, weight, bias)
    own = as_bool(use_input_stats)
    if own is not False and own is not None:
        count: DimLike = product(x.shape[2:])
        if isinstance(count, int) and count == 1:
            message = f"Expected more than 1 spatial element when training, got input size torch.Size({shown(x.shape)})"
            raise one_value(cx, taker, message, x, count)
    elif own is False and (is_none(running_mean) or is_none(running_var)):
        message = "Expected running_mean and running_var to be defined when use_input_stats is false"
        raise invalid(cx, "RuntimeError", message, "use_input_stats", False, x)
    rank = len(x.shape)
    if rank < 2:
        low = max(rank, 1)
        message = f"Dimension out of range (expected to be in range of [-{low}, {low - 1}], but got 1)"
        raise rank_fault(cx, "IndexError", message, "instance_norm", x, 3, at_least=True)
    made = tensor(cx, x.shape, x.dtype, x, weight, bias, roles=x.roles)
    batch, channels = x.shape[:2]
    others = []
    named = (("weight", weight), ("bias", bias), ("running_mean", running_mean), ("running_var", running_var))
    for name, value in named:
        held = _optional(cx, value, "instance_norm", name)
        if held is None:
            continue
        others.append(held)
        count_held = None if held.shape is None else product(held.shape)
        if count_held is not None and not cx.equal(channels, count_held):
            message = f"{name} should contain {batch * channels} elements not {batch * count_held}"
            raise feature_fault(
                cx, error(cx, "RuntimeError", message), "instance_norm", x, count_held, channels, 1 - rank
            )
    if is_none(running_mean):
        _same_dtypes(cx, "instance_norm", "batch_norm", x, others, made)
    return made


# -- layer and RMS ----------------------------------------------------------------------------------------------------


def _normalized(cx: Context, value: Value, name: str) -> Shape | None:
    items = ints_of(value)
    if items is None:
        if isinstance(value, (Const, Typed)) or as_dim(value) is not None:
            raise must_be(cx, name, "normalized_shape", 2, "tuple of ints", value)
        return None
    sizes = [as_dim(item) for item in items]
    return tuple(cx.fresh(lo=0) if size is None else cx.resolve(size) for size in sizes)


def layer_norm(
    cx: Context, name: str, taker: str, input: Value, normalized_shape: Value, weight: Value, bias: Value
) -> Value:
    """The input's shape; its last axes must be ``normalized_shape``."""
    x = required(cx, input, name)
    if x is None:
        return unknown_tensor(cx, input)
    shape = _normalized(cx, normalized_shape, name)
    if x.shape is None or shape is None:
        return tensor(cx, x.shape, x.dtype, x, weight, bias)
    rms = name == "rms_norm"
    if rms and len(shape) > len(x.shape):
        message = f"Input tensor must have at least {len(shape)} dimensions, but got {len(x.shape)}"
        raise rank_fault(cx, "ValueError", message, taker, x, len(shape), at_least=True)
    arrays = {"weight": _optional(cx, weight, name, "weight"), "bias": _optional(cx, bias, name, "bias")}
    others = [held for held in arrays.values() if held is not None]
    made = tensor(cx, x.shape, x.dtype, x, weight, bias, roles=x.roles)
    if not rms:
        _same_dtypes(cx, taker, "layer_norm", x, others, made)
    if not shape:
        message = (
            "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got "
            "normalized_shape = []"
        )
        raise invalid(cx, "RuntimeError", message, "normalized_shape", "()", x)
    for part, held in arrays.items():
        if held is not None and held.shape is not None:
            fits = len(held.shape) == len(shape) and all(cx.equal(a, b) for a, b in zip(held.shape, shape))
            if not fits:
                message = (
                    f"Expected {part} to be of same shape as normalized_shape, but got {part} of shape {shown(held.shape)} "
                    f"and normalized_shape = {shown(shape)}"
                )
                raise invalid(cx, "RuntimeError", message, part, shown(held.shape), held)
    _last_axes(cx, taker, x, shape, rms)
    check_devices(cx, taker, x, *others)
    if rms:
        if is_integral(x.dtype):
            raise not_implemented(cx, "rms_norm", x, taker, recover=made)
        return made
    if is_integral(x.dtype):
        raise not_implemented(cx, "LayerNormKernelImpl", x, taker, recover=made)
    return made


def _last_axes(cx: Context, taker: str, x: Array, shape: Shape, rms: bool) -> None:
    assert x.shape is not None
    last = x.shape[len(x.shape) - len(shape) :] if len(shape) <= len(x.shape) else None
    odd = None
    if last is not None:
        odd = next((k for k, (a, b) in enumerate(zip(last, shape)) if not cx.equal(a, b)), None)
        if odd is None:
            return
    listed = ", ".join(map(str, shape))
    star = "*" if rms else "*, "
    message = (
        f"Given normalized_shape={shown(shape)}, expected input with shape [{star}{listed}], but got input of "
        f"size{shown(x.shape)}"
    )
    if last is None or odd is None:
        raise rank_fault(cx, "RuntimeError", message, taker, x, len(shape), at_least=True)
    raise feature_fault(cx, error(cx, "RuntimeError", message), taker, x, shape[odd], last[odd], odd - len(shape))


@rule("torch.nn.functional.layer_norm", "torch.layer_norm")
def layer_norm_function(
    cx: Context,
    input: Value,
    normalized_shape: Value,
    weight: Value = NONE,
    bias: Value = NONE,
    eps: Value = EPS,
    *cudnn: Value,
) -> Value:
    """(..., *normalized_shape) to the same."""
    return layer_norm(cx, "layer_norm", "layer_norm", input, normalized_shape, weight, bias)


@rule("torch.nn.functional.rms_norm", "torch.rms_norm", since="2.4")
def rms_norm_function(
    cx: Context, input: Value, normalized_shape: Value, weight: Value = NONE, eps: Value = NONE
) -> Value:
    """(..., *normalized_shape) to the same."""
    return layer_norm(cx, "rms_norm", "rms_norm", input, normalized_shape, weight, NONE)


# -- group ------------------------------------------------------------------------------------------------------------


def group_norm(cx: Context, taker: str, input: Value, num_groups: Value, weight: Value, bias: Value) -> Value:
    """(batch, channels, ...) to the same: statistics per sample and group of channels."""
    x = required(cx, input, "group_norm")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x, weight, bias)
    rank, groups = len(x.shape), as_dim(num_groups)
    if rank < 2:
        message = f"Expected at least 2 dimensions for input tensor but received {rank}"
        raise rank_fault(cx, "RuntimeError", message, taker, x, 2, at_least=True)
    made = tensor(cx, x.shape, x.dtype, x, weight, bias, roles=x.roles)
    channels = x.shape[1]
    if isinstance(groups, int):
        if groups == 0:
            raise invalid(cx, "ZeroDivisionError", "integer division or modulo by zero", "num_groups", 0, x)
        _check_group_size(cx, taker, x, groups)
        if groups < 0:
            message = f"Expected num groups to be greater than 0, got {groups}"
            raise invalid(cx, "RuntimeError", message, "num_groups", groups, x)
        if isinstance(channels, int) and channels % groups:
            message = (
                f"Expected number of channels in input to be divisible by num_groups, but got input of shape "
                f"{shown(x.shape)} and num_groups={groups}"
            )
            raise invalid(cx, "RuntimeError", message, "num_groups", groups, x)
    others = []
    for part, value in (("weight", weight), ("bias", bias)):
        held = _optional(cx, value, "group_norm", part)
        if held is None or held.shape is None:
            continue
        others.append(held)
        if len(held.shape) != 1 or not cx.equal(channels, held.shape[0]):
            text = shown(held.shape) if part == "weight" else "[0]"
            message = (
                f"Expected {part} to be a vector of size equal to the number of channels in input, but got {part} of shape "
                f"{text} and input of shape {shown(x.shape)}"
            )
            needs = held.shape[0] if held.shape else 1
            raise feature_fault(cx, error(cx, "RuntimeError", message), taker, x, needs, channels, 1 - rank)
    _same_dtypes(cx, taker, "group_norm", x, others, made)
    if is_integral(x.dtype):
        raise not_implemented(cx, "GroupNormKernelImpl", x, taker, recover=made)
    return made


def _check_group_size(cx: Context, taker: str, x: Array, groups: int) -> None:
    assert x.shape is not None
    batch, channels = x.shape[:2]
    if not isinstance(batch, int) or not isinstance(channels, int):
        return
    rest = product(x.shape[2:])
    first = batch * channels // groups
    if isinstance(rest, int) and first * rest == 1:
        listed = ", ".join(map(str, (first, groups, *x.shape[2:])))
        message = f"Expected more than 1 value per channel when training, got input size [{listed}]"
        raise one_value(cx, taker, message, x, 1)


@rule("torch.nn.functional.group_norm")
def group_norm_function(
    cx: Context, input: Value, num_groups: Value, weight: Value = NONE, bias: Value = NONE, eps: Value = EPS
) -> Value:
    """(batch, channels, ...) to the same."""
    return group_norm(cx, "group_norm", input, num_groups, weight, bias)


@rule("torch.group_norm")
def torch_group_norm(
    cx: Context,
    input: Value,
    num_groups: Value,
    weight: Value = NONE,
    bias: Value = NONE,
    eps: Value = EPS,
    cudnn_enabled: Value = TRUE,
) -> Value:
    """(batch, channels, ...) to the same."""
    return group_norm(cx, "group_norm", input, num_groups, weight, bias)


# -- others -----------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.local_response_norm")
def local_response_norm(
    cx: Context,
    input: Value,
    size: Value,
    alpha: Value = Const(1e-4),  # noqa: B008
    beta: Value = Const(0.75),  # noqa: B008
    k: Value = Const(1.0),  # noqa: B008
) -> Value:
    """(batch, channels, ...) to the same."""
    x = required(cx, input, "mul")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is not None and len(x.shape) < 3:
        message = f"Expected 3D or higher dimensionality                          input (got {len(x.shape)} dimensions)"
        raise rank_fault(cx, "ValueError", message, "LocalResponseNorm", x, 3, at_least=True)
    empty = x.shape is not None and any(isinstance(one, int) and one == 0 for one in x.shape)
    floats = float_result(cx, x.dtype)
    # integers without elements stay what they are
    dtype = x.dtype if empty else floats if x.shape is not None or floats == x.dtype else None
    return tensor(cx, x.shape, dtype, x, roles=x.roles)


@rule("torch.nn.functional.normalize")
def normalize(
    cx: Context,
    input: Value,
    p: Value = Const(2.0),  # noqa: B008
    dim: Value = Const(1),  # noqa: B008
    eps: Value = Const(1e-12),  # noqa: B008
    out: Value = NONE,
) -> Value:
    """The input divided by its norm along an axis: the same shape."""
    from foreshape.semantics.torch.support import axis_in

    x = required(cx, input, "normalize")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    made = tensor(cx, x.shape, x.dtype, x, roles=x.roles)
    if x.dtype is not None and not is_floating(x.dtype) and not is_complex(x.dtype):
        message = "linalg.vector_norm: Expected a floating point or complex tensor as input. Got " + scalar_name(
            x.dtype
        )
        fault = dtype_fault(cx, "RuntimeError", message, "normalize", x)
        fault.recover = made
        raise fault
    axes = ints_of(dim)
    for item in axes if axes is not None else (dim,):
        axis = as_dim(item)
        if isinstance(axis, int):
            axis_in(cx, "normalize", axis, len(x.shape), x)
    return made
