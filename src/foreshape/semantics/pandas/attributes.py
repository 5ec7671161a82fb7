"""Attributes of frames: shape, values, columns, index, dtypes; what names that are none of them mean.

https://pandas.pydata.org/docs/reference/frame.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import as_var
from foreshape.domain.values import (
    Const,
    DictValue,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_bool,
    as_str,
    int_value,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.conversion import cast
from foreshape.semantics.numpy.dtypes import dtype_argument, dtype_value, kind_of
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.pandas import names
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    INDEX,
    LEVEL,
    NDFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    as_values,
    frame_of,
    index_value,
    label_of,
    scalar,
    text_dtype,
    wrapped,
)
from foreshape.semantics.registry import attribute, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BOTH = (NDFRAME, INDEX)


def on(name: str, *types: str) -> tuple[str, ...]:
    """The names of a member on several types."""
    return tuple(f"{one}.{name}" for one in types or BOTH)


@attribute(*on("shape"))
def shape(cx: Context, self: Instance) -> Value:
    """(rows, columns), (rows,) of a Series."""
    frame = frame_of(cx, self)
    return listed("tuple", [int_value(cx.resolve(size)) for size in frame.shape or ()])


@attribute(*on("ndim"))
def ndim(cx: Context, self: Instance) -> Value:
    return Const(len(frame_of(cx, self).shape or ()))


@attribute(*on("size"))
def size(cx: Context, self: Instance) -> Value:
    frame = frame_of(cx, self)
    return int_value(frame.rows if frame.flat else frame.rows * frame.width)


@attribute(*on("empty"))
def empty(cx: Context, self: Instance) -> Value:
    from foreshape.domain.compare import ge

    frame = frame_of(cx, self)
    if ge(frame.rows, 1, cx.facts).is_yes and (frame.flat or ge(frame.width, 1, cx.facts).is_yes):
        return Const(False)
    return Typed("bool")


@attribute(*on("values"))
def values(cx: Context, self: Instance) -> Value:
    """The NumPy array of all elements; of mixed dtypes their common one."""
    return as_values(cx, frame_of(cx, self))


@attribute(*on("array", SERIES, INDEX))
def array(cx: Context, self: Instance) -> Value:
    return as_values(cx, frame_of(cx, self))


@rule(*on("to_numpy"))
def as_numpy(
    cx: Context, self: Instance, dtype: Value | None = None, copy: Value | None = None, na_value: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """The values as an array; further arguments are for arrays of other libraries."""
    if kwargs:
        return cx.unknown("an array of another library")
    found = as_values(cx, frame_of(cx, self))
    if not given(dtype):
        return found
    wanted = dtype_argument(cx, dtype, found.dtype)
    return (
        made(found.shape, wanted) if kind_of(found.dtype) not in ("b", "i", "u", "f") else cast(cx, found, wanted, self)
    )


@rule(*on("__array__"))
def dunder_array(cx: Context, self: Instance, dtype: Value | None = None, copy: Value | None = None) -> Value:
    return as_numpy(cx, self, dtype)


@attribute(*on("dtype", SERIES, INDEX))
def dtype(cx: Context, self: Instance) -> Value:
    found = frame_of(cx, self).dtype
    return dtype_value(found)


@attribute(f"{DATAFRAME}.dtypes")
def dtypes(cx: Context, self: Instance) -> Value:
    """A Series with the dtype of every column."""
    frame = frame_of(cx, self)
    data = tuple(column.name for column in frame.columns) if frame.closed else None
    return wrapped(Frame(frame.width, (Column(None, "object"),), "Series", Labels("columns", data)))


@attribute(f"{SERIES}.dtypes")
def series_dtypes(cx: Context, self: Instance) -> Value:
    return dtype(cx, self)


@attribute(f"{DATAFRAME}.columns")
def columns(cx: Context, self: Instance) -> Value:
    """The names of the columns."""
    return names_of(cx, frame_of(cx, self))


@rule(f"{DATAFRAME}.keys")
def keys(cx: Context, self: Instance) -> Value:
    return names_of(cx, frame_of(cx, self))


def names_of(cx: Context, frame: Frame) -> Value:
    data = tuple(column.name for column in frame.columns) if frame.closed else None
    kind = None
    form = "Index"
    if data is not None and all(isinstance(name, str) for name in data) and data:
        kind = text_dtype(cx)
    elif data is not None and data == tuple(range(len(data))) and data:
        kind, form = "int64", "RangeIndex"
    elif data is not None and any(isinstance(name, str) for name in data):
        kind = "object"
    return index_value(frame.width, kind, data, form=form) if data is not None else index_value(frame.width, kind)


@attribute(f"{NDFRAME}.index")
def index(cx: Context, self: Instance) -> Value:
    """The labels of the rows."""
    frame = frame_of(cx, self)
    kind = frame.index.kind
    dtype: str | None = None
    form = "Index"
    if kind == "range":
        dtype, form = "int64", "RangeIndex"
    elif kind == "datetime":
        form = "DatetimeIndex"
    found = Frame(frame.rows, (Column(frame.index.name, dtype, data=frame.index.data, missing=0),), form, frame.index)
    labels = wrapped(found)
    labels.fields["~owner"] = self
    return labels


@attribute(f"{NDFRAME}.axes")
def axes(cx: Context, self: Instance) -> Value:
    frame = frame_of(cx, self)
    return listed("list", [index(cx, self)] if frame.flat else [index(cx, self), names_of(cx, frame)])


@attribute(f"{SERIES}.name", f"{INDEX}.name")
def name(cx: Context, self: Instance) -> Value:
    found = frame_of(cx, self).only.name
    return Const(found) if isinstance(found, (str, int, float, type(None))) else cx.unknown("the name of a series")


@attribute(*on("T"))
def transposed(cx: Context, self: Instance) -> Value:
    """Rows and columns exchanged."""
    frame = frame_of(cx, self)
    if frame.flat:
        return self
    from foreshape.semantics.pandas.support import common

    labels = Labels("columns", tuple(column.name for column in frame.columns) if frame.closed else None)
    rows = frame.rows
    dtype = common(frame.columns) if frame.closed and frame.columns else None
    if isinstance(rows, int) and rows <= 256 and frame.index.kind == "range" and frame.index.start == 0:
        return wrapped(Frame(frame.width, tuple(Column(k, dtype) for k in range(rows)), "DataFrame", labels))
    if frame.index.data is not None:
        return wrapped(Frame(frame.width, tuple(Column(k, dtype) for k in frame.index.data), "DataFrame", labels))
    return wrapped(Frame(frame.width, (), "DataFrame", labels, rows, False))


@rule(*on("transpose"))
def transpose(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return transposed(cx, self)


# -- protocol ----------
@rule(*on("__len__"))
def length(cx: Context, self: Instance) -> Value:
    return int_value(frame_of(cx, self).rows)


@rule(f"{DATAFRAME}.__iter__")
def iterate(cx: Context, self: Instance) -> Value:
    """The names of the columns."""
    frame = frame_of(cx, self)
    if frame.closed:
        return listed("list", [name_value(column.name) for column in frame.columns])
    return Sequence("list", Contents((Run(frame.width, Typed("str")),)))


def name_value(name: object) -> Value:
    """A label as a value."""
    if isinstance(name, tuple):
        return listed("tuple", [name_value(part) for part in name])
    return Const(name)


@rule(*on("__iter__", SERIES, INDEX))
def iterate_elements(cx: Context, self: Instance) -> Value:
    return elements(cx, frame_of(cx, self))


def elements(cx: Context, frame: Frame) -> Sequence:
    """The elements of a Series as a list."""
    column = frame.only
    if column.items is not None:
        return Sequence("list", column.items)
    if column.data is not None and isinstance(frame.rows, int) and len(column.data) == frame.rows:
        return listed(
            "list",
            [
                Int(item) if not isinstance(item, (str, int, float, bool, tuple, type(None))) else name_value(item)
                for item in column.data
            ],
        )
    return Sequence("list", Contents((Run(frame.rows, _plain(cx, column)),)))


def _plain(cx: Context, column: Column) -> Value:
    """One element as Python has it after ``tolist``."""
    kind = kind_of(column.dtype)
    if kind in ("i", "u"):
        return Typed("int", lo=column.lo, hi=column.hi)
    if kind == "f":
        return Typed("float", lo=column.lo, hi=column.hi)
    if kind == "b":
        return Typed("bool")
    if column.dtype == "str":
        return Typed("str")
    return cx.unknown("which type of element a column holds is not known")


@rule(*on("tolist", SERIES, INDEX), *on("to_list", SERIES, INDEX))
def tolist(cx: Context, self: Instance) -> Value:
    return elements(cx, frame_of(cx, self))


@rule(f"{DATAFRAME}.__contains__")
def contains(cx: Context, self: Instance, key: Value) -> Value:
    """Whether there is a column of that name."""
    frame = frame_of(cx, self)
    label = label_of(key)
    if label is not None and frame.find(label[0]) is not None:
        return Const(True)
    return Const(False) if label is not None and frame.complete else Typed("bool")


@rule(f"{SERIES}.__contains__", f"{INDEX}.__contains__")
def series_contains(cx: Context, self: Instance, key: Value) -> Value:
    frame = frame_of(cx, self)
    label = label_of(key)
    if label is None or frame.index.data is None:
        return Typed("bool")
    return Const(label[0] in frame.index.data)


@rule(*on("__bool__"))
def truth(cx: Context, self: Instance) -> Value:
    """A ValueError: pandas does not say whether one or all elements are meant."""
    from foreshape.faults.ambiguous_truth import AmbiguousTruth

    frame = frame_of(cx, self)
    kind = {"DatetimeIndex": "DatetimeIndex", "RangeIndex": "RangeIndex"}.get(frame.form, frame.form)
    text = f"The truth value of a {kind} is ambiguous. Use a.empty, a.bool(), a.item(), a.any() or a.all()."
    if cx.targets.at_least("pandas", "3"):
        text = f"The truth value of a {kind} is ambiguous. Use a.empty, a.item(), a.any() or a.all()."
    raise AmbiguousTruth(Raises("ValueError", text, by=BY), values=(self,), recover=Typed("bool"), shape=frame.shape)


@rule(f"{DATAFRAME}.iteritems", until="2")
def iteritems(cx: Context, self: Instance) -> Value:
    return items(cx, self)


@rule(f"{DATAFRAME}.items")
def items(cx: Context, self: Instance) -> Value:
    """Pairs (name, column)."""
    from foreshape.semantics.pandas.support import series

    frame = frame_of(cx, self)
    if frame.closed:
        pairs = [listed("tuple", [name_value(one.name), series(frame.rows, one, frame.index)]) for one in frame.columns]
        return IteratorValue(listed("list", pairs).contents)
    pair = listed("tuple", [Typed("str"), series(frame.rows, Column(None, None), frame.index)])
    return IteratorValue(Contents((Run(frame.width, pair),)))


@rule(f"{SERIES}.items")
def series_items(cx: Context, self: Instance) -> Value:
    frame = frame_of(cx, self)
    if frame.index.data is not None and isinstance(frame.rows, int) and len(frame.index.data) == frame.rows:
        return IteratorValue(
            listed(
                "list", [listed("tuple", [name_value(label), scalar(frame.only)]) for label in frame.index.data]
            ).contents
        )
    label = _row_label(cx, frame)
    return IteratorValue(Contents((Run(frame.rows, listed("tuple", [label, scalar(frame.only)])),)))


def _row_label(cx: Context, frame: Frame) -> Value:
    return Typed("int", lo=0) if frame.index.kind == "range" else cx.unknown("the label of a row")


@rule(f"{DATAFRAME}.iterrows")
def iterrows(cx: Context, self: Instance) -> Value:
    """Pairs (label, row as a Series)."""
    frame = frame_of(cx, self)
    row = row_of(cx, frame)
    if frame.index.kind == "range" and frame.index.start == 0:
        position = cx.fresh("i", 0, frame.rows - 1, varying=True)
        pair = listed("tuple", [int_value(position), row])
        return IteratorValue(Contents((Run(frame.rows, pair, as_var(position)),)))
    return IteratorValue(Contents((Run(frame.rows, listed("tuple", [_row_label(cx, frame), row])),)))


def row_of(cx: Context, frame: Frame) -> Instance:
    """One row as a Series over the columns."""
    from foreshape.semantics.pandas.support import common

    names = tuple(column.name for column in frame.columns) if frame.closed else None
    dtype = common(frame.columns) if frame.closed and frame.columns else None
    cells = frame.columns if frame.closed else None
    return wrapped(Frame(frame.width, (Column(None, dtype),), "Series", Labels("columns", names, cells=cells)))


def cell(frame: Frame, label: object) -> Value:
    """The element of a Series under a label."""
    for one in frame.index.cells or ():
        if one.name == label:
            return scalar(one)
    return scalar(frame.only)


@rule(f"{DATAFRAME}.itertuples")
def itertuples(cx: Context, self: Instance, index: Value | None = None, name: Value | None = None) -> Value:
    """Named tuples: the label, then the elements."""
    frame = frame_of(cx, self)
    labelled = index is None or as_bool(index) is not False
    if not frame.closed:
        return IteratorValue(Contents((Run(frame.rows, cx.unknown("a row of a frame")),)))
    parts = ([_row_label(cx, frame)] if labelled else []) + [scalar(column) for column in frame.columns]
    if name is not None and not given(name):
        return IteratorValue(Contents((Run(frame.rows, listed("tuple", parts)),)))
    row = cx.unknown("a row of a frame")
    fields: dict[Hashable, Value] = {
        str(column.name): scalar(column) for column in frame.columns if isinstance(column.name, str)
    }
    if all(isinstance(column.name, str) and column.name.isidentifier() for column in frame.columns):
        shown = Instance(_row_class(), {**fields, "Index": _row_label(cx, frame), "~items": listed("tuple", parts)})
        return IteratorValue(Contents((Run(frame.rows, shown),)))
    return IteratorValue(Contents((Run(frame.rows, row),)))


def _row_class() -> LibraryRef:
    return LibraryRef("pandas.~Row")


@rule("pandas.~Row.__iter__")
def row_iter(cx: Context, self: Instance) -> Value:
    found = self.fields.get("~items")
    return found if isinstance(found, Value) else cx.unknown("a row of a frame")


@rule("pandas.~Row.__getitem__")
def row_item(cx: Context, self: Instance, index: Value) -> Value:
    found = self.fields.get("~items")
    return cx.get_item(found, index) if isinstance(found, Value) else cx.unknown("a row of a frame")


@rule(f"{DATAFRAME}.to_dict")
def to_dict(cx: Context, self: Instance, orient: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    form = as_str(orient)
    if form == "list" and frame.closed:
        lists = {column.name: elements(cx, Frame(frame.rows, (column,), "Series")) for column in frame.columns}
        return DictValue(lists)
    if form == "records" and frame.closed:
        record = DictValue({column.name: _plain(cx, column) for column in frame.columns})
        return Sequence("list", Contents((Run(frame.rows, record),)))
    return cx.unknown("a frame as a dict")


@rule(f"{SERIES}.to_dict")
def series_to_dict(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    frame = frame_of(cx, self)
    if frame.index.data is not None:
        return DictValue({label: _plain(cx, frame.only) for label in frame.index.data})
    return DictValue({}, _plain(cx, frame.only), frame.rows if frame.index.kind == "range" else None)


@rule(
    f"{NDFRAME}.to_excel",
    f"{NDFRAME}.to_hdf",
    f"{NDFRAME}.to_sql",
    f"{NDFRAME}.info",
    f"{NDFRAME}.to_clipboard",
    f"{NDFRAME}.to_json",
)
def written(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """None where a file is named, else the text."""
    named = [*args[:1], *(kwargs[name] for name in ("path", "path_or_buf", "path_or_buffer") if name in kwargs)]
    return Const(None) if named and given(named[0]) else cx.unknown("the text of a frame, or nothing")


@rule(f"{NDFRAME}.to_string", f"{NDFRAME}.to_markdown", f"{NDFRAME}.to_html", f"{NDFRAME}.to_latex")
def as_text(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return Typed("str")


@rule(f"{NDFRAME}.plot", f"{NDFRAME}.hist", f"{NDFRAME}.boxplot")
def plotted(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("a plot")


# -- names that are no attribute ----------
KNOWN = {"DataFrame": names.DATAFRAME, "Series": names.SERIES}


@rule(f"{NDFRAME}.__getattr__", f"{INDEX}.__getattr__")
def fallback(cx: Context, self: Instance, name: Value) -> Value:
    """A column by its name; an AttributeError for what neither pandas nor the frame has (``df.reshape``)."""
    wanted = as_str(name) or ""
    frame = frame_of(cx, self)
    form = frame.form if frame.form in KNOWN else "Index"
    if wanted.startswith("_"):
        return cx.unknown(f"pandas.{frame.form}.{wanted} is not modelled")
    if frame.find(wanted) is None and cx.may_have_any(f"pandas.{frame.form}", derived=True):
        return cx.unknown("the program may have given frames attributes")
    if frame.form == "DataFrame" and wanted == "name" and frame.find(wanted) is None:
        return cx.unknown("the group that a frame is")  # what ``groupby(...).apply`` hands out has it
    if frame.form == "DataFrame" and (frame.find(wanted) is not None or wanted not in names.DATAFRAME):
        if frame.find(wanted) is not None or not (frame.complete and cx.entered):
            from foreshape.faults.missing_key import MissingKey
            from foreshape.semantics.pandas.selection import column

            if wanted in ALWAYS_MISSING:
                raise _missing(cx, self, frame, wanted)
            if LEVEL in frame.columns and frame.find(wanted) is None:
                return cx.unknown("it may be a column, or all columns of one level")
            try:
                return column(cx, self, frame, (wanted,), name)
            except MissingKey:
                raise _missing(cx, self, frame, wanted) from None
    elif frame.form == "Series" and frame.index.data is not None and wanted in frame.index.data:
        return cell(frame, wanted)
    elif frame.form == "Series" and _may_be_a_row(frame, wanted):
        return scalar(frame.only) if frame.index.data is None else cx.unknown("there is no such row")
    known = KNOWN.get(form, names.INDEX)
    gone = wanted in names.GONE_IN_2 and cx.targets.at_least("pandas", "2")
    kept = wanted == "view" and known is names.INDEX
    if (
        wanted in known
        and not gone
        and (kept or not (wanted in names.GONE_IN_3 and cx.targets.at_least("pandas", "3")))
    ):
        return cx.unknown(f"pandas.{frame.form}.{wanted} is not modelled")
    raise _missing(cx, self, frame, wanted)


ALWAYS_MISSING = frozenset({"reshape", "flatten", "expand_dims", "ravel_", "argsort_", "numpy", "permute", "view_as"})
"""Names that people take for methods of frames, which no column would have."""


def _may_be_a_row(frame: Frame, wanted: str) -> bool:
    """Whether a name may be the label of a row."""
    named = frame.index.kind in ("columns", "labels", "other")
    return named and wanted not in names.SERIES and wanted not in ALWAYS_MISSING


def _missing(cx: Context, self: Instance, frame: Frame, wanted: str) -> Exception:
    from foreshape.faults.missing_attribute import MissingAttribute

    text = f"'{frame.form}' object has no attribute '{wanted}'"
    return MissingAttribute(Raises("AttributeError", text, by=BY), values=(self,), owner=frame.form, attribute=wanted)


@rule(f"{NDFRAME}.__setattr__")
def setattr_(cx: Context, self: Instance, name: Value, value: Value) -> Value:
    """``df.columns = [...]``, ``df.index = ...``, ``df.price = ...``."""
    from foreshape.semantics.pandas.assigning import set_attribute

    set_attribute(cx, self, as_str(name) or "", value)
    return Const(None)
