"""Text and bytes. Methods of known text are really called; of unknown text the type of the result is known.

Source: https://docs.python.org/3/library/stdtypes.html#text-sequence-type-str
"""

from __future__ import annotations

from typing import Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.join import scalar_kind
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    DictValue,
    Instance,
    IteratorValue,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_int,
    as_str,
    const,
    int_value,
    joined_length,
    text_length,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import from_exception, index_error, type_error, value_error
from foreshape.semantics.python.positions import cut, index_of, instance_index, outside
from foreshape.semantics.python.tools import (
    MOST_TEXT,
    NotKnown,
    any_element,
    elements_or_unknown,
    lift,
    sequence,
    to_python,
    type_name,
    typed_list,
)
from foreshape.semantics.registry import library_types, rule

library_types((
    ("builtins.str", ("builtins.object",)),
    ("builtins.bytes", ("builtins.object",)),
    ("builtins.bytearray", ("builtins.object",)),
))  # fmt: skip

TEXT: Final = (
    "capitalize", "casefold", "center", "expandtabs", "format", "format_map", "ljust", "lower", "lstrip",
    "removeprefix", "removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title", "translate",
    "upper", "zfill",
)  # fmt: skip
TESTS: Final = (
    "endswith", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
    "isprintable", "isspace", "istitle", "isupper", "startswith",
)  # fmt: skip
FINDS: Final = ("find", "rfind", "index", "rindex", "count")
PIECES: Final = ("split", "rsplit", "splitlines")
TRIPLES: Final = ("partition", "rpartition")
WIDE: Final = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "replace"})


def result_of(cx: Context, owner: str, name: str) -> Value:
    """What a method of unknown text gives."""
    if name in TESTS:
        return Typed("bool")
    if name in FINDS:
        return Typed("int", lo=0 if name in ("count", "index", "rindex") else -1)
    if name in PIECES:
        return typed_list(cx, Typed(owner), lo=0 if name == "splitlines" else 1)
    if name in TRIPLES:
        return sequence("tuple", (Typed(owner), Typed(owner), Typed(owner)))
    if name == "encode":
        return Typed("bytes")
    if name in ("decode", "hex"):
        return Typed("str")
    return Typed(owner)


def call_text(
    cx: Context, owner: str, name: str, self: Value, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    """``text.name(*args, **kwargs)``: really done where everything is known."""
    otherwise = result_of(cx, owner, name)
    if not isinstance(self, Const):
        return otherwise
    try:
        real = [to_python(value) for value in args]
        named = {key: to_python(value) for key, value in kwargs.items()}
    except NotKnown:
        return otherwise
    if name in WIDE and any(isinstance(part, int) and part > MOST_TEXT for part in real):
        return otherwise
    try:
        return lift(getattr(self.value, name)(*real, **named))
    except Exception as error:
        fault = from_exception(error, f"{owner}.{name}", self, *args, recover=otherwise)
        if fault is None:
            return otherwise
        raise fault from None


def _register(owner: str, name: str) -> None:
    @rule(f"builtins.{owner}.{name}", doc=f"https://docs.python.org/3/library/stdtypes.html#{owner}.{name}")
    def method(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
        return call_text(cx, owner, name, self, args, kwargs)


for _name in (*TEXT, *TESTS, *FINDS, *PIECES, *TRIPLES, "encode"):
    _register("str", _name)
for _name in (*TEXT, *TESTS, *FINDS, *PIECES, *TRIPLES, "decode", "hex"):
    if hasattr(bytes, _name):
        _register("bytes", _name)


@rule("builtins.str.join", "builtins.bytes.join")
def join(cx: Context, self: Value, iterable: Value, /) -> Value:
    """One text of many. TypeError where an element is certainly no text."""
    kind = scalar_kind(self) or "str"
    contents = elements_or_unknown(cx, iterable, "str.join")
    items = contents.items()
    if items is None:
        return Typed(kind)
    pieces: list[Any] = []
    for position, item in enumerate(items):
        found = scalar_kind(item)
        nothing = isinstance(item, Const) and item.value is None
        if (found is not None and found != kind and not isinstance(item, Choice)) or nothing:
            shown = type_name(item)
            message = f"sequence item {position}: expected {kind} instance, {shown} found"
            if kind == "bytes":
                message = f"sequence item {position}: expected a bytes-like object, {shown} found"
            raise type_error(message, "str.join", iterable, types=(kind, shown or ""), recover=Typed(kind))
        pieces.append(item.value if isinstance(item, Const) else None)
    if isinstance(self, Const) and None not in pieces and sum(map(len, pieces)) < MOST_TEXT:
        return const(self.value.join(pieces))
    return Typed(kind)


@rule("builtins.str.maketrans", "builtins.bytes.maketrans")
def maketrans(cx: Context, *args: Value) -> Value:
    """A table for ``translate``."""
    given = args[1:] if len(args) > 1 and as_str(args[0]) == "" else args
    try:
        return lift(str.maketrans(*(to_python(value) for value in given)))
    except (NotKnown, TypeError, ValueError):
        return cx.unknown("a translation table")


@rule("builtins.bytes.fromhex", "builtins.bytearray.fromhex")
def fromhex(cx: Context, text: Value, /) -> Value:
    """Bytes of hexadecimal digits."""
    return Typed("bytes")


@rule("builtins.str.__getitem__", "builtins.bytes.__getitem__")
def getitem(cx: Context, self: Value, index: Value) -> Value:
    """A character, or a part of the text."""
    kind = scalar_kind(self) or "str"
    one = Typed("int", lo=0, hi=255) if kind == "bytes" else Typed("str", length=1)
    if isinstance(index, SliceValue):
        if isinstance(self, Const):
            try:
                return lift(self.value[to_python(index)])
            except NotKnown:
                pass
            except (TypeError, ValueError) as error:
                raise type_error(str(error), "[:]", self, index, recover=Typed(kind)) from None
        size = text_length(self)
        chosen = cut(cx, index, cx.fresh(None, lo=0) if size is None else size)
        return Typed(kind, length=None if size is None else chosen.count)
    position = index_of(cx, kind, instance_index(cx, index))
    if isinstance(self, Const) and position is not None:
        if not cx.at_least(len(self.value), position + 1 if not _below_zero(position) else -position):
            shown = "string" if kind == "str" else "index"
            message = "string index out of range" if kind == "str" else "index out of range"
            raise index_error(message, shown, position, len(self.value), self, index, recover=one)
        if isinstance(position, int):
            return lift(self.value[position])
    if isinstance(self, Typed) and self.length is not None and position is not None:
        length = cx.resolve(self.length)
        if outside(cx, length, position, _below_zero(position)):
            shown = "string" if kind == "str" else "index"
            message = "string index out of range" if kind == "str" else "index out of range"
            raise index_error(message, shown, position, length, self, index, recover=one)
    return one


def _below_zero(position: object) -> bool:
    return isinstance(position, int) and position < 0


@rule("builtins.str.__len__", "builtins.bytes.__len__")
def length(cx: Context, self: Value) -> Value:
    """The number of characters."""
    if isinstance(self, Const):
        return const(len(self.value))
    if isinstance(self, Typed) and self.length is not None:
        return int_value(cx.resolve(self.length))
    return int_value(cx.fresh(None, lo=0))


@rule("builtins.str.__iter__")
def iterate(cx: Context, self: Value) -> Value:
    """Its characters."""
    size = self.length if isinstance(self, Typed) else None
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0) if size is None else size, Typed("str", length=1)),)))


@rule("builtins.bytes.__iter__")
def iterate_bytes(cx: Context, self: Value) -> Value:
    """Its bytes."""
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0), Typed("int", lo=0, hi=255)),)))


@rule("builtins.str.__contains__", "builtins.bytes.__contains__")
def contains(cx: Context, self: Value, item: Value) -> Value:
    """Whether a text is part of it."""
    if scalar_kind(self) == "str" and (scalar_kind(item) not in ("str", None) or isinstance(item, Sequence)):
        message = f"'in <string>' requires string as left operand, not {type_name(item)}"
        raise type_error(message, "in", self, item, types=("str", type_name(item) or ""), recover=Typed("bool"))
    return Typed("bool")


@rule("builtins.str.__binary__", "builtins.bytes.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``+`` of texts, ``*`` by an int, ``%`` formatting, comparison. Other types: TypeError."""
    assert isinstance(operator, Const)
    text = str(operator.value).removesuffix("=") if operator.value in ("+=", "*=", "%=") else str(operator.value)
    swapped = isinstance(reflected, Const) and bool(reflected.value)
    kind = scalar_kind(self) or "str"
    if text == "%" and not swapped:
        return percent(cx, kind, self, other)
    if text == "+" and isinstance(other, Unknown):
        return cx.unknown("what a text is joined with may be an array or a series of texts")
    if isinstance(other, (Unknown, Array, Instance)):
        return Typed(kind) if text in ("+", "*") and isinstance(other, Unknown) else None
    found = scalar_kind(other)
    shown = type_name(other)
    if shown is None:
        return None
    if text in ("==", "!="):
        return Typed("bool") if found == kind else const(text == "!=")
    if text in ("<", ">", "<=", ">=") and found == kind:
        return Typed("bool")
    if text == "+" and found == kind:
        return Typed(kind, length=joined_length(self, other))
    if text == "*" and found in ("int", "bool"):
        times = as_int(other)
        if isinstance(self, Const) and times is not None and times * len(self.value) < MOST_TEXT:
            return const(self.value * times)
        return Typed(kind)
    raise type_error(_refusal(text, kind, shown, swapped), text, self, other, types=(kind, shown), recover=Typed(kind))


def _refusal(text: str, kind: str, shown: str, swapped: bool) -> str:
    left, right = (shown, kind) if swapped else (kind, shown)
    if text in ("<", ">", "<=", ">="):
        return f"'{text}' not supported between instances of '{left}' and '{right}'"
    if text == "+" and not swapped:
        return f'can only concatenate str (not "{shown}") to str' if kind == "str" else f"can't concat {shown} to bytes"
    if text == "+" and shown in ("list", "tuple"):
        return f'can only concatenate {shown} (not "{kind}") to {shown}'
    if text == "*":
        return f"can't multiply sequence by non-int of type '{shown}'"
    return f"unsupported operand type(s) for {text}: '{left}' and '{right}'"


def percent(cx: Context, kind: str, self: Value, other: Value) -> Value:
    """``text % values``."""
    if not isinstance(self, Const):
        return Typed(kind)
    try:
        real = to_python(other)
    except NotKnown:
        return Typed(kind)
    try:
        return const(self.value % real)
    except Exception as error:
        fault = from_exception(error, "%", self, other, recover=Typed(kind))
        if fault is None:
            return Typed(kind)
        raise fault from None


def text_of(value: Value, spec: str = "") -> str | None:
    """``format(value, spec)`` of a value that is known throughout and prints the same everywhere."""
    try:
        real = to_python(value)
    except NotKnown:
        return None
    if isinstance(real, (set, frozenset)) and len(real) > 1:
        return None
    try:
        return format(real, spec)
    except (TypeError, ValueError):
        return None


@rule("builtins.str")
def str_(
    cx: Context, object_: Value | None = None, encoding: Value | None = None, errors: Value | None = None
) -> Value:
    """The text of an object."""
    if object_ is None:
        return const("")
    if encoding is not None:
        return Typed("str")
    found = cx.user_method(object_, "__str__")
    if found is not None:
        made = cx.call(found)
        return made if scalar_kind(made) == "str" else Typed("str")
    if isinstance(object_, Instance) and isinstance(object_.fields.get("~path"), str):
        return const(object_.fields["~path"])
    text = text_of(object_)
    return Typed("str") if text is None else const(text)


@rule("builtins.repr", "builtins.ascii")
def repr_(cx: Context, object_: Value, /) -> Value:
    """The text that would make the object."""
    if isinstance(object_, Const):
        return const(repr(object_.value))
    if isinstance(object_, (Sequence, DictValue)):
        text = text_of(object_)
        return Typed("str") if text is None or len(text) > MOST_TEXT else const(text)
    found = cx.user_method(object_, "__repr__")
    if found is not None:
        cx.call(found)
    return Typed("str")


@rule("builtins.format")
def format_(cx: Context, value: Value, format_spec: Value | None = None, /) -> Value:
    """``format(value, spec)``."""
    spec = "" if format_spec is None else as_str(format_spec)
    text = None if spec is None else text_of(value, spec)
    return Typed("str") if text is None else const(text)


@rule("builtins.ord")
def ord_(cx: Context, character: Value, /) -> Value:
    """The code of a character."""
    if isinstance(character, Const):
        try:
            return const(ord(character.value))
        except TypeError as error:
            raise type_error(str(error), "ord", character, recover=Typed("int")) from None
    return Typed("int", lo=0, hi=0x10FFFF)


@rule("builtins.chr")
def chr_(cx: Context, code: Value, /) -> Value:
    """The character with this code."""
    number = as_int(code)
    if number is None or isinstance(code, Array):
        return Typed("str")
    try:
        return const(chr(number))
    except ValueError as error:
        raise value_error(str(error), "chr", code, recover=Typed("str")) from None


@rule("builtins.bytearray")
def bytearray_(
    cx: Context, source: Value | None = None, encoding: Value | None = None, errors: Value | None = None
) -> Value:
    """Bytes that can be changed, which is not followed."""
    return cx.unknown("what a bytearray holds is not followed")


@rule("builtins.bytes")
def bytes_(
    cx: Context, source: Value | None = None, encoding: Value | None = None, errors: Value | None = None
) -> Value:
    """Bytes of a text, of ints, or of zeros."""
    if source is None:
        return const(b"")
    text, code = as_str(source), as_str(encoding)
    if text is not None and code is not None:
        try:
            return const(text.encode(code))
        except (LookupError, UnicodeError):
            return Typed("bytes")
    number = as_int(source)
    if number is not None and 0 <= number < 10_000 and not isinstance(source, Array):
        return const(bytes(number))
    try:
        real = to_python(source)
        return const(bytes(real)) if isinstance(real, (list, tuple, bytes)) else Typed("bytes")
    except (NotKnown, TypeError, ValueError):
        return Typed("bytes")


def characters(cx: Context, value: Value) -> Value:
    """Some character of a text."""
    return any_element(cx, elements_or_unknown(cx, value, "str"))
