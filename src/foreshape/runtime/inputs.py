"""Arrays against what an input of a model wants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from numpy.typing import NDArray

from foreshape.contracts import InputContract
from foreshape.runtime.arrays import fractions, not_finite, offenders, out_of_range, ragged
from foreshape.runtime.facts import Fact, shape_text
from foreshape.runtime.taken import text_fact


def check_values(name: str, array: NDArray[Any], contract: InputContract | None, library: str) -> Iterator[Fact]:
    """Raggedness, NaN, indices. library: "keras 3", "keras 2" or "torch"."""
    bad = ragged(name, array, library)
    if bad is not None:
        yield bad
        return
    if array.dtype.kind in "USO":
        if library.startswith("keras 3") and in_numpy(array):
            raised = "ValueError"
        else:  # found when the step runs, unless the shape is refused before
            raised = "ValueError" if contract is not None and not fits(array.shape, contract) else "UnimplementedError"
        if library == "torch" or (contract is not None and contract.kind != "any"):
            yield Fact(
                "dtype-mismatch",
                f"{name} holds text, and the model wants numbers",
                exception="TypeError" if library == "torch" else raised,
                change="Encode the text first, with a vocabulary or a TextVectorization layer.",
            )
        elif library.startswith("keras 3") and in_numpy(array):
            yield text_fact(name, array)
        return
    found = not_finite(name, array)
    if found is not None:
        yield found
    if contract is not None and contract.high is not None:
        yield from _indices(name, array, contract, library)


def in_numpy(text: NDArray[Any]) -> bool:
    """Whether Keras 3 gets text as an array of NumPy: tensors hold bytes, and objects on a single axis become tensors."""
    return text.dtype.kind in "US" or (text.ndim > 1 and isinstance(text.ravel()[0], str))


def _indices(name: str, array: NDArray[Any], contract: InputContract, library: str) -> Iterator[Fact]:
    low, high = contract.low or 0, contract.high
    assert high is not None
    size = high + 1
    if array.dtype.kind == "f":
        if library == "torch":
            yield Fact(
                "dtype-mismatch",
                f"{name} is {array.dtype}, but an Embedding is indexed with whole numbers",
                exception="RuntimeError",
                change=f"Convert it: {name}.long().",
            )
            return
        cut = fractions(name, array)
        if cut is not None:
            yield Fact(
                "lossy-cast",
                lambda count: f"{_ids(count)} in {name} with a fraction, which the Embedding cuts off",
                count=cut[0],
                first=cut[1],
                change="Look where the ids come from: scaled features are not ids.",
            )
    if contract.wraps and out_of_range(array, low, None):
        wrapped = offenders(name, array, lambda block: (block < low) & (block >= -size), f"{low} to {high}")
        if wrapped is not None:
            yield Fact(
                "embedding-range",
                lambda count: (
                    f"{_ids(count)} in {name} {'is' if count == 1 else 'are'} negative: -1 reads the last of {size} rows"
                ),
                count=wrapped[0],
                first=wrapped[1],
                why="This version counts negative ids from the end of the table, as NumPy does, and says nothing.",
                change="Give padding and unknown words an id of their own, 0 for padding.",
            )
    least = -size if contract.wraps else low
    if out_of_range(array, least, high):
        most = int(array.max())
        past = offenders(name, array, lambda block: (block < least) | (block > high), f"{low} to {high}")
        if past is not None:
            yield Fact(
                "embedding-range",
                lambda count: (
                    f"{_ids(count)} in {name} {'is' if count == 1 else 'are'} outside 0 to {high}, the rows of the Embedding"
                ),
                exception="IndexError" if library.endswith("torch") else "InvalidArgumentError",
                count=past[0],
                first=past[1],
                change=f"Make the table larger than the largest id, {most + 1} rows or more, or mend the ids."
                if most > high
                else "Give padding and unknown words an id of their own, 0 for padding.",
            )


def _ids(count: int) -> str:
    return "1 id" if count == 1 else f"{count:,} ids"


def shape_fact(name: str, shape: Sequence[int], contract: InputContract, exception: str | None, said: str = "") -> Fact:
    """The data does not have the shape that the model declares. exception: what the real model raises of it, None where
    it computes on. said: its message."""
    wanted = contract.shape or ()
    got = tuple(shape[1:])
    declared = shape_text((None, *wanted))
    change = f"Give {name} the shape {declared}, or declare the model for {shape_text((None, *got))}."
    if len(got) != len(wanted):
        message = f"the model wants {declared}, {len(wanted) + 1} axes, but {name} is {shape_text(shape)}"
        rule = "rank-mismatch"
    else:
        rule = "declared-shape" if exception is None else "feature-mismatch"
        odd = [i for i, (a, b) in enumerate(zip(wanted, got)) if a is not None and a != b]
        message = f"the model wants {declared}, but {name} is {shape_text(shape)}"
        if len(odd) == 2 and got[odd[0]] == wanted[odd[1]] and got[odd[1]] == wanted[odd[0]]:
            message += f": its {contract.axis(odd[0])} and {contract.axis(odd[1])} axes are swapped"
            order = list(range(len(shape)))
            order[odd[0] + 1], order[odd[1] + 1] = order[odd[1] + 1], order[odd[0] + 1]
            change = (
                f"Swap them: {name}.transpose({', '.join(map(str, order))}), not reshape, which would mix the values."
            )
        elif len(odd) == 1:
            more = "more" if got[odd[0]] > (wanted[odd[0]] or 0) else "fewer"
            word = f"{contract.axis(odd[0])} are" if contract.axes else f"on {contract.axis(odd[0])} are"
            message += f": {got[odd[0]]} {word} {more} than the {wanted[odd[0]]} it was made for"
    return Fact(rule, message, exception=exception, why=said, change=change)


def exchanged(shapes: dict[str, Sequence[int]], wanted: dict[str, InputContract]) -> Fact | None:
    """Two inputs that do not fit, each of which has the shape of the other."""
    if len(shapes) != 2:
        return None
    (one, first), (two, second) = shapes.items()
    if not (fits(first, wanted[two]) and fits(second, wanted[one])):
        return None
    return Fact(
        "feature-mismatch",
        f"{one} and {two} look exchanged: the model wants {wanted[one].name} {shape_text((None, *(wanted[one].shape or ())))} "
        f"and then {wanted[two].name} {shape_text((None, *(wanted[two].shape or ())))}, but they are {shape_text(first)} "
        f"and {shape_text(second)}",
        exception="ValueError",
        change=f"Hand them over in the order of the model, or by name: {{{wanted[one].name!r}: ..., {wanted[two].name!r}: ...}}.",
    )


def missing(names: Sequence[str], contracts: Sequence[InputContract], exception: str | None, said: str) -> Fact:
    """A dict that lacks an input of the model. Other inputs than it has are left out by Keras."""
    absent = [each.name for each in contracts if each.name not in names]
    more = [name for name in names if name not in {each.name for each in contracts}]
    unused = f", and no input is called {', '.join(more)}" if more else ""
    return Fact(
        "layer-input-count",
        f"the model has the input{'s' if len(contracts) > 1 else ''} {', '.join(each.name for each in contracts)}, but the data "
        f"has no {', '.join(absent)}{unused}",
        exception=exception,
        why=said,
        change="Name the arrays as the model names its inputs: [each.name for each in model.inputs].",
    )


def fits(shape: Sequence[int], contract: InputContract, loosely: bool = False) -> bool:
    """Whether the sizes are the declared ones. loosely: up to a last axis of one, which Keras adds and drops by itself."""
    if contract.shape is None:
        return True
    wanted: tuple[int | None, ...] = contract.shape
    got: tuple[int | None, ...] = tuple(shape[1:])
    if loosely and len(wanted) == len(got) + 1 and wanted[-1] == 1:
        wanted = wanted[:-1]
    elif loosely and len(got) == len(wanted) + 1 and got[-1] == 1:
        got = got[:-1]
    return len(wanted) == len(got) and all(a is None or a == b for a, b in zip(wanted, got))
