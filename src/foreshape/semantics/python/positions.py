"""Indexing and slicing of lists, tuples, ranges and strings by known and symbolic positions."""

from __future__ import annotations

from foreshape.domain.compare import ge
from foreshape.domain.contents import Contents, Run, Segment, substitute_value
from foreshape.domain.dim import Dim, DimLike, dmax, dmin, lower
from foreshape.domain.facts import Facts
from foreshape.domain.join import MOST_OPTIONS, join, widen
from foreshape.domain.polynomial import Var, of_atom, variables
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import index_error, type_error, value_error
from foreshape.semantics.python.tools import any_element, is_negative, type_name
from foreshape.semantics.shared.index import slice_length

NOT_SCALAR = "only integer scalar arrays can be converted to a scalar index"


def index_of(cx: Context, kind: str, index: Value) -> DimLike | None:
    """The position that an index is, None where it is not known. What cannot be an index is a fault."""
    dim = as_dim(index)
    if dim is not None:
        return cx.resolve(dim)
    shown = type_name(index)
    bad = isinstance(index, (Const, Sequence)) or (
        isinstance(index, Typed) and index.kind in ("float", "str", "bytes", "complex")
    )
    if bad:
        named = "list" if kind.startswith("dict_") else kind
        message = f"{named} indices must be integers or slices, not {shown}"
        if kind == "str":
            message = f"string indices must be integers, not '{shown}'"
        recover = Unknown("the index is not an integer")
        raise type_error(message, "[]", index, types=(kind, shown or ""), recover=recover)
    if isinstance(index, Array):
        whole = index.dtype is not None and ("int" in index.dtype or index.dtype == "bool")
        if index.kind == "numpy" and index.shape is not None and (index.shape != () or (index.dtype and not whole)):
            message = NOT_SCALAR
            if index.shape == ():
                message = f"{kind} indices must be integers or slices, not numpy.{index.dtype}"
            recover = Unknown("the index is an array")
            raise type_error(message, "[]", index, types=(kind, "numpy.ndarray"), recover=recover)
    return None


def get(cx: Context, kind: str, contents: Contents, index: Value, owner: Value | None = None) -> Value:
    """``sequence[index]`` for an int. Raises the IndexError of a position that is certainly outside."""
    position = index_of(cx, kind, index)
    length = cx.resolve(contents.length)
    if position is None:
        if isinstance(index, Unknown):
            for segment in contents.segments:  # whoever takes one of them may change it
                cx.forget(segment.element if isinstance(segment, Run) else segment)
            return Unknown("its index is not known, it may be a slice")
        check_not_empty(cx, kind, length, owner)
        return one_of(cx, contents)
    negative = is_negative(cx, position)
    if negative is None:
        return one_of(cx, contents)
    if outside(cx, length, position, negative):
        shown = "string" if kind == "str" else kind
        message = "range object index out of range" if kind == "range" else f"{shown} index out of range"
        values = (owner, index) if owner is not None else (index,)
        raise index_error(message, kind, position, length, *values, recover=any_element(cx, contents))
    if negative and isinstance(position, int):
        found = contents.from_end(-position)
    else:
        found = contents.at(position + length if negative else position)
    return found if found is not None else one_of(cx, contents)


def one_of(cx: Context, contents: Contents) -> Value:
    """The element at a place that is not known. Of lists and dicts, one that is changed changes those it stands for."""
    held = _changeable(contents)
    if len(held) < 2:
        return any_element(cx, contents)
    if len(held) == len(contents.segments) <= MOST_OPTIONS:
        found: Value = held[0]
        for other in held[1:]:
            found = join(found, other)
        return found
    found = any_element(cx, contents)
    if isinstance(found, (Sequence, DictValue)) and not any(found is one for one in held):
        found.fields["~stands for"] = held
    return found


def _changeable(contents: Contents) -> tuple[Value, ...]:
    """The single elements that are lists, sets or dicts."""
    return tuple(
        one for one in contents.segments
        if isinstance(one, DictValue) or (isinstance(one, Sequence) and one.kind in ("list", "set", "deque"))
    )  # fmt: skip


def outside(cx: Context, length: DimLike, position: DimLike, negative: bool) -> bool:
    """Whether the position is certainly past an end."""
    if isinstance(length, int) and isinstance(position, Dim) and not is_reached(position):
        return False
    return not cx.at_least(length, -position if negative else position + 1)


def is_reached(position: Dim) -> bool:
    """Whether there is such a position at all: a later step of a loop over something of which nothing is known, not even
    its length, may not come."""
    for each in variables(position):
        if each.varying and each.lo and isinstance(each.hi, Dim) and not ge(each.hi, each.lo).is_yes:
            if all(one.name is None for one in variables(each.hi)):
                return False
    return True


def check_not_empty(cx: Context, kind: str, length: DimLike, owner: Value | None) -> None:
    """An empty sequence has nothing at any position."""
    if length == 0:
        shown = "string" if kind == "str" else kind
        values = (owner,) if owner is not None else ()
        raise index_error(f"{shown} index out of range", kind, 0, 0, *values, recover=Unknown("it is empty"))


class Cut:
    """What a slice selects: ``count`` positions from ``start``, every ``step``-th. None: not known."""

    __slots__ = ("count", "start", "step")

    def __init__(self, start: DimLike | None, count: DimLike | None, step: int | None) -> None:
        self.start = start
        self.count = count
        self.step = step


def part(cx: Context, value: Value) -> tuple[bool, DimLike | None]:
    """A part of a slice: (whether it was left out, its position or None)."""
    if isinstance(value, Const) and value.value is None:
        return True, None
    dim = as_dim(value)
    if dim is not None:
        return False, cx.resolve(dim)
    odd = isinstance(value, Typed) and value.kind in ("float", "str")
    if odd or isinstance(value, (Const, Sequence)):
        message = "slice indices must be integers or None or have an __index__ method"
        shown = (type_name(value) or "",)
        raise type_error(message, "[:]", value, types=shown, recover=Unknown("a part of the slice is not an integer"))
    return False, None


def cut(cx: Context, index: SliceValue, length: DimLike) -> Cut:
    """The positions that a slice of a sequence of this length selects."""
    no_start, start = part(cx, index.start)
    no_stop, stop = part(cx, index.stop)
    no_step, step = part(cx, index.step)
    if no_step:
        step = 1
    if step == 0:
        message = "slice step cannot be zero"
        raise value_error(message, "[::]", index.step, recover=Unknown("the step of the slice is zero"))
    if not isinstance(step, int):
        return Cut(None, None, None)
    if (start is None and not no_start) or (stop is None and not no_stop):
        return Cut(None, None, step)
    if not isinstance(start, Dim) and not isinstance(stop, Dim) and isinstance(length, int):
        chosen = range(length)[start:stop:step]
        return Cut(chosen.start, len(chosen), step)
    count = _count(cx, length, start, stop, step)
    if count is None:
        for end in (start, stop):
            if end is not None and is_negative(cx, end) is None:
                # ``data[:n - 5]`` is written for an n that is large enough
                cx.at_least(end, 0)
        count = _count(cx, length, start, stop, step)
    if step < 0:
        return Cut(length - 1 if no_start else None, count, step)
    first = clamp(cx, start, length) if start is not None else 0
    return Cut(first, count, step)


def _count(cx: Context, length: DimLike, start: DimLike | None, stop: DimLike | None, step: DimLike) -> DimLike | None:
    return slice_length(length, start, stop, step, cx.facts)


def clamp(cx: Context, position: DimLike, length: DimLike) -> DimLike | None:
    """The place that a bound of a slice means: from the end if negative, never outside."""
    negative = is_negative(cx, position)
    if negative is None:
        return None
    if negative:
        moved = length + position
        return _largest(moved, 0, cx.facts)
    return _smallest(position, length, cx.facts)


def _largest(a: DimLike, b: DimLike, facts: Facts) -> DimLike:
    low = lower(a - b, facts)
    return a if low is not None and low >= 0 else dmax(a, b)


def _smallest(a: DimLike, b: DimLike, facts: Facts) -> DimLike:
    low = lower(b - a, facts)
    return a if low is not None and low >= 0 else dmin(a, b)


def sliced(cx: Context, contents: Contents, index: SliceValue) -> Contents:
    """``sequence[start:stop:step]``."""
    length = cx.resolve(contents.length)
    chosen = cut(cx, index, length)
    if chosen.count == 0:
        return Contents()
    if chosen.start is None or chosen.count is None or chosen.step is None:
        count = chosen.count if chosen.count is not None else cx.fresh(lo=0, hi=length)
        return Contents((Run(count, any_element(cx, contents)),))
    start, count, step = chosen.start, cx.resolve(chosen.count), chosen.step
    if start == 0 and step == 1 and count == length:
        return contents
    items = contents.items()
    if items is not None and isinstance(start, int) and isinstance(count, int):
        return Contents(items[start + step * k] for k in range(count))
    if len(contents.segments) == 1:
        only = contents.segments[0]
        if isinstance(only, Run):
            return Contents((moved_run(only, start, count, step),))
    found = _whole_segments(contents, start, count, step)
    return found if found is not None else Contents((Run(count, any_element(cx, contents)),))


def moved_run(run: Run, start: DimLike, count: DimLike, step: int) -> Run:
    """Some positions of a run."""
    if run.index is None:
        return Run(count, run.element)
    index = Var(run.index.name, 0, count - 1, run.index.origin, varying=True)
    return Run(count, substitute_value(run.element, {run.index: start + of_atom(index) * step}), index)


def _whole_segments(contents: Contents, start: DimLike, count: DimLike, step: int) -> Contents | None:
    """The slice where it begins and ends between segments."""
    if step != 1:
        return None
    passed: DimLike = 0
    found: list[Segment] = []
    inside = False
    for segment in contents.segments:
        if passed == start:
            inside = True
        if inside:
            if passed == start + count:
                return Contents(found)
            found.append(segment)
        passed = passed + (segment.length if isinstance(segment, Run) else 1)
    return Contents(found) if inside and passed == start + count else None


def with_item(cx: Context, kind: str, contents: Contents, index: Value, value: Value, owner: Value) -> Contents:
    """The contents after ``sequence[index] = value``."""
    position = index_of(cx, kind, index)
    length = cx.resolve(contents.length)
    if position is not None:
        negative = is_negative(cx, position)
        if negative is not None:
            if outside(cx, length, position, negative):
                raise index_error(f"{kind} assignment index out of range", kind, position, length, owner, index)
            place = position + length if negative else position
            found = _replaced(contents, place, value)
            if found is not None:
                return found
    return Contents((Run(length, widen([any_element(cx, contents), value])),))


def _replaced(contents: Contents, place: DimLike, value: Value) -> Contents | None:
    items = contents.items()
    if items is not None and isinstance(place, int) and 0 <= place < len(items):
        return Contents((*items[:place], value, *items[place + 1 :]))
    passed: DimLike = 0
    for number, segment in enumerate(contents.segments):
        if not isinstance(segment, Run) and passed == place:
            return Contents((*contents.segments[:number], value, *contents.segments[number + 1 :]))
        if isinstance(segment, Run) and passed == place:
            left = segment.length - 1
            rest: tuple[Segment, ...] = () if left == 0 else (moved_run(segment, 1, left, 1),)
            return Contents((*contents.segments[:number], value, *rest, *contents.segments[number + 1 :]))
        size = segment.length if isinstance(segment, Run) else 1
        if isinstance(segment, Run) and number == len(contents.segments) - 1 and place == contents.length - 1:
            return Contents((*contents.segments[:number], moved_run(segment, 0, segment.length - 1, 1), value))
        passed = passed + size
    return None


def with_slice(cx: Context, contents: Contents, index: SliceValue, new: Contents) -> Contents:
    """The contents after ``sequence[a:b] = new`` (with no elements in ``new``: after ``del sequence[a:b]``)."""
    length = cx.resolve(contents.length)
    chosen = cut(cx, index, length)
    items = contents.items()
    known = isinstance(chosen.start, int) and isinstance(chosen.count, int) and chosen.step is not None
    if items is not None and known and isinstance(chosen.start, int) and isinstance(chosen.count, int):
        assert chosen.step is not None
        if chosen.step == 1:
            return Contents((*items[: chosen.start], *new.segments, *items[chosen.start + chosen.count :]))
        places = range(chosen.start, chosen.start + chosen.count * chosen.step, chosen.step)
        values = new.items()
        if values is not None and len(values) == len(places):
            changed = list(items)
            for place, value in zip(places, values):
                changed[place] = value
            return Contents(changed)
        if not new.segments:
            return Contents(item for place, item in enumerate(items) if place not in places)
    parts = [any_element(cx, one) for one in (contents, new) if one.segments]
    size: DimLike | None = None
    if chosen.count is not None and (chosen.step == 1 or not new.segments):
        size = cx.resolve(length - chosen.count + new.length)
    return Contents((Run(size if size is not None else cx.fresh(lo=0), widen(parts) if parts else Unknown("empty")),))


def without(cx: Context, kind: str, contents: Contents, index: Value, owner: Value) -> Contents:
    """The contents after ``del sequence[index]``."""
    position = index_of(cx, kind, index)
    length = cx.resolve(contents.length)
    if position is not None:
        negative = is_negative(cx, position)
        if negative is not None and outside(cx, length, position, negative):
            raise index_error(f"{kind} assignment index out of range", kind, position, length, owner, index)
        items = contents.items()
        if items is not None and isinstance(position, int):
            place = position if position >= 0 else len(items) + position
            return Contents((*items[:place], *items[place + 1 :]))
        if len(contents.segments) == 1 and isinstance(contents.segments[0], Run):
            if position in (-1,):
                return Contents((moved_run(contents.segments[0], 0, length - 1, 1),))
            if position == 0:
                return Contents((moved_run(contents.segments[0], 1, length - 1, 1),))
    return Contents((Run(length - 1, any_element(cx, contents)),))


def instance_index(cx: Context, index: Value) -> Value:
    """``operator.index`` of an object of the program."""
    if isinstance(index, Instance) and cx.user_method(index, "__index__") is not None:
        return cx.call_method(index, "__index__")
    return index
