"""``itertools``: what the iterators give is worked out when they are made.

Source: https://docs.python.org/3/library/itertools.html
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any, Final

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.dim import DimLike, dmax, eq
from foreshape.domain.dim import product as product_of
from foreshape.domain.join import same
from foreshape.domain.values import (
    IteratorValue,
    SliceValue,
    Value,
    as_dim,
    as_int,
    const,
    int_value,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.iterators import filtered, mapped, taken_or_unknown, zipped
from foreshape.semantics.python.positions import sliced
from foreshape.semantics.python.tools import (
    any_element,
    elements_or_unknown,
    index_value,
    index_var,
    sequence,
    unknown_contents,
)
from foreshape.semantics.registry import rule

MOST: Final = 4096
ENDLESS: Final = 2**40
"""Endless iterators are runs of at least so many elements."""


def endless(cx: Context, element: Value) -> IteratorValue:
    """An iterator that never ends and always gives the same kind of thing."""
    made = IteratorValue(Contents((Run(cx.fresh("endless", lo=ENDLESS), element),)))
    made.fields["~endless"] = True
    return made


@rule("itertools.chain")
def chain(cx: Context, *iterables: Value) -> Value:
    """One after the other."""
    segments: list[Segment] = []
    for iterable in iterables:
        segments.extend(taken_or_unknown(cx, iterable, "chain").segments)
    return IteratorValue(Contents(segments))


@rule("itertools.chain.from_iterable")
def chain_from(cx: Context, iterable: Value, /) -> Value:
    """The elements of the elements."""
    segments: list[Segment] = []
    for segment in taken_or_unknown(cx, iterable, "chain").segments:
        if not isinstance(segment, Run):
            segments.extend(taken_or_unknown(cx, segment, "chain").segments)
            continue
        inner = elements_or_unknown(cx, any_element(cx, Contents((segment,))), "chain")
        size = inner.length
        moving = segment.index is not None and not isinstance(size, int)
        total: DimLike = cx.fresh(None, lo=0) if moving else segment.length * size
        if inner.segments:
            segments.append(Run(total, any_element(cx, inner)))
    return IteratorValue(Contents(segments))


def _combined(
    cx: Context,
    real: Callable[[tuple[Value, ...]], Iterable[tuple[Value, ...]]],
    contents: Contents,
    count: DimLike,
    width: int,
) -> Value:
    """Tuples of elements: written out where they are few, else a run of them."""
    items = contents.items()
    if items is not None and isinstance(count, int) and count <= MOST:
        return IteratorValue(Contents(sequence("tuple", row) for row in real(items)))
    element = any_element(cx, contents)
    return IteratorValue(Contents((Run(count, sequence("tuple", [element] * width)),)))


@rule("itertools.product")
def product(cx: Context, *iterables: Value, repeat: Value | None = None) -> Value:
    """Every combination of one element of each."""
    times = 1 if repeat is None else as_int(repeat)
    parts = [taken_or_unknown(cx, one, "product") for one in iterables]
    if times is None:
        return IteratorValue(unknown_contents(cx, "a combination"))
    parts = parts * times
    count = product_of(part.length for part in parts)
    items = [part.items() for part in parts]
    if isinstance(count, int) and count <= MOST and all(item is not None for item in items):
        rows = itertools.product(*(item or () for item in items))
        return IteratorValue(Contents(sequence("tuple", row) for row in rows))
    row = sequence("tuple", [any_element(cx, part) for part in parts])
    return IteratorValue(Contents((Run(count, row),)))


def _choose(cx: Context, name: str, iterable: Value, r: Value | None) -> Value:
    contents = taken_or_unknown(cx, iterable, name)
    length = cx.resolve(contents.length)
    size = length if r is None or is_none(r) else as_dim(r)
    if not isinstance(size, int):
        return IteratorValue(unknown_contents(cx, "a combination"))
    real: Any = getattr(itertools, name)
    count: DimLike
    if isinstance(length, int):
        if name == "combinations":
            count = math.comb(length, size)
        elif name == "permutations":
            count = math.perm(length, size)
        else:
            count = math.comb(length + size - 1, size) if length else 0
    elif name == "combinations" and size == 2:
        count = (length * (length - 1)) // 2
    elif name == "permutations" and size == 2:
        count = length * (length - 1)
    else:
        count = length if size == 1 else cx.fresh(None, lo=0)
    return _combined(cx, lambda items: real(items, size), contents, count, size)


@rule("itertools.combinations")
def combinations(cx: Context, iterable: Value, r: Value) -> Value:
    """Choices of r different places, in order."""
    return _choose(cx, "combinations", iterable, r)


@rule("itertools.combinations_with_replacement")
def combinations_with_replacement(cx: Context, iterable: Value, r: Value) -> Value:
    """Choices of r places, in order."""
    return _choose(cx, "combinations_with_replacement", iterable, r)


@rule("itertools.permutations")
def permutations(cx: Context, iterable: Value, r: Value | None = None) -> Value:
    """Choices of r different places in every order."""
    return _choose(cx, "permutations", iterable, r)


@rule("itertools.islice")
def islice(
    cx: Context, iterable: Value, start: Value, stop: Value | None = None, step: Value | None = None, /
) -> Value:
    """The elements that a slice would select."""
    given = SliceValue(none(), start, none())
    if stop is not None:
        given = SliceValue(start, stop, step if step is not None else none())
    contents = cx.iterate(iterable)
    if contents is None:
        contents = unknown_contents(cx, "an element of something unknown")
    part = sliced(cx, contents, given)
    end = as_int(given.stop)
    if isinstance(iterable, IteratorValue) and end is not None and isinstance(part.length, int):
        cx.set(iterable, "taken", iterable.fields["taken"] + end)
    return IteratorValue(part)


@rule("itertools.count")
def count(cx: Context, start: Value | None = None, step: Value | None = None) -> Value:
    """start, start + step, ... without end."""
    first = 0 if start is None else as_dim(start)
    by = 1 if step is None else as_dim(step)
    made = endless(cx, cx.unknown("a number"))
    if first is not None and by is not None:
        length = made.fields["contents"].length
        index = index_var(cx, length)
        dim = as_dim(index_value(index))
        assert dim is not None
        made.fields["contents"] = Contents((Run(length, int_value(first + by * dim), index),))
    return made


@rule("itertools.cycle")
def cycle(cx: Context, iterable: Value, /) -> Value:
    """The elements again and again."""
    contents = taken_or_unknown(cx, iterable, "cycle")
    items = contents.items(MOST)
    made = endless(cx, any_element(cx, contents))
    if items is not None and len(items) and all(same(item, items[0]) for item in items):
        return made
    if items is not None and 0 < len(items) <= 64:
        rounds = max(1, 256 // len(items))
        rest = made.fields["contents"].segments
        made.fields["contents"] = Contents((*(items * rounds), *rest))
    return made


@rule("itertools.repeat")
def repeat(cx: Context, object_: Value, times: Value | None = None) -> Value:
    """The same again and again, or so many times."""
    if times is None:
        return endless(cx, object_)
    size = cx.dim(times, lo=0)
    return IteratorValue(Contents((Run(size if size is not None else cx.fresh(None, lo=0), object_),)))


@rule("itertools.zip_longest")
def zip_longest(cx: Context, *iterables: Value, fillvalue: Value | None = None) -> Value:
    """Tuples of the elements at the same position, as many as the longest has."""
    parts = [taken_or_unknown(cx, one, "zip_longest") for one in iterables]
    return IteratorValue(zipped(cx, parts, fillvalue if fillvalue is not None else none()))


@rule("itertools.starmap")
def starmap(cx: Context, function: Value, iterable: Value, /) -> Value:
    """The function of the elements of each element."""
    contents = taken_or_unknown(cx, iterable, "starmap")
    return IteratorValue(mapped(cx, function, contents, spread=True))


@rule("itertools.filterfalse")
def filterfalse(cx: Context, function: Value, iterable: Value, /) -> Value:
    """The elements that a function is false of."""
    return IteratorValue(filtered(cx, function, taken_or_unknown(cx, iterable, "filterfalse"), False))


def _while(cx: Context, function: Value, contents: Contents, take: bool) -> Value:
    segments = contents.segments
    for number, segment in enumerate(segments):
        element = any_element(cx, Contents((segment,)))
        truth = cx.truth(cx.call(function, (element,)))
        if truth.is_yes:
            continue
        if truth.is_no:
            kept = segments[:number] if take else segments[number:]
            return IteratorValue(Contents(kept))
        rest = Contents(segments[number:])
        run = Run(cx.fresh(None, lo=0, hi=rest.length), any_element(cx, rest))
        return IteratorValue(Contents((*segments[:number], run) if take else (run,)))
    return IteratorValue(contents if take else Contents())


@rule("itertools.takewhile")
def takewhile(cx: Context, predicate: Value, iterable: Value, /) -> Value:
    """The elements before the first that a function is false of."""
    return _while(cx, predicate, taken_or_unknown(cx, iterable, "takewhile"), True)


@rule("itertools.dropwhile")
def dropwhile(cx: Context, predicate: Value, iterable: Value, /) -> Value:
    """The elements from the first that a function is false of."""
    return _while(cx, predicate, taken_or_unknown(cx, iterable, "dropwhile"), False)


@rule("itertools.compress")
def compress(cx: Context, data: Value, selectors: Value) -> Value:
    """The elements whose selector is true."""
    contents = taken_or_unknown(cx, data, "compress")
    chosen = taken_or_unknown(cx, selectors, "compress")
    items, flags = contents.items(), chosen.items()
    if items is not None and flags is not None:
        truths = [cx.truth(flag) for flag in flags]
        if not any(truth.is_unknown for truth in truths):
            return IteratorValue(Contents(item for item, truth in zip(items, truths) if truth.is_yes))
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0, hi=contents.length), any_element(cx, contents)),)))


@rule("itertools.accumulate")
def accumulate(cx: Context, iterable: Value, func: Value | None = None, *, initial: Value | None = None) -> Value:
    """Running results: as many as there are elements, one more with ``initial``."""
    contents = taken_or_unknown(cx, iterable, "accumulate")
    items = contents.items(512)
    if items is None:
        size = contents.length + (1 if initial is not None else 0)
        return IteratorValue(unknown_contents(cx, "a running result", size))
    found: list[Value] = [] if initial is None else [initial]
    for item in items:
        if not found:
            found.append(item)
        elif func is None or is_none(func):
            found.append(cx.binary("+", found[-1], item))
        else:
            found.append(cx.call(func, (found[-1], item)))
    return IteratorValue(Contents(found))


@rule("itertools.groupby")
def groupby(cx: Context, iterable: Value, key: Value | None = None) -> Value:
    """(key, group) pairs of neighbours with the same key."""
    contents = taken_or_unknown(cx, iterable, "groupby")
    items = contents.items(1024)
    if items is not None:
        groups = _groups(cx, items, key)
        if groups is not None:
            rows = [sequence("tuple", (mark, IteratorValue(Contents(group)))) for mark, group in groups]
            return IteratorValue(Contents(rows))
    element = any_element(cx, contents)
    mark = element if key is None or is_none(key) else cx.call(key, (element,))
    group = IteratorValue(Contents((Run(cx.fresh(None, lo=1, hi=contents.length), element),)))
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0, hi=contents.length), sequence("tuple", (mark, group))),)))


def _groups(cx: Context, items: tuple[Value, ...], key: Value | None) -> list[tuple[Value, list[Value]]] | None:
    groups: list[tuple[Value, list[Value]]] = []
    for item in items:
        mark = item if key is None or is_none(key) else cx.call(key, (item,))
        if groups:
            truth = cx.truth(cx.binary("==", groups[-1][0], mark))
            if truth.is_unknown:
                return None
            if truth.is_yes:
                groups[-1][1].append(item)
                continue
        groups.append((mark, [item]))
    return groups


@rule("itertools.tee")
def tee(cx: Context, iterable: Value, n: Value | None = None, /) -> Value:
    """Several iterators over the same elements."""
    times = 2 if n is None else as_int(n)
    contents = taken_or_unknown(cx, iterable, "tee")
    return sequence("tuple", [IteratorValue(contents) for _ in range(times if times is not None else 2)])


@rule("itertools.pairwise")
def pairwise(cx: Context, iterable: Value, /) -> Value:
    """Neighbours."""
    contents = taken_or_unknown(cx, iterable, "pairwise")
    length = contents.length
    rest = sliced(cx, contents, SliceValue(const(1), none(), none()))
    if isinstance(length, int) and length < 2:
        return IteratorValue(Contents())
    first = sliced(cx, contents, SliceValue(none(), int_value(length - 1), none()))
    if not eq(first.length, rest.length, cx.facts).is_yes:
        element = any_element(cx, contents)
        return IteratorValue(Contents((Run(dmax(length - 1, 0), sequence("tuple", (element, element))),)))
    return IteratorValue(zipped(cx, [first, rest]))


@rule("itertools.batched")
def batched(cx: Context, iterable: Value, n: Value, *, strict: Value | None = None) -> Value:
    """Tuples of n neighbours, the last one shorter."""
    contents = taken_or_unknown(cx, iterable, "batched")
    size = as_int(n)
    items = contents.items()
    if items is not None and size is not None and size > 0:
        rows = [sequence("tuple", items[at : at + size]) for at in range(0, len(items), size)]
        return IteratorValue(Contents(rows))
    return IteratorValue(unknown_contents(cx, "a batch"))
