"""Holds our rules against what TensorFlow did with the same calls.

``python -m tests.conformance.tensorflow_ops.hold [FAMILY ...] [-v] [--graph] [--write]`` prints a table; ``-v`` what
is wrong,
``-vv`` also what
is unknown or missed. States: *same*; *partial* (a size or dtype is open); *unknown*; *missed* (TensorFlow raises, we
say
nothing); *wrong* (a shape, dtype, error or false alarm that contradicts the run).
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from typing import Any

from foreshape.domain.dim import Dim
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    DictValue,
    Instance,
    Int,
    Scope,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.interpret.analyze import Interpreter
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "truth.json.gz")
CHUNK = 100
ORDER = ("same", "partial", "unknown", "missed", "wrong")


def load() -> dict[str, dict[str, list[Any]]]:
    """What was recorded."""
    with gzip.open(TRUTH, "rt") as file:
        found: dict[str, dict[str, list[Any]]] = json.load(file)
    return found


def run(texts: list[str], graph: bool = False) -> list[tuple[Value | None, Any]]:
    """Our value, and the fault that is raised, for each."""
    made: list[tuple[Value | None, Any]] = []
    for at in range(0, len(texts), CHUNK):
        made.extend(_run(texts[at : at + CHUNK], graph))
    return made


def _run(texts: list[str], graph: bool) -> list[tuple[Value | None, Any]]:
    lines = ["import tensorflow as tf", "import numpy as np"]
    for number, text in enumerate(texts):
        lines.append(f"r{number} = tf.function(lambda: {text})()" if graph else f"r{number} = {text}")
    interpreter = Interpreter(Targets())
    scope = Scope("module", "ops.py")
    interpreter.run_module(source_from_text("ops.py", "\n".join(lines) + "\n"), scope, "__main__")
    raised = {}
    for finding in interpreter.findings:
        if finding.fault.raises is not None:
            raised.setdefault(finding.stack[0][1] - 3, finding.fault)
    return [(scope.fields.get(f"r{number}"), raised.get(number)) for number in range(len(texts))]


def _dims(mine: Any, real: list[Any] | None) -> str:
    if mine is None:
        return "partial"
    if real is None:
        return "partial"
    if len(mine) != len(real):
        return "wrong"
    state = "same"
    for a, b in zip(mine, real):
        if isinstance(a, Dim):
            state = "partial" if b is not None else state
        elif b is None or a != b:
            return "wrong"
    return state


def _worst(states: list[str]) -> str:
    return max(states, key=ORDER.index) if states else "same"


def _dtype(mine: str | None, real: str) -> str:
    if mine is None:
        return "partial"
    if real.startswith(("<U", "|S", "object")):
        return "same"
    return "same" if mine == real else "wrong"


def compare(mine: Value | None, real: list[Any]) -> str:
    """The state of one value."""
    kind = real[0]
    if isinstance(mine, Instance) and "~items" in mine.fields:
        mine = mine.fields["~items"]
    if mine is None or isinstance(mine, Unknown):
        return "unknown" if kind not in ("other",) else "same"
    if isinstance(mine, Choice):
        return min((compare(option, real) for option in mine.values), key=ORDER.index)
    if kind in ("tensor", "variable", "numpy"):
        if not isinstance(mine, Array):
            plain = isinstance(mine, (Const, Int, Typed)) and kind == "numpy"
            return "partial" if plain else "wrong"
        kinds = {"tensor": "tensorflow", "variable": "tensorflow", "numpy": "numpy"}
        if mine.kind != kinds[kind] and mine.shape != ():
            return "wrong"
        return _worst([_dims(mine.shape, real[1]), _dtype(mine.dtype, real[2])])
    if kind in ("ragged", "spec", "shape", "dtype", "dataset"):
        return _instance(mine, real)
    if kind == "list":
        items = mine.contents.items() if isinstance(mine, Sequence) else None
        if not isinstance(mine, Sequence):
            return "wrong"
        if items is None:
            return "partial"
        return _worst([compare(a, b) for a, b in zip(items, real[1])]) if len(items) == len(real[1]) else "wrong"
    if kind == "dict":
        if not isinstance(mine, DictValue):
            return "wrong"
        return _worst([compare(mine.entries.get(key), b) for key, b in real[1].items()])
    if kind == "plain":
        if isinstance(mine, Const):
            return "same" if mine.value == real[1] else "wrong"
        return "partial" if isinstance(mine, (Int, Typed)) else "wrong"
    return "same"


def _instance(mine: Value, real: list[Any]) -> str:
    if not isinstance(mine, Instance):
        return "wrong"
    if real[0] == "dtype":
        name = mine.fields.get("name")
        return "same" if isinstance(name, Const) and name.value == real[1] else "wrong"
    if real[0] == "dataset":
        element = mine.fields.get("~element")
        return "unknown" if element is None else _spec(element, real[1])
    return _dims(mine.fields.get("~shape"), real[1])


def _spec(mine: Value, real: list[Any]) -> str:
    if isinstance(mine, Unknown):
        return "unknown"
    if real[0] == "spec" and isinstance(mine, Array):
        return _worst([_dims(mine.shape, real[1]), _dtype(mine.dtype, real[2])])
    if real[0] == "list" and isinstance(mine, Sequence):
        items = mine.contents.items() or ()
        return _worst([_spec(a, b) for a, b in zip(items, real[1])]) if len(items) == len(real[1]) else "wrong"
    if real[0] == "dict" and isinstance(mine, DictValue):
        return _worst([_spec(mine.entries.get(key, Unknown("")), b) for key, b in real[1].items()])
    return "same" if real[0] == "other" else "wrong"


def verdict(mine: Value | None, fault: Any, real: list[Any]) -> str:
    """The state of one call."""
    if real[0] == "raises":
        if fault is None:
            return "missed"
        return "same" if fault.raises.exception == real[1] else "wrong"
    return "wrong" if fault is not None else compare(mine, real)


def hold(names: list[str], graph: bool = False, show: tuple[str, ...] = ()) -> dict[str, Counter[str]]:
    """The figures of each family."""
    truth = load()
    figures: dict[str, Counter[str]] = {}
    for name in names or sorted(truth):
        cases = truth[name]
        column = 1 if graph else 0
        texts = [text for text, found in cases.items() if len(found) > column]
        counted: Counter[str] = Counter()
        for text, (mine, fault) in zip(texts, run(texts, graph)):
            real = cases[text][column]
            state = verdict(mine, fault, real)
            counted[state] += 1
            if state in show:
                said = f"{fault.raises.exception}: {fault.raises.message[:110]}" if fault is not None else repr(mine)
                print(f"{state:8} {text}\n           real {str(real)[:260]}\n           ours {said[:200]}")
        figures[name] = counted
    return figures


def main(arguments: list[str]) -> None:
    """Print the table."""
    names = [word for word in arguments if not word.startswith("-")]
    show = ORDER[1:] if "-vv" in arguments else ("wrong",) if "-v" in arguments else ()
    kept: dict[str, dict[str, int]] = {}
    for graph in (False, True):
        if ("--graph" in arguments and not graph) or ("--eager" in arguments and graph):
            continue
        for name, counted in hold(names, graph, show).items():
            kept[f"{name}-{'graph' if graph else 'eager'}"] = dict(sorted(counted.items()))
            line = "  ".join(f"{state} {counted[state]}" for state in ORDER)
            print(f"{name:14} {'graph' if graph else 'eager':6} {sum(counted.values()):5}   {line}")
    if "--write" in arguments:
        with open(os.path.join(HERE, "figures.json"), "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
