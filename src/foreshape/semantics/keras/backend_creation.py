"""``keras.ops``, ``keras.backend`` and ``keras.random``: tensors that are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Sequence, Value, as_dim
from foreshape.semantics.keras.base import is_keras3
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import dtype_of, given, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


from foreshape.semantics.keras.backend import constant, lifted, unary_core

# -- creation ---------------------------------------------------------------------------------------------------------


@rule("keras.backend.constant")
def convert_to_tensor(cx: Context, x: Value, dtype: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A tensor."""
    if isinstance(x, Array) and x.kind == "keras":
        return x
    return constant(cx, x, dtype)


@rule("keras.backend.variable", "keras.Variable")
def variable(cx: Context, value: Value, dtype: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A tensor that can be assigned to."""
    made = constant(cx, value, dtype) if isinstance(value, (Array, Const, Sequence)) else value
    if not isinstance(made, Array) or made.kind != "tensorflow":
        return cx.unknown("a variable")
    return made.replace(
        meta={"variable": True, **({"keras": True} if is_keras3(cx) else {})}, dtype=dtype_of(dtype) or "float32"
    )


@rule("keras.backend.eval", "keras.backend.get_value")
def convert_to_numpy(cx: Context, x: Value) -> Value:
    """A NumPy array."""
    return x.replace(kind="numpy", meta={}) if isinstance(x, Array) and x.kind != "keras" else cx.unknown("an array")


@rule("keras.backend.zeros", "keras.backend.ones")
def zeros(cx: Context, shape: Value, dtype: Value | None = None, name: Value | None = None) -> Value:
    """float32."""
    return tensor(shape_argument(cx, shape), dtype_of(dtype) or "float32")


@rule("keras.backend.zeros_like", "keras.backend.ones_like")
def zeros_like(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    return lifted(cx, "zeros_like", unary_core, (x,))


@rule("keras.backend.arange")
def arange(
    cx: Context, start: Value, stop: Value | None = None, step: Value | None = None, dtype: Value | None = None
) -> Value:
    """Numbers in a row."""
    arguments = [value for value in (start, stop, step) if given(value) and value is not None]
    found = cx.rule("tensorflow.range", *arguments)
    kind = dtype_of(dtype)
    return found.replace(dtype=kind) if kind is not None and isinstance(found, Array) else found


@rule("keras.backend.eye")
def eye(cx: Context, N: Value, M: Value | None = None, k: Value | None = None, dtype: Value | None = None) -> Value:  # noqa: N803
    """The identity matrix."""
    rows = as_dim(N)
    columns = as_dim(M) if given(M) else rows
    shape = None if rows is None or columns is None else (rows, columns)
    return tensor(shape, dtype_of(dtype) or "float32")


@rule("keras.backend.random_normal", "keras.backend.random_uniform")
def random_floats(cx: Context, shape: Value, *args: Value, **kwargs: Value) -> Value:
    """Random floats."""
    return tensor(shape_argument(cx, shape), dtype_of(kwargs.get("dtype")) or "float32")
