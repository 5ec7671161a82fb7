"""What one check costs, beside what else could be run on the same file. Everything in one run, in turn, medians.

    python benchmarks/cost.py [--runs 7] [--script FILE] [--write]

CPU seconds (user + system, children included) of whole processes. Peers that are not installed are left out and named. The script
must raise when it is really run: `python script.py` is timed until it does. `--write` keeps the table in benchmarks/cost.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
SCRIPT = HERE / "script_60_lines.py"
QUIET = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
QUIET.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode beside it; so must an editable one


def cpu_of(command: Sequence[str], folder: str) -> float:
    """CPU seconds of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def commands(script: str, copies: str) -> dict[str, list[str]]:
    """What is timed, by a name for the table."""
    python = sys.executable
    found = {
        "python -c pass": [python, "-c", "pass"],
        "ast.parse": [python, "-c", f"import ast; ast.parse(open({script!r}).read())"],
        "foreshape check": [python, "-m", "foreshape", "check", script],
        "foreshape check --format json": [python, "-m", "foreshape", "check", "--format", "json", script],
        "foreshape check, 20 such files": [python, "-m", "foreshape", "check", "--format", "concise", copies],
        "python script.py until it raises": [python, script],
    }
    for name, arguments in (("pyrefly", ["check"]), ("pyright", []), ("mypy", ["--ignore-missing-imports"])):
        path = shutil.which(name, path=os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", "")]))
        if path is not None:
            found[f"{name}"] = [path, *arguments, script]
    return found


def measure(runs: int, script: Path) -> str:
    """The table, as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        copies = Path(folder) / "copies"
        copies.mkdir()
        for number in range(20):
            shutil.copy(script, copies / f"train_{number}.py")
        target = Path(folder) / "train.py"
        shutil.copy(script, target)
        # a command that only says that the module is missing is quick, too
        subprocess.run([sys.executable, "-m", "foreshape", "--version"], cwd=folder, env=QUIET, check=True)
        timed: dict[str, list[float]] = {name: [] for name in commands(str(target), str(copies))}
        for turn in range(runs + 1):
            for name, command in commands(str(target), str(copies)).items():
                seconds = cpu_of(command, folder)
                if turn:  # the first round warms the caches
                    timed[name].append(seconds)
    medians = {name: statistics.median(values) for name, values in timed.items()}
    one, many = medians["foreshape check"], medians["foreshape check, 20 such files"]
    rows = ["| command | median CPU s | min | max |", "|---|---|---|---|"]
    for name, values in timed.items():
        rows.append(f"| `{name}` | {medians[name]:.3f} | {min(values):.3f} | {max(values):.3f} |")
    rows.append("")
    rows.append(f"Each further file: {(many - one) / 19 * 1000:.1f} ms.")
    ratio = medians["python script.py until it raises"] / one
    rows.append(f"Reaching the error for real costs {ratio:.1f} times the CPU of checking.")
    missing = [name for name in ("pyrefly", "pyright", "mypy") if name not in timed]
    if missing:
        rows.append(f"Not installed, left out: {', '.join(missing)}.")
    rows.append(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {runs} runs.")
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--script", type=Path, default=SCRIPT)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    table = measure(options.runs, options.script)
    print(table)
    if options.write:
        (HERE / "cost.md").write_text("# Cost of one check\n\n" + table)


if __name__ == "__main__":
    main()
