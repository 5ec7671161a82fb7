"""Rules that many classes share, each under the signature that the library gives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from foreshape.semantics.registry import REGISTRY, Parameters, Rule

GIVEN: Final = object()
"""Stands for a default in ``Parameters``: what the call does not give does not reach the rule."""


def parameters(text: str) -> Parameters:
    """``"filters kernel_size strides= **kwargs"``, after the object: what ends with ``=`` may be left out."""
    made = Parameters.__new__(Parameters)
    words = text.split()
    made.star = None
    made.star_star = None
    if words and words[-1].startswith("**"):
        made.star_star = words.pop()[2:]
    names = ("layer", *(word.rstrip("=") for word in words))
    made.positional = names
    made.positional_only = 0
    made.keyword_only = ()
    made.defaults = {word.rstrip("="): GIVEN for word in words if word.endswith("=")}
    made.required = tuple(name for name in names if name not in made.defaults)
    return made


def register(
    name: str, signature: str, function: Callable[..., Any], *, since: str = "", until: str = "", doc: str = ""
) -> None:
    """Register ``function(cx, layer, **given)`` as the rule of ``name``. ``given`` holds what the call gives, by
    name.
    """
    made = Rule(name, "function", function, since, until, doc)
    made.parameters = parameters(signature)
    REGISTRY.rules.setdefault(name, []).append(made)
