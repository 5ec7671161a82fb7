"""How many of the errors in the verdict programs get a fix, and whether programs run once they are fixed.

    python -m tests.conformance.fixes.compare [--run] [--only SLUG] [--cache FILE] [--write]

The programs are those of Keras, NumPy and pandas. The share counts reports of grade "error" that the program does not
catch, for Keras 3, or for Keras 2 where a program fails on that only; a fix counts where it was verified. With ``--run``
every program that has a fix for all of its errors is mended as ``foreshape fix --yes --unsafe-fixes`` does it, by the
first fix of each, and run on the real framework: "run" says that nothing raises, "as_corrected" that its models and
arrays then have the shapes that they have in the person's own correction of the program (its twin). One process per Keras
imports it once and forks for each program.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
VERDICT = HERE.parent / "verdict"
PROGRAMS = VERDICT / "programs"
FIGURES = HERE / "figures.json"
SAMPLE_SIZE = 60
OPTIONS: dict[str, dict[str, str]] = {"keras3": {}, "keras2": {"keras": "2"}}
SHAPES = """
def _shapes():
    import json
    from pathlib import Path
    def shape(value):
        found = getattr(value, "output_shape", None) if hasattr(value, "layers") else getattr(value, "shape", None)
        return None if found is None or callable(found) else str(found).replace("[", "(").replace("]", ")")
    found = {}
    for name, value in list(globals().items()):
        try:
            text = None if name.startswith("_") else shape(value)
        except Exception:
            text = None
        if text is not None and not isinstance(value, type):
            found[("model " if hasattr(value, "layers") else "array ") + name] = text
    Path(%r).write_text(json.dumps(found))
_shapes()
"""


class Row(NamedTuple):
    slug: str
    target: str
    rule: str
    line: int
    fixes: list[dict[str, Any]]
    shown: list[int]  # the lines that the report shows, and those that define what stands on them
    seconds: float


def programs() -> list[tuple[str, str]]:
    """Every faulty program with the Keras that it fails on."""
    truth = json.loads((VERDICT / "truth.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted(PROGRAMS.glob("*.py")):
        entry = truth.get(path.stem, {})
        if path.stem.endswith("__fixed"):
            continue
        fails = {key for key, value in entry.items() if key != "digest" and value["verdict"] == "raises"}
        found.append((path.stem, "keras2" if fails == {"keras2"} else "keras3"))
    return found


def check(slug: str, target: str) -> list[Row]:
    """The errors of one program with their fixes."""
    from foreshape.cli.session import CheckSession
    from foreshape.source.targets import parse_targets

    path = str(PROGRAMS / f"{slug}.py")
    start = time.process_time()
    options = parse_targets([f"{name}={version}" for name, version in OPTIONS[target].items()])
    outcome = CheckSession(options, fix_seconds=5.0).check([path])
    seconds = time.process_time() - start
    return [
        Row(slug, target, each.rule, each.line, [fix.as_dict() | {"checked": fix.checked} for fix in each.fixes],
            lines_of(path, each), seconds)
        for each in outcome.reports
        if each.severity == "error" and not each.caught
    ]  # fmt: skip


def lines_of(path: str, report: Any) -> list[int]:
    """The lines that a report is about: those of its frame and chain, and the assignments of the names on them."""
    shown = {line.line for line in report.frame} | {entry.line for entry in report.stack}
    for step in report.chain:
        shown.update(range(step.place.line, step.place.end_line + 1))
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    names: set[str] = set()
    literals: set[Any] = set()
    inside: set[str] = set()  # functions that a shown line is in: what they are called with matters
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.lineno in {entry.line for entry in report.stack}:
            literals |= {node.value} if isinstance(node.value, str) or node.value not in (0, 1, 2) else set()
    for _ in range(3):  # what stands there, what that was made of, and what that was made of
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and shown & set(range(node.lineno, (node.end_lineno or 0) + 1)):
                inside.add(node.name)
            if isinstance(node, (ast.Name, ast.Attribute)) and node.lineno in shown:
                names.add(node.id if isinstance(node, ast.Name) else node.attr)
        for node in ast.walk(tree):
            if isinstance(node, (ast.For, ast.While)) and shown & set(range(node.lineno, (node.end_lineno or 0) + 1)):
                ends = [each for each in node.body if isinstance(each, ast.If) and isinstance(each.body[-1], ast.Break)]
                shown.update(each.lineno for each in ends)  # how often a shown line runs
            bound: list[ast.AST] = []
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.comprehension)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                bound = [part for each in targets for part in ast.walk(each)]
            elif isinstance(node, ast.Constant) and isinstance(node.value, (str, int)) and node.lineno not in shown:
                if node.value in literals and not isinstance(node.value, bool):
                    shown.add(node.lineno)  # the same number or file, written again
            elif (
                isinstance(node, ast.Call)
                and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) in inside
            ):
                shown.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
                shown.add(node.lineno)
                shown.update(part.lineno for part in ast.walk(node) if isinstance(part, ast.Return))
            if any(
                (part.id if isinstance(part, ast.Name) else getattr(part, "attr", None)) in names
                for part in bound
                if isinstance(part, (ast.Name, ast.Attribute)) and isinstance(part.ctx, ast.Store)
            ):
                first = node.target if isinstance(node, ast.comprehension) else node
                last = node.iter if isinstance(node, (ast.comprehension, ast.For)) else node
                shown.update(range(first.lineno, (last.end_lineno or last.lineno) + 1))  # type: ignore[attr-defined]
    # the call that compiles or fits a model, and the imports, are never beside the matter
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("compile", "fit", "batch")
        if called or isinstance(node, (ast.Import, ast.ImportFrom)):
            shown.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))  # type: ignore[attr-defined]
    return sorted(shown)


def astray(row: Row) -> list[str]:
    """The first fix, where it edits a line that has nothing to do with the fault."""
    if not row.fixes or not row.fixes[0]["verified"]:
        return []
    lines = [edit["line"] for edit in row.fixes[0]["edits"] if not edit["text"].endswith("\n")]
    return [row.fixes[0]["title"]] if any(line not in row.shown for line in lines) else []


def compare_all(only: list[str] | None = None) -> list[Row]:
    """Every error of the faulty programs."""
    return [row for slug, target in programs() if not only or slug in only for row in check(slug, target)]


def is_fixed(row: Row) -> bool:
    return any(fix["verified"] for fix in row.fixes)


def mendable(rows: list[Row]) -> list[tuple[str, str]]:
    """The programs that have a fix for every error."""
    found: dict[tuple[str, str], bool] = {}
    for row in rows:
        found[row.slug, row.target] = found.get((row.slug, row.target), True) and is_fixed(row)
    return [program for program, able in found.items() if able]


def sample(able: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Some of them, the same ones as long as the corpus is the same."""
    return able if len(able) <= SAMPLE_SIZE else sorted(random.Random(5).sample(able, SAMPLE_SIZE))


def mended(slug: str, target: str, folder: Path) -> tuple[bytes, list[str]]:
    """The program as ``foreshape fix --yes --unsafe-fixes`` leaves it, and what was changed."""
    from foreshape.cli.fix import Mending
    from foreshape.source.targets import parse_targets

    path = folder / f"{slug}.py"
    path.write_bytes((PROGRAMS / f"{slug}.py").read_bytes())
    options = parse_targets([f"{name}={version}" for name, version in OPTIONS[target].items()])
    mending = Mending(options, unsafe=True)
    mending.mend(str(path))
    return mending.changed.get(str(path), path.read_bytes()), mending.made


class Runner:
    """Runs programs, each text once: what was found is kept in ``cache`` where that is a file."""

    def __init__(self, folder: Path, cache: Path | None) -> None:
        self.folder = folder
        self.cache = cache
        self.known = json.loads(cache.read_text(encoding="utf-8")) if cache is not None and cache.exists() else {}
        self.servers: dict[str, Any] = {}

    def run(self, target: str, name: str, text: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The outcome, and the shapes of the models and arrays of the module."""
        from tests.conformance.verdict.record import Server, digest

        key = f"{target} {name} {digest(text)}"
        if key not in self.known:
            if target not in self.servers:
                self.servers[target] = Server(target)
            path, told = self.folder / f"{name}.py", self.folder / f"{name}.json"
            path.write_text(text.rstrip("\n") + "\n" + SHAPES % str(told), encoding="utf-8")
            outcome = self.servers[target].run(path)
            self.known[key] = [outcome, json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}]
            if self.cache is not None:
                self.cache.write_text(json.dumps(self.known), encoding="utf-8")
        outcome, shapes = self.known[key]
        return outcome, shapes

    def close(self) -> None:
        for server in self.servers.values():
            server.close()


def run(able: list[tuple[str, str]], twins: bool, cache: Path | None = None) -> list[dict[str, Any]]:
    """Mend each and run what comes out, and its twin, one forked process per program."""
    sys.path.insert(0, str(VERDICT.parents[2]))
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        runner = Runner(Path(name), cache)
        for slug, target in able:
            text, made = mended(slug, target, runner.folder)
            outcome, shapes = runner.run(target, slug, text.decode("utf-8"))
            same: dict[str, tuple[str, str]] | None = None
            if twins and runs(outcome):
                twin = f"{slug}__fixed"
                _, wanted = runner.run(target, twin, (PROGRAMS / f"{twin}.py").read_text(encoding="utf-8"))
                same = {key: (shapes[key], wanted[key]) for key in sorted(shapes.keys() & wanted.keys())}
            found.append({"slug": slug, "made": made, **outcome, "shapes": same})
        runner.close()
    return found


def runs(outcome: dict[str, Any]) -> bool:
    return outcome["verdict"] in ("runs", "caught")


def differing(outcome: dict[str, Any], kind: str = "") -> list[str]:
    """The models and arrays that have another shape than in the twin."""
    held = (outcome["shapes"] or {}).items()
    pairs = [(key, one, other) for key, (one, other) in held if "<" not in one]
    return [f"{key}: {one} for {other}" for key, one, other in pairs if one != other and key.startswith(kind)]


def figures_of(rows: list[Row]) -> dict[str, Any]:
    by_rule: dict[str, list[bool]] = {}
    for row in rows:
        by_rule.setdefault(row.rule, []).append(is_fixed(row))
    return {
        "errors": len(rows),
        "fixed": sum(map(is_fixed, rows)),
        "share": round(100 * sum(map(is_fixed, rows)) / len(rows), 1),
        "astray": sum(bool(astray(row)) for row in rows),
        "seconds_slowest": round(max(row.seconds for row in rows), 1),
        "by_rule": {rule: f"{sum(found)}/{len(found)}" for rule, found in sorted(by_rule.items())},
    }


def figures_of_runs(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    ran = [outcome for outcome in outcomes if runs(outcome)]
    alike = [outcome for outcome in ran if outcome["shapes"] is not None and not differing(outcome)]
    models = [outcome for outcome in ran if any(key.startswith("model ") for key in outcome["shapes"] or ())]
    return {
        "programs": len(outcomes),
        "run": len(ran),
        "share": round(100 * len(ran) / max(len(outcomes), 1), 1),
        "with_models": len(models),
        "models_as_corrected": sum(not differing(outcome, "model ") for outcome in models),
        "as_corrected": len(alike),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", action="store_true", help="run what is mended on the real frameworks")
    parser.add_argument("--only", action="append")
    parser.add_argument("--cache", type=Path, help="a file that keeps what runs have given")
    parser.add_argument("--write", action="store_true", help="write figures.json")
    args = parser.parse_args()
    rows = compare_all(args.only)
    for row in rows:
        first = f"{row.fixes[0]['title']}  [{row.fixes[0]['grade']}]" if row.fixes else "-"
        print(f"{row.rule:20} {row.slug}:{row.line}  {first}{'   ASTRAY' if astray(row) else ''}")
    figures = figures_of(rows)
    before = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    figures["mended"] = before.get("mended")
    if args.run:
        outcomes = run(mendable(rows), True, args.cache)
        for outcome in outcomes:
            if not runs(outcome):
                print(f"FAILS {outcome['slug']}: {outcome['made']} {outcome.get('exception')} line {outcome.get('line')} "
                      f"{outcome.get('message', '')[:150]!r}")  # fmt: skip
            elif differing(outcome):
                print(f"OTHER {outcome['slug']}: {outcome['made']} {differing(outcome)}")
        figures["mended"] = figures_of_runs(outcomes)
    print(json.dumps(figures, indent=1))
    if args.write and not args.only:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
