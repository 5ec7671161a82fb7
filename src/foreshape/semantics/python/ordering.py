"""Sorting, reversing, smallest, largest and sum of what sequences hold."""

from __future__ import annotations

from typing import Any, Final

from foreshape.domain.contents import Contents, Run, Segment, substitute_value
from foreshape.domain.dim import Dim, DimLike, Var, dmax, dmin, lower, upper, variables
from foreshape.domain.join import scalar_kind
from foreshape.domain.polynomial import of_atom, split_linear
from foreshape.domain.values import Array, Const, Int, Typed, Unknown, Value, as_bool, as_dim, const, int_value, is_none
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import from_exception, value_error
from foreshape.semantics.python.tools import NotKnown, any_element, generic, shuffled, to_python


def reversed_contents(cx: Context, contents: Contents) -> Contents:
    """The elements from the last to the first."""
    found: list[Segment] = []
    for segment in reversed(contents.segments):
        if isinstance(segment, Run) and segment.index is not None:
            index = Var(segment.index.name, 0, segment.length - 1, segment.index.origin, varying=True)
            element = substitute_value(segment.element, {segment.index: segment.length - 1 - of_atom(index)})
            found.append(Run(segment.length, element, index))
        else:
            found.append(segment)
    return Contents(found)


def keys_for(cx: Context, items: tuple[Value, ...], key: Value | None) -> list[Any] | None:
    """The real sort keys, None where one is not known."""
    try:
        if key is None or is_none(key):
            return [to_python(item) for item in items]
        return [to_python(cx.call(key, (item,))) for item in items]
    except NotKnown:
        return None


def sorted_contents(
    cx: Context, contents: Contents, key: Value | None, reverse: Value | None, owner: Value
) -> Contents:
    """The elements in order. Where the order is not known, how many there are and what each may be is kept."""
    items = contents.members()
    backwards = False if reverse is None else as_bool(reverse)
    if items is None:
        call_key_once(cx, contents, key)
        return _sorted_run(cx, contents, key, backwards)
    if len(items) <= 1:
        return contents
    keys = keys_for(cx, items, key)
    if keys is None or backwards is None:
        return shuffled(cx, contents)
    try:
        order = sorted(range(len(items)), key=keys.__getitem__, reverse=backwards)
    except Exception as error:
        fault = from_exception(error, "sorted", owner, recover=Unknown("it cannot be sorted"))
        if fault is None:
            return shuffled(cx, contents)
        raise fault from None
    return Contents(tuple(items[place] for place in order))


def call_key_once(cx: Context, contents: Contents, key: Value | None) -> None:
    """Follow a key function with an element at some position, for what may fail inside it."""
    if key is not None and not is_none(key) and contents.segments:
        cx.call(key, (any_element(cx, contents),))


def _sorted_run(cx: Context, contents: Contents, key: Value | None, backwards: bool | None) -> Contents:
    only = contents.segments[0] if len(contents.segments) == 1 else None
    plain = key is None or is_none(key)
    if isinstance(only, Run) and only.index is not None and isinstance(only.element, Int) and plain:
        parts = split_linear(only.element.dim, only.index)
        linear = parts is not None and only.index not in variables(parts[1])
        if parts is not None and linear and isinstance(parts[0], int) and backwards is not None:
            rising = parts[0] > 0
            return contents if rising != backwards else reversed_contents(cx, contents)
    return shuffled(cx, contents)


def extreme(
    cx: Context, name: str, contents: Contents, key: Value | None, default: Value | None, owner: Value
) -> Value:
    """``min``/``max`` of the elements. ValueError where there are none and no default."""
    if not contents.segments:
        if default is not None:
            return default
        text = _empty_message(name)
        raise value_error(text, name, owner, recover=Unknown(f"{name} of nothing"))
    if default is None:
        cx.at_least(contents.length, 1)
    items = contents.members()
    if key is not None and not is_none(key):
        return _extreme_by_key(cx, name, contents, contents.items(), key)
    if items is not None:
        found = extreme_of(cx, name, items)
        if found is not None:
            return found
    return _extreme_of_runs(cx, name, contents)


def _empty_message(name: str) -> str:
    try:
        (min if name == "min" else max)(())
    except ValueError as error:
        return str(error)
    return ""


def _extreme_by_key(cx: Context, name: str, contents: Contents, items: tuple[Value, ...] | None, key: Value) -> Value:
    if items is not None:
        if len(items) == 1:
            return items[0]
        keys = keys_for(cx, items, key)
        if keys is not None:
            try:
                pick = (min if name == "min" else max)(range(len(items)), key=keys.__getitem__)
            except TypeError:
                return any_element(cx, contents)
            return items[pick]
        return any_element(cx, contents)
    call_key_once(cx, contents, key)
    return any_element(cx, contents)


MOST_COMPARED: Final = 16
"""Sizes that are compared pair by pair; of more than these nothing is said."""


def extreme_of(cx: Context, name: str, items: tuple[Value, ...]) -> Value | None:
    """The smallest or largest of values one by one; None where it cannot be told."""
    if not items:
        return None  # runs that turn out to have no element on this path
    if len(items) == 1:
        return items[0]
    try:
        real = [to_python(item) for item in items]
    except NotKnown:
        return _extreme_symbolic(cx, name, items)
    try:
        pick = (min if name == "min" else max)(range(len(items)), key=real.__getitem__)
    except TypeError as error:
        fault = from_exception(error, name, *items, recover=Unknown(f"{name} of values that do not compare"))
        if fault is not None:
            raise fault from None
        return None
    return items[pick]


def _extreme_symbolic(cx: Context, name: str, items: tuple[Value, ...]) -> Value | None:
    dims = [None if isinstance(item, Array) else as_dim(item) for item in items]
    if all(dim is not None for dim in dims):
        result: DimLike | None = None
        distinct = dict.fromkeys(cx.resolve(dim) for dim in dims if dim is not None)
        if len(distinct) > MOST_COMPARED:
            return Typed("int")
        for dim in distinct:
            result = dim if result is None else (dmin if name == "min" else dmax)(result, dim)
        return int_value(result) if result is not None else None
    kinds = {scalar_kind(item) for item in items}
    if None in kinds:
        return None
    if len(kinds) == 1:
        kind = kinds.pop() or "int"
        return _bounded_extreme(name, kind, items) if kind in ("int", "float", "bool") else Typed(kind)
    if kinds <= {"int", "bool"}:
        return _bounded_extreme(name, "int", items)
    return None if "str" in kinds else cx.unknown(f"the {name} of an int and a float")


def _bounded_extreme(name: str, kind: str, items: tuple[Value, ...]) -> Value:
    """A number between the bounds of the items: ``min`` is at most each upper bound."""
    sure: list[float] = []
    for item in items:
        bound = item.hi if isinstance(item, Typed) and name == "min" else item.lo if isinstance(item, Typed) else None
        if isinstance(item, Const):
            bound = item.value
        if isinstance(bound, (int, float)):
            sure.append(bound)
    if not sure:
        return Typed(kind)
    return Typed(kind, hi=min(sure)) if name == "min" else Typed(kind, lo=max(sure))


def _extreme_of_runs(cx: Context, name: str, contents: Contents) -> Value:
    ends: list[DimLike] = []
    for segment in contents.segments:
        element = segment.element if isinstance(segment, Run) else segment
        dim = None if isinstance(element, Array) else as_dim(element)
        if dim is None:
            break
        if isinstance(segment, Run) and segment.index is not None and isinstance(dim, Dim):
            parts = split_linear(dim, segment.index)
            if parts is None or not isinstance(parts[0], int) or segment.index in variables(parts[1]):
                break
            last = (parts[0] > 0) == (name == "max")
            dim = parts[1] + parts[0] * (segment.length - 1 if last else 0)
        ends.append(dim)
    else:
        if not any(isinstance(end, Dim) and any(v.varying for v in variables(end)) for end in ends):
            result = ends[0]
            for end in ends[1:]:
                result = (dmin if name == "min" else dmax)(result, end)
            return int_value(result)
    element = any_element(cx, contents)
    dim = None if isinstance(element, Array) else as_dim(element)
    if dim is not None or (isinstance(element, Typed) and element.kind == "int"):
        low = None if dim is None else lower(dim, cx.facts)
        high = None if dim is None else upper(dim, cx.facts)
        return int_value(cx.fresh(None, lo=low if low is not None else 0, hi=high)) if low is not None else Typed("int")
    return element


# -- sum


def total(cx: Context, contents: Contents, start: Value) -> Value:
    """``sum(contents, start)``."""
    result = start
    items = contents.items(4096)
    if items is not None:
        for item in items:
            result = cx.binary("+", result, item)
        return result
    for segment in contents.segments:
        result = cx.binary("+", result, run_sum(cx, segment) if isinstance(segment, Run) else segment)
    return result


def run_sum(cx: Context, run: Run) -> Value:
    """The sum of a run: exact for sizes that are linear in the index, else of the right type."""
    element = run.element
    kind = scalar_kind(element)
    dim = None if isinstance(element, Array) else as_dim(element)
    if dim is not None:
        if run.index is None or isinstance(dim, int) or run.index not in variables(dim):
            if not (isinstance(dim, Dim) and any(v.varying for v in variables(dim))):
                return int_value(dim * run.length)
        else:
            parts = split_linear(dim, run.index)
            moving = parts is None or run.index in variables(parts[1])
            if parts is not None and not moving and not any(v.varying for part in parts for v in variables(part)):
                n = run.length
                return int_value(parts[1] * n + parts[0] * ((n * (n - 1)) // 2))
        low = lower(dim, cx.facts)
        return int_value(cx.fresh(None, lo=0)) if low is not None and low >= 0 else Typed("int")
    if isinstance(element, Const) and isinstance(element.value, float):
        return Typed("float")
    if kind == "bool":
        return int_value(cx.fresh(None, lo=0, hi=run.length))
    if kind in ("int", "float", "complex"):
        low_bound = element.lo if isinstance(element, Typed) else None
        at_least = 0 if isinstance(low_bound, (int, float)) and low_bound >= 0 else None
        return Typed(kind, lo=at_least)
    if isinstance(element, Array):
        once = generic(cx, run)
        return cx.binary("+", once, once)
    return Unknown("the sum of these is not known")


def truth_of_all(cx: Context, contents: Contents, wanted: bool) -> Value:
    """``any`` (wanted True) or ``all`` (wanted False) of the elements."""
    unknown = False
    for segment in contents.segments:
        element = generic(cx, segment)
        truth = cx.truth(element)
        decided = truth.is_yes if wanted else truth.is_no
        if decided and (not isinstance(segment, Run) or (lower(segment.length, cx.facts) or 0) >= 1):
            return const(wanted)
        against = truth.is_no if wanted else truth.is_yes
        unknown = unknown or not against
    return Typed("bool") if unknown else const(not wanted)
