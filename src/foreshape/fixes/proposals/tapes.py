"""A ``tf.GradientTape`` that is asked twice, and losses that no gradient goes through."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.origin import last_name
from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.torch_places import swapped

if TYPE_CHECKING:
    from foreshape.domain.values import Value
    from foreshape.fixes.bench import Bench

ROUNDED: Final = ("round", "floor", "ceil", "rint", "trunc", "stop_gradient")


def propose(bench: Bench) -> Iterator[Candidate]:
    """``persistent=True`` where the tape is made; an output as it is where a loss rounds it."""
    state = bench.fault.state  # type: ignore[attr-defined]
    if state == "empty":
        for value in bench.fault.values[1:4]:
            yield from _recorded(bench, value)
        return
    for value in bench.fault.values:
        made = value.origin
        if made is None or not isinstance(made.node, ast.Call):
            continue
        if state == "cut" and last_name(made.node.func) in ROUNDED and made.node.args:
            yield _unrounded(bench, made.path, made.node)
        if state == "spent" and class_of(made.node) == "GradientTape":
            edit = bench.set_keyword(made.path, made.node, "persistent", "True")
            yield Candidate("persistent=True", [edit], SAFE, 0)


def _recorded(bench: Bench, value: Value) -> Iterator[Candidate]:
    """What was computed before the block of a tape moved into it; a tensor as it is in place of its values."""
    made = value.origin
    if made is None or not isinstance(made.node, ast.expr) or bench.tree(made.path) is None:
        return
    node, path = made.node, made.path
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute) and function.attr in ("numpy", "predict"):
        inner = bench.text(path, function.value)
        text = inner if function.attr == "numpy" else f"{inner}({bench.text(path, node.args[0])})" if node.args else ""  # type: ignore[attr-defined]
        if text:
            yield swapped(bench, node, text, 0, path)
    name = made.name
    for line in bench.walk(path):
        if not (isinstance(line, ast.Assign) and len(line.targets) == 1 and bench.text(path, line.targets[0]) == name):
            continue
        block = _tape_after(bench, path, line)
        moved = None if block is None else bench.line_before(path, block.body[0], bench.text(path, line))
        dropped = bench.drop_statement(path, line)
        if moved is not None and dropped is not None:
            yield Candidate(f"{bench.text(path, line)} inside of the tape", [dropped, moved], UNSAFE, 0)


def _tape_after(bench: Bench, path: str, line: ast.stmt) -> ast.With | None:
    """The block of a tape that follows in the same body."""
    body = getattr(bench.parent(path, line), "body", None)
    if not isinstance(body, list) or line not in body:
        return None
    for each in body[body.index(line) + 1 :]:
        if isinstance(each, ast.With) and any(
            isinstance(item.context_expr, ast.Call) and class_of(item.context_expr) == "GradientTape"
            for item in each.items
        ):
            return each
    return None


def _unrounded(bench: Bench, path: str, call: ast.Call) -> Candidate:
    """What is rounded as it was; without the whole line where it does nothing else."""
    bare = bench.text(path, call.args[0])
    line = bench.statement(path, call)
    if (
        isinstance(line, ast.Assign)
        and line.value is call
        and [bench.text(path, each) for each in line.targets] == [bare]
    ):
        dropped = bench.drop_statement(path, line)
        if dropped is not None:
            return Candidate(f"without {bench.text(path, line)}", [dropped], UNSAFE, 0)
    return swapped(bench, call, bare, 0, path)
