"""``Cropping1D`` to ``3D``, ``ZeroPadding`` and ``UpSampling``: spatial axes get shorter or longer, batch and channels
stay.

Follows ``keras/src/layers/reshaping`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, dmax
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Typed, Value, as_bool, as_dim, as_str
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
    undefined,
)
from foreshape.semantics.keras.config import checked_tuple, invalid, repr_value, type_text
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.keras.layers.windows import axis_names, format_value, layout
from foreshape.semantics.registry import library_type

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

Pairs = tuple[tuple[DimLike, DimLike], ...]
ORDINALS: Final = ("1st", "2nd", "3rd")
EITHER: Final = {
    2: "a tuple of 2 ints (symmetric_height_crop, symmetric_width_crop), or a tuple of 2 tuples of 2 ints "
       "((top_crop, bottom_crop), (left_crop, right_crop))",
    3: "a tuple of 3 ints (symmetric_dim1_crop, symmetric_dim2_crop, symmetric_dim3_crop), or a tuple of 3 "
"tuples of 2 ints "
       "((left_dim1_crop, right_dim1_crop), (left_dim2_crop, right_dim2_crop), (left_dim3_crop, right_dim2_crop))",
}  # fmt: skip
INTERPOLATIONS: Final = ("bilinear", "nearest", "lanczos3", "lanczos5", "bicubic", "area")
INTERPOLATIONS_2: Final = (
    "nearest",
    "bilinear",
    "bicubic",
    "area",
    "lanczos3",
    "lanczos5",
    "gaussian",
    "mitchellcubic",
)
NEAREST: Final = ("int8", "uint8", "int16", "uint16", "int32", "int64", "float16", "float32", "float64", "bfloat16")
FLOAT_RESULT: Final = frozenset(INTERPOLATIONS_2) - {"nearest"}


class Spatial:
    """The rules of one class. ``kind``: "Cropping", "ZeroPadding" or "UpSampling"."""

    __slots__ = ("argument", "kind", "rank")

    def __init__(self, kind: str, rank: int) -> None:
        self.kind = kind
        self.rank = rank
        self.argument = {"Cropping": "cropping", "ZeroPadding": "padding", "UpSampling": "size"}[kind]

    # -- constructor --------------------------------------------------------------------------------------------------

    def init(self, cx: Context, layer: Instance, **given: Value) -> None:
        """How much to take away, to add or to repeat at each spatial axis."""
        own = {self.argument, "data_format", "interpolation"}
        if self.rank == 1 and (self.kind == "Cropping" or (self.kind == "ZeroPadding" and not is_keras3(cx))):
            own.discard("data_format")
        init_layer(cx, layer, {key: value for key, value in given.items() if key not in own})
        first = layout(cx, given.get("data_format"))
        value = given.get(self.argument, Const(self._default()))
        if self.kind == "UpSampling":
            times = self._times(cx, value)
            cx.set(layer, "~times", times)
            self._interpolation(cx, layer, given.get("interpolation", Const("nearest")))
        else:
            cx.set(layer, "~pairs", self._pairs(cx, value))
        cx.set(layer, self.argument, value)
        cx.set(layer, "~first", first)
        cx.set(layer, "data_format", format_value(cx, first))
        if self.kind == "UpSampling" and self.rank == 3 and not is_keras3(cx):
            return  # see _check_rank
        set_input_spec(cx, layer, InputSpec(ndim=self.rank + 2, axis_names=axis_names(self.rank, first)))

    def _default(self) -> int:
        if self.kind == "Cropping":
            return 0 if self.rank == 2 else 1
        return 1 if self.kind == "ZeroPadding" else 2

    def _pairs(self, cx: Context, value: Value) -> Pairs | None:
        """``1``, ``(1, 2)`` or ``((1, 2), (3, 4))`` as (before, after) for each spatial axis."""
        name = self.argument
        if self.rank == 1:
            pair = checked_tuple(cx, value, 2, name, True)
            if isinstance(value, Const) and value.value is None:
                pair = self._refuse(cx, value)
            return None if pair is None else ((pair[0], pair[1]),)
        single = as_dim(value)
        if single is not None:
            if isinstance(single, int) and single < 0 and self.kind == "Cropping" and is_keras3(cx):
                message = f"`cropping` cannot be negative. Received: cropping={single}."
                raise invalid(cx, "ValueError", message, name, value)
            return ((single, single),) * self.rank
        if isinstance(value, Const) and isinstance(value.value, str):
            raise self._count(cx, value)
        if isinstance(value, (Const, Typed)):
            message = f"`{name}` should be either an int, {EITHER[self.rank]}. Received: {name}={repr_value(value)}."
            raise invalid(cx, "ValueError", message, name, value)
        items = value.contents.items() if isinstance(value, Sequence) else None
        if items is None:
            return None
        if len(items) != self.rank:
            raise self._count(cx, value)
        found: list[tuple[DimLike, DimLike]] = []
        unknown = False
        for ordinal, item in zip(ORDINALS, items):
            pair = checked_tuple(cx, item, 2, f"{ordinal} entry of {name}", True)
            if pair is None:
                unknown = True
            else:
                found.append((pair[0], pair[1]))
        return None if unknown else tuple(found)

    def _refuse(self, cx: Context, value: Value) -> Shape | None:
        message = f"The `{self.argument}` argument must be a tuple of 2 integers. Received"
        shown = repr_value(value)
        raise invalid(
            cx,
            "ValueError",
            f"{message} {self.argument}={shown}" if is_keras3(cx) else f"{message}: {shown}",
            self.argument,
            value,
        )

    def _count(self, cx: Context, value: Value) -> Exception:
        shown = repr_value(value).strip("'")
        received = f"{self.argument}={shown}" if is_keras3(cx) and self.rank == 2 else shown
        message = f"`{self.argument}` should have {'two' if self.rank == 2 else '3'} elements. Received: {received}."
        return invalid(cx, "ValueError", message, self.argument, value)

    def _times(self, cx: Context, value: Value) -> Shape | None:
        if self.rank > 1:
            if isinstance(value, Const) and value.value is None:
                message = f"The `size` argument must be a tuple of {self.rank} integers. Received"
                raise invalid(cx, "ValueError", f"{message}{' size=' if is_keras3(cx) else ': '}None", "size", value)
            return checked_tuple(cx, value, self.rank, "size", False)
        single = as_dim(value)
        if not is_keras3(cx):
            if isinstance(value, Const) and isinstance(value.value, (float, str)):
                try:
                    return (int(value.value),)
                except ValueError as problem:
                    raise invalid(cx, "ValueError", str(problem), "size", value) from None
            if single is None and isinstance(value, (Const, Sequence)):
                kind = value.kind if isinstance(value, Sequence) else "NoneType"
                message = f"int() argument must be a string, a bytes-like object or a real number, not '{kind}'"
                raise invalid(cx, "TypeError", message, "size", value)
            return None if single is None else (single,)
        if (single is None and isinstance(value, (Const, Sequence))) or (
            as_bool(value) is True and isinstance(value, Const) and value.value is True
        ):
            raise invalid(
                cx, "TypeError", f"Expected an integer value for `size`, got {type_text(value)}.", "size", value
            )
        if isinstance(single, int) and single <= 0:
            message = f"Argument `size` should be a positive integer. Received: size={single}"
            raise invalid(cx, "ValueError", message, "size", value)
        return None if single is None else (single,)

    def _interpolation(self, cx: Context, layer: Instance, value: Value) -> None:
        word = as_str(value)
        cx.set(layer, "interpolation", value if word is None else Const(word.lower()))
        if word is None or is_keras3(cx) or word.lower() in INTERPOLATIONS_2:
            return
        known = ", ".join(repr(each) for each in INTERPOLATIONS_2)
        message = (
            f"Value not recognized for `interpolation`: {word.lower()}. Supported values are: dict_keys([{known}])"
        )
        raise invalid(cx, "NotImplementedError", message, "interpolation", value)

    # -- call ---------------------------------------------------------------------------------------------------------

    def spec(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """Keras 3, symbolically: from the sizes alone, in the dtype in which the layer computes."""
        made = self._resized(cx, layer, inputs)
        if isinstance(made, Array):
            made.dtype = compute_dtype(layer)
        return made

    def call(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        """On real values, and in a graph."""
        if isinstance(inputs, Array) and self.kind == "UpSampling":
            self._check_upsampling(cx, layer, inputs)
        if isinstance(inputs, Array) and self.kind == "ZeroPadding":
            self._check_padding(cx, layer)
        made = self._resized(cx, layer, inputs)
        word = as_str(layer.fields.get("interpolation"))
        if isinstance(made, Array) and isinstance(inputs, Array):
            made.dtype = inputs.dtype
            if (
                not is_keras3(cx)
                and word in FLOAT_RESULT
                and inputs.dtype not in kernels.FLOATS
                and layer.fields.get("~times") != (1, 1)
            ):
                made.dtype = "float32"  # an image that keeps its size is handed back as it is
        return made

    def _check_upsampling(self, cx: Context, layer: Instance, inputs: Array) -> None:
        """What the operations say about the dtype and about factors of zero."""
        times: Shape | None = layer.fields.get("~times")
        if not is_keras3(cx) and self.rank == 2 and as_str(layer.fields.get("interpolation")) == "nearest":
            kernels.check_dtype(
                cx, layer, inputs, "ResizeNearestNeighbor", NEAREST, weight=inputs.dtype, argument="images"
            )
        none = times and isinstance(times[0], int) and times[0] < 1
        written_out = not is_keras3(cx) and self.rank == 1 and inputs.shape is not None and len(inputs.shape) > 1
        if times and none and written_out and inputs.shape and not undefined(inputs.shape[1]):
            text = "List argument 'indices' to 'SparseConcat' Op with length 0 shorter than minimum length 2."
            if not kernels.in_graph(cx):
                text = "OpKernel 'SparseConcat' has constraint on attr 'T' not in NodeDef '[N=0, concat_dim=1]'"
            raise kernels.refused(cx, text, "size", times[0])
        value = layer.fields.get("interpolation")
        word = as_str(value) if isinstance(value, Value) else None
        if word is None or word in INTERPOLATIONS or not is_keras3(cx):
            return
        message = (
            f"Invalid value for argument `interpolation`. Expected of one {INTERPOLATIONS}. Received: "
            f"interpolation={word}"
        )
        raise invalid(cx, "ValueError", message, "interpolation", value if isinstance(value, Value) else None)

    def _check_padding(self, cx: Context, layer: Instance) -> None:
        pairs: Pairs | None = layer.fields.get("~pairs")
        for pair in pairs or ():
            for size in pair:
                if isinstance(size, int) and size < 0:
                    text = f"Paddings must be non-negative: {pair[0]} {pair[1]} [Op:Pad]{' name: ' if is_keras3(cx) else ''}"
                    value = layer.fields.get("padding")
                    raise kernels.refused(cx, text, "padding", repr_value(value if isinstance(value, Value) else None))

    def _resized(self, cx: Context, layer: Instance, inputs: Value) -> Value:
        if not isinstance(inputs, Array) or inputs.shape is None:
            return output(cx, layer, inputs, None)
        first: bool | None = layer.fields.get("~first")
        start = 2 if first else 1
        rank = len(inputs.shape)
        if rank != self.rank + 2:
            self._check_rank(cx, layer, inputs, start)
        if first is None or rank < self.rank + start or (self.kind == "UpSampling" and self.rank == 2 and rank != 4):
            return output(cx, layer, inputs, None if first is not None else tuple(cx.fresh() for _ in inputs.shape))
        shape = list(inputs.shape)
        if self.kind == "Cropping":
            self._check_cropping(cx, layer, inputs, start)
        open_ended = self.kind == "UpSampling" and self.rank == 2 and not is_keras3(cx)
        if open_ended and any(undefined(length) for length in shape[start : start + 2]):
            # the new size is a tensor, whose numbers are not known before the model runs
            shape[start : start + 2] = [anonymous(cx), anonymous(cx)]
        else:
            for number in range(self.rank):
                shape[start + number] = self._length(cx, layer, number, shape[start + number])
        return output(cx, layer, inputs, tuple(shape), roles=inputs.roles)

    def _length(self, cx: Context, layer: Instance, number: int, length: DimLike) -> DimLike:
        pairs: Pairs | None = layer.fields.get("~pairs")
        times: Shape | None = layer.fields.get("~times")
        if undefined(length):
            return anonymous(cx)
        if self.kind == "UpSampling":
            return cx.fresh() if times is None else length * times[number]
        if pairs is None:
            return cx.fresh()
        before, after = pairs[number]
        if self.kind == "ZeroPadding":
            return length + before + after
        if not is_keras3(cx) and any(isinstance(size, int) and size < 0 for size in (before, after)):
            return self._sliced(cx, length, before, after)
        return length - before - after if is_keras3(cx) or self.rank < 3 else dmax(length - before - after, 0, cx.facts)

    def _sliced(self, cx: Context, length: DimLike, before: DimLike, after: DimLike) -> DimLike:
        """``x[before:-after]`` where one of them is negative, so that it counts from the other end."""
        if not (isinstance(length, int) and isinstance(before, int) and isinstance(after, int)):
            return cx.fresh()
        return len(range(length)[slice(before, -after if after else None)])

    def _check_rank(self, cx: Context, layer: Instance, inputs: Array, start: int) -> None:
        """Where the layer does not look at its input: a second symbolic call of Keras 2, and its ``UpSampling3D``."""
        assert inputs.shape is not None
        rank, needs = len(inputs.shape), self.rank + 2
        exception = None
        text = f"Index out of range using input dim {rank}; input has only {rank} dims"
        if self.kind == "ZeroPadding":
            text = f"Shape must be rank {rank} but is rank {needs} {kernels.node_text(layer, 'Pad', inputs.shape)}"
        elif rank >= needs or (self.rank == 3 and self.kind == "UpSampling" and rank >= start + 3):
            if self.kind == "Cropping" or self.rank != 2:
                return
            text = f"Shape must be rank {needs} but is rank {rank} {kernels.node_text(layer, 'Resize', inputs.shape)}"
        elif self.kind == "UpSampling":
            if self.rank == 2 or (self.rank == 1 and rank > 1):
                return
            if self.rank == 3:
                text, exception = "list index out of range", "IndexError"
        raise kernels.wrong_rank(cx, layer, inputs, needs, text, exception=exception, axes=axis_names(self.rank, False))

    def _check_cropping(self, cx: Context, layer: Instance, inputs: Array, start: int) -> None:
        """Something must be left. ``Cropping3D`` of Keras 2 does not look."""
        pairs: Pairs | None = layer.fields.get("~pairs")
        if pairs is None or inputs.shape is None or (self.rank == 3 and not is_keras3(cx)):
            return
        for number, (before, after) in enumerate(pairs):
            axis = start + number
            size = inputs.shape[axis]
            total = before + after
            if undefined(size) or cx.at_least(size, total + 1):
                continue
            shown = ", ".join(f"({one}, {two})" for one, two in pairs)
            shown = shown if self.rank == 1 else f"({shown})"
            called = "input_shape" if kernels.in_graph(cx) else "inputs.shape"
            message = (
                "`cropping` parameter of `Cropping1D` layer must be smaller than the input length."
                if self.rank == 1
                else (
                    "Values in `cropping` argument should be smaller than the corresponding spatial dimension "
                    "of the input."
                )
            )
            message += f" Received: {called}={dims_text(inputs.shape)}, cropping={shown}"
            if not is_keras3(cx):
                start_text = "cropping parameter of Cropping layer" if self.rank == 1 else "Argument `cropping`"
                message = (
                    f"{start_text} must be greater than the input shape. Received: "
                    f"inputs.shape={dims_text(inputs.shape)}, and "
                    f"cropping={shown}"
                )
            raise WindowSize(
                error(cx, "ValueError", message),
                values=(inputs,),
                taker=class_name(layer),
                window=total,
                size=size,
                axis=axis,
                shape=inputs.shape,
            )


def _declare() -> None:
    for kind in ("Cropping", "ZeroPadding", "UpSampling"):
        for rank in (1, 2, 3):
            rules = Spatial(kind, rank)
            full = library_type(f"keras.layers.{kind}{rank}D", "keras.Layer")
            layout_word = "" if rank == 1 else "data_format= "
            more = "interpolation= " if (kind, rank) == ("UpSampling", 2) else ""
            signature = f"{rules.argument}= {layout_word}{more}**kwargs"
            if (kind, rank) == ("ZeroPadding", 1):
                register(f"{full}.__init__", "padding= data_format= **kwargs", rules.init, since="3")
                register(f"{full}.__init__", signature, rules.init, until="3")
            else:
                register(f"{full}.__init__", signature, rules.init)
            register(f"{full}.call", "inputs", rules.call)
            register(f"{full}.compute_output_spec", "inputs", rules.spec, since="3")


_declare()
