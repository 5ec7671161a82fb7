"""`foreshape rules`."""

from __future__ import annotations

import click

from foreshape.faults.catalog import fault_class, fault_names


@click.command("rules")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List what is checked; with NAME, say what it is, why it happens, and show it with its cure."""
    if name is None:
        names = fault_names()
        width = max(map(len, names), default=0)
        for each in names:
            click.echo(f"{each:<{width}}  {fault_class(each).summary}")
        return
    try:
        fault = fault_class(name)
    except KeyError:
        from foreshape.source.config import nearest

        raise click.UsageError(f"no rule {name!r}{nearest(name, fault_names())}") from None
    parts = [f"{fault.name}\n{fault.summary}", fault.page.strip()]
    for title, program in (("Faulty", fault.faulty), ("Fixed", fault.fixed)):
        if program.strip():
            parts.append(
                f"{title}:\n\n" + "\n".join("    " + line if line else "" for line in program.strip().split("\n"))
            )
    click.echo("\n\n".join(part for part in parts if part))
