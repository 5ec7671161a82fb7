"""``Dataset`` and the data sets that PyTorch brings.

https://docs.pytorch.org/docs/stable/data.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.join import join, widen
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_dim,
    int_value,
)
from foreshape.semantics.registry import library_types, rule
from foreshape.semantics.torch.data.sources import (
    DATASET,
    DOC,
    ITERABLE,
    is_iterable_dataset,
    length_of,
    python,
    raises,
    sample_at,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_types((
    (DATASET, ()),
    (ITERABLE, (DATASET,)),
    ("torch.utils.data.TensorDataset", (DATASET,)),
    ("torch.utils.data.StackDataset", (DATASET,)),
    ("torch.utils.data.ConcatDataset", (DATASET,)),
    ("torch.utils.data.ChainDataset", (ITERABLE,)),
    ("torch.utils.data.Subset", (DATASET,)),
))  # fmt: skip


@rule("torch.utils.data.Dataset.__init__")
def dataset_init(cx: Context, self: Instance) -> Value:
    """Nothing."""
    return Const(None)


@rule("torch.utils.data.Dataset.__binary__")
def dataset_add(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``a + b`` gives the samples of both."""
    if operator is None or getattr(operator, "value", operator) != "+" or getattr(reflected, "value", reflected):
        return None
    name = "torch.utils.data.ChainDataset" if is_iterable_dataset(self) else "torch.utils.data.ConcatDataset"
    return cx.call(LibraryRef(name), (Sequence("list", Contents((self, other))),))


# -- TensorDataset ---------------------------------------------------------------------------------------------------


def _rows(cx: Context, value: Value) -> DimLike | None:
    """``tensor.size(0)``."""
    if isinstance(value, Array):
        if value.kind == "numpy":
            raise _no_tensor(cx, "TypeError", "'int' object is not callable", value)
        if value.shape == ():
            message = "Dimension specified as 0 but tensor has no dimensions"
            raise python(cx, "IndexError", message, "size", value)
        return None if value.shape is None else value.shape[0]
    if isinstance(value, (Sequence, DictValue)):
        raise _no_tensor(cx, "AttributeError", f"'{value.kind}' object has no attribute 'size'", value)
    if isinstance(value, Instance) and value.library_type == "pandas.DataFrame":
        raise _no_tensor(cx, "TypeError", "'int' object is not callable", value)
    return None


def _no_tensor(cx: Context, exception: str, message: str, value: Value) -> Exception:
    from foreshape.faults.unsupported_data import UnsupportedData
    from foreshape.semantics.torch.data.sources import class_text

    given = "numpy.ndarray" if isinstance(value, Array) else class_text(value)
    return UnsupportedData(raises(cx, exception, message), values=(value,), taker="TensorDataset", given=given)


@rule("torch.utils.data.TensorDataset.__init__", doc=f"{DOC}#torch.utils.data.TensorDataset")
def tensors_init(cx: Context, self: Instance, *tensors: Value) -> Value:
    """Tensors with as many rows each: AssertionError otherwise."""
    cx.set(self, "tensors", Sequence("tuple", Contents(tensors)))
    rows = [_rows(cx, tensor) for tensor in tensors]
    first = next((size for size in rows if size is not None), None)
    for size in rows:
        if size is None or first is None or cx.equal(first, size):
            continue
        from foreshape.faults.cardinality import Cardinality

        sizes = tuple(
            (cx.text(tensor) or f"tensor {number}", cx.resolve(many))
            for number, (tensor, many) in enumerate(zip(tensors, rows), 1)
            if many is not None
        )
        raised = raises(cx, "AssertionError", "Size mismatch between tensors")
        raise Cardinality(raised, values=tensors, sizes=sizes)
    return Const(None)


def _parts(self: Instance, name: str) -> tuple[Value, ...] | None:
    held = self.fields.get(name)
    return held.contents.items(limit=1024) if isinstance(held, Sequence) else None


@rule("torch.utils.data.TensorDataset.__getitem__")
def tensors_item(cx: Context, self: Instance, index: Value) -> Value:
    """The row of each tensor, in a tuple."""
    tensors = _parts(self, "tensors")
    if tensors is None:
        return cx.unknown("the tensors of the data set are not known")
    return Sequence("tuple", Contents(tuple(cx.get_item(tensor, index) for tensor in tensors)))


@rule("torch.utils.data.TensorDataset.__len__")
def tensors_length(cx: Context, self: Instance) -> Value:
    """The rows of the first tensor. IndexError without any."""
    tensors = _parts(self, "tensors")
    if tensors is None:
        return cx.unknown("the tensors of the data set are not known")
    if not tensors:
        raise python(cx, "IndexError", "tuple index out of range", "[]", self)
    first = tensors[0]
    if isinstance(first, Array) and first.shape:
        return int_value(cx.resolve(first.shape[0]))
    return cx.unknown("the number of rows is not known")


# -- data sets beside and behind each other ----------------------------------------------------------------------------


@rule("torch.utils.data.StackDataset.__init__", doc=f"{DOC}#torch.utils.data.StackDataset")
def stack_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Samples of several data sets side by side. ValueError where they differ in length, or there are none."""
    cx.set(self, "datasets", DictValue(dict(kwargs.items())) if kwargs else Sequence("tuple", Contents(args)))
    if args and kwargs:
        message = (
            "Supported either ``tuple``- (via ``args``) or``dict``- (via ``kwargs``) like input/output, but both types "
            "are given."
        )
        raise python(cx, "ValueError", message, "StackDataset", self)
    held = args or tuple(kwargs.values())
    if not held:
        raise python(cx, "ValueError", "At least one dataset should be passed", "StackDataset", self)
    sizes = [length_of(cx, dataset) for dataset in held]
    for dataset, size in zip(held, sizes):
        if size is not None and sizes[0] is not None and not cx.equal(sizes[0], size):
            from foreshape.faults.cardinality import Cardinality

            listed = tuple((cx.text(one) or "data set", many) for one, many in zip(held, sizes) if many is not None)
            raised = raises(cx, "ValueError", "Size mismatch between datasets")
            raise Cardinality(raised, values=(dataset,), sizes=listed)
    return Const(None)


@rule("torch.utils.data.StackDataset.__getitem__")
def stack_item(cx: Context, self: Instance, index: Value) -> Value:
    """A tuple, or a dict, of the samples at this position."""
    held = self.fields.get("datasets")
    if isinstance(held, DictValue):
        return DictValue({key: sample_at(cx, dataset, index) for key, dataset in held.entries.items()})
    parts = _parts(self, "datasets")
    if parts is None:
        return cx.unknown("the data sets are not known")
    return Sequence("tuple", Contents(tuple(sample_at(cx, dataset, index) for dataset in parts)))


@rule("torch.utils.data.StackDataset.__len__")
def stack_length(cx: Context, self: Instance) -> Value:
    """The length of the first."""
    held = self.fields.get("datasets")
    parts = tuple(held.entries.values()) if isinstance(held, DictValue) else _parts(self, "datasets")
    found = length_of(cx, parts[0]) if parts else None
    return cx.unknown("the length of the data set is not known") if found is None else int_value(found)


@rule("torch.utils.data.ConcatDataset.__init__", doc=f"{DOC}#torch.utils.data.ConcatDataset")
def concat_init(cx: Context, self: Instance, datasets: Value) -> Value:
    """Data sets one after the other. AssertionError without any, or where one cannot be indexed."""
    contents = cx.iterate(datasets)
    cx.set(self, "datasets", Sequence("list", Contents((Run(cx.fresh(lo=1), Unknown("a data set")),))))
    if contents is None:
        return Const(None)
    cx.set(self, "datasets", Sequence("list", contents))
    parts = contents.items(limit=1024)
    if parts is None:
        return Const(None)
    if not parts:
        message = "datasets should not be an empty iterable"
        raise python(cx, "AssertionError", message, "ConcatDataset", self)
    for part in parts:
        if is_iterable_dataset(part):
            message = "ConcatDataset does not support IterableDataset"
            raise python(cx, "AssertionError", message, "ConcatDataset", part)
    total: DimLike = 0
    sums: list[Value] = []
    for part in parts:
        size = length_of(cx, part)
        if size is None:
            return Const(None)
        total = total + size
        sums.append(int_value(total))
    cx.set(self, "cumulative_sizes", Sequence("list", Contents(sums)))
    return Const(None)


@rule("torch.utils.data.ConcatDataset.__len__")
def concat_length(cx: Context, self: Instance) -> Value:
    """The sum of their lengths."""
    sums = _parts(self, "cumulative_sizes")
    return sums[-1] if sums else cx.unknown("the length of the data set is not known")


@rule("torch.utils.data.ConcatDataset.__getitem__")
def concat_item(cx: Context, self: Instance, idx: Value) -> Value:
    """The sample of the data set that the position falls into; of any of them where the position is not known."""
    parts = _parts(self, "datasets")
    if not parts:
        return cx.unknown("the data sets are not known")
    sums = [as_dim(item) for item in _parts(self, "cumulative_sizes") or ()]
    place = as_dim(idx)
    total = sums[-1] if sums else None
    if isinstance(place, int) and place < 0 and isinstance(total, int):
        if -place > total:
            message = "absolute value of index should not exceed dataset length"
            raise python(cx, "ValueError", message, "[]", self)
        place += total
    before: DimLike = 0
    if isinstance(place, int) and place >= 0:
        for part, end in zip(parts, sums):
            if not isinstance(end, int):
                break
            if place < end:
                return sample_at(cx, part, int_value(place - before))
            before = end
        else:
            if isinstance(total, int) and place >= total:
                raise python(cx, "IndexError", "list index out of range", "[]", self)
    found: list[Value] = []
    before = 0
    for number, part in enumerate(parts):
        end = sums[number] if number < len(sums) else None
        hi = None if end is None else end - before - 1
        with cx.quiet():
            found.append(sample_at(cx, part, int_value(cx.fresh("index", 0, hi, varying=True))))
        before = end if end is not None else before
    return _either(found)


def _either(found: list[Value]) -> Value:
    """One sample that stands for several."""
    if all(isinstance(one, Sequence) and one.kind == "tuple" for one in found):
        rows = [one.contents.items(limit=64) for one in found if isinstance(one, Sequence)]
        if all(row is not None and rows[0] is not None and len(row) == len(rows[0]) for row in rows):
            columns = zip(*(row for row in rows if row is not None))
            return Sequence("tuple", Contents(tuple(_either(list(column)) for column in columns)))
    if all(isinstance(one, Array) for one in found):
        return widen(found)
    result = found[0]
    for other in found[1:]:
        result = join(result, other, None)
    return result


@rule("torch.utils.data.ChainDataset.__init__", doc=f"{DOC}#torch.utils.data.ChainDataset")
def chain_init(cx: Context, self: Instance, datasets: Value) -> Value:
    """Streams one after the other."""
    contents = cx.iterate(datasets)
    cx.set(self, "datasets", Sequence("list", contents) if contents is not None else datasets)
    return Const(None)


@rule("torch.utils.data.ChainDataset.__iter__")
def chain_iter(cx: Context, self: Instance) -> Value:
    """All their samples."""
    found = Contents()
    for part in _parts(self, "datasets") or (Unknown("a data set"),):
        if isinstance(part, Instance) and not is_iterable_dataset(part):
            message = "ChainDataset only supports IterableDataset"
            raise python(cx, "AssertionError", message, "ChainDataset", part)
        contents = cx.iterate(part)
        if contents is None:
            contents = Contents((Run(cx.fresh(lo=0), Unknown("a sample of a stream")),))
        found = found.plus(contents)
    return Sequence("list", found)


@rule("torch.utils.data.ChainDataset.__len__")
def chain_length(cx: Context, self: Instance) -> Value:
    """The sum of their lengths."""
    total: DimLike = 0
    for part in _parts(self, "datasets") or ():
        size = length_of(cx, part)
        if size is None:
            return cx.unknown("the length of the data set is not known")
        total = total + size
    return int_value(total)
