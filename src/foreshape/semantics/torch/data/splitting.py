"""``Subset`` and ``random_split``.

https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.random_split
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import (
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_dim,
    as_str,
    int_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.data.sources import DOC, length_of, raises, sample_at
from foreshape.semantics.torch.support import python_type

if TYPE_CHECKING:
    from foreshape.faults.base import Fault
    from foreshape.semantics.protocol import Context

SUBSET = "torch.utils.data.Subset"


@rule(f"{SUBSET}.__init__", doc=f"{DOC}#torch.utils.data.Subset")
def subset_init(cx: Context, self: Instance, dataset: Value, indices: Value) -> Value:
    """The samples at some positions."""
    cx.set(self, "dataset", dataset)
    cx.set(self, "indices", indices)
    return Const(None)


@rule(f"{SUBSET}.__getitem__")
def subset_item(cx: Context, self: Instance, idx: Value) -> Value:
    """``dataset[indices[idx]]``."""
    dataset, indices = self.fields.get("dataset"), self.fields.get("indices")
    if not isinstance(dataset, Value) or not isinstance(indices, Value):
        return cx.unknown("the subset is not known")
    return sample_at(cx, dataset, cx.get_item(indices, idx))


@rule(f"{SUBSET}.__len__")
def subset_length(cx: Context, self: Instance) -> Value:
    """How many positions there are."""
    indices = self.fields.get("indices")
    found = length_of(cx, indices) if isinstance(indices, Value) else None
    return cx.unknown("the length of the subset is not known") if found is None else int_value(found)


def subset(cx: Context, dataset: Value, count: DimLike, total: DimLike | None) -> Instance:
    """Some samples of a data set, in an order that chance decides."""
    place = Int(cx.fresh("index", 0, None if total is None else total - 1, varying=True))
    indices = Sequence("list", Contents((Run(count, place),)))
    return Instance(LibraryRef(SUBSET), {"dataset": dataset, "indices": indices, "~drawn": True})


def drawn_from(dataset: Value) -> Value | None:
    """The data set that chance took this subset of; None for any other."""
    found: Value | None = None
    while isinstance(dataset, Instance) and dataset.fields.get("~drawn"):
        found = dataset = dataset.fields["dataset"]
    return found


@rule("torch.utils.data.random_split", doc=f"{DOC}#torch.utils.data.random_split")
def random_split(cx: Context, dataset: Value, lengths: Value, generator: Value | None = None) -> Value:
    """A list of subsets of these lengths, or fractions of the whole. ValueError where they do not sum up to it."""
    total = length_of(cx, dataset)
    contents = cx.iterate(lengths)
    items = None if contents is None else contents.items(limit=64)
    if contents is None and isinstance(lengths, (Const, Int)) and as_str(lengths) is None:
        from foreshape.faults.invalid_argument import InvalidArgument

        raised = raises(cx, "TypeError", f"'{python_type(lengths)}' object is not iterable")
        raise InvalidArgument(raised, values=(lengths,), argument="lengths", given=cx.text(lengths))
    if items is None:
        run = Run(cx.fresh(lo=1), subset(cx, dataset, cx.fresh(lo=0), total))
        return Sequence("list", Contents((run,)))
    sizes = _sizes(cx, dataset, lengths, items, total)
    return Sequence("list", Contents(tuple(subset(cx, dataset, size, total) for size in sizes)))


def _sizes(
    cx: Context, dataset: Value, lengths: Value, items: tuple[Value, ...], total: DimLike | None
) -> list[DimLike]:
    numbers = [item.value if isinstance(item, Const) else None for item in items]
    known = [number for number in numbers if isinstance(number, (int, float)) and not isinstance(number, bool)]
    some_float = any(isinstance(number, float) for number in numbers)
    if len(known) == len(items):
        whole = sum(known)
        if cx.targets.at_least("torch", "1.13") and math.isclose(whole, 1) and whole <= 1:
            return _fractions(cx, items, known, total)
        if some_float and not (total is not None and isinstance(total, int) and whole == total):
            raise _mismatch(cx, dataset, lengths, items, total)
        if some_float:
            raise _no_counts(cx, dataset, lengths, known, total)
    dims = [as_dim(item) for item in items]
    if any(dim is None for dim in dims):
        open_fraction = any(isinstance(item, Typed) and item.kind == "float" for item in items)
        return [_open_size(cx, item, dim, open_fraction, total) for item, dim in zip(items, dims)]
    found = [cx.resolve(dim) for dim in dims if dim is not None]
    summed: DimLike = 0
    for dim in found:
        summed = summed + dim
    if isinstance(summed, int) and summed == 1 and isinstance(total, int) and total != 1:
        return _fractions(cx, items, [dim for dim in found if isinstance(dim, int)], total)
    if total is not None and not cx.equal(summed, total):
        raise _mismatch(cx, dataset, lengths, items, total)
    return found


def _open_size(cx: Context, item: Value, dim: DimLike | None, fraction: bool, total: DimLike | None) -> DimLike:
    """The length that an argument of unknown value asks for."""
    if dim is not None and not fraction:
        return dim
    return cx.fresh(item.origin.name if item.origin is not None else None, lo=0, hi=total)


def _fractions(
    cx: Context, items: tuple[Value, ...], fractions: list[int | float], total: DimLike | None
) -> list[DimLike]:
    for number, fraction in enumerate(fractions):
        if fraction < 0 or fraction > 1:
            from foreshape.faults.invalid_argument import InvalidArgument

            message = f"Fraction at index {number} is not between 0 and 1"
            raised = raises(cx, "ValueError", message)
            raise InvalidArgument(raised, values=(items[number],), argument="lengths", given=str(fraction))
    if isinstance(total, int):
        sizes = [math.floor(total * fraction) for fraction in fractions]
        for number in range(total - sum(sizes)):
            sizes[number % len(sizes)] += 1
        return list(sizes)
    if total is not None and len(set(fractions)) == 1:
        # equal parts: the first ones take what is left
        parts = len(fractions)
        return [floordiv(total + (parts - 1 - number), parts) for number in range(parts)]
    return [cx.fresh("samples", lo=0, hi=total) for _ in fractions]


def _no_counts(cx: Context, dataset: Value, lengths: Value, sizes: list[int | float], total: DimLike | None) -> Fault:
    """Lengths that add up, but are no ints: ``randperm`` of their sum refuses."""
    from foreshape.faults.invalid_argument import InvalidArgument

    message = (
        "randperm() received an invalid combination of arguments - got (float, generator=torch._C.Generator), but "
        "expected one of:\n * (int n, *, torch.Generator generator, Tensor out = None, torch.dtype dtype = None, "
        "torch.layout layout = None, torch.device device = None, bool pin_memory = False, bool requires_grad = False)"
    )
    recover = Sequence("list", Contents(tuple(subset(cx, dataset, int(size), total) for size in sizes)))
    raised = raises(cx, "TypeError", message)
    return InvalidArgument(raised, values=(lengths,), recover=recover, argument="lengths", given=str(sizes))


def _mismatch(cx: Context, dataset: Value, lengths: Value, items: tuple[Value, ...], total: DimLike | None) -> Fault:
    from foreshape.faults.cardinality import Cardinality
    from foreshape.faults.invalid_argument import InvalidArgument

    message = "Sum of input lengths does not equal the length of the input dataset!"
    recover = Sequence("list", Contents(tuple(subset(cx, dataset, cx.fresh(lo=0), total) for _ in items)))
    dims = [as_dim(item) for item in items]
    raised = raises(cx, "ValueError", message)
    if total is None or any(dim is None for dim in dims):
        given = str([item.value if isinstance(item, Const) else "?" for item in items])
        return InvalidArgument(raised, values=(lengths, dataset), recover=recover, argument="lengths", given=given)
    summed: DimLike = 0
    for dim in dims:
        summed = summed + (dim if dim is not None else 0)
    sizes = (("the data set", total), ("the parts together", summed))
    return Cardinality(raised, values=(dataset, lengths), sizes=sizes, recover=recover)
