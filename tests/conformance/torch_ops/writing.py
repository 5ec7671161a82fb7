"""How a recorded call is written: as a person would write it, with the tensors it takes under names of their own.

A tensor is kept as ``[shape, dtype]``, then where it matters its strides (None: contiguous) and its elements (small
tensors of integers, booleans or one number) or the least and greatest of them.
"""

from __future__ import annotations

import math
from typing import Any

ELEMENTS = 256
"""Index tensors up to this size are kept whole."""
FLOATS = 9
"""Other tensors up to this size are."""

OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "div": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
}  # fmt: skip


class Unwritable(Exception):
    """An argument that cannot be written down; its text is the reason."""


def dtype_name(dtype: Any) -> str:
    return str(dtype).partition(".")[2]


def described(tensor: Any) -> list[Any]:
    """What is kept of a tensor that goes in."""
    import torch

    if tensor.layout is not torch.strided:
        raise Unwritable("sparse tensor")
    if tensor.is_quantized or type(tensor) is not torch.Tensor:
        raise Unwritable(f"a {type(tensor).__name__}" if not tensor.is_quantized else "quantized tensor")
    if tensor.device.type != "cpu":
        raise Unwritable("another device")
    made: list[Any] = [list(tensor.shape), dtype_name(tensor.dtype)]
    strides = None if tensor.is_contiguous() else list(tensor.stride())
    data: Any = None
    whole = not tensor.dtype.is_floating_point and not tensor.dtype.is_complex
    if whole and tensor.dtype in (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool):
        if tensor.numel() <= ELEMENTS:
            data = tensor.reshape(-1).tolist()
            if tensor.dtype is torch.bool:
                data = "".join("1" if item else "0" for item in data)
        else:
            data = {"lo": int(tensor.min()), "hi": int(tensor.max())}
    elif tensor.dtype.is_floating_point and 0 < tensor.numel() <= FLOATS:
        data = [round(item, 4) for item in tensor.double().reshape(-1).tolist()]
        if not all(math.isfinite(item) for item in data):
            data = None
    if strides is not None or data is not None:
        made.append(strides)
    if data is not None:
        made.append(data)
    return made


class Writer:
    """Writes one call; ``tensors`` are those that it names t0, t1, ..."""

    def __init__(self) -> None:
        self.tensors: list[list[Any]] = []
        self.seen: dict[int, str] = {}

    def value(self, value: Any) -> str:
        """The source text of an argument."""
        import numpy as np
        import torch

        if isinstance(value, torch.Tensor):
            if id(value) not in self.seen:
                self.tensors.append(described(value))
                self.seen[id(value)] = f"t{len(self.tensors) - 1}"
            return self.seen[id(value)]
        if value is None or isinstance(value, (bool, int, str)):
            return repr(value)
        if isinstance(value, float):
            return repr(value) if math.isfinite(value) else f"float({str(value)!r})"
        if isinstance(value, complex):
            return repr(value)
        if isinstance(value, (torch.dtype, torch.layout, torch.memory_format)):
            return str(value)
        if isinstance(value, torch.device):
            return repr(str(value))
        if isinstance(value, np.generic):
            return f"np.{value.dtype}({value.item()!r})"
        if value is Ellipsis:
            return "..."
        if isinstance(value, slice):
            return f"slice({self.value(value.start)}, {self.value(value.stop)}, {self.value(value.step)})"
        if isinstance(value, (tuple, list)):
            return self.items(value)
        if isinstance(value, range):
            return repr(value)
        raise Unwritable(f"argument of type {type(value).__name__}")

    def items(self, value: Any) -> str:
        texts = [self.value(item) for item in value]
        if isinstance(value, list):
            return "[" + ", ".join(texts) + "]"
        return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"

    def arguments(self, args: Any, kwargs: Any) -> str:
        texts = [self.value(item) for item in args]
        texts += [f"{key}={self.value(item)}" for key, item in kwargs.items()]
        return ", ".join(texts)

    def function(self, name: str, args: Any, kwargs: Any) -> str:
        """``torch.add(t0, t1, alpha=2)``; a method of the first argument where the name says ``torch.Tensor``."""
        if name.startswith("torch.Tensor.") and name.endswith(".__get__"):
            return f"{self.value(args[0])}.{name.split('.')[2]}"
        if name.startswith("torch.Tensor."):
            return self.method(name.rpartition(".")[2], args[0], args[1:], kwargs)
        return f"{name}({self.arguments(args, kwargs)})"

    def method(self, name: str, receiver: Any, args: Any, kwargs: Any) -> str:
        text = self.value(receiver)
        if name == "__getitem__":
            index = args[0]
            if isinstance(index, tuple) and index:
                return f"{text}[{', '.join(self.index(item) for item in index)}{',' if len(index) == 1 else ''}]"
            return f"{text}[{self.index(index)}]"
        if name.startswith("__") and name.endswith("__") and len(args) == 1 and not kwargs:
            word = name.strip("_")
            if word in OPERATORS:
                return f"{text} {OPERATORS[word]} {self.value(args[0])}"
            if word[0] == "r" and word[1:] in OPERATORS:
                return f"{self.value(args[0])} {OPERATORS[word[1:]]} {text}"
        return f"{text}.{name}({self.arguments(args, kwargs)})"

    def index(self, value: Any) -> str:
        if isinstance(value, slice):
            ends = ["" if end is None else self.value(end) for end in (value.start, value.stop, value.step)]
            return ":".join(ends[:2]) + (f":{ends[2]}" if ends[2] else "")
        return self.value(value)
