"""``torch.nn.init``: values in place. The shapes stay, some need at least two axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import product
from foreshape.domain.values import Array, Const, Sequence, Typed, Value, as_dim, as_str, int_value
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import NONE, ONE
from foreshape.semantics.torch.nn.common import rank_fault
from foreshape.semantics.torch.support import error, invalid, python_type, surely_no_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NONLINEARITIES = ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
                  "sigmoid", "tanh", "relu", "leaky_relu", "selu")  # fmt: skip


def _lacks(cx: Context, value: Value, name: str) -> Fault:
    from foreshape.faults.missing_attribute import MissingAttribute

    kind = python_type(value)
    message = f"'{kind}' object has no attribute '{name}'"
    return MissingAttribute(error(cx, "AttributeError", message), values=(value,), owner=kind, attribute=name)


def _filled(cx: Context, tensor: Value, asked: str) -> Value:
    if surely_no_tensor(tensor):
        raise _lacks(cx, tensor, asked)
    return tensor


def _plain(name: str, asked: str) -> None:
    @rule(f"torch.nn.init.{name}", f"torch.nn.init.{name.rstrip('_')}")
    def fill(cx: Context, tensor: Value, *args: Value, **kwargs: Value) -> Value:
        """The tensor, with other values."""
        return _filled(cx, tensor, asked)


for _name, _asked in (
    ("uniform_", "uniform_"), ("normal_", "normal_"), ("constant_", "fill_"), ("ones_", "fill_"), ("zeros_", "zero_"),
    ("trunc_normal_", "is_meta"),
):  # fmt: skip
    _plain(_name, _asked)


def _fans(cx: Context, tensor: Value, asked: str) -> None:
    if surely_no_tensor(tensor):
        raise _lacks(cx, tensor, asked)
    if isinstance(tensor, Array) and tensor.shape is not None and len(tensor.shape) < 2:
        message = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        raise rank_fault(cx, "ValueError", message, "init", tensor, 2, at_least=True)


def _fanned(name: str) -> None:
    @rule(f"torch.nn.init.{name}", f"torch.nn.init.{name.rstrip('_')}")
    def fill(
        cx: Context,
        tensor: Value,
        gain: Value | None = None,
        generator: Value | None = None,
    ) -> Value:
        """The tensor, with other values; it needs two axes."""
        _fans(cx, tensor, "dim")
        return tensor


def _kaiming(name: str) -> None:
    @rule(f"torch.nn.init.{name}", f"torch.nn.init.{name.rstrip('_')}")
    def fill(
        cx: Context,
        tensor: Value,
        a: Value | None = None,
        mode: Value | None = None,
        nonlinearity: Value | None = None,
        generator: Value | None = None,
    ) -> Value:
        """The tensor, with other values; it needs two axes."""
        if isinstance(tensor, Array) and tensor.shape is not None and any(size == 0 for size in tensor.shape):
            return tensor
        word = as_str(mode)
        if surely_no_tensor(tensor):
            raise _lacks(cx, tensor, "shape")
        if word is not None and word.lower() not in ("fan_in", "fan_out"):
            message = f"Mode {word.lower()} not supported, please use one of ['fan_in', 'fan_out']"
            raise invalid(cx, "ValueError", message, "mode", repr(word), tensor)
        _fans(cx, tensor, "shape")
        _nonlinearity(cx, nonlinearity)
        return tensor


def _nonlinearity(cx: Context, value: Value | None) -> None:
    word = as_str(value)
    if word is not None and word not in NONLINEARITIES:
        raise invalid(cx, "ValueError", f"Unsupported nonlinearity {word}", "nonlinearity", repr(word))


for _name in ("xavier_uniform_", "xavier_normal_"):
    _fanned(_name)
for _name in ("kaiming_uniform_", "kaiming_normal_"):
    _kaiming(_name)


@rule("torch.nn.init.orthogonal_", "torch.nn.init.orthogonal")
def orthogonal(cx: Context, tensor: Value, gain: Value = ONE, generator: Value | None = None) -> Value:
    """The tensor, with other values; it needs two axes."""
    if surely_no_tensor(tensor):
        raise _lacks(cx, tensor, "ndimension")
    if isinstance(tensor, Array) and tensor.shape is not None and len(tensor.shape) < 2:
        message = "Only tensors with 2 or more dimensions are supported"
        raise rank_fault(cx, "ValueError", message, "orthogonal_", tensor, 2, at_least=True)
    return tensor


def _matrix(cx: Context, tensor: Value, taker: str) -> Value:
    if surely_no_tensor(tensor):
        raise _lacks(cx, tensor, "ndimension")
    if isinstance(tensor, Array) and tensor.shape is not None and len(tensor.shape) != 2:
        raise rank_fault(cx, "ValueError", "Only tensors with 2 dimensions are supported", taker, tensor, 2)
    return tensor


@rule("torch.nn.init.eye_", "torch.nn.init.eye")
def eye(cx: Context, tensor: Value) -> Value:
    """The tensor, with other values; it needs two axes."""
    return _matrix(cx, tensor, "eye_")


@rule("torch.nn.init.sparse_", "torch.nn.init.sparse")
def sparse(
    cx: Context, tensor: Value, sparsity: Value, std: Value | None = None, generator: Value | None = None
) -> Value:
    """The tensor, with other values; it needs two axes."""
    return _matrix(cx, tensor, "sparse_")


@rule("torch.nn.init.dirac_", "torch.nn.init.dirac")
def dirac(cx: Context, tensor: Value, groups: Value = ONE) -> Value:
    """The tensor, with other values; it needs three to five axes."""
    if surely_no_tensor(tensor):
        raise _lacks(cx, tensor, "ndimension")
    if isinstance(tensor, Array) and tensor.shape is not None:
        if len(tensor.shape) not in (3, 4, 5):
            message = "Only tensors with 3, 4, or 5 dimensions are supported"
            raise rank_fault(cx, "ValueError", message, "dirac_", tensor, 3)
        count, size = as_dim(groups), tensor.shape[0]
        if isinstance(count, int) and isinstance(size, int) and count and size % count:
            raise invalid(cx, "ValueError", "dim 0 must be divisible by groups", "groups", count, tensor)
    return tensor


@rule("torch.nn.init.calculate_gain")
def calculate_gain(cx: Context, nonlinearity: Value, param: Value = NONE) -> Value:
    """A number."""
    _nonlinearity(cx, nonlinearity)
    word = as_str(nonlinearity)
    if word is None:
        return Typed("float")
    if word in ("tanh", "selu"):
        return Const(5.0 / 3 if word == "tanh" else 3.0 / 4)
    if word == "relu":
        return Const(math.sqrt(2.0))
    if word == "leaky_relu":
        slope = param.value if isinstance(param, Const) and isinstance(param.value, (int, float)) else None
        return Const(math.sqrt(2.0 / (1 + (0.01 if slope is None else slope) ** 2)))
    return Const(1)


@rule("torch.nn.init._calculate_fan_in_and_fan_out")
def fan_in_and_out(cx: Context, tensor: Value) -> Value:
    """(fan in, fan out)."""
    _fans(cx, tensor, "dim")
    if not isinstance(tensor, Array) or tensor.shape is None:
        return Sequence("tuple", Contents((Typed("int"), Typed("int"))))
    rest = product(tensor.shape[2:])
    return Sequence("tuple", Contents((int_value(tensor.shape[1] * rest), int_value(tensor.shape[0] * rest))))
