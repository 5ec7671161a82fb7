"""`foreshape explain`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from foreshape.cli.status import CLEAN, FAULTS, USAGE
from foreshape.source.targets import TargetError, parse_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.explain.pasted.reading import Pasted
    from foreshape.explain.report import Report


@click.command("explain")
@click.argument("file", default="-", metavar="[TRACEBACK-FILE|-]")
@click.option(
    "--source", "sources", multiple=True, metavar="FILE", help="The program that raised it, to be exact about it."
)
@click.option(
    "--target", "targets", multiple=True, metavar="NAME=VERSION", help="The version that raised it, as keras=2."
)
@click.option("--format", "form", type=click.Choice(("terminal", "json")), default="terminal", show_default=True)
@click.option(
    "--under-traceback", "under", is_flag=True, hidden=True, help="Nothing that the traceback above says too."
)
@click.pass_context
def command(
    ctx: click.Context, file: str, sources: tuple[str, ...], targets: tuple[str, ...], form: str, under: bool
) -> None:
    """Explain a pasted traceback or message: a file, or - for standard input.

    Where the traceback names files that are here, or --source does, the program is analysed too, and the answer is about its
    own lines. Exit status: 0 explained, 1 the message is not known, 2 wrong usage or nothing to read.
    """
    from foreshape.explain.pasted.catalogue import recognise
    from foreshape.explain.pasted.reading import read_pasted
    from foreshape.explain.pasted.telling import as_dict, told

    text = _read(file)
    pasted = read_pasted(text)
    if not pasted:
        raise click.UsageError("there is nothing to explain: the input is empty")
    found = next((each for one in reversed(pasted) if (each := recognise(one))), None)
    if found is None and file.endswith((".py", ".ipynb")):
        raise click.UsageError(f"{file} is a program, and no traceback is in it; to check it: foreshape check {file}")
    try:
        matching = _reports(pasted, sources, targets)
    except TargetError as error:
        raise click.UsageError(str(error)) from None
    if under:
        matching = [report for report in matching if _says_more(report)]
    if form == "json":
        import json

        shown = as_dict(pasted, found, [report.as_dict() for report in matching])
        sys.stdout.write(json.dumps(shown, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(told(pasted, found, _rendered(matching), None if under else _foretold(matching)))
    ctx.exit(CLEAN if found is not None or matching else FAULTS)


def _read(file: str) -> str:
    try:
        if file == "-":
            if sys.stdin.isatty():
                sys.stderr.write("Paste the traceback, then end it with Ctrl-D (Ctrl-Z and Enter on Windows).\n")
            return sys.stdin.buffer.read().decode("utf-8", errors="replace")
        with open(file, "rb") as handle:
            data = handle.read()
    except OSError as error:
        sys.stderr.write(f"{file}: {error.strerror or error}\n")
        raise click.exceptions.Exit(USAGE) from None
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")


def _reports(pasted: Sequence[Pasted], sources: Sequence[str], targets: Sequence[str]) -> list[Report]:
    """The reports of the program that are about what was pasted."""
    from foreshape.cli.session import CheckSession
    from foreshape.explain.pasted.joining import matching, release_of
    from foreshape.explain.pasted.reading import raised_last

    last = raised_last(list(pasted))
    paths = list(sources) or list(
        dict.fromkeys(frame.path for frame in last.own_frames if frame.path and os.path.isfile(frame.path))
    )
    for path in sources:
        if not os.path.isfile(path):
            raise click.UsageError(f"--source {path}: there is no such file")
    if not paths:
        return []
    session = CheckSession(parse_targets([each for each in targets if each] or release_of(pasted)))
    return matching(last, session.check(paths[:1] if not sources else paths).reports)


def _says_more(report: Report) -> bool:
    """Whether a report is more than the traceback in other words: it has shapes, a change, or a reason beyond the program's own
    ``raise``."""
    if report.fixes or any(step.shape is not None for step in report.chain):
        return True
    return bool(report.why) and report.rule not in ("explicit-raise", "python-error")


def _foretold(reports: Sequence[Report]) -> str:
    return " ".join(report.raises.message for report in reports if report.raises is not None)


def _rendered(reports: Sequence[Report]) -> str:
    if not reports:
        return ""
    from foreshape.render import terminal

    return terminal.render(reports, 100)
