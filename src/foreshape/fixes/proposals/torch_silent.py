"""Faults of PyTorch programs that raise nothing: softmax over the samples or before a loss, batch and time swapped, stretched losses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Instance
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.torch_places import is_tensor_method, suffixed, swapped

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

SEQUENCES: Final = frozenset(
    {"LSTM", "GRU", "RNN", "MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer"}
)


def propose(bench: Bench) -> Iterator[Candidate]:
    if bench.fault.name == "silent-loss-broadcast" and len(bench.fault.values) > 2:
        yield from _by_hand(bench)
        return
    if not _of_torch(bench):
        return
    yield from PROPOSERS[bench.fault.name](bench)


def _of_torch(bench: Bench) -> bool:
    """Whether the values or layers are PyTorch's."""
    if any(isinstance(value, Array) and value.kind == "torch" for value in bench.fault.values):
        return True
    held = [*bench.fault.layers, *bench.fault.values]
    return any(isinstance(each, Instance) and (each.library_type or "").startswith("torch.") for each in held)


def _axis(bench: Bench) -> Iterator[Candidate]:
    """``dim`` given, or another one."""
    calls = [] if not isinstance(bench.node, ast.Call) else [(bench.path, bench.node)]
    layer = bench.layer()
    if layer is not None:
        calls.insert(0, layer)
    for path, call in calls:
        if class_of(call).lower() not in ("softmax", "log_softmax", "logsoftmax"):
            continue
        held = bench.keyword(call, "dim")
        place = held.value if held is not None else None
        if place is None:
            numbers = [each for each in call.args if isinstance(each, (ast.Constant, ast.UnaryOp))]
            place = numbers[0] if numbers else None
        if place is None:
            yield Candidate("dim=-1", [bench.set_keyword(path, call, "dim", "-1")], UNSAFE, 0)
        else:
            yield Candidate("dim=-1", [bench.replace(path, place, "-1")], UNSAFE, 0)


def _probabilities(bench: Bench) -> Iterator[Candidate]:
    """Scores to the loss as they are; log-probabilities where those are wanted."""
    wants_logs = bench.fault.wants == "log-probabilities"  # type: ignore[attr-defined]
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)):
            node, path = step.origin.node, step.origin.path
            if not isinstance(node, ast.Call):
                continue
            made = bench.made_by(step)
            called = class_of(made[1] if made is not None else node).lower()
            if called not in ("softmax", "sigmoid"):
                continue
            if wants_logs:
                yield from _logarithms(bench, path, made[1] if made is not None else node)
                continue
            if made is not None:
                gone = bench.without_layer(*made)
                if gone:
                    yield Candidate(f"without {class_of(made[1])}", gone, UNSAFE, 0)
            if isinstance(node.func, ast.Attribute) and is_tensor_method(bench, node) and made is None:
                yield swapped(bench, node, bench.text(path, node.func.value), 0, path)
            elif node.args:
                yield swapped(bench, node, bench.text(path, node.args[0]), 0, path)
            break


def _logarithms(bench: Bench, path: str, call: ast.Call) -> Iterator[Candidate]:
    function = call.func
    name = {"softmax": "log_softmax", "Softmax": "LogSoftmax"}.get(class_of(call))
    if name is None:
        return
    if isinstance(function, ast.Attribute):
        text = f"{bench.text(path, function.value)}.{name}"
        yield swapped(bench, function, text, 0, path)


def _swapped(bench: Bench) -> Iterator[Candidate]:
    """``batch_first`` where the data has it so; who asked for it means it, and has another axis in mind."""
    if bench.fault.batch != 0:  # type: ignore[attr-defined]
        return
    places = [made for each in bench.fault.layers if (made := bench.constructor(each)) is not None]
    places += [
        (bench.path, each)
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Call) and class_of(each) == bench.fault.taker  # type: ignore[attr-defined]
    ]
    for path, call in places:
        if class_of(call) in SEQUENCES:
            one = bench.set_keyword(path, call, "batch_first", "True")
            yield Candidate("batch_first=True", [one], UNSAFE, 0)


def _stretched(bench: Bench) -> Iterator[Candidate]:
    """Predictions without their axis of size 1, or labels with one."""
    node = bench.node
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    labels, scores = bench.fault.labels, bench.fault.predictions  # type: ignore[attr-defined]
    first, second = node.args[:2]
    if len(scores) == len(labels) + 1 and scores[-1] == 1:
        yield suffixed(bench, first, ".squeeze(-1)", 0)
        yield suffixed(bench, second, ".unsqueeze(-1)", 1)
    elif len(labels) == len(scores) + 1 and labels[-1] == 1:
        yield suffixed(bench, second, ".squeeze(-1)", 0)
        yield suffixed(bench, first, ".unsqueeze(-1)", 1)


def _by_hand(bench: Bench) -> Iterator[Candidate]:
    """The same where labels are subtracted or compared without a loss function."""
    labels, scores, crossed = bench.fault.values[:3]
    made = crossed.origin
    if made is None or not isinstance(labels, Array) or not isinstance(scores, Array):
        return
    node = made.node
    sides: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        sides = [node.left, node.right]
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        sides = [node.func.value, *node.args] if len(node.args) == 1 else list(node.args[:2])
    tensors = [each for each in made.inputs if isinstance(each, Array)]
    if len(sides) != 2 or len(tensors) != 2:
        return
    for value, side in zip(tensors, sides, strict=True):
        tall = value.shape is not None and len(value.shape) == 2
        if value.kind == "torch":
            end = ".squeeze(-1)" if tall else ".unsqueeze(-1)"
        else:
            end = "[:, 0]" if tall else "[:, None]"
        yield suffixed(bench, side, end, (0 if value is scores else 1) + (0 if tall else 1), made.path)


def _taken(bench: Bench) -> Iterator[Candidate]:
    """The index in the axis that has timesteps or layers."""
    node = bench.node
    if not isinstance(node, ast.Subscript):
        return
    axis, meant = bench.fault.axis, bench.fault.meant  # type: ignore[attr-defined]
    parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if axis >= len(parts):
        return
    index = bench.text(bench.path, parts[axis])
    text = f"{bench.text(bench.path, node.value)}[{':, ' * meant}{index}]"
    yield swapped(bench, node, text, 0)


def _last_step(bench: Bench) -> Iterator[Candidate]:
    """The last step of each sequence, where a variable holds the lengths."""
    node = bench.node
    torch = bench.module(bench.path, "torch")
    if not isinstance(node, ast.Subscript) or torch is None:
        return
    names = {
        each.id: None
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and "len" in each.id.lower()
    }
    held = bench.text(bench.path, node.value)
    for name in names:
        steps, rows = f"{name} - 1", f"{torch}.arange(len({name}))"
        text = f"{rows}, {steps}" if bench.fault.axis == 1 else f"{steps}, {rows}"  # type: ignore[attr-defined]
        yield swapped(bench, node, f"{held}[{text}]", 0)


def _mixed(bench: Bench) -> Iterator[Candidate]:
    """The axes turned instead; or taken apart in their order first."""
    node = bench.node
    fault = bench.fault
    before, after = fault.before, fault.after  # type: ignore[attr-defined]
    source, target = fault.source, fault.target  # type: ignore[attr-defined]
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    base = bench.text(bench.path, node.func.value)
    if len(before) == len(after) and sorted(map(str, before)) == sorted(map(str, after)):
        yield swapped(bench, node, f"{base}.transpose({min(source, target)}, {max(source, target)})", 0)
        return
    sizes = list(node.args)
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = list(sizes[0].elts)
    if len(sizes) == len(after) and source < len(sizes) and target < len(sizes):
        texts = [bench.text(bench.path, each) for each in sizes]
        texts.insert(source, texts.pop(target))
        if abs(source - target) == 1:
            called = bench.text(bench.path, node.func)
            yield swapped(bench, node, f"{called}({', '.join(texts)}).transpose({source}, {target})", 0)


def _positions(bench: Bench) -> Iterator[Candidate]:
    """A table that has its own axis of size 1 first, cut along time."""
    node = bench.node
    for each in ast.walk(node) if node is not None else ():
        if not isinstance(each, ast.Subscript):
            continue
        first = each.slice.elts[0] if isinstance(each.slice, ast.Tuple) and each.slice.elts else each.slice
        if isinstance(first, ast.Slice) and first.upper is not None:
            table = bench.text(bench.path, each.value)
            end = bench.text(bench.path, first.upper).replace("size(0)", "size(1)").replace("shape[0]", "shape[1]")
            yield swapped(bench, each, f"{table}[:{end}].transpose(0, 1)", 0)


def _final(bench: Bench) -> Iterator[Candidate]:
    """The last layer; both its directions; of the output, the end of each direction."""
    fault = bench.fault
    made = bench.fault.values[0].origin
    node = made.node if made is not None else None
    torch = bench.module(bench.path, "torch")
    if not isinstance(node, ast.Subscript) or bench.node is None or made is None or made.path != bench.path:
        return
    held = bench.text(bench.path, node.value)
    what, directions = fault.what, fault.directions  # type: ignore[attr-defined]
    ends = f"{torch}.cat(({held}[-2], {held}[-1]), -1)"
    if what == "lower-layer" and directions == 1:
        yield swapped(bench, node, f"{held}[-1]", 0)
    elif what == "lower-layer" and len(fault.index) == 2 and isinstance(bench.node, ast.Call):  # type: ignore[attr-defined]
        joined = bench.node.args[0] if bench.node.args else None
        if isinstance(joined, (ast.Tuple, ast.List)):
            left, right = ("(", ")") if isinstance(joined, ast.Tuple) else ("[", "]")
            yield swapped(bench, joined, f"{left}{held}[-2], {held}[-1]{right}", 0)
    elif what in ("lower-layer", "one-direction") and torch is not None:
        yield swapped(bench, node, ends, 0)


def _both_ends(bench: Bench) -> Iterator[Candidate]:
    """The forward half of the last step and the backward half of the first one."""
    made = bench.fault.values[0].origin
    node = made.node if made is not None and made.path == bench.path else None
    torch, size = bench.module(bench.path, "torch"), bench.fault.got[-1]  # type: ignore[attr-defined]
    if not isinstance(node, ast.Subscript) or not isinstance(size, int) or torch is None:
        return
    held, front = bench.text(bench.path, node.value), ":, " * bench.fault.axis  # type: ignore[attr-defined]
    between = "" if front else ":, "
    halves = f"{held}[{front}-1, {between}:{size // 2}], {held}[{front}0, {between}{size // 2}:]"
    yield swapped(bench, node, f"{torch}.cat(({halves}), -1)", 0)


def _positions_of(bench: Bench) -> Iterator[Candidate]:
    """``argmax(1)``."""
    made = bench.fault.values[0].origin
    node = made.node if made is not None and made.path == bench.path else None
    if not isinstance(node, ast.Call):
        return
    held = bench.keyword(node, "dim") or bench.keyword(node, "axis")
    place = held.value if held is not None else next((one for one in node.args if isinstance(one, ast.Constant)), None)
    if place is not None:
        yield swapped(bench, place, "1", 0)


def _padding_left_out(bench: Bench) -> Iterator[Candidate]:
    """``~mask``: True where padding is."""
    if not isinstance(bench.node, ast.Call):
        return
    for each in bench.node.keywords:
        if each.arg is not None and each.arg.endswith("key_padding_mask"):
            text = bench.text(bench.path, each.value)
            plain = isinstance(each.value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
            if isinstance(each.value, ast.UnaryOp) and isinstance(each.value.op, ast.Invert):
                yield swapped(bench, each.value, bench.text(bench.path, each.value.operand), 0)
            else:
                yield swapped(bench, each.value, f"~{text}" if plain else f"~({text})", 0)


PROPOSERS: Final = {
    "softmax-axis": _axis,
    "softmax-before-loss": _probabilities,
    "batch-time-swapped": _swapped,
    "silent-loss-broadcast": _stretched,
    "batch-element-taken": _taken,
    "padded-last-step": _last_step,
    "reshape-mixes-axes": _mixed,
    "positions-along-batch": _positions,
    "final-state": _final,
    "argmax-axis": _positions_of,
    "half-read-step": _both_ends,
    "inverted-mask": _padding_left_out,
}
