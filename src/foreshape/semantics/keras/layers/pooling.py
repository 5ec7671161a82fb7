"""Pooling: ``MaxPooling1D`` to ``3D``, ``AveragePooling``, the global ones and the adaptive ones (Keras 3).

Follows ``keras/src/layers/pooling`` and ``tf_keras/src/layers/pooling``. The channels stay; the other axes get shorter
or go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_str,
    dim_or,
    is_none,
)
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.faults.window_size import WindowSize
from foreshape.semantics.keras.base import (
    InputSpec,
    anonymous,
    class_name,
    compute_dtype,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    shape_of,
    shape_value,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value, type_text
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.nodes import pooling_node
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.layers.windows import (
    Window,
    axis_names,
    format_value,
    layout,
    numpy_text,
    padding_word,
    sizes,
    slide,
)
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OPS: Final = {("Max", False): "MaxPool", ("Max", True): "MaxPool3D", ("Average", False): "AvgPool",
              ("Average", True): "AvgPool3D"}  # fmt: skip
DTYPES: Final = {
    "MaxPool": (*kernels.FLOATS, "int32", "int64", "uint8", "int16", "int8", "uint16", "qint8"),
    "MaxPool3D": kernels.FLOATS[:3],
    "AvgPool": kernels.FLOATS,
    "AvgPool3D": kernels.FLOATS,
}
MAX_DTYPES: Final = (
    "float32",
    "float64",
    "int32",
    "uint8",
    "int16",
    "int8",
    "int64",
    "bfloat16",
    "uint16",
    "float16",
    "uint32",
    "uint64",
    "qint8",
    "quint8",
    "qint32",
    "qint16",
    "quint16",
)


class Pooling:
    """The rules of ``MaxPooling*D`` or ``AveragePooling*D``."""

    __slots__ = ("kind", "op", "rank")

    def __init__(self, kind: str, rank: int) -> None:
        self.kind = kind
        self.rank = rank
        self.op = OPS[kind, rank == 3]

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """``strides`` are the window unless said otherwise."""
        own = ("pool_size", "strides", "padding", "data_format")
        init_layer(cx, layer, {key: value for key, value in given.items() if key not in own})
        size = sizes(cx, given.get("pool_size"), self.rank, "pool_size", default=2)
        stride = given.get("strides")
        if stride is None or is_none(stride):
            strides = size
        else:
            strides = sizes(cx, stride, self.rank, "strides", zero=True)
        if is_keras3(cx):
            padding = as_str(given.get("padding")) if "padding" in given else "valid"
            first = layout(cx, given.get("data_format"))
        else:
            padding = padding_word(cx, given.get("padding"), causal=True)
            first = layout(cx, given.get("data_format"))
        window = Window(self.rank, size, strides, padding, (1,) * self.rank, first)
        cx.set(layer, "~window", window)
        cx.set(layer, "pool_size", shape_value(size))
        cx.set(layer, "strides", shape_value(strides))
        cx.set(layer, "padding", Const(padding) if padding is not None else cx.unknown("the padding is not known"))
        cx.set(layer, "data_format", format_value(cx, first))
        set_input_spec(cx, layer, InputSpec(ndim=self.rank + 2, axis_names=axis_names(self.rank, first)))

    def spec(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """Keras 3, symbolically: from the sizes alone."""
        if not isinstance(inputs, Array) or inputs.shape is None:
            return output(cx, layer, inputs, None)
        window = self._lined_up(cx, layer, inputs.shape)
        if window is None:
            return output(cx, layer, inputs, None)
        self._check_symbolic(cx, layer, window, inputs)
        return self._made(cx, layer, window, inputs, compute_dtype(layer))

    def _lined_up(self, cx: Context, layer: Instance, shape: Shape) -> Window | None:
        """The window for an input of another rank (within a layer that does not look): NumPy lines the sizes up."""
        window: Window = layer.fields["~window"]
        rank = len(shape) - 2
        if rank == self.rank:
            return window
        if window.size is None or window.strides is None or rank < 0:
            return None
        if rank != 1 and self.rank != 1:
            message = f"operands could not be broadcast together with shapes ({rank},) ({self.rank},) "
            raise invalid(cx, "ValueError", message, "pool_size", layer.fields.get("pool_size"))
        if self.rank != 1:
            return None
        return Window(
            rank, window.size * rank, window.strides * rank, window.padding, (1,) * rank, window.channels_first
        )

    def _check_symbolic(self, cx: Context, layer: Instance, window: Window, inputs: Array) -> None:
        assert inputs.shape is not None
        strides = window.strides or ()
        if any(isinstance(stride, int) and stride == 0 for stride in strides):
            raise invalid(cx, "ZeroDivisionError", "division by zero", "strides", layer.fields.get("strides"))
        if window.padding not in (None, "valid", "same"):
            message = f"Argument `padding` must be either 'valid' or 'same'. Received: padding={window.padding}"
            raise invalid(cx, "ValueError", message, "padding", layer.fields.get("padding"))
        if window.padding != "valid" or window.channels_first is None or window.size is None:
            return
        for number, axis in enumerate(window.spatial(len(inputs.shape))):
            size, span = inputs.shape[axis], window.size[number]
            if undefined(size) or cx.at_least(size, span):
                continue
            message = (
                f"Computed output size would be zero or negative. Received: `inputs.shape={numpy_text(inputs.shape)}`, "
                f"`pool_size={numpy_text(window.size)}`, `strides={dims_text(window.strides)}`, "
                f"`padding={window.padding}`."
            )
            raise WindowSize(
                error(cx, "ValueError", message), values=(inputs,), taker=class_name(layer), window=span, size=size,
                axis=axis, shape=inputs.shape,
            )  # fmt: skip

    def _made(self, cx: Context, layer: Instance, window: Window, inputs: Array, dtype: str | None) -> Array:
        assert inputs.shape is not None
        if window.channels_first is None:
            return output(cx, layer, inputs, tuple(cx.fresh() for _ in inputs.shape), dtype)
        shape = list(inputs.shape)
        places = window.spatial(len(shape))
        for place, size in zip(places, slide(cx, window, tuple(shape[place] for place in places))):
            shape[place] = size
        made = output(cx, layer, inputs, tuple(shape), dtype, inputs.roles)
        made.dtype = dtype
        return made

    def call(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """On real values, and in a graph: what TensorFlow's kernels take."""
        if not isinstance(inputs, Array) or inputs.shape is None:
            return output(cx, layer, inputs, None)
        window: Window | None = layer.fields["~window"]
        if len(inputs.shape) != self.rank + 2:
            if is_keras3(cx):
                if len(inputs.shape) not in (3, 4, 5):
                    text = f"Input rank not supported: {len(inputs.shape)}. Expected values are [3, 4, 5]"
                    raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, exception="ValueError")
                axes = len(inputs.shape) - 2
                if self.kind == "Max" and self.rank not in (1, axes) and window is not None and window.size is not None:
                    shown = f"[{', '.join(map(str, window.size))}]"
                    text = f"ksize should be of length 1, {axes} or {axes + 2}. Received: ksize={shown} of length "
                    text += str(self.rank)
                    raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, exception="ValueError")
                window = self._lined_up(cx, layer, inputs.shape)
            else:
                self._wrong_rank(cx, layer, inputs)
                window = None
            if window is None:
                return output(cx, layer, inputs, None)
        assert window is not None
        kernels.check_dtype(
            cx, layer, inputs, self.op, DTYPES[self.op], weight=None,
            argument="value" if self.op == "AvgPool" else "input",
        )  # fmt: skip
        self._check_arguments(cx, layer, window)
        word = window.padding.lower() if window.padding is not None else None
        if word == "valid" and window.size is not None and window.channels_first is not None:
            for number, axis in enumerate(window.spatial(len(inputs.shape))):
                self._check_fit(cx, layer, window, inputs, number, axis)
        return self._made(cx, layer, window, inputs, inputs.dtype)

    def _check_fit(self, cx: Context, layer: Instance, window: Window, inputs: Array, number: int, axis: int) -> None:
        assert inputs.shape is not None and window.size is not None
        span = window.size[number]
        stride = window.strides[number] if window.strides is not None else 1
        node = pooling_node(cx, layer, self.op, window, inputs)
        fits = kernels.check_window(cx, layer, inputs, self.op, axis, span, window.size, stride, node)
        size = inputs.shape[axis]
        if not fits and self.kind == "Max" and size != 0:
            # nothing comes out of an average, the maximum of nothing does not exist
            text = (
                f"Compute received an exception:Status: 2, message: could not create a descriptor [Op:{self.op}] name: "
            )
            raise WindowSize(
                error(cx, "AbortedError", text), values=(inputs,), taker=class_name(layer), window=span, size=size,
                axis=axis, shape=inputs.shape,
            )  # fmt: skip

    def _check_arguments(self, cx: Context, layer: Instance, window: Window) -> None:
        if any(isinstance(stride, int) and stride == 0 for stride in window.strides or ()):
            raise kernels.refused(cx, f"Stride must be > 0, but got 0 [Op:{self.op}] name: ", "strides", "0")
        word = window.padding
        if word is None or word.lower() in ("valid", "same"):
            return
        if not is_keras3(cx) and self.rank == 1:
            raise kernels.refused(cx, f"Invalid padding: {word}", "padding", word, exception="ValueError")
        allowed = '"SAME", "VALID"' + (', "EXPLICIT"' if self.op == "MaxPool" else "")
        if kernels.in_graph(cx):
            text = f"Attr 'padding' of '{self.op}' Op passed string '{word.upper()}' not in: {allowed}."
        else:
            text = f"Value for attr 'padding' of \"{word.upper()}\" is not in the list of allowed values: {allowed}"
        raise kernels.refused(cx, text, "padding", word)

    def _wrong_rank(self, cx: Context, layer: Instance, inputs: Array) -> None:
        """Only a second symbolic call of Keras 2 comes here: the layer does not look at its input any more."""
        assert inputs.shape is not None
        needs = 5 if self.rank == 3 else 4
        got = len(inputs.shape) + (1 if self.rank == 1 else 0)
        if got == needs:
            return
        text = f"Shape must be rank {needs} but is rank {got} {kernels.node_text(layer, self.op, inputs.shape)}"
        raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, axes=axis_names(self.rank, False))


class GlobalPooling:
    """The rules of ``GlobalMaxPooling*D`` or ``GlobalAveragePooling*D``."""

    __slots__ = ("kind", "rank")

    def __init__(self, kind: str, rank: int) -> None:
        self.kind = kind
        self.rank = rank

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """``keepdims`` leaves axes of size 1."""
        rest = {key: value for key, value in given.items() if key not in ("data_format", "keepdims")}
        init_layer(cx, layer, rest)
        first = layout(cx, given.get("data_format"))
        cx.set(layer, "~window", Window(self.rank, None, None, None, None, first))
        cx.set(layer, "data_format", format_value(cx, first))
        cx.set(layer, "keepdims", given.get("keepdims", Const(False)))
        if self.kind == "Average" and self.rank == 1:
            cx.set(layer, "supports_masking", Const(True))
        set_input_spec(cx, layer, InputSpec(ndim=self.rank + 2, axis_names=axis_names(self.rank, first)))

    def build(self, cx: Context, layer: Instance, input_shape: Value | None = None) -> None:
        """Keras 2 looks for axes without anything on them."""
        shape = shape_of(cx, input_shape)
        window: Window = layer.fields["~window"]
        if is_keras3(cx) or shape is None or window.channels_first is None or len(shape) != self.rank + 2:
            return
        for axis in window.spatial(len(shape)):
            if isinstance(shape[axis], int) and shape[axis] == 0:
                listed = ", ".join("None" if undefined(dim) else str(dim) for dim in shape)
                message = f"Incorrect input shape [{listed}] with dimension 0 at reduction axis {axis}."
                raise WindowSize(
                    error(cx, "ValueError", message), taker=class_name(layer), window=1, size=0, axis=axis, shape=shape
                )

    def spec(self, cx: Context, layer: Instance, inputs: Value, **rest: Value) -> Value:
        """Keras 3, symbolically: the first axis and that of the channels stay, whatever is between them."""
        window: Window = layer.fields["~window"]
        keep = as_bool(layer.fields.get("keepdims"))
        if not isinstance(inputs, Array) or inputs.shape is None or window.channels_first is None or keep is None:
            return output(cx, layer, inputs, None)
        shape = inputs.shape
        if len(shape) < 2:
            return output(cx, layer, inputs, None)
        ones = (1,) * (len(shape) - 2 if keep else 0)
        left = (shape[0], shape[1], *ones) if window.channels_first else (shape[0], *ones, shape[-1])
        return output(cx, layer, inputs, left, roles=("batch", "feature") if not keep else None)

    def _made(self, cx: Context, layer: Instance, inputs: Value, dtype: str | None) -> Value:
        if not isinstance(inputs, Array) or inputs.shape is None:
            return output(cx, layer, inputs, None)
        window: Window = layer.fields["~window"]
        keep = as_bool(layer.fields.get("keepdims"))
        if window.channels_first is None or keep is None:
            return output(cx, layer, inputs, None)
        shape = inputs.shape
        reduced = range(2, self.rank + 2) if window.channels_first else range(1, self.rank + 1)
        if any(axis >= len(shape) for axis in reduced):
            text = f"Invalid reduction dimension {reduced[-1]} for input with {len(shape)} dimensions."
            raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, axes=axis_names(self.rank, False))
        left: Shape = tuple(
            1 if axis in reduced else size for axis, size in enumerate(shape) if keep or axis not in reduced
        )
        made = output(
            cx, layer, inputs, left, dtype, None if keep else ("batch", "feature") if len(left) == 2 else None
        )
        made.dtype = dtype
        return made

    def call(self, cx: Context, layer: Instance, inputs: Value, mask: Value | None = None) -> Value:
        """On real values, and in a graph."""
        dtype = inputs.dtype if isinstance(inputs, Array) else None
        if isinstance(inputs, Array) and dtype is not None:
            if self.kind == "Max":
                if not is_keras3(cx):
                    kernels.check_dtype(cx, layer, inputs, "Max", MAX_DTYPES, weight=None)
                self._empty(cx, layer, inputs)
            elif dtype not in kernels.FLOATS:
                dtype = "float32" if is_keras3(cx) or dtype == "bool" else dtype
        return self._made(cx, layer, inputs, dtype)

    def _empty(self, cx: Context, layer: Instance, inputs: Array) -> None:
        window: Window = layer.fields["~window"]
        if not is_keras3(cx) or inputs.shape is None or kernels.in_graph(cx) or len(inputs.shape) != self.rank + 2:
            return
        if window.channels_first is not None and any(inputs.shape[axis] == 0 for axis in window.spatial(self.rank + 2)):
            text = "Cannot compute the max of an empty tensor."
            raise InvalidArgument(
                error(cx, "InvalidArgumentError", text),
                values=(inputs,),
                argument="inputs",
                given=dims_text(inputs.shape),
            )

    def no_mask(self, cx: Context, layer: Instance, inputs: Value, mask: Value | None = None) -> Value:
        """The timesteps are gone, and their mask with them."""
        return Const(None)


class AdaptivePooling:
    """The rules of ``AdaptiveMaxPooling*D`` or ``AdaptiveAveragePooling*D``: windows that fit, however long the input
    is.
    """

    __slots__ = ("kind", "rank")

    def __init__(self, kind: str, rank: int) -> None:
        self.kind = kind
        self.rank = rank

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """``output_size`` for each spatial axis."""
        wanted = self._size(cx, given["output_size"])
        init_layer(cx, layer, {key: value for key, value in given.items() if key not in ("output_size", "data_format")})
        first = layout(cx, given.get("data_format"))
        cx.set(layer, "~window", Window(self.rank, wanted, None, None, None, first))
        cx.set(layer, "output_size", shape_value(wanted))
        cx.set(layer, "data_format", format_value(cx, first))

    def _size(self, cx: Context, value: Value) -> Shape | None:
        single = as_dim(value)
        if single is not None:
            return (single,) * self.rank
        items = value.contents.items() if isinstance(value, Sequence) else None
        if items is not None and len(items) == self.rank:
            return tuple(dim_or(item, cx.fresh()) for item in items)
        if items is None and not isinstance(value, (Const, Typed)):
            return None
        exception, words = "TypeError", {
            1: "an integer or tuple of 1 integer", 2: "an integer or (height, width) tuple",
            3: "an integer or (depth, height, width) tuple",
        }[self.rank]  # fmt: skip
        message = f"`output_size` must be {words}. Received: {repr_value(value)} of type {type_text(value)}"
        if self.rank == 1 and items is not None:
            exception = "ValueError"
            message = f"For 1D input, `output_size` tuple must have length 1. Received: {repr_value(value)}"
        raise invalid(cx, exception, message, "output_size", value)

    def spec(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """Keras 3, symbolically: the rank of the input is not looked at."""
        window: Window = layer.fields["~window"]
        if not isinstance(inputs, Array) or not inputs.shape or window.size is None or window.channels_first is None:
            return output(cx, layer, inputs, None)
        shape = inputs.shape
        channels = shape[-1]
        if window.channels_first:
            if len(shape) < 2:
                return output(cx, layer, inputs, None)
            channels = shape[1]
        made = (shape[0], channels, *window.size) if window.channels_first else (shape[0], *window.size, channels)
        bad = any(isinstance(size, int) and size < 0 for size in window.size)
        if bad:
            message = f"Cannot convert '{dims_text(made)}' to a shape. Negative dimensions are not allowed."
            raise invalid(cx, "ValueError", message, "output_size", layer.fields.get("output_size"))
        return output(cx, layer, inputs, made, compute_dtype(layer))

    def call(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """On real values: the rank of the input says how many axes are pooled."""
        window: Window = layer.fields["~window"]
        if (
            not isinstance(inputs, Array)
            or inputs.shape is None
            or window.size is None
            or window.channels_first is None
        ):
            return output(cx, layer, inputs, None)
        spatial = len(inputs.shape) - 2
        if spatial not in (1, 2, 3):
            text = f"adaptive_{self.kind.lower()}_pool supports 1D, 2D, or 3D inputs only."
            raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, exception="ValueError")
        if spatial > self.rank:
            text = f"not enough values to unpack (expected {spatial}, got {self.rank})"
            raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, exception="ValueError")
        if spatial < self.rank and spatial > 1:
            text = f"too many values to unpack (expected {spatial})"
            raise kernels.wrong_rank(cx, layer, inputs, self.rank + 2, text, exception="ValueError")
        given = layer.fields.get("output_size")
        for size in window.size:
            if isinstance(size, int) and size == 0:
                raise invalid(cx, "ZeroDivisionError", "division by zero", "output_size", given)
            if isinstance(size, int) and size < 0:
                text = f"Requires start <= limit when delta > 0: 0/{size} [Op:Range]"
                raise invalid(cx, "InvalidArgumentError", text, "output_size", given)
        op = OPS[self.kind, spatial == 3]
        kernels.check_dtype(cx, layer, inputs, op, DTYPES[op], weight=None)
        sizes_now = window.size[:spatial]
        channels: DimLike = inputs.shape[1] if window.channels_first else inputs.shape[-1]
        batch = inputs.shape[0]
        made = (batch, channels, *sizes_now) if window.channels_first else (batch, *sizes_now, channels)
        lengths = inputs.shape[2:] if window.channels_first else inputs.shape[1:-1]
        if any(undefined(length) for length in lengths):
            made = tuple(anonymous(cx) if undefined(size) else size for size in made)
        found = output(cx, layer, inputs, made, inputs.dtype)
        found.dtype = inputs.dtype
        return found


def _declare() -> None:
    for rank in (1, 2, 3):
        for kind in ("Max", "Average"):
            pooling = Pooling(kind, rank)
            full = library_type(f"keras.layers.{kind}Pooling{rank}D", "keras.Layer")
            first = "pool_size=" if kind == "Max" else "pool_size"
            rest = "strides= padding= data_format="
            register(f"{full}.__init__", f"{first} {rest} name= **kwargs", pooling.init, since="3")
            register(f"{full}.__init__", f"pool_size= {rest} **kwargs", pooling.init, until="3")
            register(f"{full}.call", "inputs", pooling.call)
            register(f"{full}.compute_output_spec", "inputs", pooling.spec, since="3")
            whole = GlobalPooling(kind, rank)
            full = library_type(f"keras.layers.Global{kind}Pooling{rank}D", "keras.Layer")
            register(f"{full}.__init__", "data_format= keepdims= **kwargs", whole.init)
            register(f"{full}.build", "input_shape=", whole.build, until="3")
            masked = " mask=" if kind == "Average" and rank == 1 else ""
            register(f"{full}.call", f"inputs{masked}", whole.call)
            register(f"{full}.compute_output_spec", f"inputs{masked}", whole.spec, since="3")
            if masked:
                register(f"{full}.compute_mask", "inputs mask=", whole.no_mask)
            adaptive = AdaptivePooling(kind, rank)
            full = library_type(f"keras.layers.Adaptive{kind}Pooling{rank}D", "keras.Layer")
            register(f"{full}.__init__", "output_size data_format= **kwargs", adaptive.init, since="3")
            register(f"{full}.call", "inputs", adaptive.call, since="3")
            register(f"{full}.compute_output_spec", "inputs", adaptive.spec, since="3")


_declare()
