"""``keras.ops.rearrange``: axes named, taken apart and put together, as in einops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, floordiv, product
from foreshape.domain.values import Value, as_dim, as_str
from foreshape.semantics.keras.operations.support import OpenShape, known, like, run
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context


def groups(side: str) -> list[list[str]]:
    """The axes of one side of a pattern, each with the names that it holds."""
    found: list[list[str]] = []
    inside: list[str] | None = None
    for item in side.replace("(", " ( ").replace(")", " ) ").split():
        if item == "(":
            inside = []
        elif item == ")":
            found.append(inside or [])
            inside = None
        elif inside is not None:
            inside.append(item)
        else:
            found.append([item])
    return found


def rearranged(shape: Shape, pattern: str, lengths: Mapping[str, DimLike]) -> Shape:
    """The shape after a pattern such as ``"b h w c -> b (h w) c"``. Raises OpenShape where it does not fit."""
    left, arrow, right = pattern.partition("->")
    before, after = groups(left), groups(right)
    if not arrow or len(before) != len(shape) or "..." in pattern:
        raise OpenShape("a pattern that does not fit, or leaves axes open")
    sizes: dict[str, DimLike] = dict(lengths)
    for names, size in zip(before, shape):
        if len(names) == 1 and names[0] != "1":
            sizes[names[0]] = size
            continue
        open_names = [name for name in names if name not in sizes and name != "1"]
        rest = product(sizes[name] for name in names if name in sizes)
        if len(open_names) > 1:
            raise OpenShape("more than one open size in a group")
        if open_names:
            sizes[open_names[0]] = floordiv(size, rest)
    try:
        return tuple(product(1 if name == "1" else sizes[name] for name in names) for names in after)
    except KeyError:
        raise OpenShape("a name that the pattern does not have") from None


@rule("keras.ops.rearrange")
def rearrange(cx: Context, tensor: Value, pattern: Value, **axes_lengths: Value) -> Value:
    """Axes named, taken apart and put together."""
    text = as_str(pattern)
    lengths = {name: size for name, value in axes_lengths.items() if (size := as_dim(value)) is not None}

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if text is None or len(lengths) != len(axes_lengths):
            raise OpenShape("the pattern is not known")
        return like(found, rearranged(shape, text, lengths))

    return run(cx, "rearrange", core, (tensor,))
