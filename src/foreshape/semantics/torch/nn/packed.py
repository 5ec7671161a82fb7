"""``torch.nn.utils.rnn``: sequences of different lengths, padded and packed.

Follows ``torch/nn/utils/rnn.py`` and ``aten/src/ATen/native/PackedSequence.cpp``. A PackedSequence holds the steps of all
samples one below the other, (sum of the lengths, features); ``~batch`` is how many samples there are, ``~time`` the longest
length, ``~lengths`` the lengths where they are known one by one.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Value,
    as_bool,
    as_dim,
    is_none,
)
from foreshape.faults.cardinality import Cardinality
from foreshape.faults.index_range import IndexRange
from foreshape.faults.missing_attribute import MissingAttribute
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.nn.base import FALSE, NONE, TRUE, follows
from foreshape.semantics.torch.nn.demands import NOUGHT, asked_for
from foreshape.semantics.torch.nn.padded import MOST_LENGTHS, pad_sequence, unpad_sequence
from foreshape.semantics.torch.support import (
    axis_in,
    dense_strides,
    device_of,
    error,
    invalid,
    must_be,
    numbers,
    python_type,
    surely_no_tensor,
    tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn."
PACKED: Final = library_type("torch.nn.utils.rnn.PackedSequence", "builtins.tuple")
FIELDS: Final = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
SORTED: Final = (
    "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` "
    "to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability."
)


# -- the object -------------------------------------------------------------------------------------------------------


def packed_data(held: Instance) -> Array | None:
    """The steps."""
    found = held.fields.get("data")
    return found if isinstance(found, Array) else None


def packed(cx: Context, data: Value, like: Instance) -> Instance:
    """Other steps, packed in the same way."""
    fields = {key: value for key, value in like.fields.items() if key != "data"}
    return Instance(LibraryRef(PACKED), {"data": data, **fields})


def _made(
    cx: Context,
    data: Value,
    batch: DimLike | None,
    time: DimLike,
    lengths: SequenceOf[int] | None,
    sorted_: bool | None,
) -> Instance:
    """sorted_: whether the samples stand in the order of their lengths (nothing was permuted); None: not known."""
    batch = cx.fresh(lo=1) if batch is None else batch
    sizes = Array("torch", (time,), "int64", lo=1, hi=batch)
    index: Value = NONE
    if sorted_ is None:
        index = cx.unknown("whether the lengths are sorted is not known")
    elif not sorted_:
        index = tensor(cx, (batch,), "int64", data if isinstance(data, Array) else None, lo=0, differentiable=False)
    return Instance(
        LibraryRef(PACKED),
        {
            "data": data, "batch_sizes": sizes, "sorted_indices": index, "unsorted_indices": index, "~batch": batch,
            "~time": time, "~lengths": None if lengths is None else tuple(lengths),
        },
    )  # fmt: skip


@rule("torch.nn.utils.rnn.PackedSequence.__init__", doc=f"{DOC}PackedSequence.html")
def packed_init(
    cx: Context,
    self: Instance,
    data: Value,
    batch_sizes: Value | None = None,
    sorted_indices: Value | None = None,
    unsorted_indices: Value | None = None,
) -> None:
    """From its parts."""
    sizes = batch_sizes if isinstance(batch_sizes, Array) else None
    known = sizes.data if sizes is not None else None
    batch = known[0] if known and isinstance(known[0], (int, Dim)) else cx.fresh(lo=1)
    time = sizes.shape[0] if sizes is not None and sizes.shape else cx.fresh(lo=1)
    given: dict[str, Value | None] = {
        "data": data, "batch_sizes": batch_sizes, "sorted_indices": sorted_indices,
        "unsorted_indices": unsorted_indices if unsorted_indices is not None else sorted_indices,
    }  # fmt: skip
    for name, value in given.items():
        cx.set(self, name, NONE if value is None else value)
    cx.set(self, "~batch", batch)
    cx.set(self, "~time", time)


def _items(self: Instance) -> Sequence:
    return Sequence("tuple", Contents(tuple(self.fields.get(name, NONE) for name in FIELDS)))


@rule("torch.nn.utils.rnn.PackedSequence.__getitem__")
def packed_getitem(cx: Context, self: Instance, index: Value) -> Value:
    """It is a named tuple."""
    return cx.get_item(_items(self), index)


@rule("torch.nn.utils.rnn.PackedSequence.__len__")
def packed_len(cx: Context, self: Instance) -> Value:
    """Four parts."""
    return Const(4)


@rule("torch.nn.utils.rnn.PackedSequence.__iter__")
def packed_iter(cx: Context, self: Instance) -> Value:
    """Its parts."""
    return _items(self)


@attribute("torch.nn.utils.rnn.PackedSequence.is_cuda")
def packed_is_cuda(cx: Context, self: Instance) -> Value:
    """Where the steps are."""
    data = packed_data(self)
    return cx.unknown("the device is not known") if data is None else Const(device_of(data).startswith("cuda"))


def _moved(name: str) -> None:
    @rule(f"torch.nn.utils.rnn.PackedSequence.{name}")
    def move(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
        """The steps in another dtype or place; ``batch_sizes`` stay on the CPU."""
        return packed(cx, cx.call_method(self.fields.get("data", NONE), name, args, kwargs), self)


def _absent(name: str) -> None:
    @attribute(f"torch.nn.utils.rnn.PackedSequence.{name}")
    def absent(cx: Context, self: Instance) -> Value:
        """It is no tensor."""
        message = f"'PackedSequence' object has no attribute '{name}'"
        raised = error(cx, "AttributeError", message)
        raise MissingAttribute(raised, values=(self,), owner="PackedSequence", attribute=name)


for _name in ("shape", "size", "dim", "ndim", "dtype", "device", "view", "reshape", "contiguous", "transpose", "permute",
              "squeeze", "unsqueeze", "mean", "sum", "max", "detach", "flatten", "numel"):  # fmt: skip
    _absent(_name)
for _name in ("to", "cuda", "cpu", "double", "float", "half", "long", "int", "short", "char", "byte", "pin_memory"):
    _moved(_name)


# -- lengths ----------------------------------------------------------------------------------------------------------


class Lengths:
    """What is known of ``lengths``: how many, and each of them where it is known."""

    __slots__ = ("count", "items", "value")

    def __init__(self, value: Value, count: DimLike | None, items: tuple[DimLike, ...] | None) -> None:
        self.value = value
        self.count = count
        self.items = items

    @property
    def known(self) -> tuple[int, ...] | None:
        """All of them, where they are numbers."""
        if self.items is None or not all(isinstance(item, int) for item in self.items):
            return None
        return tuple(item for item in self.items if isinstance(item, int))


def _lengths(cx: Context, value: Value, enforced: bool | None) -> Lengths:
    if isinstance(value, Array):
        where = device_of(value)
        rank = value.shape is not None and len(value.shape)
        if value.kind == "torch" and (rank not in (1, False) or value.shape == () or where.startswith("cuda")):
            place = "cpu" if where == "cpu" else where if ":" in where else f"{where}:0"
            if enforced is False and value.shape and len(value.shape) > 1:
                message = "index_select(): Index is supposed to be a vector"
                raised = error(cx, "IndexError", message)
                raise UnsupportedData(
                    raised, values=(value,), taker="pack_padded_sequence", given=f"a {len(value.shape)}D tensor"
                )
            text = f"{len(value.shape or ())}D {place} Long tensor"
            raise _not_lengths(cx, text, value)
        count = value.shape[0] if value.shape else None
        items = value.data if numbers(value.data) else None
        if items is None and isinstance(value.lo, int) and value.lo == value.hi and isinstance(count, int):
            items = (value.lo,) * count if count <= MOST_LENGTHS else None
        return Lengths(value, count, None if items is None else tuple(_whole(item) for item in items))
    if isinstance(value, Sequence):
        found = value.contents.items(MOST_LENGTHS)
        sizes = None if found is None else [_length(item) for item in found]
        whole = sizes is not None and all(size is not None for size in sizes)
        listed = tuple(size for size in sizes or () if size is not None)
        return Lengths(value, value.contents.length, listed if whole else None)
    if as_dim(value) is not None:
        raise _not_lengths(cx, "0D cpu Long tensor", value)
    return Lengths(value, None, None)


def _length(item: Value) -> DimLike | None:
    if isinstance(item, Const) and isinstance(item.value, float):
        return int(item.value)
    return as_dim(item)


def _whole(item: object) -> DimLike:
    return item if isinstance(item, Dim) else int(item)  # type: ignore[call-overload]


def _not_lengths(cx: Context, text: str, value: Value) -> UnsupportedData:
    message = f"'lengths' argument should be a 1D CPU int64 tensor, but got {text}"
    raised = error(cx, "RuntimeError", message)
    return UnsupportedData(raised, values=(value,), taker="pack_padded_sequence", given=f"a {text}")


# -- packing ----------------------------------------------------------------------------------------------------------


@rule("torch.nn.utils.rnn.pack_padded_sequence", doc=f"{DOC}pack_padded_sequence.html")
def pack_padded_sequence(
    cx: Context, input: Value, lengths: Value, batch_first: Value = FALSE, enforce_sorted: Value = TRUE
) -> Value:
    """(time, batch, ...) or (batch, time, ...) and a length per sample, none 0, longest first unless ``enforce_sorted=False``."""
    enforced = as_bool(enforce_sorted)
    held = _lengths(cx, lengths, enforced)
    x = input if isinstance(input, Array) and input.kind == "torch" else None
    if x is None and surely_no_tensor(input):
        if enforced is False:
            asked_for(cx, input, "pack_padded_sequence", "device")
        raise must_be(cx, "_pack_padded_sequence", "input", 1, "Tensor", input)
    first = as_bool(batch_first)
    if x is None or x.shape is None or first is None:
        data = Array("torch", None, None if x is None else x.dtype)
        return _made(cx, data, held.count, cx.fresh(lo=1), None, None if enforced is None else enforced)
    return _pack(cx, x, held, first, enforced)


def _pack(cx: Context, x: Array, held: Lengths, first: bool, enforced: bool | None) -> Value:
    assert x.shape is not None
    batch_axis = 0 if first else 1
    if enforced is False:
        axis_in(cx, "pack_padded_sequence", batch_axis, len(x.shape), x)
        _check_selected(cx, x, held, x.shape[batch_axis])
    none = enforced is False and isinstance(held.count, int) and held.count == 0
    if none or any(isinstance(size, int) and size == 0 for size in x.shape):
        raise invalid(cx, "RuntimeError", "Cannot pack empty tensors.", "input", "an empty tensor", x)
    axis_in(cx, "pack_padded_sequence", 1, len(x.shape), x)
    batch, time = x.shape[batch_axis], x.shape[1 - batch_axis]
    if enforced is False:
        batch = held.count if held.count is not None else batch
    elif held.count is not None and not cx.equal(held.count, batch):
        message = f"Expected `len(lengths)` to be equal to batch_size, but got {held.count} (batch_size={batch})"
        raise Cardinality(
            error(cx, "RuntimeError", message), values=(x, held.value),
            sizes=(("the batch axis", batch), ("lengths", held.count)),
        )  # fmt: skip
    _check_lengths(cx, held, enforced)
    known = held.known
    rows: DimLike = cx.fresh(lo=1)
    longest: DimLike = cx.fresh(lo=1)
    missing: int | None = None
    if known:
        longest = max(known)
        rows = sum(known)
        if isinstance(time, int):
            rows = sum(min(length, time) for length in known)
            missing = sum(length > time for length in known) or None
    elif held.items and all(item == held.items[0] for item in held.items):
        longest, rows = held.items[0], held.items[0] * len(held.items)
    elif isinstance(held.value, Array) and held.value.lo is not None and held.value.lo == held.value.hi:
        if isinstance(held.value.lo, (int, Dim)):
            longest, rows = held.value.lo, held.value.lo * batch
    roles = None if x.roles is None else (None, *x.roles[2:])
    data = tensor(cx, (rows, *x.shape[2:]), x.dtype, x, roles=roles, lo=x.lo, hi=x.hi)
    order = known if known is None or enforced is not False else tuple(sorted(known, reverse=True))
    made = _made(cx, data, batch, longest, known, None if enforced is None else enforced)
    if missing is not None and order is not None and isinstance(rows, int) and isinstance(time, int):
        made.fields["~rows"] = sum(min(length, time) for length in order)
        made.fields["~missing"] = missing
    return made


def _check_selected(cx: Context, x: Array, held: Lengths, batch: DimLike) -> None:
    """More lengths than samples: the sorted order names a sample that is not there."""
    if held.count is not None and not cx.at_least(batch, held.count):
        raise IndexRange(
            error(cx, "IndexError", "index out of range in self"), values=(x, held.value), taker="the batch axis",
            index=held.count - 1, size=batch, axis=None,
        )  # fmt: skip


def _check_lengths(cx: Context, held: Lengths, enforced: bool | None) -> None:
    """None is 0, and they fall (what is sorted first always does)."""
    zero = "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
    known = held.known
    if known is None:
        value = held.value
        if isinstance(value, Array) and isinstance(value.hi, (int, float)) and value.hi <= 0:
            raise invalid(cx, "RuntimeError", zero, "lengths", f"lengths up to {value.hi}", value)
        return
    order = sorted(known, reverse=True) if enforced is False else list(known)
    # the kernel walks from the shortest (the last) on
    if order and order[-1] <= 0:
        raise invalid(cx, "RuntimeError", zero, "lengths", f"a length of {order[-1]}", held.value)
    for place, after in enumerate(order[1:]):
        before = order[place]
        if before < after and enforced is True:
            raise invalid(cx, "RuntimeError", SORTED, "lengths", list(known), held.value)


@rule("torch.nn.utils.rnn.pack_sequence", doc=f"{DOC}pack_sequence.html")
def pack_sequence(cx: Context, sequences: Value, enforce_sorted: Value = TRUE) -> Value:
    """A list of (length, ...) tensors, longest first."""
    items = cx.iterate(sequences)
    found = None if items is None else items.items(MOST_LENGTHS)
    padded = pad_sequence(cx, sequences)
    if (
        found is None
        or not isinstance(padded, Array)
        or not all(isinstance(item, Array) and item.shape for item in found)
    ):
        count = cx.length(sequences)
        enforced = as_bool(enforce_sorted)
        return _made(cx, Array("torch", None, None), count, cx.fresh(lo=1), None, enforced)
    sizes = [item.shape[0] for item in found if isinstance(item, Array) and item.shape]
    lengths = Array("torch", (len(sizes),), "int64", data=tuple(sizes))
    return pack_padded_sequence(cx, padded, lengths, FALSE, enforce_sorted)


# -- unpacking --------------------------------------------------------------------------------------------------------


@rule("torch.nn.utils.rnn.pad_packed_sequence", doc=f"{DOC}pad_packed_sequence.html")
def pad_packed_sequence(
    cx: Context, sequence: Value, batch_first: Value = FALSE, padding_value: Value = NOUGHT,
    total_length: Value | None = None,
) -> Value:  # fmt: skip
    """(padded, lengths). The time axis is as long as the longest sample, whatever was packed, unless ``total_length`` says so."""
    held = sequence if isinstance(sequence, Instance) and sequence.library_type == PACKED else None
    if held is None:
        if surely_no_tensor(sequence) or isinstance(sequence, Array):
            given = "Tensor" if isinstance(sequence, Array) else python_type(sequence)
            message = f"'{given}' object has no attribute 'batch_sizes'"
            raised = error(cx, "AttributeError", message)
            raise UnsupportedData(raised, values=(sequence,), taker="pad_packed_sequence", given=given)
        return follows(cx, sequence)
    time: DimLike = held.fields["~time"]
    if not is_none(total_length):
        total = as_dim(total_length)
        if total is not None and not cx.at_least(total, time):
            message = (
                "Expected total_length to be at least the length of the longest sequence in input, but got "
                f"total_length={total} and max sequence length being {time}"
            )
            raise invalid(cx, "ValueError", message, "total_length", total, held.fields.get("data", NONE))
        time = cx.fresh(lo=1) if total is None else total
    data, batch = packed_data(held), held.fields["~batch"]
    lengths = Array("torch", (batch,), "int64", lo=1, hi=time, data=held.fields.get("~lengths"))
    if data is None or data.shape is None:
        return Sequence("tuple", Contents((tensor(cx, None, None if data is None else data.dtype, data), lengths)))
    _check_rows(cx, held, data)
    first = as_bool(batch_first)
    front: Shape = (cx.fresh(), cx.fresh()) if first is None else (batch, time) if first else (time, batch)
    roles = (None, None) if first is None else ("batch", "time") if first else ("time", "batch")
    rest = (
        data.roles[1:]
        if data.roles is not None
        else ("feature",)
        if len(data.shape) == 2
        else (None,) * (len(data.shape) - 1)
    )
    index = held.fields.get("unsorted_indices")
    strides: tuple[DimLike, ...] | str | None = "contiguous"
    if first is not False and is_none(index):
        # padded as (time, batch, ...) and turned; samples that are put back into their order are copied
        steps = dense_strides((time, batch, *data.shape[1:]))
        strides = (steps[1], steps[0], *steps[2:]) if first else None
    elif not isinstance(index, Array):
        strides = "contiguous" if first is False else None
    shape = (*front, *data.shape[1:])
    padded = tensor(cx, shape, data.dtype, data, roles=(*roles, *rest), strides=strides)
    return Sequence("tuple", Contents((padded, lengths)))


def _check_rows(cx: Context, held: Instance, data: Array) -> None:
    """Lengths larger than the time axis: some rows are not there."""
    lengths = held.fields.get("~lengths")
    if held.fields.get("~missing") is None or lengths is None or data.shape is None:
        return
    order = sorted(lengths, reverse=True)
    sizes = [sum(length > step for length in order) for step in range(order[0])]
    left, at = held.fields["~rows"], 0
    while at < len(sizes):
        run = next((step for step in range(at, len(sizes)) if sizes[step] != sizes[at]), len(sizes)) - at
        if run * sizes[at] > left:
            elements: DimLike = left
            for dim in data.shape[1:]:
                elements = elements * dim
            rest = "".join(f", {dim}" for dim in data.shape[1:])
            message = f"shape '[{run}, {sizes[at]}{rest}]' is invalid for input of size {elements}"
            raise invalid(cx, "RuntimeError", message, "lengths", f"a length of {order[0]}", data)
        left -= run * sizes[at]
        at += run


@rule("torch.nn.utils.rnn.unpack_sequence", doc=f"{DOC}unpack_sequence.html")
def unpack_sequence(cx: Context, packed_sequences: Value) -> Value:
    """A list of (length, ...) tensors."""
    both = pad_packed_sequence(cx, packed_sequences, TRUE)
    items = both.contents.items() if isinstance(both, Sequence) else None
    if items is None:
        return follows(cx, packed_sequences)
    return unpad_sequence(cx, items[0], items[1], TRUE)


@rule("torch.nn.utils.rnn.invert_permutation")
def invert_permutation(cx: Context, permutation: Value) -> Value:
    """The permutation that undoes it."""
    return permutation
