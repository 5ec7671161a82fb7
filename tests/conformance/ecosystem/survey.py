"""Check every Python file of installed packages or folders, and say how it went.

    python -m tests.conformance.ecosystem.survey keras numpy path/to/folder [--limit N] [--errors] [--slow]

Counts files, faults by severity, internal errors, files that ran out of budget, names of which nothing is known, time and
memory. Each file is analysed in this process, alone (its own project's imports resolved), as `foreshape check` does.
"""

from __future__ import annotations

import argparse
import collections
import importlib.util
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from foreshape.domain.values import Unknown
from foreshape.interpret.analyze import analyze_file
from foreshape.source.files import read_source
from foreshape.source.imports import ImportResolver, SourceCache
from foreshape.source.installed import installed_versions
from foreshape.source.targets import Targets

INSTALLED: Final = installed_versions(None)[0]
"""A package is checked against the versions that it stands beside."""


MOST_SECONDS: Final = 40
"""Of processor time. A file that takes longer hangs: the budget of the analysis ends it long before."""


KEPT_FOR: Final = 100
"""Files that share what was read of the modules that they import, as the files of one `foreshape check` do."""


class Hang(BaseException):
    """A file took longer than any budget allows."""


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raises Hang when what is inside takes more processor time; where there is no such clock, it takes what it takes."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class Survey:
    """What was seen over all files."""

    def __init__(self) -> None:
        self.files = self.lines = self.partial = self.unreadable = 0
        self.names = self.unknown = 0
        self.hangs: list[str] = []
        self.severities: collections.Counter[str] = collections.Counter()
        self.internal: list[tuple[str, str]] = []
        self.errors: list[str] = []
        self.times: list[tuple[float, str]] = []
        self.ended: list[str] = []
        self.reasons: collections.Counter[str] = collections.Counter()
        self.cache = SourceCache()

    def check(self, path: str) -> None:
        source = read_source(path)
        if self.files % KEPT_FOR == 0:
            self.cache = SourceCache()
        self.files += 1
        self.lines += len(source.lines)
        if source.tree is None:
            self.unreadable += 1
            return
        started = time.process_time()
        try:
            with at_most(MOST_SECONDS):
                analysis = analyze_file(source, Targets(INSTALLED), ImportResolver(path, (), self.cache))
        except Hang:
            self.hangs.append(path)
            return
        except Exception:
            self.internal.append((path, traceback.format_exc()))
            return
        finally:
            self.times.append((time.process_time() - started, path))
        self.internal.extend((path, text) for text in analysis.internal)
        if analysis.status == "partial" and analysis.reason:
            self.partial += 1
            self.ended.append(f"{path}  partial: {analysis.reason}")
            self.reasons[analysis.reason.partition(",")[0].rstrip("0123456789 ")] += 1
        for assigned in analysis.assigned:
            if assigned.path == source.path:
                self.names += 1
                self.unknown += all(isinstance(value, Unknown) for value in assigned.values)
        for finding in analysis.findings:
            kind = "caught" if finding.caught else finding.severity
            self.severities[kind] += 1
            if kind in ("error", "conditional"):
                raises = finding.fault.raises
                place = " > ".join(f"{os.path.basename(where)}:{line}" for where, line in finding.stack)
                text = (
                    ""
                    if raises is None
                    else f"{raises.exception}: {raises.message.splitlines()[0] if raises.message else ''}"
                )
                self.errors.append(f"{path}  {place}  {kind}[{finding.fault.name}] {text}")

    def report(self) -> str:
        times = sorted(seconds for seconds, _ in self.times) or [0.0]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return (
            f"files {self.files}, lines {self.lines:,}, unreadable {self.unreadable}, partial {self.partial}, "
            f"internal errors {len(self.internal)}, hangs {len(self.hangs)}\n"
            f"findings {dict(self.severities)}; nothing is known of {self.unknown:,} of {self.names:,} names\n"
            f"seconds: all {sum(times):.1f}, median {times[len(times) // 2]:.3f}, slowest {times[-1]:.2f}; "
            f"memory {memory:.0f} MB"
        )


def python_files(name: str) -> list[str]:
    """The files of a folder, a file, or an installed package."""
    if os.path.exists(name):
        root = Path(name)
    else:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise SystemExit(f"{name} is neither a path nor an installed package")
        root = Path(spec.origin).parent
    return [str(root)] if root.is_file() else sorted(str(path) for path in root.rglob("*.py"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--every", type=int, default=1, help="only each n-th file")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--slow", action="store_true")
    options = parser.parse_args()
    survey = Survey()
    for name in options.names:
        files = python_files(name)[:: options.every]
        for path in files[: options.limit or None]:
            survey.check(path)
    for path, text in survey.internal[:20]:
        print(f"INTERNAL {path}\n{text}", file=sys.stderr)
    if options.errors:
        print("\n".join(survey.errors))
    if options.slow:
        for seconds, path in sorted(survey.times, reverse=True)[:15]:
            print(f"{seconds:6.2f}  {path}")
    print(survey.report())


if __name__ == "__main__":
    main()
