"""Runs every example on both Kerases and writes what each did to ``truth.json``.

``python -m tests.conformance.examples.record``; a corrected example that fails, or a faulty one that runs on
both Kerases, stops it. Lines of a notebook count within the code cell, as in Foreshape's reports.
"""

from __future__ import annotations

import json
import os
from typing import Any

from tests.conformance.trace.record import EXAMPLES
from tests.conformance.trace.runner import run_all

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "truth.json")


def examples() -> dict[str, str]:
    """``{"folder/faulty.py": path}`` for every example."""
    found = {}
    for folder in sorted(os.listdir(EXAMPLES)):
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
    for keras in (3, 2):
        results = run_all(keras, list(examples().values()), trace=False)
        for name, path in examples().items():
            table[name][f"keras={keras}"] = _entry(path, results[path])
    for name, row in table.items():
        verdicts = {entry["verdict"] for entry in row.values()}
        if verdicts == ({"runs"} if "faulty" in name else {"raises"}) or ("fixed" in name and "raises" in verdicts):
            raise SystemExit(f"{name}: {row}")
    with open(TRUTH, "w", encoding="utf-8") as handle:
        json.dump(table, handle, indent=1)
        handle.write("\n")


if __name__ == "__main__":
    main()
