"""Symbolic Keras tensors as the program sees them: attributes, operators, indexing."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Value, as_bool, int_value
from foreshape.semantics.keras.base import is_keras3, shape_value
from foreshape.semantics.keras.build import tensor_shape
from foreshape.semantics.keras.graph import Node, Operation, history, plain, symbolic
from foreshape.semantics.registry import attribute, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@attribute("keras.KerasTensor.shape")
def tensor_shape_attribute(cx: Context, self: Array) -> Value:
    """A tuple in Keras 3, a TensorShape in Keras 2."""
    if self.shape is None:
        return cx.unknown("the rank of the tensor is not known")
    return shape_value(self.shape) if is_keras3(cx) else tensor_shape(self.shape)


@attribute("keras.KerasTensor.dtype")
def tensor_dtype(cx: Context, self: Array) -> Value:
    """A string in Keras 3, a ``tf.DType`` in Keras 2."""
    if self.dtype is None:
        return cx.unknown("the dtype is not known")
    if is_keras3(cx):
        return Const(self.dtype)
    return cx.get_attribute(self.replace(kind="tensorflow", meta={}), "dtype")


@attribute("keras.KerasTensor.ndim", "keras.KerasTensor.rank")
def tensor_ndim(cx: Context, self: Array) -> Value:
    """The number of axes."""
    return cx.unknown("the rank of the tensor is not known") if self.shape is None else int_value(len(self.shape))


@attribute("keras.KerasTensor.name")
def tensor_name(cx: Context, self: Array) -> Value:
    """The name of the tensor: that of its input layer, or of what made it."""
    made = history(self)
    if made is None or not made[0].is_input:
        return cx.unknown("the name of a tensor")
    return Const(made[0].name)


@attribute("keras.KerasTensor._keras_history")
def tensor_history(cx: Context, self: Array) -> Value:
    """The layer that made it."""
    return cx.unknown("the history of a tensor")


def traced(cx: Context, name: str, apply: Operation, args: SequenceOf[Value]) -> Value:
    """An operation on symbolic tensors: what does not fit is a ValueError now, and an error of the kernel when the graph
    is called on data."""
    node = Node(None, tuple(args), {}, name, apply)
    state = cx.state("keras")
    outer = state.fields.get("symbolic")
    cx.set(state, "symbolic", True)
    try:
        result = apply(cx, [plain(value) for value in args], {})
    finally:
        cx.set(state, "symbolic", outer)
    return symbolic(node, result)


@rule("keras.KerasTensor.__binary__")
def binary(cx: Context, self: Array, operator: Value, other: Value, reflected: Value) -> Value:
    """Broadcasts, as tensors do; Keras 3 promotes the dtypes. An array of NumPy on the left asks for an array."""
    if is_keras3(cx) and as_bool(reflected) and isinstance(other, Array) and other.kind == "numpy" and other.shape:
        return cx.rule("keras.KerasTensor.__array__", self)
    from foreshape.semantics.keras.variables import promoting

    def apply(inner: Context, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        first = args[0]
        second = args[1]
        promoted = promoting(inner, first, operator, second, reflected)
        if promoted is not None:
            return promoted
        if not (isinstance(first, Array) and first.kind == "tensorflow") and isinstance(second, Array):
            flipped = Const(not (isinstance(reflected, Const) and reflected.value))
            return inner.rule("tensorflow.Tensor.__binary__", second, operator, first, flipped)
        return inner.rule("tensorflow.Tensor.__binary__", first, operator, second, reflected)

    return traced(cx, "operator", apply, (self, other))


@rule("keras.KerasTensor.__unary__")
def unary(cx: Context, self: Array, operator: Value) -> Value:
    """The same shape."""

    def apply(inner: Context, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        return inner.rule("tensorflow.Tensor.__unary__", args[0], operator)

    return traced(cx, "operator", apply, (self,))


@rule("keras.KerasTensor.__getitem__")
def getitem(cx: Context, self: Array, index: Value) -> Value:
    """Basic indexing."""

    def apply(inner: Context, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        return inner.rule("tensorflow.Tensor.__getitem__", args[0], index)

    return traced(cx, "get_item", apply, (self,))
