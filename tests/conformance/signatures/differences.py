"""What a rule accepts, against the signature of the function that is installed.

    python -m tests.conformance.signatures.differences [LIBRARY ...]

A rule that lacks a parameter, or asks for one that has a default, makes a false ``call-arguments`` of a call that works. Prints one
line for each such difference. What a rule accepts beyond the function is a miss at most, and not told.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from foreshape.semantics.registry import REGISTRY, Rule

LIBRARIES = ("numpy", "scipy", "sklearn", "pandas", "keras")


def real(name: str) -> Any:
    """The object of this qualified name; None where there is none."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found
    return None


def current(rules: list[Rule]) -> list[Rule]:
    """Those of the newest version."""
    return [rule for rule in rules if not rule.until and rule.kind == "function"]


def differences(library: str) -> Iterator[str]:
    """One line for each rule that accepts less than the function."""
    REGISTRY.load(library)
    for name, rules in sorted(REGISTRY.rules.items()):
        if not name.startswith(library + ".") or "~" in name:
            continue
        found = real(name.removesuffix(".__init__") if name.endswith(".__init__") else name)
        if not callable(found):
            continue
        try:
            signature = inspect.signature(found)
        except (TypeError, ValueError):
            continue
        if library == "keras" and not name.startswith("keras.ops."):
            continue  # held by the records of the layers
        for rule in current(rules):
            yield from compared(name, rule, signature, found)


def compared(name: str, rule: Rule, signature: inspect.Signature, found: Any) -> Iterator[str]:
    ours = rule.signature()
    given = list(signature.parameters.values())
    method = bool(ours.positional) and ours.positional[0] == "self"
    if given and given[0].name == "self":
        given = given[1:]
    positional = ours.positional[1:] if method else ours.positional
    accepted = {word.rstrip("_") for word in (*positional, *ours.keyword_only)}
    defaults = set(ours.defaults)
    for place, parameter in enumerate(given):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            star = ours.star if parameter.kind == parameter.VAR_POSITIONAL else ours.star_star
            if star is None:
                yield f"{name}: takes {parameter}, the rule does not"
            continue
        if parameter.kind != parameter.POSITIONAL_ONLY and parameter.name not in accepted and ours.star_star is None:
            yield f"{name}: parameter {parameter.name!r} is not in the rule ({', '.join(positional)})"
        elif parameter.default is not parameter.empty:
            word = next((one for one in (*positional, *ours.keyword_only) if one.rstrip("_") == parameter.name), None)
            if word is not None and word not in defaults:
                yield f"{name}: parameter {parameter.name!r} has a default, in the rule it has none"
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD) and ours.star is None:
            if place >= len(positional):
                yield f"{name}: takes {parameter.name!r} by position, the rule does not"
            elif parameter.name in accepted and positional[place].rstrip("_") != parameter.name:
                yield f"{name}: {parameter.name!r} stands at another place ({', '.join(positional)})"


if __name__ == "__main__":
    for library in sys.argv[1:] or LIBRARIES:
        for line in differences(library):
            print(line)
