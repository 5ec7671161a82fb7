"""``keras.ops`` (Keras 3) and ``keras.backend`` (Keras 2 style): the core operations of TensorFlow under their own
names."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, eq, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Sequence, Value, as_dim
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.semantics.keras.base import is_keras3
from foreshape.semantics.keras.graph import any_symbolic, is_symbolic, operation
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import failed, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


UNARY = (
    "abs", "exp", "log", "log1p", "expm1", "sqrt", "rsqrt", "square", "sin", "cos", "tan", "tanh", "sigmoid", "sign",
    "round",
    "floor", "ceil", "negative", "reciprocal", "erf", "sinh", "cosh", "asin", "acos", "atan", "softplus", "softsign",
    "log_sigmoid", "relu", "relu6", "elu", "selu", "gelu", "leaky_relu", "swish", "silu", "softmax", "log_softmax",
)  # fmt: skip
BINARY = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "maximum": "maximum", "minimum": "minimum",
    "equal": "==",
    "not_equal": "!=", "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "logical_and": "&",
    "logical_or": "|", "divide_no_nan": "/",
}  # fmt: skip


def lifted(cx: Context, name: str, core: Any, tensors: SequenceOf[Value], *rest: Any, anywhere: bool = False) -> Value:
    """Apply an operation to tensors. On a symbolic tensor it becomes part of the graph in Keras 2; Keras 3 refuses its own
    symbolic tensors here, but for what it takes ``anywhere`` (activations)."""
    if not anywhere and is_keras3(cx) and any_symbolic(tensors):
        from foreshape.semantics.tensorflow.declare import not_for_keras

        raise not_for_keras([value for value in tensors if is_symbolic(value)])

    def apply(inner: Context, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        made: Value = core(inner, *args, *rest)
        return made

    return operation(cx, name, apply, tensors)


def _tf(name: str, *names: str) -> Any:
    """The rule of ``tf.name`` as a core; ``names`` are the keywords of the last arguments. What was not given is
    left out."""

    def core(cx: Context, *args: Value | None) -> Value:
        plain = args[: len(args) - len(names)]
        keywords = {key: value for key, value in zip(names, args[len(plain) :]) if value is not None}
        return cx.rule(f"tensorflow.{name}", *(value for value in plain if value is not None), **keywords)

    return core


def _joining(name: str) -> Any:
    """``tf.concat`` and ``tf.stack`` of tensors that come one by one, the axis last."""

    def core(cx: Context, *args: Value) -> Value:
        *tensors, axis = args
        return cx.rule(f"tensorflow.{name}", as_tuple(tensors, "list"), axis)

    return core


def unary_core(cx: Context, value: Value, dtype: str | None = None) -> Value:
    """The same shape."""
    x = as_tensor(cx, value)
    return unknown_tensor(cx, value) if x is None else tensor(x.shape, dtype or x.dtype, x, roles=x.roles)


def binary_core(cx: Context, a: Value, b: Value, operator: str) -> Value:
    """Broadcast."""
    if operator in ("maximum", "minimum"):
        return cx.rule(f"tensorflow.{operator}", a, b)
    first = as_tensor(cx, a)
    if first is None:
        return unknown_tensor(cx, a, b)
    return cx.rule("tensorflow.Tensor.__binary__", first, Const(operator), b, Const(False))


def unknown_tensor(cx: Context, *sources: Value) -> Value:
    """What an operation on something unknown gives."""
    made = cx.unknown("it is made from something that is not known")
    made.tainted = any(source.tainted for source in sources)
    return made


def parts_of(cx: Context, values: Value) -> list[Value] | None:
    """The tensors of a list argument."""
    if isinstance(values, Sequence):
        found = values.contents.items(limit=1024)
        return None if found is None else list(found)
    return None


def constant(cx: Context, value: Value, dtype: Value | None) -> Value:
    arguments = {} if dtype is None else {"dtype": dtype}
    return cx.rule("tensorflow.convert_to_tensor", value, **arguments)


# -- element by element -----------------------------------------------------------------------------------------------

OWN_UNARY = ("absolute", "isnan", "isinf", "isfinite", "conj", "real", "imag", "arctan", "arcsin", "arccos", "log10",
             "log2",
             "cbrt", "logical_not", "flip", "roll", "sort", "argsort", "cumsum", "cumprod", "relu", "relu6",
             "elu", "selu",
             "gelu", "leaky_relu", "silu", "swish", "softmax", "log_softmax", "hard_sigmoid", "hard_silu", "nan_to_num",
             "normalize", "celu", "glu", "copy", "tril", "triu", "trunc")  # fmt: skip


def _unary(*names: str) -> None:
    dtype = "bool" if names[0].rpartition(".")[2] in ("isnan", "isinf", "isfinite", "logical_not") else None

    @rule(*names)
    def run(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
        """The same shape."""
        return lifted(cx, "unary", unary_core, (x,), dtype, anywhere=names[0].startswith("keras.activations."))


for _name in dict.fromkeys((*UNARY, *OWN_UNARY)):
    _unary(f"keras.backend.{_name}")
for _name in ("dropout", "l2_normalize", "reverse"):
    _unary(f"keras.backend.{_name}")
ACTIVATIONS = (
    "relu", "relu6", "elu", "selu", "gelu", "leaky_relu", "swish", "silu", "softmax", "log_softmax", "sigmoid", "tanh",
    "softplus", "softsign", "hard_sigmoid", "hard_silu", "hard_swish", "celu", "log_sigmoid", "exponential", "mish",
    "hard_shrink", "hard_tanh", "soft_shrink", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
    "tanh_shrink", "threshold",
)  # fmt: skip
for _name in ACTIVATIONS:
    _unary(f"keras.activations.{_name}")


@rule("keras.activations.glu", since="3")
def glu(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """One half of an axis gates the other."""
    return cx.rule("keras.ops.glu", x, *([] if axis is None else [axis]))


@rule("keras.activations.linear")
def linear(cx: Context, x: Value) -> Value:
    """The same."""
    return x


@rule("keras.backend.maximum", "keras.backend.minimum", "keras.backend.pow")
def backend_binary(cx: Context, x: Value, y: Value) -> Value:
    """Broadcast."""
    return lifted(cx, "maximum", binary_core, (x, y), "maximum")


@rule("keras.backend.equal", "keras.backend.not_equal", "keras.backend.greater", "keras.backend.greater_equal",
      "keras.backend.less", "keras.backend.less_equal")  # fmt: skip
def backend_compare(cx: Context, x: Value, y: Value) -> Value:
    """Broadcast, bool."""
    return lifted(cx, "equal", binary_core, (x, y), "==")


# -- reductions and products ------------------------------------------------------------------------------------------


def _reduce(cx: Context, x: Value, axis: Value | None, keepdims: Value | None, word: str) -> Value:
    found = as_tensor(cx, x)
    if found is None:
        return unknown_tensor(cx, x)
    name = {"var": "variance", "median": "mean", "norm": "euclidean_norm"}.get(word, word)
    if (
        word in ("mean", "median", "std", "var", "norm", "logsumexp")
        and found.dtype is not None
        and "float" not in found.dtype
    ):
        found = found.replace(dtype="float32")
    if word in ("all", "any") and found.dtype != "bool":
        found = found.replace(dtype="bool")
    arguments = {"axis": axis, "keepdims": keepdims}
    return cx.rule(
        f"tensorflow.math.reduce_{name}", found, **{key: value for key, value in arguments.items() if value is not None}
    )


def _reduction(word: str, *names: str) -> None:
    @rule(*names)
    def run(
        cx: Context, x: Value, axis: Value | None = None, keepdims: Value | None = None, *args: Value, **kwargs: Value
    ) -> Value:
        """Axes go."""
        return lifted(cx, "reduce", _reduce, (x,), axis, keepdims, word)


for _name in ("sum", "mean", "max", "min", "prod", "all", "any", "std", "var", "logsumexp"):
    _reduction(_name, f"keras.backend.{_name}")


def _argmax(cx: Context, x: Value, axis: Value, dtype: str) -> Value:
    found = cx.rule("tensorflow.argmax", x, axis=axis)
    return found.replace(dtype=dtype) if isinstance(found, Array) else found


@rule("keras.backend.argmax", "keras.backend.argmin")
def backend_argmax(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """Positions along the last axis."""
    return lifted(cx, "argmax", _argmax, (x,), Const(-1) if axis is None else axis, "int64")


def dot_core(cx: Context, a: Value, b: Value) -> Value:
    """``keras.backend.dot``: the last axis of a with the last but one of b; for more axes than two NumPy's ``dot``."""
    x, y = as_tensor(cx, a), as_tensor(cx, b)
    if x is None or y is None or x.shape is None or y.shape is None:
        return unknown_tensor(cx, a, b)
    if len(y.shape) == 2 and len(x.shape) > 2:
        columns, rows = x.shape[-1], y.shape[0]
        if eq(columns, rows, cx.facts).is_no and any(undefined(dim) for dim in x.shape[:-1]):
            # both are cut to matrices first, whose columns and rows the graph knows
            message = f"Dimensions must be equal, but are {columns} and {rows} for '{{{{node MatMul}}}} = MatMul[...]'"
            last = len(x.shape) - 1
            raise MatmulMismatch(
                failed("ValueError", message),
                values=(x, y),
                taker="dot",
                left=x.shape,
                right=y.shape,
                left_axis=last,
                right_axis=0,
            )
        return cx.rule("tensorflow.tensordot", x, y, Const(1))
    if len(x.shape) == 2 and len(y.shape) == 2:
        return cx.rule("tensorflow.matmul", x, y)
    found = cx.rule("numpy.dot", x.replace(kind="numpy"), y.replace(kind="numpy"))
    return found.replace(kind="tensorflow", dtype=x.dtype) if isinstance(found, Array) else unknown_tensor(cx, a, b)


@rule("keras.backend.dot")
def dot(cx: Context, x: Value, y: Value) -> Value:
    """The product."""
    return lifted(cx, "dot", dot_core, (x, y))


@rule("keras.backend.batch_dot")
def opaque_product(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Not followed."""
    return cx.unknown("a product that is not modelled")


# -- shapes -----------------------------------------------------------------------------------------------------------


@rule("keras.backend.reshape")
def backend_reshape(cx: Context, x: Value, shape: Value) -> Value:
    """The same elements in another shape."""
    return lifted(cx, "reshape", _tf("reshape"), (x,), shape)


@rule("keras.backend.expand_dims")
def backend_expand_dims(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """A new axis of size 1, at the end where none is named."""
    return lifted(cx, "expand_dims", _tf("expand_dims"), (x,), Const(-1) if axis is None else axis)


@rule("keras.backend.squeeze")
def squeeze(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """Without axes of size 1."""
    return lifted(cx, "squeeze", _tf("squeeze"), (x,), axis)


@rule("keras.backend.permute_dimensions")
def permute_dimensions(cx: Context, x: Value, pattern: Value) -> Value:
    """Axes in another order."""
    return lifted(cx, "transpose", _tf("transpose"), (x,), pattern)


@rule("keras.backend.transpose")
def backend_transpose(cx: Context, x: Value) -> Value:
    """Axes in reverse order."""
    return lifted(cx, "transpose", _tf("transpose"), (x,), None)


def _joined(cx: Context, name: str, core: Any, values: Value, axis: Value) -> Value:
    parts = parts_of(cx, values)
    if parts is None:
        return cx.unknown("how many tensors are joined is not known")
    return lifted(cx, name, core, parts, axis)


@rule("keras.backend.concatenate")
def backend_concatenate(cx: Context, tensors: Value, axis: Value | None = None) -> Value:
    """Joined along an axis, the last where none is named."""
    return _joined(cx, "concat", _joining("concat"), tensors, Const(-1) if axis is None else axis)


@rule("keras.backend.stack")
def stack(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """Joined along a new axis."""
    return _joined(cx, "stack", _joining("stack"), x, Const(0) if axis is None else axis)


@rule("keras.backend.tile")
def tile(cx: Context, x: Value, repeats: Value) -> Value:
    """Repeated along axes."""
    return lifted(cx, "tile", _tf("tile"), (x,), repeats)


@rule("keras.backend.repeat_elements")
def repeat_elements(cx: Context, x: Value, rep: Value, axis: Value) -> Value:
    """Each element repeated."""
    return lifted(cx, "repeat", _tf("repeat", "axis"), (x,), rep, axis)


def repeat_vector_core(cx: Context, value: Value, n: Value) -> Value:
    """``keras.backend.repeat``: (batch, features) to (batch, n, features)."""
    x, count = as_tensor(cx, value), as_dim(n)
    if x is None or x.shape is None or len(x.shape) != 2 or count is None:
        return unknown_tensor(cx, value)
    return tensor((x.shape[0], count, x.shape[1]), x.dtype, x)


@rule("keras.backend.repeat")
def backend_repeat(cx: Context, x: Value, n: Value) -> Value:
    """A time axis of n equal steps."""
    return lifted(cx, "repeat", repeat_vector_core, (x,), n)


def flatten_core(cx: Context, value: Value) -> Value:
    """(batch, everything else)."""
    x = as_tensor(cx, value)
    if x is None or x.shape is None or not x.shape:
        return unknown_tensor(cx, value)
    size: DimLike = product(x.shape[1:])
    return tensor((x.shape[0], size), x.dtype, x)


@rule("keras.backend.batch_flatten")
def batch_flatten(cx: Context, x: Value) -> Value:
    """(batch, everything else)."""
    return lifted(cx, "flatten", flatten_core, (x,))


def ravel_core(cx: Context, value: Value) -> Value:
    """One axis."""
    x = as_tensor(cx, value)
    if x is None or x.shape is None:
        return unknown_tensor(cx, value)
    return tensor((product(x.shape),), x.dtype, x)


@rule("keras.backend.flatten")
def ravel(cx: Context, x: Value) -> Value:
    """One axis."""
    return lifted(cx, "ravel", ravel_core, (x,))


@rule("keras.backend.gather")
def take(cx: Context, x: Value, indices: Value, axis: Value | None = None) -> Value:
    """Elements by index."""
    return lifted(cx, "take", _tf("gather", "axis"), (x, indices), axis)


@rule("keras.backend.cast")
def cast(cx: Context, x: Value, dtype: Value) -> Value:
    """Another dtype."""
    return lifted(cx, "cast", _tf("cast"), (x,), dtype)


@rule("keras.backend.shape")
def backend_shape(cx: Context, x: Value) -> Value:
    """The sizes as a tensor."""
    return cx.rule("tensorflow.shape", x)


@rule("keras.backend.one_hot")
def backend_one_hot(cx: Context, indices: Value, num_classes: Value) -> Value:
    """One axis more."""
    return lifted(cx, "one_hot", _tf("one_hot"), (indices,), num_classes)


@rule("keras.backend.ctc_batch_cost")
def ctc_batch_cost(cx: Context, y_true: Value, y_pred: Value, input_length: Value, label_length: Value) -> Value:
    """(batch, 1). The lengths are columns, (batch, 1): their last axis is squeezed away."""
    if any(
        isinstance(value, Array) and value.kind == "keras" for value in (y_true, y_pred, input_length, label_length)
    ):
        return cx.unknown("the loss of symbolic tensors")
    for lengths in (label_length, input_length):
        if isinstance(lengths, Array) and lengths.shape is not None:
            cx.rule("tensorflow.squeeze", lengths, Const(-1))
    scores = as_tensor(cx, y_pred)
    if scores is None or scores.shape is None or len(scores.shape) != 3:
        return cx.unknown("the scores are not known")
    return tensor((scores.shape[0], 1), "float32", scores)
