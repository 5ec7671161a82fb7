"""What a function works on while it is traced as a graph: placeholders, which have a shape and a dtype but no numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

PLACEHOLDER = "placeholder"
"""In the ``meta`` of a tensor that stands for what a traced function will be given."""


def placeholder(leaf: Value) -> Value:
    """The tensor that a traced function works on, for one argument of it."""
    if not isinstance(leaf, Array) or "variable" in leaf.meta:
        return leaf
    made = leaf.replace(kind="tensorflow", meta={**leaf.meta, PLACEHOLDER: True})
    made.origin = leaf.origin
    made.tainted = leaf.tainted
    return made


def runs_eagerly(cx: Context) -> bool:
    """Whether the program asked that functions are run at once and not traced; it may have where that is not known."""
    return bool(cx.state("tensorflow").fields.get("eager"))
