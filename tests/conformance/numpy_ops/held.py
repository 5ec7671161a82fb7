"""Calls of NumPy held against what they really do.

``python -m tests.conformance.numpy_ops.held [-v] [FAMILY...]`` runs every text of ``calls`` for real and through
the interpreter, and prints per family: same / partial (a size or bound left open) / unknown / missed (it raises, we say
nothing) / message (another text) / **wrong** (another shape, dtype, value, or an alarm where it runs).
``--write`` keeps the figures in ``figures.json``.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import sys
import warnings
from typing import Any

import numpy as np

from foreshape.domain.dim import Dim, lower, upper
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
)
from foreshape.interpret.analyze import analyze_file
from foreshape.source.files import SourceFile, source_from_text
from foreshape.source.targets import Targets
from foreshape.source.versions import Version

STATES = ("same", "partial", "unknown", "missed", "message", "wrong")
INSTALLED = Version(*(int(part) for part in np.__version__.split(".")[:2]))
RANK = {state: k for k, state in enumerate(STATES)}


class Raised:
    """What the real call raised."""

    def __init__(self, error: BaseException) -> None:
        self.kind = type(error).__name__
        self.text = str(error)

    def __repr__(self) -> str:
        return f"{self.kind}: {self.text}"


def really(text: str) -> Any:
    """What the last expression of a text gives, or Raised."""
    before, _, last = text.rpartition(";")
    names: dict[str, Any] = {"np": np}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            exec("import numpy as np\n" + before.replace("; ", "\n").replace(";", "\n"), names)
            return eval(last.strip(), names)
        except Exception as error:
            return Raised(error)


def parsed(text: str) -> SourceFile:
    return source_from_text("call.py", text)


def ours(text: str) -> tuple[Value | None, list[Any]]:
    """(the value of the last expression, the findings)."""
    before, _, last = text.rpartition(";")
    program = "import numpy as np\n" + before.replace("; ", "\n").replace(";", "\n") + f"\nresult = {last.strip()}\n"
    targets = Targets({"numpy": INSTALLED, "python": Version(3, 12)})
    found = analyze_file(parsed(program), targets)
    values = [value for one in found.assigned if one.name == "result" for value in one.values]
    return (values[-1] if values else None), found.findings


def judge(text: str) -> tuple[str, str]:
    """(state, why)."""
    real = really(text)
    value, findings = ours(text)
    raising = [f for f in findings if f.fault.raises is not None and not f.caught]
    certain = [f for f in raising if f.severity == "error"]
    if isinstance(real, Raised):
        if not raising:
            if value is not None and not isinstance(value, Unknown):
                return "missed", f"{real}; ours {value!r}"
            return "missed", f"{real}"
        first = raising[0].fault.raises
        if first.exception != real.kind:
            return "wrong", f"{first.exception}: {first.message}; really {real}"
        if first.message != real.text:
            return "message", f"{first.message!r}; really {real.text!r}"
        return "same", ""
    if certain:
        return "wrong", f"alarm {certain[0].fault.raises.exception}: {certain[0].fault.raises.message}"
    if value is None:
        return "unknown", "nothing was assigned"
    return compare(value, real)


def worst(verdicts: list[tuple[str, str]]) -> tuple[str, str]:
    return max(verdicts, key=lambda verdict: RANK[verdict[0]], default=("same", ""))


def within(lo: Any, hi: Any, items: Any) -> bool:
    """Whether real numbers lie between bounds."""
    low = lower(lo) if isinstance(lo, Dim) else lo
    high = upper(hi) if isinstance(hi, Dim) else hi
    flat = np.asarray(items).ravel()
    if flat.dtype.kind not in "biuf" or flat.size == 0:
        return True
    flat = flat[~np.isnan(flat)] if flat.dtype.kind == "f" else flat
    if flat.size == 0:
        return True
    return (low is None or bool(flat.min() >= low)) and (high is None or bool(flat.max() <= high))


def compare(value: Value, real: Any) -> tuple[str, str]:
    """Our value against the real one."""
    if isinstance(value, Unknown):
        return "unknown", value.reason
    if isinstance(real, (np.ndarray, np.generic)):
        return compare_array(value, real)
    if isinstance(real, (tuple, list)):
        return compare_sequence(value, real)
    if isinstance(real, np.dtype):
        name = value.fields.get("~dtype") if isinstance(value, Instance) else None
        if name is None:
            return "unknown", "dtype"
        return ("same", "") if spelled(real) == name or real.kind in "US" else ("wrong", f"dtype {name}, really {real}")
    if isinstance(value, Array):
        return "wrong", f"ours is an array {value!r}, really {type(real).__name__}"
    if isinstance(real, (bool, int, float, complex, str, bytes, type(None))):
        return compare_scalar(value, real)
    if isinstance(value, (Instance, LibraryRef, IteratorValue)):
        return "same", ""
    return "partial", f"{value!r} against {type(real).__name__}"


def spelled(dtype: np.dtype[Any]) -> str:
    text = str(dtype)
    return {"longdouble": "float128", "clongdouble": "complex256"}.get(text, text)


def compare_array(value: Value, real: Any) -> tuple[str, str]:
    if not isinstance(value, Array):
        if np.ndim(real) == 0 and isinstance(value, (Const, Int, Typed)):
            return "wrong", f"ours is the Python scalar {value!r}, really {type(real).__name__}"
        return "wrong", f"ours {value!r}, really an array of shape {real.shape}"
    state = "same"
    if value.shape is None:
        state = "unknown"
    else:
        if len(value.shape) != real.ndim:
            return "wrong", f"shape {value.shape}, really {real.shape}"
        for mine, theirs in zip(value.shape, real.shape, strict=True):
            if isinstance(mine, int):
                if mine != theirs:
                    return "wrong", f"shape {value.shape}, really {real.shape}"
            else:
                low, high = lower(mine), upper(mine)
                if (low is not None and theirs < low) or (high is not None and theirs > high):
                    return "wrong", f"size {mine} in [{low}, {high}], really {theirs}"
                state = "partial"
    if value.dtype is None:
        state = max(state, "partial", key=RANK.__getitem__)
    elif value.dtype not in ("str", "bytes") and value.dtype != spelled(real.dtype):
        return "wrong", f"dtype {value.dtype}, really {real.dtype}"
    if not within(value.lo, value.hi, real):
        return "wrong", f"bounds [{value.lo}, {value.hi}], really [{np.min(real)}, {np.max(real)}]"
    if value.data is not None and not same_data(value.data, real):
        return "wrong", f"data {value.data}, really {np.asarray(real).ravel().tolist()}"
    return state, "" if state == "same" else repr(value)


def same_data(data: tuple[Any, ...], real: Any) -> bool:
    items = np.asarray(real).ravel().tolist()
    if len(items) != len(data):
        return False
    for mine, theirs in zip(data, items, strict=True):
        if isinstance(mine, Dim):
            continue
        if isinstance(mine, float) and isinstance(theirs, float):
            if (
                mine != theirs
                and not (math.isnan(mine) and math.isnan(theirs))
                and not math.isclose(mine, theirs, rel_tol=1e-12)
            ):
                return False
        elif mine != theirs:
            return False
    return True


def compare_sequence(value: Value, real: Any) -> tuple[str, str]:
    if isinstance(value, Instance):
        items = [field for field in value.fields.values() if isinstance(field, Value)]
        return worst([compare(mine, theirs) for mine, theirs in zip(items, real, strict=True)])
    if not isinstance(value, Sequence):
        return (
            ("partial", "")
            if isinstance(value, IteratorValue)
            else ("wrong", f"ours {value!r}, really a {type(real).__name__}")
        )
    items = value.contents.items()
    if items is None:
        return "partial", "its length is not known"
    if len(items) != len(real):
        return "wrong", f"{len(items)} items, really {len(real)}"
    if value.kind != type(real).__name__ and type(real) in (tuple, list):
        return "wrong", f"a {value.kind}, really a {type(real).__name__}"
    return worst([compare(mine, theirs) for mine, theirs in zip(items, real, strict=True)])


def compare_scalar(value: Value, real: Any) -> tuple[str, str]:
    if isinstance(value, Const):
        same = type(value.value) is type(real) and (
            value.value == real or (real != real and value.value != value.value)
        )
        close = isinstance(real, float) and isinstance(value.value, float) and math.isclose(real, value.value)
        return ("same", "") if same or close else ("wrong", f"{value.value!r}, really {real!r}")
    if isinstance(value, Typed):
        if value.kind != type(real).__name__:
            return "wrong", f"a {value.kind}, really {real!r}"
        if isinstance(real, (int, float)) and not within(value.lo, value.hi, real):
            return "wrong", f"bounds [{value.lo}, {value.hi}], really {real}"
        return "same", ""
    if isinstance(value, Int):
        return ("same", "") if isinstance(real, int) else ("wrong", f"an int, really {real!r}")
    return "wrong", f"ours {value!r}, really {real!r}"


def run(families: dict[str, list[str]], verbose: int = 0) -> dict[str, dict[str, int]]:
    """Counts per family."""
    figures: dict[str, dict[str, int]] = {}
    for family, texts in families.items():
        counts = dict.fromkeys(STATES, 0)
        for text in texts:
            try:
                out, sys.stdout = sys.stdout, io.StringIO()
                try:
                    state, why = judge(text)
                finally:
                    sys.stdout = out
            except Exception as error:
                import traceback

                state, why = "wrong", "internal error: " + "".join(traceback.format_exception(error)[-3:])
            counts[state] += 1
            if verbose and RANK[state] >= (3 if verbose == 1 else 1):
                print(f"  {state:8} {text}\n           {why}")
        figures[family] = counts
        if verbose >= 0:
            print(f"{family:14}" + "".join(f"{counts[state]:6} {state}" for state in STATES))
    return figures


def main() -> None:
    from tests.conformance.numpy_ops.calls import families

    parser = argparse.ArgumentParser()
    parser.add_argument("-v", action="count", default=0)
    parser.add_argument("--write", action="store_true", help="keep the figures, which the test compares with")
    parser.add_argument("families", nargs="*")
    asked = parser.parse_args()
    chosen = {name: texts for name, texts in families().items() if not asked.families or name in asked.families}
    figures = run(chosen, asked.v)
    total = {state: sum(counts[state] for counts in figures.values()) for state in STATES}
    if asked.write:
        from tests.conformance.numpy_ops.coverage import counts

        kept = {"numpy": f"{INSTALLED}", "names_with_a_rule": counts()[0], "families": figures}
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "figures.json"), "w") as file:
            json.dump(kept, file, indent=1)
            file.write("\n")
    print("all           " + "".join(f"{total[state]:6} {state}" for state in STATES))


if __name__ == "__main__":
    main()
