"""`foreshape run`."""

from __future__ import annotations

import os

import click

from foreshape.cli.status import USAGE


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("-m", "module", metavar="MODULE", help="Run a module, as `python -m MODULE ARGS` does.")
@click.argument("script", metavar="SCRIPT", required=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
@click.pass_context
def command(ctx: click.Context, module: str | None, script: str | None, arguments: tuple[str, ...]) -> None:
    """Run a script as `python SCRIPT ARGS` does, or a module with -m; when it raises, explain it under the traceback."""
    if module is not None:
        from foreshape.runtime.running import run_module

        ctx.exit(run_module(module, [script, *arguments] if script is not None else []))
    if script is None:
        raise click.UsageError("say what to run: SCRIPT, or -m MODULE")
    if script != "-" and not os.path.exists(script):
        click.echo(f"{script}: there is no such file", err=True)
        ctx.exit(USAGE)
    from foreshape.runtime.running import run_script

    ctx.exit(run_script(script, list(arguments)))
