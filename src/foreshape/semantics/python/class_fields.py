"""The fields of a dataclass or named tuple of the program.

Source: https://docs.python.org/3/library/dataclasses.html
"""

from __future__ import annotations

import ast
from typing import Final

from foreshape.domain.values import ClassValue, Const, Instance, LibraryRef, Value

FIELD: Final = ("dataclasses.field", "attr.ib", "attrs.field")
NAMED_TUPLE: Final = "typing.NamedTuple"


def field_names(cls: ClassValue) -> list[str]:
    """The annotated names of a class body and of its bases, bases first. What a base annotates is a field only where it
    is a dataclass (or named tuple) itself."""
    found: list[str] = []
    tuple_like = any(isinstance(base, LibraryRef) and base.name == NAMED_TUPLE for base in cls.mro)
    for base in reversed(cls.mro):
        if not isinstance(base, ClassValue) or base.node is None:
            continue
        if not tuple_like and not base.fields.get("~dataclass"):
            continue
        for statement in base.node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            if "ClassVar" not in ast.dump(statement.annotation) and statement.target.id not in found:
                found.append(statement.target.id)
    return found


def taken_fields(cls: ClassValue) -> list[str]:
    """The fields that the constructor takes: all but those of ``field(init=False)``."""
    return [name for name in field_names(cls) if not _is_set_later(cls, name)]


def in_class(cls: ClassValue, name: str) -> Value | None:
    """What the first class of the program that has the name holds under it."""
    values = (base.fields[name] for base in cls.mro if isinstance(base, ClassValue) and name in base.fields)
    return next(values, None)


def _is_set_later(cls: ClassValue, name: str) -> bool:
    value = in_class(cls, name)
    if not isinstance(value, Instance) or value.library_type not in FIELD:
        return False
    init = value.fields.get("init")
    return isinstance(init, Const) and not init.value
