"""Holds our rules against what PyTorch did with the samples and error inputs of its own ``op_db``.

``python -m tests.conformance.torch_ops.hold [--only OP ...] [-v] [--write]`` prints a table: of every op the samples that
are

* *same*: shapes, dtypes and plain values are equal;
* *open*: rank and dtype are right, a size is left open;
* *unknown*: nothing is said;
* *WRONG*: another shape, dtype, bound or value, or an alarm where it runs;

and the calls that raise, which are *found* (with the right exception), *missed*, or raise another *kind* of exception.
``-v`` shows what is wrong, ``-vv`` also what is unknown or missed, ``-t`` also messages that differ, ``--rank`` the reasons
why calls are unknown. ``--how sizes|rank|dtype`` says less of the tensors: what is then said of the result must still be true.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from foreshape.domain.contents import substitute_value
from foreshape.domain.dim import Dim, lower, upper, var, variables
from foreshape.domain.values import Array, Choice, Const, Instance, Int, Scope, Sequence, Typed, Unknown, Value
from foreshape.interpret.analyze import Interpreter
from foreshape.source.files import source_from_text
from foreshape.source.targets import Targets

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "truth.json.gz")
FIGURES = os.path.join(HERE, "figures.json")
EXCLUDED = os.path.join(HERE, "excluded.txt")
CHUNK = 150
STATES = ("same", "open", "unknown", "WRONG")
ERRORS = ("found", "missed", "kind")
NAMES = re.compile(r"\bt(\d+)\b")


def load() -> dict[str, Any]:
    """What was recorded, per op."""
    with gzip.open(TRUTH, "rt") as file:
        found: dict[str, Any] = json.load(file)["ops"]
    return found


def excluded() -> dict[str, str]:
    """The ops that are out of scope, with the reason."""
    found: dict[str, str] = {}
    reason = ""
    with open(EXCLUDED, encoding="utf-8") as file:
        for line in file:
            if line.startswith("# "):
                reason = line[2:].strip()
            elif line.strip():
                found.update(dict.fromkeys(line.split(), reason))
    return found


# -- running ---------------------------------------------------------------------------------------------------------


class Given:
    """The tensors that go in, as much as is said of them.

    how: "" everything; "sizes" each size from 2 up is a variable of its own (``values`` holds what it really is);
    "rank" no shape; "dtype" no dtype. Whatever is said of the result must still be true.
    """

    def __init__(self, how: str = "") -> None:
        self.how = how
        self.values: dict[Any, int] = {}

    def tensor(self, kept: list[Any]) -> Array:
        whole = array(kept)
        if not self.how:
            return whole
        shape = whole.shape
        assert shape is not None
        if self.how == "dtype":
            return whole.replace(dtype=None, lo=None, hi=None, data=None)
        meta = {"strides": None} if "strides" in whole.meta else {}
        if self.how == "rank":
            return Array("torch", None, whole.dtype, meta=meta)
        sizes = tuple(self.size(size) if isinstance(size, int) and size > 1 else size for size in shape)
        return Array("torch", sizes, whole.dtype, lo=whole.lo, hi=whole.hi, meta=meta)

    def size(self, size: int) -> Dim:
        made = var(f"n{len(self.values)}")
        (one,) = variables(made)
        self.values[one] = size
        return made

    def real(self, value: Value | None) -> Value | None:
        """A result with the real sizes put in."""
        if self.how != "sizes" or value is None:
            return value
        return substitute_value(value, self.values)


def array(kept: list[Any]) -> Array:
    """The tensor that goes in."""
    shape, dtype, *more = kept
    meta: dict[str, Any] = {}
    if more and more[0] is not None:
        meta["strides"] = tuple(more[0])
    data = more[1] if len(more) > 1 else None
    lo = hi = None
    if isinstance(data, dict):
        lo, hi, data = data["lo"], data["hi"], None
    elif isinstance(data, str):
        data = [item == "1" for item in data]
    elif data and dtype != "float32":
        lo, hi = min(data), max(data)
    return Array("torch", tuple(shape), dtype, lo=lo, hi=hi, meta=meta, data=None if data is None else tuple(data))


def run(calls: list[list[Any]], how: str = "") -> list[tuple[Value | None, Any]]:
    """Our value, and the fault that raises, of each call."""
    made: list[tuple[Value | None, Any]] = []
    for at in range(0, len(calls), CHUNK):
        made.extend(_run(calls[at : at + CHUNK], how))
    return made


def _run(calls: list[list[Any]], how: str) -> list[tuple[Value | None, Any]]:
    lines = ["import torch; import numpy as np"]
    scope = Scope("module", "ops.py")
    given = Given(how)
    for number, (_, text, tensors, *_) in enumerate(calls):
        for which, kept in enumerate(tensors):
            scope.fields[f"t{number}_{which}"] = given.tensor(kept)
        lines.append(f"r{number} = " + NAMES.sub(lambda found: f"t{number}_{found[1]}", text))  # noqa: B023
    interpreter = Interpreter(Targets())
    interpreter.run_module(source_from_text("ops.py", "\n".join(lines) + "\n"), scope, "__main__")
    raised: dict[int, Any] = {}
    for finding in interpreter.findings:
        if finding.fault.raises is not None and finding.severity == "error":
            raised.setdefault(finding.stack[0][1] - 2, finding.fault)
    internal = list(interpreter.internal)
    if internal:
        print("internal:", *dict.fromkeys(internal), sep="\n   ")
    return [(given.real(scope.fields.get(f"r{number}")), raised.get(number)) for number in range(len(calls))]


# -- comparing -------------------------------------------------------------------------------------------------------


def _worst(states: list[str]) -> str:
    return max(states, key=STATES.index) if states else "same"


def _within(mine: Any, low: int, high: int) -> bool:
    if mine is None or isinstance(mine, Dim):
        return True
    return low <= mine <= high


def compare(mine: Value | None, real: list[Any]) -> str:
    """The state of one value."""
    kind = real[0]
    if mine is None or isinstance(mine, Unknown):
        return "unknown"
    if isinstance(mine, Choice):
        return min((compare(option, real) for option in mine.values), key=STATES.index)
    if kind == "tensor":
        return _tensor(mine, *real[1:])
    if kind == "list":
        if isinstance(mine, Instance):
            items: tuple[Value, ...] | None = tuple(
                value for key, value in mine.fields.items() if isinstance(value, Value) and not str(key).startswith("~")
            )
            held = mine.fields.get("~items")
            if isinstance(held, Sequence):
                items = held.contents.items()
            if isinstance(mine.fields.get("~shape"), tuple):
                return "same" if mine.fields["~shape"] == tuple(item[1] for item in real[1]) else "WRONG"
        elif isinstance(mine, Sequence):
            items = mine.contents.items()
        else:
            return "WRONG"
        if items is None:
            return "open"
        if len(items) != len(real[1]):
            return "WRONG"
        return _worst([compare(a, b) for a, b in zip(items, real[1])])
    if kind == "plain":
        if isinstance(mine, Const):
            return "same" if mine.value == real[1] and type(mine.value) is type(real[1]) else "WRONG"
        if isinstance(mine, Typed):
            return "same" if mine.kind == type(real[1]).__name__ else "WRONG"
        return "open" if isinstance(mine, Int) and isinstance(real[1], int) else "WRONG"
    if kind == "number":
        if isinstance(mine, Const):
            return "same" if type(mine.value).__name__ == real[1] else "WRONG"
        return "same" if isinstance(mine, Typed) and mine.kind == real[1] else "WRONG"
    if kind == "dtype":
        text = repr(mine) + (repr(dict(mine.fields)) if isinstance(mine, Instance) else "")
        return "same" if real[1] in text else "WRONG"
    return "same"


def _tensor(mine: Value, shape: list[int], dtype: str, strides: Any = None, ends: Any = None) -> str:
    if not isinstance(mine, Array) or mine.kind != "torch":
        return "WRONG"
    if mine.dtype is not None and mine.dtype != dtype:
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
            state = _worst([state, "open"])
        elif a != b:
            return "WRONG"
    if ends is not None and not (_within(mine.lo, -(2**64), ends[0]) and _within(mine.hi, ends[1], 2**64)):
        return "WRONG"
    if ends is not None and mine.data and all(isinstance(item, int) for item in mine.data):
        return state if [min(mine.data), max(mine.data)] == ends else "WRONG"
    return state


def layout(mine: Value | None, real: list[Any]) -> str:
    """Whether we are wrong about which tensors are contiguous: a view of such a tensor would be judged wrongly."""
    if real[0] == "list" and isinstance(mine, Sequence):
        items = mine.contents.items() or ()
        return next((found for a, b in zip(items, real[1]) if (found := layout(a, b))), "")
    if real[0] != "tensor" or not isinstance(mine, Array):
        return ""
    ours = mine.meta.get("strides")
    if ours is None and "strides" in mine.meta:
        return ""  # we say that we do not know
    theirs = real[3] if len(real) > 3 else None
    if ours is None or theirs is None:
        return "" if ours is theirs else "layout"
    pairs = zip(ours, theirs, real[1])
    return "" if all(isinstance(a, Dim) or a == b or size < 2 for a, b, size in pairs) else "layout"


def verdict(mine: Value | None, fault: Any, real: list[Any]) -> str:
    """The state of one call."""
    if real[0] == "raises":
        if fault is None:
            return "missed"
        return "found" if fault.raises.exception == real[1] or real[1].startswith("_") else "kind"
    return "WRONG" if fault is not None else compare(mine, real)


class Case:
    """One call and how we did."""

    __slots__ = ("fault", "form", "layout", "mine", "real", "state", "tensors", "text")

    def __init__(self, call: list[Any], mine: Value | None, fault: Any) -> None:
        self.form, self.text, self.tensors, self.real = call
        self.mine, self.fault = mine, fault
        self.state = verdict(mine, fault, self.real)
        self.layout = layout(mine, self.real) if self.state == "same" else ""

    def show(self) -> None:
        print(f"{self.state:8}{self.form:9}{self.text}")
        for number, kept in enumerate(self.tensors):
            print(f"             t{number} = {str(kept)[:150]}")
        said = "nothing" if self.fault is None else f"{self.fault.raises.exception}: {self.fault.raises.message}"
        if self.fault is None or self.real[0] != "raises":
            said = f"{self.mine!r} {getattr(self.mine, 'meta', '') or ''}" + (
                "" if self.fault is None else " ALARM " + said
            )
        print(f"           real {str(self.real)[:330]}\n           ours {said[:330]}")


def held(ops: list[str], how: str = "") -> Iterator[tuple[str, list[Case]]]:
    """Every op with its calls; with less said of the tensors, only those that run."""
    truth = load()
    for name in ops or sorted(truth):
        calls = [call for call in truth[name]["calls"] if not how or call[3][0] != "raises"]
        yield name, [Case(call, mine, fault) for call, (mine, fault) in zip(calls, run(calls, how))]


def count(cases: list[Case]) -> dict[str, int]:
    """The figures of one op."""
    counted = Counter(case.state for case in cases)
    counted.update(case.layout for case in cases if case.layout)
    return {state: counted[state] for state in (*STATES, *ERRORS, "layout") if counted[state]}


def good(figures: dict[str, int]) -> bool:
    """Whether 99 % of the samples of an op are the same (or open), and none is wrong."""
    fine = figures.get("same", 0) + figures.get("open", 0)
    total = fine + figures.get("unknown", 0) + figures.get("WRONG", 0)
    return not figures.get("WRONG") and fine >= 0.99 * total


def summary(kept: dict[str, dict[str, int]]) -> dict[str, Any]:
    """The figures over all ops."""
    out = excluded()
    total: Counter[str] = Counter()
    for name, figures in kept.items():
        if name not in out:
            total.update(figures)
    inside = [name for name in kept if name not in out]
    return {
        "ops": len(kept),
        "ops in scope": len(inside),
        "ops right": sum(good(kept[name]) for name in inside),
        **{state: total[state] for state in (*STATES, *ERRORS, "layout")},
    }


def line(name: str, figures: dict[str, int]) -> str:
    words = "".join(f"{figures.get(state, 0) or '.':>8}" for state in (*STATES, *ERRORS, "layout"))
    return f"{name:44}{words}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[], help="these ops; also the start of names with a * at the end")
    parser.add_argument("-v", action="count", default=0)
    parser.add_argument("-t", action="store_true", help="messages that differ")
    parser.add_argument("-l", action="store_true", help="layouts that differ")
    parser.add_argument("--bad", action="store_true", help="only the ops that are not right")
    parser.add_argument("--rank", action="store_true", help="why calls are unknown")
    parser.add_argument("--how", choices=("sizes", "rank", "dtype"), default="", help="say less of the tensors")
    parser.add_argument("--write", action="store_true", help="keep the figures, which the test compares with")
    asked = parser.parse_args()
    names = sorted(load())
    chosen = [
        name for name in names
        if any(name == word or (word.endswith("*") and name.startswith(word[:-1])) for word in asked.only)
    ]  # fmt: skip
    kept: dict[str, dict[str, int]] = {}
    reasons: Counter[str] = Counter()
    out = excluded()
    show = {0: (), 1: ("WRONG", "kind"), 2: ("WRONG", "kind", "unknown", "missed")}[min(asked.v, 2)]
    print(line("", {}).replace(".", " ")[:44] + "".join(f"{state:>8}" for state in (*STATES, *ERRORS, "layout")))
    for name, cases in held(chosen or names, asked.how):
        kept[name] = count(cases)
        missing = any(case.state == "missed" for case in cases)
        if not asked.bad or (name not in out and (not good(kept[name]) or missing)):
            print(line(name + (" (excluded)" if name in out else ""), kept[name]))
        for case in cases:
            differs = asked.t and case.state == "found" and case.fault.raises.message != case.real[2]
            if name in out and name not in chosen:
                continue
            if case.state in show or (asked.l and case.layout) or differs:
                case.show()
            if case.state == "unknown" and name not in out:
                reasons[getattr(case.mine, "reason", repr(case.mine))] += 1
    if asked.rank:
        for reason, number in reasons.most_common(150):
            print(f"{number:7} {reason}")
    total = summary(kept)
    print("   ".join(f"{key} {value}" for key, value in total.items()))
    if asked.write and not chosen and not asked.how:
        with open(FIGURES, "w", encoding="utf-8") as file:
            json.dump({"all": total, "ops": kept}, file, indent=0, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    main()
