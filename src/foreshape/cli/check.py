"""`foreshape check`."""

from __future__ import annotations

import sys

import click

from foreshape.cli import engine
from foreshape.cli.session import CheckSession, Outcome
from foreshape.cli.status import CLEAN
from foreshape.source.config import ConfigError
from foreshape.source.targets import TargetError, parse_targets

FORMATS = ("terminal", "concise", "json")


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True, help="How to print."
)
@click.option("--target", "targets", multiple=True, metavar="NAME=VERSION", help="Check for this version, as keras=2.")
@click.option("--select", multiple=True, metavar="RULE,...", help="Only these rules.")
@click.option("--ignore", multiple=True, metavar="RULE,...", help="All but these rules.")
@click.option("--exclude", multiple=True, metavar="PATTERN,...", help="Leave out these files and folders.")
@click.option("--stdin-filename", metavar="PATH", help="The name of what comes on standard input (PATH is -).")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although there are faults.")
@click.option("-q", "--quiet", is_flag=True, help="Print reports only, no closing line.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    form: str,
    targets: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    stdin_filename: str | None,
    exit_zero: bool,
    quiet: bool,
) -> None:
    """Check files, folders and notebooks; - is standard input.

    Exit status: 0 clean, 1 faults, 2 wrong usage or something that cannot be read, 3 a fault of Foreshape itself.
    """
    try:
        session = CheckSession(
            parse_targets(_split(targets)),
            _split(select),
            _split(ignore),
            _split(exclude),
            stdin_filename,
            0.0 if form == "concise" else None,  # one line has no place for a fix
        )
        outcome = session.check(paths)
    except (ConfigError, TargetError) as error:
        raise click.UsageError(str(error)) from None
    _print(outcome, form, quiet)
    status = outcome.status
    ctx.exit(CLEAN if exit_zero and status == 1 else status)


def _print(outcome: Outcome, form: str, quiet: bool) -> None:
    sys.stdout.write(engine.render(outcome, form))
    if form == "json":
        return
    sys.stdout.flush()  # what comes on standard error follows what it is about
    for file in outcome.files:
        if file.reason is not None:
            how = "" if file.status == "unreadable" or file.internal else "partly checked: "
            sys.stderr.write(f"{file.path}: {how}{file.reason}\n")
    if not quiet:
        sys.stderr.write(_closing_line(outcome))


def _closing_line(outcome: Outcome) -> str:
    faults = [report for report in outcome.reports if report.counts]
    checked = sum(file.status != "unreadable" and not file.internal for file in outcome.files)
    if not checked and not faults:
        return "Nothing was checked.\n"
    found = _count(len(faults), "fault") if faults else "No faults"
    return f"{found} in {_count(checked, 'file')}.\n"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _split(values: tuple[str, ...]) -> list[str]:
    """`--select a,b --select c` as three."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
