"""Tensors that are made: constants, fills, ranges, random numbers, variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim, ceildiv, dmax, eq, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_int,
    is_none,
)
from foreshape.faults.reshape_size import ReshapeSize
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.convert import as_tensor, converted
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.support import (
    FLOATS,
    INTEGERS,
    broadcast,
    check_sizes,
    dtype_of,
    dtype_or,
    failed,
    given,
    graph_mode,
    in_graph,
    invalid,
    open_dtype,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@op("tensorflow.constant")
def constant(
    cx: Context, value: Value, dtype: Value | None = None, shape: Value | None = None, name: Value | None = None
) -> Value:
    """A tensor of these values: int32 and float32 for Python numbers."""
    wanted = dtype_of(dtype)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Const) and isinstance(value.value, float) and wanted == "bool":
        return unknown_tensor(cx, value)
    x = converted(cx, value, wanted, constant=True)
    if x is None:
        return unknown_tensor(cx, value)
    if open_dtype(dtype, wanted):
        x = x.replace(dtype=None)
    if not given(shape):
        return x if not (isinstance(value, Array) and value.kind == "tensorflow") else x.replace(meta={})
    dims = shape_argument(cx, shape)
    if dims is None or x.shape is None:
        return tensor(dims, x.dtype, x)
    count = product(x.shape)
    if x.shape == () or (isinstance(count, int) and count == 1):
        return tensor(dims, x.dtype, x, lo=x.lo, hi=x.hi)
    if not cx.equal(count, product(dims)):
        message = (
            f"Eager execution of tf.constant with unsupported shape. Tensor has {count} elements, but got `shape` "
            f"{shown(dims)} with {product(dims)} elements)."
        )
        raise ReshapeSize(failed("TypeError", message), values=(x,), shape=x.shape, target=dims, taker="constant")
    return tensor(dims, x.dtype, x, lo=x.lo, hi=x.hi, data=x.data)


@op("tensorflow.convert_to_tensor")
def convert_to_tensor(
    cx: Context, value: Value, dtype: Value | None = None, dtype_hint: Value | None = None, name: Value | None = None
) -> Value:
    """A tensor of these values."""
    if isinstance(value, Unknown):
        return value
    wanted = dtype_of(dtype)
    found = converted(cx, value, wanted)
    if found is None:
        return unknown_tensor(cx, value)
    return found.replace(dtype=None) if open_dtype(dtype, wanted) else found


op_table(
    "identity stop_gradient grad_pass_through prevent_gradient raw_ops.Identity",
    "input, name=None",
    lambda cx, **g: _same(cx, g["input"]),
)
op_table("debugging.check_numerics", "tensor, message, name=None", lambda cx, **g: _same(cx, g["tensor"]))
op_table("identity_n", "input, name=None", lambda cx, **g: g["input"])


def _same(cx: Context, value: Value) -> Value:
    x = as_tensor(cx, value)
    return unknown_tensor(cx, value) if x is None else x


@op("tensorflow.ensure_shape")
def ensure_shape(cx: Context, x: Value, shape: Value, name: Value | None = None) -> Value:
    """The tensor, whose shape must be as it says."""
    found = as_tensor(cx, x)
    wanted = shape_argument(cx, shape)
    if found is None or wanted is None:
        return unknown_tensor(cx, x)
    if found.shape is None:
        return tensor(tuple(cx.fresh(lo=0) if undefined(dim) else dim for dim in wanted), found.dtype, found)
    made: list[Any] = []
    fits = len(found.shape) == len(wanted)
    for a, b in zip(found.shape, wanted):
        if undefined(a) or undefined(b):
            made.append(b if undefined(a) else a)
        else:
            fits = fits and cx.equal(a, b)
            made.append(a)
    if not fits:
        from foreshape.faults.declared_shape import DeclaredShape

        message = f"Shape of tensor is not compatible with expected shape {shown(wanted)}: {shown(found.shape)}"
        exception = "ValueError" if graph_mode(cx, found) else "InvalidArgumentError"
        declared = tuple(None if undefined(dim) else dim for dim in wanted)
        raise DeclaredShape(
            failed(exception, message), values=(found,), model="ensure_shape", declared=declared, got=found.shape
        )
    return tensor(tuple(made), found.dtype, found, lo=found.lo, hi=found.hi, roles=found.roles)


INDEX_TYPES: Final = {"fill": "index_type", "random": "T"}
"""The functions whose kernel looks at the dtype of the sizes; the others convert them first."""


def _sizes(cx: Context, value: Value, taker: str) -> Shape | None:
    """A shape whose sizes must be ints, not floats, and not negative."""
    if taker in INDEX_TYPES:
        check_sizes(cx, value, taker, INDEX_TYPES[taker])
    items = value.contents.items(limit=32) if isinstance(value, Sequence) else (value,)
    for item in items or ():
        if isinstance(item, Const) and isinstance(item.value, float) and not in_graph(cx):
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            message = "Cannot convert a float to EagerTensor of dtype int32"
            raise DtypeMismatch(
                failed("TypeError", message), values=(value,), taker=taker, got=("float",), wanted="int32"
            )
        if isinstance(item, Const) and item.value is None and isinstance(value, Sequence):
            message = "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor."
            raise invalid(failed("TypeError" if in_graph(cx) else "ValueError", message), "shape", "None", value)
    dims = shape_argument(cx, value)
    for dim in dims or ():
        if isinstance(dim, int) and dim < 0:
            message = f"Dimension {dim} must be >= 0"
            raise invalid(
                failed("ValueError" if graph_mode(cx) else "InvalidArgumentError", message), "shape", shown(dims), value
            )
    return dims


def _filled(cx: Context, shape: Value, dtype: Value | None, taker: str, lo: int, hi: int) -> Value:
    wanted = dtype_of(dtype)
    kind = None if open_dtype(dtype, wanted) else wanted or "float32"
    return tensor(_sizes(cx, shape, taker), kind, lo=lo, hi=hi)


@op("tensorflow.zeros")
def zeros(
    cx: Context, shape: Value, dtype: Value | None = None, name: Value | None = None, layout: Value | None = None
) -> Value:
    """Zeros, float32."""
    return _filled(cx, shape, dtype, "zeros", 0, 0)


@op("tensorflow.ones")
def ones(
    cx: Context, shape: Value, dtype: Value | None = None, name: Value | None = None, layout: Value | None = None
) -> Value:
    """Ones, float32."""
    return _filled(cx, shape, dtype, "ones", 1, 1)


@op("tensorflow.fill")
def fill(cx: Context, dims: Value, value: Value, name: Value | None = None, layout: Value | None = None) -> Value:
    """One value everywhere."""
    x = as_tensor(cx, value)
    if x is None:
        return tensor(_sizes(cx, dims, "fill"), None)
    if x.shape:
        message = f"value must be a scalar, got shape {shown(x.shape)}"
        raise invalid(
            failed("ValueError" if graph_mode(cx) else "InvalidArgumentError", message), "value", shown(x.shape), x
        )
    return tensor(_sizes(cx, dims, "fill"), x.dtype, x, lo=x.lo, hi=x.hi)


def _scalar_end(cx: Context, which: str, end: Value | None) -> None:
    """An end of a range must be one number: InvalidArgumentError for a whole shape, ValueError where it is traced."""
    shape = end.shape if isinstance(end, Array) else None
    if isinstance(end, Sequence):
        shape = (end.contents.length,)
    elif isinstance(end, Instance) and end.fields.get("~shape") is not None:
        shape = (len(end.fields["~shape"]),)
    if end is not None and shape and any(eq(size, 1, cx.facts).is_no for size in shape):
        raise invalid(raises(cx, f"{which} must be a scalar, not shape {shown(shape)}"), which, cx.text(end), end)


@op("tensorflow.range")
def range_(
    cx: Context,
    start: Value,
    limit: Value | None = None,
    delta: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Numbers in a row: floats where one is."""
    first, last = (Const(0), start) if not given(limit) else (start, limit)
    ends = [first, last, delta if given(delta) else Const(1)]
    for which, end in zip(("start", "limit", "delta"), ends):
        _scalar_end(cx, which, end)
    kind = dtype_of(dtype)
    dtypes = [_kind_of(end) for end in ends]
    if kind is None and not open_dtype(dtype, kind):
        kind = (
            "float32"
            if "float32" in dtypes
            else "float64"
            if "float64" in dtypes
            else ("int64" if "int64" in dtypes else "int32" if None not in dtypes else None)
        )
    numbers = [end.value for end in ends if isinstance(end, Const) and isinstance(end.value, (int, float))]
    if len(numbers) == 3 and any(isinstance(item, float) for item in numbers):
        import math

        count = max(math.ceil(abs((numbers[1] - numbers[0]) / numbers[2])), 0) if numbers[2] else 0
        return tensor((count,), kind, lo=min(numbers[:2]), hi=max(numbers[:2]))
    a, b, step = as_dim(ends[0]), as_dim(ends[1]), as_int(ends[2])
    if step == 0:
        raise invalid(
            failed("ValueError" if graph_mode(cx) else "InvalidArgumentError", "Requires delta != 0"), "delta", 0
        )
    if a is None or b is None or step is None:
        return tensor((cx.fresh(lo=0),), kind)
    if isinstance(a, int) and isinstance(b, int):
        if (b - a) * step < 0:
            sign = "start <= limit when delta > 0" if step > 0 else "start >= limit when delta < 0"
            exception = "ValueError" if graph_mode(cx) else "InvalidArgumentError"
            raise invalid(failed(exception, f"Requires {sign}: {a}/{b}"), "limit", b)
        found = range(a, b, step)
        data = tuple(found) if len(found) <= 64 and (kind or "").startswith("int") else None
        return tensor((len(found),), kind, lo=min(found, default=None), hi=max(found, default=None), data=data)
    size = ceildiv(b - a, step) if step > 0 else ceildiv(a - b, -step)
    return tensor(
        (size if not isinstance(size, int) else max(size, 0),),
        kind,
        lo=a if step > 0 else None,
        hi=b - 1 if step > 0 else None,
    )


def _kind_of(value: Value | None) -> str | None:
    if isinstance(value, Const):
        return {"int": "int32", "float": "float32", "bool": "int32"}.get(type(value.value).__name__)
    if isinstance(value, Int):
        return "int32"
    if isinstance(value, Typed):
        return {"int": "int32", "float": "float32"}.get(value.kind)
    return value.dtype if isinstance(value, Array) else None


@op("tensorflow.linspace", "tensorflow.linalg.linspace")
def linspace(
    cx: Context, start: Value, stop: Value, num: Value, name: Value | None = None, axis: Value | None = None
) -> Value:
    """Evenly spaced numbers along a new axis."""
    a, b = as_tensor(cx, start), as_tensor(cx, stop)
    size = cx.dim(num)
    place = 0 if not given(axis) else as_int(axis)
    if a is None or b is None or size is None or place is None:
        return unknown_tensor(cx, start)
    shape = broadcast(cx, "LinSpace", a, b)
    dtype = "float64" if a.dtype in INTEGERS else a.dtype
    if shape is None or not -len(shape) - 1 <= place <= len(shape):
        return tensor(None, dtype, a, b)
    at = place % (len(shape) + 1)
    return tensor(
        (*shape[:at], size, *shape[at:]),
        dtype,
        a,
        b,
        lo=a.lo if at == 0 and not shape else None,
        hi=b.hi if not shape else None,
    )


# -- random numbers --------------------------------------------------------------------------------------------------


def _drawn(cx: Context, shape: Value, dtype: Value | None, lo: Any = None, hi: Any = None) -> Value:
    wanted = dtype_of(dtype)
    if isinstance(shape, (Const, Int)) and as_dim(shape) is not None:
        message = "shape must be a vector of {int32,int64}, got shape []"
        if graph_mode(cx):
            message = "Shape must be rank 1 but is rank 0"
        raise invalid(raises(cx, message), "shape", cx.text(shape), shape)
    return tensor(_sizes(cx, shape, "random"), None if open_dtype(dtype, wanted) else wanted or "float32", lo=lo, hi=hi)


op_table(
    "random.normal random.truncated_normal",
    "shape, mean=None, stddev=None, dtype=None, seed=None, name=None",
    lambda cx, **g: _drawn(cx, g["shape"], g.get("dtype")),
)
op_table(
    "random.stateless_normal random.stateless_truncated_normal",
    "shape, seed, mean=None, stddev=None, dtype=None, name=None, alg=None",
    lambda cx, **g: _drawn(cx, g["shape"], g.get("dtype")),
)


def _uniform(cx: Context, shape: Value, **g: Any) -> Value:
    kind = dtype_of(g.get("dtype")) or "float32"
    low = 0 if not given(g.get("minval")) else as_dim(g.get("minval"))
    high = as_dim(g.get("maxval"))
    if kind in INTEGERS:
        if not given(g.get("maxval")):
            message = f"Must specify maxval for integer dtype '{kind}'"
            raise invalid(failed("ValueError", message), "maxval", "None")
        return _drawn(cx, shape, g.get("dtype"), low, None if high is None else high - 1)
    top: Any = 1.0 if not given(g.get("maxval")) else high
    return _drawn(cx, shape, g.get("dtype"), low, top if low is not None else None)


op_table("random.uniform", "shape, minval=None, maxval=None, dtype=None, seed=None, name=None", _uniform)


def _stateless(cx: Context, shape: Value, **g: Any) -> Value:
    """``minval`` is 0 where it is not given; integers of all sizes come where both are None."""
    kind, low = dtype_of(g.get("dtype")) or "float32", g.get("minval")
    if kind in INTEGERS and isinstance(low, Const) and low.value is None and not given(g.get("maxval")):
        return _drawn(cx, shape, g.get("dtype"))
    return _uniform(cx, shape, **g)


op_table(
    "random.stateless_uniform", "shape, seed, minval=None, maxval=None, dtype=None, name=None, alg=None", _stateless
)


@op("tensorflow.random.gamma", "tensorflow.random.poisson")
def gamma(cx: Context, shape: Value, alpha: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The shape, then the axes of the parameter."""
    parameter = alpha if alpha is not None else kwargs.get("lam")
    x = None if parameter is None else as_tensor(cx, parameter)
    dims = shape_argument(cx, shape)
    if x is None or x.shape is None or dims is None:
        return tensor(None, "float32")
    return tensor(
        (*dims, *x.shape), dtype_of(kwargs.get("dtype")) or ("float32" if x.dtype not in FLOATS else x.dtype), x
    )


@op("tensorflow.random.categorical", "tensorflow.random.stateless_categorical")
def categorical(
    cx: Context,
    logits: Value,
    num_samples: Value,
    dtype: Value | None = None,
    seed: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Class numbers: (batch, samples)."""
    x = as_tensor(cx, logits)
    count = cx.dim(num_samples)
    kind = dtype_or(dtype, "int64")
    if x is None or x.shape is None or count is None:
        return unknown_tensor(cx, logits)
    if len(x.shape) != 2:
        from foreshape.semantics.tensorflow.support import wrong_rank

        message = f"logits should be a matrix, got shape {shown(x.shape)}"
        if graph_mode(cx, x):
            message = f"Shape must be rank 2 but is rank {len(x.shape)}"
        raise wrong_rank(cx, "categorical", x, 2, message)
    return tensor(
        (x.shape[0], count), kind, x, lo=0, hi=None if undefined(x.shape[1]) else x.shape[1] - 1, meta={"loose": True}
    )


@rule(
    "tensorflow.random.Generator.from_seed",
    "tensorflow.random.Generator.from_non_deterministic_state",
    "tensorflow.random.get_global_generator",
)
def generator(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A generator of random numbers."""
    from foreshape.domain.values import Instance

    return Instance(LibraryRef("tensorflow.random.Generator"))


@rule("tensorflow.random.Generator.normal", "tensorflow.random.Generator.truncated_normal")
def generator_normal(
    cx: Context,
    self: Value,
    shape: Value,
    mean: Value | None = None,
    stddev: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Random floats."""
    return _drawn(cx, shape, dtype)


@rule("tensorflow.random.Generator.uniform")
def generator_uniform(
    cx: Context,
    self: Value,
    shape: Value,
    minval: Value | None = None,
    maxval: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Random numbers of a range."""
    return _uniform(cx, shape, minval=minval, maxval=maxval, dtype=dtype)


# -- variables -------------------------------------------------------------------------------------------------------


@rule("tensorflow.Variable", doc="https://www.tensorflow.org/api_docs/python/tf/Variable")
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
    """A tensor that can be assigned to. ``meta``: "variable", and "declared" where ``shape`` says what may be
    assigned.
    """
    from foreshape.domain.values import BoundMethod, Function, Partial

    if initial_value is None or is_none(initial_value):
        raise invalid(failed("ValueError", "initial_value must be specified."), "initial_value", "None")
    if isinstance(initial_value, (Function, BoundMethod, Partial)):
        initial_value = cx.call(initial_value, ())
    wanted = dtype_of(dtype)
    if isinstance(initial_value, Unknown):
        found: Array | None = Array("tensorflow", None, wanted)
    elif (
        isinstance(initial_value, Array)
        and initial_value.kind == "tensorflow"
        and wanted not in (None, initial_value.dtype)
    ):
        found = converted(cx, initial_value, wanted)
    else:
        found = converted(cx, initial_value, wanted)
    if found is None:
        return cx.unknown("a variable of something that is not known")
    if open_dtype(dtype, wanted) and not (isinstance(initial_value, Array) and initial_value.kind == "tensorflow"):
        found = found.replace(dtype=None)
    declared: Shape | None = found.shape
    meta: dict[str, Any] = {"variable": True}
    if isinstance(trainable, Const) and trainable.value is False:
        meta["trainable"] = False
    if as_bool(trainable) is False:
        meta["fixed"] = True
    if given(shape):
        meta["declared"] = shape_argument(cx, shape)
        if meta["declared"] is not None:
            declared = tuple(cx.fresh(lo=0) if undefined(dim) else dim for dim in meta["declared"])
        else:
            declared = None
    made = Array("tensorflow", declared, found.dtype, meta=meta, roles=found.roles if declared is found.shape else None)
    made.tainted = found.tainted
    return made


def largest(a: Any, b: Any) -> Any:
    """The larger of two sizes."""
    return dmax(a, b) if isinstance(a, Dim) or isinstance(b, Dim) else max(a, b)
