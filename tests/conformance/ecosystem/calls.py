"""How many calls into the libraries that are modelled have no rule, while files are checked.

A call counts each time that it is followed. It has no rule where the name of what is called (a function, a class, a method) is
not known to any; that its result is not known, since its arguments are not, is another matter and counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Sequence as SequenceOf
from contextlib import contextmanager
from typing import Final

from foreshape.domain.values import LibraryRef, Unknown, Value
from foreshape.interpret.calls import Calls

MODELLED: Final = frozenset({
    "numpy", "pandas", "sklearn", "scipy", "keras", "tf_keras", "tensorflow", "torch", "torchvision", "lightning", "einops",
})  # fmt: skip
INTERNAL: Final = ("tensorflow.python.", "keras.src.")
"""Modules of a library that are its own affair."""
NO_RULE: Final = " is not modelled"


class Counted:
    """calls: followed into a modelled library. unknown: gave nothing known. missing: names without a rule."""

    def __init__(self) -> None:
        self.calls = self.unknown = 0
        self.missing: Counter[str] = Counter()

    @property
    def share(self) -> float:
        """The share of calls that have no rule."""
        return sum(self.missing.values()) / max(self.calls, 1)


@contextmanager
def counted(own: str = "") -> Iterator[Counted]:
    """Counts the calls that are followed inside. own: the library that is checked, whose own functions are not counted."""
    others = MODELLED - {own}
    seen = Counted()
    library, anything = Calls.call_library, Calls.call

    def call_library(self: Calls, function: LibraryRef, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        made = library(self, function, args, kwargs)
        if function.name.partition(".")[0] in others and not function.name.startswith(INTERNAL):
            seen.calls += 1
            if isinstance(made, Unknown):
                seen.unknown += 1
                if made.reason == function.name + NO_RULE:
                    seen.missing[function.name] += 1
        return made

    def call(
        self: Calls, function: Value, args: SequenceOf[Value] = (), kwargs: Mapping[str, Value] | None = None
    ) -> Value:
        if isinstance(function, Unknown) and function.reason.endswith(NO_RULE):
            name = function.reason.removesuffix(NO_RULE)
            if name.partition(".")[0] in others and " " not in name and not name.startswith(INTERNAL):
                seen.calls += 1
                seen.unknown += 1
                seen.missing[name] += 1
        return anything(self, function, args, kwargs)

    Calls.call_library, Calls.call = call_library, call  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        Calls.call_library, Calls.call = library, anything  # type: ignore[method-assign]
