"""Calls as people write them, against what PyTorch does with them.

``calls.txt`` holds one per line: statements apart by ``;``, whose last one is an expression. ``z`` is ``torch.zeros``, ``o``
is ``torch.ones``.

``python -m tests.conformance.torch_calls.hold [WORD ...] [-v]`` runs those that contain the words with the installed PyTorch,
in this process, and prints what differs: another shape, dtype, contiguity, ``requires_grad``, value, or exception.
"""

from __future__ import annotations

import argparse
import os
import warnings
from collections import Counter
from typing import Any

from foreshape.domain.dim import Dim, lower, upper
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    Instance,
    Int,
    LibraryRef,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.interpret.analyze import Interpreter
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

CALLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "calls.txt")
PRELUDE = "import torch; import numpy as np; z = torch.zeros; o = torch.ones"
CHUNK = 60


def load() -> list[str]:
    """The calls, in their order."""
    with open(CALLS, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return [line for line in lines if line and not line.startswith("#")]


# -- the real thing ----------------------------------------------------------------------------------------------------


def described(value: Any) -> Any:
    """What is compared of a value."""
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        known = value.detach()
        ends = None
        if (
            not known.is_complex()
            and known.numel()
            and known.device.type == "cpu"
            and bool(torch.isfinite(known.double()).all())
        ):
            ends = (float(known.double().min()), float(known.double().max()))
        return ["torch", tuple(value.shape), str(value.dtype)[6:], value.is_contiguous(), value.requires_grad, ends]
    if isinstance(value, (np.ndarray, np.generic)):
        return ["numpy", tuple(value.shape), str(value.dtype)]
    if isinstance(value, (tuple, list)):
        return ["items", [described(item) for item in value]]
    if isinstance(value, torch.dtype):
        return ["dtype", str(value)[6:]]
    if value is None or isinstance(value, (bool, int, float, str)):
        return ["plain", value]
    return ["other", type(value).__name__]


def really(text: str) -> Any:
    """What PyTorch does: a description, or ``["raises", exception, message]``."""
    import ast

    import torch

    torch.set_default_dtype(torch.float32)
    scope: dict[str, Any] = {}
    exec(PRELUDE, scope)
    body = ast.parse(text)
    last = body.body.pop()
    assert isinstance(last, ast.Expr), text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(body, "calls", "exec"), scope)
            return described(eval(compile(ast.Expression(last.value), "calls", "eval"), scope))
        except Exception as problem:
            return ["raises", type(problem).__name__, str(problem)]


# -- ours --------------------------------------------------------------------------------------------------------------


def ours(calls: list[str]) -> list[tuple[Value | None, Any]]:
    """Our value, and the fault that raises, of each call. Each stands in a function of its own."""
    made: list[tuple[Value | None, Any]] = []
    start = 0
    for at, text in enumerate(calls):
        # what sets a default holds for the rest of a run
        if at - start == CHUNK or "set_default" in text or (at and "set_default" in calls[at - 1]):
            made.extend(_ours(calls[start:at]))
            start = at
    return [*made, *_ours(calls[start:])]


def _ours(calls: list[str]) -> list[tuple[Value | None, Any]]:
    lines = [PRELUDE]
    for number, text in enumerate(calls):
        *before, last = text.split("; ")
        lines.append("; ".join([*before, f"r{number} = {last}"]))
    scope = Scope("module", "calls.py")
    interpreter = Interpreter(Targets())
    interpreter.run_module(source_from_text("calls.py", "\n".join(lines) + "\n"), scope, "__main__")
    raised: dict[int, Any] = {}
    for finding in interpreter.findings:
        if finding.fault.raises is not None:
            raised.setdefault(finding.stack[0][1] - 2, finding.fault)
    if interpreter.internal:
        print("internal:", *dict.fromkeys(interpreter.internal), sep="\n   ")
    return [(scope.fields.get(f"r{number}"), raised.get(number)) for number in range(len(calls))]


# -- comparing ---------------------------------------------------------------------------------------------------------

STATES = ("same", "open", "unknown", "WRONG")


def worst(states: list[str]) -> str:
    return max(states, key=STATES.index, default="same")


def compare(mine: Value | None, real: Any) -> str:
    """The state of a value."""
    kind = real[0]
    if mine is None or isinstance(mine, Unknown):
        return "unknown"
    if isinstance(mine, Choice):
        return min((compare(option, real) for option in mine.values), key=STATES.index)
    if kind in ("torch", "numpy"):
        return _array(mine, *real)
    if kind == "items":
        held = mine.fields.get("~items") if isinstance(mine, Instance) else mine
        if not isinstance(held, Sequence):
            return "WRONG"
        items = held.contents.items()
        if items is None:
            return "open"
        return "WRONG" if len(items) != len(real[1]) else worst([compare(a, b) for a, b in zip(items, real[1])])
    if kind == "dtype":
        return "same" if isinstance(mine, LibraryRef) and mine.name == f"torch.{real[1]}" else "WRONG"
    if kind == "plain":
        if isinstance(mine, Const):
            same = type(mine.value) is type(real[1]) and (mine.value == real[1] or mine.value != mine.value)
            return "same" if same else "WRONG"
        if isinstance(mine, Typed):
            return "open" if mine.kind == type(real[1]).__name__ else "WRONG"
        return "open" if isinstance(mine, Int) and isinstance(real[1], int) else "WRONG"
    return "open"


def _array(
    mine: Value,
    kind: str,
    shape: tuple[int, ...],
    dtype: str,
    contiguous: bool | None = None,
    grad: bool = False,
    ends: Any = None,
) -> str:
    if not isinstance(mine, Array) or mine.kind != kind or mine.dtype not in (None, dtype):
        return "WRONG"
    if mine.shape is None:
        return "unknown"
    if len(mine.shape) != len(shape):
        return "WRONG"
    state = "same" if mine.dtype is not None else "unknown"
    for a, b in zip(mine.shape, shape):
        if isinstance(a, Dim):
            low, high = lower(a), upper(a)
            if (low is not None and b < low) or (high is not None and b > high):
                return "WRONG"
            state = worst([state, "open"])
        elif a != b:
            return "WRONG"
    if kind == "torch":
        if bool(mine.meta.get("requires_grad")) != grad:
            return "WRONG"
        strides = mine.meta.get("strides", "contiguous")
        if strides is not None and (strides == "contiguous") != contiguous:
            return "WRONG"
        if ends is not None and not (_below(mine.lo, ends[0]) and _above(mine.hi, ends[1])):
            return "WRONG"
        if ends is not None and mine.data and all(isinstance(item, (int, float)) for item in mine.data):
            if abs(min(mine.data) - ends[0]) > 1e-3 or abs(max(mine.data) - ends[1]) > 1e-3:
                return "WRONG"
    return state


def _below(bound: Any, value: float) -> bool:
    return not isinstance(bound, (int, float)) or bound <= value + 1e-3


def _above(bound: Any, value: float) -> bool:
    return not isinstance(bound, (int, float)) or bound >= value - 1e-3


def verdict(mine: Value | None, fault: Any, real: Any) -> str:
    """The state of a call: also "found", "missed", "kind" for those that raise."""
    if real[0] == "raises":
        if fault is None:
            return "missed"
        return "found" if fault.raises.exception == real[1] else "kind"
    return "WRONG" if fault is not None else compare(mine, real)


def held(calls: list[str]) -> list[tuple[str, str, Any, Any]]:
    """Each call with its state, ours and the real result."""
    made = []
    for text, (mine, fault) in zip(calls, ours(calls)):
        real = really(text)
        made.append((text, verdict(mine, fault, real), fault if fault is not None else mine, real))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("-v", action="store_true", help="also what is unknown, open or missed")
    asked = parser.parse_args()
    calls = [text for text in load() if all(word in text for word in asked.words)]
    found = held(calls)
    quiet = {"same", "found"} if asked.v else {"same", "found", "unknown", "open", "missed"}
    for text, state, mine, real in found:
        if state in quiet:
            continue
        shown = mine
        if isinstance(mine, Exception):
            shown = f"{mine.raises.exception}: {mine.raises.message}"  # type: ignore[attr-defined]
        elif isinstance(mine, Array):
            shown = f"{mine!r} {dict(mine.meta)} [{mine.lo}, {mine.hi}] {mine.data}"
        print(f"{state:8} {text}\n         real {str(real)[:200]}\n         ours {shown}")
    print(dict(Counter(state for _, state, _, _ in found)))


if __name__ == "__main__":
    main()
