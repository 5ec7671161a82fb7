"""``pad_sequences``, ``to_categorical``, ``TimeseriesGenerator``, ``timeseries_dataset_from_array``, ``normalize``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.compare import eq
from foreshape.domain.dim import Dim, DimLike, as_var, ceildiv, dmax
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Value,
    as_dim,
    as_int,
    as_str,
    int_value,
    is_none,
)
from foreshape.faults.base import Raises
from foreshape.faults.cardinality import Cardinality
from foreshape.faults.index_range import IndexRange
from foreshape.semantics.keras.base import is_keras3
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.ranges import negative, reached
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import as_tuple

if TYPE_CHECKING:
    from foreshape.domain.contents import Contents
    from foreshape.semantics.protocol import Context

DOC = "https://keras.io/api/data_loading/timeseries/"


def given(value: Value | None) -> bool:
    """Whether an argument was given and is not None."""
    return value is not None and not is_none(value)


def array_of(cx: Context, value: Value) -> Array | None:
    """The NumPy array of a value, lists and data frames included."""
    if isinstance(value, Array):
        return value
    if isinstance(value, Instance) and (value.library_type or "").startswith("pandas."):
        found = cx.call_method(value, "to_numpy", ())
    elif isinstance(value, (Sequence, Const, Int, Typed)):
        found = cx.rule("numpy.asarray", value)
    else:
        return None
    return found if isinstance(found, Array) else None


# -- to_categorical ---------------------------------------------------------------------------------------------------


@rule("keras.utils.to_categorical", "keras.utils.np_utils.to_categorical",
      doc="https://keras.io/api/utils/python_utils/")  # fmt: skip
def to_categorical(cx: Context, x: Value, num_classes: Value | None = None, dtype: Value | None = None) -> Value:
    """One axis more, with one place per class; a last axis of 1 goes. IndexError for a label outside of the classes."""
    labels = array_of(cx, x)
    if labels is None or labels.shape is None:
        return cx.unknown("the labels are not known")
    kind = as_str(dtype) or ("float64" if is_keras3(cx) else "float32")
    shape: Shape = labels.shape
    if labels.kind == "tensorflow" and is_keras3(cx):
        kind = "float32"
    elif len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    classes: DimLike | None = as_dim(num_classes) if given(num_classes) else None
    if classes is None:
        if given(num_classes):
            classes = cx.fresh("num_classes")
        else:
            classes = _classes(cx, labels)
    roles = None if labels.roles is None or len(labels.roles) < len(shape) else (*labels.roles[: len(shape)], "class")
    made = Array(
        "numpy" if labels.kind != "tensorflow" else "tensorflow", (*shape, classes), kind, lo=0, hi=1, roles=roles
    )
    made.tainted = labels.tainted
    if labels.kind != "tensorflow" and given(num_classes):
        found = reached(cx, labels, classes)
        if found is None:
            low = negative(labels)
            found = low if isinstance(low, int) and isinstance(classes, int) and low < -classes else None
        if found is not None:
            index = int(found) if isinstance(found, float) else found
            message = f"index {index} is out of bounds for axis 1 with size {classes}"
            raise IndexRange(
                Raises("IndexError", message, by="numpy"), values=(x,), recover=made, taker="to_categorical",
                index=index,
                size=classes, axis=1,
            )  # fmt: skip
    return made


def _classes(cx: Context, labels: Array) -> DimLike:
    """``max(labels) + 1``."""
    if labels.data is not None and labels.data and all(isinstance(item, (int, float)) for item in labels.data):
        return int(max(labels.data)) + 1
    if isinstance(labels.hi, (int, Dim)) and not labels.meta.get("loose"):
        return labels.hi + 1
    if isinstance(labels.hi, float) and labels.hi == int(labels.hi):
        return int(labels.hi) + 1
    return cx.fresh("classes")


# -- pad_sequences ----------------------------------------------------------------------------------------------------


@rule("keras.utils.pad_sequences", "keras.preprocessing.sequence.pad_sequences",
      "keras.utils.data_utils.pad_sequences", "keras.utils.sequence_utils.pad_sequences",
      doc="https://keras.io/api/data_loading/timeseries/#padsequences-function")  # fmt: skip
def pad_sequences(
    cx: Context,
    sequences: Value,
    maxlen: Value | None = None,
    dtype: Value | None = None,
    padding: Value | None = None,
    truncating: Value | None = None,
    value: Value | None = None,
) -> Value:
    """(number of sequences, maxlen, ...): int32 unless told otherwise; ``maxlen`` is the longest where it is not
    given."""
    kind = _stored_as(dtype)
    _note_fractions(cx, sequences, kind)
    for name, argument in (("Padding", padding), ("Truncating", truncating)):
        word = as_str(argument)
        if word is not None and word not in ("pre", "post"):
            message = f'{name} type "{word}" not understood'
            raise invalid(cx, "ValueError", message, name.lower(), argument)
    width: DimLike | None = as_dim(maxlen) if given(maxlen) else None
    if given(maxlen) and width is None:
        width = cx.fresh("maxlen")
    if isinstance(sequences, Array):
        return _padded_array(cx, sequences, width, kind)
    if as_dim(sequences) is not None or isinstance(sequences, (Int, Typed)):
        raise invalid(cx, "ValueError", "`sequences` must be iterable.", "sequences", sequences)
    contents = cx.iterate(sequences)
    if contents is None:
        return Array("numpy", (cx.fresh(lo=0), cx.fresh("maxlen") if width is None else width), kind)
    return _padded(cx, sequences, contents, width, kind, value)


def _stored_as(dtype: Value | None) -> str | None:
    """The dtype that is asked for, int32 where none is; None where it is not known."""
    if dtype is None:
        return "int32"
    if isinstance(dtype, LibraryRef):
        word = dtype.name.rpartition(".")[2]
        return {"float": "float64", "int": "int64"}.get(word, word)
    return as_str(dtype)


def _note_fractions(cx: Context, sequences: Value, kind: str | None) -> None:
    """Floats that are stored as integers lose what stands after the point."""
    if kind is None or not kind.startswith(("int", "uint")) or sequences.tainted:
        return
    found, example = _fractions(sequences, 0)
    if found:
        from foreshape.faults.truncated_floats import TruncatedFloats

        cx.note(TruncatedFloats(None, values=(sequences,), taker="pad_sequences", dtype=kind, example=example))


def _fractions(value: Value, depth: int) -> tuple[bool, float | None]:
    """Whether it holds floats that are not whole, as far as is known, and one of them."""
    if isinstance(value, Const):
        item = value.value
        fraction = isinstance(item, float) and item == item and abs(item) != float("inf") and item != int(item)
        return fraction, item if fraction else None
    if isinstance(value, Typed):
        return value.kind == "float" and value.lo is not None and value.hi is not None and value.lo != value.hi, None
    if isinstance(value, Array):
        if value.dtype is None or not value.dtype.startswith("float"):
            return False, None
        if value.data is None:
            return not (value.lo is not None and value.lo == value.hi), None
        parts = [item for item in value.data if isinstance(item, float) and item == item and abs(item) != float("inf")]
        example = next((item for item in parts if item != int(item)), None)
        return example is not None, example
    if isinstance(value, Sequence) and depth < 3:
        for item in value.contents.distinct():
            found = _fractions(item, depth + 1)
            if found[0]:
                return found
    return False, None


def _padded_array(cx: Context, array: Array, width: DimLike | None, kind: str | None) -> Value:
    if array.shape is None:
        return cx.unknown("the sequences are not known")
    if len(array.shape) == 1 and array.dtype != "object":
        message = "`sequences` must be a list of iterables. Found non-iterable: ..."
        raise invalid(cx, "ValueError", message, "sequences", array)
    if not array.shape:
        raise invalid(cx, "ValueError", "`sequences` must be iterable.", "sequences", array)
    if len(array.shape) == 1:
        shape = (array.shape[0], cx.fresh("maxlen") if width is None else width)
        held = array.hi is not None  # whoever made an array of lists said what they hold
        return Array("numpy", shape, kind, lo=array.lo if held else None, hi=array.hi if held else None)
    made = Array(
        "numpy", (array.shape[0], array.shape[1] if width is None else width, *array.shape[2:]), kind,
        lo=_low(array.lo, 0), hi=_high(array.hi, 0), roles=array.roles,
    )  # fmt: skip
    made.tainted = array.tainted
    return made


def _low(a: Bound, b: Bound) -> Bound:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return min(a, b)
    return None


def _high(a: Bound, b: Bound) -> Bound:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return max(a, b)
    if isinstance(a, Dim) and isinstance(b, int) and b <= 0:
        return a
    return None


class _Scan:
    """What the elements of a list of sequences are like."""

    def __init__(self) -> None:
        self.lengths: list[DimLike] = []
        self.rest: Shape | None = ()
        self.first: Shape | None = None
        self.open = False
        self.lo: Bound = 0
        self.hi: Bound = 0


def _padded(
    cx: Context, sequences: Value, contents: Contents, width: DimLike | None, kind: str | None, value: Value | None
) -> Value:
    scan = _Scan()
    count = contents.length
    if count == 0 and width is None:
        raise invalid(
            cx,
            "ValueError",
            "zero-size array to reduction operation maximum which has no identity",
            "sequences",
            sequences,
        )
    items = contents.items(limit=3000)
    for number, element in enumerate(contents.distinct() if items is None else items):
        _scan(cx, scan, element, sequences, number)
    longest: DimLike | None = width
    if longest is None:
        longest = None if scan.open or not scan.lengths else scan.lengths[0]
        if longest is not None and items is not None:
            for length in scan.lengths[1:]:
                longest = dmax(longest, length)
        elif longest is not None and (len(scan.lengths) > 1 or _varies(contents)):
            longest = None
        if longest is None:
            longest = cx.fresh("maxlen")
    rest = scan.rest if scan.rest is not None else ()
    if value is not None and as_int(value) is not None:
        filler = as_int(value)
        scan.lo, scan.hi = _low(scan.lo, filler), _high(scan.hi, filler)
    made = Array(
        "numpy", (count, longest, *rest), kind, lo=scan.lo, hi=scan.hi, roles=("batch", "time", *([None] * len(rest)))
    )
    made.tainted = sequences.tainted
    return made


def _varies(contents: Contents) -> bool:
    from foreshape.domain.contents import Run
    from foreshape.domain.dim import variables

    for segment in contents.segments:
        if isinstance(segment, Run) and segment.index is not None:
            element = segment.element
            if isinstance(element, Sequence):
                length = element.contents.length
            elif isinstance(element, Array) and element.shape:
                length = element.shape[0]
            else:
                return True
            if not isinstance(length, int) and segment.index in variables(length):
                return True
    return False


def _scan(cx: Context, scan: _Scan, element: Value, sequences: Value, number: int) -> None:
    if isinstance(element, Sequence):
        scan.lengths.append(element.contents.length)
        for item in element.contents.distinct():
            _scan_item(cx, scan, item, sequences)
        return
    if isinstance(element, Array) and element.shape:
        scan.lengths.append(element.shape[0])
        rest = element.shape[1:]
        if scan.first is None:
            scan.first = scan.rest = rest
        elif len(rest) != len(scan.first) or any(eq(a, b, cx.facts).is_no for a, b in zip(rest, scan.first)):
            shown = "(" + ", ".join(map(str, rest)) + ("," if len(rest) == 1 else "") + ")"
            wanted = "(" + ", ".join(map(str, scan.first)) + ("," if len(scan.first) == 1 else "") + ")"
            message = (
                f"Shape of sample {shown} of sequence at position {number} is different from expected shape {wanted}"
            )
            raise invalid(cx, "ValueError", message, "sequences", sequences)
        scan.lo, scan.hi = _low(scan.lo, element.lo), _high(scan.hi, element.hi)
        return
    if as_dim(element) is not None or (isinstance(element, Typed) and element.kind in ("int", "float")):
        message = f"`sequences` must be a list of iterables. Found non-iterable: {repr_value(element)}"
        raise invalid(cx, "ValueError", message, "sequences", sequences)
    if isinstance(element, Const) and isinstance(element.value, float):
        message = f"`sequences` must be a list of iterables. Found non-iterable: {repr_value(element)}"
        raise invalid(cx, "ValueError", message, "sequences", sequences)
    scan.open = True
    scan.lo = scan.hi = None


def _scan_item(cx: Context, scan: _Scan, item: Value, sequences: Value) -> None:
    if isinstance(item, Const) and isinstance(item.value, str):
        message = f"invalid literal for int() with base 10: {item.value!r}"
        if not item.value.lstrip("-").isdigit():
            raise invalid(cx, "ValueError", message, "sequences", sequences)
    if isinstance(item, Const) and isinstance(item.value, (int, float)):
        scan.lo, scan.hi = _low(scan.lo, item.value), _high(scan.hi, item.value)
    elif isinstance(item, Typed):
        scan.lo = _low(scan.lo, item.lo)
        scan.hi = item.hi if isinstance(item.hi, Dim) and scan.hi == 0 else _high(scan.hi, item.hi)
    elif isinstance(item, Sequence):
        found = array_of(cx, item)
        scan.rest = None if found is None else found.shape
        scan.lo = scan.hi = None
    elif isinstance(item, Array):
        if item.shape and scan.rest == ():
            scan.rest = item.shape
        scan.lo, scan.hi = _low(scan.lo, item.lo), _high(scan.hi, item.hi)
    else:
        scan.lo = scan.hi = None


# -- windows ----------------------------------------------------------------------------------------------------------

GENERATOR = library_type("keras.preprocessing.sequence.TimeseriesGenerator", "keras.utils.Sequence")
library_type("keras.utils.Sequence")
library_type("keras.utils.PyDataset", "keras.utils.Sequence")


@rule("keras.utils.Sequence.__init__")
def sequence_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings of workers."""
    return Const(None)


@rule("keras.preprocessing.sequence.TimeseriesGenerator.__init__")
def timeseries_generator(
    cx: Context,
    self: Instance,
    data: Value,
    targets: Value,
    length: Value,
    sampling_rate: Value | None = None,
    stride: Value | None = None,
    start_index: Value | None = None,
    end_index: Value | None = None,
    shuffle: Value | None = None,
    reverse: Value | None = None,
    batch_size: Value | None = None,
) -> Value:
    """Batches of windows: (batch, length // sampling_rate, ...) with the target after each window."""
    x, y = array_of(cx, data), array_of(cx, targets)
    for key, value in (("data", data), ("targets", targets), ("length", length), ("start_index", start_index),
                       ("batch_size", batch_size), ("stride", stride), ("sampling_rate", sampling_rate)):  # fmt: skip
        if value is not None:
            cx.set(self, key, value)
    if x is None or y is None or not x.shape or not y.shape:
        return Const(None)
    if not cx.equal(x.shape[0], y.shape[0]):
        message = (
            f"Data and targets have to be of same length. Data length is {x.shape[0]} while target length "
            f"is {y.shape[0]}"
        )
        raise Cardinality(
            Raises("ValueError", message, by="keras"),
            values=(x, y),
            sizes=(("data", x.shape[0]), ("targets", y.shape[0])),
        )
    width, rate = as_dim(length), 1 if not given(sampling_rate) else as_int(sampling_rate)
    step = 1 if not given(stride) else as_int(stride)
    size = 128 if not given(batch_size) else as_dim(batch_size)
    start = 0 if not given(start_index) else as_dim(start_index)
    rows = cx.resolve(x.shape[0])
    last = rows - 1 if not given(end_index) else as_dim(end_index)
    if width is None or rate is None or step is None or size is None or start is None or last is None:
        return Const(None)
    first = start + width
    if isinstance(first, int) and isinstance(last, int) and first > last:
        message = (
            f"`start_index+length={first} > end_index={last}` is disallowed, as no part of the sequence would be "
            "left to be "
            "used as current step."
        )
        raise invalid(cx, "ValueError", message, "length", length)
    windows = ceildiv(last - first + 1, step)
    cx.set(self, "~count", ceildiv(windows, size))
    if isinstance(windows, int) and isinstance(size, int):
        size = min(size, windows)
    shape = (size, ceildiv(width, rate), *x.shape[1:])
    cx.set(self, "~windows", windows)
    batch = as_tuple(
        (
            Array("numpy", shape, x.dtype, lo=x.lo, hi=x.hi, roles=("batch", "time", *([None] * (len(shape) - 2)))),
            Array(
                "numpy",
                (size, *y.shape[1:]),
                y.dtype,
                lo=y.lo,
                hi=y.hi,
                roles=("batch", *([None] * (len(y.shape) - 1))),
            ),
        )
    )
    cx.set(self, "~batches", batch)
    return Const(None)


@rule("keras.preprocessing.sequence.TimeseriesGenerator.__len__")
def generator_length(cx: Context, self: Instance) -> Value:
    """The number of batches."""
    count = self.fields.get("~count")
    return cx.unknown("the number of batches is not known") if count is None else int_value(count)


@rule("keras.preprocessing.sequence.TimeseriesGenerator.__getitem__")
def generator_item(cx: Context, self: Instance, index: Value) -> Value:
    """One batch; the last may be shorter."""
    batch = self.fields.get("~batches")
    if not isinstance(batch, Value):
        return cx.unknown("the batches are not known")
    place, count, windows = as_int(index), self.fields.get("~count"), self.fields.get("~windows")
    if isinstance(count, int) and isinstance(place, int) and isinstance(windows, int) and isinstance(batch, Sequence):
        items = batch.contents.items() or ()
        if place >= count:
            return cx.unknown("a batch past the end")
        if place == count - 1:
            sizes = [item.shape[0] for item in items if isinstance(item, Array) and item.shape]
            if sizes and isinstance(sizes[0], int):
                left = windows - sizes[0] * (count - 1)
                return as_tuple(
                    [
                        item.replace(shape=(left, *item.shape[1:]), roles=item.roles)
                        if isinstance(item, Array) and item.shape
                        else item
                        for item in items
                    ]
                )
    return batch


@rule("keras.preprocessing.sequence.TimeseriesGenerator.__iter__")
def generator_iter(cx: Context, self: Instance) -> Value:
    """The batches."""
    from foreshape.domain.contents import Contents, Run

    batch = self.fields.get("~batches")
    count = self.fields.get("~count")
    if not isinstance(batch, Value) or count is None:
        return cx.unknown("the batches are not known")
    return Sequence("list", Contents((Run(count, batch),)))


@rule("keras.utils.timeseries_dataset_from_array", "keras.preprocessing.timeseries_dataset_from_array",
      "keras.preprocessing.timeseries.timeseries_dataset_from_array", doc=DOC)  # fmt: skip
def timeseries_dataset_from_array(
    cx: Context,
    data: Value,
    targets: Value,
    sequence_length: Value,
    sequence_stride: Value | None = None,
    sampling_rate: Value | None = None,
    batch_size: Value | None = None,
    shuffle: Value | None = None,
    seed: Value | None = None,
    start_index: Value | None = None,
    end_index: Value | None = None,
) -> Value:
    """A dataset of windows (batch, sequence_length, ...); Keras sees batch and time as None."""
    from foreshape.semantics.tensorflow.data import dataset

    x = array_of(cx, data)
    y = array_of(cx, targets) if given(targets) else None
    length = as_dim(sequence_length)
    stride = 1 if not given(sequence_stride) else as_int(sequence_stride)
    rate = 1 if not given(sampling_rate) else as_int(sampling_rate)
    if x is None or not x.shape or length is None or stride is None or rate is None or (given(targets) and y is None):
        return dataset(None)
    rows = cx.resolve(x.shape[0])
    start = 0 if not given(start_index) else as_dim(start_index)
    end = rows if not given(end_index) else as_dim(end_index)
    for name, value in (("start_index", start), ("end_index", end)):
        if (
            isinstance(value, int)
            and isinstance(rows, int)
            and value >= rows
            and (name == "start_index" or value > rows)
        ):
            message = (
                f"`{name}` must be lower than the length of the data. Received: {name}={value}, for data of length "
                f"{rows}"
            )
            raise invalid(cx, "ValueError", message, name, start_index if name == "start_index" else end_index)
    if start is None or end is None:
        return dataset(None)
    positions: DimLike = end - start - length * rate + rate
    if y is not None and y.shape:
        many = cx.resolve(y.shape[0])
        if isinstance(positions, int) and isinstance(many, int):
            positions = min(positions, many)
        elif not eq(positions, many, cx.facts).is_yes:
            from foreshape.domain.dim import dmin

            positions = dmin(positions, many)
    if isinstance(positions, int):
        positions = max(positions, 0)
    windows = ceildiv(positions, stride)
    return _windows_dataset(cx, x, y, length, windows, batch_size)


def _windows_dataset(
    cx: Context, x: Array, y: Array | None, length: DimLike, windows: DimLike, batch_size: Value | None
) -> Value:
    from foreshape.semantics.tensorflow.data import dataset

    assert x.shape
    unbatched = batch_size is not None and is_none(batch_size)
    size = 128 if batch_size is None else as_dim(batch_size)
    time = cx.fresh("time", keras_none=True)
    roles_x = ("time", *([None] * (len(x.shape) - 1)))
    dtype = x.dtype
    inner = (time, *x.shape[1:])
    fields: dict[str, object] = {"~window": (as_var(time), length)}
    if unbatched:
        element: Value = Array("tensorflow", inner, dtype, lo=x.lo, hi=x.hi, roles=roles_x)
        if y is not None and y.shape:
            element = as_tuple((element, Array("tensorflow", y.shape[1:], y.dtype, lo=y.lo, hi=y.hi)))
        return dataset(element, **{"~count": windows, "~samples": windows, **fields})
    batch = cx.fresh("batch", keras_none=True, varying=True)
    element = Array("tensorflow", (batch, *inner), dtype, lo=x.lo, hi=x.hi, roles=("batch", *roles_x))
    if y is not None and y.shape:
        label = Array(
            "tensorflow",
            (batch, *y.shape[1:]),
            y.dtype,
            lo=y.lo,
            hi=y.hi,
            roles=("batch", *([None] * (len(y.shape) - 1))),
        )
        element = as_tuple((element, label))
    sizes: tuple[DimLike, ...] = ()
    count: DimLike | None = None
    if size is not None:
        count = ceildiv(windows, size)
        if isinstance(windows, int) and isinstance(size, int) and size > 0:
            full, rest = divmod(windows, size)
            sizes = ((size,) if full else ()) + ((rest,) if rest else ())
    return dataset(
        element, **{"~count": count, "~samples": windows, "~batch": as_var(batch), "~sizes": sizes, **fields}
    )


@rule("keras.utils.normalize")
def normalize(cx: Context, x: Value, axis: Value | None = None, order: Value | None = None) -> Value:
    """The same shape; a vector becomes a row."""
    found = array_of(cx, x)
    if found is None or found.shape is None:
        return cx.unknown("the array is not known")
    shape = (1, *found.shape) if len(found.shape) == 1 else found.shape
    dtype = found.dtype if found.dtype is not None and "float" in found.dtype else "float64"
    return Array("numpy", shape, dtype, lo=-1, hi=1)
