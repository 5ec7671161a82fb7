"""Holds our rules against what PyTorch's modules did with PyTorch's own samples.

``python -m tests.conformance.torch_modules.hold [MODULE ...] [-v] [-vv] [--write]`` prints a table; ``-v`` shows what is
wrong, ``-vv`` also what is unknown or missed. States: *same*; *partial* (a size or dtype is open); *unknown*; *missed*
(PyTorch raises, we say nothing); *wrong* (a shape, dtype, error or false alarm that contradicts the run). *text* counts the
errors whose text is PyTorch's, too.
"""

from __future__ import annotations

import ast
import gzip
import json
import os
import sys
from collections import Counter
from typing import Any

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim
from foreshape.domain.values import Array, Const, DictValue, Instance, LibraryRef, Scope, Sequence, Unknown, Value
from foreshape.interpret.analyze import Interpreter
from foreshape.interpret.flow import Frame
from foreshape.source.targets import Targets

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "records.json.gz")
FIGURES = os.path.join(HERE, "figures.json")
ORDER = ("same", "partial", "unknown", "missed", "wrong")
CALL = ast.parse("module(input)", mode="eval").body


def load() -> dict[str, dict[str, list[Any]]]:
    """What was recorded."""
    with gzip.open(TRUTH, "rt") as file:
        found: dict[str, dict[str, list[Any]]] = json.load(file)
    return found


def value_of(cx: Interpreter, record: Any) -> Value:
    """A recorded argument as a value."""
    if not isinstance(record, list):
        return Const(record)
    kind = record[0]
    if kind == "t":
        lo, hi = record[3:] if len(record) > 3 else (None, None)
        return Array("torch", tuple(record[1]), record[2], lo=lo, hi=hi)
    if kind == "dtype":
        return LibraryRef(f"torch.{record[1]}")
    if kind == "device":
        return Const(record[1])
    if kind == "ref":
        return LibraryRef(record[1])
    if kind == "complex":
        return Const(complex(record[1], record[2]))
    if kind == "dict":
        return DictValue({key: value_of(cx, item) for key, item in record[1]})
    if kind == "made":
        named = {key: value_of(cx, item) for key, item in record[3]}
        return cx.call(LibraryRef(record[1]), [value_of(cx, item) for item in record[2]], named)
    return Sequence(kind, Contents(value_of(cx, item) for item in record[1]))


def run(name: str, sample: Any) -> tuple[Value | None, Any]:
    """Our output, and the fault that is raised, for one sample."""
    (args, kwargs), training, called, _ = sample
    cx = Interpreter(Targets())
    cx.frames.append(Frame("sample.py", Scope("module", "sample.py")))
    cx.node = CALL
    named = {key: value_of(cx, item) for key, item in kwargs}
    made = cx.call(LibraryRef(f"torch.{name}"), [value_of(cx, item) for item in args], named)
    result: Value | None = made
    if called is not None:
        if not training and isinstance(made, Instance):
            cx.call_method(made, "eval")
        given = {key: value_of(cx, item) for key, item in called[1]}
        result = cx.call(made, [value_of(cx, item) for item in called[0]], given)
    fault = next((finding.fault for finding in cx.findings if finding.fault.raises is not None), None)
    if cx.internal:
        print(name, cx.internal)
    return result, fault


def worst(states: list[str]) -> str:
    return max(states, key=ORDER.index) if states else "same"


def compare(mine: Value | None, real: Any) -> str:
    """The state of one value."""
    if not isinstance(real, list):
        return "same" if isinstance(mine, Const) and mine.value == real else "wrong" if real is None else "same"
    if isinstance(mine, Instance) and "~items" in mine.fields:
        mine = mine.fields["~items"]
    if mine is None or isinstance(mine, Unknown):
        return "unknown"
    if real[0] == "t":
        if not isinstance(mine, Array) or mine.kind != "torch":
            return "wrong"
        if mine.dtype is not None and mine.dtype != real[2]:
            return "wrong"
        if mine.shape is None:
            return "partial"
        if len(mine.shape) != len(real[1]):
            return "wrong"
        if any(isinstance(a, int) and a != b for a, b in zip(mine.shape, real[1])):
            return "wrong"
        return "partial" if mine.dtype is None or any(isinstance(a, Dim) for a in mine.shape) else "same"
    if real[0] in ("tuple", "list"):
        items = mine.contents.items() if isinstance(mine, Sequence) else None
        if items is None or len(items) != len(real[1]):
            return "wrong"
        return worst([compare(a, b) for a, b in zip(items, real[1])])
    return "same"


def verdict(mine: Value | None, fault: Any, real: Any) -> str:
    """The state of one sample."""
    if real[0] == "raises":
        if fault is None:
            return "missed"
        return "same" if fault.raises.exception == real[1] else "wrong"
    return "wrong" if fault is not None else compare(mine, real[1])


def hold(names: list[str], show: tuple[str, ...] = ()) -> dict[str, dict[str, Counter[str]]]:
    """The figures of each module: of its samples, and of its errors."""
    truth = load()
    figures: dict[str, dict[str, Counter[str]]] = {}
    for name in names or sorted(truth):
        figures[name] = {}
        for part in ("samples", "errors"):
            counted: Counter[str] = Counter()
            for sample in truth[name][part]:
                mine, fault = run(name, sample)
                real = sample[3]
                state = verdict(mine, fault, real)
                counted[state] += 1
                if real[0] == "raises" and state == "same" and fault.raises.message == real[2]:
                    counted["text"] += 1
                elif real[0] == "raises" and state == "same" and "text" in show:
                    print(f"text     {name}\n           real {real[2]}\n           ours {fault.raises.message}")
                if state in show:
                    said = f"{fault.raises.exception}: {fault.raises.message[:110]}" if fault else repr(mine)
                    print(
                        f"{state:8} {name} {str(sample[:3])[:300]}\n           real {str(real)[:200]}\n           ours {said}"
                    )
            figures[name][part] = counted
    return figures


def main(arguments: list[str]) -> None:
    """Print the table."""
    names = [word for word in arguments if not word.startswith("-")]
    show = (*ORDER[1:], "text") if "-vv" in arguments else ("wrong",) if "-v" in arguments else ()
    total = {"samples": Counter[str](), "errors": Counter[str]()}
    kept: dict[str, dict[str, dict[str, int]]] = {}
    for name, parts in hold(names, show).items():
        kept[name] = {part: dict(sorted(counted.items())) for part, counted in parts.items()}
        for part, counted in parts.items():
            total[part].update(counted)
            if counted and set(counted) - {"same", "text"}:
                print(f"{name:28} {part:8} " + "  ".join(f"{state} {counted[state]}" for state in (*ORDER, "text")))
    for part, counted in total.items():
        print(f"{'all':28} {part:8} " + "  ".join(f"{state} {counted[state]}" for state in (*ORDER, "text")))
    if "--write" in arguments:
        with open(FIGURES, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
