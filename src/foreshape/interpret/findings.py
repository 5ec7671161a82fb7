"""What an analysis of a file found, before it is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import DictValue, Int, Sequence, Typed

if TYPE_CHECKING:
    import ast

    from foreshape.domain.origin import Span
    from foreshape.domain.truth import Condition
    from foreshape.domain.values import Value
    from foreshape.faults.base import Fault

    Tally = list[tuple[Fault, ast.AST]]


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


OF_PYTHON: Final = frozenset({
    "missing-attribute", "missing-key", "python-error", "python-type", "python-value", "call-arguments",
    "unpack-mismatch", "scalar-conversion", "undefined-name", "index-type", "missing-name",
})  # fmt: skip
"""Faults of plain Python, reported only where they happen in every run."""


def is_supposed(fault: Fault, conditional: bool) -> bool:
    """Whether a fault in a function that nobody calls rests on what is only supposed of its arguments: that they are of
    the type of their annotation, or, under a condition, that a list or dict holds no more than what is seen to be put in.
    """
    if fault.name in OF_PYTHON | {"unsupported-data", "invalid-argument"} and any(map(is_declared, fault.values)):
        return True
    if getattr(fault, "given", None) == "an empty list" or (
        fault.name == "index-range" and type(getattr(fault, "size", None)) is int and fault.size == 0  # type: ignore[attr-defined]
    ):
        return True  # nobody writes that: what fills it was not seen
    return conditional and any(
        isinstance(value, (Sequence, DictValue)) and value.kind not in ("tuple", "frozenset") for value in fault.values
    )


OF_PLUGINS: Final = frozenset({"npu", "mlu", "musa", "sdaa", "gcu", "neuron", "tpu"})
"""Devices that are there once the package of whoever makes them was imported: programs ask before they name one."""


def of_a_type(fault: Fault) -> bool:
    """Whether data is refused of which no more than the type is known, or a device that was asked for."""
    if fault.name == "invalid-argument" and getattr(fault, "argument", "") == "device":
        return getattr(fault, "given", "").strip("'").partition(":")[0] in OF_PLUGINS
    return fault.name == "unsupported-data" and any(isinstance(value, Typed) for value in fault.values)


def is_declared(value: Value) -> bool:
    """A parameter of which only the annotation is known, which Python does not hold anybody to."""
    return isinstance(value, (Typed, Int)) and value.origin is not None and type(value.origin.node).__name__ == "arg"


def hangs_on_none(fault: Fault) -> bool:
    """Whether a fault, raised by all options of a choice, is one that hangs on none of them."""
    return fault.raises is not None and fault.condition is None and fault.name not in OF_PYTHON and not of_a_type(fault)


def raised_by_all(raised: list[Tally]) -> Tally:
    """What each of the two sides of a choice raises at the same place, once."""
    for fault, node in raised[0] if len(raised) == 2 else ():
        for other, where in raised[1]:
            if node is where and fault.name == other.name and fault.raises and other.raises:
                if fault.raises.exception == other.raises.exception:
                    return [(fault, node)]
    return []


def traceback_line(node: ast.AST) -> int:
    """The line that CPython shows for a node: of a method call spread over lines, the line of the method's name."""
    function = getattr(node, "func", None)
    if function is not None and type(function).__name__ == "Attribute":
        end: int = function.end_lineno
        return end
    if type(node).__name__ == "Attribute":
        last: int = node.end_lineno  # type: ignore[attr-defined]
        return last
    return int(getattr(node, "lineno", 1))
