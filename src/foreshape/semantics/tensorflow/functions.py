"""The functions of ``tf``: each is one core operation with the arguments of its own signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, ceildiv
from foreshape.domain.values import Array, Const, Sequence, Shape, Typed, Unknown, Value, as_dim, as_int, as_str, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.joins import (
    concat_core,
    expand_core,
    gather_core,
    repeat_core,
    reshape_core,
    split_core,
    squeeze_core,
    stack_core,
    tile_core,
    transpose_core,
    unknown_tensor,
    unstack_core,
)
from foreshape.semantics.tensorflow.maths import (
    argmax_core,
    binary_core,
    cast_core,
    matmul_core,
    one_hot_core,
    reduce_core,
    unary_core,
    where_core,
)
from foreshape.semantics.tensorflow.core import as_tensor, dtype_of, failed, given, lift, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://www.tensorflow.org/api_docs/python/tf/"


# -- creation -------------------------------------------------------------------------------------------------------------


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


@rule("tensorflow.constant", doc=DOC + "constant")
def constant(
    cx: Context, value: Value, dtype: Value | None = None, shape: Value | None = None, name: Value | None = None
) -> Value:
    """A tensor of these values: int32 and float32 for Python numbers."""
    return _constant(cx, value, dtype, shape)


@rule("tensorflow.convert_to_tensor", doc=DOC + "convert_to_tensor")
def convert_to_tensor(
    cx: Context,
    value: Value,
    dtype: Value | None = None,
    dtype_hint: Value | None = None,
    name: Value | None = None,
) -> Value:
    """A tensor of these values."""
    return _constant(cx, value, dtype, None)


@rule("tensorflow.identity", "tensorflow.stop_gradient", "tensorflow.ensure_shape", "tensorflow.debugging.check_numerics",
      "tensorflow.raw_ops.Identity")  # fmt: skip
def identity(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The same tensor."""
    return input


@rule("tensorflow.Variable", doc=DOC + "Variable")
def variable(
    cx: Context,
    initial_value: Value | None = None,
    trainable: Value | None = None,
    validate_shape: Value | None = None,
    caching_device: Value | None = None,
    name: Value | None = None,
    variable_def: Value | None = None,
    dtype: Value | None = None,
    import_scope: Value | None = None,
    constraint: Value | None = None,
    synchronization: Value | None = None,
    aggregation: Value | None = None,
    shape: Value | None = None,
    experimental_enable_variable_lifting: Value | None = None,
) -> Value:
    """A tensor that can be assigned to."""
    if initial_value is None:
        return cx.unknown("a variable without a value")
    made = _constant(cx, initial_value, dtype, None)
    if isinstance(made, Array):
        return made.replace(meta={"variable": True}, data=None)
    return made


def _filled(cx: Context, shape: Value, dtype: Value | None, default: str, lo: int | None, hi: int | None) -> Value:
    dims = shape_argument(cx, shape)
    return tensor(dims, dtype_of(dtype) or default, lo=lo, hi=hi)


@rule("tensorflow.zeros", doc=DOC + "zeros")
def zeros(cx: Context, shape: Value, dtype: Value | None = None, name: Value | None = None, layout: Value | None = None) -> Value:
    """Zeros, float32."""
    return _filled(cx, shape, dtype, "float32", 0, 0)


@rule("tensorflow.ones", doc=DOC + "ones")
def ones(cx: Context, shape: Value, dtype: Value | None = None, name: Value | None = None, layout: Value | None = None) -> Value:
    """Ones, float32."""
    return _filled(cx, shape, dtype, "float32", 1, 1)


@rule("tensorflow.fill", doc=DOC + "fill")
def fill(cx: Context, dims: Value, value: Value, name: Value | None = None, layout: Value | None = None) -> Value:
    """One value everywhere."""
    x = as_tensor(cx, value)
    return tensor(shape_argument(cx, dims), None if x is None else x.dtype)


@rule("tensorflow.zeros_like", "tensorflow.ones_like", doc=DOC + "zeros_like")
def zeros_like(
    cx: Context, input: Value, dtype: Value | None = None, name: Value | None = None, layout: Value | None = None
) -> Value:
    """The same shape."""
    return lift(cx, "zeros_like", unary_core, (input,), dtype_of(dtype))


@rule("tensorflow.eye", doc=DOC + "eye")
def eye(
    cx: Context, num_rows: Value, num_columns: Value | None = None, batch_shape: Value | None = None,
    dtype: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """The identity matrix."""
    rows = as_dim(num_rows)
    columns = as_dim(num_columns) if given(num_columns) else rows
    batch = shape_argument(cx, batch_shape) if given(batch_shape) else ()
    if rows is None or columns is None or batch is None:
        return tensor(None, dtype_of(dtype) or "float32")
    return tensor((*batch, rows, columns), dtype_of(dtype) or "float32")


@rule("tensorflow.range", doc=DOC + "range")
def range_(
    cx: Context, start: Value, limit: Value | None = None, delta: Value | None = None, dtype: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """Numbers in a row."""
    first, last = (Const(0), start) if not given(limit) else (start, limit)
    a, b = as_dim(first), as_dim(last)
    step = 1 if not given(delta) else as_int(delta)
    kind = dtype_of(dtype)
    if a is None or b is None or step is None or step == 0:
        return tensor((cx.fresh(lo=0),), kind or ("int32" if a is not None and b is not None else None))
    size: DimLike = ceildiv(b - a, step)
    if isinstance(size, int):
        size = max(size, 0)
    lo, hi = (a, b - 1) if step > 0 else (None, None)
    return tensor((size,), kind or "int32", lo=lo, hi=hi)


@rule("tensorflow.linspace", doc=DOC + "linspace")
def linspace(cx: Context, start: Value, stop: Value, num: Value, name: Value | None = None, axis: Value | None = None) -> Value:
    """Evenly spaced numbers."""
    size = cx.dim(num)
    return tensor(None if size is None else (size,), "float32")


def _random(cx: Context, shape: Value, dtype: Value | None, lo: Any = None, hi: Any = None) -> Value:
    return tensor(shape_argument(cx, shape), dtype_of(dtype) or "float32", lo=lo, hi=hi)


@rule("tensorflow.random.normal", "tensorflow.random.truncated_normal", doc=DOC + "random/normal")
def random_normal(
    cx: Context, shape: Value, mean: Value | None = None, stddev: Value | None = None, dtype: Value | None = None,
    seed: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """Random floats."""
    return _random(cx, shape, dtype)


@rule("tensorflow.random.uniform", doc=DOC + "random/uniform")
def random_uniform(
    cx: Context, shape: Value, minval: Value | None = None, maxval: Value | None = None, dtype: Value | None = None,
    seed: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """Random numbers of a range, the upper end excluded."""
    kind = dtype_of(dtype) or "float32"
    lo = 0 if not given(minval) else as_dim(minval)
    hi = as_dim(maxval)
    if "int" in kind and hi is not None:
        return _random(cx, shape, dtype, lo, hi - 1)
    return _random(cx, shape, dtype)


@rule("tensorflow.random.set_seed", "tensorflow.random.Generator", "tensorflow.compat.v1.set_random_seed",
      "tensorflow.keras.utils.set_random_seed", "tensorflow.compat.v1.disable_eager_execution",
      "tensorflow.config.set_visible_devices", "tensorflow.config.threading.set_intra_op_parallelism_threads",
      "tensorflow.config.run_functions_eagerly", "tensorflow.config.experimental.set_memory_growth", "tensorflow.print",
      "tensorflow.debugging.set_log_device_placement", "tensorflow.compat.v1.logging.set_verbosity",
      "tensorflow.config.threading.set_inter_op_parallelism_threads", "tensorflow.config.experimental_run_functions_eagerly",
      "tensorflow.config.experimental.enable_op_determinism", "tensorflow.get_logger")  # fmt: skip
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("tensorflow.random.shuffle", doc=DOC + "random/shuffle")
def random_shuffle(cx: Context, value: Value, seed: Value | None = None, name: Value | None = None) -> Value:
    """The same shape."""
    return lift(cx, "shuffle", unary_core, (value,))


@rule("tensorflow.cast", doc=DOC + "cast")
def cast(cx: Context, x: Value, dtype: Value, name: Value | None = None) -> Value:
    """Another dtype."""
    return lift(cx, "cast", cast_core, (x,), dtype_of(dtype))


# -- shapes ---------------------------------------------------------------------------------------------------------------


@rule("tensorflow.reshape", doc=DOC + "reshape")
def reshape(cx: Context, tensor: Value, shape: Value, name: Value | None = None) -> Value:
    """The same elements in another shape."""
    return lift(cx, "reshape", reshape_core, (tensor,), shape)


@rule("tensorflow.expand_dims", doc=DOC + "expand_dims")
def expand_dims(cx: Context, input: Value, axis: Value, name: Value | None = None) -> Value:
    """A new axis of size 1."""
    return lift(cx, "expand_dims", expand_core, (input,), axis)


@rule("tensorflow.squeeze", doc=DOC + "squeeze")
def squeeze(cx: Context, input: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Without axes of size 1."""
    return lift(cx, "squeeze", squeeze_core, (input,), axis)


@rule("tensorflow.transpose", doc=DOC + "transpose")
def transpose(
    cx: Context, a: Value, perm: Value | None = None, conjugate: Value | None = None, name: Value | None = None
) -> Value:
    """Axes in another order."""
    return lift(cx, "transpose", transpose_core, (a,), perm)


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


@rule("tensorflow.concat", doc=DOC + "concat")
def concat(cx: Context, values: Value, axis: Value, name: Value | None = None) -> Value:
    """Joined along an axis."""
    parts = parts_of(cx, values)
    return cx.unknown("how many tensors are joined is not known") if parts is None else lift(
        cx, "concat", _many(concat_core), parts, axis
    )  # fmt: skip


@rule("tensorflow.stack", doc=DOC + "stack")
def stack(cx: Context, values: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Joined along a new axis."""
    parts = parts_of(cx, values)
    if parts is None:
        return cx.unknown("how many tensors are stacked is not known")
    return lift(cx, "stack", _many(stack_core), parts, Const(0) if axis is None else axis)


@rule("tensorflow.unstack", doc=DOC + "unstack")
def unstack(cx: Context, value: Value, num: Value | None = None, axis: Value | None = None, name: Value | None = None) -> Value:
    """A list of tensors."""
    return lift(cx, "unstack", unstack_core, (value,), axis)


@rule("tensorflow.split", doc=DOC + "split")
def split(
    cx: Context, value: Value, num_or_size_splits: Value, axis: Value | None = None, num: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """A list of parts."""
    return lift(cx, "split", split_core, (value,), num_or_size_splits, axis)


@rule("tensorflow.tile", doc=DOC + "tile")
def tile(cx: Context, input: Value, multiples: Value, name: Value | None = None) -> Value:
    """Repeated along axes."""
    return lift(cx, "tile", tile_core, (input,), multiples)


@rule("tensorflow.repeat", doc=DOC + "repeat")
def repeat(cx: Context, input: Value, repeats: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Each element repeated."""
    return lift(cx, "repeat", repeat_core, (input,), repeats, axis)


@rule("tensorflow.gather", doc=DOC + "gather")
def gather(
    cx: Context, params: Value, indices: Value, validate_indices: Value | None = None, axis: Value | None = None,
    batch_dims: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """Elements by index."""
    shared = 0 if not given(batch_dims) else as_int(batch_dims)
    if shared is None:
        return cx.unknown("a gather with batch axes")
    if axis is None and shared:
        axis = Const(shared)
    return lift(cx, "gather", gather_core, (params, indices), axis, shared)


@rule("tensorflow.nn.embedding_lookup", doc=DOC + "nn/embedding_lookup")
def embedding_lookup(cx: Context, params: Value, ids: Value, max_norm: Value | None = None, name: Value | None = None) -> Value:
    """Rows of a table."""
    return lift(cx, "gather", gather_core, (params, ids), Const(0))


@rule("tensorflow.broadcast_to", doc=DOC + "broadcast_to")
def broadcast_to(cx: Context, input: Value, shape: Value, name: Value | None = None) -> Value:
    """The shape that is asked for."""
    x = as_tensor(cx, input)
    return tensor(shape_argument(cx, shape), None if x is None else x.dtype, x)


@rule("tensorflow.reverse", "tensorflow.roll", "tensorflow.sort", "tensorflow.argsort", "tensorflow.clip_by_value",
      "tensorflow.clip_by_norm", "tensorflow.cumsum", "tensorflow.math.cumsum")  # fmt: skip
def same_shape(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    return lift(cx, "same", unary_core, (input,))


def shape_core(cx: Context, value: Value, dtype: str | None = None) -> Value:
    """``tf.shape``: the sizes as a tensor."""
    x = as_tensor(cx, value)
    if x is None or x.shape is None:
        return tensor((cx.fresh(lo=0),), dtype or "int32", x)
    return tensor((len(x.shape),), dtype or "int32", x, data=tuple(x.shape))


@rule("tensorflow.shape", doc=DOC + "shape")
def shape(cx: Context, input: Value, out_type: Value | None = None, name: Value | None = None) -> Value:
    """The sizes as a tensor of integers."""
    return lift(cx, "shape", shape_core, (input,), dtype_of(out_type))


def rank_core(cx: Context, value: Value) -> Value:
    """``tf.rank``."""
    x = as_tensor(cx, value)
    data = None if x is None or x.shape is None else (len(x.shape),)
    return tensor((), "int32", x, data=data)


@rule("tensorflow.rank")
def rank(cx: Context, input: Value, name: Value | None = None) -> Value:
    """The number of axes, as a tensor."""
    return lift(cx, "rank", rank_core, (input,))


@rule("tensorflow.size")
def size(cx: Context, input: Value, out_type: Value | None = None, name: Value | None = None) -> Value:
    """The number of elements, as a tensor."""
    return tensor((), "int32", input)


def pad_core(cx: Context, value: Value, paddings: Value) -> Value:
    """``tf.pad``."""
    x = as_tensor(cx, value)
    widths = cx.rule("numpy.array", paddings) if isinstance(paddings, Sequence) else paddings
    if x is None or x.shape is None:
        return unknown_tensor(cx, value)
    if isinstance(widths, Array) and widths.data is not None and widths.shape == (len(x.shape), 2):
        amounts = widths.data
        if all(isinstance(item, int) for item in amounts):
            sizes = tuple(dim + amounts[2 * i] + amounts[2 * i + 1] for i, dim in enumerate(x.shape))
            return tensor(sizes, x.dtype, x, roles=x.roles)
    return tensor(tuple(cx.fresh() for _ in x.shape), x.dtype, x)


@rule("tensorflow.pad", doc=DOC + "pad")
def pad(
    cx: Context, tensor: Value, paddings: Value, mode: Value | None = None, constant_values: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """Longer at the ends."""
    return lift(cx, "pad", pad_core, (tensor,), paddings)


@rule("tensorflow.one_hot", doc=DOC + "one_hot")
def one_hot(
    cx: Context, indices: Value, depth: Value, on_value: Value | None = None, off_value: Value | None = None,
    axis: Value | None = None, dtype: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """One axis more, of size ``depth``."""
    return lift(cx, "one_hot", one_hot_core, (indices,), depth, axis, dtype_of(dtype) or "float32")


@rule("tensorflow.where", doc=DOC + "where")
def where(
    cx: Context, condition: Value, x: Value | None = None, y: Value | None = None, name: Value | None = None
) -> Value:
    """A choice per element."""
    tensors = [value for value in (condition, x, y) if value is not None]

    def core(inner: Context, *args: Value) -> Value:
        return where_core(inner, args[0], args[1] if len(args) > 1 else None, args[2] if len(args) > 2 else None)

    return lift(cx, "where", core, tensors)


# -- arithmetic -------------------------------------------------------------------------------------------------------------

UNARY = ("abs", "exp", "log", "log1p", "expm1", "sqrt", "rsqrt", "square", "sin", "cos", "tan", "tanh", "sigmoid", "sign",
         "round", "floor", "ceil", "negative", "reciprocal", "erf", "sinh", "cosh", "asin", "acos", "atan", "softplus",
         "softsign", "logical_not", "is_nan", "is_inf", "is_finite", "log_sigmoid", "lgamma", "digamma")  # fmt: skip
ACTIVATIONS = ("relu", "relu6", "elu", "selu", "gelu", "leaky_relu", "swish", "silu", "softmax", "log_softmax", "sigmoid",
               "tanh", "softplus", "softsign", "crelu", "dropout", "l2_normalize", "log_sigmoid")  # fmt: skip
BINARY = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "truediv": "/", "floordiv": "//", "floormod": "%",
          "mod": "%", "pow": "**", "maximum": "maximum", "minimum": "minimum", "equal": "==", "not_equal": "!=",
          "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "squared_difference": "-",
          "logical_and": "&", "logical_or": "|", "divide_no_nan": "/", "atan2": "maximum"}  # fmt: skip
REDUCTIONS = ("sum", "mean", "max", "min", "prod", "all", "any", "std", "variance", "logsumexp", "euclidean_norm")


def _unary(name: str, *names: str) -> None:
    dtype = "bool" if name in ("logical_not", "is_nan", "is_inf", "is_finite") else None

    @rule(*names)
    def run(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
        """The same shape."""
        return lift(cx, name, unary_core, (x,), dtype)


for _name in UNARY:
    _unary(_name, f"tensorflow.{_name}", f"tensorflow.math.{_name}")
for _name in ACTIVATIONS:
    if _name != "crelu":
        _unary(_name, f"tensorflow.nn.{_name}")


def _activation(name: str) -> None:
    @rule(f"tensorflow.nn.{name}")
    def run(cx: Context, logits: Value, axis: Value | None = None, name: Value | None = None) -> Value:
        """The same shape."""
        return lift(cx, "softmax", unary_core, (logits,))


def _binary(name: str, operator: str) -> None:
    @rule(f"tensorflow.{name}", f"tensorflow.math.{name}")
    def run(cx: Context, x: Value, y: Value, name: Value | None = None) -> Value:
        """Broadcast."""
        if operator in ("&", "|"):
            found = lift(cx, "logical", binary_core, (x, y), operator)
            return found.replace(dtype="bool") if isinstance(found, Array) and found.kind == "tensorflow" else found
        return lift(cx, operator, binary_core, (x, y), operator)


for _name, _operator in BINARY.items():
    _binary(_name, _operator)


def _reduction(name: str) -> None:
    @rule(f"tensorflow.reduce_{name}", f"tensorflow.math.reduce_{name}")
    def run(
        cx: Context, input_tensor: Value, axis: Value | None = None, keepdims: Value | None = None, name: Value | None = None
    ) -> Value:
        """Axes go."""
        return lift(cx, "reduce", reduce_core, (input_tensor,), axis, keepdims, word)

    word = name


for _name in REDUCTIONS:
    _reduction(_name)


@rule("tensorflow.argmax", "tensorflow.argmin", "tensorflow.math.argmax", "tensorflow.math.argmin", doc=DOC + "argmax")
def argmax(
    cx: Context, input: Value, axis: Value | None = None, output_type: Value | None = None, name: Value | None = None
) -> Value:
    """Positions along an axis."""
    return lift(cx, "argmax", argmax_core, (input,), axis, dtype_of(output_type) or "int64")


@rule("tensorflow.matmul", "tensorflow.linalg.matmul", doc=DOC + "linalg/matmul")
def matmul(
    cx: Context, a: Value, b: Value, transpose_a: Value | None = None, transpose_b: Value | None = None, *args: Value,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """The matrix product."""
    return lift(cx, "matmul", matmul_core, (a, b), transpose_a, transpose_b)


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


@rule("tensorflow.tensordot", doc=DOC + "tensordot")
def tensordot(cx: Context, a: Value, b: Value, axes: Value, name: Value | None = None) -> Value:
    """Axes contracted."""
    return lift(cx, "tensordot", tensordot_core, (a, b), axes)


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


@rule("tensorflow.einsum", "tensorflow.linalg.einsum", doc=DOC + "einsum")
def einsum(cx: Context, equation: Value, *inputs: Value, **kwargs: Value) -> Value:
    """Sums of products by axis letters."""

    def core(inner: Context, *tensors: Value) -> Value:
        return einsum_core(inner, equation, *tensors)

    return lift(cx, "einsum", core, inputs)


@rule("tensorflow.norm", "tensorflow.linalg.norm")
def norm(
    cx: Context, tensor: Value, ord: Value | None = None, axis: Value | None = None, keepdims: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """A reduction."""
    return lift(cx, "norm", reduce_core, (tensor,), axis, keepdims, "sum")


def _cross_shapes(cx: Context, a: Value, b: Value) -> tuple[Array, Array, Shape, Shape] | None:
    labels, logits = as_tensor(cx, a), as_tensor(cx, b)
    if labels is None or logits is None or labels.shape is None or logits.shape is None:
        return None
    return labels, logits, labels.shape, logits.shape


def _label_fault(cx: Context, name: str, message: str, labels: Array, logits: Array) -> Exception:
    from foreshape.faults.label_shape import LabelShape
    from foreshape.semantics.tensorflow.core import raises

    return LabelShape(
        raises(cx, message, labels, logits), values=(labels, logits), loss=name, labels=labels.shape or (),
        predictions=logits.shape or (),
    )  # fmt: skip


def softmax_cross_core(cx: Context, a: Value, b: Value) -> Value:
    """``tf.nn.softmax_cross_entropy_with_logits``: the same shape, the last axis goes."""
    from foreshape.semantics.tensorflow.core import joined, shown

    found = _cross_shapes(cx, a, b)
    if found is None:
        return unknown_tensor(cx, a, b)
    labels, logits, left, right = found
    fits = len(left) == len(right) and all(
        x == 1 or y == 1 or joined(cx, x, y) is not None for x, y in zip(left, right)
    )
    if not fits:
        message = f"logits and labels must be broadcastable: logits_size={shown(right)} labels_size={shown(left)}"
        raise _label_fault(cx, "softmax_cross_entropy_with_logits", message, labels, logits)
    return tensor(right[:-1], logits.dtype, labels, logits)


def sparse_cross_core(cx: Context, a: Value, b: Value) -> Value:
    """``tf.nn.sparse_softmax_cross_entropy_with_logits``: one whole number per score vector."""
    from foreshape.semantics.keras.losses import Comparison, label_range
    from foreshape.semantics.tensorflow.core import joined, shown

    found = _cross_shapes(cx, a, b)
    if found is None:
        return unknown_tensor(cx, a, b)
    labels, logits, left, right = found
    fits = len(left) == len(right) - 1 and all(joined(cx, x, y) is not None for x, y in zip(left, right))
    if not fits:
        message = (
            f"`labels.shape` must equal `logits.shape` except for the last dimension. Received: labels.shape={shown(left)} "
            f"and logits.shape={shown(right)}"
        )
        fault = _label_fault(cx, "sparse_softmax_cross_entropy_with_logits", message, labels, logits)
        fault.raises.exception = "ValueError"  # type: ignore[attr-defined]
        raise fault
    if right:
        label_range(cx, Comparison("sparse_softmax_cross_entropy_with_logits", labels, logits, eager=True), right[-1])
    return tensor(left, logits.dtype, labels, logits)


def sigmoid_cross_core(cx: Context, a: Value, b: Value) -> Value:
    """``tf.nn.sigmoid_cross_entropy_with_logits``: the same shape."""
    from foreshape.semantics.tensorflow.core import joined, shown

    found = _cross_shapes(cx, a, b)
    if found is None:
        return unknown_tensor(cx, a, b)
    labels, logits, left, right = found
    if len(left) != len(right) or any(joined(cx, x, y) is None for x, y in zip(left, right)):
        message = f"`logits` and `labels` must have the same shape, received ({shown(right)} vs {shown(left)})."
        fault = _label_fault(cx, "sigmoid_cross_entropy_with_logits", message, labels, logits)
        fault.raises.exception = "ValueError"  # type: ignore[attr-defined]
        raise fault
    return tensor(right, logits.dtype, labels, logits)


@rule("tensorflow.nn.softmax_cross_entropy_with_logits")
def softmax_cross_entropy(
    cx: Context, labels: Value, logits: Value, axis: Value | None = None, name: Value | None = None
) -> Value:
    """One loss per sample."""
    if given(axis) and as_int(axis) != -1:
        return cx.unknown("a cross-entropy along another axis")
    return lift(cx, "cross_entropy", softmax_cross_core, (labels, logits))


@rule("tensorflow.nn.sparse_softmax_cross_entropy_with_logits")
def sparse_cross_entropy(cx: Context, labels: Value, logits: Value, name: Value | None = None) -> Value:
    """One loss per sample."""
    return lift(cx, "cross_entropy", sparse_cross_core, (labels, logits))


@rule("tensorflow.nn.sigmoid_cross_entropy_with_logits")
def sigmoid_cross_entropy(
    cx: Context, labels: Value | None = None, logits: Value | None = None, name: Value | None = None
) -> Value:
    """One loss per element."""
    if labels is None or logits is None:
        return cx.unknown("labels or logits are missing")
    return lift(cx, "cross_entropy", sigmoid_cross_core, (labels, logits))


__all__ = ["Contents", "Typed", "failed", "is_none"]
