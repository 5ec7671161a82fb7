"""``keras.Layer``: what every layer has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Value,
    as_bool,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.keras.base import (
    InputSpec,
    auto_layer_name,
    error,
    is_keras3,
    layer_name,
    shape_of,
    shape_value,
)
from foreshape.semantics.keras.build import shapes_of
from foreshape.semantics.keras.calling import call_layer_object
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.graph import plain
from foreshape.semantics.keras.methods import LAYER
from foreshape.semantics.keras.names import auto_name, class_name
from foreshape.semantics.keras.weights import all_weights, tensors_of
from foreshape.semantics.registry import REGISTRY, attribute, library_type, rule
from foreshape.semantics.shared.structure import as_tuple, children, is_shape, mapped

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type(LAYER)
library_type("keras.InputSpec")
library_type("keras.layers.Wrapper", LAYER)

KERAS2_KEYWORDS = (
    "trainable", "name", "dtype", "dynamic", "input_dim", "input_shape", "batch_input_shape", "batch_size", "weights",
    "activity_regularizer", "autocast", "implementation",
)  # fmt: skip
KERAS3_KEYWORDS = ("activity_regularizer", "trainable", "dtype", "autocast", "name", "input_dim", "input_shape")


def initialise(cx: Context, self: Instance, kwargs: Mapping[str, Value], automatic: str | None = None) -> None:
    """``Layer.__init__``. ``automatic``: what the name is made from, instead of the class."""
    new = is_keras3(cx)
    unknown = [key for key in kwargs if key not in (KERAS3_KEYWORDS if new else KERAS2_KEYWORDS)]
    if unknown and not _passes_on(self):
        raise _unexpected(cx, self, unknown, kwargs)
    trainable = kwargs.get("trainable")
    if isinstance(trainable, Const) and not isinstance(trainable.value, bool) and (new or not is_none(trainable)):
        shown = f"Received: trainable={repr_value(trainable)}" if new else f"but got: {repr_value(trainable)}"
        message = f"Expected `trainable` {'' if new else 'argument '}to be a boolean{'. ' if new else ', '}{shown}"
        raise invalid(cx, "ValueError" if new else "TypeError", message, "trainable", trainable)
    name = kwargs.get("name")
    if name is None or is_none(name):
        name = Const(auto_layer_name(cx, self) if automatic is None else auto_name(cx, automatic))
    elif isinstance(name, Const) and not isinstance(name.value, str) and new:
        message = (
            f"Argument `name` must be a string and cannot contain character `/`. Received: name={repr_value(name)}"
        )
        raise invalid(cx, "ValueError", message, "name", name)
    elif new and "/" in (as_str(name) or ""):
        message = (
            "Argument `name` must be a string and cannot contain character `/`. "
            f"Received: name={as_str(name)} (of type <class 'str'>)"
        )
        raise invalid(cx, "ValueError", message, "name", name)
    cx.set(self, "name", name)
    cx.set(self, "~named", not (kwargs.get("name") is None or is_none(kwargs["name"])))
    cx.set(self, "trainable", Const(True) if trainable is None else trainable)
    cx.set(self, "built", Const(False))
    cx.set(self, "~initialised", True)
    _policy(cx, self, kwargs.get("dtype"))
    if kwargs.get("autocast") is not None:
        cx.set(self, "autocast", kwargs["autocast"])
    weights = kwargs.get("weights")
    if weights is not None and not is_none(weights):
        cx.set(self, "~initial_weights", weights)
    _declare_input(cx, self, kwargs)


def _passes_on(self: Instance) -> bool:
    """Whether the class of the program derives from more after the layer of the library: ``super().__init__`` leads there
    first, and what it takes is its own affair."""
    bases = self.cls.mro if isinstance(self.cls, ClassValue) else ()
    first = next((k for k, base in enumerate(bases) if isinstance(base, LibraryRef)), len(bases))
    return any(isinstance(base, ClassValue) or not _is_described(base.name) for base in bases[first:])


def _is_described(name: str) -> bool:
    """Whether a class of a library is one that the rules know."""
    return name == "builtins.object" or REGISTRY.type_of(name) is not None


def _unexpected(cx: Context, self: Instance, unknown: list[str], kwargs: Mapping[str, Value]) -> Exception:
    from foreshape.faults.call_arguments import CallArguments

    if is_keras3(cx):
        shown = "{" + ", ".join(f"{key!r}: {repr_value(kwargs[key])}" for key in unknown) + "}"
        message = f"Unrecognized keyword arguments passed to {class_name(self)}: {shown}"
        raised = error(cx, "ValueError", message)
    else:
        message = f"('Keyword argument not understood:', '{unknown[0]}')"
        raised = error(cx, "TypeError", message)
    return CallArguments(raised, callee=class_name(self), problem=f"got an unexpected keyword argument '{unknown[0]}'")


def _policy(cx: Context, self: Instance, dtype: Value | None) -> None:
    from foreshape.semantics.keras.names import process

    given = as_str(dtype)
    if given is None and isinstance(dtype, Instance):
        given = as_str(dtype.fields.get("name"))
    if given is None and isinstance(dtype, DictValue):
        settings = dtype.entries.get("config")  # as ``get_config`` writes a policy
        given = as_str(settings.entries.get("name")) if isinstance(settings, DictValue) else None
    if given is None and (dtype is None or is_none(dtype)):
        policy = process(cx).fields.get("policy", "float32")
    elif given is None:
        policy = None
    else:
        policy = (given or "").partition("_from_")[
            2
        ] or given  # a quantised policy computes as the one that it is made from
    compute = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}.get(policy or "", policy)
    variable = "float32" if policy in ("mixed_float16", "mixed_bfloat16") else policy
    cx.set(self, "~compute_dtype", compute)
    cx.set(self, "~variable_dtype", variable)


def _declare_input(cx: Context, self: Instance, kwargs: Mapping[str, Value]) -> None:
    """``input_shape=``, ``input_dim=``, ``batch_input_shape=``: what the first layer of a Sequential model is fed."""
    dim = kwargs.get("input_dim")
    shape = kwargs.get("input_shape")
    if dim is not None and not is_none(dim):
        shape = as_tuple((dim,))
    if is_keras3(cx):
        if shape is not None and not is_none(shape):
            cx.set(self, "~input_shape_arg", shape)
        return
    batch_shape = kwargs.get("batch_input_shape")
    if shape is not None and not is_none(shape):
        items = shape.contents.items() if isinstance(shape, Sequence) else None
        if items is None:
            if as_dim(shape) is not None:
                raise invalid(cx, "TypeError", "'int' object is not iterable", "input_shape", shape)
            return
        batch = kwargs.get("batch_size") or Const(None)
        cx.set(self, "~batch_input_shape", as_tuple((batch, *items)))
    elif batch_shape is not None and not is_none(batch_shape):
        cx.set(self, "~batch_input_shape", batch_shape)


def _without_constructor(self: Instance) -> bool:
    """Whether it is a layer of Keras whose own constructor is not described: its arguments are not known."""
    return isinstance(self.cls, LibraryRef) and self.cls.name != "keras.Layer"


@rule("keras.Layer.__init__", since="3")
def layer_init(
    cx: Context,
    self: Instance,
    *,
    activity_regularizer: Value | None = None,
    trainable: Value | None = None,
    dtype: Value | None = None,
    autocast: Value | None = None,
    name: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The base class, as the program's own layers call it."""
    if _without_constructor(self):
        kwargs = {}
    given = {"activity_regularizer": activity_regularizer, "trainable": trainable, "dtype": dtype,
             "autocast": autocast, "name": name}  # fmt: skip
    initialise(cx, self, {**{key: value for key, value in given.items() if value is not None}, **kwargs})
    return Const(None)


@rule("keras.Layer.__init__", until="3")
def layer_init_2(
    cx: Context,
    self: Instance,
    trainable: Value | None = None,
    name: Value | None = None,
    dtype: Value | None = None,
    dynamic: Value | None = None,
    **kwargs: Value,
) -> Value:
    """The base class, as the program's own layers call it."""
    if _without_constructor(self):
        kwargs = {}
    given = {"trainable": trainable, "name": name, "dtype": dtype}
    initialise(cx, self, {**{key: value for key, value in given.items() if value is not None}, **kwargs})
    return Const(None)


@rule("keras.Layer.__call__")
def layer_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Call a layer: see :mod:`foreshape.semantics.keras.calling`."""
    return call_layer_object(cx, self, args, kwargs)


@rule("keras.Layer.build")
def layer_build(cx: Context, self: Instance, input_shape: Value) -> Value:
    """The default: nothing to create."""
    cx.set(self, "built", Const(True))
    return Const(None)


@rule("keras.Layer.call")
def layer_call_default(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Keras 2 gives the inputs back; Keras 3 raises, since nobody has said what the layer does."""
    if not is_keras3(cx):
        return args[0] if args else Const(None)
    if self.library_type == LAYER:
        message = f"Layer {class_name(self)} does not have a `call` method implemented."
        raise invalid(cx, "NotImplementedError", message, "call", None)
    return cx.unknown(f"{class_name(self)}.call is not modelled")


@rule("keras.Layer.add_weight", since="3")
def add_weight_3(
    cx: Context,
    self: Instance,
    *args: Value,
    shape: Value | None = None,
    initializer: Value | None = None,
    dtype: Value | None = None,
    trainable: Value | None = None,
    autocast: Value | None = None,
    regularizer: Value | None = None,
    constraint: Value | None = None,
    aggregation: Value | None = None,
    overwrite_with_gradient: Value | None = None,
    name: Value | None = None,
) -> Value:
    """A variable of the shape that is given; () without one. A name that comes first is what Keras 2 took there."""
    if args and as_str(args[0]) is not None:
        from foreshape.semantics.keras.config import invalid

        message = f"`name` must be passed as a keyword argument. Received: add_weight({as_str(args[0])!r}, ...)"
        raise invalid(cx, "ValueError", message, "shape", args[0])
    if args:
        shape = args[0]
        dtype = args[2] if len(args) > 2 else dtype
    return _variable(cx, self, shape, dtype, trainable, name)


@rule("keras.Layer.add_weight", until="3")
def add_weight_2(
    cx: Context,
    self: Instance,
    name: Value | None = None,
    shape: Value | None = None,
    dtype: Value | None = None,
    initializer: Value | None = None,
    regularizer: Value | None = None,
    trainable: Value | None = None,
    constraint: Value | None = None,
    use_resource: Value | None = None,
    synchronization: Value | None = None,
    aggregation: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A variable of the shape that is given; () without one."""
    return _variable(cx, self, shape, dtype, trainable, name)


def _variable(
    cx: Context, self: Instance, shape: Value | None, dtype: Value | None, trainable: Value | None, name: Value | None
) -> Value:
    from foreshape.semantics.keras.base import add_weight, undefined

    if shape is None or is_none(shape):
        dims: tuple[object, ...] | None = ()
    elif as_dim(shape) is not None and not is_keras3(cx):
        dims = (as_dim(shape),)
    else:
        dims = shape_of(cx, shape)
    kind = as_str(dtype) or self.fields.get("~variable_dtype", "float32")
    if dtype is not None and not is_none(dtype) and as_str(dtype) is None:
        from foreshape.semantics.keras.operations.support import dtype_argument

        kind = dtype_argument(dtype, None)  # a type of Python or of a library; None where it is not known
    if dims is not None and any(undefined(dim) for dim in dims):  # type: ignore[arg-type]
        from foreshape.faults.undefined_dimension import UndefinedDimension
        from foreshape.semantics.keras.base import dims_text

        text = dims_text(dims)  # type: ignore[arg-type]
        message = (
            "Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: "
            f"shape={text} for variable path='{layer_name(self)}/{as_str(name) or 'variable'}'"
            if is_keras3(cx)
            else f"Cannot convert a partially known TensorShape {text} to a Tensor."
        )
        axis = next(i for i, dim in enumerate(dims) if undefined(dim))  # type: ignore[arg-type]
        raise UndefinedDimension(
            error(cx, "ValueError", message), values=(), taker=class_name(self), axis=axis, shape=dims
        )
    add_weight(cx, self, as_str(name) or "variable", dims, kind or "float32", as_bool(trainable) is not False)  # type: ignore[arg-type]
    meta = {"variable": True, "weight": True, **({"keras": True} if is_keras3(cx) else {})}
    return Array("tensorflow", dims, kind, meta=meta)  # type: ignore[arg-type]


@rule("keras.Layer.reset_states", "keras.Layer.reset_state", until="3")
@rule("keras.Layer.add_metric", "keras.Layer.add_update", "keras.Layer.quantize", "keras.Layer.finalize_state")
def layer_nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("keras.Layer.compute_mask")
def layer_compute_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The mask goes through where masking is supported."""
    return Const(None) if mask is None else mask


@rule("keras.Layer.compute_output_shape")
def layer_compute_output_shape(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The shape that ``call`` gives for inputs of this shape; built on the way where it is not."""
    from foreshape.semantics.keras.build import computed_output

    given = (*args, *kwargs.values())
    if len(given) != 1:  # a shape for each argument of ``call``
        return cx.unknown("the output shape of the layer is not known")
    input_shape = given[0]

    def tensor(shape: Value) -> Value:
        return Array("tensorflow", shape_of(cx, shape), self.fields.get("~compute_dtype", "float32"))

    if is_shape(input_shape) or not isinstance(input_shape, (Sequence, DictValue)):
        inputs = tensor(input_shape)
    elif isinstance(input_shape, DictValue):
        inputs = DictValue({key: tensor(entry) for key, entry in input_shape.entries.items()})
    else:
        inputs = Sequence("list", Contents(tensor(child) for child in children(input_shape)))
    if not is_keras3(cx) and as_bool(self.fields.get("built")) is not True:
        cx.call_method(self, "build", (input_shape,))
    result = computed_output(cx, self, inputs)

    def text(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape is not None:
            return shapes_of(cx, leaf)
        return cx.unknown("the output shape of the layer is not known")

    return mapped(text, result)


@rule("keras.Layer.compute_output_spec", since="3")
def layer_compute_output_spec(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Symbolic tensors of the output."""
    from foreshape.semantics.keras.build import computed_output

    return computed_output(cx, self, plain(args[0])) if args else cx.unknown("called without inputs")


@rule("keras.Layer.get_config", "keras.Layer.get_build_config")
def layer_get_config(cx: Context, self: Instance) -> Value:
    """A dict with the name, and with whatever else the layer keeps."""
    return DictValue({"name": self.fields.get("name", Const(None))}, rest=cx.unknown("the configuration of a layer"))


@rule("keras.Layer.get_weights")
def layer_get_weights(cx: Context, self: Instance) -> Value:
    """The values of all variables as NumPy arrays, trainable ones first."""
    held = all_weights(cx, self)
    if held is None:
        return cx.unknown("the variables of the layer are not known")
    return Sequence("list", Contents(Array("numpy", weight.shape, weight.dtype) for weight in held))


@rule("keras.Layer.set_weights")
def layer_set_weights(cx: Context, self: Instance, weights: Value) -> Value:
    """One array per variable, of its shape: ValueError otherwise."""
    from foreshape.semantics.keras.weights import set_weights

    set_weights(cx, self, weights)
    return Const(None)


@rule("keras.Layer.count_params")
def layer_count_params(cx: Context, self: Instance) -> Value:
    """How many numbers the layer learns; a layer that is not built has no variables to count."""
    from foreshape.domain.dim import product
    from foreshape.domain.values import int_value
    from foreshape.faults.unbuilt_model import UnbuiltModel

    if as_bool(self.fields.get("built")) is not True and self.fields.get("~graph") is None:
        built = self.fields.get("built")
        if isinstance(built, Const) and self.fields.get("~initialised"):
            name = layer_name(self)
            message = (
                f"You tried to call `count_params` on layer '{name}', but the layer isn't built. You can build it "
                f"manually via: `layer.build(input_shape)`."
                if is_keras3(cx)
                else f"You tried to call `count_params` on layer {name}, but the layer isn't built. You can build it "
                f"manually via: `{name}.build(batch_input_shape)`."
            )
            raise UnbuiltModel(error(cx, "ValueError", message), values=(self,), model=name, asked="count_params")
    held = all_weights(cx, self)
    if held is None or any(weight.shape is None for weight in held):
        return cx.unknown("the variables of the layer are not known")
    total = sum((product(weight.shape or ()) for weight in held), 0)
    return int_value(total)


@attribute("keras.Layer.weights", "keras.Layer.variables")
def layer_weights(cx: Context, self: Instance) -> Value:
    """The variables, trainable ones first."""
    return tensors_of(cx, self, None)


@attribute("keras.Layer.trainable_weights", "keras.Layer.trainable_variables")
def layer_trainable_weights(cx: Context, self: Instance) -> Value:
    """The variables that training changes."""
    if as_bool(self.fields.get("trainable")) is False:
        return Sequence("list", Contents())
    return tensors_of(cx, self, True)


@attribute("keras.Layer.non_trainable_weights", "keras.Layer.non_trainable_variables")
def layer_non_trainable_weights(cx: Context, self: Instance) -> Value:
    """The variables that training does not change."""
    if as_bool(self.fields.get("trainable")) is False:
        return tensors_of(cx, self, None)
    return tensors_of(cx, self, False)


@attribute("keras.Layer.dtype", "keras.Layer.variable_dtype")
def layer_dtype(cx: Context, self: Instance) -> Value:
    """The dtype of the variables."""
    found = self.fields.get("~variable_dtype", "float32")
    return Const(found) if found is not None else cx.unknown("the dtype policy is not known")


@attribute("keras.Layer.compute_dtype", "keras.Layer.input_dtype")
def layer_compute_dtype(cx: Context, self: Instance) -> Value:
    """The dtype of the computation."""
    found = self.fields.get("~compute_dtype", "float32")
    return Const(found) if found is not None else cx.unknown("the dtype policy is not known")


@attribute("keras.Layer.losses", "keras.Layer.updates", "keras.Layer.metrics")
def layer_losses(cx: Context, self: Instance) -> Value:
    """Regularization losses: a list of scalars of unknown length."""
    from foreshape.domain.contents import Run

    return Sequence("list", Contents((Run(cx.fresh(lo=0), Array("tensorflow", (), "float32")),)))


def connected(cx: Context, self: Instance, what: str) -> tuple[Value, ...]:
    """The values of ``layer.input``/``layer.output`` at each call of the layer on symbolic tensors."""
    nodes = self.fields.get("~nodes", ())
    found: list[Value] = []
    for node in nodes:
        if what == "input":
            found.append(node.args[0] if len(node.args) == 1 else as_tuple(node.args, "list"))
        else:
            found.append(node.outputs[0] if len(node.outputs) == 1 else as_tuple(node.outputs, "list"))
    return tuple(found)


def layer_tensor(cx: Context, self: Instance, what: str) -> Value:
    """``layer.input`` or ``layer.output``; AttributeError where the layer was never called on a symbolic tensor."""
    from foreshape.faults.unbuilt_model import UnbuiltModel

    found = connected(cx, self, what)
    if found:
        return found[0]
    if self.tainted or self.fields.get("~somewhere") or not self.fields.get("~initialised"):
        return cx.unknown(f"the {what} of a layer that was not called on symbolic tensors")
    name = layer_name(self)
    if is_keras3(cx):
        message = f"The layer {name} has never been called and thus has no defined {what}."
    else:
        message = (
            f"Layer {name} is not connected, no input to return."
            if what == "input"
            else f"Layer {name} has no inbound nodes."
        )
    raise UnbuiltModel(error(cx, "AttributeError", message), values=(self,), model=name, asked=what)


@attribute("keras.Layer.input")
def layer_input(cx: Context, self: Instance) -> Value:
    """The symbolic tensor that the layer was called on."""
    return layer_tensor(cx, self, "input")


@attribute("keras.Layer.output")
def layer_output(cx: Context, self: Instance) -> Value:
    """The symbolic tensor that the layer gave."""
    return layer_tensor(cx, self, "output")


@attribute("keras.Layer.input_shape")
def layer_input_shape(cx: Context, self: Instance) -> Value:
    """Keras 2: the shape of the input. Keras 3 has none on layers."""
    if is_keras3(cx):
        return _no_attribute(cx, self, "input_shape")
    return mapped(lambda leaf: _shape_tuple(cx, leaf), layer_tensor(cx, self, "input"))


@attribute("keras.Layer.output_shape")
def layer_output_shape(cx: Context, self: Instance) -> Value:
    """Keras 2: the shape of the output. Keras 3 has none on layers."""
    if is_keras3(cx):
        return _no_attribute(cx, self, "output_shape")
    return mapped(lambda leaf: _shape_tuple(cx, leaf), layer_tensor(cx, self, "output"))


def _shape_tuple(cx: Context, leaf: Value) -> Value:
    return shape_value(leaf.shape) if isinstance(leaf, Array) else cx.unknown("not a tensor")


def _no_attribute(cx: Context, self: Instance, name: str) -> Value:
    from foreshape.faults.missing_attribute import MissingAttribute

    message = f"'{class_name(self)}' object has no attribute '{name}'"
    raise MissingAttribute(error(cx, "AttributeError", message), values=(self,), owner=class_name(self), attribute=name)


@rule("keras.Layer.get_input_shape_at", "keras.Layer.get_output_shape_at", until="3")
def layer_shape_at(cx: Context, self: Instance, node_index: Value) -> Value:
    """The shape at one call."""
    return cx.unknown("the shape at one of several calls")


@rule("keras.Layer.from_config")
def layer_from_config(cx: Context, cls: Value, config: Value, **kwargs: Value) -> Value:
    """A layer made anew from its configuration."""
    if isinstance(cls, ClassValue) and isinstance(config, DictValue) and config.rest is None:
        return cx.call(cls, (), {str(key): value for key, value in config.entries.items()})
    return cx.unknown("a layer made from a configuration")


@rule("keras.InputSpec.__init__")
def input_spec_init(
    cx: Context,
    self: Instance,
    dtype: Value | None = None,
    shape: Value | None = None,
    ndim: Value | None = None,
    max_ndim: Value | None = None,
    min_ndim: Value | None = None,
    axes: Value | None = None,
    allow_last_axis_squeeze: Value | None = None,
    name: Value | None = None,
    optional: Value | None = None,
) -> Value:
    """What a layer accepts, as the program says it."""
    from foreshape.domain.values import as_int

    pairs = []
    if isinstance(axes, DictValue):
        for key, value in axes.entries.items():
            size = as_dim(value)
            if isinstance(key, int) and size is not None:
                pairs.append((key, size))
    spec = InputSpec(
        dtype=as_str(dtype),
        shape=None if shape is None or is_none(shape) else shape_of(cx, shape),
        ndim=as_int(ndim),
        max_ndim=as_int(max_ndim),
        min_ndim=as_int(min_ndim),
        axes=tuple(pairs),
        allow_last_axis_squeeze=as_bool(allow_last_axis_squeeze) is True,
        name=as_str(name),
        optional=as_bool(optional) is True,
    )
    cx.set(self, "~spec", spec)
    for key, held in (("ndim", ndim), ("min_ndim", min_ndim), ("axes", axes), ("shape", shape)):
        cx.set(self, key, Const(None) if held is None else held)
    return Const(None)


def make(cx: Context, type_name: str, *args: Value, **kwargs: Value) -> Value:
    """Make a layer of the library, as the program would."""
    return cx.call(LibraryRef(type_name), args, kwargs)
