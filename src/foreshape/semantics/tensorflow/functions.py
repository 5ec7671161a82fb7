"""Cores that ``keras.ops`` uses under its own names; the functions of ``tf`` itself are declared in the other modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.values import Array, Sequence, Shape, Unknown, Value, as_int, as_str
from foreshape.semantics.tensorflow.core import as_tensor, dtype_of, given, shape_argument, tensor
from foreshape.semantics.tensorflow.joins import reshape_core, unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _constant(cx: Context, value: Value, dtype: Value | None, shape: Value | None) -> Value:
    wanted = dtype_of(dtype)
    if isinstance(value, Unknown):
        return value
    x = as_tensor(cx, value, wanted)
    if x is None:
        return unknown_tensor(cx, value)
    if wanted is not None and x.dtype != wanted:
        x = x.replace(dtype=wanted)
    elif x.kind == "tensorflow":
        x = x.replace(meta={})
    if given(shape):
        dims = shape_argument(cx, shape)
        if x.shape == () and dims is not None:
            return tensor(dims, x.dtype, x, lo=x.lo, hi=x.hi)
        made = reshape_core(cx, x, shape)  # type: ignore[arg-type]
        return made
    return x



def parts_of(cx: Context, values: Value) -> list[Value] | None:
    """The tensors of a list argument."""
    if isinstance(values, Sequence):
        found = values.contents.items(limit=1024)
        return None if found is None else list(found)
    if isinstance(values, Array) and values.shape and isinstance(values.shape[0], int) and values.shape[0] <= 64:
        part = tensor(values.shape[1:], values.dtype, values)
        return [part] * values.shape[0]
    return None



def _many(core: Any) -> Any:
    def run(cx: Context, *args: Any) -> Value:
        *tensors, axis = args
        found: Value = core(cx, list(tensors), axis)
        return found

    return run



UNARY = ("abs", "exp", "log", "log1p", "expm1", "sqrt", "rsqrt", "square", "sin", "cos", "tan", "tanh", "sigmoid", "sign",
         "round", "floor", "ceil", "negative", "reciprocal", "erf", "sinh", "cosh", "asin", "acos", "atan", "softplus",
         "softsign", "logical_not", "is_nan", "is_inf", "is_finite", "log_sigmoid", "lgamma", "digamma")  # fmt: skip  # fmt: skip


ACTIVATIONS = ("relu", "relu6", "elu", "selu", "gelu", "leaky_relu", "swish", "silu", "softmax", "log_softmax", "sigmoid",
               "tanh", "softplus", "softsign", "crelu", "dropout", "l2_normalize", "log_sigmoid")  # fmt: skip  # fmt: skip


BINARY = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "truediv": "/", "floordiv": "//", "floormod": "%",
          "mod": "%", "pow": "**", "maximum": "maximum", "minimum": "minimum", "equal": "==", "not_equal": "!=",
          "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "squared_difference": "-",
          "logical_and": "&", "logical_or": "|", "divide_no_nan": "/", "atan2": "maximum"}  # fmt: skip  # fmt: skip


def tensordot_core(cx: Context, a: Value, b: Value, axes: Value) -> Value:
    """``tf.tensordot``."""
    x, y = as_tensor(cx, a), as_tensor(cx, b)
    count = as_int(axes)
    if x is None or y is None or x.shape is None or y.shape is None:
        return unknown_tensor(cx, a, b)
    if count is not None and 0 <= count <= min(len(x.shape), len(y.shape)):
        left, right = x.shape[len(x.shape) - count :], y.shape[:count]
        from foreshape.semantics.tensorflow.core import joined, raises, shown

        for one, other in zip(left, right):
            if joined(cx, one, other) is None:
                from foreshape.faults.matmul_mismatch import MatmulMismatch

                message = f"Matrix size-incompatible: In[0]: {shown(x.shape)}, In[1]: {shown(y.shape)}"
                raise MatmulMismatch(
                    raises(cx, message, x, y), values=(x, y), taker="tensordot", left=x.shape, right=y.shape
                )
        kept: Shape = (*x.shape[: len(x.shape) - count], *y.shape[count:])
        return tensor(kept, x.dtype, x, y)
    found = cx.rule("numpy.tensordot", x.replace(kind="numpy"), y.replace(kind="numpy"), axes=axes)
    return found.replace(kind="tensorflow", dtype=x.dtype) if isinstance(found, Array) else unknown_tensor(cx, a, b)



def einsum_core(cx: Context, *args: Value) -> Value:
    """``tf.einsum`` by NumPy's rule; the first argument is the equation."""
    equation, *operands = args
    tensors = [as_tensor(cx, value) for value in operands]
    if any(item is None or item.shape is None for item in tensors) or as_str(equation) is None:
        return unknown_tensor(cx, *operands)
    found = cx.rule("numpy.einsum", equation, *(item.replace(kind="numpy") for item in tensors if item is not None))
    if isinstance(found, Array):
        return found.replace(kind="tensorflow", dtype=tensors[0].dtype)  # type: ignore[union-attr]
    return unknown_tensor(cx, *operands)
