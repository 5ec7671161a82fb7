"""What convolution and pooling layers share: the window that slides, and the arguments that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Const, Instance, Sequence, Shape, Value, as_str, is_none
from foreshape.semantics.keras.base import anonymous, dims_text, error, is_keras3, undefined
from foreshape.semantics.keras.config import checked_data_format, checked_tuple, invalid, repr_value
from foreshape.semantics.shared.conv import conv_length, effective_kernel, transposed_length_by_word

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

AXES: Final = {
    1: ("batch", "timesteps", "features"),
    2: ("batch", "height", "width", "channels"),
    3: ("batch", "depth", "height", "width", "channels"),
}
"""What the axes are called, by the number of spatial ones; ``channels_last``."""
PADDINGS: Final = {True: "{'causal', 'valid', 'same'}", False: "{'valid', 'same'}"}


class Window:
    """How a window slides: a size, a stride and a dilation for each of ``rank`` axes. None: not known. Immutable."""

    __slots__ = ("channels_first", "dilation", "output_padding", "padding", "rank", "size", "strides")

    def __init__(
        self, rank: int, size: Shape | None, strides: Shape | None, padding: str | None, dilation: Shape | None,
        channels_first: bool | None, output_padding: Shape | None = None,
    ) -> None:  # fmt: skip
        self.rank = rank
        self.size = size
        self.strides = strides
        self.padding = padding
        self.dilation = dilation
        self.channels_first = channels_first
        self.output_padding = output_padding

    def without_dilation(self) -> Window:
        """The same window without holes."""
        ones = (1,) * self.rank
        return Window(self.rank, self.size, self.strides, self.padding, ones, self.channels_first, self.output_padding)

    def span(self, axis: int) -> DimLike | None:
        """What the window covers along a spatial axis, holes included."""
        if self.size is None or self.dilation is None:
            return None
        return effective_kernel(self.size[axis], self.dilation[axis])

    def channel_axis(self, ndim: int) -> int:
        """Where the channels are."""
        return ndim - 1 - self.rank if self.channels_first else ndim - 1

    def spatial(self, ndim: int) -> range:
        """Where the spatial axes are: more axes before them are all batch."""
        first = ndim - self.rank - (0 if self.channels_first else 1)
        return range(first, first + self.rank)


def axis_names(rank: int, channels_first: bool | None) -> tuple[str, ...]:
    """The words for the axes; () where it is not known which they are."""
    names = AXES[rank]
    if channels_first is None:
        return ()
    return (names[0], names[-1], *names[1:-1]) if channels_first else names


def padding_word(cx: Context, value: Value | None, *, causal: bool, lower: bool = True) -> str | None:
    """``padding=``, in lower case; None where it is not a known word. A bad one raises as Keras does."""
    if value is None:
        return "valid"
    if is_none(value):
        raise invalid(cx, "AttributeError", "'NoneType' object has no attribute 'lower'", "padding", value)
    word = as_str(value)
    if word is None:
        if isinstance(value, Const):
            kind = type(value.value).__name__
            raise invalid(cx, "AttributeError", f"'{kind}' object has no attribute 'lower'", "padding", value)
        return None
    small = word.lower()
    new = is_keras3(cx)
    if small in ("valid", "same") or (small == "causal" and (causal or not new)):
        return small if lower else word
    if new:
        message = f"The `padding` argument must be a list/tuple or one of {PADDINGS[causal]}. Received: {small}"
    else:
        message = (
            'The `padding` argument must be a list/tuple or one of "valid", "same" (or "causal", only for `Conv1D). '
            f"Received: {small}"
        )
    raise invalid(cx, "ValueError", message, "padding", value)


def layout(cx: Context, value: Value | None) -> bool | None:
    """``data_format=``: whether the channels come first."""
    found = checked_data_format(cx, value, "")
    return None if found is None else found == "channels_first"


def sizes(cx: Context, value: Value | None, rank: int, name: str, default: int = 1, zero: bool = False) -> Shape | None:
    """A size for each spatial axis."""
    return checked_tuple(cx, Const(default) if value is None else value, rank, name, zero)


def no_zeros(cx: Context, strides: Shape | None, value: Value | None) -> None:
    """Keras 2 lets a stride of 0 through the first check."""
    if strides is not None and any(isinstance(one, int) and one == 0 for one in strides):
        message = f"The argument `strides` cannot contains 0(s). Received: {dims_text(strides)}"
        raise invalid(cx, "ValueError", message, "strides", value)


def no_stride_with_dilation(cx: Context, strides: Shape | None, dilation: Shape | None, value: Value | None) -> None:
    """Neither of them may be more than 1 where the other one is."""
    if strides is None or dilation is None:
        return
    if any(isinstance(one, int) and one > 1 for one in strides) and any(isinstance(d, int) and d > 1 for d in dilation):
        message = (
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
            f"strides={dims_text(strides)} and dilation_rate={dims_text(dilation)}"
        )
        raise invalid(cx, "ValueError", message, "dilation_rate", value)


def positive(cx: Context, value: Value | None, name: str) -> None:
    """``filters``, ``depth_multiplier``: more than 0."""
    if not isinstance(value, Const) or value.value is None:
        return
    given = value.value
    if isinstance(given, str):
        message = "'<=' not supported between instances of 'str' and 'int'"
        raise invalid(cx, "TypeError", message, name, value)
    if isinstance(given, (int, float)) and given <= 0:
        strictly = "Expected a strictly positive value."
        message = f"Invalid value for argument `{name}`. {strictly} Received {name}={repr_value(value)}."
        raise invalid(cx, "ValueError", message, name, value)


def slide(cx: Context, window: Window, lengths: Shape) -> Shape:
    """The lengths of the spatial axes after the window slid over them."""
    made: list[DimLike] = []
    for axis, length in enumerate(lengths):
        span = window.span(axis)
        if undefined(length):
            made.append(anonymous(cx))
        elif (
            window.padding is None
            or window.strides is None
            or (span is None and window.padding == "valid")
            or (isinstance(window.strides[axis], int) and window.strides[axis] == 0)
        ):
            made.append(cx.fresh())
        else:
            size, _ = conv_length(length, 1 if span is None else span, window.strides[axis], window.padding.lower())
            made.append(size)
    return tuple(made)


def spread(cx: Context, window: Window, lengths: Shape) -> Shape:
    """The lengths of the spatial axes after a transposed convolution."""
    made: list[DimLike] = []
    for axis, length in enumerate(lengths):
        if undefined(length):
            made.append(anonymous(cx))
            continue
        extra = window.output_padding
        if (
            window.size is None
            or window.strides is None
            or window.padding is None
            or window.dilation is None
            or (extra is not None and not isinstance(extra[axis], int))
        ):
            made.append(cx.fresh())
        else:
            more = None if extra is None else extra[axis]
            made.append(
                transposed_length_by_word(
                    length,
                    window.size[axis],
                    window.strides[axis],
                    window.padding,
                    more if isinstance(more, int) else None,
                    window.dilation[axis],
                )
            )
    return tuple(made)


def numpy_text(sizes: Shape) -> str:
    """Sizes as NumPy prints an array of them: ``[1 1]``."""
    return "[" + " ".join("None" if undefined(size) else str(size) for size in sizes) + "]"


def nested_shapes(cx: Context, input_shape: Value | None, division: bool) -> None:
    """A layer that takes one tensor is built for a list of them: its shape is a list of shapes."""
    items = input_shape.contents.items() if isinstance(input_shape, Sequence) else None
    if not items or not all(isinstance(item, (Sequence, Instance)) for item in items):
        return
    from foreshape.faults.layer_input_count import LayerInputCount

    if is_keras3(cx):
        message = f"unsupported operand type(s) for {'%' if division else '*'}: 'tuple' and 'int'"
    else:
        message = (
            "Dimension value must be integer or None or have an __index__ method, got value 'TensorShape([...])' "
            "with type "
            "'<class 'tensorflow.python.framework.tensor_shape.TensorShape'>'"
        )
    raise LayerInputCount(error(cx, "TypeError", message), values=(), taker="the layer", needs=1, got=len(items))


def format_value(cx: Context, first: bool | None) -> Value:
    if first is None:
        return cx.unknown("the data format is not known")
    return Const("channels_first" if first else "channels_last")
