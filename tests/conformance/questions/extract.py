"""Takes the Python blocks and the table of truth out of the question documents.

``python -m tests.conformance.questions.extract FOLDER`` writes ``blocks/NNN_i.py`` and, from the table in
``FOLDER/truth.md``, ``truth.json``; ``--run`` then runs every block on both Kerases and takes the verdict, the line and
the exception class from what really happened. A row where the run differs from the table stops it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from typing import Any

from tests.conformance.trace.runner import run_all

HERE = os.path.dirname(os.path.abspath(__file__))
BLOCKS = os.path.join(HERE, "blocks")
FENCE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
CELL = re.compile(r"(?P<exception>[A-Z]\w*Error)(?: at|,) line (?P<line>\d+)(?P<caught>, caught)?")


def blocks(folder: str) -> dict[str, str]:
    """The source of each Python block, by its name ``NNN_i``."""
    found: dict[str, str] = {}
    for name in sorted(os.listdir(folder)):
        if not re.match(r"\d{3}_.*\.txt$", name):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as handle:
            text = handle.read()
        for i, match in enumerate(FENCE.finditer(text), start=1):
            found[f"{name[:3]}_{i}"] = match.group(1)
    return found


def _cell(text: str) -> dict[str, Any]:
    match = CELL.search(text)
    if match is None:
        return {"verdict": "runs", "line": None, "exception": None, "caught": False}
    return {
        "verdict": "raises",
        "line": int(match["line"]),
        "exception": match["exception"],
        "caught": match["caught"] is not None,
    }


def truth_table(folder: str) -> dict[str, dict[str, Any]]:
    """The verdicts of ``truth.md``: ``{block: {"keras=3": ..., "keras=2": ..., "cause": ...}}``."""
    table: dict[str, dict[str, Any]] = {}
    with open(os.path.join(folder, "truth.md"), encoding="utf-8") as handle:
        for row in handle:
            cells = [c.strip() for c in row.strip().strip("|").split("|")]
            if len(cells) == 5 and re.fullmatch(r"\d{3}_\d", cells[0]):
                table[cells[0]] = {"keras=3": _cell(cells[2]), "keras=2": _cell(cells[3]), "cause": cells[4]}
    return table


def _uncaught(source: str) -> str:
    """The block with its handlers made to raise again, so that a caught exception can be seen."""
    return re.sub(r"^(\s*)(except [^\n]*:)\n", r"\1\2 raise\n\1if False:\n", source, flags=re.MULTILINE)


def _run(names: list[str], keras: int) -> dict[str, dict[str, Any]]:
    paths = {name: os.path.join(BLOCKS, f"{name}.py") for name in names}
    plain = run_all(f"keras={keras}", list(paths.values()), trace=False)
    made: dict[str, dict[str, Any]] = {}
    for name, path in paths.items():
        result = plain[path]
        with open(path, encoding="utf-8") as handle:
            source = handle.read()
        caught = False
        if result["outcome"] == "ok" and "except " in source:
            copy = os.path.join(BLOCKS, f"_{name}.py")
            with open(copy, "w", encoding="utf-8") as handle:
                handle.write(_uncaught(source))
            result = run_all(f"keras={keras}", [copy], trace=False)[copy]
            os.remove(copy)
            caught = result["outcome"] == "raised"
        if result["outcome"] == "ok":
            made[name] = {"verdict": "runs", "line": None, "exception": None, "caught": False}
        else:
            made[name] = {
                "verdict": "raises",
                "line": result["line"],
                "exception": result["exception"],
                "caught": caught,
                "message": result["message"].split("\n")[0][:200],
            }
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--run", action="store_true", help="confirm the table by running every block")
    options = parser.parse_args()
    found = blocks(options.folder)
    table = truth_table(options.folder)
    if set(found) != set(table):
        raise SystemExit(f"blocks and table differ: {sorted(set(found) ^ set(table))}")
    os.makedirs(BLOCKS, exist_ok=True)
    for name, source in found.items():
        with open(os.path.join(BLOCKS, f"{name}.py"), "w", encoding="utf-8") as handle:
            handle.write(source)
    if options.run:
        for keras in (3, 2):
            for name, real in _run(sorted(found), keras).items():
                said = table[name][f"keras={keras}"]
                differs = [key for key in ("verdict", "line") if real[key] != said[key]]
                print(f"{name} keras={keras} {real}" + (f"   TABLE SAYS {said}" if differs else ""))
                table[name][f"keras={keras}"] = real
    with open(os.path.join(HERE, "truth.json"), "w", encoding="utf-8") as handle:
        json.dump(table, handle, indent=1)
        handle.write("\n")


if __name__ == "__main__":
    main()
