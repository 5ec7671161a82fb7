"""Holds calls on the real library against ours, through program texts.

A case is one statement after a prelude; what it binds to ``r`` is compared by kind, shape and dtype, or what it raises
by class and message. ``record`` runs the real library and keeps its answers; ``compare`` asks Foreshape.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import Counter
from typing import Any

from tests.conformance.trace.observe import observe
from tests.conformance.trace.ours import check, shapes

ELEMENTS = re.compile(r"(?s)\barray=.*?\n(?=Reshape)")


def truth_of(prelude: str, case: str) -> dict[str, Any]:
    """What the real library does."""
    import warnings

    scope: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(prelude, scope)
        try:
            exec(case, scope)
        except Exception as error:
            return {"raises": type(error).__name__, "message": str(error)}
    seen = observe(scope.get("r"))
    if seen is None or seen.dims is None:
        return {"kind": None}
    return {"kind": seen.kind, "shape": list(seen.dims), "dtype": seen.dtype}


def record(prelude: str, cases: list[str], path: str) -> None:
    """Write the answers of the real library, one line per case."""
    rows = [{"case": case, **truth_of(prelude, case)} for case in cases]
    with open(path, "w", encoding="utf-8") as handle:
        handle.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    raising = sum("raises" in row for row in rows)
    print(f"{len(rows)} cases, {raising} raise")


def message(text: str) -> str:
    """A message without the elements of arrays."""
    return ELEMENTS.sub("array=[...].\n", text)


def ours_of(prelude: str, case: str) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """(errors that Foreshape reports in the case, its entry for ``r``)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(prelude + "\n" + case + "\n")
        start = prelude.count("\n") + 1
        errors = [d for d in check(path, "keras=3")["diagnostics"] if d["severity"] == "error" and d["line"] > start]
        entry = next((e for e in reversed(shapes(path, "keras=3")) if e["name"] == "r" and e["line"] > start), None)
    return errors, entry


def together(prelude: str, rows: list[dict[str, Any]]) -> list[tuple[list[dict[str, Any]], dict[str, Any] | None]]:
    """As ``ours_of`` for many cases in one program, a line each: for those that do not raise."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w", encoding="utf-8") as handle:
            handle.write(prelude + "\n" + "".join(row["case"] + "\n" for row in rows))
        start = prelude.count("\n") + 2
        errors = [d for d in check(path, "keras=3")["diagnostics"] if d["severity"] == "error"]
        entries = {e["line"]: e for e in shapes(path, "keras=3") if e["name"] == "r"}
    return [([d for d in errors if d["line"] == start + k], entries.get(start + k)) for k in range(len(rows))]


def _count(
    figures: Counter[str],
    row: dict[str, Any],
    errors: list[dict[str, Any]],
    entry: dict[str, Any] | None,
    show: bool,
) -> None:
    found, text = verdict(row, errors, entry)
    figures[found] += 1
    if show and found not in ("same", "symbolic"):
        want = (
            f"{row['raises']}: {row['message']}"
            if "raises" in row
            else f"{row['kind']} {row.get('shape')} {row.get('dtype')}"
        )
        print(f"{found:8} {row['case']}\n         real {want}\n         ours {text}")


def compare_together(prelude: str, path: str, show: bool = True, size: int = 100) -> Counter[str]:
    """As ``compare``, with the cases that run in programs of many lines."""
    with open(path, encoding="utf-8") as handle:
        rows = json.load(handle)
    figures: Counter[str] = Counter()
    runs = [row for row in rows if "raises" not in row]
    found = [answer for k in range(0, len(runs), size) for answer in together(prelude, runs[k : k + size])]
    for row, (errors, entry) in zip(runs, found):
        _count(figures, row, errors, entry, show)
    for row in rows:
        if "raises" in row:
            _count(figures, row, *ours_of(prelude, row["case"]), show)
    print(dict(sorted(figures.items())))
    return figures


def verdict(row: dict[str, Any], errors: list[dict[str, Any]], entry: dict[str, Any] | None) -> tuple[str, str]:
    """("same" | "symbolic" | "unknown" | "missed" | "text" | "wrong", what is ours)."""
    if "raises" in row:
        if not errors:
            return "missed", "nothing"
        raises = errors[0]["raises"]
        if raises["exception"] != row["raises"]:
            return "wrong", f"{raises['exception']}: {raises['message']}"
        same = message(raises["message"]).strip() == message(row["message"]).strip()
        return ("same", "") if same else ("text", raises["message"])
    if errors:
        return "wrong", f"alarm {errors[0]['rule']}: {errors[0]['message']}"
    if row["kind"] is None:
        if entry is not None and entry["kind"] is not None:
            return "wrong", str(entry)
        return "same", ""
    if entry is None or entry["kind"] is None or entry["shape"] is None:
        return "unknown", "" if entry is None else str(entry["reason"])
    shown = f"{entry['kind']} {entry['shape']} {entry['dtype']} {entry['alternatives']}"
    if entry["kind"] != row["kind"]:
        return "wrong", shown
    found = [entry["shape"], *entry["alternatives"]]
    if not any(fits(one, row["shape"]) for one in found):
        return "wrong", shown
    if entry["dtype"] is not None and row["dtype"] is not None and plain(entry["dtype"]) != plain(row["dtype"]):
        return "wrong", shown
    whole = all(isinstance(size, int) for size in entry["shape"]) and len(found) == 1
    known = entry["dtype"] is not None or row["dtype"] is None
    return ("same" if whole and known else "symbolic"), shown


def plain(dtype: str) -> str:
    """Texts by their kind."""
    return "str" if dtype.startswith("<U") else "datetime64" if dtype.startswith("datetime64") else dtype


def fits(ours: list[Any] | None, real: list[int]) -> bool:
    if ours is None:
        return True
    return len(ours) == len(real) and all(not isinstance(a, int) or a == b for a, b in zip(ours, real))


def compare(prelude: str, path: str, show: bool = True) -> Counter[str]:
    """Hold every recorded case against Foreshape."""
    with open(path, encoding="utf-8") as handle:
        rows = json.load(handle)
    figures: Counter[str] = Counter()
    for row in rows:
        _count(figures, row, *ours_of(prelude, row["case"]), show)
    print(dict(sorted(figures.items())))
    return figures
