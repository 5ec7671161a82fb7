"""Open files whose text is known: ``io.StringIO("a,b\\n1,2\\n")``, and files that the program wrote itself.

A handle is an Instance with a buffer (shared by all handles of one file) and a place in it. Both are values, so that loops
see them move: a place or a text that differs from step to step is then not known, and neither is what is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, dmin
from foreshape.domain.values import Const, Instance, LibraryRef, Typed, Value, as_dim, as_int, const, int_value
from foreshape.semantics.python.written import read, write

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BUFFER: Final = "~buffer"
PLACE: Final = "~place"
TEXT: Final = "~text"
BEGAN: Final = "~began"
"""Where the last iteration over its lines began."""
MOST: Final = 200_000
"""Longer texts are not followed."""


def buffer_of(text: str | bytes | None, size: DimLike | None = None) -> Instance:
    """What a file holds; None where that is not known. size: how much, where that alone is known."""
    return Instance(LibraryRef("io.~buffer"), {TEXT: Typed("str", length=size) if text is None else Const(text)})


def handle(kind: str, buffer: Instance | None, name: Value | None = None, place: int = 0) -> Instance:
    """An open file: "io.StringIO", "io.TextIOWrapper", ..."""
    made = Instance(LibraryRef(kind))
    if buffer is not None:
        made.fields[BUFFER] = buffer
        made.fields[PLACE] = const(place)
    if name is not None:
        made.fields["~name"] = name
    return made


def opened(cx: Context, kind: str, file: Value, mode: str | None) -> Instance:
    """``open(file, mode)``: empty where it is opened for writing; else what the program wrote there, if it did."""
    if mode is None:
        return handle(kind, None, file)
    if mode[:1] in ("w", "x"):
        buffer = buffer_of(b"" if "b" in mode else "")
        write(cx, file, buffer)
        return handle(kind, buffer, file)
    held = read(cx, file)
    if not isinstance(held, Instance) or TEXT not in held.fields:
        return handle(kind, None, file)
    whole = held.fields[TEXT]
    if mode[:1] == "a":
        length = len(whole.value) if isinstance(whole, Const) else 0
        return handle(kind, held, file, length)
    return handle(kind, held, file)


def content(self: Value) -> str | bytes | None:
    """All of what a file holds now, None where it is not known."""
    buffer = self.fields.get(BUFFER) if isinstance(self, Instance) else None
    whole = buffer.fields.get(TEXT) if isinstance(buffer, Instance) else None
    found = whole.value if isinstance(whole, Const) else None
    return found if isinstance(found, (str, bytes)) and len(found) <= MOST else None


def place_of(self: Value) -> int | None:
    """Where the next read begins."""
    found = self.fields.get(PLACE) if isinstance(self, Instance) else None
    return as_int(found) if isinstance(found, Value) else None


def taken(cx: Context, self: Value, count: int | None = None) -> str | bytes | None:
    """What is read from here on, so many characters or all; None where it is not known."""
    whole, place = content(self), place_of(self)
    if whole is None or place is None or not isinstance(self, Instance):
        return None
    found = whole[place:] if count is None or count < 0 else whole[place : place + count]
    cx.set(self, PLACE, const(place + len(found)))
    return found


def lines_left(cx: Context, self: Value) -> list[str | bytes] | None:
    """The lines that an iteration gives. Where the file is afterwards hangs on how far that goes."""
    whole, place = content(self), place_of(self)
    if whole is None or place is None or not isinstance(self, Instance):
        return None
    cx.set(self, BEGAN, const(place))
    cx.set(self, PLACE, Typed("int", lo=0))
    return list(whole[place:].splitlines(keepends=True))


def went(cx: Context, self: Instance, steps: int | None) -> None:
    """An iteration over the lines has ended, or was left after so many."""
    began, whole = self.fields[BEGAN], content(self)
    place = as_int(began) if isinstance(began, Value) else None
    if whole is None or place is None:
        return
    lines = whole[place:].splitlines(keepends=True)
    cx.set(self, PLACE, const(place + sum(len(line) for line in lines[:steps])))


def counted(cx: Context, self: Value, kind: str, count: DimLike | None = None) -> Value:
    """What is read of a file of which only the size is known."""
    buffer = self.fields.get(BUFFER) if isinstance(self, Instance) else None
    whole = buffer.fields.get(TEXT) if isinstance(buffer, Instance) else None
    held = self.fields.get(PLACE) if isinstance(self, Instance) else None
    place = as_dim(held) if isinstance(held, Value) else None
    if not isinstance(whole, Typed) or whole.length is None or place is None or not isinstance(self, Instance):
        return Typed(kind, length=cx.fresh("characters" if kind == "str" else "bytes", 0) if count is None else None)
    left = cx.resolve(whole.length - place)
    size = left if count is None else dmin(count, left)
    cx.set(self, PLACE, int_value(place + size))
    return Typed(kind, length=size)


def line(cx: Context, self: Value) -> str | bytes | None:
    """The next line with its end."""
    whole, place = content(self), place_of(self)
    if whole is None or place is None or not isinstance(self, Instance):
        return None
    end = whole.find("\n", place) if isinstance(whole, str) else whole.find(b"\n", place)
    stop = len(whole) if end < 0 else end + 1
    cx.set(self, PLACE, const(stop))
    return whole[place:stop]


def put(cx: Context, self: Value, text: str | bytes | None) -> None:
    """Write at the place where the file is; None for a text that is not known."""
    if not isinstance(self, Instance) or BUFFER not in self.fields:
        return
    buffer = self.fields[BUFFER]
    whole, place = content(self), place_of(self)
    if text is None or whole is None or place is None or type(whole) is not type(text):
        cx.set(buffer, TEXT, Typed("str"))
        return
    made = whole[:place] + text + whole[place + len(text) :]  # type: ignore[operator]
    cx.set(buffer, TEXT, const(made))
    cx.set(self, PLACE, const(place + len(text)))


def text_from(cx: Context, source: Value) -> str | None:
    """The text of a file that a reader is handed, open or by its name; None where it is not known."""
    if isinstance(source, Instance) and BUFFER in source.fields:
        found = taken(cx, source)
    else:
        held = read(cx, source)
        whole = held.fields.get(TEXT) if isinstance(held, Instance) else None
        found = whole.value if isinstance(whole, Const) else None
    if isinstance(found, bytes):
        try:
            return found.decode()
        except UnicodeDecodeError:
            return None
    return found if isinstance(found, str) and len(found) <= MOST else None


def holds_text(source: Value) -> bool:
    """Whether it is an open file that reading moves on."""
    return isinstance(source, Instance) and BUFFER in source.fields
