"""What each checker finds in programs that really fail, and what it says of their corrected twins.

    python benchmarks/detection.py [--shape-stubs FOLDER] [--write]

The programs are the faulty ones of tests/conformance/verdict and their twins; where and how each one fails was recorded from real
runs (truth.json, truth_torch.json). A fault counts as found where a tool reports an error on the line that really raises, or on a
line of the program that calls it at that moment; any error in a twin, which runs, is a false alarm. Each tool checks all programs
in one call, so its CPU seconds are of one start. Peers that are not installed are left out and named. pyrefly is run as it comes
and, with --shape-stubs, with its rules for tensor shapes: the folder that pyrefly-torch-stubs and pyrefly-shape-extensions were
installed into (pip install --target FOLDER), so that other checkers do not see them. mypy does not follow imports here: all of
PyTorch would take it minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERDICT = HERE.parent / "tests" / "conformance" / "verdict"
FAMILIES = {"PyTorch": ("truth_torch.json", "torch2"), "Keras": ("truth.json", "keras3")}
Found = dict[str, set[int]]
LINE = re.compile(r"^ *(?:ERROR )?(?P<path>[^:\n]+):(?P<line>\d+)[:,]")


def programs(family: str) -> tuple[dict[str, set[int]], list[str]]:
    """The lines that each faulty program raises through, and the names of the twins that run."""
    name, target = FAMILIES[family]
    truth: dict[str, Any] = json.loads((VERDICT / name).read_text())
    faulty: dict[str, set[int]] = {}
    twins: list[str] = []
    for slug, told in truth.items():
        real = told.get(target)
        if real is None or not (VERDICT / "programs" / f"{slug}.py").is_file():
            continue
        if real["verdict"] == "raises" and not slug.endswith("__fixed"):
            faulty[slug] = {real["line"], *real.get("stack", ())}
        elif real["verdict"] == "runs" and slug.endswith("__fixed"):
            twins.append(slug)
    return faulty, twins


def commands(folder: str, stubs: str | None) -> dict[str, list[str]]:
    """The checkers that are installed."""
    python = sys.executable
    found = {"foreshape": [python, "-m", "foreshape", "check", "--format", "concise", "-q", folder]}
    where = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")])
    pyrefly, pyright = shutil.which("pyrefly", path=where), shutil.which("pyright", path=where)
    mypy = shutil.which("mypy", path=where)
    if pyrefly is not None:
        common = ["check", "--python-interpreter-path", python, "--output-format", "min-text", folder]
        found["pyrefly"] = [pyrefly, *common]
        if stubs is not None:
            shapes = ["--preset", "default", "--search-path", stubs]
            found["pyrefly with shape stubs"] = [pyrefly, "check", *shapes, *common[1:]]
    if pyright is not None:
        found["pyright"] = [pyright, "--pythonpath", python, folder]
    if mypy is not None:
        found["mypy"] = [mypy, "--follow-imports=skip", "--ignore-missing-imports", "--no-error-summary", folder]
    return found


def run(command: list[str], folder: Path) -> tuple[Found, float]:
    """The lines with errors by program, and the CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines: Found = defaultdict(set)
    for told in done.stdout.splitlines():
        match = LINE.match(told)
        if match is not None and re.search(r"\berror\b", told.partition(" `")[0], re.IGNORECASE):
            lines[Path(match["path"]).stem].add(int(match["line"]))
    return lines, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(family: str, stubs: str | None) -> list[str]:
    """A table of one family, as Markdown."""
    faulty, twins = programs(family)
    rows = [f"## {family}: {len(faulty)} faulty programs, {len(twins)} corrected ones", ""]
    rows += [
        "| checker | faults found on their line | false alarms in corrected programs | CPU s |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for slug in (*faulty, *twins):
            shutil.copy(VERDICT / "programs" / f"{slug}.py", folder / f"{slug.replace('/', '_')}.py")
        for tool, command in commands(str(folder), stubs).items():
            lines, seconds = run(command, folder)
            hits = sum(bool(lines.get(slug.replace("/", "_"), set()) & where) for slug, where in faulty.items())
            alarms = sum(bool(lines.get(slug.replace("/", "_"))) for slug in twins)
            rows.append(f"| {tool} | {hits} ({hits / len(faulty):.0%}) | {alarms} | {seconds:.1f} |")
    return [*rows, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape-stubs")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    parts = [line for family in FAMILIES for line in measure(family, options.shape_stubs)]
    missing = [tool for tool in ("pyrefly", "pyright", "mypy") if tool not in commands(".", None)]
    if missing:
        parts.append(f"Not installed, left out: {', '.join(missing)}.")
    table = "\n".join(parts).rstrip() + "\n"
    print(table)
    if options.write:
        (HERE / "detection.md").write_text("# What checkers find in programs that fail\n\n" + table)


if __name__ == "__main__":
    main()
