"""The terminal layout of a report as lines of styled pieces; who prints them decides about colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from foreshape.explain.words import library, one_line

if TYPE_CHECKING:
    from foreshape.explain.report import FrameLine, Mark, Report

Piece = tuple[str, str]
"""(text, style). Styles are names: "error", "conditional", "silent", "bold", "gutter", "shape", "remark", "cause",
"fails", "note", "label", "" for plain text."""
Line = list[Piece]

LEAST_CODE: Final = 32
LONGEST_MESSAGE: Final = 320
GAP: Final = "    "
SIGNS: Final = {"cause": "^", "fails": "-", "note": "-"}


def report_lines(report: Report, width: int) -> list[Line]:
    """Everything that the terminal shows of a report."""
    gutter = max((len(str(line.line)) for line in report.frame), default=1)
    lines: list[Line] = [
        [(f"{report.severity}[{report.rule}]", report.severity), (f": {report.message}", "bold")],
        [(" " * gutter + "--> ", "gutter"), (_where(report), "")],
    ]
    frame = list(_frame_lines(report, gutter, width))
    bar: Line = [(" " * (gutter + 1) + "|", "gutter")]
    if frame:
        lines += [bar, *frame, bar]
    lines += list(_told(report, gutter, width))
    return lines


def place_text(path: str, cell: int | None, line: int) -> str:
    """``train.py:5``, ``notes.ipynb:cell 3:5``."""
    return f"{path}:{line}" if cell is None else f"{path}:cell {cell}:{line}"


def _where(report: Report) -> str:
    innermost = report.stack[-1] if report.stack else None
    text = place_text(report.path, report.place.cell, report.line)
    if innermost is not None and innermost.function:
        text += f" in {innermost.function}"
        if len(report.stack) > 1:
            outer = report.stack[-2]
            if outer.path == report.path and outer.cell is None:
                text += f", called at line {outer.line}"
            else:
                text += f", called at {place_text(outer.path, outer.cell, outer.line)}"
    raises = report.raises
    if raises is None:
        return f"{text}  nothing raises" if report.severity == "silent" and report.rule != "unused-ignore" else text
    when = f" {report.when}" if report.when else ""
    caught = ", which the program catches" if report.caught else ""
    return f"{text}  raises {raises.exception}{when} ({library(raises.by)}){caught}"


# -- the frame ---------------------------------------------------------------------------------------------------


def _frame_lines(report: Report, gutter: int, width: int) -> Iterator[Line]:
    shown = report.frame
    if not shown:
        return
    beside = max((len(_beside(line)) for line in shown), default=0)
    limit = max(LEAST_CODE, width - gutter - 3 - (beside + len(GAP) if beside else 0))
    shape_column = max((len(_cut(line, limit)[0]) for line in shown if line.shape or line.remark), default=0) + len(GAP)
    shape_width = max((len(line.shape) for line in shown if line.shape), default=0)
    several = len({line.path for line in shown}) > 1
    before: FrameLine | None = None
    for line in shown:
        if before is None or before.path != line.path or before.cell != line.cell:
            if several or (line.cell is not None and len({each.cell for each in shown}) > 1):
                name = line.path if line.cell is None else f"{line.path} cell {line.cell}"
                yield [(" " * gutter + "::: ", "gutter"), (name, "gutter")]
        elif line.row > before.row + 1:
            yield [("...", "gutter")]
        before = line
        yield from _line(
            line, gutter, limit if (line.shape or line.remark) else width - gutter - 3, shape_column, shape_width
        )


def _beside(line: FrameLine) -> str:
    if line.shape and line.remark:
        return f"{line.shape}{GAP}{line.remark}"
    return line.shape or line.remark


def _line(line: FrameLine, gutter: int, limit: int, shape_column: int, shape_width: int) -> Iterator[Line]:
    code, shift = _cut(line, limit)
    pieces: Line = [(f"{line.line:>{gutter}} | ", "gutter"), (code, "code")]
    if line.shape or line.remark:
        pieces.append((" " * max(shape_column - len(code), 2), ""))
        if line.shape:
            pieces.append((line.shape, "shape"))
            if line.remark:
                pieces.append((" " * (shape_width - len(line.shape) + len(GAP)), ""))
        if line.remark:
            pieces.append((line.remark, "remark"))
    yield pieces
    yield from _marks(line.marks, len(code), shift, gutter)


def _cut(line: FrameLine, limit: int) -> tuple[str, int]:
    """The code within the limit, with its marks in sight; and by how much it was moved to the left."""
    text = line.text.replace("\t", " ")
    if len(text) <= limit:
        return text, 0
    first = min((mark.column - 1 for mark in line.marks), default=0)
    last = max((mark.end_column - 1 for mark in line.marks), default=0)
    bare = _without_comment(text)
    if last <= len(bare) <= limit:
        return bare, 0
    if first <= limit - 12:
        return text[: limit - 3].rstrip() + "...", 0
    start = first - 8
    shown = text[start + 3 :]
    return "..." + (shown if len(shown) <= limit - 3 else shown[: limit - 6].rstrip() + "..."), start


def _without_comment(text: str) -> str:
    """The line without the comment at its end: it gives way first."""
    at = text.rfind(" #")
    return text[:at].rstrip() if at > 0 and not any(quote in text[at:] for quote in "\"'") else text


def _marks(marks: Sequence[Mark], length: int, shift: int, gutter: int) -> Iterator[Line]:
    places = [
        (max(mark.column - 1 - shift, 0), max(min(mark.end_column - 1 - shift, length), mark.column - shift), mark)
        for mark in marks
        if mark.column - 1 - shift < max(length, 1)
    ]
    if not places:
        return
    row: Line = [(" " * (gutter + 1) + "| ", "gutter")]
    at = 0
    for start, end, mark in places:
        row.append((" " * (start - at), ""))
        row.append((SIGNS.get(mark.kind, "-") * (end - start), mark.kind))
        at = end
    if places[-1][2].label:
        row.append((" " + places[-1][2].label, places[-1][2].kind))
    yield row
    for start, _, mark in reversed(places[:-1]):
        if mark.label:
            yield [(" " * (gutter + 1) + "| ", "gutter"), (" " * start + mark.label, mark.kind)]


# -- what is said about it ---------------------------------------------------------------------------------------


def _told(report: Report, gutter: int, width: int) -> Iterator[Line]:
    entries: list[tuple[str, str]] = []
    if report.condition is not None:
        entries.append(("only if", report.condition))
    if report.why:
        entries.append(("why", report.why))
    said = _said(report)
    if said and report.raises is not None:
        entries.append((f"{library(report.raises.by).split()[0]} says", said))
    entries += [("also", note) for note in report.notes]
    for fix in report.fixes[:1]:
        checked = f"; checked: {fix.checked}" if fix.checked else ""
        entries.append(("fix", f"{fix.title}{checked}"))
    for label, text in entries:
        head = " " * (gutter + 2)
        rest = head + " " * (len(label) + 2)
        for number, part in enumerate(wrapped(text, max(width - len(rest), 30))):
            if number == 0:
                yield [(head, ""), (label, "label"), ("  " + part, "")]
            else:
                yield [(rest + part, "")]


def _said(report: Report) -> str:
    """The message of the framework, without what it wraps around it; "" where the headline has it already."""
    if report.raises is None:
        return ""
    text = report.raises.message
    for start in ("Exception encountered when calling", "Graph execution error"):
        if text.startswith(start):
            text = text.partition("\n\n")[2]
    for end in ("\n\nArguments received by", "\n\nCall arguments received by"):
        text = text.partition(end)[0]
    text = one_line(text, LONGEST_MESSAGE)
    return "" if text.rstrip(".") and text.rstrip(".") in f"{report.message} {report.why}" else text


def wrapped(text: str, width: int) -> list[str]:
    """Words on lines of at most this width; a longer word stands alone."""
    lines: list[str] = []
    current = ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    if current:
        lines.append(current)
    return lines
