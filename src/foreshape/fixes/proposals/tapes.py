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
    from foreshape.fixes.bench import Bench

ROUNDED: Final = ("round", "floor", "ceil", "rint", "trunc", "stop_gradient")


def propose(bench: Bench) -> Iterator[Candidate]:
    """``persistent=True`` where the tape is made; an output as it is where a loss rounds it."""
    state = bench.fault.state  # type: ignore[attr-defined]
    for value in bench.fault.values:
        made = value.origin
        if made is None or not isinstance(made.node, ast.Call):
            continue
        if state == "cut" and last_name(made.node.func) in ROUNDED and made.node.args:
            yield _unrounded(bench, made.path, made.node)
        if state == "spent" and class_of(made.node) == "GradientTape":
            edit = bench.set_keyword(made.path, made.node, "persistent", "True")
            yield Candidate("persistent=True", [edit], SAFE, 0)


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
