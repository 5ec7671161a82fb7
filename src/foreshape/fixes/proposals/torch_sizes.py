"""Modules of PyTorch that were made for another size: the numbers that they are made from."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Sequence
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import bound_to, class_of, shown
from foreshape.fixes.proposals.numbers import fields_named, resized, value_of
from foreshape.fixes.proposals.torch_places import by_torch, calls_named, message, operands, suffixed, swapped

if TYPE_CHECKING:
    from foreshape.domain.values import Value
    from foreshape.fixes.bench import Bench

OUTPUTS: Final = {
    "Linear": "out_features", "LSTM": "hidden_size", "GRU": "hidden_size", "RNN": "hidden_size", "Conv1d": "out_channels",
    "Conv2d": "out_channels", "Conv3d": "out_channels", "ConvTranspose1d": "out_channels", "ConvTranspose2d": "out_channels",
    "Embedding": "embedding_dim", "LSTMCell": "hidden_size", "GRUCell": "hidden_size", "RNNCell": "hidden_size",
    "EmbeddingBag": "embedding_dim", "Bilinear": "out_features",
}  # fmt: skip
MOST_TRANSPOSED: Final = 3
CREATORS: Final = ("zeros", "ones", "randn", "rand", "empty", "full", "randint", "linspace", "arange", "eye", "normal")


def propose(bench: Bench) -> Iterator[Candidate]:
    if not by_torch(bench):
        return
    name = bench.fault.name
    if name == "feature-mismatch":
        yield from _features(bench)
    elif name in ("label-shape", "weights-shape"):
        yield from _outputs(bench)
    elif name == "index-range":
        index, size = bench.fault.index, bench.fault.size  # type: ignore[attr-defined]
        if isinstance(index, int) and isinstance(size, int) and index >= size:
            for value in bench.fault.values:
                yield from out_sizes(bench, value, index + 1, size, 0)
    elif name == "embedding-range":
        yield from _tables(bench)
    elif name == "label-range":
        yield from _classes(bench)
    elif name == "invalid-argument":
        yield from _arguments(bench)
    elif name in ("broadcast-mismatch", "join-mismatch"):
        yield from _pairs(bench)


def out_sizes(bench: Bench, value: Value | None, wanted: int, now: int | None, likely: int) -> Iterator[Candidate]:
    """The size that the last layers on the way of a value give, made another one."""
    for number, (_, path, call) in enumerate(bench.layers_of(value)[:4]):
        name = class_of(call)
        if not name and isinstance(call.func, ast.Call):  # getattr(nn, kind)(...)
            name = "LSTM"
        if name in ("Sequential", "ModuleList"):
            inner = [each for each in ast.walk(call) if isinstance(each, ast.Call) and class_of(each) in OUTPUTS]
            call, name = (inner[-1], class_of(inner[-1])) if inner else (call, name)
        size = bench.argument(call, OUTPUTS.get(name, "out_features"), 1) if name in OUTPUTS else None
        if size is None or (now is not None and value_of(bench, path, size) not in (None, now)):
            continue
        yield from resized(bench, path, size, wanted, now, likely + (number > 0))


def _features(bench: Bench) -> Iterator[Candidate]:
    from foreshape.explain.prose.torch_modules import SIZES

    fault = bench.fault
    needs, got = fault.needs, fault.got  # type: ignore[attr-defined]
    yield from _shuffled(bench)
    layer = bench.layer()
    if layer is None or not isinstance(needs, int) or not isinstance(got, int):
        return
    path, call = layer
    name = class_of(call)
    if name == "MultiheadAttention":
        extra = f", kdim={got}, vdim={got}"
        if bench.keyword(call, "kdim") is None and call.args:
            one = bench.after(path, call.args[-1], extra)
            yield Candidate(f"MultiheadAttention(..., {extra[2:]})", [one], UNSAFE, 0)
    size = bench.argument(call, SIZES.get(name, "in_features"), 0)
    if isinstance(size, (ast.List, ast.Tuple)) and size.elts:
        size = size.elts[-1]
    if size is not None:
        if got == 2 * needs and not isinstance(size, ast.Constant):
            text = bench.text(path, size)
            text = text if isinstance(size, (ast.Name, ast.Attribute)) else f"({text})"
            both = any("bidirectional" in bench.text(*each[1:]) for each in bench.layers_of(bench.told.value())[:2])
            yield swapped(bench, size, f"2 * {text}", -1 if both else 1, path)
        yield from _in_a_loop(bench, path, call, size)
        yield from resized(bench, path, size, got, needs, 1)
    yield from out_sizes(bench, bench.told.value(), needs, got, 2)


def _in_a_loop(bench: Bench, path: str, call: ast.Call, size: ast.expr) -> Iterator[Candidate]:
    """Layers made one after another in a loop: each takes what the one before it gives."""
    given = call.args[1] if len(call.args) > 1 else None
    if not isinstance(size, ast.Name) or not isinstance(given, ast.Name):
        return
    for holder in bench.above(path, call):
        if not isinstance(holder, ast.For):
            continue
        if any(
            isinstance(each, ast.Name) and each.id == size.id and isinstance(each.ctx, ast.Store)
            for each in ast.walk(holder)
        ):
            needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
            for value in bound_to(holder, size.id) if got == 2 * needs else ():
                if isinstance(value, (ast.Name, ast.Attribute)):
                    yield swapped(bench, value, f"{bench.text(path, value)} * 2", -1, path)
            return
        last = holder.body[-1]
        row, column, _, _ = bench.sources.file(path).span(last)
        indent = bench.sources.line(path, row)[: column - 1]
        if not indent.strip():
            text = f"{size.id} = {given.id}"
            yield Candidate(text, [bench.after(path, last, f"\n{indent}{text}")], UNSAFE, -1)
        return


def _shuffled(bench: Bench) -> Iterator[Candidate]:
    """Channels that a pixel shuffle takes apart: a multiple of the square of its factor."""
    if "pixel_shuffle" not in message(bench):
        return
    got = bench.fault.got  # type: ignore[attr-defined]
    factor = next((int(word) for word in message(bench).split() if word.rstrip(".").isdigit()), 0)
    for _, path, call in bench.layers_of(bench.told.value())[:2]:
        size = bench.argument(call, OUTPUTS.get(class_of(call), "out_channels"), 1)
        if size is None or not factor or not isinstance(got, int):
            continue
        if isinstance(size, ast.BinOp) and isinstance(size.op, ast.Mult) and isinstance(size.right, ast.Constant):
            if size.right.value == 2:
                yield swapped(bench, size, f"{bench.text(path, size.left)} ** 2", -1, path)
        yield from resized(bench, path, size, max(got // factor, 1) * factor, got, 0)


def _outputs(bench: Bench) -> Iterator[Candidate]:
    """The width of what is compared with labels, other outputs or weights."""
    fault = bench.fault
    first = getattr(fault, "labels", None) or getattr(fault, "needs", None)
    second = getattr(fault, "predictions", None) or getattr(fault, "got", None)
    if not isinstance(first, tuple) or not isinstance(second, tuple) or len(first) != len(second):
        return
    for axis in range(len(first)):
        wanted, now = first[axis], second[axis]
        if wanted == now or not isinstance(wanted, int) or not isinstance(now, int):
            continue
        last = axis == len(first) - 1
        for value in fault.values:
            shape = bench.told.shape_of(value)
            for size, other in ((now, wanted), (wanted, now)):
                if last and shape and shape[-1] == size:
                    yield from out_sizes(bench, value, other, size, 0 if size == now else 1)
            yield from _transposed(bench, value, axis, len(first))


def _transposed(bench: Bench, value: Value, axis: int, rank: int) -> Iterator[Candidate]:
    """A transposed convolution with stride that comes out one short."""
    if axis < 2 or rank < 3:
        return
    edits: list[Splice] = []
    for _, path, call in bench.layers_of(value)[:12]:
        strided = bench.argument(call, "stride", 3) is not None
        if strided and class_of(call).startswith("ConvTranspose") and bench.keyword(call, "output_padding") is None:
            one = bench.set_keyword(path, call, "output_padding", "1")
            edits.append(one)
            if len(edits) <= MOST_TRANSPOSED:
                yield Candidate(shown(bench, path, call.args[0] if call.args else call, one), [one], UNSAFE, 0)
                if len(edits) > 1:
                    yield Candidate("output_padding=1", list(edits), UNSAFE, 0)
    if len(edits) > MOST_TRANSPOSED:
        yield Candidate("output_padding=1", edits, UNSAFE, 0)


def _tables(bench: Bench) -> Iterator[Candidate]:
    """A table with more rows, a one-hot with more classes."""
    index, size = bench.fault.index, bench.fault.size  # type: ignore[attr-defined]
    if not isinstance(index, (int, float)) or not isinstance(size, int) or index < size:
        return
    places: list[tuple[str, ast.expr]] = []
    layer = bench.layer()
    if layer is not None and (given := bench.argument(layer[1], "num_embeddings", 0)) is not None:
        places.append((layer[0], given))
    for path, call in [(bench.path, each) for each in calls_named(bench, "one_hot")]:
        given = bench.argument(call, "num_classes", 1)
        if given is not None and (bench.node is None or call is bench.node or bench.node in ast.walk(call)):
            places.append((path, given))
    power = 1 << int(index).bit_length()
    for path, place in places:
        yield from resized(bench, path, place, int(index) + 1, size, 0)
        if power > index + 1:
            for candidate in resized(bench, path, place, power, size, 2):
                if candidate.splices[0].text.isdigit():
                    yield candidate


def _classes(bench: Bench) -> Iterator[Candidate]:
    """Padding that is counted as a class, and labels that count from 1."""
    label, classes = bench.fault.label, bench.fault.classes  # type: ignore[attr-defined]
    for padded in calls_named(bench, "pad_sequence"):
        filled = bench.argument(padded, "padding_value", 2)
        if filled is None or value_of(bench, bench.path, filled) not in (None, label):
            continue
        text = bench.text(bench.path, filled)
        for each in calls_named(bench, "CrossEntropyLoss", "NLLLoss", "cross_entropy", "nll_loss"):
            if bench.keyword(each, "ignore_index") is None:
                one = bench.set_keyword(bench.path, each, "ignore_index", text)
                yield Candidate(f"ignore_index={text}", [one], UNSAFE, -1)
    if isinstance(label, int) and isinstance(classes, int):
        given = operands(bench)
        if label == classes and len(given) > 1:
            least = getattr(bench.told.value(), "lo", None)  # classes that count from 1
            ending = " - 1" if isinstance(given[1], ast.Name) else ".sub(1)"
            yield suffixed(bench, given[1], ending, -1 if isinstance(least, int) and least >= 1 else 1)
        for value in bench.fault.values:
            yield from out_sizes(bench, value, label + 1, classes, 0)


def _arguments(bench: Bench) -> Iterator[Candidate]:
    """Sizes that must divide each other, whole numbers, sizes within an axis."""
    text = message(bench)
    node = bench.node
    if "divisible by groups" in text and isinstance(node, ast.Call):
        groups = bench.argument(node, "groups", 6)
        channels = bench.argument(node, "in_channels", 0)
        if groups is not None and channels is not None:
            one = bench.replace(bench.path, groups, bench.text(bench.path, channels))
            yield Candidate(shown(bench, bench.path, groups, one), [one], UNSAFE, 0)
            yield from resized(bench, bench.path, groups, 1, value_of(bench, bench.path, groups), 2)
    if "embed_dim must be divisible by num_heads" in text and isinstance(node, ast.Call):
        yield from _heads(bench, node)
    if "out of range" in text and isinstance(node, ast.Call) and class_of(node) == "topk":
        yield from _topk(bench, node)
    if "float" in text:
        yield from _whole(bench)
    if isinstance(node, ast.Call) and class_of(node) in ("randint", "normal"):
        yield from _as_list(bench, node)
    if len(bench.fault.values) == 1 and isinstance(bench.fault.values[0], (Sequence, Array)):
        yield from _one_of(bench, bench.fault.values[0])


def _as_list(bench: Bench, node: ast.Call) -> Iterator[Candidate]:
    """``torch.randint(0, 5, (3, 4))`` for ``torch.randint(0, 5, 3, 4)``: the last numbers are the sizes."""
    for count in range(1, len(node.args)):
        sizes = node.args[-count:]
        text = ", ".join(bench.text(bench.path, each) for each in sizes) + ("," if count == 1 else "")
        edits = [bench.before(bench.path, sizes[0], "("), bench.after(bench.path, sizes[-1], "," * (count == 1) + ")")]
        yield Candidate(f"({text})", edits, UNSAFE, 0 if len(node.args) - count < 3 else 2)


def _one_of(bench: Bench, many: Value) -> Iterator[Candidate]:
    """One of the sizes in place of all of them: ``x.reshape(n[0], -1)`` for ``x.reshape(n, -1)``."""
    for node in bench.expressions(many):
        arguments = bench.node.args if isinstance(bench.node, ast.Call) else []
        here = arguments.index(node) if node in arguments else 0
        for number in dict.fromkeys((here, 0)):
            suffix = f".shape[{number}]" if isinstance(many, Array) else f"[{number}]"
            edit = bench.part(bench.path, node, suffix)
            yield Candidate(shown(bench, bench.path, node, edit), [edit], UNSAFE, 0)


def _heads(bench: Bench, node: ast.Call) -> Iterator[Candidate]:
    width = bench.argument(node, "embed_dim", 0) or bench.argument(node, "d_model", 0)
    heads = bench.argument(node, "num_heads", 1) or bench.argument(node, "nhead", 1)
    if width is None or heads is None:
        return
    for total in _sizes_of(bench, width):
        for count in _sizes_of(bench, heads):
            if count and total % count:
                near = [each for each in range(1, 17) if not total % each]
                best = min(near, key=lambda each: (abs(each - count), -each))
                yield from resized(bench, bench.path, heads, best, count, 0)
                yield from resized(bench, bench.path, width, -(-total // count) * count, total, 1)


def _sizes_of(bench: Bench, node: ast.expr) -> list[int]:
    """The numbers that an argument may be, as they are written in the file."""
    one = value_of(bench, bench.path, node)
    found = [] if one is None else [one]
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        for each in fields_named(bench, bench.path, name):
            size = value_of(bench, bench.path, each)
            if size is not None:
                found.append(size)
    return list(dict.fromkeys(found))


def _topk(bench: Bench, node: ast.Call) -> Iterator[Candidate]:
    if not isinstance(node.func, ast.Attribute) or not node.args:
        return
    base = bench.text(bench.path, node.func.value)
    axis = bench.argument(node, "dim", 1)
    where = "-1" if axis is None else bench.text(bench.path, axis)
    text = f"min({bench.text(bench.path, node.args[0])}, {base}.size({where}))"
    yield swapped(bench, node.args[0], text, 0)


def _whole(bench: Bench) -> Iterator[Candidate]:
    """``width / 2`` as ``width // 2``, wherever the function says it."""
    function = next(
        (each for each in bench.above(bench.path, bench.node) if isinstance(each, (ast.FunctionDef, ast.Module))), None
    )
    if function is None:
        return
    edits = [
        bench.replace(
            bench.path,
            each,
            f"{bench.text(bench.path, each.left)} // {bench.text(bench.path, each.right)}",
        )
        for each in ast.walk(function)
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div)
    ]
    for one in edits:
        yield Candidate(one.text, [one], UNSAFE, 0)
    if len(edits) > 1:
        yield Candidate(edits[0].text, edits, UNSAFE, 1)


def _pairs(bench: Bench) -> Iterator[Candidate]:
    """Two values that meet with another size on one axis: the numbers that made either."""
    shapes = bench.fault.shapes  # type: ignore[attr-defined]
    differs = getattr(bench.fault, "differs", None)
    for number, value in enumerate(bench.fault.values[:3]):
        own = shapes[number] if number < len(shapes) else ()
        for other in [shape for at, shape in enumerate(shapes) if at != number]:
            for back in range(1, min(len(own), len(other)) + 1):
                wanted, now = other[-back], own[-back]
                if differs is not None and len(own) == len(other) and len(own) - back != differs:
                    continue
                if wanted == now or not isinstance(wanted, int) or not isinstance(now, int) or 1 in (wanted, now):
                    continue
                if back == 1 or len(own) == 4:
                    yield from out_sizes(bench, value, wanted, now, 3)
                yield from _created(bench, value, back, wanted, now)


def _created(bench: Bench, value: Value, back: int, wanted: int, now: int) -> Iterator[Candidate]:
    """The sizes that a tensor on the way was created with."""
    for step in bench.told.steps(value):
        if step.shape is None or now not in step.shape:
            continue
        for node in ast.walk(step.origin.node):
            if not isinstance(node, ast.Call) or class_of(node) not in CREATORS:
                continue
            sizes = list(node.args)
            if sizes and isinstance(sizes[0], (ast.Tuple, ast.List)):
                sizes = list(sizes[0].elts)
            for size in sizes:
                known = value_of(bench, step.origin.path, size)
                if known == now or (known is None and size is sizes[-back if back <= len(sizes) else 0]):
                    if not isinstance(size, (ast.Starred, ast.UnaryOp)):
                        yield from resized(bench, step.origin.path, size, wanted, now, 4)
