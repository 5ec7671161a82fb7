"""`foreshape version`."""

from __future__ import annotations

import os

import click

from foreshape import __version__
from foreshape.source.targets import Targets
from foreshape.source.versions import RELEASES


@click.command("version")
def command() -> None:
    """Print the version, and the library versions that a file in this folder would be checked for."""
    from foreshape.cli.session import CheckSession

    targets: Targets = CheckSession().targets_of(os.getcwd())
    click.echo(f"foreshape {__version__}")
    for name in RELEASES:
        click.echo(f"  {name} {targets.get(name).short}  ({targets.origin(name)})")
