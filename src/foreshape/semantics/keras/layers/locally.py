"""``LocallyConnected1D`` and ``2D`` (Keras 2 only): convolutions with weights of their own at each place.

Follows ``tf_keras/src/layers/locally_connected``. The weights belong to the lengths that the layer was built for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Instance, Shape, Value, as_int
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.faults.window_size import WindowSize
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    bool_field,
    class_name,
    dim_field,
    dims_text,
    error,
    init_layer,
    layer_name,
    output,
    set_input_spec,
    shape_of,
    shape_value,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.core import check_activation, with_activation
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.layers.windows import (
    Window,
    axis_names,
    format_value,
    layout,
    padding_word,
    sizes,
    slide,
)
from foreshape.semantics.registry import library_type, removed

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SIGNATURE: Final = (
    "filters kernel_size strides= padding= data_format= activation= use_bias= kernel_initializer= bias_initializer= "
    "kernel_regularizer= bias_regularizer= activity_regularizer= kernel_constraint= bias_constraint= "
    "implementation= **kwargs"
)
OWN: Final = frozenset(word.rstrip("=") for word in SIGNATURE.split() if not word.startswith(("activity", "**")))
MATMUL: Final = (
    "bfloat16",
    "float16",
    "float32",
    "float64",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "complex64",
    "complex128",
)


class LocallyConnected:
    """The rules of one class."""

    __slots__ = ("rank",)

    def __init__(self, rank: int) -> None:
        self.rank = rank

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """Only ``padding="valid"`` goes with the default implementation."""
        init_layer(cx, layer, {key: value for key, value in given.items() if key not in OWN})
        size = sizes(cx, given["kernel_size"], self.rank, "kernel_size")
        strides = sizes(cx, given.get("strides"), self.rank, "strides", zero=True)
        padding = padding_word(cx, given.get("padding"), causal=True)
        way = given.get("implementation", Const(1))
        if padding not in (None, "valid") and as_int(way) == 1:
            message = (
                f'Invalid border mode for LocallyConnected{self.rank}D (only "valid" is supported if '
                f"implementation is 1): "
                f"{padding}"
            )
            raise invalid(cx, "ValueError", message, "padding", given.get("padding"))
        first = layout(cx, given.get("data_format"))
        check_activation(cx, given.get("activation"))
        cx.set(layer, "~window", Window(self.rank, size, strides, padding, (1,) * self.rank, first))
        cx.set(layer, "kernel_size", shape_value(size))
        cx.set(layer, "strides", shape_value(strides))
        cx.set(layer, "filters", given["filters"])
        cx.set(layer, "data_format", format_value(cx, first))
        cx.set(layer, "~activation", given.get("activation", Const(None)))
        cx.set(layer, "use_bias", given.get("use_bias", Const(True)))
        cx.set(layer, "implementation", way)
        set_input_spec(cx, layer, InputSpec(ndim=self.rank + 2, axis_names=axis_names(self.rank, first)))

    def build(self, cx: Context, layer: Instance, input_shape: Value) -> None:
        """Everything but the batch must be known."""
        shape = shape_of(cx, input_shape)
        window: Window = layer.fields["~window"]
        if shape is None or len(shape) != self.rank + 2 or window.channels_first is None:
            return
        places = window.spatial(len(shape))
        axis = window.channel_axis(len(shape))
        self._check_defined(cx, layer, shape, [shape[place] for place in places], axis)
        lengths = tuple(shape[place] for place in places)
        for number, (place, length) in enumerate(zip(places, lengths)):
            span = window.span(number)
            if window.padding != "valid" or span is None or cx.at_least(length, span):
                continue
            message = (
                f"One of the dimensions in the output is <= 0 due to downsampling in {layer_name(layer)}. Consider "
                f"increasing the input size. Received input shape {dims_text(shape)} which would produce output shape "
                "with a zero or negative value in a dimension."
            )
            raise WindowSize(
                error(cx, "ValueError", message),
                taker=class_name(layer),
                window=span,
                size=length,
                axis=place,
                shape=shape,
            )
        made = slide(cx, window, lengths)
        cx.set(layer, "~made", made)
        self._add_weights(cx, layer, window, lengths, made, shape[axis])
        spec = InputSpec(
            ndim=self.rank + 2, axes=((1 if window.channels_first else -1, shape[axis]),),
            axis_names=axis_names(self.rank, window.channels_first),
        )  # fmt: skip
        set_input_spec(cx, layer, spec)

    def _check_defined(self, cx: Context, layer: Instance, shape: Shape, lengths: list[DimLike], axis: int) -> None:
        exception, message = "", ""
        if self.rank == 1 and undefined(shape[axis]):
            exception, message = (
                "ValueError",
                f"('Axis 2 of input should be fully-defined. Found shape:', {dims_text(shape)})",
            )
        elif any(undefined(length) for length in lengths):
            exception, message = "TypeError", "'<=' not supported between instances of 'NoneType' and 'int'"
            if self.rank == 2:
                exception = "ValueError"
                message = (
                    "The spatial dimensions of the inputs to  a LocallyConnected2D layer should be "
                    "fully-defined, but layer "
                    f"received the inputs shape {dims_text(shape)}"
                )
        elif undefined(shape[axis]):
            exception, message = "TypeError", "unsupported operand type(s) for *: 'int' and 'NoneType'"
        if message:
            place = axis if undefined(shape[axis]) else 1
            raise UndefinedDimension(error(cx, exception, message), taker=class_name(layer), axis=place, shape=shape)

    def _add_weights(
        self, cx: Context, layer: Instance, window: Window, lengths: Shape, made: Shape, channels: DimLike
    ) -> None:
        filters = dim_field(layer, "filters")
        way = as_int(layer.fields.get("implementation"))
        kernel: Shape | None = None
        if filters is not None and window.size is not None:
            if way == 1:
                kernel = (product(made), product(window.size) * channels, filters)
            elif way == 2:
                first = window.channels_first
                kernel = (channels, *lengths, filters, *made) if first else (*lengths, channels, *made, filters)
        add_weight(cx, layer, "kernel", kernel)
        if bool_field(layer, "use_bias", True) is not False:
            add_weight(cx, layer, "bias", None if filters is None else (*made, filters))

    def call(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """(batch, *spatial, channels) to (batch, *what is left, filters)."""
        window: Window = layer.fields["~window"]
        if not isinstance(inputs, Array) or inputs.shape is None or window.channels_first is None:
            return output(cx, layer, inputs, None)
        if len(inputs.shape) < self.rank + 2:
            ndim = len(inputs.shape)
            text = f"Index out of range using input dim {ndim}; input has only {ndim} dims"
            raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, axes=axis_names(self.rank, False))
        if len(inputs.shape) != self.rank + 2:
            return output(cx, layer, inputs, None)
        if as_int(layer.fields.get("implementation")) == 1:
            self._check_dtype(cx, layer, inputs)
        filters = dim_field(layer, "filters")
        shape = list(inputs.shape)
        places = window.spatial(len(shape))
        built: Shape | None = layer.fields.get("~made")
        lengths = slide(cx, window, tuple(shape[place] for place in places))
        for place, size in zip(places, lengths if built is None else built):
            shape[place] = size
        shape[window.channel_axis(len(shape))] = cx.fresh("filters") if filters is None else filters
        return with_activation(layer, output(cx, layer, inputs, tuple(shape)))

    def _check_dtype(self, cx: Context, layer: Instance, inputs: Array) -> None:
        weight = layer.fields.get("~compute_dtype", "float32")
        if weight is None or inputs.dtype == weight:
            return
        if inputs.dtype == "uint8" and not kernels.in_graph(cx):
            return  # what is said depends on the device
        kernels.check_dtype(cx, layer, inputs, "BatchMatMulV2", MATMUL, weight=weight, argument="x", other="y")


for _rank in (1, 2):
    _rules = LocallyConnected(_rank)
    _full = library_type(f"keras.layers.LocallyConnected{_rank}D", "keras.Layer")
    register(f"{_full}.__init__", SIGNATURE, _rules.init, until="3")
    register(f"{_full}.build", "input_shape", _rules.build, until="3")
    register(f"{_full}.call", "inputs", _rules.call, until="3")
    removed(_full, "3")
