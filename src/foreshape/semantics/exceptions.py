"""Exceptions by name: which classes catch them."""

from __future__ import annotations

import builtins
from typing import Final

FRAMEWORK_EXCEPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "InvalidArgumentError": ("InvalidArgumentError", "OpError", "Exception", "BaseException"),
    "ResourceExhaustedError": ("ResourceExhaustedError", "OpError", "Exception", "BaseException"),
    "FailedPreconditionError": ("FailedPreconditionError", "OpError", "Exception", "BaseException"),
    "OutOfRangeError": ("OutOfRangeError", "OpError", "Exception", "BaseException"),
    "UnimplementedError": ("UnimplementedError", "OpError", "Exception", "BaseException"),
    "InternalError": ("InternalError", "OpError", "Exception", "BaseException"),
    "NotFoundError": ("NotFoundError", "OpError", "Exception", "BaseException"),
    "AxisError": ("AxisError", "ValueError", "IndexError", "LookupError", "Exception", "BaseException"),
    "LinAlgError": ("LinAlgError", "ValueError", "Exception", "BaseException"),
    "UFuncTypeError": ("UFuncTypeError", "TypeError", "Exception", "BaseException"),
    "_UFuncNoLoopError": ("_UFuncNoLoopError", "UFuncTypeError", "TypeError", "Exception", "BaseException"),
    "DTypePromotionError": ("DTypePromotionError", "TypeError", "Exception", "BaseException"),
    "TypeCheckError": ("TypeCheckError", "TypeError", "Exception", "BaseException"),
    "EinopsError": ("EinopsError", "RuntimeError", "Exception", "BaseException"),
    "UnpicklingError": ("UnpicklingError", "PickleError", "Exception", "BaseException"),
    "NotFittedError": ("NotFittedError", "ValueError", "AttributeError", "Exception", "BaseException"),
    **{
        name: (name, "ValueError", "Exception", "BaseException")
        for name in ("MergeError", "IntCastingNaNError", "EmptyDataError", "ParserError", "IncompatibleFrequency")
    },
    "OperatorNotAllowedInGraphError": ("OperatorNotAllowedInGraphError", "TypeError", "Exception", "BaseException"),
}


def exception_mro(name: str) -> tuple[str, ...]:
    """The names of an exception class and its bases."""
    if name in FRAMEWORK_EXCEPTIONS:
        return FRAMEWORK_EXCEPTIONS[name]
    found = getattr(builtins, name, None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return tuple(base.__name__ for base in found.__mro__ if base is not object)
    return (name, "Exception", "BaseException")
