"""``loadtxt`` and ``genfromtxt`` of a text that is known: what is in it is counted and read as NumPy would.

https://numpy.org/doc/stable/reference/generated/numpy.loadtxt.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Sequence, Value, as_int, as_str
from foreshape.semantics.numpy.support import MOST_DATA, flag, given, made
from foreshape.semantics.python.errors import value_error
from foreshape.semantics.python.handles import text_from
from foreshape.semantics.python.tools import NotKnown, to_python

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

REAL: Final = ("float64", "float32", "float16")
WHOLE: Final = ("int64", "int32", "int16", "int8")


def lines_of(cx: Context, source: Value) -> list[str] | None:
    """The lines of a file or list of lines, None where they are not known."""
    if isinstance(source, Sequence):
        try:
            found = to_python(source)
        except NotKnown:
            return None
        return found if isinstance(found, list) and all(isinstance(line, str) for line in found) else None
    text = text_from(cx, source)
    return None if text is None else text.split("\n")


def cells(lines: list[str], delimiter: str | None, skipped: int, comments: str | None) -> list[list[str]]:
    """The parts of each line that is not empty."""
    found = []
    for line in lines[skipped:]:
        bare = (line if comments is None else line.partition(comments)[0]).strip("\r\n")
        if not bare.strip():
            continue
        parts = bare.split() if delimiter is None else [part.strip() for part in bare.split(delimiter)]
        found.append(parts)
    return found


def number(text: str, dtype: str) -> float | int | None:
    """The number that a text is, None where it is none."""
    try:
        return int(text) if dtype in WHOLE else float(text)
    except ValueError:
        return None


class Options:
    """What both readers take."""

    __slots__ = ("columns", "delimiter", "dtype", "limit", "ndmin", "single", "skipped", "turned")

    def __init__(self, dtype: str, delimiter: str | None, skipped: int) -> None:
        self.dtype = dtype
        self.delimiter = delimiter
        self.skipped = skipped
        self.limit: int | None = None
        self.columns: list[int] | None = None
        self.single = False
        self.turned = False
        self.ndmin = 0


def options(
    dtype: str | None, delimiter: Value | None, skipped: Value | None, usecols: Value | None, unpack: Value | None,
    ndmin: Value | None, max_rows: Value | None,
) -> Options | None:  # fmt: skip
    """The arguments, None where one is not known or is not read here."""
    if dtype not in REAL and dtype not in WHOLE:
        return None
    between = as_str(delimiter) if given(delimiter) else None
    skip = as_int(skipped) if given(skipped) else 0
    if (given(delimiter) and (between is None or len(between) != 1)) or skip is None or dtype is None:
        return None
    made_of = Options(dtype, between, skip)
    turned, least = flag(unpack), as_int(ndmin) if given(ndmin) else 0
    limit = as_int(max_rows) if given(max_rows) else None
    if turned is None or least is None or (given(max_rows) and limit is None):
        return None
    made_of.turned, made_of.ndmin, made_of.limit = turned, least, limit
    if usecols is not None and given(usecols):
        try:
            columns = to_python(usecols)
        except NotKnown:
            return None
        made_of.single = isinstance(columns, int)
        made_of.columns = [columns] if isinstance(columns, int) else list(columns)
        if not all(isinstance(column, int) and column >= 0 for column in made_of.columns):
            return None
    return made_of


def table(rows: list[list[float | int]], how: Options) -> Array:
    """The array for rows of numbers, with axes of one left out as NumPy does."""
    shape: tuple[int, ...] = (len(rows), len(rows[0]) if rows else 0)
    flat = [item for row in rows for item in row]
    if not rows:
        return made((0,) if how.ndmin < 2 else (0, 1), how.dtype)
    if how.turned:
        shape = (shape[1], shape[0])
        flat = [row[k] for k in range(shape[0]) for row in rows]
    kept = tuple(size for size in shape if size != 1)
    if len(kept) < how.ndmin:
        kept = shape if how.ndmin == 2 else (1,)
    sound = all(item == item for item in flat)
    data = tuple(flat) if len(flat) <= MOST_DATA and sound else None
    return made(kept, how.dtype, min(flat) if sound else None, max(flat) if sound else None, data)


def loaded(cx: Context, lines: list[str], how: Options, comments: str | None, source: Value) -> Array | None:
    """As ``loadtxt`` reads. ValueError for text that is no number and for rows of different lengths."""
    rows: list[list[float | int]] = []
    width: int | None = None
    for place, parts in enumerate(cells(lines, how.delimiter, how.skipped, comments)):
        if how.limit is not None and place >= how.limit:
            break
        if how.columns is None:
            if width is not None and len(parts) != width:
                raise _uneven(width, len(parts), place + 1, source)
            width = len(parts)
            columns = list(range(width))
        else:
            columns = how.columns
        if columns and max(columns) >= len(parts):
            message = f"invalid column index {max(columns)} at row {place + 1} with {len(parts)} columns"
            exception = "ValueError"
            if max(columns) >= 2**63:
                exception, message = "OverflowError", "cannot fit 'int' into an index-sized integer"
            raise value_error(message, "loadtxt", source, exception=exception, recover=made(None, how.dtype))
        row: list[float | int] = []
        for column in columns:
            item = number(parts[column], how.dtype)
            if item is None:
                text = f"could not convert string {parts[column]!r} to {how.dtype} at row {place}, column {column + 1}."
                raise value_error(text, "loadtxt", source, recover=made(None, how.dtype))
            row.append(item)
        rows.append(row)
    return table(rows, how)


def _uneven(width: int, got: int, row: int, source: Value) -> Exception:
    message = (
        f"the number of columns changed from {width} to {got} at row {row}; "
        "use `usecols` to select a subset and avoid this error"
    )
    return value_error(message, "loadtxt", source, recover=made(None, "float64"))


def generated(cx: Context, lines: list[str], how: Options, comments: str | None, source: Value) -> Array | None:
    """As ``genfromtxt`` reads: what is no number is NaN. ValueError for rows of different lengths."""
    found = cells(lines, how.delimiter, how.skipped, comments)
    if how.limit is not None:
        found = found[: how.limit]
    width = len(found[0]) if found else 0
    wrong = [(place, len(parts)) for place, parts in enumerate(found, 1) if len(parts) != width]
    if wrong and how.columns is None:
        shown = "".join(
            f"\n    Line #{place + how.skipped} (got {got} columns instead of {width})" for place, got in wrong
        )
        raise value_error(f"Some errors were detected !{shown}", "genfromtxt", source, recover=made(None, how.dtype))
    columns = list(range(width)) if how.columns is None else how.columns
    if wrong or any(column >= width for column in columns) or how.dtype in WHOLE:
        return None
    rows: list[list[float | int]] = []
    for parts in found:
        items = [number(parts[column], how.dtype) for column in columns]
        rows.append([float("nan") if item is None else item for item in items])
    return table(rows, how)
