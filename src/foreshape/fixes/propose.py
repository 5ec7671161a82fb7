"""The fixes of every report of a file: proposed by family, held against the program, the best few kept."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from time import process_time
from typing import TYPE_CHECKING, Final

from foreshape.explain.places import Sources
from foreshape.explain.report import Edit, Fix
from foreshape.fixes.bench import Bench
from foreshape.fixes.candidate import DISPLAY, SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals import SILENT as SILENT_RULES
from foreshape.fixes.proposals import proposers
from foreshape.fixes.verify import GRAVE, SILENT, Program

if TYPE_CHECKING:
    from foreshape.explain.report import Report
    from foreshape.fixes.edits import Splice
    from foreshape.interpret.analyze import Analysis
    from foreshape.interpret.findings import Finding
    from foreshape.source.files import SourceFile
    from foreshape.source.imports import ImportResolver
    from foreshape.source.targets import Targets

MOST_FIXES: Final = 3
MOST_TRIED: Final = 60
FAR_FETCHED: Final = 5
NEARLY_MEANT: Final = 1
WORTH_PAIRING: Final = 1
MOST_PAIRED: Final = 4
LONGEST_LINE: Final = 76
LONGEST_NEW: Final = 100
MOST_LINES: Final = 3
SECONDS: Final = 1.0


class Proposal:
    """A fix and the finding that it is for. left: how grave the faults are that the program has with it."""

    __slots__ = ("candidate", "fix", "left")

    def __init__(self, candidate: Candidate, fix: Fix, left: int = 0) -> None:
        self.candidate = candidate
        self.fix = fix
        self.left = left


def propose(
    told: Sequence[tuple[Finding, Report]],
    source: SourceFile,
    targets: Targets,
    resolver: ImportResolver,
    analysis: Analysis,
    seconds: float = SECONDS,
) -> list[Proposal]:
    """Put fixes into the reports of a file. Gives back all of them, in the order of the reports.

    What a proposal raises costs this proposal only, unless FORESHAPE_TRACEBACK is set. ``seconds`` bounds the whole
    file: what has not been verified by then is not offered."""
    program = Program(source, targets, resolver, analysis)
    sources = Sources(resolver.read)
    until = process_time() + seconds
    found: list[Proposal] = []
    for finding, report in told:
        if process_time() > until:
            break
        if report.severity not in ("error", "conditional") and finding.fault.name not in SILENT_RULES:
            continue
        for proposal in _fixes(finding, sources, program, until):
            report.fixes.append(proposal.fix)
            found.append(proposal)
    return found


def _fixes(finding: Finding, sources: Sources, program: Program, until: float) -> list[Proposal]:
    kept: list[Proposal] = []
    shown: list[Proposal] = []
    doubtful: list[Proposal] = []
    uncovering: list[Proposal] = []
    node = sources.find(finding.span)
    ranked = _ranked(finding, sources)
    likely = sum(candidate.likely < FAR_FETCHED for candidate in ranked)
    for number, candidate in enumerate([*ranked[:likely], *_together(ranked), *ranked[likely:]]):
        if len(kept) == MOST_FIXES or number == MOST_TRIED or process_time() > until:
            break
        if number >= likely and (kept or doubtful):
            break  # what knows more about the fault has found something
        try:
            if candidate.grade == DISPLAY:
                shown.append(Proposal(candidate, _fix(candidate, sources, finding, False, "")))
                continue
            proof = program.checked(finding, node, candidate.splices, *_hidden(candidate))
            if proof is not None:
                proposal = Proposal(candidate, _fix(candidate, sources, finding, True, proof.text), proof.left)
                (uncovering if proof.uncovers else kept if proof.known else doubtful).append(proposal)
        except Exception:
            if os.environ.get("FORESHAPE_TRACEBACK"):
                raise
    kept.sort(key=lambda each: each.left)  # of changes that mend one place, the one that mends others with it
    return [*kept, *(doubtful or ([] if kept else uncovering[:1])), *shown][:MOST_FIXES]


def _together(ranked: Sequence[Candidate]) -> Iterator[Candidate]:
    """The likeliest changes of different lines two by two: a layer and the loss may both have to change."""
    for one, other in combinations([each for each in ranked if each.grade != DISPLAY][:MOST_PAIRED], 2):
        apart = {each.row for each in one.splices}.isdisjoint(each.row for each in other.splices)
        if apart and max(one.likely, other.likely) <= WORTH_PAIRING:
            yield Candidate(f"{one.title}; {other.title}", [*one.splices, *other.splices], UNSAFE, FAR_FETCHED)


def _hidden(candidate: Candidate) -> tuple[int, bool]:
    """What may show behind the fault, on its line and below: of a change that is certainly meant anything there, of a
    likely one what trains; below, of one that is nearly certain."""
    here = GRAVE if candidate.grade == SAFE else SILENT if candidate.likely < FAR_FETCHED else 0
    return here, candidate.likely <= NEARLY_MEANT


def _ranked(finding: Finding, sources: Sources) -> list[Candidate]:
    """Every different candidate, the likeliest and smallest first."""
    bench = Bench(finding, sources)
    found: dict[object, Candidate] = {}
    for candidate in _with_validation(bench, _all(bench)):
        key = tuple(sorted((each.path, each.key, each.text) for each in candidate.splices))
        if key and (key not in found or candidate.likely < found[key].likely):
            found[key] = candidate
    return sorted(found.values(), key=lambda each: (each.likely, each.size))


def _all(bench: Bench) -> Iterator[Candidate]:
    for proposer in proposers(bench.fault.name):
        try:
            yield from proposer(bench)
        except Exception:
            if os.environ.get("FORESHAPE_TRACEBACK"):
                raise


def _with_validation(bench: Bench, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """What is put behind x or y of ``fit`` alone, and behind those of its ``validation_data`` as well."""
    node = bench.node
    held = bench.keyword(node, "validation_data") if isinstance(node, ast.Call) else None
    given = held.value.elts if held is not None and isinstance(held.value, (ast.Tuple, ast.List)) else []
    ends = {
        bench.after(bench.path, argument, "").key: other
        for argument, other in zip(node.args[:2] if isinstance(node, ast.Call) else (), given, strict=False)
    }
    for candidate in candidates:
        yield candidate
        also = [
            bench.part(bench.path, ends[each.key], each.text)
            for each in candidate.splices
            if each.key in ends and each.row == each.end_row and each.column == each.end_column
        ]
        if also:
            splices = [*candidate.splices, *also]
            yield Candidate(candidate.title, splices, candidate.grade, candidate.likely)


def _fix(candidate: Candidate, sources: Sources, finding: Finding, verified: bool, checked: str) -> Fix:
    edits = []
    for splice in candidate.splices:
        source = sources.file(splice.path)
        cell, line = source.place(splice.row)
        _, end_line = source.place(splice.end_row)
        edit = Edit(line, splice.column, end_line, splice.end_column, splice.text)
        edit.cell = cell
        edit.path = None if splice.path == finding.stack[-1][0] else splice.path
        edits.append(edit)
    first = edits[0]
    line = first.line
    if first.text.endswith("\n"):
        where = f"before line {line}"
    else:
        where = f"line {line}" if first.cell is None else f"cell {first.cell} line {line}"
    where = where if first.path is None else f"{first.path} {where}"
    rows = sorted({each.row for each in candidate.splices if not _imports(each, sources)})
    after = [_put_in(candidate, row) or _line_after(candidate, sources, row) for row in rows]
    if 2 <= len(rows) <= MOST_LINES and all(after) and first.path is None and first.cell is None:
        numbers = f"{', '.join(map(str, rows[:-1]))} and {rows[-1]}"
        return Fix(f"lines {numbers}: {'; '.join(after)}", candidate.grade, verified, edits, checked)
    if len(rows) >= MOST_LINES and first.path is None and first.cell is None:
        return Fix(f"lines {rows[0]} to {rows[-1]}: {candidate.title}", candidate.grade, verified, edits, checked)
    shown = _line_after(candidate, sources, candidate.splices[0].row) or candidate.title
    return Fix(f"{where}: {shown}", candidate.grade, verified, edits, checked)


def _imports(splice: Splice, sources: Sources) -> bool:
    """Whether a change is to an import, which goes without saying."""
    return "import " in splice.text or "import " in sources.line(splice.path, splice.row)


def _put_in(candidate: Candidate, row: int) -> str:
    """The line that a change puts in before a line; "" where it is none, or several."""
    texts = [each.text.strip() for each in candidate.splices if each.row == row and each.text.endswith("\n")]
    return texts[0] if len(texts) == 1 and "\n" not in texts[0] and len(texts[0]) <= LONGEST_NEW else ""


def _line_after(candidate: Candidate, sources: Sources, row: int) -> str:
    """A line as it is after the change, where that is one line and short; "" otherwise."""
    path = candidate.splices[0].path
    here = [each for each in candidate.splices if each.path == path and each.row == row]
    if any(each.end_row != row or "\n" in each.text for each in here):
        return ""
    text = sources.line(path, row)
    for each in sorted(here, key=lambda splice: splice.key, reverse=True):
        text = text[: each.column - 1] + each.text + text[each.end_column - 1 :]
    stripped = text.strip().rstrip(",:")
    if len(stripped) <= LONGEST_LINE:
        return stripped
    first = here[0]
    if len(here) > 1 or "=" in candidate.title or candidate.title.strip() not in first.text:
        return ""
    return _around(text.rstrip().rstrip(",:"), first.column - 1, first.column - 1 + len(first.text))


def _around(text: str, start: int, end: int) -> str:
    """The part of a long line in which a change stands, from one word to another."""
    begin = len(text) - len(text.lstrip())
    room = LONGEST_LINE - (end - start) - 8
    if room < 16:
        return ""
    left, right = max(begin, start - room * 2 // 3), min(len(text), end + room // 3)
    while left > begin and text[left - 1] not in " (,=":
        left += 1
        if left >= start:
            break
    while right < len(text) and right > end and text[right - 1] not in " ),":
        right -= 1
    return f"{'... ' if left > begin else ''}{text[left:right].strip()}{' ...' if right < len(text) else ''}"
