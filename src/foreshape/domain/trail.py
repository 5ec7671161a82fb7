"""The record of every change to mutable state, so that both sides of a branch can be followed and joined.

All that can change while a program runs (variables of a scope, attributes of an object, contents of a list) lives
in a plain ``dict`` that is only written through a :class:`Trail`. To follow a branch the interpreter marks the
trail, runs one side, takes its changes back, runs the other side, and joins what the two sides left behind.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()

BORN: Final = _Missing()
"""The key of a cell that is never written: its dict was made inside the branch, so nothing outside knows it."""

Fields = dict[Hashable, Any]
Changes = dict[tuple[int, Hashable], tuple[Fields, Any]]
"""(id of the dict, key) -> (the dict, the value that the branch left there, or MISSING)."""


class Trail:
    """An undo log over field dictionaries."""

    __slots__ = ("_depth", "_log")

    def __init__(self) -> None:
        self._log: list[tuple[Fields, Hashable, Any]] = []
        self._depth = 0

    @property
    def is_open(self) -> bool:
        """Whether a branch is open."""
        return self._depth > 0

    def set(self, fields: Fields, key: Hashable, value: Any) -> None:
        """Write ``fields[key] = value``, remembering the old value while a branch is open."""
        if self._depth:
            self._log.append((fields, key, fields.get(key, MISSING)))
        fields[key] = value

    def born(self, fields: Fields) -> None:
        """Note that an object was made just now."""
        if self._depth:
            self._log.append((fields, BORN, MISSING))

    def delete(self, fields: Fields, key: Hashable) -> None:
        """Remove ``fields[key]`` if it is there."""
        if key in fields:
            if self._depth:
                self._log.append((fields, key, fields[key]))
            del fields[key]

    def open(self) -> int:
        """Start a branch; give the mark back to :meth:`take_back` or :meth:`keep`."""
        self._depth += 1
        return len(self._log)

    def keep(self, mark: int) -> None:
        """Close the branch and keep its changes."""
        self._depth -= 1
        if not self._depth:
            del self._log[mark:]

    def changed(self, mark: int) -> Changes:
        """What the open branch has left in the cells that it changed."""
        found: Changes = {}
        for fields, key, _ in self._log[mark:]:
            cell = (id(fields), key)
            if cell not in found and key is not BORN:
                found[cell] = (fields, fields.get(key, MISSING))
        return found

    def before(self, mark: int) -> Changes:
        """What the cells that the open branch has changed held at its mark."""
        found: Changes = {}
        for fields, key, old in self._log[mark:]:
            if key is not BORN:
                found.setdefault((id(fields), key), (fields, old))
        return found

    def take_back(self, mark: int) -> Changes:
        """Close the branch, restore the state at its mark, and return what the branch had left behind."""
        found = self.changed(mark)
        self._undo(mark)
        return found

    def take_away(self, mark: int) -> Changes:
        """As ``take_back``, and before it the cells ``BORN`` of the objects that the branch has made."""
        log = self._log
        if len(log) == mark:
            self._depth -= 1
            return {}
        made: Changes = {}
        found: Changes = {}
        for fields, key, _ in log[mark:]:
            cell = (id(fields), key)
            if key is BORN:
                made[cell] = (fields, MISSING)
            elif cell not in found:
                found[cell] = (fields, fields.get(key, MISSING))
        self._undo(mark)
        if made:
            made.update(found)
            return made
        return found

    def _undo(self, mark: int) -> None:
        log = self._log
        if len(log) > mark:
            for fields, key, old in reversed(log[mark:]):
                if old is MISSING:
                    fields.pop(key, None)
                else:
                    fields[key] = old
            del log[mark:]
        self._depth -= 1

    def apply(self, changes: Changes) -> None:
        """Write the changes of a branch that was taken back."""
        for (_, key), (fields, value) in changes.items():
            if key is BORN:
                self.born(fields)
            elif value is MISSING:
                self.delete(fields, key)
            else:
                self.set(fields, key, value)
