"""``default_collate`` and ``default_convert``: samples become a batch.

Tensors, NumPy arrays and numbers are stacked along a new first axis (Python's floats as float64), texts stay a list, dicts
and sequences are taken apart and collated part by part (a tuple of parts comes back as a list).

https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import dtype as dtypes
from foreshape.domain.compare import eq
from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.dim import Dim, DimLike, as_var, variables
from foreshape.domain.join import join_bound, widen
from foreshape.domain.origin import Origin
from foreshape.domain.truth import Condition
from foreshape.domain.values import (
    Array,
    Bound,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Instance,
    Int,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.data.sources import DOC, python, raises

if TYPE_CHECKING:
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context

MOST_DATA: Final = 64
NOT_COLLATED: Final = "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"
UNEQUAL: Final = Condition("two samples of a batch differ in size", "all samples of a batch have one size")


class Row:
    """A sample, and how many of the batch are like it."""

    __slots__ = ("count", "value")

    def __init__(self, value: Value, count: DimLike) -> None:
        self.value = value
        self.count = count


class Batch:
    """What is collated: the samples, who made the batch (for the chain of a report), and of which kind a list of texts is."""

    __slots__ = ("maker", "rows", "size", "texts")

    def __init__(self, rows: list[Row], size: DimLike, maker: Value | None = None, texts: str = "list") -> None:
        self.rows = rows
        self.size = size
        self.maker = maker
        self.texts = texts

    def of(self, values: list[Value], texts: str) -> Batch:
        """A part of every sample."""
        rows = [Row(value, row.count) for value, row in zip(values, self.rows)]
        return Batch(rows, self.size, self.maker, texts)


def batch_of(cx: Context, contents: Contents, maker: Value | None = None) -> Batch:
    """The samples of a list."""
    from foreshape.semantics.python.tools import generic

    rows = [Row(generic(cx, part), part.length if isinstance(part, Run) else 1) for part in contents.segments]
    return Batch(rows, cx.resolve(contents.length), maker)


@rule(
    "torch.utils.data.default_collate",
    "torch.utils.data.dataloader.default_collate",
    "torch.utils.data._utils.collate.default_collate",
    doc=f"{DOC}#torch.utils.data.default_collate",
)
def default_collate(cx: Context, batch: Value) -> Value:
    """The samples of a list as one batch. IndexError for an empty one."""
    contents = cx.iterate(batch)
    if contents is None:
        return cx.unknown("the samples are not known")
    if not contents.segments:
        raise python(cx, "IndexError", "list index out of range", "default_collate", batch)
    return collate(cx, batch_of(cx, contents))


def collate(cx: Context, batch: Batch) -> Value:
    """One batch of samples."""
    first = batch.rows[0].value
    if any(isinstance(row.value, Choice) for row in batch.rows):
        rows = [
            Row(widen([row.value]) if isinstance(row.value, Choice) else row.value, row.count) for row in batch.rows
        ]
        return collate(cx, Batch(rows, batch.size, batch.maker, batch.texts))
    if any(isinstance(row.value, Unknown) for row in batch.rows):
        return _not_known(cx, batch)
    if isinstance(first, Array):
        return _arrays(cx, batch, first)
    kind = number_kind(first)
    if kind is not None:
        return _numbers(cx, batch, kind)
    if isinstance(first, (Const, Typed)) and _text(first):
        segments = [row.value if isinstance(row.count, int) and row.count == 1 else Run(row.count, row.value)
                    for row in batch.rows]  # fmt: skip
        return Sequence(batch.texts, Contents(segments))
    if isinstance(first, DictValue):
        return _dicts(cx, batch, first)
    if isinstance(first, Instance) and isinstance(first.fields.get("~items"), Sequence):
        return _named(cx, batch, first)
    if isinstance(first, Sequence) and first.kind in ("list", "tuple"):
        return _sequences(cx, batch, first)
    return _refused(cx, first)


def _not_known(cx: Context, batch: Batch) -> Value:
    found = next((row.value for row in batch.rows if isinstance(row.value, Unknown)), None)
    made = cx.unknown(found.reason if found is not None else "the samples are not known")
    made.tainted = found is not None and found.tainted
    return made


def _text(value: Value) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, (str, bytes))
    return isinstance(value, Typed) and value.kind in ("str", "bytes")


def number_kind(value: Value) -> str | None:
    """ "float", "int" or "bool" of a Python number."""
    if isinstance(value, Int):
        return "int"
    if isinstance(value, Typed):
        return value.kind if value.kind in ("float", "int", "bool") else None
    if isinstance(value, Const):
        for kind in (bool, int, float):
            if isinstance(value.value, kind):
                return kind.__name__
    return None


# -- tensors and arrays ------------------------------------------------------------------------------------------------


def _arrays(cx: Context, batch: Batch, first: Array) -> Value:
    if first.kind == "numpy" and first.dtype in ("object", "str", "bytes"):
        shown = {"object": "object", "str": "<U1", "bytes": "|S1"}[first.dtype]
        raise _type_fault(cx, NOT_COLLATED.format(shown), first, first.dtype)
    if first.kind not in ("torch", "numpy"):
        name = "tensorflow.python.framework.ops.EagerTensor"
        raise _type_fault(cx, NOT_COLLATED.format(f"<class '{name}'>"), first, name)
    arrays: list[Array] = []
    for row in batch.rows:
        value = row.value
        if number_kind(value) is not None and first.shape == () and first.kind == "numpy":
            value = Array("numpy", (), {"float": "float64", "int": "int64"}.get(number_kind(value) or "", "bool"))
        if not isinstance(value, Array):
            return cx.unknown("samples of different kinds")
        arrays.append(value)
    return stacked(cx, batch, arrays)


def stacked(cx: Context, batch: Batch, arrays: list[Array]) -> Value:
    """Arrays of one shape along a new first axis: RuntimeError where two differ."""
    made = _result(cx, batch, arrays)
    shapes = [array.shape for array in arrays]
    first = shapes[0]
    if first is None or any(shape is None for shape in shapes):
        return made
    passed: DimLike = 0
    drawn = next((array for array in arrays[1:] if chance_differs(cx, first, array.shape)), None)
    if drawn is not None:
        fault = _unequal(cx, arrays[0], drawn, 1, made)
        fault.condition = UNEQUAL
        cx.report(fault)
        made.tainted = True
        return made
    for array, row in zip(arrays, batch.rows):
        if array.shape is not None and _differ(cx, first, array.shape):
            raise _unequal(cx, arrays[0], array, passed, made)
        passed = passed + row.count
    loose = next((array for array, row in zip(arrays, batch.rows) if _random_size(array, row)), None)
    if loose is not None:
        fault = _unequal(cx, loose, loose, 1, made)
        fault.condition = UNEQUAL
        cx.report(fault)
        made.tainted = True
    return made


def _differ(cx: Context, a: Shape, b: Shape) -> bool:
    return a is not b and (len(a) != len(b) or any(not cx.equal(x, y) for x, y in zip(a, b)))


def chance_differs(cx: Context, a: Shape | None, b: Shape | None) -> bool:
    """Whether the sizes of two samples were drawn apart from each other: they are the same by chance only."""
    if a is None or b is None or len(a) != len(b):
        return False
    for one, other in zip(a, b):
        if isinstance(one, Dim) and isinstance(other, Dim) and eq(one, other, cx.facts).is_unknown:
            if any(each.chance for each in (*variables(one), *variables(other))):
                return True
    return False


def _random_size(array: Array, row: Row) -> bool:
    """Whether chance decides the size of each of several samples, between known ends."""
    if array.shape is None or row.count == 1:
        return False
    for dim in array.shape:
        found = as_var(dim) if isinstance(dim, Dim) else None
        if found is not None and found.varying and isinstance(found.lo, int) and isinstance(found.hi, int):
            if found.lo < found.hi and found.name not in ("index", "batch"):
                return True
    return False


def _unequal(cx: Context, a: Array, b: Array, place: DimLike, recover: Value) -> Fault:
    from foreshape.faults.join_mismatch import JoinMismatch

    one, two = a.shape or (), b.shape or ()
    shown = [f"[{', '.join(map(str, shape))}]" for shape in (one, two)]
    message = (
        f"stack expects each tensor to be equal size, but got {shown[0]} at entry 0 and {shown[1]} at entry {place}"
    )
    differs = None
    if len(one) == len(two):
        differs = next((axis for axis, (x, y) in enumerate(zip(one, two)) if x is not y and not _same(x, y)), None)
    return JoinMismatch(
        raises(cx, "RuntimeError", message), values=(b, a), recover=recover, taker="stack", shapes=(one, two), axis=0,
        differs=differs, first=0, second=1,
    )  # fmt: skip


def _same(a: DimLike, b: DimLike) -> bool:
    return isinstance(a, int) and isinstance(b, int) and a == b


def _result(cx: Context, batch: Batch, arrays: list[Array]) -> Array:
    first = arrays[0]
    inner = first.shape
    if inner is not None and any(array.shape is None or len(array.shape) != len(inner) for array in arrays):
        inner = None
    if inner is not None:
        several = not (isinstance(batch.size, int) and batch.size == 1)
        inner = tuple(cx.fresh(lo=0) if several and _loose(dim) else cx.resolve(dim) for dim in inner)
    roles = None if inner is None else ("batch", *(first.roles or (None,) * len(inner)))
    lo, hi = _bounds(arrays)
    shape = None if inner is None else (batch.size, *inner)
    made = Array(
        "torch", shape, _dtype(arrays), lo=lo, hi=hi, data=_data(batch, arrays), roles=roles, meta=_meta(arrays)
    )
    made.tainted = any(array.tainted for array in arrays)
    made.origin = origin_of(batch, first)
    return made


def origin_of(batch: Batch, sample: Value) -> Origin | None:
    """Where a batch comes from: the loader, and behind it the sample."""
    known = batch.maker.origin if batch.maker is not None else None
    if known is None:
        return None
    return Origin(known.path, known.node, (sample,), known.name, "batches")


def _loose(dim: DimLike) -> bool:
    return isinstance(dim, Dim) and any(one.varying for one in variables(dim))


def _dtype(arrays: list[Array]) -> str | None:
    found = {array.dtype for array in arrays}
    if len(found) == 1:
        return found.pop()
    if None in found:
        return None
    return dtypes.promote_torch(*((dtype, 2) for dtype in found if dtype is not None))


def _meta(arrays: list[Array]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    devices = {array.meta.get("device") for array in arrays}
    device = devices.pop() if len(devices) == 1 else "?"
    if device is not None:
        made["device"] = device
    if any(array.meta.get("requires_grad") for array in arrays):
        made["requires_grad"] = True
    return made


def _bounds(arrays: list[Array]) -> tuple[Bound, Bound]:
    lo, hi = arrays[0].lo, arrays[0].hi
    for array in arrays[1:]:
        lo, hi = join_bound(lo, array.lo, False), join_bound(hi, array.hi, True)
    return lo, hi


def _data(batch: Batch, arrays: list[Array]) -> tuple[Any, ...] | None:
    found: list[Any] = []
    for row, array in zip(batch.rows, arrays):
        if array.data is None or row.count != 1 or len(found) + len(array.data) > MOST_DATA:
            return None
        found.extend(array.data)
    return tuple(found)


# -- numbers -----------------------------------------------------------------------------------------------------------


def _numbers(cx: Context, batch: Batch, kind: str) -> Value:
    kinds = {number_kind(row.value) for row in batch.rows}
    if kind == "float":
        dtype = "float64"
    elif "float" in kinds:
        dtype = "float32"
    else:
        dtype = "int64" if "int" in kinds else "bool"
    if None in kinds:
        return cx.unknown("samples of different kinds")
    arrays = []
    for row in batch.rows:
        value = row.value
        if isinstance(value, Const):
            arrays.append(Array("torch", (), dtype, lo=value.value, hi=value.value, data=(value.value,)))
        elif isinstance(value, Int):
            arrays.append(Array("torch", (), dtype, lo=_end(value.dim, "lo"), hi=_end(value.dim, "hi")))
        else:
            arrays.append(Array("torch", (), dtype, lo=getattr(value, "lo", None), hi=getattr(value, "hi", None)))
        arrays[-1].origin = value.origin
    return stacked(cx, batch, arrays)


def _end(dim: Dim, side: str) -> Bound:
    """A bound that holds for every value of a size that varies."""
    found = as_var(dim)
    if found is None:
        return None
    return getattr(found, side) if found.varying else dim


# -- structures --------------------------------------------------------------------------------------------------------


def _dicts(cx: Context, batch: Batch, first: DictValue) -> Value:
    if any(not isinstance(row.value, DictValue) for row in batch.rows):
        return cx.unknown("samples of different kinds")
    made: dict[Hashable, Value] = {}
    for key in first.entries:
        values: list[Value] = []
        for row in batch.rows:
            assert isinstance(row.value, DictValue)
            found = row.value.entries.get(key)
            if found is None:
                if row.value.rest is None:
                    from foreshape.semantics.python.errors import key_error

                    known = tuple(str(one) for one in row.value.entries)
                    raise key_error(key, known, row.value)
                found = Unknown("an entry of a sample is not known")
            values.append(found)
        made[key] = collate(cx, batch.of(values, "list"))
    rest = None if first.rest is None else cx.unknown("an entry of the samples is not known")
    return DictValue(made, rest, kind=first.kind if first.kind != "defaultdict" else "dict")


def _named(cx: Context, batch: Batch, first: Instance) -> Value:
    names = [key for key in first.fields if isinstance(key, str) and not key.startswith("~")]
    fields: dict[Hashable, Any] = {}
    for name in names:
        values = [row.value.fields.get(name) if isinstance(row.value, Instance) else None for row in batch.rows]
        known = [value for value in values if isinstance(value, Value)]
        if len(known) != len(values):
            return cx.unknown("samples of different kinds")
        fields[name] = collate(cx, batch.of(known, "tuple"))
    fields["~items"] = Sequence("tuple", Contents(tuple(fields[name] for name in names)))
    return Instance(first.cls, fields)


def _sequences(cx: Context, batch: Batch, first: Sequence) -> Value:
    columns: list[tuple[Value, ...]] = []
    lengths: list[DimLike] = []
    for row in batch.rows:
        if not isinstance(row.value, Sequence) or row.value.kind not in ("list", "tuple"):
            return cx.unknown("samples of different kinds")
        lengths.append(cx.resolve(row.value.contents.length))
    for length, row in zip(lengths, batch.rows):
        if not cx.equal(lengths[0], length):
            message = "each element in list of batch should be of equal size"
            raise _ragged(cx, message, (lengths[0], length), row.value, first)
    if isinstance(lengths[0], Dim):
        loose = _loose(lengths[0])
        inner = [row.value.contents for row in batch.rows if isinstance(row.value, Sequence)]
        return _long(cx, batch, inner, cx.fresh(lo=0) if loose else lengths[0])
    for row in batch.rows:
        assert isinstance(row.value, Sequence)
        items = row.value.contents.items(limit=1024)
        if items is None:
            return cx.unknown("the samples are not known one by one")
        columns.append(items)
    parts = [collate(cx, batch.of(list(column), "tuple")) for column in zip(*columns)]
    return Sequence("list", Contents(parts))


def _long(cx: Context, batch: Batch, inner: list[Contents], length: DimLike) -> Value:
    """Lists whose length is not a number: each place of them becomes a batch."""
    from foreshape.semantics.python.tools import any_element

    values = [any_element(cx, contents) for contents in inner]
    return Sequence("list", Contents((Run(length, collate(cx, batch.of(values, "tuple"))),)))


def _ragged(cx: Context, message: str, sizes: tuple[DimLike, ...], value: Value, first: Value) -> Fault:
    from foreshape.faults.ragged_array import RaggedArray

    raised = raises(cx, "RuntimeError", message)
    return RaggedArray(raised, values=(value, first), taker="default_collate", detected=(), axis=0, sizes=sizes)


# -- what is not collated ----------------------------------------------------------------------------------------------


def class_repr(value: Value) -> str | None:
    """``<class 'NoneType'>``; None where the class is not known."""
    if isinstance(value, Const):
        return f"<class '{type(value.value).__name__}'>"
    if isinstance(value, (Sequence, Typed)):
        return f"<class '{value.kind}'>" if value.kind != "deque" else "<class 'collections.deque'>"
    if isinstance(value, Instance):
        if isinstance(value.cls, ClassValue):
            known = all(isinstance(base, ClassValue) or base.name in _PLAIN for base in value.cls.mro)
            return f"<class '__main__.{value.cls.name}'>" if known and not _like_mapping(value.cls) else None
        if value.cls.name.startswith(("PIL.", "pandas.")):
            return f"<class '{value.cls.name}'>"
    return None


_PLAIN: Final = ("builtins.object", "torch.nn.Module", "torch.utils.data.Dataset", "enum.Enum")


def _like_mapping(cls: ClassValue) -> bool:
    return any(isinstance(base, ClassValue) and "register" in base.fields for base in cls.mro)


def _refused(cx: Context, value: Value) -> Value:
    shown = class_repr(value)
    if shown is None:
        return cx.unknown("what becomes of such samples is not known")
    raise _type_fault(cx, NOT_COLLATED.format(shown), value, shown.split("'")[1])


def _type_fault(cx: Context, message: str, value: Value, given: str) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    raised = raises(cx, "TypeError", message)
    return UnsupportedData(raised, values=(value,), taker="default_collate", given=given)


# -- converting --------------------------------------------------------------------------------------------------------


@rule(
    "torch.utils.data.default_convert",
    "torch.utils.data._utils.collate.default_convert",
    doc=f"{DOC}#torch.utils.data.default_convert",
)
def default_convert(cx: Context, data: Value) -> Value:
    """NumPy arrays inside of a structure become tensors; everything else stays."""
    if isinstance(data, Array) and data.kind == "numpy":
        if data.dtype in ("object", "str", "bytes"):
            return data
        made = Array("torch", data.shape, data.dtype, lo=data.lo, hi=data.hi, data=data.data, roles=data.roles)
        made.origin = data.origin
        made.tainted = data.tainted
        return made
    if isinstance(data, DictValue):
        return DictValue({key: default_convert(cx, value) for key, value in data.entries.items()}, data.rest)
    if isinstance(data, Sequence) and data.kind in ("list", "tuple"):
        parts: list[Segment] = [
            Run(part.length, default_convert(cx, part.element), part.index)
            if isinstance(part, Run)
            else default_convert(cx, part)
            for part in data.contents.segments
        ]
        return Sequence("list", Contents(parts))
    return data
