"""Holds ``foreshape shapes`` against what the programs really computed.

``python -m tests.conformance.trace.compare [--only NAME] [--target keras=3] [-v] [-vv]`` prints a table, and with
``-v`` each wrong or unknown name with the truth, ours and the reason (``-vv``: every name). ``--reasons`` ranks
why names are unknown. ``--write`` keeps the figures in ``figures.json``, which the test compares with.

Per (line, name):

- *same*: our shape equals every one that was observed. A symbolic axis is the same only where Keras leaves the
  axis open (None) or where its size really varies between observations.
- *symbolic*: the rank is right, no number is contradicted, but an axis that is one fixed number is a symbol to us,
  or one of several shapes that we hold possible never happened.
- *partial*: as symbolic, but the axis is plainly unknown (null), or one of several values is unknown as a whole.
- *unknown*: we give no shape, or say nothing about the name.
- *wrong*: a rank, a number or a dtype that an observation contradicts.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from typing import Any, NamedTuple

from tests.conformance.trace import ours
from tests.conformance.trace.record import digest, load, programs, targets_of
from tests.conformance.trace.runner import ROOT, TARGETS

HERE = os.path.dirname(os.path.abspath(__file__))
FIGURES = os.path.join(HERE, "figures.json")
STATES = ("same", "symbolic", "partial", "unknown", "wrong")


class Verdict(NamedTuple):
    state: str
    line: int
    name: str
    truth: str
    ours: str
    reason: str


def _text(dims: Any) -> str:
    if dims is None:
        return "?"
    return "(" + ", ".join("None" if d is None else str(d) for d in dims) + ("," if len(dims) == 1 else "") + ")"


def _normal(dtype: str | None) -> str | None:
    """One spelling for the dtypes that the frameworks and we write in several ways."""
    if dtype is None:
        return None
    text = dtype.replace("numpy.", "").replace("<dtype: '", "").replace("'>", "").removesuffix("_ref")
    if text.startswith(("<U", "U", "str", "unicode")):
        return "str"
    if text.startswith(("|S", "S", "bytes")):
        return "bytes"
    for prefix in ("datetime64", "timedelta64"):
        if text.startswith(prefix):
            return prefix
    return {"category": "category", "string": "str"}.get(text, text)


def _candidates(entries: list[dict[str, Any]]) -> list[list[Any] | None]:
    """Every shape that we say the name may have; None for one of which we do not know the rank."""
    return [shape for entry in entries for shape in (entry.get("shape"), *(entry.get("alternatives") or []))]


def _contradiction(shape: list[Any], dims: list[Any], kind: str) -> str | None:
    if len(shape) != len(dims):
        return f"rank {len(shape)}, really {len(dims)}"
    for axis, (mine, real) in enumerate(zip(shape, dims, strict=True)):
        if isinstance(mine, int) and isinstance(real, int) and mine != real:
            return f"axis {axis} is {mine}, really {real}"
        if isinstance(mine, int) and real == "batch" and kind == "keras":
            return f"axis {axis} is {mine}, really the open batch"
    return None


def _looseness(shape: list[Any], dims: list[Any], varies: set[int]) -> int:
    """0 when nothing is left open that is fixed, 1 for a symbol, 2 for an unknown axis."""
    worst = 0
    for axis, (mine, real) in enumerate(zip(shape, dims, strict=True)):
        if isinstance(mine, int) or not isinstance(real, int) or axis in varies:
            continue
        worst = max(worst, 1 if isinstance(mine, str) else 2)
    return worst


def _varying(observed: list[list[Any]]) -> set[int]:
    ranks = {len(dims) for dims in observed}
    if len(ranks) != 1:
        return set(range(max(ranks)))
    return {axis for axis in range(ranks.pop()) if len({str(dims[axis]) for dims in observed}) > 1}


def judge(real: dict[str, Any], entries: list[dict[str, Any]]) -> Verdict:
    """What we said about one (line, name) against what was observed there."""
    observed = [dims for dims, _ in real["seen"] if dims is not None]
    truth = " | ".join(f"{_text(dims)} {dtype}" for dims, dtype in real["seen"])
    said = (
        " | ".join(
            f"{_text(e.get('shape'))} {e.get('dtype')}"
            + (f" or {len(e['alternatives'])} more" if e.get("alternatives") else "")
            for e in entries
        )
        or "-"
    )

    def verdict(state: str, reason: str) -> Verdict:
        return Verdict(state, real["line"], real["name"], truth, said, reason)

    candidates = _candidates(entries)
    shapes = [shape for shape in candidates if shape is not None]
    if not shapes:
        reasons = [e["reason"] for e in entries if e.get("reason")]
        return verdict("unknown", reasons[0] if reasons else ("no reason given" if entries else "no entry"))
    varies = _varying(observed) if observed else set()
    open_too = None in candidates or any(e.get("reason") for e in entries)
    loosest, seen_to_fit = 2 if None in candidates else 0, 0
    for dims in observed:
        problems = [_contradiction(shape, dims, real["kind"]) for shape in shapes]
        fitting = [shape for shape, problem in zip(shapes, problems, strict=True) if problem is None]
        if not fitting and open_too:
            return verdict("partial", f"one of the values is not known, and another is told: {problems[0]}")
        if not fitting:
            return verdict("wrong", str(problems[0]))
        loosest = max(loosest, min(_looseness(shape, dims, varies) for shape in fitting))
    for shape in shapes:
        seen_to_fit += any(_contradiction(shape, dims, real["kind"]) is None for dims in observed)
    if observed and seen_to_fit < len(shapes):
        loosest = max(loosest, 1)  # a shape that we hold possible never happened
    real_dtypes = {_normal(dtype) for _, dtype in real["seen"]}
    our_dtypes = {_normal(e.get("dtype")) for e in entries}
    if None not in real_dtypes and None not in our_dtypes and not (real_dtypes <= our_dtypes):
        return verdict("wrong", f"dtype {'/'.join(map(str, our_dtypes))}, really {'/'.join(map(str, real_dtypes))}")
    why = ("", "an axis that is fixed is a symbol, or one of our shapes never happens", "an axis is not known")[loosest]
    return verdict(("same", "symbolic", "partial")[loosest], why)


def compare(name: str, path: str, target: str) -> list[Verdict]:
    """One program under one target. Raises ``LookupError`` when its truth is missing or older than the program."""
    truth = load(name, target)
    if truth is None or truth["sha256"] != digest(path):
        raise LookupError(f"{name}: no truth for {target}; run python -m tests.conformance.trace.record")
    by_place: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for entry in ours.shapes(path, target):
        by_place.setdefault((entry["line"], entry["name"]), []).append(entry)
    return [judge(real, by_place.get((real["line"], real["name"]), [])) for real in truth["shapes"]]


def tally(verdicts: list[Verdict]) -> dict[str, int]:
    return {state: sum(v.state == state for v in verdicts) for state in STATES}


def share_unknown(counts: dict[str, int]) -> float:
    total = sum(counts[s] for s in STATES)
    return (counts["unknown"] + counts["partial"]) / total if total else 0.0


def compare_all(
    only: list[str] | None = None, targets: tuple[str, ...] = TARGETS
) -> dict[tuple[str, str], list[Verdict]]:
    """Every program under every target it is for; an internal error counts every name of the program as unknown."""
    found: dict[tuple[str, str], list[Verdict]] = {}
    for name, path in programs().items():
        if only and not any(part in name for part in only):
            continue
        for target in targets:
            if target not in targets_of(path):
                continue
            try:
                found[name, target] = compare(name, path, target)
            except LookupError as missing:
                print(missing)
            except Exception as error:  # an internal error is a figure here, and a failure of its own test
                truth = load(name, target)
                assert truth is not None
                found[name, target] = [
                    judge(real, [{"shape": None, "reason": f"{type(error).__name__}: {error}"[:200]}])
                    for real in truth["shapes"]
                ]
    return found


def totals(found: dict[tuple[str, str], list[Verdict]]) -> dict[str, Any]:
    """The figures that are committed: counts, and the share that is unknown, per target."""
    made: dict[str, Any] = {}
    for target in TARGETS:
        rows = [v for (_, t), verdicts in found.items() if t == target for v in verdicts]
        counts = tally(rows)
        made[target] = {
            "programs": sum(t == target for _, t in found),
            "names": len(rows),
            **counts,
            "unknown_share": round(share_unknown(counts), 4),
        }
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="Shapes that we say against shapes that were observed.")
    parser.add_argument("--only", action="append", default=[], help="programs whose name contains this")
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("-v", "--verbose", action="count", default=0)
    parser.add_argument("--reasons", action="store_true", help="rank why names are unknown")
    parser.add_argument("--write", action="store_true", help="keep these figures as the committed ones")
    options = parser.parse_args()
    found = compare_all(options.only, TARGETS if options.target is None else (options.target,))
    print(f"{'program':44} {'target':8} " + " ".join(f"{s:>8}" for s in STATES))
    for (name, target), verdicts in found.items():
        counts = tally(verdicts)
        print(f"{name:44} {target:8} " + " ".join(f"{counts[s] or '.':>8}" for s in STATES))
        for v in verdicts:
            if options.verbose >= 2 or (options.verbose and v.state in ("unknown", "wrong", "partial")):
                path = os.path.relpath(programs()[name], ROOT)
                print(
                    f"    {v.state:8} {path}:{v.line} {v.name}\n        truth {v.truth}\n        ours  {v.ours}"
                    + (f"\n        {v.reason}" if v.reason else "")
                )
    if options.reasons:
        ranked = Counter(v.reason for verdicts in found.values() for v in verdicts if v.state == "unknown")
        for reason, count in ranked.most_common(40):
            print(f"{count:6} {reason}")
    figures = totals(found)
    for target, row in figures.items():
        print(target, "  ".join(f"{key} {value}" for key, value in row.items()))
    if options.write and not options.only and options.target is None:
        with open(FIGURES, "w", encoding="utf-8") as handle:
            json.dump(figures, handle, indent=1)
            handle.write("\n")


if __name__ == "__main__":
    main()
