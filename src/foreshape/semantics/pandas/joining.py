"""Putting frames together: concat, merge, join.

https://pandas.pydata.org/docs/user_guide/merging.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.support import given
from foreshape.semantics.pandas.arithmetic import aligned
from foreshape.semantics.pandas.axes import along, number_of
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    Column,
    Frame,
    Labels,
    frame_of,
    invalid,
    is_frame,
    is_numeric,
    joined_column,
    label_of,
    labels_of,
    missing_key,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from foreshape.semantics.protocol import Context


@rule("pandas.concat", doc="https://pandas.pydata.org/docs/reference/api/pandas.concat.html")
def concat(
    cx: Context,
    objs: Value,
    *,
    axis: Value | None = None,
    join: Value | None = None,
    ignore_index: Value | None = None,
    keys: Value | None = None,
    levels: Value | None = None,
    names: Value | None = None,
    verify_integrity: Value | None = None,
    sort: Value | None = None,
    copy: Value | None = None,
    union_categories: Value | None = None,
) -> Value:
    """Rows below each other, or columns side by side."""
    if is_frame(objs):
        form = frame_of(cx, objs).form
        text = f'first argument must be an iterable of pandas objects, you passed an object of type "{form}"'
        raise _type_fault(text, objs)
    parts = _parts(cx, objs)
    if parts is None:
        return cx.unknown("frames that are put together are not all known")
    if not parts:
        raise invalid("objs", "[]", "No objects to concatenate", objs)
    for part, _ in parts:
        if isinstance(part, Array):
            text = (
                "cannot concatenate object of type '<class 'numpy.ndarray'>'; only Series and DataFrame objs are valid"
            )
            raise _type_fault(text, part)
    if not all(is_frame(part) for part, _ in parts):
        return cx.unknown("frames that are put together are not all known")
    frames = [(frame_of(cx, part), times) for part, times in parts]
    first = parts[0][0]
    assert isinstance(first, Instance)
    across = number_of(axis)
    if across != 1:  # series are put side by side too
        across = along(cx, first, axis, "concat")
    inner = as_str(join) == "inner"
    renumbered = ignore_index is not None and as_bool(ignore_index) is not False
    if across == 1:
        found = _side_by_side(cx, frames, inner, renumbered or keys is not None)
        if (keys is not None or isinstance(objs, DictValue)) and not renumbered:
            side = frame_of(cx, found)
            return wrapped(side.replace(columns=(), width=side.width, closed=False))
        return found
    if across != 0:
        return cx.unknown("the axis is not known")
    return _stacked(cx, frames, inner, renumbered)


def _type_fault(text: str, value: Value) -> Exception:
    from foreshape.faults.python_error import PythonError

    return PythonError(Raises("TypeError", text, by=BY), values=(value,), problem=text, operation="concat")


def _parts(cx: Context, objs: Value) -> list[tuple[Value, DimLike]] | None:
    """The frames, each with how many times it is there."""
    if isinstance(objs, DictValue):
        if objs.rest is not None:
            return None
        return [(value, 1) for value in objs.entries.values()]
    contents = cx.iterate(objs)
    if contents is None:
        return None
    found: list[tuple[Value, DimLike]] = []
    for segment in contents.segments:
        if isinstance(segment, Run):
            found.append((segment.element, segment.length))
        elif not is_none(segment):
            found.append((segment, 1))
    return found


def _total(cx: Context, frame: Frame, times: DimLike) -> DimLike:
    from foreshape.domain.dim import variables

    # sizes that change along a run of frames add up to something that cannot be said
    if any(one.varying for one in variables(frame.rows)) and times != 1:
        return cx.fresh(lo=0)
    return frame.rows * times


def _stacked(cx: Context, frames: list[tuple[Frame, DimLike]], inner: bool, renumbered: bool) -> Value:
    """Frames one below the other."""
    rows: DimLike = 0
    for frame, times in frames:
        rows = rows + _total(cx, frame, times)
    plain = [frame for frame, _ in frames]
    dated = all(frame.index.kind == "datetime" for frame in plain)
    index = Labels() if renumbered else Labels("datetime" if dated else "other")
    if all(frame.flat for frame in plain):
        return wrapped(Frame(rows, (_one_below_the_other([frame.only for frame in plain]),), "Series", index))
    if any(frame.flat for frame in plain):
        return wrapped(Frame(rows, (), "DataFrame", index, cx.fresh(lo=0), False))
    if all(frame.closed for frame in plain):
        return wrapped(Frame(rows, _stacked_columns(plain, inner), "DataFrame", index))
    first = plain[0]
    if all(frame.width == first.width and not frame.closed for frame in plain):
        # read from files of the same layout
        shared = tuple(Column(one.name, None) for one in first.columns if all(frame.find(one.name) for frame in plain))
        known = len(plain) == 1 or all(str(frame.width) == str(first.width) for frame in plain)
        return wrapped(Frame(rows, shared, "DataFrame", index, first.width if known else cx.fresh(lo=0), False))
    return wrapped(Frame(rows, (), "DataFrame", index, cx.fresh(lo=0), False))


def _one_below_the_other(parts: list[Column]) -> Column:
    """Columns of all frames as one: the dtype that holds all of them."""
    found = parts[0]
    for one in parts[1:]:
        found = joined_dtype(found, one)
    missing = 0 if all(one.missing == 0 for one in parts) else None
    return Column(found.name, found.dtype, found.lo, found.hi, None, missing)


def _stacked_columns(frames: list[Frame], inner: bool) -> tuple[Column, ...]:
    """The columns of any frame in their order, those of all with ``inner``; a frame without one has NaN there."""
    names = [[one.name for one in frame.columns] for frame in frames]
    columns: list[Column] = []
    for name in dict.fromkeys(name for some in names for name in some):
        present = [one for frame in frames if (one := frame.find(name)) is not None]
        if len(present) == len(frames):
            columns.append(_one_below_the_other(present))
        elif not inner:
            held = _one_below_the_other(present)
            columns.append(Column(name, "float64" if held.dtype == "float64" else None))
    return tuple(columns)


def joined_dtype(a: Column, b: Column) -> Column:
    from foreshape.semantics.numpy.dtypes import promote

    found = joined_column(a, b)
    dtype = found.dtype
    if dtype is None and is_numeric(a.dtype) and is_numeric(b.dtype):
        dtype = "object" if "bool" in (a.dtype, b.dtype) else promote(a.dtype, b.dtype)
    name = a.name if a.name == b.name else None
    return Column(name, dtype, found.lo, found.hi)


def _labels_together(frames: list[Frame], inner: bool) -> int | None:
    """How many labels the indexes of frames have together (in common, with ``inner``), where each is known and no frame
    has one twice."""
    found: set[Hashable] | None = None
    for frame in frames:
        index, rows = frame.index, frame.rows
        if index.kind == "range" and isinstance(index.start, int) and isinstance(rows, int):
            labels: set[Hashable] = set(range(index.start, index.start + rows))
        elif index.data is not None:
            labels = set(index.data)
        else:
            return None
        if len(labels) != rows:
            return None
        found = labels if found is None else (found & labels if inner else found | labels)
    return None if found is None else len(found)


def _side_by_side(cx: Context, frames: list[tuple[Frame, DimLike]], inner: bool, renamed: bool) -> Value:
    first = frames[0][0]
    rows: DimLike | None = first.rows
    index = first.index
    same = True
    longest = first
    for frame, _ in frames[1:]:
        truth = aligned(cx, first, frame)
        if truth is True:
            continue
        same = False
        ranges = (
            frame.index.kind == "range" and longest.index.kind == "range" and frame.index.start == longest.index.start
        )
        if ranges and isinstance(frame.rows, int) and isinstance(longest.rows, int):
            if (frame.rows < longest.rows) if inner else (frame.rows > longest.rows):
                longest = frame
        else:
            rows = None
    if rows is not None and not same:
        rows, index = longest.rows, longest.index
    known = _labels_together([frame for frame, _ in frames], inner) if rows is None else None
    count = (cx.fresh(lo=0) if known is None else known) if rows is None else rows
    if rows is None:
        index = Labels("other")
    columns: list[Column] = []
    width: DimLike = 0
    closed = True
    unnamed = 0
    for frame, times in frames:
        closed = closed and frame.closed and times == 1
        width = width + (1 if frame.flat else frame.width) * times
        for one in frame.columns:
            name = one.name
            if frame.flat and name is None:
                name, unnamed = unnamed, unnamed + 1
            if same:
                columns.append(one.named(name))
            else:
                columns.append(Column(name, one.dtype if one.dtype in ("float64", "float32", "object") else None))
    if closed:
        if renamed:
            columns = [one.named(k) for k, one in enumerate(columns)]
        if len({one.name for one in columns}) < len(columns):
            return wrapped(Frame(count, (), "DataFrame", index, len(columns), False))
        return wrapped(Frame(count, tuple(columns), "DataFrame", index))
    kept = [] if renamed else list({one.name: one for one in columns}.values())
    return wrapped(Frame(count, tuple(kept), "DataFrame", index, width, False))


# -- merge and join ----------
@rule("pandas.merge", doc="https://pandas.pydata.org/docs/reference/api/pandas.merge.html")
def merge(
    cx: Context,
    left: Value,
    right: Value,
    how: Value | None = None,
    on: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Symbolic rows; the columns of both, keys once, other shared names twice with a suffix."""
    if not is_frame(left) or not is_frame(right):
        return cx.unknown("one side of the merge is not known")
    return _merged(cx, left, right, how, on, kwargs, bool(args))


@rule(f"{DATAFRAME}.merge")
def frame_merge(
    cx: Context,
    self: Instance,
    right: Value,
    how: Value | None = None,
    on: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    if not is_frame(right):
        return cx.unknown("one side of the merge is not known")
    return _merged(cx, self, right, how, on, kwargs, bool(args))


def _merged(
    cx: Context, left: Value, right: Value, how: Value | None, on: Value | None, kwargs: dict[str, Value], more: bool
) -> Value:
    _crossed(how, on, *(kwargs.get(name) for name in ("left_on", "right_on", "left_index", "right_index")))
    a, b = frame_of(cx, left), frame_of(cx, right)
    rows = cx.fresh("merged rows", 0)
    kind = as_str(how) or "inner"
    label = label_of(on) if on is not None and given(on) else None
    keys = [label[0]] if label is not None else (labels_of(cx, on) if on is not None and given(on) else None)
    for name in keys or ():
        for frame, source in ((a, left), (b, right)):
            levels = frame.index.kind == "several" or isinstance(frame.index.name, tuple) or isinstance(name, tuple)
            if not levels and frame.complete and frame.find(name) is None and frame.index.name != name:
                raise missing_key(repr(name), name, frame, source)
    _comparable(left, a, b, keys or ())
    if (
        more
        or not a.closed
        or not b.closed
        or a.flat
        or b.flat
        or any(key in kwargs for key in ("left_on", "right_on", "left_index", "right_index", "suffixes", "indicator"))
    ):
        return wrapped(Frame(rows, (), "DataFrame", Labels(), cx.fresh(lo=0), False))
    names = [one.name for one in a.columns], [one.name for one in b.columns]
    if keys is None:
        keys = [name for name in names[0] if name in names[1]]
        if kind == "cross":
            keys = []
    if kind == "cross":
        rows = a.rows * b.rows  # type: ignore[assignment]
    columns: list[Column] = []
    for one in a.columns:
        shared = one.name in names[1] and one.name not in keys
        dtype = one.dtype if kind in ("inner", "left", "cross") or one.dtype in ("float64", "object") else None
        columns.append(Column(f"{one.name}_x" if shared else one.name, dtype))
    for one in b.columns:
        if one.name in keys:
            continue
        dtype = one.dtype if kind in ("inner", "right", "cross") or one.dtype in ("float64", "object") else None
        columns.append(Column(f"{one.name}_y" if one.name in names[0] else one.name, dtype))
    return wrapped(Frame(rows, tuple(columns), "DataFrame", Labels()))


def _comparable(source: Value, a: Frame, b: Frame, keys: Iterable[Hashable]) -> None:
    """ValueError for keys that are numbers on one side and texts or dates on the other."""
    for name in keys:
        one, other = a.find(name), b.find(name)
        kinds = [_sort_of(each.dtype) for each in (one, other) if each is not None]
        if one is None or other is None or None in kinds or len(set(kinds)) < 2:
            continue
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        text = (
            f"You are trying to merge on {one.dtype} and {other.dtype} columns for key '{name}'. If you wish to proceed you "
            "should use pd.concat"
        )
        raise DtypeMismatch(
            Raises("ValueError", text, by=BY), values=(source,), taker="merge", got=(str(one.dtype), str(other.dtype)),
            wanted=str(name),
        )  # fmt: skip


def _sort_of(dtype: str | None) -> str | None:
    if dtype is None or dtype == "bool":
        return None
    if dtype == "str" or dtype.startswith("datetime"):
        return dtype[:3]
    return "number" if is_numeric(dtype) else None


def _crossed(how: Value | None, *by: Value | None) -> None:
    """MergeError where every row is joined with every row, and something says by what."""
    said = [one for one in by if one is not None and given(one) and not (isinstance(one, Const) and one.value is False)]
    if as_str(how) == "cross" and said and isinstance(said[0], Const):
        text = "Can not pass on, right_on, left_on or set right_index=True or left_index=True"
        raise invalid("how", "'cross'", text, said[0], exception="MergeError")


@rule(f"{DATAFRAME}.join")
def join(
    cx: Context,
    self: Instance,
    other: Value,
    on: Value | None = None,
    how: Value | None = None,
    lsuffix: Value | None = None,
    rsuffix: Value | None = None,
    sort: Value | None = None,
    validate: Value | None = None,
    *,
    suffixes: Value | None = None,
) -> Value:
    """The columns of both, rows matched by label. pandas 3.1 takes ``suffixes`` for the two older ones."""
    if suffixes is not None:
        return cx.unknown("how the columns are named is not followed")
    _crossed(how, on)
    a = frame_of(cx, self)
    if not is_frame(other):
        return cx.unknown(
            "what is joined is not known" if isinstance(other, Unknown) else "joining several frames is not modelled"
        )
    b = frame_of(cx, other)
    overlap = [one.name for one in a.columns if b.find(one.name) is not None]
    if overlap and lsuffix is None and rsuffix is None:
        kind = (
            "str" if cx.targets.at_least("pandas", "3") and all(isinstance(name, str) for name in overlap) else "object"
        )
        shown = ", ".join(repr(name) for name in overlap)
        text = f"columns overlap but no suffix specified: Index([{shown}], dtype='{kind}')"
        raise invalid("other", shown, text, other)
    same = aligned(cx, a, b) is True and on is None
    rows: DimLike = a.rows if same else cx.fresh(lo=0)
    index = a.index if same else Labels("other")
    width = a.width + (1 if b.flat else b.width)
    if a.closed and b.closed and not overlap:
        columns = (*a.columns, *(one if same else Column(one.name, None) for one in b.columns))
        return wrapped(
            Frame(rows, columns if same else tuple(Column(one.name, None) for one in columns), "DataFrame", index)
        )
    return wrapped(Frame(rows, (), "DataFrame", index, width, False))
