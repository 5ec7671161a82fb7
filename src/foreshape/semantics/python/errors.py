"""Exceptions that Python itself raises, as faults with Python's own message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.faults.base import Raises

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.values import Value
    from foreshape.faults.base import Fault


def type_error(
    message: str, operation: str, *values: Value, types: tuple[str, ...] = (), recover: Value | None = None
) -> Fault:
    """A TypeError."""
    from foreshape.faults.python_error import PythonError

    return PythonError(
        Raises("TypeError", message), values=values, recover=recover, problem=message, operation=operation, types=types
    )


def value_error(
    message: str,
    operation: str,
    *values: Value,
    exception: str = "ValueError",
    recover: Value | None = None,
) -> Fault:
    """A ValueError, or another exception about a value of the right type."""
    from foreshape.faults.python_error import PythonError

    return PythonError(Raises(exception, message), values=values, recover=recover, problem=message, operation=operation)


def key_error(key: object, known: tuple[str, ...], *values: Value, recover: Value | None = None) -> Fault:
    """A KeyError. Python prints the repr of the key."""
    from foreshape.faults.missing_key import MissingKey

    shown = repr(key)
    return MissingKey(Raises("KeyError", shown), values=values, recover=recover, key=shown, known=known)


def index_error(
    message: str, taker: str, index: DimLike, size: DimLike, *values: Value, recover: Value | None = None
) -> Fault:
    """An IndexError of a sequence."""
    from foreshape.faults.index_range import IndexRange

    return IndexRange(
        Raises("IndexError", message), values=values, recover=recover, taker=taker, index=index, size=size
    )


def attribute_error(
    owner: str,
    name: str,
    *values: Value,
    message: str = "",
    similar: tuple[str, ...] = (),
    recover: Value | None = None,
) -> Fault:
    """An AttributeError: ``'list' object has no attribute 'shape'``."""
    from foreshape.faults.missing_attribute import MissingAttribute

    return MissingAttribute(
        Raises("AttributeError", message or f"'{owner}' object has no attribute '{name}'"),
        values=values,
        recover=recover,
        owner=owner,
        attribute=name,
        similar=similar,
    )


def from_exception(error: Exception, operation: str, *values: Value, recover: Value | None = None) -> Fault | None:
    """The fault for an exception that Python raised on the program's own constants; None for one that says nothing
    about the program (it ran out of memory)."""
    if isinstance(error, (MemoryError, RecursionError)):
        return None
    if isinstance(error, KeyError) and error.args:
        return key_error(error.args[0], (), *values, recover=recover)
    if isinstance(error, IndexError):
        return value_error(str(error), operation, *values, exception="IndexError", recover=recover)
    if isinstance(error, AttributeError):
        return attribute_error(operation, "", *values, message=str(error), recover=recover)
    if isinstance(error, TypeError):
        return type_error(str(error), operation, *values, recover=recover)
    return value_error(str(error), operation, *values, exception=type(error).__name__, recover=recover)
