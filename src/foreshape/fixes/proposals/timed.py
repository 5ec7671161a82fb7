"""Images in every timestep: the layers before a recurrent one wrapped in TimeDistributed, and the time axis declared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import RECURRENT, class_of
from foreshape.fixes.proposals.fed import bound_before, fitted

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

MOST_LAYERS: Final = 16


def propose(bench: Bench) -> Iterator[Candidate]:
    layer = bench.layer()
    if layer is None or class_of(layer[1]) not in RECURRENT:
        return
    calls = [call for _, path, call in bench.layers_of(bench.told.value()) if path == bench.path]
    names = [class_of(each) for each in calls]
    if not calls or len(calls) > MOST_LAYERS or not any(each.startswith("Conv") for each in names):
        return
    if "TimeDistributed" in names or not all(_stands_alone(bench, each) for each in calls):
        return
    spelt = bench.spell(bench.path, calls[0], "TimeDistributed")
    if spelt is None:
        return
    first = calls[-1]
    declared = bench.keyword(first, "input_shape")
    if declared is None or not isinstance(declared.value, (ast.Tuple, ast.List)) or not declared.value.elts:
        return
    inside = bench.text(bench.path, declared.value)[1:-1].rstrip(", ")
    shapes = [f"{name}.shape[1:]" for name, given in fitted(bench).items() if bound_before(bench, given, first)]
    for number, shape in enumerate([*shapes, f"(None, {inside})"]):
        edits: list[Splice] = list(spelt[1])
        for each in calls:
            edits.append(bench.before(bench.path, each, f"{spelt[0]}("))
            if each is not first:
                edits.append(bench.after(bench.path, each, ")"))
        nodes: list[ast.AST] = [*first.args, *first.keywords]
        gone = bench.drop(bench.path, nodes, nodes.index(declared))  # type: ignore[arg-type]
        if gone is None:
            return
        edits += [gone, bench.after(bench.path, first, f", input_shape={shape})")]
        yield Candidate(f"{spelt[0]}(...) around the layers before it, input_shape={shape}", edits, UNSAFE, number - 1)


def _stands_alone(bench: Bench, call: ast.Call) -> bool:
    """Whether a layer is an element of a list, or what ``add`` is given."""
    holder = bench.parent(bench.path, call)
    if isinstance(holder, ast.List):
        return True
    return isinstance(holder, ast.Call) and class_of(holder) == "add" and call in holder.args
