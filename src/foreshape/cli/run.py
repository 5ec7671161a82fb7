"""`foreshape run`."""

from __future__ import annotations

import os

import click

from foreshape.cli.status import USAGE


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("script", metavar="SCRIPT")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@click.pass_context
def command(ctx: click.Context, script: str, arguments: tuple[str, ...]) -> None:
    """Run a script as `python SCRIPT ARGS` does; when it raises, explain it under the traceback."""
    if not os.path.isfile(script):
        click.echo(f"{script}: there is no such file", err=True)
        ctx.exit(USAGE)
    from foreshape.runtime.running import run_script

    ctx.exit(run_script(script, list(arguments)))
