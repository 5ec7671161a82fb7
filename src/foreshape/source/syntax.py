"""Parsing text into a tree, and saying in one line why a text does not parse."""

from __future__ import annotations

import ast
import sys
import warnings

# How a SyntaxError of CPython tells that the text was written for Python 2.
_PYTHON2_MESSAGES = (
    ("Missing parentheses in call to 'print'", "print statement"),
    ("Missing parentheses in call to 'exec'", "exec statement"),
    ("multiple exception types must be parenthesized", "except clause with a comma"),
    ("leading zeros in decimal integer literals", "octal number without 0o"),
    ("invalid decimal literal", "long number with an L"),
    ("inconsistent use of tabs and spaces", "tabs mixed with spaces"),
)
_MAX_QUOTED = 60


class ParseFailure:
    """Why a text has no tree: where (1-based, `None` where the parser does not say) and one line of words."""

    __slots__ = ("column", "line", "message")

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        if self.column is None:
            return f"line {self.line}: {self.message}"
        return f"line {self.line}:{self.column}: {self.message}"


def parse(text: str) -> ast.Module | ParseFailure:
    """The tree of `text`, or why there is none. Never raises; warnings of the compiler are swallowed."""
    nul = text.find("\0")
    if nul >= 0:
        return ParseFailure("contains a NUL byte, so it is not Python source", text.count("\n", 0, nul) + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return _explain(error, text)
    except (RecursionError, MemoryError):
        return ParseFailure("nested too deeply to parse")
    except ValueError as error:  # an integer literal past the digit limit, a lone surrogate
        return ParseFailure(f"cannot be parsed: {error}")


def _explain(error: SyntaxError, text: str) -> ParseFailure:
    message = error.msg or "invalid syntax"
    line, column = error.lineno, error.offset
    offending = _line_of(text, line)
    if "too many nested parentheses" in message:
        return ParseFailure("nested too deeply to parse: more than 200 open brackets", line, column)
    relic = _python2_relic(message, offending)
    if relic is not None:
        return ParseFailure(f"this is Python 2: {relic}{_quote(offending)}", line, column)
    # Before 3.12 a place inside an f-string is counted within the string: the column then points nowhere useful.
    if message.startswith("f-string") and sys.version_info < (3, 12):
        column = None
    return ParseFailure(f"does not parse: {message}{_quote(offending)}", line, column)


def _line_of(text: str, line: int | None) -> str:
    if line is None or line < 1:
        return ""
    lines = text.split("\n")
    return lines[line - 1] if line <= len(lines) else ""


def _quote(offending: str) -> str:
    shown = offending.strip()
    if not shown:
        return ""
    if len(shown) > _MAX_QUOTED:
        shown = shown[: _MAX_QUOTED - 3] + "..."
    return f": {shown}"


def _python2_relic(message: str, offending: str) -> str | None:
    """Which construct of Python 2 the offending line holds, or None."""
    for start, relic in _PYTHON2_MESSAGES:
        if start not in message:
            continue
        if relic.startswith("long") and not _ends_a_number_with_l(offending):
            continue
        return relic
    if "invalid syntax" not in message:
        return None
    code = offending.strip()
    if code.startswith("raise ") and "," in code and "(" not in code.split(",")[0]:
        return "raise with a comma"
    if "<>" in code:
        return "<> for !="
    if code.count("`") >= 2:
        return "backquotes for repr"
    if code.startswith("exec "):
        return "exec statement"
    return None


def _ends_a_number_with_l(code: str) -> bool:
    return any(char in "lL" and index and code[index - 1].isdigit() for index, char in enumerate(code))
