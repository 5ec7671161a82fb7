"""Constructor arguments: what Keras accepts, and what it says of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Int,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_str,
    is_none,
)
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.semantics.keras.base import error, is_keras3

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def repr_value(value: Value | None) -> str:
    """What ``repr`` of a value prints, as far as it is known."""
    if value is None:
        return "None"
    if isinstance(value, Const):
        return repr(value.value)
    if isinstance(value, Int):
        return str(value.dim)
    if isinstance(value, Sequence):
        items = value.contents.items(limit=50)
        if items is None:
            return "[...]"
        text = ", ".join(repr_value(item) for item in items)
        if value.kind == "tuple":
            return f"({text},)" if len(items) == 1 else f"({text})"
        return f"[{text}]"
    if isinstance(value, DictValue):
        return "{" + ", ".join(f"{key!r}: {repr_value(entry)}" for key, entry in value.entries.items()) + "}"
    if isinstance(value, Instance):
        return f"<{value.cls.name.rpartition('.')[2]} object>"
    return "..."


def type_text(value: Value) -> str:
    """What ``type(value)`` prints."""
    if isinstance(value, Const):
        return f"<class '{type(value.value).__name__}'>"
    if isinstance(value, Int):
        return "<class 'int'>"
    if isinstance(value, Typed):
        return f"<class '{value.kind}'>"
    if isinstance(value, (Sequence, DictValue)):
        return f"<class '{value.kind}'>"
    if isinstance(value, Array):
        name = {"numpy": "numpy.ndarray", "keras": "keras.src.backend.common.keras_tensor.KerasTensor"}
        return f"<class '{name.get(value.kind, 'tensorflow.python.framework.ops.EagerTensor')}'>"
    if isinstance(value, Instance):
        return f"<class '{value.cls.name}'>"
    return "<class 'object'>"


def invalid(cx: Context, exception: str, message: str, argument: str, value: Value | None) -> InvalidArgument:
    """A constructor argument that the library does not take."""
    return InvalidArgument(
        error(cx, exception, message),
        values=() if value is None else (value,),
        argument=argument,
        given=repr_value(value),
    )


def default_data_format(cx: Context) -> str | None:
    """What ``keras.backend.set_image_data_format`` was told; "channels_last" without it."""
    from foreshape.semantics.keras.names import process

    found: str | None = process(cx).fields.get("image_data_format", "channels_last")
    return found


def checked_data_format(cx: Context, value: Value | None, layer: str) -> str | None:
    """``standardize_data_format``: None is the default of the configuration."""
    if value is None or is_none(value):
        return default_data_format(cx)
    text = as_str(value)
    if text is None:
        return None
    if text.lower() in ("channels_last", "channels_first"):
        return text.lower()
    if is_keras3(cx):
        message = (
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
            f"Received: data_format={text.lower()}"
        )
    else:
        message = (
            f'The `data_format` argument must be one of "channels_first", "channels_last". Received: {text.lower()}'
        )
    raise invalid(cx, "ValueError", message, "data_format", value)


def checked_tuple(cx: Context, value: Value | None, n: int, name: str, allow_zero: bool) -> tuple[DimLike, ...] | None:
    """``standardize_tuple`` (Keras 3), ``normalize_tuple`` (Keras 2)."""
    if value is None or isinstance(value, Unknown):
        return None
    new = is_keras3(cx)
    shown = value.value if isinstance(value, Const) and isinstance(value.value, str) else repr_value(value)
    message = f"The `{name}` argument must be a tuple of {n} integers. Received" + (
        f" {name}={shown}" if new else f": {shown}"
    )
    single = as_dim(value)
    if single is not None:
        dims: list[DimLike] = [single] * n
    elif isinstance(value, Typed) and value.kind == "int":
        dims = [cx.fresh(name)] * n
    elif isinstance(value, Sequence):
        items = value.contents.items(limit=64)
        if items is None:
            return None
        if len(items) != n:
            raise invalid(cx, "ValueError", message, name, value)
        dims = []
        for item in items:
            dim = as_dim(item)
            if dim is None and isinstance(item, Const) and isinstance(item.value, float):
                dim = int(item.value)
            if dim is None:
                if isinstance(item, (Const, Sequence)):
                    text = f"including element {repr_value(item).strip(chr(39))} of type {type_text(item)}"
                    raise invalid(cx, "ValueError", message + text, name, value)
                dim = cx.fresh()
            dims.append(dim)
    elif isinstance(value, Const):
        if isinstance(value.value, str) and len(value.value) == n and value.value.isdigit():
            # a string is a sequence of letters, and each of these is a number
            raise invalid(cx, "TypeError", "'<=' not supported between instances of 'str' and 'int'", name, value)
        raise invalid(cx, "ValueError", message, name, value)
    else:
        return None
    least = 0 if allow_zero else 1
    bad = sorted({dim for dim in dims if isinstance(dim, int) and dim < least})
    if bad:
        wanted = ">= 0" if allow_zero else "> 0"
        text = "{" + ", ".join(map(str, bad)) + "}"
        message += (
            f", including values {text} that do not satisfy `value {wanted}`"
            if new
            else f" including {text} that does not satisfy the requirement `{wanted}`."
        )
        raise invalid(cx, "ValueError", message, name, value)
    return tuple(dims)
