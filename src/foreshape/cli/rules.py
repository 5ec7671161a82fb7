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
    parts = [f"{fault.name}\n{fault.summary}", fault.page.strip(), _program("Faulty", fault.faulty)]
    said = _report(fault.faulty)
    if said:
        parts.append("What `foreshape check` says of it:\n\n" + _indented(said))
    parts.append(_program("Fixed", fault.fixed))
    click.echo("\n\n".join(part for part in parts if part))


def _program(title: str, text: str) -> str:
    return f"{title}:\n\n{_indented(text)}" if text.strip() else ""


def _indented(text: str) -> str:
    return "\n".join("    " + line if line else "" for line in text.strip().split("\n"))


def _report(program: str) -> str:
    """The report of an example."""
    from foreshape.cli import engine
    from foreshape.cli.session import CheckSession
    from foreshape.render import terminal
    from foreshape.source.files import source_from_text
    from foreshape.source.imports import ImportResolver

    session = CheckSession()
    source = source_from_text("example.py", program)
    session.cache.add(source)
    resolver = ImportResolver(source.path, (), session.cache)
    analysis = engine.analyze(source, session.targets_of("."), resolver)
    return terminal.render(engine.explain(analysis.findings, resolver), 96)
