"""What ``foreshape check`` says about the corpus, against what the real run did.

Of a program that raises, the first report that is an uncaught error (in execution order) must name the line and the
exception. Of one that catches its error, the first caught report must. Of one that runs, there must be no report
that claims a failure. Corrected twins must have no report at all.

    python -m tests.conformance.verdict.compare [--only SLUG] [--target torch2] [--all] [--write]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.conformance.verdict.record import HERE, PROGRAMS, load_all

FIGURES = HERE / "figures.json"
TARGETS = ("keras3", "keras2", "torch2")


class Row(NamedTuple):
    slug: str
    target: str
    cause: str
    twin: bool
    truth: dict[str, Any]
    got: dict[str, Any] | None  # the report that was compared
    reports: list[dict[str, Any]]
    verdict: bool
    line: bool
    exception: bool
    stack: bool  # every line of the program in the traceback, outermost first
    silent_found: bool
    failure: str | None
    seconds: float

    @property
    def right(self) -> bool:
        return self.verdict and self.line and self.exception


def committed() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return data


def spoken(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """What is said against a program: notes are not."""
    return [each for each in answer["diagnostics"] if each["severity"] != "note"]


def check(path: Path, target: str) -> tuple[list[dict[str, Any]], str | None]:
    """The reports on one file, and why there are none where the checker itself failed."""
    from click.testing import CliRunner

    from foreshape.cli.main import foreshape

    arguments = ["check", "--format", "json", "--target", f"{target[:-1]}={target[-1]}", str(path)]
    result = CliRunner().invoke(foreshape, arguments)
    try:
        answer = json.loads(result.stdout)
    except json.JSONDecodeError:
        reason = repr(result.exception) if result.exception else result.output[-300:]
        return [], f"no answer: {reason}"
    # A file that was only partly checked, with a reason, is an honest answer; an error of our own is not.
    for file in answer["files"]:
        if file["status"] == "unreadable" or "internal error" in (file["reason"] or ""):
            return spoken(answer), f"{file['status']}: {file['reason']}"
    return spoken(answer), None


def raised(report: dict[str, Any]) -> str:
    raises = report.get("raises") or {}
    return str(raises.get("exception", "")).rsplit(".", 1)[-1]


def compare_one(slug: str, target: str, truth: dict[str, Any], note: dict[str, Any]) -> Row:
    start = time.perf_counter()
    reports, failure = check(PROGRAMS / f"{slug}.py", target)
    seconds = time.perf_counter() - start
    twin = slug.endswith("__fixed")
    claims = ("error", "conditional")
    uncaught = [r for r in reports if r["severity"] in claims and not r["caught"]]
    caught = [r for r in reports if r["severity"] in claims and r["caught"]]
    silent_found = any(r["severity"] == "silent" for r in reports)
    # What depends on random values cannot be called certain.
    accepted = claims if note.get("chance") else ("error",)
    if truth["verdict"] == "runs":
        got = next(iter(uncaught + caught), None)
        if twin and got is None:
            got = next(iter(reports), None)
        # What fails only on a machine that is unlike the recorder's may be said, with that condition.
        right = got is None or bool(note.get("elsewhere") and got["severity"] == "conditional")
        line = exception = stack = right
    else:
        pool = caught if truth["verdict"] == "caught" else uncaught
        got = next((r for r in pool if r["severity"] in accepted), None)
        right = got is not None and not (truth["verdict"] == "caught" and uncaught)
        line = got is not None and got["line"] == truth["line"]
        exception = got is not None and raised(got) == truth["exception"]
        stack = got is not None and [step["line"] for step in got["stack"]] == truth["stack"]
        got = got or next(iter(uncaught + caught), None)
    return Row(
        slug=slug,
        target=target,
        cause=note["cause"],
        twin=twin,
        truth=truth,
        got=got,
        reports=reports,
        verdict=right,
        line=line,
        exception=exception,
        stack=stack,
        silent_found=silent_found,
        failure=failure,
        seconds=seconds,
    )


def compare_all(only: list[str] | None = None, targets: tuple[str, ...] = TARGETS) -> list[Row]:
    truth, notes = load_all(0), load_all(1)
    rows = []
    for slug, entry in truth.items():
        base = slug.removesuffix("__fixed")
        if only and not {slug, base, base.rpartition("/")[2]} & set(only):
            continue
        rows += [compare_one(slug, t, entry[t], notes[base]) for t in targets if t in entry]
    return rows


def share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 100.0


def figures_of(rows: list[Row]) -> dict[str, Any]:
    faulty = [row for row in rows if not row.twin]
    failing = [row for row in faulty if row.truth["verdict"] != "runs"]
    quiet = [row for row in faulty if row.truth["verdict"] == "runs"]
    twins = [row for row in rows if row.twin]
    return {
        "programs": len({row.slug for row in faulty}),
        "runs": len(faulty),
        "verdict": share(sum(row.verdict for row in faulty), len(faulty)),
        "failing": len(failing),
        "line": share(sum(row.line for row in failing), len(failing)),
        "exception": share(sum(row.exception for row in failing), len(failing)),
        "stack": share(sum(row.stack for row in failing), len(failing)),
        "silent": len(quiet),
        "silent_false_claims": sum(not row.verdict for row in quiet),
        "silent_reported": sum(row.silent_found for row in quiet),
        "twins": len(twins),
        "alarms": sum(not row.verdict for row in twins),
        "checker_failures": sum(row.failure is not None for row in rows),
    }


def worse(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """The figures that got worse than the committed ones."""
    more = ("programs", "verdict", "line", "exception", "stack", "silent_reported")
    less = ("silent_false_claims", "alarms", "checker_failures")
    found = [f"{name}: {before[name]} -> {now[name]}" for name in more if now[name] < before[name]]
    return found + [f"{name}: {before[name]} -> {now[name]}" for name in less if now[name] > before[name]]


# -- printing -------------------------------------------------------------------------------------------------------


def told(report: dict[str, Any] | None) -> str:
    if report is None:
        return "nothing"
    caught = ", caught" if report["caught"] else ""
    return f"{report['severity']}{caught} {raised(report)} line {report['line']} [{report['rule']}]"


def expected(truth: dict[str, Any]) -> str:
    if truth["verdict"] == "runs":
        return "runs"
    return f"{truth['verdict']} {truth['exception']} line {truth['line']}"


def print_table(rows: list[Row]) -> None:
    causes = sorted({row.cause for row in rows})
    print(f"{'cause':20}{'runs':>6}{'verdict':>9}{'line':>8}{'exception':>11}{'twins':>7}{'alarms':>8}")
    for cause in causes:
        part = figures_of([row for row in rows if row.cause == cause])
        print(
            f"{cause:20}{part['runs']:6}{part['verdict']:8.0f}%{part['line']:7.0f}%{part['exception']:10.0f}%"
            f"{part['twins']:7}{part['alarms']:8}"
        )


def print_differences(rows: list[Row]) -> None:
    for row in rows:
        if row.right and not row.failure:
            continue
        mark = "ALARM " if row.twin else ""
        print(f"\n{mark}{row.slug} [{row.target}]  want {expected(row.truth)}; got {told(row.got)}")
        if "message" in row.truth:
            print(f"    real: {' '.join(row.truth['message'].split())[:200]}")
        if row.got:
            print(f"    ours: {row.got['message'][:200]}")
            if row.got.get("condition"):
                print(f"    only when: {row.got['condition']}")
        if row.failure:
            print(f"    checker: {row.failure[:300]}")


def print_details(rows: list[Row]) -> None:
    for row in rows:
        print(f"\n=== {row.slug} [{row.target}]  {'right' if row.right else 'DIFFERS'}  {row.seconds * 1000:.0f} ms")
        print(f"want  {expected(row.truth)}  stack {row.truth.get('stack')}")
        if "message" in row.truth:
            print(f"      {row.truth['message']}")
        for report in row.reports:
            print(f"got   {told(report)}  stack {[step['line'] for step in report['stack']]}")
            print(f"      {report['message']}")
            print(f"      {(report.get('raises') or {}).get('message')}")
        if row.failure:
            print(f"checker: {row.failure}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="this program and its twin, in detail")
    parser.add_argument("--target", choices=TARGETS, action="append")
    parser.add_argument("--all", action="store_true", help="print every program, not only the differences")
    parser.add_argument("--write", action="store_true", help="write figures.json")
    args = parser.parse_args()
    targets = tuple(args.target or TARGETS)
    rows = compare_all(args.only, targets)
    if args.only or args.all:
        print_details(rows)
    else:
        print_differences(rows)
        print()
        print_table(rows)
    by_target = {target: figures_of([row for row in rows if row.target == target]) for target in targets}
    print()
    print(json.dumps(by_target, indent=1))
    print(f"slowest: {max((round(row.seconds, 2), row.slug) for row in rows)}" if rows else "no such program")
    if args.write:
        FIGURES.write_text(json.dumps({**committed(), **by_target}, indent=1) + "\n", encoding="utf-8")
    return int(any(not row.right for row in rows))


if __name__ == "__main__":
    sys.exit(main())
