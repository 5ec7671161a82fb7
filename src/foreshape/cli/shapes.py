"""`foreshape shapes`."""

from __future__ import annotations

import sys

import click

from foreshape.cli.session import CheckSession
from foreshape.cli.status import CLEAN, INTERNAL, USAGE
from foreshape.source.config import ConfigError
from foreshape.source.targets import TargetError, parse_targets


@click.command("shapes")
@click.argument("file")
@click.option("--format", "form", type=click.Choice(("terminal", "json")), default="terminal", show_default=True)
@click.option("--target", "targets", multiple=True, metavar="NAME=VERSION", help="Check for this version, as keras=2.")
@click.pass_context
def command(ctx: click.Context, file: str, form: str, targets: tuple[str, ...]) -> None:
    """Print the shape and dtype of every name that is assigned an array in FILE; - is standard input."""
    try:
        session = CheckSession(parse_targets(targets))
        result = session.shapes(file)
    except (ConfigError, TargetError) as error:
        raise click.UsageError(str(error)) from None
    if result.status == "unreadable" or result.internal:
        sys.stderr.write(f"{result.path}: {result.reason}\n")
        ctx.exit(INTERNAL if result.internal else USAGE)
    if form == "json":
        import json

        entries = [entry.as_dict() for entry in result.shapes]
        sys.stdout.write(json.dumps({"schema": 1, "path": result.path, "shapes": entries}, indent=1) + "\n")
    else:
        from foreshape.render import shapes as table

        sys.stdout.write(table.render(result.shapes))
        if not result.shapes:
            sys.stderr.write(f"{result.path}: no name is assigned an array.\n")
        if result.reason is not None:
            sys.stderr.write(f"{result.path}: partly checked: {result.reason}\n")
    ctx.exit(CLEAN)
