"""A record as a small program: what a person would write to make that call. No framework is imported.

    inputs = np.zeros((3, 5, 4), dtype="float32")        or keras.Input(batch_shape=(None, 5, 4), dtype="float32")
    layer = keras.layers.LSTM(units=2)
    output = layer(inputs)

The line of each stage (``init``, ``call``, ``then``) is known, and the name of every tensor that comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class NotAProgram(Exception):
    """The record cannot be written as a program; the message says why."""


@dataclass(frozen=True)
class Program:
    """``lines`` gives the line of each stage; ``outputs`` maps names to (shape, dtype) as recorded."""

    source: str
    lines: dict[str, int]
    outputs: dict[str, tuple[tuple[int | None, ...], str]]


DATA = ("numpy", "tensor", "symbolic", "graph", "variable")


class _Text:
    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.head: list[str] = []
        self.arrays = 0

    def literal(self, value: Any) -> str:
        """A written value as source; arrays within become variables above."""
        if isinstance(value, list):
            return "[" + ", ".join(self.literal(v) for v in value) + "]"
        if not isinstance(value, dict):
            return repr(value)
        if "tuple" in value:
            parts = [self.literal(v) for v in value["tuple"]]
            return "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"
        if "dict" in value:
            return "{" + ", ".join(f"{self.literal(k)}: {self.literal(v)}" for k, v in value["dict"]) + "}"
        if "float" in value:
            return f"float({value['float']!r})"
        if "dtype" in value and "array" not in value:
            return repr(value["dtype"])
        if "function" in value:
            return str(value["function"])
        if "array" in value:
            return self.array(value)
        called = value.get("layer") or value.get("object")
        return f"{called}({self.arguments(value['kwargs'])})"

    def arguments(self, kwargs: dict[str, Any]) -> str:
        return ", ".join(f"{k}={self.literal(v)}" for k, v in kwargs.items())

    def array(self, value: dict[str, Any]) -> str:
        """The name of a variable that holds such an array."""
        if value["kind"] not in DATA:
            raise NotAProgram(f"{value['kind']} tensors")
        if value["dtype"] == "bfloat16":
            raise NotAProgram("bfloat16 data")
        self.arrays += 1
        name = "inputs" if self.arrays == 1 else f"inputs_{self.arrays}"
        self.head.append(f"{name} = {self.symbolic(value) if self.mode != 'eager' else data(value)}")
        return name

    def symbolic(self, value: dict[str, Any]) -> str:
        shape = list(value["array"])
        if not shape:
            raise NotAProgram("symbolic numbers without axes")
        if self.mode == "free":
            shape[0] = None
        return f'keras.Input(batch_shape={_shape(shape)}, dtype="{value["dtype"]}")'


def data(value: dict[str, Any]) -> str:
    """An expression that makes such an array."""
    shape, dtype = value["array"], value["dtype"]
    if None in shape:
        raise NotAProgram("data with an open axis")
    if "value" in value:
        if "{" in repr(value["value"]):
            raise NotAProgram("data with infinite numbers")
        if 0 in shape:
            return f'np.zeros({_shape(shape)}, dtype="{dtype}")'
        kind = "" if dtype == "string" else f', dtype="{dtype}"'
        return f"np.array({value['value']!r}{kind})"
    if dtype.startswith(("int", "uint")) and "low" in value:
        return f'np.random.randint({value["low"]}, {value["high"] + 1}, size={_shape(shape)}).astype("{dtype}")'
    if dtype == "string":
        raise NotAProgram("text that was not kept")
    return f'np.zeros({_shape(shape)}, dtype="{dtype}")'


def _shape(shape: list[int | None]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def program(record: dict[str, Any], mode: str, keras: str = "3") -> Program:
    """The program of a record in one of its modes (``eager``, ``symbolic``, ``free``). Raises NotAProgram.

    For Keras 3 it imports ``keras``, whose layers are not quite those of ``tensorflow.keras``.
    """
    text = _Text("eager")
    made = text.literal({"layer": record["layer"], "kwargs": record["kwargs"]})
    text.mode = mode
    first, then = (record["args"], record["call_kwargs"]), None
    if "built_on" in record:
        first, then = (record["built_on"], record["built_on_kwargs"]), first
    elif "then" in record:
        then = (record["then"], record.get("then_kwargs", {}))
    calls = []
    for args, kwargs in [first, *([then] if then is not None else [])]:
        if record.get("source") == "construct" or not (args or kwargs):
            continue
        parts = [text.literal(a) for a in args]
        calls.append(", ".join([*parts, *([text.arguments(kwargs)] if kwargs else [])]))
    lines = ["import numpy as np", "import keras" if keras == "3" else "from tensorflow import keras", ""]
    form = record.get("context", {}).get("image_data_format")
    if record.get("context", {}).get("dtype_policy"):
        raise NotAProgram("another global dtype policy")
    if form:
        lines.append(f"keras.backend.set_image_data_format({form!r})")
    lines += text.head
    lines.append(f"layer = {made}")
    stages = {"init": len(lines)}
    for stage, call in zip(("call", "then"), calls, strict=False):
        lines.append(f"{'output' if stage != 'call' or len(calls) == 1 else 'first'} = layer({call})")
        stages[stage] = len(lines)
    outputs: dict[str, tuple[tuple[int | None, ...], str]] = {}
    outcome = record.get(mode) or {}
    if outcome.get("ok") and calls:
        _unpack("output", "output", outcome["output"], lines, outputs)
        if "first" in outcome and len(calls) == 2:
            _unpack("first", "first", outcome["first"], lines, outputs)
    return Program("\n".join(lines) + "\n", stages, outputs)


def _unpack(name: str, expression: str, written: Any, lines: list[str], outputs: dict[str, Any]) -> None:
    """A line for each tensor within an output."""
    if isinstance(written, dict) and "array" in written:
        if written["kind"] in ("sparse", "ragged"):
            return
        if name != expression:
            lines.append(f"{name} = {expression}")
        outputs[name] = (tuple(written["array"]), written["dtype"])
        return
    if isinstance(written, dict) and "tuple" in written:
        written = written["tuple"]
    if isinstance(written, list):
        for i, part in enumerate(written):
            _unpack(f"{name}_{i}", f"{expression}[{i}]", part, lines, outputs)
    elif isinstance(written, dict) and "dict" in written:
        for i, (key, part) in enumerate(written["dict"]):
            _unpack(f"{name}_{i}", f"{expression}[{key!r}]", part, lines, outputs)
