"""What every fault has: a name, typed fields, and what the framework raises.

A rule raises a fault (or notes one that never raises) with data only; :mod:`foreshape.explain` writes the prose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from foreshape.domain.truth import Condition
    from foreshape.domain.values import Value


class Raises:
    """What the real run prints: exception class name, its message, and which library and version raises it.

    sooner: another exception that comes first where what is not known (a dtype) forbids it already.
    """

    __slots__ = ("by", "exception", "message", "sooner")

    def __init__(self, exception: str, message: str = "", by: str = "python", sooner: str = "") -> None:
        self.exception = exception
        self.message = message
        self.by = by
        self.sooner = sooner


class Fault(Exception):
    """Base of all faults. Subclasses declare their fields as annotations and are given them by keyword.

    raises: None for a silent fault. values: the values that the fault is about, for the chain of shapes; the one that a
    person would most likely change comes first. recover: the value that the call would have given had it worked.
    condition: what the fault depends on, None where it happens in every run. layers: the layers that were being called,
    innermost first; whoever calls one adds it.
    """

    name: ClassVar[str]
    """kebab-case, as in reports and in ``# foreshape: ignore[...]``."""
    summary: ClassVar[str]
    """One line for ``foreshape rules``."""
    page: ClassVar[str] = ""
    """Markdown: what it does, why it happens."""
    faulty: ClassVar[str] = ""
    """A program that has the fault. It is run on the real framework by the tests."""
    fixed: ClassVar[str] = ""
    """The program without the fault."""
    informs: ClassVar[bool] = False
    """Whether it answers a question of the program rather than finding fault with it."""

    def __init__(
        self,
        raises: Raises | None,
        *,
        values: tuple[Value, ...] = (),
        recover: Value | None = None,
        condition: Condition | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(self.name)
        self.raises = raises
        self.values = values
        self.recover = recover
        self.condition = condition
        self.layers: tuple[Value, ...] = ()
        expected = self.field_names()
        for key, value in fields.items():
            if key not in expected:
                raise TypeError(f"{type(self).__name__} has no field {key!r}")
            setattr(self, key, value)
        for key in expected:
            if key not in fields and not hasattr(type(self), key):
                raise TypeError(f"{type(self).__name__} needs {key!r}")

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """The typed fields, in the order of their declaration."""
        found: list[str] = []
        for base in reversed(cls.__mro__):
            if issubclass(base, Fault) and base is not Fault:
                found.extend(key for key in base.__dict__.get("__annotations__", {}) if not key.startswith("_"))  # noqa: RUF063
        return tuple(found)
