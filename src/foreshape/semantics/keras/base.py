"""What a layer family is written against.

How a layer is written (``layers/*.py``)::

    library_type("keras.layers.Dense", "keras.Layer")          # "keras.Layer" is the canonical name of the base class

    @rule("keras.layers.Dense.__init__")
    def dense_init(cx, self, units, activation=None, use_bias=Const(True), ..., **kwargs):
        init_layer(cx, self, kwargs)                           # name, dtype, trainable, input_shape...; unknown
        keywords raise
        cx.set(self, "units", units)                           # attributes as the program sees them
        set_input_spec(cx, self, InputSpec(min_ndim=2))

    @rule("keras.layers.Dense.build")
    def dense_build(cx, self, input_shape):
        shape = shape_of(cx, input_shape)                      # tuple[DimLike, ...]; None where the rank is not known
        add_weight(cx, self, "kernel", (shape[-1], units))
        set_input_spec(cx, self, InputSpec(min_ndim=2, axes=((-1, shape[-1]),)))

    @rule("keras.layers.Dense.call")
    def dense_call(cx, self, inputs, training=None):
        return output(cx, self, inputs, (*inputs.shape[:-1], units))

Everything else is done by ``keras.Layer.__call__``: names, conversion, the check of the input spec, building once,
masks,
training, symbolic tensors and the functional graph, and the texts that Keras adds to errors. ``self.built`` is set
by it.

* Tensors that reach ``call`` are always ``Array(kind="tensorflow")``, in the nested structure that the caller gave
(a list is a
  ``Sequence``); what ``call`` returns has the same kind. A dim that Keras sees as None is a variable made with
  ``keras_none=True`` (``undefined(dim)``): compare dims with ``same(cx, a, b)``, which accepts None like Keras does,
  and reserve
  ``cx.equal`` for dims that Keras really compares. ``x.shape is None`` (rank not known): return ``output(cx, self,
  x, None)``
  or the rank that is certain.
* ``mask`` and ``training`` are filled in where ``call`` has parameters of these names. A layer that lets a mask through
  sets ``cx.set(self, "supports_masking", Const(True))`` in its constructor; one that makes or changes it has a rule
  ``compute_mask(cx, self, inputs, mask=None)``; a mask is an Array of dtype bool.
* ``call`` says what Keras does when the layer is called, symbolically or not. Where Keras 3 computes the symbolic
  output another way that raises something else, add a rule ``compute_output_spec(cx, self, inputs, ...)`` with the
  signature of
  ``call``. ``compute_output_shape`` needs no rule.
* Layers inside layers: ``call_layer(cx, inner, x, ...)``, ``build_layer(cx, inner, shape)``, ``output_shape_of(cx,
inner, shape)``.
  They work for library layers and for classes of the program.
* Faults: ``raise FeatureMismatch(error(cx, "ValueError", "..."), ...)``. ``recover`` may be left out: the output is
then
  Unknown, or pass ``recover=output(...)`` where it is clear what was meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_str,
    int_value,
    is_none,
)
from foreshape.faults.base import Raises
from foreshape.semantics.keras.names import auto_name, class_name

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

__all__ = ["class_name", "undefined"]


class InputSpec:
    """What a layer accepts. ``axes`` is pairs (axis, size); sizes that are None are not checked. Immutable.

    ``axis_names`` are words for the axes of ``ndim`` ("batch", "timesteps", "features"), for the report only.
    """

    __slots__ = ("allow_last_axis_squeeze", "axes", "axis_names", "dtype", "max_ndim", "min_ndim", "name", "ndim",
                 "optional", "shape")  # fmt: skip

    def __init__(
        self,
        *,
        dtype: str | None = None,
        shape: tuple[DimLike | None, ...] | None = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: tuple[tuple[int, DimLike | None], ...] = (),
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
        axis_names: tuple[str, ...] = (),
    ) -> None:
        self.dtype = dtype
        self.shape = shape
        self.ndim = len(shape) if shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = tuple((axis, None if size is not None and undefined(size) else size) for axis, size in axes)
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        self.name = name
        self.optional = optional
        self.axis_names = axis_names


ADDS_LOSS = "~adds_loss"
"""A field of the layers and models that ``add_loss`` was called on."""


class Weight:
    """A variable of a layer. ``shape`` None: not known. Immutable."""

    __slots__ = ("dtype", "name", "shape", "trainable")

    def __init__(self, name: str, shape: Shape | None, dtype: str = "float32", trainable: bool = True) -> None:
        self.name = name
        self.shape = shape
        self.dtype = dtype
        self.trainable = trainable


# -- versions and errors --------------------------------------------------------------------------------------------


def is_keras3(cx: Context) -> bool:
    """Whether the program runs on Keras 3."""
    return cx.targets.at_least("keras", "3")


def error(cx: Context, exception: str, message: str) -> Raises:
    """What Keras raises; who raises it ("keras 3", "keras 2") is filled in."""
    return Raises(exception, message, by="keras 3" if is_keras3(cx) else "keras 2")


def dims_text(shape: SequenceOf[DimLike | None] | None) -> str:
    """A shape as Keras prints it: ``(None, 1600)``."""
    if shape is None:
        return "<unknown>"
    words = ["None" if dim is None or undefined(dim) else str(dim) for dim in shape]
    return f"({words[0]},)" if len(words) == 1 else f"({', '.join(words)})"


# -- the object -----------------------------------------------------------------------------------------------------


def init_layer(cx: Context, self: Instance, kwargs: Mapping[str, Value]) -> None:
    """What ``Layer.__init__`` does with the keyword arguments that a layer passes on. Call it first."""
    from foreshape.semantics.keras.layer import initialise

    initialise(cx, self, kwargs)


def layer_name(layer: Instance) -> str:
    """The name of a layer as Keras prints it."""
    return as_str(layer.fields.get("name")) or "?"


def activation_of(layer: Instance) -> Any:
    """The activation that its constructor was given, or the program has set since; None where it takes none."""
    return layer.fields.get("activation", layer.fields.get("~activation"))


def set_input_spec(cx: Context, self: Instance, *specs: InputSpec | None) -> None:
    """Set what the layer accepts: one spec per input."""
    cx.set(self, "~input_spec", specs)


def input_spec(self: Instance) -> tuple[InputSpec | None, ...]:
    """What the layer accepts, () where it does not say."""
    found: tuple[InputSpec | None, ...] = self.fields.get("~input_spec", ())
    return found


def add_weight(
    cx: Context, self: Instance, name: str, shape: Shape | None, dtype: str = "float32", trainable: bool = True
) -> None:
    """Make a variable; they count in the order of their making (``get_weights()`` gives trainable ones first)."""
    held: tuple[Weight, ...] = self.fields.get("~weights", ())
    cx.set(self, "~weights", (*held, Weight(name, shape, dtype, trainable)))


def weights_of(self: Instance) -> tuple[Weight, ...]:
    """The layer's own variables, in the order of their making (not those of layers inside it)."""
    found: tuple[Weight, ...] = self.fields.get("~weights", ())
    return found


# -- configuration ----------------------------------------------------------------------------------------------------


def dim_field(self: Instance, name: str) -> DimLike | None:
    """The int that an attribute is, known or symbolic; None where it is not certainly an int."""
    return as_dim(self.fields.get(name))


def bool_field(self: Instance, name: str, default: bool = False) -> bool | None:
    """A flag; None where its value is not known."""
    value = self.fields.get(name)
    return default if value is None else as_bool(value)


def data_format(cx: Context, value: Value | None, layer: str = "") -> str | None:
    """ "channels_last" or "channels_first"; None where it is not known. A bad one raises as Keras does."""
    from foreshape.semantics.keras.config import checked_data_format

    return checked_data_format(cx, value, layer)


def reaches(cx: Context, array: Array, limit: DimLike) -> DimLike | float | None:
    """A value >= limit that an array of ids certainly holds (its data or bounds say so), or None."""
    from foreshape.semantics.keras.ranges import reached

    return reached(cx, array, limit)


def normalize_tuple(
    cx: Context, value: Value | None, n: int, name: str, allow_zero: bool = False
) -> tuple[DimLike, ...] | None:
    """``kernel_size=3`` or ``(3, 3)`` as ``n`` dims; None where it is not known. A bad one raises as Keras does."""
    from foreshape.semantics.keras.config import checked_tuple

    return checked_tuple(cx, value, n, name, allow_zero)


# -- tensors ----------------------------------------------------------------------------------------------------------


def same(cx: Context, a: DimLike | None, b: DimLike | None) -> bool:
    """Whether Keras takes two static dims as compatible: None fits everything; otherwise as ``cx.equal``."""
    if a is None or b is None or undefined(a) or undefined(b):
        return True
    return cx.equal(a, b)


def shape_of(cx: Context, value: Value | Shape | None) -> Shape | None:
    """The shape that a value of the program means: a tuple of ints and None, a TensorShape; None: not known.

    A None inside becomes a fresh variable that Keras sees as None."""
    if value is None or isinstance(value, Unknown):
        return None
    if isinstance(value, tuple):
        return value
    if isinstance(value, Sequence):
        items = value.contents.items()
        if items is None:
            return None
        dims: list[DimLike] = []
        for item in items:
            if is_none(item):
                dims.append(cx.fresh(keras_none=True))
                continue
            dim = as_dim(item)
            if dim is None:
                if not isinstance(item, (Typed, Unknown)):
                    return None
                dim = cx.fresh()
            dims.append(dim)
        return tuple(dims)
    if isinstance(value, Instance) and "~shape" in value.fields:
        found: Shape | None = value.fields["~shape"]
        return found
    return None


def shape_value(shape: Shape | None, kind: str = "tuple") -> Value:
    """A shape as the program sees it: a tuple of ints, with None where Keras has None."""
    if shape is None:
        return Unknown("a shape of unknown rank")
    return Sequence(kind, Contents(Const(None) if undefined(dim) else int_value(dim) for dim in shape))


def output(
    cx: Context,
    self: Instance,
    like: Value | None,
    shape: Shape | None,
    dtype: str | None = None,
    roles: tuple[str | None, ...] | None = None,
) -> Array:
    """A tensor that the layer computes. ``dtype`` None: the compute dtype of the layer ("float32" unless its policy
    says
    otherwise). ``like`` is an input: what follows from a reported fault stays marked."""
    made = Array("tensorflow", shape, dtype if dtype is not None else compute_dtype(self), roles=roles)
    if like is not None and like.tainted:
        made.tainted = True
    return made


def compute_dtype(self: Instance) -> str | None:
    """The dtype in which the layer computes; None where its policy is not known."""
    found: str | None = self.fields.get("~compute_dtype", "float32")
    return found


def flatten_structure(value: Value | None) -> list[Value]:
    """The leaves of nested lists, tuples and dicts, in Keras' order (dicts by sorted key). None is a leaf."""
    from foreshape.semantics.shared.structure import flatten

    return flatten(value)


def map_structure(cx: Context, function: Any, value: Value) -> Value:
    """The same nested structure with every leaf replaced by ``function(leaf)``."""
    from foreshape.semantics.shared.structure import mapped

    return mapped(function, value)


# -- layers inside layers ---------------------------------------------------------------------------------------------


def call_layer(cx: Context, layer: Value, *args: Value, **kwargs: Value) -> Value:
    """``layer(*args, **kwargs)``."""
    return cx.call(layer, args, kwargs)


def build_layer(cx: Context, layer: Value, shape: Shape | None) -> None:
    """``layer.build(shape)`` where it is not built yet."""
    from foreshape.semantics.keras.build import build_once

    if isinstance(layer, Instance):
        build_once(cx, layer, shape_value(shape))


def output_shape_of(cx: Context, layer: Value, shape: Shape | None, dtype: str | None = None) -> Shape | None:
    """The shape that the layer gives for an input of this shape (``layer.compute_output_shape``), without building it
    twice; None where it is not known or not one tensor."""
    from foreshape.semantics.keras.build import computed_shape

    return computed_shape(cx, layer, shape, dtype)


def auto_layer_name(cx: Context, self: Instance) -> str:
    """The name that Keras gives a layer that was given none."""
    return auto_name(cx, class_name(self))


def anonymous(cx: Context) -> Dim:
    """A dim that Keras sees as None."""
    return cx.fresh(keras_none=True)
