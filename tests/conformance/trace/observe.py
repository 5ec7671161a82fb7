"""Says what a live value is: its kind, its shape and its dtype, for the values that have a shape.

Nothing is imported here: a class is recognised by the module that defines it, so that the same code
serves programs that use any of the frameworks, or none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Dims = tuple[Any, ...]


class Seen(NamedTuple):
    """One observation. ``dims`` holds ints, ``"batch"`` for an open first axis, None for another open one."""

    kind: str
    dims: Dims | None
    dtype: str | None


def _open_dims(raw: Any) -> Dims | None:
    if raw is None:
        return None
    try:
        dims = [None if d is None else int(d) for d in raw]
    except (TypeError, ValueError):
        return None
    return tuple("batch" if (i == 0 and d is None) else d for i, d in enumerate(dims))


def _dtype_name(dtype: Any) -> str | None:
    if dtype is None:
        return None
    name = getattr(dtype, "name", None)
    text = name if isinstance(name, str) else str(dtype)
    return text.replace("torch.", "")


def observe(value: object) -> Seen | None:
    """What ``value`` is, or None when it has no shape to speak of (numbers, lists, layers, models)."""
    cls = type(value)
    modules = {c.__module__.split(".")[0]: c for c in reversed(cls.__mro__)}
    any_value: Any = value
    if "numpy" in modules and hasattr(value, "shape") and hasattr(value, "dtype") and not isinstance(value, type):
        return Seen("numpy", tuple(int(d) for d in any_value.shape), _numpy_dtype(any_value.dtype))
    top = cls.__module__.split(".")[0]
    if top == "pandas":
        if cls.__name__ == "DataFrame":
            return Seen("pandas", tuple(any_value.shape), None)
        if cls.__name__ in ("Series", "Index", "RangeIndex", "DatetimeIndex"):
            return Seen("pandas", tuple(any_value.shape), _dtype_name(any_value.dtype))
        return None
    if top == "torch" and hasattr(value, "shape") and hasattr(value, "dtype"):
        return Seen("torch", tuple(int(d) for d in any_value.shape), _dtype_name(any_value.dtype))
    if top in ("keras", "tf_keras") and cls.__name__ in ("KerasTensor", "Variable"):
        return Seen("keras", _open_dims(any_value.shape), _dtype_name(any_value.dtype))
    if top == "tensorflow":
        if "Ragged" in cls.__name__ or "Sparse" in cls.__name__ or "Spec" in cls.__name__ or "Dataset" in cls.__name__:
            return None
        if hasattr(value, "shape") and hasattr(value, "dtype"):
            shape = any_value.shape
            known = getattr(shape, "rank", 0) is not None
            return Seen("tensorflow", _open_dims(shape) if known else None, _dtype_name(any_value.dtype))
    if "keras" in modules and hasattr(value, "shape") and hasattr(value, "dtype") and "Variable" in cls.__name__:
        return Seen("keras", _open_dims(any_value.shape), _dtype_name(any_value.dtype))
    return None


def _numpy_dtype(dtype: Any) -> str:
    kinds = {"U": "str", "S": "bytes", "O": "object", "M": "datetime64", "m": "timedelta64", "V": "void"}
    return kinds.get(dtype.kind, str(dtype))


__all__ = ["Seen", "observe"]
