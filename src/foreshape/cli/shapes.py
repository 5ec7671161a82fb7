"""`foreshape shapes`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from foreshape.cli.session import CheckSession
from foreshape.cli.status import CLEAN, INTERNAL, USAGE
from foreshape.source.config import ConfigError
from foreshape.source.targets import TargetError, parse_targets

if TYPE_CHECKING:
    from foreshape.explain.shapes import NamedShape


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
        sys.stdout.write(_table(result.shapes))
        if result.reason is not None:
            sys.stderr.write(f"{result.path}: partly checked: {result.reason}\n")
    ctx.exit(CLEAN)


def _table(shapes: list[NamedShape]) -> str:
    rows = [(_place(entry), entry.name, _shapes(entry), entry.dtype or "", entry.reason or "") for entry in shapes]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)) for row in rows]
    return "".join(line.rstrip() + "\n" for line in lines)


def _place(entry: NamedShape) -> str:
    return str(entry.line) if entry.cell is None else f"cell {entry.cell}:{entry.line}"


def _shapes(entry: NamedShape) -> str:
    return " or ".join("?" if shape is None else _shape(shape) for shape in entry.shapes) or "?"


def _shape(shape: tuple[int | str | None, ...]) -> str:
    inside = ", ".join("?" if dim is None else str(dim) for dim in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"
