"""Frames that a program writes to files and reads again.

https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.to_csv.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, Instance, Typed, Value, as_bool, as_int, as_str
from foreshape.semantics.numpy.support import given
from foreshape.semantics.pandas.support import NDFRAME, Column, Frame, Labels, frame_of, text_dtype, wrapped
from foreshape.semantics.python.handles import holds_text, put
from foreshape.semantics.python.written import read, write
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


class FrameFile:
    """A file that holds a frame. text: it went through text, by which dtypes are found anew."""

    __slots__ = ("frame", "indexed", "separator", "text")

    def __init__(self, frame: Frame, text: bool, indexed: bool, separator: str) -> None:
        self.frame = frame
        self.text = text
        self.indexed = indexed
        self.separator = separator


def _kept(cx: Context, target: Value | None, content: FrameFile | None) -> Value:
    if target is None or (isinstance(target, Const) and target.value is None):
        return Typed("str")
    if holds_text(target):
        put(cx, target, None)
    else:
        write(cx, target, content)
    return Const(None)


@rule(f"{NDFRAME}.to_csv")
def to_csv(
    cx: Context, self: Instance, path_or_buf: Value | None = None, sep: Value | None = None, **kwargs: Value
) -> Value:
    """Rows as text, to a file or as what comes back."""
    frame = frame_of(cx, self)
    indexed = True if "index" not in kwargs else as_bool(kwargs["index"])
    between = "," if sep is None else as_str(sep)
    plain = set(kwargs) <= {"index", "encoding"} and frame.form == "DataFrame" and frame.index.kind != "several"
    if indexed is None or between is None or not plain:
        return _kept(cx, path_or_buf, None)
    return _kept(cx, path_or_buf, FrameFile(frame, True, indexed, between))


@rule(f"{NDFRAME}.to_pickle", f"{NDFRAME}.to_parquet", f"{NDFRAME}.to_feather")
def to_binary(cx: Context, self: Instance, path: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """As it is, to a file."""
    if path is None:
        return Typed("bytes")
    return _kept(cx, path, None if args or kwargs else FrameFile(frame_of(cx, self), False, True, ""))


def held_in(cx: Context, path: Value, text: bool, kwargs: dict[str, Value]) -> Value | None:
    """The frame that the program wrote there, as it is read; None where that is not known."""
    found = read(cx, path)
    if not isinstance(found, FrameFile) or found.text != text:
        return None
    if not text:
        return wrapped(found.frame) if not kwargs else None
    between = as_str(kwargs["sep"]) if given(kwargs.get("sep")) else ","
    if between != found.separator or not {name for name, value in kwargs.items() if given(value)} <= {
        "sep",
        "index_col",
    }:
        return None
    frame = found.frame.each(lambda one: Column(one.name, _read(cx, one.dtype), one.lo, one.hi, None, one.missing))
    place = kwargs.get("index_col")
    name = frame.index.name
    if not found.indexed:
        return wrapped(frame.replace(index=Labels())) if not given(place) else None
    if given(place):
        first = as_int(place) == 0 or (name is not None and as_str(place) == name)
        return wrapped(frame.replace(index=Labels("other", None, name))) if first else None
    first_column = Column(name if name is not None else "Unnamed: 0", "int64" if frame.index.kind == "range" else None)
    width = frame.width + 1
    return wrapped(frame.replace(columns=(first_column, *frame.columns), index=Labels(), width=width))


def _read(cx: Context, dtype: str | None) -> str | None:
    """What a column is found to be when its text is read."""
    if dtype in ("int64", "float64", "bool"):
        return dtype
    if dtype in ("int32", "int16", "int8", "uint8"):
        return "int64"
    if dtype in ("float32", "float16"):
        return "float64"
    return text_dtype(cx) if dtype is not None and dtype.startswith("datetime64") else None
