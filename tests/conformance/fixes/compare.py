"""How many of the errors in the verdict programs get a fix, and whether programs run once they are fixed.

    python -m tests.conformance.fixes.compare [--run] [--only SLUG] [--write]

The share counts reports of grade "error" that are right about the program (line and exception as in ``truth.json`` of the
verdict corpus) and are not caught. With ``--run`` the first fix of a fixed sample is applied and the program run on the
real framework: "past" says that the fault's own line no longer raises that exception, "runs" that nothing raises.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
VERDICT = HERE.parent / "verdict"
PROGRAMS = VERDICT / "programs"
FIGURES = HERE / "figures.json"
SAMPLE_SIZE = 40


class Row(NamedTuple):
    slug: str
    rule: str
    line: int
    fixes: list[dict[str, Any]]
    splices: list[Any]
    only_fault: bool  # the program has no other error
    seconds: float


def check(slug: str) -> list[Row]:
    """The errors of one program with their fixes."""
    from foreshape.cli.session import CheckSession
    from foreshape.fixes.edits import Splice

    path = str(PROGRAMS / f"{slug}.py")
    start = time.process_time()
    outcome = CheckSession({}, fix_seconds=5.0).check([path])
    seconds = time.process_time() - start
    errors = [each for each in outcome.reports if each.severity == "error" and not each.caught]
    rows = []
    for report in errors:
        verified = [fix for fix in report.fixes if fix.verified]
        splices = [
            Splice(edit.path or path, edit.line, edit.column, edit.end_line, edit.end_column, edit.text)
            for edit in (verified[0].edits if verified else ())
        ]
        fixes = [fix.as_dict() for fix in report.fixes]
        rows.append(Row(slug, report.rule, report.line, fixes, splices, len(errors) == 1, seconds))
    return rows


def compare_all(only: list[str] | None = None) -> list[Row]:
    """Every error of the faulty programs."""
    slugs = [path.stem for path in sorted(PROGRAMS.glob("*.py")) if not path.stem.endswith("__fixed")]
    return [row for slug in slugs if not only or slug in only for row in check(slug)]


def is_fixed(row: Row) -> bool:
    return any(fix["verified"] for fix in row.fixes)


def sample(rows: list[Row]) -> list[Row]:
    """Every n-th of the programs with one fault and a fix: the same ones as long as the corpus is the same."""
    able = [row for row in rows if row.only_fault and row.splices]
    step = max(len(able) // SAMPLE_SIZE, 1)
    return able[::step][:SAMPLE_SIZE]


def run(rows: list[Row]) -> list[dict[str, Any]]:
    """Apply the first fix of each and run what comes out, one forked process per program."""
    from foreshape.fixes.apply import edited_bytes

    sys.path.insert(0, str(VERDICT.parents[2]))
    from tests.conformance.verdict.record import Server

    server = Server("keras3")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            path = PROGRAMS / f"{row.slug}.py"
            target = Path(folder) / f"{row.slug}.py"
            target.write_bytes(edited_bytes(str(path), path.read_bytes(), row.splices))
            outcome = server.run(target)
            found.append({"slug": row.slug, "rule": row.rule, "title": row.fixes[0]["title"], **outcome})
    server.close()
    return found


def figures_of(rows: list[Row]) -> dict[str, Any]:
    by_rule: dict[str, list[bool]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, []).append(is_fixed(row))
    return {
        "errors": len(rows),
        "fixed": sum(map(is_fixed, rows)),
        "share": round(100 * sum(map(is_fixed, rows)) / len(rows), 1),
        "seconds_slowest": round(max(row.seconds for row in rows), 1),
        "by_rule": {rule: f"{sum(found)}/{len(found)}" for rule, found in sorted(by_rule.items())},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="run the sample on the real framework")
    parser.add_argument("--only", action="append")
    parser.add_argument("--write", action="store_true", help="write figures.json")
    args = parser.parse_args()
    rows = compare_all(args.only)
    for row in rows:
        first = row.fixes[0]["title"] if row.fixes else "-"
        print(f"{row.rule:20} {row.slug}:{row.line}  {first}")
    figures = figures_of(rows)
    before = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    figures["sample"] = before.get("sample")
    if args.run:
        outcomes = run(sample(rows) if not args.only else rows)
        for outcome in outcomes:
            if outcome["verdict"] != "runs":
                print(f"FAILS {outcome}")
        runs = sum(outcome["verdict"] == "runs" for outcome in outcomes)
        figures["sample"] = {"programs": len(outcomes), "run": runs, "share": round(100 * runs / len(outcomes), 1)}
    print(json.dumps(figures, indent=1))
    if args.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
