"""``ConvLSTM1D`` to ``ConvLSTM3D``: an LSTM whose products are convolutions.

Follows ``keras/src/layers/rnn/conv_lstm.py`` and ``tf_keras/src/layers/rnn/base_conv_{rnn,lstm}.py``. (batch,
timesteps, *spatial, channels) becomes (batch, *what is left, filters), with the timesteps before it with
``return_sequences``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, is_none
from foreshape.faults.state_shape import StateShape
from foreshape.faults.stateful_batch import StatefulBatch
from foreshape.faults.undefined_dimension import UndefinedDimension
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
    output,
    set_input_spec,
    shape_of,
    shape_value,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.convolution import Convolution
from foreshape.semantics.keras.layers.core import check_activation
from foreshape.semantics.keras.layers.recurrent_checks import check_stateful, needs_batch
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.layers.windows import Window, format_value, layout, padding_word, sizes
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

_COMMON: Final = (
    "filters kernel_size strides= padding= data_format= dilation_rate= activation= recurrent_activation= use_bias= "
    "kernel_initializer= recurrent_initializer= bias_initializer= unit_forget_bias= kernel_regularizer= "
    "recurrent_regularizer= "
    "bias_regularizer= activity_regularizer= kernel_constraint= recurrent_constraint= bias_constraint= "
)
_FLAGS: Final = "return_sequences= return_state= go_backwards= stateful= "
KERAS3: Final = f"{_COMMON}dropout= recurrent_dropout= seed= {_FLAGS}**kwargs"
KERAS2: Final = f"{_COMMON}{_FLAGS}dropout= recurrent_dropout= **kwargs"
OWN: Final = frozenset(word.rstrip("=") for word in KERAS3.split() if not word.startswith("**")) | {
    "unroll", "zero_output_for_mask", "time_major",
}  # fmt: skip
SUM_DTYPES: Final = (
    "float32",
    "float64",
    "int32",
    "uint8",
    "int16",
    "int8",
    "complex64",
    "int64",
    "qint8",
    "quint8",
    "qint32",
    "bfloat16",
    "qint16",
    "quint16",
    "uint16",
    "complex128",
    "float16",
    "uint32",
    "uint64",
)


class ConvLSTM:
    """The rules of one class."""

    __slots__ = ("convolution", "rank")

    def __init__(self, rank: int) -> None:
        self.rank = rank
        self.convolution = Convolution("conv", rank)

    # -- constructor and build ----------------------------------------------------------------------------------------

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """The cell first, then what every recurrent layer has."""
        new = is_keras3(cx)
        rank = self.rank
        size = sizes(cx, given["kernel_size"], rank, "kernel_size")
        strides = sizes(cx, given.get("strides"), rank, "strides", zero=True)
        padding = padding_word(cx, given.get("padding"), causal=False)
        first = layout(cx, given.get("data_format"))
        dilation = sizes(cx, given.get("dilation_rate"), rank, "dilation_rate")
        if new and _both(strides, dilation):
            message = (
                "Specifying `strides > 1` is not compatible with `dilation_rate > 1`. Please provide `strides=1` or "
                f"`dilation_rate=1`. Received: strides={dims_text(strides)} and dilation_rate={dims_text(dilation)}"
            )
            raise invalid(cx, "ValueError", message, "dilation_rate", given.get("dilation_rate"))
        check_activation(cx, given.get("activation"))
        check_activation(cx, given.get("recurrent_activation"))
        unroll = given.get("unroll")
        if not new and unroll is not None and as_bool(unroll):
            message = f"Unrolling is not possible with convolutional RNNs. Received: unroll={repr_value(unroll)}"
            raise invalid(cx, "TypeError", message, "unroll", unroll)
        init_layer(cx, layer, {key: value for key, value in given.items() if key not in OWN})
        cx.set(layer, "~window", Window(rank, size, strides, padding, dilation, first))
        for name, dims in (("kernel_size", size), ("strides", strides), ("dilation_rate", dilation)):
            cx.set(layer, name, shape_value(dims))
        cx.set(layer, "filters", given["filters"])
        cx.set(layer, "groups", Const(1))
        cx.set(layer, "padding", Const(padding) if padding is not None else cx.unknown("the padding is not known"))
        cx.set(layer, "data_format", format_value(cx, first))
        cx.set(layer, "use_bias", given.get("use_bias", Const(True)))
        cx.set(layer, "cell", cx.unknown("the cell of a convolutional LSTM"))
        for name in ("return_sequences", "return_state", "go_backwards", "stateful"):
            cx.set(layer, name, given.get(name, Const(False)))
        cx.set(layer, "supports_masking", Const(True))
        set_input_spec(cx, layer, InputSpec(ndim=rank + 3, axis_names=self._axes(first)))

    def _axes(self, first: bool | None) -> tuple[str, ...]:
        if first is None:
            return ()
        spatial = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}[self.rank]
        return ("batch", "timesteps", *(("channels", *spatial) if first else (*spatial, "channels")))

    def build(self, cx: Context, layer: Instance, sequences_shape: Value | None = None, **rest: Value) -> None:
        """Kernels of input and state, four gates wide."""
        given = rest.get("input_shape", sequences_shape)
        shape = shape_of(cx, given)
        if shape is None and isinstance(given, Sequence):
            shape = shape_of(cx, given.contents.at(0))
        window: Window = layer.fields["~window"]
        if shape is None or len(shape) != self.rank + 3 or window.channels_first is None:
            return
        step = (shape[0], *shape[2:])
        axis = 1 if window.channels_first else -1
        self._check_defined(cx, layer, window, step, axis)
        filters = dim_field(layer, "filters")
        if isinstance(filters, int) and filters < 0:
            wide = dims_text((*(window.size or ()), step[axis], filters * 4))
            text = f"Dimension {filters * 4} must be >= 0"
            if is_keras3(cx):
                text = f"Cannot convert '{wide}' to a shape. Negative dimensions are not allowed."
            raise invalid(cx, "ValueError", text, "filters", layer.fields.get("filters"))
        known = window.size is not None and filters is not None
        size: Shape = window.size or ()
        wide_filters: DimLike = 0 if filters is None else filters * 4
        add_weight(cx, layer, "kernel", (*size, step[axis], wide_filters) if known else None)
        add_weight(cx, layer, "recurrent_kernel", (*size, filters or 0, wide_filters) if known else None)
        if bool_field(layer, "use_bias", True) is not False:
            add_weight(cx, layer, "bias", (wide_filters,) if known else None)
        self._set_spec(cx, layer, window, shape, step)

    def _check_defined(self, cx: Context, layer: Instance, window: Window, step: Shape, axis: int) -> None:
        spatial = step[2:] if window.channels_first else step[1:-1]
        if is_keras3(cx) and any(undefined(dim) for dim in spatial):
            message = (
                "ConvLSTM layers only support static input shapes for the spatial dimension. Received invalid input "
                f"shape: input_shape={dims_text(step)}"
            )
        elif undefined(step[axis]):
            message = (
                "The channel dimension of the inputs (last axis) should be defined. Found None. Full input shape "
                f"received: input_shape={dims_text(step)}"
            )
        else:
            return
        raise UndefinedDimension(error(cx, "ValueError", message), taker=class_name(layer), axis=axis, shape=step)

    def _set_spec(self, cx: Context, layer: Instance, window: Window, shape: Shape, step: Shape) -> None:
        stateful = bool_field(layer, "stateful")
        if is_keras3(cx):
            cx.set(layer, "~step", step)
            if stateful:
                if undefined(shape[0]):
                    raise needs_batch(cx, shape, class_name(layer))
                cx.set(layer, "~batch", shape[0])
                self.convolution.check_output(cx, layer, window, step, step[1 if window.channels_first else -1])
            return
        batch = shape[0] if stateful else None
        sizes_now = (batch, None, *(None if undefined(dim) else dim for dim in shape[2:]))
        set_input_spec(cx, layer, InputSpec(shape=sizes_now, axis_names=self._axes(window.channels_first)))
        if stateful and (undefined(shape[0]) or any(undefined(dim) for dim in step[1:])):
            fault: StatefulBatch = needs_batch(cx, shape, class_name(layer))
            raise fault

    # -- call ---------------------------------------------------------------------------------------------------------

    def spec(self, cx: Context, layer: Instance, sequences: Value, **rest: Value) -> Value:
        """Keras 3, symbolically: from the sizes alone."""
        step = self._step(cx, layer, sequences)
        if step is None or step.shape is None:
            return output(cx, layer, sequences, None)
        window: Window = layer.fields["~window"]
        channels = step.shape[1 if window.channels_first else -1]
        self.convolution.check_output(cx, layer, window, step.shape, channels, step)
        return self._outputs(cx, layer, sequences, self.convolution.sized(cx, layer, window, step))

    def _step(self, cx: Context, layer: Instance, sequences: Value) -> Array | None:
        """One timestep of the input."""
        window: Window = layer.fields["~window"]
        if not isinstance(sequences, Array) or sequences.shape is None or len(sequences.shape) < 3:
            return None
        if window.channels_first is None:
            return None
        made = sequences.replace(shape=(sequences.shape[0], *sequences.shape[2:]), roles=None, data=None)
        made.origin, made.tainted = sequences.origin, sequences.tainted
        return made

    def call(self, cx: Context, layer: Instance, sequences: Value, **rest: Value) -> Value:
        """On real values (Keras 3), and always (Keras 2): the first step is taken, all others are like it."""
        step = self._step(cx, layer, sequences)
        if step is None or step.shape is None or not isinstance(sequences, Array):
            return output(cx, layer, sequences, None)
        window: Window = layer.fields["~window"]
        new = is_keras3(cx)
        states = rest.get("initial_state")
        given = None if states is None or is_none(states) else states
        if new:
            self._before_keras3(cx, layer, window, sequences, step, given)
        else:
            self._before_keras2(cx, layer, window, step, given)
        if len(step.shape) < self.rank + 2:
            self.convolution.check_rank(cx, layer, step)
            return output(cx, layer, sequences, None)
        self._check_dtype(cx, layer, step)
        if self._odd_dilation(cx, window, step):
            return output(cx, layer, sequences, None)
        self.convolution.check_kernel(cx, layer, window, step)
        if isinstance(dim_field(layer, "filters"), int) and dim_field(layer, "filters") == 0:
            text = (
                f"filter must not have zero elements (i.e. all dimensions must be non-zero) [Op:{self.convolution.op}]"
            )
            if kernels.in_graph(cx):
                text = f"Depth of filter must not be 0 {kernels.node_text(layer, self.convolution.op, step.shape)}"
            raise kernels.refused(cx, text, "filters", "0")
        made = self.convolution.sized(cx, layer, window, step)
        if given is not None:
            self._check_states(cx, layer, window, made, given)
        return self._outputs(cx, layer, sequences, made)

    def call_keras2(self, cx: Context, layer: Instance, inputs: Value, **rest: Value) -> Value:
        """Keras 2: states may stand in a list after the input."""
        if isinstance(inputs, Sequence):
            items = inputs.contents.items()
            if not items:
                return cx.unknown("the inputs are not known")
            inputs = items[0]
            if len(items) > 1:
                rest["initial_state"] = Sequence("list", Contents(items[1:]))
        return self.call(cx, layer, inputs, **rest)

    def _odd_dilation(self, cx: Context, window: Window, step: Array) -> bool:
        """Keras 2 cuts a dilated 3D convolution into pieces, whose shapes are not described here when they do not
        fit.
        """
        if is_keras3(cx) or self.rank < 3 or kernels.in_graph(cx) or step.shape is None or window.dilation is None:
            return False
        if all(one == 1 for one in window.dilation):
            return False
        spans = [window.span(number) for number in range(self.rank)]
        places = window.spatial(len(step.shape))
        return any(span is None or not cx.at_least(step.shape[p], span) for span, p in zip(spans, places))

    def _before_keras3(
        self, cx: Context, layer: Instance, window: Window, sequences: Array, step: Array, given: Value | None
    ) -> None:
        built: Shape | None = layer.fields.get("~step")
        assert step.shape is not None
        if given is None and built is not None:
            self.convolution.check_output(cx, layer, window, built, built[1 if window.channels_first else -1], step)
        check_stateful(cx, layer, sequences)
        if built is None:
            return
        for need, got in zip(built[1:], step.shape[1:]):
            if undefined(need) or undefined(got) or cx.equal(need, got):
                continue
            from foreshape.faults.declared_shape import DeclaredShape

            message = (
                "Input 0 with name 'None' of layer 'conv_lstm_cell' is incompatible with the layer: expected "
                f"shape=(None, {dims_text(built[1:])[1:-1]}), found shape={dims_text(step.shape)}"
            )
            raise DeclaredShape(
                error(cx, "ValueError", message), values=(sequences,), model=class_name(layer),
                declared=(None, *built[1:]), got=step.shape,
            )  # fmt: skip

    def _before_keras2(self, cx: Context, layer: Instance, window: Window, step: Array, given: Value | None) -> None:
        if _both(window.strides, window.dilation):
            shown = [f"[{' '.join(map(str, dims or ()))}]" for dims in (window.strides, window.dilation)]
            message = (
                "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
                f"strides={shown[0]} and dilation_rate={shown[1]}"
            )
            raise invalid(cx, "ValueError", message, "dilation_rate", layer.fields.get("dilation_rate"))
        if window.padding == "causal":
            message = "Can't convert Python sequence with mixed types to Tensor."
            message = "Invalid padding: causal" if self.rank > 1 else message
            raise invalid(cx, "ValueError", message, "padding", layer.fields.get("padding"))
        if given is None:
            return
        states = given.contents.items() if isinstance(given, Sequence) else (given,)
        if states is None or not all(isinstance(one, Array) and one.shape is not None for one in states):
            return
        shapes = [one.shape for one in states if isinstance(one, Array) and one.shape is not None]
        place = 1 if window.channels_first else self.rank + 1
        if any(len(shape) <= place for shape in shapes):
            raise StateShape(
                error(cx, "IndexError", "tuple index out of range"), values=tuple(states), layer=class_name(layer),
                needs=(), got=tuple(shapes),
            )  # fmt: skip
        filters = dim_field(layer, "filters")
        if filters is None or (
            len(shapes) == 2 and all(undefined(s[place]) or cx.equal(s[place], filters) for s in shapes)
        ):
            return
        listed = ", ".join(dims_text((None, *shape[1:])) for shape in shapes)
        message = (
            "An `initial_state` was passed that is not compatible with `cell.state_size`. Received state shapes "
            f"[{listed}]. However `cell.state_size` is ({filters}, {filters})"
        )
        raise StateShape(
            error(cx, "ValueError", message), values=tuple(states), layer=class_name(layer), needs=(), got=tuple(shapes)
        )

    def _check_dtype(self, cx: Context, layer: Instance, step: Array) -> None:
        weight = layer.fields.get("~compute_dtype", "float32")
        if weight is None or step.dtype == weight:
            return
        if not is_keras3(cx):
            kernels.check_dtype(cx, layer, step, "Sum", SUM_DTYPES, weight=None)
        allowed = (*kernels.FLOATS, "int32") if self.rank < 3 else kernels.FLOATS
        kernels.check_dtype(cx, layer, step, self.convolution.op, allowed, weight=weight)

    def _check_states(self, cx: Context, layer: Instance, window: Window, made: Array, given: Value) -> None:
        """The state is convolved with ``padding="same"`` and added to the new input."""
        states = given.contents.items() if isinstance(given, Sequence) else (given,)
        if states is None or made.shape is None:
            return
        if is_keras3(cx) and len(states) < 2:
            text = "tuple index out of range" if isinstance(given, Sequence) else "list index out of range"
            raise StateShape(
                error(cx, "IndexError", text), values=(given,), layer=class_name(layer), needs=(made.shape, made.shape),
                got=tuple(one.shape for one in states if isinstance(one, Array)),
            )  # fmt: skip
        state = states[0]
        if not isinstance(state, Array) or state.shape is None:
            return
        needs = (made.shape, made.shape)
        if len(state.shape) != len(made.shape):
            text = f"Input rank not supported: {len(state.shape)}. Expected values are [3, 4, 5]"
            raise StateShape(
                error(cx, "ValueError", text), values=(state,), layer=class_name(layer), needs=needs, got=(state.shape,)
            )
        for axis, (size, got) in enumerate(zip(made.shape, state.shape)):
            stretched = got == 1 and size != 1 and axis and kernels.in_graph(cx)
            alike = undefined(size) or undefined(got) or got == 1 or size == 1 or cx.equal(size, got)
            if alike and not stretched:
                continue
            shapes = f"{kernels.sizes_text(made.shape)} and {kernels.sizes_text(state.shape)}"
            if kernels.in_graph(cx):
                text = f"Dimension {axis} in both shapes must be equal, but are {size} and {got}. Shapes are {shapes}."
            else:
                text = f"Incompatible shapes: {shapes.replace(' and ', ' vs. ')} [Op:AddV2] name: "
            raise StateShape(
                kernels.shape_error(cx, text), values=(state,), layer=class_name(layer), needs=needs, got=(state.shape,)
            )

    def _outputs(self, cx: Context, layer: Instance, sequences: Value, made: Array) -> Value:
        """What the layer returns, by its flags."""
        full, states = as_bool(layer.fields.get("return_sequences")), as_bool(layer.fields.get("return_state"))
        if full is None or states is None:
            return cx.unknown("whether sequences or states are returned is not known")
        whole: Value = made
        if full and isinstance(sequences, Array) and sequences.shape is not None and made.shape is not None:
            whole = output(cx, layer, sequences, (made.shape[0], sequences.shape[1], *made.shape[1:]))
        if not states:
            return whole
        kept = (output(cx, layer, sequences, made.shape), output(cx, layer, sequences, made.shape))
        return Sequence("tuple" if is_keras3(cx) else "list", Contents((whole, *kept)))

    def mask(self, cx: Context, layer: Instance, inputs: Value, mask: Value | None = None) -> Value:
        """The mask goes on only with the sequences."""
        if isinstance(mask, Sequence):
            mask = mask.contents.at(0)
        kept = mask if mask is not None and as_bool(layer.fields.get("return_sequences")) else Const(None)
        if not as_bool(layer.fields.get("return_state")):
            return kept
        return Sequence("list", Contents((kept, Const(None), Const(None))))


def _both(strides: Shape | None, dilation: Shape | None) -> bool:
    return any(isinstance(s, int) and s > 1 for s in strides or ()) and any(
        isinstance(d, int) and d > 1 for d in dilation or ()
    )


for _rank in (1, 2, 3):
    _rules = ConvLSTM(_rank)
    _full = library_type(f"keras.layers.ConvLSTM{_rank}D", "keras.layers.RNN")
    register(f"{_full}.__init__", KERAS3, _rules.init, since="3")
    register(f"{_full}.__init__", KERAS2, _rules.init, until="3")
    register(f"{_full}.build", "sequences_shape= **rest", _rules.build)
    register(f"{_full}.call", "sequences initial_state= mask= training=", _rules.call, since="3")
    register(f"{_full}.call", "inputs mask= training= initial_state=", _rules.call_keras2, until="3")
    register(f"{_full}.compute_output_spec", "sequences initial_state= mask= training=", _rules.spec, since="3")
    register(f"{_full}.compute_mask", "inputs mask=", _rules.mask)
