"""Equations of ``einsum`` whose letters meet in axes of different sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import Candidate
from foreshape.fixes.proposals.torch_places import swapped

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench


def equation(bench: Bench) -> Iterator[Candidate]:
    """One letter of an einsum changed."""
    node = bench.node
    equation: str = bench.fault.equation  # type: ignore[attr-defined]
    shapes: tuple[Shape, ...] = bench.fault.shapes  # type: ignore[attr-defined]
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return
    left, arrow, right = equation.replace(" ", "").partition("->")
    inputs = left.split(",")
    missing = [letter for letter in right if letter not in left]
    letters = missing or sorted(set(left) - {","})
    quote = bench.text(bench.path, node.args[0])[:1]
    found: list[tuple[int, str]] = []
    for at, letters_of in reversed(list(enumerate(inputs))):
        for place in reversed(range(len(letters_of) - 1)):
            turned = letters_of[:place] + letters_of[place + 1] + letters_of[place] + letters_of[place + 2 :]
            parts = [*inputs[:at], turned, *inputs[at + 1 :]]
            if _consistent(parts, shapes):
                found.append((-1, f"{','.join(parts)}{arrow}{right}"))
    for at in reversed(range(len(inputs))):
        for place in reversed(range(len(inputs[at]))):
            for letter in letters:
                if letter == inputs[at][place]:
                    continue
                changed = f"{inputs[at][:place]}{letter}{inputs[at][place + 1 :]}"
                parts = [*inputs[:at], changed, *inputs[at + 1 :]]
                if len(set(changed)) == len(changed) and _consistent(parts, shapes):
                    found.append((0 if missing else 1, f"{','.join(parts)}{arrow}{right}"))
    for likely, text in found[:8]:
        yield swapped(bench, node.args[0], f"{quote}{text}{quote}", likely)
    for at in range(len(right)):
        for letter in sorted(set(left) - {",", *right}):
            text = f"{left}->{right[:at]}{letter}{right[at + 1 :]}"
            yield swapped(bench, node.args[0], f"{quote}{text}{quote}", 2)


def _consistent(parts: list[str], shapes: tuple[Shape, ...]) -> bool:
    sizes: dict[str, object] = {}
    for part, shape in zip(parts, shapes, strict=False):
        if len(part) != len(shape):
            return False
        for letter, size in zip(part, shape, strict=True):
            if str(sizes.setdefault(letter, size)) != str(size):
                return False
    return True
