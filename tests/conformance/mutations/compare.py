"""Valid programs with a random slip each, run on the real framework and read by ``foreshape check``.

    python -m tests.conformance.mutations.compare --target torch2 --count 200 --seed 1

The programs are the corrected twins of the verdict suite and the programs of the trace suite. Nobody has chosen the faults, so
that this finds what no suite does: false alarms above all. Every outcome but the good ones is printed: *alarm* (an error told
of a program that runs), *missed*, *line* or *exception* (told otherwise than it comes), *conditional*, *failed* (no answer).
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conformance.mutations.mutate import mutant
from tests.conformance.verdict.compare import check, raised
from tests.conformance.verdict.record import PROGRAMS, Server

TRACE = Path(__file__).parents[1] / "trace" / "programs"
GOOD = ("found", "valid")


def sources(target: str) -> list[Path]:
    """The valid programs of a target."""
    folder = "torch" if target == "torch2" else ""
    return [*sorted((PROGRAMS / folder).glob("*__fixed.py")), *sorted((TRACE / folder).glob("*.py"))]


def outcomes(target: str, count: int, seed: int, folder: Path) -> Iterator[tuple[str, str]]:
    """(outcome, what to print of it) for each mutant."""
    rng = random.Random(seed)
    paths = sources(target)
    rng.shuffle(paths)
    server = Server(target)
    try:
        for number in range(count):
            source = paths[number % len(paths)]
            made = mutant(source.read_text(), rng)
            if made is None:
                continue
            path = folder / f"{number:04}_{source.name}"
            path.write_text(made[1])
            truth = server.run(path)
            reports, failure = check(path, target)
            outcome = "failed" if failure else judged(truth, reports)
            first = next((each for each in reports if not each["caught"]), None)
            told = "" if first is None else f"{first['line']} {raised(first)}: {first['message'][:90]}"
            real = f"{truth.get('line')} {truth.get('exception')}: {truth.get('message', '')[:120]!r}"
            yield outcome, f"{path.name} ({made[0]})\n    real  {truth['verdict']} {real}\n    told  {failure or told}"
    finally:
        server.close()


def judged(truth: dict[str, Any], reports: list[dict[str, Any]]) -> str:
    """One word for what is told of a program against what it does."""
    errors = [each for each in reports if each["severity"] == "error" and not each["caught"]]
    if truth["verdict"] in ("runs", "caught"):
        return "alarm" if errors else "valid"
    if not errors:
        return "conditional" if any(each["severity"] == "conditional" for each in reports) else "missed"
    if errors[0]["line"] != truth["line"]:
        return "line"
    return "found" if raised(errors[0]) == truth["exception"] else "exception"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=("torch2", "keras3", "keras2"), default="torch2")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the programs")
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for outcome, text in outcomes(options.target, options.count, options.seed, folder):
            counts[outcome] += 1
            if outcome not in GOOD:
                print(f"{outcome}: {text}", flush=True)
    print(dict(counts))


if __name__ == "__main__":
    main()
