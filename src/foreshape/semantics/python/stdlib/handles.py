"""Reading and writing open files, and CSV by hand.

Source: https://docs.python.org/3/library/io.html, https://docs.python.org/3/library/csv.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Const,
    DictValue,
    Instance,
    IteratorValue,
    Sequence,
    Typed,
    Value,
    as_int,
    as_str,
    const,
    int_value,
    is_none,
    none,
)
from foreshape.semantics.python import handles
from foreshape.semantics.python.errors import value_error
from foreshape.semantics.python.tools import NotKnown, lift, sequence, to_python, typed_list
from foreshape.semantics.registry import attribute, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _scalar(self: Value) -> str:
    binary = isinstance(self, Instance) and "Buffered" in (self.library_type or "") + self.cls.name
    return "bytes" if binary or (isinstance(self, Instance) and self.cls.name == "io.BytesIO") else "str"


def _known(self: Value, found: str | bytes | None) -> Value:
    return Typed(_scalar(self)) if found is None else const(found)


# -- files in memory


@rule("io.StringIO")
def string_io(cx: Context, initial_value: Value | None = None, newline: Value | None = None) -> Value:
    """A file of text in memory."""
    text = "" if is_none(initial_value) else as_str(initial_value)
    return handles.handle("io.StringIO", handles.buffer_of(text))


@rule("io.BytesIO")
def bytes_io(cx: Context, initial_bytes: Value | None = None) -> Value:
    """A file of bytes in memory."""
    held = initial_bytes.value if isinstance(initial_bytes, Const) else None
    whole = b"" if is_none(initial_bytes) else held if isinstance(held, bytes) else None
    size = initial_bytes.length if isinstance(initial_bytes, Typed) else None
    return handles.handle("io.BytesIO", handles.buffer_of(whole, size))


@rule("io.TextIOWrapper.getvalue", "io.BufferedReader.getvalue")
def getvalue(cx: Context, self: Value) -> Value:
    """All of it."""
    return _known(self, handles.content(self))


@rule("io.TextIOWrapper.read", "io.BufferedReader.read", "io.BufferedReader.read1")
def read(cx: Context, self: Value, size: Value | None = None, /) -> Value:
    """So many characters, or all that is left."""
    wanted = None if size is None or is_none(size) else as_int(size)
    if size is not None and not is_none(size) and wanted is None:
        _lost(cx, self)
        return Typed(_scalar(self))
    found = handles.taken(cx, self, wanted)
    return handles.counted(cx, self, _scalar(self), wanted) if found is None else const(found)


@rule("io.TextIOWrapper.readline", "io.BufferedReader.readline")
def readline(cx: Context, self: Value, size: Value | None = None, /) -> Value:
    """The next line, an empty text at the end."""
    return _known(self, handles.line(cx, self))


@rule("io.TextIOWrapper.__next__", "io.BufferedReader.__next__")
def next_line(cx: Context, self: Value) -> Value:
    """The next line. StopIteration at the end."""
    found = handles.line(cx, self)
    if found is not None and not found:
        raise value_error("", "next", self, exception="StopIteration", recover=cx.unknown("nothing is left"))
    return _known(self, found)


def _contents(cx: Context, self: Value, lines: list[str | bytes] | None) -> Contents:
    if lines is None:
        return Contents((Run(cx.fresh(None, lo=0), Typed(_scalar(self))),))
    return Contents(const(line) for line in lines)


@rule("io.TextIOWrapper.readlines", "io.BufferedReader.readlines")
def readlines(cx: Context, self: Value, hint: Value | None = None, /) -> Value:
    """Lines with their ends."""
    rest = handles.taken(cx, self)
    return Sequence("list", _contents(cx, self, None if rest is None else list(rest.splitlines(keepends=True))))


@rule("io.TextIOWrapper.__iter__", "io.BufferedReader.__iter__")
def iterate(cx: Context, self: Value) -> Value:
    """Lines with their ends."""
    return IteratorValue(_contents(cx, self, handles.lines_left(cx, self)))


def _lost(cx: Context, self: Value) -> None:
    """Where the file is now is not known."""
    if isinstance(self, Instance) and handles.PLACE in self.fields:
        cx.set(self, handles.PLACE, Typed("int", lo=0))


@rule("io.IOBase.write")
def write(cx: Context, self: Value, text: Value, /) -> Value:
    """How much was written."""
    held = text.value if isinstance(text, Const) else None
    handles.put(cx, self, held if isinstance(held, (str, bytes)) else None)
    return const(len(held)) if isinstance(held, (str, bytes)) else int_value(cx.fresh(None, lo=0))


@rule("io.IOBase.writelines")
def writelines(cx: Context, self: Value, lines: Value, /) -> Value:
    """Nothing comes back."""
    contents = cx.iterate(lines)
    items = None if contents is None else contents.items()
    parts = [as_str(item) for item in items or ()]
    known = items is not None and None not in parts
    handles.put(cx, self, "".join(part for part in parts if part is not None) if known else None)
    return none()


@rule("io.IOBase.seek")
def seek(cx: Context, self: Value, offset: Value, whence: Value | None = None, /) -> Value:
    """The place where the file then is."""
    place, how = as_int(offset), 0 if whence is None else as_int(whence)
    whole = handles.content(self)
    if how == 2 and whole is not None and place is not None:
        place = len(whole) + place
    elif how != 0:
        place = None
    if place is None:
        _lost(cx, self)
    elif isinstance(self, Instance) and handles.PLACE in self.fields:
        cx.set(self, handles.PLACE, const(place))
    return int_value(cx.fresh(None, lo=0)) if place is None else const(place)


@rule("io.IOBase.tell")
def tell(cx: Context, self: Value) -> Value:
    """Where the file is."""
    place = handles.place_of(self)
    return int_value(cx.fresh(None, lo=0)) if place is None else const(place)


@rule("io.IOBase.truncate")
def truncate(cx: Context, self: Value, size: Value | None = None, /) -> Value:
    """Cut off behind a place."""
    whole = handles.content(self)
    place = handles.place_of(self) if size is None or is_none(size) else as_int(size)
    buffer = self.fields.get(handles.BUFFER) if isinstance(self, Instance) else None
    if isinstance(buffer, Instance):
        known = whole is not None and place is not None
        cx.set(buffer, handles.TEXT, const(whole[:place]) if known and whole is not None else Typed("str"))
    return int_value(cx.fresh(None, lo=0)) if place is None else const(place)


# -- csv

FORMAT = frozenset(
    {"delimiter", "quotechar", "skipinitialspace", "lineterminator", "strict", "escapechar", "doublequote"}
)


def _options(dialect: Value | None, given: dict[str, Value]) -> dict[str, Any] | None:
    """How a CSV file is written; None where that is not known."""
    named = as_str(dialect)
    if not is_none(dialect) and named not in ("excel", "excel-tab"):
        return None
    found: dict[str, Any] = {"delimiter": "\t"} if named == "excel-tab" else {}
    for name, value in given.items():
        if name not in FORMAT or not isinstance(value, Const):
            return None
        found[name] = value.value
    return found


def _rows(cx: Context, source: Value, options: dict[str, Any] | None) -> list[list[str]] | None:
    if options is None:
        return None
    contents = cx.iterate(source)
    items = None if contents is None else contents.items()
    lines = [as_str(item) for item in items or ()]
    if items is None or None in lines:
        return None
    import csv

    try:
        return list(csv.reader((line for line in lines if line is not None), **options))
    except (csv.Error, TypeError, ValueError):
        return None


@rule("csv.reader")
def reader(cx: Context, csvfile: Value, dialect: Value | None = None, **fmtparams: Value) -> Value:
    """Rows, each a list of texts."""
    rows = _rows(cx, csvfile, _options(dialect, fmtparams))
    if rows is None:
        row = typed_list(cx, Typed("str"))
        return IteratorValue(Contents((Run(cx.fresh(None, lo=0), row),)))
    return IteratorValue(Contents(lift(row) for row in rows))


@rule("csv.DictReader.__init__")
def dict_reader(
    cx: Context, self: Instance, f: Value, fieldnames: Value | None = None, restkey: Value | None = None,
    restval: Value | None = None, dialect: Value | None = None, **kwds: Value,
) -> Value:  # fmt: skip
    """Rows as dicts under the names of the first row, or those that are given."""
    rows = _rows(cx, f, _options(dialect, kwds))
    names: list[str] | None = None
    if not is_none(fieldnames):
        try:
            names = list(to_python(fieldnames))
        except (NotKnown, TypeError):
            rows = None
    elif rows:
        names, rows = rows[0], rows[1:]
    plain = rows is not None and names is not None and all(len(row) == len(names) for row in rows if row)
    if not plain or rows is None or names is None or not (is_none(restkey) and is_none(restval)):
        cx.set(self, "~rows", IteratorValue(Contents((Run(cx.fresh(None, lo=0), DictValue({}, Typed("str"))),))))
        return none()
    made = [DictValue({name: const(part) for name, part in zip(names, row)}) for row in rows if row]
    cx.set(self, "~rows", IteratorValue(Contents(made)))
    cx.set(self, "~names", sequence("list", (const(name) for name in names)))
    return none()


@rule("csv.DictReader.__iter__")
def dict_rows(cx: Context, self: Instance) -> Value:
    """The rows that are left."""
    found = self.fields.get("~rows")
    return found if isinstance(found, Value) else IteratorValue(Contents())


@rule("csv.DictReader.__next__")
def dict_row(cx: Context, self: Instance) -> Value:
    """The next row."""
    return cx.rule("builtins.next", dict_rows(cx, self))


@attribute("csv.DictReader.fieldnames")
def fieldnames(cx: Context, self: Instance) -> Value:
    """The names."""
    found = self.fields.get("~names")
    return found if isinstance(found, Value) else typed_list(cx, Typed("str"))


@rule("csv.writer.__init__", "csv.DictWriter.__init__")
def csv_writer(cx: Context, self: Instance, f: Value, *args: Value, **kwargs: Value) -> Value:
    """Writes rows to an open file."""
    cx.set(self, "~file", f)
    names = args[0] if args else kwargs.get("fieldnames")
    named = self.cls.name == "csv.DictWriter"
    if named and names is not None:
        cx.set(self, "~names", names)
    options = _options(None, {k: v for k, v in kwargs.items() if k != "fieldnames"})
    cx.set(self, "~plain", options if len(args) == (1 if named and args else 0) else None)
    return none()


def _write_rows(cx: Context, self: Instance, rows: list[Value]) -> None:
    file, options = self.fields.get("~file"), self.fields.get("~plain")
    if not isinstance(file, Value):
        return
    if options is None:
        handles.put(cx, file, None)
        return
    import csv
    import io

    try:
        names = self.fields.get("~names")
        order = list(to_python(names)) if isinstance(names, Value) else []
        out = io.StringIO()
        writer = csv.writer(out, **options)
        for row in rows:
            real = to_python(row)
            writer.writerow([real.get(name, "") for name in order] if isinstance(real, dict) else real)
        handles.put(cx, file, out.getvalue())
    except (NotKnown, csv.Error, TypeError, ValueError):
        handles.put(cx, file, None)


@rule("csv.writer.writerow", "csv.DictWriter.writerow")
def writerow(cx: Context, self: Instance, row: Value, /) -> Value:
    """How much was written."""
    _write_rows(cx, self, [row])
    return int_value(cx.fresh(None, lo=0))


@rule("csv.writer.writerows", "csv.DictWriter.writerows")
def writerows(cx: Context, self: Instance, rows: Value, /) -> Value:
    """Nothing comes back."""
    contents = cx.iterate(rows)
    items = None if contents is None else contents.items()
    if items is None:
        _write_rows(cx, self, [Typed("str")])
    else:
        _write_rows(cx, self, list(items))
    return none()


@rule("csv.DictWriter.writeheader")
def writeheader(cx: Context, self: Instance) -> Value:
    """The names as the first row."""
    names = self.fields.get("~names")
    _write_rows(cx, self, [names if isinstance(names, Value) else Typed("str")])
    return int_value(cx.fresh(None, lo=0))
