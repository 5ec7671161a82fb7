"""Data in the form that a method takes it: lists as arrays, one column as a table, a score with what is unpacked of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.domain.values import Sequence
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench
    from foreshape.fixes.edits import Splice

METHODS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "unsupported-data":
        yield from _arrays(bench)
    elif name == "python-error":
        yield from _metrics(bench)
    elif name == "rank-mismatch":
        yield from _tables(bench)


def _arrays(bench: Bench) -> Iterator[Candidate]:
    """Lists that are written into the call, as arrays: x alone and all of them."""
    node = bench.node
    if not isinstance(node, ast.Call) or class_of(node) not in METHODS:
        return
    if not any(isinstance(value, Sequence) for value in bench.fault.values):
        return
    given = [*node.args[:2], *(each.value for each in node.keywords if each.arg in ("x", "y"))]
    lists = [each for each in given if isinstance(each, (ast.List, ast.ListComp))]
    numpy = bench.module(bench.path, "numpy")
    needed: list[Splice] = [] if numpy is not None else _numpy_imported(bench)
    called = numpy or "np"
    edits = [bench.replace(bench.path, each, f"{called}.array({bench.text(bench.path, each)})") for each in lists]
    for number in dict.fromkeys((len(edits), 1)):
        if 0 < number <= len(edits):
            chosen = edits[:number]
            yield Candidate(", ".join(each.text for each in chosen), [*chosen, *needed], UNSAFE, 0)


def _numpy_imported(bench: Bench) -> list[Splice]:
    """``import numpy as np`` before the first import."""
    for node in bench.walk(bench.path):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and getattr(node, "module", "") != "__future__":
            line = bench.line_before(bench.path, node, "import numpy as np")
            return [] if line is None else [line]
    return []


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
    for node in bench.expressions(bench.told.value()):
        for suffix in (".to_frame()", ".reshape(-1, 1)", ".values.reshape(-1, 1)"):
            title = f"{bench.text(bench.path, node)}{suffix}"
            yield Candidate(title, [bench.part(bench.path, node, suffix)], UNSAFE, 0)
