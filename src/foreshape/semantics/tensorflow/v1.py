"""TensorFlow 1 programs and ``tf.compat.v1``: placeholders, sessions, variables by name, layers and cells of that time.

A placeholder is a tensor whose open sizes are None to the graph; ``Session.run`` puts in the sizes of what is fed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Contents, Run, substitute_value
from foreshape.domain.dim import Dim, DimLike, as_var
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import mapped
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op_table
from foreshape.semantics.tensorflow.elementwise import binary, unary
from foreshape.semantics.tensorflow.reductions import argmax
from foreshape.semantics.tensorflow.support import (
    dtype_of,
    failed,
    given,
    joined,
    shape_argument,
    tensor,
    tuple_text,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.Operation")
library_type("tensorflow.Graph")
library_type("tensorflow.Session")
library_type("tensorflow.InteractiveSession", "tensorflow.Session")
library_type("tensorflow.variable_scope")
library_type("tensorflow.train.Optimizer")
library_type("tensorflow.train.Saver")


def _object(name: str) -> Instance:
    return Instance(LibraryRef(name))


# -- the mode --------------------------------------------------------------------------------------------------------


@rule("tensorflow.disable_eager_execution", "tensorflow.disable_v2_behavior")
def disable_eager(cx: Context) -> Value:
    """From here on everything is put into a graph."""
    cx.set(cx.state("tensorflow"), "v1", True)
    cx.set(cx.state("keras"), "symbolic", True)
    return Const(None)


@rule(
    "tensorflow.reset_default_graph",
    "tensorflow.disable_resource_variables",
    "tensorflow.add_to_collection",
    "tensorflow.disable_v2_tensorshape",
    "tensorflow.enable_resource_variables",
    "tensorflow.add_check_numerics_ops",
    "tensorflow.Graph.__init__",
    "tensorflow.train.Saver.__init__",
    "tensorflow.train.Saver.restore",
    "tensorflow.Session.close",
    "tensorflow.variable_scope.__init__",
    "tensorflow.Session.__exit__",
    "tensorflow.variable_scope.__exit__",
    "tensorflow.Operation.run",
    "tensorflow.variable_scope.reuse_variables",
    "tensorflow.Session.as_default_graph",
)
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule(
    "tensorflow.global_variables_initializer",
    "tensorflow.local_variables_initializer",
    "tensorflow.tables_initializer",
    "tensorflow.initialize_all_variables",
    "tensorflow.variables_initializer",
    "tensorflow.assign",
    "tensorflow.assign_add",
    "tensorflow.summary.merge_all",
    "tensorflow.train.Optimizer.minimize",
    "tensorflow.train.Optimizer.apply_gradients",
    "tensorflow.Session.make_callable",
)
def operation(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Something to run."""
    return _object("tensorflow.Operation")


@rule("tensorflow.Graph.as_default", "tensorflow.Session.as_default", "tensorflow.get_variable_scope")
def scope(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A scope."""
    return _object("tensorflow.variable_scope")


@rule("tensorflow.variable_scope.__enter__", "tensorflow.Session.__enter__")
def enter(cx: Context, self: Instance) -> Value:
    """The scope."""
    return self


@rule("tensorflow.get_default_graph")
def default_graph(cx: Context) -> Value:
    """The graph."""
    return _object("tensorflow.Graph")


@rule(
    "tensorflow.Graph.get_tensor_by_name",
    "tensorflow.Graph.get_operation_by_name",
    "tensorflow.train.Saver.save",
    "tensorflow.gradients",
    "tensorflow.train.Optimizer.compute_gradients",
    "tensorflow.get_collection",
)
def not_followed(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """What is not followed."""
    return cx.unknown("a part of the graph that is asked for by name")


# -- placeholders and variables --------------------------------------------------------------------------------------


@rule("tensorflow.placeholder")
def placeholder(cx: Context, dtype: Value, shape: Value | None = None, name: Value | None = None) -> Value:
    """A tensor that is fed later."""
    dims = shape_argument(cx, shape) if given(shape) else None
    if dims is not None:
        dims = tuple(cx.fresh(keras_none=True) if isinstance(dim, int) and dim < 0 else dim for dim in dims)
    return Array("tensorflow", dims, dtype_of(dtype), meta={"placeholder": True})


@rule("tensorflow.placeholder_with_default")
def placeholder_with_default(cx: Context, input: Value, shape: Value, name: Value | None = None) -> Value:
    """A tensor that may be fed."""
    x, dims = as_tensor(cx, input), shape_argument(cx, shape)
    return Array("tensorflow", dims, None if x is None else x.dtype, meta={"placeholder": True})


@rule("tensorflow.get_variable")
def get_variable(
    cx: Context,
    name: Value,
    shape: Value | None = None,
    dtype: Value | None = None,
    initializer: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """A variable by name."""
    dims = shape_argument(cx, shape) if given(shape) else None
    kind = dtype_of(dtype)
    if dims is None and isinstance(initializer, Array):
        dims, kind = initializer.shape, kind or initializer.dtype
    return Array("tensorflow", dims, kind or "float32", meta={"variable": True})


@rule(
    "tensorflow.trainable_variables",
    "tensorflow.global_variables",
    "tensorflow.all_variables",
    "tensorflow.model_variables",
)
def variables(cx: Context, scope: Value | None = None) -> Value:
    """All that there are."""
    return Sequence("list", Contents((Run(cx.fresh(lo=0), Array("tensorflow", None, None, meta={"variable": True})),)))


# -- sessions --------------------------------------------------------------------------------------------------------


@rule("tensorflow.Session.__init__")
def session_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Runs the graph."""
    return Const(None)


def _fed(cx: Context, feed: Value | None) -> dict[Any, DimLike]:
    """The sizes that what is fed gives to the open sizes of the placeholders; raises where it does not fit."""
    sizes: dict[Any, DimLike] = {}
    if not isinstance(feed, DictValue):
        return sizes
    for key, value in feed.entries.items():
        if not isinstance(key, Array) or key.shape is None:
            continue
        found = _array(cx, value, key.dtype)
        if found is None or found.shape is None or found.tainted:
            continue
        fits = len(found.shape) == len(key.shape)
        for have, want in zip(found.shape, key.shape):
            variable = as_var(want) if isinstance(want, Dim) else None
            if variable is not None and undefined(want):
                sizes[variable] = have
            elif not undefined(want):
                fits = fits and joined(cx, have, want) is not None
        if not fits:
            from foreshape.faults.declared_shape import DeclaredShape

            message = (
                f"Cannot feed value of shape {tuple_text(found.shape)} for Tensor Placeholder:0, which has shape "
                f"{tuple_text(key.shape)}"
            )
            declared = tuple(None if undefined(dim) else dim for dim in key.shape)
            raise DeclaredShape(
                failed("ValueError", message),
                values=(value, key),
                model="placeholder",
                declared=declared,
                got=found.shape,
            )
    return sizes


def _array(cx: Context, value: Value, dtype: str | None) -> Array | None:
    """What is fed, as an array."""
    if isinstance(value, Array):
        return value if value.kind == "numpy" else None
    if isinstance(value, (Const, Typed)) and not is_none(value):
        return Array("numpy", (), dtype)
    if isinstance(value, Sequence) and value.kind in ("list", "tuple"):
        found = cx.rule("numpy.asarray", value)
        return found if isinstance(found, Array) and not found.tainted else None
    return None


def _ran(cx: Context, value: Value, sizes: dict[Any, DimLike]) -> Value:
    """What running a part of the graph gives."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.kind in ("tensorflow", "keras"):
            put = substitute_value(leaf, sizes) if sizes else leaf
            assert isinstance(put, Array)
            shape = put.shape
            if shape is not None:
                shape = tuple(cx.fresh(lo=0) if undefined(dim) else dim for dim in shape)
            made = Array("numpy", shape, put.dtype, lo=put.lo, hi=put.hi)
            made.tainted = leaf.tainted
            return made
        if isinstance(leaf, Instance):
            return Const(None) if leaf.library_type == "tensorflow.Operation" else cx.unknown("a part of the graph")
        return leaf if isinstance(leaf, Unknown) else cx.unknown("a part of the graph")

    return value if isinstance(value, Unknown) else mapped(one, value)


@rule("tensorflow.Session.run")
def session_run(
    cx: Context,
    self: Instance,
    fetches: Value,
    feed_dict: Value | None = None,
    options: Value | None = None,
    run_metadata: Value | None = None,
) -> Value:
    """Arrays for the tensors that are asked for, with the sizes that are fed."""
    return _ran(cx, fetches, _fed(cx, feed_dict))


@rule("tensorflow.Tensor.eval")
def evaluate(cx: Context, self: Array, feed_dict: Value | None = None, session: Value | None = None) -> Value:
    """The value as an array."""
    return _ran(cx, self, _fed(cx, feed_dict))


# -- names of that time ----------------------------------------------------------------------------------------------

for _old, _new in (
    ("random_normal", "random.normal"),
    ("truncated_normal", "random.truncated_normal"),
    ("random_uniform", "random.uniform"),
    ("random_shuffle", "random.shuffle"),
    ("log", "math.log"),
    ("ceil", "math.ceil"),
    ("lgamma", "math.lgamma"),
    ("mod", "math.mod"),
    ("floormod", "math.floormod"),
    ("unsorted_segment_sum", "math.unsorted_segment_sum"),
    ("matrix_inverse", "linalg.inv"),
    ("matrix_determinant", "linalg.det"),
    ("cholesky", "linalg.cholesky"),
    ("matrix_transpose", "linalg.matrix_transpose"),
    ("is_nan", "math.is_nan"),
    ("squared_difference", "math.squared_difference"),
    ("segment_sum", "math.segment_sum"),
    ("matrix_band_part", "linalg.band_part"),
    ("decode_raw", "io.decode_raw"),
    ("read_file", "io.read_file"),
    ("rsqrt", "math.rsqrt"),
    ("erf", "math.erf"),
    ("log1p", "math.log1p"),
    ("reciprocal", "math.reciprocal"),
    ("logical_xor", "math.logical_xor"),
    ("global_norm", "linalg.global_norm"),
    ("diag", "linalg.diag"),
    ("trace", "linalg.trace"),
    ("svd", "linalg.svd"),
    ("qr", "linalg.qr"),
    ("confusion_matrix", "math.confusion_matrix"),
):

    def _renamed(cx: Context, *args: Value, _name: str = _new, **kwargs: Value) -> Value:
        return cx.rule(f"tensorflow.{_name}", *args, **kwargs)

    rule(f"tensorflow.{_old}")(_renamed)

op_table(
    "div",
    "x, y, name=None",
    lambda cx, **g: binary(cx, "//", g["x"], g["y"]) if _whole(cx, g["x"]) else binary(cx, "/", g["x"], g["y"]),
)
op_table("mul", "x, y, name=None", lambda cx, **g: binary(cx, "*", g["x"], g["y"]))
op_table("sub", "x, y, name=None", lambda cx, **g: binary(cx, "-", g["x"], g["y"]))
op_table("neg", "x, name=None", lambda cx, **g: unary(cx, g["x"]))
op_table(
    "arg_max arg_min",
    "input, dimension, output_type=None, name=None",
    lambda cx, **g: argmax(cx, g["input"], g["dimension"]),
)


def _whole(cx: Context, value: Value) -> bool:
    x = as_tensor(cx, value)
    return x is not None and x.dtype is not None and "int" in x.dtype


def _to(dtype: str) -> Any:
    def run(cx: Context, x: Value, name: Value | None = None) -> Value:
        found = as_tensor(cx, x)
        return unknown_tensor(cx, x) if found is None else tensor(found.shape, dtype, found, roles=found.roles)

    return run


for _name, _dtype in (("to_float", "float32"), ("to_double", "float64"), ("to_int32", "int32"), ("to_int64", "int64")):
    op_table(_name, "x, name=None", _to(_dtype))

for _name in (
    "GradientDescentOptimizer",
    "AdamOptimizer",
    "RMSPropOptimizer",
    "MomentumOptimizer",
    "AdagradOptimizer",
    "AdadeltaOptimizer",
    "FtrlOptimizer",
):
    library_type(f"tensorflow.train.{_name}", "tensorflow.train.Optimizer")


@rule("tensorflow.train.Optimizer.__init__")
def optimizer_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Const(None)


for _name in (
    "truncated_normal_initializer",
    "random_normal_initializer",
    "zeros_initializer",
    "ones_initializer",
    "constant_initializer",
    "random_uniform_initializer",
    "glorot_uniform_initializer",
    "glorot_normal_initializer",
    "orthogonal_initializer",
    "initializers.he_normal",
    "initializers.truncated_normal",
    "contrib.layers.xavier_initializer",
    "initializers.random_normal",
):

    def _initializer(cx: Context, *args: Value, **kwargs: Value) -> Value:
        return _object("keras.initializers.Initializer")

    rule(f"tensorflow.{_name}")(_initializer)


# -- layers ----------------------------------------------------------------------------------------------------------


@rule("tensorflow.layers.dense", "tensorflow.contrib.layers.fully_connected")
def dense(cx: Context, inputs: Value, units: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Another last axis, which must be known."""
    x = as_tensor(cx, inputs)
    size = cx.dim(units if units is not None else kwargs.get("num_outputs"))
    if x is None or not x.shape or size is None:
        return unknown_tensor(cx, inputs)
    if undefined(x.shape[-1]):
        from foreshape.faults.undefined_dimension import UndefinedDimension

        message = "The last dimension of the inputs to `Dense` should be defined. Found `None`."
        raise UndefinedDimension(
            failed("ValueError", message), values=(x,), taker="dense", axis=len(x.shape) - 1, shape=x.shape
        )
    return tensor((*x.shape[:-1], size), x.dtype, x)


@rule("tensorflow.layers.flatten", "tensorflow.contrib.layers.flatten")
def flatten_layer(cx: Context, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """(batch, everything else)."""
    from foreshape.domain.dim import product

    x = as_tensor(cx, inputs)
    if x is None or not x.shape:
        return unknown_tensor(cx, inputs)
    rest = x.shape[1:]
    size = cx.fresh(keras_none=True) if any(undefined(dim) for dim in rest) else product(rest)
    return tensor((x.shape[0], size), x.dtype, x)


@rule(
    "tensorflow.layers.dropout",
    "tensorflow.layers.batch_normalization",
    "tensorflow.contrib.layers.batch_norm",
    "tensorflow.contrib.layers.layer_norm",
)
def same_layer(cx: Context, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape."""
    return unary(cx, inputs)
