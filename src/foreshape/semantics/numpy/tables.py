"""Rules that are made from tables: one function under many names, each with its own parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from foreshape.semantics.registry import REGISTRY, Parameters, Rule

if TYPE_CHECKING:
    from foreshape.domain.values import Value

Apply = Callable[..., "Value"]


def parameters(names: str, method: bool = False) -> Parameters:
    """The parameters that a text lists: ``"loc=, scale=, size="`` (``=`` for one that may be left out, ``*`` before the
    ones that are given by name only)."""
    found = Parameters.__new__(Parameters)
    positional: list[str] = ["self"] if method else []
    by_name: list[str] = []
    defaults: dict[str, Any] = {}
    target = positional
    for part in names.split(","):
        name = part.strip()
        if name == "*":
            target = by_name
            continue
        if name.endswith("="):
            name = name[:-1]
            defaults[name] = None
        if name:
            target.append(name)
    found.positional = tuple(positional)
    found.positional_only = 0
    found.keyword_only = tuple(by_name)
    found.star = found.star_star = None
    found.defaults = defaults
    found.required = tuple(name for name in (*positional, *by_name) if name not in defaults)
    return found


def register(name: str, function: Apply, names: str, doc: str = "", since: str = "", until: str = "") -> None:
    """Register ``function(cx, **arguments)`` under a qualified name with the parameters that the text lists."""
    made = Rule(name, "function", function, since, until, doc)
    last = name.rpartition(".")[0].rpartition(".")[2]
    made.parameters = parameters(names, method=last[:1].isupper() or last == "ndarray")
    REGISTRY.rules.setdefault(name, []).append(made)
