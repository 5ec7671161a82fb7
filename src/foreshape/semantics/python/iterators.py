"""Lazy objects: zip, enumerate, map, filter, reversed, iter and next. What they give is worked out when they are made.

Elements of a run stay a function of its index: ``enumerate`` over a run of ``n`` is a run of ``n`` pairs.
"""

from __future__ import annotations

from typing import Final

from foreshape.domain.contents import Contents, Run, Segment, one_of_many, substitute_value
from foreshape.domain.dim import DimLike, dmax, dmin, eq, lower
from foreshape.domain.join import join
from foreshape.domain.polynomial import Var, of_atom
from foreshape.domain.values import (
    Const,
    Instance,
    IteratorValue,
    Sequence,
    SliceValue,
    Unknown,
    Value,
    as_bool,
    as_dim,
    const,
    int_value,
    is_none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python import handles
from foreshape.semantics.python.errors import type_error, value_error
from foreshape.semantics.python.ordering import reversed_contents
from foreshape.semantics.python.positions import sliced
from foreshape.semantics.python.tools import (
    any_element,
    elements_of,
    elements_or_unknown,
    index_var,
    sequence,
    set_order,
    type_name,
)
from foreshape.semantics.registry import REGISTRY, rule

MOST_PAIRED: Final = 1024
UNENDING: Final = 2**39
"""Runs of at least so many elements come from iterators without end."""


def take_all(cx: Context, value: Value, operation: str = "iteration") -> Contents | None:
    """The elements that are left; an iterator has none afterwards."""
    contents = elements_of(cx, value, operation)
    exhaust(cx, value)
    return contents


def exhaust(cx: Context, value: Value, steps: int | None = None) -> None:
    """Nothing is left in an iterator, or so many elements were taken. A file that was iterated over is where that leaves
    it."""
    if isinstance(value, Instance):
        if handles.BEGAN in value.fields:
            handles.went(cx, value, steps)
        held = value.fields.get("~rows")
        if isinstance(held, IteratorValue):
            exhaust(cx, held, steps)
    elif isinstance(value, IteratorValue) and steps is not None:
        cx.set(value, "taken", value.fields["taken"] + steps)
    elif isinstance(value, IteratorValue) and not value.fields.get("~endless"):
        cx.set(value, "contents", Contents())
        cx.set(value, "taken", 0)


def taken_or_unknown(cx: Context, value: Value, operation: str) -> Contents:
    """The elements that are left, or a run of unknown ones."""
    found = elements_or_unknown(cx, value, operation)
    exhaust(cx, value)
    return found


def placed(cx: Context, contents: Contents, start: DimLike) -> Contents:
    """(position, element) pairs."""
    found: list[Segment] = []
    passed: DimLike = start
    for segment in contents.segments:
        if isinstance(segment, Run):
            index = segment.index if segment.index is not None else index_var(cx, segment.length)
            position = int_value(of_atom(index) + passed)
            pool = None if segment.pool is None else tuple(_at_some_place(cx, segment.pool, start))
            found.append(Run(segment.length, sequence("tuple", (position, segment.element)), index, pool))
            passed = passed + segment.length
        else:
            found.append(sequence("tuple", (int_value(passed), segment)))
            passed = passed + 1
    return Contents(found)


def _at_some_place(cx: Context, pool: tuple[Value, ...], start: DimLike) -> list[Value]:
    """Each element with a position that is not known."""
    return [sequence("tuple", (int_value(start + cx.fresh(None, lo=0, hi=len(pool) - 1)), item)) for item in pool]


@rule("builtins.enumerate")
def enumerate_(cx: Context, iterable: Value, start: Value | None = None) -> Value:
    """Pairs of position and element."""
    first = 0 if start is None else as_dim(start)
    contents = taken_or_unknown(cx, iterable, "enumerate")
    if first is None:
        first = cx.fresh(None, lo=0)
    return IteratorValue(placed(cx, contents, first), "enumerate")


def _same_iterator(iterables: tuple[Value, ...]) -> bool:
    first = iterables[0]
    return len(iterables) > 1 and isinstance(first, IteratorValue) and all(other is first for other in iterables)


def grouped(cx: Context, contents: Contents, size: int) -> Contents:
    """``zip(it, it, ...)``: neighbouring elements in groups, an incomplete last group dropped."""
    items = contents.items()
    if items is not None:
        groups = [items[at : at + size] for at in range(0, len(items) - size + 1, size)]
        return Contents(sequence("tuple", group) for group in groups)
    element = any_element(cx, contents)
    return Contents((Run(contents.length // size, sequence("tuple", [element] * size)),))


def zipped(cx: Context, parts: list[Contents], fill: Value | None = None) -> Contents:
    """Tuples of the elements at the same position, as many as the shortest has (as the longest, with ``fill``)."""
    if not parts:
        return Contents()
    lengths = [cx.resolve(part.length) for part in parts]
    ends = [length for length in lengths if (lower(length, cx.facts) or 0) < UNENDING]
    if fill is None and ends and len(ends) < len(lengths):
        # an endless iterator does not say how many there are
        known = zipped_length(cx, ends, fill)
        parts = [sliced(cx, part, SliceValue(Const(None), int_value(known), Const(None))) for part in parts]
        lengths = [known for _ in parts]
    if all(isinstance(length, int) for length in lengths) or fill is None:
        written = _written_out(cx, parts, lengths, fill)
        if written is not None:
            return written
    aligned = _aligned(cx, parts)
    if aligned is not None:
        return aligned
    length = zipped_length(cx, lengths, fill)
    if all(len(part.segments) == 1 and isinstance(part.segments[0], Run) for part in parts):
        index = index_var(cx, length)
        elements = [_element_at(part.segments[0], index) for part in parts]
        if fill is not None:
            elements = [join(element, fill) for element in elements]
        return Contents((Run(length, sequence("tuple", elements), index),))
    elements = [any_element(cx, part) if part.segments else Unknown("nothing") for part in parts]
    return Contents((Run(length, sequence("tuple", elements)),)) if length != 0 else Contents()


MOST_LENGTHS: Final = 4


def zipped_length(cx: Context, lengths: list[DimLike], fill: Value | None) -> DimLike:
    """The shortest (the longest, with ``fill``). Of many that are not known, some number: a smallest of them all would be
    asked about pair by pair ever after."""
    if fill is None and len({length for length in lengths if not isinstance(length, int)}) > MOST_LENGTHS:
        return cx.fresh(lo=0, hi=min((length for length in lengths if isinstance(length, int)), default=None))
    length = lengths[0]
    for other in lengths[1:]:
        if not eq(length, other, cx.facts).is_yes:
            length = dmax(length, other) if fill is not None else dmin(length, other)
    return length


def _element_at(segment: Value | Run, index: Var) -> Value:
    if not isinstance(segment, Run):
        return segment
    if segment.index is None:
        return one_of_many(segment.element, segment.element)
    return one_of_many(substitute_value(segment.element, {segment.index: of_atom(index)}), segment.element)


def _written_out(cx: Context, parts: list[Contents], lengths: list[DimLike], fill: Value | None) -> Contents | None:
    """One by one, where the number of tuples is known."""
    known = [length for length in lengths if isinstance(length, int)]
    if not known:
        return None
    count = min(known) if fill is None else max(known)
    others = [length for length in lengths if not isinstance(length, int)]
    for other in others:
        low = lower(other, cx.facts)
        if low is None or low < count:
            return None
    if count > MOST_PAIRED:
        return None
    found: list[Value] = []
    for place in range(count):
        row: list[Value] = []
        for part, length in zip(parts, lengths):
            if fill is not None and isinstance(length, int) and place >= length:
                row.append(fill)
                continue
            element = part.at(place)
            row.append(element if element is not None else any_element(cx, part))
        found.append(sequence("tuple", row))
    return Contents(found)


def _aligned(cx: Context, parts: list[Contents]) -> Contents | None:
    """Segment by segment, where all parts have segments of the same lengths."""
    shape = parts[0].segments
    if any(len(part.segments) != len(shape) for part in parts[1:]):
        return None
    found: list[Segment] = []
    for column in zip(*(part.segments for part in parts)):
        runs = [segment for segment in column if isinstance(segment, Run)]
        if not runs:
            found.append(sequence("tuple", [segment for segment in column if isinstance(segment, Value)]))
            continue
        if len(runs) != len(column) or any(not eq(run.length, runs[0].length, cx.facts).is_yes for run in runs[1:]):
            return None
        index = next((run.index for run in runs if run.index is not None), None)
        elements = [run.element if index is None else _element_at(run, index) for run in runs]
        found.append(Run(runs[0].length, sequence("tuple", elements), index))
    return Contents(found)


@rule("builtins.zip")
def zip_(cx: Context, *iterables: Value, strict: Value | None = None) -> Value:
    """Tuples of the elements at the same position. ValueError with ``strict`` and certainly different lengths."""
    if not iterables:
        return IteratorValue(Contents(), "zip")
    if _same_iterator(iterables):
        contents = taken_or_unknown(cx, iterables[0], "zip")
        return IteratorValue(grouped(cx, contents, len(iterables)), "zip")
    for position, iterable in enumerate(iterables):
        _zippable(cx, iterable, position)
    endless = [isinstance(one, IteratorValue) and bool(one.fields.get("~endless")) for one in iterables]
    parts = [taken_or_unknown(cx, one, "zip") for one in iterables]
    if strict is not None and as_bool(strict):
        _check_strict(cx, parts, iterables)
    made = IteratorValue(zipped(cx, parts), "zip")
    if all(endless):
        made.fields["~endless"] = True
    return made


@rule("builtins.zip.~rows", "itertools.zip_longest.~rows")
def zip_rows(cx: Context, rows: Value, /) -> Value:
    """``zip(*rows)`` of an unknown number of rows: as many tuples as a row is long, each as long as there are rows."""
    contents = taken_or_unknown(cx, rows, "zip")
    row = any_element(cx, contents) if contents.segments else cx.unknown("a row")
    inner = cx.iterate(row)
    if inner is None:
        column = Sequence("tuple", Contents((Run(contents.length, cx.unknown("an element of a row")),)))
        return IteratorValue(Contents((Run(cx.fresh(None, lo=0), column),)), "zip")
    only = contents.segments[0] if len(contents.segments) == 1 else None
    items = inner.items(64)
    found: list[Segment] = []
    if items is not None and isinstance(only, Run) and isinstance(inner.length, int):
        for place in range(inner.length):
            found.append(Sequence("tuple", Contents((_cell(cx, only, place),))))
        return IteratorValue(Contents(found), "zip")
    for segment in inner.segments:
        length = segment.length if isinstance(segment, Run) else 1
        same_everywhere = isinstance(only, Run) and only.index is None
        element = segment.element if isinstance(segment, Run) else segment
        if not same_everywhere and isinstance(segment, Run):
            element = any_element(cx, Contents((segment,)))
        column = Sequence("tuple", Contents((Run(contents.length, element),)))
        index = segment.index if isinstance(segment, Run) and same_everywhere else None
        found.append(Run(length, column, index) if isinstance(segment, Run) else column)
    return IteratorValue(Contents(found), "zip")


def _cell(cx: Context, rows: Run, place: int) -> Run:
    """The elements at one place of all rows."""
    row = cx.iterate(rows.element)
    element = None if row is None else row.at(place)
    return Run(rows.length, element if element is not None else cx.unknown("an element of a row"), rows.index)


def _zippable(cx: Context, iterable: Value, position: int) -> None:
    shown = type_name(iterable)
    if shown in ("int", "float", "bool", "complex", "NoneType"):
        message = f"'{shown}' object is not iterable"
        raise type_error(message, "zip", iterable, types=(shown,), recover=Unknown("it is not iterable"))


def _check_strict(cx: Context, parts: list[Contents], iterables: tuple[Value, ...]) -> None:
    first = parts[0].length
    for position, part in enumerate(parts[1:], 2):
        if not cx.equal(part.length, first):
            longer = isinstance(part.length, int) and isinstance(first, int) and part.length > first
            word = "longer" if longer else "shorter"
            before = "argument 1" if position == 2 else f"arguments 1-{position - 1}"
            message = f"zip() argument {position} is {word} than {before}"
            raise value_error(message, "zip", iterables[position - 1], iterables[0])


def mapped(cx: Context, function: Value, contents: Contents, spread: bool = False) -> Contents:
    """The function of every element, called once for each that is known and once for a run."""
    found: list[Segment] = []
    for segment in contents.segments:
        element = segment.element if isinstance(segment, Run) else segment
        args: tuple[Value, ...] = (element,)
        if spread:
            inner = cx.iterate(element)
            items = None if inner is None else inner.items(64)
            if items is None:
                found.append(_unknown_like(segment))
                continue
            args = items
        made = cx.call(function, args)
        found.append(Run(segment.length, made, segment.index) if isinstance(segment, Run) else made)
    return Contents(found)


def _unknown_like(segment: Segment) -> Segment:
    made = Unknown("its arguments are not known")
    return Run(segment.length, made) if isinstance(segment, Run) else made


@rule("builtins.map")
def map_(cx: Context, function: Value, iterable: Value, *iterables: Value) -> Value:
    """The function of the elements at each position."""
    if not iterables:
        return IteratorValue(mapped(cx, function, taken_or_unknown(cx, iterable, "map")), "map")
    parts = [taken_or_unknown(cx, one, "map") for one in (iterable, *iterables)]
    return IteratorValue(mapped(cx, function, zipped(cx, parts), spread=True), "map")


@rule("builtins.filter")
def filter_(cx: Context, function: Value, iterable: Value, /) -> Value:
    """The elements that a function holds true of; how many is not known unless each can be told."""
    contents = taken_or_unknown(cx, iterable, "filter")
    return IteratorValue(filtered(cx, function, contents, True), "filter")


def filtered(cx: Context, function: Value, contents: Contents, wanted: bool) -> Contents:
    """The elements for which the function is true (or false)."""
    found: list[Segment] = []
    for segment in contents.segments:
        element = segment.element if isinstance(segment, Run) else segment
        truth = cx.truth(element if is_none(function) else cx.call(function, (element,)))
        decided = truth.is_yes if wanted else truth.is_no
        if decided:
            found.append(segment)
        elif truth.is_unknown:
            length = segment.length if isinstance(segment, Run) else 1
            found.append(Run(cx.fresh(None, lo=0, hi=length), any_element(cx, Contents((segment,)))))
    return Contents(found)


@rule("builtins.reversed")
def reversed_(cx: Context, sequence_: Value, /) -> Value:
    """The elements from the last to the first. TypeError for sets and iterators."""
    shown = type_name(sequence_)
    if isinstance(sequence_, IteratorValue) or (isinstance(sequence_, Sequence) and "set" in sequence_.kind):
        message = f"'{shown}' object is not reversible"
        raise type_error(message, "reversed", sequence_, types=(shown or "",), recover=Unknown("not reversible"))
    method = cx.user_method(sequence_, "__reversed__")
    if method is not None:
        return cx.call(method)
    contents = elements_or_unknown(cx, sequence_, "reversed")
    return IteratorValue(reversed_contents(cx, contents), "reversed")


@rule("builtins.iter", "builtins.aiter")
def iter_(cx: Context, object_: Value, sentinel: Value | None = None, /) -> Value:
    """An iterator over the elements."""
    if sentinel is not None:
        return IteratorValue(Contents((Run(cx.fresh(None, lo=0), cx.call(object_)),)))
    if isinstance(object_, IteratorValue):
        return object_
    method = cx.user_method(object_, "__iter__")
    if method is not None:
        return cx.call(method)
    if isinstance(object_, Instance):
        if cx.user_method(object_, "__next__") is not None:
            return object_
        owner = object_.library_type
        for base in () if owner is None else REGISTRY.mro(owner):
            if REGISTRY.is_known(f"{base}.~iterator"):  # works out one element at a time
                return cx.rule(f"{base}.~iterator", object_)
    contents = elements_of(cx, object_)
    if contents is None:
        return cx.unknown("an iterator over something unknown")
    kind = "list_iterator" if isinstance(object_, Sequence) else "iterator"
    if isinstance(object_, Sequence) and object_.kind in ("set", "frozenset"):
        contents = set_order(cx, object_.contents)
    return IteratorValue(contents, kind)


@rule("builtins.next", "builtins.anext")
def next_(cx: Context, iterator: Value, default: Value | None = None, /) -> Value:
    """The next element. StopIteration where certainly none is left and there is no default."""
    if not isinstance(iterator, IteratorValue):
        return _next_of_object(cx, iterator, default)
    contents: Contents = iterator.fields["contents"]
    if "~fault" in iterator.fields:
        raise iterator.fields["~fault"]
    taken: int = iterator.fields["taken"]
    length = cx.resolve(contents.length)
    if not iterator.fields.get("~endless"):
        if isinstance(length, int) and taken >= length:
            if default is not None:
                return default
            recover = cx.unknown("nothing is left")
            raise value_error("", "next", iterator, exception="StopIteration", recover=recover)
        if default is None:
            cx.at_least(length, taken + 1)
    found = contents.at(taken)
    cx.set(iterator, "taken", taken + 1)
    element = found if found is not None else any_element(cx, contents)
    low = lower(length, cx.facts)
    if default is not None and (low is None or low <= taken) and not iterator.fields.get("~endless"):
        joined: Value = join(element, default)
        return joined
    return element


def _next_of_object(cx: Context, iterator: Value, default: Value | None) -> Value:
    method = cx.user_method(iterator, "__next__")
    if method is not None:
        return cx.call(method)
    shown = type_name(iterator)
    plain = ("list", "tuple", "dict", "set", "str", "int", "float", "range", "NoneType")
    if shown in plain:
        message = f"'{shown}' object is not an iterator"
        raise type_error(message, "next", iterator, types=(shown,), recover=cx.unknown("not an iterator"))
    if isinstance(iterator, Instance) and iterator.library_type is not None:
        if any(REGISTRY.is_known(f"{base}.~iterator") for base in REGISTRY.mro(iterator.library_type)):
            shown = iterator.cls.name.rpartition(".")[2]
            message = f"'{shown}' object is not an iterator"
            raise type_error(message, "next", iterator, types=(shown,), recover=cx.unknown("not an iterator"))
    special = cx.get_attribute(iterator, "__next__", Const(None))
    if not is_none(special) and not isinstance(special, Unknown):
        return cx.call(special)
    contents = cx.iterate(iterator) if isinstance(iterator, Instance) else None
    if contents is not None and contents.segments:
        found = contents.at(0)
        return found if found is not None else any_element(cx, contents)
    return cx.unknown("the next element of something unknown")


@rule("builtins.iterator.__iter__")
def iterate_iterator(cx: Context, self: Value) -> Value:
    """Itself."""
    return self


@rule("builtins.iterator.__next__")
def next_method(cx: Context, self: Value) -> Value:
    """The next element."""
    return next_(cx, self)


@rule("builtins.iterator.send", "builtins.iterator.throw")
def send(cx: Context, self: Value, value: Value, /) -> Value:
    """What a generator yields next."""
    return cx.unknown("what a generator yields after send")


@rule("builtins.iterator.__enter__")
def enter(cx: Context, self: Value) -> Value:
    """A generator under ``contextmanager``: what it yields."""
    contents = cx.iterate(self)
    found = contents.at(0) if contents is not None and contents.segments else None
    return found if found is not None else cx.unknown("what a context manager yields")


@rule("builtins.iterator.__exit__")
def leave(cx: Context, self: Value, *args: Value) -> Value:
    """Nothing comes back."""
    return const(None)


@rule("builtins.iterator.close")
def close(cx: Context, self: Value) -> Value:
    """Nothing is left."""
    exhaust(cx, self)
    return const(None)
