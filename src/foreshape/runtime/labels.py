"""Labels against what the loss makes of them and of the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foreshape.contracts import LabelContract
from foreshape.runtime.arrays import fractions, is_text, not_finite, offenders, out_of_range, ragged
from foreshape.runtime.facts import Fact, shape_text


def check_labels(
    name: str, array: NDArray[Any], contract: LabelContract, library: str, ignored: int | None = None
) -> Iterator[Fact]:
    """What the values of labels say, whatever their shape. ignored: the class that the loss leaves out."""
    bad = ragged(name, array, library)
    if bad is not None:
        yield bad
        return
    if is_text(array):
        late = contract.kind != "one-hot" and (
            array.dtype == object or library == "keras 2"
        )  # found when the graph runs
        yield Fact(
            "dtype-mismatch",
            f"{name} holds text, and {contract.loss or 'the loss'} wants numbers",
            exception="TypeError" if library == "torch" else "UnimplementedError" if late else "ValueError",
            change="Number the classes first, with LabelEncoder or a dict.",
        )
        return
    found = not_finite(name, array)
    if found is not None:
        yield found
    if contract.kind == "class-index" and contract.classes is not None:
        yield from _classes(name, array, contract, library, ignored)
    elif contract.kind == "binary":
        yield from _binary(name, array, contract, library)


def _classes(
    name: str, array: NDArray[Any], contract: LabelContract, library: str, ignored: int | None
) -> Iterator[Fact]:
    classes = contract.classes
    assert classes is not None
    if array.dtype.kind == "f" and library != "torch":  # torch refuses them all
        yield from _fractions(name, array, contract)
    if not out_of_range(array, 0, classes - 1):
        return
    limit = f"0 to {classes - 1}"
    past = offenders(
        name,
        array,
        lambda block: ((block < 0) | (block >= classes)) & (block != (-1 << 62 if ignored is None else ignored)),
        limit,
    )
    if past is None:
        return
    count, first = past
    numbered = (
        " The classes seem to be numbered from 1." if int(array.min()) == 1 and int(array.max()) == classes else ""
    )
    yield Fact(
        "label-range",
        lambda count: f"{_labels(name, count)} outside {limit}, the {classes} outputs of the model",
        exception="IndexError" if library.endswith("torch") else "InvalidArgumentError",
        count=count,
        first=first,
        change=f"Give the last layer one output per class, or number the classes from 0.{numbered}",
    )


def _fractions(name: str, array: NDArray[Any], contract: LabelContract) -> Iterator[Fact]:
    cut = fractions(name, array)
    if cut is None:
        return
    yield Fact(
        "lossy-cast",
        lambda count: f"{_labels(name, count)} no whole number, and {contract.loss} cuts the fraction off",
        count=cut[0],
        first=cut[1],
        change="Amounts are learnt with mse or mae and a last layer of one unit; for classes, number them from 0.",
    )


def _binary(name: str, array: NDArray[Any], contract: LabelContract, library: str) -> Iterator[Fact]:
    if not out_of_range(array, 0, 1):
        return
    past = offenders(name, array, lambda block: (block < 0) | (block > 1), "0 to 1")
    if past is None:
        return
    count, first = past
    most = float(array.max())
    change = (
        "For labels -1 and 1 use a hinge loss, or make them 0 and 1; for several classes use a crossentropy of classes."
    )
    if float(array.min()) >= 0 and most in (100, 255):
        change = f"Divide them by {int(most)}."
    strict = library == "torch" and "logits" not in contract.loss.lower()
    yield Fact(
        "label-range",
        lambda count: f"{_labels(name, count)} outside 0 to 1, which {contract.loss} compares a probability with",
        exception="RuntimeError" if strict else None,
        count=count,
        first=first,
        change=change,
    )


def _labels(name: str, count: int) -> str:
    return f"1 label in {name} is" if count == 1 else f"{count:,} labels in {name} are"


def broadcast_fact(
    name: str, labels: Sequence[int], output: Sequence[int | None], loss: str, many: Sequence[int]
) -> Fact:
    """The loss compares every label with outputs that are not its own."""
    change = "Give both the same shape: y.reshape(-1, 1) or output.squeeze(-1)."
    if len(output) == 3 and len(labels) < 3:
        change = "Leave return_sequences out of the last recurrent layer, or take the last step, output[:, -1]."
    return Fact(
        "silent-loss-broadcast",
        f"{loss or 'the loss'} compares output {shape_text(output)} with {name} {shape_text(labels)}: "
        f"{' x '.join(map(str, many))} comparisons of a batch, most of them of different samples",
        why="Sizes of 1 are stretched, as NumPy does, so training runs and learns the mean.",
        change=change,
    )


def stretched(labels: Sequence[int], output: Sequence[int]) -> tuple[int, ...] | None:
    """What labels and output become together where one of them is stretched; None where they are alike or do not fit."""
    if tuple(labels) == tuple(output):
        return None
    try:
        both = np.broadcast_shapes(tuple(labels), tuple(output))
    except ValueError:
        return None
    return both if both != tuple(output) or both != tuple(labels) else None
