"""Runs random programs for real and holds what we say against it; keeps a fixed set of them for the test.

``python -m tests.conformance.trace.generated --count 40 --seed 900`` makes new ones, runs them and compares (NumPy
and Foreshape must be importable here, the real Keras here or in ``FORESHAPE_FRAMEWORK_PYTHON``); ``-v`` shows each
difference. ``--record`` keeps the fixed set in ``generated.json``; without ``--count`` that set is compared,
without running. ``--shrink KIND`` lets hypothesis look for a small program of that kind on which we are wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from typing import Any

from tests.conformance.trace import compare, ours
from tests.conformance.trace.generate import KINDS, Drawn, program
from tests.conformance.trace.runner import run_all

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join(HERE, "generated.json")
FIGURES = os.path.join(HERE, "figures_generated.json")
OUTCOMES = ("right", "missed", "place", "exception", "alarm", "internal")


SETS = {
    3: {"stack": range(1, 56), "graph": range(1, 26), "windows": range(1, 36), "arrays": range(1, 36)},
    2: {"stack": range(201, 226), "graph": range(201, 211), "windows": range(201, 216)},
}
"""The fixed sets by Keras version: 150 programs for Keras 3, 50 others for Keras 2."""


def kept_programs(keras: int) -> list[tuple[str, str]]:
    """The fixed set of one Keras version, (name, source) each."""
    return [(f"{kind}-{seed}", program(kind, seed)) for kind, seeds in SETS[keras].items() for seed in seeds]


def run(programs: list[tuple[str, str]], keras: int = 3) -> list[dict[str, Any]]:
    """What each program really does: its source, outcome, exception, line and observed shapes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, source in programs:
            paths[name] = os.path.join(os.path.realpath(folder), f"{name.replace('-', '_')}.py")
            with open(paths[name], "w", encoding="utf-8") as handle:
                handle.write(source)
        results = run_all(f"keras={keras}", list(paths.values()))
        made = []
        for name, source in programs:
            result = results[paths[name]]
            if result["outcome"] == "died":
                print(f"{name}: died, left out", file=sys.stderr)
                continue
            row = {
                "name": name,
                "keras": keras,
                "source": source,
                "outcome": result["outcome"],
                "shapes": result["shapes"],
            }
            if result["outcome"] == "raised":
                row.update(
                    exception=result["exception"],
                    bases=result["bases"],
                    line=result["line"],
                    message=re.sub(r"/\S*site-packages/", "", result["message"])[:200],
                )
            made.append(row)
    return made


def _verdict(row: dict[str, Any], path: str) -> tuple[str, str]:
    target = f"keras={row['keras']}"
    try:
        errors = [d for d in ours.check(path, target)["diagnostics"] if d["severity"] == "error"]
    except Exception as error:
        return "internal", f"{type(error).__name__}: {error}"[:300]
    first = errors[0] if errors else None
    said = (
        f"line {first['line']} {first['raises']['exception']} [{first['rule']}] {first['message']}"
        if first
        else "nothing"
    )
    if row["outcome"] == "ok":
        return ("right", "") if first is None else ("alarm", f"really runs; we say {said}")
    really = f"really line {row['line']} {row['exception']}: {row['message']!r}; we say {said}"
    if first is None:
        return "missed", really
    if first["line"] != row["line"]:
        return ("alarm" if first["line"] < row["line"] else "place"), really
    if first["raises"]["exception"] != row["exception"]:
        return "exception", really
    return "right", ""


def judge(row: dict[str, Any]) -> tuple[str, str, list[compare.Verdict]]:
    """(outcome of the verdict, the difference, the shapes) for one program that was run."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(row["source"])
        outcome, difference = _verdict(row, path)
        by_place: dict[tuple[int, str], list[dict[str, Any]]] = {}
        try:
            for entry in ours.shapes(path, f"keras={row['keras']}"):
                by_place.setdefault((entry["line"], entry["name"]), []).append(entry)
        except Exception as error:
            outcome, difference = "internal", f"{type(error).__name__}: {error}"[:300]
        shapes = [compare.judge(real, by_place.get((real["line"], real["name"]), [])) for real in row["shapes"]]
    return outcome, difference, shapes


def figures(rows: list[dict[str, Any]], verbose: int = 0) -> dict[str, Any]:
    """Counts of verdicts and of shapes; prints the differences when asked."""
    outcomes = dict.fromkeys(OUTCOMES, 0)
    shapes: list[compare.Verdict] = []
    for row in rows:
        outcome, difference, verdicts = judge(row)
        outcomes[outcome] += 1
        shapes += verdicts
        told = [v for v in verdicts if v.state == "wrong" or (verbose > 1 and v.state in ("unknown", "partial"))]
        if verbose and (outcome != "right" or told):
            print(f"--- {row['name']}: {outcome} {difference}")
            for v in told:
                print(f"    {v.state} line {v.line} {v.name}: truth {v.truth}, ours {v.ours} ({v.reason})")
            if verbose > 2 or row["name"].startswith("small"):
                print("\n".join(f"    {i:3} {text}" for i, text in enumerate(row["source"].splitlines(), 1)))
    counts = compare.tally(shapes)
    raising = sum(row["outcome"] == "raised" for row in rows)
    return {
        "programs": len(rows),
        "raising": raising,
        **outcomes,
        "names": len(shapes),
        **counts,
        "unknown_share": round(compare.share_unknown(counts), 4),
    }


def load_kept() -> list[dict[str, Any]]:
    with open(KEPT, encoding="utf-8") as handle:
        rows: list[dict[str, Any]] = json.load(handle)
    return rows


def _shrink(kind: str) -> None:
    """Looks for a small program that we are wrong about. Each try is a real run: give it minutes."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def holds(data: Any) -> None:
        rows = run([(f"small-{kind}", KINDS[kind](Drawn(data.draw)))])
        for row in rows:
            outcome, difference, shapes = judge(row)
            wrong = [v for v in shapes if v.state == "wrong"]
            assert outcome == "right" and not wrong, f"{row['source']}\n{outcome} {difference}\n{wrong}"

    holds()


def main() -> None:
    parser = argparse.ArgumentParser(description="Random programs, run for real, against what we say.")
    parser.add_argument("--count", type=int, default=0, help="so many new programs of each kind")
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--keras", type=int, choices=(2, 3), default=3)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--write", action="store_true", help="keep these figures as the committed ones")
    parser.add_argument("--shrink", choices=list(KINDS))
    parser.add_argument("-v", "--verbose", action="count", default=0)
    options = parser.parse_args()
    if options.shrink:
        _shrink(options.shrink)
        return
    if options.record:
        rows = [row for keras in SETS for row in run(kept_programs(keras), keras)]
        with open(KEPT, "w", encoding="utf-8") as handle:
            handle.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
        print(f"{len(rows)} programs, {sum(row['outcome'] == 'raised' for row in rows)} of them raise")
        return
    if options.count:
        kinds = [options.kind] if options.kind else list(KINDS)
        seeds = range(options.seed, options.seed + options.count)
        rows = run([(f"{kind}-{seed}", program(kind, seed)) for kind in kinds for seed in seeds], options.keras)
    else:
        rows = [row for row in load_kept() if options.kind is None or row["name"].startswith(options.kind)]
    found = figures(rows, options.verbose)
    print("  ".join(f"{key} {value}" for key, value in found.items()))
    if options.write and not options.count and options.kind is None:
        with open(FIGURES, "w", encoding="utf-8") as handle:
            json.dump(found, handle, indent=1)
            handle.write("\n")


if __name__ == "__main__":
    main()
