"""Modules and losses of PyTorch: sizes of constructors, states, targets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.torch_places import by_torch, suffixed

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

CASTS: Final = {"int64": ".long()", "float32": ".float()", "float64": ".double()", "bool": ".bool()"}


def propose(bench: Bench) -> Iterator[Candidate]:
    if not by_torch(bench):
        return
    name = bench.fault.name
    if name == "state-shape":
        yield from _states(bench)
    elif name == "label-shape":
        yield from _targets(bench)
    elif name == "dtype-mismatch":
        yield from _casts(bench)
    elif name in ("cardinality", "join-mismatch") and isinstance(bench.node, ast.Call):
        if "lengths" in (bench.fault.raises.message if bench.fault.raises else ""):
            one = bench.set_keyword(bench.path, bench.node, "batch_first", "True")
            yield Candidate("batch_first=True", [one], UNSAFE, -1)
        layer = bench.layer()
        if layer is not None:
            one = bench.set_keyword(layer[0], layer[1], "batch_first", "True")
            yield Candidate("batch_first=True", [one], UNSAFE, 0)
    elif name == "reshape-size" and isinstance(bench.node, ast.Call) and isinstance(bench.node.func, ast.Attribute):
        if bench.node.func.attr == "view":
            text = bench.text(bench.path, bench.node.func.value)
            one = bench.replace(bench.path, bench.node.func, f"{text}.reshape")
            yield Candidate(f"{text}.reshape(...)", [one], UNSAFE, -1)
    elif name == "invalid-argument" and bench.fault.argument == "lengths":  # type: ignore[attr-defined]
        node = bench.node
        if isinstance(node, ast.Call):
            one = bench.set_keyword(bench.path, node, "enforce_sorted", "False")
            yield Candidate("enforce_sorted=False", [one], UNSAFE, 0)


def _states(bench: Bench) -> Iterator[Candidate]:
    """States of the size that the module has; a pair for an LSTM."""
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    node = bench.node
    if isinstance(node, ast.Call) and len(node.args) > 1 and not needs:
        text = bench.text(bench.path, node.args[1])
        yield Candidate(f"({text}, {text})", [bench.replace(bench.path, node.args[1], f"({text}, {text})")], UNSAFE, 1)
    if not needs or not got or needs[0] is None or got[0] is None or len(needs[0]) != len(got[0]):
        return
    edits = []
    for value in bench.fault.values:
        made = value.origin
        if made is None or not isinstance(made.node, ast.Call) or not isinstance(value, Array):
            continue
        places = made.node.args
        if len(places) == 1 and isinstance(places[0], (ast.Tuple, ast.List)):
            places = places[0].elts
        if len(places) != len(needs[0]):
            continue
        for place, wanted, held in zip(places, needs[0], got[0]):
            if isinstance(wanted, int) and wanted != held:
                edits.append(bench.replace(made.path, place, str(wanted)))
    if edits:
        yield Candidate(edits[0].text, edits, UNSAFE, 0)


def _targets(bench: Bench) -> Iterator[Candidate]:
    """The last timestep, classes in axis 1, an axis of size 1 more or less."""
    a, b = bench.fault.labels, bench.fault.predictions  # type: ignore[attr-defined]
    node = bench.node
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    scores, labels = node.args[:2]
    classes = bench.fault.loss in ("cross_entropy", "nll_loss")  # type: ignore[attr-defined]
    if classes and len(b) == len(a) + 1 > 2 and list(map(str, a)) == list(map(str, b[:-1])):
        yield suffixed(bench, scores, ".transpose(1, 2)" if len(b) == 3 else ".movedim(-1, 1)", -1)
    if classes and len(b) == len(a) + 2:
        yield from _last_layer_only(bench)
        yield suffixed(bench, scores, "[:, -1]", -1)
        yield suffixed(bench, scores, "[-1]", 0)
    for axis in range(1, max(len(a), len(b))):
        one_more = list(map(str, [*a[:axis], 1, *a[axis:]]))
        if not classes and len(b) == len(a) + 1 and one_more == list(map(str, b)) and axis < len(b) - 1:
            yield suffixed(bench, labels, f".unsqueeze({axis})", -1)
        if len(a) > 2 and a[axis : axis + 1] == (1,) and (len(a) == len(b) if classes else len(a) == len(b) + 1):
            yield suffixed(bench, labels, f".squeeze({axis})", -1)
    if not classes and len(a) == 1 and len(b) > 2 and b[1:] == (1,) * (len(b) - 1):
        yield suffixed(bench, scores, ".flatten()", -1)
    if a and a[-1] == 1 and (len(a) == len(b) if classes else len(a) == len(b) + 1):
        yield suffixed(bench, labels, ".squeeze(-1)", -1)
    if not classes and b and b[-1] == 1 and len(b) == len(a) + 1:
        yield suffixed(bench, scores, ".squeeze(-1)", -1)
        yield suffixed(bench, labels, ".unsqueeze(-1)", 0)
        given = bench.told.value()
        if not str(getattr(given, "dtype", "float")).startswith("float"):
            yield suffixed(bench, labels, ".unsqueeze(-1).float()", 0)
    if classes and len(a) == len(b) == 2 and str(a[-1]) == str(b[-1]):
        yield suffixed(bench, labels, ".argmax(-1)", 0)


def _last_layer_only(bench: Bench) -> Iterator[Candidate]:
    """The states of all layers, or of all steps, handed to a Linear: those of the last one."""
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)[-3:]):
            call, path = step.origin.node, step.origin.path
            if isinstance(call, ast.Call) and len(call.args) == 1 and isinstance(call.args[0], ast.Name):
                if isinstance(call.func, ast.Attribute) and path == bench.path:
                    for last in ("[-1]", "[:, -1]"):
                        yield suffixed(bench, call.args[0], last, -2, path)


def _casts(bench: Bench) -> Iterator[Candidate]:
    """``.long()``, ``.float()`` behind what has another dtype."""
    wanted = bench.fault.wanted  # type: ignore[attr-defined]
    cast = CASTS.get(wanted or "")
    if cast is None:
        return
    for node in bench.expressions(bench.told.value()):
        yield suffixed(bench, node, cast, -1)
    node = bench.node  # type: ignore[assignment]
    if isinstance(node, ast.Call):
        for number, each in enumerate(node.args[:3]):
            yield suffixed(bench, each, cast, number)
