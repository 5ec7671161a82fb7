"""Data and the shape that a model declares for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

from foreshape.fixes.bench import sizes_text
from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import indexed, input_shapes
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    got: Shape | None = getattr(bench.fault, "got", None)
    value = bench.told.value()
    whole = bench.told.shape_of(value)
    shape = whole if whole is not None else got if isinstance(got, tuple) else None
    if shape is None or shape == ():
        return
    yield from _data(bench, shape)
    yield from _declaration(bench, shape)


def _data(bench: Bench, shape: Shape) -> Iterator[Candidate]:
    """The data made to fit what is declared."""
    for given in bench.node.args[:1] if isinstance(bench.node, ast.Call) else ():
        if isinstance(given, (ast.List, ast.Tuple)) and len(given.elts) == 2:
            first, second = given.elts
            one, two = bench.text(bench.path, first), bench.text(bench.path, second)
            edits = [bench.replace(bench.path, first, two), bench.replace(bench.path, second, one)]
            yield Candidate(f"[{two}, {one}]", edits, UNSAFE, 1)
    declared = getattr(bench.fault, "declared", None)
    if declared is None:
        return
    axis = bench.new_axis(bench.path)
    for node in bench.expressions(bench.told.value()):
        if len(declared) == len(shape) + 1:
            alike = all(a is None or a == b for a, b in zip(declared[1:], shape, strict=True))
            yield indexed(bench, node, axis, 0 if alike else 2, SAFE if alike else UNSAFE)
            yield indexed(bench, node, f"..., {axis}", 1)
            text = bench.text(bench.path, node)
            flow = bench.module(bench.path, "tensorflow")
            if flow is not None:
                title = f"{flow}.expand_dims({text}, 0)"
                yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 1 if alike else 3)
        sizes = tuple(size for size in declared[1:] if isinstance(size, int))
        whole = [size for size in shape if isinstance(size, int)]
        if 0 < len(whole) == len(shape) < len(sizes) + 1 == len(declared) and prod(whole) == prod(sizes):
            one = sizes_text((1, *sizes))  # one sample, without its batch axis and without an axis of one
            yield Candidate(
                f"{bench.text(bench.path, node)}.reshape({one})",
                [bench.part(bench.path, node, f".reshape({one})")],
                UNSAFE,
                1,
            )
        inner = bench.known(shape)
        if sizes and inner and len(sizes) == len(declared) - 1 and prod(sizes) == prod(inner):
            yield Candidate(
                f"{bench.text(bench.path, node)}.reshape((-1, {', '.join(map(str, sizes))}))",
                [bench.part(bench.path, node, f".reshape((-1, {', '.join(map(str, sizes))}))")],
                UNSAFE,
                1,
            )
            if sorted(sizes) == sorted(inner) and len(sizes) == 2 and (numpy := bench.module(bench.path, "numpy")):
                title = f"{numpy}.transpose({bench.text(bench.path, node)}, (0, 2, 1))"
                yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 0)
        if len(declared) == len(shape) + 1 and isinstance(node, ast.Name):
            title = f"{node.id}.batch(1)"
            yield Candidate(title, [bench.after(bench.path, node, ".batch(1)")], UNSAFE, 2)


def _declaration(bench: Bench, shape: Shape) -> Iterator[Candidate]:
    """The declaration made to fit the data."""
    for path, node, counted in input_shapes(bench):
        inner = shape if counted else shape[1:]
        if not isinstance(node, (ast.Tuple, ast.List)):
            if isinstance(node, ast.Constant) and len(inner) == 1 and isinstance(inner[0], int):
                yield Candidate(str(inner[0]), [bench.replace(path, node, str(inner[0]))], UNSAFE, 1)
            continue
        sizes = tuple(size for size in inner if isinstance(size, int))
        if len(sizes) == len(inner) and sizes:
            if len(node.elts) != len(sizes):
                text = sizes_text(sizes)
                yield Candidate(f"shape {text}", [bench.replace(path, node, text)], UNSAFE, 2)
            else:
                yield from _sizes(bench, path, node, sizes)
        if len(node.elts) == len(inner) + 1:
            # the batch axis counted with the others, or an axis that the data lacks
            for number in (0, len(node.elts) - 1):
                one = bench.drop(path, node.elts, number)
                if one is not None and len(node.elts) > 2:
                    rest = [bench.text(path, each) for at, each in enumerate(node.elts) if at != number]
                    yield Candidate(f"shape ({', '.join(rest)})", [one], UNSAFE, 1)


def _sizes(bench: Bench, path: str, node: ast.Tuple | ast.List, sizes: tuple[int, ...]) -> Iterator[Candidate]:
    needs = getattr(bench.fault, "needs", None)
    got = getattr(bench.fault, "got", None)
    for number, (element, size) in enumerate(zip(node.elts, sizes, strict=True)):
        if isinstance(element, ast.Constant) and element.value == size:
            continue
        if isinstance(got, int) and isinstance(needs, int) and size != got:
            continue
        likely = 0 if number == len(sizes) - 1 else 1
        now = needs if isinstance(needs, int) else None
        yield from resized(
            bench, path, element, size, now, likely, SAFE if isinstance(element, ast.Constant) else UNSAFE
        )
    differing = [
        each for each, size in zip(node.elts, sizes, strict=True)
        if not (isinstance(each, ast.Constant) and each.value == size)
    ]  # fmt: skip
    if len(differing) > 1 and all(isinstance(each, ast.Constant) for each in differing):
        edits = [bench.replace(path, each, str(size)) for each, size in zip(node.elts, sizes, strict=True)]
        yield Candidate(f"shape {sizes_text(sizes)}", edits, UNSAFE, 1)
    names = {tuple(map(str, sizes))}
    values = [each.value if isinstance(each, ast.Constant) else None for each in node.elts]
    if len(sizes) == 2 and values == [sizes[1], sizes[0]] and names:
        text = sizes_text(sizes)
        yield Candidate(f"shape {text}", [bench.replace(path, node, text)], UNSAFE, 1)
    name = bench.told.name(bench.told.value())
    if name.isidentifier() and bench.fault.values and bench.fault.values[0].origin is not None:
        origin = bench.fault.values[0].origin
        line = getattr(origin.node, "lineno", 0)
        # the name has to be known where the shape is declared: in the same function, and before
        together = bench.sources.function_at(path, line) == bench.sources.function_at(path, node.lineno)
        if origin.path == path and line < node.lineno and together:
            yield Candidate(f"{name}.shape[1:]", [bench.replace(path, node, f"{name}.shape[1:]")], UNSAFE, 1)
