"""Arrays from and to files: loadtxt, genfromtxt, load, save, savez, fromfile, memmap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.bounds import lower
from foreshape.domain.contents import Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_dim,
    as_int,
    as_str,
)
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.creation import sizes
from foreshape.semantics.numpy.dtypes import dtype_argument
from foreshape.semantics.numpy.support import flag, given, made, zero_d
from foreshape.semantics.numpy.written_tables import generated, lines_of, loaded, options
from foreshape.semantics.python.written import ending, read, write
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."

library_type("numpy.lib.npyio.NpzFile")
library_type("numpy.memmap")


def _name(cx: Context, source: Value, what: str) -> str:
    """A name for a size that comes from a file: ``rows of data.csv``."""
    text = as_str(source)
    if text is None:
        return what
    return f"{what} of {text.replace(chr(92), '/').rpartition('/')[2]}"


def _columns(cx: Context, usecols: Value | None) -> DimLike | None:
    """How many columns are read, where that can be told; 0 for a single one given as an int."""
    if usecols is None or not given(usecols):
        return None
    if as_int(usecols) is not None:
        return 0
    contents = cx.iterate(usecols)
    return None if contents is None else contents.length


def _table(
    cx: Context, fname: Value, dtype: Value | None, usecols: Value | None, unpack: Value | None, max_rows: Value | None,
    ndmin: Value | None, split: bool,
) -> Value:  # fmt: skip
    """Rows and columns of a text file. One row or one column alone gives one axis: the rank is 2 only where a delimiter
    or several columns are asked for."""
    kind = dtype_argument(cx, dtype, "float64")
    if kind == "void" or kind is None:
        return Array("numpy", None, kind)
    if isinstance(fname, Instance) or (not split and not given(usecols) and not given(ndmin)):
        # a single column, or a single row, gives one axis
        return Array("numpy", None, kind)
    rows: DimLike = cx.fresh(_name(cx, fname, "rows"))
    limit = as_dim(max_rows) if given(max_rows) else None
    if isinstance(limit, int):
        rows = cx.fresh(_name(cx, fname, "rows"), hi=limit)
    columns = _columns(cx, usecols)
    turned = flag(unpack)
    least = as_int(ndmin) if given(ndmin) else 0
    if columns is not None and isinstance(columns, int) and columns <= 1:
        if columns == 1 or least == 2:
            return made((rows, 1) if least == 2 else (rows,), kind)
        return made((rows,), kind)
    if columns is None:
        contents = _lines(cx, fname)
        columns = cx.fresh(_name(cx, fname, "columns")) if contents is None else contents
    if turned is None:
        return made((cx.fresh(lo=1), cx.fresh(lo=1)), kind)
    return made((columns, rows) if turned else (rows, columns), kind)


def _lines(cx: Context, fname: Value) -> DimLike | None:
    return None


@rule("numpy.loadtxt", doc=DOC + "loadtxt.html")
def loadtxt(
    cx: Context, fname: Value, dtype: Value | None = None, comments: Value | None = None,
    delimiter: Value | None = None,
    converters: Value | None = None, skiprows: Value | None = None, usecols: Value | None = None,
    unpack: Value | None = None, ndmin: Value | None = None, encoding: Value | None = None,
    max_rows: Value | None = None,
    *, quotechar: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """(rows, columns) of a text file."""
    plain = not (given(skiprows) or given(usecols) or given(unpack) or given(ndmin) or given(max_rows))
    held = read(cx, fname)
    if plain and not given(converters) and comments is None and isinstance(held, TextTable):
        found = held.read(cx, delimiter, dtype_argument(cx, dtype, "float64"))
        if found is not None:
            return found
    how = options(
        dtype_argument(cx, dtype, "float64"), delimiter, skiprows, usecols, unpack, ndmin, max_rows
    )  # fmt: skip
    mark = _mark(comments)
    lines = lines_of(cx, fname) if how is not None and mark is not None and not given(converters) else None
    if how is not None and lines is not None:
        known = loaded(cx, lines, how, mark or None, fname)
        if known is not None:
            return known
    return _table(cx, fname, dtype, usecols, unpack, max_rows, ndmin, given(delimiter))


def _mark(comments: Value | None) -> str | None:
    """What begins a comment, "" for none, None where that is not known."""
    if comments is None:
        return "#"
    return "" if not given(comments) else as_str(comments)


@rule("numpy.genfromtxt", "numpy.recfromcsv", "numpy.recfromtxt", doc=DOC + "genfromtxt.html")
def genfromtxt(
    cx: Context, fname: Value, dtype: Value | None = None, comments: Value | None = None,
    delimiter: Value | None = None,
    skip_header: Value | None = None, skip_footer: Value | None = None, converters: Value | None = None,
    missing_values: Value | None = None, filling_values: Value | None = None, usecols: Value | None = None,
    names: Value | None = None, excludelist: Value | None = None, deletechars: Value | None = None,
    replace_space: Value | None = None, autostrip: Value | None = None, case_sensitive: Value | None = None,
    defaultfmt: Value | None = None, unpack: Value | None = None, usemask: Value | None = None,
    loose: Value | None = None,
    invalid_raise: Value | None = None, max_rows: Value | None = None, encoding: Value | None = None, *,
    ndmin: Value | None = None, like: Value | None = None,
) -> Value:  # fmt: skip
    """(rows, columns) of a text file; with names, or a dtype that is found out, a structured array."""
    if given(names) or (isinstance(dtype, Const) and dtype.value is None):
        return cx.unknown("its columns may be fields of a structured array")
    plain = not (
        given(converters)
        or given(missing_values)
        or given(filling_values)
        or given(skip_footer)
        or given(invalid_raise)
    )
    how = options(
        dtype_argument(cx, dtype, "float64"), delimiter, skip_header, usecols, unpack, ndmin, max_rows
    )  # fmt: skip
    mark = _mark(comments)
    lines = lines_of(cx, fname) if how is not None and plain and mark is not None else None
    if how is not None and lines is not None:
        known = generated(cx, lines, how, mark or None, fname)
        if known is not None:
            return known
    return _table(cx, fname, dtype, usecols, unpack, max_rows, ndmin, given(delimiter))


@rule("numpy.fromfile", doc=DOC + "fromfile.html")
def fromfile(
    cx: Context, file: Value, dtype: Value | None = None, count: Value | None = None, sep: Value | None = None,
    offset: Value | None = None, *, like: Value | None = None,
) -> Value:  # fmt: skip
    wanted = as_dim(count) if count is not None else None
    known = wanted is not None and not (isinstance(wanted, int) and wanted < 0)
    length: DimLike = wanted if known and wanted is not None else cx.fresh(_name(cx, file, "values"), lo=0)
    return made((length,), dtype_argument(cx, dtype, "float64"))


@rule("numpy.fromregex", doc=DOC + "fromregex.html")
def fromregex(cx: Context, file: Value, regexp: Value, dtype: Value, encoding: Value | None = None) -> Value:
    return made((cx.fresh(_name(cx, file, "matches"), lo=0),), dtype_argument(cx, dtype, None))


@rule("numpy.load", doc=DOC + "load.html")
def load(
    cx: Context, file: Value, mmap_mode: Value | None = None, allow_pickle: Value | None = None,
    fix_imports: Value | None = None, encoding: Value | None = None, *, max_header_size: Value | None = None,
) -> Value:  # fmt: skip
    """An array of unknown rank (.npy), or a mapping of arrays (.npz)."""
    name = ending(file)
    held = read(cx, file)
    if isinstance(held, Array) and mmap_mode is None:
        return _again(held)
    if name is not None and name.endswith(".npz"):
        kept = {"~arrays": held} if isinstance(held, DictValue) else {}
        return Instance(LibraryRef("numpy.lib.npyio.NpzFile"), kept)  # type: ignore[arg-type]
    if name is not None and name.endswith(".npy"):
        return Array("numpy", None, None)
    return cx.unknown("read from a file")


def _again(held: Array) -> Array:
    """What was written, read: another object of the same shape."""
    return Array("numpy", held.shape, held.dtype, lo=held.lo, hi=held.hi)


@rule("numpy.lib.npyio.NpzFile.__getitem__")
def npz_item(cx: Context, self: Value, index: Value) -> Value:
    held, key = self.fields.get("~arrays") if isinstance(self, Instance) else None, as_str(index)
    if isinstance(held, DictValue) and key is not None and isinstance(held.entries.get(key), Array):
        found = held.entries[key]
        assert isinstance(found, Array)
        return _again(found)
    return Array("numpy", None, None)


@rule("numpy.lib.npyio.NpzFile.get")
def npz_get(cx: Context, self: Value, key: Value, default: Value | None = None, /) -> Value:
    return Array("numpy", None, None)


@rule("numpy.lib.npyio.NpzFile.close")
def npz_close(cx: Context, self: Value) -> Value:
    return Const(None)


@rule("numpy.lib.npyio.NpzFile.__enter__")
def npz_enter(cx: Context, self: Value) -> Value:
    return self


@rule("numpy.lib.npyio.NpzFile.__contains__")
def npz_contains(cx: Context, self: Value, key: Value) -> Value:
    return Typed("bool")


@rule("numpy.lib.npyio.NpzFile.keys", "numpy.lib.npyio.NpzFile.__iter__")
def npz_keys(cx: Context, self: Value) -> Value:
    from foreshape.domain.contents import Contents

    return Sequence("list", Contents((Run(cx.fresh(lo=0), Typed("str")),)))


@rule("numpy.lib.npyio.NpzFile.values", "numpy.lib.npyio.NpzFile.items")
def npz_values(cx: Context, self: Value) -> Value:
    return cx.unknown("read from a file")


@attribute("numpy.lib.npyio.NpzFile.files")
def npz_files(cx: Context, self: Value) -> Value:
    return npz_keys(cx, self)


def _kept(cx: Context, value: Value) -> Array | None:
    """What a file holds of an array; None for what is not known."""
    found = as_array(cx, value, "save")
    return found if isinstance(found, Array) and found.shape is not None else None


@rule("numpy.save")
def save_one(
    cx: Context, file: Value, arr: Value, allow_pickle: Value | None = None, fix_imports: Value | None = None
) -> Value:
    """Writes one array, to a name that ends in ``.npy``."""
    write(cx, file, _kept(cx, arr), ".npy")
    return Const(None)


@rule("numpy.savez", "numpy.savez_compressed", doc=DOC + "savez.html")
def savez(cx: Context, file: Value, *args: Value, allow_pickle: Value | None = None, **kwds: Value) -> Value:
    """Writes arrays under their names, to a name that ends in ``.npz``."""
    named: dict[str, Value] = {**{f"arr_{k}": value for k, value in enumerate(args)}, **kwds}
    kept = {key: _kept(cx, value) for key, value in named.items()}
    write(cx, file, DictValue({key: value for key, value in kept.items() if value is not None}), ".npz")
    return Const(None)


@rule("numpy.savetxt", doc=DOC + "savetxt.html")
def savetxt(
    cx: Context, fname: Value, X: Value, fmt: Value | None = None, delimiter: Value | None = None,  # noqa: N803
    newline: Value | None = None, header: Value | None = None, footer: Value | None = None,
    comments: Value | None = None, encoding: Value | None = None,
) -> Value:  # fmt: skip
    """Writes rows as text. What is read from it again has as many, where nothing else stands in it."""
    found = _kept(cx, X)
    plain = newline is None and not (given(comments) and (given(header) or given(footer)))
    write(cx, fname, TextTable(found, delimiter) if plain and found is not None else None)
    return Const(None)


class TextTable:
    """What ``savetxt`` wrote: an array, and what stands between its columns."""

    __slots__ = ("array", "delimiter")

    def __init__(self, array: Array, delimiter: Value | None) -> None:
        self.array = array
        self.delimiter = as_str(delimiter) if given(delimiter) and delimiter is not None else " "

    def read(self, cx: Context, delimiter: Value | None, dtype: str | None) -> Array | None:
        """As ``loadtxt`` reads it, an axis of one left out; None where it would fail or is not known."""
        between = as_str(delimiter) if given(delimiter) and delimiter is not None else " "
        shape = self.array.shape
        if between != self.delimiter or shape is None or len(shape) > 2:
            return None
        if any(not isinstance(size, int) and (lower(size, cx.facts) or 0) < 2 for size in shape):
            return None
        return made(tuple(size for size in shape if size != 1), dtype)


@rule("numpy.memmap", doc=DOC + "memmap.html")
def memmap(
    cx: Context, filename: Value, dtype: Value | None = None, mode: Value | None = None, offset: Value | None = None,
    shape: Value | None = None, order: Value | None = None,
) -> Value:  # fmt: skip
    if shape is not None and given(shape):
        return made(sizes(cx, shape, "memmap"), dtype_argument(cx, dtype, "uint8"))
    return made((cx.fresh(_name(cx, filename, "values"), lo=0),), dtype_argument(cx, dtype, "uint8"))


@rule("numpy.lib.format.open_memmap")
def open_memmap(
    cx: Context, filename: Value, mode: Value | None = None, dtype: Value | None = None, shape: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    target = sizes(cx, shape, "open_memmap") if shape is not None and given(shape) else None
    return zero_d(made(target, dtype_argument(cx, dtype, None)))
