"""``keras.random``: tensors of chance, shuffled and dropped ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, Value, as_dim
from foreshape.semantics.keras.operations.support import OpenShape, dtype_argument, known, like, operand, run
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.tensorflow.support import shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.random.SeedGenerator")


@rule("keras.random.SeedGenerator.__init__")
def seed_generator(
    cx: Context, self: Instance, seed: Value | None = None, name: Value | None = None, **kwargs: Value
) -> Value:
    """A source of seeds."""
    return Const(None)


@rule("keras.random.SeedGenerator.next")
def next_seed(cx: Context, self: Instance, ordered: Value | None = None) -> Value:
    """Two numbers."""
    return tensor((2,), "uint32")


def _floats(cx: Context, shape: Value, dtype: Value | None) -> Value:
    return tensor(shape_argument(cx, shape), dtype_argument(dtype, "float32"))


@rule("keras.random.normal", "keras.random.truncated_normal")
def normal(
    cx: Context, shape: Value, mean: Value | None = None, stddev: Value | None = None, dtype: Value | None = None,
    seed: Value | None = None,
) -> Value:  # fmt: skip
    """float32 unless a dtype is given."""
    return _floats(cx, shape, dtype)


@rule("keras.random.uniform")
def uniform(
    cx: Context, shape: Value, minval: Value | None = None, maxval: Value | None = None, dtype: Value | None = None,
    seed: Value | None = None,
) -> Value:  # fmt: skip
    """float32 unless a dtype is given."""
    return _floats(cx, shape, dtype)


@rule("keras.random.gamma")
def gamma(cx: Context, shape: Value, alpha: Value, dtype: Value | None = None, seed: Value | None = None) -> Value:
    """float32 unless a dtype is given."""
    return _floats(cx, shape, dtype)


@rule("keras.random.beta")
def beta(
    cx: Context, shape: Value, alpha: Value, beta: Value, dtype: Value | None = None, seed: Value | None = None
) -> Value:
    """float32 unless a dtype is given."""
    return _floats(cx, shape, dtype)


@rule("keras.random.binomial")
def binomial(
    cx: Context, shape: Value, counts: Value, probabilities: Value, dtype: Value | None = None,
    seed: Value | None = None,
) -> Value:  # fmt: skip
    """float32 unless a dtype is given."""
    return _floats(cx, shape, dtype)


@rule("keras.random.randint")
def randint(
    cx: Context, shape: Value, minval: Value, maxval: Value, dtype: Value | None = None, seed: Value | None = None
) -> Value:
    """Integers from minval to maxval - 1: int32 unless a dtype is given."""
    hi = as_dim(maxval)
    top = None if hi is None else hi - 1
    return tensor(shape_argument(cx, shape), dtype_argument(dtype, "int32"), lo=as_dim(minval), hi=top)


@rule("keras.random.categorical")
def categorical(
    cx: Context, logits: Value, num_samples: Value, dtype: Value | None = None, seed: Value | None = None
) -> Value:
    """(batch, samples): classes drawn from (batch, classes)."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        count = as_dim(num_samples)
        if len(shape) != 2 or count is None:
            raise OpenShape("scores that are not (batch, classes)")
        made = (shape[0], count)
        return like(found, made, dtype_argument(dtype, "int32"), lo=0, hi=shape[1] - 1)

    if isinstance(logits, Array) and logits.kind == "keras":
        return cx.unknown("symbolic scores")
    return run(cx, "categorical", core, (logits,))


@rule("keras.random.shuffle")
def shuffle(cx: Context, x: Value, axis: Value | None = None, seed: Value | None = None) -> Value:
    """The same shape, another order along an axis."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        return like(found, found.shape, roles=found.roles, lo=found.lo, hi=found.hi)

    if isinstance(x, Array) and x.kind == "keras":
        return cx.unknown("a symbolic tensor")
    return run(cx, "shuffle", core, (x,))


@rule("keras.random.dropout")
def dropout(
    cx: Context, inputs: Value, rate: Value, noise_shape: Value | None = None, seed: Value | None = None
) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        return like(found, found.shape, roles=found.roles)

    if isinstance(inputs, Array) and inputs.kind == "keras":
        return cx.unknown("a symbolic tensor")
    return run(cx, "dropout", core, (inputs,))
