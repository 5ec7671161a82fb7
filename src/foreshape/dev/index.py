"""Writes ``semantics/index.txt``: which modules register which qualified name, so that a check imports only what it meets.

    python -m foreshape.dev.index [--check]

Imports every rule and notes from which module's own body each name is registered. ``--check`` compares with what is there.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "semantics" / "index.txt"
PREFIX = "foreshape.semantics."


def _module() -> str:
    """The module whose body is running, nearest first."""
    frame = sys._getframe(2)
    while frame.f_code.co_name != "<module>" or not frame.f_globals["__name__"].startswith(PREFIX):
        assert frame.f_back is not None
        frame = frame.f_back
    name: str = frame.f_globals["__name__"]
    return name.removeprefix(PREFIX)


def collect() -> dict[str, list[str]]:
    """Names and the modules that register them, in the order of registration."""
    os.environ["FORESHAPE_NO_INDEX"] = "1"
    from foreshape.semantics import registry

    found: dict[str, list[str]] = {}

    def note(name: str) -> None:
        modules = found.setdefault(name, [])
        module = _module()
        if module not in modules:
            modules.append(module)

    class RecordedRule(registry.Rule):
        __slots__ = ()

        def __init__(self, name: str, *rest: Any, **named: Any) -> None:
            super().__init__(name, *rest, **named)
            note(name)

    class RecordedType(registry.LibraryType):
        __slots__ = ()

        def __init__(self, name: str, *rest: Any, **named: Any) -> None:
            super().__init__(name, *rest, **named)
            note(name)

    class RecordedRemovals(dict[str, Any]):
        def setdefault(self, name: str, default: Any = None) -> Any:
            note(name)
            return super().setdefault(name, default)

    setattr(registry, "Rule", RecordedRule)  # noqa: B010 - the module's own name, which every rule is made with
    setattr(registry, "LibraryType", RecordedType)  # noqa: B010
    registry.REGISTRY.removed = RecordedRemovals()
    for library in registry.LIBRARIES:
        registry.REGISTRY.load(library)
    return found


def text() -> str:
    """The file: a line for each module, then the names that it registers, modules in the order of registration."""
    names: dict[str, list[str]] = {}
    for name, modules in collect().items():
        for module in modules:
            names.setdefault(module, []).append(name)
    return "".join(f"{module} {' '.join(sorted(held))}\n" for module, held in names.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    made = text()
    if options.check:
        return 0 if TARGET.exists() and TARGET.read_text() == made else 1
    TARGET.write_text(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
