"""The words in which the tables of cases are written. No framework is imported.

A case is a layer, its constructor arguments and what it is called on, in the JSON of ``wire.py``. The tables list
what changes shapes; ``usual`` adds to each layer what every layer should be asked: input of every rank, of other
dtypes, with axes that are not known, and a second call with other input than the first.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Case = dict[str, Any]

RANKS: tuple[tuple[int, ...], ...] = ((3,), (3, 4), (3, 5, 4), (3, 5, 6, 4), (3, 5, 6, 7, 4), (2, 3, 5, 6, 7, 4))


def tensor(
    *shape: int | None, dtype: str = "float32", low: int | None = None, high: int | None = None, value: Any = None
) -> dict[str, Any]:
    """An array of NumPy data (or a symbolic tensor) of this shape."""
    written: dict[str, Any] = {"array": list(shape), "dtype": dtype, "kind": "numpy"}
    if low is not None:
        written["low"] = low
    if high is not None:
        written["high"] = high
    if value is not None:
        written["value"] = value
    return written


def ids(*shape: int | None, high: int, low: int = 0, dtype: str = "int32") -> dict[str, Any]:
    """Integers from ``low`` to ``high`` inclusive."""
    return tensor(*shape, dtype=dtype, low=low, high=high)


def text(*rows: Any) -> dict[str, Any]:
    """An array of text, one axis per level of nesting."""
    shape, probe = [], list(rows)
    level: Any = probe
    while isinstance(level, list):
        shape.append(len(level))
        level = level[0] if level else None
    return tensor(*shape, dtype="string", value=probe)


def layer(name: str, /, **kwargs: Any) -> dict[str, Any]:
    """A layer as an argument of another."""
    return {"layer": f"keras.layers.{name}", "kwargs": {k: write(v) for k, v in kwargs.items()}}


def write(value: Any) -> Any:
    """Python values as JSON; what is already written stays."""
    if isinstance(value, tuple):
        return {"tuple": [write(v) for v in value]}
    if isinstance(value, list):
        return [write(v) for v in value]
    if isinstance(value, dict) and not {"array", "layer", "tuple", "dict", "object", "function"} & value.keys():
        return {"dict": [[k, write(v)] for k, v in value.items()]}
    return value


def given(value: Any) -> Any:
    """An input: a tuple of numbers is a shape, a list is a list of inputs."""
    if isinstance(value, tuple):
        return tensor(*value)
    if isinstance(value, list):
        return [given(v) for v in value]
    if isinstance(value, dict) and "array" not in value and "tuple" not in value:
        return {"dict": [[k, given(v)] for k, v in value.items()]}
    return value


def case(
    name: str,
    inputs: Any,
    /,
    *,
    more: Sequence[Any] = (),
    call: dict[str, Any] | None = None,
    then: Any = None,
    **kwargs: Any,
) -> Case:
    """One case: ``keras.layers.<name>(**kwargs)(inputs, *more, **call)``, perhaps a second call, on ``then``."""
    made: Case = {
        "layer": f"keras.layers.{name}",
        "kwargs": {k: write(v) for k, v in kwargs.items()},
        "args": [given(inputs), *[given(m) for m in more]],
        "call_kwargs": {k: given(v) for k, v in (call or {}).items()},
    }
    if then is not None:
        made["then"] = [given(then)]
    return made


def grid(
    name: str, inputs: Iterable[Any], base: dict[str, Any] | None = None, /, **options: Sequence[Any]
) -> Iterator[Case]:
    """Every combination of the options, on every input."""
    for chosen in itertools.product(*options.values()):
        for one in inputs:
            yield case(name, one, **{**(base or {}), **dict(zip(options, chosen))})


def each(
    name: str, inputs: Iterable[Any], base: dict[str, Any] | None = None, /, **options: Sequence[Any]
) -> Iterator[Case]:
    """The options one at a time, on every input."""
    inputs = list(inputs)
    for option, values in options.items():
        yield from grid(name, inputs, base, **{option: values})


def usual(
    name: str, good: tuple[int, ...], /, high: int | None = None, ranks: bool = True, again: bool = True, **base: Any
) -> Iterator[Case]:
    """What every layer with one input is asked. ``high`` makes the inputs integers up to it."""

    def make(shape: Sequence[int | None]) -> dict[str, Any]:
        return tensor(*shape) if high is None else ids(*shape, high=high)

    yield case(name, make(good), **base)
    if ranks:
        for shape in RANKS:
            yield case(name, make(shape), **base)
    for dtype in ("int32", "int64", "float64", "float16", "bool", "uint8"):
        yield case(name, tensor(*good, dtype=dtype, low=0, high=1), **base)
    for axis in range(1, len(good)):
        yield case(name, make((*good[:axis], None, *good[axis + 1 :])), **base)
    yield case(name, make((good[0], *[None] * (len(good) - 1))), **base)
    if again:
        for axis in range(len(good)):
            yield case(name, make(good), then=make((*good[:axis], good[axis] + 1, *good[axis + 1 :])), **base)
        yield case(name, make(good), then=make((*good, 2)), **base)
        if len(good) > 1:
            yield case(name, make(good), then=make(good[:-1]), **base)
            yield case(name, make(good), then=make((1, *good)), **base)
            yield case(name, make(good), then=make(good[1:]), **base)
    for dtype in ("float64", "float16", "mixed_float16"):
        yield case(name, make(good), **{**base, "dtype": dtype})


def spell(value: Any) -> str:
    """A written value as a person would write it."""
    if isinstance(value, list):
        return "[" + ", ".join(spell(v) for v in value) + "]"
    if isinstance(value, dict):
        if "array" in value:
            shape = "(" + ", ".join(str(d) for d in value["array"]) + ("," if len(value["array"]) == 1 else "") + ")"
            kind = "" if value["dtype"] == "float32" else f":{value['dtype']}"
            low = f">={value['low']}" if value.get("low") else ""
            contents = f" {value['value']}" if value["dtype"] == "string" else ""
            return shape + kind + low + (f"<={value['high']}" if "high" in value else "") + contents
        if "tuple" in value:
            return "(" + ", ".join(spell(v) for v in value["tuple"]) + ("," if len(value["tuple"]) == 1 else "") + ")"
        if "dict" in value:
            return "{" + ", ".join(f"{spell(k)}: {spell(v)}" for k, v in value["dict"]) + "}"
        if "layer" in value:
            return value["layer"].rsplit(".", 1)[1] + "(" + arguments(value["kwargs"]) + ")"
        return str(value)
    return repr(value)


def arguments(kwargs: dict[str, Any]) -> str:
    return ", ".join(f"{k}={spell(v)}" for k, v in kwargs.items())


def title(one: Case) -> str:
    """A case in one readable line; it identifies the case."""
    called = ", ".join([*map(spell, one["args"]), *([arguments(one["call_kwargs"])] if one["call_kwargs"] else [])])
    again = f" then ({', '.join(map(spell, one['then']))})" if "then" in one else ""
    return f"{spell({'layer': one['layer'], 'kwargs': one['kwargs']})}({called}){again}"
