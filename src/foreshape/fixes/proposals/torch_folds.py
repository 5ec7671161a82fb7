"""Axes of sequences that are folded, turned or missing: every frame of a video through a convolution, heads joined to
features, a state per step beside the outputs of an encoder, a code that is repeated for every step."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import IteratorValue, Sequence
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, shown
from foreshape.fixes.proposals.numbers import behind, value_of
from foreshape.fixes.proposals.torch_places import by_torch, handed_in, operands, shape_at, suffixed, swapped
from foreshape.fixes.proposals.torch_sizes import out_sizes

if TYPE_CHECKING:
    from foreshape.domain.values import Shape, Value
    from foreshape.fixes.bench import Bench

PLANES: Final = {"Conv1d": 3, "Conv2d": 4, "Conv3d": 5, "MaxPool2d": 4, "AvgPool2d": 4, "BatchNorm2d": 4}
LAST_STEPS: Final = 12


def propose(bench: Bench) -> Iterator[Candidate]:
    if not by_torch(bench):
        return
    name = bench.fault.name
    if name == "rank-mismatch":
        yield from _every_frame(bench)
        yield from _rows_of(bench)
    elif name == "feature-mismatch":
        yield from _joined_heads(bench)
    elif name == "join-mismatch":
        yield from _turned(bench)
        yield from _time_first(bench)
    elif name == "mask-shape":
        yield from _named_sizes(bench)
    elif name == "matmul-mismatch":
        yield from _weights(bench)
    elif name == "embedding-range":
        yield from _cropped(bench)
    elif name == "unsupported-data":
        yield from _outputs(bench)
        yield from _padded(bench)
    elif name in ("label-shape", "broadcast-mismatch", "state-shape"):
        yield from _single_label(bench)
        yield from _beside(bench)
        yield from _batch_of_one(bench)
        yield from _both_states(bench)
        yield from _repeated(bench)
    elif name == "reshape-size":
        yield from _rest_kept(bench)


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
    yield from _other_axes(bench)
    fitting = [name for name in names if _literal(bench, bench.path, name) == size]
    for call in _masks(bench):
        for given in call.args:
            if isinstance(given, ast.Name) and value_of(bench, bench.path, given) == now:
                for name in fitting:
                    yield swapped(bench, given, name, -1)


def _masks(bench: Bench) -> list[ast.Call]:
    """The calls that make masks."""
    return [each for each in bench.walk(bench.path) if isinstance(each, ast.Call) and _is_mask(bench, each)]


def _other_axes(bench: Bench) -> Iterator[Candidate]:
    """``causal_mask(x.size(0))``: the size of another axis was meant."""
    for call in _masks(bench):
        for given in call.args:
            for size in (given, *behind(bench, bench.path, given)):
                axis = _axis_of(size)
                for other in (1, 0, 2) if axis is not None else ():
                    if axis is not None and str(other) != bench.text(bench.path, axis):
                        one = bench.replace(bench.path, axis, str(other))
                        yield Candidate(shown(bench, bench.path, axis, one), [one], UNSAFE, -1)


def _axis_of(node: ast.expr) -> ast.expr | None:
    """The number of the axis in ``x.size(0)`` and ``x.shape[0]``."""
    if isinstance(node, ast.Call) and class_of(node) == "size" and isinstance(node.func, ast.Attribute) and node.args:
        return node.args[0]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        return node.slice
    return None


def _weights(bench: Bench) -> Iterator[Candidate]:
    """Weights over steps from a layer that was made for another number of them."""
    left, right = bench.fault.left, bench.fault.right  # type: ignore[attr-defined]
    if len(left) < 2 or len(right) < 2 or not bench.fault.values:
        return
    now, wanted = left[-1], right[-2]
    if isinstance(now, int) and isinstance(wanted, int) and now != wanted:
        yield from out_sizes(bench, bench.fault.values[0], wanted, now, 2)


def _cropped(bench: Bench) -> Iterator[Candidate]:
    """Positions past their table, because the text has grown: the last of it is all that fits."""
    size = bench.fault.size  # type: ignore[attr-defined]
    layer = bench.layer()
    counted = next((each for each in operands(bench) if _counts(each)), None)
    if layer is None or counted is None or not isinstance(size, int):
        return
    own = _spelt(bench, *layer)
    function = next((each for each in bench.above(bench.path, bench.node) if isinstance(each, ast.FunctionDef)), None)
    for each in function.args.args[1:] if function is not None else ():
        for path, given in handed_in(bench, each.arg):
            if isinstance(given, ast.Name):
                inside = any(isinstance(holder, ast.ClassDef) for holder in bench.above(path, given))
                text = own if own is not None and inside else str(size)
                yield suffixed(bench, given, f"[:, -{text}:]", -3, path)


def _counts(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Call) and class_of(each) == "arange" for each in ast.walk(node))


def _spelt(bench: Bench, path: str, call: ast.Call) -> str | None:
    """What the class calls the number of rows: ``self.block_size`` where it keeps the argument that the table is made with."""
    rows = bench.argument(call, "num_embeddings", 0)
    if not isinstance(rows, ast.Name):
        return None
    for node in bench.walk(path):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == rows.id:
            for target in node.targets:
                if isinstance(target, ast.Attribute) and bench.text(path, target.value) == "self":
                    return bench.text(path, target)
    return None


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


def _outputs(bench: Bench) -> Iterator[Candidate]:
    """All that a recurrent module gives, kept where its output was meant: ``x = lstm(x)[0]``."""
    for value in bench.fault.values:
        made = value.origin
        if made is not None and isinstance(value, IteratorValue):
            holder = bench.parent(made.path, made.node)
            every = [each for each in holder.elts if isinstance(each, ast.Call)] if isinstance(holder, ast.List) else []
            if every:
                yield Candidate("[*...]", [bench.before(made.path, each, "*") for each in every], UNSAFE, -2)
        if made is not None and isinstance(made.node, ast.Call) and isinstance(value, Sequence):
            yield suffixed(bench, made.node, "[0]", -2, made.path)


def _rows_of(bench: Bench) -> Iterator[Candidate]:
    """``x.gather(1, index)`` of whole rows: the index says so for each of their features."""
    node = bench.node
    index = bench.argument(node, "index", 1) if isinstance(node, ast.Call) and class_of(node) == "gather" else None
    needs, got = getattr(bench.fault, "needs", None), getattr(bench.fault, "got", ())
    if index is None or needs != 3 or len(got) != 2 or not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        held = node.func.value.id if len(node.args) < 3 else bench.text(bench.path, node.args[0])
        yield suffixed(bench, index, f".unsqueeze(-1).expand(-1, -1, {held}.size(-1))", -1)


def _time_first(bench: Bench) -> Iterator[Candidate]:
    """``batch_first=True`` where only the second axes are of one size."""
    shapes, layer = bench.fault.shapes, bench.layer()  # type: ignore[attr-defined]
    flag = bench.keyword(layer[1], "batch_first") if layer is not None else None
    if layer is None or flag is None or len(shapes) != 2 or not len(shapes[0]) == len(shapes[1]) == 3:
        return
    if shapes[0][1] == shapes[1][1] and bench.text(layer[0], flag.value) == "True":
        yield swapped(bench, flag.value, "False", -2, layer[0])


def _padded(bench: Bench) -> Iterator[Candidate]:
    """A packed sequence handed to a layer that takes tensors."""
    layers = bench.module(bench.path, "torch.nn")
    if "PackedSequence" not in getattr(bench.fault, "given", "") or layers is None:
        return
    for node in bench.expressions(bench.told.value()):
        text = bench.text(bench.path, node)
        new = f"{layers}.utils.rnn.pad_packed_sequence({text}, batch_first=True)[0]"
        yield swapped(bench, node, new, -1)


def _beside(bench: Bench) -> Iterator[Candidate]:
    """A vector per sample beside several of them: (batch, features) and (batch, many, features)."""
    shapes: tuple[Shape, ...] = getattr(bench.fault, "shapes", ())
    given = operands(bench)
    if len(shapes) != 2 or len(given) < 2 or bench.fault.name != "broadcast-mismatch":
        return
    one, two = shapes
    pairs = [(one, two), (two, one)]
    for node, (own, other) in ((node, pair) for node in given for pair in pairs):
        for axis in range(1, len(own)) if len(own) + 1 == len(other) else ():
            if tuple(own[:axis]) == tuple(other[:axis]) and tuple(own[axis:]) == tuple(other[axis + 1 :]):
                yield suffixed(bench, node, f".unsqueeze({axis})", -2)


def _batch_of_one(bench: Bench) -> Iterator[Candidate]:
    """What a loop makes of its last result lacks the axis of the batch, which the states have."""
    needs, got = getattr(bench.fault, "needs", ()), getattr(bench.fault, "got", ())
    if bench.fault.name != "state-shape" or not needs or not got or len(got[0]) != len(needs[0]) + 1:
        return
    function = next((each for each in bench.above(bench.path, bench.node) if isinstance(each, ast.FunctionDef)), None)
    for argument in function.args.args[1:] if function is not None else ():
        for path, given in handed_in(bench, argument.arg):
            for node in bench.walk(path) if isinstance(given, ast.Name) else ():
                if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                    continue
                looped = any(isinstance(each, (ast.For, ast.While)) for each in bench.above(path, node))
                if looped and any(getattr(each, "id", None) == given.id for each in node.targets):  # type: ignore[attr-defined]
                    yield suffixed(bench, node.value, ".unsqueeze(0)", -1, path)


def _both_states(bench: Bench) -> Iterator[Candidate]:
    """``lstm(x, h)``: an LSTM takes two states, and would take one for a pair along its first axis."""
    layer, node = bench.layer(), bench.node
    held = bench.argument(node, "hx", 1) if isinstance(node, ast.Call) else None
    torch = bench.module(bench.path, "torch")
    if layer is not None and class_of(layer[1]) == "LSTM" and isinstance(held, ast.Name) and torch is not None:
        yield swapped(bench, held, f"({held.id}, {torch}.zeros_like({held.id}))", -3)


def _rest_kept(bench: Bench) -> Iterator[Candidate]:
    """``y.view(n, t)`` of (n * t, features): the features come last."""
    node = bench.node
    shape, target = bench.fault.shape, bench.fault.target  # type: ignore[attr-defined]
    sizes = [size for size in (*shape, *target) if isinstance(size, int) and size > 0]
    if not isinstance(node, ast.Call) or class_of(node) not in ("view", "reshape") or len(node.args) < 2:
        return
    if len(sizes) == len(shape) + len(target) and len(shape) > 1 and prod(target) == shape[0]:
        yield Candidate("..., -1", [bench.after(bench.path, node.args[-1], ", -1")], UNSAFE, -2)


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
