"""An index past the end: the bound of the loop, the size of what is indexed, or the index."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, shown
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    node = bench.node
    if bench.fault.name == "too-many-indices":
        yield from _fewer(bench)
        return
    index, size = bench.fault.index, bench.fault.size  # type: ignore[attr-defined]
    excess = _difference(index, size)
    if excess is None:
        return
    yield from _loops(bench, excess + 1)
    yield from _from_one(bench, excess)
    yield from _axis_lacking(bench, excess)
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        axis = getattr(bench.fault, "axis", None) or 0
        part = parts[axis] if axis < len(parts) else parts[-1]
        if isinstance(index, int) and isinstance(size, int) and not isinstance(part, ast.Slice):
            simple = isinstance(part, (ast.Constant, ast.BinOp))
            one = bench.number(bench.path, part, size - 1, index)
            if one is not None and simple:
                yield Candidate(shown(bench, bench.path, part, one), [one], UNSAFE, 2)
            if isinstance(part, (ast.Name, ast.Call)) and excess == 0:
                text = f"{bench.text(bench.path, part)} - 1"
                yield Candidate(text, [bench.replace(bench.path, part, text)], UNSAFE, 2)
    yield from _sizes(bench, index, size)


def _from_one(bench: Bench, excess: int) -> Iterator[Candidate]:
    """Lengths, or numbers that count from 1, taken for indexes."""
    node = bench.node
    if excess or not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    given = node.args[1]
    if class_of(node) in ("gather", "take", "gather_nd", "take_along_axis") and isinstance(given, ast.Name):
        text = f"{given.id} - 1"
        yield Candidate(text, [bench.replace(bench.path, given, text)], UNSAFE, 0)


def _axis_lacking(bench: Bench, excess: int) -> Iterator[Candidate]:
    """``x.shape[2]`` of data that has no axis of features: it gets one before."""
    node = bench.node
    if excess or not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Attribute):
        return
    statement = bench.statement(bench.path, node)
    if node.value.attr == "shape" and isinstance(node.value.value, ast.Name) and statement is not None:
        name = node.value.value.id
        text = f"{name} = {name}[..., {bench.new_axis(bench.path)}]"
        line = bench.line_before(bench.path, statement, text)
        if line is not None:
            yield Candidate(text, [line], UNSAFE, -1)


def _difference(index: object, size: object) -> int | None:
    """How far behind the end it is, where that is a number."""
    if isinstance(index, int) and isinstance(size, int):
        return index - size if index >= size else None
    try:
        left = index - size  # type: ignore[operator]
    except TypeError:
        return None
    return left if isinstance(left, int) and left >= 0 else None


def _loops(bench: Bench, excess: int) -> Iterator[Candidate]:
    """The ranges that the failing statement is repeated over, ended earlier."""
    if bench.node is None:
        return
    around = [bench.node, *bench.above(bench.path, bench.node)]
    for outer in around:
        holders: list[ast.expr] = []
        if isinstance(outer, ast.For):
            holders = [outer.iter]
        elif isinstance(outer, (ast.ListComp, ast.GeneratorExp)):
            holders = [each.iter for each in outer.generators]
        elif isinstance(outer, ast.While) and isinstance(outer.test, ast.Compare):
            one = bench.number(bench.path, outer.test.comparators[-1], -excess, 0)
            if one is not None:
                yield Candidate(shown(bench, bench.path, outer.test, one), [one], UNSAFE, 1)
        for each in holders:
            if not isinstance(each, ast.Call) or getattr(each.func, "id", "") not in ("range", "prange"):
                continue
            stop = each.args[1] if len(each.args) > 1 else each.args[0]
            one = _lowered(bench, stop, excess)
            if one is not None:
                yield Candidate(shown(bench, bench.path, stop, one), [one], SAFE if excess == 1 else UNSAFE, 0)
            for name in _offsets(bench):
                text = f"{bench.text(bench.path, stop)} - {name}"
                splice = bench.replace(bench.path, stop, text)
                yield Candidate(shown(bench, bench.path, stop, splice), [splice], SAFE, 0)


def _lowered(bench: Bench, stop: ast.expr, excess: int):  # type: ignore[no-untyped-def]
    if isinstance(stop, ast.Constant):
        return bench.replace(bench.path, stop, str(stop.value - excess)) if isinstance(stop.value, int) else None
    if isinstance(stop, ast.BinOp) and isinstance(stop.op, (ast.Add, ast.Sub)):
        extra = stop.right
        if isinstance(extra, ast.Constant) and isinstance(extra.value, int):
            total = (extra.value if isinstance(stop.op, ast.Add) else -extra.value) - excess
            left = bench.text(bench.path, stop.left)
            sign = "+" if total > 0 else "-"
            return bench.replace(bench.path, stop, left if not total else f"{left} {sign} {abs(total)}")
    return bench.after(bench.path, stop, f" - {excess}")


def _offsets(bench: Bench) -> Iterator[str]:
    """What is added to the counter in the failing index: ``data[i + n]`` needs ``n`` less steps."""
    seen: set[str] = set()
    for node in ast.walk(bench.node) if bench.node is not None else ():
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Add)
            and isinstance(node.right, (ast.Name, ast.Attribute))
        ):
            text = bench.text(bench.path, node.right)
            if text not in seen:
                seen.add(text)
                yield text


def _sizes(bench: Bench, index: object, size: object) -> Iterator[Candidate]:
    """What is indexed made larger."""
    if not isinstance(index, int) or not isinstance(size, int) or not bench.fault.values:
        return
    for value in bench.fault.values[:2]:
        origin = value.origin
        if origin is None or not isinstance(origin.node, ast.Call) or not origin.node.args:
            continue
        first = origin.node.args[0]
        axis = getattr(bench.fault, "axis", None) or 0
        if isinstance(first, (ast.Tuple, ast.List)) and axis < len(first.elts):
            first = first.elts[axis]
        if isinstance(first, (ast.Constant, ast.Name, ast.Call, ast.BinOp, ast.Attribute)):
            yield from resized(bench, origin.path, first, index + 1, size, 1)


def _fewer(bench: Bench) -> Iterator[Candidate]:
    """One index less, or one axis more."""
    node = bench.node
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
        return
    for number in reversed(range(len(node.slice.elts))):
        rest = [bench.text(bench.path, each) for at, each in enumerate(node.slice.elts) if at != number]
        text = f"{bench.text(bench.path, node.value)}[{', '.join(rest)}]"
        yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, 1)
