"""Hold Foreshape against the docstring examples of installed packages.

    python tests/conformance/docstrings/hold.py numpy|keras|tf_keras|torch [--show KIND] [--only WORD] [--limit N]

Each example is first run. Of one that runs, nothing may be reported (``alarm``), and the shape and dtype of every
array that it assigns or shows are compared: ``same``, ``unknown`` or ``wrong``. Of one that raises, the exception and
line must be right if anything is said: ``found``, ``found-otherwise``, ``missed``. What Foreshape cannot see from the
source (a module that is not installed, a name that the docstring never defines) counts as ``missed`` only.
"""

from __future__ import annotations

import argparse
import collections
import sys
from typing import Any

from extract import Outcome, Program, prepare, programs, run

KINDS = ("same", "unknown", "wrong", "wrong-dtype", "alarm", "found", "found-otherwise", "missed", "internal")


class Checker:
    """Foreshape, for one version of Keras."""

    def __init__(self, package: str) -> None:
        from foreshape.cli.session import CheckSession
        from foreshape.source.targets import parse_targets

        self.session = CheckSession(parse_targets(("keras=2",) if package == "tf_keras" else ()))

    def says(self, source: str) -> tuple[list[Any], list[Any]]:
        """(findings that raise, shapes) of a program."""
        from foreshape.cli import engine
        from foreshape.source.files import source_from_bytes
        from foreshape.source.imports import ImportResolver

        file = source_from_bytes("example.py", source.encode())
        resolver = ImportResolver("example.py", (), self.session.cache)
        analysis = engine.analyze(file, self.session.targets_of("."), resolver)
        findings = [f for f in analysis.findings if f.fault.raises is not None and not f.caught]
        return findings, engine.shapes(analysis, file)


def judge(checker: Checker, made: Program, outcome: Outcome) -> list[tuple[str, str]]:
    """A kind and words for the verdict, and for every array."""
    try:
        findings, entries = checker.says(made.source)
    except Exception as error:
        return [("internal", f"{type(error).__name__}: {error}")]
    said = "; ".join(f"line {f.stack[-1][1]} {f.severity} {f.fault.raises.exception} {f.fault.name}" for f in findings)
    results: list[tuple[str, str]] = []
    certain = [f for f in findings if f.severity == "error"]
    # What comes after the line where the run stopped was not seen.
    reached = [f for f in certain if outcome.line is None or f.stack[-1][1] <= outcome.line]
    if outcome.ran:
        if certain:
            results.append(("alarm", said))
    elif not reached:
        results.append(("missed", f"line {outcome.line} {outcome.exception}: {outcome.message}"))
    else:
        right = (reached[0].stack[-1][1], reached[0].fault.raises.exception) == (outcome.line, outcome.exception)
        results.append(
            ("found" if right else "found-otherwise", f"{said}; really line {outcome.line} {outcome.exception}")
        )
    by_place = {(entry.line, entry.name): entry for entry in entries}
    for line, name, shape, dtype in outcome.shapes:
        results.append(compare(by_place.get((line, name)), name, line, shape, dtype))
    return results


def compare(entry: Any, name: str, line: int, shape: list[int | None], dtype: str) -> tuple[str, str]:
    """One array: real against said. Names without an entry are scalars or unknown."""
    said = entry.shapes[0] if entry is not None and entry.shapes else None
    words = f"line {line} {name}: {shape} {dtype}, said {said} {entry.dtype if entry else None}"
    if said is None:
        return "unknown", f"{words} {entry.reason if entry else ''}"
    if len(said) != len(shape) or any(isinstance(b, int) and a != b for a, b in zip(shape, said, strict=True)):
        return "wrong", words
    if any(isinstance(a, int) and not isinstance(b, int) for a, b in zip(shape, said, strict=True)):
        return "unknown", words
    if entry.dtype is not None and plain(entry.dtype) != plain(dtype):
        return "wrong-dtype", words
    return "same", words


def plain(dtype: str) -> str:
    """Text of every width is one dtype here, and so are records."""
    dtype = dtype.replace("<U", "str").replace("|S", "bytes")
    for start in ("str", "bytes", "void", "datetime64", "timedelta64"):
        if dtype.startswith(start):
            return start
    return dtype


def main() -> int:
    """Exit status 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", choices=("numpy", "keras", "tf_keras", "torch"))
    parser.add_argument("--show", choices=KINDS, action="append", default=[])
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=int, default=20)
    options = parser.parse_args()
    prepare(options.package)
    checker = Checker(options.package)
    counts: collections.Counter[str] = collections.Counter()
    shown = 0
    for made in programs(options.package):
        if options.only not in made.name:
            continue
        outcome = run(made)
        counts["programs"] += 1
        for kind, words in judge(checker, made, outcome):
            counts[kind] += 1
            if kind in options.show and shown < options.limit:
                shown += 1
                numbered = "".join(f"{i:4} {line}\n" for i, line in enumerate(made.source.splitlines(), 1))
                print(f"--- {kind} {made.name}\n{numbered}{words}\n")
    print(", ".join(f"{counts[kind]} {kind}" for kind in ("programs", *KINDS)))
    return 1 if counts["wrong"] or counts["wrong-dtype"] or counts["alarm"] or counts["internal"] else 0


if __name__ == "__main__":
    sys.exit(main())
