"""``re``, ``string``, ``textwrap``, ``difflib``, ``unicodedata``: really done where pattern and text are known.

Source: https://docs.python.org/3/library/re.html
"""

from __future__ import annotations

import string as real_string
from typing import Any

from foreshape.domain.join import scalar_kind
from foreshape.domain.values import (
    Choice,
    Const,
    Instance,
    IteratorValue,
    LibraryRef,
    Typed,
    Unknown,
    Value,
    as_int,
    as_str,
    const,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import type_error, value_error
from foreshape.semantics.python.stdlib.plain import attributes, constants, results
from foreshape.semantics.python.tools import NotKnown, lift, to_python, type_name, typed_list
from foreshape.semantics.registry import library_types, rule

library_types((
    ("re.Pattern", ("builtins.object",)),
    ("re.Match", ("builtins.object",)),
    ("string.Template", ("builtins.object",)),
))  # fmt: skip

MOST_TEXT = 20_000
"""Longer texts are not searched for real."""


def _pattern_text(value: Value) -> str | None:
    if isinstance(value, Instance) and isinstance(value.fields.get("~pattern"), str):
        found: str = value.fields["~pattern"]
        return found
    return as_str(value)


def _flags(value: Value | None, pattern: Value) -> int | None:
    if isinstance(pattern, Instance) and isinstance(pattern.fields.get("~flags"), int):
        found: int = pattern.fields["~flags"]
        return found
    return 0 if value is None else as_int(value)


def compiled(cx: Context, pattern: Value, flags: Value | None) -> Any:
    """The real compiled pattern; None where it is not known. ``re.error`` of one that is none."""
    text, options = _pattern_text(pattern), _flags(flags, pattern)
    if text is None or options is None:
        return None
    import re

    try:
        return re.compile(text, options)
    except re.error as error:
        recover = Unknown("the pattern is none")
        raise value_error(str(error), "re.compile", pattern, exception="error", recover=recover) from None


def _subject(value: Value) -> str | None:
    """The text to search, where it is known and not too long. TypeError of what is no text."""
    kind = scalar_kind(value)
    nothing = isinstance(value, Const) and value.value is None
    if nothing or (kind not in ("str", "bytes", None) and not isinstance(value, Choice)):
        shown = type_name(value)
        message = f"expected string or bytes-like object, got '{shown}'"
        raise type_error(message, "re", value, types=(shown or "",), recover=Unknown("it is no text"))
    text = as_str(value)
    return text if text is not None and len(text) <= MOST_TEXT else None


@rule("re.compile")
def compile_(cx: Context, pattern: Value, flags: Value | None = None) -> Value:
    """A pattern."""
    made = Instance(LibraryRef("re.Pattern"))
    real = compiled(cx, pattern, flags)
    if real is not None:
        made.fields["~pattern"] = real.pattern
        options = _flags(flags, pattern)
        made.fields["~flags"] = options if options is not None else 0
    return made


def _match(found: Any) -> Value:
    if found is None:
        return none()
    made = Instance(LibraryRef("re.Match"))
    made.fields["~groups"] = (found.group(0), *found.groups())
    made.fields["~names"] = tuple(found.groupdict().items())
    made.fields["~span"] = tuple(found.span(i) for i in range(len(found.groups()) + 1))
    return made


def _maybe_match(cx: Context) -> Value:
    """A match or None: it is not known which."""
    return Unknown("it is not known whether it matches")


def _search(name: str) -> None:
    def act(cx: Context, pattern: Value, text: Value, flags: Value | None) -> Value:
        real, subject = compiled(cx, pattern, flags), _subject(text)
        if real is None or subject is None:
            return _maybe_match(cx)
        return _match(getattr(real, name)(subject))

    @rule(f"re.{name}")
    def function(cx: Context, pattern: Value, string: Value, flags: Value | None = None) -> Value:
        return act(cx, pattern, string, flags)

    @rule(f"re.Pattern.{name}")
    def method(cx: Context, self: Value, string: Value, pos: Value | None = None, endpos: Value | None = None) -> Value:
        return act(cx, self, string, None) if pos is None else _maybe_match(cx)


for _name in ("match", "search", "fullmatch"):
    _search(_name)


def findall_of(cx: Context, pattern: Value, text: Value, flags: Value | None) -> Value:
    """All matches as texts (tuples of texts where the pattern has several groups)."""
    real, subject = compiled(cx, pattern, flags), _subject(text)
    if real is not None and subject is not None:
        return lift(real.findall(subject))
    several = real is not None and real.groups > 1
    element: Value = typed_list(cx, Typed("str"), "tuple") if several else Typed("str")
    return typed_list(cx, element)


@rule("re.findall")
def findall(cx: Context, pattern: Value, string: Value, flags: Value | None = None) -> Value:
    """All matches."""
    return findall_of(cx, pattern, string, flags)


@rule("re.Pattern.findall")
def pattern_findall(cx: Context, self: Value, string: Value, *args: Value) -> Value:
    """All matches."""
    return findall_of(cx, self, string, None)


@rule("re.finditer")
def finditer(cx: Context, pattern: Value, string: Value, flags: Value | None = None) -> Value:
    """All matches."""
    return _finditer(cx, pattern, string, flags)


@rule("re.Pattern.finditer")
def pattern_finditer(cx: Context, self: Value, string: Value, *args: Value) -> Value:
    """All matches."""
    return _finditer(cx, self, string, None)


def _finditer(cx: Context, pattern: Value, text: Value, flags: Value | None) -> Value:
    from foreshape.domain.contents import Contents, Run

    real, subject = compiled(cx, pattern, flags), _subject(text)
    if real is not None and subject is not None:
        return IteratorValue(Contents(_match(found) for found in real.finditer(subject)))
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0), Instance(LibraryRef("re.Match"))),)))


def split_of(cx: Context, pattern: Value, text: Value, maxsplit: Value | None, flags: Value | None) -> Value:
    """The parts between matches."""
    real, subject = compiled(cx, pattern, flags), _subject(text)
    most = 0 if maxsplit is None else as_int(maxsplit)
    if real is not None and subject is not None and most is not None:
        return lift(real.split(subject, most))
    return typed_list(cx, Typed("str"), lo=1)


@rule("re.split")
def split(
    cx: Context, pattern: Value, string: Value, maxsplit: Value | None = None, flags: Value | None = None
) -> Value:
    """The parts between matches."""
    return split_of(cx, pattern, string, maxsplit, flags)


@rule("re.Pattern.split")
def pattern_split(cx: Context, self: Value, string: Value, maxsplit: Value | None = None) -> Value:
    """The parts between matches."""
    return split_of(cx, self, string, maxsplit, None)


def sub_of(cx: Context, pattern: Value, repl: Value, text: Value, count: Value | None, flags: Value | None) -> Value:
    """The text with matches replaced."""
    real, subject, new = compiled(cx, pattern, flags), _subject(text), as_str(repl)
    most = 0 if count is None else as_int(count)
    if real is None or subject is None or new is None or most is None:
        return Typed("str")
    import re

    try:
        return const(real.sub(new, subject, most))
    except (re.error, IndexError) as error:
        raise value_error(str(error), "re.sub", repl, exception="error", recover=Typed("str")) from None


@rule("re.sub")
def sub(
    cx: Context,
    pattern: Value,
    repl: Value,
    string: Value,
    count: Value | None = None,
    flags: Value | None = None,
) -> Value:
    """The text with matches replaced."""
    return sub_of(cx, pattern, repl, string, count, flags)


@rule("re.Pattern.sub")
def pattern_sub(cx: Context, self: Value, repl: Value, string: Value, count: Value | None = None) -> Value:
    """The text with matches replaced."""
    return sub_of(cx, self, repl, string, count, None)


results("re", {"escape": "str", "subn": "tuple[str,int]", "purge": "none"})
results("re.Pattern", {"subn": "tuple[str,int]"})
attributes("re.Pattern", {"pattern": "str", "flags groups": "int"})
constants(
    "re",
    {
        "IGNORECASE": 2,
        "I": 2,
        "MULTILINE": 8,
        "M": 8,
        "DOTALL": 16,
        "S": 16,
        "VERBOSE": 64,
        "X": 64,
        "UNICODE": 32,
        "U": 32,
        "ASCII": 256,
        "A": 256,
    },
)


def _group(self: Value, which: Value) -> Value:
    groups = self.fields.get("~groups") if isinstance(self, Instance) else None
    if not isinstance(groups, tuple):
        return Typed("str") if as_int(which) == 0 else Unknown("a group of a match")
    name, number = as_str(which), as_int(which)
    assert isinstance(self, Instance)
    if name is not None:
        return next((lift(text) for key, text in self.fields["~names"] if key == name), Unknown("a group"))
    if number is not None and 0 <= number < len(groups):
        return lift(groups[number])
    if number is not None:
        recover = Unknown("there is no such group")
        raise value_error("no such group", "re.Match.group", which, exception="IndexError", recover=recover)
    return Unknown("a group of a match")


@rule("re.Match.group", "re.Match.__getitem__")
def group(cx: Context, self: Value, *which: Value) -> Value:
    """A group, or several as a tuple."""
    from foreshape.semantics.python.tools import sequence

    if len(which) <= 1:
        return _group(self, which[0] if which else const(0))
    return sequence("tuple", (_group(self, one) for one in which))


@rule("re.Match.groups")
def groups(cx: Context, self: Value, default: Value | None = None) -> Value:
    """All groups."""
    found = self.fields.get("~groups") if isinstance(self, Instance) else None
    return lift(found[1:]) if isinstance(found, tuple) else typed_list(cx, Unknown("a group"), "tuple")


@rule("re.Match.groupdict")
def groupdict(cx: Context, self: Value, default: Value | None = None) -> Value:
    """All named groups."""
    from foreshape.domain.values import DictValue

    found = self.fields.get("~names") if isinstance(self, Instance) else None
    return lift(dict(found)) if isinstance(found, tuple) else DictValue({}, Unknown("a group"))


def _place(name: str) -> None:
    @rule(f"re.Match.{name}")
    def place(cx: Context, self: Value, which: Value | None = None) -> Value:
        spans = self.fields.get("~span") if isinstance(self, Instance) else None
        number = 0 if which is None else as_int(which)
        if not isinstance(spans, tuple) or number is None or number >= len(spans):
            return typed_list(cx, Typed("int"), "tuple", lo=2) if name == "span" else Typed("int")
        chosen = spans[number]
        return lift(chosen if name == "span" else chosen[0 if name == "start" else 1])


for _name in ("span", "start", "end"):
    _place(_name)
attributes("re.Match", {"string": "str", "pos endpos": "int", "lastindex lastgroup re": "unknown:a part of a match"})

# -- string and friends

constants(
    "string",
    {
        name: getattr(real_string, name)
        for name in (
            "ascii_letters",
            "ascii_lowercase",
            "ascii_uppercase",
            "digits",
            "hexdigits",
            "octdigits",
            "printable",
            "punctuation",
            "whitespace",
        )
    },
)
results("string", {"capwords": "str"})
results("string.Template", {"substitute safe_substitute": "str", "__init__": "none"})
results("textwrap", {"fill indent shorten": "str", "wrap": "list[str]"})
results("difflib", {"get_close_matches": "list[str]", "unified_diff ndiff": "iter[str]"})
results("unicodedata", {"normalize name category": "str", "combining": "int"})
results("locale", {"setlocale": "str"})
results("shlex", {"split": "list[str]", "quote": "str", "join": "str"})
results("pprint", {"pprint pp": "none", "pformat": "str"})


@rule("textwrap.dedent")
def dedent(cx: Context, text: Value) -> Value:
    """Without the common indent."""
    import textwrap

    try:
        return const(textwrap.dedent(to_python(text)))
    except (NotKnown, TypeError, AttributeError):
        return Typed("str")
