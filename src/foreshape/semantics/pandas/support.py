"""What a data frame is here, and what the rules of pandas share.

A DataFrame, Series or Index is an ``Instance`` whose field ``~frame`` is a :class:`Frame`: its rows, its columns (all
or those that are known so far), their dtypes and bounds, and what is known about its index. A Frame is immutable; a
method that works in place writes another one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import Dim, DimLike, dmin
from foreshape.domain.join import join_bound
from foreshape.domain.values import (
    Array,
    Bound,
    Choice,
    Const,
    Instance,
    LibraryRef,
    RangeValue,
    Sequence,
    Shape,
    Shaped,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.dtypes import SIZES, kind_of, promote
from foreshape.semantics.numpy.support import made
from foreshape.semantics.registry import library_type
from foreshape.semantics.shared.cells import CELL, first_cell
from foreshape.semantics.shared.knowledge import drawn_levels, drawn_values, surely_finite

if TYPE_CHECKING:
    from foreshape.domain.contents import Contents
    from foreshape.semantics.protocol import Context

BY: Final = "pandas"
NDFRAME: Final = library_type("pandas.~NDFrame")
DATAFRAME: Final = library_type("pandas.DataFrame", NDFRAME)
SERIES: Final = library_type("pandas.Series", NDFRAME)
INDEX: Final = library_type("pandas.Index")
library_type("pandas.DatetimeIndex", INDEX)
library_type("pandas.RangeIndex", INDEX)
NUMBERS: Final = tuple(name for name in SIZES if name != "bool")


class Column:
    """One column: dtype as pandas names it, bounds of its values, elements of small ones. ``missing``: how many rows at
    the start are NaN and no other (0: none at all), None where that is not known."""

    __slots__ = ("data", "different", "dtype", "hi", "items", "levels", "lo", "missing", "name")

    def __init__(
        self,
        name: Hashable,
        dtype: str | None,
        lo: Bound = None,
        hi: Bound = None,
        data: tuple[Any, ...] | None = None,
        missing: int | None = None,
        different: int | None = None,
        levels: tuple[Any, ...] | None = None,
        items: Contents | None = None,
    ) -> None:
        self.name = name
        self.items = items
        """The elements of a column of lists or arrays."""
        self.different = different
        """How many different values there are, where that is known without the elements."""
        self.levels = levels
        """Which these are, in order."""
        self.dtype = dtype
        self.lo = lo
        self.hi = hi
        self.data = data
        if missing is None and (kind_of(dtype) in ("i", "u", "b") or (lo is not None and hi is not None)):
            missing = 0
        self.missing = missing

    def named(self, name: Hashable) -> Column:
        return Column(
            name, self.dtype, self.lo, self.hi, self.data, self.missing, self.different, self.levels, self.items
        )

    def loose(self) -> Column:
        """The same kind of values, of which some may be left out or moved."""
        missing = 0 if self.missing == 0 else None
        return Column(self.name, self.dtype, self.lo, self.hi, None, missing)

    def _key(self) -> tuple[Any, ...]:
        return (self.name, self.dtype, self.lo, self.hi, self.data, self.missing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Column) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.name, self.dtype))


class Labels:
    """The index of rows. kind: "range" (start, start + 1, ...), "datetime", "columns" (names of columns), "labels"
    (known one by one in ``data``) or "other". Two frames share one where one was made from the other row by row."""

    __slots__ = ("cells", "data", "kind", "name", "start")

    def __init__(
        self,
        kind: str = "range",
        data: tuple[Hashable, ...] | None = None,
        name: Hashable = None,
        start: DimLike = 0,
        cells: tuple[Column, ...] | None = None,
    ) -> None:
        self.cells = cells
        """Of a row of a frame: what each of its elements is."""
        self.kind = kind
        self.data = data
        self.name = name
        self.start = start

    def renamed(self, name: Hashable) -> Labels:
        """The same labels under another name; a tuple where it is not known."""
        return Labels(self.kind, self.data, name, self.start, self.cells)

    def part(self, dated: bool = False) -> Labels:
        """Some of these labels, in whatever order: their name and how many levels they have stay."""
        kinds = ("several", "period", "datetime") if dated else ("several", "period")
        return Labels(self.kind if self.kind in kinds else "other", None, self.name)


LEVEL: Final = Column(("~", "~"), None)
"""A column that stands for columns whose names may have several levels."""


class Frame(Shaped):
    """What is known of a DataFrame, Series or Index. columns: all in order (``closed``) or some of them."""

    __slots__ = ("closed", "columns", "form", "index", "rows", "width")

    def __init__(
        self,
        rows: DimLike,
        columns: tuple[Column, ...],
        form: str = "DataFrame",
        index: Labels | None = None,
        width: DimLike | None = None,
        closed: bool = True,
    ) -> None:
        super().__init__()
        self.rows = rows
        self.columns = columns
        self.form = form
        self.index = index if index is not None else Labels()
        self.closed = closed
        self.width: DimLike = len(columns) if closed or width is None else width

    @property
    def kind(self) -> str:
        return "pandas"

    @property
    def shape(self) -> Shape | None:
        return (self.rows, self.width) if self.form == "DataFrame" else (self.rows,)

    @property
    def dtype(self) -> str | None:
        return self.columns[0].dtype if self.form != "DataFrame" and self.columns else None

    @property
    def only(self) -> Column:
        """The column of a Series or Index."""
        return self.columns[0]

    @property
    def complete(self) -> bool:
        """Whether every name is known, in whatever order."""
        return self.closed or (isinstance(self.width, int) and len(self.columns) == self.width)

    @property
    def flat(self) -> bool:
        return self.form != "DataFrame"

    def find(self, name: Hashable) -> Column | None:
        for column in self.columns:
            if type(column.name) is type(name) and column.name == name:
                return column
        return None

    def replace(self, **changes: Any) -> Frame:
        kept: dict[str, Any] = {
            "rows": self.rows,
            "columns": self.columns,
            "form": self.form,
            "index": self.index,
            "width": self.width,
            "closed": self.closed,
        }
        kept.update(changes)
        if "columns" in changes and "index" not in changes and self.form in INDEXES:
            # the labels of an index are its values: other values, other labels
            kept["index"], kept["form"] = _relabelled(self, kept["columns"])
        return Frame(**kept)

    def each(self, change: Any) -> Frame:
        """With every known column changed."""
        return self.replace(columns=tuple(change(column) for column in self.columns))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.rows, self.form, self.columns))

    def _key(self) -> tuple[Any, ...]:
        return (self.rows, self.columns, self.form, id(self.index), self.width, self.closed)

    def __repr__(self) -> str:
        return f"Frame({self.form}, {self.shape}, {[c.name for c in self.columns]})"


INDEXES: Final = frozenset({"Index", "RangeIndex", "DatetimeIndex"})


def _relabelled(frame: Frame, columns: tuple[Column, ...]) -> tuple[Labels, str]:
    """What is known of an index after its values were changed, and which form it has."""
    if not columns or all(new is old for new, old in zip(columns, frame.columns)):
        return frame.index, frame.form
    column, name = columns[0], frame.index.name
    if kind_of(column.dtype) == "M":
        return Labels("datetime", None, name), frame.form
    if column.data is not None and frame.index.kind != "several":
        return Labels("labels", column.data, name), "Index"
    return Labels("several" if frame.index.kind == "several" else "other", None, name), "Index"


# -- making ----------
def frame_value(
    rows: DimLike,
    columns: Iterable[Column],
    kind: str = "DataFrame",
    index: Labels | None = None,
    width: DimLike | None = None,
    closed: bool = True,
) -> Instance:
    """A DataFrame or Series."""
    return wrapped(Frame(rows, tuple(columns), kind, index, width, closed))


def wrapped(frame: Frame) -> Instance:
    """The object for a frame."""
    return Instance(LibraryRef(f"pandas.{frame.form}"), {"~frame": frame})


def series(rows: DimLike, column: Column, index: Labels | None = None) -> Instance:
    return wrapped(Frame(rows, (column,), "Series", index))


def index_value(
    rows: DimLike,
    dtype: str | None,
    data: tuple[Any, ...] | None = None,
    name: Hashable = None,
    form: str = "Index",
    start: DimLike = 0,
) -> Instance:
    """An Index; elements of small ones are kept."""
    kind = {"DatetimeIndex": "datetime", "RangeIndex": "range"}.get(form, "labels" if data is not None else "other")
    if form == "PeriodIndex":
        kind, form = "period", "Index"
    return wrapped(Frame(rows, (Column(name, dtype, data=data, missing=0),), form, Labels(kind, data, name, start)))


UNKNOWN_NAME: Final = ("?",)


def index_name(value: Value | None) -> Hashable:
    """The name that an index is given; a tuple where it is not known."""
    if value is None or is_none(value):
        return None
    return as_str(value) or UNKNOWN_NAME


def frame_of(cx: Context, value: Value) -> Frame:
    """What is known of it now. Where it differs between paths that were joined, what both agree on."""
    found = value.fields.get("~frame") if isinstance(value, Instance) else None
    if isinstance(found, Choice):
        found = _merged(cx, found)
    if isinstance(found, Frame):
        rows = cx.resolve(found.rows)
        width = cx.resolve(found.width)
        return found if rows == found.rows and width == found.width else found.replace(rows=rows, width=width)
    return open_frame(cx, "DataFrame" if not is_frame(value, "Series") else "Series")


def open_frame(cx: Context, form: str = "DataFrame", rows: DimLike | None = None) -> Frame:
    """Nothing is known but that it is one."""
    count = cx.fresh(lo=0) if rows is None else rows
    if form == "DataFrame":
        return Frame(count, (), form, Labels("other"), cx.fresh(lo=0), False)
    return Frame(count, (Column(None, None),), form, Labels("other"))


def _merged(cx: Context, choice: Choice) -> Frame | None:
    frames = [option for option in choice.values if isinstance(option, Frame)]
    if len(frames) != len(choice.options):
        return None
    first = frames[0]
    rows: DimLike = first.rows
    if any(frame.rows != rows for frame in frames[1:]):
        sizes = [frame.rows for frame in frames]
        rows = cx.fresh(lo=0, varying=True) if all(isinstance(s, int) for s in sizes) else cx.fresh(lo=0)
    index = first.index if all(frame.index is first.index for frame in frames) else Labels("other")
    names = [column.name for column in first.columns]
    if all(frame.closed and [c.name for c in frame.columns] == names for frame in frames):
        columns = first.columns
        for frame in frames[1:]:
            columns = tuple(joined_column(a, b) for a, b in zip(columns, frame.columns))
        return Frame(rows, columns, first.form, index)
    shared = tuple(column for column in first.columns if all(frame.find(column.name) for frame in frames[1:]))
    for frame in frames[1:]:
        shared = tuple(joined_column(column, frame.find(column.name) or column) for column in shared)
    widths = [frame.width for frame in frames]
    width = widths[0] if all(w == widths[0] for w in widths) else cx.fresh(lo=0)
    return Frame(rows, shared, first.form, index, width, False)


def joined_column(a: Column, b: Column) -> Column:
    """One column for two that hold the same kind of thing."""
    dtype = a.dtype if a.dtype == b.dtype else None
    missing = a.missing if a.missing == b.missing else None
    return Column(a.name, dtype, join_bound(a.lo, b.lo, False), join_bound(a.hi, b.hi, True), None, missing)


def is_frame(value: Value | None, form: str | None = None) -> bool:
    """Whether it is a pandas object (of this form)."""
    if not isinstance(value, Instance) or "~frame" not in value.fields:
        return False
    return form is None or (value.library_type or "") == f"pandas.{form}"


def finish(cx: Context, self: Instance, frame: Frame, inplace: Value | None = None) -> Value:
    """The result, or None after a change in place."""
    if inplace is not None and as_bool(inplace):
        cx.set(self, "~frame", frame)
        return Const(None)
    return wrapped(frame)


def taken(cx: Context, value: Instance, count: DimLike) -> Value:
    """Some of the rows, in any order."""
    frame = frame_of(cx, value)
    return wrapped(frame.replace(rows=count, index=frame.index.part()).each(Column.loose))


# -- dtypes ----------
def text_dtype(cx: Context) -> str:
    """What a column of texts has."""
    return "str" if cx.targets.at_least("pandas", "3") else "object"


def time_dtype(cx: Context) -> str:
    """Of dates parsed from text, or of a date range."""
    return "datetime64[us]" if cx.targets.at_least("pandas", "3") else "datetime64[ns]"


def from_numpy(cx: Context, dtype: str | None) -> str | None:
    """The dtype of a column made of a NumPy array."""
    if kind_of(dtype) in ("U", "S") and dtype is not None and dtype not in ("object",):
        return text_dtype(cx) if kind_of(dtype) == "U" else "object"
    if dtype == "datetime64[D]":
        return "datetime64[s]"
    return dtype


def to_numpy(dtype: str | None) -> str | None:
    """The dtype of ``values`` of one column."""
    if dtype in ("str", "string"):
        return "object"
    return dtype if dtype in SIZES or kind_of(dtype) in ("M", "m", "O") else None


def is_numeric(dtype: str | None) -> bool:
    return dtype in SIZES


def common(columns: Iterable[Column]) -> str | None:
    """The dtype of ``values`` of several columns."""
    names = {to_numpy(column.dtype) for column in columns}
    if len(names) == 1:
        return names.pop()
    if "object" in names or ("bool" in names and None not in names):
        return "object"
    if None in names:
        return None
    if all(name in SIZES for name in names):
        found: str | None = None
        for name in names:
            found = name if found is None else promote(found, name)
        return found
    return "object"


def float_result(dtype: str | None) -> str | None:
    """After something that makes fractions or NaN."""
    if kind_of(dtype) in ("i", "u"):
        return "float64"
    return "object" if dtype == "bool" else dtype


def bounds(columns: Iterable[Column]) -> tuple[Bound, Bound]:
    lo: Bound = None
    hi: Bound = None
    for number, column in enumerate(columns):
        lo = column.lo if number == 0 else join_bound(lo, column.lo, False)
        hi = column.hi if number == 0 else join_bound(hi, column.hi, True)
    return lo, hi


def as_values(cx: Context, frame: Frame) -> Array:
    """``frame.to_numpy()``."""
    if frame.flat:
        column = frame.only
        data = column.data if column.data is not None and kind_of(column.dtype) in ("i", "u", "f", "b") else None
        found = made((frame.rows,), to_numpy(column.dtype), column.lo, column.hi, data)
        meta: dict[str, Any] = {} if column.different is None else {"classes": column.different}
        if column.missing == 0 and kind_of(column.dtype) == "f":
            meta["finite"] = True
        if column.items is not None:
            meta["items"] = column.items
        return found.replace(meta=meta) if meta else found
    dtype = common(frame.columns) if frame.closed else None
    lo, hi = bounds(frame.columns) if frame.closed else (None, None)
    if not frame.columns and frame.closed:
        dtype = "object"
    found = made((frame.rows, frame.width), dtype, lo, hi)
    if dtype == "object" and frame.closed and (word := first_cell((one.dtype, one.data) for one in frame.columns)):
        return found.replace(meta={CELL: (word, frame.width)})
    whole = frame.closed and frame.columns and all(one.missing == 0 for one in frame.columns) and kind_of(dtype) == "f"
    return found.replace(meta={"finite": True}) if whole else found


def column_array(frame: Frame, column: Column) -> Array:
    """One column as a NumPy array."""
    return made((frame.rows,), to_numpy(column.dtype), column.lo, column.hi)


def column_from(cx: Context, name: Hashable, array: Array) -> Column:
    """A column that holds the elements of an array."""
    data = array.data if array.shape is not None and len(array.shape) == 1 else None
    missing = None
    if data is not None and kind_of(array.dtype) == "f":
        gaps = [position for position, item in enumerate(data) if item != item]
        missing = len(gaps) if gaps == list(range(len(gaps))) else None
    elif surely_finite(array):
        missing = 0
    return Column(
        name, from_numpy(cx, array.dtype), array.lo, array.hi, data, missing, drawn_values(array), drawn_levels(array)
    )


def scalar(column: Column) -> Value:
    """One element."""
    dtype = column.dtype
    if dtype in SIZES:
        lo, hi = (column.lo, column.hi) if column.missing == 0 else (None, None)
        return made((), dtype, lo, hi)
    if dtype == "str" and column.missing == 0:
        return Typed("str")
    return Unknown("which type of element a column holds is not known")


# -- labels ----------
def label_of(value: Value) -> tuple[Hashable] | None:
    """The label that a value is, in a tuple; None where it is not known."""
    if isinstance(value, Const):
        return (value.value,) if value.value == value.value else None
    if isinstance(value, Sequence) and value.kind == "tuple":
        items = value.contents.items(8)
        parts = [label_of(item) for item in items or ()]
        if items is not None and all(part is not None for part in parts):
            return (tuple(part[0] for part in parts if part is not None),)
        return None
    if isinstance(value, Array) and value.shape == () and value.data is not None and not isinstance(value.data[0], Dim):
        return (value.data[0],)
    return None


def labels_of(cx: Context, value: Value) -> list[Hashable] | None:
    """The labels that a list of them holds; None where they are not all known."""
    if isinstance(value, Array):
        plain = value.shape is not None and len(value.shape) == 1 and value.data is not None
        return list(value.data or ()) if plain and not any(isinstance(item, Dim) for item in value.data or ()) else None
    if is_frame(value):
        column = frame_of(cx, value).only if not is_frame(value, "DataFrame") else None
        return None if column is None or column.data is None else list(column.data)
    if isinstance(value, Const) and isinstance(value.value, str):
        return list(value.value)
    contents = cx.iterate(value) if isinstance(value, (Sequence, RangeValue)) else None
    items = None if contents is None else contents.items(4096)
    if items is None:
        return None
    found: list[Hashable] = []
    for item in items:
        label = label_of(item)
        if label is None:
            return None
        found.append(label[0])
    return found


def is_listlike(value: Value) -> bool:
    """Whether a selector names several things."""
    if isinstance(value, Array):
        return value.shape is not None and len(value.shape) > 0
    return (
        isinstance(value, RangeValue)
        or is_frame(value)
        or (isinstance(value, Sequence) and value.kind in ("list", "set", "deque"))
    )


def shown_labels(labels: Iterable[Hashable]) -> str:
    return "[" + ", ".join(repr(label) for label in labels) + "]"


# -- faults ----------
def missing_key(text: str, key: object, frame: Frame | None, *values: Value, recover: Value | None = None) -> Fault:
    """A KeyError: no column or row of that name."""
    from foreshape.faults.missing_key import MissingKey

    known = tuple(repr(column.name) for column in frame.columns) if frame is not None and frame.complete else ()
    return MissingKey(Raises("KeyError", text, by=BY), values=values, recover=recover, key=repr(key), known=known)


def named_in(cx: Context, value: Value | None) -> list[Hashable]:
    """The columns that an argument names, one or several; none where that is not known."""
    if value is None or isinstance(value, (Array, Instance)) or (isinstance(value, Const) and value.value is None):
        return []
    label = label_of(value)
    if label is not None:
        return [label[0]] if not isinstance(label[0], tuple) else []
    return labels_of(cx, value) or [] if isinstance(value, Sequence) and value.kind == "list" else []


def refuse_absent(
    frame: Frame, names: Iterable[Hashable], source: Value, text: str = "", recover: Value | None = None
) -> None:
    """KeyError where a frame of which every column is known lacks one. ``text``: what pandas says, with ``{}`` for the list
    of names that are not there and ``{0}`` for the first; else that one itself."""
    if frame.form != "DataFrame" or not frame.complete or any(isinstance(one.name, tuple) for one in frame.columns):
        return
    lost = [name for name in names if frame.find(name) is None and name != frame.index.name]
    if lost and frame.index.kind != "several":
        shown = text.replace("{0}", repr(lost[0])).replace("{}", shown_labels(lost)) if text else repr(lost[0])
        raise missing_key(repr(shown) if text else shown, lost[0], frame, source, recover=recover)


def invalid(
    argument: str, shown: object, text: str, *values: Value, exception: str = "ValueError", recover: Value | None = None
) -> Fault:
    """The fault for an argument that the function does not take."""
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(
        Raises(exception, text, by=BY), values=values, recover=recover, argument=argument, given=str(shown)
    )


def length_fault(value: Value, got: DimLike, wanted: DimLike, text: str, recover: Value | None = None) -> Fault:
    """What is put into rows does not have as many."""
    from foreshape.faults.assignment_shape import AssignmentShape

    return AssignmentShape(
        Raises("ValueError", text, by=BY), values=(value,), recover=recover, value=(got,), target=(wanted,)
    )


def smaller(a: DimLike, b: DimLike) -> DimLike:
    return dmin(a, b)


def level_of(value: Value) -> Value | None:
    """The first level of labels of several levels: a list of lists, arrays or series. A list of tuples names each row."""
    items = value.contents.items() if isinstance(value, Sequence) and value.kind == "list" else None
    if not items or not all(
        isinstance(item, Array) or is_frame(item) or (isinstance(item, Sequence) and item.kind == "list")
        for item in items
    ):
        return None
    return None if isinstance(items[0], Array) and not items[0].shape else items[0]
