"""Ids past the table of an Embedding, and classes past the outputs of a model."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.domain.values import Array
from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    fault = bench.fault
    reached = getattr(fault, "index", None) if hasattr(fault, "index") else getattr(fault, "label", None)
    size = getattr(fault, "size", None) if hasattr(fault, "size") else getattr(fault, "classes", None)
    if not isinstance(reached, (int, float)) or not isinstance(size, int):
        return
    last = int(reached)
    if fault.name == "embedding-range":
        last = max(last, _largest(bench))
        for path, call in _tables(bench):
            rows = bench.argument(call, "input_dim", 0)
            if rows is not None and last >= size:
                near = last == size
                yield from resized(bench, path, rows, last + 1, size, 0, SAFE if near else UNSAFE)
        return
    if last >= size:
        for value in reversed(bench.fault.values):
            for _, path, call in bench.layers_of(value)[:2]:
                units = bench.argument(call, "units", 0)
                if units is not None and class_of(call) == "Dense":
                    yield from resized(bench, path, units, last + 1, size, 1)
    yield from _shifted(bench, last, size)


def _largest(bench: Bench) -> int:
    """The largest id of all, where the first one that does not fit is another."""
    value = bench.told.value()
    hi = value.hi if isinstance(value, Array) else None
    return int(hi) if isinstance(hi, (int, float)) and hi == hi and abs(hi) < 2**53 else 0


def _tables(bench: Bench) -> Iterator[tuple[str, ast.Call]]:
    for each in bench.fault.layers:
        made = bench.constructor(each)
        if made is not None and class_of(made[1]) == "Embedding":
            yield made


def _shifted(bench: Bench, last: int, size: int) -> Iterator[Candidate]:
    """Labels that count from 1, or from -1."""
    node = bench.node
    given = bench.argument(node, "y", 1) if isinstance(node, ast.Call) else None
    if given is None:
        return
    text = bench.text(bench.path, given)
    if last == size:
        yield Candidate(f"{text} - 1", [bench.replace(bench.path, given, f"{text} - 1")], UNSAFE, 0)
    if last < 0:
        yield Candidate(f"{text} + {-last}", [bench.replace(bench.path, given, f"{text} + {-last}")], UNSAFE, 0)
