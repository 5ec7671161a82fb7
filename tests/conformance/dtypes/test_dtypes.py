"""Every pair of dtypes, promoted by the real library and by ours. NumPy 1 by its recorded answers."""

from __future__ import annotations

import itertools
import json
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from foreshape.domain.dtype import (
    can_cast,
    canonical,
    integer_range,
    promote_keras,
    promote_numpy1,
    promote_numpy2,
    promote_torch,
    promote_torch_types,
    promote_types,
)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64", "longdouble"]
NUMBERS = ["bool", *INTEGERS, *FLOATS, "complex64", "complex128", "clongdouble"]
OTHERS = ["object", "str", "bytes", "datetime64", "timedelta64"]
TORCH_FLOATS = ["float16", "bfloat16", "float32", "float64", "float8_e4m3fn"]
TORCH = ["bool", *INTEGERS, *TORCH_FLOATS, "complex32", "complex64", "complex128"]
WEAK: dict[str, Any] = {"weak int": 1, "weak float": 1.0, "weak complex": 1j, "bool": True}
RECORDED = pathlib.Path(__file__).with_name("numpy1.json")


def _attempt(function: Callable[[], Any]) -> Any:
    """What the library answers; None where it refuses."""
    try:
        return function()
    except (TypeError, ValueError, RuntimeError):
        return None


def test_numpy1_recorded() -> None:
    weak = {"int": "weak int", "float": "weak float", "complex": "weak complex", "bool": "bool"}
    wrong = []
    cases = json.loads(RECORDED.read_text(encoding="utf-8"))["cases"]
    for array, how, written, other, real in cases:
        value = complex(*written) if isinstance(written, list) else written
        if how == "python":
            ours = promote_numpy1(array, weak[other], b_scalar=True, b_value=value)
        else:
            ours = promote_numpy1(array, other, b_scalar=how == "scalar", b_value=1 if how == "scalar" else None)
        if ours != real:
            wrong.append((array, how, value, other, real, ours))
    assert len(cases) > 700
    assert not wrong


def _numpy_name(dtype: str) -> str:
    return {"str": "U", "bytes": "S", "datetime64": "M8[ns]", "timedelta64": "m8[ns]"}.get(dtype, dtype)


def test_numpy2() -> None:
    np = pytest.importorskip("numpy", minversion="2")
    wrong = []
    for a, b in itertools.product(NUMBERS + OTHERS, repeat=2):
        x, y = _numpy_name(a), _numpy_name(b)
        real = _attempt(lambda x=x, y=y: canonical(str(np.promote_types(x, y))))  # type: ignore[misc]
        if promote_types(a, b) != real:
            wrong.append((a, b, real, promote_types(a, b)))
        for casting in ("safe", "same_kind", "unsafe"):
            if a != b and can_cast(a, b, casting) != np.can_cast(x, y, casting):
                wrong.append((a, b, casting))
    for a, (weak, value) in itertools.product(NUMBERS, WEAK.items()):
        real = canonical(str(np.result_type(np.dtype(a), value)))
        if not promote_numpy2(a, weak) == promote_numpy2(weak, a) == real:
            wrong.append((a, weak, real, promote_numpy2(a, weak)))
    assert not wrong


def test_numpy_ranges_and_names() -> None:
    np = pytest.importorskip("numpy")
    for dtype in INTEGERS:
        info = np.iinfo(dtype)
        assert integer_range(dtype) == (info.min, info.max)
    for name in np.sctypeDict:
        if isinstance(name, str) and name != "a" and np.dtype(name).kind not in "V":
            assert canonical(name) == canonical(_plain(np, name))


def _plain(np: Any, name: str) -> str:
    text = str(np.dtype(name))
    return {"U": "str", "S": "bytes"}.get(np.dtype(name).kind, text)


def _torch_cases(torch: Any) -> Iterator[tuple[Any, str | None, tuple[object, ...]]]:
    """(real, ours, what)."""
    for a, b in itertools.product(TORCH, repeat=2):
        x, y = getattr(torch, a), getattr(torch, b)
        yield _attempt(lambda x=x, y=y: torch.promote_types(x, y)), promote_torch_types(a, b), (a, b)
        tensor = torch.empty(2, dtype=x)
        for priority, shape in ((2, (3,)), (1, ())):
            other = torch.empty(shape, dtype=y)
            real = _attempt(lambda t=tensor, o=other: torch.result_type(t, o))
            yield real, promote_torch(a, (b, priority)), (a, b, priority)
    for a, (weak, value) in itertools.product(TORCH, WEAK.items()):
        for priority, shape in ((2, (3,)), (1, ())):
            tensor = torch.empty(shape, dtype=getattr(torch, a))
            real = _attempt(lambda t=tensor, v=value: torch.result_type(t, v))
            yield real, promote_torch((a, priority), (weak, 0)), (a, priority, weak)


def test_torch() -> None:
    torch = pytest.importorskip("torch")
    wrong = []
    for real, ours, what in _torch_cases(torch):
        name = None if real is None else str(real).removeprefix("torch.")
        if name != ours:
            wrong.append((*what, name, ours))
    assert not wrong


def test_keras() -> None:
    keras = pytest.importorskip("keras", minversion="3")
    names = [*NUMBERS[:12], "bfloat16", "complex64", "complex128", "str", "float8_e5m2", "weak int", "weak float"]
    python = {"weak int": int, "weak float": float, "str": "string"}
    backend, before = keras.backend.backend(), keras.config.floatx()
    wrong = []
    try:
        for floatx in ("float32", "float16", "float64"):
            keras.config.set_floatx(floatx)
            for a, b in itertools.product(names, repeat=2):
                x, y = python.get(a, a), python.get(b, b)
                real = _attempt(lambda x=x, y=y: keras.backend.result_type(x, y))  # type: ignore[misc]
                real = "str" if real == "string" else real
                ours = promote_keras(a, b, floatx=floatx, backend=backend)
                if real != ours:
                    wrong.append((floatx, a, b, real, ours))
    finally:
        keras.config.set_floatx(before)
    assert not wrong
