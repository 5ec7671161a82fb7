"""Labels and predictions that a loss cannot compare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Final

from foreshape.fixes.bench import sizes_text
from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import (
    class_of,
    recurrent_calls,
    same_padding,
    sequences_off,
    sequences_on,
    shown,
)
from foreshape.fixes.proposals.numbers import constants_of, resized
from foreshape.fixes.proposals.states import whole_batches

if TYPE_CHECKING:
    from foreshape.domain.values import Shape, Value
    from foreshape.fixes.bench import Bench

ONE_HOT: Final = (
    "keras.utils.to_categorical", "tensorflow.keras.utils.to_categorical", "keras.utils.np_utils.to_categorical",
)  # fmt: skip
OUTPUTS: Final = re.compile(r"1 arrays? of labels for (\d+) outputs")
ENDS: Final = (
    "Dense",
    "Dropout",
    "Activation",
    "BatchNormalization",
    "LeakyReLU",
    "ReLU",
    "Softmax",
    "TimeDistributed",
)
SPARSE: Final = (("sparse_categorical", "categorical"), ("SparseCategorical", "Categorical"))


def propose(bench: Bench) -> Iterator[Candidate]:
    labels: Shape | None = getattr(bench.fault, "labels", None)
    predictions: Shape | None = getattr(bench.fault, "predictions", None)
    yield from _loss(bench)
    if labels is None or predictions is None:
        return
    yield from _for_each_output(bench, labels)
    value = _predicted(bench, predictions)
    inner = bench.known(labels)
    sparse = "sparse" in getattr(bench.fault, "loss", "").lower()
    aligned = len(labels) == len(predictions)
    for number, (path, call) in enumerate(recurrent_calls(bench, value)):
        if len(predictions) > len(labels):
            off = sequences_off(bench, path, call, number)
            if off is not None:
                yield off
        elif len(predictions) < len(labels):
            on = sequences_on(bench, path, call, number)
            if on is not None:
                yield on
    layers = bench.layers_of(value)
    if layers:
        yield from _last_layer(bench, layers[0][1], layers[0][2], labels, predictions, inner, aligned and not sparse)
    if predictions and isinstance(predictions[0], int):
        yield from whole_batches(bench, predictions[0])
    if len(predictions) > max(2, len(labels)):
        yield from _flattened(bench, value, 1 if any(recurrent_calls(bench, value)) else 0)
    elif len(predictions) == len(labels) > 2 and predictions[1] != labels[1]:
        yield from _repeated(bench, value, predictions[1], labels[1])
    elif len(predictions) == 2 and len(labels) == 3 and layers:
        yield from _every_step(bench, value, layers[0], labels, predictions)
    yield from same_padding(bench, value, 2)
    yield from _data(bench, labels, predictions)


def _for_each_output(bench: Bench, labels: Shape) -> Iterator[Candidate]:
    """One array of labels for several outputs: its columns, or the same for each."""
    found = OUTPUTS.match(getattr(bench.fault, "hint", ""))
    given = bench.argument(bench.node, "y", 1) if isinstance(bench.node, ast.Call) else None
    if found is None or not isinstance(given, (ast.Name, ast.Attribute, ast.Subscript)):
        return
    count, text = int(found.group(1)), bench.text(bench.path, given)
    if len(labels) == 2 and labels[1] == count:
        pandas = bench.module(bench.path, "pandas") is not None
        for table in ("", ".values") if pandas else ("",):
            new = f"[{', '.join(f'{text}{table}[:, {number}]' for number in range(count))}]"
            yield Candidate(new, [bench.replace(bench.path, given, new)], UNSAFE, -1)
    new = f"[{', '.join([text] * count)}]"
    yield Candidate(new, [bench.replace(bench.path, given, new)], UNSAFE, 1)


def _predicted(bench: Bench, predictions: Shape) -> Value | None:
    """The value that the model gives."""
    for value in reversed(bench.fault.values):
        if bench.layers_of(value):
            return value
    return bench.told.value(1) or bench.told.value()


def _last_layer(
    bench: Bench,
    path: str,
    call: ast.Call,
    labels: Shape,
    predictions: Shape,
    inner: tuple[int, ...] | None,
    exact: bool,
) -> Iterator[Candidate]:
    name = class_of(call)
    wanted, now = labels[-1] if labels else None, predictions[-1] if predictions else None
    if name in ("Dense", "LSTM", "GRU", "SimpleRNN", "Conv1D") and wanted != now:
        units = bench.argument(call, "units", 0) or bench.argument(call, "filters", 0)
        size = wanted if len(labels) == len(predictions) else 1
        if units is not None and isinstance(size, int):
            yield from resized(bench, path, units, size, now if isinstance(now, int) else None, 0 if exact else 2)
    if inner is None:
        return
    text = sizes_text(inner) if inner else ""
    sizes = bench.known(predictions)
    if name == "Reshape" and call.args and text:
        yield Candidate(f"Reshape({text})", [bench.replace(path, call.args[0], text)], UNSAFE, 1)
    holder = bench.parent(path, call)
    if not text or sizes is None or prod(sizes) != prod(inner):
        return
    spelt = bench.spell(path, call, "Reshape")
    if spelt is None:
        return
    if isinstance(holder, ast.List):
        title = f"{spelt[0]}({text})"
        yield Candidate(title, [bench.after(path, call, f", {title}"), *spelt[1]], UNSAFE, 2)
    elif isinstance(holder, ast.Call) and holder.func is call:
        title = f"{spelt[0]}({text})"
        whole = bench.text(path, holder)
        yield Candidate(title, [bench.replace(path, holder, f"{title}({whole})"), *spelt[1]], UNSAFE, 2)


def _flattened(bench: Bench, value: Value | None, likely: int) -> Iterator[Candidate]:
    """A Flatten, or an average over the steps, before the Dense layers at the end."""
    place: tuple[str, ast.Call] | None = None
    for _, path, call in bench.layers_of(value):
        if class_of(call) not in ENDS:
            break
        place = path, call
    if place is None:
        return
    path, call = place
    for number, name in enumerate(("Flatten", "GlobalAveragePooling1D", "GlobalAveragePooling2D")):
        held = next((each for each in call.keywords if each.arg == "input_shape"), None)
        text = "" if held is None else f"input_shape={bench.text(path, held.value)}"
        edits = bench.with_layer_before(path, call, name, text)
        if not edits:
            continue
        if held is not None:  # what declares the input comes first
            nodes: list[ast.AST] = [*call.args, *call.keywords]
            gone = bench.drop(path, nodes, nodes.index(held))  # type: ignore[arg-type]
            edits += [] if gone is None else [gone]
        yield Candidate(f"{name}({text})", edits, UNSAFE, likely + number)


def _repeated(bench: Bench, value: Value | None, now: object, wanted: object) -> Iterator[Candidate]:
    """As many steps of the decoder as the labels have."""
    for _, path, call in bench.layers_of(value):
        held = bench.argument(call, "n", 0) if class_of(call) == "RepeatVector" else None
        if held is not None and isinstance(now, int) and isinstance(wanted, int):
            for text in constants_of(bench, path, held, wanted):
                one = bench.replace(path, held, text)
                yield Candidate(shown(bench, path, held, one), [one], UNSAFE, -1)
            one = bench.replace(path, held, str(wanted))
            yield Candidate(shown(bench, path, held, one), [one], UNSAFE, 0)


def _every_step(
    bench: Bench, value: Value | None, last: tuple[object, str, ast.Call], labels: Shape, predictions: Shape
) -> Iterator[Candidate]:
    """A label for every step: the last recurrent layer gives every step, and the last Dense as much as a label holds."""
    _, path, call = last
    units = bench.argument(call, "units", 0) if class_of(call) == "Dense" else None
    for holder, recurrent in recurrent_calls(bench, value):
        if units is not None and isinstance(labels[-1], int) and labels[-1] != predictions[-1]:
            edits = [bench.set_keyword(holder, recurrent, "return_sequences", "True")]
            edits.append(bench.replace(path, units, str(labels[-1])))
            yield Candidate(f"return_sequences=True and {labels[-1]} units", edits, UNSAFE, 0)
        return


def _loss(bench: Bench) -> Iterator[Candidate]:
    """The loss for the labels: class numbers or one-hot."""
    place = bench.told.loss_argument()
    if place is None:
        return
    text = bench.text(place.path, place.node)
    hint = getattr(bench.fault, "hint", "")
    for sparse, plain in SPARSE:
        new = text.replace(sparse, plain) if sparse in text else text.replace(plain, sparse)
        if new != text:
            yield Candidate(new, [bench.replace(place.path, place.node, new)], SAFE if hint else UNSAFE, 0)


def _data(bench: Bench, labels: Shape, predictions: Shape) -> Iterator[Candidate]:
    """The labels made to fit."""
    node = bench.node
    if not isinstance(node, ast.Call):
        return
    held = bench.keyword(node, "validation_data")
    if held is not None and isinstance(held.value, ast.Tuple) and len(held.value.elts) > 1:
        yield from _labels(bench, held.value.elts[1], labels, predictions)
    given = bench.argument(node, "y", 1)
    if given is not None and not isinstance(given, (ast.List, ast.Dict)):
        yield from _labels(bench, given, labels, predictions)
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Call) and class_of(each) == "batch":
            one = bench.set_keyword(bench.path, each, "drop_remainder", "True")
            yield Candidate("drop_remainder=True", [one], UNSAFE, 1)


def _labels(bench: Bench, given: ast.expr, labels: Shape, predictions: Shape) -> Iterator[Candidate]:
    text = bench.text(bench.path, given)
    axis = bench.new_axis(bench.path)
    if len(labels) == len(predictions):
        width = predictions[-1]
        if isinstance(width, int) and isinstance(labels[-1], int) and width < labels[-1]:
            yield Candidate(f"{text}[..., :{width}]", [bench.part(bench.path, given, f"[..., :{width}]")], UNSAFE, 3)
        inner = bench.known(predictions)
        sizes = bench.known(labels)
        if inner and sizes and prod(inner) == prod(sizes):
            new = f".reshape((-1, {', '.join(map(str, inner))}))"
            yield Candidate(f"{text}{new}", [bench.part(bench.path, given, new)], UNSAFE, 3)
            if len(inner) == 2 and inner == sizes[::-1] and (numpy := bench.module(bench.path, "numpy")):
                title = f"{numpy}.transpose({text}, (0, 2, 1))"
                yield Candidate(title, [bench.replace(bench.path, given, title)], UNSAFE, 2)
    elif len(labels) == len(predictions) - 1:
        yield Candidate(f"{text}[..., {axis}]", [bench.part(bench.path, given, f"[..., {axis}]")], UNSAFE, 2)
        keras = bench.keras(bench.path)
        named = next((bench.module(bench.path, each) for each in ONE_HOT if bench.module(bench.path, each)), None)
        function = named or (f"{keras}.utils.to_categorical" if keras is not None else None)
        if function is not None and isinstance(predictions[-1], int):
            title = f"{function}({text}, {predictions[-1]})"
            yield Candidate(title, [bench.replace(bench.path, given, title)], UNSAFE, 3)
    inner = bench.known(predictions)
    sizes = bench.known(labels)
    if inner and sizes and prod(inner) == prod(sizes) and len(labels) != len(predictions):
        new = f".reshape((-1, {', '.join(map(str, inner))}))"
        yield Candidate(f"{text}{new}", [bench.part(bench.path, given, new)], UNSAFE, 2)
