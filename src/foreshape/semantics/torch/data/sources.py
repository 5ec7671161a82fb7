"""What data sets hold, asked the way that a loader asks: how many samples, and which one is at a position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    ClassValue,
    Const,
    Instance,
    IteratorValue,
    LibraryRef,
    Unknown,
    Value,
    as_dim,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.python.lengths import counted
from foreshape.semantics.registry import REGISTRY

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DATASET: Final = "torch.utils.data.Dataset"
ITERABLE: Final = "torch.utils.data.IterableDataset"
DOC: Final = "https://docs.pytorch.org/docs/stable/data.html"


def raises(cx: Context, exception: str, message: str) -> Raises:
    """What the real run prints."""
    return Raises(exception, message, by="torch 2" if cx.targets.at_least("torch", "2") else "torch 1")


def bad(cx: Context, exception: str, message: str, argument: str, given: Value | str | None) -> Fault:
    """The fault for an argument that is not taken."""
    from foreshape.faults.invalid_argument import InvalidArgument

    text = given if isinstance(given, str) else cx.text(given)
    values = (given,) if isinstance(given, Value) else ()
    return InvalidArgument(raises(cx, exception, message), values=values, argument=argument, given=text)


def python(cx: Context, exception: str, message: str, operation: str, *values: Value) -> Fault:
    """The fault for what raises as plain Python does."""
    from foreshape.faults.python_error import PythonError

    return PythonError(raises(cx, exception, message), values=values, problem=message, operation=operation)


def bases_of(value: Value) -> tuple[str, ...]:
    """The qualified names of the library classes that an object is of."""
    if not isinstance(value, Instance):
        return ()
    mro = value.cls.mro if isinstance(value.cls, ClassValue) else (value.cls,)
    return tuple(name for base in mro if isinstance(base, LibraryRef) for name in REGISTRY.mro(base.name))


def is_iterable_dataset(value: Value) -> bool:
    """Whether it derives from ``IterableDataset``."""
    return ITERABLE in bases_of(value)


def class_text(value: Value) -> str:
    """The name of an object's class, as ``len`` and the like print it."""
    if isinstance(value, Instance):
        return value.cls.name.rpartition(".")[2]
    from foreshape.semantics.python.tools import type_name

    return type_name(value) or "object"


def surely_without(cx: Context, value: Value, method: str) -> bool:
    """Whether an object certainly lacks a special method: all its classes are known, and none has it."""
    if not isinstance(value, Instance):
        return isinstance(value, Const) and not isinstance(value.value, (str, bytes))
    if value.fields.get("~open") or not isinstance(value.cls, ClassValue):
        return False
    for base in value.cls.mro:
        if isinstance(base, ClassValue):
            if method in base.fields or "__getattr__" in base.fields or base.fields.get("~dataclass"):
                return False
        elif base.name not in ("builtins.object", DATASET, ITERABLE, "torch.utils.data.Sampler", "typing.Generic"):
            return False
    return True


def no_length(cx: Context, value: Value) -> Fault:
    """``object of type 'Letters' has no len()``."""
    return python(cx, "TypeError", f"object of type '{class_text(value)}' has no len()", "len", value)


def length_of(cx: Context, value: Value) -> DimLike | None:
    """``len(value)``, None where it is not known. TypeError where there is certainly no such thing."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, IteratorValue) or surely_without(cx, value, "__len__"):
        raise no_length(cx, value)
    method = cx.user_method(value, "__len__")
    if method is not None:
        made = cx.call(method)
        found = as_dim(made)
        if found is None:
            return counted(cx, value, made, method)
        if isinstance(found, int) and found < 0:
            raise python(cx, "ValueError", "__len__() should return >= 0", "len", value)
        return cx.resolve(found)
    found = cx.length(value)
    return None if found is None else cx.resolve(found)


def sample_at(cx: Context, dataset: Value, index: Value) -> Value:
    """``dataset[index]``."""
    if surely_without(cx, dataset, "__getitem__") and isinstance(dataset, Instance):
        if DATASET in bases_of(dataset):
            message = "Subclasses of Dataset should implement __getitem__."
            older = not cx.targets.at_least("torch", "2.1")
            raise python(cx, "NotImplementedError", "" if older else message, "[]", dataset)
        message = f"'{class_text(dataset)}' object is not subscriptable"
        raise python(cx, "TypeError", message, "[]", dataset)
    return cx.get_item(dataset, index)
