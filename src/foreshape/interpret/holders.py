"""Who holds an array that is changed in place: variables, attributes, and the lists, tuples and dicts in them."""

from __future__ import annotations

from collections.abc import MutableSet
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import Array, DictValue, Instance, Sequence, Value

if TYPE_CHECKING:
    from foreshape.domain.trail import Fields, Trail

MOST_HELD: Final = 256
"""Longer lists are not searched: an element that is changed in place there keeps its description."""


def put_inside(trail: Trail, held: Instance, before: Array, after: Array, seen: MutableSet[int] | None) -> None:
    """In an object. A parameter may be in a module inside of a module."""
    put_after(trail, held.fields, before, after)
    if seen is None or id(held) in seen:
        return
    seen.add(id(held))
    for inner in list(held.fields.values()):
        if isinstance(inner, Instance):
            put_inside(trail, inner, before, after, seen)


def put_after(trail: Trail, fields: Fields, before: Array, after: Array) -> None:
    """Whatever variable or attribute, or element of what they hold, is ``before`` becomes ``after``."""
    for key, value in list(fields.items()):
        if value is before:
            trail.set(fields, key, after)
        elif isinstance(value, (Sequence, DictValue)):
            _put_among(trail, value, before, after)


def _put_among(trail: Trail, holder: Value, before: Array, after: Array) -> None:
    """Whatever element of a list, tuple or dict is ``before`` becomes ``after``. An element that stands for a whole run was
    reached by a loop over all of it."""
    if isinstance(holder, Sequence):
        segments = holder.contents.segments
        if len(segments) > MOST_HELD or not any(_is(segment, before) for segment in segments):
            return
        changed = Contents(
            (Run(segment.length, after, segment.index) if isinstance(segment, Run) else after)
            if _is(segment, before)
            else segment
            for segment in segments
        )
        trail.set(holder.fields, "contents", changed)
    elif isinstance(holder, DictValue) and len(holder.entries) <= MOST_HELD:
        if any(value is before for value in holder.entries.values()):
            entries = {key: after if value is before else value for key, value in holder.entries.items()}
            trail.set(holder.fields, "entries", entries)


def _is(segment: Value | Run, before: Array) -> bool:
    return (segment.element if isinstance(segment, Run) else segment) is before
