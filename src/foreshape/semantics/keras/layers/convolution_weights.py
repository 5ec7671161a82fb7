"""What a convolution is made with: its arguments, and the weights that follow from them and from its input.

Follows ``keras/src/layers/convolutional/base_*.py`` and ``tf_keras/src/layers/convolutional``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Shape, Value, as_int, is_none
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.rank_mismatch import RankMismatch
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
    is_keras3,
    layer_name,
    set_input_spec,
    shape_of,
    shape_value,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers.checks import check_initializers, needs_defined
from foreshape.semantics.keras.layers.core import check_activation
from foreshape.semantics.keras.layers.windows import (
    Window,
    axis_names,
    format_value,
    layout,
    nested_shapes,
    no_stride_with_dilation,
    no_zeros,
    numpy_text,
    padding_word,
    positive,
    sizes,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

_WEIGHTS: Final = (
    "kernel_initializer= bias_initializer= kernel_regularizer= bias_regularizer= "
    "activity_regularizer= kernel_constraint= bias_constraint="
)
_DEPTHWISE: Final = (
    "depthwise_initializer= bias_initializer= depthwise_regularizer= bias_regularizer= "
    "activity_regularizer= depthwise_constraint= bias_constraint="
)
_SEPARABLE: Final = (
    "depthwise_initializer= pointwise_initializer= bias_initializer= depthwise_regularizer= "
    "pointwise_regularizer= bias_regularizer= "
    "activity_regularizer= depthwise_constraint= pointwise_constraint= bias_constraint="
)
SIGNATURES: Final = {
    "conv": (
        f"filters kernel_size strides= padding= data_format= dilation_rate= groups= activation= use_bias= "
        f"{_WEIGHTS} **kwargs"
    ),
    "transposed": (
        f"filters kernel_size strides= padding= output_padding= data_format= dilation_rate= activation= "
        f"use_bias= {_WEIGHTS} **kwargs"
    ),
    "depthwise": (
        f"kernel_size strides= padding= depth_multiplier= data_format= dilation_rate= activation= "
        f"use_bias= {_DEPTHWISE} **kwargs"
    ),
    "separable": "filters kernel_size strides= padding= data_format= dilation_rate= depth_multiplier= "
    "activation= use_bias= "
    f"{_SEPARABLE} **kwargs",
}
TRANSPOSED_3D: Final = SIGNATURES["transposed"].replace("output_padding= data_format=", "data_format= output_padding=")
"""``Conv3DTranspose`` of Keras 3 has them the other way round."""
OWN: Final = frozenset(
    word.rstrip("=") for text in SIGNATURES.values() for word in text.split() if not word.startswith(("activity", "**"))
)
LORA: Final = frozenset({"lora_rank", "lora_alpha"})
"""``Conv1D`` to ``Conv3D`` of Keras 3 take them, though their signatures do not say so."""
OPS: Final = {"conv": "Conv2D", "transposed": "Conv2DBackpropInput", "depthwise": "DepthwiseConv2dNative",
              "separable": "DepthwiseConv2dNative"}  # fmt: skip
OPS_3D: Final = {"conv": "Conv3D", "transposed": "Conv3DBackpropInputV2"}


class ConvolutionWeights:
    """The rules of one class."""

    __slots__ = ("kind", "op", "rank")

    def __init__(self, kind: str, rank: int) -> None:
        self.kind = kind
        self.rank = rank
        self.op = OPS_3D[kind] if rank == 3 else OPS[kind]

    # -- constructor --------------------------------------------------------------------------------------------------

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """The arguments in the order in which Keras looks at them."""
        new = is_keras3(cx)
        own = OWN | LORA if new and self.kind == "conv" else OWN
        init_layer(cx, layer, {key: value for key, value in given.items() if key not in own})
        filters = given.get("filters")
        if not new:
            if isinstance(filters, Const) and isinstance(filters.value, float):
                filters = Const(int(filters.value))
            positive(cx, filters, "filters")
        rank = self.rank
        size = sizes(cx, given["kernel_size"], rank, "kernel_size")
        strides = sizes(cx, given.get("strides"), rank, "strides", zero=not new)
        dilation = sizes(cx, given.get("dilation_rate"), rank, "dilation_rate") if new else None
        causal = rank == 1 and (self.kind == "conv" if new else self.kind != "depthwise")
        padding = padding_word(cx, given.get("padding"), causal=causal)
        extra = self._output_padding(cx, given, strides) if new else None
        first = layout(cx, given.get("data_format"))
        if not new:
            dilation = sizes(cx, given.get("dilation_rate"), rank, "dilation_rate")
        check_activation(cx, given.get("activation"))
        check_initializers(cx, given)
        depth = given.get("depth_multiplier", Const(1))
        if new:
            positive(cx, depth, "depth_multiplier")
            positive(cx, filters, "filters")
        groups = given.get("groups", Const(1))
        self._groups(cx, groups, filters)
        if not new:
            if not _has_zero(groups):
                self._divides(cx, groups, filters)
            no_zeros(cx, strides, given.get("strides"))
            if padding == "causal" and not causal:
                message = "Causal padding is only supported for `Conv1D`and `SeparableConv1D`."
                raise invalid(cx, "ValueError", message, "padding", given.get("padding"))
        if new and self.kind == "transposed":
            self._check_output_padding(cx, given, strides, extra)
        if not new or self.kind in ("conv", "transposed"):
            no_stride_with_dilation(cx, strides, dilation, given.get("dilation_rate"))
        if not new:
            extra = self._output_padding(cx, given, strides)
            if extra is not None:
                self._check_output_padding(cx, given, strides, extra)
        window = Window(rank, size, strides, padding, dilation, first, extra)
        cx.set(layer, "~window", window)
        for name, dims in (("kernel_size", size), ("strides", strides), ("dilation_rate", dilation)):
            cx.set(layer, name, shape_value(dims))
        cx.set(layer, "filters", Const(None) if filters is None else filters)
        cx.set(layer, "groups", Const(1) if _has_zero(groups) else groups)
        cx.set(layer, "depth_multiplier", depth)
        cx.set(layer, "lora_rank", given.get("lora_rank", Const(None)))
        cx.set(layer, "padding", cx.unknown("the padding is not known") if padding is None else Const(padding))
        cx.set(layer, "data_format", format_value(cx, first))
        cx.set(layer, "~activation", given.get("activation", Const(None)))
        cx.set(layer, "use_bias", given.get("use_bias", Const(True)))
        set_input_spec(cx, layer, InputSpec(min_ndim=rank + 2, axis_names=axis_names(rank, first)))

    def _output_padding(self, cx: Context, given: dict[str, Value], strides: Shape | None) -> Shape | None:
        value = given.get("output_padding")
        if value is None or is_none(value):
            return None
        found = sizes(cx, value, self.rank, "output_padding", zero=True)
        return tuple(cx.fresh() for _ in range(self.rank)) if found is None else found

    def _check_output_padding(
        self, cx: Context, given: dict[str, Value], strides: Shape | None, extra: Shape | None
    ) -> None:
        if extra is None or strides is None:
            return
        for axis, (more, stride) in enumerate(zip(extra, strides)):
            if not isinstance(more, int) or not isinstance(stride, int) or more < stride:
                continue
            if is_keras3(cx):
                message = (
                    f"`output_padding` must be strictly less than `strides` for all dimensions. At dimension {axis}, "
                    f"`output_padding` is {more} but `strides` is {stride}. Received: "
                    f"output_padding={dims_text(extra)}, "
                    f"strides={dims_text(strides)}"
                )
            else:
                message = (
                    f"Strides must be greater than output padding. Received strides={dims_text(strides)}, "
                    f"output_padding={dims_text(extra)}."
                )
            raise invalid(cx, "ValueError", message, "output_padding", given.get("output_padding"))

    def _groups(self, cx: Context, groups: Value, filters: Value | None) -> None:
        number = as_int(groups)
        if not is_keras3(cx) or number is None:
            return
        if number <= 0:
            message = f"The number of groups must be a positive integer. Received: groups={number}."
            raise invalid(cx, "ValueError", message, "groups", groups)
        self._divides(cx, groups, filters)

    def _divides(self, cx: Context, groups: Value, filters: Value | None) -> None:
        number, count = as_int(groups), as_int(filters)
        if number is None or count is None or count % number == 0:
            return
        message = (
            f"The number of filters must be evenly divisible by the number of groups. Received: groups={number}, "
            f"filters={count}{'.' if is_keras3(cx) else ''}"
        )
        raise invalid(cx, "ValueError", message, "groups", groups)

    # -- build --------------------------------------------------------------------------------------------------------

    def build(self, cx: Context, layer: Instance, input_shape: Value | None = None) -> None:
        """Kernel and bias. What does not fit the input is found here, before the first call."""
        nested_shapes(cx, input_shape, self.kind == "conv")
        shape = shape_of(cx, input_shape)
        window: Window = layer.fields["~window"]
        new = is_keras3(cx)
        if shape is not None and len(shape) < self.rank + 2 and new and shape and self.kind != "transposed":
            self.check_output(cx, layer, window, shape, shape[-1])  # within a layer that does not look at its input
        if shape is None or len(shape) < self.rank + 2:
            return
        if not new:
            self._rank_keras2(cx, layer, shape)
        if window.channels_first is None:
            self._unknown_weights(cx, layer)
            return
        axis = window.channel_axis(len(shape))
        place = (1 if new else -1 - self.rank) if window.channels_first else -1
        if new and window.channels_first:
            axis = 1
        channels = shape[axis]
        if undefined(channels):
            self._no_channels(cx, layer, shape, place)
        spec = InputSpec(
            ndim=self.rank + 2 if not new and self.kind in ("transposed", "separable") else None,
            min_ndim=self.rank + 2, axes=((place, channels),), axis_names=axis_names(self.rank, window.channels_first),
        )  # fmt: skip
        groups = as_int(layer.fields.get("groups"))
        if self.kind == "conv" and groups is not None and isinstance(channels, int) and channels % groups:
            message = (
                "The number of input channels must be evenly divisible by the number of groups. Received "
                f"groups={groups}, but the input has {channels} channels (full input shape is {dims_text(shape)})."
            )
            raise FeatureMismatch(
                error(cx, "ValueError", message), taker=class_name(layer), needs=groups, got=channels,
                axis=axis - len(shape), shape=shape,
            )  # fmt: skip
        if new and self.kind != "transposed":
            self.check_output(cx, layer, window, shape, channels)
        elif not new and self.kind == "conv":
            self._check_output_keras2(cx, layer, window, shape)
        self._add_weights(cx, layer, window, channels, groups)
        set_input_spec(cx, layer, spec)

    def _rank_keras2(self, cx: Context, layer: Instance, shape: Shape) -> None:
        needs = self.rank + 2
        if self.kind not in ("transposed", "depthwise") or len(shape) == needs:
            return
        if self.kind == "transposed":
            message = f"Inputs should have rank {needs}. Received input_shape={dims_text(shape)}."
        else:
            message = f"Inputs to `DepthwiseConv` should have rank {needs}. Received input_shape={dims_text(shape)}."
        raise RankMismatch(
            error(cx, "ValueError", message), taker=class_name(layer), needs=needs, got=shape,
            axes=axis_names(self.rank, False),
        )  # fmt: skip

    def _no_channels(self, cx: Context, layer: Instance, shape: Shape, place: int) -> None:
        taker = class_name(layer)
        if not is_keras3(cx):
            which = {"transposed": f" to `{taker}`", "depthwise": " to `DepthwiseConv`"}.get(self.kind, "")
            exception = "ValueError"
            message = (
                f"The channel dimension of the inputs{which} should be defined. The input_shape received is "
                f"{dims_text(shape)}, where axis {place} (0-based) is the channel dimension, which found to be `None`."
            )
        elif self.kind == "transposed":
            size = (layer.fields["~window"].size or ()) if layer.fields.get("~window") else ()
            needs_defined(cx, layer, taker, shape, (*size, dim_field(layer, "filters"), None), "kernel", place)
            return
        else:
            exception = "TypeError"
            message = (
                "unsupported operand type(s) for %: 'NoneType' and 'int'"
                if self.kind == "conv"
                else "unsupported operand type(s) for *: 'int' and 'NoneType'"
            )
        raise UndefinedDimension(error(cx, exception, message), taker=taker, axis=place, shape=shape)

    def _out_channels(self, layer: Instance, channels: DimLike) -> DimLike | None:
        if self.kind != "depthwise":
            return dim_field(layer, "filters")
        depth = dim_field(layer, "depth_multiplier")
        return None if depth is None or undefined(channels) else channels * depth

    def check_output(
        self, cx: Context, layer: Instance, window: Window, shape: Shape, channels: DimLike, inputs: Array | None = None
    ) -> None:
        """``compute_output_shape`` of Keras 3: the rank, and that the kernel fits."""
        size = window.size
        if size is None:
            return
        kernel = (*size, channels, self._out_channels(layer, channels))
        values = () if inputs is None else (inputs,)
        if len(shape) != self.rank + 2:
            message = (
                "Kernel shape must have the same length as input, but received kernel of shape "
                f"{dims_text(kernel)} and input of shape {dims_text(shape)}."
            )
            raise RankMismatch(
                error(cx, "ValueError", message),
                values=values,
                taker=class_name(layer),
                needs=self.rank + 2,
                got=shape,
                axes=axis_names(self.rank, window.channels_first),
            )
        found = self._too_large(cx, window, shape)
        if found is None:
            return
        axis, span = found
        message = (
            f"Computed output size would be zero or negative. Received `inputs shape={dims_text(shape)}`, `kernel "
            f"shape={dims_text(kernel)}`, `dilation_rate={numpy_text(window.dilation or ())}`, "
            f"`strides={dims_text(window.strides)}`, `padding={window.padding}`."
        )
        raise WindowSize(
            error(cx, "ValueError", message), values=values, taker=class_name(layer), window=span, size=shape[axis],
            axis=axis, shape=shape,
        )  # fmt: skip

    def _too_large(self, cx: Context, window: Window, shape: Shape) -> tuple[int, DimLike] | None:
        """The first axis that the kernel does not fit into, and what it spans."""
        if window.padding != "valid" or window.channels_first is None:
            return None
        for number, axis in enumerate(window.spatial(len(shape))):
            span = window.span(number)
            if span is not None and not undefined(shape[axis]) and not cx.at_least(shape[axis], span):
                return axis, span
        return None

    def _check_output_keras2(self, cx: Context, layer: Instance, window: Window, shape: Shape) -> None:
        """Keras 2 works the size out as well, but lets one of 0 pass."""
        if window.padding != "valid" or window.strides is None:
            return
        for number, axis in enumerate(window.spatial(len(shape))):
            span, size, stride = window.span(number), shape[axis], window.strides[number]
            if span is None or undefined(size) or cx.at_least(size + stride, span):
                continue
            listed = ", ".join("None" if undefined(dim) else str(dim) for dim in shape)
            message = (
                f"One of the dimensions in the output is <= 0 due to downsampling in {layer_name(layer)}. Consider "
                f"increasing the input size. Received input shape [{listed}] which would produce output shape with a "
                "zero or negative value in a dimension."
            )
            raise WindowSize(
                error(cx, "ValueError", message),
                taker=class_name(layer),
                window=span,
                size=size,
                axis=axis,
                shape=shape,
            )

    def _unknown_weights(self, cx: Context, layer: Instance) -> None:
        for name in self._weight_names():
            add_weight(cx, layer, name, None)
        if bool_field(layer, "use_bias", True) is not False:
            add_weight(cx, layer, "bias", None)

    def _weight_names(self) -> tuple[str, ...]:
        return ("depthwise_kernel", "pointwise_kernel") if self.kind == "separable" else ("kernel",)

    def _add_weights(self, cx: Context, layer: Instance, window: Window, channels: DimLike, groups: int | None) -> None:
        filters, depth = dim_field(layer, "filters"), dim_field(layer, "depth_multiplier")
        size = window.size
        if self.kind != "depthwise" and filters is None:
            self._no_filters(cx, layer, size, channels)
        if not is_keras3(cx):
            self._no_negative(cx, layer, channels, groups, depth)
        out = self._out_channels(layer, channels)
        if size is None or out is None or depth is None or (self.kind == "conv" and groups is None):
            self._unknown_weights(cx, layer)
            return
        if self.kind == "conv":
            from foreshape.domain.dim import floordiv

            kernel: Shape = (*size, floordiv(channels, groups or 1), out)
        elif self.kind == "transposed":
            kernel = (*size, out, channels)
        else:
            kernel = (*size, channels, depth)
        names = self._weight_names()
        lora = dim_field(layer, "lora_rank")
        add_weight(cx, layer, names[0], kernel, trainable=lora is None)
        if self.kind == "separable":
            add_weight(cx, layer, names[1], (*(1 for _ in size), channels * depth, out))
        if bool_field(layer, "use_bias", True) is not False:
            add_weight(cx, layer, "bias", (out,))
        if lora is not None:
            add_weight(cx, layer, "lora_kernel_a", (*kernel[:-1], lora))
            add_weight(cx, layer, "lora_kernel_b", (lora, out))

    def _no_filters(self, cx: Context, layer: Instance, size: Shape | None, channels: DimLike) -> None:
        value = layer.fields.get("filters")
        if not isinstance(value, Const) or size is None:
            return
        if not is_keras3(cx):
            message = "unsupported operand type(s) for *: 'NoneType' and 'int'"
            raise invalid(cx, "TypeError", message, "filters", value)
        middle = (value.value, channels) if self.kind == "transposed" else (channels, value.value)
        if self.kind == "separable":
            size = tuple(1 for _ in size)
        shown = ", ".join(str(one) for one in (*size, *middle))
        if value.value is None:
            name = "pointwise_kernel" if self.kind == "separable" else "kernel"
            message = (
                "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
                f"Received: shape=({shown}) for variable path='{layer_name(layer)}/{name}'"
            )
        else:
            kind = type(value.value).__name__
            message = (
                f"Cannot convert '({shown})' to a shape. Found invalid dimension '{value.value}' of type "
                f"'<class '{kind}'>'. "
            )
        raise invalid(cx, "ValueError", message, "filters", value)

    def _no_negative(
        self, cx: Context, layer: Instance, channels: DimLike, groups: int | None, depth: DimLike | None
    ) -> None:
        size = depth
        if groups is not None and groups < 0 and isinstance(channels, int):
            size = channels // groups
        if isinstance(size, int) and size < 0:
            name = "groups" if groups is not None and groups < 0 else "depth_multiplier"
            raise invalid(cx, "ValueError", f"Dimension {size} must be >= 0", name, layer.fields.get(name))


def cx_symbolic(cx: Context) -> bool:
    """Whether Keras works on symbolic tensors."""
    from foreshape.semantics.keras.names import process

    return bool(process(cx).fields.get("symbolic"))


def _has_zero(groups: Value) -> bool:
    """Keras 2 takes ``groups=0`` for 1."""
    return isinstance(groups, Const) and not groups.value
