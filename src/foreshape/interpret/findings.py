"""What an analysis of a file found, before it is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foreshape.domain.origin import Span
    from foreshape.domain.truth import Condition
    from foreshape.domain.values import Value
    from foreshape.faults.base import Fault


class Within:
    """Where a fault comes from below the place that a traceback shows: code that the library ran as a copy (a traced
    function) or in another process. stack: as that of the finding, with the frames in between."""

    __slots__ = ("span", "stack")

    def __init__(self, span: Span, stack: tuple[tuple[str, int], ...]) -> None:
        self.span = span
        self.stack = stack


class Finding:
    """A fault at a place. stack: (path, line) of every frame of the program, outermost first, the place itself last.

    conditions: what must hold for the place to be reached with these values; empty for "always".
    caught: a handler of the program catches it. within: the code below that place, where the traceback does not show it.
    """

    __slots__ = ("caught", "conditions", "fault", "span", "stack", "within")

    def __init__(
        self,
        fault: Fault,
        span: Span,
        stack: tuple[tuple[str, int], ...],
        conditions: tuple[Condition, ...],
        caught: bool,
        within: Within | None = None,
    ) -> None:
        self.fault = fault
        self.span = span
        self.stack = stack
        self.conditions = conditions
        self.caught = caught
        self.within = within

    @property
    def frames(self) -> tuple[tuple[str, int], ...]:
        """The stack, with what no traceback shows."""
        return self.stack if self.within is None else self.within.stack

    @property
    def severity(self) -> str:
        """ "error", "conditional" or "silent"; "note" for an answer."""
        if self.fault.informs:
            return "note"
        if self.fault.raises is None:
            return "silent"
        return "conditional" if self.conditions or self.fault.condition is not None else "error"


class Assigned:
    """What a name was bound to at a line, over every time that the line was reached."""

    __slots__ = ("line", "name", "path", "values")

    def __init__(self, path: str, line: int, name: str) -> None:
        self.path = path
        self.line = line
        self.name = name
        self.values: list[Value] = []
