"""Records the truth of the trace: runs every program on its targets and writes ``truth/NAME.keras3.json`` and so on.

``python -m tests.conformance.trace.record`` records what is new or has changed since it was last recorded;
``--only NAME`` one program, ``--all`` everything again. A program that does not run to its end is not recorded
and is named. The programs are those of ``programs/`` and the corrected ones of ``examples/``; those in a folder ``torch``
are PyTorch programs, the others are for both Kerases.

Set ``FORESHAPE_FRAMEWORK_PYTHON`` to an interpreter that has the frameworks when this one has not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from typing import Any

from tests.conformance.trace.runner import ROOT, TARGETS, run_all

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "programs")
EXAMPLES = os.path.join(ROOT, "examples")
TRUTH = os.path.join(HERE, "truth")
FAMILIES = ("", "torch")


def programs() -> dict[str, str]:
    """Every program that is traced: its name and its path. An example is named ``example-NAME``."""
    found = {}
    for family in FAMILIES:
        mark, folder = f"{family}-" if family else "", os.path.join(PROGRAMS, family)
        found.update({mark + f[:-3]: os.path.join(folder, f) for f in sorted(os.listdir(folder)) if f.endswith(".py")})
        kept = os.path.join(EXAMPLES, family)
        for name in sorted(os.listdir(kept)) if os.path.isdir(kept) else []:
            path = os.path.join(kept, name, "fixed.py")
            if os.path.exists(path):
                found[f"{mark}example-{name}"] = path
    return found


def targets_of(path: str) -> tuple[str, ...]:
    """The targets of a program: PyTorch in a folder of that name, else both Kerases or the one of ``# only: keras=N``."""
    if "torch" in os.path.relpath(path, ROOT).split(os.sep)[:-1]:
        return ("torch=2",)
    with open(path, encoding="utf-8") as handle:
        head = handle.read(300)
    kerases = tuple(t for t in TARGETS if t.startswith("keras"))
    return tuple(t for t in kerases if "# only: keras=" not in head or f"# only: {t}" in head)


def digest(path: str) -> str:
    with open(path, "rb") as handle:
        return hashlib.sha256(handle.read()).hexdigest()[:16]


def truth_path(name: str, target: str) -> str:
    return os.path.join(TRUTH, f"{name}.{target.replace('=', '')}.json")


def load(name: str, target: str) -> dict[str, Any] | None:
    path = truth_path(name, target)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as handle:
        found: dict[str, Any] = json.load(handle)
    return found


def _write(name: str, target: str, path: str, result: dict[str, Any]) -> None:
    head = {
        "program": os.path.relpath(path, ROOT),
        "target": target,
        "sha256": digest(path),
        "versions": result["versions"],
    }
    lines = [json.dumps(head)[1:-1] + ', "shapes": [']
    lines += [" " + json.dumps(entry) + "," for entry in result["shapes"]]
    lines[-1] = lines[-1].rstrip(",")
    with open(truth_path(name, target), "w", encoding="utf-8") as handle:
        handle.write("{" + "\n".join(lines) + "\n]}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--target", choices=TARGETS)
    options = parser.parse_args()
    os.makedirs(TRUTH, exist_ok=True)
    known = programs()
    for target in TARGETS if options.target is None else (options.target,):
        todo = {}
        for name, path in known.items():
            if target not in targets_of(path) or (options.only and name not in options.only):
                continue
            old = load(name, target)
            if options.all or options.only or old is None or old["sha256"] != digest(path):
                todo[name] = path
        if not todo:
            continue
        results = run_all(target, list(todo.values()))
        for name, path in todo.items():
            result = results[os.path.abspath(path)]
            if result["outcome"] != "ok":
                print(
                    f"FAILED {name} {target}: {result.get('exception', result['outcome'])} "
                    f"line {result.get('line')}: {result.get('message', '')[:300]}"
                )
                print("   " + result.get("log", "")[-300:].replace("\n", "\n   ") if "message" not in result else "")
                continue
            _write(name, target, path, result)
            print(f"{name} {target}: {len(result['shapes'])} names, {result['seconds']} s")


if __name__ == "__main__":
    main()
