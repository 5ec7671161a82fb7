"""What ``@dataclass`` refuses when the class is made: a field without a default after one that has one, and a list, dict or
set as a default."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final

from foreshape.domain.values import ClassValue, DictValue, Sequence, Value

FIELD: Final = "dataclasses.field"
Refers = Callable[[ast.expr], "str | None"]
"""The qualified name that an expression stands for."""


def refused(cls: ClassValue, decorator: ast.expr, refers: Refers) -> Exception | None:
    """What Python raises for the fields of a class that is decorated like this, as far as it is certain."""
    given = decorator.keywords if isinstance(decorator, ast.Call) else []
    keywords = {keyword.arg for keyword in given}
    if keywords & {None, "kw_only", "init"}:
        return None
    with_default: dict[str, bool] = {}
    for base in reversed(cls.mro):
        if not isinstance(base, ClassValue):
            if base.name not in ("builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"):
                return None
            continue
        if base is not cls and not base.fields.get("~dataclass"):
            continue
        for statement in base.node.body if base.node is not None else ():
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            named = ast.unparse(statement.annotation)
            if "KW_ONLY" in named or base.fields.get("~keywords"):
                return None
            if "ClassVar" in named or "InitVar" in named:
                continue
            name = statement.target.id
            default = _has_default(statement.value, refers)
            if default is None:
                return None
            with_default[name] = default
            problem = _mutable(base.fields.get(name), statement.value, name) if base is cls else None
            if problem is not None:
                return problem
    seen = False
    for name, default in with_default.items():
        if seen and not default:
            return TypeError(f"non-default argument {name!r} follows default argument")
        seen = seen or default
    return None


def _has_default(value: ast.expr | None, refers: Refers) -> bool | None:
    """Whether a field has a default; None where that, or its place among the arguments, is not known."""
    if value is None:
        return False
    if not isinstance(value, ast.Call):
        return True
    name = refers(value.func)
    if name is None:
        return None
    if name != FIELD:
        return True if not name.endswith(".field") else None
    keywords = {keyword.arg for keyword in value.keywords}
    if None in keywords or keywords & {"kw_only", "init"}:
        return None
    return bool(keywords & {"default", "default_factory"})


def _mutable(held: object, value: ast.expr | None, name: str) -> Exception | None:
    kind = None
    if isinstance(value, (ast.List, ast.ListComp)) or (isinstance(held, Sequence) and held.kind == "list"):
        kind = "list"
    elif isinstance(value, (ast.Dict, ast.DictComp)) or (isinstance(held, DictValue) and type(held) is DictValue):
        kind = "dict"
    elif isinstance(value, (ast.Set, ast.SetComp)) or (isinstance(held, Sequence) and held.kind == "set"):
        kind = "set"
    if kind is None or not isinstance(held, Value):
        return None
    return ValueError(f"mutable default <class '{kind}'> for field {name} is not allowed: use default_factory")
