"""Holds our rules against what ``keras.ops`` did with the same calls.

``python -m tests.conformance.keras_ops.hold [FAMILY ...] [-v|-vv] [--write]`` prints a table; ``-v`` what is wrong,
``-vv`` also what is unknown or missed. States: *same*; *partial* (a size or dtype is open); *unknown*; *missed* (Keras
raises, we say nothing); *wrong* (a shape, dtype, error or false alarm that contradicts the run).
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from typing import Any

from foreshape.domain.dim import Dim
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Int, Scope, Sequence, Typed, Unknown, Value
from foreshape.interpret.analyze import Interpreter
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "truth.json.gz")
CHUNK = 100
ORDER = ("same", "partial", "unknown", "missed", "wrong")
KINDS = {"tensor": "tensorflow", "symbolic": "keras", "numpy": "numpy"}


def load() -> dict[str, dict[str, Any]]:
    """What was recorded."""
    with gzip.open(TRUTH, "rt") as file:
        found: dict[str, dict[str, Any]] = json.load(file)
    return found


def run(texts: list[str]) -> list[tuple[Value | None, Any]]:
    """Our value, and the fault that is raised, for each."""
    made: list[tuple[Value | None, Any]] = []
    for at in range(0, len(texts), CHUNK):
        part = texts[at : at + CHUNK]
        lines = ["import keras", "import numpy as np"]
        lines += [f"r{number} = {text}" for number, text in enumerate(part)]
        interpreter = Interpreter(Targets())
        scope = Scope("module", "ops.py")
        interpreter.run_module(source_from_text("ops.py", "\n".join(lines) + "\n"), scope, "__main__")
        raised: dict[int, Any] = {}
        for finding in interpreter.findings:
            if finding.fault.raises is not None:
                raised.setdefault(finding.stack[0][1] - 3, finding.fault)
        made += [(scope.fields.get(f"r{number}"), raised.get(number)) for number in range(len(part))]
    return made


def _dims(mine: Any, real: list[Any], symbolic: bool) -> str:
    if mine is None:
        return "partial"
    if len(mine) != len(real):
        return "wrong"
    state = "same"
    for a, b in zip(mine, real):
        if isinstance(a, Dim):
            if b is None and symbolic:
                state = state if undefined(a) else "partial"
            else:
                state = "wrong" if symbolic and undefined(a) else "partial"
        elif b is None or a != b:
            return "wrong"
        if state == "wrong":
            return state
    return state


def compare(mine: Value | None, real: list[Any]) -> str:
    """The state of one value."""
    kind = real[0]
    if mine is None or isinstance(mine, Unknown) or kind == "other":
        return "same" if kind == "other" else "unknown"
    if kind in KINDS:
        if not isinstance(mine, Array):
            return "partial" if isinstance(mine, (Const, Int, Typed)) and kind == "numpy" else "wrong"
        if mine.kind != KINDS[kind]:
            return "wrong"
        dtype = "same" if mine.dtype == real[2] else "partial" if mine.dtype is None else "wrong"
        return max(_dims(mine.shape, real[1], kind == "symbolic"), dtype, key=ORDER.index)
    if kind == "list":
        items = mine.contents.items() if isinstance(mine, Sequence) else None
        if not isinstance(mine, Sequence):
            return "wrong"
        if items is None:
            return "partial"
        if len(items) != len(real[1]):
            return "wrong"
        return max((compare(a, b) for a, b in zip(items, real[1])), key=ORDER.index, default="same")
    if isinstance(mine, Const):
        same = mine.value == real[1]
        return "same" if same else "wrong"
    if isinstance(mine, (Int, Typed)):
        return "partial"
    return "wrong"


def judge(mine: Value | None, fault: Any, real: list[Any]) -> str:
    """The state of one call."""
    if real[0] != "raises":
        return "wrong" if fault is not None else compare(mine, real)
    if fault is None:
        return "missed"
    return "same" if fault.raises.exception == real[1] else "wrong"


def hold(family: str, shown: int = 0) -> Counter[str]:
    """Count one family; print what is not the same."""
    truth = load()[family]
    counted: Counter[str] = Counter()
    for (text, real), (mine, fault) in zip(truth.items(), run(list(truth))):
        state = judge(mine, fault, real)
        counted[state] += 1
        if (state == "wrong" and shown) or (state not in ("same", "partial") and shown > 1):
            said = f"{fault.name} {fault.raises.exception}" if fault is not None else mine
            print(f"{state:8}{text}\n        real {str(real)[:170]}\n        ours {str(said)[:150]}")
    return counted


def main(arguments: list[str]) -> None:
    """Print the table; ``--write`` keeps the figures."""
    shown = 2 if "-vv" in arguments else 1 if "-v" in arguments else 0
    wanted = [word for word in arguments if not word.startswith("-")] or sorted(load())
    figures = {}
    for family in wanted:
        counted = hold(family, shown)
        figures[family] = dict(sorted(counted.items()))
        total = sum(counted.values())
        print(f"{family:16}{total:6}  " + "  ".join(f"{state} {counted[state]}" for state in ORDER))
    if "--write" in arguments:
        with open(os.path.join(HERE, "figures.json"), "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
