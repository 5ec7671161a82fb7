"""Keep the figures of whole packages.

    python -m tests.conformance.ecosystem.record torch --version 2.13.0
    python -m tests.conformance.ecosystem.record --sdists FOLDER
    python -m tests.conformance.ecosystem.page

The first checks an installed package (or a folder), the second every package in a folder of sdists, wheels or unpacked
packages; both write `figures/NAME.json`, one for each package, and print a line of the table. The third writes
docs/ecosystem.md from all of them. Each package is checked in a process of its own, one after the other, so that its peak of
memory is its own.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import re
import resource
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

from tests.conformance.ecosystem.calls import counted
from tests.conformance.ecosystem.survey import Survey, python_files

HERE: Final = Path(__file__).parent
FIGURES: Final = HERE / "figures"
OWN: Final = {"pytorch-lightning": "lightning", "scikit-learn": "sklearn", "tf_keras": "keras"}
"""What a package is called in the program, where that is another name."""
_ARCHIVE: Final = re.compile(r"(?P<name>.+?)-(?P<version>\d[^-]*)(-.*)?\.(whl|tar\.gz|zip)$")


def measure(name: str, version: str, where: str, every: int = 1) -> dict[str, Any]:
    """The figures of one package."""
    survey = Survey()
    with counted(OWN.get(name, name)) as calls:
        for path in python_files(where)[::every]:
            survey.check(path)
    seconds = sorted(time for time, _ in survey.times) or [0.0]
    root = os.path.dirname(os.path.abspath(where)) if os.path.exists(where) else ""
    return {
        "package": name,
        "version": version,
        "every": every,
        "files": survey.files,
        "lines": survey.lines,
        "seconds": round(sum(seconds), 1),
        "median_seconds": round(seconds[len(seconds) // 2], 3),
        "slowest_seconds": round(seconds[-1], 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "unreadable": survey.unreadable,
        "partial": survey.partial,
        "internal": len(survey.internal),
        "hangs": len(survey.hangs),
        "errors": survey.severities["error"],
        "conditional": survey.severities["conditional"],
        "silent": survey.severities["silent"],
        "names": survey.names,
        "unknown_names": survey.unknown,
        "calls": calls.calls,
        "calls_without_rule": sum(calls.missing.values()),
        "calls_of_unknown_result": calls.unknown,
        "without_rule": dict(calls.missing.most_common(10)),
        "largest": largest(survey),
        "reports": [place.removeprefix(root + os.sep) for place in [*survey.errors, *survey.ended]],
        "slowest": [f"{time:.1f} {Path(path).name}" for time, path in sorted(survey.times, reverse=True)[:5]],
        "failed": [text for _, text in survey.internal[:20]],
        "rules": dict(Counter(text.partition("[")[2].partition("]")[0] for text in survey.errors).most_common()),
    }


def largest(survey: Survey) -> list[str]:
    """Seconds of processor time for each of the 100 largest files."""
    sized = sorted(survey.times, key=lambda row: -os.path.getsize(row[1]))[:100]
    return [f"{time:.2f} {Path(path).name}" for time, path in sized]


def record(name: str, version: str, where: str, every: int = 1) -> dict[str, Any]:
    """Measure in a process of its own; keep the figures, hand out everything."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer"
        child = os.fork()
        if not child:
            code = 1
            try:
                answer.write_text(json.dumps(measure(name, version, where, every)))
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if status:
            raise SystemExit(f"{name}: the check ended with status {status}")
        found: dict[str, Any] = json.loads(answer.read_text())
    FIGURES.mkdir(exist_ok=True)
    kept = {key: value for key, value in found.items() if key not in ("reports", "slowest", "failed", "largest")}
    (FIGURES / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
    return found


def archives(folder: Path, into: Path) -> list[tuple[str, str, str]]:
    """(name, version, folder) of every sdist, wheel and unpacked package in a folder; archives are unpacked first."""
    found: list[tuple[str, str, str]] = []
    for path in sorted(folder.iterdir()):
        match = _ARCHIVE.match(path.name)
        if path.is_dir():
            found.append((path.name, "", str(path)))
        elif match is not None:
            target = into / match["name"]
            if path.name.endswith(".tar.gz"):
                with tarfile.open(path) as packed:
                    packed.extractall(target, filter="data")
            else:
                with zipfile.ZipFile(path) as zipped:
                    zipped.extractall(target)
            found.append((match["name"], match["version"], str(target)))
    return found


def installed_version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def line(found: dict[str, Any]) -> str:
    known = 1 - found["unknown_names"] / max(found["names"], 1)
    unmodelled = found["calls_without_rule"] / max(found["calls"], 1)
    return (
        f"{found['package']} {found['version']}: files {found['files']}, lines {found['lines']:,}, "
        f"{found['seconds']} s (slowest {found['slowest_seconds']} s), {found['peak_mb']} MB, partial {found['partial']}, "
        f"internal {found['internal']}, hangs {found['hangs']}, errors {found['errors']}, "
        f"conditional {found['conditional']}, silent {found['silent']}, something known of {known:.0%} of the names, "
        f"{found['calls']:,} calls into modelled libraries, {unmodelled:.1%} without a rule"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="installed packages, or folders")
    parser.add_argument("--sdists", type=Path, help="a folder of sdists, wheels or unpacked packages")
    parser.add_argument("--version", default="", help="of the one package that is named")
    parser.add_argument("--name", default="", help="what to call the one package that is named")
    parser.add_argument("--every", type=int, default=1, help="only each n-th file")
    parser.add_argument("--details", action="store_true", help="print every report too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as into:
        packages = [
            (options.name or Path(name).name, options.version or installed_version(name), name)
            for name in options.names
        ]
        if options.sdists is not None:
            packages += archives(options.sdists, Path(into))
        for name, version, where in packages:
            found = record(name, version, where, options.every)
            print(line(found), flush=True)
            for text in found["failed"]:
                print(f"  INTERNAL {text}", file=sys.stderr)
            if options.details:
                print(
                    *(f"  {text}" for text in [*found["reports"], *found["slowest"], *found["largest"]]),
                    sep="\n",
                    flush=True,
                )


if __name__ == "__main__":
    main()
