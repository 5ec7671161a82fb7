"""Dicts and their relatives of ``collections``.

Entries under known keys are kept one by one; ``rest`` stands for entries whose keys are not known.

Source: https://docs.python.org/3/library/stdtypes.html#mapping-types-dict
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.join import alike, join, may_be_any, same, widen
from foreshape.domain.values import (
    BoundMethod,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    IteratorValue,
    RangeValue,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    const,
    int_value,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import key_error, type_error, value_error
from foreshape.semantics.python.tools import any_element, elements_of, known, sequence, shuffled, type_name
from foreshape.semantics.registry import library_types, rule

library_types((
    ("builtins.dict", ("builtins.object",)),
    ("collections.OrderedDict", ("builtins.dict",)),
    ("collections.defaultdict", ("builtins.dict",)),
    ("collections.Counter", ("builtins.dict",)),
    ("collections.ChainMap", ("builtins.dict",)),
))  # fmt: skip

MOST_COLUMNS: Final = 256
UNHASHABLE: Final = ("list", "dict", "set")


def key_of(cx: Context, value: Value) -> tuple[Hashable] | None:
    """The key that a value is, in a tuple; None where it is not known. Lists, dicts and sets are none: TypeError."""
    if isinstance(value, Const):
        return (value.value,)
    shown = value.kind if isinstance(value, (Sequence, DictValue)) else ""
    if shown in UNHASHABLE or (isinstance(value, DictValue)):
        message = f"unhashable type: '{type_name(value)}'"
        raise type_error(message, "hash", value, types=(shown,), recover=Unknown("its key cannot be a key"))
    if isinstance(value, Int):
        return (value.dim,)
    found = getattr(cx, "dict_key", None)
    made: tuple[Hashable] | None = None if found is None else found(value)
    return made


def value_of_key(key: Hashable) -> Value:
    """The value of a key."""
    if isinstance(key, Value):
        return key
    if isinstance(key, Dim):
        return int_value(key)
    if isinstance(key, tuple):
        return sequence("tuple", (value_of_key(part) for part in key))
    return Const(key)


def certain_keys(self: DictValue) -> bool:
    """Whether every key is a plain scalar, so that one that is not found is certainly not there."""
    return self.rest is None and not any(_symbolic(key) for key in self.entries)


def _symbolic(key: Hashable) -> bool:
    return isinstance(key, (Dim, Value)) or (isinstance(key, tuple) and any(_symbolic(part) for part in key))


def size_of(cx: Context, self: DictValue) -> DimLike | None:
    """How many entries, where it can be told."""
    size: DimLike | None = self.fields.get("size")
    if self.rest is None:
        return None if self.maybe else len(self.entries)
    return size


def put(cx: Context, self: DictValue, key: tuple[Hashable] | None, value: Value) -> None:
    """``self[key] = value``. Under an unknown key it may replace any entry."""
    size = self.fields.get("size")
    if key is not None:
        if size is not None and key[0] not in self.entries and self.rest is not None:
            cx.set(self, "size", None)
        cx.set(self, "entries", {**self.entries, key[0]: value})
        if key[0] in self.maybe:
            cx.set(self, "~maybe", self.maybe - {key[0]})
        return
    rest = self.rest
    changed = {k: v if may_be_any(v) or alike(v, value) else join(v, value) for k, v in self.entries.items()}
    if any(changed[k] is not v for k, v in self.entries.items()):
        cx.set(self, "entries", changed)
    cx.set(self, "rest", value if rest is None else rest if alike(rest, value) else join(rest, value))
    if size is not None:
        cx.set(self, "size", None)


def any_value(cx: Context, self: DictValue) -> Value:
    """What a value of the dict may be."""
    values = list(self.entries.values())
    if self.rest is not None:
        values.append(self.rest)
    if not values:
        return Unknown("the dict is empty")
    result = values[0]
    if len(values) <= 4:
        for value in values[1:]:
            result = join(result, value)
        return result
    return widen(values)


def find(cx: Context, self: DictValue, key: Value) -> tuple[str, Value | None]:
    """("there", value), ("missing", None) or ("maybe", a value it may have)."""
    wanted = key_of(cx, key)
    if wanted is not None:
        if wanted[0] in self.entries:
            return "maybe" if wanted[0] in self.maybe else "there", self.entries[wanted[0]]
        for known_key, value in self.entries.items():
            if isinstance(known_key, Value) and isinstance(wanted[0], Value) and same(known_key, wanted[0]):
                return "there", value
        if certain_keys(self) and not _symbolic(wanted[0]):
            return "missing", None
        if self.rest is not None and not _symbolic(wanted[0]):
            return "maybe", self.rest
    return "maybe", any_value(cx, self) if self.entries or self.rest is not None else None


# -- items


@rule("builtins.dict.__getitem__")
def getitem(cx: Context, self: Value, key: Value) -> Value:
    """The value under a key. KeyError where it is certainly missing, unless a ``defaultdict`` makes it."""
    assert isinstance(self, DictValue)
    state, value = find(cx, self, key)
    if value is not None and (state == "there" or (state == "maybe" and self.maybe)):
        return value
    factory = self.fields.get("~factory")
    if isinstance(factory, Value) and not is_none(factory):
        if state == "missing":
            made = cx.call(factory)
            put(cx, self, key_of(cx, key), made)
            return made
        return loosened(cx, self, cx.call(factory))
    if self.kind == "Counter":
        return const(0) if state == "missing" else Typed("int") if value is None else value
    if state == "missing" or (value is None and self.rest is None):
        real = known(key)
        if real is not None:
            shown = tuple(repr(k) for k in list(self.entries)[:12])
            recover = Unknown("there is no such key")
            raise key_error(real[0], shown, self, key, recover=recover)
    return value if value is not None else cx.unknown("it is not known which key it has")


def loosened(cx: Context, self: DictValue, made: Value) -> Value:
    """The entry of a ``defaultdict`` under a key that is not known: from here on no entry is known by itself."""
    values = [*self.entries.values(), *((self.rest,) if self.rest is not None else ()), made]
    rest: Value
    if isinstance(self.rest, Sequence) and not self.entries:
        rest = self.rest
    elif isinstance(made, Sequence):
        parts = [any_element(cx, v.contents) for v in values if isinstance(v, Sequence) and v.contents.segments]
        element = widen(parts) if parts else Unknown("an element of one of the lists")
        rest = Sequence(made.kind, Contents((Run(cx.fresh(None, lo=0), element),)))
    elif isinstance(made, DictValue):
        rest = DictValue({}, Unknown("an entry of one of the dicts"), None, made.kind)
        for key, state in made.fields.items():
            if isinstance(key, str) and key.startswith("~"):
                rest.fields[key] = state
    else:
        rest = widen(values) if all(isinstance(v, Const) for v in values) else any_value(cx, self)
        rest = Typed(type(made.value).__name__) if isinstance(made, Const) and made.value in (0, 0.0, "") else rest
    if self.entries:
        cx.set(self, "~least", len(self.entries))
    cx.set(self, "entries", {})
    cx.set(self, "rest", rest)
    cx.set(self, "size", None)
    return rest


@rule("builtins.dict.__setitem__")
def setitem(cx: Context, self: Value, key: Value, value: Value) -> Value:
    """Write an entry."""
    assert isinstance(self, DictValue)
    put(cx, self, key_of(cx, key), value)
    if "~of" in self.fields:
        from foreshape.semantics.python.more_dicts import write_through

        write_through(cx, self, key, value)
    return none()


@rule("builtins.dict.__delitem__")
def delitem(cx: Context, self: Value, key: Value) -> Value:
    """Remove an entry. KeyError where it is certainly missing."""
    assert isinstance(self, DictValue)
    state, _ = find(cx, self, key)
    if state == "missing":
        real = known(key)
        raise key_error(real[0] if real else "", tuple(map(repr, self.entries)), self, key, recover=none())
    drop(cx, self, key)
    return none()


def drop(cx: Context, self: DictValue, key: Value) -> None:
    """Take an entry out."""
    wanted = key_of(cx, key)
    if wanted is not None and wanted[0] in self.entries:
        cx.set(self, "entries", {k: v for k, v in self.entries.items() if k != wanted[0]})
    elif self.fields.get("size") is not None:
        cx.set(self, "size", None)


@rule("builtins.dict.__contains__")
def contains(cx: Context, self: Value, key: Value) -> Value:
    """Whether the key is there."""
    assert isinstance(self, DictValue)
    state, _ = find(cx, self, key)
    return Typed("bool") if state == "maybe" else const(state == "there")


@rule("builtins.dict.__len__")
def length(cx: Context, self: Value) -> Value:
    """The number of entries."""
    assert isinstance(self, DictValue)
    size = size_of(cx, self)
    return int_value(size if size is not None else cx.fresh(None, lo=0))


@rule("builtins.dict.__iter__")
def iterate(cx: Context, self: Value) -> Value:
    """Its keys."""
    assert isinstance(self, DictValue)
    return IteratorValue(keys(cx, self), "dict_keyiterator")


@rule("builtins.dict.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``|`` merges; equality; anything else is a TypeError."""
    assert isinstance(self, DictValue)
    assert isinstance(operator, Const)
    text = str(operator.value)
    swapped = isinstance(reflected, Const) and bool(reflected.value)
    if text in ("==", "!="):
        real = known(self, other)
        return Typed("bool") if real is None else const((real[0] == real[1]) == (text == "=="))
    if isinstance(other, DictValue):
        first, second = (other, self) if swapped else (self, other)
        if text == "|=":
            merge(cx, self, other)
            return self
        if text == "|" and "Counter" not in (self.kind, other.kind):
            made = DictValue(first.entries, first.rest, first.fields.get("size"), first.kind)
            merge(cx, made, second)
            return made
        if self.kind == "Counter" and text in ("+", "-", "&", "|"):
            return DictValue({}, Typed("int", lo=1), None, "Counter")
    if isinstance(other, (Unknown, Instance)) or type_name(other) in ("dict_keys", "dict_items"):
        return None  # views make sets with anything that can be iterated
    shown = (type_name(self) or "dict", type_name(other))
    if shown[1] is None:
        return None
    left, right = reversed(shown) if swapped else shown
    if text in ("<", ">", "<=", ">="):
        message = f"'{text}' not supported between instances of '{left}' and '{right}'"
    else:
        message = f"unsupported operand type(s) for {text}: '{left}' and '{right}'"
    raise type_error(message, text, self, other, types=(left or "", right or ""))


# -- methods


def keys(cx: Context, self: DictValue) -> Contents:
    """The keys in order."""
    found: list[Segment] = [value_of_key(key) for key in self.entries]
    if self.rest is not None:
        found.append(Run(_rest_size(cx, self), _rest_key(self)))
    return in_order(cx, self, Contents(found))


def in_order(cx: Context, self: DictValue, contents: Contents) -> Contents:
    """What a dict gives, in the order of its keys: that of a set is not known."""
    return shuffled(cx, contents) if self.fields.get("~unordered") else contents


def _rest_key(self: DictValue) -> Value:
    key = self.fields.get("~key")
    return key if isinstance(key, Value) else Unknown("its key is not known")


def _rest_size(cx: Context, self: DictValue) -> DimLike:
    size: DimLike | None = self.fields.get("size")
    if size is not None:
        return size - len(self.entries)
    known_size: DimLike | None = self.fields.get("~rest_size")
    if known_size is None:
        known_size = cx.fresh(None, lo=0)
    return known_size


@rule("builtins.dict.keys")
def keys_view(cx: Context, self: Value) -> Value:
    """A view of the keys."""
    assert isinstance(self, DictValue)
    return Sequence("dict_keys", keys(cx, self))


@rule("builtins.dict.values")
def values_view(cx: Context, self: Value) -> Value:
    """A view of the values."""
    assert isinstance(self, DictValue)
    found: list[Segment] = list(self.entries.values())
    if self.rest is not None:
        found.append(Run(_rest_size(cx, self), self.rest))
    return Sequence("dict_values", in_order(cx, self, Contents(found)))


@rule("builtins.dict.items")
def items_view(cx: Context, self: Value) -> Value:
    """A view of (key, value) pairs."""
    assert isinstance(self, DictValue)
    found: list[Segment] = [sequence("tuple", (value_of_key(k), v)) for k, v in self.entries.items()]
    if self.rest is not None:
        found.append(Run(_rest_size(cx, self), sequence("tuple", (_rest_key(self), self.rest))))
    return Sequence("dict_items", in_order(cx, self, Contents(found)))


@rule("builtins.dict.get")
def get(cx: Context, self: Value, key: Value, default: Value | None = None, /) -> Value:
    """The value under a key, or the default."""
    assert isinstance(self, DictValue)
    otherwise = default if default is not None else none()
    state, value = find(cx, self, key)
    if state == "there" and value is not None:
        return value
    if state == "missing" or value is None:
        return otherwise
    joined: Value = join(value, otherwise)
    return joined


@rule("builtins.dict.pop")
def pop(cx: Context, self: Value, key: Value, default: Value | None = None, /) -> Value:
    """Remove an entry and return its value, or the default. KeyError without a default."""
    assert isinstance(self, DictValue)
    state, value = find(cx, self, key)
    if state == "missing":
        if default is not None:
            return default
        real = known(key)
        recover = Unknown("there is no such key")
        raise key_error(real[0] if real else "", tuple(map(repr, self.entries)), self, key, recover=recover)
    drop(cx, self, key)
    if value is None:
        return default if default is not None else cx.unknown("it is not known which key it has")
    if state == "maybe" and default is not None:
        joined: Value = join(value, default)
        return joined
    return value


@rule("builtins.dict.popitem")
def popitem(cx: Context, self: Value, last: Value | None = None) -> Value:
    """Remove and return the last pair."""
    assert isinstance(self, DictValue)
    if self.rest is None and not self.entries:
        message = "'popitem(): dictionary is empty'"
        raise value_error(message, "dict.popitem", self, exception="KeyError", recover=cx.unknown("it is empty"))
    if self.rest is None and (last is None or known(last) == (True,)):
        key = list(self.entries)[-1]
        pair = sequence("tuple", (value_of_key(key), self.entries[key]))
        cx.set(self, "entries", {k: v for k, v in self.entries.items() if k != key})
        return pair
    value = any_value(cx, self)
    cx.set(self, "entries", {})
    cx.set(self, "rest", value)
    cx.set(self, "size", None)
    return sequence("tuple", (cx.unknown("some key"), value))


@rule("builtins.dict.setdefault")
def setdefault(cx: Context, self: Value, key: Value, default: Value | None = None, /) -> Value:
    """The value under a key, put there first where it is missing."""
    assert isinstance(self, DictValue)
    otherwise = default if default is not None else none()
    state, value = find(cx, self, key)
    if state == "there" and value is not None:
        return value
    wanted = key_of(cx, key)
    if state == "missing" or value is None:
        put(cx, self, wanted, otherwise)
        return otherwise
    joined: Value = join(value, otherwise)
    put(cx, self, wanted, joined)
    return joined


@rule("builtins.dict.clear")
def clear(cx: Context, self: Value) -> Value:
    """No entries."""
    assert isinstance(self, DictValue)
    for key, value in (("entries", {}), ("rest", None), ("size", None)):
        cx.set(self, key, value)
    return none()


@rule("builtins.dict.copy")
def copy(cx: Context, self: Value) -> Value:
    """A new dict of the same entries."""
    assert isinstance(self, DictValue)
    made = DictValue(self.entries, self.rest, self.fields.get("size"), self.kind)
    for key in ("~factory", "~key", "~rest_size"):
        if key in self.fields:
            made.fields[key] = self.fields[key]
    return made


@rule("builtins.dict.update", "builtins.dict.__init__")
def update(cx: Context, self: Value, other: Value | None = None, /, **kwargs: Value) -> Value:
    """Take over the entries of a mapping or of pairs."""
    if not isinstance(self, DictValue):
        return none()
    if other is not None and not is_none(other):
        merge(cx, self, other)
    if kwargs:
        cx.set(self, "entries", {**self.entries, **kwargs})
    return none()


def merge(cx: Context, self: DictValue, other: Value) -> None:
    """Take over the entries of a mapping or of pairs."""
    if isinstance(other, DictValue):
        size = self.fields.get("size")
        if self.rest is not None or other.rest is not None:
            fresh_size = other.fields.get("size") if not self.entries and self.rest is None else None
            if size is not None or fresh_size is not None:
                cx.set(self, "size", fresh_size)
            for key in ("~key", "~rest_size"):
                if key in other.fields and not self.entries and self.rest is None:
                    cx.set(self, key, other.fields[key])
        if other.rest is not None:
            rest = other.rest if self.rest is None else join(self.rest, other.rest)
            cx.set(self, "entries", {k: join(v, other.rest) for k, v in self.entries.items()})
            cx.set(self, "rest", rest)
        cx.set(self, "entries", {**self.entries, **other.entries})
        if other.fields.get("~unordered"):
            cx.set(self, "~unordered", True)
        return
    from_object = _mapping_of(cx, other)
    if from_object is not None:
        merge(cx, self, from_object)
        return
    contents = elements_of(cx, other)
    if contents is None:
        put(cx, self, None, cx.unknown("it was taken from something unknown"))
        return
    put_pairs(cx, self, contents)


def _mapping_of(cx: Context, other: Value) -> DictValue | None:
    """The dict that an object with ``keys`` stands for: an object of the program's, a table of named columns."""
    if isinstance(other, Instance):
        found = other.fields.get("~mapping")
        if isinstance(found, DictValue):
            return found
    if isinstance(other, (Sequence, IteratorValue, RangeValue, Const, Int, Typed, Unknown)):
        return None
    names = cx.get_attribute(other, "keys", Const(None))
    if not isinstance(names, (BoundMethod, Function)):
        return None
    listed = cx.iterate(cx.call(names))
    made = DictValue({})
    items = None if listed is None else listed.items(limit=MOST_COLUMNS)
    for name in (cx.unknown("a key"),) if items is None else items:
        put(cx, made, key_of(cx, name), cx.get_item(other, name))
    return made


def put_pairs(cx: Context, self: DictValue, contents: Contents) -> None:
    """Entries from (key, value) pairs. A run of pairs makes ``rest``, its length the number of entries where the keys
    are certainly different."""
    if contents.pool is not None:
        contents = Contents(contents.pool)
        cx.set(self, "~unordered", True)
    entries: dict[Hashable, Value] = dict(self.entries)
    for position, segment in enumerate(contents.segments):
        pair = segment.element if isinstance(segment, Run) else segment
        key, value = split_pair(cx, pair, position)
        if isinstance(segment, Run):
            cx.set(self, "entries", entries)
            _put_run(cx, self, segment, key, value, alone=len(contents.segments) == 1)
            entries = dict(self.entries)
            continue
        wanted = key_of(cx, key)
        if wanted is None:
            cx.set(self, "entries", entries)
            put(cx, self, None, value)
            entries = dict(self.entries)
        else:
            entries[wanted[0]] = value
    cx.set(self, "entries", entries)


def _put_run(cx: Context, self: DictValue, run: Run, key: Value, value: Value, alone: bool) -> None:
    items = Contents((run,)).items(2000)
    if items is not None:
        put_pairs(cx, self, Contents(items))
        return
    general = any_element(cx, Contents((Run(run.length, value, run.index),)))
    fresh = alone and self.rest is None and not self.entries
    put(cx, self, None, general)
    distinct = _distinct_keys(run, key)
    if fresh:
        general_key = any_element(cx, Contents((Run(run.length, key, run.index),)))
        cx.set(self, "~key", general_key)
        if distinct:
            cx.set(self, "size", run.length)
        else:
            cx.set(self, "~rest_size", cx.fresh(None, lo=0, hi=run.length))


def _distinct_keys(run: Run, key: Value) -> bool:
    """Whether the keys of a run certainly differ: sizes that are linear in the index."""
    from foreshape.domain.polynomial import split_linear, variables

    dim = as_dim(key)
    if run.index is None or not isinstance(dim, Dim):
        return False
    parts = split_linear(dim, run.index)
    return parts is not None and isinstance(parts[0], int) and parts[0] != 0 and run.index not in variables(parts[1])


def split_pair(cx: Context, pair: Value, position: int) -> tuple[Value, Value]:
    """The two values of a pair. ValueError or TypeError where it certainly is none."""
    contents = elements_or_none(cx, pair)
    if contents is None:
        shown = type_name(pair)
        if shown in ("int", "float", "bool", "NoneType"):
            message = f"cannot convert dictionary update sequence element #{position} to a sequence"
            raise type_error(message, "dict", pair, types=(shown,), recover=DictValue({}, cx.unknown("not pairs")))
        return cx.unknown("a key"), cx.unknown("a value")
    items = contents.items(64)
    if items is None:
        return cx.unknown("a key"), any_element(cx, contents)
    if len(items) != 2:
        message = f"dictionary update sequence element #{position} has length {len(items)}; 2 is required"
        raise value_error(message, "dict", pair, recover=DictValue({}, cx.unknown("not pairs")))
    return items[0], items[1]


def elements_or_none(cx: Context, value: Value) -> Contents | None:
    """The elements, None where it is no iterable or nothing is known."""
    if isinstance(value, (Const, Int, Typed)) and not (isinstance(value, Const) and isinstance(value.value, str)):
        return None
    return cx.iterate(value)


def make_dict(cx: Context, kind: str, source: Value | None, kwargs: Mapping[str, Value]) -> DictValue:
    """``dict(source, **kwargs)``."""
    made = DictValue({}, kind=kind)
    if source is not None:
        if isinstance(source, Unknown):
            made.fields["rest"] = cx.unknown(source.reason)
        else:
            merge(cx, made, source)
    if kwargs:
        cx.set(made, "entries", {**made.entries, **kwargs})
    return made


@rule("builtins.dict")
def dict_(cx: Context, source: Value | None = None, /, **kwargs: Value) -> Value:
    """``dict()``, ``dict(mapping)``, ``dict(pairs)``, ``dict(a=1)``."""
    return make_dict(cx, "dict", source, kwargs)
