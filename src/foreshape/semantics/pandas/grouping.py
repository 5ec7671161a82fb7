"""groupby and resample: as many rows as groups, which the values decide; transform keeps the rows.

https://pandas.pydata.org/docs/reference/groupby.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import DictValue, Instance, LibraryRef, Sequence, Typed, Value, as_bool, as_str, int_value
from foreshape.semantics.numpy.support import given, listed
from foreshape.semantics.pandas.attributes import name_value
from foreshape.semantics.pandas.keeping import require
from foreshape.semantics.pandas.reductions import FLOATS, OTHERS, SAME, _different, reduced
from foreshape.semantics.pandas.selection import column, columns
from foreshape.semantics.pandas.support import (
    NDFRAME,
    Column,
    Frame,
    Labels,
    frame_of,
    invalid,
    is_frame,
    is_numeric,
    label_of,
    labels_of,
    refuse_absent,
    scalar,
    wrapped,
)
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

GROUPS: Final = library_type("pandas.~Groups")


def _groups(self: Instance, count: DimLike, keys: tuple[Hashable, ...], labels: Labels, flat: bool) -> Instance:
    """flat: the keys stay columns (``as_index=False``)."""
    return Instance(LibraryRef(GROUPS), {"~of": self, "~count": count, "~keys": keys, "~labels": labels, "~flat": flat})


@rule(f"{NDFRAME}.groupby", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.groupby.html")
def groupby(
    cx: Context,
    self: Instance,
    by: Value | None = None,
    axis: Value | None = None,
    level: Value | None = None,
    as_index: Value | None = None,
    sort: Value | None = None,
    group_keys: Value | None = None,
    observed: Value | None = None,
    dropna: Value | None = None,
) -> Value:
    """Groups by the values of columns. KeyError for a column that is certainly not there."""
    frame = frame_of(cx, self)
    flat = as_index is not None and as_bool(as_index) is False
    if by is None or frame.flat:
        count: DimLike = cx.fresh("groups", 0)
        return _groups(self, count, (), Labels("other"), flat)
    label = label_of(by)
    names = None if is_frame(by) else [label[0]] if label is not None else labels_of(cx, by)
    if names is not None:
        require(cx, self, frame, by)
    if isinstance(by, Instance) and is_frame(by, "Series") and frame.find(frame_of(cx, by).only.name) is not None:
        return cx.unknown("whether it is grouped by its own column is not followed")  # which then goes into the index
    if names is None:
        return _groups(self, cx.fresh("groups", 0), (), Labels("other"), flat)
    found = frame.find(names[0])
    if len(names) == 1 and found is not None and found.missing == 0:
        data = tuple(sorted(set(found.data), key=str)) if found.data is not None else None
        count = _different(cx, Frame(frame.rows, (found,), "Series"))
        labels = Labels("labels" if data is not None else "other", data, names[0])
    else:
        count = cx.fresh("groups" if not isinstance(names[0], str) else f"groups of {names[0]}", 0)
        labels = Labels("other", None, names[0]) if len(names) == 1 else Labels("several")
    return _groups(self, count, tuple(names), labels, flat)


@rule(f"{NDFRAME}.resample", doc="https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.resample.html")
def resample(cx: Context, self: Instance, rule: Value, *args: Value, **kwargs: Value) -> Value:
    """Groups by time: how many the dates decide."""
    from foreshape.semantics.pandas.dates import check_frequency

    frame = frame_of(cx, self)
    if frame.index.kind not in ("period", "several"):  # periods, or an index that is not known
        check_frequency(cx, rule)
    own = all(one.dtype is not None for one in frame.columns)  # what is not known may be a series that brings its index
    if frame.index.kind == "range" and own and not args and not kwargs:
        from foreshape.semantics.python.errors import type_error

        message = "Only valid with DatetimeIndex, TimedeltaIndex or PeriodIndex, but got an instance of 'RangeIndex'"
        raise type_error(message, "resample", self, types=("RangeIndex",), recover=cx.unknown("no times"))
    made_of = _groups(self, cx.fresh("periods", 0), (), Labels("datetime"), False)
    made_of.fields["~resampled"] = True
    return made_of


def _owner(self: Instance) -> Instance:
    found = self.fields["~of"]
    assert isinstance(found, Instance)
    return found


@rule(f"{GROUPS}.__getitem__")
def chosen(cx: Context, self: Instance, key: Value) -> Value:
    """Some columns of each group."""
    owner = _owner(self)
    frame = frame_of(cx, owner)
    label = label_of(key)
    found: Value
    if isinstance(key, Sequence) and key.kind == "tuple":
        return cx.unknown("columns of groups are not chosen by a tuple")
    keys = self.fields["~keys"]
    if label is not None:
        found = column(cx, owner, frame, label, key)
        keys = keys if self.fields["~flat"] else ()
    else:
        names = labels_of(cx, key)
        if names is None:
            return cx.unknown("which columns are selected is not known")
        found = columns(cx, owner, frame, names)
        keys = keys if self.fields["~flat"] else ()
    if not isinstance(found, Instance):
        return found
    result = _groups(found, self.fields["~count"], keys, self.fields["~labels"], self.fields["~flat"])
    result.fields["~chosen"] = True
    if self.fields.get("~resampled"):
        result.fields["~resampled"] = True
    return result


@rule(f"{GROUPS}.__getattr__")
def attribute_column(cx: Context, self: Instance, name: Value) -> Value:
    frame = frame_of(cx, _owner(self))
    text = as_str(name)
    if text is not None and frame.find(text) is not None:
        return chosen(cx, self, name)
    return cx.unknown("a part of groups that is not modelled")


def _summary(cx: Context, self: Instance, name: str) -> Value:
    frame = frame_of(cx, _owner(self))
    count: DimLike = self.fields["~count"]
    labels: Labels = self.fields["~labels"]
    keys: tuple[Hashable, ...] = self.fields["~keys"]
    gaps = bool(self.fields.get("~resampled"))

    def each(one: Column) -> Column:
        dtype = (
            reduced(name, one.dtype)
            if name in (*FLOATS, *SAME, *OTHERS)
            else (one.dtype if name in ("first", "last") else None)
        )
        if name in SAME and one.dtype in ("str", "object"):
            dtype = one.dtype
        if gaps and dtype in ("int64", "int32") and name in (*SAME, "first", "last"):
            dtype = None
        if name == "sum" and one.dtype == "bool":
            dtype = "int64"
        return Column(one.name, dtype)

    if frame.flat:
        if self.fields["~flat"]:
            return wrapped(
                Frame(count, (*(Column(key, None) for key in keys), each(frame.only)), "DataFrame", Labels())
            )
        return wrapped(Frame(count, (each(frame.only),), "Series", labels))
    if not frame.closed:
        flat = self.fields["~flat"]
        width = (
            frame.width
            if flat and not self.fields.get("~chosen")
            else frame.width - (0 if self.fields.get("~chosen") else len(keys))
        )
        return wrapped(Frame(count, (), "DataFrame", Labels() if flat else labels, width, False))
    kept = tuple(each(one) for one in frame.columns if one.name not in keys)
    if self.fields["~flat"]:
        first = tuple(frame.find(key) or Column(key, None) for key in keys)
        return wrapped(Frame(count, (*(one.loose() for one in first), *kept), "DataFrame", Labels()))
    return wrapped(Frame(count, kept, "DataFrame", labels))


def _reduction(name: str) -> None:
    @rule(f"{GROUPS}.{name}")
    def reduction(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
        """A row per group."""
        numeric = args[0] if args else kwargs.get("numeric_only")
        if numeric is not None and as_bool(numeric) is not False and name not in ("first", "last"):
            frame = frame_of(cx, _owner(self))
            if not frame.flat:
                if not frame.closed or any(one.dtype is None for one in frame.columns):
                    return wrapped(
                        Frame(self.fields["~count"], (), "DataFrame", self.fields["~labels"], cx.fresh(lo=0), False)
                    )
                keys = self.fields["~keys"]
                narrowed = frame.replace(
                    columns=tuple(one for one in frame.columns if is_numeric(one.dtype) or one.name in keys), width=None
                )
                self = Instance(self.cls, {**self.fields, "~of": wrapped(narrowed)})
        return _summary(cx, self, name)


for _name in (*FLOATS, *SAME, *OTHERS, "first", "last", "nunique", "nth"):
    _reduction(_name)


@rule(f"{GROUPS}.size")
def size(cx: Context, self: Instance) -> Value:
    if self.fields["~flat"]:
        keys = self.fields["~keys"]
        return wrapped(
            Frame(self.fields["~count"], (*(Column(key, None) for key in keys), Column("size", "int64")), "DataFrame")
        )
    return wrapped(Frame(self.fields["~count"], (Column(None, "int64"),), "Series", self.fields["~labels"]))


def _keeps(name: str) -> None:
    @rule(f"{GROUPS}.{name}")
    def keeps(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
        """The rows stay."""
        frame = frame_of(cx, _owner(self))
        keys = self.fields["~keys"]
        if self.fields.get("~resampled"):
            return cx.unknown("this of a resampled frame is not modelled")
        how = as_str(args[0]) if args else None

        def each(one: Column) -> Column:
            dtype = None
            if name == "transform" and how is not None:
                dtype = reduced(how, one.dtype) if how in (*FLOATS, *SAME) else None
            elif name in ("shift", "diff", "pct_change") and one.dtype in ("int64", "float64"):
                dtype = "float64"
            elif name in ("cumsum", "ffill", "bfill", "fillna") and one.dtype in ("int64", "float64"):
                dtype = one.dtype
            elif name in ("cumcount", "ngroup"):
                dtype = "int64"
            return Column(one.name, dtype)

        if frame.flat or name in ("cumcount", "ngroup"):
            only = frame.only if frame.flat else Column(None, None)
            return wrapped(Frame(frame.rows, (each(only),), "Series", frame.index))
        if not frame.closed:
            width = frame.width - (0 if self.fields.get("~chosen") else len(keys))
            return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, width, False))
        kept = tuple(each(one) for one in frame.columns if one.name not in keys)
        return wrapped(Frame(frame.rows, kept, "DataFrame", frame.index))


for _name in (
    "transform",
    "cumsum",
    "cumprod",
    "cummax",
    "cummin",
    "cumcount",
    "ngroup",
    "shift",
    "diff",
    "pct_change",
    "rank",
    "ffill",
    "bfill",
    "fillna",
):
    _keeps(_name)


def _asked(cx: Context, func: Value | None, kwargs: dict[str, Value]) -> list[Hashable]:
    """The columns that a summary names: keys of a dict, or the first of each (column, function)."""
    from foreshape.domain.values import DictValue

    if isinstance(func, DictValue) and func.rest is None:
        return list(func.entries)
    pairs = [labels_of(cx, value) for value in kwargs.values() if isinstance(value, Sequence)] if func is None else []
    return [pair[0] for pair in pairs if pair is not None and len(pair) == 2]


@rule(f"{GROUPS}.agg", f"{GROUPS}.aggregate")
def agg(cx: Context, self: Instance, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """One name: as that reduction; named results: a column for each."""
    name = as_str(func)
    if name is not None and name in (*FLOATS, *SAME, *OTHERS, "first", "last", "nunique"):
        return _summary(cx, self, name)
    count: DimLike = self.fields["~count"]
    labels: Labels = Labels() if self.fields["~flat"] else self.fields["~labels"]
    frame = frame_of(cx, _owner(self))
    keys = tuple(Column(key, None) for key in self.fields["~keys"]) if self.fields["~flat"] else ()
    if isinstance(func, DictValue) and any(isinstance(one, DictValue) for one in func.entries.values()):
        raise invalid(
            "func", "a dict in a dict", "nested renamer is not supported", func, exception="SpecificationError"
        )
    refuse_absent(frame, _asked(cx, func, kwargs), self, "Label(s) {} do not exist")
    if func is None and kwargs:
        return wrapped(Frame(count, (*keys, *(Column(key, None) for key in kwargs)), "DataFrame", labels))
    from foreshape.domain.values import BoundMethod, Function, LibraryRef

    if frame.flat and not isinstance(func, (Sequence, DictValue)):
        if not isinstance(func, (Function, BoundMethod, LibraryRef)) or keys:
            return cx.unknown("what is made of each group is not known")
        return wrapped(Frame(count, (Column(frame.only.name, None),), "Series", labels))
    if (
        isinstance(func, DictValue)
        and func.rest is None
        and all(as_str(one) is not None for one in func.entries.values())
    ):
        named: list[Column] = []
        for key, one in func.entries.items():
            known = frame.find(key)
            dtype = (
                reduced(as_str(one) or "", known.dtype)
                if known is not None and as_str(one) in (*FLOATS, *SAME, *OTHERS)
                else None
            )
            named.append(Column(key, dtype))
        return wrapped(Frame(count, (*keys, *named), "DataFrame", labels))
    if isinstance(func, Sequence) and frame.flat:
        names = labels_of(cx, func)
        if names is not None and all(isinstance(one, str) for one in names):
            return wrapped(Frame(count, (*keys, *(Column(one, None) for one in names)), "DataFrame", labels))
    return wrapped(Frame(count, (), "DataFrame", labels, cx.fresh(lo=0), False))


@rule(f"{GROUPS}.head", f"{GROUPS}.tail", f"{GROUPS}.filter", f"{GROUPS}.sample")
def some(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Some of the rows; a sample with replacement may have more."""
    frame = frame_of(cx, _owner(self))
    most = None if "replace" in kwargs or len(args) > 2 else frame.rows
    return wrapped(frame.replace(rows=cx.fresh(None, 0, most), index=frame.index.part()).each(Column.loose))


@rule(f"{GROUPS}.apply")
def apply(cx: Context, self: Instance, func: Value, *args: Value, **kwargs: Value) -> Value:
    """Whatever the function makes of each group."""
    frame = frame_of(cx, _owner(self))
    kwargs.pop("include_groups", None)
    keys = self.fields["~keys"]
    if keys and not frame.flat and cx.targets.at_least("pandas", "3"):
        if frame.closed:
            frame = frame.replace(columns=tuple(one for one in frame.columns if one.name not in keys), width=None)
        else:
            frame = frame.replace(columns=(), width=cx.fresh(lo=0))
    if as_str(func) is not None:
        return agg(cx, self, func, *args, **kwargs)
    made_of = cx.call(func, (_group(cx, self, frame), *args), kwargs)
    from foreshape.domain.values import Array, Const

    if isinstance(made_of, (Const, Typed)) or (isinstance(made_of, Array) and made_of.shape == ()):
        return wrapped(Frame(self.fields["~count"], (Column(None, None),), "Series", self.fields["~labels"]))
    if isinstance(made_of, (Sequence, Array)):
        return wrapped(Frame(self.fields["~count"], (Column(None, "object"),), "Series", self.fields["~labels"]))
    return cx.unknown("what this function makes of groups is not known")


def _group(cx: Context, self: Instance, frame: Frame) -> Instance:
    rows = cx.fresh(None, 1, frame.rows, varying=True)
    kind = "datetime" if frame.index.kind == "datetime" else "other"
    return wrapped(frame.replace(rows=rows, index=Labels(kind)).each(Column.loose))


@rule(f"{GROUPS}.__iter__")
def iterate(cx: Context, self: Instance) -> Value:
    """Pairs (key, the rows of the group)."""
    frame = frame_of(cx, _owner(self))
    keys = self.fields["~keys"]
    key: Value = cx.unknown("the key of a group")
    if len(keys) == 1:
        found = frame.find(keys[0])
        key = scalar(found) if found is not None else key
        if found is not None and found.data is not None and len(set(found.data)) <= 32:
            # who is in which group is known
            labels = Labels("datetime" if frame.index.kind == "datetime" else "other")
            pairs = []
            for label in sorted(set(found.data), key=lambda item: (str(type(item)), item)):
                rows = frame.replace(rows=found.data.count(label), index=labels).each(Column.loose)
                pairs.append(listed("tuple", [name_value(label), wrapped(rows)]))
            return listed("list", pairs)
    pair = listed("tuple", [key, _group(cx, self, frame)])
    return Sequence("list", Contents((Run(self.fields["~count"], pair),)))


@rule(f"{GROUPS}.get_group")
def get_group(cx: Context, self: Instance, name: Value, *args: Value) -> Value:
    return _group(cx, self, frame_of(cx, _owner(self)))


@rule(f"{GROUPS}.__len__")
def length(cx: Context, self: Instance) -> Value:
    return int_value(cx.resolve(self.fields["~count"]))


__all__ = ["given", "name_value"]
