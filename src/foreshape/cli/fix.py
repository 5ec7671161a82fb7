"""`foreshape fix`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from foreshape.cli.session import CheckSession
from foreshape.cli.status import CLEAN, FAULTS, INTERNAL, USAGE
from foreshape.source.config import ConfigError
from foreshape.source.discover import discover
from foreshape.source.targets import TargetError, parse_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.explain.report import Fix, Report
    from foreshape.fixes.edits import Splice
    from foreshape.source.versions import Version

MOST_ROUNDS: Final = 25
SECONDS: Final = 10.0


@click.command("fix")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--diff", is_flag=True, help="Only show what would change.")
@click.option("--unsafe-fixes", is_flag=True, help="Also make changes that are a choice among several.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--target", "targets", multiple=True, metavar="NAME=VERSION", help="Fix for this version, as keras=2.")
@click.option("--exclude", multiple=True, metavar="PATTERN,...", help="Leave out these files and folders.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    diff: bool,
    unsafe_fixes: bool,
    yes: bool,
    targets: tuple[str, ...],
    exclude: tuple[str, ...],
) -> None:
    """Mend faults by changes that were checked: the fault is gone and no other appeared.

    Shows the changes and asks before it writes. Exit status: 0 nothing is left to mend, 1 faults are left (or the changes
    were only shown), 2 wrong usage or something that cannot be read or written, 3 a fault of Foreshape itself.
    """
    if "-" in paths:
        raise click.UsageError("fix changes files; standard input is none")
    try:
        mending = Mending(parse_targets([each for each in targets if each]), unsafe_fixes)
        found = discover(paths, [part for each in exclude for part in each.split(",") if part])
        for path in found.files:
            mending.mend(path)
    except (ConfigError, TargetError) as error:
        raise click.UsageError(str(error)) from None
    for path, reason in found.problems:
        sys.stderr.write(f"{path}: {reason}\n")
        mending.worst = max(mending.worst, USAGE)
    ctx.exit(mending.finish(diff, yes))


class Mending:
    """What one run of the command has read, and what it would write."""

    __slots__ = ("changed", "left", "made", "options", "read", "unsafe", "withheld", "worst")

    def __init__(self, options: dict[str, Version], unsafe: bool) -> None:
        self.options = options
        self.unsafe = unsafe
        self.read: dict[str, bytes] = {}
        self.changed: dict[str, bytes] = {}
        self.made: list[str] = []
        self.left = 0
        self.withheld = 0
        self.worst = CLEAN

    def mend(self, path: str) -> None:
        """Apply one fix after the other in memory, each to what the one before it left."""
        from foreshape.fixes.apply import NotApplied
        from foreshape.fixes.edits import Overlap

        refused: set[tuple[object, ...]] = set()
        for number in range(MOST_ROUNDS + 1):
            reports = self._check(path)
            if reports is None:
                return
            choice = next((pair for pair in self._choices(reports) if _key(*pair) not in refused), None)
            if choice is None or number == MOST_ROUNDS:
                self.left += sum(report.counts for report in reports)
                self.withheld += sum(
                    any(fix.verified and fix.grade == "unsafe" for fix in report.fixes) for report in reports
                )
                return
            try:
                self._apply(*choice)
            except (NotApplied, Overlap):
                refused.add(_key(*choice))
            else:
                self.made.append(f"{choice[0].path}: {choice[1].title}")

    def _check(self, path: str) -> list[Report] | None:
        from foreshape.source.files import source_from_bytes

        session = CheckSession(self.options, fix_seconds=SECONDS)
        for changed, data in self.changed.items():
            session.cache.add(source_from_bytes(changed, data))
        outcome = session.check([path])
        if outcome.status in (USAGE, INTERNAL):
            for file in outcome.files:
                sys.stderr.write(f"{file.path}: {file.reason}\n")
            self.worst = max(self.worst, outcome.status)
            return None
        return list(outcome.reports)

    def _choices(self, reports: Sequence[Report]) -> list[tuple[Report, Fix]]:
        grades = ("safe", "unsafe") if self.unsafe else ("safe",)
        return [
            (report, fix)
            for report in reports
            if not report.caught
            for fix in [each for each in report.fixes if each.verified and each.grade in grades][:1]
        ]

    def _apply(self, report: Report, fix: Fix) -> None:
        from foreshape.fixes.apply import NotApplied, edited_bytes

        new: dict[str, bytes] = {}
        for path, splices in self._splices(report, fix).items():
            new[path] = edited_bytes(path, self._bytes(path), splices)
        if all(data == self._bytes(path) for path, data in new.items()):
            raise NotApplied("nothing changes")
        self.changed.update(new)

    def _splices(self, report: Report, fix: Fix) -> dict[str, list[Splice]]:
        from foreshape.fixes.edits import Splice
        from foreshape.source.files import source_from_bytes

        found: dict[str, list[Splice]] = {}
        for edit in fix.edits:
            path = edit.path or report.path
            shift = 0
            if edit.cell is not None:
                cells = source_from_bytes(path, self._bytes(path)).cells
                shift = next(cell.start for cell in cells if cell.number == edit.cell) - 1
            found.setdefault(path, []).append(
                Splice(path, edit.line + shift, edit.column, edit.end_line + shift, edit.end_column, edit.text)
            )
        return found

    def _bytes(self, path: str) -> bytes:
        if path not in self.read:
            with open(path, "rb") as handle:
                self.read[path] = handle.read()
        return self.changed.get(path, self.read[path])

    def finish(self, diff: bool, yes: bool) -> int:
        """Show, ask, write. The exit status."""
        from foreshape.fixes.apply import NotApplied, write_if_unchanged

        if not self.changed:
            sys.stderr.write(f"Nothing to change.{self._hint()}\n")
            return max(self.worst, FAULTS if self.left else CLEAN)
        for path, data in self.changed.items():
            sys.stdout.write(_difference(path, self.read[path], data))
        sys.stdout.flush()
        for title in self.made:
            sys.stderr.write(f"{title}\n")
        if diff:
            return max(self.worst, FAULTS)
        if not yes and not sys.stdin.isatty():
            sys.stderr.write("Nothing is written: there is nobody to ask. --yes writes, --diff only shows.\n")
            return USAGE
        if not yes and not click.confirm(f"Write {_files(len(self.changed))}?", default=False, err=True):
            return max(self.worst, FAULTS)
        written = 0
        for path, data in self.changed.items():
            try:
                write_if_unchanged(path, self.read[path], data)
                written += 1
            except NotApplied as error:
                sys.stderr.write(f"{error}\n")
                self.worst = max(self.worst, USAGE)
        sys.stderr.write(f"Changed {_files(written)}.{self._hint()}\n")
        return max(self.worst, FAULTS if self.left else CLEAN)

    def _hint(self) -> str:
        if not self.left:
            return ""
        faults = f" {self.left} fault{'s' if self.left != 1 else ''} left"
        if self.withheld and not self.unsafe:
            return f"{faults}; --unsafe-fixes has a change for {self.withheld}."
        return f"{faults}."


def _key(report: Report, fix: Fix) -> tuple[object, ...]:
    return report.place.key, report.rule, fix.title


def _files(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"


def _difference(path: str, old: bytes, new: bytes) -> str:
    """A unified difference, of the code of a notebook too: its JSON is text like any other."""
    from difflib import unified_diff

    one, two = (data.decode("utf-8", errors="replace").splitlines(keepends=True) for data in (old, new))
    shown = path.lstrip("/")
    lines = []
    for line in unified_diff(one, two, f"a/{shown}", f"b/{shown}"):
        lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)
