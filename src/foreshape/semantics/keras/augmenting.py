"""``keras.preprocessing``: one image turned, shifted or coloured anew, and pairs of words.

https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing, which Keras 3 keeps for ``tf.keras``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.keras.base import error
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.sequences import to_categorical
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import as_tuple

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

IMAGE = "keras.preprocessing.image."


def _image(cx: Context, x: Value, dtype: str | None = None) -> Value:
    """An image of the same shape."""
    if not isinstance(x, Array) or x.shape is None:
        return cx.unknown("an image of unknown size")
    return Array("numpy", x.shape, x.dtype if dtype is None else dtype, roles=x.roles)


def _moved(cx: Context, x: Value, taker: str) -> Value:
    """What an affine transformation gives: the same shape and dtype, of a picture with three axes."""
    from foreshape.faults.rank_mismatch import RankMismatch

    if isinstance(x, Array) and x.shape is not None and len(x.shape) != 3:
        raise RankMismatch(
            error(cx, "ValueError", "Input arrays must be multi-channel 2D images."), values=(x,), taker=taker, needs=3,
            axes=("height", "width", "channels"), got=x.shape,
        )  # fmt: skip
    return _image(cx, x)


@rule(IMAGE + "random_rotation")
def random_rotation(
    cx: Context, x: Value, rg: Value, row_axis: Value | None = None, col_axis: Value | None = None,
    channel_axis: Value | None = None, fill_mode: Value | None = None, cval: Value | None = None,
    interpolation_order: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape and dtype."""
    return _moved(cx, x, "random_rotation")


@rule(IMAGE + "random_shift")
def random_shift(
    cx: Context, x: Value, wrg: Value, hrg: Value, row_axis: Value | None = None, col_axis: Value | None = None,
    channel_axis: Value | None = None, fill_mode: Value | None = None, cval: Value | None = None,
    interpolation_order: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape and dtype."""
    return _moved(cx, x, "random_shift")


@rule(IMAGE + "random_shear")
def random_shear(
    cx: Context, x: Value, intensity: Value, row_axis: Value | None = None, col_axis: Value | None = None,
    channel_axis: Value | None = None, fill_mode: Value | None = None, cval: Value | None = None,
    interpolation_order: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape and dtype."""
    return _moved(cx, x, "random_shear")


@rule(IMAGE + "random_zoom")
def random_zoom(
    cx: Context, x: Value, zoom_range: Value, row_axis: Value | None = None, col_axis: Value | None = None,
    channel_axis: Value | None = None, fill_mode: Value | None = None, cval: Value | None = None,
    interpolation_order: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape and dtype."""
    return _moved(cx, x, "random_zoom")


@rule(IMAGE + "apply_affine_transform")
def apply_affine_transform(
    cx: Context, x: Value, theta: Value | None = None, tx: Value | None = None, ty: Value | None = None,
    shear: Value | None = None, zx: Value | None = None, zy: Value | None = None, row_axis: Value | None = None,
    col_axis: Value | None = None, channel_axis: Value | None = None, fill_mode: Value | None = None,
    cval: Value | None = None, order: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape and dtype."""
    return _moved(cx, x, "apply_affine_transform")


@rule(IMAGE + "random_channel_shift")
def random_channel_shift(cx: Context, x: Value, intensity_range: Value, channel_axis: Value | None = None) -> Value:
    """The same shape; integers become floats."""
    return _shifted(cx, x)


@rule(IMAGE + "apply_channel_shift")
def apply_channel_shift(cx: Context, x: Value, intensity: Value, channel_axis: Value | None = None) -> Value:
    """The same shape; integers become floats."""
    return _shifted(cx, x)


def _shifted(cx: Context, x: Value) -> Value:
    whole = isinstance(x, Array) and x.dtype is not None and not x.dtype.startswith("float")
    return _image(cx, x, "float64" if whole else None)


@rule(IMAGE + "random_brightness")
def random_brightness(cx: Context, x: Value, brightness_range: Value, scale: Value | None = None) -> Value:
    """The same shape, as floats."""
    from foreshape.domain.values import Unknown

    size = cx.length(brightness_range)
    if not isinstance(brightness_range, Unknown) and size is not None and size != 2 and isinstance(size, int):
        text = f"`brightness_range should be tuple or list of two floats. Received: {cx.text(brightness_range)}"
        raise invalid(cx, "ValueError", text, "brightness_range", brightness_range)
    return _image(cx, x, "float32")


@rule(IMAGE + "apply_brightness_shift")
def apply_brightness_shift(cx: Context, x: Value, brightness: Value, scale: Value | None = None) -> Value:
    """The same shape, as floats."""
    return _image(cx, x, "float32")


# -- batches of images ----------------------------------------------------------------------------------------------------
ITERATOR = "keras.ImageIterator"
for _name in ("Iterator", "DirectoryIterator"):
    library_type(IMAGE + _name, ITERATOR)


@rule(IMAGE + "NumpyArrayIterator")
def numpy_array_iterator(
    cx: Context, x: Value, y: Value, image_data_generator: Value, batch_size: Value | None = None, **kwargs: Value
) -> Value:
    """What ``ImageDataGenerator.flow`` gives."""
    named = {} if batch_size is None else {"batch_size": batch_size}
    generator = image_data_generator
    if not isinstance(generator, Instance):
        generator = Instance(LibraryRef(IMAGE + "ImageDataGenerator"))
    return cx.call_method(generator, "flow", (x, y), named)


# -- words ------------------------------------------------------------------------------------------------------------------
@rule("keras.preprocessing.sequence.make_sampling_table")
def make_sampling_table(cx: Context, size: Value, sampling_factor: Value | None = None) -> Value:
    """(size,): how likely each word is kept."""
    found = as_dim(size)
    return Array("numpy", (cx.fresh("size") if found is None else found,), "float64", lo=0, hi=1)


@rule("keras.preprocessing.sequence.skipgrams")
def skipgrams(
    cx: Context, sequence: Value, vocabulary_size: Value, window_size: Value | None = None,
    negative_samples: Value | None = None, shuffle: Value | None = None, categorical: Value | None = None,
    sampling_table: Value | None = None, seed: Value | None = None,
) -> Value:  # fmt: skip
    """(couples, labels): lists of the same length, which words that are 0 and chance decide; a couple is two ints."""
    count = cx.fresh("couples", lo=0)
    word = Typed("int", lo=0)
    couple = Sequence("list", Contents((word, word)))
    flag: Value = Typed("int", lo=0, hi=1)
    if categorical is not None and not (isinstance(categorical, Const) and not categorical.value):
        flag = cx.unknown("a label of skipgrams as a list")
    return as_tuple(
        [Sequence("list", Contents((Run(count, couple),))), Sequence("list", Contents((Run(count, flag),)))]
    )


@rule("keras.utils.to_ordinal", until="3")
def to_ordinal(cx: Context, y: Value, num_classes: Value | None = None, dtype: Value | None = None) -> Value:
    """One axis more, with one place per threshold between classes: one fewer than ``to_categorical``."""
    made = to_categorical(cx, y, num_classes)
    if not isinstance(made, Array) or not made.shape:
        return made
    kind = as_str(dtype) if dtype is not None and not is_none(dtype) else "float32"
    return Array("numpy", (*made.shape[:-1], made.shape[-1] - 1), kind, lo=0, hi=1, roles=made.roles)
