"""Values of a dtype that an operation cannot use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import assigned, class_of

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    if bench.fault.name == "index-type":
        yield from _indexes(bench)
    elif bench.fault.name == "dtype-mismatch":
        raises = bench.fault.raises
        if raises is not None and raises.by.startswith("scikit-learn"):
            yield from _classes(bench)
        else:
            yield from _casts(bench)
    elif bench.fault.name == "python-error":
        yield from _lists(bench)


def _indexes(bench: Bench) -> Iterator[Candidate]:
    """An index that is a float: a quotient that was meant whole."""
    for value in bench.fault.values:
        origin = value.origin
        if origin is None or not isinstance(origin.node, ast.expr):
            continue
        text = bench.text(origin.path, origin.node)
        node = origin.node
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            new = f"{bench.text(origin.path, node.left)} // {bench.text(origin.path, node.right)}"
            yield Candidate(new, [bench.replace(origin.path, node, new)], SAFE, 0)
        yield Candidate(f"int({text})", [bench.replace(origin.path, node, f"int({text})")], SAFE, 1)
        yield Candidate(f"{text}.astype(int)", [bench.part(origin.path, node, ".astype(int)")], UNSAFE, 2)
    node = bench.node  # type: ignore[assignment]
    if isinstance(node, ast.Subscript):
        name = next((each for each in ast.walk(node.slice) if isinstance(each, ast.Name)), None)
        called = "" if name is None else name.id
        for each in assigned(bench, called):
            text = bench.text(bench.path, each)
            yield Candidate(f"{called} = int({text})", [bench.replace(bench.path, each, f"int({text})")], SAFE, 0)


def _classes(bench: Bench) -> Iterator[Candidate]:
    """Probabilities, where a metric compares classes."""
    for given in bench.expressions(bench.told.value()):
        text = bench.text(bench.path, given)
        new = f"({text} > 0.5).astype(int)"
        yield Candidate(new, [bench.replace(bench.path, given, new)], UNSAFE, 0)


def _casts(bench: Bench) -> Iterator[Candidate]:
    node = bench.node
    flow = bench.module(bench.path, "tensorflow") or bench.module(bench.path, "tensorflow.compat.v1")
    operands: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        operands = [node.left, node.right]
        if isinstance(node.op, ast.Sub) and "bool" in "".join(bench.fault.got):  # type: ignore[attr-defined]
            new = f"{bench.text(bench.path, node.left)} ^ {bench.text(bench.path, node.right)}"
            yield Candidate(new, [bench.replace(bench.path, node, new)], UNSAFE, 0)
    elif isinstance(node, ast.AugAssign):
        name = bench.text(bench.path, node.target)
        kind = bench.text(bench.path, node.value)
        operator = {ast.Div: "/", ast.Mult: "*", ast.Add: "+", ast.Sub: "-"}.get(type(node.op))
        if operator is not None:
            new = f"{name} = {name} {operator} {kind}"
            yield Candidate(new, [bench.replace(bench.path, node, new)], UNSAFE, 0)
    elif isinstance(node, ast.Call):
        operands = bench.expressions(None)
    for operand in operands:
        text = bench.text(bench.path, operand)
        for dtype in dict.fromkeys([*bench.fault.got, "float32"]):  # type: ignore[attr-defined]
            if flow is not None:
                new = f'{flow}.cast({text}, "{dtype}")'
                single = dtype == "float32" and "float64" in bench.fault.got  # type: ignore[attr-defined]
                yield Candidate(new, [bench.replace(bench.path, operand, new)], UNSAFE, 0 if single else 1)
            new = f'{text}.astype("{dtype}")'
            yield Candidate(new, [bench.part(bench.path, operand, f'.astype("{dtype}")')], UNSAFE, 2)


def _lists(bench: Bench) -> Iterator[Candidate]:
    """A list that is used like an array."""
    numpy = bench.module(bench.path, "numpy")
    node = bench.node
    operands: list[ast.expr] = []
    if isinstance(node, ast.Call) and class_of(node) == "len" and len(node.args) == 1:
        if "'int' has no len()" in getattr(bench.fault, "problem", ""):
            text = bench.text(bench.path, node.args[0])  # it is the number itself
            yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, -1)
    if isinstance(node, ast.BinOp):
        operands = [node.left, node.right]
    elif isinstance(node, ast.Subscript):
        operands = [node.value]
    for operand in operands if numpy is not None else ():
        text = f"{numpy}.array({bench.text(bench.path, operand)})"
        yield Candidate(text, [bench.replace(bench.path, operand, text)], UNSAFE, 1)
        if isinstance(operand, ast.Name):
            for each in assigned(bench, operand.id):
                new = f"{numpy}.array({bench.text(bench.path, each)})"
                yield Candidate(new, [bench.replace(bench.path, each, new)], UNSAFE, 0)
