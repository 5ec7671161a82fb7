"""The `foreshape` command. Each subcommand's module is imported only when it is the one that runs."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from foreshape import __version__
from foreshape.cli.status import FAULTS, INTERNAL, USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOW_TRACEBACK: Final = "FORESHAPE_TRACEBACK"
_FULL: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)

# Name -> (module, one line for --help). The module holds a click command called `command`.
_COMMANDS: Final = {
    "check": ("foreshape.cli.check", "Check files, folders and notebooks."),
    "fix": ("foreshape.cli.fix", "Mend faults by changes that were checked."),
    "explain": ("foreshape.cli.explain", "Explain a pasted traceback or message."),
    "shapes": ("foreshape.cli.shapes", "Print the shape of every assigned name in a file."),
    "run": ("foreshape.cli.run", "Run a script, and explain what it raises."),
    "data": ("foreshape.cli.data", "Hold whole data sets against what a model asks of them."),
    "rules": ("foreshape.cli.rules", "List what is checked, or explain one rule."),
    "version": ("foreshape.cli.version", "Print the version, and the library versions checked for here."),
}


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = __import__(_COMMANDS[cmd_name][0], fromlist=["command"])
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from foreshape.source.config import nearest

            hint = nearest(args[0], _COMMANDS)
            if not hint and os.path.exists(args[0]):
                hint = f"; to check it: foreshape check {args[0]}"
            raise click.UsageError(f"no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="foreshape %(version)s")
def foreshape() -> None:
    """Find tensor shape, index and dtype faults in deep-learning code before it runs."""


@foreshape.result_callback()
def _flush(*_: Any, **__: Any) -> None:
    sys.stdout.flush()  # a closed pipe shows here, where it is caught, and not at exit


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status. Nothing but a report, or one line, is ever printed."""
    # Trees and values live until the process ends: looking for cycles among them finds nothing and costs a third.
    gc.set_threshold(200_000, 50, 50)
    running = (sys.argv[1:] if args is None else list(args))[:1] == ["run"]  # its streams are those of the program
    for stream in () if running else (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(args)
        if not running:
            sys.stdout.flush()  # a full disk is noticed here, not when Python ends
    except click.ClickException as error:
        _say(error)
        status = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("interrupted\n")
        status = 130
    except BrokenPipeError:
        _close_quietly()
        status = FAULTS
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _FULL:
            _close_quietly()
            sys.stderr.write(f"foreshape: the output cannot be written: {error.strerror}\n")
            sys.exit(USAGE)
        if os.environ.get(_SHOW_TRACEBACK):
            raise
        sys.stderr.write(f"foreshape: internal error: {type(error).__name__}: {error}\n")
        status = INTERNAL
    sys.exit(status if isinstance(status, int) else 0)


def _run(args: Sequence[str] | None) -> object:
    """What the subcommand exits with."""
    try:
        return foreshape.main(args=None if args is None else list(args), prog_name="foreshape", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code


def _say(error: click.ClickException) -> None:
    """One line on standard error; a bare `foreshape` gets the help that it asks for."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    context = getattr(error, "ctx", None)
    name = context.command_path if isinstance(context, click.Context) else "foreshape"
    hint = ""
    if isinstance(error, click.NoSuchOption) and name == "foreshape check" and error.option_name == "--fix":
        hint = " To mend faults: foreshape fix PATH."
    sys.stderr.write(f"{name}: {' '.join(error.format_message().split())}{hint}\n")


def _close_quietly() -> None:
    """Whoever read our output has gone: send the rest nowhere, so that nothing is said about it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
