"""Layers of TensorFlow 1 as functions (``tf.layers``, ``tf.contrib.layers``), and the digits of its tutorials.

``tf.layers.conv2d(x, 32, 5)`` makes a Keras layer and calls it, so the rules of Keras say what comes out and what fails.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, LibraryRef, Unknown, Value, as_bool, as_int
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import unknown_tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CONV: Final = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")
TRANSPOSED: Final = ("filters", "kernel_size", "strides", "padding", "data_format")
POOL: Final = ("pool_size", "strides", "padding", "data_format")
LAYERS: Final = {
    "conv1d": ("Conv1D", CONV),
    "conv2d": ("Conv2D", CONV),
    "conv3d": ("Conv3D", CONV),
    "separable_conv1d": ("SeparableConv1D", CONV),
    "separable_conv2d": ("SeparableConv2D", CONV),
    "conv2d_transpose": ("Conv2DTranspose", TRANSPOSED),
    "conv3d_transpose": ("Conv3DTranspose", TRANSPOSED),
    "max_pooling1d": ("MaxPooling1D", POOL),
    "max_pooling2d": ("MaxPooling2D", POOL),
    "max_pooling3d": ("MaxPooling3D", POOL),
    "average_pooling1d": ("AveragePooling1D", POOL),
    "average_pooling2d": ("AveragePooling2D", POOL),
    "average_pooling3d": ("AveragePooling3D", POOL),
}
"""Function: (class of Keras, its parameters in the order of the function's)."""

CONTRIB: Final = {
    "conv2d": ("Conv2D", ("filters", "kernel_size", "strides", "padding"), "same"),
    "convolution2d": ("Conv2D", ("filters", "kernel_size", "strides", "padding"), "same"),
    "conv2d_transpose": ("Conv2DTranspose", ("filters", "kernel_size", "strides", "padding"), "same"),
    "max_pool2d": ("MaxPooling2D", ("pool_size", "strides", "padding"), "valid"),
    "avg_pool2d": ("AveragePooling2D", ("pool_size", "strides", "padding"), "valid"),
}
"""Function of ``contrib``: (class of Keras, its parameters, how it pads where nothing is said)."""
CONTRIB_NAMES: Final = {"num_outputs": "filters", "stride": "strides", "rate": "dilation_rate"}


def _called(cx: Context, layer: str, inputs: Value, named: dict[str, Value]) -> Value:
    x = as_tensor(cx, inputs)
    if x is None or any(isinstance(value, Unknown) for value in named.values()):
        return unknown_tensor(cx, inputs)
    made = cx.call(LibraryRef(f"keras.layers.{layer}"), (), named)
    found = cx.call(made, (x,))
    return found if isinstance(found, Array) else unknown_tensor(cx, inputs)


def _declare(function: str, layer: str, names: tuple[str, ...]) -> None:
    def apply(cx: Context, inputs: Value, *args: Value, **kwargs: Value) -> Value:
        """What the layer of Keras makes of it."""
        named = dict(zip(names, args))
        named.update((name, value) for name, value in kwargs.items() if name in names)
        return _called(cx, layer, inputs, named)

    rule(f"tensorflow.layers.{function}")(apply)


def _declare_contrib(function: str, layer: str, names: tuple[str, ...], padding: str) -> None:
    step = 2 if names[0] == "pool_size" else 1

    def apply(cx: Context, inputs: Value, *args: Value, **kwargs: Value) -> Value:
        """What the layer of Keras makes of it, with the defaults of ``contrib``."""
        first = "pool_size" if names[0] == "pool_size" else "kernel_size"
        named: dict[str, Value] = {"strides": Const(step), "padding": Const(padding)}
        named.update(zip(names, args))
        for name, value in kwargs.items():
            other = first if name == "kernel_size" else CONTRIB_NAMES.get(name, name)
            if other in names:
                named[other] = value
        return _called(cx, layer, inputs, named)

    rule(f"tensorflow.contrib.layers.{function}")(apply)


for _function, (_layer, _names) in LAYERS.items():
    _declare(_function, _layer, _names)
for _function, (_layer, _names, _padding) in CONTRIB.items():
    _declare_contrib(_function, _layer, _names, _padding)


# -- the digits of the tutorials ---------------------------------------------------------------------------------------

DIGITS: Final = (("train", 55000), ("validation", 5000), ("test", 10000))
library_type("tensorflow.~Datasets")
library_type("tensorflow.~DataSet")


@rule(
    "tensorflow.examples.tutorials.mnist.input_data.read_data_sets",
    "tensorflow.contrib.learn.datasets.mnist.read_data_sets",
)
def read_data_sets(
    cx: Context,
    train_dir: Value,
    fake_data: Value | None = None,
    one_hot: Value | None = None,
    dtype: Value | None = None,
    reshape: Value | None = None,
    validation_size: Value | None = None,
    seed: Value | None = None,
    source_url: Value | None = None,
) -> Value:
    """Handwritten digits in three parts: images (n, 784) between 0 and 1, or (n, 28, 28, 1), labels (n,) or (n, 10)."""
    hot = False if one_hot is None else as_bool(one_hot)
    flat = True if reshape is None else as_bool(reshape)
    held = 5000 if validation_size is None else as_int(validation_size)
    parts: dict[Hashable, Value] = {}
    for name, count in DIGITS:
        size = count if name == "test" else held if name == "validation" else None if held is None else 60000 - held
        rows = cx.fresh(name) if size is None else size
        images = Array(
            "numpy", None if flat is None else (rows, 784) if flat else (rows, 28, 28, 1), "float32", lo=0, hi=1
        )
        shape = None if hot is None else (rows, 10) if hot else (rows,)
        labels = Array("numpy", shape, "float64" if hot else "uint8", lo=0, hi=1 if hot else 9)
        number = Const(size) if size is not None else cx.unknown("how many digits there are")
        fields: dict[Hashable, Value] = {"images": images, "labels": labels, "num_examples": number}
        parts[name] = Instance(LibraryRef("tensorflow.~DataSet"), fields)
    return Instance(LibraryRef("tensorflow.~Datasets"), parts)


@rule("tensorflow.~DataSet.next_batch")
def next_batch(
    cx: Context, self: Instance, batch_size: Value, fake_data: Value | None = None, shuffle: Value | None = None
) -> Value:
    """(images, labels) of so many digits."""
    count = cx.dim(batch_size)
    rows = cx.fresh("batch") if count is None else count
    made: list[Value] = []
    for name in ("images", "labels"):
        whole = self.fields[name]
        shape = None if whole.shape is None else (rows, *whole.shape[1:])
        made.append(Array("numpy", shape, whole.dtype, lo=whole.lo, hi=whole.hi))
    return as_tuple(made)
