"""``DataLoader``: batches of the samples of a data set, the shorter last one included.

https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.dim import DimLike, ceildiv, floordiv
from foreshape.domain.truth import Condition
from foreshape.domain.values import (
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_int,
    int_value,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.data.collate import batch_of, collate, default_convert
from foreshape.semantics.torch.data.samplers import check_batch_size, check_drop_last
from foreshape.semantics.torch.data.sources import (
    DOC,
    bad,
    is_iterable_dataset,
    length_of,
    no_length,
    python,
    raises,
    sample_at,
    surely_without,
)
from foreshape.semantics.torch.data.splitting import drawn_from
from foreshape.semantics.torch.data.walking import MOST_SAMPLES, Walk, walked

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LOADER: Final = library_type("torch.utils.data.DataLoader")
ITERATOR: Final = library_type("torch.utils.data._BaseDataLoaderIter")
MOST_GROUPS: Final = 64


def _given(value: Value | None) -> bool:
    return value is not None and not is_none(value)


@rule(f"{LOADER}.__init__", doc=f"{DOC}#torch.utils.data.DataLoader")
def loader_init(
    cx: Context,
    self: Instance,
    dataset: Value,
    batch_size: Value | None = None,
    shuffle: Value | None = None,
    sampler: Value | None = None,
    batch_sampler: Value | None = None,
    num_workers: Value | None = None,
    collate_fn: Value | None = None,
    pin_memory: Value | None = None,
    drop_last: Value | None = None,
    timeout: Value | None = None,
    worker_init_fn: Value | None = None,
    multiprocessing_context: Value | None = None,
    generator: Value | None = None,
    *,
    prefetch_factor: Value | None = None,
    persistent_workers: Value | None = None,
    pin_memory_device: Value | None = None,
    in_order: Value | None = None,
) -> Value:
    """Checks arguments that exclude each other (ValueError), and asks for the length of what is to be shuffled."""
    size = Const(1) if batch_size is None else batch_size
    fields: dict[str, Any] = {
        "dataset": dataset, "batch_size": size, "~sampler": sampler or Const(None),
        "~batch_sampler": batch_sampler or Const(None), "num_workers": num_workers or Const(0),
        "collate_fn": collate_fn or Const(None), "pin_memory": pin_memory or Const(False),
        "drop_last": drop_last or Const(False), "timeout": timeout or Const(0),
        "worker_init_fn": worker_init_fn or Const(None), "generator": generator or Const(None),
        "persistent_workers": persistent_workers or Const(False), "prefetch_factor": prefetch_factor or Const(None),
    }  # fmt: skip
    for key, value in fields.items():
        cx.set(self, key, value)
    cx.set(self, "~shuffle", shuffle or Const(False))
    cx.set(self, "~groups", _given(batch_sampler))
    _check_workers(cx, fields, timeout)
    _check_exclusive(cx, fields, shuffle, batch_size)
    if not _given(sampler) and not is_iterable_dataset(dataset):
        _check_samples(cx, self, dataset, shuffle)
    if is_none(size) and not _given(batch_sampler):
        return Const(None)
    if not _given(batch_sampler):
        check_batch_size(cx, size)
        check_drop_last(cx, fields["drop_last"])
    return Const(None)


def _check_workers(cx: Context, fields: dict[str, Any], timeout: Value | None) -> None:
    workers = as_int(fields["num_workers"])
    if workers is not None and workers < 0:
        message = "num_workers option should be non-negative; use num_workers=0 to disable multiprocessing."
        raise bad(cx, "ValueError", message, "num_workers", str(workers))
    late = timeout.value if isinstance(timeout, Const) else None
    if isinstance(late, (int, float)) and late < 0:
        raise bad(cx, "ValueError", "timeout option should be non-negative", "timeout", str(late))
    ahead = fields["prefetch_factor"]
    if workers == 0 and _given(ahead) and cx.targets.at_least("torch", "2"):
        message = (
            "prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable "
            "multiprocessing, otherwise set prefetch_factor to None."
        )
        raise bad(cx, "ValueError", message, "prefetch_factor", ahead)
    if workers == 0 and as_bool(fields["persistent_workers"]):
        message = "persistent_workers option needs num_workers > 0"
        raise bad(cx, "ValueError", message, "persistent_workers", "True")


def _check_exclusive(cx: Context, fields: dict[str, Any], shuffle: Value | None, batch_size: Value | None) -> None:
    shuffled = as_bool(shuffle) if _given(shuffle) else False
    sampler, groups, size = fields["~sampler"], fields["~batch_sampler"], fields["batch_size"]
    if is_iterable_dataset(fields["dataset"]):
        before = "DataLoader with IterableDataset: expected unspecified "
        if shuffled:
            raise bad(cx, "ValueError", f"{before}shuffle option, but got shuffle=True", "shuffle", "True")
        for name, value in (("sampler", sampler), ("batch_sampler", groups)):
            if _given(value):
                raise bad(cx, "ValueError", f"{before}{name} option, but got {name}={cx.text(value)}", name, value)
    if _given(sampler) and shuffled:
        raise bad(cx, "ValueError", "sampler option is mutually exclusive with shuffle", "shuffle", "True")
    dropped = as_bool(fields["drop_last"])
    if _given(groups):
        other = batch_size is not None and as_int(batch_size) != 1 and isinstance(batch_size, Const)
        if other or shuffled or _given(sampler) or dropped:
            message = "batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last"
            raise bad(cx, "ValueError", message, "batch_sampler", groups)
    elif is_none(size) and dropped:
        message = "batch_size=None option disables auto-batching and is mutually exclusive with drop_last"
        raise bad(cx, "ValueError", message, "drop_last", "True")


def _check_samples(cx: Context, self: Instance, dataset: Value, shuffle: Value | None) -> None:
    """A random sampler asks at once how many samples there are."""
    if not _given(shuffle) or as_bool(shuffle) is not True:
        return
    count = length_of(cx, dataset)
    if isinstance(count, int) and count <= 0:
        message = f"num_samples should be a positive integer value, but got num_samples={count}"
        from foreshape.faults.no_data import NoData
        from foreshape.semantics.torch.data.sources import raises

        raise NoData(raises(cx, "ValueError", message), values=(dataset,), taker="DataLoader", samples=count)


# -- what others read ---------------------------------------------------------------------------------------------------


@attribute(f"{LOADER}.sampler")
def loader_sampler(cx: Context, self: Instance) -> Value:
    """The one that was given, or one in order or at random."""
    dataset, sampler, shuffle = (self.fields.get(key) for key in ("dataset", "~sampler", "~shuffle"))
    if isinstance(sampler, Value) and not is_none(sampler):
        return sampler
    if not isinstance(dataset, Value) or is_iterable_dataset(dataset) or as_bool(shuffle) is None:
        return cx.unknown("which sampler the loader makes is not known")
    name = "RandomSampler" if as_bool(shuffle) else "SequentialSampler"
    return cx.call(LibraryRef(f"torch.utils.data.{name}"), (dataset,))


@attribute(f"{LOADER}.batch_sampler")
def loader_batch_sampler(cx: Context, self: Instance) -> Value:
    """The one that was given, one that makes batches of what the sampler gives, or None without batches."""
    groups, size, drop = (self.fields.get(key) for key in ("~batch_sampler", "batch_size", "drop_last"))
    if isinstance(groups, Value) and not is_none(groups):
        return groups
    if not isinstance(size, Value) or not isinstance(drop, Value):
        return cx.unknown("which sampler the loader makes is not known")
    if is_none(size):
        return Const(None)
    return cx.call(LibraryRef("torch.utils.data.BatchSampler"), (loader_sampler(cx, self), size, drop))


# -- how many ----------------------------------------------------------------------------------------------------------


def _samples(cx: Context, self: Instance) -> DimLike | None:
    """How many samples one pass asks for."""
    dataset, sampler = self.fields["dataset"], self.fields["~sampler"]
    if is_none(sampler):
        return length_of(cx, dataset)
    if surely_without(cx, sampler, "__len__"):
        raise no_length(cx, sampler)
    return length_of(cx, sampler)


@rule(f"{LOADER}.__len__")
def loader_length(cx: Context, self: Instance) -> Value:
    """The number of batches. TypeError where the data set has no length."""
    if "dataset" not in self.fields:
        return cx.unknown("the loader is not known")
    if self.fields.get("~groups"):
        groups = self.fields["~batch_sampler"]
        found = length_of(cx, groups)
        return cx.unknown("how many batches there are is not known") if found is None else int_value(found)
    count = _samples(cx, self)
    if count is None:
        return cx.unknown("how many samples there are is not known")
    size = self.fields["batch_size"]
    if is_none(size):
        return int_value(count)
    many, drop = as_dim(size), as_bool(self.fields["drop_last"])
    if many is None or drop is None:
        return cx.unknown("how many batches there are is not known")
    return int_value(floordiv(count, many) if drop else ceildiv(count, many))


# -- batches -----------------------------------------------------------------------------------------------------------


@rule(f"{LOADER}.__iter__")
def loader_iter(cx: Context, self: Instance) -> Value:
    """The batches of one pass."""
    contents = batches(cx, self)
    return cx.unknown("the batches are not known") if contents is None else Sequence("list", contents)


def batches(cx: Context, self: Instance) -> Contents | None:
    """The batches of one pass, those that differ one by one. Asked for once, as long as the data set stays as it is."""
    if "dataset" not in self.fields:
        return None
    known = self.fields.get("~batches")
    stamp = _stamp(self)
    if known is not None and len(known[0]) == len(stamp) and all(a is b for a, b in zip(known[0], stamp)):
        found: Contents = known[1]
        return found
    made = _guarded(cx, self, lambda: _batches(cx, self, None))
    if made is not None:
        cx.set(self, "~batches", (stamp, made))
    return made


def _stamp(self: Instance) -> tuple[Any, ...]:
    """What the batches depend on: the values that the loader and its data set hold now."""
    held: list[Any] = [value for key, value in self.fields.items() if key != "~batches"]
    dataset = self.fields["dataset"]
    depth = 0
    while isinstance(dataset, Instance) and depth < 4:
        held.extend(dataset.fields.values())
        dataset, depth = dataset.fields.get("dataset"), depth + 1
    for value in list(held):
        if isinstance(value, Sequence):
            held.append(value.contents)
    return tuple(held)


def _guarded(cx: Context, self: Instance, action: Any) -> Contents | None:
    """What raises in a worker process shows at the loop; what raises here shows where it is."""
    workers = as_int(self.fields["num_workers"])
    hidden = cx.opaque() if workers is not None and workers > 0 else nullcontext()
    with hidden:
        try:
            found: Contents | None = action()
        except Fault as fault:
            cx.report(fault)
            after = Unknown("it follows a fault")
            after.tainted = True
            return Contents((Run(cx.fresh("batches"), after),))
    return found


def _batches(cx: Context, self: Instance, only: int | None) -> Contents | None:
    """only: how many batches are taken, where not all are."""
    if is_iterable_dataset(self.fields["dataset"]):
        return _stream(cx, self)
    if self.fields.get("~groups"):
        return _grouped(cx, self, only)
    size, drop = as_dim(self.fields["batch_size"]), as_bool(self.fields["drop_last"])
    if is_none(self.fields["batch_size"]):
        size, drop = 1, False
    if size is None:
        size = cx.dim(self.fields["batch_size"], "batch_size", lo=1)
    if size is None or drop is None:
        return None
    walk = _walk(cx, self, cx.resolve(size), drop)
    if walk is None:
        return None
    if only is not None:
        _shorten(walk, only)
    return walked(cx, walk)


def _shorten(walk: Walk, only: int) -> None:
    """Only the first batches are taken."""
    if isinstance(walk.size, int):
        if walk.pool is None and not walk.ordered and isinstance(walk.count, int):
            walk.pool = walk.count, walk.sample
        if isinstance(walk.count, int):
            walk.count = min(walk.count, walk.size * only)
        elif walk.drop:
            walk.count = walk.size * only


def _walk(cx: Context, self: Instance, size: DimLike, drop: bool) -> Walk | None:
    dataset, sampler = self.fields["dataset"], self.fields["~sampler"]
    if isinstance(dataset, Unknown):
        return None
    single = is_none(self.fields["batch_size"])

    def made(contents: Contents, of: DimLike) -> Value:
        return _converted(cx, self, contents) if single else _collated(cx, self, contents)

    if is_none(sampler):
        count = length_of(cx, dataset)
        if count is None:
            count = cx.fresh("samples", lo=1)
        ordered = as_bool(self.fields["~shuffle"]) is False
        own = not single and not is_none(self.fields["collate_fn"])
        base = drawn_from(dataset)
        total = None if base is None else length_of(cx, base)
        pool = None
        if base is not None and isinstance(total, int):
            pool, ordered = (total, lambda place: sample_at(cx, base, int_value(place))), False
        return Walk(count, size, drop, ordered, lambda place: sample_at(cx, dataset, int_value(place)), made, own, pool)
    positions = cx.iterate(sampler)
    if positions is None:
        return None
    _check_weights(cx, dataset, sampler)
    in_turn = positions.items(limit=4096) is not None
    return Walk(
        cx.resolve(positions.length), size, drop, in_turn,
        lambda place: sample_at(cx, dataset, _position(cx, positions, place)), made,
    )  # fmt: skip


def _check_weights(cx: Context, dataset: Value, sampler: Value) -> None:
    """A weight for each sample of another, longer data set: the positions of those are drawn, too."""
    weights = sampler.fields.get("~weights") if isinstance(sampler, Instance) else None
    many = cx.length(weights) if isinstance(weights, Value) else None
    count = length_of(cx, dataset)
    if not isinstance(many, int) or not isinstance(count, int) or many <= count:
        return
    drawn = Condition(f"a position from {count} on is drawn", f"only positions below {count} are drawn")
    with cx.under(drawn):
        try:
            sample_at(cx, dataset, Const(many - 1))
        except Fault as fault:
            cx.report(fault)


def _position(cx: Context, positions: Contents, place: DimLike) -> Value:
    from foreshape.semantics.python.tools import any_element

    found = positions.at(place)
    return found if found is not None else any_element(cx, positions)


def _collated(cx: Context, self: Instance, samples: Contents) -> Value:
    """A batch of these samples, by the program's own function where it has one."""
    function = self.fields["collate_fn"]
    if is_none(function):
        return collate(cx, batch_of(cx, samples, self))
    return cx.call(function, (Sequence("list", samples),))


def _converted(cx: Context, self: Instance, samples: Contents) -> Value:
    """A sample as it is (``batch_size=None``)."""
    part = samples.segments[0]
    sample = part.element if isinstance(part, Run) else part
    function = self.fields["collate_fn"]
    return default_convert(cx, sample) if is_none(function) else cx.call(function, (sample,))


def _grouped(cx: Context, self: Instance, only: int | None) -> Contents | None:
    """Batches of the positions that a batch sampler gives."""
    dataset = self.fields["dataset"]
    groups = cx.iterate(self.fields["~batch_sampler"])
    if groups is None or isinstance(dataset, Unknown):
        return None
    items = groups.items(limit=MOST_GROUPS)
    parts = items if items is not None else groups.segments
    segments: list[Segment] = []
    for number, part in enumerate(parts):
        if only is not None and number >= only:
            break
        run = part if isinstance(part, Run) else None
        made = _group(cx, self, dataset, run.element if run is not None else part)  # type: ignore[arg-type]
        segments.append(Run(run.length, made) if run is not None else made)
    return Contents(segments)


def _group(cx: Context, self: Instance, dataset: Value, positions: Value) -> Value:
    if as_dim(positions) is not None:
        shown = "int"
        raise python(cx, "TypeError", f"'{shown}' object is not iterable", "batch_sampler", positions)
    contents = cx.iterate(positions)
    if contents is None:
        return cx.unknown("the positions of a batch are not known")
    items = contents.items(limit=MOST_SAMPLES)
    if items is not None:
        return _collated(cx, self, Contents(tuple(sample_at(cx, dataset, item) for item in items)))
    from foreshape.semantics.python.tools import any_element

    sample = sample_at(cx, dataset, any_element(cx, contents))
    return _collated(cx, self, Contents((Run(contents.length, sample),)))


def _stream(cx: Context, self: Instance) -> Contents | None:
    """Batches of what an iterable data set yields."""
    dataset = self.fields["dataset"]
    workers = as_int(self.fields["num_workers"])
    torch = cx.state("torch")
    cx.set(torch, "~workers", workers)
    contents = cx.iterate(dataset)
    cx.set(torch, "~workers", None)
    if contents is None:
        return None
    from foreshape.semantics.python.tools import any_element

    if is_none(self.fields["batch_size"]):
        segments: list[Segment] = []
        for part in contents.segments:
            element = _converted(cx, self, Contents((part,)))
            segments.append(Run(part.length, element, part.index) if isinstance(part, Run) else element)
        return Contents(segments)
    size, drop = as_dim(self.fields["batch_size"]), as_bool(self.fields["drop_last"])
    if size is None or drop is None:
        return None
    items = contents.items(limit=MOST_SAMPLES)

    def made(samples: Contents, of: DimLike) -> Value:
        return _collated(cx, self, samples)

    def sample(place: DimLike) -> Value:
        found = contents.at(place)
        return found if found is not None else any_element(cx, contents)

    count = cx.resolve(contents.length) if workers == 0 else cx.fresh("samples", lo=1)
    if workers != 0 and items is not None:
        items = None
    ordered = workers == 0 and (items is not None or any(isinstance(part, Run) for part in contents.segments))
    return walked(cx, Walk(count, size, drop, ordered, sample, made))


# -- one batch after the other -----------------------------------------------------------------------------------------


@rule(f"{LOADER}.~iterator")
def loader_iterator(cx: Context, self: Instance) -> Value:
    """``iter(loader)``."""
    return Instance(LibraryRef(ITERATOR), {"~loader": self, "~taken": 0})


@rule(f"{ITERATOR}.__iter__")
def iterator_iter(cx: Context, self: Instance) -> Value:
    """The batches that are left."""
    loader, taken = self.fields["~loader"], self.fields["~taken"]
    contents = batches(cx, loader)
    if contents is None:
        return cx.unknown("the batches are not known")
    items = contents.items(limit=256)
    if taken and items is not None:
        return Sequence("list", Contents(items[taken:]))
    return Sequence("list", contents)


@rule(f"{ITERATOR}.__len__")
def iterator_length(cx: Context, self: Instance) -> Value:
    """The number of batches of a pass."""
    return loader_length(cx, self.fields["~loader"])


@rule(f"{LOADER}.__getitem__")
def loader_item(cx: Context, self: Instance, index: Value) -> Value:
    """A loader is walked through: it has no items."""
    raise python(cx, "TypeError", "'DataLoader' object is not subscriptable", "[]", self)


@rule(f"{ITERATOR}.next", since="1.13")
def iterator_next_method(cx: Context, self: Instance) -> Value:
    """The spelling of Python 2, gone in 1.13."""
    from foreshape.faults.missing_attribute import MissingAttribute

    message = "'_SingleProcessDataLoaderIter' object has no attribute 'next'"
    raised = raises(cx, "AttributeError", message)
    raise MissingAttribute(raised, values=(self,), owner="_SingleProcessDataLoaderIter", attribute="next")


@rule(f"{ITERATOR}.next", until="1.13")
@rule(f"{ITERATOR}.__next__")
def iterator_next(cx: Context, self: Instance) -> Value:
    """The next batch; StopIteration after the last."""
    loader, taken = self.fields["~loader"], self.fields["~taken"]
    if "dataset" not in loader.fields:
        return cx.unknown("the batches are not known")
    cx.set(self, "~taken", taken + 1)
    if taken == 0 and loader.fields.get("~batches") is None:
        contents = _guarded(cx, loader, lambda: _batches(cx, loader, 1))
    else:
        contents = batches(cx, loader)
    if contents is None:
        return cx.unknown("the batches are not known")
    length = cx.resolve(contents.length)
    if isinstance(length, int) and taken >= length:
        raise python(cx, "StopIteration", "", "next", self)
    found = contents.at(taken)
    if found is not None:
        return found
    from foreshape.semantics.python.tools import any_element

    return any_element(cx, contents)


@rule("torch.utils.data.get_worker_info")
def get_worker_info(cx: Context) -> Value:
    """None outside of worker processes. What no loop over a loader calls may run in either."""
    return Const(None) if cx.state("torch").fields.get("~workers") == 0 else Unknown("it is about a worker process")
