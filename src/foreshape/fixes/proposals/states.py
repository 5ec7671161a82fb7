"""Batches of stateful layers, and assignments that take apart more or less than there is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, input_shapes
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    if bench.fault.name == "unpack-mismatch":
        yield from _unpacking(bench)
        return
    if bench.fault.name == "unsupported-data":
        yield from _states(bench)
        return
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    node = bench.node
    if isinstance(node, ast.Call) and isinstance(needs, int):
        one = bench.set_keyword(bench.path, node, "batch_size", str(needs))
        yield Candidate(f"batch_size={needs}", [one], UNSAFE, 0)
    for path, held, counted in input_shapes(bench):
        if counted and isinstance(held, (ast.Tuple, ast.List)) and held.elts and isinstance(got, int):
            yield from resized(bench, path, held.elts[0], got, needs if isinstance(needs, int) else None, 1)
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Call) and class_of(each) == "batch":
            one = bench.set_keyword(bench.path, each, "drop_remainder", "True")
            yield Candidate("drop_remainder=True", [one], UNSAFE, 0)


def whole_batches(bench: Bench, size: object) -> Iterator[Candidate]:
    """As many samples as fill batches of a size that the model was built for."""
    node = bench.node
    given = node.args[:2] if isinstance(node, ast.Call) and class_of(node) in ("fit", "evaluate", "predict") else []
    if not isinstance(size, int) or not given or not all(isinstance(each, ast.Name) for each in given):
        return
    texts = [bench.text(bench.path, each) for each in given]
    cuts = [f"[: len({text}) // {size} * {size}]" for text in texts]
    edits = [bench.part(bench.path, each, cut) for each, cut in zip(given, cuts, strict=True)]
    yield Candidate(", ".join(f"{text}{cut}" for text, cut in zip(texts, cuts, strict=True)), edits, UNSAFE, -1)


def _axis_lacking(bench: Bench, statement: ast.Assign, given: int) -> Iterator[Candidate]:
    """``n, steps, features = x.shape`` of data that has no axis of features: where it is handed in, or right here."""
    held = statement.value
    target = statement.targets[0]
    if not isinstance(held, ast.Attribute) or held.attr != "shape" or not isinstance(target, (ast.Tuple, ast.List)):
        return
    if given != len(target.elts) - 1:
        return
    axis = bench.new_axis(bench.path)
    for path, row in reversed(bench.told.finding.frames[:-1]):
        for node in bench.walk(path):
            if isinstance(node, ast.Call) and node.lineno == row and node.args and isinstance(node.args[0], ast.Name):
                if class_of(node) not in ("print", "len", "range"):
                    yield Candidate(
                        f"{node.args[0].id}[..., {axis}]",
                        [bench.part(path, node.args[0], f"[..., {axis}]")],
                        UNSAFE,
                        -1 if class_of(node)[:1].isupper() else 0,
                    )
    if isinstance(held.value, ast.Name):
        name = held.value.id
        line = bench.line_before(bench.path, statement, f"{name} = {name}[..., {axis}]")
        if line is not None:
            yield Candidate(f"{name} = {name}[..., {axis}]", [line], UNSAFE, 1)


def _unpacking(bench: Bench) -> Iterator[Candidate]:
    statement = bench.node if isinstance(bench.node, ast.stmt) else None
    if statement is None and bench.node is not None:
        statement = bench.statement(bench.path, bench.node)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], (ast.Tuple, ast.List)):
        return
    target = statement.targets[0]
    given = bench.fault.values_given  # type: ignore[attr-defined]
    if not isinstance(given, int):
        return
    value = bench.text(bench.path, statement.value)
    if given > len(target.elts):
        for text in (f"{value}[:{len(target.elts)}]", f"{value}[-{len(target.elts)}:]"):
            part = text[len(value) :]
            yield Candidate(text, [bench.part(bench.path, statement.value, part)], UNSAFE, 2)
        extra = ", _" * (given - len(target.elts))
        yield Candidate(f"...{extra} = {value}", [bench.after(bench.path, target.elts[-1], extra)], UNSAFE, 1)
        front = "_, " * (given - len(target.elts))
        yield Candidate(f"{front}... = {value}", [bench.before(bench.path, target.elts[0], front)], UNSAFE, 1)
    elif given < len(target.elts) and given:
        for number in reversed(range(len(target.elts))):
            one = bench.drop(bench.path, list(target.elts), number)
            if one is not None:
                yield Candidate(f"without {bench.text(bench.path, target.elts[number])}", [one], UNSAFE, 2)
    yield from _axis_lacking(bench, statement, given)
    call = statement.value
    if isinstance(call, ast.Call):
        for name in ("return_state", "return_sequences"):
            edits = [bench.set_keyword(bench.path, call, name, "True")]
            yield Candidate(f"{name}=True", edits, UNSAFE, 2)


def _states(bench: Bench) -> Iterator[Candidate]:
    """``out, h, c = LSTM(8)(x)``: a layer that gives its states, or one name for the one tensor."""
    statement = bench.statement(bench.path, bench.node) if bench.node is not None else None
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], (ast.Tuple, ast.List)):
        return
    names, call = statement.targets[0], statement.value
    layer = call.func if isinstance(call, ast.Call) else None
    made = [(bench.path, layer)] if isinstance(layer, ast.Call) else []
    made += [(path, each) for _, path, each in bench.layers_of(bench.told.value())[:1]]
    for path, each in made:
        if class_of(each) in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D"):
            edit = bench.set_keyword(path, each, "return_state", "True")
            yield Candidate("return_state=True", [edit], UNSAFE, -1)
    first = names.elts[0]
    if isinstance(first, ast.Name):
        yield Candidate(f"{first.id} = ...", [bench.replace(bench.path, names, first.id)], UNSAFE, 1)
