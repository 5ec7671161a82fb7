"""Activations of ``tf.nn``, and dropout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, Value, as_int
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.elementwise import FLOATING, unary
from foreshape.semantics.tensorflow.support import (
    FLOATS,
    INTEGERS,
    axis_in,
    failed,
    given,
    graph_mode,
    tensor,
    unknown_tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@op("tensorflow.nn.gelu")
def gelu(cx: Context, features: Value, approximate: Value | None = None, name: Value | None = None) -> Value:
    """Floats only: ValueError otherwise."""
    x = as_tensor(cx, features)
    if x is None:
        return unknown_tensor(cx, features)
    if x.dtype in INTEGERS:
        message = f"`features.dtype` must be a floating point tensor. Received:features.dtype=<dtype: '{x.dtype}'>"
        raise DtypeMismatch(
            failed("ValueError", message), values=(x,), taker="gelu", got=(x.dtype or "?",), wanted="float32"
        )
    return tensor(x.shape, x.dtype, x, roles=x.roles)


@op("tensorflow.nn.silu", "tensorflow.nn.swish")
def silu(cx: Context, features: Value, beta: Value | None = None) -> Value:
    """The same shape."""
    x = as_tensor(cx, features)
    if x is not None and x.dtype in INTEGERS and not graph_mode(cx, x):
        raise wrong_dtype(cx, "Sigmoid", x, x.dtype, FLOATING)
    return unary(cx, features, FLOATING, "Sigmoid")


@op("tensorflow.nn.leaky_relu")
def leaky_relu(cx: Context, features: Value, alpha: Value | None = None, name: Value | None = None) -> Value:
    """Integers become float32."""
    x = as_tensor(cx, features)
    if x is None:
        return unknown_tensor(cx, features)
    return tensor(x.shape, "float32" if x.dtype in INTEGERS else x.dtype, x, roles=x.roles)


@op("tensorflow.nn.crelu")
def crelu(cx: Context, features: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Twice as many features."""
    from foreshape.semantics.tensorflow.joining import joined_along

    x = as_tensor(cx, features)
    place = -1 if not given(axis) else as_int(axis)
    if x is None or place is None:
        return unknown_tensor(cx, features)
    return joined_along(cx, [x, x], place)


@op("tensorflow.nn.softmax", "tensorflow.nn.log_softmax", "tensorflow.math.softmax")
def softmax(cx: Context, logits: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """The same shape; the axis must exist."""
    x = as_tensor(cx, logits)
    if x is None:
        return unknown_tensor(cx, logits)
    if x.dtype is not None and x.dtype not in FLOATS:
        raise wrong_dtype(cx, "Softmax", x, x.dtype, ("bfloat16", "float16", "float32", "float64"), "logits")
    place = -1 if not given(axis) else as_int(axis)
    if x.shape is not None and place is not None and not -len(x.shape) <= place < len(x.shape):
        rank = len(x.shape)
        message = (
            f"`dim` must be in the range [{-rank}, {rank}) where {rank} is the number of dimensions "
            f"in the input. Received: dim={place}"
        )
        axis_in(cx, "softmax", place, rank, message, x, exception="InvalidArgumentError")
    if place is not None:
        from foreshape.semantics.shared.silent import note_softmax

        note_softmax(cx, "softmax", x, place)
    return tensor(x.shape, x.dtype, x, lo=None, hi=None, roles=x.roles)


@op(
    "tensorflow.nn.dropout",
    "tensorflow.nn.experimental.stateless_dropout",
    "tensorflow.nn.experimental.general_dropout",
)
def dropout(
    cx: Context,
    x: Value,
    rate: Value | None = None,
    noise_shape: Value | None = None,
    seed: Value | None = None,
    name: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The same shape; floats only, a rate below 1."""
    found = as_tensor(cx, x)
    if found is None:
        return unknown_tensor(cx, x)
    if found.dtype is not None and found.dtype not in FLOATS:
        message = (
            "`x.dtype` must be a floating point tensor because `x` will be scaled. Received: "
            f"x_dtype=<dtype: '{found.dtype}'>"
        )
        raise DtypeMismatch(
            failed("ValueError", message), values=(found,), taker="dropout", got=(found.dtype,), wanted="float32"
        )
    if isinstance(rate, Const) and isinstance(rate.value, (int, float)) and not 0 <= rate.value < 1:
        from foreshape.semantics.tensorflow.support import invalid

        message = f"`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate={rate.value}"
        raise invalid(failed("ValueError", message), "rate", rate.value, found)
    return tensor(found.shape, found.dtype, found, roles=found.roles)
