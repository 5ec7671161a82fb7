"""Data in the form that a method takes it: one column as a table, a score with what is unpacked of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "python-error":
        yield from _metrics(bench)
    elif name == "rank-mismatch":
        yield from _tables(bench)


def _metrics(bench: Bench) -> Iterator[Candidate]:
    """``loss, accuracy = model.evaluate(...)`` wants a model that was compiled with a metric."""
    problem = getattr(bench.fault, "problem", "")
    if "cannot unpack non-iterable float" not in problem:
        return
    for node in bench.walk(bench.path):
        if isinstance(node, ast.Call) and class_of(node) == "compile" and bench.keyword(node, "metrics") is None:
            edit = bench.set_keyword(bench.path, node, "metrics", '["accuracy"]')
            yield Candidate('metrics=["accuracy"]', [edit], UNSAFE, 0)


def _tables(bench: Bench) -> Iterator[Candidate]:
    """One column as a table of one column, where an estimator takes (samples, features)."""
    raises = bench.fault.raises
    if raises is None or not raises.by.startswith("scikit-learn"):
        return
    shape = bench.told.shape_of(bench.told.value())
    if shape is not None and len(shape) != 1:
        return
    for node in bench.expressions(bench.told.value()):
        for suffix in (".to_frame()", ".reshape(-1, 1)", ".values.reshape(-1, 1)"):
            title = f"{bench.text(bench.path, node)}{suffix}"
            yield Candidate(title, [bench.part(bench.path, node, suffix)], UNSAFE, 0)
