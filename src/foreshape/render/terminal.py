"""Reports for people. Colour, and with it ``rich``, only where a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from foreshape.render.layout import Line, report_lines

if TYPE_CHECKING:
    from foreshape.explain.report import Report

DEFAULT_WIDTH: Final = 100
STYLES: Final = {
    "error": "bold red",
    "conditional": "bold yellow",
    "silent": "bold magenta",
    "note": "bold cyan",
    "bold": "bold",
    "gutter": "bright_blue",
    "shape": "cyan",
    "remark": "dim",
    "cause": "bold red",
    "fails": "bright_blue",
    "label": "bold green",
    "code": "",
}


def render(reports: Iterable[Report], width: int = DEFAULT_WIDTH) -> str:
    """Plain text, an empty line between reports."""
    return "\n".join(text_of(report_lines(report, width)) for report in reports)


def text_of(lines: Sequence[Line]) -> str:
    """The text of styled lines."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def render_coloured(reports: Iterable[Report], width: int) -> str:
    """The same layout with the escape codes of a terminal."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    buffer = StringIO()
    console = Console(
        file=buffer, force_terminal=True, width=max(width, 1), soft_wrap=True, highlight=False, legacy_windows=False
    )
    for number, report in enumerate(reports):
        if number:
            console.print()
        for line in report_lines(report, width):
            text = Text()
            for piece, style in line:
                text.append(piece, STYLES.get(style, ""))
            text.rstrip()
            console.print(text, soft_wrap=True)
    return buffer.getvalue()
