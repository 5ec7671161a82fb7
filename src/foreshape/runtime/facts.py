"""What was found in live objects, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

FIRST: Final = 5


class Place:
    """One value. array: its name, "x" or "y" or that of the input. row: of all data, from 0. step: the place in the row."""

    __slots__ = ("array", "limit", "row", "step", "value")

    def __init__(self, array: str, row: int, step: tuple[int, ...], value: str, limit: str = "") -> None:
        self.array = array
        self.row = row
        self.step = step
        self.value = value
        self.limit = limit

    def __str__(self) -> str:
        index = ", ".join(str(each) for each in (self.row, *self.step))
        return f"{self.array}[{index}] is {self.value}" + (f", wanted {self.limit}" if self.limit else "")


class Fact:
    """One fault. severity: "error" (it raises) or "silent". rule: the name that the checker gives it. exception: what
    raises, None for silent ones. count: of values or rows, 0 where it is about the whole array. first: offenders. message: a
    function of the count makes it anew where later rows add to it."""

    __slots__ = ("change", "count", "exception", "first", "message", "rule", "say", "severity", "why")

    def __init__(
        self,
        rule: str,
        message: str | Callable[[int], str],
        *,
        exception: str | None = None,
        why: str = "",
        change: str = "",
        count: int = 0,
        first: Iterable[Place] = (),
    ) -> None:
        self.severity = "silent" if exception is None else "error"
        self.rule = rule
        self.say = message if callable(message) else None
        self.message = message(count) if callable(message) else message
        self.exception = exception
        self.why = why
        self.change = change
        self.count = count
        self.first = list(first)[:FIRST]

    def add(self, other: Fact) -> None:
        """The same of later rows."""
        if self.say is not None:
            self.count += other.count
            self.first = (self.first + other.first)[:FIRST]
            self.message = self.say(self.count)

    def as_dict(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "rule": self.rule,
            "message": self.message,
            "exception": self.exception,
            "why": self.why,
            "change": self.change,
            "count": self.count,
            "first": [
                {"array": p.array, "row": p.row, "step": list(p.step), "value": p.value, "limit": p.limit}
                for p in self.first
            ],
        }

    def __str__(self) -> str:
        raises = f"  raises {self.exception}" if self.exception else "  nothing raises"
        lines = [f"{self.severity}[{self.rule}]: {self.message}", raises]
        lines += [f"    {place}" for place in self.first]
        more = self.count - len(self.first)
        if self.first and more > 0:
            lines.append(f"    and {more:,} more")
        if self.why:
            lines.append(f"  why     {self.why}")
        if self.change:
            lines.append(f"  change  {self.change}")
        return "\n".join(lines)


def shape_text(shape: Iterable[object]) -> str:
    """``(batch, 10, 3)``: None at the start is the batch."""
    sizes = [
        "batch" if i == 0 and size is None else "any" if size is None else str(size) for i, size in enumerate(shape)
    ]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
