"""Convolutions: ``Conv1D`` to ``Conv3D``, transposed, depthwise and separable ones.

Follows ``keras/src/layers/convolutional/base_*.py`` and ``tf_keras/src/layers/convolutional``. (batch, *spatial,
channels) becomes (batch, *what is left, filters), or with the channels before the spatial axes. Keras 2 takes more
batch axes than one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Instance, Shape, Value, as_dim, as_int
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.semantics.keras.base import (
    bool_field,
    class_name,
    dim_field,
    error,
    is_keras3,
    output,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.convolution_weights import (
    SIGNATURES,
    TRANSPOSED_3D,
    ConvolutionWeights,
    cx_symbolic,
)
from foreshape.semantics.keras.layers.core import with_activation
from foreshape.semantics.keras.layers.nodes import convolution_node
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.layers.windows import (
    Window,
    axis_names,
    slide,
    spread,
)
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class Convolution(ConvolutionWeights):
    """The rules of one class: what it makes of its input."""

    __slots__ = ()

    # -- call ---------------------------------------------------------------------------------------------------------

    def spec(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """Keras 3, symbolically: from the sizes alone."""
        if not isinstance(inputs, Array) or inputs.shape is None:
            return output(cx, layer, inputs, None)
        window: Window = layer.fields["~window"]
        shape = inputs.shape
        if window.channels_first is None:
            return output(cx, layer, inputs, tuple(cx.fresh() for _ in shape))
        if self.kind == "transposed":
            self._rank_keras3(cx, layer, inputs)
        else:
            self.check_output(cx, layer, window, shape, shape[1 if window.channels_first else -1], inputs)
        return self.sized(cx, layer, window, inputs)

    def sized(self, cx: Context, layer: Instance, window: Window, inputs: Array) -> Array:
        """The output, as far as the sizes go."""
        assert inputs.shape is not None
        shape = list(inputs.shape)
        axis = window.channel_axis(len(shape))
        places = window.spatial(len(shape))
        lengths = tuple(shape[place] for place in places)
        if self.kind == "transposed":
            whole = self.rank == 3 and not is_keras3(cx)  # Keras 2 leaves the dilation out of it
            made = spread(cx, window.without_dilation() if whole else window, lengths)
        else:
            made = slide(cx, window, lengths)
        for place, size in zip(places, made):
            shape[place] = size
        out = self._out_channels(layer, shape[axis])
        shape[axis] = cx.fresh("filters") if out is None else out
        roles = inputs.roles if self.rank > 1 else ("batch", "time", "feature")
        kept = roles if roles is not None and len(roles) == len(shape) else None
        return with_activation(layer, output(cx, layer, inputs, tuple(shape), roles=kept))

    def call(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """On real values, and in a graph: what TensorFlow's kernels take."""
        if not isinstance(inputs, Array) or inputs.shape is None:
            return output(cx, layer, inputs, None)
        window: Window = layer.fields["~window"]
        if window.channels_first is None:
            return output(cx, layer, inputs, tuple(cx.fresh() for _ in inputs.shape))
        self.check_rank(cx, layer, inputs)
        if len(inputs.shape) < self.rank + 2:
            return output(cx, layer, inputs, None)
        if self.kind == "transposed" and window.padding == "causal":
            raise invalid(cx, "AssertionError", "", "padding", layer.fields.get("padding"))
        self._check_dtype(cx, layer, inputs)
        self.check_kernel(cx, layer, window, inputs)
        if self.kind in ("depthwise", "separable") and len(inputs.shape) != self.rank + 2:
            return output(cx, layer, inputs, None)
        return self.sized(cx, layer, window, inputs)

    def check_rank(self, cx: Context, layer: Instance, inputs: Array) -> None:
        assert inputs.shape is not None
        ndim, needs = len(inputs.shape), self.rank + 2
        if ndim == needs:
            return
        if is_keras3(cx):
            self._rank_keras3(cx, layer, inputs)
            return
        exception: str | None = None
        size = 5 if self.rank == 3 else 4
        if self.kind == "conv" and ndim > needs:
            return
        if not kernels.in_graph(cx):
            if self.kind == "separable" or self.rank == 1:
                self._separable_rank(cx, layer, inputs)
            return
        got = ndim + (1 if self.rank == 1 else 0)
        text = f"Shape must be rank {size} but is rank {got} {kernels.node_text(layer, self.op, inputs.shape)}"
        if self.kind == "transposed" and self.rank == 3:
            text = f"Shapes must be equal rank, but are {needs} and {ndim}"
            if ndim < needs:
                exception, text = "IndexError", "list assignment index out of range"
        raise kernels.wrong_rank(cx, layer, inputs, needs, text, exception=exception)

    def _separable_rank(self, cx: Context, layer: Instance, inputs: Array) -> None:
        """Keras 2 at once: the kernel reads the third axis from the left as the channels."""
        assert inputs.shape is not None
        depth = layer.fields.get("~depth")
        place = 3 if self.rank == 2 else 2
        got = inputs.shape[place] if len(inputs.shape) > place else None
        text = f"input depth must be evenly divisible by filter depth: {got} vs {depth} [Op:{self.op}] name: depthwise"
        if self.rank == 1 or len(inputs.shape) == 6:
            raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text)

    def _rank_keras3(self, cx: Context, layer: Instance, inputs: Array) -> None:
        """Another rank than that for which the layer was built: each operation says something else."""
        assert inputs.shape is not None
        ndim, needs = len(inputs.shape), self.rank + 2
        if ndim == needs:
            return
        exception, text = "ValueError", f"Input rank not supported: {ndim}. Expected values are [3, 4, 5]"
        if self.kind == "transposed":
            if ndim <= 5 or cx_symbolic(cx):
                exception, text = "IndexError", "tuple index out of range"
        elif self.kind == "conv":
            if self.rank == 1:
                return
            if ndim == 5:
                exception = "InvalidArgumentError"
                text = 'Value for attr \'data_format\' of "NDHWC" is not in the list of allowed values: "NHWC", "NCHW"'
        elif self.rank == 1 and self.kind == "depthwise":
            exception = "InvalidArgumentError"
            text = f"Sliding window strides field must specify 4 or 5 dimensions [Op:{self.op}] name: "
        elif self.rank == 2:
            text = f"`inputs` rank must be 3 (1D conv) or 4 (2D conv). Received: {ndim}."
        else:
            text = "Shape must have rank 4"
        raise kernels.wrong_rank(cx, layer, inputs, needs, text, exception=exception, axes=axis_names(self.rank, False))

    def _check_dtype(self, cx: Context, layer: Instance, inputs: Array) -> None:
        weight = layer.fields.get("~compute_dtype", "float32")
        got = inputs.dtype
        if weight is None or got is None or got == weight:
            return
        if is_keras3(cx) and self.rank > 1 and self.kind in ("conv", "transposed") and not kernels.in_graph(cx):
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            text = f"Incompatible type conversion requested to type {got} for `tf.Variable of type {weight}."
            raise DtypeMismatch(
                error(cx, "ValueError", text), values=(inputs,), taker=class_name(layer), got=(got,), wanted=weight
            )
        if self.kind == "transposed":
            allowed: tuple[str, ...] = (*kernels.NUMBERS, "bool")
            op = self.op if kernels.in_graph(cx) else f"_MklNative{self.op}"
            kernels.check_dtype(cx, layer, inputs, op, allowed, weight=weight, argument="out_backprop", other="filter")
        allowed = (*kernels.FLOATS, "int32") if self.kind == "conv" and self.rank < 3 else kernels.FLOATS
        kernels.check_dtype(cx, layer, inputs, self.op, allowed, weight=weight)

    def check_kernel(self, cx: Context, layer: Instance, window: Window, inputs: Array) -> None:
        """Channels and extent, where the build did not look at this input."""
        assert inputs.shape is not None
        ndim = len(inputs.shape)
        axis = window.channel_axis(ndim)
        built = self._built_channels(layer)
        kernel: Shape = (*(window.size or ()), built if built is not None else inputs.shape[axis])
        node = convolution_node(cx, layer, self.kind, window, inputs, kernel[-1])
        if built is not None and not (self.kind == "transposed" and self.rank == 3 and kernels.in_graph(cx)):
            whole = is_keras3(cx) and self.kind == "conv"
            kernels.check_depth(
                cx,
                layer,
                inputs,
                self.op,
                axis,
                built,
                kernel,
                self.kind == "conv",
                "ValueError" if whole else None,
                node,
            )
        if self.kind == "transposed":
            return
        if (isinstance(inputs.shape[axis], int) and inputs.shape[axis] == 0) or dim_field(
            layer, "depth_multiplier"
        ) == 0:
            self._empty_filter(cx, layer, inputs)
        empty = False
        for number, place in enumerate(window.spatial(ndim)):
            span, stride = window.span(number), (window.strides or (1,) * self.rank)[number]
            size = inputs.shape[place]
            if span is None or undefined(size):
                continue
            if window.padding == "valid":
                fits = kernels.check_window(cx, layer, inputs, self.op, place, span, kernel, stride, node)
                empty = empty or not fits
            empty = empty or (isinstance(size, int) and size == 0)
        if empty and not kernels.in_graph(cx) and bool_field(layer, "use_bias", True):
            self._empty_output(cx, layer, inputs)

    def _built_channels(self, layer: Instance) -> DimLike | None:
        from foreshape.semantics.keras.base import weights_of

        held = weights_of(layer)
        if not held or held[0].shape is None or len(held[0].shape) != self.rank + 2:
            return None
        shape = held[0].shape
        groups = as_int(layer.fields.get("groups"))
        if self.kind == "transposed":
            return shape[-1]
        if self.kind == "conv":
            return None if groups is None else shape[-2] * groups
        return shape[-2]

    def _empty_filter(self, cx: Context, layer: Instance, inputs: Array) -> None:
        assert inputs.shape is not None
        if kernels.in_graph(cx):
            if self.kind == "depthwise":
                return
            text = f"Depth of filter must not be 0 {kernels.node_text(layer, self.op, inputs.shape)}"
        else:
            text = f"filter must not have zero elements (i.e. all dimensions must be non-zero) [Op:{self.op}] name: "
        raise InvalidArgument(kernels.shape_error(cx, text), values=(inputs,), argument="channels", given="0")

    def _empty_output(self, cx: Context, layer: Instance, inputs: Array) -> None:
        """Run at once on nothing, the kernel gives back the shape of its input, which the bias does not fit."""
        assert inputs.shape is not None
        out = as_dim(layer.fields.get("filters"))
        if is_keras3(cx):
            ones = ",".join("1" for _ in range(self.rank + 1))
            text = f"Incompatible shapes: {kernels.sizes_text(inputs.shape)} vs. [{ones},{out}] [Op:AddV2] name: "
        else:
            text = (
                f"Must provide as many biases as the last dimension of the input tensor: [{out}] vs. "
                f"{kernels.sizes_text(inputs.shape)} [Op:BiasAdd] name: "
            )
        raise InvalidArgument(
            error(cx, "InvalidArgumentError", text), values=(inputs,), argument="kernel_size",
            given=str(layer.fields.get("kernel_size")),
        )  # fmt: skip


def _declare(name: str, kind: str, rank: int, base: str) -> None:
    rules = Convolution(kind, rank)
    full = library_type(f"keras.layers.{name}", base)
    if kind == "transposed" and rank == 3:
        register(f"{full}.__init__", TRANSPOSED_3D, rules.init, since="3")
        register(f"{full}.__init__", SIGNATURES[kind], rules.init, until="3")
    else:
        register(f"{full}.__init__", SIGNATURES[kind], rules.init)
    register(f"{full}.build", "input_shape", rules.build)
    register(f"{full}.call", "inputs", rules.call)
    register(f"{full}.compute_output_spec", "inputs", rules.spec, since="3")


for _rank in (1, 2, 3):
    _declare(f"Conv{_rank}D", "conv", _rank, "keras.Layer")
    _declare(f"Conv{_rank}DTranspose", "transposed", _rank, "keras.Layer")
for _rank in (1, 2):
    _declare(f"DepthwiseConv{_rank}D", "depthwise", _rank, "keras.Layer")
    _declare(f"SeparableConv{_rank}D", "separable", _rank, "keras.Layer")
