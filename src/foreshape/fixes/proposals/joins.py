"""Parts that cannot be joined: another axis, another number of axes, or another size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, recurrent_calls, sequences_off, sequences_on, shown
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

WIDEST: Final = 8


def propose(bench: Bench) -> Iterator[Candidate]:
    fault = bench.fault
    shapes: tuple[Shape, ...] = getattr(fault, "shapes", ())
    rank = max((len(shape) for shape in shapes), default=getattr(fault, "rank", 3))
    yield from _axis(bench, rank)
    yield from _parts(bench, shapes, rank)
    least = min((len(shape) for shape in shapes), default=rank)
    for value in fault.values:
        shape = bench.told.shape_of(value)
        for path, call in recurrent_calls(bench, value):
            change = None
            if shape is not None and len(shape) == least < rank:
                change = sequences_on(bench, path, call, 2)
            elif shape is not None and len(shape) == rank > least:
                change = sequences_off(bench, path, call, 1)
            elif fault.name == "axis-range":
                change = sequences_on(bench, path, call, 1)
            if change is not None:
                yield change
    differs = getattr(fault, "differs", None)
    if differs is None:
        return
    for one, other in ((fault.first, fault.second), (fault.second, fault.first)):  # type: ignore[attr-defined]
        if max(one, other) >= len(shapes) or differs >= min(len(shapes[one]), len(shapes[other])):
            continue
        wanted, now = shapes[other][differs], shapes[one][differs]
        if one >= len(fault.values) or not isinstance(wanted, int) or not isinstance(now, int):
            continue
        if differs == rank - 1:
            for _, path, call in bench.layers_of(fault.values[one])[:2]:
                units = bench.argument(call, "units", 0) or bench.argument(call, "filters", 0)
                if units is not None:
                    yield from resized(bench, path, units, wanted, now, 1)


def _axis(bench: Bench, rank: int) -> Iterator[Candidate]:
    if bench.fault.raises is not None and bench.fault.raises.by.startswith("torch"):
        return  # it says "dim"
    calls: list[tuple[str, ast.Call]] = []
    layer = bench.layer()
    if layer is not None:
        calls.append(layer)
    if isinstance(bench.node, ast.Call) and not isinstance(bench.node.func, ast.Call):
        calls.append((bench.path, bench.node))
    for path, call in calls:
        name = class_of(call)
        if name in ("hstack", "vstack", "column_stack", "stack"):
            continue
        yield from _axes_left(bench, path, call, rank)
        table = bench.fault.raises is not None and bench.fault.raises.by == "pandas"
        for axis in (1, 0) if table else (-1, *range(rank)):
            held = bench.argument(call, "axis", 1)
            if held is not None and bench.text(path, held) == str(axis):
                continue
            if held is not None:
                one = bench.replace(path, held, str(axis))
            else:
                one = bench.set_keyword(path, call, "axis", str(axis))
            yield Candidate(shown(bench, path, call.args[0] if call.args else call, one), [one], UNSAFE, 1)


def _axes_left(bench: Bench, path: str, call: ast.Call, rank: int) -> Iterator[Candidate]:
    """``axis=(1, 2)`` of what has two axes: those that it has."""
    held = bench.argument(call, "axis", 1)
    if not isinstance(held, (ast.Tuple, ast.List)) or not all(isinstance(each, ast.Constant) for each in held.elts):
        return
    numbers = [each.value for each in held.elts if isinstance(each, ast.Constant)]
    kept = [number for number in numbers if isinstance(number, int) and -rank <= number < rank]
    if len(kept) == 1 < len(numbers):
        one = bench.replace(path, held, str(kept[0]))
        yield Candidate(shown(bench, path, held, one), [one], UNSAFE, 0)


def _elements(bench: Bench) -> list[ast.expr]:
    node = bench.node
    if not isinstance(node, ast.Call):
        return []
    given: list[ast.expr] = []
    for each in node.args:
        given.extend(each.elts if isinstance(each, (ast.List, ast.Tuple)) else [each])
    return [each for each in given if isinstance(each, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))]


def _parts(bench: Bench, shapes: tuple[Shape, ...], rank: int) -> Iterator[Candidate]:
    elements = _elements(bench)
    if len(elements) < len(shapes):
        return
    axis = bench.new_axis(bench.path)
    symbolic = any(isinstance(each, Array) and each.kind == "keras" for each in bench.fault.values)
    for node, shape in zip(elements, shapes, strict=False):
        if symbolic and len(shape) == rank > 2 and any(len(each) == 2 for each in shapes):
            yield from _flat(bench, node)
        if symbolic and len(shape) == 2 and rank == 3:
            yield from _for_every_step(bench, node, [each[1] for each in shapes if len(each) == 3])
        if len(shape) == rank - 1 and not symbolic:
            for index in (axis, f"..., {axis}", f":, {axis}"):
                text = f"{bench.text(bench.path, node)}[{index}]"
                yield Candidate(text, [bench.part(bench.path, node, f"[{index}]")], UNSAFE, 1)
        if len(shape) == 2 and not symbolic:
            yield Candidate(f"{bench.text(bench.path, node)}.T", [bench.part(bench.path, node, ".T")], UNSAFE, 2)
    if symbolic:
        yield from _bordered(bench, elements, shapes)
    yield from _cut(bench, elements, shapes)


def _flat(bench: Bench, node: ast.expr) -> Iterator[Candidate]:
    """A branch that has kept its axes, flattened before it meets one that has none."""
    call = bench.node
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Call):
        call = call.func
    spelt = bench.spell(bench.path, call, "Flatten") if isinstance(call, ast.Call) else None
    if spelt is not None:
        text = f"{spelt[0]}()({bench.text(bench.path, node)})"
        yield Candidate(text, [bench.replace(bench.path, node, text), *spelt[1]], UNSAFE, 1)


def _for_every_step(bench: Bench, node: ast.expr, steps: list[DimLike]) -> Iterator[Candidate]:
    """What is one row per sample, again for every timestep of the other."""
    call = bench.node
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Call):
        call = call.func
    spelt = bench.spell(bench.path, call, "RepeatVector") if isinstance(call, ast.Call) else None
    if spelt is not None and isinstance(steps[0], int) and steps[0] > 1:
        text = f"{spelt[0]}({steps[0]})({bench.text(bench.path, node)})"
        yield Candidate(text, [bench.replace(bench.path, node, text), *spelt[1]], UNSAFE, 0)


def _bordered(bench: Bench, elements: list[ast.expr], shapes: tuple[Shape, ...]) -> Iterator[Candidate]:
    """Maps that pooling has rounded down, with a border of zeros before they meet those that it was made of."""
    call = bench.node
    while isinstance(call, ast.Call) and isinstance(call.func, ast.Call):
        call = call.func
    if (
        len(elements) != 2
        or len(shapes) != 2
        or not isinstance(call, ast.Call)
        or {len(each) for each in shapes} != {4}
    ):
        return
    for own, other, node in ((*shapes, elements[0]), (*shapes[::-1], elements[1])):
        lacks = [b - a if isinstance(a, int) and isinstance(b, int) else -1 for a, b in zip(own[1:3], other[1:3])]
        spelt = bench.spell(bench.path, call, "ZeroPadding2D")
        if spelt is not None and min(lacks) >= 0 and 0 < max(lacks) <= WIDEST:
            text = f"{spelt[0]}(((0, {lacks[0]}), (0, {lacks[1]})))({bench.text(bench.path, node)})"
            yield Candidate(text, [bench.replace(bench.path, node, text), *spelt[1]], UNSAFE, 0)


def _cut(bench: Bench, elements: list[ast.expr], shapes: tuple[Shape, ...]) -> Iterator[Candidate]:
    """Parts of different lengths, the longer ones cut at their beginning."""
    differs = getattr(bench.fault, "differs", None)
    if differs is None or len({len(shape) for shape in shapes}) != 1:
        return
    lengths = [shape[differs] for shape in shapes]
    numbers = [length for length in lengths if isinstance(length, int)]
    if len(numbers) != len(lengths):
        return
    least = min(numbers)
    for end in (False, True):
        edits, titles = [], []
        for node, length in zip(elements, numbers, strict=False):
            if length > least:
                index = ":, " * differs + (f":{least}" if end else f"{length - least}:")
                edits.append(bench.part(bench.path, node, f"[{index}]"))
                titles.append(f"{bench.text(bench.path, node)}[{index}]")
        if edits:
            yield Candidate(", ".join(titles), edits, UNSAFE, 3)
