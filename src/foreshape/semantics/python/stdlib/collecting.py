"""``collections``: Counter, defaultdict, OrderedDict, deque, namedtuple, ChainMap.

Source: https://docs.python.org/3/library/collections.html
"""

from __future__ import annotations

from collections.abc import Hashable

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, dmin
from foreshape.domain.values import (
    ClassValue,
    Const,
    DictValue,
    Instance,
    IteratorValue,
    LibraryRef,
    Scope,
    Sequence,
    SliceValue,
    Typed,
    Value,
    as_dim,
    as_int,
    as_str,
    const,
    int_value,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.dicts import key_of, keys, make_dict, merge, put, value_of_key
from foreshape.semantics.python.errors import index_error, type_error, value_error
from foreshape.semantics.python.iterators import taken_or_unknown
from foreshape.semantics.python.lists import compare
from foreshape.semantics.python.ordering import reversed_contents
from foreshape.semantics.python.positions import get, sliced, with_item, without
from foreshape.semantics.python.tools import any_element, elements_or_unknown, known, sequence, type_name
from foreshape.semantics.registry import library_type, rule

library_type("collections.deque", "builtins.object")
library_type("typing.NamedTuple", "builtins.tuple")

# -- dicts


@rule("collections.OrderedDict", "collections.UserDict")
def ordered_dict(cx: Context, source: Value | None = None, /, **kwargs: Value) -> Value:
    """A dict."""
    return make_dict(cx, "OrderedDict", source, kwargs)


@rule("collections.defaultdict")
def defaultdict(
    cx: Context, default_factory: Value | None = None, source: Value | None = None, /, **kwargs: Value
) -> Value:
    """A dict that makes missing entries. TypeError for a factory that cannot be called."""
    if isinstance(default_factory, Const) and default_factory.value is not None:
        message = "first argument must be callable or None"
        recover = DictValue({}, cx.unknown("an entry"), None, "defaultdict")
        raise type_error(message, "defaultdict", default_factory, recover=recover)
    made = make_dict(cx, "defaultdict", source, kwargs)
    made.fields["~factory"] = default_factory if default_factory is not None else none()
    return made


@rule("collections.ChainMap")
def chain_map(cx: Context, *maps: Value) -> Value:
    """Several dicts as one: the first that has a key gives it."""
    made = DictValue({}, kind="ChainMap")
    for one in reversed(maps):
        merge(cx, made, one)
    return made


@rule("collections.Counter")
def counter(cx: Context, iterable: Value | None = None, /, **kwargs: Value) -> Value:
    """How often each element occurs."""
    made = DictValue({}, kind="Counter")
    if iterable is not None and not is_none(iterable):
        count(cx, made, iterable, 1)
    if kwargs:
        cx.set(made, "entries", {**made.entries, **kwargs})
    return made


def count(cx: Context, self: DictValue, iterable: Value, sign: int) -> None:
    """Add (or subtract) the elements of an iterable or the counts of a mapping."""
    if isinstance(iterable, DictValue):
        for key, value in iterable.entries.items():
            old = self.entries.get(key, const(0))
            put(cx, self, (key,), cx.binary("+" if sign > 0 else "-", old, value))
        if iterable.rest is not None:
            put(cx, self, None, Typed("int"))
        return
    contents = taken_or_unknown(cx, iterable, "Counter")
    items = contents.members()
    keys_found = None if items is None else [key_of(cx, item) for item in items]
    if keys_found is not None and None not in keys_found:
        entries: dict[Hashable, Value] = dict(self.entries)
        for key in keys_found:
            assert key is not None
            entries[key[0]] = cx.binary("+", entries.get(key[0], const(0)), const(sign))
        cx.set(self, "entries", entries)
        return
    fresh = not self.entries and self.rest is None
    put(cx, self, None, int_value(cx.fresh(None, lo=1)) if sign > 0 else Typed("int"))
    if fresh and contents.segments:
        cx.set(self, "~key", any_element(cx, contents))
        cx.set(self, "~rest_size", cx.fresh(None, lo=0, hi=contents.length))


@rule("collections.Counter.update")
def update(cx: Context, self: Value, iterable: Value | None = None, /, **kwargs: Value) -> Value:
    """More counts."""
    assert isinstance(self, DictValue)
    if iterable is not None and not is_none(iterable):
        count(cx, self, iterable, 1)
    if kwargs:
        entries: dict[Hashable, Value] = {}
        entries.update(kwargs)
        count(cx, self, DictValue(entries), 1)
    return none()


@rule("collections.Counter.subtract")
def subtract(cx: Context, self: Value, iterable: Value | None = None, /, **kwargs: Value) -> Value:
    """Fewer counts."""
    assert isinstance(self, DictValue)
    if iterable is not None and not is_none(iterable):
        count(cx, self, iterable, -1)
    return none()


@rule("collections.Counter.most_common")
def most_common(cx: Context, self: Value, n: Value | None = None) -> Value:
    """(element, count) pairs, the most common first."""
    assert isinstance(self, DictValue)
    wanted = None if n is None or is_none(n) else as_dim(n)
    real = None if self.rest is not None else known(*self.entries.values())
    if real is not None and not isinstance(wanted, Const) and (wanted is None or isinstance(wanted, int)):
        order = sorted(zip(self.entries, real), key=lambda pair: pair[1], reverse=True)
        chosen = order if wanted is None else order[: max(wanted, 0)]
        return sequence("list", (sequence("tuple", (value_of_key(k), const(c))) for k, c in chosen))
    size: DimLike = keys(cx, self).length
    if wanted is not None:
        size = dmin(wanted, size)
    elif n is not None and not is_none(n):
        size = cx.fresh(None, lo=0)
    element = any_element(cx, keys(cx, self)) if keys(cx, self).segments else cx.unknown("an element")
    return Sequence("list", Contents((Run(size, sequence("tuple", (element, int_value(cx.fresh(None, lo=1))))),)))


@rule("collections.Counter.elements")
def elements(cx: Context, self: Value) -> Value:
    """Each element as often as it occurs."""
    assert isinstance(self, DictValue)
    real = None if self.rest is not None else known(*self.entries.values())
    if real is not None and all(isinstance(c, int) for c in real) and sum(real) <= 4096:
        return IteratorValue(Contents(value_of_key(k) for k, c in zip(self.entries, real) for _ in range(c)))
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0), cx.unknown("an element")),)))


@rule("collections.Counter.total")
def total(cx: Context, self: Value) -> Value:
    """The sum of the counts."""
    assert isinstance(self, DictValue)
    real = None if self.rest is not None else known(*self.entries.values())
    return const(sum(real)) if real is not None else Typed("int")


# -- deque


def bounded(cx: Context, self: Sequence, contents: Contents, left: bool) -> None:
    """Keep at most ``maxlen`` elements, dropping at the other end."""
    limit = self.fields.get("~maxlen")
    if isinstance(limit, Value):
        size = as_dim(limit)
        if size is not None:
            length = cx.resolve(contents.length)
            kept = dmin(length, size)
            if isinstance(size, int) and isinstance(length, int) and length > size:
                part = (
                    SliceValue(none(), const(size), none())
                    if left
                    else SliceValue(const(length - size), none(), none())
                )
                contents = sliced(cx, contents, part)
            elif not isinstance(length, int) or not isinstance(size, int):
                contents = Contents((Run(kept, any_element(cx, contents)),)) if contents.segments else contents
    cx.set(self, "contents", contents)


@rule("collections.deque")
def deque(cx: Context, iterable: Value | None = None, maxlen: Value | None = None) -> Value:
    """A list with two ends, of at most ``maxlen`` elements."""
    made = Sequence("deque", Contents())
    if maxlen is not None and not is_none(maxlen):
        made.fields["~maxlen"] = maxlen
    if iterable is not None:
        bounded(cx, made, taken_or_unknown(cx, iterable, "deque"), left=False)
    return made


def _deque(self: Value) -> Sequence:
    assert isinstance(self, Sequence)
    return self


@rule("collections.deque.append")
def append(cx: Context, self: Value, x: Value, /) -> Value:
    """One more at the right."""
    bounded(cx, _deque(self), _deque(self).contents.with_item(x), left=False)
    return none()


@rule("collections.deque.appendleft")
def appendleft(cx: Context, self: Value, x: Value, /) -> Value:
    """One more at the left."""
    bounded(cx, _deque(self), Contents((x, *_deque(self).contents.segments)), left=True)
    return none()


@rule("collections.deque.extend")
def extend(cx: Context, self: Value, iterable: Value, /) -> Value:
    """More at the right."""
    more = taken_or_unknown(cx, iterable, "deque.extend")
    bounded(cx, _deque(self), _deque(self).contents.plus(more), left=False)
    return none()


@rule("collections.deque.extendleft")
def extendleft(cx: Context, self: Value, iterable: Value, /) -> Value:
    """More at the left, one by one."""
    more = reversed_contents(cx, taken_or_unknown(cx, iterable, "deque.extendleft"))
    bounded(cx, _deque(self), more.plus(_deque(self).contents), left=True)
    return none()


def _pop(cx: Context, self: Sequence, place: int) -> Value:
    length = cx.resolve(self.contents.length)
    if not cx.at_least(length, 1):
        message = "pop from an empty deque"
        raise index_error(message, "deque", 0, 0, self, recover=cx.unknown("it is empty"))
    found = get(cx, "deque", self.contents, const(place), self)
    cx.set(self, "contents", without(cx, "deque", self.contents, const(place), self))
    return found


@rule("collections.deque.pop")
def pop(cx: Context, self: Value) -> Value:
    """The rightmost, taken out. IndexError of an empty one."""
    return _pop(cx, _deque(self), -1)


@rule("collections.deque.popleft")
def popleft(cx: Context, self: Value) -> Value:
    """The leftmost, taken out. IndexError of an empty one."""
    return _pop(cx, _deque(self), 0)


@rule("collections.deque.clear")
def clear(cx: Context, self: Value) -> Value:
    """No elements."""
    cx.set(_deque(self), "contents", Contents())
    return none()


@rule("collections.deque.copy")
def copy(cx: Context, self: Value) -> Value:
    """A new one of the same elements."""
    made = Sequence("deque", _deque(self).contents)
    if "~maxlen" in _deque(self).fields:
        made.fields["~maxlen"] = _deque(self).fields["~maxlen"]
    return made


@rule("collections.deque.reverse")
def reverse(cx: Context, self: Value) -> Value:
    """In place."""
    cx.set(_deque(self), "contents", reversed_contents(cx, _deque(self).contents))
    return none()


@rule("collections.deque.rotate")
def rotate(cx: Context, self: Value, n: Value | None = None, /) -> Value:
    """In place, n steps to the right."""
    contents = _deque(self).contents
    items, steps = contents.items(), 1 if n is None else as_int(n)
    if items and steps is not None:
        by = steps % len(items)
        cx.set(_deque(self), "contents", Contents((*items[len(items) - by :], *items[: len(items) - by])))
    elif contents.segments:
        cx.set(_deque(self), "contents", Contents((Run(contents.length, any_element(cx, contents)),)))
    return none()


@rule("collections.deque.remove")
def remove(cx: Context, self: Value, value: Value, /) -> Value:
    """One element less. ValueError where it is certainly not there."""
    contents = _deque(self).contents
    real = known(Sequence("list", contents), value)
    if real is not None:
        if real[1] not in real[0]:
            real_text = f"{real[1]!r} is not in deque"
            raise value_error(real_text, "deque.remove", self, value, recover=none())
        place = real[0].index(real[1])
        cx.set(_deque(self), "contents", without(cx, "deque", contents, const(place), self))
    else:
        cx.set(_deque(self), "contents", Contents((Run(contents.length - 1, any_element(cx, contents)),)))
    return none()


@rule("collections.deque.insert")
def insert(cx: Context, self: Value, index: Value, value: Value, /) -> Value:
    """One more before a position."""
    contents = _deque(self).contents
    items, place = contents.items(), as_int(index)
    if items is not None and place is not None:
        changed = list(items)
        changed.insert(place, value)
        cx.set(_deque(self), "contents", Contents(changed))
    else:
        both = contents.with_item(value)
        cx.set(_deque(self), "contents", Contents((Run(contents.length + 1, any_element(cx, both)),)))
    return none()


@rule("collections.deque.count", "collections.deque.index")
def count_or_index(cx: Context, self: Value, value: Value, *args: Value) -> Value:
    """Some int."""
    return int_value(cx.fresh(None, lo=0, hi=_deque(self).contents.length))


@rule("collections.deque.maxlen", kind="attribute")
def maxlen(cx: Context, self: Value) -> Value:
    """The most elements it may have, or None."""
    limit = _deque(self).fields.get("~maxlen")
    return limit if isinstance(limit, Value) else none()


@rule("collections.deque.__getitem__")
def getitem(cx: Context, self: Value, index: Value) -> Value:
    """An element. TypeError for a slice, IndexError past an end."""
    if isinstance(index, SliceValue):
        message = "sequence index must be integer, not 'slice'"
        recover = Sequence("deque", sliced(cx, _deque(self).contents, index))
        raise type_error(message, "[:]", self, types=("collections.deque", "slice"), recover=recover)
    return get(cx, "deque", _deque(self).contents, index, self)


@rule("collections.deque.__setitem__")
def setitem(cx: Context, self: Value, index: Value, value: Value) -> Value:
    """Replace an element."""
    cx.set(_deque(self), "contents", with_item(cx, "deque", _deque(self).contents, index, value, self))
    return none()


@rule("collections.deque.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``+`` joins two deques; comparison."""
    assert isinstance(operator, Const)
    text = str(operator.value)
    if text == "+" and isinstance(other, Sequence) and other.kind == "deque":
        return Sequence("deque", _deque(self).contents.plus(other.contents))
    if text == "+" and isinstance(other, Sequence):
        message = f'can only concatenate deque (not "{type_name(other)}") to deque'
        raise type_error(message, "+", self, other, types=("deque", other.kind), recover=self)
    if text in ("==", "!=") and isinstance(other, Sequence):
        if other.kind != "deque":
            return const(text == "!=")
        return compare(cx, text, Sequence("list", _deque(self).contents), Sequence("list", other.contents))
    return None


# -- named tuples


@rule("collections.namedtuple")
def namedtuple(
    cx: Context,
    typename: Value,
    field_names: Value,
    *,
    rename: Value | None = None,
    defaults: Value | None = None,
    module: Value | None = None,
) -> Value:
    """A class of tuples whose elements have names."""
    title = as_str(typename)
    names = _field_names(cx, field_names)
    if title is None or names is None or not title.isidentifier() or not all(name.isidentifier() for name in names):
        return cx.unknown("a named tuple whose fields are not known")
    return named_class(cx, title, names, defaults)


def _field_names(cx: Context, value: Value) -> list[str] | None:
    text = as_str(value)
    if text is not None:
        return text.replace(",", " ").split()
    items = elements_or_unknown(cx, value, "namedtuple").items()
    names = None if items is None else [as_str(item) for item in items]
    return None if names is None or None in names else [name for name in names if name is not None]


def named_class(cx: Context, title: str, names: list[str], defaults: Value | None) -> Value:
    """The class, as if it were written ``class Title(NamedTuple): name: object ...``."""
    import ast

    body = "".join(f"    {name}: object\n" for name in names) or "    pass\n"
    node = ast.parse(f"class {title}:\n{body}").body[0]
    assert isinstance(node, ast.ClassDef)
    base = LibraryRef("typing.NamedTuple")
    scope = Scope("class", getattr(cx, "path", ""), None)
    made = ClassValue(title, (base,), scope, node)
    made.mro = (made, base)
    given = None if defaults is None else elements_or_unknown(cx, defaults, "namedtuple").items()
    for name, value in zip(reversed(names), reversed(given or ())):
        scope.fields[name] = value
    scope.fields["_fields"] = sequence("tuple", (const(name) for name in names))
    return made


def _fields_of(self: Value) -> list[tuple[str, Value]]:
    """The names and elements of a named tuple."""
    if not isinstance(self, Instance):
        return []
    return [(k, v) for k, v in self.fields.items() if isinstance(k, str) and not k.startswith("~")]


@rule("typing.NamedTuple._asdict")
def asdict(cx: Context, self: Value) -> Value:
    """Its elements by name."""
    return DictValue(dict(_fields_of(self)))


@rule("typing.NamedTuple._replace")
def replace(cx: Context, self: Value, /, **kwargs: Value) -> Value:
    """A new one with some elements replaced."""
    if not isinstance(self, Instance):
        return cx.unknown("a named tuple")
    fields: dict[Hashable, Value] = dict(_fields_of(self))
    fields.update(kwargs)
    made = Instance(self.cls, dict(fields))
    made.fields["~items"] = sequence("tuple", fields.values())
    return made
