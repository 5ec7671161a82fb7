"""How a loader walks a map-style data set: which samples it asks for, whether they are alike, and the batches they make.

The first sample, one in the middle (at a position that is a variable) and the last are asked for. Where the one in the
middle does not tell what all are like, and there are few, all of them are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from foreshape.domain.compare import eq
from foreshape.domain.contents import Contents, Run, Segment, substitute_value
from foreshape.domain.dim import Dim, DimLike, Var, as_var, ceildiv, floordiv, variables
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    DictValue,
    Instance,
    Int,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.faults.base import Fault

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_SAMPLES: Final = 48
"""Up to this many samples are asked for one by one where they differ."""
MOST_SHAPES: Final = 1024
"""Up to this many are written out from the one in the middle."""
Sample = Callable[[DimLike], Value]
Collate = Callable[[Contents, DimLike], Value]


class Walk:
    """What a loader does with ``count`` samples: ``size`` of them make a batch. ordered: they come in the order of their
    positions; otherwise chance decides. own: a function of the program makes the batches. pool: how many samples chance
    takes these from, and what is at a position there, where these are but some."""

    __slots__ = ("collate", "count", "drop", "ordered", "own", "pool", "sample", "size")

    def __init__(
        self, count: DimLike, size: DimLike, drop: bool, ordered: bool, sample: Sample, collate: Collate,
        own: bool = False, pool: tuple[int, Sample] | None = None,
    ) -> None:  # fmt: skip
        self.own = own
        self.pool = pool
        self.count = count
        self.size = size
        self.drop = drop
        self.ordered = ordered
        self.sample = sample
        self.collate = collate


def walked(cx: Context, walk: Walk) -> Contents:
    """The batches one after the other."""
    count = walk.count
    if isinstance(count, int) and (count <= 0 or (walk.drop and isinstance(walk.size, int) and count < walk.size)):
        return Contents()
    if not isinstance(count, int):
        cx.at_least(count, 1)
        count = walk.count = cx.resolve(count)
    first = walk.sample(0)
    if count == 1:
        return _cut_exactly(walk, [first])
    last, place = _last(cx, walk)
    index, middle, other = _in_the_middle(cx, walk)
    if _alike(cx, middle, other):
        contents = _cut(cx, walk, middle)
        return _ending_badly(contents) if _follows_fault(last) else contents
    if _follows_fault(last):
        return _until(cx, walk, place, first, middle, index)
    found = _drawn(cx, *walk.pool) if walk.pool else _one_by_one(cx, walk, first, last, middle, index)
    if found is not None:
        if walk.ordered:
            return _cut_exactly(walk, found)
        mixed = _check_mixed(cx, walk, found)
        if mixed is not None:
            tried = _cut_exactly(walk, mixed)
            if any(_follows_fault(batch) for batch in tried.distinct()):
                return tried  # no order goes well; otherwise this is one of many orders, and its sizes are its own
        return _cut(cx, walk, _like_all(middle, found))
    _check_ends(cx, walk, first, last)
    return _cut(cx, walk, middle)


def _last(cx: Context, walk: Walk) -> tuple[Value, DimLike]:
    """The last sample; or where that fails, the first one that does. And its position."""
    count = walk.count
    if walk.ordered and isinstance(count, int) and count > 2:
        with cx.quiet():
            if _follows_fault(walk.sample(count - 1)):
                good, failing = 0, count - 1
                while failing - good > 1:
                    place = (good + failing) // 2
                    if _follows_fault(walk.sample(place)):
                        failing = place
                    else:
                        good = place
                count = failing + 1
    return walk.sample(count - 1), count - 1


def _until(cx: Context, walk: Walk, place: DimLike, first: Value, middle: Value, index: Var | None) -> Contents:
    """The batches before the one with the sample that fails: what comes after it is never read."""
    if walk.ordered and isinstance(place, int) and place > 1:
        before = Walk(place, walk.size, True, True, walk.sample, walk.collate)
        found = _one_by_one(cx, before, first, walk.sample(place - 1), middle, index)
        if found is not None:
            whole = _cut_exactly(before, found)
            return Contents((*whole.segments, _after_fault()))
    return _ending_badly(_cut(cx, walk, first if walk.ordered else middle))


def _after_fault() -> Unknown:
    after = Unknown("it follows a fault")
    after.tainted = True
    return after


def _follows_fault(value: Value) -> bool:
    """Whether a part of a sample follows a fault."""
    if value.tainted:
        return True
    if isinstance(value, Sequence):
        return any(_follows_fault(part) for part in value.contents.distinct())
    return isinstance(value, DictValue) and any(_follows_fault(part) for part in value.entries.values())


def _ending_badly(contents: Contents) -> Contents:
    """The last batch is never seen."""
    if not contents.segments:
        return contents
    part = contents.segments[-1]
    if not isinstance(part, Run):
        return Contents((*contents.segments[:-1], _after_fault()))
    kept = Run(part.length - 1, part.element, part.index)
    return Contents((*contents.segments[:-1], kept, _after_fault()))


def _in_the_middle(cx: Context, walk: Walk) -> tuple[Var | None, Value, Value]:
    """Samples at two positions that are not known."""
    hi = walk.count - 1
    one, two = cx.fresh("index", 0, hi, varying=True), cx.fresh("index", 0, hi, varying=True)
    with cx.quiet():
        return as_var(one), walk.sample(one), walk.sample(two)


def _alike(cx: Context, a: Value, b: Value) -> bool:
    """Whether samples at two positions have certainly the same structure and shapes."""
    if isinstance(a, Array):
        if not isinstance(b, Array) or a.shape is None or b.shape is None or a.dtype is None:
            return False
        same = a.kind == b.kind and a.dtype == b.dtype and len(a.shape) == len(b.shape)
        return same and all(eq(x, y, cx.facts).is_yes and not _moves(x) for x, y in zip(a.shape, b.shape))
    if isinstance(a, Sequence):
        if not isinstance(b, Sequence) or a.kind != b.kind:
            return False
        one, two = a.contents.items(limit=64), b.contents.items(limit=64)
        if one is None or two is None:
            length = a.contents.length
            return eq(length, b.contents.length, cx.facts).is_yes and not _moves(length)
        return len(one) == len(two) and all(_alike(cx, x, y) for x, y in zip(one, two))
    if isinstance(a, DictValue):
        if not isinstance(b, DictValue) or a.entries.keys() != b.entries.keys() or a.rest is not None:
            return False
        return all(_alike(cx, value, b.entries[key]) for key, value in a.entries.items())
    if isinstance(a, Instance):
        held = a.fields.get("~items")
        other = b.fields.get("~items") if isinstance(b, Instance) else None
        if isinstance(held, Sequence) and isinstance(other, Sequence):
            return _alike(cx, held, other)
        return isinstance(b, Instance) and a.cls is b.cls
    if isinstance(a, (Unknown, Choice)):
        return False
    if isinstance(a, Const):
        return type(a) is type(b) and type(a.value) is type(getattr(b, "value", None))
    if isinstance(a, (Int, Typed)):
        return type(a) is type(b)
    return type(a) is type(b)


def _moves(dim: DimLike) -> bool:
    """Whether a size may be another one at each position."""
    return isinstance(dim, Dim) and any(one.varying for one in variables(dim))


def _one_by_one(
    cx: Context, walk: Walk, first: Value, last: Value, middle: Value, index: Var | None
) -> list[Value] | None:
    """All samples, where there are few or the one in the middle says what each is like."""
    count = walk.count
    if not isinstance(count, int):
        return None
    if count <= MOST_SAMPLES:
        return [first, *(walk.sample(place) for place in range(1, count - 1)), last]
    if index is None or count > MOST_SHAPES:
        return None
    found = [substitute_value(middle, {index: place}) for place in range(count)]
    return found if all(_exact(value) for value in (found[0], found[1], found[-1])) else None


def _drawn(cx: Context, total: int, sample: Sample) -> list[Value] | None:
    """All that chance takes some samples from, where these are few. Which of them are read is not known."""
    if total > MOST_SAMPLES:
        return None
    with cx.quiet():
        found = [sample(place) for place in range(total)]
    return None if any(_follows_fault(each) for each in found) else found


def _exact(value: Value) -> bool:
    if isinstance(value, Array):
        return value.shape is not None and not any(_moves(dim) for dim in value.shape)
    if isinstance(value, Sequence):
        items = value.contents.items(limit=64)
        return items is not None and all(_exact(item) for item in items)
    if isinstance(value, DictValue):
        return value.rest is None and all(_exact(item) for item in value.entries.values())
    return isinstance(value, (Const, Int, Typed))


def _like_all(middle: Value, found: list[Value]) -> Value:
    """A sample that stands for every one: the one in the middle, or where it says too little one of all."""
    if isinstance(middle, (Unknown, Choice)):
        from foreshape.domain.join import widen

        joined = widen(found)
        return joined if not isinstance(joined, Choice) else middle
    return middle


# -- batches -----------------------------------------------------------------------------------------------------------


def _cut(cx: Context, walk: Walk, sample: Value) -> Contents:
    """Batches of samples that are all alike."""
    count, size = walk.count, walk.size

    def batch(of: DimLike) -> Value:
        return walk.collate(Contents((Run(of, sample),)), of)

    if walk.drop:
        many = floordiv(count, size)
        return Contents((Run(many, batch(size)),)) if many != 0 else Contents()
    if isinstance(count, int) and isinstance(size, int):
        full, rest = divmod(count, size)
        segments: list[Segment] = [Run(full, batch(size))] if full > 1 else [batch(size)] if full else []
        if rest:
            segments.append(batch(rest))
        return Contents(segments)
    if size == 1:
        return Contents((Run(count, batch(1)),))
    some = cx.fresh("batch", 1, size, varying=True)
    return Contents((Run(ceildiv(count, size), batch(some)),))


def _cut_exactly(walk: Walk, samples: list[Value]) -> Contents:
    """Batches of samples that are known one by one."""
    size = walk.size
    if not isinstance(size, int):
        if len(samples) == 1:
            return Contents((walk.collate(Contents(samples), 1),))
        return Contents((Run(ceildiv(len(samples), size), Unknown("how the samples are grouped is not known")),))
    segments: list[Segment] = []
    for start in range(0, len(samples), size):
        part = samples[start : start + size]
        if len(part) < size and walk.drop:
            break
        segments.append(walk.collate(Contents(part), len(part)))
    return Contents(segments)


# -- samples that differ -----------------------------------------------------------------------------------------------


def _shapes(value: Value) -> tuple[object, ...]:
    """What two samples must agree on to be stacked."""
    if isinstance(value, Array):
        return ("array", value.shape)
    if isinstance(value, Sequence):
        items = value.contents.items(limit=64)
        return ("list", None if items is None else tuple(_shapes(item) for item in items))
    if isinstance(value, DictValue):
        return ("dict", tuple((key, _shapes(item)) for key, item in value.entries.items()))
    return (type(value).__name__,)


def _check_mixed(cx: Context, walk: Walk, samples: list[Value]) -> list[Value] | None:
    """Chance decides which samples meet in a batch: raise where every order makes two different ones meet.

    A function of the program says itself what it cannot join: it is given an order in which two of them come first,
    which is handed back."""
    groups = _groups(samples)
    if len(groups) < 2 or not isinstance(walk.size, int) or walk.size == 1:
        return None
    several = [group[0] for group in groups][:2]
    count = walk.count
    certain = isinstance(count, int) and not _may_fit([len(group) for group in groups], count, walk.size, walk.drop)
    if walk.own or _apart_by_chance(cx, several[0], several[1]):
        if certain and (not walk.own or _certainly_differ(cx, several[0], several[1])):
            first, second = several
            rest = [each for each in samples if each is not first and each is not second]
            return [first, second, *rest][: count if isinstance(count, int) else None]
        return None
    _compare(cx, walk, several, certain=certain)
    return None


def _groups(samples: list[Value]) -> list[list[Value]]:
    """The samples by shape."""
    groups: dict[tuple[object, ...], list[Value]] = {}
    for sample in samples:
        groups.setdefault(_shapes(sample), []).append(sample)
    return list(groups.values())


def _may_fit(groups: list[int], count: int, size: int, drop: bool) -> bool:
    """Whether batches of ``size`` of ``count`` samples, drawn from groups of these sizes, may each be of one group."""
    full, rest = divmod(count, size)
    most = sum(group // size for group in groups)
    if drop or not rest:
        return most >= full
    return any(most - group // size + (group - rest) // size >= full for group in groups if group >= rest)


def _apart_by_chance(cx: Context, a: Value, b: Value) -> bool:
    """Whether a part of two samples has sizes that were drawn one by one."""
    from foreshape.semantics.torch.data.collate import chance_differs

    if isinstance(a, Array) and isinstance(b, Array):
        return chance_differs(cx, a.shape, b.shape)
    if isinstance(a, Sequence) and isinstance(b, Sequence):
        one, two = a.contents.items(limit=64) or (), b.contents.items(limit=64) or ()
        return any(_apart_by_chance(cx, x, y) for x, y in zip(one, two))
    if isinstance(a, DictValue) and isinstance(b, DictValue):
        return any(_apart_by_chance(cx, x, b.entries[key]) for key, x in a.entries.items() if key in b.entries)
    return False


def _check_ends(cx: Context, walk: Walk, first: Value, last: Value) -> None:
    """The first two samples, and the last two, meet in a batch where they come in order."""
    if walk.size == 1 or not isinstance(walk.size, int):
        return
    with cx.quiet():
        second = walk.sample(1)
    small = isinstance(walk.count, int) and walk.count < 2
    if small:
        return
    if _compare(cx, walk, [first, second], certain=walk.ordered and isinstance(walk.count, int)):
        return
    with cx.quiet():
        before = walk.sample(walk.count - 2)
    _compare(cx, walk, [before, last], certain=False)


def _compare(cx: Context, walk: Walk, samples: list[Value], certain: bool) -> bool:
    """Collate two samples as if they met: report what that raises (on a condition where they may not). True where it
    raises."""
    from foreshape.semantics.torch.data.collate import UNEQUAL

    if not _certainly_differ(cx, samples[0], samples[1]):
        return False
    found = Probe()
    with cx.quiet():
        try:
            walk.collate(Contents(samples), 2)
        except Fault as fault:
            found.fault = fault
    if found.fault is None:
        return False
    if not certain:
        found.fault.condition = UNEQUAL
    cx.report(found.fault)
    return True


class Probe:
    """What was raised while something was tried."""

    __slots__ = ("fault",)

    def __init__(self) -> None:
        self.fault: Fault | None = None


def _certainly_differ(cx: Context, a: Value, b: Value) -> bool:
    if isinstance(a, Array) and isinstance(b, Array):
        if a.shape is None or b.shape is None:
            return False
        if len(a.shape) != len(b.shape):
            return True
        return any(eq(x, y, cx.facts).is_no for x, y in zip(a.shape, b.shape))
    if isinstance(a, Sequence) and isinstance(b, Sequence):
        one, two = a.contents.items(limit=64), b.contents.items(limit=64)
        if one is None or two is None:
            return False
        return len(one) != len(two) or any(_certainly_differ(cx, x, y) for x, y in zip(one, two))
    if isinstance(a, DictValue) and isinstance(b, DictValue):
        return any(
            key in b.entries and _certainly_differ(cx, value, b.entries[key]) for key, value in a.entries.items()
        )
    return False
