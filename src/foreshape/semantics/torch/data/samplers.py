"""Samplers: which positions a loader asks a data set for, in which order.

https://docs.pytorch.org/docs/stable/data.html#data-loading-order-and-sampler
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, ceildiv, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    RangeValue,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_dim,
    int_value,
    is_none,
)
from foreshape.semantics.registry import attribute, library_types, rule
from foreshape.semantics.torch.data.sources import DOC, bad, length_of, raises

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SAMPLER: Final = "torch.utils.data.Sampler"
library_types((
    (SAMPLER, ()),
    ("torch.utils.data.SequentialSampler", (SAMPLER,)),
    ("torch.utils.data.RandomSampler", (SAMPLER,)),
    ("torch.utils.data.SubsetRandomSampler", (SAMPLER,)),
    ("torch.utils.data.WeightedRandomSampler", (SAMPLER,)),
    ("torch.utils.data.BatchSampler", (SAMPLER,)),
    ("torch.utils.data.distributed.DistributedSampler", (SAMPLER,)),
))  # fmt: skip


@rule(f"{SAMPLER}.__init__")
def sampler_init(cx: Context, self: Instance, data_source: Value | None = None) -> Value:
    """Nothing."""
    return Const(None)


def in_chance_order(cx: Context, count: DimLike, total: DimLike | None) -> Value:
    """``count`` positions below ``total`` that chance decides."""
    place = Int(cx.fresh("index", 0, None if total is None else total - 1, varying=True))
    return Sequence("list", Contents((Run(count, place),)))


# -- in order ----------------------------------------------------------------------------------------------------------


@rule("torch.utils.data.SequentialSampler.__init__")
def sequential_init(cx: Context, self: Instance, data_source: Value) -> Value:
    """All positions in order."""
    cx.set(self, "data_source", data_source)
    return Const(None)


def _source(self: Instance) -> Value:
    found = self.fields.get("data_source")
    return found if isinstance(found, Value) else Unknown("the data are not known")


@rule("torch.utils.data.SequentialSampler.__iter__")
def sequential_iter(cx: Context, self: Instance) -> Value:
    """0 .. n-1."""
    size = length_of(cx, _source(self))
    return cx.unknown("how many samples there are is not known") if size is None else RangeValue(0, size)


@rule("torch.utils.data.SequentialSampler.__len__")
def sequential_length(cx: Context, self: Instance) -> Value:
    """The number of samples."""
    size = length_of(cx, _source(self))
    return cx.unknown("how many samples there are is not known") if size is None else int_value(size)


# -- by chance ---------------------------------------------------------------------------------------------------------


@rule("torch.utils.data.RandomSampler.__init__")
def random_init(
    cx: Context,
    self: Instance,
    data_source: Value,
    replacement: Value | None = None,
    num_samples: Value | None = None,
    generator: Value | None = None,
) -> Value:
    """All positions in an order that chance decides; ValueError where there is none."""
    cx.set(self, "data_source", data_source)
    cx.set(self, "replacement", replacement or Const(False))
    cx.set(self, "~num_samples", num_samples if num_samples is not None and not is_none(num_samples) else None)
    if isinstance(replacement, Const) and not isinstance(replacement.value, bool):
        message = f"replacement should be a boolean value, but got replacement={replacement.value!r}"
        raise bad(cx, "TypeError", message, "replacement", replacement)
    count = _random_count(cx, self)
    asked = self.fields.get("~num_samples")
    if isinstance(asked, Const) and not isinstance(asked.value, int):
        count = 0
    if isinstance(count, int) and count <= 0:
        shown = asked.value if isinstance(asked, Const) else count
        message = f"num_samples should be a positive integer value, but got num_samples={shown}"
        raise bad(cx, "ValueError", message, "num_samples", str(shown))
    return Const(None)


def _random_count(cx: Context, self: Instance) -> DimLike | None:
    asked = self.fields.get("~num_samples")
    if isinstance(asked, Value):
        return as_dim(asked)
    return length_of(cx, _source(self))


@attribute("torch.utils.data.RandomSampler.num_samples")
@rule("torch.utils.data.RandomSampler.__len__")
def random_length(cx: Context, self: Instance) -> Value:
    """How many are drawn."""
    count = _random_count(cx, self)
    return cx.unknown("how many samples are drawn is not known") if count is None else int_value(count)


@rule("torch.utils.data.RandomSampler.__iter__")
def random_iter(cx: Context, self: Instance) -> Value:
    """Positions below the number of samples."""
    count = _random_count(cx, self)
    if count is None:
        return cx.unknown("how many samples are drawn is not known")
    return in_chance_order(cx, count, length_of(cx, _source(self)))


@rule("torch.utils.data.SubsetRandomSampler.__init__")
def subset_random_init(cx: Context, self: Instance, indices: Value, generator: Value | None = None) -> Value:
    """Some positions in an order that chance decides."""
    cx.set(self, "indices", indices)
    return Const(None)


@rule("torch.utils.data.SubsetRandomSampler.__len__")
def subset_random_length(cx: Context, self: Instance) -> Value:
    """How many positions."""
    size = length_of(cx, self.fields.get("indices") or Unknown(""))
    return cx.unknown("how many samples are drawn is not known") if size is None else int_value(size)


@rule("torch.utils.data.SubsetRandomSampler.__iter__")
def subset_random_iter(cx: Context, self: Instance) -> Value:
    """Each of the positions once."""
    indices = self.fields.get("indices")
    contents = cx.iterate(indices) if isinstance(indices, Value) else None
    if contents is None:
        return cx.unknown("the positions are not known")
    from foreshape.semantics.python.tools import shuffled

    return Sequence("list", shuffled(cx, contents))


@rule("torch.utils.data.WeightedRandomSampler.__init__", doc=f"{DOC}#torch.utils.data.WeightedRandomSampler")
def weighted_init(
    cx: Context,
    self: Instance,
    weights: Value,
    num_samples: Value,
    replacement: Value | None = None,
    generator: Value | None = None,
) -> Value:
    """Positions by weight. ValueError for a number of samples that is not a positive int, or weights of another rank."""
    cx.set(self, "~weights", weights)
    cx.set(self, "num_samples", num_samples)
    cx.set(self, "replacement", replacement or Const(True))
    wrong = isinstance(num_samples, Const) and (
        isinstance(num_samples.value, bool) or not isinstance(num_samples.value, int) or num_samples.value <= 0
    )
    if wrong or (isinstance(num_samples, Array) and num_samples.kind in ("torch", "numpy")):
        shown = num_samples.value if isinstance(num_samples, Const) else cx.text(num_samples)
        message = f"num_samples should be a positive integer value, but got num_samples={shown}"
        raise bad(cx, "ValueError", message, "num_samples", num_samples)
    if isinstance(weights, Array) and weights.shape is not None and len(weights.shape) != 1:
        from foreshape.faults.rank_mismatch import RankMismatch

        shape = "(" + ", ".join(map(str, weights.shape)) + ")"
        message = f"weights should be a 1d sequence but given weights have shape {shape}"
        raised = raises(cx, "ValueError", message)
        raise RankMismatch(raised, values=(weights,), taker="WeightedRandomSampler", needs=1, got=weights.shape)
    many, drawn = cx.length(weights), as_dim(num_samples)
    if as_bool(replacement) is False and isinstance(many, int) and isinstance(drawn, int) and drawn > many:
        cx.set(self, "~too_many", (drawn, many))
    return Const(None)


@attribute("torch.utils.data.WeightedRandomSampler.weights")
def weights_of(cx: Context, self: Instance) -> Value:
    """A tensor of float64."""
    weights = self.fields.get("~weights")
    many = cx.length(weights) if isinstance(weights, Value) else None
    return Array("torch", (many if many is not None else cx.fresh("samples"),), "float64")


@rule("torch.utils.data.WeightedRandomSampler.__len__")
def weighted_length(cx: Context, self: Instance) -> Value:
    """How many are drawn."""
    found = self.fields.get("num_samples")
    return found if isinstance(found, Value) else cx.unknown("how many samples are drawn is not known")


@rule("torch.utils.data.WeightedRandomSampler.__iter__")
def weighted_iter(cx: Context, self: Instance) -> Value:
    """Positions below the number of weights."""
    if "~too_many" in self.fields:
        message = "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        raise bad(cx, "RuntimeError", message, "num_samples", self.fields["num_samples"])
    weights = self.fields.get("~weights")
    many = cx.length(weights) if isinstance(weights, Value) else None
    count = as_dim(self.fields.get("num_samples"))
    return in_chance_order(cx, count if count is not None else cx.fresh("samples"), many)


# -- batches of positions ----------------------------------------------------------------------------------------------


def check_batch_size(cx: Context, batch_size: Value) -> None:
    """A positive int: ValueError otherwise."""
    value = batch_size.value if isinstance(batch_size, Const) else None
    if isinstance(batch_size, Const) and (isinstance(value, bool) or not isinstance(value, int) or value <= 0):
        message = f"batch_size should be a positive integer value, but got batch_size={value}"
        raise bad(cx, "ValueError", message, "batch_size", batch_size)
    if isinstance(batch_size, Sequence) or (isinstance(batch_size, Array) and batch_size.shape):
        shown = cx.text(batch_size)
        message = f"batch_size should be a positive integer value, but got batch_size={shown}"
        raise bad(cx, "ValueError", message, "batch_size", batch_size)


def check_drop_last(cx: Context, drop_last: Value) -> None:
    """A bool: ValueError otherwise."""
    if isinstance(drop_last, Const) and not isinstance(drop_last.value, bool):
        message = f"drop_last should be a boolean value, but got drop_last={drop_last.value}"
        raise bad(cx, "ValueError", message, "drop_last", drop_last)


@rule("torch.utils.data.BatchSampler.__init__", doc=f"{DOC}#torch.utils.data.BatchSampler")
def batch_init(cx: Context, self: Instance, sampler: Value, batch_size: Value, drop_last: Value) -> Value:
    """Lists of positions."""
    cx.set(self, "sampler", sampler)
    cx.set(self, "batch_size", batch_size)
    cx.set(self, "drop_last", drop_last)
    check_batch_size(cx, batch_size)
    check_drop_last(cx, drop_last)
    return Const(None)


@rule("torch.utils.data.BatchSampler.__len__")
def batch_length(cx: Context, self: Instance) -> Value:
    """How many lists."""
    count, size = length_of(cx, self.fields.get("sampler") or Unknown("")), as_dim(self.fields.get("batch_size"))
    drop = as_bool(self.fields.get("drop_last"))
    if count is None or size is None or drop is None:
        return cx.unknown("how many batches there are is not known")
    return int_value(floordiv(count, size) if drop else ceildiv(count, size))


@rule("torch.utils.data.BatchSampler.__iter__")
def batch_iter(cx: Context, self: Instance) -> Value:
    """Lists of the positions that the sampler gives, the last one shorter."""
    sampler = self.fields.get("sampler")
    contents = cx.iterate(sampler) if isinstance(sampler, Value) else None
    size, drop = as_dim(self.fields.get("batch_size")), as_bool(self.fields.get("drop_last"))
    if contents is None or size is None or drop is None:
        return cx.unknown("the batches of positions are not known")
    return Sequence("list", cut(cx, contents, size, drop))


def cut(cx: Context, contents: Contents, size: DimLike, drop: bool) -> Contents:
    """The elements in lists of this size, the last one shorter unless it is dropped."""
    items = contents.items(limit=512)
    if items is not None and isinstance(size, int):
        ends = range(0, len(items) - size + 1 if drop else len(items), size)
        return Contents(tuple(Sequence("list", Contents(items[start : start + size])) for start in ends))
    from foreshape.semantics.python.tools import any_element

    total = cx.resolve(contents.length)
    element = any_element(cx, contents)
    full = Sequence("list", Contents((Run(size, element),)))
    if drop:
        return Contents((Run(floordiv(total, size), full),))
    if isinstance(total, int) and isinstance(size, int):
        many, rest = divmod(total, size)
        last = Sequence("list", Contents((Run(rest, element),)))
        return Contents(((Run(many, full),) if many else ()) + ((last,) if rest else ()))
    some = Sequence("list", Contents((Run(cx.fresh("batch", 1, size, varying=True), element),)))
    return Contents((Run(ceildiv(total, size), some),))


# -- several processes -------------------------------------------------------------------------------------------------


@rule("torch.utils.data.distributed.DistributedSampler.__init__")
def distributed_init(
    cx: Context,
    self: Instance,
    dataset: Value,
    num_replicas: Value | None = None,
    rank: Value | None = None,
    shuffle: Value | None = None,
    seed: Value | None = None,
    drop_last: Value | None = None,
) -> Value:
    """The part of the positions that one process sees."""
    cx.set(self, "dataset", dataset)
    cx.set(self, "num_replicas", num_replicas or Unknown("how many processes there are is not known"))
    cx.set(self, "rank", rank or Unknown("which process this is is not known"))
    cx.set(self, "~drop", as_bool(drop_last) if drop_last is not None else False)
    return Const(None)


def _share(cx: Context, self: Instance) -> DimLike | None:
    size = length_of(cx, self.fields.get("dataset") or Unknown(""))
    many = as_dim(self.fields.get("num_replicas"))
    if size is None or many is None or self.fields.get("~drop") is not False:
        return None
    return ceildiv(size, many)


@rule("torch.utils.data.distributed.DistributedSampler.__len__")
def distributed_length(cx: Context, self: Instance) -> Value:
    """How many positions one process sees."""
    found = _share(cx, self)
    return int_value(found if found is not None else cx.fresh("samples", lo=0))


@rule("torch.utils.data.distributed.DistributedSampler.__iter__")
def distributed_iter(cx: Context, self: Instance) -> Value:
    """Some positions."""
    found = _share(cx, self)
    count = found if found is not None else cx.fresh("samples", lo=1)
    return in_chance_order(cx, count, length_of(cx, self.fields.get("dataset") or Unknown("")))


@rule("torch.utils.data.distributed.DistributedSampler.set_epoch")
def set_epoch(cx: Context, self: Instance, epoch: Value) -> Value:
    """Another order."""
    return Const(None)
