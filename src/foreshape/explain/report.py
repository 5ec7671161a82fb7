"""What a report holds: plain data, with everything that a renderer needs. Nothing here knows how it was found.

Lines and columns count from 1, columns in characters, ends are exclusive; in a notebook they count within ``cell``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Axis = int | str | None
"""A size: known, symbolic as text, or None where it is not known."""


class Place:
    """A region of a file. ``row`` is the line in the whole file (in a notebook: in all its code cells joined)."""

    __slots__ = ("cell", "column", "end_column", "end_line", "end_row", "line", "path", "row")

    def __init__(
        self,
        path: str,
        cell: int | None,
        line: int,
        column: int,
        end_line: int,
        end_column: int,
        row: int,
        end_row: int,
    ) -> None:
        self.path = path
        self.cell = cell
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column
        self.row = row
        self.end_row = end_row

    @property
    def key(self) -> tuple[str, int, int, int, int]:
        """What identifies the region."""
        return self.path, self.row, self.column, self.end_row, self.end_column

    def as_dict(self) -> dict[str, Any]:
        """The JSON object."""
        entry: dict[str, Any] = {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        }
        if self.cell is not None:
            entry["cell"] = self.cell
        return entry


class StackEntry:
    """One frame of the person's own code. ``function``: the name of the function that the line is in, "" at the top."""

    __slots__ = ("cell", "function", "line", "path")

    def __init__(self, path: str, cell: int | None, line: int, function: str) -> None:
        self.path = path
        self.cell = cell
        self.line = line
        self.function = function

    def as_dict(self) -> dict[str, Any]:
        """The JSON object."""
        entry: dict[str, Any] = {"path": self.path, "line": self.line}
        if self.cell is not None:
            entry["cell"] = self.cell
        return entry


class ChainStep:
    """A step on the way from the data to the fault: the code, and the shape that it gives.

    shape None: the number of axes is not known. axes: a word per axis, None where there is none. what: what happens to
    the axes in this step, "" where nothing needs to be said.
    """

    __slots__ = ("axes", "dtype", "place", "shape", "text", "what")

    def __init__(
        self,
        place: Place,
        text: str,
        shape: tuple[Axis, ...] | None,
        dtype: str | None,
        axes: tuple[str | None, ...],
        what: str,
    ) -> None:
        self.place = place
        self.text = text
        self.shape = shape
        self.dtype = dtype
        self.axes = axes
        self.what = what

    def as_dict(self, path: str) -> dict[str, Any]:
        """The JSON object; ``path`` is the file of the report."""
        entry: dict[str, Any] = {
            "line": self.place.line,
            "text": self.text,
            "shape": None if self.shape is None else list(self.shape),
            "dtype": self.dtype,
        }
        if self.place.path != path:
            entry["path"] = self.place.path
        if self.place.cell is not None:
            entry["cell"] = self.place.cell
        return entry


class Mark:
    """A stretch under a line of code. kind: "cause" (to change), "fails" (where it raises) or "note"."""

    __slots__ = ("column", "end_column", "kind", "label")

    def __init__(self, column: int, end_column: int, kind: str, label: str) -> None:
        self.column = column
        self.end_column = end_column
        self.kind = kind
        self.label = label


class FrameLine:
    """A line of code in the report, with the shape that it gives and a remark beside it, and marks under it."""

    __slots__ = ("cell", "line", "marks", "path", "remark", "row", "shape", "text")

    def __init__(self, path: str, cell: int | None, line: int, row: int, text: str) -> None:
        self.path = path
        self.cell = cell
        self.line = line
        self.row = row
        self.text = text
        self.shape = ""
        self.remark = ""
        self.marks: list[Mark] = []


class Edit:
    """Replace a region by a text. Lines and columns as in a Place. path: the file, where it is not that of the report."""

    __slots__ = ("cell", "column", "end_column", "end_line", "line", "path", "text")

    def __init__(self, line: int, column: int, end_line: int, end_column: int, text: str) -> None:
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column
        self.text = text
        self.cell: int | None = None
        self.path: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON object."""
        entry: dict[str, Any] = {
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "text": self.text,
        }
        if self.cell is not None:
            entry["cell"] = self.cell
        if self.path is not None:
            entry["path"] = self.path
        return entry


class Fix:
    """A change that mends the fault. grade: "safe", "unsafe" or "display". verified: the changed program was analysed
    again, the fault is gone and none is new; ``checked`` says what it then gives."""

    __slots__ = ("checked", "edits", "grade", "title", "verified")

    def __init__(self, title: str, grade: str, verified: bool, edits: Sequence[Edit], checked: str = "") -> None:
        self.title = title
        self.grade = grade
        self.verified = verified
        self.edits = tuple(edits)
        self.checked = checked

    def as_dict(self) -> dict[str, Any]:
        """The JSON object."""
        return {
            "title": self.title,
            "grade": self.grade,
            "verified": self.verified,
            "edits": [edit.as_dict() for edit in self.edits],
        }


class Raised:
    """What the real run prints."""

    __slots__ = ("by", "exception", "message")

    def __init__(self, exception: str, message: str, by: str) -> None:
        self.exception = exception
        self.message = message
        self.by = by

    def as_dict(self) -> dict[str, str]:
        """The JSON object."""
        return {"exception": self.exception, "message": self.message, "by": self.by}


class Report:
    """One fault as it is told.

    place: where the traceback would point. cause: what a person would change, None where it is the same. when: when it
    raises ("when the model is built"), "" where that goes without saying. message: one line that stands alone.
    notes: what else follows from the same cause, and where numbers come from. group: what reports that are told as one
    have in common besides.
    """

    __slots__ = (
        "caught", "cause", "chain", "condition", "fixes", "frame", "group", "message", "notes", "place", "raises",
        "rule", "severity", "stack", "when", "why",
    )  # fmt: skip

    def __init__(self, rule: str, severity: str, place: Place, message: str) -> None:
        self.rule = rule
        self.severity = severity
        self.place = place
        self.message = message
        self.condition: str | None = None
        self.caught = False
        self.stack: tuple[StackEntry, ...] = ()
        self.cause: Place | None = None
        self.group: Place | None = None
        self.raises: Raised | None = None
        self.when = ""
        self.why = ""
        self.chain: tuple[ChainStep, ...] = ()
        self.notes: list[str] = []
        self.fixes: list[Fix] = []
        self.frame: tuple[FrameLine, ...] = ()

    @property
    def path(self) -> str:
        return self.place.path

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def counts(self) -> bool:
        """Whether it is a fault of the program: not caught by it, and not an answer to a question of its own."""
        return not self.caught and self.severity != "note"

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of one diagnostic."""
        entry: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity,
            "condition": self.condition,
            "caught": self.caught,
            **self.place.as_dict(),
            "stack": [frame.as_dict() for frame in self.stack],
            "cause": None if self.cause is None else self.cause.as_dict(),
            "message": self.message,
            "raises": None if self.raises is None else self.raises.as_dict(),
            "why": " ".join(part for part in (self.why, *self.notes) if part),
            "chain": [step.as_dict(self.path) for step in self.chain],
            "fixes": [fix.as_dict() for fix in self.fixes],
        }
        return entry
