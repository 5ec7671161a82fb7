"""Data that has to be arrays of numbers: lists, arrays of arrays, columns of text, names of classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Instance, Value
from foreshape.domain.values import Sequence as Held
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import assigned, class_of, import_added

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

METHODS: Final = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")

MOST_STEPS: Final = 8


def propose(bench: Bench) -> Iterator[Candidate]:
    if bench.fault.name == "value-conversion":
        yield from _numeric(bench)
        return
    yield from _stacked(bench)
    yield from _columns(bench)
    yield from _lists(bench)
    yield from _as_floats(bench)
    yield from _classes(bench)


def _numeric(bench: Bench) -> Iterator[Candidate]:
    """The columns of numbers of a table that holds dates or texts as well."""
    value = bench.told.value()
    waiting: list[Value] = [] if value is None else [value]
    for _ in range(MOST_STEPS):
        if not waiting:
            break
        made = waiting.pop(0).origin
        if made is None:
            continue
        node = made.node.func if isinstance(made.node, ast.Call) else made.node
        if isinstance(node, ast.Attribute) and node.attr in ("values", "to_numpy"):
            yield Candidate(
                'select_dtypes("number")', [bench.after(made.path, node.value, '.select_dtypes("number")')], UNSAFE, 0
            )
            return
        waiting += [each for each in made.inputs if isinstance(each, (Array, Instance))]
    for given in bench.expressions(value):
        text = f'{bench.text(bench.path, given)}.select_dtypes("number")'
        yield Candidate(text, [bench.part(bench.path, given, '.select_dtypes("number")')], UNSAFE, 1)


def _stacked(bench: Bench) -> Iterator[Candidate]:
    """An array of arrays as one."""
    numpy = bench.module(bench.path, "numpy")
    for value in bench.fault.values if numpy is not None else ():
        if isinstance(value, Array) and value.dtype == "object" and value.shape is not None and len(value.shape) == 1:
            for each in bench.expressions(value):
                new = f"{numpy}.stack({bench.text(bench.path, each)})"
                yield Candidate(new, [bench.replace(bench.path, each, new)], UNSAFE, -1)


def _columns(bench: Bench) -> Iterator[Candidate]:
    """Columns of text in a table of numbers: one column of zeros and ones per text."""
    pandas = bench.module(bench.path, "pandas")
    if pandas is None or not any(isinstance(value, Array) and value.dtype == "object" for value in bench.fault.values):
        return
    for value in bench.fault.values:
        name = bench.told.name(value)
        for each in assigned(bench, name) if name else ():
            held = each.func if isinstance(each, ast.Call) else each
            if isinstance(held, ast.Attribute) and held.attr in ("values", "to_numpy"):
                new = f"{pandas}.get_dummies({bench.text(bench.path, held.value)}, dtype=float)"
                yield Candidate(new, [bench.replace(bench.path, held.value, new)], UNSAFE, -1)


def _lists(bench: Bench) -> Iterator[Candidate]:
    """Lists as arrays: the one that is refused, those that the program writes as lists, all arguments of the call."""
    lists = [value for value in bench.fault.values if isinstance(value, Held)]
    node = bench.node
    for value in lists:
        for each in bench.expressions(value):
            yield from _made(bench, [each], 0)
    if not lists or not isinstance(node, ast.Call):
        return
    keywords = [each.value for each in node.keywords if each.arg in ("x", "y")]
    given = [*(each for each in node.args if isinstance(each, (ast.Name, ast.List, ast.Attribute))), *keywords]
    if len(given) > 1:
        yield from _made(bench, given, 1)
    kinds = (ast.List, ast.ListComp, ast.Tuple)
    named = [
        each for each in given
        if isinstance(each, ast.Name) and any(isinstance(held, kinds) for held in assigned(bench, each.id))
    ]  # fmt: skip
    yield from _made(bench, named, -1)
    if class_of(node) in METHODS:
        if bench.module(bench.path, "numpy") is None:
            yield from _made(bench, given, 0, True)
        written = [each for each in [*node.args[:2], *keywords] if isinstance(each, (ast.List, ast.ListComp))]
        yield from _made(bench, written, 0, True)
        yield from _made(bench, written[:1], 0, True)
        if class_of(node).startswith("predict") and written:
            yield from _made(bench, written[:1], 1, True, f"[{bench.new_axis(bench.path)}]")


def _made(
    bench: Bench, nodes: Sequence[ast.expr], likely: int, imported: bool = False, after: str = ""
) -> Iterator[Candidate]:
    """``np.array(...)`` around each, and a text behind it. ``imported``: NumPy may be imported for it."""
    numpy = bench.module(bench.path, "numpy")
    if not nodes or (numpy is None and not imported):
        return
    needed = import_added(bench, "import numpy as np") if numpy is None else []
    edits = [
        bench.replace(bench.path, each, f"{numpy or 'np'}.array({bench.text(bench.path, each)}){after}")
        for each in nodes
    ]
    yield Candidate(", ".join(each.text for each in edits), [*edits, *needed], UNSAFE, likely)


def _as_floats(bench: Bench) -> Iterator[Candidate]:
    """Numbers of a dtype that is refused, as floats."""
    for value in bench.fault.values:
        if isinstance(value, Array) and value.kind != "keras" and not _is_text(value):
            for node in bench.expressions(value):
                new = f'{bench.text(bench.path, node)}.astype("float32")'
                yield Candidate(new, [bench.part(bench.path, node, '.astype("float32")')], UNSAFE, 1)


def _is_text(value: Array) -> bool:
    return str(value.dtype).startswith(("object", "str", "<U", "bytes"))


def _classes(bench: Bench) -> Iterator[Candidate]:
    """Names of classes as their numbers: by the encoder that the program has fitted, else by ``np.unique``."""
    numpy = bench.module(bench.path, "numpy")
    for value in bench.fault.values:
        if not isinstance(value, Array) or not _is_text(value):
            continue
        for node in bench.expressions(value):
            text = bench.text(bench.path, node)
            for each in bench.walk(bench.path):
                if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call):
                    if class_of(each.value) == "LabelEncoder" and isinstance(each.targets[0], ast.Name):
                        new = f"{each.targets[0].id}.transform({text})"
                        yield Candidate(new, [bench.replace(bench.path, node, new)], UNSAFE, -2)
            if numpy is not None and value.shape is not None and len(value.shape) == 1:
                new = f"{numpy}.unique({text}, return_inverse=True)[1]"
                likely = -2 if _is_label(bench, node) else -1  # of labels that are objects, texts are the usual ones
                yield Candidate(new, [bench.replace(bench.path, node, new)], UNSAFE, likely)
            pandas = bench.module(bench.path, "pandas")
            if pandas is not None and _is_label(bench, node):
                new = f"{pandas}.get_dummies({text}, dtype=float).values"
                yield Candidate(new, [bench.replace(bench.path, node, new)], UNSAFE, -1)


def _is_label(bench: Bench, node: ast.expr) -> bool:
    """Whether it is given as y."""
    return isinstance(bench.node, ast.Call) and bench.argument(bench.node, "y", 1) is node
