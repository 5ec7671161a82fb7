"""The lines of what was pasted, without what terminals, forums, notebooks and launchers put around them."""

from __future__ import annotations

import re
from typing import Final

ANSI: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]")
LOST_ESCAPES: Final = re.compile(r"(?<![\w\]])\[(?:\d{1,3}(?:;\d{1,3})*m|m(?![\w.]))")
"""Colour codes whose escape character was lost on the way through a clipboard: ``[0;31mValueError[0m``."""
LINK: Final = re.compile(r"\[([^\]\n]+)\]\((?:https?|file|vscode[\w-]*):[^)\n]*\)")
"""Places in Colab, VS Code and Jupyter are links: ``[train.py](https://localhost:8080/#) in fit()``."""
LAUNCHER: Final = re.compile(r"^(?:\[(?:default\d+\]:)?\[?rank\d+\]:? ?|\(\w+ pid=\d+(?:, ip=[\d.]+)?\) )")
"""What torchrun and Ray put before every line."""
FENCE: Final = "\f"
"""A line that stands for the end of a block of code in a forum. It counts as white space everywhere else."""

BOX_START: Final = re.compile(r"^(?P<lead>.*?)[╭┌][─ ]*Traceback \(most recent call last\)")
BOX_PLACE: Final = re.compile(r"^(?P<path>\S.*?):(?P<line>\d+) in (?P<function>\S+)$")
BOX_CODE: Final = re.compile(r"^(?P<arrow>❱)?\s*\d+(?: (?P<code>[│ ].*)?)?$")
BOLD: Final = re.compile(r"^\*\*((?:\w+\.)*[A-Z]\w*(?:Error|Exception):?)\*\*:?")
BOLD_MESSAGE: Final = re.compile(r"\*\*((?:\w+\.)*[A-Z]\w*(?:Error|Exception): [^\n]*?)\*\*")
"""A message within a sentence: ``I keep getting: **ValueError: no samples.**``"""
CONSOLES: Final = (79, 80, 120)
"""Widths at which a console breaks lines, in the middle of words."""


def cleaned(text: str) -> list[str]:
    """Lines without colour, carriage returns, links, marks of quoted mail and of code, prefixes of launchers and frames
    of boxes."""
    text = ANSI.sub("", text).replace("\r\n", "\n")
    text = LOST_ESCAPES.sub("", text).replace("\u00a0", " ").replace("\u200b", "")
    text = LINK.sub(r"\1", text)
    text = BOLD_MESSAGE.sub(r"\n\1\n```\n", text)
    if '\\n  File "' in text:
        text = text.replace("\\n", "\n")  # the repr of an exception, as Weights & Biases and notebooks' logs show it
    lines = [line.rpartition("\r")[2].rstrip() if "\r" in line else line.rstrip() for line in text.split("\n")]
    lines = _unquoted(lines)
    lines = [line for each in lines for line in _without_marks(BOLD.sub(r"\1", LAUNCHER.sub("", each)))]
    return _unwrapped(_unboxed(lines))


def _unquoted(lines: list[str]) -> list[str]:
    """Without the ``> `` of lines that were quoted: two or more of them in a row, or all there are."""
    quoted = [line[:1] == ">" and not line.startswith(">>> ") for line in lines]
    found = []
    for number, line in enumerate(lines):
        beside = quoted[max(number - 1, 0) : number] + quoted[number + 1 : number + 2]
        if quoted[number] and (any(beside) or all(mark or not each for mark, each in zip(quoted, lines))):
            line = line[1:].removeprefix(" ")
        found.append(line)
    if found != lines and any(line[:1] == ">" and not line.startswith(">>>") for line in found):
        return _unquoted(found)  # a mail that was quoted twice
    return found


def _without_marks(line: str) -> list[str]:
    """Without the backticks of forums around a whole line; a fence of three ends what stands before it."""
    if "`" not in line:
        return [line]
    if line.lstrip().startswith("```"):
        rest = line.lstrip().lstrip("`")
        return [FENCE] if not rest or re.fullmatch(r"\[?\w*\]?", rest) else [FENCE, *_without_marks(rest)]
    if line.endswith("```"):
        return [line.rstrip("`"), FENCE]
    if line.count("`") == 2 and line.startswith("`") and line.endswith("`"):
        return [line[1:-1].rstrip()]
    if line.count("`") % 2:
        return [line[1:]] if line.startswith("`") else [line[:-1].rstrip()] if line.endswith("`") else [line]
    return [line]


def _unboxed(lines: list[str]) -> list[str]:
    """The boxes of Rich, which Lightning, typer and others use, as Python writes a traceback."""
    if not any((line.lstrip().startswith(("│", "╭", "|")) and "│" in line) or "❱" in line for line in lines):
        return lines
    found: list[str] = []
    place = ""
    for line in lines:
        start = BOX_START.match(line)
        if start:
            found.append(f"{start['lead']}Traceback (most recent call last):")
            continue
        bare = line.strip()
        if bare.startswith(("╰", "└", "╭")):
            place = ""
            continue
        if not bare.startswith("│"):
            found.append(line)
            continue
        inside = bare.strip("│").strip()
        code = BOX_CODE.match(inside)
        if code:
            place = ""
            text = (code["code"] or "").replace("│", " ").strip()
            if code["arrow"] and text:
                found.append(f"    {text}")
            continue
        for joined in (f"{place}{inside}", f"{place} {inside}"):
            match = BOX_PLACE.match(joined)
            if match:
                found.append(f'  File "{match["path"]}", line {match["line"]}, in {match["function"]}')
                place = ""
                break
        else:
            place = f"{place}{inside}" if inside else ""
    return found


def _unwrapped(lines: list[str]) -> list[str]:
    """With the lines put together that a console broke at its width."""
    width = max((len(line) for line in lines), default=0)
    if width not in CONSOLES or sum(len(line) == width for line in lines) < 2:
        return lines
    found: list[str] = []
    full = False
    for line in lines:
        if full and line[:1].strip() and not line.startswith("Traceback"):
            found[-1] += line
        else:
            found.append(line)
        full = len(line) == width
    return found
