"""Operators on frames: rows are matched by label, columns by name; the dtypes are those of NumPy.

https://pandas.pydata.org/docs/user_guide/dsintro.html#data-alignment-and-arithmetic
"""

from __future__ import annotations

from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Final

from foreshape.domain import compare
from foreshape.domain.values import Array, Bound, Const, Instance, Int, Sequence, Typed, Unknown, Value, as_str
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.support import made, python_shape, shape_text
from foreshape.semantics.pandas.support import (
    BY,
    DATAFRAME,
    INDEX,
    NDFRAME,
    SERIES,
    Column,
    Frame,
    Labels,
    as_values,
    column_array,
    frame_of,
    is_frame,
    is_numeric,
    label_of,
    wrapped,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

COMPARE = ("==", "!=", "<", "<=", ">", ">=")
LOGICAL = ("&", "|", "^")


def aligned(cx: Context, a: Frame, b: Frame) -> bool | None:
    """Whether the rows of both have the same labels; None where that is not known."""
    if a.index is b.index:
        return True
    if a.index.kind == "range" and b.index.kind == "range" and a.index.start == b.index.start:
        same = compare.eq(a.rows, b.rows, cx.facts)
        return True if same.is_yes else False if same.is_no else None
    if a.index.data is not None and a.index.data == b.index.data:
        return True
    return None


PYTHON: Final = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def _compared(operator: str, a: Column, b: Column | None, left: Value, right: Value) -> tuple[bool, ...] | None:
    """The truth of each comparison, where the elements of a column and what they are compared with are known."""
    if a.data is None or operator not in PYTHON:
        return None
    if b is not None:
        others = b.data if b.data is not None and len(b.data) == len(a.data) else None
    else:
        others = (right.value,) * len(a.data) if isinstance(right, Const) and isinstance(left, Array) else None
    if others is None:
        return None
    plain = (bool, int, float, str)
    if not all(isinstance(x, plain) and isinstance(y, plain) for x, y in zip(a.data, others)):
        return None
    try:
        return tuple(bool(PYTHON[operator](x, y)) for x, y in zip(a.data, others))
    except TypeError:
        return None


def combined(cx: Context, operator: str, left: Value, right: Value, a: Column, b: Column | None) -> Column:
    """The column that an operator makes of two columns, or of a column and a number."""
    name = a.name if b is None or a.name == b.name else None
    if operator in COMPARE:
        return Column(name, "bool", data=_compared(operator, a, b, left, right))
    dtypes = [a.dtype] + ([] if b is None else [b.dtype])
    if operator in LOGICAL and all(dtype == "bool" for dtype in dtypes):
        return Column(name, "bool")
    if operator in LOGICAL and not all(kind_of(dtype) in ("i", "u") for dtype in dtypes):
        return Column(name, None)  # gaps are filled with False, and what is no bool is made one
    if b is not None and dtypes == ["str", "str"] and operator in ("-", "*", "/", "//", "%", "**"):
        from foreshape.semantics.python.errors import type_error

        method = {"-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow"}[operator]
        text = f"operation '{method}' not supported for dtype 'str' with dtype 'str'"
        raise type_error(text, operator, left, right, types=("str", "str"), recover=Unknown("texts are no numbers"))
    if not all(is_numeric(dtype) for dtype in dtypes):
        texts = all(dtype == "str" for dtype in dtypes) and operator == "+"
        return Column(name, "str" if texts and (b is not None or isinstance(right, (Const, Typed))) else None)
    if isinstance(right, Unknown):
        return Column(name, None)
    found = cx.binary(operator, left, right)
    if not isinstance(found, Array):
        return Column(name, None)
    if operator in ("//", "%") and _maybe_zero(right) and kind_of(found.dtype) in ("i", "u"):
        return Column(name, None)  # where an int is divided by zero, pandas makes floats of all
    missing = 0 if a.missing == 0 and (b is None or b.missing == 0) and operator in ("+", "-", "*") else None
    if b is None or b.missing == 0:
        missing = a.missing if operator in ("+", "-", "*") and _finite(right) else None
    elif a.missing is not None and b.missing is not None and operator in ("+", "-", "*"):
        missing = max(a.missing, b.missing)
    return Column(name, found.dtype, found.lo, found.hi, None, missing)


def _maybe_zero(value: Value) -> bool:
    if isinstance(value, Const):
        return bool(value.value == 0)
    if isinstance(value, Array):
        low, high = value.lo, value.hi
        return not (isinstance(low, (int, float)) and low > 0) and not (isinstance(high, (int, float)) and high < 0)
    return not isinstance(value, Int)


def _finite(value: Value) -> bool:
    if isinstance(value, Const):
        return not isinstance(value.value, float) or value.value == value.value
    return isinstance(value, (Int, Array))


def _no_sequence(cx: Context, self: Instance, other: Sequence, operator: str) -> None:
    """``&``, ``|`` and ``^`` take no list since pandas 3."""
    if not cx.targets.at_least("pandas", "3") or not cx.is_instance(self, SERIES):
        return
    from foreshape.faults.unsupported_data import UnsupportedData

    message = (
        "Logical ops (and, or, xor) between Pandas objects and dtype-less sequences (e.g. list, tuple) are no longer "
        "supported. Wrap the object in a Series, Index, or np.array before operating instead."
    )
    raise UnsupportedData(
        Raises("TypeError", message, by=BY), values=(other, self), taker=f"Series {operator}", given=other.kind
    )


@rule(f"{SERIES}.__binary__", f"{INDEX}.__binary__")
def series_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value:
    """Element by element. ValueError for an array of another length."""
    op = as_str(operator) or ""
    if op in ("in", "not in"):
        return Typed("bool")
    frame = frame_of(cx, self)
    if is_frame(other, "DataFrame"):
        return frame_binary_series(cx, frame_of(cx, other), frame, op, reflected=True)
    mine = column_array(frame, frame.only)
    turned = isinstance(reflected, Const) and bool(reflected.value)

    def one(theirs: Value, column: Column | None) -> Column:
        left, right = (theirs, mine) if turned else (mine, theirs)
        found = combined(cx, op, left, right, frame.only, column)
        if turned and not isinstance(theirs, (Const, Int, Typed, Array)):
            return Column(found.name, None)
        return found

    if is_frame(other):
        return _two_series(cx, frame, frame_of(cx, other), op, turned)
    if isinstance(other, Sequence) and other.kind == "tuple" and kind_of(frame.only.dtype) not in ("i", "u", "f", "b"):
        return wrapped(frame.replace(columns=(Column(frame.only.name, None),)))  # the elements may be tuples as well
    if isinstance(other, Sequence) and other.kind in ("list", "tuple"):
        if op in LOGICAL:
            _no_sequence(cx, self, other, op)
            return wrapped(frame.replace(columns=(Column(frame.only.name, None),)))
        from foreshape.semantics.numpy.array_from import as_array

        array = as_array(cx, other)
        if isinstance(array, Unknown):
            return wrapped(frame.replace(columns=(Column(frame.only.name, "bool" if op in COMPARE else None),)))
        other = array
    if isinstance(other, Array) and other.shape is not None and len(other.shape) == 1 and other.kind == "numpy":
        _same_length(cx, frame, other, op, turned)
        column = one(made((frame.rows,), other.dtype, other.lo, other.hi), Column(None, other.dtype))
        return wrapped(frame.replace(columns=(column.named(frame.only.name),)))
    if isinstance(other, Array) and (other.shape is None or len(other.shape) > 1):
        return cx.unknown("a series against an array of several axes")
    if isinstance(other, Array) and other.kind != "numpy":
        return cx.unknown("a series against a tensor")
    return wrapped(frame.replace(columns=(one(other, None),)))


def _same_length(cx: Context, frame: Frame, other: Array, op: str, turned: bool) -> None:
    assert other.shape is not None
    length = cx.resolve(other.shape[0])
    if op in COMPARE or op in LOGICAL:
        if not cx.equal(length, frame.rows):
            text = f"('Lengths must match to compare', ({frame.rows},), ({length},))"
            raise _broadcast(frame, other, text, op)
        return
    if compare.eq(length, 1, cx.facts).is_yes:
        return
    if not cx.equal(length, frame.rows) and not compare.eq(frame.rows, 1, cx.facts).is_yes:
        sizes = [shape_text((frame.rows,)), shape_text((length,))]
        text = f"operands could not be broadcast together with shapes {' '.join(reversed(sizes) if turned else sizes)} "
        raise _broadcast(frame, other, text, op)


def _broadcast(frame: Frame, other: Value, text: str, op: str) -> Exception:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    shape = other.shape if isinstance(other, Array) else frame_shape(other)
    return BroadcastMismatch(
        Raises("ValueError", text, by=BY),
        values=(other,),
        taker=op,
        shapes=(frame.shape or (), shape or ()),
        axis=-1,
        recover=wrapped(frame.each(lambda one: Column(one.name, None))),
    )


def frame_shape(value: Value) -> tuple[object, ...] | None:
    found = value.fields.get("~frame") if isinstance(value, Instance) else None
    return found.shape if isinstance(found, Frame) else None


def _two_series(cx: Context, a: Frame, b: Frame, op: str, turned: bool) -> Value:
    """Rows with the same label; the others become NaN."""
    same = aligned(cx, a, b)
    form = a.form if a.form == b.form else "Series"
    left, right = column_array(a, a.only), made((a.rows,), column_array(b, b.only).dtype, b.only.lo, b.only.hi)
    column = combined(cx, op, right if turned else left, left if turned else right, a.only, b.only)
    if same is True or "Index" in form:
        return wrapped(a.replace(columns=(column,)))
    if op in COMPARE:
        if same is False:
            text = "Can only compare identically-labeled Series objects"
            from foreshape.faults.broadcast_mismatch import BroadcastMismatch

            raise BroadcastMismatch(
                Raises("ValueError", text, by=BY),
                values=(wrapped(b),),
                taker=op,
                shapes=((a.rows,), (b.rows,)),
                axis=0,
                recover=wrapped(a.replace(columns=(Column(a.only.name, "bool"),))),
            )
        return wrapped(a.replace(columns=(Column(a.only.name, "bool"),)))
    dtype = column.dtype if column.dtype in ("float64", "float32") else None
    if same is False and isinstance(a.rows, int) and isinstance(b.rows, int):
        longer = a if a.rows >= b.rows else b
        dtype = "float64" if is_numeric(column.dtype) and op not in LOGICAL else dtype
        return wrapped(longer.replace(columns=(Column(column.name, dtype),), form="Series"))
    return wrapped(Frame(cx.fresh(lo=0), (Column(column.name, dtype),), "Series", Labels("other")))


@rule(f"{DATAFRAME}.__binary__")
def frame_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value:
    """Element by element: a number, an array of the same shape or of as many columns, a Series over the columns."""
    op = as_str(operator) or ""
    if op in ("in", "not in"):
        label = label_of(other)
        frame = frame_of(cx, self)
        return Const(frame.find(label[0]) is not None) if label is not None and frame.complete else Typed("bool")
    frame = frame_of(cx, self)
    turned = isinstance(reflected, Const) and bool(reflected.value)
    if op == "@":
        return _matmul(cx, frame, self, other, turned)
    if is_frame(other, "DataFrame"):
        return _two_frames(cx, frame, frame_of(cx, other), op)
    if is_frame(other, "Series"):
        return frame_binary_series(cx, frame, frame_of(cx, other), op)
    theirs: Value = other
    if isinstance(other, Array) and other.shape is not None and len(other.shape) in (1, 2) and other.kind == "numpy":
        _fits(cx, frame, other, op)
        theirs = made((frame.rows,), other.dtype, other.lo, other.hi)
    elif isinstance(other, Array) and other.shape != ():
        return cx.unknown("a frame against an array of unknown rank")
    elif isinstance(other, (Sequence, Unknown)):
        return wrapped(frame.each(lambda one: Column(one.name, "bool" if op in COMPARE else None)))

    def each(one: Column) -> Column:
        mine = column_array(frame, one)
        left, right = (theirs, mine) if turned else (mine, theirs)
        inner = Column(one.name, theirs.dtype) if isinstance(theirs, Array) else None
        return combined(cx, op, left, right, one, inner).named(one.name)

    return wrapped(frame.each(each))


def _fits(cx: Context, frame: Frame, other: Array, op: str) -> None:
    """An array against a frame."""
    shape = tuple(cx.resolve(size) for size in other.shape or ())
    if len(shape) == 1:
        if not cx.equal(shape[0], frame.width):
            text = f"Unable to coerce to Series, length must be {frame.width}: given {shape[0]}"
            raise _broadcast(frame, other, text, op)
        return
    mine = frame.shape or ()
    ok = [compare.eq(a, b, cx.facts) for a, b in zip(shape, mine)]
    ones = [compare.eq(a, 1, cx.facts) for a in shape]
    for truth, single in zip(ok, ones):
        if truth.is_no and single.is_no:
            text = f"Unable to coerce to DataFrame, shape must be {python_shape(mine)}: given {python_shape(shape)}"
            raise _broadcast(frame, other, text, op)


def frame_binary_series(cx: Context, frame: Frame, other: Frame, op: str, reflected: bool = False) -> Value:
    """The labels of a Series are matched with the columns."""
    names = tuple(one.name for one in frame.columns) if frame.closed else None
    matches = other.index.data is not None and names is not None and set(other.index.data) == set(names)
    unnamed = other.index.kind == "columns" and other.index.data is None and names is None
    if matches or (unnamed and compare.eq(other.rows, frame.width, cx.facts).is_yes):
        theirs = made((frame.rows,), column_array(other, other.only).dtype, other.only.lo, other.only.hi)

        def each(one: Column) -> Column:
            return combined(cx, op, column_array(frame, one), theirs, one, Column(None, other.only.dtype)).named(
                one.name
            )

        return wrapped(frame.each(each))
    return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, cx.fresh(lo=0), False))


def _two_frames(cx: Context, a: Frame, b: Frame, op: str) -> Value:
    same = aligned(cx, a, b)
    names = [one.name for one in a.columns], [one.name for one in b.columns]
    if a.closed and b.closed and set(names[0]) == set(names[1]) and same:
        columns = []
        for one in a.columns:
            other = b.find(one.name) or one
            right = made((a.rows,), column_array(b, other).dtype, other.lo, other.hi)
            columns.append(combined(cx, op, column_array(a, one), right, one, other).named(one.name))
        return wrapped(a.replace(columns=tuple(columns)))
    if same and not a.closed and not b.closed and a.width == b.width:
        return wrapped(a.each(lambda one: Column(one.name, None)))
    if op in COMPARE and a.closed and b.closed and (set(names[0]) != set(names[1]) or same is False):
        text = "Can only compare identically-labeled (both index and columns) DataFrame objects"
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        raise BroadcastMismatch(
            Raises("ValueError", text, by=BY),
            values=(wrapped(b),),
            taker=op,
            shapes=(a.shape or (), b.shape or ()),
            axis=0,
        )
    rows = a.rows if same else cx.fresh(lo=0)
    index = a.index if same else Labels("other")
    if a.closed and b.closed:
        union = list(dict.fromkeys(names[0] + names[1]))
        if set(names[0]) != set(names[1]):
            return wrapped(Frame(rows, (), "DataFrame", index, len(union), False))
        return wrapped(Frame(rows, tuple(Column(name, None) for name in union), "DataFrame", index))
    return wrapped(Frame(rows, (), "DataFrame", index, cx.fresh(lo=0), False))


def _matmul(cx: Context, frame: Frame, self: Value, other: Value, turned: bool) -> Value:
    """``df @ x``. ValueError for sizes that do not meet."""
    right = frame_of(cx, other) if is_frame(other) else None
    shape = right.shape if right is not None else other.shape if isinstance(other, Array) else None
    if turned or shape is None or len(shape) not in (1, 2):
        return cx.unknown("the product of a frame with this is not modelled")
    inner = cx.resolve(shape[0])
    if right is not None:
        names = tuple(one.name for one in frame.columns) if frame.closed else None
        plain = (
            frame.closed
            and right.index.kind == "range"
            and names == tuple(range(len(names or ())))
            and right.rows == len(names or ())
        )
        named = right.index.data is not None and names is not None and set(right.index.data) == set(names)
        if not plain and not named:
            return cx.unknown("whether the labels of both sides match is not known")
    elif not cx.equal(inner, frame.width):
        text = f"Dot product shape mismatch, {python_shape(frame.shape or ())} vs {python_shape(shape)}"
        from foreshape.faults.matmul_mismatch import MatmulMismatch

        raise MatmulMismatch(
            Raises("ValueError", text, by=BY), values=(self, other), taker="@", left=frame.shape or (), right=shape
        )
    dtype = None
    if frame.closed:
        product = cx.binary("@", as_values(cx, frame), as_values(cx, right) if right is not None else other)
        dtype = product.dtype if isinstance(product, Array) else None
    if len(shape) == 1:
        return wrapped(Frame(frame.rows, (Column(None, dtype),), "Series", frame.index))
    width = cx.resolve(shape[1])
    if right is not None and right.closed:
        return wrapped(
            Frame(frame.rows, tuple(Column(one.name, dtype) for one in right.columns), "DataFrame", frame.index)
        )
    if isinstance(width, int) and width <= 512:
        return wrapped(Frame(frame.rows, tuple(Column(k, dtype) for k in range(width)), "DataFrame", frame.index))
    return wrapped(Frame(frame.rows, (), "DataFrame", frame.index, width, False))


@rule(f"{NDFRAME}.dot")
def dot(cx: Context, self: Instance, other: Value) -> Value:
    if is_frame(self, "Series"):
        return cx.unknown("the product of a series with this is not modelled")
    return _matmul(cx, frame_of(cx, self), self, other, False)


@rule(f"{NDFRAME}.__unary__", f"{INDEX}.__unary__")
def unary(cx: Context, self: Instance, operator: Value) -> Value:
    op = as_str(operator) or ""

    def each(one: Column) -> Column:
        if op == "~":
            return Column(one.name, "bool") if one.dtype == "bool" else Column(one.name, one.dtype)
        if op == "-":
            return (
                Column(one.name, one.dtype, _minus(one.hi), _minus(one.lo), None, one.missing)
                if is_numeric(one.dtype)
                else Column(one.name, one.dtype)
            )
        return one

    return wrapped(frame_of(cx, self).each(each))


def _minus(bound: Bound) -> Bound:
    return None if bound is None else -bound


SPELT = {
    "add": "+",
    "radd": "+",
    "sub": "-",
    "subtract": "-",
    "rsub": "-",
    "mul": "*",
    "multiply": "*",
    "rmul": "*",
    "div": "/",
    "divide": "/",
    "truediv": "/",
    "rdiv": "/",
    "rtruediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "rfloordiv": "//",
    "rmod": "%",
    "rpow": "**",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}


def _method(name: str, operator: str) -> None:
    @rule(f"{NDFRAME}.{name}")
    def method(
        cx: Context,
        self: Instance,
        other: Value,
        axis: Value | None = None,
        level: Value | None = None,
        fill_value: Value | None = None,
    ) -> Value:
        """The operator; ``axis=0`` matches a Series with the rows."""
        by_rows = axis is not None and isinstance(axis, Const) and axis.value in (0, "index", "rows")
        frame = frame_of(cx, self)
        if by_rows and is_frame(other, "Series") and not frame.flat and aligned(cx, frame, frame_of(cx, other)):
            return wrapped(
                frame.each(
                    lambda one: Column(one.name, "float64" if one.dtype == "float64" and operator != "==" else None)
                )
            )
        if by_rows and not frame.flat:
            return wrapped(Frame(cx.fresh(lo=0), (), "DataFrame", frame.index.part(), frame.width, False))
        reflected = Const(name.startswith("r") and name[1:] in SPELT)
        return cx.binary(operator, other, self) if reflected.value else cx.binary(operator, self, other)


for _name, _operator in SPELT.items():
    _method(_name, _operator)
