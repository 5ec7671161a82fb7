"""``keras.Input`` and ``InputLayer``: symbolic tensors of a declared shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.keras.base import is_keras3, layer_name, shape_of, shape_value
from foreshape.semantics.keras.config import invalid, repr_value, type_text
from foreshape.semantics.keras.graph import HISTORY, Node
from foreshape.semantics.keras.names import process
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.shared.structure import as_tuple

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.InputLayer", "keras.Layer")
library_type("keras.KerasTensor")


def standard_shape(cx: Context, value: Value | None, argument: str) -> Shape | None:
    """A declared shape: a tuple or list of ints and None. None: not known. A bad one raises as Keras does."""
    if value is None or isinstance(value, Unknown):
        return None
    new = is_keras3(cx)
    single = as_dim(value)
    if single is not None:
        if new:
            raise invalid(cx, "ValueError", f"Cannot convert '{repr_value(value)}' to a shape.", argument, value)
        return (single,)
    if isinstance(value, Const):
        shown = repr_value(value)
        if new:
            raise invalid(cx, "ValueError", f"Cannot convert '{shown}' to a shape.", argument, value)
        return None
    if isinstance(value, Array):
        return _from_array(value)
    items = value.contents.items() if isinstance(value, Sequence) else None
    if items is None:
        return shape_of(cx, value)
    dims: list[DimLike] = []
    for item in items:
        if is_none(item):
            dims.append(cx.fresh(keras_none=True))
            continue
        dim = as_dim(item)
        if dim is None and isinstance(item, (Const, Sequence)):
            raise _bad_entry(cx, value, item, argument)
        if dim is None and isinstance(item, Typed) and item.kind != "int":
            raise _bad_entry(cx, value, item, argument)
        if dim is None:
            dim = cx.fresh(item.origin.name if item.origin is not None else None)
        if isinstance(dim, int) and dim < 0:
            message = (
                f"Cannot convert '{repr_value(value)}' to a shape. Negative dimensions are not allowed."
                if new
                else f"Dimension {dim} must be >= 0"
            )
            raise invalid(cx, "ValueError", message, argument, value)
        dims.append(dim)
    return tuple(dims)


def _from_array(value: Array) -> Shape | None:
    if value.shape is None or len(value.shape) != 1 or value.data is None:
        return None
    return tuple(value.data) if all(isinstance(item, int) for item in value.data) else None


def _bad_entry(cx: Context, value: Value, item: Value, argument: str) -> Exception:
    if is_keras3(cx):
        message = (
            f"Cannot convert '{repr_value(value)}' to a shape. Found invalid dimension '{repr_value(item)}' of type "
            f"'{type_text(item)}'. "
        )
        return invalid(cx, "ValueError", message, argument, value)
    message = (
        f"Dimension value must be integer or None or have an __index__ method, got value '{repr_value(item)}' with "
        f"type '{type_text(item)}'"
    )
    return invalid(cx, "TypeError", message, argument, value)


def make_input(
    cx: Context,
    layer: Instance,
    shape: Shape | None,
    dtype: str | None,
    name: str | None = None,
    optional: bool = False,
) -> Array:
    """Declare an input on an InputLayer: gives its symbolic tensor."""
    kwargs: dict[str, Value] = {} if name is None else {"name": Const(name)}
    from foreshape.semantics.keras.layer import initialise

    if is_keras3(cx):
        initialise(cx, layer, kwargs)
    else:
        initialise(cx, layer, kwargs or {"name": Const(_numbered(cx))})
    cx.set(layer, "built", Const(True))
    cx.set(layer, "~optional", optional)
    roles: tuple[str | None, ...] | None = None
    if shape is not None:
        roles = ("batch", *([None] * (len(shape) - 1))) if shape else ()
        cx.set(layer, "~batch_shape", shape)
    node = Node(layer, (), {}, layer_name(layer))
    meta: dict[str, Any] = {HISTORY: (node, 0)}
    tensor = Array("keras", shape, dtype, roles=roles, meta=meta)
    node.outputs = (tensor,)
    cx.set(layer, "~nodes", (node,))
    return tensor


def _numbered(cx: Context) -> str:
    """Keras 2 counts inputs from 1: ``input_1``."""
    state = process(cx)
    used = state.fields.get(("uid", "input"), 0) + 1
    cx.set(state, ("uid", "input"), used)
    return f"input_{used}"


def _declared(cx: Context, layer: Instance, given: dict[str, Value | None]) -> Array:
    """Both ``Input`` and ``InputLayer``, whose arguments differ only in their order."""
    new = is_keras3(cx)
    tensor = given.get("tensor")
    if new and tensor is not None and not is_none(tensor) and not _symbolic(tensor):
        message = (
            f"Argument `input_tensor` must be a KerasTensor. Received invalid type: input_tensor={repr_value(tensor)} "
            f"(of type {type_text(tensor)})"
        )
        raise invalid(cx, "ValueError", message, "input_tensor", tensor)
    if isinstance(tensor, Array):
        return make_input(cx, layer, tensor.shape, tensor.dtype, as_str(given.get("name")))
    if tensor is not None and not is_none(tensor):
        return make_input(cx, layer, None, None, as_str(given.get("name")))
    shape, batch_shape, batch_size = given.get("shape"), given.get("batch_shape"), given.get("batch_size")
    has_shape = shape is not None and not is_none(shape)
    has_batch_shape = batch_shape is not None and not is_none(batch_shape)
    if has_shape and has_batch_shape:
        message = (
            "You cannot pass both `shape` and `batch_shape` at the same time."
            if new
            else "Only provide the `shape` OR `batch_input_shape` argument to Input, not both at the same time."
        )
        raise invalid(cx, "ValueError", message, "shape", shape)
    if new and has_batch_shape and batch_size is not None and not is_none(batch_size):
        message = "You cannot pass both `batch_size` and `batch_shape` at the same time."
        raise invalid(cx, "ValueError", message, "batch_size", batch_size)
    if not has_shape and not has_batch_shape:
        if given.get("type_spec") is not None:
            return make_input(cx, layer, None, None, as_str(given.get("name")))
        message = (
            "You must pass a `shape` argument."
            if new
            else "Please provide to Input a `shape` or a `tensor` or a `type_spec` argument. Note that `shape` "
            "does not "
            "include the batch dimension."
        )
        raise invalid(cx, "ValueError", message, "shape", None)
    if has_batch_shape:
        full = standard_shape(cx, batch_shape, "batch_shape")
        full = _named_batch(cx, full, batch_shape)
    else:
        rest = standard_shape(cx, shape, "shape")
        size = as_dim(batch_size)
        batch: DimLike = cx.fresh("batch", keras_none=True) if size is None else size
        full = None if rest is None else (batch, *rest)
    dtype = given.get("dtype")
    found = "float32" if dtype is None or is_none(dtype) else _dtype_name(dtype)
    optional = given.get("optional")
    name = given.get("name")
    return make_input(
        cx, layer, full, found, as_str(name), optional=isinstance(optional, Const) and optional.value is True
    )


def _symbolic(value: Value) -> bool:
    """Whether it is, or may be, a symbolic tensor."""
    return value.kind == "keras" if isinstance(value, Array) else not isinstance(value, (Const, Sequence, Typed))


def _dtype_name(value: Value) -> str | None:
    found = as_str(value)
    if found is None and isinstance(value, LibraryRef):
        found = value.name.rpartition(".")[2]
        return {"int": "int32", "float": "float32", "bool_": "bool"}.get(found, found)
    if found is None and isinstance(value, Instance):
        return as_str(value.fields.get("name"))
    return found


def _named_batch(cx: Context, shape: Shape | None, value: Value | None) -> Shape | None:
    """A batch axis of None gets its name."""
    if shape and isinstance(value, Sequence):
        items = value.contents.items()
        if items and is_none(items[0]):
            return (cx.fresh("batch", keras_none=True), *shape[1:])
    return shape


@rule("keras.Input", since="3", doc="https://keras.io/api/layers/core_layers/input/")
def input_3(
    cx: Context,
    shape: Value | None = None,
    batch_size: Value | None = None,
    dtype: Value | None = None,
    sparse: Value | None = None,
    ragged: Value | None = None,
    batch_shape: Value | None = None,
    name: Value | None = None,
    tensor: Value | None = None,
    optional: Value | None = None,
) -> Value:
    """A symbolic tensor (batch, *shape), float32 unless told otherwise."""
    layer = Instance(LibraryRef("keras.layers.InputLayer"))
    return _declared(cx, layer, {"shape": shape, "batch_size": batch_size, "dtype": dtype, "batch_shape": batch_shape,
                                 "name": name, "tensor": tensor, "optional": optional})  # fmt: skip


@rule("keras.Input", until="3")
def input_2(
    cx: Context,
    shape: Value | None = None,
    batch_size: Value | None = None,
    name: Value | None = None,
    dtype: Value | None = None,
    sparse: Value | None = None,
    tensor: Value | None = None,
    ragged: Value | None = None,
    type_spec: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A symbolic tensor (batch, *shape), float32 unless told otherwise."""
    layer = Instance(LibraryRef("keras.layers.InputLayer"))
    batch_shape = kwargs.get("batch_shape") or kwargs.get("batch_input_shape")
    return _declared(cx, layer, {"shape": shape, "batch_size": batch_size, "dtype": dtype, "name": name,
                                 "tensor": tensor, "type_spec": type_spec, "batch_shape": batch_shape})  # fmt: skip


@rule("keras.layers.InputLayer.__init__", since="3")
def input_layer_3(
    cx: Context,
    self: Instance,
    shape: Value | None = None,
    batch_size: Value | None = None,
    dtype: Value | None = None,
    sparse: Value | None = None,
    ragged: Value | None = None,
    batch_shape: Value | None = None,
    input_tensor: Value | None = None,
    optional: Value | None = None,
    name: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The layer of an input."""
    shape = kwargs.get("input_shape", shape)
    batch_shape = kwargs.get("batch_input_shape", batch_shape)
    _declared(cx, self, {"shape": shape, "batch_size": batch_size, "dtype": dtype, "batch_shape": batch_shape,
                         "name": name, "tensor": input_tensor, "optional": optional})  # fmt: skip
    return Const(None)


@rule("keras.layers.InputLayer.__init__", until="3")
def input_layer_2(
    cx: Context,
    self: Instance,
    input_shape: Value | None = None,
    batch_size: Value | None = None,
    dtype: Value | None = None,
    input_tensor: Value | None = None,
    sparse: Value | None = None,
    name: Value | None = None,
    ragged: Value | None = None,
    type_spec: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The layer of an input."""
    others = [key for key in kwargs if key != "batch_input_shape"]
    if others:
        raise invalid(cx, "ValueError", f"Unrecognized keyword arguments: {others}", others[0], kwargs[others[0]])
    given = {"shape": input_shape, "batch_size": batch_size, "dtype": dtype, "name": name, "tensor": input_tensor,
             "type_spec": type_spec, "batch_shape": kwargs.get("batch_input_shape")}  # fmt: skip
    if all(given[key] is None for key in ("shape", "tensor", "type_spec", "batch_shape")):
        given["batch_shape"] = as_tuple((Const(None),))
    _declared(cx, self, given)
    return Const(None)


@rule("keras.layers.InputLayer.call", since="3")
def input_layer_call_3(cx: Context, self: Instance) -> Value:
    """Keras 3: it holds a symbolic tensor and takes nothing."""
    return Const(None)


@rule("keras.layers.InputLayer.call", until="3")
def input_layer_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """An input gives what it is fed."""
    return args[0] if args else Const(None)


@attribute("keras.layers.InputLayer.batch_shape", since="3")
def input_batch_shape(cx: Context, self: Instance) -> Value:
    """The declared shape."""
    return shape_value(self.fields.get("~batch_shape"))


def input_tensor(layer: Instance) -> Array:
    """The symbolic tensor of an InputLayer."""
    node: Node = layer.fields["~nodes"][0]
    return node.outputs[0]


@rule("keras.KerasTensor", since="3")
def keras_tensor(
    cx: Context,
    shape: Value,
    dtype: Value | None = None,
    sparse: Value | None = None,
    ragged: Value | None = None,
    record_history: Value | None = None,
    name: Value | None = None,
) -> Value:
    """A symbolic tensor that no layer made."""
    node = Node(None, (), {}, "KerasTensor")
    found = "float32" if dtype is None or is_none(dtype) else as_str(dtype)
    made = Array("keras", standard_shape(cx, shape, "shape"), found, meta={HISTORY: (node, 0)})
    node.outputs = (made,)
    return made
