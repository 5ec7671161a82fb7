"""Runs every example on its targets, both Kerases or PyTorch, and writes what each did to ``truth.json``.

``python -m tests.conformance.examples.record``; a corrected example that fails, or a faulty one that runs on
all of them, stops it. Lines of a notebook count within the code cell, as in Foreshape's reports.
"""

from __future__ import annotations

import json
import os
from typing import Any

from tests.conformance.trace.record import EXAMPLES, FAMILIES, targets_of
from tests.conformance.trace.runner import TARGETS, run_all

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "truth.json")


def examples() -> dict[str, str]:
    """``{"folder/faulty.py": path}`` for every example; a folder of PyTorch's is ``torch/folder``."""
    found = {}
    parts = [os.path.join(family, name) for family in FAMILIES for name in os.listdir(os.path.join(EXAMPLES, family))]
    for folder in sorted(parts):
        for name in ("faulty.py", "fixed.py", "faulty.ipynb", "fixed.ipynb"):
            path = os.path.join(EXAMPLES, folder, name)
            if os.path.exists(path):
                found[f"{folder}/{name}"] = path
    return found


def place_in_notebook(path: str, line: int) -> tuple[int, int]:
    """The (code cell, line in it), both from 1, of a line of the joined program."""
    with open(path, encoding="utf-8") as handle:
        cells = [c for c in json.load(handle)["cells"] if c["cell_type"] == "code"]
    for number, cell in enumerate(cells, start=1):
        length = "".join(cell["source"]).count("\n") + 1
        if line <= length:
            return number, line
        line -= length
    raise ValueError(f"line {line} is past the last cell of {path}")


def _entry(path: str, result: dict[str, Any]) -> dict[str, Any]:
    if result["outcome"] == "ok":
        return {"verdict": "runs", "cell": None, "line": None, "exception": None}
    cell, line = None, result["line"]
    if path.endswith(".ipynb"):
        cell, line = place_in_notebook(path, line)
    return {
        "verdict": "raises",
        "cell": cell,
        "line": line,
        "exception": result["exception"],
        "bases": result["bases"],
        "message": result["message"].split("\n")[0][:200],
    }


def main() -> None:
    table: dict[str, dict[str, Any]] = {name: {} for name in examples()}
    for target in TARGETS:
        chosen = {name: path for name, path in examples().items() if target in targets_of(path)}
        results = run_all(target, list(chosen.values()), trace=False)
        for name, path in chosen.items():
            table[name][target] = _entry(path, results[path])
    for name, row in table.items():
        verdicts = {entry["verdict"] for entry in row.values()}
        if verdicts == ({"runs"} if "faulty" in name else {"raises"}) or ("fixed" in name and "raises" in verdicts):
            raise SystemExit(f"{name}: {row}")
    with open(TRUTH, "w", encoding="utf-8") as handle:
        json.dump(table, handle, indent=1)
        handle.write("\n")


if __name__ == "__main__":
    main()
