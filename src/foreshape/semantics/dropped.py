"""Names that libraries have dropped, as ``removed.txt`` lists them: looked up by the name that the program spells."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

LIBRARIES: Final = frozenset({"tensorflow", "keras", "sklearn", "scipy", "pandas", "torch"})
LOOKED_UP: Final = "import-"
OF_KERAS_2: Final = ("tensorflow.compat.v1.layers.", "tensorflow.compat.v1.nn.rnn_cell.")
"""What TensorFlow takes from Keras 2 by itself: with Keras 3 every name of it raises."""
FILE: Final = os.path.join(os.path.dirname(__file__), "removed.txt")


class Dropped:
    """A name that the release checked for does not have. since: the version without it; now: what it became, or "";
    message: what the library itself says of it, "" where Python does; importable: False for what can only be looked up,
    as ``tf.losses``."""

    __slots__ = ("importable", "message", "name", "now", "since")

    def __init__(self, name: str, since: str, now: str, message: str = "") -> None:
        self.name = name
        self.importable = not since.startswith(LOOKED_UP)
        self.since = since.removeprefix(LOOKED_UP)
        self.now = now
        self.message = message

    @property
    def library(self) -> str:
        """The library whose version decides."""
        return library_of(self.name)


def library_of(name: str) -> str:
    """``tensorflow.keras.layers`` follows the version of Keras."""
    return "keras" if name.startswith(("tensorflow.keras", *OF_KERAS_2)) else name.partition(".")[0]


class Table:
    """The list, read when it is first asked for a library that is on it."""

    def __init__(self) -> None:
        self._rows: dict[str, Dropped] | None = None

    def find(self, name: str, at_least: Callable[[str, str], bool], importing: bool = False) -> Dropped | None:
        """What is said of a qualified name as it is spelled; None where the version has it. importing: as the module of an
        import statement."""
        if name.partition(".")[0] not in LIBRARIES:
            return None
        if self._rows is None:
            self._rows = _read()
        found = self._rows.get(name)
        if found is None and name.startswith(OF_KERAS_2):
            last = name.rpartition(".")[2]
            found = Dropped(name, "3", "", f"`{last}` is not available with Keras 3.")
        if found is None or not (importing or found.importable) or not at_least(found.library, found.since):
            return None
        return found

    def first(self, module: str, at_least: Callable[[str, str], bool]) -> Dropped | None:
        """The outermost module on the way to ``module`` that is gone, with what ``module`` itself became."""
        parts = module.split(".")
        for count in range(2, len(parts) + 1):
            found = self.find(".".join(parts[:count]), at_least, importing=True)
            if found is not None:
                return Dropped(found.name, found.since, self.now(module))
        return None

    def now(self, name: str) -> str:
        """What a name became, by the longest of the listed names that it begins with; "" where nothing did."""
        if self._rows is None:
            self._rows = _read()
        parts = name.split(".")
        for count in range(len(parts), 1, -1):
            found = self._rows.get(".".join(parts[:count]))
            if found is not None:
                return ".".join([found.now, *parts[count:]]) if found.now else ""
        return ""


def _read() -> dict[str, Dropped]:
    rows: dict[str, Dropped] = {}
    with open(FILE, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                name, since, now = line.split()
                rows[name] = Dropped(name, since, "" if now == "-" else now)
    return rows


DROPPED: Final = Table()
