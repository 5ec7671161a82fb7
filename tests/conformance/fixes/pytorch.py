"""The same for the PyTorch programs of the verdict corpus, all of them run after they were fixed.

    python -m tests.conformance.fixes.pytorch [--run] [--only SLUG] [--write]

The share counts the errors that are not caught, over all programs that raise. With ``--run`` the first fix of the first
error is applied, the program checked again, and so on until no error with a fix is left, as somebody would who mends it;
what comes out runs on real PyTorch. "run" says that nothing raises, "as_corrected" that its tensors then have the shapes
that they have in the person's own correction of the program (its twin).
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
ROOT = HERE.parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

VERDICT = HERE.parent / "verdict"
PROGRAMS = VERDICT / "programs" / "torch"
FIGURES = HERE / "figures_torch.json"
MOST_STEPS = 4
SHAPES = """
def _shapes():
    import json
    from pathlib import Path
    found = {}
    for name, value in list(globals().items()):
        shape = getattr(value, "shape", None)
        if not name.startswith("_") and not isinstance(value, type) and hasattr(shape, "__iter__"):
            found[name] = list(shape)
    Path(%r).write_text(json.dumps(found))
_shapes()
"""


class Row(NamedTuple):
    slug: str
    rule: str
    line: int
    title: str  # of the first verified fix, "" where there is none
    splices: list[Any]
    seconds: float


def check(path: Path, slug: str) -> list[Row]:
    """The errors of one program with their first verified fixes, in execution order."""
    from foreshape.cli.session import CheckSession
    from foreshape.fixes.edits import Splice

    start = time.process_time()
    outcome = CheckSession({}, fix_seconds=5.0).check([str(path)])
    seconds = time.process_time() - start
    rows = []
    for report in outcome.reports:
        if report.severity != "error" or report.caught:
            continue
        fix = next((each for each in report.fixes if each.verified), None)
        splices = [
            Splice(edit.path or str(path), edit.line, edit.column, edit.end_line, edit.end_column, edit.text)
            for edit in (fix.edits if fix is not None else ())
        ]
        rows.append(Row(slug, report.rule, report.line, fix.title if fix is not None else "", splices, seconds))
    return rows


def slugs(only: list[str] | None = None) -> list[str]:
    """The faulty programs that raise."""
    truth = json.loads((VERDICT / "truth_torch.json").read_text(encoding="utf-8"))
    found = [
        slug.removeprefix("torch/")
        for slug, entry in truth.items()
        if not slug.endswith("__fixed") and entry["torch2"]["verdict"] == "raises"
    ]
    return [slug for slug in found if not only or slug in only]


def compare_all(only: list[str] | None = None) -> list[Row]:
    """Every error of the programs that raise."""
    return [row for slug in slugs(only) for row in check(PROGRAMS / f"{slug}.py", slug)]


def mended(slug: str, folder: Path) -> tuple[Path, list[str]]:
    """The program after its fixes, and what they were."""
    from foreshape.fixes.apply import edited_bytes

    target = folder / f"{slug}.py"
    target.write_bytes((PROGRAMS / f"{slug}.py").read_bytes())
    applied: list[str] = []
    for _ in range(MOST_STEPS):
        row = next((each for each in check(target, slug) if each.splices), None)
        if row is None:
            break
        target.write_bytes(edited_bytes(str(target), target.read_bytes(), row.splices))
        applied.append(row.title)
    return target, applied


def run(rows: list[Row]) -> list[dict[str, Any]]:
    """Mend every program that has a fix and run what comes out, and its twin, one forked process per program."""
    from tests.conformance.verdict.record import Server

    server = Server("torch2")
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for slug in dict.fromkeys(row.slug for row in rows if row.splices):
            path, applied = mended(slug, folder)
            outcome, shapes = _run(server, path, path.read_text(encoding="utf-8"))
            differ: dict[str, Any] = {}
            if outcome["verdict"] == "runs":
                twin = PROGRAMS / f"{slug}__fixed.py"
                _, wanted = _run(server, folder / twin.name, twin.read_text(encoding="utf-8"))
                differ = {key: (shapes[key], wanted[key]) for key in shapes.keys() & wanted.keys()}
                differ = {key: pair for key, pair in sorted(differ.items()) if pair[0] != pair[1]}
            found.append({"slug": slug, "applied": applied, **outcome, "differ": differ})
    server.close()
    return found


def _run(server: Any, path: Path, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    told = path.with_suffix(".json")
    path.write_text(text.rstrip("\n") + "\n" + SHAPES % str(told), encoding="utf-8")
    outcome = server.run(path)
    return outcome, json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}


def figures_of(rows: list[Row]) -> dict[str, Any]:
    by_rule: dict[str, list[bool]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, []).append(bool(row.splices))
    fixed = sum(bool(row.splices) for row in rows)
    return {
        "errors": len(rows),
        "fixed": fixed,
        "share": round(100 * fixed / len(rows), 1),
        "seconds_slowest": round(max(row.seconds for row in rows), 1),
        "by_rule": {rule: f"{sum(found)}/{len(found)}" for rule, found in sorted(by_rule.items())},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="run the mended programs on real PyTorch")
    parser.add_argument("--only", action="append")
    parser.add_argument("--write", action="store_true", help="write figures_torch.json")
    args = parser.parse_args()
    rows = compare_all(args.only)
    for row in rows:
        print(f"{row.rule:20} {row.slug}:{row.line}  {row.title or '-'}")
    figures = figures_of(rows)
    before = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    figures["run"] = before.get("run")
    if args.run:
        outcomes = run(rows)
        for outcome in outcomes:
            if outcome["verdict"] != "runs":
                print(f"FAILS {outcome}")
            elif outcome["differ"]:
                print(f"OTHER SHAPES {outcome['slug']}: {outcome['applied']} {outcome['differ']}")
        runs = sum(outcome["verdict"] == "runs" for outcome in outcomes)
        alike = sum(outcome["verdict"] == "runs" and not outcome["differ"] for outcome in outcomes)
        share = round(100 * runs / len(outcomes), 1)
        figures["run"] = {"programs": len(outcomes), "run": runs, "share": share, "as_corrected": alike}
    print(json.dumps(figures, indent=1))
    if args.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
