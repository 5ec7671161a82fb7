"""Holds our rules against what PyTorch did with the same calls.

``python -m tests.conformance.torch_nn.hold [FAMILY ...] [-v] [--write]`` prints a table; ``-v`` shows what is wrong, ``-vv``
also what is unknown or missed. States: *same*; *partial* (a size or dtype is open); *unknown*; *missed* (PyTorch raises, we
say nothing); *text* (the right exception with another message); *wrong* (a shape, dtype, exception or alarm that contradicts
the run).
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
    IteratorValue,
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
FIGURES = os.path.join(HERE, "figures.json")
CHUNK = 100
PRELUDE = ["import torch", "from torch import nn", "import torch.nn.functional as F", "from torch.nn.utils import rnn"]
ORDER = ("same", "partial", "unknown", "missed", "text", "wrong")


def load() -> dict[str, dict[str, Any]]:
    """What was recorded."""
    with gzip.open(TRUTH, "rt") as file:
        found: dict[str, dict[str, Any]] = json.load(file)
    return found


def run(texts: list[str]) -> list[tuple[Value | None, Any]]:
    """Our value, and the fault that is raised, for each."""
    made: list[tuple[Value | None, Any]] = []
    for at in range(0, len(texts), CHUNK):
        made.extend(_run(texts[at : at + CHUNK]))
    return made


def _run(texts: list[str]) -> list[tuple[Value | None, Any]]:
    lines = [*PRELUDE, *(f"r{number} = {text}" for number, text in enumerate(texts))]
    interpreter = Interpreter(Targets())
    scope = Scope("module", "calls.py")
    interpreter.run_module(source_from_text("calls.py", "\n".join(lines) + "\n"), scope, "__main__")
    raised: dict[int, Any] = {}
    for finding in interpreter.findings:
        if finding.fault.raises is not None:
            raised.setdefault(finding.stack[0][1] - len(PRELUDE) - 1, finding.fault)
    return [(scope.fields.get(f"r{number}"), raised.get(number)) for number in range(len(texts))]


def _dims(mine: Any, real: list[Any]) -> str:
    if mine is None:
        return "partial"
    if len(mine) != len(real):
        return "wrong"
    state = "same"
    for a, b in zip(mine, real):
        if isinstance(a, Dim):
            state = "partial"
        elif a != b:
            return "wrong"
    return state


def _worst(states: list[str]) -> str:
    return max(states, key=ORDER.index) if states else "same"


def compare(mine: Value | None, real: list[Any]) -> str:
    """The state of one value."""
    kind = real[0]
    if mine is None or isinstance(mine, Unknown):
        return "same" if kind == "other" else "unknown"
    if isinstance(mine, Choice):
        return min((compare(option, real) for option in mine.values), key=ORDER.index)
    if kind == "tensor":
        return _tensor(mine, real)
    if kind == "packed":
        if not isinstance(mine, Instance) or mine.library_type != "torch.nn.utils.rnn.PackedSequence":
            return "wrong"
        names = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
        return _worst([compare(mine.fields.get(name), item) for name, item in zip(names, real[1])])
    if kind == "list":
        if isinstance(mine, Instance) and isinstance(mine.fields.get("~items"), Sequence):
            mine = mine.fields["~items"]
        if not isinstance(mine, (Sequence, IteratorValue)):
            return "wrong"
        items = mine.fields["contents"].items()
        if items is None:
            return "partial"
        return _worst([compare(a, b) for a, b in zip(items, real[1])]) if len(items) == len(real[1]) else "wrong"
    if kind == "dict":
        if not isinstance(mine, DictValue):
            return "wrong"
        return _worst([compare(mine.entries.get(key), item) for key, item in real[1].items()])
    if kind == "plain":
        if isinstance(mine, Const):
            return "same" if mine.value == real[1] else "wrong"
        return "partial" if isinstance(mine, (Int, Typed)) else "wrong"
    return "same" if isinstance(mine, (Instance, Const, Typed)) else "wrong"


def _tensor(mine: Value, real: list[Any]) -> str:
    if not isinstance(mine, Array) or mine.kind != "torch":
        return "wrong"
    if mine.dtype is not None and mine.dtype != real[2]:
        return "wrong"
    if bool(mine.meta.get("requires_grad")) != real[3] and mine.shape is not None:
        return "wrong"
    if len(real) > 4 and real[4] is not None and _contiguous(mine) not in (None, real[4]):
        return "wrong"
    return _worst([_dims(mine.shape, real[1]), "partial" if mine.dtype is None else "same"])


def _contiguous(mine: Array) -> bool | None:
    """Whether we take it for contiguous; None where that is left open."""
    strides, shape = mine.meta.get("strides", ()), mine.shape
    if "strides" not in mine.meta:
        return True
    if strides is None or shape is None or not all(isinstance(size, int) for size in (*shape, *strides)):
        return None
    expected = 1
    for size, stride in zip(reversed(shape), reversed(strides)):
        if size != 1 and stride != expected:
            return 0 in shape
        expected *= size
    return True


def shortened(text: str) -> str:
    """A message without what depends on the overloads that PyTorch lists, and on spaces."""
    return " ".join(text.partition(", but expected one of")[0].split())


def verdict(mine: Value | None, fault: Any, real: list[Any]) -> str:
    """The state of one call."""
    if real[0] != "raises":
        return "wrong" if fault is not None else compare(mine, real)
    if fault is None:
        return "missed"
    if fault.raises.exception != real[1]:
        return "wrong"
    return "same" if shortened(fault.raises.message) == shortened(real[2]) else "text"


def hold(names: list[str], show: tuple[str, ...] = ()) -> dict[str, Counter[str]]:
    """The figures of each family."""
    truth = load()
    figures: dict[str, Counter[str]] = {}
    for name in names or sorted(truth):
        cases = truth[name]
        texts = list(cases)
        counted: Counter[str] = Counter()
        for text, (mine, fault) in zip(texts, run(texts)):
            real = cases[text]
            state = verdict(mine, fault, real)
            counted[state] += 1
            if state in show:
                said = f"{fault.raises.exception}: {fault.raises.message[:300]}" if fault is not None else repr(mine)
                print(f"{state:8} {text}\n           real {str(real)[:300]}\n           ours {said[:300]}")
        figures[name] = counted
    return figures


def main(arguments: list[str]) -> None:
    """Print the table."""
    names = [word for word in arguments if not word.startswith("-")]
    show = ORDER[1:] if "-vv" in arguments else ("wrong", "text") if "-v" in arguments else ()
    kept: dict[str, dict[str, int]] = {}
    for name, counted in hold(names, show).items():
        kept[name] = dict(sorted(counted.items()))
        line = "  ".join(f"{state} {counted[state]}" for state in ORDER)
        print(f"{name:16} {sum(counted.values()):5}   {line}")
    if "--write" in arguments:
        if os.path.exists(FIGURES):
            with open(FIGURES, encoding="utf-8") as file:
                kept = {**json.load(file), **kept}
        with open(FIGURES, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
