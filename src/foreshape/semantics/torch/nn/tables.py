"""Rules that are made from a table: one function under many names, each with a signature of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foreshape.domain.values import Const, Value
from foreshape.semantics.registry import REGISTRY, Parameters, rule


def parameters(*names: str, **defaults: object) -> Parameters:
    """A signature: ``names`` must be given, ``defaults`` need not. A default is a Python scalar."""
    made = Parameters.__new__(Parameters)
    made.star = made.star_star = None
    made.positional = (*names, *defaults)
    made.positional_only = 0
    made.keyword_only = ()
    made.defaults = {name: value if isinstance(value, Value) else Const(value) for name, value in defaults.items()}
    made.required = names
    return made


def register(name: str, function: Callable[..., Value], spec: Parameters, since: str = "") -> None:
    """Register ``function(cx, **by_name)`` under a name, with this signature."""
    rule(name, since=since)(function)
    REGISTRY.rules[name][-1].parameters = spec


def of(bound: dict[str, Any], name: str) -> Value:
    """An argument that was bound, or its default."""
    found: Value = bound[name]
    return found
