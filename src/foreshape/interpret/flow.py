"""How control leaves a block, and what the interpreter keeps of a call in progress."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from foreshape.domain.values import Const, DictValue, Sequence, Unknown

if TYPE_CHECKING:
    import ast

    from foreshape.domain.trail import Changes
    from foreshape.domain.truth import Condition
    from foreshape.domain.values import ClassValue, Instance, Scope, Value
    from foreshape.interpret.core import Core
    from foreshape.interpret.findings import Finding


class Flow:
    """A block ended by return, break or continue."""

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: Value | None = None) -> None:
        self.kind = kind
        self.value = value


class Raised(Exception):  # noqa: N818, RUF100
    """The program raises here; unwinds the interpreter to the handler that catches it.

    exception: class name. mro: the names of the class and its bases. value: the exception object, if it has one.
    finding: what was reported of it as caught; no longer so when a handler raises it again.
    """

    def __init__(
        self, exception: str, mro: tuple[str, ...], value: Value | None = None, finding: Finding | None = None
    ) -> None:
        super().__init__(exception)
        self.finding = finding
        self.exception = exception
        self.mro = mro
        self.value = value


class Exit(Exception):  # noqa: N818, RUF100
    """The program ends here (``sys.exit()``)."""


class OutOfBudget(Exception):  # noqa: N818, RUF100
    """The analysis of this file has used up its steps or its time."""


class TooNested(OutOfBudget):  # noqa: N818, RUF100
    """What a function calls of itself takes too long to follow: ``frame``, the outermost of these calls, is given up."""

    def __init__(self, frame: Frame) -> None:
        super().__init__("the recursion is too long to follow")
        self.frame = frame


class Quiet:
    """Nothing is reported inside. It is entered too often for a generator."""

    __slots__ = ("core",)

    def __init__(self, core: Core) -> None:
        self.core = core

    def __enter__(self) -> None:
        self.core.muted += 1

    def __exit__(self, *ended: object) -> None:
        self.core.muted -= 1


class Frame:
    """A call in progress. ``call`` is the node in the caller that started it."""

    __slots__ = (
        "began", "call", "call_path", "function", "narrowed", "owner", "path", "receiver", "returns", "scope", "whole", "yields",
    )  # fmt: skip

    def __init__(
        self,
        path: str,
        scope: Scope,
        call: ast.AST | None = None,
        call_path: str | None = None,
        function: object | None = None,
    ) -> None:
        self.path = path
        self.scope = scope
        self.call = call
        self.call_path = call_path
        self.function = function
        self.began = 0
        """After how many steps of the analysis."""
        self.whole = False
        """Whether the call may be given up as a whole."""
        self.owner: ClassValue | None = None
        self.receiver: Value | None = None
        self.yields: Sequence | None = None
        self.returns: list[tuple[Condition | None, Value, Changes]] = []
        self.narrowed: list[tuple[Instance, str, Any, Value]] = []
        """Attributes that a test narrowed: what they were before, and what they are since."""


class Attempt:
    """A ``try`` (or ``with pytest.raises``) in progress: which exceptions it catches; ``names`` None is all of them.

    reached: an exception that it catches came or did not, and what is followed is the way on which it did not.
    """

    __slots__ = ("names", "reached")

    def __init__(self, names: tuple[str, ...] | None) -> None:
        self.names = names
        self.reached: Raised | None = None

    def catches(self, mro: tuple[str, ...]) -> bool:
        return self.names is None or any(name in mro for name in self.names)


def may_reach(attempts: list[Attempt], signal: Raised) -> None:
    """This came or did not: what would catch it is told, and the way on which it did not come is followed."""
    catching = next((attempt for attempt in reversed(attempts) if attempt.catches(signal.mro)), None)
    if catching is not None:
        catching.reached = signal


def of_global(fields: Mapping[Hashable, Any], key: Hashable, left: Any, right: Any) -> Value | None:
    """What a name of the module is that functions set, where one way through the program has set it and the other found it
    empty: which way was taken before hangs together with what is asked later, and that is not followed."""
    if key not in fields.get("~globals", ()) or _is_blank(left) == _is_blank(right):
        return None
    return Unknown("where a function sets this name is not followed")


def _is_blank(value: Any) -> bool:
    """An empty text, list or dict."""
    if isinstance(value, Const):
        return value.value == "" and isinstance(value.value, str)
    if isinstance(value, DictValue):
        return not value.entries and value.rest is None
    return isinstance(value, Sequence) and value.contents.items() == ()
