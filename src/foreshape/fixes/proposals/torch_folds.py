"""Axes of sequences that are folded, turned or missing: every frame of a video through a convolution, heads joined to
features, a state per step beside the outputs of an encoder, a code that is repeated for every step."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, shown
from foreshape.fixes.proposals.numbers import value_of
from foreshape.fixes.proposals.torch_places import by_torch, operands, shape_at, suffixed, swapped

if TYPE_CHECKING:
    from foreshape.domain.values import Value
    from foreshape.fixes.bench import Bench

PLANES: Final = {"Conv1d": 3, "Conv2d": 4, "Conv3d": 5, "MaxPool2d": 4, "AvgPool2d": 4, "BatchNorm2d": 4}
LAST_STEPS: Final = 12


def propose(bench: Bench) -> Iterator[Candidate]:
    if not by_torch(bench):
        return
    name = bench.fault.name
    if name == "rank-mismatch":
        yield from _every_frame(bench)
    elif name == "feature-mismatch":
        yield from _joined_heads(bench)
    elif name == "join-mismatch":
        yield from _turned(bench)
    elif name == "mask-shape":
        yield from _named_sizes(bench)
    elif name in ("label-shape", "broadcast-mismatch", "state-shape"):
        yield from _single_label(bench)
        yield from _repeated(bench)


def _every_frame(bench: Bench) -> Iterator[Candidate]:
    """(batch, time, channels, height, width) handed to a convolution over images: time is folded into the batch."""
    layer = bench.layer()
    shape = shape_at(bench, bench.told.value())
    needs = PLANES.get(class_of(layer[1]), 0) if layer is not None else 0
    if not needs or len(shape) != needs + 1 or 1 in shape:
        return
    for node in bench.expressions(bench.told.value()):
        yield suffixed(bench, node, ".flatten(0, 1)", -1)


def _joined_heads(bench: Bench) -> Iterator[Candidate]:
    """(batch, time, heads, features of a head): the heads side by side are what the Linear was made for."""
    needs = bench.fault.needs  # type: ignore[attr-defined]
    shape = shape_at(bench, bench.told.value())
    layer = bench.layer()
    if layer is None or class_of(layer[1]) != "Linear" or len(shape) < 3:
        return
    for axis in range(len(shape) - 2, 1, -1):
        inner = [size for size in shape[axis:] if isinstance(size, int)]
        if len(inner) == len(shape) - axis and prod(inner) == needs:
            for node in bench.expressions(bench.told.value()):
                yield suffixed(bench, node, f".flatten({axis})", -2)


def _turned(bench: Bench) -> Iterator[Candidate]:
    """(batch, time, a) beside (time, batch, b): one of the two turned."""
    shapes = bench.fault.shapes  # type: ignore[attr-defined]
    given = operands(bench)
    if len(shapes) != 2 or len(given) != 2 or not len(shapes[0]) == len(shapes[1]) == 3:
        return
    one, two = shapes
    if tuple(one[:2]) == tuple(two[:2])[::-1] and one[0] != one[1]:
        yield suffixed(bench, given[1], ".transpose(0, 1)", -1)
        yield suffixed(bench, given[0], ".transpose(0, 1)", 0)


def _named_sizes(bench: Bench) -> Iterator[Candidate]:
    """``causal_mask(batch)``: a mask made for the number that another name has."""
    mask, wanted = bench.fault.mask, bench.fault.shape  # type: ignore[attr-defined]
    now, size = (mask[-1], wanted[-1]) if mask and wanted else (None, None)
    if not isinstance(now, int) or not isinstance(size, int) or now == size:
        return
    names = {each.id: each for each in bench.walk(bench.path) if isinstance(each, ast.Name)}
    fitting = [name for name in names if _literal(bench, bench.path, name) == size]
    calls = [each for each in bench.walk(bench.path) if isinstance(each, ast.Call) and _is_mask(bench, each)]
    for call in calls:
        for given in call.args:
            if isinstance(given, ast.Name) and value_of(bench, bench.path, given) == now:
                for name in fitting:
                    yield swapped(bench, given, name, -1)


def _literal(bench: Bench, path: str, name: str) -> float | None:
    found = bench.sources.literal(path, name)
    return None if found is None else found[1]


def _is_mask(bench: Bench, call: ast.Call) -> bool:
    """Whether a call makes a mask: by what it is called, or by what it is assigned to."""
    if "mask" in class_of(call).lower():
        return True
    statement = bench.statement(bench.path, call)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any("mask" in bench.text(bench.path, each).lower() for each in targets)


def _single_label(bench: Bench) -> Iterator[Candidate]:
    """One class for a batch of one: ``torch.tensor(label)`` has no axis."""
    labels, predictions = getattr(bench.fault, "labels", None), getattr(bench.fault, "predictions", None)
    given = operands(bench)
    if labels != () or not predictions or predictions[0] != 1 or len(given) < 2:
        return
    made = given[-1]
    if isinstance(made, ast.Call) and class_of(made) in ("tensor", "as_tensor") and made.args:
        yield swapped(bench, made.args[0], f"[{bench.text(bench.path, made.args[0])}]", -2)
    else:
        yield suffixed(bench, made, ".unsqueeze(0)", -2)


def _repeated(bench: Bench) -> Iterator[Candidate]:
    """``z.repeat(1, steps, 1)`` of (batch, features): the repetition put an axis in front, where time was meant."""
    seen: set[int] = set()
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)[-LAST_STEPS:]):
            call = step.origin.node
            if not isinstance(call, ast.Call) or class_of(call) not in ("repeat", "expand") or id(call) in seen:
                continue
            seen.add(id(call))
            before = _rank(bench, step.origin.inputs[0] if step.origin.inputs else None)
            if before == len(call.args) - 1 == 2 and isinstance(call.func, ast.Attribute):
                one = bench.part(step.origin.path, call.func.value, ".unsqueeze(1)")
                title = shown(bench, step.origin.path, call.func.value, one)
                yield Candidate(title, [one], UNSAFE, -2)


def _rank(bench: Bench, value: Value | None) -> int:
    return len(shape_at(bench, value))
