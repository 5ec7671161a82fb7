"""What stands in ``torch`` a second time: functions of ``torch.nn.functional`` and methods of tensors; and switches.

https://docs.pytorch.org/docs/stable/torch.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, Const, LibraryRef, Sequence, Typed, Value, as_bool, as_int, is_none
from foreshape.semantics.registry import attribute, constant, rule
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.support import items_of, real_dtype, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

F: Final = "torch.nn.functional."
REDUCTIONS: Final = ("none", "mean", "sum")


# -- functions of torch.nn.functional ------------------------------------------------------------------------------------
@op("hardshrink")
def hardshrink(cx: Context, input: Array, lambd: Value | None = None) -> Value:
    """The same shape."""
    return cx.rule(F + "hardshrink", input)


@op("celu_", method=False)
def celu_(cx: Context, input: Array, alpha: Value | None = None) -> Value:
    """In place."""
    return cx.rule(F + "celu_", input)


@op("threshold_", method=False)
def threshold_(cx: Context, input: Array, threshold: Value, value: Value) -> Value:
    """In place."""
    return cx.rule(F + "threshold_", input, threshold, value)


@op("adaptive_max_pool1d", method=False)
def adaptive_max_pool1d(cx: Context, input: Array, output_size: Value) -> Value:
    """The values and their places."""
    return cx.rule(F + "adaptive_max_pool1d_with_indices", input, output_size)


@rule("torch.dropout_", "torch.feature_dropout_", "torch.alpha_dropout_", "torch.feature_alpha_dropout_")
def dropout_(cx: Context, input: Value, p: Value, train: Value) -> Value:
    """The tensor itself."""
    return input


def _loss(name: str, between: tuple[str, ...]) -> None:
    """A loss whose reduction is a number: 0 none, 1 mean, 2 sum; none where it is left out."""

    @rule(f"torch.{name}")
    def loss(cx: Context, *args: Value, reduction: Value | None = None, **kwargs: Value) -> Value:
        """As in ``torch.nn.functional``."""
        place = len(between)
        given = reduction if reduction is not None else args[place] if len(args) > place else Const(0)
        kind = as_int(given)
        if kind is None or not 0 <= kind <= 2:
            return cx.unknown("how the loss is reduced is not known")
        named = {key: arg for key, arg in zip(between, args) if not is_none(arg)}
        return cx.call(LibraryRef(F + name), (), {**named, **kwargs, "reduction": Const(REDUCTIONS[kind])})


_loss("kl_div", ("input", "target"))
_loss("hinge_embedding_loss", ("input", "target", "margin"))
_loss("margin_ranking_loss", ("input1", "input2", "target", "margin"))
_loss("cosine_embedding_loss", ("input1", "input2", "target", "margin"))
_loss("binary_cross_entropy_with_logits", ("input", "target", "weight", "pos_weight"))


# -- norms and products ---------------------------------------------------------------------------------------------------
@op("frobenius_norm", method=False)
def frobenius_norm(cx: Context, input: Array, dim: Value, keepdim: Value | None = None) -> Value:
    """``torch.linalg.vector_norm`` over these axes."""
    axes = items_of(dim) if isinstance(dim, Sequence) else (dim,)
    places = [as_int(axis) for axis in axes or ()]
    keep = False if keepdim is None else as_bool(keepdim)
    rank = None if input.shape is None else len(input.shape)
    if rank is None or keep is None or not axes or any(axis is None or not -rank <= axis < rank for axis in places):
        return tensor(cx, None, real_dtype(input.dtype), input)
    gone = {axis % rank for axis in places if axis is not None}
    shape = tuple(1 if n in gone else size for n, size in enumerate(input.shape or ()) if keep or n not in gone)
    return tensor(cx, shape, real_dtype(input.dtype), input)


@op("norm_except_dim", method=False)
def norm_except_dim(cx: Context, v: Array, pow: Value | None = None, dim: Value | None = None) -> Value:
    """One number along an axis, the others 1."""
    place = 0 if dim is None else as_int(dim)
    if v.shape is None or place is None or not 0 <= place < len(v.shape):
        return tensor(cx, None, v.dtype, v)
    return tensor(cx, tuple(size if n == place else 1 for n, size in enumerate(v.shape)), v.dtype, v)


@rule("torch.spmm", "torch.smm", "torch.dsmm", "torch.hsmm", "torch.sparse.mm")
def sparse_product(cx: Context, input: Value, mat2: Value, reduce: Value | None = None) -> Value:
    """As ``torch.mm``; which layout comes out is not followed."""
    return cx.rule("torch.mm", input, mat2)


@op("lobpcg", method=False)
def lobpcg(cx: Context, A: Array, k: Value | None = None, **kwargs: Value) -> Value:  # noqa: N803
    """The k largest eigenvalues (k,) and their vectors (n, k)."""
    count = 1 if k is None else as_int(k)
    if A.shape is None or len(A.shape) < 2 or count is None or kwargs:
        return cx.unknown("how many eigenvalues are asked for is not known")
    values = tensor(cx, (*A.shape[:-2], count), A.dtype, A)
    vectors = tensor(cx, (*A.shape[:-1], count), A.dtype, A, strides=None)
    return Sequence("tuple", Contents((values, vectors)))


# -- what a tensor says of itself -----------------------------------------------------------------------------------------
@method("is_shared", "is_pinned", "is_distributed", "is_set_to")
def state(cx: Context, self: Array, *args: Value) -> Value:
    """A bool."""
    return Typed("bool")


@attribute("torch.Tensor.retains_grad")
def retains_grad(cx: Context, self: Value) -> Value:
    """A bool."""
    return Typed("bool")


@attribute("torch.Tensor.output_nr")
def output_nr(cx: Context, self: Value) -> Value:
    """Which output of its function it is."""
    return Typed("int", lo=0)


# -- switches -------------------------------------------------------------------------------------------------------------
@rule(
    "torch.set_anomaly_enabled", "torch.set_autocast_enabled", "torch.set_autocast_cache_enabled",
    "torch.set_autocast_dtype", "torch.set_autocast_cpu_enabled", "torch.set_autocast_cpu_dtype",
    "torch.set_autocast_gpu_dtype", "torch.clear_autocast_cache", "torch.set_deterministic_debug_mode",
)  # fmt: skip
def switch(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Nothing that a shape depends on."""
    return Const(None)


@rule(
    "torch.is_anomaly_enabled", "torch.is_anomaly_check_nan_enabled", "torch.is_autocast_cache_enabled",
    "torch.is_deterministic_algorithms_warn_only_enabled", "torch.is_warn_always_enabled", "torch.is_vulkan_available",
    "torch.is_storage", "torch.amp.is_autocast_available", "torch.autograd.gradcheck", "torch.autograd.gradgradcheck",
)  # fmt: skip
def question(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A bool."""
    return Typed("bool")


# -- modules joined -------------------------------------------------------------------------------------------------------
@rule(
    "torch.nn.utils.fuse_conv_bn_eval", "torch.nn.utils.fusion.fuse_conv_bn_eval", "torch.nn.utils.fuse_linear_bn_eval",
    "torch.nn.utils.fusion.fuse_linear_bn_eval", "torch.nn.utils.convert_conv2d_weight_memory_format",
    "torch.nn.utils.convert_conv3d_weight_memory_format",
)  # fmt: skip
def fused(cx: Context, module: Value, *others: Value, **kwargs: Value) -> Value:
    """A module that takes and gives the same shapes as the first."""
    return module


@constant("torch.utils.data.DistributedSampler")
def distributed_sampler(cx: Context) -> Value:
    """Shown there, too."""
    return LibraryRef("torch.utils.data.distributed.DistributedSampler")


@constant("torch.GradScaler")
def grad_scaler(cx: Context) -> Value:
    """Shown there, too."""
    return LibraryRef("torch.amp.GradScaler")
