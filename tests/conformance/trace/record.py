"""Records the truth of the trace: runs every program on both Kerases and writes ``truth/NAME.kerasN.json``.

``python -m tests.conformance.trace.record`` records what is new or has changed since it was last recorded;
``--only NAME`` one program, ``--all`` everything again. A program that does not run to its end is not recorded
and is named. The programs are those of ``programs/`` and the corrected ones of ``examples/``.

Set ``FORESHAPE_FRAMEWORK_PYTHON`` to an interpreter that has the frameworks when this one has not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from typing import Any

from tests.conformance.trace.runner import ROOT, run_all

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "programs")
EXAMPLES = os.path.join(ROOT, "examples")
TRUTH = os.path.join(HERE, "truth")
KERASES = (3, 2)


def programs() -> dict[str, str]:
    """Every program that is traced: its name and its path. An example is named ``example-NAME``."""
    found = {f[:-3]: os.path.join(PROGRAMS, f) for f in sorted(os.listdir(PROGRAMS)) if f.endswith(".py")}
    for folder in sorted(os.listdir(EXAMPLES)) if os.path.isdir(EXAMPLES) else []:
        path = os.path.join(EXAMPLES, folder, "fixed.py")
        if os.path.exists(path):
            found[f"example-{folder}"] = path
    return found


def keras_versions(path: str) -> tuple[int, ...]:
    """The Kerases a program is for: both, unless it says ``# only: keras=N`` in its first lines."""
    with open(path, encoding="utf-8") as handle:
        head = handle.read(300)
    return tuple(k for k in KERASES if "# only: keras=" not in head or f"# only: keras={k}" in head)


def digest(path: str) -> str:
    with open(path, "rb") as handle:
        return hashlib.sha256(handle.read()).hexdigest()[:16]


def truth_path(name: str, keras: int) -> str:
    return os.path.join(TRUTH, f"{name}.keras{keras}.json")


def load(name: str, keras: int) -> dict[str, Any] | None:
    path = truth_path(name, keras)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as handle:
        found: dict[str, Any] = json.load(handle)
    return found


def _write(name: str, keras: int, path: str, result: dict[str, Any]) -> None:
    head = {
        "program": os.path.relpath(path, ROOT),
        "target": f"keras={keras}",
        "sha256": digest(path),
        "versions": result["versions"],
    }
    lines = [json.dumps(head)[1:-1] + ', "shapes": [']
    lines += [" " + json.dumps(entry) + "," for entry in result["shapes"]]
    lines[-1] = lines[-1].rstrip(",")
    with open(truth_path(name, keras), "w", encoding="utf-8") as handle:
        handle.write("{" + "\n".join(lines) + "\n]}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--keras", type=int, choices=KERASES)
    options = parser.parse_args()
    os.makedirs(TRUTH, exist_ok=True)
    known = programs()
    for keras in KERASES if options.keras is None else (options.keras,):
        todo = {}
        for name, path in known.items():
            if keras not in keras_versions(path) or (options.only and name not in options.only):
                continue
            old = load(name, keras)
            if options.all or options.only or old is None or old["sha256"] != digest(path):
                todo[name] = path
        if not todo:
            continue
        results = run_all(keras, list(todo.values()))
        for name, path in todo.items():
            result = results[os.path.abspath(path)]
            if result["outcome"] != "ok":
                print(
                    f"FAILED {name} keras={keras}: {result.get('exception', result['outcome'])} "
                    f"line {result.get('line')}: {result.get('message', '')[:300]}"
                )
                print("   " + result.get("log", "")[-300:].replace("\n", "\n   ") if "message" not in result else "")
                continue
            _write(name, keras, path, result)
            print(f"{name} keras={keras}: {len(result['shapes'])} names, {result['seconds']} s")


if __name__ == "__main__":
    main()
