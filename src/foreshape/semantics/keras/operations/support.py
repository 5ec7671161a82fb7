"""What the rules of ``keras.ops`` share: how an operation runs on tensors and on symbolic ones, dtypes, axes, errors.

An operation is a *core* ``core(cx, *tensors)``, which gives tensors for tensors. Called with symbolic tensors it
becomes a node of the graph; the core then runs as in a graph, where what does not fit is a ValueError of Keras, and runs
again when the graph is called on data, where it is an error of TensorFlow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as SequenceOf
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.dtype import WEAK_FLOAT, WEAK_INT, promote_keras
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.keras.base import is_keras3
from foreshape.semantics.keras.graph import Node, any_symbolic, plain, symbolic
from foreshape.semantics.shared.reshape import normalize_axis
from foreshape.semantics.shared.result import AxisError
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import axis_in, graph_mode, ints, tensor, tuple_text

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


Core = Callable[..., Value]


class OpenShape(Exception):
    """Raised by a core where a rank or a value that the shape needs is not known; ``like`` has the dtype."""

    def __init__(self, why: str, dtype: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.dtype = dtype


# -- running ----------------------------------------------------------------------------------------------------------


@contextmanager
def graph(cx: Context) -> Iterator[None]:
    """While it is open, shapes are those of a graph: None where a size is not known, ValueError where they clash."""
    state = cx.state("keras")
    outer = state.fields.get("symbolic")
    cx.set(state, "symbolic", True)
    try:
        yield
    finally:
        cx.set(state, "symbolic", outer)


def run(cx: Context, name: str, core: Core, tensors: SequenceOf[Value], *, many: bool = False) -> Value:
    """Apply a core to tensors (or nested structures of them); symbolic where one of them is. many: it gives more than
    one tensor, so that nothing is said where the core does not know how many."""

    def apply(inner: Context, args: SequenceOf[Value], _: Mapping[str, Value]) -> Value:
        try:
            return core(inner, *args)
        except OpenShape as open_shape:
            made = inner.unknown(open_shape.why)
            made.tainted = any(value.tainted for value in args)
            return made

    if not any_symbolic(tensors):
        return apply(cx, tensors, {})
    node = Node(None, tensors, {}, name, apply)
    with graph(cx):
        result = apply(cx, [plain(value) for value in tensors], {})
    if many and isinstance(result, Unknown):
        return result
    return symbolic(node, result)


# -- tensors and dtypes -----------------------------------------------------------------------------------------------


def operand(cx: Context, value: Value | None) -> Array:
    """A tensor argument. Raises OpenShape where nothing is known about it."""
    found = as_tensor(cx, value)
    if found is None:
        raise OpenShape(getattr(value, "reason", None) or "it is made from something that is not known")
    return found


def known(cx: Context, value: Value | None) -> tuple[Array, Shape]:
    """A tensor argument and its shape. Raises OpenShape where the rank is not known."""
    found = operand(cx, value)
    if found.shape is None:
        raise OpenShape("the rank of a tensor is not known", found.dtype)
    return found, tuple(cx.resolve(size) for size in found.shape)


def token(value: Value | None) -> str | None:
    """The dtype of an argument as type promotion sees it: weak for Python numbers. None where it is not known."""
    if isinstance(value, Const):
        item = value.value
        if isinstance(item, bool):
            return "bool"
        if isinstance(item, int):
            return WEAK_INT
        return WEAK_FLOAT if isinstance(item, float) else "complex64" if isinstance(item, complex) else None
    if isinstance(value, Int):
        return WEAK_INT
    if isinstance(value, Typed):
        return {"int": WEAK_INT, "float": WEAK_FLOAT, "bool": "bool"}.get(value.kind)
    return value.dtype if isinstance(value, Array) else None


def promote(*dtypes: str | None) -> str | None:
    """The common dtype; None where one is not known, or Keras refuses."""
    found = [dtype for dtype in dtypes if dtype is not None]
    return promote_keras(*found) if len(found) == len(dtypes) else None


def common(cx: Context, *values: Value | None) -> str | None:
    """The dtype of a result that arguments make together."""
    tokens = [token(value) for value in values]
    if any(item is None for item in tokens):
        tokens = [item or operand(cx, value).dtype for item, value in zip(tokens, values)]
    return promote(*tokens)


def to_float(dtype: str | None) -> str | None:
    """What ``result_type(dtype, float)`` gives."""
    return promote(dtype, WEAK_FLOAT)


def wide_float(dtype: str | None) -> str | None:
    """float64 for int64, float32 for other integers, floats as they are."""
    if dtype is None:
        return None
    if "int" in dtype or dtype == "bool":
        return "float64" if dtype == "int64" else "float32"
    return dtype


def accumulated(dtype: str | None) -> str | None:
    """What a sum of small integers is."""
    if dtype in ("bool", "int8", "int16"):
        return "int32"
    return "uint32" if dtype in ("uint8", "uint16") else dtype


def dtype_argument(value: Value | None, default: str | None) -> str | None:
    """An optional dtype argument of Keras; Python's ``int`` is int64 there, ``float`` float32."""
    if value is None or is_none(value):
        return default
    text = as_str(value)
    if text is None and isinstance(value, LibraryRef):
        owner, _, text = value.name.rpartition(".")
        if owner != "builtins":
            text = {"float_": "float64", "int_": "int64", "bool_": "bool", "double": "float64"}.get(text, text)
    if text is None and isinstance(value, Instance):
        text = as_str(value.fields.get("name"))
    return None if text is None else {"int": "int64", "float": "float32", "half": "float16"}.get(text, text)


def like(
    x: Array, shape: Shape | None, dtype: str | None = "", roles: tuple[str | None, ...] | None = None, **more: Any
) -> Array:
    """A tensor made from x; its dtype unless another is given."""
    return tensor(shape, x.dtype if dtype == "" else dtype, x, roles=roles, **more)


def several(parts: SequenceOf[Value], kind: str = "tuple") -> Value:
    """More than one result."""
    return as_tuple(list(parts), kind)


# -- arguments --------------------------------------------------------------------------------------------------------


def flag(value: Value | None, default: bool = False) -> bool:
    """A flag. Raises OpenShape where it is not known."""
    if value is None:
        return default
    found = as_bool(value)
    if found is None:
        raise OpenShape("a flag is not known")
    return found


def integer(value: Value | None, default: int | None = None) -> int:
    """A known int. Raises OpenShape."""
    found = default if value is None else as_int(value)
    if found is None:
        raise OpenShape("a number is not known")
    return found


def word(value: Value | None, default: str) -> str:
    """A known string. Raises OpenShape."""
    found = default if value is None else as_str(value)
    if found is None:
        raise OpenShape("a word is not known")
    return found


def axes_argument(cx: Context, value: Value | None) -> tuple[int, ...] | None:
    """``axis``: an int, several, or None for all. Raises OpenShape where it is not known."""
    if value is None or is_none(value):
        return None
    found = ints(cx, value)
    if found is None:
        raise OpenShape("which axis is meant is not known")
    return found


def one_axis(cx: Context, value: Value | None, default: int | None) -> int | None:
    """A single optional axis. Raises OpenShape."""
    if value is None:
        return default
    if is_none(value):
        return None
    found = as_int(value)
    if found is None:
        raise OpenShape("which axis is meant is not known")
    return found


CHECKED = {
    "expand_dims", "flip", "median", "moveaxis", "norm", "repeat", "stack", "swapaxes", "take_along_axis", "diagonal",
    "trace", "nanmedian",
}  # fmt: skip
"""Operations that check the axis themselves, and raise a ValueError for data too."""
INDEXED = {"squeeze", "repeat"}
"""Operations that look the axis of a symbolic shape up in a list."""


def place(cx: Context, taker: str, axis: int, rank: int, x: Value) -> int:
    """The axis counted from the left. Raises axis-range."""
    try:
        return normalize_axis(axis, rank)
    except AxisError:
        pass
    if graph_mode(cx, x):
        if taker in INDEXED:
            return axis_in(cx, taker, axis, rank, "list index out of range", x, exception="IndexError")
        return axis_in(cx, taker, axis, rank, f"axis {axis} is out of bounds for array of dimension {rank}", x)
    if taker == "squeeze":
        return axis_in(cx, taker, axis, rank, "list index out of range", x, exception="IndexError")
    if taker in CHECKED:
        text = f"axis {axis} is out of bounds for array of dimension {rank}"
        return axis_in(cx, taker, axis, rank, text, x, exception="ValueError")
    return axis_in(cx, taker, axis, rank, f"Expected dimension in the range [{-rank}, {rank}), but got {axis}", x)


def items_of(cx: Context, values: Value | None) -> list[Value]:
    """The tensors of a list argument: a list, a tuple, or the rows of one tensor. Raises OpenShape."""
    if isinstance(values, Sequence):
        found = values.contents.items(limit=1024)
        if found is not None:
            return list(found)
    if isinstance(values, Array) and values.shape and isinstance(values.shape[0], int) and values.shape[0] <= 64:
        return [values.replace(shape=values.shape[1:]) for _ in range(values.shape[0])]
    raise OpenShape("how many tensors there are is not known")


# -- errors -----------------------------------------------------------------------------------------------------------


def trouble(cx: Context, message: str, *values: Value, eager: str = "InvalidArgumentError") -> Raises:
    """A shape error: a ValueError of Keras for symbolic tensors, else what TensorFlow raises."""
    if graph_mode(cx, *values):
        return Raises("ValueError", message, by="keras 3" if is_keras3(cx) else "keras 2")
    return Raises(eager, message, by="tensorflow" if eager == "InvalidArgumentError" else "keras 3")


def refused(message: str, exception: str = "ValueError") -> Raises:
    """What Keras itself checks, with data and without."""
    return Raises(exception, message, by="keras 3")


def needs_rank(raised: Raises, taker: str, x: Array, needs: int, at_least: bool = False) -> Fault:
    """The fault for another number of axes than an operation takes."""
    from foreshape.faults.rank_mismatch import RankMismatch

    return RankMismatch(raised, values=(x,), taker=taker, needs=needs, at_least=at_least, got=x.shape or ())


def wrong_value(raised: Raises, argument: str, given: object, *values: Value) -> Fault:
    """The fault for an argument that an operation does not take."""
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(raised, values=values, argument=argument, given=str(given))


def text_of(shape: SequenceOf[DimLike]) -> str:
    """A shape as Keras prints it."""
    return tuple_text(shape)


def differ(cx: Context, a: DimLike, b: DimLike) -> bool:
    """Whether two sizes certainly differ; None fits everything. Where it depends, they are taken to be equal."""
    if undefined(a) or undefined(b):
        return False
    return not cx.equal(a, b)
