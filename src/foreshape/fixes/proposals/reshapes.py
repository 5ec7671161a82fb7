"""A reshape to a shape that holds another number of elements."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, literal_of, shown

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    shape, target = bench.fault.shape, bench.fault.target  # type: ignore[attr-defined]
    yield from _whole_rows(bench, shape, target)
    yield from _cut(bench, shape, target)
    for path, elements in _targets(bench, len(target)):
        sizes = [size if isinstance(size, int) else None for size in target[-len(elements) :]]
        total = prod(shape) if all(isinstance(size, int) for size in shape) else None
        if len(elements) < len(target) and len(shape) > 1 and all(isinstance(size, int) for size in shape[1:]):
            total = prod(shape[1:])  # a layer: the batch axis is not spelled
        for number, element in enumerate(elements):
            if sizes[number] is None or sizes[number] == -1 or isinstance(element, ast.Starred):
                continue
            others = [size for at, size in enumerate(sizes) if at != number]
            if all(size is not None and size != -1 for size in others):
                if total is not None and (rest := prod(size for size in others if size)) and total % rest == 0:
                    yield from _size(bench, path, element, total // rest, 0 if number == len(elements) - 1 else 1)
                minus = bench.replace(path, element, "-1")
                yield Candidate(shown(bench, path, element, minus), [minus], UNSAFE, 2 if number else 0)
            if number and sizes[0] == -1 and all(isinstance(size, int) for size in shape[1:]):
                inner = prod(shape[1:])  # of one sample
                rest = prod(size for size in others if size is not None and size != -1)
                if rest and None not in others and not inner % rest:
                    yield from _size(bench, path, element, inner // rest, 0)
            for size in shape:
                if isinstance(size, int) and size not in sizes and size > 0:
                    yield from _size(bench, path, element, size, 1)


def _cut(bench: Bench, shape: Sequence[object], target: Sequence[object]) -> Iterator[Candidate]:
    """``x[: samples * steps].reshape((samples, steps, 1))``: the rest at the end does not fill a row."""
    node = bench.node
    sizes = [size for size in target if isinstance(size, int) and size > 0]
    if len(shape) != 1 or not isinstance(shape[0], int) or len(sizes) != len(target) or len(target) < 2:
        return
    want = prod(sizes)
    if (
        not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Attribute)
        or node.func.attr not in ("reshape", "view")
    ):
        return
    owner = node.func.value
    if not 0 < shape[0] - want < want // sizes[0]:
        return
    if isinstance(owner, ast.Name) and owner.id in ("np", "numpy", "tf", "torch"):
        owner = node.args[0] if node.args else owner
    for path, elements in _targets(bench, len(target)):
        named = [bench.text(path, each) for each, size in zip(elements, sizes) if size != 1]
        if len(elements) == len(sizes) and all(isinstance(each, (ast.Name, ast.Constant)) for each in elements):
            text = f"[: {' * '.join(named)}]"
            yield Candidate(f"{bench.text(bench.path, owner)}{text}", [bench.part(bench.path, owner, text)], UNSAFE, -1)


def _whole_rows(bench: Bench, shape: Sequence[object], target: Sequence[object]) -> Iterator[Candidate]:
    """``x[: len(x) // steps * steps].reshape(-1, steps, 1)``: only as many rows as fill whole windows."""
    node = bench.node
    owner = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    inner = [size for size in shape[1:] if size != 1]
    if not isinstance(owner, ast.Name) or target.count(-1) != 1 or target[0] != -1 or len(target) < 2:
        return
    steps, rest = target[1], [size for size in target[2:] if size != 1]
    if rest != inner or not isinstance(steps, int) or (isinstance(shape[0], int) and shape[0] < steps):
        return
    for path, elements in _targets(bench, len(target)):
        if len(elements) == len(target) and isinstance(elements[1], (ast.Name, ast.Constant)):
            size = bench.text(path, elements[1])
            text = f"[: len({owner.id}) // {size} * {size}]"
            yield Candidate(f"{owner.id}{text}", [bench.part(bench.path, owner, text)], UNSAFE, -1)


def _size(bench: Bench, path: str, element: ast.expr, size: int, likely: int) -> Iterator[Candidate]:
    if isinstance(element, ast.Name) and (constant := literal_of(bench, path, element.id)) is not None:
        yield Candidate(f"{element.id} = {size}", [bench.replace(path, constant, str(size))], UNSAFE, likely + 1)
    splice = bench.replace(path, element, str(size))
    yield Candidate(shown(bench, path, element, splice), [splice], UNSAFE, likely)


def _targets(bench: Bench, rank: int) -> Iterator[tuple[str, list[ast.expr]]]:
    """Where the shape is spelled: in the failing call, or in the constructor of the layer."""
    calls: list[tuple[str, ast.Call]] = []
    if isinstance(bench.node, ast.Call):
        calls.append((bench.path, bench.node))
    layer = bench.layer()
    if layer is not None:
        calls.insert(0, layer)
    for path, call in calls:
        for node in [*call.args, *(each.value for each in call.keywords)]:
            if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) in (rank, rank - 1):
                yield path, node.elts
        if class_of(call) == "reshape" and len(call.args) == rank:
            yield path, call.args
