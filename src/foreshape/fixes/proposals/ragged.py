"""Rows of different lengths."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Instance, Sequence, Value
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import shown

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    if any(isinstance(each, Instance) for each in bench.fault.values[:1]):
        yield from _batches(bench)
        return  # a dataset is no list of rows
    if any(isinstance(each, Array) and each.shape is not None for each in bench.fault.values[:1]):
        if bench.fault.name == "unsupported-data" and not _of_objects(bench.fault.values[0]):
            return  # its rows are of one length
    tensors = any(isinstance(each, Array) and each.kind != "numpy" for each in bench.fault.values)
    if isinstance(bench.node, ast.Call) and bench.node.args and not tensors:
        given = bench.node.args[0]
        keras = bench.keras(bench.path)
        imports = []
        name = bench.module(bench.path, "keras.utils.pad_sequences") or bench.module(
            bench.path, "tensorflow.keras.preprocessing.sequence.pad_sequences"
        ) or bench.module(bench.path, "keras.preprocessing.sequence.pad_sequences") or bench.module(
            bench.path, "tensorflow.keras.utils.pad_sequences"
        )  # fmt: skip
        if name is None and keras is not None:
            name = f"{keras}.utils.pad_sequences"
        if name is None:
            name, imports = "pad_sequences", _import(bench)
        spelt = name != "pad_sequences" or imports or bench.module(bench.path, name) is None
        # padding makes the rows equally long, not what they hold
        if spelt and not any(map(_ragged_inside, bench.fault.values)):
            text = bench.text(bench.path, given)
            for options in ('padding="post"', 'padding="post", dtype="float32"', 'padding="post", dtype="float64"'):
                new = f"{name}({text}, {options})"
                # of objects nothing says that they are whole numbers, to which it would cut them
                whole = "dtype" not in options and any(map(_of_objects, bench.fault.values[:1]))
                yield Candidate(new, [bench.replace(bench.path, given, new), *imports], UNSAFE, 2 if whole else 1)
        yield from _shortest(bench, given)
    yield from _windows(bench)


def _batches(bench: Bench) -> Iterator[Candidate]:
    """Elements of a dataset that differ in length are padded as they are put into batches."""
    origin = bench.fault.values[0].origin
    for node in ast.walk(origin.node) if origin is not None else ():
        called = node.func if isinstance(node, ast.Call) else None
        if origin is not None and isinstance(called, ast.Attribute) and called.attr == "batch":
            new = f"{bench.text(origin.path, called.value)}.padded_batch"
            yield Candidate("padded_batch", [bench.replace(origin.path, called, new)], UNSAFE, 0)


def _of_objects(value: Value) -> bool:
    """Whether it is one row of arrays, or of what may differ in length."""
    if not isinstance(value, Array) or value.dtype != "object" or not value.shape:
        return False
    return len(value.shape) == 1 or not all(isinstance(size, int) for size in value.shape[1:])


def _ragged_inside(value: Value) -> bool:
    """Whether a row of a list holds rows of different lengths itself."""
    for row in (value.contents.items(64) or ()) if isinstance(value, Sequence) else ():
        parts = (row.contents.items(64) or ()) if isinstance(row, Sequence) else ()
        if len({part.contents.length for part in parts if isinstance(part, Sequence)}) > 1:
            return True
    return False


def _shortest(bench: Bench, given: ast.expr) -> Iterator[Candidate]:
    """Every row cut to the length of the shortest one."""
    if isinstance(given, (ast.Name, ast.List)):
        text = bench.text(bench.path, given)
        new = f"[row[: min(map(len, {text}))] for row in {text}]"
        yield Candidate(new, [bench.replace(bench.path, given, new)], UNSAFE, 3)


def _import(bench: Bench):  # type: ignore[no-untyped-def]
    """An import of pad_sequences after the first import from Keras."""
    for node in bench.walk(bench.path):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            top = "tensorflow.keras" if node.module.startswith("tensorflow.keras") else node.module.split(".")[0]
            if top in ("keras", "tensorflow.keras"):
                one = bench.line_before(bench.path, node, f"from {top}.utils import pad_sequences")
                return [] if one is None else [one]
    return []


def _windows(bench: Bench) -> Iterator[Candidate]:
    """Windows that run past the end: the loop that cuts them ended earlier."""
    for value in bench.fault.values:  # noqa: B007
        for node in bench.walk(bench.path):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "range" or not node.args:
                continue
            holder = bench.parent(bench.path, node)
            if not isinstance(holder, (ast.For, ast.comprehension)):
                continue
            inside = bench.parent(bench.path, holder) if isinstance(holder, ast.comprehension) else holder
            stop = node.args[1] if len(node.args) > 1 else node.args[0]
            text = bench.text(bench.path, stop)
            yield from _break_sooner(bench, holder)
            whole = next((part for part in ast.walk(stop) if _is_length(part)), None)
            for width in dict.fromkeys(_widths(bench, inside)):
                if whole is not None and whole is not stop and isinstance(stop, ast.BinOp):
                    splice = bench.replace(bench.path, stop, f"{bench.text(bench.path, whole)} - {width} + 1")
                    yield Candidate(shown(bench, bench.path, stop, splice), [splice], UNSAFE, -1)
                for new in (f"{text} - {width} + 1", f"{text} - {width}"):
                    splice = bench.replace(bench.path, stop, new)
                    yield Candidate(shown(bench, bench.path, stop, splice), [splice], UNSAFE, 0)
        break


def _is_length(node: ast.AST) -> bool:
    """``len(x)``, ``x.shape[0]``."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") == "len"
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape"


def _break_sooner(bench: Bench, loop: ast.For | ast.comprehension) -> Iterator[Candidate]:
    """``if end > len(x): break`` in a loop that cuts up to ``out_end`` as well: asked of that one."""
    inside = list(ast.walk(loop)) if isinstance(loop, ast.For) else []
    ends = {each.upper.id for each in inside if isinstance(each, ast.Slice) and isinstance(each.upper, ast.Name)}
    for each in inside:
        test = each.test if isinstance(each, ast.If) and any(isinstance(one, ast.Break) for one in each.body) else None
        if (
            isinstance(test, ast.Compare)
            and isinstance(test.left, ast.Name)
            and isinstance(test.ops[0], (ast.Gt, ast.GtE))
        ):
            for name in sorted(ends - {test.left.id}):
                one = bench.replace(bench.path, test.left, name)
                yield Candidate(
                    f"{name} {bench.text(bench.path, test)[len(test.left.id) :].strip()}", [one], UNSAFE, -1
                )


def _widths(bench: Bench, node: ast.AST | None) -> Iterator[str]:
    """What ``data[i:i + n]`` adds to its start."""
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Slice) and isinstance(each.upper, ast.BinOp) and isinstance(each.upper.op, ast.Add):
            right = each.upper.right
            if isinstance(right, (ast.Name, ast.Attribute, ast.Constant)):
                yield bench.text(bench.path, right)
