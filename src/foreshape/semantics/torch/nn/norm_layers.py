"""The normalization modules. Follows ``torch/nn/modules/{batchnorm,instancenorm,normalization}.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Typed,
    Value,
    as_bool,
    as_dim,
    int_value,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import (
    FALSE,
    MODULE,
    NONE,
    TRUE,
    ZERO,
    Factory,
    add_buffer,
    add_parameter,
    factory,
    forward_rule,
    init_module,
    ints_of,
    kept,
    made_buffer,
    training,
)
from foreshape.semantics.torch.nn.common import check_sizes, feature_fault, parameter_sizes, rank_fault
from foreshape.semantics.torch.nn.conv_layers import type_of, uninitialized
from foreshape.semantics.torch.nn.normalization import (
    EPS,
    TENTH,
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
    local_response_norm,
)
from foreshape.semantics.torch.support import error, invalid, items_of, python_type, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BATCH = library_type("torch.nn.modules.batchnorm._BatchNorm", MODULE)
INSTANCE = library_type("torch.nn.modules.instancenorm._InstanceNorm", MODULE)


def init_norm(
    cx: Context,
    self: Instance,
    num_features: Value,
    eps: Value,
    momentum: Value,
    affine: Value,
    track: Value,
    device: Value | None,
    dtype: Value | None,
    bias: Value = TRUE,
) -> None:
    """One weight, bias, mean and variance per channel, as far as they are wanted."""
    init_module(cx, self)
    kept(cx, self, num_features=num_features, eps=eps, momentum=momentum, affine=affine, track_running_stats=track)
    made = factory(cx, dtype, device)
    affine_, track_ = as_bool(affine) is not False, as_bool(track) is not False
    shape = None
    if affine_ or track_:
        if as_dim(num_features) is None and isinstance(num_features, (Const, Typed)):
            kind = python_type(num_features)
            if kind not in ("int", "bool"):
                message = f"empty(): argument 'size' (position 1) must be tuple of ints, not {kind}"
                raise invalid(cx, "TypeError", message, "num_features", cx.text(num_features), num_features)
        shape = parameter_sizes(cx, items_of(num_features) or (num_features,))
        check_sizes(cx, shape)
    if affine_:
        add_parameter(cx, self, "weight", shape, made)
    else:
        cx.set(self, "weight", Const(None))
    if affine_ and as_bool(bias) is not False:
        add_parameter(cx, self, "bias", shape, made)
    else:
        cx.set(self, "bias", Const(None))
    _statistics(cx, self, shape if track_ else None, track_, made)


def _statistics(cx: Context, self: Instance, shape: tuple[object, ...] | None, wanted: bool, made: Factory) -> None:
    for name in ("running_mean", "running_var"):
        value: Value = made_buffer(shape, made.dtype, made.device) if wanted else Const(None)  # type: ignore[arg-type]
        add_buffer(cx, self, name, value)
    count: Value = made_buffer((), "int64", made.device) if wanted else Const(None)
    add_buffer(cx, self, "num_batches_tracked", count)


@rule("torch.nn.modules.batchnorm._BatchNorm.__init__", "torch.nn.SyncBatchNorm.__init__")
def batch_init(
    cx: Context,
    self: Instance,
    num_features: Value,
    eps: Value = EPS,
    momentum: Value = TENTH,
    affine: Value = TRUE,
    track_running_stats: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
    *,
    bias: Value = TRUE,
) -> Value:
    """Statistics per channel over the batch and all other axes."""
    init_norm(cx, self, num_features, eps, momentum, affine, track_running_stats, device, dtype, bias)
    return NONE


@rule("torch.nn.modules.instancenorm._InstanceNorm.__init__")
def instance_init(
    cx: Context,
    self: Instance,
    num_features: Value,
    eps: Value = EPS,
    momentum: Value = TENTH,
    affine: Value = FALSE,
    track_running_stats: Value = FALSE,
    device: Value | None = None,
    dtype: Value | None = None,
    *,
    bias: Value = TRUE,
) -> Value:
    """Statistics per sample and channel."""
    init_norm(cx, self, num_features, eps, momentum, affine, track_running_stats, device, dtype, bias)
    return NONE


@rule("torch.nn.modules.batchnorm._BatchNorm.reset_running_stats", "torch.nn.modules.batchnorm._BatchNorm.reset_parameters",
      "torch.nn.modules.instancenorm._InstanceNorm.reset_parameters")  # fmt: skip
def norm_reset(cx: Context, self: Instance) -> Value:
    """Changes no shape."""
    return NONE


def batch_forward(cx: Context, self: Instance, input: Value) -> Value:
    """``F.batch_norm`` with the module's own statistics."""
    held = self.fields
    mode, track = training(self), as_bool(held.get("track_running_stats"))
    use = mode is not True or track is not False
    mean = held.get("running_mean", NONE) if use else NONE
    var = held.get("running_var", NONE) if use else NONE
    own: bool | None = mode
    if mode is False:
        own = is_none(held.get("running_mean")) and is_none(held.get("running_var"))
    return batch_norm(
        cx, type_of(self), input, mean, var, held.get("weight", NONE), held.get("bias", NONE), own, held["eps"]
    )


def check_rank(cx: Context, self: Instance, input: Value, ranks: tuple[int, ...]) -> None:
    """ValueError for another number of axes; AttributeError for what is no tensor."""
    from foreshape.semantics.torch.support import surely_no_tensor

    if surely_no_tensor(input) and not isinstance(input, Array):
        from foreshape.faults.missing_attribute import MissingAttribute

        kind = python_type(input)
        message = f"'{kind}' object has no attribute 'dim'"
        raise MissingAttribute(error(cx, "AttributeError", message), values=(input,), owner=kind, attribute="dim")
    if isinstance(input, Array) and input.shape is not None and len(input.shape) not in ranks:
        words = " or ".join(f"{rank}D" for rank in ranks)
        message = f"expected {words} input (got {len(input.shape)}D input)"
        raise rank_fault(cx, "ValueError", message, type_of(self), input, ranks[-1])


def _batch(n: int) -> None:
    name = library_type(f"torch.nn.BatchNorm{n}d", BATCH)
    ranks = (2, 3) if n == 1 else (n + 2,)

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to the same."""
        check_rank(cx, self, input, ranks)
        return batch_forward(cx, self, input)

    lazy = library_type(f"torch.nn.LazyBatchNorm{n}d", name)
    _lazy(lazy, ranks, False)


def _lazy(name: str, ranks: tuple[int, ...], instance: bool) -> None:
    @rule(f"{name}.__init__")
    def lazy_init(
        cx: Context,
        self: Instance,
        eps: Value = EPS,
        momentum: Value = TENTH,
        affine: Value = TRUE,
        track_running_stats: Value = TRUE,
        device: Value | None = None,
        dtype: Value | None = None,
        *,
        bias: Value = TRUE,
    ) -> Value:
        """A normalization whose number of channels is that of the first input."""
        init_norm(cx, self, ZERO, eps, momentum, affine, track_running_stats, device, dtype, bias)
        made = factory(cx, dtype, device)
        for part in ("weight", "bias"):
            if isinstance(self.fields[part], Array):
                cx.set(self, part, uninitialized(made))
        cx.set(self, "~waiting", True)
        return NONE

    @forward_rule(f"{name}.forward")
    def lazy_forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to the same."""
        check_rank(cx, self, input, ranks)
        if self.fields.get("~waiting"):
            if not isinstance(input, Array) or input.shape is None:
                return unknown_tensor(cx, input)
            _settle(cx, self, input)
        return instance_forward(cx, self, input, ranks[-1] - 2) if instance else batch_forward(cx, self, input)


def _settle(cx: Context, self: Instance, input: Array) -> None:
    assert input.shape is not None
    size = input.shape[1]
    cx.set(self, "num_features", int_value(size))
    cx.set(self, "~waiting", None)
    for part in ("weight", "bias"):
        held = self.fields[part]
        if isinstance(held, Array):
            add_parameter(cx, self, part, (size,), Factory(held.dtype, held.meta.get("device")))
    for part in ("running_mean", "running_var"):
        held = self.fields[part]
        if isinstance(held, Array):
            cx.set(self, part, made_buffer((size,), held.dtype, held.meta.get("device")))


def instance_forward(cx: Context, self: Instance, input: Value, n: int) -> Value:
    """``F.instance_norm``; an input without a batch gets one."""
    held = self.fields
    if not isinstance(input, Array) or input.shape is None:
        return unknown_tensor(cx, input)
    rank = len(input.shape)
    features, axis = as_dim(held.get("num_features")), rank - n - 1
    if features is not None and as_bool(held.get("affine")) and not cx.equal(input.shape[axis], features):
        message = (
            f"expected input's size at dim={axis} to match num_features ({features}), but got: {input.shape[axis]}."
        )
        raise feature_fault(
            cx, error(cx, "ValueError", message), type_of(self), input, features, input.shape[axis], axis - rank
        )
    x: Value = input
    if rank == n + 1:
        x = tensor(cx, (1, *input.shape), input.dtype, input)
    own = training(self) is not False or as_bool(held.get("track_running_stats")) is False
    made = instance_norm(
        cx, x, held.get("running_mean", NONE), held.get("running_var", NONE), held.get("weight", NONE),
        held.get("bias", NONE), Const(own),
    )  # fmt: skip
    if rank == n + 1 and isinstance(made, Array) and made.shape is not None:
        return tensor(cx, made.shape[1:], made.dtype, made)
    return made


def _instance(n: int) -> None:
    name = library_type(f"torch.nn.InstanceNorm{n}d", INSTANCE)
    ranks = (n + 1, n + 2)

    @forward_rule(f"{name}.forward")
    def forward(cx: Context, self: Instance, input: Value) -> Value:
        """(batch, channels, ...) to the same; the batch axis may be missing."""
        check_rank(cx, self, input, ranks)
        return instance_forward(cx, self, input, n)

    _lazy(library_type(f"torch.nn.LazyInstanceNorm{n}d", name), ranks, True)


library_type("torch.nn.SyncBatchNorm", BATCH)


@forward_rule("torch.nn.SyncBatchNorm.forward")
def sync_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, ...) to the same."""
    return batch_forward(cx, self, input)


@rule("torch.nn.SyncBatchNorm.convert_sync_batchnorm")
def convert_sync(cx: Context, cls: Value, module: Value, process_group: Value = NONE) -> Value:
    """The module with its batch normalizations replaced: the same shapes."""
    return module


for _n in (1, 2, 3):
    _batch(_n)
    _instance(_n)


# -- layer, RMS, group, local response --------------------------------------------------------------------------------


def _init_layer(
    cx: Context, self: Instance, normalized_shape: Value, eps: Value, affine: Value, bias: Value, made: Factory
) -> None:
    init_module(cx, self)
    one = as_dim(normalized_shape)
    items = (normalized_shape,) if one is not None else ints_of(normalized_shape)
    if items is None and isinstance(normalized_shape, Typed) and normalized_shape.kind == "int":
        items = (normalized_shape,)
    if items is None and isinstance(normalized_shape, (Const, Typed)):
        message = f"'{python_type(normalized_shape)}' object is not iterable"
        raise invalid(cx, "TypeError", message, "normalized_shape", cx.text(normalized_shape), normalized_shape)
    shape = None if items is None else parameter_sizes(cx, items)
    value = normalized_shape if items is None else Sequence("tuple", Contents(items))
    kept(cx, self, normalized_shape=value, eps=eps, elementwise_affine=affine)
    if as_bool(affine) is False:
        cx.set(self, "weight", Const(None))
        cx.set(self, "bias", Const(None))
        return
    add_parameter(cx, self, "weight", shape, made)
    if as_bool(bias) is False:
        cx.set(self, "bias", Const(None))
    else:
        add_parameter(cx, self, "bias", shape, made)


@rule(library_type("torch.nn.LayerNorm", MODULE) + ".__init__")
def layer_init(
    cx: Context,
    self: Instance,
    normalized_shape: Value,
    eps: Value = EPS,
    elementwise_affine: Value = TRUE,
    bias: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """weight and bias of ``normalized_shape``."""
    _init_layer(cx, self, normalized_shape, eps, elementwise_affine, bias, factory(cx, dtype, device))
    return NONE


@forward_rule("torch.nn.LayerNorm.forward")
def layer_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(..., *normalized_shape) to the same."""
    held = self.fields
    return layer_norm(
        cx, "layer_norm", "LayerNorm", input, held["normalized_shape"], held.get("weight", NONE), held.get("bias", NONE)
    )


@rule(library_type("torch.nn.RMSNorm", MODULE) + ".__init__", since="2.4")
def rms_init(
    cx: Context,
    self: Instance,
    normalized_shape: Value,
    eps: Value = NONE,
    elementwise_affine: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """weight of ``normalized_shape``."""
    _init_layer(cx, self, normalized_shape, eps, elementwise_affine, FALSE, factory(cx, dtype, device))
    return NONE


@forward_rule("torch.nn.RMSNorm.forward")
def rms_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(..., *normalized_shape) to the same."""
    held = self.fields
    return layer_norm(cx, "rms_norm", "RMSNorm", input, held["normalized_shape"], held.get("weight", NONE), NONE)


@rule(library_type("torch.nn.GroupNorm", MODULE) + ".__init__")
def group_init(
    cx: Context,
    self: Instance,
    num_groups: Value,
    num_channels: Value,
    eps: Value = EPS,
    affine: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
    *,
    bias: Value = TRUE,
) -> Value:
    """weight and bias of (num_channels,)."""
    init_module(cx, self)
    groups, channels = as_dim(num_groups), as_dim(num_channels)
    if isinstance(groups, int) and isinstance(channels, int):
        if groups == 0:
            raise invalid(cx, "ZeroDivisionError", "integer modulo by zero", "num_groups", 0)
        if channels % groups:
            message = f"num_channels ({channels}) must be divisible by num_groups ({groups})"
            raise invalid(cx, "ValueError", message, "num_groups", groups)
    kept(cx, self, num_groups=num_groups, num_channels=num_channels, eps=eps, affine=affine)
    made = factory(cx, dtype, device)
    shape = parameter_sizes(cx, (num_channels,))
    for name, wanted in (("weight", True), ("bias", as_bool(bias) is not False)):
        if wanted and as_bool(affine) is not False:
            add_parameter(cx, self, name, shape, made)
        else:
            cx.set(self, name, Const(None))
    return NONE


@forward_rule("torch.nn.GroupNorm.forward")
def group_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, ...) to the same."""
    held = self.fields
    return group_norm(cx, "GroupNorm", input, held["num_groups"], held.get("weight", NONE), held.get("bias", NONE))


@rule(library_type("torch.nn.LocalResponseNorm", MODULE) + ".__init__")
def local_init(
    cx: Context,
    self: Instance,
    size: Value,
    alpha: Value = Const(1e-4),  # noqa: B008
    beta: Value = Const(0.75),  # noqa: B008
    k: Value = Const(1.0),  # noqa: B008
) -> Value:
    """Over neighbouring channels."""
    init_module(cx, self)
    kept(cx, self, size=size, alpha=alpha, beta=beta, k=k)
    return NONE


@forward_rule("torch.nn.LocalResponseNorm.forward")
def local_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, ...) to the same."""
    return local_response_norm(cx, input, self.fields["size"])
