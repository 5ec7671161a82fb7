"""Datasets of images, texts and sounds from folders, and datasets that are split.

How many files there are is not known; the shape of a batch is. Follows ``keras/src/utils/*_dataset_utils.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import as_var
from foreshape.domain.values import (
    Array,
    Instance,
    Sequence,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_str,
    is_none,
)
from foreshape.semantics.keras.base import shape_of
from foreshape.semantics.registry import attribute, rule
from foreshape.semantics.shared.structure import as_tuple

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context


def _labels(cx: Context, mode: str | None, class_names: Value | None) -> tuple[Shape, str] | None:
    """(the shape of one label, its dtype); None where the mode is not known."""
    count = None if class_names is None or is_none(class_names) else cx.length(class_names)
    if mode == "int":
        return (), "int32"
    if mode == "binary":
        return (1,), "float32"
    if mode == "categorical":
        return (cx.fresh("classes") if count is None else count,), "float32"
    return None


def _batches(
    cx: Context, one: Shape, dtype: str, kwargs: dict[str, Value | None], roles: tuple[str | None, ...]
) -> Value:
    """A dataset of batches of such samples with their labels, or a pair of datasets."""
    from foreshape.semantics.tensorflow.data import dataset

    labels, mode = kwargs.get("labels"), kwargs.get("label_mode")
    text = "int" if mode is None else None if is_none(mode) else as_str(mode) or "?"
    plain = text is None or (labels is not None and is_none(labels))
    found = None if plain else _labels(cx, text, kwargs.get("class_names"))
    if not plain and found is None:
        return cx.unknown("what the labels are is not known")
    size_given = kwargs.get("batch_size")
    unbatched = size_given is not None and is_none(size_given)
    size = 32 if size_given is None else as_dim(size_given)

    def build() -> Value:
        fields: dict[str, object] = {}
        lead: Shape = ()
        if not unbatched:
            batch = cx.fresh("batch", keras_none=True, varying=True)
            lead = (batch,)
            fields = {"~batch": as_var(batch), "~sizes": () if size is None else (size,)}
        sample_roles = roles if unbatched else ("batch", *roles)
        element: Value = Array("tensorflow", (*lead, *one), dtype, roles=sample_roles)
        if found is not None:
            shape, kind = found
            element = as_tuple((element, Array("tensorflow", (*lead, *shape), kind, lo=0 if kind == "int32" else None)))
        made = dataset(element, **fields)
        cx.set(made, "~class_names", True)
        return made

    subset = kwargs.get("subset")
    if subset is not None and as_str(subset) == "both":
        return as_tuple((build(), build()))
    if subset is not None and not is_none(subset) and as_str(subset) is None:
        return cx.unknown("which part of the data it is")
    return build()


@rule("keras.utils.image_dataset_from_directory", "keras.preprocessing.image_dataset_from_directory")
def image_dataset(
    cx: Context, directory: Value, labels: Value | None = None, label_mode: Value | None = None,
    class_names: Value | None = None, color_mode: Value | None = None, batch_size: Value | None = None,
    image_size: Value | None = None, shuffle: Value | None = None, seed: Value | None = None,
    validation_split: Value | None = None, subset: Value | None = None, interpolation: Value | None = None,
    follow_links: Value | None = None, crop_to_aspect_ratio: Value | None = None,
    pad_to_aspect_ratio: Value | None = None, data_format: Value | None = None, format: Value | None = None,
    verbose: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """Batches (batch, height, width, channels) of float32."""
    size = (256, 256) if image_size is None else shape_of(cx, image_size)
    channels = 3 if color_mode is None else {"rgb": 3, "rgba": 4, "grayscale": 1}.get(as_str(color_mode) or "")
    if size is None or len(size) != 2 or channels is None:
        return cx.unknown("the size of the images is not known")
    given = {"labels": labels, "label_mode": label_mode, "class_names": class_names, "batch_size": batch_size,
             "subset": subset}  # fmt: skip
    return _batches(cx, (*size, channels), "float32", given, ("height", "width", "channel"))


@rule("keras.utils.text_dataset_from_directory", "keras.preprocessing.text_dataset_from_directory")
def text_dataset(
    cx: Context, directory: Value, labels: Value | None = None, label_mode: Value | None = None,
    class_names: Value | None = None, batch_size: Value | None = None, max_length: Value | None = None,
    shuffle: Value | None = None, seed: Value | None = None, validation_split: Value | None = None,
    subset: Value | None = None, follow_links: Value | None = None, format: Value | None = None,
    verbose: Value | None = None,
) -> Value:  # fmt: skip
    """Batches (batch,) of strings."""
    given = {"labels": labels, "label_mode": label_mode, "class_names": class_names, "batch_size": batch_size,
             "subset": subset}  # fmt: skip
    return _batches(cx, (), "string", given, ())


@rule("keras.utils.audio_dataset_from_directory")
def audio_dataset(
    cx: Context, directory: Value, labels: Value | None = None, label_mode: Value | None = None,
    class_names: Value | None = None, batch_size: Value | None = None, sampling_rate: Value | None = None,
    output_sequence_length: Value | None = None, ragged: Value | None = None, shuffle: Value | None = None,
    seed: Value | None = None, validation_split: Value | None = None, subset: Value | None = None,
    follow_links: Value | None = None, verbose: Value | None = None,
) -> Value:  # fmt: skip
    """Batches (batch, samples, channels) of float32."""
    if ragged is not None and as_bool(ragged) is not False:
        return cx.unknown("sounds of different length")
    length = None if output_sequence_length is None else as_dim(output_sequence_length)
    shape = (
        cx.fresh("samples", keras_none=True) if length is None else length,
        cx.fresh("channels", keras_none=True),
    )
    given = {"labels": labels, "label_mode": label_mode, "class_names": class_names, "batch_size": batch_size,
             "subset": subset}  # fmt: skip
    return _batches(cx, shape, "float32", given, ("time", "channel"))


@attribute("tensorflow.data.Dataset.class_names", "tensorflow.data.Dataset.file_paths")
def class_names(cx: Context, self: Instance) -> Value:
    """The names of the folders; only a dataset fresh from a folder has them."""
    if self.fields.get("~class_names"):
        return Sequence("list", Contents((Run(cx.fresh("classes"), Typed("str")),)))
    return cx.unknown("the names of the classes")


@rule("keras.utils.split_dataset")
def split_dataset(
    cx: Context, dataset: Value, left_size: Value | None = None, right_size: Value | None = None,
    shuffle: Value | None = None, seed: Value | None = None, preferred_backend: Value | None = None,
) -> Value:  # fmt: skip
    """Two datasets of single samples."""
    from foreshape.semantics.tensorflow.data import dataset as made_of
    from foreshape.semantics.tensorflow.data import element_of, is_dataset

    source: Value = dataset
    if isinstance(dataset, Array) or (isinstance(dataset, Sequence) and dataset.kind == "tuple"):
        source = cx.rule("tensorflow.data.Dataset.from_tensor_slices", dataset)
    if not isinstance(source, Instance) or not is_dataset(source):
        return cx.unknown("two parts of a dataset")
    element = element_of(source)
    parts: list[Value] = []
    total = source.fields.get("~count")
    for given, other in ((left_size, right_size), (right_size, left_size)):
        count = None if given is None or is_none(given) else as_dim(given)
        if count is None and other is not None and total is not None and (rest := as_dim(other)) is not None:
            count = total - rest
        if count is None:
            count = cx.fresh("samples")
        # the parts are made of the elements, whose sizes are fixed: a batch stays one element
        parts.append(made_of(element, **{"~count": count}) if source.fields.get("~batch") is None else made_of(None))
    return as_tuple(parts)
